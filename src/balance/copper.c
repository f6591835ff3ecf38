/* Each island without its limits: heaviest class first, supply in proportion to what it has. Where no limit breaks,
 * this is already an optimum. */
#include "private.h"

#include <string.h>

static const island NOTHING = {0}; /* where all buses are off */

static double least(double a, double b)
{
    return a < b ? a : b;
}

static void sum_islands(sv_balance *self)
{
    const bus_hour *now = &self->now;
    memset(self->islands, 0, sizeof(island) * (size_t)self->n_island);
    if (now->i_main >= 0) {
        island *main = &self->islands[now->i_main];
        main->supply_mw = hour_sum_main(now, main->load_mw);
    }
    for (int32_t a = 0; a < now->n_apart; a++) {
        int32_t i = now->apart[a];
        island *own = &self->islands[self->island_of_bus[i]];
        own->supply_mw += now->supply_mw[i];
        for (int32_t c = 0; c < SV_N_CLASS; c++)
            own->load_mw[c] += now->demand_mw[c * now->n_wide + i];
    }
    for (int32_t k = 0; k < self->grid->n_storage; k++) {
        if (now->discharge_mw[k] <= 0.0 && now->charge_mw[k] <= 0.0)
            continue;
        island *own = &self->islands[self->island_of_bus[self->grid->storage[k].i_bus]];
        own->discharge_mw += now->discharge_mw[k];
        own->charge_mw += now->charge_mw[k];
    }
}

/* The optimum of one island without limits. Equal weights share alike. */
static void share_island(const columns *cols, island *self)
{
    double left = self->supply_mw + self->discharge_mw, served = 0.0;
    const int32_t *order = cols->class_order;
    for (int32_t a = 0; a < SV_N_CLASS;) {
        double wanted = 0.0;
        int32_t b = a;
        for (; b < SV_N_CLASS && cols->weight[order[b]] == cols->weight[order[a]]; b++)
            wanted += self->load_mw[order[b]];
        double given = least(wanted, left);
        bool all = given >= wanted * (1.0 - 1e-12);
        for (; a < b; a++)
            self->load_share[order[a]] = all ? 1.0 : given / wanted;
        self->short_ = self->short_ || !all;
        left -= given;
        served += given;
    }
    double from_supply = least(self->supply_mw, served);
    self->discharge_left_mw = served - from_supply;
    double surplus = self->supply_mw - from_supply;
    double charged = self->discharge_left_mw > 0.0 ? 0.0 : least(surplus, self->charge_mw);
    self->charge_share = self->charge_mw > 0.0 ? charged / self->charge_mw : 0.0;
    self->supply_share = self->supply_mw > 0.0 ? least(1.0, (from_supply + charged) / self->supply_mw) : 0.0;
}

/* What storage gives and takes; discharged in the order of the hours that each could go on. @return some discharges */
static void share_storage(sv_balance *self, const sv_balance_input *input)
{
    const sv_grid *grid = self->grid;
    const bus_hour *now = &self->now;
    bool wanted = false;
    for (int32_t k = 0; k < grid->n_storage; k++) {
        int32_t own = self->island_of_bus[grid->storage[k].i_bus];
        self->given_mw[k] = 0.0;
        self->taken_mw[k] = own >= 0 ? now->charge_mw[k] * self->islands[own].charge_share : 0.0;
        wanted = wanted || (own >= 0 && self->islands[own].discharge_left_mw > 0.0);
    }
    if (!wanted)
        return;
    columns_rank_storage(&self->cols, input);
    for (int32_t rank = 0; rank < grid->n_storage; rank++) {
        int32_t k = self->cols.storage_order[rank], own = self->island_of_bus[grid->storage[k].i_bus];
        if (own < 0)
            continue;
        self->given_mw[k] = least(now->discharge_mw[k], self->islands[own].discharge_left_mw);
        self->islands[own].discharge_left_mw -= self->given_mw[k];
    }
}

