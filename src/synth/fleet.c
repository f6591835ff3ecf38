/* Machines in the proportions of a fleet, imports across the western edge, batteries. Powers are rounded to whole
 * megawatts. Linear in machines, but for the ties (ties x places). One thread. */
#include "private.h"

#include <math.h>
#include <stdlib.h>

/* Shares of the fleet. Heat and power is thermal too, in small units within cities. */
static const double NUCLEAR = 0.40, THERMAL = 0.35, HYDRO = 0.15, WIND = 0.04, SOLAR = 0.03, HEAT = 0.03;

static sv_status add_machine(plan *p, machine m, int32_t *room)
{
    if (p->n_machine == *room) {
        *room = *room ? 2 * *room : 64;
        machine *more = SV_TAKE(p->arena, *room, machine);
        if (!more)
            return SV_ENOMEM;
        for (int32_t i = 0; i < p->n_machine; i++)
            more[i] = p->machine[i];
        p->machine = more;
    }
    p->machine[p->n_machine++] = m;
    return SV_OK;
}

/* Sites of a class that generate alike. */
typedef struct {
    sv_site_class class_;
    sv_gen_kind kind;
    int32_t first, end; /* which of the class, in table order */
    double total_mw;
    double unit_mw, unit_share; /* largest unit: MW, and share of the peak */
    int32_t fewest;             /* units a site */
    double uneven;              /* sites differ by up to this share each way */
} group;

static double weight_of(const plan *p, const group *g, int32_t i_place)
{
    const double site = p->place[i_place].has[LEVEL_330] ? 1.0 : 0.35; /* small dams */
    return (g->kind == SV_GEN_HYDRO ? site : 1.0) *
           (1.0 - g->uneven + 2.0 * g->uneven * uniform(p, DRAW_PLANT_SIZE, i_place));
}

/* Shares out the group's power by sites, each into equal units; rounded sums, so that the total holds. */
static sv_status make_group(plan *p, const group *g, int32_t *room)
{
    double sum = 0.0, done = 0.0, before = 0.0;
    int32_t k = 0;
    for (int pass = 0; pass < 2; pass++) {
        k = 0;
        for (int32_t i = 0; i < p->n_place; i++) {
            if (p->place[i].class_ != g->class_ || p->place[i].i_city >= 0)
                continue;
            k++;
            if (k <= g->first || k > g->end)
                continue;
            if (!pass) {
                sum += weight_of(p, g, i);
                continue;
            }
            done += weight_of(p, g, i);
            double cap = g->unit_share * p->peak_mw;
            cap = cap < g->unit_mw ? cap : g->unit_mw;
            const double target = g->total_mw * done / sum - before;
            int32_t n = (int32_t)(target / cap) + 1;
            n = n < g->fewest ? g->fewest : n;
            const double unit = round_to(target / (double)n, 1.0);
            for (int32_t u = 0; u < n; u++) {
                const level high = p->place[i].has[LEVEL_330] ? LEVEL_330 : LEVEL_110;
                const level at = u % 2 == 0 && p->place[i].has[LEVEL_750] ? LEVEL_750 : high;
                if (add_machine(p, (machine){.i_place = i, .at = at, .kind = g->kind, .p_mw = unit}, room))
                    return SV_ENOMEM;
            }
            before += unit * (double)n;
        }
    }
    return SV_OK;
}

/* Places by a number, largest first. */
typedef struct {
    double key;
    int32_t i;
} ranked;

static int compare_ranked(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    if (a->key < b->key || a->key > b->key)
        return a->key > b->key ? -1 : 1;
    return (a->i > b->i) - (a->i < b->i);
}

static ranked *rank_by_load(const plan *p)
{
    ranked *by_load = SV_TAKE(p->arena, p->n_place, ranked);
    for (int32_t i = 0; by_load && i < p->n_place; i++)
        by_load[i] = (ranked){p->place[i].load_mw, i};
    if (by_load)
        qsort(by_load, (size_t)p->n_place, sizeof *by_load, compare_ranked);
    return by_load;
}

