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

#include "drawn.h"

enum { MOST_ELEMENTS = SV_CONTINGENCY_MOST };
static bool quiet; /* no line an agreement */

static bool drawn = true; /* the network is one of draw_grid */

/* Drawn networks have loops of ties, whose split is known to fewer digits, and negative reactances near resonance, which
 * carry and lose much: no way of solving is sharper there. */
static double accepted(double largest_mw)
{
    return drawn ? 1e-5 * fmax(1.0, 1e-3 * largest_mw) : 1e-6;
}

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
    const double *base_mw;
    double worst_mw;
    int32_t n_told;
} judge;

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
    double lost_mw = 0.0, percent = 0.0, largest_mw = 0.0;
    int32_t n_over = 0, n_near = 0;
    for (int32_t l = 0; l < grid->n_branch; l++)
        largest_mw = fmax(largest_mw, fmax(fabs(self->base_mw[l]), fabs(self->f_mw[l])));
    double accepted_mw = accepted(largest_mw);
    for (int32_t d = 0; d < grid->n_load; d++)
        lost_mw += dark(self, islands, grid->load[d].i_bus) && grid->load[d].p_mw > 0.0 ? grid->load[d].p_mw : 0.0;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        double expected = dark(self, islands, grid->branch[l].i_from) ? 0.0 : self->f_mw[l];
        double difference = fabs(result->f_mw[l] - expected), rate_mva = grid->branch[l].rate_a_mva;
        if (!(difference <= accepted_mw))
            print_error("outage %d (%d branches, first %d; %d units): branch %d has %.12g MW, expected %.12g%s\n",
                        (int)result->i_outage, (int)outage->n_branch,
                        outage->n_branch > 0 ? (int)outage->i_branch[0] : -1, (int)outage->n_gen, (int)l,
                        result->f_mw[l], expected, result->refactored ? ", refactored" : "");
        assert_true(difference <= accepted_mw);
        self->worst_mw = fmax(self->worst_mw, difference);
        double loading = rate_mva > 0.0 ? 100.0 * fabs(result->f_mw[l]) / rate_mva : 0.0;
        percent = fmax(percent, loading);
        n_over += loading > 100.0 + 2e-7;
        n_near += fabs(loading - 100.0) <= 2e-7;
    }
    assert_true(fabs(result->lost_mw - lost_mw) < 1e-6);
    int32_t n_dark_bus = 0;
    for (int32_t i = 0; i < grid->n_bus; i++)
        n_dark_bus += dark(self, islands, i);
    assert_int_equal(result->n_dark_bus, n_dark_bus);
    for (int32_t k = 0; k < n_dark_bus; k++) {
        assert_true(dark(self, islands, result->i_dark_bus[k]));
        for (int32_t other = 0; other < k; other++)
            assert_int_not_equal(result->i_dark_bus[other], result->i_dark_bus[k]);
    }
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
    if (!quiet)
        print_message("%-18s %-8s %6d outages, %5d cut, %4d refactored, worst difference %.1e MW\n", self->grid->name,
                      what, (int)n, (int)info.n_cut, (int)info.n_refactored, self->worst_mw);
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
    self.base_mw = sv_dc_outages_base(outages);
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

/* ---- small networks with everything in them --------------------------------------------------- */

static void small_networks_agree(void **unused)
{
    (void)unused;
    int32_t n_solved = 0;
    for (int32_t seed = 0; seed < N_SMALL_GRID; seed++) {
        sv_grid *grid = draw_grid(seed);
        sv_state *base = sv_state_new(grid);
        sv_dc_outages *outages = NULL;
        assert_int_equal(sv_dc_outages_new(&outages, grid, NULL), SV_OK);
        sv_status status = sv_dc_outages_update(outages, base, NULL);
        sv_dc_outages_free(&outages);
        if (status == SV_OK) {
            n_solved++;
            quiet = seed % 50 != 0;
            check_grid(grid, base, 1, 60);
        }
        sv_state_free(&base);
        sv_grid_free(&grid);
    }
    quiet = false;
    assert_true(n_solved > N_SMALL_GRID * 9 / 10);
}

/* ---- bridges and factors ----------------------------------------------------------------------- */

/* Without branch l: does its island fall apart, and how many buses and what load go without its reference? */
static void check_bridge(sv_topology *topology, sv_state *state, const sv_bridge_list *bridges, int32_t l,
                         int32_t listed, int32_t i_reference, int32_t n_island)
{
    const sv_grid *grid = state->grid;
    bool live = sv_state_branch_live(state, l);
    state->branch_on[l] = 0;
    const sv_islands *islands = sv_topology_islands(topology, state);
    assert_int_equal(bridges->is_bridge[l], islands->n_island > n_island);
    if (bridges->is_bridge[l]) {
        int32_t i = grid->branch[l].i_from, j = grid->branch[l].i_to;
        int32_t off = islands->of_bus[i] == islands->of_bus[i_reference] ? islands->of_bus[j] : islands->of_bus[i];
        double load_mw = 0.0;
        for (int32_t d = 0; d < grid->n_load; d++)
            load_mw += islands->of_bus[grid->load[d].i_bus] == off ? fmax(0.0, grid->load[d].p_mw) : 0.0;
        assert_int_equal(bridges->i_branch[listed], l);
        assert_int_equal(bridges->n_bus_off[listed], islands->n_bus_of[off]);
        assert_true(fabs(bridges->load_mw_off[listed] - load_mw) < 1e-9 * (1.0 + load_mw));
    }
    state->branch_on[l] = live;
}

