/* A histogram for every hour of the season: 8 bins an octave on the leading bits of the number, over five decades
 * below the total demand (or people). 4 bytes a bin: 10 MB for a leap year of shed power and of people, whatever the
 * number of seasons. Values inside a bin are taken as evenly spread: quantiles are smooth, and within a bin, 13 %. */
#include "stat.h"

#include <math.h>
#include <string.h>

enum { SHIFT = 23 - SV_HOURS_STEPS_LOG2 };

/* Exponent and leading bits of a positive float: neighbouring numbers for neighbouring bins. */
static int32_t step_of(float value)
{
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> SHIFT;
}

/* Lower edge of a step. */
static double edge_of(int32_t step)
{
    int32_t bits = step << SHIFT;
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

void sv_hours_init(sv_hours *hours, sv_arena *arena, int64_t n_h, double largest)
{
    int exponent = 0;
    if (largest > 1e-20 && largest < 1e20)
        frexp(largest, &exponent); /* largest <= 2^exponent */
    *hours = (sv_hours){
        .n_h = n_h,
        .first = step_of((float)ldexp(1.0, exponent - SV_HOURS_OCTAVES)),
        .count = SV_TAKE(arena, n_h * SV_HOURS_BINS, uint32_t),
        .n_above_zero = SV_TAKE(arena, n_h, uint32_t),
        .sum = SV_TAKE(arena, n_h, double),
    };
}

void sv_hours_add(sv_hours *hours, const float *value)
{
    hours->n_season++;
    for (int64_t t = 0; t < hours->n_h; t++) {
        if (!(value[t] > 0.0f))
            continue;
        int32_t bin = step_of(value[t]) - hours->first;
        bin = bin < 0 ? 0 : bin >= SV_HOURS_BINS ? SV_HOURS_BINS - 1 : bin;
        hours->count[t * SV_HOURS_BINS + bin]++;
        hours->n_above_zero[t]++;
        hours->sum[t] += (double)value[t];
    }
}

/* Order statistic by rank from 0: zeros first, then evenly spread over each bin. */
static double value_at(const sv_hours *hours, int64_t t_h, int64_t rank)
{
    const uint32_t *count = &hours->count[t_h * SV_HOURS_BINS];
    int64_t below = hours->n_season - hours->n_above_zero[t_h];
    if (rank < below)
        return 0.0;
    for (int32_t b = 0; b < SV_HOURS_BINS; b++) {
        if (rank < below + count[b]) {
            double low = edge_of(hours->first + b), high = edge_of(hours->first + b + 1);
            return low + (high - low) * ((double)(rank - below) + 0.5) / (double)count[b];
        }
        below += count[b];
    }
    return 0.0;
}

static float quantile(const sv_hours *hours, int64_t t_h, double p)
{
    double r = (double)(hours->n_season - 1) * p;
    int64_t low = (int64_t)r;
    double value = value_at(hours, t_h, low);
    if (r > (double)low)
        value += (r - (double)low) * (value_at(hours, t_h, low + 1) - value);
    return (float)value;
}

void sv_hours_describe(const sv_hours *hours, int64_t t_h, sv_band *band)
{
    if (hours->n_season == 0) {
        *band = (sv_band){NAN, NAN, NAN, NAN};
        return;
    }
    *band = (sv_band){
        .mean = (float)(hours->sum[t_h] / (double)hours->n_season),
        .p5 = quantile(hours, t_h, 0.05),
        .p50 = quantile(hours, t_h, 0.50),
        .p95 = quantile(hours, t_h, 0.95),
    };
}
