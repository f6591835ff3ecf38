/* A small invented country for tests: two rear regions and a front one, each with the same sites. */
#ifndef SVITLO_TESTS_COUNTRY_H
#define SVITLO_TESTS_COUNTRY_H

#include "svitlo/hazard.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { COUNTRY_REGIONS = 3 };

typedef struct {
    int32_t substations, thermals, hydros; /* sites of each class in one region */
    int32_t units;                         /* generators of one plant */
    int32_t sheltered_site, shelter;       /* one site with a protection level; -1 = none */
    bool empty_sites;                      /* a site without units in each class and region */
} country_plan;

static inline int32_t add_country_site(sv_draft *draft, const country_plan *plan, int32_t i_region,
                                       sv_site_class class_, int32_t *n_site)
{
    char id[32];
    snprintf(id, sizeof id, "site-%d", *n_site);
    int32_t shelter = *n_site == plan->sheltered_site ? plan->shelter : 0;
    *n_site += 1;
    return sv_draft_add_site(draft, &(sv_site){.id = id,
                                               .class_ = class_,
                                               .i_region = i_region,
                                               .x_km = 100.0 * i_region + *n_site,
                                               .y_km = 5.0 * *n_site,
                                               .shelter = shelter});
}

static inline int32_t add_country_bus(sv_draft *draft, int32_t i_region, int32_t i_site, double vn_kv)
{
    char id[32];
    snprintf(id, sizeof id, "bus-%d", sv_draft_n_bus(draft));
    sv_bus bus = sv_bus_default();
    bus.id = id;
    bus.vn_kv = vn_kv;
    bus.i_region = i_region;
    bus.i_site = i_site;
    if (sv_draft_n_bus(draft) == 0)
        bus.type = SV_BUS_REF;
    return sv_draft_add_bus(draft, &bus);
}

static inline void add_substation(sv_draft *draft, int32_t i_region, int32_t i_site)
{
    char id[32];
    int32_t high = add_country_bus(draft, i_region, i_site, 330.0),
            low = add_country_bus(draft, i_region, i_site, 35.0);
    sv_branch branch = sv_branch_default();
    snprintf(id, sizeof id, "transformer-%d", high);
    branch.id = id;
    branch.i_from = high;
    branch.i_to = low;
    branch.x_pu = 0.1;
    branch.tap = 1.0;
    sv_draft_add_branch(draft, &branch);
}

static inline void add_plant(sv_draft *draft, const country_plan *plan, int32_t i_region, int32_t i_site,
                             sv_gen_kind kind)
{
    int32_t bus = add_country_bus(draft, i_region, i_site, 330.0);
    for (int32_t k = 0; k < plan->units; k++) {
        char id[32];
        snprintf(id, sizeof id, "gen-%d-%d", i_site, k);
        sv_gen gen = sv_gen_default();
        gen.id = id;
        gen.i_bus = bus;
        gen.kind = kind;
        gen.p_max_mw = 100.0;
        sv_draft_add_gen(draft, &gen);
    }
}

static inline sv_grid *new_country(const country_plan *plan)
{
    static const char *const region_id[COUNTRY_REGIONS] = {"north", "south", "east"};
    sv_draft *draft = sv_draft_new();
    assert_non_null(draft);
    sv_draft_set_base(draft, 100.0);
    int32_t n_site = 0;
    for (int32_t r = 0; r < COUNTRY_REGIONS; r++) {
        sv_draft_add_region(draft, &(sv_region){.id = region_id[r],
                                                .zone = r == 2 ? SV_ZONE_FRONT : SV_ZONE_REAR,
                                                .x_km = 100.0 * r,
                                                .y_km = 0.0,
                                                .i_series_temperature = -1});
        for (int32_t k = 0; k < plan->substations; k++)
            add_substation(draft, r, add_country_site(draft, plan, r, SV_SITE_SUBSTATION, &n_site));
        for (int32_t k = 0; k < plan->thermals; k++)
            add_plant(draft, plan, r, add_country_site(draft, plan, r, SV_SITE_THERMAL, &n_site), SV_GEN_THERMAL);
        for (int32_t k = 0; k < plan->hydros; k++)
            add_plant(draft, plan, r, add_country_site(draft, plan, r, SV_SITE_HYDRO, &n_site), SV_GEN_HYDRO);
        for (int32_t c = 0; c < SV_N_SITE_CLASS && plan->empty_sites; c++)
            add_country_site(draft, plan, r, (sv_site_class)c, &n_site);
    }
    sv_grid *grid = NULL;
    sv_error err = {0};
    sv_status status = sv_grid_new(&grid, draft, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, SV_OK);
    sv_draft_free(&draft);
    return grid;
}

/* Standard errors between a mean of n draws and what it should be. */
static inline double errors_off(double mean, double expected, double sigma, double n)
{
    return fabs(mean - expected) / (sigma / sqrt(n));
}

#endif
