/* A draft: the tables of a grid while a reader or a generator fills them. Rows and strings are copied into one arena,
 * tables double, ids are hashed. Out of memory is sticky and reported by sv_grid_new. One thread. */
#include "draft.h"

#include <assert.h>
#include <math.h>
#include <string.h>

sv_draft *sv_draft_new(void)
{
    sv_arena *arena = sv_arena_new();
    if (!arena)
        return NULL;
    sv_draft *draft = SV_TAKE(arena, 1, sv_draft);
    if (!draft) {
        sv_arena_free(arena);
        return NULL;
    }
    draft->arena = arena;
    draft->name = "";
    draft->base_mva = 100.0;
    return draft;
}

void sv_draft_free(sv_draft **draft)
{
    if (*draft)
        sv_arena_free((*draft)->arena);
    *draft = NULL;
}

void sv_draft_set_name(sv_draft *draft, const char *name, const char *file)
{
    draft->name = name ? sv_arena_text(draft->arena, name) : "";
    draft->file = sv_arena_text(draft->arena, file);
}

void sv_draft_set_base(sv_draft *draft, double base_mva)
{
    draft->base_mva = base_mva;
}

void sv_draft_set_file(sv_draft *draft, sv_table table, const char *file)
{
    draft->table[table].file = sv_arena_text(draft->arena, file);
}

const char *draft_file(const sv_draft *draft, sv_table table)
{
    return draft->table[table].file ? draft->table[table].file : draft->file;
}

void sv_draft_note(sv_draft *draft, const char *key, const char *text, int32_t line)
{
    int32_t k = 0;
    while (k < draft->n_note && strcmp(draft->note[k].key, key) != 0)
        k++;
    if (k == SV_MOST_NOTES)
        return;
    if (k == draft->n_note)
        draft->note[draft->n_note++] = (sv_note){.key = key, .text = text};
    sv_note *note = &draft->note[k];
    if (note->count < SV_NOTE_LINES)
        note->line[note->count] = line;
    if (note->count < INT32_MAX)
        note->count++;
}

/* ---- ids ----------------------------------------------------------------------------------- */

/* FNV-1a: enough for ids of a file, and the same on every machine. */
static uint64_t hash_text(const char *text)
{
    uint64_t h = 14695981039346656037ULL;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211ULL;
    return h ^ (h >> 32);
}

/* The slot that holds this id, or the free one where it belongs. */
static int32_t slot_of(const draft_table *table, const char *id)
{
    const uint64_t mask = (uint64_t)table->n_slot - 1;
    uint64_t i = hash_text(id) & mask;
    while (table->slot[i] != 0 && strcmp(table->id[table->slot[i] - 1], id) != 0)
        i = (i + 1) & mask;
    return (int32_t)i;
}

