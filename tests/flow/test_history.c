/* flow: every public case with random outages against KLU on a matrix of the test's own; the bits of a workspace that
 * went through many states are those of a fresh one; listed rows are single rows; ties and reactances that cancel. */
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

static const char *const names[] = {"case9",
                                    "case14",
                                    "case24_ieee_rts",
                                    "case30",
                                    "case39",
                                    "case57",
                                    "case118",
                                    "pglib_opf_case118_ieee",
                                    "case300",
                                    "case_ACTIVSg200",
                                    "pglib_opf_case1354_pegase",
                                    "case1354pegase",
                                    "case_ACTIVSg2000",
                                    "case2383wp",
                                    "case2869pegase",
                                    "case9241pegase"};
enum { N_NAME = sizeof names / sizeof names[0], N_ROW = 13 };

static double uniform(uint32_t a, uint32_t b)
{
    return sv_draw(77, a, SV_DRAW_TEST, b, 0).u[0];
}

/* Mostly a few changes from the state before, at times many, at times a bus. */
static void change_state(sv_state *state, uint32_t round)
{
    const sv_grid *grid = state->grid;
    if (round % 10 == 0)
        sv_state_reset(state);
    double share = round % 5 == 3 ? 0.05 : 3.0 / grid->n_branch;
    for (int32_t l = 0; l < grid->n_branch; l++)
        if (uniform(round, (uint32_t)l) < share)
            state->branch_on[l] = !state->branch_on[l];
    if (round % 4 == 1) {
        int32_t i = (int32_t)(uniform(round, 1u << 30) * grid->n_bus);
        state->bus_on[i] = !state->bus_on[i] && grid->bus[i].type != SV_BUS_DEAD;
    }
}

/* Dense columns would be too large: triplets of each column by insertion. Returns SV_OK when KLU could solve. */
static sv_status klu_flows(const sv_state *state, const sv_islands *islands, const double *p, double *f)
{
    const sv_grid *grid = state->grid;
    enum { WIDEST = 96 };
    int32_t n = grid->n_bus, n_value = 0;
    int32_t *near = calloc((size_t)n * WIDEST, sizeof *near), *count = calloc((size_t)n + 1, sizeof *count);
    double *b = calloc((size_t)n * WIDEST, sizeof *b), *x = calloc((size_t)n, sizeof *x);
    int32_t *start = calloc((size_t)n + 1, sizeof *start), *row = calloc((size_t)n * WIDEST, sizeof *row);
    double *value = calloc((size_t)n * WIDEST, sizeof *value);
    for (int32_t l = -n; l < 2 * grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l < 0 ? 0 : l / 2];
        int32_t i = l < 0 ? l + n : (l & 1 ? branch->i_to : branch->i_from);
        int32_t j = l < 0 ? i : (l & 1 ? branch->i_from : branch->i_to), q = 0;
        bool grounded = islands->of_bus[i] < 0 || islands->first_bus[islands->of_bus[i]] == i;
        if (l >= 0 && (grounded || !sv_state_branch_live(state, l / 2)))
            continue;
        double w = l < 0 ? (double)grounded : grid->base_mva / (branch->x_pu * sv_branch_tap(branch));
        while (q < count[i] && near[i * WIDEST + q] != j)
            q++;
        near[i * WIDEST + q] = j;
        count[i] += q == count[i];
        assert_true(count[i] < WIDEST);
        b[i * WIDEST + q] += l < 0 ? w : -w;
        b[i * WIDEST] += l < 0 ? 0.0 : w;
        if (l >= 0)
            x[i] += (l & 1 ? -1.0 : 1.0) * w * branch->shift_deg * (3.14159265358979323846 / 180.0);
        else
            x[i] = grounded ? 0.0 : p[i];
    }
    for (int32_t i = 0; i < n; i++) { /* rows -> columns */
        for (int32_t q = 0; q < count[i]; q++)
            start[near[i * WIDEST + q] + 1]++;
    }
    for (int32_t j = 0; j < n; j++)
        start[j + 1] += start[j];
    n_value = start[n];
    int32_t *next = malloc(sizeof *next * ((size_t)n + 1));
    memcpy(next, start, sizeof *next * ((size_t)n + 1));
    for (int32_t i = 0; i < n; i++)
        for (int32_t q = 0; q < count[i]; q++) {
            int32_t at = next[near[i * WIDEST + q]]++;
            row[at] = i;
            value[at] = b[i * WIDEST + q];
        }
    assert_true(n_value > 0);
    sv_lu *lu = NULL;
    assert_int_equal(sv_lu_new(&lu, n, start, row, NULL), SV_OK);
    sv_status status = sv_lu_update(lu, value);
    if (status == SV_OK)
        sv_lu_solve(lu, x, 1);
    for (int32_t l = 0; l < grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l];
        double shift = branch->shift_deg * (3.14159265358979323846 / 180.0);
        f[l] = !sv_state_branch_live(state, l) ? 0.0
                                               : grid->base_mva / (branch->x_pu * sv_branch_tap(branch)) *
                                                     (x[branch->i_from] - x[branch->i_to] - shift);
    }
    sv_lu_free(&lu);
    void *const all[] = {near, count, b, x, start, row, value, next};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    return status;
}

