/* Symmetric factor P A P' = L D L' without exchanges of pivots. A column of L is made from the columns that its row of L
 * names, always in the same order, so a column depends on values alone: redoing only what changed, and what follows from
 * it in the elimination tree, gives the bits of a factor from nothing. Only sv_ldl_new allocates; one object a thread. */
#include "ldl.h"

#include <math.h>
#include <string.h>

/* A pivot is lost when this little is left of what was added and taken away to make it. */
static const double LEAST_LEFT = 1e-12;

static sv_status take_fixed(sv_ldl *self, const int32_t *col_start)
{
    sv_arena *arena = self->arena;
    size_t n = (size_t)self->n;
    self->col_start = SV_TAKE(arena, n + 1, int32_t);
    self->place = SV_TAKE(arena, n, int32_t);
    self->unknown = SV_TAKE(arena, n, int32_t);
    self->parent = SV_TAKE(arena, n, int32_t);
    self->start = SV_TAKE(arena, n + 1, int32_t);
    self->back_start = SV_TAKE(arena, n + 1, int32_t);
    self->from_start = SV_TAKE(arena, n + 1, int32_t);
    self->pivot = SV_TAKE(arena, n, double);
    self->inverse = SV_TAKE(arena, n, double);
    self->work = SV_TAKE(arena, n, double);
    self->lane = SV_TAKE(arena, n * SV_LDL_LANES, double);
    self->old = SV_TAKE(arena, self->n_value, double);
    self->pending = SV_TAKE(arena, self->n_word, uint64_t);
    if (sv_arena_failed(arena))
        return SV_ENOMEM;
    memcpy(self->col_start, col_start, sizeof(int32_t) * (n + 1));
    return SV_OK;
}

sv_status sv_ldl_new(sv_ldl **ldl, int32_t n, int32_t n_first, const int32_t *col_start, const int32_t *row,
                     sv_error *err)
{
    *ldl = NULL;
    sv_arena *arena = sv_arena_new();
    sv_ldl *self = arena != NULL ? SV_TAKE(arena, 1, sv_ldl) : NULL;
    sv_status status = SV_ENOMEM;
    if (self != NULL) {
        *self = (sv_ldl){.arena = arena, .n = n, .n_value = col_start[n], .n_word = n / 64 + 1};
        status = take_fixed(self, col_start);
    }
    if (status == SV_OK)
        status = ldl_analyse(self, n_first, col_start, row);
    if (status != SV_OK) {
        sv_arena_free(arena);
        return sv_error_set(err, status, NULL, 0, "%s a symmetric matrix of %d rows",
                            status == SV_ENOMEM ? "out of memory for" : "cannot analyse", (int)n);
    }
    *ldl = self;
    return SV_OK;
}

void sv_ldl_free(sv_ldl **ldl)
{
    if (ldl == NULL || *ldl == NULL)
        return;
    sv_arena_free((*ldl)->arena);
    *ldl = NULL;
}

void sv_ldl_reset(sv_ldl *ldl)
{
    ldl->known = false;
}

/* Column j of L and its pivot from the columns left of it. @return false when too little is left of the pivot */
static bool make_column(sv_ldl *ldl, const double *value, int32_t j)
{
    const int32_t *restrict row = ldl->row;
    double *restrict work = ldl->work, *restrict l = ldl->l;
    for (int32_t p = ldl->from_start[j]; p < ldl->from_start[j + 1]; p++)
        work[ldl->from_row[p]] = value[ldl->from_at[p]];
    double pivot = work[j], mass = fabs(pivot);
    work[j] = 0.0;
    for (int32_t q = ldl->back_start[j]; q < ldl->back_start[j + 1]; q++) {
        int32_t k = ldl->back_col[q], p = ldl->back_at[q];
        double factor = l[p] * ldl->pivot[k], taken = l[p] * factor;
        pivot -= taken;
        mass += fabs(taken);
        for (p++; p < ldl->start[k + 1]; p++)
            work[row[p]] -= l[p] * factor;
    }
    double inverse = 1.0 / pivot;
    ldl->pivot[j] = pivot;
    ldl->inverse[j] = inverse;
    for (int32_t p = ldl->start[j]; p < ldl->start[j + 1]; p++) {
        l[p] = work[row[p]] * inverse;
        work[row[p]] = 0.0;
    }
    return fabs(pivot) > LEAST_LEFT * mass && fabs(inverse) <= 1e300; /* false also for what is no number */
}

/* Redo the pending columns and their ancestors. */
static sv_status redo(sv_ldl *ldl, const double *value)
{
    bool sound = true;
    int32_t word = 0;
    for (int32_t j = pending_take(ldl, &word); j >= 0; j = pending_take(ldl, &word)) {
        sound = sound && make_column(ldl, value, j);
        if (sound && ldl->parent[j] >= 0)
            pending_add(ldl, ldl->parent[j]);
    }
    ldl->known = sound;
    return sound ? SV_OK : SV_ENUM;
}

static sv_status redo_all(sv_ldl *ldl, const double *value)
{
    memcpy(ldl->old, value, sizeof(double) * (size_t)ldl->n_value);
    ldl->known = false;
    for (int32_t j = 0; j < ldl->n; j++)
        if (!make_column(ldl, value, j))
            return SV_ENUM;
    ldl->known = true;
    return SV_OK;
}

static void note_column(sv_ldl *ldl, const double *value, int32_t i)
{
    int32_t first = ldl->col_start[i];
    size_t size = sizeof(double) * (size_t)(ldl->col_start[i + 1] - first);
    if (memcmp(ldl->old + first, value + first, size) == 0)
        return;
    memcpy(ldl->old + first, value + first, size);
    pending_add(ldl, ldl->place[i]);
}

sv_status sv_ldl_update(sv_ldl *ldl, const double *value)
{
    if (!ldl->known)
        return redo_all(ldl, value);
    for (int32_t i = 0; i < ldl->n; i++)
        note_column(ldl, value, i);
    return redo(ldl, value);
}

sv_status sv_ldl_update_some(sv_ldl *ldl, const double *value, int32_t n_col, const int32_t *col)
{
    if (!ldl->known)
        return redo_all(ldl, value);
    for (int32_t k = 0; k < n_col; k++)
        note_column(ldl, value, col[k]);
    return redo(ldl, value);
}
