/* hazard: what is hit, and when. Waves sampled from the user's rates, random outages of units, windows of peace.
 * Hazards are sampled, never optimised: no place is ever chosen for the harm it would do (docs/MISUSE.md). */
#ifndef SVITLO_HAZARD_H
#define SVITLO_HAZARD_H

#include "svitlo/grid.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { SV_DAMAGE_NONE = 0, SV_SLIGHT, SV_MODERATE, SV_EXTENSIVE, SV_COMPLETE, SV_N_DAMAGE } sv_damage;
extern const char *const sv_damage_name[SV_N_DAMAGE]; /* none, slight, moderate, extensive, complete */

enum { SV_N_SHELTER = 4, SV_MAX_PEACE = 16, SV_MAX_WAVE_DATE = 200, SV_MAX_NAME = 16 };

/** A list of ids. Borrowed strings live as long as the settings. */
typedef struct {
    int32_t n;
    const char *const *id; /* [n] */
} sv_names;

/* ---- waves --------------------------------------------------------------------------------- */

typedef enum { SV_PEACE_FULL, SV_PEACE_ENERGY } sv_peace_kind; /* no waves at all; grid sites spared */

/** A window of peace [from_h, to_h). Borrowed strings live as long as the settings. */
typedef struct {
    sv_peace_kind kind;
    int64_t from_h, to_h;           /* hours since 1970; INT64_MIN / INT64_MAX = open */
    int32_t n_where;                /* 0 = the whole country */
    const char *where[SV_MAX_NAME]; /* region ids, or zone names "front" / "rear" */
    double kept;                    /* probability that a strike that would have come does not, 0..1 */
} sv_peace;

typedef struct {
    double rate_per_week; /* Poisson; 0 = none */
    int32_t n_date;       /* or a calendar: one wave at each hour, plus the Poisson ones */
    int64_t date_h[SV_MAX_WAVE_DATE];
    double trend_per_month;          /* growth of rate and calendar sizes: 0.15 = +15 % a month (30 d), compounding */
    double size_median, size_spread; /* objects in one wave: lognormal, spread = sigma of the log */
    double reach;                    /* share of the objects that head for grid sites; the rest is not ours */
    double strike_share[SV_N_SITE_CLASS]; /* relative weights of the classes of site; 0 = never */
    double exposure[SV_N_ZONE];           /* relative weight of a site by zone of its region */
    double revisit; /* probability that a strike goes to a site aimed at in the last revisit_days */
    double revisit_days;
    double cover[SV_N_ZONE];         /* probability of interception while a layer of cover is not saturated */
    int32_t cover_layers[SV_N_ZONE]; /* layers one behind the other, each meets what the one before let through; >= 0 */
    double saturates_at;             /* strikes that one layer over a region can engage in one wave; 0 = no limit */
    double shelter_pass[SV_N_SHELTER]; /* share of damage that still happens behind protection level 0..3; [0] = 1 */
    sv_names shelter_at[SV_N_SHELTER]; /* ids of sites that have this level instead of the grid's; [0] unused */
    double units_hit; /* mean number of further units damaged beside the one struck (binomial over the site) */
    double damage[SV_N_UNIT_CLASS][SV_N_DAMAGE]; /* of a unit that is reached: probability of each state, sum 1 */
    int32_t n_peace;
    sv_peace peace[SV_MAX_PEACE];
    int64_t ceasefire_h; /* a full ceasefire of the whole country from here on, hours since 1970; INT64_MAX = never */
} sv_wave_settings;

sv_wave_settings sv_wave_defaults(void); /* no waves; figures of facts as neutral defaults for the rest */

typedef struct {
    int32_t i_unit;
    sv_damage damage; /* never NONE */
} sv_hit;

typedef struct {
    int64_t t_h;      /* hours since season start */
    int32_t size;     /* objects launched, without those spared */
    int32_t n_aimed;  /* at grid sites, without those spared */
    int32_t n_spared; /* not sent because of a truce */
    int32_t n_intercepted;
    int32_t n_site_hit; /* distinct sites reached */
} sv_wave;

typedef struct sv_hazard sv_hazard;

/**
 * Bind settings to a grid and season: resolves regions, class lists. One workspace a thread; call reset before the
 * first season. Dates of the calendar outside of the season are passed over.
 * @return SV_OK; SV_EUSAGE with one sentence on a number out of range, an unknown region, too many waves; SV_ENOMEM
 */
SV_MUST_USE sv_status sv_hazard_new(sv_hazard **hazard, const sv_grid *grid, const sv_wave_settings *settings,
                                    int64_t t0_h, int64_t n_h, sv_error *err);
void sv_hazard_free(sv_hazard **hazard);

/** Begin one season. A wave that peace cancels keeps its number and its place in the revisits: all others keep their
 *  bits. */
void sv_hazard_reset(sv_hazard *hazard, uint64_t seed, int64_t i_season);
/** Hour of the next wave, counted from the season's start; INT64_MAX = none left. */
int64_t sv_hazard_next_h(const sv_hazard *hazard);
/**
 * Carry out the wave of hour sv_hazard_next_h and move on.
 * @param[out] wave  what happened; may be NULL
 * @param[out] hits  borrowed until the next step; a unit stands at most once, with its worst state
 * @return number of hits
 */
int32_t sv_hazard_step(sv_hazard *hazard, sv_wave *wave, const sv_hit **hits);

/* ---- random outages ------------------------------------------------------------------------ */

/** Two-state Markov chains, hourly: P(fail) = 1/MTTF, P(repair) = 1/MTTR, started in their steady state. */
typedef struct sv_outage sv_outage;

typedef struct {
    int32_t i_unit;
    bool up;
} sv_outage_event;

SV_MUST_USE sv_status sv_outage_new(sv_outage **outage, const sv_grid *grid, int64_t n_h, sv_error *err);
void sv_outage_free(sv_outage **outage);
/** Draw the starting states: units that start down come as events of hour 0. */
void sv_outage_reset(sv_outage *outage, uint64_t seed, int64_t i_season);
int64_t sv_outage_next_h(const sv_outage *outage);
/** All changes of hour t_h = sv_outage_next_h. @return their number; borrowed until the next call. @cost log(units)
 *  each */
int32_t sv_outage_step(sv_outage *outage, const sv_outage_event **events);

#ifdef __cplusplus
}
#endif
#endif
