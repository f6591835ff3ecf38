/* What is read off the voltages: flows of branches, output of units, sums of islands. Linear. */
#include "ac.h"

#include <math.h>
#include <string.h>

static bool has_answer(const sv_ac *self, int32_t i)
{
    int32_t k = self->islands->of_bus[i];
    return k >= 0 && self->island[k].outcome == SV_AC_CONVERGED;
}

/* Power into a branch at one end: its own voltage and the other end's, over two admittances. */
static void power_into(const sv_ac *self, int32_t own, int32_t other, const double *y_own, const double *y_other,
                       double out[2])
{
    const double *re = self->re, *im = self->im;
    double current_re = y_own[0] * re[own] - y_own[1] * im[own] + y_other[0] * re[other] - y_other[1] * im[other];
    double current_im = y_own[0] * im[own] + y_own[1] * re[own] + y_other[0] * im[other] + y_other[1] * re[other];
    out[0] = (re[own] * current_re + im[own] * current_im) * self->grid->base_mva;
    out[1] = (im[own] * current_re - re[own] * current_im) * self->grid->base_mva;
}

static void put(double *array, int32_t i, double value)
{
    if (array != NULL)
        array[i] = value;
}

static void add(double *array, int32_t i, double value)
{
    if (array != NULL)
        array[i] += value;
}

static void read_voltages(const sv_ac *self, const sv_ac_result *result)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        bool known = has_answer(self, i);
        put(result->vm_pu, i, known ? self->vm[i] : NAN);
        put(result->va_deg, i, known ? self->va[i] * (180.0 / M_PI) : NAN);
        if (result->limited != NULL)
            result->limited[i] = known ? self->limited[i] : 0;
    }
}

static void read_branches(sv_ac *self, const sv_ac_result *result)
{
    const sv_grid *grid = self->grid;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        int32_t i = grid->branch[l].i_from, j = grid->branch[l].i_to;
        const branch_admittance *y = &self->branch[l];
        bool live = sv_state_branch_live(self->state, l);
        double from[2] = {0.0, 0.0}, to[2] = {0.0, 0.0};
        if (live && has_answer(self, i)) {
            power_into(self, i, j, y->from_from, y->from_to, from);
            power_into(self, j, i, y->to_to, y->to_from, to);
            sv_ac_island *island = &self->island[self->islands->of_bus[i]];
            island->loss_mw += from[0] + to[0];
            island->loss_mvar += from[1] + to[1];
            if (self->ties != NULL) {
                ties_draw(self->ties, i, from[0], from[1]);
                ties_draw(self->ties, j, to[0], to[1]);
            }
        } else if (live) {
            from[0] = from[1] = to[0] = to[1] = NAN;
        }
        put(result->p_from_mw, l, from[0]);
        put(result->q_from_mvar, l, from[1]);
        put(result->p_to_mw, l, to[0]);
        put(result->q_to_mvar, l, to[1]);
    }
}

/* Reactive power of units that hold one voltage: by the width of their limits, alike where there is none. */
static double reactive_share(const sv_ac *self, int32_t g, int32_t n_at_node)
{
    const sv_gen *gen = &self->grid->gen[g];
    int32_t i = ac_node(self, gen->i_bus);
    const schedule *plan = &self->plan;
    double own = self->q[i] * self->grid->base_mva - plan->q_mvar[i];
    double width = plan->q_max_mvar[i] - plan->q_min_mvar[i];
    if (!(width > 0.0) || !isfinite(width))
        return own / n_at_node;
    return gen->q_min_mvar + (own - plan->q_min_mvar[i]) * (gen->q_max_mvar - gen->q_min_mvar) / width;
}

/* Role of a bus by itself, whatever its node's. */
static bus_role role_of(const sv_ac *self, int32_t i)
{
    bool tied = self->ties != NULL && self->ties->any && self->ties->row[i] >= 0;
    return tied ? (bus_role)self->ties->role[self->ties->row[i]] : (bus_role)self->plan.role[i];
}

