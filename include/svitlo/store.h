/* store: results in one SQLite file (docs/database.md). The only place for SQL. Written in transactions: what is
 * complete is kept, whatever happens to the program. */
#ifndef SVITLO_STORE_H
#define SVITLO_STORE_H

#include "svitlo/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sv_store sv_store;

/**
 * Begin a results file. Work goes on in PATH.part, which is locked against a second run; one left by a killed run is
 * replaced. What is at PATH stays until sv_store_finish; it must be a plain file, if anything.
 * @param[in] scenario  as run: season.t0_h, n_h and study with all overrides; used during the call
 * @param[in] grid      must outlive the store
 * @return SV_EIO with one sentence when it cannot be written, nothing is left then; SV_ENOMEM
 */
SV_MUST_USE sv_status sv_store_new(sv_store **store, const char *path, const sv_scenario *scenario, const sv_grid *grid,
                                   sv_error *err);
/**
 * Keep one season's row, failed ones too; commits about once a second.
 * @return SV_EIO, e.g. when the disk is full; then for good
 */
SV_MUST_USE sv_status sv_store_add(sv_store *store, const sv_season_row *row, sv_error *err);
/**
 * Write the statistics, also those of a study that was stopped; commit, rename to the final name. After that the store
 * can only be freed.
 */
SV_MUST_USE sv_status sv_store_finish(sv_store *store, const sv_study *study, sv_error *err);
/** Close; without finish the .part file stays, readable, with all complete seasons. */
void sv_store_free(sv_store **store);

#ifdef __cplusplus
}
#endif
#endif
