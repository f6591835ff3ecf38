/* Seasons are handed out in order; each goes into its slot of a ring of rows; the caller takes the slots in order and
 * frees them, so what is summed, and in which order, does not depend on threads. A fast worker waits when the ring is
 * full. Costs one lock a season; memory is the ring, whatever the number of seasons. */
#include "pool.h"

#include <errno.h>
#include <fenv.h>
#include <time.h>

enum { SLOTS_PER_THREAD = 4 };
static const double TICK_S = 0.2;

typedef struct {
    sv_season_row **row; /* [n_row] */
    bool done;           /* under the pool's lock */
} slot;

typedef struct {
    sv_pool *pool;
    void *season; /* of the source; one thread's own */
    pthread_t thread;
} worker;

struct sv_pool {
    sv_study_source source;
    int32_t n_row, n_worker, n_slot, n_started;
    worker *worker;
    slot *ring; /* season k goes to slot k % n_slot */
    sv_arena *arena;
    bool has_lock;

    pthread_mutex_t lock; /* of all that follows, and of slot.done */
    pthread_cond_t room;  /* a slot was freed, or stop */
    pthread_cond_t ready; /* the next season in order is done */
    uint64_t seed;
    int64_t next, taken, end; /* handed out, taken by the caller, one past the last */
    bool stop;
};

static slot *slot_of(const sv_pool *pool, int64_t i_season)
{
    return &pool->ring[i_season % pool->n_slot];
}

/* ---- workers ------------------------------------------------------------------------------- */

static void run_season(worker *self, int64_t i_season)
{
    sv_pool *pool = self->pool;
    pool->source.run(self->season, pool->seed, i_season, slot_of(pool, i_season)->row);
}

/* Next season to simulate, or -1 when there is none left. Called and returns under the lock. */
static int64_t next_season(sv_pool *pool)
{
    while (!pool->stop && pool->next < pool->end && pool->next >= pool->taken + pool->n_slot)
        pthread_cond_wait(&pool->room, &pool->lock);
    return pool->stop || pool->next >= pool->end ? -1 : pool->next++;
}

