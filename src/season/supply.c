/* What the hours bring: demand from profiles, scales and the season's weather; availability of generators; import limits;
 * storage. Demand of the whole country is summed once a workspace, so that a comfortable hour costs almost nothing. */
#include "private.h"

#include <math.h>
#include <string.h>

static const double LEAST_WEATHER_FACTOR = 0.1;

/* ---- checks -------------------------------------------------------------------------------- */

static sv_status check_series(const sv_grid *grid, const sv_season_settings *settings, int32_t i_series, sv_error *err)
{
    if (i_series < 0)
        return SV_OK;
    const sv_series *series = &grid->series[i_series];
    int64_t t1 = settings->t0_h + settings->n_h;
    if (settings->t0_h >= series->t0_h && t1 <= series->t0_h + series->n_h)
        return SV_OK;
    sv_date from = sv_date_from_hour(series->t0_h), to = sv_date_from_hour(series->t0_h + series->n_h - 1);
    sv_date first = sv_date_from_hour(settings->t0_h), last = sv_date_from_hour(t1 - 1);
    return sv_error_set(
        err, SV_EUSAGE, NULL, 0,
        "series '%s' of the grid covers %04d-%02d-%02d to %04d-%02d-%02d (%lld h), but the season runs from "
        "%04d-%02d-%02d to %04d-%02d-%02d (%lld h); accepted: a season within the series",
        series->id, (int)from.year, (int)from.month, (int)from.day, (int)to.year, (int)to.month, (int)to.day,
        (long long)series->n_h, (int)first.year, (int)first.month, (int)first.day, (int)last.year, (int)last.month,
        (int)last.day, (long long)settings->n_h);
}

static sv_status check_all_series(const sv_grid *grid, const sv_season_settings *settings, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t d = 0; status == SV_OK && d < grid->n_load; d++)
        status = check_series(grid, settings, grid->load[d].i_series, err);
    for (int32_t g = 0; status == SV_OK && g < grid->n_gen; g++)
        status = check_series(grid, settings, grid->gen[g].i_series, err);
    for (int32_t k = 0; status == SV_OK && k < grid->n_interconnector; k++)
        status = check_series(grid, settings, grid->interconnector[k].i_series, err);
    return status;
}

/* ---- life ---------------------------------------------------------------------------------- */

double sv_season_people(const sv_season_settings *settings, const sv_load *load)
{
    return load->people > 0.0 ? load->people : fmax(0.0, load->p_mw) * settings->people_per_mw;
}

/* The profile of a series, -1 = always 1; a new one when it is met for the first time. @param of_series [n_series] */
static int32_t profile_of(supply *self, int32_t *of_series, int32_t i_series)
{
    if (i_series < 0)
        return 0;
    if (of_series[i_series] == 0) {
        const sv_series *series = &self->grid->series[i_series];
        self->series[self->n_profile] = &series->value[self->settings->t0_h - series->t0_h];
        of_series[i_series] = self->n_profile++;
    }
    return of_series[i_series];
}

static void set_profiles(supply *self, int32_t *of_series)
{
    const sv_grid *grid = self->grid;
    self->n_profile = 1;
    self->profile[0] = 1.0;
    for (int32_t d = 0; d < grid->n_load; d++)
        self->load_profile[d] = profile_of(self, of_series, grid->load[d].i_series);
    for (int32_t g = 0; g < grid->n_gen; g++) {
        self->gen_profile[g] = profile_of(self, of_series, grid->gen[g].i_series);
        if (self->gen_profile[g] > 0)
            self->profiled_gen[self->n_profiled_gen++] = g;
    }
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        self->import_profile[k] = profile_of(self, of_series, grid->interconnector[k].i_series);
}

