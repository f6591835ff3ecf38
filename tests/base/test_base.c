/* base: errors, arena, draws, calendar. */
#include "svitlo/base.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void lowest_message_wins(void **unused)
{
    (void)unused;
    sv_error err = {0};
    assert_int_equal(sv_error_set(&err, SV_EDATA, "case.m", 41, "branch %s: reactance is %g pu", "7-8", 0.0), SV_EDATA);
    sv_error_set(&err, SV_EIO, "other", 0, "later");
    assert_string_equal(err.text, "case.m:41: branch 7-8: reactance is 0 pu");
    assert_int_equal(err.line, 41);
    assert_int_equal(sv_error_set(NULL, SV_EIO, NULL, 0, "nobody listens"), SV_EIO);
    for (int s = SV_OK; s >= SV_ECANCEL; s--)
        assert_string_not_equal(sv_status_name((sv_status)s), "unknown");
}

static void arena_takes_are_aligned_zeroed_and_apart(void **unused)
{
    (void)unused;
    sv_arena *arena = sv_arena_new();
    unsigned char *last = NULL;
    for (size_t n = 0; n < 3000; n += 37) {
        unsigned char *bytes = sv_arena_take(arena, n, 1);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % 64, 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xff, n);
        assert_ptr_not_equal(bytes, last);
        last = bytes;
    }
    assert_string_equal(sv_arena_text(arena, "light"), "light");
    assert_false(sv_arena_failed(arena));
    assert_null(sv_arena_take(arena, SIZE_MAX / 4, 8));
    assert_true(sv_arena_failed(arena));
    sv_arena_free(arena);
    sv_arena_free(NULL);
}

static void arena_fails_when_told(void **unused)
{
    (void)unused;
    sv_arena_fail_at(1);
    assert_null(sv_arena_new());
    sv_arena *arena = sv_arena_new();
    sv_arena_fail_at(2);
    assert_non_null(sv_arena_take(arena, 1, 1));
    assert_null(sv_arena_take(arena, 1, 1));
    assert_non_null(sv_arena_take(arena, 1, 1));
    assert_true(sv_arena_failed(arena));
    sv_arena_free(arena);
}

static void draws_depend_on_each_part_of_the_key(void **unused)
{
    (void)unused;
    sv_draw4 a = sv_draw(1, 2, SV_DRAW_TEST, 3, 4);
    sv_draw4 again = sv_draw(1, 2, SV_DRAW_TEST, 3, 4);
    assert_memory_equal(&a, &again, sizeof a);
    sv_draw4 others[] = {sv_draw(2, 2, SV_DRAW_TEST, 3, 4),
                         sv_draw(1, 3, SV_DRAW_TEST, 3, 4),
                         sv_draw(1, 2, SV_DRAW_OUTAGE, 3, 4),
                         sv_draw(1, 2, SV_DRAW_TEST, 4, 4),
                         sv_draw(1, 2, SV_DRAW_TEST, 3, 5),
                         sv_draw(1 + (1ull << 40), 2, SV_DRAW_TEST, 3, 4),
                         sv_draw(1, 2 + (1ll << 33), SV_DRAW_TEST, 3, 4)};
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++)
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                assert_true(others[k].u[i] != a.u[j]);
}

/* Chi-square of 64 cells over 4 x 50,000 numbers: 63 degrees of freedom, 0.1 % point 103.4. */
static void draws_are_uniform(void **unused)
{
    (void)unused;
    double count[64] = {0};
    int n = 50000;
    for (int k = 0; k < n; k++) {
        sv_draw4 draw = sv_draw(7, 0, SV_DRAW_TEST, 0, (uint32_t)k);
        for (int i = 0; i < 4; i++) {
            assert_true(draw.u[i] > 0.0 && draw.u[i] < 1.0);
            count[(int)(draw.u[i] * 64.0)] += 1.0;
        }
    }
    double chi = 0.0, expected = 4.0 * n / 64.0;
    for (int c = 0; c < 64; c++)
        chi += (count[c] - expected) * (count[c] - expected) / expected;
    assert_true(chi < 103.4);
}

