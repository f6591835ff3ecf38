/* Each island without its limits: heaviest class first, supply in proportion to what it has. Where no limit breaks,
 * this is already an optimum. */
#include "private.h"

#include <math.h>
#include <string.h>

static void sum_islands(sv_balance *self)
{
    const columns *cols = &self->cols;
    memset(self->islands, 0, sizeof(island) * (size_t)self->n_island);
    for (int32_t j = 0; j < cols->n; j++) {
        int32_t k = self->island_of_bus[cols->bus[j]];
        if (k < 0 || cols->upper[j] <= 0.0)
            continue;
        if (cols->kind[j] == COLUMN_SUPPLY)
            self->islands[k].supply_mw += cols->upper[j];
        else if (cols->kind[j] == COLUMN_LOAD)
            self->islands[k].load_mw[cols->element[j]] += cols->upper[j];
        else if (cols->kind[j] == COLUMN_DISCHARGE)
            self->islands[k].discharge_mw += cols->upper[j];
        else if (cols->kind[j] == COLUMN_CHARGE)
            self->islands[k].charge_mw += cols->upper[j];
    }
}

/* Heaviest class first; the lower number on ties. */
static void order_classes(const columns *cols, int32_t order[SV_N_CLASS])
{
    for (int32_t c = 0; c < SV_N_CLASS; c++) {
        int32_t at = c;
        for (; at > 0 && cols->weight[order[at - 1]] < cols->weight[c]; at--)
            order[at] = order[at - 1];
        order[at] = c;
    }
}

/* The optimum of one island without limits. Equal weights share alike. */
static void share_island(const columns *cols, const int32_t order[SV_N_CLASS], island *self)
{
    double left = self->supply_mw + self->discharge_mw, served = 0.0;
    for (int32_t a = 0; a < SV_N_CLASS;) {
        double wanted = 0.0;
        int32_t b = a;
        for (; b < SV_N_CLASS && cols->weight[order[b]] == cols->weight[order[a]]; b++)
            wanted += self->load_mw[order[b]];
        double given = fmin(wanted, left);
        bool all = given >= wanted * (1.0 - 1e-12);
        for (; a < b; a++)
            self->load_share[order[a]] = all ? 1.0 : given / wanted;
        self->short_ = self->short_ || !all;
        left -= given;
        served += given;
    }
    double from_supply = fmin(self->supply_mw, served);
    self->discharge_left_mw = served - from_supply;
    double surplus = self->supply_mw - from_supply;
    double charged = self->discharge_left_mw > 0.0 ? 0.0 : fmin(surplus, self->charge_mw);
    self->charge_share = self->charge_mw > 0.0 ? charged / self->charge_mw : 0.0;
    self->supply_share = self->supply_mw > 0.0 ? fmin(1.0, (from_supply + charged) / self->supply_mw) : 0.0;
}

void copper_dispatch(sv_balance *self)
{
    const columns *cols = &self->cols;
    int32_t order[SV_N_CLASS];
    order_classes(cols, order);
    sum_islands(self);
    for (int32_t k = 0; k < self->n_island; k++)
        share_island(cols, order, &self->islands[k]);
    for (int32_t j = 0; j < cols->n; j++) {
        self->x[j] = 0.0;
        int32_t k = self->island_of_bus[cols->bus[j]];
        if (k < 0)
            continue;
        if (cols->kind[j] == COLUMN_SUPPLY)
            self->x[j] = cols->upper[j] * self->islands[k].supply_share;
        else if (cols->kind[j] == COLUMN_LOAD)
            self->x[j] = cols->upper[j] * self->islands[k].load_share[cols->element[j]];
        else if (cols->kind[j] == COLUMN_CHARGE)
            self->x[j] = cols->upper[j] * self->islands[k].charge_share;
    }
    for (int32_t rank = 0; rank < self->grid->n_storage; rank++) {
        int32_t j = cols->of_discharge[cols->storage_order[rank]];
        int32_t k = self->island_of_bus[cols->bus[j]];
        if (k < 0)
            continue;
        self->x[j] = fmin(cols->upper[j], self->islands[k].discharge_left_mw);
        self->islands[k].discharge_left_mw -= self->x[j];
    }
}
