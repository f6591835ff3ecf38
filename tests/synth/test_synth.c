/* Fictional countries of several sizes and seeds: whole, balanced, in the proportions asked for, the same every time. What
 * the maker promises is looked at from outside, by the grid's own tables and by flow and balance. */
#include "svitlo/balance.h"
#include "svitlo/synth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static sv_grid *country(int32_t n_bus, uint64_t seed)
{
    sv_synth_settings settings = sv_synth_defaults();
    settings.n_bus = n_bus;
    settings.seed = seed;
    sv_error err = {0};
    sv_grid *grid = NULL;
    sv_status status = sv_synth_new(&grid, &settings, &err);
    if (status != SV_OK)
        print_error("%d buses, seed %d: %s\n", (int)n_bus, (int)seed, err.text);
    assert_int_equal(status, SV_OK);
    return grid;
}

/* ---- network ------------------------------------------------------------------------------- */

static void assert_one_network(const sv_grid *grid)
{
    sv_state *state = sv_state_new(grid);
    sv_topology *topology = sv_topology_new(grid);
    assert_non_null(state);
    assert_non_null(topology);
    assert_int_equal(sv_topology_islands(topology, state)->n_island, 1);
    sv_topology_free(&topology);
    sv_state_free(&state);
}

/* Lines run between sites, transformers within one; both are rated, and a line is about as long as its ends are apart. */
static void assert_branches(const sv_grid *grid)
{
    for (int32_t l = 0; l < grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l];
        const sv_bus *from = &grid->bus[branch->i_from], *to = &grid->bus[branch->i_to];
        assert_true(branch->x_pu > 0.0 && branch->r_pu > 0.0 && branch->rate_a_mva > 0.0);
        assert_true(branch->mttf_h > 0.0 && branch->mttr_h > 0.0);
        bool transformer = from->i_site == to->i_site;
        assert_int_equal(sv_branch_is_transformer(grid, l), transformer);
        if (transformer) {
            assert_true(from->vn_kv > to->vn_kv);
            continue;
        }
        double straight = hypot(from->x_km - to->x_km, from->y_km - to->y_km);
        assert_true(from->vn_kv == to->vn_kv);
        assert_true(branch->length_km >= 0.99 * straight && branch->length_km <= 1.3 * straight + 1.0);
    }
}

static double at_hour(const sv_grid *grid, int32_t i_series, int64_t t)
{
    return i_series < 0 ? 1.0 : (double)grid->series[i_series].value[t];
}

static double demand_mw(const sv_grid *grid, int64_t t)
{
    double sum = 0.0;
    for (int32_t d = 0; d < grid->n_load; d++)
        sum += grid->load[d].p_mw * at_hour(grid, grid->load[d].i_series, t);
    return sum;
}

static int64_t peak_hour(const sv_grid *grid)
{
    int64_t best = 0;
    double most = 0.0;
    for (int64_t t = 0; t < grid->series[0].n_h; t++) {
        double mw = demand_mw(grid, t);
        if (mw > most) {
            most = mw;
            best = t;
        }
    }
    return best;
}

/* In the highest hour of the winter everyone is served, and no branch is beyond its rating in that dispatch. */
static void assert_peak_served(const sv_grid *grid)
{
    int64_t t = peak_hour(grid);
    double *gen = calloc((size_t)grid->n_gen, sizeof *gen), *load = calloc((size_t)grid->n_load, sizeof *load);
    double *import = calloc((size_t)grid->n_interconnector, sizeof *import),
           *flow = calloc((size_t)grid->n_branch, sizeof *flow);
    for (int32_t g = 0; g < grid->n_gen; g++)
        gen[g] = grid->gen[g].p_max_mw * at_hour(grid, grid->gen[g].i_series, t);
    for (int32_t d = 0; d < grid->n_load; d++)
        load[d] = grid->load[d].p_mw * at_hour(grid, grid->load[d].i_series, t);
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        import[k] = grid->interconnector[k].limit_mw;
    sv_balance_settings settings = sv_balance_defaults();
    sv_balance_input input = {.gen_max_mw = gen, .load_mw = load, .import_max_mw = import};
    sv_balance_result result = {.branch_mw = flow};
    sv_balance_info info;
    sv_balance *balance = NULL;
    sv_state *state = sv_state_new(grid);
    sv_error err = {0};
    assert_int_equal(sv_balance_new(&balance, grid, &settings, &err), SV_OK);
    assert_int_equal(sv_balance_update(balance, state), SV_OK);
    assert_int_equal(sv_balance_solve(balance, &input, &result, &info), SV_OK);
    assert_int_equal(info.outcome, SV_BALANCE_OPTIMAL);
    assert_true(info.shed_mw < 1e-6);
    assert_true(fabs(info.demand_mw - demand_mw(grid, t)) < 1e-6 * info.demand_mw);
    for (int32_t l = 0; l < grid->n_branch; l++)
        assert_true(fabs(flow[l]) <= grid->branch[l].rate_a_mva + 1e-4);
    sv_balance_free(&balance);
    sv_state_free(&state);
    free(gen);
    free(load);
    free(import);
    free(flow);
}

