/* Solves with P A P' = L D L': one right-hand side, eight lanes at once, and right-hand sides with few nonzeros, whose way
 * down touches only their paths in the elimination tree. Every lane sees the same operations in the same order in all
 * of them, so they give the same bits. Cost: two passes over L at most; allocates nothing. */
#include "ldl.h"

#include <string.h>

enum { LANES = SV_LDL_LANES };

typedef double lanes __attribute__((vector_size(sizeof(double) * SV_LDL_LANES)));

/* ---- one lane ------------------------------------------------------------------------------ */

static inline void push_down(const sv_ldl *ldl, double *restrict x, int32_t j)
{
    const int32_t *restrict row = ldl->row;
    const double *restrict l = ldl->l;
    double known = x[j];
    for (int32_t p = ldl->start[j]; p < ldl->start[j + 1]; p++)
        x[row[p]] -= l[p] * known;
}

static void go_down(const sv_ldl *ldl, double *restrict x)
{
    const int32_t *restrict row = ldl->row, *restrict start = ldl->start;
    const double *restrict l = ldl->l;
    int32_t n = ldl->n, p = 0;
    for (int32_t j = 0; j < n; j++) {
        double known = x[j];
        for (int32_t end = start[j + 1]; p < end; p++)
            x[row[p]] -= l[p] * known;
    }
}

static void go_up(const sv_ldl *ldl, double *restrict x)
{
    const int32_t *restrict row = ldl->row, *restrict start = ldl->start;
    const double *restrict l = ldl->l, *restrict inverse = ldl->inverse;
    for (int32_t j = ldl->n - 1; j >= 0; j--) {
        double sum = x[j] * inverse[j];
        for (int32_t p = start[j]; p < start[j + 1]; p++)
            sum -= l[p] * x[row[p]];
        x[j] = sum;
    }
}

void sv_ldl_solve(sv_ldl *ldl, double *b)
{
    double *x = ldl->lane;
    for (int32_t j = 0; j < ldl->n; j++)
        x[j] = b[ldl->unknown[j]];
    go_down(ldl, x);
    go_up(ldl, x);
    for (int32_t i = 0; i < ldl->n; i++)
        b[i] = x[ldl->place[i]];
}

/* ---- eight lanes --------------------------------------------------------------------------- */

SV_WIDE static void push_down_lanes(const sv_ldl *ldl, lanes *restrict x, int32_t first, int32_t last)
{
    const int32_t *restrict row = ldl->row;
    const double *restrict l = ldl->l;
    for (int32_t j = first; j < last; j++) {
        lanes known = x[j];
        for (int32_t p = ldl->start[j]; p < ldl->start[j + 1]; p++)
            x[row[p]] -= l[p] * known;
    }
}

SV_WIDE static void go_up_lanes(const sv_ldl *ldl, lanes *restrict x)
{
    const int32_t *restrict row = ldl->row, *restrict start = ldl->start;
    const double *restrict l = ldl->l, *restrict inverse = ldl->inverse;
    for (int32_t j = ldl->n - 1; j >= 0; j--) {
        lanes sum = x[j] * inverse[j];
        for (int32_t p = start[j]; p < start[j + 1]; p++)
            sum -= l[p] * x[row[p]];
        x[j] = sum;
    }
}

void sv_ldl_solve_batch(sv_ldl *ldl, double *b)
{
    double *x = ldl->lane;
    for (int32_t j = 0; j < ldl->n; j++)
        memcpy(x + (size_t)j * LANES, b + (size_t)ldl->unknown[j] * LANES, sizeof(double) * LANES);
    push_down_lanes(ldl, (lanes *)x, 0, ldl->n);
    go_up_lanes(ldl, (lanes *)x);
    for (int32_t i = 0; i < ldl->n; i++)
        memcpy(b + (size_t)i * LANES, x + (size_t)ldl->place[i] * LANES, sizeof(double) * LANES);
}

/* ---- few nonzeros -------------------------------------------------------------------------- */

static void solve_few_one(sv_ldl *ldl, const sv_ldl_few *few, int32_t n_out, double *out)
{
    double *x = ldl->lane;
    memset(x, 0, sizeof(double) * (size_t)ldl->n);
    for (int32_t k = few->start[0]; k < few->start[1]; k++) {
        x[ldl->place[few->row[k]]] += few->value[k];
        pending_add(ldl, ldl->place[few->row[k]]);
    }
    int32_t word = 0;
    for (int32_t j = pending_take(ldl, &word); j >= 0; j = pending_take(ldl, &word)) {
        push_down(ldl, x, j);
        if (ldl->parent[j] >= 0)
            pending_add(ldl, ldl->parent[j]);
    }
    go_up(ldl, x);
    for (int32_t i = 0; i < n_out; i++)
        out[i] = x[ldl->place[i]];
}

/* Lanes -> one array a lane, eight places at a time so that every line of memory is filled while it is near. */
static void read_lanes(const sv_ldl *ldl, int32_t n_lane, int32_t n_out, double *const *out)
{
    for (int32_t i = 0; i < n_out; i += LANES) {
        int32_t n_here = n_out - i < LANES ? n_out - i : LANES;
        for (int32_t lane = 0; lane < n_lane; lane++)
            for (int32_t k = 0; k < n_here; k++)
                out[lane][i + k] = ldl->lane[(size_t)ldl->place[i + k] * LANES + (size_t)lane];
    }
}

double *sv_ldl_lanes(sv_ldl *ldl)
{
    return ldl->lane;
}

double *sv_ldl_solve_lanes(sv_ldl *ldl, const sv_ldl_few *few)
{
    memset(ldl->lane, 0, sizeof(double) * LANES * (size_t)ldl->n);
    for (int32_t lane = 0; lane < few->n_lane; lane++)
        for (int32_t k = few->start[lane]; k < few->start[lane + 1]; k++) {
            int32_t j = ldl->place[few->row[k]];
            ldl->lane[(size_t)j * LANES + (size_t)lane] += few->value[k];
            pending_add(ldl, j);
        }
    int32_t word = 0;
    for (int32_t j = pending_take(ldl, &word); j >= 0; j = pending_take(ldl, &word)) {
        push_down_lanes(ldl, (lanes *)ldl->lane, j, j + 1);
        if (ldl->parent[j] >= 0)
            pending_add(ldl, ldl->parent[j]);
    }
    go_up_lanes(ldl, (lanes *)ldl->lane);
    return ldl->lane;
}

void sv_ldl_solve_few(sv_ldl *ldl, const sv_ldl_few *few, int32_t n_out, double *const *x)
{
    if (few->n_lane == 1) {
        solve_few_one(ldl, few, n_out, x[0]);
        return;
    }
    sv_ldl_solve_lanes(ldl, few);
    read_lanes(ldl, few->n_lane, n_out, x);
}

int32_t sv_ldl_place(const sv_ldl *ldl, int32_t i)
{
    return ldl->place[i];
}
