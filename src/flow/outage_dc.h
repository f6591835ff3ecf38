/* Inside of DC outages: the workspace, and what one outage asks for, shared by the search on the graph (outage_parts.c)
 * and the solves (outage_dc.c). Private to src/flow. */
#ifndef SV_FLOW_OUTAGE_DC_H
#define SV_FLOW_OUTAGE_DC_H

#include "bridge.h"
#include "dc.h"
#include "schedule.h"

enum {
    MOST_OUT = SV_CONTINGENCY_MOST,
    OUTAGE_BLOCK = 32,                        /* branches that a pass over the flows takes at a time */
    MOST_PIECES = 2 * MOST_OUT,               /* an island and a subtree for each element */
    MOST_CHANGES = 2 * MOST_OUT + MOST_PIECES /* units, islands, parts; more than the entries of a branch */
};

/* What one outage asks for. */
typedef struct {
    int32_t i_outage;
    int32_t n_out, out[MOST_OUT];       /* live branches, each once */
    int32_t n_gen, gen[MOST_OUT];       /* units in service, each once */
    int32_t n_column, column[MOST_OUT]; /* of out those that the rank update removes; the others tie parts together */
    int32_t n_change, change_at[MOST_CHANGES];
    double change_mw[MOST_CHANGES]; /* of injections */
    int32_t first_lane;             /* n_column lanes, and one for the changes */
    int32_t first_dark, n_dark_branch, first_dark_bus, n_dark_bus;
    double lost_mw;
    int32_t n_cut_off, n_dark;
    bool full; /* a factor of its own */
} outage_plan;

struct sv_dc_outages {
    sv_arena *arena;
    const sv_grid *grid;
    sv_dc *dc, *full; /* of the base case, and of outages that are factored anew */
    sv_state *state;  /* of full: the base case between calls */
    sv_bridges *bridges;
    schedule plan;
    const sv_islands *islands; /* of dc */
    const int32_t *reference;  /* [n_island] */
    double *missing_mw;        /* [n_island] what the reference takes */
    int32_t *n_island_unit;    /* [n_island] */
    double *bus_load_mw;       /* [n_bus] positive loads */
    double *gen_mw;            /* [n_gen] as scheduled */
    uint8_t *gen_on;           /* [n_gen] in service at a live bus */
    int32_t *gen_start, *gen;  /* units at a bus, ascending */
    double *base_mw;           /* [n_wide] flows of the base case */
    double *percent_per_mw;    /* [n_wide] of rate_a, 0 = unlimited */
    int32_t n_wide;            /* n_branch rounded up to whole blocks */
    double *flow_mw;           /* [SV_LDL_LANES * n_wide] of the batch */
    int32_t *dark;             /* [SV_LDL_LANES * n_branch] branches in dark parts, of the batch */
    int32_t *dark_bus;         /* [SV_LDL_LANES * n_bus] buses in dark parts, of the batch */
    int32_t n_dark, n_dark_bus;
    int32_t *list;           /* [n_bus] scratch */
    double *p_mw;            /* [n_bus] scratch */
    int32_t *full_reference; /* [n_bus] by island, scratch */
    double *full_sum_mw;     /* [n_bus] by island, scratch */
    outage_plan batch[SV_LDL_LANES];
};

/** Find on the graph what the outage asks for: parts, their references, changes of injection, which branches the rank
 *  update removes. @param[in,out] plan with out and gen filled; what is dark is appended to self->dark, dark_bus */
void outage_find_parts(sv_dc_outages *self, outage_plan *plan);
/** Units in service and their p_max_mw at bus i without those that are out. */
reference_claim outage_claim(const sv_dc_outages *self, const outage_plan *plan, int32_t i);

#endif
