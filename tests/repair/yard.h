/* A small invented network for the repair tests: substations at given places, each with two busbars (switchgear) and
 * one autotransformer, and one plant with a thermal unit; crews in regions at given places. */
#ifndef SVITLO_TESTS_YARD_H
#define SVITLO_TESTS_YARD_H

#include "svitlo/repair.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    int32_t i_region;
    double x_km, y_km;
} yard_site;

typedef struct {
    double x_km, y_km, people;
} yard_region;

static inline int32_t add_yard_bus(sv_draft *draft, int32_t i_region, int32_t i_site, double vn_kv)
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

/* The last site also holds a thermal generator. */
static inline sv_grid *new_yard(const yard_region *region, int32_t n_region, const yard_site *site, int32_t n_site)
{
    sv_draft *draft = sv_draft_new();
    assert_non_null(draft);
    sv_draft_set_base(draft, 100.0);
    char id[32];
    for (int32_t r = 0; r < n_region; r++) {
        snprintf(id, sizeof id, "region-%d", r);
        sv_draft_add_region(
            draft, &(sv_region){.id = id, .x_km = region[r].x_km, .y_km = region[r].y_km, .i_series_temperature = -1});
    }
    for (int32_t s = 0; s < n_site; s++) {
        snprintf(id, sizeof id, "site-%d", s);
        sv_draft_add_site(draft, &(sv_site){.id = id,
                                            .class_ = SV_SITE_SUBSTATION,
                                            .i_region = site[s].i_region,
                                            .x_km = site[s].x_km,
                                            .y_km = site[s].y_km});
        int32_t high = add_yard_bus(draft, site[s].i_region, s, 330.0),
                low = add_yard_bus(draft, site[s].i_region, s, 220.0);
        sv_branch branch = sv_branch_default();
        snprintf(id, sizeof id, "transformer-%d", s);
        branch.id = id;
        branch.i_from = high;
        branch.i_to = low;
        branch.x_pu = 0.1;
        sv_draft_add_branch(draft, &branch);
        sv_load load = sv_load_default();
        snprintf(id, sizeof id, "load-%d", s);
        load.id = id;
        load.i_bus = low;
        load.p_mw = 10.0;
        load.people = region[site[s].i_region].people;
        sv_draft_add_load(draft, &load);
    }
    sv_gen gen = sv_gen_default();
    gen.id = "plant";
    gen.i_bus = 2 * (n_site - 1);
    gen.p_max_mw = 300.0;
    sv_draft_add_gen(draft, &gen);
    sv_grid *grid = NULL;
    sv_error err = {0};
    sv_status status = sv_grid_new(&grid, draft, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, SV_OK);
    sv_draft_free(&draft);
    return grid;
}

static inline int32_t switchgear(const sv_grid *grid, int32_t i_site)
{
    assert_int_equal(grid->unit[grid->unit_of_bus[2 * i_site]].class_, SV_UNIT_SWITCHGEAR);
    return grid->unit_of_bus[2 * i_site];
}

static inline int32_t low_switchgear(const sv_grid *grid, int32_t i_site)
{
    return grid->unit_of_bus[2 * i_site + 1];
}

static inline int32_t autotransformer(const sv_grid *grid, int32_t i_site)
{
    assert_int_equal(grid->unit[grid->unit_of_branch[i_site]].class_, SV_UNIT_AUTOTRANSFORMER);
    return grid->unit_of_branch[i_site];
}

static inline int32_t plant(const sv_grid *grid)
{
    assert_int_equal(grid->unit[grid->unit_of_gen[0]].class_, SV_UNIT_THERMAL);
    return grid->unit_of_gen[0];
}

/* Round numbers without chance: 4, 10, 20, 50 hours by state, one crew a job, day and night, 50 km/h, no detour. */
static inline sv_repair_settings plain_settings(void)
{
    sv_repair_settings s = sv_repair_defaults();
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        s.unit[c] = (sv_repair_class){{0.0, 4.0, 10.0, 20.0, 50.0}, 0.0, 1, SV_N_DAMAGE};
        s.spares[c] = 0;
        s.delivery_weeks[c] = 0.0;
    }
    s.crews_per_region = 0;
    s.crews_extra = 1;
    s.shift_h = 24.0;
    s.speed_km_per_h = 50.0;
    s.detour = 1.0;
    s.inspection_h = 0.0;
    s.delivery_spread = 0.0;
    return s;
}

static inline sv_repair *new_repair(const sv_grid *grid, const sv_repair_settings *settings, int64_t t0_h, int64_t n_h)
{
    sv_repair *repair = NULL;
    sv_error err = {0};
    sv_status status = sv_repair_new(&repair, grid, settings, t0_h, n_h, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, SV_OK);
    return repair;
}

#endif
