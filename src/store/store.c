/* One results file. Work goes on in PATH.part, locked against a second run; seasons are committed once a second, so
 * that a killed run leaves all but the last second's; the end writes the statistics and gives the file its name.
 * A row and a few inserts for each season, one commit a second. One thread at a time. */
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const double COMMIT_S =
    1.0; /* each commit waits for the disk: by time, not by rows, or fast studies would crawl */

/* ---- the file ------------------------------------------------------------------------------ */

/* Whatever is there already must be a plain file: renaming over anything else would destroy it. */
static sv_status check_path(const char *path, sv_error *err)
{
    struct stat there;
    if (path[0] == '\0')
        return sv_error_set(err, SV_EIO, NULL, 0, "the name of the results file is empty");
    if (stat(path, &there) != 0)
        return SV_OK; /* open says more */
    if (S_ISDIR(there.st_mode))
        return sv_error_set(err, SV_EIO, path, 0, "is a folder, accepted: the name of a results file");
    if (!S_ISREG(there.st_mode))
        return sv_error_set(err, SV_EIO, path, 0, "is no plain file, accepted: the name of a results file");
    return SV_OK;
}

static char *joined(sv_arena *arena, const char *a, const char *b)
{
    size_t n = strlen(a) + strlen(b) + 1;
    char *text = SV_TAKE(arena, n, char);
    if (text != NULL)
        snprintf(text, n, "%s%s", a, b);
    return text;
}

/* False when another run gave the file its final name between our opening and our locking it. */
static bool still_named(int fd, const char *path)
{
    struct stat ours, named;
    return fstat(fd, &ours) == 0 && stat(path, &named) == 0 && ours.st_ino == named.st_ino &&
           ours.st_dev == named.st_dev;
}

