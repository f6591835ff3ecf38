/* A plan as a grid: ids, electrical values, customers by class, series. Branches stand in the order lines, banks, each with
 * its units: size.c counts on it. Linear. One thread. */
#include "private.h"

static const double BASE_MVA = 100.0;
static const double HOURS_A_YEAR = 8760.0;

typedef struct {
    const plan *p;
    sv_draft *draft;
    int32_t id_base;    /* bus id = region * id_base + number in the region, both from 1 */
    int32_t *number;    /* [n_bus] in its region */
    int32_t *region_of; /* [n_bus] */
    int32_t *load_series, *wind_series, *solar_series, *temperature_series; /* [n_region], -1 = none */
    int32_t hydro_series;
} maker;

static void add_bus_id(const maker *m, words *w, int32_t i_bus)
{
    words_add_int(w, (int64_t)(m->region_of[i_bus] + 1) * m->id_base + m->number[i_bus], 1);
}

static words region_id(int32_t i_region, const char *head)
{
    words w = {{0}, 0};
    words_add(&w, head);
    words_add_int(&w, i_region + 1, 2);
    return w;
}

/* ---- series -------------------------------------------------------------------------------- */

static int32_t add_series(const maker *m, const char *id, const float *value)
{
    const sv_series s = {.id = id, .t0_h = m->p->settings.t0_h, .n_h = m->p->settings.n_h, .value = value};
    return sv_draft_add_series(m->draft, &s);
}

/* Regions that have a park of a kind. */
static bool has_park(const plan *p, int32_t i_region, sv_gen_kind kind)
{
    for (int32_t i = 0; i < p->n_machine; i++) {
        if (p->machine[i].kind == kind && p->place[p->machine[i].i_place].i_region == i_region)
            return true;
    }
    return false;
}

static sv_status add_all_series(maker *m)
{
    const plan *p = m->p;
    const int64_t t0_h = p->settings.t0_h, n_h = p->settings.n_h;
    sv_arena *arena = sv_arena_new();
    float *value = arena ? SV_TAKE(arena, n_h, float) : NULL;
    float **load = arena ? (float **)sv_arena_take(arena, (size_t)p->n_region, sizeof(float *)) : NULL;
    for (int32_t r = 0; load && r < p->n_region; r++)
        load[r] = SV_TAKE(arena, n_h, float);
    if (!value || !load || sv_arena_failed(arena) || fill_load(p, arena, t0_h, n_h, load)) {
        sv_arena_free(arena);
        return SV_ENOMEM;
    }
    for (int32_t r = 0; r < p->n_region; r++)
        m->load_series[r] = add_series(m, region_id(r, "load_R").text, load[r]);
    for (int32_t r = 0; r < p->n_region; r++) {
        fill_temperature(p, r, false, t0_h, n_h, value);
        m->temperature_series[r] = add_series(m, region_id(r, "temperature_R").text, value);
    }
    for (int32_t r = 0; r < p->n_region; r++) {
        if (!has_park(p, r, SV_GEN_WIND))
            continue;
        fill_wind(p, r, t0_h, n_h, value);
        m->wind_series[r] = add_series(m, region_id(r, "wind_R").text, value);
    }
    for (int32_t r = 0; r < p->n_region; r++) {
        if (!has_park(p, r, SV_GEN_SOLAR))
            continue;
        fill_solar(p, r, t0_h, n_h, value);
        m->solar_series[r] = add_series(m, region_id(r, "solar_R").text, value);
    }
    fill_hydro(p, t0_h, n_h, value);
    m->hydro_series = add_series(m, "hydro", value);
    sv_arena_free(arena);
    return SV_OK;
}

/* ---- regions, sites, buses ----------------------------------------------------------------- */

static void add_regions(const maker *m)
{
    for (int32_t r = 0; r < m->p->n_region; r++) {
        const region *own = &m->p->region[r];
        const words id = region_id(r, "R");
        const sv_region row = {.id = id.text,
                               .name = own->name,
                               .zone = own->zone,
                               .x_km = own->at.x,
                               .y_km = own->at.y,
                               .i_series_temperature = m->temperature_series[r]};
        (void)sv_draft_add_region(m->draft, &row);
    }
}

