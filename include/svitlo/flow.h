/* flow: where power goes. DC power flow of every island for one topology, and the sensitivity of one branch flow to all
 * injections (a PTDF row); AC power flow. */
#ifndef SVITLO_FLOW_H
#define SVITLO_FLOW_H

#include "svitlo/grid.h"
#include "svitlo/sparse.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sv_dc sv_dc;

/**
 * Analyse the grid's B matrix once.
 * @param[out] dc    NULL on failure; one workspace a thread
 * @param[in]  grid  borrowed until sv_dc_free
 * @param[out] err   one sentence; may be NULL
 * @return SV_OK; SV_ENOMEM
 * @cost an ordering and a symbolic factor of n_bus and the ties
 */
SV_MUST_USE sv_status sv_dc_new(sv_dc **dc, const sv_grid *grid, sv_error *err);
/** Free it and set the pointer to NULL; accepts NULL and a pointer to NULL. */
void sv_dc_free(sv_dc **dc);

/**
 * Islands and factors for what is in service. Needed before all calls below; answers depend on the last state alone.
 * @param[in] state  of the same grid; buses and branches are copied
 * @return SV_OK; SV_EDIM when the state belongs to another grid: then nothing has changed; SV_ENUM when B of an island is
 *         singular (parallel +x and -x cancel, say), SV_ENOMEM: then islands are valid, and nothing may be solved before
 *         an update that succeeds
 * @cost a refactor of what changed since the last call; allocates only where B has no factor without exchanges of
 *       pivots (cancelling reactances), then for KLU
 */
SV_MUST_USE sv_status sv_dc_update(sv_dc *dc, const sv_state *state);
/** Islands of the last state. @return borrowed until the next update; NULL before the first */
const sv_islands *sv_dc_islands(const sv_dc *dc);

/**
 * Angles and flows of every island for one set of injections. Each island's surplus is taken out at its reference bus,
 * so balance the islands first. Phase shifters push their own flow.
 * @param[in]  p_mw   [n_bus]    net injection, MW, generation positive
 * @param[out] th_rad [n_bus]    bus angle, rad, 0 at each island's reference bus and at dead buses; may be NULL
 * @param[out] f_mw   [n_branch] flow from -> to, MW, 0 when out of service
 * @cost one sparse solve; allocates nothing
 * @source Stott, Jardim, Alsac, "DC Power Flow Revisited", IEEE Trans. Power Syst. 24(3), 2009
 */
void sv_dc_solve(sv_dc *dc, const double *p_mw, double *th_rad, double *f_mw);

/**
 * Sensitivity of one branch's flow to the injection at each bus (taken out at the island's reference bus).
 * A branch that is out of service has a row of zeros.
 * @param[in]  i_branch  0 <= i_branch < n_branch
 * @param[out] row       [n_bus] MW per MW, 0 outside the branch's island and at its reference bus
 * @return the flow, MW, that phase shifters push through it at zero injection
 * @cost one sparse solve, of which the way down is short, and one more a topology where there are phase shifters;
 *       allocates nothing
 */
double sv_dc_ptdf_row(sv_dc *dc, int32_t i_branch, double *row);

/**
 * Many PTDF rows at once, in batches of right-hand sides: several times cheaper than one by one, same bits.
 * @param[in]  n         0 or more
 * @param[in]  i_branch  [n] may repeat
 * @param[out] row       [n * n_bus] one row after the other, MW per MW
 * @param[out] push_mw   [n] what sv_dc_ptdf_row returns, MW
 * @cost a sparse solve in lanes for each SV_LDL_LANES rows; allocates nothing
 */
void sv_dc_ptdf_rows(sv_dc *dc, int32_t n, const int32_t *i_branch, double *row, double *push_mw);

/**
 * Sensitivity of a weighted sum of branch flows: one solve for many PTDF rows at once.
 * @param[in]  n         0 or more; 0 gives zeros
 * @param[in]  i_branch  [n] may repeat (added)
 * @param[in]  share     [n] weights of the branches listed
 * @param[out] row       [n_bus] MW per MW, of the weighted sum
 * @cost one sparse solve; allocates nothing
 */
