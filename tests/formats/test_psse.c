/* PSS/E RAW files put together by hand: every kind of record in versions 33, 34 and 35, every spelling of a field, defaults,
 * sections left out, what is refused and with which sentence. Transformers and dc lines: test_psse_lines.c. */
#include "psse_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void refused(const char *text, const char *sentence)
{
    sv_grid *grid = (sv_grid *)1;
    sv_error err;
    const sv_status status = raw_parse(&grid, text, &err);
    assert_null(grid);
    assert_string_equal(err.text, sentence);
    assert_int_equal(status, SV_EDATA);
}

/* ---- records ------------------------------------------------------------------------------- */

static void reads_buses_and_their_defaults(void **unused)
{
    (void)unused;
    sv_grid *g;
    RAW_MUST_PARSE(g, raw_text((raw_parts){.bus = "101,'Ada, B / C',138.0,3,7,12,1,1.05,-3.5,1.15,0.85,1.2,0.8\n"
                                                  "102\n"
                                                  "103,'OFF',20,4\n",
                                           .gen = "",
                                           .load = "103,'1',1,1,1,5,5\n",
                                           .branch = "",
                                           .shunt = "103,,1,5,5\n"}));
    assert_string_equal(g->name, "small");
    assert_true(g->base_mva == 100.0);
    const sv_bus *bus = &g->bus[0];
    assert_string_equal(bus->id, "101");
    assert_string_equal(bus->name, "Ada, B / C");
    assert_true(bus->type == SV_BUS_REF && bus->vn_kv == 138.0 && bus->area == 7 && bus->zone == 12 &&
                bus->vm_pu == 1.05 && bus->va_deg == -3.5 && bus->v_max_pu == 1.15 && bus->v_min_pu == 0.85);
    assert_int_equal(bus->line, 4);
    bus = &g->bus[1];
    assert_null(bus->name);
    assert_true(bus->type == SV_BUS_PQ && bus->vn_kv == 0.0 && bus->area == 1 && bus->zone == 1 && bus->vm_pu == 1.0 &&
                bus->va_deg == 0.0 && bus->v_max_pu == 1.1 && bus->v_min_pu == 0.9);
    assert_int_equal(g->bus[2].type, SV_BUS_DEAD);
    assert_int_equal(g->n_load + g->n_shunt, 0); /* nothing at a dead bus */
    sv_grid_free(&g);
}

/* At 0.9 pu: P = 10 + 2 * 0.9 + 3 * 0.81 = 14.23, Q = 4 + 1 * 0.9 - (-2) * 0.81 = 6.52. */
static void takes_loads_at_the_voltage_of_the_file(void **unused)
{
    (void)unused;
    sv_grid *g;
    const char *const bus = BUS_1 "2,'TOWN',115,1,1,1,1,0.9,0\n";
    RAW_MUST_PARSE(g, raw_text((raw_parts){.bus = bus,
                                           .load = "2,'A1',1,1,1,10,4,2,1,3,-2,1,1,0\n"
                                                   "2,'2',0,1,1,99,99\n"
                                                   "2,,,,,1.5\n"}));
    assert_int_equal(g->n_load, 2); /* the second is out of service */
    assert_string_equal(g->load[0].id, "2-A1");
    assert_true(near(g->load[0].p_mw, 14.23) && near(g->load[0].q_mvar, 6.52));
    assert_string_equal(g->load[1].id, "2-1");
    assert_true(g->load[1].p_mw == 1.5 && g->load[1].q_mvar == 0.0 && g->load[1].class_ == SV_HOUSEHOLD);
    sv_grid_free(&g);
    /* From 34 on a load may have generation behind it, 4 + j1 here, where it is in service. */
    RAW_MUST_PARSE(g, raw_text((raw_parts){.version = 35,
                                           .load = "2,'1',1,1,1,10,4,0,0,0,0,1,1,0,4,1,1,'HOMES'\n"
                                                   "2,'2',1,1,1,10,4,0,0,0,0,1,1,0,4,1,0,''\n"}));
    assert_true(near(g->load[0].p_mw, 6.0) && near(g->load[0].q_mvar, 3.0) && near(g->load[1].p_mw, 10.0));
    sv_grid_free(&g);
}

