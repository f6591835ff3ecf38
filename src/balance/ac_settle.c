/* Voltages of a schedule. The dispatch knows no losses: units with room are raised until they carry them, in proportion to
 * their room, so that the slack bus of an island gives what it was scheduled for. Allocates nothing. */
#include "ac_check.h"

#include <math.h>
#include <string.h>

enum { MOST_LOSS_ROUNDS = 8 };
static const double LOSS_ROOM_MW = 1e-3, LEAST_ROOM_MW = 1e-9;
static const double LOW_PU = 0.9; /* where a bus has no band */

static double given(const double *array, int32_t i)
{
    return array != NULL ? array[i] : 0.0;
}

static void set_sources(sv_ac_check *self)
{
    const sv_grid *grid = self->grid;
    for (int32_t g = 0; g < grid->n_gen; g++) {
        bool on = self->state->gen_on[g] && self->state->bus_on[grid->gen[g].i_bus];
        self->now.source_mw[g] = on ? given(self->given->gen_mw, g) : 0.0;
        self->source_max_mw[g] = on ? fmax(given(self->given->gen_max_mw, g), self->now.source_mw[g]) : 0.0;
    }
    for (int32_t k = 0; k < grid->n_interconnector; k++) {
        int32_t s = grid->n_gen + k;
        bool on = self->state->bus_on[grid->interconnector[k].i_bus];
        self->now.source_mw[s] = on ? given(self->given->import_mw, k) : 0.0;
        self->source_max_mw[s] = on ? fmax(given(self->given->import_max_mw, k), self->now.source_mw[s]) : 0.0;
    }
}

void ac_forget_voltages(sv_ac_check *self)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        self->now.vm_pu[i] = self->now.va_deg[i] = NAN;
    memset(self->now.limited, 0, (size_t)self->grid->n_bus);
}

void ac_settle_begin(sv_ac_check *self, const sv_state *state, const sv_dispatch *dispatch)
{
    const sv_grid *grid = self->grid;
    self->state = state;
    self->given = dispatch;
    self->islands = sv_topology_islands(self->topology, state);
    self->n_solve = self->n_round = self->n_limit = 0;
    self->n_restore = 0;
    self->was_cut = self->was_darkened = self->free_absorption = false;
    self->dark_mw = 0.0;
    self->reach = AC_REACH;
    memset(self->bus_listed, 0, (size_t)grid->n_bus);
    memset(self->branch_listed, 0, (size_t)grid->n_branch);
    set_sources(self);
    for (int32_t d = 0; d < grid->n_load; d++) {
        self->now.load_mw[d] = given(dispatch->served_mw, d);
        self->now.shed_mw[d] = 0.0;
    }
    ac_forget_voltages(self);
}

/* Loads keep their power factor; what draws reactive power alone goes on doing so. */
static void set_reactive(sv_ac_check *self)
{
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        const sv_load *load = &self->grid->load[d];
        self->load_mvar[d] = load->p_mw != 0.0 ? load->q_mvar * self->now.load_mw[d] / load->p_mw : load->q_mvar;
    }
}

static void draw(sv_ac_check *self, int32_t i_bus, double mw)
{
    int32_t k = self->islands->of_bus[i_bus];
    if (k >= 0)
        self->drawn_mw[k] += fmax(0.0, mw);
}

static void set_drawn(sv_ac_check *self)
{
    const sv_grid *grid = self->grid;
    memset(self->drawn_mw, 0, sizeof(double) * (size_t)self->islands->n_island);
    for (int32_t d = 0; d < grid->n_load; d++)
        draw(self, grid->load[d].i_bus, self->now.load_mw[d]);
    for (int32_t k = 0; k < grid->n_storage; k++)
        draw(self, grid->storage[k].i_bus, -given(self->given->storage_mw, k));
    for (int32_t k = 0; k < grid->n_dc_line; k++) {
        draw(self, grid->dc_line[k].i_from, given(self->given->dc_line_mw, k));
        draw(self, grid->dc_line[k].i_to, -given(self->given->dc_line_mw, k));
    }
}

