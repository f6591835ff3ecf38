/* The one door to randomness: Philox4x32-10 by counter, and the few distributions that need care.
 * A draw is a pure function of its key, so threads, order and levers cannot move it. Some 10 ns a draw. */
#include "svitlo/base.h"

#include <Random123/philox.h>
#include <math.h>

/* 52 bits put at the middle of their cell: never 0, never 1, symmetric. */
static double unit_interval(uint32_t high, uint32_t low)
{
    uint64_t bits = (((uint64_t)high << 32) | low) >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}

sv_draw4 sv_draw(uint64_t seed, int64_t season, sv_draw_purpose purpose, uint32_t element, uint32_t occurrence)
{
    /* Counter: season (40 bits), block (8 bits), purpose (16 bits), element, occurrence. Key: the seed. */
    philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    uint32_t season_low = (uint32_t)season;
    uint32_t mixed = ((uint32_t)((uint64_t)season >> 32) & 0xffu) << 24 | ((uint32_t)purpose & 0xffffu);
    philox4x32_ctr_t first = {{season_low, mixed, element, occurrence}};
    philox4x32_ctr_t second = {{season_low, mixed | 1u << 16, element, occurrence}};
    philox4x32_ctr_t a = philox4x32(first, key);
    philox4x32_ctr_t b = philox4x32(second, key);
    return (sv_draw4){{unit_interval(a.v[0], a.v[1]), unit_interval(a.v[2], a.v[3]), unit_interval(b.v[0], b.v[1]),
                       unit_interval(b.v[2], b.v[3])}};
}

/* Starting point by a rational approximation of the tail (Abramowitz and Stegun 26.2.23, error below 4.5e-4), then Halley
 * steps on erfc until the error is far below 1e-9. */
double sv_normal_quantile(double u)
{
    double tail = u < 0.5 ? u : 1.0 - u;
    double t = sqrt(-2.0 * log(tail));
    double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for (int step = 0; step < 3; step++) {
        double error = 0.5 * erfc(x * 0.70710678118654752440) - tail;
        double density = 0.39894228040143267794 * exp(-0.5 * x * x);
        if (density < 1e-300)
            break;
        double newton = error / density;
        x += newton / (1.0 + 0.5 * x * newton);
    }
    return u < 0.5 ? -x : x;
}

double sv_geometric(double u, double p)
{
    if (p >= 1.0)
        return 1.0;
    double n = ceil(log(u) / log1p(-p));
    if (!(n < 0x1p53))
        return 0x1p53;
    return n < 1.0 ? 1.0 : n;
}

int64_t sv_poisson(double u, double mean)
{
    if (!(mean > 0.0))
        return 0;
    if (mean > 700.0) {
        double n = floor(mean + sqrt(mean) * sv_normal_quantile(u) + 0.5);
        return n < 0.0 ? 0 : (int64_t)n;
    }
    double p = exp(-mean), sum = p;
    int64_t n = 0;
    while (u > sum && n < 10000) {
        n++;
        p *= mean / (double)n;
        sum += p;
    }
    return n;
}
