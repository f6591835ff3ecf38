/* sv_dual as a thing with a history: rows come and go, bounds open and close, starts are guessed, answers asked for at any
 * nearness. After each step it must say what a fresh one says; a reset leaves no trace; solving allocates nothing. */
#include "programs.h"

enum { N = 40, MOST_ROWS = 24, N_SEQUENCE = 300, N_STEP = 30 };

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CAN_COUNT 1
static bool counting;
static int64_t n_allocation;

/* The C library's own, under the names that it keeps for those who stand in between. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    n_allocation += counting;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    n_allocation += counting;
    return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    n_allocation += counting;
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    n_allocation += counting;
    return __libc_memalign(alignment, size);
}
#else
#define CAN_COUNT 0
#endif

/* ---- a program with a history -------------------------------------------------------------- */

/* Some columns are 0 in the point inside, so that they may be closed to 0..0 and opened again. */
typedef struct {
    lp_program p;
    double inside[N], size; /* of boxes */
    sv_dual *dual;
    dice d;
    double impossible_lower; /* of the last row while there is no answer; else NAN */
} story;

static bool can_close(int32_t j)
{
    return j % 3 == 0;
}

static void draw_box(story *s, int32_t j)
{
    bool closed = can_close(j) && roll(&s->d) < 0.5;
    s->p.lower[j] = closed ? 0.0 : s->inside[j] - s->size * floor(3.0 * roll(&s->d)) / 2.0;
    s->p.upper[j] = closed ? 0.0 : s->inside[j] + s->size * roll(&s->d);
}

static void bound_row(story *s, int32_t i)
{
    lp_program one = s->p;
    one.m = 1;
    one.a = program_row(&s->p, i);
    one.row_lower = s->p.row_lower + i;
    one.row_upper = s->p.row_upper + i;
    program_bound_rows(&one, s->inside, 0.1 * s->size, &s->d);
}

static void add_rows(story *s)
{
    lp_program *p = &s->p;
    int32_t n_new = 1 + roll_of(&s->d, 5), first = p->m;
    n_new = n_new < MOST_ROWS - p->m ? n_new : MOST_ROWS - p->m;
    bool whole = roll(&s->d) < 0.3;
    for (; p->m < first + n_new; p->m++) {
        double *row = program_row(p, p->m);
        for (int32_t j = 0; j < N; j++)
            row[j] = whole ? floor(3.0 * roll(&s->d)) - 1.0 : roll(&s->d) - 0.5;
        bound_row(s, p->m);
    }
    assert_int_equal(sv_dual_row_space(s->dual), MOST_ROWS - first);
    sv_dual_add_rows(s->dual, n_new, program_row(p, first), p->row_lower + first, p->row_upper + first);
    assert_int_equal(sv_dual_n_row(s->dual), p->m);
}

/* The last row takes the number of the one that goes. */
static void drop_row(story *s)
{
    lp_program *p = &s->p;
    if (p->m == 0)
        return;
    int32_t i = roll_of(&s->d, p->m), last = p->m - 1;
    bool tight = sv_dual_row_is_tight(s->dual, i);
    assert_true(sv_dual_drop_row(s->dual, i) == !tight);
    assert_int_equal(sv_dual_n_row(s->dual), tight ? p->m : last);
    if (tight)
        return;
    memmove(program_row(p, i), program_row(p, last), sizeof(double) * N);
    p->row_lower[i] = p->row_lower[last];
    p->row_upper[i] = p->row_upper[last];
    p->m = last;
}

static void move_columns(story *s)
{
    double share = roll(&s->d);
    bool costs = roll(&s->d) < 0.5;
    for (int32_t j = 0; j < N; j++) {
        if (roll(&s->d) < share)
            draw_box(s, j);
        if (costs && roll(&s->d) < share)
            s->p.cost[j] = floor(8.0 * roll(&s->d)) / 4.0 - 1.0;
    }
    sv_dual_set_columns(s->dual, s->p.cost, s->p.lower, s->p.upper);
}

