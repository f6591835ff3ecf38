/* Line outage distribution factors: eight branches a sparse solve. The flow that a branch carried goes round it as a
 * transfer between its ends, of a size that leaves the branch itself without flow. Allocates nothing; one thread a
 * workspace. */
#include "dc.h"

#include <math.h>
#include <string.h>

static void fill(const sv_dc *dc, double value, double *row)
{
    for (int32_t l = 0; l < dc->grid->n_branch; l++)
        row[l] = value;
}

/* What the lane of branch l is to be multiplied with, per MW that l carried. NAN where other ties close a loop. */
static double factor_of(const sv_dc *dc, const lanes *x, int32_t l, int32_t lane)
{
    double own[SV_LDL_LANES];
    dc_lane_flows(dc, x, l, own);
    if (dc->tie[l] < 0)
        return 1.0 / (1.0 - own[lane]);
    return dc_tie_in_loop(dc, l, own[lane]) ? NAN : -1.0 / own[lane];
}

/* A tie beside other ties, by a transfer as any branch. */
static double solve_tie_row(sv_dc *dc, int32_t l, double *row)
{
    int32_t at[MOST_OUTAGE_ENTRIES], start[2] = {0, 0};
    double value[MOST_OUTAGE_ENTRIES], own[SV_LDL_LANES], scale[SV_LDL_LANES] = {0.0}, *out[SV_LDL_LANES] = {row};
    start[1] = dc_transfer_entries(dc, l, 1.0, at, value);
    const sv_ldl_few few = {.n_lane = 1, .start = start, .row = at, .value = value};
    const lanes *x = dc_solve_lanes(dc, &few);
    dc_lane_flows(dc, x, l, own);
    scale[0] = 1.0 / (1.0 - own[0]);
    dc_read_lanes(dc, x, dc->no_flow_mw, scale, out);
    return scale[0];
}

static void solve_rows(sv_dc *dc, const uint8_t *is_bridge, int32_t n, const int32_t *i_branch, double *lodf)
{
    int32_t at[MOST_OUTAGE_ENTRIES * SV_LDL_LANES], start[SV_LDL_LANES + 1] = {0};
    double value[MOST_OUTAGE_ENTRIES * SV_LDL_LANES], scale[SV_LDL_LANES] = {0.0}, *row[SV_LDL_LANES] = {NULL};
    for (int32_t k = 0; k < n; k++) {
        row[k] = lodf + (size_t)k * (size_t)dc->grid->n_branch;
        start[k + 1] = start[k] + dc_outage_entries(dc, i_branch[k], at + start[k], value + start[k]);
    }
    const sv_ldl_few few = {.n_lane = n, .start = start, .row = at, .value = value};
    const lanes *x = dc_solve_lanes(dc, &few);
    for (int32_t k = 0; k < n; k++)
        scale[k] = dc->live[i_branch[k]] && !is_bridge[i_branch[k]] ? factor_of(dc, x, i_branch[k], k) : 0.0;
    dc_read_lanes(dc, x, dc->no_flow_mw, scale, row);
    for (int32_t k = 0; k < n; k++) {
        if (dc->tie[i_branch[k]] >= 0 && !is_bridge[i_branch[k]] && isnan(scale[k]))
            scale[k] = solve_tie_row(dc, i_branch[k], row[k]);
        if (is_bridge[i_branch[k]] || !isfinite(scale[k]))
            fill(dc, NAN, row[k]);
        else if (dc->live[i_branch[k]])
            row[k][i_branch[k]] = -1.0;
    }
}

void sv_dc_lodf_rows(sv_dc *dc, const sv_bridge_list *bridges, int32_t n, const int32_t *i_branch, double *lodf)
{
    for (int32_t k = 0; k < n; k += SV_LDL_LANES)
        solve_rows(dc, bridges->is_bridge, n - k < SV_LDL_LANES ? n - k : SV_LDL_LANES, i_branch + k,
                   lodf + (size_t)k * (size_t)dc->grid->n_branch);
}
