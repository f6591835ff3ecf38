/* Sensitivities of AC power flow: how one quantity of the solution answers to the injections of all buses. One solve with the
 * transposed Jacobian gives them all (the adjoint), for a factor that all quantities of a solution share. */
#include "ac.h"

#include <math.h>
#include <string.h>

enum { WEAKEST_ROUNDS = 8 };

/* ---- the transposed factor ----------------------------------------------------------------- */

static int32_t entry_of(const sv_ac *self, int32_t row, int32_t column)
{
    int32_t k = self->start[row];
    while (self->column[k] != column)
        k++;
    return k;
}

static void swap(double *a, double *b)
{
    double kept = *a;
    *a = *b;
    *b = kept;
}

/* The pattern is symmetric: blocks change places, and turn. */
static void transpose(sv_ac *self)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        for (int32_t k = self->start[i]; k < self->start[i + 1]; k++) {
            int32_t j = self->column[k];
            double *upper = self->value + 4 * k;
            if (j == i) {
                swap(&upper[1], &upper[2]);
            } else if (j > i) {
                double *lower = self->value + 4 * entry_of(self, j, i);
                swap(&upper[0], &lower[0]);
                swap(&upper[1], &lower[2]);
                swap(&upper[2], &lower[1]);
                swap(&upper[3], &lower[3]);
            }
        }
}

static sv_status make_ready(sv_ac *self)
{
    if (self->transposed)
        return SV_OK;
    ac_mismatch(self);
    ac_jacobian(self);
    transpose(self);
    if (sv_blu_update(self->lu, self->value) != SV_OK)
        return SV_ENUM;
    self->transposed = true;
    return SV_OK;
}

/* ---- gradients ----------------------------------------------------------------------------- */

/* Of the apparent power at one end, by angles and relative magnitudes: its own voltage turns and stretches the power that the
 * other end's brings. Per unit; step is zero before. */
static void branch_gradient(sv_ac *self, int32_t l, bool at_from)
{
    const branch_admittance *y = &self->branch[l];
    int32_t i = at_from ? self->from[l] : self->to[l], j = at_from ? self->to[l] : self->from[l];
    const double *own = at_from ? y->from_from : y->to_to, *other = at_from ? y->from_to : y->to_from;
    const double *re = self->re, *im = self->im;
    double square = re[i] * re[i] + im[i] * im[i];
    double p_own = own[0] * square, q_own = -own[1] * square;
    double current_re = other[0] * re[j] - other[1] * im[j], current_im = other[0] * im[j] + other[1] * re[j];
    double p_other = re[i] * current_re + im[i] * current_im, q_other = im[i] * current_re - re[i] * current_im;
    double p = p_own + p_other, q = q_own + q_other, size = hypot(p, q);
    if (!(size > 0.0))
        return;
    double by_p = p / size, by_q = q / size;
    double turn = by_q * p_other - by_p * q_other, stretch = by_p * p_other + by_q * q_other;
    self->step[2 * i] += turn;
    self->step[2 * j] -= turn;
    self->step[2 * i + 1] += stretch + 2.0 * (by_p * p_own + by_q * q_own);
    self->step[2 * j + 1] += stretch;
}

/* Of what a slack bus gives: the row of the Jacobian that the matrix has not. */
static void slack_gradient(sv_ac *self, int32_t i)
{
    for (int32_t k = self->start[i]; k < self->start[i + 1]; k++) {
        int32_t j = self->column[k];
        double term[2];
        ac_term(self, i, k, term);
        self->step[2 * j] += term[1];
        self->step[2 * j + 1] += term[0];
    }
    self->step[2 * i] -= self->q[i];
    self->step[2 * i + 1] += self->p[i];
}

static bool is_answered(const sv_ac *self, int32_t k)
{
    return k >= 0 && self->island[k].outcome == SV_AC_CONVERGED;
}

static int32_t count_of(const sv_ac *self, sv_ac_quantity what)
{
    return what == SV_AC_VM         ? self->grid->n_bus
           : what == SV_AC_SHORT_MW ? self->islands->n_island
                                    : self->grid->n_branch;
}

