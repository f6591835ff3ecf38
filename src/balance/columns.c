/* Columns of the balance problem: built once a grid, bounds set each hour. Cost: linear in the elements. */
#include "columns.h"

#include <math.h>
#include <string.h>

/* Against weights of 1 and more: a storage discharges only to save load, and charges only from surplus. */
static const double DISCHARGE_COST = 1e-3, CHARGE_VALUE = 1e-4;

static int32_t add_column(columns *self, column_kind kind, int32_t bus, double sign, int32_t element)
{
    int32_t j = self->n++;
    self->kind[j] = kind;
    self->bus[j] = bus;
    self->from_bus[j] = -1;
    self->sign[j] = sign;
    self->element[j] = element;
    return j;
}

static int32_t shared_column(columns *self, int32_t *known, column_kind kind, int32_t bus, double sign, int32_t element)
{
    if (*known < 0)
        *known = add_column(self, kind, bus, sign, element);
    return *known;
}

static void lay_out_elements(columns *self, int32_t *supply_of_bus, int32_t *load_of_bus)
{
    const sv_grid *grid = self->grid;
    for (int32_t g = 0; g < grid->n_gen; g++) {
        int32_t bus = grid->gen[g].i_bus;
        self->of_gen[g] = shared_column(self, &supply_of_bus[bus], COLUMN_SUPPLY, bus, 1.0, -1);
    }
    for (int32_t k = 0; k < grid->n_interconnector; k++) {
        int32_t bus = grid->interconnector[k].i_bus;
        self->of_import[k] = shared_column(self, &supply_of_bus[bus], COLUMN_SUPPLY, bus, 1.0, -1);
    }
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        self->of_load[d] = self->of_free[d] = -1;
        if (load->p_mw < 0.0)
            self->of_free[d] = shared_column(self, &supply_of_bus[load->i_bus], COLUMN_SUPPLY, load->i_bus, 1.0, -1);
        else
            self->of_load[d] = shared_column(self, &load_of_bus[load->i_bus * SV_N_CLASS + (int32_t)load->class_],
                                             COLUMN_LOAD, load->i_bus, -1.0, (int32_t)load->class_);
    }
    for (int32_t k = 0; k < grid->n_storage; k++) {
        self->of_discharge[k] = add_column(self, COLUMN_DISCHARGE, grid->storage[k].i_bus, 1.0, k);
        self->of_charge[k] = add_column(self, COLUMN_CHARGE, grid->storage[k].i_bus, -1.0, k);
    }
    for (int32_t k = 0; k < grid->n_dc_line; k++) {
        int32_t j = add_column(self, COLUMN_DC_LINE, grid->dc_line[k].i_to, 1.0, k);
        self->from_bus[j] = grid->dc_line[k].i_from;
        self->of_dc_line[k] = j;
    }
}

