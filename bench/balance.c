/* Svitlo's half of bench/balance.sh: least load shedding of damage states, cold and hour by hour, beside the floor that no
 * solver of this problem can beat (islands, one refactor, one solve, one check of the limits) and, where it is not too
 * slow, Clp on the full-angle program. One line of JSON a state; balance.py solves the same states with HiGHS.
 *
 *   bench_balance CASES CASE|FOLDER [--states N] [--hours N] [--clp N] [--seed S]
 *
 * A CASE is one of CASES/damage/answers.csv (its published states come first), a FOLDER holds CSV tables. Times are of the
 * process's CPU clock, which other work on the machine moves least. */
#include "balance/angle.h"
#include "states.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LEAST_RUNS = 3, MOST_RUNS = 20, HANG_S = 120 };
static const double LEAST_S = 0.02,
                    ENOUGH_S = 1.0; /* measured time: runs go on until the first, none more after the second */

typedef struct {
    const char *cases, *name;
    char path[STATE_PATH];
    int32_t n_state, n_hour, n_clp;
    uint64_t seed;
    sv_grid *grid;
    sv_state *state, *nothing; /* what is measured; all buses off */
    sv_balance *balance;
    sv_dc *dc;
    double *gen, *load, *import, *p_mw, *f_mw; /* one hour */
    double *x, *relaxed;                       /* of the full-angle program */
} bench;

static sv_balance_input hour_input(const bench *self)
{
    return (sv_balance_input){.gen_max_mw = self->gen, .load_mw = self->load, .import_max_mw = self->import};
}

static double hour_level(int32_t hour)
{
    const double day = 2.0 * 3.14159265358979323846 / 24.0;
    return 0.8 + 0.15 * sin(day * hour) + 0.05 * sin(day * hour / 6.7);
}

