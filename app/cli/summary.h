/* summary: what a study found, as text for people (summary.c) and as JSON for programs (summary_json.c). */
#ifndef SVITLO_SUMMARY_H
#define SVITLO_SUMMARY_H

#include <jansson.h>

#include "svitlo/scenario.h"

/** All of it borrowed for the call. */
typedef struct {
    const sv_scenario *scenario;
    const sv_grid *grid;
    const sv_study *study;
    sv_study_info info;
    const char *out_path; /* file with the results; NULL = none was asked for */
    double peak_memory_mb;
    bool resumed;    /* the time is of the last part only */
    int32_t n_lever; /* of a comparison */
    const sv_lever *lever;
    const sv_study_ac_settings *ac_asked; /* hours to be checked by AC power flow; NULL = none were asked for */
    const sv_study_ac *ac;                /* NULL = not done */
} sv_report;

/** People behind a load, as the season counts them. */
double sv_report_people_of(const sv_report *report, int32_t i_load);

/** All of them. */
double sv_report_people(const sv_report *report);

/** Print the summary on stdout, at most 80 columns wide. */
void sv_report_text(const sv_report *report);

/** The grid, the season and how many of them, on two lines. */
void sv_report_head(const sv_report *report);
/** What a careful reader must know before quoting a number: how the run ended, where the results are. */
void sv_report_notes(const sv_report *report);

/** Print one JSON object on stdout. @return SV_OK, SV_ENOMEM */
SV_MUST_USE sv_status sv_report_json(const sv_report *report, sv_error *err);
/** Its members, a new object; NULL when out of memory. */
json_t *sv_report_object(const sv_report *report);
/** A new text, "2026-11-01 00:00". @param[in] t_h hours since 1970 */
json_t *sv_json_date(int64_t t_h);
/** A new number, null when it is none. */
json_t *sv_json_number(double value);
/** Print an object on stdout and free it. */
SV_MUST_USE sv_status sv_json_print(json_t *object, sv_error *err);

#endif
