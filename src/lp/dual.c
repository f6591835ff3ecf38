/* Bounded dual simplex for few dense rows over many boxed columns. Every column has two finite bounds, so any basis is made
 * dual feasible by moving columns to their other bound: no first phase. Rows are A x + t = 0 with one logical t a row; the
 * basis inverse is kept dense (rows are few), which gives exact steepest-edge weights for free. The ratio test passes over
 * all columns that can simply change their bound (long steps). Costs are perturbed by a hair against cycling.
 * Cost of a pivot: one product of a row of the inverse with A (the caller may know a faster one), and m^2. */
#include "dual.h"

#include <math.h>
#include <string.h>

static const double PRIMAL_TOLERANCE = 1e-7;
static const double DUAL_TOLERANCE = 1e-10;
static const double ROUND_OFF = 1e-6; /* of reduced costs, from one inversion to the next */
static const double LEAST_PIVOT = 1e-7;
static const double PERTURBATION = 1e-8; /* of a cost unit; an answer is off by no more than this share */
enum { PIVOTS_BETWEEN_INVERSIONS = 64 };

/* ---- life ---------------------------------------------------------------------------------- */

sv_dual *sv_dual_new(int32_t n_col, int32_t max_row)
{
    sv_arena *arena = sv_arena_new();
    sv_dual *self = arena != NULL ? SV_TAKE(arena, 1, sv_dual) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return NULL;
    }
    size_t all = (size_t)n_col + (size_t)max_row, m = (size_t)max_row;
    *self = (sv_dual){
        .arena = arena,
        .n = n_col,
        .max_row = max_row,
        .a = SV_TAKE(arena, m * (size_t)n_col, double),
        .row_lower = SV_TAKE(arena, m, double),
        .row_upper = SV_TAKE(arena, m, double),
        .lower = SV_TAKE(arena, all, double),
        .upper = SV_TAKE(arena, all, double),
        .x = SV_TAKE(arena, all, double),
        .cost = SV_TAKE(arena, all, double),
        .given_cost = SV_TAKE(arena, n_col, double),
        .d = SV_TAKE(arena, all, double),
        .where = SV_TAKE(arena, all, uint8_t),
        .basic = SV_TAKE(arena, m, int32_t),
        .inverse = SV_TAKE(arena, m * m, double),
        .weight = SV_TAKE(arena, m, double),
        .alpha = SV_TAKE(arena, all, double),
        .column = SV_TAKE(arena, m, double),
        .work = SV_TAKE(arena, m, double),
        .y = SV_TAKE(arena, m, double),
        .square = SV_TAKE(arena, m * m, double),
        .row_of = SV_TAKE(arena, m, int32_t),
        .spare = SV_TAKE(arena, m, int32_t),
        .heap = SV_TAKE(arena, all, struct breakpoint),
        .passed = SV_TAKE(arena, all, struct breakpoint),
    };
    if (sv_arena_failed(arena)) {
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
    dual->m = 0;
    dual->n_since_inversion = 0;
    dual->costs_stale = true;
    dual->costs_shifted = false;
    memset(dual->where, AT_LOWER, (size_t)dual->n);
    memset(dual->cost, 0, sizeof(double) * (size_t)dual->n);
    memset(dual->given_cost, 0, sizeof(double) * (size_t)dual->n);
    memset(dual->lower, 0, sizeof(double) * (size_t)dual->n);
    memset(dual->upper, 0, sizeof(double) * (size_t)dual->n);
}

void sv_dual_set_product(sv_dual *dual, sv_dual_product product, void *context)
{
    dual->product = product;
    dual->context = context;
}

/* A number in [0.5, 1) that looks random, the same for the same column. */
static double spread(int32_t j)
{
    uint32_t h = (uint32_t)j * 2654435761u;
    h ^= h >> 15;
    h *= 2246822519u;
    h ^= h >> 13;
    return 0.5 + 0.5 * (double)h / 4294967296.0;
}

