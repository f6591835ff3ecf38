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

/** @param[in] max_row  most rows ever @cost max_row * (n_col + 2 max_row) numbers. NULL when out of memory */
sv_dual *sv_dual_new(int32_t n_col, int32_t max_row);
void sv_dual_free(sv_dual **dual);
/** Back to the empty program: all columns 0 at cost 0, no rows. */
void sv_dual_reset(sv_dual *dual);

/** A faster way to the product of a row vector with all rows, when the caller knows one. @param[in] y [n_row] @param[out] yA [n_col] */
typedef void (*sv_dual_product)(void *context, const double *y, double *yA);
void sv_dual_set_product(sv_dual *dual, sv_dual_product product, void *context);

/** All columns at once; bounds must be finite. The basis is kept. */
void sv_dual_set_columns(sv_dual *dual, const double *cost, const double *lower, const double *upper);
/** Where nonbasic columns start: 1 = upper bound. A guess near the answer saves pivots; any guess is right. */
void sv_dual_set_start(sv_dual *dual, const uint8_t *at_upper);

/** Where to write the next row's [n_col] coefficients before sv_dual_add_row; NULL = max_row are there. */
double *sv_dual_next_row(sv_dual *dual);
/** Take the row just written: lower <= row x <= upper. @return its index */
int32_t sv_dual_add_row(sv_dual *dual, double lower, double upper);
void sv_dual_set_row_bounds(sv_dual *dual, int32_t i_row, double lower, double upper);
int32_t sv_dual_n_row(const sv_dual *dual);

/** Solve from the last basis. Optimal to 1e-8 of a cost unit a column (costs are perturbed), rows to 1e-7.
 *  @cost allocates nothing */
void sv_dual_solve(sv_dual *dual, sv_lp_info *info);
const double *sv_dual_x(const sv_dual *dual);        /* [n_col] */
const double *sv_dual_row_dual(const sv_dual *dual); /* [n_row] 0 = the row does not bind */

#ifdef __cplusplus
}
#endif
#endif
