/* Waves against what can be computed by hand: rates, sizes, classes, revisits, interception, damage. */
#include "hazard/country.h"

static const country_plan plain = {.substations = 8, .thermals = 4, .hydros = 3, .units = 3, .sheltered_site = -1};
static const int64_t winter_h = 3624;

static sv_hazard *new_hazard(const sv_grid *grid, const sv_wave_settings *settings, int64_t n_h)
{
    sv_hazard *hazard = NULL;
    sv_error err = {0};
    sv_status status = sv_hazard_new(&hazard, grid, settings, 0, n_h, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, SV_OK);
    return hazard;
}

/* One strike a wave, always through, always complete: each wave shows its site and unit. */
static sv_wave_settings single_strikes(void)
{
    sv_wave_settings s = sv_wave_defaults();
    s.rate_per_week = 40.0;
    s.size_median = 1.0;
    s.size_spread = 0.0;
    s.reach = 1.0;
    s.revisit = 0.0;
    s.units_hit = 0.0;
    s.cover[SV_ZONE_REAR] = s.cover[SV_ZONE_FRONT] = 0.0;
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++)
        for (int32_t d = 0; d < SV_N_DAMAGE; d++)
            s.damage[c][d] = d == SV_COMPLETE;
    return s;
}

static double chi_square(const double *seen, const double *share, int32_t n)
{
    double total = 0.0, sum = 0.0;
    for (int32_t i = 0; i < n; i++)
        total += seen[i];
    for (int32_t i = 0; i < n; i++)
        sum += (seen[i] - total * share[i]) * (seen[i] - total * share[i]) / (total * share[i]);
    return sum;
}

static void defaults_are_accepted_and_bring_no_waves(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    sv_wave_settings s = sv_wave_defaults();
    sv_hazard *hazard = new_hazard(grid, &s, winter_h);
    sv_hazard_reset(hazard, 1, 0);
    assert_int_equal(sv_hazard_next_h(hazard), INT64_MAX);
    const sv_hit *hits = NULL;
    assert_int_equal(sv_hazard_step(hazard, NULL, &hits), 0);
    sv_hazard_free(&hazard);
    assert_null(hazard);
    sv_hazard_free(&hazard);
    sv_grid_free(&grid);
}

/* With trend: mean and variance of the count, and the mean of the first half, equal the integral of the rate. */
static void number_of_waves_follows_the_integral(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    const double trend[] = {0.0, 0.15, -0.3};
    for (int32_t k = 0; k < 3; k++) {
        sv_wave_settings s = sv_wave_defaults();
        s.rate_per_week = 0.6;
        s.trend_per_month = trend[k];
        s.reach = 0.0;
        sv_hazard *hazard = new_hazard(grid, &s, winter_h);
        double expected = 0.0, expected_first = 0.0; /* plain sum over minutes */
        for (int64_t m = 0; m < winter_h * 60; m++) {
            double rate = 0.6 / (168.0 * 60.0) * pow(1.0 + trend[k], ((double)m + 0.5) / (720.0 * 60.0));
            expected += rate;
            expected_first += m < winter_h * 30 ? rate : 0.0;
        }
        const int32_t n = 4000;
        double sum = 0.0, squares = 0.0, first = 0.0;
        for (int32_t season = 0; season < n; season++) {
            sv_hazard_reset(hazard, 7, season);
            int64_t last = 0;
            double count = 0.0;
            for (int64_t t = sv_hazard_next_h(hazard); t != INT64_MAX; t = sv_hazard_next_h(hazard)) {
                assert_true(t >= last && t < winter_h);
                last = t;
                count += 1.0;
                first += t < winter_h / 2;
                assert_int_equal(sv_hazard_step(hazard, NULL, NULL), 0);
            }
            sum += count;
            squares += count * count;
        }
        double mean = sum / n, variance = squares / n - mean * mean;
        assert_true(errors_off(mean, expected, sqrt(expected), n) < 4.0);
        assert_true(errors_off(first / n, expected_first, sqrt(expected_first), n) < 4.0);
        assert_true(fabs(variance / expected - 1.0) < 0.12); /* 5 standard errors of a variance ratio, sqrt(2 / n) */
        sv_hazard_free(&hazard);
    }
    sv_grid_free(&grid);
}

