/* Making a grid: what is derived, what is refused and with which sentence, what the fingerprint sees, failing allocations. */
#include "small.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static sv_grid *make(sv_draft *draft)
{
    sv_grid *grid;
    sv_error err = {0};
    const sv_status status = sv_grid_new(&grid, draft, &err);
    if (status)
        fail_msg("%s", err.text);
    sv_draft_free(&draft);
    return grid;
}

/* ---- derived ------------------------------------------------------------------------------- */

static void derives_regions_from_areas(void **unused)
{
    (void)unused;
    sv_grid *grid = make(small_draft());
    assert_true(grid->regions_derived);
    assert_int_equal(grid->n_region, 3); /* by number: -2, 7, 40 */
    assert_string_equal(grid->region[0].id, "-2");
    assert_string_equal(grid->region[1].id, "7");
    assert_string_equal(grid->region[2].id, "40");
    const int32_t region[] = {1, 1, 0, 0, 2};
    for (int32_t i = 0; i < 5; i++)
        assert_int_equal(grid->bus[i].i_region, region[i]);
    assert_true(grid->region[1].x_km == 5.0 && grid->region[1].y_km == 10.0); /* mean of buses 1 and 2 */
    assert_true(grid->region[0].x_km == 20.0);                                /* bus 4 has no place */
    assert_true(isnan(grid->region[2].x_km));
    sv_grid_free(&grid);
}

static void derives_sites_from_transformers(void **unused)
{
    (void)unused;
    sv_grid *grid = make(small_draft());
    assert_true(grid->sites_derived);
    assert_int_equal(grid->n_site, 4); /* {1} {2, 3} {4} {5} */
    const int32_t site[] = {0, 1, 1, 2, 3};
    for (int32_t i = 0; i < 5; i++)
        assert_int_equal(grid->bus[i].i_site, site[i]);
    assert_int_equal(grid->site[0].class_, SV_SITE_NUCLEAR); /* 300 MW nuclear beside 200 MW thermal */
    assert_int_equal(grid->site[1].class_, SV_SITE_SUBSTATION);
    assert_string_equal(grid->site[1].id, "2");
    assert_int_equal(grid->site[1].i_region, grid->bus[1].i_region);
    assert_true(grid->site[1].x_km == 15.0);
    assert_true(isnan(grid->site[2].x_km));
    sv_grid_free(&grid);
}

static void lists_units_by_site(void **unused)
{
    (void)unused;
    sv_grid *grid = make(small_draft());
    assert_int_equal(grid->n_unit,
                     5 + 3 + 2 + 1 + 1); /* buses, branches, generators but the condenser, storage, dc line */
    int32_t n = 0;
    for (int32_t s = 0; s < grid->n_site; s++) {
        assert_int_equal(grid->site[s].i_unit, n);
        for (int32_t k = 0; k < grid->site[s].n_unit; k++)
            assert_int_equal(grid->unit[n + k].i_site, s);
        n += grid->site[s].n_unit;
    }
    for (; n < grid->n_unit; n++) {
        assert_int_equal(grid->unit[n].i_site, -1);
        assert_true(grid->unit[n].kind == SV_OF_BRANCH || grid->unit[n].kind == SV_OF_DC_LINE);
    }
    assert_int_equal(grid->unit_of_gen[2], -1);
    const sv_unit *transformer = &grid->unit[grid->unit_of_branch[1]];
    assert_int_equal(transformer->class_, SV_UNIT_AUTOTRANSFORMER); /* 330/110 */
    assert_int_equal(transformer->i_site, 1);
    assert_true(transformer->mttf_h == 1000.0 && transformer->mttr_h == 10.0);
    assert_int_equal(grid->unit[grid->unit_of_branch[2]].class_, SV_UNIT_LINE);
    assert_int_equal(grid->unit[grid->unit_of_branch[2]].i_region, grid->bus[3].i_region); /* its from bus */
    assert_int_equal(grid->unit[grid->unit_of_gen[0]].class_, SV_UNIT_NUCLEAR);
    assert_int_equal(grid->unit[grid->unit_of_storage[0]].class_, SV_UNIT_STORAGE);
    assert_int_equal(grid->unit[grid->unit_of_dc_line[0]].class_, SV_UNIT_DC_LINE);
    for (int32_t i = 0; i < grid->n_bus; i++) {
        const sv_unit *unit = &grid->unit[grid->unit_of_bus[i]];
        assert_true(unit->class_ == SV_UNIT_SWITCHGEAR && unit->kind == SV_OF_BUS && unit->index == i);
    }
    sv_grid_free(&grid);
}

