/* Ties of the AC power flow. Live ones join buses to nodes by union-find; a node has the sums of its buses' schedules, the
 * strongest of their roles, and its equations at its lowest bus. Flows through ties are the smallest (least squares) that carry
 * every bus's balance: along a tree the only ones, and around a loop of ties as if all had the same small reactance, as the DC
 * power flow has them. Linear in buses; allocates only in ties_new. */
#include "ac_ties.h"

#include "pattern.h"

#include <math.h>
#include <string.h>

/* ---- life ---------------------------------------------------------------------------------- */

static bool is_tie(const sv_branch *row)
{
    return row->r_pu == 0.0 && row->x_pu == 0.0;
}

static bool take_memory(ac_ties *self, sv_arena *arena)
{
    size_t n = (size_t)self->n_bus, m = (size_t)self->n_tie;
    self->live = SV_TAKE(arena, m, uint8_t);
    self->from = SV_TAKE(arena, m, int32_t);
    self->to = SV_TAKE(arena, m, int32_t);
    self->at_from_to = SV_TAKE(arena, m, int32_t);
    self->at_to_from = SV_TAKE(arena, m, int32_t);
    self->parent = SV_TAKE(arena, n, int32_t);
    self->holder = SV_TAKE(arena, n, int32_t);
    self->role = SV_TAKE(arena, n, uint8_t);
    self->p_mw = SV_TAKE(arena, n, double);
    self->q_mvar = SV_TAKE(arena, n, double);
    self->start = SV_TAKE(arena, n + 1, int32_t);
    self->diagonal = SV_TAKE(arena, n, int32_t);
    self->column = SV_TAKE(arena, n + 2 * m, int32_t);
    self->value = SV_TAKE(arena, n + 2 * m, double);
    self->flow_mw = SV_TAKE(arena, m, double);
    self->flow_mvar = SV_TAKE(arena, m, double);
    return !sv_arena_failed(arena);
}

/* Branches without impedance, and the buses at their ends. @return false when out of memory */
static bool list_ties(ac_ties *self, int32_t n_tie, sv_arena *arena)
{
    const sv_grid *grid = self->grid;
    self->branch = SV_TAKE(arena, n_tie, int32_t);
    self->bus = SV_TAKE(arena, 2 * (size_t)n_tie, int32_t);
    self->row = SV_TAKE(arena, grid->n_bus, int32_t);
    self->node = SV_TAKE(arena, grid->n_bus, int32_t);
    if (sv_arena_failed(arena))
        return false;
    for (int32_t i = 0; i < grid->n_bus; i++) {
        self->row[i] = -1;
        self->node[i] = i;
    }
    for (int32_t l = 0; l < grid->n_branch; l++)
        if (is_tie(&grid->branch[l])) {
            self->branch[self->n_tie++] = l;
            self->row[grid->branch[l].i_from] = self->row[grid->branch[l].i_to] = 0;
        }
    for (int32_t i = 0; i < grid->n_bus; i++)
        if (self->row[i] == 0) {
            self->row[i] = self->n_bus;
            self->bus[self->n_bus++] = i;
        }
    return true;
}

sv_status ties_new(ac_ties **ties, const sv_grid *grid, sv_arena *arena)
{
    int32_t n_tie = 0;
    *ties = NULL;
    for (int32_t l = 0; l < grid->n_branch; l++)
        n_tie += is_tie(&grid->branch[l]);
    if (n_tie == 0)
        return SV_OK;
    ac_ties *self = SV_TAKE(arena, 1, ac_ties);
    if (self == NULL)
        return SV_ENOMEM;
    *self = (ac_ties){.grid = grid};
    if (!list_ties(self, n_tie, arena) || !take_memory(self, arena))
        return SV_ENOMEM;
    for (int32_t t = 0; t < n_tie; t++) {
        self->from[t] = self->row[grid->branch[self->branch[t]].i_from];
        self->to[t] = self->row[grid->branch[self->branch[t]].i_to];
    }
    if (!pattern_find(self->n_bus, n_tie, self->from, self->to, self->start, self->column, self->diagonal,
                      self->at_from_to, self->at_to_from))
        return SV_ENOMEM;
    *ties = self;
    return sv_ldl_new(&self->ldl, self->n_bus, self->n_bus, self->start, self->column, NULL);
}

void ties_free(ac_ties *ties)
{
    if (ties != NULL)
        sv_ldl_free(&ties->ldl);
}

/* ---- nodes --------------------------------------------------------------------------------- */

static int32_t root_of(int32_t *parent, int32_t a)
{
    while (parent[a] != a)
        a = parent[a] = parent[parent[a]];
    return a;
}

int32_t ties_longest_row(ac_ties *ties, const int32_t *start)
{
    int32_t longest = 0;
    for (int32_t a = 0; a < ties->n_bus; a++) {
        ties->parent[a] = a;
        ties->holder[a] = 0;
    }
    for (int32_t t = 0; t < ties->n_tie; t++) {
        int32_t a = root_of(ties->parent, ties->from[t]), b = root_of(ties->parent, ties->to[t]);
        ties->parent[a > b ? a : b] = a > b ? b : a;
    }
    for (int32_t a = 0; a < ties->n_bus; a++) {
        int32_t *sum = &ties->holder[root_of(ties->parent, a)], i = ties->bus[a];
        *sum += start[i + 1] - start[i];
        longest = *sum > longest ? *sum : longest;
    }
    return longest;
}