/* The lock is held on a descriptor of its own, which stays open until SQLite has closed the file. */
static sv_status claim_part(sv_store *store, sv_error *err)
{
    store->lock_fd = open(store->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (store->lock_fd < 0)
        return sv_error_set(err, SV_EIO, store->part, 0, "cannot be written: %s", strerror(errno));
    bool taken = flock(store->lock_fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (taken || !still_named(store->lock_fd, store->part)) {
        close(store->lock_fd);
        store->lock_fd = -1;
        return sv_error_set(err, SV_EIO, store->part, 0, "another run is writing it");
    }
    char *journal = joined(store->arena, store->part, "-journal");
    if (journal == NULL)
        return sv_error_set(err, SV_ENOMEM, store->part, 0, "out of memory");
    unlink(journal); /* of an earlier run that was killed; it must not be played back into ours */
    if (ftruncate(store->lock_fd, 0) != 0)
        return sv_error_set(err, SV_EIO, store->part, 0, "cannot be written: %s", strerror(errno));
    return SV_OK;
}

static sv_status open_database(sv_store *store, sv_error *err)
{
    char header[160];
    if (sqlite3_open_v2(store->part, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
        return sv_store_fail(store, err, "open it as a database");
    sqlite3_busy_timeout(store->db, 10000); /* somebody may be looking at the part file */
    snprintf(header, sizeof header, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
             (int)SV_STORE_APPLICATION_ID, (int)SV_STORE_SCHEMA_VERSION);
    sv_status status = sv_store_exec(store, header, "begin the file", err);
    if (status == SV_OK)
        status =
            sv_store_exec(store, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
                          "begin the file", err);
    return status;
}

static void close_database(sv_store *store)
{
    for (int32_t t = 0; t < SV_N_STORE_TABLE; t++) {
        sqlite3_finalize(store->insert[t]);
        store->insert[t] = NULL;
    }
    if (store->db != NULL && store->in_transaction)
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    store->in_transaction = false;
    sqlite3_close(store->db);
    store->db = NULL;
}

/* ---- what is known before the first season ------------------------------------------------- */

static const struct {
    const char *unit, *meaning;
} metric_words[SV_N_METRIC] = {
    [SV_M_EENS_MWH] = {"MWh", "energy not served"},
    [SV_M_LOLE_H] = {"h", "hours with any load not served"},
    [SV_M_PEOPLE_HOURS] = {"person h", "people without power, summed over hours"},
    [SV_M_WORST_MW] = {"MW", "most power not served in one hour"},
    [SV_M_WORST_PEOPLE] = {"persons", "most people without power in one hour"},
    [SV_M_LONGEST_H] = {"h", "longest time that somebody was without power in a row"},
    [SV_M_OFF_4H] = {"persons", "people without power for more than 4 h in a row at least once"},
    [SV_M_OFF_8H] = {"persons", "people without power for more than 8 h in a row at least once"},
    [SV_M_OFF_24H] = {"persons", "people without power for more than 24 h in a row at least once"},
    [SV_M_OFF_72H] = {"persons", "people without power for more than 72 h in a row at least once"},
    [SV_M_EVENTS] = {"count", "outage events of the whole country"},
    [SV_M_EVENT_LENGTH_H] = {"h", "mean length of the season's outage events, 0 without any"},
    [SV_M_WAVES] = {"count", "waves"},
    [SV_M_STRIKES] = {"count", "strikes aimed at sites"},
    [SV_M_INTERCEPTED] = {"count", "strikes intercepted"},
    [SV_M_UNITS_LOST] = {"count", "units damaged"},
    [SV_M_UNITS_REPAIRED] = {"count", "units repaired"},
    [SV_M_DEMAND_MWH] = {"MWh", "energy wanted"},
    [SV_M_RELAXED_MWH] = {"MWh", "branch limits relaxed because they could not be kept, summed over hours"},
};

static sv_status put_metrics(sv_store *store, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t m = 0; m < SV_N_METRIC && status == SV_OK; m++) {
        const sv_cell cell[] = {text(sv_metric_name[m]), text(metric_words[m].unit), text(metric_words[m].meaning)};
        status = sv_store_put(store, SV_T_METRIC, cell, err);
    }
    return status;
}

static sv_status put_regions(sv_store *store, sv_error *err)
{
    const sv_grid *grid = store->grid;
    sv_status status = SV_OK;
    for (int32_t r = 0; r < grid->n_region && status == SV_OK; r++) {
        const sv_region *region = &grid->region[r];
        double people = 0.0, p_mw = 0.0;
        for (int32_t i = 0; i < grid->n_load; i++)
            if (grid->bus[grid->load[i].i_bus].i_region == r) {
                people += grid->load[i].people;
                p_mw += grid->load[i].p_mw > 0.0 ? grid->load[i].p_mw : 0.0;
            }
        const sv_cell cell[] = {whole(r),     text(region->id), text(region->name), text(sv_zone_name[region->zone]),
                                real(people), real(p_mw),       real(region->x_km), real(region->y_km)};
        status = sv_store_put(store, SV_T_REGION, cell, err);
    }
    return status;
}

static sv_status put_sites(sv_store *store, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t s = 0; s < store->grid->n_site && status == SV_OK; s++) {
        const sv_site *site = &store->grid->site[s];
        const sv_cell cell[] = {whole(s),
                                text(site->id),
                                text(site->name),
                                text(sv_site_class_name[site->class_]),
                                site->i_region < 0 ? (sv_cell){0} : whole(site->i_region),
                                real(site->x_km),
                                real(site->y_km),
                                whole(site->shelter),
                                whole(site->n_unit)};
        status = sv_store_put(store, SV_T_SITE, cell, err);
    }
    return status;
}

typedef struct {
    sv_store *store;
    sv_error *err;
    sv_status status;
} visiting;

static void put_setting(void *context, const char *key, const char *value)
{
    visiting *v = context;
    if (v->status == SV_OK)
        v->status = sv_store_put(v->store, SV_T_SETTING, (const sv_cell[]){text(key), text(value)}, v->err);
}

static sv_status put_run(sv_store *store, const sv_scenario *scenario, sv_error *err)
{
    char seed[24], fingerprint[24], first[32];
    sv_date date = sv_date_from_hour(scenario->season.t0_h);
    snprintf(seed, sizeof seed, "%" PRIu64, scenario->study.seed);
    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, store->grid->fingerprint);
    snprintf(first, sizeof first, "%04d-%02d-%02d %02d:00", (int)date.year, (int)date.month, (int)date.day,
             (int)date.hour);
    const char *name = scenario->name != NULL ? scenario->name : "";
    const char *grid_name = store->grid->name != NULL ? store->grid->name : "";
    const sv_cell cell[21] = {text("svitlo"), text(SV_VERSION), text(name), text(scenario->path), text(grid_name),
                              text(scenario->grid_path), text(fingerprint), text(seed), whole(scenario->study.n_season),
                              real(scenario->study.until), text(first), whole(scenario->season.n_h), text(""),
                              /* the end fills the rest */
                              [20] = whole(0)};
    sv_status status = sv_store_put(store, SV_T_RUN, cell, err);
    if (status == SV_OK)
        status = sv_store_exec(store, "UPDATE run SET started_utc = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')",
                               "begin the run", err);
    return status;
}

static sv_status put_beginning(sv_store *store, const sv_scenario *scenario, sv_error *err)
{
    sv_status status = sv_store_begin(store, err);
    if (status == SV_OK)
        status = sv_store_make_tables(store, err);
    if (status == SV_OK)
        status = put_run(store, scenario, err);
    if (status == SV_OK)
        status = put_metrics(store, err);
    if (status == SV_OK)
        status = put_regions(store, err);
    if (status == SV_OK)
        status = put_sites(store, err);
    visiting v = {store, err, status};
    if (status == SV_OK)
        sv_scenario_settings(scenario, put_setting, &v);
    return v.status == SV_OK ? sv_store_commit(store, err) : v.status;
}

/* ---- a season ------------------------------------------------------------------------------ */

static sv_status put_season(sv_store *store, const sv_season_row *row, sv_error *err)
{
    const sv_cell cell[] = {
        whole(row->i_season),        text(sv_status_name(row->status)),
        real(row->demand_mwh),       real(row->eens_mwh),
        real(row->lole_h),           real(row->people_hours),
        real(row->worst_mw),         real(row->worst_people),
        whole(row->worst_h),         real(row->relaxed_mwh),
        whole(row->relaxed_h),       real(row->off_people[0]),
        real(row->off_people[1]),    real(row->off_people[2]),
        real(row->off_people[3]),    real(row->longest_h),
        whole(row->n_wave),          whole(row->n_strike),
        whole(row->n_intercepted),   whole(row->n_unit_lost),
        whole(row->n_unit_repaired), whole(row->n_event),
    };
    return sv_store_put(store, SV_T_SEASON, cell, err);
}

static sv_status put_splits(sv_store *store, const sv_season_row *row, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t r = 0; r < store->grid->n_region && status == SV_OK; r++) {
        const sv_cell cell[] = {whole(row->i_season), whole(r), real(row->region_mwh[r]), real(row->region_lole_h[r]),
                                real(row->region_people_hours[r])};
        status = sv_store_put(store, SV_T_SEASON_REGION, cell, err);
    }
    for (int32_t c = 0; c < SV_N_CLASS && status == SV_OK; c++) {
        const sv_cell cell[] = {whole(row->i_season), text(sv_class_name[c]), real(row->class_mwh[c]),
                                real(row->class_lole_h[c]), real(row->class_people_hours[c])};
        status = sv_store_put(store, SV_T_SEASON_CLASS, cell, err);
    }
    return status;
}