static void calendar_waves_come_in_order_and_grow(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    sv_wave_settings s = sv_wave_defaults();
    int64_t t0_h = sv_hour_from_date(2026, 11, 1, 0);
    const int64_t offset[] = {1440, 5, -3, 720, 5000};
    for (int32_t i = 0; i < 5; i++)
        s.date_h[s.n_date++] = t0_h + offset[i];
    s.size_median = 100.0;
    s.size_spread = 0.0;
    s.reach = 0.2;
    s.trend_per_month = 0.15;
    sv_hazard *hazard = NULL;
    assert_int_equal(sv_hazard_new(&hazard, grid, &s, t0_h, winter_h, NULL), SV_OK);
    sv_hazard_reset(hazard, 1, 0);
    const int64_t hour[] = {5, 720, 1440};
    const int32_t size[] = {100, 115, 132}; /* 100, 100 * 1.15, 100 * 1.3225 = 132.25, rounded */
    for (int32_t i = 0; i < 3; i++) {
        sv_wave wave;
        assert_int_equal(sv_hazard_next_h(hazard), hour[i]);
        sv_hazard_step(hazard, &wave, NULL);
        assert_int_equal(wave.t_h, hour[i]);
        assert_int_equal(wave.size, size[i]);
        assert_in_range(wave.n_aimed, (int)(0.2 * size[i]), (int)(0.2 * size[i]) + 1);
    }
    assert_int_equal(sv_hazard_next_h(hazard), INT64_MAX);
    sv_hazard_free(&hazard);
    sv_grid_free(&grid);
}

static void sizes_are_lognormal(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    sv_wave_settings s = sv_wave_defaults();
    s.rate_per_week = 100.0;
    s.reach = 0.21;
    sv_hazard *hazard = new_hazard(grid, &s, winter_h);
    double n = 0.0, sum = 0.0, squares = 0.0, aimed = 0.0, objects = 0.0, below = 0.0;
    for (int32_t season = 0; season < 10; season++) {
        sv_hazard_reset(hazard, 3, season);
        while (sv_hazard_next_h(hazard) != INT64_MAX) {
            sv_wave wave;
            sv_hazard_step(hazard, &wave, NULL);
            double x = log((double)wave.size);
            n += 1.0;
            sum += x;
            squares += x * x;
            below += wave.size < 220 * exp(-0.6);
            aimed += wave.n_aimed;
            objects += wave.size;
        }
    }
    double mean = sum / n, spread = sqrt(squares / n - mean * mean);
    assert_true(n > 20000.0);
    assert_true(errors_off(mean, log(220.0), 0.6, n) < 4.0);
    assert_true(fabs(spread - 0.6) < 4.0 * 0.6 / sqrt(2.0 * n));
    assert_true(errors_off(below / n, 0.158655, sqrt(0.158655 * 0.841345), n) < 4.0);
    assert_true(fabs(aimed / objects / 0.21 - 1.0) < 0.002);
    sv_hazard_free(&hazard);
    sv_grid_free(&grid);
}

static void classes_and_zones_get_their_shares(void **unused)
{
    (void)unused;
    country_plan plan = plain;
    plan.empty_sites = true; /* they also give nuclear and renewable sites, without units: never aimed at */
    sv_grid *grid = new_country(&plan);
    sv_wave_settings s = single_strikes();
    s.strike_share[SV_SITE_NUCLEAR] = 5.0;
    s.exposure[SV_ZONE_FRONT] = 3.0;
    sv_hazard *hazard = new_hazard(grid, &s, winter_h);
    double by_class[3] = {0}, by_region[3] = {0}, by_unit[3] = {0}, by_substation[24] = {0};
    int32_t n_wave = 0;
    for (int32_t season = 0; season < 30; season++) {
        sv_hazard_reset(hazard, 11, season);
        while (sv_hazard_next_h(hazard) != INT64_MAX) {
            const sv_hit *hit = NULL;
            sv_wave wave;
            assert_int_equal(sv_hazard_step(hazard, &wave, &hit), 1);
            assert_int_equal(wave.n_site_hit, 1);
            assert_int_equal(hit->damage, SV_COMPLETE);
            const sv_unit *unit = &grid->unit[hit->i_unit];
            const sv_site *site = &grid->site[unit->i_site];
            int32_t class_ = site->class_ == SV_SITE_HYDRO ? 2 : (int32_t)site->class_;
            by_class[class_] += 1.0;
            by_region[site->i_region] += 1.0;
            if (site->class_ == SV_SITE_SUBSTATION) {
                by_unit[hit->i_unit - site->i_unit] += 1.0;
                by_substation[8 * site->i_region + (int32_t)(site - grid->site) % 20] += 1.0;
            }
            n_wave++;
        }
    }
    assert_true(n_wave > 20000);
    const double share[3] = {0.6, 0.3, 0.1}, region[3] = {0.2, 0.2, 0.6}, third[3] = {1 / 3.0, 1 / 3.0, 1 / 3.0};
    double each[24];
    for (int32_t i = 0; i < 24; i++)
        each[i] = region[i / 8] / 8.0;
    assert_true(chi_square(by_class, share, 3) < 18.4); /* 2 degrees of freedom, 1 in 10,000 */
    assert_true(chi_square(by_region, region, 3) < 18.4);
    assert_true(chi_square(by_unit, third, 3) < 18.4);       /* two buses and a transformer */
    assert_true(chi_square(by_substation, each, 24) < 58.6); /* 23 degrees of freedom, below 1 in 10,000 */
    sv_hazard_free(&hazard);
    sv_grid_free(&grid);
}