void sv_dc_combine_rows(sv_dc *dc, int32_t n, const int32_t *i_branch, const double *share, double *row);

/**
 * Several such sums at once, in lanes; the bits of sv_dc_combine_rows.
 * @param[in]  n                1 .. SV_LDL_LANES
 * @param[in]  start            [n+1] ascending: sum k has the branches and shares [start[k] .. start[k+1])
 * @param[in]  i_branch, share  [start[n]] as for sv_dc_combine_rows
 * @param[out] row              [n] arrays of [n_bus]
 * @cost one sparse solve in lanes; one by one where more than SV_LDL_LANES * n_branch are listed; allocates nothing
 */
void sv_dc_combine_many(sv_dc *dc, int32_t n, const int32_t *start, const int32_t *i_branch, const double *share,
                        double *const *row);

/* ---- what is scheduled ---------------------------------------------------------------------- */

/** Power of the elements for one power flow; NULL = what the grid's tables say, none for imports and storage. Elements that
 *  are out of service, and those at buses that are off, count for nothing whatever is given. In AC an island in which no unit
 *  holds a voltage is held at 1 pu by its first interconnector with an import above 0, else its first storage that gives. */
typedef struct {
    const double *gen_mw;              /* [n_gen] */
    const double *load_mw, *load_mvar; /* [n_load] */
    const double *import_mw;           /* [n_interconnector] */
    const double *storage_mw;          /* [n_storage] discharge positive */
    const double *dc_line_mw;          /* [n_dc_line] at the from end, from -> to */
} sv_flow_input;

/**
 * DC power flow by MATPOWER's conventions: shunts draw their g_mw, phase shifters push, and the reference bus of each
 * island takes what is missing. Reference: the island's bus of type 3 with a unit in service (the first, where there are
 * several), else the bus of type 2 whose units in service have most p_max_mw, else any bus with most, else its lowest.
 * @param[in]  dc       updated with the state (sv_dc_update said SV_OK)
 * @param[in]  input    NULL = as the tables say
 * @param[out] va_deg   [n_bus]    the reference at its va_deg of the tables; NAN where the bus is off; may be NULL
 * @param[out] f_mw     [n_branch] from -> to
 * @param[out] slack_mw [n_bus]    what the reference took beyond its schedule, 0 elsewhere; may be NULL
 * @return SV_OK, SV_ENOMEM
 * @cost one sparse solve and a few arrays
 */
SV_MUST_USE sv_status sv_dc_flow(sv_dc *dc, const sv_state *state, const sv_flow_input *input, double *va_deg,
                                 double *f_mw, double *slack_mw);

/* ---- contingencies -------------------------------------------------------------------------- */

enum { SV_CONTINGENCY_MOST = 8 }; /* elements of one contingency */

/** Elements that fail together. What is listed twice, or is out of service anyway, changes nothing. */
typedef struct {
    int32_t n_branch, n_gen; /* together at most SV_CONTINGENCY_MOST */
    const int32_t *i_branch; /* [n_branch] */
    const int32_t *i_gen;    /* [n_gen] */
} sv_contingency;

/* ---- bridges -------------------------------------------------------------------------------- */

typedef struct sv_bridges sv_bridges;

/** Branches whose loss would cut their island in two, found on the graph; parallel branches are none. */
typedef struct {
    int32_t n_bridge;
    const int32_t *i_branch;    /* [n_bridge] ascending */
    const int32_t *n_bus_off;   /* [n_bridge] buses on the side away from the reference bus */
    const double *load_mw_off;  /* [n_bridge] load there, MW */
    const uint8_t *is_bridge;   /* [n_branch] 1 = bridge */
    const int32_t *i_reference; /* [n_island] reference bus, as sv_dc_flow chooses it */
} sv_bridge_list;

