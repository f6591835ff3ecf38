/* The study with seasons from somewhere else than sv_season. For tests of pool, study and store only. */
#ifndef SVITLO_STUDY_SOURCE_H
#define SVITLO_STUDY_SOURCE_H

#include "pool.h"

/** As sv_study_new_levers; source is copied, its context is used during this call only. */
SV_MUST_USE sv_status sv_study_new_from(sv_study **study, const sv_grid *grid, const sv_season_settings *season,
                                        int32_t n_lever, const sv_study_lever *lever, const sv_study_settings *settings,
                                        const sv_study_source *source, sv_error *err);

#endif
