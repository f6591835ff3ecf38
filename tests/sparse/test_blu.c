/* sparse: LU of 2 x 2 blocks against dense elimination on random graphs, against KLU on a large mesh; rows of the identity,
 * a singular pivot, numbers that are none, a factor made again after a failure. */
#include "svitlo/sparse.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 60 };

typedef struct {
    int32_t n;
    bool joined[MOST][MOST];
    int32_t start[MOST + 1], column[MOST * MOST];
    double value[4 * MOST * MOST];
} matrix;

static uint64_t dice;

static double roll(void)
{
    return sv_draw(17, (int64_t)dice++, SV_DRAW_TEST, 0, 0).u[0];
}

/* Blocks of any numbers on a random graph; diagonals large enough to need no exchange, some rows those of the identity. */
static void make_matrix(matrix *m, uint32_t salt, int32_t n)
{
    dice = (uint64_t)salt << 20;
    *m = (matrix){.n = n};
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j <= i; j++)
            m->joined[i][j] = m->joined[j][i] = i == j || roll() < 3.0 / n;
    for (int32_t i = 0, k = 0; i < n; i++) {
        bool identity = roll() < 0.1;
        for (int32_t j = 0; j < n; j++) {
            if (!m->joined[i][j])
                continue;
            m->column[k] = j;
            for (int e = 0; e < 4; e++) {
                double own = i == j && (e == 0 || e == 3);
                m->value[4 * k + e] =
                    identity ? own : own * (8.0 + 4.0 * roll()) * (roll() < 0.3 ? -1.0 : 1.0) + 2.0 * roll() - 1.0;
            }
            m->start[i + 1] = ++k;
        }
    }
}

static void multiply(const matrix *m, const double *x, double *out)
{
    memset(out, 0, sizeof(double) * 2 * (size_t)m->n);
    for (int32_t i = 0; i < m->n; i++)
        for (int32_t k = m->start[i]; k < m->start[i + 1]; k++) {
            const double *b = m->value + 4 * k, *at = x + 2 * m->column[k];
            out[2 * i] += b[0] * at[0] + b[1] * at[1];
            out[2 * i + 1] += b[2] * at[0] + b[3] * at[1];
        }
}

static void check_solve(sv_blu *blu, const matrix *m)
{
    double x[2 * MOST], b[2 * MOST];
    for (int32_t i = 0; i < 2 * m->n; i++)
        x[i] = 2.0 * roll() - 1.0;
    multiply(m, x, b);
    sv_blu_solve(blu, b);
    for (int32_t i = 0; i < 2 * m->n; i++)
        if (!(fabs(b[i] - x[i]) <= 1e-9))
            fail_msg("unknown %d is %.12g, not %.12g", (int)i, b[i], x[i]);
}

static void check_lanes(sv_blu *blu, const matrix *m)
{
    enum { LANES = SV_BLU_LANES };
    _Alignas(64) double all[2 * MOST * LANES];
    const int32_t *place = sv_blu_place(blu);
    double one[LANES][2 * MOST];
    for (int32_t lane = 0; lane < LANES; lane++)
        for (int32_t i = 0; i < 2 * m->n; i++)
            all[(2 * place[i / 2] + i % 2) * LANES + lane] = one[lane][i] = roll() < 0.3 ? 0.0 : 2.0 * roll() - 1.0;
    sv_blu_solve_lanes(blu, all);
    for (int32_t lane = 0; lane < LANES; lane++) {
        sv_blu_solve(blu, one[lane]);
        for (int32_t i = 0; i < 2 * m->n; i++)
            assert_true(all[(2 * place[i / 2] + i % 2) * LANES + lane] == one[lane][i]);
    }
}

/* Right-hand sides of one node a lane: the bits of a whole solve. */
static void check_few(sv_blu *blu, const matrix *m)
{
    enum { LANES = SV_BLU_LANES };
    _Alignas(64) double few[2 * MOST * LANES] = {0.0}, all[2 * MOST * LANES];
    int32_t place[LANES];
    for (int32_t lane = 0; lane < LANES; lane++) {
        place[lane] = (int32_t)(roll() * m->n);
        few[(2 * place[lane] + lane % 2) * LANES + lane] = 1.0 + roll();
    }
    memcpy(all, few, sizeof all);
    sv_blu_solve_lanes(blu, all);
    sv_blu_solve_lanes_few(blu, few, LANES, place);
    for (int32_t i = 0; i < 2 * m->n * LANES; i++)
        assert_true(few[i] == all[i]);
}