/* Gradient into step. @return the island, -1 = the quantity has no value */
static int32_t set_gradient(sv_ac *self, sv_ac_quantity what, int32_t index)
{
    const sv_grid *grid = self->grid;
    bool of_branch = what == SV_AC_FROM_MVA || what == SV_AC_TO_MVA;
    memset(self->step, 0, 2 * sizeof(double) * (size_t)grid->n_bus);
    if (of_branch && !sv_state_branch_live(self->state, index))
        return -1;
    int32_t k = what == SV_AC_SHORT_MW ? index : self->islands->of_bus[of_branch ? grid->branch[index].i_from : index];
    if (!is_answered(self, k))
        return -1;
    if (what == SV_AC_VM)
        self->step[2 * ac_node(self, index) + 1] = self->vm[index];
    else if (of_branch)
        branch_gradient(self, index, what == SV_AC_FROM_MVA);
    for (int32_t i = 0; what == SV_AC_SHORT_MW && i < grid->n_bus; i++)
        if (self->islands->of_bus[i] == k && self->role[i] == ROLE_SLACK)
            slack_gradient(self, i);
    return k;
}

/* ---- the door ------------------------------------------------------------------------------ */

/* From the solution of the transposed system to what the buses may inject: nothing answers where the equation is another. */
static void read_out(const sv_ac *self, int32_t k, double scale, double *by_mw, double *by_mvar)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t node = ac_node(self, i), role = self->role[node];
        bool within = self->islands->of_bus[i] == k;
        by_mw[i] = within && (role == ROLE_PV || role == ROLE_PQ) ? scale * self->step[2 * node] : 0.0;
        by_mvar[i] = within && role == ROLE_PQ ? scale * self->step[2 * node + 1] : 0.0;
    }
}

sv_status sv_ac_sensitivity(sv_ac *ac, sv_ac_quantity what, int32_t index, double *by_mw, double *by_mvar)
{
    const sv_grid *grid = ac->grid;
    if (!ac->solved || index < 0 || index >= count_of(ac, what))
        return SV_EUSAGE;
    sv_status status = make_ready(ac);
    if (status != SV_OK)
        return status;
    int32_t k = set_gradient(ac, what, index);
    if (k >= 0)
        sv_blu_solve(ac->lu, ac->step);
    read_out(ac, k >= 0 ? k : -2, what == SV_AC_VM ? 1.0 / grid->base_mva : 1.0, by_mw, by_mvar);
    for (int32_t i = 0; what == SV_AC_SHORT_MW && k >= 0 && i < grid->n_bus; i++)
        if (ac->islands->of_bus[i] == k && ac->role[ac_node(ac, i)] == ROLE_SLACK)
            by_mw[i] = -1.0;
    return SV_OK;
}

sv_status sv_ac_weakest(sv_ac *ac, int32_t i_island, double *by_mw, double *by_mvar)
{
    int32_t n = 2 * ac->grid->n_bus;
    if (!ac->solved || i_island < 0 || i_island >= ac->islands->n_island || !is_answered(ac, i_island))
        return SV_EUSAGE;
    sv_status status = make_ready(ac);
    if (status != SV_OK)
        return status;
    for (int32_t i = 0; i < ac->grid->n_bus; i++) {
        bool within = ac->islands->of_bus[i] == i_island;
        ac->step[2 * i] = within && (ac->role[i] == ROLE_PV || ac->role[i] == ROLE_PQ) ? 1.0 : 0.0;
        ac->step[2 * i + 1] = within && ac->role[i] == ROLE_PQ ? 1.0 : 0.0;
    }
    for (int32_t round = 0; round < WEAKEST_ROUNDS; round++) {
        double square = 0.0;
        for (int32_t i = 0; i < n; i++)
            square += ac->step[i] * ac->step[i];
        for (int32_t i = 0; i < n; i++)
            ac->step[i] /= sqrt(square);
        sv_blu_solve(ac->lu, ac->step);
    }
    read_out(ac, i_island, 1.0, by_mw, by_mvar);
    return SV_OK;
}
