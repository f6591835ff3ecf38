/* season: a system that can be checked by hand, closed forms for waves and durations, same bits, storage, weather. */
#include "season/private.h"
#include "svitlo/season.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance;
}

static int64_t first_hour(void)
{
    return sv_hour_from_date(2026, 11, 1, 0);
}

static int32_t add_series(sv_draft *draft, const char *id, const float *value, int64_t n)
{
    sv_series series = {.id = id, .t0_h = first_hour(), .n_h = n, .value = value};
    return sv_draft_add_series(draft, &series);
}

static void add_bus(sv_draft *draft, const char *id)
{
    sv_bus bus = sv_bus_default();
    bus.id = id;
    bus.vn_kv = 110.0;
    sv_draft_add_bus(draft, &bus);
}

static void add_gen(sv_draft *draft, const char *id, int32_t bus, double p_max_mw, double mttf_h, double mttr_h,
                    int32_t i_series)
{
    sv_gen gen = sv_gen_default();
    gen.id = id;
    gen.i_bus = bus;
    gen.p_max_mw = p_max_mw;
    gen.mttf_h = mttf_h;
    gen.mttr_h = mttr_h;
    gen.i_series = i_series;
    sv_draft_add_gen(draft, &gen);
}

static void add_load(sv_draft *draft, const char *id, int32_t bus, double p_mw, double people, sv_class class_,
                     int32_t i_series)
{
    sv_load load = sv_load_default();
    load.id = id;
    load.i_bus = bus;
    load.p_mw = p_mw;
    load.people = people;
    load.class_ = class_;
    load.i_series = i_series;
    sv_draft_add_load(draft, &load);
}

static sv_grid *grid_of(sv_draft *draft)
{
    sv_grid *grid = NULL;
    sv_error err = {0};
    if (sv_grid_new(&grid, draft, &err) != SV_OK)
        print_error("%s\n", err.text);
    assert_non_null(grid);
    sv_draft_free(&draft);
    return grid;
}

/* Three units of 10 MW up with probability .9, other supply 5, 6, 7, 8 MW, load 25, 28, 27, 24 MW (NREL's PRAS). */
static sv_grid *hand_grid(void)
{
    static const float load[] = {25.0F, 28.0F, 27.0F, 24.0F}, other[] = {0.5F, 0.6F, 0.7F, 0.8F};
    sv_draft *draft = sv_draft_new();
    add_bus(draft, "A");
    int32_t load_series = add_series(draft, "load", load, 4), other_series = add_series(draft, "other", other, 4);
    for (int k = 0; k < 3; k++) {
        char id[16];
        snprintf(id, sizeof id, "G%d", k);
        add_gen(draft, id, 0, 10.0, 10.0, 1.0 / 0.9, -1);
    }
    add_gen(draft, "V", 0, 10.0, 0.0, 0.0, other_series);
    add_load(draft, "L", 0, 1.0, 100.0, SV_HOUSEHOLD, load_series);
    return grid_of(draft);
}

static sv_season_settings settings_for(int64_t n_h, bool network)
{
    sv_season_settings settings = sv_season_defaults();
    settings.t0_h = first_hour();
    settings.n_h = n_h;
    settings.network = network;
    return settings;
}

static sv_season *season_of(const sv_grid *grid, const sv_season_settings *settings)
{
    sv_season *season = NULL;
    sv_error err = {0};
    if (sv_season_new(&season, grid, settings, &err) != SV_OK)
        print_error("%s\n", err.text);
    assert_non_null(season);
    return season;
}

static void hand_checkable_system(void **unused)
{
    (void)unused;
    const double lolp[] = {0.028, 0.271, 0.028, 0.028}, eue[] = {0.29, 0.832, 0.29, 0.178};
    sv_grid *grid = hand_grid();
    for (int network = 0; network < 2; network++) {
        sv_season_settings settings = settings_for(4, network == 1);
        settings.outages = true;
        sv_season *season = season_of(grid, &settings);
        sv_season_row *row = sv_season_row_new(grid, 4);
        const int n = 200000;
        double hits[4] = {0}, energy[4] = {0}, squares[4] = {0}, lole = 0.0, eens = 0.0;
        for (int64_t k = 0; k < n; k++) {
            assert_int_equal(sv_season_run(season, 42, k, row), SV_OK);
            for (int t = 0; t < 4; t++) {
                double shed = (double)row->hour_shed_mw[t];
                hits[t] += shed > 0.0;
                energy[t] += shed;
                squares[t] += shed * shed;
            }
            lole += row->lole_h;
            eens += row->eens_mwh;
        }
        for (int t = 0; t < 4; t++) {
            double mean = energy[t] / n, se = sqrt((squares[t] / n - mean * mean) / n);
            assert_true(near(hits[t] / n, lolp[t], 3.5 * sqrt(lolp[t] * (1.0 - lolp[t]) / n)));
            assert_true(near(mean, eue[t], 3.5 * se + 5e-4)); /* the published figures have three digits */
        }
        assert_true(near(lole / n, 0.355, 0.005) && near(eens / n, 1.59, 0.03));
        sv_season_row_free(&row);
        sv_season_free(&season);
    }
    sv_grid_free(&grid);
}

