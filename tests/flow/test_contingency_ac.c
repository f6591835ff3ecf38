/* AC contingencies: every single branch and unit equal to its own full solve, pairs and triples with islands, what cannot be
 * solved is said by both ways, and what is reported agrees with the voltages. */
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

enum { N_GROUP = 150 };

typedef struct {
    sv_grid *grid;
    sv_state *state;
    sv_ac *alone;
    sv_ac_screen *screen;
    sv_ac_settings settings;
    int32_t n, *element;
    sv_contingency *list;
    double *vm_pu, *va_deg, *flow[4];
    int32_t n_seen, n_whole, n_cut, n_failed, every;
} bench;

static double *take(int32_t n)
{
    double *all = calloc((size_t)n + 1, sizeof *all);
    assert_non_null(all);
    return all;
}

static void open_case(bench *self, const char *name)
{
    char path[600];
    sv_error err = {0};
    *self = (bench){.settings = sv_ac_defaults(), .every = 1};
    snprintf(path, sizeof path, "%s/matpower/%s.m", SV_CASES_DIR, name);
    if (sv_grid_read(&self->grid, path, &err) != SV_OK)
        print_error("%s\n", err.text);
    assert_non_null(self->grid);
    self->state = sv_state_new(self->grid);
    assert_int_equal(sv_ac_new(&self->alone, self->grid, &err), SV_OK);
    assert_int_equal(sv_ac_screen_new(&self->screen, self->grid, &err), SV_OK);
    self->vm_pu = take(self->grid->n_bus);
    self->va_deg = take(self->grid->n_bus);
    for (int k = 0; k < 4; k++)
        self->flow[k] = take(self->grid->n_branch);
    size_t most = 4 * ((size_t)self->grid->n_branch + (size_t)self->grid->n_gen + N_GROUP);
    self->element = calloc(most, sizeof *self->element);
    self->list = calloc(most, sizeof *self->list);
    assert_true(self->element != NULL && self->list != NULL);
}

static void close_bench(bench *self)
{
    free(self->element);
    free(self->list);
    free(self->vm_pu);
    free(self->va_deg);
    for (int k = 0; k < 4; k++)
        free(self->flow[k]);
    sv_ac_screen_free(&self->screen);
    sv_ac_free(&self->alone);
    sv_state_free(&self->state);
    sv_grid_free(&self->grid);
}

static void list_singles(bench *self)
{
    self->n = 0;
    for (int32_t l = 0; l < self->grid->n_branch; l++, self->n++) {
        self->element[self->n] = l;
        self->list[self->n] = (sv_contingency){.n_branch = 1, .i_branch = &self->element[self->n]};
    }
    for (int32_t g = 0; g < self->grid->n_gen; g++, self->n++) {
        self->element[self->n] = g;
        self->list[self->n] = (sv_contingency){.n_gen = 1, .i_gen = &self->element[self->n]};
    }
}

/* Two branches, the second often near the first so that parts are cut off; or a branch and a unit; or three branches. */
static void list_groups(bench *self, int32_t n)
{
    const sv_grid *grid = self->grid;
    self->n = n;
    for (int32_t k = 0; k < n; k++) {
        const double *u = sv_draw(3, k, SV_DRAW_TEST, 0, 0).u;
        double v = sv_draw(3, k, SV_DRAW_TEST, 1, 0).u[0];
        int32_t *own = self->element + 4 * k, first = (int32_t)(u[0] * grid->n_branch);
        int32_t near = (first + 1 + (int32_t)(3.0 * u[1])) % grid->n_branch;
        own[0] = first;
        own[1] = v < 0.5 ? near : (int32_t)(u[1] * grid->n_branch);
        own[2] = v < 0.3 ? own[1] : (first + 7) % grid->n_branch; /* one of them named twice now and then */
        own[3] = (int32_t)(v * grid->n_gen);
        self->list[k] = (sv_contingency){.n_branch = k % 3 == 0   ? 3
                                                     : k % 3 == 1 ? 2
                                                                  : 1,
                                         .i_branch = own,
                                         .n_gen = k % 3 == 2,
                                         .i_gen = own + 3};
    }
}

