/* What the parts of `svitlo flow` share: one power flow, and what a planner should know of it. */
#ifndef SVITLO_CLI_FLOW_H
#define SVITLO_CLI_FLOW_H

#include "svitlo/flow.h"

enum { FLOW_EXAMPLES = 3, FLOW_WARNINGS = 32, FLOW_LABEL = 96 };

typedef struct {
    const char *grid_path, *out_path, *off_path[3]; /* by sv_out_kind */
    sv_ac_settings settings;
    bool ac, dc, json;
    bool scaled;
    double scale;        /* of loads and outputs, where scaled */
    const char *ac_flag; /* a flag that only the AC power flow knows, NULL = none was given */
} flow_options;

/* Keys of the flags that only AC power flow has, of `flow` and `contingency`; beyond those that either counts for itself. */
enum { FLOW_KEY_FLAT = 320, FLOW_KEY_Q_LIMITS, FLOW_KEY_SHARED, FLOW_KEY_TOLERANCE, FLOW_KEY_ITERATIONS };
/** Take one of them. A bad number ends the program with its sentence. @return false: the key is another */
bool flow_take_ac_option(flow_options *options, int key, const char *arg);

/** One power flow with its inputs. Arrays are of the arena; NAN where there is no answer. */
typedef struct {
    const flow_options *opt;
    sv_arena *arena;
    sv_grid *grid;
    sv_state *state;
    sv_topology *topology;
    sv_ac *ac;
    sv_dc *dc;
    const sv_islands *islands;
    sv_ac_island *island;   /* [n_island] also of a DC power flow, which always has an answer */
    double *vm_pu, *va_deg; /* [n_bus] */
    double *p_from_mw, *q_from_mvar, *p_to_mw, *q_to_mvar; /* [n_branch] */
    double *gen_mw, *gen_mvar;                             /* [n_gen] */
    double *plan_mw;                                       /* [n_gen] the schedule */
    double *load_mw, *load_mvar;                           /* [n_load] */
    double *loading; /* [n_branch] percent of rate A; NAN = unlimited, no answer */
    double seconds;
} flow_work;

/** A bus, branch or island, and how far it is out. */
typedef struct {
    int32_t i;
    double by;
} flow_item;

typedef struct {
    int32_t n;
    flow_item *item; /* [n] farthest first */
} flow_list;

/** One kind of oddity where the result stands: how often, and a few by name. */
typedef struct {
    const char *key, *text; /* for programs, for people */
    int32_t count;
    char example[FLOW_EXAMPLES][FLOW_LABEL];
} flow_warning;

/** Reactive power of the units at a bus, and their limits, Mvar. */
typedef struct {
    double mvar, min_mvar, max_mvar;
} flow_reactive;

typedef struct {
    int32_t n_converged, n_dark, n_failed; /* islands; dark = without a source */
    int32_t i_failed;                      /* the first island that failed, -1 = none */
    double *island_load_mw;                /* [n_island] */
    bool *island_shares;                   /* [n_island] it has units that can share what is missing */
    bool *has_unit;                        /* [n_island] in service */
    double *set_pu;                        /* [n_bus] the voltage that units hold there, 0 = none */
    /* Where there is an answer. Generation: of units that give; drawn: of those that draw. */
    double load_mw, generation_mw, drawn_mw, shunt_mw, loss_mw, loss_mvar;
    double dc_loss_mw;               /* of DC lines between islands that have an answer */
    double dc_alone_mw;              /* what comes by those whose other end has none, less what goes */
    double dark_mw, dark_people;     /* load without a source, negative ones not counted */
    int32_t i_low, i_high, i_loaded; /* bus, bus, branch; -1 = none */
    flow_list out_of_band, overload, at_limit, beyond_limit;
    flow_reactive *reactive; /* [n_bus] of an AC power flow */
    int32_t n_warning;
    flow_warning warning[FLOW_WARNINGS];
} flow_look;

/** Everything answered, as far as there is a source. @return false also where no island has one */
static inline bool flow_converged(const flow_look *look)
{
    return look->n_failed == 0 && look->n_converged > 0;
}

/** Read the grid and the outages; take the arrays. Free whatever comes of it. */
SV_MUST_USE sv_status flow_read(flow_work *self, sv_error *err);
/** Voltages and flows, as far as there are any. */
SV_MUST_USE sv_status flow_solve_ac(flow_work *self, sv_error *err);
/** Angles and active flows; vm_pu is 1. @return also SV_ENUM where reactances cancel each other */
SV_MUST_USE sv_status flow_solve_dc(flow_work *self, sv_error *err);
/** Percent of rate A of the end that carries more. */
void flow_set_loading(flow_work *self);
void flow_free(flow_work *self);
enum { FLOW_FAILURE = 384 };
/** Why there is no answer: one sentence for a program that reads no more than that. */
const char *flow_failure(const flow_work *self, const flow_look *look, char text[FLOW_FAILURE]);

/** Sum up and look for what is odd. @return SV_OK, SV_ENOMEM */
SV_MUST_USE sv_status flow_look_at(const flow_work *work, flow_look *look);
/** Count one more of a kind of oddity; the first few are kept by name. */
void flow_warn(flow_look *look, const char *key, const char *text, const char *format, ...) SV_PRINTF(4, 5);
void flow_list_add(flow_list *list, int32_t i, double by);
void flow_list_sort(flow_list *list);
/** To what units give, or to what they draw. */
void flow_add_output(flow_look *look, double mw);
void flow_look_at_units(const flow_work *work, flow_look *look);
void flow_look_at_dc_lines(const flow_work *work, flow_look *look);
/** Units there take what is missing; who of them does is a convention. */
bool flow_is_slack(const flow_work *work, int32_t i_bus);
/** Where a unit stands by its own reactive limits: "max", "min", "above max", "below min", "". */
const char *flow_q_limit(const flow_work *work, int32_t i_gen);
/** Why an island has no answer, without a full stop: "diverged after 20 iterations; ...". */
const char *flow_reason(const flow_work *work, int32_t i_island, char text[256]);

void flow_print(const flow_work *work, const flow_look *look);
/** Nothing where there are none. */
void flow_print_warnings(const flow_look *look);
/** @return exit code */
int flow_print_json(const flow_work *work, const flow_look *look);

enum { FLOW_PATH = 4096, FLOW_FILES = 3 };
/** Names of the files of a power flow, buses first: "a.csv", "a.branches.csv", "a.gens.csv". @return false when it is too long */
bool flow_file_path(const char *path, int file, char name[FLOW_PATH]);
/** May the files be written there? @return SV_OK; SV_EUSAGE for what is no such file, SV_EIO */
SV_MUST_USE sv_status flow_check_target(const char *path, sv_error *err);
/** All files, whole or not at all. @return SV_OK; SV_EIO */
SV_MUST_USE sv_status flow_write(const flow_work *work, const char *path, sv_error *err);

#endif
