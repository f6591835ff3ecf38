/* Results files as the JSON of the page: the names and the order of ui/src/data.ts. Numbers are rounded to what can be
 * seen, so that a report is some hundred kB; unknown ones are null. */
#include "number.h"
#include "page.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 7, HOUR_DIGITS = 4 }; /* significant; of statistics, of numbers hour by hour */
enum { LEAST_PLACES = 3 };            /* in a region, for a group of causes of its own */

/* ---- numbers and texts --------------------------------------------------------------------- */

static json_t *number(double value)
{
    if (!isfinite(value))
        return json_null();
    if (value == floor(value) && fabs(value) < 1e15)
        return json_integer((json_int_t)value); /* 0, not 0.0 */
    return json_real(value);
}

/* Rounded through decimal text, so that it is the nearest number that prints as so many digits. */
static json_t *rounded(double value)
{
    char text[40];
    if (!isfinite(value) || value == 0.0)
        return number(value);
    snprintf(text, sizeof text, "%.*e", HOUR_DIGITS - 1, value);
    return number(strtod(text, NULL));
}

/* Bytes that are no UTF-8 become question marks: a name may come from any file. */
static json_t *text(const char *value)
{
    json_t *string = json_string(value);
    if (string != NULL)
        return string;
    size_t n = strlen(value);
    char *plain = malloc(n + 1);
    if (plain == NULL)
        return NULL;
    for (size_t i = 0; i <= n; i++)
        plain[i] = (unsigned char)value[i] < 0x80 ? value[i] : '?';
    string = json_string(plain);
    free(plain);
    return string;
}

/* Where a file lies on somebody's disk is nobody's business in a page for all. */
static const char *file_name(const char *path, bool open_to_all)
{
    const char *slash = strrchr(path, '/');
    return open_to_all && slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value); /* NULL, out of memory, is found when all is printed: the key is missing */
}

/* ---- statistics ---------------------------------------------------------------------------- */

static json_t *stat_json(const sv_summary *s)
{
    json_t *object = json_object();
    set(object, "n", json_integer(s->n));
    set(object, "mean", number(s->mean));
    set(object, "se", number(s->se));
    set(object, "min", number(s->min));
    set(object, "p5", number(s->p5));
    set(object, "p50", number(s->p50));
    set(object, "p95", number(s->p95));
    set(object, "max", number(s->max));
    set(object, "cvar95", number(s->cvar95));
    return object;
}

static json_t *difference_json(double mean, double se)
{
    json_t *object = json_object();
    set(object, "mean", number(mean));
    set(object, "se", number(se));
    return object;
}

static json_t *paired_json(const sv_paired *paired)
{
    json_t *object = difference_json(paired->mean, paired->se);
    set(object, "n", json_integer(paired->n));
    set(object, "share", number(paired->share));
    set(object, "share_se", number(paired->share_se));
    return object;
}

static void set_split(json_t *object, const sv_summary split[SV_N_SPLIT_METRIC])
{
    for (int m = 0; m < SV_N_SPLIT_METRIC; m++)
        set(object, sv_metric_name[m], stat_json(&split[m]));
}

static json_t *band_json(const sv_band *band, int64_t n_h)
{
    json_t *object = json_object(), *part[4] = {json_array(), json_array(), json_array(), json_array()};
    static const char *const name[] = {"mean", "p5", "p50", "p95"};
    for (int64_t t = 0; t < n_h; t++) {
        const float value[] = {band[t].mean, band[t].p5, band[t].p50, band[t].p95};
        for (int i = 0; i < 4; i++)
            json_array_append_new(part[i], rounded((double)value[i]));
    }
    for (int i = 0; i < 4; i++)
        set(object, name[i], part[i]);
    return object;
}

static json_t *course_json(const sv_results *results)
{
    if (results->i_course < 0)
        return json_null();
    json_t *object = json_object(), *shed_mw = json_array(), *people = json_array();
    for (int64_t t = 0; t < results->n_h; t++) {
        json_array_append_new(shed_mw, rounded((double)results->course_shed_mw[t]));
        json_array_append_new(people, rounded((double)results->course_people[t]));
    }
    set(object, "season", json_integer(results->i_course));
    set(object, "shed_mw", shed_mw);
    set(object, "people", people);
    return object;
}