/** Workspace for bridges; one a thread. NULL when out of memory. */
sv_bridges *sv_bridges_new(const sv_grid *grid);
void sv_bridges_free(sv_bridges **bridges);
/**
 * Bridges of the live network.
 * @param[in] islands  of that state (sv_dc_islands, sv_topology_islands)
 * @param[in] load_mw  [n_load] negative ones do not count; NULL = as the tables say
 * @return borrowed until the next call
 * @cost linear; no recursion; allocates nothing
 * @source Tarjan, "A note on finding the bridges of a graph", Inf. Proc. Letters 2(6), 1974
 */
const sv_bridge_list *sv_bridges_find(sv_bridges *bridges, const sv_state *state, const sv_islands *islands,
                                      const double *load_mw);

/* ---- DC outages ----------------------------------------------------------------------------- */

/**
 * Line outage distribution factors: what each branch takes over of the flow that branch k carried before its outage.
 * @param[in]  dc        updated
 * @param[in]  bridges   of the same state
 * @param[in]  n         0 or more
 * @param[in]  i_branch  [n] may repeat
 * @param[out] lodf      [n * n_branch] one row for each branch listed, MW per MW; -1 at the branch itself; NAN throughout
 *                       where it is a bridge, or where what is left has no solution (reactances that cancel); 0 where it
 *                       is out of service
 * @cost a sparse solve in lanes and one pass over the branches for each SV_LDL_LANES rows; allocates nothing
 * @source Guo, Fu, Li, Shahidehpour, "Direct Calculation of Line Outage Distribution Factors", IEEE Trans. Power Syst.
 *         24(3), 2009
 */
void sv_dc_lodf_rows(sv_dc *dc, const sv_bridge_list *bridges, int32_t n, const int32_t *i_branch, double *lodf);

typedef struct sv_dc_outages sv_dc_outages;

/** DC power flow after one outage. An island that it touches may fall into parts. A part with a unit in service has its
 *  reference as sv_dc_flow chooses it, which takes what is missing; one without, of an island that had one, is dark: its
 *  flows are 0 and its load is lost. */
typedef struct {
    int32_t i_outage;   /* place in the list */
    sv_status status;   /* SV_OK; SV_ENUM where what is left has no solution (reactances that cancel): flows are NAN */
    const double *f_mw; /* [n_branch] from -> to, 0 when out; borrowed during the call */
    double lost_mw;     /* load in dark parts, negative loads not counted */
    int32_t n_cut_off;  /* parts beyond one an island */
    int32_t n_dark;     /* parts that are dark */
    int32_t n_dark_bus; /* buses in them */
    const int32_t *i_dark_bus; /* [n_dark_bus] in no order; borrowed during the call */
    int32_t i_worst;      /* branch with the highest loading, the first of them; -1 = no branch has a limit or flow */
    double worst_percent; /* its flow over rate_a */
    int32_t n_over;       /* branches above 100.0000001 % */
    bool refactored;      /* solved by a factor of its own */
} sv_dc_outage;

/** @return true to go on; false ends the call with SV_ECANCEL */
typedef bool (*sv_dc_outage_fn)(void *context, const sv_dc_outage *result);

typedef struct {
    int64_t n_outage, n_cut, n_refactored; /* solved; of these with islands cut off or dark; by a factor of their own */
} sv_dc_outages_info;

/** Workspace for DC outages of a grid; one a thread. @return SV_OK, SV_ENOMEM */
SV_MUST_USE sv_status sv_dc_outages_new(sv_dc_outages **outages, const sv_grid *grid, sv_error *err);
void sv_dc_outages_free(sv_dc_outages **outages);

/**
 * Take over the base case: what is in service, what is scheduled, its factor, flows and bridges.
 * @param[in] input  as for sv_dc_flow
 * @return SV_OK, SV_EDIM, SV_ENUM, SV_ENOMEM as sv_dc_update
 * @cost as sv_dc_update and sv_dc_flow
 */
SV_MUST_USE sv_status sv_dc_outages_update(sv_dc_outages *outages, const sv_state *state, const sv_flow_input *input);
/** Flows of the base case. @return [n_branch] borrowed until the next update */
const double *sv_dc_outages_base(const sv_dc_outages *outages);
/** Bridges of the base case. @return borrowed until the next update */
const sv_bridge_list *sv_dc_outages_bridges(const sv_dc_outages *outages);

