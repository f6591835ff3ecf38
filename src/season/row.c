/* Rows: what a study keeps of one season. One arena a row; a row is emptied and used again. */
#include "private.h"

#include <string.h>

void row_clear(sv_season_row *row, const sv_grid *grid, int64_t n_h, int64_t i_season)
{
    sv_season_row arrays = *row;
    size_t n_cause = (size_t)grid->n_region * SV_N_UNIT_CLASS * SV_N_CAUSE;
    *row = (sv_season_row){
        .i_season = i_season,
        .i_lever = -1,
        .region_mwh = arrays.region_mwh,
        .region_lole_h = arrays.region_lole_h,
        .region_people_hours = arrays.region_people_hours,
        .n_day = arrays.n_day,
        .region_day_mwh = arrays.region_day_mwh,
        .region_day_people_hours = arrays.region_day_people_hours,
        .hour_shed_mw = arrays.hour_shed_mw,
        .hour_people = arrays.hour_people,
        .site_damaged = arrays.site_damaged,
        .site_repaired = arrays.site_repaired,
        .site_dark_h = arrays.site_dark_h,
        .cause_mwh = arrays.cause_mwh,
        .event = arrays.event,
        .max_event = arrays.max_event,
        .arena = arrays.arena,
    };
    memset(row->region_mwh, 0, sizeof(double) * (size_t)grid->n_region);
    memset(row->region_lole_h, 0, sizeof(double) * (size_t)grid->n_region);
    memset(row->region_people_hours, 0, sizeof(double) * (size_t)grid->n_region);
    memset(row->site_damaged, 0, sizeof(int32_t) * (size_t)grid->n_site);
    memset(row->site_repaired, 0, sizeof(int32_t) * (size_t)grid->n_site);
    memset(row->site_dark_h, 0, sizeof(float) * (size_t)grid->n_site);
    size_t n_day = (size_t)grid->n_region * (size_t)row->n_day;
    memset(row->region_day_mwh, 0, sizeof(float) * n_day);
    memset(row->region_day_people_hours, 0, sizeof(float) * n_day);
    memset(row->cause_mwh, 0, sizeof(double) * n_cause);
    memset(row->hour_shed_mw, 0, sizeof(float) * (size_t)n_h);
    memset(row->hour_people, 0, sizeof(float) * (size_t)n_h);
}

sv_season_row *sv_season_row_new(const sv_grid *grid, int64_t n_h)
{
    sv_arena *arena = sv_arena_new();
    sv_season_row *row = arena != NULL ? SV_TAKE(arena, 1, sv_season_row) : NULL;
    if (row == NULL) {
        sv_arena_free(arena);
        return NULL;
    }
    row->arena = arena;
    row->region_mwh = SV_TAKE(arena, grid->n_region, double);
    row->region_lole_h = SV_TAKE(arena, grid->n_region, double);
    row->region_people_hours = SV_TAKE(arena, grid->n_region, double);
    row->n_day = (int32_t)((n_h + 23) / 24);
    row->region_day_mwh = SV_TAKE(arena, (int64_t)grid->n_region * row->n_day, float);
    row->region_day_people_hours = SV_TAKE(arena, (int64_t)grid->n_region * row->n_day, float);
    row->hour_shed_mw = SV_TAKE(arena, n_h, float);
    row->hour_people = SV_TAKE(arena, n_h, float);
    row->site_damaged = SV_TAKE(arena, grid->n_site, int32_t);
    row->site_repaired = SV_TAKE(arena, grid->n_site, int32_t);
    row->site_dark_h = SV_TAKE(arena, grid->n_site, float);
    row->cause_mwh = SV_TAKE(arena, (size_t)grid->n_region * SV_N_UNIT_CLASS * SV_N_CAUSE, double);
    row->max_event = MOST_EVENTS_KEPT;
    row->event = SV_TAKE(arena, MOST_EVENTS_KEPT, sv_event);
    if (sv_arena_failed(arena)) {
        sv_arena_free(arena);
        return NULL;
    }
    return row;
}

void sv_season_row_free(sv_season_row **row)
{
    if (row == NULL || *row == NULL)
        return;
    sv_arena_free((*row)->arena);
    *row = NULL;
}
