/* The workspace behind sv_balance and the three ways through an hour: copper plate, program, angles. */
#ifndef SVITLO_BALANCE_PRIVATE_H
#define SVITLO_BALANCE_PRIVATE_H

#include "columns.h"

enum { MOST_ROWS = 1000, MOST_FAIR_ROWS = 200, MOST_FAIR_COLUMNS = 3000, ROWS_AT_ONCE = 8, NO_BRANCH = -1 };
#define TOLERANCE_MW 1e-5 /* a limit counts as broken beyond this */

typedef struct {
    double supply_mw, discharge_mw, charge_mw, load_mw[SV_N_CLASS];
    double supply_share, charge_share, load_share[SV_N_CLASS], discharge_left_mw;
    bool short_;
} island;

/* How the last hour was answered; prices come from there. */
typedef enum { WAY_NONE, WAY_COPPER, WAY_PROGRAM, WAY_ANGLES } answer_way;

typedef struct {
    double excess; /* flow over limit */
    int32_t branch;
} broken_limit;

/* Workspace of fair.c. */
typedef struct {
    const sv_balance *balance;
    const double *y;
    int32_t n_face, *face; /* columns that may move at no harm */
    int32_t n_held, *held; /* rows */
    double *least, *most;  /* [n_held] how far the point may move the row from the vertex, MW: 0 where it has a price */
    bool *idle;            /* [n_held] left out of a step */
    int32_t n_wide;        /* n_face in whole lanes; arrays by face column are 0 beyond n_face */
    size_t stride;         /* of coefficient */
    double *coefficient;   /* [MOST_FAIR_ROWS * stride] of face columns, by held row */
    double *matrix;        /* [n_held * MOST_FAIR_ROWS] */
    double *price, *step, *miss; /* [n_held] of held rows */
    double *row_move;            /* [n row] how far the point moves them, MW */
    double *aim, *ease, *point;  /* [n_face] */
    double *low, *high, *vertex; /* [n_face] bounds, and the program's answer */
    double *moved;               /* [n_face] from there to the point */
    double *free;                /* [n_face] its ease when it is within its bounds, else 0 */
    double *weighed;             /* [n_face] scratch */
} fair;

struct sv_balance {
    sv_arena *arena;
    const sv_grid *grid;
    const sv_state *state;
    sv_balance_settings settings;
    bus_hour now;
    columns cols;
    bool columns_set;       /* columns and x are of this hour */
    sv_dc *dc;              /* NULL on a copper plate */
    sv_dual *lp;            /* NULL on a copper plate */
    bool singular;          /* this topology has no inverse */
    bool has_program;       /* the program's rows belong to this topology */
    bool starts;            /* the program has not been solved yet */
    island *islands;        /* [n_bus] of this topology */
    int32_t *island_of_bus; /* [n_bus] */
    int32_t n_island;
    double *x;                   /* [n columns] answer */
    double *in_program;          /* [n columns] 1 = its island is in the program, else 0 */
    double *lp_lower, *lp_upper; /* [n columns] */
    double *p_mw;                /* [n_bus] in whole lanes */
    double *f_mw;                /* [n_branch] likewise */
    double *limit_mw;            /* [n_branch] likewise: what a flow may be, infinite = unlimited */
    double *given_mw, *taken_mw; /* [n_storage] discharge and charge of the copper plate */
    int32_t watched;             /* branch that the copper plate breaks in this topology, NO_BRANCH = none known */
    double *watched_row;         /* [n_bus] in whole lanes: its PTDF row */
    double watched_push_mw;      /* what phase shifters push through it */
    double *share;               /* [SV_DUAL_LANES * MOST_ROWS] of rows in products */
    int32_t *share_branch;       /* [SV_DUAL_LANES * MOST_ROWS] */
    double *island_share;        /* [SV_DUAL_LANES * n_bus] by island */
    double *sensitivity;         /* [ROWS_AT_ONCE * n_bus] */
    double *rows;                /* [ROWS_AT_ONCE * n columns] about to be added */
    int32_t *new_rows;           /* [2 * MOST_ROWS] branches */
    uint8_t *in_row;             /* [n_branch] has a row in the program */
    int32_t *row_branch;         /* [MOST_ROWS] branch of a limit row, NO_BRANCH = balance of an island */
    int32_t *row_island;         /* [MOST_ROWS] */
    double *row_middle;          /* [MOST_ROWS] constant taken off a limit row */
    double *row_push;            /* [MOST_ROWS] flow at zero injection */
    int32_t n_remembered;        /* branches that bound in the last program: first guess for the next topology */
    int32_t *remembered;
    fair fair;
    broken_limit *broken; /* [n_branch] */
    int32_t *twin;        /* [n_branch] lowest parallel branch */
    int64_t *twin_seen;   /* [n_branch] last round in which a branch of the group was taken */
    int64_t round;
    uint8_t *islands_in_program; /* [n_bus] by island */
    int32_t n_relaxed;
    int32_t *relaxed_branch;
    double *relaxed_mw; /* [n_branch] */
    answer_way way;
    double *bus_price, *branch_price; /* [n_bus], [n_branch] of the full-angle program */
};

/** The optimum of every island without limits, supply in proportion: fills islands, injections and storage. */
void copper_dispatch(sv_balance *self, const sv_balance_input *input);
/** Who goes without on it, when the main island is not short: those at dead buses and in other islands. */
void copper_read_shed(const sv_balance *self, sv_shed *shed, sv_balance_info *info);
/** What one more MW is worth in an island, harm per MWh. */
double copper_price(const sv_balance *self, int32_t i_island);
/** The same as an answer x of the columns, whose bounds are set. */
void copper_columns(sv_balance *self);

/** No flow is beyond its limit, and each is a number. @param[in] f_mw, limit_mw [n] n in whole lanes */
bool flows_fit(const double *f_mw, const double *limit_mw, int32_t n);

/** Flows of the answer x. */
void program_flows(sv_balance *self);

/** Move the islands whose limits x breaks to their optimum within limits. @return false when the program cannot say */
bool program_run(sv_balance *self, sv_balance_info *info);

/** Keep the branches that bound as a first guess for the next topology; forget the rest. */
void program_close(sv_balance *self);

bool fair_new(fair *self, const columns *cols, sv_arena *arena);
/* FAIR_ALREADY: nothing to share; FAIR_GIVEN_UP: there is, but x stays a vertex. */
typedef enum { FAIR_ALREADY, FAIR_FOUND, FAIR_GIVEN_UP } fair_outcome;
/** Of all optima of the finished program, the one with fair shares, into x. */
fair_outcome fair_shares(sv_balance *balance);

/** A combination y of the program's rows: branches and their shares go to the lists from place n on, what it takes from
 *  islands as a whole is added to island_share. @return end of the lists */
int32_t program_shares(const sv_balance *self, const double *y, double *island_share, int32_t n);
/** A combination of the program's rows, and what they come to, for sv_dual_set_products. @param[in] context sv_balance */
void program_product(void *context, int32_t n, const double *y, size_t y_stride, double *out, size_t out_stride);
void program_activity(void *context, const double *x, double *out);

#endif
