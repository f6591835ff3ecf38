/* LU of a matrix of 2 x 2 blocks whose pattern is symmetric, without exchanges of pivots: rows of blocks in the order that
 * the symmetric factor's analysis finds for the graph. What an equation says of two unknowns at a node (angle and
 * magnitude, say) stays together, so that one index serves four numbers and a pivot block is inverted whole.
 * Cost: 8 multiplications a block product; allocates only in sv_blu_new. One object a thread. */
#include "elimination.h"

#include <math.h>
#include <string.h>

/* Row by row: 0 1
 *             2 3 */
typedef double block __attribute__((vector_size(4 * sizeof(double)), aligned(8), may_alias));

/* Of a pivot's terms, what is left has to be more than round-off. */
static const double LEAST_LEFT = 1e-13;

struct sv_blu {
    sv_arena *arena;
    elimination order;         /* places, and the pattern of L by columns and rows */
    int32_t n, failed;         /* node whose pivot was singular in the last update, -1 = none */
    int32_t *start, *place_of; /* [n+1], [start[n]] the pattern as given, columns by their places */
    double *lower, *upper;     /* [4 * entries of L]: of the block (row[p], j), and of the block (j, row[p]) */
    double *inverse;           /* [4 * n] of the pivots */
    double *work;              /* [4 * n] zero between calls */
    double *x;                 /* [2 * n] */
    uint8_t *reached;          /* [n] zero between calls */
};

static sv_status take_memory(sv_blu *self, const int32_t *start, const int32_t *column)
{
    sv_arena *arena = self->arena;
    size_t n = (size_t)self->n, n_entry = (size_t)self->order.start[self->n];
    self->start = SV_TAKE(arena, n + 1, int32_t);
    self->place_of = SV_TAKE(arena, start[n], int32_t);
    self->lower = SV_TAKE(arena, 4 * n_entry, double);
    self->upper = SV_TAKE(arena, 4 * n_entry, double);
    self->inverse = SV_TAKE(arena, 4 * n, double);
    self->work = SV_TAKE(arena, 4 * n, double);
    self->x = SV_TAKE(arena, 2 * n, double);
    self->reached = SV_TAKE(arena, n, uint8_t);
    if (sv_arena_failed(arena))
        return SV_ENOMEM;
    memcpy(self->start, start, sizeof(int32_t) * (n + 1));
    for (int32_t k = 0; k < start[n]; k++)
        self->place_of[k] = self->order.place[column[k]];
    return SV_OK;
}

sv_status sv_blu_new(sv_blu **blu, int32_t n, const int32_t *start, const int32_t *column, sv_error *err)
{
    *blu = NULL;
    sv_arena *arena = sv_arena_new();
    sv_blu *self = arena != NULL ? SV_TAKE(arena, 1, sv_blu) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a matrix of %d blocks", (int)n);
    }
    *self = (sv_blu){.arena = arena, .n = n, .failed = -1};
    sv_status status = elimination_find(&self->order, n, start, column, arena);
    if (status == SV_OK)
        status = take_memory(self, start, column);
    if (status != SV_OK) {
        sv_blu_free(&self);
        return sv_error_set(err, status, NULL, 0, "out of memory for a matrix of %d blocks", (int)n);
    }
    *blu = self;
    return SV_OK;
}

void sv_blu_free(sv_blu **blu)
{
    if (blu == NULL || *blu == NULL)
        return;
    sv_arena_free((*blu)->arena);
    *blu = NULL;
}

/* Macros, since a vector handed to or from a function would need one width of registers. Of a product of blocks: the columns
 * of the left one twice over, and the rows of the right one. */
#define AT(array, i) (*(block *)(uintptr_t)((array) + 4 * (i)))
#define COLUMN_0(a) __builtin_shufflevector(a, a, 0, 0, 2, 2)
#define COLUMN_1(a) __builtin_shufflevector(a, a, 1, 1, 3, 3)
#define ROW_0(b) __builtin_shufflevector(b, b, 0, 1, 0, 1)
#define ROW_1(b) __builtin_shufflevector(b, b, 2, 3, 2, 3)

/* Row by row: what the rows before it account for is taken off, with L of the row on the way; its pivot is inverted.
 * @return the first node whose pivot has nothing but round-off left, -1 = none */
SV_WIDE static int32_t factor(const sv_blu *self, const double *restrict value)
{
    const elimination order = self->order; /* a copy, which no store can change */
    const int32_t *restrict row = order.row, *restrict start = order.start, *restrict place_of = self->place_of;
    const int32_t *restrict given_start = self->start;
    double *restrict work = self->work, *restrict upper = self->upper, *restrict lower = self->lower;
    double *restrict inverse = self->inverse;
    int32_t failed = -1;
    for (int32_t i = 0; i < order.n; i++) {
        int32_t given = order.unknown[i];
        for (int32_t k = given_start[given]; k < given_start[given + 1]; k++)
            AT(work, place_of[k]) = AT(value, k);
        for (int32_t q = order.back_start[i]; q < order.back_start[i + 1]; q++) {
            int32_t k = order.back_col[q];
            block at_k = AT(work, k), pivot = AT(inverse, k);
            block share = COLUMN_0(at_k) * ROW_0(pivot) + COLUMN_1(at_k) * ROW_1(pivot);
            block left = COLUMN_0(share), right = COLUMN_1(share);
            AT(lower, order.back_at[q]) = share;
            AT(work, k) = (block){0.0};
            for (int32_t u = start[k]; u < start[k + 1]; u++) {
                block b = AT(upper, u);
                AT(work, row[u]) -= left * ROW_0(b) + right * ROW_1(b);
            }
        }
        block w = AT(work, i);
        double plus = w[0] * w[3], minus = w[1] * w[2], determinant = plus - minus, over = 1.0 / determinant;
        bool sound = fabs(determinant) > LEAST_LEFT * (fabs(plus) + fabs(minus)) && fabs(over) <= 1e300;
        AT(inverse, i) = (block){w[3], -w[1], -w[2], w[0]} * over;
        AT(work, i) = (block){0.0};
        failed = sound || failed >= 0 ? failed : given;
        for (int32_t p = start[i]; p < start[i + 1]; p++) {
            AT(upper, p) = AT(work, row[p]);
            AT(work, row[p]) = (block){0.0};
        }
    }
    return failed;
}