static void check_bridges(sv_grid *grid)
{
    sv_state *state = sv_state_new(grid);
    sv_topology *topology = sv_topology_new(grid), *other = sv_topology_new(grid);
    sv_bridges *finder = sv_bridges_new(grid);
    assert_true(state != NULL && topology != NULL && other != NULL && finder != NULL);
    const sv_islands *islands = sv_topology_islands(topology, state);
    const sv_bridge_list *bridges = sv_bridges_find(finder, state, islands, NULL);
    int32_t listed = 0;
    for (int32_t l = 0; l < grid->n_branch; l++) {
        if (sv_state_branch_live(state, l))
            check_bridge(other, state, bridges, l, listed,
                         bridges->i_reference[islands->of_bus[grid->branch[l].i_from]], islands->n_island);
        else
            assert_int_equal(bridges->is_bridge[l], 0);
        listed += bridges->is_bridge[l];
    }
    assert_int_equal(listed, bridges->n_bridge);
    sv_bridges_free(&finder);
    sv_topology_free(&topology);
    sv_topology_free(&other);
    sv_state_free(&state);
}

typedef struct {
    const double *lodf, *base_mw;
    const sv_bridge_list *bridges;
    sv_grid *grid;
    double worst_mw, largest_mw;
} factor_judge;

static bool compare_factors(void *context, const sv_dc_outage *result)
{
    factor_judge *self = context;
    int32_t k = result->i_outage, n_branch = self->grid->n_branch;
    const double *row = self->lodf + (size_t)k * (size_t)n_branch;
    if (result->status != SV_OK)
        return true;
    for (int32_t l = 0; l < n_branch; l++) {
        self->largest_mw = fmax(self->largest_mw, fmax(fabs(result->f_mw[l]), fabs(self->base_mw[l])));
        if (self->bridges->is_bridge[k])
            assert_true(isnan(row[l]));
        else
            self->worst_mw =
                fmax(self->worst_mw, fabs(result->f_mw[l] - (self->base_mw[l] + row[l] * self->base_mw[k])));
    }
    return true;
}

static void check_factors(sv_grid *grid)
{
    sv_state *state = sv_state_new(grid);
    sv_dc_outages *outages = NULL;
    sv_dc *dc = NULL;
    int32_t n = grid->n_branch, *which = take((size_t)n, sizeof *which);
    double *lodf = take((size_t)n * (size_t)n, sizeof *lodf);
    sv_contingency *list = take((size_t)n, sizeof *list);
    for (int32_t l = 0; l < n; l++) {
        which[l] = l;
        list[l] = (sv_contingency){.n_branch = 1, .i_branch = &which[l]};
    }
    assert_int_equal(sv_dc_new(&dc, grid, NULL), SV_OK);
    assert_int_equal(sv_dc_outages_new(&outages, grid, NULL), SV_OK);
    if (sv_dc_update(dc, state) == SV_OK) {
        assert_int_equal(sv_dc_outages_update(outages, state, NULL), SV_OK);
        factor_judge self = {lodf, sv_dc_outages_base(outages), sv_dc_outages_bridges(outages), grid, 0.0, 0.0};
        sv_dc_lodf_rows(dc, self.bridges, n, which, lodf);
        assert_int_equal(sv_dc_outages_solve(outages, n, list, compare_factors, &self, NULL, NULL), SV_OK);
        if (!quiet)
            print_message("%-18s factors: worst difference %.1e MW\n", grid->name, self.worst_mw);
        assert_true(self.worst_mw < accepted(self.largest_mw));
    }
    sv_dc_free(&dc);
    sv_dc_outages_free(&outages);
    sv_state_free(&state);
    free(which);
    free(lodf);
    free(list);
}

static void small_bridges_and_factors(void **unused)
{
    (void)unused;
    quiet = true;
    for (int32_t seed = 0; seed < N_SMALL_GRID; seed++) {
        sv_grid *grid = draw_grid(seed);
        check_bridges(grid);
        check_factors(grid);
        sv_grid_free(&grid);
    }
    quiet = false;
}

static void public_bridges_and_factors(void **unused)
{
    (void)unused;
    static const char *const names[] = {"case14",  "case118",        "case_ACTIVSg200",
                                        "case300", "case1354pegase", "case2383wp"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        sv_grid *grid = read_case(names[k]);
        check_bridges(grid);
        check_factors(grid);
        sv_grid_free(&grid);
    }
}

