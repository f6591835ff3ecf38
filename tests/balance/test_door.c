/* The door of an hour: what is not accepted is refused, and what follows has the bits of a workspace that never saw it. */
#include "svitlo/balance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 4 };

/* One network under construction, its hour and its answer. */
static struct {
    sv_draft *draft;
    sv_grid *grid;
    sv_state *state;
    sv_balance *balance;
    double gen[MOST], load[MOST], import[MOST], discharge[MOST], charge[MOST];
    double gen_out[MOST], served[MOST], flow[MOST];
    sv_balance_info info;
} b;

static const char *new_id(char prefix)
{
    static char id[24];
    static int count;
    snprintf(id, sizeof id, "%c%d", prefix, count++);
    return id;
}

static void begin(int32_t n_bus)
{
    b.draft = sv_draft_new();
    sv_draft_set_base(b.draft, 100.0);
    for (int32_t i = 0; i < n_bus; i++) {
        sv_bus row = sv_bus_default();
        row.id = new_id('B');
        row.vn_kv = 230.0;
        assert_int_equal(sv_draft_add_bus(b.draft, &row), i);
    }
}

static void add_load(int32_t bus, double mw)
{
    sv_load row = sv_load_default();
    row.id = new_id('L');
    row.i_bus = bus;
    row.p_mw = mw;
    row.class_ = SV_HOUSEHOLD;
    sv_draft_add_load(b.draft, &row);
}

static void add_gen(int32_t bus, double mw)
{
    sv_gen row = sv_gen_default();
    row.id = new_id('G');
    row.i_bus = bus;
    row.p_max_mw = mw;
    sv_draft_add_gen(b.draft, &row);
}

static void add_branch(int32_t from, int32_t to, double x_pu, double rate_mva)
{
    sv_branch row = sv_branch_default();
    row.id = new_id('b');
    row.i_from = from;
    row.i_to = to;
    row.x_pu = x_pu;
    row.rate_a_mva = rate_mva;
    sv_draft_add_branch(b.draft, &row);
}

/* 100 MW at bus 0; 50 and 40 MW wanted at buses 1 and 2; limits of 40 MW; a storage and an import of 1 MW each. */
static void draft_triangle(void)
{
    begin(3);
    add_gen(0, 100.0);
    add_load(1, 50.0);
    add_load(2, 40.0);
    add_branch(0, 1, 0.1, 40.0);
    add_branch(1, 2, 0.1, 40.0);
    add_branch(0, 2, 0.1, 40.0);
    sv_storage storage = sv_storage_default();
    storage.id = "S";
    storage.i_bus = 2;
    storage.p_mw = 1.0;
    storage.energy_mwh = 4.0;
    storage.efficiency = 0.9;
    sv_draft_add_storage(b.draft, &storage);
    sv_interconnector import = {.id = "X", .i_bus = 1, .limit_mw = 1.0, .i_series = -1};
    sv_draft_add_interconnector(b.draft, &import);
}

static void finish(void)
{
    sv_balance_settings settings = sv_balance_defaults();
    assert_int_equal(sv_grid_new(&b.grid, b.draft, NULL), SV_OK);
    b.state = sv_state_new(b.grid);
    assert_int_equal(sv_balance_new(&b.balance, b.grid, &settings, NULL), SV_OK);
    for (int32_t g = 0; g < b.grid->n_gen; g++)
        b.gen[g] = b.grid->gen[g].p_max_mw;
    for (int32_t d = 0; d < b.grid->n_load; d++)
        b.load[d] = b.grid->load[d].p_mw;
    b.import[0] = b.discharge[0] = b.charge[0] = 1.0;
}

static void end(void)
{
    sv_balance_free(&b.balance);
    sv_state_free(&b.state);
    sv_grid_free(&b.grid);
    sv_draft_free(&b.draft);
    memset(&b, 0, sizeof b);
}

