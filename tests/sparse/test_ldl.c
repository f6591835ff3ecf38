/* sparse: the symmetric factor against dense elimination and against KLU; partial factors against full ones, lanes and
 * few nonzeros against plain solves, bit for bit; lost pivots are said. */
#include "svitlo/sparse.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 90, LANES = SV_LDL_LANES };

typedef struct {
    int32_t n, n_first;
    double dense[MOST][MOST];
    bool present[MOST][MOST];
    int32_t col_start[MOST + 1], row[MOST * MOST];
    double value[MOST * MOST];
} matrix;

static double uniform(uint32_t seed, uint32_t a, uint32_t b)
{
    return sv_draw(seed, a, SV_DRAW_TEST, b, 0).u[0];
}

static void pack(matrix *m)
{
    int32_t k = 0;
    for (int32_t j = 0; j < m->n; j++) {
        m->col_start[j] = k;
        for (int32_t i = 0; i < m->n; i++)
            if (m->present[i][j]) {
                m->row[k] = i;
                m->value[k++] = m->dense[i][j];
            }
    }
    m->col_start[m->n] = k;
}

static void set_pair(matrix *m, int32_t i, int32_t j, double value)
{
    m->dense[i][j] = m->dense[j][i] = value;
    m->present[i][j] = m->present[j][i] = true;
}

typedef enum { DEFINITE, INDEFINITE, BORDERED, SPLIT, N_KIND } kind;

/* A random matrix whose diagonal outweighs its row (with any sign when indefinite), some rows the identity's. */
static void make_matrix(matrix *m, uint32_t seed, int32_t n, kind what)
{
    *m = (matrix){.n = n, .n_first = n};
    int32_t n_border = what == BORDERED && n > 9 ? 3 : 0;
    m->n_first = n - n_border;
    double sum[MOST] = {0};
    for (int32_t i = 0; i < m->n_first; i++)
        for (int32_t j = 0; j < i; j++) {
            bool cut = what == SPLIT && (i % 3 != j % 3);
            if (cut || uniform(seed, 1, (uint32_t)(i * MOST + j)) > 3.0 / n)
                continue;
            double value = uniform(seed, 2, (uint32_t)(i * MOST + j)) - 0.5;
            value = uniform(seed, 5, (uint32_t)i) < 0.1 || uniform(seed, 5, (uint32_t)j) < 0.1 ? 0.0 : value;
            set_pair(m, i, j, value);
            sum[i] += fabs(value);
            sum[j] += fabs(value);
        }
    for (int32_t i = 0; i < m->n_first; i++) {
        double sign = what == INDEFINITE && uniform(seed, 3, (uint32_t)i) < 0.4 ? -1.0 : 1.0;
        set_pair(m, i, i, uniform(seed, 5, (uint32_t)i) < 0.1 ? 1.0 : sign * (sum[i] + 0.1));
    }
    for (int32_t t = m->n_first; t < n; t++) { /* a multiplier that ties two unknowns; its own diagonal is nothing */
        int32_t i = 2 * (t - m->n_first), j = i + 1; /* pairs of their own: a loop of ties has no answer */
        set_pair(m, t, i, 1.0);
        set_pair(m, t, j, -1.0);
        set_pair(m, t, t, -1e-12);
    }
    pack(m);
}

/* Gaussian elimination with exchanges of rows. */
static void solve_dense(const matrix *m, double *b)
{
    static double a[MOST][MOST];
    memcpy(a, m->dense, sizeof a);
    for (int32_t j = 0; j < m->n; j++) {
        int32_t best = j;
        for (int32_t i = j + 1; i < m->n; i++)
            best = fabs(a[i][j]) > fabs(a[best][j]) ? i : best;
        for (int32_t k = 0; k < m->n; k++) {
            double held = a[j][k];
            a[j][k] = a[best][k];
            a[best][k] = held;
        }
        double held = b[j];
        b[j] = b[best];
        b[best] = held;
        for (int32_t i = j + 1; i < m->n; i++) {
            double factor = a[i][j] / a[j][j];
            for (int32_t k = j; k < m->n; k++)
                a[i][k] -= factor * a[j][k];
            b[i] -= factor * b[j];
        }
    }
    for (int32_t j = m->n - 1; j >= 0; j--) {
        for (int32_t k = j + 1; k < m->n; k++)
            b[j] -= a[j][k] * b[k];
        b[j] /= a[j][j];
    }
}

static void fill(double *b, int32_t n, uint32_t seed)
{
    for (int32_t i = 0; i < n; i++)
        b[i] = uniform(seed, 9, (uint32_t)i) - 0.5;
}

