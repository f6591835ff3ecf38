/* Repair against schedules computed by hand. */
#include "repair/yard.h"

/* One region at 0; sites 1, 2 and 4 hours to the east of it. */
static const yard_region west = {0.0, 0.0, 1000.0};
static const yard_site row_of_sites[] = {{0, 50.0, 0.0}, {0, 100.0, 0.0}, {0, 200.0, 0.0}};
static sv_grid *grid;

static int make_grid(void **unused)
{
    (void)unused;
    grid = new_yard(&west, 1, row_of_sites, 3);
    return 0;
}

static int free_grid(void **unused)
{
    (void)unused;
    sv_grid_free(&grid);
    return 0;
}

/* Nothing happens before t_h; then exactly this unit is done (-1 = none). */
static void expect(sv_repair *repair, int64_t t_h, int32_t i_unit)
{
    assert_int_equal(sv_repair_next_h(repair), t_h);
    const int32_t *done = NULL;
    int32_t n = sv_repair_step(repair, t_h, NULL, NULL, &done);
    assert_int_equal(n, i_unit >= 0);
    if (i_unit >= 0)
        assert_int_equal(done[0], i_unit);
}

static void expect_rest(sv_repair **repair)
{
    assert_int_equal(sv_repair_next_h(*repair), INT64_MAX);
    sv_repair_info info;
    sv_repair_describe(*repair, &info);
    assert_int_equal(info.n_busy, 0);
    assert_int_equal(info.n_job, 0);
    sv_repair_free(repair);
    assert_null(*repair);
    sv_repair_free(repair);
}

static void one_crew_two_jobs(void **unused)
{
    (void)unused;
    sv_repair_settings s = plain_settings();
    s.inspection_h = 2.0;
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    sv_repair_reset(repair, 1, 0);
    assert_int_equal(sv_repair_next_h(repair), INT64_MAX);
    sv_repair_hit(repair, 0, switchgear(grid, 0), SV_MODERATE);
    sv_repair_hit(repair, 0, switchgear(grid, 1), SV_MODERATE);
    expect(repair, 2, -1);                   /* inspected; the crew leaves for site 0 */
    expect(repair, 13, switchgear(grid, 0)); /* 2 + 1 + 10; sent on to site 1, 1 h away */
    expect(repair, 24, switchgear(grid, 1)); /* 13 + 1 + 10 */
    expect_rest(&repair);
}

/* Done at site 1 at 12 (2 h + 10 h), the crew is home at 14. */
static void an_idle_crew_goes_home(void **unused)
{
    (void)unused;
    const int64_t ready_h[] = {12, 13, 14, 16};
    const int64_t end_h[] = {22, 26, 26, 28}; /* still at the site; on the way, so by way of home; from home 2 h */
    for (int32_t k = 0; k < 4; k++) {
        sv_repair_settings s = plain_settings();
        sv_repair *repair = new_repair(grid, &s, 0, 1000);
        sv_repair_hit(repair, 0, switchgear(grid, 1), SV_MODERATE);
        expect(repair, 0, -1);
        if (k == 0)
            sv_repair_hit(repair, ready_h[k], low_switchgear(grid, 1), SV_MODERATE);
        expect(repair, 12, switchgear(grid, 1));
        if (k > 0) {
            sv_repair_hit(repair, ready_h[k], low_switchgear(grid, 1), SV_MODERATE);
            expect(repair, ready_h[k], -1);
        }
        expect(repair, end_h[k], low_switchgear(grid, 1));
        expect_rest(&repair);
    }
    /* Half way home: 1 h to go, then 1 h to site 0, then 10 h. */
    sv_repair_settings s = plain_settings();
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    sv_repair_hit(repair, 0, switchgear(grid, 1), SV_MODERATE);
    expect(repair, 0, -1);
    expect(repair, 12, switchgear(grid, 1));
    sv_repair_hit(repair, 13, switchgear(grid, 0), SV_MODERATE);
    expect(repair, 13, -1);
    expect(repair, 25, switchgear(grid, 0));
    expect_rest(&repair);
}

static void shift_and_detour_stretch_work_and_way(void **unused)
{
    (void)unused;
    sv_repair_settings s = plain_settings();
    s.shift_h = 12.0;
    s.detour = 1.5;
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    sv_repair_hit(repair, 0, switchgear(grid, 0), SV_MODERATE);
    expect(repair, 0, -1);
    expect(repair, 22, switchgear(grid, 0)); /* 1.5 h of way, 20 h of work, rounded up */
    expect_rest(&repair);
}

static sv_repair_settings with_spares(int32_t n, double weeks)
{
    sv_repair_settings s = plain_settings();
    s.unit[SV_UNIT_AUTOTRANSFORMER].spare_from = SV_EXTENSIVE;
    s.spares[SV_UNIT_AUTOTRANSFORMER] = n;
    s.delivery_weeks[SV_UNIT_AUTOTRANSFORMER] = weeks;
    return s;
}

