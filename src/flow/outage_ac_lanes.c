/* Kernels of the AC contingencies: one network, LANES sets of voltages, lane inner. Admittances and schedule are the base
 * case's; what an outage changes is mended afterwards, bus by bus. */
#include "outage_ac.h"

#include <math.h>
#include <string.h>

static const double MOST_STEP = 0.5; /* rad, and share of a voltage */

typedef double lanes __attribute__((vector_size(sizeof(double) * SV_BLU_LANES)));
typedef int64_t lane_bits __attribute__((vector_size(sizeof(double) * SV_BLU_LANES)));

void lanes_start(sv_ac_screen *self)
{
    for (int32_t k = 0; k < self->grid->n_bus; k++)
        for (int32_t l = 0; l < LANES; l++) {
            self->re[k * LANES + l] = self->base->re[self->at[k]];
            self->im[k * LANES + l] = self->base->im[self->at[k]];
        }
}

void lanes_restart(sv_ac_screen *self, int32_t l)
{
    for (int32_t k = 0; k < self->grid->n_bus; k++) {
        self->re[k * LANES + l] = self->base->re[self->at[k]];
        self->im[k * LANES + l] = self->base->im[self->at[k]];
    }
}

/* ---- mismatches ---------------------------------------------------------------------------- */

/* Sizes compare as whole numbers of their bits do, and what is no number is larger than all. */
#define NOTE_LARGEST(most, value)                                                                                      \
    do {                                                                                                               \
        lane_bits size = (lane_bits)(value)&INT64_MAX, more = size > (most);                                           \
        (most) = (size & more) | ((most) & ~more);                                                                     \
    } while (0)

SV_WIDE static void mismatch(const sv_ac_screen *self, const lanes *restrict going, double *restrict largest)
{
    const sv_ac *base = self->base;
    const int32_t *restrict start = base->start, *restrict column = self->column, *restrict bus = self->at;
    const double *restrict g = base->g, *restrict b = base->b;
    const double *restrict p_set = base->p_set, *restrict q_set = base->q_set;
    const uint8_t *restrict role = base->role, *restrict touched = self->touched;
    const lanes *restrict re = (const lanes *)self->re, *restrict im = (const lanes *)self->im;
    lanes *restrict f = (lanes *)self->f, on = *going;
    lane_bits most = {0};
    int32_t n = self->grid->n_bus;
    for (int32_t k = 0; k < n; k++) {
        int32_t i = bus[k];
        lanes none = {0.0}, current_re = none, current_im = none, p = none, q = none;
        if (role[i] == ROLE_PQ || role[i] == ROLE_PV) {
            for (int32_t e = start[i]; e < start[i + 1]; e++) {
                int32_t j = column[e];
                current_re += g[e] * re[j] - b[e] * im[j];
                current_im += g[e] * im[j] + b[e] * re[j];
            }
            p = on * (p_set[i] - (re[k] * current_re + im[k] * current_im));
            if (role[i] == ROLE_PQ)
                q = on * (q_set[i] - (im[k] * current_re - re[k] * current_im));
        }
        f[2 * k] = p;
        f[2 * k + 1] = q;
        if (touched[i] == 0) {
            NOTE_LARGEST(most, p);
            NOTE_LARGEST(most, q);
        }
    }
    memcpy(largest, &most, sizeof most);
}

/* Lanes that are on their way: 1, the others 0. */
static void list_going(const sv_ac_screen *self, double *going)
{
    for (int32_t l = 0; l < LANES; l++)
        going[l] = self->lane[l].active ? 1.0 : 0.0;
}

void lanes_mismatch(sv_ac_screen *self, double *largest)
{
    _Alignas(64) double going[LANES];
    list_going(self, going);
    mismatch(self, (const lanes *)going, largest);
}

/* ---- steps --------------------------------------------------------------------------------- */

/* V (1 + dv) e^{i da}. Up to half a radian, so many terms of the series are exact to the last digit; larger angles are not
 * what the base case's factor can be trusted with. */
SV_WIDE static void move(const sv_ac_screen *self, int32_t n_row, const lanes *restrict by, const lanes *restrict going,
                         double *restrict largest)
{
    const lanes *restrict f = (const lanes *)self->f;
    lanes *restrict re = (lanes *)self->re, *restrict im = (lanes *)self->im, on = *going;
    double *const *z = self->z;
    lane_bits most = {0};
    int32_t n = self->grid->n_bus;
    for (int32_t k = 0; k < n; k++) {
        lanes a = f[2 * k], grow = f[2 * k + 1];
        for (int32_t r = 0; r < n_row; r++) {
            const lanes *column = (const lanes *)z[r];
            a -= column[2 * k] * by[r];
            grow -= column[2 * k + 1] * by[r];
        }
        a *= on;
        grow *= on;
        NOTE_LARGEST(most, a);
        NOTE_LARGEST(most, grow);
        grow += 1.0;
        lanes s = a * a, cosine = 1.0 - s * (1.0 / 132.0), sine = 1.0 - s * (1.0 / 156.0);
        cosine = 1.0 - s * (1.0 / 90.0) * cosine;
        sine = 1.0 - s * (1.0 / 110.0) * sine;
        cosine = 1.0 - s * (1.0 / 56.0) * cosine;
        sine = 1.0 - s * (1.0 / 72.0) * sine;
        cosine = 1.0 - s * (1.0 / 30.0) * cosine;
        sine = 1.0 - s * (1.0 / 42.0) * sine;
        cosine = 1.0 - s * (1.0 / 12.0) * cosine;
        sine = 1.0 - s * (1.0 / 20.0) * sine;
        cosine = 1.0 - s * (1.0 / 2.0) * cosine;
        sine = a * (1.0 - s * (1.0 / 6.0) * sine);
        lanes x = re[k], y = im[k];
        re[k] = grow * (x * cosine - y * sine);
        im[k] = grow * (x * sine + y * cosine);
    }
    memcpy(largest, &most, sizeof most);
}

