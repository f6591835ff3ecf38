/* Hours of a season, shown as they were dispatched. The balance is asked for more of the same answer, so that a season that is
 * looked at goes its way to the same bits. Cost: a pass over the elements for each hour shown. */
#include "private.h"

#include <math.h>

void probe_init(probing *self, const sv_grid *grid, sv_arena *arena)
{
    *self = (probing){
        .grid = grid,
        .gen_mw = SV_TAKE(arena, grid->n_gen, double),
        .served_mw = SV_TAKE(arena, grid->n_load, double),
        .injected_mw = SV_TAKE(arena, grid->n_load, double),
        .import_mw = SV_TAKE(arena, grid->n_interconnector, double),
        .dc_line_mw = SV_TAKE(arena, grid->n_dc_line, double),
        .wanted_mw = SV_TAKE(arena, grid->n_load, double),
    };
}

sv_status probe_check(const sv_season_probe *of, const sv_season_settings *settings, sv_error *err)
{
    if (!settings->network)
        return sv_error_set(err, SV_EUSAGE, NULL, 0,
                            "on a copper plate no flow is known, so that its hours cannot be shown; accepted: a season "
                            "with its network");
    for (int32_t k = 0; k < of->n_h; k++) {
        int64_t lowest = k > 0 ? of->t_h[k - 1] + 1 : 0;
        if (of->t_h[k] < lowest || of->t_h[k] >= settings->n_h)
            return sv_error_set(err, SV_EUSAGE, NULL, 0,
                                "hour %lld of the season is to be shown; accepted: ascending, %lld to %lld",
                                (long long)of->t_h[k], (long long)lowest, (long long)settings->n_h - 1);
    }
    return SV_OK;
}

void probe_ask(const probing *self, sv_balance_result *result)
{
    result->gen_mw = self->gen_mw;
    result->served_mw = self->served_mw;
    result->injected_mw = self->injected_mw;
    result->import_mw = self->import_mw;
    result->dc_line_mw = self->dc_line_mw;
}

/* Loads in the sign of the grid: what is supply there wants and gets less than nothing. */
static void sign_loads(probing *self, const supply *hour)
{
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        const sv_load *load = &self->grid->load[d];
        bool dead = self->grid->bus[load->i_bus].type == SV_BUS_DEAD;
        double mw = dead ? 0.0 : supply_load_mw(hour, d);
        self->wanted_mw[d] = load->p_mw < 0.0 ? fmin(0.0, mw) : fmax(0.0, mw);
        if (load->p_mw < 0.0)
            self->served_mw[d] = -self->injected_mw[d];
    }
}

sv_status probe_show(probing *self, int64_t t_h, const sv_state *state, const supply *hour, const double *storage_mw,
                     const sv_season_row *row, sv_error *err)
{
    sign_loads(self, hour);
    const sv_season_hour shown = {
        .t_h = t_h,
        .state = state,
        .dispatch = {.gen_mw = self->gen_mw,
                     .gen_max_mw = hour->gen_mw,
                     .served_mw = self->served_mw,
                     .import_mw = self->import_mw,
                     .import_max_mw = hour->import_mw,
                     .storage_mw = storage_mw,
                     .dc_line_mw = self->dc_line_mw},
        .wanted_mw = self->wanted_mw,
        .people = hour->people,
        .shed_mw = (double)row->hour_shed_mw[t_h],
        .people_off = (double)row->hour_people[t_h],
    };
    self->next++;
    return self->of->on_hour(self->of->context, &shown, err);
}
