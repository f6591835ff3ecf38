/* One wave at a time: size, strikes and their sites (aim.c), truce (peace.c), interception by the region's cover,
 * damage of units. Every draw is keyed by wave and strike, and what a truce keeps away is still drawn, so that a lever
 * moves only the outcomes it touches. A step costs some draws a strike and one pass over the sites; it allocates
 * nothing. One workspace a thread. */
#include "private.h"

#include <math.h>

static const uint32_t whole_wave = UINT32_MAX; /* the truce draw of the wave itself, beside those of its strikes */

struct sv_hazard {
    sv_arena *arena;
    const sv_grid *grid;
    sv_wave_settings settings;
    int64_t n_h;
    uint64_t seed;
    int64_t i_season;
    arrival arrival;
    aim aim;
    peace peace;
    int32_t *n_target;                                 /* [n_site] units of the site that can be damaged */
    int32_t *first_target;                             /* [n_site] the first of them in target */
    int32_t *target;                                   /* [n_unit] */
    uint8_t *shelter;                                  /* [n_site] protection level */
    double damage_up_to[SV_N_UNIT_CLASS][SV_N_DAMAGE]; /* cumulative */
    /* the pending wave */
    int64_t t_h; /* INT64_MAX = none */
    uint32_t wave;
    int32_t size, n_strike;
    int32_t *strike_site; /* [MAX_STRIKE] */
    uint8_t *spared;      /* [MAX_STRIKE] */
    int32_t *n_at_region; /* [n_region] strikes that come */
    /* the step's results */
    uint8_t *site_reached; /* [n_site] */
    uint8_t *worst;        /* [n_unit] */
    int32_t n_hit;
    sv_hit *hit; /* [n_unit] */
};

static bool can_be_damaged(const sv_hazard *self, const sv_unit *unit)
{
    return unit->i_site >= 0 && self->settings.damage[unit->class_][SV_DAMAGE_NONE] < 1.0;
}

static void list_targets(sv_hazard *self)
{
    const sv_grid *grid = self->grid;
    int32_t n = 0;
    for (int32_t s = 0; s < grid->n_site; s++) {
        self->first_target[s] = n;
        for (int32_t i = grid->site[s].i_unit; i < grid->site[s].i_unit + grid->site[s].n_unit; i++)
            if (can_be_damaged(self, &grid->unit[i]))
                self->target[n++] = i;
        self->n_target[s] = n - self->first_target[s];
    }
}

static void accumulate_damage(sv_hazard *self)
{
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        double sum = 0.0;
        int32_t last = SV_DAMAGE_NONE;
        for (int32_t d = 0; d < SV_N_DAMAGE; d++) {
            sum += self->settings.damage[c][d];
            self->damage_up_to[c][d] = sum;
            if (self->settings.damage[c][d] > 0.0)
                last = d;
        }
        for (int32_t d = last; d < SV_N_DAMAGE; d++)
            self->damage_up_to[c][d] = 1.0; /* whatever the rounding, the last possible state takes the rest */
    }
}

