/* Study and pool, driven with seasons out of thin air (fake.h): the same bits for any number of threads, `until`,
 * stopping, failing seasons, failing sinks, failing threads, flat memory. */
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <sys/resource.h>

#include <cmocka.h>

#include "fake.h"

static sv_grid *grid;

/* ---- a sink that remembers ----------------------------------------------------------------- */

typedef struct {
    int64_t next, n_failed; /* seasons must come as 0, 1, 2, ... */
    int64_t fail_at;        /* the sink fails at this season; -1 = never */
    int64_t stop_at;        /* progress says stop once so many are done; -1 = never */
    int64_t n_progress;
    int rounding; /* of the thread that calls back */
    uint64_t hash;
    double eens_mwh;
    pthread_t thread;
} memory;

static void mix(uint64_t *hash, const void *data, size_t n)
{
    const unsigned char *byte = data;
    for (size_t i = 0; i < n; i++)
        *hash = (*hash ^ byte[i]) * 1099511628211u;
}

static sv_status remember(void *context, const sv_season_row *row, sv_error *err)
{
    memory *m = context;
    assert_true(pthread_equal(m->thread, pthread_self()));
    assert_int_equal(row->i_season, m->next);
    if (m->fail_at == row->i_season)
        return sv_error_set(err, SV_EIO, NULL, 0, "the sink is full");
    m->next++;
    m->n_failed += row->status != SV_OK;
    m->rounding = fegetround();
    if (row->status == SV_OK)
        m->eens_mwh += row->eens_mwh;
    mix(&m->hash, &row->eens_mwh, sizeof row->eens_mwh);
    return SV_OK;
}

static bool watch(void *context, const sv_progress *progress)
{
    memory *m = context;
    assert_true(pthread_equal(m->thread, pthread_self()));
    assert_int_equal(progress->n_done, m->next);
    assert_true(progress->seasons_per_s >= 0.0 && progress->seconds >= 0.0);
    m->n_progress++;
    return m->stop_at >= 0 && progress->n_done >= m->stop_at;
}

static memory blank_memory(void)
{
    return (memory){.fail_at = -1, .stop_at = -1, .thread = pthread_self(), .hash = 14695981039346656037u};
}

static fake_settings quick(void)
{
    return (fake_settings){.grid = grid, .n_h = 12, .nan_at = -1, .scale = 1.0};
}

static sv_study *make_study(const fake_settings *fake, sv_study_settings settings)
{
    sv_season_settings season = {.n_h = fake->n_h, .demand_scale = 1.0, .demand_class_scale = {1.0, 1.0, 1.0}};
    sv_study_source source = fake_source(fake);
    sv_study *study = NULL;
    sv_error err = {0};
    if (sv_study_new_from(&study, grid, &season, 0, NULL, &settings, &source, &err) != SV_OK)
        fail_msg("%s", err.text);
    return study;
}

/* Every number that the study can give. */
static uint64_t hash_of(const sv_study *study)
{
    uint64_t hash = 14695981039346656037u;
    sv_study_info info;
    sv_study_describe(study, &info);
    mix(&hash, &info.n_season, sizeof info.n_season);
    mix(&hash, &info.n_failed, sizeof info.n_failed);
    sv_summary s;
    for (int32_t m = 0; m < SV_N_METRIC; m++) {
        sv_study_summary(study, (sv_metric)m, &s);
        mix(&hash, &s, sizeof s);
    }
    for (int32_t m = 0; m < SV_N_SPLIT_METRIC; m++) {
        for (int32_t r = 0; r < grid->n_region; r++) {
            sv_study_region_summary(study, r, (sv_metric)m, &s);
            mix(&hash, &s, sizeof s);
        }
        for (int32_t c = 0; c < SV_N_CLASS; c++) {
            sv_study_class_summary(study, (sv_class)c, (sv_metric)m, &s);
            mix(&hash, &s, sizeof s);
        }
    }
    for (int64_t t = 0; t < info.n_h; t++) {
        sv_band band[2];
        sv_study_hour(study, t, &band[0], &band[1]);
        mix(&hash, band, sizeof band);
    }
    for (int32_t i = 0; i < grid->n_site; i++) {
        int64_t n[3];
        double dark_h;
        sv_study_site(study, i, &n[0], &n[1], &n[2], &dark_h);
        mix(&hash, n, sizeof n);
        mix(&hash, &dark_h, sizeof dark_h);
    }
    return hash;
}

