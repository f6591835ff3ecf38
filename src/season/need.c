/* What a repair would bring back: the figures by which crews are sent (docs/model/season.md). Rough on purpose: a dispatcher
 * knows who is dark near a unit and how large the unit is, not the optimum of tomorrow. */
#include "private.h"

#include <math.h>

static const double UNLIMITED_BRANCH_MW = 100.0; /* a stated size for branches without a rating */
static const double RESERVE_SHARE = 1e-3;        /* nobody dark: larger units first */

static double branch_mw(const sv_branch *branch)
{
    return branch->rate_a_mva > 0.0 ? branch->rate_a_mva : UNLIMITED_BRANCH_MW;
}

static double bus_mw(const sv_grid *grid, int32_t i_bus)
{
    double sum = 0.0;
    for (int32_t l = 0; l < grid->n_branch; l++)
        if (grid->branch[l].i_from == i_bus || grid->branch[l].i_to == i_bus)
            sum += 0.5 * branch_mw(&grid->branch[l]);
    for (int32_t d = 0; d < grid->n_load; d++)
        if (grid->load[d].i_bus == i_bus)
            sum += fmax(0.0, grid->load[d].p_mw);
    return sum;
}

double need_capacity_mw(const sv_grid *grid, int32_t i_unit)
{
    const sv_unit *unit = &grid->unit[i_unit];
    switch (unit->kind) {
    case SV_OF_BUS:
        return bus_mw(grid, unit->index);
    case SV_OF_BRANCH:
        return branch_mw(&grid->branch[unit->index]);
    case SV_OF_GEN:
        return fmax(0.0, grid->gen[unit->index].p_max_mw);
    case SV_OF_STORAGE:
        return grid->storage[unit->index].p_mw;
    case SV_OF_DC_LINE:
        return fmax(fabs(grid->dc_line[unit->index].p_max_mw), fabs(grid->dc_line[unit->index].p_min_mw));
    }
    return 0.0;
}

/* Parts of the network bring back what is dark at their site and, less surely, in their region; generation what is dark
 * anywhere. */
static void rank_one(const ledger *book, const sv_unit *unit, double capacity_mw, double *critical_mw, double *gain_mw)
{
    bool network = unit->kind == SV_OF_BUS || unit->kind == SV_OF_BRANCH || unit->kind == SV_OF_DC_LINE;
    double critical = 0.0, dark = book->shed_mw;
    if (network) {
        critical = unit->i_site >= 0 ? book->site_critical_mw[unit->i_site] : 0.0;
        dark = book->region_mw[unit->i_region];
    } else {
        critical = book->class_mw[SV_CRITICAL];
    }
    *critical_mw = fmin(capacity_mw, critical);
    *gain_mw = fmin(capacity_mw, dark) + RESERVE_SHARE * capacity_mw;
}

void need_rank(const ledger *book, const double *capacity_mw, int32_t n, const int32_t *i_unit, double *critical_mw,
               double *gain_mw)
{
    for (int32_t k = 0; k < n; k++)
        rank_one(book, &book->grid->unit[i_unit[k]], capacity_mw[i_unit[k]], &critical_mw[k], &gain_mw[k]);
}
