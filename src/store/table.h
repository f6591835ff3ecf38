/* Prepared inserts over one database handle, and the handle's state. Private to the store. */
#ifndef SVITLO_STORE_TABLE_H
#define SVITLO_STORE_TABLE_H

#include <sqlite3.h>

#include "schema.h"
#include "svitlo/store.h"

struct sv_store {
    const sv_grid *grid;
    char *path, *part; /* final name; where work goes on */
    int lock_fd;       /* of the part file, held as long as the run; -1 = none */
    sqlite3 *db;       /* NULL once finished */
    sqlite3_stmt *insert[SV_N_STORE_TABLE];
    int64_t t0_h;
    int32_t n_lever;
    bool in_transaction, failed;
    sv_error why;        /* of a failed save, for the next add; text "" = none */
    double commit_s;     /* clock at the last commit */
    double save_s;       /* clock at the last save of the study, or at the beginning */
    double save_every_s; /* until the next */
    uint8_t *state;      /* [state_room] what the study knows, between asking for it and writing it */
    size_t state_room;
    sv_arena *arena;
};

/** One value of a row. NAN is written as NULL. */
typedef struct {
    enum { SV_CELL_NULL = 0, SV_CELL_WHOLE, SV_CELL_REAL, SV_CELL_TEXT, SV_CELL_BYTES } kind;
    int64_t whole; /* of bytes: how many */
    double real;
    const char *text;  /* NULL = NULL */
    const void *bytes; /* [whole] */
} sv_cell;

static inline sv_cell whole(int64_t value)
{
    return (sv_cell){.kind = SV_CELL_WHOLE, .whole = value};
}
static inline sv_cell real(double value)
{
    return (sv_cell){.kind = SV_CELL_REAL, .real = value};
}
static inline sv_cell text(const char *value)
{
    return (sv_cell){.kind = SV_CELL_TEXT, .text = value};
}

/** An index, NULL when it is -1. */
static inline sv_cell index_or_null(int32_t i)
{
    return i < 0 ? (sv_cell){0} : whole(i);
}

/** What SQLite says, as one sentence: `PATH.part: cannot <what>: disk full`. @return SV_EIO or SV_ENOMEM */
sv_status sv_store_fail(sv_store *store, sv_error *err, const char *what);

/** Run statements without results. */
SV_MUST_USE sv_status sv_store_exec(sv_store *store, const char *sql, const char *what, sv_error *err);

/** Create all tables, indexes and views. */
SV_MUST_USE sv_status sv_store_make_tables(sv_store *store, sv_error *err);
SV_MUST_USE sv_status sv_store_prepare_inserts(sv_store *store, sv_error *err);

/** Insert one row: a cell for each column. */
SV_MUST_USE sv_status sv_store_put(sv_store *store, sv_store_table table, const sv_cell *cell, sv_error *err);

/** Begin when no transaction is open; commit when one is. */
SV_MUST_USE sv_status sv_store_begin(sv_store *store, sv_error *err);
SV_MUST_USE sv_status sv_store_commit(sv_store *store, sv_error *err);

/* ---- the parts of the work ----------------------------------------------------------------- */

/** What is known before the first season: run, settings, levers; and what only the grid says. */
SV_MUST_USE sv_status sv_store_put_subject(sv_store *store, const sv_store_subject *subject, sv_error *err);
SV_MUST_USE sv_status sv_store_put_grid(sv_store *store, const sv_store_subject *subject, sv_error *err);

/** The rows of one season, of the base or of a lever. */
SV_MUST_USE sv_status sv_store_put_row(sv_store *store, const sv_season_row *row, sv_error *err);

/** The tables that only the end of a run fills, and the rest of run. */
SV_MUST_USE sv_status sv_store_put_study(sv_store *store, const sv_study *study, sv_error *err);

/** The hours that were checked by AC power flow. */
SV_MUST_USE sv_status sv_store_put_checks(sv_store *store, const sv_study_ac *ac, sv_error *err);

/** What the study knows, in place of what was saved before. */
SV_MUST_USE sv_status sv_store_put_state(sv_store *store, const sv_study *study, sv_error *err);

/** A store around a path, with nothing open. */
SV_MUST_USE sv_status sv_store_alloc(sv_store **store, const char *path, const sv_store_subject *subject,
                                     sv_error *err);
/** Make PATH.part if need be and lock it against a second run; what is in it stays. */
SV_MUST_USE sv_status sv_store_claim(sv_store *store, sv_error *err);
SV_MUST_USE sv_status sv_store_open(sv_store *store, sv_error *err);
/** Tables and beginning of a new file, committed. */
SV_MUST_USE sv_status sv_store_begin_file(sv_store *store, const sv_store_subject *subject, sv_error *err);
/* FULL: a lost power supply must not take more than what was not committed. */
#define SV_STORE_PRAGMAS "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
void sv_store_close(sv_store *store);

#endif
