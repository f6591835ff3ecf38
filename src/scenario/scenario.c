/* A scenario: the file as one layer, each override as another, then the checks that need more than one key. All of it
 * lives in one arena; the trees of YAML in another that is gone at the end. Linear in the file. One thread an
 * object. */
#include "private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void draft_defaults(draft *self)
{
    *self = (draft){.from_h = unset_h, .to_h = unset_h, .hours = unset_h};
    self->self.season = sv_season_defaults();
    self->self.study = (sv_study_settings){.n_season = 1000, .seed = 1};
}

draft draft_of(const sv_scenario *scenario)
{
    draft self = {.self = *scenario, .from_h = unset_h, .to_h = unset_h, .hours = unset_h};
    if (scenario->season.n_h > 0) {
        self.from_h = scenario->season.t0_h;
        self.hours = scenario->season.n_h;
    }
    return self;
}

/* ---- keys --------------------------------------------------------------------------------------- */

static sv_status refuse_key(reader *self, const char *path, const char *group, const node *at)
{
    char near[MOST_PATH], text[400] = "", shown[MOST_QUOTE];
    quote(path, shown);
    spot where = spot_of_key(self, at);
    if (strcmp(path, "base") == 0 || strcmp(path, "levers") == 0)
        return fail(self->err, where,
                    "unknown key '%s': a lever, which changes another scenario, is not read here; accepted: "
                    "a whole scenario, changed with --set",
                    path);
    if (nearest_key(path, near))
        return fail(self->err, where, "unknown key '%s'; did you mean '%s'?", shown, near);
    builder members = {text, 0, sizeof text};
    build_members(&members, group);
    if (group[0] == '\0')
        return fail(self->err, where, "unknown key '%s'; accepted: %s", shown, text);
    return fail(self->err, where, "unknown key '%s'; accepted in %s: %s", shown, group, text);
}

static sv_status read_map(reader *self, const char *group, const node *map);

static sv_status read_key(reader *self, const char *group, const char *path, const node *value)
{
    place at;
    if (place_find(path, &at))
        return value_read(self, at, value);
    if (!place_is_group(path))
        return refuse_key(self, path, group, value);
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

static sv_status read_map(reader *self, const char *group, const node *map)
{
    value_clear(self, group, spot_of(self, map));
    sv_status status = SV_OK;
    for (const node *value = map->child; value != NULL && status == SV_OK; value = value->next) {
        char path[MOST_PATH];
        int n = snprintf(path, sizeof path, "%s%s%s", group, group[0] != '\0' ? "." : "", value->key);
        if (n >= MOST_PATH)
            return refuse_key(self, value->key, group, value);
        status = read_key(self, group, path, value);
    }
    return status;
}

/* ---- the end of the season: two spellings ---------------------------------------------------- */

static const origin *origin_of(const reader *self, const char *path)
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

static sv_status settle_season(reader *self)
{
    draft *d = self->draft;
    sv_season_settings *season = &d->self.season;
    const origin *from = origin_of(self, "season.from"), *to = origin_of(self, "season.to");
    const origin *hours = origin_of(self, "season.hours");
    char from_text[MOST_NUMBER], to_text[MOST_NUMBER];
    d->self.has_season = d->from_h != unset_h;
    if (!d->self.has_season && (d->to_h != unset_h || d->hours != unset_h))
        return fail(self->err, d->to_h != unset_h ? to->at : hours->at,
                    "%s stands without season.from; accepted: both, or neither for all hours of the grid's series",
                    d->to_h != unset_h ? "season.to" : "season.hours");
    if (!d->self.has_season)
        return SV_OK;
    if (d->to_h == unset_h && d->hours == unset_h)
        return fail(self->err, from->at,
                    "season.from stands without an end; accepted: season.to or season.hours with it");
    season->t0_h = d->from_h;
    season->n_h = d->hours != unset_h ? d->hours : d->to_h - d->from_h;
    if (season->n_h <= 0)
        return fail(self->err, to->at, "the season is empty, from %s to %s; accepted: a last day on or after the first",
                    text_of_date(d->from_h, from_text), text_of_last(d->to_h, to_text));
    if (season->n_h > 20 * 8784)
        return fail(self->err, to->at, "the season has %lld h; accepted: at most %d h, 20 years",
                    (long long)season->n_h, 20 * 8784);
    return SV_OK;
}

/* ---- checks over several keys ---------------------------------------------------------------- */

static sv_status check_damage(reader *self)
{
    const sv_wave_settings *waves = &self->draft->self.season.waves;
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        double sum = 0.0;
        spot at = {self->file, 0, 0};
        int32_t latest = -1;
        for (int32_t d = 0; d < SV_N_DAMAGE; d++) {
            char path[MOST_PATH];
            snprintf(path, sizeof path, "damage.%s.%s", sv_unit_class_name[c], sv_damage_name[d]);
            const origin *set = origin_of(self, path);
            sum += waves->damage[c][d];
            if (set->at.file != NULL && set->layer > latest) {
                at = set->at;
                latest = set->layer;
            }
        }
        if (!(sum >= 1.0 - 1e-6 && sum <= 1.0 + 1e-6))
            return fail(self->err, at, "damage.%s sums to %.6g %% over its states; accepted: 100 %%",
                        sv_unit_class_name[c], 100.0 * sum);
    }
    return SV_OK;
}