static sv_status start(bench *self, sv_error *err)
{
    struct stat entry;
    if (stat(self->name, &entry) == 0 && S_ISDIR(entry.st_mode))
        snprintf(self->path, sizeof self->path, "%s", self->name);
    else
        state_grid_path(self->path, sizeof self->path, self->cases, self->name);
    sv_status status = sv_grid_read(&self->grid, self->path, err);
    if (status != SV_OK)
        return status;
    const sv_grid *grid = self->grid;
    size_t n_bus = (size_t)grid->n_bus, n_col = n_bus * (SV_N_CLASS + 1) + 2 * (size_t)grid->n_storage;
    self->state = sv_state_new(grid);
    self->nothing = sv_state_new(grid);
    self->gen = calloc((size_t)grid->n_gen + 1, sizeof(double));
    self->load = calloc((size_t)grid->n_load + 1, sizeof(double));
    self->import = calloc((size_t)grid->n_interconnector + 1, sizeof(double));
    self->p_mw = calloc(n_bus + 1, sizeof(double));
    self->f_mw = calloc((size_t)grid->n_branch + 1, sizeof(double));
    self->relaxed = calloc((size_t)grid->n_branch + 1, sizeof(double));
    self->x = calloc(n_col + (size_t)grid->n_dc_line + 1, sizeof(double));
    if (self->state == NULL || self->nothing == NULL || self->gen == NULL || self->load == NULL ||
        self->import == NULL || self->p_mw == NULL || self->f_mw == NULL || self->relaxed == NULL || self->x == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    memset(self->nothing->bus_on, 0, n_bus);
    sv_balance_settings settings = sv_balance_defaults();
    status = sv_balance_new(&self->balance, grid, &settings, err);
    return status == SV_OK ? sv_dc_new(&self->dc, grid, err) : status;
}

static void stop(bench *self)
{
    sv_dc_free(&self->dc);
    sv_balance_free(&self->balance);
    sv_state_free(&self->state);
    sv_state_free(&self->nothing);
    sv_grid_free(&self->grid);
    double *const all[] = {self->gen, self->load, self->import, self->p_mw, self->f_mw, self->relaxed, self->x};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
}

/* ---- measuring ----------------------------------------------------------------------------- */

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static const char *running = ""; /* the state that the alarm names */

static void hung(int unused)
{
    (void)unused;
    static const char text[] = ": no answer within 120 s, the rest of the case is left out\n";
    if (write(STDERR_FILENO, running, strlen(running)) < 0 || write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(2);
    _exit(1);
}

typedef sv_status (*work)(bench *self, sv_balance_info *info);

/* @param[in] forget  called before each run, outside its time: factors of the state that is measured would make it free
 * @return the least time of some runs, ms */
static double least_ms(bench *self, work forget, work run, sv_balance_info *info, sv_status *status)
{
    double least = INFINITY, sum = 0.0;
    for (int k = 0; *status == SV_OK && k < MOST_RUNS && sum < ENOUGH_S && (k < LEAST_RUNS || sum < LEAST_S); k++) {
        *status = forget(self, info);
        if (*status != SV_OK)
            break;
        double begin = cpu_s();
        *status = run(self, info);
        double took = cpu_s() - begin;
        sum += took;
        least = fmin(least, took);
    }
    return 1e3 * least;
}

/* The state without a live bus differs from each other one everywhere, so that the next update does all of its work:
 * islands and a full refactor, for Svitlo and for the floor alike. */
static sv_status forget_cold(bench *self, sv_balance_info *unused)
{
    (void)unused;
    sv_balance_reset(self->balance);
    return sv_balance_update(self->balance, self->nothing);
}

static sv_status run_cold(bench *self, sv_balance_info *info)
{
    sv_balance_input input = hour_input(self);
    sv_status status = sv_balance_update(self->balance, self->state);
    return status == SV_OK ? sv_balance_solve(self->balance, &input, NULL, info) : status;
}

static void net_load(bench *self)
{
    memset(self->p_mw, 0, sizeof(double) * (size_t)self->grid->n_bus);
    for (int32_t d = 0; d < self->grid->n_load; d++)
        self->p_mw[self->grid->load[d].i_bus] -= self->load[d];
}

/* One solve and one check of the limits: what an hour costs at the very least. */
static sv_status run_hour_floor(bench *self, sv_balance_info *info)
{
    net_load(self);
    sv_dc_solve(self->dc, self->p_mw, NULL, self->f_mw);
    info->n_row = 0;
    for (int32_t l = 0; l < self->grid->n_branch; l++) {
        double rate = self->grid->branch[l].rate_a_mva;
        info->n_row += rate > 0.0 && fabs(self->f_mw[l]) > rate;
    }
    return SV_OK;
}

static sv_status forget_floor(bench *self, sv_balance_info *unused)
{
    (void)unused;
    return sv_dc_update(self->dc, self->nothing);
}

static sv_status run_floor(bench *self, sv_balance_info *info)
{
    sv_status status = sv_dc_update(self->dc, self->state);
    if (status == SV_ENUM) /* reactances that cancel: the islands are still found */
        status = SV_OK;
    return status == SV_OK ? run_hour_floor(self, info) : status;
}

/* Clp on the full-angle form, the building of the program included: it is a small part. */
static sv_status run_clp(bench *self, sv_balance_info *info)
{
    sv_arena *arena = sv_arena_new();
    sv_topology *topology = sv_topology_new(self->grid);
    sv_balance_settings settings = sv_balance_defaults();
    sv_balance_input input = hour_input(self);
    columns cols;
    bus_hour now;
    sv_status status = SV_ENOMEM;
    if (arena != NULL && topology != NULL && columns_new(&cols, self->grid, &settings, arena) &&
        hour_new(&now, self->grid, arena)) {
        angle_info angles;
        hour_set(&now, self->state, &input);
        columns_set_islands(&cols, 0, sv_topology_islands(topology, self->state)->of_bus);
        columns_set_dc_lines(&cols, self->state);
        columns_set_hour(&cols, &now, &input);
        const angle_answer answer = {.x = self->x, .f_mw = self->f_mw, .relaxed_mw = self->relaxed};
        status = angle_solve(&cols, self->state, sv_topology_islands(topology, self->state), &answer, &angles);
        *info = (sv_balance_info){.relaxed_mw = angles.relaxed_mw, .n_pivot = angles.n_pivot};
        if (status == SV_OK && angles.outcome == SV_LP_OPTIMAL)
            columns_read_shed(&cols, self->x, NULL, info);
        else
            info->outcome = SV_BALANCE_FAILED;
    }
    sv_topology_free(&topology);
    sv_arena_free(arena);
    return status;
}

/* ---- one state, one line ------------------------------------------------------------------- */

static void put_list(const char *key, const uint8_t *on, int32_t n)
{
    const char *between = "";
    printf(",\"%s\":[", key);
    for (int32_t k = 0; k < n; k++) {
        if (!on[k]) {
            printf("%s%d", between, (int)k);
            between = ",";
        }
    }
    printf("]");
}

static void put_answer(const sv_balance_info *info)
{
    static const char *const outcome[] = {"optimal", "relaxed", "failed"};
    printf("{\"outcome\":\"%s\",\"demand_mw\":%.12g,\"shed_mw\":%.12g,\"shed_class_mw\":[%.12g,%.12g,%.12g],"
           "\"relaxed_mw\":%.12g,\"rows\":%d,\"pivots\":%d}",
           outcome[info->outcome], info->demand_mw, info->shed_mw, info->shed_class_mw[0], info->shed_class_mw[1],
           info->shed_class_mw[2], info->relaxed_mw, (int)info->n_row, (int)info->n_pivot);
}

static sv_status put_hours(bench *self)
{
    printf(",\"hours\":[");
    sv_status status = SV_OK;
    for (int32_t hour = 0; status == SV_OK && hour < self->n_hour; hour++) {
        sv_balance_input input = hour_input(self);
        sv_balance_info info;
        state_hour(self->grid, hour_level(hour), self->gen, self->load, self->import);
        double begin = cpu_s();
        status = sv_balance_solve(self->balance, &input, NULL, &info);
        double ms = 1e3 * (cpu_s() - begin);
        sv_balance_info unused = {0};
        begin = cpu_s();
        run_hour_floor(self, &unused);
        printf("%s{\"level\":%.17g,\"ms\":%.6g,\"floor_ms\":%.6g,\"answer\":", hour > 0 ? "," : "", hour_level(hour),
               ms, 1e3 * (cpu_s() - begin));
        put_answer(&info);
        printf("}");
    }
    printf("]");
    return status;
}

static sv_status put_state(bench *self, const char *name, double published_mw, bool hours)
{
    sv_balance_info info = {0}, other = {0};
    sv_status status = SV_OK;
    running = name;
    alarm(HANG_S);
    state_hour(self->grid, 1.0, self->gen, self->load, self->import);
    double cold_ms = least_ms(self, forget_cold, run_cold, &info, &status);
    double floor_ms = least_ms(self, forget_floor, run_floor, &other, &status);
    if (status != SV_OK)
        return status;
    printf("{\"state\":\"%s\",\"file\":\"%s\",\"cold_ms\":%.6g,\"floor_ms\":%.6g,\"answer\":", name, self->path,
           cold_ms, floor_ms);
    put_answer(&info);
    if (published_mw >= 0.0)
        printf(",\"published_mw\":%.12g", published_mw);
    put_list("out_bus", self->state->bus_on, self->grid->n_bus);
    put_list("out_branch", self->state->branch_on, self->grid->n_branch);
    put_list("out_gen", self->state->gen_on, self->grid->n_gen);
    if (hours)
        status = put_hours(self);
    if (status == SV_OK && self->n_clp > 0) {
        self->n_clp--;
        state_hour(self->grid, 1.0, self->gen, self->load, self->import);
        double begin = cpu_s();
        status = run_clp(self, &other);
        printf(",\"clp_ms\":%.6g,\"clp\":", 1e3 * (cpu_s() - begin));
        put_answer(&other);
    }
    printf("}\n");
    fflush(stdout);
    alarm(0);
    return status;
}

static sv_status run(bench *self, sv_error *err)
{
    sv_status status = start(self, err);
    FILE *answers = status == SV_OK ? published_open(self->cases) : NULL;
    published_state published;
    bool hours = self->n_hour > 0; /* on the last published state (mix), or on the first random one */
    bool any = false;
    while (status == SV_OK && answers != NULL && published_next(answers, &published)) {
        if (strcmp(published.grid, self->name) != 0)
            continue;
        any = true;
        status = published_strike(self->state, self->cases, published.name, err);
        bool mix = strstr(published.name, "__mix__") != NULL;
        if (status == SV_OK)
            status = put_state(self, published.name, published.shed_mw, hours && mix);
        hours = hours && !mix;
    }
    if (answers != NULL)
        fclose(answers);
    for (int32_t k = 0; status == SV_OK && k < self->n_state; k++) {
        const state_kind *kind = &state_kinds[any ? k % N_STATE_KIND : (k + 4) % N_STATE_KIND];
        char name[STATE_NAME];
        snprintf(name, sizeof name, "%s-%llu", kind->name, (unsigned long long)self->seed + (unsigned)k);
        status = state_strike(self->state, self->seed + (uint64_t)k, kind);
        if (status == SV_OK)
            status = put_state(self, name, -1.0, hours);
        hours = false;
    }
    return status != SV_OK ? sv_error_set(err, status, NULL, 0, "%s: %s", self->name, sv_status_name(status)) : SV_OK;
}

int main(int argc, char **argv)
{
    bench self = {.n_state = 5, .n_hour = 200, .seed = 1};
    bool good = argc >= 3 && argc % 2 == 1;
    for (int k = 3; good && k + 1 < argc; k += 2) {
        char *end = NULL;
        int32_t value = (int32_t)strtol(argv[k + 1], &end, 10);
        good = end != argv[k + 1] && *end == '\0' && value >= 0;
        if (strcmp(argv[k], "--states") == 0)
            self.n_state = value;
        else if (strcmp(argv[k], "--hours") == 0)
            self.n_hour = value;
        else if (strcmp(argv[k], "--clp") == 0)
            self.n_clp = value;
        else if (strcmp(argv[k], "--seed") == 0)
            self.seed = (uint64_t)value;
        else
            good = false;
    }
    if (!good) {
        fprintf(stderr, "Usage: bench_balance CASES CASE|FOLDER [--states N] [--hours N] [--clp N] [--seed S]\n");
        return 2;
    }
    self.cases = argv[1];
    self.name = argv[2];
    signal(SIGALRM, hung);
    sv_error err = {0};
    sv_status status = run(&self, &err);
    if (status != SV_OK)
        fprintf(stderr, "%s\n", err.text);
    stop(&self);
    return status == SV_OK ? 0 : 1;
}
