/* Bounded dual simplex for few dense rows over many boxed columns. Every column has two finite bounds, so any basis is made
 * dual feasible by moving columns to their other bound: no first phase. Rows are A x + t = 0 with one logical t a row. A
 * start may leave columns between their bounds: where they can mend a row at no cost they do (dual_pivot.c), which settles
 * most of an easy program in a pivot a row. Costs are perturbed by a hair against cycling, and the perturbation is taken
 * back at the end. Cost of a pivot: one product of a row of the inverse with A (the caller may know a fast one), and m k
 * for k tight rows. */
#include "dual.h"

#include <math.h>
#include <string.h>

static const double DUAL_TOLERANCE = 1e-10;
static const double ROUND_OFF = 1e-6;    /* of reduced costs, from one inversion to the next */
static const double PERTURBATION = 1e-8; /* of a cost unit: a hair; where it does not end a stall, a longer one */
static const double LONGER_HAIR = 20.0;
static const double NO_SHIFT = 1e-13;   /* of a cost: not worth taking back */
static const double LEAST_CRASH = 1e-3; /* pivot of a guessed basis */
enum {
    PIVOTS_BETWEEN_INVERSIONS = 64,
    PIVOTS_TRUSTED = 40,
    PIVOTS_EXACT = 8,
    PIVOTS_UNPERTURBED = 24,
    PIVOTS_TO_LONGER_HAIR = 2000,
    MOST_EXACT_ROUNDS = 4
};

/* ---- life ---------------------------------------------------------------------------------- */

static bool take_memory(sv_dual *self)
{
    sv_arena *arena = self->arena;
    size_t n = (size_t)self->n, m = (size_t)self->max_row, all = n + m;
    self->a = SV_TAKE(arena, n * self->stride, double);
    self->row_lower = SV_TAKE(arena, m, double);
    self->row_upper = SV_TAKE(arena, m, double);
    self->lower = SV_TAKE(arena, all, double);
    self->upper = SV_TAKE(arena, all, double);
    self->x = SV_TAKE(arena, all, double);
    self->cost = SV_TAKE(arena, all, double);
    self->given_cost = SV_TAKE(arena, n, double);
    self->d = SV_TAKE(arena, all, double);
    self->side = SV_TAKE(arena, all, double);
    self->where = SV_TAKE(arena, all, uint8_t);
    self->basic = SV_TAKE(arena, m, int32_t);
    self->slot_row = SV_TAKE(arena, m, int32_t);
    self->row_slot = SV_TAKE(arena, m, int32_t);
    self->inverse = SV_TAKE(arena, m * self->stride, double);
    self->weight = SV_TAKE(arena, m, double);
    self->tableau = SV_TAKE(arena, SV_DUAL_LANES * self->n_all, double);
    self->rhos = SV_TAKE(arena, SV_DUAL_LANES * self->stride, double);
    self->rho = SV_TAKE(arena, self->stride, double);
    self->column = SV_TAKE(arena, m, double);
    self->work = SV_TAKE(arena, self->stride, double);
    self->y = SV_TAKE(arena, m, double);
    self->square = SV_TAKE(arena, m * self->stride, double);
    self->products = SV_TAKE(arena, self->n_all, double);
    self->spare = SV_TAKE(arena, m, int32_t);
    self->order = SV_TAKE(arena, m, int32_t);
    self->heap = SV_TAKE(arena, all + 1, breakpoint);
    self->passed = SV_TAKE(arena, all, breakpoint);
    return !sv_arena_failed(arena);
}

sv_dual *sv_dual_new(int32_t n_col, int32_t max_row)
{
    sv_arena *arena = sv_arena_new();
    sv_dual *self = arena != NULL ? SV_TAKE(arena, 1, sv_dual) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return NULL;
    }
    *self = (sv_dual){.arena = arena,
                      .n = n_col,
                      .max_row = max_row,
                      .stride = (size_t)SV_WHOLE_LANES(max_row),
                      .n_all = (size_t)SV_WHOLE_LANES(n_col + max_row)};
    if (!take_memory(self)) {
        sv_arena_free(arena);
        return NULL;
    }
    sv_dual_reset(self);
    return self;
}

void sv_dual_free(sv_dual **dual)
{
    if (dual == NULL || *dual == NULL)
        return;
    sv_arena_free((*dual)->arena);
    *dual = NULL;
}

