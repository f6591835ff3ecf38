/* The balance problem in injection space: what may inject or draw at each bus, with bounds and costs. Elements that act
 * alike (one bus, one purpose) share a column and later share its answer in proportion to their own bounds. */
#ifndef SVITLO_BALANCE_COLUMNS_H
#define SVITLO_BALANCE_COLUMNS_H

#include "svitlo/balance.h"

typedef enum { COLUMN_SUPPLY, COLUMN_DISCHARGE, COLUMN_CHARGE, COLUMN_LOAD, COLUMN_DC_LINE } column_kind;

typedef struct {
    const sv_grid *grid;
    int32_t n;
    column_kind *kind;           /* [n] */
    int32_t *bus;                /* [n] where it injects; a dc line's to end */
    int32_t *from_bus;           /* [n] a dc line's from end, -1 for all others */
    double *sign;                /* [n] +1 injects, -1 draws */
    int32_t *element;            /* [n] storage or dc line; class of a load column */
    double *cost;                /* [n] harm per MWh */
    double *lower, *upper;       /* [n] bounds of the hour, MW */
    int32_t *of_gen, *of_import; /* supply columns */
    int32_t *of_load, *of_free;  /* [n_load] load column (-1: never demand), supply column of a negative load */
    int32_t *of_discharge, *of_charge, *of_dc_line;
    int32_t *storage_order; /* [n_storage] longest duration first */
    double *weight;         /* [SV_N_CLASS] */
    double least_weight;
} columns;

/** Lay out the columns of a grid in an arena. @return false when out of memory */
bool columns_new(columns *self, const sv_grid *grid, const sv_balance_settings *settings, sv_arena *arena);

/** Bounds and costs of one hour under one state. */
void columns_set_hour(columns *self, const sv_state *state, const sv_balance_input *input);

/** Net injections at the buses. @param[out] p_mw [n_bus] */
void columns_inject(const columns *self, const double *x, double *p_mw);

/** Share the columns' answer among the elements and count what is shed. */
void columns_read(const columns *self, const sv_state *state, const sv_balance_input *input, const double *x,
                  const sv_balance_result *result, sv_balance_info *info);

#endif
