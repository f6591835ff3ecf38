/* Tables of a CSV folder, one function a row: branch, dc_branch, storage, gen. Columns are RTS-GMLC's and Svitlo's own beside
 * them (docs/formats.md). What a row must say is checked here with its line, the rest in sv_grid_new. */
#include "csv_read.h"
#include "kinds.h"

#include <math.h>
#include <string.h>

/* ---- branch.csv and dc_branch.csv ---------------------------------------------------------- */

enum {
    BRANCH_ID,
    BRANCH_FROM,
    BRANCH_TO,
    BRANCH_R,
    BRANCH_X,
    BRANCH_B,
    BRANCH_RATE_A,
    BRANCH_RATE_B,
    BRANCH_RATE_C,
    BRANCH_OUT_RATE,
    BRANCH_DURATION,
    BRANCH_TAP,
    BRANCH_LENGTH,
    BRANCH_LENGTH_KM,
    BRANCH_SHIFT,
    BRANCH_ANGLE_MIN,
    BRANCH_ANGLE_MAX,
    BRANCH_MTTF,
    BRANCH_MTTR,
    BRANCH_ON
};
static const char *const branch_columns[] = {
    "UID",        "From Bus",      "To Bus",        "R",        "X",        "B",         "Cont Rating",
    "LTE Rating", "STE Rating",    "Perm OutRate",  "Duration", "Tr Ratio", "Length",    "Length km",
    "Shift Deg",  "Angle Min Deg", "Angle Max Deg", "MTTF Hr",  "MTTR Hr",  "In Service"};

static const double HOURS_PER_YEAR = 8760.0, KM_PER_MILE = 1.609344;

/* MTTF and MTTR as given, else from outages a year and their duration. */
static sv_status failure_times(const csv_row *row, int32_t k_rate, int32_t k_duration, int32_t k_mttf, int32_t k_mttr,
                               double *mttf_h, double *mttr_h)
{
    double per_year = 0.0;
    if (cell_real(row, k_rate, &per_year) || cell_real(row, k_duration, mttr_h))
        return SV_EDATA;
    if (per_year < 0.0 || *mttr_h < 0.0)
        return ROW_BAD(row, "%s is %g a year and %s %g h; accepted: 0 or more", row->column[k_rate], per_year,
                       row->column[k_duration], *mttr_h);
    if (per_year > 0.0) {
        *mttf_h = HOURS_PER_YEAR / per_year - *mttr_h;
        if (!(*mttf_h > 0.0))
            return ROW_BAD(row, "%g outages a year of %g h each leave no time in service", per_year, *mttr_h);
    }
    if (k_mttf >= 0 && (cell_real(row, k_mttf, mttf_h) || cell_real(row, k_mttr, mttr_h)))
        return SV_EDATA;
    return SV_OK;
}

static sv_status branch_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_branch b = sv_branch_default();
    b.line = row->line;
    double *const value[] = {&b.r_pu, &b.x_pu, &b.b_pu, &b.rate_a_mva, &b.rate_b_mva, &b.rate_c_mva};
    if (cell_need_text(row, BRANCH_ID, &b.id) || cell_bus(r, row, BRANCH_FROM, &b.i_from) ||
        cell_bus(r, row, BRANCH_TO, &b.i_to) || cell_reals(row, BRANCH_R, value, COUNT(value)) ||
        cell_real(row, BRANCH_TAP, &b.tap) || cell_real(row, BRANCH_SHIFT, &b.shift_deg) ||
        cell_real(row, BRANCH_ANGLE_MIN, &b.angle_min_deg) || cell_real(row, BRANCH_ANGLE_MAX, &b.angle_max_deg) ||
        cell_bool(row, BRANCH_ON, &b.in_service) || cell_real(row, BRANCH_LENGTH, &b.length_km) ||
        failure_times(row, BRANCH_OUT_RATE, BRANCH_DURATION, BRANCH_MTTF, BRANCH_MTTR, &b.mttf_h, &b.mttr_h))
        return SV_EDATA;
    b.length_km *= KM_PER_MILE;
    if (cell_real(row, BRANCH_LENGTH_KM, &b.length_km))
        return SV_EDATA;
    sv_draft_add_branch(r->draft, &b);
    return SV_OK;
}

