/* The network of a fictional country: one piece, in the shape of real grids, strong enough for its winter peak with any
 * one circuit or transformer out. Checked by flows of its own, not by those the generator asks for. */
#include "synth/country.h"

#include "svitlo/balance.h"
#include "svitlo/flow.h"

static const struct {
    int32_t n_bus;
    uint64_t seed;
} sizes[] = {{30, 0}, {31, 1}, {75, 3}, {119, 13}, {120, 5}, {300, 1}, {300, 2}, {300, 6}, {2000, 1}};
enum { N_SIZE = sizeof sizes / sizeof sizes[0] };

/* Each country of the table once, with its first week. */
static void for_each_country(void (*check)(const sv_grid *grid))
{
    for (int k = 0; k < N_SIZE; k++) {
        sv_grid *grid = make_country(sizes[k].n_bus, sizes[k].seed, 168);
        assert_int_equal(grid->n_bus, sizes[k].n_bus);
        check(grid);
        sv_grid_free(&grid);
    }
}

static void check_one_piece(const sv_grid *grid)
{
    sv_state *state = sv_state_new(grid);
    sv_topology *topology = sv_topology_new(grid);
    assert_non_null(state);
    assert_non_null(topology);
    assert_int_equal(sv_topology_islands(topology, state)->n_island, 1);
    sv_topology_free(&topology);
    sv_state_free(&state);
}

static void it_is_one_network(void **unused)
{
    (void)unused;
    for_each_country(check_one_piece);
}

/* 2.4 to 2.9 as in real grids; a small country of a few large plants may need some more circuits in parallel. */
static void check_degree(const sv_grid *grid)
{
    between(2.0 * grid->n_branch / grid->n_bus, 2.4, grid->n_bus >= 300 ? 2.9 : 3.1, "mean degree");
}

static void mean_degree_is_that_of_real_grids(void **unused)
{
    (void)unused;
    for_each_country(check_degree);
}

