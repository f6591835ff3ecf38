/* Going on with a file: after kills at any moment, with more seasons, after the disk was full; and all that is refused,
 * bit for bit as it was. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "dump.h"

#include "../src/store/table.h" /* so that a save is due when the test says so */

enum { N_KILL = 20 };

typedef struct {
    sv_store *store;
    const sv_study *study;
    int64_t stop_at;    /* -1 = never */
    int64_t save_every; /* seasons; 0 = when it is due */
} running;

static sv_status keep(void *context, const sv_season_row *row, sv_error *err)
{
    running *run = context;
    if (run->save_every > 0 && row->i_lever < 0 && row->i_season % run->save_every == 0) { /* between two seasons */
        run->store->save_every_s = 0.0;
        sv_store_save(run->store, run->study, false);
    }
    return sv_store_add(run->store, row, err);
}

static bool look(void *context, const sv_progress *progress)
{
    running *run = context;
    sv_store_save(run->store, run->study, false);
    return run->stop_at >= 0 && progress->n_done >= run->stop_at;
}

/* Begin, or go on, and run to the end or until stopped; the study is the caller's. */
static sv_status carry_on(const char *path, bool resume, int64_t n_season, int32_t delay_us, int64_t stop_at,
                          sv_study **study, sv_store **store, sv_error *err)
{
    fake_settings fake = fake_of(10, delay_us);
    fake.n_lever = N_LEVER;
    scenario->study.n_season = n_season;
    sv_store_subject subject = subject_of(N_LEVER);
    *study = make_study(&fake, n_season);
    sv_status status =
        resume ? sv_store_resume(store, path, &subject, *study, err) : sv_store_new(store, path, &subject, err);
    running run = {*store, *study, stop_at, delay_us > 0 ? 10 : 0};
    sv_study_sink sink = {&run, keep, look};
    if (status == SV_OK)
        status = sv_study_run(*study, &sink, err);
    return status;
}

/* The same, and finished. */
static void run_whole(const char *path, bool resume, int64_t n_season)
{
    sv_study *study = NULL;
    sv_store *store = NULL;
    sv_error err = {0};
    if (carry_on(path, resume, n_season, 0, -1, &study, &store, &err) != SV_OK ||
        sv_store_finish(store, study, &err) != SV_OK)
        fail_msg("%s", err.text);
    sv_store_free(&store);
    sv_study_free(&study);
}

static char *unbroken(int64_t n_season)
{
    const char *path = in_folder("whole.db");
    unlink(path);
    run_whole(path, false, n_season);
    return dump_of(path);
}

static void check_equals(const char *path, const char *whole)
{
    char *text = dump_of(path);
    check_same(text, whole);
    free(text);
}

/* ---- going on ------------------------------------------------------------------------------ */

/* Stopped without finish at many points: rows are committed, the state may be older or missing. */
static void goes_on_after_any_season(void **unused)
{
    (void)unused;
    char *whole = unbroken(60);
    const char *path = in_folder("broken.db");
    for (int64_t n = 1; n < 60; n += 7) {
        sv_study *study = NULL;
        sv_store *store = NULL;
        sv_error err = {0};
        assert_int_equal(carry_on(path, false, n, 0, -1, &study, &store, &err), SV_OK);
        store->save_every_s = 0.0; /* due */
        if (n % 2 == 1)
            sv_store_save(store, study, false);
        sv_store_free(&store);
        sv_study_free(&study);
        unlink(path);
        run_whole(path, true, 60);
        assert_false(exists(in_folder("broken.db.part")));
        check_equals(path, whole);
    }
    free(whole);
}

