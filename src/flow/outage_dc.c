/* DC power flow after outages by Woodbury's formula on the factor of the base case, eight lanes a sparse solve: one lane for
 * each branch that leaves the factor, one for what the outage changes in the injections. The flow that a branch would carry
 * if it stayed goes round it as a transfer between its ends (a tie is stopped by a voltage in its equation); a small dense
 * system gives the sizes. Where that system has lost digits the outage gets a factor of its own. One thread a workspace. */
#include "outage_dc.h"

#include <math.h>
#include <string.h>

enum { LANES = SV_LDL_LANES };

/* What elimination may leave of a row before its digits are too few: flows of 1e3 MW to 1e-7. */
static const double LEAST_LEFT = 1e-4;

/* A flow that its schedule sets to the limit is not above it by its last digits. */
static const double OVER_PERCENT = 100.0 + 1e-7;

typedef int64_t places __attribute__((vector_size(sizeof(int64_t) * SV_LDL_LANES)));

/* ---- the door ------------------------------------------------------------------------------ */

static sv_status check(const sv_grid *grid, int32_t n, const sv_contingency *list, sv_error *err)
{
    for (int32_t c = 0; c < n; c++) {
        const sv_contingency *outage = &list[c];
        if (outage->n_branch < 0 || outage->n_gen < 0 || (int64_t)outage->n_branch + outage->n_gen > MOST_OUT)
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "outage %d: %d branches and %d units; accepted: %d in all",
                                (int)c, (int)outage->n_branch, (int)outage->n_gen, MOST_OUT);
        for (int32_t k = 0; k < outage->n_branch; k++)
            if (outage->i_branch[k] < 0 || outage->i_branch[k] >= grid->n_branch)
                return sv_error_set(err, SV_EUSAGE, NULL, 0, "outage %d: branch %d; accepted: 0 .. %d", (int)c,
                                    (int)outage->i_branch[k], (int)grid->n_branch - 1);
        for (int32_t k = 0; k < outage->n_gen; k++)
            if (outage->i_gen[k] < 0 || outage->i_gen[k] >= grid->n_gen)
                return sv_error_set(err, SV_EUSAGE, NULL, 0, "outage %d: unit %d; accepted: 0 .. %d", (int)c,
                                    (int)outage->i_gen[k], (int)grid->n_gen - 1);
    }
    return SV_OK;
}

/* ---- plans --------------------------------------------------------------------------------- */

static bool listed(const int32_t *list, int32_t n, int32_t wanted)
{
    for (int32_t k = 0; k < n; k++)
        if (list[k] == wanted)
            return true;
    return false;
}

/* One at least, so that lanes and outages agree where each has one. */
static int32_t lanes_of(const outage_plan *plan)
{
    int32_t n = plan->n_column + (plan->n_change > 0);
    return n > 0 ? n : 1;
}

static void make_plan(sv_dc_outages *self, const sv_contingency *outage, int32_t i_outage, outage_plan *plan)
{
    plan->i_outage = i_outage;
    plan->n_out = plan->n_gen = plan->n_column = plan->n_change = plan->n_cut_off = plan->n_dark = 0;
    plan->lost_mw = 0.0;
    plan->full = false;
    plan->first_dark = self->n_dark;
    plan->first_dark_bus = self->n_dark_bus;
    for (int32_t k = 0; k < outage->n_branch; k++)
        if (self->dc->live[outage->i_branch[k]] && !listed(plan->out, plan->n_out, outage->i_branch[k]))
            plan->out[plan->n_out++] = outage->i_branch[k];
    for (int32_t k = 0; k < outage->n_gen; k++)
        if (self->gen_on[outage->i_gen[k]] && !listed(plan->gen, plan->n_gen, outage->i_gen[k]))
            plan->gen[plan->n_gen++] = outage->i_gen[k];
    outage_find_parts(self, plan);
    plan->n_dark_branch = self->n_dark - plan->first_dark;
    plan->n_dark_bus = self->n_dark_bus - plan->first_dark_bus;
}

/* ---- the rank update ----------------------------------------------------------------------- */