static void tells_transformers_from_lines(void **unused)
{
    (void)unused;
    static const struct {
        double from_kv, to_kv, tap, shift_deg;
        bool transformer;
    } cases[] = {{110, 110, 0, 0, false}, {110, 110, 1, 0, true},  {110, 110, 0, 5, true},
                 {330, 110, 0, 0, true},  {380, 400, 0, 0, false}, {0, 110, 0, 0, false},
                 {0, 0, 0.95, 0, true},   {220, 380, 0, 0, true},  {110, 35, 0, 0, true}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        sv_draft *draft = sv_draft_new();
        add_bus(draft, "1", cases[k].from_kv, 1, 0.0);
        add_bus(draft, "2", cases[k].to_kv, 1, 0.0);
        sv_branch branch = sv_branch_default();
        branch.id = "b";
        branch.i_from = 0;
        branch.i_to = 1;
        branch.tap = cases[k].tap;
        branch.shift_deg = cases[k].shift_deg;
        sv_draft_add_branch(draft, &branch);
        sv_grid *grid = make(draft);
        assert_int_equal(sv_branch_is_transformer(grid, 0), cases[k].transformer);
        assert_int_equal(grid->n_site, cases[k].transformer ? 1 : 2);
        assert_true(sv_branch_tap(&grid->branch[0]) == (cases[k].tap == 0.0 ? 1.0 : cases[k].tap));
        if (cases[k].transformer)
            assert_int_equal(grid->unit[grid->unit_of_branch[0]].class_,
                             cases[k].from_kv >= 100 && cases[k].to_kv >= 100 ? SV_UNIT_AUTOTRANSFORMER
                                                                              : SV_UNIT_TRANSFORMER);
        sv_grid_free(&grid);
    }
}

static void sums_demand_people_capacity(void **unused)
{
    (void)unused;
    sv_draft *draft = small_draft();
    sv_load load = sv_load_default();
    load.id = "free injection";
    load.i_bus = 0;
    load.p_mw = -30.0;
    load.people = 7.0;
    sv_draft_add_load(draft, &load);
    load.id = "at a dead bus";
    load.i_bus = 4;
    load.p_mw = 99.0;
    sv_draft_add_load(draft, &load);
    sv_draft_bus(draft, 4)->type = SV_BUS_DEAD;
    sv_draft_gen(draft, 1)->in_service = false;
    sv_grid *grid = make(draft);
    assert_true(sv_grid_demand_mw(grid) == 120.0);
    assert_true(sv_grid_people(grid) == 5014.0);
    assert_true(sv_grid_capacity_mw(grid) == 300.0);
    sv_grid_free(&grid);
}

/* ---- refused ------------------------------------------------------------------------------- */

/* The one sentence of a draft that must be refused. */
static void refused(sv_draft *draft, const char *sentence)
{
    sv_grid *grid = (sv_grid *)1;
    sv_error err = {0};
    assert_int_equal(sv_grid_new(&grid, draft, &err), SV_EDATA);
    assert_null(grid);
    assert_string_equal(err.text, sentence);
    assert_int_equal(sv_grid_new(&grid, draft, NULL), SV_EDATA);
    sv_draft_free(&draft);
}

