/* Sensitivities of AC power flow against differences of power flows, and the nose of a line against its closed form. */
#include "svitlo/flow.h"
#include "svitlo/formats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    sv_grid *grid;
    sv_state *state;
    sv_ac *ac;
    sv_ac_settings settings;
    double *load_mw, *load_mvar;
    double *vm, *va, *flow[4], *by_mw, *by_mvar;
    sv_ac_info info;
} bench;

static double *take(int32_t n)
{
    double *all = calloc((size_t)n + 1, sizeof *all);
    assert_non_null(all);
    return all;
}

static void open_grid(bench *self, sv_grid *grid)
{
    sv_error err = {0};
    *self = (bench){.grid = grid, .state = sv_state_new(grid), .settings = sv_ac_defaults()};
    assert_non_null(self->state);
    self->settings.tolerance_pu = 1e-11;
    assert_int_equal(sv_ac_new(&self->ac, grid, &err), SV_OK);
    self->load_mw = take(grid->n_load);
    self->load_mvar = take(grid->n_load);
    self->vm = take(grid->n_bus);
    self->va = take(grid->n_bus);
    self->by_mw = take(grid->n_bus);
    self->by_mvar = take(grid->n_bus);
    for (int k = 0; k < 4; k++)
        self->flow[k] = take(grid->n_branch);
    for (int32_t d = 0; d < grid->n_load; d++) {
        self->load_mw[d] = grid->load[d].p_mw;
        self->load_mvar[d] = grid->load[d].q_mvar;
    }
    if (sv_ac_update(self->ac, self->state, &err) != SV_OK)
        fail_msg("%s", err.text);
}

static bool open_case(bench *self, const char *name)
{
    char path[600];
    sv_grid *grid = NULL;
    sv_error err = {0};
    snprintf(path, sizeof path, "%s/matpower/%s.m", SV_CASES_DIR, name);
    if (sv_grid_read(&grid, path, &err) != SV_OK) {
        print_message("skipped: %s\n", err.text);
        return false;
    }
    open_grid(self, grid);
    return true;
}

static void end(bench *self)
{
    free(self->load_mw);
    free(self->load_mvar);
    free(self->vm);
    free(self->va);
    free(self->by_mw);
    free(self->by_mvar);
    for (int k = 0; k < 4; k++)
        free(self->flow[k]);
    sv_ac_free(&self->ac);
    sv_state_free(&self->state);
    sv_grid_free(&self->grid);
}

static void solve(bench *self)
{
    const sv_flow_input input = {.load_mw = self->load_mw, .load_mvar = self->load_mvar};
    const sv_ac_result result = {self->vm,      self->va, self->flow[0], self->flow[1], self->flow[2],
                                 self->flow[3], NULL,     NULL,          NULL};
    assert_int_equal(sv_ac_solve(self->ac, &self->settings, &input, &result, &self->info), SV_OK);
}

static double value_of(const bench *self, sv_ac_quantity what, int32_t index)
{
    switch (what) {
    case SV_AC_VM:
        return self->vm[index];
    case SV_AC_FROM_MVA:
        return hypot(self->flow[0][index], self->flow[1][index]);
    case SV_AC_TO_MVA:
        return hypot(self->flow[2][index], self->flow[3][index]);
    case SV_AC_SHORT_MW:
        break;
    }
    return self->info.island[index].short_mw;
}

/* A difference to both sides of one load, against the sensitivity of its bus. */
static double difference(bench *self, double *load, sv_ac_quantity what, int32_t index)
{
    const double step = 1e-3, kept = *load;
    *load = kept - step;
    solve(self);
    double more = value_of(self, what, index);
    *load = kept + step;
    solve(self);
    double less = value_of(self, what, index);
    *load = kept;
    return (more - less) / (2.0 * step);
}

static int32_t compare_each(bench *self, sv_ac_quantity what, int32_t index, int32_t each)
{
    int32_t n = 0;
    solve(self);
    assert_true(self->info.converged);
    assert_int_equal(sv_ac_sensitivity(self->ac, what, index, self->by_mw, self->by_mvar), SV_OK);
    double most = 0.0;
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        most = fmax(most, fmax(fabs(self->by_mw[i]), fabs(self->by_mvar[i])));
    for (int32_t d = 0; d < self->grid->n_load; d += each) {
        int32_t i = self->grid->load[d].i_bus;
        double by_mw = difference(self, &self->load_mw[d], what, index);
        double by_mvar = difference(self, &self->load_mvar[d], what, index);
        if (fabs(by_mw - self->by_mw[i]) > 1e-5 * (most + 1e-3) ||
            fabs(by_mvar - self->by_mvar[i]) > 1e-5 * (most + 1e-3))
            fail_msg("quantity %d of %d, bus %d: %.9g and %.9g, by differences %.9g and %.9g", (int)what, (int)index,
                     (int)i, self->by_mw[i], self->by_mvar[i], by_mw, by_mvar);
        n += by_mw != 0.0;
    }
    return n;
}

