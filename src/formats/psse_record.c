/* Lines of a PSS/E RAW file -> records of fields -> numbers and texts. Free format: fields stand between commas or blanks,
 * a slash ends the record, what is left out has its default, texts may stand in quotes. Linear in the file. */
#include "psse.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

sv_status psse_fail(psse *p, int32_t line, const char *format, ...)
{
    if (p->status)
        return p->status;
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    p->status = sv_error_set(p->err, SV_EDATA, p->file, line, "%s", text);
    return p->status;
}

/* ---- sections ------------------------------------------------------------------------------ */

/* As programs spell them in the comment of a record 0; the first of a section is the one for messages. */
static const struct {
    psse_section section;
    const char *name;
} section_names[] = {
    {SECTION_SYSTEM, "SYSTEM-WIDE"},
    {SECTION_BUS, "BUS"},
    {SECTION_LOAD, "LOAD"},
    {SECTION_FIXED_SHUNT, "FIXED SHUNT"},
    {SECTION_FIXED_SHUNT, "FIXED BUS SHUNT"},
    {SECTION_GENERATOR, "GENERATOR"},
    {SECTION_BRANCH, "BRANCH"},
    {SECTION_BRANCH, "NON-TRANSFORMER BRANCH"},
    {SECTION_BRANCH, "NONTRANSFORMER BRANCH"},
    {SECTION_SWITCH, "SYSTEM SWITCHING DEVICE"},
    {SECTION_SWITCH, "SWITCHING DEVICE"},
    {SECTION_TRANSFORMER, "TRANSFORMER"},
    {SECTION_AREA, "AREA"},
    {SECTION_AREA, "AREA INTERCHANGE"},
    {SECTION_DC_LINE, "TWO-TERMINAL DC"},
    {SECTION_DC_LINE, "TWO-TERMINAL DC LINE"},
    {SECTION_VSC, "VOLTAGE SOURCE CONVERTER"},
    {SECTION_VSC, "VSC DC LINE"},
    {SECTION_VSC, "VSC DC"},
    {SECTION_CORRECTION, "IMPEDANCE CORRECTION"},
    {SECTION_CORRECTION, "TRANSFORMER IMPEDANCE CORRECTION"},
    {SECTION_MULTI_DC, "MULTI-TERMINAL DC"},
    {SECTION_MULTI_DC, "MULTI-TERMINAL DC LINE"},
    {SECTION_MULTI_LINE, "MULTI-SECTION LINE"},
    {SECTION_MULTI_LINE, "MULTI-SECTION LINE GROUP"},
    {SECTION_ZONE, "ZONE"},
    {SECTION_TRANSFER, "INTER-AREA TRANSFER"},
    {SECTION_TRANSFER, "INTERAREA TRANSFER"},
    {SECTION_OWNER, "OWNER"},
    {SECTION_FACTS, "FACTS CONTROL DEVICE"},
    {SECTION_FACTS, "FACTS DEVICE"},
    {SECTION_FACTS, "FACTS"},
    {SECTION_SWITCHED_SHUNT, "SWITCHED SHUNT"},
    {SECTION_GNE, "GNE DEVICE"},
    {SECTION_GNE, "GNE"},
    {SECTION_MACHINE, "INDUCTION MACHINE"},
    {SECTION_SUBSTATION, "SUBSTATION"},
};

enum { N_SECTION_NAME = sizeof section_names / sizeof section_names[0] };

const char *psse_section_name(psse_section section)
{
    for (size_t k = 0; k < N_SECTION_NAME; k++) {
        if (section_names[k].section == section)
            return section_names[k].name;
    }
    return "?";
}

static bool same(const char *text, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (word[i] == '\0' || toupper((unsigned char)text[i]) != word[i])
            return false;
    }
    return word[n] == '\0';
}

const char *psse_find(const char *begin, const char *end, const char *word)
{
    const size_t n = strlen(word);
    for (const char *s = begin; (size_t)(end - s) >= n; s++) {
        if (same(s, n, word))
            return s + n;
    }
    return NULL;
}

