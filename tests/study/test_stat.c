/* Statistics against exact computation on the same data: long double sums, sorted arrays. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../src/study/stat.h"

static bool near(double a, double b, double relative)
{
    return fabs(a - b) <= relative * fmax(fabs(a), fabs(b));
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Type 7 from a sorted array, in long double. */
static double exact_quantile(const double *sorted, int64_t n, long double p)
{
    long double r = (long double)(n - 1) * p;
    int64_t low = (int64_t)floorl(r + 1e-12L);
    long double share = r - (long double)low;
    if (low + 1 >= n || share <= 0.0L)
        return sorted[low];
    return (double)((1.0L - share) * (long double)sorted[low] + share * (long double)sorted[low + 1]);
}

static double exact_tail(const double *sorted, int64_t n)
{
    long double size = (long double)n / 20.0L, total = 0.0L;
    int64_t whole = n / 20;
    for (int64_t i = 0; i < whole; i++)
        total += (long double)sorted[n - 1 - i];
    long double part = size - (long double)whole;
    if (part > 0.0L)
        total += part * (long double)sorted[n - 1 - whole];
    return (double)(total / size);
}

/* All of a summary against the array it came from; quantiles and tail within `relative`. */
static void check(const double *value, int64_t n, double relative)
{
    sv_stat *stat = calloc(1, sizeof *stat);
    double *sorted = malloc((size_t)n * sizeof *sorted);
    long double sum = 0.0L, squares = 0.0L;
    for (int64_t i = 0; i < n; i++) {
        sv_stat_add(stat, value[i]);
        sum += (long double)value[i];
    }
    long double mean = sum / (long double)n;
    for (int64_t i = 0; i < n; i++)
        squares += ((long double)value[i] - mean) * ((long double)value[i] - mean);
    memcpy(sorted, value, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);

    sv_summary s;
    sv_stat_describe(stat, &s);
    assert_int_equal(s.n, n);
    assert_true(near(s.mean, (double)mean, 1e-11));
    if (n >= 2) {
        double se = (double)sqrtl(squares / (long double)(n - 1) / (long double)n);
        assert_true(fabs(s.se - se) <= 1e-9 * se + 1e-14 * fabs((double)mean));
        assert_true(s.se == sv_stat_error(stat));
    } else {
        assert_true(isnan(s.se));
    }
    assert_true(s.min == sorted[0] && s.max == sorted[n - 1]);
    assert_true(near(s.p5, exact_quantile(sorted, n, 0.05L), relative));
    assert_true(near(s.p50, exact_quantile(sorted, n, 0.50L), relative));
    assert_true(near(s.p95, exact_quantile(sorted, n, 0.95L), relative));
    assert_true(near(s.cvar95, exact_tail(sorted, n), relative));
    assert_true(s.cvar95 >= s.p95 * (1.0 - relative) && s.cvar95 <= s.max);
    free(sorted);
    free(stat);
}

static void known_answers(void **unused)
{
    (void)unused;
    sv_stat *stat = calloc(1, sizeof *stat);
    for (int k = 1; k <= 10; k++)
        sv_stat_add(stat, k);
    sv_summary s;
    sv_stat_describe(stat, &s);
    assert_true(s.mean == 5.5 && near(s.se, sqrt(82.5 / 9.0 / 10.0), 1e-15));
    assert_true(near(s.p5, 1.45, 1e-14) && near(s.p50, 5.5, 1e-14) && near(s.p95, 9.55, 1e-14));
    assert_true(s.cvar95 == 10.0); /* half a value belongs to the tail: the worst one */
    for (int k = 11; k <= 30; k++)
        sv_stat_add(stat, k);
    sv_stat_describe(stat, &s);
    assert_true(near(s.cvar95, (30.0 + 0.5 * 29.0) / 1.5, 1e-15));
    for (int k = 31; k <= 100; k++)
        sv_stat_add(stat, k);
    sv_stat_describe(stat, &s);
    assert_true(s.cvar95 == 98.0 && near(s.p5, 5.95, 1e-14) && s.min == 1.0 && s.max == 100.0);
    free(stat);
}

static void nothing_and_one_value(void **unused)
{
    (void)unused;
    sv_stat *stat = calloc(1, sizeof *stat);
    sv_summary s;
    sv_stat_describe(stat, &s);
    assert_int_equal(s.n, 0);
    assert_true(isnan(s.mean) && isnan(s.se) && isnan(s.min) && isnan(s.max) && isnan(s.p50) && isnan(s.cvar95));
    assert_true(sv_stat_relative_error(stat) == INFINITY);
    sv_stat_add(stat, 7.25);
    sv_stat_describe(stat, &s);
    assert_true(s.n == 1 && s.mean == 7.25 && isnan(s.se) && s.p5 == 7.25 && s.p95 == 7.25 && s.cvar95 == 7.25);
    assert_true(sv_stat_relative_error(stat) == INFINITY);
    free(stat);
}

