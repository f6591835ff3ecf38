/* Limits by a linear program in injection space: for an island whose limits break, one balance row, and a PTDF row for each
 * limit that an answer breaks, until none does. Rows and basis carry over while the topology stays. */
#include "private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PIVOTS_LOOKED_AT = 10, LEAST_NEW_ROWS = 25, MOST_ROUNDS = 200, MOST_ISLAND_ROWS = 100, BLOCK = 64 };
#define GAP_SHARE 2e-7                 /* of the harm */
#define GAP_MW 2e-5                    /* of the least weight */
static const double ROUND_OFF = 1e-11; /* of a PTDF row */

/* ---- products ------------------------------------------------------------------------------ */

int32_t program_shares(const sv_balance *self, const double *y, double *island_share, int32_t n)
{
    for (int32_t i = 0; i < sv_dual_n_row(self->lp); i++) {
        if (y[i] == 0.0)
            continue;
        bool whole = self->row_branch[i] == NO_BRANCH;
        island_share[self->row_island[i]] += whole ? y[i] : -y[i] * self->row_middle[i];
        if (whole)
            continue;
        self->share_branch[n] = self->row_branch[i];
        self->share[n++] = y[i];
    }
    return n;
}

/* From buses to columns. A bus that is off has 0. */
static void read_columns(const sv_balance *self, double *row, const double *island_share, double *out)
{
    const columns *cols = &self->cols;
    const int32_t *own = self->island_of_bus;
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        row[i] += own[i] >= 0 ? island_share[own[i]] : 0.0;
    for (int32_t j = 0; j < cols->n; j++)
        out[j] = cols->sign[j] * row[cols->bus[j]];
    for (int32_t k = 0; k < self->grid->n_dc_line; k++)
        out[cols->of_dc_line[k]] -= row[cols->from_bus[cols->of_dc_line[k]]];
}

/* Sparse solves in lanes instead of one dense row after the other. */
void program_product(void *context, int32_t n, const double *y, size_t y_stride, double *out, size_t out_stride)
{
    sv_balance *self = context;
    size_t n_bus = (size_t)self->grid->n_bus;
    double *row[SV_DUAL_LANES] = {NULL};
    int32_t start[SV_DUAL_LANES + 1] = {0};
    for (int32_t k = 0; k < n; k++) {
        double *island_share = self->island_share + (size_t)k * n_bus;
        memset(island_share, 0, sizeof(double) * (size_t)self->n_island);
        start[k + 1] = program_shares(self, y + (size_t)k * y_stride, island_share, start[k]);
        row[k] = self->sensitivity + (size_t)k * n_bus;
    }
    sv_dc_combine_many(self->dc, n, start, self->share_branch, self->share, row);
    for (int32_t k = 0; k < n; k++)
        read_columns(self, row[k], self->island_share + (size_t)k * n_bus, out + (size_t)k * out_stride);
}
_Static_assert((int)SV_DUAL_LANES <= (int)SV_LDL_LANES && (int)SV_DUAL_LANES <= (int)ROWS_AT_ONCE,
               "products go through in lanes");

/* What the program's rows come to for x: flows of one sparse solve, sums of the islands. */
void program_activity(void *context, const double *x, double *out)
{
    sv_balance *self = context;
    columns_inject(&self->cols, &self->now, x, self->p_mw);
    sv_dc_solve(self->dc, self->p_mw, NULL, self->f_mw);
    memset(self->island_share, 0, sizeof(double) * (size_t)self->n_island);
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        if (self->island_of_bus[i] >= 0)
            self->island_share[self->island_of_bus[i]] += self->p_mw[i];
    for (int32_t i = 0; i < sv_dual_n_row(self->lp); i++) {
        double sum = self->island_share[self->row_island[i]];
        out[i] = self->row_branch[i] == NO_BRANCH
                     ? sum
                     : self->f_mw[self->row_branch[i]] - self->row_push[i] - self->row_middle[i] * sum;
    }
}
/* ---- limits -------------------------------------------------------------------------------- */

