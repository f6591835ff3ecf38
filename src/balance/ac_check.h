/* Inside of the AC check: the schedule of an hour as it stands now, shared by what solves it (ac_settle.c), what moves it
 * (ac_relief.c, ac_nose.c) and the door (ac_check.c). Private to src/balance. */
#ifndef SV_BALANCE_AC_CHECK_H
#define SV_BALANCE_AC_CHECK_H

#include "svitlo/balance.h"

struct sv_ac_check {
    sv_arena *arena;
    const sv_grid *grid;
    double weight[SV_N_CLASS];
    sv_ac *ac;
    sv_topology *topology;
    const sv_state *state;       /* of the hour */
    const sv_dispatch *given;    /* of the hour */
    const sv_islands *islands;   /* of the hour */
    int32_t n_source;            /* generators, then interconnectors */
    int32_t *source_bus;         /* [n_source] */
    double *source_mw;           /* [n_source] now */
    double *source_max_mw;       /* [n_source] 0 where it is out of service */
    double *load_mw, *load_mvar; /* [n_load] now */
    double *shed_mw;             /* [n_load] taken from the dispatch so far */
    double *vm_pu, *va_deg;      /* [n_bus] of the last power flow that was solved, NAN without an answer */
    double *flow[4];             /* [n_branch] p, q from; p, q to */
    double *short_mw;            /* [n_bus] by island: what its units had no room for */
    double *room_mw;             /* [n_bus] by island, scratch */
    sv_ac_info info;             /* of the last power flow */
    int32_t n_solve;
};

/* ---- ac_settle.c: voltages of the schedule ---------------------------------------------------- */

/** Take over what the hour dispatched. */
void ac_settle_begin(sv_ac_check *self, const sv_state *state, const sv_dispatch *dispatch);
/** Solve the schedule; units of each island with room carry its losses, and what they cannot is its short_mw. */
SV_MUST_USE sv_status ac_settle(sv_ac_check *self);
/** Load that a bus' island, or the bus itself, leaves without voltage: does nothing hold it? */
bool ac_is_dark(const sv_ac_check *self, int32_t i_bus);

/* What stands at a limit is not beyond it. */
#define AC_BAND_ROOM_PU 1e-4
#define AC_LOADING_ROOM_PERCENT 0.1
#define AC_SHORT_ROOM_MW 1e-2

static inline bool ac_has_band(const sv_bus *bus)
{
    return bus->v_max_pu > 0.0 && bus->v_max_pu >= bus->v_min_pu;
}
/** Loading of a branch by the end that carries more, % of rate A; 0 without one, NAN without an answer. */
double ac_loading_percent(const sv_ac_check *self, int32_t i_branch);
/** What the voltages break. */
void ac_look(const sv_ac_check *self, sv_ac_look *look);

#endif
