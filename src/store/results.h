/* The reader of finished files, in parts. Private to the store. */
#ifndef SVITLO_STORE_RESULTS_H
#define SVITLO_STORE_RESULTS_H

#include "query.h"

/** Columns of nine, beginning at one: n, mean, se, min, max, p5, p50, p95, cvar95. */
sv_summary sv_query_summary(sv_query *query, int first);

/** The place of a number of a metric, or damaged. */
sv_metric sv_query_metric(sv_query *query, int i, int32_t n);

/** Rows of a table, at most INT32_MAX. */
int32_t sv_reader_rows(sv_reader *reader, const char *table);

/** Zeroed memory from the reader's arena; NULL and a status when there is none. */
void *sv_reader_take(sv_reader *reader, int64_t n, size_t size);
#define SV_READER_TAKE(reader, n, type) ((type *)sv_reader_take((reader), (n), sizeof(type)))

/* Each fills its part of the results and leaves the reader's status. */
void sv_results_read_levers(sv_reader *reader, sv_results *results);
void sv_results_read_events(sv_reader *reader, sv_results *results);
void sv_results_read_causes(sv_reader *reader, sv_results *results);

#endif
