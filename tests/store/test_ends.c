/* Everything that can go wrong with a results file: killed runs, full disks, folders in the way, two runs at once. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "results.h"

/* ---- runs that end otherwise --------------------------------------------------------------- */

static void file_appears_only_at_the_end(void **unused)
{
    (void)unused;
    const char *path = in_folder("end.db"), *part = in_folder("end.db.part");
    sv_study_free(&(sv_study *){run_into(path, 0)});
    sqlite3 *db = open_file(path);
    double before = number(db, "SELECT count(*) FROM season");
    sqlite3_close(db);

    fake_settings fake = fake_of(0, 0);
    sv_study *study = make_study(&fake, 20);
    sv_store *store = NULL;
    assert_int_equal(sv_store_new(&store, path, &(sv_store_subject){scenario, grid, 0, NULL}, NULL), SV_OK);
    sv_study_sink sink = {.context = store, .on_row = add};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
    db = open_file(path); /* the old file is untouched */
    assert_true(number(db, "SELECT count(*) FROM season") == before);
    sqlite3_close(db);
    sv_store_free(&store); /* without finish: the part stays, and holds all seasons */
    assert_true(exists(part));
    db = open_file(part);
    check_sound(db);
    assert_true(number(db, "SELECT count(*) FROM season") == 20.0 && number(db, "SELECT complete FROM run") == 0.0);
    assert_true(isnan(number(db, "SELECT n_season FROM run")));
    sqlite3_close(db);

    sv_error err = {0}; /* what was broken off is not thrown away without a word */
    assert_int_equal(sv_store_new(&store, path, &(sv_store_subject){scenario, grid, 0, NULL}, &err), SV_EUSAGE);
    assert_non_null(strstr(err.text, "end.db.part: holds 20 seasons of a run that was broken off"));
    db = open_file(part);
    assert_true(number(db, "SELECT count(*) FROM season") == 20.0);
    sqlite3_close(db);
    assert_int_equal(unlink(part), 0);
    assert_int_equal(sv_store_new(&store, path, &(sv_store_subject){scenario, grid, 0, NULL}, NULL), SV_OK);
    assert_int_equal(sv_store_finish(store, study, NULL), SV_OK);
    sv_season_row row = {0};
    err = (sv_error){0};
    assert_int_equal(sv_store_add(store, &row, &err), SV_EIO);
    assert_int_equal(sv_store_finish(store, study, NULL), SV_EIO);
    sv_store_free(&store);
    assert_false(exists(part));
    db = open_file(path);
    assert_true(number(db, "SELECT count(*) FROM season") == 0.0 && number(db, "SELECT complete FROM run") == 1.0);
    sqlite3_close(db);
    sv_study_free(&study);
}

static bool stop_at_once(void *context, const sv_progress *progress)
{
    (void)context;
    return progress->n_done >= 1;
}

static void stopped_run_can_be_finished(void **unused)
{
    (void)unused;
    const char *path = in_folder("stopped.db");
    fake_settings fake = fake_of(0, 3000);
    sv_study *study = make_study(&fake, 100000);
    sv_store *store = NULL;
    assert_int_equal(sv_store_new(&store, path, &(sv_store_subject){scenario, grid, 0, NULL}, NULL), SV_OK);
    sv_study_sink sink = {.context = store, .on_row = add, .on_progress = stop_at_once};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
    assert_int_equal(sv_store_finish(store, study, NULL), SV_OK);
    sv_store_free(&store);
    sv_study_info info;
    sv_study_describe(study, &info);
    assert_true(info.stopped && info.n_season > 0);
    sqlite3 *db = open_file(path);
    check_sound(db);
    assert_true(number(db, "SELECT stopped FROM run") == 1.0);
    assert_true(number(db, "SELECT n_season FROM run") == (double)info.n_season);
    assert_true(number(db, "SELECT count(*) FROM season") == (double)info.n_season);
    assert_true(number(db, "SELECT max(i_season) FROM season") == (double)info.n_season - 1.0);
    sqlite3_close(db);
    sv_study_free(&study);
}

