/* formats: files <-> grid. Readers fill an sv_draft and end in sv_grid_new; writers are atomic (temporary name, then
 * rename). Nothing in a file is ever executed. Errors are one sentence `file:line: what was found, what is accepted`. */
#ifndef SVITLO_FORMATS_H
#define SVITLO_FORMATS_H

#include "svitlo/grid.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Read any grid: a folder = CSV tables, a file ending in .m = MATPOWER, in .raw = PSS/E.
 *  @return SV_EIO, SV_EDATA, SV_EUSAGE, SV_ENOMEM */
SV_MUST_USE sv_status sv_grid_read(sv_grid **grid, const char *path, sv_error *err);

SV_MUST_USE sv_status sv_matpower_read(sv_grid **grid, const char *path, sv_error *err);
/** The same from memory, for fuzzing and bindings; `name` stands for the path in messages. text need not end in 0. */
SV_MUST_USE sv_status sv_matpower_parse(sv_grid **grid, const char *name, const char *text, size_t n, sv_error *err);
SV_MUST_USE sv_status sv_matpower_write(const sv_grid *grid, const char *path, sv_error *err);

/** PSS/E RAW, versions 33, 34 and 35 read, 33 written; docs/formats.md says what is mapped how and what is left out. */
SV_MUST_USE sv_status sv_psse_read(sv_grid **grid, const char *path, sv_error *err);
/** The same from memory; as sv_matpower_parse. */
SV_MUST_USE sv_status sv_psse_parse(sv_grid **grid, const char *name, const char *text, size_t n, sv_error *err);
SV_MUST_USE sv_status sv_psse_write(const sv_grid *grid, const char *path, sv_error *err);

SV_MUST_USE sv_status sv_csv_read(sv_grid **grid, const char *folder, sv_error *err);
SV_MUST_USE sv_status sv_csv_write(const sv_grid *grid, const char *folder, sv_error *err);

/**
 * Read a damage list (one element a line after an optional header word): branches and gens are 1-based rows of the
 * file's table or ids (a whole number is a row), buses are ids. Marks them off in the state.
 */
typedef enum { SV_OUT_BRANCHES, SV_OUT_BUSES, SV_OUT_GENS } sv_out_kind;
SV_MUST_USE sv_status sv_outages_read(sv_state *state, sv_out_kind kind, const char *path, sv_error *err);

#ifdef __cplusplus
}
#endif
#endif