static lanes *solve_plans(sv_dc_outages *self, int32_t n_plan)
{
    sv_dc *dc = self->dc;
    int32_t at[MOST_CHANGES * LANES], start[LANES + 1] = {0}, n_lane = 0;
    double value[MOST_CHANGES * LANES];
    for (int32_t p = 0; p < n_plan; p++) {
        outage_plan *plan = &self->batch[p];
        plan->first_lane = n_lane;
        for (int32_t k = 0; k < plan->n_column; k++, n_lane++)
            start[n_lane + 1] =
                start[n_lane] + dc_outage_entries(dc, plan->column[k], at + start[n_lane], value + start[n_lane]);
        if (plan->n_column > 0 && plan->n_change == 0)
            continue;
        int32_t e = start[n_lane];
        for (int32_t k = 0; k < plan->n_change; k++)
            if (!dc->grounded[plan->change_at[k]]) {
                at[e] = plan->change_at[k];
                value[e++] = plan->change_mw[k];
            }
        start[++n_lane] = e;
    }
    const sv_ldl_few few = {.n_lane = n_lane, .start = start, .row = at, .value = value};
    return dc_solve_lanes(dc, &few);
}

/* Gauss with exchanges of rows. @return false where too little is left of a row */
static bool solve_dense(int32_t n, double (*a)[MOST_OUT + 1], double *size)
{
    for (int32_t c = 0; c < n; c++) {
        int32_t best = c;
        for (int32_t r = c + 1; r < n; r++)
            if (fabs(a[r][c]) * size[best] > fabs(a[best][c]) * size[r])
                best = r;
        for (int32_t j = 0; j <= n; j++) {
            double moved = a[c][j];
            a[c][j] = a[best][j];
            a[best][j] = moved;
        }
        double moved = size[c];
        size[c] = size[best];
        size[best] = moved;
        if (!(fabs(a[c][c]) > LEAST_LEFT * size[c]))
            return false;
        for (int32_t r = c + 1; r < n; r++) {
            double factor = a[r][c] / a[c][c];
            for (int32_t j = c; j <= n; j++)
                a[r][j] -= factor * a[c][j];
        }
    }
    for (int32_t c = n - 1; c >= 0; c--) {
        for (int32_t j = c + 1; j < n; j++)
            a[c][n] -= a[c][j] * a[j][n];
        a[c][n] /= a[c][c];
    }
    return true;
}

/* How much of each lane the outage takes: weight [lanes_of(plan)]. */
static void find_weights(const sv_dc_outages *self, const lanes *x, outage_plan *plan, double *weight)
{
    double a[MOST_OUT][MOST_OUT + 1], size[MOST_OUT];
    bool sound = true;
    int32_t n = plan->n_column, first = plan->first_lane;
    for (int32_t r = 0; r < n; r++) {
        int32_t l = plan->column[r];
        double f[LANES];
        dc_lane_flows(self->dc, x, l, f);
        bool tie = self->dc->tie[l] >= 0;
        size[r] = 0.0;
        sound = sound && !(tie && dc_tie_in_loop(self->dc, l, f[first + r]));
        for (int32_t c = 0; c < n; c++) {
            double stays = c == r && !tie ? 1.0 : 0.0;
            a[r][c] = stays - f[first + c];
            size[r] = fmax(size[r], stays + fabs(f[first + c]));
        }
        a[r][n] = self->base_mw[l] + (plan->n_change > 0 ? f[first + n] : 0.0);
    }
    plan->full = !(sound && solve_dense(n, a, size));
    for (int32_t r = 0; r < n; r++)
        weight[r] = plan->full ? 0.0 : a[r][n];
    if (plan->n_change > 0)
        weight[n] = 1.0;
}

/* Lane p becomes what outage p adds to the angles. */
SV_WIDE static void combine(int32_t n, lanes *restrict x, const lanes *restrict weight)
{
    for (int32_t i = 0; i < n; i++) {
        lanes sum = {0.0}, in = x[i];
        for (int32_t lane = 0; lane < LANES; lane++)
            sum += in[lane] * weight[lane];
        x[i] = sum;
    }
}

