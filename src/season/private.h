/* season, inside: what the hours bring (supply.c), who is off and for how long (ledger.c), what a repair would bring back
 * (need.c). */
#ifndef SVITLO_SEASON_PRIVATE_H
#define SVITLO_SEASON_PRIVATE_H

#include "svitlo/season.h"

/* ---- supply.c: demand, availability and imports of each hour -------------------------------- */

typedef struct {
    const sv_grid *grid;
    const sv_season_settings *settings;
    double *load_base_mw;   /* [n_load] nominal times scales */
    double *people;         /* [n_load] */
    double *gen_base_mw;    /* [n_gen] */
    double *import_base_mw; /* [n_interconnector] */
    double *demand_mw;      /* [n_h] of the whole country, before the season's weather */
    double *weather;        /* [n_day] demand factor of this season's days */
    int32_t n_day;
    int32_t n_profiled_gen; /* generators whose availability changes */
    int32_t *profiled_gen;
    double *load_mw, *gen_mw, *import_mw;                   /* of the hour */
    double *soc_mwh, *discharge_mw, *charge_mw, *storage_h; /* [n_storage] */
    bool storage_full;                                      /* nothing to charge */
} supply;

sv_status supply_new(supply *self, const sv_grid *grid, const sv_season_settings *settings, sv_arena *arena,
                     sv_error *err);
/** Weather of one season, storage at its initial level. */
void supply_reset(supply *self, uint64_t seed, int64_t i_season);
double supply_demand_mw(const supply *self, int64_t t_h);
/** Capacity of all that is on, MW, imports included, storage not; fills gen_mw and import_mw. */
double supply_capacity_mw(supply *self, const sv_state *state, int64_t t_h);
void supply_set_loads(supply *self, int64_t t_h);
void supply_set_storage(supply *self);
/** Move the state of charge by one hour of dispatch. */
void supply_run_storage(supply *self, const double *storage_mw);

/* ---- ledger.c: energy, people and durations ------------------------------------------------- */

enum { MOST_LAYERS = 24, MOST_EVENTS_KEPT = 512 };

/* People behind one load who went off at the same hour: from the share below to `top` of them. */
typedef struct {
    double top;
    int64_t since_h;
} off_layer;

typedef struct {
    const sv_grid *grid;
    const double *people;               /* [n_load] */
    int32_t *n_layer;                   /* [n_load] */
    off_layer *layer;                   /* [n_load * MOST_LAYERS] */
    double *off_share;                  /* [n_load * SV_N_OFF] largest share off longer than sv_off_h */
    double *region_mw, *region_people;  /* [n_region] of the hour */
    double *site_mw, *site_critical_mw; /* [n_site] of the hour */
    int32_t *site_of_load;
    double shed_mw, class_mw[SV_N_CLASS], class_people[SV_N_CLASS];
    bool any_off; /* in the last hour */
    bool in_event;
    sv_event event;
} ledger;

bool ledger_new(ledger *self, const sv_grid *grid, const double *people, sv_arena *arena);
void ledger_reset(ledger *self);
/** Book an hour in which all were served. */
void ledger_book_light(ledger *self, int64_t t_h, sv_season_row *row);
/** Book an hour with shedding. */
void ledger_book_dark(ledger *self, int64_t t_h, const double *load_mw, const double *served_mw, sv_season_row *row);
/** The season is over: close what is still open. */
void ledger_close(ledger *self, int64_t n_h, sv_season_row *row);

/* ---- need.c --------------------------------------------------------------------------------- */

/** Nominal size of a unit, MW. */
double need_capacity_mw(const sv_grid *grid, int32_t i_unit);
/** What the return of waiting units could bring back. @param[in] capacity_mw [n_unit] */
void need_rank(const ledger *book, const double *capacity_mw, int32_t n, const int32_t *i_unit, double *critical_mw,
               double *gain_mw);

#endif
