/* season: one winter, hour by hour: hazards, repairs, random outages, demand, storage, balance; rows out. */
#ifndef SVITLO_SEASON_H
#define SVITLO_SEASON_H

#include "svitlo/balance.h"
#include "svitlo/hazard.h"
#include "svitlo/repair.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SV_N_OFF = 4 };
extern const int32_t sv_off_h[SV_N_OFF]; /* people off in a row for longer than 4, 8, 24, 72 h */

typedef struct {
    int64_t t0_h;        /* first hour, since 1970 */
    int64_t n_h;         /* hours */
    bool network;        /* DC limits; false = copper plate */
    bool outages;        /* random outages from MTTF and MTTR */
    double demand_scale; /* > 0 */
    double demand_class_scale[SV_N_CLASS];
    double people_per_mw;      /* for loads without people in the grid; 0 = leave them at 0 */
    double per_degree_cold;    /* demand change per degree colder than the grid's profile: 0.017 */
    double colder_by_c;        /* whole season colder by, C */
    double cold_spread_c;      /* standard deviation of the daily deviation, C; 0 = the profile's weather each year */
    double cold_persistence_d; /* its correlation time, days */
    double import_limit_mw;    /* of all interconnectors together, shared in proportion; < 0 = the grid's own limits */
    double weight[SV_N_CLASS]; /* harm of 1 MWh not served */
    sv_wave_settings waves;
    sv_repair_settings repair;
} sv_season_settings;

sv_season_settings sv_season_defaults(void);

/** People behind a load: the grid's number, or people_per_mw of its demand where the grid has none. */
double sv_season_people(const sv_season_settings *settings, const sv_load *load);

/** An outage as an event: one run of hours in a region during which the same people were off, without rotation (docs/model/season.md). */
typedef struct {
    int64_t start_h, length_h; /* hours since season start; hours */
    double people, energy_mwh; /* at its worst hour; in all */
    int32_t i_region;          /* -1 = the whole country */
} sv_event;

/** What took out the units that explain energy not served. */
typedef enum { SV_BY_WAVES = 0, SV_BY_FAILURES, SV_N_CAUSE } sv_cause;
extern const char *const sv_cause_name[SV_N_CAUSE]; /* waves, failures */

/** All that a study keeps of one season. Arrays owned by the row. */
typedef struct sv_season_row {
    int64_t i_season;
    int32_t i_lever;  /* which lever of a comparison was on; -1 = none, the base */
    int64_t same_h;   /* of a lever: hours whose network, supply and demand are those of the base in the same hour */
    int64_t reused_h; /* of those, taken over from the base without solving them again */
    sv_status status; /* a season that failed is a row too: its other fields are what was reached */
    double demand_mwh, eens_mwh, lole_h, people_hours;
    double worst_mw, worst_people; /* the hour with the largest shed / the most people off */
    int64_t worst_h;               /* hours since start, of worst_people (of worst_mw when no people are known) */
    double relaxed_mwh;            /* limits relaxed, summed */
    int64_t relaxed_h;
    double off_people[SV_N_OFF]; /* people off in a row for longer than sv_off_h at least once */
    double longest_h;            /* longest time somebody was off in a row */
    int32_t n_wave, n_strike, n_intercepted, n_unit_lost, n_unit_repaired, n_event;
    double *region_mwh, *region_lole_h, *region_people_hours; /* [n_region] */
    double class_mwh[SV_N_CLASS], class_lole_h[SV_N_CLASS], class_people_hours[SV_N_CLASS];
    float *hour_shed_mw, *hour_people;               /* [n_h] */
    int32_t n_day;                                   /* days begun */
    float *region_day_mwh, *region_day_people_hours; /* [n_region * n_day] */
    int32_t *site_damaged, *site_repaired;           /* [n_site] units of the site lost to waves / brought back */
    float *site_dark_h;                              /* [n_site] hours with load at the site unserved */
    /* Energy not served that is explained by units out of service (docs/model/season.md), MWh; sums with
       unexplained_mwh to eens_mwh. [(i_region * SV_N_UNIT_CLASS + class) * SV_N_CAUSE + cause] */
    double *cause_mwh;
    double unexplained_mwh; /* more was wanted than the whole system could bring there */
    int32_t n_event_kept, max_event;
    sv_event *event; /* [n_event_kept] country-wide events first to last */
    sv_arena *arena;
} sv_season_row;

sv_season_row *sv_season_row_new(const sv_grid *grid, int64_t n_h); /* NULL when out of memory */
void sv_season_row_free(sv_season_row **row);

typedef struct sv_season sv_season;

/** Check settings against the grid (dates, series long enough, regions) and allocate all workspaces of one thread. */
SV_MUST_USE sv_status sv_season_new(sv_season **season, const sv_grid *grid, const sv_season_settings *settings,
                                    sv_error *err);
void sv_season_free(sv_season **season);

/** Simulate one season into a row. Same (seed, i_season): same bits. @return SV_OK or the status also kept in the row */
SV_MUST_USE sv_status sv_season_run(sv_season *season, uint64_t seed, int64_t i_season, sv_season_row *row);

/** What a season leaves behind so that a lever need not solve again the hours that it does not change: for each hour a
 *  signature of all that its dispatch depends on, and what was served. */
typedef struct sv_season_trace sv_season_trace;
sv_season_trace *sv_season_trace_new(const sv_grid *grid, int64_t n_h); /* NULL when out of memory */
void sv_season_trace_free(sv_season_trace **trace);

/** As sv_season_run, and write the trace. */
SV_MUST_USE sv_status sv_season_run_traced(sv_season *season, uint64_t seed, int64_t i_season, sv_season_trace *trace,
                                           sv_season_row *row);
/**
 * As sv_season_run, beside a base of the same grid, hours, seed and number: same bits, fewer hours solved.
 * The hours before the first that differs are taken from the trace; row->same_h and reused_h say how many.
 */
SV_MUST_USE sv_status sv_season_run_beside(sv_season *season, uint64_t seed, int64_t i_season,
                                           const sv_season_trace *base, sv_season_row *row);

/** One hour of a season as it was dispatched. All arrays are borrowed for the call. */
typedef struct {
    int64_t t_h;                /* hours since season start */
    const sv_state *state;      /* what is in service */
    sv_dispatch dispatch;       /* what the balance gave */
    const double *wanted_mw;    /* [n_load] negative for loads that are supply */
    const double *people;       /* [n_load] as the season counts them */
    double shed_mw, people_off; /* of the row, for this hour */
} sv_season_hour;

/** Hours of a season to be shown while it is simulated. */
typedef struct {
    int32_t n_h;
    const int64_t *t_h; /* [n_h] ascending, 0 <= t_h < the season's n_h */
    void *context;
    sv_status (*on_hour)(void *context, const sv_season_hour *hour, sv_error *err);
} sv_season_probe;

/**
 * Simulate a season as far as the last hour of the probe; what is shown is what sv_season_run goes through.
 * @param[out] row  what was reached; not a whole season
 * @return SV_OK; the status of a season that fails before; what on_hour says; SV_EUSAGE on a copper plate, where flows are not known
 */
SV_MUST_USE sv_status sv_season_run_probed(sv_season *season, uint64_t seed, int64_t i_season,
                                           const sv_season_probe *probe, sv_season_row *row, sv_error *err);

/** First and last + 1 hour that all series of the grid cover. @return false when the grid has no series */
bool sv_season_span(const sv_grid *grid, int64_t *t0_h, int64_t *t1_h);

#ifdef __cplusplus
}
#endif
#endif