/* A hair that keeps the column where it stands. */
static void perturb(sv_dual *self, int32_t j)
{
    double hair = PERTURBATION * spread(j);
    self->cost[j] = self->given_cost[j] + (self->where[j] == AT_UPPER ? -hair : hair);
}

void sv_dual_set_columns(sv_dual *dual, const double *cost, const double *lower, const double *upper)
{
    memcpy(dual->lower, lower, sizeof(double) * (size_t)dual->n);
    memcpy(dual->upper, upper, sizeof(double) * (size_t)dual->n);
    for (int32_t j = 0; j < dual->n; j++) {
        if (cost[j] == dual->given_cost[j] && dual->cost[j] != 0.0)
            continue;
        dual->given_cost[j] = cost[j];
        perturb(dual, j);
        dual->costs_stale = true;
    }
}

void sv_dual_set_start(sv_dual *dual, const uint8_t *at_upper)
{
    for (int32_t j = 0; j < dual->n; j++) {
        if (dual->where[j] == BASIC)
            continue;
        dual->where[j] = at_upper[j] ? AT_UPPER : AT_LOWER;
        perturb(dual, j);
    }
    dual->costs_stale = true;
}

double *sv_dual_next_row(sv_dual *dual)
{
    return dual->m < dual->max_row ? dual->a + (size_t)dual->m * (size_t)dual->n : NULL;
}

