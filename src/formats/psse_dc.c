/* Direct-current lines of two ends -> dc lines of the grid, at the set point that the file gives, with the losses there. RAW
 * gives no ratings: a line carries up to its set point either way (a VSC line up to SMAX). */
#include "psse.h"

#include <math.h>
#include <string.h>

static double degrees(double deg)
{
    return deg * 3.14159265358979323846 / 180.0;
}

/* ---- line-commutated ------------------------------------------------------------------------ */

typedef struct {
    int32_t i_bus, n_bridge;
    double angle_min_deg;
    double base_kv, ratio, tap; /* EBAS, TR, TAP: the valves see the bus voltage times ratio over tap */
} converter;

typedef struct {
    int32_t mode; /* MDC: 0 blocked, 1 power, 2 current */
    double resistance_ohm, set_value, scheduled_kv, compounding_ohm;
    converter end[2]; /* rectifier, inverter */
    double i_ka, p_mw[2], v_kv[2];
} dc_link;

/* I, N, ANMX, ANMN, RC, XC, EBAS, TR, TAP, TMX, TMN, STP, IC, ND (35), IF, IT, ID, XCAP */
static void read_converter(psse *p, const psse_record *r, bool rectifier, converter *c)
{
    c->i_bus = psse_bus(p, r, 0, rectifier ? "IPR" : "IPI");
    c->n_bridge = psse_int(p, r, 1, rectifier ? "NBR" : "NBI", 0);
    c->angle_min_deg = psse_real(p, r, 3, rectifier ? "ANMNR" : "ANMNI", 0.0);
    c->base_kv = psse_real(p, r, 6, rectifier ? "EBASR" : "EBASI", 0.0);
    c->ratio = psse_real(p, r, 7, rectifier ? "TRR" : "TRI", 1.0);
    c->tap = psse_real(p, r, 8, rectifier ? "TAPR" : "TAPI", 1.0);
}

/* Current and powers at the set point. The scheduled voltage holds where the compounding resistance puts it: V_inverter =
 * VSCHD - RCOMP I, V_rectifier = V_inverter + RDC I. Power is asked at the rectifier, at the inverter where SETVL < 0. */
static void solve_link(dc_link *d)
{
    const double set = fabs(d->set_value);
    const bool at_inverter = d->set_value < 0.0;
    const double ohm = (at_inverter ? 0.0 : d->resistance_ohm) - d->compounding_ohm;
    d->p_mw[0] = d->p_mw[1] = d->mode == 2 ? set / 1000.0 * fmax(d->scheduled_kv, 0.0) : set;
    if (!(d->scheduled_kv > 0.0) || set == 0.0)
        return;
    if (d->mode == 2) {
        d->i_ka = set / 1000.0;
    } else { /* set = scheduled I + ohm I^2, the lesser root */
        const double root = d->scheduled_kv * d->scheduled_kv + 4.0 * ohm * set;
        d->i_ka = root > 0.0 ? 2.0 * set / (d->scheduled_kv + sqrt(root)) : set / d->scheduled_kv;
    }
    const double loss_mw = d->resistance_ohm * d->i_ka * d->i_ka;
    d->v_kv[1] = d->scheduled_kv - d->compounding_ohm * d->i_ka;
    d->v_kv[0] = d->v_kv[1] + d->resistance_ohm * d->i_ka;
    if (d->mode == 2) {
        d->p_mw[0] = d->v_kv[0] * d->i_ka;
        d->p_mw[1] = d->v_kv[1] * d->i_ka;
    } else {
        d->p_mw[0] = at_inverter ? set + loss_mw : set;
        d->p_mw[1] = at_inverter ? set : set - loss_mw;
    }
}

/* Reactive power drawn: cos phi is the dc voltage over that of the valves without delay, 3 sqrt 2 / pi for each bridge; where
 * that cannot be told, the cosine of the least angle (as MATPOWER's psse_convert_hvdc bounds it). */
static double drawn_mvar(const psse *p, const converter *c, double p_mw, double v_kv)
{
    const sv_bus *bus = sv_draft_bus(p->draft, c->i_bus);
    double cosine = cos(degrees(c->angle_min_deg));
    if (c->n_bridge > 0 && c->base_kv > 0.0 && c->ratio > 0.0 && c->tap > 0.0 && bus->vn_kv > 0.0) {
        const double valves_kv = bus->vm_pu * bus->vn_kv * c->ratio / c->tap;
        const double ideal_kv = c->n_bridge * 1.35047447 * valves_kv;
        if (v_kv > 0.0 && v_kv <= ideal_kv)
            cosine = v_kv / ideal_kv;
    }
    return cosine > 0.0 && cosine <= 1.0 ? fabs(p_mw) * sqrt(1.0 - cosine * cosine) / cosine : 0.0;
}

