/* The table of hours checked by AC power flow: every column of it comes back; a run that is gone on with begins without it. */
#include "results.h"

enum { N_CHECK = 5, N_COLUMN = 32 };

/* Numbers that are all different; the last hour has no voltages. */
static sv_ac_look look_of(int32_t i, double of)
{
    bool none = i == N_CHECK - 1;
    return (sv_ac_look){.n_low = none ? 0 : (int32_t)(10.0 * of) + i,
                        .n_high = none ? 0 : (int32_t)(20.0 * of) + i,
                        .n_over = none ? 0 : (int32_t)(30.0 * of) + i,
                        .low_pu = none ? (double)NAN : 0.9 + 0.001 * i * of,
                        .high_pu = none ? (double)NAN : 1.05 + 0.001 * i * of,
                        .loading_percent = none ? (double)NAN : 80.0 + i * of,
                        .loss_mw = none ? 0.0 : 5.0 + i * of};
}

static sv_study_ac_hour hour_of(int32_t i)
{
    return (sv_study_ac_hour){
        .of = {.i_season = 3 * (i + 1), .t_h = i + 2, .people = 1000.5 + i, .shed_mw = 7.25 + i},
        .random = i >= 2,
        .served_mw = 140.125 - i,
        .more_people = 33.0 + i,
        .ac = {.verdict = (sv_ac_verdict)(i % SV_N_AC_VERDICT),
               .solved = i % 2 == 0,
               .before = look_of(i, 1.0),
               .after = look_of(i, 2.0),
               .dark_mw = 0.125 + i,
               .short_mw = 0.25 + i,
               .moved_mw = 0.375 + i,
               .shed_mw = 0.5 + i,
               .shed_class_mw = {0.0625 + i, 0.1875 + i, 0.3125 + i},
               .n_solve = 40 + i},
    };
}

static int column_of_look(sqlite3_stmt *row, int first, const sv_ac_look *look)
{
    const double value[] = {look->n_low,   look->n_high,          look->n_over, look->low_pu,
                            look->high_pu, look->loading_percent, look->loss_mw};
    for (int i = 0; i < 7; i++)
        check_column(row, first + i, value[i]);
    return first + 7;
}

static void check_row(sqlite3_stmt *row, int32_t i)
{
    static const char *const verdict[] = {"confirmed", "redispatched", "shed", "broken"};
    const sv_study_ac_hour hour = hour_of(i);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_int_equal(sqlite3_column_count(row), N_COLUMN);
    check_column(row, 0, i);
    assert_string_equal((const char *)sqlite3_column_text(row, 1), i >= 2 ? "random" : "worst");
    const double of[] = {(double)hour.of.i_season, (double)hour.of.t_h, hour.of.people, hour.of.shed_mw,
                         hour.served_mw};
    for (int k = 0; k < 5; k++)
        check_column(row, 2 + k, of[k]);
    assert_string_equal((const char *)sqlite3_column_text(row, 7), verdict[i % 4]);
    check_column(row, 8, hour.ac.solved);
    int at = column_of_look(row, column_of_look(row, 9, &hour.ac.before), &hour.ac.after);
    const double rest[] = {hour.ac.dark_mw,          hour.ac.short_mw,         hour.ac.moved_mw,
                           hour.ac.shed_mw,          hour.ac.shed_class_mw[0], hour.ac.shed_class_mw[1],
                           hour.ac.shed_class_mw[2], hour.more_people,         hour.ac.n_solve};
    for (int k = 0; k < 9; k++)
        check_column(row, at + k, rest[k]);
}

static void finish_with(sv_store *store, sv_study *study, int32_t n_check)
{
    sv_study_ac_hour hour[N_CHECK];
    for (int32_t i = 0; i < N_CHECK; i++)
        hour[i] = hour_of(i);
    const sv_study_ac ac = {.n_worst = 2, .n_random = n_check - 2, .hour = hour};
    const sv_study_sink sink = {.context = store, .on_row = add};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
    if (n_check > 0)
        assert_int_equal(sv_store_put_ac_check(store, &ac, NULL), SV_OK);
    assert_int_equal(sv_store_finish(store, study, NULL), SV_OK);
    sv_error err = {0};
    assert_int_equal(sv_store_put_ac_check(store, &ac, &err), SV_EIO);
    assert_non_null(strstr(err.text, "is closed"));
}

static void checked_hours_come_back(void **unused)
{
    (void)unused;
    const char *path = in_folder("run.db");
    const sv_store_subject subject = subject_of(0);
    const fake_settings fake = fake_of(0, 0);
    sv_study *study = make_study(&fake, N_SEASON);
    sv_store *store = NULL;
    assert_int_equal(sv_store_new(&store, path, &subject, NULL), SV_OK);
    finish_with(store, study, N_CHECK);
    sv_store_free(&store);
    sv_study_free(&study);
    sqlite3 *db = open_file(path);
    check_sound(db);
    sqlite3_stmt *row = query(db, "SELECT * FROM ac_check ORDER BY i_check");
    for (int32_t i = 0; i < N_CHECK; i++)
        check_row(row, i);
    assert_int_equal(sqlite3_step(row), SQLITE_DONE);
    sqlite3_finalize(row);
    sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    static const char *const bad[] = {"UPDATE ac_check SET kind = 'best'", "UPDATE ac_check SET verdict = 'fine'",
                                      "UPDATE ac_check SET i_season = 99999", "UPDATE ac_check SET before_n_low = -1",
                                      "UPDATE ac_check SET solved = 2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (sqlite3_exec(db, bad[i], NULL, NULL, NULL) != SQLITE_CONSTRAINT)
            fail_msg("accepted: %s", bad[i]);
    sqlite3_close(db);
}

static void a_run_that_goes_on_begins_without(void **unused)
{
    (void)unused;
    const char *path = in_folder("run.db");
    const sv_store_subject subject = subject_of(0);
    const fake_settings fake = fake_of(0, 0);
    for (int32_t n_check = 0; n_check <= 4; n_check += 4) {
        sv_study *study = make_study(&fake, N_SEASON);
        sv_store *store = NULL;
        assert_int_equal(sv_store_resume(&store, path, &subject, study, NULL), SV_OK);
        finish_with(store, study, n_check);
        sv_store_free(&store);
        sv_study_free(&study);
        sqlite3 *db = open_file(path);
        check_sound(db);
        assert_true(number(db, "SELECT count(*) FROM ac_check") == n_check);
        assert_true(number(db, "SELECT count(*) FROM season") == N_SEASON);
        sqlite3_close(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checked_hours_come_back),
        cmocka_unit_test(a_run_that_goes_on_begins_without),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
