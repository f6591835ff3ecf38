/* sparse: LU factors of a square sparse matrix whose pattern is fixed and whose values change. Knows no grid words.
 * KLU of SuiteSparse behind a thin door, and for symmetric matrices that need no exchange of pivots a factor of our own
 * (docs/decisions/0010-own-symmetric-factor.md): analyse once, refactor when values change, solve many times. */
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

/* ---- symmetric: L D L' of our own ----------------------------------------------------------- */

typedef struct sv_ldl sv_ldl;

enum { SV_LDL_LANES = 8 }; /* right-hand sides of one batch */

/**
 * Order and analyse the pattern of a symmetric matrix, both halves given, every diagonal entry present.
 * Unknowns from n_first on are borders (multipliers of a constraint, say, whose diagonal is about zero): each is
 * eliminated after all its neighbours before n_first. n_first = n when there are none.
 * @param[out] ldl        NULL on failure
 * @param[in]  n_first    1 <= n_first <= n
 * @param[in]  col_start  [n+1]
 * @param[in]  row        [col_start[n]] ascending within a column
 */
SV_MUST_USE sv_status sv_ldl_new(sv_ldl **ldl, int32_t n, int32_t n_first, const int32_t *col_start, const int32_t *row,
                                 sv_error *err);
void sv_ldl_free(sv_ldl **ldl);

/**
 * Factor for new values, without exchanges of pivots: only columns that changed since the last call, and what follows
 * from them in the elimination tree. Same bits as a factor from nothing.
 * @param[in] value  [col_start[n]] both halves, symmetric
 * @return SV_OK; SV_ENUM when a pivot is zero or too small to go on (the factor is then void until the next call)
 * @cost allocates nothing
 */
SV_MUST_USE sv_status sv_ldl_update(sv_ldl *ldl, const double *value);
/** The same where the caller knows which columns can have changed, so that the others are not compared.
 *  @param[in] col  [n_col] every column with a changed value, in any order */
SV_MUST_USE sv_status sv_ldl_update_some(sv_ldl *ldl, const double *value, int32_t n_col, const int32_t *col);
/** Forget the values: the next update factors everything. */
void sv_ldl_reset(sv_ldl *ldl);

/** Solve A x = b in place. @param[in,out] b [n] @cost two passes over L; allocates nothing */
void sv_ldl_solve(sv_ldl *ldl, double *b);
/** Solve for SV_LDL_LANES right-hand sides at once, each with the bits of sv_ldl_solve.
 *  @param[in,out] b [n * SV_LDL_LANES], lane inner */
void sv_ldl_solve_batch(sv_ldl *ldl, double *b);

/** Right-hand sides with few nonzeros. Of lane k: row and value [start[k] .. start[k + 1]), rows may repeat (added). */
typedef struct {
    int32_t n_lane;       /* 1 .. SV_LDL_LANES */
    const int32_t *start; /* [n_lane + 1] */
    const int32_t *row;
    const double *value;
} sv_ldl_few;

/**
 * Solve for all lanes at once; the way down walks only the tree above the nonzeros. Same bits as sv_ldl_solve.
 * @param[in]  n_out  how many unknowns, from 0 on, to give out
 * @param[out] x      [n_lane] arrays of [n_out]
 */
void sv_ldl_solve_few(sv_ldl *ldl, const sv_ldl_few *few, int32_t n_out, double *const *x);
/** The same, left where it was solved.
 *  @return [n * SV_LDL_LANES] by place (sv_ldl_place), lane inner, 0 in lanes not given; the caller's until the next solve */
double *sv_ldl_solve_lanes(sv_ldl *ldl, const sv_ldl_few *few);
/** That memory, for lanes filled by another factor. */
double *sv_ldl_lanes(sv_ldl *ldl);
/** Place of an unknown in the order of elimination: lanes whose nonzeros are near one another share their way down. */
int32_t sv_ldl_place(const sv_ldl *ldl, int32_t i);

/* ---- blocks of 2 x 2, symmetric pattern ----------------------------------------------------- */

typedef struct sv_blu sv_blu;

/**
 * Order and analyse a matrix of 2 x 2 blocks whose pattern is symmetric (a network's: two equations and two unknowns a
 * node), whose values need not be. Factors are made without exchanges of pivots between blocks.
 * @param[out] blu     NULL on failure
 * @param[in]  start   [n+1] blocks of each row of blocks
 * @param[in]  column  [start[n]] ascending within a row, every diagonal block present
 */
SV_MUST_USE sv_status sv_blu_new(sv_blu **blu, int32_t n, const int32_t *start, const int32_t *column, sv_error *err);
void sv_blu_free(sv_blu **blu);

/**
 * Factor for new values.
 * @param[in] value  [start[n] * 4] block by block: upper left, upper right, lower left, lower right
 * @return SV_OK; SV_ENUM when a pivot block is singular, or no number (the factor is then void until the next call)
 * @cost 8 multiplications a product of blocks; allocates nothing
 */
SV_MUST_USE sv_status sv_blu_update(sv_blu *blu, const double *value);
/** @return the first node whose pivot was singular in the last update, -1 = none; nodes that are not connected with it have
 *  their factor all the same */
int32_t sv_blu_failed(const sv_blu *blu);
/** Solve A x = b in place. @param[in,out] b [2 n] node by node @cost one pass over each factor; allocates nothing */
void sv_blu_solve(sv_blu *blu, double *b);

enum { SV_BLU_LANES = 8 };
/** The same for SV_BLU_LANES right-hand sides at once, each with the bits of sv_blu_solve.
 *  @param[in,out] x  [2 n * SV_BLU_LANES] nodes by their place (sv_blu_place), lane inner, aligned as the arena aligns */
void sv_blu_solve_lanes(const sv_blu *blu, double *x);
/** The same where only few nodes have anything but zeros: the way down walks the tree above them.
 *  @param[in] place  [n] of these nodes; may repeat */
void sv_blu_solve_lanes_few(sv_blu *blu, double *x, int32_t n, const int32_t *place);
/** Place of each node in the order of elimination, and the node of each place. @return [n] borrowed */
const int32_t *sv_blu_place(const sv_blu *blu);
const int32_t *sv_blu_node(const sv_blu *blu);

#ifdef __cplusplus
}
#endif
#endif
