/* season, inside: what the hours bring (supply.c), who is off and for how long (ledger.c), what explains it (cause.c), what
 * a repair would bring back (need.c), what is left for levers (trace.c), hours that are shown (probe.c), rows (row.c). */
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
    int32_t *gen_bus;       /* [n_gen] */
    double *import_base_mw; /* [n_interconnector] */
    double *demand_mw;      /* [n_h] of the whole country, before the season's weather */
    double *weather;        /* [n_day] demand factor of this season's days */
    int32_t n_day;
    /* Profiles: the series in use, each once, and first of all the one that is always 1. */
    int32_t n_profile;
    const float **series;                                 /* [n_profile] from the season's first hour on */
    int32_t *load_profile, *gen_profile, *import_profile; /* [n_load], [n_gen], [n_interconnector] */
    int32_t n_profiled_gen;                               /* generators whose availability changes */
    int32_t *profiled_gen;
    double *profile, *load_factor;                          /* [n_profile] of the hour; with its weather */
    double *gen_mw, *import_mw;                             /* of the hour */
    double *soc_mwh, *discharge_mw, *charge_mw, *storage_h; /* [n_storage] */
    bool storage_full;                                      /* nothing to charge */
} supply;

sv_status supply_new(supply *self, const sv_grid *grid, const sv_season_settings *settings, sv_arena *arena,
                     sv_error *err);
/** Weather of one season, storage at its initial level. */
void supply_reset(supply *self, uint64_t seed, int64_t i_season);
double supply_demand_mw(const supply *self, int64_t t_h);
/** Profiles, availability and import limits of an hour. */
void supply_set_hour(supply *self, int64_t t_h);
/** What a load wants in the hour. */
static inline double supply_load_mw(const supply *self, int32_t d)
{
    return self->load_base_mw[d] * self->load_factor[self->load_profile[d]];
}
/** Capacity of all that is on in the hour, MW, imports included, storage not. */
double supply_capacity_mw(const supply *self, const sv_state *state);
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

/* What the books hold of one load, side by side: an hour looks at many. */
typedef struct {
    double people;
    off_layer last;  /* the uppermost layer; top 0 = all are served */
    int64_t dark_h;  /* last hour in which it was booked as dark */
    int32_t n_below; /* layers under the last */
    int32_t cell;    /* region * SV_N_CLASS + class */
    int32_t i_site;
} load_book;

typedef struct {
    const sv_grid *grid;
    load_book *load;                    /* [n_load] */
    off_layer *below;                   /* [n_load * MOST_LAYERS] layers under the last, lowest first */
    double *off_share;                  /* [n_load * SV_N_OFF] largest share off longer than sv_off_h */
    int32_t n_off, *off, *off_before;   /* [n_load] loads with layers; scratch */
    double *cell_mw, *cell_people;      /* [n_region * SV_N_CLASS] of the hour */
    double *region_mw, *region_people;  /* [n_region] of the hour */
    double *site_mw, *site_critical_mw; /* [n_site] of the hour */
    int32_t n_site_dark, *site_dark;    /* sites that are not 0 there */
    double shed_mw, class_mw[SV_N_CLASS], class_people[SV_N_CLASS];
    bool any_off; /* in the last hour */
    bool in_event;
    sv_event event;
} ledger;

bool ledger_new(ledger *self, const sv_grid *grid, const double *people, sv_arena *arena);
void ledger_reset(ledger *self);
/** Book an hour in which all were served. */
void ledger_book_light(ledger *self, int64_t t_h, sv_season_row *row);
/** Book an hour with shedding. @cost follows the loads that are off, now or an hour ago */
void ledger_book_dark(ledger *self, int64_t t_h, const supply *hour, int32_t n_shed, const sv_shed *shed,
                      sv_season_row *row);
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
    double *owed_network,
        *owed_supply;   /* [n_region] MWh a kW of what is out, since it last changed: not yet in a row */
    sv_season_row *row; /* of the season */
} cause;

bool cause_new(cause *self, const sv_grid *grid, const double *capacity_mw, sv_arena *arena);
/** Everything is in service; what is booked goes to this row. */
void cause_begin(cause *self, sv_season_row *row);
/** A unit goes out or comes back. Damaged and down at once counts as damaged. */
void cause_set(cause *self, int32_t i_unit, bool damaged, bool down);
/** Account for a dark hour that the ledger has booked. @param[in] short_mw demand beyond all capacity in service */
void cause_book(cause *self, const ledger *book, double short_mw);
/** The season is over: the row gets what is still owed to it. */
void cause_close(cause *self);

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
    uint8_t *state; /* [max_state * n_byte] */
    sv_shed *shed;  /* [max_shed] */
};

/** What the dispatch of one hour gave. Arrays of the season. */
typedef struct {
    bool dark, relaxed;
    double relaxed_mw;
    int32_t n_shed;
    const sv_shed *shed; /* [n_shed] */
    double *storage_mw;
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
void trace_keep(sv_season_trace *self, int64_t t_h, const trace_answer *answer);
void trace_take(const sv_season_trace *self, int64_t t_h, trace_answer *answer);

/* ---- probe.c: hours shown while a season is simulated ------------------------------------------ */

/* The dispatch of the hour being shown, and which hours are. */
typedef struct {
    const sv_grid *grid;
    const sv_season_probe *of; /* NULL = nothing is to be shown */
    int32_t next;              /* of the probe's hours */
    double *gen_mw, *served_mw, *injected_mw, *import_mw, *dc_line_mw, *wanted_mw;
} probing;

/** Take memory; the arena remembers when there was none. */
void probe_init(probing *self, const sv_grid *grid, sv_arena *arena);
/** Can these hours be shown? @return SV_EUSAGE with a sentence */
sv_status probe_check(const sv_season_probe *of, const sv_season_settings *settings, sv_error *err);
/** The hour is to be shown. */
static inline bool probe_wants(const probing *self, int64_t t_h)
{
    return self->of != NULL && self->next < self->of->n_h && self->of->t_h[self->next] == t_h;
}
/** Ask the balance for the whole dispatch. */
void probe_ask(const probing *self, sv_balance_result *result);
/** Show the hour that the ledger has just booked. @param[in] storage_mw [n_storage] */
sv_status probe_show(probing *self, int64_t t_h, const sv_state *state, const supply *hour, const double *storage_mw,
                     const sv_season_row *row, sv_error *err);

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
