/* The public cases, read in place: counts and sums against figures counted independently in the files, there and back in
 * both formats, every damage list. Skipped where the cases are not there. */
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *case_path(const char *name)
{
    static char path[2][600];
    static int turn;
    char *p = path[turn++ % 2];
    snprintf(p, sizeof path[0], "%s/%s", SV_CASES_DIR, name);
    return p;
}

static sv_grid *must_read(const char *name)
{
    sv_grid *grid;
    sv_error err = {0};
    if (sv_grid_read(&grid, case_path(name), &err))
        fail_msg("%s", err.text);
    return grid;
}

/* Rows and sums of PD > 0 at live buses, counted in the files by a script that shares nothing with the readers. */
static const struct {
    const char *name;
    int32_t n_bus, n_branch, n_gen;
    double demand_mw;
} cases[] = {
    {"matpower/case9.m", 9, 9, 3, 315},
    {"matpower/case14.m", 14, 20, 5, 259},
    {"matpower/case24_ieee_rts.m", 24, 38, 33, 2850},
    {"matpower/case30.m", 30, 41, 6, 189.2},
    {"matpower/case39.m", 39, 46, 10, 6254.23},
    {"matpower/case57.m", 57, 80, 7, 1250.8},
    {"matpower/case118.m", 118, 186, 54, 4242},
    {"matpower/case300.m", 300, 411, 69, 23847.65},
    {"matpower/case1354pegase.m", 1354, 1991, 260, 74146.01},
    {"matpower/case2383wp.m", 2383, 2896, 327, 24580.43},
    {"matpower/case2869pegase.m", 2869, 4582, 510, 138934.99},
    {"matpower/case9241pegase.m", 9241, 16049, 1445, 335409.9},
    {"matpower/case_ACTIVSg200.m", 200, 245, 49, 1475.69},
    {"matpower/case_ACTIVSg2000.m", 2000, 3206, 544, 67109.21},
    {"matpower/pglib_opf_case118_ieee.m", 118, 186, 54, 4242},
    {"matpower/pglib_opf_case1354_pegase.m", 1354, 1991, 260, 74146.01},
    {"rts-gmlc/RTS_GMLC.m", 73, 120, 158, 8550},
    {"rts-gmlc/SourceData", 73, 120, 157, 8550},
    {"traps/negload.m", 3, 3, 1, 50},
    {"traps/parcancel.m", 3, 4, 1, 90},
    {"traps/shift30.m", 3, 3, 1, 90},
    {"traps/shift5.m", 3, 3, 1, 90},
    {"traps/shift_nogen.m", 3, 3, 1, 90},
    {"traps/xneg.m", 3, 3, 1, 90},
    {"traps/xnegcancel.m", 3, 3, 1, 90},
    {"traps/xzero.m", 3, 3, 1, 90},
};

static void reads_every_case(void **unused)
{
    (void)unused;
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        sv_grid *grid = must_read(cases[k].name);
        assert_int_equal(grid->n_bus, cases[k].n_bus);
        assert_int_equal(grid->n_branch, cases[k].n_branch);
        assert_int_equal(grid->n_gen, cases[k].n_gen);
        assert_true(fabs(sv_grid_demand_mw(grid) - cases[k].demand_mw) < 1e-6);
        sv_grid_free(&grid);
    }
}

static void comes_back_the_same(void **unused)
{
    (void)unused;
    sv_error err = {0};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        if (cases[k].n_bus > 3000)
            continue;
        sv_grid *grid = must_read(cases[k].name), *back = NULL;
        if (sv_csv_write(grid, scratch_path("csv"), &err) || sv_csv_read(&back, scratch_path("csv"), &err))
            fail_msg("%s", err.text);
        assert_true(back->fingerprint == grid->fingerprint);
        sv_grid_free(&back);
        if (grid->n_series == 0) { /* nothing there that the format cannot say */
            if (sv_matpower_write(grid, scratch_path("back.m"), &err) ||
                sv_matpower_read(&back, scratch_path("back.m"), &err))
                fail_msg("%s", err.text);
            assert_true(back->fingerprint == grid->fingerprint);
            sv_grid_free(&back);
        }
        sv_grid_free(&grid);
    }
}

static const sv_gen *gen_of(const sv_grid *grid, const char *id)
{
    for (int32_t i = 0; i < grid->n_gen; i++) {
        if (strcmp(grid->gen[i].id, id) == 0)
            return &grid->gen[i];
    }
    fail_msg("no generator %s", id);
    return &grid->gen[0];
}