/* Heat and power, and batteries, at the substations with the most load. */
static sv_status make_city_plant(plan *p, int32_t *room)
{
    const ranked *by_load = rank_by_load(p);
    const double fleet_mw = FLEET_MW_PER_BUS * (double)p->settings.n_bus, total = HEAT * fleet_mw;
    int32_t n = whole(total / 45.0) > 0 ? whole(total / 45.0) : 1;
    if (!by_load)
        return SV_ENOMEM;
    double before = 0.0;
    for (int32_t k = 0; k < n; k++) {
        const double so_far = round_to(total * (double)(k + 1) / (double)n, 1.0);
        const machine m = {
            .i_place = by_load[k].i, .at = LEVEL_110, .kind = SV_GEN_THERMAL, .heat = true, .p_mw = so_far - before};
        before = so_far;
        if (add_machine(p, m, room))
            return SV_ENOMEM;
    }
    const double store_mw = STORAGE_MW_PER_BUS * (double)p->settings.n_bus;
    n = whole(store_mw / 40.0) > 0 ? whole(store_mw / 40.0) : 1;
    p->battery = SV_TAKE(p->arena, n, battery);
    if (!p->battery)
        return SV_ENOMEM;
    for (int32_t k = 0; k < n; k++)
        p->battery[p->n_battery++] = (battery){by_load[2 * k].i, round_to(store_mw / (double)n, 1.0)};
    return SV_OK;
}

/* Across the western edge, away from the front; they grow with the length of the edge. Bands from south to north, in each
 * the westernmost site of 330 kV. */
static sv_status make_ties(plan *p)
{
    const double edge_scale = sqrt((double)p->settings.n_bus / 300.0), total = IMPORT_MW * edge_scale;
    const int32_t n = whole(6.0 * edge_scale) > 2 ? whole(6.0 * edge_scale) : 2;
    const level at = LEVEL_330;
    p->tie = SV_TAKE(p->arena, n, tie);
    if (!p->tie)
        return SV_ENOMEM;
    for (int32_t k = 0; k < n; k++) {
        int32_t best = -1;
        double best_x = 1e9;
        for (int32_t i = 0; i < p->n_place; i++) {
            const double v = p->place[i].at.y / p->height_km * (double)n - (double)k;
            /* outside of its band a site counts as farther east */
            const double off = v < 0.0 ? -v : v > 1.0 ? v - 1.0 : 0.0, x = p->place[i].at.x + off * p->width_km;
            bool used = !p->place[i].has[at];
            for (int32_t j = 0; j < k && !used; j++)
                used = p->tie[j].i_place == i;
            if (!used && x < best_x) {
                best_x = x;
                best = i;
            }
        }
        p->tie[k] = (tie){best, at, 0.0};
    }
    double before = 0.0;
    for (int32_t k = 0; k < n; k++) {
        const double so_far =
            k + 1 < n ? 10.0 * round_to(0.1 * total * (double)(k + 1) / (double)n, 1.0) : round_to(total, 1.0);
        p->tie[k].limit_mw = so_far - before;
        before = so_far;
    }
    p->n_tie = n;
    return SV_OK;
}

sv_status make_fleet(plan *p)
{
    const double fleet_mw = FLEET_MW_PER_BUS * (double)p->settings.n_bus;
    const int32_t most = p->n_place;
    const group groups[] = {
        {SV_SITE_NUCLEAR, SV_GEN_NUCLEAR, 0, most, NUCLEAR * fleet_mw, 1000.0, 0.10, 1, 0.1},
        {SV_SITE_THERMAL, SV_GEN_THERMAL, 0, most, THERMAL * fleet_mw, 300.0, 0.04, 2, 0.4},
        {SV_SITE_HYDRO, SV_GEN_HYDRO, 0, most, HYDRO * fleet_mw, 120.0, 0.03, 2, 0.3},
        {SV_SITE_RENEWABLE, SV_GEN_WIND, 0, p->n_wind, WIND * fleet_mw, 1e9, 1.0, 1, 0.3},
        {SV_SITE_RENEWABLE, SV_GEN_SOLAR, p->n_wind, most, SOLAR * fleet_mw, 1e9, 1.0, 1, 0.3},
    };
    int32_t room = 0;
    for (size_t k = 0; k < sizeof groups / sizeof groups[0]; k++) {
        if (make_group(p, &groups[k], &room))
            return SV_ENOMEM;
    }
    return make_city_plant(p, &room) ? SV_ENOMEM : make_ties(p);
}