static int32_t compare(bench *self, sv_ac_quantity what, int32_t index)
{
    return compare_each(self, what, index, 7);
}

static void they_are_differences(void **unused)
{
    (void)unused;
    static const char *const names[] = {"case14", "case118", "case300"};
    for (size_t c = 0; c < sizeof names / sizeof *names; c++) {
        bench self;
        if (!open_case(&self, names[c]))
            skip();
        int32_t n = 0;
        for (int32_t i = 3; i < self.grid->n_bus; i += 29)
            n += compare(&self, SV_AC_VM, i);
        for (int32_t l = 2; l < self.grid->n_branch; l += 61)
            n += compare(&self, SV_AC_FROM_MVA, l) + compare(&self, SV_AC_TO_MVA, l);
        n += compare(&self, SV_AC_SHORT_MW, 0);
        assert_true(n > 5);
        end(&self);
    }
}

/* Where units stand at a reactive limit their voltage answers, and who holds one has none that does. */
static void limits_change_them(void **unused)
{
    (void)unused;
    bench self;
    if (!open_case(&self, "case14"))
        skip();
    self.settings.q_limits = true;
    for (int32_t d = 0; d < self.grid->n_load; d++)
        self.load_mvar[d] *= 1.6;
    solve(&self);
    assert_true(self.info.island[0].n_q_limited > 0);
    int32_t n = 0;
    for (int32_t i = 0; i < self.grid->n_bus; i++)
        n += compare(&self, SV_AC_VM, i);
    assert_true(n > 5);
    end(&self);
}

/* Buses that begin at their limits end where those end that find them; a side that is not theirs is left again. */
static void limits_may_be_begun_with(void **unused)
{
    (void)unused;
    bench self;
    if (!open_case(&self, "case118"))
        skip();
    int8_t *limited = calloc((size_t)self.grid->n_bus, 1);
    double *vm = take(self.grid->n_bus);
    const sv_flow_input input = {.load_mw = self.load_mw, .load_mvar = self.load_mvar};
    const sv_ac_result result = {.vm_pu = self.vm, .limited = limited};
    self.settings.q_limits = true;
    assert_int_equal(sv_ac_solve(self.ac, &self.settings, &input, &result, &self.info), SV_OK);
    int32_t n = self.info.island[0].n_q_limited;
    assert_true(self.info.converged && n > 0);
    memcpy(vm, self.vm, sizeof(double) * (size_t)self.grid->n_bus);
    for (int turned = 0; turned < 2; turned++) {
        for (int32_t i = 0; i < self.grid->n_bus && turned == 1; i++)
            limited[i] = 0;
        for (int32_t g = 0; g < self.grid->n_gen && turned == 1; g += 5)
            limited[self.grid->gen[g].i_bus] = 1;
        self.settings.limited_start = limited;
        assert_int_equal(sv_ac_solve(self.ac, &self.settings, &input, &result, &self.info), SV_OK);
        assert_true(self.info.converged);
        assert_int_equal(self.info.island[0].n_q_limited, n);
        for (int32_t i = 0; i < self.grid->n_bus; i++)
            assert_true(fabs(self.vm[i] - vm[i]) < 1e-8);
    }
    free(limited);
    free(vm);
    end(&self);
}

static void refuses(void **unused)
{
    (void)unused;
    bench self;
    if (!open_case(&self, "case14"))
        skip();
    assert_int_equal(sv_ac_sensitivity(self.ac, SV_AC_VM, 0, self.by_mw, self.by_mvar), SV_EUSAGE);
    self.settings.distributed_slack = true;
    solve(&self);
    assert_int_equal(sv_ac_sensitivity(self.ac, SV_AC_VM, 0, self.by_mw, self.by_mvar), SV_EUSAGE);
    self.settings.distributed_slack = false;
    solve(&self);
    assert_int_equal(sv_ac_sensitivity(self.ac, SV_AC_VM, 0, self.by_mw, self.by_mvar), SV_OK);
    assert_int_equal(sv_ac_sensitivity(self.ac, SV_AC_VM, self.grid->n_bus, self.by_mw, self.by_mvar), SV_EUSAGE);
    assert_int_equal(sv_ac_sensitivity(self.ac, SV_AC_SHORT_MW, 1, self.by_mw, self.by_mvar), SV_EUSAGE);
    assert_int_equal(sv_ac_weakest(self.ac, 1, self.by_mw, self.by_mvar), SV_EUSAGE);
    end(&self);
}

