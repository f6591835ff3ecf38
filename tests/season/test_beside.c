/* A lever beside its base: the same bits as on its own, whatever it changes and whenever its hours part from the base's and
 * meet again; nothing is solved twice when nothing differs. On the bundled country, and on one with storage only. */
#include "season/private.h"
#include "svitlo/formats.h"
#include "svitlo/scenario.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static sv_scenario *winter;
static sv_grid *grid;
static int64_t n_h; /* of the pair that is compared */

static int open_winter(void **unused)
{
    (void)unused;
    sv_error err = {0};
    if (sv_scenario_read(&winter, SV_SOURCE_DIR "/examples/winter.yaml", NULL, 0, &err) != SV_OK ||
        sv_grid_read(&grid, winter->grid_path, &err) != SV_OK) {
        print_error("%s\n", err.text);
        return 1;
    }
    return 0;
}

static int close_winter(void **unused)
{
    (void)unused;
    sv_grid_free(&grid);
    sv_scenario_free(&winter);
    return 0;
}

static void assert_same_rows(const sv_season_row *a, const sv_season_row *b)
{
    size_t n_region = (size_t)grid->n_region;
    assert_int_equal(a->status, b->status);
    assert_memory_equal(&a->demand_mwh, &b->demand_mwh, sizeof(double));
    assert_memory_equal(&a->eens_mwh, &b->eens_mwh, sizeof(double));
    assert_memory_equal(&a->people_hours, &b->people_hours, sizeof(double));
    assert_memory_equal(a->off_people, b->off_people, sizeof a->off_people);
    assert_memory_equal(&a->relaxed_mwh, &b->relaxed_mwh, sizeof(double));
    assert_memory_equal(a->class_people_hours, b->class_people_hours, sizeof a->class_people_hours);
    assert_memory_equal(a->region_mwh, b->region_mwh, sizeof(double) * n_region);
    assert_memory_equal(a->hour_shed_mw, b->hour_shed_mw, sizeof(float) * (size_t)n_h);
    assert_memory_equal(a->hour_people, b->hour_people, sizeof(float) * (size_t)n_h);
    assert_memory_equal(a->site_dark_h, b->site_dark_h, sizeof(float) * (size_t)grid->n_site);
    assert_memory_equal(a->cause_mwh, b->cause_mwh, sizeof(double) * n_region * SV_N_UNIT_CLASS * SV_N_CAUSE);
    assert_int_equal(a->n_unit_repaired, b->n_unit_repaired);
    assert_int_equal(a->n_event, b->n_event);
    assert_int_equal(a->worst_h, b->worst_h);
}

typedef struct {
    sv_season_row *base, *alone, *beside;
    sv_season *base_season, *lever;
    sv_season_trace *trace;
    int64_t same_h, reused_h;
} pair;

static pair make_pair(const sv_season_settings *base, const sv_season_settings *lever)
{
    pair p = {.base = sv_season_row_new(grid, base->n_h),
              .alone = sv_season_row_new(grid, base->n_h),
              .beside = sv_season_row_new(grid, base->n_h),
              .trace = sv_season_trace_new(grid, base->n_h)};
    sv_error err = {0};
    n_h = base->n_h;
    if (sv_season_new(&p.base_season, grid, base, &err) != SV_OK || sv_season_new(&p.lever, grid, lever, &err) != SV_OK)
        fail_msg("%s", err.text);
    return p;
}

static void free_pair(pair *p)
{
    sv_season_free(&p->base_season);
    sv_season_free(&p->lever);
    sv_season_trace_free(&p->trace);
    sv_season_row_free(&p->base);
    sv_season_row_free(&p->alone);
    sv_season_row_free(&p->beside);
}

/* Run some winters all three ways. */
static pair compare(const sv_season_settings *base, const sv_season_settings *lever, int64_t n)
{
    pair p = make_pair(base, lever);
    for (int64_t k = 0; k < n; k++) {
        assert_int_equal(sv_season_run(p.base_season, 7, k, p.alone), SV_OK);
        assert_int_equal(sv_season_run_traced(p.base_season, 7, k, p.trace, p.base), SV_OK);
        assert_same_rows(p.alone, p.base);
        assert_int_equal(sv_season_run(p.lever, 7, k, p.alone), SV_OK);
        assert_int_equal(sv_season_run_beside(p.lever, 7, k, p.trace, p.beside), SV_OK);
        assert_same_rows(p.alone, p.beside);
        p.same_h += p.beside->same_h;
        p.reused_h += p.beside->reused_h;
    }
    assert_true(p.reused_h <= p.same_h);
    return p;
}

