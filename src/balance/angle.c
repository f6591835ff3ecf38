/* Full-angle balance. Unknowns: the columns, one scaled angle a bus (base_mva * rad, so that flow = difference / x_pu), the
 * flow of each branch without reactance, two slacks a limited branch. Rows: power balance a live bus, the law of each tie,
 * a limit a branch. Limits that cannot hold are relaxed by the least total first, then kept there while harm is lowered. */
#include "angle.h"

#include <math.h>
#include <string.h>

static const double TIE_X_PU = 1e-6;
static const double ROOM_MW = 1e-6; /* beyond the least relaxation, so that the second program stays feasible */

typedef struct {
    const columns *cols;
    const sv_grid *grid;
    const sv_state *state;
    const sv_islands *islands;
    sv_arena *arena;
    sv_lp *lp;
    int32_t n_col, first_angle, first_tie, first_slack; /* columns */
    int32_t *tie;                                       /* [n_branch] its column, -1 = ordinary */
    int32_t *slack;                                     /* [n_branch] the first of its two columns, -1 = unlimited */
    double *cost, *lower, *upper;
    int32_t *entry_col; /* one row being written */
    double *entry_value;
    int32_t *start, *branch_at;        /* branches by bus */
    int32_t *column_start, *column_at; /* columns by bus */
} program;

static double x_pu(const program *self, int32_t l)
{
    return self->grid->branch[l].x_pu * sv_branch_tap(&self->grid->branch[l]);
}

static double shift(const program *self, int32_t l)
{
    return self->grid->base_mva * self->grid->branch[l].shift_deg * (3.14159265358979323846 / 180.0);
}

static bool live(const program *self, int32_t l)
{
    return sv_state_branch_live(self->state, l);
}

static void number_columns(program *self)
{
    const sv_grid *grid = self->grid;
    self->first_angle = self->cols->n;
    self->first_tie = self->first_angle + grid->n_bus;
    self->n_col = self->first_tie;
    for (int32_t l = 0; l < grid->n_branch; l++)
        self->tie[l] = live(self, l) && fabs(x_pu(self, l)) < TIE_X_PU ? self->n_col++ : -1;
    self->first_slack = self->n_col;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        self->slack[l] = live(self, l) && grid->branch[l].rate_a_mva > 0.0 ? self->n_col : -1;
        self->n_col += self->slack[l] >= 0 ? 2 : 0;
    }
}

/* Lists of branches and of columns at each bus, in the order of their index. */
static void list_by_bus(program *self)
{
    const sv_grid *grid = self->grid;
    const columns *cols = self->cols;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        self->start[grid->branch[l].i_from + 1]++;
        self->start[grid->branch[l].i_to + 1]++;
    }
    for (int32_t j = 0; j < cols->n; j++) {
        self->column_start[cols->bus[j] + 1]++;
        if (cols->from_bus[j] >= 0)
            self->column_start[cols->from_bus[j] + 1]++;
    }
    for (int32_t i = 0; i < grid->n_bus; i++) {
        self->start[i + 1] += self->start[i];
        self->column_start[i + 1] += self->column_start[i];
    }
    /* Filled from behind: each list's end slides down to its start, one place to the right of where it belongs. */
    int32_t n_entry = self->column_start[grid->n_bus];
    for (int32_t l = grid->n_branch - 1; l >= 0; l--) {
        self->branch_at[--self->start[grid->branch[l].i_from + 1]] = l;
        self->branch_at[--self->start[grid->branch[l].i_to + 1]] = l;
    }
    for (int32_t j = cols->n - 1; j >= 0; j--) {
        self->column_at[--self->column_start[cols->bus[j] + 1]] = j;
        if (cols->from_bus[j] >= 0)
            self->column_at[--self->column_start[cols->from_bus[j] + 1]] = j;
    }
    memmove(self->start, self->start + 1, sizeof(int32_t) * (size_t)grid->n_bus);
    memmove(self->column_start, self->column_start + 1, sizeof(int32_t) * (size_t)grid->n_bus);
    self->start[grid->n_bus] = 2 * grid->n_branch;
    self->column_start[grid->n_bus] = n_entry;
}

static void set_bounds(program *self)
{
    const columns *cols = self->cols;
    memset(self->cost, 0, sizeof(double) * (size_t)self->n_col);
    memcpy(self->cost, cols->cost, sizeof(double) * (size_t)cols->n);
    memcpy(self->lower, cols->lower, sizeof(double) * (size_t)cols->n);
    memcpy(self->upper, cols->upper, sizeof(double) * (size_t)cols->n);
    for (int32_t j = self->first_angle; j < self->first_slack; j++) {
        self->lower[j] = -INFINITY;
        self->upper[j] = INFINITY;
    }
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t island = self->islands->of_bus[i];
        if (island < 0 || self->islands->first_bus[island] == i)
            self->lower[self->first_angle + i] = self->upper[self->first_angle + i] = 0.0;
    }
    for (int32_t j = self->first_slack; j < self->n_col; j++)
        self->lower[j] = self->upper[j] = 0.0;
}

