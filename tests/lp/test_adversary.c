/* sv_dual on programs that mean it harm: ties everywhere, rows and columns that repeat, numbers of all sizes, no answer, the
 * textbook's cycles, optima known by construction, networks. Each answer is certified, and most are compared with Clp. */
#include "programs.h"

static double between(dice *d, double low, double high)
{
    return low + (high - low) * roll(d);
}

/* A program with random numbers around a point inside. @param[out] inside [n] */
static lp_program random_program(dice *d, int32_t most_n, int32_t most_m, double *inside)
{
    lp_program p = program_new(2 + roll_of(d, most_n - 1), 1 + roll_of(d, most_m));
    for (int32_t j = 0; j < p.n; j++) {
        p.lower[j] = -roll(d);
        p.upper[j] = 2.0 * roll(d);
        p.cost[j] = roll(d) - 0.5;
        inside[j] = between(d, p.lower[j], p.upper[j]);
    }
    for (int32_t i = 0; i < p.m; i++)
        for (int32_t j = 0; j < p.n; j++)
            program_row(&p, i)[j] = roll(d) - 0.5;
    return p;
}

/* From nothing, and from anywhere. */
static void check_both_ways(const lp_program *p, dice *d, bool with_clp)
{
    for (int k = 0; k < 2; k++) {
        sv_dual *dual = dual_of(p);
        if (k == 1)
            dual_start_anywhere(dual, p, d);
        sv_lp_info info = dual_solve(dual, 0.0);
        assert_certified(p, dual, &info, 0.0);
        if (with_clp)
            assert_as_clp(p, dual, info.objective, 0.0);
        sv_dual_free(&dual);
    }
}

/* ---- ties ---------------------------------------------------------------------------------- */

static void all_alike(void **unused)
{
    (void)unused;
    double inside[64];
    for (uint32_t salt = 1; salt <= 300; salt++) {
        dice d = {salt, 0};
        lp_program p = random_program(&d, 60, 24, inside);
        for (int32_t j = 0; j < p.n; j++) {
            p.cost[j] = salt % 3 == 0 ? 0.0 : salt % 3 == 1 ? 1.0 : -1.0;
            p.lower[j] = 0.0;
            p.upper[j] = 1.0;
            inside[j] = floor(3.0 * roll(&d)) / 2.0;
        }
        for (int32_t i = 0; i < p.m; i++)
            for (int32_t j = 0; j < p.n; j++)
                program_row(&p, i)[j] = roll(&d) < 0.4;
        program_bound_rows(&p, inside, salt % 2 == 0 ? 0.0 : 1.0, &d);
        check_both_ways(&p, &d, true);
        program_free(&p);
    }
}

/* Supplies and demands in whole numbers; as much supply as demand, so that one row depends on the others. */
static void transport(void **unused)
{
    (void)unused;
    for (uint32_t salt = 1; salt <= 100; salt++) {
        dice d = {1000 + salt, 0};
        int32_t from = 2 + roll_of(&d, 7), to = 2 + roll_of(&d, 7);
        lp_program p = program_new(from * to, from + to);
        for (int32_t j = 0; j < p.n; j++) {
            double carried = floor(4.0 * roll(&d));
            int32_t row[2] = {j / to, from + j % to};
            p.cost[j] = floor(3.0 * roll(&d)) * (salt % 2);
            p.upper[j] = 3.0 + floor(4.0 * roll(&d));
            for (int k = 0; k < 2; k++) {
                program_row(&p, row[k])[j] = 1.0;
                p.row_lower[row[k]] += carried;
                p.row_upper[row[k]] = p.row_lower[row[k]];
            }
        }
        check_both_ways(&p, &d, true);
        program_free(&p);
    }
}

/* ---- repetition ---------------------------------------------------------------------------- */

/* Every second row is the one before it but for a hair, bounds included. Where they are nearer than 1e-5 there need not be
 * an answer; if there is one it is certified, with prices that are right to 1e-8 of the largest: they reach 1e10. */
