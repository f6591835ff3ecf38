/* AC check of a dispatched hour: the door. */
#include "ac_check.h"

#include <math.h>
#include <string.h>

enum { MOST_ROUNDS = 40, MOST_POLISH = 3 };

const char *const sv_ac_verdict_name[SV_N_AC_VERDICT] = {"confirmed", "redispatched", "shed", "broken"};

/* ---- life ---------------------------------------------------------------------------------- */

static void take_schedule(ac_schedule *schedule, const sv_ac_check *self)
{
    schedule->source_mw = SV_TAKE(self->arena, self->n_source, double);
    schedule->load_mw = SV_TAKE(self->arena, self->grid->n_load, double);
    schedule->shed_mw = SV_TAKE(self->arena, self->grid->n_load, double);
    schedule->vm_pu = SV_TAKE(self->arena, self->grid->n_bus, double);
    schedule->va_deg = SV_TAKE(self->arena, self->grid->n_bus, double);
    schedule->limited = SV_TAKE(self->arena, self->grid->n_bus, int8_t);
}

static bool take_memory(sv_ac_check *self)
{
    const sv_grid *grid = self->grid;
    sv_arena *arena = self->arena;
    self->n_source = grid->n_gen + grid->n_interconnector;
    self->n_col = grid->n_load + 2 * self->n_source + AC_MOST_ROWS;
    self->source_bus = SV_TAKE(arena, self->n_source, int32_t);
    self->source_max_mw = SV_TAKE(arena, self->n_source, double);
    self->settled_mw = SV_TAKE(arena, self->n_source, double);
    take_schedule(&self->now, self);
    take_schedule(&self->kept, self);
    take_schedule(&self->best, self);
    self->load_mvar = SV_TAKE(arena, grid->n_load, double);
    self->gen_mvar = SV_TAKE(arena, grid->n_gen, double);
    self->drawn_mw = SV_TAKE(arena, grid->n_bus, double);
    self->unstable = SV_TAKE(arena, grid->n_bus, uint8_t);
    self->short_mw = SV_TAKE(arena, grid->n_bus, double);
    self->room_mw = SV_TAKE(arena, grid->n_bus, double);
    for (int k = 0; k < 4; k++)
        self->flow[k] = SV_TAKE(arena, grid->n_branch, double);
    double **columns[] = {&self->cost, &self->lower, &self->upper, &self->row};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        *columns[k] = SV_TAKE(arena, self->n_col, double);
    self->by_mw = SV_TAKE(arena, grid->n_bus, double);
    self->by_mvar = SV_TAKE(arena, grid->n_bus, double);
    self->bus_listed = SV_TAKE(arena, grid->n_bus, uint8_t);
    self->branch_listed = SV_TAKE(arena, grid->n_branch, uint8_t);
    self->topology = sv_topology_new(grid);
    self->program = sv_dual_new(self->n_col, AC_MOST_ROWS);
    if (self->topology == NULL || self->program == NULL || sv_arena_failed(arena))
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
    sv_dual_free(&(*check)->program);
    sv_arena_free((*check)->arena);
    *check = NULL;
}

/* ---- one hour ------------------------------------------------------------------------------ */

/* Voltages were found wherever load is served. */
static bool has_all_voltages(const sv_ac_check *self)
{
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        int32_t k = ac_island_of_load(self, d);
        if (self->now.load_mw[d] > AC_SHORT_ROOM_MW && (k < 0 || !ac_has_answer(self, k)))
            return false;
    }
    return true;
}

/* @param high  voltages above their band count too */
static bool holds(const sv_ac_check *self, bool high)
{
    sv_ac_look look;
    ac_look(self, &look);
    bool good = look.n_low + look.n_over + (high ? look.n_high : 0) == 0 && has_all_voltages(self);
    for (int32_t k = 0; k < self->info.n_island; k++)
        good = good && (!ac_serves(self, k) || self->short_mw[k] <= AC_SHORT_ROOM_MW);
    return good;
}

static bool stands(const sv_ac_check *self)
{
    return holds(self, true);
}

/* What was found with units that absorb more than they can may do without that in the end. */
static sv_status tighten(sv_ac_check *self)
{
    sv_ac_look free, tight;
    ac_look(self, &free);
    ac_copy(self, &self->kept, &self->now);
    self->free_absorption = false;
    sv_status status = ac_settle(self);
    ac_look(self, &tight);
    if (status != SV_OK || (has_all_voltages(self) && tight.n_high <= free.n_high))
        return status;
    self->free_absorption = true;
    ac_copy(self, &self->now, &self->kept);
    return ac_settle(self);
}

