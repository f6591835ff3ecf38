/* Who is repaired first, who goes, and where crews live. */
#include "repair/yard.h"

static const yard_region west = {0.0, 0.0, 1000.0};
/* All at the region's centre: no travel, so that only work and gain count. */
static const yard_site together[] = {{0, 0.0, 0.0}, {0, 0.0, 0.0}, {0, 0.0, 0.0}, {0, 0.0, 0.0}};

/* Run with one crew until all is done; write down the order in which units come back. */
static int32_t order_of_return(sv_repair *repair, int32_t n_unit, const double *critical_of, const double *gain_of,
                               int32_t *order)
{
    int32_t n = 0;
    for (int64_t t = sv_repair_next_h(repair); t != INT64_MAX; t = sv_repair_next_h(repair)) {
        double critical[64], gain[64];
        const int32_t *unit = NULL, *done = NULL;
        int32_t n_waiting = sv_repair_waiting(repair, t, &unit);
        assert_true(n_unit <= 64 && n_waiting <= n_unit);
        for (int32_t k = 0; k < n_waiting; k++) {
            critical[k] = critical_of[unit[k]];
            gain[k] = gain_of[unit[k]];
        }
        int32_t n_done = sv_repair_step(repair, t, critical, gain, &done);
        for (int32_t k = 0; k < n_done; k++)
            order[n++] = done[k];
    }
    return n;
}

static void critical_first_then_gain_per_crew_hour_then_first_come(void **unused)
{
    (void)unused;
    sv_grid *grid = new_yard(&west, 1, together, 4);
    sv_repair_settings s = plain_settings();
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    double critical[64] = {0}, gain[64] = {0};
    const struct {
        int32_t i_unit;
        sv_damage damage;
        double critical_mw, gain_mw;
    } job[] = {
        {switchgear(grid, 3), SV_SLIGHT, 0.0, 0.0},         /* nothing to gain, came first:     5 */
        {switchgear(grid, 0), SV_EXTENSIVE, 0.0, 40.0},     /* 40 / 20 h = 2 MW a crew-hour:    4 */
        {switchgear(grid, 1), SV_SLIGHT, 0.0, 10.0},        /* 10 / 4 h = 2.5:                  2 */
        {switchgear(grid, 2), SV_MODERATE, 0.1, 1.0},       /* critical, if little:             1 */
        {autotransformer(grid, 1), SV_SLIGHT, 0.0, 10.0},   /* as 2, came later:               3 */
        {autotransformer(grid, 0), SV_COMPLETE, 5.0, 50.0}, /* critical, 1 MW a crew-hour:   0 */
        {plant(grid), SV_SLIGHT, 0.0, 0.0},                 /* nothing to gain, came last:      6 */
    };
    const int32_t expected[] = {5, 3, 2, 4, 1, 0, 6};
    for (int32_t k = 0; k < 7; k++) {
        sv_repair_hit(repair, 0, job[k].i_unit, job[k].damage);
        critical[job[k].i_unit] = job[k].critical_mw;
        gain[job[k].i_unit] = job[k].gain_mw;
    }
    int32_t order[64];
    assert_int_equal(order_of_return(repair, grid->n_unit, critical, gain, order), 7);
    for (int32_t k = 0; k < 7; k++)
        assert_int_equal(order[k], job[expected[k]].i_unit);
    sv_repair_free(&repair);
    sv_grid_free(&grid);
}

