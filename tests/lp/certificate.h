/* Whether a point and prices prove each other: the point is within its bounds and rows, and no point can cost less, because
 * the least of c'x over the box, rows taken in by their prices, is as much. Knows no algorithm, only the program. */
#ifndef SVITLO_TESTS_LP_CERTIFICATE_H
#define SVITLO_TESTS_LP_CERTIFICATE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* least cost'x, lower <= x <= upper, row_lower <= a x <= row_upper */
typedef struct {
    int32_t n, m;
    size_t stride; /* from one row of a to the next */
    double *cost, *lower, *upper;
    double *a, *row_lower, *row_upper;
} lp_program;

typedef struct {
    double outside;   /* farthest that a column is outside its box; a share of the box's size where that is beyond 1 */
    double broken;    /* farthest that a row is outside its bounds, for the size of its numbers */
    double objective; /* c'x */
    double gap;       /* objective less the bound that the prices give */
    double slackness; /* largest price times room of a column or a row, which should be 0 */
    double round_off; /* that sums of these numbers may carry in 64 bits */
    double price;     /* what a hair on every row would be worth: sum of |y| times the row's size */
    double turnover;  /* sum of |c x| */
    double span;      /* sum of the boxes' widths */
} certificate;

static inline double certificate_most(double a, double b)
{
    return a > b || isnan(a) ? a : b;
}

/* What a price makes of the room that is left towards the side it pushes to. */
static inline double certificate_room(double price, double value, double lower, double upper)
{
    return price > 0.0 ? price * (value - lower) : price < 0.0 ? -price * (upper - value) : 0.0;
}

static inline void certificate_add_column(certificate *c, const lp_program *p, int32_t j, const double *x,
                                          const double *y)
{
    double d = p->cost[j], size = fabs(d);
    for (int32_t i = 0; i < p->m; i++) {
        double part = y[i] * p->a[(size_t)i * p->stride + (size_t)j];
        d -= part;
        size += fabs(part);
    }
    double out = certificate_most(p->lower[j] - x[j], x[j] - p->upper[j]);
    double box = certificate_most(fabs(p->lower[j]), fabs(p->upper[j]));
    double own = 2e-16 * (double)(p->m + 8) * size * (p->upper[j] - p->lower[j] + 1e-3 * box);
    c->outside = certificate_most(c->outside, out / certificate_most(box, 1.0));
    c->objective += p->cost[j] * x[j];
    c->turnover += fabs(p->cost[j] * x[j]);
    c->span += p->upper[j] - p->lower[j];
    c->gap += certificate_room(d, x[j], p->lower[j], p->upper[j]);
    c->slackness = certificate_most(c->slackness, certificate_room(d, x[j], p->lower[j], p->upper[j]) - own);
    c->round_off += own;
}

static inline void certificate_add_row(certificate *c, const lp_program *p, int32_t i, const double *x, double y)
{
    double activity = 0.0, size = 1.0, turnover = 0.0;
    for (int32_t j = 0; j < p->n; j++) {
        double a = p->a[(size_t)i * p->stride + (size_t)j];
        activity += a * x[j];
        turnover += fabs(a * x[j]);
        size = certificate_most(size, fabs(a));
    }
    double out = certificate_most(p->row_lower[i] - activity, activity - p->row_upper[i]);
    double own = 1e-15 * (double)(p->n + 8) * fabs(y) * turnover;
    c->broken = certificate_most(c->broken, out / (size + 1e-7 * turnover));
    c->gap += certificate_room(y, activity, p->row_lower[i], p->row_upper[i]);
    c->slackness =
        certificate_most(c->slackness, certificate_room(y, activity, p->row_lower[i], p->row_upper[i]) - own);
    c->round_off += own;
    c->price += fabs(y) * size;
}

/** @param[in] x [n], y [m] prices of rows, positive where the lower bound binds */
static inline certificate certificate_of(const lp_program *p, const double *x, const double *y)
{
    certificate c = {0};
    for (int32_t j = 0; j < p->n; j++)
        certificate_add_column(&c, p, j, x, y);
    for (int32_t i = 0; i < p->m; i++)
        certificate_add_row(&c, p, i, x, y[i]);
    return c;
}

/** Bounds and rows are met but for a hair, and the objective is as near as `gap` to the least. Costs below 1e-10 count as
 *  none. */
static inline int certificate_holds(const certificate *c, double gap)
{
    double far = gap + 1e-7 * (1.0 + c->turnover) + c->round_off + 1e-10 * c->span;
    return c->outside <= 1.1e-7 && c->broken <= 1e-6 && c->gap <= far && c->slackness <= far + 1e-9 * c->price &&
           -c->gap <= 1e-7 * (1.0 + c->turnover) + c->round_off + 1e-6 * c->price;
}

#endif
