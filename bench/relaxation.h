/* By how much must limits give? The least total, by a full-angle program of its own for the general engine (Clp): it shares
 * no code with the balance, and knows that hours are relaxed only where nothing keeps the limits. */
#ifndef SVITLO_BENCH_RELAXATION_H
#define SVITLO_BENCH_RELAXATION_H

#include "svitlo/balance.h"

/**
 * @param[in]  input     load by load
 * @param[out] least_mw  0 when some dispatch keeps every limit
 * @return false when out of memory, or when the engine has no optimum
 * @cost a linear program of n_bus + limited branches rows; allocates
 */
bool least_relaxation(const sv_state *state, const sv_balance_input *input, double *least_mw);

#endif
