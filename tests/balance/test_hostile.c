/* balance against inputs that nobody means well: numbers that are none, networks of nothing, thousands of twins, loops that
 * no limit can hold. Each has a stated outcome; none is a failed run. */
#include "svitlo/balance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 20100 };

/* One network under construction, its hour and its answer. Tables are filled from arrays that live here. */
static struct {
    sv_draft *draft;
    sv_grid *grid;
    sv_state *state;
    sv_balance *balance;
    double gen[MOST], load[MOST], import[MOST], discharge[MOST], charge[MOST], storage_h[MOST];
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

static void add_branch(int32_t from, int32_t to, double x_pu, double rate_mva, double shift_deg)
{
    sv_branch row = sv_branch_default();
    row.id = new_id('b');
    row.i_from = from;
    row.i_to = to;
    row.x_pu = x_pu;
    row.rate_a_mva = rate_mva;
    row.shift_deg = shift_deg;
    sv_draft_add_branch(b.draft, &row);
}

static void finish(void)
{
    sv_error err = {0};
    sv_status status = sv_grid_new(&b.grid, b.draft, &err);
    if (status != SV_OK)
        print_error("%s\n", err.text);
    assert_int_equal(status, SV_OK);
    assert_true(b.grid->n_gen < MOST && b.grid->n_load < MOST && b.grid->n_branch < MOST);
    b.state = sv_state_new(b.grid);
    sv_balance_settings settings = sv_balance_defaults();
    assert_int_equal(sv_balance_new(&b.balance, b.grid, &settings, &err), SV_OK);
    for (int32_t g = 0; g < b.grid->n_gen; g++)
        b.gen[g] = b.grid->gen[g].p_max_mw;
    for (int32_t d = 0; d < b.grid->n_load; d++)
        b.load[d] = b.grid->load[d].p_mw;
    for (int32_t k = 0; k < b.grid->n_interconnector; k++)
        b.import[k] = b.grid->interconnector[k].limit_mw;
    for (int32_t k = 0; k < b.grid->n_storage; k++) {
        b.discharge[k] = b.charge[k] = 1.0;
        b.storage_h[k] = 4.0;
    }
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
                              .charge_max_mw = b.charge,
                              .storage_h = b.storage_h};
    sv_balance_result result = {.gen_mw = b.gen_out, .served_mw = b.served, .branch_mw = b.flow};
    return sv_balance_solve(b.balance, &input, &result, &b.info);
}

/* It ran, did not fail, and all that it says is a number within its bounds. */
static void solve(void)
{
    assert_int_equal(sv_balance_update(b.balance, b.state), SV_OK);
    assert_int_equal(try_solve(), SV_OK);
    assert_true(b.info.outcome != SV_BALANCE_FAILED);
    assert_true(isfinite(b.info.demand_mw) && isfinite(b.info.shed_mw) && isfinite(b.info.relaxed_mw));
    double served = 0.0;
    for (int32_t g = 0; g < b.grid->n_gen; g++)
        assert_true(b.gen_out[g] >= 0.0 && b.gen_out[g] <= fmax(0.0, b.gen[g]));
    for (int32_t d = 0; d < b.grid->n_load; d++) {
        assert_true(b.served[d] >= 0.0 && b.served[d] <= fmax(0.0, b.load[d]));
        served += b.served[d];
    }
    for (int32_t l = 0; l < b.grid->n_branch; l++)
        assert_true(isfinite(b.flow[l]));
    assert_true(fabs(b.info.demand_mw - b.info.shed_mw - served) <= 1e-9 * b.info.demand_mw);
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        print_error("%.12g where %.12g is right\n", value, expected);
    assert_true(fabs(value - expected) <= tolerance);
}

/* ---- numbers that are none ----------------------------------------------------------------- */

static const double not_finite[] = {NAN, INFINITY, -INFINITY};

/* 100 MW at bus 0; 50 and 40 MW wanted at buses 1 and 2; limits of 40 MW; a storage and an import of 1 MW each. */
static void draft_triangle(void)
{
    begin(3);
    add_gen(0, 100.0);
    add_load(1, 50.0);
    add_load(2, 40.0);
    add_branch(0, 1, 0.1, 40.0, 0.0);
    add_branch(1, 2, 0.1, 40.0, 0.0);
    add_branch(0, 2, 0.1, 40.0, 0.0);
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

static void a_grid_with_such_numbers_is_refused(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < sizeof not_finite / sizeof not_finite[0]; k++) {
        for (int field = 0; field < 5; field++) {
            double v = not_finite[k];
            begin(2);
            add_gen(0, field == 0 ? v : 1.0);
            add_load(1, field == 1 ? v : 1.0);
            add_branch(0, 1, field == 2 ? v : 0.1, field == 3 ? v : 1.0, field == 4 ? v : 0.0);
            sv_error err = {0};
            assert_int_equal(sv_grid_new(&b.grid, b.draft, &err), SV_EDATA);
            assert_null(b.grid);
            assert_non_null(strstr(err.text, "accepted: "));
            end();
        }
    }
}

