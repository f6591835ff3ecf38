/* The own dual simplex against Clp and against a certificate that knows nothing of either. Well-behaved,
 * degenerate and badly scaled programs, rows added between solves. */
#include "svitlo/lp.h"

#include "certificate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { N = 60, M = 24 };

typedef struct {
    int32_t n, m;
    double cost[N], lower[N], upper[N];
    double a[M][N], row_lower[M], row_upper[M];
} program;

/* How hard: what is drawn from few values makes ties, what is scaled makes near-parallel and tiny numbers. */
typedef enum { PLAIN, DEGENERATE, TWIN, PARALLEL, SCALED, FIXED, N_SHAPE } shape;

static double uniform(uint32_t salt, uint32_t k)
{
    return sv_draw(17, salt, SV_DRAW_TEST, k, 0).u[0];
}

static double coefficient(uint32_t salt, shape kind, int32_t i, int32_t j)
{
    double u = uniform(salt, 10000u + (uint32_t)(i * N + j)) - 0.5;
    switch (kind) {
    case DEGENERATE:
        return floor(3.0 * (u + 0.5)) - 1.0; /* -1, 0, 1: many ties */
    case PARALLEL:
        return uniform(salt, 10000u + (uint32_t)(i / 2 * N + j)) - 0.5 + (i % 2 == 0 ? 0.0 : 1e-3 * u);
    case SCALED:
        return u * pow(10.0, floor(6.0 * uniform(salt, 20000u + (uint32_t)i)) - 3.0);
    default:
        return u;
    }
}

/* Rows leave room for at least one point, so an optimum exists. */
static void make(program *p, uint32_t salt, shape kind)
{
    p->n = 5 + (int32_t)((N - 5) * uniform(salt, 1));
    p->m = 1 + (int32_t)((M - 1) * uniform(salt, 2));
    double inside[N];
    for (int32_t j = 0; j < p->n; j++) {
        uint32_t k = 100u + 10u * (uint32_t)j;
        bool whole = kind == DEGENERATE;
        p->lower[j] = whole ? 0.0 : -uniform(salt, k);
        p->upper[j] = kind == FIXED && j % 3 == 0 ? p->lower[j] : whole ? 1.0 : 2.0 * uniform(salt, k + 1);
        p->cost[j] = whole ? floor(4.0 * uniform(salt, k + 2)) - 2.0 : uniform(salt, k + 2) - 0.5;
        inside[j] = p->lower[j] +
                    (whole ? floor(2.0 * uniform(salt, k + 3)) : uniform(salt, k + 3)) * (p->upper[j] - p->lower[j]);
    }
    for (int32_t i = 0; i < p->m; i++) {
        double activity = 0.0, size = 0.0;
        for (int32_t j = 0; j < p->n; j++) {
            p->a[i][j] = coefficient(salt, kind, i, j);
            activity += p->a[i][j] * inside[j];
            size = fmax(size, fabs(p->a[i][j]));
        }
        int side = (int)(4.0 * uniform(salt, 50u + (uint32_t)i)); /* below, above, equal, both */
        double room = side == 2 || kind == DEGENERATE ? 0.0 : size * 0.1 * uniform(salt, 80u + (uint32_t)i);
        p->row_lower[i] = side == 0 ? -INFINITY : activity - room;
        p->row_upper[i] = side == 1 ? INFINITY : activity + room;
    }
}

static double row_size(const program *p, int32_t i)
{
    double size = 1.0;
    for (int32_t j = 0; j < p->n; j++)
        size = fmax(size, fabs(p->a[i][j]));
    return size;
}

static void check_certificate(program *p, int32_t n_row, const double *x, const double *y, double objective)
{
    lp_program rows = {p->n, n_row, N, p->cost, p->lower, p->upper, p->a[0], p->row_lower, p->row_upper};
    certificate c = certificate_of(&rows, x, y);
    assert_true(certificate_holds(&c, 0.0));
    assert_true(fabs(c.objective - objective) < 1e-9 * (1.0 + fabs(objective)));
}

static void solve(sv_dual *dual, sv_lp_info *info)
{
    sv_dual_solve(dual, info);
    if (info->outcome != SV_LP_OPTIMAL)
        return;
    int32_t n_pivot = info->n_pivot;
    sv_dual_finish(dual, 0.0, info);
    info->n_pivot += n_pivot;
}

