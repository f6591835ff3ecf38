/* DC power flow: B theta = p, island by island, in one matrix for the whole grid whose pattern is analysed once.
 * The reference bus of an island (its lowest bus) and dead buses become identity rows and columns, which no sign of a
 * diagonal can spoil. A branch without reactance is a tie: its flow is an unknown of its own, so nothing is divided by
 * zero and nothing cancels. Cost: one refactor a topology, one sparse solve a set of injections. One workspace a thread. */
#include "svitlo/flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reactances below this are ties; of two parallel ties without reactance each gets half the flow. */
static const double TIE_X_PU = 1e-6;
static const double ZERO_X_PU = 1e-10;
static const double LARGEST_RESIDUAL = 1e-7;

enum { II = 0, JJ = 1, IJ = 2, JI = 3, TT = 4, N_SLOT = 5 };

struct sv_dc {
    sv_arena *arena;
    const sv_grid *grid;
    sv_topology *topology;
    const sv_islands *islands;
    sv_lu *lu;
    int32_t n;                   /* unknowns: angles of buses, then flows of ties */
    int32_t *tie;                /* [n_branch] unknown of a tie's flow, -1 = an ordinary branch */
    double *b_mw;                /* [n_branch] susceptance, MW per rad; of a tie its reactance, rad per MW */
    double *shift_rad;           /* [n_branch] */
    int32_t *slot;               /* [n_branch * N_SLOT] places in value */
    int32_t *diagonal;           /* [n_bus] place in value */
    int32_t *col_start, *row;    /* the pattern */
    double *value, *rhs, *check; /* [nnz], [n], [n] */
    double *push_mw;             /* [n_branch] flow at zero injection, from phase shifters */
    uint8_t *grounded;           /* [n_bus] reference or dead */
    uint8_t *live;               /* [n_branch] */
    bool has_shift;
};

/* ---- pattern ------------------------------------------------------------------------------- */

