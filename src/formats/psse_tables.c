/* Records of one line -> draft: buses, loads, shunts, generators, lines, areas. Fields as in the PSS/E Program Operation
 * Manual (33.4, 34, 35), "Power Flow Raw Data File Contents", numbered from 0. Linear. */
#include "psse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void number_text(int32_t number, char id[16])
{
    snprintf(id, 16, "%d", (int)number);
}

static bool is_dead(const psse *p, int32_t i_bus)
{
    return sv_draft_bus(p->draft, i_bus)->type == SV_BUS_DEAD;
}

/* ---- buses and areas ----------------------------------------------------------------------- */

/* I, NAME, BASKV, IDE, AREA, ZONE, OWNER, VM, VA, NVHI, NVLO, EVHI, EVLO */
void psse_read_bus(psse *p, psse_record *r)
{
    char id[16], name[PSSE_NAME];
    snprintf(r->what, sizeof r->what, "bus");
    number_text(psse_number(p, r, 0, "I"), id);
    if (p->status)
        return;
    snprintf(r->what, sizeof r->what, "bus %s", id);
    const int32_t before = sv_draft_find_bus(p->draft, id);
    if (before >= 0) {
        psse_fail(p, r->line, "bus %s is there already (line %d); accepted: numbers that differ", id,
                  (int)sv_draft_bus(p->draft, before)->line);
        return;
    }
    sv_bus bus = sv_bus_default();
    psse_text(r, 1, name, sizeof name);
    bus.id = id;
    bus.name = name[0] ? name : NULL;
    bus.line = r->line;
    bus.vn_kv = psse_real(p, r, 2, "BASKV", 0.0);
    bus.type = (sv_bus_type)psse_code(p, r, 3, "IDE", (psse_range){SV_BUS_PQ, SV_BUS_PQ, SV_BUS_DEAD});
    bus.area = psse_int(p, r, 4, "AREA", 1);
    bus.zone = psse_int(p, r, 5, "ZONE", 1);
    bus.vm_pu = psse_real(p, r, 7, "VM", 1.0);
    bus.va_deg = psse_real(p, r, 8, "VA", 0.0);
    bus.v_max_pu = psse_real(p, r, 9, "NVHI", 1.1);
    bus.v_min_pu = psse_real(p, r, 10, "NVLO", 0.9);
    if (!p->status)
        sv_draft_add_bus(p->draft, &bus);
}

/* I, ISW, PDES, PTOL, ARNAME */
void psse_read_area(psse *p, psse_record *r)
{
    char name[PSSE_NAME];
    snprintf(r->what, sizeof r->what, "area");
    const int32_t number = psse_int(p, r, 0, "I", 0);
    psse_text(r, 4, name, sizeof name);
    if (p->status)
        return;
    if ((size_t)p->n_area == p->area_capacity) { /* the old place stays in the arena: twice the memory at most */
        const size_t more = p->area_capacity ? 2 * p->area_capacity : 16;
        psse_area *area = SV_TAKE(p->arena, more, psse_area);
        if (!area)
            return;
        if (p->n_area > 0)
            memcpy(area, p->area, (size_t)p->n_area * sizeof *area);
        p->area = area;
        p->area_capacity = more;
    }
    p->area[p->n_area++] = (psse_area){number, sv_arena_text(p->arena, name)};
}

