/* The basis inverse of sv_dual. Rows are few and only the tight ones matter: of the inverse, dense columns of tight rows are
 * kept, all others are those of the identity. Lengths of its rows are the steepest-edge weights. */
#include "dual.h"

#include <math.h>
#include <string.h>

/* Eight partial sums in a fixed order: the compiler may use wide registers, and every machine gets the same bits. */
SV_WIDE double dual_dot(const double *restrict a, const double *restrict b, int32_t n)
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

SV_WIDE void dual_take_off(double *restrict a, const double *restrict b, double factor, int32_t n)
{
    for (int32_t k = 0; k < n; k++)
        a[k] -= factor * b[k];
}

static double *row_at(const sv_dual *self, int32_t p)
{
    return self->inverse + (size_t)p * self->stride;
}

/* ---- products ------------------------------------------------------------------------------ */

void dual_row_of_inverse(const sv_dual *self, int32_t r, double *rho)
{
    const double *row = row_at(self, r);
    memset(rho, 0, sizeof(double) * (size_t)self->m);
    for (int32_t s = 0; s < self->n_slot; s++)
        rho[self->slot_row[s]] = row[s];
    if (self->basic[r] >= self->n)
        rho[self->basic[r] - self->n] = 1.0;
}

void dual_multiply_inverse(sv_dual *self, const double *v, double *out)
{
    double *gathered = self->rho;
    for (int32_t s = 0; s < self->n_slot; s++)
        gathered[s] = v[self->slot_row[s]];
    for (int32_t p = 0; p < self->m; p++) {
        double own = self->basic[p] >= self->n ? v[self->basic[p] - self->n] : 0.0;
        out[p] = own + dual_dot(row_at(self, p), gathered, self->n_slot);
    }
}

bool dual_rows_are_few(const sv_dual *self)
{
    return self->product == NULL || (double)(self->n_slot + 1) * self->n <= self->plain_work;
}

void dual_add_up_rows(sv_dual *self)
{
    for (int32_t i = 0; i < self->m; i++)
        self->work[i] = dual_dot(dual_row_of(self, i), self->x, self->n);
}

/* out = y[0] row[0] + ... + y[3] row[3], or so much more */
SV_WIDE static void add_four(double *restrict out, const double *const *row, const double *y, bool more, int32_t n)
{
    const double *restrict a = row[0], *restrict b = row[1], *restrict c = row[2], *restrict d = row[3];
    double own[4] = {y[0], y[1], y[2], y[3]};
    for (int32_t j = 0; j < n; j++) {
        double sum = (own[0] * a[j] + own[1] * b[j]) + (own[2] * c[j] + own[3] * d[j]);
        out[j] = more ? out[j] + sum : sum;
    }
}

static void combine_rows(const sv_dual *self, const double *y, double *out)
{
    const double *row[4] = {NULL};
    double factor[4];
    bool more = false;
    int32_t n_listed = 0;
    for (int32_t i = 0; i <= self->m; i++) {
        if (i < self->m && y[i] == 0.0)
            continue;
        if (i < self->m) {
            row[n_listed] = dual_row_of(self, i);
            factor[n_listed++] = y[i];
        }
        if (n_listed < 4 && (i < self->m || n_listed == 0))
            continue;
        for (; n_listed < 4; n_listed++) { /* filled up with nothing */
            row[n_listed] = row[0];
            factor[n_listed] = 0.0;
        }
        add_four(out, row, factor, more, self->n);
        more = true;
        n_listed = 0;
    }
    if (!more)
        memset(out, 0, sizeof(double) * (size_t)self->n);
}

void dual_row_products(sv_dual *self, int32_t k, const double *y, double *out)
{
    if (!dual_rows_are_few(self)) {
        self->product(self->context, k, y, self->stride, out, self->n_all);
        return;
    }
    for (int32_t b = 0; b < k; b++)
        combine_rows(self, y + (size_t)b * self->stride, out + (size_t)b * self->n_all);
}

void dual_load_column(sv_dual *self, int32_t v)
{
    if (v < self->n) {
        dual_multiply_inverse(self, dual_column_of(self, v), self->column);
        return;
    }
    memset(self->work, 0, sizeof(double) * (size_t)self->m);
    self->work[v - self->n] = 1.0;
    dual_multiply_inverse(self, self->work, self->column);
}

/* ---- changes ------------------------------------------------------------------------------- */

static void set_weight(sv_dual *self, int32_t p)
{
    const double *row = row_at(self, p);
    self->weight[p] = dual_dot(row, row, self->n_slot) + (self->basic[p] >= self->n ? 1.0 : 0.0);
}

/* The row of the inverse is -(a of the basic columns) * inverse, and a one of its own. */
void dual_append_to_inverse(sv_dual *self, int32_t i_row)
{
    double *fresh = row_at(self, i_row);
    memset(fresh, 0, sizeof(double) * (size_t)self->n_slot);
    for (int32_t p = 0; p < i_row; p++) {
        double factor = self->basic[p] < self->n ? dual_column_of(self, self->basic[p])[i_row] : 0.0;
        if (factor != 0.0)
            dual_take_off(fresh, row_at(self, p), factor, self->n_slot);
    }
    self->basic[i_row] = self->n + i_row;
    self->row_slot[i_row] = -1;
    set_weight(self, i_row);
}

