/* Reading back, with every value checked: its type, its range, and that it is there. One sentence names the table and the
 * column. Private to the store. */
#ifndef SVITLO_STORE_QUERY_H
#define SVITLO_STORE_QUERY_H

#include <sqlite3.h>

#include "svitlo/store.h"

/** A file that is read. status is sticky: after a failure all calls give zeros, so that one check will do. */
typedef struct {
    sqlite3 *db;
    const char *file;        /* for messages */
    sv_arena *arena;         /* for texts; NULL = none are asked for */
    sv_status other_version; /* what another schema version is; 0 = SV_EDATA */
    sv_status status;
    sv_error *err;
} sv_reader;

/** Statement over one table; what names it in messages. */
typedef struct {
    sv_reader *reader;
    sqlite3_stmt *statement;
    const char *what;
} sv_query;

/** What SQLite says, as one sentence: SV_EDATA for a damaged file, SV_EIO where it cannot be read, SV_ENOMEM. */
sv_status sv_reader_fail(sv_reader *reader);
/** The file says something that cannot be: `FILE: is damaged: <words>`. @return SV_EDATA */
sv_status sv_reader_damaged(sv_reader *reader, const char *format, ...) SV_PRINTF(2, 3);

/**
 * Open an existing file to read. It is opened for writing only so that SQLite can undo what a killed run left unfinished;
 * nothing else is written.
 */
SV_MUST_USE sv_status sv_reader_open(sv_reader *reader, const char *file, sv_error *err);
void sv_reader_close(sv_reader *reader);

/** Is it a results file of this schema? Looks at the marks in its head and at the words of its tables. */
SV_MUST_USE sv_status sv_reader_check_schema(sv_reader *reader);

sv_query sv_query_begin(sv_reader *reader, const char *what, const char *sql);
/** Bind a whole number or a text, 1 = the first. */
void sv_query_bind(sv_query *query, int i, int64_t value);
void sv_query_bind_text(sv_query *query, int i, const char *value);
/** @return is there another row */
bool sv_query_next(sv_query *query);
void sv_query_end(sv_query *query);

/* One column, 0 = the first. Outside [lowest, highest], or of another type: damaged. */
int64_t sv_query_whole(sv_query *query, int i, int64_t lowest, int64_t highest);
double sv_query_real(sv_query *query, int i); /* finite; NULL = NAN */
bool sv_query_null(sv_query *query, int i);
/** Copied into the arena, "" for NULL. */
const char *sv_query_text(sv_query *query, int i);
/** The place of a text in a list of names, or damaged. */
int32_t sv_query_name(sv_query *query, int i, const char *const *name, int32_t n);

/** First column of the first row, a whole number >= 0; sql holds no values. */
int64_t sv_reader_count(sv_reader *reader, const char *what, const char *sql);

#endif