static sv_status try_solve(void)
{
    sv_balance_input input = {.gen_max_mw = b.gen,
                              .load_mw = b.load,
                              .import_max_mw = b.import,
                              .discharge_max_mw = b.discharge,
                              .charge_max_mw = b.charge};
    sv_balance_result result = {.gen_mw = b.gen_out, .served_mw = b.served, .branch_mw = b.flow};
    return sv_balance_solve(b.balance, &input, &result, &b.info);
}

static void solve(void)
{
    assert_int_equal(sv_balance_update(b.balance, b.state), SV_OK);
    assert_int_equal(try_solve(), SV_OK);
    assert_true(b.info.outcome == SV_BALANCE_OPTIMAL);
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        print_error("%.12g where %.12g is right\n", value, expected);
    assert_true(fabs(value - expected) <= tolerance);
}

/* ---- numbers out of bounds ------------------------------------------------------------------ */

/* Two hours, one that fits and one that is short behind limits, in the workspace as it stands: all that they say. */
typedef struct {
    sv_balance_info info[2];
    double gen[2], served[2][2], flow[2][3];
} two_hours;

static void solve_two_hours(two_hours *out)
{
    memset(out, 0, sizeof *out);
    for (int h = 0; h < 2; h++) {
        b.load[0] = h == 0 ? 20.0 : 50.0;
        assert_int_equal(try_solve(), SV_OK);
        out->info[h] = b.info;
        out->gen[h] = b.gen_out[0];
        memcpy(out->served[h], b.served, sizeof out->served[h]);
        memcpy(out->flow[h], b.flow, sizeof out->flow[h]);
    }
}

static void assert_same_bits(const two_hours *one, const two_hours *other)
{
    for (int h = 0; h < 2; h++) {
        assert_true(one->info[h].shed_mw == other->info[h].shed_mw);
        assert_true(one->info[h].demand_mw == other->info[h].demand_mw);
        assert_int_equal(one->info[h].n_pivot, other->info[h].n_pivot);
    }
    assert_memory_equal(one->gen, other->gen, sizeof one->gen);
    assert_memory_equal(one->served, other->served, sizeof one->served);
    assert_memory_equal(one->flow, other->flow, sizeof one->flow);
}

static void fresh_workspace(void)
{
    sv_balance_settings settings = sv_balance_defaults();
    sv_balance_free(&b.balance);
    assert_int_equal(sv_balance_new(&b.balance, b.grid, &settings, NULL), SV_OK);
    assert_int_equal(sv_balance_update(b.balance, b.state), SV_OK);
}

static void powers_out_of_bounds_are_refused_and_leave_no_trace(void **unused)
{
    (void)unused;
    const double bad[] = {2.0 * SV_BALANCE_MOST_MW, -2.0 * SV_BALANCE_MOST_MW, 1.5e308};
    double *const array[] = {b.gen, b.load, b.load + 1, b.import, b.discharge, b.charge};
    two_hours fresh[2], now;
    draft_triangle();
    finish();
    fresh_workspace();
    solve_two_hours(&fresh[0]);
    solve_two_hours(&fresh[1]); /* a second time, now with a warm start */
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        for (size_t a = 0; a < sizeof array / sizeof array[0]; a++) {
            fresh_workspace();
            for (int time = 0; time < 2; time++) {
                double kept = *array[a];
                *array[a] = bad[k];
                b.served[0] = b.flow[0] = -7.0;
                assert_int_equal(try_solve(), SV_EUSAGE);
                assert_true(b.served[0] == -7.0 && b.flow[0] == -7.0);
                *array[a] = kept;
                solve_two_hours(&now);
                assert_same_bits(&now, &fresh[time]);
            }
        }
    }
    b.gen[0] = SV_BALANCE_MOST_MW; /* the bound itself is accepted */
    solve();
    assert_near(b.info.shed_mw, 8.5, 1e-4);
    end();
}

