/* An AC power flow under test: a grid, all that is solved of it, and the arrays of its answer. */
#ifndef SVITLO_TESTS_FLOW_AC_BENCH_H
#define SVITLO_TESTS_FLOW_AC_BENCH_H

#include "svitlo/flow.h"
#include "svitlo/formats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct {
    sv_grid *grid;
    sv_state *state;
    sv_ac *ac;
    sv_ac_settings settings;
    sv_ac_result out;
    sv_ac_info info;
} bench;

static inline double *take(int32_t n)
{
    double *all = calloc((size_t)n + 1, sizeof *all);
    assert_non_null(all);
    return all;
}

static inline void open_grid(bench *self, sv_grid *grid)
{
    sv_error err = {0};
    assert_non_null(grid);
    *self = (bench){.grid = grid, .state = sv_state_new(grid), .settings = sv_ac_defaults()};
    assert_non_null(self->state);
    assert_int_equal(sv_ac_new(&self->ac, grid, &err), SV_OK);
    self->out = (sv_ac_result){.vm_pu = take(grid->n_bus),
                               .va_deg = take(grid->n_bus),
                               .p_from_mw = take(grid->n_branch),
                               .q_from_mvar = take(grid->n_branch),
                               .p_to_mw = take(grid->n_branch),
                               .q_to_mvar = take(grid->n_branch),
                               .gen_mw = take(grid->n_gen),
                               .gen_mvar = take(grid->n_gen)};
}

static inline void open_case(bench *self, const char *name)
{
    char path[600];
    sv_grid *grid = NULL;
    sv_error err = {0};
    snprintf(path, sizeof path, "%s/matpower/%s.m", SV_CASES_DIR, name);
    if (sv_grid_read(&grid, path, &err) != SV_OK)
        print_error("%s\n", err.text);
    open_grid(self, grid);
}

static inline sv_grid *parse(const char *text)
{
    sv_grid *grid = NULL;
    sv_error err = {0};
    if (sv_matpower_parse(&grid, "text.m", text, strlen(text), &err) != SV_OK)
        print_error("%s\n", err.text);
    return grid;
}

static inline void open_text(bench *self, const char *text)
{
    open_grid(self, parse(text));
}

static inline void solve_with(bench *self, const sv_flow_input *input)
{
    sv_error err = {0};
    if (sv_ac_update(self->ac, self->state, &err) != SV_OK)
        fail_msg("%s", err.text);
    assert_int_equal(sv_ac_solve(self->ac, &self->settings, input, &self->out, &self->info), SV_OK);
}

static inline void solve(bench *self)
{
    solve_with(self, NULL);
}

static inline void close_bench(bench *self)
{
    double *all[] = {self->out.vm_pu,   self->out.va_deg,    self->out.p_from_mw, self->out.q_from_mvar,
                     self->out.p_to_mw, self->out.q_to_mvar, self->out.gen_mw,    self->out.gen_mvar};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    sv_ac_free(&self->ac);
    sv_state_free(&self->state);
    sv_grid_free(&self->grid);
}

#endif
