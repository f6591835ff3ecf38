/* What a study says: looks into its tallies, computes quantiles on demand. */
#include "private.h"

#include <math.h>

void sv_study_describe(const sv_study *study, sv_study_info *info)
{
    *info = (sv_study_info){
        .n_season = study->n_done,
        .n_failed = study->n_failed,
        .n_h = study->season.n_h,
        .stopped = study->stopped,
        .converged = study->converged,
        .seconds = study->seconds,
        .n_thread = study->n_thread,
        .n_lever = study->n_lever,
    };
}

void sv_study_summary(const sv_study *study, sv_metric metric, sv_summary *summary)
{
    sv_stat_describe(&study->base.total[metric], summary);
}

void sv_study_region_summary(const sv_study *study, int32_t i_region, sv_metric metric, sv_summary *summary)
{
    sv_stat_describe(&study->base.region[i_region * SV_N_SPLIT_METRIC + (int32_t)metric], summary);
}

void sv_study_class_summary(const sv_study *study, sv_class class_, sv_metric metric, sv_summary *summary)
{
    sv_stat_describe(&study->base.class_[(int32_t)class_ * SV_N_SPLIT_METRIC + (int32_t)metric], summary);
}

void sv_study_hour(const sv_study *study, int64_t t_h, sv_band *shed_mw, sv_band *people)
{
    if (shed_mw != NULL)
        sv_hours_describe(&study->base.shed_mw, t_h, shed_mw);
    if (people != NULL)
        sv_hours_describe(&study->base.people, t_h, people);
}

void sv_study_site(const sv_study *study, int32_t i_site, int64_t *n_damaged, int64_t *n_repaired,
                   int64_t *n_season_damaged, double *dark_h)
{
    const site_sum *site = &study->base.site[i_site];
    if (n_damaged != NULL)
        *n_damaged = site->n_damaged;
    if (n_repaired != NULL)
        *n_repaired = site->n_repaired;
    if (n_season_damaged != NULL)
        *n_season_damaged = site->n_season_damaged;
    if (dark_h != NULL)
        *dark_h = site->dark_h;
}

void sv_study_region_day(const sv_study *study, int32_t i_region, int32_t day, double *shed_mw, double *people)
{
    const tally *base = &study->base;
    int64_t at = (int64_t)i_region * base->n_day + day, left_h = base->n_h - 24 * (int64_t)day;
    double hours = (double)base->total[SV_M_EENS_MWH].n * (double)(left_h < 24 ? left_h : 24);
    if (shed_mw != NULL)
        *shed_mw = base->day_mwh[at] / hours; /* 0 / 0 without seasons: NAN */
    if (people != NULL)
        *people = base->day_people_hours[at] / hours;
}

double sv_study_cause_mwh(const sv_study *study, int32_t i_region, sv_unit_class class_, sv_cause cause)
{
    int64_t n = study->base.total[SV_M_EENS_MWH].n;
    double sum = study->base.unexplained_mwh;
    if (i_region >= 0)
        sum = study->base.cause_mwh[((size_t)i_region * SV_N_UNIT_CLASS + class_) * SV_N_CAUSE + cause];
    return n > 0 ? sum / (double)n : (double)NAN;
}

int64_t sv_study_course(const sv_study *study, const float **shed_mw, const float **people)
{
    const tally *base = &study->base;
    int32_t k = tally_course(base);
    *shed_mw = k < 0 ? NULL : &base->course_shed[(size_t)k * (size_t)base->n_h];
    *people = k < 0 ? NULL : &base->course_people[(size_t)k * (size_t)base->n_h];
    return k < 0 ? -1 : base->course_season[k];
}

int32_t sv_study_worst_hours(const sv_study *study, int32_t n, sv_study_hour_id *worst)
{
    const worst_hours *all = &study->base.worst;
    int32_t n_given = n < (int32_t)all->n ? n : (int32_t)all->n;
    for (int32_t i = 0; i < n_given; i++)
        worst[i] = all->hour[i];
    return n_given;
}

/* ---- levers -------------------------------------------------------------------------------- */

void sv_study_lever_summary(const sv_study *study, int32_t i_lever, sv_metric metric, sv_summary *summary,
                            sv_paired *difference, sv_paired *contrast)
{
    const lever_tally *lever = &study->lever[i_lever];
    if (summary != NULL)
        sv_stat_describe(&lever->total[metric], summary);
    if (difference != NULL)
        sv_moments_describe(&lever->difference[metric], difference);
    if (contrast != NULL)
        sv_moments_describe(&lever->contrast[metric], contrast);
}

void sv_study_lever_region(const sv_study *study, int32_t i_lever, int32_t i_region, sv_metric metric,
                           sv_paired *difference)
{
    sv_moments_describe(&study->lever[i_lever].region[i_region * SV_N_SPLIT_METRIC + (int32_t)metric], difference);
}

void sv_study_lever_shared(const sv_study *study, int32_t i_lever, double *same, double *reused)
{
    const lever_tally *lever = &study->lever[i_lever];
    double n_h = (double)lever->n_season * (double)study->season.n_h;
    *same = n_h > 0.0 ? (double)lever->same_h / n_h : (double)NAN;
    *reused = n_h > 0.0 ? (double)lever->reused_h / n_h : (double)NAN;
}