static void a_transformer_without_a_spare_waits_for_the_delivery(void **unused)
{
    (void)unused;
    sv_repair_settings s = with_spares(1, 1.0);
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    sv_repair_hit(repair, 0, autotransformer(grid, 0), SV_COMPLETE);
    sv_repair_hit(repair, 0, autotransformer(grid, 1), SV_EXTENSIVE);
    sv_repair_hit(repair, 0, autotransformer(grid, 2), SV_MODERATE); /* needs none */
    expect(repair, 0, -1);
    sv_repair_info info;
    sv_repair_describe(repair, &info);
    assert_int_equal(info.n_crew, 1);
    assert_int_equal(info.n_busy, 1);
    assert_int_equal(info.n_job, 3);
    assert_int_equal(info.n_waiting_spare, 1);
    assert_int_equal(info.spares[SV_UNIT_AUTOTRANSFORMER], 0);
    expect(repair, 51, autotransformer(grid, 0));  /* 1 + 50; the crew goes past the one that waits, 3 h */
    expect(repair, 64, autotransformer(grid, 2));  /* 51 + 3 + 10 */
    expect(repair, 168, -1);                       /* ordered at 0, a week; the crew leaves home */
    expect(repair, 190, autotransformer(grid, 1)); /* 168 + 2 + 20 */
    expect(repair, 336, -1);                       /* the replacement of the second spare */
    sv_repair_describe(repair, &info);
    assert_int_equal(info.spares[SV_UNIT_AUTOTRANSFORMER], 1);
    expect_rest(&repair);
}

static void a_shipment_arrives(void **unused)
{
    (void)unused;
    sv_repair_settings s = with_spares(0, 0.0);
    s.shipment_count[SV_UNIT_AUTOTRANSFORMER] = 2;
    s.shipment_h[SV_UNIT_AUTOTRANSFORMER] = 5030;
    sv_repair *repair = new_repair(grid, &s, 5000, 1000);
    for (int32_t season = 0; season < 2; season++) {
        sv_repair_reset(repair, 1, season);
        sv_repair_hit(repair, 3, autotransformer(grid, 0), SV_COMPLETE);
        expect(repair, 3, -1);
        expect(repair, 30, -1);
        expect(repair, 81, autotransformer(grid, 0));
        sv_repair_info info;
        sv_repair_describe(repair, &info);
        assert_int_equal(info.spares[SV_UNIT_AUTOTRANSFORMER], 1);
        assert_int_equal(sv_repair_next_h(repair), INT64_MAX); /* nothing ordered */
    }
    sv_repair_free(&repair);
    /* Arrived before the season: there from its first hour. Past its end: never. */
    s.shipment_h[SV_UNIT_AUTOTRANSFORMER] = 400;
    repair = new_repair(grid, &s, 5000, 1000);
    expect(repair, 0, -1);
    expect_rest(&repair);
    s.shipment_h[SV_UNIT_AUTOTRANSFORMER] = 6000;
    repair = new_repair(grid, &s, 5000, 1000);
    expect_rest(&repair);
}

static void the_first_in_the_ranking_gets_the_last_spare(void **unused)
{
    (void)unused;
    sv_repair_settings s = with_spares(1, 0.0);
    s.crews_extra = 3;
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    for (int32_t i = 0; i < 3; i++)
        sv_repair_hit(repair, 0, autotransformer(grid, i), SV_COMPLETE);
    const int32_t *unit = NULL, *done = NULL;
    assert_int_equal(sv_repair_waiting(repair, 0, &unit), 3);
    const double none[3] = {0.0, 0.0, 0.0}, gain[3] = {1.0, 2.0, 500.0};
    assert_int_equal(sv_repair_step(repair, 0, none, gain, &done), 0);
    sv_repair_info info;
    sv_repair_describe(repair, &info);
    assert_int_equal(info.n_busy, 1);
    assert_int_equal(info.n_waiting_spare, 2);
    expect(repair, 54, autotransformer(grid, 2));
    assert_int_equal(sv_repair_next_h(repair), INT64_MAX); /* the others wait for ever */
    sv_repair_free(&repair);
}

static void a_hit_restarts_the_work_at_the_worse_state(void **unused)
{
    (void)unused;
    const sv_damage second[] = {SV_SLIGHT, SV_EXTENSIVE};
    const int64_t end_h[2][2] = {{15, 25}, {18, 28}};
    for (int32_t k = 0; k < 4; k++) {
        sv_repair_settings s = plain_settings();
        s.inspection_h = k / 2 == 0 ? 0.0 : 2.0;
        int64_t inspection_h = k / 2 == 0 ? 0 : 2;
        sv_repair *repair = new_repair(grid, &s, 0, 1000);
        sv_repair_hit(repair, 0, switchgear(grid, 0), SV_MODERATE);
        expect(repair, inspection_h, -1);
        assert_int_equal(sv_repair_next_h(repair), inspection_h + 11);
        sv_repair_hit(repair, 5, switchgear(grid, 0), second[k % 2]);
        expect(repair, 5, -1); /* without inspection the crew is still there: 5 + 10 or 20 */
        if (inspection_h > 0)
            expect(repair, 7, -1); /* the crew was home at 6, comes back at 8 */
        expect(repair, end_h[k / 2][k % 2], switchgear(grid, 0));
        expect_rest(&repair);
    }
}

