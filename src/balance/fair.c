/* Fair shares: the linear program leaves a choice among equal optima, and a vertex of it would shed one load wholly and
 * spare its neighbour. Of all optima this takes the one nearest to equal shares: least sum of missing^2 / wanted over the
 * loads whose reduced cost is 0, everything that has a price held as it is. Loads that stand alike in a pocket then go
 * without the same share, whatever the order of buses. In the prices of the held rows this is a convex, piecewise quadratic
 * problem without constraints: Newton's method, a small dense system a step. Limits without a price that the point would
 * break are held as well. Where it finds no answer the vertex stays: it is an optimum too. No sparse solve. */
#include "private.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 20, MOST_SETS = 30, MOST_CUTS = 20 };
static const double FREE = 2e-7; /* of the least weight: a reduced cost below moves at no harm */
static const double EASE = 1e4;  /* how much more readily supply moves than load: it is to follow, not to weigh in */
static const double AT_BOUND = 1e-9;   /* of a width */
static const double ROW_MET_MW = 1e-6; /* what a held row may miss */

/* ---- sets ---------------------------------------------------------------------------------- */

/* Columns free of harm, and whether loads among them go without: only then is there something to share. */
static bool list_face(fair *self)
{
    const sv_balance *balance = self->balance;
    const columns *cols = &balance->cols;
    const double *reduced_cost = sv_dual_reduced_cost(balance->lp);
    int32_t n_load = 0, n_short = 0, n = 0;
    for (int32_t j = 0; j < cols->n; j++) {
        double width = balance->lp_upper[j] - balance->lp_lower[j];
        if (fabs(reduced_cost[j]) > self->least || width <= 0.0)
            continue;
        if (n == MOST_FAIR_COLUMNS)
            return false;
        bool load = cols->kind[j] == COLUMN_LOAD;
        n_load += load;
        n_short += load && cols->upper[j] - balance->x[j] > AT_BOUND * cols->upper[j];
        self->low[n] = cols->lower[j];
        self->high[n] = cols->upper[j];
        self->vertex[n] = balance->x[j];
        self->aim[n] = load ? cols->upper[j] : balance->x[j];
        self->ease[n] = width * (load ? 1.0 : EASE);
        self->face[n++] = j;
    }
    self->n_face = n;
    self->n_wide = SV_WHOLE_LANES(n);
    for (; n < self->n_wide; n++)
        self->low[n] = self->high[n] = self->vertex[n] = self->aim[n] = self->ease[n] = 0.0;
    return n_short > 0 && n_load > 1;
}

static double *held_row(const fair *self, int32_t a)
{
    return self->coefficient + (size_t)a * self->stride;
}

static bool hold(fair *self, int32_t i_row, int32_t sense, double goal)
{
    if (self->n_held == MOST_FAIR_ROWS)
        return false;
    int32_t a = self->n_held++;
    self->held[a] = i_row;
    self->sense[a] = sense;
    self->goal[a] = goal;
    self->price[a] = 0.0;
    const double *row = sv_dual_row(self->balance->lp, i_row);
    double *own = held_row(self, a);
    for (int32_t f = 0; f < self->n_face; f++)
        own[f] = row[self->face[f]];
    for (int32_t f = self->n_face; f < self->n_wide; f++)
        own[f] = 0.0;
    return true;
}

static void let_go(fair *self, int32_t a)
{
    int32_t last = --self->n_held;
    self->held[a] = self->held[last];
    self->sense[a] = self->sense[last];
    self->goal[a] = self->goal[last];
    self->price[a] = self->price[last];
    memcpy(held_row(self, a), held_row(self, last), sizeof(double) * (size_t)self->n_wide);
}

static bool has_price(const fair *self, int32_t i_row)
{
    return self->balance->row_branch[i_row] == NO_BRANCH || fabs(self->y[i_row]) > self->least;
}

/* Rows that must stay as they are: balances, and limits with a price. @return false: too many */
static bool hold_priced(fair *self)
{
    self->n_held = 0;
    for (int32_t i = 0; i < sv_dual_n_row(self->balance->lp); i++)
        if (has_price(self, i) && !hold(self, i, 0, 0.0))
            return false;
    return true;
}

/* How far the point moves every row from the vertex. */
static void move_rows(const fair *self)
{
    const sv_balance *balance = self->balance;
    int32_t m = sv_dual_n_row(balance->lp);
    double *row_move = self->row_move;
    memset(row_move, 0, sizeof(double) * (size_t)m);
    for (int32_t f = 0; f < self->n_face; f++) {
        const double *column = sv_dual_column(balance->lp, self->face[f]);
        for (int32_t i = 0; self->moved[f] != 0.0 && i < m; i++)
            row_move[i] += column[i] * self->moved[f];
    }
}

