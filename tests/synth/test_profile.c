/* Hourly profiles of a fictional country: the season they cover, shape of the day and the year, weather. */
#include "synth/country.h"

static sv_grid *grid;

static int make_grid(void **unused)
{
    (void)unused;
    grid = make_country(300, 6, 0);
    return 0;
}

static int free_grid(void **unused)
{
    (void)unused;
    sv_grid_free(&grid);
    return 0;
}

static sv_grid *make_span(int32_t n_bus, int64_t t0_h, int64_t n_h)
{
    sv_synth_settings settings = sv_synth_defaults();
    sv_grid *made = NULL;
    settings.n_bus = n_bus;
    settings.seed = 6;
    settings.t0_h = t0_h;
    settings.n_h = n_h;
    assert_int_equal(sv_synth_new(&made, &settings, NULL), SV_OK);
    return made;
}

/* Demand of the whole country, MW. */
static double demand_mw(const sv_grid *g, int64_t t)
{
    double sum = 0.0;
    for (int32_t i = 0; i < g->n_load; i++)
        sum += g->load[i].p_mw * (double)g->series[g->load[i].i_series].value[t];
    return sum;
}

/* Mean of the regions. */
static double temperature_c(const sv_grid *g, int64_t t)
{
    double sum = 0.0;
    for (int32_t r = 0; r < g->n_region; r++)
        sum += (double)g->series[g->region[r].i_series_temperature].value[t];
    return sum / g->n_region;
}

static void every_series_covers_the_winter(void **unused)
{
    (void)unused;
    assert_true(grid->n_series > 0);
    for (int32_t i = 0; i < grid->n_series; i++) {
        assert_true(grid->series[i].t0_h == sv_hour_from_date(2026, 11, 1, 0));
        assert_true(grid->series[i].t0_h + grid->series[i].n_h == sv_hour_from_date(2027, 4, 1, 0));
    }
    for (int32_t i = 0; i < grid->n_load; i++)
        assert_true(grid->load[i].i_series >= 0);
    for (int32_t r = 0; r < grid->n_region; r++)
        assert_true(grid->region[r].i_series_temperature >= 0);
    for (int32_t i = 0; i < grid->n_gen; i++) {
        const sv_gen_kind kind = grid->gen[i].kind;
        const bool weather = kind == SV_GEN_WIND || kind == SV_GEN_SOLAR || kind == SV_GEN_HYDRO;
        assert_int_equal(grid->gen[i].i_series >= 0, weather);
    }
}

static void shares_are_shares(void **unused)
{
    (void)unused;
    for (int32_t i = 0; i < grid->n_gen; i++) {
        if (grid->gen[i].i_series < 0)
            continue;
        const sv_series *s = &grid->series[grid->gen[i].i_series];
        double sum = 0.0;
        for (int64_t t = 0; t < s->n_h; t++) {
            between((double)s->value[t], 0.0, 1.0, s->id);
            sum += (double)s->value[t];
            const int32_t hour = sv_date_from_hour(s->t0_h + t).hour;
            if (grid->gen[i].kind == SV_GEN_SOLAR && (hour < 5 || hour > 20))
                assert_true(s->value[t] <= 0.0F);
        }
        const sv_gen_kind kind = grid->gen[i].kind;
        const double low = kind == SV_GEN_HYDRO ? 0.6 : kind == SV_GEN_WIND ? 0.2 : 0.01;
        const double high = kind == SV_GEN_HYDRO ? 0.85 : kind == SV_GEN_WIND ? 0.5 : 0.12;
        between(sum / (double)s->n_h, low, high, s->id);
    }
}

static void the_winter_peak_is_the_nominal_demand(void **unused)
{
    (void)unused;
    double most = 0.0;
    int64_t at = 0;
    for (int64_t t = 0; t < grid->series[0].n_h; t++) {
        if (demand_mw(grid, t) > most) {
            most = demand_mw(grid, t);
            at = t;
        }
    }
    between(most / sv_grid_demand_mw(grid), 0.998, 1.002, "winter peak over nominal demand");
    const sv_date date = sv_date_from_hour(grid->series[0].t0_h + at);
    assert_true(date.month == 12 || date.month <= 2);
    between(date.hour, 16, 20, "hour of the winter peak");
}

/* The lowest hour of a day over its highest, mean of the winter: .60 to .65, in a cold night somewhat more. */
static void nights_are_lower_than_days(void **unused)
{
    (void)unused;
    double sum = 0.0;
    const int64_t n_day = grid->series[0].n_h / 24;
    for (int64_t d = 0; d < n_day; d++) {
        double low = 1e9, high = 0.0;
        for (int64_t t = 24 * d; t < 24 * d + 24; t++) {
            low = fmin(low, demand_mw(grid, t));
            high = fmax(high, demand_mw(grid, t));
        }
        sum += low / high;
    }
    between(sum / (double)n_day, 0.58, 0.66, "night over day");
}

