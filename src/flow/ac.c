/* AC power flow by Newton's method in polar form: unknowns are angles and relative magnitudes of all buses, two equations a
 * bus, so that the matrix has the network's pattern in blocks of 2 x 2 whatever the roles of buses; who holds a voltage or
 * an angle has an equation that says so. All islands are solved at once. Allocates nothing. One workspace a thread. */
#include "ac.h"

#include <math.h>
#include <string.h>

enum { MOST_CUTS = 12, MOST_ROLE_CHANGES = 30, MOST_CHANGES_OF_BUS = 3 };
static const double DIVERGED_PU = 1e10;
static const double LIMIT_ROOM_MVAR = 1e-6, SET_POINT_ROOM_PU = 1e-9;

const char *const sv_ac_outcome_name[SV_N_AC_OUTCOME] = {"converged", "diverged", "singular", "no source"};

sv_ac_settings sv_ac_defaults(void)
{
    return (sv_ac_settings){.tolerance_pu = 1e-8, .most_iterations = 20};
}

/* ---- mismatches ---------------------------------------------------------------------------- */

/* Voltages as complex numbers. The angle is brought to within a quarter turn of 0 by half turns, where so many terms of the
 * series are exact to the last digit: whole arrays at once, which a library's sine is not. */
SV_WIDE static void set_complex(int32_t n, const double *restrict vm, const double *restrict va, double *restrict re,
                                double *restrict im)
{
    const double half_turn = 0x1.921fb54442d18p+1, rest = 0x1.1a62633145c07p-53, to_whole = 0x1.8p52;
    for (int32_t i = 0; i < n; i++) {
        double turns = (va[i] * (1.0 / half_turn) + to_whole) - to_whole;
        double odd = turns - 2.0 * ((turns * 0.5 + to_whole) - to_whole);
        double a = (va[i] - turns * half_turn) - turns * rest, s = a * a;
        double cosine = 1.0 - s * (1.0 / 552.0), sine = 1.0 - s * (1.0 / 600.0);
        cosine = 1.0 - s * (1.0 / 462.0) * cosine;
        sine = 1.0 - s * (1.0 / 506.0) * sine;
        cosine = 1.0 - s * (1.0 / 380.0) * cosine;
        sine = 1.0 - s * (1.0 / 420.0) * sine;
        cosine = 1.0 - s * (1.0 / 306.0) * cosine;
        sine = 1.0 - s * (1.0 / 342.0) * sine;
        cosine = 1.0 - s * (1.0 / 240.0) * cosine;
        sine = 1.0 - s * (1.0 / 272.0) * sine;
        cosine = 1.0 - s * (1.0 / 182.0) * cosine;
        sine = 1.0 - s * (1.0 / 210.0) * sine;
        cosine = 1.0 - s * (1.0 / 132.0) * cosine;
        sine = 1.0 - s * (1.0 / 156.0) * sine;
        cosine = 1.0 - s * (1.0 / 90.0) * cosine;
        sine = 1.0 - s * (1.0 / 110.0) * sine;
        cosine = 1.0 - s * (1.0 / 56.0) * cosine;
        sine = 1.0 - s * (1.0 / 72.0) * sine;
        cosine = 1.0 - s * (1.0 / 30.0) * cosine;
        sine = 1.0 - s * (1.0 / 42.0) * sine;
        cosine = 1.0 - s * (1.0 / 12.0) * cosine;
        sine = 1.0 - s * (1.0 / 20.0) * sine;
        cosine = 1.0 - s * (1.0 / 2.0) * cosine;
        sine = a * (1.0 - s * (1.0 / 6.0) * sine);
        double size = vm[i] * (1.0 - 2.0 * odd * odd);
        re[i] = size * cosine;
        im[i] = size * sine;
    }
}

/* With S = V conj(Y V'), one term of a bus's power: moving the other angle turns it, growing the other voltage stretches it,
 * so terms that the injection is summed from are the Jacobian's blocks. */