void sv_dual_reset(sv_dual *dual)
{
    size_t n = (size_t)dual->n;
    dual->m = dual->n_slot = dual->n_between = 0;
    dual->near_ratio = 1.0;
    dual->n_since_inversion = dual->n_still = 0;
    dual->stale = true;
    dual->perturbed = false;
    memset(dual->where, AT_LOWER, n);
    memset(dual->side, 0, sizeof(double) * n);
    memset(dual->cost, 0, sizeof(double) * n);
    memset(dual->given_cost, 0, sizeof(double) * n);
    memset(dual->lower, 0, sizeof(double) * n);
    memset(dual->upper, 0, sizeof(double) * n);
    memset(dual->x, 0, sizeof(double) * n);
}

void sv_dual_set_products(sv_dual *dual, sv_dual_product product, sv_dual_activity activity, void *context)
{
    dual->product = product;
    dual->activity = activity;
    dual->context = context;
}

/* ---- the program --------------------------------------------------------------------------- */

void dual_set_place(sv_dual *self, int32_t v, place where)
{
    self->n_between += (where == BETWEEN) - (self->where[v] == BETWEEN);
    self->where[v] = (uint8_t)where;
    bool may = where < BASIC && self->lower[v] < self->upper[v];
    self->side[v] = !may ? 0.0 : where == AT_LOWER ? 1.0 : -1.0;
}

void dual_forgive(sv_dual *self, int32_t v)
{
    if (self->d[v] == 0.0)
        return;
    self->cost[v] -= self->d[v];
    self->perturbed = self->perturbed || fabs(self->d[v]) > NO_SHIFT;
    self->d[v] = 0.0;
}

/* A reduced cost clearly on the wrong side moves its variable to the other bound; one that is there by round-off, or at next to no harm, stays, and
 * its cost gives way: moving it back and forth would never end. */
static void mend_place(sv_dual *self, int32_t v, double least, double least_harm)
{
    double d = self->d[v];
    bool wrong = self->where[v] == BETWEEN ? d != 0.0 : d * self->side[v] < 0.0;
    if (!wrong)
        return;
    if (fabs(d) > least && fabs(d) * (self->upper[v] - self->lower[v]) > least_harm)
        dual_set_place(self, v, d > 0.0 ? AT_LOWER : AT_UPPER);
    else
        dual_forgive(self, v);
}

/* It keeps its share of the way between its bounds. */
static void move_between_bounds(sv_dual *self, int32_t j, double lower, double upper)
{
    double old = self->upper[j] - self->lower[j], share = old > 0.0 ? (self->x[j] - self->lower[j]) / old : 0.0;
    self->x[j] = lower + share * (upper - lower);
}

void sv_dual_set_columns(sv_dual *dual, const double *cost, const double *lower, const double *upper)
{
    for (int32_t j = 0; j < dual->n; j++) {
        bool could = dual->lower[j] < dual->upper[j], can = lower[j] < upper[j];
        if (dual->where[j] == BETWEEN)
            move_between_bounds(dual, j, lower[j], upper[j]);
        dual->lower[j] = lower[j];
        dual->upper[j] = upper[j];
        if (could != can) {
            dual_set_place(dual, j, (place)dual->where[j]);
            if (!dual->stale && dual->where[j] < BASIC) /* fixed until now, it may stand on the wrong side */
                mend_place(dual, j, DUAL_TOLERANCE, 0.0);
        }
        if (cost[j] != dual->given_cost[j]) {
            dual->given_cost[j] = dual->cost[j] = cost[j];
            dual->stale = true;
        }
    }
}

void sv_dual_set_start(sv_dual *dual, const double *x)
{
    for (int32_t j = 0; j < dual->n; j++) {
        if (dual->where[j] == BASIC)
            continue;
        dual->x[j] = x[j];
        dual_set_place(dual, j, x[j] <= dual->lower[j] ? AT_LOWER : x[j] >= dual->upper[j] ? AT_UPPER : BETWEEN);
    }
    dual->stale = true;
}

void sv_dual_set_basic(sv_dual *dual, int32_t i_row, int32_t i_col)
{
    int32_t r = 0, logical = dual->n + i_row;
    while (r < dual->m && dual->basic[r] != logical)
        r++;
    if (r == dual->m || dual->where[i_col] == BASIC)
        return;
    dual_load_column(dual, i_col);
    if (fabs(dual->column[r]) < LEAST_CRASH)
        return;
    dual_set_place(dual, logical, AT_LOWER);
    dual_set_place(dual, i_col, BASIC);
    dual_enter(dual, r, i_col);
    dual->stale = true;
}

