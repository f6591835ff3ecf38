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

/* ---- what an outage changes ---------------------------------------------------------------- */

/* What is named twice is lost once. */
static bool is_named_before(const int32_t *element, int32_t k)
{
    for (int32_t m = 0; m < k; m++)
        if (element[m] == element[k])
            return true;
    return false;
}

void outage_set(sv_ac_screen *self, const sv_contingency *outage, bool out)
{
    const sv_state *base = self->base->state;
    for (int32_t k = 0; k < outage->n_branch; k++)
        self->state->branch_on[outage->i_branch[k]] = out ? 0 : base->branch_on[outage->i_branch[k]];
    for (int32_t k = 0; k < outage->n_gen; k++)
        self->state->gen_on[outage->i_gen[k]] = out ? 0 : base->gen_on[outage->i_gen[k]];
}

/* @return its place in the list, MOST_BUSES = no room */
static int32_t note_bus(const sv_ac_screen *self, lane_outage *lane, int32_t i)
{
    for (int32_t b = 0; b < lane->n_bus; b++)
        if (lane->bus[b] == i)
            return b;
    if (lane->n_bus == MOST_BUSES)
        return MOST_BUSES;
    int32_t b = lane->n_bus++;
    lane->bus[b] = i;
    lane->role[b] = self->base->role[i];
    lane->p_set[b] = self->base->p_set[i];
    lane->q_set[b] = self->base->q_set[i];
    return b;
}

/* A unit goes; its bus may have none left that holds the voltage. @return false: another way is needed */
static bool drop_unit(sv_ac_screen *self, lane_outage *lane, int32_t g)
{
    const sv_grid *grid = self->grid;
    const sv_gen *gen = &grid->gen[g];
    const sv_ac *base = self->base;
    int32_t i = gen->i_bus;
    if (base->ties != NULL && base->ties->row[i] >= 0) /* roles of a node are its buses' */
        return false;
    if (!base->state->gen_on[g] || base->islands->of_bus[i] < 0 || base->role[i] == ROLE_OFF)
        return true;
    int32_t b = note_bus(self, lane, i);
    if (b == MOST_BUSES)
        return false;
    lane->p_set[b] -= schedule_of(self->input.gen_mw, g, gen->p_mw) / grid->base_mva;
    if (base->plan.role[i] == ROLE_PQ) {
        lane->q_set[b] -= gen->q_mvar / grid->base_mva;
        return true;
    }
    bool any = false, same = true;
    for (int32_t k = 0; k < grid->n_gen; k++) {
        bool left = grid->gen[k].i_bus == i && self->state->gen_on[k];
        any = any || left;
        same = same && (!left || grid->gen[k].vm_pu == base->plan.v_set_pu[i]);
    }
    if (any)
        return same;
    lane->role[b] = ROLE_PQ;
    return base->role[i] != ROLE_SLACK;
}

static bool part_is_known(const lane_outage *lane, const sv_islands *islands, int32_t k, int32_t n_bus)
{
    for (int32_t d = 0; d < lane->n_dead; d++)
        if (islands->of_bus[lane->dead[d]] == k)
            return true;
    for (int32_t d = 1; d <= lane->n_apart; d++)
        if (islands->of_bus[lane->dead[n_bus - d]] == k)
            return true;
    return false;
}

/* The part of an island that a lost branch's end is in, without the slack bus: dead where it has no source, and then its own
 * equations must not matter; else the bus with most generation is its slack. @return false: no room */
static bool drop_part(sv_ac_screen *self, lane_outage *lane, const sv_islands *islands, int32_t end)
{
    const sv_ac *base = self->base;
    int32_t n_bus = self->grid->n_bus, k = islands->of_bus[end], slack = -1, n_dead = lane->n_dead;
    if (k < 0 || base->role[end] == ROLE_OFF || part_is_known(lane, islands, k, n_bus))
        return true;
    for (int32_t i = islands->first_bus[k]; i < n_bus; i++) {
        if (islands->of_bus[i] != k)
            continue;
        if (base->role[i] == ROLE_SLACK) /* the part that goes on */
            return true;
        if (base->role[i] == ROLE_PV && (slack < 0 || base->plan.share[i] > base->plan.share[slack]))
            slack = i;
    }
    int32_t b = note_bus(self, lane, slack >= 0 ? slack : end);
    if (b == MOST_BUSES)
        return false;
    lane->role[b] = ROLE_SLACK; /* of a dead part: an anchor for its equations */
    for (int32_t i = islands->first_bus[k]; i < n_bus; i++)
        if (islands->of_bus[i] == k) {
            if (slack < 0)
                lane->dead[n_dead++] = i;
            else
                lane->dead[n_bus - ++lane->n_apart] = i;
        }
    lane->n_dead = n_dead;
    if (slack >= 0) {
        lane->turn_deg[lane->n_part] = self->grid->bus[ac_holder(base, slack)].va_deg - self->va_base[slack];
        lane->part_end[lane->n_part++] = lane->n_apart;
    }
    return true;
}

