/* Random outages against the steady state and the sojourns of their chains, and against a plain hour-by-hour walk. */
#include "hazard/country.h"

/* One bus and n generators with the same MTTF and MTTR; every third one never fails by itself. */
static sv_grid *new_fleet(int32_t n, double mttf_h, double mttr_h)
{
    sv_draft *draft = sv_draft_new();
    sv_draft_set_base(draft, 100.0);
    sv_bus bus = sv_bus_default();
    bus.id = "1";
    bus.type = SV_BUS_REF;
    bus.vn_kv = 110.0;
    sv_draft_add_bus(draft, &bus);
    for (int32_t i = 0; i < n; i++) {
        char id[16];
        snprintf(id, sizeof id, "g%d", i);
        sv_gen gen = sv_gen_default();
        gen.id = id;
        gen.i_bus = 0;
        gen.p_max_mw = 10.0;
        if (i % 3 != 2) {
            gen.mttf_h = mttf_h;
            gen.mttr_h = mttr_h;
        }
        sv_draft_add_gen(draft, &gen);
    }
    sv_grid *grid = NULL;
    sv_error err = {0};
    sv_status status = sv_grid_new(&grid, draft, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, SV_OK);
    sv_draft_free(&draft);
    return grid;
}

static sv_outage *new_outage(const sv_grid *grid, int64_t n_h)
{
    sv_outage *outage = NULL;
    assert_int_equal(sv_outage_new(&outage, grid, n_h, NULL), SV_OK);
    return outage;
}

typedef struct {
    double n_unit_season, down_start, down_h,
        down_middle;                       /* units down at hour 0, hours down, units down at mid-season */
    double n_up, up_h, n_down, down_run_h; /* whole sojourns that begin in the season's first half */
} tally;

/* Walk one season; check the order of events and that they alternate. */
static void walk(tally *t, sv_outage *outage, const sv_grid *grid, int64_t n_h)
{
    enum { MOST = 64 };
    bool up[MOST];
    int64_t since[MOST], last_h = -1, middle = n_h / 2;
    assert_true(grid->n_unit <= MOST);
    for (int32_t i = 0; i < grid->n_unit; i++) {
        up[i] = true;
        since[i] = -1; /* the first sojourn is not whole */
    }
    bool seen_middle = false;
    while (true) {
        int64_t t_h = sv_outage_next_h(outage);
        for (int32_t i = 0; i < grid->n_unit && !seen_middle && t_h > middle; i++)
            t->down_middle += !up[i];
        seen_middle = seen_middle || t_h > middle;
        if (t_h == INT64_MAX)
            break;
        assert_true(t_h > last_h && t_h < n_h);
        last_h = t_h;
        const sv_outage_event *event = NULL;
        int32_t n = sv_outage_step(outage, &event);
        assert_true(n > 0);
        for (int32_t k = 0; k < n; k++) {
            int32_t i = event[k].i_unit;
            assert_true(k == 0 || event[k - 1].i_unit < i);
            assert_true(grid->unit[i].mttf_h > 0.0);
            assert_true(event[k].up != up[i]);
            if (t_h == 0)
                t->down_start += 1.0;
            if (since[i] >= 0 && since[i] < middle) {
                *(up[i] ? &t->n_up : &t->n_down) += 1.0;
                *(up[i] ? &t->up_h : &t->down_run_h) += (double)(t_h - since[i]);
            }
            t->down_h += up[i] ? (double)(n_h - t_h) : -(double)(n_h - t_h);
            up[i] = event[k].up;
            since[i] = t_h > 0 ? t_h : -1;
        }
    }
}

/* Steady state at the start, in the middle and on average; mean sojourns in long seasons. */
static void check_fleet(double mttf_h, double mttr_h, double unavailability)
{
    enum { N = 30, N_CHAIN = 20 };
    const int64_t n_h = 4000;
    sv_grid *grid = new_fleet(N, mttf_h, mttr_h);
    sv_outage *outage = new_outage(grid, n_h);
    tally t = {0};
    const int32_t n_season = 300;
    for (int32_t season = 0; season < n_season; season++) {
        sv_outage_reset(outage, 99, season);
        walk(&t, outage, grid, n_h);
    }
    double n = (double)n_season * N_CHAIN, sigma = sqrt(unavailability * (1.0 - unavailability));
    assert_true(errors_off(t.down_start / n, unavailability, sigma, n) < 4.0);
    assert_true(errors_off(t.down_middle / n, unavailability, sigma, n) < 4.0);
    /* Hours down: correlated over (1/MTTF + 1/MTTR)^-1 hours. */
    double independent = n * (double)n_h * (1.0 / mttf_h + 1.0 / mttr_h) / 2.0;
    assert_true(errors_off(t.down_h / (n * (double)n_h), unavailability, sigma, independent) < 4.0);
    /* Sojourns begun in the first half are cut at the season's end only where they last 2000 h and more. */
    if (mttf_h < 300.0)
        assert_true(errors_off(t.up_h / t.n_up, mttf_h, mttf_h, t.n_up) < 4.0);
    assert_true(errors_off(t.down_run_h / t.n_down, mttr_h, mttr_h, t.n_down) < 4.0);
    sv_outage_free(&outage);
    assert_null(outage);
    sv_grid_free(&grid);
}

