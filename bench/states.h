/* Damage states for the benches: the published ones, and random ones of the same kinds and of any severity. Drawn by
 * sv_draw: the same seed gives the same state on every machine. */
#ifndef SVITLO_BENCH_STATES_H
#define SVITLO_BENCH_STATES_H

#include "svitlo/formats.h"

#include <stdio.h>

enum { N_STATE_KIND = 5, STATE_NAME = 128, STATE_PATH = 1000 };

/** Per cent of what is in the tables, in the order br05, br15, sub02, sub05, mix. */
typedef struct {
    const char *name;
    double branch_share, bus_share, gen_share;
} state_kind;

extern const state_kind state_kinds[N_STATE_KIND];

/** The file of a case as the cases folder names it in damage/answers.csv. */
void state_grid_path(char *path, size_t n, const char *cases, const char *name);

/** One line of damage/answers.csv. */
typedef struct {
    char grid[64], name[STATE_NAME];
    double demand_mw, shed_mw;
} published_state;

/** @return the file behind its head line, NULL when it cannot be read */
FILE *published_open(const char *cases);
/** @return false at the end */
bool published_next(FILE *answers, published_state *out);
/** Take its three lists of elements out of service. */
SV_MUST_USE sv_status published_strike(sv_state *state, const char *cases, const char *name, sv_error *err);

/** Take shares of all branches, buses and units out of service, drawn without putting back; the state is reset first. */
SV_MUST_USE sv_status state_strike(sv_state *state, uint64_t seed, const state_kind *kind);

/** Take out the share of all buses that lies nearest, by branches, to one drawn bus. */
SV_MUST_USE sv_status state_strike_region(sv_state *state, uint64_t seed, double bus_share);

/** What the hour of the published states wants: nominal loads times level, all of each unit, full import limits. */
void state_hour(const sv_grid *grid, double level, double *gen_max_mw, double *load_mw, double *import_max_mw);

#endif
