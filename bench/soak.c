/* Does the balance ever fail, hang or answer wrongly? Random damage states of all cases, one workspace a case, hours in a row
 * now and then; hours load by load and by profile, with storage and without, several sets of weights. Each answer is checked
 * by certificate.c, and each optimal one is proven by its prices (weak duality). Of hours that relax limits the least total
 * is proven by a program of another engine (relaxation.c); that the harm is the least with that total is not: balance.py
 * compares it with HiGHS. Goes on after a wrong answer, up to 20 of them.
 *
 *   bench_soak CASES [--hours H] [--states N] [--seed S] [--case NAME] [--replay SEED]
 *
 * A damage state follows from its seed. Seeds come in runs of 50, each of one case, one set of weights and from a fresh
 * workspace; a soak starts with the run of S (default 0), a replay solves its run up to SEED. One state in twenty has 24
 * hours: states and hours are counted apart. An hour enters the program when its copper plate breaks a limit.
 * Exit code: 0 all is right, 1 something is wrong or nothing was solved, 2 usage or no such case. */
#include "certificate.h"
#include "draws.h"
#include "relaxation.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { RUN = 50, HOURS_IN_A_ROW = 24, HANG_S = 60, MOST_WRONG = 20, SLOW = 100 };
static const double PRIMAL_MW =
    1e-4; /* breach of a primal condition that is still round-off: ten times what is promised */
static const double GAP_SHARE = 1e-6, GAP_MW = 1e-4;
static const double ROUND_OFF_SHARE =
    1e-6; /* of the demand, at the least weight: beyond it an answer counts as wrong */

/* What part of the time each case gets, and what an hour of it costs: small ones get thousands of times more states. Those
 * without limits (case14, case57, case300) and those of three buses get little: hardly one of their hours is hard. */
static const struct {
    const char *name, *file; /* file in CASES; NULL = as damage/answers.csv names it */
    double time_share, cost_us;
} all_cases[] = {{"case14", NULL, 0.002, 5.0},
                 {"case24_ieee_rts", NULL, 0.04, 8.0},
                 {"case39", NULL, 0.04, 12.0},
                 {"case57", NULL, 0.003, 12.0},
                 {"case118", NULL, 0.09, 50.0},
                 {"case300", NULL, 0.01, 60.0},
                 {"case_ACTIVSg200", NULL, 0.06, 40.0},
                 {"country", NULL, 0.12, 170.0},
                 {"rts-gmlc", "rts-gmlc/SourceData", 0.05, 20.0},
                 {"shift5", "traps/shift5.m", 0.003, 10.0},
                 {"shift30", "traps/shift30.m", 0.02, 300.0},
                 {"xneg", "traps/xneg.m", 0.003, 10.0},
                 {"xnegcancel", "traps/xnegcancel.m", 0.003, 10.0},
                 {"case1354pegase", NULL, 0.12, 1270.0},
                 {"pglib1354", NULL, 0.10, 1250.0},
                 {"case_ACTIVSg2000", NULL, 0.10, 4260.0},
                 {"case2383wp", NULL, 0.09, 2600.0},
                 {"case2869pegase", NULL, 0.09, 4480.0},
                 {"case9241pegase", NULL, 0.056, 37000.0}};
enum { N_CASE = sizeof all_cases / sizeof all_cases[0] };

typedef struct {
    int64_t n_state, n_hour, n_program;      /* hours that entered the program */
    int64_t n_relaxed, n_proven, n_loose;    /* hours */
    int64_t n_profile, n_storage, n_weights; /* hours by profile, with storage, with weights other than the usual */
    int64_t n_slow;                          /* at 100 times the cost of an hour */
    double took_s, worst_breach_mw, slowest_ms;
    double worst_gap_mw; /* of the least weight */
    uint64_t slowest_seed, loose_seed;
} tally;

typedef struct {
    bool missing;
    sv_grid *grid;
    sv_state *state;
    sv_balance *usual, *other; /* weights by default; the run's own, NULL = the run has those by default */
    double weight[SV_N_CLASS]; /* of this run */
    certifier *certifier;
    tally count;
    draws drawn;
    double *gen, *served, *import, *storage, *dc_line, *flow; /* the answer */
    sv_shed *shed;
    double *bus_price, *branch_price;
} workplace;

typedef struct {
    const char *cases, *only;
    double most_s;
    int64_t most_states;
    uint64_t seed;
    workplace place[N_CASE];
    int64_t n_state, run;
    int i_case, n_wrong; /* of this run of seeds; so far */
} soak;

