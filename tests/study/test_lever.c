/* Levers in a study: differences known in closed form, differences of fakes known exactly, contrasts, the same bits for any
 * number of threads, and a study that goes on from what another one saved. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "fake.h"

static sv_grid *two_regions;

static int open_grid(void **unused)
{
    (void)unused;
    two_regions = fake_grid();
    return two_regions == NULL;
}

static int close_grid(void **unused)
{
    (void)unused;
    sv_grid_free(&two_regions);
    return 0;
}

/* ---- systems with a known answer ----------------------------------------------------------- */

enum { HOURS = 500 };
static const double MTTF_H = 40.0, MTTR_H = 10.0;

static sv_grid *grid_of(sv_draft *draft)
{
    sv_grid *grid = NULL;
    sv_error err = {0};
    if (sv_grid_new(&grid, draft, &err) != SV_OK)
        fail_msg("%s", err.text);
    sv_draft_free(&draft);
    return grid;
}

/* Two units of 60 MW, 100 MW wanted all the time, a border that gives 40 MW at most. */
static sv_grid *two_units(double border_mw)
{
    sv_draft *draft = sv_draft_new();
    sv_bus bus = sv_bus_default();
    bus.id = "A";
    bus.vn_kv = 110.0;
    sv_draft_add_bus(draft, &bus);
    sv_load load = sv_load_default();
    load.id = "town";
    load.i_bus = 0;
    load.p_mw = 100.0;
    load.people = 1000.0;
    sv_draft_add_load(draft, &load);
    for (int k = 0; k < 2; k++) {
        sv_gen gen = sv_gen_default();
        gen.id = k == 0 ? "unit 1" : "unit 2";
        gen.i_bus = 0;
        gen.p_max_mw = 60.0;
        gen.mttf_h = MTTF_H;
        gen.mttr_h = MTTR_H;
        sv_draft_add_gen(draft, &gen);
    }
    sv_draft_add_interconnector(draft, &(sv_interconnector){.id = "border", .limit_mw = border_mw, .i_series = -1});
    return grid_of(draft);
}

static sv_season_settings plain_season(void)
{
    sv_season_settings season = sv_season_defaults();
    season.t0_h = sv_hour_from_date(2026, 11, 1, 0);
    season.n_h = HOURS;
    season.network = false;
    return season;
}

static sv_study *run_levers(const sv_grid *grid, const sv_season_settings *base, int32_t n_lever,
                            const sv_study_lever *lever, int64_t n_season)
{
    sv_study_settings settings = {.n_season = n_season, .seed = 5, .n_thread = 2};
    sv_study *study = NULL;
    sv_error err = {0};
    if (sv_study_new_levers(&study, grid, base, n_lever, lever, &settings, &err) != SV_OK ||
        sv_study_run(study, NULL, &err) != SV_OK)
        fail_msg("%s", err.text);
    return study;
}

static void assert_within(double value, double expected, double se, double times)
{
    if (!(fabs(value - expected) <= times * se))
        fail_msg("%.9g is %.2f standard errors from %.9g", value, fabs(value - expected) / se, expected);
}

/* Units are up or down by themselves, each down with probability q in every hour, so that the energy not served is
 * HOURS times that of one hour; 20 or 40 MW over the border close known parts of the gap. */
