/* The work of `run` and `compare`. Words about the work go to stderr, progress only when that is a terminal. A first
 * Ctrl-C ends the study and keeps what is complete, a second one kills. */
#include "job.h"
#include "cli.h"
#include "svitlo/formats.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

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
    const sv_study *study;
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
    if (self->store != NULL)
        sv_store_save(self->store, self->study, false);
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

/* ---- scenario and grid --------------------------------------------------------------------- */

void sv_job_free(sv_job *job)
{
    sv_study_ac_free(&job->ac);
    sv_store_free(&job->store);
    sv_study_free(&job->study);
    sv_grid_free(&job->grid);
    sv_scenario_free(&job->base);
}

/* Flags win over the scenario; they are written into it, so that the file of results tells what was run. */
static void apply_flags(sv_study_settings *study, const sv_flags *flags)
{
    if (flags->n_season > 0)
        study->n_season = flags->n_season;
    if (flags->seed >= 0)
        study->seed = (uint64_t)flags->seed;
    if (flags->n_thread > 0)
        study->n_thread = (int32_t)flags->n_thread;
    if (flags->until >= 0.0)
        study->until = flags->until;
}

/* What does not fit the scenario is found below the floor that knows its file. */
static void name_file(const char *path, const char *text, sv_error *err)
{
    sv_error found = *err;
    *err = (sv_error){0};
    (void)sv_error_set(err, found.status, path, 0, "%s", text != NULL ? text : found.text);
}

static sv_status settle_season(sv_scenario *scenario, const sv_grid *grid, sv_error *err)
{
    int64_t t0_h = 0, t1_h = 0;
    if (scenario->has_season)
        return SV_OK;
    if (!sv_season_span(grid, &t0_h, &t1_h))
        return sv_error_set(err, SV_EUSAGE, scenario->path, 0,
                            "no season is named and the grid has no hourly series to take it from; "
                            "accepted: season: {from: 2026-11-01, to: 2027-03-31}");
    scenario->season.t0_h = t0_h;
    scenario->season.n_h = t1_h - t0_h;
    return SV_OK;
}

/* What the reader left out of the grid's file. */
static void tell_notes(const sv_grid *grid, const char *path)
{
    for (int32_t k = 0; k < grid->n_note; k++)
        fprintf(stderr, "svitlo: warning: %s:%d: %d %s\n", path, (int)grid->note[k].line[0], (int)grid->note[k].count,
                grid->note[k].text);
}

sv_status sv_job_open(sv_job *job, const char *scenario_path, sv_error *err)
{
    const sv_flags *flags = job->flags;
    sv_status status = sv_scenario_read(&job->base, scenario_path, flags->set, flags->n_set, err);
    if (status != SV_OK)
        return status;
    sv_scenario *scenario = job->base;
    apply_flags(&scenario->study, flags);
    if (scenario->grid_path == NULL)
        return sv_error_set(err, SV_EUSAGE, scenario->path, 0,
                            "no grid is named; accepted: grid: FOLDER or FILE.m in the scenario, or --set grid=PATH");
    status = sv_grid_read(&job->grid, scenario->grid_path, err);
    if (status == SV_EIO)
        name_file(scenario->path, NULL, err);
    if (status == SV_OK)
        tell_notes(job->grid, scenario->grid_path);
    return status == SV_OK ? settle_season(scenario, job->grid, err) : status;
}

/* ---- study and file ------------------------------------------------------------------------ */

/* "lever 3: ..." of the study, told with the lever's file, or its name where it has none. */
static void name_culprit(const sv_job *job, sv_error *err)
{
    char text[SV_ERROR_TEXT];
    int number = 0, n = 0;
    strcpy(text, err->text);
    if (sscanf(text, "lever %d: %n", &number, &n) != 1 || n == 0 || number < 1 || number > job->n_lever) {
        name_file(job->base->path, NULL, err);
        return;
    }
    const sv_lever *lever = &job->lever[number - 1];
    name_file(lever->path != NULL ? lever->path : lever->scenario->name, text + n, err);
}

static sv_status make_study(sv_job *job, sv_study_lever *lever, int32_t *against, sv_error *err)
{
    for (int32_t k = 0; k < job->n_lever; k++) {
        const sv_lever *of = &job->lever[k];
        lever[k] = (sv_study_lever){&of->scenario->season, of->n_part, of->part};
        against[k] = k - 1;
        if (of->sweep != NULL && of->i_sweep > 0) {
            lever[k].n_against = 1;
            lever[k].against = &against[k];
        }
    }
    return sv_study_new_levers(&job->study, job->grid, &job->base->season, job->n_lever, lever, &job->base->study, err);
}

/* Asked to go on, and there is something to go on with. */
static bool goes_on(sv_job *job)
{
    const char *path = job->flags->out_path;
    if (!job->flags->resume)
        return false;
    snprintf(job->part, sizeof job->part, "%s.part", path);
    if (access(path, F_OK) == 0 || access(job->part, F_OK) == 0)
        return true;
    fprintf(stderr, "svitlo: neither %s nor its .part is there: nothing to resume, a new one is begun\n", path);
    return false;
}

