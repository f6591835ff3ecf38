/* What a planner should know of a power flow: sums, extremes, what is beyond its limits, and oddities of the data with which
 * the result stands. A few passes over each table. */
#include "flow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ROOM_PU = 1e-6, ROOM_PERCENT = 1e-4, ROOM_MVAR = 1e-3;

/* ---- lists --------------------------------------------------------------------------------- */

static int by_distance(const void *a, const void *b)
{
    const flow_item *x = a, *y = b;
    if (x->by != y->by)
        return x->by > y->by ? -1 : 1;
    return (x->i > y->i) - (x->i < y->i);
}

static bool list_new(flow_list *list, sv_arena *arena, int32_t most)
{
    *list = (flow_list){.item = SV_TAKE(arena, most, flow_item)};
    return list->item != NULL;
}

static void list_add(flow_list *list, int32_t i, double by)
{
    list->item[list->n++] = (flow_item){i, by};
}

static void list_sort(flow_list *list)
{
    qsort(list->item, (size_t)list->n, sizeof *list->item, by_distance);
}

static void SV_PRINTF(4, 5) warn(flow_look *look, const char *key, const char *text, const char *format, ...)
{
    int32_t k = 0;
    while (k < look->n_warning && strcmp(look->warning[k].key, key) != 0)
        k++;
    if (k == FLOW_WARNINGS)
        return;
    if (k == look->n_warning)
        look->warning[look->n_warning++] = (flow_warning){.key = key, .text = text};
    flow_warning *w = &look->warning[k];
    if (w->count < FLOW_EXAMPLES) {
        va_list args;
        va_start(args, format);
        vsnprintf(w->example[w->count], FLOW_LABEL, format, args);
        va_end(args);
    }
    w->count++;
}

/* ---- islands ------------------------------------------------------------------------------- */

/* In plain words: the size with the unit that a planner knows. The bus's equation may be of active or reactive power. */
const char *flow_reason(const flow_work *work, int32_t i_island, char text[256])
{
    const sv_ac_island *island = &work->island[i_island];
    int n = snprintf(text, 256, "%s after %d iteration%s",
                     island->outcome == SV_AC_SINGULAR ? "lost its equations (singular)" : "has not converged",
                     (int)island->n_iteration, island->n_iteration == 1 ? "" : "s");
    double size = island->mismatch_pu * work->grid->base_mva;
    if (island->i_worst >= 0 && isfinite(size))
        snprintf(text + n, 256 - (size_t)n, ": bus %.40s is off by %.3g %s, the most of all",
                 work->grid->bus[island->i_worst].id, size, island->worst_is_reactive ? "Mvar" : "MW");
    else if (island->i_worst >= 0)
        snprintf(text + n, 256 - (size_t)n, ": the voltage of bus %.40s went beyond all numbers",
                 work->grid->bus[island->i_worst].id);
    return text;
}

static const char *bus_id(const flow_work *work, int32_t i)
{
    return work->grid->bus[i].id;
}

static void look_at_reference(const flow_work *work, flow_look *look, const sv_ac_island *island, bool has_unit)
{
    if (work->grid->bus[island->i_slack].type != SV_BUS_REF && has_unit)
        warn(look, "no_reference",
             "islands whose tables name no reference bus (type 3) with a unit in service: the bus with most generation "
             "is taken",
             "bus %.40s", bus_id(work, island->i_slack));
    if (island->n_slack > 1)
        warn(look, "several_references",
             work->opt->dc ? "islands with several reference buses: the first is taken"
                           : "islands with several reference buses: each keeps its angle, so what flows between them "
                             "is a matter of the tables",
             "bus %.40s and %d more", bus_id(work, island->i_slack), (int)island->n_slack - 1);
}

/* has_unit [n_island] */
static void look_at_islands(const flow_work *work, flow_look *look, const bool *has_unit)
{
    look->i_failed = -1;
    for (int32_t k = 0; k < work->islands->n_island; k++) {
        const sv_ac_island *island = &work->island[k];
        bool converged = island->outcome == SV_AC_CONVERGED, dark = island->outcome == SV_AC_NO_SOURCE;
        look->n_converged += converged;
        look->n_dark += dark;
        look->n_failed += !converged && !dark;
        if (!converged && !dark && look->i_failed < 0)
            look->i_failed = k;
        if (converged) {
            look->loss_mw += island->loss_mw;
            look->loss_mvar += island->loss_mvar;
        }
        if (dark)
            warn(look, "no_source", "islands without a unit in service that holds a voltage: dark",
                 "bus %.40s: %.1f MW of load", bus_id(work, island->first_bus), look->island_load_mw[k]);
        else if (!has_unit[k])
            warn(look, "no_source",
                 "islands without a unit in service: taken to be fed at their reference bus, which a real network "
                 "would not be",
                 "bus %.40s: %.1f MW of load", bus_id(work, island->first_bus), look->island_load_mw[k]);
        if (island->i_slack >= 0)
            look_at_reference(work, look, island, has_unit[k]);
    }
}

