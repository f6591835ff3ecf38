/* Hours of a study checked by AC power flow, on the Reliability Test System with its network: the sample is even and the same
 * for any number of threads, each check is that of its hour alone, and what is handed over balances. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fake.h"
#include "svitlo/formats.h"
#include "svitlo/scenario.h"

enum { N_SEASON = 12, SEED = 5, N_H = 24 * 40 };

static sv_scenario *scenario;
static sv_grid *grid;
static sv_season_settings season_settings;

static int open_grid(void **unused)
{
    (void)unused;
    sv_error err = {0};
    if (sv_scenario_read(&scenario, SV_SOURCE_DIR "/examples/rts79.yaml", NULL, 0, &err) != SV_OK ||
        sv_grid_read(&grid, scenario->grid_path, &err) != SV_OK) {
        print_error("%s\n", err.text);
        return 1;
    }
    season_settings = scenario->season;
    season_settings.network = true;
    season_settings.n_h = N_H;
    season_settings.demand_scale = 1.1;
    season_settings.people_per_mw = 1000.0;
    return 0;
}

static int close_grid(void **unused)
{
    (void)unused;
    sv_grid_free(&grid);
    sv_scenario_free(&scenario);
    return 0;
}

static sv_study *study_of(int64_t n_season, int32_t n_thread)
{
    sv_study *study = NULL;
    sv_error err = {0};
    const sv_study_settings settings = {.n_season = n_season, .seed = SEED, .n_thread = n_thread};
    if (sv_study_new(&study, grid, &season_settings, &settings, &err) != SV_OK ||
        sv_study_run(study, NULL, &err) != SV_OK)
        fail_msg("%s", err.text);
    return study;
}

static sv_study_ac *check_of(const sv_study *study, int32_t n_worst, int32_t n_random)
{
    sv_study_ac *found = NULL;
    sv_error err = {0};
    if (sv_study_ac_check(study, &(sv_study_ac_settings){.n_worst = n_worst, .n_random = n_random}, &found, &err) !=
        SV_OK)
        fail_msg("%s", err.text);
    assert_non_null(found);
    return found;
}

/* ---- each hour ------------------------------------------------------------------------------- */

typedef struct {
    sv_ac_check *check;
    const sv_study_ac_hour *of;
    int32_t n_seen;
} alone;

static double sum(const double *value, int32_t n)
{
    double all = 0.0;
    for (int32_t i = 0; i < n; i++)
        all += value[i];
    return all;
}

static sv_status look(void *context, const sv_season_hour *hour, sv_error *err)
{
    alone *self = context;
    const sv_study_ac_hour *of = self->of;
    const sv_dispatch *given = &hour->dispatch;
    double served = sum(given->served_mw, grid->n_load); /* no load of this system is negative */
    assert_true(fabs(sum(given->gen_mw, grid->n_gen) + sum(given->import_mw, grid->n_interconnector) +
                     sum(given->storage_mw, grid->n_storage) - served) <= 1e-6);
    assert_true(fabs(of->served_mw - served) <= 1e-9 * served);
    assert_true(of->of.people == hour->people_off && of->of.shed_mw == hour->shed_mw);
    sv_ac_hour ac;
    assert_int_equal(sv_ac_check_hour(self->check, hour->state, given, &ac, err), SV_OK);
    double more_people = 0.0;
    for (int32_t d = 0; d < grid->n_load; d++)
        more_people += hour->people[d] * ac.load_shed_mw[d] / hour->wanted_mw[d];
    assert_true(fabs(more_people - of->more_people) <= 1e-9 * (1.0 + more_people));
    ac.load_shed_mw = ac.gen_mw = ac.import_mw = ac.vm_pu = NULL;
    assert_int_equal(ac.verdict, of->ac.verdict);
    assert_memory_equal(&ac.before.loss_mw, &of->ac.before.loss_mw, sizeof ac.before.loss_mw);
    assert_memory_equal(&ac.before.low_pu, &of->ac.before.low_pu, sizeof ac.before.low_pu);
    assert_memory_equal(&ac.shed_mw, &of->ac.shed_mw, sizeof ac.shed_mw);
    assert_int_equal(ac.n_solve, of->ac.n_solve);
    self->n_seen++;
    return SV_OK;
}