static void add_rows(sv_dual *dual, const program *p, int32_t from, int32_t to)
{
    for (int32_t i = from; i < to; i++) {
        assert_true(sv_dual_row_space(dual) > 0);
        sv_dual_add_rows(dual, 1, p->a[i], &p->row_lower[i], &p->row_upper[i]);
        assert_int_equal(sv_dual_n_row(dual), i + 1);
    }
}

static double solve_by_clp(const program *p, sv_lp_outcome wanted)
{
    int32_t col[N];
    sv_lp *lp = sv_lp_new(p->n);
    sv_lp_set_columns(lp, p->cost, p->lower, p->upper);
    for (int32_t j = 0; j < p->n; j++)
        col[j] = j;
    for (int32_t i = 0; i < p->m; i++)
        sv_lp_add_row(lp, p->n, col, p->a[i], p->row_lower[i], p->row_upper[i]);
    sv_lp_info info;
    assert_int_equal(sv_lp_solve(lp, &info), SV_OK);
    assert_int_equal(info.outcome, wanted);
    sv_lp_free(&lp);
    return info.objective;
}

/* Near-parallel rows price the hair of room that each engine leaves at thousands: there the certificate alone decides. */
static void assert_close_to_clp(const program *p, shape kind, double objective)
{
    assert_true(kind == PARALLEL || fabs(objective - solve_by_clp(p, SV_LP_OPTIMAL)) < 2e-5);
}

/* In halves, as the balance does: the second from the basis of the first, from any start. */
static void agrees_with_clp_and_its_certificate(void **unused)
{
    (void)unused;
    static program p;
    int64_t n_pivot = 0;
    for (uint32_t salt = 1; salt <= 1500; salt++) {
        make(&p, salt, (shape)(salt % N_SHAPE));
        sv_dual *dual = sv_dual_new(p.n, p.m);
        double start[N]; /* a third at a bound, at the other, between them */
        for (int32_t j = 0; j < p.n; j++) {
            double share = fmin(fmax(3.0 * uniform(salt, 90000u + (uint32_t)j) - 1.0, 0.0), 1.0);
            start[j] = p.lower[j] + share * (p.upper[j] - p.lower[j]);
        }
        sv_dual_set_columns(dual, p.cost, p.lower, p.upper);
        sv_dual_set_start(dual, start);
        sv_lp_info info;
        for (int32_t from = 0, to = (p.m + 1) / 2; from < p.m; from = to, to = p.m) {
            add_rows(dual, &p, from, to);
            solve(dual, &info);
            assert_int_equal(info.outcome, SV_LP_OPTIMAL);
            check_certificate(&p, to, sv_dual_x(dual), sv_dual_row_dual(dual), info.objective);
            n_pivot += info.n_pivot;
        }
        assert_close_to_clp(&p, (shape)(salt % N_SHAPE), info.objective);
        assert_int_equal(sv_dual_row_space(dual), 0);
        sv_dual_free(&dual);
        assert_null(dual);
    }
    assert_true(n_pivot > 1500);
}

/* Hour after hour: bounds, costs and limits move, the basis stays. */
static void follows_moving_bounds(void **unused)
{
    (void)unused;
    static program p;
    for (uint32_t salt = 1; salt <= 60; salt++) {
        make(&p, salt, (shape)(salt % N_SHAPE));
        sv_dual *dual = sv_dual_new(p.n, p.m);
        sv_dual_set_columns(dual, p.cost, p.lower, p.upper);
        add_rows(dual, &p, 0, p.m);
        for (uint32_t hour = 0; hour < 12; hour++) {
            for (int32_t i = 0; i < p.m; i++) { /* wider only: an optimum stays possible */
                p.row_upper[i] += 0.05 * row_size(&p, i) * uniform(salt + 1000u * hour, 70u + (uint32_t)i);
                sv_dual_set_row_bounds(dual, i, p.row_lower[i], p.row_upper[i]);
            }
            for (int32_t j = 0; j < p.n; j++)
                p.upper[j] += 0.1 * uniform(salt + 1000u * hour, 5000u + (uint32_t)j);
            p.cost[hour % (uint32_t)p.n] *= -1.0;
            sv_dual_set_columns(dual, p.cost, p.lower, p.upper);
            sv_lp_info info;
            solve(dual, &info);
            assert_int_equal(info.outcome, SV_LP_OPTIMAL);
            check_certificate(&p, p.m, sv_dual_x(dual), sv_dual_row_dual(dual), info.objective);
            assert_close_to_clp(&p, (shape)(salt % N_SHAPE), info.objective);
        }
        sv_dual_free(&dual);
    }
}