static void weights_must_be_above_zero_and_finite(void **unused)
{
    (void)unused;
    const double bad[] = {NAN, INFINITY, -INFINITY, 0.0, -1.0};
    draft_triangle();
    finish();
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        sv_balance_settings settings = sv_balance_defaults();
        settings.weight[SV_INDUSTRY] = bad[k];
        sv_balance *balance = NULL;
        sv_error err = {0};
        assert_int_equal(sv_balance_new(&balance, b.grid, &settings, &err), SV_EUSAGE);
        assert_null(balance);
        assert_non_null(strstr(err.text, "accepted: "));
    }
    end();
}

static void an_hour_with_such_numbers_is_refused_and_leaves_no_trace(void **unused)
{
    (void)unused;
    draft_triangle();
    finish();
    solve();
    const double shed_mw = b.info.shed_mw;
    /* p at bus 1, q at bus 2 come by lines: 2 p + q <= 120; storage lowers q to 39, so p = 40.5 and the import is on top. */
    assert_near(shed_mw, 8.5, 1e-6);
    double *const array[] = {b.gen, b.load, b.load + 1, b.import, b.discharge, b.charge, b.storage_h};
    for (size_t k = 0; k < sizeof not_finite / sizeof not_finite[0]; k++) {
        for (size_t a = 0; a < sizeof array / sizeof array[0]; a++) {
            double kept = *array[a];
            *array[a] = not_finite[k];
            b.served[0] = b.flow[0] = -7.0;
            assert_int_equal(try_solve(), SV_EUSAGE);
            assert_true(b.served[0] == -7.0 && b.flow[0] == -7.0);
            *array[a] = kept;
            assert_int_equal(try_solve(), SV_OK);
            assert_near(b.info.shed_mw, shed_mw, 1e-9);
        }
    }
    end();
}

static void negative_limits_of_an_hour_count_as_nothing(void **unused)
{
    (void)unused;
    draft_triangle();
    finish();
    b.gen[0] = b.import[0] = b.discharge[0] = b.charge[0] = -5.0;
    solve();
    assert_near(b.info.shed_mw, 90.0, 1e-9);
    end();
}

/* ---- networks of nothing ------------------------------------------------------------------- */

static void no_bus_is_no_grid(void **unused)
{
    (void)unused;
    begin(0);
    sv_error err = {0};
    assert_int_equal(sv_grid_new(&b.grid, b.draft, &err), SV_EDATA);
    assert_non_null(strstr(err.text, "accepted: at least one"));
    end();
}

static void one_bus_is_a_grid(void **unused)
{
    (void)unused;
    for (int what = 0; what < 4; what++) { /* bit 0: a load of 30 MW, bit 1: 20 MW to serve it */
        begin(1);
        if (what & 1)
            add_load(0, 30.0);
        if (what & 2)
            add_gen(0, 20.0);
        finish();
        solve();
        assert_int_equal(b.info.n_island, 1);
        assert_near(b.info.shed_mw, what == 1 ? 30.0 : what == 3 ? 10.0 : 0.0, 1e-9);
        end();
    }
}

/* Three buses without a line: load alone, generation alone, both. */
static void without_branches_each_bus_is_on_its_own(void **unused)
{
    (void)unused;
    begin(4);
    add_load(0, 10.0);
    add_gen(1, 50.0);
    add_load(2, 30.0);
    add_gen(2, 20.0);
    finish();
    solve();
    assert_int_equal(b.info.n_island, 4);
    assert_near(b.info.shed_mw, 20.0, 1e-9);
    assert_near(b.gen_out[0], 0.0, 1e-9);
    end();
}

static void everything_out_sheds_everything(void **unused)
{
    (void)unused;
    draft_triangle();
    finish();
    b.discharge[0] = 0.0;
    memset(b.state->branch_on, 0, 3);
    solve();
    assert_near(b.info.shed_mw, 89.0, 1e-9); /* the import stays where it lands */
    sv_state_reset(b.state);
    memset(b.state->gen_on, 0, 1);
    solve();
    assert_near(b.info.shed_mw, 89.0, 1e-9);
    sv_state_reset(b.state);
    memset(b.state->bus_on, 0, 3);
    solve();
    assert_near(b.info.shed_mw, 90.0, 1e-9);
    assert_int_equal(b.info.n_island, 0);
    memset(b.state->branch_on, 0, 3);
    memset(b.state->gen_on, 0, 1);
    solve();
    assert_near(b.info.shed_mw, 90.0, 1e-9);
    sv_state_reset(b.state); /* and nothing of it stays */
    b.discharge[0] = 1.0;
    solve();
    assert_near(b.info.shed_mw, 8.5, 1e-6);
    end();
}

