/* DC outages: every single branch and unit, and random pairs and triples, of the public cases against a full power flow of
 * the same state; factors of outages against differences of flows; bridges against counted islands. */
#include "svitlo/flow.h"
#include "svitlo/formats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST_ELEMENTS = SV_CONTINGENCY_MOST };

/* The plain way: one state, one update, one power flow. */
typedef struct {
    sv_grid *grid;
    sv_state *state;
    const sv_state *base;
    sv_dc *dc;
    sv_topology *topology;
    int32_t *island, *n_unit, *n_base_unit;
    double *f_mw, *slack_mw;
    const sv_contingency *list;
    double worst_mw;
    int32_t n_told;
} judge;

static void *take(size_t n, size_t size)
{
    void *all = calloc(n + 1, size);
    assert_non_null(all);
    return all;
}

static sv_grid *read_case(const char *name)
{
    char path[600];
    sv_grid *grid = NULL;
    sv_error err = {0};
    snprintf(path, sizeof path, "%s/matpower/%s.m", SV_CASES_DIR, name);
    if (sv_grid_read(&grid, path, &err) != SV_OK)
        print_error("%s\n", err.text);
    assert_non_null(grid);
    return grid;
}

static void count_units(const sv_state *state, const sv_islands *islands, int32_t *n_unit)
{
    memset(n_unit, 0, sizeof *n_unit * (size_t)state->grid->n_bus);
    for (int32_t g = 0; g < state->grid->n_gen; g++) {
        int32_t k = islands->of_bus[state->grid->gen[g].i_bus];
        if (k >= 0 && state->gen_on[g])
            n_unit[k]++;
    }
}

static void open_judge(judge *self, sv_grid *grid, const sv_state *base)
{
    size_t n = (size_t)grid->n_bus;
    *self = (judge){.grid = grid,
                    .base = base,
                    .state = sv_state_new(grid),
                    .topology = sv_topology_new(grid),
                    .island = take(n, sizeof(int32_t)),
                    .n_unit = take(n, sizeof(int32_t)),
                    .n_base_unit = take(n, sizeof(int32_t)),
                    .f_mw = take((size_t)grid->n_branch, sizeof(double)),
                    .slack_mw = take(n, sizeof(double))};
    assert_true(self->state != NULL && self->topology != NULL);
    assert_int_equal(sv_dc_new(&self->dc, grid, NULL), SV_OK);
    const sv_islands *islands = sv_topology_islands(self->topology, base);
    memcpy(self->island, islands->of_bus, sizeof(int32_t) * n);
    count_units(base, islands, self->n_base_unit);
}

static void close_judge(judge *self)
{
    free(self->island);
    free(self->n_unit);
    free(self->n_base_unit);
    free(self->f_mw);
    free(self->slack_mw);
    sv_dc_free(&self->dc);
    sv_topology_free(&self->topology);
    sv_state_free(&self->state);
}

static void copy_base(judge *self)
{
    memcpy(self->state->branch_on, self->base->branch_on, (size_t)self->grid->n_branch);
    memcpy(self->state->bus_on, self->base->bus_on, (size_t)self->grid->n_bus);
    memcpy(self->state->gen_on, self->base->gen_on, (size_t)self->grid->n_gen);
}

/* Is the island dark: no unit now, one before? */
static bool dark(const judge *self, const sv_islands *islands, int32_t i)
{
    int32_t k = islands->of_bus[i];
    return k >= 0 && self->n_unit[k] == 0 && self->n_base_unit[self->island[i]] > 0;
}

static bool compare(void *context, const sv_dc_outage *result)
{
    judge *self = context;
    const sv_grid *grid = self->grid;
    const sv_contingency *outage = &self->list[result->i_outage];
    assert_int_equal(result->i_outage, self->n_told++);
    copy_base(self);
    for (int32_t k = 0; k < outage->n_branch; k++)
        self->state->branch_on[outage->i_branch[k]] = 0;
    for (int32_t k = 0; k < outage->n_gen; k++)
        self->state->gen_on[outage->i_gen[k]] = 0;
    sv_status status = sv_dc_update(self->dc, self->state);
    assert_int_equal(result->status, status);
    if (status != SV_OK)
        return true;
    assert_int_equal(sv_dc_flow(self->dc, self->state, NULL, NULL, self->f_mw, self->slack_mw), SV_OK);
    const sv_islands *islands = sv_dc_islands(self->dc);
    count_units(self->state, islands, self->n_unit);
    double lost_mw = 0.0, percent = 0.0;
    int32_t n_over = 0, n_near = 0;
    for (int32_t d = 0; d < grid->n_load; d++)
        lost_mw += dark(self, islands, grid->load[d].i_bus) && grid->load[d].p_mw > 0.0 ? grid->load[d].p_mw : 0.0;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        double expected = dark(self, islands, grid->branch[l].i_from) ? 0.0 : self->f_mw[l];
        double difference = fabs(result->f_mw[l] - expected), rate_mva = grid->branch[l].rate_a_mva;
        if (!(difference <= 1e-6))
            print_error("outage %d (%d branches, first %d; %d units): branch %d has %.9g MW, expected %.9g\n",
                        (int)result->i_outage, (int)outage->n_branch,
                        outage->n_branch > 0 ? (int)outage->i_branch[0] : -1, (int)outage->n_gen, (int)l,
                        result->f_mw[l], expected);
        assert_true(difference <= 1e-6);
        self->worst_mw = fmax(self->worst_mw, difference);
        double loading = rate_mva > 0.0 ? 100.0 * fabs(result->f_mw[l]) / rate_mva : 0.0;
        percent = fmax(percent, loading);
        n_over += loading > 100.0 + 2e-7;
        n_near += fabs(loading - 100.0) <= 2e-7;
    }
    assert_true(fabs(result->lost_mw - lost_mw) < 1e-6);
    assert_true(fabs(result->worst_percent - percent) < 1e-9 * (1.0 + percent));
    assert_in_range(result->n_over, n_over, n_over + n_near);
    return true;
}

