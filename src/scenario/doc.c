/* The table as text: each setting with its value for the store, each row with its default for help and docs. Both go
 * through value_write, so what is printed is what is read. */
#include "private.h"

#include <stdlib.h>
#include <string.h>

/* ---- settings of a scenario --------------------------------------------------------------------- */

void sv_scenario_settings(const sv_scenario *scenario, sv_setting_visit visit, void *context)
{
    draft from = draft_of(scenario);
    char path[MOST_PATH], text[MOST_VALUE];
    for (place at = {-1, 0}; place_next(&at);) {
        builder out = {text, 0, sizeof text};
        text[0] = '\0';
        if (schema[at.i_setting].kind != KIND_LAST && value_write(&from, at, &out))
            visit(context, place_path(at, path), text);
    }
}

bool sv_scenario_nearest(const char *key, char nearest[SV_KEY_TEXT])
{
    return nearest_key(key, nearest);
}

/* ---- the table for readers ---------------------------------------------------------------------- */

static const char *pattern_of(const setting *row, const char *path, sv_arena *arena)
{
    if (row->axis == NULL)
        return sv_arena_text(arena, path);
    char text[MOST_PATH] = "";
    builder out = {text, 0, sizeof text};
    size_t n = strcspn(row->path, "*");
    build(&out, "%.*s%s%s", (int)n, row->path, row->axis->title, row->path + n + 1);
    return sv_arena_text(arena, text);
}

static const char *units_of(const setting *row, sv_arena *arena)
{
    char text[MOST_ACCEPTED] = "";
    builder out = {text, 0, sizeof text};
    for (int32_t i = 0; row->family != NULL && i < row->family->n; i++)
        if (!row->family->unit[i].alias)
            build(&out, "%s%s", i > 0 ? ", " : "", row->family->unit[i].name);
    return sv_arena_text(arena, text);
}

static const char *initial_of(const draft *defaults, place at, sv_arena *arena)
{
    char *text = SV_TAKE(arena, MOST_ACCEPTED, char);
    if (text == NULL)
        return NULL;
    builder out = {text, 0, MOST_ACCEPTED};
    if (schema[at.i_setting].kind == KIND_TEXT || !value_write(defaults, at, &out))
        text[0] = '\0';
    return text;
}

static void describe(sv_setting_doc *doc, const draft *defaults, place at, const char *section, sv_arena *arena)
{
    const setting *row = &schema[at.i_setting];
    char path[MOST_PATH], accepted[MOST_ACCEPTED];
    place_path(at, path);
    *doc = (sv_setting_doc){
        .key = sv_arena_text(arena, path),
        .pattern = pattern_of(row, path, arena),
        .section = section,
        .unit = units_of(row, arena),
        .initial = initial_of(defaults, at, arena),
        .range = sv_arena_text(arena, value_accepted(row, accepted)),
        .help = row->help,
    };
}

sv_status sv_schema_new(sv_schema **schema_out, sv_error *err)
{
    *schema_out = NULL;
    sv_arena *arena = sv_arena_new();
    sv_schema *self = arena != NULL ? SV_TAKE(arena, 1, sv_schema) : NULL;
    sv_setting_doc *doc = self != NULL ? SV_TAKE(arena, n_schema * MOST_AXIS, sv_setting_doc) : NULL;
    if (doc != NULL) {
        draft defaults;
        draft_defaults(&defaults);
        const char *section = "";
        int32_t n = 0;
        for (place at = {-1, 0}; place_next(&at); n++) {
            if (schema[at.i_setting].section != NULL)
                section = schema[at.i_setting].section;
            describe(&doc[n], &defaults, at, section, arena);
        }
        *self = (sv_schema){.n = n, .doc = doc, .arena = arena};
    }
    if (arena == NULL || sv_arena_failed(arena)) {
        sv_arena_free(arena);
        return fail_memory(err);
    }
    *schema_out = self;
    return SV_OK;
}

void sv_schema_free(sv_schema **self)
{
    if (*self != NULL)
        sv_arena_free((*self)->arena);
    *self = NULL;
}
