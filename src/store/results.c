/* A finished file read back for reports, every value checked. Statistics stand ready in the file, so that the cost is that
 * of regions, sites and hours; only the events are gone through once. */
#include "results.h"

#include <math.h>
#include <string.h>

enum { N_SCOPE = 3 };

/* ---- small helps --------------------------------------------------------------------------- */

void *sv_reader_take(sv_reader *reader, int64_t n, size_t size)
{
    void *memory = reader->status == SV_OK && n >= 0 ? sv_arena_take(reader->arena, (size_t)n, size) : NULL;
    if (memory == NULL && reader->status == SV_OK)
        reader->status = sv_error_set(reader->err, SV_ENOMEM, reader->file, 0, "cannot be read: out of memory");
    return memory;
}

int32_t sv_reader_rows(sv_reader *reader, const char *table)
{
    char sql[64];
    sqlite3_snprintf(sizeof sql, sql, "SELECT count(*) FROM %s", table);
    int64_t n = sv_reader_count(reader, table, sql);
    if (n > INT32_MAX)
        sv_reader_damaged(reader, "table %s has %lld rows", table, (long long)n);
    return reader->status == SV_OK ? (int32_t)n : 0;
}

static void check_rows(sv_reader *reader, const char *table, int64_t expected)
{
    int64_t n = sv_reader_rows(reader, table);
    if (reader->status == SV_OK && n != expected)
        sv_reader_damaged(reader, "table %s has %lld rows, accepted: %lld", table, (long long)n, (long long)expected);
}

sv_summary sv_query_summary(sv_query *query, int first)
{
    sv_summary s = {.n = sv_query_whole(query, first, 0, INT64_MAX)};
    double *const place[] = {&s.mean, &s.se, &s.min, &s.max, &s.p5, &s.p50, &s.p95, &s.cvar95};
    for (int i = 0; i < 8; i++)
        *place[i] = sv_query_real(query, first + 1 + i);
    return s;
}

sv_metric sv_query_metric(sv_query *query, int i, int32_t n)
{
    return (sv_metric)sv_query_name(query, i, sv_metric_name, n);
}

/* A number that is always there. */
static double known(sv_query *query, int i)
{
    double value = sv_query_real(query, i);
    if (isnan(value))
        sv_reader_damaged(query->reader, "table %s, column %s: a number is missing", query->what,
                          sqlite3_column_name(query->statement, i));
    return value;
}

static const char *name_or_id(const char *name, const char *id)
{
    return name[0] != '\0' ? name : id;
}

/* ---- the run and its settings -------------------------------------------------------------- */

static void read_run(sv_reader *reader, sv_results *results)
{
    sv_query query = sv_query_begin(reader, "run",
                                    "SELECT complete, version, scenario_name, grid_name, grid_fingerprint, seed, "
                                    "first_hour, n_h, n_season, n_failed, seconds, stopped, converged, i_course, "
                                    "scenario_path "
                                    "FROM run");
    if (!sv_query_next(&query)) {
        sv_reader_damaged(reader, "table run has no row");
    } else if (sv_query_whole(&query, 0, 0, 1) == 0 && reader->status == SV_OK) {
        reader->status = sv_error_set(reader->err, SV_EDATA, reader->file, 0,
                                      "is unfinished: its run goes on, or was broken off; accepted: a finished file "
                                      "(svitlo run --resume goes on with it)");
    } else {
        results->version = sv_query_text(&query, 1);
        results->scenario_name = sv_query_text(&query, 2);
        results->grid_name = sv_query_text(&query, 3);
        results->fingerprint = sv_query_text(&query, 4);
        results->seed = sv_query_text(&query, 5);
        results->first_hour = sv_query_text(&query, 6);
        results->n_h = sv_query_whole(&query, 7, 1, INT64_MAX);
        results->n_season = sv_query_whole(&query, 8, 0, INT64_MAX);
        results->n_failed = sv_query_whole(&query, 9, 0, results->n_season);
        results->seconds = sv_query_real(&query, 10);
        results->stopped = sv_query_whole(&query, 11, 0, 1) == 1;
        results->converged = sv_query_whole(&query, 12, 0, 1) == 1;
        results->i_course = sv_query_null(&query, 13) ? -1 : sv_query_whole(&query, 13, 0, INT64_MAX);
        results->scenario_path = sv_query_text(&query, 14);
        int64_t t_h;
        if (reader->status == SV_OK && !sv_date_parse(results->first_hour, &t_h))
            sv_reader_damaged(reader, "table run: the first hour is '%.40s'", results->first_hour);
        if (sv_query_next(&query))
            sv_reader_damaged(reader, "table run has more than one row");
    }
    sv_query_end(&query);
}

