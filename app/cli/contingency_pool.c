/* Threads that share out numbered pieces of work. The caller's thread works too, so that it goes on where no other can be
 * had. */
#include "contingency_pool.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct {
    contingency_pool *pool;
    pthread_t thread;
    void *of_task; /* made by the thread that needs it first */
    sv_status status;
    sv_error err;
} worker;

struct contingency_pool {
    contingency_task task;
    int32_t n, n_worker;
    worker *worker;       /* [n_worker] */
    pthread_mutex_t lock; /* of what follows */
    int32_t next;         /* piece that nobody has taken */
    bool failed;
};

/* @return the next piece, -1 = none, or some worker has failed */
static int32_t take_piece(contingency_pool *self, bool failed)
{
    pthread_mutex_lock(&self->lock);
    self->failed = self->failed || failed;
    int32_t piece = self->failed || self->next >= self->n ? -1 : self->next++;
    pthread_mutex_unlock(&self->lock);
    return piece;
}

static void *do_work(void *argument)
{
    worker *self = argument;
    contingency_pool *all = self->pool;
    const contingency_task *task = &all->task;
    for (int32_t piece = take_piece(all, false); piece >= 0; piece = take_piece(all, self->status != SV_OK)) {
        if (self->of_task == NULL)
            self->status = task->start(&self->of_task, task->shared, &self->err);
        if (self->status == SV_OK)
            self->status = task->work(self->of_task, task->shared, piece, &self->err);
    }
    return NULL;
}

static sv_status pass_error(const worker *from, sv_error *err)
{
    return sv_error_set(err, from->status, NULL, 0, "%s",
                        from->err.text[0] != '\0' ? from->err.text : sv_status_name(from->status));
}

sv_status contingency_pool_run(contingency_pool *pool, int32_t n, sv_error *err)
{
    int32_t n_started = 1;
    pool->next = 0;
    pool->n = n;
    while (n_started < pool->n_worker && n_started < n) {
        worker *one = &pool->worker[n_started];
        if (pthread_create(&one->thread, NULL, do_work, one) != 0)
            break;
        n_started++;
    }
    (void)do_work(&pool->worker[0]);
    for (int32_t w = 1; w < n_started; w++)
        pthread_join(pool->worker[w].thread, NULL);
    for (int32_t w = 0; w < n_started; w++)
        if (pool->worker[w].status != SV_OK)
            return pass_error(&pool->worker[w], err);
    return SV_OK;
}

sv_status contingency_pool_new(contingency_pool **pool, const contingency_task *task, int32_t n_thread, sv_error *err)
{
    contingency_pool *self = calloc(1, sizeof *self);
    *pool = NULL;
    worker *workers = calloc((size_t)n_thread, sizeof *workers);
    if (self == NULL || workers == NULL || pthread_mutex_init(&self->lock, NULL) != 0) {
        free(self);
        free(workers);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for %d threads", (int)n_thread);
    }
    self->task = *task;
    self->n_worker = n_thread;
    self->worker = workers;
    for (int32_t w = 0; w < n_thread; w++)
        workers[w].pool = self;
    *pool = self;
    return SV_OK;
}

void contingency_pool_free(contingency_pool **pool)
{
    contingency_pool *self = *pool;
    if (self == NULL)
        return;
    for (int32_t w = 0; w < self->n_worker; w++)
        self->task.end(&self->worker[w].of_task);
    pthread_mutex_destroy(&self->lock);
    free(self->worker);
    free(self);
    *pool = NULL;
}