void program_flows(sv_balance *self)
{
    columns_inject(&self->cols, &self->now, self->x, self->p_mw);
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
    int32_t n = 0, n_kept = 0, n_branch = SV_WHOLE_LANES(grid->n_branch);
    for (int32_t from = 0; from < n_branch; from += BLOCK) {
        int32_t end = from + BLOCK < n_branch ? from + BLOCK : n_branch;
        if (flows_fit(self->f_mw + from, self->limit_mw + from, end - from))
            continue;
        for (int32_t l = from; l < end; l++)
            if (fabs(self->f_mw[l]) > self->limit_mw[l] && !self->in_row[l])
                self->broken[n++] = (broken_limit){fabs(self->f_mw[l]) / grid->branch[l].rate_a_mva, l};
    }
    if (n > 1)
        qsort(self->broken, (size_t)n, sizeof *self->broken, compare_excess);
    self->round++;
    int32_t most = grid->n_bus / 100 > LEAST_NEW_ROWS ? grid->n_bus / 100 : LEAST_NEW_ROWS; /* a round */
    for (int32_t k = 0; k < n && n_kept < most; k++) {
        int32_t twin = self->twin[self->broken[k].branch];
        if (self->twin_seen[twin] == self->round)
            continue;
        self->twin_seen[twin] = self->round;
        self->broken[n_kept++] = self->broken[k];
    }
    return n_kept;
}

/* Take the middle of the extremes off all buses of an island: the balance row makes any constant free there, and this one
 * keeps numbers small. @return it */
static double centre_island(const sv_balance *self, int32_t own, double *by_bus)
{
    const int32_t *island_of = self->island_of_bus;
    int32_t n = self->grid->n_bus;
    double low = INFINITY, high = -INFINITY;
    for (int32_t i = 0; i < n; i++) {
        double value = by_bus[i];
        low = island_of[i] == own && value < low ? value : low;
        high = island_of[i] == own && value > high ? value : high;
    }
    double middle = 0.5 * (low + high);
    for (int32_t i = 0; i < n; i++)
        by_bus[i] = island_of[i] == own ? by_bus[i] - middle : 0.0;
    return middle;
}

SV_WIDE static void columns_of_buses(int32_t n, const double *restrict sign, const int32_t *restrict bus,
                                     const double *restrict by_bus, double *restrict row)
{
    for (int32_t j = 0; j < n; j++) {
        double value = sign[j] * by_bus[bus[j]];
        row[j] = fabs(value) > ROUND_OFF ? value : 0.0;
    }
}

/* One limit over the columns of its island. */
static void write_limit_row(sv_balance *self, int32_t i_row, int32_t l, double *by_bus, double *row)
{
    const columns *cols = &self->cols;
    int32_t own = self->island_of_bus[self->grid->branch[l].i_from];
    self->row_middle[i_row] = centre_island(self, own, by_bus);
    columns_of_buses(cols->n, cols->sign, cols->bus, by_bus, row);
    for (int32_t j = cols->first_dc_line; j < cols->n; j++) {
        double value = by_bus[cols->bus[j]] - by_bus[cols->from_bus[j]];
        row[j] = fabs(value) > ROUND_OFF ? value : 0.0;
    }
    self->row_branch[i_row] = l;
    self->row_island[i_row] = own;
    self->in_row[l] = 1;
}

static void add_limit_rows(sv_balance *self, int32_t n, const int32_t *i_branch)
{
    double push[ROWS_AT_ONCE], lower[ROWS_AT_ONCE], upper[ROWS_AT_ONCE];
    for (int32_t from = 0; from < n; from += ROWS_AT_ONCE) {
        int32_t k = n - from < ROWS_AT_ONCE ? n - from : ROWS_AT_ONCE, first = sv_dual_n_row(self->lp);
        sv_dc_ptdf_rows(self->dc, k, i_branch + from, self->sensitivity, push);
        for (int32_t r = 0; r < k; r++) {
            int32_t l = i_branch[from + r];
            double rate = self->grid->branch[l].rate_a_mva;
            write_limit_row(self, first + r, l, self->sensitivity + (size_t)r * (size_t)self->grid->n_bus,
                            self->rows + (size_t)r * (size_t)self->cols.n);
            self->row_push[first + r] = push[r];
            lower[r] = -rate - push[r];
            upper[r] = rate - push[r];
        }
        sv_dual_add_rows(self->lp, k, self->rows, lower, upper);
    }
}
/* ---- the program --------------------------------------------------------------------------- */