static void no_weight_means_no_strike(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    for (int32_t k = 0; k < 2; k++) {
        sv_wave_settings s = single_strikes();
        for (int32_t c = 0; c < SV_N_SITE_CLASS && k == 0; c++)
            s.strike_share[c] = 0.0;
        for (int32_t z = 0; z < SV_N_ZONE && k == 1; z++)
            s.exposure[z] = 0.0;
        sv_hazard *hazard = new_hazard(grid, &s, winter_h);
        sv_hazard_reset(hazard, 1, 0);
        int32_t n_wave = 0;
        for (; sv_hazard_next_h(hazard) != INT64_MAX; n_wave++) {
            sv_wave wave;
            assert_int_equal(sv_hazard_step(hazard, &wave, NULL), 0);
            assert_int_equal(wave.n_aimed, 0);
        }
        assert_true(n_wave > 500);
        sv_hazard_free(&hazard);
    }
    sv_grid_free(&grid);
}

/* With one strike a wave the list of late sites can be kept here too. */
static void revisits_have_their_share(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    sv_wave_settings s = single_strikes();
    s.rate_per_week = 2.0;
    s.revisit = 0.5;
    s.revisit_days = 10.0;
    s.strike_share[SV_SITE_THERMAL] = s.strike_share[SV_SITE_HYDRO] = 0.0; /* 24 equal sites */
    sv_hazard *hazard = new_hazard(grid, &s, winter_h);
    double n = 0.0, seen = 0.0, expected = 0.0, variance = 0.0;
    for (int32_t season = 0; season < 400; season++) {
        int64_t last[64];
        for (int32_t i = 0; i < 64; i++)
            last[i] = -100000;
        sv_hazard_reset(hazard, 5, season);
        while (sv_hazard_next_h(hazard) != INT64_MAX) {
            int64_t t = sv_hazard_next_h(hazard);
            const sv_hit *hit = NULL;
            assert_int_equal(sv_hazard_step(hazard, NULL, &hit), 1);
            int32_t i_site = grid->unit[hit->i_unit].i_site, pool = 0;
            for (int32_t i = 0; i < 64; i++)
                pool += t - last[i] <= 240;
            double p = pool == 0 ? 0.0 : 0.5 + 0.5 * pool / 24.0;
            seen += t - last[i_site] <= 240;
            expected += p;
            variance += p * (1.0 - p);
            n += 1.0;
            last[i_site] = t;
        }
    }
    assert_true(n > 15000.0);
    assert_true(fabs(seen - expected) < 4.0 * sqrt(variance));
    sv_hazard_free(&hazard);
    sv_grid_free(&grid);
}