/* One unit; the load is above it in hours 2-6 (by half), 8-9 (all of the time the same half) and 20-100. */
static void durations_follow_layers(void **unused)
{
    (void)unused;
    enum { N_H = 120 };
    float share[N_H];
    for (int t = 0; t < N_H; t++)
        share[t] = t >= 2 && t < 7 ? 2.0F : t >= 8 && t < 10 ? 4.0F : t >= 20 && t < 100 ? 1.25F : 1.0F;
    share[50] = 2.0F; /* for one hour half are off, in the midst of the long run */
    sv_draft *draft = sv_draft_new();
    add_bus(draft, "A");
    add_gen(draft, "G", 0, 10.0, 0.0, 0.0, -1);
    add_load(draft, "L", 0, 10.0, 1000.0, SV_HOUSEHOLD, add_series(draft, "load", share, N_H));
    sv_grid *grid = grid_of(draft);
    sv_season_settings settings = settings_for(N_H, false);
    sv_season *season = season_of(grid, &settings);
    sv_season_row *row = sv_season_row_new(grid, N_H);
    assert_int_equal(sv_season_run(season, 1, 0, row), SV_OK);
    /* Off: 500 of 1000 for 5 h, 750 for 2 h, 200 for 80 h with 500 for one of them. */
    assert_true(near(row->people_hours, 500.0 * 5 + 750.0 * 2 + 200.0 * 79 + 500.0, 1e-3));
    assert_true(near(row->off_people[0], 500.0, 1e-3)); /* longer than 4 h: the 500 of the first run */
    assert_true(near(row->off_people[1], 200.0, 1e-3)); /* 8 h */
    assert_true(near(row->off_people[3], 200.0, 1e-3)); /* 72 h */
    assert_true(near(row->longest_h, 80.0, 0.0));
    assert_true(near(row->worst_people, 750.0, 1e-3));
    assert_int_equal(row->worst_h, 8);
    assert_int_equal(row->n_event, 3);
    assert_int_equal(row->event[0].length_h, 5);
    assert_int_equal(row->event[2].start_h, 20);
    assert_int_equal(row->event[2].length_h, 80);
    assert_true(near(row->lole_h, 87.0, 0.0));
    assert_true(near(row->eens_mwh, 10.0 * 5 + 30.0 * 2 + 2.5 * 79 + 10.0, 1e-4));
    sv_season_row_free(&row);
    sv_season_free(&season);
    sv_grid_free(&grid);
}

/* 4 MW too little for 3 h, storage of 6 MWh and 4 MW, 80 % efficient, charged from 2 MW of surplus before. */
static void storage_is_charged_from_surplus_and_spent_on_shortage(void **unused)
{
    (void)unused;
    enum { N_H = 12 };
    float load[N_H];
    for (int t = 0; t < N_H; t++)
        load[t] = t >= 5 && t < 8 ? 14.0F : 8.0F;
    for (int network = 0; network < 2; network++) {
        sv_draft *draft = sv_draft_new();
        add_bus(draft, "A");
        add_gen(draft, "G", 0, 10.0, 0.0, 0.0, -1);
        add_load(draft, "L", 0, 1.0, 10.0, SV_HOUSEHOLD, add_series(draft, "load", load, N_H));
        sv_storage storage = sv_storage_default();
        storage.id = "S";
        storage.i_bus = 0;
        storage.p_mw = 4.0;
        storage.energy_mwh = 6.0;
        storage.efficiency = 0.8;
        storage.initial_soc = 0.0;
        sv_draft_add_storage(draft, &storage);
        sv_grid *grid = grid_of(draft);
        sv_season_settings settings = settings_for(N_H, network == 1);
        sv_season *season = season_of(grid, &settings);
        sv_season_row *row = sv_season_row_new(grid, N_H);
        assert_int_equal(sv_season_run(season, 1, 0, row), SV_OK);
        /* 5 h x 2 MW x 0.8 = 8 MWh offered, 6 kept: 4 + 2 of the 12 MWh wanted. */
        assert_true(near(row->eens_mwh, 6.0, 1e-6));
        assert_true(near((double)row->hour_shed_mw[5], 0.0, 1e-6) && near((double)row->hour_shed_mw[6], 2.0, 1e-6));
        assert_true(near((double)row->hour_shed_mw[7], 4.0, 1e-6));
        sv_season_row_free(&row);
        sv_season_free(&season);
        sv_grid_free(&grid);
    }
}

