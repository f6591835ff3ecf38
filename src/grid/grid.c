/* The grid: a draft checked, completed and frozen in one arena. Constant afterwards, shared by all threads.
 * Making it is linear in rows; the finders search linearly. */
#include "draft.h"

#include <math.h>
#include <string.h>

table_view grid_view(const sv_grid *g, sv_table table)
{
    const table_view views[SV_N_TABLE] = {
        [SV_TABLE_SERIES] = {(const char *)g->series, g->n_series},
        [SV_TABLE_REGION] = {(const char *)g->region, g->n_region},
        [SV_TABLE_SITE] = {(const char *)g->site, g->n_site},
        [SV_TABLE_BUS] = {(const char *)g->bus, g->n_bus},
        [SV_TABLE_BRANCH] = {(const char *)g->branch, g->n_branch},
        [SV_TABLE_GEN] = {(const char *)g->gen, g->n_gen},
        [SV_TABLE_LOAD] = {(const char *)g->load, g->n_load},
        [SV_TABLE_STORAGE] = {(const char *)g->storage, g->n_storage},
        [SV_TABLE_DC_LINE] = {(const char *)g->dc_line, g->n_dc_line},
        [SV_TABLE_SHUNT] = {(const char *)g->shunt, g->n_shunt},
        [SV_TABLE_INTERCONNECTOR] = {(const char *)g->interconnector, g->n_interconnector},
    };
    return views[table];
}

/* Rows and their strings, out of the draft into the grid's arena. */
static void *copy_table(sv_arena *arena, const sv_draft *draft, sv_table table)
{
    const draft_table *t = &draft->table[table];
    const table_info *info = &table_of[table];
    char *row = sv_arena_take(arena, (size_t)t->n, info->size);
    if (!row)
        return NULL;
    if (t->n)
        memcpy(row, t->row, (size_t)t->n * info->size);
    for (int32_t i = 0; i < t->n; i++) {
        for (int32_t k = 0; k < info->n_field; k++) {
            if (info->field[k].type != FIELD_TEXT)
                continue;
            char *at = row + (size_t)i * info->size + info->field[k].offset;
            const char *text;
            memcpy(&text, at, sizeof text);
            text = sv_arena_text(arena, text);
            memcpy(at, &text, sizeof text);
        }
    }
    return row;
}

static const void *copy_values(sv_arena *arena, const void *from, int64_t n, size_t size)
{
    if (n <= 0 || !from)
        return NULL;
    void *to = sv_arena_take(arena, (size_t)n, size);
    if (to)
        memcpy(to, from, (size_t)n * size);
    return to;
}

static void copy_tables(derivation *d, const sv_draft *draft)
{
    sv_grid *g = d->grid;
    sv_arena *arena = g->arena;
    g->name = sv_arena_text(arena, draft->name);
    g->base_mva = draft->base_mva;
    g->bus = d->bus = copy_table(arena, draft, SV_TABLE_BUS);
    g->site = d->site = copy_table(arena, draft, SV_TABLE_SITE);
    g->region = d->region = copy_table(arena, draft, SV_TABLE_REGION);
    g->branch = copy_table(arena, draft, SV_TABLE_BRANCH);
    g->load = copy_table(arena, draft, SV_TABLE_LOAD);
    g->storage = copy_table(arena, draft, SV_TABLE_STORAGE);
    g->dc_line = copy_table(arena, draft, SV_TABLE_DC_LINE);
    g->shunt = copy_table(arena, draft, SV_TABLE_SHUNT);
    g->interconnector = copy_table(arena, draft, SV_TABLE_INTERCONNECTOR);
    sv_gen *gen = copy_table(arena, draft, SV_TABLE_GEN);
    for (int32_t i = 0; gen && i < draft->table[SV_TABLE_GEN].n; i++)
        gen[i].cost = copy_values(arena, gen[i].cost, gen[i].n_cost, sizeof(double));
    g->gen = gen;
    sv_series *series = copy_table(arena, draft, SV_TABLE_SERIES);
    for (int32_t i = 0; series && i < draft->table[SV_TABLE_SERIES].n; i++)
        series[i].value = copy_values(arena, series[i].value, series[i].n_h, sizeof(float));
    g->series = series;
    g->n_bus = draft->table[SV_TABLE_BUS].n;
    g->n_site = draft->table[SV_TABLE_SITE].n;
    g->n_region = draft->table[SV_TABLE_REGION].n;
    g->n_branch = draft->table[SV_TABLE_BRANCH].n;
    g->n_gen = draft->table[SV_TABLE_GEN].n;
    g->n_load = draft->table[SV_TABLE_LOAD].n;
    g->n_storage = draft->table[SV_TABLE_STORAGE].n;
    g->n_dc_line = draft->table[SV_TABLE_DC_LINE].n;
    g->n_shunt = draft->table[SV_TABLE_SHUNT].n;
    g->n_interconnector = draft->table[SV_TABLE_INTERCONNECTOR].n;
    g->n_series = draft->table[SV_TABLE_SERIES].n;
}

