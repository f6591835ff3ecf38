/* CSV folders: there and back with everything in them, RTS-GMLC's columns, refusals by file and line, cut and garbled and
 * huge files, failing allocations and a full disk. */
#include "scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/resource.h>

#include <cmocka.h>

/* ---- a small folder in RTS-GMLC's columns --------------------------------------------------- */

#define BUS_HEAD                                                                                                       \
    "Bus ID,Bus Name,BaseKV,Bus Type,MW Load,MVAR Load,V Mag,V Angle,MW Shunt G,MVAR Shunt B,Area,Sub "                \
    "Area,Zone,lat,lng\n"
#define BUS_ROWS                                                                                                       \
    "101,Abel,138.0,Ref,108.0,22.0,1.05,-7.7,0.0,0.0,1,11.0,11.0,33.4,-113.8\n"                                        \
    "102,Adams,138.0,PV,97,20,1.05,-7.8,0,-100,1,11,12,33.3,-113.8\n"                                                  \
    "201,\"Aiken, old\",230.0,PQ,180,37,1.01,-7.2,0,0,2,11,11,33.5,-114.7\n"
#define BRANCH_HEAD                                                                                                    \
    "UID,From Bus,To Bus,R,X,B,Cont Rating,LTE Rating,STE Rating,Perm OutRate,Duration,Tr Ratio,Tran OutRate,Length\n"
#define BRANCH_ROWS                                                                                                    \
    "A1,101,102,0.003,0.014,0.461,175,193,200,0.24,16,0,0,10\nT7,102,201,0.002,0.084,0,400,510,600,0.02,768,1.015,0,"  \
    "0\n"
#define GEN_HEAD                                                                                                       \
    "GEN UID,Bus ID,Unit Type,Category,Fuel,MW Inj,PMax MW,PMin MW,FOR,MTTF Hr,MTTR Hr,Storage Roundtrip Efficiency\n"
#define GEN_ROWS                                                                                                       \
    "101_CT_1,101,CT,Oil CT,Oil,8,200,8,0.1,450,50,0\n201_PV_1,201,RTPV,Solar RTPV,Solar,0,50,0,0,0,0,0\n"             \
    "201_CSP_1,201,CSP,CSP,Solar,0,40,0,0,576,24,0\n201_H,201,ROR,Hydro,Hydro,0,20,0,0,1980,20,0\n"                    \
    "102_SYNC,102,SYNC_COND,Sync_Cond,Sync_Cond,0,0,0,0,0,0,0\n102_STO,102,STORAGE,Storage,Storage,0,50,0,0,0,0,85\n"
#define STORAGE_TEXT                                                                                                   \
    "GEN UID,Storage,Max Volume GWh,Initial Volume GWh,Start "                                                         \
    "Energy,position\n201_CSP_1,201_CSP_HEAD,1.2,0,0.04,head\n"                                                        \
    "102_STO,102_HEAD,0.15,0.075,NA,head\n102_STO,102_TAIL,0.15,0.075,NA,tail\n201_H,201_H_RES,1,0.5,NA,head\n"
#define POINTER_HEAD "Simulation,Category,Object,Parameter,Scaling Factor,Data File\n"
#define POINTERS                                                                                                       \
    POINTER_HEAD                                                                                                       \
    "DAY_AHEAD,Area,1,MW Load,1,series/LOAD.csv\nDAY_AHEAD,Area,2,MW Load,1,series/load.csv\n"                         \
    "DAY_AHEAD,Generator,201_PV_1,PMax MW,51.6,Series\\pv.csv\nREAL_TIME,Area,1,MW Load,1,not/there.csv\n"             \
    "DAY_AHEAD,Generator,201_H,PMin MW,1,not/there.csv\nDAY_AHEAD,Reserve,R1,Requirement,1,not/there.csv\n"            \
    "DAY_AHEAD,Generator,201_CSP_HEAD,Natural_Inflow,200,series/./pv.csv\n"                                            \
    "DAY_AHEAD,Generator,201_H,Natural_Inflow,200,not/there.csv\n"