/* Load where nothing holds a voltage is lost. @return there was some */
static bool darken(sv_ac_check *self)
{
    double dark_mw = 0.0;
    for (int32_t d = 0; d < self->grid->n_load; d++)
        if (ac_is_dark(self, self->grid->load[d].i_bus) && self->now.load_mw[d] > 0.0) {
            dark_mw += self->now.load_mw[d];
            self->now.shed_mw[d] += self->now.load_mw[d];
            self->now.load_mw[d] = 0.0;
        }
    self->dark_mw += dark_mw;
    return dark_mw > 0.0;
}

static double shed_mw_of(const sv_ac_check *self, const ac_schedule *schedule)
{
    double sum = 0.0;
    for (int32_t d = 0; d < self->grid->n_load; d++)
        sum += schedule->shed_mw[d];
    return sum;
}

/* One step towards a schedule that stands. @param[out] moved  false: no step is known */
static sv_status step(sv_ac_check *self, bool *moved)
{
    bool any = darken(self); /* as dispatched, or where what held an island was moved */
    sv_status status = any ? ac_settle(self) : SV_OK;
    for (int32_t k = 0; k < self->info.n_island && status == SV_OK; k++)
        if (ac_is_lost(self, k)) {
            status = ac_nose(self, k);
            self->n_round = self->n_round < 1 ? self->n_round : 1; /* units may move far again */
            self->reach = AC_REACH;
            any = true;
        }
    *moved = any;
    return status == SV_OK && !any ? ac_relieve(self, moved) : status;
}

/* An island that was cut as a whole has lost more than it need have: what stands is kept, and then asks for load back. */
static sv_status relieve(sv_ac_check *self)
{
    bool any = false, moved = true, tightened = false;
    int32_t n_polish = 0;
    sv_status status = SV_OK;
    for (int32_t round = 0; round < MOST_ROUNDS && status == SV_OK && moved; round++) {
        if (!tightened && self->free_absorption && self->n_restore == 0 && holds(self, false)) {
            tightened = true;
            status = tighten(self);
            if (status != SV_OK)
                return status;
        }
        if (self->n_restore == 0 && stands(self)) {
            if (!any || shed_mw_of(self, &self->now) < shed_mw_of(self, &self->best))
                ac_copy(self, &self->best, &self->now);
            any = true;
            if (!self->was_cut || n_polish++ == MOST_POLISH)
                break;
            self->n_restore = AC_RESTORE_ROUNDS;
            self->n_round = 1;
            self->reach = AC_REACH;
        }
        status = step(self, &moved);
    }
    if (status != SV_OK || !any || (stands(self) && shed_mw_of(self, &self->now) <= shed_mw_of(self, &self->best)))
        return status;
    ac_copy(self, &self->now, &self->best);
    return ac_settle(self);
}

/* What was done to the dispatch, read off the schedule. */
static void read_moves(const sv_ac_check *self, sv_ac_hour *hour)
{
    hour->shed_mw = shed_mw_of(self, &self->now);
    for (int32_t d = 0; d < self->grid->n_load; d++)
        hour->shed_class_mw[self->grid->load[d].class_] += self->now.shed_mw[d];
    for (int32_t s = 0; s < self->n_source; s++)
        hour->moved_mw += fmax(0.0, self->now.source_mw[s] - self->settled_mw[s]);
    hour->dark_mw = self->dark_mw;
    if (!stands(self) || self->was_darkened)
        hour->verdict = SV_AC_BROKEN;
    else if (hour->shed_mw > AC_SHORT_ROOM_MW)
        hour->verdict = SV_AC_SHED;
    else
        hour->verdict = hour->moved_mw > AC_SHORT_ROOM_MW ? SV_AC_REDISPATCHED : SV_AC_CONFIRMED;
}

sv_status sv_ac_check_hour(sv_ac_check *check, const sv_state *state, const sv_dispatch *dispatch, sv_ac_hour *hour,
                           sv_error *err)
{
    *hour = (sv_ac_hour){.verdict = SV_AC_CONFIRMED,
                         .load_shed_mw = check->now.shed_mw,
                         .gen_mw = check->now.source_mw,
                         .import_mw = check->now.source_mw + check->grid->n_gen,
                         .vm_pu = check->now.vm_pu};
    sv_status status = sv_ac_update(check->ac, state, err);
    if (status != SV_OK)
        return status;
    ac_settle_begin(check, state, dispatch);
    status = ac_settle(check);
    if (status != SV_OK)
        return status;
    hour->solved = has_all_voltages(check);
    ac_look(check, &hour->before);
    for (int32_t k = 0; k < check->info.n_island; k++)
        hour->short_mw += ac_serves(check, k) ? check->short_mw[k] : 0.0;
    memcpy(check->settled_mw, check->now.source_mw, sizeof(double) * (size_t)check->n_source);
    if (!stands(check)) {
        status = relieve(check);
        if (status != SV_OK)
            return status;
        read_moves(check, hour);
    }
    hour->slack_beyond_mvar = ac_slack_beyond_mvar(check);
    ac_look(check, &hour->after);
    hour->n_solve = check->n_solve;
    return SV_OK;
}
