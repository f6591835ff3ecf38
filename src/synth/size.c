/* Ratings: the intact network in several situations (winter peaks with and without imports, thermal short, all sources in
 * proportion, a windy night), and after the loss of any one circuit or transformer, by DC power flow. Whatever carries too
 * much gets the next standard rating, then another circuit; again until nothing does. Cost: some rounds of one factorisation
 * and one sparse solve an outage, the most loaded MOST_OUTAGES only (fewer beyond 10,000 buses). One thread. */
#include "private.h"

#include "svitlo/flow.h"

#include <math.h>
#include <stdlib.h>

enum { N_SITUATION = 5, MOST_OUTAGES = 1000, MOST_SIZING_ROUNDS = 60 };

static const double HIGHEST_AFTER_OUTAGE = 1.0;

/* highest = highest loading of a rating that is accepted with everything in service */
static const struct {
    situation s;
    double highest;
    bool outages; /* also with any one branch out, up to HIGHEST_AFTER_OUTAGE */
} situations[N_SITUATION] = {
    {{1.0, 1.0, 0.75, 0.1, 0.0, 0.0, false}, 0.70, true},  /* winter peak on own plant */
    {{1.0, 1.0, 0.75, 0.1, 0.0, 1.0, false}, 0.70, true},  /* with all imports */
    {{1.0, 0.8, 0.65, 0.0, 0.0, 0.0, false}, 0.85, false}, /* two in ten nuclear units out, thermal plant flat out */
    {{1.0, 1.0, 0.75, 0.3, 0.0, 1.0, true}, 0.70, true},   /* all in proportion: the first dispatch of the balance */
    {{0.6, 1.0, 0.3, 0.9, 0.0, 0.0, false}, 0.85, false},  /* a windy night */
};

typedef struct {
    double mw;
    int32_t branch;
} outage;

typedef struct {
    plan *p;
    sv_arena *arena; /* of one round */
    sv_grid *grid;
    sv_state *state;
    sv_dc *dc;
    double *inject; /* [n_bus] */
    double *flow;   /* [N_SITUATION * n_branch] */
    double *shift;  /* [n_branch] flows of a transfer between the ends of a branch */
    double *need;   /* [n_branch] rating, MVA */
} sizer;

static int compare_outages(const void *left, const void *right)
{
    const outage *a = left, *b = right;
    if (a->mw < b->mw || a->mw > b->mw)
        return a->mw > b->mw ? -1 : 1;
    return (a->branch > b->branch) - (a->branch < b->branch);
}

/* The rating each branch needs with everything in service; the flows stay for the outages. */
static sv_status need_intact(sizer *z)
{
    const int32_t n = z->grid->n_branch;
    double *p_gen = SV_TAKE(z->arena, z->p->n_machine, double), *p_import = SV_TAKE(z->arena, z->p->n_tie, double);
    if (!p_gen || !p_import)
        return SV_ENOMEM;
    for (int k = 0; k < N_SITUATION; k++) {
        double *flow = &z->flow[(int64_t)k * n];
        inject_situation(z->p, &situations[k].s, p_gen, p_import, z->inject);
        sv_dc_solve(z->dc, z->inject, NULL, flow);
        for (int32_t l = 0; l < n; l++) {
            const double need = round_to(fabs(flow[l]) / situations[k].highest, 1e3);
            z->need[l] = need > z->need[l] ? need : z->need[l];
        }
    }
    return SV_OK;
}

/* The same after each loss of one branch: its flow goes the way of a transfer between its ends. */
static sv_status need_after_outages(sizer *z)
{
    const int32_t n = z->grid->n_branch;
    outage *list = SV_TAKE(z->arena, n, outage);
    if (!list)
        return SV_ENOMEM;
    for (int32_t l = 0; l < n; l++)
        list[l] = (outage){round_to(fabs(z->flow[l]), 1e3), l};
    qsort(list, (size_t)n, sizeof *list, compare_outages);
    for (int32_t i = 0; i < z->grid->n_bus; i++)
        z->inject[i] = 0.0;
    const int32_t most =
        z->grid->n_bus > 10000 ? (int32_t)(MOST_OUTAGES * INT64_C(10000) / z->grid->n_bus) : MOST_OUTAGES;
    for (int32_t k = 0; k < n && k < most; k++) {
        const int32_t out = list[k].branch;
        const sv_branch *b = &z->grid->branch[out];
        z->inject[b->i_from] = 1.0;
        z->inject[b->i_to] = -1.0;
        sv_dc_solve(z->dc, z->inject, NULL, z->shift);
        z->inject[b->i_from] = z->inject[b->i_to] = 0.0;
        const double left = 1.0 - z->shift[out];
        if (left < 1e-6) /* nothing else joins its ends */
            continue;
        for (int s = 0; s < N_SITUATION; s++) {
            const double *flow = &z->flow[(int64_t)s * n];
            const double moved = flow[out] / left;
            for (int32_t l = 0; situations[s].outages && l < n; l++) {
                const double mw = l == out ? 0.0 : fabs(flow[l] + moved * z->shift[l]) / HIGHEST_AFTER_OUTAGE;
                if (mw > z->need[l])
                    z->need[l] = round_to(mw, 1e3);
            }
        }
    }
    return SV_OK;
}