static void add_sites(const maker *m)
{
    for (int32_t i = 0; i < m->p->n_place; i++) {
        const place *s = &m->p->place[i];
        words id = {{0}, 0};
        words_add(&id, "S");
        words_add_int(&id, i + 1, 3);
        const sv_site row = {.id = id.text,
                             .name = s->name,
                             .class_ = s->class_,
                             .i_region = s->i_region,
                             .x_km = s->at.x,
                             .y_km = s->at.y};
        (void)sv_draft_add_site(m->draft, &row);
    }
}

static void number_buses(maker *m)
{
    int32_t in_region = 0, last = -1, most = 0;
    for (int32_t i = 0; i < m->p->n_place; i++) {
        const place *s = &m->p->place[i];
        if (s->i_region != last)
            in_region = 0;
        last = s->i_region;
        for (int k = N_LEVEL - 1; k >= 0; k--) {
            if (s->bus[k] < 0)
                continue;
            m->region_of[s->bus[k]] = s->i_region;
            m->number[s->bus[k]] = ++in_region;
        }
        most = in_region > most ? in_region : most;
    }
    for (m->id_base = 100; m->id_base <= most; m->id_base *= 10)
        continue;
}

/* The reference bus: the 750 or 330 kV bus of the first nuclear plant. */
static int32_t reference_bus(const plan *p)
{
    const machine *first = &p->machine[0];
    return p->place[first->i_place].bus[first->at];
}

static void add_buses(const maker *m, const uint8_t *has_machine)
{
    const plan *p = m->p;
    const int32_t reference = reference_bus(p);
    for (int32_t i = 0; i < p->n_place; i++) {
        const place *s = &p->place[i];
        for (int k = N_LEVEL - 1; k >= 0; k--) {
            if (s->bus[k] < 0)
                continue;
            words id = {{0}, 0}, name = {{0}, 0};
            add_bus_id(m, &id, s->bus[k]);
            words_add(&name, s->name);
            words_add(&name, " ");
            words_add_int(&name, (int64_t)level_kv[k], 1);
            sv_bus row = sv_bus_default();
            row.id = id.text;
            row.name = name.text;
            row.type = s->bus[k] == reference ? SV_BUS_REF : has_machine[s->bus[k]] ? SV_BUS_PV : SV_BUS_PQ;
            row.vn_kv = level_kv[k];
            row.v_max_pu = 1.1;
            row.v_min_pu = 0.9;
            row.i_region = s->i_region;
            row.i_site = i;
            row.area = s->i_region + 1;
            row.zone = 1;
            row.x_km = s->at.x;
            row.y_km = s->at.y;
            (void)sv_draft_add_bus(m->draft, &row);
        }
    }
}

/* ---- branches ------------------------------------------------------------------------------ */

static void add_branch(const maker *m, const char *head, int32_t from, int32_t to, int32_t unit, sv_branch row)
{
    words id = {{0}, 0};
    words_add(&id, head);
    add_bus_id(m, &id, from);
    words_add(&id, "-");
    add_bus_id(m, &id, to);
    words_add(&id, "-");
    words_add_int(&id, unit + 1, 1);
    row.id = id.text;
    row.i_from = from;
    row.i_to = to;
    (void)sv_draft_add_branch(m->draft, &row);
}

/* Permanent outages a year and hours of one, as fitted to the lines of RTS-79 (docs/model/synth.md). */
static double line_outages(level at, double km)
{
    static const double ends[N_LEVEL] = {0.224, 0.285, 0.285}, per_km[N_LEVEL] = {0.00323, 0.00217, 0.0013};
    return ends[at] + per_km[at] * km;
}

