/* What the waves and outages refuse, and what they leave behind when memory runs out. */
#include "hazard/country.h"

static const country_plan plain = {.substations = 2, .thermals = 1, .hydros = 1, .units = 2, .sheltered_site = -1};

static sv_grid *grid;

/* Refused with one sentence that holds the words; nothing is handed out. */
static void refuse_span(const sv_wave_settings *s, int64_t n_h, const char *words)
{
    sv_error err = {0};
    sv_hazard *hazard = (sv_hazard *)(void *)&err;
    assert_int_equal(sv_hazard_new(&hazard, grid, s, 0, n_h, &err), SV_EUSAGE);
    assert_null(hazard);
    if (strstr(err.text, words) == NULL)
        fail_msg("'%s' lacks '%s'", err.text, words);
    assert_int_equal(sv_hazard_new(&hazard, grid, s, 0, n_h, NULL), SV_EUSAGE);
}

static void refuse(const sv_wave_settings *s, const char *words)
{
    refuse_span(s, 100, words);
}

static void numbers_out_of_range_are_refused(void **unused)
{
    (void)unused;
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, -1.5};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sv_wave_settings s = sv_wave_defaults();
        double *const number[] = {&s.rate_per_week,
                                  &s.trend_per_month,
                                  &s.size_median,
                                  &s.size_spread,
                                  &s.reach,
                                  &s.revisit,
                                  &s.revisit_days,
                                  &s.saturates_at,
                                  &s.units_hit,
                                  &s.strike_share[SV_SITE_HYDRO],
                                  &s.exposure[SV_ZONE_FRONT],
                                  &s.cover[SV_ZONE_REAR],
                                  &s.shelter_pass[3],
                                  &s.damage[SV_UNIT_LINE][SV_SLIGHT]};
        for (size_t k = 0; k < sizeof number / sizeof number[0]; k++) {
            double good = *number[k];
            *number[k] = bad[i];
            refuse(&s, "accepted is");
            *number[k] = good;
        }
    }
    sv_wave_settings s = sv_wave_defaults();
    s.cover[SV_ZONE_FRONT] = 1.3;
    refuse(&s, "waves: cover (probability) of front is 1.3, accepted is 0 to 1");
    s = sv_wave_defaults();
    s.damage[SV_UNIT_HYDRO][SV_COMPLETE] = 0.3;
    refuse(&s, "waves: damage of hydro sums to 1.15 over its states, accepted is 1");
    s = sv_wave_defaults();
    s.rate_per_week = 1000.0; /* some 30,000 waves, were it not for the trend */
    s.trend_per_month = 1.0;
    refuse_span(&s, 5000, "waves in a season on average");
    s = sv_wave_defaults();
    s.size_median = 9000.0;
    refuse(&s, "strikes at grid sites a wave");
    s = sv_wave_defaults();
    refuse_span(&s, 0, "season: 0 hours");
    refuse_span(&s, (int64_t)1 << 30, "season: 1073741824 hours");
}

static void dates_and_windows_are_checked(void **unused)
{
    (void)unused;
    sv_wave_settings s = sv_wave_defaults();
    s.n_date = 2;
    s.date_h[0] = s.date_h[1] = sv_hour_from_date(2026, 11, 12, 4);
    refuse(&s, "waves: 2026-11-12 04:00 stands twice");
    s.n_date = SV_MAX_WAVE_DATE + 1;
    refuse(&s, "201 dates");
    s = sv_wave_defaults();
    s.n_peace = 1;
    s.peace[0] = (sv_peace){.kind = SV_PEACE_FULL, .from_h = 5, .to_h = 5, .kept = 1.0};
    refuse(&s, "window 1 ends before it begins");
    s.peace[0] = (sv_peace){.kind = SV_PEACE_FULL, .from_h = 5, .to_h = 6, .kept = 1.1};
    refuse(&s, "kept of window 1 is 1.1");
    s.peace[0] = (sv_peace){.from_h = 5, .to_h = 6, .kept = 1.0, .n_where = 2, .where = {"north", "nort"}};
    refuse(&s, "peace: window 1 names 'nort', accepted are the ids of regions (as north), front and rear");
    s.peace[0].n_where = SV_MAX_NAME + 1;
    refuse(&s, "names 17 regions");
    s.n_peace = SV_MAX_PEACE + 1;
    refuse(&s, "17 windows");
}

