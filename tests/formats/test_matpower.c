/* MATPOWER cases: every way to write a table, the rescaling lines, refusals by line, cut and garbled and huge files, the way
 * there and back. */
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static sv_status parse(sv_grid **grid, const char *text, sv_error *err)
{
    *err = (sv_error){0};
    return sv_matpower_parse(grid, "case.m", text, strlen(text), err);
}

static sv_grid *must_parse(const char *text)
{
    sv_grid *grid;
    sv_error err;
    if (parse(&grid, text, &err))
        fail_msg("%s", err.text);
    return grid;
}

static void refused(const char *text, const char *sentence)
{
    sv_grid *grid = (sv_grid *)1;
    sv_error err;
    const sv_status status = parse(&grid, text, &err);
    assert_null(grid);
    assert_string_equal(err.text, sentence);
    assert_int_equal(status, SV_EDATA);
}

#define HEAD "function mpc = two\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
#define BUS_1 "1 3 0 0 0 0 1 1 0 110 1 1.1 0.9"
#define BUS_2 "2 1 50 10 1 -2 1 1 0 110 1 1.1 0.9"
#define BUSES "mpc.bus = [\n" BUS_1 ";\n" BUS_2 ";\n];\n"
#define GENS "mpc.gen = [1 0 0 30 -30 1 100 1 80 5];\n"
#define BRANCHES "mpc.branch = [1 2 0.01 0.1 0.02 60 70 80 0 0 1 -360 360];\n"
#define TWO HEAD BUSES GENS BRANCHES

/* ---- what is read -------------------------------------------------------------------------- */

static void reads_every_column(void **unused)
{
    (void)unused;
    sv_grid *g = must_parse(
        HEAD "mpc.bus = [1 3 0 0 0 0 7 1.02 -3.5 330 9 1.15 0.85; 2 2 50 10 1.5 -2.5 8 1 0 110 1 1.1 0.9];\n"
             "mpc.gen = [2 40 5 Inf -Inf 1.01 90 1 80 5; 1 0 0 0 0 1 100 0 10 -10];\n"
             "mpc.branch = [1 2 0.01 0.1 0.02 60 70 80 0.98 -4 1 -30 40; 2 1 0 0.2 0 0 0 0 0 0 0 -360 360];\n"
             "mpc.gencost = [2 1500 10 3 0.11 5 150 0; 1 0 0 2 0 0 100 2000];\n"
             "mpc.dcline = [1 2 1 10 9 1 2 1.01 0.99 -20 30 -5 6 -7 8 0.1 0.05];\n"
             "mpc.bus_name = {'A ''quoted'' one'; 'B'};\nmpc.genfuel = {'hydro'; 'ng'};\n");
    assert_string_equal(g->name, "two");
    assert_true(g->base_mva == 100.0);
    const sv_bus *bus = &g->bus[0];
    assert_true(bus->type == SV_BUS_REF && bus->area == 7 && bus->vm_pu == 1.02 && bus->va_deg == -3.5 &&
                bus->vn_kv == 330.0 && bus->zone == 9 && bus->v_max_pu == 1.15 && bus->v_min_pu == 0.85);
    assert_string_equal(bus->id, "1");
    assert_string_equal(bus->name, "A 'quoted' one");
    assert_int_equal(bus->line, 4);
    assert_true(g->n_load == 1 && g->load[0].i_bus == 1 && g->load[0].p_mw == 50.0 && g->load[0].q_mvar == 10.0);
    assert_true(g->load[0].class_ == SV_HOUSEHOLD && g->load[0].people == 0.0);
    assert_true(g->n_shunt == 1 && g->shunt[0].g_mw == 1.5 && g->shunt[0].b_mvar == -2.5);
    const sv_gen *gen = &g->gen[0];
    assert_true(gen->i_bus == 1 && gen->p_mw == 40 && gen->q_mvar == 5 && isinf(gen->q_max_mvar) &&
                gen->q_min_mvar == -INFINITY && gen->vm_pu == 1.01 && gen->base_mva == 90 && gen->p_max_mw == 80 &&
                gen->p_min_mw == 5 && gen->in_service && gen->kind == SV_GEN_HYDRO);
    assert_true(gen->cost_model == 2 && gen->cost_startup_usd == 1500 && gen->cost_shutdown_usd == 10 &&
                gen->n_cost == 3 && gen->cost[0] == 0.11 && gen->cost[2] == 150);
    assert_true(!g->gen[1].in_service && g->gen[1].cost_model == 1 && g->gen[1].n_cost == 4 &&
                g->gen[1].cost[3] == 2000 && g->gen[1].kind == SV_GEN_THERMAL);
    const sv_branch *b = &g->branch[0];
    assert_true(b->i_from == 0 && b->i_to == 1 && b->r_pu == 0.01 && b->x_pu == 0.1 && b->b_pu == 0.02 &&
                b->rate_a_mva == 60 && b->rate_b_mva == 70 && b->rate_c_mva == 80 && b->tap == 0.98 &&
                b->shift_deg == -4 && b->in_service && b->angle_min_deg == -30 && b->angle_max_deg == 40);
    assert_string_equal(b->id, "1");
    assert_false(g->branch[1].in_service);
    const sv_dc_line *dc = &g->dc_line[0];
    assert_true(dc->p_mw == 10 && dc->q_from_mvar == 1 && dc->q_to_mvar == 2 && dc->vm_from_pu == 1.01 &&
                dc->vm_to_pu == 0.99 && dc->p_min_mw == -20 && dc->p_max_mw == 30 && dc->q_min_from_mvar == -5 &&
                dc->q_max_from_mvar == 6 && dc->q_min_to_mvar == -7 && dc->q_max_to_mvar == 8 && dc->loss_mw == 0.1 &&
                dc->loss_share == 0.05 && dc->in_service);
    sv_grid_free(&g);
}