/**
 * Flows after each of a list of outages, equal to those of sv_dc_update and sv_dc_flow without what failed, dark parts
 * apart. Branches leave by Woodbury's formula on the factor of the base case, units by a change of injection; only where
 * the formula would lose digits is the outage factored anew.
 * @param[in]  n        0 or more
 * @param[in]  list     [n]
 * @param[in]  tell     called once an outage, in order; must not call back into this workspace
 * @param[out] info     may be NULL
 * @return SV_OK; SV_EUSAGE naming an outage that is too large or has an element out of range: nothing is solved then;
 *         SV_ECANCEL; SV_ENOMEM
 * @cost a lane of a sparse solve for each branch and one for the change of injections, one pass over the branches;
 *       allocates nothing but as sv_dc_update says
 * @source Alsac, Stott, Tinney, "Sparsity-Oriented Compensation Methods for Modified Network Solutions", IEEE Trans.
 *         PAS 102(5), 1983
 */
SV_MUST_USE sv_status sv_dc_outages_solve(sv_dc_outages *outages, int32_t n, const sv_contingency *list,
                                          sv_dc_outage_fn tell, void *context, sv_dc_outages_info *info, sv_error *err);

typedef struct sv_dc_pairs sv_dc_pairs;

/** A pair of branches whose loss overloads what the loss of neither alone does, loses load that neither alone loses, or has
 *  no solution. */
typedef struct {
    int32_t place[2], i_branch[2]; /* in the list, and the branches there */
    sv_status status;   /* SV_OK; SV_ENUM where what is left has no solution (reactances that cancel): flows are NAN */
    const double *f_mw; /* [n_branch] after both are lost; borrowed during the call */
    int32_t n_new;      /* branches above the limit after both, and after neither alone */
    int32_t i_worst;    /* of these the one with the highest loading, -1 = none */
    double worst_percent;      /* its flow over rate_a */
    bool loses_more;           /* load than the two alone */
    double lost_mw;            /* in dark parts after both, negative loads not counted */
    int32_t n_dark_bus;        /* buses there */
    const int32_t *i_dark_bus; /* [n_dark_bus] borrowed during the call; NULL = those of the two alone, none twice */
} sv_dc_pair;

/** @return true to go on; false ends the call with SV_ECANCEL */
typedef bool (*sv_dc_pair_fn)(void *context, const sv_dc_pair *pair);

typedef struct {
    int64_t n_pair; /* of different branches, all looked at */
    int64_t
        n_solved; /* of these by sv_dc_outages_solve: pairs that cut where neither branch does, bridges beyond bridges, ... */
    int64_t n_failed;           /* of these without solution (reactances that cancel) */
    int64_t n_overload, n_lost; /* pairs that overload, or lose load, where neither alone does */
    int64_t n_told;
} sv_dc_pairs_info;

/**
 * Get ready for all pairs of the branches listed: their single outages and distribution factors for the base case of
 * `outages`, which is borrowed; an update of it makes this void.
 * @param[in] n         0 or more
 * @param[in] i_branch  [n]; NULL = 0 .. n - 1
 * @return SV_OK; SV_EUSAGE naming a branch out of range; SV_ENOMEM
 * @cost n sparse solves in lanes; memory for n * n_branch numbers
 */
SV_MUST_USE sv_status sv_dc_pairs_new(sv_dc_pairs **pairs, sv_dc_outages *outages, int32_t n, const int32_t *i_branch,
                                      sv_error *err);
/**
 * The same for another thread: rows are borrowed from `of`, which must outlive it.
 * @param[in] outages  borrowed; of the same grid, updated with the same base case, and nobody else's
 * @return SV_OK, SV_ENOMEM
 * @cost memory for a few numbers a branch
 */
SV_MUST_USE sv_status sv_dc_pairs_share(sv_dc_pairs **pairs, const sv_dc_pairs *of, sv_dc_outages *outages,
                                        sv_error *err);