/* ---- upgrades ------------------------------------------------------------------------------ */

/* The smallest rating that holds; another unit in parallel where none does. @return true when something changed */
static bool upgrade(int32_t *i_rating, int32_t *n_unit, int32_t n_type, double need, const double *rate)
{
    if (need <= rate[*i_rating])
        return false;
    const double total = need * (double)*n_unit;
    while (total / (double)*n_unit > rate[n_type - 1])
        ++*n_unit;
    int32_t k = 0;
    while (rate[k] < total / (double)*n_unit)
        k++;
    *i_rating = k;
    return true;
}

/* Branches stand in the order lines, banks, each with its units. */
static int32_t upgrade_all(sizer *z)
{
    plan *p = z->p;
    int32_t b = 0, n_changed = 0, n_type;
    double rate[16];
    for (int32_t i = 0; i < p->n_line; i++) {
        line *l = &p->line[i];
        const line_type *type = line_types(l->at, &n_type);
        for (int32_t k = 0; k < n_type; k++)
            rate[k] = type[k].rate_mva;
        const double need = z->need[b];
        b += l->n_unit;
        n_changed += upgrade(&l->i_rating, &l->n_unit, n_type, need, rate);
    }
    for (int32_t i = 0; i < p->n_bank; i++) {
        bank *t = &p->bank[i];
        const bank_type *type = bank_types(t->high, &n_type);
        for (int32_t k = 0; k < n_type; k++)
            rate[k] = type[k].rate_mva;
        const double need = z->need[b];
        b += t->n_unit;
        n_changed += upgrade(&t->i_rating, &t->n_unit, n_type, need, rate);
    }
    return n_changed;
}

static sv_status size_round(sizer *z, int32_t *n_changed, sv_error *err)
{
    sv_status status = make_grid(z->p, false, &z->grid, err);
    if (status)
        return status;
    const int64_t n = z->grid->n_branch;
    z->arena = sv_arena_new();
    z->state = sv_state_new(z->grid);
    if (!z->arena || !z->state)
        return SV_ENOMEM;
    z->inject = SV_TAKE(z->arena, z->grid->n_bus, double);
    z->flow = SV_TAKE(z->arena, N_SITUATION * n, double);
    z->shift = SV_TAKE(z->arena, n, double);
    z->need = SV_TAKE(z->arena, n, double);
    if (sv_arena_failed(z->arena))
        return SV_ENOMEM;
    status = sv_dc_new(&z->dc, z->grid, err);
    if (!status)
        status = sv_dc_update(z->dc, z->state);
    if (!status)
        status = need_intact(z);
    if (!status)
        status = need_after_outages(z);
    if (!status)
        *n_changed = upgrade_all(z);
    return status;
}

sv_status size_network(plan *p, sv_error *err)
{
    int32_t n_changed = 1;
    for (int round = 0; round < MOST_SIZING_ROUNDS && n_changed > 0; round++) {
        sizer z = {.p = p};
        const sv_status status = size_round(&z, &n_changed, err);
        sv_dc_free(&z.dc);
        sv_state_free(&z.state);
        sv_arena_free(z.arena);
        sv_grid_free(&z.grid);
        if (status == SV_ENOMEM)
            return sv_error_set(err, status, NULL, 0, "out of memory");
        if (status)
            return sv_error_set(err, status, NULL, 0, "the fictional network has no power flow");
    }
    if (n_changed > 0)
        return sv_error_set(err, SV_ENUM, NULL, 0, "%d ratings of the fictional network do not settle", (int)n_changed);
    return SV_OK;
}
