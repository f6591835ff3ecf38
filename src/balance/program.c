/* Limits by a linear program in injection space: for an island whose limits break, one balance row, and a PTDF row for each
 * limit that an answer breaks, until none does. Rows and basis carry over while the topology stays. */
#include "private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NEW_ROWS = 25, MOST_ROUNDS = 100 };
static const double ROUND_OFF = 1e-11; /* of a PTDF row */

/* ---- products ------------------------------------------------------------------------------ */

static double column_sensitivity(const columns *cols, const double *by_bus, int32_t j)
{
    double value = cols->sign[j] * by_bus[cols->bus[j]];
    if (cols->from_bus[j] >= 0)
        value -= by_bus[cols->from_bus[j]];
    return value;
}

/* A combination of the program's rows: one sparse solve instead of one dense row after the other. */
void program_product(void *context, const double *y, double *out)
{
    sv_balance *self = context;
    int32_t n = 0;
    memset(self->island_share, 0, sizeof(double) * (size_t)self->n_island);
    for (int32_t i = 0; i < sv_dual_n_row(self->lp); i++) {
        if (y[i] == 0.0)
            continue;
        self->island_share[self->row_island[i]] +=
            self->row_branch[i] == NO_BRANCH ? y[i] : -y[i] * self->row_middle[i];
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
/* ---- limits -------------------------------------------------------------------------------- */

void program_flows(sv_balance *self)
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
bool program_run(sv_balance *self, sv_balance_info *info)
{
    open_program(self);
    int32_t n_broken = find_broken(self);
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
        program_flows(self);
        n_broken = find_broken(self);
        if (n_broken == 0)
            return true;
    }
    return false;
}

void program_close(sv_balance *self)
{
    remember_rows(self);
    self->has_program = false;
}
