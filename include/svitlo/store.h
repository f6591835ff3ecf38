/* store: results in one SQLite file (docs/database.md). The only place for SQL. Written in transactions: what is
 * complete is kept, whatever happens to the program, and can be gone on with. */
#ifndef SVITLO_STORE_H
#define SVITLO_STORE_H

#include "svitlo/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- writing ------------------------------------------------------------------------------- */

typedef struct sv_store sv_store;

/** What a results file is about. All used during the call, but the grid, which must outlive the store. */
typedef struct {
    const sv_scenario *scenario; /* as run: season.t0_h, n_h and study with all overrides */
    const sv_grid *grid;
    int32_t n_lever;
    const sv_lever *lever; /* [n_lever] of a comparison */
} sv_store_subject;

/**
 * Begin a results file. Work goes on in PATH.part, which is locked against a second run. What is at PATH stays until
 * sv_store_finish; it must be a results file, if anything.
 * @return SV_EUSAGE when PATH is something else, or PATH.part holds seasons of a run that was broken off; SV_EIO with one
 *         sentence when it cannot be written, nothing is left then; SV_ENOMEM
 */
SV_MUST_USE sv_status sv_store_new(sv_store **store, const char *path, const sv_store_subject *subject, sv_error *err);

/**
 * Go on with what PATH.part holds, or else PATH: the study is given what was saved, seasons after that are done again.
 * A file that is refused is left as it was. PATH itself stays until sv_store_finish.
 * @param[in,out] study  new, of the same subject; it may ask for more seasons than before
 * @return SV_EUSAGE when the file is of another grid, seed, scenario, lever or version, with the first difference;
 *         SV_EDATA when it is no results file, or damaged; SV_EIO when there is none
 */
SV_MUST_USE sv_status sv_store_resume(sv_store **store, const char *path, const sv_store_subject *subject,
                                      sv_study *study, sv_error *err);
/**
 * Keep one row, failed ones too, of the base or a lever; commits about once a second.
 * @return SV_EIO, e.g. when the disk is full; then for good
 */
SV_MUST_USE sv_status sv_store_add(sv_store *store, const sv_season_row *row, sv_error *err);
/**
 * Between two seasons: save what the study knows when that is due, so that a killed run loses some seconds of work at
 * most. Cheap otherwise. A failure is kept for the next sv_store_add.
 * @param[in] now  due or not: the run will not be finished
 */
void sv_store_save(sv_store *store, const sv_study *study, bool now);
/** Keep the hours that were checked by AC power flow: once, between the last row and sv_store_finish. A run that is gone on
 *  with keeps none of those of before. @return as sv_store_add */
SV_MUST_USE sv_status sv_store_put_ac_check(sv_store *store, const sv_study_ac *ac, sv_error *err);
/**
 * Write the statistics, also those of a study that was stopped; commit, rename to the final name. After that the store
 * can only be freed.
 */
SV_MUST_USE sv_status sv_store_finish(sv_store *store, const sv_study *study, sv_error *err);
/** Close; without finish the .part file stays, readable, with all complete seasons. */
void sv_store_free(sv_store **store);

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct {
    double mean, se, p50, p95;      /* NAN = unknown */
    sv_paired difference, contrast; /* n of both: seasons that did not fail under the lever */
} sv_lever_result;

/** What a finished results file says, for reports. Text is never NULL, numbers that are unknown are NAN. */
typedef struct {
    const char *version, *scenario_name, *scenario_path, *grid_name, *fingerprint, *seed,
        *first_hour; /* "2026-11-01 00:00" */
    int64_t n_season, n_failed, n_h;
    double seconds;
    bool stopped, converged;
    int32_t n_setting, n_region, n_site, n_line, n_cause, n_event, n_length, n_lever;
    const struct sv_result_setting {
        const char *key, *value;
    } * setting; /* [n_setting] */
    const char *metric_unit[SV_N_METRIC], *metric_meaning[SV_N_METRIC];
    sv_summary country[SV_N_METRIC];
    sv_summary class_[SV_N_CLASS][SV_N_SPLIT_METRIC];
    double people, unexplained_mwh;
    const struct sv_result_region {
        const char *id, *name, *zone;
        double people, demand_mw, x_km, y_km;
        sv_summary split[SV_N_SPLIT_METRIC];
        const double *day_shed_mw, *day_people; /* [(n_h + 23) / 24] an average hour of the day, mean of all seasons */
    } * region;                                 /* [n_region] */
    const struct sv_result_site {
        const char *id, *name, *class_;
        int32_t i_region, shelter;
        double x_km, y_km;
        double damaged_share; /* of seasons with any unit damaged */
        double dark_h;        /* a season */
    } * site;                 /* [n_site] */
    const struct sv_result_line {
        int32_t i_from, i_to; /* sites */
        double vn_kv;
    } * line; /* [n_line] one for each pair of sites that lines join, at the highest voltage of them */
    const struct sv_result_cause {
        int32_t i_region;
        const char *class_, *cause; /* of unit; waves or failures */
        double mwh;                 /* a season */
        int64_t n_place;            /* sites of the region with such units; each line is a place of its own */
    } * cause;                      /* [n_cause] in the order of regions, classes and causes; none that are 0 */
    const struct sv_result_event {
        int64_t i_season, start_h, length_h;
        double people, energy_mwh;
    } * event; /* [n_event] the 20 with the most energy of all seasons, largest first */
    const struct sv_result_length {
        int64_t from_h, to_h; /* [from_h, to_h) */
        double n_per_season;
    } * length; /* [n_length] how long events last: below 2, 4, 8, 24, 72, 168, 720 h, and longer */
    const sv_band *shed_mw, *people_off;         /* [n_h] */
    int64_t i_course;                            /* the one real season that is shown, -1 = none */
    const float *course_shed_mw, *course_people; /* [n_h] */
    const struct sv_result_lever {
        const char *name, *path; /* path "" = none */
        double cost_eur;
        int32_t n_part;
        const int32_t *part;
        const char *sweep_key, *sweep_unit, *sweep_value; /* "" = not of a sweep */
        double sweep_x;
        double same_share, reused_share;
        int32_t n_changed;
        const struct sv_result_change {
            const char *key, *base, *value;
        } * changed; /* [n_changed] settings that differ from the base */
        sv_lever_result metric[SV_N_METRIC];
        const struct sv_result_lever_region {
            double difference[SV_N_SPLIT_METRIC], se[SV_N_SPLIT_METRIC];
        } * region; /* [n_region] lever - base */
    } * lever;      /* [n_lever] */
    sv_arena *arena;
} sv_results;

/**
 * Read a finished file.
 * @return SV_EIO when it cannot be opened; SV_EDATA with one sentence when it is no results file, of another schema
 *         version, unfinished, or damaged
 * @cost depends on regions, sites and hours, not on seasons (but for the events: one pass over their table)
 */
SV_MUST_USE sv_status sv_results_read(sv_results **results, const char *path, sv_error *err);
void sv_results_free(sv_results **results);

/** Every table and view as one CSV file in a folder, which is made; existing files of these names are replaced.
 *  Unfinished files too. */
SV_MUST_USE sv_status sv_store_export_csv(const char *path, const char *folder, sv_error *err);
/** One NetCDF-4 file in the CF conventions. @return SV_EUSAGE when the program was built without NetCDF */
SV_MUST_USE sv_status sv_store_export_netcdf(const char *path, const char *file, sv_error *err);

#ifdef __cplusplus
}
#endif
#endif
