/* grid: the network. Tables of rows, ids, sites, units, topology, islands, what is in service.
 * A reader or generator fills an `sv_draft` row by row; `sv_grid_new` checks it, derives sites, regions and units where
 * the file had none, and gives an immutable `sv_grid` that all threads share. Indices are zero-based, -1 = none. */
#ifndef SVITLO_GRID_H
#define SVITLO_GRID_H

#include "svitlo/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { SV_CRITICAL = 0, SV_HOUSEHOLD = 1, SV_INDUSTRY = 2, SV_N_CLASS = 3 } sv_class; /* of customers */
typedef enum { SV_BUS_PQ = 1, SV_BUS_PV = 2, SV_BUS_REF = 3, SV_BUS_DEAD = 4 } sv_bus_type;   /* MATPOWER's numbers */
typedef enum {
    SV_GEN_THERMAL = 0, /* coal, gas, oil, biomass; also "unknown" */
    SV_GEN_NUCLEAR,
    SV_GEN_HYDRO,
    SV_GEN_WIND,
    SV_GEN_SOLAR,
    SV_GEN_CONDENSER, /* no active power */
    SV_N_GEN_KIND
} sv_gen_kind;
typedef enum {
    SV_SITE_SUBSTATION = 0,
    SV_SITE_THERMAL,
    SV_SITE_NUCLEAR,
    SV_SITE_HYDRO,
    SV_SITE_RENEWABLE,
    SV_N_SITE_CLASS
} sv_site_class;
typedef enum {
    SV_UNIT_SWITCHGEAR = 0,  /* a bus: its busbars and breakers */
    SV_UNIT_TRANSFORMER,     /* lower side below 100 kV, or unknown */
    SV_UNIT_AUTOTRANSFORMER, /* both sides at 100 kV or above: 330/110, 400/220, 750/330 */
    SV_UNIT_LINE,
    SV_UNIT_DC_LINE,
    SV_UNIT_THERMAL,
    SV_UNIT_NUCLEAR,
    SV_UNIT_HYDRO,
    SV_UNIT_RENEWABLE,
    SV_UNIT_STORAGE,
    SV_N_UNIT_CLASS
} sv_unit_class;
typedef enum { SV_OF_BUS, SV_OF_BRANCH, SV_OF_GEN, SV_OF_STORAGE, SV_OF_DC_LINE } sv_unit_kind;
typedef enum { SV_ZONE_REAR = 0, SV_ZONE_FRONT = 1, SV_N_ZONE = 2 } sv_zone;

/** Names as written in files ("critical", "substation", "autotransformer", "front"): index with the enum. */
extern const char *const sv_class_name[SV_N_CLASS];
extern const char *const sv_gen_kind_name[SV_N_GEN_KIND];
extern const char *const sv_site_class_name[SV_N_SITE_CLASS];
extern const char *const sv_unit_class_name[SV_N_UNIT_CLASS];
extern const char *const sv_zone_name[SV_N_ZONE];

/* ---- rows ---------------------------------------------------------------------------------- */
/* `line` is the row's line in its file (0 = unknown), so that later checks can name it. Strings are copied. */

typedef struct {
    const char *id, *name; /* name may be NULL */
    int32_t line;
    sv_bus_type type;
    double vn_kv, vm_pu, va_deg, v_max_pu, v_min_pu;
    int32_t i_region, i_site; /* -1 = derive */
    int32_t area, zone;       /* MATPOWER's area and loss zone, kept for the writers */
    double x_km, y_km;        /* NAN = unknown */
} sv_bus;

typedef struct {
    const char *id;
    int32_t line;
    int32_t i_from, i_to;
    double r_pu, x_pu, b_pu;
    double rate_a_mva, rate_b_mva, rate_c_mva; /* 0 = unlimited */
    double tap;                                /* 0 in files means 1; kept as read, see sv_branch_tap */
    double shift_deg;
    double angle_min_deg, angle_max_deg; /* kept, not enforced */
    double length_km;                    /* 0 = unknown */
    double mttf_h, mttr_h;               /* 0 = never fails by itself */
    bool in_service;
} sv_branch;

