/* What every bus is scheduled to inject, and which buses hold voltage and angle: shared by AC and DC power flow. Private to
 * src/flow. */
#ifndef SV_FLOW_SCHEDULE_H
#define SV_FLOW_SCHEDULE_H

#include "svitlo/flow.h"

typedef enum { ROLE_OFF, ROLE_PQ, ROLE_PV, ROLE_SLACK } bus_role;

typedef struct {
    double *p_mw, *q_mvar;           /* [n_bus] net injection; q without that of units that hold voltage */
    double *v_set_pu;                /* [n_bus] where units hold it */
    double *q_min_mvar, *q_max_mvar; /* [n_bus] of the units that hold it */
    double *share;                   /* [n_bus] p_max_mw of units in service */
    int32_t *n_unit;                 /* [n_bus] units in service */
    uint8_t *role;                   /* [n_bus] bus_role */
    int32_t *slack, *n_slack;        /* [n_bus] by island: first slack bus, -1 = none; and how many */
} schedule;

/** @return false when out of memory (the arena is then marked) */
bool schedule_new(schedule *self, const sv_grid *grid, sv_arena *arena);
/** Fill all of it. @param[in] input NULL = as the tables say */
void schedule_set(schedule *self, const sv_state *state, const sv_islands *islands, const sv_flow_input *input);

/* What a bus brings to be the reference of a DC island. First come buses of type 3 with a unit in service, the lowest of
 * them; then of type 2 with a unit, then any with p_max_mw, the largest of them; then the lowest bus. */
typedef struct {
    int32_t i_bus, rank; /* rank 3 .. 0 */
    double share_mw;
} reference_claim;

static inline reference_claim reference_claim_of(const sv_grid *grid, int32_t i, int32_t n_unit, double share_mw)
{
    sv_bus_type type = grid->bus[i].type;
    int32_t rank = n_unit == 0 ? 0 : type == SV_BUS_REF ? 3 : type == SV_BUS_PV ? 2 : share_mw > 0.0 ? 1 : 0;
    return (reference_claim){i, rank, rank == 3 || rank == 0 ? 0.0 : share_mw};
}

static inline bool reference_before(reference_claim a, reference_claim b)
{
    if (a.rank != b.rank || a.share_mw != b.share_mw)
        return a.rank > b.rank || (a.rank == b.rank && a.share_mw > b.share_mw);
    return a.i_bus < b.i_bus;
}

/** Reference bus of each island by that rule.
 *  @param[in]  n_unit, share_mw  [n_bus] units in service and their p_max_mw
 *  @param[out] reference         [n_island] */
void schedule_references(const sv_grid *grid, const sv_islands *islands, const int32_t *n_unit, const double *share_mw,
                         int32_t *reference);
/** Schedule of a DC power flow: shunts draw their g_mw. @param[in] input NULL = as the tables say */
void schedule_set_dc(schedule *self, const sv_state *state, const sv_islands *islands, const sv_flow_input *input);

static inline double schedule_of(const double *given, int32_t i, double otherwise)
{
    return given != NULL ? given[i] : otherwise;
}

#endif
