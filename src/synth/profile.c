/* Demand of a region hour by hour: shape of the day (winter or summer, working day or weekend) x colder means more x a little
 * noise. 1 = the highest hour of the whole country in the winter 2026/27. Linear in hours and regions. One thread. */
#include "private.h"

static const double PER_DEGREE = 0.0205; /* of a mild day; 1.4 to 2 % of a winter day */
static const double HEATING_C = 15.0, COOLING_C = 20.0, PER_DEGREE_WARM = 0.008;
static const double SUMMER_LESS = 0.05; /* long days, holidays */

/* Share of the daily peak, hours 0-1 .. 23-24. */
static const double winter_work[24] = {0.700, 0.665, 0.640, 0.625, 0.622, 0.640, 0.700, 0.800,
                                       0.895, 0.935, 0.940, 0.925, 0.905, 0.895, 0.890, 0.900,
                                       0.935, 0.980, 1.000, 0.990, 0.955, 0.900, 0.830, 0.760};
static const double winter_rest[24] = {0.740, 0.695, 0.665, 0.648, 0.640, 0.645, 0.670, 0.725,
                                       0.800, 0.865, 0.900, 0.905, 0.900, 0.885, 0.875, 0.885,
                                       0.920, 0.970, 1.000, 0.990, 0.960, 0.915, 0.855, 0.790};
static const double summer_work[24] = {0.680, 0.640, 0.620, 0.610, 0.615, 0.635, 0.700, 0.800,
                                       0.890, 0.940, 0.970, 0.985, 0.985, 0.980, 0.975, 0.965,
                                       0.955, 0.955, 0.960, 0.965, 0.985, 1.000, 0.900, 0.770};
static const double summer_rest[24] = {0.720, 0.680, 0.655, 0.640, 0.635, 0.640, 0.670, 0.735,
                                       0.810, 0.870, 0.905, 0.920, 0.920, 0.910, 0.900, 0.895,
                                       0.895, 0.905, 0.920, 0.940, 0.975, 1.000, 0.920, 0.810};
static const double of_weekday[7] = {0.985, 1.0, 1.0, 1.0, 0.99, 0.945, 0.915}; /* Monday first */
static const double winter_share[12] = {1.0, 1.0, 0.8, 0.4, 0.1, 0.0, 0.0, 0.0, 0.2, 0.5, 0.85, 1.0};

static double of_weather(double c)
{
    double factor = 1.0;
    if (c < HEATING_C)
        factor += PER_DEGREE * (HEATING_C - c);
    if (c > COOLING_C)
        factor += PER_DEGREE_WARM * (c - COOLING_C);
    return factor;
}

/* One region before scaling. mean_c [n_h + 24] starts a day early: houses answer to yesterday too. */
static void fill_raw(const plan *p, int32_t i_region, int64_t t0_h, int64_t n_h, const float *mean_c, double *raw)
{
    const double swing = 0.94 + 0.12 * uniform(p, DRAW_REGION_SHAPE, i_region); /* more industry, flatter days */
    const uint32_t noise_of = (uint32_t)DRAW_OF_REGION + 8U * (uint32_t)i_region + REGION_LOAD;
    for (int64_t t = 0; t < n_h; t++) {
        const int64_t at = t0_h + t;
        const sv_date date = sv_date_from_hour(at);
        const bool rest = date.weekday >= 5;
        const double winter = by_month(winter_share, at);
        const double shape = winter * (rest ? winter_rest : winter_work)[date.hour] +
                             (1.0 - winter) * (rest ? summer_rest : summer_work)[date.hour];
        const double c = 0.6 * (double)mean_c[t + 24] + 0.4 * (double)mean_c[t];
        const double noise = 0.99 + 0.02 * uniform(p, noise_of, (int32_t)(at & 0x3fffffff));
        const double season = 1.0 - SUMMER_LESS * (1.0 - winter);
        raw[t] = of_weekday[date.weekday] * season * (1.0 - swing * (1.0 - shape)) * of_weather(c) * noise;
    }
}

typedef struct {
    float *mean_c;   /* [n_h + 24] */
    double *raw;     /* [n_h] */
    double *country; /* [n_h] */
} work;

static bool work_new(work *w, sv_arena *arena, int64_t n_h)
{
    w->mean_c = SV_TAKE(arena, n_h + 24, float);
    w->raw = SV_TAKE(arena, n_h, double);
    w->country = SV_TAKE(arena, n_h, double);
    return !sv_arena_failed(arena);
}

/* The whole country's highest hour of the reference winter, before scaling, as a multiple of nominal. */
static sv_status find_peak(const plan *p, sv_arena *arena, double *peak)
{
    const sv_synth_settings winter = sv_synth_defaults();
    work w;
    if (!work_new(&w, arena, winter.n_h))
        return SV_ENOMEM;
    for (int32_t r = 0; r < p->n_region; r++) {
        fill_temperature(p, r, true, winter.t0_h - 24, winter.n_h + 24, w.mean_c);
        fill_raw(p, r, winter.t0_h, winter.n_h, w.mean_c, w.raw);
        for (int64_t t = 0; t < winter.n_h; t++)
            w.country[t] += w.raw[t] * p->region[r].load_mw / p->peak_mw;
    }
    *peak = 0.0;
    for (int64_t t = 0; t < winter.n_h; t++)
        *peak = w.country[t] > *peak ? w.country[t] : *peak;
    return SV_OK;
}

sv_status fill_load(const plan *p, sv_arena *arena, int64_t t0_h, int64_t n_h, float *const *load)
{
    double peak;
    work w;
    if (find_peak(p, arena, &peak) || !work_new(&w, arena, n_h))
        return SV_ENOMEM;
    for (int32_t r = 0; r < p->n_region; r++) {
        fill_temperature(p, r, true, t0_h - 24, n_h + 24, w.mean_c);
        fill_raw(p, r, t0_h, n_h, w.mean_c, w.raw);
        for (int64_t t = 0; t < n_h; t++)
            load[r][t] = (float)round_to(w.raw[t] / peak, 1e3);
    }
    return SV_OK;
}
