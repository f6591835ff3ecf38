/* What each lever is worth, as a table for people (levers.c) and as JSON for programs (levers_json.c). */
#ifndef SVITLO_CLI_LEVERS_H
#define SVITLO_CLI_LEVERS_H

#include "summary.h"

enum { SV_MOST_LEVERS = 200 }; /* of one comparison: levers, combinations and values of sweeps */

/** "saves 31.2 ± 1.9 %", "no difference seen: needs about 4,000 winters". @param[in] noun of one season */
const char *sv_verdict_text(const sv_paired *difference, const char *noun, char text[96]);

/** Print the table on stdout, at most 80 columns wide. */
void sv_levers_text(const sv_report *report);
/** Print one JSON object on stdout: {"base": the keys of run, "levers": [...]}. @return SV_OK, SV_ENOMEM */
SV_MUST_USE sv_status sv_levers_json(const sv_report *report, sv_error *err);

#endif
