/* Results files. An input that begins as a database is read as it is; any other is a list of edits, eight bytes each, of a
 * good file: table, column, row, what to put there. The reader gives results or one sentence, and never crashes. */
#include "svitlo/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { EDIT = 8, MOST_EDITS = 12, MOST_BYTES = 1 << 20 };

static char path[64];
static unsigned char *good; /* a finished file of the corpus; tests/store/test_results.c makes it */
static size_t n_good;

static void remove_file(void)
{
    unlink(path);
}

static void write_file(const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, n, file) != n || fclose(file) != 0)
        abort();
}

static void begin(void)
{
    snprintf(path, sizeof path, "%s/svitlo-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    int fd = mkstemp(path);
    FILE *file = fopen(SV_SOURCE_DIR "/fuzz/corpus/results/finished", "rb");
    good = malloc(MOST_BYTES);
    if (fd < 0 || file == NULL || good == NULL)
        abort();
    close(fd);
    n_good = fread(good, 1, MOST_BYTES, file);
    fclose(file);
    atexit(remove_file);
}

/* The k-th name that a query gives, counted around. @return is there any */
static bool choose(sqlite3 *db, const char *sql, int k, char name[64])
{
    sqlite3_stmt *row = NULL;
    int n = 0;
    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return false;
    while (sqlite3_step(row) == SQLITE_ROW)
        n++;
    sqlite3_reset(row);
    for (int i = 0; n > 0 && i <= k % n && sqlite3_step(row) == SQLITE_ROW; i++)
        snprintf(name, 64, "%s", (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    return n > 0;
}

static void edit(sqlite3 *db, const uint8_t *at)
{
    static const char *const value[] = {
        "NULL", "'x'", "x'00ff'", "-1",   "9e999",       "-1e300", "9223372036854775807", "2.5", "char(0)",
        "0",    "1",   "''",      "'ok'", "zeroblob(9)", "x'ff'",  "-9223372036854775808"};
    char table[64], column[64], sql[512], to[64];
    if (!choose(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", at[0], table))
        return;
    sqlite3_snprintf(sizeof sql, sql, "SELECT name FROM pragma_table_info(%Q)", table);
    if (!choose(db, sql, at[1], column))
        return;
    int16_t small;
    memcpy(&small, at + 4, sizeof small);
    if (at[3] < 128)
        snprintf(to, sizeof to, "%s", value[at[3] % (sizeof value / sizeof value[0])]);
    else
        snprintf(to, sizeof to, "%d", (int)small);
    if (at[6] % 8 == 0)
        sqlite3_snprintf(sizeof sql, sql, "DELETE FROM %s WHERE %s = (SELECT max(%s) FROM %s)", table, column, column,
                         table);
    else if (at[2] % 4 == 1)
        sqlite3_snprintf(sizeof sql, sql, "UPDATE OR IGNORE %s SET %s = %s WHERE %s > (SELECT avg(%s) FROM %s)", table,
                         column, to, column, column, table);
    else
        sqlite3_snprintf(sizeof sql, sql, "UPDATE OR IGNORE %s SET %s = %s", table, column, to);
    sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static void edit_all(const uint8_t *data, size_t n)
{
    write_file(good, n_good);
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK)
        abort();
    sqlite3_exec(db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA ignore_check_constraints = ON", NULL,
                 NULL, NULL);
    for (size_t i = 0; i + EDIT <= n && i < EDIT * MOST_EDITS; i += EDIT)
        edit(db, data + i);
    sqlite3_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (path[0] == '\0')
        begin();
    if (n > MOST_BYTES)
        return 0;
    if (n >= 6 && memcmp(data, "SQLite", 6) == 0)
        write_file(data, n);
    else
        edit_all(data, n);
    sv_results *results = NULL;
    sv_error err = {0};
    sv_status status = sv_results_read(&results, path, &err);
    if ((status == SV_OK) != (results != NULL) || (status != SV_OK && status != SV_EDATA && status != SV_EIO) ||
        (status != SV_OK) != (err.text[0] != '\0') || strchr(err.text, '\n') != NULL)
        abort();
    sv_results_free(&results);
    return 0;
}
