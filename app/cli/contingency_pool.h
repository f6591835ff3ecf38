/* Threads that share out numbered pieces of work. What a piece gives must not depend on who does it. */
#ifndef SVITLO_CLI_CONTINGENCY_POOL_H
#define SVITLO_CLI_CONTINGENCY_POOL_H

#include "svitlo/base.h"

typedef struct {
    void *shared; /* given to all calls */
    /** Make a worker, in the thread that needs it first. */
    sv_status (*start)(void **worker, void *shared, sv_error *err);
    /** Do one piece. */
    sv_status (*work)(void *worker, void *shared, int32_t piece, sv_error *err);
    void (*end)(void **worker);
} contingency_task;

typedef struct contingency_pool contingency_pool;

/** @param[in] n_thread  1 or more, that many at most: the caller's is one of them. @return SV_OK, SV_ENOMEM */
SV_MUST_USE sv_status contingency_pool_new(contingency_pool **pool, const contingency_task *task, int32_t n_thread,
                                           sv_error *err);
/** Pieces 0 .. n - 1, each by one of the threads; workers stay for the next call. @return SV_OK; what a worker says, the
 *  first of them that failed: some pieces are not done then */
SV_MUST_USE sv_status contingency_pool_run(contingency_pool *pool, int32_t n, sv_error *err);
void contingency_pool_free(contingency_pool **pool);

#endif
