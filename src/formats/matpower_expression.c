/* Arithmetic on numbers, and the few lines in which MATPOWER's own cases rescale their tables: kW to MW, ohm to per unit,
 * a power factor. Names of columns are those of idx_bus and its sisters, at their fixed places. Nothing else is understood,
 * nothing loops, nothing is called but nine functions of one number. Cost linear in the text; depth of brackets limited. */
#include "matpower.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 50 };

/* ---- names of columns ---------------------------------------------------------------------- */

typedef struct {
    const char *name;
    int32_t value;
} constant;

/* In the order in which the functions give them back. Numbers: MATPOWER manual, appendix B. */
static const constant idx_bus[] = {
    {"PQ", 1},    {"PV", 2},    {"REF", 3},   {"NONE", 4},     {"BUS_I", 1},  {"BUS_TYPE", 2}, {"PD", 3},
    {"QD", 4},    {"GS", 5},    {"BS", 6},    {"BUS_AREA", 7}, {"VM", 8},     {"VA", 9},       {"BASE_KV", 10},
    {"ZONE", 11}, {"VMAX", 12}, {"VMIN", 13}, {"LAM_P", 14},   {"LAM_Q", 15}, {"MU_VMAX", 16}, {"MU_VMIN", 17}};
static const constant idx_brch[] = {{"F_BUS", 1},      {"T_BUS", 2},  {"BR_R", 3},    {"BR_X", 4},    {"BR_B", 5},
                                    {"RATE_A", 6},     {"RATE_B", 7}, {"RATE_C", 8},  {"TAP", 9},     {"SHIFT", 10},
                                    {"BR_STATUS", 11}, {"PF", 14},    {"QF", 15},     {"PT", 16},     {"QT", 17},
                                    {"MU_SF", 18},     {"MU_ST", 19}, {"ANGMIN", 12}, {"ANGMAX", 13}, {"MU_ANGMIN", 20},
                                    {"MU_ANGMAX", 21}};
static const constant idx_gen[] = {
    {"GEN_BUS", 1},   {"PG", 2},       {"QG", 3},         {"QMAX", 4},     {"QMIN", 5},
    {"VG", 6},        {"MBASE", 7},    {"GEN_STATUS", 8}, {"PMAX", 9},     {"PMIN", 10},
    {"MU_PMAX", 22},  {"MU_PMIN", 23}, {"MU_QMAX", 24},   {"MU_QMIN", 25}, {"PC1", 11},
    {"PC2", 12},      {"QC1MIN", 13},  {"QC1MAX", 14},    {"QC2MIN", 15},  {"QC2MAX", 16},
    {"RAMP_AGC", 17}, {"RAMP_10", 18}, {"RAMP_30", 19},   {"RAMP_Q", 20},  {"APF", 21}};
static const constant idx_cost[] = {{"PW_LINEAR", 1}, {"POLYNOMIAL", 2}, {"MODEL", 1}, {"STARTUP", 2},
                                    {"SHUTDOWN", 3},  {"NCOST", 4},      {"COST", 5}};

typedef struct {
    const char *function;
    const constant *of;
    int32_t n;
} constant_set;

#define SET(a)                                                                                                         \
    {                                                                                                                  \
#a, a, (int32_t)(sizeof(a) / sizeof((a)[0]))                                                                   \
    }
static const constant_set sets[4] = {SET(idx_bus), SET(idx_brch), SET(idx_gen), SET(idx_cost)};

void bind_all_constants(mpc *m)
{
    for (int k = 0; k < 4; k++)
        m->constants[k] = true;
}

bool find_column_constant(const mpc *m, const char *name, double *value)
{
    for (int k = 0; k < 4; k++) {
        for (int32_t i = 0; m->constants[k] && i < sets[k].n; i++) {
            if (strcmp(name, sets[k].of[i].name) == 0) {
                *value = sets[k].of[i].value;
                return true;
            }
        }
    }
    return false;
}

