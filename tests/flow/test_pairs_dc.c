/* All pairs of branch outages in DC: what is told of, and its flows, against each pair solved by itself. */
#include "svitlo/flow.h"
#include "svitlo/formats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "drawn.h"

static bool quiet;                         /* no line an agreement */
static int64_t n_seen_lost, n_seen_failed; /* so that the tests have something to see */

/* Pairs by the list: what each single outage overloads, then each pair. */
typedef struct {
    const sv_grid *grid;
    double limit_percent, worst_mw;
    uint8_t *over;       /* [n_branch * n_branch] above the limit after one alone */
    int32_t *n_new;      /* [n_branch * n_branch] expected */
    double *single_mw;   /* [n_branch] load lost by one alone */
    double *lost_mw;     /* [n_branch * n_branch] by both */
    uint8_t *loses_more; /* [n_branch * n_branch] expected */
    uint8_t *failed;     /* [n_branch * n_branch] expected */
    int32_t *n_dark_bus; /* [n_branch * n_branch] expected */
    double *f_mw;        /* [n_branch * n_branch * n_branch], small networks only */
    int32_t *pair;
    int32_t n_told, n_overload, n_lost, n_failed;
} pair_judge;

static double loading(const sv_grid *grid, int32_t l, double f_mw)
{
    return grid->branch[l].rate_a_mva > 0.0 ? 100.0 * fabs(f_mw) / grid->branch[l].rate_a_mva : 0.0;
}

static bool note_single(void *context, const sv_dc_outage *result)
{
    pair_judge *self = context;
    size_t n = (size_t)self->grid->n_branch;
    for (size_t l = 0; l < n; l++)
        self->over[(size_t)result->i_outage * n + l] =
            loading(self->grid, (int32_t)l, result->f_mw[l]) > self->limit_percent;
    self->single_mw[result->i_outage] = result->lost_mw;
    return true;
}

static bool note_pair(void *context, const sv_dc_outage *result)
{
    pair_judge *self = context;
    size_t n = (size_t)self->grid->n_branch, a = (size_t)self->pair[2 * result->i_outage];
    size_t b = (size_t)self->pair[2 * result->i_outage + 1];
    for (size_t l = 0; l < n && result->status == SV_OK; l++) {
        double percent = loading(self->grid, (int32_t)l, result->f_mw[l]);
        self->n_new[a * n + b] += percent > self->limit_percent && !self->over[a * n + l] && !self->over[b * n + l];
        self->f_mw[(a * n + b) * n + l] = result->f_mw[l];
    }
    self->lost_mw[a * n + b] = result->lost_mw;
    self->n_dark_bus[a * n + b] = result->n_dark_bus;
    self->loses_more[a * n + b] = result->lost_mw > self->single_mw[a] + self->single_mw[b] + 1e-6;
    self->failed[a * n + b] = result->status != SV_OK;
    return true;
}

static bool check_pair(void *context, const sv_dc_pair *pair)
{
    pair_judge *self = context;
    size_t n = (size_t)self->grid->n_branch, a = (size_t)pair->i_branch[0], b = (size_t)pair->i_branch[1];
    assert_true(a < b && pair->place[0] == pair->i_branch[0] && pair->place[1] == pair->i_branch[1]);
    assert_int_equal(pair->n_new, self->n_new[a * n + b]);
    assert_int_equal(pair->loses_more, self->loses_more[a * n + b]);
    assert_int_equal(pair->status != SV_OK, self->failed[a * n + b]);
    assert_true(pair->n_new > 0 || pair->loses_more || pair->status != SV_OK);
    assert_int_equal(pair->i_worst >= 0, pair->n_new > 0);
    if (pair->i_worst >= 0)
        assert_true(fabs(loading(self->grid, pair->i_worst, pair->f_mw[pair->i_worst]) - pair->worst_percent) < 1e-9);
    assert_true(fabs(pair->lost_mw - self->lost_mw[a * n + b]) < 1e-6);
    assert_int_equal(pair->n_dark_bus, self->n_dark_bus[a * n + b]);
    self->n_new[a * n + b] = self->loses_more[a * n + b] = self->failed[a * n + b] = 0; /* told */
    self->n_overload += pair->n_new > 0;
    self->n_lost += pair->loses_more;
    self->n_failed += pair->status != SV_OK;
    for (size_t l = 0; l < n && pair->status == SV_OK; l++)
        self->worst_mw = fmax(self->worst_mw, fabs(pair->f_mw[l] - self->f_mw[(a * n + b) * n + l]));
    self->n_told++;
    return true;
}

