/* Least harm in injection space. Each island is first dispatched as a copper plate, supply in proportion; when that
 * breaks no limit it is an optimum. Where it does, the island enters a linear program: one balance row, and a PTDF row for
 * each limit that an answer breaks, until none does. Rows and basis carry over while the topology stays; what the program
 * cannot say (singular network, impossible limits) goes to the full-angle form. Cost: one sparse solve for an hour that
 * fits. One workspace a thread. */
#include "angle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NEW_ROWS = 25, MOST_ROWS = 400, MOST_ROUNDS = 100, NO_BRANCH = -1 };
static const double TOLERANCE_MW = 1e-5;    /* a limit counts as broken beyond this */
static const double ROUND_OFF = 1e-11;      /* of a PTDF row */

typedef struct {
    double supply_mw, discharge_mw, charge_mw, load_mw[SV_N_CLASS];
    double supply_share, charge_share, load_share[SV_N_CLASS], discharge_left_mw;
    bool short_;
} island;

typedef struct {
    double excess; /* flow over limit */
    int32_t branch;
} broken_limit;

struct sv_balance {
    sv_arena *arena;
    const sv_grid *grid;
    const sv_state *state;
    sv_balance_settings settings;
    columns cols;
    sv_dc *dc;                /* NULL on a copper plate */
    sv_dual *lp;              /* NULL on a copper plate */
    bool singular;            /* this topology has no inverse */
    bool has_program;         /* the program's rows belong to this topology */
    island *islands;          /* [n_bus] of this topology */
    int32_t *island_of_bus;   /* [n_bus] */
    int32_t n_island;
    double *x;                /* [n columns] answer */
    double *lp_lower, *lp_upper;
    double *p_mw, *f_mw;      /* [n_bus], [n_branch] */
    double *row;              /* [n_bus] a PTDF row */
    double *share;            /* [MOST_ROWS] of rows in a product */
    int32_t *share_branch;    /* [MOST_ROWS] */
    double *island_share;     /* [n_bus] by island */
    uint8_t *at_upper;        /* [n columns] */
    uint8_t *in_row;          /* [n_branch] has a row in the program */
    int32_t *row_branch;      /* [MOST_ROWS] branch of a limit row, NO_BRANCH = balance of an island */
    int32_t *row_island;      /* [MOST_ROWS] */
    double *row_middle;       /* [MOST_ROWS] constant taken off a limit row */
    int32_t n_remembered;     /* branches that bound in the last program: first guess for the next topology */
    int32_t *remembered;
    broken_limit *broken;     /* [n_branch] */
    int32_t *twin;            /* [n_branch] lowest parallel branch */
    int64_t *twin_seen;       /* [n_branch] last round in which a branch of the group was taken */
    int64_t round;
    uint8_t *islands_in_program; /* [n_bus] by island */
    int32_t n_relaxed;
    int32_t *relaxed_branch;
    double *relaxed_mw;       /* [n_branch] */
};

sv_balance_settings sv_balance_defaults(void)
{
    return (sv_balance_settings){.network = true, .weight = {100.0, 10.0, 1.0}};
}

/* ---- products ------------------------------------------------------------------------------ */

static double column_sensitivity(const columns *cols, const double *by_bus, int32_t j)
{
    double value = cols->sign[j] * by_bus[cols->bus[j]];
    if (cols->from_bus[j] >= 0)
        value -= by_bus[cols->from_bus[j]];
    return value;
}

/* A combination of the program's rows: one sparse solve instead of one dense row after the other. */
static void combine_rows(void *context, const double *y, double *out)
{
    sv_balance *self = context;
    int32_t n = 0;
    memset(self->island_share, 0, sizeof(double) * (size_t)self->n_island);
    for (int32_t i = 0; i < sv_dual_n_row(self->lp); i++) {
        if (y[i] == 0.0)
            continue;
        self->island_share[self->row_island[i]] += self->row_branch[i] == NO_BRANCH ? y[i] : -y[i] * self->row_middle[i];
        if (self->row_branch[i] == NO_BRANCH)
            continue;
        self->share_branch[n] = self->row_branch[i];
        self->share[n++] = y[i];
    }
    sv_dc_combine_rows(self->dc, n, self->share_branch, self->share, self->row);
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        if (self->island_of_bus[i] >= 0)
            self->row[i] += self->island_share[self->island_of_bus[i]];
    for (int32_t j = 0; j < self->cols.n; j++)
        out[j] = self->island_of_bus[self->cols.bus[j]] >= 0 ? column_sensitivity(&self->cols, self->row, j) : 0.0;
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
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "weight of class %s is %g; accepted: a number above 0", sv_class_name[c],
                                settings->weight[c]);
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
        sv_dual_set_product(self->lp, combine_rows, self);
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

/* Branches whose limits bound in the last program are a good first guess for the next one. */
static void remember_rows(sv_balance *self)
{
    if (!self->has_program)
        return;
    const double *dual = sv_dual_row_dual(self->lp);
    self->n_remembered = 0;
    for (int32_t i = 0; i < sv_dual_n_row(self->lp); i++)
        if (self->row_branch[i] != NO_BRANCH && fabs(dual[i]) > 1e-9)
            self->remembered[self->n_remembered++] = self->row_branch[i];
}

