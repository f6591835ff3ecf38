/* A scenario: the file as one layer, each lever and each override as another, then the checks that need more than one
 * key. All of it lives in one arena; the trees of YAML in another that is gone at the end. Linear in the files. One
 * thread an object. */
#include "private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

/* ---- when it is ------------------------------------------------------------------------------- */

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

/* Where the latest layer that had a hand in these keys did so. */
static spot latest_in(const reader *self, const char *group)
{
    char path[MOST_PATH];
    size_t n = strlen(group);
    int32_t latest = -1;
    spot where = {self->file, 0, 0};
    for (place at = {-1, 0}; place_next(&at);) {
        const origin *set = &self->origin[at.i_setting][at.i_name];
        place_path(at, path);
        if (strncmp(path, group, n) != 0 || path[n] != '.' || set->at.file == NULL)
            continue;
        /* What was set before what was cleared, which has no layer. */
        int32_t rank = set->layer > 0 ? 2 * set->layer : set->lever > 0 ? 2 * set->lever - 1 : 0;
        if (rank > latest) {
            where = set->at;
            latest = rank;
        }
    }
    return where;
}

static sv_status check_damage(reader *self)
{
    const sv_wave_settings *waves = &self->draft->self.season.waves;
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        double sum = 0.0;
        char group[MOST_PATH];
        for (int32_t d = 0; d < SV_N_DAMAGE; d++)
            sum += waves->damage[c][d];
        snprintf(group, sizeof group, "damage.%s", sv_unit_class_name[c]);
        if (!(sum >= 1.0 - 1e-6 && sum <= 1.0 + 1e-6))
            return fail(self->err, latest_in(self, group), "%s sums to %.6g %% over its states; accepted: 100 %%",
                        group, 100.0 * sum);
    }
    return SV_OK;
}

static sv_status check_strikes(reader *self)
{
    const sv_wave_settings *waves = &self->draft->self.season.waves;
    double sum = 0.0;
    for (int32_t c = 0; c < SV_N_SITE_CLASS; c++)
        sum += waves->strike_share[c];
    if (sum > 0.0)
        return SV_OK;
    return fail(self->err, latest_in(self, "waves.strikes"),
                "waves.strikes are all 0; accepted: at least one class above 0 (waves.rate: 0 per week for none)");
}