static void near_parallel_rows(void **unused)
{
    (void)unused;
    double inside[64];
    int32_t n_failed = 0, n_close = 0;
    for (uint32_t salt = 1; salt <= 560; salt++) {
        dice d = {2000 + salt, 0};
        int32_t power = 3 + (int32_t)(salt % 8); /* 10: none */
        double hair = power == 10 ? 0.0 : pow(10.0, -power);
        lp_program p = random_program(&d, 60, 24, inside);
        for (int32_t i = 1; i < p.m; i += 2)
            for (int32_t j = 0; j < p.n; j++)
                program_row(&p, i)[j] = program_row(&p, i - 1)[j] + hair * (roll(&d) - 0.5);
        program_bound_rows(&p, inside, 0.1, &d);
        for (int k = 0; k < 2; k++) {
            sv_dual *dual = dual_of(&p);
            if (k == 1)
                dual_start_anywhere(dual, &p, &d);
            sv_lp_info info = dual_solve(dual, 0.0);
            n_close += power > 4;
            n_failed += info.outcome != SV_LP_OPTIMAL;
            certificate c = certificate_of(&p, sv_dual_x(dual), sv_dual_row_dual(dual));
            if (info.outcome == SV_LP_OPTIMAL)
                assert_certified(&p, dual, &info, power > 4 ? 1e-8 * c.price : 0.0);
            else if (power <= 4)
                fail_msg("program %u, rows 1e-%d apart: no answer", salt, power);
            assert_true(info.outcome == SV_LP_OPTIMAL || info.outcome == SV_LP_FAILED); /* there is one */
            sv_dual_free(&dual);
        }
        program_free(&p);
    }
    if (n_failed * 20 > n_close)
        fail_msg("no answer in %d of %d", n_failed, n_close);
}

static void twin_columns_and_fixed_ones(void **unused)
{
    (void)unused;
    double inside[64];
    for (uint32_t salt = 1; salt <= 300; salt++) {
        dice d = {3000 + salt, 0};
        lp_program p = random_program(&d, 60, 24, inside);
        for (int32_t j = 0; j < p.n; j++) {
            int32_t twin = roll_of(&d, j + 1);
            bool fixed = roll(&d) < 0.3, same = roll(&d) < 0.7;
            if (fixed)
                p.lower[j] = p.upper[j] = inside[j];
            if (!same)
                continue;
            for (int32_t i = 0; i < p.m; i++)
                program_row(&p, i)[j] = program_row(&p, i)[twin];
            p.cost[j] = p.cost[twin];
        }
        program_bound_rows(&p, inside, 0.1, &d);
        check_both_ways(&p, &d, true);
        program_free(&p);
    }
}

static void idle_rows(void **unused)
{
    (void)unused;
    double inside[64];
    for (uint32_t salt = 1; salt <= 100; salt++) {
        dice d = {4000 + salt, 0};
        lp_program p = random_program(&d, 40, 12, inside);
        for (int32_t i = 0; i < p.m; i += 2)
            memset(program_row(&p, i), 0, sizeof(double) * (size_t)p.n);
        program_bound_rows(&p, inside, 0.1, &d);
        check_both_ways(&p, &d, true);
        p.row_lower[0] = 0.5; /* no column touches it */
        p.row_upper[0] = INFINITY;
        sv_dual *dual = dual_of(&p);
        assert_int_equal(dual_solve(dual, 0.0).outcome, SV_LP_INFEASIBLE);
        sv_dual_free(&dual);
        program_free(&p);
    }
}

/* ---- sizes --------------------------------------------------------------------------------- */