static void set_out(bench *self, const sv_contingency *out, bool off)
{
    for (int32_t k = 0; k < out->n_branch; k++)
        self->state->branch_on[out->i_branch[k]] = !off && self->grid->branch[out->i_branch[k]].in_service;
    for (int32_t k = 0; k < out->n_gen; k++)
        self->state->gen_on[out->i_gen[k]] = !off && self->grid->gen[out->i_gen[k]].in_service;
}

static double turned(double degrees)
{
    return fabs(remainder(degrees, 360.0)) * (M_PI / 180.0);
}

static void check_summary(const bench *self, const sv_ac_effect *found)
{
    const sv_grid *grid = self->grid;
    int32_t n_overload = 0, n_low = 0;
    double worst = 0.0, low = INFINITY;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        double rate = grid->branch[l].rate_a_mva;
        double from = hypot(self->flow[0][l], self->flow[1][l]), to = hypot(self->flow[2][l], self->flow[3][l]);
        double percent = rate > 0.0 && !isnan(from) ? 100.0 * fmax(from, to) / rate : 0.0;
        n_overload += percent > 100.0;
        worst = fmax(worst, percent);
    }
    for (int32_t i = 0; i < grid->n_bus; i++) {
        n_low += self->vm_pu[i] < grid->bus[i].v_min_pu - 2e-6;
        low = self->vm_pu[i] < low ? self->vm_pu[i] : low;
    }
    assert_true(fabs(found->loading_percent - worst) <= 1e-4 * (1.0 + worst));
    assert_true(abs(found->n_overload - n_overload) <= 0 || fabs(worst - 100.0) < 1e-3);
    assert_true(fabs(found->low_pu - low) < 1e-7 && found->n_low >= n_low);
}

static bool check(void *context, int64_t k, const sv_ac_effect *found)
{
    bench *self = context;
    assert_int_equal(k, self->n_seen++);
    self->n_whole += found->whole;
    self->n_cut += found->n_cut_off > 0;
    if (k % self->every != 0)
        return true;
    sv_error err = {0};
    sv_ac_info info;
    const sv_ac_result result = {.vm_pu = self->vm_pu,
                                 .va_deg = self->va_deg,
                                 .p_from_mw = self->flow[0],
                                 .q_from_mvar = self->flow[1],
                                 .p_to_mw = self->flow[2],
                                 .q_to_mvar = self->flow[3]};
    set_out(self, &self->list[k], true);
    assert_int_equal(sv_ac_update(self->alone, self->state, &err), SV_OK);
    assert_int_equal(sv_ac_solve(self->alone, &self->settings, NULL, &result, &info), SV_OK);
    set_out(self, &self->list[k], false);
    bool failed = found->outcome == SV_AC_DIVERGED || found->outcome == SV_AC_SINGULAR;
    self->n_failed += failed;
    if (failed != !info.converged)
        fail_msg("outage %d: %s, alone %s", (int)k, sv_ac_outcome_name[found->outcome],
                 info.converged ? "an answer" : "none");
    if (failed)
        return true;
    assert_true(found->mismatch_pu < self->settings.tolerance_pu);
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        bool same =
            fabs(found->vm_pu[i] - self->vm_pu[i]) <= 1e-7 && turned(found->va_deg[i] - self->va_deg[i]) <= 1e-7;
        if (!same && !(isnan(found->vm_pu[i]) && isnan(self->vm_pu[i])))
            fail_msg("outage %d, bus %d: %.10g pu, %.10g degrees; alone %.10g, %.10g", (int)k, (int)i, found->vm_pu[i],
                     found->va_deg[i], self->vm_pu[i], self->va_deg[i]);
    }
    check_summary(self, found);
    return true;
}

static void run(bench *self)
{
    sv_error err = {0};
    sv_ac_info info;
    self->n_seen = self->n_whole = self->n_cut = self->n_failed = 0;
    assert_int_equal(sv_ac_screen_base(self->screen, self->state, &self->settings, NULL, &info, &err), SV_OK);
    assert_true(info.converged);
    assert_int_equal(sv_ac_contingencies(self->screen, self->n, self->list, true, check, self), SV_OK);
    assert_int_equal(self->n_seen, self->n);
}

