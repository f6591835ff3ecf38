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

/** Caller's arrays. */
typedef struct {
    double *x;            /* [cols->n] MW */
    double *f_mw;         /* [n_branch] from -> to */
    double *relaxed_mw;   /* [n_branch] by how much each limit was passed */
    double *bus_price;    /* [n_bus] harm that one more MW there would save; may be NULL */
    double *branch_price; /* [n_branch] worth of 1 MW of its limit, 0 or more; NULL with bus_price */
} angle_answer;

/**
 * Solve one hour.
 * @param[in]  cols     columns with the bounds of the hour
 * @param[in]  islands  of the state
 * @param[out] out      prices are zeros where limits had to be relaxed
 * @cost a linear program of n_bus + limited branches rows; allocates
 */
sv_status angle_solve(const columns *cols, const sv_state *state, const sv_islands *islands, const angle_answer *out,
                      angle_info *info);

#endif