/* Rows, columns and costs multiplied by powers of ten; the optimum is the same but for the scale. */
static void sizes_from_millionth_to_million(void **unused)
{
    (void)unused;
    double inside[64];
    for (uint32_t salt = 1; salt <= 400; salt++) {
        dice d = {5000 + salt, 0};
        int32_t decades = 2 + 2 * (int32_t)(salt % 3); /* 1e-1..1e1, 1e-2..1e2, 1e-3..1e3: together 1e-6..1e6 */
        lp_program p = random_program(&d, 40, 16, inside);
        double all_costs = pow(10.0, roll_of(&d, 13) - 6);
        for (int32_t i = 0; i < p.m; i++) {
            double own = pow(10.0, roll_of(&d, decades + 1) - decades / 2);
            for (int32_t j = 0; j < p.n; j++)
                program_row(&p, i)[j] *= own;
        }
        for (int32_t j = 0; j < p.n; j++) {
            double own = pow(10.0, roll_of(&d, decades + 1) - decades / 2);
            for (int32_t i = 0; i < p.m; i++)
                program_row(&p, i)[j] *= own;
            p.lower[j] /= own;
            p.upper[j] /= own;
            inside[j] /= own;
            p.cost[j] *= own * all_costs;
        }
        program_bound_rows(&p, inside, 0.1, &d);
        check_both_ways(&p, &d, true);
        program_free(&p);
    }
}

/* ---- optima by construction ---------------------------------------------------------------- */

/* x, prices and reduced costs are chosen first, and complement each other; costs and bounds follow. Columns between their
 * bounds stand in for free ones in a box of 1e9 when `wide`. */
static lp_program planted(dice *d, int32_t n, int32_t m, bool wide, double *best)
{
    lp_program p = program_new(n, m);
    double *x = calloc((size_t)n, sizeof *x);
    assert_non_null(x);
    for (int32_t j = 0; j < n; j++) {
        int32_t place = roll_of(d, 2 * n) < m ? 1 : 2 * roll_of(d, 2);
        bool free_one = wide && place == 1;
        x[j] = between(d, -1.0, 1.0);
        p.lower[j] = free_one ? -1e9 : place == 0 ? x[j] : x[j] - roll(d);
        p.upper[j] = free_one ? 1e9 : place == 2 ? x[j] : x[j] + roll(d);
        p.cost[j] = (1.0 - place) * roll(d);
    }
    for (int32_t i = 0; i < m; i++) {
        int32_t side = roll_of(d, 4); /* slack, lower, upper, equal */
        double y = side == 0 ? 0.0 : side == 1 ? roll(d) : side == 2 ? -roll(d) : roll(d) - 0.5;
        for (int32_t j = 0; j < n; j++) {
            double a = roll(d) < 0.5 ? 0.0 : roll(d) - 0.5;
            program_row(&p, i)[j] = a;
            p.cost[j] += y * a;
        }
        double activity = program_activity_of(&p, i, x);
        p.row_lower[i] = side == 2 ? -INFINITY : side == 0 ? activity - roll(d) : activity;
        p.row_upper[i] = side == 1 ? INFINITY : side == 0 ? activity + roll(d) : activity;
    }
    *best = 0.0;
    for (int32_t j = 0; j < n; j++)
        *best += p.cost[j] * x[j];
    free(x);
    return p;
}

static void finds_planted_optimum(void **unused)
{
    (void)unused;
    for (uint32_t salt = 0; salt < 60; salt++) {
        dice d = {6000 + salt, 0};
        bool large = salt % 20 == 0;
        int32_t m = large ? 40 + (int32_t)(salt / 20) * 80 : 5 + roll_of(&d, 30);
        int32_t n = large ? 15 * m : 2 * m + roll_of(&d, 200);
        double best = 0.0;
        lp_program p = planted(&d, n, m, false, &best);
        sv_dual *dual = dual_of(&p);
        if (salt % 2 == 1)
            dual_start_anywhere(dual, &p, &d);
        sv_lp_info info = dual_solve(dual, 0.0);
        assert_certified(&p, dual, &info, 0.0);
        assert_true(fabs(info.objective - best) <= 1e-6 * (1.0 + fabs(best)));
        sv_dual_free(&dual);
        program_free(&p);
    }
}