uint32_t lanes_move(sv_ac_screen *self, int32_t n, const double *by)
{
    _Alignas(64) double going[LANES];
    double largest[LANES];
    uint32_t wild = 0;
    list_going(self, going);
    move(self, n, (const lanes *)by, (const lanes *)going, largest);
    for (int32_t l = 0; l < LANES; l++)
        wild |= largest[l] <= MOST_STEP ? 0u : 1u << l;
    return wild;
}

/* ---- what the voltages say ----------------------------------------------------------------- */

SV_WIDE static void read_voltages(const sv_ac_screen *self, lanes_found *restrict found)
{
    const lanes *restrict re = (const lanes *)self->re, *restrict im = (const lanes *)self->im;
    const double *restrict low_limit = self->low_squared, *restrict high_limit = self->high_squared;
    const uint8_t *restrict dark = self->dark;
    const int32_t *restrict place = self->place;
    lanes_found own = *found;
    int32_t n = self->grid->n_bus;
    for (int32_t i = 0; i < n; i++) { /* not by place, so that of two alike the first bus is named */
        if (dark[i] != 0)
            continue;
        int32_t k = place[i];
        lanes v = re[k] * re[k] + im[k] * im[k];
        double low = low_limit[i], high = high_limit[i], name = i;
        for (int32_t l = 0; l < LANES; l++) {
            own.n_low[l] += v[l] < low ? 1.0 : 0.0;
            own.n_high[l] += v[l] > high ? 1.0 : 0.0;
            own.i_low[l] = v[l] < own.low_squared[l] ? name : own.i_low[l];
            own.low_squared[l] = v[l] < own.low_squared[l] ? v[l] : own.low_squared[l];
            own.i_high[l] = v[l] > own.high_squared[l] ? name : own.i_high[l];
            own.high_squared[l] = v[l] > own.high_squared[l] ? v[l] : own.high_squared[l];
        }
    }
    *found = own;
}

/* The larger of both ends' apparent power, squared, over the rating squared, for every branch that has one. */
SV_WIDE static void read_loading(const sv_ac_screen *self, double full, lanes_found *restrict found)
{
    const lanes *restrict re = (const lanes *)self->re, *restrict im = (const lanes *)self->im;
    const sv_branch *row = self->grid->branch;
    lanes_found own = *found;
    int32_t n = self->grid->n_branch;
    for (int32_t k = 0; k < n; k++) {
        double scale = self->per_rate_squared[k], name = k;
        if (scale == 0.0)
            continue;
        const branch_admittance *y = &self->base->branch[k];
        int32_t i = self->place[row[k].i_from], j = self->place[row[k].i_to];
        lanes a = re[i], b = im[i], c = re[j], d = im[j];
        lanes i_re = y->from_from[0] * a - y->from_from[1] * b + y->from_to[0] * c - y->from_to[1] * d;
        lanes i_im = y->from_from[0] * b + y->from_from[1] * a + y->from_to[0] * d + y->from_to[1] * c;
        lanes j_re = y->to_to[0] * c - y->to_to[1] * d + y->to_from[0] * a - y->to_from[1] * b;
        lanes j_im = y->to_to[0] * d + y->to_to[1] * c + y->to_from[0] * b + y->to_from[1] * a;
        lanes from = (a * a + b * b) * (i_re * i_re + i_im * i_im) * scale;
        lanes to = (c * c + d * d) * (j_re * j_re + j_im * j_im) * scale;
        for (int32_t l = 0; self->out[k] != 0 && l < LANES; l++)
            if ((self->out[k] >> l & 1) != 0)
                from[l] = to[l] = (double)NAN;
        for (int32_t l = 0; l < LANES; l++) {
            double load = from[l] > to[l] ? from[l] : to[l];
            own.n_overload[l] += load > full ? 1.0 : 0.0;
            own.i_branch[l] = load > own.most_squared[l] ? name : own.i_branch[l];
            own.most_squared[l] = load > own.most_squared[l] ? load : own.most_squared[l];
        }
    }
    *found = own;
}

void lanes_read(sv_ac_screen *self, double full_squared)
{
    lanes_found *found = &self->found;
    memset(found, 0, sizeof *found);
    for (int32_t l = 0; l < LANES; l++) {
        found->low_squared[l] = (double)INFINITY;
        found->high_squared[l] = found->most_squared[l] = found->i_low[l] = found->i_high[l] = found->i_branch[l] =
            -1.0;
    }
    read_voltages(self, found);
    read_loading(self, full_squared, found);
}
