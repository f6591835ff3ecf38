/* balance: prices. Known ones; slopes of the harm on small networks; and on random networks the bound that they prove, which
 * this file adds up by itself from the conditions of docs/model/balance.md. */
#include "small.h"

static const double RAD = 3.14159265358979323846 / 180.0;

/* Solve from nothing, with prices. @return harm */
static double solve_priced(bench *self)
{
    solve(self);
    sv_balance_prices(self->balance, self->bus_price, self->branch_price);
    return harm(self->info.shed_class_mw);
}

/* ---- known prices -------------------------------------------------------------------------- */

/* 100 MW of supply for 30 critical, 40 household and 50 industry; then less and less of it, with and without a network. */
static void copper_prices_are_those_of_the_margin(void **unused)
{
    (void)unused;
    const double supply[] = {130.0, 100.0, 60.0, 20.0}, price[] = {0.0, 1.0, 10.0, 100.0};
    for (int network = 0; network < 2; network++) {
        bench b;
        begin(&b, 3);
        add_gen(&b, 0, 130.0);
        add_load(&b, 1, 30.0, SV_CRITICAL);
        add_load(&b, 1, 40.0, SV_HOUSEHOLD);
        add_load(&b, 0, 50.0, SV_INDUSTRY);
        add_branch(&b, 0, 1, 0.1, 0.0, 0.0);
        add_branch(&b, 1, 2, 0.1, 5.0, 0.0);
        finish(&b, network == 1);
        sv_balance_prices(b.balance, b.bus_price, b.branch_price);
        assert_true(b.bus_price[0] == 0.0 && b.branch_price[0] == 0.0);
        b.state->bus_on[2] = 0;
        for (int k = 0; k < 4; k++) {
            b.gen[0] = supply[k];
            solve_priced(&b);
            assert_true(b.bus_price[0] == price[k] && b.bus_price[1] == price[k]);
            assert_true(b.bus_price[2] == 0.0 && b.branch_price[0] == 0.0 && b.branch_price[1] == 0.0);
        }
        sv_balance_prices(b.balance, NULL, NULL);
        end(&b);
    }
}

static void storage_has_its_small_price(void **unused)
{
    (void)unused;
    bench b;
    begin(&b, 1);
    add_gen(&b, 0, 100.0);
    add_load(&b, 0, 80.0, SV_HOUSEHOLD);
    add_two_storages(&b, 0);
    finish(&b, true);
    b.discharge[0] = b.discharge[1] = b.charge[0] = b.charge[1] = 10.0;
    const double supply[] = {110.0, 95.0, 75.0, 65.0, 50.0}, price[] = {0.0, 1e-4, 1e-3, 1.5e-3, 10.0};
    for (int k = 0; k < 5; k++) {
        b.gen[0] = supply[k];
        solve_priced(&b);
        assert_true(near(b.bus_price[0], price[k], 1e-15));
    }
    end(&b);
}

/* Two buses, 60 MW between them, 100 wanted: what lies behind the limit is worth its load, and so is the limit. With x = 0
 * the line is a tie; with lines that cancel beside it, the full-angle program answers. */
static void limit_parts_two_prices(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < 3; kind++) {
        bench b;
        begin(&b, 4);
        add_gen(&b, 0, 200.0);
        add_load(&b, 1, 100.0, SV_HOUSEHOLD);
        add_branch(&b, 0, 1, kind == 1 ? 0.0 : 0.1, 60.0, 0.0);
        add_branch(&b, 2, 1, 0.1, 500.0, 0.0);
        add_branch(&b, 2, 3, 0.1, 500.0, 0.0);
        add_branch(&b, 2, 3, kind == 2 ? -0.1 : 0.1, 500.0, 0.0);
        finish(&b, true);
        assert_true(near(solve_priced(&b), 400.0, 1e-3));
        assert_true(near(b.bus_price[0], 0.0, 1e-6) && near(b.bus_price[1], 10.0, 1e-6));
        assert_true(near(b.bus_price[2], 10.0, 1e-6));
        assert_true(near(b.branch_price[0], 10.0, 1e-6) && near(b.branch_price[1], 0.0, 1e-6));
        end(&b);
    }
}

static void relaxed_hours_have_none(void **unused)
{
    (void)unused;
    bench b;
    begin(&b, 3);
    add_gen(&b, 0, 100.0);
    add_load(&b, 1, 150.0, SV_HOUSEHOLD);
    for (int32_t k = 0; k < 3; k++)
        add_branch(&b, k % 2 == 0 ? 0 : 1, k == 0 ? 1 : 2, 0.1, 60.0, k == 2 ? 30.0 : 0.0);
    finish(&b, true);
    assert_true(solve_priced(&b) > 0.0);
    assert_int_equal(b.info.outcome, SV_BALANCE_RELAXED);
    for (int32_t k = 0; k < 3; k++)
        assert_true(b.bus_price[k] == 0.0 && b.branch_price[k] == 0.0);
    end(&b);
}

