/* What each bus has and wants. Cost of an hour: the elements of supply one by one, the buses by whole vectors; loads one by
 * one only where the caller gives them so. */
#include "hour.h"

#include <string.h>

static double positive(double mw)
{
    return mw > 0.0 ? mw : 0.0;
}

bool hour_new(bus_hour *self, const sv_grid *grid, sv_arena *arena)
{
    int32_t n_wide = SV_WHOLE_LANES(grid->n_bus);
    *self = (bus_hour){
        .grid = grid,
        .n_wide = n_wide,
        .gen_bus = SV_TAKE(arena, grid->n_gen, int32_t),
        .import_bus = SV_TAKE(arena, grid->n_interconnector, int32_t),
        .load_cell = SV_TAKE(arena, grid->n_load, int32_t),
        .free_load = SV_TAKE(arena, grid->n_load, int32_t),
        .has_demand = SV_TAKE(arena, grid->n_bus, uint8_t),
        .load_base_mw = SV_TAKE(arena, grid->n_load, double),
        .load_profile = SV_TAKE(arena, grid->n_load, int32_t),
        .base_mw = SV_TAKE(arena, SV_N_CLASS * n_wide, double),
        .bus_profile = SV_TAKE(arena, n_wide, int32_t),
        .other_load = SV_TAKE(arena, grid->n_load, int32_t),
        .n_bus_of = SV_TAKE(arena, grid->n_bus, int32_t),
        .i_main = -1,
        .in_main = SV_TAKE(arena, n_wide, double),
        .apart = SV_TAKE(arena, grid->n_bus, int32_t),
        .off = SV_TAKE(arena, grid->n_bus, int32_t),
        .supply_mw = SV_TAKE(arena, n_wide, double),
        .demand_mw = SV_TAKE(arena, SV_N_CLASS * n_wide, double),
        .discharge_mw = SV_TAKE(arena, grid->n_storage, double),
        .charge_mw = SV_TAKE(arena, grid->n_storage, double),
    };
    if (sv_arena_failed(arena))
        return false;
    for (int32_t g = 0; g < grid->n_gen; g++)
        self->gen_bus[g] = grid->gen[g].i_bus;
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        self->import_bus[k] = grid->interconnector[k].i_bus;
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        bool dead = grid->bus[load->i_bus].type == SV_BUS_DEAD;
        self->load_cell[d] = load->p_mw < 0.0 || dead ? -1 : (int32_t)load->class_ * n_wide + load->i_bus;
        if (self->load_cell[d] >= 0)
            self->has_demand[load->i_bus] = 1;
        if (load->p_mw < 0.0)
            self->free_load[self->n_free++] = d;
    }
    return true;
}

/* A bus follows the profile of its first load. */
void hour_set_profiles(bus_hour *self, const double *base_mw, const int32_t *i_profile)
{
    const sv_grid *grid = self->grid;
    size_t n_cell = SV_N_CLASS * (size_t)self->n_wide;
    memset(self->base_mw, 0, sizeof *self->base_mw * n_cell);
    self->n_profile = 0;
    for (int32_t d = grid->n_load - 1; d >= 0; d--) {
        self->load_base_mw[d] = base_mw[d];
        self->load_profile[d] = i_profile[d];
        self->n_profile = i_profile[d] >= self->n_profile ? i_profile[d] + 1 : self->n_profile;
        self->bus_profile[grid->load[d].i_bus] = i_profile[d];
    }
    self->n_other = 0;
    for (int32_t d = 0; d < grid->n_load; d++) {
        if (self->load_cell[d] < 0)
            continue;
        if (i_profile[d] == self->bus_profile[grid->load[d].i_bus])
            self->base_mw[self->load_cell[d]] += positive(base_mw[d]);
        else
            self->other_load[self->n_other++] = d;
    }
}

/* ---- one topology -------------------------------------------------------------------------- */

void hour_set_islands(bus_hour *self, int32_t n_island, const int32_t *island_of_bus)
{
    int32_t n_bus = self->grid->n_bus;
    memset(self->n_bus_of, 0, sizeof *self->n_bus_of * (size_t)n_island);
    for (int32_t i = 0; i < n_bus; i++)
        if (island_of_bus[i] >= 0)
            self->n_bus_of[island_of_bus[i]]++;
    self->i_main = n_island > 0 ? 0 : -1;
    for (int32_t k = 1; k < n_island; k++)
        self->i_main = self->n_bus_of[k] > self->n_bus_of[self->i_main] ? k : self->i_main;
    self->n_apart = self->n_off = 0;
    for (int32_t i = 0; i < n_bus; i++) {
        int32_t k = island_of_bus[i];
        self->in_main[i] = k >= 0 && k == self->i_main ? 1.0 : 0.0;
        if (k >= 0 && k != self->i_main)
            self->apart[self->n_apart++] = i;
        if (k < 0 && self->has_demand[i])
            self->off[self->n_off++] = i;
    }
}

