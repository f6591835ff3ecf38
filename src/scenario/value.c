/* One value: from the text of a node to its field, and back to text that reads as the same value. The row of the table
 * decides the type; what does not fit gives one sentence with what was found and what is accepted. Allocates only
 * texts. */
#include "private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static size_t offset_of(place at)
{
    const setting *row = &schema[at.i_setting];
    return row->offset + (size_t)at.i_name * row->stride;
}

void *value_field(draft *self, place at)
{
    return (char *)self + offset_of(at);
}

static const void *const_field(const draft *self, place at)
{
    return (const char *)self + offset_of(at);
}

/* ---- what is accepted ------------------------------------------------------------------------ */

static void build_choices(builder *out, const setting *row)
{
    for (int32_t i = 0; i < row->n_choice; i++)
        build(out, "%s%s", i == 0 ? "" : i + 1 < row->n_choice ? ", " : " or ", row->choice[i]);
}

static void build_range(builder *out, const setting *row)
{
    char low[MOST_NUMBER], high[MOST_NUMBER];
    text_of_number(row->low, row->family->unit[0].shift, low);
    build(out, "%s%s to %s", row->family->unit[0].name[0] == '\0' ? "a number, " : "", low,
          text_of_quantity(row->high, row->family, high));
    const char *before = " (also ";
    for (int32_t i = 1; i < row->family->n; i++)
        if (!row->family->unit[i].alias) {
            build(out, "%s%s", before, row->family->unit[i].name);
            before = ", ";
        }
    if (before[0] == ',')
        build(out, ")");
}

const char *value_accepted(const setting *row, char text[MOST_ACCEPTED])
{
    builder out = {text, 0, MOST_ACCEPTED};
    text[0] = '\0';
    switch (row->kind) {
    case KIND_TEXT:
        build(&out, "a text of at most %g bytes", row->high);
        break;
    case KIND_NUMBER:
    case KIND_HOURS:
        build_range(&out, row);
        break;
    case KIND_COUNT:
    case KIND_COUNT64:
        if (row->high >= 1e19)
            build(&out, "a whole number, %.0f to 9223372036854775807", row->low);
        else
            build(&out, "a whole number, %.0f to %.0f", row->low, row->high);
        break;
    case KIND_SWITCH:
    case KIND_CHOICE:
        build_choices(&out, row);
        break;
    case KIND_DATE:
    case KIND_LAST:
        build(&out, "a date as 2026-11-01 or 2026-11-01 06:00");
        break;
    case KIND_DATES:
        build(&out, "a list of at most %d dates as [2026-11-12, 2026-11-19 05:00]", SV_MAX_WAVE_DATE);
        break;
    case KIND_PEACE:
        build(&out,
              "a list of at most %d windows as [{from: 2027-01-01, to: 2027-03-31, kind: energy, where: [rear], "
              "kept: 90 %%}]",
              SV_MAX_PEACE);
        break;
    case KIND_SITES:
        build(&out, "a list of at most %d ids of sites as [S001, S014]", MOST_SITE);
        break;
    }
    if (row->word != NULL)
        build(&out, ", or %s", row->word);
    return text;
}

/* ---- in --------------------------------------------------------------------------------------- */

/* `key is 'what was found'WHY; accepted: ...` */
static sv_status refuse(reader *self, place at, const node *value, const char *why)
{
    char path[MOST_PATH], found[MOST_QUOTE], accepted[MOST_ACCEPTED];
    return fail(self->err, spot_of(self, value), "%s is '%s'%s; accepted: %s", place_path(at, path),
                quote(value->text, found), why, value_accepted(&schema[at.i_setting], accepted));
}

static sv_status read_text(reader *self, place at, const node *value)
{
    const setting *row = &schema[at.i_setting];
    size_t n = strlen(value->text);
    if ((double)n < row->low || (double)n > row->high)
        return refuse(self, at, value, n == 0 ? "" : ", too long");
    const char *copy = sv_arena_text(self->arena, value->text);
    if (copy == NULL)
        return fail_memory(self->err);
    *(const char **)value_field(self->draft, at) = copy;
    return SV_OK;
}

const char *value_quantity(const setting *row, const char *text, double *number)
{
    switch (text_quantity(text, row->family, number)) {
    case TEXT_NO_NUMBER:
        return ", not a number";
    case TEXT_TOO_LONG:
        return ", too many digits";
    case TEXT_TOO_LARGE:
        return ", out of range";
    case TEXT_NO_UNIT:
        return ", without a unit";
    case TEXT_OTHER_UNIT:
        return row->family->unit[0].name[0] == '\0' ? ", not a plain number" : ", in another unit";
    case TEXT_GOOD:
        break;
    }
    return NULL;
}

