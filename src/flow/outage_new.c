/* The making of a workspace for DC outages, and its base case. */
#include "outage_dc.h"

#include <string.h>

static void take(sv_dc_outages *self)
{
    sv_arena *arena = self->arena;
    size_t n_bus = (size_t)self->grid->n_bus, n_branch = (size_t)self->grid->n_branch;
    self->n_wide = (self->grid->n_branch + OUTAGE_BLOCK - 1) / OUTAGE_BLOCK * OUTAGE_BLOCK;
    self->missing_mw = SV_TAKE(arena, n_bus, double);
    self->n_island_unit = SV_TAKE(arena, n_bus, int32_t);
    self->bus_load_mw = SV_TAKE(arena, n_bus, double);
    self->gen_mw = SV_TAKE(arena, self->grid->n_gen, double);
    self->gen_on = SV_TAKE(arena, self->grid->n_gen, uint8_t);
    self->gen_start = SV_TAKE(arena, n_bus + 1, int32_t);
    self->gen = SV_TAKE(arena, self->grid->n_gen, int32_t);
    self->base_mw = SV_TAKE(arena, self->n_wide, double);
    self->percent_per_mw = SV_TAKE(arena, self->n_wide, double);
    self->flow_mw = SV_TAKE(arena, SV_LDL_LANES * (size_t)self->n_wide, double);
    self->dark = SV_TAKE(arena, SV_LDL_LANES * n_branch, int32_t);
    self->dark_bus = SV_TAKE(arena, SV_LDL_LANES * n_bus, int32_t);
    self->list = SV_TAKE(arena, n_bus, int32_t);
    self->p_mw = SV_TAKE(arena, n_bus, double);
    self->full_reference = SV_TAKE(arena, n_bus, int32_t);
    self->full_sum_mw = SV_TAKE(arena, n_bus, double);
}

static void list_units(sv_dc_outages *self)
{
    const sv_grid *grid = self->grid;
    for (int32_t g = 0; g < grid->n_gen; g++)
        self->gen_start[grid->gen[g].i_bus]++;
    for (int32_t i = 0; i < grid->n_bus; i++)
        self->gen_start[i + 1] += self->gen_start[i];
    for (int32_t g = grid->n_gen - 1; g >= 0; g--)
        self->gen[--self->gen_start[grid->gen[g].i_bus]] = g;
}

static void fill_limits(sv_dc_outages *self)
{
    for (int32_t l = 0; l < self->grid->n_branch; l++) {
        double rate_mva = self->grid->branch[l].rate_a_mva;
        self->percent_per_mw[l] = rate_mva > 0.0 ? 100.0 / rate_mva : 0.0;
    }
}

sv_status sv_dc_outages_new(sv_dc_outages **outages, const sv_grid *grid, sv_error *err)
{
    *outages = NULL;
    sv_arena *arena = sv_arena_new();
    sv_dc_outages *self = arena != NULL ? SV_TAKE(arena, 1, sv_dc_outages) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for outages of %d branches", (int)grid->n_branch);
    }
    self->arena = arena;
    self->grid = grid;
    take(self);
    self->state = sv_state_new(grid);
    self->bridges = sv_bridges_new(grid);
    bool made = schedule_new(&self->plan, grid, arena) && self->state != NULL && self->bridges != NULL;
    sv_status status = made ? sv_dc_new(&self->dc, grid, err) : SV_ENOMEM;
    if (status == SV_OK)
        status = sv_dc_new(&self->full, grid, err);
    if (status != SV_OK) {
        sv_dc_outages_free(&self);
        return sv_error_set(err, status, NULL, 0, "out of memory for outages of %d branches", (int)grid->n_branch);
    }
    list_units(self);
    fill_limits(self);
    *outages = self;
    return SV_OK;
}

void sv_dc_outages_free(sv_dc_outages **outages)
{
    if (outages == NULL || *outages == NULL)
        return;
    sv_dc_free(&(*outages)->dc);
    sv_dc_free(&(*outages)->full);
    sv_state_free(&(*outages)->state);
    sv_bridges_free(&(*outages)->bridges);
    sv_arena_free((*outages)->arena);
    *outages = NULL;
}

/* ---- the base case ------------------------------------------------------------------------- */

static void fill_elements(sv_dc_outages *self, const sv_state *state, const sv_flow_input *input)
{
    const sv_grid *grid = self->grid;
    memset(self->bus_load_mw, 0, sizeof(double) * (size_t)grid->n_bus);
    for (int32_t d = 0; d < grid->n_load; d++) {
        double mw = schedule_of(input != NULL ? input->load_mw : NULL, d, grid->load[d].p_mw);
        self->bus_load_mw[grid->load[d].i_bus] += mw > 0.0 ? mw : 0.0;
    }
    for (int32_t g = 0; g < grid->n_gen; g++) {
        self->gen_on[g] = state->gen_on[g] && self->plan.role[grid->gen[g].i_bus] != ROLE_OFF;
        self->gen_mw[g] = schedule_of(input != NULL ? input->gen_mw : NULL, g, grid->gen[g].p_mw);
    }
}

sv_status sv_dc_outages_update(sv_dc_outages *outages, const sv_state *state, const sv_flow_input *input)
{
    sv_dc_outages *self = outages;
    sv_status status = sv_dc_update(self->dc, state);
    if (status != SV_OK)
        return status;
    const sv_islands *islands = self->islands = sv_dc_islands(self->dc);
    sv_state_copy(self->state, state);
    schedule_set_dc(&self->plan, state, islands, input);
    fill_elements(self, state, input);
    const sv_bridge_list *bridges =
        sv_bridges_find(self->bridges, state, islands, input != NULL ? input->load_mw : NULL);
    self->reference = bridges->i_reference;
    memset(self->missing_mw, 0, sizeof(double) * (size_t)islands->n_island);
    memset(self->n_island_unit, 0, sizeof(int32_t) * (size_t)islands->n_island);
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        int32_t k = islands->of_bus[i];
        self->p_mw[i] = self->plan.p_mw[i];
        if (k >= 0) {
            self->missing_mw[k] -= self->plan.p_mw[i];
            self->n_island_unit[k] += self->plan.n_unit[i];
        }
    }
    for (int32_t k = 0; k < islands->n_island; k++)
        self->p_mw[self->reference[k]] += self->missing_mw[k];
    sv_dc_solve(self->dc, self->p_mw, NULL, self->base_mw);
    return SV_OK;
}

const double *sv_dc_outages_base(const sv_dc_outages *outages)
{
    return outages->base_mw;
}

const sv_bridge_list *sv_dc_outages_bridges(const sv_dc_outages *outages)
{
    return &outages->bridges->list;
}