void sv_dc_pairs_free(sv_dc_pairs **pairs);

/**
 * Go through all pairs, without a solve for almost all of them: flows are sums of two columns.
 * @param[in]  limit_percent  of rate_a, above 0
 * @param[in]  tell           called in a fixed order: by the first branch, of its pairs those last that were solved
 * @param[out] info           may be NULL
 * @return SV_OK; SV_EUSAGE for a limit that is not above 0; SV_ECANCEL; SV_ENOMEM
 * @cost one pass over the branches a pair, two where it is near telling; allocates nothing but as sv_dc_outages_solve
 * @source Davis, Overbye, "Multiple Element Contingency Screening", IEEE Trans. Power Syst. 26(3), 2011
 */
SV_MUST_USE sv_status sv_dc_pairs_solve(sv_dc_pairs *pairs, double limit_percent, sv_dc_pair_fn tell, void *context,
                                        sv_dc_pairs_info *info);
/**
 * The pairs whose first branch stands at the places start .. end - 1 of the list. Parts that follow each other tell what
 * sv_dc_pairs_solve tells, to the bit, whoever solves them.
 * @param[in] start, end  0 <= start <= end <= n; whole eights are fastest
 */
SV_MUST_USE sv_status sv_dc_pairs_solve_part(sv_dc_pairs *pairs, int32_t start, int32_t end, double limit_percent,
                                             sv_dc_pair_fn tell, void *context, sv_dc_pairs_info *info);

/* ---- AC power flow -------------------------------------------------------------------------- */

typedef struct sv_ac sv_ac;

typedef struct {
    double tolerance_pu;     /* largest mismatch of a bus that counts as none */
    int32_t most_iterations; /* Newton steps for one set of bus types */
    bool flat_start;         /* from 1 pu and the reference's angle, not from the tables' voltages */
    bool q_limits;           /* units beyond their reactive limits stay at them and let their voltage go */
    bool free_absorption;    /* with q_limits: only the upper ones bind */
    const double *vm_start_pu, *va_start_deg; /* [n_bus] another start than the tables'; NULL = theirs */
    const int8_t *
        limited_start; /* [n_bus] with q_limits: buses that begin at their upper (1) or lower (-1) limit; NULL = none */
    bool distributed_slack; /* what is missing is shared by the island's units in proportion to p_max_mw */
} sv_ac_settings;

/** 1e-8 pu, 20 iterations, start of the tables, no limits, one slack bus an island. */
sv_ac_settings sv_ac_defaults(void);

typedef enum {
    SV_AC_CONVERGED,
    SV_AC_DIVERGED,  /* no voltages were found that meet the schedule */
    SV_AC_SINGULAR,  /* the equations lost their rank on the way */
    SV_AC_NO_SOURCE, /* no unit holds the voltage: the island is dead */
    SV_N_AC_OUTCOME
} sv_ac_outcome;

/** "converged", ... : index with the enum. */
extern const char *const sv_ac_outcome_name[SV_N_AC_OUTCOME];

typedef struct {
    sv_ac_outcome outcome;
    int32_t first_bus, n_bus;
    int32_t i_slack;             /* bus that holds the angle, -1 = none */
    int32_t n_slack;             /* buses that do (type 3 in the tables); more than one fixes flows between them */
    int32_t n_iteration;         /* of the last set of bus types */
    int32_t i_worst;             /* bus with the largest mismatch at the end, -1 = none */
    double mismatch_pu;          /* that mismatch */
    bool worst_is_reactive;      /* it is of Mvar, not of MW */
    double slack_mw, slack_mvar; /* what the units at the slack buses give in all */
    double short_mw;             /* what the schedule lacked: losses, and what it had too little of */
    double loss_mw, loss_mvar;   /* in branches, charging counted as negative loss */
    int32_t n_q_limited;         /* buses that stand at a reactive limit */
} sv_ac_island;

typedef struct {
    bool converged; /* one island at least, and every one that has a source */
    int32_t n_island;
    const sv_ac_island *island; /* [n_island] borrowed until the next solve */
} sv_ac_info;