bool columns_new(columns *self, const sv_grid *grid, const sv_balance_settings *settings, sv_arena *arena)
{
    size_t most = (size_t)grid->n_gen + (size_t)grid->n_interconnector + (size_t)grid->n_load +
                  2 * (size_t)grid->n_storage + (size_t)grid->n_dc_line;
    *self = (columns){
        .grid = grid,
        .kind = SV_TAKE(arena, most, column_kind),
        .bus = SV_TAKE(arena, most, int32_t),
        .from_bus = SV_TAKE(arena, most, int32_t),
        .sign = SV_TAKE(arena, most, double),
        .element = SV_TAKE(arena, most, int32_t),
        .cost = SV_TAKE(arena, most, double),
        .lower = SV_TAKE(arena, most, double),
        .upper = SV_TAKE(arena, most, double),
        .of_gen = SV_TAKE(arena, grid->n_gen, int32_t),
        .of_import = SV_TAKE(arena, grid->n_interconnector, int32_t),
        .of_load = SV_TAKE(arena, grid->n_load, int32_t),
        .of_free = SV_TAKE(arena, grid->n_load, int32_t),
        .of_discharge = SV_TAKE(arena, grid->n_storage, int32_t),
        .of_charge = SV_TAKE(arena, grid->n_storage, int32_t),
        .of_dc_line = SV_TAKE(arena, grid->n_dc_line, int32_t),
        .storage_order = SV_TAKE(arena, grid->n_storage, int32_t),
        .weight = SV_TAKE(arena, SV_N_CLASS, double),
    };
    int32_t *supply_of_bus = SV_TAKE(arena, grid->n_bus, int32_t);
    int32_t *load_of_bus = SV_TAKE(arena, (size_t)grid->n_bus * SV_N_CLASS, int32_t);
    if (sv_arena_failed(arena))
        return false;
    memset(supply_of_bus, 0xff, sizeof(int32_t) * (size_t)grid->n_bus); /* -1 */
    memset(load_of_bus, 0xff, sizeof(int32_t) * (size_t)grid->n_bus * SV_N_CLASS);
    lay_out_elements(self, supply_of_bus, load_of_bus);
    self->least_weight = INFINITY;
    for (int c = 0; c < SV_N_CLASS; c++) {
        self->weight[c] = settings->weight[c];
        self->least_weight = fmin(self->least_weight, settings->weight[c]);
    }
    for (int32_t k = 0; k < grid->n_storage; k++)
        self->storage_order[k] = k;
    for (int32_t j = 0; j < self->n; j++) {
        if (self->kind[j] == COLUMN_LOAD)
            self->cost[j] = -self->weight[self->element[j]];
        if (self->kind[j] == COLUMN_CHARGE)
            self->cost[j] = -CHARGE_VALUE * self->least_weight;
    }
    return true;
}

/* ---- one hour ------------------------------------------------------------------------------ */

static double storage_hours(const sv_grid *grid, const sv_balance_input *input, int32_t k)
{
    if (input->storage_h != NULL)
        return input->storage_h[k];
    return grid->storage[k].p_mw > 0.0 ? grid->storage[k].energy_mwh / grid->storage[k].p_mw : 0.0;
}

/* Longest first, the lower index on ties; yesterday's order is nearly right. The costs follow the order. */
static void rank_storage(columns *self, const sv_balance_input *input)
{
    int32_t *order = self->storage_order, n = self->grid->n_storage;
    for (int32_t a = 1; a < n; a++) {
        int32_t k = order[a];
        double h = storage_hours(self->grid, input, k);
        int32_t b = a;
        for (; b > 0; b--) {
            double other = storage_hours(self->grid, input, order[b - 1]);
            if (other > h || (other == h && order[b - 1] < k))
                break;
            order[b] = order[b - 1];
        }
        order[b] = k;
    }
    for (int32_t rank = 0; rank < n; rank++)
        self->cost[self->of_discharge[order[rank]]] = DISCHARGE_COST * self->least_weight * (1.0 + (double)rank / n);
}

static void add_upper(columns *self, const sv_state *state, int32_t j, double mw)
{
    if (j >= 0 && mw > 0.0 && state->bus_on[self->bus[j]])
        self->upper[j] += mw;
}

static void set_dc_lines(columns *self, const sv_state *state)
{
    for (int32_t k = 0; k < self->grid->n_dc_line; k++) {
        const sv_dc_line *line = &self->grid->dc_line[k];
        int32_t j = self->of_dc_line[k];
        if (!state->dc_line_on[k] || !state->bus_on[line->i_from] || !state->bus_on[line->i_to])
            continue;
        self->lower[j] = fmin(0.0, line->p_min_mw);
        self->upper[j] = fmax(0.0, line->p_max_mw);
    }
}

