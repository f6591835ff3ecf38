/* Reading back for reports: the same numbers as the study's; a file with anything wrong in it is refused with a sentence or
 * read, never a crash. CSV and NetCDF files are looked at by tests/cli/export.sh. */
#include <sys/stat.h>

#include "dump.h"

static void same(double a, double b)
{
    assert_true(a == b || (isnan(a) && isnan(b)));
}

static void same_summary(const sv_summary *a, const sv_summary *b)
{
    assert_true(a->n == b->n);
    same(a->mean, b->mean);
    same(a->se, b->se);
    same(a->min, b->min);
    same(a->max, b->max);
    same(a->p5, b->p5);
    same(a->p50, b->p50);
    same(a->p95, b->p95);
    same(a->cvar95, b->cvar95);
}

static sv_results *read_back(const char *path)
{
    sv_results *results = NULL;
    sv_error err = {0};
    if (sv_results_read(&results, path, &err) != SV_OK)
        fail_msg("%s", err.text);
    return results;
}

/* ---- the same numbers ---------------------------------------------------------------------- */

static void run_and_grid_come_back(void **unused)
{
    (void)unused;
    const char *path = in_folder("results.db");
    sv_study *study = run_into(path, 10);
    sv_results *results = read_back(path);
    assert_string_equal(results->version, SV_VERSION);
    assert_string_equal(results->scenario_name, scenario->name);
    assert_string_equal(results->grid_name, "two regions");
    assert_string_equal(results->seed, "18446744073709551615");
    assert_string_equal(results->first_hour, "2026-11-01 00:00");
    assert_true(results->n_season == N_SEASON && results->n_failed == 13 && results->n_h == N_H);
    assert_true(results->n_setting > 100 && !results->stopped && !results->converged);
    assert_string_equal(results->metric_unit[SV_M_EENS_MWH], "MWh");
    assert_true(results->n_region == 2 && results->n_site == 3 && results->people == 75000.0);
    assert_string_equal(results->region[1].id, "south");
    assert_string_equal(results->region[1].name, "south"); /* the id stands for a name that is missing */
    assert_string_equal(results->region[1].zone, "front");
    assert_true(results->site[2].i_region == 1 && results->site[2].y_km == -2.0);
    assert_int_equal(results->n_line, 2);
    assert_true(results->line[0].i_from == 0 && results->line[0].i_to == 1 && results->line[0].vn_kv == 110.0);
    assert_true(results->line[1].i_from == 1 && results->line[1].i_to == 2);
    sv_results_free(&results);
    assert_null(results);
    sv_results_free(&results);
    sv_study_free(&study);
}

static void check_sites_and_causes(const sv_results *results, const sv_study *study)
{
    double n = (double)results->country[0].n, sum = results->unexplained_mwh;
    for (int32_t i = 0; i < results->n_site; i++) {
        int64_t n_season_damaged;
        double dark_h;
        sv_study_site(study, i, NULL, NULL, &n_season_damaged, &dark_h);
        same(results->site[i].damaged_share, (double)n_season_damaged / n);
        same(results->site[i].dark_h, dark_h / n);
    }
    assert_int_equal(results->n_cause, 2 * SV_N_UNIT_CLASS * SV_N_CAUSE);
    for (int32_t i = 0; i < results->n_cause; i++) {
        int32_t c = i / SV_N_CAUSE % SV_N_UNIT_CLASS, k = i % SV_N_CAUSE;
        assert_int_equal(results->cause[i].i_region, i / (SV_N_CAUSE * SV_N_UNIT_CLASS));
        assert_string_equal(results->cause[i].class_, sv_unit_class_name[c]);
        assert_string_equal(results->cause[i].cause, sv_cause_name[k]);
        same(results->cause[i].mwh,
             sv_study_cause_mwh(study, results->cause[i].i_region, (sv_unit_class)c, (sv_cause)k));
        sum += results->cause[i].mwh;
    }
    assert_true(fabs(sum / results->country[SV_M_EENS_MWH].mean - 1.0) < 1e-12);
}

