/* Transformers and dc lines of PSS/E RAW files: every way to give ratios, impedances and magnetizing currents, with the per-unit
 * values worked out by hand. */
#include "psse_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void refused(raw_parts parts, const char *sentence)
{
    sv_grid *grid = (sv_grid *)1;
    sv_error err;
    const sv_status status = raw_parse(&grid, raw_text(parts), &err);
    assert_null(grid);
    assert_string_equal(err.text, sentence);
    assert_int_equal(status, SV_EDATA);
}

/* ---- two windings --------------------------------------------------------------------------- */

/* Buses of 138 and 34.5 kV, windings of 132 and 33 kV, t1 = 1.05 and t2 = 0.98 pu of the bus bases, Z = 0.01 + j0.1 pu of
 * 100 MVA between the ratios, Y = 0.002 - j0.01 pu at bus 1. So tap = 1.05 / 0.98, z = Z 0.98^2, and a shunt of 0.2 MW and
 * -1 MVAr. Each code says the same in its own way:
 *   CW 2: 1.05 * 138 = 144.9 kV, 0.98 * 34.5 = 33.81 kV
 *   CW 3: 144.9 / 132 and 33.81 / 33
 *   CZ 2: pu of 50 MVA, half of it: 0.005 + j0.05
 *   CZ 3: 0.005 * 50 MW = 250000 W and |Z| = sqrt(0.005^2 + 0.05^2)
 *   CM 2: 0.2 MW at 138 kV is 0.2e6 (132 / 138)^2 W at 132 kV; |Y| = sqrt(0.2^2 + 1^2) MVA at 138 kV is
 *         that (132 / 138)^2 / 50 in pu of 50 MVA at 132 kV */
static const double ratio_of[3][2] = {{1.05, 0.98}, {144.9, 33.81}, {144.9 / 132.0, 33.81 / 33.0}};
static const double impedance_of[3][2] = {{0.01, 0.1}, {0.005, 0.05}, {250000.0, 0.050249378105604451}};
#define LOWER (132.0 / 138.0 * 132.0 / 138.0)
static const double admittance_of[2][2] = {{0.002, -0.01}, {0.2e6 * LOWER, 1.0198039027185570 / 50.0 * LOWER}};

static void reads_every_code_of_two_windings(void **unused)
{
    (void)unused;
    for (int k = 0; k < 3 * 3 * 2 * 3; k++) {
        const int cw = k % 3, cz = k / 3 % 3, cm = k / 9 % 2, version = 33 + k / 18;
        char text[600];
        snprintf(text, sizeof text,
                 "1,-2,0,'T1',%d,%d,%d,%.17g,%.17g,2,'NAME',1,1,1.0\n%.17g,%.17g,50\n"
                 "%.17g,132,-30,60,70,80%s,0,0,1.1,0.9\n%.17g,33\n",
                 cw + 1, cz + 1, cm + 1, admittance_of[cm][0], admittance_of[cm][1], impedance_of[cz][0],
                 impedance_of[cz][1], ratio_of[cw][0], version >= 34 ? ",1,2,3,4,5,6,7,8,9" : "", ratio_of[cw][1]);
        sv_grid *g;
        RAW_MUST_PARSE(g,
                       raw_text((raw_parts){
                           .version = version, .bus = "1,'A',138,3\n2,'B',34.5\n", .branch = "", .transformer = text}));
        const sv_branch *b = &g->branch[0];
        assert_string_equal(b->id, "1-2-T1");
        assert_true(b->i_from == 0 && b->i_to == 1 && b->in_service && b->b_pu == 0.0);
        assert_true(near(b->tap, 1.05 / 0.98) && b->shift_deg == -30.0);
        assert_true(near(b->r_pu, 0.009604) && near(b->x_pu, 0.09604));
        assert_true(b->rate_a_mva == 60.0 && b->rate_b_mva == 70.0 && b->rate_c_mva == 80.0);
        assert_int_equal(g->n_shunt, 1);
        assert_true(g->shunt[0].i_bus == 0 && near(g->shunt[0].g_mw, 0.2) && near(g->shunt[0].b_mvar, -1.0));
        sv_grid_free(&g);
    }
}

