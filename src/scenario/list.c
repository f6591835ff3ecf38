/* The two settings that are lists: the calendar of waves and the windows of peace. Quadratic in at most 200 dates. */
#include "private.h"

#include <stdio.h>
#include <string.h>

/* ---- the calendar ------------------------------------------------------------------------------ */

sv_status list_read_dates(reader *self, const char *path, const node *value)
{
    sv_wave_settings *waves = &self->draft->self.season.waves;
    char found[MOST_QUOTE];
    if (value->n_child > SV_MAX_WAVE_DATE)
        return fail(self->err, spot_of(self, value), "%s has %d dates; accepted: at most %d", path, (int)value->n_child,
                    SV_MAX_WAVE_DATE);
    waves->n_date = 0;
    for (const node *item = value->child; item != NULL; item = item->next) {
        int64_t t_h = 0;
        if (item->kind != NODE_TEXT || !text_date(item->text, &t_h, NULL))
            return fail(self->err, spot_of(self, item),
                        "%s has '%s', not a date; accepted: dates as 2026-11-12 or "
                        "2026-11-12 05:00",
                        path, item->kind == NODE_TEXT ? quote(item->text, found) : "a list or map");
        for (int32_t i = 0; i < waves->n_date; i++)
            if (waves->date_h[i] == t_h)
                return fail(self->err, spot_of(self, item), "%s has %s twice; accepted: one wave an hour", path,
                            quote(item->text, found));
        waves->date_h[waves->n_date++] = t_h;
    }
    return SV_OK;
}

void list_write_dates(const sv_wave_settings *waves, builder *out)
{
    char text[MOST_NUMBER];
    build(out, "[");
    for (int32_t i = 0; i < waves->n_date; i++)
        build(out, "%s%s", i > 0 ? ", " : "", text_of_date(waves->date_h[i], text));
    build(out, "]");
}

/* ---- peace ------------------------------------------------------------------------------------- */

static const unit percent_unit = {"%", 1.0, -2, false};
static const unit_family percent = {1, &percent_unit};

static sv_status refuse(reader *self, const char *path, const node *value, const char *accepted)
{
    char found[MOST_QUOTE];
    const char *text = value->kind == NODE_MAP    ? "a map"
                       : value->kind == NODE_LIST ? "a list"
                                                  : quote(value->text, found);
    bool quoted = value->kind == NODE_TEXT;
    return fail(self->err, spot_of(self, value), "%s.%s is %s%s%s; accepted: %s", path, value->key, quoted ? "'" : "",
                text, quoted ? "'" : "", accepted);
}

static sv_status read_name(reader *self, const char *path, const node *where, const node *item, sv_peace *window)
{
    if (item->kind != NODE_TEXT || item->text[0] == '\0' || strlen(item->text) > MOST_TEXT / 2)
        return refuse(self, path, where, "a list of ids of regions, front or rear, of at most 100 bytes each");
    const char *name = sv_arena_text(self->arena, item->text);
    if (name == NULL)
        return fail_memory(self->err);
    window->where[window->n_where++] = name;
    return SV_OK;
}

static sv_status read_where(reader *self, const char *path, const node *value, sv_peace *window)
{
    window->n_where = 0;
    if (value->kind == NODE_TEXT)
        return read_name(self, path, value, value, window);
    if (value->kind == NODE_MAP || value->n_child > SV_MAX_NAME)
        return refuse(self, path, value, "a list of at most 16 ids of regions, front or rear");
    sv_status status = SV_OK;
    for (const node *item = value->child; item != NULL && status == SV_OK; item = item->next)
        status = read_name(self, path, value, item, window);
    return status;
}

