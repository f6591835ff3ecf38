/* A small grid that the tests of this folder bend: two substations at 330/110 kV, a plant, a line to an island of one bus.
 *
 *   1 (330) ==line== 2 (330) ==transformer== 3 (110)    4 (110) ==line== 3     5: alone
 */
#ifndef TESTS_GRID_SMALL_H
#define TESTS_GRID_SMALL_H

#include "svitlo/grid.h"

#include <math.h>
#include <stdio.h>

static inline void add_bus(sv_draft *draft, const char *id, double vn_kv, int32_t area, double x_km)
{
    sv_bus bus = sv_bus_default();
    bus.id = id;
    bus.line = sv_draft_n_bus(draft) + 10;
    bus.vn_kv = vn_kv;
    bus.area = area;
    bus.x_km = x_km;
    bus.y_km = isnan(x_km) ? NAN : 2.0 * x_km;
    sv_draft_add_bus(draft, &bus);
}

static inline void add_branch(sv_draft *draft, const char *id, int32_t i_from, int32_t i_to, double tap)
{
    sv_branch branch = sv_branch_default();
    branch.id = id;
    branch.line = sv_draft_n(draft, SV_TABLE_BRANCH) + 20;
    branch.i_from = i_from;
    branch.i_to = i_to;
    branch.x_pu = 0.1;
    branch.tap = tap;
    branch.mttf_h = 1000.0;
    branch.mttr_h = 10.0;
    sv_draft_add_branch(draft, &branch);
}

static inline void add_gen(sv_draft *draft, const char *id, int32_t i_bus, sv_gen_kind kind, double p_max_mw)
{
    sv_gen gen = sv_gen_default();
    gen.id = id;
    gen.line = sv_draft_n(draft, SV_TABLE_GEN) + 30;
    gen.i_bus = i_bus;
    gen.kind = kind;
    gen.p_max_mw = p_max_mw;
    sv_draft_add_gen(draft, &gen);
}

static inline sv_draft *small_draft(void)
{
    sv_draft *draft = sv_draft_new();
    if (!draft)
        return NULL;
    sv_draft_set_name(draft, "small", "small.m");
    add_bus(draft, "1", 330.0, 7, 0.0);
    add_bus(draft, "2", 330.0, 7, 10.0);
    add_bus(draft, "3", 110.0, -2, 20.0);
    add_bus(draft, "4", 110.0, -2, NAN);
    add_bus(draft, "5", 110.0, 40, NAN);
    add_branch(draft, "a", 0, 1, 0.0);
    add_branch(draft, "t", 1, 2, 0.0);
    add_branch(draft, "b", 3, 2, 0.0);
    add_gen(draft, "g1", 0, SV_GEN_NUCLEAR, 300.0);
    add_gen(draft, "g2", 0, SV_GEN_THERMAL, 200.0);
    add_gen(draft, "c", 2, SV_GEN_CONDENSER, 0.0);
    sv_load load = sv_load_default();
    load.id = "l";
    load.line = 40;
    load.i_bus = 3;
    load.p_mw = 120.0;
    load.people = 5000.0;
    sv_draft_add_load(draft, &load);
    sv_storage storage = sv_storage_default();
    storage.id = "s";
    storage.line = 50;
    storage.i_bus = 1;
    storage.p_mw = 10.0;
    storage.energy_mwh = 40.0;
    sv_draft_add_storage(draft, &storage);
    sv_dc_line dc = sv_dc_line_default();
    dc.id = "d";
    dc.line = 60;
    dc.i_from = 4;
    dc.i_to = 0;
    dc.p_min_mw = -50.0;
    dc.p_max_mw = 50.0;
    sv_draft_add_dc_line(draft, &dc);
    const sv_shunt shunt = {.line = 70, .i_bus = 2, .b_mvar = 12.0};
    sv_draft_add_shunt(draft, &shunt);
    const sv_interconnector link = {.id = "x", .line = 80, .i_bus = 4, .limit_mw = 30.0, .i_series = -1};
    sv_draft_add_interconnector(draft, &link);
    return draft;
}

#endif
