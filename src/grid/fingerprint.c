/* One 64-bit number for everything a grid says: base power, all fields of all rows and all series (not its name, not line
 * numbers). The same on every machine, so that results can name the grid they belong to. Linear; any thread; not
 * cryptographic. */
#include "draft.h"

#include <string.h>

/* One multiply and one fold a word. */
static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0x9E3779B97F4A7C15ULL;
    return h ^ (h >> 32);
}

/* No name and an empty name are alike. */
static uint64_t mix_text(uint64_t h, const char *text)
{
    uint64_t n = 0;
    for (; text && *text; text++, n++)
        h = mix(h, (unsigned char)*text);
    return mix(h, n);
}

/* -0 counts as 0, and all unknowns are alike. */
static uint64_t mix_real(uint64_t h, double v)
{
    uint64_t word = 0x7FF8000000000000ULL;
    if (v == 0.0)
        v = 0.0;
    if (v == v)
        memcpy(&word, &v, sizeof word);
    return mix(h, v == 0.0 ? 0 : word);
}

static uint64_t mix_row(uint64_t h, const table_info *info, const char *row)
{
    for (int32_t k = 0; k < info->n_field; k++) {
        const char *at = row + info->field[k].offset;
        if (info->field[k].type == FIELD_REAL) {
            double v;
            memcpy(&v, at, sizeof v);
            h = mix_real(h, v);
        } else if (info->field[k].type == FIELD_INT) {
            int32_t v;
            memcpy(&v, at, sizeof v);
            h = mix(h, (uint32_t)v);
        } else if (info->field[k].type == FIELD_BOOL) {
            bool v;
            memcpy(&v, at, sizeof v);
            h = mix(h, v ? 1 : 0);
        } else {
            const char *text;
            memcpy(&text, at, sizeof text);
            h = mix_text(h, text);
        }
    }
    return h;
}

static uint64_t mix_series(uint64_t h, const sv_series *series)
{
    h = mix(mix(h, (uint64_t)series->t0_h), (uint64_t)series->n_h);
    for (int64_t t = 0; t < series->n_h; t++) {
        uint32_t word = 0;
        if (series->value[t] != 0.0F)
            memcpy(&word, &series->value[t], sizeof word);
        h = mix(h, word);
    }
    return h;
}

uint64_t fingerprint_grid(const sv_grid *grid)
{
    uint64_t h = mix_real(1, grid->base_mva);
    for (sv_table table = 0; table < SV_N_TABLE; table++) {
        table_view view = grid_view(grid, table);
        h = mix(h, (uint32_t)view.n);
        for (int32_t i = 0; i < view.n; i++)
            h = mix_row(h, &table_of[table], view.row + (size_t)i * table_of[table].size);
    }
    for (int32_t i = 0; i < grid->n_gen; i++) {
        for (int32_t k = 0; k < grid->gen[i].n_cost; k++)
            h = mix_real(h, grid->gen[i].cost[k]);
    }
    for (int32_t i = 0; i < grid->n_series; i++)
        h = mix_series(h, &grid->series[i]);
    return h;
}