sv_status read_constants(mpc *m)
{
    lexer *lex = &m->lex;
    const int32_t line = lex->now.line;
    char names[32][16];
    int32_t n = 0;
    lexer_next(lex); /* the opening bracket */
    while (!at_mark(lex, ']')) {
        if (at_mark(lex, ',')) {
            lexer_next(lex);
            continue;
        }
        if (lex->now.kind != TOKEN_NAME || n == 32)
            return lexer_fail(lex, line,
                              "an executable line that starts with [; accepted of those: [PQ, PV, ...] = idx_bus");
        copy_token(&lex->now, names[n++], sizeof names[0]);
        lexer_next(lex);
    }
    lexer_next(lex);
    if (!at_mark(lex, '='))
        return lexer_fail(lex, line,
                          "a line that starts with [ gives no value; accepted of those: [PQ, PV, ...] = idx_bus");
    lexer_next(lex);
    for (int k = 0; k < 4; k++) {
        if (!at_name(lex, sets[k].function))
            continue;
        for (int32_t i = 0; i < n; i++) {
            if (i >= sets[k].n || strcmp(names[i], sets[k].of[i].name) != 0)
                return lexer_fail(lex, line, "name %d of %s is %s; accepted: %s, MATPOWER's own names in their order",
                                  (int)i + 1, sets[k].function, names[i],
                                  i < sets[k].n ? sets[k].of[i].name : "no more names");
        }
        m->constants[k] = true;
        lexer_next(lex);
        return lex->status;
    }
    return lexer_fail(lex, line,
                      "names are taken from an unknown function; accepted: idx_bus, idx_brch, idx_gen, idx_cost");
}

/* ---- numbers ------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    double (*of)(double);
} function;

static const function functions[] = {{"sqrt", sqrt}, {"sin", sin},   {"cos", cos}, {"tan", tan}, {"acos", acos},
                                     {"asin", asin}, {"atan", atan}, {"exp", exp}, {"abs", fabs}};

static double read_sum(mpc *m, bool in_matrix, int32_t depth);

static double refuse_name(mpc *m, const token *t)
{
    char name[64];
    copy_token(t, name, sizeof name);
    lexer_fail(&m->lex, t->line,
               "'%s' is no number here; accepted: numbers, their arithmetic, and what lines above define", name);
    return NAN;
}

int32_t find_matrix(const char *field)
{
    for (int32_t i = 0; i < N_MATRIX; i++) {
        if (strcmp(field, matrix_name[i]) == 0)
            return i;
    }
    return -1;
}

bool read_field_name(mpc *m, char field[64])
{
    lexer *lex = &m->lex;
    if (!at_name(lex, m->structure))
        return false;
    lexer_next(lex);
    if (!at_mark(lex, '.'))
        return false;
    lexer_next(lex);
    if (lex->now.kind != TOKEN_NAME)
        return false;
    copy_token(&lex->now, field, 64);
    lexer_next(lex);
    return true;
}

/* mpc.baseMVA or one element, mpc.bus(1, BASE_KV). */
static double read_element(mpc *m, int32_t depth)
{
    lexer *lex = &m->lex;
    const token first = lex->now;
    char field[64];
    if (!read_field_name(m, field))
        return refuse_name(m, &first);
    if (strcmp(field, "baseMVA") == 0 && m->base_given)
        return m->base_mva;
    const int32_t id = find_matrix(field);
    if (id < 0 || !m->table[id].given || !at_mark(lex, '('))
        return refuse_name(m, &first);
    lexer_next(lex);
    const double row = read_sum(m, false, depth + 1);
    if (!at_mark(lex, ',')) {
        lexer_fail(lex, first.line, "mpc.%s needs a row and a column here, as in mpc.bus(1, BASE_KV)", field);
        return NAN;
    }
    lexer_next(lex);
    const double column = read_sum(m, false, depth + 1);
    const matrix *t = &m->table[id];
    if (!at_mark(lex, ')') || !(row >= 1 && row <= t->n_row && row == floor(row)) ||
        !(column >= 1 && column <= t->n_column && column == floor(column))) {
        lexer_fail(lex, first.line, "mpc.%s has no such element; accepted: rows 1 to %d, columns 1 to %d", field,
                   (int)t->n_row, (int)t->n_column);
        return NAN;
    }
    lexer_next(lex);
    return t->value[((size_t)row - 1) * (size_t)t->n_column + (size_t)column - 1];
}