/* Flows of the batch, but for those that need a factor of their own. */
static void update_flows(sv_dc_outages *self, int32_t n_plan)
{
    lanes *x = solve_plans(self, n_plan), weight[LANES] = {{0.0}};
    double scale[LANES], *f_mw[LANES] = {NULL};
    bool one_each = true;
    for (int32_t p = 0; p < n_plan; p++) {
        outage_plan *plan = &self->batch[p];
        double own[LANES] = {0.0};
        find_weights(self, x, plan, own);
        for (int32_t k = 0; k < lanes_of(plan); k++)
            weight[plan->first_lane + k][p] = own[k];
        one_each = one_each && lanes_of(plan) == 1;
        f_mw[p] = self->flow_mw + (size_t)p * (size_t)self->n_wide;
    }
    if (!one_each)
        combine(self->dc->n, x, weight);
    for (int32_t k = 0; k < LANES; k++)
        scale[k] = one_each ? weight[k][k] : 1.0;
    dc_read_lanes(self->dc, x, self->base_mw, scale, f_mw);
}

/* ---- a factor of its own ------------------------------------------------------------------- */

/* Units out, and every island of the full factor balanced at its reference. */
static void inject_full(sv_dc_outages *self, const outage_plan *plan)
{
    const sv_islands *islands = sv_dc_islands(self->full);
    int32_t *reference = self->full_reference;
    double *sum_mw = self->full_sum_mw;
    memcpy(self->p_mw, self->plan.p_mw, sizeof(double) * (size_t)self->grid->n_bus);
    for (int32_t k = 0; k < plan->n_gen; k++)
        self->p_mw[self->grid->gen[plan->gen[k]].i_bus] -= self->gen_mw[plan->gen[k]];
    for (int32_t k = 0; k < islands->n_island; k++) {
        reference[k] = islands->first_bus[k];
        sum_mw[k] = 0.0;
    }
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t k = islands->of_bus[i];
        if (k < 0)
            continue;
        sum_mw[k] += self->p_mw[i];
        if (reference_before(outage_claim(self, plan, i), outage_claim(self, plan, reference[k])))
            reference[k] = i;
    }
    for (int32_t k = 0; k < islands->n_island; k++)
        self->p_mw[reference[k]] -= sum_mw[k];
}

static sv_status solve_full(sv_dc_outages *self, const outage_plan *plan, double *f_mw)
{
    for (int32_t k = 0; k < plan->n_out; k++)
        self->state->branch_on[plan->out[k]] = 0;
    sv_status status = sv_dc_update(self->full, self->state);
    for (int32_t k = 0; k < plan->n_out; k++)
        self->state->branch_on[plan->out[k]] = 1;
    if (status != SV_OK)
        return status;
    inject_full(self, plan);
    sv_dc_solve(self->full, self->p_mw, NULL, f_mw);
    return SV_OK;
}

/* ---- results ------------------------------------------------------------------------------- */

enum { N_STREAM = 4 }; /* of a search for the highest loading, so that none waits for itself */
_Static_assert(N_STREAM *LANES == OUTAGE_BLOCK, "arrays are padded for it");

/* Highest loading, the first branch that has it, and how many are too high. n: whole blocks; zeros beyond the last branch. */
SV_WIDE static void find_loading(int32_t n, const double *restrict f_mw, const double *restrict percent_per_mw,
                                 sv_dc_outage *restrict result)
{
    const lanes *f = (const lanes *)f_mw, *per_mw = (const lanes *)percent_per_mw;
    const lanes limit = (lanes){0.0} + OVER_PERCENT;
    const places magnitude = (places){0} + INT64_MAX;
    lanes worst[N_STREAM] = {{0.0}};
    places at[N_STREAM] = {{0}}, over[N_STREAM] = {{0}};
    for (int32_t k = 0; k < n / LANES; k += N_STREAM)
        for (int32_t s = 0; s < N_STREAM; s++) {
            lanes loading = (lanes)((places)f[k + s] & magnitude) * per_mw[k + s];
            places higher = loading > worst[s], here = (places){0} + (int64_t)k;
            worst[s] = (lanes)(((places)loading & higher) | ((places)worst[s] & ~higher));
            at[s] = (here & higher) | (at[s] & ~higher);
            over[s] += loading > limit;
        }
    for (int32_t s = 0; s < N_STREAM; s++)
        for (int32_t lane = 0; lane < LANES; lane++) {
            int32_t l = ((int32_t)at[s][lane] + s) * LANES + lane;
            double percent = worst[s][lane];
            result->n_over -= (int32_t)over[s][lane];
            if (percent > result->worst_percent || (percent == result->worst_percent && l < result->i_worst)) {
                result->worst_percent = percent;
                result->i_worst = l;
            }
        }
}