static void layers_and_shelters_are_checked(void **unused)
{
    (void)unused;
    sv_wave_settings s = sv_wave_defaults();
    s.cover_layers[SV_ZONE_REAR] = 11;
    refuse(&s, "waves: cover, layers of rear is 11, accepted is 0 to 10");
    s.cover_layers[SV_ZONE_REAR] = -1;
    refuse(&s, "waves: cover, layers of rear is -1, accepted is 0 to 10");
    static const char *const unknown[] = {"site-0", "nowhere"}, *const twice[] = {"site-1", "site-1"},
                             *const first[] = {"site-1"}, *const no_text[] = {NULL};
    s = sv_wave_defaults();
    s.shelter_at[1] = (sv_names){2, unknown};
    refuse(&s, "shelters: level 1 names 'nowhere', accepted are the ids of sites (as site-0)");
    s.shelter_at[1] = (sv_names){1, no_text};
    refuse(&s, "shelters: level 1 names '', accepted are the ids of sites (as site-0)");
    s.shelter_at[1] = (sv_names){1, first};
    s.shelter_at[3] = (sv_names){1, first};
    refuse(&s, "shelters: site 'site-1' is named at level 1 and at level 3, accepted is one of them");
    s.shelter_at[1].n = 0;
    s.shelter_at[3] = (sv_names){2, twice};
    refuse(&s, "shelters: site 'site-1' is named at level 3 and at level 3, accepted is one of them");
}

static void memory_that_runs_out_leaves_nothing(void **unused)
{
    (void)unused;
    sv_wave_settings s = sv_wave_defaults();
    s.n_peace = 1;
    s.peace[0] = (sv_peace){.kind = SV_PEACE_FULL, .from_h = 5, .to_h = 6, .kept = 1.0};
    int32_t n_failed = 0;
    for (int64_t k = 1; k < 1000; k++) {
        sv_hazard *hazard = NULL;
        sv_arena_fail_at(k);
        sv_status status = sv_hazard_new(&hazard, grid, &s, 0, 100, NULL);
        sv_arena_fail_at(0);
        assert_true(status == SV_OK || status == SV_ENOMEM);
        assert_true((status == SV_OK) == (hazard != NULL));
        sv_hazard_free(&hazard);
        if (status == SV_OK)
            break;
        n_failed++;
    }
    assert_in_range(n_failed, 10, 100);
    n_failed = 0;
    for (int64_t k = 1; k < 1000; k++) {
        sv_outage *outage = NULL;
        sv_arena_fail_at(k);
        sv_status status = sv_outage_new(&outage, grid, 100, NULL);
        sv_arena_fail_at(0);
        assert_true(status == SV_OK || status == SV_ENOMEM);
        assert_true((status == SV_OK) == (outage != NULL));
        sv_outage_free(&outage);
        if (status == SV_OK)
            break;
        n_failed++;
    }
    assert_in_range(n_failed, 5, 100);
    sv_outage *outage = NULL;
    sv_error err = {0};
    assert_int_equal(sv_outage_new(&outage, grid, 0, &err), SV_EUSAGE);
    assert_null(outage);
    assert_string_equal(err.text, "season: 0 hours, accepted is 1 to 2^39");
}

static int make_grid(void **unused)
{
    (void)unused;
    grid = new_country(&plain);
    return 0;
}

static int free_grid(void **unused)
{
    (void)unused;
    sv_grid_free(&grid);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(dates_and_windows_are_checked),
        cmocka_unit_test(layers_and_shelters_are_checked),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, make_grid, free_grid);
}