/* The row becomes tight: its column of the inverse, that of the identity until now, gets a slot. */
static void open_slot(sv_dual *self, int32_t i_row, int32_t r)
{
    int32_t s = self->n_slot++;
    for (int32_t p = 0; p < self->m; p++)
        row_at(self, p)[s] = p == r ? 1.0 : 0.0;
    self->slot_row[s] = i_row;
    self->row_slot[i_row] = s;
}

static void close_slot(sv_dual *self, int32_t i_row)
{
    int32_t s = self->row_slot[i_row], last = --self->n_slot;
    for (int32_t p = 0; p < self->m; p++)
        row_at(self, p)[s] = row_at(self, p)[last];
    self->slot_row[s] = self->slot_row[last];
    self->row_slot[self->slot_row[s]] = s;
    self->row_slot[i_row] = -1;
}

void dual_enter(sv_dual *self, int32_t r, int32_t entering)
{
    int32_t leaving = self->basic[r];
    if (leaving >= self->n)
        open_slot(self, leaving - self->n, r);
    double *top = row_at(self, r), scale = 1.0 / self->column[r];
    for (int32_t s = 0; s < self->n_slot; s++)
        top[s] *= scale;
    for (int32_t p = 0; p < self->m; p++)
        if (p != r && self->column[p] != 0.0)
            dual_take_off(row_at(self, p), top, self->column[p], self->n_slot);
    self->basic[r] = entering;
    if (entering >= self->n)
        close_slot(self, entering - self->n);
    for (int32_t p = 0; p < self->m; p++)
        if (p == r || self->column[p] != 0.0)
            set_weight(self, p);
    self->n_since_inversion++;
}

/* A row whose logical is basic touches nobody: its position goes, and the last row and position fill the gaps. */
void dual_remove_row(sv_dual *self, int32_t i_row)
{
    int32_t last = self->m - 1, from = self->n + last, to = self->n + i_row, p = 0;
    while (self->basic[p] != to)
        p++;
    self->basic[p] = self->basic[last];
    memcpy(row_at(self, p), row_at(self, last), sizeof(double) * (size_t)self->n_slot);
    self->weight[p] = self->weight[last];
    self->m = last;
    if (i_row == last)
        return;
    for (int32_t j = 0; j < self->n; j++)
        dual_column_of(self, j)[i_row] = dual_column_of(self, j)[last];
    memcpy(dual_row_of(self, i_row), dual_row_of(self, last), sizeof(double) * (size_t)self->n);
    for (int32_t q = 0; q < self->m; q++)
        if (self->basic[q] == from)
            self->basic[q] = to;
    self->row_slot[i_row] = self->row_slot[last];
    if (self->row_slot[i_row] >= 0)
        self->slot_row[self->row_slot[i_row]] = i_row;
    self->lower[to] = self->lower[from];
    self->upper[to] = self->upper[from];
    self->x[to] = self->x[from];
    self->cost[to] = self->cost[from];
    self->d[to] = self->d[from];
    self->side[to] = self->side[from];
    self->where[to] = self->where[from];
    self->y[i_row] = self->y[last];
    self->row_lower[i_row] = self->row_lower[last];
    self->row_upper[i_row] = self->row_upper[last];
}

/* ---- anew ---------------------------------------------------------------------------------- */

/* Gauss-Jordan with row pivoting on a k x k block in place; `order` notes the swaps. @return false: singular */
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

/* Only the block of basic columns on tight rows has to be inverted: there are as many of the one as of the other. */
bool dual_invert(sv_dual *self)
{
    int32_t *position_of = self->spare, k = 0;
    for (int32_t p = 0; p < self->m; p++)
        if (self->basic[p] < self->n)
            position_of[k++] = p;
    for (int32_t r = 0; r < k; r++)
        for (int32_t c = 0; c < k; c++)
            self->square[(size_t)r * self->stride + (size_t)c] =
                dual_column_of(self, self->basic[position_of[c]])[self->slot_row[r]];
    if (!invert_block(self->square, k, self->stride, self->order))
        return false;
    for (int32_t p = 0; p < self->m; p++) {
        if (self->basic[p] < self->n)
            continue;
        double *row = row_at(self, p);
        int32_t i = self->basic[p] - self->n;
        memset(row, 0, sizeof(double) * (size_t)k);
        for (int32_t c = 0; c < k; c++) {
            double factor = dual_column_of(self, self->basic[position_of[c]])[i];
            if (factor != 0.0)
                dual_take_off(row, self->square + (size_t)c * self->stride, factor, k);
        }
    }
    for (int32_t c = 0; c < k; c++)
        memcpy(row_at(self, position_of[c]), self->square + (size_t)c * self->stride, sizeof(double) * (size_t)k);
    for (int32_t p = 0; p < self->m; p++)
        set_weight(self, p);
    self->n_since_inversion = 0;
    return true;
}
