/* A layer of settings: a whole file, the keys of a lever, or one override. Each sets some keys over the layer before and
 * notes where. Linear in the text. */
#include "private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- keys --------------------------------------------------------------------------------------- */

static const char *const lever_key[] = {"base", "add", "cost"};
static const char *const fixed_key[] = {"grid", "season", "study"}; /* the same for all levers of a base */

/* The first word of a path is one of these. */
static bool starts_with_one(const char *path, const char *const *word, size_t n_word)
{
    size_t n = strcspn(path, ".");
    for (size_t i = 0; i < n_word; i++)
        if (strlen(word[i]) == n && strncmp(path, word[i], n) == 0)
            return true;
    return false;
}

sv_status layer_refuse_key(reader *self, const char *path, const char *group, const node *at)
{
    char near[MOST_PATH], text[400] = "", shown[MOST_QUOTE];
    quote(path, shown);
    spot where = spot_of_key(self, at);
    if (!self->lever && starts_with_one(path, lever_key, sizeof lever_key / sizeof *lever_key))
        return fail(self->err, where, "'%s' belongs to the file of a lever%s; accepted: keys of a scenario", shown,
                    self->lined ? ", which names its base" : "");
    bool top = self->lever && !self->adding && group[0] == '\0';
    for (size_t i = 0; i < sizeof lever_key / sizeof *lever_key && top; i++)
        if (word_distance(path, lever_key[i]) == 1)
            return fail(self->err, where, "unknown key '%s'; did you mean '%s'?", shown, lever_key[i]);
    if (nearest_key(path, near))
        return fail(self->err, where, "unknown key '%s'; did you mean '%s'?", shown, near);
    builder members = {text, 0, sizeof text};
    build(&members, "%s", top ? "base, add, cost, " : "");
    build_members(&members, group);
    if (group[0] == '\0')
        return fail(self->err, where, "unknown key '%s'; accepted: %s", shown, text);
    return fail(self->err, where, "unknown key '%s'; accepted in %s: %s", shown, group, text);
}

static sv_status read_map(reader *self, const char *group, const node *map)
{
    sv_status status = value_clear(self, group, spot_of(self, map));
    for (const node *value = map->child; value != NULL && status == SV_OK; value = value->next) {
        char path[MOST_PATH];
        int n = snprintf(path, sizeof path, "%s%s%s", group, group[0] != '\0' ? "." : "", value->key);
        if (n >= MOST_PATH)
            return layer_refuse_key(self, value->key, group, value);
        status = layer_read_key(self, group, path, value);
    }
    return status;
}

sv_status layer_read_key(reader *self, const char *group, const char *path, const node *value)
{
    place at;
    if (self->lever && starts_with_one(path, fixed_key, sizeof fixed_key / sizeof *fixed_key))
        return fail(self->err, spot_of_key(self, value),
                    "%s is not for a lever, which runs over the winters of its base; accepted: all keys but grid, "
                    "season and study",
                    path);
    if (place_find(path, &at))
        return value_read(self, at, value);
    if (!place_is_group(path))
        return layer_refuse_key(self, path, group, value);
    if (value->kind == NODE_MAP)
        return read_map(self, path, value);
    char text[400] = "", shown[MOST_QUOTE] = "";
    builder members = {text, 0, sizeof text};
    build_members(&members, path);
    if (value->kind == NODE_TEXT && !value->empty)
        return fail(self->err, spot_of(self, value), "%s is '%s'; accepted: a map of %s", path,
                    quote(value->text, shown), text);
    return fail(self->err, spot_of(self, value), "%s %s; accepted: a map of %s", path,
                value->empty ? "has no value" : "is a list", text);
}

/* ---- the end of the season: two spellings ---------------------------------------------------- */

const origin *origin_of(const reader *self, const char *path)
{
    place at;
    return place_find(path, &at) ? &self->origin[at.i_setting][at.i_name] : NULL;
}

/* Within a layer one spelling; of two layers the later one counts. */
static sv_status settle_end(reader *self)
{
    const origin *to = origin_of(self, "season.to"), *hours = origin_of(self, "season.hours");
    bool has_to = to->layer == self->layer && self->draft->to_h != unset_h;
    bool has_hours = hours->layer == self->layer && self->draft->hours != unset_h;
    if (has_to && has_hours)
        return fail(self->err, hours->at, "season.hours stands beside season.to; accepted: one of them");
    if (has_to)
        self->draft->hours = unset_h;
    else if (has_hours)
        self->draft->to_h = unset_h;
    return SV_OK;
}

/* ---- files ------------------------------------------------------------------------------------ */

