/* Scheduled injections and the roles of buses. MATPOWER's conventions: a bus of type 2 or 3 holds its voltage only with a
 * unit in service, at the set point of the last of them that has a reactive range. Linear in the elements; allocates only in schedule_new. */
#include "schedule.h"

#include <string.h>

bool schedule_new(schedule *self, const sv_grid *grid, sv_arena *arena)
{
    size_t n = (size_t)grid->n_bus;
    *self = (schedule){
        .p_mw = SV_TAKE(arena, n, double),
        .q_mvar = SV_TAKE(arena, n, double),
        .v_set_pu = SV_TAKE(arena, n, double),
        .q_min_mvar = SV_TAKE(arena, n, double),
        .q_max_mvar = SV_TAKE(arena, n, double),
        .share = SV_TAKE(arena, n, double),
        .n_unit = SV_TAKE(arena, n, int32_t),
        .role = SV_TAKE(arena, n, uint8_t),
        .slack = SV_TAKE(arena, n, int32_t),
        .n_slack = SV_TAKE(arena, n, int32_t),
    };
    return !sv_arena_failed(arena);
}

static void set_roles(schedule *self, const sv_state *state, const sv_islands *islands)
{
    const sv_grid *grid = state->grid;
    for (int32_t i = 0; i < grid->n_bus; i++) {
        self->role[i] = islands->of_bus[i] < 0 ? ROLE_OFF : ROLE_PQ;
        self->share[i] = self->q_min_mvar[i] = self->q_max_mvar[i] = 0.0;
        self->n_unit[i] = 0;
    }
    for (int32_t g = 0; g < grid->n_gen; g++) {
        const sv_gen *gen = &grid->gen[g];
        int32_t i = gen->i_bus;
        if (!state->gen_on[g] || self->role[i] == ROLE_OFF)
            continue;
        self->share[i] += gen->p_max_mw > 0.0 ? gen->p_max_mw : 0.0;
        self->n_unit[i]++;
        if (grid->bus[i].type != SV_BUS_PV && grid->bus[i].type != SV_BUS_REF)
            continue;
        self->role[i] = grid->bus[i].type == SV_BUS_REF ? ROLE_SLACK : ROLE_PV;
        bool ranged = gen->q_max_mvar > gen->q_min_mvar; /* one without a range has no say beside one that has */
        if (ranged || !(self->q_max_mvar[i] > self->q_min_mvar[i]))
            self->v_set_pu[i] = gen->vm_pu;
        self->q_min_mvar[i] += gen->q_min_mvar;
        self->q_max_mvar[i] += gen->q_max_mvar;
    }
}

/* An island whose tables name no slack gets the bus with most generation. */
static void choose_slacks(schedule *self, const sv_grid *grid, const sv_islands *islands)
{
    for (int32_t k = 0; k < islands->n_island; k++) {
        self->slack[k] = -1;
        self->n_slack[k] = 0;
    }
    for (int32_t i = 0; i < grid->n_bus; i++) {
        int32_t k = islands->of_bus[i];
        if (self->role[i] != ROLE_SLACK)
            continue;
        self->slack[k] = self->n_slack[k] == 0 ? i : self->slack[k];
        self->n_slack[k]++;
    }
    for (int32_t i = 0; i < grid->n_bus; i++) {
        int32_t k = islands->of_bus[i];
        if (self->role[i] == ROLE_PV && self->n_slack[k] == 0 &&
            (self->slack[k] < 0 || self->share[i] > self->share[self->slack[k]]))
            self->slack[k] = i;
    }
    for (int32_t k = 0; k < islands->n_island; k++)
        if (self->slack[k] >= 0 && self->n_slack[k] == 0) {
            self->role[self->slack[k]] = ROLE_SLACK;
            self->n_slack[k] = 1;
        }
}

static void hold(schedule *self, const sv_islands *islands, int32_t i, double mw)
{
    int32_t k = islands->of_bus[i];
    if (k < 0 || !(mw > 0.0) || self->slack[k] >= 0)
        return;
    self->slack[k] = i;
    self->n_slack[k] = 1;
    self->role[i] = ROLE_SLACK;
    self->v_set_pu[i] = 1.0;
}