static void add_lines(const maker *m)
{
    const plan *p = m->p;
    for (int32_t i = 0; i < p->n_line; i++) {
        const line *l = &p->line[i];
        int32_t n_type;
        const line_type *type = &line_types(l->at, &n_type)[l->i_rating];
        const double ohm = level_kv[l->at] * level_kv[l->at] / BASE_MVA;
        sv_branch row = sv_branch_default();
        row.r_pu = round_to(type->r_ohm_km * l->length_km / ohm, 1e6);
        row.x_pu = round_to(type->x_ohm_km * l->length_km / ohm, 1e6);
        row.b_pu = round_to(type->b_us_km * 1e-6 * l->length_km * ohm, 1e6);
        row.rate_a_mva = type->rate_mva;
        row.rate_b_mva = round_to(1.15 * type->rate_mva, 1.0);
        row.rate_c_mva = round_to(1.25 * type->rate_mva, 1.0);
        row.length_km = l->length_km;
        row.mttf_h = round_to(HOURS_A_YEAR / line_outages(l->at, l->length_km), 1.0);
        row.mttr_h = l->at == LEVEL_110 ? 10.0 : 11.0;
        for (int32_t k = 0; k < l->n_unit; k++)
            add_branch(m, "L", p->place[l->a].bus[l->at], p->place[l->b].bus[l->at], k, row);
    }
}

static void add_banks(const maker *m)
{
    const plan *p = m->p;
    for (int32_t i = 0; i < p->n_bank; i++) {
        const bank *t = &p->bank[i];
        int32_t n_type;
        const bank_type *type = &bank_types(t->high, &n_type)[t->i_rating];
        sv_branch row = sv_branch_default();
        row.r_pu = round_to(type->r_share * BASE_MVA / type->rate_mva, 1e6);
        row.x_pu = round_to(type->x_share * BASE_MVA / type->rate_mva, 1e6);
        row.tap = 1.0;
        row.rate_a_mva = type->rate_mva;
        row.rate_b_mva = round_to(1.2 * type->rate_mva, 1.0);
        row.rate_c_mva = round_to(1.4 * type->rate_mva, 1.0);
        row.mttf_h = HOURS_A_YEAR / 0.02;
        row.mttr_h = 768.0;
        const int32_t *bus = p->place[t->i_place].bus;
        for (int32_t k = 0; k < t->n_unit; k++)
            add_branch(m, "T", bus[t->high], bus[t->high - 1], k, row);
    }
}

/* ---- machines ------------------------------------------------------------------------------ */

/* RTS-79's classes of unit. */
static void set_failure_times(sv_gen *row, const machine *u)
{
    static const struct {
        sv_gen_kind kind;
        double up_to_mw, mttf_h, mttr_h;
    } table[] = {
        {SV_GEN_NUCLEAR, 1e9, 1100.0, 150.0},  {SV_GEN_HYDRO, 1e9, 1980.0, 20.0},
        {SV_GEN_THERMAL, 100.0, 1960.0, 40.0}, {SV_GEN_THERMAL, 180.0, 960.0, 40.0},
        {SV_GEN_THERMAL, 260.0, 950.0, 50.0},  {SV_GEN_THERMAL, 1e9, 1150.0, 100.0},
    };
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        if (table[k].kind == u->kind && u->p_mw <= table[k].up_to_mw) {
            row->mttf_h = table[k].mttf_h;
            row->mttr_h = table[k].mttr_h;
            return;
        }
    }
}

static const char *word_of_machine(const machine *u)
{
    static const char *const word[SV_N_GEN_KIND] = {
        [SV_GEN_THERMAL] = "_STEAM_", [SV_GEN_NUCLEAR] = "_NUCLEAR_", [SV_GEN_HYDRO] = "_HYDRO_",
        [SV_GEN_WIND] = "_WIND_",     [SV_GEN_SOLAR] = "_PV_",        [SV_GEN_CONDENSER] = "_SYNC_"};
    return u->heat ? "_CHP_" : word[u->kind];
}

static int32_t series_of(const maker *m, const machine *u)
{
    const int32_t r = m->p->place[u->i_place].i_region;
    if (u->kind == SV_GEN_HYDRO)
        return m->hydro_series;
    return u->kind == SV_GEN_WIND ? m->wind_series[r] : u->kind == SV_GEN_SOLAR ? m->solar_series[r] : -1;
}

