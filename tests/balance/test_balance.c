/* balance: the traps of the field with their answers, classes, storage, DC lines, and random networks solved two ways. */
#include "balance/angle.h"
#include "small.h"

/* Three buses in a triangle, 100 MW at the first, 50 and 40 MW wanted at the others. */
static void begin_triangle(bench *self, double x23_pu, double shift13_deg, double gen_mw)
{
    begin(self, 3);
    add_gen(self, 0, gen_mw);
    add_load(self, 1, 50.0, SV_HOUSEHOLD);
    add_load(self, 2, 40.0, SV_HOUSEHOLD);
    add_branch(self, 0, 1, 0.1, 60.0, 0.0);
    add_branch(self, 1, 2, x23_pu, 60.0, 0.0);
    add_branch(self, 0, 2, 0.1, 60.0, shift13_deg);
    finish(self, true);
}

static void odd_reactances_shed_nothing(void **unused)
{
    (void)unused;
    const double x[] = {0.1, 0.0, -0.1, -0.05, 1e-9};
    for (size_t k = 0; k < sizeof x / sizeof x[0]; k++) {
        bench b;
        begin_triangle(&b, x[k], 0.0, 100.0);
        solve(&b);
        assert_int_equal(b.info.outcome, SV_BALANCE_OPTIMAL);
        assert_true(near(b.info.shed_mw, 0.0, 1e-6));
        assert_true(near(b.info.demand_mw, 90.0, 1e-9));
        end(&b);
    }
}

static void parallel_lines_that_cancel_carry_nothing(void **unused)
{
    (void)unused;
    bench b;
    begin(&b, 3);
    add_gen(&b, 0, 100.0);
    add_load(&b, 1, 50.0, SV_HOUSEHOLD);
    add_load(&b, 2, 40.0, SV_HOUSEHOLD);
    add_branch(&b, 0, 1, 0.1, 60.0, 0.0);
    add_branch(&b, 1, 2, 0.1, 60.0, 0.0);
    add_branch(&b, 1, 2, -0.1, 60.0, 0.0);
    add_branch(&b, 0, 2, 0.1, 60.0, 0.0);
    finish(&b, true);
    solve(&b);
    assert_int_equal(b.info.outcome, SV_BALANCE_OPTIMAL);
    assert_true(near(b.info.shed_mw, 0.0, 1e-6));
    end(&b);
}

static void phase_shifter_takes_room(void **unused)
{
    (void)unused;
    bench b;
    begin_triangle(&b, 0.1, 5.0, 100.0);
    solve(&b);
    assert_int_equal(b.info.outcome, SV_BALANCE_OPTIMAL);
    /* Closed form: f12 = (2 p2 + p3) / 3 + w, w = 100 * 5 deg in rad / 0.3; p2 <= 50, p3 <= 40, f12 <= 60. */
    double w = 100.0 * 5.0 * 3.14159265358979323846 / 180.0 / 0.3;
    double p3 = fmin(40.0, 3.0 * (60.0 - w) - 0.0), p2 = fmin(50.0, (3.0 * (60.0 - w) - p3) / 2.0);
    double best = p2 + p3, other_p2 = fmin(50.0, 1.5 * (60.0 - w)),
           other_p3 = fmin(40.0, 3.0 * (60.0 - w) - 2.0 * other_p2);
    if (other_p2 + other_p3 > best)
        best = other_p2 + other_p3;
    assert_true(near(b.info.shed_mw, 23.6332313, 1e-6));
    assert_true(near(b.info.shed_mw, 90.0 - best, 1e-4));
    end(&b);
}

