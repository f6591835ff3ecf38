/* The pool: worker threads that simulate seasons, and one caller who takes the rows in the order of seasons.
 * Private to the study. What a worker runs comes in as a `sv_study_source`, so that tests can drive pool and study with
 * seasons of their own. */
#ifndef SVITLO_STUDY_POOL_H
#define SVITLO_STUDY_POOL_H

#include <pthread.h>

#include "svitlo/study.h"

/** Where seasons come from: sv_season for everyone but the tests. */
typedef struct {
    const void *context;                                                  /* for make only */
    sv_status (*make)(const void *context, void **worker, sv_error *err); /* one a thread */
    /* Fill the rows of one season, the base's and then one a lever, each with its status. */
    void (*run)(void *worker, uint64_t seed, int64_t i_season, sv_season_row *const *row);
    void (*end)(void **worker); /* accepts a worker of NULL */
    int (*start)(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *), void *argument);
} sv_study_source;

typedef struct {
    void *context;
    /* A finished season, in order. *enough = true ends the run after it; not SV_OK ends it with this status. */
    sv_status (*take)(void *context, sv_season_row *const *row, bool *enough, sv_error *err);
    bool (*tick)(void *context); /* about 5 times a second; true = stop */
} sv_pool_taker;

typedef struct sv_pool sv_pool;

/**
 * Make workers and rows. When memory gives out after the first worker, the pool goes on with those it has.
 * @param[in] n_row     rows of one season, >= 1
 * @param[in] n_thread  >= 1
 */
SV_MUST_USE sv_status sv_pool_new(sv_pool **pool, const sv_grid *grid, int64_t n_h, int32_t n_row,
                                  const sv_study_source *source, int32_t n_thread, sv_error *err);
void sv_pool_free(sv_pool **pool);

/**
 * Run seasons [from, to) and give each to the taker, on the caller's thread, in order. Threads live only during the
 * call. When no thread can be started, the caller runs the seasons itself.
 * @return SV_OK, also when the taker had enough or the tick asked to stop; the taker's failure
 */
SV_MUST_USE sv_status sv_pool_run(sv_pool *pool, uint64_t seed, int64_t from, int64_t to, const sv_pool_taker *taker,
                                  sv_error *err);

/** Threads that simulated in the last run. */
int32_t sv_pool_threads(const sv_pool *pool);

#endif