static void reads_shunts(void **unused)
{
    (void)unused;
    sv_grid *g;
    RAW_MUST_PARSE(g, raw_text((raw_parts){.shunt = "1,'1',1,1.5,-20\n2,'1',0,1,1\n2,'2',1,,30\n",
                                           .switched = "2,1,0,1,1.05,0.95,0,100,'',-45.5,1,-45.5\n"
                                                       "1,0,0,0,1.05,0.95,0,100,'',99,1,99\n"}));
    assert_int_equal(g->n_shunt, 3);
    assert_true(g->shunt[0].i_bus == 0 && g->shunt[0].g_mw == 1.5 && g->shunt[0].b_mvar == -20.0);
    assert_true(g->shunt[1].i_bus == 1 && g->shunt[1].g_mw == 0.0 && g->shunt[1].b_mvar == 30.0);
    assert_true(g->shunt[2].i_bus == 1 && g->shunt[2].b_mvar == -45.5);
    sv_grid_free(&g);
    RAW_MUST_PARSE(g, raw_text((raw_parts){.version = 34, .switched = "2,1,0,1,1.05,0.95,0,100,'',-45.5,1,-45.5,7\n"}));
    assert_true(g->n_shunt == 1 && g->shunt[0].b_mvar == -45.5);
    sv_grid_free(&g);
    RAW_MUST_PARSE(g, raw_text((raw_parts){.version = 35,
                                           .switched = "2,'A',1,0,1,1.05,0.95,0,0,100,'',-45.5,1,1,-45.5\n"
                                                       "1,'B',1,0,0,1.05,0.95,0,0,100,'',99,1,1,99\n"}));
    assert_true(g->n_shunt == 1 && g->shunt[0].i_bus == 1 && g->shunt[0].b_mvar == -45.5);
    sv_grid_free(&g);
}

static void reads_generators(void **unused)
{
    (void)unused;
    static const char *const record[] = {
        "1,'A ',40,5,30,-25,1.02,0,90,0,1,0,0,1,0,100,80,10,1,1,0,1,0,1,0,1,2,0.95\n",
        "1,'A ',40,5,30,-25,1.02,0,90,0,1,0,0,1,0,100,80,10,1,1,0,1,0,1,0,1,2,0.95,0\n",
        "1,'A ',40,5,30,-25,1.02,0,0,90,0,1,0,0,1,0,100,80,10,0,1,1,0,1,0,1,0,1,2,0.95\n"};
    for (int v = 33; v <= 35; v++) {
        sv_grid *g;
        char gens[300];
        snprintf(gens, sizeof gens, "%s2\n2,'C',0,7,50,-50,1,0,%s,0,1,0,0,1,1,100,0,0\n", record[v - 33],
                 v == 35 ? "0,100" : "100");
        RAW_MUST_PARSE(g, raw_text((raw_parts){.version = v, .gen = gens}));
        const sv_gen *gen = &g->gen[0];
        assert_string_equal(gen->id, "1-A");
        assert_true(gen->p_mw == 40 && gen->q_mvar == 5 && gen->q_max_mvar == 30 && gen->q_min_mvar == -25 &&
                    gen->vm_pu == 1.02 && gen->base_mva == 90 && !gen->in_service && gen->p_max_mw == 80 &&
                    gen->p_min_mw == 10 && gen->kind == SV_GEN_WIND);
        gen = &g->gen[1]; /* all defaults; no limit of reactive power is no limit */
        assert_string_equal(gen->id, "2-1");
        assert_true(gen->p_mw == 0 && gen->q_mvar == 0 && gen->q_max_mvar == INFINITY && gen->q_min_mvar == -INFINITY &&
                    gen->vm_pu == 1.0 && gen->base_mva == 100 && gen->in_service && gen->p_max_mw == 9999 &&
                    gen->p_min_mw == -9999 && gen->kind == SV_GEN_THERMAL);
        assert_true(g->gen[2].kind == SV_GEN_CONDENSER && g->gen[2].i_bus == 1);
        sv_grid_free(&g);
    }
}

