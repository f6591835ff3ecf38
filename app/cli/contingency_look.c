/* What a planner should know of many outages: how many make trouble that was not there before, and a few rows of each kind.
 * What the base case overloads is no news: an outage's trouble is new where more branches or buses are beyond their limits
 * than before, or the worst is so by more than a tolerance. Outages that cut somebody off are not ranked (docs/MISUSE.md): the
 * list's order is theirs. */
#include "contingency.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ROOM_PERCENT = 1.0, ROOM_PU = 0.001;   /* by which what was beyond its limit must have grown */
static const double NOISE_PERCENT = 1e-4, NOISE_PU = 1e-6; /* as in svitlo flow: that is at the limit, not beyond it */

/* ---- a few rows ---------------------------------------------------------------------------- */

/* Larger first; of equals, and all the same for those that are not ranked, the one that came first. */
static void keep(contingency_few *few, int32_t most, const contingency_row *row, double by)
{
    int32_t at = few->n;
    while (at > 0 && few->by[at - 1] < by)
        at--;
    if (at >= most)
        return;
    int32_t n_move = (few->n < most ? few->n : most - 1) - at;
    memmove(few->row + at + 1, few->row + at, (size_t)n_move * sizeof *few->row);
    memmove(few->by + at + 1, few->by + at, (size_t)n_move * sizeof *few->by);
    few->row[at] = *row;
    few->by[at] = by;
    few->n = at + n_move + 1;
}

sv_status contingency_look_new(contingency_look *look, const flow_work *work, const flow_look *base_look, int64_t n_top)
{
    *look = (contingency_look){
        .work = work, .base_look = base_look, .n_top = (int32_t)n_top, .people = sv_grid_people(work->grid)};
    contingency_few *few[] = {&look->loading, &look->voltage, &look->cut_off, &look->no_answer};
    for (size_t k = 0; k < sizeof few / sizeof few[0]; k++) {
        few[k]->row = SV_TAKE(work->arena, n_top + 1, contingency_row);
        few[k]->by = SV_TAKE(work->arena, n_top + 1, double);
    }
    return sv_arena_failed(work->arena) ? SV_ENOMEM : SV_OK;
}

/* ---- what is new --------------------------------------------------------------------------- */

/* Of the tables' bands some are none, as in svitlo flow. */
static bool has_band(const sv_bus *bus)
{
    return bus->v_max_pu > 0.0 && bus->v_max_pu >= bus->v_min_pu;
}

static double outside(const sv_bus *bus, double vm_pu)
{
    return has_band(bus) ? fmax(bus->v_min_pu - vm_pu, vm_pu - bus->v_max_pu) : -INFINITY;
}

double contingency_depth(const sv_grid *grid, const contingency_row *row, bool *low)
{
    const sv_bus *lowest = row->i_low >= 0 ? &grid->bus[row->i_low] : NULL;
    const sv_bus *highest = row->i_high >= 0 ? &grid->bus[row->i_high] : NULL;
    double below = lowest != NULL && has_band(lowest) ? lowest->v_min_pu - row->low_pu : -INFINITY;
    double above = highest != NULL && has_band(highest) ? row->high_pu - highest->v_max_pu : -INFINITY;
    *low = below >= above;
    return fmax(below, above);
}

static bool overloads(const contingency_row *row)
{
    return row->n_overload > 0 && row->loading_percent > 100.0 + NOISE_PERCENT;
}

static bool overloads_more(const contingency_look *look, const contingency_row *row)
{
    if (!overloads(row))
        return false;
    double before = look->work->loading[row->i_branch];
    return row->n_overload > look->base.n_overload || !(row->loading_percent <= fmax(before, 100.0) + ROOM_PERCENT);
}

/* Some bus is out of its band: the one with the lowest or highest voltage, or another whose band is narrower. */
static bool leaves(const contingency_look *look, int32_t n, int32_t i, double vm_pu)
{
    double by = n > 0 ? outside(&look->work->grid->bus[i], vm_pu) : 0.0;
    return n > 0 && !(by > 0.0 && by <= NOISE_PU);
}

/* The worst bus stands further outside its band than it did. */
static bool moved_out(const contingency_look *look, int32_t i, double vm_pu)
{
    const sv_bus *bus = &look->work->grid->bus[i];
    return outside(bus, vm_pu) > fmax(outside(bus, look->work->vm_pu[i]), 0.0) + ROOM_PU;
}

static bool leaves_more(const contingency_look *look, const contingency_row *row)
{
    bool low = leaves(look, row->n_low, row->i_low, row->low_pu);
    bool high = leaves(look, row->n_high, row->i_high, row->high_pu);
    return (low && (row->n_low > look->base.n_low || moved_out(look, row->i_low, row->low_pu))) ||
           (high && (row->n_high > look->base.n_high || moved_out(look, row->i_high, row->high_pu)));
}