static void boxes_as_wide_as_free(void **unused)
{
    (void)unused;
    for (uint32_t salt = 0; salt < 200; salt++) {
        dice d = {7000 + salt, 0};
        double best = 0.0;
        int32_t m = 1 + roll_of(&d, 20);
        lp_program p = planted(&d, m + 1 + roll_of(&d, 60), m, true, &best);
        sv_dual *dual = dual_of(&p);
        sv_lp_info info = dual_solve(dual, 0.0);
        assert_int_equal(info.outcome, SV_LP_OPTIMAL);
        certificate c = certificate_of(&p, sv_dual_x(dual), sv_dual_row_dual(dual));
        assert_true(c.outside <= 1.1e-7 && c.broken <= 1e-6);
        if (fabs(info.objective - best) > 1e-6 * (1.0 + fabs(best)) + 1e-6 * c.price)
            fail_msg("program %u: %g instead of %g, round-off %g", salt, info.objective, best, c.round_off);
        sv_dual_free(&dual);
        program_free(&p);
    }
}

/* ---- no answer ----------------------------------------------------------------------------- */

/* Three ways not to have one: beyond the box, two rows that contradict each other, and a sum of three that does. */
static void says_that_there_is_none(void **unused)
{
    (void)unused;
    double inside[64];
    for (uint32_t salt = 1; salt <= 300; salt++) {
        dice d = {8000 + salt, 0};
        lp_program p = random_program(&d, 40, 20, inside);
        program_bound_rows(&p, inside, 0.1, &d);
        double *last = program_row(&p, p.m - 1), sum = 0.0;
        bool from_others = salt % 3 > 0 && p.m > 3;
        int32_t n_other = !from_others ? 0 : salt % 3 == 1 ? 1 : 3;
        for (int32_t i = 0; i < n_other; i++) {
            p.row_upper[i] = program_activity_of(&p, i, inside);
            sum += p.row_upper[i];
        }
        for (int32_t j = 0; j < p.n; j++) {
            last[j] = from_others ? 0.0 : last[j];
            for (int32_t i = 0; i < n_other; i++)
                last[j] += program_row(&p, i)[j];
            sum += from_others ? 0.0 : fmax(last[j] * p.lower[j], last[j] * p.upper[j]);
        }
        p.row_lower[p.m - 1] = sum + 0.01;
        p.row_upper[p.m - 1] = INFINITY;
        assert_int_equal(clp_solve(&p).outcome, SV_LP_INFEASIBLE);
        for (int k = 0; k < 2; k++) {
            sv_dual *dual = dual_of(&p);
            if (k == 1)
                dual_start_anywhere(dual, &p, &d);
            assert_int_equal(dual_solve(dual, 0.0).outcome, SV_LP_INFEASIBLE);
            p.row_lower[p.m - 1] = -INFINITY; /* and once there is one, it is found from where the first search ended */
            sv_dual_set_row_bounds(dual, p.m - 1, -INFINITY, INFINITY);
            sv_lp_info info = dual_solve(dual, 0.0);
            assert_certified(&p, dual, &info, 0.0);
            p.row_lower[p.m - 1] = sum + 0.01;
            sv_dual_free(&dual);
        }
        program_free(&p);
    }
}

/* ---- classics ------------------------------------------------------------------------------ */

typedef struct {
    double cost[4], a[3][4], row_upper[3], best;
} classic;

