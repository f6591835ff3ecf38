/* Inside of the symmetric factor P A P' = L D L': shared by its analysis, its numbers and its solves. Unknowns are called
 * by their place in the order of elimination here. Private to src/sparse. */
#ifndef SV_SPARSE_LDL_H
#define SV_SPARSE_LDL_H

#include "svitlo/sparse.h"

struct sv_ldl {
    sv_arena *arena;
    int32_t n, n_value, n_word;
    int32_t *col_start;   /* [n+1] of the matrix as given */
    int32_t *place;       /* [n] unknown -> place */
    int32_t *unknown;     /* [n] place -> unknown */
    int32_t *parent;      /* [n] elimination tree, -1 = root */
    int32_t *start, *row; /* L below its diagonal of ones, by columns, rows ascending */
    double *l;            /* [start[n]] */
    double *pivot, *inverse;
    /* Row j of L: the columns left of j that update it, and where in l their entry of row j is. */
    int32_t *back_start, *back_col, *back_at;
    /* Column j of the permuted matrix from its diagonal down: rows, and where in value they are. */
    int32_t *from_start, *from_row, *from_at;
    double *old;       /* [n_value] values of the factor that stands */
    double *work;      /* [n] zero between calls */
    double *lane;      /* [n * SV_LDL_LANES] */
    uint64_t *pending; /* [n_word] a set of places, empty between calls */
    bool known;        /* the factor is of `old` */
};

/* Order, tree and patterns; fills all arrays but values. n_first as in sv_ldl_new. */
sv_status ldl_analyse(sv_ldl *ldl, int32_t n_first, const int32_t *col_start, const int32_t *row);

static inline void pending_add(sv_ldl *ldl, int32_t j)
{
    ldl->pending[j >> 6] |= (uint64_t)1 << (j & 63);
}

/* Take the least place out of a set whose words below *word are empty; additions above the last one taken may come in
 * between, so a walk that adds parents meets every ancestor once, in order. @return -1 when empty */
static inline int32_t pending_take(sv_ldl *ldl, int32_t *word)
{
    while (*word < ldl->n_word && ldl->pending[*word] == 0)
        (*word)++;
    if (*word == ldl->n_word)
        return -1;
    uint64_t bits = ldl->pending[*word];
    ldl->pending[*word] = bits & (bits - 1);
    return *word * 64 + (int32_t)__builtin_ctzll(bits);
}

#endif
