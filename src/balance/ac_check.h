/* Inside of the AC check: the schedule of an hour as it stands now, shared by what solves it (ac_settle.c), what moves it
 * (ac_relief.c, ac_nose.c) and the door (ac_check.c). Private to src/balance. */
#ifndef SV_BALANCE_AC_CHECK_H
#define SV_BALANCE_AC_CHECK_H

#include "svitlo/balance.h"

/* What stands at a limit is not beyond it. */
#define AC_BAND_ROOM_PU 1e-4
#define AC_LOADING_ROOM_PERCENT 0.1
#define AC_SHORT_ROOM_MW 1e-2
#define AC_ABSORB_ROOM_MVAR 1e-2

#define AC_REACH 0.25
enum { AC_RESTORE_ROUNDS = 4 };
enum { AC_MOST_ROWS = 128 }; /* rows of one island's program: its limits, its balance, its nose */

/* A limit that the voltages have broken, which then stays in the programs of the hour. */
typedef struct {
    sv_ac_quantity what; /* SV_AC_VM, or the end of a branch that carries more */
    int32_t index;
} ac_limit;

/* What the units give and the loads take. */
typedef struct {
    double *source_mw;      /* [n_source] */
    double *load_mw;        /* [n_load] */
    double *shed_mw;        /* [n_load] taken from the dispatch so far */
    double *vm_pu, *va_deg; /* [n_bus] its voltages, where to start from; NAN without */
    int8_t *limited;        /* [n_bus] at which reactive limit its units stand */
} ac_schedule;

struct sv_ac_check {
    sv_arena *arena;
    const sv_grid *grid;
    double weight[SV_N_CLASS];
    sv_ac *ac;
    sv_topology *topology;
    const sv_state *state;     /* of the hour */
    const sv_dispatch *given;  /* of the hour */
    const sv_islands *islands; /* of the hour */
    int32_t n_source;          /* generators, then interconnectors */
    int32_t *source_bus;       /* [n_source] */
    double *source_max_mw;     /* [n_source] 0 where it is out of service */
    ac_schedule now, kept;     /* as it is; as it was before the last move */
    ac_schedule best;          /* of those that stood */
    bool was_cut;              /* some island, as a whole */
    bool was_darkened;         /* some island with units, for no share of it was found to have voltages */
    double dark_mw;            /* load that nothing holds a voltage for */
    double *load_mvar;         /* [n_load] now */
    double *settled_mw;        /* [n_source] with the losses, before anything was moved */
    double *gen_mvar;          /* [n_gen] */
    bool free_absorption;      /* units may absorb more than they can, for there are no voltages otherwise */
    double *flow[4];           /* [n_branch] p, q from; p, q to */
    double *
        drawn_mw; /* [n_bus] by island: by loads, storage that charges, DC lines. One that draws nothing need not live */
    uint8_t *unstable; /* [n_bus] by island: its voltages are of the lower branch, which no system can hold */
    double *short_mw;  /* [n_bus] by island: what its units had no room for */
    double *room_mw;   /* [n_bus] by island, scratch */
    sv_ac_info info;   /* of the last power flow */
    int32_t n_solve, n_round;
    int32_t n_restore; /* rounds left that ask for load back after the island was cut as a whole */
    double reach;      /* of what a source has available, that a round may raise it by */
    /* The programs: columns are loads shed, sources raised, sources lowered, and for each row what it may be broken by. */
    sv_dual *program;
    int32_t n_col;
    double *cost, *lower, *upper, *row; /* [n_col] */
    double *by_mw, *by_mvar;            /* [n_bus] */
    int32_t n_limit;
    ac_limit limit[AC_MOST_ROWS - 2];
    uint8_t *bus_listed, *branch_listed; /* [n_bus], [n_branch] */
};

/* ---- ac_settle.c: voltages of the schedule ---------------------------------------------------- */

