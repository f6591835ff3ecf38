/* People, load, fleet, regions and names of a fictional country, against the proportions of docs/model/synth.md. */
#include "synth/country.h"

#include <ctype.h>

static const int32_t sizes[] = {30, 100, 300, 2000};
enum { N_SIZE = sizeof sizes / sizeof sizes[0] };

static void for_each_country(void (*check)(const sv_grid *grid))
{
    for (int k = 0; k < N_SIZE; k++) {
        const uint64_t end = sizes[k] > 300 ? 2 : 4;
        for (uint64_t seed = 1; seed < end; seed++) {
            sv_grid *grid = make_country(sizes[k], seed, 24);
            check(grid);
            sv_grid_free(&grid);
        }
    }
}

/* ---- people and load ----------------------------------------------------------------------- */

static void check_people(const sv_grid *grid)
{
    const double n = grid->n_bus;
    double people[SV_N_CLASS] = {0}, mw[SV_N_CLASS] = {0};
    for (int32_t i = 0; i < grid->n_load; i++) {
        const sv_load *d = &grid->load[i];
        assert_true(d->p_mw > 0.0);
        assert_true(d->people == floor(d->people));
        people[d->class_] += d->people;
        mw[d->class_] += d->p_mw;
    }
    const double peak = mw[0] + mw[1] + mw[2], all = people[0] + people[1] + people[2];
    between(all / n, 35e6 / 300.0 - 20.0, 35e6 / 300.0 + 20.0, "people a bus");
    between(peak / n, 60.0 - 0.01, 60.0 + 0.01, "MW of winter peak a bus");
    between(mw[SV_CRITICAL] / peak, 0.09, 0.11, "share of critical load");
    between(mw[SV_HOUSEHOLD] / peak, 0.55, 0.65, "share of household load");
    between(mw[SV_INDUSTRY] / peak, 0.25, 0.35, "share of industry");
    between(people[SV_CRITICAL] / all, 0.07, 0.09, "people on critical feeders");
    assert_true(people[SV_INDUSTRY] <= 0.0);
}

static void people_and_load_are_those_of_the_facts(void **unused)
{
    (void)unused;
    for_each_country(check_people);
}

/* ---- fleet --------------------------------------------------------------------------------- */

static void check_fleet(const sv_grid *grid)
{
    double mw[SV_N_GEN_KIND] = {0}, imports = 0.0, storage = 0.0, n = grid->n_bus;
    const double total = sv_grid_capacity_mw(grid), peak = sv_grid_demand_mw(grid);
    for (int32_t i = 0; i < grid->n_gen; i++) {
        const sv_gen *g = &grid->gen[i];
        mw[g->kind] += g->p_max_mw;
        assert_true(g->p_max_mw > 0.0 && g->p_min_mw <= 0.0);
        assert_true(g->p_max_mw <= 1000.0);
        assert_true(g->p_max_mw <= 0.11 * peak); /* no unit that the country cannot lose */
    }
    between(total / n, 79.0, 81.0, "MW of plant a bus");
    between(mw[SV_GEN_NUCLEAR] / total, 0.39, 0.41, "nuclear share");
    between(mw[SV_GEN_THERMAL] / total, 0.37, 0.39, "share of coal, gas, heat and power"); /* 35 % and 3 % */
    between(mw[SV_GEN_HYDRO] / total, 0.14, 0.16, "hydro share");
    between((mw[SV_GEN_WIND] + mw[SV_GEN_SOLAR]) / total, 0.06, 0.08, "share of wind and solar");
    for (int32_t i = 0; i < grid->n_interconnector; i++)
        imports += grid->interconnector[i].limit_mw;
    for (int32_t i = 0; i < grid->n_storage; i++)
        storage += grid->storage[i].p_mw;
    between(imports, 2450.0 * sqrt(n / 300.0) - 1.0, 2450.0 * sqrt(n / 300.0) + 1.0, "imports, MW");
    between(storage / n, 0.6, 0.75, "MW of batteries a bus");
}

static void the_fleet_is_that_of_the_facts(void **unused)
{
    (void)unused;
    for_each_country(check_fleet);
}