static sv_status solve_once(sv_ac_check *self)
{
    sv_ac_settings settings = sv_ac_defaults();
    settings.q_limits = true;
    settings.free_absorption = self->free_absorption;
    settings.vm_start_pu = self->now.vm_pu;
    settings.va_start_deg = self->now.va_deg;
    settings.limited_start = self->now.limited;
    const sv_flow_input input = {
        .gen_mw = self->now.source_mw,
        .load_mw = self->now.load_mw,
        .load_mvar = self->load_mvar,
        .import_mw = self->now.source_mw + self->grid->n_gen,
        .storage_mw = self->given->storage_mw,
        .dc_line_mw = self->given->dc_line_mw,
    };
    const sv_ac_result result = {
        .vm_pu = self->now.vm_pu,
        .va_deg = self->now.va_deg,
        .p_from_mw = self->flow[0],
        .q_from_mvar = self->flow[1],
        .p_to_mw = self->flow[2],
        .q_to_mvar = self->flow[3],
        .gen_mvar = self->gen_mvar,
        .limited = self->now.limited,
    };
    set_reactive(self);
    set_drawn(self);
    self->n_solve++;
    return sv_ac_solve(self->ac, &settings, &input, &result, &self->info);
}

/* Voltages of the lower branch fall when reactive power is injected. A bus that has one begins again from 1 pu.
 * @return there are some */
static bool find_unstable(sv_ac_check *self)
{
    bool any = false;
    memset(self->unstable, 0, (size_t)self->info.n_island);
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        const sv_bus *bus = &self->grid->bus[i];
        if (isnan(self->now.vm_pu[i]) || self->now.vm_pu[i] >= (ac_has_band(bus) ? bus->v_min_pu : LOW_PU) ||
            sv_ac_sensitivity(self->ac, SV_AC_VM, i, self->by_mw, self->by_mvar) != SV_OK || self->by_mvar[i] >= 0.0)
            continue;
        self->unstable[self->islands->of_bus[i]] = 1;
        self->now.vm_pu[i] = 1.0;
        any = true;
    }
    return any;
}

sv_status ac_solve(sv_ac_check *self)
{
    sv_status status = solve_once(self);
    if (status != SV_OK || !find_unstable(self))
        return status;
    status = solve_once(self);
    if (status != SV_OK || !find_unstable(self))
        return status;
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t k = self->islands->of_bus[i];
        if (k >= 0 && self->unstable[k])
            self->now.vm_pu[i] = self->now.va_deg[i] = NAN;
    }
    return status;
}

/* What each island lacks, as it was solved. */
static void read_short(sv_ac_check *self)
{
    for (int32_t k = 0; k < self->info.n_island; k++) {
        double mw = ac_has_answer(self, k) ? self->info.island[k].short_mw : 0.0;
        self->short_mw[k] = fabs(mw) <= LOSS_ROOM_MW ? 0.0 : mw;
    }
}

/* Move the sources of each island by that, up into their room, down from what they give. @return any moved */
static bool carry_losses(sv_ac_check *self)
{
    bool any = false;
    memset(self->room_mw, 0, sizeof(double) * (size_t)self->info.n_island);
    for (int32_t s = 0; s < self->n_source; s++) {
        int32_t k = ac_island_of_source(self, s);
        if (k >= 0)
            self->room_mw[k] +=
                self->short_mw[k] > 0.0 ? self->source_max_mw[s] - self->now.source_mw[s] : self->now.source_mw[s];
    }
    for (int32_t s = 0; s < self->n_source; s++) {
        int32_t k = ac_island_of_source(self, s);
        if (k < 0 || self->short_mw[k] == 0.0 || self->room_mw[k] <= LEAST_ROOM_MW)
            continue;
        double share = fmax(-1.0, fmin(1.0, self->short_mw[k] / self->room_mw[k]));
        self->now.source_mw[s] +=
            share * (share > 0.0 ? self->source_max_mw[s] - self->now.source_mw[s] : self->now.source_mw[s]);
        any = true;
    }
    return any;
}

sv_status ac_settle(sv_ac_check *self)
{
    sv_status status = SV_OK;
    for (int32_t round = 0; status == SV_OK; round++) {
        status = ac_solve(self);
        if (status != SV_OK)
            break;
        read_short(self);
        if (round == MOST_LOSS_ROUNDS || !carry_losses(self))
            break;
    }
    for (int32_t k = 0; k < self->info.n_island; k++)
        self->short_mw[k] = fmax(0.0, self->short_mw[k]); /* what is too much does nobody harm here */
    return status;
}

void ac_copy(const sv_ac_check *self, ac_schedule *to, const ac_schedule *from)
{
    size_t n_source = (size_t)self->n_source, n_load = (size_t)self->grid->n_load, n_bus = (size_t)self->grid->n_bus;
    memcpy(to->source_mw, from->source_mw, sizeof(double) * n_source);
    memcpy(to->load_mw, from->load_mw, sizeof(double) * n_load);
    memcpy(to->shed_mw, from->shed_mw, sizeof(double) * n_load);
    memcpy(to->vm_pu, from->vm_pu, sizeof(double) * n_bus);
    memcpy(to->va_deg, from->va_deg, sizeof(double) * n_bus);
    memcpy(to->limited, from->limited, n_bus);
}

