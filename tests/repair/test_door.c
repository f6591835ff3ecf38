/* What the repair refuses, and what it leaves behind when memory runs out. */
#include "repair/yard.h"

static const yard_region west = {0.0, 0.0, 1000.0};
static const yard_site one[] = {{0, 0.0, 0.0}};

static void refuse(const sv_grid *grid, const sv_repair_settings *s, int64_t n_h, const char *words)
{
    sv_error err = {0};
    sv_repair *repair = (sv_repair *)(void *)&err;
    assert_int_equal(sv_repair_new(&repair, grid, s, 0, n_h, &err), SV_EUSAGE);
    assert_null(repair);
    if (strstr(err.text, words) == NULL)
        fail_msg("'%s' lacks '%s'", err.text, words);
    assert_int_equal(sv_repair_new(&repair, grid, s, 0, n_h, NULL), SV_EUSAGE);
}

static void defaults_are_accepted(void **unused)
{
    (void)unused;
    sv_grid *grid = new_yard(&west, 1, one, 1);
    sv_repair_settings s = sv_repair_defaults();
    sv_repair *repair = new_repair(grid, &s, 0, 3624);
    sv_repair_info info;
    sv_repair_describe(repair, &info);
    assert_int_equal(info.n_crew, 3);
    assert_int_equal(info.spares[SV_UNIT_AUTOTRANSFORMER], 14);
    sv_repair_free(&repair);
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++)
        for (int32_t d = SV_MODERATE; d < SV_N_DAMAGE; d++)
            assert_true(s.unit[c].work_h[d] > s.unit[c].work_h[d - 1] && s.unit[c].work_h[d - 1] > 0.0);
    sv_grid_free(&grid);
}

static void numbers_out_of_range_are_refused(void **unused)
{
    (void)unused;
    sv_grid *grid = new_yard(&west, 1, one, 1);
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, -1.0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sv_repair_settings s = sv_repair_defaults();
        double *const number[] = {&s.shift_h,
                                  &s.speed_km_per_h,
                                  &s.detour,
                                  &s.inspection_h,
                                  &s.delivery_spread,
                                  &s.delivery_weeks[SV_UNIT_LINE],
                                  &s.unit[SV_UNIT_HYDRO].spread,
                                  &s.unit[SV_UNIT_HYDRO].work_h[SV_SLIGHT],
                                  &s.unit[SV_UNIT_LINE].work_h[SV_COMPLETE]};
        for (size_t k = 0; k < sizeof number / sizeof number[0]; k++) {
            double good = *number[k];
            *number[k] = bad[i];
            refuse(grid, &s, 100, "accepted is");
            *number[k] = good;
        }
    }
    sv_repair_settings s = sv_repair_defaults();
    int32_t *const count[] = {&s.crews_per_region,  &s.crews_extra,   &s.spares[0],
                              &s.shipment_count[1], &s.unit[2].crews, &s.unit[3].spare_from};
    for (size_t k = 0; k < sizeof count / sizeof count[0]; k++) {
        int32_t good = *count[k];
        *count[k] = -1;
        refuse(grid, &s, 100, "is -1, accepted is");
        *count[k] = 100000;
        refuse(grid, &s, 100, "is 100000, accepted is");
        *count[k] = good;
    }
    s.shift_h = 25.0;
    refuse(grid, &s, 100, "repair: shift (h) is 25, accepted is 0.1 to 24");
    s = sv_repair_defaults();
    s.unit[SV_UNIT_AUTOTRANSFORMER].spare_from = SV_DAMAGE_NONE;
    refuse(grid, &s, 100, "repair: first damage state that needs a spare of autotransformer is 0, accepted is 1 to 5");
    s = sv_repair_defaults();
    refuse(grid, &s, 0, "season: 0 hours");
    sv_grid_free(&grid);
}

static void memory_that_runs_out_leaves_nothing(void **unused)
{
    (void)unused;
    sv_grid *grid = new_yard(&west, 1, one, 1);
    sv_repair_settings s = sv_repair_defaults();
    int32_t n_failed = 0;
    for (int64_t k = 1; k < 1000; k++) {
        sv_repair *repair = NULL;
        sv_arena_fail_at(k);
        sv_status status = sv_repair_new(&repair, grid, &s, 0, 100, NULL);
        sv_arena_fail_at(0);
        assert_true(status == SV_OK || status == SV_ENOMEM);
        assert_true((status == SV_OK) == (repair != NULL));
        sv_repair_free(&repair);
        if (status == SV_OK)
            break;
        n_failed++;
    }
    assert_in_range(n_failed, 10, 100);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_accepted),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
