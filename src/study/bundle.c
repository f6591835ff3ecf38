/* Where real seasons come from: a workspace for the base and one for each lever, all of one thread. A season runs for the
 * base, which leaves a trace, and then for each lever beside it. */
#include "private.h"

typedef struct {
    sv_season *base;
    sv_season_trace *trace; /* NULL without levers */
    int32_t n_lever;
    sv_season **lever; /* [n_lever] */
    sv_arena *arena;
} bundle;

static void end_bundle(void **worker)
{
    bundle *self = *worker;
    *worker = NULL;
    if (self == NULL)
        return;
    for (int32_t k = 0; k < self->n_lever; k++)
        sv_season_free(&self->lever[k]);
    sv_season_trace_free(&self->trace);
    sv_season_free(&self->base);
    sv_arena_free(self->arena);
}

static sv_status fill(bundle *self, const bundle_context *of, sv_error *err)
{
    sv_status status = sv_season_new(&self->base, of->grid, of->base, err);
    if (status != SV_OK || of->n_lever == 0)
        return status;
    self->trace = sv_season_trace_new(of->grid, of->base->n_h);
    self->lever = SV_TAKE(self->arena, of->n_lever, sv_season *);
    if (self->trace == NULL || self->lever == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for %d levers", (int)of->n_lever);
    while (self->n_lever < of->n_lever) {
        sv_error found = {0};
        status = sv_season_new(&self->lever[self->n_lever], of->grid, of->lever[self->n_lever].season, &found);
        if (status != SV_OK)
            return sv_error_set(err, status, NULL, 0, "lever %d: %s", (int)self->n_lever + 1, found.text);
        self->n_lever++;
    }
    return SV_OK;
}

static sv_status make_bundle(const void *context, void **worker, sv_error *err)
{
    sv_arena *arena = sv_arena_new();
    bundle *self = arena != NULL ? SV_TAKE(arena, 1, bundle) : NULL;
    *worker = self;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a season");
    }
    self->arena = arena;
    sv_status status = fill(self, context, err);
    if (status != SV_OK)
        end_bundle(worker);
    return status;
}

static void run_bundle(void *worker, uint64_t seed, int64_t i_season, sv_season_row *const *row)
{
    bundle *self = worker;
    if (self->trace == NULL) {
        row[0]->status = sv_season_run(self->base, seed, i_season, row[0]);
        return;
    }
    row[0]->status = sv_season_run_traced(self->base, seed, i_season, self->trace, row[0]);
    for (int32_t k = 0; k < self->n_lever; k++) {
        row[1 + k]->status = sv_season_run_beside(self->lever[k], seed, i_season, self->trace, row[1 + k]);
        row[1 + k]->i_lever = k;
    }
}

sv_study_source bundle_source(const bundle_context *context)
{
    return (sv_study_source){context, make_bundle, run_bundle, end_bundle, pthread_create};
}