/* A child writes until it is killed: between two commits, with a journal on the disk more often than not. */
static void killed_run_leaves_a_readable_part(void **unused)
{
    (void)unused;
    const char *path = in_folder("killed.db"), *part = in_folder("killed.db.part");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fake_worker worker = {.settings = fake_of(0, 0)};
        sv_season_row *row = sv_season_row_new(grid, N_H);
        sv_store *store = NULL;
        if (row == NULL || sv_store_new(&store, path, &(sv_store_subject){scenario, grid, 0, NULL}, NULL) != SV_OK)
            _exit(1);
        for (int64_t k = 0;; k++) {
            fake_row(&worker.settings, 7, k, row);
            if (row->status != SV_OK || sv_store_add(store, row, NULL) != SV_OK)
                _exit(2);
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
    }
    nanosleep(&(struct timespec){.tv_sec = 2, .tv_nsec = 600000000}, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);

    assert_false(exists(path));
    sqlite3 *db = open_file(part);
    check_sound(db);
    double n = number(db, "SELECT count(*) FROM season");
    assert_true(n >= 2.0);
    assert_true(number(db, "SELECT max(i_season) FROM season") == n - 1.0);
    assert_true(number(db, "SELECT count(*) FROM season_region") == 2.0 * n);
    assert_true(number(db, "SELECT count(*) FROM season_class") == 3.0 * n);
    assert_true(number(db, "SELECT complete FROM run") == 0.0);
    sqlite3_close(db);
    assert_int_equal(unlink(part), 0);
    sv_study_free(&(sv_study *){run_into(path, 0)}); /* nobody holds the lock any more */
    assert_false(exists(part));
}

static void two_runs_do_not_share_a_file(void **unused)
{
    (void)unused;
    const char *path = in_folder("shared.db");
    sv_store *first = NULL, *second = NULL;
    assert_int_equal(sv_store_new(&first, path, &(sv_store_subject){scenario, grid, 0, NULL}, NULL), SV_OK);
    sv_error err = {0};
    assert_int_equal(sv_store_new(&second, path, &(sv_store_subject){scenario, grid, 0, NULL}, &err), SV_EIO);
    assert_null(second);
    assert_non_null(strstr(err.text, "another run is writing it"));
    fake_settings fake = fake_of(0, 0);
    sv_study *study = make_study(&fake, 5);
    sv_study_sink sink = {.context = first, .on_row = add};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
    assert_int_equal(sv_store_finish(first, study, NULL), SV_OK);
    sv_store_free(&first);
    sv_study_free(&study);
    sqlite3 *db = open_file(path);
    assert_true(number(db, "SELECT count(*) FROM season") == 5.0);
    sqlite3_close(db);
}

/* A reader that looks at the part file for a moment does not disturb the run. */
static void part_can_be_read_while_running(void **unused)
{
    (void)unused;
    const char *path = in_folder("live.db"), *part = in_folder("live.db.part");
    sv_store *store = NULL;
    assert_int_equal(sv_store_new(&store, path, &(sv_store_subject){scenario, grid, 0, NULL}, NULL), SV_OK);
    sqlite3 *db = open_file(part);
    check_text(db, "SELECT grid_name FROM run", "two regions");
    fake_settings fake = fake_of(0, 0);
    sv_study *study = make_study(&fake, 5);
    sv_study_sink sink = {.context = store, .on_row = add};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
    assert_true(number(db, "SELECT count(*) FROM season") == 0.0); /* not committed yet */
    sqlite3_close(db);
    assert_int_equal(sv_store_finish(store, study, NULL), SV_OK);
    sv_store_free(&store);
    sv_study_free(&study);
}