const csv_table table_branch = {branch_columns, COUNT(branch_columns),
                                BIT(BRANCH_ID) | BIT(BRANCH_FROM) | BIT(BRANCH_TO) | BIT(BRANCH_X), branch_row};

enum {
    DC_ID,
    DC_FROM,
    DC_TO,
    DC_P,
    DC_OUT_RATE,
    DC_DURATION,
    DC_P_MIN,
    DC_P_MAX,
    DC_LOSS,
    DC_LOSS_SHARE,
    DC_Q_FROM,
    DC_Q_TO,
    DC_VM_FROM,
    DC_VM_TO,
    DC_Q_MIN_FROM,
    DC_Q_MAX_FROM,
    DC_Q_MIN_TO,
    DC_Q_MAX_TO,
    DC_MTTF,
    DC_MTTR,
    DC_ON
};
static const char *const dc_columns[] = {
    "UID",         "From Bus",  "To Bus",         "MW Load",        "Line FOR Perm", "MTTR Line Hours",
    "PMin MW",     "PMax MW",   "Loss MW",        "Loss Share",     "From MVAR",     "To MVAR",
    "From V p.u.", "To V p.u.", "From QMin MVAR", "From QMax MVAR", "To QMin MVAR",  "To QMax MVAR",
    "MTTF Hr",     "MTTR Hr",   "In Service"};

/* Without limits of its own a dc line can carry its scheduled power either way. */
static sv_status dc_line_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_dc_line dc = sv_dc_line_default();
    dc.line = row->line;
    if (cell_need_text(row, DC_ID, &dc.id) || cell_bus(r, row, DC_FROM, &dc.i_from) ||
        cell_bus(r, row, DC_TO, &dc.i_to) || cell_real(row, DC_P, &dc.p_mw) ||
        failure_times(row, DC_OUT_RATE, DC_DURATION, DC_MTTF, DC_MTTR, &dc.mttf_h, &dc.mttr_h) ||
        cell_bool(row, DC_ON, &dc.in_service))
        return SV_EDATA;
    dc.p_max_mw = fabs(dc.p_mw);
    dc.p_min_mw = -dc.p_max_mw;
    double *const value[] = {&dc.p_min_mw,        &dc.p_max_mw,        &dc.loss_mw,       &dc.loss_share,
                             &dc.q_from_mvar,     &dc.q_to_mvar,       &dc.vm_from_pu,    &dc.vm_to_pu,
                             &dc.q_min_from_mvar, &dc.q_max_from_mvar, &dc.q_min_to_mvar, &dc.q_max_to_mvar};
    if (cell_reals(row, DC_P_MIN, value, COUNT(value)))
        return SV_EDATA;
    sv_draft_add_dc_line(r->draft, &dc);
    return SV_OK;
}

const csv_table table_dc_line = {dc_columns, COUNT(dc_columns), BIT(DC_ID) | BIT(DC_FROM) | BIT(DC_TO), dc_line_row};

/* ---- storage.csv --------------------------------------------------------------------------- */

enum {
    STORE_ID,
    STORE_NAME,
    STORE_VOLUME,
    STORE_INITIAL,
    STORE_POSITION,
    STORE_BUS,
    STORE_P,
    STORE_ENERGY,
    STORE_EFFICIENCY,
    STORE_SOC,
    STORE_MTTF,
    STORE_MTTR,
    STORE_ON
};
static const char *const store_columns[] = {
    "GEN UID", "Storage",  "Max Volume GWh", "Initial Volume GWh",    "position",
    "Bus ID",  "Power MW", "Energy MWh",     "Round Trip Efficiency", "Initial SOC",
    "MTTF Hr", "MTTR Hr",  "In Service"};