/* ---- doors and memory --------------------------------------------------------------------------- */

static bool stop_at_third(void *context, const sv_dc_outage *result)
{
    ++*(int32_t *)context;
    return result->i_outage < 2;
}

static void doors_name_the_outage(void **unused)
{
    (void)unused;
    sv_grid *grid = draw_grid(1);
    sv_state *state = sv_state_new(grid);
    sv_dc_outages *outages = NULL;
    sv_dc_pairs *pairs = NULL;
    sv_error err = {0};
    int32_t many[SV_CONTINGENCY_MOST + 1] = {0}, outside = grid->n_branch, n_told = 0;
    assert_int_equal(sv_dc_outages_new(&outages, grid, NULL), SV_OK);
    assert_int_equal(sv_dc_outages_update(outages, state, NULL), SV_OK);
    sv_contingency list[20] = {{.n_branch = SV_CONTINGENCY_MOST, .i_branch = many},
                               {.n_branch = SV_CONTINGENCY_MOST, .i_branch = many, .n_gen = 1, .i_gen = many}};
    assert_int_equal(sv_dc_outages_solve(outages, 2, list, stop_at_third, &n_told, NULL, &err), SV_EUSAGE);
    assert_non_null(strstr(err.text, "outage 1: 8 branches and 1 units"));
    list[1] = (sv_contingency){.n_branch = 1, .i_branch = &outside};
    err = (sv_error){0};
    assert_int_equal(sv_dc_outages_solve(outages, 2, list, stop_at_third, &n_told, NULL, &err), SV_EUSAGE);
    assert_non_null(strstr(err.text, "outage 1: branch 19"));
    outside = grid->n_gen;
    list[1] = (sv_contingency){.n_gen = 1, .i_gen = &outside};
    assert_int_equal(sv_dc_outages_solve(outages, 2, list, stop_at_third, &n_told, NULL, NULL), SV_EUSAGE);
    assert_int_equal(n_told, 0);
    for (int32_t k = 0; k < 20; k++)
        list[k] = list[0];
    assert_int_equal(sv_dc_outages_solve(outages, 20, list, stop_at_third, &n_told, NULL, NULL), SV_ECANCEL);
    assert_int_equal(n_told, 3);
    outside = -1;
    assert_int_equal(sv_dc_pairs_new(&pairs, outages, 1, &outside, NULL), SV_EUSAGE);
    assert_null(pairs);
    sv_dc_outages_free(&outages);
    sv_state_free(&state);
    sv_grid_free(&grid);
}

static void memory_may_run_out(void **unused)
{
    (void)unused;
    sv_grid *grid = draw_grid(2);
    sv_state *state = sv_state_new(grid);
    sv_dc_outages *outages = NULL;
    sv_dc_pairs *pairs = NULL;
    sv_status status = SV_ENOMEM;
    for (int32_t k = 1; status != SV_OK; k++) {
        sv_arena_fail_at(k);
        status = sv_dc_outages_new(&outages, grid, NULL);
        assert_true(status == SV_OK || (status == SV_ENOMEM && outages == NULL));
    }
    sv_arena_fail_at(1); /* not met */
    assert_int_equal(sv_dc_outages_update(outages, state, NULL), SV_OK);
    sv_arena_fail_at(0);
    status = SV_ENOMEM;
    for (int32_t k = 1; status != SV_OK; k++) {
        sv_arena_fail_at(k);
        status = sv_dc_pairs_new(&pairs, outages, grid->n_branch, NULL, NULL);
        assert_true(status == SV_OK || (status == SV_ENOMEM && pairs == NULL));
    }
    sv_dc_pairs *shared = NULL;
    status = SV_ENOMEM;
    for (int32_t k = 1; status != SV_OK; k++) {
        sv_arena_fail_at(k);
        status = sv_dc_pairs_share(&shared, pairs, outages, NULL);
        assert_true(status == SV_OK || (status == SV_ENOMEM && shared == NULL));
    }
    sv_arena_fail_at(0);
    sv_dc_pairs_free(&shared);
    sv_dc_pairs_free(&pairs);
    sv_dc_outages_free(&outages);
    sv_state_free(&state);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest plain[] = {cmocka_unit_test(small_networks_agree),
                                       cmocka_unit_test(small_bridges_and_factors),
                                       cmocka_unit_test(doors_name_the_outage), cmocka_unit_test(memory_may_run_out)};
    int n_failed = cmocka_run_group_tests(plain, NULL, NULL);
    if (n_failed == 0 && access(SV_CASES_DIR "/matpower", R_OK) != 0) {
        puts("skipped in part: the public networks are not here");
        return 77;
    }
    drawn = false;
    const struct CMUnitTest tests[] = {cmocka_unit_test(public_cases_agree),
                                       cmocka_unit_test(public_bridges_and_factors)};
    return n_failed != 0 ? n_failed : cmocka_run_group_tests(tests, NULL, NULL);
}