sv_status sv_balance_update(sv_balance *balance, const sv_state *state)
{
    if (state->grid != balance->grid)
        return SV_EDIM;
    remember_rows(balance);
    balance->state = state;
    balance->has_program = false;
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

/* ---- first dispatch ------------------------------------------------------------------------ */

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

static void dispatch_copper_plate(sv_balance *self)
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

/* ---- limits -------------------------------------------------------------------------------- */

static void solve_flows(sv_balance *self)
{
    columns_inject(&self->cols, self->x, self->p_mw);
    sv_dc_solve(self->dc, self->p_mw, NULL, self->f_mw);
}

static int compare_excess(const void *a, const void *b)
{
    const broken_limit *x = a, *y = b;
    if (x->excess != y->excess)
        return x->excess > y->excess ? -1 : 1;
    return (x->branch > y->branch) - (x->branch < y->branch);
}

/* Branches over their limit that have no row yet: the most broken first, one of each group of twins. */
static int32_t find_broken(sv_balance *self)
{
    const sv_grid *grid = self->grid;
    int32_t n = 0, n_kept = 0;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        double rate = grid->branch[l].rate_a_mva;
        if (rate > 0.0 && !self->in_row[l] && fabs(self->f_mw[l]) > rate + TOLERANCE_MW)
            self->broken[n++] = (broken_limit){fabs(self->f_mw[l]) / rate, l};
    }
    if (n > 1)
        qsort(self->broken, (size_t)n, sizeof *self->broken, compare_excess);
    self->round++;
    for (int32_t k = 0; k < n && n_kept < MOST_NEW_ROWS; k++) {
        int32_t twin = self->twin[self->broken[k].branch];
        if (self->twin_seen[twin] == self->round)
            continue;
        self->twin_seen[twin] = self->round;
        self->broken[n_kept++] = self->broken[k];
    }
    return n_kept;
}

/* A limit as a row over the columns of its island. The balance row makes any constant on all of an island's buses free:
 * the middle of the extremes keeps the numbers small. */
static void add_limit_row(sv_balance *self, int32_t l)
{
    const columns *cols = &self->cols;
    double push = sv_dc_ptdf_row(self->dc, l, self->row), rate = self->grid->branch[l].rate_a_mva;
    int32_t own = self->island_of_bus[self->grid->branch[l].i_from];
    double low = INFINITY, high = -INFINITY;
    for (int32_t j = 0; j < cols->n; j++) {
        if (self->island_of_bus[cols->bus[j]] != own || cols->from_bus[j] >= 0)
            continue;
        low = fmin(low, self->row[cols->bus[j]]);
        high = fmax(high, self->row[cols->bus[j]]);
    }
    double middle = low <= high ? 0.5 * (low + high) : 0.0;
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        self->row[i] = self->island_of_bus[i] == own ? self->row[i] - middle : 0.0;
    double *row = sv_dual_next_row(self->lp);
    for (int32_t j = 0; j < cols->n; j++) {
        double value = column_sensitivity(cols, self->row, j);
        row[j] = fabs(value) > ROUND_OFF ? value : 0.0;
    }
    int32_t i = sv_dual_add_row(self->lp, -rate - push, rate - push);
    self->row_branch[i] = l;
    self->row_island[i] = own;
    self->row_middle[i] = middle;
    self->in_row[l] = 1;
}

/* ---- the program --------------------------------------------------------------------------- */

static void add_island_row(sv_balance *self, int32_t k)
{
    const columns *cols = &self->cols;
    double *row = sv_dual_next_row(self->lp);
    for (int32_t j = 0; j < cols->n; j++) {
        row[j] = self->island_of_bus[cols->bus[j]] == k ? cols->sign[j] : 0.0;
        if (cols->from_bus[j] >= 0 && self->island_of_bus[cols->from_bus[j]] == k)
            row[j] -= 1.0;
    }
    int32_t i = sv_dual_add_row(self->lp, 0.0, 0.0);
    self->row_branch[i] = NO_BRANCH;
    self->row_island[i] = k;
    self->row_middle[i] = 0.0;
    self->islands_in_program[k] = 1;
}

/* A corner near the first dispatch: columns of one kind stand at their upper bounds as often as their share asks, spread
 * evenly over the buses. Most pivots of a start from zero would only find such a corner. */
static void set_start(sv_balance *self)
{
    const columns *cols = &self->cols;
    double owed[COLUMN_LOAD + 1][SV_N_CLASS] = {{0.0}};
    for (int32_t j = 0; j < cols->n; j++) {
        self->at_upper[j] = 0;
        if (cols->kind[j] == COLUMN_DC_LINE)
            continue;
        double *debt = &owed[cols->kind[j]][cols->kind[j] == COLUMN_LOAD ? cols->element[j] : 0];
        *debt += self->x[j];
        self->at_upper[j] = *debt >= 0.5 * cols->upper[j];
        *debt -= self->at_upper[j] ? cols->upper[j] : 0.0;
    }
    sv_dual_set_start(self->lp, self->at_upper);
}