/* Add a branch's flow, times `sign`, to the row being written. @return the constant part of it */
static double write_flow(const program *self, int32_t l, double sign, int32_t *n)
{
    const sv_branch *branch = &self->grid->branch[l];
    if (self->tie[l] >= 0) {
        self->entry_col[*n] = self->tie[l];
        self->entry_value[(*n)++] = sign;
        return 0.0;
    }
    double b = 1.0 / x_pu(self, l);
    self->entry_col[*n] = self->first_angle + branch->i_from;
    self->entry_value[(*n)++] = sign * b;
    self->entry_col[*n] = self->first_angle + branch->i_to;
    self->entry_value[(*n)++] = -sign * b;
    return -sign * b * shift(self, l);
}

/* Two entries of one column in one row are added up: the engine wants each column once. */
static int32_t merge_entries(const program *self, int32_t n)
{
    int32_t kept = 0;
    for (int32_t k = 0; k < n; k++) {
        int32_t at = 0;
        while (at < kept && self->entry_col[at] != self->entry_col[k])
            at++;
        if (at == kept) {
            self->entry_col[kept] = self->entry_col[k];
            self->entry_value[kept++] = self->entry_value[k];
        } else {
            self->entry_value[at] += self->entry_value[k];
        }
    }
    return kept;
}

static void write_bus_row(program *self, int32_t i)
{
    const columns *cols = self->cols;
    int32_t n = 0;
    double constant = 0.0;
    for (int32_t k = self->column_start[i]; k < self->column_start[i + 1]; k++) {
        int32_t j = self->column_at[k];
        self->entry_col[n] = j;
        self->entry_value[n++] = cols->bus[j] == i ? cols->sign[j] : -1.0;
    }
    for (int32_t k = self->start[i]; k < self->start[i + 1]; k++) {
        int32_t l = self->branch_at[k];
        const sv_branch *branch = &self->grid->branch[l];
        if (live(self, l) && branch->i_from != branch->i_to)
            constant += write_flow(self, l, branch->i_from == i ? -1.0 : 1.0, &n);
    }
    n = merge_entries(self, n);
    sv_lp_add_row(self->lp, n, self->entry_col, self->entry_value, -constant, -constant);
}

static void write_branch_rows(program *self, int32_t l)
{
    const sv_branch *branch = &self->grid->branch[l];
    if (self->tie[l] >= 0) {
        const int32_t col[] = {self->first_angle + branch->i_from, self->first_angle + branch->i_to, self->tie[l]};
        const double value[] = {1.0, -1.0, -x_pu(self, l)};
        sv_lp_add_row(self->lp, 3, col, value, shift(self, l), shift(self, l));
    }
    if (self->slack[l] < 0)
        return;
    int32_t n = 0;
    double constant = write_flow(self, l, 1.0, &n);
    self->entry_col[n] = self->slack[l];
    self->entry_value[n++] = -1.0;
    self->entry_col[n] = self->slack[l] + 1;
    self->entry_value[n++] = 1.0;
    sv_lp_add_row(self->lp, n, self->entry_col, self->entry_value, -branch->rate_a_mva - constant,
                  branch->rate_a_mva - constant);
}

static void write_rows(program *self)
{
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        if (self->islands->of_bus[i] >= 0)
            write_bus_row(self, i);
    for (int32_t l = 0; l < self->grid->n_branch; l++)
        if (live(self, l) && self->grid->branch[l].i_from != self->grid->branch[l].i_to)
            write_branch_rows(self, l);
}

/* A row that holds the total of the slacks. @return its index */
static int32_t write_total_row(program *self)
{
    int32_t n = self->n_col - self->first_slack;
    for (int32_t k = 0; k < n; k++) {
        self->entry_col[k] = self->first_slack + k;
        self->entry_value[k] = 1.0;
    }
    return sv_lp_add_row(self->lp, n, self->entry_col, self->entry_value, -INFINITY, INFINITY);
}

/* First the least total relaxation at no other aim; then, with no more than that in all, the aim is harm again. */
static sv_status relax(program *self, sv_lp_info *info)
{
    for (int32_t j = 0; j < self->n_col; j++)
        self->cost[j] = j < self->first_slack ? 0.0 : 1.0;
    for (int32_t j = self->first_slack; j < self->n_col; j++)
        self->upper[j] = INFINITY;
    sv_lp_set_columns(self->lp, self->cost, self->lower, self->upper);
    int32_t total_row = write_total_row(self);
    sv_status status = sv_lp_solve(self->lp, info);
    if (status != SV_OK || info->outcome != SV_LP_OPTIMAL)
        return status;
    sv_lp_set_row_bounds(self->lp, total_row, -INFINITY, info->objective + ROOM_MW);
    memset(self->cost, 0, sizeof(double) * (size_t)self->n_col);
    memcpy(self->cost, self->cols->cost, sizeof(double) * (size_t)self->cols->n);
    sv_lp_set_columns(self->lp, self->cost, self->lower, self->upper);
    return sv_lp_solve(self->lp, info);
}

