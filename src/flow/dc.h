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
    double *b_live_mw;            /* [SV_WHOLE_LANES(n_branch)] the same, 0 when out of service */
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
    /* Flows of eight right-hand sides at once (dc_lanes.c), [SV_WHOLE_LANES(n_branch)] each, zero beyond n_branch. */
    int32_t *place_from, *place_to; /* of the ends' angles in the lanes */
    double *no_flow_mw;             /* zeros */
};

/** Weight of a tie's equation that keeps the matrix symmetric beside the line of set_bus_column. */
static inline double dc_tie_weight(const sv_dc *dc, int32_t l)
{
    return 1.0 - dc->b_mw[l] * dc->x_tie[l];
}

/* ---- lanes --------------------------------------------------------------------------------- */

typedef double lanes __attribute__((vector_size(sizeof(double) * SV_LDL_LANES)));

enum { MOST_OUTAGE_ENTRIES = 3 };

/** Right-hand side that takes branch l out: of an ordinary branch a transfer from its from end to its to end, of a tie the
 *  voltage in series that stops its flow. @return how many entries */
int32_t dc_outage_entries(const sv_dc *dc, int32_t l, int32_t *at, double *value);
/** The same by a transfer, for a tie too; at most two. */
int32_t dc_transfer_entries(const sv_dc *dc, int32_t l, double mw, int32_t *at, double *value);
/** Do other ties close a loop with tie l? Then the voltage that stops it excites the loop so much that digits are lost.
 *  @param[in] flow_mw  flow of the tie for one unit of its voltage */
static inline bool dc_tie_in_loop(const sv_dc *dc, int32_t l, double flow_mw)
{
    return !(flow_mw < 1e3 * dc->b_mw[l] && flow_mw > -1e3 * dc->b_mw[l]);
}
/** Solve; lanes by place, the caller's until the next solve. */
lanes *dc_solve_lanes(sv_dc *dc, const sv_ldl_few *few);
/** Flow of branch l in each lane. @param[out] f_mw [SV_LDL_LANES] */
void dc_lane_flows(const sv_dc *dc, const lanes *x, int32_t l, double *f_mw);
/** Flows of all branches: base + scale * what the lanes give.
 *  @param[in]  base_mw [SV_WHOLE_LANES(n_branch)]
 *  @param[out] f_mw    [SV_LDL_LANES] arrays of [n_branch], NULL = not wanted */
void dc_read_lanes(const sv_dc *dc, const lanes *x, const double *base_mw, const double *scale, double *const *f_mw);

#endif
