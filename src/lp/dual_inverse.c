/* The basis inverse of sv_dual, dense: rows are few, and its rows' lengths are the steepest-edge weights. */
#include "dual.h"

#include <math.h>
#include <string.h>

enum { MOST_DENSE = 16 }; /* rows of a product that are summed here even when the caller knows a faster way */

/* Eight partial sums in a fixed order: the compiler may use wide registers, and every machine gets the same bits. */
double dual_dot(const double *restrict a, const double *restrict b, int32_t n)
{
    double sum[8] = {0.0};
    int32_t k = 0;
    for (; k + 8 <= n; k += 8)
        for (int32_t lane = 0; lane < 8; lane++)
            sum[lane] += a[k + lane] * b[k + lane];
    for (int32_t lane = 0; k < n; k++, lane++)
        sum[lane] += a[k] * b[k];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

/* a -= factor * b */
void dual_take_off(double *restrict a, const double *restrict b, double factor, int32_t n)
{
    for (int32_t k = 0; k < n; k++)
        a[k] -= factor * b[k];
}

/* out [n] = rho' A */
void dual_row_product(sv_dual *self, const double *rho, double *out)
{
    int32_t n_used = 0;
    for (int32_t i = 0; i < self->m; i++)
        n_used += rho[i] != 0.0;
    if (self->product != NULL && n_used > MOST_DENSE) {
        self->product(self->context, rho, out);
        return;
    }
    memset(out, 0, sizeof(double) * (size_t)self->n);
    for (int32_t i = 0; i < self->m; i++) {
        if (rho[i] == 0.0)
            continue;
        dual_take_off(out, self->a + (size_t)i * (size_t)self->n, -rho[i], self->n);
    }
}

/* out [m] = inverse * v */
void dual_multiply_inverse(const sv_dual *self, const double *v, double *out)
{
    for (int32_t p = 0; p < self->m; p++)
        out[p] = dual_dot(self->inverse + (size_t)p * (size_t)self->max_row, v, self->m);
}

/* Gauss-Jordan with row pivoting on a k x k block (stride max_row) in place; `order` notes the swaps. @return false: singular */
static bool invert_block(double *s, int32_t k, size_t stride, int32_t *order)
{
    for (int32_t c = 0; c < k; c++) {
        int32_t best = c;
        for (int32_t r = c + 1; r < k; r++)
            if (fabs(s[(size_t)r * stride + (size_t)c]) > fabs(s[(size_t)best * stride + (size_t)c]))
                best = r;
        order[c] = best;
        double *top = s + (size_t)c * stride, *other = s + (size_t)best * stride;
        if (fabs(other[c]) < 1e-11)
            return false;
        for (int32_t j = 0; best != c && j < k; j++) {
            double swap = top[j];
            top[j] = other[j];
            other[j] = swap;
        }
        double pivot = 1.0 / top[c];
        top[c] = 1.0;
        for (int32_t j = 0; j < k; j++)
            top[j] *= pivot;
        for (int32_t r = 0; r < k; r++) {
            double *row = s + (size_t)r * stride, factor = row[c];
            if (r == c || factor == 0.0)
                continue;
            row[c] = 0.0;
            dual_take_off(row, top, factor, k);
        }
    }
    for (int32_t c = k - 1; c >= 0; c--) /* row swaps of the matrix are column swaps of its inverse */
        for (int32_t r = 0; order[c] != c && r < k; r++) {
            double *row = s + (size_t)r * stride, swap = row[c];
            row[c] = row[order[c]];
            row[order[c]] = swap;
        }
    return true;
}

/* The rows whose logical left the basis, in order, and the basic columns, in the order of their positions: as many. */
static int32_t list_block(sv_dual *self, int32_t *position_of)
{
    int32_t k = 0, rows = 0;
    for (int32_t p = 0; p < self->m; p++)
        if (self->basic[p] < self->n)
            position_of[k++] = p;
    for (int32_t i = 0; i < self->m; i++)
        if (self->where[self->n + i] != BASIC)
            self->row_of[rows++] = i;
    return k;
}

/* The new row of the inverse is [-(a of the basic columns) * inverse, 1]. */
void dual_append_to_inverse(sv_dual *self, int32_t i_row)
{
    size_t stride = (size_t)self->max_row;
    const double *row = self->a + (size_t)i_row * (size_t)self->n;
    double *fresh = self->inverse + (size_t)i_row * stride;
    memset(fresh, 0, sizeof(double) * (size_t)i_row);
    for (int32_t p = 0; p < i_row; p++) {
        double *old = self->inverse + (size_t)p * stride;
        old[i_row] = 0.0;
        double factor = self->basic[p] < self->n ? row[self->basic[p]] : 0.0;
        if (factor != 0.0)
            dual_take_off(fresh, old, factor, i_row);
    }
    fresh[i_row] = 1.0;
    self->weight[i_row] = dual_dot(fresh, fresh, i_row + 1);
}

void dual_update_inverse(sv_dual *self, int32_t r)
{
    size_t stride = (size_t)self->max_row;
    double *top = self->inverse + (size_t)r * stride, pivot = 1.0 / self->column[r];
    for (int32_t k = 0; k < self->m; k++)
        top[k] *= pivot;
    self->weight[r] = dual_dot(top, top, self->m);
    for (int32_t p = 0; p < self->m; p++) {
        double factor = self->column[p];
        if (p == r || factor == 0.0)
            continue;
        double *row = self->inverse + (size_t)p * stride;
        dual_take_off(row, top, factor, self->m);
        self->weight[p] = dual_dot(row, row, self->m);
    }
    self->n_since_inversion++;
}

/* With the basic logicals aside, only the block of basic columns on the rows without basic logical has to be inverted. */
bool dual_invert(sv_dual *self)
{
    size_t stride = (size_t)self->max_row, n = (size_t)self->n;
    int32_t *position_of = self->spare;
    int32_t k = list_block(self, position_of);
    for (int32_t r = 0; r < k; r++)
        for (int32_t c = 0; c < k; c++)
            self->square[(size_t)r * stride + (size_t)c] =
                self->a[(size_t)self->row_of[r] * n + (size_t)self->basic[position_of[c]]];
    int32_t *order = (int32_t *)(void *)self->work; /* as large as m doubles */
    if (!invert_block(self->square, k, stride, order))
        return false;
    for (int32_t p = 0; p < self->m; p++) {
        double *row = self->inverse + (size_t)p * stride;
        memset(row, 0, sizeof(double) * (size_t)self->m);
        if (self->basic[p] < self->n)
            continue;
        int32_t i = self->basic[p] - self->n;
        row[i] = 1.0;
        for (int32_t c = 0; c < k; c++) {
            double factor = self->a[(size_t)i * n + (size_t)self->basic[position_of[c]]];
            for (int32_t r = 0; factor != 0.0 && r < k; r++)
                row[self->row_of[r]] -= factor * self->square[(size_t)c * stride + (size_t)r];
        }
    }
    for (int32_t c = 0; c < k; c++) {
        double *row = self->inverse + (size_t)position_of[c] * stride;
        for (int32_t r = 0; r < k; r++)
            row[self->row_of[r]] = self->square[(size_t)c * stride + (size_t)r];
    }
    for (int32_t p = 0; p < self->m; p++) {
        const double *row = self->inverse + (size_t)p * stride;
        self->weight[p] = dual_dot(row, row, self->m);
    }
    self->n_since_inversion = 0;
    return true;
}