/* NAME, MDC, RDC, SETVL, VSCHD, VCMOD, RCOMP, DELTI, METER, DCVMIN, CCCITMX, CCCACC; rectifier; inverter */
void psse_read_dc_line(psse *p, psse_record *r)
{
    dc_link d = {0};
    char id[PSSE_NAME], what[PSSE_WHAT];
    const int32_t line = r->line;
    psse_text(r, 0, id, sizeof id);
    if (id[0] == '\0')
        snprintf(id, sizeof id, "dc-%d", (int)sv_draft_n(p->draft, SV_TABLE_DC_LINE) + 1);
    snprintf(what, sizeof what, "dc line %.40s", id);
    snprintf(r->what, sizeof r->what, "%s", what);
    d.mode = psse_code(p, r, 1, "MDC", (psse_range){0, 0, 2});
    d.resistance_ohm = psse_real(p, r, 2, "RDC", 0.0);
    d.set_value = psse_real(p, r, 3, "SETVL", 0.0);
    d.scheduled_kv = psse_real(p, r, 4, "VSCHD", 0.0);
    d.compounding_ohm = psse_real(p, r, 6, "RCOMP", 0.0);
    for (int k = 0; k < 2 && psse_more(p, r, what, k + 2, 3); k++)
        read_converter(p, r, k == 0, &d.end[k]);
    if (p->status)
        return;
    solve_link(&d);
    sv_dc_line dc = sv_dc_line_default();
    dc.id = id;
    dc.line = line;
    dc.i_from = d.end[0].i_bus;
    dc.i_to = d.end[1].i_bus;
    dc.p_mw = d.p_mw[0];
    dc.p_min_mw = -fabs(dc.p_mw);
    dc.p_max_mw = fabs(dc.p_mw);
    dc.loss_share = d.p_mw[0] > 0.0 ? (d.p_mw[0] - d.p_mw[1]) / d.p_mw[0] : 0.0;
    dc.q_from_mvar = dc.q_min_from_mvar = dc.q_max_from_mvar = -drawn_mvar(p, &d.end[0], d.p_mw[0], d.v_kv[0]);
    dc.q_to_mvar = dc.q_min_to_mvar = dc.q_max_to_mvar = -drawn_mvar(p, &d.end[1], d.p_mw[1], d.v_kv[1]);
    dc.vm_from_pu = sv_draft_bus(p->draft, dc.i_from)->vm_pu;
    dc.vm_to_pu = sv_draft_bus(p->draft, dc.i_to)->vm_pu;
    dc.in_service = d.mode != 0;
    sv_draft_add_dc_line(p->draft, &dc);
}

/* ---- voltage-sourced ------------------------------------------------------------------------ */

typedef struct {
    int32_t i_bus, type, mode; /* TYPE 0 out, 1 holds the dc voltage, 2 holds power; MODE 1 holds the ac voltage */
    double dc_set;             /* kV or MW fed into the network */
    double ac_set, constant_kw, per_ampere_kw, least_kw, most_mva;
    double q_min_mvar, q_max_mvar;
} vsc_end;

/* IBUS, TYPE, MODE, DCSET, ACSET, ALOSS, BLOSS, MINLOSS, SMAX, IMAX, PWF, MAXQ, MINQ, REMOT, RMPCT */
static void read_vsc_end(psse *p, const psse_record *r, vsc_end *c)
{
    c->i_bus = psse_bus(p, r, 0, "IBUS");
    c->type = psse_code(p, r, 1, "TYPE", (psse_range){1, 0, 2});
    c->mode = psse_code(p, r, 2, "MODE", (psse_range){1, 1, 2});
    c->dc_set = psse_real(p, r, 3, "DCSET", 0.0);
    c->ac_set = psse_real(p, r, 4, "ACSET", 1.0);
    c->constant_kw = psse_real(p, r, 5, "ALOSS", 0.0);
    c->per_ampere_kw = psse_real(p, r, 6, "BLOSS", 0.0);
    c->least_kw = psse_real(p, r, 7, "MINLOSS", 0.0);
    c->most_mva = psse_real(p, r, 8, "SMAX", 0.0);
    c->q_max_mvar = fmin(psse_real(p, r, 11, "MAXQ", 9999.0), 9999.0);
    c->q_min_mvar = fmax(psse_real(p, r, 12, "MINQ", -9999.0), -9999.0);
}

