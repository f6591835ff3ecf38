/* What an outage changes in the base case of the AC contingencies: buses whose equations differ, their roles and schedules,
 * parts that are cut off, and by how much the rows of the Jacobian differ. Linear in what is out; allocates nothing. */
#include "outage_ac.h"

#include <math.h>
#include <string.h>

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

void outage_prepare(sv_ac_screen *self, lane_outage *lane, const sv_contingency *outage)
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

void outage_mend(sv_ac_screen *self, const lane_outage *lane, int32_t l, int32_t b)
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
