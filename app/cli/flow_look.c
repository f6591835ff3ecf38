/* What a planner should know of a power flow: sums, extremes, what is beyond its limits, and oddities of the data with which
 * the result stands. Units and DC lines are in flow_units.c. A few passes over each table. */
#include "flow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ROOM_PU = 1e-6, ROOM_PERCENT = 1e-4;

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

void flow_list_add(flow_list *list, int32_t i, double by)
{
    list->item[list->n++] = (flow_item){i, by};
}

void flow_list_sort(flow_list *list)
{
    qsort(list->item, (size_t)list->n, sizeof *list->item, by_distance);
}

void flow_warn(flow_look *look, const char *key, const char *text, const char *format, ...)
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
        flow_warn(
            look, "no_reference",
            "islands whose tables name no reference bus (type 3) with a unit in service: the bus with most generation "
            "is taken",
            "bus %.40s", bus_id(work, island->i_slack));
    if (island->n_slack > 1)
        flow_warn(look, "several_references",
                  work->opt->dc
                      ? "islands with several reference buses: the first is taken"
                      : "islands with several reference buses: each keeps its angle, so what flows between them "
                        "is a matter of the tables",
                  "bus %.40s and %d more", bus_id(work, island->i_slack), (int)island->n_slack - 1);
}

void flow_add_output(flow_look *look, double mw)
{
    if (mw > 0.0)
        look->generation_mw += mw;
    else if (mw < 0.0)
        look->drawn_mw -= mw;
}

static void look_at_islands(const flow_work *work, flow_look *look)
{
    const bool *has_unit = look->has_unit;
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
            flow_warn(look, "no_source", "islands without a unit in service that holds a voltage: dark",
                      "bus %.40s: %.1f MW of load", bus_id(work, island->first_bus), look->island_load_mw[k]);
        else if (!has_unit[k])
            flow_warn(look, "no_source",
                      "islands without a unit in service: taken to be fed at their reference bus, which a real network "
                      "would not be",
                      "bus %.40s: %.1f MW of load", bus_id(work, island->first_bus), look->island_load_mw[k]);
        if (island->i_slack >= 0)
            look_at_reference(work, look, island, has_unit[k]);
    }
}

/* ---- elements ------------------------------------------------------------------------------ */

/* A load goes without where its bus is off or its island has no source; a failed island tells nothing of its own. */
static bool is_dark(const flow_work *work, const flow_look *look, int32_t i_bus)
{
    int32_t k = work->islands->of_bus[i_bus];
    return k < 0 || work->island[k].outcome == SV_AC_NO_SOURCE || (work->opt->dc && !look->has_unit[k]);
}

static void look_at_loads(const flow_work *work, flow_look *look)
{
    const sv_grid *grid = work->grid;
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        int32_t k = work->islands->of_bus[load->i_bus];
        if (is_dark(work, look, load->i_bus)) {
            look->dark_mw += fmax(work->load_mw[d], 0.0);
            look->dark_people += load->people;
        }
        if (k >= 0)
            look->island_load_mw[k] += work->load_mw[d];
        else if (work->load_mw[d] != 0.0 || work->load_mvar[d] != 0.0)
            flow_warn(look, "load_at_dead_bus", "loads at buses that are off: they get nothing", "bus %.40s: %.1f MW",
                      bus_id(work, load->i_bus), work->load_mw[d]);
    }
}