static void steady_state_and_sojourns(void **unused)
{
    (void)unused;
    check_fleet(200.0, 20.0, 20.0 / 220.0);
    check_fleet(900.0, 100.0, 0.1);
    check_fleet(50.0, 150.0, 0.75);
}

/* Below one hour the chain changes in every hour. */
static void means_below_one_hour_change_every_hour(void **unused)
{
    (void)unused;
    sv_grid *grid = new_fleet(1, 0.5, 0.25);
    sv_outage *outage = new_outage(grid, 50);
    int32_t n_down_start = 0;
    for (int32_t season = 0; season < 200; season++) {
        sv_outage_reset(outage, 1, season);
        n_down_start += sv_outage_next_h(outage) == 0;
        int64_t first = sv_outage_next_h(outage);
        assert_in_range(first, 0, 1);
        for (int64_t t = first; t < 50; t++) {
            const sv_outage_event *event = NULL;
            assert_int_equal(sv_outage_next_h(outage), t);
            assert_int_equal(sv_outage_step(outage, &event), 1);
            assert_true(event->up == ((t - first) % 2 == 1));
        }
        assert_int_equal(sv_outage_next_h(outage), INT64_MAX);
    }
    assert_in_range(n_down_start, 60, 140);
    sv_outage_free(&outage);
    sv_grid_free(&grid);
}

static void nothing_fails_without_mttf(void **unused)
{
    (void)unused;
    sv_grid *grid = new_fleet(5, 0.0, 0.0);
    sv_outage *outage = new_outage(grid, 1000);
    sv_outage_reset(outage, 1, 1);
    assert_int_equal(sv_outage_next_h(outage), INT64_MAX);
    assert_int_equal(sv_outage_step(outage, NULL), 0);
    sv_outage_free(&outage);
    sv_outage_free(&outage);
    sv_grid_free(&grid);
}

/* The k-th uniform number of a unit: four a draw. */
static double number(int64_t season, int32_t i_unit, uint32_t k)
{
    return sv_draw(3, season, SV_DRAW_OUTAGE, (uint32_t)i_unit, k / 4).u[k % 4];
}

/* The heap against a plain walk: each chain by itself from the same draws, hour by hour. */
static void the_heap_agrees_with_a_plain_walk(void **unused)
{
    (void)unused;
    const int64_t n_h = 3000;
    sv_grid *grid = new_fleet(40, 60.0, 15.0);
    sv_outage *outage = new_outage(grid, n_h);
    for (int64_t season = 0; season < 5; season++) {
        bool up[64];
        int64_t next[64];
        uint32_t count[64];
        for (int32_t i = 0; i < grid->n_unit; i++) {
            const sv_unit *u = &grid->unit[i];
            up[i] = true;
            next[i] = INT64_MAX;
            count[i] = 0;
            if (u->mttf_h <= 0.0)
                continue;
            bool starts_down = number(season, i, count[i]++) < u->mttr_h / (u->mttf_h + u->mttr_h);
            next[i] = starts_down ? 0 : (int64_t)sv_geometric(number(season, i, count[i]++), 1.0 / u->mttf_h);
        }
        sv_outage_reset(outage, 3, season);
        for (int64_t t = 0; t < n_h; t++) {
            const sv_outage_event *event = NULL;
            int32_t n = sv_outage_next_h(outage) == t ? sv_outage_step(outage, &event) : 0, k = 0;
            for (int32_t i = 0; i < grid->n_unit; i++) {
                if (next[i] != t)
                    continue;
                up[i] = !up[i];
                next[i] = t + (int64_t)sv_geometric(number(season, i, count[i]++), up[i] ? 1.0 / 60.0 : 1.0 / 15.0);
                assert_true(k < n);
                assert_int_equal(event[k].i_unit, i);
                assert_true(event[k].up == up[i]);
                k++;
            }
            assert_int_equal(k, n);
        }
        assert_int_equal(sv_outage_next_h(outage), INT64_MAX);
    }
    sv_outage_free(&outage);
    sv_grid_free(&grid);
}

static double season_sum(sv_outage *outage, uint64_t seed, int64_t season)
{
    double sum = 0.0;
    sv_outage_reset(outage, seed, season);
    for (int64_t t = sv_outage_next_h(outage); t != INT64_MAX; t = sv_outage_next_h(outage)) {
        const sv_outage_event *event = NULL;
        int32_t n = sv_outage_step(outage, &event);
        for (int32_t k = 0; k < n; k++)
            sum = sum * 0.999 + (double)t * (event[k].i_unit + 1.5) * (event[k].up ? 1.0 : -1.0);
    }
    return sum;
}

static void seasons_differ_and_repeat(void **unused)
{
    (void)unused;
    sv_grid *grid = new_fleet(30, 300.0, 30.0);
    sv_outage *a = new_outage(grid, 3624), *b = new_outage(grid, 3624);
    double first = season_sum(a, 1, 0);
    assert_true(season_sum(a, 1, 1) != first);
    assert_true(season_sum(a, 2, 0) != first);
    assert_true(season_sum(b, 1, 0) == first);
    assert_true(season_sum(a, 1, 0) == first);
    sv_outage_free(&a);
    sv_outage_free(&b);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_state_and_sojourns),  cmocka_unit_test(means_below_one_hour_change_every_hour),
        cmocka_unit_test(nothing_fails_without_mttf), cmocka_unit_test(the_heap_agrees_with_a_plain_walk),
        cmocka_unit_test(seasons_differ_and_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
