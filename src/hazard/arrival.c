/* When waves come: unit-rate exponential gaps, keyed by candidate number, put through the inverse of the cumulative
 * rate, merged with the calendar. One draw a candidate; changing the rate moves times but never the numbers of the
 * waves, so that a wave keeps its size and its strikes. Holds one pending candidate: memory does not grow. */
#include "private.h"

#include <math.h>

static const double month_h = 720.0;

/* Cumulative rate over [0, t]: r (e^(g t) - 1) / g, or r t without trend. */
static double cumulative_rate(const arrival *self, double t_h)
{
    if (self->growth_per_h == 0.0)
        return self->rate_per_h * t_h;
    return self->rate_per_h * expm1(self->growth_per_h * t_h) / self->growth_per_h;
}

/* Time at which the cumulative rate reaches a value; infinite when a falling rate never does. */
static double time_of(const arrival *self, double cumulative)
{
    double x = cumulative / self->rate_per_h;
    if (self->growth_per_h == 0.0)
        return x;
    double grown = self->growth_per_h * x;
    return grown > -1.0 ? log1p(grown) / self->growth_per_h : INFINITY;
}

static void draw_candidate(arrival *self)
{
    self->poisson_h = INT64_MAX;
    if (self->rate_per_h <= 0.0 || self->i_candidate >= MAX_WAVE)
        return;
    sv_draw4 draw = sv_draw(self->seed, self->i_season, SV_DRAW_WAVE_TIME, 0, self->i_candidate);
    self->cumulative -= log(draw.u[0]);
    double t_h = time_of(self, self->cumulative);
    if (t_h < (double)self->n_h)
        self->poisson_h = (int64_t)t_h;
}

static void keep_dates(arrival *self, int64_t *kept, const sv_wave_settings *settings, int64_t t0_h)
{
    for (int32_t i = 0; i < settings->n_date; i++) {
        if (settings->date_h[i] < t0_h || settings->date_h[i] - t0_h >= self->n_h)
            continue; /* a calendar may be longer than the season */
        int64_t t_h = settings->date_h[i] - t0_h;
        int32_t at = self->n_date++;
        for (; at > 0 && kept[at - 1] > t_h; at--)
            kept[at] = kept[at - 1];
        kept[at] = t_h;
    }
}

sv_status arrival_init(arrival *self, sv_arena *arena, const sv_wave_settings *settings, int64_t t0_h, int64_t n_h,
                       sv_error *err)
{
    self->n_h = n_h;
    self->rate_per_h = settings->rate_per_week / 168.0;
    self->growth_per_h = log1p(settings->trend_per_month) / month_h;
    double mean = cumulative_rate(self, (double)n_h);
    if (!(mean <= MEAN_WAVE_MOST))
        return sv_error_set(err, SV_EUSAGE, NULL, 0,
                            "waves: rate and trend give %g waves in a season on average, accepted is at most %d", mean,
                            MEAN_WAVE_MOST);
    int64_t *kept = SV_TAKE(arena, settings->n_date, int64_t);
    if (kept == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the waves");
    keep_dates(self, kept, settings, t0_h);
    self->date_h = kept;
    return SV_OK;
}

void arrival_reset(arrival *self, uint64_t seed, int64_t i_season)
{
    self->seed = seed;
    self->i_season = i_season;
    self->i_date = 0;
    self->i_candidate = 0;
    self->cumulative = 0.0;
    draw_candidate(self);
}

int64_t arrival_take(arrival *self, uint32_t *number, bool *calendar)
{
    int64_t date_h = self->i_date < self->n_date ? self->date_h[self->i_date] : INT64_MAX;
    *calendar = date_h <= self->poisson_h;
    if (*calendar) {
        if (date_h == INT64_MAX)
            return INT64_MAX;
        self->i_date++;
        *number = MAX_WAVE + (uint32_t)date_h;
        return date_h;
    }
    int64_t t_h = self->poisson_h;
    *number = self->i_candidate++;
    draw_candidate(self);
    return t_h;
}
