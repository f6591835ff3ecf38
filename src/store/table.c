/* Rows go in through one prepared insert a table, made from the schema; a row is an array of cells. */
#include "table.h"

#include <stdio.h>
#include <string.h>

sv_status sv_store_fail(sv_store *store, sv_error *err, const char *what)
{
    int code = store->db != NULL ? sqlite3_errcode(store->db) : SQLITE_NOMEM;
    int system = store->db != NULL ? sqlite3_system_errno(store->db) : 0;
    store->failed = true;
    if (code == SQLITE_NOMEM)
        return sv_error_set(err, SV_ENOMEM, store->part, 0, "cannot %s: out of memory", what);
    if (code == SQLITE_IOERR && system != 0)
        return sv_error_set(err, SV_EIO, store->part, 0, "cannot %s: %s", what, strerror(system));
    return sv_error_set(err, SV_EIO, store->part, 0, "cannot %s: %s", what, sqlite3_errmsg(store->db));
}

sv_status sv_store_exec(sv_store *store, const char *sql, const char *what, sv_error *err)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? SV_OK : sv_store_fail(store, err, what);
}

sv_status sv_store_begin(sv_store *store, sv_error *err)
{
    if (store->in_transaction)
        return SV_OK;
    sv_status status = sv_store_exec(store, "BEGIN", "begin to write", err);
    store->in_transaction = status == SV_OK;
    return status;
}

sv_status sv_store_commit(sv_store *store, sv_error *err)
{
    if (!store->in_transaction)
        return SV_OK;
    sv_status status = sv_store_exec(store, "COMMIT", "write", err);
    if (status == SV_OK) {
        store->in_transaction = false;
        store->commit_s = sv_clock_s();
    }
    return status;
}

/* ---- tables -------------------------------------------------------------------------------- */

static sv_status make_table(sv_store *store, const sv_store_table_text *table, sv_error *err)
{
    char sql[2048];
    int n = snprintf(sql, sizeof sql, "CREATE TABLE %s (%s) %s", table->name, table->columns, table->suffix);
    if (n < 0 || (size_t)n >= sizeof sql)
        return sv_error_set(err, SV_EIO, store->part, 0, "table %s is described in too many words", table->name);
    return sv_store_exec(store, sql, "create the tables", err);
}

static sv_status make_view(sv_store *store, const sv_store_view_text *view, sv_error *err)
{
    char sql[2048];
    int n = snprintf(sql, sizeof sql, "CREATE VIEW %s AS %s", view->name, view->select);
    if (n < 0 || (size_t)n >= sizeof sql)
        return sv_error_set(err, SV_EIO, store->part, 0, "view %s is described in too many words", view->name);
    return sv_store_exec(store, sql, "create the views", err);
}

/* SQLite itself checks that the number of columns is that of the table. */
static sv_status prepare_insert(sv_store *store, sv_store_table table, sv_error *err)
{
    const sv_store_table_text *of = &sv_store_tables[table];
    char sql[256];
    int n = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", of->name);
    for (int32_t i = 1; i < of->n_column; i++)
        n += snprintf(sql + n, sizeof sql - (size_t)n, ",?");
    snprintf(sql + n, sizeof sql - (size_t)n, ")");
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &store->insert[table], NULL) != SQLITE_OK)
        return sv_store_fail(store, err, "prepare the tables");
    return SV_OK;
}

sv_status sv_store_make_tables(sv_store *store, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t t = 0; t < SV_N_STORE_TABLE && status == SV_OK; t++)
        status = make_table(store, &sv_store_tables[t], err);
    if (status == SV_OK)
        status = sv_store_exec(store, sv_store_indexes, "create the indexes", err);
    for (int32_t v = 0; v < SV_N_STORE_VIEW && status == SV_OK; v++)
        status = make_view(store, &sv_store_views[v], err);
    return status;
}

sv_status sv_store_prepare_inserts(sv_store *store, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t t = 0; t < SV_N_STORE_TABLE && status == SV_OK; t++)
        status = prepare_insert(store, (sv_store_table)t, err);
    return status;
}

static int bind(sqlite3_stmt *insert, int i, const sv_cell *cell)
{
    switch (cell->kind) {
    case SV_CELL_WHOLE:
        return sqlite3_bind_int64(insert, i, cell->whole);
    case SV_CELL_REAL:
        return sqlite3_bind_double(insert, i, cell->real);
    case SV_CELL_TEXT:
        return sqlite3_bind_text(insert, i, cell->text, -1, SQLITE_STATIC);
    case SV_CELL_BYTES:
        return sqlite3_bind_blob64(insert, i, cell->bytes, (sqlite3_uint64)cell->whole, SQLITE_STATIC);
    case SV_CELL_NULL:
        break;
    }
    return sqlite3_bind_null(insert, i);
}

sv_status sv_store_put(sv_store *store, sv_store_table table, const sv_cell *cell, sv_error *err)
{
    sqlite3_stmt *insert = store->insert[table];
    int code = SQLITE_OK;
    for (int32_t i = 0; i < sv_store_tables[table].n_column && code == SQLITE_OK; i++)
        code = bind(insert, i + 1, &cell[i]);
    if (code == SQLITE_OK && sqlite3_step(insert) == SQLITE_DONE) {
        sqlite3_reset(insert);
        return SV_OK;
    }
    char what[64];
    snprintf(what, sizeof what, "write a row of table %s", sv_store_tables[table].name);
    sv_status status = sv_store_fail(store, err, what);
    sqlite3_reset(insert);
    return status;
}