static int compare_entry(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t entry(int32_t row, int32_t col)
{
    return (int64_t)col << 32 | (int64_t)row;
}

/* Entries of one branch in the order of its slots; a tie borders the matrix. @return how many */
static int32_t branch_entries(const sv_dc *dc, int32_t l, int64_t out[N_SLOT])
{
    int32_t i = dc->grid->branch[l].i_from, j = dc->grid->branch[l].i_to, t = dc->tie[l];
    if (t < 0) {
        out[II] = entry(i, i);
        out[JJ] = entry(j, j);
        out[IJ] = entry(i, j);
        out[JI] = entry(j, i);
        return TT;
    }
    out[II] = entry(i, t);
    out[JJ] = entry(j, t);
    out[IJ] = entry(t, i);
    out[JI] = entry(t, j);
    out[TT] = entry(t, t);
    return N_SLOT;
}

static int32_t find_entry(const int64_t *entries, int32_t n, int64_t wanted)
{
    const int64_t *found = bsearch(&wanted, entries, (size_t)n, sizeof *entries, compare_entry);
    return (int32_t)(found - entries);
}

/* Sorted distinct entries -> columns, and the place of each branch's entries. */
static void lay_out(sv_dc *dc, const int64_t *entries, int32_t n_entry)
{
    for (int32_t k = 0; k < n_entry; k++) {
        dc->row[k] = (int32_t)(entries[k] & 0xffffffff);
        dc->col_start[(entries[k] >> 32) + 1] = k + 1;
    }
    for (int32_t j = 0; j < dc->n; j++)
        if (dc->col_start[j + 1] < dc->col_start[j])
            dc->col_start[j + 1] = dc->col_start[j];
    for (int32_t i = 0; i < dc->grid->n_bus; i++)
        dc->diagonal[i] = find_entry(entries, n_entry, entry(i, i));
    for (int32_t l = 0; l < dc->grid->n_branch; l++) {
        int64_t own[N_SLOT];
        int32_t n_own = branch_entries(dc, l, own);
        for (int32_t s = 0; s < n_own; s++)
            dc->slot[l * N_SLOT + s] = find_entry(entries, n_entry, own[s]);
    }
}

static sv_status analyse(sv_dc *dc, sv_error *err)
{
    const sv_grid *grid = dc->grid;
    size_t most = (size_t)grid->n_bus + (size_t)N_SLOT * (size_t)grid->n_branch;
    int64_t *entries = malloc(sizeof *entries * (most + 1));
    if (entries == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the network matrix");
    int32_t n_entry = 0;
    for (int32_t i = 0; i < grid->n_bus; i++)
        entries[n_entry++] = entry(i, i);
    for (int32_t l = 0; l < grid->n_branch; l++) {
        int64_t own[N_SLOT];
        int32_t n_own = branch_entries(dc, l, own);
        for (int32_t s = 0; s < n_own; s++)
            entries[n_entry++] = own[s];
    }
    qsort(entries, (size_t)n_entry, sizeof *entries, compare_entry);
    int32_t n_distinct = 0;
    for (int32_t k = 0; k < n_entry; k++)
        if (k == 0 || entries[k] != entries[k - 1])
            entries[n_distinct++] = entries[k];
    dc->col_start = SV_TAKE(dc->arena, dc->n + 1, int32_t);
    dc->row = SV_TAKE(dc->arena, n_distinct, int32_t);
    dc->value = SV_TAKE(dc->arena, n_distinct, double);
    sv_status status = SV_ENOMEM;
    if (!sv_arena_failed(dc->arena)) {
        lay_out(dc, entries, n_distinct);
        status = sv_lu_new(&dc->lu, dc->n, dc->col_start, dc->row, err);
    }
    free(entries);
    return status == SV_ENOMEM ? sv_error_set(err, status, NULL, 0, "out of memory for the network matrix") : status;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void read_branches(sv_dc *dc)
{
    const sv_grid *grid = dc->grid;
    dc->n = grid->n_bus;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l];
        double x_pu = branch->x_pu * sv_branch_tap(branch);
        dc->shift_rad[l] = branch->shift_deg * (3.14159265358979323846 / 180.0);
        dc->tie[l] = -1;
        if (fabs(x_pu) < TIE_X_PU) {
            dc->tie[l] = dc->n++;
            dc->b_mw[l] = (x_pu == 0.0 ? ZERO_X_PU : x_pu) / grid->base_mva;
        } else {
            dc->b_mw[l] = grid->base_mva / x_pu;
        }
    }
}

sv_status sv_dc_new(sv_dc **dc, const sv_grid *grid, sv_error *err)
{
    *dc = NULL;
    sv_arena *arena = sv_arena_new();
    sv_dc *self = arena != NULL ? SV_TAKE(arena, 1, sv_dc) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a power flow of %d buses", (int)grid->n_bus);
    }
    self->arena = arena;
    self->grid = grid;
    self->tie = SV_TAKE(arena, grid->n_branch, int32_t);
    self->b_mw = SV_TAKE(arena, grid->n_branch, double);
    self->shift_rad = SV_TAKE(arena, grid->n_branch, double);
    self->push_mw = SV_TAKE(arena, grid->n_branch, double);
    self->slot = SV_TAKE(arena, (size_t)N_SLOT * (size_t)grid->n_branch, int32_t);
    self->live = SV_TAKE(arena, grid->n_branch, uint8_t);
    self->diagonal = SV_TAKE(arena, grid->n_bus, int32_t);
    self->grounded = SV_TAKE(arena, grid->n_bus, uint8_t);
    self->topology = sv_topology_new(grid);
    sv_status status = sv_arena_failed(arena) || self->topology == NULL ? SV_ENOMEM : SV_OK;
    if (status == SV_OK) {
        read_branches(self);
        self->rhs = SV_TAKE(arena, self->n, double);
        self->check = SV_TAKE(arena, self->n, double);
        status = analyse(self, err);
    }
    if (status != SV_OK) {
        sv_dc_free(&self);
        return sv_error_set(err, status, NULL, 0, "out of memory for a power flow of %d buses", (int)grid->n_bus);
    }
    *dc = self;
    return SV_OK;
}

