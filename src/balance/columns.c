/* Columns of the balance problem: built once a grid, bounds set each hour. Cost: linear in the elements. */
#include "columns.h"

#include <math.h>
#include <string.h>

/* Of the least weight: a storage discharges only to save load, and charges only from surplus. */
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

static void lay_out_supply(columns *self, int32_t *supply_of_bus)
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
        int32_t bus = grid->load[d].i_bus;
        if (grid->load[d].p_mw < 0.0)
            self->of_load[d] = shared_column(self, &supply_of_bus[bus], COLUMN_SUPPLY, bus, 1.0, -1);
    }
}

static void lay_out_loads(columns *self, int32_t *load_of_bus, int32_t n_wide)
{
    const sv_grid *grid = self->grid;
    self->first_load = self->n;
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        int32_t bus = load->i_bus, class_ = (int32_t)load->class_;
        if (load->p_mw < 0.0)
            continue;
        self->of_load[d] = shared_column(self, &load_of_bus[bus * SV_N_CLASS + class_], COLUMN_LOAD, bus, -1.0, class_);
        self->cell[self->of_load[d]] = class_ * n_wide + bus;
    }
    self->first_storage = self->n;
}

static void lay_out_others(columns *self)
{
    const sv_grid *grid = self->grid;
    for (int32_t k = 0; k < grid->n_storage; k++) {
        self->of_discharge[k] = add_column(self, COLUMN_DISCHARGE, grid->storage[k].i_bus, 1.0, k);
        self->of_charge[k] = add_column(self, COLUMN_CHARGE, grid->storage[k].i_bus, -1.0, k);
    }
    self->first_dc_line = self->n;
    for (int32_t k = 0; k < grid->n_dc_line; k++) {
        int32_t j = add_column(self, COLUMN_DC_LINE, grid->dc_line[k].i_to, 1.0, k);
        self->from_bus[j] = grid->dc_line[k].i_from;
        self->of_dc_line[k] = j;
    }
}

/* Loads by column, in their order. */
static void list_loads(columns *self)
{
    int32_t n_load = self->grid->n_load;
    for (int32_t d = 0; d < n_load; d++)
        self->load_start[self->of_load[d] + 1]++;
    for (int32_t j = 0; j < self->n; j++)
        self->load_start[j + 1] += self->load_start[j];
    for (int32_t d = n_load - 1; d >= 0; d--)
        self->load[--self->load_start[self->of_load[d] + 1]] = d;
    for (int32_t j = 0; j < self->n; j++)
        self->load_start[j] = self->load_start[j + 1];
    self->load_start[self->n] = n_load;
}

