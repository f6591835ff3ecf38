/* The results file, read back and compared with what went in: tables, views, constraints, documentation. */
#include "results.h"

/* ---- what is in the file ------------------------------------------------------------------- */

static void seasons_come_back(void **unused)
{
    (void)unused;
    const char *path = in_folder("seasons.db");
    sv_study *study = run_into(path, 10);
    sqlite3 *db = open_file(path);
    check_sound(db);
    assert_true(number(db, "PRAGMA application_id") == 0x53564954);
    assert_true(number(db, "PRAGMA user_version") == 3.0);
    check_text(db, "PRAGMA journal_mode", "delete");
    assert_false(exists(in_folder("seasons.db.part")) || exists(in_folder("seasons.db-journal")));

    fake_worker worker = {.settings = fake_of(10, 0)};
    sv_season_row *row = sv_season_row_new(grid, N_H);
    sqlite3_stmt *season = query(db, "SELECT * FROM season ORDER BY i_season");
    sqlite3_stmt *region = query(db, "SELECT i_season, i_region, eens_mwh, lole_h, people_hours FROM season_region");
    sqlite3_stmt *class_ =
        query(db, "SELECT i_season, class, eens_mwh, lole_h, people_hours FROM season_class "
                  "ORDER BY i_season, CASE class WHEN 'critical' THEN 0 WHEN 'household' THEN 1 ELSE 2 END");
    sqlite3_stmt *event =
        query(db, "SELECT i_season, i_event, start_h, length_h, people, energy_mwh FROM event WHERE i_region IS NULL");
    for (int64_t k = 0; k < N_SEASON; k++) {
        fake_row(&worker.settings, 7, k, row);
        sv_status expected = row->status;
        assert_int_equal(expected, k % 10 == 1 ? SV_ENUM : SV_OK);
        assert_int_equal(sqlite3_step(season), SQLITE_ROW);
        assert_string_equal((const char *)sqlite3_column_text(season, 1), sv_status_name(expected));
        const double value[] = {row->demand_mwh,        row->eens_mwh,      row->lole_h,          row->people_hours,
                                row->worst_mw,          row->worst_people,  (double)row->worst_h, row->relaxed_mwh,
                                (double)row->relaxed_h, row->off_people[0], row->off_people[1],   row->off_people[2],
                                row->off_people[3],     row->longest_h,     row->n_wave,          row->n_strike,
                                row->n_intercepted,     row->n_unit_lost,   row->n_unit_repaired, row->n_event};
        assert_int_equal(sqlite3_column_count(season), 2 + (int)(sizeof value / sizeof value[0]));
        check_column(season, 0, (double)k);
        for (int i = 0; i < (int)(sizeof value / sizeof value[0]); i++)
            check_column(season, 2 + i, value[i]);
        for (int32_t r = 0; r < grid->n_region; r++) {
            const double split[] = {(double)k, r, row->region_mwh[r], row->region_lole_h[r],
                                    row->region_people_hours[r]};
            assert_int_equal(sqlite3_step(region), SQLITE_ROW);
            for (int i = 0; i < 5; i++)
                check_column(region, i, split[i]);
        }
        for (int32_t c = 0; c < SV_N_CLASS; c++) {
            assert_int_equal(sqlite3_step(class_), SQLITE_ROW);
            assert_string_equal((const char *)sqlite3_column_text(class_, 1), sv_class_name[c]);
            check_column(class_, 2, row->class_mwh[c]);
            check_column(class_, 4, row->class_people_hours[c]);
        }
        for (int32_t e = 0; e < row->n_event_kept; e++) {
            const sv_event *kept = &row->event[e];
            const double out[] = {(double)k,       e, (double)kept->start_h, (double)kept->length_h, kept->people,
                                  kept->energy_mwh};
            assert_int_equal(sqlite3_step(event), SQLITE_ROW);
            for (int i = 0; i < 6; i++)
                check_column(event, i, out[i]);
        }
    }
    sqlite3_stmt *all[] = {season, region, class_, event};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(sqlite3_step(all[i]), SQLITE_DONE);
        sqlite3_finalize(all[i]);
    }
    sv_season_row_free(&row);
    sqlite3_close(db);
    sv_study_free(&study);
}

static void check_summary(sqlite3_stmt *row, const sv_summary *s)
{
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    const double value[] = {(double)s->n, s->mean, s->se, s->min, s->max, s->p5, s->p50, s->p95, s->cvar95};
    for (int i = 0; i < 9; i++)
        check_column(row, 1 + i, value[i]);
}

