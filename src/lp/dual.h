/* The workspace behind sv_dual, and its linear algebra. */
#ifndef SVITLO_LP_DUAL_PRIVATE_H
#define SVITLO_LP_DUAL_PRIVATE_H

#include "svitlo/lp.h"

typedef enum { AT_LOWER, AT_UPPER, BASIC } place;

/* Variables 0..n-1 are columns, n..n+m-1 logicals of the rows. */
struct sv_dual {
    sv_arena *arena;
    int32_t n, m, max_row;
    double *a;                     /* [max_row * n] rows */
    double *row_lower, *row_upper; /* [max_row] as given */
    double *lower, *upper, *x;     /* [n + max_row] */
    double *cost, *given_cost;     /* [n + max_row] perturbed; [n] as given */
    double *d;                     /* [n + max_row] reduced costs */
    uint8_t *where;                /* [n + max_row] place */
    int32_t *basic;                /* [max_row] variable of each basis position */
    double *inverse;               /* [max_row * max_row] rows of the basis inverse, stride max_row */
    double *weight;                /* [max_row] squared norms of its rows */
    double *alpha;                 /* [n + max_row] pivot row */
    double *column, *work;         /* [max_row] pivot column; scratch */
    double *y;                     /* [max_row] row duals */
    double *square;                /* [max_row * max_row] block to be inverted */
    int32_t *row_of, *spare;       /* [max_row] */
    struct breakpoint {
        double ratio;
        int32_t j;
    } * heap, *passed; /* [n + max_row] */
    int32_t n_since_inversion;
    bool costs_stale;   /* reduced costs must be computed anew */
    bool costs_shifted; /* by update_duals, since the last perturbation */
    sv_dual_product product;
    void *context;
};

/** Sum of products, in an order that is the same on every machine. */
double dual_dot(const double *restrict a, const double *restrict b, int32_t n);
/** a -= factor * b */
void dual_take_off(double *restrict a, const double *restrict b, double factor, int32_t n);

/** The logical of a row just written enters the basis: the inverse gains a row and a column. */
void dual_append_to_inverse(sv_dual *self, int32_t i_row);
/** Position r of the basis takes the variable whose inverse * column stands in self->column. */
void dual_update_inverse(sv_dual *self, int32_t r);
/** The inverse anew from the basis. @return false: singular @cost k^3 for k basic columns */
bool dual_invert(sv_dual *self);

/** @param[out] out [n] rho' A */
void dual_row_product(sv_dual *self, const double *rho, double *out);
/** @param[out] out [m] inverse * v */
void dual_multiply_inverse(const sv_dual *self, const double *v, double *out);

#endif