/* VS is the voltage of bus 2 there: the unit keeps what its own bus has in the file. */
static void keeps_the_voltage_of_a_unit_that_regulates_another_bus(void **unused)
{
    (void)unused;
    sv_grid *g;
    const char *const bus = "1,'SLACK',230,3,1,1,1,1.03,0\n" BUS_2;
    RAW_MUST_PARSE(g, raw_text((raw_parts){.bus = bus, .gen = "1,'1',40,5,30,-25,0.97,2\n1,'2',40,5,30,-25,0.97,1\n"}));
    assert_true(g->gen[0].vm_pu == 1.03 && g->gen[1].vm_pu == 0.97);
    sv_grid_free(&g);
}

/* B of the line is charging; GI, BI, GJ, BJ are shunts at its ends, while it is in service. */
static void reads_lines(void **unused)
{
    (void)unused;
    static const char *const rates[] = {"60,70,80", "'A LINE',60,70,80,0,0,0,0,0,0,0,0,0", "'',60,70,80,,,,,,,,,"};
    for (int v = 33; v <= 35; v++) {
        sv_grid *g;
        char lines[400];
        snprintf(lines, sizeof lines,
                 "1,-2,'AB',0.01,0.1,0.02,%s,0.01,0.02,0.03,-0.04,1,1,12.5,1,1\n"
                 "2,1,'AB',0,-0.05,0,%s,1,1,1,1,0\n"
                 "1,2,,,0.0001\n1,2,'3',0.001,0.0001\n1,2,'4',0,0.00011\n",
                 rates[v - 33], rates[v - 33]);
        RAW_MUST_PARSE(g, raw_text((raw_parts){.version = v, .branch = lines}));
        const sv_branch *b = &g->branch[0];
        assert_string_equal(b->id, "1-2-AB");
        assert_true(b->i_from == 0 && b->i_to == 1 && b->r_pu == 0.01 && b->x_pu == 0.1 && b->b_pu == 0.02 &&
                    b->rate_a_mva == 60 && b->rate_b_mva == 70 && b->rate_c_mva == 80 && b->tap == 0 &&
                    b->shift_deg == 0 && b->in_service && b->length_km == 12.5);
        assert_int_equal(g->n_shunt, 2);
        assert_true(near(g->shunt[0].g_mw, 1) && near(g->shunt[0].b_mvar, 2) && g->shunt[0].i_bus == 0);
        assert_true(near(g->shunt[1].g_mw, 3) && near(g->shunt[1].b_mvar, -4) && g->shunt[1].i_bus == 1);
        b = &g->branch[1];
        assert_string_equal(b->id, "2-1-AB");
        assert_true(!b->in_service && b->x_pu == -0.05);
        assert_true(g->branch[2].x_pu == 0.0 && g->branch[2].in_service); /* a tie: no resistance, at most 0.0001 pu */
        assert_true(g->branch[3].x_pu == 0.0001 && g->branch[4].x_pu == 0.00011);
        sv_grid_free(&g);
    }
}

/* The unit of LEN is the author's: miles in grids of 60 Hz, km elsewhere. */
static void takes_lengths_by_the_frequency(void **unused)
{
    (void)unused;
    sv_grid *g;
    RAW_MUST_PARSE(g, "0,100,33,0,0,60\n\n\n" BUS_1 BUS_2 "0\n0\n0\n" GEN_1
                      "0\n1,2,'1',0,0.1,0,0,0,0,0,0,0,0,1,1,10\n0\nQ\n");
    assert_true(near(g->branch[0].length_km, 16.09344));
    assert_string_equal(g->name, "case"); /* no title: the file's name */
    sv_grid_free(&g);
}