/* n strikes into one region with a cover that engages `saturates_at` of them. */
static void check_interception(const sv_grid *grid, double cover, double saturates_at, double n, double p)
{
    sv_wave_settings s = single_strikes();
    s.size_median = n;
    s.saturates_at = saturates_at;
    s.cover[SV_ZONE_FRONT] = cover;
    s.cover[SV_ZONE_REAR] = 0.1;
    s.exposure[SV_ZONE_REAR] = 0.0;
    sv_hazard *hazard = new_hazard(grid, &s, winter_h);
    double aimed = 0.0, intercepted = 0.0;
    for (int32_t season = 0; season < 3; season++) {
        sv_hazard_reset(hazard, 21, season);
        while (sv_hazard_next_h(hazard) != INT64_MAX) {
            sv_wave wave;
            sv_hazard_step(hazard, &wave, NULL);
            aimed += wave.n_aimed;
            intercepted += wave.n_intercepted;
        }
    }
    assert_true(aimed > 10000.0);
    if (p == 0.0 || p == 1.0)
        assert_true(intercepted == p * aimed);
    else
        assert_true(errors_off(intercepted / aimed, p, sqrt(p * (1.0 - p)), aimed) < 4.0);
    sv_hazard_free(&hazard);
}

static void interception_thins_and_saturates(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    check_interception(grid, 0.7, 0.0, 60.0, 0.7);
    check_interception(grid, 0.8, 10.0, 40.0, 0.2);
    check_interception(grid, 0.8, 40.0, 40.0, 0.8);
    check_interception(grid, 0.8, 15.0, 20.0, 0.6);
    check_interception(grid, 0.0, 0.0, 20.0, 0.0);
    check_interception(grid, 1.0, 0.0, 20.0, 1.0);
    sv_grid_free(&grid);
}

/* Each region saturates by itself: the rear one is not thinned by strikes at the front. */
static void regions_saturate_apart(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    sv_wave_settings s = single_strikes();
    s.size_median = 60.0;
    s.exposure[SV_ZONE_FRONT] = 18.0; /* nine strikes in ten */
    s.cover[SV_ZONE_REAR] = 1.0;
    s.cover[SV_ZONE_FRONT] = 1.0;
    s.saturates_at = 27.0;
    sv_hazard *hazard = new_hazard(grid, &s, winter_h);
    double aimed = 0.0, through = 0.0, rear_hit = 0.0;
    for (int32_t season = 0; season < 4; season++) {
        sv_hazard_reset(hazard, 2, season);
        while (sv_hazard_next_h(hazard) != INT64_MAX) {
            sv_wave wave;
            const sv_hit *hit = NULL;
            int32_t n = sv_hazard_step(hazard, &wave, &hit);
            for (int32_t k = 0; k < n; k++)
                rear_hit += grid->unit[hit[k].i_unit].i_region != 2;
            aimed += wave.n_aimed;
            through += wave.n_aimed - wave.n_intercepted;
        }
    }
    assert_true(rear_hit == 0.0);
    /* At the front n is binomial(60, 0.9), always above 27 in effect: n - 27 get through on average. */
    assert_true(fabs(through / aimed - (54.0 - 27.0) / 60.0) < 0.005);
    sv_hazard_free(&hazard);
    sv_grid_free(&grid);
}

static void damage_states_have_their_frequencies(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    sv_wave_settings s = single_strikes();
    const double odd[SV_N_DAMAGE] = {0.1, 0.4, 0.25, 0.2, 0.05};
    memcpy(s.damage[SV_UNIT_TRANSFORMER], odd, sizeof odd);
    memcpy(s.damage[SV_UNIT_THERMAL], sv_wave_defaults().damage[SV_UNIT_THERMAL], sizeof odd);
    sv_hazard *hazard = new_hazard(grid, &s, winter_h);
    double transformer[SV_N_DAMAGE] = {0}, thermal[SV_N_DAMAGE] = {0}, waves = 0.0, switchgear = 0.0;
    for (int32_t season = 0; season < 60; season++) {
        sv_hazard_reset(hazard, 13, season);
        while (sv_hazard_next_h(hazard) != INT64_MAX) {
            const sv_hit *hit = NULL;
            int32_t n = sv_hazard_step(hazard, NULL, &hit);
            waves += 1.0;
            if (n == 0)
                continue; /* only a transformer can be left unharmed */
            sv_unit_class class_ = grid->unit[hit->i_unit].class_;
            if (class_ == SV_UNIT_TRANSFORMER)
                transformer[hit->damage] += 1.0;
            if (class_ == SV_UNIT_THERMAL)
                thermal[hit->damage] += 1.0;
            switchgear += class_ == SV_UNIT_SWITCHGEAR;
        }
    }
    const double given_harm[4] = {0.4 / 0.9, 0.25 / 0.9, 0.2 / 0.9, 0.05 / 0.9}, reached[4] = {0.35, 0.3, 0.2, 0.15};
    assert_true(chi_square(&transformer[1], given_harm, 4) < 21.1); /* 3 degrees of freedom, 1 in 10,000 */
    assert_true(chi_square(&thermal[1], reached, 4) < 21.1);
    double harmed = transformer[1] + transformer[2] + transformer[3] + transformer[4];
    assert_true(errors_off(harmed / waves, 0.6 / 3.0 * 0.9, sqrt(0.18 * 0.82), waves) < 4.0);
    assert_true(switchgear > 0.0);
    sv_hazard_free(&hazard);
    sv_grid_free(&grid);
}

