/* One pivot of sv_dual. The leaving variable is the most infeasible for the length of its row (steepest edge). Where
 * variables between their bounds can bring it back, they do, by the least moves, and no price changes. Else the ratio test
 * passes over all columns that can simply change their bound (long steps). */
#include "dual.h"

#include <math.h>
#include <string.h>

static const double WORTH_LOADING = 0.02, WORTH_STAYING = 0.1; /* of the best score */
static const double STILL = 1e-14;                             /* a step of prices that is none */
static const double LEAST_BETWEEN = 1e-8;                      /* sensitivities below this move nothing */
static const double LEAST_SEEN = 1e-12;                        /* less is round-off */
static const double LEAST_ENTERING = 1e-5, LEAST_SHARE = 1e-3; /* of a pivot, and of the largest there is */

enum { BLOCK = 64 }; /* variables looked at together, before any of them is looked at */

/* ---- leaving ------------------------------------------------------------------------------- */

/* How far a basic variable is beyond its bounds: above the upper +, below the lower -, else 0. */
static double beyond_bounds(const sv_dual *self, int32_t p)
{
    int32_t v = self->basic[p];
    double low = self->lower[v] - self->x[v], high = self->x[v] - self->upper[v];
    return low > DUAL_PRIMAL_TOLERANCE ? -low : high > DUAL_PRIMAL_TOLERANCE ? high : 0.0;
}

static double score(const sv_dual *self, int32_t p)
{
    double gap = beyond_bounds(self, p);
    return gap * gap / self->weight[p];
}

/* The best few of all positions, best first. @return how many */
static int32_t rank_positions(const sv_dual *self, int32_t *best, double *best_score)
{
    int32_t n = 0;
    for (int32_t p = 0; p < self->m; p++) {
        double own = score(self, p);
        if (own == 0.0 || (n == SV_DUAL_LANES && own <= best_score[n - 1]))
            continue;
        int32_t at = n < SV_DUAL_LANES ? n++ : n - 1;
        for (; at > 0 && best_score[at - 1] < own; at--) {
            best[at] = best[at - 1];
            best_score[at] = best_score[at - 1];
        }
        best[at] = p;
        best_score[at] = own;
    }
    return n;
}

/* Rows of the tableau of the best positions, as many as stand near the very best. */
static void load_batch(sv_dual *self, int32_t n, const int32_t *best, const double *best_score)
{
    self->n_batch = 0;
    n = dual_rows_are_few(self) ? 1 : n;
    while (self->n_batch < n && best_score[self->n_batch] >= WORTH_LOADING * best_score[0]) {
        int32_t b = self->n_batch++;
        self->batch[b] = best[b];
        dual_row_of_inverse(self, best[b], self->rhos + (size_t)b * self->stride);
    }
    dual_row_products(self, self->n_batch, self->rhos, self->tableau);
    for (int32_t b = 0; b < self->n_batch; b++)
        memcpy(self->tableau + (size_t)b * self->n_all + self->n, self->rhos + (size_t)b * self->stride,
               sizeof(double) * (size_t)self->m);
}

/* The most infeasible for the length of its row; one whose row is at hand is preferred when it is nearly that. Its row of
 * the tableau becomes self->alpha. @return position, -1 = primal feasible */
static int32_t choose_leaving(sv_dual *self)
{
    int32_t best[SV_DUAL_LANES], own = -1;
    double best_score[SV_DUAL_LANES], own_score = 0.0;
    int32_t n = rank_positions(self, best, best_score);
    if (n == 0)
        return -1;
    for (int32_t b = 0; b < self->n_batch; b++) {
        double at_hand = self->batch[b] >= 0 ? score(self, self->batch[b]) : 0.0;
        if (at_hand > own_score) {
            own_score = at_hand;
            own = b;
        }
    }
    if (own < 0 || own_score < WORTH_STAYING * best_score[0]) {
        load_batch(self, n, best, best_score);
        own = 0;
    }
    self->alpha = self->tableau + (size_t)own * self->n_all;
    return self->batch[own];
}

/* The rows at hand after position r has changed hands; its own row is used up. */
static void update_batch(sv_dual *self, int32_t r)
{
    for (int32_t b = 0; b < self->n_batch; b++) {
        int32_t p = self->batch[b];
        if (p == r)
            self->batch[b] = -1;
        if (p == r || p < 0 || self->column[p] == 0.0)
            continue;
        dual_take_off(self->tableau + (size_t)b * self->n_all, self->alpha, self->column[p] / self->column[r],
                      self->n + self->m);
    }
}

/* ---- moves --------------------------------------------------------------------------------- */

