/* lp: linear programs min c'x with bounds on columns and two-sided rows, warm start from the last basis.
 * Knows no power words. Two engines: `sv_lp`, the general one (Clp), and `sv_dual`, our own bounded dual simplex for few dense
 * rows over many boxed columns. One object a thread. */
#ifndef SVITLO_LP_H
#define SVITLO_LP_H

#include "svitlo/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sv_lp sv_lp;

typedef enum { SV_LP_OPTIMAL, SV_LP_INFEASIBLE, SV_LP_UNBOUNDED, SV_LP_FAILED } sv_lp_outcome;

typedef struct {
    sv_lp_outcome outcome;
    double objective;
    int32_t n_pivot;
} sv_lp_info;

/** An empty program with n columns, all in [0, 0] at cost 0. NULL when out of memory. */
sv_lp *sv_lp_new(int32_t n_col);
void sv_lp_free(sv_lp **lp);

/** Back to the empty program of sv_lp_new: rows, columns' data and basis are forgotten. @return SV_ENOMEM: nothing changed */
SV_MUST_USE sv_status sv_lp_reset(sv_lp *lp);
/** All columns at once. @param[in] cost, lower, upper [n_col]; +-INFINITY = none. The basis is kept. */
void sv_lp_set_columns(sv_lp *lp, const double *cost, const double *lower, const double *upper);
void sv_lp_set_column(sv_lp *lp, int32_t i_col, double cost, double lower, double upper);
/** Add lower <= sum value[k] x[col[k]] <= upper; the new row's own column enters the basis. @return its index */
int32_t sv_lp_add_row(sv_lp *lp, int32_t n, const int32_t *col, const double *value, double lower, double upper);
void sv_lp_set_row_bounds(sv_lp *lp, int32_t i_row, double lower, double upper);
int32_t sv_lp_n_row(const sv_lp *lp);

/** Solve from the last basis (dual simplex). @return SV_OK when it ran, whatever info says */
SV_MUST_USE sv_status sv_lp_solve(sv_lp *lp, sv_lp_info *info);
/** Of the last solve, borrowed until the next change. */
const double *sv_lp_x(const sv_lp *lp);        /* [n_col] */
const double *sv_lp_row_dual(const sv_lp *lp); /* [n_row] */

/* ---- few dense rows, boxed columns ---------------------------------------------------------- */

typedef struct sv_dual sv_dual;

/** @param[in] max_row  most rows ever @cost max_row * (2 n_col + 2 max_row) numbers. NULL when out of memory */
sv_dual *sv_dual_new(int32_t n_col, int32_t max_row);
void sv_dual_free(sv_dual **dual);
/** Back to the empty program: all columns 0 at cost 0, no rows. */
void sv_dual_reset(sv_dual *dual);

enum { SV_DUAL_LANES = 8 };
/** Faster ways to products with many rows, when the caller knows them: y' A for n <= SV_DUAL_LANES vectors y, each [n_row] and
 *  y_stride after the one before, into yA, each [n_col] and out_stride apart; and A x for x [n_col] into Ax [n_row].
 *  @param[in] plain_work  multiply-adds that take as long as one call: products of less go through the rows as they stand */
typedef void (*sv_dual_product)(void *context, int32_t n, const double *y, size_t y_stride, double *yA,
                                size_t out_stride);
typedef void (*sv_dual_activity)(void *context, const double *x, double *Ax);
void sv_dual_set_products(sv_dual *dual, sv_dual_product product, sv_dual_activity activity, double plain_work,
                          void *context);

/** All columns at once; bounds must be finite. The basis is kept. */
void sv_dual_set_columns(sv_dual *dual, const double *cost, const double *lower, const double *upper);
/** Where nonbasic columns start, within their bounds. A guess near the answer saves pivots; any guess is right. @param[in] x [n_col] */
void sv_dual_set_start(sv_dual *dual, const double *x);
/** Another guess: a column takes the place of a row's logical in the basis. Nothing happens when its coefficient is small. */
void sv_dual_set_basic(sv_dual *dual, int32_t i_row, int32_t i_col);

/**
 * Add rows lower <= row x <= upper; they take the next numbers, sv_dual_row_space many at most.
 * @param[in] row           [n_new * n_col] one row after the other
 * @param[in] lower, upper  [n_new] +-INFINITY = none
 */
void sv_dual_add_rows(sv_dual *dual, int32_t n_new, const double *row, const double *lower, const double *upper);
/** Forget a row that is not tight; the last row takes its number. @return false: it is tight, and stays */
bool sv_dual_drop_row(sv_dual *dual, int32_t i_row);
void sv_dual_set_row_bounds(sv_dual *dual, int32_t i_row, double lower, double upper);
int32_t sv_dual_n_row(const sv_dual *dual);
int32_t sv_dual_row_space(const sv_dual *dual);

/** Solve from the last basis. Rows and bounds are met to 1e-7; costs were perturbed by a hair, so that the optimum is near.
 *  @cost allocates nothing */
void sv_dual_solve(sv_dual *dual, sv_lp_info *info);
/**
 * After a solve: take the perturbation back until the objective is no further than `gap` from its optimum; 0 = as near as
 * numbers allow. @return whether the answer moved; often it is near enough already
 */
bool sv_dual_finish(sv_dual *dual, double gap, sv_lp_info *info);
/** Of the last solve, borrowed until the next change. Row duals and reduced costs are of the costs as given once the program is
 *  finished; before that they may be of the perturbed ones. */
const double *sv_dual_x(const sv_dual *dual);                     /* [n_col] */
const double *sv_dual_row_dual(const sv_dual *dual);              /* [n_row] 0 = the row does not bind */
const double *sv_dual_reduced_cost(const sv_dual *dual);          /* [n_col] 0 = may move at no cost */
const double *sv_dual_column(const sv_dual *dual, int32_t i_col); /* [n_row] coefficients */
const double *sv_dual_row(const sv_dual *dual, int32_t i_row);    /* [n_col] coefficients */
double sv_dual_row_activity(const sv_dual *dual, int32_t i_row);  /* row x */
bool sv_dual_row_is_tight(const sv_dual *dual, int32_t i_row);

#ifdef __cplusplus
}
#endif
#endif
