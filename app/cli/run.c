/* svitlo run: scenario -> grid -> study -> database and summary.
 * Results on stdout, words about the work on stderr; progress only when stderr is a terminal.
 * A first Ctrl-C ends the study and keeps what is complete, a second one kills. */
#include "cli.h"
#include "summary.h"

#include "svitlo/formats.h"
#include "svitlo/store.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* ---- options ------------------------------------------------------------------------------- */

typedef struct {
    const char *scenario_path, *out_path;
    int64_t n_season; /* 0 = as the scenario says */
    int64_t seed;     /* -1 = as the scenario says */
    int64_t n_thread; /* 0 = one a core */
    double until;     /* -1 = as the scenario says */
    bool json;
    int32_t n_set;
    const char **set; /* [argc] */
} options;

enum { KEY_SEED = 256, KEY_SET, KEY_UNTIL, KEY_JSON }; /* flags without a letter */

static const struct argp_option option_table[] = {
    {"seasons", 'n', "N", 0, "Number of seasons to simulate (default: the scenario's)", 0},
    {"seed", KEY_SEED, "S", 0, "Seed of all random numbers (default: the scenario's)", 0},
    {"threads", 'j', "T", 0, "Threads (default: one a core); results do not depend on it", 0},
    {"set", KEY_SET, "KEY=VALUE", 0, "Override one key of the scenario, as in demand.scale=1.1; may be repeated", 0},
    {"out", 'o', "FILE.db", 0, "Keep all results in an SQLite file; an existing one is replaced when the run ends well",
     0},
    {"until", KEY_UNTIL, "P", 0, "Stop once the standard error of the energy not served is below P, as in 1%", 0},
    {"json", KEY_JSON, NULL, 0, "Print one JSON object instead of the summary", 0},
    {0},
};

/* "1%" or "1 %": a bare number is refused, for it could mean 1 or 100 %. */
static bool read_until(const char *text, double *until)
{
    size_t n = strlen(text);
    char number[64];
    if (n < 2 || n >= sizeof number || text[n - 1] != '%') {
        fprintf(stderr, "svitlo: --until: '%s' is not a percentage; accepted: 0.01 %% to 50 %%, as in 1%%\n", text);
        return false;
    }
    n--;
    while (n > 0 && text[n - 1] == ' ')
        n--;
    memcpy(number, text, n);
    number[n] = '\0';
    double percent = 0.0;
    if (!sv_cli_real("--until", number, 0.01, 50.0, &percent))
        return false;
    *until = percent / 100.0;
    return true;
}

