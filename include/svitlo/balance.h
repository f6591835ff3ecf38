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

/* What an hour may say. Beyond, sums would leave the range of numbers; no power system comes near. */
#define SV_BALANCE_MOST_MW 1e12    /* of one element, either sign */
#define SV_BALANCE_MOST_FACTOR 1e6 /* of one profile, either sign */

/**
 * One hour. All arrays are borrowed for the call. Each number is finite, MW at most SV_BALANCE_MOST_MW and factors at most
 * SV_BALANCE_MOST_FACTOR either way; limits below 0 count as 0. An array of no elements may be NULL.
 * A load whose p_mw in the grid is negative is supply: it may inject up to minus what the hour says, is never demand, and
 * gives nothing where the hour says 0 or more. Every other load wants what the hour says, and nothing where that is negative.
 */
typedef struct {
    const double *gen_max_mw;    /* [n_gen] available; units out of service count as 0 */
    const double *load_mw;       /* [n_load] the grid's sign of p_mw decides what it means, above; NULL = by profile */
    const double *profile;       /* [n_profile] factors, see sv_balance_set_profiles; read where load_mw is NULL */
    const double *import_max_mw; /* [n_interconnector] */
    const double *discharge_max_mw; /* [n_storage], NULL = none */
    const double *charge_max_mw;    /* [n_storage], NULL = none */
    const double *storage_h;        /* [n_storage] hours it could go on; NULL = by the grid's energy and rating */
} sv_balance_input;

/**
 * A load that goes without, wholly or in part. Loads of one bus and class share alike and are listed together, so that one
 * that wants nothing in the hour may be listed, with the share of the others: it goes without that share of nothing.
 */
typedef struct {
    int32_t i_load;
    double share; /* of what it wants, 0 < share <= 1 */
} sv_shed;