static bool is_blank(char c)
{
    return isspace((unsigned char)c) || c == '\0';
}

static const char *skip_blanks(const char *s, const char *end)
{
    while (s < end && is_blank(*s))
        s++;
    return s;
}

/* The section named behind a word of a comment, as in "END OF BUS DATA, BEGIN LOAD DATA". */
static psse_section section_behind(const char *comment, const char *end, const char *word)
{
    const char *s = psse_find(comment, end, word);
    if (!s)
        return N_SECTION;
    s = skip_blanks(s, end);
    const char *stop = memchr(s, ',', (size_t)(end - s));
    stop = stop ? stop : end;
    const char *data = psse_find(s, stop, " DATA");
    stop = data ? data - strlen(" DATA") : stop;
    while (stop > s && is_blank(stop[-1]))
        stop--;
    for (size_t k = 0; k < N_SECTION_NAME; k++) {
        if (same(s, (size_t)(stop - s), section_names[k].name))
            return section_names[k].section;
    }
    return N_SECTION;
}

/* ---- lines --------------------------------------------------------------------------------- */

bool psse_line(psse *p, const char **begin, const char **end)
{
    if (p->at >= p->end)
        return false;
    const char *newline = memchr(p->at, '\n', (size_t)(p->end - p->at));
    *begin = p->at;
    *end = newline ? newline : p->end;
    p->at = newline ? newline + 1 : p->end;
    if (p->line < INT32_MAX)
        p->line++;
    return true;
}

/* A text in quotes from its first quote; a doubled quote stands for one. @return behind the last quote, NULL = unclosed */
static const char *read_quoted(const char *s, const char *end, psse_field *f)
{
    const char quote = *s++;
    f->quoted = true;
    f->text = s;
    for (; s < end; s++) {
        if (*s != quote)
            continue;
        if (s + 1 < end && s[1] == quote) {
            s++;
            continue;
        }
        f->n = (size_t)(s - f->text);
        return s + 1;
    }
    return NULL;
}

static const char *read_bare(const char *s, const char *end, psse_field *f)
{
    f->text = s;
    while (s < end && !is_blank(*s) && *s != ',' && *s != '/')
        s++;
    f->n = (size_t)(s - f->text);
    return s;
}

void psse_split(psse *p, psse_record *r, const char *begin, const char *end)
{
    *r = (psse_record){.line = p->line, .text = begin, .end = end, .ends = N_SECTION, .begins = N_SECTION};
    const char *s = skip_blanks(begin, end);
    while (s < end && *s != '/') {
        psse_field f = {.text = s};
        if (*s == '\'' || *s == '"')
            s = read_quoted(s, end, &f);
        else if (*s != ',')
            s = read_bare(s, end, &f);
        if (!s) {
            psse_fail(p, p->line, "a text is opened by %c and not closed; accepted: quotes in pairs", f.text[-1]);
            return;
        }
        s = skip_blanks(s, end);
        if (s < end && *s == ',')
            s = skip_blanks(s + 1, end);
        if (r->n < PSSE_FIELDS)
            r->field[r->n++] = f;
    }
    if (s < end) {
        r->comment = s + 1;
        if (psse_find(r->comment, end, "END")) {
            r->ends = section_behind(r->comment, end, psse_find(r->comment, end, "END OF") ? "END OF" : "END");
            r->begins = section_behind(r->comment, end, "BEGIN");
        }
    }
}

/* A line of nothing but a slash is a comment between records, and all defaults within one. */
static bool next_record(psse *p, psse_record *r, bool within)
{
    const char *begin, *end;
    while (!p->status && psse_line(p, &begin, &end)) {
        const char *s = skip_blanks(begin, end);
        if (end - s >= 2 && s[0] == '@' && s[1] == '!')
            continue;
        psse_split(p, r, begin, end);
        if (p->status)
            return false;
        if (r->n > 0 || (within && r->comment))
            return true;
    }
    return false;
}

