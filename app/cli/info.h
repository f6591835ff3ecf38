/* What `svitlo info` finds in a grid that a person should look at. */
#ifndef SVITLO_CLI_INFO_H
#define SVITLO_CLI_INFO_H

#include "svitlo/grid.h"

enum { INFO_EXAMPLES = 3, INFO_FINDINGS = 32, INFO_LABEL = 80 };

/** One kind of suspicious data: how often, and a few by name. */
typedef struct {
    const char *key, *text; /* for programs, for people */
    int32_t count;
    char example[INFO_EXAMPLES][INFO_LABEL];
} info_finding;

typedef struct {
    int32_t n;
    info_finding finding[INFO_FINDINGS];
    int32_t n_island, n_dead, n_live_branch;
} info_report;

/** Look at everything. @return SV_OK or SV_ENOMEM */
SV_MUST_USE sv_status info_look(const sv_grid *grid, info_report *report);

#endif
