/* hazard, inside: the pieces of a wave workspace and who fills them. Nothing here is seen outside the folder. */
#ifndef SVITLO_HAZARD_PRIVATE_H
#define SVITLO_HAZARD_PRIVATE_H

#include "svitlo/hazard.h"

enum {
    MAX_STRIKE = 4095,             /* strikes at grid sites in one wave: 12 bits of the damage key */
    MAX_WAVE = 1 << 19,            /* Poisson candidates; calendar waves are numbered from here on by their hour */
    MAX_SEASON_H = 1 << 19,        /* some 59 years: the hours that the numbers of calendar waves can tell apart */
    MEAN_WAVE_MOST = 100000,       /* accepted mean number of Poisson waves in a season */
    MAX_LAYER = 10,                /* layers of cover over a zone */
    MAX_WINDOW = SV_MAX_PEACE + 1, /* the windows of peace, and the ceasefire */
};

/** Refuse settings out of range, with one sentence. */
sv_status wave_settings_check(const sv_wave_settings *settings, sv_error *err);

/* ---- when: arrival.c ----------------------------------------------------------------------- */

/** Candidate waves in order of time: a Poisson process with exponential trend, and the calendar. */
typedef struct {
    double rate_per_h, growth_per_h; /* of the rate at season start; exponent of the trend */
    int64_t n_h;
    int32_t n_date;
    const int64_t *date_h; /* [n_date] hours since season start, inside the season, ascending */
    int32_t i_date;        /* next of the calendar */
    uint32_t i_candidate;  /* next of the Poisson process */
    double cumulative;     /* its unit-rate arrival time */
    int64_t poisson_h;     /* its hour, INT64_MAX = none left */
    uint64_t seed;
    int64_t i_season;
} arrival;

sv_status arrival_init(arrival *self, sv_arena *arena, const sv_wave_settings *settings, int64_t t0_h, int64_t n_h,
                       sv_error *err);
void arrival_reset(arrival *self, uint64_t seed, int64_t i_season);
/** Take the next candidate. @param[out] number  part of every key of the wave. @return its hour, INT64_MAX = none */
int64_t arrival_take(arrival *self, uint32_t *number, bool *calendar);

/* ---- where: aim.c -------------------------------------------------------------------------- */

/** Sites by class with their cumulative weights, and the sites aimed at of late. */
typedef struct {
    int32_t n_site;
    int32_t n_class;                          /* classes with a share and with a site of positive weight */
    int32_t class_first[SV_N_SITE_CLASS + 1]; /* [n_class + 1] their first row in site and weight */
    double class_weight[SV_N_SITE_CLASS];     /* [n_class] cumulative strike share */
    int32_t *site;                            /* [rows] */
    double *weight;                           /* [rows] cumulative within the class */
    double revisit;
    int64_t revisit_h;
    int64_t *aimed_h; /* [n_site] hour of the last strike that was aimed there, INT64_MIN = never */
    int32_t n_pool;
    int32_t *pool; /* [n_site] sites aimed at within revisit_h before this wave, ascending */
} aim;

sv_status aim_init(aim *self, sv_arena *arena, const sv_grid *grid, const sv_wave_settings *settings,
                   const int32_t *n_target, sv_error *err);
void aim_reset(aim *self);
/** Choose the sites of one wave's strikes and remember them. @return n_strike, or 0 when there is no site to aim at */
int32_t aim_wave(aim *self, uint64_t seed, int64_t i_season, uint32_t wave, int64_t t_h, int32_t n_strike,
                 int32_t *i_site);

/* ---- peace: peace.c ------------------------------------------------------------------------ */

/** Windows resolved to hours of the season and to regions; the ceasefire is the last of them. */
typedef struct {
    int32_t n_window, n_region;
    int64_t from_h[MAX_WINDOW], to_h[MAX_WINDOW];
    double kept[MAX_WINDOW];
    bool whole[MAX_WINDOW]; /* a full ceasefire over the whole country: the wave itself does not come */
    uint8_t *covers;        /* [n_window * n_region] */
} peace;

sv_status peace_init(peace *self, sv_arena *arena, const sv_grid *grid, const sv_wave_settings *settings, int64_t t0_h,
                     sv_error *err);
/** Largest probability, over the windows of that hour, that the whole wave does not come. */
double peace_of_wave(const peace *self, int64_t t_h);
/** The same for one strike into a region. */
double peace_of_strike(const peace *self, int64_t t_h, int32_t i_region);

/* ---- protection: shelter.c ----------------------------------------------------------------- */

/** Protection level of each site: the settings' own where they name the site, else the grid's.
 *  @param[out] level  [n_site] 0 to SV_N_SHELTER - 1 */
sv_status shelter_levels(uint8_t *level, const sv_grid *grid, const sv_wave_settings *settings, sv_error *err);

#endif
