/* balance against published damage states: least load shed by an independent full-angle program, each to 1e-6 of demand. */
#include "svitlo/balance.h"
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

static const char *grid_file(const char *name)
{
    if (strcmp(name, "case118") == 0)
        return "pglib_opf_case118_ieee";
    return strcmp(name, "pglib1354") == 0 ? "pglib_opf_case1354_pegase" : name;
}

static sv_grid *read_grid(const char *folder, const char *name)
{
    char path[600];
    sv_grid *grid = NULL;
    sv_error err = {0};
    snprintf(path, sizeof path, "%s/%s/%s.m", SV_CASES_DIR, folder, name);
    if (sv_grid_read(&grid, path, &err) != SV_OK)
        print_error("%s\n", err.text);
    assert_non_null(grid);
    return grid;
}

static sv_balance_info solve_state(const sv_grid *grid, const sv_state *state)
{
    double *gen = calloc((size_t)grid->n_gen + 1, sizeof *gen), *load = calloc((size_t)grid->n_load + 1, sizeof *load);
    assert_true(gen != NULL && load != NULL);
    for (int32_t g = 0; g < grid->n_gen; g++)
        gen[g] = fmax(0.0, grid->gen[g].p_max_mw);
    for (int32_t d = 0; d < grid->n_load; d++)
        load[d] = grid->load[d].p_mw;
    sv_balance *balance = NULL;
    sv_balance_settings settings = sv_balance_defaults();
    sv_balance_input input = {.gen_max_mw = gen, .load_mw = load};
    sv_balance_info info;
    assert_int_equal(sv_balance_new(&balance, grid, &settings, NULL), SV_OK);
    assert_int_equal(sv_balance_update(balance, state), SV_OK);
    assert_int_equal(sv_balance_solve(balance, &input, NULL, &info), SV_OK);
    sv_balance_free(&balance);
    free(gen);
    free(load);
    return info;
}

static void every_damage_state(void **unused)
{
    (void)unused;
    static const char *const suffix[] = {"branches", "buses", "gens"};
    FILE *answers = fopen(SV_CASES_DIR "/damage/answers.csv", "r");
    assert_non_null(answers);
    char line[256], last[64] = "";
    sv_grid *grid = NULL;
    int n = 0;
    assert_non_null(fgets(line, sizeof line, answers));
    while (fgets(line, sizeof line, answers) != NULL) {
        char name[64], kind[32], prefix[128], path[700];
        double demand = 0.0, shed = 0.0;
        assert_int_equal(sscanf(line, "%63[^,],%31[^,],%*[^,],%127[^,],%lf,%lf", name, kind, prefix, &demand, &shed),
                         5);
        if (strcmp(name, last) != 0) {
            sv_grid_free(&grid);
            grid = read_grid("matpower", grid_file(name));
            snprintf(last, sizeof last, "%s", name);
        }
        sv_state *state = sv_state_new(grid);
        for (int k = 0; k < 3; k++) {
            sv_error err = {0};
            snprintf(path, sizeof path, "%s/damage/%s__%s.csv", SV_CASES_DIR, prefix, suffix[k]);
            assert_int_equal(sv_outages_read(state, (sv_out_kind)k, path, &err), SV_OK);
        }
        sv_balance_info info = solve_state(grid, state);
        if (!(fabs(info.shed_mw - shed) <= 1e-6 * demand))
            print_error("%s: shed %.9g MW, published %.9g MW\n", prefix, info.shed_mw, shed);
        assert_int_equal(info.outcome, SV_BALANCE_OPTIMAL);
        assert_true(fabs(info.demand_mw - demand) <= 1e-6 * demand);
        assert_true(fabs(info.shed_mw - shed) <= 1e-6 * demand);
        sv_state_free(&state);
        n++;
    }
    fclose(answers);
    sv_grid_free(&grid);
    print_message("%d damage states\n", n);
    assert_true(n >= 32);
}

static void every_trap(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        double shed_mw; /* < 0: a limit has to be relaxed */
    } traps[] = {{"negload", 0.0},      {"parcancel", 0.0}, {"shift30", -1.0},   {"shift5", 23.6332313},
                 {"shift_nogen", -1.0}, {"xneg", 0.0},      {"xnegcancel", 0.0}, {"xzero", 0.0}};
    for (size_t k = 0; k < sizeof traps / sizeof traps[0]; k++) {
        sv_grid *grid = read_grid("traps", traps[k].name);
        sv_state *state = sv_state_new(grid);
        sv_balance_info info = solve_state(grid, state);
        if (traps[k].shed_mw < 0.0) {
            assert_int_equal(info.outcome, SV_BALANCE_RELAXED);
            assert_true(info.relaxed_mw > 1.0);
        } else {
            assert_int_equal(info.outcome, SV_BALANCE_OPTIMAL);
            assert_true(fabs(info.shed_mw - traps[k].shed_mw) < 1e-6);
        }
        sv_state_free(&state);
        sv_grid_free(&grid);
    }
}

int main(void)
{
    if (access(SV_CASES_DIR "/damage/answers.csv", R_OK) != 0) {
        puts("skipped: the public damage states are not here");
        return 77;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_damage_state), cmocka_unit_test(every_trap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
