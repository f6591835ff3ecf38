/* Statistics of one number a season: Welford's mean and variance; the first 1024 values as they are; beside them
 * buckets on the leading bits of the number (256 an octave), each with count and sum, from which quantiles are within
 * 0.4 % and the mean of the tail is nearly exact, in fixed memory. No logarithm, so no machine differs. */
#include "stat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Exponent and leading bits of a positive double grow with it: they number the buckets. */
static int32_t bucket_of(double value)
{
    const int32_t shift = 52 - SV_STAT_STEPS_LOG2;
    const int64_t lowest = (int64_t)(1023 + SV_STAT_LOWEST) << SV_STAT_STEPS_LOG2;
    if (!(value > 0.0))
        return 0;
    int64_t step = (int64_t)(bits_of(value) >> shift) - lowest;
    if (step < 0)
        return 1;
    return step < SV_STAT_BUCKETS - 3 ? (int32_t)step + 2 : SV_STAT_BUCKETS - 1;
}

void sv_stat_add(sv_stat *stat, double value)
{
    if (stat->n < SV_STAT_EXACT)
        stat->value[stat->n] = value;
    if (stat->n == 0 || value < stat->min)
        stat->min = value;
    if (stat->n == 0 || value > stat->max)
        stat->max = value;
    stat->n++;
    double away = value - stat->mean;
    stat->mean += away / (double)stat->n;
    stat->m2 += away * (value - stat->mean);
    int32_t bucket = bucket_of(value);
    stat->count[bucket]++;
    stat->sum[bucket] += value;
}

static double standard_error(int64_t n, double m2)
{
    return n < 2 ? (double)NAN : sqrt(fmax(m2, 0.0) / ((double)n - 1.0) / (double)n);
}

/* Expansion in 1/df about the normal quantile (Abramowitz and Stegun 1964, 26.7.5): 0.4 % off at 3 degrees of freedom,
 * below 0.1 % from 5 on; the first two as they are. */
double sv_half95(int64_t n)
{
    static const double z = 1.959963984540054, first[] = {12.706204736, 4.302652730};
    if (n < 2)
        return (double)NAN;
    if (n <= 3)
        return first[n - 2];
    double df = (double)(n - 1), z2 = z * z;
    double a = (z2 + 1.0) / 4.0, b = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    double c = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    return z * (1.0 + (a + (b + c / df) / df) / df);
}

void sv_share95(int64_t k, int64_t n, double *low, double *high)
{
    const double z = 1.959963984540054;
    double share = (double)k / (double)n, z2 = z * z / (double)n; /* 0 / 0 without draws: NAN */
    double middle = (share + 0.5 * z2) / (1.0 + z2);
    double half = z / (1.0 + z2) * sqrt(share * (1.0 - share) / (double)n + z2 / (4.0 * (double)n));
    *low = k > 0 || n == 0 ? middle - half : 0.0;
    *high = k < n || n == 0 ? middle + half : 1.0;
}

double sv_stat_error(const sv_stat *stat)
{
    return standard_error(stat->n, stat->m2);
}

void sv_moments_add(sv_moments *moments, double value, double base)
{
    moments->n++;
    double n = (double)moments->n, away = value - moments->mean, base_away = base - moments->base_mean;
    moments->mean += away / n;
    moments->base_mean += base_away / n;
    moments->m2 += away * (value - moments->mean);
    moments->base_m2 += base_away * (base - moments->base_mean);
    moments->cross += away * (base - moments->base_mean);
}

/* The error of a ratio of means r = d / b is that of the mean of (d_i - r b_i) / b (Cochran 1977, ch. 6). */
void sv_moments_describe(const sv_moments *moments, sv_paired *paired)
{
    *paired = (sv_paired){moments->n, (double)NAN, standard_error(moments->n, moments->m2), (double)NAN, (double)NAN};
    if (moments->n > 0)
        paired->mean = moments->mean;
    if (moments->n == 0 || moments->base_mean == 0.0)
        return;
    double r = moments->mean / moments->base_mean;
    double m2 = moments->m2 - 2.0 * r * moments->cross + r * r * moments->base_m2;
    paired->share = r;
    paired->share_se = standard_error(moments->n, m2) / fabs(moments->base_mean);
}

sv_verdict sv_verdict_of(const sv_paired *difference)
{
    if (difference->n < 2 || !isfinite(difference->mean) || !isfinite(difference->se))
        return SV_TOO_FEW;
    if (difference->mean == 0.0 && difference->se == 0.0)
        return SV_NOTHING;
    if (fabs(difference->mean) <= sv_half95(difference->n) * difference->se)
        return SV_UNSEEN;
    return difference->mean < 0.0 ? SV_SAVES : SV_ADDS;
}