/* ---- random networks ----------------------------------------------------------------------- */

static double uniform(uint32_t salt, uint32_t k)
{
    return sv_draw(11, salt, SV_DRAW_TEST, k, 0).u[0];
}

/* Every bus has a unit. @param[in] i_changed branch whose limit is `more` MW higher, -1 = none */
static void make_random(bench *b, uint32_t salt, int32_t i_changed, double more)
{
    int32_t n = 4 + (int32_t)(20.0 * uniform(salt, 1)), n_branch = 0;
    uint32_t k = 10;
    begin(b, n);
    for (int32_t i = 0; i < n; i++, k += 3) {
        add_gen(b, i, uniform(salt, k) < 0.3 ? 150.0 * uniform(salt, k + 1) : 1.0);
        add_load(b, i, (uniform(salt, k + 1) < 0.1 ? -20.0 : 60.0) * uniform(salt, k + 2), (sv_class)(i % 3));
    }
    for (int32_t i = 1; i < n; i++) { /* a tree and as many chords */
        for (int chord = 0; chord < 2; chord++, k += 6) {
            int32_t j = (int32_t)(uniform(salt, k) * (chord ? n : i));
            double odd = uniform(salt, k + 1), x = 0.02 + 0.3 * uniform(salt, k + 2);
            x = odd < 0.04 ? -x : odd < 0.10 && !chord ? 0.0 : x;
            double rate = odd > 0.8 ? 0.0 : 5.0 + 40.0 * uniform(salt, k + 3);
            if (j == i)
                continue;
            add_branch(b, i, j, x, rate > 0.0 && n_branch == i_changed ? rate + more : rate, odd > 0.92 ? 3.0 : 0.0);
            n_branch++;
        }
    }
    finish(b, true);
    for (int32_t l = 0; l < b->grid->n_branch; l++, k++)
        b->state->branch_on[l] = uniform(salt, k) > 0.1;
    for (int32_t i = 0; i < n; i++, k++)
        b->state->bus_on[i] = uniform(salt, k) > 0.05;
}

/* A slope of a harm that is known to 2e-7 of it and 2e-5. */
static double slope_error(double value, double step)
{
    return 2.0 * (2e-7 * value + 3e-5) / step + 1e-3;
}

/* The harm is convex in supply: its price lies between the slopes on both sides, at a kink too. */
static void price_of_a_bus_is_the_slope_of_the_harm(void **unused)
{
    (void)unused;
    const double step = 0.5;
    int n_priced = 0, n_smooth = 0;
    for (uint32_t salt = 1; salt <= 150; salt++) {
        bench b;
        make_random(&b, salt, -1, 0.0);
        double here = solve_priced(&b), price[MOST];
        memcpy(price, b.bus_price, sizeof price);
        for (int32_t g = 0; b.info.outcome == SV_BALANCE_OPTIMAL && g < b.grid->n_gen; g++) {
            int32_t i = b.grid->gen[g].i_bus;
            double own = b.gen[g], error = slope_error(here, step);
            if (!b.state->bus_on[i])
                continue;
            if (own < step)
                continue;
            b.gen[g] = own + step;
            double above = (here - solve_priced(&b)) / step;
            b.gen[g] = own - step;
            double below = (solve_priced(&b) - here) / step;
            b.gen[g] = own;
            assert_true(above <= fmax(0.0, price[i]) + error && fmax(0.0, price[i]) <= below + error);
            n_priced += price[i] > 0.5;
            n_smooth += price[i] > 0.5 && near(above, below, error);
        }
        end(&b);
    }
    print_message("%d prices, %d of them at no kink\n", n_priced, n_smooth);
    assert_true(n_priced > 300 && n_smooth > 200);
}

static void price_of_a_limit_is_the_slope_of_the_harm(void **unused)
{
    (void)unused;
    const double step = 0.5;
    int n_priced = 0;
    for (uint32_t salt = 1; salt <= 100; salt++) {
        bench b;
        make_random(&b, salt, -1, 0.0);
        double here = solve_priced(&b);
        int32_t n_branch = b.info.outcome == SV_BALANCE_OPTIMAL ? b.grid->n_branch : 0;
        for (int32_t l = 0; l < n_branch; l++) {
            double harm_at[2], price = b.branch_price[l], error = slope_error(here, step);
            if (b.grid->branch[l].rate_a_mva <= 0.0 || (price == 0.0 && l % 5 != 0))
                continue;
            bool met = true;
            for (int side = 0; side < 2; side++) {
                bench other;
                make_random(&other, salt, l, side == 0 ? step : -step);
                harm_at[side] = solve_priced(&other);
                met = met && other.info.outcome == SV_BALANCE_OPTIMAL;
                end(&other);
            }
            assert_true((here - harm_at[0]) / step <= price + error);
            assert_true(!met || price <= (harm_at[1] - here) / step + error);
            n_priced += price > 1e-3;
        }
        end(&b);
    }
    print_message("%d prices of limits\n", n_priced);
    assert_true(n_priced > 100);
}

