/* repair, inside: jobs, crews and spares of one workspace, and who moves them. Not seen outside the folder. */
#ifndef SVITLO_REPAIR_PRIVATE_H
#define SVITLO_REPAIR_PRIVATE_H

#include "svitlo/repair.h"

enum { MAX_SPARE = 10000 }; /* of one class, in stock and in one shipment */

/** Refuse settings out of range, with one sentence. */
sv_status repair_settings_check(const sv_repair_settings *settings, sv_error *err);

/** A place on the plane, km; NAN = unknown, which costs no travel. */
typedef struct {
    double x_km, y_km;
} place;

/* ---- spares: stock.c ----------------------------------------------------------------------- */

typedef struct {
    int64_t t_h;
    int32_t class_, count;
} delivery;

/** Spares in stock by class, and the deliveries under way in a heap by hour. */
typedef struct {
    const sv_repair_settings *settings;
    int64_t t0_h, n_h;
    uint64_t seed;
    int64_t i_season;
    int32_t count[SV_N_UNIT_CLASS];
    uint32_t n_order[SV_N_UNIT_CLASS];
    int32_t n_delivery;
    delivery
        *delivery; /* a replacement is ordered only for a spare that was there: bounded by all spares of the start */
} stock;

sv_status stock_init(stock *self, sv_arena *arena, const sv_repair_settings *settings, int64_t t0_h, int64_t n_h,
                     sv_error *err);
void stock_reset(stock *self, uint64_t seed, int64_t i_season);
/** Hour of the next delivery, INT64_MAX = none. */
int64_t stock_next_h(const stock *self);
/** Put what has arrived by t_h into the stock. */
void stock_receive(stock *self, int64_t t_h);
/** Use one spare, which must be there, and order its replacement. */
void stock_use(stock *self, int64_t t_h, int32_t class_);

/* ---- crews: crew.c ------------------------------------------------------------------------- */

typedef struct {
    place home, at; /* at = the last site */
    int64_t free_h; /* since when it is idle at `at`; INT64_MIN = at home since the start */
    int32_t i_unit; /* its job, -1 = idle */
} crew;

typedef struct {
    int32_t n, n_idle;
    double h_per_km; /* hours of travel for a kilometre of straight line */
    crew *crew;      /* [n] */
    double *near_h;  /* [n] of the crews picked, ascending, see crews_pick */
    int32_t *near;   /* [n] */
} crews;

sv_status crews_init(crews *self, sv_arena *arena, const sv_grid *grid, const sv_repair_settings *settings,
                     sv_error *err);
void crews_reset(crews *self);
/** The n <= n_idle idle crews that are first at a place, into near and near_h.
 *  @return hours from t_h until the last one is there */
double crews_pick(crews *self, int64_t t_h, place to, int32_t n);
/** Send those of the last pick. */
void crews_send(crews *self, int32_t n, int32_t i_unit, place to);
void crews_release(crews *self, int64_t t_h, int32_t i_unit);

/* ---- jobs: repair.c and dispatch.c --------------------------------------------------------- */

static const int64_t not_begun_h = INT64_MAX;
static const int64_t last_end_h = (int64_t)1 << 60; /* work without a visible end ends here */

typedef struct {
    int32_t i_unit;
    sv_damage damage;
    int64_t came_h, ready_h; /* first hit; end of inspection */
    double work_h;           /* of the full set of crews at full pace */
    int64_t end_h;           /* not_begun_h, or the hour it is done */
} job;

typedef struct {
    bool critical;
    double gain_mw_per_h; /* load regained per crew-hour */
    int32_t i_job;        /* -1 = dealt with */
} rank;

struct sv_repair {
    sv_arena *arena;
    const sv_grid *grid;
    sv_repair_settings settings;
    uint64_t seed;
    int64_t i_season;
    stock stock;
    crews crews;
    place *of_unit; /* [n_unit] */
    int32_t n_job;
    job *job;             /* [n_unit] in the order of their first hit */
    int32_t *job_of_unit; /* [n_unit] -1 = sound */
    int64_t next_h;
    int64_t listed_h; /* hour for which `waiting` is valid, INT64_MIN = none */
    int32_t n_waiting;
    int32_t *waiting; /* [n_unit] units */
    rank *rank;       /* [n_unit] */
    bool reported;    /* the list of done has been handed out */
    int32_t n_done;
    int32_t *done; /* [n_unit] */
};

/** Crews a job takes: what it needs, or all there are when it needs more; 0 = the plant's own staff. */
int32_t job_crews(const sv_repair *self, const job *j);
/** True when a spare that the job needs is not in stock. */
bool job_lacks_spare(const sv_repair *self, const job *j);
/** Hours by the clock of so much work at full pace. */
double job_clock_h(const sv_repair *self, const job *j, double work_h);
/** Begin the work after the travel: the spare is taken, the end is set. */
void job_begin(sv_repair *self, job *j, int64_t t_h, double travel_h);
/** Rank the waiting jobs and send idle crews, see docs/model/repair.md. */
void repair_dispatch(sv_repair *self, int64_t t_h, const double *critical_mw, const double *gain_mw);

#endif
