/* flow: where power goes. DC power flow of every island for one topology, and the sensitivity of one branch flow to all
 * injections (a PTDF row). AC power flow and contingencies will live here too. */
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

#ifdef __cplusplus
}
#endif
#endif