static void more_seasons_of_a_finished_file(void **unused)
{
    (void)unused;
    const char *path = in_folder("again.db");
    run_whole(path, false, 25);
    size_t n_before, n_after;
    char *before = bytes_of(path, &n_before);
    sv_study *study = NULL;
    sv_store *store = NULL;
    sv_error err = {0};
    assert_int_equal(carry_on(path, true, 60, 0, -1, &study, &store, &err), SV_OK);
    char *after = bytes_of(path, &n_after); /* stays until the end */
    assert_true(n_before == n_after && memcmp(before, after, n_before) == 0);
    assert_int_equal(sv_store_finish(store, study, &err), SV_OK);
    sv_store_free(&store);
    sv_study_free(&study);
    char *whole = unbroken(60);
    check_equals(path, whole);
    struct stat a, b;
    assert_true(stat(path, &a) == 0 && stat(in_folder("whole.db"), &b) == 0 && a.st_size == b.st_size);
    run_whole(path, true, 60); /* nothing left to do: the same again */
    check_equals(path, whole);
    free(whole);
    free(before);
    free(after);
}

/* What a killed run left before its first commit: nothing, or a file of no bytes. */
static void nothing_committed_starts_at_zero(void **unused)
{
    (void)unused;
    const char *path = in_folder("broken.db"), *part = in_folder("broken.db.part");
    char *whole = unbroken(60);
    for (int32_t with_journal = 0; with_journal < 2; with_journal++) {
        unlink(path);
        fclose(fopen(part, "wb"));
        if (with_journal) {
            FILE *journal = fopen(in_folder("broken.db.part-journal"), "wb");
            fputs("not much of a journal", journal);
            fclose(journal);
        }
        run_whole(path, true, 60);
        check_equals(path, whole);
    }
    free(whole);
}

static void run_child(const char *path, bool resume)
{
    sv_study *study = NULL;
    sv_store *store = NULL;
    sv_error err = {0};
    sv_status status = carry_on(path, resume, 600, 1, -1, &study, &store, &err);
    if (status == SV_OK)
        status = sv_store_finish(store, study, &err);
    if (status != SV_OK)
        fprintf(stderr, "%s\n", err.text);
    _exit(status == SV_OK ? 0 : 1);
}

/* The file as a round of kills finds it: not there, or finished with fewer seasons. */
static void begin_anew(const char *path, bool from_finished)
{
    unlink(path);
    if (from_finished)
        run_whole(path, false, 25);
}

/* Kill a child N_KILL times, at moments that a draw chooses. One that ends before its moment has to be right; then all
 * begins anew with shorter moments, so that the number of kills does not depend on the machine. */
static void kill_children(const char *path, bool from_finished, const char *whole)
{
    double longest_ms = 300.0;
    int32_t n_killed = 0, n_early = 0;
    begin_anew(path, from_finished);
    for (int32_t k = 0; n_killed < N_KILL; k++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            run_child(path, exists(path) || exists(in_folder("broken.db.part")));
        double u = sv_draw(from_finished ? 6 : 5, k, SV_DRAW_TEST, 0, 0).u[0];
        nanosleep(&(struct timespec){.tv_nsec = (long)(1e6 * longest_ms * u * u)}, NULL);
        kill(child, SIGKILL);
        int how = 0;
        assert_int_equal(waitpid(child, &how, 0), child);
        if (WIFSIGNALED(how)) {
            n_killed++;
            continue;
        }
        if (WEXITSTATUS(how) != 0)
            fail_msg("kill %d: exit code %d", (int)k, WEXITSTATUS(how));
        check_equals(path, whole);
        assert_true(++n_early < 50);
        longest_ms *= 0.8;
        begin_anew(path, from_finished);
    }
}

/* From nothing, and from a finished file that more seasons are added to: the copying of it is broken off too. */
static void killed_at_random_moments(void **unused)
{
    (void)unused;
    char path[512];
    snprintf(path, sizeof path, "%s", in_folder("broken.db"));
    char *whole = unbroken(600);
    for (int32_t from_finished = 0; from_finished < 2; from_finished++) {
        kill_children(path, from_finished, whole);
        run_whole(path, true, 600);
        check_equals(path, whole);
    }
    free(whole);
}