static void nothing_touched_is_nothing_solved(void **unused)
{
    (void)unused;
    pair p = compare(&winter->season, &winter->season, 2);
    assert_int_equal(p.same_h, 2 * winter->season.n_h);
    assert_int_equal(p.reused_h, p.same_h);
    assert_same_rows(p.base, p.beside);
    free_pair(&p);
}

static void levers_beside_are_levers_alone(void **unused)
{
    (void)unused;
    sv_season_settings lever = winter->season;
    lever.waves.peace[lever.waves.n_peace++] =
        (sv_peace){.kind = SV_PEACE_FULL, .from_h = lever.t0_h + 61 * 24, .to_h = lever.t0_h + 80 * 24, .kept = 1.0};
    pair p = compare(&winter->season, &lever, 3);
    assert_true(p.reused_h >= 3 * 60 * 24); /* until the peace, but for the last block */
    free_pair(&p);

    lever = winter->season;
    lever.repair.spares[SV_UNIT_AUTOTRANSFORMER] += 12;
    p = compare(&winter->season, &lever, 3);
    assert_true(p.reused_h > 0);
    free_pair(&p);

    lever = winter->season;
    lever.repair.crews_extra = 20;
    lever.waves.cover[SV_ZONE_REAR] = 0.9;
    p = compare(&winter->season, &lever, 3);
    free_pair(&p);

    lever = winter->season;
    lever.repair.spares[SV_UNIT_TRANSFORMER] = 0;
    p = compare(&winter->season, &lever, 2);
    free_pair(&p);
}

/* Slight damage is soon repaired: hours part from the base at each wave that did not come through, and meet again. */
static void hours_meet_again(void **unused)
{
    (void)unused;
    sv_season_settings base = winter->season, lever;
    base.waves.rate_per_week = 0.3;
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++)
        for (int32_t d = 0; d < SV_N_DAMAGE; d++)
            base.waves.damage[c][d] = d == SV_SLIGHT ? 1.0 : 0.0;
    lever = base;
    lever.waves.cover[SV_ZONE_FRONT] = lever.waves.cover[SV_ZONE_REAR] = 1.0;
    lever.waves.saturates_at = 0.0;
    pair p = compare(&base, &lever, 6);
    assert_true(p.same_h > p.reused_h);
    assert_true(p.reused_h > 0 && p.beside->reused_h < p.beside->same_h);
    free_pair(&p);
}

/* Every setting that an hour's dispatch depends on beside its state and stores. A new one joins trace_dispatch, and this
 * list; the size tells when there is a new setting at all. */
_Static_assert(sizeof(sv_season_settings) - sizeof(sv_wave_settings) - sizeof(sv_repair_settings) == 128,
               "a new setting of the season: does the dispatch depend on it?");

static void other_demand_shares_nothing(void **unused)
{
    (void)unused;
    sv_season_settings short_winter = winter->season;
    short_winter.n_h = 21 * 24;
    for (int k = 0; k < 12; k++) {
        sv_season_settings lever = short_winter;
        double *const number[] = {&lever.demand_scale,
                                  &lever.per_degree_cold,
                                  &lever.colder_by_c,
                                  &lever.cold_spread_c,
                                  &lever.cold_persistence_d,
                                  &lever.import_limit_mw,
                                  &lever.demand_class_scale[0],
                                  &lever.demand_class_scale[2],
                                  &lever.weight[0],
                                  &lever.weight[1],
                                  &lever.weight[2]};
        if (k < 11)
            *number[k] = *number[k] * 1.25 + 0.01;
        else
            lever.network = false;
        pair p = compare(&short_winter, &lever, 1);
        assert_int_equal(p.same_h, 0);
        free_pair(&p);
    }
}

