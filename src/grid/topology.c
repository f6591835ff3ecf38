/* Islands of the AC network by union-find over live branches. Near-linear in branches; only sv_topology_new allocates.
 * The root of a group is its lowest bus, so the numbering does not depend on the order of branches. One thread. */
#include "draft.h"

struct sv_topology {
    sv_arena *arena;
    sv_islands islands;
    int32_t *parent;   /* [n_bus] */
    int32_t *of_bus;   /* [n_bus] */
    int32_t *n_bus_of; /* [n_bus] */
    int32_t *first_bus;
};

sv_topology *sv_topology_new(const sv_grid *grid)
{
    sv_arena *arena = sv_arena_new();
    sv_topology *topology = arena ? SV_TAKE(arena, 1, sv_topology) : NULL;
    if (!topology) {
        sv_arena_free(arena);
        return NULL;
    }
    topology->arena = arena;
    topology->parent = SV_TAKE(arena, grid->n_bus, int32_t);
    topology->of_bus = SV_TAKE(arena, grid->n_bus, int32_t);
    topology->n_bus_of = SV_TAKE(arena, grid->n_bus, int32_t);
    topology->first_bus = SV_TAKE(arena, grid->n_bus, int32_t);
    if (sv_arena_failed(arena)) {
        sv_arena_free(arena);
        return NULL;
    }
    return topology;
}

void sv_topology_free(sv_topology **topology)
{
    if (*topology)
        sv_arena_free((*topology)->arena);
    *topology = NULL;
}

const sv_islands *sv_topology_islands(sv_topology *topology, const sv_state *state)
{
    const sv_grid *g = state->grid;
    int32_t *parent = topology->parent, *of_bus = topology->of_bus;
    for (int32_t i = 0; i < g->n_bus; i++)
        parent[i] = i;
    for (int32_t i = 0; i < g->n_branch; i++) {
        if (sv_state_branch_live(state, i))
            group_join(parent, g->branch[i].i_from, g->branch[i].i_to);
    }
    int32_t n = 0;
    for (int32_t i = 0; i < g->n_bus; i++) {
        if (!state->bus_on[i]) {
            of_bus[i] = -1;
            continue;
        }
        const int32_t root = group_root(parent, i);
        if (root == i) {
            topology->n_bus_of[n] = 0;
            topology->first_bus[n] = i;
            of_bus[i] = n++;
        } else {
            of_bus[i] = of_bus[root];
        }
        topology->n_bus_of[of_bus[i]]++;
    }
    topology->islands = (sv_islands){n, of_bus, topology->n_bus_of, topology->first_bus};
    return &topology->islands;
}