/* The same grid, however it is spelled. */
static void reads_any_spelling(void **unused)
{
    (void)unused;
    static const char *const same[] = {
        /* comments, blank lines, tabs, windows line ends */
        "% a case\r\n" HEAD "%{\nmpc.bus = [nonsense\n  %{\n nested\n %}\n%}\n\n\t" BUSES "  # octave\n" GENS BRANCHES,
        /* commas and rows on one line, no final newline */
        HEAD "mpc.bus=[1,3,0,0,0,0,1,1,0,110,1,1.1,0.9;2,1,50,10,1,-2,1,1,0,110,1,1.1,0.9],mpc.gen=[1,0,0,30,-30,1,100,"
             "1,80,5]\n"
             "mpc.branch=[1,2,0.01,0.1,0.02,60,70,80,0,0,1]",
        /* rows by line ends only; continuation within a row; other spellings of numbers */
        HEAD "mpc.bus = [ % head\n" BUS_1 "  % note\n\n2 1 5e1 1D+1 ... tail\n 1. -2 1 +1 0 110 1 11e-1 .9\n];\n"
             "mpc.gen = [\n1 0 0 30 -30 ...\n1 1.0E2 1 80 5\n]\n;" BRANCHES,
        /* arithmetic; + and - as separators or not */
        HEAD "mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 100/2 2*5 3 - 2 -sqrt(4) 1 1 0 10+100 1 1.1 .9];\n" GENS
             "mpc.branch = [1 2 1e-2 (1/10) 0.02 60 70 80 0 0 1 -360 +360];\n",
        /* no function line, no version, fields of other programs, byte order mark, end */
        "\xEF\xBB\xBFmpc.baseMVA = 50 * 2\nmpc.areas = [1 1; 2 2];\nmpc.userdata = {'a', [1 2]; {3}, "
        "\"x\"};\nmpc.if.map = [1 -2];\n"
        "mpc.note = 'it''s %not a comment'; mpc.year = 2020;\n" BUSES GENS BRANCHES "end\n",
        /* a structure of another name, arguments in brackets */
        "function s = two()\ns.version='2';s.baseMVA=100;s.bus=[" BUS_1 ";" BUS_2
        "];s.gen=[1 0 0 30 -30 1 100 1 80 5];\n"
        "s.branch=[1 2 0.01 0.1 0.02 60 70 80 0 0 1];\nreturn;\n",
    };
    sv_grid *plain = must_parse(TWO);
    for (size_t k = 0; k < sizeof same / sizeof same[0]; k++) {
        sv_grid *grid = must_parse(same[k]);
        if (grid->fingerprint != plain->fingerprint)
            fail_msg("spelling %zu gives another grid", k);
        sv_grid_free(&grid);
    }
    sv_grid_free(&plain);
}

