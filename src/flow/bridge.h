/* Inside of the bridges of a network: the tree of the search, its order, and marks that tell which sets of branches may
 * cut. Private to src/flow. */
#ifndef SV_FLOW_BRIDGE_H
#define SV_FLOW_BRIDGE_H

#include "schedule.h"

struct sv_bridges {
    sv_arena *arena;
    const sv_grid *grid;
    sv_bridge_list list;
    int32_t *from, *to;      /* [n_branch] */
    int32_t *at_start, *at;  /* [n_bus + 1], branches at a bus, none that lead back to it: 2 l, 2 l + 1 at the to end */
    uint8_t *live;           /* [n_branch] */
    int32_t n_order, *order; /* [n_bus] live buses in the order in which the search met them, island by island */
    int32_t *first, *size;   /* [n_bus] place in order, -1 = dead; the subtree below is order[first .. first + size) */
    int32_t *up;             /* [n_bus] branch to the bus above, -1 = none */
    int32_t *below;          /* [n_branch] bus below a branch of the tree, -1 = none */
    int32_t *low, *next;     /* [n_bus] of the search */
    double *load_mw;         /* [n_bus] of the subtree */
    uint64_t *bus_mark;
    /* [n_branch] A branch outside the tree has a random word, one of the tree the sum (xor) of those around it. Every cut of
     * the network adds up to zero, so branches whose marks are independent cut nothing, for certain. */
    uint64_t *mark;
    int32_t *i_branch, *n_bus_off; /* of list */
    double *load_mw_off;
    uint8_t *is_bridge;
    int32_t *n_unit, *i_reference; /* [n_bus] units in service; by island */
    double *share_mw;              /* [n_bus] their p_max_mw */
};

static inline int32_t bridge_other(const sv_bridges *self, int32_t end)
{
    return end & 1 ? self->from[end >> 1] : self->to[end >> 1];
}

#endif
