/* What a planner should know of units and DC lines in a power flow: who is beyond its limits, and which power comes from
 * nowhere. Linear in the tables. */
#include "flow.h"

#include <math.h>
#include <stdio.h>

static const double ROOM_MW = 1e-3, ROOM_MVAR = 1e-3, ROOM_PU = 1e-9;

/* ---- words --------------------------------------------------------------------------------- */

static const char *bus_id(const flow_work *work, int32_t i)
{
    return work->grid->bus[i].id;
}

static bool holds_voltage(const flow_work *work, int32_t i)
{
    sv_bus_type type = work->grid->bus[i].type;
    return type == SV_BUS_PV || type == SV_BUS_REF;
}

bool flow_is_slack(const flow_work *work, int32_t i_bus)
{
    int32_t k = work->islands->of_bus[i_bus];
    if (k < 0)
        return false;
    const sv_ac_island *island = &work->island[k];
    return i_bus == island->i_slack ||
           (!work->opt->dc && island->n_slack > 1 && work->grid->bus[i_bus].type == SV_BUS_REF);
}

const char *flow_q_limit(const flow_work *work, int32_t i_gen)
{
    const sv_gen *gen = &work->grid->gen[i_gen];
    double q = work->gen_mvar[i_gen];
    if (isnan(q) || !work->state->gen_on[i_gen] || work->islands->of_bus[gen->i_bus] < 0)
        return "";
    if (q > gen->q_max_mvar + ROOM_MVAR)
        return "above max";
    if (q < gen->q_min_mvar - ROOM_MVAR)
        return "below min";
    return q >= gen->q_max_mvar - ROOM_MVAR ? "max" : q <= gen->q_min_mvar + ROOM_MVAR ? "min" : "";
}

/* ---- units --------------------------------------------------------------------------------- */

/* A unit that holds a voltage: what it asks for. */
static void look_at_set_point(const flow_work *work, flow_look *look, const sv_gen *gen)
{
    const char *bus = bus_id(work, gen->i_bus);
    double *set_pu = look->set_pu;
    if (!(gen->vm_pu > 0.0))
        flow_warn(look, "no_set_point", "units that are to hold a voltage of 0 pu or less: no voltages can meet that",
                  "%.30s at bus %.30s: %g pu", gen->id, bus, gen->vm_pu);
    if (set_pu[gen->i_bus] != 0.0 && set_pu[gen->i_bus] != gen->vm_pu)
        flow_warn(look, "several_set_points", "buses whose units ask for different voltages: the last one counts",
                  "bus %.40s: %.4f and %.4f pu", bus, set_pu[gen->i_bus], gen->vm_pu);
    if (gen->q_min_mvar > gen->q_max_mvar)
        flow_warn(look, "crossed_limits",
                  "units whose lower reactive limit is above the upper one: taken as they stand",
                  "%.30s at bus %.30s: %g to %g Mvar", gen->id, bus, gen->q_min_mvar, gen->q_max_mvar);
    set_pu[gen->i_bus] = gen->vm_pu;
}

/* A unit that holds no voltage gives the tables' reactive power, whatever its limits are. */
static void look_at_fixed_reactive(const flow_work *work, flow_look *look, int32_t g)
{
    const sv_gen *gen = &work->grid->gen[g];
    double q = work->gen_mvar[g];
    if (!isnan(q) && (q > gen->q_max_mvar + ROOM_MVAR || q < gen->q_min_mvar - ROOM_MVAR))
        flow_warn(look, "schedule_beyond_q_limits",
                  "units that hold no voltage, scheduled beyond QMAX or QMIN: taken as they stand",
                  "%.30s at bus %.30s: %.1f Mvar of %g to %g", gen->id, bus_id(work, gen->i_bus), q, gen->q_min_mvar,
                  gen->q_max_mvar);
}

