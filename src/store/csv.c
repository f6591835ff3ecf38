/* Every table and view as one CSV file (RFC 4180): numbers in as many digits as it takes to read them back the same, NULL
 * empty, rows in the order of the primary key. Each file is written beside its name and renamed. */
#include "query.h"
#include "schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- cells --------------------------------------------------------------------------------- */

/* The shortest that reads back as the same number; a point in every locale. */
static void put_real(FILE *out, double value)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    for (char *c = text; *c != '\0'; c++)
        if (*c == ',')
            *c = '.';
    fputs(text, out);
}

static void put_text(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            fputc('"', out);
        fputc(*c, out);
    }
    fputc('"', out);
}

static void put_cell(FILE *out, sqlite3_stmt *row, int i)
{
    switch (sqlite3_column_type(row, i)) {
    case SQLITE_INTEGER:
        fprintf(out, "%lld", (long long)sqlite3_column_int64(row, i));
        break;
    case SQLITE_FLOAT:
        put_real(out, sqlite3_column_double(row, i));
        break;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(row, i);
        put_text(out, text != NULL ? text : "");
        break;
    }
    default: /* NULL; no bytes are asked for */
        break;
    }
}

static void put_rows(FILE *out, sv_query *query)
{
    int n = sqlite3_column_count(query->statement);
    for (int i = 0; i < n; i++) {
        put_text(out, sqlite3_column_name(query->statement, i));
        fputs(i + 1 < n ? "," : "\r\n", out);
    }
    while (!ferror(out) && sv_query_next(query))
        for (int i = 0; i < n; i++) {
            put_cell(out, query->statement, i);
            fputs(i + 1 < n ? "," : "\r\n", out);
        }
}

/* ---- files --------------------------------------------------------------------------------- */

static sv_status cannot_write(sv_reader *reader, const char *path)
{
    if (reader->status == SV_OK)
        reader->status = sv_error_set(reader->err, SV_EIO, path, 0, "cannot be written: %s", strerror(errno));
    return reader->status;
}

/* One table or view into FOLDER/NAME.csv. */
static sv_status write_file(sv_reader *reader, const char *folder, const char *name, const char *sql)
{
    char path[4096], beside[4096 + 8];
    int n = snprintf(path, sizeof path, "%s/%s.csv", folder, name);
    if (n < 0 || (size_t)n >= sizeof path) {
        errno = ENAMETOOLONG;
        return cannot_write(reader, folder);
    }
    snprintf(beside, sizeof beside, "%s.part", path);
    sv_query query = sv_query_begin(reader, name, sql);
    FILE *out = reader->status == SV_OK ? fopen(beside, "wb") : NULL;
    if (out != NULL) {
        put_rows(out, &query);
        errno = errno != 0 ? errno : EIO;
        bool whole = fflush(out) == 0 && !ferror(out);
        if (fclose(out) != 0 || !whole)
            cannot_write(reader, path);
        if (reader->status == SV_OK && rename(beside, path) != 0)
            cannot_write(reader, path);
        if (reader->status != SV_OK)
            unlink(beside);
    } else if (reader->status == SV_OK) {
        cannot_write(reader, path);
    }
    sv_query_end(&query);
    return reader->status;
}

static void write_all(sv_reader *reader, const char *folder)
{
    char sql[2048];
    for (int32_t t = 0; t < SV_N_STORE_TABLE && reader->status == SV_OK; t++) {
        const sv_store_table_text *table = &sv_store_tables[t];
        if (t == SV_T_STATE)
            continue;
        bool by_key = table->suffix[0] != '\0'; /* without rowid: the first two columns are the key */
        snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY %s", table->name, by_key ? "1, 2" : "rowid");
        write_file(reader, folder, table->name, sql);
    }
    for (int32_t v = 0; v < SV_N_STORE_VIEW && reader->status == SV_OK; v++)
        write_file(reader, folder, sv_store_views[v].name, sv_store_views[v].select);
}

sv_status sv_store_export_csv(const char *path, const char *folder, sv_error *err)
{
    sv_reader reader;
    if (sv_reader_open(&reader, path, err) == SV_OK) {
        if (sqlite3_exec(reader.db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
            sv_reader_fail(&reader);
        else if (sv_reader_check_schema(&reader) == SV_OK) {
            if (mkdir(folder, 0777) != 0 && errno != EEXIST)
                reader.status = sv_error_set(err, SV_EIO, folder, 0, "cannot be made: %s", strerror(errno));
            else
                write_all(&reader, folder);
        }
    }
    sv_reader_close(&reader);
    return reader.status;
}