void sv_dual_add_rows(sv_dual *dual, int32_t n_new, const double *row, const double *lower, const double *upper)
{
    int32_t first = dual->m;
    for (int32_t j = 0; j < dual->n; j++)
        for (int32_t k = 0; k < n_new; k++)
            dual_column_of(dual, j)[first + k] = row[(size_t)k * (size_t)dual->n + (size_t)j];
    for (int32_t k = 0; k < n_new; k++) {
        int32_t i = dual->m++, v = dual->n + i;
        dual->cost[v] = dual->d[v] = dual->y[i] = dual->side[v] = 0.0;
        dual->where[v] = BASIC; /* whatever stood here was forgotten */
        dual_append_to_inverse(dual, i);
        sv_dual_set_row_bounds(dual, i, lower[k], upper[k]);
    }
}

bool sv_dual_drop_row(sv_dual *dual, int32_t i_row)
{
    if (dual->row_slot[i_row] >= 0)
        return false;
    dual_remove_row(dual, i_row);
    return true;
}

void sv_dual_set_row_bounds(sv_dual *dual, int32_t i_row, double lower, double upper)
{
    dual->row_lower[i_row] = lower;
    dual->row_upper[i_row] = upper;
}

int32_t sv_dual_n_row(const sv_dual *dual)
{
    return dual->m;
}

int32_t sv_dual_row_space(const sv_dual *dual)
{
    return dual->max_row - dual->m;
}

const double *sv_dual_x(const sv_dual *dual)
{
    return dual->x;
}

const double *sv_dual_row_dual(const sv_dual *dual)
{
    return dual->y;
}

const double *sv_dual_reduced_cost(const sv_dual *dual)
{
    return dual->d;
}

const double *sv_dual_column(const sv_dual *dual, int32_t i_col)
{
    return dual_column_of(dual, i_col);
}

double sv_dual_row_activity(const sv_dual *dual, int32_t i_row)
{
    return -dual->x[dual->n + i_row];
}

bool sv_dual_row_is_tight(const sv_dual *dual, int32_t i_row)
{
    return dual->row_slot[i_row] >= 0;
}

/* ---- values -------------------------------------------------------------------------------- */

/* What an open side of a row is closed with: a little beyond what the columns' boxes can reach. Nothing changes, but every
 * variable has a box. */
static void close_row(const sv_dual *self, int32_t i, double *low, double *high)
{
    double least = 0.0, most = 0.0;
    for (int32_t j = 0; j < self->n; j++) {
        double a = dual_column_of(self, j)[i];
        least += a * (a > 0.0 ? self->lower[j] : self->upper[j]);
        most += a * (a > 0.0 ? self->upper[j] : self->lower[j]);
    }
    double beyond = 1.0 + 0.01 * (most - least);
    *low = isinf(*low) ? least - beyond : *low;
    *high = isinf(*high) ? most + beyond : *high;
}

static void set_logical_bounds(sv_dual *self)
{
    for (int32_t i = 0; i < self->m; i++) {
        double low = self->row_lower[i], high = self->row_upper[i];
        int32_t v = self->n + i;
        if (isinf(low) || isinf(high))
            close_row(self, i, &low, &high);
        self->lower[v] = -high;
        self->upper[v] = -low;
        dual_set_place(self, v, (place)self->where[v]);
        if (!self->stale && self->where[v] < BASIC) /* of equal bounds until now, it may stand on the wrong side */
            mend_place(self, v, DUAL_TOLERANCE, 0.0);
    }
}

static void set_nonbasic_values(sv_dual *self)
{
    for (int32_t v = 0; v < self->n + self->m; v++) {
        double low = self->lower[v], high = self->upper[v], x = self->x[v];
        x = self->where[v] == AT_LOWER ? low : self->where[v] == AT_UPPER ? high : x;
        if (self->where[v] == BETWEEN)
            x = x < low ? low : x > high ? high : x;
        self->x[v] = self->where[v] == BASIC ? 0.0 : x;
    }
}

/* self->work = A x + t */
static void set_activity(sv_dual *self)
{
    if (self->activity != NULL) {
        self->activity(self->context, self->x, self->work);
    } else {
        memset(self->work, 0, sizeof(double) * (size_t)self->m);
        for (int32_t j = 0; j < self->n; j++)
            if (self->x[j] != 0.0)
                dual_take_off(self->work, dual_column_of(self, j), -self->x[j], self->m);
    }
    for (int32_t i = 0; i < self->m; i++)
        self->work[i] += self->x[self->n + i];
}

/* The basis takes up what A x + t lacks to 0. */
static void balance_rows(sv_dual *self)
{
    set_activity(self);
    dual_multiply_inverse(self, self->work, self->column);
    for (int32_t p = 0; p < self->m; p++)
        self->x[self->basic[p]] -= self->column[p];
}

