/* study: thousands of winters. Threads, statistics. Rows are taken in the order of seasons, so results are the same
 * bits for any number of threads, and memory does not grow with the number of seasons. */
#ifndef SVITLO_STUDY_H
#define SVITLO_STUDY_H

#include "svitlo/season.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- statistics ---------------------------------------------------------------------------- */

/** One index over all seasons that did not fail (docs/model/statistics.md). All NAN when n = 0. */
typedef struct {
    int64_t n;
    double mean, se, min, max; /* se = sample standard deviation / sqrt(n); NAN below n = 2 */
    double p5, p50, p95;       /* Hyndman and Fan's type 7: exact up to 1024 seasons, then within 0.4 % */
    double cvar95;             /* mean of the worst 5 %; of the worst season below 20 */
} sv_summary;

/** An hour over all seasons. Mean exact, quantiles within a bin of a histogram, 13 %. All NAN without seasons. */
typedef struct {
    float mean, p5, p50, p95;
} sv_band;

typedef enum {
    SV_M_EENS_MWH = 0,
    SV_M_LOLE_H,
    SV_M_PEOPLE_HOURS,
    SV_M_WORST_MW,
    SV_M_WORST_PEOPLE,
    SV_M_LONGEST_H,
    SV_M_OFF_4H,
    SV_M_OFF_8H,
    SV_M_OFF_24H,
    SV_M_OFF_72H,
    SV_M_EVENTS,
    SV_M_EVENT_LENGTH_H, /* mean length of the season's country-wide events; 0 when none (over all seasons: LOLE / events) */
    SV_M_WAVES,
    SV_M_STRIKES,
    SV_M_INTERCEPTED,
    SV_M_UNITS_LOST,
    SV_M_UNITS_REPAIRED,
    SV_M_DEMAND_MWH,
    SV_M_RELAXED_MWH,
    SV_N_METRIC
} sv_metric;
extern const char *const sv_metric_name[SV_N_METRIC]; /* "eens_mwh", "lole_h", ... as in JSON and the database */

/** What is also kept by region and by class: the first three metrics. */
enum { SV_N_SPLIT_METRIC = 3 };

/* ---- the study ----------------------------------------------------------------------------- */

typedef struct {
    int64_t n_season; /* most seasons to run, 1 to 4e9 */
    uint64_t seed;
    int32_t n_thread; /* 0 = one a core */
    /* Stop at this relative standard error of EENS, share below 1; 0 = never. Looked at every 50 seasons from 100 on,
       so where it stops does not depend on threads; never met while EENS is 0. */
    double until;
} sv_study_settings;

typedef struct {
    int64_t n_done, n_season; /* failed ones too */
    double seconds, seasons_per_s;
    double eens_mwh_mean, eens_mwh_se; /* NAN until known */
} sv_progress;

/** Callbacks run on the caller's thread, in the order of seasons. */
typedef struct {
    void *context;
    /* NULL = none. Every season, failed ones too: first the base's row, then that of each lever in order (i_lever). Not
       SV_OK ends the study; that season is not in its statistics. */
    sv_status (*on_row)(void *context, const sv_season_row *row, sv_error *err);
    /* NULL = none. About 5 times a second, between two seasons; true = stop: what is complete is kept. The study may be
       asked and saved in it. */
    bool (*on_progress)(void *context, const sv_progress *progress);
} sv_study_sink;

typedef struct sv_study sv_study;

/**
 * Check the settings and make the workers. The grid must outlive the study.
 * @return SV_EUSAGE for settings out of range; what sv_season_new says; SV_ENOMEM
 */
SV_MUST_USE sv_status sv_study_new(sv_study **study, const sv_grid *grid, const sv_season_settings *season,
                                   const sv_study_settings *settings, sv_error *err);
void sv_study_free(sv_study **study);

/** Settings to run over the same winters as the base, with the same draws: whatever differs is the lever. */
typedef struct {
    const sv_season_settings *season; /* same t0_h and n_h as the base */
    /* Other levers, before this one, with which it is compared as well: a pair with its two parts, a step of a sweep with
       the step before. The contrast is (this - base) - sum over them of (that - base). */
    int32_t n_against;
    const int32_t *against; /* [n_against] */
} sv_study_lever;