static void check_events(const sv_results *results)
{
    assert_true(results->n_event == 20 && results->n_length == 8);
    for (int32_t i = 1; i < results->n_event; i++)
        assert_true(results->event[i].energy_mwh <= results->event[i - 1].energy_mwh);
    for (int32_t i = 0; i < results->n_event; i++)
        assert_true(results->event[i].i_season % 10 != 1); /* those failed */
    /* the fakes have one of 1 h, one of 2 h, one of 3 h in each season */
    assert_true(results->length[0].to_h == 2 && results->length[0].n_per_season == 1.0);
    assert_true(results->length[1].n_per_season == 2.0 && results->length[2].n_per_season == 0.0);
    assert_true(results->length[7].from_h == 720 && results->length[7].to_h == INT64_MAX);
}

static void statistics_come_back(void **unused)
{
    (void)unused;
    const char *path = in_folder("results.db");
    sv_study *study = run_into(path, 10);
    sv_results *results = read_back(path);
    sv_summary s;
    for (int32_t m = 0; m < SV_N_METRIC; m++) {
        sv_study_summary(study, (sv_metric)m, &s);
        same_summary(&results->country[m], &s);
    }
    for (int32_t m = 0; m < SV_N_SPLIT_METRIC; m++) {
        for (int32_t r = 0; r < results->n_region; r++) {
            sv_study_region_summary(study, r, (sv_metric)m, &s);
            same_summary(&results->region[r].split[m], &s);
        }
        for (int32_t c = 0; c < SV_N_CLASS; c++) {
            sv_study_class_summary(study, (sv_class)c, (sv_metric)m, &s);
            same_summary(&results->class_[c][m], &s);
        }
    }
    const float *shed_mw, *people;
    for (int32_t r = 0; r < results->n_region; r++) {
        double shed_mw_0, people_0;
        sv_study_region_day(study, r, 0, &shed_mw_0, &people_0);
        same(results->region[r].day_shed_mw[0], shed_mw_0);
        same(results->region[r].day_people[0], people_0);
    }
    assert_true(results->i_course == sv_study_course(study, &shed_mw, &people));
    for (int64_t t = 0; t < N_H; t++) {
        sv_band mw, off;
        sv_study_hour(study, t, &mw, &off);
        assert_memory_equal(&results->shed_mw[t], &mw, sizeof mw);
        assert_memory_equal(&results->people_off[t], &off, sizeof off);
        assert_true(results->course_shed_mw[t] == shed_mw[t] && results->course_people[t] == people[t]);
    }
    check_sites_and_causes(results, study);
    check_events(results);
    sv_results_free(&results);
    sv_study_free(&study);
}

static void same_paired(const sv_paired *read, const sv_paired *known)
{
    same(read->mean, known->mean);
    same(read->se, known->se);
    same(read->share, known->share);
    same(read->share_se, known->share_se);
}

static void check_lever(const sv_results *results, const sv_study *study, int32_t k)
{
    const struct sv_result_lever *of = &results->lever[k];
    double same_share, reused_share;
    sv_study_lever_shared(study, k, &same_share, &reused_share);
    same(of->same_share, same_share);
    same(of->reused_share, reused_share);
    for (int32_t m = 0; m < SV_N_METRIC; m++) {
        sv_summary s;
        sv_paired difference, contrast;
        sv_study_lever_summary(study, k, (sv_metric)m, &s, &difference, &contrast);
        same(of->metric[m].mean, s.mean);
        same(of->metric[m].se, s.se);
        same(of->metric[m].p50, s.p50);
        same(of->metric[m].p95, s.p95);
        same_paired(&of->metric[m].difference, &difference);
        same_paired(&of->metric[m].contrast, &contrast);
    }
    for (int32_t r = 0; r < results->n_region; r++)
        for (int32_t m = 0; m < SV_N_SPLIT_METRIC; m++) {
            sv_paired difference;
            sv_study_lever_region(study, k, r, (sv_metric)m, &difference);
            same(of->region[r].difference[m], difference.mean);
            same(of->region[r].se[m], difference.se);
        }
}

