/* The certificate of an answer. Flows are explained by angles summed along a spanning forest of live branches: a branch
 * outside it must carry what its angles say. Prices: with pi of the buses, mu of the limits (signed against the flow) and
 * g = (pi_from - pi_to - mu) / x, the least of
 *     sum (cost - sign pi) column + sum (pi_from - pi_to) flow
 * over all angles is finite only when g is a circulation, and then
 *     harm >= sum over columns of their least term - sum |mu| rate - sum g shift. Ties (x = 0) join their buses. */
#include "certificate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TIE_X_PU = 1e-6;
static const double SMALL_PRICE = 1e-4; /* of the least weight */
static const double DISCHARGE_COST = 1e-3, CHARGE_VALUE = 1e-4;

struct certifier {
    const sv_grid *grid;
    int32_t *start, *at;   /* branches by bus */
    int32_t *queue, *root; /* [n_bus] */
    int32_t *island;       /* [n_bus] */
    double *low, *high;    /* [islands] angles */
    double *theta, *net;   /* [n_bus] base_mva * rad; MW */
    double *free_mw;       /* [n_bus] */
    double *limit_mw;      /* [n_branch] with what was relaxed; INFINITY = none */
    uint8_t *seen;         /* [n_bus] */
    uint8_t *listed;       /* [n_load or n_branch] in the list that is looked at */
    double *give_cost;     /* [n_storage] harm per MWh discharged */
};

