/* What do one topology and one power flow cost, by the symmetric factor and by KLU? Per public case microseconds of:
 * islands (state changed each time), sv_dc_update with all branches new and with one branch switched, sv_dc_solve, one
 * PTDF row alone and in a list; of the bare factors on the same matrix: full and partial refactor, one solve, one lane
 * of a batch, KLU's refactor and solve. Usage: bench_sparse CASES_FOLDER */
#include "svitlo/flow.h"
#include "svitlo/formats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_LIST = 64 };

typedef struct {
    sv_grid *grid;
    sv_state *state;
    sv_dc *dc;
    sv_topology *topology;
    sv_ldl *ldl;
    sv_lu *lu;
    int32_t *col_start, *row, i_branch[N_LIST];
    double *value, *b, *p, *f, *rows, push[N_LIST];
    int k;
} bench;

/* Matrix of the grid as it stands, bus 0 grounded by a large diagonal: only for timing. */
static void make_matrix(bench *b)
{
    int32_t n = b->grid->n_bus, n_value = 0, *count = calloc((size_t)n + 1, sizeof *count);
    int32_t *near = calloc((size_t)n * 64, sizeof *near);
    double *g = calloc((size_t)n * 64, sizeof *g);
    for (int32_t l = -n; l < 2 * b->grid->n_branch; l++) {
        const sv_branch *branch = &b->grid->branch[l < 0 ? 0 : l / 2];
        int32_t i = l < 0 ? l + n : (l & 1 ? branch->i_to : branch->i_from);
        int32_t j = l < 0 ? i : (l & 1 ? branch->i_from : branch->i_to), q = 0;
        double w = l < 0 ? 1e-3 : 1.0 / fmax(1e-4, fabs(branch->x_pu));
        while (q < count[i] && near[i * 64 + q] != j)
            q++;
        near[i * 64 + q] = j;
        count[i] += q == count[i];
        g[i * 64 + q] += l < 0 ? w : -w;
        g[i * 64] += l < 0 ? 0.0 : w;
    }
    for (int32_t j = 0; j < n; j++) {
        b->col_start[j] = n_value;
        for (int32_t last = -1;;) {
            int32_t best = -1;
            for (int32_t q = 0; q < count[j]; q++)
                if (near[j * 64 + q] > last && (best < 0 || near[j * 64 + q] < near[j * 64 + best]))
                    best = q;
            if (best < 0)
                break;
            last = b->row[n_value] = near[j * 64 + best];
            b->value[n_value] = g[j * 64 + best];
            n_value++;
        }
    }
    b->col_start[n] = n_value;
    free(count);
    free(near);
    free(g);
}

static sv_status last_status;

static void run_islands(bench *b)
{
    b->state->branch_on[0] = b->k++ & 1;
    sv_topology_islands(b->topology, b->state);
}

static void run_update_all(bench *b) /* a seventh of all branches out, others each time: most columns change */
{
    int32_t salt = b->k++ % 7;
    for (int32_t l = 0; l < b->grid->n_branch; l++)
        b->state->branch_on[l] = (l + salt) % 7 != 0;
    last_status = sv_dc_update(b->dc, b->state);
}

static void run_update_one(bench *b)
{
    int32_t l = (int32_t)(((int64_t)(b->k / 2) * 7919) % b->grid->n_branch);
    b->state->branch_on[l] = b->k++ & 1;
    last_status = sv_dc_update(b->dc, b->state);
}

static void run_update_same(bench *b)
{
    last_status = sv_dc_update(b->dc, b->state);
}

static void run_dc_solve(bench *b)
{
    sv_dc_solve(b->dc, b->p, NULL, b->f);
}

static void run_row(bench *b)
{
    sv_dc_ptdf_row(b->dc, b->i_branch[b->k++ % N_LIST], b->rows);
}

static void run_rows(bench *b)
{
    sv_dc_ptdf_rows(b->dc, N_LIST, b->i_branch, b->rows, b->push);
}

static void run_full(bench *b)
{
    sv_ldl_reset(b->ldl);
    last_status = sv_ldl_update(b->ldl, b->value);
}

static void run_partial(bench *b)
{
    const sv_branch *branch = &b->grid->branch[((int64_t)(b->k / 2) * 7919) % b->grid->n_branch];
    int32_t col[2] = {branch->i_from, branch->i_to};
    b->k++;
    for (int c = 0; c < 2; c++)
        for (int32_t q = b->col_start[col[c]]; q < b->col_start[col[c] + 1]; q++)
            if (b->row[q] == col[c])
                b->value[q] *= b->k & 1 ? 2.0 : 0.5;
    last_status = sv_ldl_update_some(b->ldl, b->value, 2, col);
}

