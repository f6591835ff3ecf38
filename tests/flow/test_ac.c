/* AC power flow: published voltages, a closed form, books that balance, reactive limits and their conditions, a shared slack,
 * islands beside one another, and cases that have no answer. */
#include "ac_bench.h"

/* ---- answers known beforehand -------------------------------------------------------------- */

static void check_published(bench *self, const char *name)
{
    char path[600], line[128];
    snprintf(path, sizeof path, "%s/matpower/solved/%s.ac.csv", SV_CASES_DIR, name);
    FILE *solved = fopen(path, "r");
    assert_non_null(solved);
    int32_t n = 0;
    assert_non_null(fgets(line, sizeof line, solved));
    while (fgets(line, sizeof line, solved) != NULL) {
        char id[32];
        double vm, va;
        assert_int_equal(sscanf(line, "%31[^,],%lf,%lf", id, &vm, &va), 3);
        int32_t i = sv_grid_find_bus(self->grid, id);
        assert_true(i >= 0);
        if (!(fabs(self->out.vm_pu[i] - vm) <= 1e-8 && fabs(self->out.va_deg[i] - va) <= 1e-6))
            fail_msg("%s, bus %s: %.12g pu, %.12g degrees, published %.12g, %.12g", name, id, self->out.vm_pu[i],
                     self->out.va_deg[i], vm, va);
        n++;
    }
    fclose(solved);
    assert_int_equal(n, self->grid->n_bus);
}

static void agrees_with_published_voltages(void **unused)
{
    (void)unused;
    static const char *const names[] = {"case14", "case118", "case1354pegase", "case_ACTIVSg2000"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        bench b;
        open_case(&b, names[k]);
        solve(&b);
        assert_true(b.info.converged);
        check_published(&b, names[k]);
        b.settings.flat_start = true; /* another way to the same place */
        solve(&b);
        assert_true(b.info.converged);
        check_published(&b, names[k]);
        close_bench(&b);
    }
}

#define HEAD "function mpc = text\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
#define LINE_END " 0 0 0 0 0 1 -360 360;\n"

/* A load behind one line: |V|^2 solves x^2 + (2 (r p + x q) - 1) x + (r^2 + x^2)(p^2 + q^2) = 0. */
static void a_load_behind_a_line(void **unused)
{
    (void)unused;
    bench b;
    open_text(&b, HEAD "mpc.bus = [1 3 0 0 0 0 1 1 0 220 1 1.1 0.9; 2 1 90 40 0 0 1 1 0 220 1 1.1 0.9];\n"
                       "mpc.gen = [1 0 0 300 -300 1 100 1 500 0];\nmpc.branch = [1 2 0.02 0.1 0" LINE_END "];\n");
    solve(&b);
    double p = 0.9, q = 0.4, r = 0.02, x = 0.1, half = 0.5 - (r * p + x * q);
    double v2 = half + sqrt(half * half - (r * r + x * x) * (p * p + q * q));
    double angle = -atan2(x * p - r * q, v2 + r * p + x * q);
    assert_true(b.info.converged);
    assert_true(fabs(b.out.vm_pu[1] - sqrt(v2)) < 1e-11);
    assert_true(fabs(b.out.va_deg[1] - angle * 180.0 / M_PI) < 1e-9);
    double loss = 100.0 * r * (p * p + q * q) / v2;
    assert_true(fabs(b.info.island[0].loss_mw - loss) < 1e-8);
    assert_true(fabs(b.out.gen_mw[0] - 90.0 - loss) < 1e-8 && fabs(b.info.island[0].short_mw - 90.0 - loss) < 1e-8);
    close_bench(&b);
}

/* ---- books --------------------------------------------------------------------------------- */

static double shunt_mw(const bench *b)
{
    double sum = 0.0;
    for (int32_t k = 0; k < b->grid->n_shunt; k++) {
        double v = b->out.vm_pu[b->grid->shunt[k].i_bus];
        sum += isnan(v) ? 0.0 : b->grid->shunt[k].g_mw * v * v;
    }
    return sum;
}