/* Work being equal, the way decides, and so do the crews needed. */
static void way_and_crews_count(void **unused)
{
    (void)unused;
    const yard_site far[] = {{0, 500.0, 0.0}, {0, 0.0, 0.0}, {0, 0.0, 0.0}};
    sv_grid *grid = new_yard(&west, 1, far, 3);
    sv_repair_settings s = plain_settings();
    s.crews_extra = 2;
    s.unit[SV_UNIT_AUTOTRANSFORMER].crews = 2;
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    double critical[64] = {0}, gain[64] = {0};
    const int32_t far_one = switchgear(grid, 0), near_one = switchgear(grid, 1), two_crews = autotransformer(grid, 2);
    sv_repair_hit(repair, 0, far_one, SV_MODERATE);   /* 40 MW in 20 h: 2 */
    sv_repair_hit(repair, 0, two_crews, SV_MODERATE); /* 50 MW by two crews in 10 h: 2.5 */
    sv_repair_hit(repair, 0, near_one, SV_MODERATE);  /* 30 MW in 10 h: 3 */
    gain[far_one] = 40.0;
    gain[two_crews] = 50.0;
    gain[near_one] = 30.0;
    /* near_one takes one crew; two_crews needs two and is next, so the other crew waits for it: no overtaking. */
    int32_t order[64];
    assert_int_equal(order_of_return(repair, grid->n_unit, critical, gain, order), 3);
    assert_int_equal(order[0], near_one);
    assert_int_equal(order[1], two_crews);
    assert_int_equal(order[2], far_one);
    sv_repair_free(&repair);
    sv_grid_free(&grid);
}

static void the_nearest_crews_go(void **unused)
{
    (void)unused;
    const yard_region region[] = {{0.0, 0.0, 10.0}, {300.0, 0.0, 20.0}};
    const yard_site site[] = {{0, 100.0, 0.0}, {1, 200.0, 0.0}, {1, 300.0, 0.0}};
    sv_grid *grid = new_yard(region, 2, site, 3);
    sv_repair_settings s = plain_settings();
    s.crews_extra = 0;
    s.crews_per_region = 1;
    sv_repair *repair = new_repair(grid, &s, 0, 1000);
    const int32_t *done = NULL;
    sv_repair_hit(repair, 0, switchgear(grid, 1), SV_SLIGHT); /* 100 km from region 1, 200 km from region 0 */
    sv_repair_step(repair, 0, NULL, NULL, &done);
    assert_int_equal(sv_repair_next_h(repair), 6);            /* 2 + 4 */
    sv_repair_hit(repair, 1, switchgear(grid, 2), SV_SLIGHT); /* the crew of region 0 is left: 300 km */
    sv_repair_step(repair, 1, NULL, NULL, &done);
    sv_repair_info info;
    sv_repair_describe(repair, &info);
    assert_int_equal(info.n_busy, 2);
    assert_int_equal(sv_repair_step(repair, 6, NULL, NULL, &done), 1);
    assert_int_equal(sv_repair_next_h(repair), 11); /* 1 + 6 + 4 */
    assert_int_equal(sv_repair_step(repair, 11, NULL, NULL, &done), 1);
    assert_int_equal(done[0], switchgear(grid, 2));
    /* Two crews at once: work begins when the second is there. */
    s.unit[SV_UNIT_SWITCHGEAR].crews = 2;
    sv_repair_free(&repair);
    repair = new_repair(grid, &s, 0, 1000);
    sv_repair_hit(repair, 0, switchgear(grid, 1), SV_SLIGHT);
    sv_repair_step(repair, 0, NULL, NULL, &done);
    assert_int_equal(sv_repair_next_h(repair), 8); /* 4 + 4 */
    sv_repair_free(&repair);
    sv_grid_free(&grid);
}

/* Hour at which a slight damage (4 h) of a site's switchgear is mended by the one crew nearest to it. */
static int64_t mended_h(const sv_grid *grid, const sv_repair_settings *s, int32_t i_site)
{
    sv_repair *repair = new_repair(grid, s, 0, 1000);
    sv_repair_hit(repair, 0, switchgear(grid, i_site), SV_SLIGHT);
    const int32_t *done = NULL;
    sv_repair_step(repair, 0, NULL, NULL, &done);
    int64_t t_h = sv_repair_next_h(repair);
    sv_repair_free(&repair);
    return t_h;
}