/* Carry moves of nonbasic variables, listed in self->passed, into the basis. */
static void carry_moves(sv_dual *self, int32_t n)
{
    memset(self->work, 0, sizeof(double) * (size_t)self->m);
    for (int32_t k = 0; k < n; k++) {
        int32_t v = self->passed[k].j;
        double moved = self->passed[k].ratio;
        if (v >= self->n)
            self->work[v - self->n] += moved;
        else if (moved != 0.0)
            dual_take_off(self->work, dual_column_of(self, v), -moved, self->m);
    }
    dual_multiply_inverse(self, self->work, self->column);
    for (int32_t p = 0; p < self->m; p++)
        self->x[self->basic[p]] -= self->column[p];
}

static double room(const sv_dual *self, int32_t v, double direction)
{
    return direction > 0.0 ? self->upper[v] - self->x[v] : self->lower[v] - self->x[v];
}

/* Variables between their bounds that can move the leaving one, and how far they all could. */
static int32_t list_between(sv_dual *self, double beyond, double *most)
{
    int32_t n = 0, end = self->n + self->m;
    *most = 0.0;
    for (int32_t v = dual_next_between(self, 0); v < end; v = dual_next_between(self, v + 1)) {
        if (fabs(self->alpha[v]) <= LEAST_BETWEEN)
            continue;
        self->passed[n++].j = v;
        *most += fabs(self->alpha[v] * room(self, v, beyond * self->alpha[v]));
    }
    return n;
}

/* Moves in proportion to alpha * width, as far as bounds allow, with sum alpha * move = beyond. */
static void least_moves(sv_dual *self, int32_t n, double beyond)
{
    double tau = 0.0;
    for (int32_t pass = 0; pass < 30; pass++) {
        double sum = 0.0, slope = 0.0;
        for (int32_t k = 0; k < n; k++) {
            int32_t v = self->passed[k].j;
            double alpha = self->alpha[v], width = self->upper[v] - self->lower[v], want = tau * alpha * width;
            double limit = room(self, v, beyond * alpha);
            bool full = fabs(want) >= fabs(limit);
            self->passed[k].ratio = full ? limit : want;
            sum += alpha * self->passed[k].ratio;
            slope += full ? 0.0 : alpha * alpha * width;
        }
        double left = beyond - sum;
        if (fabs(left) <= 1e-12 * fabs(beyond) || slope <= 0.0)
            break;
        tau += left / slope;
    }
}

/* @return the one to enter the basis: a large pivot with room on both sides; -1 = none */
static int32_t best_between(const sv_dual *self, int32_t n)
{
    int32_t best = -1;
    double best_score = 0.0, least = LEAST_ENTERING;
    for (int32_t k = 0; k < n; k++) {
        double share = LEAST_SHARE * fabs(self->alpha[self->passed[k].j]);
        least = share > least ? share : least;
    }
    for (int32_t k = 0; k < n; k++) {
        int32_t v = self->passed[k].j;
        double x = self->x[v] + self->passed[k].ratio, low = x - self->lower[v], high = self->upper[v] - x;
        double score = fabs(self->alpha[v]) * (low < high ? low : high);
        if (fabs(self->alpha[v]) > least && score > best_score) {
            best_score = score;
            best = v;
        }
    }
    return best;
}

/* Move the variables between their bounds: all the way when that is not enough, and then they stay there. @return the one
 * that may take the leaving one's place, which they have brought to its bound; -1 = they could not */
static int32_t move_between(sv_dual *self, double beyond)
{
    double most = 0.0;
    int32_t n = list_between(self, beyond, &most), entering = -1;
    if (n == 0)
        return -1;
    if (most > fabs(beyond) * (1.0 + 1e-9)) {
        least_moves(self, n, beyond);
        entering = best_between(self, n);
    }
    for (int32_t k = 0; k < n; k++) {
        int32_t v = self->passed[k].j;
        if (entering >= 0) {
            self->x[v] += self->passed[k].ratio;
            continue;
        }
        bool up = beyond * self->alpha[v] > 0.0;
        self->passed[k].ratio = room(self, v, up ? 1.0 : -1.0);
        self->x[v] = up ? self->upper[v] : self->lower[v];
        dual_set_place(self, v, up ? AT_UPPER : AT_LOWER);
    }
    carry_moves(self, n);
    return entering;
}

static void flip(sv_dual *self, int32_t n_flip)
{
    for (int32_t k = 0; k < n_flip; k++) {
        int32_t v = self->passed[k].j;
        bool up = self->where[v] == AT_LOWER;
        double target = up ? self->upper[v] : self->lower[v];
        self->passed[k].ratio = target - self->x[v];
        self->x[v] = target;
        dual_set_place(self, v, up ? AT_UPPER : AT_LOWER);
    }
    carry_moves(self, n_flip);
}

/* ---- entering ------------------------------------------------------------------------------ */

