/* Programs for the tests of sv_dual: memory, dice, the same program through both engines, and the verdict on an answer. */
#ifndef SVITLO_TESTS_LP_PROGRAMS_H
#define SVITLO_TESTS_LP_PROGRAMS_H

#include "svitlo/lp.h"

#include "certificate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- dice ---------------------------------------------------------------------------------- */

typedef struct {
    uint32_t salt, k;
} dice;

static inline double roll(dice *d)
{
    return sv_draw(23, d->salt, SV_DRAW_TEST, ++d->k, 0).u[0];
}

/** Whole, 0 .. n - 1 */
static inline int32_t roll_of(dice *d, int32_t n)
{
    return (int32_t)(n * roll(d));
}

/* ---- programs ------------------------------------------------------------------------------ */

/** All zero; free with program_free. */
static inline lp_program program_new(int32_t n, int32_t m)
{
    size_t size = 3 * (size_t)n + (size_t)m * ((size_t)n + 2);
    double *all = calloc(size + 1, sizeof *all);
    assert_non_null(all);
    lp_program p = {.n = n, .m = m, .stride = (size_t)n};
    p.cost = all;
    p.lower = p.cost + n;
    p.upper = p.lower + n;
    p.row_lower = p.upper + n;
    p.row_upper = p.row_lower + m;
    p.a = p.row_upper + m;
    return p;
}

static inline void program_free(lp_program *p)
{
    free(p->cost);
    *p = (lp_program){0};
}

static inline double *program_row(const lp_program *p, int32_t i)
{
    return p->a + (size_t)i * p->stride;
}

static inline double program_activity_of(const lp_program *p, int32_t i, const double *x)
{
    double sum = 0.0;
    for (int32_t j = 0; j < p->n; j++)
        sum += program_row(p, i)[j] * x[j];
    return sum;
}

/** Row bounds that leave `room` around a point, closed below, above, on both sides or equal to it by the dice. */
static inline void program_bound_rows(lp_program *p, const double *inside, double room, dice *d)
{
    for (int32_t i = 0; i < p->m; i++) {
        double activity = program_activity_of(p, i, inside), own = room * roll(d);
        int32_t side = roll_of(d, 4);
        own = side == 2 ? 0.0 : own;
        p->row_lower[i] = side == 0 ? -INFINITY : activity - own;
        p->row_upper[i] = side == 1 ? INFINITY : activity + own;
    }
}

/* ---- engines ------------------------------------------------------------------------------- */

static inline sv_lp_info clp_solve(const lp_program *p)
{
    int32_t *col = malloc(sizeof *col * (size_t)p->n);
    sv_lp *lp = sv_lp_new(p->n);
    assert_true(col != NULL && lp != NULL);
    sv_lp_set_columns(lp, p->cost, p->lower, p->upper);
    for (int32_t j = 0; j < p->n; j++)
        col[j] = j;
    for (int32_t i = 0; i < p->m; i++)
        sv_lp_add_row(lp, p->n, col, program_row(p, i), p->row_lower[i], p->row_upper[i]);
    sv_lp_info info;
    assert_int_equal(sv_lp_solve(lp, &info), SV_OK);
    sv_lp_free(&lp);
    free(col);
    return info;
}

/** Solve and finish. */
static inline sv_lp_info dual_solve(sv_dual *dual, double gap)
{
    sv_lp_info solved, finished;
    sv_dual_solve(dual, &solved);
    if (solved.outcome != SV_LP_OPTIMAL)
        return solved;
    sv_dual_finish(dual, gap, &finished);
    finished.n_pivot += solved.n_pivot;
    return finished;
}

static inline sv_dual *dual_of(const lp_program *p)
{
    sv_dual *dual = sv_dual_new(p->n, p->m);
    assert_non_null(dual);
    sv_dual_set_columns(dual, p->cost, p->lower, p->upper);
    if (p->m > 0)
        sv_dual_add_rows(dual, p->m, p->a, p->row_lower, p->row_upper);
    return dual;
}

/** Start from anywhere in the box: a third at a bound, a third at the other; and a few columns in the basis. */
static inline void dual_start_anywhere(sv_dual *dual, const lp_program *p, dice *d)
{
    double *x = calloc((size_t)p->n, sizeof *x);
    assert_non_null(x);
    for (int32_t j = 0; j < p->n; j++)
        x[j] = p->lower[j] + fmin(fmax(3.0 * roll(d) - 1.0, 0.0), 1.0) * (p->upper[j] - p->lower[j]);
    sv_dual_set_start(dual, x);
    for (int32_t i = 0; i < p->m; i++)
        if (roll(d) < 0.5)
            sv_dual_set_basic(dual, i, roll_of(d, p->n));
    free(x);
}

/* ---- verdicts ------------------------------------------------------------------------------ */

static inline void assert_certified(const lp_program *p, const sv_dual *dual, const sv_lp_info *info, double gap)
{
    assert_int_equal(info->outcome, SV_LP_OPTIMAL);
    certificate c = certificate_of(p, sv_dual_x(dual), sv_dual_row_dual(dual));
    if (!certificate_holds(&c, gap))
        fail_msg("outside %g, rows broken by %g, gap %g of %g, slackness %g, round-off %g, price %g", c.outside,
                 c.broken, c.gap, c.objective, c.slackness, c.round_off, c.price);
    assert_true(fabs(c.objective - info->objective) <= 1e-9 * (1.0 + c.turnover));
}

/** Clp does not look at a program without coefficients. */
static inline bool program_is_empty(const lp_program *p)
{
    for (int32_t i = 0; i < p->m; i++)
        for (int32_t j = 0; j < p->n; j++)
            if (program_row(p, i)[j] != 0.0)
                return false;
    return true;
}

/** Both engines leave a hair on rows: it is worth its price. Clp takes reduced costs below 1e-7 for none. */
static inline void assert_as_clp(const lp_program *p, const sv_dual *dual, double objective, double gap)
{
    if (program_is_empty(p))
        return;
    certificate c = certificate_of(p, sv_dual_x(dual), sv_dual_row_dual(dual));
    sv_lp_info clp = clp_solve(p);
    assert_int_equal(clp.outcome, SV_LP_OPTIMAL);
    double hair = 1e-6 * (1.0 + c.turnover) + 1e-6 * c.price + c.round_off, of_clp = hair;
    for (int32_t j = 0; j < p->n; j++)
        of_clp += 1e-7 * (p->upper[j] - p->lower[j]);
    if (!(objective - clp.objective <= gap + hair && clp.objective - objective <= of_clp))
        fail_msg("%.12g, Clp %.12g, hair %g", objective, clp.objective, hair);
}

#endif