static sv_status put_events(sv_store *store, const sv_season_row *row, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t e = 0; e < row->n_event_kept && status == SV_OK; e++) {
        const sv_event *event = &row->event[e];
        const sv_cell cell[] = {whole(row->i_season),
                                whole(e),
                                event->i_region < 0 ? (sv_cell){0} : whole(event->i_region),
                                whole(event->start_h),
                                whole(event->length_h),
                                real(event->people),
                                real(event->energy_mwh)};
        status = sv_store_put(store, SV_T_EVENT, cell, err);
    }
    return status;
}

sv_status sv_store_add(sv_store *store, const sv_season_row *row, sv_error *err)
{
    if (store->failed || store->db == NULL)
        return sv_error_set(err, SV_EIO, store->part, 0, "is closed or could not be written before");
    sv_status status = sv_store_begin(store, err);
    if (status == SV_OK)
        status = put_season(store, row, err);
    if (status == SV_OK)
        status = put_splits(store, row, err);
    if (status == SV_OK)
        status = put_events(store, row, err);
    if (status != SV_OK)
        return status;
    return sv_clock_s() - store->commit_s >= COMMIT_S ? sv_store_commit(store, err) : SV_OK;
}

/* ---- life ---------------------------------------------------------------------------------- */

static sv_status fill(sv_store *store, const char *path, const sv_scenario *scenario, sv_error *err)
{
    store->path = sv_arena_text(store->arena, path);
    store->part = joined(store->arena, path, ".part");
    if (sv_arena_failed(store->arena))
        return sv_error_set(err, SV_ENOMEM, path, 0, "out of memory");
    sv_status status = check_path(store->part, err);
    if (status == SV_OK)
        status = claim_part(store, err);
    if (status == SV_OK)
        status = open_database(store, err);
    if (status == SV_OK)
        status = put_beginning(store, scenario, err);
    if (status != SV_OK && store->lock_fd >= 0) {
        close_database(store);
        unlink(store->part); /* ours, and nothing in it is worth keeping */
    }
    return status;
}