static sv_status read_quantity(reader *self, place at, const node *value, double *number)
{
    const setting *row = &schema[at.i_setting];
    const char *why = value_quantity(row, value->text, number);
    if (why != NULL)
        return refuse(self, at, value, why);
    return *number >= row->low && *number <= row->high ? SV_OK : refuse(self, at, value, ", out of range");
}

static sv_status read_whole(reader *self, place at, const node *value, int64_t *number)
{
    const setting *row = &schema[at.i_setting];
    text_verdict verdict = text_whole(value->text, number);
    if (verdict == TEXT_NO_NUMBER)
        return refuse(self, at, value, ", not a whole number");
    bool good = verdict == TEXT_GOOD && (double)*number >= row->low && (double)*number <= row->high;
    return good ? SV_OK : refuse(self, at, value, ", out of range");
}

static sv_status read_choice(reader *self, place at, const node *value, int32_t *choice)
{
    const setting *row = &schema[at.i_setting];
    for (int32_t i = 0; i < row->n_choice; i++)
        if (strcmp(row->choice[i], value->text) == 0) {
            *choice = row->first + i;
            return SV_OK;
        }
    return refuse(self, at, value, "");
}

static sv_status read_date(reader *self, place at, const node *value, int64_t *t_h)
{
    const setting *row = &schema[at.i_setting];
    if (row->word != NULL && strcmp(value->text, row->word) == 0) {
        *t_h = row->word_h;
        return SV_OK;
    }
    bool whole_day = false;
    if (!text_date(value->text, t_h, &whole_day))
        return refuse(self, at, value, ", not a date");
    if (row->kind == KIND_LAST && whole_day)
        *t_h += 24;
    return SV_OK;
}

static sv_status read_number(reader *self, place at, const node *value)
{
    const setting *row = &schema[at.i_setting];
    double number = row->word_value;
    sv_status status = SV_OK;
    if (row->word == NULL || strcmp(value->text, row->word) != 0)
        status = read_quantity(self, at, value, &number);
    if (status == SV_OK)
        *(double *)value_field(self->draft, at) = number;
    return status;
}

static sv_status read_hours(reader *self, place at, const node *value)
{
    const setting *row = &schema[at.i_setting];
    double number = 0.0;
    int64_t hours = row->word_h;
    if (row->word == NULL || strcmp(value->text, row->word) != 0) {
        sv_status status = read_quantity(self, at, value, &number);
        if (status != SV_OK)
            return status;
        hours = (int64_t)number;
        if ((double)hours != number)
            return refuse(self, at, value, ", not a whole number of hours");
    }
    *(int64_t *)value_field(self->draft, at) = hours;
    return SV_OK;
}

static sv_status read_scalar(reader *self, place at, const node *value)
{
    const setting *row = &schema[at.i_setting];
    void *target = value_field(self->draft, at);
    int64_t whole = 0;
    int32_t choice = 0;
    sv_status status = SV_OK;
    switch (row->kind) {
    case KIND_TEXT:
        return read_text(self, at, value);
    case KIND_NUMBER:
        return read_number(self, at, value);
    case KIND_HOURS:
        return read_hours(self, at, value);
    case KIND_COUNT:
        status = read_whole(self, at, value, &whole);
        if (status == SV_OK)
            *(int32_t *)target = (int32_t)whole;
        return status;
    case KIND_COUNT64:
        status = read_whole(self, at, value, &whole);
        if (status == SV_OK)
            memcpy(target, &whole, sizeof whole); /* int64_t or uint64_t: never negative */
        return status;
    case KIND_SWITCH:
    case KIND_CHOICE:
        status = read_choice(self, at, value, &choice);
        if (status == SV_OK && row->kind == KIND_SWITCH)
            *(bool *)target = choice != 0;
        else if (status == SV_OK)
            *(int32_t *)target = choice;
        return status;
    case KIND_DATE:
    case KIND_LAST:
        status = read_date(self, at, value, &whole);
        if (status == SV_OK)
            *(int64_t *)target = whole;
        return status;
    default:
        return SV_EUSAGE; /* lists are no scalars */
    }
}

static sv_status check_shape(reader *self, place at, const node *value)
{
    const setting *row = &schema[at.i_setting];
    char path[MOST_PATH], accepted[MOST_ACCEPTED];
    place_path(at, path);
    bool list = row->kind >= KIND_DATES;
    if (self->adding && row->kind != KIND_NUMBER && row->kind != KIND_COUNT && !list)
        return fail(self->err, spot_of_key(self, value),
                    "nothing can be added to %s; accepted: numbers, counts and lists, or %s as a key of the lever",
                    path, path);
    if (value->kind != (list ? NODE_LIST : NODE_TEXT) || value->empty) {
        const char *found = value->kind == NODE_MAP    ? "is a map"
                            : value->kind == NODE_LIST ? "is a list"
                                                       : "is one value";
        return fail(self->err, spot_of(self, value), "%s %s; accepted: %s", path, value->empty ? "has no value" : found,
                    value_accepted(row, accepted));
    }
    return SV_OK;
}

