/* CSV by libcsv, strict, fed line by line so that every row knows the line where it starts. The row's cells live in two
 * buffers that only grow. Linear; memory of the file plus the longest row. One thread a call. */
#include "csv_file.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KNOWN = 64 };

typedef struct {
    csv_row row;
    csv_row_call head_call, row_call;
    void *self;
    sv_status status;
    bool head_done, row_ended;
    int32_t n_head;
    char *text; /* cells of the row, one after the other */
    size_t n_text, text_capacity;
    size_t *start; /* [n] of each cell in text */
    const char **cell;
    size_t cell_capacity;
} scanner;

static bool room_for(scanner *s, size_t bytes)
{
    if (s->n_text + bytes > s->text_capacity) {
        size_t capacity = s->text_capacity ? s->text_capacity : 4096;
        while (capacity < s->n_text + bytes)
            capacity *= 2;
        char *text = realloc(s->text, capacity);
        if (!text)
            return false;
        s->text = text;
        s->text_capacity = capacity;
    }
    if ((size_t)s->row.n == s->cell_capacity) {
        const size_t capacity = s->cell_capacity ? 2 * s->cell_capacity : 64;
        size_t *start = realloc(s->start, capacity * sizeof *start);
        if (start)
            s->start = start;
        const char **cell = start ? (const char **)realloc((void *)s->cell, capacity * sizeof *cell) : NULL;
        if (!cell)
            return false;
        s->cell = cell;
        s->cell_capacity = capacity;
    }
    return true;
}

static void take_cell(void *bytes, size_t n, void *self)
{
    scanner *s = self;
    if (s->status)
        return;
    if (n && memchr(bytes, '\0', n)) {
        s->status = ROW_BAD(&s->row, "cell %d holds a zero byte; accepted: plain text", (int)s->row.n + 1);
        return;
    }
    if (s->row.n == INT32_MAX || !room_for(s, n + 1)) {
        s->status = sv_error_set(s->row.err, SV_ENOMEM, s->row.path, s->row.line, "out of memory for this row");
        return;
    }
    s->start[s->row.n++] = s->n_text;
    if (n)
        memcpy(s->text + s->n_text, bytes, n);
    s->text[s->n_text + n] = '\0';
    s->n_text += n + 1;
}

static void end_row(int terminator, void *self)
{
    (void)terminator;
    scanner *s = self;
    s->row_ended = true;
    if (!s->status) {
        for (int32_t i = 0; i < s->row.n; i++)
            s->cell[i] = s->text + s->start[i];
        s->row.cell = s->cell;
        if (!s->head_done) {
            s->head_done = true;
            s->n_head = s->row.n;
            s->status = s->head_call(s->self, &s->row);
        } else if (s->row.n != s->n_head) {
            s->status = ROW_BAD(&s->row, "row of %d cells under a head of %d; accepted: as many", (int)s->row.n,
                                (int)s->n_head);
        } else {
            s->status = s->row_call(s->self, &s->row);
        }
    }
    s->row.n = 0;
    s->n_text = 0;
}

static bool is_blank_line(const char *line, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!strchr(" \t\r\n", line[i]) || line[i] == '\0')
            return false;
    }
    return true;
}

/* Length of the line at p with its end: \n, \r\n or a lone \r. */
static size_t line_length(const char *p, const char *end)
{
    const char *q = p;
    while (q < end && *q != '\n' && *q != '\r')
        q++;
    if (q < end && *q == '\r' && q + 1 < end && q[1] == '\n')
        q++;
    return (size_t)(q - p) + (q < end);
}

static void feed_lines(scanner *s, struct csv_parser *parser, const char *p, const char *end)
{
    bool inside = false; /* a quoted cell goes on over the end of the line */
    for (int32_t line = 1; p < end && !s->status; line++) {
        const size_t n = line_length(p, end);
        if (!inside)
            s->row.line = line;
        s->row_ended = false;
        if (csv_parse(parser, p, n, take_cell, end_row, s) != n && !s->status)
            s->status = csv_error(parser) == CSV_ENOMEM
                            ? sv_error_set(s->row.err, SV_ENOMEM, s->row.path, line, "out of memory for this row")
                            : sv_error_set(s->row.err, SV_EDATA, s->row.path, line,
                                           "a quote stands where none may; accepted: quotes around a whole cell, "
                                           "doubled within");
        inside = !s->row_ended && (inside || !is_blank_line(p, n));
        p += n;
    }
    if (!s->status && csv_fini(parser, take_cell, end_row, s) != 0)
        s->status = ROW_BAD(&s->row, "the quoted cell of this row never ends; accepted: a closing quote");
}