static void *work(void *argument)
{
    worker *self = argument;
    sv_pool *pool = self->pool;
    fesetenv(FE_DFL_ENV); /* whatever the caller's rounding or traps are, all threads count alike */
    pthread_mutex_lock(&pool->lock);
    for (int64_t k = next_season(pool); k >= 0; k = next_season(pool)) {
        pthread_mutex_unlock(&pool->lock);
        run_season(self, k);
        pthread_mutex_lock(&pool->lock);
        slot_of(pool, k)->done = true;
        if (k == pool->taken)
            pthread_cond_signal(&pool->ready);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static void start_threads(sv_pool *pool)
{
    int32_t most = pool->n_worker;
    if (pool->end - pool->next < most)
        most = (int32_t)(pool->end - pool->next);
    pool->n_started = 0;
    while (pool->n_started < most) {
        worker *w = &pool->worker[pool->n_started];
        if (pool->source.start(&w->thread, NULL, work, w) != 0)
            break;
        pool->n_started++;
    }
}

static void join_threads(sv_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->stop = true;
    pthread_cond_broadcast(&pool->room);
    pthread_mutex_unlock(&pool->lock);
    for (int32_t i = 0; i < pool->n_started; i++)
        pthread_join(pool->worker[i].thread, NULL);
}

/* ---- the caller ---------------------------------------------------------------------------- */

static struct timespec time_of(double clock_s)
{
    time_t whole = (time_t)clock_s;
    return (struct timespec){.tv_sec = whole, .tv_nsec = (long)(1e9 * (clock_s - (double)whole))};
}

/* Wait for the next season in order, at most until the clock shows until_s. @return true when it is done */
static bool await_next(sv_pool *pool, double until_s)
{
    if (pool->n_started == 0) {
        run_season(&pool->worker[0], pool->taken);
        return true;
    }
    struct timespec deadline = time_of(until_s);
    pthread_mutex_lock(&pool->lock);
    const slot *s = slot_of(pool, pool->taken);
    int timeout = 0;
    while (!s->done && timeout == 0)
        timeout = pthread_cond_timedwait(&pool->ready, &pool->lock, &deadline);
    bool done = s->done;
    pthread_mutex_unlock(&pool->lock);
    return done;
}

static void free_slot(sv_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    slot_of(pool, pool->taken)->done = false;
    pool->taken++;
    pthread_cond_signal(&pool->room);
    pthread_mutex_unlock(&pool->lock);
}

static sv_status take_all(sv_pool *pool, const sv_pool_taker *taker, sv_error *err)
{
    double tick_s = sv_clock_s() + TICK_S;
    bool enough = false;
    while (!enough && pool->taken < pool->end) { /* only this thread writes taken and end */
        if (await_next(pool, tick_s)) {
            sv_status status = taker->take(taker->context, slot_of(pool, pool->taken)->row, &enough, err);
            if (status != SV_OK)
                return status;
            free_slot(pool);
        }
        double now_s = sv_clock_s();
        if (now_s >= tick_s) {
            tick_s = now_s + TICK_S;
            enough = taker->tick(taker->context) || enough;
        }
    }
    return SV_OK;
}

sv_status sv_pool_run(sv_pool *pool, uint64_t seed, int64_t from, int64_t to, const sv_pool_taker *taker, sv_error *err)
{
    pool->seed = seed;
    pool->next = pool->taken = from;
    pool->end = to;
    pool->stop = false;
    for (int32_t i = 0; i < pool->n_slot; i++)
        pool->ring[i].done = false;
    fenv_t callers;
    fegetenv(&callers);
    fesetenv(FE_DFL_ENV);
    start_threads(pool);
    sv_status status = take_all(pool, taker, err);
    join_threads(pool);
    fesetenv(&callers);
    return status;
}

int32_t sv_pool_threads(const sv_pool *pool)
{
    return pool->n_started > 0 ? pool->n_started : 1;
}

/* ---- life ---------------------------------------------------------------------------------- */

static bool make_lock(sv_pool *pool)
{
    pthread_condattr_t monotonic;
    if (pthread_mutex_init(&pool->lock, NULL) != 0)
        return false;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC); /* the clock of sv_clock_s */
    pool->has_lock = pthread_cond_init(&pool->room, NULL) == 0;
    if (pool->has_lock && pthread_cond_init(&pool->ready, &monotonic) != 0) {
        pthread_cond_destroy(&pool->room);
        pool->has_lock = false;
    }
    pthread_condattr_destroy(&monotonic);
    if (!pool->has_lock)
        pthread_mutex_destroy(&pool->lock);
    return pool->has_lock;
}

static sv_status make_workers(sv_pool *pool, int32_t n_thread, sv_error *err)
{
    while (pool->n_worker < n_thread) {
        worker *w = &pool->worker[pool->n_worker];
        w->pool = pool;
        sv_status status = pool->source.make(pool->source.context, &w->season, pool->n_worker == 0 ? err : NULL);
        if (status != SV_OK)
            return pool->n_worker == 0 ? status : SV_OK;
        pool->n_worker++;
    }
    return SV_OK;
}

/* The rows of one slot, all or none. */
static bool make_slot(sv_pool *pool, slot *at, const sv_grid *grid, int64_t n_h)
{
    int32_t n = 0;
    while (n < pool->n_row && (at->row[n] = sv_season_row_new(grid, n_h)) != NULL)
        n++;
    if (n == pool->n_row)
        return true;
    while (n > 0)
        sv_season_row_free(&at->row[--n]);
    return false;
}

/* As many slots as there is memory for; one is enough to go on. */
static bool make_slots(sv_pool *pool, const sv_grid *grid, int64_t n_h)
{
    int32_t most = pool->n_worker * SLOTS_PER_THREAD;
    while (pool->n_slot < most && make_slot(pool, &pool->ring[pool->n_slot], grid, n_h))
        pool->n_slot++;
    return pool->n_slot > 0;
}

static sv_status fill(sv_pool *pool, const sv_grid *grid, int64_t n_h, int32_t n_thread, sv_error *err)
{
    pool->worker = SV_TAKE(pool->arena, n_thread, worker);
    pool->ring = SV_TAKE(pool->arena, (int64_t)n_thread * SLOTS_PER_THREAD, slot);
    for (int32_t i = 0; i < n_thread * SLOTS_PER_THREAD && pool->ring != NULL; i++)
        pool->ring[i].row = SV_TAKE(pool->arena, pool->n_row, sv_season_row *);
    if (sv_arena_failed(pool->arena) || !make_lock(pool))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for %d threads", (int)n_thread);
    sv_status status = make_workers(pool, n_thread, err);
    if (status == SV_OK && !make_slots(pool, grid, n_h))
        status = sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the rows of %d threads", (int)n_thread);
    return status;
}

sv_status sv_pool_new(sv_pool **pool, const sv_grid *grid, int64_t n_h, int32_t n_row, const sv_study_source *source,
                      int32_t n_thread, sv_error *err)
{
    sv_arena *arena = sv_arena_new();
    sv_pool *fresh = arena != NULL ? SV_TAKE(arena, 1, sv_pool) : NULL;
    *pool = NULL;
    if (fresh == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the threads of a study");
    }
    fresh->arena = arena;
    fresh->source = *source;
    fresh->n_row = n_row;
    fenv_t callers;
    fegetenv(&callers);
    fesetenv(FE_DFL_ENV); /* tables that workers make now count alike too */
    sv_status status = fill(fresh, grid, n_h, n_thread, err);
    fesetenv(&callers);
    fresh->source.context = NULL; /* the caller's, for making only */
    if (status != SV_OK)
        sv_pool_free(&fresh);
    *pool = fresh;
    return status;
}

void sv_pool_free(sv_pool **pool)
{
    sv_pool *old = *pool;
    if (old == NULL)
        return;
    for (int32_t i = 0; i < old->n_worker; i++)
        old->source.end(&old->worker[i].season);
    for (int32_t i = 0; i < old->n_slot; i++)
        for (int32_t k = 0; k < old->n_row; k++)
            sv_season_row_free(&old->ring[i].row[k]);
    if (old->has_lock) {
        pthread_cond_destroy(&old->room);
        pthread_cond_destroy(&old->ready);
        pthread_mutex_destroy(&old->lock);
    }
    sv_arena_free(old->arena);
    *pool = NULL;
}
