/* Order of elimination of a symmetric pattern, and the pattern of its factor. Private to src/sparse. */
#ifndef SV_SPARSE_ELIMINATION_H
#define SV_SPARSE_ELIMINATION_H

#include "svitlo/sparse.h"

/* Nodes are called by their place in the order of elimination, but in unknown. */
typedef struct {
    int32_t n;
    int32_t *place;       /* [n] node -> place */
    int32_t *unknown;     /* [n] place -> node */
    int32_t *start, *row; /* L below its diagonal, by columns, rows ascending: [n+1], [start[n]] */
    /* Row i of L: the columns left of i, ascending, and where among the entries of L they are. */
    int32_t *back_start, *back_col, *back_at;
} elimination;

/* Order and pattern; arrays are of the arena. @return SV_OK, SV_ENOMEM
 * @param[in] start, column  [n+1], [start[n]] each node's neighbours, each once; itself or not */
sv_status elimination_find(elimination *self, int32_t n, const int32_t *start, const int32_t *column, sv_arena *arena);

#endif