static void imports_are_worth_what_two_units_say(void **unused)
{
    (void)unused;
    const double q = MTTR_H / (MTTF_H + MTTR_H), one = 2.0 * q * (1.0 - q), both = q * q;
    sv_grid *grid = two_units(40.0);
    sv_season_settings base = plain_season(), half, full;
    base.outages = true;
    base.import_limit_mw = 0.0;
    half = full = base;
    half.import_limit_mw = 20.0;
    full.import_limit_mw = 40.0;
    const int32_t against[] = {0};
    const sv_study_lever lever[] = {{&half, 0, NULL}, {&full, 1, against}};
    sv_study *study = run_levers(grid, &base, 2, lever, 4000);
    sv_summary without, with;
    sv_paired saved, step;
    sv_study_summary(study, SV_M_EENS_MWH, &without);
    assert_within(without.mean, HOURS * (one * 40.0 + both * 100.0), without.se, 4.0);
    sv_study_lever_summary(study, 0, SV_M_EENS_MWH, &with, &saved, &step);
    assert_within(saved.mean, -HOURS * 20.0 * (one + both), saved.se, 4.0);
    assert_true(isnan(step.mean) && step.n == 0);
    sv_study_lever_summary(study, 1, SV_M_EENS_MWH, &with, &saved, &step);
    assert_within(with.mean, HOURS * both * 60.0, with.se, 4.0);
    assert_within(saved.mean, -HOURS * 40.0 * (one + both), saved.se, 4.0);
    assert_within(step.mean, -HOURS * 20.0 * (one + both), step.se, 4.0);
    assert_within(saved.share, -(one + both) * 40.0 / (one * 40.0 + both * 100.0), saved.share_se, 4.0);
    assert_true(saved.se < hypot(with.se, without.se)); /* what pairing is for */
    double same, reused;
    sv_study_lever_shared(study, 1, &same, &reused);
    assert_true(same == 0.0 && reused == 0.0); /* other limits in every hour */
    sv_study_free(&study);
    sv_grid_free(&grid);
}

/* One plant feeds one town; a wave of one strike each 100 h, from hour 50. Whatever comes through takes the plant for the
 * rest of the season. Lost at the first wave that comes through: energy is the rest of the season. */
static double expected_mwh(double passes, int first_spared)
{
    double sum = 0.0, still_there = 1.0;
    for (int k = 0; k < HOURS / 100 && k < first_spared; k++) {
        sum += still_there * passes * 100.0 * (HOURS - (50.0 + 100.0 * k));
        still_there *= 1.0 - passes;
    }
    return sum;
}

static sv_grid *one_plant(void)
{
    sv_draft *draft = sv_draft_new();
    sv_draft_add_region(draft, &(sv_region){.id = "R", .i_series_temperature = -1});
    static const sv_site_class class_[] = {SV_SITE_THERMAL, SV_SITE_SUBSTATION};
    for (int32_t k = 0; k < 2; k++) {
        const char *id = k == 0 ? "plant" : "town";
        sv_draft_add_site(draft, &(sv_site){.id = id, .class_ = class_[k], .x_km = k});
        sv_bus bus = sv_bus_default();
        bus.id = id;
        bus.vn_kv = 110.0;
        bus.i_region = 0;
        bus.i_site = k;
        sv_draft_add_bus(draft, &bus);
    }
    sv_gen gen = sv_gen_default();
    gen.id = "unit";
    gen.i_bus = 0;
    gen.p_max_mw = 100.0;
    sv_draft_add_gen(draft, &gen);
    sv_load load = sv_load_default();
    load.id = "town";
    load.i_bus = 1;
    load.p_mw = 100.0;
    load.people = 1000.0;
    sv_draft_add_load(draft, &load);
    sv_branch branch = sv_branch_default();
    branch.id = "line";
    branch.i_from = 0;
    branch.i_to = 1;
    branch.x_pu = 0.1;
    sv_draft_add_branch(draft, &branch);
    return grid_of(draft);
}

