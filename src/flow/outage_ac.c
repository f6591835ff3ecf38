/* AC contingencies in batches of lanes from one base case. A step solves the base case's Jacobian, corrected for the few
 * equations that the outage changes: with J + U D for rows U that differ by D, the step is y - Z (I + D Z)^-1 D y, where
 * y = J^-1 f and Z = J^-1 U. The Jacobian stays that of the base case's voltages, so steps converge linearly; mismatches are
 * true ones. Source of the correction: Alsac, Stott, Tinney, "Sparsity-oriented compensation methods for modified network
 * solutions", IEEE Trans. PAS 102(5), 1983. Allocates only in sv_ac_screen_new. One workspace a thread. */
#include "outage_ac.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 24, STEPS_TO_JUDGE = 3 };
static const double TOO_SLOW = 0.7, LEAST_PIVOT = 1e-9;

/* ---- life ---------------------------------------------------------------------------------- */

/* Entries of the rows of the nodes with most neighbours: all that MOST_BUSES can have. */
static int32_t most_entries(const sv_ac *base)
{
    int32_t most = base->ties != NULL ? ties_longest_row(base->ties, base->start) : 0;
    for (int32_t i = 0; i < base->grid->n_bus; i++)
        most = base->start[i + 1] - base->start[i] > most ? base->start[i + 1] - base->start[i] : most;
    return 4 * MOST_BUSES * most;
}

static bool take_memory(sv_ac_screen *self)
{
    sv_arena *arena = self->arena;
    size_t n = (size_t)self->grid->n_bus;
    self->most_entry = most_entries(self->base);
    self->vm_base = SV_TAKE(arena, n, double);
    self->va_base = SV_TAKE(arena, n, double);
    self->re = SV_TAKE(arena, n * LANES, double);
    self->im = SV_TAKE(arena, n * LANES, double);
    self->f = SV_TAKE(arena, 2 * n * LANES, double);
    for (int32_t r = 0; r < MOST_ROWS; r++)
        self->z[r] = SV_TAKE(arena, 2 * n * LANES, double);
    self->vm = SV_TAKE(arena, n, double);
    self->va = SV_TAKE(arena, n, double);
    self->entry = SV_TAKE(arena, LANES * (size_t)self->most_entry, double);
    self->entry_column = SV_TAKE(arena, LANES * (size_t)self->most_entry, int32_t);
    self->dead = SV_TAKE(arena, LANES * n, int32_t);
    self->place = SV_TAKE(arena, n, int32_t);
    self->column = SV_TAKE(arena, n + 2 * (size_t)self->grid->n_branch, int32_t);
    self->dark = SV_TAKE(arena, n, uint8_t);
    self->touched = SV_TAKE(arena, n, uint8_t);
    self->touched_bus = SV_TAKE(arena, n, int32_t);
    self->low_squared = SV_TAKE(arena, n, double);
    self->high_squared = SV_TAKE(arena, n, double);
    self->per_rate_squared = SV_TAKE(arena, self->grid->n_branch, double);
    self->out = SV_TAKE(arena, self->grid->n_branch, uint8_t);
    for (int32_t k = 0; k < 4; k++)
        self->flow[k] = SV_TAKE(arena, self->grid->n_branch, double);
    for (int32_t l = 0; l < LANES; l++) {
        self->lane[l].entry = self->entry + (size_t)l * (size_t)self->most_entry;
        self->lane[l].entry_column = self->entry_column + (size_t)l * (size_t)self->most_entry;
        self->lane[l].dead = self->dead + (size_t)l * n;
    }
    return !sv_arena_failed(arena);
}

/* Lanes are kept in the order of the factor, so that solves and steps go straight through memory. */
static void set_places(sv_ac_screen *self)
{
    self->at = sv_blu_node(self->base->lu);
    const int32_t *place = sv_blu_place(self->base->lu);
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        self->place[i] = place[ac_node(self->base, i)];
    for (int32_t k = 0; k < self->base->start[self->grid->n_bus]; k++)
        self->column[k] = place[self->base->column[k]];
}