static bool is_held(const fair *self, int32_t i_row)
{
    for (int32_t a = 0; a < self->n_held; a++)
        if (self->held[a] == i_row)
            return true;
    return false;
}

typedef enum { SETS_STAY, SETS_MOVED, SETS_FULL } sets;

/* A limit held without need is let go: its price says that it would rather be left. Of the limits that the point
 * breaks the worst is held: two lines in a row cannot both be at their limits. */
static sets mend_sets(fair *self)
{
    const sv_balance *balance = self->balance;
    sets outcome = SETS_STAY;
    for (int32_t a = self->n_held - 1; a >= 0; a--)
        if (self->sense[a] * self->price[a] > 0.0) {
            let_go(self, a);
            outcome = SETS_MOVED;
        }
    int32_t most = -1, most_sense = 0;
    double most_beyond = TOLERANCE_MW, most_goal = 0.0;
    move_rows(self);
    for (int32_t i = 0; i < sv_dual_n_row(balance->lp); i++) {
        if (has_price(self, i))
            continue;
        /* The middle taken off a row is a balance's affair, and balances are held. */
        double rate = balance->grid->branch[balance->row_branch[i]].rate_a_mva;
        double from = sv_dual_row_activity(balance->lp, i) + balance->row_push[i], f = from + self->row_move[i];
        if (fabs(f) - rate <= most_beyond || is_held(self, i))
            continue;
        most = i;
        most_sense = f > 0.0 ? 1 : -1;
        most_beyond = fabs(f) - rate;
        most_goal = (f > 0.0 ? rate : -rate) - from;
    }
    if (most < 0)
        return outcome;
    return hold(self, most, most_sense, most_goal) ? SETS_MOVED : SETS_FULL;
}

/* ---- Newton -------------------------------------------------------------------------------- */

SV_WIDE static void add_times(int32_t n, double factor, const double *restrict row, double *restrict sum)
{
    for (int32_t f = 0; f < n; f++)
        sum[f] += factor * row[f];
}

/* The point where its bounds let it be. */
SV_WIDE static void bound_point(int32_t n, const double *restrict low, const double *restrict high,
                                const double *restrict vertex, const double *restrict ease, double *restrict point,
                                double *restrict moved, double *restrict free_ease)
{
    for (int32_t f = 0; f < n; f++) {
        double x = point[f], above = x < low[f] ? low[f] : x, within = above > high[f] ? high[f] : above;
        point[f] = within;
        moved[f] = within - vertex[f];
        free_ease[f] = within == x ? ease[f] : 0.0;
    }
}

SV_WIDE static void multiply(int32_t n, const double *restrict a, const double *restrict b, double *restrict out)
{
    for (int32_t f = 0; f < n; f++)
        out[f] = a[f] * b[f];
}

/* The point at prices + t * step, and what the held rows miss there. @return the slope along the step */
static double evaluate(fair *self, double t)
{
    int32_t k = self->n_held, n = self->n_wide;
    double slope = 0.0;
    memset(self->weighed, 0, sizeof(double) * (size_t)n);
    for (int32_t a = 0; a < k; a++) {
        double price = self->price[a] + (t != 0.0 ? t * self->step[a] : 0.0);
        if (price != 0.0)
            add_times(n, price, held_row(self, a), self->weighed);
    }
    multiply(n, self->weighed, self->ease, self->point);
    add_times(n, 1.0, self->aim, self->point);
    bound_point(n, self->low, self->high, self->vertex, self->ease, self->point, self->moved, self->free);
    for (int32_t a = 0; a < k; a++) {
        self->miss[a] = hour_dot(held_row(self, a), self->moved, n) - self->goal[a];
        slope += self->miss[a] * self->step[a];
    }
    return slope;
}

/* matrix = A W A' over the held rows and the free columns; step = what the rows miss, turned round. */
static void fill_system(fair *self)
{
    int32_t k = self->n_held;
    for (int32_t a = 0; a < k; a++) {
        double *row = self->matrix + (size_t)a * MOST_FAIR_ROWS;
        multiply(self->n_wide, self->free, held_row(self, a), self->weighed);
        for (int32_t b = 0; b <= a; b++)
            row[b] = hour_dot(self->weighed, held_row(self, b), self->n_wide);
        self->step[a] = -self->miss[a];
    }
}

