/* An answer depends on the network and the hour, not on the hours before: a workspace that has lived through many hours
 * beside one that starts anew each hour, on random networks with DC lines, storage, ties, phase shifters, reactances below
 * zero, islands, and hours that are dark, scarce and plentiful. */
#include "small.h"

enum { N_NETWORK = 30, N_HOUR = 60 };

typedef struct {
    int32_t n_hour, n_program, n_dark, n_unfair;
} counts;

static uint64_t dice;

static double roll(void)
{
    return sv_draw(7, (int64_t)dice++, SV_DRAW_TEST, 0, 0).u[0];
}

static int32_t roll_of(int32_t n)
{
    return (int32_t)(roll() * n);
}

static void add_lines(bench *b, int32_t n)
{
    for (int32_t i = 1; i < n; i++)
        add_branch(b, roll_of(i), i, roll() < 0.03 ? 0.0 : 0.05 + 0.2 * roll(), 20.0 + 70.0 * roll(), 0.0);
    for (int32_t k = 0; k < n; k++) {
        int32_t i = roll_of(n), j = roll_of(n);
        double x = roll() < 0.05 ? -0.1 : 0.05 + 0.2 * roll(), rate = roll() < 0.8 ? 10.0 + 40.0 * roll() : 0.0;
        double shift = roll() < 0.05 ? 2.0 * roll() : 0.0;
        if (i != j)
            add_branch(b, i, j, x, rate, shift);
    }
}

static void make_network(bench *b)
{
    int32_t n = 20 + roll_of(60);
    begin(b, n);
    for (int32_t g = 0; g < n / 3; g++)
        add_gen(b, roll_of(n), 50.0 + 100.0 * roll());
    for (int32_t i = 0; i < n; i++)
        add_load(b, i, 10.0 + 30.0 * roll(), (sv_class)roll_of(SV_N_CLASS));
    add_lines(b, n);
    for (int32_t k = 0; k < 3; k++) {
        char id[16];
        name_next(b, SV_TABLE_DC_LINE, 'd', id);
        sv_dc_line row = sv_dc_line_default();
        row.id = id;
        row.i_from = roll_of(n);
        row.i_to = (row.i_from + 1 + roll_of(n - 1)) % n;
        row.p_min_mw = -20.0;
        row.p_max_mw = 20.0;
        sv_draft_add_dc_line(b->draft, &row);
    }
    add_two_storages(b, roll_of(n));
    finish(b, true);
}

static void change_state(bench *b)
{
    const sv_grid *grid = b->grid;
    for (int32_t l = 0; l < grid->n_branch; l++)
        b->state->branch_on[l] = roll() > 0.08;
    for (int32_t i = 0; i < grid->n_bus; i++)
        b->state->bus_on[i] = roll() > 0.03;
    for (int32_t g = 0; g < grid->n_gen; g++)
        b->state->gen_on[g] = roll() > 0.1;
}

static void change_hour(bench *b)
{
    double level = roll() < 0.05 ? 0.0 : 0.3 + 1.2 * roll();
    for (int32_t g = 0; g < b->grid->n_gen; g++)
        b->gen[g] = b->grid->gen[g].p_max_mw * (roll() < 0.1 ? 0.0 : roll());
    for (int32_t d = 0; d < b->grid->n_load; d++)
        b->load[d] = b->grid->load[d].p_mw * level * (0.8 + 0.4 * roll());
    for (int32_t k = 0; k < b->grid->n_storage; k++) {
        b->discharge[k] = 20.0 * roll();
        b->charge[k] = 20.0 * roll();
    }
}

static void solve_with(sv_balance *balance, const bench *b, double *served, double *flow, sv_balance_info *info)
{
    sv_balance_input input = {.gen_max_mw = b->gen,
                              .load_mw = b->load,
                              .discharge_max_mw = b->discharge,
                              .charge_max_mw = b->charge,
                              .import_max_mw = b->import};
    sv_balance_result result = {.served_mw = served, .branch_mw = flow};
    assert_int_equal(sv_balance_solve(balance, &input, &result, info), SV_OK);
}

static void check_limits(const bench *b, const double *flow)
{
    for (int32_t l = 0; l < b->grid->n_branch; l++) {
        double rate = b->grid->branch[l].rate_a_mva;
        assert_true(rate == 0.0 || fabs(flow[l]) <= rate + 1e-4);
    }
}

static void check_hour(const bench *b, sv_balance *anew, counts *n)
{
    double warm[MOST], cold[MOST], warm_flow[MOST], cold_flow[MOST];
    sv_balance_info before, fresh;
    solve_with(b->balance, b, warm, warm_flow, &before);
    sv_balance_reset(anew);
    assert_int_equal(sv_balance_update(anew, b->state), SV_OK);
    solve_with(anew, b, cold, cold_flow, &fresh);
    assert_int_equal(before.outcome, fresh.outcome);
    n->n_hour++;
    if (fresh.outcome != SV_BALANCE_OPTIMAL)
        return;
    check_limits(b, warm_flow);
    check_limits(b, cold_flow);
    double harm_of_fresh = harm(fresh.shed_class_mw);
    assert_true(near(harm(before.shed_class_mw), harm_of_fresh, 1e-4 + 1e-6 * harm_of_fresh));
    n->n_program += fresh.n_row > 0;
    n->n_dark += fresh.n_row > 0 && fresh.shed_mw > 1.0;
    n->n_unfair += before.unfair || fresh.unfair;
    for (int32_t d = 0; d < b->grid->n_load && !before.unfair && !fresh.unfair; d++)
        if (!near(warm[d], cold[d], 1e-3 + 2e-3 * b->load[d]))
            fail_msg("load %d gets %.9g MW after other hours, %.9g anew", (int)d, warm[d], cold[d]);
}

static void hours_before_do_not_matter(void **unused)
{
    (void)unused;
    counts n = {0};
    for (uint32_t salt = 0; salt < N_NETWORK; salt++) {
        bench b;
        dice = (uint64_t)salt << 24;
        make_network(&b);
        sv_balance *anew = NULL;
        sv_balance_settings settings = sv_balance_defaults();
        sv_error err = {0};
        assert_int_equal(sv_balance_new(&anew, b.grid, &settings, &err), SV_OK);
        for (int32_t h = 0; h < N_HOUR; h++) {
            if (h == 0 || roll() < 0.1) {
                change_state(&b);
                assert_int_equal(sv_balance_update(b.balance, b.state), SV_OK);
            }
            change_hour(&b);
            check_hour(&b, anew, &n);
        }
        sv_balance_free(&anew);
        end(&b);
    }
    print_message("%d hours: %d through the program, %d of them dark, shares given up in %d\n", (int)n.n_hour,
                  (int)n.n_program, (int)n.n_dark, (int)n.n_unfair);
    assert_true(n.n_dark > n.n_hour / 4);
    assert_true(n.n_unfair <= n.n_hour / 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hours_before_do_not_matter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