/** Take over what the hour dispatched. */
void ac_settle_begin(sv_ac_check *self, const sv_state *state, const sv_dispatch *dispatch);
/** The next power flow starts flat. */
void ac_forget_voltages(sv_ac_check *self);
/** Solve the schedule as it stands, from the last voltages where there are some. */
SV_MUST_USE sv_status ac_solve(sv_ac_check *self);
/** Solve it; units of each island with room carry its losses, and what they cannot is its short_mw. */
SV_MUST_USE sv_status ac_settle(sv_ac_check *self);
void ac_copy(const sv_ac_check *self, ac_schedule *to, const ac_schedule *from);
/** The bus is off, or nothing holds a voltage in its island. */
bool ac_is_dark(const sv_ac_check *self, int32_t i_bus);

static inline bool ac_has_answer(const sv_ac_check *self, int32_t i_island)
{
    return self->info.island[i_island].outcome == SV_AC_CONVERGED && !self->unstable[i_island];
}
/** It feeds somebody: its limits count. */
static inline bool ac_serves(const sv_ac_check *self, int32_t i_island)
{
    return i_island >= 0 && self->drawn_mw[i_island] > AC_SHORT_ROOM_MW;
}
/** There should be voltages, and none were found. */
static inline bool ac_is_lost(const sv_ac_check *self, int32_t i_island)
{
    return ac_serves(self, i_island) && !ac_has_answer(self, i_island) &&
           self->info.island[i_island].outcome != SV_AC_NO_SOURCE;
}
static inline int32_t ac_island_of_source(const sv_ac_check *self, int32_t s)
{
    return self->islands->of_bus[self->source_bus[s]];
}
static inline int32_t ac_island_of_load(const sv_ac_check *self, int32_t d)
{
    return self->islands->of_bus[self->grid->load[d].i_bus];
}

static inline bool ac_has_band(const sv_bus *bus)
{
    return bus->v_max_pu > 0.0 && bus->v_max_pu >= bus->v_min_pu;
}
/** Loading of a branch by the end that carries more, % of rate A; 0 without one, NAN without an answer. */
double ac_loading_percent(const sv_ac_check *self, int32_t i_branch);
/** What the slack bus of an island, which nothing holds to its reactive limits, gives or takes beyond them at most. */
double ac_slack_beyond_mvar(const sv_ac_check *self);
/** What the voltages break. */
void ac_look(const sv_ac_check *self, sv_ac_look *look);

/* ---- ac_program.c: the least further shedding that linear rows ask for -------------------------- */

/** Begin the program of one island: its loads may be shed, and what was shed come back by `restore` of it; each source is
 *  raised by `reach` of what it has available, at most. */
void ac_program_begin(sv_ac_check *self, int32_t i_island, double restore, double reach);
/** Add lower <= row <= upper, by the sensitivities in by_mw and by_mvar times scale; breaking it costs `price` a unit. */
void ac_program_add(sv_ac_check *self, double scale, double lower, double upper, double price);
/** Solve, and move the schedule. @return false: nothing moved */
bool ac_program_move(sv_ac_check *self);
/** A weight that no shedding reaches. */
double ac_program_price(const sv_ac_check *self);

/* ---- ac_nose.c: islands without an answer ------------------------------------------------------- */

/** Shed and move until the island has voltages, by where it is weakest; load that has none whatever is done goes dark. */
SV_MUST_USE sv_status ac_nose(sv_ac_check *self, int32_t i_island);
/** Ask the program for relief along the weakness of the island's last voltages: of this share of what the schedule that is
 *  kept loads it by. @return false: no such row is known */
bool ac_ask_weakest(sv_ac_check *self, int32_t i_island, double share);
/** A share of what is kept of the island's load and sources; load that this takes may come back in the next rounds. */
void ac_cut(sv_ac_check *self, int32_t i_island, double share);
/** Take all load and all sources of an island. */
void ac_darken(sv_ac_check *self, int32_t i_island);

/* ---- ac_relief.c: limits that are broken --------------------------------------------------------- */

/** One round: the limits that are broken join the program of their island; move, and solve again.
 *  @param[out] moved  false: there is nothing that a program could do */
SV_MUST_USE sv_status ac_relieve(sv_ac_check *self, bool *moved);

#endif
