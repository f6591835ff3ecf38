/* balance: who must be shed. Least weighted load shedding of one state of the network, exact in the DC model
 * (docs/model/balance.md). Solved in injection space: one balance row an island, a branch limit enters as a PTDF row when
 * its flow breaks it. Impossible limits (forced phase-shifter flows) are relaxed by the least total and reported. */
#ifndef SVITLO_BALANCE_H
#define SVITLO_BALANCE_H

#include "svitlo/flow.h"
#include "svitlo/lp.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sv_balance sv_balance;

typedef struct {
    bool network;              /* false = copper plate: every live bus of the grid is one island */
    double weight[SV_N_CLASS]; /* harm of 1 MWh not served, > 0, relative */
} sv_balance_settings;

sv_balance_settings sv_balance_defaults(void); /* network, weights 100 : 10 : 1 */

/** One hour. All arrays borrowed for the call. */
typedef struct {
    const double *gen_max_mw;       /* [n_gen] available; units out of service count as 0 */
    const double *load_mw;          /* [n_load] wanted; negative = free injection */
    const double *import_max_mw;    /* [n_interconnector] */
    const double *discharge_max_mw; /* [n_storage], NULL = none */
    const double *charge_max_mw;    /* [n_storage], NULL = none */
    const double *storage_h;        /* [n_storage] hours it could go on; NULL = by the grid's energy and rating */
} sv_balance_input;

/** Caller's arrays; any may be NULL. */
typedef struct {
    double *gen_mw;     /* [n_gen] */
    double *served_mw;  /* [n_load] of the positive loads */
    double *import_mw;  /* [n_interconnector] */
    double *storage_mw; /* [n_storage] discharge positive, charge negative */
    double *dc_line_mw; /* [n_dc_line] from -> to */
    double *branch_mw;  /* [n_branch] from -> to; zeros on a copper plate */
} sv_balance_result;

typedef enum { SV_BALANCE_OPTIMAL, SV_BALANCE_RELAXED, SV_BALANCE_FAILED } sv_balance_outcome;

typedef struct {
    sv_balance_outcome outcome;
    double demand_mw, shed_mw;
    double shed_class_mw[SV_N_CLASS];
    double relaxed_mw;               /* sum of limit relaxations */
    int32_t n_island;                /* islands of live buses */
    int32_t n_round, n_row, n_pivot; /* work done by the linear program; 0 when the first dispatch fits */
} sv_balance_info;

SV_MUST_USE sv_status sv_balance_new(sv_balance **balance, const sv_grid *grid, const sv_balance_settings *settings,
                                     sv_error *err);
void sv_balance_free(sv_balance **balance);

/** Forget warm starts: what follows gives the same bits as a new workspace. The state must be given again. */
void sv_balance_reset(sv_balance *balance);

/** Take over what is in service. Needed before the first solve and after each change of the state. */
SV_MUST_USE sv_status sv_balance_update(sv_balance *balance, const sv_state *state);

/**
 * Least harm for one hour of the state of the last update.
 * Storage: discharged only against shedding, units that last longest first; charged only from surplus.
 * The answer's bits depend on the calls since the last sv_balance_reset only (warm starts), its optimum on the input only.
 * @return SV_OK when it ran, whatever info->outcome says
 */
SV_MUST_USE sv_status sv_balance_solve(sv_balance *balance, const sv_balance_input *input,
                                       const sv_balance_result *result, sv_balance_info *info);

/** Branches whose limits were relaxed in the last solve. @return count; arrays borrowed until the next solve */
int32_t sv_balance_relaxed(const sv_balance *balance, const int32_t **i_branch, const double **by_mw);

#ifdef __cplusplus
}
#endif
#endif