sv_status file_parse(reader *self, const char *path, const char *text, size_t n, scenario_file *file)
{
    node *root = NULL;
    *file = (scenario_file){.path = sv_arena_text(self->arena, path)};
    if (file->path == NULL)
        return fail_memory(self->err);
    sv_status status = tree_read(&root, self->trees, file->path, true, text, n, self->err);
    if (status != SV_OK)
        return status;
    if (root == NULL)
        return fail(self->err, (spot){path, 0, 0}, "it is empty; accepted: keys of a scenario, as grid: PATH");
    if (root->kind != NODE_MAP)
        return fail(self->err, (spot){path, root->line, root->column},
                    "%s stands here; accepted: keys of a scenario, as grid: PATH",
                    root->kind == NODE_LIST ? "a list" : "a single value");
    file->root = root;
    for (const node *key = root->child; key != NULL; key = key->next)
        if (strcmp(key->key, "base") == 0)
            file->base = key;
    return SV_OK;
}

sv_status file_read(reader *self, const char *path, const scenario_file *by, scenario_file *file)
{
    enum { MOST_FILE = MOST_BYTES + 1 }; /* one byte more than is accepted, so that the parser refuses it */
    char *text = SV_TAKE(self->trees, MOST_FILE, char), found[MOST_QUOTE];
    if (text == NULL)
        return fail_memory(self->err);
    FILE *stream = fopen(path, "rb");
    size_t n = stream != NULL ? fread(text, 1, MOST_FILE, stream) : 0;
    int error = stream == NULL || ferror(stream) ? errno : 0;
    if (stream != NULL)
        fclose(stream);
    if (error != 0 && by != NULL)
        return fail(self->err, (spot){by->path, by->base->line, by->base->column},
                    "base is '%s', which cannot be read: %s; accepted: a scenario, seen from the lever's folder",
                    quote(by->base->text, found), strerror(error));
    if (error != 0)
        return sv_error_set(self->err, SV_EIO, path, 0, "cannot be read: %s; accepted: a YAML file", strerror(error));
    return file_parse(self, path, text, n, file);
}

sv_status layer_read_file(reader *self, const scenario_file *file)
{
    self->file = file->path;
    self->lined = true;
    self->layer++;
    sv_status status = read_map(self, "", file->root);
    return status == SV_OK ? settle_end(self) : status;
}

/* ---- overrides ---------------------------------------------------------------------------------- */

/* The value of an override: a list, a map or a quoted text is YAML, all else is the text itself. */
static sv_status read_value(reader *self, const char *text, node **value)
{
    while (*text == ' ')
        text++;
    if (*text != '\0' && strchr("[{\"'", *text) != NULL) {
        sv_status status = tree_read(value, self->trees, self->file, false, text, strlen(text), self->err);
        if (status != SV_OK || *value != NULL)
            return status;
    }
    *value = SV_TAKE(self->trees, 1, node);
    if (*value == NULL)
        return fail_memory(self->err);
    **value = (node){.kind = NODE_TEXT, .text = text, .empty = *text == '\0'};
    return SV_OK;
}

sv_status check_one_line(const char *label, const char *text, sv_error *err)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return fail(err, (spot){label, 0, 0}, "control character 0x%02X; accepted: one line of text",
                        (unsigned char)*c);
    return text_check(label, false, text, strlen(text), err);
}

char *label_of(sv_arena *arena, const char *flag, const char *text)
{
    enum { MOST = 80 };
    size_t n = strlen(text), n_kept = n < MOST ? n : MOST;
    while (n_kept < n && n_kept > 0 && ((unsigned char)text[n_kept] & 0xC0) == 0x80)
        n_kept--; /* no half characters */
    size_t n_flag = strlen(flag);
    char *label = SV_TAKE(arena, n_flag + n_kept + 8, char);
    if (label == NULL)
        return NULL;
    stpcpy(stpcpy(label, flag), " ");
    char *out = label + n_flag + 1;
    for (size_t i = 0; i < n_kept; i++)
        out[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7F ? '?' : text[i];
    strcpy(out + n_kept, n_kept < n ? "..." : "");
    return label;
}

char *trim(char *text)
{
    text += strspn(text, " ");
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == ' ')
        n--;
    text[n] = '\0';
    return text;
}

sv_status layer_read_override(reader *self, const char *text)
{
    char *label = label_of(self->trees, "--set", text), *key = sv_arena_text(self->trees, text);
    if (label == NULL || key == NULL)
        return fail_memory(self->err);
    self->file = label;
    self->lined = false;
    self->layer++;
    char *value = strchr(key, '=');
    if (value == NULL || value == key)
        return fail(self->err, (spot){label, 0, 0}, "no key and value; accepted: KEY=VALUE, as demand.scale=1.1");
    *value++ = '\0';
    key = trim(key);
    node *found = NULL;
    sv_status status = check_one_line(label, text, self->err);
    if (status == SV_OK)
        status = read_value(self, value, &found);
    if (status != SV_OK)
        return status;
    found->key = key;
    char group[MOST_PATH] = "";
    const char *dot = strrchr(key, '.');
    if (dot != NULL && dot - key < MOST_PATH)
        snprintf(group, sizeof group, "%.*s", (int)(dot - key), key);
    if (group[0] != '\0' && !place_is_group(group))
        group[0] = '\0';
    status = layer_read_key(self, group, key, found);
    return status == SV_OK ? settle_end(self) : status;
}
