/* DC power flow against MATPOWER's published solutions; PTDF rows against flows; sums of rows. */
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

static sv_grid *read_case(const char *name)
{
    char path[600];
    sv_grid *grid = NULL;
    sv_error err = {0};
    snprintf(path, sizeof path, "%s/matpower/%s.m", SV_CASES_DIR, name);
    if (sv_grid_read(&grid, path, &err) != SV_OK)
        print_error("%s\n", err.text);
    assert_non_null(grid);
    return grid;
}

/* Injections as MATPOWER takes them: scheduled generation less load and shunt conductance, the reference bus takes the rest. */
static double *scheduled(const sv_grid *grid)
{
    double *p = calloc((size_t)grid->n_bus, sizeof *p), sum = 0.0;
    assert_non_null(p);
    for (int32_t g = 0; g < grid->n_gen; g++)
        if (grid->gen[g].in_service)
            p[grid->gen[g].i_bus] += grid->gen[g].p_mw;
    for (int32_t d = 0; d < grid->n_load; d++)
        p[grid->load[d].i_bus] -= grid->load[d].p_mw;
    for (int32_t s = 0; s < grid->n_shunt; s++)
        p[grid->shunt[s].i_bus] -= grid->shunt[s].g_mw;
    int32_t reference = 0;
    for (int32_t i = 0; i < grid->n_bus; i++) {
        reference = grid->bus[i].type == SV_BUS_REF ? i : reference;
        sum += p[i];
    }
    p[reference] -= sum;
    return p;
}

static void agrees_with_published_flows(void **unused)
{
    (void)unused;
    static const char *const names[] = {"case14",     "case118",        "case1354pegase", "case_ACTIVSg2000",
                                        "case30",     "case39",         "case57",         "case300",
                                        "case2383wp", "case2869pegase", "case9241pegase"};
    int n_checked = 0;
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        char path[600], line[128];
        snprintf(path, sizeof path, "%s/matpower/solved/%s.dc.csv", SV_CASES_DIR, names[k]);
        FILE *solved = fopen(path, "r");
        if (solved == NULL)
            continue;
        sv_grid *grid = read_case(names[k]);
        sv_state *state = sv_state_new(grid);
        sv_dc *dc = NULL;
        assert_int_equal(sv_dc_new(&dc, grid, NULL), SV_OK);
        assert_int_equal(sv_dc_update(dc, state), SV_OK);
        double *p = scheduled(grid), *f = calloc((size_t)grid->n_branch, sizeof *f), worst = 0.0;
        sv_dc_solve(dc, p, NULL, f);
        assert_non_null(fgets(line, sizeof line, solved));
        while (fgets(line, sizeof line, solved) != NULL) {
            int branch = 0;
            double pf_mw = 0.0;
            assert_int_equal(sscanf(line, "%d,%lf", &branch, &pf_mw), 2);
            worst = fmax(worst, fabs(f[branch - 1] - pf_mw));
        }
        print_message("%-18s worst difference %.1e MW\n", names[k], worst);
        assert_true(worst < 1e-6);
        n_checked++;
        fclose(solved);
        free(p);
        free(f);
        sv_dc_free(&dc);
        sv_state_free(&state);
        sv_grid_free(&grid);
    }
    assert_true(n_checked >= 4);
}