int32_t sv_dual_add_row(sv_dual *dual, double lower, double upper)
{
    int32_t i = dual->m++, v = dual->n + i;
    dual_append_to_inverse(dual, i);
    dual->basic[i] = v;
    dual->where[v] = BASIC;
    dual->cost[v] = dual->d[v] = dual->y[i] = 0.0;
    sv_dual_set_row_bounds(dual, i, lower, upper);
    return i;
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

const double *sv_dual_x(const sv_dual *dual)
{
    return dual->x;
}

const double *sv_dual_row_dual(const sv_dual *dual)
{
    return dual->y;
}

/* ---- values -------------------------------------------------------------------------------- */

/* Bounds of the logicals. An open side of a row is closed a little beyond what the columns' boxes can reach: nothing
 * changes, but every variable has a box. */
static void set_logical_bounds(sv_dual *self)
{
    for (int32_t i = 0; i < self->m; i++) {
        double low = self->row_lower[i], high = self->row_upper[i];
        if (isinf(low) || isinf(high)) {
            const double *row = self->a + (size_t)i * (size_t)self->n;
            double least = 0.0, most = 0.0;
            for (int32_t j = 0; j < self->n; j++) {
                least += row[j] * (row[j] > 0.0 ? self->lower[j] : self->upper[j]);
                most += row[j] * (row[j] > 0.0 ? self->upper[j] : self->lower[j]);
            }
            double beyond = 1.0 + 0.01 * (most - least);
            low = isinf(low) ? least - beyond : low;
            high = isinf(high) ? most + beyond : high;
        }
        self->lower[self->n + i] = -high;
        self->upper[self->n + i] = -low;
    }
}

static void set_nonbasic_values(sv_dual *self)
{
    for (int32_t v = 0; v < self->n + self->m; v++)
        if (self->where[v] != BASIC)
            self->x[v] = self->where[v] == AT_UPPER ? self->upper[v] : self->lower[v];
}

/* x of the basis = -inverse * (A x + t of the rest) */
static void set_basic_values(sv_dual *self)
{
    for (int32_t i = 0; i < self->m; i++) {
        const double *row = self->a + (size_t)i * (size_t)self->n;
        int32_t t = self->n + i;
        double sum = (self->where[t] != BASIC ? self->x[t] : 0.0) + dual_dot(row, self->x, self->n);
        for (int32_t p = 0; p < self->m; p++) /* basic columns carry old values: take them out */
            if (self->basic[p] < self->n)
                sum -= row[self->basic[p]] * self->x[self->basic[p]];
        self->work[i] = sum;
    }
    dual_multiply_inverse(self, self->work, self->column);
    for (int32_t p = 0; p < self->m; p++)
        self->x[self->basic[p]] = -self->column[p];
}

/* y = c_B inverse, d = c - y A. A column clearly on the wrong side moves to its other bound; one that is there by round-off
 * stays, and its cost gives way: moving it back and forth would never end. */
static void set_reduced_costs(sv_dual *self)
{
    double move = self->costs_stale ? DUAL_TOLERANCE : ROUND_OFF;
    memset(self->y, 0, sizeof(double) * (size_t)self->m);
    for (int32_t p = 0; p < self->m; p++) {
        const double *row = self->inverse + (size_t)p * (size_t)self->max_row;
        double c = self->cost[self->basic[p]];
        for (int32_t i = 0; c != 0.0 && i < self->m; i++)
            self->y[i] += c * row[i];
    }
    dual_row_product(self, self->y, self->alpha);
    for (int32_t j = 0; j < self->n; j++)
        self->d[j] = self->where[j] == BASIC ? 0.0 : self->cost[j] - self->alpha[j];
    for (int32_t i = 0; i < self->m; i++)
        self->d[self->n + i] = self->where[self->n + i] == BASIC ? 0.0 : -self->y[i];
    for (int32_t v = 0; v < self->n + self->m; v++) {
        if (self->where[v] == BASIC)
            continue;
        bool wrong = self->where[v] == AT_LOWER ? self->d[v] < 0.0 : self->d[v] > 0.0;
        if (!wrong || self->lower[v] == self->upper[v])
            continue;
        if (fabs(self->d[v]) > move) {
            self->where[v] = self->where[v] == AT_LOWER ? AT_UPPER : AT_LOWER;
        } else {
            self->cost[v] -= self->d[v];
            self->d[v] = 0.0;
            self->costs_shifted = true;
        }
    }
    self->costs_stale = false;
}

static void refresh(sv_dual *self)
{
    set_reduced_costs(self);
    set_nonbasic_values(self);
    set_basic_values(self);
}

/* ---- pivots -------------------------------------------------------------------------------- */

/* Steepest edge: the largest squared infeasibility for the length of its row. @return position, -1 = primal feasible */
static int32_t choose_leaving(const sv_dual *self, double *beyond)
{
    int32_t best = -1;
    double best_score = 0.0;
    for (int32_t p = 0; p < self->m; p++) {
        int32_t v = self->basic[p];
        double low = self->lower[v] - self->x[v], high = self->x[v] - self->upper[v];
        double gap = low > high ? low : high;
        if (gap <= PRIMAL_TOLERANCE)
            continue;
        double score = gap * gap / self->weight[p];
        if (score > best_score) {
            best_score = score;
            best = p;
            *beyond = low > high ? -gap : gap;
        }
    }
    return best;
}

static void sift_down(struct breakpoint *heap, int32_t n, int32_t at)
{
    struct breakpoint moved = heap[at];
    for (int32_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
        if (child + 1 < n && heap[child + 1].ratio < heap[child].ratio)
            child++;
        if (heap[child].ratio >= moved.ratio)
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
}

/* Nonbasic variables whose reduced cost falls to zero as the leaving variable's dual grows. */
static int32_t list_breakpoints(sv_dual *self, double beyond)
{
    double sign = beyond < 0.0 ? 1.0 : -1.0; /* the leaving variable has to grow, or to fall */
    int32_t n = 0;
    for (int32_t v = 0; v < self->n + self->m; v++) {
        if (self->where[v] == BASIC || self->lower[v] == self->upper[v])
            continue;
        double helps = -sign * self->alpha[v]; /* when the variable grows */
        bool may = self->where[v] == AT_LOWER ? helps > LEAST_PIVOT : helps < -LEAST_PIVOT;
        if (!may)
            continue;
        double ratio = fabs(self->d[v]) / fabs(self->alpha[v]);
        self->heap[n++] = (struct breakpoint){ratio, v};
    }
    for (int32_t at = n / 2 - 1; at >= 0; at--)
        sift_down(self->heap, n, at);
    return n;
}

/* Long step: pass each breakpoint whose change of bound does not yet cover the gap. @return entering variable, -1 = none;
 * those passed are listed, the entering one last. */
static int32_t choose_entering(sv_dual *self, double beyond, int32_t *n_passed)
{
    int32_t n = list_breakpoints(self, beyond);
    double slope = fabs(beyond);
    *n_passed = 0;
    while (n > 0) {
        struct breakpoint next = self->heap[0];
        self->heap[0] = self->heap[--n];
        if (n > 0)
            sift_down(self->heap, n, 0);
        self->passed[(*n_passed)++] = next;
        slope -= fabs(self->alpha[next.j]) * (self->upper[next.j] - self->lower[next.j]);
        if (!(slope > 0.0))
            return next.j;
    }
    return *n_passed > 0 && slope <= PRIMAL_TOLERANCE ? self->passed[*n_passed - 1].j : -1;
}

/* Near-ties for the last breakpoint: the largest pivot serves best. What it leaves on the wrong side is a hair, and is
 * shifted into the cost. */
static int32_t prefer_large_pivot(sv_dual *self, int32_t *n_passed)
{
    int32_t last = *n_passed - 1, best = last;
    double size = fabs(self->alpha[self->passed[last].j]);
    if (size > 1e-3)
        return self->passed[last].j;
    for (int32_t k = last - 1; k >= 0 && self->passed[last].ratio - self->passed[k].ratio <= 1e-9; k--)
        if (fabs(self->alpha[self->passed[k].j]) > fabs(self->alpha[self->passed[best].j]))
            best = k;
    *n_passed = best + 1;
    return self->passed[best].j;
}

static void flip(sv_dual *self, int32_t n_flip)
{
    memset(self->work, 0, sizeof(double) * (size_t)self->m);
    for (int32_t k = 0; k < n_flip; k++) {
        int32_t v = self->passed[k].j;
        double target = self->where[v] == AT_LOWER ? self->upper[v] : self->lower[v], moved = target - self->x[v];
        self->where[v] = self->where[v] == AT_LOWER ? AT_UPPER : AT_LOWER;
        self->x[v] = target;
        if (v >= self->n) {
            self->work[v - self->n] += moved;
            continue;
        }
        for (int32_t i = 0; i < self->m; i++)
            self->work[i] += self->a[(size_t)i * (size_t)self->n + (size_t)v] * moved;
    }
    dual_multiply_inverse(self, self->work, self->column);
    for (int32_t p = 0; p < self->m; p++)
        self->x[self->basic[p]] -= self->column[p];
}

static void update_duals(sv_dual *self, int32_t entering, int32_t leaving)
{
    double step = self->d[entering] / self->alpha[entering];
    for (int32_t v = 0; v < self->n + self->m; v++) {
        if (self->where[v] == BASIC)
            continue;
        self->d[v] -= step * self->alpha[v];
        bool wrong = self->where[v] == AT_LOWER ? self->d[v] < 0.0 : self->d[v] > 0.0;
        if (wrong && v != entering && self->lower[v] < self->upper[v]) {
            self->cost[v] -= self->d[v];
            self->d[v] = 0.0;
            self->costs_shifted = true;
        }
    }
    self->d[entering] = 0.0;
    self->d[leaving] = -step;
}

static void load_column(sv_dual *self, int32_t v)
{
    for (int32_t i = 0; i < self->m; i++)
        self->work[i] =
            v >= self->n ? (v - self->n == i ? 1.0 : 0.0) : self->a[(size_t)i * (size_t)self->n + (size_t)v];
    dual_multiply_inverse(self, self->work, self->column);
}

typedef enum { PIVOT_DONE, PIVOT_NONE_LEFT, PIVOT_INFEASIBLE, PIVOT_UNSURE } pivot_outcome;

static pivot_outcome pivot(sv_dual *self)
{
    double beyond = 0.0;
    int32_t r = choose_leaving(self, &beyond), n_passed = 0;
    if (r < 0)
        return PIVOT_NONE_LEFT;
    const double *rho = self->inverse + (size_t)r * (size_t)self->max_row;
    dual_row_product(self, rho, self->alpha);
    memcpy(self->alpha + self->n, rho, sizeof(double) * (size_t)self->m);
    int32_t entering = choose_entering(self, beyond, &n_passed), leaving = self->basic[r];
    if (entering < 0)
        return PIVOT_INFEASIBLE;
    entering = prefer_large_pivot(self, &n_passed);
    load_column(self, entering);
    double seen = self->alpha[entering], exact = self->column[r];
    if (fabs(seen - exact) > 1e-7 * (1.0 + fabs(exact)) || fabs(exact) < LEAST_PIVOT)
        return PIVOT_UNSURE;
    /* flip() uses `column`: the pivot column comes after it */
    if (n_passed > 1) {
        flip(self, n_passed - 1);
        load_column(self, entering);
    }
    double bound = beyond < 0.0 ? self->lower[leaving] : self->upper[leaving];
    double step = (self->x[leaving] - bound) / self->column[r];
    for (int32_t p = 0; p < self->m; p++)
        self->x[self->basic[p]] -= step * self->column[p];
    self->x[entering] += step;
    update_duals(self, entering, leaving);
    self->x[leaving] = bound;
    self->where[leaving] = beyond < 0.0 ? AT_LOWER : AT_UPPER;
    self->where[entering] = BASIC;
    self->basic[r] = entering;
    dual_update_inverse(self, r);
    return PIVOT_DONE;
}

/* ---- solve --------------------------------------------------------------------------------- */

/* Duals of the perturbed costs: only their size tells a binding row from a slack one. */
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

/* What earlier solves shifted is given back. */
static void restore_costs(sv_dual *self)
{
    for (int32_t j = 0; j < self->n; j++)
        perturb(self, j);
    for (int32_t i = 0; i < self->m; i++)
        self->cost[self->n + i] = 0.0;
    self->costs_shifted = false;
    self->costs_stale = true;
}

void sv_dual_solve(sv_dual *dual, sv_lp_info *info)
{
    *info = (sv_lp_info){.outcome = SV_LP_FAILED};
    int32_t most = 2000 + 60 * (dual->m + 20);
    bool fresh = dual->n_since_inversion == 0;
    set_logical_bounds(dual);
    if (dual->costs_shifted)
        restore_costs(dual);
    if (dual->costs_stale) {
        refresh(dual);
    } else {
        set_nonbasic_values(dual);
        set_basic_values(dual);
    }
    while (info->n_pivot < most) {
        if (dual->n_since_inversion >= PIVOTS_BETWEEN_INVERSIONS && !fresh) {
            if (!dual_invert(dual))
                return;
            refresh(dual);
            fresh = true;
        }
        pivot_outcome outcome = pivot(dual);
        if (outcome == PIVOT_DONE) {
            info->n_pivot++;
            fresh = false;
            continue;
        }
        if (!fresh &&
            (outcome != PIVOT_NONE_LEFT || dual->n_since_inversion > 0)) { /* believe it only of fresh numbers */
            if (!dual_invert(dual))
                return;
            refresh(dual);
            fresh = true;
            continue;
        }
        if (outcome == PIVOT_NONE_LEFT || outcome == PIVOT_INFEASIBLE)
            info->outcome = outcome == PIVOT_NONE_LEFT ? SV_LP_OPTIMAL : SV_LP_INFEASIBLE;
        break;
    }
    set_row_duals(dual);
    info->objective = given_objective(dual);
}
