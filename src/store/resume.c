/* Going on with a file: is it of the same study, take over what the study knew, drop the seasons after that and the
 * statistics, write again what this command may have changed. All checks come first and only read. */
#include "query.h"
#include "settings.h"
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- is it the same study ------------------------------------------------------------------ */

typedef struct {
    sv_reader *reader;
    const sv_store_subject *subject;
    sv_setting_list base;
    int64_t n_season; /* that the saved state stands for; 0 = none is saved */
} looking;

static sv_status differs(const looking *look, const char *what, const char *there, const char *asked)
{
    sv_reader *reader = look->reader;
    if (reader->status == SV_OK)
        reader->status =
            sv_error_set(reader->err, SV_EUSAGE, reader->file, 0,
                         "%s is %.120s there, but %.120s is asked for; accepted: the same", what, there, asked);
    return reader->status;
}

static void check_text(const looking *look, const char *what, const char *there, const char *asked)
{
    if (look->reader->status == SV_OK && strcmp(there, asked) != 0)
        differs(look, what, there, asked);
}

static void check_run(const looking *look)
{
    const sv_scenario *scenario = look->subject->scenario;
    char fingerprint[24], seed[24], first[32], n_h[24], n_h_there[24] = "";
    sv_date date = sv_date_from_hour(scenario->season.t0_h);
    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, look->subject->grid->fingerprint);
    snprintf(seed, sizeof seed, "%" PRIu64, scenario->study.seed);
    snprintf(first, sizeof first, "%04d-%02d-%02d %02d:00", (int)date.year, (int)date.month, (int)date.day,
             (int)date.hour);
    snprintf(n_h, sizeof n_h, "%lld", (long long)scenario->season.n_h);
    sv_query query = sv_query_begin(look->reader, "run",
                                    "SELECT version, grid_fingerprint, seed, first_hour, n_h, n_season_asked FROM run");
    if (!sv_query_next(&query))
        sv_reader_damaged(look->reader, "table run has no row");
    check_text(look, "the program's version", sv_query_text(&query, 0), SV_VERSION);
    check_text(look, "the grid's fingerprint", sv_query_text(&query, 1), fingerprint);
    check_text(look, "the seed", sv_query_text(&query, 2), seed);
    check_text(look, "the first hour of the season", sv_query_text(&query, 3), first);
    snprintf(n_h_there, sizeof n_h_there, "%lld", (long long)sv_query_whole(&query, 4, 1, INT64_MAX));
    check_text(look, "the length of the season in hours", n_h_there, n_h);
    sv_query_end(&query);
}

/* Both ways: a setting that only one of the two knows is a difference too. */
static void check_settings(const looking *look)
{
    char what[SV_KEY_TEXT + 16];
    int32_t n_there = 0, n_asked = 0;
    for (int32_t i = 0; i < look->base.n; i++)
        n_asked += sv_setting_matters(look->base.pair[i].key);
    sv_query query = sv_query_begin(look->reader, "setting", "SELECT key, value FROM setting ORDER BY rowid");
    while (sv_query_next(&query)) {
        const char *key = sv_query_text(&query, 0);
        if (!sv_setting_matters(key))
            continue;
        const char *asked = sv_setting_value(&look->base, key);
        snprintf(what, sizeof what, "%.*s", (int)SV_KEY_TEXT, key);
        check_text(look, what, sv_query_text(&query, 1), asked != NULL ? asked : "nothing");
        n_there++;
    }
    sv_query_end(&query);
    if (look->reader->status == SV_OK && n_there != n_asked)
        sv_reader_damaged(look->reader, "table setting has %d rows, accepted: %d", (int)n_there, (int)n_asked);
}