typedef struct {
    const char *id;
    int32_t line;
    int32_t i_bus;
    sv_gen_kind kind;
    double p_mw, q_mvar, q_max_mvar, q_min_mvar, vm_pu, base_mva, p_max_mw, p_min_mw;
    double mttf_h, mttr_h; /* 0 = never fails by itself */
    int32_t i_series;      /* available share of p_max_mw; -1 = always 1 */
    bool in_service;
    int32_t cost_model; /* MATPOWER gencost: 0 = none, 1 piecewise linear, 2 polynomial */
    double cost_startup_usd, cost_shutdown_usd;
    int32_t n_cost;     /* numbers in cost */
    const double *cost; /* [n_cost] */
} sv_gen;

typedef struct {
    const char *id;
    int32_t line;
    int32_t i_bus;
    sv_class class_;
    double p_mw, q_mvar; /* nominal demand; p_mw < 0 is a free injection, not demand */
    double people;       /* who live behind it */
    int32_t i_series;    /* multiplier of p_mw; -1 = always 1 */
} sv_load;

typedef struct {
    const char *id;
    int32_t line;
    int32_t i_bus;
    double p_mw;        /* rating, charge and discharge */
    double energy_mwh;  /* usable */
    double efficiency;  /* of one round trip, (0, 1], all of it lost on the way in */
    double initial_soc; /* share of energy_mwh, 0..1 */
    double mttf_h, mttr_h;
    bool in_service;
} sv_storage;

typedef struct {
    const char *id;
    int32_t line;
    int32_t i_from, i_to;
    double p_mw, p_min_mw, p_max_mw; /* flow from -> to at the from end; a free variable of the balance */
    double loss_mw, loss_share;      /* loss0 + loss1 * p, kept for AC */
    double q_from_mvar, q_to_mvar, vm_from_pu, vm_to_pu;
    double q_min_from_mvar, q_max_from_mvar, q_min_to_mvar, q_max_to_mvar;
    double mttf_h, mttr_h;
    bool in_service;
} sv_dc_line;

typedef struct {
    int32_t line;
    int32_t i_bus;
    double g_mw, b_mvar; /* at 1 pu */
} sv_shunt;

typedef struct {
    const char *id, *name;
    int32_t line;
    int32_t i_bus;
    double limit_mw;  /* largest import */
    int32_t i_series; /* multiplier of limit_mw; -1 = always 1 */
} sv_interconnector;

typedef struct {
    const char *id, *name;
    int32_t line;
    sv_site_class class_;
    int32_t i_region;
    double x_km, y_km;      /* NAN = unknown */
    int32_t shelter;        /* passive protection level 0..3 */
    int32_t i_unit, n_unit; /* derived: its units are unit[i_unit .. i_unit + n_unit) */
} sv_site;

typedef struct {
    const char *id, *name;
    int32_t line;
    sv_zone zone;
    double x_km, y_km;            /* NAN = unknown */
    int32_t i_series_temperature; /* degrees C; -1 = unknown */
} sv_region;

typedef struct {
    const char *id;
    int64_t t0_h; /* hour of the first value, see sv_hour_from_date */
    int64_t n_h;
    const float *value; /* [n_h] */
} sv_series;

/** Derived: what can fail, be damaged and be repaired. Units of one site are neighbours; lines come last, i_site = -1. */
typedef struct {
    sv_unit_class class_;
    sv_unit_kind kind;
    int32_t index; /* into the table of `kind` */
    int32_t i_site;
    int32_t i_region;
    double mttf_h, mttr_h; /* 0 = never fails by itself */
} sv_unit;

enum { SV_NOTE_LINES = 3, SV_MOST_NOTES = 16 };

/** A kind of record that a reader found and left out, though it bears on where power goes. */
typedef struct {
    const char *key, *text;      /* for programs, for people: "FACTS devices, left out: ..." */
    int32_t count;               /* records */
    int32_t line[SV_NOTE_LINES]; /* of the first of them, 0 = none */
} sv_note;

/* ---- the grid ------------------------------------------------------------------------------ */

typedef struct sv_grid {
    const char *name;
    double base_mva;
    int32_t n_bus, n_branch, n_gen, n_load, n_storage, n_dc_line, n_shunt, n_interconnector;
    int32_t n_site, n_region, n_series, n_unit;
    const sv_bus *bus;
    const sv_branch *branch;
    const sv_gen *gen;
    const sv_load *load;
    const sv_storage *storage;
    const sv_dc_line *dc_line;
    const sv_shunt *shunt;
    const sv_interconnector *interconnector;
    const sv_site *site;
    const sv_region *region;
    const sv_series *series;
    const sv_unit *unit;
    const int32_t *unit_of_bus, *unit_of_branch, *unit_of_gen, *unit_of_storage, *unit_of_dc_line;
    bool sites_derived, regions_derived; /* the file had none */
    int32_t n_note;
    const sv_note *note;  /* [n_note] not in the fingerprint */
    uint64_t fingerprint; /* of base power, all rows and series; not of the name */
    sv_arena *arena;      /* owner of all of it */
} sv_grid;