certifier *certifier_new(const sv_grid *grid)
{
    certifier *self = calloc(1, sizeof *self);
    if (self == NULL)
        return NULL;
    size_t n_bus = (size_t)grid->n_bus + 2, n_branch = (size_t)grid->n_branch + 1;
    self->grid = grid;
    self->start = calloc(n_bus, sizeof(int32_t));
    self->at = calloc(2 * n_branch, sizeof(int32_t));
    self->queue = calloc(n_bus, sizeof(int32_t));
    self->root = calloc(n_bus, sizeof(int32_t));
    self->island = calloc(n_bus, sizeof(int32_t));
    self->low = calloc(n_bus, sizeof(double));
    self->high = calloc(n_bus, sizeof(double));
    self->theta = calloc(n_bus, sizeof(double));
    self->net = calloc(n_bus, sizeof(double));
    self->free_mw = calloc(n_bus, sizeof(double));
    self->limit_mw = calloc(n_branch, sizeof(double));
    self->seen = calloc(n_bus, 1);
    self->listed = calloc(n_branch + (size_t)grid->n_load, 1);
    self->give_cost = calloc((size_t)grid->n_storage + 1, sizeof(double));
    if (self->listed == NULL || self->give_cost == NULL || self->island == NULL || self->low == NULL ||
        self->high == NULL || self->start == NULL || self->at == NULL || self->queue == NULL || self->root == NULL ||
        self->theta == NULL || self->net == NULL || self->free_mw == NULL || self->limit_mw == NULL ||
        self->seen == NULL) {
        certifier_free(&self);
        return NULL;
    }
    for (int32_t l = 0; l < grid->n_branch; l++) {
        self->start[grid->branch[l].i_from + 2]++;
        self->start[grid->branch[l].i_to + 2]++;
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        self->start[i + 2] += self->start[i + 1];
    for (int32_t l = 0; l < grid->n_branch; l++) {
        self->at[self->start[grid->branch[l].i_from + 1]++] = l;
        self->at[self->start[grid->branch[l].i_to + 1]++] = l;
    }
    return self;
}

void certifier_free(certifier **self)
{
    if (self == NULL || *self == NULL)
        return;
    certifier *own = *self;
    void *const all[] = {own->start,    own->at,   own->queue,  own->root,      own->island,
                         own->low,      own->high, own->theta,  own->net,       own->free_mw,
                         own->limit_mw, own->seen, own->listed, own->give_cost, own};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    *self = NULL;
}

static double x_pu(const sv_branch *branch)
{
    return branch->x_pu * sv_branch_tap(branch);
}

static double shift(const sv_grid *grid, const sv_branch *branch)
{
    return grid->base_mva * branch->shift_deg * (3.14159265358979323846 / 180.0);
}

/* NaN counts as the worst of breaches. */
static void note(certificate *out, const char *what, int32_t at, double mw)
{
    if (mw <= out->breach_mw)
        return;
    out->breach_mw = isnan(mw) ? INFINITY : mw;
    out->breach = what;
    out->at = at;
}

static double outside(double value, double low, double high)
{
    return isnan(value) ? INFINITY : fmax(low - value, value - high);
}

/* ---- primal -------------------------------------------------------------------------------- */

static double least_weight(const answer *of)
{
    return fmin(fmin(of->weight[0], of->weight[1]), of->weight[2]);
}

static double hours_left(const answer *of, int32_t k)
{
    const sv_storage *storage = &of->state->grid->storage[k];
    if (of->input->storage_h != NULL)
        return of->input->storage_h[k];
    return storage->p_mw > 0.0 ? storage->energy_mwh / storage->p_mw : 0.0;
}

static double most_mw(const answer *of, const double *max_mw, int32_t k)
{
    bool on = of->state->storage_on[k] && of->state->bus_on[of->state->grid->storage[k].i_bus];
    return on && max_mw != NULL ? fmax(0.0, max_mw[k]) : 0.0;
}

/* Discharging costs 0.001 of the least weight for the one that lasts longest, up to 0.002 for the others by their rank. */
static void check_storage(certifier *self, const answer *of, certificate *out)
{
    int32_t n = self->grid->n_storage;
    for (int32_t k = 0; k < n; k++) {
        double own = hours_left(of, k), mw = of->result->storage_mw[k];
        int32_t rank = 0;
        for (int32_t j = 0; j < n; j++)
            rank += hours_left(of, j) > own || (hours_left(of, j) == own && j < k);
        self->give_cost[k] = DISCHARGE_COST * least_weight(of) * (1.0 + (double)rank / n);
        note(out, "storage", k,
             outside(mw, -most_mw(of, of->input->charge_max_mw, k), most_mw(of, of->input->discharge_max_mw, k)));
        self->net[self->grid->storage[k].i_bus] += mw;
        out->harm += mw > 0.0 ? self->give_cost[k] * mw : CHARGE_VALUE * least_weight(of) * mw;
    }
}

/* Each load that goes without stands in the list once, with its share; nobody else does. */
static void check_shed_list(certifier *self, const answer *of, certificate *out)
{
    const sv_grid *grid = self->grid;
    int32_t n = of->result->shed != NULL ? of->info->n_shed : 0;
    memset(self->listed, 0, (size_t)grid->n_load);
    if (n != of->info->n_shed || n < 0 || n > grid->n_load) {
        note(out, "length of the shed list", n, INFINITY);
        return;
    }
    for (int32_t a = 0; a < n; a++) {
        const sv_shed *shed = &of->result->shed[a];
        int32_t d = shed->i_load;
        if (d < 0 || d >= grid->n_load || self->listed[d] || !(shed->share > 0.0) || !(shed->share <= 1.0)) {
            note(out, "shed list, place", a, INFINITY);
            return;
        }
        self->listed[d] = 1;
        double mw = of->input->load_mw[d];
        note(out, "listed load", d, fabs(mw * (1.0 - shed->share) - of->result->served_mw[d]));
    }
    for (int32_t d = 0; of->result->shed != NULL && d < grid->n_load; d++) {
        bool wants = of->input->load_mw[d] > 0.0 && grid->bus[grid->load[d].i_bus].type != SV_BUS_DEAD;
        if (wants && !self->listed[d])
            note(out, "load not listed", d, of->input->load_mw[d] - of->result->served_mw[d]);
    }
}

/* Bounds of all that injects or draws; net injections without the flows and the free injections. */
static void check_bounds(certifier *self, const answer *of, certificate *out)
{
    const sv_grid *grid = self->grid;
    const sv_state *state = of->state;
    double demand = 0.0, shed[SV_N_CLASS] = {0.0};
    memset(self->net, 0, sizeof(double) * (size_t)grid->n_bus);
    memset(self->free_mw, 0, sizeof(double) * (size_t)grid->n_bus);
    for (int32_t g = 0; g < grid->n_gen; g++) {
        bool on = state->gen_on[g] && state->bus_on[grid->gen[g].i_bus];
        note(out, "generator", g, outside(of->result->gen_mw[g], 0.0, on ? fmax(0.0, of->input->gen_max_mw[g]) : 0.0));
        self->net[grid->gen[g].i_bus] += of->result->gen_mw[g];
    }
    for (int32_t k = 0; k < grid->n_interconnector; k++) {
        int32_t i = grid->interconnector[k].i_bus;
        double most = state->bus_on[i] ? fmax(0.0, of->input->import_max_mw[k]) : 0.0;
        note(out, "import", k, outside(of->result->import_mw[k], 0.0, most));
        self->net[i] += of->result->import_mw[k];
    }
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        bool on = state->bus_on[load->i_bus];
        double mw = of->input->load_mw[d];
        double wanted = grid->bus[load->i_bus].type == SV_BUS_DEAD ? 0.0 : fmax(0.0, mw);
        if (mw < 0.0 && on)
            self->free_mw[load->i_bus] -= mw;
        note(out, "load", d, outside(of->result->served_mw[d], 0.0, on ? wanted : 0.0));
        self->net[load->i_bus] -= of->result->served_mw[d];
        demand += wanted;
        shed[load->class_] += wanted - of->result->served_mw[d];
    }
    for (int32_t k = 0; k < grid->n_dc_line; k++) {
        const sv_dc_line *line = &grid->dc_line[k];
        bool on = state->dc_line_on[k] && state->bus_on[line->i_from] && state->bus_on[line->i_to];
        double mw = of->result->dc_line_mw[k];
        note(out, "DC line", k,
             outside(mw, on ? fmin(0.0, line->p_min_mw) : 0.0, on ? fmax(0.0, line->p_max_mw) : 0.0));
        self->net[line->i_to] += mw;
        self->net[line->i_from] -= mw;
    }
    note(out, "demand counted", -1, fabs(demand - of->info->demand_mw));
    note(out, "all shed counted", -1, fabs(shed[0] + shed[1] + shed[2] - of->info->shed_mw));
    for (int c = 0; c < SV_N_CLASS; c++) {
        note(out, "shed counted", c, fabs(shed[c] - of->info->shed_class_mw[c]));
        out->harm += of->weight[c] * shed[c];
    }
}