/* A small country under waves: three substations, two plants, all kinds of events. */
static sv_grid *small_country(void)
{
    enum { N_H = 24 * 90 };
    static float profile[N_H];
    for (int t = 0; t < N_H; t++)
        profile[t] = 0.75F + 0.25F * (float)sin(6.283185307 * t / 24.0);
    sv_draft *draft = sv_draft_new();
    int32_t series = add_series(draft, "load", profile, N_H);
    const char *ids[] = {"1", "2", "3", "4", "5", "6"};
    for (int i = 0; i < 6; i++)
        add_bus(draft, ids[i]);
    const int ends[][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}, {1, 4}, {0, 1}};
    for (int l = 0; l < 8; l++) {
        char id[16];
        snprintf(id, sizeof id, "b%d", l);
        sv_branch branch = sv_branch_default();
        branch.id = id;
        branch.i_from = ends[l][0];
        branch.i_to = ends[l][1];
        branch.x_pu = 0.1;
        branch.rate_a_mva = 90.0;
        branch.mttf_h = 900.0;
        branch.mttr_h = 12.0;
        sv_draft_add_branch(draft, &branch);
    }
    add_gen(draft, "G1", 0, 200.0, 500.0, 40.0, -1);
    add_gen(draft, "G2", 3, 150.0, 600.0, 60.0, -1);
    for (int i = 0; i < 6; i++) {
        char id[16];
        snprintf(id, sizeof id, "L%d", i);
        add_load(draft, id, i, 40.0, 1000.0, (sv_class)(i % 3), series);
    }
    return grid_of(draft);
}

static sv_season_settings country_settings(bool network)
{
    sv_season_settings settings = settings_for(24 * 90, network);
    settings.outages = true;
    settings.waves.rate_per_week = 1.0;
    settings.waves.size_median = 40.0;
    settings.repair.crews_per_region = 3;
    settings.cold_spread_c = 3.0;
    settings.per_degree_cold = 0.017;
    return settings;
}

static void check_row(const sv_grid *grid, const sv_season_settings *settings, const sv_season_row *row)
{
    double region = 0.0, class_ = 0.0, region_people = 0.0, hours = 0.0, hour_people = 0.0;
    for (int32_t r = 0; r < grid->n_region; r++) {
        region += row->region_mwh[r];
        region_people += row->region_people_hours[r];
    }
    for (int c = 0; c < SV_N_CLASS; c++)
        class_ += row->class_mwh[c];
    for (int64_t t = 0; t < settings->n_h; t++) {
        hours += (double)row->hour_shed_mw[t];
        hour_people += (double)row->hour_people[t];
        assert_true((double)row->hour_people[t] <= sv_grid_people(grid) * (1.0 + 1e-6));
    }
    double small = 1e-6 * (1.0 + row->eens_mwh);
    assert_true(near(region, row->eens_mwh, small) && near(class_, row->eens_mwh, small));
    assert_true(near(hours, row->eens_mwh, 1e-5 * (1.0 + row->eens_mwh)));
    assert_true(near(region_people, row->people_hours, 1e-6 * (1.0 + row->people_hours)));
    assert_true(near(hour_people, row->people_hours, 1e-5 * (1.0 + row->people_hours)));
    assert_true(row->eens_mwh <= row->demand_mwh && row->lole_h <= (double)settings->n_h);
    assert_true(row->n_unit_repaired <= row->n_unit_lost + row->n_strike);
    for (int k = 1; k < SV_N_OFF; k++)
        assert_true(row->off_people[k] <= row->off_people[k - 1] + 1e-9);
}

