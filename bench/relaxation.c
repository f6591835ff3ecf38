/* Columns: what is injected at each bus, anything from all its demand to all its supply; angles (base_mva * rad); flows of
 * live branches, within their limits and what is over them, two columns a limited branch. Rows: balance a live bus, the law of
 * each live branch. Least: the sum of what is over. */
#include "relaxation.h"

#include <math.h>
#include <stdlib.h>

static const double TIE_X_PU = 1e-6;

typedef struct {
    const sv_grid *grid;
    const sv_state *state;
    int32_t n_col, first_angle, first_flow, first_over, first_dc; /* columns: injections first */
    double *cost, *lower, *upper;
    int32_t *start, *col; /* entries of the buses' rows */
    double *value;
} program;

/* Storage, DC lines apart: all that a bus may give or draw. */
static void set_injections(program *self, const sv_balance_input *input)
{
    const sv_grid *grid = self->grid;
    const uint8_t *on = self->state->bus_on;
    for (int32_t g = 0; g < grid->n_gen; g++)
        if (self->state->gen_on[g] && on[grid->gen[g].i_bus])
            self->upper[grid->gen[g].i_bus] += fmax(0.0, input->gen_max_mw[g]);
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        if (on[grid->interconnector[k].i_bus])
            self->upper[grid->interconnector[k].i_bus] += fmax(0.0, input->import_max_mw[k]);
    for (int32_t d = 0; d < grid->n_load; d++) {
        int32_t i = grid->load[d].i_bus;
        self->lower[i] -= on[i] ? fmax(0.0, input->load_mw[d]) : 0.0;
        self->upper[i] += on[i] ? fmax(0.0, -input->load_mw[d]) : 0.0;
    }
    for (int32_t k = 0; k < grid->n_storage; k++) {
        int32_t i = grid->storage[k].i_bus;
        bool live = on[i] && self->state->storage_on[k];
        self->upper[i] += live && input->discharge_max_mw != NULL ? fmax(0.0, input->discharge_max_mw[k]) : 0.0;
        self->lower[i] -= live && input->charge_max_mw != NULL ? fmax(0.0, input->charge_max_mw[k]) : 0.0;
    }
}

static void set_columns(program *self, const sv_balance_input *input)
{
    const sv_grid *grid = self->grid;
    set_injections(self, input);
    for (int32_t j = self->first_angle; j < self->first_flow; j++) {
        self->lower[j] = -INFINITY;
        self->upper[j] = INFINITY;
    }
    for (int32_t l = 0; l < grid->n_branch; l++) {
        double rate = grid->branch[l].rate_a_mva > 0.0 ? grid->branch[l].rate_a_mva : INFINITY;
        bool live = sv_state_branch_live(self->state, l);
        self->lower[self->first_flow + l] = live ? -rate : 0.0;
        self->upper[self->first_flow + l] = live ? rate : 0.0;
        for (int32_t j = self->first_over + 2 * l; j < self->first_over + 2 * l + 2; j++) {
            self->cost[j] = 1.0;
            self->upper[j] = live && rate < INFINITY ? INFINITY : 0.0;
        }
    }
    for (int32_t k = 0; k < grid->n_dc_line; k++) {
        const sv_dc_line *line = &grid->dc_line[k];
        bool on = self->state->dc_line_on[k] && self->state->bus_on[line->i_from] && self->state->bus_on[line->i_to];
        self->lower[self->first_dc + k] = on ? fmin(0.0, line->p_min_mw) : 0.0;
        self->upper[self->first_dc + k] = on ? fmax(0.0, line->p_max_mw) : 0.0;
    }
}

/* What leaves a bus, at one end of a branch or a DC line: counted first, then written. */
static void leave(program *self, bool write, int32_t from, int32_t to, int32_t j, double sign)
{
    for (int end = 0; from != to && end < 2; end++) {
        int32_t at = self->start[(end == 0 ? from : to) + (write ? 1 : 2)]++;
        if (write) {
            self->col[at] = j;
            self->value[at] = end == 0 ? -sign : sign;
        }
    }
}

