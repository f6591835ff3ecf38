/* The rows of one season: itself, its regions, classes and events; of a lever one row. */
#include "table.h"

#include <string.h>

/* What a season says of itself, of the base and of a lever alike. */
static int32_t fill_season(sv_cell *cell, const sv_season_row *row)
{
    const sv_cell filled[] = {
        text(sv_status_name(row->status)),
        real(row->demand_mwh),
        real(row->eens_mwh),
        real(row->lole_h),
        real(row->people_hours),
        real(row->worst_mw),
        real(row->worst_people),
        whole(row->worst_h),
        real(row->relaxed_mwh),
        whole(row->relaxed_h),
        real(row->off_people[0]),
        real(row->off_people[1]),
        real(row->off_people[2]),
        real(row->off_people[3]),
        real(row->longest_h),
        whole(row->n_wave),
        whole(row->n_strike),
        whole(row->n_intercepted),
        whole(row->n_unit_lost),
        whole(row->n_unit_repaired),
        whole(row->n_event),
    };
    memcpy(cell, filled, sizeof filled);
    return (int32_t)(sizeof filled / sizeof filled[0]);
}

static sv_status put_season(sv_store *store, const sv_season_row *row, sv_error *err)
{
    sv_cell cell[32] = {whole(row->i_season)};
    fill_season(cell + 1, row);
    return sv_store_put(store, SV_T_SEASON, cell, err);
}

static sv_status put_lever_season(sv_store *store, const sv_season_row *row, sv_error *err)
{
    sv_cell cell[32] = {whole(row->i_season), whole(row->i_lever)};
    int32_t n = 2 + fill_season(cell + 2, row);
    cell[n] = whole(row->same_h);
    cell[n + 1] = whole(row->reused_h);
    return sv_store_put(store, SV_T_LEVER_SEASON, cell, err);
}

static sv_status put_splits(sv_store *store, const sv_season_row *row, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t r = 0; r < store->grid->n_region && status == SV_OK; r++) {
        const sv_cell cell[] = {whole(row->i_season), whole(r), real(row->region_mwh[r]), real(row->region_lole_h[r]),
                                real(row->region_people_hours[r])};
        status = sv_store_put(store, SV_T_SEASON_REGION, cell, err);
    }
    for (int32_t c = 0; c < SV_N_CLASS && status == SV_OK; c++) {
        const sv_cell cell[] = {whole(row->i_season), text(sv_class_name[c]), real(row->class_mwh[c]),
                                real(row->class_lole_h[c]), real(row->class_people_hours[c])};
        status = sv_store_put(store, SV_T_SEASON_CLASS, cell, err);
    }
    return status;
}

static sv_status put_events(sv_store *store, const sv_season_row *row, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t e = 0; e < row->n_event_kept && status == SV_OK; e++) {
        const sv_event *event = &row->event[e];
        const sv_cell cell[] = {whole(row->i_season),           whole(e),
                                index_or_null(event->i_region), whole(event->start_h),
                                whole(event->length_h),         real(event->people),
                                real(event->energy_mwh)};
        status = sv_store_put(store, SV_T_EVENT, cell, err);
    }
    return status;
}

sv_status sv_store_put_row(sv_store *store, const sv_season_row *row, sv_error *err)
{
    if (row->i_lever >= 0)
        return put_lever_season(store, row, err);
    sv_status status = put_season(store, row, err);
    if (status == SV_OK)
        status = put_splits(store, row, err);
    return status == SV_OK ? put_events(store, row, err) : status;
}
