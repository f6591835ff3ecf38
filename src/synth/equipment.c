/* Standard equipment: overhead lines by terminal current and conductor, transformers by rating. Handbook figures, see
 * docs/model/synth.md. Constant: any thread. */
#include "private.h"

#define COUNT(a) ((int32_t)(sizeof(a) / sizeof((a)[0])))

const double level_kv[N_LEVEL] = {110.0, 330.0, 750.0};

/* MVA = sqrt(3) * kV * A, the smaller of terminal equipment (IEC 61869-2 row of currents) and conductors. */
static const line_type line_110[] = {
    {57.0, 0.301, 0.434, 2.61},  /*  300 A  1 x 95 mm2 */
    {76.0, 0.204, 0.420, 2.70},  /*  400 A  1 x 150 */
    {95.0, 0.159, 0.413, 2.75},  /*  500 A  1 x 185 */
    {114.0, 0.118, 0.405, 2.81}, /*  600 A  1 x 240 */
    {143.0, 0.073, 0.390, 2.90}, /*  750 A  1 x 400 */
    {191.0, 0.080, 0.305, 3.70}, /* 1000 A  2 x 185 */
    {229.0, 0.059, 0.300, 3.75}, /* 1200 A  2 x 240 */
    {286.0, 0.037, 0.195, 5.80}, /* from here on two circuits on one row of towers: 2 x 750 A */
    {381.0, 0.040, 0.153, 7.40}, /* 2 x 1000 A */
    {457.0, 0.030, 0.150, 7.50}, /* 2 x 1200 A */
};
static const line_type line_330[] = {
    {343.0, 0.059, 0.331, 3.38},  /*  600 A  2 x 240 */
    {429.0, 0.059, 0.331, 3.38},  /*  750 A  2 x 240 */
    {572.0, 0.059, 0.331, 3.38},  /* 1000 A  2 x 240 */
    {686.0, 0.048, 0.328, 3.41},  /* 1200 A  2 x 300 */
    {857.0, 0.036, 0.323, 3.46},  /* 1500 A  2 x 400 */
    {1143.0, 0.024, 0.306, 3.65}, /* 2000 A  3 x 400 */
    {1429.0, 0.018, 0.290, 3.85}, /* 2500 A  4 x 400 */
    {1800.0, 0.015, 0.285, 3.90}, /* 3150 A  4 x 500 */
};
static const line_type line_750[] = {
    {1299.0, 0.024, 0.289, 4.13}, /* 1000 A  4 x 300 */
    {1949.0, 0.024, 0.289, 4.13}, /* 1500 A  4 x 300 */
    {2598.0, 0.024, 0.289, 4.13}, /* 2000 A  4 x 300 */
    {3248.0, 0.019, 0.288, 4.11}, /* 2500 A  5 x 300 */
    {4157.0, 0.014, 0.286, 4.12}, /* 3200 A  5 x 400 */
    {5196.0, 0.012, 0.280, 4.20}, /* 4000 A  6 x 400 */
};
/* Autotransformers; short-circuit voltage 10 to 11 %, copper losses some 0.3 %. */
static const bank_type bank_330[] = {{125.0, 0.0030, 0.100},
                                     {200.0, 0.0028, 0.105},
                                     {250.0, 0.0026, 0.105},
                                     {315.0, 0.0025, 0.110},
                                     {400.0, 0.0024, 0.110}};
static const bank_type bank_750[] = {{666.0, 0.0022, 0.105}, {1000.0, 0.0020, 0.105}}; /* three of 222 or 333 MVA */

const line_type *line_types(level at, int32_t *n)
{
    static const line_type *const type[N_LEVEL] = {line_110, line_330, line_750};
    static const int32_t count[N_LEVEL] = {COUNT(line_110), COUNT(line_330), COUNT(line_750)};
    *n = count[at];
    return type[at];
}

const bank_type *bank_types(level high, int32_t *n)
{
    *n = high == LEVEL_750 ? COUNT(bank_750) : COUNT(bank_330);
    return high == LEVEL_750 ? bank_750 : bank_330;
}