static void move_rows(story *s)
{
    for (int32_t i = 0; i < s->p.m; i++)
        if (roll(&s->d) < 0.3) {
            bound_row(s, i);
            sv_dual_set_row_bounds(s->dual, i, s->p.row_lower[i], s->p.row_upper[i]);
        }
}

static void guess(story *s)
{
    if (roll(&s->d) < 0.5) {
        dual_start_anywhere(s->dual, &s->p, &s->d);
        return;
    }
    for (int k = 0; k < 5 && s->p.m > 0; k++)
        sv_dual_set_basic(s->dual, roll_of(&s->d, s->p.m), roll_of(&s->d, N));
}

static void random_change(story *s)
{
    switch (roll_of(&s->d, 7)) {
    case 0:
    case 1:
        add_rows(s);
        break;
    case 2:
        drop_row(s);
        break;
    case 3:
    case 4:
        move_columns(s);
        break;
    case 5:
        move_rows(s);
        break;
    default:
        guess(s);
    }
}

static void begin(story *s, uint32_t salt, double size)
{
    *s = (story){.d = {salt, 0}, .size = size, .p = program_new(N, MOST_ROWS)};
    s->p.m = 0;
    s->dual = sv_dual_new(N, MOST_ROWS);
    assert_non_null(s->dual);
    for (int32_t j = 0; j < N; j++) {
        s->inside[j] = can_close(j) ? 0.0 : size * (roll(&s->d) - 0.5);
        s->p.cost[j] = roll(&s->d) - 0.5;
        draw_box(s, j);
    }
    sv_dual_set_columns(s->dual, s->p.cost, s->p.lower, s->p.upper);
}

static void end(story *s)
{
    sv_dual_free(&s->dual);
    program_free(&s->p);
}

static sv_dual *fresh_dual(const story *s)
{
    sv_dual *dual = sv_dual_new(N, MOST_ROWS);
    assert_non_null(dual);
    sv_dual_set_columns(dual, s->p.cost, s->p.lower, s->p.upper);
    sv_dual_add_rows(dual, s->p.m, s->p.a, s->p.row_lower, s->p.row_upper);
    return dual;
}

/* ---- tests --------------------------------------------------------------------------------- */

static void check_against_fresh(const story *s, const sv_lp_info *info, double gap)
{
    sv_dual *fresh = fresh_dual(s);
    sv_lp_info other = dual_solve(fresh, 0.0);
    assert_int_equal(other.outcome, SV_LP_OPTIMAL);
    assert_certified(&s->p, s->dual, info, gap);
    assert_certified(&s->p, fresh, &other, 0.0);
    certificate c = certificate_of(&s->p, sv_dual_x(fresh), sv_dual_row_dual(fresh));
    double hair = 1e-6 * (1.0 + c.turnover) + 1e-6 * c.price + c.round_off;
    assert_true(fabs(info->objective - other.objective) <= gap + hair);
    sv_dual_free(&fresh);
}

static void any_history_ends_where_a_fresh_start_does(void **unused)
{
    (void)unused;
    static const double GAPS[] = {0.0, 0.0, 1e-6, 1e-2};
    for (uint32_t salt = 1; salt <= N_SEQUENCE; salt++) {
        story s;
        begin(&s, salt, 1.0);
        for (int32_t step = 0; step < N_STEP; step++) {
            random_change(&s);
            if (roll(&s.d) < 0.4)
                continue;
            double gap = GAPS[roll_of(&s.d, 4)];
            sv_lp_info info = dual_solve(s.dual, gap);
            if (info.outcome != SV_LP_OPTIMAL)
                fail_msg("sequence %u, step %d: outcome %d", salt, step, (int)info.outcome);
            check_against_fresh(&s, &info, gap);
            if (step % 10 == 0)
                assert_as_clp(&s.p, s.dual, info.objective, gap);
        }
        end(&s);
    }
}

