/* --ac-check of `run`: hours of the study solved again by AC power flow, as text and as JSON. */
#ifndef SVITLO_CLI_CHECK_H
#define SVITLO_CLI_CHECK_H

#include "summary.h"

/** Read "worst:N,random:M", either alone; M is N where it is not said. @return false after a sentence on stderr */
bool check_read(const char *text, sv_study_ac_settings *asked);

/** Can hours of this scenario be solved by AC power flow? Looks before the study runs. @return SV_EUSAGE on a copper plate;
 *  what sv_ac_update says of the grid with all in service */
SV_MUST_USE sv_status check_possible(const sv_scenario *scenario, const sv_grid *grid, sv_error *err);

/** What a group of checked hours came to: the worst ones, or the sample. */
typedef struct {
    int32_t n, n_of[SV_N_AC_VERDICT];
    double more_shed_mw, most_shed_mw, more_people,
        most_people;                           /* sums and largest of the hours that shed more and stand */
    double served_mw, dark_mw, short_mw;       /* sums over the same hours */
    double broken_shed_mw, broken_people;      /* sums of the broken ones, in vain */
    int32_t n_high, n_low, n_over, n_unsolved; /* of the broken ones, by what stays broken */
} check_group;
check_group check_count(const sv_study_ac *ac, bool random);

/** Print the section of the summary; report->ac is not NULL. */
void check_text(const sv_report *report);
/** A new object; NULL when out of memory. */
json_t *check_json(const sv_report *report);

#endif
