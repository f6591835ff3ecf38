/* The balance problem in injection space: what may inject or draw at each bus, with bounds and costs. Elements that act
 * alike (one bus, one purpose) share a column and later share its answer in proportion to their own bounds. They are
 * filled only for an hour that needs them: one that sheds, breaks a limit, or is asked for its elements. */
#ifndef SVITLO_BALANCE_COLUMNS_H
#define SVITLO_BALANCE_COLUMNS_H

#include "hour.h"

#define COLUMNS_LEAST_SHARE 1e-9 /* of a load: less that is missing counts as served */

typedef enum { COLUMN_SUPPLY, COLUMN_DISCHARGE, COLUMN_CHARGE, COLUMN_LOAD, COLUMN_DC_LINE } column_kind;

typedef struct {
    const sv_grid *grid;
    int32_t n;
    int32_t first_load, first_storage, first_dc_line; /* supply, load, storage and dc line columns follow each other */
    column_kind *kind;                                /* [n] */
    int32_t *bus;                                     /* [n] where it injects; a dc line's to end */
    int32_t *from_bus;                                /* [n] a dc line's from end, -1 for all others */
    double *sign;                                     /* [n] +1 injects, -1 draws */
    int32_t *element;                                 /* [n] storage or dc line; class of a load column */
    double *cost;                /* [n] harm per MWh, in least weights: no tolerance depends on the unit of harm */
    double *lower, *upper;       /* [n] bounds of the hour, MW */
    int32_t *of_gen, *of_import; /* supply columns */
    int32_t *of_load;            /* [n_load] load column, or supply column of a negative load */
    int32_t *cell;               /* [n] of a load column, place in the hour's demand */
    int32_t *load_start, *load;  /* [n + 1], [n_load] loads of a column */
    int32_t n_apart, *apart;     /* supply and load columns of islands beside the main one, of this topology */
    int32_t n_off, *off;         /* those at buses that are off */
    int32_t *of_discharge, *of_charge, *of_dc_line;
    int32_t *storage_order;          /* [n_storage] longest duration first */
    double *wanted_mw;               /* [n] of a load column: also where its bus is off */
    double *missing_mw;              /* [n] of a load column: wanted and not served, 0 when that is next to nothing */
    double *drawn_mw;                /* [SV_N_CLASS * n_wide] scratch; cells without a column stay 0 */
    double *weight;                  /* [SV_N_CLASS] */
    int32_t class_order[SV_N_CLASS]; /* heaviest first, the lower number on ties */
    double least_weight;
} columns;

/** Lay out the columns of a grid in an arena. @return false when out of memory */
bool columns_new(columns *self, const sv_grid *grid, const sv_balance_settings *settings, sv_arena *arena);

/** Which columns the islands of a topology have. @param[in] island_of_bus [n_bus] -1 = off */
void columns_set_islands(columns *self, int32_t i_main, const int32_t *island_of_bus);

/** Bounds of the dc lines alone. */
void columns_set_dc_lines(columns *self, const sv_state *state);
/** Order of discharge, and its costs. */
void columns_rank_storage(columns *self, const sv_balance_input *input);
/** Bounds and costs of one hour. */
void columns_set_hour(columns *self, const bus_hour *now, const sv_balance_input *input);

/** Net injections at the buses. @param[out] p_mw [n_bus] in whole lanes */
void columns_inject(const columns *self, const bus_hour *now, const double *x, double *p_mw);

/** Who goes without: counts, and the list where it is wanted. @param[out] shed [n_load], may be NULL */
void columns_read_shed(const columns *self, const double *x, sv_shed *shed, sv_balance_info *info);
/** A load column goes without so much of what it wants: counts, and its loads in the list. */
void columns_add_shed(const columns *self, int32_t j, double wanted_mw, double missing_mw, sv_shed *shed,
                      sv_balance_info *info);
/** Share the columns' answer among the elements of supply. */
void columns_read_supply(const columns *self, const sv_state *state, const bus_hour *now, const sv_balance_input *input,
                         const double *x, const sv_balance_result *result);

#endif