/* Ratios 1, NOMV the bus bases, SBASE the system's, no shunt; a tap of 1 makes it a transformer. */
static void fills_in_two_windings(void **unused)
{
    (void)unused;
    sv_grid *g;
    RAW_MUST_PARSE(g, raw_text((raw_parts){.branch = "1,2,'0',0,0.1\n",
                                           .transformer = "1,2\n,0.08\n,\n,\n"
                                                          "1,2,0,'2',2,2,2/\n0.001,0.08\n/\n,/\n"
                                                          "1,2,0,'3',1,1,2,0,0.5,2,'',0\n0,0.1\n1\n1\n"}));
    assert_int_equal(g->n_branch, 4);
    for (int i = 1; i < 4; i++)
        assert_true(g->branch[i].tap == 1.0 && g->branch[i].rate_a_mva == 0.0 && g->branch[i].shift_deg == 0.0);
    assert_true(g->branch[1].x_pu == 0.08 && g->branch[1].r_pu == 0.0);
    assert_true(g->branch[2].r_pu == 0.001 && g->branch[2].in_service);
    assert_true(!g->branch[3].in_service && g->n_shunt == 0); /* out of service: nor is its magnetizing current there */
    sv_grid_free(&g);
}

/* An exciting current below the part that the loss takes leaves the loss alone: 0.3 MW, 0 MVAr. */
static void keeps_the_loss_of_an_odd_exciting_current(void **unused)
{
    (void)unused;
    sv_grid *g;
    RAW_MUST_PARSE(g, raw_text((raw_parts){.branch = "", .transformer = "1,2,0,'1',1,1,2,3e5,0.001\n0,0.1\n1\n1\n"}));
    assert_true(g->n_shunt == 1 && near(g->shunt[0].g_mw, 0.3) && g->shunt[0].b_mvar == 0.0);
    sv_grid_free(&g);
}

/* ---- three windings ------------------------------------------------------------------------- */

/* Z12 = 0.01 + j0.10, Z23 = 0.02 + j0.20, Z31 = 0.015 + j0.17 pu of 100 MVA make the legs
 *   (12 + 31 - 23) / 2 = 0.0025 + j0.035, (12 + 23 - 31) / 2 = 0.0075 + j0.065, (23 + 31 - 12) / 2 = 0.0125 + j0.135.
 * On 200, 50 and 25 MVA (CZ 2): twice, half, a quarter. CZ 3: R in W, |Z| for X. Ratios 1.02, 0.99, 1.1 on 230, 115,
 * 13.8 kV with windings of 220, 110, 13 kV. */
static const double sbase[] = {200.0, 50.0, 25.0};
static const double r_given[] = {0.02, 0.01, 0.00375}, x_given[] = {0.2, 0.1, 0.0425};
static const double kv[] = {230.0, 115.0, 13.8}, nominal_kv[] = {220.0, 110.0, 13.0}, ratio[] = {1.02, 0.99, 1.1};

static void three_windings(char *text, size_t size, int cw, int cz, int stat)
{
    static const double on_system[3][2] = {{0.01, 0.10}, {0.02, 0.20}, {0.015, 0.17}};
    double z[3][2], windv[3];
    for (int k = 0; k < 3; k++) {
        z[k][0] = cz == 1 ? on_system[k][0] : cz == 2 ? r_given[k] : r_given[k] * sbase[k] * 1e6;
        z[k][1] = cz == 1 ? on_system[k][1] : cz == 2 ? x_given[k] : hypot(r_given[k], x_given[k]);
        windv[k] = cw == 1 ? ratio[k] : cw == 2 ? ratio[k] * kv[k] : ratio[k] * kv[k] / nominal_kv[k];
    }
    int n = snprintf(text, size, "1,2,3,'1',%d,%d,1,0.001,-0.002,2,'',%d\n", cw, cz, stat);
    for (int k = 0; k < 3; k++)
        n += snprintf(text + n, size - (size_t)n, "%.17g,%.17g,%g,", z[k][0], z[k][1], sbase[k]);
    n += snprintf(text + n, size - (size_t)n, "0.97,-12.5\n");
    for (int k = 0; k < 3; k++)
        n += snprintf(text + n, size - (size_t)n, "%.17g,%g,%d,%d,0,0\n", windv[k], nominal_kv[k], 30 * k, 100 + k);
}

