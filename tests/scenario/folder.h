/* Shared by the tests of levers: files in a folder of their own, a base and what is made of it. */
#ifndef SV_TEST_SCENARIO_FOLDER_H
#define SV_TEST_SCENARIO_FOLDER_H

#include "scenario/parse.h"

#include <unistd.h>

static const char base_text[] = "name: Base\ngrid: g\nseason: {from: 2026-11-01, to: 2027-03-31}\n"
                                "cover: {rear: 75 %, saturates_at: never}\nspares: {autotransformer: 14}\n"
                                "shipments: {hydro: {count: 2, arrives: 2027-01-01}}\n"
                                "imports: {limit: 2.1 GW}\nwaves: {dates: [2026-12-05, 2026-12-01]}\n"
                                "shelters: {at: {level_2: [S9, S1]}}\npeace: [{from: 2027-02-01, to: 2027-02-03}]\n";

static inline void enter_folder(const char *name)
{
    char command[2000], path[900];
    snprintf(path, sizeof path, SV_BINARY_DIR "/tests/%s", name);
    snprintf(command, sizeof command, "rm -rf '%s' && mkdir -p '%s/levers'", path, path);
    assert_int_equal(system(command), 0);
    assert_int_equal(chdir(path), 0);
}

static inline void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
}

static inline sv_scenario *read_good(const char *path, const char *const *set, int32_t n_set)
{
    sv_scenario *s = NULL;
    sv_error err = {0};
    assert_int_equal(sv_scenario_read(&s, path, set, n_set, &err), SV_OK);
    assert_string_equal(err.text, "");
    return s;
}

static inline sv_status combine(sv_scenario **s, const char *a, const char *b, const char *const *set, int32_t n_set,
                                sv_error *err)
{
    const char *const paths[] = {a, b};
    return sv_scenario_read_lever(s, "base.yaml", set, n_set, paths, b != NULL ? 2 : 1, err);
}

static inline lines settings_of(sv_scenario *s)
{
    s->name = "x";
    return lines_of(s);
}

static inline void assert_same_settings(sv_scenario *a, sv_scenario *b)
{
    lines x = settings_of(a), y = settings_of(b);
    assert_string_equal(x.text, y.text);
    free(x.text);
    free(y.text);
}

/* Each program has its own. */
static inline void enter_base(const char *folder)
{
    enter_folder(folder);
    write_file("base.yaml", base_text);
}

#endif
