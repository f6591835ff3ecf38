/* Transformers of two and three windings -> branches. One of three becomes a star bus and a branch from each winding's bus
 * to it. Per unit as PSS/E reckons inside: bus I - (t1:1) - Z - (1:t2) - bus J, t in pu of the bus bases, Z on the system's
 * power between the two ideal ratios, so that the winding's nominal voltage never enters Z. A branch of the grid has its
 * ratio at its from end and Z behind it: tap = t1 / t2, z = Z t2^2. The magnetizing admittance is a shunt at winding 1. */
#include "psse.h"

#include <math.h>
#include <string.h>

typedef struct {
    double tap;       /* pu of the bus base */
    double shift_deg; /* the winding's bus leads by it */
    double vn_kv;     /* nominal voltage of the winding, 0 = not known */
    double rate_mva[3];
} winding;

/* Impedance between two windings as given, and in pu of the system's power. */
typedef struct {
    double r, x, base_mva;
} between;

typedef struct {
    int32_t line, n_winding;
    int32_t i_bus[3];
    int32_t cw, cz, cm; /* codes of ratios, impedances, magnetizing admittance */
    double mag[2];
    int32_t stat;
    between z[3]; /* 1-2, 2-3, 3-1 */
    double vm_star_pu, va_star_deg;
    winding w[3];
    char id[PSSE_NAME + 64];
} transformer;

/* ---- the lines of a record ------------------------------------------------------------------ */

/* I, J, K, CKT, CW, CZ, CM, MAG1, MAG2, NMETR, NAME, STAT, O1, F1, ..., O4, F4, VECGRP; from 35 also ZCOD */
static void read_head(psse *p, psse_record *r, transformer *t)
{
    static const char *const name[] = {"I", "J", "K"};
    char circuit[PSSE_NAME];
    snprintf(r->what, sizeof r->what, "transformer");
    t->line = r->line;
    const bool three = psse_given(r, 2) && psse_int(p, r, 2, "K", 0) != 0;
    t->n_winding = three ? 3 : 2;
    size_t n = 0;
    for (int k = 0; k < t->n_winding && !p->status; k++) {
        t->i_bus[k] = psse_branch_end(p, r, k, name[k]);
        if (!p->status)
            n += (size_t)snprintf(t->id + n, sizeof t->id - n, "%s-", sv_draft_bus(p->draft, t->i_bus[k])->id);
    }
    if (p->status)
        return;
    psse_id(r, 3, circuit);
    snprintf(t->id + n, sizeof t->id - n, "%s", circuit);
    snprintf(r->what, sizeof r->what, "transformer %.48s", t->id);
    t->cw = psse_code(p, r, 4, "CW", (psse_range){1, 1, 3});
    t->cz = psse_code(p, r, 5, "CZ", (psse_range){1, 1, 3});
    t->cm = psse_code(p, r, 6, "CM", (psse_range){1, 1, 2});
    t->mag[0] = psse_real(p, r, 7, "MAG1", 0.0);
    t->mag[1] = psse_real(p, r, 8, "MAG2", 0.0);
    t->stat = psse_code(p, r, 11, "STAT", (psse_range){1, 0, three ? 4 : 1});
}

/* R1-2, X1-2, SBASE1-2; with three windings also 2-3, 3-1, VMSTAR, ANSTAR */
static void read_impedances(psse *p, const psse_record *r, transformer *t)
{
    static const char *const name[3][3] = {
        {"R1-2", "X1-2", "SBASE1-2"}, {"R2-3", "X2-3", "SBASE2-3"}, {"R3-1", "X3-1", "SBASE3-1"}};
    for (int k = 0; k < (t->n_winding == 3 ? 3 : 1); k++) {
        between *z = &t->z[k];
        z->r = psse_real(p, r, 3 * k, name[k][0], 0.0);
        z->x = psse_real(p, r, 3 * k + 1, name[k][1], 0.0);
        z->base_mva = psse_real(p, r, 3 * k + 2, name[k][2], p->base_mva);
        if (!psse_given(r, 3 * k + 1))
            psse_fail(p, r->line, "%s: %s is not given; accepted: a reactance", r->what, name[k][1]);
        if (z->base_mva <= 0.0 && (t->cz != 1 || (t->cm == 2 && k == 0)))
            psse_fail(p, r->line, "%s: %s is %g MVA; accepted: a number above 0", r->what, name[k][2], z->base_mva);
    }
    t->vm_star_pu = psse_real(p, r, 9, "VMSTAR", 1.0);
    t->va_star_deg = psse_real(p, r, 10, "ANSTAR", 0.0);
}