sv_status sv_store_new(sv_store **store, const char *path, const sv_store_subject *subject, sv_error *err)
{
    *store = NULL;
    sv_status status = check_path(path, err);
    if (status != SV_OK)
        return status;
    sv_arena *arena = sv_arena_new();
    sv_store *self = arena != NULL ? SV_TAKE(arena, 1, sv_store) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, path, 0, "out of memory");
    }
    self->arena = arena;
    self->grid = subject->grid;
    self->lock_fd = -1;
    self->t0_h = subject->scenario->season.t0_h;
    self->commit_s = sv_clock_s();
    status = fill(self, path, subject->scenario, err);
    if (status != SV_OK)
        sv_store_free(&self);
    *store = self;
    return status;
}

/* A rename is only certain to last once its folder is on the disk too. */
static void sync_folder(sv_store *store)
{
    char *slash = strrchr(store->path, '/');
    const char *folder = ".";
    if (slash != NULL) {
        slash[slash == store->path ? 1 : 0] = '\0'; /* the path is not needed any more */
        folder = store->path;
    }
    int fd = open(folder, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

sv_status sv_store_finish(sv_store *store, const sv_study *study, sv_error *err)
{
    if (store->failed || store->db == NULL)
        return sv_error_set(err, SV_EIO, store->part, 0, "is closed or could not be written before");
    sv_status status = sv_store_begin(store, err);
    if (status == SV_OK)
        status = sv_store_put_study(store, study, err);
    if (status == SV_OK)
        status = sv_store_commit(store, err);
    if (status != SV_OK)
        return status;
    close_database(store);
    if (rename(store->part, store->path) != 0)
        return sv_error_set(err, SV_EIO, store->path, 0, "cannot be written, the results stay in %s: %s", store->part,
                            strerror(errno));
    sync_folder(store);
    return SV_OK;
}

void sv_store_free(sv_store **store)
{
    sv_store *old = *store;
    if (old == NULL)
        return;
    if (old->db != NULL && old->in_transaction && !old->failed && sv_store_commit(old, NULL) != SV_OK)
        old->failed = true; /* close_database rolls back what could not be kept */
    close_database(old);
    if (old->lock_fd >= 0)
        close(old->lock_fd);
    sv_arena_free(old->arena);
    *store = NULL;
}
