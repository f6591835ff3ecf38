/* The worst hours of a study against a search through all its rows: ties, one hour a week, the length of the list, any number
 * of threads, saved and loaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fake.h"

enum { N_H = 400, N_WEEK = 3, N_SEASON = 700, MOST_FOUND = N_SEASON * N_WEEK };

static sv_grid *with_people, *without_people;

static sv_grid *grid_without_people(void)
{
    sv_draft *draft = sv_draft_new();
    sv_bus bus = sv_bus_default();
    bus.id = "A";
    bus.vn_kv = 110.0;
    sv_draft_add_bus(draft, &bus);
    sv_load load = sv_load_default();
    load.id = "L";
    load.i_bus = 0;
    load.p_mw = 100.0;
    sv_draft_add_load(draft, &load);
    sv_grid *grid = NULL;
    sv_error err = {0};
    if (sv_grid_new(&grid, draft, &err) != SV_OK)
        print_error("%s\n", err.text);
    sv_draft_free(&draft);
    return grid;
}

static int make_grids(void **unused)
{
    (void)unused;
    with_people = fake_grid();
    without_people = grid_without_people();
    return with_people != NULL && without_people != NULL ? 0 : 1;
}

static int free_grids(void **unused)
{
    (void)unused;
    sv_grid_free(&with_people);
    sv_grid_free(&without_people);
    return 0;
}

/* ---- seasons with many equal hours ------------------------------------------------------------ */

/* Few different values, so that ties are common; the order of people is not that of power; a third of the seasons is dull. */
static void run_coarse(void *worker, uint64_t seed, int64_t i_season, sv_season_row *const *row)
{
    fake_run(worker, seed, i_season, row);
    for (int64_t t = 0; t < N_H; t++) {
        double shed = (double)row[0]->hour_shed_mw[t];
        row[0]->hour_shed_mw[t] = i_season % 3 == 2 ? 0.0F : (float)(10.0 * floor(shed / 10.0));
        row[0]->hour_people[t] =
            i_season % 3 == 2 || shed < 40.0 ? 0.0F : (float)(1000.0 * floor((130.0 - shed) / 9.0));
    }
}

typedef struct {
    sv_study_hour_id hour[MOST_FOUND];
    int32_t n;
    bool by_people;
} search;

/* The worst hour of each week, found the plain way. */
static sv_status search_row(void *context, const sv_season_row *row, sv_error *err)
{
    (void)err;
    search *self = context;
    for (int64_t week = 0; week < N_WEEK && row->status == SV_OK; week++) {
        int64_t best = -1;
        for (int64_t t = N_H - 1; t >= 0; t--) {
            float value = self->by_people ? row->hour_people[t] : row->hour_shed_mw[t];
            float known = best < 0 ? 0.0F : self->by_people ? row->hour_people[best] : row->hour_shed_mw[best];
            if (t / 168 == week && value > 0.0F && value >= known)
                best = t;
        }
        if (best >= 0)
            self->hour[self->n++] = (sv_study_hour_id){row->i_season, best, (double)row->hour_people[best],
                                                       (double)row->hour_shed_mw[best]};
    }
    return SV_OK;
}

static bool ranks_by_people;

static int compare_found(const void *a, const void *b)
{
    const sv_study_hour_id *x = a, *y = b;
    double p = ranks_by_people ? x->people : x->shed_mw, q = ranks_by_people ? y->people : y->shed_mw;
    if (p != q)
        return p > q ? -1 : 1;
    if (x->i_season != y->i_season)
        return x->i_season < y->i_season ? -1 : 1;
    return x->t_h < y->t_h ? -1 : x->t_h > y->t_h;
}

static sv_study *study_of(const sv_grid *grid, int64_t n_season, int32_t n_thread)
{
    fake_settings fake = {.grid = grid, .n_h = N_H, .nan_at = 4, .fail_every = 50, .scale = 1.0};
    sv_season_settings season = {.n_h = N_H, .demand_scale = 1.0, .demand_class_scale = {1.0, 1.0, 1.0}};
    sv_study_settings settings = {.n_season = n_season, .seed = 3, .n_thread = n_thread};
    sv_study_source source = fake_source(&fake);
    source.run = run_coarse;
    sv_study *study = NULL;
    sv_error err = {0};
    if (sv_study_new_from(&study, grid, &season, 0, NULL, &settings, &source, &err) != SV_OK)
        fail_msg("%s", err.text);
    return study;
}

