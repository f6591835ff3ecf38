/* Fair shares: the linear program leaves a choice among equal optima, and a vertex of it would shed one load wholly and
 * spare its neighbour. Of all optima this takes the one nearest to equal shares: least sum of missing^2 / wanted over the
 * loads whose reduced cost is 0, everything that has a price held as it is. Loads that stand alike in a pocket then go
 * without the same share, whatever the order of buses. In the prices of the held rows this is a convex, piecewise quadratic
 * problem without constraints: Newton's method, a small dense system a step. Limits without a price that the point would
 * break are held as well. Where it finds no answer the vertex stays: it is an optimum too. No sparse solve. */
#include "private.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 60, MOST_SETS = 30, MOST_CUTS = 30 };
static const double FREE = 2e-7; /* a reduced cost below moves at no harm */
static const double EASE = 1e4;  /* how much more readily supply moves than load: it is to follow, not to weigh in */
static const double AT_BOUND = 1e-9;   /* of a width */
static const double ROW_MET_MW = 1e-6; /* what a held row may miss */
static const double DAMPING = 1e-3, RIDGE = 1e-9, SPENT = 1e-12;

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
        if (fabs(reduced_cost[j]) > FREE || width <= 0.0)
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

static bool hold(fair *self, int32_t i_row, double least, double most)
{
    if (self->n_held == MOST_FAIR_ROWS)
        return false;
    int32_t a = self->n_held++;
    self->held[a] = i_row;
    self->least[a] = least;
    self->most[a] = most;
    self->price[a] = 0.0;
    const double *row = sv_dual_row(self->balance->lp, i_row);
    double *own = held_row(self, a);
    for (int32_t f = 0; f < self->n_face; f++)
        own[f] = row[self->face[f]];
    for (int32_t f = self->n_face; f < self->n_wide; f++)
        own[f] = 0.0;
    return true;
}

static bool has_price(const fair *self, int32_t i_row)
{
    return self->balance->row_branch[i_row] == NO_BRANCH || fabs(self->y[i_row]) > FREE;
}

