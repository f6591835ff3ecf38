/* Weather as keyed draws: a day or hour has the same weather whatever the span asked for. Temperature = climate of the month
 * + moving averages of daily draws (whole country and region) + time of day; wind the same on six-hourly knots; sun by day
 * length and clearness; water by month. Only + - * /. Linear in hours. Any thread. */
#include "private.h"

#include <math.h>

static const double month_c[12] = {-4.5, -3.5, 1.5, 9.0, 15.0, 19.0, 21.0, 20.0, 15.0, 8.5, 2.5, -2.5};
static const double swing_c[12] = {2.0, 2.5, 3.5, 4.5, 5.0, 5.0,
                                   5.5, 5.5, 5.0, 4.0, 2.5, 2.0}; /* half of it each way */
static const double month_water[12] = {0.70, 0.73, 0.80, 0.92, 0.95, 0.90, 0.82, 0.76, 0.72, 0.70, 0.70, 0.70};
static const double month_wind[12] = {0.15,  0.10, 0.05, 0.0, -0.1, -0.2,
                                      -0.25, -0.2, -0.1, 0.0, 0.1,  0.15}; /* added to the normal */
static const double half_day_h[12] = {4.3, 5.1, 6.0, 6.9, 7.7, 8.1, 7.9, 7.2, 6.3, 5.4, 4.5, 4.1};
static const double noon_sun[12] = {0.30, 0.42, 0.58, 0.70, 0.78, 0.80, 0.80, 0.76, 0.65, 0.48, 0.32, 0.25};
static const double month_clear[12] = {0.35, 0.42, 0.50, 0.60, 0.66, 0.68, 0.72, 0.72, 0.64, 0.50, 0.34, 0.30};
static const double of_day[24] = {-0.5, -0.6, -0.7, -0.8, -0.9, -1.0, -0.9, -0.7, -0.3, 0.1,  0.5,  0.8,
                                  0.9,  1.0,  1.0,  0.9,  0.7,  0.4,  0.2,  0.0,  -0.1, -0.2, -0.3, -0.4};

double by_month(const double table[12], int64_t t_h)
{
    const sv_date date = sv_date_from_hour(t_h);
    const double at = (double)(date.month - 1) + ((double)date.day - 0.5) / 30.5 - 0.5; /* 0 = middle of January */
    const double shifted = at + 12.0;
    const int32_t low = (int32_t)shifted;
    const double share = shifted - (double)low;
    return (1.0 - share) * table[low % 12] + share * table[(low + 1) % 12];
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* Of knots k: a moving average of the draws up to it, each weighing `memory` of the next; variance 1. */
static double remembered(const plan *p, uint32_t of, int64_t knot, double memory, int32_t n_back)
{
    double sum = 0.0, weight = 1.0, squares = 0.0;
    for (int32_t k = 0; k < n_back; k++) {
        sum += weight * nearly_normal(draw(p, of, (int32_t)((knot - k) & 0x3fffffff)));
        squares += weight * weight;
        weight *= memory;
    }
    return sum / sqrt(squares);
}

/* The last two knots of a process, so that a walk through the hours makes each only once. */
typedef struct {
    uint32_t of;
    int32_t hours; /* from knot to knot */
    double memory;
    int32_t n_back;
    int64_t knot; /* of value[0] */
    bool started;
    double value[2];
} walk;

static double walk_to(walk *w, const plan *p, int64_t t_h)
{
    const int64_t knot = t_h >= 0 ? t_h / w->hours : -((w->hours - 1 - t_h) / w->hours);
    if (!w->started || knot != w->knot) {
        const bool next = w->started && knot == w->knot + 1;
        w->value[0] = next ? w->value[1] : remembered(p, w->of, knot, w->memory, w->n_back);
        w->value[1] = remembered(p, w->of, knot + 1, w->memory, w->n_back);
        w->knot = knot;
        w->started = true;
    }
    const double share = (double)(t_h - knot * w->hours) / (double)w->hours;
    return (1.0 - share) * w->value[0] + share * w->value[1];
}

static uint32_t of_region(int32_t i_region, uint32_t what)
{
    return (uint32_t)DRAW_OF_REGION + 8U * (uint32_t)i_region + what;
}

/* Colder to the north and east, 2 C from the middle to the edge. */
static double climate(const plan *p, int32_t i_region)
{
    const point at = p->region[i_region].at;
    return 2.0 - 4.0 * at.y / p->height_km + 0.5 * (2.0 - 4.0 * at.x / p->width_km);
}

void fill_temperature(const plan *p, int32_t i_region, bool mean_of_day, int64_t t0_h, int64_t n_h, float *value)
{
    walk country = {.of = DRAW_WEATHER_COUNTRY, .hours = 24, .memory = 0.82, .n_back = 14};
    walk own = {.of = of_region(i_region, REGION_WEATHER), .hours = 24, .memory = 0.6, .n_back = 8};
    const double here = climate(p, i_region);
    for (int64_t t = 0; t < n_h; t++) {
        const int64_t at = t0_h + t;
        double c = by_month(month_c, at) + here + 4.3 * walk_to(&country, p, at) + 1.2 * walk_to(&own, p, at);
        if (!mean_of_day)
            c += by_month(swing_c, at) * of_day[((at % 24) + 24) % 24];
        value[t] = (float)round_to(c, 10.0);
    }
}

void fill_wind(const plan *p, int32_t i_region, int64_t t0_h, int64_t n_h, float *value)
{
    walk country = {.of = DRAW_WIND_COUNTRY, .hours = 6, .memory = 0.75, .n_back = 12};
    walk own = {.of = of_region(i_region, REGION_WIND), .hours = 6, .memory = 0.6, .n_back = 8};
    for (int64_t t = 0; t < n_h; t++) {
        const int64_t at = t0_h + t;
        const double z = 0.7 * walk_to(&country, p, at) + 0.7 * walk_to(&own, p, at) + by_month(month_wind, at);
        const double s = clamp((z + 1.3) / 3.2, 0.0, 1.0);
        value[t] = (float)round_to(clamp(s * (0.35 + 0.75 * s), 0.0, 1.0), 100.0);
    }
}

void fill_solar(const plan *p, int32_t i_region, int64_t t0_h, int64_t n_h, float *value)
{
    walk country = {.of = DRAW_CLEAR_COUNTRY, .hours = 24, .memory = 0.5, .n_back = 6};
    walk own = {.of = of_region(i_region, REGION_CLEAR), .hours = 6, .memory = 0.4, .n_back = 4};
    for (int64_t t = 0; t < n_h; t++) {
        const int64_t at = t0_h + t;
        const double from_noon = ((double)(((at % 24) + 24) % 24) + 0.5 - 12.5) / by_month(half_day_h, at);
        const double height = 1.0 - from_noon * from_noon;
        const double z = 0.18 * walk_to(&country, p, at) + 0.12 * walk_to(&own, p, at);
        const double clear = clamp(by_month(month_clear, at) + z, 0.08, 1.0);
        value[t] = height > 0.0 ? (float)round_to(by_month(noon_sun, at) * height * clear, 100.0) : 0.0F;
    }
}

void fill_hydro(const plan *p, int64_t t0_h, int64_t n_h, float *value)
{
    walk water = {.of = DRAW_HYDRO, .hours = 168, .memory = 0.8, .n_back = 10};
    for (int64_t t = 0; t < n_h; t++) {
        const double share = by_month(month_water, t0_h + t) + 0.03 * walk_to(&water, p, t0_h + t);
        value[t] = (float)round_to(clamp(share, 0.0, 1.0), 100.0);
    }
}
