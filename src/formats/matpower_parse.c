/* Statements of a MATPOWER case: the function line, tables, texts, numbers, the known rescaling lines. Fields that the grid
 * has no use for are passed over as long as they are plain data; every other executable line is refused with its number.
 * One pass; memory of the arena, doubling. */
#include "matpower.h"

#include <math.h>
#include <string.h>

const char *const matrix_name[N_MATRIX] = {[TABLE_BUS] = "bus",
                                           [TABLE_GEN] = "gen",
                                           [TABLE_BRANCH] = "branch",
                                           [TABLE_GENCOST] = "gencost",
                                           [TABLE_DCLINE] = "dcline"};
static const char *const cells_name[N_CELLS] = {[CELLS_BUS_NAME] = "bus_name",
                                                [CELLS_GENFUEL] = "genfuel",
                                                [CELLS_GENTYPE] = "gentype",
                                                [CELLS_GEN_NAME] = "gen_name"};

static sv_status no_memory(mpc *m)
{
    m->lex.status = SV_ENOMEM;
    return sv_error_set(m->lex.err, SV_ENOMEM, m->lex.name, 0, "out of memory");
}

/* Twice the room, in the arena. */
static void *grown(sv_arena *arena, const void *old, size_t n, size_t *capacity, size_t size)
{
    const size_t more = *capacity ? 2 * *capacity : 64;
    void *fresh = sv_arena_take(arena, more, size);
    if (fresh && n)
        memcpy(fresh, old, n * size);
    if (fresh)
        *capacity = more;
    return fresh;
}

/* ---- matrices and cells -------------------------------------------------------------------- */

static sv_status add_value(mpc *m, matrix *t, size_t n, double value)
{
    if (n == t->capacity) {
        double *fresh = grown(m->arena, t->value, n, &t->capacity, sizeof *fresh);
        if (!fresh)
            return no_memory(m);
        t->value = fresh;
    }
    t->value[n] = value;
    return SV_OK;
}

/* Close the row that started at `line`; n numbers stand in the table so far. */
static sv_status end_row(mpc *m, matrix *t, const char *name, size_t n, int32_t line)
{
    const size_t in_row = n - (size_t)t->n_row * (size_t)t->n_column;
    if (in_row == 0)
        return SV_OK;
    if (t->n_row == 0) {
        if (in_row > 1000)
            return lexer_fail(&m->lex, line, "mpc.%s has %zu columns; accepted: at most 1000", name, in_row);
        t->n_column = (int32_t)in_row;
    } else if (in_row != (size_t)t->n_column) {
        return lexer_fail(&m->lex, line, "mpc.%s: this row has %zu numbers, the rows above %d", name, in_row,
                          (int)t->n_column);
    }
    if ((size_t)t->n_row == t->line_capacity) {
        int32_t *fresh = grown(m->arena, t->line, (size_t)t->n_row, &t->line_capacity, sizeof *fresh);
        if (!fresh)
            return no_memory(m);
        t->line = fresh;
    }
    if (t->n_row == INT32_MAX / 4)
        return lexer_fail(&m->lex, line, "mpc.%s has too many rows", name);
    t->line[t->n_row++] = line;
    return SV_OK;
}

static sv_status read_matrix(mpc *m, matrix_id id)
{
    lexer *lex = &m->lex;
    matrix *t = &m->table[id];
    const int32_t first = lex->now.line;
    if (t->given)
        return lexer_fail(lex, first, "mpc.%s is given a second time (first on line %d)", matrix_name[id],
                          (int)t->line_first);
    if (!at_mark(lex, '['))
        return lexer_fail(lex, first, "mpc.%s is no table; accepted: rows of numbers in [ ]", matrix_name[id]);
    t->given = true;
    t->line_first = first;
    lexer_next(lex);
    size_t n = 0;
    int32_t line = lex->now.line;
    while (!at_mark(lex, ']') && !lex->status) {
        if (lex->now.kind == TOKEN_END)
            return lexer_fail(lex, first, "mpc.%s: the table that starts here never ends; accepted: ] at its end",
                              matrix_name[id]);
        if (lex->now.kind == TOKEN_NEWLINE || at_mark(lex, ';')) {
            if (end_row(m, t, matrix_name[id], n, line))
                return lex->status;
            lexer_next(lex);
        } else if (at_mark(lex, ',')) {
            lexer_next(lex);
        } else {
            if (n == (size_t)t->n_row * (size_t)t->n_column)
                line = lex->now.line;
            double value;
            if (read_expression(m, true, &value) || add_value(m, t, n, value))
                return lex->status;
            n++;
        }
    }
    if (lex->status || end_row(m, t, matrix_name[id], n, line))
        return lex->status;
    lexer_next(lex);
    return lex->status;
}

/* A text without its quotes, doubled quotes made single. */
static char *plain_text(sv_arena *arena, const token *t)
{
    char *text = SV_TAKE(arena, t->n + 1, char);
    if (!text)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        text[n++] = t->text[i];
        if (t->text[i] == t->mark)
            i++;
    }
    text[n] = '\0';
    return text;
}

