/* Does the balance ever fail, hang or answer wrongly? Random damage states of all cases, one workspace a case, hours in a row
 * now and then. Each answer is checked by certificate.c, and each optimal one is proven by its prices (weak duality). Goes on
 * after a wrong answer, up to 20 of them; exit code 1 when there was one.
 *
 *   bench_soak CASES [--hours H] [--states N] [--seed S] [--case NAME] [--replay SEED]
 *
 * A state follows from its seed (S, S + 1, ...). Seeds come in runs of 50, each of one case from a fresh workspace; a replay
 * solves its run up to SEED. Hours of one state count as states of their own: each is a problem of its own. */
#include "certificate.h"
#include "states.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { EPOCH = 50, HOURS_IN_A_ROW = 24, HANG_S = 60, MOST_WRONG = 20, SLOW = 100 };
static const double PRIMAL_MW = 1e-3; /* breach of a primal condition that is still round-off */
static const double GAP_SHARE = 1e-6, GAP_MW = 1e-4;
static const double ROUND_OFF_SHARE =
    1e-6; /* of the demand, at the least weight: beyond it an answer counts as wrong */

/* What part of the time each case gets, and what an hour of it costs: small ones get thousands of times more states. */
static const struct {
    const char *name;
    double time_share, cost_us;
} all_cases[] = {{"case14", 0.02, 4.0},
                 {"case24_ieee_rts", 0.03, 7.0},
                 {"case39", 0.03, 10.0},
                 {"case57", 0.03, 10.0},
                 {"case118", 0.08, 45.0},
                 {"case300", 0.06, 47.0},
                 {"case_ACTIVSg200", 0.06, 33.0},
                 {"country", 0.12, 170.0},
                 {"case1354pegase", 0.12, 1270.0},
                 {"pglib1354", 0.10, 1250.0},
                 {"case_ACTIVSg2000", 0.10, 4260.0},
                 {"case2383wp", 0.09, 2600.0},
                 {"case2869pegase", 0.09, 4480.0},
                 {"case9241pegase", 0.07, 37000.0}};
enum { N_CASE = sizeof all_cases / sizeof all_cases[0] };

typedef struct {
    int64_t n_hour, n_relaxed, n_proven, n_loose, n_slow; /* slow: at 100 times the cost of an hour */
    double took_s, worst_breach_mw, worst_gap, slowest_ms;
    uint64_t slowest_seed, loose_seed;
} tally;

typedef struct {
    bool missing;
    sv_grid *grid;
    sv_state *state;
    sv_balance *balance;
    certifier *certifier;
    tally count;
    double *gen, *load, *import, *gen_out, *served, *import_out, *dc_line, *flow; /* one hour and its answer */
    double *bus_price, *branch_price;
} workplace;

typedef struct {
    const char *cases, *only;
    double most_s;
    int64_t most_states;
    uint64_t seed;
    workplace place[N_CASE];
    int64_t n_hour, epoch;
    int i_case, n_wrong; /* of this run of seeds; so far */
} soak;

static volatile sig_atomic_t hang_seed_low; /* what the alarm names: seeds below 2^31 */

static void hung(int unused)
{
    (void)unused;
    char text[] = "HUNG: more than 60 s for one state; replay seed 0000000000\n";
    unsigned value = (unsigned)hang_seed_low;
    for (size_t at = sizeof text - 3; text[at] == '0'; at--, value /= 10)
        text[at] = (char)('0' + value % 10);
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(2);
    _exit(1);
}