static bool has_ties(const sv_grid *grid)
{
    for (int32_t l = 0; l < grid->n_branch; l++)
        if (fabs(grid->branch[l].x_pu) < 1e-6)
            return true;
    return false;
}

/* All a workspace says of the state: flows, then rows alone and listed. */
static sv_status ask(sv_dc *dc, const sv_state *state, const double *p, double *f, double *rows, double *listed)
{
    const sv_grid *grid = state->grid;
    sv_status status = sv_dc_update(dc, state);
    if (status != SV_OK)
        return status;
    int32_t i_branch[N_ROW];
    double push[N_ROW];
    for (int32_t k = 0; k < N_ROW; k++)
        i_branch[k] = (int32_t)(uniform(5, (uint32_t)k) * grid->n_branch);
    sv_dc_solve(dc, p, NULL, f);
    sv_dc_ptdf_rows(dc, N_ROW, i_branch, listed, push);
    for (int32_t k = 0; k < N_ROW; k++)
        assert_true(sv_dc_ptdf_row(dc, i_branch[k], rows + (size_t)k * (size_t)grid->n_bus) == push[k]);
    return SV_OK;
}

static void check_case(const char *name)
{
    char path[600];
    sv_grid *grid = NULL;
    snprintf(path, sizeof path, "%s/matpower/%s.m", SV_CASES_DIR, name);
    if (access(path, R_OK) != 0) {
        print_message("%s is not here\n", name);
        return;
    }
    assert_int_equal(sv_grid_read(&grid, path, NULL), SV_OK);
    size_t n = (size_t)grid->n_bus, m = (size_t)grid->n_branch, n_rows = N_ROW * n;
    sv_state *state = sv_state_new(grid);
    sv_dc *dc = NULL;
    assert_int_equal(sv_dc_new(&dc, grid, NULL), SV_OK);
    double *p = calloc(n, sizeof *p), *f = calloc(3 * m, sizeof *f), *rows = calloc(4 * n_rows, sizeof *rows);
    uint32_t n_round = n > 3000 ? 12 : 100;
    double worst = 0.0;
    for (uint32_t round = 0; round < n_round; round++) {
        change_state(state, round);
        for (size_t i = 0; i < n; i++)
            p[i] = 100.0 * (uniform(1000 + round, (uint32_t)i) - 0.5);
        sv_dc *fresh = NULL;
        assert_int_equal(sv_dc_new(&fresh, grid, NULL), SV_OK);
        sv_status status = ask(dc, state, p, f, rows, rows + n_rows);
        assert_int_equal(ask(fresh, state, p, f + m, rows + 2 * n_rows, rows + 3 * n_rows), status);
        if (status == SV_OK) {
            assert_memory_equal(f, f + m, sizeof *f * m);
            for (size_t k = 1; k < 4; k++)
                assert_memory_equal(rows, rows + k * n_rows, sizeof *rows * n_rows);
        }
        if (status == SV_OK && !has_ties(grid)) {
            double size = 1.0;
            assert_int_equal(klu_flows(state, sv_dc_islands(fresh), p, f + 2 * m), SV_OK);
            for (size_t l = 0; l < m; l++)
                size = fmax(size, fabs(f[2 * m + l]));
            for (size_t l = 0; l < m; l++)
                worst = fmax(worst, fabs(f[l] - f[2 * m + l]) / size);
        }
        sv_dc_free(&fresh);
    }
    print_message("%-26s worst relative difference to KLU %.1e\n", name, worst);
    assert_true(worst < 1e-9);
    free(p);
    free(f);
    free(rows);
    sv_dc_free(&dc);
    sv_state_free(&state);
    sv_grid_free(&grid);
}