static void inject(sv_ac *self)
{
    const double *restrict g = self->g, *restrict b = self->b, *restrict re = self->re, *restrict im = self->im;
    const int32_t *restrict column = self->column, *restrict start = self->start;
    double *restrict block = self->value;
    for (int32_t i = 0, k = 0; i < self->grid->n_bus; i++) {
        double own_re = re[i], own_im = im[i], p_sum = 0.0, q_sum = 0.0;
        for (int32_t end = start[i + 1]; k < end; k++) {
            int32_t j = column[k];
            double current_re = g[k] * re[j] - b[k] * im[j], current_im = g[k] * im[j] + b[k] * re[j];
            double p = own_re * current_re + own_im * current_im, q = own_im * current_re - own_re * current_im;
            p_sum += p;
            q_sum += q;
            block[4 * k] = q;
            block[4 * k + 1] = p;
            block[4 * k + 2] = -p;
            block[4 * k + 3] = q;
        }
        self->p[i] = p_sum;
        self->q[i] = q_sum;
    }
}

static void note_mismatch(sv_ac_island *island, int32_t i, bool reactive, double size)
{
    if (size > island->mismatch_pu || isnan(size)) {
        island->mismatch_pu = isnan(size) ? INFINITY : size;
        island->i_worst = i;
        island->worst_is_reactive = reactive;
    }
}

/* It keeps what it ended with. */
static bool has_failed(const sv_ac *self, int32_t k)
{
    sv_ac_outcome outcome = self->island[k].outcome;
    return !self->going[k] && (outcome == SV_AC_DIVERGED || outcome == SV_AC_SINGULAR);
}

void ac_mismatch(sv_ac *self)
{
    set_complex(self->grid->n_bus, self->vm, self->va, self->re, self->im);
    inject(self);
    for (int32_t k = 0; k < self->islands->n_island; k++) {
        if (has_failed(self, k))
            continue;
        self->island[k].mismatch_pu = 0.0;
        self->island[k].i_worst = -1;
    }
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        double *out = self->step + 2 * i;
        out[0] = out[1] = 0.0;
        if (self->role[i] == ROLE_OFF)
            continue;
        int32_t k = self->islands->of_bus[i];
        bool shared = self->share_sum[k] > 0.0;
        double given = shared ? self->missing[k] * self->plan.share[i] / self->share_sum[k] : 0.0;
        if (self->role[i] != ROLE_SLACK)
            out[0] = self->p_set[i] + given - self->p[i];
        if (self->role[i] == ROLE_PQ)
            out[1] = self->q_set[i] - self->q[i];
        bool in_sum = shared && i == self->plan.slack[k]; /* its equation finds what is missing */
        double active = in_sum ? self->p_set[i] + given - self->p[i] : out[0];
        note_mismatch(&self->island[k], i, false, fabs(active));
        note_mismatch(&self->island[k], i, true, fabs(out[1]));
    }
}

/* ---- Newton's step ------------------------------------------------------------------------- */

/* Equations of a bus that holds its voltage, its angle too, or has none. */
static void fix_row(sv_ac *self, int32_t i)
{
    bool angle = self->role[i] != ROLE_PV;
    for (int32_t k = self->start[i]; k < self->start[i + 1]; k++) {
        double *block = self->value + 4 * k, own = k == self->diagonal[i] ? 1.0 : 0.0;
        if (angle) {
            block[0] = own;
            block[1] = 0.0;
        }
        block[2] = 0.0;
        block[3] = own;
    }
}

void ac_jacobian(sv_ac *self)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        double *own = self->value + 4 * self->diagonal[i];
        own[0] -= self->q[i];
        own[1] += self->p[i];
        own[2] += self->p[i];
        own[3] += self->q[i];
        if (self->role[i] != ROLE_PQ)
            fix_row(self, i);
    }
}

static void solve_with(sv_ac *self, double *b)
{
    if (self->pivots)
        sv_lu_solve(self->pivoting, b, 1);
    else
        sv_blu_solve(self->lu, b);
}

/* How the slack bus's active power moves with a step: the row of the Jacobian that the matrix has not. */
static double slack_row_times(const sv_ac *self, int32_t i, const double *step)
{
    double sum = self->p[i] * step[2 * i + 1] - self->q[i] * step[2 * i];
    for (int32_t k = self->start[i]; k < self->start[i + 1]; k++) {
        int32_t j = self->column[k];
        double term[2];
        ac_term(self, i, k, term);
        sum += term[1] * step[2 * j] + term[0] * step[2 * j + 1];
    }
    return sum;
}

