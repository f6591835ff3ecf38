/* The settings that are lists: the calendar of waves, the windows of peace, the sites of a protection level. Quadratic in
 * at most 200 dates, n log n in sites. */
#include "private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *added(const reader *self)
{
    return self->adding ? " with those added" : "";
}

/* ---- the calendar ------------------------------------------------------------------------------ */

static void sort_dates(int64_t *date_h, int32_t n)
{
    for (int32_t i = 1; i < n; i++)
        for (int32_t k = i; k > 0 && date_h[k] < date_h[k - 1]; k--) {
            int64_t swap = date_h[k];
            date_h[k] = date_h[k - 1];
            date_h[k - 1] = swap;
        }
}

static sv_status read_dates(reader *self, const char *path, const node *value, int32_t n_own)
{
    sv_wave_settings *waves = &self->draft->self.season.waves;
    char found[MOST_QUOTE];
    if (!self->adding)
        waves->n_date = 0;
    if (waves->n_date + value->n_child > SV_MAX_WAVE_DATE)
        return fail(self->err, spot_of(self, value), "%s has %d dates%s; accepted: at most %d", path,
                    (int)(waves->n_date + value->n_child), added(self), SV_MAX_WAVE_DATE);
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
    if (self->adding)
        sort_dates(&waves->date_h[n_own], waves->n_date - n_own);
    return SV_OK;
}

static void write_dates(const sv_wave_settings *waves, builder *out)
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

/* In the order of what is written of them. */
static void sort_windows(sv_peace *window, int32_t n)
{
    char text[2][4096]; /* a window has at most 16 names of 100 bytes, each perhaps escaped */
    for (int32_t i = 1; i < n; i++)
        for (int32_t k = i; k > 0; k--) {
            for (int32_t j = 0; j < 2; j++) {
                builder out = {text[j], 0, sizeof text[j]};
                write_window(&window[k - 1 + j], &out);
            }
            if (strcmp(text[0], text[1]) <= 0)
                break;
            sv_peace swap = window[k];
            window[k] = window[k - 1];
            window[k - 1] = swap;
        }
}

static sv_status read_peace(reader *self, const char *path, const node *value, int32_t n_own)
{
    sv_wave_settings *waves = &self->draft->self.season.waves;
    if (!self->adding)
        waves->n_peace = 0;
    if (waves->n_peace + value->n_child > SV_MAX_PEACE)
        return fail(self->err, spot_of(self, value), "%s has %d windows%s; accepted: at most %d", path,
                    (int)(waves->n_peace + value->n_child), added(self), SV_MAX_PEACE);
    sv_status status = SV_OK;
    int32_t i = 0;
    for (const node *item = value->child; item != NULL && status == SV_OK; item = item->next) {
        char name[MOST_QUOTE];
        snprintf(name, sizeof name, "%.32s[%d]", path, (int)++i);
        status = read_window(self, name, item, &waves->peace[waves->n_peace]);
        waves->n_peace++;
    }
    if (self->adding)
        sort_windows(&waves->peace[n_own], waves->n_peace - n_own);
    return status;
}

static void write_peace(const sv_wave_settings *waves, builder *out)
{
    build(out, "[");
    for (int32_t i = 0; i < waves->n_peace; i++) {
        build(out, "%s", i > 0 ? ", " : "");
        write_window(&waves->peace[i], out);
    }
    build(out, "]");
}

/* ---- sites ------------------------------------------------------------------------------------- */

/* An id and where it stands; own ones, which stood there before, come first. */
typedef struct {
    const char *id;
    int32_t order;
    const node *item;
} site_id;

static int compare_ids(const void *a, const void *b)
{
    const site_id *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* The first that one list names twice; NULL = none. Leaves the ids sorted. */
static const site_id *find_twice(site_id *site, int32_t n, int32_t n_before)
{
    const site_id *first = NULL;
    qsort(site, (size_t)n, sizeof *site, compare_ids);
    for (int32_t i = 1; i < n; i++)
        if (strcmp(site[i].id, site[i - 1].id) == 0 && site[i - 1].order >= n_before &&
            (first == NULL || site[i].order < first->order))
            first = &site[i];
    return first;
}

/* A site that was there before need not be added. The ids are sorted. @return how many are left */
static int32_t drop_known(site_id *site, int32_t n, int32_t n_before)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < n; i++)
        if (kept == 0 || site[i].order < n_before || strcmp(site[i].id, site[kept - 1].id) != 0)
            site[kept++] = site[i];
    return kept;
}

