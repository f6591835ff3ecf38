/* Is it the same electrical network, written as PSS/E RAW and read back? */
#ifndef TESTS_FORMATS_PSSE_NETWORK_H
#define TESTS_FORMATS_PSSE_NETWORK_H

#include "psse_text.h"

/* What the writer puts among the transformers; they come behind the lines. */
static inline bool goes_to_transformers(const sv_grid *g, int32_t i)
{
    const sv_branch *b = &g->branch[i];
    return sv_branch_is_transformer(g, i) || (b->r_pu == 0.0 && b->x_pu != 0.0 && fabs(b->x_pu) <= 1e-4);
}

/* MW and MVAr at 1 pu of all that stands between a bus and earth: shunts and the charging of branches. [n_bus * 2] */
static inline double *to_earth(const sv_grid *g)
{
    double *sum = calloc((size_t)g->n_bus * 2, sizeof *sum);
    for (int32_t i = 0; i < g->n_shunt; i++) {
        sum[2 * g->shunt[i].i_bus] += g->shunt[i].g_mw;
        sum[2 * g->shunt[i].i_bus + 1] += g->shunt[i].b_mvar;
    }
    for (int32_t i = 0; i < g->n_branch; i++) {
        const sv_branch *b = &g->branch[i];
        const double tap = sv_branch_tap(b);
        if (!b->in_service)
            continue;
        sum[2 * b->i_from + 1] += 0.5 * b->b_pu * g->base_mva / (tap * tap);
        sum[2 * b->i_to + 1] += 0.5 * b->b_pu * g->base_mva;
    }
    return sum;
}

/* 0 when all is the same, else the line of this file that found a difference. */
static inline int compare_branch(const sv_branch *a, const sv_branch *b)
{
    if (a->i_from != b->i_from || a->i_to != b->i_to || a->in_service != b->in_service)
        return __LINE__;
    if (a->r_pu != b->r_pu || a->x_pu != b->x_pu || sv_branch_tap(a) != sv_branch_tap(b) ||
        a->shift_deg != b->shift_deg)
        return __LINE__;
    if (a->rate_a_mva != b->rate_a_mva || a->rate_b_mva != b->rate_b_mva || a->rate_c_mva != b->rate_c_mva)
        return __LINE__;
    return 0;
}

static inline int compare_buses(const sv_grid *a, const sv_grid *b)
{
    if (a->n_bus != b->n_bus || a->base_mva != b->base_mva)
        return __LINE__;
    double *x = to_earth(a), *y = to_earth(b);
    int found = 0;
    for (int32_t i = 0; i < a->n_bus && !found; i++) {
        const sv_bus *p = &a->bus[i], *q = &b->bus[i];
        if (p->type != q->type || p->vn_kv != q->vn_kv || p->vm_pu != q->vm_pu || p->va_deg != q->va_deg ||
            p->v_max_pu != q->v_max_pu || p->v_min_pu != q->v_min_pu || p->zone != q->zone)
            found = __LINE__;
        if (p->type == SV_BUS_DEAD)
            continue;
        for (int k = 0; k < 2; k++) {
            if (fabs(x[2 * i + k] - y[2 * i + k]) > 1e-10 * fmax(1.0, fabs(x[2 * i + k])))
                found = __LINE__;
        }
    }
    free(x);
    free(y);
    return found;
}

static inline int compare_branches(const sv_grid *a, const sv_grid *b)
{
    if (a->n_branch != b->n_branch)
        return __LINE__;
    int32_t next = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t i = 0; i < a->n_branch; i++) {
            if (goes_to_transformers(a, i) != (pass == 1))
                continue;
            const int found = compare_branch(&a->branch[i], &b->branch[next++]);
            if (found)
                return found;
        }
    }
    return 0;
}

static inline int compare_units(const sv_grid *a, const sv_grid *b)
{
    if (a->n_gen != b->n_gen || a->n_load != b->n_load || a->n_dc_line != b->n_dc_line)
        return __LINE__;
    for (int32_t i = 0; i < a->n_load; i++) {
        const sv_load *p = &a->load[i], *q = &b->load[i];
        if (p->i_bus != q->i_bus || p->p_mw != q->p_mw || p->q_mvar != q->q_mvar)
            return __LINE__;
    }
    for (int32_t i = 0; i < a->n_gen; i++) {
        const sv_gen *p = &a->gen[i], *q = &b->gen[i];
        const bool open = p->q_max_mvar >= 9999.0 && q->q_max_mvar == INFINITY, /* 9999 says: no limit */
            below = p->q_min_mvar <= -9999.0 && q->q_min_mvar == -INFINITY;
        if (p->i_bus != q->i_bus || p->p_mw != q->p_mw || p->q_mvar != q->q_mvar || p->vm_pu != q->vm_pu ||
            p->base_mva != q->base_mva || p->p_max_mw != q->p_max_mw || p->p_min_mw != q->p_min_mw ||
            p->in_service != q->in_service)
            return __LINE__;
        if ((p->q_max_mvar != q->q_max_mvar && !open) || (p->q_min_mvar != q->q_min_mvar && !below))
            return __LINE__;
    }
    for (int32_t i = 0; i < a->n_dc_line; i++) { /* the same power and losses; limits are not RAW's */
        const sv_dc_line *p = &a->dc_line[i], *q = &b->dc_line[i];
        const bool back = p->p_mw < 0.0;
        const double loss_mw = p->loss_mw + p->loss_share * fabs(p->p_mw);
        if (q->i_from != (back ? p->i_to : p->i_from) || q->i_to != (back ? p->i_from : p->i_to) ||
            q->in_service != p->in_service)
            return __LINE__;
        if (fabs(q->p_mw - fabs(p->p_mw) - (back ? loss_mw : 0.0)) > 1e-9 ||
            (p->p_mw != 0.0 && fabs(q->loss_share * q->p_mw - loss_mw) > 1e-9))
            return __LINE__;
    }
    return 0;
}

static inline int compare_networks(const sv_grid *a, const sv_grid *b)
{
    int found = compare_buses(a, b);
    if (!found)
        found = compare_branches(a, b);
    return found ? found : compare_units(a, b);
}

#endif