/* ---- tests --------------------------------------------------------------------------------- */

static void same_bits_for_any_number_of_threads(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    fake.delay_us = 300;
    fake.fail_every = 7;
    uint64_t hash[4], rows[4];
    static const int32_t n_thread[] = {1, 2, 5, 16};
    for (int32_t k = 0; k < 4; k++) {
        sv_study *study = make_study(&fake, (sv_study_settings){.n_season = 1500, .seed = 9, .n_thread = n_thread[k]});
        memory m = blank_memory();
        sv_study_sink sink = {&m, remember, watch};
        assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
        sv_study_info info;
        sv_study_describe(study, &info);
        assert_int_equal(info.n_thread, n_thread[k]);
        assert_int_equal(info.n_season, 1500);
        assert_int_equal(info.n_failed, 1500 / 7 + 1);
        assert_int_equal(m.n_failed, info.n_failed);
        assert_int_equal(m.next, 1500);
        hash[k] = hash_of(study);
        rows[k] = m.hash;
        sv_study_free(&study);
        assert_null(study);
    }
    for (int32_t k = 1; k < 4; k++)
        assert_true(hash[k] == hash[0] && rows[k] == rows[0]);
}

/* Recompute a few answers from the fake seasons themselves. */
static void answers_are_those_of_the_rows(void **unused)
{
    (void)unused;
    enum { N = 400 };
    fake_settings fake = quick();
    sv_study *study = make_study(&fake, (sv_study_settings){.n_season = N, .seed = 3, .n_thread = 2});
    memory m = blank_memory();
    sv_study_sink sink = {&m, remember, NULL};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);

    fake_worker worker = {.settings = fake};
    sv_season_row *row = sv_season_row_new(grid, fake.n_h);
    double region = 0.0, class_ = 0.0, hour = 0.0, dark = 0.0, length = 0.0;
    int64_t damaged = 0, repaired = 0, seasons = 0;
    for (int64_t k = 0; k < N; k++) {
        fake_row(&worker.settings, 3, k, row);
        assert_int_equal(row->status, SV_OK);
        region += row->region_people_hours[1];
        class_ += row->class_mwh[SV_INDUSTRY];
        hour += (double)row->hour_shed_mw[5];
        damaged += row->site_damaged[2];
        repaired += row->site_repaired[2];
        seasons += row->site_damaged[2] > 0;
        dark += (double)row->site_dark_h[2];
        length += row->n_event > 0 ? 2.0 : 0.0; /* lengths 1, 2, 3 */
    }
    sv_season_row_free(&row);
    sv_summary s;
    sv_study_summary(study, SV_M_EENS_MWH, &s);
    assert_true(s.n == N && fabs(s.mean - m.eens_mwh / N) < 1e-10 * s.mean);
    sv_study_region_summary(study, 1, SV_M_PEOPLE_HOURS, &s);
    assert_true(fabs(s.mean - region / N) < 1e-10 * s.mean);
    sv_study_class_summary(study, SV_INDUSTRY, SV_M_EENS_MWH, &s);
    assert_true(fabs(s.mean - class_ / N) < 1e-10 * s.mean);
    sv_study_summary(study, SV_M_EVENT_LENGTH_H, &s);
    assert_true(fabs(s.mean - length / N) < 1e-10 * s.mean && s.mean > 0.0);
    sv_band band;
    sv_study_hour(study, 5, &band, NULL);
    assert_true(fabs((double)band.mean - hour / N) < 1e-5 * hour / N);
    double day_mw, day_people; /* one day of 12 hours, in equal parts to both regions */
    sv_study_region_day(study, 1, 0, &day_mw, &day_people);
    sv_study_summary(study, SV_M_EENS_MWH, &s);
    assert_true(fabs(day_mw - s.mean / 2.0 / 12.0) < 1e-6 * day_mw &&
                fabs(day_people - 500.0 * day_mw) < 1e-6 * day_people);
    int64_t n[3];
    double dark_h;
    sv_study_site(study, 2, &n[0], &n[1], &n[2], &dark_h);
    assert_true(n[0] == damaged && n[1] == repaired && n[2] == seasons && dark_h == dark);
    sv_study_site(study, 2, NULL, NULL, NULL, NULL);
    sv_study_hour(study, 5, NULL, NULL);
    sv_study_free(&study);
}