/* What is missing is an unknown of each island, its equation that of the slack bus: two solves with one factor. */
static void share_missing(sv_ac *self)
{
    const schedule *plan = &self->plan;
    double *change = self->cut; /* set anew before the step is taken */
    bool any = false;
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t k = self->islands->of_bus[i];
        bool pulled = k >= 0 && self->share_sum[k] > 0.0 && (self->role[i] == ROLE_PQ || self->role[i] == ROLE_PV);
        self->pull[2 * i] = pulled ? plan->share[i] / self->share_sum[k] : 0.0;
        self->pull[2 * i + 1] = 0.0;
        any = any || pulled;
    }
    if (any)
        solve_with(self, self->pull);
    for (int32_t k = 0; k < self->islands->n_island; k++) {
        int32_t i = plan->slack[k];
        change[k] = 0.0;
        if (i < 0 || self->share_sum[k] <= 0.0 || !self->going[k])
            continue;
        double own = plan->share[i] / self->share_sum[k];
        double lacks = self->p_set[i] + self->missing[k] * own - self->p[i];
        change[k] = (lacks - slack_row_times(self, i, self->step)) / (slack_row_times(self, i, self->pull) - own);
        self->missing[k] += change[k];
    }
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t k = self->islands->of_bus[i];
        for (int c = 0; k >= 0 && c < 2; c++)
            self->step[2 * i + c] += change[k] * self->pull[2 * i + c];
    }
}

static void move(sv_ac *self)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t k = self->islands->of_bus[i];
        if (k < 0 || !self->going[k])
            continue;
        self->va[i] = self->old_va[i] + self->cut[k] * self->step[2 * i];
        self->vm[i] = self->old_vm[i] * (1.0 + self->cut[k] * self->step[2 * i + 1]);
        if (self->vm[i] < 0.0) { /* the same voltage */
            self->vm[i] = -self->vm[i];
            self->va[i] += M_PI;
        }
    }
}

/* ---- iterations ---------------------------------------------------------------------------- */

static void stop_island(sv_ac *self, int32_t k, sv_ac_outcome outcome)
{
    self->island[k].outcome = outcome;
    self->going[k] = false;
    for (int32_t i = 0; outcome != SV_AC_CONVERGED && i < self->grid->n_bus; i++)
        if (self->islands->of_bus[i] == k)
            self->role[i] = ROLE_OFF; /* it is not to spoil the others */
}

/* Some bus of the island has next to no voltage: then that is what is worst about it. */
static bool has_collapsed(sv_ac *self, int32_t k)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        if (self->vm[i] < AC_LEAST_PU && self->islands->of_bus[i] == k && self->role[i] != ROLE_OFF) {
            self->island[k].i_worst = i;
            return true;
        }
    return false;
}

/* @return some island is still looked for */
static bool look_at_islands(sv_ac *self, const sv_ac_settings *settings)
{
    bool any = false;
    for (int32_t k = 0; k < self->islands->n_island; k++) {
        sv_ac_island *island = &self->island[k];
        if (!self->going[k])
            continue;
        if (island->mismatch_pu < settings->tolerance_pu) {
            self->collapsed[k] = has_collapsed(self, k);
            stop_island(self, k, self->collapsed[k] ? SV_AC_DIVERGED : SV_AC_CONVERGED);
        } else if (!(island->mismatch_pu < DIVERGED_PU) || island->n_iteration == settings->most_iterations)
            stop_island(self, k, SV_AC_DIVERGED);
        else
            any = true;
    }
    return any;
}

static void take_step(sv_ac *self, bool careful)
{
    size_t size = sizeof(double) * (size_t)self->grid->n_bus;
    int32_t n_island = self->islands->n_island;
    memcpy(self->old_vm, self->vm, size);
    memcpy(self->old_va, self->va, size);
    for (int32_t k = 0; k < n_island; k++) {
        self->cut[k] = 1.0;
        self->worst[k] = self->island[k].mismatch_pu;
        self->island[k].n_iteration += self->going[k];
    }
    memcpy(self->pull, self->step, 2 * size); /* mismatches take the place of the step */
    for (int32_t tries = 0; tries < MOST_CUTS; tries++) {
        memcpy(self->step, self->pull, 2 * size);
        move(self);
        if (!careful)
            return;
        ac_mismatch(self);
        bool again = false;
        for (int32_t k = 0; k < n_island; k++)
            if (self->going[k] && !(self->island[k].mismatch_pu < self->worst[k])) {
                self->cut[k] *= 0.5;
                again = true;
            }
        if (!again)
            return;
    }
}