static void set_bases(supply *self)
{
    const sv_grid *grid = self->grid;
    const sv_season_settings *settings = self->settings;
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        self->load_base_mw[d] = load->p_mw * settings->demand_scale * settings->demand_class_scale[load->class_];
        self->people[d] = sv_season_people(settings, load);
    }
    for (int32_t g = 0; g < grid->n_gen; g++) {
        self->gen_bus[g] = grid->gen[g].i_bus;
        self->gen_mw[g] = self->gen_base_mw[g] = fmax(0.0, grid->gen[g].p_max_mw);
    }
    double all_imports = 0.0;
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        all_imports += grid->interconnector[k].limit_mw;
    bool limited = settings->import_limit_mw >= 0.0 && all_imports > 0.0;
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        self->import_base_mw[k] =
            grid->interconnector[k].limit_mw * (limited ? settings->import_limit_mw / all_imports : 1.0);
}

static double series_value(const supply *self, int32_t i_profile, int64_t t_h)
{
    return i_profile == 0 ? 1.0 : (double)self->series[i_profile][t_h];
}

/* @param base_mw [n_profile] scratch */
static void sum_demand(supply *self, double *base_mw)
{
    const sv_grid *grid = self->grid;
    for (int32_t d = 0; d < grid->n_load; d++)
        if (self->load_base_mw[d] > 0.0 && grid->bus[grid->load[d].i_bus].type != SV_BUS_DEAD)
            base_mw[self->load_profile[d]] += self->load_base_mw[d];
    for (int64_t t = 0; t < self->settings->n_h; t++)
        for (int32_t p = 0; p < self->n_profile; p++)
            self->demand_mw[t] += base_mw[p] * fmax(0.0, series_value(self, p, t));
}