static void drops_demand_of_dead_buses(void **unused)
{
    (void)unused;
    sv_grid *g = must_parse(HEAD "mpc.bus = [" BUS_1 ";\n2 4 50 10 1 1 1 1 0 110 1 1.1 0.9];\n" GENS BRANCHES);
    assert_int_equal(g->bus[1].type, SV_BUS_DEAD);
    assert_int_equal(g->n_load + g->n_shunt, 0);
    assert_true(sv_grid_demand_mw(g) == 0.0);
    sv_grid_free(&g);
}

static void tells_kinds_by_words(void **unused)
{
    (void)unused;
#define FOUR                                                                                                           \
    HEAD BUSES BRANCHES                                                                                                \
        "mpc.gen = [1 0 0 0 0 1 100 1 9 0\n1 0 0 0 0 1 100 1 9 0\n1 0 0 0 0 1 100 1 0 0\n1 0 0 0 0 1 100 1 9 0];\n"
    static const struct {
        const char *words;
        sv_gen_kind kind[4];
    } cases[] = {
        {"", {SV_GEN_THERMAL, SV_GEN_THERMAL, SV_GEN_CONDENSER, SV_GEN_THERMAL}},
        {"mpc.genfuel = {'nuclear'; 'Wind'; 'coal'; 'who knows'};",
         {SV_GEN_NUCLEAR, SV_GEN_WIND, SV_GEN_THERMAL, SV_GEN_THERMAL}},
        {"mpc.gentype = {'HY'; 'WT'; 'SC'; 'PV'};", {SV_GEN_HYDRO, SV_GEN_WIND, SV_GEN_CONDENSER, SV_GEN_SOLAR}},
        {"mpc.gen_name = {'a' 'STEAM' 'Coal'; 'b' 'RTPV' 'Solar'; 'c' 'SYNC_COND' 'Sync_Cond'; 'd' 'ROR' 'Hydro'};",
         {SV_GEN_THERMAL, SV_GEN_SOLAR, SV_GEN_CONDENSER, SV_GEN_HYDRO}},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char text[1000];
        snprintf(text, sizeof text, "%s%s", FOUR, cases[k].words);
        sv_grid *g = must_parse(text);
        for (int i = 0; i < 4; i++)
            assert_int_equal(g->gen[i].kind, cases[k].kind[i]);
        sv_grid_free(&g);
    }
}

/* ---- rescaling ----------------------------------------------------------------------------- */

#define IDX                                                                                                            \
    "[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, GS, BS, BUS_AREA, VM, ...\n    VA, BASE_KV, ZONE] = idx_bus;\n"      \
    "[F_BUS, T_BUS, BR_R, BR_X] = idx_brch;\n"

static void rescales_kilowatts_and_ohms(void **unused)
{
    (void)unused;
    sv_grid *g = must_parse(TWO IDX "Vbase = mpc.bus(1, BASE_KV) * 1e3;      %% in Volts\n"
                                    "Sbase = mpc.baseMVA * 1e6;              %% in VA\n"
                                    "mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);\n"
                                    "mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;\n");
    assert_true(g->load[0].p_mw == 0.05 && g->load[0].q_mvar == 0.01);
    assert_true(fabs(g->branch[0].x_pu - 0.1 / 121.0) < 1e-15 && fabs(g->branch[0].r_pu - 0.01 / 121.0) < 1e-15);
    assert_true(g->branch[0].b_pu == 0.02);
    sv_grid_free(&g);
}