#define LOAD_TEXT "Year,Month,Day,Period,1,2\n2020,2,28,24,205,90\n2020,2,29,1,102.5,180\n"
#define PV_TEXT "Period,Day,Month,Year,201_CSP_1,201_PV_1\n24,28,2,2020,60,25\n1,29,2,2020,10,50.01\n"

static void write_small(void)
{
    mkdir(scratch_path("g"), 0777);
    mkdir(scratch_path("g/Series"), 0777);
    write_text(scratch_path("g/bus.csv"), BUS_HEAD BUS_ROWS);
    write_text(scratch_path("g/branch.csv"), BRANCH_HEAD BRANCH_ROWS);
    write_text(scratch_path("g/gen.csv"), GEN_HEAD GEN_ROWS);
    write_text(scratch_path("g/storage.csv"), STORAGE_TEXT);
    write_text(scratch_path("g/timeseries_pointers.csv"), POINTERS);
    write_text(scratch_path("g/Series/load.CSV"), LOAD_TEXT);
    write_text(scratch_path("g/Series/pv.csv"), PV_TEXT);
}

static const char *const small_files[] = {
    "g/bus.csv",         "g/branch.csv",   "g/gen.csv", "g/storage.csv", "g/timeseries_pointers.csv",
    "g/Series/load.CSV", "g/Series/pv.csv"};
enum { N_SMALL = sizeof small_files / sizeof small_files[0] };

