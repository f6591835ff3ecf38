/* Countries for the tests of the fictional country, and what is asked of them again and again. */
#ifndef TESTS_SYNTH_COUNTRY_H
#define TESTS_SYNTH_COUNTRY_H

#include "svitlo/synth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* n_h = 0: the whole season. */
static inline sv_grid *make_country(int32_t n_bus, uint64_t seed, int64_t n_h)
{
    sv_synth_settings settings = sv_synth_defaults();
    sv_grid *grid = NULL;
    sv_error err = {0};
    settings.n_bus = n_bus;
    settings.seed = seed;
    settings.n_h = n_h > 0 ? n_h : settings.n_h;
    if (sv_synth_new(&grid, &settings, &err) != SV_OK)
        fail_msg("%d buses, seed %d: %s", (int)n_bus, (int)seed, err.text);
    assert_non_null(grid);
    return grid;
}

static inline void between(double value, double low, double high, const char *what)
{
    if (!(value >= low && value <= high))
        fail_msg("%s is %g, not %g to %g", what, value, low, high);
}

static inline double volts_kv(const sv_grid *grid, int32_t i_bus)
{
    return grid->bus[i_bus].vn_kv;
}

static inline double *of_buses(const sv_grid *grid)
{
    double *value = calloc((size_t)grid->n_bus, sizeof *value);
    assert_non_null(value);
    return value;
}

#endif