static void refuses_bad_buses(void **unused)
{
    (void)unused;
    sv_draft *draft = sv_draft_new();
    sv_draft_set_name(draft, "none", "empty.m");
    refused(draft, "empty.m: no bus; accepted: at least one");
    draft = small_draft();
    sv_draft_set_base(draft, NAN);
    refused(draft, "small.m: base power is nan MVA; accepted: 0.001 to 1e+06");
    draft = small_draft();
    add_bus(draft, "3", 110.0, 1, 0.0);
    refused(draft, "small.m:15: bus 3 is there already (line 12); accepted: ids that differ");
    draft = small_draft();
    add_bus(draft, "", 110.0, 1, 0.0);
    refused(draft, "small.m:15: bus 6 has an empty id; accepted: a word or number");
    draft = small_draft();
    sv_draft_bus(draft, 1)->vn_kv = -1.0;
    refused(draft, "small.m:11: bus 2: base voltage is -1 kV; accepted: a finite number, 0 or more");
    draft = small_draft();
    sv_draft_bus(draft, 1)->va_deg = INFINITY;
    refused(draft, "small.m:11: bus 2: angle is inf deg; accepted: a finite number");
    draft = small_draft();
    sv_draft_bus(draft, 2)->type = (sv_bus_type)0;
    refused(draft, "small.m:12: bus 3: type is 0; accepted: 1 (PQ), 2 (PV), 3 (reference), 4 (dead)");
    draft = small_draft();
    sv_draft_bus(draft, 2)->type = (sv_bus_type)9;
    refused(draft, "small.m:12: bus 3: type is 9; accepted: 0 to 4");
    draft = small_draft();
    sv_draft_bus(draft, 2)->x_km = -INFINITY;
    refused(draft, "small.m:12: bus 3: x is -inf km; accepted: a finite number, or nothing when unknown");
}

static void refuses_buses_without_region_or_site(void **unused)
{
    (void)unused;
    sv_draft *draft = small_draft();
    const sv_region region = {.id = "r", .x_km = NAN, .y_km = NAN, .i_series_temperature = -1};
    sv_draft_add_region(draft, &region);
    refused(draft, "small.m:10: bus 1 has no region though there is a table of regions");
    draft = small_draft();
    const sv_site site = {.id = "s", .i_region = -1, .x_km = NAN, .y_km = NAN};
    sv_draft_add_site(draft, &site);
    refused(draft, "small.m:10: bus 1 has no site though there is a table of sites");
    draft = small_draft();
    sv_draft_bus(draft, 0)->i_site = 3;
    refused(draft, "small.m:10: bus 1: i_site is 3; accepted: -1 to -1");
}

