/* What an outage does, read off its voltages: loadings, the voltage band, who is cut off; and the way by a solve of its own. */
#include "outage_ac.h"

#include <math.h>
#include <string.h>

/* What stands at a limit is not beyond it. */
static const double BAND_ROOM_PU = 1e-6, LOADING_ROOM_PERCENT = 1e-6;

static void add_load(const sv_ac_screen *self, int32_t i, sv_ac_effect *found)
{
    found->n_cut_off++;
    for (int32_t d = 0; d < self->grid->n_load; d++) /* few outages cut anybody off */
        if (self->grid->load[d].i_bus == i)
            found->lost_mw += fmax(0.0, schedule_of(self->input.load_mw, d, self->grid->load[d].p_mw));
}

static void note_voltage(const sv_bus *bus, int32_t i, double vm_pu, sv_ac_effect *found)
{
    bool band = bus->v_max_pu > 0.0 && bus->v_max_pu >= bus->v_min_pu;
    found->n_low += band && vm_pu < bus->v_min_pu - BAND_ROOM_PU;
    found->n_high += band && vm_pu > bus->v_max_pu + BAND_ROOM_PU;
    if (found->i_low < 0 || vm_pu < found->low_pu) {
        found->low_pu = vm_pu;
        found->i_low = i;
    }
    if (found->i_high < 0 || vm_pu > found->high_pu) {
        found->high_pu = vm_pu;
        found->i_high = i;
    }
}

static void note_loading(int32_t k, double share_squared, sv_ac_effect *found)
{
    double percent = 100.0 * sqrt(share_squared);
    found->n_overload += percent > 100.0 + LOADING_ROOM_PERCENT;
    if (found->i_branch < 0 || percent > found->loading_percent) {
        found->loading_percent = percent;
        found->i_branch = k;
    }
}

static sv_ac_effect nothing_yet(void)
{
    return (sv_ac_effect){.i_worst = -1, .i_branch = -1, .i_low = -1, .i_high = -1};
}

/* ---- lanes --------------------------------------------------------------------------------- */

void outage_set_limits(sv_ac_screen *self)
{
    const sv_grid *grid = self->grid;
    const sv_ac *base = self->base;
    for (int32_t i = 0; i < grid->n_bus; i++) {
        const sv_bus *bus = &grid->bus[i];
        bool band = bus->v_max_pu > 0.0 && bus->v_max_pu >= bus->v_min_pu;
        self->dark[i] = base->role[ac_node(base, i)] == ROLE_OFF;
        double low = bus->v_min_pu - BAND_ROOM_PU, high = bus->v_max_pu + BAND_ROOM_PU;
        self->low_squared[i] = band && low > 0.0 ? low * low : -1.0;
        self->high_squared[i] = band ? high * high : (double)INFINITY;
    }
    for (int32_t k = 0; k < grid->n_branch; k++) {
        double rate = grid->branch[k].rate_a_mva / grid->base_mva;
        bool live = sv_state_branch_live(base->state, k) && self->dark[grid->branch[k].i_from] == 0;
        self->per_rate_squared[k] = live && rate > 0.0 ? 1.0 / (rate * rate) : 0.0;
    }
}

void outage_look(sv_ac_screen *self, int32_t n)
{
    const double full = 1.0 + LOADING_ROOM_PERCENT / 100.0;
    for (int32_t l = 0; l < n; l++) {
        const lane_outage *lane = &self->lane[l];
        for (int32_t d = 0; d < lane->n_dead; d++) {
            int32_t at = self->place[lane->dead[d]] * LANES + l;
            self->re[at] = self->im[at] = (double)NAN;
        }
        for (int32_t k = 0; k < lane->outage->n_branch; k++)
            self->out[lane->outage->i_branch[k]] |= (uint8_t)(1u << l);
    }
    lanes_read(self, full * full);
    for (int32_t l = 0; l < n; l++)
        for (int32_t k = 0; k < self->lane[l].outage->n_branch; k++)
            self->out[self->lane[l].outage->i_branch[k]] = 0;
}

/* Voltages of lane l, where they are asked for. */
static void read_lane(sv_ac_screen *self, const lane_outage *lane, int32_t l)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t at = self->place[i] * LANES + l;
        double re = self->re[at], im = self->im[at];
        bool off = self->dark[i] != 0 || isnan(re);
        self->vm[i] = off ? (double)NAN : sqrt(re * re + im * im);
        self->va[i] = off ? (double)NAN : atan2(im, re) * (180.0 / M_PI);
    }
    for (int32_t part = 0, d = 1; part < lane->n_part; part++)
        for (; d <= lane->part_end[part]; d++)
            self->va[lane->dead[self->grid->n_bus - d]] += lane->turn_deg[part];
}