static void levers_come_back(void **unused)
{
    (void)unused;
    const char *path = in_folder("results.db");
    sv_study *study = run_into(path, 10);
    sv_results *results = read_back(path);
    assert_int_equal(results->n_lever, N_LEVER);
    for (int32_t k = 0; k < N_LEVER; k++)
        check_lever(results, study, k);
    const struct sv_result_lever *of = results->lever;
    assert_string_equal(of[0].name, "Warmer homes");
    assert_string_equal(of[0].path, "Warmer homes");
    assert_string_equal(of[0].sweep_key, "imports.limit");
    assert_string_equal(of[0].sweep_value, "400 MW");
    assert_true(of[0].sweep_x == 400.0 && of[0].n_part == 0 && isnan(of[0].cost_eur));
    assert_true(of[2].path[0] == '\0' && of[2].sweep_key[0] == '\0' && isnan(of[2].sweep_x));
    assert_true(of[2].n_part == 2 && of[2].part[0] == 0 && of[2].part[1] == 1);
    assert_true(of[0].n_changed == 2 && of[1].n_changed == 1 && of[2].n_changed == 3);
    assert_string_equal(of[0].changed[0].key, "demand.scale");
    assert_string_equal(of[0].changed[0].base, "1");
    assert_string_equal(of[0].changed[0].value, "0.9");
    sqlite3 *db = open_file(path);
    assert_true(number(db, "SELECT count(*) FROM lever_season") == 3.0 * N_SEASON);
    assert_true(number(db, "SELECT count(*) FROM lever_season WHERE same_h = 6 AND reused_h = 3") == 3.0 * N_SEASON);
    assert_true(fabs(number(db, "SELECT percent FROM lever_worth WHERE i_lever = 1 AND metric = 'eens_mwh'") + 2.0) <
                1e-9);
    assert_true(number(db, "SELECT count(*) FROM lever_by_region") == 3.0 * 2 * 3);
    sqlite3_close(db);
    sv_results_free(&results);
    sv_study_free(&study);
}

/* ---- anything wrong ------------------------------------------------------------------------ */

