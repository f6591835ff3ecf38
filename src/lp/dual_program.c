/* The program behind sv_dual as its caller gives and reads it: columns, rows, guesses of a start. */
#include "dual.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double LEAST_CRASH = 1e-3; /* pivot of a guessed basis */

/* ---- life ---------------------------------------------------------------------------------- */

static bool take_memory(sv_dual *self)
{
    sv_arena *arena = self->arena;
    size_t n = (size_t)self->n, m = (size_t)self->max_row, all = n + m;
    self->a = SV_TAKE(arena, n * self->stride, double);
    self->rows = SV_TAKE(arena, m * self->n_all, double);
    self->row_lower = SV_TAKE(arena, m, double);
    self->row_upper = SV_TAKE(arena, m, double);
    self->lower = SV_TAKE(arena, all, double);
    self->upper = SV_TAKE(arena, all, double);
    self->x = SV_TAKE(arena, all, double);
    self->cost = SV_TAKE(arena, all, double);
    self->given_cost = SV_TAKE(arena, n, double);
    self->d = SV_TAKE(arena, all, double);
    self->given_d = SV_TAKE(arena, n, double);
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

void sv_dual_set_products(sv_dual *dual, sv_dual_product product, sv_dual_activity activity, double plain_work,
                          void *context)
{
    dual->plain_work = plain_work;
    dual->product = product;
    dual->activity = activity;
    dual->context = context;
}

/* ---- the program --------------------------------------------------------------------------- */

/* It keeps its share of the way between its bounds. */
static void move_between_bounds(sv_dual *self, int32_t j, double lower, double upper)
{
    double old = self->upper[j] - self->lower[j], share = old > 0.0 ? (self->x[j] - self->lower[j]) / old : 0.0;
    self->x[j] = lower + share * (upper - lower);
}

/* Columns that open or close, by whole vectors: mostly none. */
SV_WIDE static double count_opened(const double *restrict old_lower, const double *restrict old_upper,
                                   const double *restrict lower, const double *restrict upper, int32_t n)
{
    double lane[SV_LANES] = {0.0}, count = 0.0;
    int32_t j = 0;
    for (; j + SV_LANES <= n; j += SV_LANES)
        for (int32_t l = 0; l < SV_LANES; l++) {
            double could = old_lower[j + l] < old_upper[j + l] ? 1.0 : 0.0;
            double can = lower[j + l] < upper[j + l] ? 1.0 : 0.0;
            lane[l] += (could - can) * (could - can);
        }
    for (; j < n; j++)
        count += (old_lower[j] < old_upper[j]) != (lower[j] < upper[j]) ? 1.0 : 0.0;
    for (int32_t l = 0; l < SV_LANES; l++)
        count += lane[l];
    return count;
}

static void open_or_close(sv_dual *self, int32_t j, double lower, double upper)
{
    bool could = self->lower[j] < self->upper[j], can = lower < upper;
    self->lower[j] = lower;
    self->upper[j] = upper;
    if (could == can)
        return;
    dual_set_place(self, j, (place)self->where[j]);
    if (!self->stale && self->where[j] < BASIC) /* fixed until now, it may stand on the wrong side */
        dual_mend_place(self, j, DUAL_COST_TOLERANCE, 0.0);
}

void sv_dual_set_columns(sv_dual *dual, const double *cost, const double *lower, const double *upper)
{
    size_t size = sizeof(double) * (size_t)dual->n;
    for (int32_t j = dual_next_between(dual, 0); j < dual->n; j = dual_next_between(dual, j + 1))
        move_between_bounds(dual, j, lower[j], upper[j]);
    if (count_opened(dual->lower, dual->upper, lower, upper, dual->n) > 0.0)
        for (int32_t j = 0; j < dual->n; j++)
            open_or_close(dual, j, lower[j], upper[j]);
    memcpy(dual->lower, lower, size);
    memcpy(dual->upper, upper, size);
    if (memcmp(cost, dual->given_cost, size) == 0)
        return;
    for (int32_t j = 0; j < dual->n; j++)
        if (cost[j] != dual->given_cost[j]) {
            dual->given_cost[j] = dual->cost[j] = cost[j];
            dual->stale = true;
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
    assert(n_new <= sv_dual_row_space(dual));
    for (int32_t j = 0; j < dual->n; j++)
        for (int32_t k = 0; k < n_new; k++)
            dual_column_of(dual, j)[first + k] = row[(size_t)k * (size_t)dual->n + (size_t)j];
    for (int32_t k = 0; k < n_new; k++) {
        memcpy(dual_row_of(dual, first + k), row + (size_t)k * (size_t)dual->n, sizeof(double) * (size_t)dual->n);
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
    return dual->perturbed ? dual->given_d : dual->d;
}

const double *sv_dual_column(const sv_dual *dual, int32_t i_col)
{
    return dual_column_of(dual, i_col);
}

const double *sv_dual_row(const sv_dual *dual, int32_t i_row)
{
    return dual_row_of(dual, i_row);
}

double sv_dual_row_activity(const sv_dual *dual, int32_t i_row)
{
    return -dual->x[dual->n + i_row];
}

bool sv_dual_row_is_tight(const sv_dual *dual, int32_t i_row)
{
    return dual->row_slot[i_row] >= 0;
}
