/* What readers and writers share: whole files in, numbers out of text, files out at once or not at all. Private. */
#ifndef SV_FORMATS_TEXT_H
#define SV_FORMATS_TEXT_H

#include "svitlo/formats.h"

#include <stdio.h>

/* A file in memory, closed by a zero byte. */
typedef struct {
    char *data; /* malloc; text_free */
    size_t n;
} text_file;

/* Read a regular file of at most 1 GiB. `what` is accepted text for messages, NULL = nothing to add. */
sv_status text_load(text_file *file, const char *path, sv_error *err);
void text_free(text_file *file);

/* A whole decimal number, nothing before or after it. No infinity, no NaN, no hex. */
bool text_real(const char *text, double *value);
/* The same, whole numbers within int32 only ("11.0" counts). */
bool text_int(const char *text, int32_t *value);
/* Equal but for the case of ASCII letters. */
bool text_same(const char *a, const char *b);

/* Hand a message up, unless there is one already; err may be NULL. */
void error_pass(const sv_error *from, sv_error *err);

enum { REAL_TEXT = 32 };
/* Shortest digits that read back as the same number; "" for NaN, Inf and -Inf for infinities. */
const char *real_text(double value, char buffer[REAL_TEXT]);
/* The same for a float. */
const char *float_text(float value, char buffer[REAL_TEXT]);

/* The last part of a path; borrowed. */
const char *path_base(const char *path);
/* A '/' between two parts; in the arena, NULL = out of memory. */
char *path_join(sv_arena *arena, const char *folder, const char *name);

/* A file that appears under its name only when it is complete: written as NAME.part, then renamed. */
typedef struct {
    FILE *stream;
    char *path, *part; /* in the arena given to output_open */
} output;

sv_status output_open(output *out, sv_arena *arena, const char *path, sv_error *err);
/* Flush and close; the file stays .part. A full disk shows here. */
sv_status output_close(output *out, sv_error *err);
/* Give the closed file its name. */
sv_status output_rename(output *out, sv_error *err);
/* Close and remove what was written; nothing when it has its name already. */
void output_abort(output *out);

#endif