static sv_season_settings one_strike_each(void)
{
    sv_season_settings base = plain_season();
    base.network = true;
    sv_wave_settings *waves = &base.waves;
    for (int k = 0; k < HOURS / 100; k++)
        waves->date_h[waves->n_date++] = base.t0_h + 50 + 100 * k;
    waves->size_median = 1.0;
    waves->size_spread = 0.0;
    waves->reach = 1.0;
    waves->units_hit = 0.0;
    waves->saturates_at = 0.0;
    for (int c = 0; c < SV_N_SITE_CLASS; c++)
        waves->strike_share[c] = c == SV_SITE_THERMAL ? 1.0 : 0.0;
    for (int c = 0; c < SV_N_UNIT_CLASS; c++)
        for (int d = 0; d < SV_N_DAMAGE; d++)
            waves->damage[c][d] = d == (c == SV_UNIT_THERMAL || c == SV_UNIT_SWITCHGEAR ? SV_COMPLETE : SV_DAMAGE_NONE);
    for (int c = 0; c < SV_N_UNIT_CLASS; c++)
        base.repair.unit[c].work_h[SV_COMPLETE] = 1e6;
    waves->cover[SV_ZONE_REAR] = 0.6;
    return base;
}

static void ceasefire_and_cover_are_worth_their_closed_forms(void **unused)
{
    (void)unused;
    sv_grid *grid = one_plant();
    sv_season_settings base = one_strike_each(), ceasefire = base, cover = base, both = base;
    ceasefire.waves.ceasefire_h = base.t0_h + 200; /* after two of five waves */
    cover.waves.cover_layers[SV_ZONE_REAR] = 2;
    both.waves.ceasefire_h = ceasefire.waves.ceasefire_h;
    both.waves.cover_layers[SV_ZONE_REAR] = 2;
    const int32_t parts[] = {0, 1};
    const sv_study_lever lever[] = {{&ceasefire, 0, NULL}, {&cover, 0, NULL}, {&both, 2, parts}};
    sv_study *study = run_levers(grid, &base, 3, lever, 6000);
    const double none = expected_mwh(0.4, 5), peace = expected_mwh(0.4, 2), layers = expected_mwh(0.16, 5),
                 together = expected_mwh(0.16, 2);
    sv_summary s;
    sv_paired saved, contrast;
    sv_study_summary(study, SV_M_EENS_MWH, &s);
    assert_within(s.mean, none, s.se, 4.0);
    sv_study_lever_summary(study, 0, SV_M_EENS_MWH, &s, &saved, NULL);
    assert_within(s.mean, peace, s.se, 4.0);
    assert_within(saved.mean, peace - none, saved.se, 4.0);
    sv_study_lever_summary(study, 1, SV_M_EENS_MWH, &s, &saved, NULL);
    assert_within(saved.mean, layers - none, saved.se, 4.0);
    sv_study_lever_summary(study, 2, SV_M_PEOPLE_HOURS, NULL, &saved, &contrast);
    assert_within(saved.mean, 10.0 * (together - none), saved.se, 4.0); /* 10 people a MW */
    assert_within(contrast.mean, 10.0 * (together - peace - layers + none), contrast.se, 4.0);
    sv_study_lever_region(study, 2, 0, SV_M_EENS_MWH, &saved);
    assert_within(saved.mean, together - none, saved.se, 4.0);
    double same, reused;
    sv_study_lever_shared(study, 0, &same, &reused);
    assert_true(same >= 0.5 && reused <= same && reused > 0.3); /* until the third wave, and after a loss */
    sv_study_free(&study);
    sv_grid_free(&grid);
}

static void a_lever_that_touches_nothing_is_worth_exactly_nothing(void **unused)
{
    (void)unused;
    sv_grid *grid = one_plant();
    sv_season_settings base = one_strike_each(), idle = base;
    idle.repair.crews_extra = 7; /* nothing is ever repaired */
    const sv_study_lever lever[] = {{&base, 0, NULL}, {&idle, 0, NULL}};
    sv_study *study = run_levers(grid, &base, 2, lever, 200);
    for (int32_t k = 0; k < 2; k++)
        for (int32_t m = 0; m < SV_N_METRIC; m++) {
            sv_paired difference;
            sv_summary with, without;
            sv_study_summary(study, (sv_metric)m, &without);
            sv_study_lever_summary(study, k, (sv_metric)m, &with, &difference, NULL);
            assert_true(difference.n == 200 && difference.mean == 0.0 && difference.se == 0.0);
            assert_memory_equal(&with, &without, sizeof with);
        }
    sv_study_free(&study);
    sv_grid_free(&grid);
}