/* Large transformers together 2 to 3 times the peak; as many substations as the facts say, for the country of 300 buses. */
static void substations_are_those_of_the_facts(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed < 10; seed++) {
        sv_grid *grid = make_country(300, seed, 24);
        double mva = 0.0;
        int32_t n_transformer = 0, n_main = 0;
        for (int32_t i = 0; i < grid->n_branch; i++) {
            if (sv_branch_is_transformer(grid, i)) {
                mva += grid->branch[i].rate_a_mva;
                n_transformer++;
            }
        }
        for (int32_t i = 0; i < grid->n_bus; i++)
            n_main += grid->bus[i].vn_kv == 330.0;
        between(mva / sv_grid_demand_mw(grid), 2.0, 3.0, "transformers over the peak");
        between(n_transformer, 125.0, 180.0, "large transformers");
        between(n_main, 90.0, 100.0, "main substations");
        sv_grid_free(&grid);
    }
}

/* ---- regions ------------------------------------------------------------------------------- */

static void check_regions(const sv_grid *grid)
{
    double *people = calloc((size_t)grid->n_region, sizeof *people), front = 0.0, all = sv_grid_people(grid);
    double x_front = 0.0, x_rear = 0.0;
    int32_t n_front = 0;
    assert_non_null(people);
    for (int32_t i = 0; i < grid->n_load; i++)
        people[grid->bus[grid->load[i].i_bus].i_region] += grid->load[i].people;
    const double wanted = floor(grid->n_bus / 12.5 + 0.5);
    assert_int_equal(grid->n_region, (int32_t)(wanted < 100.0 ? wanted : 100.0));
    for (int32_t r = 0; r < grid->n_region; r++) {
        assert_true(people[r] > 0.0);
        n_front += grid->region[r].zone == SV_ZONE_FRONT;
        if (grid->region[r].zone == SV_ZONE_FRONT) {
            front += people[r];
            x_front += grid->region[r].x_km;
        } else
            x_rear += grid->region[r].x_km;
    }
    assert_true(n_front > 0 && n_front < grid->n_region);
    assert_true(x_front / n_front > x_rear / (grid->n_region - n_front)); /* in the east */
    if (grid->n_bus >= 300)
        between(front / all, 0.18, 0.32, "people at the front");
    free(people);
}

static void regions_cover_the_country_and_the_front_is_in_the_east(void **unused)
{
    (void)unused;
    for_each_country(check_regions);
}

static void check_sites(const sv_grid *grid)
{
    int32_t n_of[SV_N_SITE_CLASS] = {0};
    for (int32_t i = 0; i < grid->n_bus; i++) {
        assert_int_equal(grid->bus[i].i_region, grid->site[grid->bus[i].i_site].i_region);
        assert_true(grid->bus[i].x_km == grid->site[grid->bus[i].i_site].x_km);
    }
    for (int32_t i = 0; i < grid->n_gen; i++) {
        const sv_gen *g = &grid->gen[i];
        const sv_site_class class_ = grid->site[grid->bus[g->i_bus].i_site].class_;
        if (g->kind == SV_GEN_NUCLEAR)
            assert_int_equal(class_, SV_SITE_NUCLEAR);
        if (g->kind == SV_GEN_HYDRO)
            assert_int_equal(class_, SV_SITE_HYDRO);
    }
    for (int32_t i = 0; i < grid->n_site; i++) {
        n_of[grid->site[i].class_]++;
        assert_true(grid->site[i].n_unit > 0);
        assert_int_equal(grid->site[i].shelter, 0);
    }
    for (int32_t k = 0; k < SV_N_SITE_CLASS; k++)
        assert_true(n_of[k] > 0);
    assert_false(grid->sites_derived || grid->regions_derived);
}

static void every_site_has_units_a_class_and_a_place(void **unused)
{
    (void)unused;
    for_each_country(check_sites);
}