int32_t draft_find(const sv_draft *draft, sv_table table, const char *id)
{
    const draft_table *t = &draft->table[table];
    if (!t->n_slot || !id)
        return -1;
    return t->slot[slot_of(t, id)] - 1;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static bool grow(sv_draft *draft, sv_table table)
{
    draft_table *t = &draft->table[table];
    const size_t size = table_of[table].size;
    if (t->n < t->capacity)
        return true;
    if (t->capacity > INT32_MAX / 4) {
        (void)sv_arena_take(draft->arena, SIZE_MAX, 2); /* too many rows counts as out of memory */
        return false;
    }
    const int32_t capacity = t->capacity ? 2 * t->capacity : 16;
    char *row = sv_arena_take(draft->arena, (size_t)capacity, size);
    const char **id = (const char **)sv_arena_take(draft->arena, (size_t)capacity, sizeof(char *));
    int32_t *slot = SV_TAKE(draft->arena, 2 * capacity, int32_t);
    if (!row || !id || !slot)
        return false;
    if (t->n) {
        memcpy(row, t->row, (size_t)t->n * size);
        memcpy(id, t->id, (size_t)t->n * sizeof *id);
    }
    t->row = row;
    t->id = id;
    t->slot = slot;
    t->n_slot = 2 * capacity;
    t->capacity = capacity;
    for (int32_t i = 0; i < t->n; i++) { /* the first of two equal ids keeps the slot */
        int32_t *place = id[i] ? &slot[slot_of(t, id[i])] : NULL;
        if (place && *place == 0)
            *place = i + 1;
    }
    return true;
}

/* Copy the strings that the field list names, in place. */
static void own_texts(sv_draft *draft, sv_table table, char *row)
{
    const table_info *info = &table_of[table];
    for (int32_t i = 0; i < info->n_field; i++) {
        if (info->field[i].type == FIELD_TEXT) {
            const char *text;
            memcpy(&text, row + info->field[i].offset, sizeof text);
            text = sv_arena_text(draft->arena, text);
            memcpy(row + info->field[i].offset, &text, sizeof text);
        }
    }
}

static int32_t append(sv_draft *draft, sv_table table, void *copy, const char *id)
{
    assert(id || !table_of[table].has_id);
    if (!grow(draft, table))
        return -1;
    own_texts(draft, table, copy);
    if (sv_arena_failed(draft->arena))
        return -1;
    draft_table *t = &draft->table[table];
    memcpy(t->row + (size_t)t->n * table_of[table].size, copy, table_of[table].size);
    if (id) {
        memcpy(&t->id[t->n], copy, sizeof(char *)); /* the id is the first member of every row that has one */
        int32_t *slot = &t->slot[slot_of(t, id)];
        if (*slot == 0)
            *slot = t->n + 1;
    }
    return t->n++;
}

_Static_assert(offsetof(sv_bus, id) == 0 && offsetof(sv_branch, id) == 0 && offsetof(sv_gen, id) == 0 &&
                   offsetof(sv_load, id) == 0 && offsetof(sv_storage, id) == 0 && offsetof(sv_dc_line, id) == 0 &&
                   offsetof(sv_interconnector, id) == 0 && offsetof(sv_site, id) == 0 && offsetof(sv_region, id) == 0 &&
                   offsetof(sv_series, id) == 0,
               "append takes the id from the start of the row");

int32_t sv_draft_add_bus(sv_draft *draft, const sv_bus *row)
{
    sv_bus copy = *row;
    return append(draft, SV_TABLE_BUS, &copy, row->id);
}

int32_t sv_draft_add_branch(sv_draft *draft, const sv_branch *row)
{
    sv_branch copy = *row;
    return append(draft, SV_TABLE_BRANCH, &copy, row->id);
}

int32_t sv_draft_add_gen(sv_draft *draft, const sv_gen *row)
{
    sv_gen copy = *row;
    if (row->n_cost > 0) {
        double *cost = SV_TAKE(draft->arena, row->n_cost, double);
        if (cost)
            memcpy(cost, row->cost, (size_t)row->n_cost * sizeof *cost);
        copy.cost = cost;
    }
    return append(draft, SV_TABLE_GEN, &copy, row->id);
}

int32_t sv_draft_add_load(sv_draft *draft, const sv_load *row)
{
    sv_load copy = *row;
    return append(draft, SV_TABLE_LOAD, &copy, row->id);
}

int32_t sv_draft_add_storage(sv_draft *draft, const sv_storage *row)
{
    sv_storage copy = *row;
    return append(draft, SV_TABLE_STORAGE, &copy, row->id);
}

int32_t sv_draft_add_dc_line(sv_draft *draft, const sv_dc_line *row)
{
    sv_dc_line copy = *row;
    return append(draft, SV_TABLE_DC_LINE, &copy, row->id);
}

int32_t sv_draft_add_shunt(sv_draft *draft, const sv_shunt *row)
{
    sv_shunt copy = *row;
    return append(draft, SV_TABLE_SHUNT, &copy, NULL);
}

int32_t sv_draft_add_interconnector(sv_draft *draft, const sv_interconnector *row)
{
    sv_interconnector copy = *row;
    return append(draft, SV_TABLE_INTERCONNECTOR, &copy, row->id);
}

int32_t sv_draft_add_site(sv_draft *draft, const sv_site *row)
{
    sv_site copy = *row;
    return append(draft, SV_TABLE_SITE, &copy, row->id);
}

int32_t sv_draft_add_region(sv_draft *draft, const sv_region *row)
{
    sv_region copy = *row;
    return append(draft, SV_TABLE_REGION, &copy, row->id);
}

int32_t sv_draft_add_series(sv_draft *draft, const sv_series *row)
{
    sv_series copy = *row;
    if (row->n_h > 0) {
        float *value = SV_TAKE(draft->arena, row->n_h, float);
        if (value)
            memcpy(value, row->value, (size_t)row->n_h * sizeof *value);
        copy.value = value;
    }
    return append(draft, SV_TABLE_SERIES, &copy, row->id);
}

/* ---- neutral rows -------------------------------------------------------------------------- */

sv_bus sv_bus_default(void)
{
    return (sv_bus){.type = SV_BUS_PQ,
                    .vm_pu = 1.0,
                    .v_max_pu = 1.1,
                    .v_min_pu = 0.9,
                    .i_region = -1,
                    .i_site = -1,
                    .area = 1,
                    .zone = 1,
                    .x_km = NAN,
                    .y_km = NAN};
}

sv_branch sv_branch_default(void)
{
    return (sv_branch){.i_from = -1, .i_to = -1, .angle_min_deg = -360.0, .angle_max_deg = 360.0, .in_service = true};
}

sv_gen sv_gen_default(void)
{
    return (sv_gen){.i_bus = -1, .vm_pu = 1.0, .base_mva = 100.0, .i_series = -1, .in_service = true};
}

sv_load sv_load_default(void)
{
    return (sv_load){.i_bus = -1, .class_ = SV_HOUSEHOLD, .i_series = -1};
}

sv_storage sv_storage_default(void)
{
    return (sv_storage){.i_bus = -1, .efficiency = 1.0, .initial_soc = 0.5, .in_service = true};
}

sv_dc_line sv_dc_line_default(void)
{
    return (sv_dc_line){.i_from = -1, .i_to = -1, .vm_from_pu = 1.0, .vm_to_pu = 1.0, .in_service = true};
}

/* ---- looking at what is there -------------------------------------------------------------- */

int32_t sv_draft_find_bus(const sv_draft *draft, const char *id)
{
    return draft_find(draft, SV_TABLE_BUS, id);
}

int32_t sv_draft_find_gen(const sv_draft *draft, const char *id)
{
    return draft_find(draft, SV_TABLE_GEN, id);
}

int32_t sv_draft_find_site(const sv_draft *draft, const char *id)
{
    return draft_find(draft, SV_TABLE_SITE, id);
}

int32_t sv_draft_find_region(const sv_draft *draft, const char *id)
{
    return draft_find(draft, SV_TABLE_REGION, id);
}

int32_t sv_draft_find_series(const sv_draft *draft, const char *id)
{
    return draft_find(draft, SV_TABLE_SERIES, id);
}

/* Rows are aligned as the arena is. */
static void *row_at(const sv_draft *draft, sv_table table, int32_t i)
{
    assert(i >= 0 && i < draft->table[table].n);
    return draft->table[table].row + (size_t)i * table_of[table].size;
}

sv_bus *sv_draft_bus(sv_draft *draft, int32_t i)
{
    return row_at(draft, SV_TABLE_BUS, i);
}

sv_gen *sv_draft_gen(sv_draft *draft, int32_t i)
{
    return row_at(draft, SV_TABLE_GEN, i);
}

sv_load *sv_draft_load(sv_draft *draft, int32_t i)
{
    return row_at(draft, SV_TABLE_LOAD, i);
}

sv_interconnector *sv_draft_interconnector(sv_draft *draft, int32_t i)
{
    return row_at(draft, SV_TABLE_INTERCONNECTOR, i);
}

sv_region *sv_draft_region(sv_draft *draft, int32_t i)
{
    return row_at(draft, SV_TABLE_REGION, i);
}

int32_t sv_draft_n_bus(const sv_draft *draft)
{
    return draft->table[SV_TABLE_BUS].n;
}

int32_t sv_draft_n_load(const sv_draft *draft)
{
    return draft->table[SV_TABLE_LOAD].n;
}

int32_t sv_draft_n(const sv_draft *draft, sv_table table)
{
    return draft->table[table].n;
}

bool sv_draft_failed(const sv_draft *draft)
{
    return sv_arena_failed(draft->arena);
}
