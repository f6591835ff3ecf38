/* A folder of its own for a test program, files in it, and a grid with something in every table. */
#ifndef TESTS_FORMATS_SCRATCH_H
#define TESTS_FORMATS_SCRATCH_H

#include "svitlo/formats.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[64];

static inline void scratch_make(void)
{
    snprintf(scratch, sizeof scratch, "/tmp/svitlo-test-XXXXXX");
    if (!mkdtemp(scratch))
        abort();
}

/* Path of a name in the folder; a few may be in use at once. */
static inline const char *scratch_path(const char *name)
{
    static char path[8][512];
    static int turn;
    char *p = path[turn++ % 8];
    snprintf(p, sizeof path[0], "%s/%s", scratch, name);
    return p;
}

static inline void write_bytes(const char *path, const char *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
        abort();
}

static inline void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

static inline char *read_bytes(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        abort();
    char *bytes = malloc((size_t)1 << 22);
    *n = fread(bytes, 1, (size_t)1 << 22, f);
    fclose(f);
    return bytes;
}

/* Names in a folder, not counting . and .. */
static inline int count_entries(const char *path)
{
    DIR *dir = opendir(path);
    int n = 0;
    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return dir ? n - 2 : -1;
}

/* Remove a folder and what is below it. */
static inline void remove_all(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir)) != NULL) {
        char below[1024];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (snprintf(below, sizeof below, "%s/%s", path, entry->d_name) >= (int)sizeof below)
            continue;
        if (unlink(below) != 0)
            remove_all(below);
    }
    if (dir)
        closedir(dir);
    rmdir(path);
}

/* ---- a grid with something in every table, and names that a careless writer would break ------ */

/* Regions, sites, buses. */
static inline void add_places(sv_draft *draft)
{
    static const char *const bus_name[] = {"Плотина", "a, b", "say \"so\"", NULL, " blank at both ends ", "#1"};
    sv_region region = {.id = "north",
                        .name = "The North",
                        .zone = SV_ZONE_FRONT,
                        .x_km = 0.1,
                        .y_km = -7.0 / 3.0,
                        .i_series_temperature = 1};
    sv_draft_add_region(draft, &region);
    region = (sv_region){.id = "south", .x_km = NAN, .y_km = NAN, .i_series_temperature = -1};
    sv_draft_add_region(draft, &region);
    for (int k = 0; k < 4; k++) {
        char id[16];
        snprintf(id, sizeof id, "S%d", k);
        const sv_site site = {.id = id,
                              .name = k ? "site" : NULL,
                              .class_ = (sv_site_class)(k + 1),
                              .i_region = k % 2,
                              .x_km = k ? 1.0 / k : NAN,
                              .y_km = k ? 2.0 : NAN,
                              .shelter = k};
        sv_draft_add_site(draft, &site);
    }
    for (int k = 0; k < 6; k++) {
        char id[16];
        snprintf(id, sizeof id, "B%d", k);
        sv_bus bus = sv_bus_default();
        bus.id = id;
        bus.name = bus_name[k];
        bus.type = k == 0 ? SV_BUS_REF : k == 5 ? SV_BUS_DEAD : (sv_bus_type)(1 + k % 2);
        bus.vn_kv = k < 2 ? 750.0 : 110.0;
        bus.vm_pu = 1.0 + 0.01 / (k + 1);
        bus.va_deg = -10.0 / 3.0 * k;
        bus.i_region = k % 2;
        bus.i_site = k % 4;
        bus.area = k;
        bus.zone = -k;
        bus.x_km = k == 3 ? NAN : 10.0 * k + 1.0 / 3.0;
        bus.y_km = k == 3 ? NAN : -1.0 * k;
        sv_draft_add_bus(draft, &bus);
    }
}