/* Limits with what they were relaxed by: live ones, each once, and used to the full, or too much is said of them. */
static void check_relaxed(certifier *self, const answer *of, certificate *out)
{
    const sv_grid *grid = self->grid;
    double relaxed = 0.0;
    memset(self->listed, 0, (size_t)grid->n_branch);
    for (int32_t l = 0; l < grid->n_branch; l++)
        self->limit_mw[l] = grid->branch[l].rate_a_mva > 0.0 ? grid->branch[l].rate_a_mva : INFINITY;
    for (int32_t k = 0; k < of->n_relaxed; k++) {
        int32_t l = of->relaxed[k];
        double by_mw = of->relaxed_mw[k];
        if (l < 0 || l >= grid->n_branch || self->listed[l] || !sv_state_branch_live(of->state, l) ||
            self->limit_mw[l] == INFINITY || !(by_mw > 0.0)) {
            note(out, "relaxed limit, place", k, INFINITY);
            return;
        }
        self->listed[l] = 1;
        self->limit_mw[l] += by_mw;
        note(out, "relaxed limit of branch", l, self->limit_mw[l] - fabs(of->result->branch_mw[l]));
        relaxed += by_mw;
    }
    note(out, "relaxation counted", -1, fabs(relaxed - of->info->relaxed_mw));
    if ((of->n_relaxed > 0) != (of->info->outcome == SV_BALANCE_RELAXED))
        note(out, "outcome with so many relaxed limits", of->n_relaxed, INFINITY);
}