static void failed_save_ends_the_run(void **unused)
{
    (void)unused;
    const char *path = in_folder("full.db");
    signal(SIGXFSZ, SIG_IGN);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        sv_study *study = NULL;
        sv_store *store = NULL;
        sv_error err = {0};
        if (carry_on(path, false, 30, 0, -1, &study, &store, &err) != SV_OK)
            _exit(1);
        store->save_every_s = 0.0;
        sv_store_save(store, study, false);
        for (int32_t k = 0; k < 2; k++) { /* the disk is full: kept for the next add, for good */
            setrlimit(RLIMIT_FSIZE, &(struct rlimit){1000, 1000});
            store->save_every_s = 0.0;
            sv_store_save(store, study, false);
            sv_season_row row = {.i_season = 30, .i_lever = 0};
            err = (sv_error){0};
            if (sv_store_add(store, &row, &err) != SV_EIO || strstr(err.text, "cannot") == NULL)
                _exit(2);
        }
        if (sv_store_finish(store, study, NULL) != SV_EIO)
            _exit(3);
        _exit(0);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
    char *whole = unbroken(60);
    run_whole(path, true, 60);
    check_equals(path, whole);
    free(whole);
}

/* The largest size of a file stands for a full disk. The child reports by its exit code: 0 = said in one sentence. */
static int32_t resume_on_a_full_disk(const char *path, rlim_t bytes)
{
    sv_study *study = NULL;
    sv_store *store = NULL;
    sv_error err = {0};
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){bytes, bytes});
    sv_status status = carry_on(path, true, 600, 1, -1, &study, &store, &err);
    if (status == SV_OK)
        status = sv_store_finish(store, study, &err);
    bool worded =
        strstr(err.text, path) != NULL && strstr(err.text, "cannot") != NULL && strchr(err.text, '\n') == NULL;
    sv_store_free(&store);
    return status == SV_EIO && worded ? 0 : 1;
}

static void full_disk_while_going_on(void **unused)
{
    (void)unused;
    static const rlim_t bytes[] = {0, 3000, 90000, 180000, 250000, 300000};
    char path[512];
    snprintf(path, sizeof path, "%s", in_folder("full.db"));
    unlink(path);
    run_whole(path, false, 25);
    size_t n_before, n_after;
    char *before = bytes_of(path, &n_before);
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(resume_on_a_full_disk(path, bytes[i]));
        int how = 0;
        assert_int_equal(waitpid(child, &how, 0), child);
        if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
            fail_msg("with %ld bytes: status %d", (long)bytes[i], how);
        char *after = bytes_of(path, &n_after);
        assert_true(n_before == n_after && memcmp(before, after, n_before) == 0);
        free(after);
    }
    free(before);
    char *whole = unbroken(600);
    run_whole(path, true, 600); /* room again: whatever the last one left in the part is gone on with */
    check_equals(path, whole);
    free(whole);
}

/* ---- refusals ------------------------------------------------------------------------------ */

/* The file at `path` is refused with these words and stays as it was. */
static void refused(const char *path, const char *file, const sv_store_subject *subject, int64_t n_season,
                    sv_status expected, const char *words)
{
    fake_settings fake = fake_of(10, 0);
    fake.n_lever = subject->n_lever < N_LEVER ? subject->n_lever : N_LEVER;
    sv_study *study = make_study(&fake, n_season);
    size_t n_before, n_after;
    char *before = bytes_of(file, &n_before);
    sv_store *store = (sv_store *)&scenario;
    sv_error err = {0};
    sv_status status = sv_store_resume(&store, path, subject, study, &err);
    if (status != expected || strstr(err.text, words) == NULL || strstr(err.text, folder) == NULL ||
        strchr(err.text, '\n') != NULL)
        fail_msg("%d (%d), '%s' (%s)", (int)status, (int)expected, err.text, words);
    assert_null(store);
    char *after = bytes_of(file, &n_after);
    assert_true(n_before == n_after && memcmp(before, after, n_before) == 0);
    char part[600];
    snprintf(part, sizeof part, "%s.part", path);
    assert_true(exists(part) == (strcmp(part, file) == 0));
    free(before);
    free(after);
    sv_study_free(&study);
}