/** The tables of a grid, in the order in which they are checked. */
typedef enum {
    SV_TABLE_SERIES = 0,
    SV_TABLE_REGION,
    SV_TABLE_SITE,
    SV_TABLE_BUS,
    SV_TABLE_BRANCH,
    SV_TABLE_GEN,
    SV_TABLE_LOAD,
    SV_TABLE_STORAGE,
    SV_TABLE_DC_LINE,
    SV_TABLE_SHUNT,
    SV_TABLE_INTERCONNECTOR,
    SV_N_TABLE
} sv_table;

/** Growable tables that a reader fills. Row arrays may be read; add rows through the calls. */
typedef struct sv_draft sv_draft;

sv_draft *sv_draft_new(void); /* NULL when out of memory */
void sv_draft_free(sv_draft **draft);

/** Copies; NULL name = "". `file` names the source in later messages of sv_grid_new. */
void sv_draft_set_name(sv_draft *draft, const char *name, const char *file);
void sv_draft_set_base(sv_draft *draft, double base_mva);
/** The file of one table, where it is not the file of sv_draft_set_name (a folder of tables). */
void sv_draft_set_file(sv_draft *draft, sv_table table, const char *file);

/** One more record that was left out. key and text are borrowed until sv_grid_new; SV_MOST_NOTES keys at most are kept. */
void sv_draft_note(sv_draft *draft, const char *key, const char *text, int32_t line);

/* Base power, MVA: with others, amounts per unit lose their digits. */
static const double SV_BASE_LEAST_MVA = 1e-3, SV_BASE_MOST_MVA = 1e6;

/* Each adds a copy of one row and returns its index, or -1 when out of memory (sticky: sv_grid_new then reports it). */
int32_t sv_draft_add_bus(sv_draft *draft, const sv_bus *row);
int32_t sv_draft_add_branch(sv_draft *draft, const sv_branch *row);
int32_t sv_draft_add_gen(sv_draft *draft, const sv_gen *row);
int32_t sv_draft_add_load(sv_draft *draft, const sv_load *row);
int32_t sv_draft_add_storage(sv_draft *draft, const sv_storage *row);
int32_t sv_draft_add_dc_line(sv_draft *draft, const sv_dc_line *row);
int32_t sv_draft_add_shunt(sv_draft *draft, const sv_shunt *row);
int32_t sv_draft_add_interconnector(sv_draft *draft, const sv_interconnector *row);
int32_t sv_draft_add_site(sv_draft *draft, const sv_site *row);
int32_t sv_draft_add_region(sv_draft *draft, const sv_region *row);
int32_t sv_draft_add_series(sv_draft *draft, const sv_series *row);

/* Rows with every field at its neutral default (1 pu voltages, -1 indices, in service, NAN coordinates). */
sv_bus sv_bus_default(void);
sv_branch sv_branch_default(void);
sv_gen sv_gen_default(void);
sv_load sv_load_default(void);
sv_storage sv_storage_default(void);
sv_dc_line sv_dc_line_default(void);

/* Index of an id, -1 when there is none. Hashed. */
int32_t sv_draft_find_bus(const sv_draft *draft, const char *id);
int32_t sv_draft_find_gen(const sv_draft *draft, const char *id);
int32_t sv_draft_find_site(const sv_draft *draft, const char *id);
int32_t sv_draft_find_region(const sv_draft *draft, const char *id);
int32_t sv_draft_find_series(const sv_draft *draft, const char *id);
/* Rows added so far, to be changed in place until the next add (series pointers, storage beside a generator, ...). */
sv_bus *sv_draft_bus(sv_draft *draft, int32_t i);
sv_gen *sv_draft_gen(sv_draft *draft, int32_t i);
sv_load *sv_draft_load(sv_draft *draft, int32_t i);
sv_interconnector *sv_draft_interconnector(sv_draft *draft, int32_t i);
sv_region *sv_draft_region(sv_draft *draft, int32_t i);
int32_t sv_draft_n_bus(const sv_draft *draft);
int32_t sv_draft_n_load(const sv_draft *draft);
int32_t sv_draft_n(const sv_draft *draft, sv_table table); /* rows so far */
bool sv_draft_failed(const sv_draft *draft);               /* some add ran out of memory: rows are missing */