/* Branches, generators, loads. */
static inline void add_network(sv_draft *draft)
{
    for (int k = 0; k < 5; k++) {
        char id[24];
        snprintf(id, sizeof id, "line, %d", k);
        sv_branch branch = sv_branch_default();
        branch.id = id;
        branch.i_from = k;
        branch.i_to = (k + 1) % 5;
        branch.r_pu = 0.01 / 7.0;
        branch.x_pu = k == 2 ? -0.03 : 0.1 / (k + 1);
        branch.b_pu = 1e-9;
        branch.rate_a_mva = k ? 100.0 * k : 0.0;
        branch.tap = k == 1 ? 0.975 : 0.0;
        branch.shift_deg = k == 4 ? -5.5 : 0.0;
        branch.angle_min_deg = k == 3 ? -INFINITY : -360.0;
        branch.length_km = 12.5 * k;
        branch.mttf_h = 8760.0 / 0.37;
        branch.mttr_h = 11.1;
        branch.in_service = k != 2;
        sv_draft_add_branch(draft, &branch);
    }
    static const double cost[] = {0.11, -5.0, 1.0 / 3.0};
    for (int k = 0; k < SV_N_GEN_KIND; k++) {
        char id[16];
        snprintf(id, sizeof id, "G%d", k);
        sv_gen gen = sv_gen_default();
        gen.id = id;
        gen.i_bus = k % 5;
        gen.kind = (sv_gen_kind)k;
        gen.p_max_mw = 100.0 / (k + 1);
        gen.q_max_mvar = INFINITY;
        gen.q_min_mvar = -INFINITY;
        gen.p_min_mw = -1.0;
        gen.mttf_h = 1000.0 + k;
        gen.mttr_h = 50.0;
        gen.i_series = k == 3 ? 3 : -1;
        gen.in_service = k != 4;
        gen.cost_model = k % 3;
        gen.n_cost = k % 3 ? 2 + k % 2 : 0;
        gen.n_cost = gen.cost_model == 1 ? 2 : gen.n_cost;
        gen.cost = cost;
        gen.cost_startup_usd = 1500.0 * k;
        sv_draft_add_gen(draft, &gen);
    }
    for (int k = 0; k < 7; k++) {
        char id[16];
        snprintf(id, sizeof id, "L%d", k);
        sv_load load = sv_load_default();
        load.id = id;
        load.i_bus = k % 5;
        load.class_ = (sv_class)(k % 3);
        load.p_mw = k == 6 ? -3.0 : 10.0 / 3.0 * (k + 1);
        load.q_mvar = 0.1 * k;
        load.people = 1234.0 * k;
        load.i_series = k % 2 ? 0 : -1;
        sv_draft_add_load(draft, &load);
    }
}

static inline void add_rest(sv_draft *draft)
{
    sv_storage storage = sv_storage_default();
    storage.id = "battery";
    storage.i_bus = 4;
    storage.p_mw = 49.9;
    storage.energy_mwh = 100.0 / 7.0;
    storage.efficiency = 0.85;
    storage.initial_soc = 1.0 / 3.0;
    sv_draft_add_storage(draft, &storage);
    sv_dc_line dc = sv_dc_line_default();
    dc.id = "dc";
    dc.i_from = 0;
    dc.i_to = 3;
    dc.p_mw = 1.0;
    dc.p_min_mw = -100.0;
    dc.p_max_mw = 99.0;
    dc.loss_share = 0.02;
    dc.q_max_from_mvar = 9999.0;
    sv_draft_add_dc_line(draft, &dc);
    const sv_shunt shunts[] = {{.i_bus = 3, .b_mvar = 12.0}, {.i_bus = 1, .g_mw = 0.5}, {.i_bus = 3, .b_mvar = -2.0}};
    for (int k = 0; k < 3; k++)
        sv_draft_add_shunt(draft, &shunts[k]);
    const sv_interconnector link = {
        .id = "east", .name = "Neighbour, east", .i_bus = 2, .limit_mw = 1200.5, .i_series = 2};
    sv_draft_add_interconnector(draft, &link);
}

static inline sv_draft *full_draft(void)
{
    sv_draft *draft = sv_draft_new();
    if (!draft)
        return NULL;
    sv_draft_set_name(draft, "full, \"quoted\"", NULL);
    sv_draft_set_base(draft, 33.3);
    float hours[4][30];
    for (int t = 0; t < 30; t++) {
        hours[0][t] = (float)(1.0 / (t + 3.0));
        hours[1][t] = (float)(0.1 * t - 12.345678);
        hours[2][t] = t % 2 ? 1.0F : 0.0F;
        hours[3][t] = (float)((double)t * 1.7e-30);
    }
    static const char *const series_id[] = {"demand, city", "temperature", "import", "wind \"x\""};
    for (int k = 0; k < 4; k++) {
        const sv_series series = {.id = series_id[k],
                                  .t0_h = sv_hour_from_date(2026, 12, 31, k == 2 ? 5 : 0),
                                  .n_h = k == 3 ? 25 : 30,
                                  .value = hours[k]};
        sv_draft_add_series(draft, &series);
    }
    add_places(draft);
    add_network(draft);
    add_rest(draft);
    return draft;
}

static inline sv_grid *full_grid(void)
{
    sv_draft *draft = full_draft();
    sv_grid *grid = NULL;
    sv_error err = {0};
    if (!draft || sv_grid_new(&grid, draft, &err)) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    sv_draft_free(&draft);
    return grid;
}

#endif