static int compare_reals(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Middle and longest line of a voltage, km. @return how many */
static int32_t line_lengths(const sv_grid *grid, double kv, double *median, double *longest)
{
    double *km = calloc((size_t)grid->n_branch, sizeof *km);
    int32_t n = 0;
    assert_non_null(km);
    for (int32_t i = 0; i < grid->n_branch; i++)
        if (!sv_branch_is_transformer(grid, i) && volts_kv(grid, grid->branch[i].i_from) == kv)
            km[n++] = grid->branch[i].length_km;
    qsort(km, (size_t)n, sizeof *km, compare_reals);
    *median = n ? km[n / 2] : 0.0;
    *longest = n ? km[n - 1] : 0.0;
    free(km);
    return n;
}

static void check_lengths(const sv_grid *grid)
{
    double median, longest;
    assert_true(line_lengths(grid, 110.0, &median, &longest) > 0);
    between(median, 1.0, 50.0, "median of 110 kV lines");
    between(longest, 5.0, 160.0, "longest 110 kV line");
    assert_true(line_lengths(grid, 330.0, &median, &longest) > 0);
    between(median, 15.0, 100.0, "median of 330 kV lines");
    between(longest, 40.0, 300.0, "longest 330 kV line");
    if (line_lengths(grid, 750.0, &median, &longest) > 0) {
        between(median, 80.0, 350.0, "median of 750 kV lines");
        between(longest, 80.0, 500.0, "longest 750 kV line");
    } else
        assert_true(grid->n_bus < 120);
}

static void higher_voltages_span_longer_lines(void **unused)
{
    (void)unused;
    for_each_country(check_lengths);
}

/* No line shorter than the way between its ends, none more than a third longer (0.5 km at least, rounding aside). */
static void check_routes(const sv_grid *grid)
{
    for (int32_t i = 0; i < grid->n_branch; i++) {
        const sv_branch *b = &grid->branch[i];
        const sv_bus *from = &grid->bus[b->i_from], *to = &grid->bus[b->i_to];
        const double km = hypot(from->x_km - to->x_km, from->y_km - to->y_km);
        assert_true(b->x_pu > 0.0);
        assert_true(b->rate_a_mva > 0.0);
        assert_true(b->rate_a_mva <= b->rate_b_mva && b->rate_b_mva <= b->rate_c_mva);
        assert_true(b->mttf_h > 0.0 && b->mttr_h > 0.0);
        if (sv_branch_is_transformer(grid, i)) {
            assert_int_equal(from->i_site, to->i_site);
            continue;
        }
        assert_true(from->vn_kv == to->vn_kv && from->i_site != to->i_site);
        between(b->length_km, km - 0.05, km < 0.45 ? 0.5 : 1.34 * km + 0.05, b->id);
    }
}

static void lines_follow_the_plane(void **unused)
{
    (void)unused;
    for_each_country(check_routes);
}

/* ---- flows --------------------------------------------------------------------------------- */

/* Injections of the set points in the tables (the winter peak on own plant), less the nominal loads. */
static double *peak_injection(const sv_grid *grid)
{
    double *p = of_buses(grid), surplus = 0.0;
    for (int32_t i = 0; i < grid->n_gen; i++) {
        assert_true(grid->gen[i].p_mw <= grid->gen[i].p_max_mw + 1e-9);
        p[grid->gen[i].i_bus] += grid->gen[i].p_mw;
        surplus += grid->gen[i].p_mw;
    }
    for (int32_t i = 0; i < grid->n_load; i++) {
        p[grid->load[i].i_bus] -= grid->load[i].p_mw;
        surplus -= grid->load[i].p_mw;
    }
    between(surplus, -0.1 * grid->n_gen, 0.1 * grid->n_gen, "set points less loads, MW"); /* rounding only */
    p[grid->gen[0].i_bus] -= surplus;
    return p;
}

typedef struct {
    const sv_grid *grid;
    sv_state *state;
    sv_dc *dc;
    double *p, *flow;
} peak;

static peak peak_new(const sv_grid *grid)
{
    peak k = {.grid = grid, .state = sv_state_new(grid), .p = peak_injection(grid)};
    k.flow = calloc((size_t)grid->n_branch, sizeof *k.flow);
    assert_non_null(k.state);
    assert_non_null(k.flow);
    assert_int_equal(sv_dc_new(&k.dc, grid, NULL), SV_OK);
    return k;
}

static void peak_free(peak *k)
{
    sv_dc_free(&k->dc);
    sv_state_free(&k->state);
    free(k->p);
    free(k->flow);
}

/* Highest loading, share of the rating; -1 when the network fell apart. */
static double highest_loading(peak *k)
{
    assert_int_equal(sv_dc_update(k->dc, k->state), SV_OK);
    if (sv_dc_islands(k->dc)->n_island != 1)
        return -1.0;
    sv_dc_solve(k->dc, k->p, NULL, k->flow);
    double most = 0.0;
    for (int32_t i = 0; i < k->grid->n_branch; i++)
        most = fmax(most, fabs(k->flow[i]) / k->grid->branch[i].rate_a_mva);
    return most;
}

static void check_intact_peak(const sv_grid *grid)
{
    peak k = peak_new(grid);
    between(highest_loading(&k), 0.2, 0.75, "highest loading in the intact winter peak");
    peak_free(&k);
}

static void the_intact_winter_peak_overloads_nothing(void **unused)
{
    (void)unused;
    for_each_country(check_intact_peak);
}

/* Every branch out in turn: nothing is overloaded. Only radial 110 kV lines leave something behind, and no transformer. */
static void check_single_outages(const sv_grid *grid)
{
    if (grid->n_bus > 300)
        return;
    peak k = peak_new(grid);
    int32_t n_radial = 0;
    for (int32_t i = 0; i < grid->n_branch; i++) {
        k.state->branch_on[i] = 0;
        const double loading = highest_loading(&k);
        k.state->branch_on[i] = 1;
        n_radial += loading < 0.0;
        if (loading < 0.0 && (sv_branch_is_transformer(grid, i) || volts_kv(grid, grid->branch[i].i_from) > 110.0))
            fail_msg("the loss of %s cuts the network of %d buses", grid->branch[i].id, (int)grid->n_bus);
        if (loading > 1.0 + 1e-3) /* set points are rounded to 0.1 MW */
            fail_msg("the loss of %s loads the network of %d buses to %g", grid->branch[i].id, (int)grid->n_bus,
                     loading);
    }
    between((double)n_radial / grid->n_branch, 0.0, 0.30, "share of radial lines");
    peak_free(&k);
}

static void any_single_branch_may_be_lost(void **unused)
{
    (void)unused;
    for_each_country(check_single_outages);
}

/* ---- load shedding ------------------------------------------------------------------------- */

static double value_at(const sv_grid *grid, int32_t i_series, int64_t t)
{
    return i_series < 0 ? 1.0 : (double)grid->series[i_series].value[t];
}

/* Every third hour of the season, not only the peaks that the generator looks at. */
static void nothing_is_shed_while_nothing_is_damaged(void **unused)
{
    (void)unused;
    sv_grid *grid = make_country(300, 6, 0);
    const sv_balance_settings settings = sv_balance_defaults();
    const sv_balance_result result = {0};
    sv_balance *balance = NULL;
    sv_state *state = sv_state_new(grid);
    double *gen = calloc((size_t)grid->n_gen, sizeof *gen), *load = calloc((size_t)grid->n_load, sizeof *load);
    double *import = calloc((size_t)grid->n_interconnector, sizeof *import);
    assert_true(state && gen && load && import);
    assert_int_equal(sv_balance_new(&balance, grid, &settings, NULL), SV_OK);
    assert_int_equal(sv_balance_update(balance, state), SV_OK);
    const sv_balance_input input = {.gen_max_mw = gen, .load_mw = load, .import_max_mw = import};
    for (int64_t t = 0; t < grid->series[0].n_h; t += 3) {
        sv_balance_info info;
        for (int32_t i = 0; i < grid->n_gen; i++)
            gen[i] = grid->gen[i].p_max_mw * value_at(grid, grid->gen[i].i_series, t);
        for (int32_t i = 0; i < grid->n_load; i++)
            load[i] = grid->load[i].p_mw * value_at(grid, grid->load[i].i_series, t);
        for (int32_t i = 0; i < grid->n_interconnector; i++)
            import[i] = grid->interconnector[i].limit_mw;
        assert_int_equal(sv_balance_solve(balance, &input, &result, &info), SV_OK);
        assert_int_equal(info.outcome, SV_BALANCE_OPTIMAL);
        between(info.shed_mw, 0.0, 1e-6, "shed in the intact network, MW");
    }
    free(gen);
    free(load);
    free(import);
    sv_state_free(&state);
    sv_balance_free(&balance);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_one_network),
        cmocka_unit_test(mean_degree_is_that_of_real_grids),
        cmocka_unit_test(higher_voltages_span_longer_lines),
        cmocka_unit_test(lines_follow_the_plane),
        cmocka_unit_test(the_intact_winter_peak_overloads_nothing),
        cmocka_unit_test(any_single_branch_may_be_lost),
        cmocka_unit_test(nothing_is_shed_while_nothing_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