/* In the middle of a history one row asks for what the box cannot give; afterwards all is as before. */
static void comes_back_from_no_answer(void **unused)
{
    (void)unused;
    for (uint32_t salt = 1; salt <= 200; salt++) {
        story s;
        begin(&s, 1000 + salt, 1.0);
        for (int32_t step = 0; step < 12; step++) {
            random_change(&s);
            if (s.p.m == 0 || roll(&s.d) < 0.5)
                continue;
            int32_t i = roll_of(&s.d, s.p.m);
            double most = 0.0;
            for (int32_t j = 0; j < N; j++)
                most += fmax(program_row(&s.p, i)[j] * s.p.lower[j], program_row(&s.p, i)[j] * s.p.upper[j]);
            sv_dual_set_row_bounds(s.dual, i, most + 0.01, INFINITY);
            assert_int_equal(dual_solve(s.dual, 0.0).outcome, SV_LP_INFEASIBLE);
            sv_dual_set_row_bounds(s.dual, i, s.p.row_lower[i], s.p.row_upper[i]);
            sv_lp_info info = dual_solve(s.dual, 0.0);
            check_against_fresh(&s, &info, 0.0);
        }
        end(&s);
    }
}

/* A column held at 0..0 may have a reduced cost of either sign; when it opens it stands at the bound of the wrong side. */
static void opens_what_was_closed(void **unused)
{
    (void)unused;
    for (uint32_t salt = 1; salt <= 300; salt++) {
        story s;
        begin(&s, 2000 + salt, 1.0);
        for (int32_t j = 0; j < N; j++)
            if (can_close(j))
                s.p.lower[j] = s.p.upper[j] = 0.0;
        sv_dual_set_columns(s.dual, s.p.cost, s.p.lower, s.p.upper);
        for (int k = 0; k < 3; k++)
            add_rows(&s);
        for (int hour = 0; hour < 6; hour++) {
            sv_lp_info info = dual_solve(s.dual, hour % 2 == 0 ? 0.0 : 1e-2);
            check_against_fresh(&s, &info, hour % 2 == 0 ? 0.0 : 1e-2);
            for (int32_t j = 0; j < N; j += 3) {
                bool open = roll(&s.d) < 0.5;
                s.p.lower[j] = open && roll(&s.d) < 0.3 ? -1.0 : 0.0;
                s.p.upper[j] = open ? 1.0 : 0.0;
            }
            sv_dual_set_columns(s.dual, s.p.cost, s.p.lower, s.p.upper);
        }
        end(&s);
    }
}

/* So may the price of a row with equal bounds, when they part: x + y = 1, then at most or at least 1. */
static void parts_equal_row_bounds(void **unused)
{
    (void)unused;
    double a[2] = {1.0, 1.0}, lower[2] = {0.0, 0.0}, upper[2] = {1.0, 1.0}, row_lower, row_upper;
    for (int k = 0; k < 4; k++) {
        double cost[2] = {k / 2 == 0 ? 1.0 : -2.0, k / 2 == 0 ? 2.0 : -1.0};
        lp_program p = {2, 1, 2, cost, lower, upper, a, &row_lower, &row_upper};
        row_lower = row_upper = 1.0;
        sv_dual *dual = dual_of(&p);
        sv_lp_info info = dual_solve(dual, 0.0);
        assert_certified(&p, dual, &info, 0.0);
        cost[0] -= k / 2 == 0 ? 3.0 : -3.0; /* the price changes its sign; nothing moves, so no cost is perturbed */
        cost[1] -= k / 2 == 0 ? 3.0 : -3.0;
        sv_dual_set_columns(dual, cost, lower, upper);
        info = dual_solve(dual, 0.0);
        assert_certified(&p, dual, &info, 0.0);
        row_lower = k % 2 == 0 ? -INFINITY : 1.0;
        row_upper = k % 2 == 0 ? 1.0 : INFINITY;
        sv_dual_set_row_bounds(dual, 0, row_lower, row_upper);
        info = dual_solve(dual, 0.0);
        assert_certified(&p, dual, &info, 0.0);
        sv_dual_free(&dual);
    }
}