/* What is told, as bits. */
typedef struct {
    uint64_t sum;
    size_t n_branch;
} witness;

static bool note_bits(void *context, const sv_dc_pair *pair)
{
    witness *self = context;
    const double number[] = {pair->i_branch[0],   pair->i_branch[1], pair->n_new,      pair->i_worst,
                             pair->worst_percent, pair->lost_mw,     pair->n_dark_bus, pair->status};
    for (size_t k = 0; k < sizeof number / sizeof number[0] + self->n_branch; k++) {
        uint64_t bits;
        memcpy(&bits, k < self->n_branch ? &pair->f_mw[k] : &number[k - self->n_branch], sizeof bits);
        self->sum = (self->sum ^ bits) * 0x100000001B3u + (self->sum >> 29);
    }
    return true;
}

/* In parts, by a second workspace: the same bits in the same order. */
static void check_parts(sv_dc_pairs *pairs, const sv_grid *grid, const sv_state *state, double limit_percent,
                        const sv_dc_pairs_info *expected)
{
    sv_dc_outages *outages = NULL;
    sv_dc_pairs *shared = NULL;
    sv_dc_pairs_info info, sum = {0};
    witness whole = {1, (size_t)grid->n_branch}, parts = whole;
    assert_int_equal(sv_dc_outages_new(&outages, grid, NULL), SV_OK);
    assert_int_equal(sv_dc_outages_update(outages, state, NULL), SV_OK);
    assert_int_equal(sv_dc_pairs_share(&shared, pairs, outages, NULL), SV_OK);
    assert_int_equal(sv_dc_pairs_solve(pairs, limit_percent, note_bits, &whole, &info), SV_OK);
    for (int32_t start = 0, part = 0, end = 0; start < grid->n_branch; start = end, part++) {
        end = start + 3 + 5 * (part % 3) < grid->n_branch ? start + 3 + 5 * (part % 3) : grid->n_branch;
        sv_dc_pairs *by = part % 2 == 0 ? shared : pairs;
        assert_int_equal(sv_dc_pairs_solve_part(by, start, end, limit_percent, note_bits, &parts, &info), SV_OK);
        sum.n_pair += info.n_pair;
        sum.n_told += info.n_told;
    }
    assert_true(whole.sum == parts.sum);
    assert_int_equal(sum.n_pair, expected->n_pair);
    assert_int_equal(sum.n_told, expected->n_told);
    sv_dc_pairs_free(&shared);
    sv_dc_outages_free(&outages);
}