static void seasons_are_sums_of_their_parts_and_the_same_bits_again(void **unused)
{
    (void)unused;
    sv_grid *grid = small_country();
    for (int network = 0; network < 2; network++) {
        sv_season_settings settings = country_settings(network == 1);
        sv_season *a = season_of(grid, &settings), *b = season_of(grid, &settings);
        sv_season_row *row = sv_season_row_new(grid, settings.n_h), *again = sv_season_row_new(grid, settings.n_h);
        double eens = 0.0, lost = 0.0, repaired = 0.0;
        for (int64_t k = 0; k < 12; k++) {
            assert_int_equal(sv_season_run(a, 9, k, row), SV_OK);
            check_row(grid, &settings, row);
            /* Another workspace, after other seasons. */
            assert_int_equal(sv_season_run(b, 9, (k * 5) % 12, again), SV_OK);
            assert_int_equal(sv_season_run(b, 9, k, again), SV_OK);
            assert_memory_equal(&row->eens_mwh, &again->eens_mwh, sizeof row->eens_mwh);
            assert_memory_equal(row->hour_shed_mw, again->hour_shed_mw, sizeof(float) * (size_t)settings.n_h);
            assert_memory_equal(row->off_people, again->off_people, sizeof row->off_people);
            eens += row->eens_mwh;
            lost += row->n_unit_lost;
            repaired += row->n_unit_repaired;
        }
        assert_true(eens > 0.0 && lost > 0.0 && repaired > 0.0);
        sv_season_row_free(&row);
        sv_season_row_free(&again);
        sv_season_free(&a);
        sv_season_free(&b);
    }
    sv_grid_free(&grid);
}

/* The network can only make it worse; more crews, no waves or no outages never can in the mean of the same winters. */
static void levers_point_the_right_way(void **unused)
{
    (void)unused;
    sv_grid *grid = small_country();
    double eens[5] = {0};
    for (int variant = 0; variant < 5; variant++) {
        sv_season_settings settings = country_settings(variant != 1);
        if (variant == 2)
            settings.repair.crews_per_region = 30;
        if (variant == 3)
            settings.waves.rate_per_week = 0.0;
        if (variant == 4)
            settings.demand_scale = 1.2;
        sv_season *season = season_of(grid, &settings);
        sv_season_row *row = sv_season_row_new(grid, settings.n_h);
        for (int64_t k = 0; k < 40; k++) {
            assert_int_equal(sv_season_run(season, 5, k, row), SV_OK);
            eens[variant] += row->eens_mwh;
        }
        sv_season_row_free(&row);
        sv_season_free(&season);
    }
    assert_true(eens[1] < eens[0] && eens[2] < eens[0] && eens[3] < eens[0] && eens[4] > eens[0]);
    sv_grid_free(&grid);
}

static void weather_has_its_spread(void **unused)
{
    (void)unused;
    sv_grid *grid = small_country();
    sv_season_settings settings = country_settings(false);
    settings.colder_by_c = 2.0;
    sv_arena *arena = sv_arena_new();
    supply hours;
    assert_int_equal(supply_new(&hours, grid, &settings, arena, NULL), SV_OK);
    double sum = 0.0, squares = 0.0, lagged = 0.0;
    int n = 0;
    for (int64_t k = 0; k < 400; k++) {
        supply_reset(&hours, 3, k);
        double last = 0.0;
        for (int32_t day = 0; day < hours.n_day; day++, n++) {
            double colder_c = (hours.weather[day] - 1.0) / 0.017 - 2.0;
            sum += colder_c;
            squares += colder_c * colder_c;
            lagged += colder_c * last;
            last = colder_c;
        }
    }
    assert_true(near(sum / n, 0.0, 0.2));
    assert_true(near(sqrt(squares / n), 3.0, 0.1));
    assert_true(near(lagged / squares, exp(-1.0 / 5.0), 0.02));
    sv_arena_free(arena);
    sv_grid_free(&grid);
}

static void refuses_seasons_that_cannot_be(void **unused)
{
    (void)unused;
    sv_grid *grid = small_country();
    sv_season *season = NULL;
    static const char *const says[] = {"empty", "series 'load' of the grid covers 2026-11-01",
                                       "series 'load' of the grid covers 2026-11-01", "MW; accepted: at most 1e+12 MW"};
    for (int k = 0; k < 4; k++) {
        sv_season_settings settings = country_settings(true);
        sv_error err = {0};
        if (k == 0)
            settings.n_h = 0;
        if (k == 1)
            settings.n_h += 1;
        if (k == 2)
            settings.t0_h -= 1;
        if (k == 3)
            settings.demand_scale = 1e13;
        assert_int_equal(sv_season_new(&season, grid, &settings, &err), SV_EUSAGE);
        assert_null(season);
        assert_non_null(strstr(err.text, says[k]));
    }
    int64_t t0 = 0, t1 = 0;
    assert_true(sv_season_span(grid, &t0, &t1));
    assert_int_equal(t0, first_hour());
    assert_int_equal(t1 - t0, 24 * 90);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hand_checkable_system),
        cmocka_unit_test(durations_follow_layers),
        cmocka_unit_test(storage_is_charged_from_surplus_and_spent_on_shortage),
        cmocka_unit_test(seasons_are_sums_of_their_parts_and_the_same_bits_again),
        cmocka_unit_test(levers_point_the_right_way),
        cmocka_unit_test(weather_has_its_spread),
        cmocka_unit_test(refuses_seasons_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
