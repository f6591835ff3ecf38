/* Inside of the AC contingencies: a batch of outages in lanes. Private to src/flow. */
#ifndef SV_FLOW_OUTAGE_AC_H
#define SV_FLOW_OUTAGE_AC_H

#include "ac.h"

enum {
    LANES = SV_BLU_LANES,
    MOST_BUSES = 2 * SV_CONTINGENCY_MOST, /* whose equations an outage changes */
    MOST_ROWS = 2 * MOST_BUSES
};

/* One outage of a batch: what it changes in the base case. Rows of equations are numbered 2 i and 2 i + 1. */
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

struct sv_ac_screen {
    sv_arena *arena;
    const sv_grid *grid;
    sv_ac *base, *full; /* the base case and its factor; for outages that are solved whole */
    sv_state *state;    /* the base case's, or with an outage in it */
    sv_topology *topology;
    bool ready, has_factor; /* a base case is there; and can be gone out from */
    int32_t n_island;       /* of the base case */
    sv_ac_settings settings;
    sv_flow_input input;
    double *vm_base, *va_base; /* [n_bus] per unit, degrees */
    double *re, *im;           /* [n_bus * LANES] */
    double *f;                 /* [2 n_bus * LANES] mismatches, then steps */
    double *work;              /* [2 n_bus * LANES] of the solves */
    double *z[MOST_ROWS];      /* [2 n_bus * LANES] columns of the inverse for the changed equations */
    double *vm, *va;           /* [n_bus] of one outage */
    double *load;              /* [n_branch * LANES] */
    double *flow[4];           /* [n_branch] of one that is solved whole: p, q at the from end, at the to end */
    double *entry;             /* [LANES * most_entry] */
    int32_t *entry_column;
    int32_t *dead; /* [LANES * n_bus] */
    int32_t most_entry;
    lane_outage lane[LANES];
};

/** Mismatches of active lanes into f: what is scheduled less what the voltages inject; 0 for equations that only hold, and
 *  in lanes that are done. */
void lanes_mismatch(sv_ac_screen *self);
/** Lanes (bits) whose step in f is too long to trust. */
uint32_t lanes_wild(const sv_ac_screen *self);
/** Voltages of all lanes after the step in f. */
void lanes_move(sv_ac_screen *self);
/** Largest size in each lane of n numbers a lane, no number where one is none. @param[out] largest [LANES] */
void lanes_largest(int32_t n, const double *f, double *largest);
/** f -= z[r] * by for n rows. @param[in] by [n * LANES] */
void lanes_correct(sv_ac_screen *self, int32_t n, const double *by);
/** |S|^2 at the worse end of every branch over its rating squared, 0 without one. @param[out] load [n_branch * LANES] */
void lanes_loading(const sv_ac_screen *self, double *load);
/** What lane l's outage does, from the lanes' voltages and loadings. */
void outage_read(sv_ac_screen *self, const lane_outage *lane, int32_t l, bool voltages, sv_ac_effect *found);
/** The same by a solve of its own, from the base case's voltages, then from the tables'. */
void outage_solve_whole(sv_ac_screen *self, const lane_outage *lane, bool voltages, sv_ac_effect *found);
/** Take the outage out of service in self->state, or put it back. */
void outage_set(sv_ac_screen *self, const sv_contingency *outage, bool out);
/** All lanes at the base case's voltages. */
void lanes_start(sv_ac_screen *self);
void lanes_restart(sv_ac_screen *self, int32_t l);

#endif