static void walk_ends(program *self, bool write)
{
    const sv_grid *grid = self->grid;
    for (int32_t i = 0; i < grid->n_bus; i++) {
        int32_t at = self->start[i + (write ? 1 : 2)]++;
        if (write) {
            self->col[at] = i;
            self->value[at] = 1.0;
        }
    }
    for (int32_t l = 0; l < grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l];
        int32_t over = self->first_over + 2 * l;
        if (!sv_state_branch_live(self->state, l))
            continue;
        leave(self, write, branch->i_from, branch->i_to, self->first_flow + l, 1.0);
        leave(self, write, branch->i_from, branch->i_to, over, 1.0);
        leave(self, write, branch->i_from, branch->i_to, over + 1, -1.0);
    }
    for (int32_t k = 0; k < grid->n_dc_line; k++)
        leave(self, write, grid->dc_line[k].i_from, grid->dc_line[k].i_to, self->first_dc + k, 1.0);
}

static void write_rows(program *self, sv_lp *lp)
{
    const sv_grid *grid = self->grid;
    walk_ends(self, false);
    for (int32_t i = 0; i < grid->n_bus; i++)
        self->start[i + 2] += self->start[i + 1];
    walk_ends(self, true);
    for (int32_t i = 0; i < grid->n_bus; i++)
        if (self->state->bus_on[i])
            sv_lp_add_row(lp, self->start[i + 1] - self->start[i], self->col + self->start[i],
                          self->value + self->start[i], 0.0, 0.0);
    for (int32_t l = 0; l < grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l];
        double x = branch->x_pu * sv_branch_tap(branch);
        double shift = grid->base_mva * branch->shift_deg * (3.14159265358979323846 / 180.0);
        double scale = fabs(x) < TIE_X_PU ? 1.0 : 1.0 / x;
        int32_t over = self->first_over + 2 * l;
        const int32_t col[] = {self->first_flow + l, over, over + 1, self->first_angle + branch->i_from,
                               self->first_angle + branch->i_to};
        const double value[] = {-scale * x, -scale * x, scale * x, scale, -scale};
        if (sv_state_branch_live(self->state, l) && branch->i_from != branch->i_to)
            sv_lp_add_row(lp, 5, col, value, scale * shift, scale * shift);
    }
}

static bool take_memory(program *self)
{
    const sv_grid *grid = self->grid;
    size_t n_bus = (size_t)grid->n_bus, n_entry = n_bus + 6 * (size_t)grid->n_branch + 2 * (size_t)grid->n_dc_line;
    self->first_angle = grid->n_bus;
    self->first_flow = self->first_angle + grid->n_bus;
    self->first_over = self->first_flow + grid->n_branch;
    self->first_dc = self->first_over + 2 * grid->n_branch;
    self->n_col = self->first_dc + grid->n_dc_line;
    self->cost = calloc((size_t)self->n_col, sizeof(double));
    self->lower = calloc((size_t)self->n_col, sizeof(double));
    self->upper = calloc((size_t)self->n_col, sizeof(double));
    self->start = calloc(n_bus + 2, sizeof(int32_t));
    self->col = calloc(n_entry, sizeof(int32_t));
    self->value = calloc(n_entry, sizeof(double));
    return self->cost != NULL && self->lower != NULL && self->upper != NULL && self->start != NULL &&
           self->col != NULL && self->value != NULL;
}

bool least_relaxation(const sv_state *state, const sv_balance_input *input, double *least_mw)
{
    program self = {.grid = state->grid, .state = state};
    bool good = take_memory(&self);
    sv_lp *lp = good ? sv_lp_new(self.n_col) : NULL;
    sv_lp_info info = {.outcome = SV_LP_FAILED};
    if (lp != NULL) {
        set_columns(&self, input);
        sv_lp_set_columns(lp, self.cost, self.lower, self.upper);
        write_rows(&self, lp);
        good = sv_lp_solve(lp, &info) == SV_OK && info.outcome == SV_LP_OPTIMAL;
        *least_mw = info.objective;
    }
    good = good && lp != NULL;
    sv_lp_free(&lp);
    void *const all[] = {self.cost, self.lower, self.upper, self.start, self.col, self.value};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    return good;
}