static void set_values(sv_dual *self)
{
    set_nonbasic_values(self);
    balance_rows(self);
}

/* self->work = y = c_B inverse, self->products = y A. @param[in] cost [n] of the columns; logicals cost what they cost now */
static void set_prices(sv_dual *self, const double *cost)
{
    double *y = self->work;
    memset(y, 0, sizeof(double) * (size_t)self->m);
    for (int32_t p = 0; p < self->m; p++) {
        int32_t v = self->basic[p];
        double c = v < self->n ? cost[v] : self->cost[v];
        if (c == 0.0)
            continue;
        dual_row_of_inverse(self, p, self->rho);
        dual_take_off(y, self->rho, -c, self->m);
    }
    dual_row_products(self, 1, y, self->products);
}

static void set_reduced_costs(sv_dual *self, double least_harm)
{
    set_prices(self, self->cost);
    const double *y = self->work;
    for (int32_t j = 0; j < self->n; j++)
        self->d[j] = self->where[j] == BASIC ? 0.0 : self->cost[j] - self->products[j];
    for (int32_t i = 0; i < self->m; i++)
        self->d[self->n + i] = self->where[self->n + i] == BASIC ? 0.0 : self->cost[self->n + i] - y[i];
    double least = self->stale ? DUAL_TOLERANCE : ROUND_OFF;
    for (int32_t v = 0; v < self->n + self->m; v++)
        if (self->where[v] != BASIC)
            mend_place(self, v, least, least_harm);
    self->stale = false;
}

static bool refresh(sv_dual *self, bool invert)
{
    self->n_batch = 0;
    if (invert && !dual_invert(self))
        return false;
    set_reduced_costs(self, 0.0);
    set_values(self);
    if (invert) /* a basis of near-parallel rows leaves something over */
        balance_rows(self);
    return true;
}

/* ---- costs --------------------------------------------------------------------------------- */

/* A number in [0.5, 1) that looks random, the same for the same column. */
static double spread(int32_t j)
{
    uint32_t h = (uint32_t)j * 2654435761u;
    h ^= h >> 15;
    h *= 2246822519u;
    h ^= h >> 13;
    return 0.5 + 0.5 * (double)h / 4294967296.0;
}

/* A hair that keeps each column where it stands; the prices stay. */
static void perturb(sv_dual *self, double length)
{
    for (int32_t j = 0; j < self->n; j++) {
        if (self->side[j] == 0.0)
            continue;
        double cost = self->given_cost[j] + self->side[j] * length * spread(j);
        self->d[j] += cost - self->cost[j];
        self->cost[j] = cost;
        mend_place(self, j, ROUND_OFF, 0.0);
    }
    self->perturbed = true;
}

static void restore_costs(sv_dual *self)
{
    memcpy(self->cost, self->given_cost, sizeof(double) * (size_t)self->n);
    memset(self->cost + self->n, 0, sizeof(double) * (size_t)self->m);
    self->perturbed = false;
    self->stale = true;
}

/* Too long without a change of prices: who stands between its bounds goes to the nearer one, perturbed like all others. */
static void settle(sv_dual *self)
{
    for (int32_t v = 0; v < self->n + self->m; v++) {
        if (self->where[v] != BETWEEN)
            continue;
        bool low = self->x[v] - self->lower[v] <= self->upper[v] - self->x[v];
        dual_set_place(self, v, low ? AT_LOWER : AT_UPPER);
        double hair = self->side[v] * PERTURBATION * spread(v);
        self->cost[v] += hair;
        self->d[v] += hair;
    }
    self->n_still = 0;
    self->perturbed = true;
    set_values(self);
}

/* ---- solve --------------------------------------------------------------------------------- */

static void set_row_duals(sv_dual *self)
{
    for (int32_t i = 0; i < self->m; i++)
        self->y[i] = self->where[self->n + i] == BASIC ? 0.0 : -self->d[self->n + i];
}

static double given_objective(const sv_dual *self)
{
    double sum = 0.0;
    for (int32_t j = 0; j < self->n; j++)
        sum += self->given_cost[j] * self->x[j];
    return sum;
}

static bool primal_feasible(const sv_dual *self)
{
    for (int32_t p = 0; p < self->m; p++) {
        int32_t v = self->basic[p];
        if (!(self->lower[v] - self->x[v] <= DUAL_PRIMAL_TOLERANCE &&
              self->x[v] - self->upper[v] <= DUAL_PRIMAL_TOLERANCE))
            return false;
    }
    return true;
}

/* Pivots until no row is broken. An end is believed only when the rows are added up again, and after many pivots or where
 * there is no answer only of a fresh inverse. */
