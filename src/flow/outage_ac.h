/* Inside of the AC contingencies: a batch of outages in lanes. Private to src/flow. */
#ifndef SV_FLOW_OUTAGE_AC_H
#define SV_FLOW_OUTAGE_AC_H

#include "ac.h"

enum {
    LANES = SV_BLU_LANES,
    MOST_BUSES = 2 * SV_CONTINGENCY_MOST, /* whose equations an outage changes */
    MOST_ROWS = 2 * MOST_BUSES
};

/* One outage of a batch: what it changes in the base case. Equations and their unknowns are numbered 2 k and 2 k + 1 by the
 * bus's place k in the factor. */
typedef struct {
    const sv_contingency *outage;
    bool active, whole; /* still on its way; to be solved anew */
    int32_t n_bus, bus[MOST_BUSES];
    uint8_t role[MOST_BUSES]; /* of those buses now */
    double p_set[MOST_BUSES], q_set[MOST_BUSES];
    int32_t n_row, row[MOST_ROWS]; /* equations of the Jacobian that differ */
    int32_t entry_start[MOST_ROWS + 1];
    int32_t *entry_column; /* [entries] by how much they differ: column, value */
    double *entry;
    double small[MOST_ROWS * MOST_ROWS]; /* I + difference * inverse, factored */
    int32_t swap[MOST_ROWS];
    int32_t n_dead, *dead; /* buses cut off from any source */
    int32_t n_apart;       /* buses of parts with a source of their own: at the end of `dead`, the last first */
    double turn_deg[SV_CONTINGENCY_MOST];          /* of such a part, from the base case's angles to its own slack's */
    int32_t n_part, part_end[SV_CONTINGENCY_MOST]; /* parts, and how many of n_apart are up to each */
    int32_t n_iteration, i_worst;
    bool worst_is_reactive;
    double mismatch_pu;
} lane_outage;

/* What the voltages of a batch say, lane by lane: numbers of buses and branches as doubles, -1 = none. */
typedef struct {
    double n_low[LANES], n_high[LANES], low_squared[LANES], high_squared[LANES], i_low[LANES], i_high[LANES];
    double n_overload[LANES], most_squared[LANES], i_branch[LANES]; /* loading: share of the rating */
} lanes_found;

struct sv_ac_screen {
    sv_arena *arena;
    const sv_grid *grid;
    sv_ac *base, *full; /* the base case and its factor; for outages that are solved whole */
    sv_state *state;    /* the base case's, or with an outage in it */
    sv_topology *topology;
    bool ready, has_factor; /* a base case is there; and lanes can go out from it */
    int32_t n_island;       /* of the base case */
    sv_ac_settings settings;
    sv_flow_input input;
    double *vm_base, *va_base; /* [n_bus] per unit, degrees */
    int32_t *place;            /* [n_bus] of a bus's node in the factor */
    const int32_t *at;         /* [n_bus] bus of a place */
    uint8_t *dark;             /* [n_bus] without a voltage in the base case */
    int32_t *column;           /* [entries] columns of the network's pattern, by place */
    double *re, *im;           /* [n_bus * LANES] by place */
    double *f;                 /* [2 n_bus * LANES] mismatches, then steps, by place */
    double *z[MOST_ROWS];      /* [2 n_bus * LANES] columns of the inverse for the changed equations, by place */
    uint8_t *touched;          /* [n_bus] 1 = its equations are some lane's own */
    int32_t n_touched, *touched_bus;
    double *low_squared, *high_squared; /* [n_bus] band, per unit; -1 and infinity where there is none */
    double *per_rate_squared;           /* [n_branch] 1 / rate_a^2, per unit; 0 = none, or not in service */
    uint8_t *out;                       /* [n_branch] lanes (bits) that it is out in */
    lanes_found found;
    double *vm, *va; /* [n_bus] of one outage */
    double *flow[4]; /* [n_branch] of one that is solved whole: p, q at the from end, at the to end */
    double *entry;   /* [LANES * most_entry] */
    int32_t *entry_column;
    int32_t *dead; /* [LANES * n_bus] */
    int32_t most_entry;
    lane_outage lane[LANES];
};

/** Mismatches of active lanes into f: what is scheduled less what the voltages inject; 0 for equations that only hold, and
 *  in lanes that are done. @param[out] largest [LANES] of buses that are not touched; no number where one is none */
void lanes_mismatch(sv_ac_screen *self, double *largest);
/** Voltages of active lanes after the step f less z[r] by[r] for n rows. @param[in] by [n * LANES]
 *  @return lanes (bits) whose step was too long to trust */
uint32_t lanes_move(sv_ac_screen *self, int32_t n, const double *by);
/** Voltages and loadings of all lanes into found; of what is no number, nothing. @param[in] full_squared beyond is overload */
void lanes_read(sv_ac_screen *self, double full_squared);
/** What counts as within the band and the rating, for the base case. */
void outage_set_limits(sv_ac_screen *self);
/** Look at the voltages of the first n lanes. */
void outage_look(sv_ac_screen *self, int32_t n);
/** What lane l's outage does, from what was seen there. */
void outage_read(sv_ac_screen *self, const lane_outage *lane, int32_t l, bool voltages, sv_ac_effect *found);
/** The same by a solve of its own, from the base case's voltages, then from the tables'. */
void outage_solve_whole(sv_ac_screen *self, const lane_outage *lane, bool voltages, sv_ac_effect *found);
/** What the outage changes; whether it is to be solved whole. */
void outage_prepare(sv_ac_screen *self, lane_outage *lane, const sv_contingency *outage);
/** What lane l's own changes make of the mismatch of its bus b. */
void outage_mend(sv_ac_screen *self, const lane_outage *lane, int32_t l, int32_t b);
/** Take the outage out of service in self->state, or put it back. */
void outage_set(sv_ac_screen *self, const sv_contingency *outage, bool out);
/** All lanes at the base case's voltages. */
void lanes_start(sv_ac_screen *self);
void lanes_restart(sv_ac_screen *self, int32_t l);

#endif
