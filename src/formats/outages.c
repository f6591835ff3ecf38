/* Damage lists: one element a line, after an optional word at the head. Branches and generators are rows from 1 of the
 * case file's tables, or ids; a whole number is a row, whatever the ids look like. Buses are ids. Linear in the file; ids
 * are searched linearly. */
#include "text.h"

#include <ctype.h>
#include <string.h>

typedef struct {
    const char *word, *other[2]; /* at the head of the file; the first in messages too */
    int32_t n;
    uint8_t *on;
} out_table;

static out_table table_of_kind(sv_state *state, sv_out_kind kind)
{
    const sv_grid *g = state->grid;
    switch (kind) {
    case SV_OUT_BRANCHES:
        return (out_table){"branch", {"branches", "branches"}, g->n_branch, state->branch_on};
    case SV_OUT_GENS:
        return (out_table){"gen", {"gens", "generator"}, g->n_gen, state->gen_on};
    case SV_OUT_BUSES:
        break;
    }
    return (out_table){"bus", {"buses", "buses"}, g->n_bus, state->bus_on};
}

/* The line at `at` without blanks around it, ended by zero in place; moves `at` behind it. */
static char *next_line(char **at, char *end)
{
    char *line = *at;
    char *newline = memchr(line, '\n', (size_t)(end - line));
    char *stop = newline ? newline : end;
    *at = newline ? newline + 1 : end;
    while (stop > line && isspace((unsigned char)stop[-1]))
        stop--;
    *stop = '\0';
    while (isspace((unsigned char)*line))
        line++;
    return line;
}

static const char *id_at(const sv_grid *g, sv_out_kind kind, int32_t i)
{
    return kind == SV_OUT_BRANCHES ? g->branch[i].id : g->gen[i].id;
}

/* Row by its number from 1 or by its id; -1 = there is none. */
static int32_t find_row(const sv_grid *g, sv_out_kind kind, int32_t n, const char *word)
{
    int32_t row;
    if (text_int(word, &row))
        return row >= 1 && row <= n ? row - 1 : -1;
    for (int32_t i = 0; i < n; i++) {
        if (strcmp(id_at(g, kind, i), word) == 0)
            return i;
    }
    return -1;
}

static sv_status refuse_row(const sv_grid *g, sv_out_kind kind, const out_table *t, const char *word, const char *path,
                            int32_t line, sv_error *err)
{
    int32_t unused;
    if (t->n == 0 || text_int(id_at(g, kind, 0), &unused))
        return sv_error_set(err, SV_EDATA, path, line, "'%.40s' is no row of the %s table; accepted: 1 to %d", word,
                            t->word, (int)t->n);
    return sv_error_set(err, SV_EDATA, path, line,
                        "'%.40s' is no row and no id of the %s table; accepted: 1 to %d, or an id as '%.40s'", word,
                        t->word, (int)t->n, id_at(g, kind, 0));
}

static sv_status mark_off(sv_state *state, sv_out_kind kind, const out_table *t, const char *word, const char *path,
                          int32_t line, sv_error *err)
{
    int32_t i = -1;
    if (kind == SV_OUT_BUSES) {
        i = sv_grid_find_bus(state->grid, word);
        if (i < 0)
            return sv_error_set(err, SV_EDATA, path, line,
                                "bus '%.40s' is not in the grid; accepted: an id of its %d buses", word, (int)t->n);
    } else {
        i = find_row(state->grid, kind, t->n, word);
        if (i < 0)
            return refuse_row(state->grid, kind, t, word, path, line, err);
    }
    t->on[i] = 0;
    return SV_OK;
}

sv_status sv_outages_read(sv_state *state, sv_out_kind kind, const char *path, sv_error *err)
{
    text_file file;
    sv_status status = text_load(&file, path, err);
    if (status)
        return status;
    const out_table t = table_of_kind(state, kind);
    char *at = file.data, *end = file.data + file.n;
    if (file.n >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    bool first = true;
    for (int32_t line = 1; at < end && !status; line++) {
        const char *word = next_line(&at, end);
        if (*word == '\0' || *word == '#')
            continue;
        if (first && (text_same(word, t.word) || text_same(word, t.other[0]) || text_same(word, t.other[1]))) {
            first = false;
            continue;
        }
        first = false;
        status = mark_off(state, kind, &t, word, path, line, err);
    }
    text_free(&file);
    return status;
}