static double read_name(mpc *m, bool in_matrix, int32_t depth)
{
    lexer *lex = &m->lex;
    const token t = lex->now;
    char name[64];
    copy_token(&t, name, sizeof name);
    if (strcmp(name, m->structure) == 0)
        return read_element(m, depth);
    lexer_next(lex);
    if (text_same(name, "Inf"))
        return INFINITY;
    if (text_same(name, "NaN") || strcmp(name, "NA") == 0)
        return NAN;
    if (strcmp(name, "pi") == 0)
        return 3.14159265358979323846;
    double value;
    if (find_column_constant(m, name, &value))
        return value;
    for (int32_t i = 0; i < m->n_variable; i++) {
        if (strcmp(name, m->variable[i].name) == 0)
            return m->variable[i].value;
    }
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strcmp(name, functions[i].name) != 0 || !at_mark(lex, '(') || (in_matrix && lex->now.space_before))
            continue;
        lexer_next(lex);
        value = read_sum(m, false, depth + 1);
        if (!at_mark(lex, ')'))
            return refuse_name(m, &t);
        lexer_next(lex);
        return functions[i].of(value);
    }
    return refuse_name(m, &t);
}

static double read_primary(mpc *m, bool in_matrix, int32_t depth)
{
    lexer *lex = &m->lex;
    if (depth > DEEPEST) {
        lexer_fail(lex, lex->now.line, "more than %d brackets within each other", (int)DEEPEST);
        return NAN;
    }
    if (lex->now.kind == TOKEN_NUMBER) {
        const double value = lex->now.value;
        lexer_next(lex);
        return value;
    }
    if (lex->now.kind == TOKEN_NAME)
        return read_name(m, in_matrix, depth);
    if (at_mark(lex, '(')) {
        lexer_next(lex);
        const double value = read_sum(m, false, depth + 1);
        if (!at_mark(lex, ')'))
            lexer_fail(lex, lex->now.line, "a closing ) is missing");
        lexer_next(lex);
        return value;
    }
    char found[40];
    copy_token(&lex->now, found, sizeof found);
    const char *quote = lex->now.kind == TOKEN_MARK ? "'" : "";
    lexer_fail(lex, lex->now.line, "%s%s%s where a number was expected", quote,
               lex->now.kind == TOKEN_STRING ? "a text" : found, quote);
    return NAN;
}

static double read_signed(mpc *m, bool in_matrix, int32_t depth)
{
    lexer *lex = &m->lex;
    if (depth > DEEPEST)
        return read_primary(m, in_matrix, depth);
    if (at_mark(lex, '+') || at_mark(lex, '-')) {
        const bool minus = lex->now.mark == '-';
        lexer_next(lex);
        const double value = read_signed(m, in_matrix, depth + 1);
        return minus ? -value : value;
    }
    double value = read_primary(m, in_matrix, depth);
    while (at_mark(lex, '^') && !lex->status) {
        lexer_next(lex);
        value = pow(value, at_mark(lex, '-') || at_mark(lex, '+') ? read_signed(m, in_matrix, depth + 1)
                                                                  : read_primary(m, in_matrix, depth + 1));
    }
    return value;
}

static double read_product(mpc *m, bool in_matrix, int32_t depth)
{
    lexer *lex = &m->lex;
    double value = read_signed(m, in_matrix, depth);
    while ((at_mark(lex, '*') || at_mark(lex, '/')) && !lex->status) {
        const bool times = lex->now.mark == '*';
        lexer_next(lex);
        const double factor = read_signed(m, in_matrix, depth);
        value = times ? value * factor : value / factor;
    }
    return value;
}

/* In a matrix `1 -2` is two numbers, `1 - 2` and `1-2` are one. */
static bool sign_starts_element(const lexer *lex)
{
    return lex->now.space_before && !lex->now.space_after;
}

static double read_sum(mpc *m, bool in_matrix, int32_t depth)
{
    lexer *lex = &m->lex;
    double value = read_product(m, in_matrix, depth);
    while ((at_mark(lex, '+') || at_mark(lex, '-')) && !lex->status) {
        if (in_matrix && sign_starts_element(lex))
            break;
        const bool plus = lex->now.mark == '+';
        lexer_next(lex);
        const double term = read_product(m, in_matrix, depth);
        value = plus ? value + term : value - term;
    }
    return value;
}

