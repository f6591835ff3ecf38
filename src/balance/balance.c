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

/* Rows cost memory for every column, so that small grids get fewer: none of theirs needs more. */
enum { LARGE_BUSES = 2000, MOST_ROWS_SMALL = 400 };
#define PLAIN_WORK 15.0 /* multiply-adds that take as long as a bus or branch of a sparse solve in lanes */

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
    if (!columns_new(&self->cols, grid, &self->settings, arena) || !hour_new(&self->now, grid, arena) ||
        !fair_new(&self->fair, &self->cols, arena))
        return false;
    self->islands = SV_TAKE(arena, grid->n_bus, island);
    self->island_of_bus = SV_TAKE(arena, grid->n_bus, int32_t);
    self->x = SV_TAKE(arena, self->cols.n, double);
    self->in_program = SV_TAKE(arena, self->cols.n, double);
    self->lp_lower = SV_TAKE(arena, self->cols.n, double);
    self->lp_upper = SV_TAKE(arena, self->cols.n, double);
    self->p_mw = SV_TAKE(arena, SV_WHOLE_LANES(grid->n_bus), double);
    self->f_mw = SV_TAKE(arena, SV_WHOLE_LANES(grid->n_branch), double);
    self->limit_mw = SV_TAKE(arena, SV_WHOLE_LANES(grid->n_branch), double);
    self->given_mw = SV_TAKE(arena, grid->n_storage, double);
    self->taken_mw = SV_TAKE(arena, grid->n_storage, double);
    self->watched_row = SV_TAKE(arena, SV_WHOLE_LANES(grid->n_bus), double);
    self->share = SV_TAKE(arena, SV_DUAL_LANES * MOST_ROWS, double);
    self->share_branch = SV_TAKE(arena, SV_DUAL_LANES * MOST_ROWS, int32_t);
    self->island_share = SV_TAKE(arena, SV_DUAL_LANES * (size_t)grid->n_bus, double);
    self->sensitivity = SV_TAKE(arena, (size_t)ROWS_AT_ONCE * (size_t)grid->n_bus, double);
    self->rows = SV_TAKE(arena, (size_t)ROWS_AT_ONCE * (size_t)self->cols.n, double);
    self->new_rows = SV_TAKE(arena, 2 * MOST_ROWS, int32_t);
    self->row_push = SV_TAKE(arena, MOST_ROWS, double);
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
    self->bus_price = SV_TAKE(arena, grid->n_bus, double);
    self->branch_price = SV_TAKE(arena, grid->n_branch, double);
    if (sv_arena_failed(arena))
        return false;
    find_twins(self, self->island_of_bus, self->relaxed_branch);
    for (int32_t l = 0; l < SV_WHOLE_LANES(grid->n_branch); l++) {
        double rate = l < grid->n_branch ? grid->branch[l].rate_a_mva : 0.0;
        self->limit_mw[l] = rate > 0.0 ? rate + TOLERANCE_MW : INFINITY;
    }
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
        self->lp = sv_dual_new(self->cols.n, grid->n_bus > LARGE_BUSES ? MOST_ROWS : MOST_ROWS_SMALL);
        status = self->lp != NULL ? SV_OK : SV_ENOMEM;
    }
    if (status == SV_OK && settings->network)
        sv_dual_set_products(self->lp, program_product, program_activity,
                             PLAIN_WORK * ((double)grid->n_bus + (double)grid->n_branch), self);
    if (status != SV_OK) {
        sv_balance_free(&self);
        return sv_error_set(err, status, NULL, 0, "%s the balance of %d buses",
                            status == SV_ENOMEM ? "out of memory for" : "cannot analyse", (int)grid->n_bus);
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

sv_status sv_balance_set_profiles(sv_balance *balance, const double *base_mw, const int32_t *i_profile)
{
    if (!hour_accepts_profiles(balance->grid, base_mw, i_profile))
        return SV_EUSAGE;
    hour_set_profiles(&balance->now, base_mw, i_profile);
    return SV_OK;
}

void sv_balance_reset(sv_balance *balance)
{
    for (int32_t k = 0; k < balance->grid->n_storage; k++)
        balance->cols.storage_order[k] = k;
    balance->has_program = false;
    balance->n_remembered = 0;
    balance->way = WAY_NONE;
    balance->state = NULL;
    balance->n_island = balance->n_relaxed = 0;
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

static void take_islands(sv_balance *self)
{
    hour_set_islands(&self->now, self->n_island, self->island_of_bus);
    columns_set_islands(&self->cols, self->now.i_main, self->island_of_bus);
}

sv_status sv_balance_update(sv_balance *balance, const sv_state *state)
{
    if (state->grid != balance->grid)
        return SV_EDIM;
    program_close(balance);
    balance->way = WAY_NONE;
    balance->state = state;
    balance->singular = false;
    balance->watched = NO_BRANCH;
    if (balance->dc == NULL) {
        one_island(balance);
        take_islands(balance);
        return SV_OK;
    }
    sv_status status = sv_dc_update(balance->dc, state);
    balance->singular = status == SV_ENUM;
    const sv_islands *found = sv_dc_islands(balance->dc);
    balance->n_island = found->n_island;
    memcpy(balance->island_of_bus, found->of_bus, sizeof(int32_t) * (size_t)balance->grid->n_bus);
    take_islands(balance);
    if (status != SV_OK && status != SV_ENUM) {
        balance->state = NULL; /* without factors there is nothing to solve */
        return status;
    }
    return SV_OK;
}

/* ---- one hour ------------------------------------------------------------------------------ */

static sv_status run_angles(sv_balance *self, sv_balance_info *info)
{
    angle_info solved;
    self->has_program = false;
    const angle_answer answer = {self->x, self->f_mw, self->relaxed_mw, self->bus_price, self->branch_price};
    sv_status status = angle_solve(&self->cols, self->state, sv_dc_islands(self->dc), &answer, &solved);
    if (status != SV_OK)
        return status;
    info->n_row = solved.n_row;
    info->unfair = true;
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
    self->way = WAY_ANGLES;
    return SV_OK;
}

/* A DC line can help where one more MW is worth more at one end than at the other. */
static bool dc_line_may_help(const sv_balance *self)
{
    const columns *cols = &self->cols;
    for (int32_t k = 0; k < self->grid->n_dc_line; k++) {
        int32_t j = cols->of_dc_line[k];
        if (cols->upper[j] == 0.0 && cols->lower[j] == 0.0)
            continue;
        int32_t to = self->island_of_bus[cols->bus[j]], from = self->island_of_bus[cols->from_bus[j]];
        if (to != from && copper_price(self, to) != copper_price(self, from))
            return true;
    }
    return false;
}

SV_WIDE bool flows_fit(const double *restrict f_mw, const double *restrict limit_mw, int32_t n)
{
    double lane[SV_LANES] = {0.0}, sum = 0.0;
    for (int32_t i = 0; i < n; i += SV_LANES)
        for (int32_t l = 0; l < SV_LANES; l++)
            lane[l] += fabs(f_mw[i + l]) <= limit_mw[i + l] ? 1.0 : 0.0;
    for (int32_t l = 0; l < SV_LANES; l++)
        sum += lane[l];
    return sum == (double)n;
}

static bool fits(const sv_balance *self)
{
    return flows_fit(self->f_mw, self->limit_mw, SV_WHOLE_LANES(self->grid->n_branch));
}

static void set_columns(sv_balance *self, const sv_balance_input *input)
{
    if (self->columns_set)
        return;
    columns_set_hour(&self->cols, &self->now, input);
    copper_columns(self);
    self->columns_set = true;
}

/* The branch that the copper plate broke most, and what it takes to know its flow alone. */
static void watch_worst(sv_balance *self)
{
    double worst = 0.0;
    for (int32_t l = 0; l < self->grid->n_branch; l++) {
        double excess = fabs(self->f_mw[l]) - self->limit_mw[l];
        if (excess > worst) {
            worst = excess;
            self->watched = l;
        }
    }
    if (self->watched >= 0)
        self->watched_push_mw = sv_dc_ptdf_row(self->dc, self->watched, self->watched_row);
}

/* The program is at work, and the copper plate still breaks the limit that is watched: no need for all its flows. */
static bool still_broken(const sv_balance *self)
{
    int32_t l = self->watched;
    if (l < 0 || !self->has_program || !self->islands_in_program[self->island_of_bus[self->grid->branch[l].i_from]])
        return false;
    double flow = self->watched_push_mw + hour_dot(self->watched_row, self->p_mw, self->now.n_wide);
    return fabs(flow) > self->limit_mw[l] * (1.0 + 1e-9);
}

static sv_status solve_network(sv_balance *self, const sv_balance_input *input, sv_balance_info *info)
{
    if (!self->singular) {
        if (!still_broken(self)) {
            sv_dc_solve(self->dc, self->p_mw, NULL, self->f_mw);
            if (fits(self) && !dc_line_may_help(self)) {
                self->way = WAY_COPPER;
                return SV_OK;
            }
            watch_worst(self);
        }
        set_columns(self, input);
        if (program_run(self, info)) {
            self->way = WAY_PROGRAM;
            return SV_OK;
        }
        self->has_program = false;
    }
    set_columns(self, input);
    return run_angles(self, info);
}

/* What is wanted, by islands and the buses that are off. @return somebody may go without on the copper plate */
static bool count_demand(const sv_balance *self, sv_balance_info *info)
{
    const bus_hour *now = &self->now;
    bool dark = false;
    for (int32_t k = 0; k < self->n_island; k++) {
        dark = dark || self->islands[k].short_;
        for (int32_t c = 0; c < SV_N_CLASS; c++)
            info->demand_mw += self->islands[k].load_mw[c];
    }
    for (int32_t a = 0; a < now->n_off; a++)
        for (int32_t c = 0; c < SV_N_CLASS; c++) {
            double mw = now->demand_mw[c * now->n_wide + now->off[a]];
            info->demand_mw += mw;
            dark = dark || mw > 0.0;
        }
    return dark;
}

static void read_served(const sv_balance *self, const sv_balance_input *input, double *served_mw)
{
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        int32_t j = self->cols.of_load[d], cell = self->now.load_cell[d];
        double wanted = hour_load_mw(&self->now, input, d);
        double share = wanted > 0.0 ? self->x[j] / self->now.demand_mw[cell] : 1.0;
        served_mw[d] = share < 1.0 - 1e-9 ? wanted * share : wanted;
    }
}

/* Somebody is short in the island where most are: then all columns are looked at. */
static bool main_is_short(const sv_balance *self)
{
    return self->now.i_main >= 0 && self->islands[self->now.i_main].short_;
}

/* Who goes without, and what storage does, are read the same way whatever else is asked for. */
static void read_answer(sv_balance *self, const sv_balance_input *input, const sv_balance_result *result,
                        sv_balance_info *info)
{
    bool dark = count_demand(self, info);
    if (dark && main_is_short(self))
        set_columns(self, input);
    if (self->columns_set)
        columns_read_shed(&self->cols, self->x, result->shed, info);
    else if (dark)
        copper_read_shed(self, result->shed, info);
    if (result->served_mw != NULL || result->gen_mw != NULL || result->import_mw != NULL ||
        result->dc_line_mw != NULL || result->injected_mw != NULL)
        set_columns(self, input);
    if (self->columns_set)
        columns_read_supply(&self->cols, self->state, &self->now, input, self->x, result);
    for (int32_t k = 0; !self->columns_set && result->storage_mw != NULL && k < self->grid->n_storage; k++)
        result->storage_mw[k] = self->given_mw[k] - self->taken_mw[k];
    if (result->served_mw != NULL)
        read_served(self, input, result->served_mw);
    if (result->branch_mw != NULL)
        memcpy(result->branch_mw, self->f_mw, sizeof(double) * (size_t)self->grid->n_branch);
}

sv_status sv_balance_solve(sv_balance *balance, const sv_balance_input *input, const sv_balance_result *result,
                           sv_balance_info *info)
{
    static const sv_balance_result nothing_wanted = {0};
    *info = (sv_balance_info){.outcome = SV_BALANCE_OPTIMAL, .n_island = balance->n_island};
    if (balance->state == NULL || !hour_accepts(balance->grid, balance->now.n_profile, input))
        return SV_EUSAGE;
    balance->n_relaxed = 0;
    balance->columns_set = false;
    balance->way = balance->dc == NULL ? WAY_COPPER : WAY_NONE;
    hour_set(&balance->now, balance->state, input);
    columns_set_dc_lines(&balance->cols, balance->state);
    copper_dispatch(balance, input);
    sv_status status = balance->dc != NULL ? solve_network(balance, input, info) : SV_OK;
    if (status == SV_OK)
        read_answer(balance, input, result != NULL ? result : &nothing_wanted, info);
    return status;
}

int32_t sv_balance_relaxed(const sv_balance *balance, const int32_t **i_branch, const double **by_mw)
{
    *i_branch = balance->relaxed_branch;
    *by_mw = balance->relaxed_mw;
    return balance->n_relaxed;
}
