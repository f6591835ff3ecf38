/* DC power flow as MATPOWER runs it: the schedule of the grid's tables, shunts as constant power, one bus an island that
 * takes what is missing. Linear beside one sparse solve. */
#include "schedule.h"

#include <math.h>
#include <string.h>

static void turn_to_reference(const sv_islands *islands, const sv_grid *grid, const int32_t *reference, double *va_deg)
{
    for (int32_t k = 0; k < islands->n_island; k++) {
        double turn = grid->bus[reference[k]].va_deg - va_deg[reference[k]] * (180.0 / M_PI);
        for (int32_t i = islands->first_bus[k]; i < grid->n_bus; i++)
            if (islands->of_bus[i] == k)
                va_deg[i] = va_deg[i] * (180.0 / M_PI) + turn;
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        if (islands->of_bus[i] < 0)
            va_deg[i] = NAN;
}

sv_status sv_dc_flow(sv_dc *dc, const sv_state *state, const sv_flow_input *input, double *va_deg, double *f_mw,
                     double *slack_mw)
{
    const sv_grid *grid = state->grid;
    const sv_islands *islands = sv_dc_islands(dc);
    sv_arena *arena = sv_arena_new();
    schedule plan;
    if (arena == NULL || !schedule_new(&plan, grid, arena)) {
        sv_arena_free(arena);
        return SV_ENOMEM;
    }
    int32_t *reference = plan.n_slack;
    double *missing = plan.q_min_mvar, *p_mw = plan.p_mw;
    schedule_set_dc(&plan, state, islands, input);
    memset(missing, 0, sizeof(double) * (size_t)grid->n_bus);
    schedule_references(grid, islands, plan.n_unit, plan.share, reference);
    for (int32_t i = 0; i < grid->n_bus; i++)
        if (islands->of_bus[i] >= 0)
            missing[islands->of_bus[i]] -= p_mw[i];
    for (int32_t i = 0; slack_mw != NULL && i < grid->n_bus; i++)
        slack_mw[i] = 0.0;
    for (int32_t k = 0; k < islands->n_island; k++) {
        p_mw[reference[k]] += missing[k];
        if (slack_mw != NULL)
            slack_mw[reference[k]] = missing[k];
    }
    double *angle = va_deg != NULL ? va_deg : plan.share;
    sv_dc_solve(dc, p_mw, angle, f_mw);
    if (va_deg != NULL)
        turn_to_reference(islands, grid, reference, va_deg);
    sv_arena_free(arena);
    return SV_OK;
}