/* Solve the list and judge each answer. */
static void agree(judge *self, sv_dc_outages *outages, int32_t n, const sv_contingency *list, const char *what)
{
    sv_dc_outages_info info;
    sv_error err = {0};
    self->list = list;
    self->n_told = 0;
    self->worst_mw = 0.0;
    sv_status status = sv_dc_outages_solve(outages, n, list, compare, self, &info, &err);
    if (status != SV_OK)
        print_error("%s\n", err.text);
    assert_int_equal(status, SV_OK);
    assert_int_equal(self->n_told, n);
    assert_int_equal(info.n_outage, n);
    print_message("%-18s %-8s %6d outages, %5d cut, %4d refactored, worst difference %.1e MW\n", self->grid->name, what,
                  (int)n, (int)info.n_cut, (int)info.n_refactored, self->worst_mw);
}

static void singles(judge *self, sv_dc_outages *outages, int32_t step)
{
    const sv_grid *grid = self->grid;
    int32_t n = 0, *which = take((size_t)grid->n_branch + (size_t)grid->n_gen, sizeof *which);
    sv_contingency *list = take((size_t)grid->n_branch + (size_t)grid->n_gen, sizeof *list);
    for (int32_t l = 0; l < grid->n_branch; l += step, n++) {
        which[n] = l;
        list[n] = (sv_contingency){.n_branch = 1, .i_branch = &which[n]};
    }
    for (int32_t g = 0; g < grid->n_gen; g += step, n++) {
        which[n] = g;
        list[n] = (sv_contingency){.n_gen = 1, .i_gen = &which[n]};
    }
    agree(self, outages, n, list, "singles");
    free(which);
    free(list);
}

/* Sets of up to n_most elements; every other one near a bus, where sets cut. */
static void sets(judge *self, sv_dc_outages *outages, int32_t n, int32_t n_most, const char *what)
{
    const sv_grid *grid = self->grid;
    int32_t *which = take((size_t)n * MOST_ELEMENTS, sizeof *which);
    sv_contingency *list = take((size_t)n, sizeof *list);
    for (int32_t c = 0; c < n; c++) {
        int32_t *own = which + (size_t)c * MOST_ELEMENTS, n_branch = 0, n_gen = 0;
        int32_t centre = (int32_t)(sv_draw(3, n_most, SV_DRAW_TEST, (uint32_t)c, 0).u[0] * grid->n_bus);
        for (int32_t l = 0; c % 2 == 1 && l < grid->n_branch && n_branch < n_most - 1; l++)
            if (grid->branch[l].i_from == centre || grid->branch[l].i_to == centre)
                own[n_branch++] = l;
        for (int32_t k = n_branch; k < n_most; k++) {
            sv_draw4 draw = sv_draw(3, n_most, SV_DRAW_TEST, (uint32_t)c, (uint32_t)k + 1);
            if (draw.u[0] < 0.8 && n_gen == 0)
                own[n_branch++] = (int32_t)(draw.u[1] * grid->n_branch);
            else if (grid->n_gen > 0)
                own[n_branch + n_gen++] = (int32_t)(draw.u[1] * grid->n_gen);
        }
        list[c] = (sv_contingency){n_branch, n_gen, own, own + n_branch};
    }
    agree(self, outages, n, list, what);
    free(which);
    free(list);
}

static void check_grid(sv_grid *grid, const sv_state *base, int32_t step, int32_t n_sets)
{
    judge self;
    sv_dc_outages *outages = NULL;
    open_judge(&self, grid, base);
    assert_int_equal(sv_dc_outages_new(&outages, grid, NULL), SV_OK);
    assert_int_equal(sv_dc_outages_update(outages, base, NULL), SV_OK);
    singles(&self, outages, step);
    sets(&self, outages, n_sets, 2, "pairs");
    sets(&self, outages, n_sets, 3, "triples");
    sets(&self, outages, n_sets, MOST_ELEMENTS, "eights");
    sv_dc_outages_free(&outages);
    close_judge(&self);
}

static void public_cases_agree(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        int32_t step, n_sets;
    } cases[] = {{"case9", 1, 60},           {"case14", 1, 200},           {"case24_ieee_rts", 1, 300},
                 {"case30", 1, 300},         {"case39", 1, 300},           {"case57", 1, 300},
                 {"case118", 1, 600},        {"case_ACTIVSg200", 1, 600},  {"case300", 1, 600},
                 {"case1354pegase", 1, 600}, {"case_ACTIVSg2000", 1, 300}, {"case2383wp", 1, 300},
                 {"case2869pegase", 1, 300}, {"case9241pegase", 7, 100}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        sv_grid *grid = read_case(cases[k].name);
        sv_state *base = sv_state_new(grid);
        check_grid(grid, base, cases[k].step, cases[k].n_sets);
        for (int32_t l = 0; l < grid->n_branch; l++) /* and from a base case that has lost a twelfth */
            base->branch_on[l] = base->branch_on[l] && sv_draw(5, 0, SV_DRAW_TEST, (uint32_t)l, 0).u[0] > 1.0 / 12.0;
        check_grid(grid, base, 3 * cases[k].step, cases[k].n_sets / 3);
        sv_state_free(&base);
        sv_grid_free(&grid);
    }
}

int main(void)
{
    if (access(SV_CASES_DIR "/matpower", R_OK) != 0) {
        puts("skipped in part: the public networks are not here");
        return 77;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(public_cases_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
