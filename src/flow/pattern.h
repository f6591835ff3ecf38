/* Pattern of a network's matrix. Private to src/flow. */
#ifndef SV_FLOW_PATTERN_H
#define SV_FLOW_PATTERN_H

#include "svitlo/base.h"

/**
 * Neighbours of each of n nodes with itself, ascending, each once, from edges that may be parallel or loops.
 * @param[in]  from, to  [n_edge]
 * @param[out] start, column, diagonal     [n+1], [n + 2 n_edge at most], [n] place of each node in its own row
 * @param[out] at_from_to, at_to_from      [n_edge] place of `to` in the row of `from`, and the other way; may be NULL
 * @return false when out of memory
 * @cost linear: two distributions
 */
bool pattern_find(int32_t n, int32_t n_edge, const int32_t *from, const int32_t *to, int32_t *start, int32_t *column,
                  int32_t *diagonal, int32_t *at_from_to, int32_t *at_to_from);

#endif