bool psse_next(psse *p, psse_record *r)
{
    return next_record(p, r, false);
}

bool psse_more(psse *p, psse_record *r, const char *what, int32_t k, int32_t n)
{
    if (!next_record(p, r, true)) {
        psse_fail(p, p->line, "%s: the file ends before line %d of its %d lines", what, (int)k, (int)n);
        return false;
    }
    snprintf(r->what, sizeof r->what, "%s", what);
    if ((r->ends < N_SECTION && psse_is_end(r)) || psse_is_quit(r)) { /* else a 0 may be a resistance */
        psse_fail(p, r->line, "%s: line %d of its %d lines is missing", what, (int)k, (int)n);
        return false;
    }
    return true;
}

bool psse_is_end(const psse_record *r)
{
    const psse_field *f = &r->field[0];
    char text[32];
    double value;
    if (r->n < 1 || f->quoted || f->n == 0 || f->n >= sizeof text)
        return false;
    memcpy(text, f->text, f->n);
    text[f->n] = '\0';
    return text_real(text, &value) && value == 0.0;
}

bool psse_is_quit(const psse_record *r)
{
    return r->n > 0 && !r->field[0].quoted && r->field[0].n == 1 && toupper((unsigned char)r->field[0].text[0]) == 'Q';
}

/* ---- texts --------------------------------------------------------------------------------- */

/* Length of the UTF-8 character at s; 0 = it is none. */
static size_t utf8_length(const unsigned char *s, size_t n)
{
    const size_t length = s[0] < 0x80 ? 1 : s[0] >= 0xC2 && s[0] < 0xE0 ? 2 : s[0] >= 0xE0 && s[0] < 0xF0 ? 3 : 4;
    if (length == 1)
        return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4 || length > n)
        return 0;
    for (size_t k = 1; k < length; k++) {
        if ((s[k] & 0xC0) != 0x80)
            return 0;
    }
    const bool surrogate = s[0] == 0xED && s[1] >= 0xA0, overlong = s[0] == 0xE0 && s[1] < 0xA0;
    const bool wide = (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F);
    return surrogate || overlong || wide ? 0 : length;
}

static bool is_utf8(const char *s, size_t n)
{
    for (size_t i = 0, length; i < n; i += length) {
        length = utf8_length((const unsigned char *)s + i, n - i);
        if (length == 0)
            return false;
    }
    return true;
}

/* Copy without blanks around it, control characters made blanks, whole characters only. */
static void copy_text(const char *s, size_t n, char quote, char *out, size_t size)
{
    while (n > 0 && is_blank(*s)) {
        s++;
        n--;
    }
    while (n > 0 && is_blank(s[n - 1]))
        n--;
    const bool utf8 = is_utf8(s, n);
    size_t m = 0;
    for (size_t i = 0, length = 1; i < n; i += length) {
        const unsigned char c = (unsigned char)s[i];
        length = utf8 ? utf8_length((const unsigned char *)s + i, n - i) : 1;
        if (m + (length > 2 ? length : 2) >= size)
            break;
        if (quote && s[i] == quote && i + 1 < n && s[i + 1] == quote)
            length = 2; /* doubled: stands for one */
        if (c < 0x20 || c == 0x7F) {
            out[m++] = ' ';
        } else if (c < 0x80) {
            out[m++] = (char)c;
        } else if (utf8) {
            memcpy(out + m, s + i, length);
            m += length;
        } else {
            out[m++] = (char)(0xC0 | c >> 6);
            out[m++] = (char)(0x80 | (c & 0x3F));
        }
    }
    out[m] = '\0';
}

bool psse_given(const psse_record *r, int32_t i)
{
    if (i >= r->n)
        return false;
    const psse_field *f = &r->field[i];
    for (size_t k = 0; k < f->n; k++) {
        if (!is_blank(f->text[k]))
            return true;
    }
    return false;
}

