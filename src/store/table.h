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
    bool in_transaction, failed;
    double commit_s; /* clock at the last commit */
    sv_arena *arena;
};

/** One value of a row. NAN is written as NULL. */
typedef struct {
    enum { SV_CELL_NULL = 0, SV_CELL_WHOLE, SV_CELL_REAL, SV_CELL_TEXT } kind;
    int64_t whole;
    double real;
    const char *text; /* NULL = NULL */
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

/** What SQLite says, as one sentence: `PATH.part: cannot <what>: disk full`. @return SV_EIO or SV_ENOMEM */
sv_status sv_store_fail(sv_store *store, sv_error *err, const char *what);

/** Run statements without results. */
SV_MUST_USE sv_status sv_store_exec(sv_store *store, const char *sql, const char *what, sv_error *err);

/** Create all tables and views and prepare the inserts. */
SV_MUST_USE sv_status sv_store_make_tables(sv_store *store, sv_error *err);

/** Insert one row: a cell for each column. */
SV_MUST_USE sv_status sv_store_put(sv_store *store, sv_store_table table, const sv_cell *cell, sv_error *err);

/** Begin when no transaction is open; commit when one is. */
SV_MUST_USE sv_status sv_store_begin(sv_store *store, sv_error *err);
SV_MUST_USE sv_status sv_store_commit(sv_store *store, sv_error *err);

/** The tables that only the end of a run fills: hour, site_total, summary, and the rest of run. */
SV_MUST_USE sv_status sv_store_put_study(sv_store *store, const sv_study *study, sv_error *err);

#endif