/* What a lever changes there must be what it changes now. */
static void check_lever_settings(const looking *look, int32_t i_lever, const char *name)
{
    sv_setting_list changed;
    char what[SV_KEY_TEXT + 128];
    sv_reader *reader = look->reader;
    if (reader->status != SV_OK)
        return;
    reader->status = sv_setting_list_read(&changed, reader->arena, look->subject->lever[i_lever].scenario, reader->err);
    sv_query query =
        sv_query_begin(reader, "lever_setting", "SELECT value FROM lever_setting WHERE i_lever = ? AND key = ?");
    for (int32_t i = 0; i < changed.n && reader->status == SV_OK; i++) {
        const char *key = changed.pair[i].key, *before = sv_setting_value(&look->base, key);
        if (!sv_setting_matters(key) || strncmp(key, "study.", 6) == 0)
            continue;
        sv_query_bind(&query, 1, i_lever);
        sv_query_bind_text(&query, 2, key);
        const char *there = sv_query_next(&query) ? sv_query_text(&query, 0) : before != NULL ? before : "nothing";
        snprintf(what, sizeof what, "lever %d (%.60s): %.*s", (int)i_lever + 1, name, (int)SV_KEY_TEXT, key);
        check_text(look, what, there, changed.pair[i].value);
        sqlite3_reset(query.statement);
    }
    sv_query_end(&query);
}

static void check_levers(const looking *look)
{
    char there[24], asked[24], what[48];
    sv_reader *reader = look->reader;
    snprintf(there, sizeof there, "%lld", (long long)sv_reader_count(reader, "lever", "SELECT count(*) FROM lever"));
    snprintf(asked, sizeof asked, "%d", (int)look->subject->n_lever);
    check_text(look, "the number of levers", there, asked);
    sv_query query = sv_query_begin(reader, "lever", "SELECT i_lever, name FROM lever ORDER BY i_lever");
    for (int32_t i = 0; i < look->subject->n_lever && sv_query_next(&query); i++) {
        const char *name = look->subject->lever[i].scenario->name;
        (void)sv_query_whole(&query, 0, i, i);
        snprintf(what, sizeof what, "the name of lever %d", (int)i + 1);
        check_text(look, what, sv_query_text(&query, 1), name != NULL ? name : "");
        check_lever_settings(look, i, sv_query_text(&query, 1));
    }
    sv_query_end(&query);
}

static void check_rows(const looking *look, const char *table, int64_t each)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE i_season < ?", table);
    sv_query query = sv_query_begin(look->reader, table, sql);
    sv_query_bind(&query, 1, look->n_season);
    if (sv_query_next(&query)) {
        int64_t n = sv_query_whole(&query, 0, 0, INT64_MAX);
        if (look->reader->status == SV_OK && n != each * look->n_season)
            sv_reader_damaged(look->reader, "table %s has %lld rows of the first %lld seasons, accepted: %lld", table,
                              (long long)n, (long long)look->n_season, (long long)(each * look->n_season));
    }
    sv_query_end(&query);
}

/* How far it came, and that the rows of those seasons are there. */
static void check_seasons(looking *look)
{
    sv_reader *reader = look->reader;
    sv_query query = sv_query_begin(reader, "state", "SELECT n_season FROM state");
    if (sv_query_next(&query))
        look->n_season = sv_query_whole(&query, 0, 0, INT64_C(4000000000));
    sv_query_end(&query);
    check_rows(look, "season", 1);
    check_rows(look, "season_region", look->subject->grid->n_region);
    check_rows(look, "season_class", SV_N_CLASS);
    check_rows(look, "lever_season", look->subject->n_lever);
    int64_t n_asked = look->subject->scenario->study.n_season;
    if (reader->status == SV_OK && n_asked < look->n_season)
        reader->status = sv_error_set(reader->err, SV_EUSAGE, reader->file, 0,
                                      "%lld seasons are in it, %lld are asked for; accepted: as many or more",
                                      (long long)look->n_season, (long long)n_asked);
}

static void check_sound(sv_reader *reader)
{
    sv_query query = sv_query_begin(reader, "all", "PRAGMA quick_check(1)");
    if (sv_query_next(&query)) {
        const char *words = sv_query_text(&query, 0);
        if (reader->status == SV_OK && strcmp(words, "ok") != 0)
            sv_reader_damaged(reader, "%.200s", words);
    }
    sv_query_end(&query);
}