static void reads_every_code_of_three_windings(void **unused)
{
    (void)unused;
    static const double r[] = {0.0025, 0.0075, 0.0125}, x[] = {0.035, 0.065, 0.135};
    for (int k = 0; k < 9; k++) {
        char text[800];
        three_windings(text, sizeof text, 1 + k % 3, 1 + k / 3, 1);
        sv_grid *g;
        RAW_MUST_PARSE(g, raw_text((raw_parts){.bus = "1,'SLACK',230,3,5,6\n" BUS_2 BUS_3, .transformer = text}));
        assert_int_equal(g->n_bus, 4);
        const sv_bus *star = &g->bus[3];
        assert_string_equal(star->id, "star-1-2-3-1");
        assert_true(star->vm_pu == 0.97 && star->va_deg == -12.5 && star->type == SV_BUS_PQ && star->area == 5 &&
                    star->zone == 6 && star->vn_kv == 230.0);
        assert_int_equal(g->n_branch, 4);
        for (int i = 0; i < 3; i++) {
            const sv_branch *b = &g->branch[1 + i];
            char id[32];
            snprintf(id, sizeof id, "1-2-3-1-w%d", i + 1);
            assert_string_equal(b->id, id);
            assert_true(b->i_from == i && b->i_to == 3 && b->in_service);
            assert_true(near(b->tap, ratio[i]) && b->shift_deg == 30.0 * i && b->rate_a_mva == 100.0 + i);
            assert_true(near(b->r_pu, r[i]) && near(b->x_pu, x[i]));
        }
        assert_true(g->n_shunt == 1 && g->shunt[0].i_bus == 0 && near(g->shunt[0].g_mw, 0.1) &&
                    near(g->shunt[0].b_mvar, -0.2));
        sv_grid_free(&g);
    }
}

/* STAT 0: all out; 1: all in; 2: winding 2 out; 3: winding 3 out; 4: winding 1 out, and its shunt with it. */
static void reads_windings_out_of_service(void **unused)
{
    (void)unused;
    static const bool on[5][3] = {
        {false, false, false}, {true, true, true}, {true, false, true}, {true, true, false}, {false, true, true}};
    for (int stat = 0; stat < 5; stat++) {
        char text[800];
        three_windings(text, sizeof text, 1, 1, stat);
        sv_grid *g;
        RAW_MUST_PARSE(g, raw_text((raw_parts){.bus = BUS_1 BUS_2 BUS_3, .transformer = text}));
        for (int i = 0; i < 3; i++)
            assert_true(g->branch[1 + i].in_service == on[stat][i]);
        assert_int_equal(g->bus[3].type, stat == 0 ? SV_BUS_DEAD : SV_BUS_PQ);
        assert_int_equal(g->n_shunt, on[stat][0]);
        sv_grid_free(&g);
    }
}

/* (0.1 + 0.3 - 0.4) / 2 is not 0 in floating point; a leg of rounding alone would short everything. */
static void knows_a_leg_of_nothing(void **unused)
{
    (void)unused;
    sv_grid *g;
    RAW_MUST_PARSE(g, raw_text((raw_parts){.bus = BUS_1 BUS_2 BUS_3,
                                           .transformer = "1,2,3\n0,0.1,100,0,0.4,100,0,0.3,100\n1\n1\n1\n"}));
    assert_true(g->branch[1].x_pu == 0.0 && near(g->branch[2].x_pu, 0.1) && near(g->branch[3].x_pu, 0.3));
    sv_grid_free(&g);
}

static void refuses_transformers(void **unused)
{
    (void)unused;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"1,2,0,'1',4\n", "case.raw:15: transformer 1-2-1: CW is '4'; accepted: 1 to 3"},
        {"1,2,0,'1',1,0\n", "case.raw:15: transformer 1-2-1: CZ is '0'; accepted: 1 to 3"},
        {"1,2,0,'1',1,1,3\n", "case.raw:15: transformer 1-2-1: CM is '3'; accepted: 1 to 2"},
        {"1,2,0,'1',1,1,1,0,0,2,'',2\n", "case.raw:15: transformer 1-2-1: STAT is '2'; accepted: 0 to 1"},
        {"1,2,7,'1'\n", "case.raw:15: transformer: K is bus 7, which is not in BUS DATA"},
        {"1,2,0,'1'\n0.01\n", "case.raw:16: transformer 1-2-1: X1-2 is not given; accepted: a reactance"},
        {"1,2,0,'1',1,2\n0.01,0.1,0\n",
         "case.raw:16: transformer 1-2-1: SBASE1-2 is 0 MVA; accepted: a number above 0"},
        {"1,2,0,'1',1,3\n6e6,0.05\n1\n1\n",
         "case.raw:15: transformer 1-2-1: impedance 0.05 pu is below its resistance 0.06 pu (CZ 3)"},
        {"1,2,0,'1'\n0,0.1\n0\n1\n",
         "case.raw:17: transformer 1-2-1: ratio of winding 1 is 0 pu; accepted: a number above 0"},
        {"1,4,0,'1',2\n0,0.1\n230\n110\n",
         "case.raw:18: transformer 1-4-1: CW is 2 but bus 4 has no base voltage; accepted: 1, or a base voltage"},
        {"1,2,0,'1'\n0,0.1\nQ\n", "case.raw:17: transformer 1-2-1: line 3 of its 4 lines is missing"},
        {"1,2,0,'1'\n0,0.1\n0 / END OF TRANSFORMER DATA, BEGIN AREA DATA\n",
         "case.raw:17: transformer 1-2-1: line 3 of its 4 lines is missing"},
        {"1,2,3,'1'\n0,0.1,100,0,0.1,100\n",
         "case.raw:16: transformer 1-2-3-1: X3-1 is not given; accepted: a reactance"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refused((raw_parts){.bus = BUS_1 BUS_2 BUS_3 "4\n", .gen = "", .transformer = cases[k].text},
                cases[k].sentence);
}