/* Set points: the winter peak on own plant. used [n_bus] counts the machines of a bus */
static void add_machines(const maker *m, const double *p_gen, uint8_t *used)
{
    const plan *p = m->p;
    for (int32_t i = 0; i < p->n_machine; i++) {
        const machine *u = &p->machine[i];
        const int32_t bus = p->place[u->i_place].bus[u->at];
        words id = {{0}, 0};
        add_bus_id(m, &id, bus);
        words_add(&id, word_of_machine(u));
        words_add_int(&id, ++used[bus], 1);
        sv_gen row = sv_gen_default();
        row.id = id.text;
        row.i_bus = bus;
        row.kind = u->kind;
        row.p_mw = round_to(p_gen[i], 10.0);
        row.p_max_mw = u->p_mw;
        row.q_max_mvar = round_to(0.5 * u->p_mw, 1.0);
        row.q_min_mvar = round_to(-0.3 * u->p_mw, 1.0);
        row.vm_pu = u->at == LEVEL_110 ? 1.0 : 1.02;
        row.base_mva = round_to(u->p_mw / 0.85, 1.0);
        row.i_series = series_of(m, u);
        set_failure_times(&row, u);
        (void)sv_draft_add_gen(m->draft, &row);
    }
    for (int32_t i = 0; i < p->n_battery; i++) {
        words id = {{0}, 0};
        sv_storage row = sv_storage_default();
        row.i_bus = p->place[p->battery[i].i_place].bus[LEVEL_110];
        add_bus_id(m, &id, row.i_bus);
        words_add(&id, "_BATTERY_1");
        row.id = id.text;
        row.p_mw = p->battery[i].p_mw;
        row.energy_mwh = 2.0 * row.p_mw;
        row.efficiency = 0.86;
        row.initial_soc = 0.5;
        row.mttf_h = 1980.0;
        row.mttr_h = 20.0;
        (void)sv_draft_add_storage(m->draft, &row);
    }
    for (int32_t i = 0; i < p->n_tie; i++) {
        const place *s = &p->place[p->tie[i].i_place];
        words id = {{0}, 0}, name = {{0}, 0};
        words_add(&id, "X");
        words_add_int(&id, i + 1, 1);
        words_add(&name, "Border ");
        words_add(&name, s->name);
        const sv_interconnector row = {.id = id.text,
                                       .name = name.text,
                                       .i_bus = s->bus[p->tie[i].at],
                                       .limit_mw = p->tie[i].limit_mw,
                                       .i_series = -1};
        (void)sv_draft_add_interconnector(m->draft, &row);
    }
}

/* ---- customers ----------------------------------------------------------------------------- */

static void add_load(const maker *m, const place *s, sv_class class_, double p_mw, double people)
{
    words id = {{0}, 0};
    sv_load row = sv_load_default();
    row.i_bus = s->bus[LEVEL_110];
    add_bus_id(m, &id, row.i_bus);
    words_add(&id, "_");
    words_add(&id, sv_class_name[class_]);
    row.id = id.text;
    row.class_ = class_;
    row.p_mw = p_mw;
    row.q_mvar = round_to(0.2 * p_mw, 10.0);
    row.people = people;
    row.i_series = m->load_series[s->i_region];
    (void)sv_draft_add_load(m->draft, &row);
}

/* About 10 % critical, 60 % household, 30 % industry, the more industry where load is high for its people; capacitors for
 * half of the reactive load. 8 % of the people live on critical feeders. */
