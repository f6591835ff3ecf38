/* A method over the list of outages, in threads. The list goes by in blocks; threads take chunks of a block, and when the block
 * is done its rows go to the caller in order. Chunks are the same for any number of threads, and so are the rows. */
#include "contingency.h"
#include "contingency_pool.h"

#include <stdlib.h>
#include <unistd.h>

enum { MOST_THREADS = 1024 };

typedef struct {
    const contingency_method *method;
    const flow_work *work;
    contingency_row *row; /* [n] of the block */
    int32_t n;
} block;

int32_t contingency_threads(const contingency_options *opt, int64_t n_piece)
{
    int64_t n = opt->n_thread > 0 ? opt->n_thread : (int64_t)sysconf(_SC_NPROCESSORS_ONLN);
    n = n > n_piece ? n_piece : n;
    return (int32_t)(n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : n);
}

static int32_t chunks_of(int64_t n)
{
    return (int32_t)((n + CONTINGENCY_CHUNK - 1) / CONTINGENCY_CHUNK);
}

static sv_status start_worker(void **worker, void *shared, sv_error *err)
{
    const block *self = shared;
    return self->method->start(worker, self->work, err);
}

static sv_status solve_chunk(void *worker, void *shared, int32_t piece, sv_error *err)
{
    const block *self = shared;
    int32_t first = piece * CONTINGENCY_CHUNK, n = self->n - first;
    return self->method->solve(worker, n < CONTINGENCY_CHUNK ? n : CONTINGENCY_CHUNK, self->row + first, err);
}

static sv_status run_list(block *self, contingency_pool *pool, contingency_list *list, contingency_row *base,
                          contingency_sink sink, void *context, sv_error *err)
{
    self->n = 1;
    self->row[0] = (contingency_row){.number = 0};
    sv_status status = contingency_pool_run(pool, 1, err);
    *base = self->row[0];
    while (status == SV_OK && (self->n = contingency_list_take(list, CONTINGENCY_BLOCK, self->row)) > 0) {
        status = contingency_pool_run(pool, chunks_of(self->n), err);
        for (int32_t k = 0; status == SV_OK && k < self->n; k++)
            status = sink(context, &self->row[k], err);
    }
    return status;
}

sv_status contingency_run(const contingency_method *method, const flow_work *work, const contingency_options *opt,
                          contingency_list *list, int32_t *n_thread, contingency_row *base, contingency_sink sink,
                          void *context, sv_error *err)
{
    block self = {.method = method, .work = work};
    const contingency_task task = {&self, start_worker, solve_chunk, method->end};
    contingency_pool *pool = NULL;
    *n_thread = contingency_threads(opt, chunks_of(list->n));
    self.row = calloc(CONTINGENCY_BLOCK, sizeof *self.row);
    sv_status status = self.row != NULL ? contingency_pool_new(&pool, &task, *n_thread, err)
                                        : sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    if (status == SV_OK)
        status = run_list(&self, pool, list, base, sink, context, err);
    contingency_pool_free(&pool);
    free(self.row);
    return status;
}