/**
 * As sv_study_new, with levers. Each season runs once for the base and once for each lever, on one thread; hours that a
 * lever leaves as they are are not solved again. The base's results are the same bits as without levers.
 * @param[in] lever  [n_lever], used during the call
 * @return also SV_EUSAGE with "lever K: " when a lever's settings do not fit the grid, or its hours are not the base's
 */
SV_MUST_USE sv_status sv_study_new_levers(sv_study **study, const sv_grid *grid, const sv_season_settings *season,
                                          int32_t n_lever, const sv_study_lever *lever,
                                          const sv_study_settings *settings, sv_error *err);

/**
 * Write all that the study knows into a buffer, so that another study of the same grid, settings, levers and seed can go
 * on from there to the same bits. Zeros are left out: some 1 MB for a winter of 300 buses.
 * @param[out] buffer  [room], NULL with room 0 to ask for the size
 * @return bytes needed; nothing useful is written when that is more than room
 */
size_t sv_study_save(const sv_study *study, void *buffer, size_t room);
/** Take over what another study saved. @return SV_EDATA when it is not of a study of these sizes, or damaged; SV_EUSAGE
 *  when its levers are against others; then the study must be freed */
SV_MUST_USE sv_status sv_study_load(sv_study *study, const void *state, size_t n, sv_error *err);

/**
 * Run seasons 0, 1, ... A second call goes on after the last season taken, and does nothing when the study is complete.
 * A season that fails, or whose numbers are not finite, is counted (n_failed) and left out of all statistics.
 * @param[in] sink  NULL = none
 * @return SV_OK, also when progress asked to stop (the result then has fewer seasons); the sink's failure
 */
SV_MUST_USE sv_status sv_study_run(sv_study *study, const sv_study_sink *sink, sv_error *err);

typedef struct {
    int64_t n_season; /* done, failed ones too */
    int64_t n_failed, n_h;
    bool stopped;   /* by the caller */
    bool converged; /* by `until` */
    double seconds;
    int32_t n_thread; /* that ran */
    int32_t n_lever;
} sv_study_info;

void sv_study_describe(const sv_study *study, sv_study_info *info);
void sv_study_summary(const sv_study *study, sv_metric metric, sv_summary *summary);
/** By region and by class: metric < SV_N_SPLIT_METRIC. */
void sv_study_region_summary(const sv_study *study, int32_t i_region, sv_metric metric, sv_summary *summary);
void sv_study_class_summary(const sv_study *study, sv_class class_, sv_metric metric, sv_summary *summary);
/** @param[in] t_h  hour of the season, 0 <= t_h < n_h; either band may be NULL */
void sv_study_hour(const sv_study *study, int64_t t_h, sv_band *shed_mw, sv_band *people);
/** Sums over all seasons that did not fail: units damaged and repaired, seasons with damage, hours with load unserved.
 *  Any may be NULL. */
void sv_study_site(const sv_study *study, int32_t i_site, int64_t *n_damaged, int64_t *n_repaired,
                   int64_t *n_season_damaged, double *dark_h);

/** Power not served and people off in an average hour of a day of the season, mean of all seasons. Either may be NULL.
 *  @param[in] day  0 <= day < (n_h + 23) / 24; the last may be shorter */
void sv_study_region_day(const sv_study *study, int32_t i_region, int32_t day, double *shed_mw, double *people);
/** Energy not served a season that units of this class, region and cause explain, MWh; of i_region -1: that nothing
 *  explains. NAN without seasons. */
double sv_study_cause_mwh(const sv_study *study, int32_t i_region, sv_unit_class class_, sv_cause cause);
/** One real season to show: of the first 32, the one whose people-hours (energy where no people are known) are nearest to
 *  the median of all. Arrays [n_h], borrowed until the next run. @return its number, -1 without seasons */
int64_t sv_study_course(const sv_study *study, const float **shed_mw, const float **people);

/* ---- levers -------------------------------------------------------------------------------- */

/** Mean and standard error over seasons of a difference between rows of the same season. NAN where n does not allow. */
typedef struct {
    int64_t n; /* seasons in which none of the rows failed */
    double mean, se;
    /* The mean as a share of the base's mean over the same seasons (ratio estimator: its error knows that both vary
       together); NAN when that is 0. */
    double share, share_se;
} sv_paired;

