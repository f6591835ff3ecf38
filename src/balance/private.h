/* The workspace behind sv_balance and the three ways through an hour: copper plate, program, angles. */
#ifndef SVITLO_BALANCE_PRIVATE_H
#define SVITLO_BALANCE_PRIVATE_H

#include "columns.h"

enum { MOST_ROWS = 400, NO_BRANCH = -1 };
#define TOLERANCE_MW 1e-5 /* a limit counts as broken beyond this */

typedef struct {
    double supply_mw, discharge_mw, charge_mw, load_mw[SV_N_CLASS];
    double supply_share, charge_share, load_share[SV_N_CLASS], discharge_left_mw;
    bool short_;
} island;

typedef struct {
    double excess; /* flow over limit */
    int32_t branch;
} broken_limit;

struct sv_balance {
    sv_arena *arena;
    const sv_grid *grid;
    const sv_state *state;
    sv_balance_settings settings;
    columns cols;
    sv_dc *dc;              /* NULL on a copper plate */
    sv_dual *lp;            /* NULL on a copper plate */
    bool singular;          /* this topology has no inverse */
    bool has_program;       /* the program's rows belong to this topology */
    island *islands;        /* [n_bus] of this topology */
    int32_t *island_of_bus; /* [n_bus] */
    int32_t n_island;
    double *x; /* [n columns] answer */
    double *lp_lower, *lp_upper;
    double *p_mw, *f_mw;   /* [n_bus], [n_branch] */
    double *row;           /* [n_bus] a PTDF row */
    double *share;         /* [MOST_ROWS] of rows in a product */
    int32_t *share_branch; /* [MOST_ROWS] */
    double *island_share;  /* [n_bus] by island */
    uint8_t *at_upper;     /* [n columns] */
    uint8_t *in_row;       /* [n_branch] has a row in the program */
    int32_t *row_branch;   /* [MOST_ROWS] branch of a limit row, NO_BRANCH = balance of an island */
    int32_t *row_island;   /* [MOST_ROWS] */
    double *row_middle;    /* [MOST_ROWS] constant taken off a limit row */
    int32_t n_remembered;  /* branches that bound in the last program: first guess for the next topology */
    int32_t *remembered;
    broken_limit *broken; /* [n_branch] */
    int32_t *twin;        /* [n_branch] lowest parallel branch */
    int64_t *twin_seen;   /* [n_branch] last round in which a branch of the group was taken */
    int64_t round;
    uint8_t *islands_in_program; /* [n_bus] by island */
    int32_t n_relaxed;
    int32_t *relaxed_branch;
    double *relaxed_mw; /* [n_branch] */
};

/** The optimum of every island without limits, supply in proportion: fills x and islands. */
void copper_dispatch(sv_balance *self);

/** Flows of the answer x. */
void program_flows(sv_balance *self);

/** Move the islands whose limits x breaks to their optimum within limits. @return false when the program cannot say */
bool program_run(sv_balance *self, sv_balance_info *info);

/** Keep the branches that bound as a first guess for the next topology; forget the rest. */
void program_close(sv_balance *self);

/** A combination of the program's rows, for sv_dual_set_product. @param[in] context sv_balance */
void program_product(void *context, const double *y, double *out);

#endif
