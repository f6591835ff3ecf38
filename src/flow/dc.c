/* DC power flow: B theta = p, island by island, in one matrix for the whole grid whose pattern is analysed once.
 * The reference bus of an island (its lowest bus) and dead buses become identity rows and columns, which no sign of a
 * diagonal can spoil. A branch without reactance is a tie: its flow is an unknown of its own, so nothing is divided by
 * zero and nothing cancels. A column of the matrix is always summed in the order of branches, and both factors forget
 * what was before, so answers depend on the state alone. Cost: a partial refactor a topology, one sparse solve a set of
 * injections. One workspace a thread. */
#include "dc.h"

#include <math.h>
#include <string.h>

static const double LARGEST_RESIDUAL = 1e-7;
enum { MUCH = 8 }; /* an eighth of a table */

const sv_islands *sv_dc_islands(const sv_dc *dc)
{
    return dc->islands;
}

/* ---- one topology: what changed ------------------------------------------------------------ */

static void touch_column(sv_dc *dc, int32_t i)
{
    if (!dc->touched[i])
        dc->touch[dc->n_touch++] = i;
    dc->touched[i] = 1;
}

static bool is_live(const sv_dc *dc, const sv_state *state, int32_t l)
{
    bool live = state->branch_on[l] && state->bus_on[dc->from[l]] && state->bus_on[dc->to[l]];
    return live && !(dc->tie[l] >= 0 && dc->from[l] == dc->to[l]); /* a tie from a bus to itself says nothing */
}

static bool is_grounded(const sv_dc *dc, int32_t i)
{
    int32_t island = dc->islands->of_bus[i];
    return island < 0 || dc->islands->first_bus[island] == i;
}

static void set_grounded(sv_dc *dc, int32_t i)
{
    bool grounded = is_grounded(dc, i);
    if (grounded == dc->grounded[i])
        return;
    dc->grounded[i] = grounded;
    touch_column(dc, i);
    for (int32_t q = dc->at_start[i]; q < dc->at_start[i + 1]; q++) {
        int32_t l = dc->at[q] >> 1;
        touch_column(dc, dc->at[q] & 1 ? dc->from[l] : dc->to[l]);
        if (dc->tie[l] >= 0)
            touch_column(dc, dc->tie[l]);
    }
}

static void set_live(sv_dc *dc, const sv_state *state, int32_t l)
{
    bool live = is_live(dc, state, l);
    if (live == dc->live[l])
        return;
    dc->live[l] = live;
    dc->b_live_mw[l] = live ? dc->b_mw[l] : 0.0;
    touch_column(dc, dc->from[l]);
    touch_column(dc, dc->to[l]);
    if (dc->tie[l] >= 0)
        touch_column(dc, dc->tie[l]);
}

/* First place from i on where two rows of bytes differ, n = none. */
static int32_t next_change(const uint8_t *a, const uint8_t *b, int32_t i, int32_t n)
{
    for (; i + 8 <= n; i += 8) {
        uint64_t x, y;
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        if (x != y)
            break;
    }
    while (i < n && a[i] == b[i])
        i++;
    return i;
}

static int32_t count_changes(const uint8_t *a, const uint8_t *b, int32_t n)
{
    int32_t count = 0;
    for (int32_t i = 0; i < n; i++)
        count += a[i] != b[i];
    return count;
}

/* So much has changed that looking for it would cost more than doing all anew. */
static bool much_changed(const sv_dc *dc, const sv_state *state)
{
    int32_t n_bus = dc->grid->n_bus, n_branch = dc->grid->n_branch;
    return !dc->known || count_changes(state->branch_on, dc->branch_on, n_branch) > n_branch / MUCH ||
           count_changes(state->bus_on, dc->bus_on, n_bus) > n_bus / MUCH;
}