static sv_status check_strikes(reader *self)
{
    const sv_wave_settings *waves = &self->draft->self.season.waves;
    double sum = 0.0;
    for (int32_t c = 0; c < SV_N_SITE_CLASS; c++)
        sum += waves->strike_share[c];
    return sum > 0.0
               ? SV_OK
               : fail(
                     self->err, origin_of(self, "waves.strikes.substation")->at,
                     "waves.strikes are all 0; accepted: at least one class above 0 (waves.rate: 0 per week for none)");
}

static sv_status check_shipments(reader *self)
{
    const sv_repair_settings *repair = &self->draft->self.season.repair;
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        char path[MOST_PATH];
        snprintf(path, sizeof path, "shipments.%s.count", sv_unit_class_name[c]);
        if (repair->shipment_count[c] > 0 && repair->shipment_h[c] == INT64_MAX)
            return fail(self->err, origin_of(self, path)->at,
                        "%s is %d and the shipment never arrives; accepted: "
                        "shipments.%s.arrives with it",
                        path, (int)repair->shipment_count[c], sv_unit_class_name[c]);
    }
    return SV_OK;
}

/* ---- where the grid is ------------------------------------------------------------------------ */

static char *join(sv_arena *arena, const char *a, size_t n_a, const char *b)
{
    size_t n_b = strlen(b);
    char *both = SV_TAKE(arena, n_a + n_b + 1, char);
    if (both == NULL)
        return NULL;
    memcpy(both, a, n_a);
    memcpy(both + n_a, b, n_b);
    return both;
}

/* What the file says is seen from the file's folder. */
static sv_status settle_grid(reader *self, const char *path)
{
    const char *slash = strrchr(path, '/'), *grid = self->draft->self.grid_path;
    if (grid == NULL || grid[0] == '/' || slash == NULL)
        return SV_OK;
    self->draft->self.grid_path = join(self->arena, path, (size_t)(slash - path) + 1, grid);
    return self->draft->self.grid_path != NULL ? SV_OK : fail_memory(self->err);
}

/* Without a title: the name of the file, without its folder and ending. */
static sv_status settle_name(reader *self, const char *path)
{
    if (self->draft->self.name != NULL)
        return SV_OK;
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    size_t n = dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base);
    self->draft->self.name = join(self->arena, base, n < MOST_TEXT ? n : MOST_TEXT, "");
    return self->draft->self.name != NULL ? SV_OK : fail_memory(self->err);
}

/* ---- layers ------------------------------------------------------------------------------------ */

static sv_status read_file_layer(reader *self, sv_arena *trees, const char *text, size_t n)
{
    node *root = NULL;
    self->layer = 1;
    self->lined = true;
    sv_status status = tree_read(&root, trees, self->file, true, text, n, self->err);
    if (status != SV_OK)
        return status;
    if (root == NULL)
        return fail(self->err, (spot){self->file, 0, 0}, "it is empty; accepted: keys of a scenario, as grid: PATH");
    if (root->kind != NODE_MAP)
        return fail(self->err, spot_of(self, root), "%s stands here; accepted: keys of a scenario, as grid: PATH",
                    root->kind == NODE_LIST ? "a list" : "a single value");
    status = read_map(self, "", root);
    return status == SV_OK ? settle_end(self) : status;
}

/* The value of an override: a list, a map or a quoted text is YAML, all else is the text itself. */
static sv_status read_value(reader *self, sv_arena *trees, const char *text, node **value)
{
    while (*text == ' ')
        text++;
    if (*text != '\0' && strchr("[{\"'", *text) != NULL) {
        sv_status status = tree_read(value, trees, self->file, false, text, strlen(text), self->err);
        if (status != SV_OK || *value != NULL)
            return status;
    }
    *value = SV_TAKE(trees, 1, node);
    if (*value == NULL)
        return fail_memory(self->err);
    **value = (node){.kind = NODE_TEXT, .text = text, .empty = *text == '\0'};
    return SV_OK;
}

/* Nothing but text on one line. */
static sv_status check_override(reader *self, const char *text)
{
    spot at = {self->file, 0, 0};
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return fail(self->err, at, "control character 0x%02X; accepted: one line of text", (unsigned char)*c);
    return text_check(self->file, false, text, strlen(text), self->err);
}