/* ---- many of a kind ------------------------------------------------------------------------ */

/* 10,000 lines between two buses carry 0.1 MW each; every third is twice as long and half used. */
static void ten_thousand_parallel_lines(void **unused)
{
    (void)unused;
    for (int alike = 0; alike < 2; alike++) {
        begin(2);
        add_gen(0, 5000.0);
        add_load(1, 2000.0);
        double room_mw = 0.0;
        for (int32_t l = 0; l < 10000; l++) {
            bool long_ = !alike && l % 3 == 0;
            add_branch(l % 2, 1 - l % 2, long_ ? 0.2 : 0.1, 0.1, 0.0);
            room_mw += long_ ? 0.05 : 0.1;
        }
        finish();
        double start = sv_clock_s();
        solve();
        assert_true(sv_clock_s() - start < 5.0);
        assert_int_equal(b.info.outcome, SV_BALANCE_OPTIMAL);
        assert_near(b.info.shed_mw, 2000.0 - room_mw, 0.2); /* 1e-5 MW of tolerance on each of 10,000 limits */
        end();
    }
}

/* A hub and 2,000 spokes that each can carry half of what their end wants: every limit binds, far more than any program
 * of few rows holds. */
static void two_thousand_limits_that_all_bind(void **unused)
{
    (void)unused;
    enum { N = 2000 };
    begin(N + 1);
    add_gen(0, 1e6);
    for (int32_t i = 1; i <= N; i++) {
        add_load(i, 10.0);
        add_branch(0, i, 0.1, 5.0, 0.0);
    }
    finish();
    double start = sv_clock_s();
    solve();
    print_message("%d spokes: %.2f s\n", N, sv_clock_s() - start);
    assert_true(sv_clock_s() - start < 60.0);
    assert_int_equal(b.info.outcome, SV_BALANCE_OPTIMAL);
    assert_near(b.info.shed_mw, 5.0 * N, 0.1);
    end();
}

/* ---- odd reactances ------------------------------------------------------------------------ */

/* A ring of ties, and pairs of lines that cancel: flows are open or the matrix is singular, what is served is not. */
static void ties_in_a_ring_and_lines_that_cancel(void **unused)
{
    (void)unused;
    for (int odd = 0; odd < 3; odd++) {
        begin(4);
        add_gen(0, 100.0);
        add_load(2, 150.0);
        for (int32_t i = 0; i < 4; i++) {
            add_branch(i, (i + 1) % 4, odd == 0 ? 0.0 : 0.1, 30.0, 0.0);
            if (odd > 0)
                add_branch(i, (i + 1) % 4, odd == 1 ? -0.1 : -0.1 * (1.0 + 1e-9), 30.0, 0.0);
        }
        finish();
        solve();
        /* Two ways of 30 MW round the ring; of a pair that cancels, nothing arrives whatever the angles. */
        assert_near(b.info.shed_mw, odd == 0 ? 90.0 : 150.0, 1e-4);
        end();
    }
}

/* ---- loops that no limit can hold ------------------------------------------------------------ */

/* A ring without load carries base * shift / sum of x whatever is done; the least relaxation is what is over each limit. */
static void a_forced_flow_is_relaxed_by_the_least_total(void **unused)
{
    (void)unused;
    for (uint32_t salt = 1; salt <= 200; salt++) {
        int32_t n = 3 + (int32_t)(10.0 * sv_draw(salt, 0, SV_DRAW_TEST, 0, 0).u[0]);
        double x_sum = 0.0, rate[16], least_mw = 0.0;
        begin(n);
        double shift_deg = 40.0 * sv_draw(salt, 0, SV_DRAW_TEST, 0, 0).u[1] - 20.0;
        for (int32_t i = 0; i < n; i++) {
            sv_draw4 draw = sv_draw(salt, 0, SV_DRAW_TEST, 1, (uint32_t)i);
            double x = 0.02 + 0.2 * draw.u[0];
            rate[i] = 1.0 + 60.0 * draw.u[1];
            x_sum += x;
            add_branch(i, (i + 1) % n, x, rate[i], i == 0 ? shift_deg : 0.0);
        }
        double forced_mw = fabs(100.0 * shift_deg * 3.14159265358979323846 / 180.0 / x_sum);
        for (int32_t i = 0; i < n; i++)
            least_mw += fmax(0.0, forced_mw - rate[i]);
        finish();
        solve();
        assert_int_equal(b.info.outcome, least_mw > 1e-4 ? SV_BALANCE_RELAXED : SV_BALANCE_OPTIMAL);
        assert_near(b.info.relaxed_mw, least_mw, 1e-3);
        end();
    }
}

