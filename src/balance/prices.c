/* Prices of the last hour: the duals of the way that answered it. A copper plate's island has one price, that of the class
 * or the storage on the margin; the program's rows combine to one a bus by a single sparse solve; the full-angle program
 * left its own. Cost: one sparse solve. One workspace a thread. */
#include "private.h"

#include <math.h>
#include <string.h>

/* The lightest load served in part or the first unserved, else the dearest storage that gives, else storage that would take
 * more. */
double copper_price(const sv_balance *self, int32_t i_island)
{
    const columns *cols = &self->cols;
    const island *own = &self->islands[i_island];
    double price = 0.0;
    for (int32_t a = 0; own->short_ && a < SV_N_CLASS; a++)
        if (own->load_share[cols->class_order[a]] < 1.0)
            return cols->weight[cols->class_order[a]];
    if (own->charge_mw > 0.0 && own->charge_share < 1.0 && self->grid->n_storage > 0)
        price = -cols->cost[cols->of_charge[0]] * cols->least_weight;
    for (int32_t k = 0; own->discharge_mw > 0.0 && k < self->grid->n_storage; k++)
        if (self->given_mw[k] > 0.0 && self->island_of_bus[self->grid->storage[k].i_bus] == i_island)
            price = fmax(price, cols->cost[cols->of_discharge[k]] * cols->least_weight);
    return price;
}

/* The program's row duals on the buses: flows by a sparse solve, what islands have as a whole in `by_island`. */
static void program_prices(sv_balance *self, double *bus_price, double *by_island)
{
    double unit = self->cols.least_weight;
    int32_t n = program_shares(self, sv_dual_row_dual(self->lp), by_island, 0);
    sv_dc_combine_rows(self->dc, n, self->share_branch, self->share, bus_price);
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        bus_price[i] *= unit;
    for (int32_t k = 0; k < self->n_island; k++)
        if (self->islands_in_program[k])
            by_island[k] *= unit;
}

static void price_buses(sv_balance *self, double *bus_price)
{
    bool program = self->way == WAY_PROGRAM;
    double *by_island = self->island_share;
    for (int32_t k = 0; k < self->n_island; k++)
        by_island[k] = program && self->islands_in_program[k] ? 0.0 : copper_price(self, k);
    if (program)
        program_prices(self, bus_price, by_island);
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t own = self->island_of_bus[i];
        bus_price[i] = own < 0 ? 0.0 : bus_price[i] + by_island[own];
    }
}

void sv_balance_prices(sv_balance *balance, double *bus_price, double *branch_price)
{
    size_t n_bus = (size_t)balance->grid->n_bus, n_branch = (size_t)balance->grid->n_branch;
    bool angles = balance->way == WAY_ANGLES;
    if (bus_price != NULL && angles) {
        memcpy(bus_price, balance->bus_price, sizeof(double) * n_bus);
    } else if (bus_price != NULL) {
        memset(bus_price, 0, sizeof(double) * n_bus);
        if (balance->way != WAY_NONE)
            price_buses(balance, bus_price);
    }
    if (branch_price == NULL)
        return;
    memset(branch_price, 0, sizeof(double) * n_branch);
    if (angles)
        memcpy(branch_price, balance->branch_price, sizeof(double) * n_branch);
    for (int32_t i = 0; balance->way == WAY_PROGRAM && i < sv_dual_n_row(balance->lp); i++)
        if (balance->row_branch[i] != NO_BRANCH)
            branch_price[balance->row_branch[i]] = fabs(sv_dual_row_dual(balance->lp)[i]) * balance->cols.least_weight;
}