/* Units give what loads, shunts and branches take. */
static void books_balance(const bench *b, double tolerance_mw)
{
    double given = 0.0, taken = shunt_mw(b);
    for (int32_t g = 0; g < b->grid->n_gen; g++)
        given += isnan(b->out.gen_mw[g]) ? 0.0 : b->out.gen_mw[g];
    for (int32_t d = 0; d < b->grid->n_load; d++)
        taken += isnan(b->out.vm_pu[b->grid->load[d].i_bus]) ? 0.0 : b->grid->load[d].p_mw;
    for (int32_t l = 0; l < b->grid->n_branch; l++)
        taken += isnan(b->out.p_from_mw[l]) ? 0.0 : b->out.p_from_mw[l] + b->out.p_to_mw[l];
    if (!(fabs(given - taken) <= tolerance_mw))
        fail_msg("units give %.9g MW, %.9g MW are taken", given, taken);
}

static void power_is_accounted_for(void **unused)
{
    (void)unused;
    static const char *const names[] = {"case9",           "case14",     "case24_ieee_rts", "case30",
                                        "case39",          "case57",     "case118",         "case300",
                                        "case_ACTIVSg200", "case2383wp", "case2869pegase",  "case9241pegase"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        bench b;
        open_case(&b, names[k]);
        solve(&b);
        if (!b.info.converged)
            fail_msg("%s: %s, bus %d, %g pu", names[k], sv_ac_outcome_name[b.info.island[0].outcome],
                     (int)b.info.island[0].i_worst, b.info.island[0].mismatch_pu);
        books_balance(&b, 1e-6 * b.grid->n_bus);
        b.settings.distributed_slack = true;
        solve(&b);
        assert_true(b.info.converged);
        books_balance(&b, 1e-6 * b.grid->n_bus);
        close_bench(&b);
    }
}

/* Each unit moves from its schedule in proportion to its size. */
static void a_shared_slack_is_shared(void **unused)
{
    (void)unused;
    bench b;
    open_case(&b, "case118");
    b.settings.distributed_slack = true;
    solve(&b);
    assert_true(b.info.converged);
    double sum = 0.0;
    for (int32_t g = 0; g < b.grid->n_gen; g++)
        sum += b.grid->gen[g].p_max_mw;
    for (int32_t g = 0; g < b.grid->n_gen; g++) {
        double moved = b.out.gen_mw[g] - b.grid->gen[g].p_mw;
        assert_true(fabs(moved - b.info.island[0].short_mw * b.grid->gen[g].p_max_mw / sum) < 1e-6);
    }
    assert_true(fabs(b.info.island[0].short_mw) > 1e-3);
    close_bench(&b);
}

/* ---- reactive limits ----------------------------------------------------------------------- */

/* A bus that holds its voltage is within its limits; one at a limit has let its voltage go, to the side that asks for it. */
static void limits_and_voltages_fit(void **unused)
{
    (void)unused;
    static const char *const names[] = {"case14",  "case30",         "case57",        "case118",
                                        "case300", "case1354pegase", "case2869pegase"};
    int32_t n_limited = 0;
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        bench b;
        open_case(&b, names[k]);
        b.settings.q_limits = true;
        solve(&b);
        assert_true(b.info.converged);
        double *q = take(b.grid->n_bus), *low = take(b.grid->n_bus), *high = take(b.grid->n_bus),
               *set = take(b.grid->n_bus);
        for (int32_t g = 0; g < b.grid->n_gen; g++) {
            const sv_gen *gen = &b.grid->gen[g];
            q[gen->i_bus] += b.out.gen_mvar[g];
            low[gen->i_bus] += gen->in_service ? gen->q_min_mvar : 0.0;
            high[gen->i_bus] += gen->in_service ? gen->q_max_mvar : 0.0;
            set[gen->i_bus] = gen->in_service ? gen->vm_pu : set[gen->i_bus];
        }
        for (int32_t i = 0; i < b.grid->n_bus; i++) {
            if (b.grid->bus[i].type != SV_BUS_PV || set[i] == 0.0)
                continue;
            double v = b.out.vm_pu[i];
            assert_true(q[i] <= high[i] + 1e-4 && q[i] >= low[i] - 1e-4);
            if (fabs(v - set[i]) > 1e-7)
                assert_true(v < set[i] ? q[i] >= high[i] - 1e-4 : q[i] <= low[i] + 1e-4);
        }
        n_limited += b.info.island[0].n_q_limited;
        free(q);
        free(low);
        free(high);
        free(set);
        close_bench(&b);
    }
    print_message("%d buses at a limit\n", (int)n_limited);
    assert_true(n_limited > 20);
}

