/* The end of a run: what the study found, written once. */
#include "table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

/* Nine cells, as all tables of statistics have them. */
static void fill_summary(sv_cell *cell, const sv_summary *s)
{
    const sv_cell filled[] = {whole(s->n), real(s->mean), real(s->se),  real(s->min),   real(s->max),
                              real(s->p5), real(s->p50),  real(s->p95), real(s->cvar95)};
    memcpy(cell, filled, sizeof filled);
}

/* i_region and class_ are -1 where the scope has none. */
static sv_status put_summary(sv_store *store, sv_metric metric, const char *scope, int32_t i_region, int32_t class_,
                             const sv_summary *s, sv_error *err)
{
    sv_cell cell[13] = {text(sv_metric_name[metric]), text(scope), index_or_null(i_region),
                        class_ < 0 ? (sv_cell){0} : text(sv_class_name[class_])};
    fill_summary(cell + 4, s);
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

/* ---- why, and one season as it went ---------------------------------------------------------- */

/* Places that a group of causes stands for: sites of the region with a unit of the class; each line is its own. */
static int64_t places_of(const sv_grid *grid, int32_t i_region, sv_unit_class class_)
{
    int64_t n = 0;
    int32_t last_site = -1; /* units of one site are neighbours */
    for (int32_t u = 0; u < grid->n_unit; u++) {
        const sv_unit *unit = &grid->unit[u];
        if (unit->i_region != i_region || unit->class_ != class_ || (unit->i_site >= 0 && unit->i_site == last_site))
            continue;
        n++;
        last_site = unit->i_site;
    }
    return n;
}

static sv_status put_causes(sv_store *store, const sv_study *study, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t r = 0; r < store->grid->n_region; r++)
        for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++)
            for (int32_t k = 0; k < SV_N_CAUSE && status == SV_OK; k++) {
                double mwh = sv_study_cause_mwh(study, r, (sv_unit_class)c, (sv_cause)k);
                const sv_cell cell[] = {whole(r), text(sv_unit_class_name[c]), text(sv_cause_name[k]), real(mwh),
                                        whole(places_of(store->grid, r, (sv_unit_class)c))};
                if (mwh > 0.0 || mwh < 0.0)
                    status = sv_store_put(store, SV_T_CAUSE, cell, err);
            }
    const sv_cell rest[5] = {[3] = real(sv_study_cause_mwh(study, -1, (sv_unit_class)0, (sv_cause)0))};
    return status == SV_OK ? sv_store_put(store, SV_T_CAUSE, rest, err) : status;
}

static sv_status put_region_days(sv_store *store, const sv_study *study, int64_t n_h, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t r = 0; r < store->grid->n_region; r++)
        for (int32_t day = 0; 24 * (int64_t)day < n_h && status == SV_OK; day++) {
            double shed_mw, people;
            sv_study_region_day(study, r, day, &shed_mw, &people);
            const sv_cell cell[] = {whole(r), whole(day), real(shed_mw), real(people)};
            status = sv_store_put(store, SV_T_REGION_DAY, cell, err);
        }
    return status;
}

static sv_status put_course(sv_store *store, const sv_study *study, int64_t n_h, int64_t *i_season, sv_error *err)
{
    const float *shed_mw = NULL, *people = NULL;
    *i_season = sv_study_course(study, &shed_mw, &people);
    sv_status status = SV_OK;
    for (int64_t t = 0; t < n_h && *i_season >= 0 && status == SV_OK; t++) {
        const sv_cell cell[] = {whole(t), real((double)shed_mw[t]), real((double)people[t])};
        status = sv_store_put(store, SV_T_COURSE, cell, err);
    }
    return status;
}

/* ---- levers -------------------------------------------------------------------------------- */

static void fill_paired(sv_cell cell[4], const sv_paired *paired)
{
    cell[0] = real(paired->mean);
    cell[1] = real(paired->se);
    cell[2] = real(paired->share);
    cell[3] = real(paired->share_se);
}

static sv_status put_lever(sv_store *store, const sv_study *study, int32_t i_lever, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t m = 0; m < SV_N_METRIC && status == SV_OK; m++) {
        sv_summary s;
        sv_paired difference, contrast;
        sv_study_lever_summary(study, i_lever, (sv_metric)m, &s, &difference, &contrast);
        sv_cell cell[19] = {whole(i_lever), text(sv_metric_name[m])};
        fill_summary(cell + 2, &s);
        fill_paired(cell + 11, &difference);
        fill_paired(cell + 15, &contrast);
        status = sv_store_put(store, SV_T_LEVER_SUMMARY, cell, err);
    }
    for (int32_t r = 0; r < store->grid->n_region; r++)
        for (int32_t m = 0; m < SV_N_SPLIT_METRIC && status == SV_OK; m++) {
            sv_paired difference;
            sv_study_lever_region(study, i_lever, r, (sv_metric)m, &difference);
            const sv_cell cell[] = {whole(i_lever), whole(r), text(sv_metric_name[m]), real(difference.mean),
                                    real(difference.se)};
            status = sv_store_put(store, SV_T_LEVER_REGION, cell, err);
        }
    return status;
}