static void edit(const char *path, const char *sql)
{
    sqlite3 *db = open_file(path);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void other_studies_are_refused(void **unused)
{
    (void)unused;
    const char *path = in_folder("refuse.db");
    run_whole(path, false, 40);
    sv_store_subject subject = subject_of(N_LEVER);
    sv_scenario base = *scenario, other = base;
    subject.scenario = &other;
    other.study.n_season = 39;
    refused(path, path, &subject, 40, SV_EUSAGE, "40 seasons are in it, 39 are asked for; accepted: as many or more");
    other = base;
    other.study.seed = 8;
    refused(path, path, &subject, 40, SV_EUSAGE, "the seed is 18446744073709551615 there, but 8 is asked for");
    other = base;
    other.season.demand_scale = 1.1;
    refused(path, path, &subject, 40, SV_EUSAGE, "demand.scale is 1 there, but 1.1 is asked for; accepted: the same");
    other = base;
    other.season.t0_h += 24;
    refused(path, path, &subject, 40, SV_EUSAGE, "the first hour of the season is 2026-11-01 00:00 there");
    other = base;
    other.season.n_h = 24;
    refused(path, path, &subject, 40, SV_EUSAGE, "the length of the season in hours is 12 there, but 24");

    subject = subject_of(2);
    refused(path, path, &subject, 40, SV_EUSAGE, "the number of levers is 3 there, but 2 is asked for");
    subject = subject_of(N_LEVER);
    sv_scenario changed = lever_scenario[1];
    lever[1].scenario = &changed;
    changed.name = "Fewer crews";
    refused(path, path, &subject, 40, SV_EUSAGE, "the name of lever 2 is More crews there, but Fewer crews");
    changed = lever_scenario[1];
    changed.season.cold_spread_c = 1.75;
    refused(path, path, &subject, 40, SV_EUSAGE, "lever 2 (More crews): weather.spread is 1.5 C there, but 1.75 C");
    changed = lever_scenario[1];
    changed.season.demand_scale = 1.2; /* as the base there */
    refused(path, path, &subject, 40, SV_EUSAGE, "lever 2 (More crews): demand.scale is 1 there, but 1.2");
    changed = lever_scenario[1];
    changed.season.cold_spread_c = lever_scenario[0].season.cold_spread_c; /* changed there, not any more */
    refused(path, path, &subject, 40, SV_EUSAGE, "lever 2 (More crews): weather.spread is 1.5 C there");
    lever[1].scenario = &lever_scenario[1];

    uint64_t fingerprint = grid->fingerprint;
    sv_grid *writable = grid;
    writable->fingerprint = 77;
    refused(path, path, &subject, 40, SV_EUSAGE, "the grid's fingerprint is ");
    writable->fingerprint = fingerprint;
    edit(path, "UPDATE run SET version = '0.0.9'");
    refused(path, path, &subject, 40, SV_EUSAGE, "the program's version is 0.0.9 there, but " SV_VERSION);
    edit(path, "PRAGMA user_version = 1");
    refused(path, path, &subject, 40, SV_EUSAGE,
            "is of schema version 1, written by svitlo 0.0.9; accepted: version 3");
}

static void broken_files_are_refused(void **unused)
{
    (void)unused;
    const char *path = in_folder("refuse.db");
    sv_store_subject subject = subject_of(N_LEVER);
    unlink(path);
    run_whole(path, false, 40);
    edit(path, "DELETE FROM season_class WHERE i_season = 3");
    refused(path, path, &subject, 40, SV_EDATA, "is damaged: table season_class has 117 rows of the first 40 seasons");
    run_whole(path, false, 40);
    edit(path, "UPDATE state SET bytes = x'00112233'");
    refused(path, path, &subject, 40, SV_EDATA, "is damaged: what the study knew");
    run_whole(path, false, 40);
    edit(path, "DROP TABLE lever_part");
    refused(path, path, &subject, 40, SV_EDATA, "is damaged: table lever_part is missing or was changed");
    run_whole(path, false, 40);
    struct stat at;
    assert_int_equal(stat(path, &at), 0);
    assert_int_equal(truncate(path, at.st_size - 9000), 0);
    refused(path, path, &subject, 40, SV_EDATA, "is damaged: ");
    FILE *file = fopen(path, "wb");
    fputs("-- a diary, and no database\n", file);
    fclose(file);
    refused(path, path, &subject, 40, SV_EDATA, "is no results file");
    const char *part = in_folder("refuse.db.part");
    assert_int_equal(rename(path, part), 0);
    refused(path, part, &subject, 40, SV_EDATA, "is no results file");
    unlink(part);
}

static void without_a_file_there_is_nothing_to_go_on_with(void **unused)
{
    (void)unused;
    const char *path = in_folder("none.db");
    sv_store_subject subject = subject_of(0);
    fake_settings fake = fake_of(0, 0);
    sv_study *study = make_study(&fake, 5);
    sv_store *store = NULL;
    sv_error err = {0};
    assert_int_equal(sv_store_resume(&store, path, &subject, study, &err), SV_EIO);
    assert_non_null(strstr(err.text, "neither it nor "));
    assert_false(exists(path) || exists(in_folder("none.db.part")));
    sv_store *first = NULL;
    err = (sv_error){0};
    assert_int_equal(sv_store_new(&first, path, &subject, NULL), SV_OK);
    assert_int_equal(sv_store_resume(&store, path, &subject, study, &err), SV_EIO);
    assert_non_null(strstr(err.text, "another run is writing it"));
    assert_true(exists(in_folder("none.db.part")));
    sv_store_free(&first);
    unlink(in_folder("none.db.part"));
    sv_study_free(&study);
}

static void each_failing_allocation_is_reported(void **unused)
{
    (void)unused;
    char path[512], part[520];
    snprintf(path, sizeof path, "%s", in_folder("again.db"));
    snprintf(part, sizeof part, "%s.part", path);
    run_whole(path, false, 20);
    size_t n_before, n_after;
    char *before = bytes_of(path, &n_before);
    sv_store_subject subject = subject_of(N_LEVER);
    fake_settings fake = fake_of(10, 0);
    fake.n_lever = N_LEVER;
    int64_t n_failed = 0;
    bool done = false;
    for (int64_t k = 1; !done; k += 1 + k / 8) {
        sv_study *study = make_study(&fake, 20);
        sv_store *store = NULL;
        sv_error err = {0};
        sv_arena_fail_at(k);
        sv_status status = sv_store_resume(&store, path, &subject, study, &err);
        sv_arena_fail_at(0);
        if (status != SV_OK && status != SV_ENOMEM)
            fail_msg("allocation %d: %s", (int)k, err.text);
        done = status == SV_OK;
        n_failed += !done;
        assert_true((store != NULL) == done);
        if (!done)
            assert_false(exists(part));
        sv_store_free(&store);
        sv_study_free(&study);
    }
    assert_true(n_failed > 20);
    char *after = bytes_of(path, &n_after);
    assert_true(n_before == n_after && memcmp(before, after, n_before) == 0);
    free(before);
    free(after);
    unlink(part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_on_after_any_season),
        cmocka_unit_test(more_seasons_of_a_finished_file),
        cmocka_unit_test(nothing_committed_starts_at_zero),
        cmocka_unit_test(killed_at_random_moments),
        cmocka_unit_test(full_disk_while_going_on),
        cmocka_unit_test(failed_save_ends_the_run),
        cmocka_unit_test(other_studies_are_refused),
        cmocka_unit_test(broken_files_are_refused),
        cmocka_unit_test(without_a_file_there_is_nothing_to_go_on_with),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