static void impossible_limits_are_relaxed_and_named(void **unused)
{
    (void)unused;
    for (int with_gen = 0; with_gen < 2; with_gen++) {
        bench b;
        begin_triangle(&b, 0.1, 30.0, with_gen ? 100.0 : 0.0);
        solve(&b);
        assert_int_equal(b.info.outcome, SV_BALANCE_RELAXED);
        /* 174.53 MW circulate; three limits of 60 MW: 3 x 114.53 at least, and that with everyone served who can be. */
        double loop = 100.0 * 30.0 * 3.14159265358979323846 / 180.0 / 0.3;
        const int32_t *branch = NULL;
        const double *by_mw = NULL;
        int32_t n = sv_balance_relaxed(b.balance, &branch, &by_mw);
        double sum = 0.0;
        for (int32_t k = 0; k < n; k++)
            sum += by_mw[k];
        assert_true(n > 0 && near(sum, b.info.relaxed_mw, 1e-9));
        assert_true(near(b.info.relaxed_mw, 3.0 * (loop - 60.0), 1e-3));
        assert_true(near(b.info.shed_mw, with_gen ? 0.0 : 90.0, 1e-6));
        end(&b);
    }
}

static void negative_load_is_a_free_injection(void **unused)
{
    (void)unused;
    bench b;
    begin(&b, 3);
    add_gen(&b, 0, 100.0);
    add_load(&b, 1, 50.0, SV_HOUSEHOLD);
    add_load(&b, 2, -30.0, SV_HOUSEHOLD);
    add_branch(&b, 0, 1, 0.1, 60.0, 0.0);
    add_branch(&b, 1, 2, 0.1, 60.0, 0.0);
    add_branch(&b, 0, 2, 0.1, 60.0, 0.0);
    finish(&b, true);
    solve(&b);
    assert_true(near(b.info.demand_mw, 50.0, 1e-9) && near(b.info.shed_mw, 0.0, 1e-9));
    b.state->gen_on[0] = 0;
    solve(&b);
    assert_true(near(b.info.shed_mw, 20.0, 1e-9));
    end(&b);
}

static void struck_bus_keeps_its_demand(void **unused)
{
    (void)unused;
    bench b;
    begin_triangle(&b, 0.1, 0.0, 100.0);
    b.state->bus_on[2] = 0;
    solve(&b);
    assert_true(near(b.info.demand_mw, 90.0, 1e-9) && near(b.info.shed_mw, 40.0, 1e-9));
    assert_int_equal(b.info.n_island, 1);
    memset(b.state->branch_on, 0, 3);
    solve(&b);
    assert_true(near(b.info.shed_mw, 90.0, 1e-9));
    assert_int_equal(b.info.n_island, 2);
    memset(b.state->bus_on, 0, 3);
    solve(&b);
    assert_true(near(b.info.shed_mw, 90.0, 1e-9));
    assert_int_equal(b.info.n_island, 0);
    end(&b);
}

/* 60 MW for 30 critical, 40 household, 20 industry; two storages, the one that lasts longer goes first. */
static void classes_and_storage_in_their_order(void **unused)
{
    (void)unused;
    for (int network = 0; network < 2; network++) {
        bench b;
        begin(&b, 2);
        add_gen(&b, 0, 60.0);
        add_load(&b, 1, 30.0, SV_CRITICAL);
        add_load(&b, 1, 40.0, SV_HOUSEHOLD);
        add_load(&b, 0, 20.0, SV_INDUSTRY);
        add_branch(&b, 0, 1, 0.1, 0.0, 0.0);
        add_two_storages(&b, 1);
        finish(&b, network == 1);
        solve(&b);
        assert_true(near(b.info.shed_class_mw[SV_CRITICAL], 0.0, 1e-9));
        assert_true(near(b.info.shed_class_mw[SV_HOUSEHOLD], 10.0, 1e-9));
        assert_true(near(b.info.shed_class_mw[SV_INDUSTRY], 20.0, 1e-9));
        b.discharge[0] = b.discharge[1] = 10.0;
        b.charge[0] = b.charge[1] = 5.0;
        b.gen[0] = 75.0;
        solve(&b);
        assert_true(near(b.info.shed_mw, 0.0, 1e-9));
        assert_true(near(b.storage[1], 10.0, 1e-9) && near(b.storage[0], 5.0, 1e-9));
        b.gen[0] = 96.0;
        solve(&b);
        assert_true(near(b.storage[0] + b.storage[1], -6.0, 1e-9));
        end(&b);
    }
}

