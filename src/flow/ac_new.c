/* Workspace of the AC power flow: the pattern of the network once a grid, admittances once a state. */
#include "ac.h"
#include "pattern.h"

#include <math.h>
#include <string.h>

static bool take_memory(sv_ac *self)
{
    sv_arena *arena = self->arena;
    size_t n = (size_t)self->grid->n_bus, m = (size_t)self->grid->n_branch;
    self->start = SV_TAKE(arena, n + 1, int32_t);
    self->column = SV_TAKE(arena, n + 2 * m, int32_t);
    self->diagonal = SV_TAKE(arena, n, int32_t);
    self->at_from_to = SV_TAKE(arena, m, int32_t);
    self->at_to_from = SV_TAKE(arena, m, int32_t);
    self->from = SV_TAKE(arena, m, int32_t);
    self->to = SV_TAKE(arena, m, int32_t);
    self->branch = SV_TAKE(arena, m, branch_admittance);
    self->g = SV_TAKE(arena, n + 2 * m, double);
    self->b = SV_TAKE(arena, n + 2 * m, double);
    self->value = SV_TAKE(arena, 4 * (n + 2 * m), double);
    double **by_bus[] = {&self->vm,      &self->va,        &self->re,    &self->im,     &self->p,
                         &self->q,       &self->p_set,     &self->q_set, &self->old_vm, &self->old_va,
                         &self->missing, &self->share_sum, &self->cut,   &self->worst};
    for (size_t k = 0; k < sizeof by_bus / sizeof by_bus[0]; k++)
        *by_bus[k] = SV_TAKE(arena, n, double);
    self->step = SV_TAKE(arena, 2 * n, double);
    self->pull = SV_TAKE(arena, 2 * n, double);
    self->role = SV_TAKE(arena, n, uint8_t);
    self->limited = SV_TAKE(arena, n, int8_t);
    self->n_change = SV_TAKE(arena, n, uint8_t);
    self->island = SV_TAKE(arena, n, sv_ac_island);
    self->going = SV_TAKE(arena, n, bool);
    self->collapsed = SV_TAKE(arena, n, bool);
    return schedule_new(&self->plan, self->grid, arena);
}

/* ---- pattern ------------------------------------------------------------------------------- */

/* Pattern and order of elimination for the nodes that there are. */
static sv_status analyse(sv_ac *self, sv_error *err)
{
    const sv_grid *grid = self->grid;
    self->stale = true;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        self->from[l] = ac_node(self, grid->branch[l].i_from);
        self->to[l] = ac_node(self, grid->branch[l].i_to);
    }
    sv_blu_free(&self->lu);
    sv_lu_free(&self->pivoting);
    if (!pattern_find(grid->n_bus, grid->n_branch, self->from, self->to, self->start, self->column, self->diagonal,
                      self->at_from_to, self->at_to_from))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a power flow of %d buses", (int)grid->n_bus);
    sv_status status = sv_blu_new(&self->lu, grid->n_bus, self->start, self->column, err);
    self->stale = status != SV_OK;
    return status;
}

sv_status sv_ac_new(sv_ac **ac, const sv_grid *grid, sv_error *err)
{
    *ac = NULL;
    sv_arena *arena = sv_arena_new();
    sv_ac *self = arena != NULL ? SV_TAKE(arena, 1, sv_ac) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a power flow of %d buses", (int)grid->n_bus);
    }
    *self = (sv_ac){.arena = arena, .grid = grid, .topology = sv_topology_new(grid)};
    sv_status status = self->topology != NULL && take_memory(self) ? SV_OK : SV_ENOMEM;
    if (status == SV_OK)
        status = ties_new(&self->ties, grid, arena);
    if (status == SV_OK)
        status = analyse(self, err);
    if (status != SV_OK) {
        sv_ac_free(&self);
        return sv_error_set(err, status, NULL, 0, "out of memory for a power flow of %d buses", (int)grid->n_bus);
    }
    *ac = self;
    return SV_OK;
}

void sv_ac_free(sv_ac **ac)
{
    if (ac == NULL || *ac == NULL)
        return;
    sv_blu_free(&(*ac)->lu);
    ties_free((*ac)->ties);
    sv_lu_free(&(*ac)->pivoting);
    sv_topology_free(&(*ac)->topology);
    sv_arena_free((*ac)->arena);
    *ac = NULL;
}