/** Any array may be NULL. NAN where a bus is off or its island has no answer. */
typedef struct {
    double *vm_pu, *va_deg;                                /* [n_bus] */
    double *p_from_mw, *q_from_mvar, *p_to_mw, *q_to_mvar; /* [n_branch] into the branch at each end, 0 when out */
    double *gen_mw, *gen_mvar;                             /* [n_gen] */
    int8_t *limited;                                       /* [n_bus] 1, -1: at its upper, lower reactive limit */
} sv_ac_result;

/** Analyse the network once. One workspace a thread. @return SV_OK, SV_ENOMEM */
SV_MUST_USE sv_status sv_ac_new(sv_ac **ac, const sv_grid *grid, sv_error *err);
void sv_ac_free(sv_ac **ac);

/**
 * Take over what is in service: islands, admittances. Buses that live branches without impedance (r = x = 0) join are one
 * node: it holds what the strongest of their roles asks for, by the set point of the first bus that has it.
 * @return SV_OK; SV_EDIM when the state is of another grid; SV_EDATA naming a live branch without impedance but with a ratio
 *         or a shift, or with a tap below 0, or a unit in service that is to hold a voltage of 0 or less; SV_ENOMEM
 * @cost linear; where nodes are other than before an analysis, which allocates; else nothing
 */
SV_MUST_USE sv_status sv_ac_update(sv_ac *ac, const sv_state *state, sv_error *err);

/**
 * Voltages of every island that meet the schedule, by Newton's method in polar form from the tables' voltages (MATPOWER's
 * conventions for bus types, taps, shifts and shunts). Where whole steps fail, the island starts again with steps that are
 * cut until they help. DC lines inject their power and the tables' reactive power at both ends. Branches without impedance
 * carry what their buses' balances leave, the least squares of it where they form a loop.
 * @param[in]  input   NULL = as the tables say
 * @param[out] result  may be NULL
 * @return SV_OK whatever the outcome; SV_EUSAGE before the first update
 * @cost a factor of n_bus blocks of 2 x 2 an iteration; allocates only where one cannot be had without exchanges of pivots
 *       (reactances that cancel), then for KLU
 * @source Tinney, Hart, "Power Flow Solution by Newton's Method", IEEE Trans. PAS 86(11), 1967
 */
SV_MUST_USE sv_status sv_ac_solve(sv_ac *ac, const sv_ac_settings *settings, const sv_flow_input *input,
                                  const sv_ac_result *result, sv_ac_info *info);

/* ---- sensitivities of AC power flow ---------------------------------------------------------- */

typedef enum {
    SV_AC_VM,       /* voltage of a bus, pu */
    SV_AC_FROM_MVA, /* apparent power into a branch at its from end, MVA */
    SV_AC_TO_MVA,   /* at its to end */
    SV_AC_SHORT_MW  /* what the slack buses of an island give beyond their schedule, MW */
} sv_ac_quantity;

/**
 * How one quantity of the last solution answers to a little more injected at each bus, the slack bus of the island giving
 * that much less. Units that hold a voltage go on doing so, those at a reactive limit stay there.
 * @param[in]  index           bus, branch or island
 * @param[out] by_mw, by_mvar  [n_bus] per MW and per Mvar; at a slack bus 0 (SV_AC_SHORT_MW: -1 per MW), by_mvar 0 where the
 *                             voltage is held; all 0 where the quantity has no value, and for a tie
 * @return SV_OK; SV_EUSAGE for an index out of range, or without a solution with one slack bus an island since the last
 *         update; SV_ENUM where the matrix has no factor by blocks
 * @cost one sparse solve; after a power flow, the first such call factors. Allocates nothing
 * @source Peschon, Piercy, Tinney, Tveit, "Sensitivity in Power Systems", IEEE Trans. PAS 87(8), 1968
 */
SV_MUST_USE sv_status sv_ac_sensitivity(sv_ac *ac, sv_ac_quantity what, int32_t index, double *by_mw, double *by_mvar);

