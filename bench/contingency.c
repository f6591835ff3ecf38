/* How many DC outages a second? Every single branch and every single unit (flows of all branches after each, loading
 * looked up), rows of outage distribution factors, and, with --pairs, all pairs of branches. One JSON line a measure, the
 * least of a few rounds. Usage: bench_contingency CASES_FOLDER CASE [--pairs] */
#include "svitlo/flow.h"
#include "svitlo/formats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_ROUND = 5, N_ROW = 256 };
static const double LIMIT_PERCENT = 100.0 + 1e-4; /* of pairs, as svitlo contingency has it */

typedef struct {
    const char *name;
    sv_grid *grid;
    sv_state *state;
    sv_dc_outages *outages;
    int32_t *which;
    sv_contingency *list;
    int64_t n_over;
    double worst_percent, lost_mw;
    bool pairs;
} bench;

static bool count(void *context, const sv_dc_outage *result)
{
    bench *self = context;
    self->n_over += result->n_over;
    self->lost_mw += result->lost_mw;
    self->worst_percent = fmax(self->worst_percent, result->worst_percent);
    return true;
}

static void list_single(bench *self, int32_t n, bool units)
{
    for (int32_t k = 0; k < n; k++) {
        self->which[k] = k;
        self->list[k] = units ? (sv_contingency){.n_gen = 1, .i_gen = &self->which[k]}
                              : (sv_contingency){.n_branch = 1, .i_branch = &self->which[k]};
    }
}

static sv_status measure_single(bench *self, bool units)
{
    int32_t n = units ? self->grid->n_gen : self->grid->n_branch;
    sv_dc_outages_info info = {0};
    double least_s = INFINITY;
    sv_status status = SV_OK;
    list_single(self, n, units);
    for (int round = 0; round < N_ROUND && status == SV_OK; round++) {
        self->n_over = 0;
        self->lost_mw = self->worst_percent = 0.0;
        double start_s = sv_clock_s();
        for (int repeat = 0; repeat < 1 + 20000 / n && status == SV_OK; repeat++)
            status = sv_dc_outages_solve(self->outages, n, self->list, count, self, &info, NULL);
        least_s = fmin(least_s, (sv_clock_s() - start_s) / (1 + 20000 / n));
    }
    printf("{\"case\":\"%s\",\"what\":\"%s\",\"n_branch\":%d,\"n_outage\":%d,\"n_cut\":%lld,\"n_refactored\":%lld,"
           "\"us_each\":%.4g,\"per_s\":%.6g}\n",
           self->name, units ? "single units" : "single branches", (int)self->grid->n_branch, (int)n,
           (long long)info.n_cut, (long long)info.n_refactored, 1e6 * least_s / n, n / least_s);
    return status;
}

static sv_status measure_rows(bench *self)
{
    int32_t n = self->grid->n_branch < N_ROW ? self->grid->n_branch : N_ROW;
    sv_dc *dc = NULL;
    double *lodf = calloc((size_t)n * (size_t)self->grid->n_branch, sizeof *lodf), least_s = INFINITY;
    sv_status status = lodf != NULL ? sv_dc_new(&dc, self->grid, NULL) : SV_ENOMEM;
    if (status == SV_OK)
        status = sv_dc_update(dc, self->state);
    for (int32_t k = 0; k < n; k++)
        self->which[k] = (int32_t)((int64_t)k * 7919 % self->grid->n_branch);
    for (int round = 0; round < 4 * N_ROUND && status == SV_OK; round++) {
        double start_s = sv_clock_s();
        sv_dc_lodf_rows(dc, sv_dc_outages_bridges(self->outages), n, self->which, lodf);
        least_s = fmin(least_s, sv_clock_s() - start_s);
    }
    printf("{\"case\":\"%s\",\"what\":\"LODF rows\",\"n_branch\":%d,\"us_each\":%.4g,\"per_s\":%.6g}\n", self->name,
           (int)self->grid->n_branch, 1e6 * least_s / n, n / least_s);
    sv_dc_free(&dc);
    free(lodf);
    return status;
}