static sv_ldl *make_ldl(const matrix *m)
{
    sv_ldl *ldl = NULL;
    assert_int_equal(sv_ldl_new(&ldl, m->n, m->n_first, m->col_start, m->row, NULL), SV_OK);
    return ldl;
}

static void agrees_with_dense_and_klu(void **unused)
{
    (void)unused;
    static matrix m;
    for (uint32_t seed = 1; seed <= 400; seed++) {
        make_matrix(&m, seed, seed < 8 ? (int32_t)seed : 1 + (int32_t)(uniform(seed, 0, 0) * MOST), seed % N_KIND);
        sv_ldl *ldl = make_ldl(&m);
        assert_int_equal(sv_ldl_update(ldl, m.value), SV_OK);
        double x[MOST], dense[MOST], klu[MOST], size = 0.0;
        fill(x, m.n, seed);
        memcpy(dense, x, sizeof x);
        memcpy(klu, x, sizeof x);
        sv_ldl_solve(ldl, x);
        solve_dense(&m, dense);
        sv_lu *lu = NULL;
        assert_int_equal(sv_lu_new(&lu, m.n, m.col_start, m.row, NULL), SV_OK);
        assert_int_equal(sv_lu_update(lu, m.value), SV_OK);
        sv_lu_solve(lu, klu, 1);
        for (int32_t i = 0; i < m.n; i++)
            size = fmax(size, fabs(dense[i]));
        for (int32_t i = 0; i < m.n; i++) {
            assert_true(fabs(x[i] - dense[i]) <= 1e-9 * size);
            assert_true(fabs(x[i] - klu[i]) <= 1e-9 * size);
        }
        sv_lu_free(&lu);
        sv_ldl_free(&ldl);
        assert_null(ldl);
    }
}

/* Change a few pairs, or take some back to what they were; note the columns. */
static int32_t change(matrix *m, const matrix *first, uint32_t seed, int32_t *col)
{
    int32_t n_change = 1 + (int32_t)(uniform(seed, 20, 0) * 4), n_col = 0;
    for (int32_t c = 0; c < n_change; c++) {
        int32_t j = (int32_t)(uniform(seed, 21, (uint32_t)c) * m->n);
        int32_t n_in = m->col_start[j + 1] - m->col_start[j];
        int32_t i = m->row[m->col_start[j] + (int32_t)(uniform(seed, 22, (uint32_t)c) * n_in)];
        bool back = uniform(seed, 23, (uint32_t)c) < 0.5;
        double factor = i == j ? 1.0 + uniform(seed, 24, (uint32_t)c) : uniform(seed, 24, (uint32_t)c);
        set_pair(m, i, j, first->dense[i][j] * (back ? 1.0 : factor));
        col[n_col++] = i;
        col[n_col++] = j;
    }
    pack(m);
    return n_col;
}

static void partial_is_full(void **unused)
{
    (void)unused;
    static matrix m, first;
    for (uint32_t k = 0; k < N_KIND; k++) {
        make_matrix(&m, 500 + k, MOST, k);
        first = m;
        sv_ldl *all = make_ldl(&m), *some = make_ldl(&m);
        assert_int_equal(sv_ldl_update(all, m.value), SV_OK);
        for (uint32_t seed = 1; seed <= 1000; seed++) {
            int32_t col[2 * MOST], n_col = change(&m, &first, seed + 10000 * k, col);
            sv_ldl *fresh = make_ldl(&m);
            assert_int_equal(sv_ldl_update(fresh, m.value), SV_OK);
            assert_int_equal(sv_ldl_update(all, m.value), SV_OK);
            assert_int_equal(sv_ldl_update_some(some, m.value, n_col, col), SV_OK);
            double b[MOST], x[MOST], y[MOST];
            fill(b, m.n, seed);
            memcpy(x, b, sizeof b);
            memcpy(y, b, sizeof b);
            sv_ldl_solve(fresh, b);
            sv_ldl_solve(all, x);
            sv_ldl_solve(some, y);
            assert_memory_equal(b, x, sizeof(double) * (size_t)m.n);
            assert_memory_equal(b, y, sizeof(double) * (size_t)m.n);
            sv_ldl_free(&fresh);
        }
        sv_ldl_free(&all);
        sv_ldl_free(&some);
    }
}