static int32_t place_in_row(const sv_ac *self, int32_t row, int32_t column)
{
    int32_t low = self->start[row], high = self->start[row + 1] - 1;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (self->column[middle] < column)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The matrix number by number, column by column: the pattern is symmetric, so a column's rows are the row's columns. */
static bool make_scalar(sv_ac *self)
{
    size_t n = (size_t)self->grid->n_bus, most = 4 * (n + 2 * (size_t)self->grid->n_branch);
    if (self->scalar == NULL) {
        self->scalar_start = SV_TAKE(self->arena, 2 * n + 1, int32_t);
        self->scalar_row = SV_TAKE(self->arena, most, int32_t);
        self->scalar_at = SV_TAKE(self->arena, most, int32_t);
        self->scalar = SV_TAKE(self->arena, most, double);
    }
    if (sv_arena_failed(self->arena))
        return false;
    int32_t n_listed = 0;
    for (int32_t j = 0; j < self->grid->n_bus; j++)
        for (int32_t half = 0; half < 2; half++) {
            for (int32_t k = self->start[j]; k < self->start[j + 1]; k++) {
                int32_t at = place_in_row(self, self->column[k], j);
                for (int32_t e = 0; e < 2; e++) {
                    self->scalar_row[n_listed] = 2 * self->column[k] + e;
                    self->scalar_at[n_listed++] = 4 * at + 2 * e + half;
                }
            }
            self->scalar_start[2 * j + half + 1] = n_listed;
        }
    return sv_lu_new(&self->pivoting, 2 * self->grid->n_bus, self->scalar_start, self->scalar_row, NULL) == SV_OK;
}

bool ac_pivot(sv_ac *self)
{
    if (self->pivoting == NULL && !make_scalar(self))
        return false;
    for (int32_t k = 0; k < self->scalar_start[2 * self->grid->n_bus]; k++)
        self->scalar[k] = self->value[self->scalar_at[k]];
    sv_lu_reset(self->pivoting);
    return sv_lu_update(self->pivoting, self->scalar) == SV_OK;
}

/* ---- admittances --------------------------------------------------------------------------- */

/* A line or transformer as a pi with the ideal tap, ratio and shift, at its from end. */
static branch_admittance admittance_of(const sv_branch *row)
{
    double size = row->r_pu * row->r_pu + row->x_pu * row->x_pu, g = row->r_pu / size, b = -row->x_pu / size;
    double tap = sv_branch_tap(row), shift = row->shift_deg * (M_PI / 180.0), half = 0.5 * row->b_pu;
    double c = cos(shift) / tap, s = sin(shift) / tap;
    return (branch_admittance){
        .from_from = {g / (tap * tap), (b + half) / (tap * tap)},
        .from_to = {-(g * c - b * s), -(b * c + g * s)}, /* -y / conj(tap) */
        .to_from = {-(g * c + b * s), -(b * c - g * s)}, /* -y / tap */
        .to_to = {g, b + half},
    };
}

static void add_at(sv_ac *self, int32_t at, const double y[2])
{
    self->g[at] += y[0];
    self->b[at] += y[1];
}

/* A branch without impedance is a tie: its ends are one node, and of the branch only the charging is left. */
static branch_admittance charging_of(const sv_branch *row)
{
    return (branch_admittance){.from_from = {0.0, 0.5 * row->b_pu}, .to_to = {0.0, 0.5 * row->b_pu}};
}

static sv_status set_admittances(sv_ac *self, sv_error *err)
{
    const sv_grid *grid = self->grid;
    size_t n_entry = (size_t)self->start[grid->n_bus];
    memset(self->g, 0, sizeof(double) * n_entry);
    memset(self->b, 0, sizeof(double) * n_entry);
    for (int32_t l = 0; l < grid->n_branch; l++) {
        const sv_branch *row = &grid->branch[l];
        self->branch[l] = (branch_admittance){0};
        if (!sv_state_branch_live(self->state, l))
            continue;
        if (!(sv_branch_tap(row) > 0.0))
            return sv_error_set(err, SV_EDATA, NULL, row->line,
                                "branch %s has tap %g; accepted: a ratio above 0, or 0 for 1", row->id, row->tap);
        self->branch[l] = row->r_pu == 0.0 && row->x_pu == 0.0 ? charging_of(row) : admittance_of(row);
        add_at(self, self->diagonal[self->from[l]], self->branch[l].from_from);
        add_at(self, self->diagonal[self->to[l]], self->branch[l].to_to);
        add_at(self, self->at_from_to[l], self->branch[l].from_to);
        add_at(self, self->at_to_from[l], self->branch[l].to_from);
    }
    for (int32_t k = 0; k < grid->n_shunt; k++) {
        const sv_shunt *shunt = &grid->shunt[k];
        add_at(self, self->diagonal[ac_node(self, shunt->i_bus)],
               (const double[2]){shunt->g_mw / grid->base_mva, shunt->b_mvar / grid->base_mva});
    }
    return SV_OK;
}

static sv_status check_set_points(const sv_ac *self, sv_error *err)
{
    const sv_grid *grid = self->grid;
    for (int32_t g = 0; g < grid->n_gen; g++) {
        const sv_gen *gen = &grid->gen[g];
        sv_bus_type type = grid->bus[gen->i_bus].type;
        bool holds = self->state->gen_on[g] && self->islands->of_bus[gen->i_bus] >= 0 &&
                     (type == SV_BUS_PV || type == SV_BUS_REF);
        if (holds && !(gen->vm_pu > 0.0))
            return sv_error_set(err, SV_EDATA, NULL, gen->line,
                                "generator %s is to hold %g pu; accepted: a voltage above 0", gen->id, gen->vm_pu);
    }
    return SV_OK;
}

sv_status sv_ac_update(sv_ac *ac, const sv_state *state, sv_error *err)
{
    if (state->grid != ac->grid)
        return SV_EDIM;
    ac->state = state;
    ac->solved = false;
    ac->islands = sv_topology_islands(ac->topology, state);
    bool changed = false;
    sv_status status = check_set_points(ac, err);
    if (status == SV_OK && ac->ties != NULL)
        status = ties_update(ac->ties, state, &changed, err);
    ac->stale = ac->stale || changed;
    if (status == SV_OK && ac->stale)
        status = analyse(ac, err);
    if (status == SV_OK)
        status = set_admittances(ac, err);
    if (status != SV_OK)
        ac->state = NULL;
    return status;
}
