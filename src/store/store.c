/* One results file. Work goes on in PATH.part, locked against a second run; seasons are committed once a second and what
 * the study knows every few seconds, so that a killed run can be gone on with; the end writes the statistics and gives
 * the file its name. A row and a few inserts for each season. One thread at a time. */
#include "query.h"
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const double COMMIT_S =
    1.0; /* each commit waits for the disk: by time, not by rows, or fast studies would crawl */
/* Saving the study takes its share of a run: at most a twentieth, but a minute of work is the most that may be lost. */
static const double SAVE_FIRST_S = 2.0, SAVE_LONGEST_S = 60.0, SAVE_RATIO = 20.0;

/* ---- the file ------------------------------------------------------------------------------ */

/* Empty, or with the marks of a results file in its head: nothing else may be replaced. */
static bool may_be_replaced(const char *path)
{
    enum { HEAD = 72, APPLICATION = 68 };
    static const char magic[16] = "SQLite format 3";
    const uint32_t id = SV_STORE_APPLICATION_ID;
    const unsigned char ours[4] = {(unsigned char)(id >> 24), (unsigned char)(id >> 16), (unsigned char)(id >> 8),
                                   (unsigned char)id};
    unsigned char head[HEAD];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return true; /* whatever opens it next says why not */
    size_t n = fread(head, 1, HEAD, file);
    fclose(file);
    return n == 0 || (n == HEAD && memcmp(head, magic, sizeof magic) == 0 && memcmp(head + APPLICATION, ours, 4) == 0);
}

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
sv_status sv_store_claim(sv_store *store, sv_error *err)
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
    return SV_OK;
}

/* What an earlier run left there goes; its journal too, which must not be played back into ours. */
static sv_status clear_part(sv_store *store, sv_error *err)
{
    char *journal = joined(store->arena, store->part, "-journal");
    if (journal == NULL)
        return sv_error_set(err, SV_ENOMEM, store->part, 0, "out of memory");
    unlink(journal);
    if (ftruncate(store->lock_fd, 0) != 0)
        return sv_error_set(err, SV_EIO, store->part, 0, "cannot be written: %s", strerror(errno));
    return SV_OK;
}