static void normal_quantile_inverts_erfc(void **unused)
{
    (void)unused;
    for (double x = -8.0; x <= 5.0; x += 0.37) {
        double u = 0.5 * erfc(-x / sqrt(2.0));
        assert_true(fabs(sv_normal_quantile(u) - x) <= 1e-9 * (1.0 + fabs(x)));
    }
    assert_true(fabs(sv_normal_quantile(0.975) - 1.959963984540054) < 1e-12);
}

static void geometric_and_poisson_have_their_means(void **unused)
{
    (void)unused;
    assert_true(sv_geometric(0.3, 1.0) == 1.0);
    double sum = 0.0, count = 0.0, large = 0.0;
    int n = 40000;
    for (int k = 0; k < n; k++) {
        sv_draw4 draw = sv_draw(11, 5, SV_DRAW_TEST, 1, (uint32_t)k);
        sum += sv_geometric(draw.u[0], 0.05);
        count += (double)sv_poisson(draw.u[1], 3.5);
        large += (double)sv_poisson(draw.u[2], 2000.0);
    }
    assert_true(fabs(sum / n - 20.0) < 4.0 * sqrt(380.0 / n));
    assert_true(fabs(count / n - 3.5) < 4.0 * sqrt(3.5 / n));
    assert_true(fabs(large / n - 2000.0) < 4.0 * sqrt(2000.0 / n));
    assert_int_equal(sv_poisson(0.9999, 0.0), 0);
}

static void calendar_agrees_with_known_days(void **unused)
{
    (void)unused;
    assert_int_equal(sv_hour_from_date(1970, 1, 1, 0), 0);
    assert_int_equal(sv_hour_from_date(2027, 4, 1, 0) - sv_hour_from_date(2026, 11, 1, 0), 3624);
    assert_int_equal(sv_hour_from_date(2021, 1, 1, 0) - sv_hour_from_date(2020, 1, 1, 0), 8784);
    assert_int_equal(sv_date_from_hour(sv_hour_from_date(2027, 1, 4, 0)).weekday, 0);
    for (int64_t t = sv_hour_from_date(1899, 12, 1, 0); t < sv_hour_from_date(2101, 3, 2, 0); t += 13) {
        sv_date date = sv_date_from_hour(t);
        assert_int_equal(sv_hour_from_date(date.year, date.month, date.day, date.hour), t);
    }
}

static void dates_are_read_strictly(void **unused)
{
    (void)unused;
    int64_t t = 0;
    assert_true(sv_date_parse("2026-11-01", &t));
    assert_int_equal(t, sv_hour_from_date(2026, 11, 1, 0));
    assert_true(sv_date_parse("2028-02-29 23:00", &t));
    assert_true(sv_date_parse("2028-02-29T23:00", &t));
    const char *bad[] = {"",           "2026-11",     "2026-11-31",       "2027-02-29",       "2026-13-01",
                         "2026-1-01",  "2026-11-01x", "2026-11-01 24:00", "2026-11-01 12:30", "2026-11-01 1",
                         "x026-11-01", "2026-00-10"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
        assert_false(sv_date_parse(bad[k], &t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lowest_message_wins),
        cmocka_unit_test(arena_takes_are_aligned_zeroed_and_apart),
        cmocka_unit_test(arena_fails_when_told),
        cmocka_unit_test(draws_depend_on_each_part_of_the_key),
        cmocka_unit_test(draws_are_uniform),
        cmocka_unit_test(normal_quantile_inverts_erfc),
        cmocka_unit_test(geometric_and_poisson_have_their_means),
        cmocka_unit_test(calendar_agrees_with_known_days),
        cmocka_unit_test(dates_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