static void look_at_unit(const flow_work *work, flow_look *look, int32_t g)
{
    const sv_gen *gen = &work->grid->gen[g];
    int32_t i = gen->i_bus, k = work->islands->of_bus[i];
    if (k < 0) {
        flow_warn(look, "gen_at_dead_bus", "units in service at buses that are off: they give nothing",
                  "%.30s at bus %.30s: %.1f MW", gen->id, bus_id(work, i), gen->p_mw);
        return;
    }
    look->has_unit[k] = true;
    look->island_shares[k] = look->island_shares[k] || gen->p_max_mw > 0.0;
    if (work->opt->dc)
        return;
    if (holds_voltage(work, i))
        look_at_set_point(work, look, gen);
    else
        look_at_fixed_reactive(work, look, g);
}

/* Tables for adequacy alone have no outputs: then the slack bus gives all of it, which few networks can carry. Units that a
 * list takes out do not make a table one of those. */
static void look_at_schedule(const flow_work *work, flow_look *look)
{
    const sv_grid *grid = work->grid;
    bool scheduled = false;
    for (int32_t g = 0; g < grid->n_gen; g++)
        scheduled = scheduled || (grid->gen[g].in_service && grid->gen[g].p_mw != 0.0);
    if (grid->n_gen > 1 && !scheduled)
        flow_warn(look, "no_schedule",
                  work->opt->dc ? "tables without a schedule: every unit's output is 0, so the slack bus gives it all"
                                : "tables without a schedule: every unit's output is 0, so the slack bus gives it all, "
                                  "unless --distributed-slack shares it",
                  "%d units, %.1f MW of PMAX", (int)grid->n_gen, sv_grid_capacity_mw(grid));
}

/* Active power of one unit, or of all at a slack bus, and its limits, MW. */
typedef struct {
    int32_t n, i_gen; /* units; the last of them */
    double mw, min_mw, max_mw;
} output;

static void look_at_output(const flow_work *work, flow_look *look, const output *out)
{
    char who[64];
    const sv_gen *gen = &work->grid->gen[out->i_gen];
    bool high = out->mw > out->max_mw + ROOM_MW, low = out->mw < out->min_mw - ROOM_MW;
    if (out->n == 0 || isnan(out->mw) || (!high && !low))
        return;
    if (out->n > 1)
        snprintf(who, sizeof who, "%d units at bus %.30s", (int)out->n, bus_id(work, gen->i_bus));
    else
        snprintf(who, sizeof who, "%.30s at bus %.20s", gen->id, bus_id(work, gen->i_bus));
    flow_warn(look, "beyond_p_limits",
              "units, or those of a slack bus together, beyond PMAX or PMIN: nothing holds them",
              "%s: %.1f MW, %s %.1f MW", who, out->mw, high ? "PMAX" : "PMIN", high ? out->max_mw : out->min_mw);
}

/* Outputs in the sums, and by their limits. Units of a slack bus count in all, and where islands are summed up. */
static void look_at_outputs(const flow_work *work, flow_look *look)
{
    const sv_grid *grid = work->grid;
    output *at_slack = SV_TAKE(work->arena, work->islands->n_island, output);
    if (at_slack == NULL)
        return;
    for (int32_t g = 0; g < grid->n_gen; g++) {
        const sv_gen *gen = &grid->gen[g];
        int32_t k = work->islands->of_bus[gen->i_bus];
        if (!work->state->gen_on[g] || k < 0)
            continue;
        output one = {1, g, work->gen_mw[g], gen->p_min_mw, gen->p_max_mw}, *sum = &at_slack[k];
        if (gen->i_bus == work->island[k].i_slack)
            *sum = (output){sum->n + 1, g, sum->mw + one.mw, sum->min_mw + one.min_mw, sum->max_mw + one.max_mw};
        else
            look_at_output(work, look, &one);
        if (!flow_is_slack(work, gen->i_bus))
            flow_add_output(look, one.mw);
    }
    for (int32_t k = 0; k < work->islands->n_island; k++)
        look_at_output(work, look, &at_slack[k]);
}