static void run_solve(bench *b)
{
    sv_ldl_solve(b->ldl, b->b);
}

static void run_batch(bench *b)
{
    sv_ldl_solve_batch(b->ldl, b->b);
}

static void run_klu(bench *b)
{
    last_status = sv_lu_update(b->lu, b->value);
}

static void run_klu_solve(bench *b)
{
    sv_lu_solve(b->lu, b->b, 1);
}

/* Least mean of a few rounds, us a call; `each` = units of work in a call. A call that failed has no time. */
static void print_time(bench *b, void (*run)(bench *), int each)
{
    sv_status worst = SV_OK;
    double best = INFINITY;
    b->k = 0;
    for (int32_t i = 0; i < b->grid->n_bus * SV_LDL_LANES; i++)
        b->b[i] = 1.0 + i % 5;
    for (int round = 0; round < 4; round++) {
        double start = sv_clock_s(), spent = 0.0;
        int n = 0;
        while (spent < 0.01 || n % 14 != 0) {
            last_status = SV_OK;
            run(b);
            worst = last_status != SV_OK ? last_status : worst;
            if (run == run_solve || run == run_batch || run == run_klu_solve)
                b->b[n % b->grid->n_bus] = 1.0;
            spent = sv_clock_s() - start;
            n++;
        }
        best = fmin(best, 1e6 * spent / n / each);
    }
    if (worst == SV_OK)
        printf(" %9.2f", best);
    else
        printf(" %9s", sv_status_name(worst));
    fflush(stdout);
}

static sv_status measure(bench *b)
{
    static void (*const runs[])(bench *) = {run_islands, run_update_all, run_update_one, run_update_same, run_dc_solve,
                                            run_row,     run_rows,       run_full,       run_partial,     run_solve,
                                            run_batch,   run_klu,        run_klu_solve};
    make_matrix(b);
    int32_t n = b->grid->n_bus;
    sv_status status = sv_dc_new(&b->dc, b->grid, NULL);
    if (status == SV_OK)
        status = sv_ldl_new(&b->ldl, n, n, b->col_start, b->row, NULL);
    if (status == SV_OK)
        status = sv_lu_new(&b->lu, n, b->col_start, b->row, NULL);
    for (int32_t k = 0; k < N_LIST; k++)
        b->i_branch[k] = (int32_t)((int64_t)k * 7919 % b->grid->n_branch);
    for (size_t k = 0; status == SV_OK && k < sizeof runs / sizeof runs[0]; k++) {
        if (runs[k] != run_update_same && runs[k] != run_dc_solve && runs[k] != run_rows)
            sv_state_reset(b->state);
        print_time(b, runs[k], runs[k] == run_rows ? N_LIST : runs[k] == run_batch ? SV_LDL_LANES : 1);
    }
    printf("\n");
    sv_dc_free(&b->dc);
    sv_ldl_free(&b->ldl);
    sv_lu_free(&b->lu);
    return status;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"case118",          "case300",        "case1354pegase",
                                        "case_ACTIVSg2000", "case2869pegase", "case9241pegase"};
    if (argc != 2) {
        fprintf(stderr, "Usage: bench_sparse CASES_FOLDER\n");
        return 2;
    }
    printf("%-18s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s  us\n", "case", "islands", "dc all", "dc one",
           "dc same", "dc solve", "row", "in list", "full", "partial", "solve", "a lane", "KLU", "KLU solve");
    for (size_t c = 0; c < sizeof names / sizeof names[0]; c++) {
        char path[1000];
        sv_error err = {0};
        bench b = {0};
        snprintf(path, sizeof path, "%s/matpower/%s.m", argv[1], names[c]);
        if (sv_grid_read(&b.grid, path, &err) != SV_OK) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        size_t n = (size_t)b.grid->n_bus, most = n + 2 * (size_t)b.grid->n_branch;
        b.state = sv_state_new(b.grid);
        b.topology = sv_topology_new(b.grid);
        b.col_start = calloc(n + 1, sizeof *b.col_start);
        b.row = calloc(most, sizeof *b.row);
        b.value = calloc(most, sizeof *b.value);
        b.b = aligned_alloc(64, sizeof *b.b * n * SV_LDL_LANES);
        b.p = calloc(n, sizeof *b.p);
        b.f = calloc((size_t)b.grid->n_branch, sizeof *b.f);
        b.rows = calloc(n * N_LIST, sizeof *b.rows);
        printf("%-18s", names[c]);
        if (measure(&b) != SV_OK)
            return 1;
        sv_state_free(&b.state);
        sv_topology_free(&b.topology);
        sv_grid_free(&b.grid);
        void *const all[] = {b.col_start, b.row, b.value, b.b, b.p, b.f, b.rows};
        for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
            free(all[k]);
    }
    return 0;
}