/* The season again, with a new workspace and a new check: the same answer, of a dispatch that balances. */
static void each_check_is_that_of_its_hour(void **unused)
{
    (void)unused;
    sv_study *study = study_of(N_SEASON, 2);
    sv_study_ac *found = check_of(study, 6, 9);
    assert_int_equal(found->n_worst, 6);
    assert_int_equal(found->n_random, 9);
    sv_season *season = NULL;
    sv_season_row *row = sv_season_row_new(grid, N_H);
    assert_int_equal(sv_season_new(&season, grid, &season_settings, NULL), SV_OK);
    double losses = 0.0;
    for (int32_t i = 0; i < 15; i++) {
        const sv_study_ac_hour *of = &found->hour[i];
        alone one = {.of = of};
        assert_true(of->random == (i >= 6));
        assert_null(of->ac.load_shed_mw);
        assert_null(of->ac.vm_pu);
        assert_int_equal(sv_ac_check_new(&one.check, grid, season_settings.weight, NULL), SV_OK);
        const sv_season_probe probe = {1, &of->of.t_h, &one, look};
        assert_int_equal(sv_season_run_probed(season, SEED, of->of.i_season, &probe, row, NULL), SV_OK);
        assert_int_equal(one.n_seen, 1);
        losses += of->ac.before.loss_mw;
        sv_ac_check_free(&one.check);
    }
    assert_true(losses > 15.0); /* voltages were found: some 50 MW of 2,850 */
    sv_study_hour_id worst[6];
    assert_int_equal(sv_study_worst_hours(study, 6, worst), 6);
    for (int32_t i = 0; i < 6; i++)
        assert_memory_equal(&found->hour[i].of, &worst[i], sizeof worst[i]);
    for (int32_t i = 7; i < 15; i++) {
        const sv_study_hour_id *a = &found->hour[i - 1].of, *b = &found->hour[i].of;
        assert_true(a->i_season < b->i_season || (a->i_season == b->i_season && a->t_h <= b->t_h));
    }
    sv_season_row_free(&row);
    sv_season_free(&season);
    sv_study_ac_free(&found);
    sv_study_free(&study);
    sv_study_ac_free(&found);
}

/* ---- the sample ------------------------------------------------------------------------------ */

static bool same_hour(const sv_study_ac_hour *a, const sv_study_ac_hour *b)
{
    return memcmp(&a->of, &b->of, sizeof a->of) == 0 && a->random == b->random && a->ac.verdict == b->ac.verdict &&
           memcmp(&a->ac.after.loss_mw, &b->ac.after.loss_mw, sizeof(double)) == 0 &&
           memcmp(&a->served_mw, &b->served_mw, sizeof(double)) == 0 &&
           memcmp(&a->more_people, &b->more_people, sizeof(double)) == 0;
}

static void the_sample_does_not_depend_on_threads(void **unused)
{
    (void)unused;
    sv_study *one = study_of(N_SEASON, 1), *three = study_of(N_SEASON, 3);
    sv_study_ac *a = check_of(one, 3, 20), *b = check_of(three, 3, 20), *c = check_of(one, 0, 25);
    assert_true(a->n_worst == 3 && a->n_random == 20 && b->n_worst == 3 && b->n_random == 20 && c->n_worst == 0);
    for (int32_t i = 0; i < 23; i++)
        assert_true(same_hour(&a->hour[i], &b->hour[i]));
    /* A larger sample holds the smaller one. */
    for (int32_t i = 3, k = 0; i < 23; i++, k++) {
        while (k < 25 && !same_hour(&a->hour[i], &c->hour[k]))
            k++;
        assert_true(k < 25);
    }
    sv_study_ac_free(&a);
    sv_study_ac_free(&b);
    sv_study_ac_free(&c);
    sv_study_free(&one);
    sv_study_free(&three);
}