/* What the buses' own rows of admittances lose with a branch, for one end. */
static void take_branch(const sv_ac *base, int32_t l, int32_t end, int32_t first, double *g, double *b)
{
    const branch_admittance *y = &base->branch[l];
    bool from = base->from[l] == end;
    const double *own = from ? y->from_from : y->to_to, *other = from ? y->from_to : y->to_from;
    int32_t at = from ? base->at_from_to[l] : base->at_to_from[l];
    g[base->diagonal[end] - first] -= own[0];
    b[base->diagonal[end] - first] -= own[1];
    g[at - first] -= other[0];
    b[at - first] -= other[1];
}

/* The block row of a bus under the outage less that of the base case. */
static void add_rows(sv_ac_screen *self, lane_outage *lane, int32_t b)
{
    const sv_ac *base = self->base;
    int32_t i = lane->bus[b], first = base->start[i], n = base->start[i + 1] - first;
    double *g = self->vm, *s = self->va; /* scratch: a bus has fewer neighbours than there are buses */
    double p = 0.0, q = 0.0;
    memcpy(g, base->g + first, sizeof(double) * (size_t)n);
    memcpy(s, base->b + first, sizeof(double) * (size_t)n);
    for (int32_t k = 0; k < lane->outage->n_branch; k++) {
        int32_t l = lane->outage->i_branch[k];
        if (!is_named_before(lane->outage->i_branch, k) && (base->from[l] == i || base->to[l] == i))
            take_branch(base, l, i, first, g, s);
    }
    int32_t start = lane->entry_start[lane->n_row];
    double *upper = lane->entry + start, *lower = upper + 2 * n;
    for (int32_t k = 0; k < n; k++) {
        int32_t j = base->column[first + k];
        double current_re = g[k] * base->re[j] - s[k] * base->im[j],
               current_im = g[k] * base->im[j] + s[k] * base->re[j];
        double own_p = base->re[i] * current_re + base->im[i] * current_im;
        double own_q = base->im[i] * current_re - base->re[i] * current_im;
        p += own_p;
        q += own_q;
        upper[2 * k] = own_q;
        upper[2 * k + 1] = own_p;
        lower[2 * k] = -own_p;
        lower[2 * k + 1] = own_q;
    }
    int32_t d = base->diagonal[i] - first;
    upper[2 * d] -= q;
    upper[2 * d + 1] += p;
    lower[2 * d] += p;
    lower[2 * d + 1] += q;
    if (lane->role[b] == ROLE_SLACK || lane->role[b] == ROLE_OFF) {
        memset(upper, 0, sizeof(double) * 2 * (size_t)n);
        upper[2 * d] = 1.0;
    }
    if (lane->role[b] != ROLE_PQ) {
        memset(lower, 0, sizeof(double) * 2 * (size_t)n);
        lower[2 * d + 1] = 1.0;
    }
    for (int32_t half = 0; half < 2; half++) {
        double *out = half == 0 ? upper : lower, size = 0.0;
        int32_t *column = lane->entry_column + lane->entry_start[lane->n_row];
        double *entry = lane->entry + lane->entry_start[lane->n_row];
        for (int32_t k = 0; k < 2 * n; k++) {
            int32_t at = first + k / 2;
            double less = out[k] - base->value[4 * at + 2 * half + k % 2];
            size = fabs(less) > size ? fabs(less) : size;
            entry[k] = less;
            column[k] = 2 * self->column[at] + k % 2;
        }
        if (size == 0.0)
            continue;
        lane->row[lane->n_row] = 2 * self->place[i] + half;
        lane->entry_start[lane->n_row + 1] = lane->entry_start[lane->n_row] + 2 * n;
        lane->n_row++;
    }
}