static void refuses_bad_branches(void **unused)
{
    (void)unused;
    static const struct {
        sv_branch row;
        const char *sentence;
    } cases[] = {
        {{.id = "z", .line = 9, .i_from = 0, .i_to = 5}, "small.m:9: branch z (1-?): i_to is 5; accepted: 0 to 4"},
        {{.id = "z", .line = 9, .i_from = 0, .i_to = 0},
         "small.m:9: branch z (1-1): both ends are the same bus; accepted: two buses"},
        {{.id = "z", .line = 9, .i_from = 0, .i_to = 1, .x_pu = NAN},
         "small.m:9: branch z (1-2): reactance is nan pu; accepted: a finite number"},
        {{.id = "z", .line = 9, .i_from = 0, .i_to = 1, .rate_a_mva = -5.0},
         "small.m:9: branch z (1-2): rating A is -5 MVA; accepted: a finite number, 0 or more"},
        {{.id = "z", .line = 9, .i_from = 0, .i_to = 1, .rate_c_mva = INFINITY},
         "small.m:9: branch z (1-2): rating C is inf MVA; accepted: a finite number, 0 or more"},
        {{.id = "z", .line = 9, .i_from = 0, .i_to = 1, .mttf_h = 100.0},
         "small.m:9: branch z (1-2): MTTF is 100 h but MTTR is 0 h; accepted: both above 0, or MTTF 0 for never"},
        {{.id = "t", .line = 9, .i_from = 0, .i_to = 1},
         "small.m:9: branch t is there already (line 21); accepted: ids that differ"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        sv_draft *draft = small_draft();
        sv_draft_add_branch(draft, &cases[k].row);
        refused(draft, cases[k].sentence);
    }
}

static void refuses_bad_rows_of_the_rest(void **unused)
{
    (void)unused;
    sv_draft *draft = small_draft();
    sv_draft_gen(draft, 0)->p_max_mw = INFINITY;
    refused(draft, "small.m:30: generator g1 at bus 1: highest power is inf MW; accepted: a finite number");
    draft = small_draft();
    sv_draft_gen(draft, 0)->kind = (sv_gen_kind)77;
    refused(draft, "small.m:30: generator g1 at bus 1: kind is 77; accepted: 0 to 5");
    draft = small_draft();
    sv_draft_load(draft, 0)->people = -1.0;
    refused(draft, "small.m:40: load l: people is -1; accepted: a finite number, 0 or more");
    draft = small_draft();
    sv_storage storage = sv_storage_default();
    storage.id = "s2";
    storage.line = 51;
    storage.i_bus = 0;
    storage.efficiency = 0.0;
    sv_draft_add_storage(draft, &storage);
    refused(draft, "small.m:51: storage s2: round-trip efficiency is 0; accepted: above 0, up to 1");
    draft = small_draft();
    storage.efficiency = 1.01;
    sv_draft_add_storage(draft, &storage);
    refused(draft, "small.m:51: storage s2: round-trip efficiency is 1.01; accepted: a share, 0 to 1");
    draft = small_draft();
    sv_dc_line dc = sv_dc_line_default();
    dc.id = "d2";
    dc.line = 61;
    dc.i_from = 0;
    dc.i_to = 1;
    dc.p_min_mw = 5.0;
    sv_draft_add_dc_line(draft, &dc);
    refused(draft, "small.m:61: dc line d2 (1-2): lowest power 5 MW is above highest power 0 MW");
    draft = small_draft();
    const sv_shunt shunt = {.line = 71, .i_bus = 1, .g_mw = NAN};
    sv_draft_add_shunt(draft, &shunt);
    refused(draft, "small.m:71: shunt at bus 2: conductance is nan MW; accepted: a finite number");
    draft = small_draft();
    sv_draft_interconnector(draft, 0)->limit_mw = -1.0;
    refused(draft, "small.m:80: interconnector x: import limit is -1 MW; accepted: a finite number, 0 or more");
    draft = small_draft();
    sv_draft_set_file(draft, SV_TABLE_LOAD, "load.csv");
    sv_draft_load(draft, 0)->i_series = 0;
    refused(draft, "load.csv:40: load l: i_series is 0; accepted: -1 to -1");
}

static void refuses_bad_series(void **unused)
{
    (void)unused;
    float value[3] = {0.0F, 2.0F, 1.0F};
    sv_series series = {.id = "w", .n_h = 3, .value = value};
    sv_draft *draft = small_draft();
    sv_draft_add_series(draft, &series);
    sv_draft_gen(draft, 1)->i_series = 0;
    refused(draft,
            "small.m:31: generator g2 at bus 1: series w goes up to 2 of its highest power; accepted: a share, 0 to 1");
    value[0] = -0.5F;
    draft = small_draft();
    sv_draft_add_series(draft, &series);
    sv_draft_load(draft, 0)->i_series = 0;
    refused(draft, "small.m:40: load l: series w goes down to -0.5; accepted: 0 or more");
    value[1] = NAN;
    draft = small_draft();
    sv_draft_add_series(draft, &series);
    refused(draft, "small.m: series w: value 2 is nan; accepted: a finite number");
    series.n_h = 0;
    draft = small_draft();
    sv_draft_add_series(draft, &series);
    refused(draft, "small.m: series w is empty; accepted: one value an hour");
}

/* ---- fingerprint --------------------------------------------------------------------------- */

/* All rows that the fingerprint must see, with at least one row a table. */
typedef struct {
    sv_bus bus[2];
    sv_branch branch;
    sv_gen gen;
    sv_load load;
    sv_storage storage;
    sv_dc_line dc;
    sv_shunt shunt;
    sv_interconnector link;
    sv_site site;
    sv_region region;
    float value[2];
    int64_t t0_h;
    double cost[2], base_mva;
} rows;

static rows full_rows(void)
{
    rows r = {.bus = {sv_bus_default(), sv_bus_default()},
              .branch = sv_branch_default(),
              .gen = sv_gen_default(),
              .load = sv_load_default(),
              .storage = sv_storage_default(),
              .dc = sv_dc_line_default(),
              .shunt = {.i_bus = 0},
              .link = {.id = "x", .i_bus = 0, .i_series = -1},
              .site = {.id = "s", .i_region = 0, .x_km = 1.0, .y_km = 2.0},
              .region = {.id = "r", .x_km = 1.0, .y_km = 2.0, .i_series_temperature = -1},
              .value = {0.5F, 0.25F},
              .cost = {1.0, 2.0},
              .base_mva = 100.0};
    r.bus[0].id = "1";
    r.bus[1].id = "2";
    for (int k = 0; k < 2; k++)
        r.bus[k].i_site = r.bus[k].i_region = 0;
    r.branch.id = r.gen.id = r.load.id = r.storage.id = r.dc.id = "e";
    r.branch.i_from = r.dc.i_from = r.gen.i_bus = r.load.i_bus = r.storage.i_bus = 0;
    r.branch.i_to = r.dc.i_to = 1;
    r.branch.mttr_h = r.gen.mttr_h = r.storage.mttr_h = r.dc.mttr_h = 1.0;
    r.dc.p_max_mw = 10.0;
    r.gen.n_cost = 2;
    r.gen.cost_model = 2;
    return r;
}

static uint64_t fingerprint(rows r)
{
    sv_draft *draft = sv_draft_new();
    sv_draft_set_base(draft, r.base_mva);
    const sv_series series = {.id = "series", .t0_h = r.t0_h, .n_h = 2, .value = r.value};
    r.gen.cost = r.cost;
    sv_draft_add_series(draft, &series);
    sv_draft_add_region(draft, &r.region);
    sv_draft_add_site(draft, &r.site);
    sv_draft_add_bus(draft, &r.bus[0]);
    sv_draft_add_bus(draft, &r.bus[1]);
    sv_draft_add_branch(draft, &r.branch);
    sv_draft_add_gen(draft, &r.gen);
    sv_draft_add_load(draft, &r.load);
    sv_draft_add_storage(draft, &r.storage);
    sv_draft_add_dc_line(draft, &r.dc);
    sv_draft_add_shunt(draft, &r.shunt);
    sv_draft_add_interconnector(draft, &r.link);
    sv_grid *grid = make(draft);
    const uint64_t h = grid->fingerprint;
    sv_grid_free(&grid);
    return h;
}

static void fingerprint_sees_every_field(void **unused)
{
    (void)unused;
    uint64_t seen[128];
    int n = 0;
    seen[n++] = fingerprint(full_rows());
    assert_true(seen[0] == fingerprint(full_rows()));
#define CHANGED(member, to)                                                                                            \
    do {                                                                                                               \
        rows r = full_rows();                                                                                          \
        r.member = to;                                                                                                 \
        seen[n++] = fingerprint(r);                                                                                    \
    } while (0)
#define REAL(member) CHANGED(member, 0.75)
    CHANGED(bus[1].id, "3");
    CHANGED(bus[1].name, "n");
    CHANGED(bus[1].type, SV_BUS_REF);
    REAL(bus[0].vn_kv);
    REAL(bus[0].vm_pu);
    REAL(bus[0].va_deg);
    REAL(bus[0].v_max_pu);
    REAL(bus[0].v_min_pu);
    CHANGED(bus[0].area, 2);
    CHANGED(bus[0].zone, 2);
    REAL(bus[0].x_km);
    REAL(bus[0].y_km);
    CHANGED(branch.id, "f");
    REAL(branch.r_pu);
    REAL(branch.x_pu);
    REAL(branch.b_pu);
    REAL(branch.rate_a_mva);
    REAL(branch.rate_b_mva);
    REAL(branch.rate_c_mva);
    REAL(branch.tap);
    REAL(branch.shift_deg);
    REAL(branch.angle_min_deg);
    REAL(branch.angle_max_deg);
    REAL(branch.length_km);
    REAL(branch.mttf_h);
    REAL(branch.mttr_h);
    CHANGED(branch.in_service, false);
    CHANGED(gen.id, "f");
    CHANGED(gen.i_bus, 1);
    CHANGED(gen.kind, SV_GEN_HYDRO);
    REAL(gen.p_mw);
    REAL(gen.q_mvar);
    REAL(gen.q_max_mvar);
    REAL(gen.q_min_mvar);
    REAL(gen.vm_pu);
    REAL(gen.base_mva);
    REAL(gen.p_max_mw);
    REAL(gen.p_min_mw);
    REAL(gen.mttf_h);
    REAL(gen.mttr_h);
    REAL(gen.cost_startup_usd);
    REAL(gen.cost_shutdown_usd);
    CHANGED(gen.i_series, 0);
    CHANGED(gen.in_service, false);
    CHANGED(gen.cost_model, 1);
    CHANGED(gen.n_cost, 1);
    CHANGED(cost[1], 5.0);
    CHANGED(load.id, "f");
    CHANGED(load.i_bus, 1);
    CHANGED(load.class_, SV_CRITICAL);
    REAL(load.p_mw);
    REAL(load.q_mvar);
    REAL(load.people);
    CHANGED(load.i_series, 0);
    CHANGED(storage.id, "f");
    CHANGED(storage.i_bus, 1);
    REAL(storage.p_mw);
    REAL(storage.energy_mwh);
    REAL(storage.efficiency);
    REAL(storage.initial_soc);
    REAL(storage.mttf_h);
    REAL(storage.mttr_h);
    CHANGED(storage.in_service, false);
    CHANGED(dc.id, "f");
    REAL(dc.p_mw);
    CHANGED(dc.p_min_mw, -0.75);
    REAL(dc.p_max_mw);
    REAL(dc.loss_mw);
    REAL(dc.loss_share);
    REAL(dc.q_from_mvar);
    REAL(dc.q_to_mvar);
    REAL(dc.vm_from_pu);
    REAL(dc.vm_to_pu);
    REAL(dc.q_min_from_mvar);
    REAL(dc.q_max_from_mvar);
    REAL(dc.q_min_to_mvar);
    REAL(dc.q_max_to_mvar);
    REAL(dc.mttf_h);
    REAL(dc.mttr_h);
    CHANGED(dc.in_service, false);
    CHANGED(shunt.i_bus, 1);
    REAL(shunt.g_mw);
    REAL(shunt.b_mvar);
    CHANGED(link.id, "y");
    CHANGED(link.name, "n");
    CHANGED(link.i_bus, 1);
    REAL(link.limit_mw);
    CHANGED(link.i_series, 0);
    CHANGED(site.id, "t");
    CHANGED(site.name, "n");
    CHANGED(site.class_, SV_SITE_HYDRO);
    REAL(site.x_km);
    REAL(site.y_km);
    CHANGED(site.shelter, 3);
    CHANGED(region.id, "t");
    CHANGED(region.name, "n");
    CHANGED(region.zone, SV_ZONE_FRONT);
    REAL(region.x_km);
    REAL(region.y_km);
    CHANGED(region.i_series_temperature, 0);
    CHANGED(value[1], 0.125F);
    CHANGED(t0_h, 1);
    CHANGED(base_mva, 1.0);
    assert_true(n > 100 && n <= 128);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
            if (seen[i] == seen[k])
                fail_msg("changes %d and %d give the same fingerprint", k, i);
        }
    }
    rows r = full_rows(); /* where the rows stood is no part of it, nor is the sign of nothing */
    r.bus[0].line = 77;
    r.gen.p_mw = -0.0;
    assert_true(fingerprint(r) == seen[0]);
}