static void check_flows(certifier *self, const answer *of, certificate *out)
{
    const sv_grid *grid = self->grid;
    check_relaxed(self, of, out);
    for (int32_t l = 0; l < grid->n_branch; l++) {
        double f = of->result->branch_mw[l], most = sv_state_branch_live(of->state, l) ? self->limit_mw[l] : 0.0;
        note(out, "limit of branch", l, outside(f, -most, most));
        self->net[grid->branch[l].i_from] -= f;
        self->net[grid->branch[l].i_to] += f;
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        note(out, "balance of bus", i, outside(self->net[i], -self->free_mw[i], 0.0));
}

/* Angles along a spanning forest. Each branch outside it then has to carry what its two angles say. */
static void check_angles(certifier *self, const answer *of, certificate *out)
{
    const sv_grid *grid = self->grid;
    int32_t n_island = 0;
    memset(self->seen, 0, (size_t)grid->n_bus);
    for (int32_t first = 0; first < grid->n_bus; first++) {
        if (self->seen[first])
            continue;
        int32_t n = 1;
        self->queue[0] = first;
        self->seen[first] = 1;
        self->theta[first] = 0.0;
        self->low[n_island] = self->high[n_island] = 0.0;
        for (int32_t head = 0; head < n; head++) {
            int32_t i = self->queue[head];
            self->island[i] = n_island;
            self->low[n_island] = fmin(self->low[n_island], self->theta[i]);
            self->high[n_island] = fmax(self->high[n_island], self->theta[i]);
            for (int32_t k = self->start[i]; k < self->start[i + 1]; k++) {
                int32_t l = self->at[k];
                const sv_branch *branch = &grid->branch[l];
                int32_t j = branch->i_from == i ? branch->i_to : branch->i_from;
                if (self->seen[j] || !sv_state_branch_live(of->state, l))
                    continue;
                double drop = x_pu(branch) * of->result->branch_mw[l] + shift(grid, branch);
                self->theta[j] = self->theta[i] - (branch->i_from == i ? drop : -drop);
                self->seen[j] = 1;
                self->queue[n++] = j;
            }
        }
        n_island++;
    }
    for (int32_t l = 0; l < grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l];
        if (!sv_state_branch_live(of->state, l))
            continue;
        double x = x_pu(branch), lack = self->theta[branch->i_from] - self->theta[branch->i_to] - shift(grid, branch);
        note(out, "angle over branch", l,
             fabs(lack / fmax(fabs(x), 1e-3) - x * of->result->branch_mw[l] / fmax(fabs(x), 1e-3)));
    }
}

/* ---- dual ---------------------------------------------------------------------------------- */

static double least(double slope, double low, double high)
{
    double at_low = slope * low, at_high = slope * high;
    return fmin(low == 0.0 ? 0.0 : at_low, high == 0.0 ? 0.0 : at_high);
}

/* The columns' part of the bound. */
static double bound_columns(const certifier *self, const answer *of)
{
    const sv_grid *grid = self->grid;
    const uint8_t *on = of->state->bus_on;
    const double *price = of->bus_price;
    double bound = 0.0;
    for (int32_t g = 0; g < grid->n_gen; g++)
        if (of->state->gen_on[g] && on[grid->gen[g].i_bus])
            bound += least(-price[grid->gen[g].i_bus], 0.0, fmax(0.0, of->input->gen_max_mw[g]));
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        if (on[grid->interconnector[k].i_bus])
            bound += least(-price[grid->interconnector[k].i_bus], 0.0, fmax(0.0, of->input->import_max_mw[k]));
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        double mw = of->input->load_mw[d];
        if (mw > 0.0 && grid->bus[load->i_bus].type != SV_BUS_DEAD)
            bound += of->weight[load->class_] * mw;
        if (on[load->i_bus])
            bound += mw > 0.0 ? least(price[load->i_bus] - of->weight[load->class_], 0.0, mw)
                              : least(-price[load->i_bus], 0.0, -mw);
    }
    for (int32_t k = 0; k < grid->n_storage; k++) {
        double own = price[grid->storage[k].i_bus];
        bound += least(self->give_cost[k] - own, 0.0, most_mw(of, of->input->discharge_max_mw, k));
        bound += least(own - CHARGE_VALUE * least_weight(of), 0.0, most_mw(of, of->input->charge_max_mw, k));
    }
    for (int32_t k = 0; k < grid->n_dc_line; k++) {
        const sv_dc_line *line = &grid->dc_line[k];
        if (of->state->dc_line_on[k] && on[line->i_from] && on[line->i_to])
            bound +=
                least(price[line->i_from] - price[line->i_to], fmin(0.0, line->p_min_mw), fmax(0.0, line->p_max_mw));
    }
    return bound;
}