static sv_status finish(sv_dc_outages *self, int32_t p, sv_dc_outage *result)
{
    const outage_plan *plan = &self->batch[p];
    double *f_mw = self->flow_mw + (size_t)p * (size_t)self->n_wide;
    sv_status status = plan->full ? solve_full(self, plan, f_mw) : SV_OK;
    *result = (sv_dc_outage){.i_outage = plan->i_outage,
                             .status = status,
                             .f_mw = f_mw,
                             .lost_mw = plan->lost_mw,
                             .n_cut_off = plan->n_cut_off,
                             .n_dark = plan->n_dark,
                             .n_dark_bus = plan->n_dark_bus,
                             .i_dark_bus = self->dark_bus + plan->first_dark_bus,
                             .i_worst = -1,
                             .refactored = plan->full};
    for (int32_t l = 0; status != SV_OK && l < self->grid->n_branch; l++)
        f_mw[l] = NAN;
    if (status != SV_OK)
        return status == SV_ENUM ? SV_OK : status;
    for (int32_t k = 0; k < plan->n_out; k++)
        f_mw[plan->out[k]] = 0.0;
    for (int32_t k = 0; k < plan->n_dark_branch; k++)
        f_mw[self->dark[plan->first_dark + k]] = 0.0;
    find_loading(self->n_wide, f_mw, self->percent_per_mw, result);
    return SV_OK;
}

static sv_status solve_batch(sv_dc_outages *self, int32_t n_plan, sv_dc_outage_fn tell, void *context,
                             sv_dc_outages_info *info)
{
    update_flows(self, n_plan);
    for (int32_t p = 0; p < n_plan; p++) {
        sv_dc_outage result;
        sv_status status = finish(self, p, &result);
        if (status != SV_OK)
            return status;
        info->n_outage++;
        info->n_cut += result.n_cut_off + result.n_dark > 0;
        info->n_refactored += result.refactored;
        if (!tell(context, &result))
            return SV_ECANCEL;
    }
    self->n_dark = self->n_dark_bus = 0;
    return SV_OK;
}

sv_status sv_dc_outages_solve(sv_dc_outages *outages, int32_t n, const sv_contingency *list, sv_dc_outage_fn tell,
                              void *context, sv_dc_outages_info *info, sv_error *err)
{
    sv_dc_outages *self = outages;
    sv_dc_outages_info own;
    info = info != NULL ? info : &own;
    *info = (sv_dc_outages_info){0};
    sv_status status = check(self->grid, n, list, err);
    int32_t n_plan = 0, n_lane = 0;
    self->n_dark = self->n_dark_bus = 0;
    for (int32_t c = 0; status == SV_OK && c < n; c++) {
        outage_plan *plan = &self->batch[n_plan];
        make_plan(self, &list[c], c, plan);
        if (n_lane + lanes_of(plan) > LANES) { /* it starts the next batch */
            self->n_dark = plan->first_dark;
            self->n_dark_bus = plan->first_dark_bus;
            status = solve_batch(self, n_plan, tell, context, info);
            make_plan(self, &list[c], c, &self->batch[0]);
            n_plan = n_lane = 0;
        }
        n_lane += lanes_of(&self->batch[n_plan++]);
        if (status == SV_OK && n_plan == LANES) {
            status = solve_batch(self, n_plan, tell, context, info);
            n_plan = n_lane = 0;
        }
    }
    if (status == SV_OK && n_plan > 0)
        status = solve_batch(self, n_plan, tell, context, info);
    return status;
}
