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

static bool quiet; /* no line an agreement */

/* Pairs by the list: what each single outage overloads, then each pair. */
typedef struct {
    const sv_grid *grid;
    double limit_percent, worst_mw;
    uint8_t *over;  /* [n_branch * n_branch] above the limit after one alone */
    int32_t *n_new; /* [n_branch * n_branch] expected */
    double *f_mw;   /* [n_branch * n_branch * n_branch], small networks only */
    int32_t *pair;
    int32_t n_told;
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
    return true;
}

static bool check_pair(void *context, const sv_dc_pair *pair)
{
    pair_judge *self = context;
    size_t n = (size_t)self->grid->n_branch, a = (size_t)pair->i_branch[0], b = (size_t)pair->i_branch[1];
    assert_true(a < b);
    assert_int_equal(pair->n_new, self->n_new[a * n + b]);
    assert_true(fabs(loading(self->grid, pair->i_worst, pair->f_mw[pair->i_worst]) - pair->worst_percent) < 1e-9);
    self->n_new[a * n + b] = 0; /* told */
    for (size_t l = 0; l < n; l++)
        self->worst_mw = fmax(self->worst_mw, fabs(pair->f_mw[l] - self->f_mw[(a * n + b) * n + l]));
    self->n_told++;
    return true;
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
            assert_int_equal(self.n_new[k], 0);
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
    void *const all[] = {self.over, self.n_new, self.f_mw, self.pair, list, which};
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