static void open_program(sv_balance *self)
{
    if (self->has_program)
        return;
    sv_dual_reset(self->lp);
    set_start(self);
    memset(self->in_row, 0, (size_t)self->grid->n_branch);
    memset(self->islands_in_program, 0, (size_t)self->grid->n_bus);
    self->has_program = true;
}

/* Islands join the program when a limit of theirs broke, or when a DC line may bring them something. Their columns are
 * free within the hour's bounds; those of all other islands stay at zero there and keep their first dispatch. */
static bool join_island(sv_balance *self, int32_t k)
{
    if (k < 0 || self->islands_in_program[k])
        return true;
    if (sv_dual_next_row(self->lp) == NULL)
        return false;
    add_island_row(self, k);
    return true;
}

static bool join_islands(sv_balance *self, int32_t n_broken)
{
    const columns *cols = &self->cols;
    bool room = true;
    for (int32_t k = 0; k < n_broken; k++)
        room = room && join_island(self, self->island_of_bus[self->grid->branch[self->broken[k].branch].i_from]);
    for (int32_t k = 0; k < self->grid->n_dc_line; k++) {
        int32_t j = cols->of_dc_line[k];
        if (cols->upper[j] != 0.0 || cols->lower[j] != 0.0)
            room = room && join_island(self, self->island_of_bus[cols->bus[j]]) &&
                   join_island(self, self->island_of_bus[cols->from_bus[j]]);
    }
    return room;
}

static bool column_in_program(const sv_balance *self, int32_t j)
{
    int32_t own = self->island_of_bus[self->cols.bus[j]];
    return own >= 0 && self->islands_in_program[own];
}

static void set_program_columns(sv_balance *self)
{
    const columns *cols = &self->cols;
    for (int32_t j = 0; j < cols->n; j++) {
        bool in = column_in_program(self, j);
        self->lp_lower[j] = in ? cols->lower[j] : 0.0;
        self->lp_upper[j] = in ? cols->upper[j] : 0.0;
    }
    sv_dual_set_columns(self->lp, cols->cost, self->lp_lower, self->lp_upper);
}

static void add_remembered_rows(sv_balance *self)
{
    for (int32_t k = 0; k < self->n_remembered; k++) {
        int32_t l = self->remembered[k];
        if (!self->in_row[l] && sv_state_branch_live(self->state, l) &&
            self->islands_in_program[self->island_of_bus[self->grid->branch[l].i_from]])
            add_limit_row(self, l);
    }
    self->n_remembered = 0;
}

static void take_program_answer(sv_balance *self)
{
    const double *x = sv_dual_x(self->lp);
    for (int32_t j = 0; j < self->cols.n; j++)
        if (column_in_program(self, j))
            self->x[j] = fmin(fmax(x[j], self->cols.lower[j]), self->cols.upper[j]);
}

/* Too many rows: start over with those that bind. @return false when even they are too many */
static bool make_room(sv_balance *self, int32_t n_new)
{
    int32_t n_island_rows = self->n_island + 2 * self->grid->n_dc_line; /* that may still come */
    if (n_island_rows > MOST_ROWS / 4)
        n_island_rows = MOST_ROWS / 4;
    if (sv_dual_n_row(self->lp) + n_new + self->n_remembered + n_island_rows <= MOST_ROWS)
        return true;
    remember_rows(self);
    if (self->n_remembered + n_new + n_island_rows > MOST_ROWS)
        return false;
    self->has_program = false;
    open_program(self);
    return true;
}

/* Rounds of solving and adding the rows that the answer breaks. @return false when the program cannot say */
static bool run_program(sv_balance *self, sv_balance_info *info, int32_t n_broken)
{
    for (info->n_round = 1; info->n_round <= MOST_ROUNDS; info->n_round++) {
        if (!make_room(self, n_broken) || !join_islands(self, n_broken))
            return false;
        set_program_columns(self);
        add_remembered_rows(self);
        for (int32_t k = 0; k < n_broken; k++)
            if (!self->in_row[self->broken[k].branch])
                add_limit_row(self, self->broken[k].branch);
        sv_lp_info solved;
        sv_dual_solve(self->lp, &solved);
        info->n_row = sv_dual_n_row(self->lp);
        info->n_pivot += solved.n_pivot;
        if (solved.outcome != SV_LP_OPTIMAL)
            return false;
        take_program_answer(self);
        solve_flows(self);
        n_broken = find_broken(self);
        if (n_broken == 0)
            return true;
    }
    return false;
}

static sv_status run_angles(sv_balance *self, sv_balance_info *info)
{
    angle_info solved;
    self->has_program = false;
    sv_status status = angle_solve(&self->cols, self->state, sv_dc_islands(self->dc), self->x, self->f_mw, self->relaxed_mw, &solved);
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

/* ---- one hour ------------------------------------------------------------------------------ */

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
    solve_flows(self);
    if (fits(self) && !dc_line_may_help(self))
        return SV_OK;
    open_program(self);
    if (run_program(self, info, find_broken(self)))
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
    dispatch_copper_plate(balance);
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
