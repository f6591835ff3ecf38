/* A fictional country, step by step: cities and substations, plants, regions, lines and transformers, machines, ratings,
 * profiles; then checked. Everything follows from size and seed through keyed draws. Cost: n log n, but for the ratings
 * (some rounds of power flow and outages) and the check (a linear program a week). One thread. */
#include "private.h"

#include <math.h>

enum { FEWEST_BUSES = 30, MOST_BUSES = 50000, MOST_HOURS = 10 * 8784 };

double uniform(const plan *p, uint32_t of, int32_t occurrence)
{
    return draw(p, of, occurrence).u[0];
}

sv_draw4 draw(const plan *p, uint32_t of, int32_t occurrence)
{
    return sv_draw(p->settings.seed, 0, SV_DRAW_SYNTH, of, (uint32_t)occurrence);
}

double nearly_normal(sv_draw4 d)
{
    return (d.u[0] + d.u[1] + d.u[2] + d.u[3] - 2.0) * 1.7320508075688772;
}

double round_to(double value, double per_unit)
{
    return floor(value * per_unit + 0.5) / per_unit;
}

double distance(point a, point b)
{
    return round_to(sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)), 1e6); /* equal ones compare equal */
}

int32_t whole(double value)
{
    return value < 0.0 ? 0 : (int32_t)(value + 0.5);
}

static int32_t at_least(int32_t low, double value)
{
    const int32_t n = whole(value);
    return n > low ? n : low;
}

/* How many of what; the buses add up: a 750 kV site has two or three, a 330 kV substation two, all others one. */
static void compose(plan *p)
{
    const double n = (double)p->settings.n_bus;
    p->peak_mw = round_to(PEAK_MW_PER_BUS * n, 1.0);
    p->people = 1000.0 * round_to(PEOPLE_PER_BUS / 1000.0 * n, 1.0);
    const double area_km2 = AREA_KM2_PER_BUS * n;
    p->width_km = round_to(sqrt(area_km2 * 4.0 / 3.0), 1.0);
    p->height_km = round_to(area_km2 / p->width_km, 1.0);
    p->n_nuclear = at_least(1, n / 60.0);
    p->n_thermal = at_least(2, n / 30.0);
    p->n_hydro_330 = whole(n / 75.0);
    p->n_hydro_110 = at_least(1, n / 75.0);
    p->n_wind = at_least(1, n / 37.5);
    p->n_solar = at_least(1, n / 50.0);
    p->n_substation_330 = whole(0.25 * n);
    p->n_substation_750 = n < 120.0 ? 0 : whole(n / 75.0);
    const int32_t n_750 = p->n_substation_750 ? p->n_substation_750 + p->n_nuclear : 0;
    p->n_town = p->settings.n_bus - n_750 - p->n_nuclear - p->n_thermal - p->n_hydro_330 - p->n_hydro_110 - p->n_wind -
                p->n_solar - 2 * p->n_substation_330;
    p->n_city = at_least(4, 0.6 * (double)(p->n_substation_330 + p->n_town));
    p->n_region = at_least(2, n / BUSES_PER_REGION);
    p->n_region = p->n_region < MOST_REGIONS ? p->n_region : MOST_REGIONS;
}

sv_synth_settings sv_synth_defaults(void)
{
    const int64_t t0_h = sv_hour_from_date(2026, 11, 1, 0);
    return (sv_synth_settings){.n_bus = 300, .seed = 1, .t0_h = t0_h, .n_h = sv_hour_from_date(2027, 4, 1, 0) - t0_h};
}

static sv_status check_settings(const sv_synth_settings *s, sv_error *err)
{
    if (s->n_bus < FEWEST_BUSES || s->n_bus > MOST_BUSES)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "a country of %d buses was asked for; accepted: %d to %d",
                            (int)s->n_bus, FEWEST_BUSES, MOST_BUSES);
    if (s->n_h < 1 || s->n_h > MOST_HOURS)
        return sv_error_set(err, SV_EUSAGE, NULL, 0,
                            "profiles of %lld h were asked for; accepted: 1 to %d h (ten years)", (long long)s->n_h,
                            MOST_HOURS);
    if (s->t0_h < sv_hour_from_date(1, 1, 1, 0) || s->t0_h >= sv_hour_from_date(10000, 1, 1, 0))
        return sv_error_set(err, SV_EUSAGE, NULL, 0,
                            "profiles from %lld h after 1970-01-01 were asked for; accepted: the years 1 to 9999",
                            (long long)s->t0_h);
    return SV_OK;
}

static int32_t count_branches(const plan *p)
{
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_line; i++)
        n += p->line[i].n_unit;
    for (int32_t i = 0; i < p->n_bank; i++)
        n += p->bank[i].n_unit;
    return n;
}

/* What a try asks of the network. */
typedef struct {
    int32_t fewer; /* second ways than there might be room for */
    double most_on_one_mw;
} wish;

static sv_status try_network(plan *p, const wish *w, int32_t *excess, sv_error *err)
{
    if (make_network(p, w->fewer, w->most_on_one_mw))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    const sv_status status = size_network(p, err);
    *excess = count_branches(p) - (int32_t)(0.5 * MOST_DEGREE * (double)p->settings.n_bus);
    return status;
}

/* As many second ways as the mean degree leaves room for. What the sizing puts in parallel is known after it only: so from
 * many second ways down, and where even none are too many, again with more load on single transformers. A small country
 * of a few large plants may need more parallel circuits than there is room for: then the try that comes nearest. */
static sv_status make_sized_network(plan *p, sv_error *err)
{
    enum { TRIES = 16 };
    wish w = {0, MOST_ON_ONE_MW}, best = w;
    int32_t excess, least = INT32_MAX;
    for (int k = 0; k < TRIES; k++) {
        const sv_status status = try_network(p, &w, &excess, err);
        if (status || excess <= 0)
            return status;
        if (excess < least) {
            least = excess;
            best = w;
        }
        w.fewer = p->n_second > 0 ? w.fewer + excess : 0;
        w.most_on_one_mw += p->n_second > 0 ? 0.0 : 30.0;
    }
    return try_network(p, &best, &excess, err);
}

static sv_status make_country(plan *p, sv_grid **grid, sv_error *err)
{
    sv_status (*const step[])(plan *) = {make_places, make_plants, make_regions, make_fleet};
    compose(p);
    for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
        if (step[i](p))
            return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    }
    sv_status status = make_sized_network(p, err);
    if (!status)
        status = make_grid(p, true, grid, err);
    if (!status)
        status = check_country(p, *grid, err);
    return status;
}

sv_status sv_synth_new(sv_grid **grid, const sv_synth_settings *settings, sv_error *err)
{
    *grid = NULL;
    sv_status status = check_settings(settings, err);
    if (status)
        return status;
    sv_arena *arena = sv_arena_new();
    plan *p = arena ? SV_TAKE(arena, 1, plan) : NULL;
    if (!p) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    }
    p->arena = arena;
    p->settings = *settings;
    status = make_country(p, grid, err);
    if (status)
        sv_grid_free(grid);
    sv_arena_free(arena);
    return status;
}
