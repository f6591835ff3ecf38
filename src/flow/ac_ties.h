/* Branches without impedance (r = x = 0: closed breakers, bus ties) in the AC power flow: buses that live ones join are one
 * node of Newton's equations. Private to src/flow. */
#ifndef SV_FLOW_AC_TIES_H
#define SV_FLOW_AC_TIES_H

#include "schedule.h"

typedef struct {
    const sv_grid *grid;
    int32_t n_tie, *branch; /* [n_tie] branches of the grid without impedance */
    int32_t n_bus, *bus;    /* [n_bus] buses at their ends, ascending */
    int32_t *row;           /* [grid's n_bus] place among them, -1 = none */
    int32_t *node;          /* [grid's n_bus] lowest bus of each bus's node: the node's equations are at it */
    bool any;               /* one is in service */
    uint8_t *live;          /* [n_tie] in service */
    int32_t *parent;        /* [n_bus] for union-find */
    /* [n_bus] of each bus by itself: role; injection, as scheduled and then as it came out, less what other branches take;
     * of the lowest bus of a node: the bus whose angle and set point it has */
    uint8_t *role;
    double *p_mw, *q_mvar;
    int32_t *holder;
    sv_ldl *ldl;        /* of the buses: a live tie is a conductance of 1, every node is earthed at its lowest bus */
    int32_t *from, *to; /* [n_tie] its graph */
    int32_t *start, *column; /* and pattern */
    int32_t *diagonal, *at_from_to, *at_to_from;
    double *value;
    double *flow_mw, *flow_mvar; /* [n_tie] from -> to */
} ac_ties;

/* @param[out] ties  NULL when the grid has no such branch; of the arena, but for its factor (ties_free)
 * @return SV_OK, SV_ENOMEM */
sv_status ties_new(ac_ties **ties, const sv_grid *grid, sv_arena *arena);
void ties_free(ac_ties *ties);
/* Nodes of a state. @param[out] changed  they are other than before
 * @return SV_OK; SV_EDATA naming a live tie with a ratio or a shift; SV_ENUM */
sv_status ties_update(ac_ties *ties, const sv_state *state, bool *changed, sv_error *err);
/* Longest row that a node can have, were all ties live. @param[in] start  [grid's n_bus + 1] rows of buses */
int32_t ties_longest_row(ac_ties *ties, const int32_t *start);
/* Schedule and roles of nodes in place of those of their buses, which are OFF then. */
void ties_merge(ac_ties *ties, const sv_islands *islands, schedule *plan);
/* What a bus draws (negative: injects) beyond its schedule and the ties. */
void ties_draw(ac_ties *ties, int32_t i, double p_mw, double q_mvar);
/* Flows from p_mw and q_mvar, which are void then. */
void ties_flows(ac_ties *ties);

#endif
