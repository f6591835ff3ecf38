/* Bounded dual simplex for few dense rows over many boxed columns. Every column has two finite bounds, so any basis is made
 * dual feasible by moving columns to their other bound: no first phase. Rows are A x + t = 0 with one logical t a row. A
 * start may leave columns between their bounds: where they can mend a row at no cost they do (dual_pivot.c), which settles
 * most of an easy program in a pivot a row. Costs are perturbed by a hair against cycling, and the perturbation is taken
 * back at the end. Cost of a pivot: one product of a row of the inverse with A (the caller may know a fast one), and m k
 * for k tight rows. */
#include "dual.h"

#include <math.h>
#include <string.h>

static const double ROUND_OFF = 1e-6;    /* of reduced costs, from one inversion to the next */
static const double PERTURBATION = 1e-8; /* of a cost unit: a hair; where it does not end a stall, a longer one */
static const double LONGER_HAIR = 20.0;
static const double ALONE = 4.0;      /* times what a product costs in lanes costs one without */
static const double NO_SHIFT = 1e-13; /* of a cost: not worth taking back */
enum {
    PIVOTS_BETWEEN_INVERSIONS = 64,
    PIVOTS_TRUSTED = 40,
    PIVOTS_EXACT = 8,
    PIVOTS_UNPERTURBED = 24,
    PIVOTS_TO_LONGER_HAIR = 2000,
    MOST_EXACT_ROUNDS = 4
};

/* ---- places -------------------------------------------------------------------------------- */

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

void dual_mend_place(sv_dual *self, int32_t v, double least, double least_harm)
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
            dual_mend_place(self, v, DUAL_COST_TOLERANCE, 0.0);
    }
}

/* A side of 0 is that of a fixed, a basic or a variable between its bounds. */
SV_WIDE static void put_in_place(const double *restrict side, const double *restrict lower,
                                 const double *restrict upper, double *restrict x, int32_t n)
{
    for (int32_t v = 0; v < n; v++) {
        double low = lower[v], high = upper[v], within = x[v] < low ? low : x[v];
        within = within > high ? high : within;
        x[v] = side[v] > 0.0 ? low : side[v] < 0.0 ? high : within;
    }
}

static void set_nonbasic_values(sv_dual *self)
{
    put_in_place(self->side, self->lower, self->upper, self->x, self->n + self->m);
    for (int32_t p = 0; p < self->m; p++)
        self->x[self->basic[p]] = 0.0;
}

/* self->work = A x + t */
static void set_activity(sv_dual *self)
{
    if (self->activity == NULL || (double)self->m * self->n <= ALONE * self->plain_work)
        dual_add_up_rows(self);
    else
        self->activity(self->context, self->x, self->work);
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
    double least = self->stale ? DUAL_COST_TOLERANCE : ROUND_OFF;
    for (int32_t v = 0; v < self->n + self->m; v++)
        if (self->where[v] != BASIC)
            dual_mend_place(self, v, least, least_harm);
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
        dual_mend_place(self, j, ROUND_OFF, 0.0);
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

/* A hair of a price towards a side that is open is round-off. */
static double row_dual(const sv_dual *self, int32_t i, double y)
{
    return isinf(y > 0.0 ? self->row_lower[i] : self->row_upper[i]) ? 0.0 : y;
}

static void set_row_duals(sv_dual *self)
{
    for (int32_t i = 0; i < self->m; i++)
        self->y[i] = self->where[self->n + i] == BASIC ? 0.0 : row_dual(self, i, -self->d[self->n + i]);
}

static double given_objective(const sv_dual *self)
{
    return dual_dot(self->given_cost, self->x, self->n);
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
    memset(self->given_d, 0, sizeof(double) * (size_t)self->n);
    double gap = 0.0;
    for (int32_t v = 0; v < self->n + self->m; v++) {
        if (self->where[v] == BASIC)
            continue;
        double d = v < self->n ? self->given_cost[v] - self->products[v] : -self->work[v - self->n];
        if (v < self->n)
            self->given_d[v] = d;
        gap += d > 0.0 ? d * (self->x[v] - self->lower[v]) : -d * (self->upper[v] - self->x[v]);
    }
    for (int32_t i = 0; i < self->m; i++)
        self->y[i] = row_dual(self, i, self->work[i]);
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