void psse_text(const psse_record *r, int32_t i, char *out, size_t size)
{
    out[0] = '\0';
    if (i < r->n)
        copy_text(r->field[i].text, r->field[i].n, r->field[i].quoted ? r->field[i].text[-1] : '\0', out, size);
}

void psse_id(const psse_record *r, int32_t i, char out[PSSE_NAME])
{
    psse_text(r, i, out, 24); /* two characters by the manual */
    if (out[0] == '\0')
        memcpy(out, "1", sizeof "1");
}

/* ---- numbers ------------------------------------------------------------------------------- */

static void refuse(psse *p, const psse_record *r, int32_t i, const char *name, const char *accepted)
{
    char found[48];
    psse_text(r, i, found, sizeof found);
    psse_fail(p, r->line, "%s%s%s is '%s'; accepted: %s", r->what, r->what[0] ? ": " : "", name, found, accepted);
}

double psse_real(psse *p, const psse_record *r, int32_t i, const char *name, double otherwise)
{
    char text[64];
    double value;
    if (!psse_given(r, i))
        return otherwise;
    psse_text(r, i, text, sizeof text);
    for (char *s = text; *s; s++) {
        if (*s == 'D' || *s == 'd') /* Fortran's double precision */
            *s = 'E';
    }
    if (r->field[i].n < sizeof text && text_real(text, &value))
        return value;
    refuse(p, r, i, name, "a number");
    return otherwise;
}

int32_t psse_int(psse *p, const psse_record *r, int32_t i, const char *name, int32_t otherwise)
{
    char text[64];
    int32_t value;
    if (!psse_given(r, i))
        return otherwise;
    psse_text(r, i, text, sizeof text);
    if (r->field[i].n < sizeof text && text_int(text, &value))
        return value;
    refuse(p, r, i, name, "a whole number");
    return otherwise;
}

int32_t psse_code(psse *p, const psse_record *r, int32_t i, const char *name, psse_range range)
{
    const int32_t value = psse_int(p, r, i, name, range.otherwise);
    if (value >= range.lowest && value <= range.highest)
        return value;
    char accepted[32];
    snprintf(accepted, sizeof accepted, "%d to %d", (int)range.lowest, (int)range.highest);
    refuse(p, r, i, name, accepted);
    return range.otherwise;
}

bool psse_on(psse *p, const psse_record *r, int32_t i, const char *name)
{
    return psse_code(p, r, i, name, (psse_range){1, 0, 1}) == 1;
}

static int32_t read_number(psse *p, const psse_record *r, int32_t i, const char *name, bool metered)
{
    char text[64];
    int32_t value = 0;
    psse_text(r, i, text, sizeof text);
    const char *digits = metered && text[0] == '-' ? text + 1 : text;
    if (i < r->n && !r->field[i].quoted && r->field[i].n < sizeof text && text_int(digits, &value) && value >= 1)
        return value;
    refuse(p, r, i, name, "a bus number from 1 (names in place of numbers are not read)");
    return 0;
}

int32_t psse_number(psse *p, const psse_record *r, int32_t i, const char *name)
{
    return read_number(p, r, i, name, false);
}

static int32_t find_bus(psse *p, const psse_record *r, int32_t number, const char *name)
{
    if (p->status)
        return -1;
    char id[16];
    snprintf(id, sizeof id, "%d", (int)number);
    const int32_t i_bus = sv_draft_find_bus(p->draft, id);
    if (i_bus < 0)
        psse_fail(p, r->line, "%s%s%s is bus %d, which is not in BUS DATA", r->what, r->what[0] ? ": " : "", name,
                  (int)number);
    return i_bus;
}

int32_t psse_bus(psse *p, const psse_record *r, int32_t i, const char *name)
{
    return find_bus(p, r, read_number(p, r, i, name, false), name);
}

int32_t psse_branch_end(psse *p, const psse_record *r, int32_t i, const char *name)
{
    return find_bus(p, r, read_number(p, r, i, name, true), name);
}