/* Shifted Zipf: rank-size slope of the cities between -1 and 0, steepest for the largest; no city has half of the people. */
static void cities_follow_a_rank_size_rule(void **unused)
{
    (void)unused;
    sv_grid *grid = make_country(300, 6, 24);
    double most = 0.0, *of_site = calloc((size_t)grid->n_site, sizeof *of_site), city = 0.0;
    assert_non_null(of_site);
    for (int32_t i = 0; i < grid->n_load; i++)
        of_site[grid->bus[grid->load[i].i_bus].i_site] += grid->load[i].people;
    for (int32_t i = 0; i < grid->n_site; i++) { /* "Name Centre", "Name North 2" are one city: its first word */
        const size_t n = strcspn(grid->site[i].name, " ");
        city = 0.0;
        for (int32_t k = 0; k < grid->n_site; k++)
            if (strncmp(grid->site[k].name, grid->site[i].name, n) == 0 && strchr(" ", grid->site[k].name[n]))
                city += of_site[k];
        most = fmax(most, city);
    }
    between(most / 35e6, 0.05, 0.12, "share of the largest city");
    free(of_site);
    sv_grid_free(&grid);
}

/* ---- names --------------------------------------------------------------------------------- */

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void no_name_twice(const char **name, int32_t n)
{
    qsort(name, (size_t)n, sizeof *name, compare_texts);
    for (int32_t i = 1; i < n; i++)
        if (strcmp(name[i - 1], name[i]) == 0)
            fail_msg("'%s' is there twice", name[i]);
}

/* Capital first, then small letters: what the tables of syllables can give. */
static void check_word(const char *text, size_t n)
{
    assert_true(n >= 5 && n <= 30);
    for (size_t i = 0; i < n; i++)
        assert_true(i ? islower((unsigned char)text[i]) : isupper((unsigned char)text[i]));
}

static void check_names(const sv_grid *grid)
{
    const int32_t most = grid->n_bus > grid->n_site ? grid->n_bus : grid->n_site;
    const char **name = calloc((size_t)most, sizeof *name);
    assert_non_null(name);
    check_word(grid->name, strlen(grid->name));
    for (int32_t i = 0; i < grid->n_site; i++) {
        name[i] = grid->site[i].name;
        check_word(name[i], strcspn(name[i], " "));
    }
    no_name_twice(name, grid->n_site);
    for (int32_t i = 0; i < grid->n_bus; i++)
        name[i] = grid->bus[i].name;
    no_name_twice(name, grid->n_bus);
    for (int32_t i = 0; i < grid->n_region; i++)
        name[i] = grid->region[i].name;
    no_name_twice(name, grid->n_region);
    free((void *)name);
}

static void names_are_words_and_unique(void **unused)
{
    (void)unused;
    for_each_country(check_names);
}

/* ---- the same again ------------------------------------------------------------------------ */

static void the_same_seed_gives_the_same_country(void **unused)
{
    (void)unused;
    for (int k = 0; k < 3; k++) {
        sv_grid *a = make_country(sizes[k], 7, 0), *b = make_country(sizes[k], 7, 0), *c = make_country(sizes[k], 8, 0);
        assert_string_equal(a->name, b->name);
        assert_true(a->fingerprint == b->fingerprint);
        assert_true(a->fingerprint != c->fingerprint);
        sv_grid_free(&a);
        sv_grid_free(&b);
        sv_grid_free(&c);
    }
}

/* All 64 bits of the seed count. */
static void large_seeds_are_countries_of_their_own(void **unused)
{
    (void)unused;
    sv_grid *a = make_country(30, 1, 24), *b = make_country(30, UINT64_C(1) + (UINT64_C(1) << 40), 24),
            *c = make_country(30, UINT64_MAX, 24);
    assert_true(a->fingerprint != b->fingerprint && b->fingerprint != c->fingerprint);
    sv_grid_free(&a);
    sv_grid_free(&b);
    sv_grid_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_and_load_are_those_of_the_facts),
        cmocka_unit_test(the_fleet_is_that_of_the_facts),
        cmocka_unit_test(substations_are_those_of_the_facts),
        cmocka_unit_test(regions_cover_the_country_and_the_front_is_in_the_east),
        cmocka_unit_test(every_site_has_units_a_class_and_a_place),
        cmocka_unit_test(cities_follow_a_rank_size_rule),
        cmocka_unit_test(names_are_words_and_unique),
        cmocka_unit_test(the_same_seed_gives_the_same_country),
        cmocka_unit_test(large_seeds_are_countries_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
