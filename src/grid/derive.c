/* What a file may leave out and a grid always has: regions, sites, places, units. Everything follows row order and the
 * numbers of areas, so the same file gives the same tables. Linear in rows, near-linear in branches; allocates in the
 * grid's arena. */
#include "draft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- regions ------------------------------------------------------------------------------- */

static int compare_int(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Decimal digits of a number, in the arena. */
static char *number_text(sv_arena *arena, int32_t value)
{
    char digits[16];
    int32_t n = 0;
    uint32_t rest = value < 0 ? 0U - (uint32_t)value : (uint32_t)value;
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[n++] = '-';
    char *text = SV_TAKE(arena, n + 1, char);
    for (int32_t i = 0; text && i < n; i++)
        text[i] = digits[n - 1 - i];
    return text;
}

/* One region an area, in the order of their numbers; its id is the number. */
sv_status derive_regions(derivation *d)
{
    sv_grid *g = d->grid;
    if (g->n_region > 0)
        return SV_OK;
    sv_arena *scratch = sv_arena_new();
    int32_t *area = scratch ? SV_TAKE(scratch, g->n_bus, int32_t) : NULL;
    if (!area) {
        sv_arena_free(scratch);
        return SV_ENOMEM;
    }
    for (int32_t i = 0; i < g->n_bus; i++)
        area[i] = d->bus[i].area;
    qsort(area, (size_t)g->n_bus, sizeof *area, compare_int);
    int32_t n = 0;
    for (int32_t i = 0; i < g->n_bus; i++) {
        if (i == 0 || area[i] != area[i - 1])
            area[n++] = area[i];
    }
    d->region = SV_TAKE(g->arena, n, sv_region);
    for (int32_t k = 0; d->region && k < n; k++)
        d->region[k] =
            (sv_region){.id = number_text(g->arena, area[k]), .x_km = NAN, .y_km = NAN, .i_series_temperature = -1};
    for (int32_t i = 0; i < g->n_bus; i++) {
        const int32_t *found = bsearch(&d->bus[i].area, area, (size_t)n, sizeof *area, compare_int);
        d->bus[i].i_region = (int32_t)(found - area);
    }
    sv_arena_free(scratch);
    g->region = d->region;
    g->n_region = n;
    g->regions_derived = true;
    return sv_arena_failed(g->arena) ? SV_ENOMEM : SV_OK;
}

/* ---- sites --------------------------------------------------------------------------------- */

/* The class of site that a kind of generation makes; condensers make none. */
static sv_site_class class_of_kind(sv_gen_kind kind)
{
    static const sv_site_class class_of[SV_N_GEN_KIND] = {
        [SV_GEN_THERMAL] = SV_SITE_THERMAL, [SV_GEN_NUCLEAR] = SV_SITE_NUCLEAR,
        [SV_GEN_HYDRO] = SV_SITE_HYDRO,     [SV_GEN_WIND] = SV_SITE_RENEWABLE,
        [SV_GEN_SOLAR] = SV_SITE_RENEWABLE, [SV_GEN_CONDENSER] = SV_SITE_SUBSTATION};
    return class_of[kind];
}

/* Class by the largest group of generation; a tie goes to the lower class number, no generation is a substation. */
static sv_status classify_sites(derivation *d)
{
    const sv_grid *g = d->grid;
    sv_arena *scratch = sv_arena_new();
    double *sum_mw = scratch ? SV_TAKE(scratch, (size_t)g->n_site * SV_N_SITE_CLASS, double) : NULL;
    if (!sum_mw) {
        sv_arena_free(scratch);
        return SV_ENOMEM;
    }
    for (int32_t i = 0; i < g->n_gen; i++) {
        const sv_gen *gen = &g->gen[i];
        if (gen->p_max_mw > 0.0)
            sum_mw[(size_t)d->bus[gen->i_bus].i_site * SV_N_SITE_CLASS + class_of_kind(gen->kind)] += gen->p_max_mw;
    }
    for (int32_t s = 0; s < g->n_site; s++) {
        const double *sum = &sum_mw[(size_t)s * SV_N_SITE_CLASS];
        double most = 0.0;
        for (sv_site_class k = SV_SITE_THERMAL; k < SV_N_SITE_CLASS; k++) {
            if (sum[k] > most) {
                most = sum[k];
                d->site[s].class_ = k;
            }
        }
    }
    sv_arena_free(scratch);
    return SV_OK;
}

/* Groups of buses tied by transformers, in service or not; a site is numbered and named by its lowest bus. */
static sv_status group_sites(derivation *d)
{
    sv_grid *g = d->grid;
    sv_arena *scratch = sv_arena_new();
    int32_t *parent = scratch ? SV_TAKE(scratch, g->n_bus, int32_t) : NULL;
    if (!parent) {
        sv_arena_free(scratch);
        return SV_ENOMEM;
    }
    for (int32_t i = 0; i < g->n_bus; i++)
        parent[i] = i;
    for (int32_t i = 0; i < g->n_branch; i++) {
        if (sv_branch_is_transformer(g, i))
            group_join(parent, g->branch[i].i_from, g->branch[i].i_to);
    }
    int32_t n = 0;
    for (int32_t i = 0; i < g->n_bus; i++)
        n += parent[i] == i;
    d->site = SV_TAKE(g->arena, n, sv_site);
    if (!d->site) {
        sv_arena_free(scratch);
        return SV_ENOMEM;
    }
    n = 0;
    for (int32_t i = 0; i < g->n_bus; i++) {
        const int32_t root = group_root(parent, i);
        if (root == i) { /* the root is the lowest, so it comes first */
            d->site[n] = (sv_site){
                .id = d->bus[i].id, .name = d->bus[i].name, .i_region = d->bus[i].i_region, .x_km = NAN, .y_km = NAN};
            d->bus[i].i_site = n++;
        } else {
            d->bus[i].i_site = d->bus[root].i_site;
        }
    }
    sv_arena_free(scratch);
    g->site = d->site;
    g->n_site = n;
    g->sites_derived = true;
    return classify_sites(d);
}

sv_status derive_sites(derivation *d)
{
    sv_grid *g = d->grid;
    if (g->n_site == 0)
        return group_sites(d);
    for (int32_t i = 0; i < g->n_bus; i++) {
        sv_site *site = &d->site[d->bus[i].i_site];
        if (site->i_region < 0)
            site->i_region = d->bus[i].i_region;
    }
    for (int32_t s = 0; s < g->n_site; s++) {
        if (d->site[s].i_region < 0)
            d->site[s].i_region = 0; /* a site without a bus has no units: nothing happens there */
    }
    return SV_OK;
}

/* ---- places -------------------------------------------------------------------------------- */

typedef struct {
    double x, y;
    int32_t n;
} centre;

static void centre_add(centre *c, const sv_bus *bus)
{
    if (isnan(bus->x_km) || isnan(bus->y_km))
        return;
    c->x += bus->x_km;
    c->y += bus->y_km;
    c->n++;
}

/* Sites and regions without a place get the mean of their buses' places. */
sv_status derive_places(derivation *d)
{
    const sv_grid *g = d->grid;
    sv_arena *scratch = sv_arena_new();
    centre *site = scratch ? SV_TAKE(scratch, g->n_site, centre) : NULL;
    centre *region = scratch ? SV_TAKE(scratch, g->n_region, centre) : NULL;
    if (!site || !region) {
        sv_arena_free(scratch);
        return SV_ENOMEM;
    }
    for (int32_t i = 0; i < g->n_bus; i++) {
        centre_add(&site[d->bus[i].i_site], &d->bus[i]);
        centre_add(&region[d->bus[i].i_region], &d->bus[i]);
    }
    for (int32_t i = 0; i < g->n_site; i++) {
        if (site[i].n && (isnan(d->site[i].x_km) || isnan(d->site[i].y_km))) {
            d->site[i].x_km = site[i].x / site[i].n;
            d->site[i].y_km = site[i].y / site[i].n;
        }
    }
    for (int32_t i = 0; i < g->n_region; i++) {
        if (region[i].n && (isnan(d->region[i].x_km) || isnan(d->region[i].y_km))) {
            d->region[i].x_km = region[i].x / region[i].n;
            d->region[i].y_km = region[i].y / region[i].n;
        }
    }
    sv_arena_free(scratch);
    return SV_OK;
}

/* ---- units --------------------------------------------------------------------------------- */

static sv_unit_class class_of_gen(const sv_gen *gen)
{
    static const sv_unit_class class_of[SV_N_GEN_KIND] = {
        [SV_GEN_THERMAL] = SV_UNIT_THERMAL, [SV_GEN_NUCLEAR] = SV_UNIT_NUCLEAR, [SV_GEN_HYDRO] = SV_UNIT_HYDRO,
        [SV_GEN_WIND] = SV_UNIT_RENEWABLE,  [SV_GEN_SOLAR] = SV_UNIT_RENEWABLE, [SV_GEN_CONDENSER] = SV_UNIT_THERMAL};
    return class_of[gen->kind];
}

/* A condenser has no active power to lose, so it is no unit; one that a file gives power is. */
static bool gen_is_unit(const sv_gen *gen)
{
    return gen->kind != SV_GEN_CONDENSER || gen->p_max_mw > 0.0;
}

static sv_unit_class class_of_transformer(const sv_grid *g, const sv_branch *branch)
{
    const double from_kv = g->bus[branch->i_from].vn_kv, to_kv = g->bus[branch->i_to].vn_kv;
    return fmin(from_kv, to_kv) >= 100.0 ? SV_UNIT_AUTOTRANSFORMER : SV_UNIT_TRANSFORMER;
}

typedef struct {
    sv_grid *grid;
    sv_unit *unit;  /* NULL: only count */
    int32_t *next;  /* [n_site + 1] next free place of each site, the last one for lines */
    int32_t *of[5]; /* by sv_unit_kind */
} unit_filler;

static void place_unit(unit_filler *f, int32_t slot, sv_unit unit)
{
    if (f->unit) {
        f->of[unit.kind][unit.index] = f->next[slot];
        f->unit[f->next[slot]] = unit;
    }
    f->next[slot]++;
}

/* Units in the order bus, transformer, generator, storage within a site; then lines, then dc lines. */
static void walk_units(unit_filler *f)
{
    const sv_grid *g = f->grid;
    for (int32_t i = 0; i < g->n_bus; i++) {
        const int32_t s = g->bus[i].i_site;
        place_unit(f, s, (sv_unit){SV_UNIT_SWITCHGEAR, SV_OF_BUS, i, s, g->site[s].i_region, 0.0, 0.0});
    }
    for (int32_t i = 0; i < g->n_branch; i++) {
        const sv_branch *b = &g->branch[i];
        const int32_t s = g->bus[b->i_from].i_site;
        if (sv_branch_is_transformer(g, i))
            place_unit(
                f, s,
                (sv_unit){class_of_transformer(g, b), SV_OF_BRANCH, i, s, g->site[s].i_region, b->mttf_h, b->mttr_h});
        else
            place_unit(f, g->n_site,
                       (sv_unit){SV_UNIT_LINE, SV_OF_BRANCH, i, -1, g->bus[b->i_from].i_region, b->mttf_h, b->mttr_h});
    }
    for (int32_t i = 0; i < g->n_gen; i++) {
        const sv_gen *gen = &g->gen[i];
        const int32_t s = g->bus[gen->i_bus].i_site;
        if (gen_is_unit(gen))
            place_unit(f, s,
                       (sv_unit){class_of_gen(gen), SV_OF_GEN, i, s, g->site[s].i_region, gen->mttf_h, gen->mttr_h});
    }
    for (int32_t i = 0; i < g->n_storage; i++) {
        const sv_storage *st = &g->storage[i];
        const int32_t s = g->bus[st->i_bus].i_site;
        place_unit(f, s, (sv_unit){SV_UNIT_STORAGE, SV_OF_STORAGE, i, s, g->site[s].i_region, st->mttf_h, st->mttr_h});
    }
    for (int32_t i = 0; i < g->n_dc_line; i++) {
        const sv_dc_line *dc = &g->dc_line[i];
        place_unit(
            f, g->n_site,
            (sv_unit){SV_UNIT_DC_LINE, SV_OF_DC_LINE, i, -1, g->bus[dc->i_from].i_region, dc->mttf_h, dc->mttr_h});
    }
}

static int32_t *no_units(sv_arena *arena, int32_t n)
{
    int32_t *of = SV_TAKE(arena, n, int32_t);
    for (int32_t i = 0; of && i < n; i++)
        of[i] = -1;
    return of;
}

sv_status derive_units(derivation *d)
{
    sv_grid *g = d->grid;
    sv_arena *scratch = sv_arena_new();
    unit_filler f = {.grid = g, .next = scratch ? SV_TAKE(scratch, g->n_site + 1, int32_t) : NULL};
    const int32_t n_of[5] = {g->n_bus, g->n_branch, g->n_gen, g->n_storage, g->n_dc_line};
    for (int k = 0; k < 5; k++)
        f.of[k] = no_units(g->arena, n_of[k]);
    if (!f.next || sv_arena_failed(g->arena)) {
        sv_arena_free(scratch);
        return SV_ENOMEM;
    }
    walk_units(&f);
    int32_t n = 0;
    for (int32_t s = 0; s <= g->n_site; s++) {
        const int32_t count = f.next[s];
        if (s < g->n_site) {
            d->site[s].i_unit = n;
            d->site[s].n_unit = count;
        }
        f.next[s] = n;
        n += count;
    }
    f.unit = SV_TAKE(g->arena, n, sv_unit);
    if (f.unit)
        walk_units(&f);
    g->unit = f.unit;
    g->n_unit = n;
    g->unit_of_bus = f.of[SV_OF_BUS];
    g->unit_of_branch = f.of[SV_OF_BRANCH];
    g->unit_of_gen = f.of[SV_OF_GEN];
    g->unit_of_storage = f.of[SV_OF_STORAGE];
    g->unit_of_dc_line = f.of[SV_OF_DC_LINE];
    sv_arena_free(scratch);
    return f.unit ? SV_OK : SV_ENOMEM;
}