/* Boxes of thousands: the perturbation of costs is worth something, and is taken back as far as asked. */
static void finishes_as_near_as_asked(void **unused)
{
    (void)unused;
    static const double GAPS[] = {1e-2, 1e-6, 0.0};
    for (uint32_t salt = 1; salt <= 200; salt++) {
        story s;
        begin(&s, 3000 + salt, salt % 2 == 0 ? 1e3 : 1e5);
        for (int k = 0; k < 5; k++)
            add_rows(&s);
        sv_lp_info info, clp = clp_solve(&s.p);
        assert_int_equal(clp.outcome, SV_LP_OPTIMAL);
        sv_dual_solve(s.dual, &info);
        assert_int_equal(info.outcome, SV_LP_OPTIMAL);
        for (int k = 0; k < 3; k++) {
            sv_dual_finish(s.dual, GAPS[k], &info);
            assert_certified(&s.p, s.dual, &info, GAPS[k]);
            certificate c = certificate_of(&s.p, sv_dual_x(s.dual), sv_dual_row_dual(s.dual));
            double hair = 3e-7 * (1.0 + c.price) + 1e-12 * c.turnover; /* both meet rows to 1e-7 */
            double more = info.objective - clp.objective;
            if (!(more <= GAPS[k] + hair && -more <= hair))
                fail_msg("program %u, gap %g: %g above Clp, hair %g", salt, GAPS[k], more, hair);
        }
        end(&s);
    }
}

static void reset_leaves_no_trace(void **unused)
{
    (void)unused;
    for (uint32_t salt = 1; salt <= 100; salt++) {
        story s;
        begin(&s, 4000 + salt, 1.0);
        for (int32_t step = 0; step < 10; step++) {
            random_change(&s);
            sv_lp_info ignored = dual_solve(s.dual, 0.0);
            assert_int_equal(ignored.outcome, SV_LP_OPTIMAL);
        }
        sv_dual_reset(s.dual);
        sv_dual_set_columns(s.dual, s.p.cost, s.p.lower, s.p.upper);
        sv_dual_add_rows(s.dual, s.p.m, s.p.a, s.p.row_lower, s.p.row_upper);
        sv_dual *fresh = fresh_dual(&s);
        sv_lp_info a = dual_solve(s.dual, 0.0), b = dual_solve(fresh, 0.0);
        assert_int_equal(a.n_pivot, b.n_pivot);
        assert_memory_equal(&a.objective, &b.objective, sizeof(double));
        assert_memory_equal(sv_dual_x(s.dual), sv_dual_x(fresh), sizeof(double) * N);
        assert_memory_equal(sv_dual_reduced_cost(s.dual), sv_dual_reduced_cost(fresh), sizeof(double) * N);
        if (s.p.m > 0)
            assert_memory_equal(sv_dual_row_dual(s.dual), sv_dual_row_dual(fresh), sizeof(double) * (size_t)s.p.m);
        sv_dual_free(&fresh);
        end(&s);
    }
}

static void solving_allocates_nothing(void **unused)
{
    (void)unused;
#if CAN_COUNT
    for (uint32_t salt = 1; salt <= 50; salt++) {
        story s;
        begin(&s, 5000 + salt, 1.0);
        for (int32_t step = 0; step < 10; step++) {
            sv_lp_info info;
            random_change(&s);
            counting = true;
            sv_dual_set_columns(s.dual, s.p.cost, s.p.lower, s.p.upper);
            sv_dual_solve(s.dual, &info);
            sv_dual_finish(s.dual, 0.0, &info);
            counting = false;
            assert_int_equal(info.outcome, SV_LP_OPTIMAL);
        }
        counting = true;
        random_change(&s); /* changes neither, but for the guess, whose point is this file's */
        counting = false;
        end(&s);
    }
    assert_true(n_allocation <= 50);
    counting = true;
    free(malloc(1));
    counting = false;
    assert_true(n_allocation > 0); /* it does count */
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_history_ends_where_a_fresh_start_does),
        cmocka_unit_test(comes_back_from_no_answer),
        cmocka_unit_test(opens_what_was_closed),
        cmocka_unit_test(parts_equal_row_bounds),
        cmocka_unit_test(finishes_as_near_as_asked),
        cmocka_unit_test(reset_leaves_no_trace),
        cmocka_unit_test(solving_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
