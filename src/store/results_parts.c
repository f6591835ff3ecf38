/* Of a finished file: why energy was not served, the largest outages and how long they last, what levers are worth. */
#include "results.h"

#include <math.h>

enum { N_LARGEST = 20, N_LENGTH = 8 };

/* ---- causes -------------------------------------------------------------------------------- */

void sv_results_read_causes(sv_reader *reader, sv_results *results)
{
    int32_t n = sv_reader_rows(reader, "cause");
    struct sv_result_cause *all = SV_READER_TAKE(reader, n, struct sv_result_cause);
    results->unexplained_mwh = (double)NAN;
    sv_query query =
        sv_query_begin(reader, "cause", "SELECT i_region, class, cause, mwh, n_place FROM cause ORDER BY rowid");
    while (sv_query_next(&query)) {
        double mwh = sv_query_real(&query, 3);
        if (sv_query_null(&query, 0)) {
            results->unexplained_mwh = mwh;
            continue;
        }
        struct sv_result_cause cause = {
            .i_region = (int32_t)sv_query_whole(&query, 0, 0, (int64_t)results->n_region - 1),
            .class_ = sv_unit_class_name[sv_query_name(&query, 1, sv_unit_class_name, SV_N_UNIT_CLASS)],
            .cause = sv_cause_name[sv_query_name(&query, 2, sv_cause_name, SV_N_CAUSE)],
            .mwh = mwh,
            .n_place = sv_query_whole(&query, 4, 0, INT32_MAX),
        };
        if (reader->status == SV_OK && results->n_cause < n && (mwh > 0.0 || mwh < 0.0))
            all[results->n_cause++] = cause;
    }
    sv_query_end(&query);
    results->cause = all;
}

/* ---- events -------------------------------------------------------------------------------- */

static void read_largest(sv_reader *reader, sv_results *results)
{
    struct sv_result_event *all = SV_READER_TAKE(reader, N_LARGEST, struct sv_result_event);
    sv_query query = sv_query_begin(reader, "event",
                                    "SELECT i_season, start_h, length_h, event.people, energy_mwh FROM event "
                                    "JOIN season USING (i_season) WHERE status = 'ok' AND i_region IS NULL "
                                    "ORDER BY energy_mwh DESC, i_season, i_event LIMIT 20");
    while (results->n_event < N_LARGEST && sv_query_next(&query)) {
        struct sv_result_event *event = &all[results->n_event++];
        event->i_season = sv_query_whole(&query, 0, 0, INT64_MAX);
        event->start_h = sv_query_whole(&query, 1, 0, INT64_MAX);
        event->length_h = sv_query_whole(&query, 2, 1, INT64_MAX);
        event->people = sv_query_real(&query, 3);
        event->energy_mwh = sv_query_real(&query, 4);
    }
    sv_query_end(&query);
    results->event = all;
}

static void read_lengths(sv_reader *reader, sv_results *results)
{
    static const int64_t from_h[N_LENGTH + 1] = {0, 2, 4, 8, 24, 72, 168, 720, INT64_MAX};
    struct sv_result_length *all = SV_READER_TAKE(reader, N_LENGTH, struct sv_result_length);
    double n = results->country[SV_M_EENS_MWH].n > 0 ? (double)results->country[SV_M_EENS_MWH].n : (double)NAN;
    if (all == NULL)
        return;
    for (int32_t i = 0; i < N_LENGTH; i++)
        all[i] = (struct sv_result_length){from_h[i], from_h[i + 1], 0.0 / n};
    sv_query query = sv_query_begin(reader, "event",
                                    "SELECT (length_h >= 2) + (length_h >= 4) + (length_h >= 8) + (length_h >= 24) + "
                                    "(length_h >= 72) + (length_h >= 168) + (length_h >= 720), count(*) FROM event "
                                    "JOIN season USING (i_season) WHERE status = 'ok' AND i_region IS NULL "
                                    "GROUP BY 1");
    while (sv_query_next(&query)) {
        int64_t i = sv_query_whole(&query, 0, 0, N_LENGTH - 1), count = sv_query_whole(&query, 1, 0, INT64_MAX);
        all[i].n_per_season = (double)count / n;
    }
    sv_query_end(&query);
    results->length = all;
    results->n_length = N_LENGTH;
}

void sv_results_read_events(sv_reader *reader, sv_results *results)
{
    read_largest(reader, results);
    read_lengths(reader, results);
}

/* ---- levers -------------------------------------------------------------------------------- */

static void read_parts(sv_reader *reader, struct sv_result_lever *lever, int32_t i_lever, int32_t n_lever)
{
    sv_query query = sv_query_begin(reader, "lever_part", "SELECT count(*) FROM lever_part WHERE i_lever = ?");
    sv_query_bind(&query, 1, i_lever);
    if (sv_query_next(&query))
        lever->n_part = (int32_t)sv_query_whole(&query, 0, 0, n_lever);
    sv_query_end(&query);
    int32_t *part = SV_READER_TAKE(reader, lever->n_part, int32_t);
    query = sv_query_begin(reader, "lever_part", "SELECT i_part FROM lever_part WHERE i_lever = ? ORDER BY position");
    sv_query_bind(&query, 1, i_lever);
    for (int32_t p = 0; p < lever->n_part && sv_query_next(&query); p++)
        part[p] = (int32_t)sv_query_whole(&query, 0, 0, (int64_t)n_lever - 1);
    sv_query_end(&query);
    lever->part = part;
}