sv_status sv_ac_screen_new(sv_ac_screen **screen, const sv_grid *grid, sv_error *err)
{
    *screen = NULL;
    sv_arena *arena = sv_arena_new();
    sv_ac_screen *self = arena != NULL ? SV_TAKE(arena, 1, sv_ac_screen) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for contingencies of %d buses", (int)grid->n_bus);
    }
    *self =
        (sv_ac_screen){.arena = arena, .grid = grid, .topology = sv_topology_new(grid), .state = sv_state_new(grid)};
    sv_status status = self->topology != NULL && self->state != NULL ? SV_OK : SV_ENOMEM;
    if (status == SV_OK)
        status = sv_ac_new(&self->base, grid, err);
    if (status == SV_OK)
        status = sv_ac_new(&self->full, grid, err);
    if (status == SV_OK && !take_memory(self))
        status = SV_ENOMEM;
    if (status != SV_OK) {
        sv_ac_screen_free(&self);
        return sv_error_set(err, status, NULL, 0, "out of memory for contingencies of %d buses", (int)grid->n_bus);
    }
    *screen = self;
    return SV_OK;
}

void sv_ac_screen_free(sv_ac_screen **screen)
{
    if (screen == NULL || *screen == NULL)
        return;
    sv_ac_free(&(*screen)->base);
    sv_ac_free(&(*screen)->full);
    sv_state_free(&(*screen)->state);
    sv_topology_free(&(*screen)->topology);
    sv_arena_free((*screen)->arena);
    *screen = NULL;
}

/* Reactive limits and a shared slack are not for lanes; nor are ties with a rating, since they do not see flows of ties. */
static bool lanes_serve(const sv_ac_screen *self)
{
    const sv_ac *base = self->base;
    bool good = !self->settings.q_limits && !self->settings.distributed_slack;
    if (base->ties == NULL || !base->ties->any)
        return good;
    for (int32_t t = 0; t < base->ties->n_tie; t++)
        good = good && !(base->ties->live[t] != 0 && self->grid->branch[base->ties->branch[t]].rate_a_mva > 0.0);
    return good;
}

sv_status sv_ac_screen_base(sv_ac_screen *screen, const sv_state *state, const sv_ac_settings *settings,
                            const sv_flow_input *input, sv_ac_info *info, sv_error *err)
{
    sv_ac *base = screen->base;
    screen->ready = false;
    sv_status status = sv_ac_update(base, state, err);
    if (status != SV_OK)
        return status;
    set_places(screen);
    sv_state_copy(screen->state, state);
    screen->settings = *settings;
    screen->input = input != NULL ? *input : (sv_flow_input){0};
    const sv_ac_result result = {.vm_pu = screen->vm_base, .va_deg = screen->va_base};
    status = sv_ac_solve(base, settings, input, &result, info);
    if (status != SV_OK || !info->converged)
        return status;
    screen->n_island = info->n_island;
    ac_mismatch(base); /* voltages have moved since the last factor */
    ac_jacobian(base);
    screen->has_factor = lanes_serve(screen) && sv_blu_update(base->lu, base->value) == SV_OK;
    outage_set_limits(screen);
    screen->ready = true;
    return SV_OK;
}

/* ---- the correction ------------------------------------------------------------------------ */

/* LU with row exchanges in place. @return false when a pivot is next to nothing */
static bool factor_small(lane_outage *lane)
{
    int32_t n = lane->n_row;
    for (int32_t c = 0; c < n; c++) {
        int32_t best = c;
        for (int32_t r = c + 1; r < n; r++)
            if (fabs(lane->small[r * MOST_ROWS + c]) > fabs(lane->small[best * MOST_ROWS + c]))
                best = r;
        lane->swap[c] = best;
        for (int32_t k = 0; best != c && k < n; k++) {
            double moved = lane->small[c * MOST_ROWS + k];
            lane->small[c * MOST_ROWS + k] = lane->small[best * MOST_ROWS + k];
            lane->small[best * MOST_ROWS + k] = moved;
        }
        double pivot = lane->small[c * MOST_ROWS + c];
        if (!(fabs(pivot) > LEAST_PIVOT))
            return false;
        for (int32_t r = c + 1; r < n; r++) {
            double factor = lane->small[r * MOST_ROWS + c] /= pivot;
            for (int32_t k = c + 1; k < n; k++)
                lane->small[r * MOST_ROWS + k] -= factor * lane->small[c * MOST_ROWS + k];
        }
    }
    return true;
}

static void solve_small(const lane_outage *lane, double *x)
{
    int32_t n = lane->n_row;
    for (int32_t c = 0; c < n; c++) {
        double moved = x[c];
        x[c] = x[lane->swap[c]];
        x[lane->swap[c]] = moved;
    }
    for (int32_t r = 0; r < n; r++)
        for (int32_t k = 0; k < r; k++)
            x[r] -= lane->small[r * MOST_ROWS + k] * x[k];
    for (int32_t r = n - 1; r >= 0; r--) {
        for (int32_t k = r + 1; k < n; k++)
            x[r] -= lane->small[r * MOST_ROWS + k] * x[k];
        x[r] /= lane->small[r * MOST_ROWS + r];
    }
}

