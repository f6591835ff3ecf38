/* How fast are the AC power flow and its contingencies? One case a call, JSON lines: the base case from a flat start, fresh
 * (workspace, analysis and all) and with the workspace there; every single branch that leaves the network whole, milliseconds
 * an outage; voltages of the base case and of some outages, so that bench/flow.py can hold them against another program's.
 * usage: bench_flow FILE [SAMPLES] */
#include "svitlo/flow.h"
#include "svitlo/formats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_SOLVE = 9 };

typedef struct {
    sv_grid *grid;
    sv_state *state;
    sv_ac_settings settings;
    sv_contingency *list;
    int32_t *branch, n, n_sample;
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

static void print_voltages(const bench *self, const double *vm_pu, const double *va_deg)
{
    printf("\"vm\":[");
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        printf(isnan(vm_pu[i]) ? "%snull" : "%s%.11g", i > 0 ? "," : "", vm_pu[i]);
    printf("],\"va\":[");
    for (int32_t i = 0; i < self->grid->n_bus; i++)
        printf(isnan(va_deg[i]) ? "%snull" : "%s%.11g", i > 0 ? "," : "", va_deg[i]);
    printf("]");
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

static bool count(void *context, int64_t k, const sv_ac_effect *found)
{
    bench *self = context;
    (void)k;
    self->n_whole += found->whole;
    self->n_converged += found->outcome == SV_AC_CONVERGED;
    self->n_step += found->n_iteration;
    return true;
}

static bool print_one(void *context, int64_t k, const sv_ac_effect *found)
{
    bench *self = context;
    if (k % (self->n / self->n_sample + 1) != 0)
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

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fputs("usage: bench_flow FILE [SAMPLES]\n", stderr);
        return 2;
    }
    sv_error err = {0};
    bench self = {.settings = sv_ac_defaults(), .n_sample = argc > 2 ? atoi(argv[2]) : 0};
    self.settings.flat_start = true;
    must_be_ok(sv_grid_read(&self.grid, argv[1], &err), &err);
    self.state = must(sv_state_new(self.grid));
    self.vm_pu = must(calloc((size_t)self.grid->n_bus, sizeof(double)));
    self.va_deg = must(calloc((size_t)self.grid->n_bus, sizeof(double)));
    self.branch = must(calloc((size_t)self.grid->n_branch + 1, sizeof(int32_t)));
    self.list = must(calloc((size_t)self.grid->n_branch + 1, sizeof(sv_contingency)));
    time_base(&self);
    list_branches(&self);
    if (self.n > 0)
        time_outages(&self);
    free(self.vm_pu);
    free(self.va_deg);
    free(self.branch);
    free(self.list);
    sv_state_free(&self.state);
    sv_grid_free(&self.grid);
    return 0;
}
