/* The work of `run` and `compare`: scenario -> grid -> study -> file of results. */
#ifndef SVITLO_CLI_JOB_H
#define SVITLO_CLI_JOB_H

#include "flags.h"
#include "summary.h"
#include "svitlo/store.h"

typedef struct {
    const sv_flags *flags;
    sv_scenario *base;
    sv_grid *grid;
    int32_t n_lever;
    sv_lever *lever; /* [n_lever] the command's; their scenarios too */
    sv_study *study;
    sv_store *store;
    sv_study_ac_settings ac_asked; /* hours to be checked by AC power flow, none unless a number is above 0 */
    sv_study_ac *ac;
    bool resumed;    /* an earlier run is gone on with */
    char part[4096]; /* where the results are, when not under their final name */
} sv_job;

/** Read the scenario with --set, put the other flags into it, read its grid, settle the season's hours. */
SV_MUST_USE sv_status sv_job_open(sv_job *job, const char *scenario_path, sv_error *err);
/** Make the study, with the levers, and the file of results, or take up an old one. */
SV_MUST_USE sv_status sv_job_begin(sv_job *job, sv_error *err);
/**
 * Simulate, with progress on a terminal and Ctrl-C to stop; give the file its name.
 * @param[out] report     what to print; report->info.n_season 0 = nothing
 * @param[out] exit_code  1 after a sentence when it ended early
 */
SV_MUST_USE sv_status sv_job_run(sv_job *job, sv_report *report, int *exit_code, sv_error *err);
void sv_job_free(sv_job *job);

#endif