sv_status supply_new(supply *self, const sv_grid *grid, const sv_season_settings *settings, sv_arena *arena,
                     sv_error *err)
{
    sv_status status = check_all_series(grid, settings, err);
    if (status != SV_OK)
        return status;
    int32_t n_day = (int32_t)((settings->n_h + 23) / 24), most_profile = grid->n_series + 1;
    *self = (supply){
        .grid = grid,
        .settings = settings,
        .n_day = n_day,
        .load_base_mw = SV_TAKE(arena, grid->n_load, double),
        .people = SV_TAKE(arena, grid->n_load, double),
        .gen_base_mw = SV_TAKE(arena, grid->n_gen, double),
        .gen_bus = SV_TAKE(arena, grid->n_gen, int32_t),
        .import_base_mw = SV_TAKE(arena, grid->n_interconnector, double),
        .demand_mw = SV_TAKE(arena, settings->n_h, double),
        .weather = SV_TAKE(arena, n_day, double),
        .series = SV_TAKE(arena, most_profile, const float *),
        .load_profile = SV_TAKE(arena, grid->n_load, int32_t),
        .gen_profile = SV_TAKE(arena, grid->n_gen, int32_t),
        .import_profile = SV_TAKE(arena, grid->n_interconnector, int32_t),
        .profiled_gen = SV_TAKE(arena, grid->n_gen, int32_t),
        .profile = SV_TAKE(arena, most_profile, double),
        .load_factor = SV_TAKE(arena, most_profile, double),
        .gen_mw = SV_TAKE(arena, grid->n_gen, double),
        .import_mw = SV_TAKE(arena, grid->n_interconnector, double),
        .soc_mwh = SV_TAKE(arena, grid->n_storage, double),
        .discharge_mw = SV_TAKE(arena, grid->n_storage, double),
        .charge_mw = SV_TAKE(arena, grid->n_storage, double),
        .storage_h = SV_TAKE(arena, grid->n_storage, double),
    };
    int32_t *of_series = SV_TAKE(arena, grid->n_series, int32_t);
    double *base_mw = SV_TAKE(arena, most_profile, double);
    if (sv_arena_failed(arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a season of %lld hours",
                            (long long)settings->n_h);
    set_profiles(self, of_series);
    set_bases(self);
    sum_demand(self, base_mw);
    return SV_OK;
}

/* Daily deviations from the profile's weather: a first-order autoregression with the stated spread at every day. */
static void draw_weather(supply *self, uint64_t seed, int64_t i_season)
{
    const sv_season_settings *settings = self->settings;
    double persistence = settings->cold_persistence_d > 0.0 ? exp(-1.0 / settings->cold_persistence_d) : 0.0;
    double renewal = sqrt(1.0 - persistence * persistence), colder_c = 0.0;
    for (int32_t day = 0; day < self->n_day; day++) {
        if (settings->cold_spread_c > 0.0) {
            double z = sv_normal_quantile(sv_draw(seed, i_season, SV_DRAW_WEATHER, 0, (uint32_t)day).u[0]);
            colder_c =
                day == 0 ? settings->cold_spread_c * z : persistence * colder_c + renewal * settings->cold_spread_c * z;
        }
        double factor = 1.0 + settings->per_degree_cold * (settings->colder_by_c + colder_c);
        self->weather[day] = fmax(LEAST_WEATHER_FACTOR, factor);
    }
}

void supply_reset(supply *self, uint64_t seed, int64_t i_season)
{
    draw_weather(self, seed, i_season);
    for (int32_t k = 0; k < self->grid->n_storage; k++)
        self->soc_mwh[k] = self->grid->storage[k].initial_soc * self->grid->storage[k].energy_mwh;
    supply_set_storage(self);
}

/* ---- one hour ------------------------------------------------------------------------------ */

double supply_demand_mw(const supply *self, int64_t t_h)
{
    return self->demand_mw[t_h] * self->weather[t_h / 24];
}

void supply_set_hour(supply *self, int64_t t_h)
{
    double weather = self->weather[t_h / 24];
    self->load_factor[0] = weather;
    for (int32_t p = 1; p < self->n_profile; p++) {
        self->profile[p] = (double)self->series[p][t_h];
        self->load_factor[p] = self->profile[p] * weather;
    }
    for (int32_t k = 0; k < self->n_profiled_gen; k++) {
        int32_t g = self->profiled_gen[k];
        self->gen_mw[g] = self->gen_base_mw[g] * self->profile[self->gen_profile[g]];
    }
    for (int32_t k = 0; k < self->grid->n_interconnector; k++)
        self->import_mw[k] = self->import_base_mw[k] * self->profile[self->import_profile[k]];
}

double supply_capacity_mw(const supply *self, const sv_state *state)
{
    const sv_grid *grid = self->grid;
    double sum = 0.0;
    for (int32_t g = 0; g < grid->n_gen; g++)
        sum += state->gen_on[g] && state->bus_on[self->gen_bus[g]] ? self->gen_mw[g] : 0.0;
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        sum += state->bus_on[grid->interconnector[k].i_bus] ? self->import_mw[k] : 0.0;
    return sum;
}

void supply_set_storage(supply *self)
{
    self->storage_full = true;
    for (int32_t k = 0; k < self->grid->n_storage; k++) {
        const sv_storage *storage = &self->grid->storage[k];
        double room = (storage->energy_mwh - self->soc_mwh[k]) / storage->efficiency;
        self->discharge_mw[k] = fmin(storage->p_mw, self->soc_mwh[k]);
        self->charge_mw[k] = fmax(0.0, fmin(storage->p_mw, room));
        self->storage_h[k] = storage->p_mw > 0.0 ? self->soc_mwh[k] / storage->p_mw : 0.0;
        self->storage_full = self->storage_full && self->charge_mw[k] <= 1e-9;
    }
}

void supply_run_storage(supply *self, const double *storage_mw)
{
    for (int32_t k = 0; k < self->grid->n_storage; k++) {
        const sv_storage *storage = &self->grid->storage[k];
        double mw = storage_mw[k];
        self->soc_mwh[k] -= mw > 0.0 ? mw : mw * storage->efficiency;
        self->soc_mwh[k] = fmin(storage->energy_mwh, fmax(0.0, self->soc_mwh[k]));
    }
    supply_set_storage(self);
}