/* Rows that must stay as they are: balances, and limits with a price. @return false: too many */
static bool hold_priced(fair *self)
{
    self->n_held = 0;
    for (int32_t i = 0; i < sv_dual_n_row(self->balance->lp); i++)
        if (has_price(self, i) && !hold(self, i, 0.0, 0.0))
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

/* Limits without a price that the point breaks are held from now on: their price may push the point back, never out. */
static sets mend_sets(fair *self)
{
    const sv_balance *balance = self->balance;
    sets outcome = SETS_STAY;
    move_rows(self);
    for (int32_t i = 0; i < sv_dual_n_row(balance->lp); i++) {
        if (has_price(self, i))
            continue;
        /* The middle taken off a row is a balance's affair, and balances are held. */
        double rate = balance->grid->branch[balance->row_branch[i]].rate_a_mva;
        double from = sv_dual_row_activity(balance->lp, i) + balance->row_push[i], f = from + self->row_move[i];
        if (fabs(f) - rate <= TOLERANCE_MW || is_held(self, i))
            continue;
        if (!hold(self, i, -rate - from, rate - from))
            return SETS_FULL;
        outcome = SETS_MOVED;
    }
    return outcome;
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

static bool is_limit(const fair *self, int32_t a)
{
    return self->least[a] < self->most[a];
}

/* The price of a limit does not pass 0. */
static double price_after(const fair *self, int32_t a, double t)
{
    double old = self->price[a], price = t != 0.0 ? old + t * self->step[a] : old;
    bool spent = is_limit(self, a) && old * self->step[a] < 0.0 && !(price * old > SPENT * old * old);
    return spent && t != 0.0 ? 0.0 : price;
}

/* A price pulls a row to one of its ends: the lower when it is above 0. Without one it has to be between them. */
static double miss_of(const fair *self, int32_t a, double price)
{
    double move = hour_dot(held_row(self, a), self->moved, self->n_wide), least = self->least[a], most = self->most[a];
    double within = move < least ? least : move > most ? most : move;
    return move - (price > 0.0 ? least : price < 0.0 ? most : within);
}

/* The point at prices + t * step, and what the held rows miss there. @return the slope along the step */
static double evaluate(fair *self, double t)
{
    int32_t k = self->n_held, n = self->n_wide;
    double slope = 0.0;
    memset(self->weighed, 0, sizeof(double) * (size_t)n);
    for (int32_t a = 0; a < k; a++) {
        double price = price_after(self, a, t);
        if (price != 0.0)
            add_times(n, price, held_row(self, a), self->weighed);
    }
    multiply(n, self->weighed, self->ease, self->point);
    add_times(n, 1.0, self->aim, self->point);
    bound_point(n, self->low, self->high, self->vertex, self->ease, self->point, self->moved, self->free);
    for (int32_t a = 0; a < k; a++) {
        self->miss[a] = miss_of(self, a, price_after(self, a, t));
        slope += self->miss[a] * self->step[a];
    }
    return slope;
}

/* matrix = A W A' over the rows in the system; step = what they miss, turned round. W: the ease of the free columns, and
 * where `damped` a share of that of the others, so that there is a slope to follow where none is free, and a ridge, for
 * limits that depend on each other, until one of them gives way. */
static void fill_system(fair *self, bool damped)
{
    int32_t k = self->n_held, n = self->n_wide;
    for (int32_t a = 0; a < k; a++) {
        double *row = self->matrix + (size_t)a * MOST_FAIR_ROWS;
        memset(row, 0, sizeof(double) * (size_t)(a + 1));
        self->step[a] = 0.0;
        if (self->idle[a])
            continue;
        multiply(n, self->free, held_row(self, a), self->weighed);
        for (int32_t f = 0; damped && f < n; f++)
            self->weighed[f] += DAMPING * self->ease[f] * held_row(self, a)[f];
        for (int32_t b = 0; b <= a; b++)
            row[b] = self->idle[b] ? 0.0 : hour_dot(self->weighed, held_row(self, b), n);
        row[a] *= damped ? 1.0 + RIDGE : 1.0;
        self->step[a] = -self->miss[a];
    }
}

/* Cholesky in place. A row that the columns cannot move, or that the others already fix, has no pivot and no step.
 * @return every row that misses something has one */
static bool solve_system(fair *self)
{
    int32_t k = self->n_held;
    bool all = true;
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
        all = all && (row[a] != 0.0 || fabs(sum) <= ROW_MET_MW);
        self->step[a] = sum * row[a];
    }
    for (int32_t a = k - 1; a >= 0; a--) {
        double sum = self->step[a];
        for (int32_t b = a + 1; b < k; b++)
            sum -= self->matrix[(size_t)b * MOST_FAIR_ROWS + (size_t)a] * self->step[b];
        self->step[a] = sum * self->matrix[(size_t)a * MOST_FAIR_ROWS + (size_t)a];
    }
    return all;
}

/* Newton's step. A limit without a price that the step would pull outwards is left out of it. */
static void choose_step(fair *self)
{
    int32_t k = self->n_held;
    for (int32_t a = 0; a < k; a++) /* a limit that the point keeps without a price has no say */
        self->idle[a] = is_limit(self, a) && self->price[a] == 0.0 && fabs(self->miss[a]) <= ROW_MET_MW;
    for (bool again = true; again;) {
        again = false;
        fill_system(self, false);
        if (!solve_system(self)) {
            fill_system(self, true);
            (void)solve_system(self);
        }
        for (int32_t a = 0; a < k; a++)
            if (!self->idle[a] && is_limit(self, a) && self->price[a] == 0.0 && self->miss[a] * self->step[a] > 0.0)
                self->idle[a] = again = true;
    }
}

static bool rows_met(const fair *self)
{
    for (int32_t a = 0; a < self->n_held; a++)
        if (!(fabs(self->miss[a]) <= ROW_MET_MW))
            return false;
    return true;
}

/* How far to go at most: until the first price of a limit is spent. */
static double longest_step(const fair *self)
{
    double t = INFINITY;
    for (int32_t a = 0; a < self->n_held; a++) {
        bool falls = is_limit(self, a) && self->price[a] * self->step[a] < 0.0;
        if (falls && fabs(self->price[a]) < t * fabs(self->step[a]))
            t = -self->price[a] / self->step[a];
    }
    return t;
}

/* How far to go, where the slope along the step turns: a whole step, more while it falls as steeply as at its begin, less
 * by cutting the interval. The point is left there. */
static double step_length(fair *self)
{
    double begin = 0.0, most = longest_step(self), low = 0.0, t = most < 1.0 ? most : 1.0;
    for (int32_t a = 0; a < self->n_held; a++)
        begin += self->miss[a] * self->step[a];
    double slope = evaluate(self, t);
    for (int32_t k = 0; k < MOST_CUTS && t < most && slope <= 0.5 * begin; k++) {
        low = t;
        t = 2.0 * t < most ? 2.0 * t : most;
        slope = evaluate(self, t);
    }
    if (slope <= 0.1 * fabs(begin))
        return t;
    double high = t;
    for (int32_t k = 0; k < MOST_CUTS && fabs(slope) > 0.1 * fabs(begin); k++) {
        t = 0.5 * (low + high);
        slope = evaluate(self, t);
        if (slope > 0.0)
            high = t;
        else
            low = t;
    }
    return t;
}

static void take_step(fair *self, double t)
{
    for (int32_t a = 0; a < self->n_held; a++) {
        self->price[a] = price_after(self, a, t);
    }
}

/* Prices at which the held rows miss nothing, from where they are. @return false: none found */
static bool find_prices(fair *self)
{
    memset(self->step, 0, sizeof(double) * (size_t)self->n_held);
    (void)evaluate(self, 0.0);
    for (int32_t k = 0; k < MOST_STEPS && !rows_met(self); k++) {
        choose_step(self);
        take_step(self, step_length(self));
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
        .least = SV_TAKE(arena, MOST_FAIR_ROWS, double),
        .most = SV_TAKE(arena, MOST_FAIR_ROWS, double),
        .idle = SV_TAKE(arena, MOST_FAIR_ROWS, bool),
        .coefficient = SV_TAKE(arena, n * MOST_FAIR_ROWS, double),
        .matrix = SV_TAKE(arena, MOST_FAIR_ROWS * MOST_FAIR_ROWS, double),
        .price = SV_TAKE(arena, MOST_FAIR_ROWS, double),
        .step = SV_TAKE(arena, MOST_FAIR_ROWS, double),
        .miss = SV_TAKE(arena, MOST_FAIR_ROWS, double),
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

fair_outcome fair_shares(sv_balance *balance)
{
    fair self = balance->fair;
    self.balance = balance;
    self.y = sv_dual_row_dual(balance->lp);
    if (!list_face(&self))
        return FAIR_ALREADY;
    if (!hold_priced(&self))
        return FAIR_GIVEN_UP;
    for (int32_t k = 0; k < MOST_SETS; k++) {
        if (!find_prices(&self))
            return FAIR_GIVEN_UP;
        sets outcome = mend_sets(&self);
        if (outcome == SETS_FULL)
            return FAIR_GIVEN_UP;
        if (outcome == SETS_STAY) {
            for (int32_t f = 0; f < self.n_face; f++)
                balance->x[self.face[f]] = self.point[f];
            return FAIR_FOUND;
        }
    }
    return FAIR_GIVEN_UP;
}