static void reads_columns_of_rts_gmlc(void **unused)
{
    (void)unused;
    write_small();
    sv_grid *g;
    sv_error err = {0};
    if (sv_grid_read(&g, scratch_path("g"), &err))
        fail_msg("%s", err.text);
    assert_string_equal(g->name, "g");
    assert_true(g->base_mva == 100.0 && g->n_bus == 3 && g->n_region == 2 && g->n_site == 2);
    assert_string_equal(g->bus[2].name, "Aiken, old");
    assert_true(g->bus[0].type == SV_BUS_REF && g->bus[1].type == SV_BUS_PV && g->bus[1].zone == 12);
    const double km = 6371.0 * 3.14159265358979323846 / 180.0; /* of one degree */
    assert_true(fabs(g->bus[0].y_km - g->bus[1].y_km - 0.1 * km) < 1e-9);
    assert_true(fabs(g->bus[0].x_km - g->bus[2].x_km - 0.9 * km * cos(33.4 * km / 6371.0)) < 1e-9);
    assert_true(g->n_shunt == 1 && g->shunt[0].b_mvar == -100.0);
    const sv_branch *line = &g->branch[0];
    assert_true(fabs(line->mttf_h - (8760.0 / 0.24 - 16.0)) < 1e-9 && line->mttr_h == 16.0 &&
                line->rate_c_mva == 200.0 && fabs(line->length_km - 16.09344) < 1e-12);
    assert_true(g->branch[1].tap == 1.015 && g->branch[1].mttr_h == 768.0);
    static const sv_gen_kind kind[] = {SV_GEN_THERMAL, SV_GEN_SOLAR, SV_GEN_SOLAR, SV_GEN_HYDRO, SV_GEN_CONDENSER};
    assert_int_equal(g->n_gen, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(g->gen[i].kind, kind[i]);
    assert_true(g->gen[0].mttf_h == 450.0 && g->gen[0].mttr_h == 50.0);
    assert_int_equal(g->n_storage, 1);
    const sv_storage *st = &g->storage[0];
    assert_true(st->i_bus == 1 && st->p_mw == 50.0 && st->energy_mwh == 150.0 && st->efficiency == 0.85 &&
                st->initial_soc == 0.5);
    assert_string_equal(st->id, "102_STO");
    assert_true(g->n_load == 3 && g->load[2].p_mw == 180.0);
    assert_int_equal(g->n_series, 4);
    const sv_series *area = &g->series[g->load[0].i_series];
    assert_string_equal(area->id, "Area 1 MW Load");
    assert_int_equal(g->load[1].i_series, g->load[0].i_series);
    assert_true(area->t0_h == sv_hour_from_date(2020, 2, 28, 23) && area->n_h == 2);
    assert_true(area->value[0] == 1.0F && area->value[1] == 0.5F);
    assert_true(g->series[g->load[2].i_series].value[0] == 0.5F);
    const sv_series *pv = &g->series[g->gen[1].i_series];
    assert_true(pv->value[0] == 0.5F && pv->value[1] == 1.0F); /* 50.01 of 50 MW is round-off */
    const sv_series *csp = &g->series[g->gen[2].i_series];
    assert_true(csp->value[0] == 1.0F && csp->value[1] == 0.25F); /* more inflow than power is cut */
    assert_int_equal(g->gen[3].i_series, -1);
    sv_grid_free(&g);
}

/* ---- there and back ------------------------------------------------------------------------ */

static void comes_back_the_same(void **unused)
{
    (void)unused;
    sv_error err = {0};
    sv_grid *grid = full_grid(), *back, *again;
    const char *folder = scratch_path("full");
    assert_int_equal(sv_csv_write(grid, folder, &err), SV_OK);
    if (sv_grid_read(&back, folder, &err))
        fail_msg("%s", err.text);
    assert_true(back->fingerprint == grid->fingerprint);
    assert_string_equal(back->name, grid->name);
    assert_string_equal(back->bus[4].name, " blank at both ends ");
    assert_string_equal(back->bus[2].name, "say \"so\"");
    assert_int_equal(back->n_unit, grid->n_unit);
    for (int32_t i = 0; i < grid->n_series; i++)
        assert_memory_equal(back->series[i].value, grid->series[i].value, (size_t)grid->series[i].n_h * sizeof(float));
    const int n_file = count_entries(folder);
    assert_int_equal(n_file, 12 + 3);                          /* the series have three spans */
    assert_int_equal(sv_csv_write(back, folder, &err), SV_OK); /* over the old one */
    assert_int_equal(count_entries(folder), n_file);
    assert_int_equal(sv_grid_read(&again, folder, &err), SV_OK);
    assert_true(again->fingerprint == grid->fingerprint);
    sv_grid_free(&again);
    sv_grid_free(&back);
    sv_grid_free(&grid);
}

static void rts_columns_come_back_as_own(void **unused)
{
    (void)unused;
    write_small();
    sv_grid *grid, *back;
    sv_error err = {0};
    assert_int_equal(sv_grid_read(&grid, scratch_path("g"), &err), SV_OK);
    assert_int_equal(sv_csv_write(grid, scratch_path("own"), &err), SV_OK);
    if (sv_grid_read(&back, scratch_path("own"), &err))
        fail_msg("%s", err.text);
    assert_true(back->fingerprint == grid->fingerprint);
    sv_grid_free(&back);
    sv_grid_free(&grid);
}

/* ---- refused ------------------------------------------------------------------------------- */

/* Write one file of the small folder anew (NULL: remove it); the folder must be refused with this sentence. */
static void refused(const char *name, const char *text, sv_status status, const char *sentence)
{
    write_small();
    if (text)
        write_text(scratch_path(name), text);
    else
        unlink(scratch_path(name));
    sv_grid *g = (sv_grid *)1;
    sv_error err = {0};
    const sv_status got = sv_grid_read(&g, scratch_path("g"), &err);
    assert_null(g);
    char whole[SV_ERROR_TEXT];
    snprintf(whole, sizeof whole, "%s/%s", scratch, sentence);
    assert_string_equal(err.text, whole);
    assert_int_equal(got, status);
    if (text)
        unlink(scratch_path(name));
}

static void refuses_bad_tables(void **unused)
{
    (void)unused;
    static const char *const cases[][3] = {
        {"g/bus.csv", "", "g/bus.csv: is empty; accepted: a head of column names, then rows"},
        {"g/bus.csv", BUS_HEAD, "g/branch.csv:2: From Bus is '101', which is not in bus.csv"},
        {"g/bus.csv", "Bus Name,BaseKV\na,1\n",
         "g/bus.csv:1: there is no column 'Bus ID'; accepted: a head that names it, in any order"},
        {"g/bus.csv", "Bus ID,bus id\n1,1\n", "g/bus.csv:1: column 'Bus ID' is there twice; accepted: once"},
        {"g/bus.csv", BUS_HEAD BUS_ROWS "\n\n301,x,230\n",
         "g/bus.csv:7: row of 3 cells under a head of 15; accepted: as many"},
        {"g/bus.csv", "Bus ID,MW Load\n101,many\n", "g/bus.csv:2: MW Load is 'many'; accepted: a number"},
        {"g/bus.csv", "Bus ID,MW Load\n101,nan\n", "g/bus.csv:2: MW Load is 'nan'; accepted: a number"},
        {"g/bus.csv", "Bus ID,MW Load\n101,0x10\n", "g/bus.csv:2: MW Load is '0x10'; accepted: a number"},
        {"g/bus.csv", "Bus ID,Bus Type\n101,PX\n",
         "g/bus.csv:2: Bus Type is 'PX'; accepted: 1, 2, 3, 4, PQ, PV, Ref, Dead, None, Isolated, Slack"},
        {"g/bus.csv", "Bus ID,Zone\n101,1.5\n", "g/bus.csv:2: Zone is '1.5'; accepted: a whole number"},
        {"g/bus.csv", "Bus ID\n101\n102\n201\n101\n",
         "g/bus.csv:5: bus 101 is there already (line 2); accepted: ids that differ"},
        {"g/bus.csv", "Bus ID\n\"\"\n", "g/bus.csv:2: Bus ID is empty; accepted: a word or number"},
        {"g/bus.csv", "Bus ID,BaseKV,MW Load,Area\n101,-5,1,1\n102,1,1,1\n201,1,1,2\n",
         "g/bus.csv:2: bus 101: base voltage is -5 kV; accepted: a finite number, 0 or more"},
        {"g/bus.csv", "Bus ID,Bus Name\n101,a \"b\" c\n",
         "g/bus.csv:2: a quote stands where none may; accepted: quotes around a whole cell, doubled within"},
        {"g/bus.csv", "Bus ID,Bus Name\n101,\"a\nb\n",
         "g/bus.csv:2: the quoted cell of this row never ends; accepted: a closing quote"},
        {"g/branch.csv", BRANCH_HEAD "A1,101,999,0,0.1,0,1,1,1,0,0,0,0,0\n",
         "g/branch.csv:2: To Bus is '999', which is not in bus.csv"},
        {"g/branch.csv", BRANCH_HEAD "A1,101,102,0,0.1,0,-175,1,1,0,0,0,0,0\n",
         "g/branch.csv:2: branch A1 (101-102): rating A is -175 MVA; accepted: a finite number, 0 or more"},
        {"g/branch.csv", BRANCH_HEAD "A1,101,102,0,0.1,0,1,1,1,100,100,0,0,0\n",
         "g/branch.csv:2: 100 outages a year of 100 h each leave no time in service"},
        {"g/branch.csv", BRANCH_HEAD "A1,101,102,0,0.1,0,1,1,1,-1,0,0,0,0\n",
         "g/branch.csv:2: Perm OutRate is -1 a year and Duration 0 h; accepted: 0 or more"},
        {"g/gen.csv", GEN_HEAD "x,101,STORAGE,,,0,1,0,0,0,0,85\n",
         "g/gen.csv:2: x is of type STORAGE but storage.csv has no row for it"},
        {"g/gen.csv", GEN_HEAD "x,101,CT,,,0,1,0,0,5,0,85\n",
         "g/timeseries_pointers.csv:4: generator '201_PV_1' is not in gen.csv"},
        {"g/gen.csv", "GEN UID,Bus ID,PMax MW,Series\nx,101,5,wind\n",
         "g/gen.csv:2: Series is 'wind', which timeseries_pointers.csv does not give (category Series)"},
        {"g/gen.csv", "GEN UID,Bus ID,PMax MW,Cost\nx,101,5,1 2 three\n",
         "g/gen.csv:2: Cost holds 'three'; accepted: numbers with blanks between them"},
        {"g/storage.csv", "GEN UID,Max Volume GWh,Initial Volume GWh\n102_STO,1,2\n",
         "g/storage.csv:2: 2 GWh of 1 GWh at the start; accepted: 0 up to the volume"},
        {"g/load.csv", "Load ID,Bus ID,MW Load,Class\na,101,5,industries\n",
         "g/load.csv:2: Class is 'industries'; accepted: critical, household, industry"},
        {"g/load.csv", "Load ID,Bus ID,MW Load,People\na,101,5,-1\na2,201,5,0\n",
         "g/load.csv:2: load a: people is -1; accepted: a finite number, 0 or more"},
        {"g/region.csv", "Region ID,Zone\n1,middle\n", "g/region.csv:2: Zone is 'middle'; accepted: rear, front"},
        {"g/region.csv", "Region ID\n1\n",
         "g/bus.csv:4: bus 201 has no region and its area '2' is none; accepted: an id of region.csv"},
        {"g/site.csv", "Site ID,Class\nS,substation\n", "g/bus.csv:2: Site is '', which is not in site.csv"},
        {"g/site.csv", "Site ID,Class,Shelter\nS,substation,9\n", "g/bus.csv:2: Site is '', which is not in site.csv"},
        {"g/grid.csv", "Name,Base MVA\nx,0\n", "g/grid.csv:2: Base MVA is 0; accepted: a number above 0"},
        {"g/interconnector.csv", "Interconnector ID,Bus ID,Limit MW\nE,101,-4\n",
         "g/interconnector.csv:2: interconnector E: import limit is -4 MW; accepted: a finite number, 0 or more"},
        {"g/dc_branch.csv", "UID,From Bus,To Bus,MW Load,PMin MW,PMax MW\nD,101,201,5,9,8\n",
         "g/dc_branch.csv:2: dc line D (101-201): lowest power 9 MW is above highest power 8 MW"},
        {"g/shunt.csv", "Bus ID,MVAR Shunt B\n7,1\n", "g/shunt.csv:2: Bus ID is '7', which is not in bus.csv"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refused(cases[k][0], cases[k][1], SV_EDATA, cases[k][2]);
    refused("g/bus.csv", NULL, SV_EIO,
            "g/bus.csv: is not there; accepted: a folder with bus.csv, branch.csv and gen.csv");
    refused("g/gen.csv", NULL, SV_EIO,
            "g/gen.csv: is not there; accepted: a folder with bus.csv, branch.csv and gen.csv");
}

static void refuses_bad_series(void **unused)
{
    (void)unused;
    static const char *const cases[][3] = {
        {"g/timeseries_pointers.csv", POINTER_HEAD "DAY_AHEAD,Weather,1,Rain,1,x.csv\n",
         "g/timeseries_pointers.csv:2: category 'Weather' with parameter 'Rain' is unknown; accepted: Area or Region "
         "with MW Load, "
         "Generator with PMax MW, PMin MW or Natural_Inflow, Series with Value, Reserve with Requirement"},
        {"g/timeseries_pointers.csv", POINTER_HEAD "DAY_AHEAD,Area,9,MW Load,1,series/load.csv\n",
         "g/timeseries_pointers.csv:2: Area '9' has no load that could follow its series"},
        {"g/Series/load.CSV", "Year,Month,Day,Period,1\n2020,2,28,24,205\n",
         "g/timeseries_pointers.csv:3: series/load.csv has no column '2'"},
        {"g/Series/load.CSV", "Year,Month,Day,1,2\n2020,2,28,205,1\n",
         "g/Series/load.CSV:1: there is no column 'Period'; accepted: Year, Month, Day, Period and one column an "
         "object"},
        {"g/Series/load.CSV", "Year,Month,Day,Period,1,2\n",
         "g/Series/load.CSV: has no hours; accepted: one row an hour"},
        {"g/Series/load.CSV", "Year,Month,Day,Period,1,2\n2020,2,30,1,1,1\n",
         "g/Series/load.CSV:2: 2020-2-30 is no date"},
        {"g/Series/load.CSV", "Year,Month,Day,Period,1,2\n2020,2,3,25,1,1\n",
         "g/Series/load.CSV:2: Period is 25; accepted: 1 to 24, one an hour"},
        {"g/Series/load.CSV", "Year,Month,Day,Period,1,2\n2020,2,3,1,1,1\n2020,2,3,3,1,1\n",
         "g/Series/load.CSV:3: this hour does not follow the one above; accepted: every hour once, in order"},
        {"g/Series/load.CSV", "Year,Month,Day,Period,1,2\n2020,2,3,1,?,1\n",
         "g/Series/load.CSV:2: column '1' holds no number"},
        {"g/Series/load.CSV", "Year,Month,Day,Period,1,2\n2020,2,3,1,-205,1\n",
         "g/Series/load.CSV:2: column '1' is -205, -1 of its base 205; accepted: 0 to inf"},
        {"g/Series/pv.csv", "Year,Month,Day,Period,201_PV_1\n2020,2,3,1,75\n",
         "g/Series/pv.csv:2: column '201_PV_1' is 75, 1.5 of its base 50; accepted: 0 to 1"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refused(cases[k][0], cases[k][1], SV_EDATA, cases[k][2]);
    write_small();
    unlink(scratch_path("g/Series/pv.csv"));
    sv_grid *g;
    sv_error err = {0};
    assert_int_equal(sv_grid_read(&g, scratch_path("g"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "timeseries_pointers.csv:4: file Series\\pv.csv is not there (no 'pv.csv' in "));
}

static void refuses_what_is_no_file(void **unused)
{
    (void)unused;
    sv_grid *g;
    sv_error err = {0};
    write_small();
    unlink(scratch_path("g/branch.csv"));
    mkdir(scratch_path("g/branch.csv"), 0777);
    assert_int_equal(sv_csv_read(&g, scratch_path("g"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "branch.csv: is a folder; accepted: a file"));
    rmdir(scratch_path("g/branch.csv"));
    mkfifo(scratch_path("g/branch.csv"), 0600); /* must not hang */
    err = (sv_error){0};
    assert_int_equal(sv_csv_read(&g, scratch_path("g"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "branch.csv: is no regular file; accepted: a file"));
    unlink(scratch_path("g/branch.csv"));
    write_text(scratch_path("g/branch.csv"), "");
    assert_int_equal(truncate(scratch_path("g/branch.csv"), (off_t)2 << 30), 0); /* a hole of 2 GiB */
    err = (sv_error){0};
    assert_int_equal(sv_csv_read(&g, scratch_path("g"), &err), SV_EDATA);
    assert_non_null(strstr(err.text, "branch.csv: has 2147483648 bytes; accepted: at most 1 GiB"));
    write_bytes(scratch_path("g/branch.csv"), "UID,From\0 Bus,To Bus,X\n", 23);
    err = (sv_error){0};
    assert_int_equal(sv_csv_read(&g, scratch_path("g"), &err), SV_EDATA);
    assert_non_null(strstr(err.text, "branch.csv:1: cell 2 holds a zero byte; accepted: plain text"));
    err = (sv_error){0};
    assert_int_equal(sv_csv_read(&g, scratch_path("g/bus.csv"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "bus.csv: is a file; accepted: a folder"));
    err = (sv_error){0};
    assert_int_equal(sv_grid_read(&g, scratch_path("nowhere"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "nowhere: cannot be read: No such file or directory"));
    assert_null(g);
}

static void reads_any_line_end_and_order(void **unused)
{
    (void)unused;
    write_small();
    sv_grid *plain, *other;
    sv_error err = {0};
    assert_int_equal(sv_grid_read(&plain, scratch_path("g"), &err), SV_OK);
    write_text(scratch_path("g/branch.csv"),
               "\xEF\xBB\xBF"
               "sTe rAtInG, x ,UNKNOWN,uid,FROM BUS,to bus,r,b,cont rating,lte rating,perm outrate,duration,tr "
               "ratio,length\r\n"
               "200,0.014,\"multi\nline\",A1,101,102,0.003,0.461,175,193,0.24,16,NA,10\r\n\r\n"
               "600,0.084,,T7,102,201,0.002,,400,510,0.02,768,1.015,\r\n");
    if (sv_grid_read(&other, scratch_path("g"), &err))
        fail_msg("%s", err.text);
    assert_true(plain->fingerprint == other->fingerprint);
    assert_int_equal(other->branch[0].line, 2);
    assert_int_equal(other->branch[1].line, 5); /* the quoted cell and the blank line count */
    sv_grid_free(&plain);
    sv_grid_free(&other);
}

/* ---- cut, garbled, huge, no memory --------------------------------------------------------- */

static void every_prefix_ends_well(void **unused)
{
    (void)unused;
    for (int f = 0; f < N_SMALL; f++) {
        write_small();
        size_t n_all;
        char *all = read_bytes(scratch_path(small_files[f]), &n_all);
        for (size_t n = 0; n <= n_all; n++) {
            write_bytes(scratch_path(small_files[f]), all, n);
            sv_grid *g;
            sv_error err = {0};
            const sv_status status = sv_csv_read(&g, scratch_path("g"), &err);
            assert_true(status == SV_OK ? g != NULL : g == NULL && err.text[0]);
            if (n + 1 >= n_all)
                assert_int_equal(status, SV_OK);
            sv_grid_free(&g);
        }
        free(all);
    }
}

static void garbled_files_end_well(void **unused)
{
    (void)unused;
    int good = 0, bad = 0;
    for (uint32_t k = 0; k < 1500; k++) {
        const char *name = small_files[k % N_SMALL];
        if (k < N_SMALL)
            write_small();
        size_t n;
        char *bytes = read_bytes(scratch_path(name), &n), *kept = malloc(n);
        memcpy(kept, bytes, n);
        for (uint32_t f = 0; f < 3; f++) {
            const sv_draw4 flip = sv_draw(6, 0, SV_DRAW_TEST, k, f);
            bytes[(size_t)(flip.u[0] * (double)n)] =
                flip.u[2] < 0.5 ? (char)(flip.u[1] * 256.0) : ",\"\n9-."[(int)(flip.u[1] * 6.0)];
        }
        write_bytes(scratch_path(name), bytes, n);
        sv_grid *g;
        sv_error err = {0};
        const sv_status status = sv_csv_read(&g, scratch_path("g"), &err);
        assert_true(status == SV_OK ? g != NULL : (status == SV_EDATA || status == SV_EIO) && g == NULL && err.text[0]);
        good += status == SV_OK;
        bad += status != SV_OK;
        sv_grid_free(&g);
        write_bytes(scratch_path(name), kept, n);
        free(bytes);
        free(kept);
    }
    assert_true(good > 20 && bad > 300);
}

static void huge_files_end_well(void **unused)
{
    (void)unused;
    enum { N = 5000000 };
    static const char *const bodies[] = {"x", ",", "\"\"", "\n", "a\n", "\r"};
    char *text = malloc(N + 64);
    for (size_t k = 0; k < sizeof bodies / sizeof bodies[0]; k++) {
        write_small();
        size_t n = (size_t)sprintf(text, "Bus ID,Bus Name\n1,%s", k == 2 ? "\"" : "");
        const size_t step = strlen(bodies[k]);
        while (n + step <= N) {
            memcpy(text + n, bodies[k], step);
            n += step;
        }
        write_bytes(scratch_path("g/bus.csv"), text, n);
        sv_grid *g;
        sv_error err = {0};
        assert_int_equal(sv_csv_read(&g, scratch_path("g"), &err), SV_EDATA);
        assert_null(g);
        assert_true(err.text[0] && strlen(err.text) < SV_ERROR_TEXT);
    }
    free(text);
}

static void survives_every_failing_allocation(void **unused)
{
    (void)unused;
    sv_error err = {0};
    sv_grid *grid = full_grid(), *back;
    write_small();
    assert_int_equal(sv_csv_write(grid, scratch_path("full"), &err), SV_OK);
    const char *const folders[] = {"g", "full"};
    for (int f = 0; f < 2; f++) {
        for (int64_t k = 1;; k++) {
            err = (sv_error){0};
            sv_arena_fail_at(k);
            const sv_status status = sv_csv_read(&back, scratch_path(folders[f]), &err);
            sv_arena_fail_at(0);
            if (status == SV_OK) {
                assert_true(k > 50);
                sv_grid_free(&back);
                break;
            }
            if (status != SV_ENOMEM)
                fail_msg("allocation %d: %s", (int)k, err.text);
            assert_null(back);
            assert_true(err.text[0]);
        }
    }
    for (int64_t k = 1;; k++) { /* and the writer leaves nothing behind */
        err = (sv_error){0};
        sv_arena_fail_at(k);
        const sv_status status = sv_csv_write(grid, scratch_path("new"), &err);
        sv_arena_fail_at(0);
        if (status == SV_OK)
            break;
        assert_int_equal(status, SV_ENOMEM);
        assert_int_equal(access(scratch_path("new"), F_OK), -1);
    }
    sv_grid_free(&grid);
}

/* ---- writing where it does not work -------------------------------------------------------- */

static void a_full_disk_leaves_the_old_grid(void **unused)
{
    (void)unused;
    sv_error err = {0};
    sv_grid *grid = full_grid(), *back;
    write_small();
    assert_int_equal(sv_csv_read(&back, scratch_path("g"), &err), SV_OK);
    assert_int_equal(sv_csv_write(back, scratch_path("old"), &err), SV_OK);
    const uint64_t old = back->fingerprint;
    const int n_old = count_entries(scratch_path("old"));
    sv_grid_free(&back);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    const struct rlimit small = {400, limit.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const sv_status over = sv_csv_write(grid, scratch_path("old"), &err);
    sv_error err_new = {0}, err_m = {0};
    const sv_status fresh = sv_csv_write(grid, scratch_path("fresh"), &err_new);
    const sv_status m = sv_matpower_write(grid, scratch_path("fresh.m"), &err_m);
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_int_equal(over, SV_EIO);
    assert_int_equal(fresh, SV_EIO);
    assert_int_equal(m, SV_EIO);
    assert_non_null(strstr(err.text, ".csv: cannot be written: File too large"));
    assert_non_null(strstr(err_m.text, "fresh.m: cannot be written: File too large"));
    assert_int_equal(access(scratch_path("fresh"), F_OK), -1);
    assert_int_equal(access(scratch_path("fresh.m"), F_OK), -1);
    assert_int_equal(access(scratch_path("fresh.m.part"), F_OK), -1);
    assert_int_equal(count_entries(scratch_path("old")), n_old);
    err = (sv_error){0};
    assert_int_equal(sv_csv_read(&back, scratch_path("old"), &err), SV_OK);
    assert_true(back->fingerprint == old);
    sv_grid_free(&back);
    sv_grid_free(&grid);
}

static void unwritable_places_are_named(void **unused)
{
    (void)unused;
    sv_error err = {0};
    sv_grid *grid = full_grid();
    assert_int_equal(sv_csv_write(grid, scratch_path("no/folder"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "no/folder: cannot be made: No such file or directory"));
    write_text(scratch_path("file"), "");
    err = (sv_error){0};
    assert_int_equal(sv_csv_write(grid, scratch_path("file"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "cannot be written: Not a directory"));
    sv_grid_free(&grid);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_columns_of_rts_gmlc),
        TEST(comes_back_the_same),
        TEST(rts_columns_come_back_as_own),
        TEST(refuses_bad_tables),
        TEST(refuses_bad_series),
        TEST(refuses_what_is_no_file),
        TEST(reads_any_line_end_and_order),
        TEST(every_prefix_ends_well),
        TEST(garbled_files_end_well),
        TEST(huge_files_end_well),
        TEST(survives_every_failing_allocation),
        TEST(a_full_disk_leaves_the_old_grid),
        TEST(unwritable_places_are_named),
    };
    return cmocka_run_group_tests_name("formats/csv", tests, NULL, NULL);
}