static sv_status try_solve_by_profile(const double *profile)
{
    sv_balance_input input = {.gen_max_mw = b.gen, .profile = profile, .import_max_mw = b.import};
    sv_balance_result result = {.gen_mw = b.gen_out, .served_mw = b.served, .branch_mw = b.flow};
    return sv_balance_solve(b.balance, &input, &result, &b.info);
}

static void factors_out_of_bounds_are_refused(void **unused)
{
    (void)unused;
    const double base[] = {1e-5, 40.0}, bad[] = {NAN, INFINITY, 2.0 * SV_BALANCE_MOST_FACTOR, -1e200};
    const int32_t i_profile[] = {0, 1};
    double profile[] = {SV_BALANCE_MOST_FACTOR, 1.0};
    draft_triangle();
    finish();
    assert_int_equal(sv_balance_set_profiles(b.balance, base, i_profile), SV_OK);
    assert_int_equal(sv_balance_update(b.balance, b.state), SV_OK);
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        profile[1] = bad[k];
        assert_int_equal(try_solve_by_profile(profile), SV_EUSAGE);
        profile[1] = 1.0;
        assert_int_equal(try_solve_by_profile(profile), SV_OK);
        assert_near(b.info.demand_mw, 50.0, 1e-9);
        assert_near(b.info.shed_mw, 0.0, 1e-9);
    }
    end();
}

static void profiles_out_of_bounds_change_nothing(void **unused)
{
    (void)unused;
    const double bad_mw[] = {NAN, INFINITY, -INFINITY, 2.0 * SV_BALANCE_MOST_MW, -1e200}, profile[] = {0.5};
    const int32_t bad_profile[] = {-1, INT32_MIN, INT32_MAX};
    const double good[] = {50.0, 40.0};
    const int32_t first[] = {0, 0};
    draft_triangle();
    finish();
    assert_int_equal(sv_balance_set_profiles(b.balance, good, first), SV_OK);
    assert_int_equal(sv_balance_update(b.balance, b.state), SV_OK);
    for (int k = 0; k < 8; k++) {
        const double base[] = {7.0, k < 5 ? bad_mw[k] : 7.0};
        const int32_t i_profile[] = {0, k < 5 ? 0 : bad_profile[k - 5]};
        assert_int_equal(sv_balance_set_profiles(b.balance, base, i_profile), SV_EUSAGE);
        assert_int_equal(try_solve_by_profile(profile), SV_OK);
        assert_near(b.info.demand_mw, 45.0, 1e-9);
    }
    end();
}

/* What a profile that is no longer there would read must not matter. */
static void fewer_profiles_may_follow_more(void **unused)
{
    (void)unused;
    const double base[] = {50.0, 40.0}, profile[] = {0.5, NAN, NAN, NAN};
    const int32_t more[] = {0, 3}, fewer[] = {0, 0};
    draft_triangle();
    finish();
    assert_int_equal(sv_balance_set_profiles(b.balance, base, more), SV_OK);
    assert_int_equal(sv_balance_set_profiles(b.balance, base, fewer), SV_OK);
    assert_int_equal(sv_balance_update(b.balance, b.state), SV_OK);
    assert_int_equal(try_solve_by_profile(profile), SV_OK);
    assert_near(b.info.demand_mw, 45.0, 1e-9);
    end();
}

/* ---- what is missing ------------------------------------------------------------------------ */

static void an_hour_without_a_state_is_refused(void **unused)
{
    (void)unused;
    draft_triangle();
    finish();
    assert_int_equal(try_solve(), SV_EUSAGE);
    solve();
    sv_balance_reset(b.balance);
    assert_int_equal(try_solve(), SV_EUSAGE);
    assert_int_equal(b.info.n_island, 0);
    solve();
    assert_near(b.info.shed_mw, 8.5, 1e-6);
    end();
}