/* ---- islands ------------------------------------------------------------------------------- */

/* The two halves of a case at once, and one by one. */
static void islands_do_not_know_each_other(void **unused)
{
    (void)unused;
    bench b, alone;
    open_case(&b, "case118");
    open_case(&alone, "case118");
    const sv_grid *grid = b.grid;
    for (int32_t l = 0; l < grid->n_branch; l++)
        if ((grid->branch[l].i_from < 40) != (grid->branch[l].i_to < 40))
            b.state->branch_on[l] = 0;
    solve(&b);
    assert_true(b.info.n_island >= 2 && b.info.converged);
    for (int32_t half = 0; half < 2; half++) {
        for (int32_t i = 0; i < grid->n_bus; i++)
            alone.state->bus_on[i] = (i < 40) == (half == 0);
        solve(&alone);
        assert_true(alone.info.converged);
        for (int32_t i = 0; i < grid->n_bus; i++) {
            if (!alone.state->bus_on[i]) {
                assert_true(isnan(alone.out.vm_pu[i]));
                continue;
            }
            bool same =
                fabs(alone.out.vm_pu[i] - b.out.vm_pu[i]) < 1e-8 && fabs(alone.out.va_deg[i] - b.out.va_deg[i]) < 1e-6;
            assert_true(same || (isnan(alone.out.vm_pu[i]) && isnan(b.out.vm_pu[i])));
        }
    }
    books_balance(&b, 1e-4);
    close_bench(&b);
    close_bench(&alone);
}

#define PAIR(load)                                                                                                     \
    HEAD "mpc.bus = [1 3 0 0 0 0 1 1 0 220 1 1.1 0.9; 2 1 " load " 0 0 0 1 1 0 220 1 1.1 0.9;\n"                       \
         "3 2 0 0 0 0 1 1 0 220 1 1.1 0.9; 4 1 50 10 0 0 1 1 0 220 1 1.1 0.9; 5 1 7 0 0 0 1 1 0 220 1 1.1 0.9];\n"     \
         "mpc.gen = [1 0 0 300 -300 1 100 1 500 0; 3 40 0 300 -300 1.02 100 1 500 0];\n"                               \
         "mpc.branch = [1 2 0.0 0.1 0" LINE_END "3 4 0.01 0.1 0" LINE_END "];\n"

/* Two buses carry no more than v^2 / 2x = 500 MW; the island beside them has its answer all the same, a lone load none. */
static void beyond_the_nose_is_said(void **unused)
{
    (void)unused;
    bench b;
    open_text(&b, PAIR("499"));
    solve(&b);
    assert_int_equal(b.info.n_island, 3);
    assert_true(b.info.converged && b.info.island[1].i_slack == 2 && b.info.island[1].n_slack == 1);
    assert_int_equal(b.info.island[2].outcome, SV_AC_NO_SOURCE);
    assert_true(isnan(b.out.vm_pu[4]));
    double v = b.out.vm_pu[3];
    close_bench(&b);
    open_text(&b, PAIR("501"));
    solve(&b);
    assert_false(b.info.converged);
    assert_true(b.info.island[0].outcome == SV_AC_DIVERGED || b.info.island[0].outcome == SV_AC_SINGULAR);
    assert_int_equal(b.info.island[0].i_worst, 1);
    assert_true(b.info.island[0].mismatch_pu > 1e-4);
    assert_true(isnan(b.out.vm_pu[0]) && isnan(b.out.vm_pu[1]) && isnan(b.out.p_from_mw[0]) && isnan(b.out.gen_mw[0]));
    assert_int_equal(b.info.island[1].outcome, SV_AC_CONVERGED);
    assert_true(fabs(b.out.vm_pu[3] - v) < 1e-9);
    close_bench(&b);
}