sv_status sv_job_begin(sv_job *job, sv_error *err)
{
    sv_arena *arena = sv_arena_new();
    if (arena == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    sv_study_lever *lever = SV_TAKE(arena, job->n_lever, sv_study_lever);
    int32_t *against = SV_TAKE(arena, job->n_lever, int32_t);
    sv_status status = sv_arena_failed(arena) ? sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory")
                                              : make_study(job, lever, against, err);
    sv_arena_free(arena);
    if (status == SV_EUSAGE)
        name_culprit(job, err);
    if (status != SV_OK || job->flags->out_path == NULL)
        return status;
    sv_store_subject subject = {job->base, job->grid, job->n_lever, job->lever};
    job->resumed = goes_on(job);
    return job->resumed ? sv_store_resume(&job->store, job->flags->out_path, &subject, job->study, err)
                        : sv_store_new(&job->store, job->flags->out_path, &subject, err);
}

/* ---- the run ------------------------------------------------------------------------------- */

/* A run that was stopped takes the final name only when nothing stands there: half a study never replaces a whole one.
 * Says on stderr what became of it. @return where the results are, NULL = nowhere */
static const char *name_results(sv_job *self, const sv_study_info *info, sv_status *status, sv_error *err)
{
    const char *out_path = self->flags->out_path;
    if (self->store == NULL)
        return NULL;
    if (info->stopped && access(out_path, F_OK) == 0) {
        snprintf(self->part, sizeof self->part, "%s.part", out_path);
        sv_store_save(self->store, self->study, true);
        fprintf(stderr, "svitlo: %s is left as it was; the seasons of this run are in %s (--resume goes on)\n",
                out_path, self->part);
        return self->part;
    }
    if (self->ac != NULL)
        *status = sv_store_put_ac_check(self->store, self->ac, err);
    if (*status == SV_OK)
        *status = sv_store_finish(self->store, self->study, err);
    return out_path;
}

static double peak_memory_mb(void)
{
    struct rusage usage;
    memset(&usage, 0, sizeof usage);
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0; /* Linux counts KiB */
}

/* Say how an early end came about. @return the exit code */
static int explain_end(const sv_study_info *info, const sv_flags *flags, int64_t n_asked)
{
    if (info->stopped)
        fprintf(stderr, "svitlo: stopped after %lld of %lld seasons; %s\n", (long long)info->n_season,
                (long long)n_asked,
                info->n_season > 0 ? "the summary is of those" : "none was complete, so there is nothing to show");
    else if (info->n_season > 0 && info->n_failed == info->n_season)
        fprintf(stderr, "svitlo: all %lld seasons failed%s\n", (long long)info->n_season,
                flags->out_path == NULL ? "; --out FILE.db keeps the reason of each"
                                        : ", the reason of each is in the file");
    else
        return 0;
    return 1;
}

/* ---- the AC check ---------------------------------------------------------------------------- */

typedef struct {
    bool show;
    double shown_s;
} check_watch;

static bool show_check(void *context, int32_t n_done, int32_t n)
{
    check_watch *self = context;
    double now_s = sv_clock_s();
    if (self->show && (n_done == 0 || now_s - self->shown_s >= 0.2)) {
        fprintf(stderr, "\r\033[KAC check: %d of %d hours%s", (int)n_done, (int)n, stop_asked ? ", stopping" : "");
        fflush(stderr);
        self->shown_s = now_s;
    }
    return stop_asked != 0;
}

static bool asks_for_check(const sv_job *job)
{
    return job->ac_asked.n_worst + job->ac_asked.n_random > 0;
}

/* All seasons are there before the first hour is checked, and are kept whatever comes of it. @return the exit code */
static int check_hours(sv_job *job)
{
    check_watch watcher = {.show = isatty(STDERR_FILENO) != 0};
    sv_error err = {0};
    if (job->store != NULL)
        sv_store_save(job->store, job->study, true);
    job->ac_asked.context = &watcher;
    job->ac_asked.on_progress = show_check;
    sv_status status = sv_study_ac_check(job->study, &job->ac_asked, &job->ac, &err);
    if (watcher.show)
        fputs("\r\033[K", stderr);
    if (status != SV_OK)
        fprintf(stderr, "svitlo: AC check: %s; the results are without it\n",
                err.text[0] != '\0' ? err.text : sv_status_name(status));
    else if (job->ac == NULL)
        fputs("svitlo: the AC check was stopped; all seasons are complete, and the results are without it\n", stderr);
    return status == SV_OK && job->ac != NULL ? 0 : 1;
}

sv_status sv_job_run(sv_job *job, sv_report *report, int *exit_code, sv_error *err)
{
    watch watcher = {job->study, job->store, job->base->study.until, isatty(STDERR_FILENO) != 0};
    sv_study_sink sink = {&watcher, keep_row, show_progress};
    catch_signals();
    sv_status status = sv_study_run(job->study, &sink, err);
    if (watcher.show)
        fputs("\r\033[K", stderr);
    if (status != SV_OK)
        return status;
    *report = (sv_report){.scenario = job->base,
                          .grid = job->grid,
                          .study = job->study,
                          .resumed = job->resumed,
                          .n_lever = job->n_lever,
                          .lever = job->lever,
                          .ac_asked = asks_for_check(job) ? &job->ac_asked : NULL};
    sv_study_describe(job->study, &report->info);
    *exit_code = explain_end(&report->info, job->flags, job->base->study.n_season);
    if (*exit_code == 0 && asks_for_check(job))
        *exit_code = check_hours(job);
    else if (asks_for_check(job))
        fputs("svitlo: no hour was checked by AC power flow\n", stderr);
    report->ac = job->ac;
    if (report->info.n_season > 0)
        report->out_path = name_results(job, &report->info, &status, err);
    report->peak_memory_mb = peak_memory_mb();
    return status;
}