static sv_status check(sv_reader *reader, const sv_store_subject *subject)
{
    looking look = {reader, subject, {0}, 0};
    reader->other_version = SV_EUSAGE;
    if (sv_reader_check_schema(reader) != SV_OK)
        return reader->status;
    check_sound(reader);
    if (reader->status == SV_OK)
        reader->status = sv_setting_list_read(&look.base, reader->arena, subject->scenario, reader->err);
    if (reader->status != SV_OK)
        return reader->status;
    check_run(&look);
    check_settings(&look);
    check_levers(&look);
    check_seasons(&look);
    return reader->status;
}

/* ---- take over ----------------------------------------------------------------------------- */

static sv_status load_study(sv_store *store, sv_study *study, int64_t *n_season, char started[32], sv_error *err)
{
    sv_reader reader = {.db = store->db, .file = store->part, .err = err, .arena = store->arena};
    sv_query query = sv_query_begin(&reader, "run", "SELECT started_utc FROM run");
    if (sv_query_next(&query))
        snprintf(started, 32, "%s", sv_query_text(&query, 0));
    sv_query_end(&query);
    query = sv_query_begin(&reader, "state", "SELECT n_season, bytes FROM state");
    if (sv_query_next(&query)) {
        *n_season = sv_query_whole(&query, 0, 0, INT64_MAX);
        const void *bytes = sqlite3_column_blob(query.statement, 1);
        size_t n = (size_t)sqlite3_column_bytes(query.statement, 1);
        sv_error found = {0};
        sv_status loaded = bytes == NULL ? SV_EDATA : sv_study_load(study, bytes, n, &found);
        if (loaded == SV_EUSAGE && reader.status == SV_OK)
            reader.status = sv_error_set(err, loaded, store->part, 0, "%s", found.text);
        else if (loaded != SV_OK)
            sv_reader_damaged(&reader, "what the study knew after %lld seasons cannot be read", (long long)*n_season);
        sv_study_info info;
        sv_study_describe(study, &info);
        if (reader.status == SV_OK && info.n_season != *n_season)
            sv_reader_damaged(&reader, "its state is of %lld seasons, accepted: %lld", (long long)info.n_season,
                              (long long)*n_season);
    }
    sv_query_end(&query);
    return reader.status;
}

/* One transaction: either all of it is as before, or ready to go on. */
static sv_status prepare_tables(sv_store *store, const sv_store_subject *subject, int64_t n_season, const char *started,
                                sv_error *err)
{
    static const char *const of_seasons[] = {"event", "season_region", "season_class", "lever_season", "season"};
    static const char *const all_of[] = {"hour",          "site_total",    "summary",      "cause",   "course",
                                         "region_day",    "lever_summary", "lever_region", "setting", "lever_part",
                                         "lever_setting", "lever",         "run",          "ac_check"};
    char sql[160];
    sv_status status = sv_store_begin(store, err);
    for (size_t i = 0; i < sizeof of_seasons / sizeof of_seasons[0] && status == SV_OK; i++) {
        snprintf(sql, sizeof sql, "DELETE FROM %s WHERE i_season >= %lld", of_seasons[i], (long long)n_season);
        status = sv_store_exec(store, sql, "go on with the seasons", err);
    }
    for (size_t i = 0; i < sizeof all_of / sizeof all_of[0] && status == SV_OK; i++) {
        snprintf(sql, sizeof sql, "DELETE FROM %s", all_of[i]);
        status = sv_store_exec(store, sql, "go on with the run", err);
    }
    if (status == SV_OK)
        status = sv_store_put_subject(store, subject, err);
    if (status == SV_OK) {
        sqlite3_snprintf(sizeof sql, sql, "UPDATE run SET started_utc = %.64Q", started);
        status = sv_store_exec(store, sql, "go on with the run", err);
    }
    return status == SV_OK ? sv_store_commit(store, err) : status;
}