static void look_at_branches(const flow_work *work, flow_look *look)
{
    look->i_loaded = -1;
    for (int32_t l = 0; l < work->grid->n_branch; l++) {
        const sv_branch *row = &work->grid->branch[l];
        if (!sv_state_branch_live(work->state, l))
            continue;
        if (row->r_pu < 0.0 && !work->opt->dc)
            flow_warn(
                look, "negative_resistance", "branches with negative resistance: it gives power, as the table says",
                "%.24s (%.24s-%.24s): %.4g pu", row->id, bus_id(work, row->i_from), bus_id(work, row->i_to), row->r_pu);
        if (row->x_pu == 0.0 && work->opt->dc)
            flow_warn(look, "zero_reactance", "branches with reactance 0: the DC model takes them as ties",
                      "%.24s (%.24s-%.24s)", row->id, bus_id(work, row->i_from), bus_id(work, row->i_to));
        double loading = work->loading[l];
        if (isnan(loading))
            continue;
        if (look->i_loaded < 0 || loading > work->loading[look->i_loaded])
            look->i_loaded = l;
        if (loading > 100.0 + ROOM_PERCENT)
            flow_list_add(&look->overload, l, loading);
    }
    flow_list_sort(&look->overload);
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
    if (bus->v_max_pu > 0.0 && bus->v_max_pu < bus->v_min_pu)
        flow_warn(look, "crossed_band", "buses whose VMIN is above VMAX: not held against either",
                  "bus %.40s: %g to %g pu", bus_id(work, i), bus->v_min_pu, bus->v_max_pu);
    if (!(bus->v_max_pu > 0.0) || bus->v_max_pu < bus->v_min_pu)
        return;
    double by = fmax(vm - bus->v_max_pu, bus->v_min_pu - vm);
    if (by > ROOM_PU)
        flow_list_add(&look->out_of_band, i, by);
}

/* At the voltage of their bus: 1 pu in the DC model. */
static void look_at_shunts(const flow_work *work, flow_look *look)
{
    for (int32_t k = 0; k < work->grid->n_shunt; k++) {
        const sv_shunt *shunt = &work->grid->shunt[k];
        double vm = work->vm_pu[shunt->i_bus];
        if (!isnan(vm) && !is_dark(work, look, shunt->i_bus))
            look->shunt_mw += shunt->g_mw * vm * vm;
    }
}

static void look_at_buses(const flow_work *work, flow_look *look)
{
    look->i_low = look->i_high = -1;
    for (int32_t i = 0; i < work->grid->n_bus; i++) {
        if (!work->opt->dc)
            look_at_voltage(work, look, i);
        if (work->grid->bus[i].type == SV_BUS_DEAD)
            flow_warn(look, "dead_bus", "buses of type 4 in the tables: off, and what they ask for is no demand",
                      "bus %.40s", bus_id(work, i));
        if (work->islands->of_bus[i] >= 0 && !(work->grid->bus[i].vn_kv > 0.0))
            flow_warn(look, "no_base_kv", "buses with base voltage 0 kV: per unit needs none, but it is an oversight",
                      "bus %.40s", bus_id(work, i));
    }
    flow_list_sort(&look->out_of_band);
}

/* What the reader left out of the file. */
static void look_at_notes(const flow_work *work, flow_look *look)
{
    for (int32_t n = 0; n < work->grid->n_note; n++) {
        const sv_note *note = &work->grid->note[n];
        for (int32_t k = 0; k < note->count; k++)
            flow_warn(look, note->key, note->text, "line %d of the file",
                      (int)note->line[k < SV_NOTE_LINES ? k : SV_NOTE_LINES - 1]);
    }
}

sv_status flow_look_at(const flow_work *work, flow_look *look)
{
    sv_arena *arena = work->arena;
    int32_t n = work->grid->n_bus;
    *look = (flow_look){.island_load_mw = SV_TAKE(arena, n, double),
                        .island_shares = SV_TAKE(arena, n, bool),
                        .has_unit = SV_TAKE(arena, n, bool),
                        .set_pu = SV_TAKE(arena, n, double),
                        .reactive = SV_TAKE(arena, n, flow_reactive)};
    if (!list_new(&look->out_of_band, arena, n) || !list_new(&look->overload, arena, work->grid->n_branch) ||
        !list_new(&look->at_limit, arena, n) || !list_new(&look->beyond_limit, arena, n) || sv_arena_failed(arena))
        return SV_ENOMEM;
    look_at_notes(work, look);
    flow_look_at_units(work, look);
    look_at_loads(work, look);
    look_at_islands(work, look);
    flow_look_at_dc_lines(work, look);
    look_at_branches(work, look);
    look_at_shunts(work, look);
    look_at_buses(work, look);
    for (int32_t k = 0; k < work->islands->n_island; k++)
        if (work->island[k].outcome == SV_AC_CONVERGED && look->has_unit[k]) { /* DC: nobody feeds the others */
            look->load_mw += look->island_load_mw[k];
            flow_add_output(look, work->island[k].slack_mw);
        }
    return SV_OK;
}