static void every_size_is_one_network_that_serves_its_peak(void **unused)
{
    (void)unused;
    static const struct {
        int32_t n_bus;
        uint64_t seed;
    } tries[] = {{30, 1}, {31, 2}, {47, 3}, {80, 4}, {120, 5}, {300, 1}, {300, 6}, {300, 77}, {700, 2}, {2000, 9}};
    for (size_t k = 0; k < sizeof tries / sizeof tries[0]; k++) {
        sv_grid *grid = country(tries[k].n_bus, tries[k].seed);
        assert_int_equal(grid->n_bus, tries[k].n_bus);
        assert_one_network(grid);
        assert_branches(grid);
        assert_peak_served(grid);
        sv_grid_free(&grid);
    }
}

/* Real transmission grids: mean degree 2.4 to 2.9, most lines short, a few long. */
static void looks_like_a_real_grid(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        sv_grid *grid = country(300, seed);
        double degree = 2.0 * grid->n_branch / grid->n_bus, longest = 0.0, sum_110 = 0.0, sum_330 = 0.0;
        assert_true(degree >= 2.4 && degree <= 2.9);
        int32_t n_110 = 0, n_330 = 0;
        for (int32_t l = 0; l < grid->n_branch; l++) {
            const sv_branch *branch = &grid->branch[l];
            longest = fmax(longest, branch->length_km);
            if (branch->length_km <= 0.0)
                continue;
            bool low = grid->bus[branch->i_from].vn_kv < 200.0;
            sum_110 += low ? branch->length_km : 0.0;
            n_110 += low;
            sum_330 += low ? 0.0 : branch->length_km;
            n_330 += !low;
        }
        assert_true(sum_110 / n_110 > 10.0 && sum_110 / n_110 < 45.0);
        assert_true(sum_330 / n_330 > 1.5 * sum_110 / n_110);
        assert_true(longest < 600.0);
        sv_grid_free(&grid);
    }
}

/* ---- proportions --------------------------------------------------------------------------- */

static double share_of(const sv_grid *grid, sv_gen_kind kind)
{
    double sum = 0.0;
    for (int32_t g = 0; g < grid->n_gen; g++)
        sum += grid->gen[g].kind == kind ? grid->gen[g].p_max_mw : 0.0;
    return sum / sv_grid_capacity_mw(grid);
}

/* The published aggregate figures of a country of 35 M people (docs/model/synth.md). */
static void has_the_proportions_of_the_figures(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        sv_grid *grid = country(300, seed);
        assert_true(fabs(sv_grid_people(grid) - 35e6) < 1e4);
        assert_true(fabs(sv_grid_demand_mw(grid) - 18000.0) < 20.0);
        assert_true(fabs(sv_grid_capacity_mw(grid) - 24000.0) < 250.0);
        assert_true(fabs(share_of(grid, SV_GEN_NUCLEAR) - 0.40) < 0.01);
        assert_true(fabs(share_of(grid, SV_GEN_HYDRO) - 0.15) < 0.01);
        assert_true(fabs(share_of(grid, SV_GEN_THERMAL) - 0.38) < 0.01); /* heat and power among it */
        double imports = 0.0, sites[SV_N_SITE_CLASS] = {0.0}, class_mw[SV_N_CLASS] = {0.0};
        for (int32_t k = 0; k < grid->n_interconnector; k++)
            imports += grid->interconnector[k].limit_mw;
        for (int32_t d = 0; d < grid->n_load; d++) {
            class_mw[grid->load[d].class_] += grid->load[d].p_mw;
            assert_true(grid->load[d].p_mw > 0.0 && grid->load[d].people >= 0.0);
        }
        for (int32_t s = 0; s < grid->n_site; s++)
            sites[grid->site[s].class_] += 1.0;
        assert_true(fabs(imports - 2450.0) < 50.0);
        assert_true(sites[SV_SITE_NUCLEAR] >= 3.0 && sites[SV_SITE_THERMAL] >= 8.0 &&
                    sites[SV_SITE_SUBSTATION] > 100.0);
        for (int c = 0; c < SV_N_CLASS; c++)
            assert_true(class_mw[c] > 0.05 * 18000.0);
        assert_true(fabs(demand_mw(grid, peak_hour(grid)) - 18000.0) < 0.01 * 18000.0);
        sv_grid_free(&grid);
    }
}