static sv_status take_arrays(sv_hazard *self, sv_error *err)
{
    const sv_grid *grid = self->grid;
    self->n_target = SV_TAKE(self->arena, grid->n_site, int32_t);
    self->first_target = SV_TAKE(self->arena, grid->n_site, int32_t);
    self->target = SV_TAKE(self->arena, grid->n_unit, int32_t);
    self->shelter = SV_TAKE(self->arena, grid->n_site, uint8_t);
    self->strike_site = SV_TAKE(self->arena, MAX_STRIKE, int32_t);
    self->spared = SV_TAKE(self->arena, MAX_STRIKE, uint8_t);
    self->n_at_region = SV_TAKE(self->arena, grid->n_region, int32_t);
    self->site_reached = SV_TAKE(self->arena, grid->n_site, uint8_t);
    self->worst = SV_TAKE(self->arena, grid->n_unit, uint8_t);
    self->hit = SV_TAKE(self->arena, grid->n_unit, sv_hit);
    if (sv_arena_failed(self->arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the waves");
    return SV_OK;
}

static sv_status bind(sv_hazard *self, int64_t t0_h, sv_error *err)
{
    sv_status status = take_arrays(self, err);
    if (status != SV_OK)
        return status;
    list_targets(self);
    accumulate_damage(self);
    status = arrival_init(&self->arrival, self->arena, &self->settings, t0_h, self->n_h, err);
    if (status == SV_OK)
        status = aim_init(&self->aim, self->arena, self->grid, &self->settings, self->n_target, err);
    if (status == SV_OK)
        status = peace_init(&self->peace, self->arena, self->grid, &self->settings, t0_h, err);
    if (status == SV_OK)
        status = shelter_levels(self->shelter, self->grid, &self->settings, err);
    return status;
}

static sv_status check_span(const sv_wave_settings *settings, int64_t n_h, sv_error *err)
{
    if (n_h < 1 || n_h > MAX_SEASON_H)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "season: %lld hours, accepted is 1 to %d", (long long)n_h,
                            MAX_SEASON_H);
    if (settings->size_median * settings->reach > 1000.0)
        return sv_error_set(
            err, SV_EUSAGE, NULL, 0,
            "waves: median size times reach gives %g strikes at grid sites a wave, accepted is at most 1000",
            settings->size_median * settings->reach);
    return SV_OK;
}

sv_status sv_hazard_new(sv_hazard **hazard, const sv_grid *grid, const sv_wave_settings *settings, int64_t t0_h,
                        int64_t n_h, sv_error *err)
{
    *hazard = NULL;
    sv_status status = wave_settings_check(settings, err);
    if (status == SV_OK)
        status = check_span(settings, n_h, err);
    if (status != SV_OK)
        return status;
    sv_arena *arena = sv_arena_new();
    sv_hazard *self = arena != NULL ? SV_TAKE(arena, 1, sv_hazard) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the waves");
    }
    self->arena = arena;
    self->grid = grid;
    self->settings = *settings;
    self->n_h = n_h;
    status = bind(self, t0_h, err);
    if (status != SV_OK) {
        sv_arena_free(arena);
        return status;
    }
    self->t_h = INT64_MAX;
    *hazard = self;
    return SV_OK;
}

void sv_hazard_free(sv_hazard **hazard)
{
    if (hazard == NULL || *hazard == NULL)
        return;
    sv_arena_free((*hazard)->arena);
    *hazard = NULL;
}

/* Objects of the wave and, by random rounding, those that head for grid sites. The trend is in the rate of the Poisson
 * waves; calendar waves, whose number is given, grow in size. */
static void draw_size(sv_hazard *self, bool calendar)
{
    const sv_wave_settings *s = &self->settings;
    sv_draw4 draw = sv_draw(self->seed, self->i_season, SV_DRAW_WAVE_SIZE, self->wave, 0);
    double size = s->size_median * exp(s->size_spread * sv_normal_quantile(draw.u[0]));
    if (calendar)
        size *= exp(self->arrival.growth_per_h * (double)self->t_h);
    size = floor(size + 0.5);
    self->size = size < 1.0 ? 1 : size < 1e6 ? (int32_t)size : 1000000;
    double n = floor((double)self->size * s->reach + draw.u[1]);
    self->n_strike = n < MAX_STRIKE ? (int32_t)n : MAX_STRIKE;
    if (self->n_strike > self->size)
        self->n_strike = self->size;
}

static double truce_draw(const sv_hazard *self, uint32_t strike)
{
    return sv_draw(self->seed, self->i_season, SV_DRAW_PEACE, self->wave, strike).u[0];
}

/* Draw candidates until one comes. Those that a ceasefire cancels are aimed too: what comes later keeps its sites. */
static void advance(sv_hazard *self)
{
    for (;;) {
        bool calendar = false;
        self->t_h = arrival_take(&self->arrival, &self->wave, &calendar);
        if (self->t_h == INT64_MAX)
            return;
        draw_size(self, calendar);
        self->n_strike =
            aim_wave(&self->aim, self->seed, self->i_season, self->wave, self->t_h, self->n_strike, self->strike_site);
        double kept = peace_of_wave(&self->peace, self->t_h);
        if (kept <= 0.0 || truce_draw(self, whole_wave) >= kept)
            return;
    }
}

void sv_hazard_reset(sv_hazard *hazard, uint64_t seed, int64_t i_season)
{
    hazard->seed = seed;
    hazard->i_season = i_season;
    arrival_reset(&hazard->arrival, seed, i_season);
    aim_reset(&hazard->aim);
    advance(hazard);
}

int64_t sv_hazard_next_h(const sv_hazard *hazard)
{
    return hazard->t_h;
}

/* Mark the strikes that a truce keeps away; count by region those that come. */
static int32_t spare_strikes(sv_hazard *self)
{
    int32_t n_spared = 0;
    for (int32_t r = 0; r < self->grid->n_region; r++)
        self->n_at_region[r] = 0;
    for (int32_t j = 0; j < self->n_strike; j++) {
        int32_t i_region = self->grid->site[self->strike_site[j]].i_region;
        double kept = peace_of_strike(&self->peace, self->t_h, i_region);
        self->spared[j] = kept > 0.0 && truce_draw(self, (uint32_t)j) < kept;
        n_spared += self->spared[j];
        if (!self->spared[j] && i_region >= 0)
            self->n_at_region[i_region]++;
    }
    return n_spared;
}

