/* Inside of the MATPOWER reader: tokens -> statements -> tables -> draft. Private to src/formats. */
#ifndef SV_FORMATS_MATPOWER_H
#define SV_FORMATS_MATPOWER_H

#include "text.h"

/* ---- tokens -------------------------------------------------------------------------------- */

typedef enum { TOKEN_END, TOKEN_NEWLINE, TOKEN_NUMBER, TOKEN_NAME, TOKEN_STRING, TOKEN_MARK } token_kind;

typedef struct {
    token_kind kind;
    char mark;         /* of TOKEN_MARK: one of = [ ] { } ( ) , ; : . + - * / ^ ' @ & | ~ ! < > ? \ */
    bool space_before; /* white space or a continuation stands before it */
    bool space_after;
    int32_t line;
    const char *text; /* in the file; a string without its quotes, doubled quotes still doubled */
    size_t n;
    double value; /* of TOKEN_NUMBER */
} token;

typedef struct {
    const char *name; /* of the file */
    const char *text, *end, *at;
    int32_t line;
    token now; /* the token under the eye */
    sv_error *err;
    sv_status status; /* sticky: the first failure; the token is then TOKEN_END */
} lexer;

void lexer_start(lexer *lex, const char *name, const char *text, size_t n, sv_error *err);
void lexer_next(lexer *lex);
/* Is the token under the eye this name / this mark? */
bool at_name(const lexer *lex, const char *word);
bool at_mark(const lexer *lex, char mark);

/* Record a failure at a line; keeps the first. @return its status */
sv_status lexer_fail(lexer *lex, int32_t line, const char *format, ...) SV_PRINTF(3, 4);

/* ---- tables -------------------------------------------------------------------------------- */

typedef struct {
    double *value; /* [n_row * n_column] */
    int32_t *line; /* [n_row] */
    int32_t n_row, n_column, line_first;
    size_t capacity, line_capacity; /* numbers, rows */
    bool given;
} matrix;

typedef struct {
    char **text; /* [n] row by row */
    int32_t n, n_row, line_first;
    size_t capacity;
    bool given;
} cells;

typedef enum { TABLE_BUS, TABLE_GEN, TABLE_BRANCH, TABLE_GENCOST, TABLE_DCLINE, N_MATRIX } matrix_id;
typedef enum { CELLS_BUS_NAME, CELLS_GENFUEL, CELLS_GENTYPE, CELLS_GEN_NAME, N_CELLS } cells_id;

enum { N_VARIABLE = 64 };

typedef struct {
    char name[64];
    double value;
} variable;

/* A case file as read. */
typedef struct {
    lexer lex;
    sv_arena *arena;
    char *case_name; /* of the function line, NULL = none */
    char structure[64];
    double base_mva;
    bool base_given, version_given, ended;
    matrix table[N_MATRIX];
    cells cell[N_CELLS];
    variable variable[N_VARIABLE];
    int32_t n_variable;
    bool constants[4]; /* idx_bus, idx_brch, idx_gen, idx_cost are bound */
} mpc;

extern const char *const matrix_name[N_MATRIX];

/* A token's text, cut to size; words for the end of a line or of the file. */
void copy_token(const token *t, char *buffer, size_t size);

/* Numbers and their arithmetic (matpower_expression.c). In a matrix, white space separates. */
sv_status read_expression(mpc *m, bool in_matrix, double *value);
/* Bind the column names of [A, B, ...] = idx_bus and the like, or of define_constants. */
sv_status read_constants(mpc *m);
void bind_all_constants(mpc *m);
bool find_column_constant(const mpc *m, const char *name, double *value);
/* mpc.T(:, columns) = mpc.T(:, columns) * or / numbers; the lexer stands at the opening parenthesis. */
sv_status read_rescaling(mpc *m, matrix_id id, int32_t line);
/* Is `structure.table` under the eye? Eats it and gives the table, -1 = another field. */
bool read_field_name(mpc *m, char field[64]);
int32_t find_matrix(const char *field);

/* Whole file into tables (matpower_parse.c). */
sv_status read_case(mpc *m);
/* Tables into a draft, the draft into a grid (matpower_grid.c). */
sv_status matpower_make_grid(const mpc *m, sv_grid **grid, sv_error *err);

#endif