/* Whole steps, or where `careful` as much of them as lessens the worst mismatch. */
static void iterate(sv_ac *self, const sv_ac_settings *settings, bool careful)
{
    for (;;) {
        ac_mismatch(self);
        if (!look_at_islands(self, settings))
            return;
        ac_jacobian(self);
        bool blocks = sv_blu_update(self->lu, self->value) == SV_OK;
        if (!blocks && !ac_pivot(self)) {
            int32_t i = sv_blu_failed(self->lu), k = self->islands->of_bus[i];
            self->island[k].i_worst = i;
            stop_island(self, k, SV_AC_SINGULAR);
            continue;
        }
        self->pivots = !blocks;
        solve_with(self, self->step);
        share_missing(self);
        take_step(self, careful);
    }
}

/* ---- begin --------------------------------------------------------------------------------- */

static void start_island(sv_ac *self, const sv_ac_settings *settings, int32_t k)
{
    const sv_grid *grid = self->grid;
    const schedule *plan = &self->plan;
    int32_t slack = plan->slack[k];
    double angle = slack >= 0 ? grid->bus[ac_holder(self, slack)].va_deg : 0.0;
    self->missing[k] = 0.0;
    self->collapsed[k] = false;
    self->going[k] = slack >= 0;
    self->island[k].n_iteration = 0;
    self->island[k].outcome = SV_AC_NO_SOURCE;
    for (int32_t i = 0; i < grid->n_bus; i++) {
        if (self->islands->of_bus[i] != k)
            continue;
        double vm = schedule_of(settings->vm_start_pu, i, grid->bus[i].vm_pu);
        double va_deg = schedule_of(settings->va_start_deg, i, grid->bus[i].va_deg);
        bool flat = settings->flat_start;
        self->role[i] = slack < 0 ? ROLE_OFF : self->limited[i] != 0 ? ROLE_PQ : plan->role[i];
        self->vm[i] = flat || !(vm > 0.0) ? 1.0 : vm;
        if (plan->role[i] == ROLE_SLACK)
            va_deg = grid->bus[ac_holder(self, i)].va_deg;
        else if (flat || isnan(va_deg))
            va_deg = angle;
        self->va[i] = va_deg * (M_PI / 180.0);
        if (self->role[i] == ROLE_PV || self->role[i] == ROLE_SLACK)
            self->vm[i] = plan->v_set_pu[i];
    }
}

static void set_limited(sv_ac *self, int32_t i, int8_t side)
{
    const schedule *plan = &self->plan;
    self->limited[i] = side;
    self->q_set[i] = plan->q_mvar[i] + (side > 0 ? plan->q_max_mvar[i] : side < 0 ? plan->q_min_mvar[i] : 0.0);
    self->q_set[i] /= self->grid->base_mva;
}

static void begin(sv_ac *self, const sv_ac_settings *settings, const sv_flow_input *input)
{
    const sv_grid *grid = self->grid;
    const sv_islands *islands = self->islands;
    schedule_set(&self->plan, self->state, islands, input);
    if (self->ties != NULL && self->ties->any)
        ties_merge(self->ties, islands, &self->plan);
    memset(self->n_change, 0, (size_t)grid->n_bus);
    memset(self->share_sum, 0, sizeof(double) * (size_t)grid->n_bus);
    for (int32_t i = 0; i < grid->n_bus; i++) {
        int32_t k = islands->of_bus[i];
        self->p_set[i] = self->plan.p_mw[i] / grid->base_mva;
        bool limited = settings->q_limits && settings->limited_start != NULL && self->plan.role[i] == ROLE_PV;
        set_limited(self, i, limited ? settings->limited_start[i] : 0);
        self->role[i] = ROLE_OFF;
        self->vm[i] = 1.0;
        self->va[i] = 0.0;
        if (k < 0 || !settings->distributed_slack)
            continue;
        self->share_sum[k] += self->plan.share[i];
        if (self->plan.role[i] == ROLE_SLACK && i != self->plan.slack[k])
            self->plan.role[i] = ROLE_PV; /* one angle is enough where nobody takes more than a share */
    }
    for (int32_t k = 0; k < islands->n_island; k++) {
        int32_t slack = self->plan.slack[k];
        self->island[k] = (sv_ac_island){.first_bus = islands->first_bus[k],
                                         .n_bus = islands->n_bus_of[k],
                                         .i_slack = slack >= 0 ? ac_holder(self, slack) : -1,
                                         .n_slack = self->share_sum[k] > 0.0 ? 1 : self->plan.n_slack[k],
                                         .i_worst = -1};
        start_island(self, settings, k);
    }
}