static void only_the_state_counts(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < N_NAME; k++)
        check_case(names[k]);
}

typedef struct {
    int32_t i, j;
    double x_pu;
} line;

static sv_grid *draw_grid(int32_t n_bus, int32_t n_line, const line *lines)
{
    char id[16];
    sv_draft *draft = sv_draft_new();
    sv_grid *grid = NULL;
    for (int32_t i = 0; i < n_bus; i++) {
        sv_bus bus = sv_bus_default();
        snprintf(id, sizeof id, "%d", (int)i);
        bus.id = id;
        sv_draft_add_bus(draft, &bus);
    }
    for (int32_t l = 0; l < n_line; l++) {
        sv_branch branch = sv_branch_default();
        snprintf(id, sizeof id, "l%d", (int)l);
        branch.id = id;
        branch.i_from = lines[l].i;
        branch.i_to = lines[l].j;
        branch.x_pu = lines[l].x_pu;
        sv_draft_add_branch(draft, &branch);
    }
    sv_draft_set_base(draft, 100.0);
    assert_int_equal(sv_grid_new(&grid, draft, NULL), SV_OK);
    sv_draft_free(&draft);
    return grid;
}

/* Flows of one MW from bus n - 1 to bus 0, and the same from the PTDF row of each branch. */
static sv_status flows_of(int32_t n_bus, int32_t n_line, const line *lines, double *f)
{
    sv_grid *grid = draw_grid(n_bus, n_line, lines);
    sv_state *state = sv_state_new(grid);
    sv_dc *dc = NULL;
    double p[8] = {0}, row[8];
    p[n_bus - 1] = 1.0;
    assert_int_equal(sv_dc_new(&dc, grid, NULL), SV_OK);
    sv_status status = sv_dc_update(dc, state);
    if (status == SV_OK)
        sv_dc_solve(dc, p, NULL, f);
    for (int32_t l = 0; status == SV_OK && l < n_line; l++) {
        sv_dc_ptdf_row(dc, l, row);
        assert_true(fabs(row[n_bus - 1] - f[l]) < 1e-7);
    }
    sv_dc_free(&dc);
    sv_state_free(&state);
    sv_grid_free(&grid);
    return status;
}

static void ties_carry_what_is_left(void **unused)
{
    (void)unused;
    double f[8];
    /* 3 -tie- 2 -0.1- 0 and 3 -tie- 1 -0.3- 0: three quarters one way; bus 3 has nothing but ties. */
    const line split[] = {{2, 3, 0.0}, {3, 1, 0.0}, {2, 0, 0.1}, {1, 0, 0.3}};
    assert_int_equal(flows_of(4, 4, split, f), SV_OK);
    assert_true(fabs(f[0] + 0.75) < 1e-7 && fabs(f[1] - 0.25) < 1e-7 && fabs(f[2] - 0.75) < 1e-7);
    const line twins[] = {{1, 0, 0.0}, {1, 0, 0.0}, {2, 1, 0.1}};
    assert_int_equal(flows_of(3, 3, twins, f), SV_OK);
    assert_true(fabs(f[0] - 0.5) < 1e-6 && fabs(f[1] - 0.5) < 1e-6 && fabs(f[2] - 1.0) < 1e-9);
}

static void cancelling_reactances(void **unused)
{
    (void)unused;
    double f[8];
    const line gone[] = {{1, 0, 0.1}, {1, 0, -0.1}, {2, 1, 0.1}};
    assert_int_equal(flows_of(3, 3, gone, f), SV_ENUM);
    /* Both free buses have a diagonal of zero: no order works without exchanges of pivots, so KLU must. */
    const line ring[] = {{1, 0, 0.1}, {1, 2, -0.1}, {2, 0, 0.1}, {2, 1, -0.2}, {1, 2, 0.2}};
    assert_int_equal(flows_of(3, 5, ring, f), SV_OK);
    assert_true(fabs(f[0] + f[2] - 1.0) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest always[] = {cmocka_unit_test(ties_carry_what_is_left),
                                        cmocka_unit_test(cancelling_reactances)};
    const struct CMUnitTest cases[] = {cmocka_unit_test(only_the_state_counts)};
    int failed = cmocka_run_group_tests(always, NULL, NULL);
    if (failed != 0)
        return failed;
    if (access(SV_CASES_DIR "/matpower", R_OK) != 0) {
        puts("skipped: the public networks are not here");
        return 77;
    }
    return cmocka_run_group_tests(cases, NULL, NULL);
}