/* ---- elements ------------------------------------------------------------------------------ */

static void look_at_loads(const flow_work *work, flow_look *look)
{
    const sv_grid *grid = work->grid;
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        int32_t k = work->islands->of_bus[load->i_bus];
        if (k >= 0)
            look->island_load_mw[k] += load->p_mw;
        else if (load->p_mw != 0.0 || load->q_mvar != 0.0)
            warn(look, "load_at_dead_bus", "loads at buses that are off: they get nothing", "bus %.40s: %.1f MW",
                 bus_id(work, load->i_bus), load->p_mw);
    }
}

static void add_output(flow_look *look, double mw)
{
    if (mw > 0.0)
        look->generation_mw += mw;
    else if (mw < 0.0)
        look->drawn_mw -= mw;
}

/* Units at a slack bus count in all: who of them takes what is missing is a convention. */
static bool is_slack(const flow_work *work, int32_t k, int32_t i)
{
    const sv_ac_island *island = &work->island[k];
    return i == island->i_slack || (!work->opt->dc && island->n_slack > 1 && work->grid->bus[i].type == SV_BUS_REF);
}

/* A unit that holds a voltage: what it asks for. set_pu: [n_bus], 0 = none yet */
static void look_at_set_point(const flow_work *work, flow_look *look, const sv_gen *gen, double *set_pu)
{
    const char *bus = bus_id(work, gen->i_bus);
    if (!(gen->vm_pu > 0.0))
        warn(look, "no_set_point", "units that are to hold a voltage of 0 pu or less: no voltages can meet that",
             "%.30s at bus %.30s: %g pu", gen->id, bus, gen->vm_pu);
    if (set_pu[gen->i_bus] != 0.0 && set_pu[gen->i_bus] != gen->vm_pu)
        warn(look, "several_set_points", "buses whose units ask for different voltages: the last one counts",
             "bus %.40s: %.4f and %.4f pu", bus, set_pu[gen->i_bus], gen->vm_pu);
    if (gen->q_min_mvar > gen->q_max_mvar)
        warn(look, "crossed_limits", "units whose lower reactive limit is above the upper one: taken as they stand",
             "%.30s at bus %.30s: %g to %g Mvar", gen->id, bus, gen->q_min_mvar, gen->q_max_mvar);
    set_pu[gen->i_bus] = gen->vm_pu;
}

static void look_at_units(const flow_work *work, flow_look *look, double *set_pu, bool *has_unit)
{
    const sv_grid *grid = work->grid;
    for (int32_t g = 0; g < grid->n_gen; g++) {
        const sv_gen *gen = &grid->gen[g];
        int32_t i = gen->i_bus, k = work->islands->of_bus[i];
        if (!work->state->gen_on[g])
            continue;
        if (k < 0) {
            warn(look, "gen_at_dead_bus", "units in service at buses that are off: they give nothing",
                 "%.30s at bus %.30s: %.1f MW", gen->id, bus_id(work, i), gen->p_mw);
            continue;
        }
        has_unit[k] = true;
        look->island_shares[k] = look->island_shares[k] || gen->p_max_mw > 0.0;
        look->scheduled = look->scheduled || gen->p_mw != 0.0;
        if (!is_slack(work, k, i))
            add_output(look, work->gen_mw[g]);
        if (!work->opt->dc && (grid->bus[i].type == SV_BUS_PV || grid->bus[i].type == SV_BUS_REF))
            look_at_set_point(work, look, gen, set_pu);
    }
}

/* Tables for adequacy alone have no outputs: then the slack bus gives all of it, which few networks can carry. */
static void look_at_schedule(const flow_work *work, flow_look *look)
{
    if (work->grid->n_gen > 1 && !look->scheduled)
        warn(look, "no_schedule",
             work->opt->dc ? "tables without a schedule: every unit's output is 0, so the slack bus gives it all"
                           : "tables without a schedule: every unit's output is 0, so the slack bus gives it all, "
                             "unless --distributed-slack shares it",
             "%d units, %.1f MW of PMAX", (int)work->grid->n_gen, sv_grid_capacity_mw(work->grid));
}

static void look_at_branches(const flow_work *work, flow_look *look)
{
    look->i_loaded = -1;
    for (int32_t l = 0; l < work->grid->n_branch; l++) {
        const sv_branch *row = &work->grid->branch[l];
        if (!sv_state_branch_live(work->state, l))
            continue;
        if (row->r_pu < 0.0 && !work->opt->dc)
            warn(look, "negative_resistance", "branches with negative resistance: it gives power, as the table says",
                 "%.24s (%.24s-%.24s): %.4g pu", row->id, bus_id(work, row->i_from), bus_id(work, row->i_to),
                 row->r_pu);
        double loading = work->loading[l];
        if (isnan(loading))
            continue;
        if (look->i_loaded < 0 || loading > work->loading[look->i_loaded])
            look->i_loaded = l;
        if (loading > 100.0 + ROOM_PERCENT)
            list_add(&look->overload, l, loading);
    }
    list_sort(&look->overload);
}