static sv_status read_part(reader *self, const char *path, const node *value, sv_peace *window)
{
    bool text = value->kind == NODE_TEXT, whole_day = false;
    if (strcmp(value->key, "where") == 0)
        return read_where(self, path, value, window);
    if (strcmp(value->key, "from") == 0)
        return text && text_date(value->text, &window->from_h, NULL)
                   ? SV_OK
                   : refuse(self, path, value, "a date as 2027-01-01 or 2027-01-01 06:00");
    if (strcmp(value->key, "to") == 0) {
        if (!text || !text_date(value->text, &window->to_h, &whole_day))
            return refuse(self, path, value, "a last day as 2027-03-31, or the hour it ends as 2027-03-31 06:00");
        window->to_h += whole_day ? 24 : 0;
        return SV_OK;
    }
    if (strcmp(value->key, "kind") == 0) {
        bool full = text && strcmp(value->text, "full") == 0;
        if (!full && !(text && strcmp(value->text, "energy") == 0))
            return refuse(self, path, value, "full or energy");
        window->kind = full ? SV_PEACE_FULL : SV_PEACE_ENERGY;
        return SV_OK;
    }
    if (strcmp(value->key, "kept") == 0) {
        bool good = text && text_quantity(value->text, &percent, &window->kept) == TEXT_GOOD;
        return good && window->kept >= 0.0 && window->kept <= 1.0 ? SV_OK : refuse(self, path, value, "0 to 100 %");
    }
    char found[MOST_QUOTE];
    return fail(self->err, spot_of_key(self, value), "unknown key '%s.%s'; accepted: from, to, kind, where or kept",
                path, quote(value->key, found));
}

static sv_status read_window(reader *self, const char *path, const node *item, sv_peace *window)
{
    *window = (sv_peace){.kind = SV_PEACE_FULL, .from_h = INT64_MIN, .to_h = INT64_MAX, .kept = 1.0};
    if (item->kind != NODE_MAP)
        return fail(self->err, spot_of(self, item), "%s is no window; accepted: a map as {from: 2027-01-01}", path);
    sv_status status = SV_OK;
    for (const node *part = item->child; part != NULL && status == SV_OK; part = part->next)
        status = read_part(self, path, part, window);
    if (status == SV_OK && window->from_h >= window->to_h)
        return fail(self->err, spot_of(self, item),
                    "%s ends before it begins; accepted: a last day on or after the first", path);
    return status;
}

sv_status list_read_peace(reader *self, const char *path, const node *value)
{
    sv_wave_settings *waves = &self->draft->self.season.waves;
    if (value->n_child > SV_MAX_PEACE)
        return fail(self->err, spot_of(self, value), "%s has %d windows; accepted: at most %d", path,
                    (int)value->n_child, SV_MAX_PEACE);
    waves->n_peace = 0;
    sv_status status = SV_OK;
    for (const node *item = value->child; item != NULL && status == SV_OK; item = item->next) {
        char name[MOST_QUOTE];
        snprintf(name, sizeof name, "%.32s[%d]", path, (int)waves->n_peace + 1);
        status = read_window(self, name, item, &waves->peace[waves->n_peace]);
        waves->n_peace++;
    }
    return status;
}

static void write_window(const sv_peace *window, builder *out)
{
    char text[MOST_NUMBER];
    build(out, "{");
    if (window->from_h != INT64_MIN)
        build(out, "from: %s, ", text_of_date(window->from_h, text));
    if (window->to_h != INT64_MAX)
        build(out, "to: %s, ", text_of_last(window->to_h, text));
    build(out, "kind: %s, ", window->kind == SV_PEACE_FULL ? "full" : "energy");
    for (int32_t i = 0; i < window->n_where; i++) {
        build(out, "%s", i == 0 ? "where: [" : ", ");
        build_word(out, window->where[i]);
        build(out, "%s", i + 1 == window->n_where ? "], " : "");
    }
    build(out, "kept: %s}", text_of_quantity(window->kept, &percent, text));
}

void list_write_peace(const sv_wave_settings *waves, builder *out)
{
    build(out, "[");
    for (int32_t i = 0; i < waves->n_peace; i++) {
        build(out, "%s", i > 0 ? ", " : "");
        write_window(&waves->peace[i], out);
    }
    build(out, "]");
}
