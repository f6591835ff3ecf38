/* Random and published damage states. Cost: linear in the tables. Any thread. */
#include "states.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const state_kind state_kinds[N_STATE_KIND] = {
    {"br05", 0.05, 0.0, 0.0},  {"br15", 0.15, 0.0, 0.0},  {"sub02", 0.0, 0.02, 0.0},
    {"sub05", 0.0, 0.05, 0.0}, {"mix", 0.05, 0.01, 0.05},
};

enum { ELEMENT_BRANCH = 0, ELEMENT_BUS = 1, ELEMENT_GEN = 2, ELEMENT_PLACE = 3 };

/* ---- published ----------------------------------------------------------------------------- */

void state_grid_path(char *path, size_t n, const char *cases, const char *name)
{
    if (strcmp(name, "case118") == 0)
        name = "pglib_opf_case118_ieee";
    else if (strcmp(name, "pglib1354") == 0)
        name = "pglib_opf_case1354_pegase";
    snprintf(path, n, "%s/matpower/%s.m", cases, name);
}

FILE *published_open(const char *cases)
{
    char path[STATE_PATH], head[256];
    snprintf(path, sizeof path, "%s/damage/answers.csv", cases);
    FILE *answers = fopen(path, "r");
    if (answers != NULL && fgets(head, sizeof head, answers) == NULL) {
        fclose(answers);
        return NULL;
    }
    return answers;
}

bool published_next(FILE *answers, published_state *out)
{
    char line[256];
    while (fgets(line, sizeof line, answers) != NULL)
        if (sscanf(line, "%63[^,],%*[^,],%*[^,],%127[^,],%lf,%lf", out->grid, out->name, &out->demand_mw,
                   &out->shed_mw) == 4)
            return true;
    return false;
}

sv_status published_strike(sv_state *state, const char *cases, const char *name, sv_error *err)
{
    static const char *const suffix[] = {"branches", "buses", "gens"};
    sv_state_reset(state);
    for (int k = 0; k < 3; k++) {
        char path[STATE_PATH];
        snprintf(path, sizeof path, "%s/damage/%s__%s.csv", cases, name, suffix[k]);
        sv_status status = sv_outages_read(state, (sv_out_kind)k, path, err);
        if (status != SV_OK)
            return status;
    }
    return SV_OK;
}

/* ---- random -------------------------------------------------------------------------------- */

/* Exactly round(share * n) of n elements go, each set of them as likely: selection in order of index. */
static void strike_table(uint8_t *on, int32_t n, double share, uint64_t seed, uint32_t element)
{
    int32_t left = (int32_t)lround(fmin(1.0, fmax(0.0, share)) * n);
    for (int32_t k = 0; k < n && left > 0; k++) {
        if (sv_draw(seed, element, SV_DRAW_TEST, (uint32_t)k, 0).u[0] * (n - k) < left) {
            on[k] = 0;
            left--;
        }
    }
}

sv_status state_strike(sv_state *state, uint64_t seed, const state_kind *kind)
{
    const sv_grid *grid = state->grid;
    sv_state_reset(state);
    strike_table(state->branch_on, grid->n_branch, kind->branch_share, seed, ELEMENT_BRANCH);
    strike_table(state->bus_on, grid->n_bus, kind->bus_share, seed, ELEMENT_BUS);
    strike_table(state->gen_on, grid->n_gen, kind->gen_share, seed, ELEMENT_GEN);
    return SV_OK;
}

/* Breadth first over all branches of the tables, by sweeps: simple, and some dozens of sweeps at most. */
sv_status state_strike_region(sv_state *state, uint64_t seed, double bus_share)
{
    const sv_grid *grid = state->grid;
    sv_state_reset(state);
    int32_t left = (int32_t)lround(bus_share * grid->n_bus);
    uint8_t *near = calloc((size_t)grid->n_bus + 1, 1), *next = calloc((size_t)grid->n_bus + 1, 1);
    if (near == NULL || next == NULL) {
        free(near);
        free(next);
        return SV_ENOMEM;
    }
    int32_t first = (int32_t)(sv_draw(seed, ELEMENT_PLACE, SV_DRAW_TEST, 0, 0).u[0] * grid->n_bus), before = -1;
    near[first] = 1;
    while (left > 0 && left != before) {
        before = left;
        for (int32_t i = 0; i < grid->n_bus && left > 0; i++) {
            left -= near[i] == 1;
            if (near[i] == 1) {
                near[i] = 2;
                state->bus_on[i] = 0;
            }
        }
        memcpy(next, near, (size_t)grid->n_bus);
        for (int32_t l = 0; l < grid->n_branch; l++) {
            int32_t i = grid->branch[l].i_from, j = grid->branch[l].i_to;
            if (near[i] == 2 && near[j] == 0)
                next[j] = 1;
            if (near[j] == 2 && near[i] == 0)
                next[i] = 1;
        }
        memcpy(near, next, (size_t)grid->n_bus);
    }
    free(near);
    free(next);
    return SV_OK;
}

void state_hour(const sv_grid *grid, double level, double *gen_max_mw, double *load_mw, double *import_max_mw)
{
    for (int32_t g = 0; g < grid->n_gen; g++)
        gen_max_mw[g] = fmax(0.0, grid->gen[g].p_max_mw);
    for (int32_t d = 0; d < grid->n_load; d++)
        load_mw[d] = level * grid->load[d].p_mw;
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        import_max_mw[k] = grid->interconnector[k].limit_mw;
}
