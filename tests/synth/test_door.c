/* What the generator refuses, what it leaves behind when memory runs out, and that its countries survive a folder. */
#include "synth/country.h"

#include "svitlo/formats.h"

#include <dirent.h>
#include <unistd.h>

static void refuse(sv_synth_settings settings, const char *words)
{
    sv_error err = {0};
    sv_grid *grid = (sv_grid *)(void *)&err; /* must become NULL */
    assert_int_equal(sv_synth_new(&grid, &settings, &err), SV_EUSAGE);
    assert_null(grid);
    if (strstr(err.text, words) == NULL)
        fail_msg("'%s' lacks '%s'", err.text, words);
    assert_int_equal(sv_synth_new(&grid, &settings, NULL), SV_EUSAGE);
}

static void sizes_out_of_range_are_refused(void **unused)
{
    (void)unused;
    const int32_t bad[] = {0, 1, -1, 29, 50001, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sv_synth_settings s = sv_synth_defaults();
        s.n_bus = bad[i];
        refuse(s, "buses was asked for; accepted: 30 to 50000");
    }
    const int64_t bad_h[] = {0, -1, 10 * 8784 + 1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof bad_h / sizeof bad_h[0]; i++) {
        sv_synth_settings s = sv_synth_defaults();
        s.n_h = bad_h[i];
        refuse(s, "accepted: 1 to 87840 h");
    }
}

static void times_beyond_the_calendar_are_refused(void **unused)
{
    (void)unused;
    const int64_t bad[] = {INT64_MAX, INT64_MIN, INT64_C(1) << 40};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sv_synth_settings s = sv_synth_defaults();
        s.t0_h = bad[i];
        refuse(s, "accepted: the years 1 to 9999");
    }
}

/* Each allocation fails in turn: one sentence, nothing handed out, nothing leaked (the sanitizers look). */
static void out_of_memory_anywhere_is_reported(void **unused)
{
    (void)unused;
    sv_synth_settings s = sv_synth_defaults();
    s.n_bus = 30;
    s.n_h = 24;
    int64_t n_failed = 0;
    for (int64_t k = 1;; k += 1 + k / 40) {
        sv_error err = {0};
        sv_grid *grid = NULL;
        sv_arena_fail_at(k);
        const sv_status status = sv_synth_new(&grid, &s, &err);
        sv_arena_fail_at(0);
        if (status == SV_OK) {
            sv_grid_free(&grid);
            break;
        }
        assert_int_equal(status, SV_ENOMEM);
        assert_null(grid);
        assert_non_null(strstr(err.text, "out of memory"));
        n_failed++;
    }
    assert_true(n_failed > 50);
}

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    assert_int_equal(rmdir(folder), 0);
}

static void a_country_survives_its_folder(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/svitlo-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    sv_grid *made = make_country(100, 3, 48), *read = NULL;
    sv_error err = {0};
    assert_int_equal(sv_csv_write(made, folder, &err), SV_OK);
    if (sv_grid_read(&read, folder, &err) != SV_OK)
        fail_msg("%s", err.text);
    assert_true(read->fingerprint == made->fingerprint);
    assert_string_equal(read->name, made->name);
    sv_grid_free(&made);
    sv_grid_free(&read);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_out_of_range_are_refused),
        cmocka_unit_test(times_beyond_the_calendar_are_refused),
        cmocka_unit_test(out_of_memory_anywhere_is_reported),
        cmocka_unit_test(a_country_survives_its_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
