/* The making of a DC power flow: branches read into streams, pattern of the matrix, places of each branch in it. */
#include "dc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reactances below this are ties; of two parallel ties without reactance each gets half the flow. */
static const double TIE_X_PU = 1e-6;
static const double ZERO_X_PU = 1e-10;
/* A multiple of a tie's own equation is added to those of its ends, as if a line of this reactance were beside it that
 * carries nothing: buses with nothing but ties then have a pivot, and the answer stays. */
static const double BESIDE_TIE_X_PU = 0.01;

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
    int32_t i = dc->from[l], j = dc->to[l], t = dc->tie[l];
    out[OFF_I] = entry(j, i);
    out[OFF_J] = entry(i, j);
    if (t < 0)
        return N_ORDINARY;
    out[ROW_I] = entry(t, i);
    out[ROW_J] = entry(t, j);
    out[COL_I] = entry(i, t);
    out[COL_J] = entry(j, t);
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
        status = sv_ldl_new(&dc->ldl, dc->n, grid->n_bus, dc->col_start, dc->row, err);
    }
    for (int32_t l = 0; status == SV_OK && l < grid->n_branch; l++) {
        dc->place_from[l] = sv_ldl_place(dc->ldl, dc->from[l]);
        dc->place_to[l] = sv_ldl_place(dc->ldl, dc->to[l]);
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
        dc->from[l] = branch->i_from;
        dc->to[l] = branch->i_to;
        dc->shift_rad[l] = branch->shift_deg * (3.14159265358979323846 / 180.0);
        if (branch->shift_deg != 0.0)
            dc->shifter[dc->n_shifter++] = l;
        dc->tie[l] = -1;
        if (fabs(x_pu) < TIE_X_PU) {
            dc->tie[l] = dc->n++;
            dc->tied[dc->n_tie++] = l;
            dc->x_tie[l] = (x_pu == 0.0 ? ZERO_X_PU : x_pu) / grid->base_mva;
            x_pu = BESIDE_TIE_X_PU;
        }
        dc->b_mw[l] = grid->base_mva / x_pu;
    }
}

/* Branches at each bus; one that leads back to its own bus is left out. */
static void list_ends(sv_dc *dc)
{
    int32_t n_bus = dc->grid->n_bus;
    for (int32_t l = 0; l < dc->grid->n_branch; l++)
        if (dc->from[l] != dc->to[l]) {
            dc->at_start[dc->from[l] + 1]++;
            dc->at_start[dc->to[l] + 1]++;
        }
    for (int32_t i = 0; i < n_bus; i++)
        dc->at_start[i + 1] += dc->at_start[i];
    for (int32_t l = 0; l < dc->grid->n_branch; l++)
        if (dc->from[l] != dc->to[l]) {
            dc->at[dc->at_start[dc->from[l]]++] = 2 * l;
            dc->at[dc->at_start[dc->to[l]]++] = 2 * l + 1;
        }
    memmove(dc->at_start + 1, dc->at_start, sizeof(int32_t) * (size_t)n_bus);
    dc->at_start[0] = 0;
}

static void take_branches(sv_dc *dc, size_t n)
{
    sv_arena *arena = dc->arena;
    dc->from = SV_TAKE(arena, n, int32_t);
    dc->to = SV_TAKE(arena, n, int32_t);
    dc->tie = SV_TAKE(arena, n, int32_t);
    dc->tied = SV_TAKE(arena, n, int32_t);
    dc->shifter = SV_TAKE(arena, n, int32_t);
    dc->b_mw = SV_TAKE(arena, n, double);
    dc->b_live_mw = SV_TAKE(arena, SV_WHOLE_LANES(n), double);
    dc->x_tie = SV_TAKE(arena, n, double);
    dc->shift_rad = SV_TAKE(arena, n, double);
    dc->push_mw = SV_TAKE(arena, n, double);
    dc->slot = SV_TAKE(arena, N_SLOT * n, int32_t);
    dc->live = SV_TAKE(arena, n, uint8_t);
    dc->branch_on = SV_TAKE(arena, n, uint8_t);
    dc->at = SV_TAKE(arena, 2 * n, int32_t);
    dc->key = SV_TAKE(arena, n, int64_t);
    dc->place_from = SV_TAKE(arena, SV_WHOLE_LANES(n), int32_t);
    dc->place_to = SV_TAKE(arena, SV_WHOLE_LANES(n), int32_t);
    dc->no_flow_mw = SV_TAKE(arena, SV_WHOLE_LANES(n), double);
}

static void take_buses(sv_dc *dc, size_t n)
{
    sv_arena *arena = dc->arena;
    dc->diagonal = SV_TAKE(arena, n, int32_t);
    dc->at_start = SV_TAKE(arena, n + 1, int32_t);
    dc->grounded = SV_TAKE(arena, n, uint8_t);
    dc->bus_on = SV_TAKE(arena, n, uint8_t);
    dc->first_bus = SV_TAKE(arena, n, int32_t);
}

static sv_status take_unknowns(sv_dc *dc, sv_error *err)
{
    read_branches(dc);
    list_ends(dc);
    dc->rhs = SV_TAKE(dc->arena, dc->n, double);
    dc->few_row = SV_TAKE(dc->arena, (size_t)SV_LDL_LANES * 2 * (size_t)dc->grid->n_branch, int32_t);
    dc->few_value = SV_TAKE(dc->arena, (size_t)SV_LDL_LANES * 2 * (size_t)dc->grid->n_branch, double);
    dc->check = SV_TAKE(dc->arena, dc->n, double);
    dc->touched = SV_TAKE(dc->arena, dc->n, uint8_t);
    dc->touch = SV_TAKE(dc->arena, dc->n, int32_t);
    return sv_arena_failed(dc->arena) ? SV_ENOMEM : analyse(dc, err);
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
    take_branches(self, (size_t)grid->n_branch);
    take_buses(self, (size_t)grid->n_bus);
    self->topology = sv_topology_new(grid);
    sv_status status = sv_arena_failed(arena) || self->topology == NULL ? SV_ENOMEM : SV_OK;
    if (status == SV_OK)
        status = take_unknowns(self, err);
    if (status != SV_OK) {
        sv_dc_free(&self);
        return sv_error_set(err, status, NULL, 0, "%s a power flow of %d buses",
                            status == SV_ENOMEM ? "out of memory for" : "cannot analyse", (int)grid->n_bus);
    }
    *dc = self;
    return SV_OK;
}

void sv_dc_free(sv_dc **dc)
{
    if (dc == NULL || *dc == NULL)
        return;
    sv_ldl_free(&(*dc)->ldl);
    sv_lu_free(&(*dc)->lu);
    sv_topology_free(&(*dc)->topology);
    sv_arena_free((*dc)->arena);
    *dc = NULL;
}