sv_status sv_store_open(sv_store *store, sv_error *err)
{
    if (sqlite3_open_v2(store->part, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
        return sv_store_fail(store, err, "open it as a database");
    sqlite3_busy_timeout(store->db, 10000); /* somebody may be looking at the part file */
    return SV_OK;
}

void sv_store_close(sv_store *store)
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

/* ---- life ---------------------------------------------------------------------------------- */

sv_status sv_store_alloc(sv_store **store, const char *path, const sv_store_subject *subject, sv_error *err)
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
    *self = (sv_store){.arena = arena,
                       .grid = subject->grid,
                       .lock_fd = -1,
                       .t0_h = subject->scenario->season.t0_h,
                       .n_lever = subject->n_lever,
                       .commit_s = sv_clock_s(),
                       .save_s = sv_clock_s(),
                       .save_every_s = SAVE_FIRST_S};
    self->path = sv_arena_text(arena, path);
    self->part = joined(arena, path, ".part");
    status =
        sv_arena_failed(arena) ? sv_error_set(err, SV_ENOMEM, path, 0, "out of memory") : check_path(self->part, err);
    if (status != SV_OK)
        sv_store_free(&self);
    *store = self;
    return status;
}

sv_status sv_store_begin_file(sv_store *store, const sv_store_subject *subject, sv_error *err)
{
    char header[160];
    snprintf(header, sizeof header, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
             (int)SV_STORE_APPLICATION_ID, (int)SV_STORE_SCHEMA_VERSION);
    sv_status status = sv_store_exec(store, SV_STORE_PRAGMAS, "begin the file", err);
    if (status == SV_OK)
        status = sv_store_begin(store, err);
    if (status == SV_OK)
        status = sv_store_exec(store, header, "begin the file", err);
    if (status == SV_OK)
        status = sv_store_make_tables(store, err);
    if (status == SV_OK)
        status = sv_store_prepare_inserts(store, err);
    if (status == SV_OK)
        status = sv_store_put_subject(store, subject, err);
    if (status == SV_OK)
        status = sv_store_put_grid(store, subject, err);
    return status == SV_OK ? sv_store_commit(store, err) : status;
}

/* Nothing is replaced that is no results file, and no run that was broken off: that is worth going on with. */
static sv_status check_left(const sv_store *store, sv_error *err)
{
    int64_t n = 0;
    struct stat there;
    const char *const name[] = {store->path, store->part};
    for (int i = 0; i < 2; i++)
        if (!may_be_replaced(name[i]))
            return sv_error_set(err, SV_EUSAGE, name[i], 0,
                                "is there and is no results file; accepted: a new name, or a results file to replace");
    if (stat(store->part, &there) != 0 || there.st_size == 0)
        return SV_OK;
    sv_reader reader; /* one that cannot be read holds nothing to keep */
    if (sv_reader_open(&reader, store->part, NULL) == SV_OK)
        n = sv_reader_count(&reader, "season", "SELECT count(*) FROM season");
    sv_reader_close(&reader);
    return n == 0 ? SV_OK
                  : sv_error_set(err, SV_EUSAGE, store->part, 0,
                                 "holds %lld seasons of a run that was broken off; accepted: --resume to go on with "
                                 "it, or another --out, or delete it",
                                 (long long)n);
}

sv_status sv_store_new(sv_store **store, const char *path, const sv_store_subject *subject, sv_error *err)
{
    sv_store *self = NULL;
    bool ours = false;
    sv_status status = sv_store_alloc(&self, path, subject, err);
    if (status == SV_OK)
        status = sv_store_claim(self, err);
    if (status == SV_OK)
        status = check_left(self, err);
    ours = status == SV_OK;
    if (status == SV_OK)
        status = clear_part(self, err);
    if (status == SV_OK)
        status = sv_store_open(self, err);
    if (status == SV_OK)
        status = sv_store_begin_file(self, subject, err);
    if (status != SV_OK && self != NULL) {
        sv_store_close(self);
        if (ours && self->lock_fd >= 0)
            unlink(self->part); /* nothing in it is worth keeping */
        sv_store_free(&self);
    }
    *store = self;
    return status;
}

void sv_store_free(sv_store **store)
{
    sv_store *old = *store;
    if (old == NULL)
        return;
    if (old->db != NULL && old->in_transaction && !old->failed && sv_store_commit(old, NULL) != SV_OK)
        old->failed = true; /* closing rolls back what could not be kept */
    sv_store_close(old);
    if (old->lock_fd >= 0)
        close(old->lock_fd);
    free(old->state);
    sv_arena_free(old->arena);
    *store = NULL;
}

/* ---- a run --------------------------------------------------------------------------------- */

static sv_status refuse(const sv_store *store, sv_error *err)
{
    if (store->why.text[0] != '\0')
        return sv_error_set(err, store->why.status, NULL, 0, "%s", store->why.text);
    return sv_error_set(err, SV_EIO, store->part, 0, "is closed or could not be written before");
}

sv_status sv_store_add(sv_store *store, const sv_season_row *row, sv_error *err)
{
    if (store->failed || store->db == NULL)
        return refuse(store, err);
    sv_status status = SV_OK;
    if (row->i_lever < 0 && sv_clock_s() - store->commit_s >= COMMIT_S) /* between two seasons: whole ones only */
        status = sv_store_commit(store, err);
    if (status == SV_OK)
        status = sv_store_begin(store, err);
    return status == SV_OK ? sv_store_put_row(store, row, err) : status;
}

sv_status sv_store_put_ac_check(sv_store *store, const sv_study_ac *ac, sv_error *err)
{
    if (store->failed || store->db == NULL)
        return refuse(store, err);
    sv_status status = sv_store_begin(store, err);
    return status == SV_OK ? sv_store_put_checks(store, ac, err) : status;
}

sv_status sv_store_put_state(sv_store *store, const sv_study *study, sv_error *err)
{
    sv_study_info info;
    sv_study_describe(study, &info);
    size_t n = sv_study_save(study, store->state, store->state_room);
    while (n > store->state_room) {
        uint8_t *larger = realloc(store->state, n + n / 4);
        if (larger == NULL) {
            store->failed = true;
            return sv_error_set(err, SV_ENOMEM, store->part, 0, "cannot save the study: out of memory");
        }
        store->state = larger;
        store->state_room = n + n / 4;
        n = sv_study_save(study, store->state, store->state_room);
    }
    sv_status status = sv_store_exec(store, "DELETE FROM state", "save the study", err);
    const sv_cell cell[] = {
        whole(info.n_season),
        {.kind = SV_CELL_BYTES, .whole = (int64_t)n, .bytes = n > 0 ? (const void *)store->state : ""}};
    return status == SV_OK ? sv_store_put(store, SV_T_STATE, cell, err) : status;
}

void sv_store_save(sv_store *store, const sv_study *study, bool now)
{
    double begin_s = sv_clock_s();
    bool due = now || begin_s - store->save_s >= store->save_every_s;
    if (store->failed || store->db == NULL || !due)
        return;
    sv_status status = sv_store_begin(store, &store->why);
    if (status == SV_OK)
        status = sv_store_put_state(store, study, &store->why);
    if (status == SV_OK)
        status = sv_store_commit(store, &store->why);
    if (status != SV_OK)
        store->failed = true;
    store->save_s = sv_clock_s();
    store->save_every_s = fmin(fmax(SAVE_RATIO * (store->save_s - begin_s), SAVE_FIRST_S), SAVE_LONGEST_S);
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
        return refuse(store, err);
    sv_status status = sv_store_begin(store, err);
    if (status == SV_OK)
        status = sv_store_put_study(store, study, err);
    if (status == SV_OK)
        status = sv_store_put_state(store, study, err);
    if (status == SV_OK)
        status = sv_store_commit(store, err);
    if (status != SV_OK)
        return status;
    /* The same pages however often the run was broken off. Where there is no room for it, the file is only larger. */
    sqlite3_exec(store->db, "VACUUM", NULL, NULL, NULL);
    sv_store_close(store);
    if (rename(store->part, store->path) != 0)
        return sv_error_set(err, SV_EIO, store->path, 0, "cannot be written, the results stay in %s: %s", store->part,
                            strerror(errno));
    sync_folder(store);
    return SV_OK;
}