/* Row r of the differences times a vector of lane l. */
static double times_difference(const lane_outage *lane, int32_t r, const double *x, int32_t l)
{
    double sum = 0.0;
    for (int32_t e = lane->entry_start[r]; e < lane->entry_start[r + 1]; e++)
        sum += lane->entry[e] * x[lane->entry_column[e] * LANES + l];
    return sum;
}

/* @return how many equations the outages of the batch change at most */
static int32_t make_corrections(sv_ac_screen *self)
{
    int32_t n_row = 0;
    for (int32_t l = 0; l < LANES; l++)
        n_row = self->lane[l].active && self->lane[l].n_row > n_row ? self->lane[l].n_row : n_row;
    for (int32_t r = 0; r < n_row; r++) {
        memset(self->z[r], 0, sizeof(double) * 2 * LANES * (size_t)self->grid->n_bus);
        int32_t n_place = 0, place[LANES];
        for (int32_t l = 0; l < LANES; l++)
            if (self->lane[l].active && r < self->lane[l].n_row) {
                self->z[r][self->lane[l].row[r] * LANES + l] = 1.0;
                place[n_place++] = self->lane[l].row[r] / 2;
            }
        sv_blu_solve_lanes_few(self->base->lu, self->z[r], n_place, place);
    }
    for (int32_t l = 0; l < LANES; l++) {
        lane_outage *lane = &self->lane[l];
        for (int32_t r = 0; lane->active && r < lane->n_row; r++)
            for (int32_t s = 0; s < lane->n_row; s++)
                lane->small[r * MOST_ROWS + s] = (r == s ? 1.0 : 0.0) + times_difference(lane, r, self->z[s], l);
        if (lane->active && !factor_small(lane)) {
            lane->active = false;
            lane->whole = true;
        }
    }
    return n_row;
}

/* ---- steps --------------------------------------------------------------------------------- */

/* A lane that was given up asks for no step. */
static void clear_lane(double *f, int32_t n, int32_t l)
{
    for (int32_t i = 0; i < n; i++)
        f[i * LANES + l] = 0.0;
}

static void give_up(sv_ac_screen *self, int32_t l)
{
    self->lane[l].active = false;
    self->lane[l].whole = true;
    lanes_restart(self, l); /* so that it stays a number */
}

/* The largest mismatch of a lane and whose it is, the first of the buses. */
static void note_worst(sv_ac_screen *self, int32_t l)
{
    lane_outage *lane = &self->lane[l];
    lane->i_worst = -1;
    for (int32_t i = 0; i < self->grid->n_bus && lane->i_worst < 0; i++)
        for (int32_t half = 0; half < 2 && lane->i_worst < 0; half++)
            if (!(fabs(self->f[(2 * self->place[i] + half) * LANES + l]) < lane->mismatch_pu)) {
                lane->i_worst = i;
                lane->worst_is_reactive = half == 1;
            }
}

static void touch(sv_ac_screen *self, int32_t i)
{
    if (self->touched[i] == 0)
        self->touched_bus[self->n_touched++] = i;
    self->touched[i] = 1;
}

/* Buses whose equations are some lane's own: their mismatches are looked at when they are mended. */
static void list_touched(sv_ac_screen *self)
{
    while (self->n_touched > 0)
        self->touched[self->touched_bus[--self->n_touched]] = 0;
    for (int32_t l = 0; l < LANES; l++) {
        const lane_outage *lane = &self->lane[l];
        for (int32_t b = 0; lane->active && b < lane->n_bus; b++)
            touch(self, lane->bus[b]);
        for (int32_t d = 0; lane->active && d < lane->n_dead; d++)
            touch(self, lane->dead[d]);
    }
}

/* Mismatches under the outages. @param[out] largest [LANES] */
static void find_mismatches(sv_ac_screen *self, double *largest)
{
    lanes_mismatch(self, largest);
    for (int32_t l = 0; l < LANES; l++) {
        lane_outage *lane = &self->lane[l];
        for (int32_t b = 0; lane->active && b < lane->n_bus; b++)
            outage_mend(self, lane, l, b);
        for (int32_t d = 0; lane->active && d < lane->n_dead; d++)
            for (int32_t half = 0; half < 2; half++)
                self->f[(2 * self->place[lane->dead[d]] + half) * LANES + l] = 0.0;
    }
    for (int32_t t = 0; t < self->n_touched; t++)
        for (int32_t k = 0; k < 2 * LANES; k++) {
            double size = fabs(self->f[2 * self->place[self->touched_bus[t]] * LANES + k]), *most = &largest[k % LANES];
            *most = size > *most || isnan(size) ? size : *most;
        }
}