/* The night valley is .60 to .65 of the day's peak; winter days are colder and want more than autumn ones. */
static void profiles_have_the_shape_of_a_winter(void **unused)
{
    (void)unused;
    sv_grid *grid = country(300, 6);
    assert_int_equal(grid->series[0].n_h, 3624);
    assert_true(grid->series[0].t0_h == sv_hour_from_date(2026, 11, 1, 0));
    double valley = 0.0, november = 0.0, january = 0.0;
    for (int32_t day = 0; day < 151; day++) {
        double low = INFINITY, high = 0.0, sum = 0.0;
        for (int32_t h = 0; h < 24; h++) {
            double mw = demand_mw(grid, day * 24 + h);
            low = fmin(low, mw);
            high = fmax(high, mw);
            sum += mw;
        }
        valley += low / high / 151.0;
        november += day < 14 ? sum : 0.0;
        january += day >= 68 && day < 82 ? sum : 0.0;
    }
    assert_true(valley > 0.58 && valley < 0.68);
    assert_true(january / november > 1.1 && january / november < 1.4);
    for (int32_t k = 0; k < grid->n_series; k++)
        for (int64_t t = 0; t < grid->series[k].n_h; t++)
            assert_true(isfinite(grid->series[k].value[t]));
    for (int32_t g = 0; g < grid->n_gen; g++)
        for (int64_t t = 0; grid->gen[g].i_series >= 0 && t < 3624; t++)
            assert_true(at_hour(grid, grid->gen[g].i_series, t) >= 0.0 &&
                        at_hour(grid, grid->gen[g].i_series, t) <= 1.0);
    sv_grid_free(&grid);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void every_site_has_its_own_name(void **unused)
{
    (void)unused;
    sv_grid *grid = country(2000, 4);
    const char **name = (const char **)calloc((size_t)grid->n_site, sizeof *name);
    assert_non_null(name);
    for (int32_t s = 0; s < grid->n_site; s++) {
        name[s] = grid->site[s].name;
        assert_true(name[s] != NULL && strlen(name[s]) >= 5);
    }
    qsort((void *)name, (size_t)grid->n_site, sizeof *name, compare_names);
    for (int32_t s = 1; s < grid->n_site; s++)
        assert_string_not_equal(name[s - 1], name[s]);
    free((void *)name);
    sv_grid_free(&grid);
}

/* ---- promises ------------------------------------------------------------------------------ */

static void follows_from_size_and_seed(void **unused)
{
    (void)unused;
    sv_grid *a = country(120, 3), *b = country(120, 3), *c = country(120, 4), *d = country(121, 3);
    assert_true(a->fingerprint == b->fingerprint);
    assert_string_equal(a->name, b->name);
    assert_true(a->fingerprint != c->fingerprint && a->fingerprint != d->fingerprint);
    sv_grid_free(&a);
    sv_grid_free(&b);
    sv_grid_free(&c);
    sv_grid_free(&d);
}

/* A day has the same weather and demand whatever the span asked for. */
static void a_longer_span_holds_the_shorter_one(void **unused)
{
    (void)unused;
    sv_synth_settings settings = sv_synth_defaults();
    settings.n_bus = 60;
    sv_error err = {0};
    sv_grid *winter = NULL, *week = NULL;
    assert_int_equal(sv_synth_new(&winter, &settings, &err), SV_OK);
    settings.t0_h += 240;
    settings.n_h = 168;
    assert_int_equal(sv_synth_new(&week, &settings, &err), SV_OK);
    assert_int_equal(winter->n_series, week->n_series);
    for (int32_t k = 0; k < week->n_series; k++) {
        assert_string_equal(winter->series[k].id, week->series[k].id);
        assert_memory_equal(week->series[k].value, winter->series[k].value + 240, 168 * sizeof(float));
    }
    sv_grid_free(&winter);
    sv_grid_free(&week);
}

static void refuses_sizes_out_of_range(void **unused)
{
    (void)unused;
    static const int32_t size[] = {INT32_MIN, -1, 0, 1, 29, 50001, INT32_MAX};
    sv_grid *grid = NULL;
    for (size_t k = 0; k < sizeof size / sizeof size[0]; k++) {
        sv_synth_settings settings = sv_synth_defaults();
        settings.n_bus = size[k];
        sv_error err = {0};
        assert_int_equal(sv_synth_new(&grid, &settings, &err), SV_EUSAGE);
        assert_null(grid);
        assert_non_null(strstr(err.text, "accepted: 30 to 50000"));
    }
    sv_synth_settings settings = sv_synth_defaults();
    settings.n_h = 0;
    sv_error err = {0};
    assert_int_equal(sv_synth_new(&grid, &settings, &err), SV_EUSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_is_one_network_that_serves_its_peak),
        cmocka_unit_test(looks_like_a_real_grid),
        cmocka_unit_test(has_the_proportions_of_the_figures),
        cmocka_unit_test(profiles_have_the_shape_of_a_winter),
        cmocka_unit_test(every_site_has_its_own_name),
        cmocka_unit_test(follows_from_size_and_seed),
        cmocka_unit_test(a_longer_span_holds_the_shorter_one),
        cmocka_unit_test(refuses_sizes_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