/* Regression of the mean demand of a working day on the mean temperature of it and the day before: 1.4 to 2 % a degree. */
static void cold_means_more_demand(void **unused)
{
    (void)unused;
    double n = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    for (int64_t d = 1; d < grid->series[0].n_h / 24; d++) {
        double c = 0.0, mw = 0.0;
        if (sv_date_from_hour(grid->series[0].t0_h + 24 * d).weekday > 3)
            continue;
        for (int64_t t = 24 * d; t < 24 * d + 24; t++) {
            c += (0.6 * temperature_c(grid, t) + 0.4 * temperature_c(grid, t - 24)) / 24.0;
            mw += demand_mw(grid, t) / 24.0;
        }
        n += 1.0;
        sx += c;
        sy += mw;
        sxx += c * c;
        sxy += c * mw;
    }
    const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx), mean = sy / n;
    between(-slope / mean, 0.014, 0.020, "more demand for each degree below, share");
}

static double mean_demand(const sv_grid *g)
{
    double sum = 0.0;
    for (int64_t t = 0; t < g->series[0].n_h; t++)
        sum += demand_mw(g, t);
    return sum / (double)g->series[0].n_h;
}

static double highest_demand(const sv_grid *g)
{
    double most = 0.0;
    for (int64_t t = 0; t < g->series[0].n_h; t++)
        most = fmax(most, demand_mw(g, t));
    return most;
}

/* Summer peak 12 to 12.5 of 18 GW; winter a fifth to a quarter over autumn (the facts), with some room for one year's weather. */
static void seasons_differ_as_in_the_facts(void **unused)
{
    (void)unused;
    sv_grid *summer = make_span(300, sv_hour_from_date(2027, 6, 1, 0), 92 * 24);
    sv_grid *autumn = make_span(300, sv_hour_from_date(2026, 9, 1, 0), 61 * 24);
    sv_grid *winter = make_span(300, sv_hour_from_date(2026, 12, 1, 0), 90 * 24);
    between(highest_demand(summer) / sv_grid_demand_mw(summer), 0.64, 0.71, "summer peak over winter peak");
    between(mean_demand(winter) / mean_demand(autumn), 1.18, 1.32, "winter over autumn");
    between(temperature_c(summer, 12 + 24 * 45), 10.0, 38.0, "a day in July, C");
    sv_grid_free(&summer);
    sv_grid_free(&autumn);
    sv_grid_free(&winter);
}

/* The weather of a day does not depend on the span asked for, nor does anything but the series. */
static void a_shorter_span_is_a_part_of_the_longer(void **unused)
{
    (void)unused;
    const int64_t skip = 1000, n_h = 400;
    sv_grid *part = make_span(300, grid->series[0].t0_h + skip, n_h);
    assert_int_equal(part->n_series, grid->n_series);
    for (int32_t i = 0; i < grid->n_series; i++) {
        assert_string_equal(part->series[i].id, grid->series[i].id);
        assert_true(part->series[i].n_h == n_h);
        assert_memory_equal(part->series[i].value, grid->series[i].value + skip, (size_t)n_h * sizeof(float));
    }
    assert_int_equal(part->n_branch, grid->n_branch);
    sv_grid_free(&part);
}

/* Spans across the year, before 1970 and of one hour. */
static void odd_spans_work(void **unused)
{
    (void)unused;
    const struct {
        int64_t t0_h, n_h;
    } spans[] = {{-24 * 400 - 5, 50},
                 {sv_hour_from_date(2027, 12, 31, 20), 10},
                 {sv_hour_from_date(2028, 2, 28, 0), 48},
                 {0, 1}};
    for (size_t k = 0; k < sizeof spans / sizeof spans[0]; k++) {
        sv_grid *g = make_span(30, spans[k].t0_h, spans[k].n_h);
        for (int32_t i = 0; i < g->n_series; i++)
            for (int64_t t = 0; t < spans[k].n_h; t++)
                between((double)g->series[i].value[t], -45.0, 45.0, g->series[i].id);
        sv_grid_free(&g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_series_covers_the_winter),
        cmocka_unit_test(shares_are_shares),
        cmocka_unit_test(the_winter_peak_is_the_nominal_demand),
        cmocka_unit_test(nights_are_lower_than_days),
        cmocka_unit_test(cold_means_more_demand),
        cmocka_unit_test(seasons_differ_as_in_the_facts),
        cmocka_unit_test(a_shorter_span_is_a_part_of_the_longer),
        cmocka_unit_test(odd_spans_work),
    };
    return cmocka_run_group_tests(tests, make_grid, free_grid);
}