static void take_state(sv_dc *dc, const sv_state *state)
{
    const sv_islands *islands = dc->islands;
    dc->n_island = islands->n_island;
    memcpy(dc->first_bus, islands->first_bus, sizeof(int32_t) * (size_t)dc->n_island);
    memcpy(dc->branch_on, state->branch_on, (size_t)dc->grid->n_branch);
    memcpy(dc->bus_on, state->bus_on, (size_t)dc->grid->n_bus);
}

static void change_all(sv_dc *dc, const sv_state *state)
{
    for (int32_t i = 0; i < dc->grid->n_bus; i++)
        dc->grounded[i] = is_grounded(dc, i);
    for (int32_t l = 0; l < dc->grid->n_branch; l++) {
        dc->live[l] = is_live(dc, state, l);
        dc->b_live_mw[l] = dc->live[l] ? dc->b_mw[l] : 0.0;
    }
    for (int32_t i = 0; i < dc->n; i++)
        dc->touch[i] = i;
    dc->n_touch = dc->n;
    sv_ldl_reset(dc->ldl);
}

static void find_changes(sv_dc *dc, const sv_state *state)
{
    int32_t n_bus = dc->grid->n_bus, n_branch = dc->grid->n_branch;
    const sv_islands *islands = dc->islands;
    if (islands->n_island != dc->n_island ||
        memcmp(dc->first_bus, islands->first_bus, sizeof(int32_t) * (size_t)dc->n_island) != 0) {
        for (int32_t i = 0; i < n_bus; i++)
            set_grounded(dc, i);
    }
    for (int32_t l = 0; (l = next_change(state->branch_on, dc->branch_on, l, n_branch)) < n_branch; l++)
        set_live(dc, state, l);
    for (int32_t i = 0; (i = next_change(state->bus_on, dc->bus_on, i, n_bus)) < n_bus; i++) {
        set_grounded(dc, i);
        for (int32_t q = dc->at_start[i]; q < dc->at_start[i + 1]; q++)
            set_live(dc, state, dc->at[q] >> 1);
    }
}

/* ---- one topology: values ------------------------------------------------------------------ */

static void set_bus_column(sv_dc *dc, int32_t i)
{
    double *value = dc->value, diagonal = 0.0;
    int32_t first = dc->col_start[i];
    memset(value + first, 0, sizeof(double) * (size_t)(dc->col_start[i + 1] - first));
    if (dc->grounded[i]) {
        value[dc->diagonal[i]] = 1.0;
        return;
    }
    for (int32_t q = dc->at_start[i]; q < dc->at_start[i + 1]; q++) {
        int32_t l = dc->at[q] >> 1, end = dc->at[q] & 1;
        double b = dc->b_live_mw[l];
        diagonal += b;
        if (!dc->grounded[end ? dc->from[l] : dc->to[l]])
            value[dc->slot[l * N_SLOT + OFF_I + end]] -= b;
        if (dc->tie[l] >= 0 && dc->live[l])
            value[dc->slot[l * N_SLOT + ROW_I + end]] = end ? -dc_tie_weight(dc, l) : dc_tie_weight(dc, l);
    }
    value[dc->diagonal[i]] = diagonal;
}

static void set_tie_column(sv_dc *dc, int32_t l)
{
    const int32_t *slot = &dc->slot[l * N_SLOT];
    double weight = dc_tie_weight(dc, l);
    dc->value[slot[COL_I]] = dc->live[l] && !dc->grounded[dc->from[l]] ? weight : 0.0;
    dc->value[slot[COL_J]] = dc->live[l] && !dc->grounded[dc->to[l]] ? -weight : 0.0;
    dc->value[slot[TT]] = dc->live[l] ? -dc->x_tie[l] * weight : 1.0;
}

static void set_values(sv_dc *dc)
{
    for (int32_t k = 0; k < dc->n_touch; k++) {
        int32_t i = dc->touch[k];
        dc->touched[i] = 0;
        if (i < dc->grid->n_bus)
            set_bus_column(dc, i);
        else
            set_tie_column(dc, dc->tied[i - dc->grid->n_bus]);
    }
}

