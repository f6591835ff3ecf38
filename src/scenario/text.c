/* Numbers, units and dates as people write them, and back. YAML's guess has no part in a number: decimal digits,
 * then a unit of the family. Powers of ten are moved in the text, so `1.7 %` is the double nearest to 0.017, and every
 * number is written with the fewest digits that read back as itself. Allocates nothing; any thread. */
#include "private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- messages ------------------------------------------------------------------------------ */

sv_status fail(sv_error *err, spot at, const char *format, ...)
{
    if (err == NULL || err->status != SV_OK)
        return SV_EUSAGE;
    char text[SV_ERROR_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *tail = at.file != NULL ? at.file : "scenario";
    size_t n = strlen(tail);
    tail += n > 200 ? n - 200 : 0; /* of an absurd path its end says more */
    while (((unsigned char)*tail & 0xC0) == 0x80)
        tail++; /* no half characters */
    if (at.line > 0)
        sv_error_set(err, SV_EUSAGE, NULL, 0, "%s:%d:%d: %s", tail, (int)at.line, (int)at.column, text);
    else
        sv_error_set(err, SV_EUSAGE, NULL, 0, "%s: %s", tail, text);
    err->line = at.line;
    return SV_EUSAGE;
}

sv_status fail_memory(sv_error *err)
{
    return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a scenario");
}

const char *quote(const char *text, char out[MOST_QUOTE])
{
    size_t n = strlen(text), most = MOST_QUOTE - 16;
    size_t n_kept = n <= most ? n : most;
    while (n_kept < n && n_kept > 0 && ((unsigned char)text[n_kept] & 0xC0) == 0x80)
        n_kept--; /* no half characters */
    for (size_t i = 0; i < n_kept; i++)
        out[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7F ? '?' : text[i];
    strcpy(out + n_kept, n_kept < n ? "..." : "");
    return out;
}

/* ---- numbers ------------------------------------------------------------------------------- */

/* A letter or digit; bytes above 127 are letters of some language. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static size_t n_digit(const char *text)
{
    size_t n = 0;
    while (text[n] >= '0' && text[n] <= '9')
        n++;
    return n;
}

/* Length of `+12.5` at the start of a text, 0 = no number there. */
static size_t mantissa_length(const char *text)
{
    size_t n = *text == '+' || *text == '-';
    size_t whole = n_digit(text + n), part = 0;
    n += whole;
    if (text[n] == '.') {
        part = n_digit(text + n + 1);
        n += 1 + part;
    }
    return whole + part > 0 ? n : 0;
}

/* Length of `e-3`, 0 = none. */
static size_t exponent_length(const char *text)
{
    if (*text != 'e' && *text != 'E')
        return 0;
    size_t n = 1 + (text[1] == '+' || text[1] == '-');
    size_t digits = n_digit(text + n);
    return digits > 0 ? n + digits : 0;
}

/* The number of n_mantissa + n_exponent characters, times 10^shift. */
static text_verdict convert(const char *text, size_t n_mantissa, size_t n_exponent, int32_t shift, double *value)
{
    char plain[MOST_NUMBER + 16];
    *value = 0.0;
    if (n_mantissa >= MOST_NUMBER)
        return TEXT_TOO_LONG;
    long exponent = n_exponent > 0 ? strtol(text + n_mantissa + 1, NULL, 10) : 0;
    exponent = exponent > 99999 ? 99999 : exponent < -99999 ? -99999 : exponent; /* far beyond any double */
    snprintf(plain, sizeof plain, "%.*se%ld", (int)n_mantissa, text, exponent + shift);
    *value = strtod(plain, NULL);
    return isfinite(*value) ? TEXT_GOOD : TEXT_TOO_LARGE;
}

/* Equal, where one blank is as good as several and those at the end count for nothing. */
static bool same_unit(const char *text, const char *name)
{
    for (; *name != '\0'; text++, name++) {
        if (*text != *name)
            return false;
        while (*text == ' ' && text[1] == ' ')
            text++;
    }
    while (*text == ' ')
        text++;
    return *text == '\0';
}

text_verdict text_quantity(const char *text, const unit_family *family, double *value)
{
    while (*text == ' ')
        text++;
    size_t n_mantissa = mantissa_length(text);
    if (n_mantissa == 0)
        return TEXT_NO_NUMBER;
    size_t n_exponent = exponent_length(text + n_mantissa);
    const char *rest = text + n_mantissa + n_exponent;
    while (*rest == ' ')
        rest++;
    for (int32_t i = 0; i < family->n; i++) {
        const unit *u = &family->unit[i];
        if (!same_unit(rest, u->name))
            continue;
        text_verdict verdict = convert(text, n_mantissa, n_exponent, u->shift, value);
        *value *= u->factor;
        return verdict;
    }
    bool word = *rest == '%' || is_letter(*rest);
    return *rest == '\0' ? TEXT_NO_UNIT : word ? TEXT_OTHER_UNIT : TEXT_NO_NUMBER; /* 12:30 has no unit `:30` */
}

text_verdict text_whole(const char *text, int64_t *value)
{
    size_t n = *text == '+' || *text == '-';
    size_t digits = n_digit(text + n);
    if (digits == 0 || text[n + digits] != '\0')
        return TEXT_NO_NUMBER;
    uint64_t sum = 0;
    for (size_t i = n; i < n + digits; i++) {
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (sum > ((uint64_t)INT64_MAX - digit) / 10)
            return TEXT_TOO_LARGE;
        sum = sum * 10 + digit;
    }
    *value = *text == '-' ? -(int64_t)sum : (int64_t)sum;
    return TEXT_GOOD;
}

const char *text_of_number(double value, int32_t shift, char out[MOST_NUMBER])
{
    char shortest[40], digit[24];
    if (value == 0.0 || !isfinite(value)) {
        strcpy(out, value == 0.0 ? "0" : value > 0.0 ? "inf" : value < 0.0 ? "-inf" : "nan");
        return out;
    }
    for (int n = 0; n < 17; n++) {
        snprintf(shortest, sizeof shortest, "%.*e", n, value);
        if (strtod(shortest, NULL) == value)
            break;
    }
    int n = 0;
    const char *at = shortest + (*shortest == '-');
    for (; *at != 'e' && *at != '\0'; at++)
        if (*at >= '0' && *at <= '9' && n < 20)
            digit[n++] = *at;
    while (n > 1 && digit[n - 1] == '0')
        n--;
    digit[n] = '\0';
    long power = (*at == 'e' ? strtol(at + 1, NULL, 10) : 0) - shift;
    const char *sign = value < 0.0 ? "-" : "";
    if (power < -5 || power > 15)
        snprintf(out, MOST_NUMBER, "%s%c%s%se%ld", sign, digit[0], n > 1 ? "." : "", digit + 1, power);
    else if (power < 0)
        snprintf(out, MOST_NUMBER, "%s0.%.*s%s", sign, (int)(-power - 1), "00000", digit);
    else if (power >= n - 1)
        snprintf(out, MOST_NUMBER, "%s%s%.*s", sign, digit, (int)(power - n + 1), "000000000000000");
    else
        snprintf(out, MOST_NUMBER, "%s%.*s.%s", sign, (int)power + 1, digit, digit + power + 1);
    return out;
}

const char *text_of_quantity(double value, const unit_family *family, char out[MOST_NUMBER])
{
    const unit *u = &family->unit[0];
    text_of_number(value, u->shift, out);
    if (u->name[0] != '\0') {
        size_t n = strlen(out);
        snprintf(out + n, MOST_NUMBER - n, " %s", u->name);
    }
    return out;
}

/* ---- dates --------------------------------------------------------------------------------- */

bool text_date(const char *text, int64_t *t_h, bool *whole_day)
{
    if (whole_day != NULL)
        *whole_day = strlen(text) == 10;
    return sv_date_parse(text, t_h);
}

const char *text_of_date(int64_t t_h, char out[MOST_NUMBER])
{
    sv_date date = sv_date_from_hour(t_h);
    if (date.hour == 0)
        snprintf(out, MOST_NUMBER, "%04d-%02d-%02d", (int)date.year, (int)date.month, (int)date.day);
    else
        snprintf(out, MOST_NUMBER, "%04d-%02d-%02d %02d:00", (int)date.year, (int)date.month, (int)date.day,
                 (int)date.hour);
    return out;
}

const char *text_of_last(int64_t t_h, char out[MOST_NUMBER])
{
    return text_of_date(sv_date_from_hour(t_h).hour == 0 ? t_h - 24 : t_h, out);
}

/* ---- building text -------------------------------------------------------------------------- */

void build(builder *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(out->text + out->n, out->most - out->n, format, args);
    va_end(args);
    if (n > 0)
        out->n = out->n + (size_t)n < out->most ? out->n + (size_t)n : out->most - 1;
}

/* Letters, and between them what has no meaning to YAML. */
static bool is_plain(const char *word)
{
    size_t n = strlen(word);
    if (n == 0 || word[n - 1] == ' ' || (!is_letter(*word) && *word != '/' && *word != '_' && *word != '.'))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_letter(word[i]) && strchr(" ./_-+()", word[i]) == NULL)
            return false;
    return strncmp(word, "...", 3) != 0;
}

void build_word(builder *out, const char *word)
{
    if (is_plain(word)) {
        build(out, "%s", word);
        return;
    }
    build(out, "\"");
    for (; *word != '\0'; word++)
        build(out, *word == '"' || *word == '\\' ? "\\%c" : "%c", *word);
    build(out, "\"");
}