static void copy_notes(sv_grid *g, const sv_draft *draft)
{
    sv_note *note = SV_TAKE(g->arena, draft->n_note, sv_note);
    for (int32_t k = 0; note && k < draft->n_note; k++) {
        note[k] = draft->note[k];
        note[k].key = sv_arena_text(g->arena, draft->note[k].key);
        note[k].text = sv_arena_text(g->arena, draft->note[k].text);
    }
    g->note = note;
    g->n_note = draft->n_note;
}

static sv_status build(derivation *d, const sv_draft *draft, sv_error *err)
{
    copy_tables(d, draft);
    copy_notes(d->grid, draft);
    if (sv_arena_failed(d->grid->arena) || sv_arena_failed(draft->arena))
        return SV_ENOMEM;
    sv_status status = check_grid(d->grid, draft, err);
    if (!status)
        status = derive_regions(d);
    if (!status)
        status = derive_sites(d);
    if (!status)
        status = derive_places(d);
    if (!status)
        status = derive_units(d);
    if (!status)
        d->grid->fingerprint = fingerprint_grid(d->grid);
    return status;
}

sv_status sv_grid_new(sv_grid **grid, const sv_draft *draft, sv_error *err)
{
    *grid = NULL;
    sv_arena *arena = sv_arena_new();
    sv_grid *g = arena ? SV_TAKE(arena, 1, sv_grid) : NULL;
    if (!g) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory while making the grid");
    }
    g->arena = arena;
    derivation d = {.grid = g};
    const sv_status status = build(&d, draft, err);
    if (status) {
        sv_arena_free(arena);
        if (status == SV_ENOMEM)
            return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory while making the grid");
        return status;
    }
    *grid = g;
    return SV_OK;
}

void sv_grid_free(sv_grid **grid)
{
    if (*grid)
        sv_arena_free((*grid)->arena);
    *grid = NULL;
}

/* ---- questions ----------------------------------------------------------------------------- */

static int32_t find_id(const sv_grid *grid, sv_table table, const char *id)
{
    const table_view view = grid_view(grid, table);
    for (int32_t i = 0; i < view.n; i++) {
        const char *text;
        memcpy(&text, view.row + (size_t)i * table_of[table].size, sizeof text);
        if (strcmp(text, id) == 0)
            return i;
    }
    return -1;
}

int32_t sv_grid_find_bus(const sv_grid *grid, const char *id)
{
    return find_id(grid, SV_TABLE_BUS, id);
}

int32_t sv_grid_find_region(const sv_grid *grid, const char *id)
{
    return find_id(grid, SV_TABLE_REGION, id);
}

int32_t sv_grid_find_site(const sv_grid *grid, const char *id)
{
    return find_id(grid, SV_TABLE_SITE, id);
}

bool sv_branch_is_transformer(const sv_grid *grid, int32_t i_branch)
{
    const sv_branch *branch = &grid->branch[i_branch];
    if (branch->tap != 0.0 || branch->shift_deg != 0.0)
        return true;
    const double a = grid->bus[branch->i_from].vn_kv, b = grid->bus[branch->i_to].vn_kv;
    return a > 0.0 && b > 0.0 && fmin(a, b) < 0.8 * fmax(a, b);
}

double sv_grid_demand_mw(const sv_grid *grid)
{
    double sum = 0.0;
    for (int32_t i = 0; i < grid->n_load; i++)
        sum += grid->bus[grid->load[i].i_bus].type != SV_BUS_DEAD ? fmax(grid->load[i].p_mw, 0.0) : 0.0;
    return sum;
}

double sv_grid_people(const sv_grid *grid)
{
    double sum = 0.0;
    for (int32_t i = 0; i < grid->n_load; i++)
        sum += grid->load[i].people;
    return sum;
}

double sv_grid_capacity_mw(const sv_grid *grid)
{
    double sum = 0.0;
    for (int32_t i = 0; i < grid->n_gen; i++)
        sum += grid->gen[i].in_service ? fmax(grid->gen[i].p_max_mw, 0.0) : 0.0;
    return sum;
}