static int32_t root_of(int32_t *root, int32_t i)
{
    while (root[i] != i)
        i = root[i] = root[root[i]];
    return i;
}

/* A price as small as round-off may belong to the other side of its limit. Any signs give a bound; those are taken that
 * keep the law: a wrong one breaks it at both ends of its branch. @return change of the bound */
static double turn_prices(certifier *self, const answer *of)
{
    const sv_grid *grid = self->grid;
    double change = 0.0;
    for (int32_t l = 0; of->branch_price != NULL && l < grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l];
        double price = of->branch_price[l];
        if (price == 0.0 || price > SMALL_PRICE * least_weight(of) || !sv_state_branch_live(of->state, l) ||
            fabs(x_pu(branch)) < TIE_X_PU)
            continue;
        double *from = &self->net[root_of(self->root, branch->i_from)];
        double *to = &self->net[root_of(self->root, branch->i_to)];
        double more = (of->result->branch_mw[l] > 0.0 ? -2.0 : 2.0) * price / x_pu(branch); /* of g */
        if (from == to || fabs(*from + more) + fabs(*to - more) >= fabs(*from) + fabs(*to))
            continue;
        *from += more;
        *to -= more;
        change -= more * shift(grid, branch);
    }
    return change;
}

/* The branches' part, and how far the prices are from their law: net[] collects the divergence of g by tied group. It sums
 * up to 0 over an island, so that angles count from the middle of theirs; other answers are given twice their range. */
static double bound_branches(certifier *self, const answer *of, certificate *out)
{
    const sv_grid *grid = self->grid;
    double bound = 0.0;
    memset(self->net, 0, sizeof(double) * (size_t)grid->n_bus);
    for (int32_t i = 0; i < grid->n_bus; i++)
        self->root[i] = i;
    for (int32_t l = 0; l < grid->n_branch; l++)
        if (sv_state_branch_live(of->state, l) && fabs(x_pu(&grid->branch[l])) < TIE_X_PU)
            self->root[root_of(self->root, grid->branch[l].i_from)] = root_of(self->root, grid->branch[l].i_to);
    for (int32_t l = 0; l < grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l];
        if (!sv_state_branch_live(of->state, l))
            continue;
        double rate = branch->rate_a_mva, price = of->branch_price != NULL ? of->branch_price[l] : 0.0;
        double mu = of->result->branch_mw[l] > 0.0 ? -price : price;
        double y = of->bus_price[branch->i_from] - of->bus_price[branch->i_to];
        bool tie = fabs(x_pu(branch)) < TIE_X_PU;
        if (rate > 0.0)
            bound -= fabs(tie ? y : mu) * rate;
        else
            out->residual_harm += fabs(tie ? y : mu) * fabs(of->result->branch_mw[l]);
        double g = tie ? 0.0 : (y - mu) / x_pu(branch);
        bound -= g * shift(grid, branch);
        self->net[root_of(self->root, branch->i_from)] += g;
        self->net[root_of(self->root, branch->i_to)] -= g;
    }
    bound += turn_prices(self, of);
    for (int32_t i = 0; i < grid->n_bus; i++)
        out->residual_harm += (self->high[self->island[i]] - self->low[self->island[i]]) * fabs(self->net[i]);
    return bound;
}

void certify(certifier *self, const answer *of, certificate *out)
{
    *out = (certificate){.at = -1, .bound = -INFINITY};
    check_bounds(self, of, out);
    check_storage(self, of, out);
    check_shed_list(self, of, out);
    check_flows(self, of, out);
    check_angles(self, of, out);
    if (of->bus_price == NULL)
        return;
    out->bound = bound_columns(self, of);
    out->bound += bound_branches(self, of, out);
}
