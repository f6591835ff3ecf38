/* Tokens of a MATPOWER case: numbers, names, strings, marks, ends of lines. Comments, block comments and continuations
 * vanish here; line numbers are kept. Nothing is ever executed. One pass, no allocation. */
#include "matpower.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

sv_status lexer_fail(lexer *lex, int32_t line, const char *format, ...)
{
    if (lex->status)
        return lex->status;
    char text[SV_ERROR_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    lex->status = SV_EDATA;
    lex->now.kind = TOKEN_END;
    return sv_error_set(lex->err, SV_EDATA, lex->name, line, "%s", text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Characters before the end of the text; 0 past it. */
static char peek(const lexer *lex, size_t ahead)
{
    return (size_t)(lex->end - lex->at) > ahead ? lex->at[ahead] : '\0';
}

static void skip_line(lexer *lex)
{
    const char *newline = memchr(lex->at, '\n', (size_t)(lex->end - lex->at));
    lex->at = newline ? newline : lex->end;
}

/* Does the line that `at` is on hold nothing but blanks and %{ (or %})? */
static bool line_is_only(const lexer *lex, const char *at, char brace)
{
    const char *p = at;
    while (p > lex->text && is_blank(p[-1]))
        p--;
    if (p > lex->text && p[-1] != '\n')
        return false;
    if (lex->end - at < 2 || (at[0] != '%' && at[0] != '#') || at[1] != brace)
        return false;
    for (p = at + 2; p < lex->end && *p != '\n'; p++) {
        if (!is_blank(*p))
            return false;
    }
    return true;
}

/* From the %{ under the eye to the end of the line of its %}. */
static void skip_block(lexer *lex)
{
    const int32_t first = lex->line;
    int32_t depth = 0;
    while (lex->at < lex->end) {
        const char *p = lex->at;
        while (p < lex->end && is_blank(*p))
            p++;
        if (p < lex->end && line_is_only(lex, p, '{'))
            depth++;
        else if (p < lex->end && line_is_only(lex, p, '}'))
            depth--;
        skip_line(lex);
        if (depth == 0)
            return;
        if (lex->at < lex->end) {
            lex->at++;
            lex->line++;
        }
    }
    lexer_fail(lex, first, "the block comment that starts here never ends; accepted: %%} on a line of its own");
}

/* Blanks, comments and continuations. @return true when there was any white space */
static bool skip_blanks(lexer *lex)
{
    bool any = false;
    while (lex->at < lex->end && !lex->status) {
        const char c = *lex->at;
        if (is_blank(c)) {
            lex->at++;
        } else if (c == '%' || c == '#') {
            if (line_is_only(lex, lex->at, '{'))
                skip_block(lex);
            else
                skip_line(lex);
        } else if (c == '.' && peek(lex, 1) == '.' && peek(lex, 2) == '.') {
            skip_line(lex);
            if (lex->at < lex->end) {
                lex->at++;
                lex->line++;
            }
        } else {
            break;
        }
        any = true;
    }
    return any;
}

static void read_number(lexer *lex)
{
    const char *p = lex->at;
    while (p < lex->end && isdigit((unsigned char)*p))
        p++;
    if (p < lex->end && *p == '.' && !(lex->end - p >= 3 && p[1] == '.' && p[2] == '.')) {
        p++;
        while (p < lex->end && isdigit((unsigned char)*p))
            p++;
    }
    if (p < lex->end && *p != '\0' && strchr("eEdD", *p)) { /* strchr finds the end of its text too */
        const char *q = p + 1;
        q += q < lex->end && (*q == '+' || *q == '-');
        if (q < lex->end && isdigit((unsigned char)*q)) {
            while (q < lex->end && isdigit((unsigned char)*q))
                q++;
            p = q;
        }
    }
    lex->now.n = (size_t)(p - lex->at);
    char digits[128];
    if (p < lex->end && is_word(*p)) {
        while (p < lex->end && is_word(*p) && p - lex->at < 40)
            p++;
        lexer_fail(lex, lex->line, "'%.*s' is no number; accepted: 12, -0.5, 1e3", (int)(p - lex->at), lex->at);
        return;
    }
    if (lex->now.n >= sizeof digits) {
        lexer_fail(lex, lex->line, "a number of %zu characters; accepted: at most %zu", lex->now.n, sizeof digits - 1);
        return;
    }
    memcpy(digits, lex->at, lex->now.n);
    digits[lex->now.n] = '\0';
    for (char *d = digits; *d; d++) {
        if (*d == 'd' || *d == 'D')
            *d = 'e';
    }
    lex->now.kind = TOKEN_NUMBER;
    lex->now.value = strtod(digits, NULL);
    if (isinf(lex->now.value))
        lexer_fail(lex, lex->line, "%.40s is too large; accepted: numbers up to 1.7e308", digits);
    lex->at = p;
}

static void read_string(lexer *lex, char quote)
{
    const char *p = lex->at + 1;
    while (p < lex->end && *p != '\n') {
        if (*p == quote && !(lex->end - p >= 2 && p[1] == quote))
            break;
        p += *p == quote ? 2 : 1;
    }
    if (p >= lex->end || *p != quote) {
        lexer_fail(lex, lex->line, "the text that starts with %c never ends on this line", quote);
        return;
    }
    lex->now.kind = TOKEN_STRING;
    lex->now.mark = quote;
    lex->now.text = lex->at + 1;
    lex->now.n = (size_t)(p - lex->at - 1);
    lex->at = p + 1;
}

/* A quote right behind a value is MATLAB's transpose; elsewhere it starts a text. */
static bool quote_is_transpose(const token *before, bool space)
{
    if (space)
        return false;
    return before->kind == TOKEN_NAME || before->kind == TOKEN_NUMBER || before->kind == TOKEN_STRING ||
           (before->kind == TOKEN_MARK && strchr(")]}'.", before->mark));
}

void lexer_next(lexer *lex)
{
    const token before = lex->now;
    if (lex->status)
        return;
    const bool space = skip_blanks(lex);
    if (lex->status)
        return;
    lex->now = (token){.kind = TOKEN_END, .space_before = space, .line = lex->line, .text = lex->at, .n = 1};
    if (lex->at >= lex->end)
        return;
    const char c = *lex->at;
    if (c == '\n') {
        lex->now.kind = TOKEN_NEWLINE;
        lex->at++;
        if (lex->line++ == INT32_MAX - 1)
            lexer_fail(lex, 0, "too many lines");
    } else if (isdigit((unsigned char)c) || (c == '.' && isdigit((unsigned char)peek(lex, 1)))) {
        read_number(lex);
    } else if (isalpha((unsigned char)c)) {
        lex->now.kind = TOKEN_NAME;
        while (lex->at < lex->end && is_word(*lex->at))
            lex->at++;
        lex->now.n = (size_t)(lex->at - lex->now.text);
    } else if ((c == '\'' && !quote_is_transpose(&before, space)) || c == '"') {
        read_string(lex, c);
    } else if (c != '\0' && strchr("=[]{}(),;:.+-*/^'@&|~!<>?\\", c)) {
        lex->now.kind = TOKEN_MARK;
        lex->now.mark = c;
        lex->at++;
    } else {
        lexer_fail(lex, lex->line, "character 0x%02X cannot be read; accepted: a MATPOWER case in plain text",
                   (unsigned)(unsigned char)c);
        return;
    }
    lex->now.space_after = lex->at >= lex->end || is_blank(*lex->at) || *lex->at == '\n' || *lex->at == '%' ||
                           (peek(lex, 0) == '.' && peek(lex, 1) == '.' && peek(lex, 2) == '.');
}

void lexer_start(lexer *lex, const char *name, const char *text, size_t n, sv_error *err)
{
    *lex = (lexer){.name = name, .text = text, .end = text + n, .at = text, .line = 1, .err = err};
    lex->now.kind = TOKEN_NEWLINE;
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        lex->at += 3;
    lexer_next(lex);
}

bool at_name(const lexer *lex, const char *word)
{
    return lex->now.kind == TOKEN_NAME && lex->now.n == strlen(word) && memcmp(lex->now.text, word, lex->now.n) == 0;
}

bool at_mark(const lexer *lex, char mark)
{
    return lex->now.kind == TOKEN_MARK && lex->now.mark == mark;
}

void copy_token(const token *t, char *buffer, size_t size)
{
    const char *text = t->kind == TOKEN_END       ? "the end of the file"
                       : t->kind == TOKEN_NEWLINE ? "the end of the line"
                                                  : t->text;
    const size_t all = t->kind == TOKEN_END || t->kind == TOKEN_NEWLINE ? strlen(text) : t->n;
    const size_t n = all < size - 1 ? all : size - 1;
    memcpy(buffer, text, n);
    buffer[n] = '\0';
}
