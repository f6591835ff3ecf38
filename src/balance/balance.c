/* Least harm in injection space. Each island is first dispatched as a copper plate, supply in proportion; when that
 * breaks no limit it is an optimum. Where it does, the island enters a linear program: one balance row, and a PTDF row for
 * each limit that an answer breaks, until none does. Rows and basis carry over while the topology stays; what the program
 * cannot say (singular network, impossible limits) goes to the full-angle form. Cost: one sparse solve for an hour that
 * fits. One workspace a thread. */
#include "angle.h"
#include "private.h"

#include <math.h>
#include <string.h>

sv_balance_settings sv_balance_defaults(void)
{
    return (sv_balance_settings){.network = true, .weight = {100.0, 10.0, 1.0}};
}

/* ---- life ---------------------------------------------------------------------------------- */

/* Parallel branches share their pattern of flows, so only the tightest of the twins has to enter at a time. */
static void find_twins(sv_balance *self, int32_t *first_at_bus, int32_t *next)
{
    const sv_grid *grid = self->grid;
    memset(first_at_bus, 0xff, sizeof(int32_t) * (size_t)grid->n_bus);
    for (int32_t l = 0; l < grid->n_branch; l++) {
        int32_t i = grid->branch[l].i_from, j = grid->branch[l].i_to, low = i < j ? i : j, high = i < j ? j : i;
        int32_t other = first_at_bus[low];
        while (other >= 0 && grid->branch[other].i_from != high && grid->branch[other].i_to != high)
            other = next[other];
        self->twin[l] = other >= 0 ? self->twin[other] : l;
        next[l] = first_at_bus[low];
        first_at_bus[low] = l;
    }
}

static bool take_memory(sv_balance *self)
{
    const sv_grid *grid = self->grid;
    sv_arena *arena = self->arena;
    if (!columns_new(&self->cols, grid, &self->settings, arena))
        return false;
    self->islands = SV_TAKE(arena, grid->n_bus, island);
    self->island_of_bus = SV_TAKE(arena, grid->n_bus, int32_t);
    self->x = SV_TAKE(arena, self->cols.n, double);
    self->lp_lower = SV_TAKE(arena, self->cols.n, double);
    self->lp_upper = SV_TAKE(arena, self->cols.n, double);
    self->p_mw = SV_TAKE(arena, grid->n_bus, double);
    self->f_mw = SV_TAKE(arena, grid->n_branch, double);
    self->row = SV_TAKE(arena, grid->n_bus, double);
    self->share = SV_TAKE(arena, MOST_ROWS, double);
    self->share_branch = SV_TAKE(arena, MOST_ROWS, int32_t);
    self->island_share = SV_TAKE(arena, grid->n_bus, double);
    self->at_upper = SV_TAKE(arena, self->cols.n, uint8_t);
    self->in_row = SV_TAKE(arena, grid->n_branch, uint8_t);
    self->row_branch = SV_TAKE(arena, MOST_ROWS, int32_t);
    self->row_island = SV_TAKE(arena, MOST_ROWS, int32_t);
    self->row_middle = SV_TAKE(arena, MOST_ROWS, double);
    self->remembered = SV_TAKE(arena, MOST_ROWS, int32_t);
    self->broken = SV_TAKE(arena, grid->n_branch, broken_limit);
    self->twin = SV_TAKE(arena, grid->n_branch, int32_t);
    self->twin_seen = SV_TAKE(arena, grid->n_branch, int64_t);
    self->islands_in_program = SV_TAKE(arena, grid->n_bus, uint8_t);
    self->relaxed_branch = SV_TAKE(arena, grid->n_branch, int32_t);
    self->relaxed_mw = SV_TAKE(arena, grid->n_branch, double);
    if (sv_arena_failed(arena))
        return false;
    find_twins(self, self->island_of_bus, self->relaxed_branch);
    return true;
}

sv_status sv_balance_new(sv_balance **balance, const sv_grid *grid, const sv_balance_settings *settings, sv_error *err)
{
    *balance = NULL;
    for (int c = 0; c < SV_N_CLASS; c++)
        if (!(settings->weight[c] > 0.0) || !isfinite(settings->weight[c]))
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "weight of class %s is %g; accepted: a number above 0",
                                sv_class_name[c], settings->weight[c]);
    sv_arena *arena = sv_arena_new();
    sv_balance *self = arena != NULL ? SV_TAKE(arena, 1, sv_balance) : NULL;
    sv_status status = self != NULL ? SV_OK : SV_ENOMEM;
    if (status == SV_OK) {
        self->arena = arena;
        self->grid = grid;
        self->settings = *settings;
        if (!take_memory(self))
            status = SV_ENOMEM;
    } else {
        sv_arena_free(arena);
    }
    if (status == SV_OK && settings->network)
        status = sv_dc_new(&self->dc, grid, err);
    if (status == SV_OK && settings->network) {
        self->lp = sv_dual_new(self->cols.n, MOST_ROWS);
        status = self->lp != NULL ? SV_OK : SV_ENOMEM;
    }
    if (status == SV_OK && settings->network)
        sv_dual_set_product(self->lp, program_product, self);
    if (status != SV_OK) {
        sv_balance_free(&self);
        return sv_error_set(err, status, NULL, 0, "out of memory for the balance of %d buses", (int)grid->n_bus);
    }
    *balance = self;
    return SV_OK;
}