static bool count_pair(void *context, const sv_dc_pair *pair)
{
    bench *self = context;
    self->n_over += pair->n_new;
    self->worst_percent = fmax(self->worst_percent, pair->worst_percent);
    return true;
}

static sv_status measure_pairs(bench *self)
{
    sv_dc_pairs *pairs = NULL;
    sv_dc_pairs_info info = {0};
    double new_s = INFINITY, least_s = INFINITY;
    sv_status status = SV_OK;
    for (int round = 0; round < N_ROUND && status == SV_OK; round++) {
        double start_s = sv_clock_s();
        self->n_over = 0;
        sv_dc_pairs_free(&pairs);
        status = sv_dc_pairs_new(&pairs, self->outages, self->grid->n_branch, NULL, NULL);
        double made_s = sv_clock_s();
        if (status == SV_OK)
            status = sv_dc_pairs_solve(pairs, LIMIT_PERCENT, count_pair, self, &info);
        new_s = fmin(new_s, made_s - start_s);
        least_s = fmin(least_s, sv_clock_s() - made_s);
    }
    printf("{\"case\":\"%s\",\"what\":\"all pairs\",\"n_branch\":%d,\"n_pair\":%lld,\"n_solved\":%lld,\"n_told\":%lld,"
           "\"n_overload\":%lld,\"n_lost\":%lld,\"n_over\":%lld,\"ready_s\":%.4g,\"s\":%.4g,\"us_each\":%.4g,\"per_s\":"
           "%.6g}\n",
           self->name, (int)self->grid->n_branch, (long long)info.n_pair, (long long)info.n_solved,
           (long long)info.n_told, (long long)info.n_overload, (long long)info.n_lost, (long long)self->n_over, new_s,
           least_s, 1e6 * least_s / (double)info.n_pair, (double)info.n_pair / least_s);
    sv_dc_pairs_free(&pairs);
    return status;
}

static sv_status measure_update(bench *self)
{
    double start_s = sv_clock_s();
    sv_status status = sv_dc_outages_update(self->outages, self->state, NULL);
    printf("{\"case\":\"%s\",\"what\":\"base case\",\"us_each\":%.4g,\"n_bridge\":%d}\n", self->name,
           1e6 * (sv_clock_s() - start_s), (int)sv_dc_outages_bridges(self->outages)->n_bridge);
    return status;
}

static sv_status measure(bench *self)
{
    sv_status status = sv_dc_outages_new(&self->outages, self->grid, NULL);
    if (status == SV_OK)
        status = measure_update(self);
    if (status == SV_OK)
        status = measure_single(self, false);
    if (status == SV_OK)
        status = measure_single(self, true);
    if (status == SV_OK)
        status = measure_rows(self);
    if (status == SV_OK && self->pairs)
        status = measure_pairs(self);
    return status;
}

int main(int argc, char **argv)
{
    char path[1000];
    sv_error err = {0};
    bench self = {0};
    if (argc < 3 || (argc == 4 && strcmp(argv[3], "--pairs") != 0) || argc > 4) {
        fprintf(stderr, "Usage: bench_contingency CASES_FOLDER CASE [--pairs]\n");
        return 2;
    }
    snprintf(path, sizeof path, "%s/matpower/%s.m", argv[1], argv[2]);
    if (sv_grid_read(&self.grid, path, &err) != SV_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    size_t most = (size_t)self.grid->n_branch + (size_t)self.grid->n_gen;
    self.name = argv[2];
    self.pairs = argc == 4;
    self.state = sv_state_new(self.grid);
    self.which = calloc(most, sizeof *self.which);
    self.list = calloc(most, sizeof *self.list);
    sv_status status = self.state != NULL && self.which != NULL && self.list != NULL ? measure(&self) : SV_ENOMEM;
    if (status != SV_OK)
        fprintf(stderr, "%s: %s\n", argv[2], sv_status_name(status));
    sv_dc_outages_free(&self.outages);
    sv_state_free(&self.state);
    sv_grid_free(&self.grid);
    free(self.which);
    free(self.list);
    return status == SV_OK ? 0 : 1;
}