/* `--set key=value` in place of a file's name, cut when long. */
static char *name_override(sv_arena *trees, const char *text)
{
    enum { MOST = 80 };
    size_t n = strlen(text), n_kept = n < MOST ? n : MOST;
    while (n_kept < n && n_kept > 0 && ((unsigned char)text[n_kept] & 0xC0) == 0x80)
        n_kept--; /* no half characters */
    char *label = SV_TAKE(trees, n_kept + 16, char);
    if (label == NULL)
        return NULL;
    memcpy(label, "--set ", 6);
    for (size_t i = 0; i < n_kept; i++)
        label[6 + i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7F ? '?' : text[i];
    strcpy(label + 6 + n_kept, n_kept < n ? "..." : "");
    return label;
}

/* Without blanks around it, in place. */
static char *trim(char *text)
{
    text += strspn(text, " ");
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == ' ')
        n--;
    text[n] = '\0';
    return text;
}

static sv_status read_override(reader *self, sv_arena *trees, const char *text)
{
    char *label = name_override(trees, text), *key = sv_arena_text(trees, text);
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
    sv_status status = check_override(self, text);
    if (status == SV_OK)
        status = read_value(self, trees, value, &found);
    if (status != SV_OK)
        return status;
    found->key = key;
    char group[MOST_PATH] = "";
    const char *dot = strrchr(key, '.');
    if (dot != NULL && dot - key < MOST_PATH)
        snprintf(group, sizeof group, "%.*s", (int)(dot - key), key);
    if (group[0] != '\0' && !place_is_group(group))
        group[0] = '\0';
    status = read_key(self, group, key, found);
    return status == SV_OK ? settle_end(self) : status;
}

static sv_status read_layers(reader *self, sv_arena *trees, const char *name, const char *text, size_t n,
                             const char *const *set, int32_t n_set)
{
    sv_status status = read_file_layer(self, trees, text, n);
    if (status == SV_OK)
        status = settle_grid(self, name);
    for (int32_t i = 0; i < n_set && status == SV_OK; i++)
        status = read_override(self, trees, set[i]);
    self->file = name;
    if (status == SV_OK)
        status = settle_name(self, name);
    if (status == SV_OK)
        status = settle_season(self);
    if (status == SV_OK)
        status = check_damage(self);
    if (status == SV_OK)
        status = check_strikes(self);
    return status == SV_OK ? check_shipments(self) : status;
}

static sv_status read_all(draft *self, sv_arena *trees, const char *name, const char *text, size_t n,
                          const char *const *set, int32_t n_set, sv_error *err)
{
    sv_arena *arena = self->self.arena;
    draft_defaults(self);
    self->self.arena = arena;
    self->self.path = sv_arena_text(arena, name);
    reader r = {.draft = self, .arena = arena, .err = err, .file = name};
    r.origin = sv_arena_take(trees, (size_t)n_schema, sizeof *r.origin);
    if (self->self.path == NULL || r.origin == NULL)
        return fail_memory(err);
    return read_layers(&r, trees, name, text, n, set, n_set);
}

sv_status sv_scenario_parse(sv_scenario **scenario, const char *name, const char *text, size_t n,
                            const char *const *set, int32_t n_set, sv_error *err)
{
    *scenario = NULL;
    sv_arena *arena = sv_arena_new(), *trees = sv_arena_new();
    draft *self = arena != NULL ? SV_TAKE(arena, 1, draft) : NULL;
    sv_status status = SV_OK;
    if (self == NULL || trees == NULL) {
        status = fail_memory(err);
    } else {
        self->self.arena = arena;
        status = read_all(self, trees, name, text, n, set, n_set, err);
    }
    sv_arena_free(trees);
    if (status == SV_OK)
        *scenario = &self->self;
    else
        sv_arena_free(arena);
    return status;
}

void sv_scenario_free(sv_scenario **scenario)
{
    if (*scenario != NULL)
        sv_arena_free((*scenario)->arena);
    *scenario = NULL;
}

/* ---- the file ----------------------------------------------------------------------------------- */

enum { MOST_FILE = MOST_BYTES + 1 }; /* one byte more than is accepted, so that the parser refuses it */

/* All of a file, or one byte more than is accepted. NULL = out of memory, or ferror. */
static char *load(FILE *file, size_t *n)
{
    char *text = NULL;
    *n = 0;
    for (size_t room = 1 << 16;; room = room * 4 < MOST_FILE ? room * 4 : MOST_FILE) {
        char *more = realloc(text, room);
        if (more == NULL)
            break;
        text = more;
        *n += fread(text + *n, 1, room - *n, file);
        if (ferror(file))
            break;
        if (*n < room || room == MOST_FILE)
            return text;
    }
    free(text);
    return NULL;
}

sv_status sv_scenario_read(sv_scenario **scenario, const char *path, const char *const *set, int32_t n_set,
                           sv_error *err)
{
    *scenario = NULL;
    size_t n = 0;
    FILE *file = fopen(path, "rb");
    char *text = file != NULL ? load(file, &n) : NULL;
    sv_status status = SV_OK;
    if (file == NULL || ferror(file))
        status = sv_error_set(err, SV_EIO, path, 0, "cannot be read: %s; accepted: a YAML file", strerror(errno));
    else if (text == NULL)
        status = fail_memory(err);
    if (file != NULL)
        fclose(file);
    if (status == SV_OK)
        status = sv_scenario_parse(scenario, path, text, n, set, n_set, err);
    free(text);
    return status;
}