/* Units that hold one voltage are seen together: what they share among them is a convention. A
 * unit that is told to stay within its limits stands at one where its voltage is not the set point any more. */
static void look_at_reactive(const flow_work *work, flow_look *look)
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
        double set_pu = look->set_pu[i], vm_pu = work->vm_pu[i];
        if (set_pu == 0.0 || isnan(vm_pu) || !holds_voltage(work, i))
            continue;
        double by = fmax(sum[i].mvar - sum[i].max_mvar, sum[i].min_mvar - sum[i].mvar);
        if (by > ROOM_MVAR)
            flow_list_add(&look->beyond_limit, i, by);
        else if (work->opt->settings.q_limits && fabs(vm_pu - set_pu) > ROOM_PU)
            flow_list_add(&look->at_limit, i, fabs(vm_pu - set_pu));
    }
    flow_list_sort(&look->beyond_limit);
    flow_list_sort(&look->at_limit);
}

void flow_look_at_units(const flow_work *work, flow_look *look)
{
    for (int32_t g = 0; g < work->grid->n_gen; g++)
        if (work->state->gen_on[g])
            look_at_unit(work, look, g);
    look_at_schedule(work, look);
    look_at_outputs(work, look);
    if (!work->opt->dc)
        look_at_reactive(work, look);
}

/* ---- DC lines ------------------------------------------------------------------------------ */

static bool is_answered(const flow_work *work, int32_t i_bus)
{
    int32_t k = work->islands->of_bus[i_bus];
    return k >= 0 && work->island[k].outcome == SV_AC_CONVERGED;
}

/* As a real network would have it: the DC model gives an answer to islands without a unit too. */
static bool is_fed(const flow_work *work, const flow_look *look, int32_t i_bus)
{
    return is_answered(work, i_bus) && look->has_unit[work->islands->of_bus[i_bus]];
}

static bool is_sourceless(const flow_work *work, const flow_look *look, int32_t i_bus)
{
    int32_t k = work->islands->of_bus[i_bus];
    return k < 0 || work->island[k].outcome == SV_AC_NO_SOURCE || !look->has_unit[k];
}

/* in_mw: into the end whose island has a source. */
static void warn_alone(const flow_work *work, flow_look *look, const sv_dc_line *line, int32_t i_dark, double in_mw)
{
    if (in_mw < 0.0)
        flow_warn(look, "dc_line_to_no_source",
                  "DC lines that take power to an island without a source: it feeds nobody there",
                  "%.30s to bus %.30s: %.1f MW", line->id, bus_id(work, i_dark), -in_mw);
    else if (in_mw > 0.0)
        flow_warn(look, "dc_line_from_no_source",
                  "DC lines that bring power from an island without a source: nobody generates it",
                  "%.30s from bus %.30s: %.1f MW", line->id, bus_id(work, i_dark), in_mw);
}

void flow_look_at_dc_lines(const flow_work *work, flow_look *look)
{
    const sv_grid *grid = work->grid;
    for (int32_t k = 0; k < grid->n_dc_line; k++) {
        const sv_dc_line *line = &grid->dc_line[k];
        if (!work->state->dc_line_on[k] || !work->state->bus_on[line->i_from] || !work->state->bus_on[line->i_to])
            continue;
        double loss_mw = line->loss_mw + line->loss_share * line->p_mw;
        bool from = is_fed(work, look, line->i_from), to = is_fed(work, look, line->i_to);
        if (from && to)
            look->dc_loss_mw += loss_mw;
        else if (from)
            look->dc_alone_mw -= line->p_mw;
        else if (to)
            look->dc_alone_mw += line->p_mw - loss_mw;
        if (is_fed(work, look, line->i_from) && is_sourceless(work, look, line->i_to))
            warn_alone(work, look, line, line->i_to, -line->p_mw);
        else if (is_fed(work, look, line->i_to) && is_sourceless(work, look, line->i_from))
            warn_alone(work, look, line, line->i_from, line->p_mw - loss_mw);
    }
}