static void solve(sv_dc *dc, double *b)
{
    if (dc->use_lu)
        sv_lu_solve(dc->lu, b, 1);
    else
        sv_ldl_solve(dc->ldl, b);
}

/* Zero where the law of Kirchhoff and the ties hold: the worst mismatch of A x = b for a known b, relative to b. */
static double relative_residual(sv_dc *dc)
{
    const int32_t *restrict row = dc->row;
    const double *restrict value = dc->value, *restrict x = dc->rhs;
    for (int32_t i = 0; i < dc->n; i++)
        dc->check[i] = i < dc->grid->n_bus && !dc->grounded[i] ? (double)(i % 7) - 3.0 : 0.0;
    memcpy(dc->rhs, dc->check, sizeof(double) * (size_t)dc->n);
    solve(dc, dc->rhs);
    double worst = 0.0;
    for (int32_t j = 0; j < dc->n; j++) { /* symmetric: column j is row j */
        double left = dc->check[j];
        for (int32_t k = dc->col_start[j]; k < dc->col_start[j + 1]; k++)
            left -= value[k] * x[row[k]];
        if (!(fabs(left) <= worst))
            worst = fabs(left);
        if (isnan(left))
            return left;
    }
    return worst;
}

/* New pivots each time: old ones would carry the states before into the last digits. */
static sv_status factor_with_exchanges(sv_dc *dc)
{
    if (dc->lu == NULL) {
        sv_status status = sv_lu_new(&dc->lu, dc->n, dc->col_start, dc->row, NULL);
        if (status != SV_OK)
            return status;
    }
    sv_lu_reset(dc->lu);
    dc->use_lu = true;
    sv_status status = sv_lu_update(dc->lu, dc->value);
    if (status != SV_OK)
        return status;
    return relative_residual(dc) < LARGEST_RESIDUAL ? SV_OK : SV_ENUM;
}

sv_status sv_dc_update(sv_dc *dc, const sv_state *state)
{
    if (state->grid != dc->grid)
        return SV_EDIM;
    dc->islands = sv_topology_islands(dc->topology, state);
    dc->n_touch = 0;
    if (much_changed(dc, state))
        change_all(dc, state);
    else
        find_changes(dc, state);
    take_state(dc, state);
    set_values(dc);
    dc->known = true;
    dc->pushed = false;
    dc->use_lu = false;
    sv_status status = sv_ldl_update_some(dc->ldl, dc->value, dc->n_touch, dc->touch);
    if (status == SV_OK && relative_residual(dc) < LARGEST_RESIDUAL)
        return SV_OK;
    return factor_with_exchanges(dc);
}

/* ---- solves -------------------------------------------------------------------------------- */

static void add_shifts(sv_dc *dc, double *rhs)
{
    for (int32_t k = 0; k < dc->n_shifter; k++) {
        int32_t l = dc->shifter[k], i = dc->from[l], j = dc->to[l];
        double pushed = dc->b_live_mw[l] * dc->shift_rad[l];
        if (dc->tie[l] >= 0 && dc->live[l])
            rhs[dc->tie[l]] = dc_tie_weight(dc, l) * dc->shift_rad[l];
        rhs[i] += dc->grounded[i] ? 0.0 : pushed;
        rhs[j] -= dc->grounded[j] ? 0.0 : pushed;
    }
}

/* p_mw = NULL: none */
static void solve_with_shifts(sv_dc *dc, const double *restrict p_mw)
{
    double *restrict rhs = dc->rhs;
    const uint8_t *restrict grounded = dc->grounded;
    int32_t n_bus = dc->grid->n_bus;
    memset(rhs + n_bus, 0, sizeof(double) * (size_t)(dc->n - n_bus));
    if (p_mw == NULL)
        memset(rhs, 0, sizeof(double) * (size_t)n_bus);
    for (int32_t i = 0; p_mw != NULL && i < n_bus; i++)
        rhs[i] = grounded[i] ? 0.0 : p_mw[i];
    add_shifts(dc, rhs);
    solve(dc, rhs);
}

