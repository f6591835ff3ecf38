/* What the commands share: failures, numbers from flags, numbers for people. */
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool told; /* why it fails: one sentence is enough */

int sv_cli_fail(const sv_error *err)
{
    told = true;
    fprintf(stderr, "svitlo: %s\n", err->text[0] ? err->text : sv_status_name(err->status));
    return err->status == SV_EUSAGE ? 2 : 1;
}

int sv_cli_flush(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    if (!told)
        fprintf(stderr, "svitlo: the output cannot be written: %s\n",
                errno ? strerror(errno) : "an earlier write failed");
    told = true;
    return 1;
}

void sv_cli_flush_at_exit(void)
{
    if (!told && sv_cli_flush() != 0)
        _exit(1); /* help is printed by argp, which ends the program with 0 itself */
}

const char *sv_cli_file(const char *path, size_t *stem)
{
    const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path, *dot = strrchr(file, '.');
    *stem = dot != NULL && dot != file ? (size_t)(dot - file) : strlen(file);
    return file;
}

/* Decimal notation only: strtod alone would take hex, inf, nan and leading blanks. */
static bool is_decimal(const char *text)
{
    return *text && strspn(text, "+-.0123456789eE") == strlen(text);
}

bool sv_cli_int(const char *flag, const char *text, int64_t lowest, int64_t highest, int64_t *value)
{
    char *end = NULL;
    errno = 0;
    const long long v = *text && strspn(text, "+-0123456789") == strlen(text) ? strtoll(text, &end, 10) : 0;
    if (!end || *end || errno || v < lowest || v > highest) {
        fprintf(stderr, "svitlo: %s is '%.60s'; accepted: a whole number, %lld to %lld\n", flag, text,
                (long long)lowest, (long long)highest);
        return false;
    }
    *value = v;
    return true;
}

bool sv_cli_real(const char *flag, const char *text, double lowest, double highest, double *value)
{
    char *end = NULL;
    const double v = is_decimal(text) ? strtod(text, &end) : 0.0;
    if (!end || *end || !isfinite(v) || v < lowest || v > highest) {
        fprintf(stderr, "svitlo: %s is '%.60s'; accepted: a number, %g to %g\n", flag, text, lowest, highest);
        return false;
    }
    *value = v;
    return true;
}

const char *sv_cli_thousands(double value, int decimals, char buffer[32])
{
    char plain[32];
    if (!isfinite(value) || fabs(value) >= 1e15) { /* no room, and no use, for commas */
        snprintf(buffer, 32, "%.6g", value);
        return buffer;
    }
    snprintf(plain, sizeof plain, "%.*f", decimals < 0 ? 0 : decimals > 6 ? 6 : decimals, fabs(value));
    const size_t whole = strcspn(plain, ".");
    size_t n = 0;
    if (value < 0.0 && strpbrk(plain, "123456789")) /* no -0 */
        buffer[n++] = '-';
    for (size_t i = 0; i < whole && n < 30; i++) {
        buffer[n++] = plain[i];
        if ((whole - i) % 3 == 1 && i + 1 < whole)
            buffer[n++] = ',';
    }
    snprintf(buffer + n, 32 - n, "%s", plain + whole);
    return buffer;
}