sv_status read_expression(mpc *m, bool in_matrix, double *value)
{
    *value = read_sum(m, in_matrix, 0);
    return m->lex.status;
}

/* ---- rescaling ----------------------------------------------------------------------------- */

enum { MOST_COLUMNS = 32, MOST_FACTOR = 16 };

typedef struct {
    int32_t n;
    int32_t column[MOST_COLUMNS]; /* from 0 */
} selection;

static void add_column(mpc *m, const matrix *t, selection *s, int32_t line)
{
    const double column = read_sum(m, true, 1);
    if (m->lex.status)
        return;
    if (!(column >= 1 && column <= t->n_column && column == floor(column)) || s->n == MOST_COLUMNS)
        lexer_fail(&m->lex, line, "column %g is not there; accepted: 1 to %d", column, (int)t->n_column);
    else
        s->column[s->n++] = (int32_t)column - 1;
}

/* (:, PD) or (:, [PD, QD]); the lexer stands at the opening parenthesis. */
static void read_selection(mpc *m, const matrix *t, selection *s, int32_t line)
{
    lexer *lex = &m->lex;
    s->n = 0;
    lexer_next(lex);
    if (!at_mark(lex, ':')) {
        lexer_fail(lex, line,
                   "an executable line that changes single rows is not accepted; accepted: whole columns, as in "
                   "mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3");
        return;
    }
    lexer_next(lex);
    if (!at_mark(lex, ',')) {
        lexer_fail(lex, line, "columns are missing; accepted: mpc.bus(:, [PD, QD])");
        return;
    }
    lexer_next(lex);
    if (at_mark(lex, '[')) {
        lexer_next(lex);
        while (!at_mark(lex, ']') && !lex->status) {
            if (at_mark(lex, ','))
                lexer_next(lex);
            else
                add_column(m, t, s, line);
        }
        lexer_next(lex);
    } else {
        add_column(m, t, s, line);
    }
    if (!at_mark(lex, ')'))
        lexer_fail(lex, line, "a closing ) is missing after the columns");
    lexer_next(lex);
}

sv_status read_rescaling(mpc *m, matrix_id id, int32_t line)
{
    lexer *lex = &m->lex;
    matrix *t = &m->table[id];
    selection to, from;
    char field[64];
    if (!t->given)
        return lexer_fail(lex, line, "mpc.%s is changed before it is given", matrix_name[id]);
    read_selection(m, t, &to, line);
    if (lex->status || !at_mark(lex, '='))
        return lexer_fail(lex, line,
                          "this executable line is not accepted; accepted: tables and the rescaling of columns");
    lexer_next(lex);
    if (!read_field_name(m, field) || strcmp(field, matrix_name[id]) != 0 || !at_mark(lex, '('))
        return lexer_fail(lex, line,
                          "this executable line is not accepted; accepted: columns of mpc.%s times or over numbers",
                          matrix_name[id]);
    read_selection(m, t, &from, line);
    if (lex->status)
        return lex->status;
    if (to.n != from.n)
        return lexer_fail(lex, line, "%d columns are set from %d; accepted: as many", (int)to.n, (int)from.n);
    bool times[MOST_FACTOR];
    double factor[MOST_FACTOR];
    int32_t n = 0;
    while ((at_mark(lex, '*') || at_mark(lex, '/')) && !lex->status) {
        if (n == MOST_FACTOR)
            return lexer_fail(lex, line, "more than %d factors; accepted: fewer", (int)MOST_FACTOR);
        times[n] = lex->now.mark == '*';
        lexer_next(lex);
        factor[n++] = read_signed(m, false, 0);
    }
    for (int32_t i = 0; i < t->n_row && !lex->status; i++) {
        double *row = &t->value[(size_t)i * (size_t)t->n_column];
        double value[MOST_COLUMNS];
        for (int32_t k = 0; k < to.n; k++) {
            value[k] = row[from.column[k]];
            for (int32_t f = 0; f < n; f++)
                value[k] = times[f] ? value[k] * factor[f] : value[k] / factor[f];
        }
        for (int32_t k = 0; k < to.n; k++)
            row[to.column[k]] = value[k];
    }
    return lex->status;
}
