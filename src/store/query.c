/* A sticky reader over SQLite: callers read whole tables and look once whether all of it was right. */
#include "query.h"

#include "schema.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- failures ------------------------------------------------------------------------------ */

sv_status sv_reader_damaged(sv_reader *reader, const char *format, ...)
{
    char words[400];
    va_list list;
    va_start(list, format);
    vsnprintf(words, sizeof words, format, list);
    va_end(list);
    if (reader->status == SV_OK)
        reader->status = sv_error_set(reader->err, SV_EDATA, reader->file, 0, "is damaged: %s", words);
    return reader->status;
}

sv_status sv_reader_fail(sv_reader *reader)
{
    if (reader->status != SV_OK)
        return reader->status;
    const char *words = reader->db != NULL ? sqlite3_errmsg(reader->db) : "out of memory";
    int code = reader->db != NULL ? sqlite3_errcode(reader->db) : SQLITE_NOMEM;
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        reader->status = sv_error_set(reader->err, SV_ENOMEM, reader->file, 0, "cannot be read: out of memory");
        break;
    case SQLITE_NOTADB:
        reader->status = sv_error_set(reader->err, SV_EDATA, reader->file, 0, "is no results file of svitlo run --out");
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        reader->status = sv_error_set(reader->err, SV_EIO, reader->file, 0, "another program is writing it");
        break;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_FULL:
        reader->status = sv_error_set(reader->err, SV_EIO, reader->file, 0, "cannot be read: %s", words);
        break;
    default:
        return sv_reader_damaged(reader, "%.300s", words);
    }
    return reader->status;
}

/* ---- the file ------------------------------------------------------------------------------ */