static double least(double slope, double most)
{
    return most > 0.0 && slope < 0.0 ? slope * most : 0.0;
}

/* What no answer can go below, at any prices whose law the branches keep. @param[out] lack of the law, by bus */
static double bound(const bench *b, double *lack)
{
    const sv_grid *grid = b->grid;
    const double weight[] = {100.0, 10.0, 1.0}, *price = b->bus_price;
    double sum = 0.0;
    memset(lack, 0, sizeof(double) * MOST);
    for (int32_t g = 0; g < grid->n_gen; g++)
        if (b->state->bus_on[grid->gen[g].i_bus])
            sum += least(-price[grid->gen[g].i_bus], b->gen[g]);
    for (int32_t d = 0; d < grid->n_load; d++) {
        int32_t i = grid->load[d].i_bus;
        double w = weight[grid->load[d].class_], mw = b->load[d];
        sum += w * fmax(0.0, mw);
        if (b->state->bus_on[i])
            sum += least(price[i] - w, mw) + least(-price[i], -mw);
    }
    for (int32_t l = 0; l < grid->n_branch; l++) {
        const sv_branch *branch = &grid->branch[l];
        double y = price[branch->i_from] - price[branch->i_to];
        double mu = b->flow[l] > 0.0 ? -b->branch_price[l] : b->branch_price[l];
        if (!sv_state_branch_live(b->state, l))
            continue;
        assert_true(b->branch_price[l] >= 0.0);
        assert_true(branch->rate_a_mva > 0.0 || mu == 0.0);
        sum -= fabs(mu) * branch->rate_a_mva;
        if (branch->x_pu == 0.0) /* a tie's price is the difference itself, and its buses are one below */
            assert_true(near(y, mu, 1e-5));
        double g = branch->x_pu == 0.0 ? 0.0 : (y - mu) / branch->x_pu;
        sum -= g * grid->base_mva * RAD * branch->shift_deg;
        lack[branch->i_from] += g;
        lack[branch->i_to] -= g;
    }
    return sum;
}

/* Buses that ties join share one angle, so that their lacks add up. */
static void join_ties(const bench *b, double *lack)
{
    for (int32_t round = 0; round < b->grid->n_branch; round++)
        for (int32_t l = 0; l < b->grid->n_branch; l++) {
            const sv_branch *branch = &b->grid->branch[l];
            int32_t low = branch->i_from < branch->i_to ? branch->i_from : branch->i_to;
            int32_t high = branch->i_from < branch->i_to ? branch->i_to : branch->i_from;
            if (branch->x_pu != 0.0 || !sv_state_branch_live(b->state, l))
                continue;
            lack[low] += lack[high];
            lack[high] = 0.0;
        }
}

static void prices_prove_the_optimum_of_random_networks(void **unused)
{
    (void)unused;
    int n_shed = 0, n_rows = 0, n_optimal = 0;
    for (uint32_t salt = 1; salt <= 1000; salt++) {
        bench b;
        double lack[MOST];
        make_random(&b, salt, -1, 0.0);
        double value = solve_priced(&b), proven = bound(&b, lack);
        join_ties(&b, lack);
        if (b.info.outcome == SV_BALANCE_OPTIMAL) {
            assert_true(near(value, proven, fmax(1e-6 * value, 1e-4)));
            for (int32_t i = 0; i < b.grid->n_bus; i++)
                assert_true(fabs(lack[i]) < 1e-5);
            n_optimal++;
            n_shed += value > 1e-6;
            n_rows += b.info.n_row > 0;
        }
        end(&b);
    }
    print_message("%d networks proven: %d shed, %d met limits\n", n_optimal, n_shed, n_rows);
    assert_true(n_optimal > 700 && n_shed > 100 && n_rows > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copper_prices_are_those_of_the_margin),
        cmocka_unit_test(storage_has_its_small_price),
        cmocka_unit_test(limit_parts_two_prices),
        cmocka_unit_test(relaxed_hours_have_none),
        cmocka_unit_test(price_of_a_bus_is_the_slope_of_the_harm),
        cmocka_unit_test(price_of_a_limit_is_the_slope_of_the_harm),
        cmocka_unit_test(prices_prove_the_optimum_of_random_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