void sv_dc_free(sv_dc **dc)
{
    if (dc == NULL || *dc == NULL)
        return;
    sv_lu_free(&(*dc)->lu);
    sv_topology_free(&(*dc)->topology);
    sv_arena_free((*dc)->arena);
    *dc = NULL;
}

void sv_dc_reset(sv_dc *dc)
{
    sv_lu_reset(dc->lu);
}

const sv_islands *sv_dc_islands(const sv_dc *dc)
{
    return dc->islands;
}

/* ---- one topology -------------------------------------------------------------------------- */

static void add_branch_values(sv_dc *dc, int32_t l)
{
    const sv_branch *branch = &dc->grid->branch[l];
    const int32_t *slot = &dc->slot[l * N_SLOT];
    bool free_i = !dc->grounded[branch->i_from], free_j = !dc->grounded[branch->i_to];
    if (dc->tie[l] >= 0) {
        dc->value[slot[TT]] = dc->live[l] ? -dc->b_mw[l] : 1.0;
        if (!dc->live[l])
            return;
        if (free_i)
            dc->value[slot[II]] = dc->value[slot[IJ]] = 1.0;
        if (free_j)
            dc->value[slot[JJ]] = dc->value[slot[JI]] = -1.0;
        return;
    }
    if (!dc->live[l] || branch->i_from == branch->i_to)
        return;
    double b = dc->b_mw[l];
    if (free_i)
        dc->value[slot[II]] += b;
    if (free_j)
        dc->value[slot[JJ]] += b;
    if (free_i && free_j) {
        dc->value[slot[IJ]] -= b;
        dc->value[slot[JI]] -= b;
    }
}

/* Zero where the law of Kirchhoff and the ties hold: the worst mismatch of A x = b for a known b, relative to b. */
static double relative_residual(sv_dc *dc)
{
    for (int32_t i = 0; i < dc->n; i++)
        dc->check[i] = i < dc->grid->n_bus && !dc->grounded[i] ? (double)(i % 7) - 3.0 : 0.0;
    memcpy(dc->rhs, dc->check, sizeof(double) * (size_t)dc->n);
    sv_lu_solve(dc->lu, dc->rhs, 1);
    for (int32_t j = 0; j < dc->n; j++)
        for (int32_t k = dc->col_start[j]; k < dc->col_start[j + 1]; k++)
            dc->check[dc->row[k]] -= dc->value[k] * dc->rhs[j];
    double worst = 0.0;
    for (int32_t i = 0; i < dc->n; i++)
        if (!(fabs(dc->check[i]) <= worst))
            worst = fabs(dc->check[i]);
    return worst;
}

static void solve_with_shifts(sv_dc *dc, const double *p_mw);
static void read_flows(const sv_dc *dc, const double *x, double *f_mw);

sv_status sv_dc_update(sv_dc *dc, const sv_state *state)
{
    const sv_grid *grid = dc->grid;
    if (state->grid != grid)
        return SV_EDIM;
    dc->islands = sv_topology_islands(dc->topology, state);
    memset(dc->value, 0, sizeof(double) * (size_t)dc->col_start[dc->n]);
    for (int32_t i = 0; i < grid->n_bus; i++) {
        int32_t island = dc->islands->of_bus[i];
        dc->grounded[i] = island < 0 || dc->islands->first_bus[island] == i;
        if (dc->grounded[i])
            dc->value[dc->diagonal[i]] = 1.0;
    }
    dc->has_shift = false;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        dc->live[l] = sv_state_branch_live(state, l);
        add_branch_values(dc, l);
        dc->has_shift = dc->has_shift || (dc->live[l] && dc->shift_rad[l] != 0.0);
        dc->push_mw[l] = 0.0;
    }
    sv_status status = sv_lu_update(dc->lu, dc->value);
    if (status != SV_OK)
        return status;
    if (!(relative_residual(dc) < LARGEST_RESIDUAL))
        return SV_ENUM;
    if (dc->has_shift) {
        solve_with_shifts(dc, NULL);
        read_flows(dc, dc->rhs, dc->push_mw);
    }
    return SV_OK;
}