/* Pearson's chi-squared against even cells; 99.9 % of even samples stay below the bound. */
static double chi_squared(const int *count, int n_cell, double expected)
{
    double sum_of = 0.0;
    for (int i = 0; i < n_cell; i++)
        sum_of += (count[i] - expected) * (count[i] - expected) / expected;
    return sum_of;
}

static void the_sample_is_even(void **unused)
{
    (void)unused;
    sv_study *study = study_of(N_SEASON, 2);
    sv_study_ac *found = check_of(study, 0, 960);
    int season[N_SEASON] = {0}, hour[24] = {0}, part[8] = {0};
    assert_int_equal(found->n_random, 960);
    for (int32_t i = 0; i < 960; i++) {
        const sv_study_hour_id *of = &found->hour[i].of;
        assert_true(of->i_season >= 0 && of->i_season < N_SEASON && of->t_h >= 0 && of->t_h < N_H);
        season[of->i_season]++;
        hour[of->t_h % 24]++;
        part[of->t_h / (N_H / 8)]++;
    }
    assert_true(chi_squared(season, N_SEASON, 80.0) < 31.3);
    assert_true(chi_squared(hour, 24, 40.0) < 49.8);
    assert_true(chi_squared(part, 8, 120.0) < 24.4);
    sv_study_ac_free(&found);
    sv_study_free(&study);
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

/* A study whose rows come from elsewhere: what it takes for its worst hour is not what the season gives. */
static sv_study *false_study(int64_t fail_every)
{
    const fake_settings fake = {.grid = grid, .n_h = N_H, .nan_at = -1, .scale = 1.0, .fail_every = fail_every};
    const sv_study_settings settings = {.n_season = 20, .seed = SEED, .n_thread = 1};
    sv_study_source source = fake_source(&fake);
    sv_study *study = NULL;
    assert_int_equal(sv_study_new_from(&study, grid, &season_settings, 0, NULL, &settings, &source, NULL), SV_OK);
    assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK);
    return study;
}

static void an_hour_that_does_not_come_again_is_told(void **unused)
{
    (void)unused;
    sv_study *study = false_study(0);
    sv_study_ac *found = NULL;
    sv_error err = {0};
    assert_int_equal(sv_study_ac_check(study, &(sv_study_ac_settings){.n_worst = 1}, &found, &err), SV_ENUM);
    assert_null(found);
    assert_non_null(strstr(err.text, "does not come again"));
    sv_study_free(&study);
    /* Seasons failed, nobody knows which: those drawn are looked at first, and these go well. */
    study = false_study(3);
    found = check_of(study, 0, 12);
    assert_int_equal(found->n_random, 12);
    sv_study_ac_free(&found);
    sv_study_free(&study);
}