static void lanes_are_single_solves(void **unused)
{
    (void)unused;
    static matrix m;
    for (uint32_t seed = 1; seed <= 100; seed++) {
        make_matrix(&m, seed, 1 + (int32_t)(uniform(seed, 0, 0) * MOST), seed % N_KIND);
        sv_ldl *ldl = make_ldl(&m);
        assert_int_equal(sv_ldl_update(ldl, m.value), SV_OK);
        double b[LANES][MOST], all[MOST * LANES];
        for (int32_t lane = 0; lane < LANES; lane++) {
            fill(b[lane], m.n, seed * 10 + (uint32_t)lane);
            for (int32_t i = 0; i < m.n; i++)
                all[i * LANES + lane] = b[lane][i];
        }
        sv_ldl_solve_batch(ldl, all);
        for (int32_t lane = 0; lane < LANES; lane++) {
            sv_ldl_solve(ldl, b[lane]);
            for (int32_t i = 0; i < m.n; i++)
                assert_memory_equal(&all[i * LANES + lane], &b[lane][i], sizeof(double));
        }
        sv_ldl_free(&ldl);
    }
}

static void few_are_single_solves(void **unused)
{
    (void)unused;
    static matrix m;
    for (uint32_t seed = 1; seed <= 200; seed++) {
        make_matrix(&m, seed, 1 + (int32_t)(uniform(seed, 0, 0) * MOST), seed % N_KIND);
        sv_ldl *ldl = make_ldl(&m);
        assert_int_equal(sv_ldl_update(ldl, m.value), SV_OK);
        int32_t n_lane = 1 + (int32_t)(seed % LANES), start[LANES + 1] = {0}, at[4 * LANES], n_out = (m.n + 1) / 2;
        double value[4 * LANES], b[LANES][MOST] = {{0}}, out[LANES][MOST], *x[LANES];
        for (int32_t lane = 0; lane < n_lane; lane++) {
            x[lane] = out[lane];
            start[lane + 1] = start[lane] + lane % 4; /* lane 0 has none; places may repeat */
            for (int32_t k = start[lane]; k < start[lane + 1]; k++) {
                at[k] = (int32_t)(uniform(seed, 30, (uint32_t)k) * m.n);
                value[k] = uniform(seed, 31, (uint32_t)k) - 0.5;
                b[lane][at[k]] += value[k];
            }
        }
        const sv_ldl_few few = {.n_lane = n_lane, .start = start, .row = at, .value = value};
        sv_ldl_solve_few(ldl, &few, n_out, x);
        for (int32_t lane = 0; lane < n_lane; lane++) {
            sv_ldl_solve(ldl, b[lane]);
            assert_memory_equal(out[lane], b[lane], sizeof(double) * (size_t)n_out);
        }
        sv_ldl_free(&ldl);
    }
}

static void lost_pivots_are_said_and_left_again(void **unused)
{
    (void)unused;
    static matrix m;
    for (uint32_t seed = 1; seed <= 100; seed++) {
        make_matrix(&m, seed, 10 + (int32_t)(uniform(seed, 0, 0) * 70), SPLIT);
        sv_ldl *ldl = make_ldl(&m);
        assert_int_equal(sv_ldl_update(ldl, m.value), SV_OK);
        double b[MOST], x[MOST], good[MOST * MOST];
        memcpy(good, m.value, sizeof good);
        fill(b, m.n, seed);
        memcpy(x, b, sizeof b);
        sv_ldl_solve(ldl, b);
        for (int32_t j = 0; j < m.n; j++) { /* a Laplacian: the constant vector of each part is in its kernel */
            double sum = 0.0;
            for (int32_t i = 0; i < m.n; i++)
                sum += i == j ? 0.0 : m.dense[i][j];
            m.dense[j][j] = -sum;
        }
        pack(&m);
        assert_int_equal(sv_ldl_update(ldl, m.value), SV_ENUM);
        m.value[0] = NAN;
        assert_int_equal(sv_ldl_update(ldl, m.value), SV_ENUM);
        assert_int_equal(sv_ldl_update(ldl, good), SV_OK);
        sv_ldl_solve(ldl, x);
        assert_memory_equal(b, x, sizeof(double) * (size_t)m.n);
        sv_ldl_free(&ldl);
    }
}

static void no_memory_is_a_status(void **unused)
{
    (void)unused;
    static matrix m;
    make_matrix(&m, 7, 40, BORDERED);
    int64_t k = 0;
    for (sv_status status = SV_ENOMEM; status == SV_ENOMEM; k++) {
        sv_ldl *ldl = NULL;
        sv_arena_fail_at(k + 1);
        status = sv_ldl_new(&ldl, m.n, m.n_first, m.col_start, m.row, NULL);
        sv_arena_fail_at(0);
        assert_true(status == SV_OK || (status == SV_ENOMEM && ldl == NULL));
        sv_ldl_free(&ldl);
        assert_true(k < 100);
    }
    assert_true(k >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_dense_and_klu),
        cmocka_unit_test(partial_is_full),
        cmocka_unit_test(lanes_are_single_solves),
        cmocka_unit_test(few_are_single_solves),
        cmocka_unit_test(lost_pivots_are_said_and_left_again),
        cmocka_unit_test(no_memory_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
