/* lp: problems built with a known optimum, warm starts, rows added, infeasible and unbounded ones. */
#include "svitlo/lp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { N = 40, M = 12 };

static double uniform(uint32_t salt, uint32_t k)
{
    return sv_draw(3, salt, SV_DRAW_TEST, k, 0).u[0];
}

/* Choose x, row duals and reduced costs that complement each other: x is then an optimum, whatever the engine. */
static void finds_planted_optimum(void **unused)
{
    (void)unused;
    for (uint32_t salt = 1; salt < 120; salt++) {
        double a[M][N], x[N], cost[N], lower[N], upper[N], dual[M], best = 0.0;
        int32_t col[N];
        for (int32_t j = 0; j < N; j++) {
            col[j] = j;
            lower[j] = -uniform(salt, 1000u + (uint32_t)j);
            upper[j] = uniform(salt, 2000u + (uint32_t)j);
            int place = (int)(3.0 * uniform(salt, 3000u + (uint32_t)j)); /* lower, between, upper */
            x[j] = place == 0 ? lower[j] : place == 2 ? upper[j] : 0.5 * (lower[j] + upper[j]);
            double reduced = uniform(salt, 4000u + (uint32_t)j);
            cost[j] = place == 0 ? reduced : place == 2 ? -reduced : 0.0;
        }
        sv_lp *lp = sv_lp_new(N);
        for (int32_t i = 0; i < M; i++) {
            dual[i] = i % 3 == 0 ? 0.0 : uniform(salt, 5000u + (uint32_t)i) - 0.5;
            for (int32_t j = 0; j < N; j++) {
                a[i][j] = uniform(salt, 6000u + (uint32_t)(i * N + j)) - 0.5;
                cost[j] += dual[i] * a[i][j];
            }
        }
        sv_lp_set_columns(lp, cost, lower, upper);
        for (int32_t i = 0; i < M; i++) {
            double activity = 0.0;
            for (int32_t j = 0; j < N; j++)
                activity += a[i][j] * x[j];
            double lo = dual[i] > 0.0 ? activity : i == 0 ? -INFINITY : activity - 0.1;
            double hi = dual[i] < 0.0 ? activity : activity + 0.1;
            assert_int_equal(sv_lp_add_row(lp, N, col, a[i], lo, hi), i);
        }
        for (int32_t j = 0; j < N; j++)
            best += cost[j] * x[j];
        sv_lp_info info;
        assert_int_equal(sv_lp_solve(lp, &info), SV_OK);
        assert_int_equal(info.outcome, SV_LP_OPTIMAL);
        assert_true(fabs(info.objective - best) < 1e-7);
        for (int32_t j = 0; j < N; j++)
            assert_true(sv_lp_x(lp)[j] >= lower[j] - 1e-7 && sv_lp_x(lp)[j] <= upper[j] + 1e-7);
        sv_lp_free(&lp);
        assert_null(lp);
    }
}

/* max 3a + 2b, a + b <= 4, a, b in [0, 3]: 11. Then b <= a - 1 too: a 2.5.. */
static void goes_on_from_the_last_basis(void **unused)
{
    (void)unused;
    sv_lp *lp = sv_lp_new(2);
    const double cost[] = {-3.0, -2.0}, lower[] = {0.0, 0.0}, upper[] = {3.0, 3.0};
    const int32_t col[] = {0, 1};
    const double sum[] = {1.0, 1.0}, difference[] = {1.0, -1.0};
    sv_lp_info info;
    sv_lp_set_columns(lp, cost, lower, upper);
    sv_lp_add_row(lp, 2, col, sum, -INFINITY, 4.0);
    assert_int_equal(sv_lp_solve(lp, &info), SV_OK);
    assert_true(fabs(info.objective + 11.0) < 1e-9);
    sv_lp_add_row(lp, 2, col, difference, -INFINITY, 1.0);
    assert_int_equal(sv_lp_solve(lp, &info), SV_OK);
    assert_true(fabs(info.objective + 10.5) < 1e-9); /* 2.5, 1.5 */
    sv_lp_set_row_bounds(lp, 0, -INFINITY, 3.0);
    sv_lp_set_column(lp, 1, -2.0, 0.0, 0.5);
    assert_int_equal(sv_lp_solve(lp, &info), SV_OK);
    assert_true(fabs(info.objective + 5.5) < 1e-9); /* 1.5, 0.5 */
    assert_int_equal(sv_lp_n_row(lp), 2);
    assert_int_equal(sv_lp_reset(lp), SV_OK);
    assert_int_equal(sv_lp_n_row(lp), 0);
    sv_lp_free(&lp);
    sv_lp_free(&lp);
}

static void says_infeasible_and_unbounded(void **unused)
{
    (void)unused;
    sv_lp *lp = sv_lp_new(2);
    const double cost[] = {1.0, -1.0}, lower[] = {0.0, 0.0}, upper[] = {1.0, INFINITY};
    const int32_t col[] = {0, 1};
    const double one[] = {1.0, 0.0};
    sv_lp_info info;
    sv_lp_set_columns(lp, cost, lower, upper);
    sv_lp_add_row(lp, 2, col, one, -INFINITY, 5.0);
    assert_int_equal(sv_lp_solve(lp, &info), SV_OK);
    assert_int_equal(info.outcome, SV_LP_UNBOUNDED);
    sv_lp_add_row(lp, 2, col, one, 2.0, 3.0);
    assert_int_equal(sv_lp_solve(lp, &info), SV_OK);
    assert_int_equal(info.outcome, SV_LP_INFEASIBLE);
    sv_lp_free(&lp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_planted_optimum),
        cmocka_unit_test(goes_on_from_the_last_basis),
        cmocka_unit_test(says_infeasible_and_unbounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