bool ac_is_dark(const sv_ac_check *self, int32_t i_bus)
{
    int32_t k = self->islands->of_bus[i_bus];
    return k < 0 || self->info.island[k].outcome == SV_AC_NO_SOURCE;
}

double ac_loading_percent(const sv_ac_check *self, int32_t i_branch)
{
    double rate = self->grid->branch[i_branch].rate_a_mva;
    if (!(rate > 0.0) || !sv_state_branch_live(self->state, i_branch) ||
        !ac_serves(self, self->islands->of_bus[self->grid->branch[i_branch].i_from]))
        return 0.0;
    if (!ac_has_answer(self, self->islands->of_bus[self->grid->branch[i_branch].i_from]))
        return NAN;
    double from = hypot(self->flow[0][i_branch], self->flow[1][i_branch]);
    double to = hypot(self->flow[2][i_branch], self->flow[3][i_branch]);
    return 100.0 * (isnan(from) || isnan(to) ? (double)NAN : fmax(from, to)) / rate;
}

/* What the units of each bus give beyond their range, into by_mvar: above it positive. */
static void find_beyond(const sv_ac_check *self)
{
    const sv_grid *grid = self->grid;
    double *lowest = self->by_mw, *beyond = self->by_mvar; /* scratch */
    memset(lowest, 0, sizeof(double) * (size_t)grid->n_bus);
    memset(beyond, 0, sizeof(double) * (size_t)grid->n_bus);
    for (int32_t g = 0; g < grid->n_gen; g++) {
        const sv_gen *gen = &grid->gen[g];
        if (!self->state->gen_on[g] || isnan(self->gen_mvar[g]) || !ac_serves(self, self->islands->of_bus[gen->i_bus]))
            continue;
        beyond[gen->i_bus] += self->gen_mvar[g] - gen->q_max_mvar; /* negative: room */
        lowest[gen->i_bus] += gen->q_min_mvar - gen->q_max_mvar;
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        beyond[i] = beyond[i] > 0.0 ? beyond[i] : fmin(0.0, beyond[i] - lowest[i]);
}

/* Buses whose units would have to absorb more than they can, those aside that nobody holds to their limits. */
static int32_t count_overloaded_absorbers(const sv_ac_check *self)
{
    int32_t n = 0;
    find_beyond(self);
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t k = self->islands->of_bus[i];
        n += self->by_mvar[i] < -AC_ABSORB_ROOM_MVAR && k >= 0 && self->info.island[k].i_slack != i;
    }
    return n;
}

double ac_slack_beyond_mvar(const sv_ac_check *self)
{
    double most = 0.0;
    find_beyond(self);
    for (int32_t k = 0; k < self->info.n_island; k++) {
        int32_t i = self->info.island[k].i_slack;
        if (i >= 0 && ac_has_answer(self, k))
            most = fmax(most, fabs(self->by_mvar[i]));
    }
    return most;
}

void ac_look(const sv_ac_check *self, sv_ac_look *look)
{
    const sv_grid *grid = self->grid;
    *look = (sv_ac_look){.low_pu = NAN, .high_pu = NAN, .loading_percent = NAN};
    for (int32_t i = 0; i < grid->n_bus; i++) {
        const sv_bus *bus = &grid->bus[i];
        double vm = self->now.vm_pu[i];
        if (isnan(vm) || !ac_serves(self, self->islands->of_bus[i]))
            continue;
        look->low_pu = fmin(look->low_pu, vm); /* of a number and none, the number */
        look->high_pu = fmax(look->high_pu, vm);
        look->n_low += ac_has_band(bus) && vm < bus->v_min_pu - AC_BAND_ROOM_PU;
        look->n_high += ac_has_band(bus) && vm > bus->v_max_pu + AC_BAND_ROOM_PU;
    }
    look->n_high += self->free_absorption ? count_overloaded_absorbers(self) : 0;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        double percent = ac_loading_percent(self, l);
        if (percent > 0.0)
            look->loading_percent = fmax(look->loading_percent, percent);
        look->n_over += percent > 100.0 + AC_LOADING_ROOM_PERCENT;
    }
    for (int32_t k = 0; k < self->info.n_island; k++)
        if (ac_has_answer(self, k) && ac_serves(self, k))
            look->loss_mw += self->info.island[k].loss_mw;
}
