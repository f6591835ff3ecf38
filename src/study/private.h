/* study, inside: the object itself, and where real seasons come from (bundle.c). */
#ifndef SVITLO_STUDY_PRIVATE_H
#define SVITLO_STUDY_PRIVATE_H

#include "pool.h"
#include "tally.h"

struct sv_study {
    const sv_grid *grid;
    sv_study_settings settings;
    sv_season_settings season; /* of the base */
    sv_pool *pool;
    sv_arena *arena;
    tally base;
    int32_t n_lever;
    lever_tally *lever;            /* [n_lever] */
    double (*metric)[SV_N_METRIC]; /* [1 + n_lever] of the season being taken */
    int64_t n_done, n_failed;
    bool stopped, converged;
    double seconds;   /* of earlier runs */
    double started_s; /* clock at the start of this one */
    int64_t n_done_at_start;
    int32_t n_thread;
};

/** The standard error asked for is reached, and this is a moment to look. */
bool study_is_precise(const sv_study *self);

/* ---- bundle.c: one winter for the base and all levers ---------------------------------------- */

typedef struct {
    const sv_grid *grid;
    const sv_season_settings *base;
    int32_t n_lever;
    const sv_study_lever *lever;
} bundle_context;

/** The context must live until the pool is made. */
sv_study_source bundle_source(const bundle_context *context);

#endif
