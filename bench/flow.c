/* How fast are the AC power flow and its contingencies, and DC ones? One case a call, JSON lines: the base case from a flat
 * start, fresh (workspace, analysis and all) and with the workspace there; single branches that leave the network whole, all
 * or MOST of them evenly spaced, milliseconds an outage; voltages and DC flows of the base case and of some outages, so that
 * bench/flow.py can hold them against another program's.
 * usage: bench_flow FILE [SAMPLES [MOST]] */
#include "svitlo/flow.h"
#include "svitlo/formats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_SOLVE = 9, N_DC = 5 };

typedef struct {
    sv_grid *grid;
    sv_state *state;
    sv_ac_settings settings;
    sv_contingency *list;
    int32_t *branch, n, n_sample, most;
    double *vm_pu, *va_deg;
    int32_t n_whole, n_converged, n_step;
} bench;

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static void *must(void *memory)
{
    if (memory == NULL) {
        fputs("bench_flow: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void must_be_ok(sv_status status, const sv_error *err)
{
    if (status != SV_OK) {
        fprintf(stderr, "bench_flow: %s: %s\n", sv_status_name(status), err->text);
        exit(1);
    }
}

static void print_numbers(const char *name, int32_t n, const double *x)
{
    printf("\"%s\":[", name);
    for (int32_t i = 0; i < n; i++)
        printf(isnan(x[i]) ? "%snull" : "%s%.11g", i > 0 ? "," : "", x[i]);
    printf("]");
}

static void print_voltages(const bench *self, const double *vm_pu, const double *va_deg)
{
    print_numbers("vm", self->grid->n_bus, vm_pu);
    printf(",");
    print_numbers("va", self->grid->n_bus, va_deg);
}

/* ---- the base case ------------------------------------------------------------------------- */

static void time_base(bench *self)
{
    sv_error err = {0};
    sv_ac_info info = {0};
    double fresh = INFINITY, again = INFINITY;
    int32_t n_iteration = 0;
    const sv_ac_result result = {.vm_pu = self->vm_pu, .va_deg = self->va_deg};
    for (int k = 0; k < N_SOLVE; k++) {
        sv_ac *ac = NULL;
        double begin = cpu_ms();
        must_be_ok(sv_ac_new(&ac, self->grid, &err), &err);
        must_be_ok(sv_ac_update(ac, self->state, &err), &err);
        must_be_ok(sv_ac_solve(ac, &self->settings, NULL, &result, &info), &err);
        fresh = fmin(fresh, cpu_ms() - begin);
        begin = cpu_ms();
        must_be_ok(sv_ac_solve(ac, &self->settings, NULL, &result, &info), &err);
        again = fmin(again, cpu_ms() - begin);
        n_iteration = info.island[0].n_iteration; /* gone with the workspace */
        sv_ac_free(&ac);
    }
    printf("{\"what\":\"base\",\"converged\":%s,\"iterations\":%d,\"fresh_ms\":%.4f,\"reuse_ms\":%.4f,",
           info.converged ? "true" : "false", (int)n_iteration, fresh, again);
    print_voltages(self, self->vm_pu, self->va_deg);
    puts("}");
}

/* ---- contingencies ------------------------------------------------------------------------- */

/* Single branches whose loss leaves as many islands as before, as others solve them. */
static void list_branches(bench *self)
{
    sv_topology *topology = must(sv_topology_new(self->grid));
    int32_t n_island = sv_topology_islands(topology, self->state)->n_island;
    for (int32_t l = 0; l < self->grid->n_branch; l++) {
        if (!sv_state_branch_live(self->state, l))
            continue;
        self->state->branch_on[l] = 0;
        bool whole = sv_topology_islands(topology, self->state)->n_island == n_island;
        self->state->branch_on[l] = 1;
        self->branch[self->n] = l;
        self->list[self->n] = (sv_contingency){.n_branch = 1, .i_branch = &self->branch[self->n]};
        self->n += whole;
    }
    sv_topology_free(&topology);
}

/* MOST of them, evenly spaced, and which. */
static void choose(bench *self)
{
    int32_t n = self->most > 0 && self->most < self->n ? self->most : self->n;
    printf("{\"what\":\"list\",\"of\":%d,\"branch\":[", (int)self->n);
    for (int32_t k = 0; k < n; k++) {
        self->branch[k] = self->branch[(int64_t)k * self->n / n];
        printf("%s%d", k > 0 ? "," : "", (int)self->branch[k]);
    }
    puts("]}");
    self->n = n;
}

static bool count(void *context, int64_t k, const sv_ac_effect *found)
{
    bench *self = context;
    (void)k;
    self->n_whole += found->whole;
    self->n_converged += found->outcome == SV_AC_CONVERGED;
    self->n_step += found->n_iteration;
    return true;
}

static bool is_sample(const bench *self, int64_t k)
{
    return k % (self->n / self->n_sample + 1) == 0;
}

static bool print_one(void *context, int64_t k, const sv_ac_effect *found)
{
    bench *self = context;
    if (!is_sample(self, k))
        return true;
    printf("{\"what\":\"outage\",\"branch\":%d,\"outcome\":\"%s\",", (int)self->branch[k],
           sv_ac_outcome_name[found->outcome]);
    print_voltages(self, found->vm_pu, found->va_deg);
    puts("}");
    return true;
}

static void time_outages(bench *self)
{
    sv_error err = {0};
    sv_ac_info info;
    sv_ac_screen *screen = NULL;
    must_be_ok(sv_ac_screen_new(&screen, self->grid, &err), &err);
    must_be_ok(sv_ac_screen_base(screen, self->state, &self->settings, NULL, &info, &err), &err);
    double begin = cpu_ms();
    must_be_ok(sv_ac_contingencies(screen, self->n, self->list, false, count, self), &err);
    double took = cpu_ms() - begin;
    printf("{\"what\":\"n-1\",\"outages\":%d,\"converged\":%d,\"whole\":%d,\"steps\":%.2f,\"ms\":%.5f}\n", (int)self->n,
           (int)self->n_converged, (int)self->n_whole, (double)self->n_step / self->n, took / self->n);
    if (self->n_sample > 0)
        must_be_ok(sv_ac_contingencies(screen, self->n, self->list, true, print_one, self), &err);
    sv_ac_screen_free(&screen);
}

static bool count_dc(void *context, const sv_dc_outage *found)
{
    (void)found;
    (*(int64_t *)context)++;
    return true;
}

static bool print_dc(void *context, const sv_dc_outage *found)
{
    bench *self = context;
    if (!is_sample(self, found->i_outage))
        return true;
    printf("{\"what\":\"dc outage\",\"at\":%d,", (int)found->i_outage);
    print_numbers("mw", self->grid->n_branch, found->f_mw);
    puts("}");
    return true;
}

/* Flows of all branches after each outage, loadings looked up. */
static void time_dc(bench *self)
{
    sv_error err = {0};
    sv_dc_outages *outages = NULL;
    int64_t n = 0;
    double least = INFINITY;
    must_be_ok(sv_dc_outages_new(&outages, self->grid, &err), &err);
    must_be_ok(sv_dc_outages_update(outages, self->state, NULL), &err);
    for (int k = 0; k < N_DC; k++) {
        double begin = cpu_ms();
        must_be_ok(sv_dc_outages_solve(outages, self->n, self->list, count_dc, &n, NULL, &err), &err);
        least = fmin(least, cpu_ms() - begin);
    }
    printf("{\"what\":\"dc n-1\",\"ms\":%.6f}\n", least / self->n);
    if (self->n_sample > 0)
        must_be_ok(sv_dc_outages_solve(outages, self->n, self->list, print_dc, self, NULL, &err), &err);
    sv_dc_outages_free(&outages);
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 4) {
        fputs("usage: bench_flow FILE [SAMPLES [MOST]]\n", stderr);
        return 2;
    }
    sv_error err = {0};
    bench self = {
        .settings = sv_ac_defaults(), .n_sample = argc > 2 ? atoi(argv[2]) : 0, .most = argc > 3 ? atoi(argv[3]) : 0};
    self.settings.flat_start = true;
    must_be_ok(sv_grid_read(&self.grid, argv[1], &err), &err);
    self.state = must(sv_state_new(self.grid));
    self.vm_pu = must(calloc((size_t)self.grid->n_bus, sizeof(double)));
    self.va_deg = must(calloc((size_t)self.grid->n_bus, sizeof(double)));
    self.branch = must(calloc((size_t)self.grid->n_branch + 1, sizeof(int32_t)));
    self.list = must(calloc((size_t)self.grid->n_branch + 1, sizeof(sv_contingency)));
    time_base(&self);
    list_branches(&self);
    choose(&self);
    if (self.n > 0) {
        time_outages(&self);
        time_dc(&self);
    }
    free(self.vm_pu);
    free(self.va_deg);
    free(self.branch);
    free(self.list);
    sv_state_free(&self.state);
    sv_grid_free(&self.grid);
    return 0;
}