/* ---- solves -------------------------------------------------------------------------------- */

static void solve_with_shifts(sv_dc *dc, const double *p_mw)
{
    const sv_grid *grid = dc->grid;
    double *rhs = dc->rhs;
    memset(rhs + grid->n_bus, 0, sizeof(double) * (size_t)(dc->n - grid->n_bus));
    for (int32_t i = 0; i < grid->n_bus; i++)
        rhs[i] = p_mw == NULL || dc->grounded[i] ? 0.0 : p_mw[i];
    for (int32_t l = 0; dc->has_shift && l < grid->n_branch; l++) {
        if (!dc->live[l] || dc->shift_rad[l] == 0.0)
            continue;
        if (dc->tie[l] >= 0) {
            rhs[dc->tie[l]] = dc->shift_rad[l];
            continue;
        }
        int32_t i = grid->branch[l].i_from, j = grid->branch[l].i_to;
        double pushed = dc->b_mw[l] * dc->shift_rad[l];
        if (!dc->grounded[i])
            rhs[i] += pushed;
        if (!dc->grounded[j])
            rhs[j] -= pushed;
    }
    sv_lu_solve(dc->lu, rhs, 1);
}

static void read_flows(const sv_dc *dc, const double *x, double *f_mw)
{
    const sv_branch *branch = dc->grid->branch;
    for (int32_t l = 0; l < dc->grid->n_branch; l++) {
        if (!dc->live[l])
            f_mw[l] = 0.0;
        else if (dc->tie[l] >= 0)
            f_mw[l] = x[dc->tie[l]];
        else
            f_mw[l] = dc->b_mw[l] * (x[branch[l].i_from] - x[branch[l].i_to] - dc->shift_rad[l]);
    }
}

void sv_dc_solve(sv_dc *dc, const double *p_mw, double *th_rad, double *f_mw)
{
    solve_with_shifts(dc, p_mw);
    if (th_rad != NULL)
        memcpy(th_rad, dc->rhs, sizeof(double) * (size_t)dc->grid->n_bus);
    read_flows(dc, dc->rhs, f_mw);
}

/* The matrix is symmetric, so a combination of rows of the inverse is one solve with the branches' ends as right-hand side. */
void sv_dc_combine_rows(sv_dc *dc, int32_t n, const int32_t *i_branch, const double *share, double *row)
{
    memset(dc->rhs, 0, sizeof(double) * (size_t)dc->n);
    for (int32_t k = 0; k < n; k++) {
        int32_t l = i_branch[k], i = dc->grid->branch[l].i_from, j = dc->grid->branch[l].i_to;
        if (!dc->live[l])
            continue;
        if (dc->tie[l] >= 0) {
            dc->rhs[dc->tie[l]] += share[k];
            continue;
        }
        if (!dc->grounded[i])
            dc->rhs[i] += share[k] * dc->b_mw[l];
        if (!dc->grounded[j])
            dc->rhs[j] -= share[k] * dc->b_mw[l];
    }
    sv_lu_solve(dc->lu, dc->rhs, 1);
    memcpy(row, dc->rhs, sizeof(double) * (size_t)dc->grid->n_bus);
}

double sv_dc_ptdf_row(sv_dc *dc, int32_t i_branch, double *row)
{
    const double one = 1.0;
    sv_dc_combine_rows(dc, 1, &i_branch, &one, row);
    return dc->push_mw[i_branch];
}