static void set_weights(columns *self, const sv_balance_settings *settings)
{
    self->least_weight = INFINITY;
    for (int32_t c = 0; c < SV_N_CLASS; c++) {
        self->weight[c] = settings->weight[c];
        self->least_weight = fmin(self->least_weight, settings->weight[c]);
        int32_t at = c;
        for (; at > 0 && self->weight[self->class_order[at - 1]] < self->weight[c]; at--)
            self->class_order[at] = self->class_order[at - 1];
        self->class_order[at] = c;
    }
    for (int32_t j = 0; j < self->n; j++) {
        if (self->kind[j] == COLUMN_LOAD)
            self->cost[j] = -self->weight[self->element[j]] / self->least_weight;
        if (self->kind[j] == COLUMN_CHARGE)
            self->cost[j] = -CHARGE_VALUE;
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
        .cell = SV_TAKE(arena, most, int32_t),
        .load_start = SV_TAKE(arena, most + 2, int32_t),
        .load = SV_TAKE(arena, grid->n_load, int32_t),
        .of_discharge = SV_TAKE(arena, grid->n_storage, int32_t),
        .of_charge = SV_TAKE(arena, grid->n_storage, int32_t),
        .of_dc_line = SV_TAKE(arena, grid->n_dc_line, int32_t),
        .storage_order = SV_TAKE(arena, grid->n_storage, int32_t),
        .apart = SV_TAKE(arena, most, int32_t),
        .off = SV_TAKE(arena, most, int32_t),
        .wanted_mw = SV_TAKE(arena, most, double),
        .missing_mw = SV_TAKE(arena, most, double),
        .drawn_mw = SV_TAKE(arena, SV_N_CLASS * SV_WHOLE_LANES(grid->n_bus), double),
        .weight = SV_TAKE(arena, SV_N_CLASS, double),
    };
    int32_t *supply_of_bus = SV_TAKE(arena, grid->n_bus, int32_t);
    int32_t *load_of_bus = SV_TAKE(arena, (size_t)grid->n_bus * SV_N_CLASS, int32_t);
    if (sv_arena_failed(arena))
        return false;
    memset(supply_of_bus, 0xff, sizeof(int32_t) * (size_t)grid->n_bus); /* -1 */
    memset(load_of_bus, 0xff, sizeof(int32_t) * (size_t)grid->n_bus * SV_N_CLASS);
    lay_out_supply(self, supply_of_bus);
    lay_out_loads(self, load_of_bus, SV_WHOLE_LANES(grid->n_bus));
    lay_out_others(self);
    list_loads(self);
    set_weights(self, settings);
    for (int32_t k = 0; k < grid->n_storage; k++)
        self->storage_order[k] = k;
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
void columns_rank_storage(columns *self, const sv_balance_input *input)
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
        self->cost[self->of_discharge[order[rank]]] = DISCHARGE_COST * (1.0 + (double)rank / n);
}

void columns_set_dc_lines(columns *self, const sv_state *state)
{
    for (int32_t k = 0; k < self->grid->n_dc_line; k++) {
        const sv_dc_line *line = &self->grid->dc_line[k];
        int32_t j = self->of_dc_line[k];
        bool on = state->dc_line_on[k] && state->bus_on[line->i_from] && state->bus_on[line->i_to];
        self->lower[j] = on ? fmin(0.0, line->p_min_mw) : 0.0;
        self->upper[j] = on ? fmax(0.0, line->p_max_mw) : 0.0;
    }
}

void columns_set_islands(columns *self, int32_t i_main, const int32_t *island_of_bus)
{
    self->n_apart = self->n_off = 0;
    for (int32_t j = 0; j < self->first_storage; j++) {
        int32_t own = island_of_bus[self->bus[j]];
        if (own < 0)
            self->off[self->n_off++] = j;
        else if (own != i_main)
            self->apart[self->n_apart++] = j;
    }
}

SV_WIDE static void gather(int32_t n, const int32_t *restrict at, const double *restrict from, double *restrict to)
{
    for (int32_t j = 0; j < n; j++)
        to[j] = from[at[j]];
}

void columns_set_hour(columns *self, const bus_hour *now, const sv_balance_input *input)
{
    int32_t first = self->first_load, n_load_column = self->first_storage - first;
    gather(first, self->bus, now->supply_mw, self->upper);
    gather(n_load_column, self->cell + first, now->demand_mw, self->wanted_mw + first);
    memcpy(self->upper + first, self->wanted_mw + first, sizeof(double) * (size_t)n_load_column);
    for (int32_t k = 0; k < self->n_off; k++)
        self->upper[self->off[k]] = 0.0;
    for (int32_t k = 0; k < self->grid->n_storage; k++) {
        self->upper[self->of_discharge[k]] = now->discharge_mw[k];
        self->upper[self->of_charge[k]] = now->charge_mw[k];
    }
    if (self->grid->n_storage > 0)
        columns_rank_storage(self, input);
}

SV_WIDE static void take_drawn(int32_t n, const double *restrict drawn, double *restrict p_mw)
{
    for (int32_t i = 0; i < n; i++)
        p_mw[i] -= drawn[i] + drawn[n + i] + drawn[2 * n + i];
}
_Static_assert(SV_N_CLASS == 3, "take_drawn adds all classes");