static bool take_memory(program *self)
{
    const sv_grid *grid = self->grid;
    size_t n_branch = (size_t)grid->n_branch, n_bus = (size_t)grid->n_bus;
    size_t most = (size_t)self->cols->n + n_bus + 3 * n_branch,
           row = (size_t)self->cols->n + 2 * n_branch + 4; /* the longest: a bus or the total */
    self->tie = SV_TAKE(self->arena, n_branch, int32_t);
    self->slack = SV_TAKE(self->arena, n_branch, int32_t);
    self->cost = SV_TAKE(self->arena, most, double);
    self->lower = SV_TAKE(self->arena, most, double);
    self->upper = SV_TAKE(self->arena, most, double);
    self->entry_col = SV_TAKE(self->arena, row, int32_t);
    self->entry_value = SV_TAKE(self->arena, row, double);
    self->start = SV_TAKE(self->arena, n_bus + 1, int32_t);
    self->branch_at = SV_TAKE(self->arena, 2 * n_branch, int32_t);
    self->column_start = SV_TAKE(self->arena, n_bus + 1, int32_t);
    self->column_at = SV_TAKE(self->arena, 2 * (size_t)self->cols->n, int32_t);
    if (sv_arena_failed(self->arena))
        return false;
    number_columns(self);
    self->lp = sv_lp_new(self->n_col);
    return self->lp != NULL;
}

static void read_answer(const program *self, const angle_answer *out, angle_info *info)
{
    const double *all = sv_lp_x(self->lp);
    double *f_mw = out->f_mw, *relaxed_mw = out->relaxed_mw;
    memcpy(out->x, all, sizeof(double) * (size_t)self->cols->n);
    for (int32_t l = 0; l < self->grid->n_branch; l++) {
        const sv_branch *branch = &self->grid->branch[l];
        f_mw[l] = relaxed_mw[l] = 0.0;
        if (!live(self, l) || branch->i_from == branch->i_to)
            continue;
        double difference = all[self->first_angle + branch->i_from] - all[self->first_angle + branch->i_to];
        f_mw[l] = self->tie[l] >= 0 ? all[self->tie[l]] : (difference - shift(self, l)) / x_pu(self, l);
        double beyond = self->slack[l] >= 0 ? fabs(f_mw[l]) - branch->rate_a_mva : 0.0;
        if (beyond > 10.0 * ROOM_MW) {
            relaxed_mw[l] = beyond;
            info->relaxed_mw += beyond;
        }
    }
}

/* Rows come as write_rows wrote them: live buses, then each branch's. */
static void read_prices(const program *self, bool relaxed, const angle_answer *out)
{
    const sv_grid *grid = self->grid;
    const double *y = sv_lp_row_dual(self->lp);
    double unit = relaxed ? 0.0 : self->cols->least_weight;
    int32_t i_row = 0;
    for (int32_t i = 0; i < grid->n_bus; i++) {
        double price = self->islands->of_bus[i] >= 0 ? y[i_row++] : 0.0;
        out->bus_price[i] = unit * price;
    }
    for (int32_t l = 0; l < grid->n_branch; l++) {
        i_row += self->tie[l] >= 0 && grid->branch[l].i_from != grid->branch[l].i_to;
        bool limited = self->slack[l] >= 0 && grid->branch[l].i_from != grid->branch[l].i_to;
        out->branch_price[l] = limited ? unit * fabs(y[i_row]) : 0.0;
        i_row += limited;
    }
}

sv_status angle_solve(const columns *cols, const sv_state *state, const sv_islands *islands, const angle_answer *out,
                      angle_info *info)
{
    *info = (angle_info){.outcome = SV_LP_FAILED};
    program self = {.cols = cols, .grid = cols->grid, .state = state, .islands = islands, .arena = sv_arena_new()};
    if (self.arena == NULL || !take_memory(&self)) {
        sv_arena_free(self.arena);
        return SV_ENOMEM;
    }
    list_by_bus(&self);
    set_bounds(&self);
    sv_lp_set_columns(self.lp, self.cost, self.lower, self.upper);
    write_rows(&self);
    sv_lp_info solved;
    sv_status status = sv_lp_solve(self.lp, &solved);
    bool relaxed = status == SV_OK && solved.outcome != SV_LP_OPTIMAL;
    if (relaxed)
        status = relax(&self, &solved);
    if (status == SV_OK) {
        info->outcome = solved.outcome;
        info->n_row = sv_lp_n_row(self.lp);
        info->n_pivot = solved.n_pivot;
        if (solved.outcome == SV_LP_OPTIMAL)
            read_answer(&self, out, info);
        if (solved.outcome == SV_LP_OPTIMAL && out->bus_price != NULL)
            read_prices(&self, relaxed, out);
    }
    sv_lp_free(&self.lp);
    sv_arena_free(self.arena);
    return status;
}
