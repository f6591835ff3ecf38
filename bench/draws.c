/* Draws of the soak. Cost: linear in the tables. Any thread, one object each. */
#include "draws.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_PROFILES = 6 };

/* What a number is drawn for; the hour's loads, units, profiles and storages take a number an hour from their first on. */
enum {
    DRAW_KIND = 1,
    DRAW_SHARES = 2,
    DRAW_STEP_BRANCH = 3,
    DRAW_STEP_GEN = 4,
    DRAW_LEVEL = 5,
    DRAW_SPREAD = 6,
    DRAW_INPUT = 9,
    DRAW_PLACE = 10,
    DRAW_STORAGE_OFF = 11,
    DRAW_WEIGHT = 12,
    DRAW_DC_LINE_OFF = 13,
    DRAW_LOADS = 100,
    DRAW_UNITS = 200,
    DRAW_PROFILES = 300,
    DRAW_STORAGE = 400
};

double draw_uniform(uint64_t seed, uint32_t what, uint32_t k)
{
    return sv_draw(seed, 7, SV_DRAW_TEST, what, k).u[0];
}

static double *numbers(int64_t n)
{
    return calloc((size_t)n + 1, sizeof(double));
}

bool draws_new(draws *self, const sv_grid *grid)
{
    *self = (draws){.grid = grid,
                    .base_mw = numbers(grid->n_load),
                    .i_profile = calloc((size_t)grid->n_load + 1, sizeof(int32_t)),
                    .profile = numbers(MOST_PROFILES),
                    .gen_mw = numbers(grid->n_gen),
                    .load_mw = numbers(grid->n_load),
                    .import_mw = numbers(grid->n_interconnector),
                    .discharge_mw = numbers(grid->n_storage),
                    .charge_mw = numbers(grid->n_storage),
                    .storage_h = numbers(grid->n_storage)};
    return self->base_mw != NULL && self->i_profile != NULL && self->profile != NULL && self->gen_mw != NULL &&
           self->load_mw != NULL && self->import_mw != NULL && self->discharge_mw != NULL && self->charge_mw != NULL &&
           self->storage_h != NULL;
}

void draws_free(draws *self)
{
    void *const all[] = {self->base_mw,   self->i_profile,    self->profile,   self->gen_mw,   self->load_mw,
                         self->import_mw, self->discharge_mw, self->charge_mw, self->storage_h};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    *self = (draws){0};
}

bool draw_weights(double weight[SV_N_CLASS], uint64_t run)
{
    static const double set[][SV_N_CLASS] = {{100.0, 10.0, 1.0}, {1.0, 1.0, 1.0}, {1e3, 30.0, 1.0}};
    static const double scale[] = {1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0, 1e3};
    enum { N_SET = sizeof set / sizeof set[0], N_SCALE = sizeof scale / sizeof scale[0] };
    bool usual = draw_uniform(run, DRAW_WEIGHT, 0) < 0.5;
    int i_set = (int)(N_SET * draw_uniform(run, DRAW_WEIGHT, 1));
    int i_scale = (int)(N_SCALE * draw_uniform(run, DRAW_WEIGHT, 2));
    for (int c = 0; c < SV_N_CLASS; c++)
        weight[c] = usual ? sv_balance_defaults().weight[c] : set[i_set][c] * scale[i_scale];
    return usual;
}

/* ---- damage -------------------------------------------------------------------------------- */

/* Damage and repair: what is on goes off, what is off comes back unless the tables have it so. */
static void step_on(sv_state *state, uint64_t seed)
{
    const sv_grid *grid = state->grid;
    for (uint32_t k = 0; k < 5; k++) {
        int32_t l = (int32_t)(draw_uniform(seed, DRAW_STEP_BRANCH, k) * grid->n_branch);
        int32_t g = (int32_t)(draw_uniform(seed, DRAW_STEP_GEN, k) * grid->n_gen);
        if (grid->n_branch > 0)
            state->branch_on[l] = !state->branch_on[l] && grid->branch[l].in_service;
        if (grid->n_gen > 0)
            state->gen_on[g] = !state->gen_on[g] && grid->gen[g].in_service;
    }
}

static sv_status strike(sv_state *state, uint64_t seed)
{
    double kind = draw_uniform(seed, DRAW_KIND, 0);
    if (kind < 0.25)
        return state_strike(state, seed, &state_kinds[(int)(4.0 * N_STATE_KIND * kind)]);
    if (kind < 0.60) { /* any severity up to 60 per cent, mild ones more often */
        double u[3];
        for (uint32_t k = 0; k < 3; k++)
            u[k] = draw_uniform(seed, DRAW_SHARES, k);
        state_kind any = {"any", 0.6 * u[0] * u[0], 0.3 * u[1] * u[1] * u[1], 0.6 * u[2] * u[2]};
        return state_strike(state, seed, &any);
    }
    if (kind < 0.80)
        return state_strike_region(state, seed, 0.5 * draw_uniform(seed, DRAW_SHARES, 0));
    if (kind < 0.84) { /* all of one table, or of all */
        double what = 4.0 * draw_uniform(seed, DRAW_SHARES, 0);
        state_kind all = {"all", what < 1.0 || what >= 3.0, (what >= 1.0 && what < 2.0) || what >= 3.0, what >= 2.0};
        return state_strike(state, seed, &all);
    }
    if (kind < 0.88) /* nothing */
        sv_state_reset(state);
    else
        step_on(state, seed);
    return SV_OK;
}