static sv_status set_factor(ac_ties *self)
{
    memset(self->value, 0, sizeof(double) * (size_t)self->start[self->n_bus]);
    for (int32_t a = 0; a < self->n_bus; a++)
        self->value[self->diagonal[a]] = self->node[self->bus[a]] == self->bus[a] ? 1.0 : 0.0;
    for (int32_t t = 0; t < self->n_tie; t++) {
        if (self->live[t] == 0 || self->from[t] == self->to[t])
            continue;
        self->value[self->diagonal[self->from[t]]] += 1.0;
        self->value[self->diagonal[self->to[t]]] += 1.0;
        self->value[self->at_from_to[t]] -= 1.0;
        self->value[self->at_to_from[t]] -= 1.0;
    }
    return sv_ldl_update(self->ldl, self->value);
}

sv_status ties_update(ac_ties *ties, const sv_state *state, bool *changed, sv_error *err)
{
    for (int32_t a = 0; a < ties->n_bus; a++)
        ties->parent[a] = a;
    ties->any = *changed = false;
    for (int32_t t = 0; t < ties->n_tie; t++) {
        const sv_branch *row = &ties->grid->branch[ties->branch[t]];
        ties->live[t] = sv_state_branch_live(state, ties->branch[t]);
        if (ties->live[t] == 0)
            continue;
        if (sv_branch_tap(row) != 1.0 || row->shift_deg != 0.0)
            return sv_error_set(
                err, SV_EDATA, NULL, row->line,
                "branch %s has no impedance (r = x = 0), but ratio %g and shift %g deg; accepted by the "
                "AC power flow without impedance: ratio 0 or 1, no shift",
                row->id, row->tap, row->shift_deg);
        int32_t a = root_of(ties->parent, ties->from[t]), b = root_of(ties->parent, ties->to[t]);
        ties->parent[a > b ? a : b] = a > b ? b : a;
        ties->any = true;
    }
    for (int32_t a = 0; a < ties->n_bus; a++) {
        int32_t node = ties->bus[root_of(ties->parent, a)];
        *changed = *changed || ties->node[ties->bus[a]] != node;
        ties->node[ties->bus[a]] = node;
    }
    if (set_factor(ties) != SV_OK)
        return sv_error_set(err, SV_ENUM, NULL, 0, "flows of %d branches without impedance cannot be told apart",
                            (int)ties->n_tie);
    return SV_OK;
}

/* ---- schedule ------------------------------------------------------------------------------ */

/* Bus i, of a node at another bus, gives it all that it has. */
static void merge_bus(ac_ties *self, schedule *plan, int32_t i)
{
    int32_t node = self->node[i];
    plan->p_mw[node] += plan->p_mw[i];
    plan->q_mvar[node] += plan->q_mvar[i];
    plan->q_min_mvar[node] += plan->q_min_mvar[i];
    plan->q_max_mvar[node] += plan->q_max_mvar[i];
    plan->share[node] += plan->share[i];
    plan->n_unit[node] += plan->n_unit[i];
    if (plan->role[i] > plan->role[node]) { /* of two alike the first */
        plan->role[node] = plan->role[i];
        plan->v_set_pu[node] = plan->v_set_pu[i];
        self->holder[self->row[node]] = i;
    }
    plan->p_mw[i] = plan->q_mvar[i] = plan->q_min_mvar[i] = plan->q_max_mvar[i] = plan->share[i] = 0.0;
    plan->n_unit[i] = 0;
    plan->role[i] = ROLE_OFF;
}

void ties_merge(ac_ties *ties, const sv_islands *islands, schedule *plan)
{
    for (int32_t a = 0; a < ties->n_bus; a++) { /* a node's lowest bus comes before all others of it */
        int32_t i = ties->bus[a];
        ties->role[a] = plan->role[i];
        ties->p_mw[a] = plan->p_mw[i];
        ties->q_mvar[a] = plan->q_mvar[i];
        ties->holder[a] = i;
        if (ties->node[i] != i)
            merge_bus(ties, plan, i);
    }
    for (int32_t k = 0; k < islands->n_island; k++) {
        plan->slack[k] = plan->slack[k] >= 0 ? ties->node[plan->slack[k]] : -1;
        plan->n_slack[k] = 0;
    }
    for (int32_t i = 0; i < ties->grid->n_bus; i++)
        if (plan->role[i] == ROLE_SLACK)
            plan->n_slack[islands->of_bus[i]]++;
}

/* ---- flows --------------------------------------------------------------------------------- */

void ties_draw(ac_ties *ties, int32_t i, double p_mw, double q_mvar)
{
    int32_t a = ties->row[i];
    if (a < 0)
        return;
    ties->p_mw[a] -= p_mw;
    ties->q_mvar[a] -= q_mvar;
}

void ties_flows(ac_ties *ties)
{
    for (int32_t half = 0; half < 2; half++) {
        double *x = half == 0 ? ties->p_mw : ties->q_mvar, *flow = half == 0 ? ties->flow_mw : ties->flow_mvar;
        sv_ldl_solve(ties->ldl, x);
        for (int32_t t = 0; t < ties->n_tie; t++)
            flow[t] = ties->live[t] != 0 ? x[ties->from[t]] - x[ties->to[t]] : 0.0;
    }
}