/* WINDV, NOMV, ANG, then three ratings (33) or twelve (34, 35), then what controls the tap */
static void read_winding(psse *p, const psse_record *r, transformer *t, int k)
{
    winding *w = &t->w[k];
    const double bus_kv = sv_draft_bus(p->draft, t->i_bus[k])->vn_kv;
    const double windv = psse_real(p, r, 0, "WINDV", t->cw == 2 ? bus_kv : 1.0);
    const double nomv_kv = psse_real(p, r, 1, "NOMV", 0.0);
    w->vn_kv = nomv_kv > 0.0 ? nomv_kv : bus_kv;
    w->shift_deg = psse_real(p, r, 2, "ANG", 0.0);
    static const char *const name[] = {"RATA", "RATB", "RATC"};
    for (int i = 0; i < 3; i++)
        w->rate_mva[i] = psse_real(p, r, 3 + i, name[i], 0.0);
    if (p->status)
        return;
    if (t->cw == 1 || (t->cw == 3 && w->vn_kv == bus_kv))
        w->tap = windv;
    else if (bus_kv > 0.0)
        w->tap = t->cw == 2 ? windv / bus_kv : windv * w->vn_kv / bus_kv;
    else
        psse_fail(p, r->line, "%s: CW is %d but bus %s has no base voltage; accepted: 1, or a base voltage", r->what,
                  (int)t->cw, sv_draft_bus(p->draft, t->i_bus[k])->id);
    if (!p->status && !(w->tap > 0.0 && isfinite(w->tap)))
        psse_fail(p, r->line, "%s: ratio of winding %d is %g pu; accepted: a number above 0", r->what, k + 1, w->tap);
}

static void read_lines(psse *p, psse_record *r, transformer *t)
{
    read_head(p, r, t);
    const int32_t n = t->n_winding + 2;
    char what[PSSE_WHAT];
    snprintf(what, sizeof what, "%s", r->what);
    if (p->status || !psse_more(p, r, what, 2, n))
        return;
    read_impedances(p, r, t);
    for (int k = 0; k < t->n_winding && !p->status; k++) {
        if (psse_more(p, r, what, k + 3, n))
            read_winding(p, r, t, k);
    }
}

/* ---- per unit ------------------------------------------------------------------------------ */

/* CZ 1: pu of the system's power; 2: pu of SBASE; 3: load loss in W and |Z| in pu of SBASE. */
static void to_system_base(psse *p, const transformer *t, between *z)
{
    if (t->cz == 1)
        return;
    if (t->cz == 3) {
        z->r *= 1e-6 / z->base_mva;
        if (fabs(z->r) > fabs(z->x)) {
            psse_fail(p, t->line, "transformer %.48s: impedance %g pu is below its resistance %g pu (CZ 3)", t->id,
                      z->x, z->r);
            return;
        }
        z->x = copysign(sqrt(z->x * z->x - z->r * z->r), z->x);
    }
    z->r *= p->base_mva / z->base_mva;
    z->x *= p->base_mva / z->base_mva;
}

/* CM 1: MAG is admittance in pu of the system's power and the bus base; 2: no-load loss in W and exciting current in pu of
 * SBASE1-2 at the nominal voltage of winding 1. A current too small for the loss leaves no susceptance. */
static void add_magnetizing(psse *p, const transformer *t)
{
    if (t->mag[0] == 0.0 && t->mag[1] == 0.0)
        return;
    double g_mw = t->mag[0] * p->base_mva, b_mvar = t->mag[1] * p->base_mva;
    if (t->cm == 2) {
        const double bus_kv = sv_draft_bus(p->draft, t->i_bus[0])->vn_kv;
        const double ratio = t->w[0].vn_kv > 0.0 && bus_kv > 0.0 ? bus_kv / t->w[0].vn_kv : 1.0;
        const double y_mva = t->mag[1] * t->z[0].base_mva * ratio * ratio;
        g_mw = t->mag[0] * 1e-6 * ratio * ratio;
        b_mvar = fabs(y_mva) > fabs(g_mw) ? -sqrt(y_mva * y_mva - g_mw * g_mw) : 0.0;
    }
    psse_add_shunt(p, t->line, t->i_bus[0], g_mw, b_mvar);
}