static void sift_down(breakpoint *heap, int32_t n, int32_t at)
{
    breakpoint moved = heap[at];
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

enum { FOUR = 4 }; /* the widest that compilers compare without taking lanes apart */
typedef double lanes __attribute__((vector_size(sizeof(double) * FOUR), aligned(8), may_alias));
typedef int64_t truths __attribute__((vector_size(sizeof(int64_t) * FOUR)));

/* Some may be for list_breakpoints: by whole vectors, for most blocks have none. */
SV_WIDE static bool has_breakpoints(const double *restrict alpha, const double *restrict side, const double *restrict d,
                                    double sign, double from, double to, int32_t n)
{
    const truths no_sign = (truths){0} + INT64_MAX;
    truths any = {0};
    int32_t v = 0;
    for (; v + FOUR <= n; v += FOUR) {
        lanes a = *(const lanes *)(alpha + v), way = *(const lanes *)(side + v), own = *(const lanes *)(d + v);
        lanes size = (lanes)((truths)a & no_sign);
        own = (lanes)((truths)own & no_sign);
        any |= (sign * a * way > DUAL_LEAST_PIVOT) & (own <= to * size) & (own > from * size);
    }
    int64_t found = any[0] | any[1] | any[2] | any[3];
    for (; v < n; v++)
        found |= sign * alpha[v] * side[v] > DUAL_LEAST_PIVOT;
    return found != 0;
}

/* Nonbasic variables whose reduced cost falls to zero as the leaving variable's dual grows: after `from`, up to `to`. As a
 * heap, the first on top. @return how many */
static int32_t list_breakpoints(sv_dual *self, double beyond, double from, double to)
{
    const double *alpha = self->alpha, *side = self->side, *d = self->d;
    double sign = beyond < 0.0 ? -1.0 : 1.0;
    breakpoint *heap = self->heap;
    int32_t n = 0, all = self->n + self->m;
    for (int32_t first = 0; first < all; first += BLOCK) {
        int32_t end = first + BLOCK < all ? first + BLOCK : all;
        if (!has_breakpoints(alpha + first, side + first, d + first, sign, from, to, end - first))
            continue;
        for (int32_t v = first; v < end; v++) { /* appended always, kept when it counts: no branch to guess */
            double size = fabs(alpha[v]), own = fabs(d[v]);
            heap[n].j = v;
            n += (sign * alpha[v] * side[v] > DUAL_LEAST_PIVOT) & (own <= to * size) & (own > from * size);
        }
    }
    for (int32_t k = 0; k < n; k++)
        heap[k].ratio = fabs(d[heap[k].j]) / fabs(alpha[heap[k].j]);
    for (int32_t at = n / 2 - 1; at >= 0; at--)
        sift_down(heap, n, at);
    return n;
}

/* Long step: pass each breakpoint whose change of bound does not yet cover the gap. Most steps end near the last one's
 * length, so the far breakpoints are listed only when they are needed. @return entering variable, -1 = none; those passed
 * are listed, the entering one last. */
static int32_t choose_entering(sv_dual *self, double beyond, int32_t *n_passed)
{
    double slope = fabs(beyond), from = -1.0, to = self->near_ratio;
    *n_passed = 0;
    for (int part = 0; part < 2; part++, from = to, to = INFINITY) {
        breakpoint *heap = self->heap;
        for (int32_t n = list_breakpoints(self, beyond, from, to); n > 0;) {
            breakpoint next = heap[0];
            heap[0] = heap[--n];
            if (n > 0)
                sift_down(heap, n, 0);
            self->passed[(*n_passed)++] = next;
            slope -= fabs(self->alpha[next.j]) * (self->upper[next.j] - self->lower[next.j]);
            if (!(slope > 0.0)) {
                self->near_ratio = 4.0 * next.ratio + 1e-9;
                return next.j;
            }
        }
    }
    return *n_passed > 0 && slope <= DUAL_PRIMAL_TOLERANCE ? self->passed[*n_passed - 1].j : -1;
}

/* Infeasible is said only where no move at all, those by pivots too small to be used included, brings the variable back. */
static bool out_of_reach(const sv_dual *self, double beyond)
{
    double reach = 0.0;
    for (int32_t v = 0; v < self->n + self->m; v++) {
        bool moves = self->where[v] == BETWEEN || beyond * self->alpha[v] * self->side[v] > 0.0;
        if (moves && fabs(self->alpha[v]) > LEAST_SEEN)
            reach += fabs(self->alpha[v] * room(self, v, beyond * self->alpha[v]));
    }
    return reach < fabs(beyond);
}

/* Near-ties for the last breakpoint: the largest pivot serves best. What it leaves on the wrong side is a hair, and is
 * shifted into the cost. */
static int32_t prefer_large_pivot(const sv_dual *self, int32_t *n_passed)
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

/* One of some reduced costs is on the wrong side. */
SV_WIDE static bool has_wrong_side(const double *restrict side, const double *restrict d, int32_t n)
{
    truths any = {0};
    int32_t v = 0;
    for (; v + FOUR <= n; v += FOUR)
        any |= *(const lanes *)(side + v) * *(const lanes *)(d + v) < 0.0;
    int64_t found = any[0] | any[1] | any[2] | any[3];
    for (; v < n; v++)
        found |= side[v] * d[v] < 0.0;
    return found != 0;
}

/* A hair on the wrong side is shifted into the cost. */
static void forgive_all(sv_dual *self, int32_t entering)
{
    int32_t all = self->n + self->m;
    for (int32_t from = 0; from < all; from += BLOCK) {
        int32_t n = all - from < BLOCK ? all - from : BLOCK;
        if (!has_wrong_side(self->side + from, self->d + from, n))
            continue;
        for (int32_t v = from; v < from + n; v++)
            if (v != entering && self->side[v] * self->d[v] < 0.0)
                dual_forgive(self, v);
    }
    for (int32_t v = dual_next_between(self, 0); v < all; v = dual_next_between(self, v + 1))
        if (v != entering)
            dual_forgive(self, v);
}

static void update_duals(sv_dual *self, int32_t entering, int32_t leaving)
{
    double step = self->d[entering] / self->alpha[entering];
    dual_take_off(self->d, self->alpha, step, self->n + self->m);
    for (int32_t p = 0; p < self->m; p++)
        self->d[self->basic[p]] = 0.0;
    forgive_all(self, entering);
    self->d[entering] = 0.0;
    self->d[leaving] = -step;
    self->n_still = fabs(step) <= STILL ? self->n_still + 1 : 0;
}

/* ---- pivot --------------------------------------------------------------------------------- */

static bool trusted(const sv_dual *self, int32_t r, int32_t entering)
{
    double seen = self->alpha[entering], exact = self->column[r];
    return fabs(seen - exact) <= 1e-7 * (1.0 + fabs(exact)) && fabs(exact) >= DUAL_LEAST_PIVOT;
}

/* The leaving variable stands at its bound already, and prices stay: the two change places. */
static pivot_outcome swap_still(sv_dual *self, int32_t r, int32_t entering, double bound)
{
    int32_t leaving = self->basic[r];
    dual_load_column(self, entering);
    if (!trusted(self, r, entering))
        return PIVOT_UNSURE;
    self->x[leaving] = bound;
    self->d[leaving] = self->d[entering] = 0.0;
    dual_set_place(self, leaving, self->lower[leaving] == self->upper[leaving] ? AT_LOWER : BETWEEN);
    dual_set_place(self, entering, BASIC);
    update_batch(self, r);
    dual_enter(self, r, entering);
    self->n_still++;
    return PIVOT_DONE;
}

pivot_outcome dual_pivot(sv_dual *self)
{
    int32_t r = choose_leaving(self), n_passed = 0;
    if (r < 0)
        return PIVOT_NONE_LEFT;
    int32_t leaving = self->basic[r];
    double beyond = beyond_bounds(self, r);
    double bound = beyond < 0.0 ? self->lower[leaving] : self->upper[leaving];
    int32_t entering = move_between(self, beyond);
    if (entering >= 0)
        return swap_still(self, r, entering, bound);
    beyond =
        beyond_bounds(self, r); /* moved all the way they may have brought it well inside, or past the other bound */
    if (beyond == 0.0)
        return PIVOT_DONE;
    bound = beyond < 0.0 ? self->lower[leaving] : self->upper[leaving];
    if (choose_entering(self, beyond, &n_passed) < 0)
        return out_of_reach(self, beyond) ? PIVOT_INFEASIBLE : PIVOT_UNSURE;
    entering = prefer_large_pivot(self, &n_passed);
    dual_load_column(self, entering);
    if (!trusted(self, r, entering))
        return PIVOT_UNSURE;
    if (n_passed > 1) { /* it uses `column`: the pivot column comes after it */
        flip(self, n_passed - 1);
        dual_load_column(self, entering);
    }
    double step = (self->x[leaving] - bound) / self->column[r];
    for (int32_t p = 0; p < self->m; p++)
        self->x[self->basic[p]] -= step * self->column[p];
    self->x[entering] += step;
    update_duals(self, entering, leaving);
    self->x[leaving] = bound;
    dual_set_place(self, leaving, beyond < 0.0 ? AT_LOWER : AT_UPPER);
    dual_set_place(self, entering, BASIC);
    update_batch(self, r);
    dual_enter(self, r, entering);
    return PIVOT_DONE;
}