/* Islands that whole steps lose begin again with steps that are cut; flat, where a bus came to have no voltage. */
static void find_voltages(sv_ac *self, const sv_ac_settings *settings)
{
    iterate(self, settings, false);
    bool again = false;
    sv_ac_settings flat = *settings;
    flat.flat_start = true;
    for (int32_t k = 0; k < self->islands->n_island; k++) {
        sv_ac_outcome outcome = self->island[k].outcome;
        if (outcome != SV_AC_DIVERGED && outcome != SV_AC_SINGULAR)
            continue;
        start_island(self, self->collapsed[k] ? &flat : settings, k);
        again = true;
    }
    if (again)
        iterate(self, settings, true);
}

/* ---- reactive limits ----------------------------------------------------------------------- */

/* A bus whose units are beyond a limit stays there and lets its voltage go; it takes it back when the voltage has come to
 * the far side of its set point. @return a role changed */
static bool change_role(sv_ac *self, const sv_ac_settings *settings, int32_t i)
{
    const schedule *plan = &self->plan;
    double base = self->grid->base_mva, own = self->q[i] * base - plan->q_mvar[i];
    if (self->role[i] == ROLE_PV) {
        bool high = own > plan->q_max_mvar[i] + LIMIT_ROOM_MVAR,
             low = !settings->free_absorption && own < plan->q_min_mvar[i] - LIMIT_ROOM_MVAR;
        if (!high && !low)
            return false;
        self->role[i] = ROLE_PQ;
        set_limited(self, i, high ? 1 : -1);
        self->n_change[i]++;
        return true;
    }
    double beyond = self->limited[i] * (self->vm[i] - plan->v_set_pu[i]);
    if (self->limited[i] == 0 || !(beyond > SET_POINT_ROOM_PU) || self->n_change[i] >= MOST_CHANGES_OF_BUS)
        return false;
    self->role[i] = ROLE_PV;
    set_limited(self, i, 0);
    self->vm[i] = plan->v_set_pu[i];
    return true;
}

static bool change_roles(sv_ac *self, const sv_ac_settings *settings)
{
    bool any = false;
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t k = self->islands->of_bus[i];
        if (k < 0 || self->island[k].outcome != SV_AC_CONVERGED || !change_role(self, settings, i))
            continue;
        self->going[k] = true;
        any = true;
    }
    for (int32_t k = 0; k < self->islands->n_island; k++)
        self->island[k].n_iteration = self->going[k] ? 0 : self->island[k].n_iteration;
    return any;
}

/* Buses of a node have its voltage. */
static void spread_voltages(sv_ac *self)
{
    for (int32_t a = 0; a < self->ties->n_bus; a++) {
        int32_t i = self->ties->bus[a], node = self->ties->node[i];
        self->vm[i] = self->vm[node];
        self->va[i] = self->va[node];
        self->re[i] = self->re[node];
        self->im[i] = self->im[node];
    }
}

sv_status sv_ac_solve(sv_ac *ac, const sv_ac_settings *settings, const sv_flow_input *input, const sv_ac_result *result,
                      sv_ac_info *info)
{
    if (ac->state == NULL)
        return SV_EUSAGE;
    ac->transposed = false;
    ac->solved = !settings->distributed_slack;
    begin(ac, settings, input);
    find_voltages(ac, settings);
    for (int32_t k = 0; settings->q_limits && k < MOST_ROLE_CHANGES && change_roles(ac, settings); k++)
        find_voltages(ac, settings);
    *info = (sv_ac_info){.n_island = ac->islands->n_island, .island = ac->island};
    bool failed = false;
    for (int32_t k = 0; k < info->n_island; k++) {
        info->converged = info->converged || ac->island[k].outcome == SV_AC_CONVERGED;
        failed = failed || has_failed(ac, k);
    }
    info->converged = info->converged && !failed;
    if (ac->ties != NULL && ac->ties->any)
        spread_voltages(ac);
    ac_read(ac, input, result);
    return SV_OK;
}
