/* A country is handed out only when it stands: one network; no line or transformer beyond 75 % of its rating at the winter
 * peak; nothing shed in the highest hour of any week of its profiles. Cost: one power flow, one balance a week. */
#include "private.h"

#include "svitlo/balance.h"

#include <math.h>

static const double HIGHEST_LOADING = 0.75, SHED_TOLERANCE = 1e-9;

typedef struct {
    sv_arena *arena;
    sv_state *state;
    sv_dc *dc;
    sv_balance *balance;
} checker;

static sv_status check_peak_flow(checker *c, const plan *p, const sv_grid *grid, sv_error *err)
{
    double *p_gen = SV_TAKE(c->arena, grid->n_gen, double),
           *p_import = SV_TAKE(c->arena, grid->n_interconnector, double);
    double *inject = SV_TAKE(c->arena, grid->n_bus, double), *flow = SV_TAKE(c->arena, grid->n_branch, double);
    if (sv_arena_failed(c->arena))
        return SV_ENOMEM;
    sv_status status = sv_dc_new(&c->dc, grid, err);
    if (!status)
        status = sv_dc_update(c->dc, c->state);
    if (status)
        return status;
    if (sv_dc_islands(c->dc)->n_island != 1)
        return sv_error_set(err, SV_ENUM, NULL, 0, "the fictional network fell into %d parts",
                            (int)sv_dc_islands(c->dc)->n_island);
    inject_situation(p, &winter_peak, p_gen, p_import, inject);
    sv_dc_solve(c->dc, inject, NULL, flow);
    for (int32_t l = 0; l < grid->n_branch; l++) {
        if (fabs(flow[l]) > HIGHEST_LOADING * grid->branch[l].rate_a_mva)
            return sv_error_set(err, SV_ENUM, NULL, 0,
                                "branch %s of the fictional network carries %.1f MW of %.1f MVA at its peak",
                                grid->branch[l].id, fabs(flow[l]), grid->branch[l].rate_a_mva);
    }
    return SV_OK;
}

typedef struct {
    double *gen, *load, *import;
} hour_arrays;

static double at_hour(const sv_grid *grid, int32_t i_series, int64_t t)
{
    return i_series < 0 ? 1.0 : (double)grid->series[i_series].value[t];
}

static void fill_hour(const sv_grid *grid, int64_t t, const hour_arrays *h)
{
    for (int32_t i = 0; i < grid->n_gen; i++)
        h->gen[i] = grid->gen[i].p_max_mw * at_hour(grid, grid->gen[i].i_series, t);
    for (int32_t i = 0; i < grid->n_load; i++)
        h->load[i] = grid->load[i].p_mw * at_hour(grid, grid->load[i].i_series, t);
    for (int32_t i = 0; i < grid->n_interconnector; i++)
        h->import[i] = grid->interconnector[i].limit_mw * at_hour(grid, grid->interconnector[i].i_series, t);
}

static int64_t highest_hour(const plan *p, const sv_grid *grid, int64_t from, int64_t end)
{
    int64_t best = from;
    double most = -1.0;
    for (int64_t t = from; t < end; t++) {
        double sum = 0.0; /* series 0 .. n_region - 1 are the regions' loads */
        for (int32_t r = 0; r < p->n_region; r++)
            sum += p->region[r].load_mw * (double)grid->series[r].value[t];
        if (sum > most) {
            most = sum;
            best = t;
        }
    }
    return best;
}

static sv_status check_weeks(checker *c, const plan *p, const sv_grid *grid, sv_error *err)
{
    const sv_balance_settings settings = sv_balance_defaults();
    hour_arrays h = {SV_TAKE(c->arena, grid->n_gen, double), SV_TAKE(c->arena, grid->n_load, double),
                     SV_TAKE(c->arena, grid->n_interconnector, double)};
    if (sv_arena_failed(c->arena))
        return SV_ENOMEM;
    sv_status status = sv_balance_new(&c->balance, grid, &settings, err);
    if (!status)
        status = sv_balance_update(c->balance, c->state);
    const sv_balance_input input = {.gen_max_mw = h.gen, .load_mw = h.load, .import_max_mw = h.import};
    const sv_balance_result result = {0};
    for (int64_t t = 0; t < p->settings.n_h && !status; t += 168) {
        const int64_t end = t + 168 < p->settings.n_h ? t + 168 : p->settings.n_h;
        sv_balance_info info;
        fill_hour(grid, highest_hour(p, grid, t, end), &h);
        status = sv_balance_solve(c->balance, &input, &result, &info);
        if (!status && (info.outcome != SV_BALANCE_OPTIMAL || info.shed_mw > SHED_TOLERANCE * info.demand_mw))
            return sv_error_set(err, SV_ENUM, NULL, 0, "the fictional network sheds %g of %g MW in the peak of week %d",
                                info.shed_mw, info.demand_mw, (int)(t / 168) + 1);
    }
    return status;
}

sv_status check_country(const plan *p, const sv_grid *grid, sv_error *err)
{
    checker c = {.arena = sv_arena_new(), .state = sv_state_new(grid)};
    sv_status status = c.arena && c.state ? check_peak_flow(&c, p, grid, err) : SV_ENOMEM;
    if (!status)
        status = check_weeks(&c, p, grid, err);
    sv_balance_free(&c.balance);
    sv_dc_free(&c.dc);
    sv_state_free(&c.state);
    sv_arena_free(c.arena);
    if (status == SV_ENOMEM)
        return sv_error_set(err, status, NULL, 0, "out of memory");
    return status ? sv_error_set(err, status, NULL, 0, "the fictional network cannot be balanced") : SV_OK;
}
