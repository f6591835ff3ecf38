/* season, inside: what the hours bring (supply.c), who is off and for how long (ledger.c), what explains it (cause.c), what
 * a repair would bring back (need.c), what is left for levers (trace.c), rows (row.c). */
#ifndef SVITLO_SEASON_PRIVATE_H
#define SVITLO_SEASON_PRIVATE_H

#include "svitlo/season.h"

/* ---- supply.c: demand, availability and imports of each hour -------------------------------- */

typedef struct {
    const sv_grid *grid;
    const sv_season_settings *settings;
    double *load_base_mw;   /* [n_load] nominal times scales */
    double *people;         /* [n_load] */
    double *gen_base_mw;    /* [n_gen] */
    double *import_base_mw; /* [n_interconnector] */
    double *demand_mw;      /* [n_h] of the whole country, before the season's weather */
    double *weather;        /* [n_day] demand factor of this season's days */
    int32_t n_day;
    int32_t n_profiled_gen; /* generators whose availability changes */
    int32_t *profiled_gen;
    double *load_mw, *gen_mw, *import_mw;                   /* of the hour */
    double *soc_mwh, *discharge_mw, *charge_mw, *storage_h; /* [n_storage] */
    bool storage_full;                                      /* nothing to charge */
} supply;

sv_status supply_new(supply *self, const sv_grid *grid, const sv_season_settings *settings, sv_arena *arena,
                     sv_error *err);
/** Weather of one season, storage at its initial level. */
void supply_reset(supply *self, uint64_t seed, int64_t i_season);
double supply_demand_mw(const supply *self, int64_t t_h);
/** Capacity of all that is on, MW, imports included, storage not; fills gen_mw and import_mw. */
double supply_capacity_mw(supply *self, const sv_state *state, int64_t t_h);
void supply_set_loads(supply *self, int64_t t_h);
void supply_set_storage(supply *self);
/** Move the state of charge by one hour of dispatch. */
void supply_run_storage(supply *self, const double *storage_mw);

/* ---- ledger.c: energy, people and durations ------------------------------------------------- */

enum { MOST_LAYERS = 24, MOST_EVENTS_KEPT = 512 };

/* People behind one load who went off at the same hour: from the share below to `top` of them. */
typedef struct {
    double top;
    int64_t since_h;
} off_layer;

typedef struct {
    const sv_grid *grid;
    const double *people;               /* [n_load] */
    int32_t *n_layer;                   /* [n_load] */
    off_layer *layer;                   /* [n_load * MOST_LAYERS] */
    double *off_share;                  /* [n_load * SV_N_OFF] largest share off longer than sv_off_h */
    double *region_mw, *region_people;  /* [n_region] of the hour */
    double *site_mw, *site_critical_mw; /* [n_site] of the hour */
    int32_t *site_of_load;
    double shed_mw, class_mw[SV_N_CLASS], class_people[SV_N_CLASS];
    bool any_off; /* in the last hour */
    bool in_event;
    sv_event event;
} ledger;

bool ledger_new(ledger *self, const sv_grid *grid, const double *people, sv_arena *arena);
void ledger_reset(ledger *self);
/** Book an hour in which all were served. */
void ledger_book_light(ledger *self, int64_t t_h, sv_season_row *row);
/** Book an hour with shedding. */
void ledger_book_dark(ledger *self, int64_t t_h, const double *load_mw, const double *served_mw, sv_season_row *row);
/** The season is over: close what is still open. */
void ledger_close(ledger *self, int64_t n_h, sv_season_row *row);

/* ---- cause.c: what explains the energy not served -------------------------------------------- */

typedef struct {
    const sv_grid *grid;
    int64_t *unit_kw;    /* [n_unit] nominal */
    uint8_t *out_by;     /* [n_unit] 0 = in service, 1 + cause */
    int64_t *out_kw;     /* [(region * SV_N_UNIT_CLASS + class) * SV_N_CAUSE + cause] out of service */
    int64_t *network_kw; /* [n_region] of them, parts of the network */
    int64_t all_network_kw, all_supply_kw;
} cause;