static void until_stops_at_the_same_season(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    fake.delay_us = 100;
    int64_t n_season[3];
    uint64_t hash[3];
    static const int32_t n_thread[] = {1, 2, 5};
    for (int32_t k = 0; k < 3; k++) {
        sv_study *study = make_study(
            &fake, (sv_study_settings){.n_season = 100000, .seed = 1, .n_thread = n_thread[k], .until = 0.02});
        memory m = blank_memory();
        sv_study_sink sink = {&m, remember, NULL};
        assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
        sv_study_info info;
        sv_study_describe(study, &info);
        assert_true(info.converged && !info.stopped);
        n_season[k] = info.n_season;
        assert_int_equal(m.next, info.n_season);
        sv_summary s;
        sv_study_summary(study, SV_M_EENS_MWH, &s);
        assert_true(s.se / s.mean <= 0.02);
        hash[k] = hash_of(study);
        sv_study_free(&study);
    }
    assert_true(n_season[0] >= 100 && n_season[0] < 100000 && n_season[0] % 50 == 0);
    for (int32_t k = 1; k < 3; k++)
        assert_true(n_season[k] == n_season[0] && hash[k] == hash[0]);
}

static void until_waits_for_something_to_happen(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    fake.scale = 0.0;
    sv_study *study = make_study(&fake, (sv_study_settings){.n_season = 300, .seed = 1, .n_thread = 2, .until = 0.5});
    assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK);
    sv_study_info info;
    sv_study_describe(study, &info);
    assert_true(info.n_season == 300 && !info.converged);
    sv_summary s;
    sv_study_summary(study, SV_M_EENS_MWH, &s);
    assert_true(s.mean == 0.0 && s.se == 0.0 && s.p95 == 0.0 && s.cvar95 == 0.0);
    sv_study_free(&study);
}

/* Stop, look, go on: the end is the same as without a stop. */
static void stopping_keeps_what_is_complete(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    fake.delay_us = 4000;
    sv_study_settings settings = {.n_season = 600, .seed = 5, .n_thread = 2};
    sv_study *study = make_study(&fake, settings);
    memory m = blank_memory();
    m.stop_at = 1;
    sv_study_sink sink = {&m, remember, watch};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
    sv_study_info info;
    sv_study_describe(study, &info);
    assert_true(info.stopped && !info.converged);
    assert_true(info.n_season >= 1 && info.n_season < 600);
    assert_int_equal(info.n_season, m.next);
    assert_int_equal(m.n_progress, 1);
    sv_summary s;
    sv_study_summary(study, SV_M_EENS_MWH, &s);
    assert_true(s.n == info.n_season && fabs(s.mean - m.eens_mwh / (double)s.n) < 1e-10 * s.mean);

    m.stop_at = -1;
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
    sv_study_describe(study, &info);
    assert_true(info.n_season == 600 && !info.stopped);
    uint64_t in_two = hash_of(study);
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK); /* nothing left to do */
    assert_int_equal(m.next, 600);
    sv_study_free(&study);

    fake.delay_us = 0;
    study = make_study(&fake, settings);
    assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK);
    assert_true(hash_of(study) == in_two);
    sv_study_free(&study);
}

