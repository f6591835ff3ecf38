/* Kernels of the AC contingencies: one network, LANES sets of voltages, lane inner. Admittances and schedule are the base
 * case's; what an outage changes is mended afterwards, bus by bus. */
#include "outage_ac.h"

#include <math.h>
#include <string.h>

static const double MOST_STEP = 0.5; /* rad, and share of a voltage */

typedef double lanes __attribute__((vector_size(sizeof(double) * SV_BLU_LANES)));

void lanes_start(sv_ac_screen *self)
{
    for (int32_t l = 0; l < LANES; l++)
        lanes_restart(self, l);
}

void lanes_restart(sv_ac_screen *self, int32_t l)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        self->re[i * LANES + l] = self->base->re[i];
        self->im[i * LANES + l] = self->base->im[i];
    }
}

SV_WIDE static void mismatch(int32_t n, const int32_t *restrict start, const int32_t *restrict column,
                             const double *restrict g, const double *restrict b, const uint8_t *restrict role,
                             const double *restrict p_set, const double *restrict q_set, const lanes *restrict re,
                             const lanes *restrict im, const lanes *restrict going, lanes *restrict f)
{
    lanes on = *going;
    for (int32_t i = 0; i < n; i++) {
        lanes none = {0.0}, current_re = none, current_im = none;
        f[2 * i] = f[2 * i + 1] = none;
        if (role[i] != ROLE_PQ && role[i] != ROLE_PV)
            continue;
        for (int32_t k = start[i]; k < start[i + 1]; k++) {
            int32_t j = column[k];
            current_re += g[k] * re[j] - b[k] * im[j];
            current_im += g[k] * im[j] + b[k] * re[j];
        }
        f[2 * i] = on * (p_set[i] - (re[i] * current_re + im[i] * current_im));
        if (role[i] == ROLE_PQ)
            f[2 * i + 1] = on * (q_set[i] - (im[i] * current_re - re[i] * current_im));
    }
}

void lanes_mismatch(sv_ac_screen *self)
{
    const sv_ac *base = self->base;
    _Alignas(64) double going[LANES];
    for (int32_t l = 0; l < LANES; l++)
        going[l] = self->lane[l].active ? 1.0 : 0.0;
    mismatch(self->grid->n_bus, base->start, base->column, base->g, base->b, base->role, base->p_set, base->q_set,
             (const lanes *)self->re, (const lanes *)self->im, (const lanes *)going, (lanes *)self->f);
}

/* V (1 + dv) e^{i da}. Up to half a radian, so many terms of the series are exact to the last digit; larger angles are not
 * what the base case's factor can be trusted with. */
SV_WIDE static void move(int32_t n, const lanes *restrict f, lanes *restrict re, lanes *restrict im)
{
    for (int32_t i = 0; i < n; i++) {
        lanes a = f[2 * i], s = a * a, grow = 1.0 + f[2 * i + 1];
        lanes cosine = 1.0 - s * (1.0 / 132.0), sine = 1.0 - s * (1.0 / 156.0);
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
        lanes x = re[i], y = im[i];
        re[i] = grow * (x * cosine - y * sine);
        im[i] = grow * (x * sine + y * cosine);
    }
}

/* What is no number makes the lane's largest none either. */
SV_WIDE void lanes_largest(int32_t n, const double *restrict f, double *restrict largest)
{
    double most[LANES] = {0.0}, nothing[LANES] = {0.0};
    for (int32_t i = 0; i < n; i++)
        for (int32_t l = 0; l < LANES; l++) {
            double size = fabs(f[i * LANES + l]);
            most[l] = size > most[l] ? size : most[l];
            nothing[l] += 0.0 * f[i * LANES + l];
        }
    for (int32_t l = 0; l < LANES; l++)
        largest[l] = most[l] + nothing[l];
}

uint32_t lanes_wild(const sv_ac_screen *self)
{
    double largest[LANES];
    uint32_t wild = 0;
    lanes_largest(2 * self->grid->n_bus, self->f, largest);
    for (int32_t l = 0; l < LANES; l++)
        wild |= largest[l] <= MOST_STEP ? 0u : 1u << l;
    return wild;
}

void lanes_move(sv_ac_screen *self)
{
    move(self->grid->n_bus, (const lanes *)self->f, (lanes *)self->re, (lanes *)self->im);
}

SV_WIDE static void take_off(int32_t n, const lanes *restrict z, const lanes *restrict by, lanes *restrict f)
{
    lanes own = *by;
    for (int32_t i = 0; i < n; i++)
        f[i] -= z[i] * own;
}

void lanes_correct(sv_ac_screen *self, int32_t n, const double *by)
{
    for (int32_t r = 0; r < n; r++)
        take_off(2 * self->grid->n_bus, (const lanes *)self->z[r], (const lanes *)(by + r * LANES), (lanes *)self->f);
}

/* The larger of both ends' apparent power, squared, for one branch in all lanes. */
SV_WIDE static void load_branch(const branch_admittance *y, const lanes *restrict from, const lanes *restrict to,
                                double scale, double *restrict load)
{
    lanes a = from[0], b = from[1], c = to[0], d = to[1];
    lanes i_re = y->from_from[0] * a - y->from_from[1] * b + y->from_to[0] * c - y->from_to[1] * d;
    lanes i_im = y->from_from[0] * b + y->from_from[1] * a + y->from_to[0] * d + y->from_to[1] * c;
    lanes j_re = y->to_to[0] * c - y->to_to[1] * d + y->to_from[0] * a - y->to_from[1] * b;
    lanes j_im = y->to_to[0] * d + y->to_to[1] * c + y->to_from[0] * b + y->to_from[1] * a;
    lanes first = (a * a + b * b) * (i_re * i_re + i_im * i_im), second = (c * c + d * d) * (j_re * j_re + j_im * j_im);
    for (int32_t l = 0; l < LANES; l++)
        load[l] = scale * (first[l] > second[l] ? first[l] : second[l]);
}

void lanes_loading(const sv_ac_screen *self, double *load)
{
    const sv_grid *grid = self->grid;
    for (int32_t k = 0; k < grid->n_branch; k++) {
        const sv_branch *row = &grid->branch[k];
        double rate = row->rate_a_mva / grid->base_mva;
        _Alignas(64) lanes from[2], to[2];
        double *out = load + (size_t)k * LANES;
        if (!(rate > 0.0)) {
            memset(out, 0, sizeof(double) * LANES);
            continue;
        }
        from[0] = ((const lanes *)self->re)[row->i_from];
        from[1] = ((const lanes *)self->im)[row->i_from];
        to[0] = ((const lanes *)self->re)[row->i_to];
        to[1] = ((const lanes *)self->im)[row->i_to];
        load_branch(&self->base->branch[k], from, to, 1.0 / (rate * rate), out);
    }
}