static void product(void *context, int32_t n, const double *y, size_t y_stride, double *yA, size_t out_stride)
{
    const program *p = context;
    for (int32_t k = 0; k < n; k++)
        for (int32_t j = 0; j < p->n; j++) {
            double sum = 0.0;
            for (int32_t i = 0; i < p->m; i++)
                sum += y[(size_t)k * y_stride + (size_t)i] * p->a[i][j];
            yA[(size_t)k * out_stride + (size_t)j] = sum;
        }
}

static void activity(void *context, const double *x, double *Ax)
{
    const program *p = context;
    for (int32_t i = 0; i < p->m; i++) {
        Ax[i] = 0.0;
        for (int32_t j = p->n - 1; j >= 0; j--)
            Ax[i] += p->a[i][j] * x[j];
    }
}

/* A caller's product may round otherwise: the answer is the same one. And after a reset, so are the bits. */
static void product_and_reset_change_nothing(void **unused)
{
    (void)unused;
    static program p;
    for (uint32_t salt = 1; salt <= 100; salt++) {
        make(&p, salt, PLAIN);
        sv_dual *dual = sv_dual_new(p.n, M);
        double objective[3] = {0.0};
        for (int k = 0; k < 3; k++) {
            sv_dual_reset(dual);
            sv_dual_set_products(dual, k == 1 ? product : NULL, k == 1 ? activity : NULL, 0.0, &p);
            sv_dual_set_columns(dual, p.cost, p.lower, p.upper);
            add_rows(dual, &p, 0, p.m);
            sv_lp_info info;
            solve(dual, &info);
            assert_int_equal(info.outcome, SV_LP_OPTIMAL);
            objective[k] = info.objective;
        }
        assert_true(fabs(objective[1] - objective[0]) < 2e-6);
        assert_memory_equal(&objective[2], &objective[0], sizeof(double));
        sv_dual_free(&dual);
    }
}

static void says_infeasible(void **unused)
{
    (void)unused;
    static program p;
    for (uint32_t salt = 1; salt <= 200; salt++) {
        make(&p, salt, (shape)(salt % N_SHAPE));
        double most = 0.0;
        for (int32_t j = 0; j < p.n; j++)
            most += fmax(p.a[p.m - 1][j] * p.lower[j], p.a[p.m - 1][j] * p.upper[j]);
        p.row_lower[p.m - 1] = most + 0.01 * row_size(&p, p.m - 1); /* beyond what the box can give */
        p.row_upper[p.m - 1] = INFINITY;
        sv_dual *dual = sv_dual_new(p.n, p.m);
        sv_dual_set_columns(dual, p.cost, p.lower, p.upper);
        add_rows(dual, &p, 0, p.m);
        sv_lp_info info;
        solve(dual, &info);
        assert_int_equal(info.outcome, SV_LP_INFEASIBLE);
        solve_by_clp(&p, SV_LP_INFEASIBLE);
        sv_dual_free(&dual);
    }
}

/* Columns between their bounds, none a pivot worth taking: moved all the way they bring the broken row far inside, and then
 * it does not bind, least of all at its other end. */
static void moves_past_the_middle(void **unused)
{
    (void)unused;
    const double cost[] = {0.0, -1.0, -1e-3}, lower[] = {0.0, 0.0, 0.0}, upper[] = {4e8, 50.0, 10.0};
    const double start[] = {3e8, 50.0, 10.0}, row[] = {1e-6, 1.0, 1.0}, least = -30.0, most = 100.0;
    sv_dual *dual = sv_dual_new(3, 1);
    sv_dual_set_columns(dual, cost, lower, upper);
    sv_dual_set_start(dual, start);
    sv_dual_add_rows(dual, 1, row, &least, &most);
    sv_lp_info info;
    solve(dual, &info);
    assert_int_equal(info.outcome, SV_LP_OPTIMAL);
    assert_true(fabs(info.objective + 50.01) < 1e-9);
    assert_true(sv_dual_row_activity(dual, 0) <= 100.0 + 1e-6);
    assert_false(sv_dual_row_is_tight(dual, 0));
    sv_dual_free(&dual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_clp_and_its_certificate),
        cmocka_unit_test(follows_moving_bounds),
        cmocka_unit_test(product_and_reset_change_nothing),
        cmocka_unit_test(says_infeasible),
        cmocka_unit_test(moves_past_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