static sv_status check_shipments(reader *self)
{
    const sv_repair_settings *repair = &self->draft->self.season.repair;
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        char group[MOST_PATH];
        snprintf(group, sizeof group, "shipments.%s", sv_unit_class_name[c]);
        if (repair->shipment_count[c] > 0 && repair->shipment_h[c] == INT64_MAX)
            return fail(self->err, latest_in(self, group),
                        "%s.count is %d and the shipment never arrives; accepted: %s.arrives with it", group,
                        (int)repair->shipment_count[c], group);
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

/* Of several levers: A + B, cut where it is longer than a name may be. */
static sv_status settle_names(reader *self, const char *const *name, int32_t n)
{
    if (n == 1)
        return SV_OK;
    char *all = SV_TAKE(self->arena, n * (MOST_TEXT + 3) + 1, char);
    if (all == NULL)
        return fail_memory(self->err);
    builder out = {all, 0, (size_t)n * (MOST_TEXT + 3) + 1};
    for (int32_t i = 0; i < n; i++)
        build(&out, "%s%s", i > 0 ? " + " : "", name[i]);
    if (out.n > MOST_TEXT) {
        size_t kept = MOST_TEXT - 3;
        while (((unsigned char)all[kept] & 0xC0) == 0x80)
            kept--; /* no half characters */
        strcpy(all + kept, "...");
    }
    self->draft->self.name = all;
    return SV_OK;
}

/* ---- all layers -------------------------------------------------------------------------------- */

/* What a scenario is made of. */
typedef struct {
    const scenario_file *base, *lever; /* [n_lever] */
    int32_t n_lever;
    const char *const *set; /* [n_set] */
    int32_t n_set;
    bool set_first; /* the overrides belong to the base; else they come last */
} recipe;

static sv_status read_overrides(reader *self, const recipe *of)
{
    sv_status status = SV_OK;
    for (int32_t i = 0; i < of->n_set && status == SV_OK; i++)
        status = layer_read_override(self, of->set[i]);
    return status;
}

static sv_status read_levers(reader *self, const recipe *of)
{
    if (of->n_lever == 0)
        return SV_OK;
    const char **name = SV_TAKE(self->trees, of->n_lever, const char *);
    if (name == NULL)
        return fail_memory(self->err);
    sv_status status = SV_OK;
    for (int32_t i = 0; i < of->n_lever && status == SV_OK; i++) {
        self->draft->self.name = NULL; /* a lever does not go by its base's */
        status = lever_read(self, &of->lever[i]);
        if (status == SV_OK)
            status = settle_name(self, of->lever[i].path);
        name[i] = self->draft->self.name;
    }
    if (status == SV_OK)
        status = lever_settle(self);
    if (status == SV_OK)
        status = lever_costs(self, of->lever, name, of->n_lever);
    return status == SV_OK ? settle_names(self, name, of->n_lever) : status;
}

static sv_status read_layers(reader *self, const recipe *of)
{
    sv_scenario *scenario = &self->draft->self;
    scenario->path = of->n_lever == 1 ? of->lever->path : of->base->path;
    scenario->base_path = of->n_lever > 0 ? of->base->path : NULL;
    sv_status status = layer_read_file(self, of->base);
    if (status == SV_OK)
        status = settle_grid(self, of->base->path);
    if (status == SV_OK && of->set_first)
        status = read_overrides(self, of);
    if (status == SV_OK)
        status = read_levers(self, of);
    if (status == SV_OK && !of->set_first)
        status = read_overrides(self, of);
    self->file = scenario->path;
    if (status == SV_OK)
        status = settle_name(self, scenario->path);
    if (status == SV_OK)
        status = settle_season(self);
    if (status == SV_OK)
        status = check_damage(self);
    if (status == SV_OK)
        status = check_strikes(self);
    return status == SV_OK ? check_shipments(self) : status;
}

/* ---- begin and end ------------------------------------------------------------------------------ */

static sv_status begin(reader *self, sv_error *err)
{
    sv_arena *arena = sv_arena_new();
    *self = (reader){.arena = arena, .trees = sv_arena_new(), .err = err};
    if (arena == NULL || self->trees == NULL)
        return fail_memory(err);
    self->draft = SV_TAKE(arena, 1, draft);
    self->origin = sv_arena_take(self->trees, (size_t)n_schema, sizeof *self->origin);
    if (self->draft == NULL || self->origin == NULL)
        return fail_memory(err);
    draft_defaults(self->draft);
    self->draft->self.arena = arena;
    return SV_OK;
}

static sv_status end(reader *self, sv_status status, sv_scenario **scenario)
{
    sv_arena_free(self->trees);
    if (status == SV_OK)
        *scenario = &self->draft->self;
    else
        sv_arena_free(self->arena);
    return status;
}

void sv_scenario_free(sv_scenario **scenario)
{
    if (*scenario != NULL)
        sv_arena_free((*scenario)->arena);
    *scenario = NULL;
}

/* ---- a scenario, or a lever with its base --------------------------------------------------------- */

static sv_status read_with_base(reader *self, const scenario_file *file, const char *const *set, int32_t n_set)
{
    scenario_file base;
    char found[MOST_QUOTE];
    const char *path = NULL;
    if (file->base == NULL)
        return read_layers(self, &(recipe){.base = file, .set = set, .n_set = n_set});
    sv_status status = lever_base_path(self, file, &path);
    if (status == SV_OK)
        status = file_read(self, path, file, &base);
    if (status != SV_OK)
        return status;
    if (base.base != NULL)
        return fail(self->err, (spot){file->path, file->base->line, file->base->column},
                    "base is '%s', which is a lever itself; accepted: a whole scenario",
                    quote(file->base->text, found));
    return read_layers(self, &(recipe){.base = &base, .lever = file, .n_lever = 1, .set = set, .n_set = n_set});
}

sv_status sv_scenario_parse(sv_scenario **scenario, const char *name, const char *text, size_t n,
                            const char *const *set, int32_t n_set, sv_error *err)
{
    *scenario = NULL;
    reader self;
    scenario_file file;
    sv_status status = begin(&self, err);
    if (status == SV_OK)
        status = file_parse(&self, name, text, n, &file);
    if (status == SV_OK)
        status = read_with_base(&self, &file, set, n_set);
    return end(&self, status, scenario);
}

sv_status sv_scenario_read(sv_scenario **scenario, const char *path, const char *const *set, int32_t n_set,
                           sv_error *err)
{
    *scenario = NULL;
    reader self;
    scenario_file file;
    sv_status status = begin(&self, err);
    if (status == SV_OK)
        status = file_read(&self, path, NULL, &file);
    if (status == SV_OK)
        status = read_with_base(&self, &file, set, n_set);
    return end(&self, status, scenario);
}

/* ---- a base and levers of it ---------------------------------------------------------------------- */

/* By what they are; where one cannot be looked at, by what they are called. */
static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    if (stat(a, &one) != 0 || stat(b, &other) != 0)
        return strcmp(a, b) == 0;
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static sv_status check_whole(reader *self, const scenario_file *base)
{
    char found[MOST_QUOTE];
    if (base->base == NULL)
        return SV_OK;
    return fail(self->err, (spot){base->path, base->base->line, base->base->column},
                "a lever of '%s' stands here; accepted: a whole scenario, of which levers are compared",
                base->base->kind == NODE_TEXT ? quote(base->base->text, found) : "");
}

static sv_status check_lever_of(reader *self, const scenario_file *lever, const char *base_path)
{
    const char *path = NULL;
    char found[MOST_QUOTE];
    if (lever->base == NULL)
        return fail(self->err, (spot){lever->path, 0, 0},
                    "it names no base: a whole scenario, no lever; accepted: a lever, with base: and the path of %s",
                    base_path);
    sv_status status = lever_base_path(self, lever, &path);
    if (status != SV_OK || same_file(path, base_path))
        return status;
    spot where = {lever->path, lever->base->line, lever->base->column};
    FILE *there = fopen(path, "rb");
    if (there == NULL)
        return fail(self->err, where,
                    "base is '%s', and %.200s cannot be read: %s; accepted: a path seen from the lever",
                    quote(lever->base->text, found), path, strerror(errno));
    fclose(there);
    return fail(self->err, where,
                "base is '%s'; accepted: a lever of %s, which is compared (copy it, and name that base in the copy)",
                quote(lever->base->text, found), base_path);
}

static sv_status read_lever_files(reader *self, const char *base_path, const char *const *lever_path, recipe *of)
{
    scenario_file *file = SV_TAKE(self->trees, of->n_lever + 1, scenario_file);
    if (file == NULL)
        return fail_memory(self->err);
    of->base = file;
    of->lever = file + 1;
    sv_status status = file_read(self, base_path, NULL, file);
    if (status == SV_OK)
        status = check_whole(self, file);
    for (int32_t i = 1; i <= of->n_lever && status == SV_OK; i++) {
        status = file_read(self, lever_path[i - 1], NULL, &file[i]);
        if (status == SV_OK)
            status = check_lever_of(self, &file[i], base_path);
    }
    return status == SV_OK ? read_layers(self, of) : status;
}

sv_status sv_scenario_read_lever(sv_scenario **scenario, const char *base_path, const char *const *set, int32_t n_set,
                                 const char *const *lever_path, int32_t n_lever, sv_error *err)
{
    *scenario = NULL;
    reader self;
    recipe of = {.n_lever = n_lever, .set = set, .n_set = n_set, .set_first = true};
    sv_status status = begin(&self, err);
    if (status == SV_OK)
        status = read_lever_files(&self, base_path, lever_path, &of);
    return end(&self, status, scenario);
}

static sv_status parse_sources(reader *self, const source *base, const source *lever, recipe *of)
{
    scenario_file *file = SV_TAKE(self->trees, of->n_lever + 1, scenario_file);
    if (file == NULL)
        return fail_memory(self->err);
    of->base = file;
    of->lever = file + 1;
    sv_status status = file_parse(self, base->path, base->text, base->n, file);
    if (status == SV_OK)
        status = check_whole(self, file);
    for (int32_t i = 1; i <= of->n_lever && status == SV_OK; i++) {
        const char *path = NULL;
        status = file_parse(self, lever[i - 1].path, lever[i - 1].text, lever[i - 1].n, &file[i]);
        if (status == SV_OK && file[i].base != NULL)
            status = lever_base_path(self, &file[i], &path);
    }
    return status == SV_OK ? read_layers(self, of) : status;
}

sv_status scenario_of_sources(sv_scenario **scenario, const source *base, const char *const *set, int32_t n_set,
                              const source *lever, int32_t n_lever, sv_error *err)
{
    *scenario = NULL;
    reader self;
    recipe of = {.n_lever = n_lever, .set = set, .n_set = n_set, .set_first = true};
    sv_status status = begin(&self, err);
    if (status == SV_OK)
        status = parse_sources(&self, base, lever, &of);
    return end(&self, status, scenario);
}