/* ---- sizes --------------------------------------------------------------------------------- */

/* The same network in larger and smaller units has the same answer in those units: 10 of 90 are shed, because the two lines
 * from bus 0 bring 80. What the balance promises is in MW, though: limits are kept to 1e-5, two of them here, and the harm is
 * the least to 2e-7 of it and 2e-5 of the least weight, a tenth of that in MW of households. So at 1e-5 the answer is
 * proven to a fifth of it, and at 1e-6, where the limits are passed by less than their tolerance, only that no more is
 * shed than must be. Smaller units would prove nothing: all that is wanted in them is below the tolerance. */
static void huge_and_tiny_numbers(void **unused)
{
    (void)unused;
    const double scale[] = {1e-6, 1e-5, 1e-3, 1.0, 1e3, 1e6, 1e9};
    for (size_t k = 0; k < sizeof scale / sizeof scale[0]; k++) {
        double s = scale[k], right = 10.0 * s, round_off = 1e-6 * right;
        begin(3);
        add_gen(0, 100.0 * s);
        add_load(1, 50.0 * s);
        add_load(2, 40.0 * s);
        add_branch(0, 1, 0.1, 40.0 * s, 0.0);
        add_branch(1, 2, 0.1, 40.0 * s, 0.0);
        add_branch(0, 2, 0.1, 40.0 * s, 0.0);
        finish();
        solve();
        assert_int_equal(b.info.outcome, SV_BALANCE_OPTIMAL);
        assert_near(b.info.demand_mw, 90.0 * s, 1e-12 * s);
        assert_true(b.info.shed_mw >= fmax(0.0, right - 2e-5 - round_off));
        assert_true(b.info.shed_mw <= right + 2e-6 + round_off);
        for (int32_t l = 0; l < 3; l++)
            assert_true(fabs(b.flow[l]) <= 40.0 * s + 1e-5 + round_off);
        end();
    }
}

/* A billion MW beside a billionth; reactances from 1e-9 to 1e9. */
static void huge_beside_tiny(void **unused)
{
    (void)unused;
    begin(4);
    add_gen(0, 1e9);
    add_gen(3, 1e-9);
    add_load(1, 1e-9);
    add_load(2, 1e9);
    add_load(3, 50.0);
    add_branch(0, 1, 1e-9, 0.0, 0.0);
    add_branch(1, 2, 1e9, 0.0, 0.0);
    add_branch(0, 2, 0.1, 4e8, 0.0);
    add_branch(2, 3, 0.1, 20.0, 0.0);
    finish();
    solve();
    /* 400,000,000 MW over the line of 0.1 pu, 0.04 over the one of 1e9 pu; of it 20 MW go on to bus 3, all that its line
     * carries and the same share as at bus 2. The total is known to 2e-7 of itself, the loads beside it much better. */
    assert_int_equal(b.info.outcome, SV_BALANCE_OPTIMAL);
    assert_near(b.info.shed_mw, 6e8 + 50.0 - 0.04, 120.0);
    assert_near(b.served[2], 20.0, 1e-3);
    assert_near(b.served[0], 1e-9, 1e-15);
    assert_true(fabs(b.flow[3]) <= 20.0 + 1e-5 && fabs(b.flow[2]) <= 4e8 * (1.0 + 1e-12) + 1e-5);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_with_such_numbers_is_refused),
        cmocka_unit_test(weights_must_be_above_zero_and_finite),
        cmocka_unit_test(an_hour_with_such_numbers_is_refused_and_leaves_no_trace),
        cmocka_unit_test(negative_limits_of_an_hour_count_as_nothing),
        cmocka_unit_test(no_bus_is_no_grid),
        cmocka_unit_test(one_bus_is_a_grid),
        cmocka_unit_test(without_branches_each_bus_is_on_its_own),
        cmocka_unit_test(everything_out_sheds_everything),
        cmocka_unit_test(ten_thousand_parallel_lines),
        cmocka_unit_test(two_thousand_limits_that_all_bind),
        cmocka_unit_test(ties_in_a_ring_and_lines_that_cancel),
        cmocka_unit_test(a_forced_flow_is_relaxed_by_the_least_total),
        cmocka_unit_test(huge_and_tiny_numbers),
        cmocka_unit_test(huge_beside_tiny),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