SV_WIDE static void flows_of(int32_t n, const int32_t *restrict from, const int32_t *restrict to,
                             const double *restrict b, const double *restrict shift, const double *restrict x,
                             double *restrict f_mw)
{
    for (int32_t l = 0; l < n; l++)
        f_mw[l] = b[l] * (x[from[l]] - x[to[l]] - shift[l]) + 0.0; /* + 0: never minus zero */
}

static void read_flows(const sv_dc *dc, const double *restrict x, double *restrict f_mw)
{
    flows_of(dc->grid->n_branch, dc->from, dc->to, dc->b_live_mw, dc->shift_rad, x, f_mw);
    for (int32_t k = 0; k < dc->n_tie; k++) {
        int32_t l = dc->tied[k];
        f_mw[l] = dc->live[l] ? x[dc->tie[l]] : 0.0;
    }
}

void sv_dc_solve(sv_dc *dc, const double *p_mw, double *th_rad, double *f_mw)
{
    solve_with_shifts(dc, p_mw);
    if (th_rad != NULL)
        memcpy(th_rad, dc->rhs, sizeof(double) * (size_t)dc->grid->n_bus);
    read_flows(dc, dc->rhs, f_mw);
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* The matrix is symmetric, so a combination of rows of the inverse is one solve with the branches' ends as right-hand
 * side. Entries of one branch: at most two. @return how many */
static int32_t row_entries(const sv_dc *dc, int32_t l, double share, int32_t *at, double *value)
{
    int32_t n = 0, i = dc->from[l], j = dc->to[l];
    if (!dc->live[l] || i == j)
        return 0;
    if (dc->tie[l] >= 0) {
        at[0] = dc->tie[l];
        value[0] = share;
        return 1;
    }
    if (!dc->grounded[i]) {
        at[n] = i;
        value[n++] = share * dc->b_mw[l];
    }
    if (!dc->grounded[j]) {
        at[n] = j;
        value[n++] = -(share * dc->b_mw[l]);
    }
    return n;
}

/* Combine into row, by the sparse way down where the list is short; both ways give the same bits. */
void sv_dc_combine_rows(sv_dc *dc, int32_t n, const int32_t *i_branch, const double *share, double *row)
{
    int32_t at[2 * SV_LDL_LANES], start[2] = {0, 0};
    double value[2 * SV_LDL_LANES];
    if (!dc->use_lu && n <= SV_LDL_LANES) {
        for (int32_t k = 0; k < n; k++)
            start[1] += row_entries(dc, i_branch[k], share[k], at + start[1], value + start[1]);
        const sv_ldl_few few = {.n_lane = 1, .start = start, .row = at, .value = value};
        sv_ldl_solve_few(dc->ldl, &few, dc->grid->n_bus, &row);
        return;
    }
    memset(dc->rhs, 0, sizeof(double) * (size_t)dc->n);
    for (int32_t k = 0; k < n; k++) {
        int32_t n_entry = row_entries(dc, i_branch[k], share[k], at, value);
        for (int32_t e = 0; e < n_entry; e++)
            dc->rhs[at[e]] += value[e];
    }
    solve(dc, dc->rhs);
    memcpy(row, dc->rhs, sizeof(double) * (size_t)dc->grid->n_bus);
}

/* Sums that repeat branches may list more than the memory of the lanes holds, which is each branch once a lane. */
void sv_dc_combine_many(sv_dc *dc, int32_t n, const int32_t *start, const int32_t *i_branch, const double *share,
                        double *const *row)
{
    if (n == 1 || dc->use_lu || (int64_t)start[n] - start[0] > (int64_t)SV_LDL_LANES * dc->grid->n_branch) {
        for (int32_t k = 0; k < n; k++)
            sv_dc_combine_rows(dc, start[k + 1] - start[k], i_branch + start[k], share + start[k], row[k]);
        return;
    }
    int32_t entry_start[SV_LDL_LANES + 1] = {0};
    for (int32_t k = 0; k < n; k++) {
        entry_start[k + 1] = entry_start[k];
        for (int32_t e = start[k]; e < start[k + 1]; e++)
            entry_start[k + 1] += row_entries(dc, i_branch[e], share[e], dc->few_row + entry_start[k + 1],
                                              dc->few_value + entry_start[k + 1]);
    }
    const sv_ldl_few few = {.n_lane = n, .start = entry_start, .row = dc->few_row, .value = dc->few_value};
    sv_ldl_solve_few(dc->ldl, &few, dc->grid->n_bus, row);
}

/* What phase shifters push through at zero injection; solved when first asked for. */
static double push_of(sv_dc *dc, int32_t l)
{
    if (!dc->pushed && dc->n_shifter > 0) {
        solve_with_shifts(dc, NULL);
        read_flows(dc, dc->rhs, dc->push_mw);
    }
    dc->pushed = true;
    return dc->push_mw[l];
}

double sv_dc_ptdf_row(sv_dc *dc, int32_t i_branch, double *row)
{
    const double one = 1.0;
    sv_dc_combine_rows(dc, 1, &i_branch, &one, row);
    return push_of(dc, i_branch);
}

/* Shell's sort: small lists, no memory. */
static void sort_keys(int64_t *key, int32_t n)
{
    for (int32_t gap = n / 2; gap > 0; gap /= 2)
        for (int32_t i = gap; i < n; i++) {
            int64_t moved = key[i];
            int32_t j = i;
            for (; j >= gap && key[j - gap] > moved; j -= gap)
                key[j] = key[j - gap];
            key[j] = moved;
        }
}

/* Rows of up to SV_LDL_LANES branches, key[k] & 0xffffffff being their place in the list. */
static void solve_lanes(sv_dc *dc, int32_t n_lane, const int64_t *key, const int32_t *i_branch, double *row)
{
    int32_t at[2 * SV_LDL_LANES], start[SV_LDL_LANES + 1] = {0};
    double value[2 * SV_LDL_LANES], *out[SV_LDL_LANES];
    for (int32_t k = 0; k < n_lane; k++) {
        int32_t listed = (int32_t)(key[k] & 0xffffffff);
        start[k + 1] = start[k] + row_entries(dc, i_branch[listed], 1.0, at + start[k], value + start[k]);
        out[k] = row + (size_t)listed * (size_t)dc->grid->n_bus;
    }
    const sv_ldl_few few = {.n_lane = n_lane, .start = start, .row = at, .value = value};
    sv_ldl_solve_few(dc->ldl, &few, dc->grid->n_bus, out);
}

void sv_dc_ptdf_rows(sv_dc *dc, int32_t n, const int32_t *i_branch, double *row, double *push_mw)
{
    size_t n_bus = (size_t)dc->grid->n_bus;
    for (int32_t k = 0; dc->use_lu && k < n; k++)
        push_mw[k] = sv_dc_ptdf_row(dc, i_branch[k], row + (size_t)k * n_bus);
    if (dc->use_lu)
        return;
    for (int32_t first = 0; first < n; first += dc->grid->n_branch) {
        int32_t n_here = n - first < dc->grid->n_branch ? n - first : dc->grid->n_branch;
        for (int32_t k = 0; k < n_here; k++) {
            int32_t i = sv_ldl_place(dc->ldl, dc->from[i_branch[first + k]]);
            int32_t j = sv_ldl_place(dc->ldl, dc->to[i_branch[first + k]]);
            dc->key[k] = (int64_t)(i < j ? i : j) << 32 | (int64_t)(first + k);
        }
        sort_keys(dc->key, n_here);
        for (int32_t k = 0; k < n_here; k += SV_LDL_LANES)
            solve_lanes(dc, n_here - k < SV_LDL_LANES ? n_here - k : SV_LDL_LANES, dc->key + k, i_branch, row);
    }
    for (int32_t k = 0; k < n; k++)
        push_mw[k] = push_of(dc, i_branch[k]);
}