typedef double (*shape)(sv_draw4 draw);
static double uniform(sv_draw4 d)
{
    return 1000.0 * d.u[0];
}
static double lognormal(sv_draw4 d)
{
    return exp(5.0 + 2.0 * sv_normal_quantile(d.u[0]));
}
static double heavy(sv_draw4 d)
{
    return pow(d.u[0], -0.7);
}
static double mostly_zero(sv_draw4 d)
{
    return d.u[0] < 0.97 ? 0.0 : 1e6 * d.u[1];
}
static double whole_hours(sv_draw4 d)
{
    return floor(200.0 * d.u[0] * d.u[1]);
}
static double two_points(sv_draw4 d)
{
    return d.u[0] < 0.94 ? 1e-3 : 1e12;
}
static double every_octave(sv_draw4 d)
{
    return ldexp(1.0 + d.u[1], (int)(60.0 * d.u[0]) - 14);
}
static const shape shapes[] = {uniform, lognormal, heavy, mostly_zero, whole_hours, two_points, every_octave};
enum { N_SHAPE = sizeof shapes / sizeof shapes[0], LARGE = 60000 };

static void agrees_with_sorted_arrays(void **unused)
{
    (void)unused;
    static const int64_t sizes[] = {1, 2, 3, 19, 20, 21, 1000, 1024, 1025, 5000, LARGE};
    double *value = malloc(LARGE * sizeof *value);
    for (int32_t k = 0; k < N_SHAPE; k++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            int64_t n = sizes[i];
            for (int64_t j = 0; j < n; j++)
                value[j] = shapes[k](sv_draw(3, n, SV_DRAW_TEST, (uint32_t)k, (uint32_t)j));
            check(value, n, n <= SV_STAT_EXACT ? 1e-12 : 1.0 / 256.0);
        }
    free(value);
}

/* The tail is summed bucket by bucket, so only the edge of the worst 5 % is taken for its bucket's mean. */
static void tail_is_nearly_exact(void **unused)
{
    (void)unused;
    double *value = malloc(LARGE * sizeof *value);
    sv_stat *stat = calloc(1, sizeof *stat);
    for (int64_t j = 0; j < LARGE; j++) {
        value[j] = lognormal(sv_draw(4, 0, SV_DRAW_TEST, 0, (uint32_t)j));
        sv_stat_add(stat, value[j]);
    }
    qsort(value, LARGE, sizeof *value, ascending);
    sv_summary s;
    sv_stat_describe(stat, &s);
    assert_true(near(s.cvar95, exact_tail(value, LARGE), 1e-5));
    free(stat);
    free(value);
}

/* Whole numbers below 512 have a bucket of their own: counts and hours stay exact for any number of seasons. */
static void whole_numbers_stay_whole(void **unused)
{
    (void)unused;
    sv_stat *stat = calloc(1, sizeof *stat);
    for (int64_t j = 0; j < 5001; j++)
        sv_stat_add(stat, (double)(j % 501));
    sv_summary s;
    sv_stat_describe(stat, &s);
    assert_true(s.p5 == 25.0 && s.p50 == 250.0);
    free(stat);
}

static void adversarial_values(void **unused)
{
    (void)unused;
    double *value = calloc(5000, sizeof *value);
    check(value, 5000, 0.0); /* all zero */
    for (int64_t j = 0; j < 5000; j++)
        value[j] = 123.456;
    check(value, 5000, 1e-12);
    for (int64_t j = 0; j < 5000; j++)
        value[j] = (double)(5000 - j); /* falling */
    check(value, 5000, 1.0 / 256.0);
    for (int64_t j = 0; j < 5000; j++)
        value[j] = 1e9 + 1e-3 * (double)(j % 7); /* tiny spread on a large mean */
    check(value, 5000, 1e-9);
    free(value);

    /* Beyond the buckets' range: tiny and huge ones share a bucket, but mean and extremes hold, nothing overflows. */
    sv_stat *stat = calloc(1, sizeof *stat);
    const double odd[] = {0.0, -0.0, DBL_TRUE_MIN, 1e-300, 1e-9, 5e-5, 1e15, 1e18, 3.0};
    for (int64_t j = 0; j < 9000; j++)
        sv_stat_add(stat, odd[j % 9]);
    sv_summary s;
    sv_stat_describe(stat, &s);
    assert_true(s.min == 0.0 && s.max == 1e18 && near(s.mean, (1e15 + 1e18 + 3.0) / 9.0, 1e-9));
    assert_true(s.p5 == 0.0 && s.p50 > 0.0 && s.p50 < 6.2e-5 && s.p95 >= 1e15 && s.p95 <= 1e18 && s.cvar95 <= 1e18);
    free(stat);
}

