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
    uint8_t *role;                   /* [n_bus] bus_role */
    int32_t *slack, *n_slack;        /* [n_bus] by island: first slack bus, -1 = none; and how many */
} schedule;

/** @return false when out of memory (the arena is then marked) */
bool schedule_new(schedule *self, const sv_grid *grid, sv_arena *arena);
/** Fill all of it. @param[in] input NULL = as the tables say */
void schedule_set(schedule *self, const sv_state *state, const sv_islands *islands, const sv_flow_input *input);

static inline double schedule_of(const double *given, int32_t i, double otherwise)
{
    return given != NULL ? given[i] : otherwise;
}

#endif