/**
 * Where an island is nearest to having no solution: the left vector of the eigenvalue of its Jacobian that is nearest to 0.
 * Near the nose its product with a change of injections says how much further the island can be loaded.
 * @param[out] by_mw, by_mvar  [n_bus] of either sign and any size; 0 as for sv_ac_sensitivity
 * @return as sv_ac_sensitivity; SV_EUSAGE where the island has no solution
 * @cost 8 sparse solves
 * @source Greene, Dobson, Alvarado, "Sensitivity of the loading margin to voltage collapse with respect to arbitrary
 *         parameters", IEEE Trans. Power Syst. 12(1), 1997
 */
SV_MUST_USE sv_status sv_ac_weakest(sv_ac *ac, int32_t i_island, double *by_mw, double *by_mvar);

/* ---- AC contingencies ----------------------------------------------------------------------- */

typedef struct sv_ac_screen sv_ac_screen;

/** What an outage does. Loading counts branches with a rating, the voltage band is that of the tables. */
typedef struct {
    sv_ac_outcome outcome; /* of all that still has a source; SV_AC_NO_SOURCE where nothing has */
    bool whole;            /* solved anew, because the base case's factor did not lead there */
    int32_t n_iteration;
    double mismatch_pu;     /* largest at the end, */
    int32_t i_worst;        /* and where */
    bool worst_is_reactive; /* it is of Mvar, not of MW */
    int32_t n_cut_off;      /* buses that lose their source */
    double lost_mw;         /* load there */
    int32_t n_overload;     /* branches above 100 % */
    int32_t i_branch;       /* most loaded, -1 = none has a rating */
    double loading_percent;
    int32_t n_low, n_high; /* buses below, above their band */
    int32_t i_low, i_high; /* buses of the lowest and the highest voltage */
    double low_pu, high_pu;
    const double *vm_pu,
        *va_deg; /* [n_bus] borrowed for the call; NULL unless asked for. NAN where there is no answer */
} sv_ac_effect;

/** Called for every outage, in the order of the list. @return false = stop */
typedef bool (*sv_ac_effect_sink)(void *context, int64_t k, const sv_ac_effect *found);

/** One workspace a thread. @return SV_OK, SV_ENOMEM */
SV_MUST_USE sv_status sv_ac_screen_new(sv_ac_screen **screen, const sv_grid *grid, sv_error *err);
void sv_ac_screen_free(sv_ac_screen **screen);

/**
 * Solve the base case, and keep its factor for the outages to come.
 * @param[in]  input  NULL = as the tables say; arrays kept by reference
 * @param[out] info   as of sv_ac_solve; outages can be looked at where it converged
 * @return SV_OK, or what sv_ac_update says
 */
SV_MUST_USE sv_status sv_ac_screen_base(sv_ac_screen *screen, const sv_state *state, const sv_ac_settings *settings,
                                        const sv_flow_input *input, sv_ac_info *info, sv_error *err);

/**
 * Outages one by one from the base case. Eight at a time go by Newton's steps with the base case's factor, corrected for
 * what is out (Woodbury), until the true mismatch is below the settings' tolerance; those that do not get there, need
 * another slack bus, lose a branch without impedance or one beside it, or a unit at its buses, are solved whole. With reactive
 * limits, a shared slack, or a rating of a branch without impedance all are. Every answer meets the same test as sv_ac_solve's.
 * @param[in] n, outage  the list, at most SV_CONTINGENCY_MOST elements each
 * @param[in] voltages   give voltages to the sink too
 * @return SV_OK; SV_EUSAGE: no base case, or an outage with too many elements, or out of the tables' range
 * @cost some 10 solves with the base factor an outage, a quarter of that by lanes; allocates only as sv_ac_update does, for
 *       outages that part nodes
 */
SV_MUST_USE sv_status sv_ac_contingencies(sv_ac_screen *screen, int64_t n, const sv_contingency *outage, bool voltages,
                                          sv_ac_effect_sink sink, void *context);

#ifdef __cplusplus
}
#endif
#endif