static void dc_line_helps_the_island_that_is_short(void **unused)
{
    (void)unused;
    bench b;
    begin(&b, 4);
    add_gen(&b, 0, 100.0);
    add_load(&b, 1, 30.0, SV_HOUSEHOLD);
    add_load(&b, 3, 80.0, SV_HOUSEHOLD);
    add_branch(&b, 0, 1, 0.1, 100.0, 0.0);
    add_branch(&b, 2, 3, 0.1, 45.0, 0.0);
    sv_dc_line line = sv_dc_line_default();
    line.id = "dc";
    line.i_from = 1;
    line.i_to = 2;
    line.p_min_mw = -60.0;
    line.p_max_mw = 60.0;
    sv_draft_add_dc_line(b.draft, &line);
    finish(&b, true);
    solve(&b);
    assert_true(near(b.info.shed_mw, 35.0, 1e-6)); /* 45 MW is all that branch 3-4 carries */
    assert_true(near(b.dc[0], 45.0, 1e-6));
    assert_int_equal(b.info.n_island, 2);
    end(&b);
}

/* Plenty at one end, a storage that would have to give at the other. */
static void dc_line_spares_a_storage(void **unused)
{
    (void)unused;
    bench b;
    begin(&b, 2);
    add_gen(&b, 0, 100.0);
    add_load(&b, 1, 8.0, SV_HOUSEHOLD);
    add_two_storages(&b, 1);
    sv_dc_line line = sv_dc_line_default();
    line.id = "dc";
    line.i_from = 0;
    line.i_to = 1;
    line.p_min_mw = -5.0;
    line.p_max_mw = 5.0;
    sv_draft_add_dc_line(b.draft, &line);
    finish(&b, true);
    b.discharge[0] = b.discharge[1] = 10.0;
    solve(&b);
    assert_true(near(b.served[0], 8.0, 1e-9) && near(b.dc[0], 5.0, 1e-6));
    assert_true(near(b.storage[0] + b.storage[1], 3.0, 1e-6));
    b.discharge[0] = b.discharge[1] = 0.0;
    b.charge[0] = 10.0; /* and one that would take what is left over there */
    b.load[0] = 1.0;
    solve(&b);
    assert_true(near(b.dc[0], 5.0, 1e-6) && near(b.storage[0], -4.0, 1e-6));
    end(&b);
}

/* A row for each island that a DC line may help leaves no room for limits: no harm done. */
static void more_islands_than_rows(void **unused)
{
    (void)unused;
    enum { N_ISLAND = 370, N_RADIAL = 20 };
    bench b;
    begin(&b, N_ISLAND + N_RADIAL);
    add_gen(&b, 0, 1000.0);
    for (int32_t k = 0; k < N_RADIAL; k++) {
        add_load(&b, N_ISLAND + k, 10.0, SV_HOUSEHOLD);
        add_branch(&b, 0, N_ISLAND + k, 0.1, 5.0, 0.0);
    }
    for (int32_t i = 1; i < N_ISLAND; i++) {
        char id[16];
        name_next(&b, SV_TABLE_DC_LINE, 'd', id);
        sv_dc_line line = sv_dc_line_default();
        line.id = id;
        line.i_from = i - 1;
        line.i_to = i;
        line.p_min_mw = -500.0;
        line.p_max_mw = 500.0;
        sv_draft_add_dc_line(b.draft, &line);
        add_load(&b, i, 1.0, SV_HOUSEHOLD);
    }
    finish(&b, true);
    solve(&b);
    assert_int_equal(b.info.outcome, SV_BALANCE_OPTIMAL);
    assert_true(near(b.info.shed_mw, 5.0 * N_RADIAL, 1e-4));
    end(&b);
}

/* ---- random networks: injection space against angles, and the answer's own conditions -------- */

