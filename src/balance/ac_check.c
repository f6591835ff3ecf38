/* AC check of a dispatched hour: the door. */
#include "ac_check.h"

#include <math.h>
#include <string.h>

const char *const sv_ac_verdict_name[SV_N_AC_VERDICT] = {"confirmed", "redispatched", "shed", "broken"};

/* ---- life ---------------------------------------------------------------------------------- */

static bool take_memory(sv_ac_check *self)
{
    const sv_grid *grid = self->grid;
    sv_arena *arena = self->arena;
    self->n_source = grid->n_gen + grid->n_interconnector;
    self->source_bus = SV_TAKE(arena, self->n_source, int32_t);
    self->source_mw = SV_TAKE(arena, self->n_source, double);
    self->source_max_mw = SV_TAKE(arena, self->n_source, double);
    self->load_mw = SV_TAKE(arena, grid->n_load, double);
    self->load_mvar = SV_TAKE(arena, grid->n_load, double);
    self->shed_mw = SV_TAKE(arena, grid->n_load, double);
    self->vm_pu = SV_TAKE(arena, grid->n_bus, double);
    self->va_deg = SV_TAKE(arena, grid->n_bus, double);
    self->short_mw = SV_TAKE(arena, grid->n_bus, double);
    self->room_mw = SV_TAKE(arena, grid->n_bus, double);
    for (int k = 0; k < 4; k++)
        self->flow[k] = SV_TAKE(arena, grid->n_branch, double);
    self->topology = sv_topology_new(grid);
    if (self->topology == NULL || sv_arena_failed(arena))
        return false;
    for (int32_t g = 0; g < grid->n_gen; g++)
        self->source_bus[g] = grid->gen[g].i_bus;
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        self->source_bus[grid->n_gen + k] = grid->interconnector[k].i_bus;
    return true;
}

sv_status sv_ac_check_new(sv_ac_check **check, const sv_grid *grid, const double *weight, sv_error *err)
{
    *check = NULL;
    for (int c = 0; c < SV_N_CLASS; c++)
        if (!(weight[c] > 0.0) || !isfinite(weight[c]))
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "the weight of class %s is %g; accepted: above 0",
                                sv_class_name[c], weight[c]);
    sv_arena *arena = sv_arena_new();
    sv_ac_check *self = arena != NULL ? SV_TAKE(arena, 1, sv_ac_check) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for an AC check");
    }
    self->arena = arena;
    self->grid = grid;
    memcpy(self->weight, weight, sizeof self->weight);
    sv_status status = sv_ac_new(&self->ac, grid, err);
    if (status == SV_OK && !take_memory(self))
        status = sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for an AC check");
    if (status != SV_OK)
        sv_ac_check_free(&self);
    *check = self;
    return status;
}

void sv_ac_check_free(sv_ac_check **check)
{
    if (check == NULL || *check == NULL)
        return;
    sv_ac_free(&(*check)->ac);
    sv_topology_free(&(*check)->topology);
    sv_arena_free((*check)->arena);
    *check = NULL;
}

/* ---- one hour ------------------------------------------------------------------------------ */

static bool stands(const sv_ac_check *self, const sv_ac_look *look)
{
    bool good = look->n_low + look->n_high + look->n_over == 0;
    for (int32_t k = 0; k < self->info.n_island; k++)
        good = good && self->short_mw[k] <= AC_SHORT_ROOM_MW;
    return good;
}

sv_status sv_ac_check_hour(sv_ac_check *check, const sv_state *state, const sv_dispatch *dispatch, sv_ac_hour *hour,
                           sv_error *err)
{
    *hour = (sv_ac_hour){.load_shed_mw = check->shed_mw, .vm_pu = check->vm_pu};
    sv_status status = sv_ac_update(check->ac, state, err);
    if (status != SV_OK)
        return status;
    ac_settle_begin(check, state, dispatch);
    status = ac_settle(check);
    if (status != SV_OK)
        return status;
    ac_look(check, &hour->before);
    hour->after = hour->before;
    hour->verdict = stands(check, &hour->before) ? SV_AC_CONFIRMED : SV_AC_BROKEN;
    hour->n_solve = check->n_solve;
    return SV_OK;
}