static void check_pairs(sv_grid *grid, double limit_percent)
{
    size_t n = (size_t)grid->n_branch, n_pair = 0;
    sv_state *state = sv_state_new(grid);
    sv_dc_outages *outages = NULL;
    sv_dc_pairs *pairs = NULL;
    sv_dc_pairs_info info = {0};
    pair_judge self = {.grid = grid,
                       .limit_percent = limit_percent,
                       .over = take(n * n, 1),
                       .n_new = take(n * n, sizeof(int32_t)),
                       .single_mw = take(n, sizeof(double)),
                       .lost_mw = take(n * n, sizeof(double)),
                       .loses_more = take(n * n, 1),
                       .failed = take(n * n, 1),
                       .n_dark_bus = take(n * n, sizeof(int32_t)),
                       .f_mw = take(n * n * n, sizeof(double)),
                       .pair = take(n * n, sizeof(int32_t))};
    sv_contingency *list = take(n * n, sizeof *list);
    int32_t *which = take(n, sizeof *which);
    for (size_t a = 0; a < n; a++) {
        which[a] = (int32_t)a;
        list[a] = (sv_contingency){.n_branch = 1, .i_branch = &which[a]};
    }
    assert_int_equal(sv_dc_outages_new(&outages, grid, NULL), SV_OK);
    if (sv_dc_outages_update(outages, state, NULL) == SV_OK) {
        assert_int_equal(sv_dc_outages_solve(outages, (int32_t)n, list, note_single, &self, NULL, NULL), SV_OK);
        for (size_t a = 0; a < n; a++)
            for (size_t b = a + 1; b < n; b++, n_pair++) {
                self.pair[2 * n_pair] = (int32_t)a;
                self.pair[2 * n_pair + 1] = (int32_t)b;
                list[n_pair] = (sv_contingency){.n_branch = 2, .i_branch = &self.pair[2 * n_pair]};
            }
        assert_int_equal(sv_dc_outages_solve(outages, (int32_t)n_pair, list, note_pair, &self, NULL, NULL), SV_OK);
        assert_int_equal(sv_dc_pairs_new(&pairs, outages, (int32_t)n, NULL, NULL), SV_OK);
        sv_arena_fail_at(1);
        assert_int_equal(sv_dc_pairs_solve(pairs, limit_percent, check_pair, &self, &info), SV_OK);
        sv_arena_fail_at(0);
        for (size_t k = 0; k < n * n; k++) /* none is left untold */
            assert_int_equal(self.n_new[k] + self.loses_more[k] + self.failed[k], 0);
        assert_int_equal(info.n_overload, self.n_overload);
        assert_int_equal(info.n_lost, self.n_lost);
        assert_int_equal(info.n_failed, self.n_failed);
        n_seen_lost += self.n_lost;
        n_seen_failed += self.n_failed;
        check_parts(pairs, grid, state, limit_percent, &info);
        assert_int_equal(info.n_pair, n_pair);
        assert_int_equal(info.n_told, self.n_told);
        if (!quiet)
            print_message("%-18s pairs above %g %%: %d of %d, %d solved, worst difference %.1e MW\n", grid->name,
                          limit_percent, (int)info.n_told, (int)n_pair, (int)info.n_solved, self.worst_mw);
        assert_true(self.worst_mw < 1e-6);
    }
    sv_dc_pairs_free(&pairs);
    sv_dc_outages_free(&outages);
    sv_state_free(&state);
    void *const all[] = {self.over,      self.n_new,      self.f_mw,   self.pair,       list,        which,
                         self.single_mw, self.loses_more, self.failed, self.n_dark_bus, self.lost_mw};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
}

static void pairs_agree(void **unused)
{
    (void)unused;
    for (int32_t seed = 0; seed < N_SMALL_GRID; seed++) {
        sv_grid *grid = draw_grid(seed);
        quiet = seed % 50 != 0;
        check_pairs(grid, 80.0 + 0.01 * seed);
        sv_grid_free(&grid);
    }
    quiet = false;
    print_message("pairs that lose more load than each alone: %d, without solution: %d\n", (int)n_seen_lost,
                  (int)n_seen_failed);
    assert_true(n_seen_lost > 100);
}

static void public_pairs_agree(void **unused)
{
    (void)unused;
    static const char *const names[] = {"case24_ieee_rts", "case39", "pglib_opf_case118_ieee", "case_ACTIVSg200"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        sv_grid *grid = read_case(names[k]);
        check_pairs(grid, 60.0);
        check_pairs(grid, 100.0);
        sv_grid_free(&grid);
    }
}

int main(void)
{
    const struct CMUnitTest plain[] = {cmocka_unit_test(pairs_agree)};
    int n_failed = cmocka_run_group_tests(plain, NULL, NULL);
    if (n_failed == 0 && access(SV_CASES_DIR "/matpower", R_OK) != 0) {
        puts("skipped in part: the public networks are not here");
        return 77;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(public_pairs_agree)};
    return n_failed != 0 ? n_failed : cmocka_run_group_tests(tests, NULL, NULL);
}