static sv_lp_outcome run(sv_dual *self, int32_t most, int32_t *n_pivot)
{
    bool fresh = self->n_since_inversion == 0;
    int32_t next_hair = PIVOTS_UNPERTURBED;
    double hair = PERTURBATION;
    self->n_batch = 0;
    while (*n_pivot < most) {
        if (self->n_since_inversion >= PIVOTS_BETWEEN_INVERSIONS && !fresh) {
            if (!refresh(self, true))
                return SV_LP_FAILED;
            fresh = true;
        }
        if (self->n_still > 3 * self->m + 100)
            settle(self);
        if (*n_pivot >= next_hair) {
            perturb(self, hair);
            set_values(self);
            self->n_batch = 0;
            hair *= LONGER_HAIR;
            next_hair += PIVOTS_TO_LONGER_HAIR;
        }
        pivot_outcome outcome = dual_pivot(self);
        if (outcome == PIVOT_DONE) {
            ++*n_pivot;
            fresh = false;
        } else if (fresh) {
            return outcome == PIVOT_NONE_LEFT    ? SV_LP_OPTIMAL
                   : outcome == PIVOT_INFEASIBLE ? SV_LP_INFEASIBLE
                                                 : SV_LP_FAILED;
        } else if (outcome == PIVOT_NONE_LEFT && self->n_since_inversion < PIVOTS_TRUSTED) {
            if (*n_pivot > PIVOTS_EXACT)
                balance_rows(self);
            if (*n_pivot <= PIVOTS_EXACT || primal_feasible(self))
                return SV_LP_OPTIMAL;
            if (!refresh(self, true))
                return SV_LP_FAILED;
            fresh = true;
        } else {
            if (!refresh(self, true))
                return SV_LP_FAILED;
            fresh = true;
        }
    }
    return SV_LP_FAILED;
}

/* By how much the answer may miss the optimum of the costs given: each variable times its price, as far as it stands from
 * the bound that the price would have it at. */
static double gap_of(sv_dual *self)
{
    set_prices(self, self->given_cost);
    double gap = 0.0;
    for (int32_t v = 0; v < self->n + self->m; v++) {
        if (self->where[v] == BASIC)
            continue;
        double d = v < self->n ? self->given_cost[v] - self->products[v] : -self->work[v - self->n];
        gap += d > 0.0 ? d * (self->x[v] - self->lower[v]) : -d * (self->upper[v] - self->x[v]);
    }
    memcpy(self->y, self->work, sizeof(double) * (size_t)self->m);
    return gap;
}

/* The optimum of perturbed costs is nearly that of the given ones. Where that is not near enough, columns on the wrong side
 * move, and what that breaks is mended by some more pivots. Row duals are those of the given costs. */
static sv_lp_outcome take_back(sv_dual *self, double gap, int32_t most, int32_t *n_pivot, bool *moved)
{
    sv_lp_outcome outcome = SV_LP_OPTIMAL;
    for (int32_t k = 0; outcome == SV_LP_OPTIMAL && self->perturbed; k++) {
        if (gap_of(self) <= gap || k == MOST_EXACT_ROUNDS)
            return outcome;
        restore_costs(self);
        *moved = true;
        set_reduced_costs(self, 0.5 * gap / (self->n + self->m)); /* what costs less may stay */
        set_values(self);
        outcome = run(self, most, n_pivot);
    }
    if (!self->perturbed)
        set_row_duals(self);
    return outcome;
}

static int32_t most_pivots(const sv_dual *self)
{
    return 8000 + 60 * (self->m + 20);
}

void sv_dual_solve(sv_dual *dual, sv_lp_info *info)
{
    *info = (sv_lp_info){.outcome = SV_LP_OPTIMAL};
    dual->n_still = 0;
    set_logical_bounds(dual);
    if (dual->stale) {
        restore_costs(dual);
        set_reduced_costs(dual, 0.0);
    }
    set_values(dual);
    if (!primal_feasible(dual)) {
        if (dual->perturbed) { /* the hairs of the last solve stand where columns stood then */
            perturb(dual, PERTURBATION);
            set_values(dual);
        }
        info->outcome = run(dual, most_pivots(dual), &info->n_pivot);
    }
    set_row_duals(dual);
    info->objective = given_objective(dual);
}

bool sv_dual_finish(sv_dual *dual, double gap, sv_lp_info *info)
{
    *info = (sv_lp_info){.outcome = SV_LP_OPTIMAL};
    bool moved = false;
    info->outcome = take_back(dual, gap, most_pivots(dual), &info->n_pivot, &moved);
    info->objective = given_objective(dual);
    return moved;
}