void sv_balance_free(sv_balance **balance)
{
    if (balance == NULL || *balance == NULL)
        return;
    sv_dc_free(&(*balance)->dc);
    sv_dual_free(&(*balance)->lp);
    sv_arena_free((*balance)->arena);
    *balance = NULL;
}

void sv_balance_reset(sv_balance *balance)
{
    if (balance->dc != NULL)
        sv_dc_reset(balance->dc);
    for (int32_t k = 0; k < balance->grid->n_storage; k++)
        balance->cols.storage_order[k] = k;
    balance->has_program = false;
    balance->n_remembered = 0;
    balance->state = NULL;
}
/* ---- one topology -------------------------------------------------------------------------- */

static void one_island(sv_balance *self)
{
    self->n_island = 0;
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        self->island_of_bus[i] = self->state->bus_on[i] ? 0 : -1;
        self->n_island |= self->state->bus_on[i] ? 1 : 0;
    }
}

sv_status sv_balance_update(sv_balance *balance, const sv_state *state)
{
    if (state->grid != balance->grid)
        return SV_EDIM;
    program_close(balance);
    balance->state = state;
    balance->singular = false;
    if (balance->dc == NULL) {
        one_island(balance);
        return SV_OK;
    }
    sv_status status = sv_dc_update(balance->dc, state);
    balance->singular = status == SV_ENUM;
    const sv_islands *found = sv_dc_islands(balance->dc);
    balance->n_island = found->n_island;
    memcpy(balance->island_of_bus, found->of_bus, sizeof(int32_t) * (size_t)balance->grid->n_bus);
    return status == SV_ENUM ? SV_OK : status;
}
/* ---- one hour ------------------------------------------------------------------------------ */

static sv_status run_angles(sv_balance *self, sv_balance_info *info)
{
    angle_info solved;
    self->has_program = false;
    sv_status status =
        angle_solve(&self->cols, self->state, sv_dc_islands(self->dc), self->x, self->f_mw, self->relaxed_mw, &solved);
    if (status != SV_OK)
        return status;
    info->n_row = solved.n_row;
    info->n_pivot += solved.n_pivot;
    if (solved.outcome != SV_LP_OPTIMAL) {
        info->outcome = SV_BALANCE_FAILED;
        memset(self->x, 0, sizeof(double) * (size_t)self->cols.n);
        memset(self->f_mw, 0, sizeof(double) * (size_t)self->grid->n_branch);
        return SV_OK;
    }
    for (int32_t l = 0; l < self->grid->n_branch; l++) {
        if (self->relaxed_mw[l] <= 0.0)
            continue;
        self->relaxed_branch[self->n_relaxed] = l;
        self->relaxed_mw[self->n_relaxed++] = self->relaxed_mw[l];
    }
    info->relaxed_mw = solved.relaxed_mw;
    info->outcome = self->n_relaxed > 0 ? SV_BALANCE_RELAXED : SV_BALANCE_OPTIMAL;
    return SV_OK;
}

/* A DC line can help an island that is short, when it has one. */
static bool dc_line_may_help(const sv_balance *self)
{
    const columns *cols = &self->cols;
    for (int32_t k = 0; k < self->grid->n_dc_line; k++) {
        int32_t j = cols->of_dc_line[k];
        if (cols->upper[j] == 0.0 && cols->lower[j] == 0.0)
            continue;
        int32_t to = self->island_of_bus[cols->bus[j]], from = self->island_of_bus[cols->from_bus[j]];
        if (to != from && (self->islands[to].short_ || self->islands[from].short_))
            return true;
    }
    return false;
}
static bool fits(const sv_balance *self)
{
    for (int32_t l = 0; l < self->grid->n_branch; l++) {
        double rate = self->grid->branch[l].rate_a_mva;
        if (rate > 0.0 && !(fabs(self->f_mw[l]) <= rate + TOLERANCE_MW))
            return false;
    }
    return true;
}

static sv_status solve_network(sv_balance *self, sv_balance_info *info)
{
    if (self->singular)
        return run_angles(self, info);
    program_flows(self);
    if (fits(self) && !dc_line_may_help(self))
        return SV_OK;
    if (program_run(self, info))
        return SV_OK;
    self->has_program = false;
    return run_angles(self, info);
}

sv_status sv_balance_solve(sv_balance *balance, const sv_balance_input *input, const sv_balance_result *result,
                           sv_balance_info *info)
{
    static const sv_balance_result nothing_wanted = {0};
    *info = (sv_balance_info){.outcome = SV_BALANCE_OPTIMAL, .n_island = balance->n_island};
    balance->n_relaxed = 0;
    columns_set_hour(&balance->cols, balance->state, input);
    copper_dispatch(balance);
    sv_status status = balance->dc != NULL ? solve_network(balance, info) : SV_OK;
    if (status != SV_OK)
        return status;
    if (result == NULL)
        result = &nothing_wanted;
    columns_read(&balance->cols, balance->state, input, balance->x, result, info);
    if (result->branch_mw != NULL)
        memcpy(result->branch_mw, balance->f_mw, sizeof(double) * (size_t)balance->grid->n_branch);
    return SV_OK;
}

int32_t sv_balance_relaxed(const sv_balance *balance, const int32_t **i_branch, const double **by_mw)
{
    *i_branch = balance->relaxed_branch;
    *by_mw = balance->relaxed_mw;
    return balance->n_relaxed;
}