/** Caller's arrays; any may be NULL. What is asked for does not change the bits of the rest, nor of later hours. */
typedef struct {
    sv_shed *shed;       /* [n_load] info->n_shed of them are written; all others are served */
    double *gen_mw;      /* [n_gen] */
    double *served_mw;   /* [n_load] of the positive loads */
    double *import_mw;   /* [n_interconnector] */
    double *storage_mw;  /* [n_storage] discharge positive, charge negative */
    double *dc_line_mw;  /* [n_dc_line] from -> to */
    double *branch_mw;   /* [n_branch] from -> to; zeros on a copper plate */
    double *injected_mw; /* [n_load] of the negative loads: what they inject; 0 for all others */
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

/**
 * Make a workspace for a grid.
 * @param[out] balance   NULL on failure; one a thread
 * @param[in]  grid      borrowed until sv_balance_free
 * @param[in]  settings  copied
 * @param[out] err       one sentence; may be NULL
 * @return SV_OK; SV_EUSAGE when a weight is not a number above 0; SV_ENOMEM
 * @cost the analysis of the network's matrix; memory for 400 dense rows of the program, 1,000 beyond 2,000 buses
 */
SV_MUST_USE sv_status sv_balance_new(sv_balance **balance, const sv_grid *grid, const sv_balance_settings *settings,
                                     sv_error *err);
/** Free it and set the pointer to NULL; accepts NULL and a pointer to NULL. */
void sv_balance_free(sv_balance **balance);

/**
 * Loads that move together: from now on load d of an hour without load_mw wants base_mw[d] * profile[i_profile[d]].
 * An hour is then summed by bus and profile, never load by load, unless somebody must be shed. Both arrays are copied, and
 * replace those of the call before; they outlive updates and resets. n_profile is the largest i_profile plus 1.
 * @param[in] base_mw    [n_load] MW, finite, at most SV_BALANCE_MOST_MW either way
 * @param[in] i_profile  [n_load] 0 or more
 * @return SV_OK; SV_EUSAGE when a number is not accepted: then nothing has changed
 * @cost a pass over loads and buses; allocates nothing
 */
SV_MUST_USE sv_status sv_balance_set_profiles(sv_balance *balance, const double *base_mw, const int32_t *i_profile);

/** Forget warm starts: what follows gives the same bits as a new workspace. The state must be given again; profiles stay.
 *  @cost next to nothing; allocates nothing */
void sv_balance_reset(sv_balance *balance);

/**
 * Take over what is in service. Needed before the first solve and after each change of buses or branches; generators,
 * storage and DC lines are read from the state by each solve.
 * @param[in] state  of the same grid; borrowed until the next update or reset
 * @return SV_OK, also for a singular network; SV_EDIM when the state belongs to another grid: then nothing has changed;
 *         SV_ENOMEM: then there is no state, and the next call to make is an update
 * @cost a refactor of what changed (sv_dc_update); allocates only where reactances cancel
 */
SV_MUST_USE sv_status sv_balance_update(sv_balance *balance, const sv_state *state);

/**
 * Least harm for one hour of the state of the last update.
 * Storage: discharged only against shedding, units that last longest first; charged only from surplus.
 * The answer's bits depend on the calls since the last sv_balance_reset only (warm starts), its optimum on the input only.
 * @param[in]  input   the hour
 * @param[out] result  arrays that are wanted; may be NULL. Written only with SV_OK
 * @param[out] info    not NULL
 * @return SV_OK when it ran, whatever info->outcome says;
 *         SV_EUSAGE when no state was given since new or reset, when an array is missing (gen_max_mw or import_max_mw of a
 *         grid that has such; of one with loads both load_mw and profile, or profiles never set), or when a number is not
 *         finite or beyond SV_BALANCE_MOST_MW or SV_BALANCE_MOST_FACTOR: the next hour is solved as if this one had not
 *         been asked;
 *         SV_ENOMEM, from the full-angle way alone
 * @cost one sparse solve where the copper plate breaks no limit; else rounds of the program, some sparse solves a new row;
 *       allocates nothing. The full-angle way (singular network, impossible limits, too many rows) is a general linear
 *       program, slower by orders, and allocates
 * @source docs/model/balance.md
 */
SV_MUST_USE sv_status sv_balance_solve(sv_balance *balance, const sv_balance_input *input,
                                       const sv_balance_result *result, sv_balance_info *info);

/** Branches whose limits were relaxed in the last solve.
 *  @param[out] i_branch, by_mw  [count] borrowed until the next solve
 *  @return count, 0 after a reset */
int32_t sv_balance_relaxed(const sv_balance *balance, const int32_t **i_branch, const double **by_mw);

/**
 * What the last solve's answer is worth at the margin: the duals of its optimum, which prove it.
 * One more MW of supply at a bus, or of limit on a branch, would lower the harm of the hour by its price, where it is the
 * only one (at a kink, any price between the two slopes is right). Loads of weight w are served where the price is below w,
 * supply runs at its maximum where it is above 0. The small costs of storage count as harm, so that a price is that of
 * discharging where storage saves the last load, and the value of charging where only that takes the surplus.
 * Zeros: at buses that are off, for branches out of service, where limits were relaxed, before the first solve.
 * An hour that was refused changes no price.
 * @param[in,out] balance       only its scratch memory changes: later answers do not
 * @param[out]    bus_price     [n_bus]     harm per MWh; may be NULL
 * @param[out]    branch_price  [n_branch]  harm per MWh, 0 or more; 0 = the limit does not bind; may be NULL
 * @cost one sparse solve; allocates nothing
 */
void sv_balance_prices(sv_balance *balance, double *bus_price, double *branch_price);

/* ---- AC check -------------------------------------------------------------------------------
 * A dispatched hour solved again by AC power flow: does it stand when losses, reactive power and voltages count? Where it
 * does not, the least further shedding along sensitivities that makes it stand (docs/model/ac-check.md). */

typedef struct sv_ac_check sv_ac_check;

typedef enum {
    SV_AC_CONFIRMED,    /* it stands; units with room carry the losses */
    SV_AC_REDISPATCHED, /* it stands when units are moved; nobody else goes without */
    SV_AC_SHED,         /* it stands when further load is shed */
    SV_AC_BROKEN,       /* limits stay broken, or a whole island went dark: voltages above their band, mostly */
    SV_N_AC_VERDICT
} sv_ac_verdict;
/** "confirmed", "redispatched", "shed", "broken": index with the enum. */
extern const char *const sv_ac_verdict_name[SV_N_AC_VERDICT];

/** What was dispatched. Arrays borrowed for the call; one of no elements may be NULL. */
typedef struct {
    const double *gen_mw, *gen_max_mw;       /* [n_gen] output; available */
    const double *served_mw;                 /* [n_load] of positive loads; negative loads: minus what they inject */
    const double *import_mw, *import_max_mw; /* [n_interconnector] */
    const double *storage_mw;                /* [n_storage] discharge positive */
    const double *dc_line_mw;                /* [n_dc_line] from -> to */
} sv_dispatch;

/** Limits that voltages break. NAN and 0 where no island has voltages. Above its band counts also a bus whose units would
 *  have to absorb more reactive power than they can: without that there may be no voltages at all. */
typedef struct {
    int32_t n_low, n_high, n_over;           /* buses below, above their band; branches above rate A */
    double low_pu, high_pu, loading_percent; /* lowest, highest voltage; highest loading of a branch with a rate */
    double loss_mw;                          /* in branches */
} sv_ac_look;

typedef struct {
    sv_ac_verdict verdict;
    bool solved;              /* voltages were found for the dispatch as it was, in every island that serves load */
    sv_ac_look before, after; /* as dispatched, with the losses carried; and in the end */
    double dark_mw;           /* of the further shedding: load of islands in which no unit holds a voltage */
    double short_mw;          /* losses that no unit had room for */
    double
        slack_beyond_mvar; /* nothing holds the slack bus of an island to its reactive limits: how far it is beyond, at most */
    double moved_mw; /* raised by units beyond the losses */
    double shed_mw;  /* further shedding */
    double shed_class_mw[SV_N_CLASS];
    const double *load_shed_mw;       /* [n_load] further shedding of each; borrowed until the next call */
    const double *gen_mw, *import_mw; /* [n_gen], [n_interconnector] in the end; borrowed likewise */
    const double *vm_pu;              /* [n_bus] in the end, NAN where there is no voltage; borrowed likewise */
    int32_t n_solve;                  /* power flows that it took */
} sv_ac_hour;

/** @param[in] weight  [SV_N_CLASS] harm of 1 MWh not served, > 0 @return SV_OK, SV_EUSAGE for weights, SV_ENOMEM */
SV_MUST_USE sv_status sv_ac_check_new(sv_ac_check **check, const sv_grid *grid, const double *weight, sv_error *err);
void sv_ac_check_free(sv_ac_check **check);

/**
 * Check one hour.
 * @param[in]  state     what is in service
 * @param[in]  dispatch  of the balance, or of somebody else
 * @param[out] hour      not NULL
 * @return SV_OK; what sv_ac_update says of a network that AC cannot take
 * @cost some 5 power flows where it stands, some 30 and as many small linear programs where it does not
 */
SV_MUST_USE sv_status sv_ac_check_hour(sv_ac_check *check, const sv_state *state, const sv_dispatch *dispatch,
                                       sv_ac_hour *hour, sv_error *err);

#ifdef __cplusplus
}
#endif
#endif