static void read_settings(sv_reader *reader, sv_results *results)
{
    results->n_setting = sv_reader_rows(reader, "setting");
    struct sv_result_setting *all = SV_READER_TAKE(reader, results->n_setting, struct sv_result_setting);
    sv_query query = sv_query_begin(reader, "setting", "SELECT key, value FROM setting ORDER BY rowid");
    for (int32_t i = 0; i < results->n_setting && sv_query_next(&query); i++)
        all[i] = (struct sv_result_setting){sv_query_text(&query, 0), sv_query_text(&query, 1)};
    sv_query_end(&query);
    results->setting = all;
}

static void read_metrics(sv_reader *reader, sv_results *results)
{
    check_rows(reader, "metric", SV_N_METRIC);
    sv_query query = sv_query_begin(reader, "metric", "SELECT name, unit, meaning FROM metric");
    while (sv_query_next(&query)) {
        sv_metric m = sv_query_metric(&query, 0, SV_N_METRIC); /* names are unique */
        results->metric_unit[m] = sv_query_text(&query, 1);
        results->metric_meaning[m] = sv_query_text(&query, 2);
    }
    sv_query_end(&query);
}

/* ---- the grid ------------------------------------------------------------------------------ */

static struct sv_result_region *read_regions(sv_reader *reader, sv_results *results)
{
    results->n_region = sv_reader_rows(reader, "region");
    struct sv_result_region *all = SV_READER_TAKE(reader, results->n_region, struct sv_result_region);
    sv_query query = sv_query_begin(reader, "region",
                                    "SELECT i_region, id, name, zone, people, demand_mw, x_km, y_km FROM region "
                                    "ORDER BY i_region");
    for (int32_t i = 0; i < results->n_region && sv_query_next(&query); i++) {
        (void)sv_query_whole(&query, 0, i, i);
        all[i].id = sv_query_text(&query, 1);
        all[i].name = name_or_id(sv_query_text(&query, 2), all[i].id);
        all[i].zone = sv_zone_name[sv_query_name(&query, 3, sv_zone_name, SV_N_ZONE)];
        all[i].people = known(&query, 4);
        all[i].demand_mw = known(&query, 5);
        all[i].x_km = sv_query_real(&query, 6);
        all[i].y_km = sv_query_real(&query, 7);
        results->people += all[i].people;
    }
    sv_query_end(&query);
    results->region = all;
    return all;
}

/* After the hours, whose number is then known to be real. */
static void read_region_days(sv_reader *reader, sv_results *results, struct sv_result_region *region)
{
    int64_t n_day = (results->n_h + 23) / 24;
    if (reader->status != SV_OK)
        return;
    check_rows(reader, "region_day", n_day * results->n_region);
    double *shed_mw = SV_READER_TAKE(reader, n_day * results->n_region, double);
    double *people = SV_READER_TAKE(reader, n_day * results->n_region, double);
    sv_query query = sv_query_begin(reader, "region_day",
                                    "SELECT i_region, day, shed_mw, people FROM region_day ORDER BY i_region, day");
    for (int64_t i = 0; i < n_day * results->n_region && sv_query_next(&query); i++) {
        (void)sv_query_whole(&query, 0, i / n_day, i / n_day);
        (void)sv_query_whole(&query, 1, i % n_day, i % n_day);
        if (reader->status != SV_OK)
            break;
        shed_mw[i] = sv_query_real(&query, 2);
        people[i] = sv_query_real(&query, 3);
    }
    sv_query_end(&query);
    for (int32_t r = 0; r < results->n_region && reader->status == SV_OK; r++) {
        region[r].day_shed_mw = &shed_mw[r * n_day];
        region[r].day_people = &people[r * n_day];
    }
}