/* ---- fakes: sums that are known ------------------------------------------------------------ */

enum { LEVERS = 3 };

static sv_study *fake_levers(const fake_settings *fake, sv_study_settings settings, const sv_study_lever *lever)
{
    sv_season_settings season = {.n_h = fake->n_h, .demand_scale = 1.0, .demand_class_scale = {1.0, 1.0, 1.0}};
    sv_study_lever of[LEVERS];
    for (int32_t k = 0; k < LEVERS; k++)
        of[k] = (sv_study_lever){&season, lever[k].n_against, lever[k].against};
    sv_study_source source = fake_source(fake);
    sv_study *study = NULL;
    sv_error err = {0};
    if (sv_study_new_from(&study, two_regions, &season, LEVERS, of, &settings, &source, &err) != SV_OK)
        fail_msg("%s", err.text);
    return study;
}

static const int32_t first_two[] = {0, 1};

static sv_study *fake_study(const fake_settings *fake, sv_study_settings settings)
{
    static const sv_study_lever lever[LEVERS] = {{NULL, 0, NULL}, {NULL, 1, first_two}, {NULL, 2, first_two}};
    return fake_levers(fake, settings, lever);
}

static sv_study *other_contrasts(const fake_settings *fake, sv_study_settings settings)
{
    static const sv_study_lever lever[LEVERS] = {{NULL, 0, NULL}, {NULL, 0, NULL}, {NULL, 2, first_two}};
    return fake_levers(fake, settings, lever);
}

static fake_settings quick_fake(void)
{
    return (fake_settings){
        .grid = two_regions, .n_h = 12, .nan_at = 9, .fail_every = 7, .delay_us = 100, .scale = 1.0, .n_lever = LEVERS};
}

static void differences_and_contrasts_are_those_of_the_rows(void **unused)
{
    (void)unused;
    fake_settings fake = quick_fake();
    sv_study *study = fake_study(&fake, (sv_study_settings){.n_season = 300, .seed = 4, .n_thread = 2});
    assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK);
    sv_summary base;
    sv_study_summary(study, SV_M_EENS_MWH, &base);
    for (int32_t k = 0; k < LEVERS; k++) {
        sv_summary s;
        sv_paired difference, contrast, region;
        sv_study_lever_summary(study, k, SV_M_EENS_MWH, &s, &difference, &contrast);
        assert_int_equal(s.n, base.n);
        assert_int_equal(difference.n, base.n);
        double share = -0.01 * (k + 1); /* lever k saves k + 1 % of each season */
        assert_true(fabs(difference.mean - share * base.mean) < 1e-9 * base.mean);
        assert_true(fabs(difference.se + share * base.se) < 1e-9 * base.se);
        assert_true(fabs(difference.share - share) < 1e-12 && difference.share_se < 1e-9);
        sv_study_lever_region(study, k, 1, SV_M_EENS_MWH, &region);
        assert_true(fabs(region.mean - share * base.mean * 2.0 / 3.0) < 1e-9 * base.mean);
        /* -2 % against -1 %; -3 % against -1 - 2 % */
        double expected = k == 1 ? -0.01 : 0.0;
        assert_true(k == 0 ? isnan(contrast.mean) : fabs(contrast.mean - expected * base.mean) < 1e-9 * base.mean);
        double same, reused;
        sv_study_lever_shared(study, k, &same, &reused);
        assert_true(same == 0.5 && reused == 0.25);
    }
    sv_study_free(&study);
}

static void assert_same_study(const sv_study *a, const sv_study *b)
{
    size_t n = sv_study_save(a, NULL, 0);
    uint8_t *x = malloc(n), *y = malloc(n);
    assert_non_null(x);
    assert_non_null(y);
    assert_int_equal(sv_study_save(b, NULL, 0), n);
    assert_int_equal(sv_study_save(a, x, n), n);
    assert_int_equal(sv_study_save(b, y, n), n);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
}

