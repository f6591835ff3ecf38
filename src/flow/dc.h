/* Inside of the DC power flow: its workspace, shared by the making of it (dc_new.c) and its use (dc.c). Private to
 * src/flow. */
#ifndef SV_FLOW_DC_H
#define SV_FLOW_DC_H

#include "svitlo/flow.h"

/* Places in value. OFF: the entry of the other end in the column of this end. ROW: of the tie in the column of an end,
 * COL: of an end in the column of the tie. */
enum { OFF_I, OFF_J, ROW_I, ROW_J, COL_I, COL_J, TT, N_SLOT };
enum { N_ORDINARY = ROW_I };

struct sv_dc {
    sv_arena *arena;
    const sv_grid *grid;
    sv_topology *topology;
    const sv_islands *islands;
    sv_ldl *ldl;
    sv_lu *lu; /* only where the symmetric factor failed once; made then */
    bool use_lu, known, pushed;
    int32_t n;               /* unknowns: angles of buses, then flows of ties */
    int32_t *from, *to;      /* [n_branch] */
    int32_t *tie;            /* [n_branch] unknown of a tie's flow, -1 = an ordinary branch */
    int32_t *tied, *shifter; /* [n_tie], [n_shifter] branches */
    int32_t n_tie, n_shifter;
    double *b_mw;                 /* [n_branch] susceptance, MW per rad; of a tie that of the line beside it */
    double *b_live_mw;            /* [n_branch] the same, 0 when out of service */
    double *x_tie;                /* [n_branch] reactance of a tie, rad per MW */
    double *shift_rad;            /* [n_branch] */
    int32_t *slot;                /* [n_branch * N_SLOT] places in value */
    int32_t *diagonal;            /* [n_bus] place in value */
    int32_t *at_start, *at;       /* branches at a bus, ascending: 2 l, and 2 l + 1 where it is the to end */
    int32_t *col_start, *row;     /* the pattern */
    double *value, *rhs, *check;  /* [nnz], [n], [n] */
    int32_t *few_row;             /* [SV_LDL_LANES * 2 n_branch] entries of sums in lanes */
    double *few_value;            /* likewise */
    double *push_mw;              /* [n_branch] flow at zero injection, from phase shifters */
    uint8_t *grounded;            /* [n_bus] reference or dead */
    uint8_t *live;                /* [n_branch] */
    uint8_t *bus_on, *branch_on;  /* of the last state */
    int32_t *first_bus, n_island; /* of the last state */
    uint8_t *touched;             /* [n] */
    int32_t *touch, n_touch;      /* columns whose values may have changed */
    int64_t *key;                 /* [n_branch] order of a list of rows */
};

#endif
