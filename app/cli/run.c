/* svitlo run: one scenario, thousands of times; the summary on stdout, the file of results when asked for. */
#include "check.h"
#include "cli.h"
#include "job.h"

#include <errno.h>

enum { KEY_AC_CHECK = 400 }; /* a flag without a letter, beyond those of flags.c */

static const struct argp_option option_table[] = {
    {"ac-check", KEY_AC_CHECK, "HOURS", 0,
     "Solve hours of the study again by AC power flow: worst:20 for the 20 worst and as many drawn at random, "
     "worst:20,random:100, or random:100",
     0},
    {0},
};

typedef struct {
    sv_flags flags;
    const char *scenario_path;
    sv_study_ac_settings ac_asked;
} options;

static error_t take_option(int key, char *text, struct argp_state *state)
{
    options *self = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &self->flags;
        break;
    case KEY_AC_CHECK:
        if (self->ac_asked.n_worst + self->ac_asked.n_random > 0)
            argp_error(state, "--ac-check came twice; accepted: one, as in worst:20,random:100");
        return check_read(text, &self->ac_asked) ? 0 : EINVAL; /* its sentence was printed */
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
    return 0;
}

static sv_status carry_out(sv_job *job, const char *scenario_path, int *exit_code, sv_error *err)
{
    sv_report report;
    sv_status status = sv_job_open(job, scenario_path, err);
    if (status == SV_OK && job->ac_asked.n_worst + job->ac_asked.n_random > 0)
        status = check_possible(job->base, job->grid, err);
    if (status == SV_OK)
        status = sv_job_begin(job, err);
    if (status == SV_OK)
        status = sv_job_run(job, &report, exit_code, err);
    if (status != SV_OK || report.info.n_season == 0)
        return status;
    if (job->flags->json)
        return sv_report_json(&report, err);
    if (report.info.n_failed < report.info.n_season)
        sv_report_text(&report);
    return SV_OK;
}

int sv_cmd_run(int argc, char **argv)
{
    static const struct argp_child children[] = {{&sv_flags_parser, 0, NULL, 0}, {0}};
    static const struct argp parser = {
        option_table,
        take_option,
        "SCENARIO",
        "Simulate thousands of seasons of a scenario and tell how dark it gets.\v"
        "The summary goes to stdout, progress to stderr. Ctrl-C ends early and keeps what is complete; during the AC "
        "check it ends the check, and the summary comes without it.\n"
        "Keys of a scenario: svitlo help scenario.",
        children,
        NULL,
        NULL};
    options opts = {.scenario_path = NULL};
    if (!sv_flags_new(&opts.flags, argc))
        return 1;
    argp_err_exit_status = 2;
    int exit_code = 0;
    if (argp_parse(&parser, argc, argv, 0, NULL, &opts) != 0) {
        exit_code = 2;
    } else {
        sv_error err = {0};
        sv_job job = {.flags = &opts.flags, .ac_asked = opts.ac_asked};
        sv_status status = carry_out(&job, opts.scenario_path, &exit_code, &err);
        sv_job_free(&job);
        if (status != SV_OK)
            exit_code = sv_cli_fail(&err);
        else if (sv_cli_flush() != 0)
            exit_code = 1;
    }
    sv_flags_free(&opts.flags);
    return exit_code;
}