/* A base that fails leaves hours that nobody may take over; the lever goes its own way, to the bits, from any hour on. */
static void after_a_failure_levers_go_their_own_way(void **unused)
{
    (void)unused;
    sv_season_settings lever = winter->season;
    lever.repair.spares[SV_UNIT_AUTOTRANSFORMER] += 12;
    pair p = make_pair(&winter->season, &lever);
    assert_int_equal(sv_season_run(p.lever, 7, 0, p.alone), SV_OK);
    static const int64_t failed_h[] = {0, 1, 167, 168, 300, 2000};
    for (size_t k = 0; k < sizeof failed_h / sizeof *failed_h; k++) {
        assert_int_equal(sv_season_run_traced(p.base_season, 7, 0, p.trace, p.base), SV_OK);
        trace_see(p.trace, failed_h[k], trace_state(p.trace, failed_h[k]), p.trace->soc_mwh, true); /* no answer came */
        assert_int_equal(p.trace->hour[failed_h[k]].kind, TRACE_UNKNOWN);
        for (int64_t t = failed_h[k] + 1; t < winter->season.n_h; t++)
            p.trace->hour[t].kind = TRACE_UNKNOWN;
        assert_int_equal(sv_season_run_beside(p.lever, 7, 0, p.trace, p.beside), SV_OK);
        assert_same_rows(p.alone, p.beside);
        assert_true(p.beside->same_h <= failed_h[k] && p.beside->reused_h <= failed_h[k]);
    }
    free_pair(&p);
}

/* A trace that has no room left loses hours, never a bit. */
static void full_traces_lose_hours_only(void **unused)
{
    (void)unused;
    pair p = make_pair(&winter->season, &winter->season);
    p.trace->max_shed = 20000;
    p.trace->max_state = 400;
    assert_int_equal(sv_season_run_traced(p.base_season, 7, 0, p.trace, p.base), SV_OK);
    assert_int_equal(sv_season_run_beside(p.lever, 7, 0, p.trace, p.beside), SV_OK);
    assert_same_rows(p.base, p.beside);
    assert_true(p.beside->same_h > 0 && p.beside->same_h < winter->season.n_h);
    free_pair(&p);
}

static void another_winter_shares_nothing(void **unused)
{
    (void)unused;
    pair p = make_pair(&winter->season, &winter->season);
    assert_int_equal(sv_season_run_traced(p.base_season, 7, 0, p.trace, p.base), SV_OK);
    assert_int_equal(sv_season_run_beside(p.lever, 7, 1, p.trace, p.beside), SV_OK);
    assert_int_equal(p.beside->same_h, 0);
    assert_int_equal(sv_season_run_beside(p.lever, 8, 0, p.trace, p.beside), SV_OK);
    assert_int_equal(p.beside->same_h, 0);
    free_pair(&p);
}

static void causes_add_up(void **unused)
{
    (void)unused;
    pair p = make_pair(&winter->season, &winter->season);
    for (int64_t k = 0; k < 4; k++) {
        assert_int_equal(sv_season_run(p.base_season, 7, k, p.base), SV_OK);
        double sum = p.base->unexplained_mwh, waves = 0.0;
        for (int32_t i = 0; i < grid->n_region * SV_N_UNIT_CLASS * SV_N_CAUSE; i++) {
            assert_true(p.base->cause_mwh[i] >= 0.0);
            sum += p.base->cause_mwh[i];
            waves += i % SV_N_CAUSE == SV_BY_WAVES ? p.base->cause_mwh[i] : 0.0;
        }
        assert_true(fabs(sum - p.base->eens_mwh) <= 1e-9 * p.base->eens_mwh);
        assert_true(waves > 0.0);
    }
    free_pair(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_touched_is_nothing_solved),
        cmocka_unit_test(levers_beside_are_levers_alone),
        cmocka_unit_test(hours_meet_again),
        cmocka_unit_test(other_demand_shares_nothing),
        cmocka_unit_test(after_a_failure_levers_go_their_own_way),
        cmocka_unit_test(full_traces_lose_hours_only),
        cmocka_unit_test(another_winter_shares_nothing),
        cmocka_unit_test(causes_add_up),
    };
    return cmocka_run_group_tests(tests, open_winter, close_winter);
}