/* Foreign keys rest while parents are written again: nothing that refers to them changes. */
static sv_status take_over(sv_store *store, const sv_store_subject *subject, sv_study *study, sv_error *err)
{
    int64_t n_season = 0;
    char started[32] = "";
    sv_status status = load_study(store, study, &n_season, started, err);
    if (status == SV_OK)
        status = sv_store_exec(store, SV_STORE_PRAGMAS "; PRAGMA foreign_keys = OFF", "go on with the run", err);
    if (status == SV_OK)
        status = sv_store_prepare_inserts(store, err);
    if (status == SV_OK)
        status = prepare_tables(store, subject, n_season, started, err);
    if (status == SV_OK)
        status = sv_store_exec(store, "PRAGMA foreign_keys = ON", "go on with the run", err);
    return status;
}

/* ---- where it stands ----------------------------------------------------------------------- */

/* Pages of the finished file into the empty part, in one transaction of the part. */
static sv_status copy_pages(sv_store *store, sv_reader *source, sv_error *err)
{
    sqlite3_backup *copy = sqlite3_backup_init(store->db, "main", source->db, "main");
    if (copy == NULL)
        return sv_store_fail(store, err, "copy the finished file");
    int code = sqlite3_backup_step(copy, -1);
    int ended = sqlite3_backup_finish(copy);
    return code == SQLITE_DONE && ended == SQLITE_OK ? SV_OK : sv_store_fail(store, err, "copy the finished file");
}

static sv_status check_and_copy(sv_store *store, const sv_store_subject *subject, sv_arena *arena, sv_error *err)
{
    sv_reader source;
    sv_status status = sv_reader_open(&source, store->path, err);
    source.arena = arena;
    if (status == SV_OK)
        status = check(&source, subject);
    if (status == SV_OK)
        status = copy_pages(store, &source, err);
    sv_reader_close(&source);
    return status;
}

/* After the journal of a killed run is played back: is anything committed in it? */
static sv_status look_into(sv_store *store, const sv_store_subject *subject, sv_arena *arena, bool *empty,
                           sv_error *err)
{
    sv_reader reader = {.db = store->db, .file = store->part, .err = err, .arena = arena};
    int64_t n_page = sv_reader_count(&reader, "head", "PRAGMA page_count");
    struct stat at;
    *empty = reader.status == SV_OK && n_page == 0 && fstat(store->lock_fd, &at) == 0 && at.st_size == 0;
    return *empty || reader.status != SV_OK ? reader.status : check(&reader, subject);
}

static bool there(const char *path)
{
    struct stat at;
    return stat(path, &at) == 0;
}

/* *empty: the part is ours, or as good as, and goes when it comes to nothing. */
static sv_status go_on(sv_store *store, const sv_store_subject *subject, sv_study *study, bool *empty, sv_error *err)
{
    sv_arena *arena = sv_arena_new(); /* for the checks */
    if (arena == NULL)
        return sv_error_set(err, SV_ENOMEM, store->part, 0, "out of memory");
    sv_status status = look_into(store, subject, arena, empty, err);
    bool begin_anew = *empty && !there(store->path);
    if (status == SV_OK && *empty && !begin_anew)
        status = check_and_copy(store, subject, arena, err);
    sv_arena_free(arena);
    if (status != SV_OK)
        return status;
    return begin_anew ? sv_store_begin_file(store, subject, err) : take_over(store, subject, study, err);
}

sv_status sv_store_resume(sv_store **store, const char *path, const sv_store_subject *subject, sv_study *study,
                          sv_error *err)
{
    sv_store *self = NULL;
    bool empty = false;
    sv_status status = sv_store_alloc(&self, path, subject, err);
    if (status == SV_OK && !there(self->part) && !there(self->path))
        status = sv_error_set(err, SV_EIO, path, 0, "cannot be gone on with: neither it nor %s is there", self->part);
    if (status == SV_OK) {
        empty = !there(self->part);
        status = sv_store_claim(self, err);
    }
    if (status == SV_OK)
        status = sv_store_open(self, err);
    if (status == SV_OK)
        status = go_on(self, subject, study, &empty, err);
    if (status != SV_OK && self != NULL) {
        self->failed = true; /* nothing is committed on the way out */
        sv_store_close(self);
        if (empty && self->lock_fd >= 0)
            unlink(self->part);
        sv_store_free(&self);
    }
    *store = self;
    return status;
}
