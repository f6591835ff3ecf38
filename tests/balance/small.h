/* A small network under construction, one hour of it and its answer: what the tests of the balance build on. */
#ifndef SVITLO_TESTS_BALANCE_SMALL_H
#define SVITLO_TESTS_BALANCE_SMALL_H

#include "svitlo/balance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 400 };

typedef struct {
    sv_draft *draft;
    sv_grid *grid;
    sv_state *state;
    sv_balance *balance;
    double gen[MOST], load[MOST], import[MOST], discharge[MOST], charge[MOST];
    double served[MOST], gen_out[MOST], storage[MOST], dc[MOST], flow[MOST];
    double bus_price[MOST], branch_price[MOST];
    sv_balance_info info;
} bench;

static inline void begin(bench *self, int32_t n_bus)
{
    memset(self, 0, sizeof *self);
    self->draft = sv_draft_new();
    sv_draft_set_base(self->draft, 100.0);
    for (int32_t i = 0; i < n_bus; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", (int)i + 1);
        sv_bus row = sv_bus_default();
        row.id = id;
        row.vn_kv = 230.0;
        sv_draft_add_bus(self->draft, &row);
    }
}

/* Ids are counted on: G0, G1, ... */
static inline void name_next(const bench *self, sv_table table, char prefix, char id[16])
{
    snprintf(id, 16, "%c%d", prefix, (int)sv_draft_n(self->draft, table));
}

static inline void add_load(bench *self, int32_t bus, double mw, sv_class class_)
{
    char id[16];
    name_next(self, SV_TABLE_LOAD, 'L', id);
    sv_load row = sv_load_default();
    row.id = id;
    row.i_bus = bus;
    row.p_mw = mw;
    row.class_ = class_;
    sv_draft_add_load(self->draft, &row);
}

static inline void add_gen(bench *self, int32_t bus, double mw)
{
    char id[16];
    name_next(self, SV_TABLE_GEN, 'G', id);
    sv_gen row = sv_gen_default();
    row.id = id;
    row.i_bus = bus;
    row.p_max_mw = mw;
    sv_draft_add_gen(self->draft, &row);
}

static inline void add_branch(bench *self, int32_t from, int32_t to, double x_pu, double rate_mva, double shift_deg)
{
    char id[16];
    name_next(self, SV_TABLE_BRANCH, 'b', id);
    sv_branch row = sv_branch_default();
    row.id = id;
    row.i_from = from;
    row.i_to = to;
    row.x_pu = x_pu;
    row.rate_a_mva = rate_mva;
    row.shift_deg = shift_deg;
    sv_draft_add_branch(self->draft, &row);
}

/* Two storages of 10 MW at one bus: "short" lasts an hour, "long" ten. */
static inline void add_two_storages(bench *self, int32_t bus)
{
    for (int k = 0; k < 2; k++) {
        sv_storage row = sv_storage_default();
        row.id = k == 0 ? "short" : "long";
        row.i_bus = bus;
        row.p_mw = 10.0;
        row.energy_mwh = k == 0 ? 10.0 : 100.0;
        row.efficiency = 0.9;
        sv_draft_add_storage(self->draft, &row);
    }
}

/* The grid, all of it in service, and an hour as its tables say, without imports and storage. */
static inline void finish(bench *self, bool network)
{
    sv_error err = {0};
    sv_status status = sv_grid_new(&self->grid, self->draft, &err);
    if (status != SV_OK)
        print_error("%s\n", err.text);
    assert_int_equal(status, SV_OK);
    self->state = sv_state_new(self->grid);
    sv_balance_settings settings = sv_balance_defaults();
    settings.network = network;
    assert_int_equal(sv_balance_new(&self->balance, self->grid, &settings, &err), SV_OK);
    for (int32_t g = 0; g < self->grid->n_gen; g++)
        self->gen[g] = self->grid->gen[g].p_max_mw;
    for (int32_t d = 0; d < self->grid->n_load; d++)
        self->load[d] = self->grid->load[d].p_mw;
}

static inline void solve(bench *self)
{
    sv_balance_input input = {.gen_max_mw = self->gen,
                              .load_mw = self->load,
                              .import_max_mw = self->import,
                              .discharge_max_mw = self->discharge,
                              .charge_max_mw = self->charge};
    sv_balance_result result = {.gen_mw = self->gen_out,
                                .served_mw = self->served,
                                .storage_mw = self->storage,
                                .dc_line_mw = self->dc,
                                .branch_mw = self->flow};
    assert_int_equal(sv_balance_update(self->balance, self->state), SV_OK);
    assert_int_equal(sv_balance_solve(self->balance, &input, &result, &self->info), SV_OK);
}

static inline void end(bench *self)
{
    sv_balance_free(&self->balance);
    sv_state_free(&self->state);
    sv_grid_free(&self->grid);
    sv_draft_free(&self->draft);
}

static inline bool near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance;
}

static inline double harm(const double *shed_class_mw)
{
    return 100.0 * shed_class_mw[0] + 10.0 * shed_class_mw[1] + shed_class_mw[2];
}

#endif