void columns_set_hour(columns *self, const sv_state *state, const sv_balance_input *input)
{
    const sv_grid *grid = self->grid;
    memset(self->lower, 0, sizeof(double) * (size_t)self->n);
    memset(self->upper, 0, sizeof(double) * (size_t)self->n);
    for (int32_t g = 0; g < grid->n_gen; g++)
        if (state->gen_on[g])
            add_upper(self, state, self->of_gen[g], input->gen_max_mw[g]);
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        add_upper(self, state, self->of_import[k], input->import_max_mw[k]);
    for (int32_t d = 0; d < grid->n_load; d++) {
        if (self->of_load[d] >= 0)
            add_upper(self, state, self->of_load[d], input->load_mw[d]);
        else
            add_upper(self, state, self->of_free[d], -input->load_mw[d]);
    }
    if (grid->n_storage > 0)
        rank_storage(self, input);
    for (int32_t k = 0; k < grid->n_storage; k++) {
        if (!state->storage_on[k])
            continue;
        if (input->discharge_max_mw != NULL)
            add_upper(self, state, self->of_discharge[k], input->discharge_max_mw[k]);
        if (input->charge_max_mw != NULL)
            add_upper(self, state, self->of_charge[k], input->charge_max_mw[k]);
    }
    set_dc_lines(self, state);
}

void columns_inject(const columns *self, const double *x, double *p_mw)
{
    memset(p_mw, 0, sizeof(double) * (size_t)self->grid->n_bus);
    for (int32_t j = 0; j < self->n; j++) {
        p_mw[self->bus[j]] += self->sign[j] * x[j];
        if (self->from_bus[j] >= 0)
            p_mw[self->from_bus[j]] -= x[j];
    }
}

/* ---- the answer ---------------------------------------------------------------------------- */

/* An element's part of its column's answer. */
static double part(const columns *self, const double *x, int32_t j, double own_mw)
{
    if (j < 0 || own_mw <= 0.0 || self->upper[j] <= 0.0)
        return 0.0;
    return x[j] >= self->upper[j] ? own_mw : own_mw * fmax(0.0, x[j] / self->upper[j]);
}

static void read_loads(const columns *self, const sv_state *state, const sv_balance_input *input, const double *x,
                       double *served_mw, sv_balance_info *info)
{
    const sv_grid *grid = self->grid;
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        double wanted =
            self->of_load[d] >= 0 && grid->bus[load->i_bus].type != SV_BUS_DEAD ? fmax(0.0, input->load_mw[d]) : 0.0;
        double served = state->bus_on[load->i_bus] ? part(self, x, self->of_load[d], wanted) : 0.0;
        if (wanted - served <= 1e-9 * wanted)
            served = wanted;
        info->demand_mw += wanted;
        info->shed_class_mw[load->class_] += wanted - served;
        if (served_mw != NULL)
            served_mw[d] = served;
    }
}

void columns_read(const columns *self, const sv_state *state, const sv_balance_input *input, const double *x,
                  const sv_balance_result *result, sv_balance_info *info)
{
    const sv_grid *grid = self->grid;
    read_loads(self, state, input, x, result->served_mw, info);
    for (int c = 0; c < SV_N_CLASS; c++)
        info->shed_mw += info->shed_class_mw[c];
    for (int32_t g = 0; result->gen_mw != NULL && g < grid->n_gen; g++) {
        bool on = state->gen_on[g] && state->bus_on[grid->gen[g].i_bus];
        result->gen_mw[g] = on ? part(self, x, self->of_gen[g], input->gen_max_mw[g]) : 0.0;
    }
    for (int32_t k = 0; result->import_mw != NULL && k < grid->n_interconnector; k++) {
        bool on = state->bus_on[grid->interconnector[k].i_bus];
        result->import_mw[k] = on ? part(self, x, self->of_import[k], input->import_max_mw[k]) : 0.0;
    }
    for (int32_t k = 0; result->storage_mw != NULL && k < grid->n_storage; k++)
        result->storage_mw[k] = x[self->of_discharge[k]] - x[self->of_charge[k]];
    for (int32_t k = 0; result->dc_line_mw != NULL && k < grid->n_dc_line; k++)
        result->dc_line_mw[k] = x[self->of_dc_line[k]];
}
