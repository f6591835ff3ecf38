/* All tables of a results file as one text, to compare two of them. */
#ifndef TESTS_STORE_DUMP_H
#define TESTS_STORE_DUMP_H

#include "results.h"

/* What the way of a run may change: when, how long, on how many threads. */
static inline bool may_differ(const char *table, const char *column)
{
    static const char *const of_run[] = {"started_utc", "finished_utc", "seconds", "n_thread"};
    for (size_t i = 0; strcmp(table, "run") == 0 && i < sizeof of_run / sizeof of_run[0]; i++)
        if (strcmp(column, of_run[i]) == 0)
            return true;
    return false;
}

static inline void dump_table(sqlite3 *db, const char *table, FILE *out)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
    sqlite3_stmt *row = query(db, sql);
    for (int64_t k = 0; sqlite3_step(row) == SQLITE_ROW; k++)
        for (int i = 0; i < sqlite3_column_count(row); i++) {
            if (may_differ(table, sqlite3_column_name(row, i)))
                continue;
            int type = sqlite3_column_type(row, i);
            fprintf(out, "%s %lld %s: ", table, (long long)k, sqlite3_column_name(row, i));
            if (type == SQLITE_FLOAT)
                fprintf(out, "%a\n", sqlite3_column_double(row, i));
            else if (type == SQLITE_BLOB) {
                const unsigned char *bytes = sqlite3_column_blob(row, i);
                for (int b = 0; b < sqlite3_column_bytes(row, i); b++)
                    fprintf(out, "%02x", bytes[b]);
                fputc('\n', out);
            } else
                fprintf(out, "%d %s\n", type, type == SQLITE_NULL ? "" : (const char *)sqlite3_column_text(row, i));
        }
    sqlite3_finalize(row);
}

/* To be freed. */
static inline char *dump_of(const char *path)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    sqlite3 *db = open_file(path);
    check_sound(db);
    sqlite3_stmt *table = query(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    while (sqlite3_step(table) == SQLITE_ROW)
        dump_table(db, (const char *)sqlite3_column_text(table, 0), out);
    sqlite3_finalize(table);
    sqlite3_close(db);
    fclose(out);
    return text;
}

/* Fails with the first line that differs. */
static inline void check_same(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        size_t n = strcspn(a, "\n");
        if (n != strcspn(b, "\n") || strncmp(a, b, n) != 0)
            fail_msg("%.*s, but %.*s", (int)(n < 200 ? n : 200), a, (int)(n < 200 ? n : 200), b);
        a += n + (a[n] == '\n');
        b += n + (b[n] == '\n');
    }
    assert_true(*a == *b);
}

/* The bytes of a file, to be freed. */
static inline char *bytes_of(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *n = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*n + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *n, file), *n);
    fclose(file);
    return bytes;
}

#endif