static void read_sites(sv_reader *reader, sv_results *results)
{
    results->n_site = sv_reader_rows(reader, "site");
    check_rows(reader, "site_total", results->n_site);
    double n = results->country[SV_M_EENS_MWH].n > 0 ? (double)results->country[SV_M_EENS_MWH].n : (double)NAN;
    struct sv_result_site *all = SV_READER_TAKE(reader, results->n_site, struct sv_result_site);
    sv_query query = sv_query_begin(reader, "site",
                                    "SELECT i_site, id, name, class, i_region, shelter, x_km, y_km, "
                                    "n_season_damaged, dark_h FROM site LEFT JOIN site_total USING (i_site) "
                                    "ORDER BY i_site");
    for (int32_t i = 0; i < results->n_site && sv_query_next(&query); i++) {
        (void)sv_query_whole(&query, 0, i, i);
        all[i].id = sv_query_text(&query, 1);
        all[i].name = name_or_id(sv_query_text(&query, 2), all[i].id);
        all[i].class_ = sv_site_class_name[sv_query_name(&query, 3, sv_site_class_name, SV_N_SITE_CLASS)];
        all[i].i_region =
            sv_query_null(&query, 4) ? -1 : (int32_t)sv_query_whole(&query, 4, 0, (int64_t)results->n_region - 1);
        all[i].shelter = (int32_t)sv_query_whole(&query, 5, 0, 3);
        all[i].x_km = sv_query_real(&query, 6);
        all[i].y_km = sv_query_real(&query, 7);
        all[i].damaged_share = (double)sv_query_whole(&query, 8, 0, INT64_MAX) / n;
        all[i].dark_h = known(&query, 9) / n;
    }
    sv_query_end(&query);
    results->site = all;
}

static void read_lines(sv_reader *reader, sv_results *results)
{
    results->n_line = sv_reader_rows(reader, "line");
    struct sv_result_line *all = SV_READER_TAKE(reader, results->n_line, struct sv_result_line);
    sv_query query = sv_query_begin(reader, "line", "SELECT i_from_site, i_to_site, vn_kv FROM line ORDER BY i_line");
    for (int32_t i = 0; i < results->n_line && sv_query_next(&query); i++) {
        all[i].i_from = (int32_t)sv_query_whole(&query, 0, 0, (int64_t)results->n_site - 1);
        all[i].i_to = (int32_t)sv_query_whole(&query, 1, 0, (int64_t)results->n_site - 1);
        all[i].vn_kv = known(&query, 2);
    }
    sv_query_end(&query);
    results->line = all;
}

/* ---- statistics ---------------------------------------------------------------------------- */

/* As many rows as there are places, and no two for the same (summary_of is unique): so every place is filled. */
static void read_summaries(sv_reader *reader, sv_results *results, struct sv_result_region *region)
{
    static const char *const scope_name[N_SCOPE] = {"country", "region", "class"};
    check_rows(reader, "summary", SV_N_METRIC + SV_N_SPLIT_METRIC * ((int64_t)results->n_region + SV_N_CLASS));
    int64_t n[N_SCOPE] = {0};
    sv_query query = sv_query_begin(reader, "summary",
                                    "SELECT metric, scope, i_region, class, n, mean, se, min, max, p5, p50, p95, "
                                    "cvar95 FROM summary ORDER BY rowid");
    while (sv_query_next(&query)) {
        int32_t scope = sv_query_name(&query, 1, scope_name, N_SCOPE);
        sv_metric m = sv_query_metric(&query, 0, scope == 0 ? SV_N_METRIC : SV_N_SPLIT_METRIC);
        sv_summary s = sv_query_summary(&query, 4);
        n[scope]++;
        if (scope == 0) {
            results->country[m] = s;
        } else if (scope == 2) {
            results->class_[sv_query_name(&query, 3, sv_class_name, SV_N_CLASS)][m] = s;
        } else {
            int64_t r = sv_query_whole(&query, 2, 0, (int64_t)results->n_region - 1);
            if (reader->status == SV_OK)
                region[r].split[m] = s;
        }
    }
    sv_query_end(&query);
    if (reader->status == SV_OK && (n[0] != SV_N_METRIC || n[2] != SV_N_SPLIT_METRIC * SV_N_CLASS))
        sv_reader_damaged(reader, "table summary: some scopes have too many rows, some too few");
}