/* An island whose equations have no rank, beside one that has an answer. */
static void a_singular_island_fails_alone(void **unused)
{
    (void)unused;
    bench b;
    open_text(&b, HEAD "mpc.bus = [1 3 0 0 0 0 1 1 0 220 1 1.1 0.9; 2 1 200 0 0 0 1 1 0 220 1 1.1 0.9;\n"
                       "3 3 0 0 0 0 1 1 0 220 1 1.1 0.9; 4 1 50 0 0 0 1 1 0 220 1 1.1 0.9];\n"
                       "mpc.gen = [1 50 0 300 -300 1 100 1 500 0; 3 50 0 300 -300 1 100 1 500 0];\n"
                       "mpc.branch = [1 2 0 0.1 0" LINE_END "3 4 0 0.1 0" LINE_END "3 4 0 -0.1 0" LINE_END "];\n");
    solve(&b);
    assert_false(b.info.converged);
    assert_int_equal(b.info.island[0].outcome, SV_AC_CONVERGED);
    assert_int_equal(b.info.island[1].outcome, SV_AC_SINGULAR);
    assert_true(b.info.island[1].i_worst == 2 || b.info.island[1].i_worst == 3);
    assert_true(fabs(b.info.island[1].mismatch_pu - 0.5) < 1e-12);
    assert_true(!isnan(b.out.vm_pu[1]) && isnan(b.out.vm_pu[3]));
    close_bench(&b);
}

/* Two lines at bus 2 cancel at a flat start, so that its block has no inverse; the whole has, and voltages are found. */
static void a_block_without_inverse_is_passed_over(void **unused)
{
    (void)unused;
    bench b;
    open_text(&b, HEAD "mpc.bus = [1 3 0 0 0 0 1 1 0 220 1 1.1 0.9; 2 1 10 0 0 0 1 1 0 220 1 1.1 0.9;\n"
                       "3 1 10 0 0 0 1 1 0 220 1 1.1 0.9];\n"
                       "mpc.gen = [1 20 0 300 -300 1 100 1 500 0];\n"
                       "mpc.branch = [1 2 0 0.1 0" LINE_END "2 3 0 -0.1 0" LINE_END "3 1 0 0.2 0" LINE_END "];\n");
    solve(&b);
    assert_true(b.info.converged);
    books_balance(&b, 1e-6);
    close_bench(&b);
}

/* Where what is missing is shared, one bus holds the angle, and a lone bus takes it all. */
static void shares_of_odd_islands(void **unused)
{
    (void)unused;
    bench b;
    open_text(&b, HEAD "mpc.bus = [1 3 0 0 0 0 1 1 0 220 1 1.1 0.9; 2 3 200 0 0 0 1 1 0 220 1 1.1 0.9;\n"
                       "3 1 100 0 0 0 1 1 0 220 1 1.1 0.9; 4 3 10 5 0 0 1 1 0 220 1 1.1 0.9];\n"
                       "mpc.gen = [1 50 0 300 -300 1 100 1 500 0; 2 50 0 300 -300 1 100 1 500 0;\n"
                       "4 50 0 300 -300 1 100 1 500 0];\n"
                       "mpc.branch = [1 2 0.01 0.1 0" LINE_END "2 3 0.01 0.1 0" LINE_END "];\n");
    b.settings.distributed_slack = true;
    solve(&b);
    assert_true(b.info.converged && b.info.island[0].n_slack == 1);
    assert_true(fabs(b.out.gen_mw[0] - b.out.gen_mw[1]) < 1e-6); /* as large as each other */
    books_balance(&b, 1e-5);
    assert_true(fabs(b.out.gen_mw[2] - 10.0) < 1e-6 && fabs(b.info.island[1].short_mw + 40.0) < 1e-6);
    close_bench(&b);
}

