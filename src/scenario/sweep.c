/* One key from A to B: `key=A..B/STEP` as values and as texts that read back as them. Numbers are stepped in the key's
 * first unit and cut to decimals, so that steps of 0.1 give 0.3 and hit their end. One thread an object. */
#include "private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_VALUES = 100 };

static const unit hour_unit[] = {{"h", 1.0, 0, false},    {"d", 24.0, 0, false},   {"weeks", 168.0, 0, false},
                                 {"hours", 1.0, 0, true}, {"hour", 1.0, 0, true},  {"days", 24.0, 0, true},
                                 {"day", 24.0, 0, true},  {"week", 168.0, 0, true}};
static const unit_family hours = {8, hour_unit};

/* A sweep in the making: its text in parts. */
typedef struct {
    sv_arena *arena;
    sv_error *err;
    const char *label; /* --vary TEXT */
    place at;
    const setting *row;
    char path[MOST_PATH];
    char *from, *to, *step;
} parts;

#define EXAMPLE "accepted: KEY=A..B/STEP, as imports.limit=0 GW..3 GW/500 MW"

static spot here(const parts *self)
{
    return (spot){self->label, 0, 0};
}

/* ---- the key -------------------------------------------------------------------------------------- */

/* What is the same for all that is compared, and what has no steps. */
static bool can_vary(const setting *row)
{
    bool fixed = strncmp(row->path, "season.", 7) == 0 || strncmp(row->path, "study.", 6) == 0;
    return !fixed && (row->kind == KIND_NUMBER || row->kind == KIND_COUNT || row->kind == KIND_DATE);
}

static sv_status find_key(parts *self, const char *key)
{
    if (!place_find(key, &self->at)) {
        if (place_is_group(key))
            return fail(self->err, here(self), "%s is a group of keys; accepted: one key of a number or date", key);
        reader near = {.err = self->err, .file = self->label};
        return layer_refuse_key(&near, key, "", &(node){.kind = NODE_TEXT});
    }
    self->row = &schema[self->at.i_setting];
    place_path(self->at, self->path);
    if (!can_vary(self->row))
        return fail(self->err, here(self),
                    "%s cannot be varied; accepted: a number or date, but of no key of season and study", self->path);
    return SV_OK;
}

/* ---- the text ------------------------------------------------------------------------------------- */