/* Programs on which the textbook's simplex walks in a circle; columns from 0 on, rows from above. */
static const classic CYCLES[] = {
    /* Beale, Cycling in the dual simplex algorithm, Naval Research Logistics Quarterly 2 (1955) */
    {{-0.75, 20.0, -0.5, 6.0},
     {{0.25, -8.0, -1.0, 9.0}, {0.5, -12.0, -0.5, 3.0}, {0.0, 0.0, 1.0, 0.0}},
     {0.0, 0.0, 1.0},
     -1.25},
    /* Kuhn, after Balinski and Tucker, Duality theory of linear programs, SIAM Review 11 (1969) */
    {{-2.0, -3.0, 1.0, 12.0},
     {{-2.0, -9.0, 1.0, 9.0}, {1.0 / 3.0, 1.0, -1.0 / 3.0, -2.0}, {2.0, 3.0, -1.0, -12.0}},
     {0.0, 0.0, 2.0},
     -2.0},
    /* Marshall, Suurballe, A note on cycling in the simplex method, Naval Research Logistics Quarterly 16 (1969) */
    {{-0.4, -0.4, 1.8, 0.0},
     {{0.6, -6.4, 4.8, 0.0}, {0.2, -1.8, 0.6, 0.0}, {0.4, -1.6, 0.2, 0.0}},
     {0.0, 0.0, 0.0},
     -2.0},
    /* Chvatal, Linear Programming, Freeman 1983, ch. 3 */
    {{-10.0, 57.0, 9.0, 24.0},
     {{0.5, -5.5, -2.5, 9.0}, {0.5, -1.5, -0.5, 1.0}, {1.0, 0.0, 0.0, 0.0}},
     {0.0, 0.0, 1.0},
     -1.0},
};

static void textbook_cycles(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < sizeof CYCLES / sizeof *CYCLES; k++) {
        const classic *c = &CYCLES[k];
        lp_program p = program_new(4, 3);
        for (int32_t i = 0; i < 3; i++) {
            memcpy(program_row(&p, i), c->a[i], sizeof c->a[i]);
            p.row_lower[i] = -INFINITY;
            p.row_upper[i] = c->row_upper[i];
        }
        for (int32_t j = 0; j < 4; j++) {
            p.cost[j] = c->cost[j];
            p.upper[j] = k == 2 && j == 1 ? 1.0 : 1000.0; /* Marshall and Suurballe bound their second column */
        }
        dice d = {9000, 0};
        for (int start = 0; start < 20; start++) {
            sv_dual *dual = dual_of(&p);
            if (start > 0)
                dual_start_anywhere(dual, &p, &d);
            sv_lp_info info = dual_solve(dual, 0.0);
            assert_certified(&p, dual, &info, 0.0);
            assert_true(fabs(info.objective - c->best) < 1e-6);
            sv_dual_free(&dual);
        }
        program_free(&p);
    }
}

/* Klee, Minty, How good is the simplex algorithm?, in Inequalities III, Academic Press 1972, in the form of Chvatal, ch. 4 */
static void klee_minty(void **unused)
{
    (void)unused;
    for (int32_t n = 2; n <= 9; n++) {
        lp_program p = program_new(n, n);
        double most = pow(5.0, n);
        for (int32_t i = 0; i < n; i++) {
            for (int32_t j = 0; j < i; j++)
                program_row(&p, i)[j] = pow(2.0, i - j + 1);
            program_row(&p, i)[i] = 1.0;
            p.cost[i] = -pow(2.0, n - 1 - i);
            p.upper[i] = 2.0 * most;
            p.row_lower[i] = -INFINITY;
            p.row_upper[i] = pow(5.0, i + 1);
        }
        dice d = {9100, 0};
        check_both_ways(&p, &d, true);
        sv_dual *dual = dual_of(&p);
        sv_lp_info info = dual_solve(dual, 0.0);
        assert_true(fabs(info.objective + most) < 1e-6 * most && info.n_pivot < 10 * n);
        sv_dual_free(&dual);
        program_free(&p);
    }
}

/* ---- networks ------------------------------------------------------------------------------ */

enum { MOST_BUS = 30, MOST_LINE = 60 };

typedef struct {
    int32_t n_bus, n_line, from[MOST_LINE], to[MOST_LINE];
    double b[MOST_LINE];               /* susceptance */
    double angle[MOST_BUS * MOST_BUS]; /* of a unit at each bus, reference bus 0: the inverse of B */
} network;

