/* LU factors through KLU: one analysis of the pattern, refactor with the old pivots while they serve, new pivots when the
 * growth of the numbers says they do not. Solves allocate nothing; one object a thread. */
#include "svitlo/sparse.h"

#include <klu.h>
#include <math.h>
#include <string.h>

/* Below these the old pivots are given up (reciprocal growth), and a matrix counts as singular (reciprocal condition of
 * its pivots). */
static const double LEAST_GROWTH = 1e-6;
static const double SINGULAR = 1e-14;

struct sv_lu {
    sv_arena *arena;
    int32_t n;
    int *col_start, *row;
    klu_common common;
    klu_symbolic *symbolic;
    klu_numeric *numeric;
};

sv_status sv_lu_new(sv_lu **lu, int32_t n, const int32_t *col_start, const int32_t *row, sv_error *err)
{
    *lu = NULL;
    sv_arena *arena = sv_arena_new();
    if (arena == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a matrix of %d rows", (int)n);
    sv_lu *self = SV_TAKE(arena, 1, sv_lu);
    int32_t n_value = col_start[n];
    int *starts = SV_TAKE(arena, n + 1, int);
    int *rows = SV_TAKE(arena, n_value, int);
    if (sv_arena_failed(arena)) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a matrix of %d rows", (int)n);
    }
    memcpy(starts, col_start, sizeof(int) * ((size_t)n + 1));
    memcpy(rows, row, sizeof(int) * (size_t)n_value);
    *self = (sv_lu){.arena = arena, .n = n, .col_start = starts, .row = rows};
    klu_defaults(&self->common);
    self->common.btf = 0;
    self->symbolic = klu_analyze(n, starts, rows, &self->common);
    if (self->symbolic == NULL) {
        sv_status status = self->common.status == KLU_OUT_OF_MEMORY ? SV_ENOMEM : SV_ENUM;
        sv_arena_free(arena);
        return sv_error_set(err, status, NULL, 0, "cannot analyse a matrix of %d rows", (int)n);
    }
    *lu = self;
    return SV_OK;
}

void sv_lu_free(sv_lu **lu)
{
    if (lu == NULL || *lu == NULL)
        return;
    klu_free_numeric(&(*lu)->numeric, &(*lu)->common);
    klu_free_symbolic(&(*lu)->symbolic, &(*lu)->common);
    sv_arena_free((*lu)->arena);
    *lu = NULL;
}

static bool well_conditioned(sv_lu *lu)
{
    return klu_rcond(lu->symbolic, lu->numeric, &lu->common) && lu->common.rcond > SINGULAR;
}

static bool old_pivots_serve(sv_lu *lu, double *value)
{
    if (lu->numeric == NULL)
        return false;
    if (!klu_refactor(lu->col_start, lu->row, value, lu->symbolic, lu->numeric, &lu->common))
        return false;
    if (!well_conditioned(lu))
        return false;
    return klu_rgrowth(lu->col_start, lu->row, value, lu->symbolic, lu->numeric, &lu->common) &&
           lu->common.rgrowth > LEAST_GROWTH;
}

sv_status sv_lu_update(sv_lu *lu, const double *value)
{
    /* KLU's interface lacks const; it does not write. */
    double *values = (double *)(uintptr_t)value;
    if (old_pivots_serve(lu, values))
        return SV_OK;
    klu_free_numeric(&lu->numeric, &lu->common);
    lu->numeric = klu_factor(lu->col_start, lu->row, values, lu->symbolic, &lu->common);
    if (lu->numeric == NULL)
        return lu->common.status == KLU_OUT_OF_MEMORY ? SV_ENOMEM : SV_ENUM;
    if (well_conditioned(lu))
        return SV_OK;
    klu_free_numeric(&lu->numeric, &lu->common);
    return SV_ENUM;
}

void sv_lu_reset(sv_lu *lu)
{
    klu_free_numeric(&lu->numeric, &lu->common);
}

void sv_lu_solve(sv_lu *lu, double *b, int32_t n_rhs)
{
    klu_solve(lu->symbolic, lu->numeric, lu->n, n_rhs, b, &lu->common);
}