static void nothing_is_solved_before_a_state(void **unused)
{
    (void)unused;
    bench b;
    open_text(&b, HEAD "mpc.bus = [1 3 0 0 0 0 1 1 0 220 1 1.1 0.9; 2 1 9 4 0 0 1 1 0 220 1 1.1 0.9];\n"
                       "mpc.gen = [1 0 0 300 -300 0 100 1 500 0];\nmpc.branch = [1 2 0 0.1 0" LINE_END "];\n");
    sv_error err = {0};
    sv_ac_info info;
    assert_int_equal(sv_ac_solve(b.ac, &b.settings, NULL, NULL, &info), SV_EUSAGE);
    assert_int_equal(sv_ac_update(b.ac, b.state, &err), SV_EDATA);
    assert_non_null(strstr(err.text, "is to hold 0 pu"));
    assert_int_equal(sv_ac_solve(b.ac, &b.settings, NULL, NULL, &info), SV_EUSAGE);
    b.state->gen_on[0] = 0;
    assert_int_equal(sv_ac_update(b.ac, b.state, &err), SV_OK);
    close_bench(&b);
}

/* The schedule may come from elsewhere, and a solve leaves nothing behind for the next. */
static void given_schedules_count(void **unused)
{
    (void)unused;
    bench b;
    open_case(&b, "case30");
    solve(&b);
    double before = b.out.vm_pu[7], *load = take(b.grid->n_load), *loadq = take(b.grid->n_load);
    for (int32_t d = 0; d < b.grid->n_load; d++) {
        load[d] = 1.2 * b.grid->load[d].p_mw;
        loadq[d] = 1.2 * b.grid->load[d].q_mvar;
    }
    solve_with(&b, &(sv_flow_input){.load_mw = load, .load_mvar = loadq});
    assert_true(b.info.converged && b.out.vm_pu[7] < before - 1e-4);
    solve(&b);
    assert_true(b.out.vm_pu[7] == before);
    free(load);
    free(loadq);
    close_bench(&b);
}

/* From the tables' voltages Newton's method meets all mismatches of this outage with bus 1023 at 0 pu. */
static void a_bus_without_voltage_is_no_answer(void **unused)
{
    (void)unused;
    bench b;
    open_case(&b, "case2869pegase");
    b.state->branch_on[535] = 0;
    solve(&b);
    assert_true(b.info.converged);
    for (int32_t i = 0; i < b.grid->n_bus; i++)
        assert_true(isnan(b.out.vm_pu[i]) || b.out.vm_pu[i] > 0.9);
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest without[] = {
        cmocka_unit_test(a_load_behind_a_line),
        cmocka_unit_test(beyond_the_nose_is_said),
        cmocka_unit_test(a_singular_island_fails_alone),
        cmocka_unit_test(shares_of_odd_islands),
        cmocka_unit_test(a_block_without_inverse_is_passed_over),
        cmocka_unit_test(nothing_is_solved_before_a_state),
    };
    const struct CMUnitTest with[] = {
        cmocka_unit_test(agrees_with_published_voltages),     cmocka_unit_test(power_is_accounted_for),
        cmocka_unit_test(a_shared_slack_is_shared),           cmocka_unit_test(limits_and_voltages_fit),
        cmocka_unit_test(islands_do_not_know_each_other),     cmocka_unit_test(given_schedules_count),
        cmocka_unit_test(a_bus_without_voltage_is_no_answer),
    };
    int failed = cmocka_run_group_tests(without, NULL, NULL);
    if (access(SV_CASES_DIR "/matpower", R_OK) != 0) {
        printf("skipped: the public cases are not there (%s)\n", SV_CASES_DIR);
        return failed ? failed : 77;
    }
    return failed + cmocka_run_group_tests(with, NULL, NULL);
}