static long peak_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Ten million seasons: begun at once, and a thousand times as many seasons take no more memory. */
static void memory_does_not_grow_with_seasons(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    sv_study *study = make_study(&fake, (sv_study_settings){.n_season = 10000000, .seed = 5, .n_thread = 2});
    memory m = blank_memory();
    m.fail_at = 20;
    sv_study_sink sink = {&m, remember, watch};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_EIO);
    long before = peak_kb();
    m.fail_at = 20000;
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_EIO);
    assert_int_equal(m.next, 20000);
    assert_true(peak_kb() - before < 2000);
    sv_study_free(&study);
}

static void sink_failure_ends_the_study(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    fake.delay_us = 50;
    sv_study *study = make_study(&fake, (sv_study_settings){.n_season = 5000, .seed = 5, .n_thread = 3});
    memory m = blank_memory();
    m.fail_at = 321;
    sv_study_sink sink = {&m, remember, NULL};
    sv_error err = {0};
    assert_int_equal(sv_study_run(study, &sink, &err), SV_EIO);
    assert_string_equal(err.text, "the sink is full");
    sv_study_info info;
    sv_study_describe(study, &info);
    assert_int_equal(info.n_season, 321);
    sv_summary s;
    sv_study_summary(study, SV_M_EENS_MWH, &s);
    assert_int_equal(s.n, 321);
    sv_study_free(&study);
}

static void failed_seasons_stay_out_of_the_means(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    fake.fail_every = 10;
    fake.nan_at = 42;
    sv_study *study = make_study(&fake, (sv_study_settings){.n_season = 200, .seed = 5, .n_thread = 2});
    memory m = blank_memory();
    sv_study_sink sink = {&m, remember, NULL};
    assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
    sv_study_info info;
    sv_study_describe(study, &info);
    assert_int_equal(info.n_season, 200);
    assert_int_equal(info.n_failed, 21); /* 20 that say so, and the one with a NAN */
    assert_int_equal(m.n_failed, 21);
    for (int32_t i = 0; i < SV_N_METRIC; i++) {
        sv_summary s;
        sv_study_summary(study, (sv_metric)i, &s);
        assert_int_equal(s.n, 179);
        assert_true(isfinite(s.mean) && s.max < 1e20);
    }
    sv_study_free(&study);

    fake = (fake_settings){.grid = grid, .n_h = 12, .nan_at = 0, .scale = 1.0};
    study = make_study(&fake, (sv_study_settings){.n_season = 1, .seed = 5, .n_thread = 1});
    assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK);
    sv_summary s;
    sv_study_summary(study, SV_M_LOLE_H, &s);
    assert_true(s.n == 0 && isnan(s.mean));
    sv_study_free(&study);
}

/* ---- trouble with threads and memory ------------------------------------------------------- */

static atomic_int n_startable;

static int start_some(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *), void *argument)
{
    if (atomic_fetch_sub(&n_startable, 1) <= 0)
        return EAGAIN;
    return pthread_create(thread, attributes, work, argument);
}

static void goes_on_with_fewer_threads(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    sv_season_settings season = {.n_h = fake.n_h, .demand_scale = 1.0, .demand_class_scale = {1.0, 1.0, 1.0}};
    sv_study_settings settings = {.n_season = 250, .seed = 2, .n_thread = 4};
    uint64_t hash[3];
    static const int32_t startable[] = {4, 2, 0};
    for (int32_t k = 0; k < 3; k++) {
        atomic_store(&n_startable, startable[k]);
        sv_study_source source = fake_source(&fake);
        source.start = start_some;
        sv_study *study = NULL;
        assert_int_equal(sv_study_new_from(&study, grid, &season, 0, NULL, &settings, &source, NULL), SV_OK);
        assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK);
        sv_study_info info;
        sv_study_describe(study, &info);
        assert_int_equal(info.n_thread, startable[k] > 0 ? startable[k] : 1);
        hash[k] = hash_of(study);
        sv_study_free(&study);
    }
    assert_true(hash[1] == hash[0] && hash[2] == hash[0]);
}