static error_t take_option(int key, char *text, struct argp_state *state)
{
    options *self = state->input;
    bool good = true;
    switch (key) {
    case 'n':
        good = sv_cli_int("--seasons", text, 1, INT64_C(4000000000), &self->n_season);
        break;
    case KEY_SEED:
        good = sv_cli_int("--seed", text, 0, INT64_MAX, &self->seed);
        break;
    case 'j':
        good = sv_cli_int("--threads", text, 1, 1024, &self->n_thread);
        break;
    case KEY_SET:
        self->set[self->n_set++] = text;
        break;
    case 'o':
        self->out_path = text;
        break;
    case KEY_UNTIL:
        good = read_until(text, &self->until);
        break;
    case KEY_JSON:
        self->json = true;
        break;
    case ARGP_KEY_ARG:
        if (self->scenario_path != NULL)
            argp_error(state, "one scenario at a time: '%s' came after '%s'", text, self->scenario_path);
        self->scenario_path = text;
        break;
    case ARGP_KEY_END:
        if (self->scenario_path == NULL)
            argp_error(state, "which scenario? accepted: the path of a YAML file, as in examples/winter.yaml");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return good ? 0 : EINVAL; /* its sentence was printed */
}

/* ---- progress and stopping ----------------------------------------------------------------- */

static volatile sig_atomic_t stop_asked;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

/* The handler serves once, so that a second Ctrl-C kills as usual. */
static void catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = ask_to_stop;
    action.sa_flags = SA_RESETHAND | SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

typedef struct {
    sv_store *store; /* NULL = no file asked for */
    double until;
    bool show; /* stderr is a terminal */
} watch;

static sv_status keep_row(void *context, const sv_season_row *row, sv_error *err)
{
    watch *self = context;
    return self->store == NULL ? SV_OK : sv_store_add(self->store, row, err);
}

/* What is left to do, s: to the last season, or to the accuracy asked for when that comes first (error ~ 1/sqrt(n)). */
static double seconds_left(const watch *self, const sv_progress *progress)
{
    double n_left = (double)(progress->n_season - progress->n_done);
    if (self->until > 0.0 && progress->n_done >= 100 && progress->eens_mwh_mean > 0.0) {
        double ratio = progress->eens_mwh_se / progress->eens_mwh_mean / self->until;
        n_left = fmin(n_left, fmax(0.0, (double)progress->n_done * (ratio * ratio - 1.0)));
    }
    return progress->seasons_per_s > 0.0 ? n_left / progress->seasons_per_s : (double)NAN;
}

static bool show_progress(void *context, const sv_progress *progress)
{
    watch *self = context;
    if (!self->show)
        return stop_asked != 0;
    char done[32], total[32], rate[32], left[48] = "";
    double left_s = seconds_left(self, progress);
    if (left_s < 120.0)
        snprintf(left, sizeof left, ", %.0f s left", left_s);
    else if (left_s < 7200.0)
        snprintf(left, sizeof left, ", %.0f min left", left_s / 60.0);
    else if (isfinite(left_s))
        snprintf(left, sizeof left, ", %.1f h left", left_s / 3600.0);
    sv_cli_thousands((double)progress->n_done, 0, done);
    sv_cli_thousands((double)progress->n_season, 0, total);
    sv_cli_thousands(progress->seasons_per_s, progress->seasons_per_s < 10.0 ? 1 : 0, rate);
    fprintf(stderr, "\r\033[K%s of %s seasons, %s a second%s", done, total, rate, stop_asked ? ", stopping" : left);
    fflush(stderr);
    return stop_asked != 0;
}

/* ---- the run ------------------------------------------------------------------------------- */

typedef struct {
    sv_scenario *scenario;
    sv_grid *grid;
    sv_study *study;
    sv_store *store;
} work;

static void free_work(work *self)
{
    sv_store_free(&self->store);
    sv_study_free(&self->study);
    sv_grid_free(&self->grid);
    sv_scenario_free(&self->scenario);
}

/* Flags win over the scenario; they are written into it, so that the database tells what was run. */
static void apply_flags(sv_study_settings *study, const options *opts)
{
    if (opts->n_season > 0)
        study->n_season = opts->n_season;
    if (opts->seed >= 0)
        study->seed = (uint64_t)opts->seed;
    if (opts->n_thread > 0)
        study->n_thread = (int32_t)opts->n_thread;
    if (opts->until >= 0.0)
        study->until = opts->until;
}

/* What does not fit the scenario is found below the floor that knows its file. */
static void name_scenario(const sv_scenario *scenario, sv_error *err)
{
    sv_error found = *err;
    *err = (sv_error){0};
    (void)sv_error_set(err, found.status, scenario->path, 0, "%s", found.text);
}

static sv_status prepare(work *self, const options *opts, sv_error *err)
{
    sv_status status = sv_scenario_read(&self->scenario, opts->scenario_path, opts->set, opts->n_set, err);
    if (status != SV_OK)
        return status;
    sv_scenario *scenario = self->scenario;
    apply_flags(&scenario->study, opts);
    if (scenario->grid_path == NULL)
        return sv_error_set(err, SV_EUSAGE, scenario->path, 0,
                            "no grid is named; accepted: grid: FOLDER or FILE.m in the scenario, or --set grid=PATH");
    status = sv_grid_read(&self->grid, scenario->grid_path, err);
    if (status == SV_EIO)
        name_scenario(scenario, err);
    if (status != SV_OK)
        return status;
    if (!scenario->has_season) {
        int64_t t0_h = 0, t1_h = 0;
        if (!sv_season_span(self->grid, &t0_h, &t1_h))
            return sv_error_set(err, SV_EUSAGE, scenario->path, 0,
                                "no season is named and the grid has no hourly series to take it from; "
                                "accepted: season: {from: 2026-11-01, to: 2027-03-31}");
        scenario->season.t0_h = t0_h;
        scenario->season.n_h = t1_h - t0_h;
    }
    status = sv_study_new(&self->study, self->grid, &scenario->season, &scenario->study, err);
    if (status == SV_EUSAGE)
        name_scenario(scenario, err);
    if (status == SV_OK && opts->out_path != NULL)
        status = sv_store_new(&self->store, opts->out_path, &(sv_store_subject){scenario, self->grid, 0, NULL}, err);
    return status;
}

/* A run that was stopped takes the final name only when nothing stands there: half a study never replaces a whole one.
 * Says on stderr what became of it. @return where the results are, NULL = nowhere */
static const char *name_results(work *self, const options *opts, const sv_study_info *info, char *part, size_t n_part,
                                sv_status *status, sv_error *err)
{
    if (self->store == NULL)
        return NULL;
    if (info->stopped && access(opts->out_path, F_OK) == 0) {
        snprintf(part, n_part, "%s.part", opts->out_path);
        fprintf(stderr, "svitlo: %s is left as it was; the seasons of this run are in %s\n", opts->out_path, part);
        return part;
    }
    *status = sv_store_finish(self->store, self->study, err);
    return opts->out_path;
}

static double peak_memory_mb(void)
{
    struct rusage usage;
    memset(&usage, 0, sizeof usage);
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0; /* Linux counts KiB */
}

/* Say how an early end came about. @return the exit code */
static int explain_end(const sv_study_info *info, const options *opts, int64_t n_asked)
{
    if (info->stopped)
        fprintf(stderr, "svitlo: stopped after %lld of %lld seasons; %s\n", (long long)info->n_season,
                (long long)n_asked,
                info->n_season > 0 ? "the summary is of those" : "none was complete, so there is nothing to show");
    else if (info->n_season > 0 && info->n_failed == info->n_season)
        fprintf(stderr, "svitlo: all %lld seasons failed%s\n", (long long)info->n_season,
                opts->out_path == NULL ? "; --out FILE.db keeps the reason of each"
                                       : ", the reason of each is in the file");
    else
        return 0;
    return 1;
}

static sv_status carry_out(work *self, const options *opts, int *exit_code, sv_error *err)
{
    sv_status status = prepare(self, opts, err);
    if (status != SV_OK)
        return status;
    watch watcher = {self->store, self->scenario->study.until, isatty(STDERR_FILENO) != 0};
    sv_study_sink sink = {&watcher, keep_row, show_progress};
    catch_signals();
    status = sv_study_run(self->study, &sink, err);
    if (watcher.show)
        fputs("\r\033[K", stderr);
    if (status != SV_OK)
        return status;

    sv_report report = {self->scenario, self->grid, self->study, {0}, NULL, 0.0};
    sv_study_describe(self->study, &report.info);
    *exit_code = explain_end(&report.info, opts, self->scenario->study.n_season);
    if (report.info.n_season == 0)
        return SV_OK;
    char part[4096];
    report.out_path = name_results(self, opts, &report.info, part, sizeof part, &status, err);
    if (status != SV_OK)
        return status;
    report.peak_memory_mb = peak_memory_mb();
    if (opts->json)
        status = sv_report_json(&report, err);
    else if (report.info.n_failed < report.info.n_season)
        sv_report_text(&report);
    return status;
}

int sv_cmd_run(int argc, char **argv)
{
    static const struct argp parser = {
        option_table,
        take_option,
        "SCENARIO",
        "Simulate thousands of seasons of a scenario and tell how dark it gets.\v"
        "The summary goes to stdout, progress to stderr. Ctrl-C ends early and keeps what is complete.\n"
        "Keys of a scenario: svitlo help scenario.",
        NULL,
        NULL,
        NULL};
    options opts = {.seed = -1, .until = -1.0};
    opts.set = calloc((size_t)argc + 1, sizeof *opts.set);
    if (opts.set == NULL) {
        fputs("svitlo: out of memory\n", stderr);
        return 1;
    }
    argp_err_exit_status = 2;
    int exit_code = 0;
    if (argp_parse(&parser, argc, argv, 0, NULL, &opts) != 0) {
        exit_code = 2;
    } else {
        sv_error err = {0};
        work job = {0};
        sv_status status = carry_out(&job, &opts, &exit_code, &err);
        free_work(&job);
        if (status != SV_OK)
            exit_code = sv_cli_fail(&err);
        else if (sv_cli_flush() != 0)
            exit_code = 1;
    }
    free(opts.set);
    return exit_code;
}