sv_status sv_blu_update(sv_blu *blu, const double *value)
{
    blu->failed = factor(blu, value);
    return blu->failed < 0 ? SV_OK : SV_ENUM;
}

int32_t sv_blu_failed(const sv_blu *blu)
{
    return blu->failed;
}

void sv_blu_solve(sv_blu *blu, double *b)
{
    const elimination *order = &blu->order;
    const int32_t *restrict row = order->row, *restrict start = order->start;
    const double *restrict l = blu->lower, *restrict u = blu->upper, *restrict inverse = blu->inverse;
    double *restrict x = blu->x;
    for (int32_t i = 0; i < blu->n; i++) {
        x[2 * i] = b[2 * order->unknown[i]];
        x[2 * i + 1] = b[2 * order->unknown[i] + 1];
    }
    for (int32_t k = 0; k < blu->n; k++) {
        double first = x[2 * k], second = x[2 * k + 1];
        for (int32_t p = start[k]; p < start[k + 1]; p++) {
            double *at = x + 2 * row[p];
            at[0] -= l[4 * p] * first + l[4 * p + 1] * second;
            at[1] -= l[4 * p + 2] * first + l[4 * p + 3] * second;
        }
    }
    for (int32_t k = blu->n - 1; k >= 0; k--) {
        double first = x[2 * k], second = x[2 * k + 1];
        for (int32_t p = start[k]; p < start[k + 1]; p++) {
            const double *at = x + 2 * row[p];
            first -= u[4 * p] * at[0] + u[4 * p + 1] * at[1];
            second -= u[4 * p + 2] * at[0] + u[4 * p + 3] * at[1];
        }
        x[2 * k] = inverse[4 * k] * first + inverse[4 * k + 1] * second;
        x[2 * k + 1] = inverse[4 * k + 2] * first + inverse[4 * k + 3] * second;
    }
    for (int32_t i = 0; i < blu->n; i++) {
        b[2 * order->unknown[i]] = x[2 * i];
        b[2 * order->unknown[i] + 1] = x[2 * i + 1];
    }
}

/* ---- lanes --------------------------------------------------------------------------------- */

typedef double lanes __attribute__((vector_size(sizeof(double) * SV_BLU_LANES)));

/* Columns that are reached only, of all with NULL. */
SV_WIDE static void go_down_lanes(const sv_blu *blu, lanes *restrict x, const uint8_t *reached)
{
    const int32_t *restrict row = blu->order.row, *restrict start = blu->order.start;
    const double *restrict l = blu->lower;
    for (int32_t k = 0; k < blu->n; k++) {
        if (reached != NULL && reached[k] == 0)
            continue;
        lanes first = x[2 * k], second = x[2 * k + 1];
        for (int32_t p = start[k]; p < start[k + 1]; p++) {
            lanes *at = x + 2 * row[p];
            at[0] -= l[4 * p] * first + l[4 * p + 1] * second;
            at[1] -= l[4 * p + 2] * first + l[4 * p + 3] * second;
        }
    }
}

SV_WIDE static void go_up_lanes(const sv_blu *blu, lanes *restrict x)
{
    const int32_t *restrict row = blu->order.row, *restrict start = blu->order.start;
    const double *restrict u = blu->upper, *restrict inverse = blu->inverse;
    for (int32_t k = blu->n - 1; k >= 0; k--) {
        lanes first = x[2 * k], second = x[2 * k + 1];
        for (int32_t p = start[k]; p < start[k + 1]; p++) {
            const lanes *at = x + 2 * row[p];
            first -= u[4 * p] * at[0] + u[4 * p + 1] * at[1];
            second -= u[4 * p + 2] * at[0] + u[4 * p + 3] * at[1];
        }
        x[2 * k] = inverse[4 * k] * first + inverse[4 * k + 1] * second;
        x[2 * k + 1] = inverse[4 * k + 2] * first + inverse[4 * k + 3] * second;
    }
}

void sv_blu_solve_lanes(const sv_blu *blu, double *x)
{
    go_down_lanes(blu, (lanes *)x, NULL);
    go_up_lanes(blu, (lanes *)x);
}

void sv_blu_solve_lanes_few(sv_blu *blu, double *x, int32_t n, const int32_t *place)
{
    const int32_t *start = blu->order.start, *row = blu->order.row;
    for (int32_t c = 0; c < n; c++) /* up the elimination tree: the first row of a column is its parent */
        for (int32_t k = place[c]; blu->reached[k] == 0;) {
            blu->reached[k] = 1;
            k = start[k] < start[k + 1] ? row[start[k]] : k;
        }
    go_down_lanes(blu, (lanes *)x, blu->reached);
    go_up_lanes(blu, (lanes *)x);
    memset(blu->reached, 0, (size_t)blu->n);
}

const int32_t *sv_blu_place(const sv_blu *blu)
{
    return blu->order.place;
}

const int32_t *sv_blu_node(const sv_blu *blu)
{
    return blu->order.unknown;
}
