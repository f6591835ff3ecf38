/* Islands of the AC network by union-find over live branches. Near-linear in branches; only sv_topology_new allocates.
 * The ends of branches are kept apart from the rows of the table, which are too wide to stream, and a state that equals
 * the last one, or differs by a few branches whose ends are connected anyway, is answered from it.
 * The root of a group is its lowest bus, so the numbering does not depend on the order of branches. One thread. */
#include "draft.h"

#include <string.h>

/* Changes that are looked at one by one, and buses that one look may visit, before all is done anew. */
enum { FEW_CHANGES = 8, MOST_VISITED = 256 };

struct sv_topology {
    sv_arena *arena;
    sv_islands islands;
    int32_t *parent;   /* [n_bus] */
    int32_t *of_bus;   /* [n_bus] */
    int32_t *n_bus_of; /* [n_bus] */
    int32_t *first_bus;
    int32_t *from, *to;          /* [n_branch] */
    uint8_t *bus_on, *branch_on; /* of the last state */
    bool known;
    int32_t *at_start, *at; /* [n_bus + 1], branches at each bus */
    int32_t *seen;          /* [n_bus] number of the look that saw it, negative from its other end */
    int32_t n_look;
    int32_t queue[2][MOST_VISITED];
};

static void list_ends(sv_topology *topology, const sv_grid *grid)
{
    int32_t *start = topology->at_start;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        topology->from[l] = grid->branch[l].i_from;
        topology->to[l] = grid->branch[l].i_to;
        start[topology->from[l]]++;
        start[topology->to[l]]++;
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        start[i + 1] += start[i];
    for (int32_t l = 0; l < grid->n_branch; l++) { /* from the end of each bus's range down to its start */
        topology->at[--start[topology->from[l]]] = l;
        topology->at[--start[topology->to[l]]] = l;
    }
}

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
    topology->from = SV_TAKE(arena, grid->n_branch, int32_t);
    topology->to = SV_TAKE(arena, grid->n_branch, int32_t);
    topology->bus_on = SV_TAKE(arena, grid->n_bus, uint8_t);
    topology->branch_on = SV_TAKE(arena, grid->n_branch, uint8_t);
    topology->at_start = SV_TAKE(arena, (size_t)grid->n_bus + 1, int32_t);
    topology->at = SV_TAKE(arena, 2 * (size_t)grid->n_branch, int32_t);
    topology->seen = SV_TAKE(arena, grid->n_bus, int32_t);
    if (sv_arena_failed(arena)) {
        sv_arena_free(arena);
        return NULL;
    }
    list_ends(topology, grid);
    return topology;
}

void sv_topology_free(sv_topology **topology)
{
    if (*topology)
        sv_arena_free((*topology)->arena);
    *topology = NULL;
}

/* Are two live buses connected, by looks from both in turn? Buses' own state is that of the last islands here, so a live
 * branch is one that is on between live buses. @return false also when the look grew too long */
static bool connected(sv_topology *topology, const sv_state *state, int32_t i, int32_t j)
{
    int32_t n_found[2] = {1, 1}, n_done[2] = {0, 0}, mark = ++topology->n_look, *seen = topology->seen;
    if (i == j)
        return true;
    topology->queue[0][0] = i;
    topology->queue[1][0] = j;
    seen[i] = mark;
    seen[j] = -mark;
    for (int side = 0; n_done[side] < n_found[side]; side = !side) {
        int32_t bus = topology->queue[side][n_done[side]++], own = side == 0 ? mark : -mark;
        for (int32_t q = topology->at_start[bus]; q < topology->at_start[bus + 1]; q++) {
            int32_t l = topology->at[q], other = topology->from[l] == bus ? topology->to[l] : topology->from[l];
            if (!state->branch_on[l] || !state->bus_on[other] || seen[other] == own)
                continue;
            if (seen[other] == -own)
                return true;
            if (n_found[side] == MOST_VISITED)
                return false;
            seen[other] = own;
            topology->queue[side][n_found[side]++] = other;
        }
    }
    return false;
}

/* Do the last islands still hold? Yes when no bus changed and the ends of every changed branch are in one island: a new
 * branch then joins nothing, and the ends of a lost one are still connected, so nothing fell apart. */
static bool islands_hold(sv_topology *topology, const sv_state *state)
{
    const uint8_t *old = topology->branch_on, *new = state->branch_on;
    int32_t n = state->grid->n_branch, n_change = 0;
    if (!topology->known || topology->n_look == INT32_MAX ||
        memcmp(topology->bus_on, state->bus_on, (size_t)state->grid->n_bus) != 0)
        return false;
    for (int32_t l = 0; l < n; l++) {
        uint64_t a, b;
        for (; l + 8 <= n; l += 8) { /* most are as they were */
            memcpy(&a, old + l, sizeof a);
            memcpy(&b, new + l, sizeof b);
            if (a != b)
                break;
        }
        if (l == n || old[l] == new[l])
            continue;
        int32_t i = topology->from[l], j = topology->to[l];
        if (!state->bus_on[i] || !state->bus_on[j])
            continue;
        if (++n_change > FEW_CHANGES)
            return false;
        if (new[l] ? topology->of_bus[i] != topology->of_bus[j] : !connected(topology, state, i, j))
            return false;
    }
    return true;
}

const sv_islands *sv_topology_islands(sv_topology *topology, const sv_state *state)
{
    const sv_grid *g = state->grid;
    bool hold = islands_hold(topology, state);
    memcpy(topology->bus_on, state->bus_on, (size_t)g->n_bus);
    memcpy(topology->branch_on, state->branch_on, (size_t)g->n_branch);
    topology->known = true;
    if (hold)
        return &topology->islands;
    int32_t *parent = topology->parent, *of_bus = topology->of_bus;
    const int32_t *from = topology->from, *to = topology->to;
    for (int32_t i = 0; i < g->n_bus; i++)
        parent[i] = i;
    for (int32_t l = 0; l < g->n_branch; l++)
        if (state->branch_on[l] && state->bus_on[from[l]] && state->bus_on[to[l]])
            group_join(parent, from[l], to[l]);
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
