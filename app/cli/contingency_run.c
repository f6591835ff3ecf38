/* A method over the list of outages, in threads. The list goes by in blocks; threads take chunks of a block, and when the block
 * is done its rows go to the caller in order. Chunks are the same for any number of threads, and so are the rows. The caller's
 * thread works too, so that it goes on where no other can be had. */
#include "contingency.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_THREADS = 1024 };

typedef struct pool pool;

typedef struct {
    pool *pool;
    pthread_t thread;
    void *of_method; /* made by the thread that needs it first */
    sv_status status;
    sv_error err;
} worker;

struct pool {
    const contingency_method *method;
    const flow_work *work;
    contingency_row *row; /* [n] of the block */
    int32_t n, n_worker;
    worker *worker;       /* [n_worker] */
    pthread_mutex_t lock; /* of what follows */
    int32_t next;         /* row that nobody has taken */
    bool failed;
};

int32_t contingency_threads(const contingency_options *opt, const contingency_list *list)
{
    int64_t n = opt->n_thread > 0 ? opt->n_thread : (int64_t)sysconf(_SC_NPROCESSORS_ONLN);
    int64_t n_chunk = (list->n + CONTINGENCY_CHUNK - 1) / CONTINGENCY_CHUNK;
    n = n > n_chunk ? n_chunk : n;
    return (int32_t)(n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : n);
}

/* @return first row of the next chunk, -1 = none, or some worker has failed */
static int32_t take_chunk(pool *self, bool failed)
{
    pthread_mutex_lock(&self->lock);
    self->failed = self->failed || failed;
    int32_t first = self->failed || self->next >= self->n ? -1 : self->next;
    self->next += first >= 0 ? CONTINGENCY_CHUNK : 0;
    pthread_mutex_unlock(&self->lock);
    return first;
}

static void *do_work(void *argument)
{
    worker *self = argument;
    pool *all = self->pool;
    for (int32_t first = take_chunk(all, false); first >= 0; first = take_chunk(all, self->status != SV_OK)) {
        int32_t n = all->n - first < CONTINGENCY_CHUNK ? all->n - first : CONTINGENCY_CHUNK;
        if (self->of_method == NULL)
            self->status = all->method->start(&self->of_method, all->work, &self->err);
        if (self->status == SV_OK)
            self->status = all->method->solve(self->of_method, n, all->row + first, &self->err);
    }
    return NULL;
}

static sv_status pass_error(const worker *from, sv_error *err)
{
    return sv_error_set(err, from->status, NULL, 0, "%s",
                        from->err.text[0] != '\0' ? from->err.text : sv_status_name(from->status));
}

static sv_status run_block(pool *self, sv_error *err)
{
    int32_t n_started = 1;
    self->next = 0;
    while (n_started < self->n_worker && (int64_t)n_started * CONTINGENCY_CHUNK < self->n) {
        worker *one = &self->worker[n_started];
        if (pthread_create(&one->thread, NULL, do_work, one) != 0)
            break;
        n_started++;
    }
    (void)do_work(&self->worker[0]);
    for (int32_t w = 1; w < n_started; w++)
        pthread_join(self->worker[w].thread, NULL);
    for (int32_t w = 0; w < n_started; w++)
        if (self->worker[w].status != SV_OK)
            return pass_error(&self->worker[w], err);
    return SV_OK;
}

static sv_status run_list(pool *self, contingency_list *list, contingency_row *base, contingency_sink sink,
                          void *context, sv_error *err)
{
    self->n = 1;
    self->row[0] = (contingency_row){.number = 0};
    sv_status status = run_block(self, err);
    *base = self->row[0];
    while (status == SV_OK && (self->n = contingency_list_take(list, CONTINGENCY_BLOCK, self->row)) > 0) {
        status = run_block(self, err);
        for (int32_t k = 0; status == SV_OK && k < self->n; k++)
            status = sink(context, &self->row[k], err);
    }
    return status;
}

sv_status contingency_run(const contingency_method *method, const flow_work *work, contingency_list *list,
                          int32_t n_thread, contingency_row *base, contingency_sink sink, void *context, sv_error *err)
{
    pool self = {.method = method, .work = work, .n_worker = n_thread};
    self.row = calloc(CONTINGENCY_BLOCK, sizeof *self.row);
    self.worker = calloc((size_t)n_thread, sizeof *self.worker);
    sv_status status = SV_ENOMEM;
    if (self.row != NULL && self.worker != NULL && pthread_mutex_init(&self.lock, NULL) == 0) {
        for (int32_t w = 0; w < n_thread; w++)
            self.worker[w].pool = &self;
        status = run_list(&self, list, base, sink, context, err);
        for (int32_t w = 0; w < n_thread; w++)
            method->end(&self.worker[w].of_method);
        pthread_mutex_destroy(&self.lock);
    }
    free(self.row);
    free(self.worker);
    return status == SV_OK ? SV_OK : sv_error_set(err, status, NULL, 0, "out of memory for %d threads", (int)n_thread);
}