/* First pass: rows without a bus belong to a row of gen.csv; the head reservoir counts, the tail is water below. */
static sv_status store_head_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    if (*cell_text(row, STORE_BUS) || text_same(cell_text(row, STORE_POSITION), "tail"))
        return SV_OK;
    double volume = 0.0, initial = 0.0;
    head_store store = {.line = row->line};
    if (cell_need_text(row, STORE_ID, &store.uid) || cell_real(row, STORE_VOLUME, &volume) ||
        cell_real(row, STORE_INITIAL, &initial))
        return SV_EDATA;
    if (volume < 0.0 || initial < 0.0 || initial > volume)
        return ROW_BAD(row, "%g GWh of %g GWh at the start; accepted: 0 up to the volume", initial, volume);
    store.uid = sv_arena_text(r->arena, store.uid);
    store.name = sv_arena_text(r->arena, cell_text(row, STORE_NAME));
    store.energy_mwh = 1000.0 * volume;
    store.initial_soc = volume > 0.0 ? initial / volume : 0.0;
    head_store *list = room_for_one(r, r->store, r->n_store, &r->store_capacity, sizeof *list);
    if (!list || sv_arena_failed(r->arena))
        return SV_ENOMEM;
    r->store = list;
    r->store[r->n_store++] = store;
    return SV_OK;
}

const csv_table table_store_heads = {store_columns, COUNT(store_columns), BIT(STORE_ID), store_head_row};

/* Second pass: rows with a bus stand for themselves. */
static sv_status storage_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_storage storage = sv_storage_default();
    storage.line = row->line;
    if (!*cell_text(row, STORE_BUS))
        return SV_OK;
    double *const value[] = {&storage.p_mw,        &storage.energy_mwh, &storage.efficiency,
                             &storage.initial_soc, &storage.mttf_h,     &storage.mttr_h};
    if (cell_need_text(row, STORE_ID, &storage.id) || cell_bus(r, row, STORE_BUS, &storage.i_bus) ||
        cell_reals(row, STORE_P, value, COUNT(value)) || cell_bool(row, STORE_ON, &storage.in_service))
        return SV_EDATA;
    sv_draft_add_storage(r->draft, &storage);
    return SV_OK;
}

const csv_table table_storage = {store_columns, COUNT(store_columns), BIT(STORE_ID), storage_row};

/* ---- gen.csv ------------------------------------------------------------------------------- */

enum {
    GEN_ID,
    GEN_BUS,
    GEN_TYPE,
    GEN_CATEGORY,
    GEN_FUEL,
    GEN_P,
    GEN_Q,
    GEN_VM,
    GEN_P_MAX,
    GEN_P_MIN,
    GEN_Q_MAX,
    GEN_Q_MIN,
    GEN_MTTF,
    GEN_MTTR,
    GEN_BASE,
    GEN_EFFICIENCY,
    GEN_ON,
    GEN_SERIES,
    GEN_COST_MODEL,
    GEN_STARTUP,
    GEN_SHUTDOWN,
    GEN_COST
};
static const char *const gen_columns[] = {"GEN UID",
                                          "Bus ID",
                                          "Unit Type",
                                          "Category",
                                          "Fuel",
                                          "MW Inj",
                                          "MVAR Inj",
                                          "V Setpoint p.u.",
                                          "PMax MW",
                                          "PMin MW",
                                          "QMax MVAR",
                                          "QMin MVAR",
                                          "MTTF Hr",
                                          "MTTR Hr",
                                          "Base MVA",
                                          "Storage Roundtrip Efficiency",
                                          "In Service",
                                          "Series",
                                          "Cost Model",
                                          "Startup Cost USD",
                                          "Shutdown Cost USD",
                                          "Cost"};