static void hours_agree_with_sorted_arrays(void **unused)
{
    (void)unused;
    enum { N_H = 5, N = 2000 };
    sv_arena *arena = sv_arena_new();
    sv_hours hours;
    sv_hours_init(&hours, arena, N_H, 2000.0);
    assert_false(sv_arena_failed(arena));
    sv_band band;
    sv_hours_describe(&hours, 0, &band);
    assert_true(isnan(band.mean) && isnan(band.p50));
    static double value[N_H][N];
    for (int32_t k = 0; k < N; k++) {
        float row[N_H];
        for (int32_t t = 0; t < N_H; t++) {
            sv_draw4 d = sv_draw(5, k, SV_DRAW_TEST, 0, (uint32_t)t);
            double all[N_H] = {0.0, 1000.0 * d.u[0], d.u[0] < 0.5 ? 0.0 : 30.0 * d.u[1],
                               exp(3.0 * sv_normal_quantile(d.u[0])), 17.0};
            row[t] = (float)fmin(all[t], 1900.0);
            value[t][k] = (double)row[t];
        }
        sv_hours_add(&hours, row);
    }
    for (int32_t t = 0; t < N_H; t++) {
        long double sum = 0.0L;
        for (int32_t k = 0; k < N; k++)
            sum += (long double)value[t][k];
        qsort(value[t], N, sizeof(double), ascending);
        sv_hours_describe(&hours, t, &band);
        assert_true(near((double)band.mean, (double)(sum / N), 1e-6));
        assert_true(near((double)band.p5, exact_quantile(value[t], N, 0.05L), 0.125) ||
                    exact_quantile(value[t], N, 0.05L) < 2000.0 * 1.6e-5);
        assert_true(near((double)band.p50, exact_quantile(value[t], N, 0.50L), 0.125));
        assert_true(near((double)band.p95, exact_quantile(value[t], N, 0.95L), 0.125));
    }
    /* Finer where a bin holds many: evenly spread values come out far better than a bin. */
    sv_hours_describe(&hours, 1, &band);
    assert_true(near((double)band.p50, exact_quantile(value[1], N, 0.5L), 0.02));
    sv_arena_free(arena);
}

/* Values outside the five decades are held by the outer bins, and the mean stays exact. */
static void hours_hold_what_they_did_not_expect(void **unused)
{
    (void)unused;
    sv_arena *arena = sv_arena_new();
    sv_hours hours;
    sv_hours_init(&hours, arena, 2, 100.0);
    for (int32_t k = 0; k < 100; k++)
        sv_hours_add(&hours, (float[]){1e6f, 1e-9f});
    sv_band high, low;
    sv_hours_describe(&hours, 0, &high);
    sv_hours_describe(&hours, 1, &low);
    assert_true(near((double)high.mean, 1e6, 1e-6) && high.p50 > 100.0f && high.p50 <= 128.0f);
    assert_true(near((double)low.mean, 1e-9, 1e-6) && low.p95 > 0.0f && low.p95 < 0.0013f);
    sv_hours_init(&hours, arena, 1, 0.0); /* a grid without load */
    sv_hours_add(&hours, (float[]){0.0f});
    sv_hours_describe(&hours, 0, &low);
    assert_true(low.mean == 0.0f && low.p95 == 0.0f);
    sv_arena_free(arena);
}

/* The formula written down once more in another language. */
static void a_share_has_wilsons_interval(void **unused)
{
    (void)unused;
    static const struct {
        int64_t k, n;
        double low, high;
    } of[] = {{19, 20, 0.76387, 0.99112},
              {0, 10, 0.0, 0.27753},
              {10, 10, 0.72247, 1.0},
              {1, 2, 0.09453, 0.90547},
              {500, 1000, 0.46907, 0.53093}};
    double low, high;
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        sv_share95(of[i].k, of[i].n, &low, &high);
        assert_true(fabs(low - of[i].low) < 1e-5 && fabs(high - of[i].high) < 1e-5);
    }
    sv_share95(0, 0, &low, &high);
    assert_true(isnan(low) && isnan(high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(nothing_and_one_value),
        cmocka_unit_test(agrees_with_sorted_arrays),
        cmocka_unit_test(tail_is_nearly_exact),
        cmocka_unit_test(whole_numbers_stay_whole),
        cmocka_unit_test(adversarial_values),
        cmocka_unit_test(hours_agree_with_sorted_arrays),
        cmocka_unit_test(hours_hold_what_they_did_not_expect),
        cmocka_unit_test(a_share_has_wilsons_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