/* A load behind a closed breaker answers like one before it, and the slack bus's own breaker is no branch in between. */
static const char tied[] =
    "function mpc = tied\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
    "mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.5 0.5; 2 1 20 5 0 0 1 1 0 110 1 1.5 0.5; 3 1 50 9 0 0 1 1 0 110 1 1.5 0.5;\n"
    "4 1 30 2 0 0 1 1 0 110 1 1.5 0.5; 5 1 3 1 0 0 1 1 0 110 1 1.5 0.5];\n"
    "mpc.gen = [1 0 0 999 -999 1 100 1 500 0];\n"
    "mpc.branch = [5 2 0.02 0.2 0.1 0 0 0 0 0 1 -360 360; 2 3 0.01 0.1 0 0 0 0 0 0 1 -360 360;\n"
    "4 3 0 0 0 0 0 0 0 0 1 -360 360; 5 1 0 0 0 0 0 0 0 0 1 -360 360];\n";

static void ties_are_seen_through(void **unused)
{
    (void)unused;
    bench self;
    sv_grid *grid = NULL;
    sv_error err = {0};
    assert_int_equal(sv_matpower_parse(&grid, "tied.m", tied, sizeof tied - 1, &err), SV_OK);
    open_grid(&self, grid);
    int32_t n = 0;
    for (int32_t i = 1; i < 4; i++)
        n += compare_each(&self, SV_AC_VM, i, 1);
    n += compare_each(&self, SV_AC_FROM_MVA, 0, 1) + compare_each(&self, SV_AC_TO_MVA, 1, 1);
    n += compare_each(&self, SV_AC_SHORT_MW, 0, 1);
    assert_true(n > 15);
    end(&self);
}

/* Two lines from one source; the one to bus 3 is loaded to just before its nose, E^2 / 2X for a load without reactive
 * power. Relief counts there, and not at bus 2. */
static const char two_lines[] = "function mpc = two\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
                                "mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.5 0.5; 2 1 20 0 0 0 1 1 0 110 1 1.5 0.5; 3 1 "
                                "99.9 0 0 0 1 1 0 110 1 1.5 0.5];\n"
                                "mpc.gen = [1 0 0 999 -999 1 100 1 500 0];\n"
                                "mpc.branch = [1 2 0 0.5 0 0 0 0 0 0 1 -360 360; 1 3 0 0.5 0 0 0 0 0 0 1 -360 360];\n";

static void the_weakest_bus_is_found(void **unused)
{
    (void)unused;
    bench self;
    sv_grid *grid = NULL;
    sv_error err = {0};
    assert_int_equal(sv_matpower_parse(&grid, "two.m", two_lines, sizeof two_lines - 1, &err), SV_OK);
    open_grid(&self, grid);
    solve(&self);
    assert_true(self.info.converged);
    assert_true(fabs(self.vm[2] - sqrt(0.5)) < 0.03); /* the nose is at E / sqrt 2 */
    assert_int_equal(sv_ac_weakest(self.ac, 0, self.by_mw, self.by_mvar), SV_OK);
    assert_true(fabs(self.by_mw[2]) > 1e3 * fabs(self.by_mw[1]));
    /* At the nose a Mvar counts for tan(45 degrees) of a MW: P^2 + 2 P_max Q - P_max^2 = 0 has the normal (P, P_max). */
    assert_true(fabs(self.by_mvar[2] / self.by_mw[2] - 1.0) < 0.1);
    self.load_mw[1] = 100.1;
    solve(&self);
    assert_false(self.info.converged);
    assert_int_equal(sv_ac_weakest(self.ac, 0, self.by_mw, self.by_mvar), SV_EUSAGE);
    end(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_differences),
        cmocka_unit_test(limits_change_them),
        cmocka_unit_test(limits_may_be_begun_with),
        cmocka_unit_test(ties_are_seen_through),
        cmocka_unit_test(refuses),
        cmocka_unit_test(the_weakest_bus_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