static double uniform(uint32_t salt, uint32_t k)
{
    return sv_draw(5, salt, SV_DRAW_TEST, k, 0).u[0];
}

static void make_random(bench *b, uint32_t salt)
{
    int32_t n = 6 + (int32_t)(30.0 * uniform(salt, 1));
    uint32_t k = 10;
    double shift_deg = salt % 4 == 0 ? 20.0 : 3.0; /* large ones force flows that break limits */
    begin(b, n);
    for (int32_t g = 0; g < n / 3; g++, k += 2)
        add_gen(b, (int32_t)(uniform(salt, k) * n), 20.0 + 150.0 * uniform(salt, k + 1));
    for (int32_t i = 0; i < n; i++, k += 3)
        if (uniform(salt, k) < 0.7)
            add_load(b, i, (uniform(salt, k + 1) < 0.1 ? -20.0 : 60.0) * uniform(salt, k + 2), (sv_class)(i % 3));
    for (int32_t i = 0; i < n; i++) { /* a tree and as many chords */
        for (int chord = 0; chord < 2; chord++, k += 6) {
            int32_t j = chord ? (int32_t)(uniform(salt, k) * n) : (int32_t)(uniform(salt, k) * i);
            double odd = uniform(salt, k + 1), x = 0.02 + 0.3 * uniform(salt, k + 2);
            if (j == i)
                continue;
            if (odd < 0.04)
                x = -x;
            else if (odd < 0.10 && !chord) /* a loop of ties alone would leave its flows open */
                x = 0.0;
            add_branch(b, i, j, x, odd > 0.8 ? 0.0 : 10.0 + 60.0 * uniform(salt, k + 3), odd > 0.95 ? shift_deg : 0.0);
        }
    }
    finish(b, true);
    for (int32_t l = 0; l < b->grid->n_branch; l++, k++)
        b->state->branch_on[l] = uniform(salt, k) > 0.15;
    for (int32_t i = 0; i < n; i++, k++)
        b->state->bus_on[i] = uniform(salt, k) > 0.05;
}

