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
    const double *load_mw;          /* [n_load] wanted; negative = free injection; NULL = by profile */
    const double *profile;          /* [n_profile] see sv_balance_set_profiles; read where load_mw is NULL */
    const double *import_max_mw;    /* [n_interconnector] */
    const double *discharge_max_mw; /* [n_storage], NULL = none */
    const double *charge_max_mw;    /* [n_storage], NULL = none */
    const double *storage_h;        /* [n_storage] hours it could go on; NULL = by the grid's energy and rating */
} sv_balance_input;

/** A load that goes without, wholly or in part. */
typedef struct {
    int32_t i_load;
    double share; /* of what it wants, (0, 1] */
} sv_shed;

/** Caller's arrays; any may be NULL. */
typedef struct {
    sv_shed *shed;      /* [n_load] info->n_shed of them are written; all others are served */
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
    int32_t n_shed;                  /* loads that go without, wholly or in part; 0 when nobody asked for the list */
    double relaxed_mw;               /* sum of limit relaxations */
    int32_t n_island;                /* islands of live buses */
    int32_t n_round, n_row, n_pivot; /* work done by the linear program; 0 when the first dispatch fits */
    bool unfair;                     /* no fair shares were found: who goes without among equals is arbitrary */
} sv_balance_info;

SV_MUST_USE sv_status sv_balance_new(sv_balance **balance, const sv_grid *grid, const sv_balance_settings *settings,
                                     sv_error *err);
void sv_balance_free(sv_balance **balance);

/**
 * Loads that move together: from now on load d of an hour without load_mw wants base_mw[d] * profile[i_profile[d]].
 * An hour is then summed by bus and profile, never load by load, unless somebody must be shed. Both arrays are copied.
 * @param[in] base_mw    [n_load]
 * @param[in] i_profile  [n_load]
 */
void sv_balance_set_profiles(sv_balance *balance, const double *base_mw, const int32_t *i_profile);

/** Forget warm starts: what follows gives the same bits as a new workspace. The state must be given again. */
void sv_balance_reset(sv_balance *balance);

/** Take over what is in service. Needed before the first solve and after each change of the state. */
SV_MUST_USE sv_status sv_balance_update(sv_balance *balance, const sv_state *state);

/**
 * Least harm for one hour of the state of the last update.
 * Storage: discharged only against shedding, units that last longest first; charged only from surplus.
 * The answer's bits depend on the calls since the last sv_balance_reset only (warm starts), its optimum on the input only.
 * @return SV_OK when it ran, whatever info->outcome says; SV_EUSAGE when a number of the input is not finite: no result is
 *         written, and the next hour is solved as if this one had not been asked
 */
SV_MUST_USE sv_status sv_balance_solve(sv_balance *balance, const sv_balance_input *input,
                                       const sv_balance_result *result, sv_balance_info *info);

/** Branches whose limits were relaxed in the last solve. @return count; arrays borrowed until the next solve */
int32_t sv_balance_relaxed(const sv_balance *balance, const int32_t **i_branch, const double **by_mw);

/**
 * What the last solve's answer is worth at the margin: the duals of its optimum, which prove it.
 * One more MW of supply at a bus, or of limit on a branch, would lower the harm of the hour by its price, where it is the
 * only one (at a kink, any price between the two slopes is right). Loads of weight w are served where the price is below w,
 * supply runs at its maximum where it is above 0. The small costs of storage count as harm, so that a price is that of
 * discharging where storage saves the last load, and the value of charging where only that takes the surplus.
 * Zeros: at buses that are off, for branches out of service, where limits were relaxed, before the first solve.
 * @param[in]  balance       its scratch memory is used: one thread at a time
 * @param[out] bus_price     [n_bus]     harm per MWh; may be NULL
 * @param[out] branch_price  [n_branch]  harm per MWh, 0 or more; 0 = the limit does not bind; may be NULL
 * @cost one sparse solve; allocates nothing
 */
void sv_balance_prices(const sv_balance *balance, double *bus_price, double *branch_price);

#ifdef __cplusplus
}
#endif
#endif