/* Cholesky in place. A row that the free columns cannot move, or that the others already fix, has no pivot and no step. */
static void solve_system(fair *self)
{
    int32_t k = self->n_held;
    for (int32_t a = 0; a < k; a++) {
        double *row = self->matrix + (size_t)a * MOST_FAIR_ROWS, whole = row[a];
        for (int32_t b = 0; b <= a; b++) {
            const double *other = self->matrix + (size_t)b * MOST_FAIR_ROWS;
            double sum = row[b];
            for (int32_t c = 0; c < b; c++)
                sum -= row[c] * other[c];
            row[b] = b < a ? sum * other[b] : sum > 1e-12 * whole ? 1.0 / sqrt(sum) : 0.0;
        }
        double sum = self->step[a];
        for (int32_t b = 0; b < a; b++)
            sum -= row[b] * self->step[b];
        self->step[a] = sum * row[a];
    }
    for (int32_t a = k - 1; a >= 0; a--) {
        double sum = self->step[a];
        for (int32_t b = a + 1; b < k; b++)
            sum -= self->matrix[(size_t)b * MOST_FAIR_ROWS + (size_t)a] * self->step[b];
        self->step[a] = sum * self->matrix[(size_t)a * MOST_FAIR_ROWS + (size_t)a];
    }
}

static bool rows_met(const fair *self)
{
    double worst = 0.0;
    for (int32_t a = 0; a < self->n_held; a++)
        worst = fabs(self->miss[a]) > worst ? fabs(self->miss[a]) : worst;
    return worst <= ROW_MET_MW;
}

/* How far to go, where the slope along the step turns: all the way when it has not, else by cutting the interval. The point
 * is left there. */
static double step_length(fair *self)
{
    double begin = 0.0;
    for (int32_t a = 0; a < self->n_held; a++)
        begin += self->miss[a] * self->step[a];
    if (evaluate(self, 1.0) <= 0.1 * fabs(begin))
        return 1.0;
    double low = 0.0, high = 1.0, t = 0.5;
    for (int32_t k = 0; k < MOST_CUTS; k++, t = 0.5 * (low + high)) {
        double slope = evaluate(self, t);
        if (fabs(slope) <= 0.1 * fabs(begin))
            break;
        if (slope > 0.0)
            high = t;
        else
            low = t;
    }
    return t;
}

/* Prices at which the held rows miss nothing, from none on: there every column is free. @return false: none found */
static bool find_prices(fair *self)
{
    memset(self->price, 0, sizeof(double) * (size_t)self->n_held);
    memset(self->step, 0, sizeof(double) * (size_t)self->n_held);
    (void)evaluate(self, 0.0);
    for (int32_t k = 0; k < MOST_STEPS && !rows_met(self); k++) {
        fill_system(self);
        solve_system(self);
        double t = step_length(self);
        for (int32_t a = 0; a < self->n_held; a++)
            self->price[a] += t * self->step[a];
    }
    return rows_met(self);
}

bool fair_new(fair *self, const columns *cols, sv_arena *arena)
{
    size_t n = (size_t)SV_WHOLE_LANES(cols->n < MOST_FAIR_COLUMNS ? cols->n : MOST_FAIR_COLUMNS);
    *self = (fair){
        .stride = n,
        .face = SV_TAKE(arena, n, int32_t),
        .held = SV_TAKE(arena, MOST_FAIR_ROWS, int32_t),
        .sense = SV_TAKE(arena, MOST_FAIR_ROWS, int32_t),
        .coefficient = SV_TAKE(arena, n * MOST_FAIR_ROWS, double),
        .matrix = SV_TAKE(arena, MOST_FAIR_ROWS * MOST_FAIR_ROWS, double),
        .price = SV_TAKE(arena, MOST_FAIR_ROWS, double),
        .step = SV_TAKE(arena, MOST_FAIR_ROWS, double),
        .miss = SV_TAKE(arena, MOST_FAIR_ROWS, double),
        .goal = SV_TAKE(arena, MOST_FAIR_ROWS, double),
        .row_move = SV_TAKE(arena, MOST_ROWS, double),
        .aim = SV_TAKE(arena, n, double),
        .ease = SV_TAKE(arena, n, double),
        .point = SV_TAKE(arena, n, double),
        .low = SV_TAKE(arena, n, double),
        .high = SV_TAKE(arena, n, double),
        .vertex = SV_TAKE(arena, n, double),
        .moved = SV_TAKE(arena, n, double),
        .free = SV_TAKE(arena, n, double),
        .weighed = SV_TAKE(arena, n, double),
    };
    return !sv_arena_failed(arena);
}

bool fair_shares(sv_balance *balance)
{
    fair self = balance->fair;
    self.balance = balance;
    self.y = sv_dual_row_dual(balance->lp);
    self.least = FREE * balance->cols.least_weight;
    if (!list_face(&self) || !hold_priced(&self))
        return false;
    for (int32_t k = 0; k < MOST_SETS; k++) {
        if (!find_prices(&self))
            return false;
        sets outcome = mend_sets(&self);
        if (outcome == SETS_FULL)
            return false;
        if (outcome == SETS_STAY) {
            for (int32_t f = 0; f < self.n_face; f++)
                balance->x[self.face[f]] = self.point[f];
            return true;
        }
    }
    return false;
}
