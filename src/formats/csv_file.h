/* One CSV file row by row, with the file's lines kept for messages, and cells as typed values. Private to src/formats. */
#ifndef SV_FORMATS_CSV_FILE_H
#define SV_FORMATS_CSV_FILE_H

#include "text.h"

typedef struct csv_row {
    const char *path; /* for messages */
    int32_t line;     /* where the row starts */
    int32_t n;        /* cells */
    const char *const *cell;
    sv_error *err;
    const char *const *column; /* names of the columns that the reader knows, for messages */
    const int32_t *at;         /* [known columns] cell of each, -1 = the file has no such column */
} csv_row;

typedef sv_status (*csv_row_call)(void *self, const csv_row *row);

/**
 * Read a file: `head` gets the first row that is not blank, `row` each further one. Rows must be as long as the head.
 * Quotes follow RFC 4180 strictly. A failure of a callback ends the reading.
 */
sv_status csv_scan(const char *path, csv_row_call head, csv_row_call row, void *self, sv_error *err);

/* A table whose columns are known by name, in any order and any case; others are passed over. */
typedef struct {
    const char *const *column; /* [n] */
    int32_t n;
    uint64_t required; /* bit k: column k must be there */
    csv_row_call row;
} csv_table;

sv_status csv_scan_table(const char *path, const csv_table *table, void *self, sv_error *err);

/* Cell of known column k: "" when the file has no such column or the cell is empty. */
const char *cell_text(const csv_row *row, int32_t k);
/* Each leaves the value alone when the cell is empty or NA; SV_EDATA with one sentence when it is not what was asked for. */
sv_status cell_real(const csv_row *row, int32_t k, double *value);
sv_status cell_int(const csv_row *row, int32_t k, int32_t *value);
sv_status cell_bool(const csv_row *row, int32_t k, bool *value);
/* One of n words; `value` is its number. */
sv_status cell_word(const csv_row *row, int32_t k, const char *const *words, int32_t n, int32_t *value);
/* A sentence about this row. */
#define ROW_BAD(row, ...) sv_error_set((row)->err, SV_EDATA, (row)->path, (row)->line, __VA_ARGS__)

#endif
