/* What is in service: one byte an element, owned by one thread. Only sv_state_new allocates. */
#include "svitlo/grid.h"

#include <string.h>

sv_state *sv_state_new(const sv_grid *grid)
{
    sv_arena *arena = sv_arena_new();
    sv_state *state = arena ? SV_TAKE(arena, 1, sv_state) : NULL;
    if (!state) {
        sv_arena_free(arena);
        return NULL;
    }
    state->arena = arena;
    state->grid = grid;
    state->bus_on = SV_TAKE(arena, grid->n_bus, uint8_t);
    state->branch_on = SV_TAKE(arena, grid->n_branch, uint8_t);
    state->gen_on = SV_TAKE(arena, grid->n_gen, uint8_t);
    state->storage_on = SV_TAKE(arena, grid->n_storage, uint8_t);
    state->dc_line_on = SV_TAKE(arena, grid->n_dc_line, uint8_t);
    if (sv_arena_failed(arena)) {
        sv_arena_free(arena);
        return NULL;
    }
    sv_state_reset(state);
    return state;
}

void sv_state_free(sv_state **state)
{
    if (*state)
        sv_arena_free((*state)->arena);
    *state = NULL;
}

void sv_state_reset(sv_state *state)
{
    const sv_grid *g = state->grid;
    for (int32_t i = 0; i < g->n_bus; i++)
        state->bus_on[i] = g->bus[i].type != SV_BUS_DEAD;
    for (int32_t i = 0; i < g->n_branch; i++)
        state->branch_on[i] = g->branch[i].in_service;
    for (int32_t i = 0; i < g->n_gen; i++)
        state->gen_on[i] = g->gen[i].in_service;
    for (int32_t i = 0; i < g->n_storage; i++)
        state->storage_on[i] = g->storage[i].in_service;
    for (int32_t i = 0; i < g->n_dc_line; i++)
        state->dc_line_on[i] = g->dc_line[i].in_service;
}

void sv_state_copy(sv_state *to, const sv_state *from)
{
    const sv_grid *grid = from->grid;
    memcpy(to->bus_on, from->bus_on, (size_t)grid->n_bus);
    memcpy(to->branch_on, from->branch_on, (size_t)grid->n_branch);
    memcpy(to->gen_on, from->gen_on, (size_t)grid->n_gen);
    memcpy(to->storage_on, from->storage_on, (size_t)grid->n_storage);
    memcpy(to->dc_line_on, from->dc_line_on, (size_t)grid->n_dc_line);
}

void sv_state_set_unit(sv_state *state, int32_t i_unit, bool on)
{
    const sv_grid *g = state->grid;
    const int32_t i = g->unit[i_unit].index;
    switch (g->unit[i_unit].kind) {
    case SV_OF_BUS:
        state->bus_on[i] = on && g->bus[i].type != SV_BUS_DEAD;
        break;
    case SV_OF_BRANCH:
        state->branch_on[i] = on && g->branch[i].in_service;
        break;
    case SV_OF_GEN:
        state->gen_on[i] = on && g->gen[i].in_service;
        break;
    case SV_OF_STORAGE:
        state->storage_on[i] = on && g->storage[i].in_service;
        break;
    case SV_OF_DC_LINE:
        state->dc_line_on[i] = on && g->dc_line[i].in_service;
        break;
    }
}