static sv_status read_cells(mpc *m, cells_id id)
{
    lexer *lex = &m->lex;
    cells *c = &m->cell[id];
    const int32_t first = lex->now.line;
    if (c->given)
        return lexer_fail(lex, first, "mpc.%s is given a second time (first on line %d)", cells_name[id],
                          (int)c->line_first);
    if (!at_mark(lex, '{'))
        return lexer_fail(lex, first, "mpc.%s is no list of texts; accepted: texts in { }", cells_name[id]);
    c->given = true;
    c->line_first = first;
    lexer_next(lex);
    bool fresh_row = true;
    while (!at_mark(lex, '}') && !lex->status) {
        if (lex->now.kind == TOKEN_NEWLINE || at_mark(lex, ';')) {
            fresh_row = true;
        } else if (lex->now.kind == TOKEN_STRING) {
            if ((size_t)c->n == c->capacity) {
                char **more = (char **)grown(m->arena, c->text, (size_t)c->n, &c->capacity, sizeof *more);
                if (!more)
                    return no_memory(m);
                c->text = more;
            }
            if (!(c->text[c->n] = plain_text(m->arena, &lex->now)))
                return no_memory(m);
            if (c->n++ == INT32_MAX / 4)
                return lexer_fail(lex, first, "mpc.%s has too many texts", cells_name[id]);
            c->n_row += fresh_row;
            fresh_row = false;
        } else if (!at_mark(lex, ',')) {
            return lexer_fail(lex, lex->now.kind == TOKEN_END ? first : lex->now.line,
                              "mpc.%s holds more than texts; accepted: texts in { }", cells_name[id]);
        }
        lexer_next(lex);
    }
    lexer_next(lex);
    return lex->status;
}

/* A table, list, text or number that the grid has no use for. */
static sv_status skip_value(mpc *m, const char *field)
{
    lexer *lex = &m->lex;
    const int32_t line = lex->now.line;
    if (at_mark(lex, '[') || at_mark(lex, '{')) {
        int64_t depth = 0;
        do {
            depth += at_mark(lex, '[') || at_mark(lex, '{');
            depth -= at_mark(lex, ']') || at_mark(lex, '}');
            lexer_next(lex);
            if (lex->now.kind == TOKEN_END)
                break;
        } while (depth > 0);
        if (depth > 0)
            return lexer_fail(lex, line, "mpc.%s: the table that starts here never ends", field);
        return lex->status;
    }
    if (lex->now.kind == TOKEN_STRING) {
        lexer_next(lex);
        return lex->status;
    }
    double value;
    return read_expression(m, false, &value);
}

/* ---- statements ---------------------------------------------------------------------------- */

/* function mpc = name, with or without an argument list. */
static sv_status read_function(mpc *m)
{
    lexer *lex = &m->lex;
    const int32_t line = lex->now.line;
    if (m->case_name)
        return lexer_fail(lex, line, "a second function; accepted: one case a file");
    lexer_next(lex);
    if (lex->now.kind != TOKEN_NAME)
        return lexer_fail(lex, line,
                          "the function gives back no structure; accepted: function mpc = name (format version 2)");
    copy_token(&lex->now, m->structure, sizeof m->structure);
    lexer_next(lex);
    if (!at_mark(lex, '='))
        return lexer_fail(lex, line, "the function gives back no structure; accepted: function mpc = name");
    lexer_next(lex);
    if (lex->now.kind != TOKEN_NAME)
        return lexer_fail(lex, line, "the function has no name; accepted: function mpc = name");
    m->case_name = SV_TAKE(m->arena, lex->now.n + 1, char);
    if (!m->case_name)
        return no_memory(m);
    copy_token(&lex->now, m->case_name, lex->now.n + 1);
    lexer_next(lex);
    if (at_mark(lex, '(')) {
        lexer_next(lex);
        if (!at_mark(lex, ')'))
            return lexer_fail(lex, line, "the function takes arguments; accepted: a case without");
        lexer_next(lex);
    }
    return lex->status;
}

static sv_status read_version(mpc *m)
{
    lexer *lex = &m->lex;
    const bool text_2 = lex->now.kind == TOKEN_STRING && lex->now.n == 1 && lex->now.text[0] == '2';
    const bool number_2 = lex->now.kind == TOKEN_NUMBER && lex->now.value == 2.0;
    if (!text_2 && !number_2) {
        char found[24];
        copy_token(&lex->now, found, sizeof found);
        return lexer_fail(lex, lex->now.line, "format version is %s; accepted: '2'", found);
    }
    m->version_given = true;
    lexer_next(lex);
    return lex->status;
}

