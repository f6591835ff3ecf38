/* sparse: factors against residuals, stale pivots, singular matrices. */
#include "svitlo/sparse.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { N = 60, NNZ = N * N };

static int32_t col_start[N + 1], row[NNZ];
static double value[NNZ];

/* A ring with chords, structurally symmetric. */
static void make_pattern(void)
{
    int32_t k = 0;
    for (int32_t j = 0; j < N; j++) {
        col_start[j] = k;
        for (int32_t i = 0; i < N; i++) {
            int32_t d = (i - j + N) % N;
            if (d <= 1 || d == N - 1 || d == 7 || d == N - 7)
                row[k++] = i;
        }
    }
    col_start[N] = k;
}

static void make_values(uint32_t salt)
{
    for (int32_t k = 0; k < col_start[N]; k++)
        value[k] = sv_draw(1, salt, SV_DRAW_TEST, (uint32_t)k, 0).u[0] - 0.5;
}

static double residual(const double *x, const double *b)
{
    double r[N], worst = 0.0;
    memcpy(r, b, sizeof r);
    for (int32_t j = 0; j < N; j++)
        for (int32_t k = col_start[j]; k < col_start[j + 1]; k++)
            r[row[k]] -= value[k] * x[j];
    for (int32_t i = 0; i < N; i++)
        worst = fmax(worst, fabs(r[i]));
    return worst;
}

static void solves_after_each_update(void **unused)
{
    (void)unused;
    make_pattern();
    sv_lu *lu = NULL;
    assert_int_equal(sv_lu_new(&lu, N, col_start, row, NULL), SV_OK);
    for (uint32_t salt = 1; salt < 200; salt++) {
        make_values(salt); /* signs at random: the old pivots are often bad ones */
        assert_int_equal(sv_lu_update(lu, value), SV_OK);
        double b[N], x[2 * N];
        for (int32_t i = 0; i < N; i++) {
            b[i] = sv_draw(2, salt, SV_DRAW_TEST, (uint32_t)i, 0).u[0];
            x[i] = b[i];
            x[N + i] = 2.0 * b[i];
        }
        sv_lu_solve(lu, x, 2);
        assert_true(residual(x, b) < 1e-8);
        for (int32_t i = 0; i < N; i++)
            assert_true(fabs(x[N + i] - 2.0 * x[i]) <= 1e-9 * (1.0 + fabs(x[i])));
    }
    sv_lu_free(&lu);
    assert_null(lu);
    sv_lu_free(&lu);
}

static void singular_is_a_status_and_can_be_left_again(void **unused)
{
    (void)unused;
    make_pattern();
    sv_lu *lu = NULL;
    assert_int_equal(sv_lu_new(&lu, N, col_start, row, NULL), SV_OK);
    /* A graph Laplacian without ground: rows sum to zero. */
    for (int32_t j = 0; j < N; j++)
        for (int32_t k = col_start[j]; k < col_start[j + 1]; k++)
            value[k] = row[k] == j ? 4.0 : -1.0;
    assert_int_equal(sv_lu_update(lu, value), SV_ENUM);
    for (int32_t j = 0; j < N; j++)
        for (int32_t k = col_start[j]; k < col_start[j + 1]; k++)
            if (row[k] == j)
                value[k] = 4.5;
    assert_int_equal(sv_lu_update(lu, value), SV_OK);
    double b[N] = {1.0}, x[N] = {1.0};
    sv_lu_solve(lu, x, 1);
    assert_true(residual(x, b) < 1e-12);
    sv_lu_free(&lu);
}

static void no_memory_is_a_status(void **unused)
{
    (void)unused;
    make_pattern();
    for (int64_t k = 1; k <= 4; k++) {
        sv_lu *lu = NULL;
        sv_arena_fail_at(k);
        assert_int_equal(sv_lu_new(&lu, N, col_start, row, NULL), SV_ENOMEM);
        assert_null(lu);
    }
    sv_arena_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solves_after_each_update),
        cmocka_unit_test(singular_is_a_status_and_can_be_left_again),
        cmocka_unit_test(no_memory_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
