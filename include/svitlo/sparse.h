/* sparse: LU factors of a square sparse matrix whose pattern is fixed and whose values change. Knows no grid words.
 * KLU of SuiteSparse behind a thin door: analyse once, refactor when values change, solve many times. */
#ifndef SVITLO_SPARSE_H
#define SVITLO_SPARSE_H

#include "svitlo/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sv_lu sv_lu;

/**
 * Analyse the pattern of a matrix in compressed columns.
 * @param[out] lu         NULL on failure
 * @param[in]  col_start  [n+1]
 * @param[in]  row        [col_start[n]] ascending within a column
 */
SV_MUST_USE sv_status sv_lu_new(sv_lu **lu, int32_t n, const int32_t *col_start, const int32_t *row, sv_error *err);
void sv_lu_free(sv_lu **lu);

/**
 * Factor for new values: the old pivots where they still serve, new ones where not.
 * @param[in] value  [col_start[n]]
 * @return SV_OK; SV_ENUM when the matrix is singular to working precision; SV_ENOMEM
 */
SV_MUST_USE sv_status sv_lu_update(sv_lu *lu, const double *value);

/** Forget the pivots: what follows gives the same bits as a new object. */
void sv_lu_reset(sv_lu *lu);

/** Solve A x = b in place. @param[in,out] b [n * n_rhs] column by column. @cost allocates nothing */
void sv_lu_solve(sv_lu *lu, double *b, int32_t n_rhs);

#ifdef __cplusplus
}
#endif
#endif
