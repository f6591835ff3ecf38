/* The end of a run: what the study found, written once. */
#include "table.h"

#include <math.h>
#include <stdio.h>

static sv_status put_hours(sv_store *store, const sv_study *study, int64_t n_h, sv_error *err)
{
    sv_status status = SV_OK;
    for (int64_t t = 0; t < n_h && status == SV_OK; t++) {
        sv_band mw, people;
        sv_study_hour(study, t, &mw, &people);
        sv_date date = sv_date_from_hour(store->t0_h + t);
        char time[32];
        snprintf(time, sizeof time, "%04d-%02d-%02d %02d:00", (int)date.year, (int)date.month, (int)date.day,
                 (int)date.hour);
        const sv_cell cell[] = {whole(t),
                                text(time),
                                real((double)mw.mean),
                                real((double)mw.p5),
                                real((double)mw.p50),
                                real((double)mw.p95),
                                real((double)people.mean),
                                real((double)people.p5),
                                real((double)people.p50),
                                real((double)people.p95)};
        status = sv_store_put(store, SV_T_HOUR, cell, err);
    }
    return status;
}

static sv_status put_sites(sv_store *store, const sv_study *study, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t i = 0; i < store->grid->n_site && status == SV_OK; i++) {
        int64_t n_damaged, n_repaired, n_season_damaged;
        double dark_h;
        sv_study_site(study, i, &n_damaged, &n_repaired, &n_season_damaged, &dark_h);
        const sv_cell cell[] = {whole(i), whole(n_damaged), whole(n_repaired), whole(n_season_damaged), real(dark_h)};
        status = sv_store_put(store, SV_T_SITE_TOTAL, cell, err);
    }
    return status;
}

/* i_region and class_ are -1 where the scope has none. */
static sv_status put_summary(sv_store *store, sv_metric metric, const char *scope, int32_t i_region, int32_t class_,
                             const sv_summary *s, sv_error *err)
{
    const sv_cell cell[] = {text(sv_metric_name[metric]),
                            text(scope),
                            i_region < 0 ? (sv_cell){0} : whole(i_region),
                            class_ < 0 ? (sv_cell){0} : text(sv_class_name[class_]),
                            whole(s->n),
                            real(s->mean),
                            real(s->se),
                            real(s->min),
                            real(s->max),
                            real(s->p5),
                            real(s->p50),
                            real(s->p95),
                            real(s->cvar95)};
    return sv_store_put(store, SV_T_SUMMARY, cell, err);
}

static sv_status put_summaries(sv_store *store, const sv_study *study, sv_error *err)
{
    sv_status status = SV_OK;
    sv_summary s;
    for (int32_t m = 0; m < SV_N_METRIC && status == SV_OK; m++) {
        sv_study_summary(study, (sv_metric)m, &s);
        status = put_summary(store, (sv_metric)m, "country", -1, -1, &s, err);
    }
    for (int32_t m = 0; m < SV_N_SPLIT_METRIC; m++) {
        for (int32_t r = 0; r < store->grid->n_region && status == SV_OK; r++) {
            sv_study_region_summary(study, r, (sv_metric)m, &s);
            status = put_summary(store, (sv_metric)m, "region", r, -1, &s, err);
        }
        for (int32_t c = 0; c < SV_N_CLASS && status == SV_OK; c++) {
            sv_study_class_summary(study, (sv_class)c, (sv_metric)m, &s);
            status = put_summary(store, (sv_metric)m, "class", -1, c, &s, err);
        }
    }
    return status;
}

static sv_status close_run(sv_store *store, const sv_study_info *info, sv_error *err)
{
    char sql[512];
    int64_t ms = (int64_t)fmin(info->seconds * 1000.0 + 0.5, 9e15); /* whole: no locale can spoil it */
    snprintf(sql, sizeof sql,
             "UPDATE run SET finished_utc = strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now'), n_season = %lld, "
             "n_failed = %lld, n_thread = %d, seconds = %lld / 1000.0, stopped = %d, converged = %d, complete = 1",
             (long long)info->n_season, (long long)info->n_failed, (int)info->n_thread, (long long)ms,
             (int)info->stopped, (int)info->converged);
    return sv_store_exec(store, sql, "close the run", err);
}

sv_status sv_store_put_study(sv_store *store, const sv_study *study, sv_error *err)
{
    sv_study_info info;
    sv_study_describe(study, &info);
    sv_status status = put_hours(store, study, info.n_h, err);
    if (status == SV_OK)
        status = put_sites(store, study, err);
    if (status == SV_OK)
        status = put_summaries(store, study, err);
    return status == SV_OK ? close_run(store, &info, err) : status;
}
