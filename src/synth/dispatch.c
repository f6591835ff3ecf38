/* Who generates in a given situation: thermal plant fills what the others leave, or all give the same share. Linear in
 * machines; sums in table order. Any thread. */
#include "private.h"

const situation winter_peak = {.load = 1.0, .nuclear = 1.0, .hydro = 0.75, .wind = 0.1};

static double available(const machine *m, const situation *s)
{
    switch (m->kind) {
    case SV_GEN_NUCLEAR:
        return m->p_mw * s->nuclear;
    case SV_GEN_HYDRO:
        return m->p_mw * s->hydro;
    case SV_GEN_WIND:
        return m->p_mw * s->wind;
    case SV_GEN_SOLAR:
        return m->p_mw * s->solar;
    case SV_GEN_THERMAL:
    case SV_GEN_CONDENSER:
    case SV_N_GEN_KIND:
        break;
    }
    return m->p_mw;
}

void dispatch(const plan *p, const situation *s, double *p_gen, double *p_import)
{
    double sum[2] = {0.0, 0.0}; /* [1] = what follows the load */
    for (int32_t i = 0; i < p->n_machine; i++) {
        p_gen[i] = available(&p->machine[i], s);
        sum[s->in_proportion || p->machine[i].kind == SV_GEN_THERMAL] += p_gen[i];
    }
    for (int32_t i = 0; i < p->n_tie; i++) {
        p_import[i] = p->tie[i].limit_mw * s->import;
        sum[s->in_proportion] += p_import[i];
    }
    const double need = p->peak_mw * s->load;
    double following = sum[1] > 0.0 ? (need - sum[0]) / sum[1] : 0.0, rest = 1.0;
    if (following < 0.0) { /* too much of the others: they give way */
        following = 0.0;
        rest = need / sum[0];
    }
    for (int32_t i = 0; i < p->n_machine; i++)
        p_gen[i] *= s->in_proportion || p->machine[i].kind == SV_GEN_THERMAL ? following : rest;
    for (int32_t i = 0; i < p->n_tie; i++)
        p_import[i] *= s->in_proportion ? following : rest;
}

void inject_situation(const plan *p, const situation *s, double *p_gen, double *p_import, double *inject)
{
    int32_t n_bus = p->settings.n_bus;
    for (int32_t i = 0; i < n_bus; i++)
        inject[i] = 0.0;
    dispatch(p, s, p_gen, p_import);
    for (int32_t i = 0; i < p->n_place; i++) {
        if (p->place[i].has[LEVEL_110])
            inject[p->place[i].bus[LEVEL_110]] -= p->place[i].load_mw * s->load;
    }
    for (int32_t i = 0; i < p->n_machine; i++)
        inject[p->place[p->machine[i].i_place].bus[p->machine[i].at]] += p_gen[i];
    for (int32_t i = 0; i < p->n_tie; i++)
        inject[p->place[p->tie[i].i_place].bus[p->tie[i].at]] += p_import[i];
}