static void bind_share(sqlite3_stmt *update, int i, double share)
{
    if (isfinite(share))
        sqlite3_bind_double(update, i, share);
    else
        sqlite3_bind_null(update, i);
}

/* What one season saves, MWh, where a saving is seen; else NAN. */
static double saved_mwh(const sv_study *study, int32_t i_lever)
{
    sv_paired mwh;
    sv_study_lever_summary(study, i_lever, SV_M_EENS_MWH, NULL, &mwh, NULL);
    return sv_verdict_of(&mwh) == SV_SAVES ? -mwh.mean : (double)NAN;
}

static sv_status put_shares(sv_store *store, const sv_study *study, sv_error *err)
{
    sqlite3_stmt *update = NULL;
    if (sqlite3_prepare_v2(store->db,
                           "UPDATE lever SET same_share = ?, reused_share = ?, eur_per_mwh_saved = cost_eur / ? "
                           "WHERE i_lever = ?",
                           -1, &update, NULL) != SQLITE_OK)
        return sv_store_fail(store, err, "close the levers");
    sv_status status = SV_OK;
    for (int32_t i = 0; i < store->n_lever && status == SV_OK; i++) {
        double same, reused;
        sv_study_lever_shared(study, i, &same, &reused);
        bind_share(update, 1, same);
        bind_share(update, 2, reused);
        bind_share(update, 3, saved_mwh(study, i)); /* NULL where nothing is: so is the price */
        sqlite3_bind_int64(update, 4, i);
        if (sqlite3_step(update) != SQLITE_DONE)
            status = sv_store_fail(store, err, "close the levers");
        sqlite3_reset(update);
    }
    sqlite3_finalize(update);
    return status;
}

static sv_status put_levers(sv_store *store, const sv_study *study, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t i = 0; i < store->n_lever && status == SV_OK; i++)
        status = put_lever(store, study, i, err);
    return status == SV_OK ? put_shares(store, study, err) : status;
}

/* ---- hours checked by AC power flow ---------------------------------------------------------- */

enum { N_SEEN = 7 };

static void fill_seen(sv_cell cell[N_SEEN], const sv_ac_look *look)
{
    const sv_cell filled[N_SEEN] = {whole(look->n_low), whole(look->n_high), whole(look->n_over),
                                    real(look->low_pu), real(look->high_pu), real(look->loading_percent),
                                    real(look->loss_mw)};
    memcpy(cell, filled, sizeof filled);
}

static sv_status put_checked(sv_store *store, int32_t i_check, const sv_study_ac_hour *hour, sv_error *err)
{
    const sv_ac_hour *ac = &hour->ac;
    sv_cell cell[32] = {whole(i_check),           text(hour->random ? "random" : "worst"),
                        whole(hour->of.i_season), whole(hour->of.t_h),
                        real(hour->of.people),    real(hour->of.shed_mw),
                        real(hour->served_mw),    text(sv_ac_verdict_name[ac->verdict]),
                        whole(ac->solved)};
    const sv_cell rest[] = {real(ac->dark_mw),
                            real(ac->short_mw),
                            real(ac->moved_mw),
                            real(ac->shed_mw),
                            real(ac->shed_class_mw[SV_CRITICAL]),
                            real(ac->shed_class_mw[SV_HOUSEHOLD]),
                            real(ac->shed_class_mw[SV_INDUSTRY]),
                            real(hour->more_people),
                            whole(ac->n_solve)};
    fill_seen(cell + 9, &ac->before);
    fill_seen(cell + 9 + N_SEEN, &ac->after);
    memcpy(cell + 9 + 2 * N_SEEN, rest, sizeof rest);
    return sv_store_put(store, SV_T_AC_CHECK, cell, err);
}

sv_status sv_store_put_checks(sv_store *store, const sv_study_ac *ac, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t i = 0; i < ac->n_worst + ac->n_random && status == SV_OK; i++)
        status = put_checked(store, i, &ac->hour[i], err);
    return status;
}

/* ---- the run ------------------------------------------------------------------------------- */

static sv_status close_run(sv_store *store, const sv_study_info *info, int64_t i_course, sv_error *err)
{
    char sql[512];
    int64_t ms = (int64_t)fmin(info->seconds * 1000.0 + 0.5, 9e15); /* whole: no locale can spoil it */
    snprintf(sql, sizeof sql,
             "UPDATE run SET finished_utc = strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now'), n_season = %lld, "
             "n_failed = %lld, n_thread = %d, seconds = %lld / 1000.0, stopped = %d, converged = %d, "
             "i_course = nullif(%lld, -1), complete = 1",
             (long long)info->n_season, (long long)info->n_failed, (int)info->n_thread, (long long)ms,
             (int)info->stopped, (int)info->converged, (long long)i_course);
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
    if (status == SV_OK)
        status = put_causes(store, study, err);
    if (status == SV_OK)
        status = put_region_days(store, study, info.n_h, err);
    int64_t i_course = -1;
    if (status == SV_OK)
        status = put_course(store, study, info.n_h, &i_course, err);
    if (status == SV_OK)
        status = put_levers(store, study, err);
    return status == SV_OK ? close_run(store, &info, i_course, err) : status;
}