static void reads_switching_devices_and_the_tie_threshold(void **unused)
{
    (void)unused;
    sv_grid *g;
    for (int v = 34; v <= 35; v++) {
        RAW_MUST_PARSE(g, raw_text((raw_parts){
                              .version = v,
                              .system = "GENERAL, THRSHZ=0.002, PQBRAK=0.7\nGAUSS, ITMX=100\n"
                                        "RATING, 1, \"RATE1 \", \"A/B, C                 \"\nSOLVER, FNSL, ACTAPS=0\n",
                              .branch = "1,2,'1',0,0.0015,0\n",
                              .device = "1,2,'1',,60,70,80,0,0,0,0,0,0,0,0,0,1,1,1,2,'BREAKER'\n"
                                        "1,2,'@2',0.003,0,0,0,0,0,0,0,0,0,0,0,0,0\n"}));
        assert_int_equal(g->n_branch, 3);
        assert_true(g->branch[0].x_pu == 0.0);
        assert_string_equal(g->branch[1].id, "sw-1-2-1");
        assert_true(g->branch[1].x_pu == 0.0 && g->branch[1].rate_b_mva == 70 && g->branch[1].in_service);
        assert_true(g->branch[2].x_pu == 0.003 && !g->branch[2].in_service);
        sv_grid_free(&g);
    }
}

static void names_regions_by_areas(void **unused)
{
    (void)unused;
    sv_grid *g;
    const char *const bus = "1,'A',230,3,20\n2,'B',115,1,3\n4,'C',115,1,20\n";
    RAW_MUST_PARSE(
        g, raw_text((raw_parts){.bus = bus, .area = "20,0,0,10,'NORTH'\n7,0,0,10,'EMPTY'\n3,1,5.5,10,' SOUTH '\n"}));
    assert_int_equal(g->n_region, 2);
    assert_string_equal(g->region[0].id, "3");
    assert_string_equal(g->region[0].name, "SOUTH");
    assert_string_equal(g->region[1].name, "NORTH");
    assert_true(g->bus[0].i_region == 1 && g->bus[1].i_region == 0 && g->bus[2].i_region == 1);
    sv_grid_free(&g);
    RAW_MUST_PARSE(g, raw_text((raw_parts){.bus = bus, .area = "20,0,0,10,'20'\n3\n"}));
    assert_true(g->regions_derived && g->n_region == 2);
    assert_string_equal(g->region[1].id, "20");
    sv_grid_free(&g);
}

/* ---- what is read past ---------------------------------------------------------------------- */

/* Their records are of several lines, some of which begin with 0; what follows must still be found. */
static void reads_past_what_it_has_no_place_for(void **unused)
{
    (void)unused;
    sv_grid *g;
    static const raw_parts rest = {
        .multi_dc = "'MTDC 1',2,2,1,1,1,500,1\n0.0,4\n2,4\n1,0,1,1,'DC A'\n2,0,1,1,'DC B'\n1,2,'1',1,8.2,0\n",
        .multi_line = "1,2,'&1',1,7,8\n",
        .zone = "1,'CITY'\n",
        .transfer = "1,2,'A',50\n",
        .owner = "1,'OWNER'\n",
        .facts = "'STATCOM',1,0,1,0,0,1.01,100\n",
        .switched = "1,1,0,1,1.05,0.95,0,100,'',77,1,77\n",
        .gne = "'GNE 1','MODEL',1,2,12,1,2,1,1,1\n0.0,2,3,4,5,6,7,8,9,10\n0\n0\n'A','B'\n",
        .machine = "2,'1',1,1,2,1,1,1,1,1,100\n",
    };
    for (int v = 33; v <= 35; v++) {
        raw_parts parts = rest;
        parts.version = v;
        parts.switched = v == 35 ? "1,'1',1,0,1,1.05,0.95,0,0,100,'',77,1,1,77\n" : rest.switched;
        parts.correction = v == 33 ? "1,-30.0,1.1,0.0,1.0,30.0,1.1\n2,0.9,1.2,1.1,1.0\n"
                                   : "1,-30.0,1.1,0,-20,1.1,0,-10,1,0,-5,1,0,-4,1,0,-3,1,0\n 0.0,1.0,0.0,0,0,0\n"
                                     "2,0.9,1.1,0,1.1,1.0,0.0\n";
        parts.substation = v == 33 ? NULL
                                   : "1,'SUB',0.0,0.0,0.1\n1,'NODE',1,1\n0\n1,1,2,'1'\n0\n1,1,'M','1'\n0\n"
                                     "0 / END OF SUBSTATION DATA\n";
        RAW_MUST_PARSE(g, raw_text(parts));
        assert_true(g->n_bus == 2 && g->n_branch == 1 && g->n_gen == 1 && g->n_load == 1);
        assert_true(g->n_shunt == 1 && g->shunt[0].b_mvar == 77.0);
        sv_grid_free(&g);
    }
    raw_parts parts = {.version = 35, .gne = "'GNE 1','MODEL',1,2,1,1,1\n1,1,1\n0\n0\n'A'\n", .machine = rest.machine};
    RAW_MUST_PARSE(g, raw_text(parts)); /* status, owner and metered end on a line of their own */
    sv_grid_free(&g);
}