static void goes_on_with_fewer_workers(void **unused)
{
    (void)unused;
    atomic_int alive = 0;
    fake_settings fake = quick();
    fake.n_make = 2;
    fake.n_made = &alive;
    sv_study *study = make_study(&fake, (sv_study_settings){.n_season = 100, .seed = 2, .n_thread = 8});
    assert_int_equal(atomic_load(&alive), 2);
    assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK);
    sv_study_info info;
    sv_study_describe(study, &info);
    assert_true(info.n_thread == 2 && info.n_season == 100);
    sv_study_free(&study);
    assert_int_equal(atomic_load(&alive), 0);
}

/* Whichever allocation fails, new says so and nothing is left over (the address sanitizer looks). */
static void each_failing_allocation_is_reported(void **unused)
{
    (void)unused;
    atomic_int alive = 0;
    fake_settings fake = quick();
    fake.n_made = &alive;
    sv_season_settings season = {.n_h = fake.n_h, .demand_scale = 1.0, .demand_class_scale = {1.0, 1.0, 1.0}};
    sv_study_settings settings = {.n_season = 10, .seed = 2, .n_thread = 1};
    sv_study_source source = fake_source(&fake);
    int64_t k = 1, n_failed = 0, last_failed = 0;
    for (; k < 200; k++) {
        sv_study *study = NULL;
        sv_error err = {0};
        sv_arena_fail_at(k);
        sv_status status = sv_study_new_from(&study, grid, &season, 0, NULL, &settings, &source, &err);
        sv_arena_fail_at(0);
        if (status == SV_OK) {
            assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK); /* with fewer rows, perhaps */
            sv_study_free(&study);
        } else {
            assert_int_equal(status, SV_ENOMEM);
            assert_non_null(strstr(err.text, "out of memory"));
            assert_null(study);
            n_failed++;
            last_failed = k;
        }
        assert_int_equal(atomic_load(&alive), 0);
    }
    assert_true(n_failed >= 10 && last_failed < 150); /* the loop saw the end of them */
}