static void a_hit_in_the_hour_of_the_end_comes_first(void **unused)
{
    (void)unused;
    sv_repair_settings s = plain_settings();
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    sv_repair_hit(repair, 0, switchgear(grid, 0), SV_SLIGHT);
    expect(repair, 0, -1);
    sv_repair_hit(repair, 5, switchgear(grid, 0), SV_SLIGHT);
    expect(repair, 5, -1);
    expect(repair, 9, switchgear(grid, 0));
    /* Taken note of, but not yet handed out, when the hit comes: it is not reported as done. */
    sv_repair_hit(repair, 20, switchgear(grid, 0), SV_SLIGHT);
    expect(repair, 20, -1);
    const int32_t *unit = NULL, *done = NULL;
    assert_int_equal(sv_repair_waiting(repair, 25, &unit), 0);
    sv_repair_hit(repair, 25, switchgear(grid, 0), SV_SLIGHT);
    assert_int_equal(sv_repair_step(repair, 25, NULL, NULL, &done), 0);
    expect(repair, 29, switchgear(grid, 0));
    expect_rest(&repair);
}

static void a_built_in_spare_is_lost(void **unused)
{
    (void)unused;
    sv_repair_settings s = with_spares(2, 0.0);
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    sv_repair_hit(repair, 0, autotransformer(grid, 0), SV_EXTENSIVE);
    expect(repair, 0, -1);
    sv_repair_hit(repair, 10, autotransformer(grid, 0), SV_SLIGHT);
    expect(repair, 10, -1);
    sv_repair_info info;
    sv_repair_describe(repair, &info);
    assert_int_equal(info.spares[SV_UNIT_AUTOTRANSFORMER], 0);
    sv_repair_hit(repair, 12, autotransformer(grid, 0), SV_SLIGHT);
    expect(repair, 12, -1);
    sv_repair_describe(repair, &info);
    assert_int_equal(info.n_waiting_spare, 1);
    assert_int_equal(info.n_busy, 0);
    assert_int_equal(sv_repair_next_h(repair), INT64_MAX);
    sv_repair_free(&repair);
}

static void a_job_that_needs_more_crews_than_exist_takes_longer(void **unused)
{
    (void)unused;
    sv_repair_settings s = plain_settings();
    s.crews_extra = 2;
    s.unit[SV_UNIT_SWITCHGEAR].crews = 5;
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    sv_repair_hit(repair, 0, switchgear(grid, 0), SV_MODERATE);
    expect(repair, 0, -1);
    sv_repair_info info;
    sv_repair_describe(repair, &info);
    assert_int_equal(info.n_busy, 2);
    expect(repair, 26, switchgear(grid, 0)); /* 1 + 10 * 5 / 2 */
    expect_rest(&repair);
}

static void without_crews_only_plants_repair_themselves(void **unused)
{
    (void)unused;
    sv_repair_settings s = plain_settings();
    s.crews_extra = 0;
    s.unit[SV_UNIT_THERMAL].crews = 0;
    s.unit[SV_UNIT_AUTOTRANSFORMER].crews = 3;
    s.inspection_h = 3.0;
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    sv_repair_hit(repair, 7, switchgear(grid, 0), SV_SLIGHT);
    sv_repair_hit(repair, 7, autotransformer(grid, 0), SV_SLIGHT);
    sv_repair_hit(repair, 7, plant(grid), SV_MODERATE);
    expect(repair, 10, -1);
    expect(repair, 20, plant(grid));
    const int32_t *unit = NULL;
    assert_int_equal(sv_repair_waiting(repair, 30, &unit), 0);
    sv_repair_info info;
    sv_repair_describe(repair, &info);
    assert_int_equal(info.n_job, 2);
    assert_int_equal(sv_repair_next_h(repair), INT64_MAX);
    sv_repair_free(&repair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_crew_two_jobs),
        cmocka_unit_test(an_idle_crew_goes_home),
        cmocka_unit_test(shift_and_detour_stretch_work_and_way),
        cmocka_unit_test(a_transformer_without_a_spare_waits_for_the_delivery),
        cmocka_unit_test(a_shipment_arrives),
        cmocka_unit_test(the_first_in_the_ranking_gets_the_last_spare),
        cmocka_unit_test(a_hit_restarts_the_work_at_the_worse_state),
        cmocka_unit_test(a_hit_in_the_hour_of_the_end_comes_first),
        cmocka_unit_test(a_built_in_spare_is_lost),
        cmocka_unit_test(a_job_that_needs_more_crews_than_exist_takes_longer),
        cmocka_unit_test(without_crews_only_plants_repair_themselves),
    };
    return cmocka_run_group_tests(tests, make_grid, free_grid);
}