bool cause_new(cause *self, const sv_grid *grid, const double *capacity_mw, sv_arena *arena);
void cause_reset(cause *self);
/** A unit goes out or comes back. Damaged and down at once counts as damaged. */
void cause_set(cause *self, int32_t i_unit, bool damaged, bool down);
/** Account for a dark hour that the ledger has booked. @param[in] short_mw demand beyond all capacity in service */
void cause_book(const cause *self, const ledger *book, double short_mw, sv_season_row *row);

/* ---- trace.c: what is left for levers --------------------------------------------------------- */

enum { BLOCK_H = 168 }; /* the balance starts cold so often: what a lever may take over depends on no earlier hour */

typedef enum { TRACE_UNKNOWN = 0, TRACE_PLAIN, TRACE_LIGHT, TRACE_DARK } trace_kind; /* PLAIN: needed no dispatch */

typedef struct {
    trace_kind kind;
    bool updated; /* the balance took over the state in this hour, if it ran */
    bool relaxed;
    double relaxed_mw;
    int64_t i_state, first_shed, n_shed;
} trace_hour;

typedef struct {
    int32_t i_load;
    double served_mw;
} trace_shed;

typedef struct {
    int64_t t0_h, n_h, network;
    double number[6], class_scale[SV_N_CLASS], weight[SV_N_CLASS];
} trace_dispatch;

struct sv_season_trace {
    sv_arena *arena;
    trace_dispatch dispatch;
    uint64_t seed;
    int64_t i_season, n_h;
    size_t n_byte; /* of one state */
    int32_t n_storage;
    trace_hour *hour;             /* [n_h] */
    double *soc_mwh, *storage_mw; /* [n_h * n_storage] before the hour; in it */
    int64_t n_state, max_state, n_shed, max_shed;
    uint8_t *state;   /* [max_state * n_byte] */
    trace_shed *shed; /* [max_shed] */
};

/** What the dispatch of one hour gave. Arrays of the season. */
typedef struct {
    bool dark, relaxed;
    double relaxed_mw;
    double *served_mw, *storage_mw;
} trace_answer;

/** What is in service, as bytes that can be compared. */
size_t trace_state_bytes(const sv_grid *grid);
void trace_pack(const sv_state *state, uint8_t *packed);
void trace_unpack(const uint8_t *packed, sv_state *state);
static inline const uint8_t *trace_state(const sv_season_trace *self, int64_t t_h)
{
    return &self->state[(size_t)self->hour[t_h].i_state * self->n_byte];
}

/** Forget, and begin a base's season. */
void trace_begin(sv_season_trace *self, const sv_season_settings *settings, uint64_t seed, int64_t i_season);
/** False: demand, limits or weights differ, so that no hour is the same. */
bool trace_fits(const sv_season_trace *self, const sv_season_settings *settings, uint64_t seed, int64_t i_season);
/** An hour with this state and these stores is the base's. */
bool trace_is_same(const sv_season_trace *self, int64_t t_h, const uint8_t *packed, const double *soc_mwh,
                   bool updated);
/** Note what an hour begins with; then what came of it, when it went well: no dispatch was needed, or the answer. */
void trace_see(sv_season_trace *self, int64_t t_h, const uint8_t *packed, const double *soc_mwh, bool updated);
void trace_keep_plain(sv_season_trace *self, int64_t t_h);
void trace_keep(sv_season_trace *self, int64_t t_h, const trace_answer *answer, int32_t n_load, const double *load_mw);
void trace_take(const sv_season_trace *self, int64_t t_h, trace_answer *answer, int32_t n_load, const double *load_mw);

/* ---- row.c ----------------------------------------------------------------------------------- */

/** Empty a row for a season; its arrays stay. */
void row_clear(sv_season_row *row, const sv_grid *grid, int64_t n_h, int64_t i_season);

/* ---- need.c --------------------------------------------------------------------------------- */

/** Nominal size of a unit, MW. */
double need_capacity_mw(const sv_grid *grid, int32_t i_unit);
/** What the return of waiting units could bring back. @param[in] capacity_mw [n_unit] */
void need_rank(const ledger *book, const double *capacity_mw, int32_t n, const int32_t *i_unit, double *critical_mw,
               double *gain_mw);

#endif