double sv_stat_relative_error(const sv_stat *stat)
{
    double se = sv_stat_error(stat);
    return se >= 0.0 && stat->mean != 0.0 ? se / fabs(stat->mean) : INFINITY;
}

/* ---- order statistics ---------------------------------------------------------------------- */

/* Quantile by linear interpolation between order statistics, Hyndman and Fan's type 7: rank (n - 1) p from 0. */
typedef struct {
    int64_t low;  /* rank of the lower of the two */
    double share; /* of the way to the upper one */
} rank;

static rank rank_of(int64_t n, double p)
{
    double r = (double)(n - 1) * p;
    int64_t low = (int64_t)r;
    return (rank){low, r - (double)low};
}

static double between(double low, double high, double share)
{
    return share > 0.0 ? low + share * (high - low) : low;
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double quantile_of_sorted(const double *value, int64_t n, double p)
{
    rank r = rank_of(n, p);
    return between(value[r.low], value[r.low + 1 < n ? r.low + 1 : r.low], r.share);
}

/* Mean of the worst twentieth; the value on its edge counts in proportion. Below 20 values: the worst one. */
static double tail_of_sorted(const double *value, int64_t n)
{
    if (n <= 20)
        return value[n - 1];
    double size = (double)n / 20.0, left = size, total = 0.0;
    for (int64_t i = n - 1; i >= 0 && left > 0.0; i--) {
        double part = left < 1.0 ? left : 1.0;
        total += part * value[i];
        left -= part;
    }
    return fmin(total / size, value[n - 1]);
}

static void describe_values(const sv_stat *stat, sv_summary *summary)
{
    double sorted[SV_STAT_EXACT];
    memcpy(sorted, stat->value, (size_t)stat->n * sizeof sorted[0]);
    qsort(sorted, (size_t)stat->n, sizeof sorted[0], ascending);
    summary->p5 = quantile_of_sorted(sorted, stat->n, 0.05);
    summary->p50 = quantile_of_sorted(sorted, stat->n, 0.50);
    summary->p95 = quantile_of_sorted(sorted, stat->n, 0.95);
    summary->cvar95 = tail_of_sorted(sorted, stat->n);
}

/* ---- from buckets -------------------------------------------------------------------------- */

/* What all values of a bucket are taken for: their mean, kept within the extremes against rounding. */
static double value_of_bucket(const sv_stat *stat, int32_t bucket)
{
    double mean = stat->sum[bucket] / (double)stat->count[bucket];
    return fmin(fmax(mean, stat->min), stat->max);
}

static double quantile_of_buckets(const sv_stat *stat, double p)
{
    rank r = rank_of(stat->n, p);
    int64_t below = 0;
    double low = NAN;
    for (int32_t b = 0; b < SV_STAT_BUCKETS; b++) {
        if (stat->count[b] == 0)
            continue;
        int64_t next = below + stat->count[b];
        if (below <= r.low && r.low < next)
            low = value_of_bucket(stat, b);
        if (r.low + 1 < next)
            return between(low, value_of_bucket(stat, b), r.share);
        below = next;
    }
    return low;
}

static double tail_of_buckets(const sv_stat *stat)
{
    double size = (double)stat->n / 20.0, left = size, total = 0.0;
    for (int32_t b = SV_STAT_BUCKETS - 1; b >= 0 && left > 0.0; b--) {
        double n = (double)stat->count[b];
        if (n > left)
            total += left * value_of_bucket(stat, b);
        else
            total += stat->sum[b];
        left -= n;
    }
    return fmin(total / size, stat->max);
}

static void describe_buckets(const sv_stat *stat, sv_summary *summary)
{
    summary->p5 = quantile_of_buckets(stat, 0.05);
    summary->p50 = quantile_of_buckets(stat, 0.50);
    summary->p95 = quantile_of_buckets(stat, 0.95);
    summary->cvar95 = tail_of_buckets(stat);
}

void sv_stat_describe(const sv_stat *stat, sv_summary *summary)
{
    if (stat->n == 0) {
        *summary = (sv_summary){0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
        return;
    }
    *summary =
        (sv_summary){.n = stat->n, .mean = stat->mean, .se = sv_stat_error(stat), .min = stat->min, .max = stat->max};
    if (stat->n <= SV_STAT_EXACT)
        describe_values(stat, summary);
    else
        describe_buckets(stat, summary);
}
