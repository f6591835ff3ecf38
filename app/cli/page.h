/* page: what `svitlo report` puts into the page, as JSON (page_json.c). Its shape is that of ui/src/data.ts. */
#ifndef SVITLO_PAGE_H
#define SVITLO_PAGE_H

#include "svitlo/store.h"

/** One file of the report. */
typedef struct {
    const char *path;
    const sv_results *results;
} sv_page_run;

/**
 * All runs as one JSON object that can stand inside a script element: `<` is written as an escape.
 * @param[in]  open_to_all  leave out sites, lines and names of sites in settings: by region and class only (MISUSE.md)
 * @param[out] text         to be freed; NULL on failure
 * @return SV_ENOMEM
 */
SV_MUST_USE sv_status sv_page_json(int32_t n_run, const sv_page_run *run, bool open_to_all, char **text, sv_error *err);

#endif