sv_status sv_reader_open(sv_reader *reader, const char *file, sv_error *err)
{
    *reader = (sv_reader){.file = file, .err = err};
    struct stat there;
    if (stat(file, &there) != 0) {
        char part[4096];
        int why = errno;
        snprintf(part, sizeof part, "%s.part", file);
        bool left = stat(part, &there) == 0;
        return reader->status = sv_error_set(err, SV_EIO, file, 0, "cannot be read: %s%s", strerror(why),
                                             left ? "; there is a .part of it: its run goes on, or was broken off and "
                                                    "can be gone on with by --resume"
                                                  : "");
    }
    if (!S_ISREG(there.st_mode))
        return reader->status = sv_error_set(err, SV_EIO, file, 0, "is no plain file, accepted: a results file");
    if (there.st_size == 0)
        return reader->status = sv_error_set(err, SV_EDATA, file, 0, "is empty, accepted: a results file");
    if (sqlite3_open_v2(file, &reader->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return sv_reader_fail(reader);
    sqlite3_busy_timeout(reader->db, 5000); /* a run commits within that */
    /* What the file says of itself is not trusted with more than being read. */
    if (sqlite3_db_config(reader->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
        sqlite3_exec(reader->db, "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON;",
                     NULL, NULL, NULL) != SQLITE_OK)
        return sv_reader_fail(reader);
    return SV_OK;
}

void sv_reader_close(sv_reader *reader)
{
    sqlite3_close(reader->db);
    reader->db = NULL;
}

static sv_status check_marks(sv_reader *reader)
{
    int64_t id = 0, version = 0;
    sv_query query = sv_query_begin(reader, "head", "PRAGMA application_id");
    if (sv_query_next(&query))
        id = sv_query_whole(&query, 0, INT64_MIN, INT64_MAX);
    sv_query_end(&query);
    query = sv_query_begin(reader, "head", "PRAGMA user_version");
    if (sv_query_next(&query))
        version = sv_query_whole(&query, 0, INT64_MIN, INT64_MAX);
    sv_query_end(&query);
    if (reader->status != SV_OK || (id == SV_STORE_APPLICATION_ID && version == SV_STORE_SCHEMA_VERSION))
        return reader->status;
    if (id != SV_STORE_APPLICATION_ID)
        return reader->status =
                   sv_error_set(reader->err, SV_EDATA, reader->file, 0, "is no results file of svitlo run --out");
    char writer[32] = "?";
    sqlite3_stmt *row = NULL; /* as other versions keep it, if at all */
    if (sqlite3_prepare_v2(reader->db, "SELECT version FROM run", -1, &row, NULL) == SQLITE_OK &&
        sqlite3_step(row) == SQLITE_ROW && sqlite3_column_type(row, 0) == SQLITE_TEXT)
        snprintf(writer, sizeof writer, "%s", (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    return reader->status =
               sv_error_set(reader->err, reader->other_version != SV_OK ? reader->other_version : SV_EDATA,
                            reader->file, 0, "is of schema version %lld, written by svitlo %s; accepted: version %d",
                            (long long)version, writer, (int)SV_STORE_SCHEMA_VERSION);
}

/* SQLite keeps the words of CREATE TABLE: with ours, columns have our types and constraints. */
static void check_table(sv_query *query, const sv_store_table_text *table)
{
    char sql[2048];
    int n = snprintf(sql, sizeof sql, "CREATE TABLE %s (%s)%s%s", table->name, table->columns,
                     table->suffix[0] != '\0' ? " " : "", table->suffix);
    sv_query_bind_text(query, 1, table->name);
    bool same = false;
    if (n > 0 && (size_t)n < sizeof sql && sv_query_next(query)) {
        const char *found = (const char *)sqlite3_column_text(query->statement, 0);
        same = found != NULL && strcmp(found, sql) == 0;
    }
    if (query->reader->status == SV_OK && !same)
        sv_reader_damaged(query->reader, "table %s is missing or was changed", table->name);
    sqlite3_reset(query->statement);
}

sv_status sv_reader_check_schema(sv_reader *reader)
{
    if (check_marks(reader) != SV_OK)
        return reader->status;
    sv_query query =
        sv_query_begin(reader, "sqlite_schema", "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?");
    for (int32_t t = 0; t < SV_N_STORE_TABLE && reader->status == SV_OK; t++)
        check_table(&query, &sv_store_tables[t]);
    sv_query_end(&query);
    return reader->status;
}

/* ---- rows ---------------------------------------------------------------------------------- */

sv_query sv_query_begin(sv_reader *reader, const char *what, const char *sql)
{
    sv_query query = {reader, NULL, what};
    if (reader->status == SV_OK && sqlite3_prepare_v2(reader->db, sql, -1, &query.statement, NULL) != SQLITE_OK)
        sv_reader_fail(reader);
    return query;
}

void sv_query_bind(sv_query *query, int i, int64_t value)
{
    if (query->reader->status == SV_OK && sqlite3_bind_int64(query->statement, i, value) != SQLITE_OK)
        sv_reader_fail(query->reader);
}

void sv_query_bind_text(sv_query *query, int i, const char *value)
{
    if (query->reader->status == SV_OK &&
        sqlite3_bind_text(query->statement, i, value, -1, SQLITE_TRANSIENT) != SQLITE_OK)
        sv_reader_fail(query->reader);
}

bool sv_query_next(sv_query *query)
{
    if (query->reader->status != SV_OK)
        return false;
    int code = sqlite3_step(query->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        sv_reader_fail(query->reader);
    return code == SQLITE_ROW;
}

void sv_query_end(sv_query *query)
{
    sqlite3_finalize(query->statement);
    query->statement = NULL;
}

static void wrong(sv_query *query, int i, const char *words)
{
    sv_reader_damaged(query->reader, "table %s, column %s: %s", query->what, sqlite3_column_name(query->statement, i),
                      words);
}

int64_t sv_query_whole(sv_query *query, int i, int64_t lowest, int64_t highest)
{
    if (query->reader->status != SV_OK)
        return 0;
    if (sqlite3_column_type(query->statement, i) != SQLITE_INTEGER) {
        wrong(query, i, "what stands there is no whole number");
        return 0;
    }
    int64_t value = sqlite3_column_int64(query->statement, i);
    if (value >= lowest && value <= highest)
        return value;
    char words[96];
    snprintf(words, sizeof words, "%lld, accepted: %lld to %lld", (long long)value, (long long)lowest,
             (long long)highest);
    wrong(query, i, words);
    return 0;
}

double sv_query_real(sv_query *query, int i)
{
    if (query->reader->status != SV_OK)
        return 0.0;
    int type = sqlite3_column_type(query->statement, i);
    if (type == SQLITE_NULL)
        return (double)NAN;
    double value = sqlite3_column_double(query->statement, i);
    if ((type == SQLITE_FLOAT || type == SQLITE_INTEGER) && isfinite(value))
        return value;
    wrong(query, i, "what stands there is no finite number");
    return 0.0;
}

bool sv_query_null(sv_query *query, int i)
{
    return query->reader->status == SV_OK && sqlite3_column_type(query->statement, i) == SQLITE_NULL;
}

const char *sv_query_text(sv_query *query, int i)
{
    if (query->reader->status != SV_OK || sqlite3_column_type(query->statement, i) == SQLITE_NULL)
        return "";
    if (sqlite3_column_type(query->statement, i) != SQLITE_TEXT) {
        wrong(query, i, "what stands there is no text");
        return "";
    }
    const char *found = (const char *)sqlite3_column_text(query->statement, i);
    const char *copy = found != NULL ? sv_arena_text(query->reader->arena, found) : NULL;
    if (copy != NULL)
        return copy;
    if (query->reader->status == SV_OK)
        query->reader->status =
            sv_error_set(query->reader->err, SV_ENOMEM, query->reader->file, 0, "cannot be read: out of memory");
    return "";
}

int32_t sv_query_name(sv_query *query, int i, const char *const *name, int32_t n)
{
    if (query->reader->status != SV_OK)
        return 0;
    const char *found = (const char *)sqlite3_column_text(query->statement, i);
    for (int32_t k = 0; k < n && found != NULL; k++)
        if (strcmp(name[k], found) == 0)
            return k;
    char words[96];
    snprintf(words, sizeof words, "'%.60s' is no name that is known", found != NULL ? found : "");
    wrong(query, i, words);
    return 0;
}

int64_t sv_reader_count(sv_reader *reader, const char *what, const char *sql)
{
    int64_t n = 0;
    sv_query query = sv_query_begin(reader, what, sql);
    if (sv_query_next(&query))
        n = sv_query_whole(&query, 0, 0, INT64_MAX);
    sv_query_end(&query);
    return n;
}