static void extra_crews_live_where_most_people_do(void **unused)
{
    (void)unused;
    const yard_region region[] = {{0.0, 0.0, 10.0}, {0.0, 1000.0, 500.0}, {0.0, 2000.0, 30.0}};
    const yard_site site[] = {{0, 0.0, 0.0}, {1, 0.0, 1000.0}, {2, 0.0, 2000.0}};
    sv_grid *grid = new_yard(region, 3, site, 3);
    sv_repair_settings s = plain_settings();
    const int64_t expected[4][3] = {{24, 4, 24}, {24, 4, 4}, {4, 4, 4}, {4, 4, 4}}; /* 1000 km are 20 h */
    for (int32_t n = 1; n <= 4; n++) {
        s.crews_extra = n;
        for (int32_t i = 0; i < 3; i++)
            assert_int_equal(mended_h(grid, &s, i), expected[n - 1][i]);
    }
    sv_grid_free(&grid);
}

static void unknown_places_cost_no_way(void **unused)
{
    (void)unused;
    const double unknown = (double)NAN;
    /* The region's centre is the mean of its known sites: 50 km from each. */
    const yard_region region[] = {{unknown, unknown, 10.0}};
    const yard_site site[] = {{0, 100.0, 0.0}, {0, 200.0, 0.0}, {0, unknown, unknown}};
    sv_grid *grid = new_yard(region, 1, site, 3);
    sv_repair_settings s = plain_settings();
    assert_int_equal(mended_h(grid, &s, 0), 5);
    assert_int_equal(mended_h(grid, &s, 1), 5);
    assert_int_equal(mended_h(grid, &s, 2), 4);
    sv_grid_free(&grid);
    const yard_site nowhere[] = {{0, unknown, unknown}, {0, unknown, unknown}};
    grid = new_yard(region, 1, nowhere, 2);
    assert_int_equal(mended_h(grid, &s, 1), 4);
    sv_grid_free(&grid);
}

static void work_is_lognormal_and_keyed_by_the_hour_of_the_hit(void **unused)
{
    (void)unused;
    sv_grid *grid = new_yard(&west, 1, together, 4);
    sv_repair_settings s = plain_settings();
    s.unit[SV_UNIT_SWITCHGEAR].spread = 0.8;
    s.unit[SV_UNIT_SWITCHGEAR].work_h[SV_MODERATE] = 1000.0;
    sv_repair *repair = new_repair(grid, &s, 0, 100000);
    double sum = 0.0, squares = 0.0;
    const int32_t n = 4000;
    for (int32_t season = 0; season < n; season++) {
        sv_repair_reset(repair, 12, season);
        sv_repair_hit(repair, 50, switchgear(grid, 0), SV_MODERATE);
        sv_repair_step(repair, 50, NULL, NULL, NULL);
        double x = log((double)(sv_repair_next_h(repair) - 50) - 0.5);
        sum += x;
        squares += x * x;
        if (season % 400 > 0)
            continue;
        int64_t once_h = sv_repair_next_h(repair); /* the same hit after another one: the same work */
        sv_repair_reset(repair, 12, season);
        sv_repair_hit(repair, 10, switchgear(grid, 0), SV_SLIGHT);
        sv_repair_hit(repair, 50, switchgear(grid, 0), SV_MODERATE);
        sv_repair_step(repair, 50, NULL, NULL, NULL);
        assert_int_equal(sv_repair_next_h(repair), once_h);
    }
    double mean = sum / n, spread = sqrt(squares / n - mean * mean);
    assert_true(fabs(mean - log(1000.0)) < 4.0 * 0.8 / sqrt(n));
    assert_true(fabs(spread - 0.8) < 4.0 * 0.8 / sqrt(2.0 * n));
    sv_repair_free(&repair);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(critical_first_then_gain_per_crew_hour_then_first_come),
        cmocka_unit_test(way_and_crews_count),
        cmocka_unit_test(the_nearest_crews_go),
        cmocka_unit_test(extra_crews_live_where_most_people_do),
        cmocka_unit_test(unknown_places_cost_no_way),
        cmocka_unit_test(work_is_lognormal_and_keyed_by_the_hour_of_the_hit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