static void set_vsc_end(const vsc_end *c, double *vm_pu, double *q_min_mvar, double *q_max_mvar)
{
    if (c->mode != 1) /* a power factor: no reactive power */
        return;
    *vm_pu = c->ac_set;
    *q_min_mvar = c->q_min_mvar;
    *q_max_mvar = c->q_max_mvar;
}

typedef struct {
    int32_t line;
    char id[PSSE_NAME];
    bool on;
    double resistance_ohm;
    vsc_end end[2];
} vsc_link;

/* Losses of both converters and of the line when the one that holds power passes p_mw, to first order. */
static double vsc_loss_mw(const vsc_link *d, double p_mw, double v_kv)
{
    const double i_ka = v_kv > 0.0 ? fabs(p_mw) / v_kv : 0.0;
    double loss_mw = d->resistance_ohm * i_ka * i_ka;
    for (int k = 0; k < 2; k++)
        loss_mw += fmax(d->end[k].constant_kw + d->end[k].per_ampere_kw * 1000.0 * i_ka, d->end[k].least_kw) / 1000.0;
    return loss_mw;
}

/* The smaller of both ends' powers; 0 says that there is no limit. */
static double vsc_most_mw(const vsc_link *d)
{
    const double a = d->end[0].most_mva, b = d->end[1].most_mva;
    return a > 0.0 && b > 0.0 ? fmin(a, b) : fmax(a, b);
}

static void add_vsc(psse *p, const vsc_link *d)
{
    const vsc_end *end = d->end;
    const int holder = end[0].type == 2 ? 0 : 1; /* the end that holds power; the other the dc voltage */
    const double set_mw = end[holder].type == 2 ? end[holder].dc_set : 0.0;
    const double loss_mw = vsc_loss_mw(d, set_mw, end[1 - holder].dc_set);
    const int from = set_mw == 0.0 ? 0 : set_mw < 0.0 ? holder : 1 - holder; /* the end that draws */
    sv_dc_line dc = sv_dc_line_default();
    dc.id = d->id;
    dc.line = d->line;
    dc.i_from = end[from].i_bus;
    dc.i_to = end[1 - from].i_bus;
    dc.p_mw = set_mw > 0.0 ? set_mw + loss_mw : -set_mw;
    dc.loss_mw = fmin((end[0].constant_kw + end[1].constant_kw) / 1000.0, loss_mw);
    if (dc.p_mw > 0.0)
        dc.loss_share = (loss_mw - dc.loss_mw) / dc.p_mw;
    dc.p_max_mw = fmax(dc.p_mw, vsc_most_mw(d));
    dc.p_min_mw = -dc.p_max_mw;
    set_vsc_end(&end[from], &dc.vm_from_pu, &dc.q_min_from_mvar, &dc.q_max_from_mvar);
    set_vsc_end(&end[1 - from], &dc.vm_to_pu, &dc.q_min_to_mvar, &dc.q_max_to_mvar);
    dc.in_service = d->on && end[0].type != 0 && end[1].type != 0;
    sv_draft_add_dc_line(p->draft, &dc);
}

/* NAME, MDC, RDC, O1, F1, ..., O4, F4; two converters */
void psse_read_vsc(psse *p, psse_record *r)
{
    vsc_link d = {.line = r->line};
    char what[PSSE_WHAT];
    psse_text(r, 0, d.id, sizeof d.id);
    if (d.id[0] == '\0')
        snprintf(d.id, sizeof d.id, "vsc-%d", (int)sv_draft_n(p->draft, SV_TABLE_DC_LINE) + 1);
    snprintf(what, sizeof what, "vsc dc line %.40s", d.id);
    snprintf(r->what, sizeof r->what, "%s", what);
    d.on = psse_on(p, r, 1, "MDC");
    d.resistance_ohm = psse_real(p, r, 2, "RDC", 0.0);
    for (int k = 0; k < 2 && psse_more(p, r, what, k + 2, 3); k++)
        read_vsc_end(p, r, &d.end[k]);
    if (!p->status)
        add_vsc(p, &d);
}
