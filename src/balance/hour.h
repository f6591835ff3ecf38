/* What each bus has and wants in one hour, and what the islands of a topology are made of: dense arrays by bus, so that the
 * sums and products of an hour run over whole vectors. Most buses belong to one island, the main one; the few others and
 * those that are off are listed. */
#ifndef SVITLO_BALANCE_HOUR_H
#define SVITLO_BALANCE_HOUR_H

#include "svitlo/balance.h"

typedef struct {
    const sv_grid *grid;
    int32_t n_wide; /* buses in whole lanes */
    /* Of the grid: */
    int32_t *gen_bus, *import_bus; /* [n_gen], [n_interconnector] */
    int32_t *load_cell;            /* [n_load] class * n_wide + bus; -1 = never demand */
    int32_t n_free, *free_load;    /* loads that are free injections */
    uint8_t *has_demand;           /* [n_bus] */
    /* Of the profiles: */
    int32_t n_profile;            /* 0 = none were given */
    double *load_base_mw;         /* [n_load] */
    int32_t *load_profile;        /* [n_load] */
    double *base_mw;              /* [SV_N_CLASS * n_wide] of the loads that follow their bus's profile */
    int32_t *bus_profile;         /* [n_wide] */
    int32_t n_other, *other_load; /* loads that follow another */
    /* Of the topology: */
    int32_t *n_bus_of;       /* [n_bus] by island */
    int32_t i_main;          /* island with most buses, -1 = all buses are off */
    double *in_main;         /* [n_wide] 1 or 0 */
    int32_t n_apart, *apart; /* live buses of the other islands */
    int32_t n_off, *off;     /* buses that are off and have demand */
    /* Of the hour: */
    double *supply_mw;                /* [n_wide] whether the bus is on or off */
    double *demand_mw;                /* [SV_N_CLASS * n_wide] likewise */
    double *discharge_mw, *charge_mw; /* [n_storage] at most, 0 when out of service */
} bus_hour;

/** @return false when out of memory */
bool hour_new(bus_hour *self, const sv_grid *grid, sv_arena *arena);
/** What is given for profiles is within bounds (SV_BALANCE_MOST_MW). */
bool hour_accepts_profiles(const sv_grid *grid, const double *base_mw, const int32_t *i_profile);
/** What is asked is all there, and each number within bounds. @param[in] n_profile of sv_balance_set_profiles, 0 = none */
bool hour_accepts(const sv_grid *grid, int32_t n_profile, const sv_balance_input *input);
void hour_set_profiles(bus_hour *self, const double *base_mw, const int32_t *i_profile);
/** @param[in] island_of_bus [n_bus] -1 = off */
void hour_set_islands(bus_hour *self, int32_t n_island, const int32_t *island_of_bus);
void hour_set(bus_hour *self, const sv_state *state, const sv_balance_input *input);

/** Sum of products. @param[in] n whole lanes */
double hour_dot(const double *restrict a, const double *restrict b, int32_t n);
/** Of the main island, MW. @param[out] demand_mw [SV_N_CLASS] @return supply */
double hour_sum_main(const bus_hour *self, double *demand_mw);
/** p = in_main * (supply * supply_share - sum of demand * load_share). @param[out] p_mw [n_wide] */
void hour_inject_main(const bus_hour *self, double supply_share, const double *load_share, double *p_mw);
/** What the hour says of a load, in the grid's sign. */
double hour_given_mw(const bus_hour *self, const sv_balance_input *input, int32_t d);
/** What a load wants; free injections and loads at dead buses nothing. */
double hour_load_mw(const bus_hour *self, const sv_balance_input *input, int32_t d);

#endif