static void add_loads(const maker *m)
{
    const plan *p = m->p;
    for (int32_t i = 0; i < p->n_place; i++) {
        const place *s = &p->place[i];
        if (s->load_mw <= 0.0)
            continue;
        const double relative = s->load_mw / s->people * p->people / p->peak_mw; /* about 0.85 .. 1.15 */
        const double industry = round_to(s->load_mw * (0.30 + 0.6 * (relative - 1.0)), 10.0);
        const double critical = round_to(s->load_mw * 0.10, 10.0);
        const double people_critical = round_to(0.08 * s->people, 1.0);
        add_load(m, s, SV_CRITICAL, critical, people_critical);
        add_load(m, s, SV_HOUSEHOLD, round_to(s->load_mw - industry - critical, 10.0), s->people - people_critical);
        add_load(m, s, SV_INDUSTRY, industry, 0.0);
        const sv_shunt capacitor = {.i_bus = s->bus[LEVEL_110], .b_mvar = round_to(0.1 * s->load_mw, 1.0)};
        (void)sv_draft_add_shunt(m->draft, &capacitor);
    }
}

/* Reactors for 70 % of the charging of 750 kV lines, half at each end. */
static void add_reactors(const maker *m)
{
    const plan *p = m->p;
    for (int32_t i = 0; i < p->n_line; i++) {
        const line *l = &p->line[i];
        if (l->at != LEVEL_750)
            continue;
        int32_t n_type;
        const double b_us = line_types(l->at, &n_type)[l->i_rating].b_us_km * l->length_km * (double)l->n_unit;
        const double mvar = round_to(0.35 * b_us * 1e-6 * level_kv[l->at] * level_kv[l->at], 1.0);
        for (int end = 0; end < 2; end++) {
            const sv_shunt reactor = {.i_bus = p->place[end ? l->b : l->a].bus[l->at], .b_mvar = -mvar};
            (void)sv_draft_add_shunt(m->draft, &reactor);
        }
    }
}

/* ---- all of it ----------------------------------------------------------------------------- */

static sv_status fill_draft(maker *m, sv_arena *arena, bool with_series)
{
    const plan *p = m->p;
    double *p_gen = SV_TAKE(arena, p->n_machine, double), *p_import = SV_TAKE(arena, p->n_tie, double);
    uint8_t *used = SV_TAKE(arena, p->settings.n_bus, uint8_t),
            *has_machine = SV_TAKE(arena, p->settings.n_bus, uint8_t);
    int32_t **series[] = {&m->load_series, &m->wind_series, &m->solar_series, &m->temperature_series};
    for (size_t k = 0; k < sizeof series / sizeof series[0]; k++) {
        *series[k] = SV_TAKE(arena, p->n_region, int32_t);
        for (int32_t r = 0; *series[k] && r < p->n_region; r++)
            (*series[k])[r] = -1;
    }
    m->number = SV_TAKE(arena, p->settings.n_bus, int32_t);
    m->region_of = SV_TAKE(arena, p->settings.n_bus, int32_t);
    m->hydro_series = -1;
    if (sv_arena_failed(arena) || (with_series && add_all_series(m)))
        return SV_ENOMEM;
    number_buses(m);
    for (int32_t i = 0; i < p->n_machine; i++)
        has_machine[p->place[p->machine[i].i_place].bus[p->machine[i].at]] = 1;
    dispatch(p, &winter_peak, p_gen, p_import);
    sv_draft_set_name(m->draft, p->name, NULL);
    sv_draft_set_base(m->draft, BASE_MVA);
    add_regions(m);
    add_sites(m);
    add_buses(m, has_machine);
    add_lines(m);
    add_banks(m);
    add_machines(m, p_gen, used);
    add_loads(m);
    add_reactors(m);
    return SV_OK;
}

sv_status make_grid(const plan *p, bool with_series, sv_grid **grid, sv_error *err)
{
    *grid = NULL;
    sv_arena *arena = sv_arena_new();
    maker m = {.p = p, .draft = sv_draft_new()};
    sv_status status = arena && m.draft ? fill_draft(&m, arena, with_series) : SV_ENOMEM;
    if (!status)
        status = sv_grid_new(grid, m.draft, err);
    else
        (void)sv_error_set(err, status, NULL, 0, "out of memory");
    sv_draft_free(&m.draft);
    sv_arena_free(arena);
    return status;
}