/** Half of a 95 % interval of a mean of n values, in standard errors: Student's t; 1.96 for many. NAN below two. */
double sv_half95(int64_t n);

/** What can be said of a difference at this number of seasons. */
typedef enum {
    SV_NOTHING, /* not one season differs */
    SV_SAVES,   /* less harm, 95 % sure */
    SV_ADDS,    /* more harm, 95 % sure */
    SV_UNSEEN,  /* the interval holds 0 */
    SV_TOO_FEW  /* fewer than two seasons */
} sv_verdict;

/** @return at 95 %; less is taken as better, as in all indices of harm */
sv_verdict sv_verdict_of(const sv_paired *difference);

/** One index with the lever on: itself, lever - base, and the contrast of sv_study_lever. Any may be NULL; the contrast
 *  is NAN when there is nothing it is against. */
void sv_study_lever_summary(const sv_study *study, int32_t i_lever, sv_metric metric, sv_summary *summary,
                            sv_paired *difference, sv_paired *contrast);
/** lever - base by region; metric < SV_N_SPLIT_METRIC. */
void sv_study_lever_region(const sv_study *study, int32_t i_lever, int32_t i_region, sv_metric metric,
                           sv_paired *difference);
/** Share of all hours that are the same as in the base, and share that was taken over from it. */
void sv_study_lever_shared(const sv_study *study, int32_t i_lever, double *same, double *reused);

/* ---- AC check ------------------------------------------------------------------------------- */

enum { SV_MOST_WORST = 1000 };

/** An hour of a season. */
typedef struct {
    int64_t i_season, t_h; /* t_h since season start */
    double people, shed_mw;
} sv_study_hour_id;

/**
 * The worst hours of the base: most people off, most power where no people are known; at most one in any week (168 h,
 * counted from its start) of a season, so that not one evening fills the list. Ties go to the earlier season and hour.
 * @param[out] worst  [n] worst first
 * @param[in]  n      0 to SV_MOST_WORST
 * @return how many there are, hours in which nobody is off not counted
 */
int32_t sv_study_worst_hours(const sv_study *study, int32_t n, sv_study_hour_id *worst);

typedef struct {
    int32_t n_worst, n_random; /* hours of each kind, 0 to SV_MOST_WORST; not both 0 */
    void *context;
    /* NULL = none. Before the first hour and after each, on the caller's thread; true = stop. */
    bool (*on_progress)(void *context, int32_t n_done, int32_t n);
} sv_study_ac_settings;

/** One hour that was checked. */
typedef struct {
    sv_study_hour_id of;
    bool random;        /* of the random sample; else one of the worst */
    sv_ac_hour ac;      /* its arrays are NULL */
    double served_mw;   /* to loads, by the dispatch */
    double more_people; /* off by the further shedding */
} sv_study_ac_hour;

typedef struct {
    /* That were checked: fewer worst ones where fewer hours have somebody off, fewer drawn ones where nearly all seasons
       failed. */
    int32_t n_worst, n_random;
    sv_study_ac_hour *hour; /* [n_worst + n_random] worst first, then the sample in the order of seasons and hours */
    sv_arena *arena;
} sv_study_ac;

/**
 * Simulate the seasons of these hours again, and check each hour by AC power flow. The sample is drawn evenly, with
 * replacement, from all hours of all seasons that are done and did not fail, by the study's seed.
 * @param[out] found  NULL on failure, and when progress asked to stop
 * @return SV_OK, also when progress asked to stop; SV_EUSAGE for settings out of range, without a season, or on a copper plate; SV_ENUM when a season that
 *         went well does not again; what sv_ac_check_hour says; SV_ENOMEM
 * @cost a season up to its last such hour for each that has some, and the check of each hour; one thread
 */
SV_MUST_USE sv_status sv_study_ac_check(const sv_study *study, const sv_study_ac_settings *settings,
                                        sv_study_ac **found, sv_error *err);
void sv_study_ac_free(sv_study_ac **found);

/** 95 % interval of a share of which k of n draws had it, by Wilson's score: 0 <= *low <= k / n <= *high <= 1. Both NAN
 *  without draws. @source E. B. Wilson, "Probable inference", J. Am. Stat. Assoc. 22(158), 1927 */
void sv_share95(int64_t k, int64_t n, double *low, double *high);

#ifdef __cplusplus
}
#endif
#endif