static void settings_that_cannot_be_are_refused(void **unused)
{
    (void)unused;
    static const struct {
        int32_t n_worst, n_random;
        const char *says;
    } of[] = {{-1, 3, "-1 worst hours are to be checked; accepted: 0 to 1000"},
              {1001, 3, "1001 worst"},
              {3, 1001, "1001 random hours"},
              {0, 0, "no hour is to be checked"}};
    sv_study *study = study_of(2, 1);
    sv_study_ac *found = NULL;
    for (size_t k = 0; k < sizeof of / sizeof of[0]; k++) {
        sv_error err = {0};
        const sv_study_ac_settings asked = {.n_worst = of[k].n_worst, .n_random = of[k].n_random};
        assert_int_equal(sv_study_ac_check(study, &asked, &found, &err), SV_EUSAGE);
        assert_null(found);
        assert_non_null(strstr(err.text, of[k].says));
    }
    sv_study_free(&study);
    const sv_study_settings settings = {.n_season = 2, .seed = SEED, .n_thread = 1};
    const sv_study_ac_settings three = {.n_random = 3};
    sv_error err = {0};
    assert_int_equal(sv_study_new(&study, grid, &season_settings, &settings, NULL), SV_OK);
    assert_int_equal(sv_study_ac_check(study, &three, &found, &err), SV_EUSAGE); /* not run yet */
    assert_non_null(strstr(err.text, "no season"));
    sv_study_free(&study);
    sv_season_settings plate = season_settings;
    plate.network = false;
    err = (sv_error){0};
    assert_int_equal(sv_study_new(&study, grid, &plate, &settings, NULL), SV_OK);
    assert_int_equal(sv_study_run(study, NULL, NULL), SV_OK);
    assert_int_equal(sv_study_ac_check(study, &three, &found, &err), SV_EUSAGE);
    assert_non_null(strstr(err.text, "copper plate"));
    sv_study_free(&study);
}

typedef struct {
    int32_t stop_at, n_call, last;
} counter;

static bool count(void *context, int32_t n_done, int32_t n)
{
    counter *self = context;
    assert_int_equal(n, 10);
    assert_true(n_done >= self->last);
    self->last = n_done;
    self->n_call++;
    return n_done >= self->stop_at;
}

static void progress_is_told_and_can_stop(void **unused)
{
    (void)unused;
    sv_study *study = study_of(N_SEASON, 1);
    for (int32_t stop_at = 0; stop_at <= 100; stop_at += 4) {
        counter calls = {.stop_at = stop_at};
        sv_study_ac *found = NULL;
        sv_error err = {0};
        const sv_study_ac_settings asked = {.n_worst = 4, .n_random = 6, .context = &calls, .on_progress = count};
        assert_int_equal(sv_study_ac_check(study, &asked, &found, &err), SV_OK);
        assert_true((found == NULL) == (stop_at <= 10) && err.text[0] == '\0');
        assert_true(stop_at <= 10 ? calls.last >= stop_at : calls.last == 10);
        assert_true(stop_at > 0 || calls.n_call == 1);
        sv_study_ac_free(&found);
    }
    sv_study_free(&study);
}

/* Whichever piece of memory is not there: SV_ENOMEM and nothing left, and then the answer of always. */
static void memory_that_gives_out_is_told(void **unused)
{
    (void)unused;
    sv_study *study = study_of(2, 1);
    sv_study_ac *always = check_of(study, 1, 3), *found = NULL;
    const sv_study_ac_settings asked = {.n_worst = 1, .n_random = 3};
    int64_t k = 1;
    for (sv_status status = SV_ENOMEM; status != SV_OK; k++) {
        sv_error err = {0};
        sv_arena_fail_at(k);
        status = sv_study_ac_check(study, &asked, &found, &err);
        if (status != SV_OK && (status != SV_ENOMEM || found != NULL || err.text[0] == '\0'))
            fail_msg("piece %d: %s: '%s'", (int)k, sv_status_name(status), err.text);
    }
    sv_arena_fail_at(0);
    assert_true(k > 50);
    for (int32_t i = 0; i < found->n_worst + 3; i++)
        assert_true(same_hour(&found->hour[i], &always->hour[i]));
    sv_study_ac_free(&found);
    sv_study_ac_free(&always);
    sv_study_free(&study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_check_is_that_of_its_hour),
        cmocka_unit_test(the_sample_does_not_depend_on_threads),
        cmocka_unit_test(the_sample_is_even),
        cmocka_unit_test(an_hour_that_does_not_come_again_is_told),
        cmocka_unit_test(settings_that_cannot_be_are_refused),
        cmocka_unit_test(progress_is_told_and_can_stop),
        cmocka_unit_test(memory_that_gives_out_is_told),
    };
    return cmocka_run_group_tests(tests, open_grid, close_grid);
}