static const sv_note *note_of(const sv_grid *g, const char *key)
{
    for (int32_t k = 0; k < g->n_note; k++) {
        if (strcmp(g->note[k].key, key) == 0)
            return &g->note[k];
    }
    return NULL;
}

static void notes_what_it_leaves_out_in_service(void **unused)
{
    (void)unused;
    sv_grid *g;
    RAW_MUST_PARSE(g, raw_text((raw_parts){0}));
    assert_int_equal(g->n_note, 0);
    sv_grid_free(&g);
    RAW_MUST_PARSE(
        g, raw_text((raw_parts){
               .multi_dc = "'MTDC 1',2,2,1,1,1,500,1\n0.0,4\n2,4\n1,0,1,1,'DC A'\n2,0,1,1,'DC B'\n1,2,'1',1,8.2,0\n",
               .facts = "'A',1,0,1\n'B',1,0,0\n'C',2,0,1\n'D',2,0,1\n'E',2,0,1\n",
               .gne = "'GNE 1','MODEL',1,2,0,0,0,0,1,1\n",
               .machine = "2,'1',1\n2,'2',0\n"}));
    assert_int_equal(g->n_note, 3); /* the GNE device is out of service */
    const sv_note *facts = note_of(g, "facts"), *machine = note_of(g, "induction_machines");
    assert_non_null(facts);
    assert_non_null(machine);
    assert_non_null(note_of(g, "multi_terminal_dc"));
    assert_int_equal(facts->count, 4);
    assert_non_null(strstr(facts->text, "FACTS devices, left out"));
    assert_int_equal(facts->line[1], facts->line[0] + 2);
    assert_int_equal(machine->count, 1);
    assert_int_equal(machine->line[1], 0);
    sv_grid_free(&g);
}

/* ---- spelling ------------------------------------------------------------------------------ */

static void reads_any_spelling(void **unused)
{
    (void)unused;
    static const char *const same[] = {
        /* comments of the records 0, blank lines, Windows line ends, no Q */
        "0,100.0,33 / PSS/E-33.4\r\nsmall\r\n\r\n" BUS_1 BUS_2 "\r\n0 / END OF BUS DATA, BEGIN LOAD DATA\r\n" LOAD_2
        "0 / END OF LOAD DATA, BEGIN FIXED SHUNT DATA\r\n0\r\n" GEN_1 "0\r\n" LINE_12
        "0 / End of Branch data, Begin GNE device data\r\n0 / END OF GNE DATA\r\n",
        /* blanks for commas, other spellings of numbers, double quotes, comments behind a slash */
        "0 1.D2 33.0\nsmall\n\n1 SLACK 2.3E+2 3 / the slack\n2 , \"TOWN\" , +115. , 1/\n0\n"
        "2 '1' 1 1 1 5.0d1 10.0E0\n0 /\n0\n1,'1',40,5\n0\n 1 2 '1 ' 1.0E-2 .1 2E-2 /1 2 3\n0\nq\n",
        /* version 34: comment lines, system-wide data, names and twelve ratings */
        "@!IC,SBASE,REV\n0,100,34\nsmall\n\n@! nothing\nGENERAL, THRSHZ = 0.0001\n0 / END OF SYSTEM-WIDE DATA, BEGIN "
        "BUS DATA\n"
        "@!   I,'NAME        '\n" BUS_1 BUS_2 "0\n" LOAD_2 "0\n0\n" GEN_1
        "0 / END OF GENERATOR DATA, BEGIN BRANCH DATA\n1,2,'1',0.01,0.1,0.02,'LINE',0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1\n"
        "0 / END OF BRANCH DATA, BEGIN TRANSFORMER DATA\n0\nQ\n",
        /* version 35 without system-wide data, sections skipped by their names */
        "\xEF\xBB\xBF"
        "0,100,35\nsmall\n\n" BUS_1 BUS_2 "0\n" LOAD_2 "0 / END OF LOAD DATA, BEGIN GENERATOR DATA\n" GEN_1
        "0\n" LINE_12 "0 / END OF BRANCH DATA, BEGIN OWNER DATA\nQ\nwhat follows is not read",
    };
    sv_grid *plain;
    RAW_MUST_PARSE(plain, raw_text((raw_parts){0}));
    for (size_t k = 0; k < sizeof same / sizeof same[0]; k++) {
        sv_grid *grid;
        RAW_MUST_PARSE(grid, same[k]);
        if (grid->fingerprint != plain->fingerprint)
            fail_msg("spelling %zu gives another grid", k);
        sv_grid_free(&grid);
    }
    sv_grid_free(&plain);
}