/* A row times the injections is the flow that the solve gives, also with branches out and with phase shifters. */
static void rows_reproduce_flows(void **unused)
{
    (void)unused;
    sv_grid *grid = read_case("case2869pegase");
    sv_state *state = sv_state_new(grid);
    sv_dc *dc = NULL;
    assert_int_equal(sv_dc_new(&dc, grid, NULL), SV_OK);
    double *p = calloc((size_t)grid->n_bus, sizeof *p), *f = calloc((size_t)grid->n_branch, sizeof *f);
    double *row = calloc((size_t)grid->n_bus, sizeof *row);
    assert_true(p != NULL && f != NULL && row != NULL);
    for (int round = 0; round < 3; round++) {
        for (int32_t l = 0; l < grid->n_branch; l++)
            if (sv_draw(1, round, SV_DRAW_TEST, (uint32_t)l, 0).u[0] < 0.05 * round)
                state->branch_on[l] = 0;
        assert_int_equal(sv_dc_update(dc, state), SV_OK);
        const sv_islands *islands = sv_dc_islands(dc);
        for (int32_t i = 0; i < grid->n_bus; i++)
            p[i] = islands->of_bus[i] >= 0 ? sv_draw(2, round, SV_DRAW_TEST, (uint32_t)i, 0).u[0] : 0.0;
        for (int32_t k = 0; k < islands->n_island; k++) { /* balance each island at its last bus */
            double sum = 0.0;
            int32_t last = -1;
            for (int32_t i = 0; i < grid->n_bus; i++)
                if (islands->of_bus[i] == k) {
                    sum += p[i];
                    last = i;
                }
            p[last] -= sum;
        }
        sv_dc_solve(dc, p, NULL, f);
        for (int32_t l = 0; l < grid->n_branch; l += 97) {
            double flow = sv_dc_ptdf_row(dc, l, row);
            for (int32_t i = 0; i < grid->n_bus; i++)
                flow += row[i] * p[i];
            assert_true(fabs(flow - f[l]) < 1e-6);
        }
    }
    free(p);
    free(f);
    free(row);
    sv_dc_free(&dc);
    sv_state_free(&state);
    sv_grid_free(&grid);
}

/* Sums that repeat branches, up to a list longer than all branches in all lanes: the bits of one sum at a time. */
static void sums_may_repeat_branches(void **unused)
{
    (void)unused;
    enum { N_BUS = 5, MOST_LISTED = 200 };
    sv_draft *draft = sv_draft_new();
    sv_draft_set_base(draft, 100.0);
    static const char *const bus[N_BUS] = {"A", "B", "C", "D", "E"}, *const line[N_BUS] = {"a", "b", "c", "d", "e"};
    for (int32_t i = 0; i < N_BUS; i++) {
        sv_bus row = sv_bus_default();
        row.id = bus[i];
        row.vn_kv = 230.0;
        sv_draft_add_bus(draft, &row);
    }
    for (int32_t l = 0; l < N_BUS; l++) {
        sv_branch row = sv_branch_default();
        row.id = line[l];
        row.i_from = l;
        row.i_to = (l + 1) % N_BUS;
        row.x_pu = 0.1 + 0.05 * l;
        sv_draft_add_branch(draft, &row);
    }
    sv_grid *grid = NULL;
    assert_int_equal(sv_grid_new(&grid, draft, NULL), SV_OK);
    sv_state *state = sv_state_new(grid);
    sv_dc *dc = NULL;
    assert_int_equal(sv_dc_new(&dc, grid, NULL), SV_OK);
    assert_int_equal(sv_dc_update(dc, state), SV_OK);
    static const int32_t each[] = {1, 13, 14, MOST_LISTED}; /* in 3 lanes: 39, 42 against 8 lanes of 5 branches */
    for (size_t k = 0; k < sizeof each / sizeof each[0]; k++) {
        const int32_t start[4] = {0, each[k], 2 * each[k], 3 * each[k]};
        int32_t i_branch[3 * MOST_LISTED];
        double share[3 * MOST_LISTED], row[3][N_BUS], alone[N_BUS];
        double *const out[3] = {row[0], row[1], row[2]};
        for (int32_t e = 0; e < start[3]; e++) {
            i_branch[e] = e * 3 % N_BUS;
            share[e] = 0.3 - 0.01 * (e % 17);
        }
        sv_dc_combine_many(dc, 3, start, i_branch, share, out);
        for (int32_t s = 0; s < 3; s++) {
            sv_dc_combine_rows(dc, each[k], i_branch + start[s], share + start[s], alone);
            assert_memory_equal(row[s], alone, sizeof alone);
        }
    }
    sv_dc_free(&dc);
    sv_state_free(&state);
    sv_grid_free(&grid);
    sv_draft_free(&draft);
}

int main(void)
{
    const struct CMUnitTest plain[] = {cmocka_unit_test(sums_may_repeat_branches)};
    int n_failed = cmocka_run_group_tests(plain, NULL, NULL);
    if (n_failed == 0 && access(SV_CASES_DIR "/matpower/solved", R_OK) != 0) {
        puts("skipped in part: the public networks are not here");
        return 77;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_published_flows),
                                       cmocka_unit_test(rows_reproduce_flows)};
    return n_failed != 0 ? n_failed : cmocka_run_group_tests(tests, NULL, NULL);
}