static sv_status read_base(mpc *m, int32_t line)
{
    if (read_expression(m, false, &m->base_mva))
        return m->lex.status;
    if (!(m->base_mva >= SV_BASE_LEAST_MVA && m->base_mva <= SV_BASE_MOST_MVA))
        return lexer_fail(&m->lex, line, "mpc.baseMVA is %g; accepted: %g to %g MVA", m->base_mva, SV_BASE_LEAST_MVA,
                          SV_BASE_MOST_MVA);
    m->base_given = true;
    return SV_OK;
}

static sv_status read_field(mpc *m)
{
    lexer *lex = &m->lex;
    const int32_t line = lex->now.line;
    char field[64];
    if (!read_field_name(m, field))
        return lexer_fail(lex, line, "an executable line on %s is not accepted; accepted: %s.field = data",
                          m->structure, m->structure);
    const int32_t id = find_matrix(field);
    if (at_mark(lex, '(') && id >= 0)
        return read_rescaling(m, (matrix_id)id, line);
    bool nested = false;
    while (at_mark(lex, '.')) { /* mpc.reserves.zones = ...: data of extensions */
        lexer_next(lex);
        if (lex->now.kind == TOKEN_NAME)
            lexer_next(lex);
        nested = true;
    }
    if (!at_mark(lex, '='))
        return lexer_fail(lex, line, "this executable line is not accepted; accepted: mpc.%s = data", field);
    lexer_next(lex);
    if (!nested && strcmp(field, "version") == 0)
        return read_version(m);
    if (!nested && strcmp(field, "baseMVA") == 0)
        return read_base(m, line);
    if (!nested && id >= 0)
        return read_matrix(m, (matrix_id)id);
    for (cells_id k = 0; k < N_CELLS && !nested; k++) {
        if (strcmp(field, cells_name[k]) == 0 && at_mark(lex, '{'))
            return read_cells(m, k);
    }
    return skip_value(m, field);
}

/* name = number */
static sv_status read_variable(mpc *m, const token *name)
{
    lexer *lex = &m->lex;
    char text[64];
    copy_token(name, text, sizeof text);
    if (!at_mark(lex, '='))
        return lexer_fail(lex, name->line,
                          "an executable line that starts with '%.30s' is not accepted; accepted: tables, and the "
                          "rescaling lines of MATPOWER's own cases",
                          text);
    lexer_next(lex);
    if (at_mark(lex, '[') || at_mark(lex, '{') || lex->now.kind == TOKEN_STRING)
        return lexer_fail(lex, name->line, "'%.30s' is set to more than a number; accepted: data only within %s", text,
                          m->structure);
    double value;
    if (read_expression(m, false, &value))
        return lex->status;
    int32_t i = 0;
    while (i < m->n_variable && strcmp(m->variable[i].name, text) != 0)
        i++;
    if (i == N_VARIABLE)
        return lexer_fail(lex, name->line, "more than %d names of numbers", (int)N_VARIABLE);
    if (i == m->n_variable)
        memcpy(m->variable[m->n_variable++].name, text, sizeof text);
    m->variable[i].value = value;
    return SV_OK;
}

static sv_status read_statement(mpc *m)
{
    lexer *lex = &m->lex;
    const token first = lex->now;
    if (m->ended)
        return lexer_fail(lex, first.line, "there is more after the end of the case; accepted: nothing");
    if (at_name(lex, "function"))
        return read_function(m);
    if (at_name(lex, m->structure))
        return read_field(m);
    if (at_mark(lex, '['))
        return read_constants(m);
    if (first.kind != TOKEN_NAME) {
        char found[24];
        copy_token(&first, found, sizeof found);
        return lexer_fail(lex, first.line, "'%s' starts no line of a case; accepted: %s.field = data", found,
                          m->structure);
    }
    lexer_next(lex);
    char word[24];
    copy_token(&first, word, sizeof word);
    if (strcmp(word, "end") == 0 || strcmp(word, "endfunction") == 0 || strcmp(word, "return") == 0) {
        m->ended = true;
        return lex->status;
    }
    if (strcmp(word, "define_constants") == 0) {
        bind_all_constants(m);
        return lex->status;
    }
    return read_variable(m, &first);
}

sv_status read_case(mpc *m)
{
    lexer *lex = &m->lex;
    while (!lex->status) {
        if (lex->now.kind == TOKEN_END)
            break;
        if (lex->now.kind == TOKEN_NEWLINE || at_mark(lex, ';') || at_mark(lex, ',')) {
            lexer_next(lex);
            continue;
        }
        const int32_t line = lex->now.line;
        if (read_statement(m))
            break;
        if (at_mark(lex, '\''))
            return lexer_fail(lex, lex->now.line,
                              "a transpose (') is not accepted; accepted: the table as it should stand");
        if (lex->now.kind != TOKEN_END && lex->now.kind != TOKEN_NEWLINE && !at_mark(lex, ';') && !at_mark(lex, ',')) {
            char found[24];
            copy_token(&lex->now, found, sizeof found);
            return lexer_fail(lex, lex->now.line,
                              "'%s' follows where the statement of line %d should end; accepted: ; or a new line",
                              found, (int)line);
        }
    }
    return lex->status;
}
