/* The least further shedding, and the least moving of units, that linear rows ask for: a small program of one island, whose
 * rows are sensitivities of AC power flow. Every row may be broken at a price that no shedding reaches, so that there is
 * always an answer. Allocates nothing. */
#include "ac_check.h"

#include <math.h>
#include <string.h>

static const double MOVE_COST_SHARE = 1e-2; /* of the least weight: moving units comes before shedding */
static const double PRICE_SHARE = 1e3;      /* of the largest weight */
static const double MOST_BROKEN = 1e7, LEAST_MOVE_MW = 1e-4;

static int32_t first_raised(const sv_ac_check *self)
{
    return self->grid->n_load;
}

static int32_t first_lowered(const sv_ac_check *self)
{
    return self->grid->n_load + self->n_source;
}

static int32_t first_broken(const sv_ac_check *self)
{
    return self->grid->n_load + 2 * self->n_source;
}

double ac_program_price(const sv_ac_check *self)
{
    double most = 0.0;
    for (int c = 0; c < SV_N_CLASS; c++)
        most = fmax(most, self->weight[c]);
    return PRICE_SHARE * most;
}

void ac_program_begin(sv_ac_check *self, int32_t i_island, double restore, double reach)
{
    double least = INFINITY;
    for (int c = 0; c < SV_N_CLASS; c++)
        least = fmin(least, self->weight[c]);
    memset(self->cost, 0, sizeof(double) * (size_t)self->n_col);
    memset(self->lower, 0, sizeof(double) * (size_t)self->n_col);
    memset(self->upper, 0, sizeof(double) * (size_t)self->n_col);
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        if (ac_island_of_load(self, d) != i_island || !(self->now.load_mw[d] + self->now.shed_mw[d] > 0.0))
            continue;
        self->cost[d] = self->weight[self->grid->load[d].class_];
        self->lower[d] = -restore * self->now.shed_mw[d];
        self->upper[d] = self->now.load_mw[d];
    }
    for (int32_t s = 0; s < self->n_source; s++) {
        int32_t up = first_raised(self) + s, down = first_lowered(self) + s;
        if (ac_island_of_source(self, s) != i_island)
            continue;
        self->cost[up] = self->cost[down] = MOVE_COST_SHARE * least;
        double room = fmin(reach * self->source_max_mw[s], self->source_max_mw[s] - self->now.source_mw[s]);
        self->upper[up] = fmax(0.0, room);
        self->upper[down] = fmax(0.0, self->now.source_mw[s]);
    }
    sv_dual_reset(self->program);
}

void ac_program_add(sv_ac_check *self, double scale, double lower, double upper, double price)
{
    int32_t broken = first_broken(self) + sv_dual_n_row(self->program);
    memset(self->row, 0, sizeof(double) * (size_t)self->n_col);
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        const sv_load *load = &self->grid->load[d];
        double mvar_per_mw = load->p_mw != 0.0 ? load->q_mvar / load->p_mw : 0.0;
        self->row[d] = scale * (self->by_mw[load->i_bus] + mvar_per_mw * self->by_mvar[load->i_bus]);
    }
    for (int32_t s = 0; s < self->n_source; s++) {
        self->row[first_raised(self) + s] = scale * self->by_mw[self->source_bus[s]];
        self->row[first_lowered(self) + s] = -scale * self->by_mw[self->source_bus[s]];
    }
    self->row[broken] = isfinite(lower) ? 1.0 : -1.0; /* a row with both sides is one that can be met from below */
    self->cost[broken] = price;
    self->upper[broken] = MOST_BROKEN;
    sv_dual_add_rows(self->program, 1, self->row, &lower, &upper);
}

bool ac_program_move(sv_ac_check *self)
{
    sv_lp_info info;
    sv_dual_set_columns(self->program, self->cost, self->lower, self->upper);
    sv_dual_solve(self->program, &info);
    if (info.outcome != SV_LP_OPTIMAL)
        return false;
    (void)sv_dual_finish(self->program, 0.0, &info);
    const double *x = sv_dual_x(self->program);
    double moved_mw = 0.0;
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        if (!(self->now.load_mw[d] + self->now.shed_mw[d] > 0.0))
            continue; /* a free injection */
        double mw = fmin(x[d], self->now.load_mw[d]);
        self->now.load_mw[d] -= mw;
        self->now.shed_mw[d] = fmax(0.0, self->now.shed_mw[d] + mw);
        moved_mw += fabs(mw);
    }
    for (int32_t s = 0; s < self->n_source; s++) {
        double mw = x[first_raised(self) + s] - x[first_lowered(self) + s];
        self->now.source_mw[s] = fmax(0.0, self->now.source_mw[s] + mw);
        moved_mw += fabs(mw);
    }
    return moved_mw > LEAST_MOVE_MW;
}