void columns_inject(const columns *self, const bus_hour *now, const double *x, double *p_mw)
{
    memset(p_mw, 0, sizeof(double) * (size_t)now->n_wide);
    for (int32_t j = 0; j < self->first_load; j++)
        p_mw[self->bus[j]] = x[j];
    for (int32_t j = self->first_load; j < self->first_storage; j++)
        self->drawn_mw[self->cell[j]] = x[j];
    take_drawn(now->n_wide, self->drawn_mw, p_mw);
    for (int32_t j = self->first_storage; j < self->n; j++) {
        p_mw[self->bus[j]] += self->sign[j] * x[j];
        if (self->from_bus[j] >= 0)
            p_mw[self->from_bus[j]] -= x[j];
    }
}

/* ---- the answer ---------------------------------------------------------------------------- */

SV_WIDE static void find_missing(int32_t n, const double *restrict wanted, const double *restrict served,
                                 double *restrict missing)
{
    for (int32_t j = 0; j < n; j++) {
        double mw = wanted[j] - served[j];
        missing[j] = mw > COLUMNS_LEAST_SHARE * wanted[j] ? mw : 0.0;
    }
}

void columns_add_shed(const columns *self, int32_t j, double wanted_mw, double missing_mw, sv_shed *shed,
                      sv_balance_info *info)
{
    info->shed_mw += missing_mw;
    info->shed_class_mw[self->element[j]] += missing_mw;
    for (int32_t k = self->load_start[j]; shed != NULL && k < self->load_start[j + 1]; k++)
        shed[info->n_shed++] = (sv_shed){self->load[k], missing_mw / wanted_mw};
}

void columns_read_shed(const columns *self, const double *x, sv_shed *shed, sv_balance_info *info)
{
    int32_t first = self->first_load;
    find_missing(self->first_storage - first, self->wanted_mw + first, x + first, self->missing_mw + first);
    for (int32_t j = first; j < self->first_storage; j++)
        if (self->missing_mw[j] > 0.0)
            columns_add_shed(self, j, self->wanted_mw[j], self->missing_mw[j], shed, info);
}

/* An element's part of its column's answer. */
static double part(const columns *self, const double *x, int32_t j, double own_mw)
{
    if (own_mw <= 0.0 || self->upper[j] <= 0.0)
        return 0.0;
    return x[j] >= self->upper[j] ? own_mw : own_mw * fmax(0.0, x[j] / self->upper[j]);
}

void columns_read_supply(const columns *self, const sv_state *state, const bus_hour *now, const sv_balance_input *input,
                         const double *x, const sv_balance_result *result)
{
    const sv_grid *grid = self->grid;
    for (int32_t g = 0; result->gen_mw != NULL && g < grid->n_gen; g++) {
        bool on = state->gen_on[g] && state->bus_on[grid->gen[g].i_bus];
        result->gen_mw[g] = on ? part(self, x, self->of_gen[g], input->gen_max_mw[g]) : 0.0;
    }
    for (int32_t k = 0; result->import_mw != NULL && k < grid->n_interconnector; k++) {
        bool on = state->bus_on[grid->interconnector[k].i_bus];
        result->import_mw[k] = on ? part(self, x, self->of_import[k], input->import_max_mw[k]) : 0.0;
    }
    for (int32_t d = 0; result->injected_mw != NULL && d < grid->n_load; d++) {
        bool supply = grid->load[d].p_mw < 0.0 && state->bus_on[grid->load[d].i_bus];
        result->injected_mw[d] = supply ? part(self, x, self->of_load[d], -hour_given_mw(now, input, d)) : 0.0;
    }
    for (int32_t k = 0; result->storage_mw != NULL && k < grid->n_storage; k++)
        result->storage_mw[k] = x[self->of_discharge[k]] - x[self->of_charge[k]];
    for (int32_t k = 0; result->dc_line_mw != NULL && k < grid->n_dc_line; k++)
        result->dc_line_mw[k] = x[self->of_dc_line[k]];
}