/* ---- dc lines ------------------------------------------------------------------------------- */

/* 5 ohm, 500 kV. Each set point with the power at the rectifier and the loss worked out:
 *  1, 100 MW at the rectifier, voltage held at the inverter: 100 = 500 I + 5 I^2, I = (sqrt(252000) - 500) / 10 kA,
 *     loss 5 I^2 = 0.199204 MW
 *  1, -100: 100 MW at the inverter: I = 0.2 kA, loss 0.2 MW, 100.2 MW in
 *  2, 200 A: V at the rectifier 500 + 5 * 0.2 = 501 kV, 100.2 MW in, loss 0.2 MW
 *  1, 100 with RCOMP = 5: voltage held at the rectifier, I = 0.2 kA, loss 0.2 MW
 *  1, 100 without a voltage: no loss
 *  0: out of service */
static void reads_dc_lines(void **unused)
{
    (void)unused;
    static const struct {
        const char *first;
        double p_mw, loss_mw;
        bool on;
    } cases[] = {
        {"'DC 1',1,5,100,500,400,0,0.1,'I',0,20,1", 100.0, 0.199203977734, true},
        {"'DC 1',1,5,-100,500", 100.2, 0.2, true},
        {"'DC 1',2,5,200,500", 100.2, 0.2, true},
        {"'DC 1',1,5,100,500,0,5", 100.0, 0.2, true},
        {"'DC 1',1,5,100", 100.0, 0.0, true},
        {"'DC 1',0,5,100", 100.0, 0.0, false},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char text[300];
        snprintf(text, sizeof text, "%s\n1,2,90,20,0,0,0\n2,2,90,30,0,0,0\n", cases[k].first);
        sv_grid *g;
        RAW_MUST_PARSE(g, raw_text((raw_parts){.bus = "1,'A',230,3,1,1,1,1.02\n2,'B',115,1,1,1,1,0.99\n", .dc = text}));
        assert_int_equal(g->n_dc_line, 1);
        const sv_dc_line *dc = &g->dc_line[0];
        assert_string_equal(dc->id, "DC 1");
        assert_true(dc->i_from == 0 && dc->i_to == 1 && dc->in_service == cases[k].on && dc->vm_from_pu == 1.02 &&
                    dc->vm_to_pu == 0.99);
        assert_true(near(dc->p_mw, cases[k].p_mw) && near(dc->p_max_mw, cases[k].p_mw) && dc->loss_mw == 0.0);
        assert_true(near(dc->p_min_mw, -cases[k].p_mw));
        assert_true(fabs(dc->loss_share * dc->p_mw - cases[k].loss_mw) < 1e-9);
        /* The least angles of 20 and 30 degrees: Q = P tan, drawn, at each end from the power there. */
        assert_true(near(dc->q_from_mvar, -cases[k].p_mw * 0.36397023426620234));
        assert_true(fabs(dc->q_to_mvar + (cases[k].p_mw - cases[k].loss_mw) * 0.57735026918962573) < 1e-9);
        assert_true(dc->q_min_from_mvar == dc->q_from_mvar && dc->q_max_to_mvar == dc->q_to_mvar);
        sv_grid_free(&g);
    }
}

/* Four bridges on 230 kV * 0.5 / 0.9: Vd0 = 4 * (3 sqrt 2 / pi) * 127.78 = 690.24 kV; 500 kV and no resistance make cos phi
 * 0.724383, tan phi 0.951703. */
