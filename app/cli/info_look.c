/* Suspicious data of a grid, by name: what a reader accepts but a planner should know. Each look is one pass over a table. */
#include "info.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const sv_grid *g;
    const sv_state *state;
    const sv_islands *islands;
    info_report *report;
} looker;

/* ---- findings ------------------------------------------------------------------------------ */

/* Count one more of its kind; the first few are kept by name (NULL: no name needed). */
static void note(looker *l, const char *key, const char *text, const char *label)
{
    info_report *r = l->report;
    int32_t k = 0;
    while (k < r->n && strcmp(r->finding[k].key, key) != 0)
        k++;
    if (k == INFO_FINDINGS)
        return;
    if (k == r->n)
        r->finding[r->n++] = (info_finding){.key = key, .text = text};
    info_finding *f = &r->finding[k];
    if (f->count < INFO_EXAMPLES && label)
        snprintf(f->example[f->count], INFO_LABEL, "%s", label);
    f->count++;
}

static void note_bus(looker *l, const char *key, const char *text, int32_t i)
{
    char label[INFO_LABEL];
    snprintf(label, sizeof label, "bus %.24s", l->g->bus[i].id);
    note(l, key, text, label);
}

static void note_branch(looker *l, const char *key, const char *text, int32_t i, double value, const char *unit)
{
    const sv_branch *b = &l->g->branch[i];
    char label[INFO_LABEL];
    const int n =
        snprintf(label, sizeof label, "%.14s (%.14s-%.14s)", b->id, l->g->bus[b->i_from].id, l->g->bus[b->i_to].id);
    if (unit)
        snprintf(label + n, sizeof label - (size_t)n, " %.4g%.8s", value, unit);
    note(l, key, text, label);
}

static void note_gen(looker *l, const char *key, const char *text, int32_t i, double value)
{
    const sv_gen *gen = &l->g->gen[i];
    char label[INFO_LABEL];
    snprintf(label, sizeof label, "%.20s at bus %.20s: %.6g MW", gen->id, l->g->bus[gen->i_bus].id, value);
    note(l, key, text, label);
}

/* ---- branches ------------------------------------------------------------------------------ */