/* Probability of interception. A layer engages `saturates_at` objects; beyond, each is as likely to be among them. The
 * next layer meets what comes through, as many as expected. */
static double interception(const sv_hazard *self, int32_t i_region)
{
    if (i_region < 0)
        return 0.0;
    const sv_wave_settings *s = &self->settings;
    sv_zone zone = self->grid->region[i_region].zone;
    double p = 0.0;
    for (int32_t k = 0; k < s->cover_layers[zone]; k++) {
        double n = self->n_at_region[i_region] * (1.0 - p);
        double cover = s->cover[zone];
        p += (1.0 - p) * (s->saturates_at > 0.0 && n > s->saturates_at ? cover * s->saturates_at / n : cover);
    }
    return p;
}

static sv_damage damage_state(const sv_hazard *self, const sv_unit *unit, double u)
{
    const double *up_to = self->damage_up_to[unit->class_];
    int32_t d = SV_DAMAGE_NONE;
    while (d < SV_COMPLETE && u >= up_to[d])
        d++;
    return (sv_damage)d;
}

static void record_hit(sv_hazard *self, int32_t i_unit, sv_damage damage)
{
    uint8_t before = self->worst[i_unit];
    if (damage <= before)
        return;
    self->worst[i_unit] = (uint8_t)damage;
    int32_t k = before == SV_DAMAGE_NONE ? self->n_hit++ : 0;
    while (before != SV_DAMAGE_NONE && self->hit[k].i_unit != i_unit)
        k++;
    self->hit[k] = (sv_hit){i_unit, damage};
}

/* A strike got through: one unit drawn uniformly, and each of the others by its own coin. */
static void damage_site(sv_hazard *self, int32_t i_site, uint32_t strike)
{
    int32_t n = self->n_target[i_site];
    const int32_t *target = &self->target[self->first_target[i_site]];
    sv_draw4 aimed = sv_draw(self->seed, self->i_season, SV_DRAW_STRIKE, self->wave, strike);
    int32_t struck = (int32_t)(aimed.u[3] * n);
    double also = n > 1 ? self->settings.units_hit / (n - 1) : 0.0;
    double pass = self->settings.shelter_pass[self->shelter[i_site]];
    for (int32_t k = 0; k < n; k++) {
        if (k != struck && also <= 0.0)
            continue;
        sv_draw4 draw =
            sv_draw(self->seed, self->i_season, SV_DRAW_DAMAGE, (uint32_t)target[k], (self->wave << 12) + strike);
        if ((k != struck && draw.u[0] >= also) || draw.u[2] >= pass)
            continue;
        record_hit(self, target[k], damage_state(self, &self->grid->unit[target[k]], draw.u[1]));
    }
}

static void carry_out(sv_hazard *self, sv_wave *seen)
{
    seen->n_spared = spare_strikes(self);
    seen->size = self->size - seen->n_spared;
    seen->n_aimed = self->n_strike - seen->n_spared;
    for (int32_t j = 0; j < self->n_strike; j++) {
        if (self->spared[j])
            continue;
        int32_t i_site = self->strike_site[j];
        double p = interception(self, self->grid->site[i_site].i_region);
        if (sv_draw(self->seed, self->i_season, SV_DRAW_INTERCEPT, self->wave, (uint32_t)j).u[0] < p) {
            seen->n_intercepted++;
            continue;
        }
        seen->n_site_hit += !self->site_reached[i_site];
        self->site_reached[i_site] = 1;
        damage_site(self, i_site, (uint32_t)j);
    }
    for (int32_t j = 0; j < self->n_strike; j++)
        self->site_reached[self->strike_site[j]] = 0;
}

int32_t sv_hazard_step(sv_hazard *hazard, sv_wave *wave, const sv_hit **hits)
{
    for (int32_t k = 0; k < hazard->n_hit; k++)
        hazard->worst[hazard->hit[k].i_unit] = SV_DAMAGE_NONE;
    hazard->n_hit = 0;
    sv_wave seen = {.t_h = hazard->t_h};
    if (hazard->t_h != INT64_MAX) {
        carry_out(hazard, &seen);
        advance(hazard);
    }
    if (wave != NULL)
        *wave = seen;
    if (hits != NULL)
        *hits = hazard->hit;
    return hazard->n_hit;
}