static void statistics_come_back(void **unused)
{
    (void)unused;
    const char *path = in_folder("statistics.db");
    sv_study *study = run_into(path, 10);
    sqlite3 *db = open_file(path);
    sv_summary s;
    sqlite3_stmt *row = query(db, "SELECT metric, n, mean, se, min, max, p5, p50, p95, cvar95 FROM summary "
                                  "WHERE scope = 'country' ORDER BY rowid");
    for (int32_t m = 0; m < SV_N_METRIC; m++) {
        sv_study_summary(study, (sv_metric)m, &s);
        check_summary(row, &s);
        assert_string_equal((const char *)sqlite3_column_text(row, 0), sv_metric_name[m]);
    }
    sqlite3_finalize(row);
    row = query(
        db,
        "SELECT metric, n, mean, se, min, max, p5, p50, p95, cvar95 FROM summary WHERE i_region = 1 ORDER BY rowid");
    for (int32_t m = 0; m < SV_N_SPLIT_METRIC; m++) {
        sv_study_region_summary(study, 1, (sv_metric)m, &s);
        check_summary(row, &s);
    }
    sqlite3_finalize(row);
    row = query(db, "SELECT metric, n, mean, se, min, max, p5, p50, p95, cvar95 FROM summary WHERE class = 'industry' "
                    "ORDER BY rowid");
    for (int32_t m = 0; m < SV_N_SPLIT_METRIC; m++) {
        sv_study_class_summary(study, SV_INDUSTRY, (sv_metric)m, &s);
        check_summary(row, &s);
    }
    sqlite3_finalize(row);
    row = query(db, "SELECT * FROM hour ORDER BY t_h");
    for (int64_t t = 0; t < N_H; t++) {
        sv_band mw, people;
        sv_study_hour(study, t, &mw, &people);
        const float value[] = {mw.mean, mw.p5, mw.p50, mw.p95, people.mean, people.p5, people.p50, people.p95};
        assert_int_equal(sqlite3_step(row), SQLITE_ROW);
        for (int i = 0; i < 8; i++)
            check_column(row, 2 + i, (double)value[i]);
    }
    sqlite3_finalize(row);
    check_text(db, "SELECT time FROM hour WHERE t_h = 11", "2026-11-01 11:00");
    row = query(db, "SELECT * FROM site_total ORDER BY i_site");
    for (int32_t i = 0; i < grid->n_site; i++) {
        int64_t n[3];
        double dark_h;
        sv_study_site(study, i, &n[0], &n[1], &n[2], &dark_h);
        const double value[] = {i, (double)n[0], (double)n[1], (double)n[2], dark_h};
        assert_int_equal(sqlite3_step(row), SQLITE_ROW);
        for (int k = 0; k < 5; k++)
            check_column(row, k, value[k]);
    }
    sqlite3_finalize(row);
    sqlite3_close(db);
    sv_study_free(&study);
}

static void count_setting(void *context, const char *key, const char *value)
{
    assert_non_null(key);
    assert_non_null(value);
    ++*(int32_t *)context;
}

static void run_and_grid_come_back(void **unused)
{
    (void)unused;
    const char *path = in_folder("run.db");
    sv_study *study = run_into(path, 0);
    sqlite3 *db = open_file(path);
    char fingerprint[24];
    snprintf(fingerprint, sizeof fingerprint, "%016llx", (unsigned long long)grid->fingerprint);
    check_text(db, "SELECT version FROM run", SV_VERSION);
    check_text(db, "SELECT seed FROM run", "18446744073709551615");
    check_text(db, "SELECT grid_fingerprint FROM run", fingerprint);
    check_text(db, "SELECT grid_name FROM run", "two regions");
    check_text(db, "SELECT scenario_name FROM run", "A 'winter' of \"tests\"");
    check_text(db, "SELECT first_hour FROM run", "2026-11-01 00:00");
    assert_true(number(db, "SELECT complete FROM run") == 1.0);
    assert_true(number(db, "SELECT n_season FROM run") == N_SEASON && number(db, "SELECT n_failed FROM run") == 0.0);
    assert_true(number(db, "SELECT julianday(finished_utc) >= julianday(started_utc) FROM run") == 1.0);
    int32_t n_setting = 0;
    sv_scenario_settings(scenario, count_setting, &n_setting);
    assert_true(n_setting > 0 && number(db, "SELECT count(*) FROM setting") == n_setting);
    assert_true(number(db, "SELECT people FROM region WHERE id = 'north'") == 50000.0);
    check_text(db, "SELECT zone FROM region WHERE id = 'south'", "front");
    assert_true(number(db, "SELECT y_km FROM site WHERE id = 'Cedar'") == -2.0);
    sqlite3_close(db);
    sv_study_free(&study);
}

