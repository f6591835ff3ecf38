/* Status and errors: one sentence an error, the lowest message wins. No allocation. */
#include "svitlo/base.h"

#include <stdio.h>

sv_status sv_error_set(sv_error *err, sv_status status, const char *file, int32_t line, const char *format, ...)
{
    if (err == NULL || err->status != SV_OK)
        return status;
    err->status = status;
    err->line = line;
    int n = 0;
    if (file != NULL && line > 0)
        n = snprintf(err->text, sizeof err->text, "%s:%d: ", file, (int)line);
    else if (file != NULL)
        n = snprintf(err->text, sizeof err->text, "%s: ", file);
    if (n < 0 || (size_t)n >= sizeof err->text)
        n = 0; /* an absurd file name: the sentence matters more */
    va_list args;
    va_start(args, format);
    vsnprintf(err->text + n, sizeof err->text - (size_t)n, format, args);
    va_end(args);
    return status;
}

const char *sv_status_name(sv_status status)
{
    switch (status) {
    case SV_OK:
        return "ok";
    case SV_EUSAGE:
        return "usage";
    case SV_EDATA:
        return "bad data";
    case SV_EIO:
        return "input or output";
    case SV_ENOMEM:
        return "out of memory";
    case SV_EDIM:
        return "mixed grids";
    case SV_ENUM:
        return "numerical failure";
    case SV_ECANCEL:
        return "cancelled";
    }
    return "unknown";
}