/* Figures looked up in the files by hand. */
static void rts_gmlc_says_what_its_files_say(void **unused)
{
    (void)unused;
    sv_grid *g = must_read("rts-gmlc/SourceData");
    assert_string_equal(g->name, "rts-gmlc");
    assert_int_equal(g->n_region, 3);
    assert_int_equal(g->n_dc_line, 1);
    assert_true(g->dc_line[0].p_max_mw == 100.0 && g->dc_line[0].p_min_mw == -100.0);
    assert_true(fabs(g->dc_line[0].mttf_h - (8760.0 / 0.22 - 10.0)) < 1e-9);
    assert_int_equal(g->n_storage, 1);
    assert_true(g->storage[0].p_mw == 50.0 && g->storage[0].energy_mwh == 150.0 && g->storage[0].efficiency == 0.85);
    assert_int_equal(g->n_series, 3 + 80 + 1);
    for (int32_t i = 0; i < g->n_series; i++) {
        assert_int_equal(g->series[i].n_h, 8784);
        assert_true(g->series[i].t0_h == sv_hour_from_date(2020, 1, 1, 0));
    }
    for (int32_t i = 0; i < g->n_load; i++)
        assert_true(g->load[i].i_series >= 0 && g->load[i].class_ == SV_HOUSEHOLD);
    const sv_load *first = &g->load[0]; /* bus 101, area 1: 985.02 of 2850 MW in the first hour */
    assert_true(fabs((double)g->series[first->i_series].value[0] - 985.0197922 / 2850.0) < 1e-7);
    const sv_gen *hydro = gen_of(g, "122_HYDRO_1"), *wind = gen_of(g, "309_WIND_1"), *csp = gen_of(g, "212_CSP_1");
    assert_true(hydro->kind == SV_GEN_HYDRO && fabs((double)g->series[hydro->i_series].value[0] - 4.2 / 50.0) < 1e-7);
    assert_true(wind->kind == SV_GEN_WIND && fabs((double)g->series[wind->i_series].value[0] - 142.8 / 148.3) < 1e-7);
    assert_true(csp->kind == SV_GEN_SOLAR && csp->i_series >= 0);
    assert_int_equal(gen_of(g, "101_CT_1")->i_series, -1);
    assert_true(gen_of(g, "121_NUCLEAR_1")->kind == SV_GEN_NUCLEAR && gen_of(g, "121_NUCLEAR_1")->mttf_h == 1100.0);
    assert_int_equal(gen_of(g, "114_SYNC_COND_1")->kind, SV_GEN_CONDENSER);
    for (int32_t i = 0; i < g->n_bus; i++)
        assert_true(fabs(g->bus[i].x_km) < 400.0 && fabs(g->bus[i].y_km) < 400.0);
    sv_grid_free(&g);
}

/* Every damage list names elements that are there. */
static void reads_every_damage_list(void **unused)
{
    (void)unused;
    static const struct {
        const char *grid, *name;
    } lists[] = {
        {"matpower/pglib_opf_case118_ieee.m", "case118"},    {"matpower/case24_ieee_rts.m", "case24_ieee_rts"},
        {"matpower/case1354pegase.m", "case1354pegase"},     {"matpower/case2383wp.m", "case2383wp"},
        {"matpower/case2869pegase.m", "case2869pegase"},     {"matpower/case9241pegase.m", "case9241pegase"},
        {"matpower/case_ACTIVSg2000.m", "case_ACTIVSg2000"}, {"matpower/pglib_opf_case1354_pegase.m", "pglib1354"}};
    static const char *const states[] = {"br05", "br15", "sub05", "mix"};
    static const char *const words[] = {"branches", "buses", "gens"};
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        sv_grid *grid = must_read(lists[k].grid);
        sv_state *state = sv_state_new(grid);
        for (int s = 0; s < 4; s++) {
            for (int kind = 0; kind < 3; kind++) {
                char name[200];
                snprintf(name, sizeof name, "damage/%s__%s__s1__%s.csv", lists[k].name, states[s], words[kind]);
                sv_error err = {0};
                if (sv_outages_read(state, (sv_out_kind)kind, case_path(name), &err))
                    fail_msg("%s", err.text);
            }
        }
        sv_state_free(&state);
        sv_grid_free(&grid);
    }
}

static int enter(void **unused)
{
    (void)unused;
    scratch_make();
    return 0;
}

static int leave(void **unused)
{
    (void)unused;
    remove_all(scratch);
    return 0;
}

int main(void)
{
    if (access(SV_CASES_DIR "/matpower/case9.m", R_OK) != 0) {
        puts("skipped: the public cases are not at " SV_CASES_DIR);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_case),
        cmocka_unit_test_setup_teardown(comes_back_the_same, enter, leave),
        cmocka_unit_test(rts_gmlc_says_what_its_files_say),
        cmocka_unit_test(reads_every_damage_list),
    };
    return cmocka_run_group_tests_name("formats/cases", tests, NULL, NULL);
}
