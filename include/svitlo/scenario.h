/* scenario: one readable YAML file -> settings. One schema table gives type, unit, default, range and help of every key;
 * it feeds the reader, --set, the messages, `svitlo help scenario` and docs/scenario.md. */
#ifndef SVITLO_SCENARIO_H
#define SVITLO_SCENARIO_H

#include "svitlo/study.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One line of what a lever costs. */
typedef struct {
    const char *what; /* NULL = the only one, without a name */
    double eur;
} sv_cost;

typedef struct sv_scenario {
    const char *name;      /* as the file says, else the file's own name without folder and ending */
    const char *path;      /* the file it came from */
    const char *grid_path; /* ready to open: the file's own is seen from its folder, one of --set from the current one;
                              NULL = none is named */
    bool has_season;       /* false: season.t0_h and n_h are to be taken from the grid's series */
    sv_season_settings season;
    sv_study_settings study; /* that flags may override: seasons, seed, until */
    const char *base_path;   /* of a lever: its base, ready to open; else NULL */
    int32_t n_cost;          /* of a lever; 0 = no cost is named */
    const sv_cost *cost;     /* [n_cost] */
    sv_arena *arena;
} sv_scenario;

/**
 * Read a scenario, then apply overrides in order. Every value is typed by the schema, never by YAML's guess: decimal
 * numbers, each quantity with its unit. Anchors, aliases, tags, directives, a second document and files above 256 kB
 * are refused.
 * @param[out] scenario  NULL on failure
 * @param[in]  path      UTF-8, YAML 1.2, a map; keys nested or with dots (`demand.scale: 1.1`)
 * @param[in]  set       [n_set] `key=value`; the value of a list or map is YAML in flow style, a map changes the keys it
 *                       names
 * @return SV_OK; SV_EIO; SV_EUSAGE with `file:line:column: ` (or `--set key=value: `) what was found, what is accepted,
 *         the nearest known key; SV_ENOMEM
 */
SV_MUST_USE sv_status sv_scenario_read(sv_scenario **scenario, const char *path, const char *const *set, int32_t n_set,
                                       sv_error *err);
/** The same from memory, n bytes (no zero needed); name stands for the path. */
SV_MUST_USE sv_status sv_scenario_parse(sv_scenario **scenario, const char *name, const char *text, size_t n,
                                        const char *const *set, int32_t n_set, sv_error *err);
void sv_scenario_free(sv_scenario **scenario);

/**
 * Read a base, apply overrides to it, then the levers in order: what a comparison runs. Levers that set the same key are
 * refused; what they `add` adds up, and so do their costs, unless one names none. With several, the name is theirs with " + " between.
 * @param[in] lever_path  [n_lever] each a lever of that base
 * @return as sv_scenario_read; SV_EUSAGE when a file is no lever or a lever of another base
 */
SV_MUST_USE sv_status sv_scenario_read_lever(sv_scenario **scenario, const char *base_path, const char *const *set,
                                             int32_t n_set, const char *const *lever_path, int32_t n_lever,
                                             sv_error *err);
/** Sum of the costs, EUR; NAN when none is named. */
double sv_scenario_cost_eur(const sv_scenario *scenario);

/** The values of one key from A to B. */
typedef struct {
    const char *key;
    const char *unit; /* of x: "MW", "%", "" for plain numbers, "date" with x in hours since 1970 */
    int32_t n;
    const double *x;          /* [n] ascending, in that unit */
    const char *const *value; /* [n] as the key reads them: "2027-01-01", "500 MW" */
    sv_arena *arena;
} sv_sweep;

/**
 * Read `key=A..B/STEP`, as `ceasefire.from=2026-12-01..2027-03-01/7d` or `imports.limit=0 GW..3 GW/500 MW`: A, A + STEP,
 * ... up to B. The key is one number or date.
 * @return SV_EUSAGE with `--vary key=...: ` what is wrong; also for a sweep of nothing or of more than 100 values
 */
SV_MUST_USE sv_status sv_sweep_read(sv_sweep **sweep, const char *text, sv_error *err);
void sv_sweep_free(sv_sweep **sweep);

/** One variant of a comparison, as the program and the results file know it. All borrowed. */
typedef struct {
    const sv_scenario *scenario; /* base and lever together */
    const char *path;            /* of the lever's file, NULL = combined or of a sweep */
    int32_t n_part;              /* a combination: its parts, by their place in the list of levers */
    const int32_t *part;         /* [n_part] */
    const sv_sweep *sweep;       /* NULL = none; else this is its value i_sweep */
    int32_t i_sweep;
} sv_lever;

/** Called once a key. `key: value` lines of a visit are a scenario that reads back as the same settings. */
typedef void (*sv_setting_visit)(void *context, const char *key, const char *value);
/** Every setting with its unit, in the order of the schema: what the store keeps. Left out: season.to, which season.hours
 *  replaces, and a grid that is not named. */
void sv_scenario_settings(const sv_scenario *scenario, sv_setting_visit visit, void *context);

/* ---- the schema, for help and docs ------------------------------------------------------------- */

enum { SV_KEY_TEXT = 200 }; /* longest key, with its zero byte */

/** One key. Those with names of classes in them (`repair.line.slight`) share a pattern (`repair.UNIT.slight`) and stand
 *  together, name by name. */
typedef struct {
    const char *key;     /* "waves.size.median" */
    const char *pattern; /* the key itself, or with a capital word in the place of the name */
    const char *section; /* "Demand": the same pointer for all keys of a section */
    const char *unit;    /* "h, d, weeks", the first as it is written; "" = none */
    const char *initial; /* default as text, "" = none */
    const char *range;   /* what is accepted: "0 to 100 %" */
    const char *help;    /* one line */
} sv_setting_doc;

typedef struct {
    int32_t n;
    const sv_setting_doc *doc; /* [n] */
    sv_arena *arena;
} sv_schema;

SV_MUST_USE sv_status sv_schema_new(sv_schema **schema, sv_error *err);
void sv_schema_free(sv_schema **schema);

/** The key or group of keys that a wrong one was probably meant to be. @return false when none is near */
bool sv_scenario_nearest(const char *key, char nearest[SV_KEY_TEXT]);

#ifdef __cplusplus
}
#endif
#endif