static void read_changes(sv_reader *reader, struct sv_result_lever *lever, int32_t i_lever)
{
    sv_query query = sv_query_begin(reader, "lever_setting", "SELECT count(*) FROM lever_setting WHERE i_lever = ?");
    sv_query_bind(&query, 1, i_lever);
    if (sv_query_next(&query))
        lever->n_changed = (int32_t)sv_query_whole(&query, 0, 0, INT32_MAX);
    sv_query_end(&query);
    struct sv_result_change *all = SV_READER_TAKE(reader, lever->n_changed, struct sv_result_change);
    query = sv_query_begin(reader, "lever_setting",
                           "SELECT key, setting.value, lever_setting.value FROM lever_setting LEFT JOIN setting "
                           "USING (key) WHERE i_lever = ? ORDER BY lever_setting.rowid");
    sv_query_bind(&query, 1, i_lever);
    for (int32_t i = 0; i < lever->n_changed && sv_query_next(&query); i++)
        all[i] =
            (struct sv_result_change){sv_query_text(&query, 0), sv_query_text(&query, 1), sv_query_text(&query, 2)};
    sv_query_end(&query);
    lever->changed = all;
}

static sv_paired read_paired(sv_query *query, int i)
{
    return (sv_paired){.mean = sv_query_real(query, i),
                       .se = sv_query_real(query, i + 1),
                       .share = sv_query_real(query, i + 2),
                       .share_se = sv_query_real(query, i + 3)};
}

/* (i_lever, metric) is unique: with the right number of rows every place is filled. */
static void read_metrics(sv_reader *reader, struct sv_result_lever *lever, int32_t i_lever)
{
    int32_t n = 0;
    sv_query query =
        sv_query_begin(reader, "lever_summary",
                       "SELECT metric, n, mean, se, p50, p95, difference, difference_se, difference_share, "
                       "difference_share_se, contrast, contrast_se, contrast_share, contrast_share_se "
                       "FROM lever_summary WHERE i_lever = ? ORDER BY rowid");
    sv_query_bind(&query, 1, i_lever);
    for (; sv_query_next(&query); n++) {
        sv_lever_result *metric = &lever->metric[sv_query_metric(&query, 0, SV_N_METRIC)];
        double *const place[] = {&metric->mean, &metric->se, &metric->p50, &metric->p95};
        for (int i = 0; i < 4; i++)
            *place[i] = sv_query_real(&query, 2 + i);
        metric->difference = read_paired(&query, 6);
        metric->contrast = read_paired(&query, 10);
        metric->difference.n = metric->contrast.n = sv_query_whole(&query, 1, 0, INT64_MAX);
    }
    sv_query_end(&query);
    if (reader->status == SV_OK && n != SV_N_METRIC)
        sv_reader_damaged(reader, "table lever_summary has %d rows of lever %d, accepted: %d", (int)n, (int)i_lever,
                          (int)SV_N_METRIC);
}

static void read_regions(sv_reader *reader, struct sv_result_lever *lever, int32_t i_lever, int32_t n_region)
{
    int64_t n = 0;
    struct sv_result_lever_region *all = SV_READER_TAKE(reader, n_region, struct sv_result_lever_region);
    sv_query query = sv_query_begin(reader, "lever_region",
                                    "SELECT i_region, metric, difference, difference_se FROM lever_region "
                                    "WHERE i_lever = ? ORDER BY rowid");
    sv_query_bind(&query, 1, i_lever);
    for (; sv_query_next(&query); n++) {
        int64_t r = sv_query_whole(&query, 0, 0, (int64_t)n_region - 1);
        sv_metric m = sv_query_metric(&query, 1, SV_N_SPLIT_METRIC);
        if (reader->status != SV_OK)
            break;
        all[r].difference[m] = sv_query_real(&query, 2);
        all[r].se[m] = sv_query_real(&query, 3);
    }
    sv_query_end(&query);
    if (reader->status == SV_OK && n != (int64_t)n_region * SV_N_SPLIT_METRIC)
        sv_reader_damaged(reader, "table lever_region has %lld rows of lever %d, accepted: %lld", (long long)n,
                          (int)i_lever, (long long)n_region * SV_N_SPLIT_METRIC);
    lever->region = all;
}

void sv_results_read_levers(sv_reader *reader, sv_results *results)
{
    int32_t n = sv_reader_rows(reader, "lever");
    struct sv_result_lever *all = SV_READER_TAKE(reader, n, struct sv_result_lever);
    sv_query query = sv_query_begin(reader, "lever",
                                    "SELECT i_lever, name, path, cost_eur, sweep_key, sweep_unit, sweep_value, "
                                    "sweep_x, same_share, reused_share FROM lever ORDER BY i_lever");
    for (int32_t i = 0; i < n && sv_query_next(&query); i++) {
        (void)sv_query_whole(&query, 0, i, i);
        all[i].name = sv_query_text(&query, 1);
        all[i].path = sv_query_text(&query, 2);
        all[i].cost_eur = sv_query_real(&query, 3);
        all[i].sweep_key = sv_query_text(&query, 4);
        all[i].sweep_unit = sv_query_text(&query, 5);
        all[i].sweep_value = sv_query_text(&query, 6);
        all[i].sweep_x = sv_query_real(&query, 7);
        all[i].same_share = sv_query_real(&query, 8);
        all[i].reused_share = sv_query_real(&query, 9);
        read_parts(reader, &all[i], i, n);
        read_changes(reader, &all[i], i);
        read_metrics(reader, &all[i], i);
        read_regions(reader, &all[i], i, results->n_region);
    }
    sv_query_end(&query);
    results->lever = all;
    results->n_lever = reader->status == SV_OK ? n : 0;
}