/* The flows meet the limits, and each live bus its balance. */
static void check_answer(const bench *b)
{
    const sv_grid *grid = b->grid;
    double net[MOST] = {0};
    for (int32_t g = 0; g < grid->n_gen; g++) {
        assert_true(b->gen_out[g] >= 0.0 && b->gen_out[g] <= b->gen[g] + 1e-6);
        net[grid->gen[g].i_bus] += b->gen_out[g];
    }
    double most_free[MOST] = {0};
    for (int32_t d = 0; d < grid->n_load; d++) {
        if (b->load[d] < 0.0)
            most_free[grid->load[d].i_bus] -= b->load[d];
        else
            net[grid->load[d].i_bus] -= b->served[d];
    }
    for (int32_t l = 0; l < grid->n_branch; l++) {
        double rate = grid->branch[l].rate_a_mva;
        if (b->info.outcome == SV_BALANCE_OPTIMAL && rate > 0.0)
            assert_true(fabs(b->flow[l]) <= rate + 1e-3);
        net[grid->branch[l].i_from] -= b->flow[l];
        net[grid->branch[l].i_to] += b->flow[l];
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        assert_true(net[i] <= 1e-4 && net[i] >= -most_free[i] - 1e-4);
}

static void two_ways_agree_on_random_networks(void **unused)
{
    (void)unused;
    int n_shed = 0, n_rows = 0, n_relaxed = 0;
    for (uint32_t salt = 1; salt <= 1000; salt++) {
        bench b;
        make_random(&b, salt);
        solve(&b);
        check_answer(&b);
        sv_arena *arena = sv_arena_new();
        columns cols;
        sv_balance_settings settings = sv_balance_defaults();
        sv_balance_input input = {.gen_max_mw = b.gen, .load_mw = b.load, .import_max_mw = b.import};
        assert_true(columns_new(&cols, b.grid, &settings, arena));
        bus_hour now;
        assert_true(hour_new(&now, b.grid, arena));
        hour_set(&now, b.state, &input);
        sv_topology *topology = sv_topology_new(b.grid);
        columns_set_islands(&cols, 0, sv_topology_islands(topology, b.state)->of_bus);
        columns_set_hour(&cols, &now, &input);
        double x[MOST], flow[MOST], relaxed[MOST];
        angle_info angles;
        const angle_answer answer = {.x = x, .f_mw = flow, .relaxed_mw = relaxed};
        assert_int_equal(angle_solve(&cols, b.state, sv_topology_islands(topology, b.state), &answer, &angles), SV_OK);
        assert_int_equal(angles.outcome, SV_LP_OPTIMAL);
        sv_balance_info other = {0};
        columns_read_shed(&cols, x, NULL, &other);
        assert_true(near(angles.relaxed_mw, b.info.relaxed_mw, 1e-3));
        if (!near(harm(other.shed_class_mw), harm(b.info.shed_class_mw), 2e-3))
            print_error("network %u: %.9g by injections, %.9g by angles\n", salt, harm(b.info.shed_class_mw),
                        harm(other.shed_class_mw));
        assert_true(near(harm(other.shed_class_mw), harm(b.info.shed_class_mw), 2e-3));
        n_shed += b.info.shed_mw > 1e-6;
        n_rows += b.info.n_row > 0;
        n_relaxed += b.info.outcome == SV_BALANCE_RELAXED;
        sv_topology_free(&topology);
        sv_arena_free(arena);
        end(&b);
    }
    print_message("1000 networks: %d shed, %d met limits, %d relaxed\n", n_shed, n_rows, n_relaxed);
    assert_true(n_shed > 100 && n_rows > 100 && n_relaxed > 100);
}

/* Demand by profiles on a workspace of its own, some loads beside their bus's profile: the same as load by load. */
static void solve_by_profile(const bench *b, const double *profile, uint32_t salt, double *load_mw, double *share_off,
                             double *flow, sv_balance_info *info)
{
    const sv_grid *grid = b->grid;
    double base[MOST];
    int32_t i_profile[MOST];
    for (int32_t d = 0; d < grid->n_load; d++) {
        base[d] = grid->load[d].p_mw;
        i_profile[d] = uniform(salt, (uint32_t)d) < 0.2 ? 3 : grid->load[d].i_bus % 3;
        load_mw[d] = base[d] * profile[i_profile[d]];
    }
    sv_balance *by_profile = NULL;
    sv_balance_settings settings = sv_balance_defaults();
    assert_int_equal(sv_balance_new(&by_profile, grid, &settings, NULL), SV_OK);
    assert_int_equal(sv_balance_set_profiles(by_profile, base, i_profile), SV_OK);
    assert_int_equal(sv_balance_update(by_profile, b->state), SV_OK);
    sv_shed shed[MOST];
    sv_balance_input input = {.gen_max_mw = b->gen, .profile = profile, .import_max_mw = b->import};
    sv_balance_result result = {.shed = shed, .branch_mw = flow};
    assert_int_equal(sv_balance_solve(by_profile, &input, &result, info), SV_OK);
    memset(share_off, 0, sizeof *share_off * MOST);
    for (int32_t k = 0; k < info->n_shed; k++) {
        assert_true(shed[k].share > 0.0 && shed[k].share <= 1.0 && share_off[shed[k].i_load] == 0.0);
        share_off[shed[k].i_load] = shed[k].share;
    }
    sv_balance_free(&by_profile);
}

static void profiles_say_the_same_as_loads(void **unused)
{
    (void)unused;
    int n_plain = 0, n_shed = 0;
    for (uint32_t salt = 1; salt <= 300; salt++) {
        bench b;
        make_random(&b, salt);
        double small = salt % 4 == 0 ? 1.0 : 0.1; /* flows that fit */
        const double profile[4] = {small * (0.5 + 0.1 * (salt % 7)), small * 0.8, salt % 5 == 0 ? -0.1 : small * 0.4,
                                   small * 0.6};
        for (int32_t g = 0; g < b.grid->n_gen; g++)
            b.gen[g] *= salt % 4 == 1 ? 0.02 : 1.0; /* too little in every island */
        double share_off[MOST], flow[MOST];
        sv_balance_info info;
        solve_by_profile(&b, profile, salt, b.load, share_off, flow, &info);
        solve(&b);
        assert_true(near(info.demand_mw, b.info.demand_mw, 1e-9));
        assert_true(near(harm(info.shed_class_mw), harm(b.info.shed_class_mw), info.n_row == 0 ? 1e-9 : 2e-3));
        assert_int_equal(info.outcome, b.info.outcome);
        bool plain = info.n_row == 0; /* which of equal loads goes without is open otherwise */
        for (int32_t d = 0; plain && d < b.grid->n_load; d++)
            if (b.grid->load[d].p_mw > 0.0)
                assert_true(near(b.served[d], fmax(0.0, b.load[d]) * (1.0 - share_off[d]), 1e-9));
        for (int32_t l = 0; plain && l < b.grid->n_branch; l++)
            assert_true(near(flow[l], b.flow[l], 1e-9));
        n_plain += plain;
        n_shed += plain && info.n_shed > 0;
        end(&b);
    }
    print_message("300 networks: %d plain, %d of them shed\n", n_plain, n_shed);
    assert_true(n_plain > 50 && n_shed > 20);
}

/* Hours in a row on one workspace against a fresh workspace each: the optimum may not depend on the past. */
static void warm_hours_equal_cold_hours(void **unused)
{
    (void)unused;
    for (uint32_t salt = 500; salt < 520; salt++) {
        bench b;
        make_random(&b, salt);
        for (uint32_t hour = 0; hour < 40; hour++) {
            for (int32_t d = 0; d < b.grid->n_load; d++)
                b.load[d] = b.grid->load[d].p_mw * (0.6 + 0.8 * uniform(salt * 100 + hour, (uint32_t)d));
            if (hour % 10 == 9)
                b.state->branch_on[hour % (uint32_t)b.grid->n_branch] ^= 1;
            sv_balance_input input = {.gen_max_mw = b.gen, .load_mw = b.load, .import_max_mw = b.import};
            sv_balance_info warm, cold;
            if (hour % 10 == 9 || hour == 0)
                assert_int_equal(sv_balance_update(b.balance, b.state), SV_OK);
            assert_int_equal(sv_balance_solve(b.balance, &input, NULL, &warm), SV_OK);
            sv_balance *fresh = NULL;
            sv_balance_settings settings = sv_balance_defaults();
            assert_int_equal(sv_balance_new(&fresh, b.grid, &settings, NULL), SV_OK);
            assert_int_equal(sv_balance_update(fresh, b.state), SV_OK);
            assert_int_equal(sv_balance_solve(fresh, &input, NULL, &cold), SV_OK);
            assert_true(near(harm(warm.shed_class_mw), harm(cold.shed_class_mw), 2e-3));
            assert_int_equal(warm.outcome, cold.outcome);
            sv_balance_free(&fresh);
        }
        end(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_reactances_shed_nothing),
        cmocka_unit_test(parallel_lines_that_cancel_carry_nothing),
        cmocka_unit_test(phase_shifter_takes_room),
        cmocka_unit_test(impossible_limits_are_relaxed_and_named),
        cmocka_unit_test(negative_load_is_a_free_injection),
        cmocka_unit_test(struck_bus_keeps_its_demand),
        cmocka_unit_test(classes_and_storage_in_their_order),
        cmocka_unit_test(dc_line_helps_the_island_that_is_short),
        cmocka_unit_test(dc_line_spares_a_storage),
        cmocka_unit_test(more_islands_than_rows),
        cmocka_unit_test(two_ways_agree_on_random_networks),
        cmocka_unit_test(profiles_say_the_same_as_loads),
        cmocka_unit_test(warm_hours_equal_cold_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