static void check_same(const sv_study_hour_id *a, const sv_study_hour_id *b, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (memcmp(&a[i], &b[i], sizeof a[i]) != 0)
            fail_msg("place %d: hour %d of season %d, not hour %d of season %d", (int)i, (int)a[i].t_h,
                     (int)a[i].i_season, (int)b[i].t_h, (int)b[i].i_season);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void they_are_those_of_a_search_through_all_rows(void **unused)
{
    (void)unused;
    static search found;
    static sv_study_hour_id worst[SV_MOST_WORST], few[7];
    for (int known = 0; known < 2; known++)
        for (int32_t n_thread = 1; n_thread <= 4; n_thread += 3) {
            found = (search){.by_people = known == 1};
            ranks_by_people = found.by_people;
            sv_study *study = study_of(known == 1 ? with_people : without_people, N_SEASON, n_thread);
            const sv_study_sink sink = {&found, search_row, NULL};
            assert_int_equal(sv_study_run(study, &sink, NULL), SV_OK);
            qsort(found.hour, (size_t)found.n, sizeof found.hour[0], compare_found);
            int32_t n_most = found.n < SV_MOST_WORST ? found.n : SV_MOST_WORST;
            assert_int_equal(sv_study_worst_hours(study, SV_MOST_WORST, worst), n_most);
            check_same(worst, found.hour, n_most);
            assert_int_equal(sv_study_worst_hours(study, 7, few), 7);
            check_same(few, found.hour, 7);
            assert_int_equal(sv_study_worst_hours(study, 0, NULL), 0);
            int32_t n_tie = 0;
            for (int32_t i = 1; i < n_most; i++)
                n_tie += known == 1 ? worst[i].people == worst[i - 1].people : worst[i].shed_mw == worst[i - 1].shed_mw;
            assert_true(n_tie > n_most / 2);
            assert_true(found.n > SV_MOST_WORST && found.hour[0].i_season != 4); /* some are left out */
            sv_study_free(&study);
        }
}

static void saved_and_loaded_it_goes_on_to_the_same(void **unused)
{
    (void)unused;
    static sv_study_hour_id whole[SV_MOST_WORST], parts[SV_MOST_WORST];
    sv_study *at_once = study_of(with_people, N_SEASON, 2), *first = study_of(with_people, 170, 1);
    sv_study *second = study_of(with_people, N_SEASON, 3);
    assert_int_equal(sv_study_run(at_once, NULL, NULL), SV_OK);
    assert_int_equal(sv_study_run(first, NULL, NULL), SV_OK);
    size_t n = sv_study_save(first, NULL, 0);
    uint8_t *state = malloc(n);
    assert_non_null(state);
    assert_int_equal(sv_study_save(first, state, n), n);
    assert_int_equal(sv_study_load(second, state, n, NULL), SV_OK);
    int32_t n_first = sv_study_worst_hours(first, SV_MOST_WORST, whole);
    assert_true(n_first > 100);
    assert_int_equal(sv_study_worst_hours(second, SV_MOST_WORST, parts), n_first);
    check_same(parts, whole, n_first);
    assert_int_equal(sv_study_run(second, NULL, NULL), SV_OK);
    int32_t n_whole = sv_study_worst_hours(at_once, SV_MOST_WORST, whole);
    assert_true(n_whole > n_first);
    assert_int_equal(sv_study_worst_hours(second, SV_MOST_WORST, parts), n_whole);
    check_same(parts, whole, n_whole);
    /* What a version before the list saved begins with another word. */
    sv_study *third = study_of(with_people, N_SEASON, 1);
    sv_error err = {0};
    memcpy(state, &(uint32_t){0x53565332}, 4);
    assert_int_equal(sv_study_load(third, state, n, &err), SV_EDATA);
    assert_non_null(strstr(err.text, "of another study"));
    sv_study_free(&third);
    free(state);
    sv_study_free(&at_once);
    sv_study_free(&first);
    sv_study_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_those_of_a_search_through_all_rows),
        cmocka_unit_test(saved_and_loaded_it_goes_on_to_the_same),
    };
    return cmocka_run_group_tests(tests, make_grids, free_grids);
}