static void add_island_row(sv_balance *self, int32_t k)
{
    const columns *cols = &self->cols;
    double *row = self->rows;
    const double zero = 0.0;
    for (int32_t j = 0; j < cols->n; j++) {
        bool own = self->island_of_bus[cols->bus[j]] == k;
        row[j] = own ? cols->sign[j] : 0.0;
        if (own)
            self->in_program[j] = 1.0;
        if (cols->from_bus[j] >= 0 && self->island_of_bus[cols->from_bus[j]] == k)
            row[j] -= 1.0;
    }
    int32_t i = sv_dual_n_row(self->lp);
    sv_dual_add_rows(self->lp, 1, row, &zero, &zero);
    self->row_branch[i] = NO_BRANCH;
    self->row_island[i] = k;
    self->row_middle[i] = 0.0;
    self->islands_in_program[k] = 1;
}

/* Branches whose limits bound in the last program are a good first guess for the next one. */
static void remember_rows(sv_balance *self)
{
    if (!self->has_program)
        return;
    self->n_remembered = 0;
    for (int32_t i = 0; i < sv_dual_n_row(self->lp); i++)
        if (self->row_branch[i] != NO_BRANCH && sv_dual_row_is_tight(self->lp, i))
            self->remembered[self->n_remembered++] = self->row_branch[i];
}

static void open_program(sv_balance *self)
{
    if (self->has_program)
        return;
    sv_dual_reset(self->lp);
    memset(self->in_row, 0, (size_t)self->grid->n_branch);
    memset(self->islands_in_program, 0, (size_t)self->grid->n_bus);
    memset(self->in_program, 0, sizeof(double) * (size_t)self->cols.n);
    self->has_program = self->starts = true;
}

/* Islands join the program when a limit of theirs broke, or when a DC line may bring them something. Their columns are
 * free within the hour's bounds; those of all other islands stay at zero there and keep their first dispatch. */