/* @return some lane goes on; what is done or given up moves no more */
static bool look_at_lanes(sv_ac_screen *self)
{
    bool any = false;
    double largest[LANES];
    find_mismatches(self, largest);
    for (int32_t l = 0; l < LANES; l++) {
        lane_outage *lane = &self->lane[l];
        if (!lane->active)
            continue;
        bool slow = lane->n_iteration >= STEPS_TO_JUDGE && largest[l] > TOO_SLOW * lane->mismatch_pu;
        lane->mismatch_pu = largest[l];
        if (lane->mismatch_pu < self->settings.tolerance_pu) {
            lane->active = false;
            note_worst(self, l);
        } else if (slow || lane->n_iteration == MOST_STEPS || !isfinite(lane->mismatch_pu)) {
            give_up(self, l);
            clear_lane(self->f, 2 * self->grid->n_bus, l);
        }
        any = any || lane->active;
    }
    return any;
}

static void take_steps(sv_ac_screen *self)
{
    _Alignas(64) double by[MOST_ROWS * LANES];
    int32_t n_row = make_corrections(self);
    list_touched(self);
    lanes_start(self);
    for (int32_t n_step = 0;; n_step++) {
        if (!look_at_lanes(self))
            return;
        sv_blu_solve_lanes(self->base->lu, self->f);
        memset(by, 0, sizeof by);
        for (int32_t l = 0; l < LANES; l++) {
            lane_outage *lane = &self->lane[l];
            double x[MOST_ROWS] = {0.0};
            if (!lane->active)
                continue;
            for (int32_t r = 0; r < lane->n_row; r++)
                x[r] = times_difference(lane, r, self->f, l);
            solve_small(lane, x);
            for (int32_t r = 0; r < lane->n_row; r++)
                by[r * LANES + l] = x[r];
            lane->n_iteration++;
        }
        uint32_t wild = lanes_move(self, n_row, by);
        for (int32_t l = 0; l < LANES && n_step < STEPS_TO_JUDGE; l++)
            if (self->lane[l].active && (wild >> l & 1) != 0)
                give_up(self, l);
    }
}

/* ---- the list ------------------------------------------------------------------------------ */

static bool in_range(const sv_grid *grid, const sv_contingency *outage)
{
    bool good = outage->n_branch >= 0 && outage->n_gen >= 0 && outage->n_branch + outage->n_gen <= SV_CONTINGENCY_MOST;
    for (int32_t k = 0; good && k < outage->n_branch; k++)
        good = outage->i_branch[k] >= 0 && outage->i_branch[k] < grid->n_branch;
    for (int32_t k = 0; good && k < outage->n_gen; k++)
        good = outage->i_gen[k] >= 0 && outage->i_gen[k] < grid->n_gen;
    return good;
}

sv_status sv_ac_contingencies(sv_ac_screen *screen, int64_t n, const sv_contingency *outage, bool voltages,
                              sv_ac_effect_sink sink, void *context)
{
    if (!screen->ready)
        return SV_EUSAGE;
    for (int64_t k = 0; k < n; k++)
        if (!in_range(screen->grid, &outage[k]))
            return SV_EUSAGE;
    for (int64_t first = 0; first < n; first += LANES) {
        int32_t n_here = n - first < LANES ? (int32_t)(n - first) : LANES;
        for (int32_t l = 0; l < LANES; l++) {
            screen->lane[l].active = screen->lane[l].whole = false;
            screen->lane[l].n_row = 0;
            if (l < n_here)
                outage_prepare(screen, &screen->lane[l], &outage[first + l]);
        }
        take_steps(screen);
        outage_look(screen, n_here);
        for (int32_t l = 0; l < n_here; l++) {
            sv_ac_effect found;
            if (screen->lane[l].whole || screen->found.low_squared[l] < AC_LEAST_PU * AC_LEAST_PU)
                outage_solve_whole(screen, &screen->lane[l], voltages, &found);
            else
                outage_read(screen, &screen->lane[l], l, voltages, &found);
            if (!sink(context, first + l, &found))
                return SV_OK;
        }
    }
    return SV_OK;
}