/* Where no unit holds a voltage, the first neighbour does who sends power, else the first storage that gives some. */
static void hold_by_others(schedule *self, const sv_state *state, const sv_islands *islands, const sv_flow_input *input)
{
    const sv_grid *grid = state->grid;
    for (int32_t k = 0; input->import_mw != NULL && k < grid->n_interconnector; k++)
        hold(self, islands, grid->interconnector[k].i_bus, input->import_mw[k]);
    for (int32_t k = 0; input->storage_mw != NULL && k < grid->n_storage; k++)
        hold(self, islands, grid->storage[k].i_bus, state->storage_on[k] ? input->storage_mw[k] : 0.0);
}

static void add_units(schedule *self, const sv_state *state, const sv_flow_input *input)
{
    const sv_grid *grid = state->grid;
    for (int32_t g = 0; g < grid->n_gen; g++) {
        const sv_gen *gen = &grid->gen[g];
        if (!state->gen_on[g])
            continue;
        self->p_mw[gen->i_bus] += schedule_of(input->gen_mw, g, gen->p_mw);
        if (self->role[gen->i_bus] == ROLE_PQ)
            self->q_mvar[gen->i_bus] += gen->q_mvar;
    }
    for (int32_t k = 0; k < grid->n_storage; k++)
        if (state->storage_on[k])
            self->p_mw[grid->storage[k].i_bus] += schedule_of(input->storage_mw, k, 0.0);
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        self->p_mw[grid->interconnector[k].i_bus] += schedule_of(input->import_mw, k, 0.0);
}

/* The table's reactive power at each end is what the line injects there. */
static void add_dc_lines(schedule *self, const sv_state *state, const sv_flow_input *input)
{
    const sv_grid *grid = state->grid;
    for (int32_t k = 0; k < grid->n_dc_line; k++) {
        const sv_dc_line *line = &grid->dc_line[k];
        if (!state->dc_line_on[k] || !state->bus_on[line->i_from] || !state->bus_on[line->i_to])
            continue;
        double p = schedule_of(input->dc_line_mw, k, line->p_mw);
        self->p_mw[line->i_from] -= p;
        self->p_mw[line->i_to] += p - (line->loss_mw + line->loss_share * p);
        self->q_mvar[line->i_from] += line->q_from_mvar;
        self->q_mvar[line->i_to] += line->q_to_mvar;
    }
}

void schedule_set(schedule *self, const sv_state *state, const sv_islands *islands, const sv_flow_input *input)
{
    static const sv_flow_input as_tables = {0};
    const sv_grid *grid = state->grid;
    input = input != NULL ? input : &as_tables;
    memset(self->p_mw, 0, sizeof(double) * (size_t)grid->n_bus);
    memset(self->q_mvar, 0, sizeof(double) * (size_t)grid->n_bus);
    set_roles(self, state, islands);
    choose_slacks(self, grid, islands);
    hold_by_others(self, state, islands, input);
    add_units(self, state, input);
    add_dc_lines(self, state, input);
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        self->p_mw[load->i_bus] -= schedule_of(input->load_mw, d, load->p_mw);
        self->q_mvar[load->i_bus] -= schedule_of(input->load_mvar, d, load->q_mvar);
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        if (self->role[i] == ROLE_OFF)
            self->p_mw[i] = self->q_mvar[i] = 0.0;
}

void schedule_set_dc(schedule *self, const sv_state *state, const sv_islands *islands, const sv_flow_input *input)
{
    const sv_grid *grid = state->grid;
    schedule_set(self, state, islands, input);
    for (int32_t k = 0; k < grid->n_shunt; k++)
        if (self->role[grid->shunt[k].i_bus] != ROLE_OFF)
            self->p_mw[grid->shunt[k].i_bus] -= grid->shunt[k].g_mw;
}

void schedule_references(const sv_grid *grid, const sv_islands *islands, const int32_t *n_unit, const double *share_mw,
                         int32_t *reference)
{
    for (int32_t k = 0; k < islands->n_island; k++)
        reference[k] = islands->first_bus[k];
    for (int32_t i = 0; i < grid->n_bus; i++) {
        int32_t k = islands->of_bus[i], best = k >= 0 ? reference[k] : -1;
        if (k >= 0 && reference_before(reference_claim_of(grid, i, n_unit[i], share_mw[i]),
                                       reference_claim_of(grid, best, n_unit[best], share_mw[best])))
            reference[k] = i;
    }
}