/* Once a layer; of several levers, one sets it or all of them add to it. */
static sv_status check_once(reader *self, place at, const node *value)
{
    char path[MOST_PATH];
    const origin *before = &self->origin[at.i_setting][at.i_name];
    spot where = spot_of_key(self, value);
    place_path(at, path);
    if (before->layer == self->layer && before->added == self->adding)
        return self->lined ? fail(self->err, where, "key '%s' is set a second time (first in line %d)", path,
                                  (int)before->at.line)
                           : fail(self->err, where, "key '%s' is set there twice", path);
    return lever_touch(self, at, where);
}

sv_status value_read(reader *self, place at, const node *value)
{
    bool list = schema[at.i_setting].kind >= KIND_DATES;
    origin *before = &self->origin[at.i_setting][at.i_name];
    sv_status status = check_shape(self, at, value);
    if (status == SV_OK)
        status = check_once(self, at, value);
    if (status != SV_OK)
        return status;
    int32_t n_own = !list ? 0 : before->added ? before->n_own : list_length(self->draft, at);
    *before = (origin){.at = spot_of(self, value), .layer = self->layer};
    if (self->lever)
        *before = (origin){before->at, self->layer, self->layer, self->adding, n_own};
    if (list)
        return list_read(self, at, value, self->adding ? n_own : 0);
    return self->adding ? lever_add(self, at, value) : read_scalar(self, at, value);
}

sv_status value_clear(reader *self, const char *path, spot where)
{
    char other[MOST_PATH];
    size_t n = strlen(path);
    for (place at = {-1, 0}; place_next(&at) && !self->adding;) {
        origin *before = &self->origin[at.i_setting][at.i_name];
        if (!schema[at.i_setting].whole || before->layer == self->layer)
            continue;
        place_path(at, other);
        if (strncmp(other, path, n) != 0 || other[n] != '.' || strchr(other + n + 1, '.') != NULL)
            continue;
        sv_status status = lever_touch(self, at, where);
        if (status != SV_OK)
            return status;
        *(double *)value_field(self->draft, at) = 0.0;
        *before = (origin){.at = where, .lever = self->lever ? self->layer : 0};
    }
    return SV_OK;
}

/* ---- out -------------------------------------------------------------------------------------- */

static bool write_text(const setting *row, const void *from, builder *out)
{
    const char *text = *(const char *const *)from;
    if (text == NULL && row->low > 0.0)
        return false;
    build_word(out, text == NULL ? "" : text);
    return true;
}

static void write_date(const setting *row, int64_t t_h, builder *out)
{
    char text[MOST_NUMBER];
    build(out, "%s", row->kind == KIND_LAST ? text_of_last(t_h, text) : text_of_date(t_h, text));
}

static void write_number(const setting *row, double number, builder *out)
{
    char text[MOST_NUMBER];
    bool is_word = row->word != NULL && !(number >= row->low);
    build(out, "%s", is_word ? row->word : text_of_quantity(number, row->family, text));
}

bool value_write(const draft *from, place at, builder *out)
{
    const setting *row = &schema[at.i_setting];
    const void *value = const_field(from, at);
    int64_t whole = 0;
    int32_t choice = 0;
    switch (row->kind) {
    case KIND_TEXT:
        return write_text(row, value, out);
    case KIND_NUMBER:
        write_number(row, *(const double *)value, out);
        return true;
    case KIND_COUNT:
        build(out, "%d", (int)*(const int32_t *)value);
        return true;
    case KIND_COUNT64:
        memcpy(&whole, value, sizeof whole);
        build(out, "%llu", (unsigned long long)whole);
        return true;
    case KIND_SWITCH:
    case KIND_CHOICE:
        choice = row->kind == KIND_SWITCH ? *(const bool *)value : *(const int32_t *)value - row->first;
        build(out, "%s", row->choice[choice >= 0 && choice < row->n_choice ? choice : 0]);
        return true;
    case KIND_HOURS:
    case KIND_DATE:
    case KIND_LAST:
        whole = *(const int64_t *)value;
        if (row->word != NULL && whole == row->word_h)
            build(out, "%s", row->word);
        else if (row->kind == KIND_HOURS)
            build(out, "%lld h", (long long)whole);
        else
            write_date(row, whole, out);
        return true;
    case KIND_DATES:
    case KIND_PEACE:
    case KIND_SITES:
        list_write(from, at, out);
        return true;
    }
    return false;
}