/* ---- the run and its grid ------------------------------------------------------------------ */

/* What a setting says, without the places: lists of sites become their number. */
static json_t *value_json(const char *key, const char *value, bool open_to_all)
{
    if (open_to_all && strcmp(key, "grid") == 0)
        return text(file_name(value, true));
    if (!open_to_all || strncmp(key, "shelters.at", 11) != 0 || strchr(value, '[') == NULL || strcmp(value, "[]") == 0)
        return text(value);
    int n = 1;
    for (const char *c = value; *c != '\0'; c++)
        n += *c == ',';
    return json_sprintf("%d site%s", n, n == 1 ? "" : "s");
}

static json_t *settings_json(const sv_results *results, bool open_to_all)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < results->n_setting; i++) {
        json_t *object = json_object();
        set(object, "key", text(results->setting[i].key));
        set(object, "value", value_json(results->setting[i].key, results->setting[i].value, open_to_all));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *units_json(const sv_results *results)
{
    json_t *units = json_object();
    for (int m = 0; m < SV_N_METRIC; m++) {
        json_t *object = json_object();
        set(object, "unit", text(results->metric_unit[m]));
        set(object, "meaning", text(results->metric_meaning[m]));
        set(units, sv_metric_name[m], object);
    }
    return units;
}

static json_t *days_json(const double *value, int64_t n_h)
{
    json_t *list = json_array();
    for (int64_t day = 0; 24 * day < n_h; day++)
        json_array_append_new(list, rounded(value[day]));
    return list;
}

/* A region with one site has its place: open to all, regions have none. */
static json_t *regions_json(const sv_results *results, bool open_to_all)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < results->n_region; i++) {
        const struct sv_result_region *region = &results->region[i];
        json_t *object = json_object();
        set(object, "id", text(region->id));
        set(object, "name", text(region->name));
        set(object, "zone", text(region->zone));
        set(object, "people", number(region->people));
        set(object, "demand_mw", number(region->demand_mw));
        set(object, "x_km", rounded(open_to_all ? (double)NAN : region->x_km));
        set(object, "y_km", rounded(open_to_all ? (double)NAN : region->y_km));
        set(object, "day_people", days_json(region->day_people, results->n_h));
        set(object, "day_shed_mw", days_json(region->day_shed_mw, results->n_h));
        set_split(object, region->split);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *sites_json(const sv_results *results, bool open_to_all)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < results->n_site && !open_to_all; i++) {
        const struct sv_result_site *site = &results->site[i];
        json_t *object = json_object();
        set(object, "id", text(site->id));
        set(object, "name", text(site->name));
        set(object, "class", text(site->class_));
        set(object, "region", json_integer(site->i_region));
        set(object, "x_km", rounded(site->x_km));
        set(object, "y_km", rounded(site->y_km));
        set(object, "shelter", json_integer(site->shelter));
        set(object, "damaged_share", rounded(site->damaged_share));
        set(object, "dark_h", rounded(site->dark_h));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *lines_json(const sv_results *results, bool open_to_all)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < results->n_line && !open_to_all; i++) {
        json_t *object = json_object();
        set(object, "from", json_integer(results->line[i].i_from));
        set(object, "to", json_integer(results->line[i].i_to));
        set(object, "kv", number(results->line[i].vn_kv));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *grid_json(const sv_results *results)
{
    double demand_mw = 0.0;
    for (int32_t i = 0; i < results->n_region; i++)
        demand_mw += results->region[i].demand_mw;
    json_t *object = json_object();
    set(object, "name", text(results->grid_name));
    set(object, "fingerprint", text(results->fingerprint));
    set(object, "people", number(results->people));
    set(object, "demand_mw", number(demand_mw));
    return object;
}

/* ---- causes and events --------------------------------------------------------------------- */

static void add_cause(json_t *list, int32_t i_region, const char *class_, const char *cause, double mwh)
{
    json_t *object = json_object();
    set(object, "region", json_integer(i_region));
    set(object, "class", text(class_));
    set(object, "cause", text(cause));
    set(object, "mwh", number(mwh));
    json_array_append_new(list, object);
}

/* Groups of fewer than LEAST_PLACES places would name them: they go into one sum a class and cause, without a region. The
 * page is no list of places (docs/MISUSE.md). */
static json_t *causes_json(const sv_results *results)
{
    json_t *list = json_array();
    double small[SV_N_UNIT_CLASS][SV_N_CAUSE] = {{0.0}};
    for (int32_t i = 0; i < results->n_cause; i++) {
        const struct sv_result_cause *of = &results->cause[i];
        if (of->n_place >= LEAST_PLACES) {
            add_cause(list, of->i_region, of->class_, of->cause, of->mwh);
            continue;
        }
        for (int c = 0; c < SV_N_UNIT_CLASS; c++)
            for (int k = 0; k < SV_N_CAUSE; k++)
                if (strcmp(of->class_, sv_unit_class_name[c]) == 0 && strcmp(of->cause, sv_cause_name[k]) == 0)
                    small[c][k] += of->mwh;
    }
    for (int c = 0; c < SV_N_UNIT_CLASS; c++)
        for (int k = 0; k < SV_N_CAUSE; k++)
            if (small[c][k] > 0.0)
                add_cause(list, -1, sv_unit_class_name[c], sv_cause_name[k], small[c][k]);
    return list;
}

static json_t *events_json(const sv_results *results)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < results->n_event; i++) {
        const struct sv_result_event *event = &results->event[i];
        json_t *object = json_object();
        set(object, "season", json_integer(event->i_season));
        set(object, "start_h", json_integer(event->start_h));
        set(object, "length_h", json_integer(event->length_h));
        set(object, "people", number(event->people));
        set(object, "energy_mwh", number(event->energy_mwh));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *lengths_json(const sv_results *results)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < results->n_length; i++) {
        const struct sv_result_length *length = &results->length[i];
        json_t *object = json_object();
        set(object, "from_h", json_integer(length->from_h));
        set(object, "to_h", length->to_h == INT64_MAX ? json_null() : json_integer(length->to_h));
        set(object, "per_season", number(length->n_per_season));
        json_array_append_new(list, object);
    }
    return list;
}