sv_status csv_scan(const char *path, csv_row_call head, csv_row_call row, void *self, sv_error *err)
{
    text_file file;
    sv_status status = text_load(&file, path, err);
    if (status)
        return status;
    scanner s = {.row = {.path = path, .line = 1, .err = err}, .head_call = head, .row_call = row, .self = self};
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        text_free(&file);
        return sv_error_set(err, SV_ENOMEM, path, 0, "out of memory");
    }
    csv_set_blk_size(&parser, 4096 + file.n / 16); /* its buffer grows by whole blocks: few, even for one huge cell */
    const size_t bom = file.n >= 3 && memcmp(file.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    feed_lines(&s, &parser, file.data + bom, file.data + file.n);
    csv_free(&parser);
    free(s.text);
    free(s.start);
    free((void *)s.cell);
    text_free(&file);
    if (!s.status && !s.head_done)
        return sv_error_set(err, SV_EDATA, path, 0, "is empty; accepted: a head of column names, then rows");
    return s.status;
}

/* ---- tables with known columns ------------------------------------------------------------- */

typedef struct {
    const csv_table *table;
    void *self;
    int32_t at[MOST_KNOWN];
} table_scan;

static sv_status bind_head(void *self, const csv_row *head)
{
    table_scan *scan = self;
    for (int32_t k = 0; k < scan->table->n; k++)
        scan->at[k] = -1;
    for (int32_t i = 0; i < head->n; i++) {
        for (int32_t k = 0; k < scan->table->n; k++) {
            if (!text_same(head->cell[i], scan->table->column[k]))
                continue;
            if (scan->at[k] >= 0)
                return ROW_BAD(head, "column '%s' is there twice; accepted: once", scan->table->column[k]);
            scan->at[k] = i;
        }
    }
    for (int32_t k = 0; k < scan->table->n; k++) {
        if (scan->at[k] < 0 && (scan->table->required >> k & 1))
            return ROW_BAD(head, "there is no column '%s'; accepted: a head that names it, in any order",
                           scan->table->column[k]);
    }
    return SV_OK;
}

static sv_status pass_row(void *self, const csv_row *row)
{
    table_scan *scan = self;
    csv_row bound = *row;
    bound.column = scan->table->column;
    bound.at = scan->at;
    return scan->table->row(scan->self, &bound);
}

sv_status csv_scan_table(const char *path, const csv_table *table, void *self, sv_error *err)
{
    table_scan scan = {.table = table, .self = self};
    return csv_scan(path, bind_head, pass_row, &scan, err);
}

/* ---- cells --------------------------------------------------------------------------------- */

const char *cell_text(const csv_row *row, int32_t k)
{
    return row->at[k] < 0 ? "" : row->cell[row->at[k]];
}

static bool is_missing(const char *text)
{
    return *text == '\0' || text_same(text, "NA");
}

sv_status cell_real(const csv_row *row, int32_t k, double *value)
{
    const char *text = cell_text(row, k);
    if (is_missing(text) || text_real(text, value))
        return SV_OK;
    if (text_same(text, "Inf") || text_same(text, "-Inf")) { /* the grid's checks know where that may stand */
        *value = strtod(text, NULL);
        return SV_OK;
    }
    return ROW_BAD(row, "%s is '%.40s'; accepted: a number", row->column[k], text);
}

sv_status cell_int(const csv_row *row, int32_t k, int32_t *value)
{
    const char *text = cell_text(row, k);
    if (is_missing(text) || text_int(text, value))
        return SV_OK;
    return ROW_BAD(row, "%s is '%.40s'; accepted: a whole number", row->column[k], text);
}

sv_status cell_bool(const csv_row *row, int32_t k, bool *value)
{
    static const char *const words[] = {"0", "1", "false", "true", "no", "yes"};
    int32_t word = *value;
    if (cell_word(row, k, words, 6, &word))
        return SV_EDATA;
    *value = word % 2 == 1;
    return SV_OK;
}

sv_status cell_word(const csv_row *row, int32_t k, const char *const *words, int32_t n, int32_t *value)
{
    const char *text = cell_text(row, k);
    if (is_missing(text))
        return SV_OK;
    char all[200] = "";
    size_t used = 0;
    for (int32_t i = 0; i < n; i++) {
        if (text_same(text, words[i])) {
            *value = i;
            return SV_OK;
        }
        used +=
            (size_t)snprintf(all + used, used < sizeof all ? sizeof all - used : 0, "%s%s", i ? ", " : "", words[i]);
        used = used < sizeof all ? used : sizeof all - 1;
    }
    return ROW_BAD(row, "%s is '%.40s'; accepted: %s", row->column[k], text, all);
}