static void bad_settings_are_refused_in_words(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    sv_study_source source = fake_source(&fake);
    static const struct {
        sv_study_settings settings;
        int64_t n_h;
        const char *word;
    } bad[] = {
        {{.n_season = 0}, 12, "0 seasons"},
        {{.n_season = -3}, 12, "-3 seasons"},
        {{.n_season = 4000000001}, 12, "4000000000"},
        {{.n_season = 1, .n_thread = -1}, 12, "-1 threads"},
        {{.n_season = 1, .n_thread = 5000}, 12, "5000 threads"},
        {{.n_season = 1, .until = -0.1}, 12, "relative standard error"},
        {{.n_season = 1, .until = 1.0}, 12, "relative standard error"},
        {{.n_season = 1, .until = NAN}, 12, "relative standard error"},
        {{.n_season = 1}, 0, "0 hours"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        sv_season_settings season = {.n_h = bad[k].n_h, .demand_scale = 1.0};
        sv_study *study = (sv_study *)&season;
        sv_error err = {0};
        assert_int_equal(sv_study_new_from(&study, grid, &season, 0, NULL, &bad[k].settings, &source, &err), SV_EUSAGE);
        assert_null(study);
        assert_non_null(strstr(err.text, bad[k].word));
    }
}

/* The caller rounds upwards: the study counts to nearest all the same, and gives the caller its own rounding back. */
static void rounding_of_the_caller_does_not_matter(void **unused)
{
    (void)unused;
    fake_settings fake = quick();
    uint64_t hash[2];
    for (int32_t k = 0; k < 2; k++) {
        sv_study *study = make_study(&fake, (sv_study_settings){.n_season = 300, .seed = 8, .n_thread = 2});
        memory m = blank_memory();
        sv_study_sink sink = {&m, remember, NULL};
        fesetround(k == 0 ? FE_TONEAREST : FE_UPWARD);
        sv_status status = sv_study_run(study, &sink, NULL);
        int after = fegetround();
        fesetround(FE_TONEAREST);
        assert_int_equal(status, SV_OK);
        assert_int_equal(after, k == 0 ? FE_TONEAREST : FE_UPWARD);
        assert_int_equal(m.rounding, FE_TONEAREST);
        hash[k] = hash_of(study);
        sv_study_free(&study);
    }
    assert_true(hash[0] == hash[1]);
}

/* The way everyone goes: sv_season's own seasons. Generators fail, a line is too small for two of them being lost. */
static void real_seasons_have_the_same_bits_too(void **unused)
{
    (void)unused;
    sv_season_settings season = sv_season_defaults();
    season.t0_h = sv_hour_from_date(2026, 11, 1, 0);
    season.n_h = 240;
    season.outages = season.network = true;
    season.waves.rate_per_week = 1.0;
    season.waves.size_median = 20.0;
    season.waves.size_spread = 0.5;
    uint64_t hash[3];
    static const int32_t n_thread[] = {1, 2, 5};
    for (int32_t k = 0; k < 3; k++) {
        sv_study_settings settings = {.n_season = 200, .seed = 4, .n_thread = n_thread[k]};
        sv_study *study = NULL;
        sv_error err = {0};
        if (sv_study_new(&study, grid, &season, &settings, &err) != SV_OK)
            fail_msg("%s", err.text);
        assert_int_equal(sv_study_run(study, NULL, &err), SV_OK);
        sv_study_info info;
        sv_study_describe(study, &info);
        assert_true(info.n_season == 200 && info.n_failed == 0 && info.n_h == 240);
        sv_summary s, split;
        sv_study_summary(study, SV_M_EENS_MWH, &s);
        assert_true(s.n == 200 && s.mean > 0.0 && s.se > 0.0 && s.max <= 150.0 * 240.0);
        double sum = 0.0, hours = 0.0;
        for (int32_t c = 0; c < SV_N_CLASS; c++) {
            sv_study_class_summary(study, (sv_class)c, SV_M_EENS_MWH, &split);
            sum += split.mean;
        }
        for (int64_t t = 0; t < info.n_h; t++) {
            sv_band band;
            sv_study_hour(study, t, &band, NULL);
            hours += (double)band.mean;
        }
        assert_true(fabs(sum / s.mean - 1.0) < 1e-9 && fabs(hours / s.mean - 1.0) < 1e-5);
        hash[k] = hash_of(study);
        sv_study_free(&study);
    }
    assert_true(hash[1] == hash[0] && hash[2] == hash[0]);

    season.n_h = -1;
    sv_study *study = NULL;
    sv_study_settings settings = {.n_season = 1};
    assert_int_equal(sv_study_new(&study, grid, &season, &settings, NULL), SV_EUSAGE);
    assert_null(study);
}

static void every_metric_has_a_name_of_its_own(void **unused)
{
    (void)unused;
    for (int32_t a = 0; a < SV_N_METRIC; a++) {
        assert_non_null(sv_metric_name[a]);
        for (int32_t b = 0; b < a; b++)
            assert_string_not_equal(sv_metric_name[a], sv_metric_name[b]);
    }
}

static int make_grid(void **unused)
{
    (void)unused;
    grid = fake_grid();
    return grid == NULL;
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
        cmocka_unit_test(same_bits_for_any_number_of_threads),
        cmocka_unit_test(answers_are_those_of_the_rows),
        cmocka_unit_test(until_stops_at_the_same_season),
        cmocka_unit_test(until_waits_for_something_to_happen),
        cmocka_unit_test(stopping_keeps_what_is_complete),
        cmocka_unit_test(memory_does_not_grow_with_seasons),
        cmocka_unit_test(sink_failure_ends_the_study),
        cmocka_unit_test(failed_seasons_stay_out_of_the_means),
        cmocka_unit_test(goes_on_with_fewer_threads),
        cmocka_unit_test(goes_on_with_fewer_workers),
        cmocka_unit_test(each_failing_allocation_is_reported),
        cmocka_unit_test(bad_settings_are_refused_in_words),
        cmocka_unit_test(rounding_of_the_caller_does_not_matter),
        cmocka_unit_test(real_seasons_have_the_same_bits_too),
        cmocka_unit_test(every_metric_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, make_grid, free_grid);
}