/* ---- levers -------------------------------------------------------------------------------- */

static json_t *sweep_json(const struct sv_result_lever *lever)
{
    if (lever->sweep_key[0] == '\0')
        return json_null();
    json_t *object = json_object();
    set(object, "key", text(lever->sweep_key));
    set(object, "unit", text(lever->sweep_unit));
    set(object, "value", text(lever->sweep_value));
    set(object, "x", number(lever->sweep_x));
    return object;
}

static json_t *changed_json(const struct sv_result_lever *lever, bool open_to_all)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < lever->n_changed; i++) {
        const struct sv_result_change *change = &lever->changed[i];
        json_t *object = json_object();
        set(object, "key", text(change->key));
        set(object, "base", value_json(change->key, change->base, open_to_all));
        set(object, "value", value_json(change->key, change->value, open_to_all));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *lever_metrics_json(const struct sv_result_lever *lever)
{
    json_t *metrics = json_object();
    for (int m = 0; m < SV_N_METRIC; m++) {
        const sv_lever_result *of = &lever->metric[m];
        json_t *object = json_object();
        set(object, "mean", number(of->mean));
        set(object, "se", number(of->se));
        set(object, "p50", number(of->p50));
        set(object, "p95", number(of->p95));
        set(object, "difference", paired_json(&of->difference));
        set(object, "contrast", paired_json(&of->contrast));
        set(metrics, sv_metric_name[m], object);
    }
    return metrics;
}

static json_t *lever_json(const sv_results *results, const struct sv_result_lever *lever, bool open_to_all)
{
    json_t *object = json_object(), *parts = json_array(), *regions = json_array();
    for (int32_t p = 0; p < lever->n_part; p++)
        json_array_append_new(parts, json_integer(lever->part[p]));
    for (int32_t r = 0; r < results->n_region; r++) {
        json_t *region = json_object();
        for (int m = 0; m < SV_N_SPLIT_METRIC; m++)
            set(region, sv_metric_name[m], difference_json(lever->region[r].difference[m], lever->region[r].se[m]));
        json_array_append_new(regions, region);
    }
    set(object, "name", text(lever->name));
    set(object, "path", text(file_name(lever->path, open_to_all)));
    set(object, "cost_eur", number(lever->cost_eur));
    set(object, "parts", parts);
    set(object, "sweep", sweep_json(lever));
    set(object, "same_share", rounded(lever->same_share));
    set(object, "changed", changed_json(lever, open_to_all));
    set(object, "metrics", lever_metrics_json(lever));
    set(object, "regions", regions);
    return object;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void set_head(json_t *object, const sv_page_run *run, bool open_to_all)
{
    const sv_results *results = run->results;
    int64_t t0_h = 0;
    (void)sv_date_parse(results->first_hour, &t0_h); /* the reader saw to it */
    set(object, "file", text(file_name(run->path, true)));
    set(object, "version", text(results->version));
    set(object, "scenario", text(results->scenario_name));
    set(object, "scenario_file", text(file_name(results->scenario_path, open_to_all)));
    set(object, "noun", text(sv_season_noun(t0_h, results->n_h)));
    set(object, "grid", grid_json(results));
    set(object, "seed", text(results->seed));
    set(object, "first_hour", text(results->first_hour));
    set(object, "hours", json_integer(results->n_h));
    set(object, "seasons", json_integer(results->n_season));
    set(object, "seasons_failed", json_integer(results->n_failed));
    set(object, "stopped", json_boolean(results->stopped));
    set(object, "converged", json_boolean(results->converged));
    set(object, "seconds", rounded(results->seconds));
}

static json_t *run_json(const sv_page_run *run, bool open_to_all)
{
    const sv_results *results = run->results;
    json_t *object = json_object(), *country = json_object(), *classes = json_object(), *levers = json_array();
    for (int m = 0; m < SV_N_METRIC; m++)
        set(country, sv_metric_name[m], stat_json(&results->country[m]));
    for (int c = 0; c < SV_N_CLASS; c++) {
        json_t *split = json_object();
        set_split(split, results->class_[c]);
        set(classes, sv_class_name[c], split);
    }
    for (int32_t k = 0; k < results->n_lever; k++)
        json_array_append_new(levers, lever_json(results, &results->lever[k], open_to_all));
    set_head(object, run, open_to_all);
    set(object, "settings", settings_json(results, open_to_all));
    set(object, "units", units_json(results));
    set(object, "country", country);
    set(object, "classes", classes);
    set(object, "regions", regions_json(results, open_to_all));
    set(object, "sites", sites_json(results, open_to_all));
    set(object, "lines", lines_json(results, open_to_all));
    set(object, "shed_mw", band_json(results->shed_mw, results->n_h));
    set(object, "people_off", band_json(results->people_off, results->n_h));
    set(object, "course", course_json(results));
    set(object, "causes", causes_json(results));
    set(object, "unexplained_mwh", number(results->unexplained_mwh));
    set(object, "events", events_json(results));
    set(object, "event_lengths", lengths_json(results));
    set(object, "levers", levers);
    return object;
}

/* A `<` stands in strings only; escaped, no text can end the script element. */
static char *escaped(const char *dump)
{
    size_t n = 0, k = 0;
    for (const char *c = dump; *c != '\0'; c++)
        n += *c == '<' ? 6 : 1;
    char *safe = malloc(n + 1);
    for (const char *c = dump; safe != NULL && *c != '\0'; c++) {
        if (*c == '<') {
            memcpy(safe + k, "\\u003c", 6);
            k += 6;
        } else {
            safe[k++] = *c;
        }
    }
    if (safe != NULL)
        safe[k] = '\0';
    return safe;
}

sv_status sv_page_json(int32_t n_run, const sv_page_run *run, bool open_to_all, char **text_out, sv_error *err)
{
    json_t *root = json_object(), *runs = json_array();
    for (int32_t i = 0; i < n_run; i++)
        json_array_append_new(runs, run_json(&run[i], open_to_all));
    set(root, "version", json_string(SV_VERSION));
    set(root, "runs", runs);
    char *dump = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
    json_decref(root);
    *text_out = dump != NULL ? escaped(dump) : NULL;
    free(dump);
    return *text_out != NULL ? SV_OK : sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory while writing JSON");
}