/* ---- memory -------------------------------------------------------------------------------- */

static void survives_every_failing_allocation(void **unused)
{
    (void)unused;
    for (int64_t k = 1;; k++) {
        sv_grid *grid = NULL;
        sv_error err = {0};
        sv_arena_fail_at(k);
        sv_draft *draft = small_draft();
        const sv_status status = draft ? sv_grid_new(&grid, draft, &err) : SV_ENOMEM;
        sv_arena_fail_at(0);
        sv_draft_free(&draft);
        if (status == SV_OK) {
            assert_true(k > 60); /* it did fail on the way */
            sv_grid_free(&grid);
            break;
        }
        assert_int_equal(status, SV_ENOMEM);
        assert_null(grid);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derives_regions_from_areas),
        cmocka_unit_test(derives_sites_from_transformers),
        cmocka_unit_test(lists_units_by_site),
        cmocka_unit_test(tells_transformers_from_lines),
        cmocka_unit_test(sums_demand_people_capacity),
        cmocka_unit_test(refuses_bad_buses),
        cmocka_unit_test(refuses_buses_without_region_or_site),
        cmocka_unit_test(refuses_bad_branches),
        cmocka_unit_test(refuses_bad_rows_of_the_rest),
        cmocka_unit_test(refuses_bad_series),
        cmocka_unit_test(fingerprint_sees_every_field),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests_name("grid/grid", tests, NULL, NULL);
}