static void rescales_by_power_factor(void **unused)
{
    (void)unused;
    sv_grid *g = must_parse(TWO "define_constants\npf = 0.8;\nmpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));\n"
                                "mpc.bus(:, PD) = mpc.bus(:, PD) * pf;\n"
                                "mpc.gen(:, PMAX) = mpc.gen(:, PMAX) * 2 / 4;");
    assert_true(fabs(g->load[0].q_mvar - 30.0) < 1e-12 && g->load[0].p_mw == 40.0);
    assert_true(g->gen[0].p_max_mw == 40.0);
    sv_grid_free(&g);
}

/* ---- refused ------------------------------------------------------------------------------- */

static void refuses_executable_lines(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        {TWO "for i = 1:3\n",
         "case.m:10: an executable line that starts with 'for' is not accepted; accepted: tables, and the "
         "rescaling lines of MATPOWER's own cases"},
        {TWO "mpc = ext2int(mpc);\n",
         "case.m:10: an executable line on mpc is not accepted; accepted: mpc.field = data"},
        {TWO "system('rm -rf /');\n",
         "case.m:10: an executable line that starts with 'system' is not accepted; accepted: tables, "
         "and the rescaling lines of MATPOWER's own cases"},
        {TWO "x = rand(3);\n",
         "case.m:10: 'rand' is no number here; accepted: numbers, their arithmetic, and what lines above define"},
        {TWO "mpc.bus(1, 3) = 0;\n",
         "case.m:10: an executable line that changes single rows is not accepted; accepted: whole columns, "
         "as in mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3"},
        {TWO "mpc.bus(:, 3) = mpc.bus(:, 3)' ;\n",
         "case.m:10: a transpose (') is not accepted; accepted: the table as it should stand"},
        {TWO "mpc.bus(:, 3) = mpc.bus(:, 99) * 2;\n", "case.m:10: column 99 is not there; accepted: 1 to 13"},
        {TWO "mpc.bus(:, PD) = mpc.bus(:, PD) * 2;\n",
         "case.m:10: 'PD' is no number here; accepted: numbers, their arithmetic, and what lines above define"},
        {TWO "[PQ, REF] = idx_bus;\n",
         "case.m:10: name 2 of idx_bus is REF; accepted: PV, MATPOWER's own names in their order"},
        {TWO "[a, b] = deal(1, 2);\n",
         "case.m:10: names are taken from an unknown function; accepted: idx_bus, idx_brch, idx_gen, idx_cost"},
        {TWO "mpc.areas = zeros(2, 2);\n",
         "case.m:10: 'zeros' is no number here; accepted: numbers, their arithmetic, and what lines above define"},
        {TWO "end\nmpc.x = 1;\n", "case.m:11: there is more after the end of the case; accepted: nothing"},
        {TWO "function mpc = b\n", "case.m:10: a second function; accepted: one case a file"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refused(cases[k][0], cases[k][1]);
}

static void refuses_broken_tables(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        {"", "case.m: there is no mpc.baseMVA; accepted: a MATPOWER case of format version 2"},
        {HEAD BUSES GENS, "case.m: there is no mpc.branch; accepted: a MATPOWER case of format version 2"},
        {HEAD "mpc.bus = [\n" BUS_1 ";\n2 1 50;\n];\n", "case.m:6: mpc.bus: this row has 3 numbers, the rows above 13"},
        {HEAD "mpc.bus = [\n" BUS_1 ";\n",
         "case.m:4: mpc.bus: the table that starts here never ends; accepted: ] at its end"},
        {TWO "mpc.bus = [1];\n", "case.m:10: mpc.bus is given a second time (first on line 4)"},
        {HEAD "mpc.bus = [" BUS_1 "]';\n",
         "case.m:4: a transpose (') is not accepted; accepted: the table as it should stand"},
        {HEAD "mpc.bus = [" BUS_1 " 'x'];\n", "case.m:4: a text where a number was expected"},
        {HEAD "mpc.bus = [[1 2]; [3 4]];\n", "case.m:4: '[' where a number was expected"},
        {HEAD "mpc.bus = 7;\n", "case.m:4: mpc.bus is no table; accepted: rows of numbers in [ ]"},
        {HEAD "mpc.bus = [1 3 0 0 0];\n" GENS BRANCHES,
         "case.m:4: mpc.bus has 5 columns; accepted: at least 13 (format version 2)"},
        {HEAD BUSES "mpc.gen = [1 0 0 3i];\n", "case.m:8: '3i' is no number; accepted: 12, -0.5, 1e3"},
        {HEAD BUSES "mpc.gen = [1 0 0 1e999];\n", "case.m:8: 1e999 is too large; accepted: numbers up to 1.7e308"},
        {"mpc.version = '1';\n", "case.m:1: format version is 1; accepted: '2'"},
        {"function [baseMVA, bus] = case9\n",
         "case.m:1: the function gives back no structure; accepted: function mpc = name (format version 2)"},
        {"mpc.baseMVA = -1;\n", "case.m:1: mpc.baseMVA is -1; accepted: 0.001 to 1e+06 MVA"},
        {"mpc.baseMVA = 1/0;\n", "case.m:1: mpc.baseMVA is inf; accepted: 0.001 to 1e+06 MVA"},
        {"mpc.baseMVA = 1e300;\n", "case.m:1: mpc.baseMVA is 1e+300; accepted: 0.001 to 1e+06 MVA"},
        {"mpc.baseMVA = 1e-300;\n", "case.m:1: mpc.baseMVA is 1e-300; accepted: 0.001 to 1e+06 MVA"},
        {"%{\n\n", "case.m:1: the block comment that starts here never ends; accepted: %} on a line of its own"},
        {"mpc.x = 'abc\n", "case.m:1: the text that starts with ' never ends on this line"},
        {"mpc.x = {{}\n", "case.m:1: mpc.x: the table that starts here never ends"},
        {"mpc.baseMVA = 100 5;\n",
         "case.m:1: '5' follows where the statement of line 1 should end; accepted: ; or a new line"},
        {"\x01", "case.m:1: character 0x01 cannot be read; accepted: a MATPOWER case in plain text"},
        {TWO "mpc.bus_name = {'a'};\n", "case.m:10: mpc.bus_name has 1 names for 2 buses"},
        {TWO "mpc.genfuel = {'a'; 'b'};\n", "case.m:10: mpc.genfuel has 2 words for 1 generators"},
        {TWO "mpc.genfuel = {7};\n", "case.m:10: mpc.genfuel holds more than texts; accepted: texts in { }"},
        {TWO "mpc.gencost = [2 0 0 3 1 2 3; 2 0 0 3 1 2 3; 2 0 0 3 1 2 3];\n",
         "case.m:10: mpc.gencost has 3 rows for 1 generators; accepted: as many, or twice as many"},
        {TWO "mpc.gencost = [2 0 0 9 1 2 3];\n", "case.m:10: 9 cost terms do not fit into 7 columns"},
        {TWO "mpc.gencost = [3 0 0 1 1];\n",
         "case.m:10: cost model is 3; accepted: 1 (piecewise linear), 2 (polynomial)"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refused(cases[k][0], cases[k][1]);
}

static void refuses_bad_elements(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        {HEAD "mpc.bus = [" BUS_1 "\n" BUS_1 "];\n" GENS BRANCHES,
         "case.m:5: bus 1 is there already (line 4); accepted: numbers that differ"},
        {HEAD "mpc.bus = [1.5 3 0 0 0 0 1 1 0 110 1 1.1 0.9];\n" GENS BRANCHES,
         "case.m:4: bus number is 1.5; accepted: a whole number from 1"},
        {HEAD "mpc.bus = [1 5 0 0 0 0 1 1 0 110 1 1.1 0.9];\n" GENS BRANCHES,
         "case.m:4: bus 1: type is 5; accepted: 1 (PQ), 2 (PV), 3 (reference), 4 (dead)"},
        {HEAD "mpc.bus = [1 3 NaN 0 0 0 1 1 0 110 1 1.1 0.9];\n" GENS "mpc.branch = [];\n",
         "case.m:4: load 1: active power is nan MW; accepted: a finite number"},
        {HEAD BUSES "mpc.gen = [3 0 0 0 0 1 100 1 80 0];\n" BRANCHES,
         "case.m:8: generator 1 names bus 3, which is not in mpc.bus"},
        {HEAD BUSES "mpc.gen = [1 0 0 0 0 1 100 1 NaN 0];\n" BRANCHES,
         "case.m:8: generator 1 at bus 1: highest power is nan MW; accepted: a finite number"},
        {HEAD BUSES GENS "mpc.branch = [\n1 7 0 0.1 0 0 0 0 0 0 1];\n",
         "case.m:10: branch 1 names bus 7, which is not in mpc.bus"},
        {HEAD BUSES GENS "mpc.branch = [\n1 2 0 0.1 0 -60 0 0 0 0 1];\n",
         "case.m:10: branch 1 (1-2): rating A is -60 MVA; accepted: a finite number, 0 or more"},
        {HEAD BUSES GENS "mpc.branch = [\n1 2 0 Inf 0 60 0 0 0 0 1];\n",
         "case.m:10: branch 1 (1-2): reactance is inf pu; accepted: a finite number"},
        {HEAD BUSES GENS "mpc.branch = [\n1 1 0 0.1 0 60 0 0 0 0 1];\n",
         "case.m:10: branch 1 (1-1): both ends are the same bus; accepted: two buses"},
        {HEAD BUSES GENS "mpc.branch = [\n1 2 0 0.1 0 60 0 0 0 0 NaN];\n",
         "case.m:10: branch 1: status is NaN; accepted: 0 or 1"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refused(cases[k][0], cases[k][1]);
}

/* ---- cut, garbled, huge -------------------------------------------------------------------- */

static const char rich[] =
    "function mpc = rich\n%RICH  all kinds of statements\nmpc.version = '2';\nmpc.baseMVA = 50/3;\n%{\nblock\n%}\n"
    "mpc.bus = [\n" BUS_1 ";\n" BUS_2 " % note\n];\nmpc.gen = [1 0 0 30 -30 1 100 1 80 5];\n" BRANCHES
    "mpc.gencost = [2 0 0 3 0.1 20 0];\nmpc.dcline = [1 2 1 10 9 1 2 1 1 -20 30 -5 6 -7 8 0.1 0.05];\n"
    "mpc.bus_name = {'it''s'; \"B\"};\nmpc.genfuel = {'hydro'};\nmpc.areas = [1 1];\n" IDX
    "pf = 0.85;\nmpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3 * sin(acos(pf));\n";

static void every_prefix_ends_well(void **unused)
{
    (void)unused;
    int good = 0;
    for (size_t n = 0; n <= sizeof rich - 1; n++) {
        char *cut = malloc(n ? n : 1); /* exactly n bytes, so that a sanitizer sees a step beyond */
        memcpy(cut, rich, n);
        sv_grid *grid;
        sv_error err = {0};
        const sv_status status = sv_matpower_parse(&grid, "cut.m", cut, n, &err);
        assert_true(status == SV_OK ? grid != NULL : grid == NULL && err.text[0]);
        good += status == SV_OK;
        sv_grid_free(&grid);
        free(cut);
    }
    assert_true(good > 1); /* cut behind the tables, it is still a case */
}

/* 12 followed by a NUL byte and 5 is no 12. */
static void a_zero_byte_ends_no_number(void **unused)
{
    (void)unused;
    static const char text[] = HEAD BUSES "mpc.gen = [1 12\0005 0 30 -30 1 100 1 80 5];\n" BRANCHES;
    sv_grid *grid;
    sv_error err = {0};
    assert_int_equal(sv_matpower_parse(&grid, "case.m", text, sizeof text - 1, &err), SV_EDATA);
    assert_string_equal(err.text, "case.m:8: character 0x00 cannot be read; accepted: a MATPOWER case in plain text");
}

static void garbled_files_end_well(void **unused)
{
    (void)unused;
    int good = 0, bad = 0;
    for (uint32_t k = 0; k < 6000; k++) {
        char text[sizeof rich];
        memcpy(text, rich, sizeof rich);
        const sv_draw4 draw = sv_draw(5, 0, SV_DRAW_TEST, k, 0);
        const int n_flip = 1 + (int)(draw.u[3] * 3.0);
        for (int f = 0; f < n_flip; f++) {
            const sv_draw4 flip = sv_draw(5, 1, SV_DRAW_TEST, k, (uint32_t)f);
            text[(size_t)(flip.u[0] * (sizeof rich - 1))] = (char)(flip.u[1] * 256.0);
        }
        sv_grid *grid;
        sv_error err = {0};
        const sv_status status = sv_matpower_parse(&grid, "garbled.m", text, sizeof rich - 1, &err);
        assert_true(status == SV_OK ? grid != NULL : status == SV_EDATA && grid == NULL && err.text[0]);
        good += status == SV_OK;
        bad += status != SV_OK;
        sv_grid_free(&grid);
    }
    assert_true(good > 100 && bad > 1000);
}

/* A row of millions of numbers, brackets within brackets, a name without end: an error or a grid, in seconds. */
static void huge_files_end_well(void **unused)
{
    (void)unused;
    enum { N = 5000000 };
    static const struct {
        const char *head, *body, *tail;
    } cases[] = {
        {"mpc.bus = [", "1 ", "];"},  {"mpc.bus = [", "((((", "];"}, {"mpc.x = {", "{", "}"}, {"mpc.", "aaaa", " = 1;"},
        {"x = ", "-", "1"},           {"x = ", "2^", "2"},           {"% ", "....", "\n"},    {"mpc.x = '", "''", "';"},
        {"mpc.baseMVA = ", "1", ";"}, {"mpc.bus = [", "1;", "];"}};
    char *text = malloc(N + 64);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        size_t n = (size_t)sprintf(text, "%s", cases[k].head);
        const size_t step = strlen(cases[k].body);
        while (n + step <= N) {
            memcpy(text + n, cases[k].body, step);
            n += step;
        }
        n += (size_t)sprintf(text + n, "%s", cases[k].tail);
        sv_grid *grid;
        sv_error err = {0};
        assert_int_equal(sv_matpower_parse(&grid, "huge.m", text, n, &err), SV_EDATA);
        assert_null(grid);
        assert_true(err.text[0] && strlen(err.text) < SV_ERROR_TEXT);
    }
    free(text);
}

static void survives_every_failing_allocation(void **unused)
{
    (void)unused;
    for (int64_t k = 1;; k++) {
        sv_grid *grid;
        sv_error err = {0};
        sv_arena_fail_at(k);
        const sv_status status = sv_matpower_parse(&grid, "memory.m", rich, sizeof rich - 1, &err);
        sv_arena_fail_at(0);
        if (status == SV_OK) {
            assert_true(k > 50);
            sv_grid_free(&grid);
            break;
        }
        assert_int_equal(status, SV_ENOMEM);
        assert_null(grid);
        assert_true(err.text[0]);
    }
}

/* ---- files --------------------------------------------------------------------------------- */

static void comes_back_the_same(void **unused)
{
    (void)unused;
    sv_error err = {0};
    sv_grid *grid = must_parse(rich), *back;
    const char *path = scratch_path("rich.m");
    assert_int_equal(sv_matpower_write(grid, path, &err), SV_OK);
    assert_int_equal(count_entries(scratch), 1); /* no .part left */
    assert_int_equal(sv_grid_read(&back, path, &err), SV_OK);
    assert_true(back->fingerprint == grid->fingerprint);
    assert_string_equal(back->name, "rich");
    assert_string_equal(back->bus[0].name, "it's");
    assert_int_equal(back->gen[0].kind, SV_GEN_HYDRO);
    unlink(path);
    sv_grid_free(&back);
    sv_grid_free(&grid);
}

/* A grid with more than the format can say: what it can say comes back. */
static void writes_any_grid(void **unused)
{
    (void)unused;
    sv_error err = {0};
    sv_grid *grid = full_grid(), *back;
    const char *path = scratch_path("full.m");
    assert_int_equal(sv_matpower_write(grid, path, &err), SV_OK);
    if (sv_grid_read(&back, path, &err))
        fail_msg("%s", err.text);
    assert_int_equal(back->n_bus, grid->n_bus);
    assert_int_equal(back->n_branch, grid->n_branch);
    assert_string_equal(back->bus[1].name, "a, b");
    assert_string_equal(back->bus[3].name, "B3"); /* its id, since the number took its place */
    for (int32_t i = 0; i < grid->n_branch; i++) {
        assert_true(back->branch[i].x_pu == grid->branch[i].x_pu && back->branch[i].i_to == grid->branch[i].i_to);
        assert_int_equal(back->branch[i].in_service, grid->branch[i].in_service);
    }
    for (int32_t i = 0; i < grid->n_gen; i++) {
        assert_int_equal(back->gen[i].kind, grid->gen[i].kind);
        assert_true(back->gen[i].p_max_mw == grid->gen[i].p_max_mw);
    }
    double sum = 0.0;
    for (int32_t i = 0; i < grid->n_load; i++)
        sum += grid->load[i].p_mw;
    for (int32_t i = 0; i < back->n_load; i++)
        sum -= back->load[i].p_mw;
    assert_true(fabs(sum) < 1e-9);
    assert_true(back->dc_line[0].p_max_mw == 99.0);
    unlink(path);
    sv_grid_free(&back);
    sv_grid_free(&grid);
}

static void file_failures_are_named(void **unused)
{
    (void)unused;
    sv_grid *grid = must_parse(TWO), *none;
    sv_error err = {0};
    assert_int_equal(sv_grid_read(&none, scratch_path("absent.m"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "absent.m: cannot be read: No such file or directory"));
    write_text(scratch_path("case.json"), "{}\n");
    err = (sv_error){0};
    assert_int_equal(sv_grid_read(&none, scratch_path("case.json"), &err), SV_EUSAGE);
    assert_non_null(strstr(err.text, "case.json: unknown format; accepted: a folder"));
    mkdir(scratch_path("folder.m"), 0777);
    err = (sv_error){0};
    assert_int_equal(sv_matpower_read(&none, scratch_path("folder.m"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "folder.m: is a folder; accepted: a file"));
    err = (sv_error){0};
    assert_int_equal(sv_matpower_write(grid, scratch_path("no/such/folder.m"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "cannot be written: No such file or directory"));
    err = (sv_error){0};
    assert_int_equal(sv_matpower_write(grid, scratch_path("folder.m"), &err), SV_EIO); /* a folder has the name */
    assert_int_equal(access(scratch_path("folder.m.part"), F_OK), -1);
    sv_grid_free(&grid);
    assert_null(none);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_column),
        cmocka_unit_test(reads_any_spelling),
        cmocka_unit_test(drops_demand_of_dead_buses),
        cmocka_unit_test(tells_kinds_by_words),
        cmocka_unit_test(rescales_kilowatts_and_ohms),
        cmocka_unit_test(rescales_by_power_factor),
        cmocka_unit_test(refuses_executable_lines),
        cmocka_unit_test(refuses_broken_tables),
        cmocka_unit_test(refuses_bad_elements),
        cmocka_unit_test(every_prefix_ends_well),
        cmocka_unit_test(a_zero_byte_ends_no_number),
        cmocka_unit_test(garbled_files_end_well),
        cmocka_unit_test(huge_files_end_well),
        cmocka_unit_test(survives_every_failing_allocation),
        cmocka_unit_test_setup_teardown(comes_back_the_same, enter, leave),
        cmocka_unit_test_setup_teardown(writes_any_grid, enter, leave),
        cmocka_unit_test_setup_teardown(file_failures_are_named, enter, leave),
    };
    return cmocka_run_group_tests_name("formats/matpower", tests, NULL, NULL);
}