static void invert(double *s, double *out, int32_t n)
{
    for (int32_t i = 0; i < n * n; i++)
        out[i] = i / n == i % n;
    for (int32_t c = 0; c < n; c++) { /* positive definite: no exchanges */
        double pivot = 1.0 / s[c * n + c];
        for (int32_t j = 0; j < n; j++) {
            s[c * n + j] *= pivot;
            out[c * n + j] *= pivot;
        }
        for (int32_t r = 0; r < n; r++) {
            double factor = r == c ? 0.0 : s[r * n + c];
            for (int32_t j = 0; factor != 0.0 && j < n; j++) {
                s[r * n + j] -= factor * s[c * n + j];
                out[r * n + j] -= factor * out[c * n + j];
            }
        }
    }
}

static void make_network(network *net, dice *d)
{
    int32_t n = net->n_bus = 4 + roll_of(d, MOST_BUS - 3);
    net->n_line = n - 1 + roll_of(d, n);
    static double matrix[MOST_BUS * MOST_BUS];
    memset(matrix, 0, sizeof matrix);
    matrix[0] = 1.0;
    for (int32_t l = 0; l < net->n_line; l++) {
        int32_t i = l < n - 1 ? l + 1 : roll_of(d, n), k = l < n - 1 ? roll_of(d, l + 1) : roll_of(d, n);
        k = k == i ? (i + 1) % n : k;
        net->from[l] = i;
        net->to[l] = k;
        net->b[l] = pow(10.0, 2.0 * roll(d));
        matrix[i * n + i] += net->b[l];
        matrix[k * n + k] += net->b[l];
        matrix[i * n + k] -= net->b[l];
        matrix[k * n + i] -= net->b[l];
    }
    invert(matrix, net->angle, n);
}

/* A generator and a load at every bus, a balance row, a limit row a line: least weighted demand not served. */
static lp_program dispatch(const network *net, dice *d)
{
    int32_t n = net->n_bus;
    lp_program p = program_new(2 * n, 1 + net->n_line);
    const double weight[3] = {-100.0, -10.0, -1.0};
    for (int32_t j = 0; j < 2 * n; j++) {
        p.upper[j] = roll(d) < 0.3 ? 0.0 : floor(100.0 * roll(d));
        p.cost[j] = j < n ? 0.0 : weight[roll_of(d, 3)];
        program_row(&p, 0)[j] = j < n ? 1.0 : -1.0;
    }
    for (int32_t l = 0; l < net->n_line; l++) {
        for (int32_t j = 0; j < 2 * n; j++) {
            double per_mw = net->b[l] * (net->angle[net->from[l] * n + j % n] - net->angle[net->to[l] * n + j % n]);
            program_row(&p, 1 + l)[j] = j < n ? per_mw : -per_mw;
        }
        p.row_upper[1 + l] = floor(60.0 * roll(d));
        p.row_lower[1 + l] = -p.row_upper[1 + l];
    }
    return p;
}

static void networks(void **unused)
{
    (void)unused;
    static network net;
    for (uint32_t salt = 1; salt <= 300; salt++) {
        dice d = {10000 + salt, 0};
        make_network(&net, &d);
        lp_program p = dispatch(&net, &d);
        check_both_ways(&p, &d, true);
        program_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_alike),
        cmocka_unit_test(transport),
        cmocka_unit_test(near_parallel_rows),
        cmocka_unit_test(twin_columns_and_fixed_ones),
        cmocka_unit_test(idle_rows),
        cmocka_unit_test(sizes_from_millionth_to_million),
        cmocka_unit_test(finds_planted_optimum),
        cmocka_unit_test(boxes_as_wide_as_free),
        cmocka_unit_test(says_that_there_is_none),
        cmocka_unit_test(textbook_cycles),
        cmocka_unit_test(klee_minty),
        cmocka_unit_test(networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