static void reads_names_in_any_writing(void **unused)
{
    (void)unused;
    sv_grid *g;
    RAW_MUST_PARSE(g, raw_text((raw_parts){.bus = "1,'O''BRIEN / \"A\", 5 ',230,3\n2,\"IT'S\",115\n3,'K\xF6ln\t1',10\n"
                                                  "4,'\xD0\x9B\xD1\x83\xD1\x86\xD1\x8C\xD0\xBA',1\n5,'',1\n"}));
    assert_string_equal(g->bus[0].name, "O'BRIEN / \"A\", 5");
    assert_string_equal(g->bus[1].name, "IT'S");
    assert_string_equal(g->bus[2].name, "K\xC3\xB6ln 1"); /* Latin-1 becomes UTF-8 */
    assert_string_equal(g->bus[3].name, "\xD0\x9B\xD1\x83\xD1\x86\xD1\x8C\xD0\xBA");
    assert_null(g->bus[4].name);
    assert_true(g->bus[3].vn_kv == 1.0);
    sv_grid_free(&g);
}

/* ---- refused ------------------------------------------------------------------------------- */

#define HEAD "0,100,33\nsmall\n\n"

static void refuses_heads(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        {"", "case.raw: the file is empty; accepted: a PSS/E RAW file, version 33, 34, 35"},
        {"0,100,30\n", "case.raw:1: the version of this PSS/E RAW file is 30; accepted: 33, 34, 35"},
        {"0,100,36\n", "case.raw:1: the version of this PSS/E RAW file is 36; accepted: 33, 34, 35"},
        {"0,100.00 / PSS/E-30.3 WED, SEP 15\n\n\n",
         "case.raw:1: the version of this PSS/E RAW file is 30; accepted: 33, 34, 35"},
        {"0,100\n", "case.raw:1: the first record names no version; accepted: a PSS/E RAW file, version 33, 34, 35"},
        {"function mpc = case9\n", "case.raw:1: case identification: IC is 'function'; accepted: a whole number"},
        {"1,100,33\n", "case.raw:1: IC is 1: the file changes another case; accepted: 0, a whole case"},
        {"0,100,33\ntitle\n", "case.raw:2: the file ends before its two title lines"},
        {"0,0,33\n\n\n" BUS_1 "0\nQ\n", "case.raw: base power is 0 MVA; accepted: 0.001 to 1e+06"},
        {HEAD "Q\n", "case.raw: no bus; accepted: at least one"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refused(cases[k][0], cases[k][1]);
}

static void refuses_cut_files_and_missing_ends(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        {HEAD BUS_1 BUS_2,
         "case.raw:5: the file ends within BUS DATA, which began at line 4; accepted: a record 0 behind "
         "each section, then Q"},
        {HEAD BUS_1 BUS_2 "0\n2,'1',1,1,1,5",
         "case.raw:7: the file ends within LOAD DATA, which began at line 6; accepted: "
         "a record 0 behind each section, then Q"},
        {HEAD BUS_1 BUS_2 "Q\n",
         "case.raw:6: the file ends within BUS DATA, which began at line 4; accepted: a record 0 "
         "behind each section, then Q"},
        {HEAD BUS_1 BUS_2 "0\n" LOAD_2 "0 / END OF FIXED SHUNT DATA, BEGIN GENERATOR DATA\nQ\n",
         "case.raw:8: this record ends FIXED SHUNT DATA, but LOAD DATA has not ended since line 6; accepted: a record "
         "0 "
         "behind each section"},
        {HEAD BUS_1 BUS_2 "0\n0\n0 / END OF FIXED SHUNT DATA, BEGIN LOAD DATA\nQ\n",
         "case.raw:8: this record begins LOAD DATA, which comes before FIXED SHUNT; accepted: the order of PSS/E"},
        {HEAD BUS_1 BUS_2 BUS_1 "0\nQ\n", "case.raw:6: bus 1 is there already (line 4); accepted: numbers that differ"},
        {HEAD BUS_1 "0 / END OF BUS DATA, BEGIN INDUCTION MACHINE DATA\n0\n1,2,3\nQ\n",
         "case.raw:7: data behind the last section; accepted: Q"},
        {HEAD "1,'SLACK,230,3\n0\nQ\n", "case.raw:4: a text is opened by ' and not closed; accepted: quotes in pairs"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refused(cases[k][0], cases[k][1]);
}

static void refuses_records(void **unused)
{
    (void)unused;
    static const struct {
        raw_parts parts;
        const char *sentence;
    } cases[] = {
        {{.bus = "1,'A',x\n"}, "case.raw:4: bus 1: BASKV is 'x'; accepted: a number"},
        {{.bus = "1,'A',***\n"}, "case.raw:4: bus 1: BASKV is '***'; accepted: a number"},
        {{.bus = "1,'A',Inf\n"}, "case.raw:4: bus 1: BASKV is 'Inf'; accepted: a number"},
        {{.bus = "1,'A',-5\n2\n"}, "case.raw:4: bus 1: base voltage is -5 kV; accepted: a finite number, 0 or more"},
        {{.bus = "1,'A',1,5\n"}, "case.raw:4: bus 1: IDE is '5'; accepted: 1 to 4"},
        {{.bus = "1,'A',1,1,1.5\n"}, "case.raw:4: bus 1: AREA is '1.5'; accepted: a whole number"},
        {{.bus = "'A',1\n"},
         "case.raw:4: bus: I is 'A'; accepted: a bus number from 1 (names in place of numbers are not read)"},
        {{.load = "-2,'1',1,1,1,5,5\n"},
         "case.raw:7: load: I is '-2'; accepted: a bus number from 1 (names in place of numbers are not read)"},
        {{.load = "7,'1',1,1,1,5,5\n"}, "case.raw:7: load: I is bus 7, which is not in BUS DATA"},
        {{.load = "2,'1',2\n"}, "case.raw:7: load 2-1: STATUS is '2'; accepted: 0 to 1"},
        {{.load = LOAD_2 LOAD_2}, "case.raw:8: load 2-1 is there already (line 7); accepted: ids that differ"},
        {{.gen = "1,'1',1e999\n"}, "case.raw:10: generator 1-1: PG is '1e999'; accepted: a number"},
        {{.branch = "1,2,'1',0.01\n"}, "case.raw:12: branch 1-2-1: X is not given; accepted: a reactance in per unit"},
        {{.branch = "1,1,'1',0.01,0.1\n"},
         "case.raw:12: branch 1-1-1 (1-1): both ends are the same bus; accepted: two buses"},
        {{.branch = "1,2,'1',0.01,0.1,0,-5\n"},
         "case.raw:12: branch 1-2-1 (1-2): rating A is -5 MVA; accepted: a finite number, 0 or more"},
        {{.version = 34, .system = "GENERAL, THRSHZ=x\n"}, "case.raw:4: THRSHZ is 'x'; accepted: a number"},
        {{.multi_dc = "'M',1,1,1,1\n1\n2\nQ\n"},
         "case.raw:22: multi-terminal dc line: line 4 of its 4 lines is missing"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refused(raw_text(cases[k].parts), cases[k].sentence);
}

/* However a file is cut, it is a grid or one sentence; and a cut before the last section is never a grid. */
static void refuses_every_cut(void **unused)
{
    (void)unused;
    const char *const text = raw_text(
        (raw_parts){.transformer = "1,2,0,'1',1,1,1,0,0,2,'T',1\n0.01,0.1,100\n1,0,0\n1,0\n", .zone = "1,'A'\n"});
    const size_t n = strlen(text), whole = n - strlen("0\nQ\n"); /* induction machines may be missing */
    for (size_t k = 0; k < n; k++) {
        sv_grid *grid;
        sv_error err = {0};
        const sv_status status = sv_psse_parse(&grid, "case.raw", text, k, &err);
        assert_true((status == SV_OK) == (grid != NULL) && (status != SV_OK) == (err.text[0] != '\0'));
        if (k < whole - 1)
            assert_int_equal(status, SV_EDATA);
        sv_grid_free(&grid);
    }
}

static void lives_through_want_of_memory(void **unused)
{
    (void)unused;
    char text[8192];
    snprintf(text, sizeof text, "%s", raw_text((raw_parts){.area = "1,0,0,10,'NORTH'\n"}));
    for (int64_t k = 1;; k++) {
        sv_grid *grid;
        sv_error err;
        sv_arena_fail_at(k);
        const sv_status status = raw_parse(&grid, text, &err);
        sv_arena_fail_at(0);
        if (status == SV_OK) {
            sv_grid_free(&grid);
            break;
        }
        assert_null(grid);
        assert_int_equal(status, SV_ENOMEM);
        assert_non_null(strstr(err.text, "out of memory"));
    }
}

static void reads_by_the_ending_of_the_name(void **unused)
{
    (void)unused;
    static const char *const name[] = {"a.raw", "b.RAW", "c.Raw"};
    scratch_make();
    for (int k = 0; k < 3; k++) {
        sv_grid *grid;
        sv_error err = {0};
        write_text(scratch_path(name[k]), raw_text((raw_parts){0}));
        assert_int_equal(sv_grid_read(&grid, scratch_path(name[k]), &err), SV_OK);
        assert_int_equal(grid->n_bus, 2);
        sv_grid_free(&grid);
    }
    sv_grid *grid;
    sv_error err = {0};
    assert_int_equal(sv_grid_read(&grid, scratch_path("none.raw"), &err), SV_EIO);
    assert_null(grid);
    remove_all(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_buses_and_their_defaults),
        cmocka_unit_test(takes_loads_at_the_voltage_of_the_file),
        cmocka_unit_test(reads_shunts),
        cmocka_unit_test(reads_generators),
        cmocka_unit_test(keeps_the_voltage_of_a_unit_that_regulates_another_bus),
        cmocka_unit_test(reads_lines),
        cmocka_unit_test(takes_lengths_by_the_frequency),
        cmocka_unit_test(reads_switching_devices_and_the_tie_threshold),
        cmocka_unit_test(names_regions_by_areas),
        cmocka_unit_test(reads_past_what_it_has_no_place_for),
        cmocka_unit_test(notes_what_it_leaves_out_in_service),
        cmocka_unit_test(reads_any_spelling),
        cmocka_unit_test(reads_names_in_any_writing),
        cmocka_unit_test(refuses_heads),
        cmocka_unit_test(refuses_cut_files_and_missing_ends),
        cmocka_unit_test(refuses_records),
        cmocka_unit_test(refuses_every_cut),
        cmocka_unit_test(lives_through_want_of_memory),
        cmocka_unit_test(reads_by_the_ending_of_the_name),
    };
    return cmocka_run_group_tests_name("formats/psse", tests, NULL, NULL);
}