static bool join_island(sv_balance *self, int32_t k)
{
    if (k < 0 || self->islands_in_program[k])
        return true;
    if (sv_dual_row_space(self->lp) == 0)
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

/* The column with the most room on both sides sets the island's first price. */
static void enter_marginal(sv_balance *self, int32_t i_row)
{
    const columns *cols = &self->cols;
    int32_t best = -1;
    double best_room = 0.0;
    for (int32_t j = 0; j < cols->n; j++) {
        if (cols->from_bus[j] >= 0 || self->island_of_bus[cols->bus[j]] != self->row_island[i_row])
            continue;
        double below = self->x[j] - cols->lower[j], above = cols->upper[j] - self->x[j];
        double room = below < above ? below : above;
        if (room > best_room) {
            best_room = room;
            best = j;
        }
    }
    if (best >= 0)
        sv_dual_set_basic(self->lp, i_row, best);
}

/* The first dispatch is where the program starts. */
static void set_start(sv_balance *self)
{
    sv_dual_set_start(self->lp, self->x);
    for (int32_t i = 0; i < sv_dual_n_row(self->lp); i++)
        if (self->row_branch[i] == NO_BRANCH)
            enter_marginal(self, i);
}

SV_WIDE static void take_bounds(int32_t n, const double *restrict in, const double *restrict all, double *restrict out)
{
    for (int32_t j = 0; j < n; j++)
        out[j] = in[j] * all[j];
}

static void set_program_columns(sv_balance *self)
{
    const columns *cols = &self->cols;
    take_bounds(cols->n, self->in_program, cols->lower, self->lp_lower);
    take_bounds(cols->n, self->in_program, cols->upper, self->lp_upper);
    sv_dual_set_columns(self->lp, cols->cost, self->lp_lower, self->lp_upper);
    if (self->starts)
        set_start(self);
    self->starts = false;
}

/* Rows for the limits that bound under the last topology, and for those that broke. */
static void add_rows(sv_balance *self, int32_t n_broken)
{
    int32_t n = 0;
    for (int32_t k = 0; k < self->n_remembered; k++) {
        int32_t l = self->remembered[k];
        if (!self->in_row[l] && sv_state_branch_live(self->state, l) &&
            self->islands_in_program[self->island_of_bus[self->grid->branch[l].i_from]]) {
            self->new_rows[n++] = l;
            self->in_row[l] = 1;
        }
    }
    self->n_remembered = 0;
    for (int32_t k = 0; k < n_broken; k++)
        if (!self->in_row[self->broken[k].branch])
            self->new_rows[n++] = self->broken[k].branch;
    add_limit_rows(self, n, self->new_rows);
}

SV_WIDE static void take_within(int32_t n, const double *restrict in, const double *restrict lower,
                                const double *restrict upper, const double *restrict from, double *restrict x)
{
    for (int32_t j = 0; j < n; j++) {
        double above = from[j] > lower[j] ? from[j] : lower[j], within = above < upper[j] ? above : upper[j];
        x[j] = in[j] > 0.0 ? within : x[j];
    }
}

static void take_program_answer(sv_balance *self)
{
    const columns *cols = &self->cols;
    take_within(cols->n, self->in_program, cols->lower, cols->upper, sv_dual_x(self->lp), self->x);
}

/* Sum of cost times what x leaves below its upper bound. */
SV_WIDE static double cost_below(const double *restrict cost, const double *restrict upper, const double *restrict x,
                                 int32_t n)
{
    double lane[SV_LANES] = {0.0}, sum = 0.0;
    int32_t j = 0;
    for (; j + SV_LANES <= n; j += SV_LANES)
        for (int32_t l = 0; l < SV_LANES; l++)
            lane[l] += cost[j + l] * (upper[j + l] - x[j + l]);
    for (; j < n; j++)
        sum += cost[j] * (upper[j] - x[j]);
    for (int32_t l = 0; l < SV_LANES; l++)
        sum += lane[l];
    return sum;
}

/* Limit rows that are not tight go; the last row takes the number of each. */
static void drop_idle_rows(sv_balance *self)
{
    for (int32_t i = sv_dual_n_row(self->lp) - 1; i >= 0; i--) {
        int32_t last = sv_dual_n_row(self->lp) - 1, l = self->row_branch[i];
        if (l == NO_BRANCH || !sv_dual_drop_row(self->lp, i))
            continue;
        self->in_row[l] = 0;
        self->row_branch[i] = self->row_branch[last];
        self->row_island[i] = self->row_island[last];
        self->row_middle[i] = self->row_middle[last];
        self->row_push[i] = self->row_push[last];
    }
}

/* @return false when there is no room even without the idle rows */
static bool make_room(sv_balance *self, int32_t n_new)
{
    int32_t n_island_rows = self->n_island + 2 * self->grid->n_dc_line; /* that may still come */
    if (n_island_rows > MOST_ISLAND_ROWS)
        n_island_rows = MOST_ISLAND_ROWS;
    int32_t n_wanted = n_new + self->n_remembered + n_island_rows;
    if (n_wanted > sv_dual_row_space(self->lp))
        drop_idle_rows(self);
    return n_wanted <= sv_dual_row_space(self->lp);
}

/* How far the harm may be from the least: well below what a megawatt-hour of a year's account shows. */
static double gap_allowed(const sv_balance *self)
{
    const columns *cols = &self->cols;
    int32_t first = cols->first_load;
    double harm = -cost_below(cols->cost + first, cols->upper + first, self->x + first, cols->first_storage - first);
    return GAP_SHARE * harm + GAP_MW;
}

/* @return branches that the program's answer breaks and that have no row yet */
static int32_t check_answer(sv_balance *self)
{
    take_program_answer(self);
    program_flows(self);
    return find_broken(self);
}

/* The same of its finished answer with fair shares. */
static int32_t check_fair_answer(sv_balance *self, bool *unfair)
{
    take_program_answer(self);
    *unfair = fair_shares(self) == FAIR_GIVEN_UP;
    program_flows(self);
    return find_broken(self);
}

/* Rounds of solving and adding the rows that the answer breaks. @return false when the program cannot say */
bool program_run(sv_balance *self, sv_balance_info *info)
{
    double gap = gap_allowed(self);
    open_program(self);
    int32_t n_broken = find_broken(self);
    for (info->n_round = 1; info->n_round <= MOST_ROUNDS; info->n_round++) {
        if (!make_room(self, n_broken) || !join_islands(self, n_broken) ||
            n_broken + self->n_remembered > sv_dual_row_space(self->lp))
            return false;
        set_program_columns(self);
        add_rows(self, n_broken);
        sv_lp_info solved;
        sv_dual_solve(self->lp, &solved);
        info->n_row = sv_dual_n_row(self->lp);
        info->n_pivot += solved.n_pivot;
        if (solved.outcome != SV_LP_OPTIMAL)
            return false;
        if (solved.n_pivot > PIVOTS_LOOKED_AT) { /* mostly it breaks something, and need not be finished */
            n_broken = check_answer(self);
            if (n_broken > 0)
                continue;
        }
        (void)sv_dual_finish(self->lp, gap, &solved);
        info->n_pivot += solved.n_pivot;
        if (solved.outcome != SV_LP_OPTIMAL)
            return false;
        n_broken = check_fair_answer(self, &info->unfair);
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