static void prepare(sv_ac_screen *self, lane_outage *lane, const sv_contingency *outage)
{
    const sv_ac *base = self->base;
    lane->outage = outage;
    lane->active = true;
    lane->n_bus = lane->n_row = lane->n_dead = lane->n_apart = lane->n_part = lane->n_iteration = 0;
    lane->mismatch_pu = INFINITY;
    lane->whole = !self->has_factor;
    outage_set(self, outage, true);
    bool cut = false;
    for (int32_t k = 0; k < outage->n_branch; k++) {
        int32_t l = outage->i_branch[k];
        if (!sv_state_branch_live(base->state, l))
            continue;
        lane->whole = lane->whole || base->from[l] == base->to[l]; /* a tie, or beside one */
        (void)note_bus(self, lane, base->from[l]);
        (void)note_bus(self, lane, base->to[l]);
        cut = true;
    }
    int32_t n_end = lane->n_bus; /* more join on the way */
    const sv_islands *islands = cut ? sv_topology_islands(self->topology, self->state) : NULL;
    for (int32_t b = 0; cut && islands->n_island != self->n_island && !lane->whole && b < n_end; b++)
        lane->whole = !drop_part(self, lane, islands, lane->bus[b]);
    lane->whole = lane->whole || (outage->n_gen > 0 && lane->n_part > 0); /* whose units are left to choose from */
    for (int32_t k = 0; k < outage->n_gen && !lane->whole; k++) {
        lane->whole = !is_named_before(outage->i_gen, k) && !drop_unit(self, lane, outage->i_gen[k]);
    }
    outage_set(self, outage, false);
    for (int32_t b = 0; b < lane->n_bus && !lane->whole; b++)
        add_rows(self, lane, b);
    lane->active = !lane->whole;
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

/* What a lane's own changes make of a bus's mismatch. */
static void mend_bus(sv_ac_screen *self, const lane_outage *lane, int32_t l, int32_t b)
{
    const sv_ac *base = self->base;
    int32_t i = lane->bus[b];
    const double *re = self->re, *im = self->im;
    double current_re = 0.0, current_im = 0.0;
    for (int32_t k = base->start[i]; k < base->start[i + 1]; k++) {
        int32_t at = self->column[k] * LANES + l;
        current_re += base->g[k] * re[at] - base->b[k] * im[at];
        current_im += base->g[k] * im[at] + base->b[k] * re[at];
    }
    for (int32_t k = 0; k < lane->outage->n_branch; k++) {
        int32_t line = lane->outage->i_branch[k];
        bool from = base->from[line] == i;
        if (is_named_before(lane->outage->i_branch, k) || (!from && base->to[line] != i))
            continue;
        const branch_admittance *y = &base->branch[line];
        const double *own = from ? y->from_from : y->to_to;
        const double *far = from ? y->from_to : y->to_from;
        int32_t at = self->place[i] * LANES + l;
        int32_t other = self->place[from ? base->to[line] : base->from[line]] * LANES + l;
        current_re -= own[0] * re[at] - own[1] * im[at] + far[0] * re[other] - far[1] * im[other];
        current_im -= own[0] * im[at] + own[1] * re[at] + far[0] * im[other] + far[1] * re[other];
    }
    int32_t at = self->place[i] * LANES + l;
    double p = re[at] * current_re + im[at] * current_im, q = im[at] * current_re - re[at] * current_im;
    bool angle = lane->role[b] == ROLE_SLACK || lane->role[b] == ROLE_OFF;
    double *own = self->f + 2 * self->place[i] * LANES + l;
    own[0] = angle ? 0.0 : lane->p_set[b] - p;
    own[LANES] = lane->role[b] == ROLE_PQ ? lane->q_set[b] - q : 0.0;
}

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
            mend_bus(self, lane, l, b);
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
                prepare(screen, &screen->lane[l], &outage[first + l]);
        }
        take_steps(screen);
        outage_look(screen, n_here);
        for (int32_t l = 0; l < n_here; l++) {
            sv_ac_effect found;
            if (screen->lane[l].whole)
                outage_solve_whole(screen, &screen->lane[l], voltages, &found);
            else
                outage_read(screen, &screen->lane[l], l, voltages, &found);
            if (!sink(context, first + l, &found))
                return SV_OK;
        }
    }
    return SV_OK;
}