static int compare_real(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median of the limited ratings; 0 when there is none. */
static double median_rating(const sv_grid *g, sv_arena *arena)
{
    double *rate = SV_TAKE(arena, g->n_branch, double);
    int32_t n = 0;
    for (int32_t i = 0; rate && i < g->n_branch; i++) {
        if (g->branch[i].rate_a_mva > 0.0)
            rate[n++] = g->branch[i].rate_a_mva;
    }
    if (n == 0)
        return 0.0;
    qsort(rate, (size_t)n, sizeof *rate, compare_real);
    return rate[n / 2];
}

static bool levels_differ(const sv_grid *g, const sv_branch *b)
{
    const double from = g->bus[b->i_from].vn_kv, to = g->bus[b->i_to].vn_kv;
    return from > 0.0 && to > 0.0 && fmin(from, to) < 0.8 * fmax(from, to);
}

static void look_at_branch(looker *l, int32_t i, double median_mva)
{
    const sv_branch *b = &l->g->branch[i];
    if (b->x_pu == 0.0)
        note_branch(l, "zero_reactance", "branches with zero reactance: a tie of both ends", i, 0.0, NULL);
    if (b->x_pu < 0.0)
        note_branch(l, "negative_reactance", "branches with negative reactance (series capacitors, star points)", i,
                    b->x_pu, " pu");
    if (b->r_pu < 0.0)
        note_branch(l, "negative_resistance", "branches with negative resistance", i, b->r_pu, " pu");
    if (b->rate_a_mva == 0.0)
        note_branch(l, "unlimited_rating", "branches with rating 0: no limit", i, 0.0, NULL);
    if (b->rate_a_mva > 0.0 && b->rate_a_mva < 0.01 * median_mva)
        note_branch(l, "small_rating", "branches rated below a hundredth of the median", i, b->rate_a_mva, " MVA");
    if (b->tap != 0.0 && (b->tap < 0.5 || b->tap > 1.5))
        note_branch(l, "odd_tap", "transformers with a tap outside 0.5 to 1.5", i, b->tap, "");
    if (b->tap == 0.0 && b->shift_deg == 0.0 && levels_differ(l->g, b))
        note_branch(l, "levels_without_tap",
                    "branches that tie two voltage levels without a tap: taken for transformers", i, b->x_pu, " pu");
    if (fabs(b->shift_deg) > 60.0)
        note_branch(l, "large_shift", "phase shifts above 60 degrees", i, b->shift_deg, " deg");
}

/* A branch by its unordered pair of ends. */
typedef struct {
    int32_t a, b, i;
} pair;

static int compare_pair(const void *x, const void *y)
{
    const pair *p = x, *q = y;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    if (p->b != q->b)
        return p->b < q->b ? -1 : 1;
    return (p->i > q->i) - (p->i < q->i);
}

/* Parallel branches whose susceptances sum to nothing: the pair carries what it likes. */
static sv_status look_at_parallels(looker *l, sv_arena *arena)
{
    const sv_grid *g = l->g;
    pair *list = SV_TAKE(arena, g->n_branch, pair);
    if (!list)
        return SV_ENOMEM;
    int32_t n = 0;
    for (int32_t i = 0; i < g->n_branch; i++) {
        const sv_branch *b = &g->branch[i];
        if (!sv_state_branch_live(l->state, i) || b->x_pu == 0.0)
            continue;
        const bool up = b->i_from < b->i_to;
        list[n++] = (pair){up ? b->i_from : b->i_to, up ? b->i_to : b->i_from, i};
    }
    qsort(list, (size_t)n, sizeof *list, compare_pair);
    for (int32_t k = 0; k < n;) {
        double sum = 0.0, size = 0.0;
        int32_t end = k;
        for (; end < n && list[end].a == list[k].a && list[end].b == list[k].b; end++) {
            const sv_branch *b = &g->branch[list[end].i];
            const double y = 1.0 / (b->x_pu * sv_branch_tap(b));
            sum += y;
            size += fabs(y);
        }
        if (end - k > 1 && fabs(sum) < 1e-9 * size)
            note_branch(l, "cancelling_parallels", "parallel branches that cancel: their susceptances sum to 0",
                        list[k].i, g->branch[list[k].i].x_pu, " pu");
        k = end;
    }
    return SV_OK;
}

/* Buses whose susceptances sum to nothing: a zero on the diagonal of B. */
static sv_status look_at_diagonal(looker *l, sv_arena *arena)
{
    const sv_grid *g = l->g;
    double *sum = SV_TAKE(arena, g->n_bus, double), *size = SV_TAKE(arena, g->n_bus, double);
    if (!sum || !size)
        return SV_ENOMEM;
    for (int32_t i = 0; i < g->n_branch; i++) {
        const sv_branch *b = &g->branch[i];
        if (!sv_state_branch_live(l->state, i) || b->x_pu == 0.0)
            continue;
        const double y = 1.0 / (b->x_pu * sv_branch_tap(b));
        sum[b->i_from] += y;
        sum[b->i_to] += y;
        size[b->i_from] += fabs(y);
        size[b->i_to] += fabs(y);
    }
    for (int32_t i = 0; i < g->n_bus; i++) {
        if (size[i] > 0.0 && fabs(sum[i]) < 1e-9 * size[i])
            note_bus(l, "cancelling_at_bus", "buses whose branches cancel: their susceptances sum to 0", i);
    }
    return SV_OK;
}

static sv_status look_at_branches(looker *l, sv_arena *arena)
{
    const double median_mva = median_rating(l->g, arena);
    for (int32_t i = 0; i < l->g->n_branch; i++) {
        if (sv_state_branch_live(l->state, i)) {
            l->report->n_live_branch++;
            look_at_branch(l, i, median_mva);
        }
    }
    const sv_status status = look_at_diagonal(l, arena);
    return status ? status : look_at_parallels(l, arena);
}

/* ---- buses and islands --------------------------------------------------------------------- */

static void look_at_buses(looker *l)
{
    const sv_grid *g = l->g;
    int32_t n_placed = 0;
    for (int32_t i = 0; i < g->n_bus; i++)
        n_placed += !isnan(g->bus[i].x_km) && !isnan(g->bus[i].y_km);
    for (int32_t i = 0; i < g->n_bus; i++) {
        const sv_bus *bus = &g->bus[i];
        if (bus->type == SV_BUS_DEAD) {
            l->report->n_dead++;
            note_bus(l, "dead_bus", "buses of type 4: dead, no demand", i);
            continue;
        }
        if (bus->vn_kv == 0.0)
            note_bus(l, "no_base_kv", "buses with base voltage 0: classes of transformers cannot be told", i);
        if (bus->v_min_pu > bus->v_max_pu)
            note_bus(l, "voltage_limits", "buses whose lowest voltage is above the highest", i);
        if (n_placed == 0)
            note(l, "no_places", "buses, all of them, without coordinates: crews travel no distance", NULL);
        else if (isnan(bus->x_km) || isnan(bus->y_km))
            note_bus(l, "place_missing", "buses without coordinates where others have them", i);
        if (g->n_bus > 1 && l->islands->n_bus_of[l->islands->of_bus[i]] == 1)
            note_bus(l, "isolated_bus", "buses with no branch in service", i);
    }
}

enum { HAS_GEN = 1, HAS_LOAD = 2, HAS_REF = 4 };

/* Islands that cannot serve their load, and those without a reference bus (any bus will do). */
static sv_status look_at_islands(looker *l, sv_arena *arena)
{
    const sv_grid *g = l->g;
    uint8_t *has = SV_TAKE(arena, l->islands->n_island, uint8_t);
    if (!has)
        return SV_ENOMEM;
    for (int32_t i = 0; i < g->n_bus; i++) {
        if (l->islands->of_bus[i] >= 0 && g->bus[i].type == SV_BUS_REF)
            has[l->islands->of_bus[i]] |= HAS_REF;
    }
    for (int32_t i = 0; i < g->n_gen; i++) {
        const int32_t k = l->islands->of_bus[g->gen[i].i_bus];
        if (k >= 0 && g->gen[i].in_service && g->gen[i].p_max_mw > 0.0)
            has[k] |= HAS_GEN;
    }
    for (int32_t i = 0; i < g->n_interconnector; i++) {
        if (l->islands->of_bus[g->interconnector[i].i_bus] >= 0)
            has[l->islands->of_bus[g->interconnector[i].i_bus]] |= HAS_GEN;
    }
    for (int32_t i = 0; i < g->n_load; i++) {
        const int32_t k = l->islands->of_bus[g->load[i].i_bus];
        if (k >= 0)
            has[k] |= g->load[i].p_mw > 0.0 ? HAS_LOAD : g->load[i].p_mw < 0.0 ? HAS_GEN : 0;
    }
    for (int32_t k = 0; k < l->islands->n_island; k++) {
        if ((has[k] & HAS_LOAD) && !(has[k] & HAS_GEN))
            note_bus(l, "island_without_generation", "islands with load and no generation (by their first bus)",
                     l->islands->first_bus[k]);
        if (l->islands->n_bus_of[k] > 1 && !(has[k] & HAS_REF))
            note_bus(l, "island_without_reference",
                     "islands without a reference bus: the first bus serves (by that bus)", l->islands->first_bus[k]);
    }
    return SV_OK;
}

/* ---- the rest ------------------------------------------------------------------------------ */

static void look_at_gens(looker *l)
{
    for (int32_t i = 0; i < l->g->n_gen; i++) {
        const sv_gen *gen = &l->g->gen[i];
        if (gen->p_max_mw < gen->p_min_mw)
            note_gen(l, "pmax_below_pmin", "generators whose highest power is below the lowest", i, gen->p_max_mw);
        if (gen->p_max_mw < 0.0)
            note_gen(l, "pmax_negative", "generators that can only draw power: taken as 0", i, gen->p_max_mw);
        if (gen->in_service && l->g->bus[gen->i_bus].type == SV_BUS_DEAD)
            note_gen(l, "gen_at_dead_bus", "generators in service at a dead bus", i, gen->p_max_mw);
    }
}

static void look_at_loads(looker *l)
{
    const sv_grid *g = l->g;
    for (int32_t i = 0; i < g->n_load; i++) {
        char label[INFO_LABEL];
        if (g->load[i].p_mw >= 0.0)
            continue;
        snprintf(label, sizeof label, "%.20s at bus %.20s: %.6g MW", g->load[i].id, g->bus[g->load[i].i_bus].id,
                 g->load[i].p_mw);
        note(l, "negative_load", "loads below 0: free injections, no demand", label);
    }
    double supply_mw = sv_grid_capacity_mw(g);
    for (int32_t i = 0; i < g->n_interconnector; i++)
        supply_mw += g->interconnector[i].limit_mw;
    const double demand_mw = sv_grid_demand_mw(g);
    if (demand_mw > supply_mw) {
        char label[INFO_LABEL];
        snprintf(label, sizeof label, "%.6g MW against %.6g MW", demand_mw, supply_mw);
        note(l, "demand_above_capacity", "the nominal demand is above all capacity in service and imports", label);
    }
    if (demand_mw == 0.0)
        note(l, "no_demand", "there is no demand at all", g->name[0] ? g->name : "grid");
}

static void look_at_series(looker *l)
{
    const sv_grid *g = l->g;
    for (int32_t i = 1; i < g->n_series; i++) {
        if (g->series[i].t0_h == g->series[0].t0_h && g->series[i].n_h == g->series[0].n_h)
            continue;
        char label[INFO_LABEL];
        snprintf(label, sizeof label, "%.40s: %lld h", g->series[i].id, (long long)g->series[i].n_h);
        note(l, "series_differ", "series that do not span the hours of the first", label);
    }
}

/* What the reader left out of the file. */
static void look_at_notes(looker *l)
{
    for (int32_t n = 0; n < l->g->n_note; n++) {
        const sv_note *found = &l->g->note[n];
        for (int32_t k = 0; k < found->count; k++) {
            char label[INFO_LABEL];
            snprintf(label, sizeof label, "line %d of the file",
                     (int)found->line[k < SV_NOTE_LINES ? k : SV_NOTE_LINES - 1]);
            note(l, found->key, found->text, label);
        }
    }
}

sv_status info_look(const sv_grid *grid, info_report *report)
{
    *report = (info_report){0};
    sv_arena *arena = sv_arena_new();
    sv_state *state = sv_state_new(grid);
    sv_topology *topology = sv_topology_new(grid);
    sv_status status = arena && state && topology ? SV_OK : SV_ENOMEM;
    if (!status) {
        looker l = {grid, state, sv_topology_islands(topology, state), report};
        report->n_island = l.islands->n_island;
        look_at_notes(&l);
        look_at_loads(&l);
        status = look_at_islands(&l, arena);
        look_at_buses(&l);
        if (!status)
            status = look_at_branches(&l, arena);
        look_at_gens(&l);
        look_at_series(&l);
    }
    sv_topology_free(&topology);
    sv_state_free(&state);
    sv_arena_free(arena);
    return status;
}