/* ---- one hour ------------------------------------------------------------------------------ */

SV_WIDE static void scale_demand(int32_t n, const double *restrict base, const double *restrict profile,
                                 const int32_t *restrict bus_profile, double *restrict demand_mw)
{
    for (int32_t i = 0; i < n; i++) {
        double factor = profile[bus_profile[i]];
        factor = factor > 0.0 ? factor : 0.0;
        for (int32_t c = 0; c < SV_N_CLASS; c++)
            demand_mw[c * n + i] = base[c * n + i] * factor;
    }
}

double hour_given_mw(const bus_hour *self, const sv_balance_input *input, int32_t d)
{
    return input->load_mw != NULL ? input->load_mw[d] : self->load_base_mw[d] * input->profile[self->load_profile[d]];
}

double hour_load_mw(const bus_hour *self, const sv_balance_input *input, int32_t d)
{
    return self->load_cell[d] < 0 ? 0.0 : positive(hour_given_mw(self, input, d));
}

static void set_demand(bus_hour *self, const sv_balance_input *input)
{
    if (input->load_mw == NULL && self->n_profile > 0) {
        scale_demand(self->n_wide, self->base_mw, input->profile, self->bus_profile, self->demand_mw);
        for (int32_t k = 0; k < self->n_other; k++) {
            int32_t d = self->other_load[k];
            self->demand_mw[self->load_cell[d]] += hour_load_mw(self, input, d);
        }
        return;
    }
    memset(self->demand_mw, 0, sizeof *self->demand_mw * SV_N_CLASS * (size_t)self->n_wide);
    for (int32_t d = 0; d < self->grid->n_load; d++)
        if (self->load_cell[d] >= 0)
            self->demand_mw[self->load_cell[d]] += positive(input->load_mw[d]);
}

static void set_supply(bus_hour *self, const sv_state *state, const sv_balance_input *input)
{
    const sv_grid *grid = self->grid;
    double *supply = self->supply_mw;
    memset(supply, 0, sizeof *supply * (size_t)self->n_wide);
    for (int32_t g = 0; g < grid->n_gen; g++)
        supply[self->gen_bus[g]] += state->gen_on[g] ? positive(input->gen_max_mw[g]) : 0.0;
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        supply[self->import_bus[k]] += positive(input->import_max_mw[k]);
    for (int32_t k = 0; k < self->n_free; k++) {
        int32_t d = self->free_load[k];
        supply[grid->load[d].i_bus] += positive(-hour_given_mw(self, input, d));
    }
}

void hour_set(bus_hour *self, const sv_state *state, const sv_balance_input *input)
{
    set_demand(self, input);
    set_supply(self, state, input);
    for (int32_t k = 0; k < self->grid->n_storage; k++) {
        bool on = state->storage_on[k] && state->bus_on[self->grid->storage[k].i_bus];
        self->discharge_mw[k] = on && input->discharge_max_mw != NULL ? positive(input->discharge_max_mw[k]) : 0.0;
        self->charge_mw[k] = on && input->charge_max_mw != NULL ? positive(input->charge_max_mw[k]) : 0.0;
    }
}

/* ---- the main island ----------------------------------------------------------------------- */

static double lane_sum(const double lane[SV_LANES])
{
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}
_Static_assert(SV_LANES == 8, "lane_sum adds all lanes");

SV_WIDE double hour_dot(const double *restrict a, const double *restrict b, int32_t n)
{
    double lane[SV_LANES] = {0.0};
    for (int32_t i = 0; i < n; i += SV_LANES)
        for (int32_t l = 0; l < SV_LANES; l++)
            lane[l] += a[i + l] * b[i + l];
    return lane_sum(lane);
}

double hour_sum_main(const bus_hour *self, double *demand_mw)
{
    for (int32_t c = 0; c < SV_N_CLASS; c++)
        demand_mw[c] = hour_dot(self->in_main, &self->demand_mw[c * self->n_wide], self->n_wide);
    return hour_dot(self->in_main, self->supply_mw, self->n_wide);
}

SV_WIDE static void inject(int32_t n, const double *restrict mask, const double *restrict supply,
                           const double *restrict demand, double supply_share, const double *restrict load_share,
                           double *restrict p_mw)
{
    double share[SV_N_CLASS] = {load_share[0], load_share[1], load_share[2]};
    for (int32_t i = 0; i < n; i++) {
        double drawn = demand[i] * share[0] + demand[n + i] * share[1] + demand[2 * n + i] * share[2];
        p_mw[i] = mask[i] * (supply[i] * supply_share - drawn);
    }
}
_Static_assert(SV_N_CLASS == 3, "inject adds all classes");

void hour_inject_main(const bus_hour *self, double supply_share, const double *load_share, double *p_mw)
{
    inject(self->n_wide, self->in_main, self->supply_mw, self->demand_mw, supply_share, load_share, p_mw);
}
