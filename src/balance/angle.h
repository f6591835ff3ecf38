/* The same balance as one linear program over angles: slower, but it needs no inverse of the network matrix and can relax
 * limits. It serves where the fast way cannot: singular networks and limits that nothing can meet. And it is the second
 * way that tests hold the first against. */
#ifndef SVITLO_BALANCE_ANGLE_H
#define SVITLO_BALANCE_ANGLE_H

#include "columns.h"

typedef struct {
    sv_lp_outcome outcome; /* optimal also when limits had to be relaxed */
    double relaxed_mw;     /* sum over branches; 0 = none */
    int32_t n_row, n_pivot;
} angle_info;

/**
 * Solve one hour.
 * @param[in]  cols        columns with the bounds of the hour
 * @param[in]  islands     of the state
 * @param[out] x           [cols->n] MW
 * @param[out] f_mw        [n_branch] from -> to
 * @param[out] relaxed_mw  [n_branch] by how much each limit was passed
 * @cost a linear program of n_bus + limited branches rows; allocates
 */
sv_status angle_solve(const columns *cols, const sv_state *state, const sv_islands *islands, double *x, double *f_mw,
                      double *relaxed_mw, angle_info *info);

#endif