/* As it is written, with what parts it from the next. */
static size_t written_length(const char *id)
{
    char written[2 * MOST_ID + 3] = "";
    builder out = {written, 0, sizeof written};
    build_word(&out, id);
    return out.n + strlen(", ");
}

static sv_status check_site(reader *self, const char *path, const node *item)
{
    char found[MOST_QUOTE];
    bool text = item->kind == NODE_TEXT;
    if (!text || item->text[0] == '\0' || strlen(item->text) > MOST_ID)
        return fail(self->err, spot_of(self, item), "%s has %s%s%s; accepted: ids of sites, of at most %d bytes each",
                    path, text ? "'" : "", text ? quote(item->text, found) : "a list or map", text ? "'" : "", MOST_ID);
    return SV_OK;
}

/* Copy the texts; the list is sorted only where levers add. */
static sv_status keep_sites(reader *self, const site_id *site, int32_t n, int32_t n_own, sv_names *names)
{
    const char **id = SV_TAKE(self->arena, n, const char *);
    if (id == NULL)
        return fail_memory(self->err);
    int32_t n_added = 0;
    for (int32_t i = 0; i < n; i++) {
        int32_t k = !self->adding || site[i].order < n_own ? site[i].order : n_own + n_added++;
        id[k] = site[i].item != NULL ? sv_arena_text(self->arena, site[i].id) : site[i].id;
        if (id[k] == NULL)
            return fail_memory(self->err);
    }
    *names = (sv_names){n, n > 0 ? id : NULL};
    return SV_OK;
}

static sv_status read_sites(reader *self, const char *path, const node *value, int32_t n_own, sv_names *names)
{
    char found[MOST_QUOTE];
    int32_t n_before = self->adding ? names->n : 0, n = n_before + value->n_child;
    if (n > MOST_SITE)
        return fail(self->err, spot_of(self, value), "%s has %d ids%s; accepted: at most %d", path, (int)n, added(self),
                    MOST_SITE);
    site_id *site = SV_TAKE(self->trees, n, site_id);
    if (site == NULL)
        return fail_memory(self->err);
    for (int32_t i = 0; i < n_before; i++)
        site[i] = (site_id){names->id[i], i, NULL};
    int32_t i = n_before;
    for (const node *item = value->child; item != NULL; item = item->next, i++) {
        sv_status status = check_site(self, path, item);
        if (status != SV_OK)
            return status;
        site[i] = (site_id){item->text, i, item};
    }
    size_t n_text = 0;
    for (int32_t k = 0; k < n; k++)
        n_text += written_length(site[k].id);
    if (n_text > MOST_SITES_TEXT)
        return fail(self->err, spot_of(self, value), "%s has ids of %d bytes together; accepted: at most %d", path,
                    (int)n_text, MOST_SITES_TEXT);
    const site_id *twice = find_twice(site, n, n_before);
    if (twice != NULL)
        return fail(self->err, spot_of(self, twice->item), "%s has '%s' twice; accepted: each site once", path,
                    quote(twice->id, found));
    return keep_sites(self, site, drop_known(site, n, n_before), n_own, names);
}

static void write_sites(const sv_names *names, builder *out)
{
    build(out, "[");
    for (int32_t i = 0; i < names->n; i++) {
        build(out, "%s", i > 0 ? ", " : "");
        build_word(out, names->id[i]);
    }
    build(out, "]");
}

/* ---- by kind ------------------------------------------------------------------------------------ */

static const sv_names *sites_at(const draft *from, place at)
{
    return &from->self.season.waves.shelter_at[1 + at.i_name];
}

sv_status list_read(reader *self, place at, const node *value, int32_t n_own)
{
    char path[MOST_PATH];
    place_path(at, path);
    switch (schema[at.i_setting].kind) {
    case KIND_DATES:
        return read_dates(self, path, value, n_own);
    case KIND_PEACE:
        return read_peace(self, path, value, n_own);
    default:
        return read_sites(self, path, value, n_own, value_field(self->draft, at));
    }
}

int32_t list_length(const draft *from, place at)
{
    const sv_wave_settings *waves = &from->self.season.waves;
    value_kind kind = schema[at.i_setting].kind;
    return kind == KIND_DATES ? waves->n_date : kind == KIND_PEACE ? waves->n_peace : sites_at(from, at)->n;
}

void list_write(const draft *from, place at, builder *out)
{
    const sv_wave_settings *waves = &from->self.season.waves;
    value_kind kind = schema[at.i_setting].kind;
    if (kind == KIND_DATES)
        write_dates(waves, out);
    else if (kind == KIND_PEACE)
        write_peace(waves, out);
    else
        write_sites(sites_at(from, at), out);
}