/* The first unit at a slack bus takes what the others there are not scheduled for. */
static void read_units(sv_ac *self, const sv_flow_input *input, const sv_ac_result *result)
{
    const sv_grid *grid = self->grid;
    int32_t *n_at_node = (int32_t *)self->old_vm, *seen = (int32_t *)self->old_va; /* scratch by now */
    memset(n_at_node, 0, sizeof(int32_t) * (size_t)grid->n_bus);
    memset(seen, 0, sizeof(int32_t) * (size_t)grid->n_bus);
    for (int32_t g = 0; g < grid->n_gen; g++)
        n_at_node[ac_node(self, grid->gen[g].i_bus)] +=
            self->state->gen_on[g] && role_of(self, grid->gen[g].i_bus) > ROLE_PQ;
    for (int32_t g = 0; g < grid->n_gen; g++) {
        const sv_gen *gen = &grid->gen[g];
        int32_t i = ac_node(self, gen->i_bus), k = self->islands->of_bus[i];
        bool on = self->state->gen_on[g] && k >= 0;
        if (!on || !has_answer(self, i)) {
            put(result->gen_mw, g, on ? NAN : 0.0);
            put(result->gen_mvar, g, on ? NAN : 0.0);
            continue;
        }
        bus_role role = role_of(self, gen->i_bus);
        double planned = schedule_of(input != NULL ? input->gen_mw : NULL, g, gen->p_mw), p = planned, q = gen->q_mvar;
        if (self->share_sum[k] > 0.0)
            p += self->missing[k] * grid->base_mva * fmax(0.0, gen->p_max_mw) / self->share_sum[k];
        else if (role == ROLE_SLACK && seen[i]++ == 0)
            p += self->p[i] * grid->base_mva - self->plan.p_mw[i];
        if (role != ROLE_PQ)
            q = reactive_share(self, g, n_at_node[i]);
        put(result->gen_mw, g, p);
        put(result->gen_mvar, g, q);
        if (self->plan.role[i] == ROLE_SLACK) {
            self->island[k].slack_mw += p;
            self->island[k].slack_mvar += q;
        }
        if (self->ties != NULL)
            ties_draw(self->ties, gen->i_bus, planned - p, role != ROLE_PQ ? -q : 0.0);
    }
}

/* What is left of each bus's balance goes through its ties. */
static void read_ties(sv_ac *self, const sv_ac_result *result)
{
    ac_ties *ties = self->ties;
    for (int32_t k = 0; k < self->grid->n_shunt; k++) {
        const sv_shunt *shunt = &self->grid->shunt[k];
        double square = self->vm[shunt->i_bus] * self->vm[shunt->i_bus];
        ties_draw(ties, shunt->i_bus, shunt->g_mw * square, -shunt->b_mvar * square);
    }
    for (int32_t a = 0; a < ties->n_bus; a++)
        if (!has_answer(self, ties->bus[a]))
            ties->p_mw[a] = ties->q_mvar[a] = 0.0;
    ties_flows(ties);
    for (int32_t t = 0; t < ties->n_tie; t++) {
        int32_t l = ties->branch[t];
        if (ties->live[t] == 0 || !has_answer(self, self->grid->branch[l].i_from))
            continue;
        add(result->p_from_mw, l, ties->flow_mw[t]);
        add(result->q_from_mvar, l, ties->flow_mvar[t]);
        add(result->p_to_mw, l, -ties->flow_mw[t]);
        add(result->q_to_mvar, l, -ties->flow_mvar[t]);
    }
}

static void read_islands(sv_ac *self)
{
    double base = self->grid->base_mva;
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        if (!has_answer(self, i))
            continue;
        sv_ac_island *island = &self->island[self->islands->of_bus[i]];
        island->n_q_limited += self->limited[i] != 0;
        if (self->plan.role[i] == ROLE_SLACK)
            island->short_mw += self->p[i] * base - self->plan.p_mw[i];
    }
    for (int32_t k = 0; k < self->islands->n_island; k++)
        if (self->share_sum[k] > 0.0)
            self->island[k].short_mw = self->missing[k] * base;
}

void ac_read(sv_ac *self, const sv_flow_input *input, const sv_ac_result *result)
{
    static const sv_ac_result nothing = {0};
    const sv_ac_result *out = result != NULL ? result : &nothing;
    read_voltages(self, out);
    read_branches(self, out);
    read_units(self, input, out);
    if (self->ties != NULL && self->ties->any)
        read_ties(self, out);
    read_islands(self);
}
