/* Flows of eight right-hand sides at once, from a DC factor: for outages and their distribution factors. The lanes of a
 * branch are read from the places of its ends and turned, eight branches at a time, into one array a lane.
 * Cost: a sparse solve in lanes and one pass over the branches; allocates nothing. */
#include "dc.h"

#include <string.h>

enum { LANES = SV_LDL_LANES };

int32_t dc_transfer_entries(const sv_dc *dc, int32_t l, double mw, int32_t *at, double *value)
{
    int32_t n = 0, i = dc->from[l], j = dc->to[l];
    if (!dc->live[l])
        return 0;
    if (!dc->grounded[i]) {
        at[n] = i;
        value[n++] = mw;
    }
    if (!dc->grounded[j]) {
        at[n] = j;
        value[n++] = -mw;
    }
    return n;
}

int32_t dc_outage_entries(const sv_dc *dc, int32_t l, int32_t *at, double *value)
{
    if (dc->tie[l] < 0 || !dc->live[l])
        return dc_transfer_entries(dc, l, 1.0, at, value);
    at[0] = dc->tie[l]; /* a voltage in its own equation, and what stops the line beside it */
    value[0] = 1.0;
    return 1 + dc_transfer_entries(dc, l, dc->b_mw[l] / dc_tie_weight(dc, l), at + 1, value + 1);
}

/* The other factor, one lane after the other, into the same memory. */
static void solve_with_exchanges(sv_dc *dc, const sv_ldl_few *few, double *out)
{
    memset(out, 0, sizeof(double) * LANES * (size_t)dc->n);
    for (int32_t lane = 0; lane < few->n_lane; lane++) {
        memset(dc->rhs, 0, sizeof(double) * (size_t)dc->n);
        for (int32_t k = few->start[lane]; k < few->start[lane + 1]; k++)
            dc->rhs[few->row[k]] += few->value[k];
        sv_lu_solve(dc->lu, dc->rhs, 1);
        for (int32_t i = 0; i < dc->n; i++)
            out[(size_t)sv_ldl_place(dc->ldl, i) * LANES + (size_t)lane] = dc->rhs[i];
    }
}

lanes *dc_solve_lanes(sv_dc *dc, const sv_ldl_few *few)
{
    if (!dc->use_lu)
        return (lanes *)sv_ldl_solve_lanes(dc->ldl, few);
    double *out = sv_ldl_lanes(dc->ldl);
    solve_with_exchanges(dc, few, out);
    return (lanes *)out;
}

void dc_lane_flows(const sv_dc *dc, const lanes *x, int32_t l, double *f_mw)
{
    const lanes *tie = dc->tie[l] >= 0 ? &x[sv_ldl_place(dc->ldl, dc->tie[l])] : NULL;
    const lanes *from = &x[dc->place_from[l]], *to = &x[dc->place_to[l]];
    for (int32_t lane = 0; lane < LANES; lane++)
        f_mw[lane] = tie != NULL ? (*tie)[lane] : dc->b_live_mw[l] * ((*from)[lane] - (*to)[lane]);
}

/* Eight vectors of eight, rows to columns. */
static inline __attribute__((always_inline)) void turn(lanes *v)
{
    lanes a[LANES], b[LANES];
    for (int k = 0; k < LANES; k += 2) {
        a[k] = __builtin_shufflevector(v[k], v[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        a[k + 1] = __builtin_shufflevector(v[k], v[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int k = 0; k < LANES; k += 4)
        for (int h = 0; h < 2; h++) {
            b[k + h] = __builtin_shufflevector(a[k + h], a[k + h + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            b[k + h + 2] = __builtin_shufflevector(a[k + h], a[k + h + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int k = 0; k < 4; k++) {
        v[k] = __builtin_shufflevector(b[k], b[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        v[k + 4] = __builtin_shufflevector(b[k], b[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

typedef struct {
    int32_t n;
    const int32_t *from, *to;
    const double *b_mw, *base_mw;
} flow_reader;

SV_WIDE static void read_flows(const flow_reader *self, const lanes *restrict x, const double *restrict factor,
                               double *const *f_mw)
{
    lanes scale;
    memcpy(&scale, factor, sizeof scale);
    const int32_t *restrict from = self->from, *restrict to = self->to;
    const double *restrict b = self->b_mw, *restrict base = self->base_mw;
    for (int32_t l = 0; l < self->n; l += LANES) {
        lanes v[LANES];
        for (int32_t k = 0; k < LANES; k++)
            v[k] = base[l + k] + b[l + k] * ((x[from[l + k]] - x[to[l + k]]) * scale);
        turn(v);
        size_t n_here = (size_t)(self->n - l < LANES ? self->n - l : LANES);
        if (n_here < LANES)
            for (int32_t lane = 0; lane < LANES; lane++) {
                if (f_mw[lane] != NULL)
                    memcpy(f_mw[lane] + l, &v[lane], sizeof(double) * n_here);
            }
        else
            for (int32_t lane = 0; lane < LANES; lane++)
                if (f_mw[lane] != NULL)
                    memcpy(f_mw[lane] + l, &v[lane], sizeof(lanes));
    }
}

void dc_read_lanes(const sv_dc *dc, const lanes *x, const double *base_mw, const double *scale, double *const *f_mw)
{
    const flow_reader reader = {dc->grid->n_branch, dc->place_from, dc->place_to, dc->b_live_mw, base_mw};
    read_flows(&reader, x, scale, f_mw);
    for (int32_t k = 0; k < dc->n_tie; k++) {
        int32_t l = dc->tied[k];
        const lanes *v = &x[sv_ldl_place(dc->ldl, dc->tie[l])];
        for (int32_t lane = 0; lane < LANES; lane++)
            if (f_mw[lane] != NULL)
                f_mw[lane][l] = dc->live[l] ? base_mw[l] + (*v)[lane] * scale[lane] : 0.0;
    }
}