/* SV_EVERY=1 compares every outage of every case, case9241pegase too: some ten minutes. */
static void singles_equal_their_own_solve(void **unused)
{
    (void)unused;
    const char *asked = getenv("SV_EVERY");
    static const char *const names[] = {"case9",           "case14",         "case24_ieee_rts",  "case30",
                                        "case39",          "case57",         "case118",          "case300",
                                        "case_ACTIVSg200", "case1354pegase", "case_ACTIVSg2000", "case2869pegase",
                                        "case9241pegase"};
    for (size_t k = 0; k + (asked == NULL) < sizeof names / sizeof names[0]; k++) {
        bench b;
        open_case(&b, names[k]);
        list_singles(&b);
        b.every = asked != NULL ? atoi(asked) : b.n > 3000 ? 23 : b.n > 1000 ? 7 : 1;
        run(&b);
        print_message("%s: %d outages, %d solved whole, %d cut somebody off, %d without an answer\n", names[k],
                      (int)b.n, (int)b.n_whole, (int)b.n_cut, (int)b.n_failed);
        assert_true(b.n_whole <= b.n / 4 + 2);
        close_bench(&b);
    }
}

static void groups_equal_their_own_solve(void **unused)
{
    (void)unused;
    static const char *const names[] = {"case30", "case57", "case118", "case300", "case1354pegase"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        bench b;
        open_case(&b, names[k]);
        list_groups(&b, N_GROUP);
        run(&b);
        print_message("%s: %d groups, %d solved whole, %d cut somebody off, %d without an answer\n", names[k], (int)b.n,
                      (int)b.n_whole, (int)b.n_cut, (int)b.n_failed);
        close_bench(&b);
    }
}

/* Reactive limits and a shared slack: by whole solves, and still equal. */
static void other_settings_are_kept(void **unused)
{
    (void)unused;
    bench b;
    open_case(&b, "case118");
    list_singles(&b);
    b.every = 5;
    b.settings.distributed_slack = true;
    run(&b);
    assert_int_equal(b.n_whole, b.n);
    close_bench(&b);
}

static bool never(void *context, int64_t k, const sv_ac_effect *found)
{
    (void)found;
    *(int64_t *)context = k;
    return k < 2;
}

static void wrong_lists_are_refused(void **unused)
{
    (void)unused;
    bench b;
    open_case(&b, "case14");
    list_singles(&b);
    int64_t last = -1;
    assert_int_equal(sv_ac_contingencies(b.screen, b.n, b.list, false, never, &last), SV_EUSAGE); /* no base case */
    sv_error err = {0};
    sv_ac_info info;
    assert_int_equal(sv_ac_screen_base(b.screen, b.state, &b.settings, NULL, &info, &err), SV_OK);
    assert_int_equal(sv_ac_contingencies(b.screen, b.n, b.list, false, never, &last), SV_OK);
    assert_int_equal(last, 2); /* it stops where the sink says so */
    last = -1;
    b.element[1] = b.grid->n_branch;
    assert_int_equal(sv_ac_contingencies(b.screen, b.n, b.list, false, never, &last), SV_EUSAGE);
    b.element[1] = 0;
    b.list[0].n_branch = SV_CONTINGENCY_MOST + 1;
    assert_int_equal(sv_ac_contingencies(b.screen, b.n, b.list, false, never, &last), SV_EUSAGE);
    assert_int_equal(last, -1);
    close_bench(&b);
}

int main(void)
{
    if (access(SV_CASES_DIR "/matpower", R_OK) != 0) {
        printf("skipped: the public cases are not there (%s)\n", SV_CASES_DIR);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(singles_equal_their_own_solve),
        cmocka_unit_test(groups_equal_their_own_solve),
        cmocka_unit_test(other_settings_are_kept),
        cmocka_unit_test(wrong_lists_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