static void views_agree_with_tables(void **unused)
{
    (void)unused;
    const char *path = in_folder("views.db");
    sv_study *study = run_into(path, 10);
    sqlite3 *db = open_file(path);
    assert_true(number(db, "SELECT count(*) FROM country") == SV_N_METRIC);
    assert_true(fabs(number(db, "SELECT mean FROM country WHERE metric = 'eens_mwh'") /
                         number(db, "SELECT avg(eens_mwh) FROM season WHERE status = 'ok'") -
                     1.0) < 1e-12);
    assert_true(number(db, "SELECT count(*) FROM by_region") == 2.0);
    assert_true(
        fabs(number(db, "SELECT people_hours FROM by_region WHERE region = 'south'") /
                 number(db, "SELECT avg(season_region.people_hours) FROM season_region JOIN season USING (i_season) "
                            "WHERE i_region = 1 AND status = 'ok'") -
             1.0) < 1e-12);
    assert_true(number(db, "SELECT count(*) FROM by_class") == 3.0);
    assert_true(number(db, "SELECT count(*) FROM by_site") == 3.0);
    assert_true(fabs(number(db, "SELECT sum(damaged_per_season) FROM by_site") /
                         number(db, "SELECT avg(n_unit_lost) FROM season WHERE status = 'ok'") -
                     1.0) < 1e-12);
    assert_true(number(db, "SELECT sum(n) FROM event_by_length") == number(db, "SELECT count(*) FROM event"));
    sqlite3_close(db);
    sv_study_free(&study);
}

/* Every table, view and column of the file stands in docs/database.md, in backquotes. */
static void every_column_is_documented(void **unused)
{
    (void)unused;
    const char *path = in_folder("documented.db");
    sv_study *study = run_into(path, 0);
    FILE *file = fopen(SV_SOURCE_DIR "/docs/database.md", "r");
    assert_non_null(file);
    static char text[65536];
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    sqlite3 *db = open_file(path);
    sqlite3_stmt *row = query(db, "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p "
                                  "WHERE m.type IN ('table', 'view')");
    int32_t n_column = 0;
    for (; sqlite3_step(row) == SQLITE_ROW; n_column++)
        for (int i = 0; i < 2; i++) {
            char word[128];
            snprintf(word, sizeof word, "`%s`", (const char *)sqlite3_column_text(row, i));
            if (strstr(text, word) == NULL)
                fail_msg("docs/database.md does not name %s", word);
        }
    assert_true(n_column > 200);
    sqlite3_finalize(row);
    sqlite3_close(db);
    sv_study_free(&study);
}

static void constraints_hold(void **unused)
{
    (void)unused;
    const char *path = in_folder("constraints.db");
    sv_study *study = run_into(path, 0);
    sqlite3 *db = open_file(path);
    sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    static const char *const bad[] = {
        "INSERT INTO season_region VALUES (99999, 0, 1, 1, 1)",
        "INSERT INTO season_region VALUES (0, 77, 1, 1, 1)",
        "INSERT INTO season_class VALUES (0, 'nobody', 1, 1, 1)",
        "INSERT INTO season (i_season, status) VALUES (100000, 'ok')",
        "INSERT INTO event VALUES (0, 50, NULL, 5, 0, 1, 1)",
        "INSERT INTO event VALUES (99999, 0, NULL, 5, 1, 1, 1)",
        "UPDATE season SET n_wave = -1",
        "UPDATE run SET complete = 2",
        "DELETE FROM season WHERE i_season = 3",
        "INSERT INTO summary (metric, scope, n) VALUES ('eens_mwh', 'country', 1)",
        "INSERT INTO summary (metric, scope, n) VALUES ('eens_mwh', 'region', 1)",
        "INSERT INTO summary (metric, scope, n, class) VALUES ('no metric', 'class', 1, 'industry')",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (sqlite3_exec(db, bad[i], NULL, NULL, NULL) != SQLITE_CONSTRAINT)
            fail_msg("accepted: %s", bad[i]);
    sqlite3_close(db);
    sv_study_free(&study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seasons_come_back),          cmocka_unit_test(statistics_come_back),
        cmocka_unit_test(run_and_grid_come_back),     cmocka_unit_test(views_agree_with_tables),
        cmocka_unit_test(every_column_is_documented), cmocka_unit_test(constraints_hold),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