static void levers_are_the_same_bits_for_any_number_of_threads(void **unused)
{
    (void)unused;
    fake_settings fake = quick_fake();
    sv_study *study[3];
    for (int k = 0; k < 3; k++) {
        study[k] = fake_study(&fake, (sv_study_settings){.n_season = 120, .seed = 4, .n_thread = 1 + 2 * k});
        assert_int_equal(sv_study_run(study[k], NULL, NULL), SV_OK);
        assert_same_study(study[0], study[k]);
    }
    for (int k = 0; k < 3; k++)
        sv_study_free(&study[k]);
}

/* ---- going on from what was saved ---------------------------------------------------------- */

static void resumed_studies_end_at_the_same_bits(void **unused)
{
    (void)unused;
    fake_settings fake = quick_fake();
    sv_study *whole = fake_study(&fake, (sv_study_settings){.n_season = 1100, .seed = 4, .n_thread = 2});
    assert_int_equal(sv_study_run(whole, NULL, NULL), SV_OK);
    static const int64_t stops[] = {0, 1, 31, 33, 500, 1050};
    for (size_t k = 0; k < sizeof stops / sizeof *stops; k++) {
        int64_t n_first = stops[k] > 0 ? stops[k] : 1;
        sv_study *first = fake_study(&fake, (sv_study_settings){.n_season = n_first, .seed = 4, .n_thread = 2});
        if (stops[k] > 0)
            assert_int_equal(sv_study_run(first, NULL, NULL), SV_OK);
        size_t n = sv_study_save(first, NULL, 0);
        uint8_t *state = malloc(n);
        assert_int_equal(sv_study_save(first, state, n), n);
        sv_study *second = fake_study(&fake, (sv_study_settings){.n_season = 1100, .seed = 4, .n_thread = 3});
        sv_error err = {0};
        assert_int_equal(sv_study_load(second, state, n, &err), SV_OK);
        assert_same_study(first, second);
        assert_int_equal(sv_study_run(second, NULL, NULL), SV_OK);
        assert_same_study(whole, second);
        free(state);
        sv_study_free(&first);
        sv_study_free(&second);
    }
    sv_study_free(&whole);
}

/* The sum in the words 14 and 15 of the head, over all after 16 words. */
static void fit_sum(uint8_t *state, size_t n)
{
    uint64_t sum = UINT64_C(14695981039346656037);
    for (size_t i = 64; i + 4 <= n; i += 4) {
        uint32_t word;
        memcpy(&word, state + i, 4);
        sum = (sum ^ word) * UINT64_C(1099511628211);
    }
    memcpy(state + 56, &sum, 8);
}