/* The factor that takes over where reactances cancel is made when it is first needed. */
static void an_update_out_of_memory_leaves_no_state(void **unused)
{
    (void)unused;
    begin(2);
    add_gen(0, 100.0);
    add_load(1, 50.0);
    add_branch(0, 1, 0.1, 0.0);
    add_branch(0, 1, -0.1, 0.0);
    finish();
    sv_arena_fail_at(1);
    assert_int_equal(sv_balance_update(b.balance, b.state), SV_ENOMEM);
    sv_arena_fail_at(0);
    assert_int_equal(try_solve(), SV_EUSAGE);
    solve();
    assert_near(b.info.shed_mw, 50.0, 1e-6);
    end();
}

static void an_hour_that_lacks_an_array_is_refused(void **unused)
{
    (void)unused;
    const double base[] = {50.0, 40.0}, profile[] = {0.5};
    const int32_t i_profile[] = {0, 0};
    draft_triangle();
    finish();
    solve();
    const sv_balance_input lacking[] = {
        {.load_mw = b.load, .import_max_mw = b.import},
        {.gen_max_mw = b.gen, .load_mw = b.load},
        {.gen_max_mw = b.gen, .import_max_mw = b.import},
        {.gen_max_mw = b.gen, .import_max_mw = b.import, .profile = profile},
    };
    for (int set = 0; set < 2; set++) {
        for (int k = 0; k < 4 - set; k++)
            assert_int_equal(sv_balance_solve(b.balance, &lacking[k], NULL, &b.info), SV_EUSAGE);
        assert_int_equal(sv_balance_set_profiles(b.balance, base, i_profile), SV_OK);
    }
    assert_int_equal(try_solve_by_profile(profile), SV_OK);
    assert_near(b.info.demand_mw, 45.0, 1e-9);
    end();
}

static void without_loads_no_array_of_them_is_needed(void **unused)
{
    (void)unused;
    begin(2);
    add_gen(0, 5.0);
    add_branch(0, 1, 0.1, 1.0);
    finish();
    assert_int_equal(sv_balance_update(b.balance, b.state), SV_OK);
    for (int set = 0; set < 2; set++) {
        const sv_balance_input input = {.gen_max_mw = b.gen};
        sv_balance_result result = {.gen_mw = b.gen_out, .branch_mw = b.flow};
        assert_int_equal(sv_balance_solve(b.balance, &input, &result, &b.info), SV_OK);
        assert_true(b.info.demand_mw == 0.0 && b.info.shed_mw == 0.0 && b.gen_out[0] == 0.0 && b.flow[0] == 0.0);
        assert_int_equal(sv_balance_set_profiles(b.balance, NULL, NULL), SV_OK);
    }
    end();
}

/* The grid's sign decides what a load is, not the hour's. */
static void the_grid_says_which_loads_are_free_injections(void **unused)
{
    (void)unused;
    begin(1);
    add_load(0, 30.0);
    add_load(0, -20.0);
    finish();
    solve();
    assert_near(b.info.demand_mw, 30.0, 1e-9);
    assert_near(b.info.shed_mw, 10.0, 1e-9);
    b.load[1] = 20.0;
    solve();
    assert_near(b.info.demand_mw, 30.0, 1e-9);
    assert_near(b.info.shed_mw, 30.0, 1e-9);
    b.load[0] = -30.0;
    b.load[1] = -20.0;
    solve();
    assert_near(b.info.demand_mw, 0.0, 1e-9);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_out_of_bounds_are_refused_and_leave_no_trace),
        cmocka_unit_test(factors_out_of_bounds_are_refused),
        cmocka_unit_test(profiles_out_of_bounds_change_nothing),
        cmocka_unit_test(fewer_profiles_may_follow_more),
        cmocka_unit_test(an_hour_without_a_state_is_refused),
        cmocka_unit_test(an_update_out_of_memory_leaves_no_state),
        cmocka_unit_test(an_hour_that_lacks_an_array_is_refused),
        cmocka_unit_test(without_loads_no_array_of_them_is_needed),
        cmocka_unit_test(the_grid_says_which_loads_are_free_injections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