static volatile sig_atomic_t hang_seed_low; /* what the alarm names: seeds below 2^31 */

static void hung(int unused)
{
    (void)unused;
    char text[] = "HUNG: more than 60 s for one hour; replay seed 0000000000\n";
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

/* ---- cases --------------------------------------------------------------------------------- */

static double *numbers(int64_t n)
{
    return calloc((size_t)n + 1, sizeof(double));
}

static bool take_memory(workplace *self)
{
    const sv_grid *grid = self->grid;
    bool drawn = draws_new(&self->drawn, grid);
    self->state = sv_state_new(grid);
    self->certifier = certifier_new(grid);
    self->gen = numbers(grid->n_gen);
    self->served = numbers(grid->n_load);
    self->import = numbers(grid->n_interconnector);
    self->storage = numbers(grid->n_storage);
    self->dc_line = numbers(grid->n_dc_line);
    self->flow = numbers(grid->n_branch);
    self->shed = calloc((size_t)grid->n_load + 1, sizeof(sv_shed));
    self->branch_price = numbers(grid->n_branch);
    self->bus_price = numbers(grid->n_bus);
    return drawn && self->state != NULL && self->certifier != NULL && self->gen != NULL && self->served != NULL &&
           self->import != NULL && self->storage != NULL && self->dc_line != NULL && self->flow != NULL &&
           self->shed != NULL && self->branch_price != NULL && self->bus_price != NULL;
}

static void close_place(workplace *self)
{
    void *const all[] = {self->gen,  self->served, self->import,    self->storage,     self->dc_line,
                         self->flow, self->shed,   self->bus_price, self->branch_price};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    draws_free(&self->drawn);
    certifier_free(&self->certifier);
    sv_balance_free(&self->usual);
    sv_balance_free(&self->other);
    sv_state_free(&self->state);
    sv_grid_free(&self->grid);
}

static void case_path(const soak *self, int k, char path[STATE_PATH])
{
    if (strcmp(all_cases[k].name, "country") == 0)
        snprintf(path, STATE_PATH, "examples/country-300");
    else if (all_cases[k].file != NULL)
        snprintf(path, STATE_PATH, "%s/%s", self->cases, all_cases[k].file);
    else
        state_grid_path(path, STATE_PATH, self->cases, all_cases[k].name);
}

/* Which cases are there. @return false, with a word why, when the one asked for is not, or none of the folder's */
static bool find_cases(soak *self)
{
    char path[STATE_PATH], missing[STATE_PATH] = "";
    bool known = false;
    int n_there = 0;
    for (int k = 0; k < N_CASE; k++) {
        if (self->only != NULL && strcmp(all_cases[k].name, self->only) != 0)
            continue;
        known = true;
        case_path(self, k, path);
        self->place[k].missing = access(path, R_OK) != 0;
        n_there += !self->place[k].missing && (self->only != NULL || strcmp(all_cases[k].name, "country") != 0);
        if (self->place[k].missing)
            memcpy(missing, path, sizeof missing);
    }
    if (!known) {
        fprintf(stderr, "no case is called %s; accepted:", self->only);
        for (int k = 0; k < N_CASE; k++)
            fprintf(stderr, " %s", all_cases[k].name);
        fprintf(stderr, "\n");
    } else if (n_there == 0) {
        fprintf(stderr, "%s: no case to solve there, %s for one is missing\n", self->cases, missing);
    }
    for (int k = 0; n_there > 0 && k < N_CASE; k++)
        if (self->place[k].missing)
            printf("%s: left out, it is not there\n", all_cases[k].name);
    return n_there > 0;
}

static sv_status open_place(const soak *self, int k, workplace *place, sv_error *err)
{
    char path[STATE_PATH];
    case_path(self, k, path);
    sv_status status = sv_grid_read(&place->grid, path, err);
    if (status == SV_OK && !take_memory(place))
        status = sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    sv_balance_settings settings = sv_balance_defaults();
    return status == SV_OK ? sv_balance_new(&place->usual, place->grid, &settings, err) : status;
}

static int draw_case(const soak *self, uint64_t run)
{
    double sum = 0.0, u = draw_uniform(run, 0, 0);
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

/* A workspace as if new: the usual one by its reset, one of other weights indeed new. */
static sv_status begin_run(workplace *place, uint64_t run, sv_error *err)
{
    sv_balance_settings settings = sv_balance_defaults();
    bool usual = draw_weights(place->weight, run);
    sv_state_reset(place->state);
    sv_balance_free(&place->other);
    sv_balance_reset(place->usual);
    memcpy(settings.weight, place->weight, sizeof settings.weight);
    return usual ? SV_OK : sv_balance_new(&place->other, place->grid, &settings, err);
}

/* ---- one state ----------------------------------------------------------------------------- */

static bool check_relaxation(const workplace *place, const sv_balance_input *whole, const sv_balance_info *info)
{
    double least_mw = NAN;
    bool solved = least_relaxation(place->state, whole, &least_mw);
    if (solved && least_mw > GAP_MW && fabs(info->relaxed_mw - least_mw) <= 10.0 * PRIMAL_MW + GAP_SHARE * least_mw)
        return true;
    printf("WRONG: limits relaxed by %.9g MW, %.9g must be\n", info->relaxed_mw, least_mw);
    return false;
}

static bool check_gap(workplace *place, const certificate *found, double demand_mw, uint64_t seed)
{
    tally *count = &place->count;
    double least = fmin(fmin(place->weight[0], place->weight[1]), place->weight[2]);
    double gap = fabs(found->harm - found->bound) + found->residual_harm;
    double allowed = fmax(GAP_SHARE * found->harm, GAP_MW * least);
    count->worst_gap_mw = fmax(count->worst_gap_mw, gap / least);
    count->n_proven += gap <= allowed;
    if (gap <= allowed)
        return true;
    count->n_loose++;
    count->loose_seed = seed;
    if (gap <= fmax(allowed, ROUND_OFF_SHARE * least * demand_mw))
        return true;
    printf("WRONG: harm %.9g, bound %.9g, error of the bound up to %g\n", found->harm, found->bound,
           found->residual_harm);
    return false;
}

static bool check(workplace *place, sv_balance *balance, const sv_balance_result *result, const sv_balance_info *info,
                  uint64_t seed)
{
    const sv_balance_input whole = draws_input(&place->drawn, true);
    tally *count = &place->count;
    if (info->outcome == SV_BALANCE_FAILED) {
        printf("FAILED: the balance found no answer\n");
        return false;
    }
    answer of = {.state = place->state,
                 .input = &whole,
                 .result = result,
                 .info = info,
                 .weight = place->weight,
                 .bus_price = place->bus_price,
                 .branch_price = place->branch_price};
    of.n_relaxed = sv_balance_relaxed(balance, &of.relaxed, &of.relaxed_mw);
    sv_balance_prices(balance, place->bus_price, place->branch_price);
    certificate found;
    certify(place->certifier, &of, &found);
    count->worst_breach_mw = fmax(count->worst_breach_mw, found.breach_mw);
    if (!(found.breach_mw <= PRIMAL_MW)) {
        printf("WRONG: %s %d by %g MW\n", found.breach, (int)found.at, found.breach_mw);
        return false;
    }
    count->n_relaxed += info->outcome == SV_BALANCE_RELAXED;
    if (info->outcome == SV_BALANCE_RELAXED)
        return check_relaxation(place, &whole, info);
    return check_gap(place, &found, info->demand_mw, seed);
}

static void count_hour(workplace *place, const sv_balance_info *info, double ms, double cost_us, uint64_t seed)
{
    tally *count = &place->count;
    count->n_hour++;
    count->n_program += info->n_row > 0;
    count->n_profile += place->drawn.by_profile;
    count->n_storage += place->drawn.with_storage;
    count->n_weights += place->other != NULL;
    count->n_slow += ms > 10.0 && 1e3 * ms > SLOW * cost_us;
    if (ms > count->slowest_ms) {
        count->slowest_ms = ms;
        count->slowest_seed = seed;
    }
}

/* @return false: something is wrong with it */
static bool solve_hour(workplace *place, double cost_us, uint64_t seed, uint32_t hour)
{
    sv_balance *balance = place->other != NULL ? place->other : place->usual;
    draw_hour(&place->drawn, hour);
    const sv_balance_input input = draws_input(&place->drawn, false);
    const sv_balance_result result = {.shed = place->drawn.with_shed_list ? place->shed : NULL,
                                      .gen_mw = place->gen,
                                      .served_mw = place->served,
                                      .import_mw = place->import,
                                      .storage_mw = place->storage,
                                      .dc_line_mw = place->dc_line,
                                      .branch_mw = place->flow};
    sv_balance_info info = {0};
    hang_seed_low = (sig_atomic_t)(seed & 0x7fffffff);
    set_alarm(HANG_S);
    double begin = cpu_s();
    sv_status status = hour == 0 ? sv_balance_update(balance, place->state) : SV_OK;
    if (status == SV_OK)
        status = sv_balance_solve(balance, &input, &result, &info);
    count_hour(place, &info, 1e3 * (cpu_s() - begin), cost_us, seed);
    if (status != SV_OK)
        printf("FAILED: %s\n", sv_status_name(status));
    bool good = status == SV_OK && check(place, balance, &result, &info, seed);
    set_alarm(0);
    return good;
}

static bool solve_hours(soak *self, int k, uint64_t seed)
{
    workplace *place = &self->place[k];
    uint32_t n_hour = draw_uniform(seed, 8, 0) < 0.05 ? HOURS_IN_A_ROW : 1;
    draw_kinds(&place->drawn, seed);
    sv_balance *balance = place->other != NULL ? place->other : place->usual;
    if (place->drawn.by_profile &&
        sv_balance_set_profiles(balance, place->drawn.base_mw, place->drawn.i_profile) != SV_OK) {
        printf("FAILED: profiles refused\n");
        return false;
    }
    self->n_state++;
    place->count.n_state++;
    for (uint32_t hour = 0; hour < n_hour; hour++)
        if (!solve_hour(place, all_cases[k].cost_us, seed, hour)) {
            printf("  case %s, hour %u, weights %g %g %g%s%s: --replay %llu%s%s\n", all_cases[k].name, (unsigned)hour,
                   place->weight[0], place->weight[1], place->weight[2], place->drawn.by_profile ? ", by profile" : "",
                   place->drawn.with_storage ? ", with storage" : "", (unsigned long long)seed,
                   self->only != NULL ? " --case " : "", self->only != NULL ? self->only : "");
            return false;
        }
    return true;
}

/* What is wrong with answers is counted. */
static sv_status run_state(soak *self, uint64_t seed, sv_error *err)
{
    int64_t run = (int64_t)(seed / RUN);
    bool fresh = run != self->run;
    if (fresh)
        self->i_case = draw_case(self, seed / RUN);
    self->run = run;
    workplace *place = &self->place[self->i_case];
    if (place->missing)
        return SV_OK;
    sv_status status = place->grid == NULL ? open_place(self, self->i_case, place, err) : SV_OK;
    double begin = sv_clock_s();
    if (status == SV_OK && fresh)
        status = begin_run(place, seed / RUN, err);
    if (status == SV_OK)
        status = draw_damage(place->state, seed);
    if (status == SV_OK) {
        self->n_wrong += !solve_hours(self, self->i_case, seed);
        place->count.took_s += sv_clock_s() - begin;
    }
    return status;
}

/* ---- report -------------------------------------------------------------------------------- */

static double percent(int64_t part, int64_t whole)
{
    return whole > 0 ? 100.0 * (double)part / (double)whole : 0.0;
}

static void report_case(const char *name, const tally *own)
{
    printf("%-16s %9lld %9lld %8.0f %7.2f%% %8lld %9lld %6lld %6lld %9.1e %9.1e %9.1f %llu; %llu\n", name,
           (long long)own->n_state, (long long)own->n_hour, (double)own->n_hour / own->took_s,
           percent(own->n_program, own->n_hour), (long long)own->n_relaxed, (long long)own->n_proven,
           (long long)own->n_loose, (long long)own->n_slow, own->worst_breach_mw, own->worst_gap_mw, own->slowest_ms,
           (unsigned long long)own->slowest_seed, (unsigned long long)own->loose_seed);
}

static void add(tally *all, const tally *own)
{
    all->n_state += own->n_state;
    all->n_hour += own->n_hour;
    all->n_program += own->n_program;
    all->n_relaxed += own->n_relaxed;
    all->n_proven += own->n_proven;
    all->n_loose += own->n_loose;
    all->n_profile += own->n_profile;
    all->n_storage += own->n_storage;
    all->n_weights += own->n_weights;
    all->worst_breach_mw = fmax(all->worst_breach_mw, own->worst_breach_mw);
    all->worst_gap_mw = fmax(all->worst_gap_mw, own->worst_gap_mw);
}

static void report(const soak *self, double took_s, bool by_case)
{
    tally all = {0};
    int slowest = 0, n_case = 0;
    if (by_case)
        printf("%-16s %9s %9s %8s %8s %8s %9s %6s %6s %9s %9s %9s %s\n", "", "states", "hours", "hours/s", "program",
               "relaxed", "proven", "loose", "slow", "breach MW", "gap MW", "slowest", "ms, seed; last loose seed");
    for (int k = 0; k < N_CASE; k++) {
        const tally *own = &self->place[k].count;
        if (by_case && own->n_hour > 0)
            report_case(all_cases[k].name, own);
        add(&all, own);
        n_case += own->n_hour > 0;
        slowest = own->slowest_ms > self->place[slowest].count.slowest_ms ? k : slowest;
    }
    const tally *late = &self->place[slowest].count;
    printf("%lld damage states of %d cases in %.0f s (%.2f million an hour), %lld hours of them; of the hours %.1f %% "
           "entered the program (%lld), %.0f %% by profile, %.0f %% with storage, %.0f %% with other weights\n",
           (long long)all.n_state, n_case, took_s, 3.6e-3 * (double)all.n_state / took_s, (long long)all.n_hour,
           percent(all.n_program, all.n_hour), (long long)all.n_program, percent(all.n_profile, all.n_hour),
           percent(all.n_storage, all.n_hour), percent(all.n_weights, all.n_hour));
    printf("%lld hours relaxed, %lld proven within the gap, %lld loosely, %d states wrong; worst breach %.2g MW, worst "
           "gap "
           "%.2g MW of the least weight; slowest %.1f ms (%s, seed %llu)\n",
           (long long)all.n_relaxed, (long long)all.n_proven, (long long)all.n_loose, self->n_wrong,
           all.worst_breach_mw, all.worst_gap_mw, late->slowest_ms, all_cases[slowest].name,
           (unsigned long long)late->slowest_seed);
    fflush(stdout);
}

/* @return all that was solved is right, and something was */
static bool run(soak *self, bool replay)
{
    sv_error err = {0};
    double begin = sv_clock_s(), said = begin;
    sv_status status = SV_OK;
    self->run = -1;
    for (uint64_t seed = self->seed - self->seed % RUN; status == SV_OK && self->n_wrong < MOST_WRONG; seed++) {
        double now = sv_clock_s();
        if (!replay && ((self->most_states > 0 && self->n_state >= self->most_states) || now - begin > self->most_s))
            break;
        if (replay && seed > self->seed)
            break;
        status = run_state(self, seed, &err);
        if (now - said > 60.0) {
            said = now;
            report(self, now - begin, false);
        }
    }
    report(self, sv_clock_s() - begin, true);
    if (status != SV_OK)
        fprintf(stderr, "%s\n", err.text[0] != '\0' ? err.text : sv_status_name(status));
    else if (self->n_state == 0)
        fprintf(stderr, "no state was solved\n");
    return status == SV_OK && self->n_wrong == 0 && self->n_state > 0;
}

static bool read_options(soak *self, int argc, char **argv, bool *replay)
{
    bool good = argc >= 2 && argc % 2 == 0 && argv[1][0] != '-';
    for (int k = 2; good && k + 1 < argc; k += 2) {
        const char *value = argv[k + 1];
        char *end = NULL;
        if (strcmp(argv[k], "--hours") == 0)
            self->most_s = 3600.0 * strtod(value, &end);
        else if (strcmp(argv[k], "--states") == 0)
            self->most_states = strtoll(value, &end, 10);
        else if (strcmp(argv[k], "--seed") == 0 || strcmp(argv[k], "--replay") == 0)
            self->seed = strtoull(value, &end, 10);
        else if (strcmp(argv[k], "--case") == 0)
            self->only = value;
        else
            good = false;
        *replay = *replay || strcmp(argv[k], "--replay") == 0;
        good = good && (end == NULL || (end != value && *end == '\0'));
    }
    return good;
}

int main(int argc, char **argv)
{
    static soak self = {.most_s = 3600.0};
    bool replay = false;
    if (!read_options(&self, argc, argv, &replay)) {
        fprintf(stderr, "Usage: bench_soak CASES [--hours H] [--states N] [--seed S] [--case NAME] [--replay SEED]\n");
        return 2;
    }
    self.cases = argv[1];
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGVTALRM, hung);
    if (!find_cases(&self))
        return 2;
    bool good = run(&self, replay);
    for (int k = 0; k < N_CASE; k++)
        close_place(&self.place[k]);
    return good ? 0 : 1;
}