bool contingency_people(const sv_grid *grid, double **people)
{
    *people = NULL;
    if (!(sv_grid_people(grid) > 0.0))
        return true;
    *people = calloc((size_t)grid->n_bus, sizeof **people);
    for (int32_t d = 0; *people != NULL && d < grid->n_load; d++)
        (*people)[grid->load[d].i_bus] += grid->load[d].people;
    return *people != NULL;
}

/* ---- adding up ----------------------------------------------------------------------------- */

static bool add_cut_off(contingency_look *look, const contingency_row *row)
{
    bool somebody = row->lost_mw > 0.0 || row->people > 0.0;
    look->n_cut_off += somebody;
    look->n_empty += row->n_cut_off > 0 && !somebody;
    look->most_lost_mw = fmax(look->most_lost_mw, row->lost_mw);
    look->most_people = fmax(look->most_people, row->people);
    if (somebody)
        keep(&look->cut_off, look->n_top, row, 0.0);
    return somebody;
}

void contingency_look_add(contingency_look *look, const contingency_row *row)
{
    bool low, answer = row->outcome == SV_AC_CONVERGED || row->outcome == SV_AC_NO_SOURCE;
    bool more = row->solved && overloads_more(look, row), out = row->solved && leaves_more(look, row);
    bool set = row->n_element > 1; /* what fails together is told in its order, not ranked: docs/MISUSE.md */
    look->sets = look->sets || set;
    look->n++;
    look->n_outcome[row->outcome]++;
    look->n_whole += row->whole;
    look->n_overload += row->solved && overloads(row);
    look->n_voltage += row->solved && (leaves(look, row->n_low, row->i_low, row->low_pu) ||
                                       leaves(look, row->n_high, row->i_high, row->high_pu));
    look->n_overload_new += more;
    look->n_voltage_new += out;
    if (more)
        keep(&look->loading, look->n_top, row, set ? 0.0 : row->loading_percent);
    if (out)
        keep(&look->voltage, look->n_top, row, set ? 0.0 : contingency_depth(look->work->grid, row, &low));
    bool cut = add_cut_off(look, row);
    if (!answer) {
        look->n_no_answer++;
        keep(&look->no_answer, look->n_top, row, 0.0);
    }
    look->n_clear += answer && !more && !out && !cut;
}

/* The first of the list, whatever they do. */
void contingency_look_add_pair(contingency_look *look, const contingency_row *row)
{
    look->sets = true;
    look->n_outcome[row->outcome]++;
    look->n_overload_new += row->n_overload > 0;
    if (row->n_overload > 0)
        keep(&look->loading, look->n_top, row, 0.0);
    look->n_cut_off += row->loses_more;
    if (row->loses_more) {
        look->most_lost_mw = fmax(look->most_lost_mw, row->lost_mw);
        look->most_people = fmax(look->most_people, row->people);
        keep(&look->cut_off, look->n_top, row, 0.0);
    }
    if (row->outcome == SV_AC_SINGULAR) {
        look->n_no_answer++;
        keep(&look->no_answer, look->n_top, row, 0.0);
    }
    look->n_clear--; /* of all that were looked at */
}

/* ---- words --------------------------------------------------------------------------------- */

const char *contingency_text(const contingency_row *row, char text[CONTINGENCY_TEXT])
{
    int n = 0;
    text[0] = '\0';
    for (int32_t e = 0; e < row->n_element; e++)
        n += snprintf(text + n, CONTINGENCY_TEXT - (size_t)n, "%s%s %d", e > 0 ? ", " : "",
                      row->element[e].is_gen ? "gen" : "branch", (int)row->element[e].i + 1);
    return text;
}

const char *contingency_outcome(const flow_work *work, const contingency_row *row)
{
    return work->opt->dc && row->outcome == SV_AC_CONVERGED ? "solved" : sv_ac_outcome_name[row->outcome];
}

const char *contingency_reason(const flow_work *work, const contingency_row *row, char text[CONTINGENCY_TEXT])
{
    if (work->opt->dc) {
        snprintf(text, CONTINGENCY_TEXT, "reactances of what is left cancel each other, so flows have no single value");
        return text;
    }
    int n = snprintf(text, CONTINGENCY_TEXT, "%s after %d iteration%s",
                     row->outcome == SV_AC_SINGULAR ? "equations lost (singular)" : "diverged", (int)row->n_iteration,
                     row->n_iteration == 1 ? "" : "s");
    if (row->i_worst >= 0 && isfinite(row->mismatch_pu))
        snprintf(text + n, CONTINGENCY_TEXT - (size_t)n, ": bus %.40s is off by %.3g %s",
                 work->grid->bus[row->i_worst].id, row->mismatch_pu * work->grid->base_mva,
                 row->worst_is_reactive ? "Mvar" : "MW");
    else if (row->i_worst >= 0)
        snprintf(text + n, CONTINGENCY_TEXT - (size_t)n, ": the voltage of bus %.40s went beyond all numbers",
                 work->grid->bus[row->i_worst].id);
    return text;
}