static void reckons_reactive_power_from_the_converter(void **unused)
{
    (void)unused;
    sv_grid *g;
    RAW_MUST_PARSE(
        g, raw_text((raw_parts){.dc = "'D',1,0,100,500\n1,4,90,5,0,0,230,0.5,0.9\n2,4,90,5,0,0,230,0.5,0.9\n"}));
    const double cosine = 500.0 / (4.0 * 3.0 * sqrt(2.0) / 3.14159265358979323846 * 230.0 * 0.5 / 0.9);
    assert_true(fabs(g->dc_line[0].q_from_mvar + 100.0 * sqrt(1.0 / (cosine * cosine) - 1.0)) < 1e-6);
    assert_true(fabs(g->dc_line[0].q_from_mvar + 95.1703) < 1e-3);
    sv_grid_free(&g);
}

/* The inverter's end draws 50 MW from bus 2: I = 50 / 200 = 0.25 kA; 2 ohm lose 0.125 MW, each converter 100 kW +
 * 0.4 kW/A * 250 A = 0.2 MW; 0.525 MW in all, 0.2 of them whatever flows. With +50 it feeds them in, so that 50.525 MW are drawn at bus 1. */
static void reads_vsc_lines(void **unused)
{
    (void)unused;
    for (int k = 0; k < 2; k++) {
        char text[400];
        snprintf(text, sizeof text,
                 "'VSC 1',1,2,1,1\n1,1,1,200,1.01,100,0.4,0,100,0,1,60,-70,0,100\n"
                 "2,2,2,%d,0.95,100,0.4,150,80,0,1,60,-70,0,100\n",
                 k ? 50 : -50);
        sv_grid *g;
        RAW_MUST_PARSE(g, raw_text((raw_parts){.vsc = text}));
        const sv_dc_line *dc = &g->dc_line[0];
        assert_string_equal(dc->id, "VSC 1");
        assert_true(dc->i_from == (k ? 0 : 1) && dc->i_to == (k ? 1 : 0) && dc->in_service);
        assert_true(near(dc->p_mw, k ? 50.525 : 50.0) && near(dc->loss_mw, 0.2) &&
                    near(dc->loss_share * dc->p_mw, 0.325));
        assert_true(dc->p_max_mw == 80.0 && dc->p_min_mw == -80.0);
        const double vm = k ? dc->vm_from_pu : dc->vm_to_pu, q = k ? dc->q_max_from_mvar : dc->q_max_to_mvar;
        assert_true(vm == 1.01 && q == 60.0); /* bus 1 is held; bus 2 has a power factor: none */
        assert_true((k ? dc->q_max_to_mvar : dc->q_max_from_mvar) == 0.0);
        sv_grid_free(&g);
    }
    sv_grid *g;
    RAW_MUST_PARSE(g, raw_text((raw_parts){.vsc = "'A',0,2\n1,1,1,200\n2,2,1,5\n'B',1,2\n1,1,1,200\n2,0,1,5\n"}));
    assert_true(!g->dc_line[0].in_service && !g->dc_line[1].in_service);
    sv_grid_free(&g);
}

static void refuses_dc_lines(void **unused)
{
    (void)unused;
    refused((raw_parts){.dc = "'D',3\n"}, "case.raw:16: dc line D: MDC is '3'; accepted: 0 to 2");
    refused((raw_parts){.dc = "'D',1,5,100,500\n1,2\n8,2\n"},
            "case.raw:18: dc line D: IPI is bus 8, which is not in BUS DATA");
    refused((raw_parts){.dc = "'D',1,5,100,500\n1,2\n0 / END OF TWO-TERMINAL DC DATA\n"},
            "case.raw:18: dc line D: line 3 of its 3 lines is missing");
    refused((raw_parts){.dc = "'D',1\n1,2\n1,2\n"},
            "case.raw:16: dc line D (1-1): both ends are the same bus; accepted: two buses");
    refused((raw_parts){.vsc = "'V',1\n1,3\n"}, "case.raw:18: vsc dc line V: TYPE is '3'; accepted: 0 to 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_code_of_two_windings),
        cmocka_unit_test(fills_in_two_windings),
        cmocka_unit_test(keeps_the_loss_of_an_odd_exciting_current),
        cmocka_unit_test(reads_every_code_of_three_windings),
        cmocka_unit_test(reads_windings_out_of_service),
        cmocka_unit_test(knows_a_leg_of_nothing),
        cmocka_unit_test(refuses_transformers),
        cmocka_unit_test(reads_dc_lines),
        cmocka_unit_test(reckons_reactive_power_from_the_converter),
        cmocka_unit_test(reads_vsc_lines),
        cmocka_unit_test(refuses_dc_lines),
    };
    return cmocka_run_group_tests_name("formats/psse_lines", tests, NULL, NULL);
}