static void further_units_have_their_mean(void **unused)
{
    (void)unused;
    country_plan plan = {.thermals = 3, .units = 9, .sheltered_site = -1}; /* ten units a site with the bus */
    sv_grid *grid = new_country(&plan);
    const double mean[] = {0.0, 2.0, 9.0, 50.0}, seen[] = {1.0, 3.0, 10.0, 10.0};
    for (int32_t k = 0; k < 4; k++) {
        sv_wave_settings s = single_strikes();
        s.units_hit = mean[k];
        sv_hazard *hazard = new_hazard(grid, &s, winter_h);
        double n = 0.0, sum = 0.0;
        for (int32_t season = 0; season < 5; season++) {
            sv_hazard_reset(hazard, 4, season);
            for (; sv_hazard_next_h(hazard) != INT64_MAX; n += 1.0) {
                const sv_hit *hit = NULL;
                int32_t n_hit = sv_hazard_step(hazard, NULL, &hit);
                for (int32_t i = 0; i < n_hit; i++)
                    for (int32_t j = 0; j < i; j++)
                        assert_int_not_equal(hit[i].i_unit, hit[j].i_unit);
                sum += n_hit;
            }
        }
        double p = fmin(mean[k] / 9.0, 1.0), sigma = sqrt(9.0 * p * (1.0 - p));
        if (sigma == 0.0)
            assert_true(sum == seen[k] * n);
        else
            assert_true(errors_off(sum / n, seen[k], sigma, n) < 4.0);
        sv_hazard_free(&hazard);
    }
    sv_grid_free(&grid);
}

static void a_unit_stands_once_with_its_worst_state(void **unused)
{
    (void)unused;
    country_plan plan = {.thermals = 1, .units = 1, .sheltered_site = -1}; /* six units, a hundred strikes */
    sv_grid *grid = new_country(&plan);
    sv_wave_settings s = sv_wave_defaults();
    s.rate_per_week = 10.0;
    s.size_median = 300.0;
    s.size_spread = 0.0;
    s.reach = 1.0;
    s.cover[SV_ZONE_REAR] = s.cover[SV_ZONE_FRONT] = 0.0;
    sv_hazard *hazard = new_hazard(grid, &s, winter_h);
    sv_hazard_reset(hazard, 1, 1);
    while (sv_hazard_next_h(hazard) != INT64_MAX) {
        const sv_hit *hit = NULL;
        sv_wave wave;
        assert_int_equal(sv_hazard_step(hazard, &wave, &hit), 6); /* 50 strikes a unit: all six, all complete */
        assert_int_equal(wave.n_site_hit, 3);
        for (int32_t k = 0; k < 6; k++) {
            assert_int_equal(hit[k].damage, SV_COMPLETE);
            for (int32_t l = 0; l < k; l++)
                assert_int_not_equal(hit[k].i_unit, hit[l].i_unit);
        }
    }
    sv_hazard_free(&hazard);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_accepted_and_bring_no_waves),
        cmocka_unit_test(number_of_waves_follows_the_integral),
        cmocka_unit_test(calendar_waves_come_in_order_and_grow),
        cmocka_unit_test(sizes_are_lognormal),
        cmocka_unit_test(classes_and_zones_get_their_shares),
        cmocka_unit_test(no_weight_means_no_strike),
        cmocka_unit_test(revisits_have_their_share),
        cmocka_unit_test(interception_thins_and_saturates),
        cmocka_unit_test(regions_saturate_apart),
        cmocka_unit_test(damage_states_have_their_frequencies),
        cmocka_unit_test(further_units_have_their_mean),
        cmocka_unit_test(a_unit_stands_once_with_its_worst_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
