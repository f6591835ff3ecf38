/* CSV files of the commands. */
#include "table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

sv_status table_cannot_write(const char *path, sv_error *err)
{
    return sv_error_set(err, SV_EIO, path, 0, "cannot be written: %s", strerror(errno));
}

FILE *table_open(const char *path, char *beside)
{
    sprintf(beside, "%s.part-XXXXXX", path);
    int handle = mkstemp(beside);
    if (handle < 0)
        return NULL;
    const mode_t mask = umask(0);
    umask(mask);
    FILE *file = fchmod(handle, 0666 & ~mask) == 0 ? fdopen(handle, "wb") : NULL;
    if (file == NULL) {
        close(handle);
        unlink(beside);
    }
    return file;
}

sv_status table_check(const char *path, const char *head, const char *command, sv_error *err)
{
    struct stat there;
    char found[512] = "";
    if (stat(path, &there) != 0)
        return SV_OK; /* not there, or the one that writes it says why not */
    if (!S_ISREG(there.st_mode))
        return sv_error_set(err, SV_EIO, path, 0, "is %s; accepted: the name of a file",
                            S_ISDIR(there.st_mode) ? "a folder" : "no plain file");
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return table_cannot_write(path, err);
    size_t most = strlen(head) < sizeof found ? strlen(head) : sizeof found - 1, n = fread(found, 1, most, file);
    fclose(file);
    return n == 0 || strncmp(found, head, most) == 0
               ? SV_OK
               : sv_error_set(err, SV_EUSAGE, path, 0,
                              "is there and is no file of svitlo %s; accepted: a new name, or such a file to replace",
                              command);
}

void table_put_text(FILE *out, const char *text)
{
    size_t n = strlen(text);
    bool plain = n > 0 && strpbrk(text, ",\"\r\n") == NULL && strchr(" \t", text[0]) == NULL &&
                 strchr(" \t", text[n - 1]) == NULL;
    if (plain) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            fputc('"', out);
        fputc(*c, out);
    }
    fputc('"', out);
}

void table_put_real(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, ",%.12g", value == 0.0 ? 0.0 : value); /* no -0 */
    else
        fputc(',', out);
}

sv_status table_close(FILE *out, const char *path, sv_error *err)
{
    errno = 0;
    bool failed = fflush(out) != 0 || ferror(out);
    int why = errno;
    bool unclosed = fclose(out) != 0;
    if (failed)
        errno = why != 0 ? why : EIO;
    if (!failed && !unclosed)
        return SV_OK;
    sv_status status = table_cannot_write(path, err);
    unlink(path);
    return status;
}