static void what_was_saved_elsewhere_is_refused(void **unused)
{
    (void)unused;
    fake_settings fake = quick_fake(), other = fake;
    sv_study_settings settings = {.n_season = 60, .seed = 4, .n_thread = 1}, seed = settings, longer = settings;
    longer.n_season = 62;
    sv_study *study = fake_study(&fake, settings);
    assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK);
    size_t n = sv_study_save(study, NULL, 0);
    uint8_t *state = malloc(n);
    assert_int_equal(sv_study_save(study, state, n), n);
    sv_study_free(&study);

    seed.seed = 5;
    other.n_h = 13;
    sv_study *refuse[] = {fake_study(&fake, seed), fake_study(&other, settings)};
    for (int k = 0; k < 2; k++) {
        sv_error err = {0};
        assert_int_equal(sv_study_load(refuse[k], state, n, &err), SV_EDATA);
        assert_non_null(strstr(err.text, "another study"));
        sv_study_free(&refuse[k]);
    }
    for (size_t cut = 0; cut < n; cut += 1 + n / 97) { /* whatever is missing or turned, nothing is overrun */
        study = fake_study(&fake, settings);
        assert_int_equal(sv_study_load(study, state, cut, NULL), SV_EDATA);
        sv_study_free(&study);
    }
    for (uint32_t k = 0; k < 200; k++) {
        uint32_t at = (uint32_t)(sv_draw(1, 0, SV_DRAW_TEST, 77, k).u[0] * (double)n);
        study = fake_study(&fake, settings);
        state[at] ^= 0x55u;
        sv_status status = sv_study_load(study, state, n, NULL);
        assert_true(status == SV_EDATA || status == SV_EUSAGE);
        fit_sum(state, n); /* by somebody who knows how */
        sv_study_free(&study);
        study = fake_study(&fake, longer);
        if (sv_study_load(study, state, n, NULL) == SV_OK)
            assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK); /* nonsense perhaps, but nothing is overrun */
        state[at] ^= 0x55u;
        fit_sum(state, n);
        sv_study_free(&study);
    }
    study = other_contrasts(&fake, settings);
    sv_error err = {0};
    assert_int_equal(sv_study_load(study, state, n, &err), SV_EUSAGE);
    assert_non_null(strstr(err.text, "in another way"));
    sv_study_free(&study);
    free(state);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void levers_that_do_not_fit_are_refused(void **unused)
{
    (void)unused;
    sv_grid *grid = one_plant();
    sv_season_settings base = one_strike_each(), longer = base, unknown = base;
    sv_study_settings settings = {.n_season = 1, .n_thread = 1};
    const int32_t later[] = {1};
    longer.n_h++;
    unknown.waves.n_peace = 1;
    unknown.waves.peace[0] = (sv_peace){.from_h = INT64_MIN, .to_h = INT64_MAX, .n_where = 1, .where = {"Atlantis"}};
    const struct {
        sv_study_lever lever[2];
        const char *words;
    } bad[] = {{{{&base, 0, NULL}, {&longer, 0, NULL}}, "lever 2 has other hours"},
               {{{&base, 0, NULL}, {&unknown, 0, NULL}}, "lever 2: peace: window 1 names 'Atlantis'"},
               {{{&base, 0, NULL}, {&base, 1, later}}, "lever 2 is compared with lever 2"}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        sv_study *study = NULL;
        sv_error err = {0};
        assert_int_equal(sv_study_new_levers(&study, grid, &base, 2, bad[k].lever, &settings, &err), SV_EUSAGE);
        assert_null(study);
        if (strstr(err.text, bad[k].words) == NULL)
            fail_msg("'%s' is not in '%s'", bad[k].words, err.text);
    }
    int64_t n_failed = 0;
    const sv_study_lever lever[] = {{&base, 0, NULL}, {&base, 0, NULL}};
    for (int64_t k = 1; k < 200; k += 3) { /* whichever allocation fails */
        sv_study *study = NULL;
        sv_arena_fail_at(k);
        sv_status status = sv_study_new_levers(&study, grid, &base, 2, lever, &settings, NULL);
        sv_arena_fail_at(0);
        assert_true(status == SV_OK || (status == SV_ENOMEM && study == NULL));
        n_failed += status != SV_OK;
        sv_study_free(&study);
    }
    assert_true(n_failed > 10);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports_are_worth_what_two_units_say),
        cmocka_unit_test(ceasefire_and_cover_are_worth_their_closed_forms),
        cmocka_unit_test(a_lever_that_touches_nothing_is_worth_exactly_nothing),
        cmocka_unit_test(differences_and_contrasts_are_those_of_the_rows),
        cmocka_unit_test(levers_are_the_same_bits_for_any_number_of_threads),
        cmocka_unit_test(resumed_studies_end_at_the_same_bits),
        cmocka_unit_test(what_was_saved_elsewhere_is_refused),
        cmocka_unit_test(levers_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, open_grid, close_grid);
}