void outage_read(sv_ac_screen *self, const lane_outage *lane, int32_t l, bool voltages, sv_ac_effect *found)
{
    const lanes_found *seen = &self->found;
    *found = (sv_ac_effect){
        .outcome = SV_AC_CONVERGED,
        .n_iteration = lane->n_iteration,
        .mismatch_pu = lane->mismatch_pu,
        .i_worst = lane->i_worst,
        .worst_is_reactive = lane->worst_is_reactive,
        .n_low = (int32_t)seen->n_low[l],
        .n_high = (int32_t)seen->n_high[l],
        .i_low = (int32_t)seen->i_low[l],
        .i_high = (int32_t)seen->i_high[l],
        .low_pu = seen->i_low[l] >= 0.0 ? sqrt(seen->low_squared[l]) : 0.0,
        .high_pu = seen->i_high[l] >= 0.0 ? sqrt(seen->high_squared[l]) : 0.0,
        .n_overload = (int32_t)seen->n_overload[l],
        .i_branch = (int32_t)seen->i_branch[l],
        .loading_percent = seen->i_branch[l] >= 0.0 ? 100.0 * sqrt(seen->most_squared[l]) : 0.0,
    };
    for (int32_t d = 0; d < lane->n_dead; d++)
        add_load(self, lane->dead[d], found);
    if (!voltages)
        return;
    read_lane(self, lane, l);
    found->vm_pu = self->vm;
    found->va_deg = self->va;
}

/* ---- a solve of its own -------------------------------------------------------------------- */

static void read_islands(const sv_ac_screen *self, const sv_ac_info *info, sv_ac_effect *found)
{
    bool any = false;
    found->outcome = SV_AC_CONVERGED;
    for (int32_t k = 0; k < info->n_island; k++) {
        const sv_ac_island *island = &info->island[k];
        if (island->outcome == SV_AC_NO_SOURCE)
            continue;
        any = true;
        found->n_iteration = island->n_iteration > found->n_iteration ? island->n_iteration : found->n_iteration;
        if (found->i_worst < 0 || island->mismatch_pu > found->mismatch_pu) {
            found->mismatch_pu = island->mismatch_pu;
            found->i_worst = island->i_worst;
            found->worst_is_reactive = island->worst_is_reactive;
        }
        if (found->outcome == SV_AC_CONVERGED)
            found->outcome = island->outcome;
    }
    found->outcome = any ? found->outcome : SV_AC_NO_SOURCE;
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t k = self->full->islands->of_bus[i];
        bool dead = k < 0 || info->island[k].outcome == SV_AC_NO_SOURCE;
        if (dead && self->dark[i] == 0)
            add_load(self, i, found);
    }
}

void outage_solve_whole(sv_ac_screen *self, const lane_outage *lane, bool voltages, sv_ac_effect *found)
{
    const sv_grid *grid = self->grid;
    const sv_ac_result result = {.vm_pu = self->vm,
                                 .va_deg = self->va,
                                 .p_from_mw = self->flow[0],
                                 .q_from_mvar = self->flow[1],
                                 .p_to_mw = self->flow[2],
                                 .q_to_mvar = self->flow[3]};
    sv_ac_settings near = self->settings;
    sv_ac_info info = {0};
    near.vm_start_pu = self->vm_base;
    near.va_start_deg = self->va_base;
    near.flat_start = false;
    *found = nothing_yet();
    found->whole = true;
    outage_set(self, lane->outage, true);
    sv_status status = sv_ac_update(self->full, self->state, NULL);
    if (status == SV_OK)
        status = sv_ac_solve(self->full, &near, &self->input, &result, &info);
    if (status == SV_OK && !info.converged)
        status = sv_ac_solve(self->full, &self->settings, &self->input, &result, &info);
    found->outcome = SV_AC_SINGULAR;
    if (status == SV_OK)
        read_islands(self, &info, found);
    for (int32_t i = 0; status == SV_OK && i < grid->n_bus; i++)
        if (!isnan(self->vm[i]))
            note_voltage(&grid->bus[i], i, self->vm[i], found);
    for (int32_t k = 0; status == SV_OK && k < grid->n_branch; k++) {
        double rate = grid->branch[k].rate_a_mva;
        if (!(rate > 0.0) || !sv_state_branch_live(self->state, k) || isnan(self->flow[0][k]))
            continue;
        double from = self->flow[0][k] * self->flow[0][k] + self->flow[1][k] * self->flow[1][k];
        double to = self->flow[2][k] * self->flow[2][k] + self->flow[3][k] * self->flow[3][k];
        note_loading(k, fmax(from, to) / (rate * rate), found);
    }
    outage_set(self, lane->outage, false);
    found->vm_pu = voltages ? self->vm : NULL;
    found->va_deg = voltages ? self->va : NULL;
}