/**
 * Check every row and make the grid. Checks: base power from SV_BASE_LEAST_MVA to SV_BASE_MOST_MVA; at least one bus; ids unique; references in range; numbers finite;
 * ratings, people, energies not negative; MTTF with MTTR. Derives: one region per MATPOWER area when there is no region table;
 * sites as groups of buses tied by transformers when there is no site table (class by the largest group of generation, id = its
 * lowest bus); the place of a site or region that has none = the mean of its buses' places; units.
 * @param[out] grid  NULL on failure
 * @return SV_OK; SV_EDATA with one sentence naming file, line, element and number; SV_ENOMEM
 * @cost linear in the rows
 */
SV_MUST_USE sv_status sv_grid_new(sv_grid **grid, const sv_draft *draft, sv_error *err);
void sv_grid_free(sv_grid **grid);

/** @return index of the bus / region / site with that id, -1 = none; linear search */
int32_t sv_grid_find_bus(const sv_grid *grid, const char *id);
int32_t sv_grid_find_region(const sv_grid *grid, const char *id);
int32_t sv_grid_find_site(const sv_grid *grid, const char *id);

/** True tap ratio: 1 where the file says 0. */
static inline double sv_branch_tap(const sv_branch *branch)
{
    return branch->tap == 0.0 ? 1.0 : branch->tap;
}
/** A branch with a tap or a phase shift, or whose ends differ by more than a fifth in base kV, is a transformer. (Ties of
 *  380 kV to 400 kV are lines; a tap given as 1 is MATPOWER's way to say transformer.) */
bool sv_branch_is_transformer(const sv_grid *grid, int32_t i_branch);

/** Sum of the positive nominal loads at live buses, MW; of people; of available p_max_mw in service. */
double sv_grid_demand_mw(const sv_grid *grid);
double sv_grid_people(const sv_grid *grid);
double sv_grid_capacity_mw(const sv_grid *grid);

/* ---- what is in service -------------------------------------------------------------------- */

/** 1 = in service. A bus that is off takes its branches and units with it; its load stays demand. */
typedef struct {
    const sv_grid *grid;
    uint8_t *bus_on, *branch_on, *gen_on, *storage_on, *dc_line_on;
    sv_arena *arena;
} sv_state;

/** A state with everything as the grid's tables say (type-4 buses off). NULL when out of memory. */
sv_state *sv_state_new(const sv_grid *grid);
void sv_state_reset(sv_state *state);
/** What is in service in another state of the same grid. */
void sv_state_copy(sv_state *to, const sv_state *from);
void sv_state_free(sv_state **state);
/** Take a unit out of service, or back to what the grid's tables say (what they hold out of service stays out). */
void sv_state_set_unit(sv_state *state, int32_t i_unit, bool on);

/** A branch carries power: itself and both its buses are on. */
static inline bool sv_state_branch_live(const sv_state *state, int32_t i_branch)
{
    const sv_branch *branch = &state->grid->branch[i_branch];
    return state->branch_on[i_branch] && state->bus_on[branch->i_from] && state->bus_on[branch->i_to];
}

/** Islands of the AC network (live branches only). Dead buses belong to none (-1). */
typedef struct {
    int32_t n_island;
    const int32_t *of_bus;    /* [n_bus] island, -1 = dead bus; islands numbered by their lowest bus */
    const int32_t *n_bus_of;  /* [n_island] */
    const int32_t *first_bus; /* [n_island] its lowest bus */
} sv_islands;

/** Workspace for islands; allocates only here. */
typedef struct sv_topology sv_topology;
sv_topology *sv_topology_new(const sv_grid *grid); /* NULL when out of memory */
void sv_topology_free(sv_topology **topology);
/** @return islands of the state, borrowed until the next call. @cost near-linear in branches; allocates nothing */
const sv_islands *sv_topology_islands(sv_topology *topology, const sv_state *state);

#ifdef __cplusplus
}
#endif
#endif