static sv_band read_band(sv_query *query, int first)
{
    return (sv_band){(float)sv_query_real(query, first), (float)sv_query_real(query, first + 1),
                     (float)sv_query_real(query, first + 2), (float)sv_query_real(query, first + 3)};
}

static void read_hours(sv_reader *reader, sv_results *results)
{
    check_rows(reader, "hour", results->n_h);
    sv_band *shed_mw = SV_READER_TAKE(reader, results->n_h, sv_band);
    sv_band *people = SV_READER_TAKE(reader, results->n_h, sv_band);
    sv_query query = sv_query_begin(reader, "hour",
                                    "SELECT t_h, shed_mw_mean, shed_mw_p5, shed_mw_p50, shed_mw_p95, people_mean, "
                                    "people_p5, people_p50, people_p95 FROM hour ORDER BY t_h");
    for (int64_t t = 0; t < results->n_h && sv_query_next(&query); t++) {
        (void)sv_query_whole(&query, 0, t, t);
        shed_mw[t] = read_band(&query, 1);
        people[t] = read_band(&query, 5);
    }
    sv_query_end(&query);
    results->shed_mw = shed_mw;
    results->people_off = people;
}

static void read_course(sv_reader *reader, sv_results *results)
{
    check_rows(reader, "course", results->i_course < 0 ? 0 : results->n_h);
    if (results->i_course < 0 || reader->status != SV_OK)
        return;
    float *shed_mw = SV_READER_TAKE(reader, results->n_h, float);
    float *people = SV_READER_TAKE(reader, results->n_h, float);
    sv_query query = sv_query_begin(reader, "course", "SELECT t_h, shed_mw, people FROM course ORDER BY t_h");
    for (int64_t t = 0; t < results->n_h && sv_query_next(&query); t++) {
        (void)sv_query_whole(&query, 0, t, t);
        shed_mw[t] = (float)known(&query, 1);
        people[t] = (float)known(&query, 2);
    }
    sv_query_end(&query);
    results->course_shed_mw = shed_mw;
    results->course_people = people;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void read_all(sv_reader *reader, sv_results *results)
{
    read_run(reader, results);
    read_settings(reader, results);
    read_metrics(reader, results);
    struct sv_result_region *region = read_regions(reader, results);
    read_summaries(reader, results, region);
    read_sites(reader, results);
    read_lines(reader, results);
    read_hours(reader, results);
    read_region_days(reader, results, region);
    read_course(reader, results);
    sv_results_read_causes(reader, results);
    sv_results_read_events(reader, results);
    sv_results_read_levers(reader, results);
}

sv_status sv_results_read(sv_results **results, const char *path, sv_error *err)
{
    *results = NULL;
    sv_arena *arena = sv_arena_new();
    sv_results *self = arena != NULL ? SV_TAKE(arena, 1, sv_results) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, path, 0, "cannot be read: out of memory");
    }
    self->arena = arena;
    sv_reader reader;
    if (sv_reader_open(&reader, path, err) == SV_OK) {
        reader.arena = arena;
        /* One transaction: a run that is resumed or replaced meanwhile changes nothing in what is read. */
        if (sqlite3_exec(reader.db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
            sv_reader_fail(&reader);
        else if (sv_reader_check_schema(&reader) == SV_OK)
            read_all(&reader, self);
    }
    sv_reader_close(&reader);
    if (reader.status != SV_OK)
        sv_results_free(&self);
    *results = self;
    return reader.status;
}

void sv_results_free(sv_results **results)
{
    if (*results != NULL)
        sv_arena_free((*results)->arena);
    *results = NULL;
}