static void write_bytes(const char *path, const char *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* @return was it refused */
static bool survives(const char *path, const char *what)
{
    sv_results *results = NULL;
    sv_error err = {0};
    sv_status status = sv_results_read(&results, path, &err);
    if ((status != SV_OK && status != SV_EDATA) || (results != NULL) != (status == SV_OK) ||
        (status != SV_OK) != (strstr(err.text, path) != NULL) || strchr(err.text, '\n') != NULL)
        fail_msg("%s: status %d, %s", what, (int)status, err.text);
    sv_results_free(&results);
    return status != SV_OK;
}

typedef struct {
    int32_t n;
    char name[256][2][64]; /* table, column */
} column_list;

static void list_columns(const char *path, column_list *list)
{
    sqlite3 *db = open_file(path);
    sqlite3_stmt *row = query(db, "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p "
                                  "WHERE m.type = 'table' AND m.name <> 'state'");
    for (; sqlite3_step(row) == SQLITE_ROW && list->n < 256; list->n++)
        for (int i = 0; i < 2; i++)
            snprintf(list->name[list->n][i], 64, "%s", (const char *)sqlite3_column_text(row, i));
    sqlite3_finalize(row);
    sqlite3_close(db);
}

/* @return could it be written at all */
static bool spoil(const char *path, const char *sql)
{
    sqlite3 *db = open_file(path);
    sqlite3_exec(db, "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL);
    bool written = sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_close(db);
    return written;
}

static void any_value_may_be_wrong(void **unused)
{
    (void)unused;
    static const char *const value[] = {
        "NULL", "'x'", "x'00ff'", "-1", "9e999", "1e300", "2.5", "9223372036854775807", "char(0, 8364)"};
    enum { N_VALUE = sizeof value / sizeof value[0] };
    char path[512], sql[512];
    snprintf(path, sizeof path, "%s", in_folder("results.db"));
    sv_study_free(&(sv_study *){run_into(path, 10)});
    size_t n;
    char *whole = bytes_of(path, &n);
    static column_list list;
    list_columns(path, &list);
    int32_t n_tried = 0, n_refused = 0;
    for (int32_t c = 0; c < list.n; c++)
        for (int32_t v = 0; v <= N_VALUE; v++) {
            const char *table = list.name[c][0], *column = list.name[c][1];
            if (v < N_VALUE)
                sqlite3_snprintf(sizeof sql, sql, "UPDATE OR IGNORE %s SET %s = %s", table, column, value[v]);
            else
                sqlite3_snprintf(sizeof sql, sql, "DELETE FROM %s WHERE %s = (SELECT max(%s) FROM %s)", table, column,
                                 column, table);
            write_bytes(path, whole, n);
            n_tried += spoil(path, sql);
            n_refused += survives(path, sql);
        }
    assert_true(n_tried > 1000 && n_refused > 500);
    free(whole);
}

static void any_byte_may_be_wrong(void **unused)
{
    (void)unused;
    char path[512];
    snprintf(path, sizeof path, "%s", in_folder("results.db"));
    sv_study_free(&(sv_study *){run_into(path, 10)});
    size_t n;
    char *whole = bytes_of(path, &n), *copy = malloc(n);
    assert_non_null(copy);
    for (uint32_t k = 0; k < 300; k++) {
        memcpy(copy, whole, n);
        for (uint32_t i = 0; i < 1 + k % 20; i++) {
            sv_draw4 draw = sv_draw(9, k, SV_DRAW_TEST, i, 0);
            size_t page = (size_t)(draw.u[2] * (double)(n / 4096)); /* heads of pages, or anywhere */
            size_t at = k % 2 == 0 ? (size_t)(draw.u[0] * (double)n) : page * 4096 + (size_t)(draw.u[0] * 64.0);
            copy[at] = (char)(256.0 * draw.u[1]);
        }
        write_bytes(path, copy, n);
        survives(path, "bytes changed");
    }
    for (size_t at = 1; at < n; at += 1 + at / 5) {
        write_bytes(path, whole, at);
        assert_true(survives(path, "cut off"));
    }
    free(copy);
    free(whole);
}

static void refusals_are_worded(void **unused)
{
    (void)unused;
    const char *path = in_folder("worded.db");
    static const struct {
        const char *sql, *words;
    } bad[] = {
        {"UPDATE run SET complete = 0", "is unfinished: "},
        {"PRAGMA user_version = 1", "is of schema version 1, written by svitlo " SV_VERSION "; accepted: version 3"},
        {"PRAGMA application_id = 1", "is no results file"},
        {"DELETE FROM hour WHERE t_h = 3", "is damaged: table hour has 11 rows, accepted: 12"},
        {"PRAGMA ignore_check_constraints = 1; UPDATE run SET n_season = -5",
         "is damaged: table run, column n_season: -5, accepted: 0 to "},
        {"UPDATE region SET people = 'many'",
         "is damaged: table region, column people: what stands there is no finite"},
        {"UPDATE run SET first_hour = 'today'", "is damaged: table run: the first hour is 'today'"},
        {"ALTER TABLE hour ADD COLUMN more REAL", "is damaged: table hour is missing or was changed"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        unlink(path); /* the one before is no results file any more */
        sv_study_free(&(sv_study *){run_into(path, 10)});
        sqlite3 *db = open_file(path);
        if (sqlite3_exec(db, bad[i].sql, NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s: %s", bad[i].sql, sqlite3_errmsg(db));
        sqlite3_close(db);
        sv_results *results = NULL;
        sv_error err = {0};
        assert_int_equal(sv_results_read(&results, path, &err), SV_EDATA);
        if (strstr(err.text, bad[i].words) == NULL)
            fail_msg("'%s' (%s)", err.text, bad[i].words);
    }
    sv_results *results = NULL;
    sv_error err = {0};
    assert_int_equal(sv_results_read(&results, in_folder("none.db"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "No such file"));
    err = (sv_error){0};
    assert_int_equal(sv_results_read(&results, folder, &err), SV_EIO);
    assert_non_null(strstr(err.text, "no plain file"));
    unlink(path);
}

static void each_failing_allocation_is_reported(void **unused)
{
    (void)unused;
    const char *path = in_folder("memory.db");
    sv_study_free(&(sv_study *){run_into(path, 10)});
    bool done = false;
    int32_t n_failed = 0;
    for (int64_t k = 1; !done; k += 1 + k / 32) {
        sv_results *results = NULL;
        sv_arena_fail_at(k);
        sv_status status = sv_results_read(&results, path, NULL);
        sv_arena_fail_at(0);
        done = status == SV_OK;
        n_failed += status == SV_ENOMEM;
        assert_true(done || status == SV_ENOMEM);
        sv_results_free(&results);
    }
    assert_true(n_failed > 30);
    unlink(path);
}

/* A study of no seasons has a file too. */
static void nothing_is_a_result(void **unused)
{
    (void)unused;
    const char *path = in_folder("nothing.db");
    fake_settings fake = fake_of(0, 0);
    sv_study *study = make_study(&fake, 5);
    sv_store_subject subject = subject_of(0);
    sv_store *store = NULL;
    assert_int_equal(sv_store_new(&store, path, &subject, NULL), SV_OK);
    assert_int_equal(sv_store_finish(store, study, NULL), SV_OK);
    sv_store_free(&store);
    sv_results *results = read_back(path);
    assert_true(results->n_season == 0 && results->i_course == -1 && results->n_lever == 0 && results->n_event == 0);
    assert_true(isnan(results->country[0].mean) && isnan(results->site[0].dark_h) && results->n_cause == 0);
    assert_true(isnan(results->length[0].n_per_season) && isnan(results->unexplained_mwh));
    sv_results_free(&results);
    unlink(path);
    sv_study_free(&study);
}

/* A small finished file in small pages: what the fuzzer starts from. */
static void make_corpus(const char *path)
{
    fake_settings fake = fake_of(4, 0);
    fake.n_lever = N_LEVER;
    sv_study *study = make_study(&fake, 6);
    sv_store_subject subject = subject_of(N_LEVER);
    sv_store *store = NULL;
    assert_int_equal(sv_store_new(&store, path, &subject, NULL), SV_OK);
    sv_study_sink sink = {.context = store, .on_row = add};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
    assert_int_equal(sv_store_finish(store, study, NULL), SV_OK);
    sv_store_free(&store);
    sv_study_free(&study);
    assert_true(spoil(path, "PRAGMA page_size = 512; VACUUM"));
}

/* After a change of the schema: SV_MAKE_CORPUS=1 test_results_store writes it anew. */
static void corpus_is_of_this_schema(void **unused)
{
    (void)unused;
    const char *path = SV_SOURCE_DIR "/fuzz/corpus/results/finished";
    if (getenv("SV_MAKE_CORPUS") != NULL)
        make_corpus(path);
    sv_results *results = read_back(path);
    assert_true(results->n_season == 6 && results->n_lever == N_LEVER);
    sv_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_and_grid_come_back),
        cmocka_unit_test(statistics_come_back),
        cmocka_unit_test(levers_come_back),
        cmocka_unit_test(any_value_may_be_wrong),
        cmocka_unit_test(any_byte_may_be_wrong),
        cmocka_unit_test(refusals_are_worded),
        cmocka_unit_test(each_failing_allocation_is_reported),
        cmocka_unit_test(nothing_is_a_result),
        cmocka_unit_test(corpus_is_of_this_schema),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