static int compare_area(const void *a, const void *b)
{
    const psse_area *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static const psse_area *find_area(const psse_area *area, int32_t n, int32_t number)
{
    const psse_area key = {.number = number};
    return n > 0 ? bsearch(&key, area, (size_t)n, sizeof key, compare_area) : NULL;
}

/* Without a name beside its number an area says no more than the grid derives by itself. */
void psse_make_regions(psse *p)
{
    bool named = false;
    for (int32_t k = 0; k < p->n_area; k++) {
        char id[16];
        number_text(p->area[k].number, id);
        named = named || (p->area[k].name && p->area[k].name[0] && strcmp(p->area[k].name, id) != 0);
    }
    const int32_t n_bus = sv_draft_n_bus(p->draft);
    if (!named || n_bus == 0)
        return;
    qsort(p->area, (size_t)p->n_area, sizeof *p->area, compare_area);
    psse_area *used = SV_TAKE(p->arena, n_bus, psse_area);
    if (!used)
        return;
    for (int32_t i = 0; i < n_bus; i++)
        used[i].number = sv_draft_bus(p->draft, i)->area;
    qsort(used, (size_t)n_bus, sizeof *used, compare_area);
    int32_t n = 0;
    for (int32_t i = 0; i < n_bus; i++) {
        if (n > 0 && used[i].number == used[n - 1].number)
            continue;
        char id[16];
        number_text(used[i].number, id);
        const psse_area *area = find_area(p->area, p->n_area, used[i].number);
        const sv_region region = {.id = id,
                                  .name = area && area->name && area->name[0] ? area->name : NULL,
                                  .x_km = NAN,
                                  .y_km = NAN,
                                  .i_series_temperature = -1};
        sv_draft_add_region(p->draft, &region);
        used[n++].number = used[i].number;
    }
    for (int32_t i = 0; i < n_bus; i++) {
        sv_bus *bus = sv_draft_bus(p->draft, i);
        bus->i_region = (int32_t)(find_area(used, n, bus->area) - used);
    }
}

/* ---- loads and shunts ---------------------------------------------------------------------- */

/* I, ID, STATUS, AREA, ZONE, PL, QL, IP, IQ, YP, YQ, OWNER, SCALE, INTRPT; from 34 also DGENP, DGENQ, DGENF.
 * Parts of constant current and admittance are taken as power at the voltage that the bus has in the file; YQ is negative
 * for an inductive load. Generation behind the load (DGEN) is taken off it. */
void psse_read_load(psse *p, psse_record *r)
{
    char id[PSSE_NAME + 16], circuit[PSSE_NAME];
    snprintf(r->what, sizeof r->what, "load");
    const int32_t i_bus = psse_bus(p, r, 0, "I");
    if (p->status)
        return;
    const sv_bus *bus = sv_draft_bus(p->draft, i_bus);
    psse_id(r, 1, circuit);
    snprintf(id, sizeof id, "%s-%s", bus->id, circuit);
    snprintf(r->what, sizeof r->what, "load %.48s", id);
    const bool on = psse_on(p, r, 2, "STATUS");
    const double v = bus->vm_pu;
    sv_load load = sv_load_default();
    load.id = id;
    load.line = r->line;
    load.i_bus = i_bus;
    load.p_mw =
        psse_real(p, r, 5, "PL", 0.0) + psse_real(p, r, 7, "IP", 0.0) * v + psse_real(p, r, 9, "YP", 0.0) * v * v;
    load.q_mvar =
        psse_real(p, r, 6, "QL", 0.0) + psse_real(p, r, 8, "IQ", 0.0) * v - psse_real(p, r, 10, "YQ", 0.0) * v * v;
    if (p->version >= 34 && psse_code(p, r, 16, "DGENF", (psse_range){0, 0, 1}) == 1) {
        load.p_mw -= psse_real(p, r, 14, "DGENP", 0.0);
        load.q_mvar -= psse_real(p, r, 15, "DGENQ", 0.0);
    }
    if (!p->status && on && bus->type != SV_BUS_DEAD)
        sv_draft_add_load(p->draft, &load);
}

void psse_add_shunt(psse *p, int32_t line, int32_t i_bus, double g_mw, double b_mvar)
{
    if (p->status || is_dead(p, i_bus) || (g_mw == 0.0 && b_mvar == 0.0))
        return;
    const sv_shunt shunt = {.line = line, .i_bus = i_bus, .g_mw = g_mw, .b_mvar = b_mvar};
    sv_draft_add_shunt(p->draft, &shunt);
}

/* I, ID, STATUS, GL, BL */
void psse_read_fixed_shunt(psse *p, psse_record *r)
{
    snprintf(r->what, sizeof r->what, "fixed shunt");
    const int32_t i_bus = psse_bus(p, r, 0, "I");
    if (p->status)
        return;
    snprintf(r->what, sizeof r->what, "fixed shunt at bus %s", sv_draft_bus(p->draft, i_bus)->id);
    const bool on = psse_on(p, r, 2, "STATUS");
    const double g_mw = psse_real(p, r, 3, "GL", 0.0), b_mvar = psse_real(p, r, 4, "BL", 0.0);
    if (on)
        psse_add_shunt(p, r->line, i_bus, g_mw, b_mvar);
}

/* 33, 34: I, MODSW, ADJM, STAT, VSWHI, VSWLO, SWREM, RMPCT, RMIDNT, BINIT, N1, B1, ...
 * 35:     I, ID, MODSW, ADJM, STAT, VSWHI, VSWLO, SWREG, NREG, RMPCT, RMIDNT, BINIT, S1, N1, B1, ...
 * It stays at the susceptance that it has in the file. */
void psse_read_switched_shunt(psse *p, psse_record *r)
{
    snprintf(r->what, sizeof r->what, "switched shunt");
    const int32_t i_bus = psse_bus(p, r, 0, "I");
    if (p->status)
        return;
    snprintf(r->what, sizeof r->what, "switched shunt at bus %s", sv_draft_bus(p->draft, i_bus)->id);
    const bool on = psse_on(p, r, p->version >= 35 ? 4 : 3, "STAT");
    const double b_mvar = psse_real(p, r, p->version >= 35 ? 11 : 9, "BINIT", 0.0);
    if (on)
        psse_add_shunt(p, r->line, i_bus, 0.0, b_mvar);
}

/* ---- generators ---------------------------------------------------------------------------- */

/* 9999 is the manual's way to say that there is no limit. */
static double open_limit(double q_mvar)
{
    return q_mvar >= 9999.0 ? INFINITY : q_mvar <= -9999.0 ? -INFINITY : q_mvar;
}

/* 33: I, ID, PG, QG, QT, QB, VS, IREG, MBASE, ZR, ZX, RT, XT, GTAP, STAT, RMPCT, PT, PB, O1, F1, ..., O4, F4, WMOD, WPF
 * 34: NREG behind. 35: NREG behind IREG, BASLOD behind PB. */
void psse_read_generator(psse *p, psse_record *r)
{
    char id[PSSE_NAME + 16], machine[PSSE_NAME];
    snprintf(r->what, sizeof r->what, "generator");
    const int32_t i_bus = psse_bus(p, r, 0, "I");
    if (p->status)
        return;
    const sv_bus *bus = sv_draft_bus(p->draft, i_bus);
    const int32_t one = p->version >= 35 ? 1 : 0, two = p->version >= 35 ? 2 : 0;
    psse_id(r, 1, machine);
    snprintf(id, sizeof id, "%s-%s", bus->id, machine);
    snprintf(r->what, sizeof r->what, "generator %.48s", id);
    sv_gen gen = sv_gen_default();
    gen.id = id;
    gen.line = r->line;
    gen.i_bus = i_bus;
    gen.p_mw = psse_real(p, r, 2, "PG", 0.0);
    gen.q_mvar = psse_real(p, r, 3, "QG", 0.0);
    gen.q_max_mvar = open_limit(psse_real(p, r, 4, "QT", 9999.0));
    gen.q_min_mvar = open_limit(psse_real(p, r, 5, "QB", -9999.0));
    gen.vm_pu = psse_real(p, r, 6, "VS", 1.0);
    const int32_t regulated = psse_int(p, r, 7, "IREG", 0);
    if (regulated != 0 && regulated != atoi(bus->id))
        gen.vm_pu = bus->vm_pu; /* VS is another bus's: hold what this one has, which is the same state */
    gen.base_mva = psse_real(p, r, 8 + one, "MBASE", p->base_mva);
    gen.in_service = psse_on(p, r, 14 + one, "STAT");
    gen.p_max_mw = psse_real(p, r, 16 + one, "PT", 9999.0);
    gen.p_min_mw = psse_real(p, r, 17 + one, "PB", -9999.0);
    const int32_t machine_mode = psse_int(p, r, 26 + two, "WMOD", 0);
    if (gen.p_max_mw == 0.0 && gen.p_min_mw == 0.0)
        gen.kind = SV_GEN_CONDENSER;
    else if (machine_mode >= 1 && machine_mode <= 3) /* wind or another renewable */
        gen.kind = SV_GEN_WIND;
    if (!p->status)
        sv_draft_add_gen(p->draft, &gen);
}

/* ---- lines --------------------------------------------------------------------------------- */

/* Ends, circuit, id of a branch of two ends. The id is "101-102-1", with a word before it where there is one. */
static bool read_ends(psse *p, psse_record *r, const char *what, const char *word, sv_branch *branch,
                      char id[PSSE_NAME + 48])
{
    char circuit[PSSE_NAME];
    snprintf(r->what, sizeof r->what, "%s", what);
    *branch = sv_branch_default();
    branch->i_from = psse_branch_end(p, r, 0, "I");
    branch->i_to = psse_branch_end(p, r, 1, "J");
    if (p->status)
        return false;
    psse_id(r, 2, circuit);
    snprintf(id, PSSE_NAME + 48, "%s%s-%s-%s", word, sv_draft_bus(p->draft, branch->i_from)->id,
             sv_draft_bus(p->draft, branch->i_to)->id, circuit);
    snprintf(r->what, sizeof r->what, "%s %.48s", what, id);
    branch->id = id;
    branch->line = r->line;
    return true;
}

static void make_tie(const psse *p, sv_branch *branch)
{
    if (branch->r_pu == 0.0 && fabs(branch->x_pu) <= p->tie_threshold_pu)
        branch->x_pu = 0.0;
}

/* 33:     I, J, CKT, R, X, B, RATEA, RATEB, RATEC, GI, BI, GJ, BJ, ST, MET, LEN, O1, F1, ...
 * 34, 35: I, J, CKT, R, X, B, NAME, RATE1, ..., RATE12, GI, BI, GJ, BJ, STAT, MET, LEN, O1, F1, ... */
void psse_read_branch(psse *p, psse_record *r)
{
    char id[PSSE_NAME + 48];
    sv_branch branch;
    if (!read_ends(p, r, "branch", "", &branch, id))
        return;
    const int32_t rates = p->version >= 34 ? 7 : 6, shunts = p->version >= 34 ? 19 : 9;
    branch.r_pu = psse_real(p, r, 3, "R", 0.0);
    branch.x_pu = psse_real(p, r, 4, "X", 0.0);
    if (!psse_given(r, 4))
        psse_fail(p, r->line, "%s: X is not given; accepted: a reactance in per unit", r->what);
    branch.b_pu = psse_real(p, r, 5, "B", 0.0);
    branch.rate_a_mva = psse_real(p, r, rates, "RATEA", 0.0);
    branch.rate_b_mva = psse_real(p, r, rates + 1, "RATEB", 0.0);
    branch.rate_c_mva = psse_real(p, r, rates + 2, "RATEC", 0.0);
    branch.in_service = psse_on(p, r, shunts + 4, "ST");
    branch.length_km = psse_real(p, r, shunts + 6, "LEN", 0.0) * p->km_per_length;
    make_tie(p, &branch);
    static const char *const name[] = {"GI", "BI", "GJ", "BJ"};
    double y_mva[4];
    for (int k = 0; k < 4; k++)
        y_mva[k] = psse_real(p, r, shunts + k, name[k], 0.0) * p->base_mva;
    if (p->status)
        return;
    sv_draft_add_branch(p->draft, &branch);
    if (branch.in_service) {
        psse_add_shunt(p, r->line, branch.i_from, y_mva[0], y_mva[1]);
        psse_add_shunt(p, r->line, branch.i_to, y_mva[2], y_mva[3]);
    }
}

/* I, J, CKT, X, RATE1, ..., RATE12, STAT, NSTAT, MET, STYPE, NAME. Its circuits count apart from those of lines. */
void psse_read_switch(psse *p, psse_record *r)
{
    char id[PSSE_NAME + 48];
    sv_branch branch;
    if (!read_ends(p, r, "switching device", "sw-", &branch, id))
        return;
    branch.x_pu = psse_real(p, r, 3, "X", 0.0001);
    branch.rate_a_mva = psse_real(p, r, 4, "RATE1", 0.0);
    branch.rate_b_mva = psse_real(p, r, 5, "RATE2", 0.0);
    branch.rate_c_mva = psse_real(p, r, 6, "RATE3", 0.0);
    branch.in_service = psse_on(p, r, 16, "STAT");
    make_tie(p, &branch);
    if (!p->status)
        sv_draft_add_branch(p->draft, &branch);
}
