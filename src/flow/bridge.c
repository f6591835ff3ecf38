/* Bridges of the live network by one depth-first search, rooted at the reference bus of each island: a branch of the tree
 * is a bridge where nothing below it leads above it another way. Linear, no recursion, allocates only in sv_bridges_new.
 * Source: Tarjan, "A note on finding the bridges of a graph", Inf. Proc. Letters 2(6), 1974; of the marks: Pritchard,
 * Thurimella, "Fast computation of small cuts via cycle space sampling", ACM Trans. Algorithms 7(4), 2011. */
#include "bridge.h"

#include <string.h>

static void list_ends(sv_bridges *self)
{
    const sv_grid *grid = self->grid;
    int32_t *start = self->at_start;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        int32_t i = self->from[l] = grid->branch[l].i_from, j = self->to[l] = grid->branch[l].i_to;
        start[i] += i != j;
        start[j] += i != j;
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        start[i + 1] += start[i];
    for (int32_t l = grid->n_branch - 1; l >= 0; l--) /* from the end of each bus's range down to its start */
        if (self->from[l] != self->to[l]) {
            self->at[--start[self->from[l]]] = 2 * l;
            self->at[--start[self->to[l]]] = 2 * l + 1;
        }
}

sv_bridges *sv_bridges_new(const sv_grid *grid)
{
    sv_arena *arena = sv_arena_new();
    sv_bridges *self = arena != NULL ? SV_TAKE(arena, 1, sv_bridges) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return NULL;
    }
    size_t n = (size_t)grid->n_bus, m = (size_t)grid->n_branch;
    *self = (sv_bridges){
        .arena = arena,
        .grid = grid,
        .from = SV_TAKE(arena, m, int32_t),
        .to = SV_TAKE(arena, m, int32_t),
        .at_start = SV_TAKE(arena, n + 1, int32_t),
        .at = SV_TAKE(arena, 2 * m, int32_t),
        .live = SV_TAKE(arena, m, uint8_t),
        .order = SV_TAKE(arena, n, int32_t),
        .first = SV_TAKE(arena, n, int32_t),
        .size = SV_TAKE(arena, n, int32_t),
        .up = SV_TAKE(arena, n, int32_t),
        .below = SV_TAKE(arena, m, int32_t),
        .low = SV_TAKE(arena, n, int32_t),
        .next = SV_TAKE(arena, n, int32_t),
        .load_mw = SV_TAKE(arena, n, double),
        .bus_mark = SV_TAKE(arena, n, uint64_t),
        .mark = SV_TAKE(arena, m, uint64_t),
        .i_branch = SV_TAKE(arena, m, int32_t),
        .n_bus_off = SV_TAKE(arena, m, int32_t),
        .load_mw_off = SV_TAKE(arena, m, double),
        .is_bridge = SV_TAKE(arena, m, uint8_t),
        .n_unit = SV_TAKE(arena, n, int32_t),
        .share_mw = SV_TAKE(arena, n, double),
        .i_reference = SV_TAKE(arena, n, int32_t),
    };
    if (sv_arena_failed(arena)) {
        sv_arena_free(arena);
        return NULL;
    }
    list_ends(self);
    return self;
}

void sv_bridges_free(sv_bridges **bridges)
{
    if (bridges != NULL && *bridges != NULL) {
        sv_arena_free((*bridges)->arena);
        *bridges = NULL;
    }
}

/* Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014: the finisher. */
static uint64_t word_of(int32_t l)
{
    uint64_t z = ((uint64_t)l + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Found on the way down; what is below it counts for itself, load and mark included. */
static void enter(sv_bridges *self, int32_t i, int32_t up)
{
    self->up[i] = up;
    self->first[i] = self->low[i] = self->n_order;
    self->order[self->n_order++] = i;
    self->size[i] = 1;
    self->next[i] = self->at_start[i];
}

static int32_t above(const sv_bridges *self, int32_t i)
{
    int32_t l = self->up[i];
    return self->from[l] == i ? self->to[l] : self->from[l];
}

/* All below bus i is known: add it to the bus above. */
static void leave(sv_bridges *self, int32_t i)
{
    int32_t l = self->up[i], p = above(self, i);
    self->below[l] = i;
    self->mark[l] = self->bus_mark[i];
    self->is_bridge[l] = self->low[i] > self->first[p];
    self->low[p] = self->low[i] < self->low[p] ? self->low[i] : self->low[p];
    self->size[p] += self->size[i];
    self->load_mw[p] += self->load_mw[i];
    self->bus_mark[p] ^= self->bus_mark[i];
}

static void search(sv_bridges *self, int32_t root)
{
    enter(self, root, -1);
    for (int32_t i = root;;) {
        if (self->next[i] == self->at_start[i + 1]) {
            if (i == root)
                return;
            int32_t p = above(self, i);
            leave(self, i);
            i = p;
            continue;
        }
        int32_t end = self->at[self->next[i]++], l = end >> 1, j = bridge_other(self, end);
        if (!self->live[l] || l == self->up[i])
            continue;
        if (self->first[j] < 0) {
            enter(self, j, l);
            i = j;
        } else if (self->first[j] < self->first[i]) { /* back up, seen from below */
            self->low[i] = self->first[j] < self->low[i] ? self->first[j] : self->low[i];
            self->mark[l] = word_of(l);
            self->bus_mark[i] ^= self->mark[l];
            self->bus_mark[j] ^= self->mark[l];
        }
    }
}

static void find_references(sv_bridges *self, const sv_state *state, const sv_islands *islands)
{
    const sv_grid *grid = self->grid;
    for (int32_t i = 0; i < grid->n_bus; i++) {
        self->n_unit[i] = 0;
        self->share_mw[i] = 0.0;
    }
    for (int32_t g = 0; g < grid->n_gen; g++)
        if (state->gen_on[g] && islands->of_bus[grid->gen[g].i_bus] >= 0) {
            self->n_unit[grid->gen[g].i_bus]++;
            self->share_mw[grid->gen[g].i_bus] += grid->gen[g].p_max_mw > 0.0 ? grid->gen[g].p_max_mw : 0.0;
        }
    schedule_references(grid, islands, self->n_unit, self->share_mw, self->i_reference);
}

static void list_bridges(sv_bridges *self)
{
    int32_t n = 0;
    for (int32_t l = 0; l < self->grid->n_branch; l++)
        if (self->is_bridge[l]) {
            self->i_branch[n] = l;
            self->n_bus_off[n] = self->size[self->below[l]];
            self->load_mw_off[n++] = self->load_mw[self->below[l]];
        }
    self->list =
        (sv_bridge_list){n, self->i_branch, self->n_bus_off, self->load_mw_off, self->is_bridge, self->i_reference};
}

const sv_bridge_list *sv_bridges_find(sv_bridges *bridges, const sv_state *state, const sv_islands *islands,
                                      const double *load_mw)
{
    const sv_grid *grid = bridges->grid;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        bridges->live[l] = sv_state_branch_live(state, l);
        bridges->is_bridge[l] = 0;
        bridges->below[l] = -1;
        bridges->mark[l] = word_of(l);
    }
    for (int32_t i = 0; i < grid->n_bus; i++) {
        bridges->first[i] = -1;
        bridges->size[i] = 0;
        bridges->load_mw[i] = 0.0;
        bridges->bus_mark[i] = 0;
    }
    for (int32_t d = 0; d < grid->n_load; d++) {
        double mw = load_mw != NULL ? load_mw[d] : grid->load[d].p_mw;
        bridges->load_mw[grid->load[d].i_bus] += mw > 0.0 ? mw : 0.0;
    }
    bridges->n_order = 0;
    find_references(bridges, state, islands);
    for (int32_t k = 0; k < islands->n_island; k++)
        search(bridges, bridges->i_reference[k]);
    list_bridges(bridges);
    return &bridges->list;
}