static void inject(sv_balance *self)
{
    const bus_hour *now = &self->now;
    const island *main = now->i_main >= 0 ? &self->islands[now->i_main] : &NOTHING;
    hour_inject_main(now, main->supply_share, main->load_share, self->p_mw);
    for (int32_t a = 0; a < now->n_apart; a++) {
        int32_t i = now->apart[a];
        const island *own = &self->islands[self->island_of_bus[i]];
        double p_mw = now->supply_mw[i] * own->supply_share;
        for (int32_t c = 0; c < SV_N_CLASS; c++)
            p_mw -= now->demand_mw[c * now->n_wide + i] * own->load_share[c];
        self->p_mw[i] = p_mw;
    }
    for (int32_t k = 0; k < self->grid->n_storage; k++)
        self->p_mw[self->grid->storage[k].i_bus] += self->given_mw[k] - self->taken_mw[k];
}

void copper_dispatch(sv_balance *self, const sv_balance_input *input)
{
    sum_islands(self);
    for (int32_t k = 0; k < self->n_island; k++)
        share_island(&self->cols, &self->islands[k]);
    share_storage(self, input);
    inject(self);
}

void copper_read_shed(const sv_balance *self, sv_shed *shed, sv_balance_info *info)
{
    const columns *cols = &self->cols;
    for (int32_t k = 0; k < cols->n_off; k++) {
        int32_t j = cols->off[k];
        double wanted = j >= cols->first_load ? self->now.demand_mw[cols->cell[j]] : 0.0;
        if (wanted > 0.0)
            columns_add_shed(cols, j, wanted, wanted, shed, info);
    }
    for (int32_t k = 0; k < cols->n_apart; k++) {
        int32_t j = cols->apart[k];
        const island *own = &self->islands[self->island_of_bus[cols->bus[j]]];
        if (!own->short_ || j < cols->first_load)
            continue;
        double wanted = self->now.demand_mw[cols->cell[j]],
               missing = wanted * (1.0 - own->load_share[cols->element[j]]);
        if (missing > COLUMNS_LEAST_SHARE * wanted)
            columns_add_shed(cols, j, wanted, missing, shed, info);
    }
}

SV_WIDE static void multiply(int32_t n, const double *restrict a, double factor, double *restrict out)
{
    for (int32_t j = 0; j < n; j++)
        out[j] = a[j] * factor;
}

SV_WIDE static void multiply_by_class(int32_t n, const double *restrict a, const int32_t *restrict class_,
                                      const double *restrict factor, double *restrict out)
{
    for (int32_t j = 0; j < n; j++)
        out[j] = a[j] * factor[class_[j]];
}

void copper_columns(sv_balance *self)
{
    const columns *cols = &self->cols;
    const island *main = self->now.i_main >= 0 ? &self->islands[self->now.i_main] : &NOTHING;
    int32_t first = cols->first_load, n_load_column = cols->first_storage - first;
    multiply(first, cols->upper, main->supply_share, self->x);
    if (main->short_)
        multiply_by_class(n_load_column, cols->upper + first, cols->element + first, main->load_share, self->x + first);
    else
        memcpy(self->x + first, cols->upper + first, sizeof(double) * (size_t)n_load_column);
    for (int32_t k = 0; k < cols->n_apart; k++) {
        int32_t j = cols->apart[k];
        const island *own = &self->islands[self->island_of_bus[cols->bus[j]]];
        self->x[j] = cols->upper[j] * (j < first ? own->supply_share : own->load_share[cols->element[j]]);
    }
    for (int32_t k = 0; k < cols->n_off; k++)
        self->x[cols->off[k]] = 0.0;
    for (int32_t k = 0; k < self->grid->n_storage; k++) {
        self->x[cols->of_discharge[k]] = self->given_mw[k];
        self->x[cols->of_charge[k]] = self->taken_mw[k];
    }
    for (int32_t j = cols->first_dc_line; j < cols->n; j++)
        self->x[j] = 0.0;
}