static void look_at_voltage(const flow_work *work, flow_look *look, int32_t i)
{
    const sv_bus *bus = &work->grid->bus[i];
    double vm = work->vm_pu[i];
    if (isnan(vm))
        return;
    if (look->i_low < 0 || vm < work->vm_pu[look->i_low])
        look->i_low = i;
    if (look->i_high < 0 || vm > work->vm_pu[look->i_high])
        look->i_high = i;
    if (!(bus->v_max_pu > 0.0) || bus->v_max_pu < bus->v_min_pu)
        return;
    double by = fmax(vm - bus->v_max_pu, bus->v_min_pu - vm);
    if (by > ROOM_PU)
        list_add(&look->out_of_band, i, by);
}

/* Units that hold one voltage are seen together: what they share among them is a convention. A
 * unit that is told to stay within its limits stands at one where its voltage is not the set point any more. */
static void look_at_reactive(const flow_work *work, flow_look *look, const double *set_pu)
{
    const sv_grid *grid = work->grid;
    flow_reactive *sum = look->reactive;
    for (int32_t g = 0; g < grid->n_gen; g++) {
        const sv_gen *gen = &grid->gen[g];
        if (!work->state->gen_on[g] || isnan(work->gen_mvar[g]))
            continue;
        sum[gen->i_bus].mvar += work->gen_mvar[g];
        sum[gen->i_bus].min_mvar += gen->q_min_mvar;
        sum[gen->i_bus].max_mvar += gen->q_max_mvar;
    }
    for (int32_t i = 0; i < grid->n_bus; i++) {
        sv_bus_type type = grid->bus[i].type;
        if (set_pu[i] == 0.0 || isnan(work->vm_pu[i]) || (type != SV_BUS_PV && type != SV_BUS_REF))
            continue;
        double by = fmax(sum[i].mvar - sum[i].max_mvar, sum[i].min_mvar - sum[i].mvar);
        if (by > ROOM_MVAR)
            list_add(&look->beyond_limit, i, by);
        else if (work->opt->settings.q_limits && fabs(work->vm_pu[i] - set_pu[i]) > 1e-9)
            list_add(&look->at_limit, i, fabs(work->vm_pu[i] - set_pu[i]));
    }
    list_sort(&look->beyond_limit);
    list_sort(&look->at_limit);
}

/* At the voltage of their bus: 1 pu in the DC model. */
static void look_at_shunts(const flow_work *work, flow_look *look)
{
    for (int32_t k = 0; k < work->grid->n_shunt; k++) {
        const sv_shunt *shunt = &work->grid->shunt[k];
        double vm = work->vm_pu[shunt->i_bus];
        if (!isnan(vm))
            look->shunt_mw += shunt->g_mw * vm * vm;
    }
}

static void look_at_buses(const flow_work *work, flow_look *look)
{
    look->i_low = look->i_high = -1;
    for (int32_t i = 0; i < work->grid->n_bus; i++) {
        if (!work->opt->dc)
            look_at_voltage(work, look, i);
        if (work->islands->of_bus[i] >= 0 && !(work->grid->bus[i].vn_kv > 0.0))
            warn(look, "no_base_kv", "buses with base voltage 0 kV: per unit needs none, but it is an oversight",
                 "bus %.40s", bus_id(work, i));
    }
    list_sort(&look->out_of_band);
}

sv_status flow_look_at(const flow_work *work, flow_look *look)
{
    sv_arena *arena = work->arena;
    int32_t n = work->grid->n_bus;
    *look = (flow_look){.island_load_mw = SV_TAKE(arena, n, double), .island_shares = SV_TAKE(arena, n, bool)};
    double *set_pu = SV_TAKE(arena, n, double);
    bool *has_unit = SV_TAKE(arena, n, bool);
    look->reactive = SV_TAKE(arena, n, flow_reactive);
    if (!list_new(&look->out_of_band, arena, n) || !list_new(&look->overload, arena, work->grid->n_branch) ||
        !list_new(&look->at_limit, arena, n) || !list_new(&look->beyond_limit, arena, n) || sv_arena_failed(arena))
        return SV_ENOMEM;
    look_at_loads(work, look);
    look_at_units(work, look, set_pu, has_unit);
    look_at_schedule(work, look);
    look_at_islands(work, look, has_unit);
    look_at_branches(work, look);
    look_at_shunts(work, look);
    look_at_buses(work, look);
    if (!work->opt->dc)
        look_at_reactive(work, look, set_pu);
    for (int32_t k = 0; k < work->islands->n_island; k++)
        if (work->island[k].outcome == SV_AC_CONVERGED) {
            look->load_mw += look->island_load_mw[k];
            add_output(look, work->island[k].slack_mw);
        }
    return SV_OK;
}