static sv_gen_kind kind_of_row(const csv_row *row)
{
    static const int32_t columns[] = {GEN_TYPE, GEN_FUEL, GEN_CATEGORY};
    sv_gen_kind kind = SV_GEN_THERMAL;
    for (int32_t i = 0; i < COUNT(columns); i++) {
        if (kind_from_word(cell_text(row, columns[i]), &kind))
            return kind;
    }
    return SV_GEN_THERMAL;
}

/* A unit of type STORAGE takes its volume from storage.csv. */
static sv_status add_pumped(csv_reader *r, const csv_row *row, const sv_gen *gen)
{
    int32_t k = 0;
    while (k < r->n_store && strcmp(r->store[k].uid, gen->id) != 0)
        k++;
    if (k == r->n_store)
        return ROW_BAD(row, "%.40s is of type STORAGE but storage.csv has no row for it", gen->id);
    sv_storage storage = sv_storage_default();
    double per_cent = 100.0;
    if (cell_real(row, GEN_EFFICIENCY, &per_cent))
        return SV_EDATA;
    storage.id = gen->id;
    storage.line = row->line;
    storage.i_bus = gen->i_bus;
    storage.p_mw = gen->p_max_mw;
    storage.energy_mwh = r->store[k].energy_mwh;
    storage.initial_soc = r->store[k].initial_soc;
    storage.efficiency = per_cent / 100.0;
    storage.mttf_h = gen->mttf_h;
    storage.mttr_h = gen->mttr_h;
    storage.in_service = gen->in_service;
    sv_draft_add_storage(r->draft, &storage);
    return SV_OK;
}

enum { MOST_COST = 1000 };

/* Numbers with blanks between them. */
static sv_status read_cost(const csv_row *row, double cost[MOST_COST], sv_gen *gen)
{
    gen->cost = cost;
    if (cell_int(row, GEN_COST_MODEL, &gen->cost_model) || cell_real(row, GEN_STARTUP, &gen->cost_startup_usd) ||
        cell_real(row, GEN_SHUTDOWN, &gen->cost_shutdown_usd))
        return SV_EDATA;
    for (const char *p = cell_text(row, GEN_COST); *p;) {
        char word[64];
        const size_t n = strcspn(p, " ");
        if (n >= sizeof word || gen->n_cost == MOST_COST)
            return ROW_BAD(row, "Cost is too long; accepted: at most %d numbers with blanks between them",
                           (int)MOST_COST);
        memcpy(word, p, n);
        word[n] = '\0';
        if (n && !text_real(word, &cost[gen->n_cost++]))
            return ROW_BAD(row, "Cost holds '%.40s'; accepted: numbers with blanks between them", word);
        p += n + (p[n] == ' ');
    }
    return SV_OK;
}

static sv_status gen_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_gen gen = sv_gen_default();
    double cost[MOST_COST];
    gen.line = row->line;
    double *const value[] = {&gen.p_mw,       &gen.q_mvar,     &gen.vm_pu,  &gen.p_max_mw, &gen.p_min_mw,
                             &gen.q_max_mvar, &gen.q_min_mvar, &gen.mttf_h, &gen.mttr_h,   &gen.base_mva};
    if (cell_need_text(row, GEN_ID, &gen.id) || cell_bus(r, row, GEN_BUS, &gen.i_bus) ||
        cell_reals(row, GEN_P, value, COUNT(value)) || cell_bool(row, GEN_ON, &gen.in_service) ||
        cell_series(r, row, GEN_SERIES, &gen.i_series) || read_cost(row, cost, &gen))
        return SV_EDATA;
    if (text_same(cell_text(row, GEN_TYPE), "STORAGE"))
        return add_pumped(r, row, &gen);
    gen.kind = kind_of_row(row);
    sv_draft_add_gen(r->draft, &gen);
    return SV_OK;
}

const csv_table table_gen = {gen_columns, COUNT(gen_columns), BIT(GEN_ID) | BIT(GEN_BUS) | BIT(GEN_P_MAX), gen_row};