/* The slash before the step: the first that a number follows, since a unit may hold one (km/h). */
static char *find_slash(char *text)
{
    for (char *slash = strchr(text, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        char next = slash[1 + strspn(slash + 1, " ")];
        if (next != '\0' && strchr("+-.0123456789", next) != NULL)
            return slash;
    }
    return strrchr(text, '/');
}

static sv_status split(parts *self, char *text)
{
    char *value = strchr(text, '=');
    if (value == NULL || value == text)
        return fail(self->err, here(self), "no key and values; " EXAMPLE);
    *value++ = '\0';
    sv_status status = find_key(self, trim(text));
    if (status != SV_OK)
        return status;
    char *dots = strstr(value, "..");
    if (dots == NULL)
        return fail(self->err, here(self), "no '..' between a first and a last value; " EXAMPLE);
    char *slash = find_slash(dots + 2);
    if (slash == NULL)
        return fail(self->err, here(self), "no '/' before a step; " EXAMPLE);
    *dots = *slash = '\0';
    self->from = trim(value);
    self->to = trim(dots + 2);
    self->step = trim(slash + 1);
    return SV_OK;
}

/* ---- values: numbers in the first unit, whole numbers, hours ---------------------------------------- */

static sv_status refuse(const parts *self, const char *what, const char *text, const char *why, const char *accepted)
{
    char found[MOST_QUOTE];
    return fail(self->err, here(self), "%s is '%s'%s; accepted: %s", what, quote(text, found), why, accepted);
}

/* In the first unit, by moving the point of its shortest text. */
static double shown(const setting *row, double value)
{
    char text[MOST_NUMBER];
    return strtod(text_of_number(value, row->family->unit[0].shift, text), NULL);
}

static sv_status read_end(const parts *self, const char *text, double *x)
{
    const setting *row = self->row;
    setting bare = *row;
    bare.word = NULL; /* a word is no value to begin or end with */
    char accepted[MOST_ACCEPTED];
    int64_t whole = 0;
    const char *why = NULL;
    value_accepted(&bare, accepted);
    if (row->kind == KIND_DATE) {
        if (!text_date(text, &whole, NULL))
            return refuse(self, self->path, text, ", not a date", accepted);
        *x = (double)whole;
        return SV_OK;
    }
    if (row->kind == KIND_COUNT) {
        text_verdict verdict = text_whole(text, &whole);
        why = verdict == TEXT_GOOD ? NULL : verdict == TEXT_NO_NUMBER ? ", not a whole number" : ", out of range";
        *x = (double)whole;
    } else {
        why = value_quantity(row, text, x);
    }
    if (why == NULL && !(*x >= row->low && *x <= row->high))
        why = ", out of range";
    if (why == NULL && row->kind == KIND_NUMBER)
        *x = shown(row, *x);
    return why == NULL ? SV_OK : refuse(self, self->path, text, why, accepted);
}

static const char *step_accepted(const setting *row)
{
    return row->kind == KIND_DATE    ? "a time above 0, in whole hours, as 7 d (also h, weeks)"
           : row->kind == KIND_COUNT ? "a whole number above 0"
                                     : "a number above 0, with its unit where the key has one";
}

static sv_status read_step(const parts *self, double *step)
{
    const setting *row = self->row;
    const setting time = {.kind = KIND_HOURS, .family = &hours};
    const char *why = NULL;
    int64_t whole = 0;
    if (row->kind == KIND_COUNT) {
        why = text_whole(self->step, &whole) == TEXT_GOOD ? NULL : ", not a whole number";
        *step = (double)whole;
    } else {
        why = value_quantity(row->kind == KIND_DATE ? &time : row, self->step, step);
    }
    if (why == NULL && row->kind == KIND_DATE && *step != floor(*step))
        why = ", not whole hours";
    if (why == NULL && !(*step > 0.0))
        why = ", not above 0";
    if (why == NULL && row->kind == KIND_NUMBER)
        *step = shown(row, *step);
    return why == NULL ? SV_OK : refuse(self, "the step", self->step, why, step_accepted(row));
}

/* Cut to the decimals that numbers of this size have in a double, and one less. */
static double cut(double x, double scale)
{
    char text[400];
    int decimals = 14 - (int)floor(log10(scale));
    snprintf(text, sizeof text, "%.*f", decimals < 0 ? 0 : decimals > 300 ? 300 : decimals, x);
    return strtod(text, NULL);
}

static sv_status count_steps(const parts *self, double a, double b, double step, int32_t *n)
{
    if (a > b)
        return fail(self->err, here(self),
                    "it goes down, from '%.40s' to '%.40s'; accepted: a last value that is not below the first",
                    self->from, self->to);
    double steps = floor((b - a) / step + 1e-9);
    if (!(steps < MOST_VALUES))
        return fail(self->err, here(self), "it has more than %d values; accepted: 1 to %d", MOST_VALUES, MOST_VALUES);
    *n = 1 + (int32_t)steps;
    return SV_OK;
}

static const char *write_value(const parts *self, double x)
{
    char text[MOST_NUMBER];
    if (self->row->kind == KIND_DATE)
        return sv_arena_text(self->arena, text_of_date((int64_t)x, text));
    text_of_number(x, 0, text);
    const char *name = self->row->kind == KIND_NUMBER ? self->row->family->unit[0].name : "";
    size_t n = strlen(text);
    snprintf(text + n, sizeof text - n, "%s%s", name[0] != '\0' ? " " : "", name);
    return sv_arena_text(self->arena, text);
}

static sv_status fill(const parts *self, sv_sweep *sweep)
{
    double a = 0.0, b = 0.0, step = 0.0;
    sv_status status = read_end(self, self->from, &a);
    if (status == SV_OK)
        status = read_end(self, self->to, &b);
    if (status == SV_OK)
        status = read_step(self, &step);
    if (status == SV_OK)
        status = count_steps(self, a, b, step, &sweep->n);
    if (status != SV_OK)
        return status;
    double *x = SV_TAKE(self->arena, sweep->n, double);
    const char **value = SV_TAKE(self->arena, sweep->n, const char *);
    for (int32_t i = 0; x != NULL && value != NULL && i < sweep->n; i++) {
        x[i] = i == 0 ? a : cut(a + i * step, fmax(fmax(fabs(a), fabs(b)), step));
        x[i] = fabs(x[i] - b) <= 1e-9 * step ? b : x[i];
        if (i > 0 && !(x[i] > x[i - 1]))
            return refuse(self, "the step", self->step, ", too small to count", step_accepted(self->row));
        value[i] = write_value(self, x[i]);
    }
    sweep->x = x;
    sweep->value = value;
    sweep->key = sv_arena_text(self->arena, self->path);
    sweep->unit = self->row->kind == KIND_DATE     ? "date"
                  : self->row->kind == KIND_NUMBER ? self->row->family->unit[0].name
                                                   : "";
    return sv_arena_failed(self->arena) ? fail_memory(self->err) : SV_OK;
}

sv_status sv_sweep_read(sv_sweep **sweep, const char *text, sv_error *err)
{
    *sweep = NULL;
    parts self = {.arena = sv_arena_new(), .err = err};
    sv_sweep *made = self.arena != NULL ? SV_TAKE(self.arena, 1, sv_sweep) : NULL;
    char *copy = made != NULL ? sv_arena_text(self.arena, text) : NULL;
    self.label = copy != NULL ? label_of(self.arena, "--vary", text) : NULL;
    sv_status status = self.label != NULL ? check_one_line(self.label, text, err) : fail_memory(err);
    if (status == SV_OK)
        status = split(&self, copy);
    if (status == SV_OK)
        status = fill(&self, made);
    if (status != SV_OK) {
        sv_arena_free(self.arena);
        return status;
    }
    made->arena = self.arena;
    *sweep = made;
    return SV_OK;
}

void sv_sweep_free(sv_sweep **sweep)
{
    if (*sweep != NULL)
        sv_arena_free((*sweep)->arena);
    *sweep = NULL;
}