static void names_that_cannot_be_files(void **unused)
{
    (void)unused;
    assert_int_equal(mkdir(in_folder("a-folder"), 0777), 0);
    assert_int_equal(mkdir(in_folder("in-the-way.db.part"), 0777), 0);
    static const struct {
        const char *name, *word;
    } bad[] = {
        {"a-folder", "is a folder"},
        {"in-the-way.db", "is a folder"},
        {"no-such-folder/x.db", "No such file"},
        {"seasons-none.db/x.db", "cannot be written"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sv_store *store = (sv_store *)&scenario;
        sv_error err = {0};
        assert_int_equal(
            sv_store_new(&store, in_folder(bad[i].name), &(sv_store_subject){scenario, grid, 0, NULL}, &err), SV_EIO);
        assert_null(store);
        if (strstr(err.text, bad[i].word) == NULL || strstr(err.text, folder) == NULL)
            fail_msg("%s", err.text);
    }
    sv_store *store = NULL;
    sv_error err = {0};
    assert_int_equal(sv_store_new(&store, "/dev/null", &(sv_store_subject){scenario, grid, 0, NULL}, &err), SV_EIO);
    assert_non_null(strstr(err.text, "no plain file"));
    assert_false(exists("/dev/null.part"));
    err = (sv_error){0};
    assert_int_equal(sv_store_new(&store, "", &(sv_store_subject){scenario, grid, 0, NULL}, &err), SV_EIO);
    assert_non_null(strstr(err.text, "empty"));
    assert_int_equal(rmdir(in_folder("a-folder")), 0);
    assert_int_equal(rmdir(in_folder("in-the-way.db.part")), 0);
}

/* The largest size of a file stands for a full disk. The child reports by its exit code. */
static int run_on_a_full_disk(const char *path, rlim_t bytes, int64_t n_season)
{
    signal(SIGXFSZ, SIG_IGN);
    fake_settings fake = fake_of(0, 0);
    sv_study *study = make_study(&fake, n_season);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){bytes, bytes});
    sv_store *store = NULL;
    sv_error err = {0};
    sv_status status = sv_store_new(&store, path, &(sv_store_subject){scenario, grid, 0, NULL}, &err);
    if (status == SV_OK) {
        sv_study_sink sink = {.context = store, .on_row = add};
        status = sv_study_run(study, &sink, &err);
        if (status == SV_OK)
            status = sv_store_finish(store, study, &err);
        sv_store_free(&store);
    }
    sv_study_free(&study);
    sv_grid_free(&grid);
    bool worded = strstr(err.text, path) != NULL && strstr(err.text, "cannot") != NULL;
    return status == SV_EIO && worded ? 0 : 1;
}

static void full_disk_is_one_sentence(void **unused)
{
    (void)unused;
    static const rlim_t bytes[] = {0, 3000, 40000, 90000, 200000};
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        const char *path = in_folder("full.db"), *part = in_folder("full.db.part");
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(run_on_a_full_disk(path, bytes[i], 20000));
        int how = 0;
        assert_int_equal(waitpid(child, &how, 0), child);
        if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
            fail_msg("with %ld bytes: status %d", (long)bytes[i], how);
        assert_false(exists(path)); /* nothing half-written under the final name */
        if (exists(part)) {
            sqlite3 *db = open_file(part);
            check_sound(db);
            assert_true(number(db, "SELECT complete FROM run") == 0.0);
            sqlite3_close(db);
            unlink(part);
        }
    }
}

static void each_failing_allocation_is_reported(void **unused)
{
    (void)unused;
    const char *path = in_folder("memory.db");
    int64_t n_failed = 0;
    bool done = false;
    for (int64_t k = 1; !done; k += 1 + k / 8) {
        sv_store *store = NULL;
        sv_arena_fail_at(k);
        sv_error err = {0};
        sv_status status = sv_store_new(&store, path, &(sv_store_subject){scenario, grid, 0, NULL}, &err);
        sv_arena_fail_at(0);
        assert_true(status == SV_OK || status == SV_ENOMEM);
        done = status == SV_OK;
        n_failed += !done;
        assert_true((store != NULL) == done);
        sv_store_free(&store);
    }
    assert_true(n_failed > 20);
    unlink(in_folder("memory.db.part"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_appears_only_at_the_end),      cmocka_unit_test(stopped_run_can_be_finished),
        cmocka_unit_test(killed_run_leaves_a_readable_part), cmocka_unit_test(two_runs_do_not_share_a_file),
        cmocka_unit_test(part_can_be_read_while_running),    cmocka_unit_test(names_that_cannot_be_files),
        cmocka_unit_test(full_disk_is_one_sentence),         cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
