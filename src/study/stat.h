/* Streaming statistics of one number a season, and of one number an hour. Fixed memory, nothing allocated after new,
 * same bits for the same values in the same order. See docs/model/statistics.md. */
#ifndef SVITLO_STUDY_STAT_H
#define SVITLO_STUDY_STAT_H

#include "svitlo/study.h"

/* ---- one number a season ------------------------------------------------------------------- */

enum {
    SV_STAT_EXACT = 1024,   /* values kept as they are; quantiles are exact up to here */
    SV_STAT_STEPS_LOG2 = 8, /* 256 buckets an octave: a bucket is at most 1/256 = 0.39 % wide */
    SV_STAT_LOWEST = -14,   /* octaves from 2^-14 = 6.1e-5 ... */
    SV_STAT_HIGHEST = 46,   /* ... to 2^46 = 7.0e13 */
    SV_STAT_BUCKETS = ((SV_STAT_HIGHEST - SV_STAT_LOWEST) << SV_STAT_STEPS_LOG2) + 3 /* and: none, tiny, huge */
};

/** Mean, standard error, extremes (Welford) and buckets with count and sum for quantiles and tails. 193 kB. */
typedef struct sv_stat {
    int64_t n;
    double mean, m2, min, max; /* m2: sum of squared deviations from the mean */
    double value[SV_STAT_EXACT];
    uint32_t count[SV_STAT_BUCKETS]; /* [0] zero and below, [1] tiny, then by size, [last] huge */
    double sum[SV_STAT_BUCKETS];
} sv_stat;

/** Add one finite value; allocates nothing. A zeroed sv_stat is an empty one. At most 2^32 - 1 values. */
void sv_stat_add(sv_stat *stat, double value);

/** Everything about the values so far; NANs when there are none. @cost a sort of 1024 or a pass over the buckets */
void sv_stat_describe(const sv_stat *stat, sv_summary *summary);

/** Standard error of the mean: sample standard deviation / sqrt(n); NAN below two values. */
double sv_stat_error(const sv_stat *stat);

/** se / |mean|: 0 when nothing varies; INFINITY while unknown (fewer than two values, or a mean of zero). */
double sv_stat_relative_error(const sv_stat *stat);

/* ---- one difference a season --------------------------------------------------------------- */

/** Means, squares and product of a difference and of the base's value in the same season (Welford). A zeroed one is
 *  empty. */
typedef struct {
    int64_t n;
    double mean, m2, base_mean, base_m2, cross;
} sv_moments;

void sv_moments_add(sv_moments *moments, double value, double base);
void sv_moments_describe(const sv_moments *moments, sv_paired *paired);

/* ---- one number an hour -------------------------------------------------------------------- */

enum {
    SV_HOURS_STEPS_LOG2 = 3, /* 8 bins an octave: a bin is 9 to 13 % wide */
    SV_HOURS_OCTAVES = 17,   /* below a power of two that no value should pass: five decades */
    SV_HOURS_BINS = SV_HOURS_OCTAVES << SV_HOURS_STEPS_LOG2
};

/** A histogram for each hour of the season. Zeros are not stored: they are the seasons that are in no bin. */
typedef struct {
    int64_t n_h, n_season;
    int32_t first;          /* number of the lowest bin, see hours_bin */
    uint32_t *count;        /* [n_h * SV_HOURS_BINS] */
    uint32_t *n_above_zero; /* [n_h] */
    double *sum;            /* [n_h] */
} sv_hours;

/** @param[in] largest what no value should pass (those that do count as the largest bin); 0 = unknown, taken as 1 */
void sv_hours_init(sv_hours *hours, sv_arena *arena, int64_t n_h, double largest);
/** Add one season. @param[in] value [n_h], finite. @cost one addition for each hour that is not zero */
void sv_hours_add(sv_hours *hours, const float *value);
/** Mean and quantiles of one hour over all seasons; NANs when there are none. */
void sv_hours_describe(const sv_hours *hours, int64_t t_h, sv_band *band);

#endif