/* Time of the process, which others on the machine do not stretch. 0 = none. */
static void set_alarm(int s)
{
    const struct itimerval in = {.it_value = {.tv_sec = s}};
    setitimer(ITIMER_VIRTUAL, &in, NULL);
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double uniform(uint64_t seed, uint32_t what, uint32_t k)
{
    return sv_draw(seed, 7, SV_DRAW_TEST, what, k).u[0];
}

/* ---- cases --------------------------------------------------------------------------------- */

static double *numbers(int64_t n)
{
    return calloc((size_t)n + 1, sizeof(double));
}

static bool take_memory(workplace *self)
{
    const sv_grid *grid = self->grid;
    self->state = sv_state_new(grid);
    self->certifier = certifier_new(grid);
    self->gen = numbers(grid->n_gen);
    self->gen_out = numbers(grid->n_gen);
    self->load = numbers(grid->n_load);
    self->served = numbers(grid->n_load);
    self->import = numbers(grid->n_interconnector);
    self->import_out = numbers(grid->n_interconnector);
    self->dc_line = numbers(grid->n_dc_line);
    self->flow = numbers(grid->n_branch);
    self->branch_price = numbers(grid->n_branch);
    self->bus_price = numbers(grid->n_bus);
    return self->state != NULL && self->certifier != NULL && self->gen != NULL && self->gen_out != NULL &&
           self->load != NULL && self->served != NULL && self->import != NULL && self->import_out != NULL &&
           self->dc_line != NULL && self->flow != NULL && self->branch_price != NULL && self->bus_price != NULL;
}

static void close_place(workplace *self)
{
    double *const all[] = {self->gen,        self->gen_out, self->load, self->served,    self->import,
                           self->import_out, self->dc_line, self->flow, self->bus_price, self->branch_price};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    certifier_free(&self->certifier);
    sv_balance_free(&self->balance);
    sv_state_free(&self->state);
    sv_grid_free(&self->grid);
}

static sv_status open_place(const soak *self, int k, workplace *place, sv_error *err)
{
    char path[STATE_PATH];
    if (strcmp(all_cases[k].name, "country") == 0)
        snprintf(path, sizeof path, "examples/country-300");
    else
        state_grid_path(path, sizeof path, self->cases, all_cases[k].name);
    place->missing = access(path, R_OK) != 0;
    if (place->missing) {
        printf("%s: left out, no %s\n", all_cases[k].name, path);
        return SV_OK;
    }
    sv_status status = sv_grid_read(&place->grid, path, err);
    if (status == SV_OK && !take_memory(place))
        status = sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    sv_balance_settings settings = sv_balance_defaults();
    return status == SV_OK ? sv_balance_new(&place->balance, place->grid, &settings, err) : status;
}

static int draw_case(const soak *self, uint64_t seed)
{
    double sum = 0.0, u = uniform(seed / EPOCH, 0, 0);
    for (int k = 0; k < N_CASE; k++) {
        if (self->only != NULL && strcmp(all_cases[k].name, self->only) == 0)
            return k;
        sum += all_cases[k].time_share / all_cases[k].cost_us;
    }
    int k = 0;
    for (u *= sum; k + 1 < N_CASE && u >= all_cases[k].time_share / all_cases[k].cost_us; k++)
        u -= all_cases[k].time_share / all_cases[k].cost_us;
    return k;
}

/* ---- one state ----------------------------------------------------------------------------- */

static sv_status draw_damage(sv_state *state, uint64_t seed)
{
    double kind = uniform(seed, 1, 0);
    if (kind < 0.25)
        return state_strike(state, seed, &state_kinds[(int)(4.0 * N_STATE_KIND * kind)]);
    if (kind < 0.60) { /* any severity up to 60 per cent, mild ones more often */
        double u[3];
        for (uint32_t k = 0; k < 3; k++)
            u[k] = uniform(seed, 2, k);
        state_kind any = {"any", 0.6 * u[0] * u[0], 0.3 * u[1] * u[1] * u[1], 0.6 * u[2] * u[2]};
        return state_strike(state, seed, &any);
    }
    if (kind < 0.80)
        return state_strike_region(state, seed, 0.5 * uniform(seed, 2, 0));
    if (kind < 0.84) { /* all of one table, or of all */
        double what = 4.0 * uniform(seed, 2, 0);
        state_kind all = {"all", what < 1.0 || what >= 3.0, (what >= 1.0 && what < 2.0) || what >= 3.0, what >= 2.0};
        return state_strike(state, seed, &all);
    }
    if (kind < 0.88) { /* nothing */
        sv_state_reset(state);
        return SV_OK;
    }
    for (uint32_t k = 0; k < 5; k++) { /* some steps on from the state before: damage and repair */
        const sv_grid *grid = state->grid;
        int32_t l = (int32_t)(uniform(seed, 3, k) * grid->n_branch), g = (int32_t)(uniform(seed, 4, k) * grid->n_gen);
        if (grid->n_branch > 0)
            state->branch_on[l] = !state->branch_on[l] && grid->branch[l].in_service;
        if (grid->n_gen > 0)
            state->gen_on[g] = !state->gen_on[g] && grid->gen[g].in_service;
    }
    return SV_OK;
}

/* Every load at its own level around the hour's; every unit with what it may have. */
static void draw_hour(workplace *place, uint64_t seed, uint32_t hour)
{
    double level = 0.2 + 1.1 * uniform(seed, 5, hour), spread = 0.4 * uniform(seed, 6, 0);
    bool weather = uniform(seed, 6, 1) < 0.5;
    state_hour(place->grid, level, place->gen, place->load, place->import);
    for (int32_t d = 0; d < place->grid->n_load; d++)
        place->load[d] *= 1.0 + spread * (uniform(seed, 100 + hour, (uint32_t)d) - 0.5);
    for (int32_t g = 0; weather && g < place->grid->n_gen; g++)
        place->gen[g] *= fmin(1.0, 1.5 * uniform(seed, 200 + hour, (uint32_t)g));
}

static bool check(workplace *place, const sv_balance_input *input, const sv_balance_result *result,
                  const sv_balance_info *info, uint64_t seed)
{
    sv_balance_settings settings = sv_balance_defaults();
    tally *count = &place->count;
    answer of = {.state = place->state,
                 .input = input,
                 .result = result,
                 .info = info,
                 .weight = settings.weight,
                 .bus_price = place->bus_price,
                 .branch_price = place->branch_price};
    of.n_relaxed = sv_balance_relaxed(place->balance, &of.relaxed, &of.relaxed_mw);
    sv_balance_prices(place->balance, place->bus_price, place->branch_price);
    certificate found;
    certify(place->certifier, &of, &found);
    count->worst_breach_mw = fmax(count->worst_breach_mw, found.breach_mw);
    if (info->outcome == SV_BALANCE_FAILED) {
        printf("FAILED: the balance found no answer\n");
        return false;
    }
    if (!(found.breach_mw <= PRIMAL_MW)) {
        printf("WRONG: %s %d by %g MW\n", found.breach, (int)found.at, found.breach_mw);
        return false;
    }
    count->n_relaxed += info->outcome == SV_BALANCE_RELAXED;
    if (info->outcome == SV_BALANCE_RELAXED)
        return true;
    double least = fmin(fmin(settings.weight[0], settings.weight[1]), settings.weight[2]);
    double gap = fabs(found.harm - found.bound) + found.residual_harm;
    double allowed = fmax(GAP_SHARE * found.harm, GAP_MW * least);
    count->worst_gap = fmax(count->worst_gap, gap);
    count->n_proven += gap <= allowed;
    if (gap <= allowed)
        return true;
    count->n_loose++;
    count->loose_seed = seed;
    if (gap <= fmax(allowed, ROUND_OFF_SHARE * least * info->demand_mw))
        return true;
    printf("WRONG: harm %.9g, bound %.9g, error of the bound up to %g\n", found.harm, found.bound, found.residual_harm);
    return false;
}

static bool solve_hours(soak *self, int k, uint64_t seed)
{
    workplace *place = &self->place[k];
    uint32_t n_hour = uniform(seed, 8, 0) < 0.05 ? HOURS_IN_A_ROW : 1;
    for (uint32_t hour = 0; hour < n_hour; hour++) {
        draw_hour(place, seed, hour);
        sv_balance_input input = {.gen_max_mw = place->gen, .load_mw = place->load, .import_max_mw = place->import};
        sv_balance_result result = {.gen_mw = place->gen_out,
                                    .served_mw = place->served,
                                    .import_mw = place->import_out,
                                    .dc_line_mw = place->dc_line,
                                    .branch_mw = place->flow};
        sv_balance_info info;
        hang_seed_low = (sig_atomic_t)(seed & 0x7fffffff);
        set_alarm(HANG_S);
        double begin = cpu_s();
        sv_status status = hour == 0 ? sv_balance_update(place->balance, place->state) : SV_OK;
        if (status == SV_OK)
            status = sv_balance_solve(place->balance, &input, &result, &info);
        double ms = 1e3 * (cpu_s() - begin);
        set_alarm(0);
        self->n_hour++;
        place->count.n_hour++;
        place->count.n_slow += ms > 10.0 && 1e3 * ms > SLOW * all_cases[k].cost_us;
        if (ms > place->count.slowest_ms) {
            place->count.slowest_ms = ms;
            place->count.slowest_seed = seed;
        }
        if (status != SV_OK)
            printf("FAILED: %s\n", sv_status_name(status));
        if (status != SV_OK || !check(place, &input, &result, &info, seed)) {
            printf("  case %s, hour %u, seed %llu: --replay %llu%s%s\n", all_cases[k].name, (unsigned)hour,
                   (unsigned long long)seed, (unsigned long long)seed, self->only != NULL ? " --case " : "",
                   self->only != NULL ? self->only : "");
            fflush(stdout);
            return false;
        }
    }
    return true;
}

/* @return false: the case cannot be read. What is wrong with answers is counted. */
static bool run_state(soak *self, uint64_t seed, sv_error *err)
{
    int64_t epoch = (int64_t)(seed / EPOCH);
    bool fresh = epoch != self->epoch;
    if (fresh)
        self->i_case = draw_case(self, seed);
    self->epoch = epoch;
    workplace *place = &self->place[self->i_case];
    if (place->grid == NULL && !place->missing && open_place(self, self->i_case, place, err) != SV_OK) {
        printf("%s\n", err->text);
        return false;
    }
    if (place->missing)
        return true;
    if (fresh) {
        sv_balance_reset(place->balance);
        sv_state_reset(place->state);
    }
    double begin = sv_clock_s();
    if (draw_damage(place->state, seed) != SV_OK)
        return false;
    self->n_wrong += !solve_hours(self, self->i_case, seed);
    place->count.took_s += sv_clock_s() - begin;
    return true;
}

static void report(const soak *self, double took_s, bool by_case)
{
    tally all = {0};
    int slowest = 0;
    if (by_case)
        printf("%-16s %9s %8s %8s %9s %6s %6s %9s %9s %9s %s\n", "", "states", "states/s", "relaxed", "proven", "loose",
               "slow", "breach MW", "gap", "slowest", "ms, seed; last loose seed");
    for (int k = 0; k < N_CASE; k++) {
        const tally *own = &self->place[k].count;
        if (by_case && own->n_hour > 0)
            printf("%-16s %9lld %8.0f %8lld %9lld %6lld %6lld %9.1e %9.1e %9.1f %llu; %llu\n", all_cases[k].name,
                   (long long)own->n_hour, (double)own->n_hour / own->took_s, (long long)own->n_relaxed,
                   (long long)own->n_proven, (long long)own->n_loose, (long long)own->n_slow, own->worst_breach_mw,
                   own->worst_gap, own->slowest_ms, (unsigned long long)own->slowest_seed,
                   (unsigned long long)own->loose_seed);
        all.n_relaxed += own->n_relaxed;
        all.n_proven += own->n_proven;
        all.n_loose += own->n_loose;
        all.worst_breach_mw = fmax(all.worst_breach_mw, own->worst_breach_mw);
        all.worst_gap = fmax(all.worst_gap, own->worst_gap);
        slowest = own->slowest_ms > self->place[slowest].count.slowest_ms ? k : slowest;
    }
    const tally *late = &self->place[slowest].count;
    printf(
        "%lld states in %.0f s, %.0f states/s (%.2f million an hour); %lld relaxed, %lld proven within the gap, %lld "
        "loosely, %d wrong; worst breach %.2g MW, worst gap %.2g; slowest %.1f ms (%s, seed %llu)\n",
        (long long)self->n_hour, took_s, (double)self->n_hour / took_s, 3.6e-3 * (double)self->n_hour / took_s,
        (long long)all.n_relaxed, (long long)all.n_proven, (long long)all.n_loose, self->n_wrong, all.worst_breach_mw,
        all.worst_gap, late->slowest_ms, all_cases[slowest].name, (unsigned long long)late->slowest_seed);
    fflush(stdout);
}

static bool run(soak *self, bool replay)
{
    sv_error err = {0};
    double begin = sv_clock_s(), said = begin;
    bool good = true;
    self->epoch = -1;
    uint64_t seed = replay ? self->seed - self->seed % EPOCH : self->seed;
    for (; good && self->n_wrong < MOST_WRONG; seed++) {
        double now = sv_clock_s();
        if (!replay && ((self->most_states > 0 && self->n_hour >= self->most_states) || now - begin > self->most_s))
            break;
        if (replay && seed > self->seed)
            break;
        good = run_state(self, seed, &err);
        if (now - said > 60.0) {
            said = now;
            report(self, now - begin, false);
        }
    }
    report(self, sv_clock_s() - begin, true);
    return good && self->n_wrong == 0;
}

int main(int argc, char **argv)
{
    soak self = {.most_s = 3600.0, .seed = 1};
    bool good = argc >= 2 && argc % 2 == 0, replay = false;
    for (int k = 2; good && k + 1 < argc; k += 2) {
        const char *value = argv[k + 1];
        if (strcmp(argv[k], "--hours") == 0)
            self.most_s = 3600.0 * strtod(value, NULL);
        else if (strcmp(argv[k], "--states") == 0)
            self.most_states = strtoll(value, NULL, 10);
        else if (strcmp(argv[k], "--seed") == 0)
            self.seed = strtoull(value, NULL, 10);
        else if (strcmp(argv[k], "--case") == 0)
            self.only = value;
        else if (strcmp(argv[k], "--replay") == 0) {
            self.seed = strtoull(value, NULL, 10);
            replay = true;
        } else
            good = false;
    }
    if (!good) {
        fprintf(stderr, "Usage: bench_soak CASES [--hours H] [--states N] [--seed S] [--case NAME] [--replay SEED]\n");
        return 2;
    }
    self.cases = argv[1];
    signal(SIGVTALRM, hung);
    good = run(&self, replay);
    for (int k = 0; k < N_CASE; k++)
        close_place(&self.place[k]);
    return good ? 0 : 1;
}
