/* Shared by the tests of the store: a scenario, a folder to write into, runs with seasons out of thin air, and reading
 * back through SQLite's own interface. */
#ifndef TESTS_STORE_RESULTS_H
#define TESTS_STORE_RESULTS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "study/fake.h"
#include "svitlo/store.h"

static sv_grid *grid;
static sv_scenario *scenario;
static char folder[256];

static sv_scenario lever_scenario[3];
static sv_lever lever[3]; /* two of their own and the pair of them; the first is of a sweep */

enum { N_H = 12, N_SEASON = 130, N_LEVER = 3 };

static inline const char *in_folder(const char *name)
{
    static char path[16][512];
    static int turn;
    turn = (turn + 1) % 16;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static inline bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* ---- reading back -------------------------------------------------------------------------- */

static inline sqlite3 *open_file(const char *path)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    return db;
}

static inline sqlite3_stmt *query(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    return statement;
}

/* First column of the first row. */
static inline double number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = query(db, sql);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    double value = sqlite3_column_type(statement, 0) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static inline void check_text(sqlite3 *db, const char *sql, const char *expected)
{
    sqlite3_stmt *statement = query(db, sql);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), expected);
    sqlite3_finalize(statement);
}

static inline void check_sound(sqlite3 *db)
{
    check_text(db, "PRAGMA integrity_check", "ok");
    assert_true(number(db, "SELECT count(*) FROM pragma_foreign_key_check") == 0.0);
}

/* NAN is NULL in the file. */
static inline void check_column(sqlite3_stmt *row, int i, double expected)
{
    if (isnan(expected))
        assert_int_equal(sqlite3_column_type(row, i), SQLITE_NULL);
    else
        assert_true(sqlite3_column_double(row, i) == expected);
}

/* ---- writing ------------------------------------------------------------------------------- */

static inline fake_settings fake_of(int64_t fail_every, int32_t delay_us)
{
    return (fake_settings){
        .grid = grid, .n_h = N_H, .nan_at = -1, .scale = 1.0, .fail_every = fail_every, .delay_us = delay_us};
}

static inline sv_study *make_study(const fake_settings *fake, int64_t n_season)
{
    sv_study_settings settings = {.n_season = n_season, .seed = 7, .n_thread = 2};
    sv_season_settings season = scenario->season;
    season.n_h = N_H;
    sv_study_source source = fake_source(fake);
    static const int32_t against[] = {0, 1};
    sv_study_lever of[N_LEVER];
    for (int32_t k = 0; k < N_LEVER; k++)
        of[k] = (sv_study_lever){&season, k == 2 ? 2 : 0, against};
    sv_study *study = NULL;
    assert_int_equal(sv_study_new_from(&study, grid, &season, fake->n_lever, of, &settings, &source, NULL), SV_OK);
    return study;
}

/* The scenario with its first n levers. */
static inline sv_store_subject subject_of(int32_t n_lever)
{
    return (sv_store_subject){scenario, grid, n_lever, lever};
}

static inline sv_status add(void *context, const sv_season_row *row, sv_error *err)
{
    return sv_store_add(context, row, err);
}

/* A whole run into path, with all levers. */
static inline sv_study *run_into(const char *path, int64_t fail_every)
{
    fake_settings fake = fake_of(fail_every, 0);
    fake.n_lever = N_LEVER;
    sv_study *study = make_study(&fake, N_SEASON);
    sv_store *store = NULL;
    sv_error err = {0};
    sv_store_subject subject = subject_of(N_LEVER);
    if (sv_store_new(&store, path, &subject, &err) != SV_OK)
        fail_msg("%s", err.text);
    sv_study_sink sink = {.context = store, .on_row = add};
    assert_int_equal(sv_study_run(study, &sink, &err), SV_OK);
    if (sv_store_finish(store, study, &err) != SV_OK)
        fail_msg("%s", err.text);
    sv_store_free(&store);
    assert_null(store);
    return study;
}

/* ---- set-up -------------------------------------------------------------------------------- */

static inline void make_levers(void)
{
    static const char *const name[] = {"Warmer homes", "More crews", "Warmer homes + More crews"};
    static const double x[] = {200.0, 400.0};
    static const char *const value[] = {"200 MW", "400 MW"};
    static const sv_sweep sweep = {"imports.limit", "MW", 2, x, value, NULL};
    static const int32_t part[] = {0, 1};
    for (int32_t k = 0; k < N_LEVER; k++) {
        lever_scenario[k] = *scenario;
        lever_scenario[k].name = name[k];
        lever[k] = (sv_lever){.scenario = &lever_scenario[k], .path = k < 2 ? name[k] : NULL};
    }
    lever_scenario[0].season.demand_scale = lever_scenario[2].season.demand_scale = 0.9;
    lever_scenario[0].season.import_limit_mw = lever_scenario[2].season.import_limit_mw = 400.0;
    lever_scenario[1].season.cold_spread_c = lever_scenario[2].season.cold_spread_c = 1.5;
    lever[0].sweep = &sweep;
    lever[0].i_sweep = 1;
    lever[2].n_part = 2;
    lever[2].part = part;
}

static inline int set_up(void **unused)
{
    (void)unused;
    snprintf(folder, sizeof folder, "%s/test_store.XXXXXX", SV_BINARY_DIR);
    grid = fake_grid();
    if (grid == NULL || mkdtemp(folder) == NULL)
        return 1;
    static sv_scenario made;
    scenario = &made;
    scenario->name = "A 'winter' of \"tests\"";
    scenario->path = "winter.yaml";
    scenario->grid_path = "country";
    scenario->season = sv_season_defaults();
    scenario->season.t0_h = sv_hour_from_date(2026, 11, 1, 0);
    scenario->season.n_h = N_H;
    scenario->study = (sv_study_settings){.n_season = N_SEASON, .seed = UINT64_MAX};
    make_levers();
    return 0;
}

static inline int tear_down(void **unused)
{
    (void)unused;
    static const char *const left[] = {"seasons", "statistics", "run",    "views",  "documented", "constraints",
                                       "end",     "stopped",    "killed", "shared", "live",       "levers",
                                       "whole",   "broken",     "again",  "full",   "refuse",     "results"};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.db", left[i]);
        unlink(in_folder(name));
    }
    sv_grid_free(&grid);
    return rmdir(folder); /* fails when anything else was left behind */
}

#endif
