/* What does an hour cost that keeps to its limits, beside its one sparse solve? Demand by profile and load by load, the
 * network whole and with every 17th bus off. Least of many tries. Usage: bench_hours GRID [SHARE_OF_NOMINAL_DEMAND] */
#include "svitlo/balance.h"
#include "svitlo/formats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_TRY = 60, N_SOLVE = 1000 };

typedef struct {
    const sv_grid *grid;
    sv_state *state;
    sv_balance *balance;
    sv_dc *dc;
    double *gen_mw, *import_mw, *load_mw, *profile, *p_mw, *f_mw;
    sv_shed *shed;
} bench;

static double least(double a, double b)
{
    return a < b ? a : b;
}

static sv_status measure(bench *self, const char *name, double share, bool by_profile)
{
    const sv_grid *grid = self->grid;
    sv_balance_input input = {.gen_max_mw = self->gen_mw, .import_max_mw = self->import_mw, .profile = self->profile};
    if (!by_profile)
        input.load_mw = self->load_mw;
    const sv_balance_result result = {.shed = self->shed};
    sv_balance_info info = {0};
    double hour_s = INFINITY, solve_s = INFINITY;
    sv_status status = sv_balance_update(self->balance, self->state);
    if (status == SV_OK)
        status = sv_dc_update(self->dc, self->state);
    for (int k = 0; k < N_TRY && status == SV_OK; k++) {
        double start = sv_clock_s();
        for (int i = 0; i < N_SOLVE && status == SV_OK; i++) {
            for (int32_t p = 0; p <= grid->n_series; p++)
                self->profile[p] = share + 1e-6 * i;
            status = sv_balance_solve(self->balance, &input, &result, &info);
        }
        hour_s = least(hour_s, (sv_clock_s() - start) / N_SOLVE);
        start = sv_clock_s();
        for (int i = 0; i < N_SOLVE; i++) {
            self->p_mw[0] = i;
            sv_dc_solve(self->dc, self->p_mw, NULL, self->f_mw);
        }
        solve_s = least(solve_s, (sv_clock_s() - start) / N_SOLVE);
    }
    printf("%-28s %8.2f us, of it the solve %5.2f, the rest %5.2f; %7.1f MW shed, %d rows\n", name, 1e6 * hour_s,
           1e6 * solve_s, 1e6 * (hour_s - solve_s), info.shed_mw, (int)info.n_row);
    return status;
}

static sv_status run(bench *self, sv_arena *arena, double share, sv_error *err)
{
    const sv_grid *grid = self->grid;
    double *base_mw = SV_TAKE(arena, grid->n_load, double);
    int32_t *i_profile = SV_TAKE(arena, grid->n_load, int32_t);
    self->gen_mw = SV_TAKE(arena, grid->n_gen, double);
    self->import_mw = SV_TAKE(arena, grid->n_interconnector, double);
    self->load_mw = SV_TAKE(arena, grid->n_load, double);
    self->profile = SV_TAKE(arena, grid->n_series + 1, double);
    self->p_mw = SV_TAKE(arena, grid->n_bus, double);
    self->f_mw = SV_TAKE(arena, grid->n_branch, double);
    self->shed = SV_TAKE(arena, grid->n_load, sv_shed);
    self->state = sv_state_new(grid);
    if (sv_arena_failed(arena) || self->state == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    for (int32_t g = 0; g < grid->n_gen; g++)
        self->gen_mw[g] = fmax(0.0, grid->gen[g].p_max_mw);
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        self->import_mw[k] = grid->interconnector[k].limit_mw;
    for (int32_t d = 0; d < grid->n_load; d++) {
        base_mw[d] = grid->load[d].p_mw;
        i_profile[d] = grid->load[d].i_series + 1;
        self->load_mw[d] = base_mw[d] * share;
    }
    sv_balance_settings settings = sv_balance_defaults();
    sv_status status = sv_balance_new(&self->balance, grid, &settings, err);
    if (status == SV_OK)
        status = sv_dc_new(&self->dc, grid, err);
    if (status == SV_OK)
        status = sv_balance_set_profiles(self->balance, base_mw, i_profile);
    if (status != SV_OK)
        return status;
    status = measure(self, "all in service, by profile", share, true);
    if (status == SV_OK)
        status = measure(self, "all in service, by load", share, false);
    for (int32_t i = 0; i < grid->n_bus; i += 17)
        self->state->bus_on[i] = 0;
    if (status == SV_OK)
        status = measure(self, "buses off, by profile", share, true);
    return status == SV_OK ? measure(self, "buses off, by load", share, false) : status;
}

int main(int argc, char **argv)
{
    sv_error err = {0};
    sv_grid *grid = NULL;
    if (argc < 2) {
        fputs("usage: bench_hours GRID [SHARE_OF_NOMINAL_DEMAND]\n", stderr);
        return 2;
    }
    sv_status status = sv_grid_read(&grid, argv[1], &err);
    bench self = {.grid = grid};
    sv_arena *arena = sv_arena_new();
    if (status == SV_OK && arena != NULL)
        status = run(&self, arena, argc > 2 ? strtod(argv[2], NULL) : 0.4, &err);
    if (status != SV_OK)
        fprintf(stderr, "%s\n", err.text[0] != '\0' ? err.text : sv_status_name(status));
    sv_balance_free(&self.balance);
    sv_dc_free(&self.dc);
    sv_state_free(&self.state);
    sv_arena_free(arena);
    sv_grid_free(&grid);
    return status == SV_OK ? 0 : 1;
}