static void finds_what_was_put_in(void **unused)
{
    (void)unused;
    for (uint32_t salt = 1; salt <= 300; salt++) {
        matrix m;
        make_matrix(&m, salt, 1 + (int32_t)(salt % MOST));
        sv_blu *blu = NULL;
        assert_int_equal(sv_blu_new(&blu, m.n, m.start, m.column, NULL), SV_OK);
        assert_int_equal(sv_blu_update(blu, m.value), SV_OK);
        check_solve(blu, &m);
        check_lanes(blu, &m);
        check_few(blu, &m);
        for (int32_t k = 0; k < 4 * m.start[m.n]; k++) /* other values, the same pattern */
            m.value[k] *= 1.5;
        assert_int_equal(sv_blu_update(blu, m.value), SV_OK);
        check_solve(blu, &m);
        sv_blu_free(&blu);
    }
}

static int32_t diagonal_of(const matrix *m, int32_t i)
{
    int32_t k = m->start[i];
    while (m->column[k] != i)
        k++;
    return k;
}

static void failures_are_said_and_leave_no_trace(void **unused)
{
    (void)unused;
    for (uint32_t salt = 1; salt <= 60; salt++) {
        matrix m, bad;
        make_matrix(&m, salt, 5 + (int32_t)(salt % 40));
        sv_blu *blu = NULL;
        assert_int_equal(sv_blu_new(&blu, m.n, m.start, m.column, NULL), SV_OK);
        bad = m;
        int32_t i = (int32_t)(roll() * m.n);
        double *row = bad.value + 4 * bad.start[i];
        if (salt % 2 == 0)
            memset(row, 0,
                   sizeof(double) * 4 * (size_t)(bad.start[i + 1] - bad.start[i])); /* a row that says nothing */
        else
            bad.value[4 * diagonal_of(&bad, i) + (int32_t)(4.0 * roll())] = NAN;
        assert_int_equal(sv_blu_update(blu, bad.value), SV_ENUM);
        assert_int_equal(sv_blu_update(blu, m.value), SV_OK);
        check_solve(blu, &m);
        sv_blu_free(&blu);
    }
}

/* A grid of 40 x 40 nodes against KLU on the same numbers one by one. */
static void agrees_with_another_factor_on_a_mesh(void **unused)
{
    (void)unused;
    enum { SIDE = 40, N = SIDE * SIDE };
    int32_t *start = calloc(N + 1, sizeof *start), *column = calloc(5 * N, sizeof *column);
    double *value = calloc(4 * 5 * N, sizeof *value), *b = calloc(2 * N, sizeof *b),
           *other = calloc(2 * N, sizeof *other);
    int32_t *col_start = calloc(2 * N + 1, sizeof *col_start), *row = calloc(4 * 5 * N, sizeof *row);
    double *by_column = calloc(4 * 5 * N, sizeof *by_column);
    assert_true(start && column && value && b && other && col_start && row && by_column);
    dice = 99u << 20;
    for (int32_t i = 0, k = 0; i < N; i++) {
        const int32_t near[5] = {i - SIDE, i % SIDE > 0 ? i - 1 : -1, i, i % SIDE < SIDE - 1 ? i + 1 : -1, i + SIDE};
        for (int a = 0; a < 5; a++) {
            if (near[a] < 0 || near[a] >= N)
                continue;
            column[k] = near[a];
            for (int e = 0; e < 4; e++)
                value[4 * k + e] = (near[a] == i && (e == 0 || e == 3) ? 9.0 : 0.0) + 2.0 * roll() - 1.0;
            start[i + 1] = ++k;
        }
        b[2 * i] = other[2 * i] = roll();
        b[2 * i + 1] = other[2 * i + 1] = roll();
    }
    int32_t n_entry = 0; /* the pattern is symmetric: a column's rows are the row's columns */
    for (int32_t j = 0; j < N; j++)
        for (int32_t half = 0; half < 2; half++) {
            for (int32_t k = start[j]; k < start[j + 1]; k++) {
                int32_t i = column[k], at = start[i];
                while (column[at] != j)
                    at++;
                for (int32_t e = 0; e < 2; e++) {
                    row[n_entry] = 2 * i + e;
                    by_column[n_entry++] = value[4 * at + 2 * e + half];
                }
            }
            col_start[2 * j + half + 1] = n_entry;
        }
    sv_blu *blu = NULL;
    sv_lu *lu = NULL;
    assert_int_equal(sv_blu_new(&blu, N, start, column, NULL), SV_OK);
    assert_int_equal(sv_lu_new(&lu, 2 * N, col_start, row, NULL), SV_OK);
    assert_int_equal(sv_blu_update(blu, value), SV_OK);
    assert_int_equal(sv_lu_update(lu, by_column), SV_OK);
    sv_blu_solve(blu, b);
    sv_lu_solve(lu, other, 1);
    for (int32_t i = 0; i < 2 * N; i++)
        assert_true(fabs(b[i] - other[i]) <= 1e-11);
    sv_blu_free(&blu);
    sv_lu_free(&lu);
    void *all[] = {start, column, value, b, other, col_start, row, by_column};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_put_in),
        cmocka_unit_test(failures_are_said_and_leave_no_trace),
        cmocka_unit_test(agrees_with_another_factor_on_a_mesh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
