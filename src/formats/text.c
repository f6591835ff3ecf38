/* Files and numbers for readers and writers. Numbers are read by strtod under the C locale, which no part of this program
 * leaves, after a check that only decimal notation is there. Any thread. */
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_FILE = 1 << 30 };

static sv_status cannot_read(const char *path, sv_error *err)
{
    return sv_error_set(err, SV_EIO, path, 0, "cannot be read: %s", strerror(errno));
}

sv_status text_load(text_file *file, const char *path, sv_error *err)
{
    *file = (text_file){0};
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hang before it is refused */
    if (fd < 0)
        return cannot_read(path, err);
    struct stat info;
    sv_status status = SV_OK;
    if (fstat(fd, &info) != 0)
        status = cannot_read(path, err);
    else if (!S_ISREG(info.st_mode))
        status = sv_error_set(err, SV_EIO, path, 0, "is %s; accepted: a file",
                              S_ISDIR(info.st_mode) ? "a folder" : "no regular file");
    else if (info.st_size > LARGEST_FILE)
        status =
            sv_error_set(err, SV_EDATA, path, 0, "has %lld bytes; accepted: at most 1 GiB", (long long)info.st_size);
    if (!status && !(file->data = malloc((size_t)info.st_size + 1)))
        status = sv_error_set(err, SV_ENOMEM, path, 0, "out of memory for %lld bytes", (long long)info.st_size);
    while (!status && file->n < (size_t)info.st_size) {
        const ssize_t got = read(fd, file->data + file->n, (size_t)info.st_size - file->n);
        if (got < 0 && errno != EINTR)
            status = cannot_read(path, err);
        else if (got == 0)
            break; /* it shrank meanwhile */
        else if (got > 0)
            file->n += (size_t)got;
    }
    close(fd);
    if (status)
        text_free(file);
    else
        file->data[file->n] = '\0';
    return status;
}

void text_free(text_file *file)
{
    free(file->data);
    *file = (text_file){0};
}

void error_pass(const sv_error *from, sv_error *err)
{
    if (err && err->status == SV_OK)
        *err = *from;
}

/* ---- numbers ------------------------------------------------------------------------------- */

bool text_real(const char *text, double *value)
{
    const char *p = text + (*text == '+' || *text == '-');
    if (!isdigit((unsigned char)*p) && *p != '.')
        return false;
    for (const char *q = p; *q; q++) {
        if (!isdigit((unsigned char)*q) && !strchr(".eE+-", *q))
            return false;
    }
    char *end;
    const double v = strtod(text, &end);
    if (*end != '\0' || end == text || !isfinite(v))
        return false;
    *value = v;
    return true;
}

bool text_int(const char *text, int32_t *value)
{
    double v;
    if (!text_real(text, &v) || v < (double)INT32_MIN || v > (double)INT32_MAX || v != floor(v))
        return false;
    *value = (int32_t)v;
    return true;
}

bool text_same(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
    }
    return *a == *b;
}

const char *real_text(double value, char buffer[REAL_TEXT])
{
    if (isnan(value)) {
        buffer[0] = '\0';
        return buffer;
    }
    if (isinf(value))
        return strcpy(buffer, value > 0.0 ? "Inf" : "-Inf");
    if (value == 0.0)
        return strcpy(buffer, "0");
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, REAL_TEXT, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value)
            break;
    }
    return buffer;
}

const char *float_text(float value, char buffer[REAL_TEXT])
{
    if (value == 0.0F)
        return strcpy(buffer, "0");
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(buffer, REAL_TEXT, "%.*g", digits, (double)value);
        if (strtof(buffer, NULL) == value)
            break;
    }
    return buffer;
}

/* ---- paths and output ---------------------------------------------------------------------- */

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *path_join(sv_arena *arena, const char *folder, const char *name)
{
    const size_t a = strlen(folder), b = strlen(name);
    char *path = SV_TAKE(arena, a + b + 2, char);
    if (!path)
        return NULL;
    memcpy(path, folder, a);
    size_t n = a;
    if (n && path[n - 1] != '/')
        path[n++] = '/';
    memcpy(path + n, name, b + 1);
    return path;
}

static sv_status cannot_write(const char *path, sv_error *err)
{
    return sv_error_set(err, SV_EIO, path, 0, "cannot be written: %s", strerror(errno));
}

sv_status output_open(output *out, sv_arena *arena, const char *path, sv_error *err)
{
    *out = (output){0};
    out->path = sv_arena_text(arena, path);
    out->part = SV_TAKE(arena, strlen(path) + sizeof ".part", char);
    if (!out->path || !out->part)
        return sv_error_set(err, SV_ENOMEM, path, 0, "out of memory");
    memcpy(out->part, path, strlen(path));
    memcpy(out->part + strlen(path), ".part", sizeof ".part");
    out->stream = fopen(out->part, "we");
    if (!out->stream) {
        const sv_status status = cannot_write(out->part, err);
        *out = (output){0};
        return status;
    }
    return SV_OK;
}

sv_status output_close(output *out, sv_error *err)
{
    errno = 0;
    const bool failed = fflush(out->stream) != 0 || ferror(out->stream);
    const int why = errno;
    const bool unclosed = fclose(out->stream) != 0;
    out->stream = NULL;
    if (failed && why)
        errno = why;
    return failed || unclosed ? cannot_write(out->path, err) : SV_OK;
}

sv_status output_rename(output *out, sv_error *err)
{
    if (rename(out->part, out->path) != 0)
        return cannot_write(out->path, err);
    *out = (output){0};
    return SV_OK;
}

void output_abort(output *out)
{
    if (out->stream)
        fclose(out->stream);
    if (out->part)
        (void)unlink(out->part);
    *out = (output){0};
}