static sv_branch branch_of(const transformer *t, const winding *w, const char *id)
{
    sv_branch branch = sv_branch_default();
    branch.id = id;
    branch.line = t->line;
    branch.rate_a_mva = w->rate_mva[0];
    branch.rate_b_mva = w->rate_mva[1];
    branch.rate_c_mva = w->rate_mva[2];
    branch.tap = w->tap;
    branch.shift_deg = w->shift_deg;
    return branch;
}

static void add_two(psse *p, const transformer *t)
{
    sv_branch branch = branch_of(t, &t->w[0], t->id);
    const double t2 = t->w[1].tap;
    branch.i_from = t->i_bus[0];
    branch.i_to = t->i_bus[1];
    branch.tap = t->w[0].tap / t2;
    branch.r_pu = t->z[0].r * t2 * t2;
    branch.x_pu = t->z[0].x * t2 * t2;
    branch.in_service = t->stat == 1;
    sv_draft_add_branch(p->draft, &branch);
    if (branch.in_service)
        add_magnetizing(p, t);
}

/* STAT 0: all out; 1: all in; 2, 3: that winding out; 4: winding 1 out. */
static bool winding_on(const transformer *t, int k)
{
    static const int32_t out_at[] = {4, 2, 3};
    return t->stat != 0 && t->stat != out_at[k];
}

/* Impedance from a winding to the star; nothing where only rounding is left, which would be a near short. */
static double leg(double one, double other, double opposite)
{
    const double z = 0.5 * (one + other - opposite);
    return fabs(z) < 1e-12 * (fabs(one) + fabs(other) + fabs(opposite)) ? 0.0 : z;
}

/* The star bus has an id that no number can be, and the base of winding 1 (any would do: the ratios are all in the legs). */
static void add_three(psse *p, const transformer *t)
{
    char id[PSSE_NAME + 80];
    const sv_bus *first = sv_draft_bus(p->draft, t->i_bus[0]);
    sv_bus star = sv_bus_default();
    snprintf(id, sizeof id, "star-%s", t->id);
    star.id = id;
    star.line = t->line;
    star.type = t->stat == 0 ? SV_BUS_DEAD : SV_BUS_PQ;
    star.vn_kv = first->vn_kv;
    star.area = first->area;
    star.zone = first->zone;
    star.vm_pu = t->vm_star_pu;
    star.va_deg = t->va_star_deg;
    const int32_t i_star = sv_draft_add_bus(p->draft, &star);
    const between *a = &t->z[0], *b = &t->z[1], *c = &t->z[2]; /* 1-2, 2-3, 3-1 */
    const double r[] = {leg(a->r, c->r, b->r), leg(a->r, b->r, c->r), leg(b->r, c->r, a->r)};
    const double x[] = {leg(a->x, c->x, b->x), leg(a->x, b->x, c->x), leg(b->x, c->x, a->x)};
    for (int k = 0; k < 3; k++) {
        snprintf(id, sizeof id, "%s-w%d", t->id, k + 1);
        sv_branch branch = branch_of(t, &t->w[k], id);
        branch.i_from = t->i_bus[k];
        branch.i_to = i_star;
        branch.r_pu = r[k];
        branch.x_pu = x[k];
        branch.in_service = winding_on(t, k);
        sv_draft_add_branch(p->draft, &branch);
    }
    if (winding_on(t, 0))
        add_magnetizing(p, t);
}

void psse_read_transformer(psse *p, psse_record *r)
{
    transformer t = {0};
    read_lines(p, r, &t);
    for (int k = 0; k < (t.n_winding == 3 ? 3 : 1) && !p->status; k++)
        to_system_base(p, &t, &t.z[k]);
    if (p->status)
        return;
    if (t.n_winding == 2)
        add_two(p, &t);
    else
        add_three(p, &t);
}