sv_status draw_damage(sv_state *state, uint64_t seed)
{
    sv_status status = strike(state, seed);
    for (int32_t k = 0; k < state->grid->n_storage; k++)
        state->storage_on[k] =
            state->grid->storage[k].in_service && draw_uniform(seed, DRAW_STORAGE_OFF, (uint32_t)k) >= 0.1;
    for (int32_t k = 0; k < state->grid->n_dc_line; k++)
        state->dc_line_on[k] =
            state->grid->dc_line[k].in_service && draw_uniform(seed, DRAW_DC_LINE_OFF, (uint32_t)k) >= 0.2;
    return status;
}

/* ---- hours --------------------------------------------------------------------------------- */

/* A profile a zone of neighbouring buses; some loads follow another than their neighbours. */
static void draw_profiles(draws *self)
{
    const sv_grid *grid = self->grid;
    self->n_profile = 1 + (int32_t)(MOST_PROFILES * draw_uniform(self->seed, DRAW_INPUT, 4));
    for (int32_t d = 0; d < grid->n_load; d++) {
        double place = (double)grid->load[d].i_bus / grid->n_bus;
        double other = draw_uniform(self->seed, DRAW_PLACE, (uint32_t)d);
        self->i_profile[d] = (int32_t)(self->n_profile * (other < 0.1 ? 10.0 * other : place));
        self->base_mw[d] = grid->load[d].p_mw * (0.8 + 0.4 * other);
    }
}

void draw_kinds(draws *self, uint64_t seed)
{
    self->seed = seed;
    self->by_profile = draw_uniform(seed, DRAW_INPUT, 0) < 0.3;
    self->with_storage = self->grid->n_storage > 0 && draw_uniform(seed, DRAW_INPUT, 1) < 0.7;
    self->with_storage_h = draw_uniform(seed, DRAW_INPUT, 2) < 0.5;
    self->with_shed_list = draw_uniform(seed, DRAW_INPUT, 3) < 0.5;
    if (self->by_profile)
        draw_profiles(self);
}

/* Ratings in part; hours in quarters, so that some last equally long. */
static void draw_storage(draws *self, uint32_t hour)
{
    for (int32_t k = 0; k < self->grid->n_storage; k++) {
        double rating_mw = self->grid->storage[k].p_mw, u[3];
        for (uint32_t i = 0; i < 3; i++)
            u[i] = draw_uniform(self->seed, DRAW_STORAGE + hour, 3 * (uint32_t)k + i);
        self->discharge_mw[k] = rating_mw * (u[0] < 0.2 ? 0.0 : u[0] < 0.5 ? 1.0 : u[0]);
        self->charge_mw[k] = rating_mw * (u[1] < 0.2 ? 0.0 : u[1] < 0.5 ? 1.0 : u[1]);
        self->storage_h[k] = 0.25 * floor(16.0 * u[2]);
    }
}

/* Every load at its own level around the hour's, or at that of its profile; every unit with what it may have. */
void draw_hour(draws *self, uint32_t hour)
{
    const sv_grid *grid = self->grid;
    uint64_t seed = self->seed;
    double level = 0.2 + 1.1 * draw_uniform(seed, DRAW_LEVEL, hour), spread = 0.4 * draw_uniform(seed, DRAW_SPREAD, 0);
    bool weather = draw_uniform(seed, DRAW_SPREAD, 1) < 0.5;
    state_hour(grid, level, self->gen_mw, self->load_mw, self->import_mw);
    for (int32_t p = 0; self->by_profile && p < self->n_profile; p++) {
        double u = draw_uniform(seed, DRAW_PROFILES + hour, (uint32_t)p);
        self->profile[p] = u < 0.03 ? 0.0 : level * (1.0 + 2.0 * spread * (u - 0.5));
    }
    for (int32_t d = 0; d < grid->n_load; d++)
        if (self->by_profile)
            self->load_mw[d] = self->base_mw[d] * self->profile[self->i_profile[d]];
        else
            self->load_mw[d] *= 1.0 + spread * (draw_uniform(seed, DRAW_LOADS + hour, (uint32_t)d) - 0.5);
    for (int32_t g = 0; weather && g < grid->n_gen; g++)
        self->gen_mw[g] *= fmin(1.0, 1.5 * draw_uniform(seed, DRAW_UNITS + hour, (uint32_t)g));
    if (self->with_storage)
        draw_storage(self, hour);
}

sv_balance_input draws_input(const draws *self, bool whole)
{
    bool storage = self->with_storage;
    return (sv_balance_input){.gen_max_mw = self->gen_mw,
                              .load_mw = self->by_profile && !whole ? NULL : self->load_mw,
                              .profile = self->by_profile ? self->profile : NULL,
                              .import_max_mw = self->import_mw,
                              .discharge_max_mw = storage ? self->discharge_mw : NULL,
                              .charge_max_mw = storage ? self->charge_mw : NULL,
                              .storage_h = storage && self->with_storage_h ? self->storage_h : NULL};
}
