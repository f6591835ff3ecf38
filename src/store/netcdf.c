/* A finished results file as one NetCDF-4 file in the CF conventions. Rows are streamed a block of seasons at a time, so
 * memory does not grow with their number. Built only where the library is (SV_HAVE_NETCDF). */
#include "svitlo/store.h"

#if !SV_HAVE_NETCDF

sv_status sv_store_export_netcdf(const char *path, const char *file, sv_error *err)
{
    (void)path;
    return sv_error_set(err, SV_EUSAGE, file, 0,
                        "this svitlo was built without NetCDF; accepted: --csv DIR, or a build with libnetcdf-dev");
}

#else

#include "query.h"

#include <math.h>
#include <netcdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_DIM = 2, BLOCK = 1 << 16, DEFLATE = 4 }; /* values in a block */

typedef enum { D_SEASON = 0, D_HOUR, D_REGION, D_SITE, D_CLASS, D_LEVER, N_DIM } dimension;
static const char *const dim_name[N_DIM] = {"season", "hour", "region", "site", "class", "lever"};

/* One sheet is one file being written; code is sticky. */
typedef struct {
    const sv_results *results;
    sv_reader *reader;
    int nc, code;
    int dim[N_DIM];
    size_t n[N_DIM];
    double *block; /* [BLOCK] */
} sheet;

/* What each column of a season is, of the base and with a lever on. */
typedef struct {
    const char *column, *unit, *meaning;
} quantity;

static const quantity of_season[] = {
    {"demand_mwh", "MWh", "energy wanted"},
    {"eens_mwh", "MWh", "energy not served"},
    {"lole_h", "h", "hours in which any load was not served"},
    {"people_hours", "h", "people without power, summed over hours"},
    {"worst_mw", "MW", "most power not served in one hour"},
    {"worst_people", "1", "most people without power in one hour"},
    {"worst_h", "h", "hour since the start of the season when that was"},
    {"relaxed_mwh", "MWh", "limits of branches that no dispatch could keep, summed over hours"},
    {"relaxed_h", "h", "hours with such"},
    {"off_4h_people", "1", "people without power for more than 4 h in a row at least once"},
    {"off_8h_people", "1", "people without power for more than 8 h in a row at least once"},
    {"off_24h_people", "1", "people without power for more than 24 h in a row at least once"},
    {"off_72h_people", "1", "people without power for more than 72 h in a row at least once"},
    {"longest_h", "h", "longest time that somebody was without power in a row"},
    {"n_wave", "1", "waves"},
    {"n_strike", "1", "strikes aimed at sites"},
    {"n_intercepted", "1", "of which intercepted"},
    {"n_unit_lost", "1", "units damaged"},
    {"n_unit_repaired", "1", "units repaired"},
    {"n_event", "1", "outage events of the whole country"},
};
static const quantity of_split[] = {
    {"eens_mwh", "MWh", "energy not served"},
    {"lole_h", "h", "hours in which any load was not served"},
    {"people_hours", "h", "people without power, summed over hours"},
};
enum { N_OF_SEASON = sizeof of_season / sizeof of_season[0], N_OF_SPLIT = sizeof of_split / sizeof of_split[0] };

/* ---- variables ----------------------------------------------------------------------------- */

static void check(sheet *self, int code)
{
    if (self->code == NC_NOERR)
        self->code = code;
}

static void put_attribute(sheet *self, int variable, const char *name, const char *value)
{
    if (self->code == NC_NOERR)
        check(self, nc_put_att_text(self->nc, variable, name, strlen(value), value));
}

static bool has_room(const sheet *self, int32_t n_dim, const dimension *dim)
{
    for (int32_t i = 0; i < n_dim; i++)
        if (self->n[dim[i]] == 0)
            return false;
    return true;
}

/* @return its number, -1 when there is nothing to write */
static int define(sheet *self, const char *name, nc_type type, int32_t n_dim, const dimension *dim, const char *unit,
                  const char *meaning)
{
    int variable = -1, of[MOST_DIM];
    if (!has_room(self, n_dim, dim) || self->code != NC_NOERR)
        return -1;
    for (int32_t i = 0; i < n_dim; i++)
        of[i] = self->dim[dim[i]];
    check(self, nc_def_var(self->nc, name, type, n_dim, of, &variable));
    if (self->code == NC_NOERR && type == NC_DOUBLE) {
        const double unknown = (double)NAN;
        check(self, nc_def_var_fill(self->nc, variable, NC_FILL, &unknown));
        check(self, nc_def_var_deflate(self->nc, variable, 1, 1, DEFLATE));
    }
    put_attribute(self, variable, "long_name", meaning);
    if (unit != NULL)
        put_attribute(self, variable, "units", unit);
    return self->code == NC_NOERR ? variable : -1;
}

/* Values of a stride through an array of structs, for one dimension. */
static void put_reals(sheet *self, const char *name, dimension dim, const char *unit, const char *meaning,
                      const double *first, size_t stride)
{
    int variable = define(self, name, NC_DOUBLE, 1, &dim, unit, meaning);
    for (size_t at = 0; variable >= 0 && at < self->n[dim] && self->code == NC_NOERR;) {
        size_t n = self->n[dim] - at < BLOCK ? self->n[dim] - at : BLOCK;
        for (size_t i = 0; i < n; i++)
            memcpy(&self->block[i], (const char *)first + (at + i) * stride, sizeof(double));
        check(self, nc_put_vara_double(self->nc, variable, &at, &n, self->block));
        at += n;
    }
}

static void put_floats(sheet *self, const char *name, const char *unit, const char *meaning, const float *first,
                       size_t stride)
{
    const dimension dim = D_HOUR;
    int variable = define(self, name, NC_DOUBLE, 1, &dim, unit, meaning);
    for (size_t at = 0; variable >= 0 && first != NULL && at < self->n[dim] && self->code == NC_NOERR;) {
        size_t n = self->n[dim] - at < BLOCK ? self->n[dim] - at : BLOCK;
        for (size_t i = 0; i < n; i++) {
            float value;
            memcpy(&value, (const char *)first + (at + i) * stride, sizeof value);
            self->block[i] = (double)value;
        }
        check(self, nc_put_vara_double(self->nc, variable, &at, &n, self->block));
        at += n;
    }
}

static void put_ints(sheet *self, const char *name, dimension dim, const char *meaning, const int32_t *first,
                     size_t stride)
{
    int variable = define(self, name, NC_INT, 1, &dim, "1", meaning);
    for (size_t i = 0; variable >= 0 && i < self->n[dim] && self->code == NC_NOERR; i++) {
        int value;
        memcpy(&value, (const char *)first + i * stride, sizeof value);
        check(self, nc_put_var1_int(self->nc, variable, &i, &value));
    }
}

static void put_texts(sheet *self, const char *name, dimension dim, const char *meaning, const char *const *first,
                      size_t stride)
{
    int variable = define(self, name, NC_STRING, 1, &dim, NULL, meaning);
    for (size_t i = 0, one = 1; variable >= 0 && i < self->n[dim] && self->code == NC_NOERR; i++) {
        const char *value;
        memcpy(&value, (const char *)first + i * stride, sizeof value);
        check(self, nc_put_vara_string(self->nc, variable, &i, &one, &value));
    }
}

/* A query's first column, row by row, into a variable over seasons and one more dimension. */
static int put_query(sheet *self, const char *name, nc_type type, const quantity *of, int32_t n_dim,
                     const dimension *dim, const char *table, const char *order)
{
    int variable = define(self, name, type, n_dim, dim, of->unit, of->meaning);
    if (variable < 0)
        return variable;
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT %s FROM %s ORDER BY %s", of->column, table, order);
    size_t n_in_row = n_dim > 1 ? self->n[dim[1]] : 1, n_row = BLOCK / n_in_row, at[MOST_DIM] = {0};
    n_row = n_row < 1 ? 1 : n_row;
    sv_query query = sv_query_begin(self->reader, table, sql);
    while (at[0] < self->n[D_SEASON] && self->code == NC_NOERR && self->reader->status == SV_OK) {
        size_t n[MOST_DIM] = {self->n[D_SEASON] - at[0] < n_row ? self->n[D_SEASON] - at[0] : n_row, n_in_row};
        size_t k = 0;
        while (k < n[0] * n_in_row && sv_query_next(&query))
            self->block[k++] = sv_query_real(&query, 0);
        if (k < n[0] * n_in_row)
            sv_reader_damaged(self->reader, "table %s: rows are missing", table);
        else
            check(self, nc_put_vara_double(self->nc, variable, at, n, self->block));
        at[0] += n[0];
    }
    if (self->code == NC_NOERR && sv_query_next(&query))
        sv_reader_damaged(self->reader, "table %s: there are too many rows", table);
    sv_query_end(&query);
    return variable;
}

/* ---- what is written ----------------------------------------------------------------------- */

static void put_head(sheet *self)
{
    const sv_results *results = self->results;
    char text[512];
    put_attribute(self, NC_GLOBAL, "Conventions", "CF-1.8");
    put_attribute(self, NC_GLOBAL, "title", results->scenario_name[0] != '\0' ? results->scenario_name : "Svitlo");
    snprintf(text, sizeof text, "svitlo %.40s", results->version);
    put_attribute(self, NC_GLOBAL, "source", text);
    put_attribute(self, NC_GLOBAL, "history", "written by svitlo export from a results file");
    put_attribute(self, NC_GLOBAL, "references", "docs/database.md");
    put_attribute(self, NC_GLOBAL, "grid", results->grid_name);
    put_attribute(self, NC_GLOBAL, "grid_fingerprint", results->fingerprint);
    put_attribute(self, NC_GLOBAL, "seed", results->seed);
    snprintf(text, sizeof text, "%lld", (long long)results->n_failed);
    put_attribute(self, NC_GLOBAL, "seasons_failed", text);
}

static void put_seasons(sheet *self)
{
    static const dimension dim[] = {D_SEASON}, by_region[] = {D_SEASON, D_REGION}, by_class[] = {D_SEASON, D_CLASS},
                           by_lever[] = {D_SEASON, D_LEVER};
    char name[64];
    static const quantity number = {"i_season", "1", "number of the season"},
                          failed = {"status <> 'ok'", "1", "the season failed: its numbers are what was reached"};
    static const signed char flag[] = {0, 1};
    put_query(self, "season", NC_INT64, &number, 1, dim, "season", "i_season");
    int variable = put_query(self, "failed", NC_BYTE, &failed, 1, dim, "season", "i_season");
    if (variable >= 0) {
        check(self, nc_put_att_schar(self->nc, variable, "flag_values", NC_BYTE, 2, flag));
        put_attribute(self, variable, "flag_meanings", "ok failed");
    }
    for (int32_t i = 0; i < N_OF_SEASON; i++)
        put_query(self, of_season[i].column, NC_DOUBLE, &of_season[i], 1, dim, "season", "i_season");
    for (int32_t i = 0; i < N_OF_SPLIT; i++) {
        snprintf(name, sizeof name, "region_%s", of_split[i].column);
        put_query(self, name, NC_DOUBLE, &of_split[i], 2, by_region, "season_region", "i_season, i_region");
        snprintf(name, sizeof name, "class_%s", of_split[i].column);
        put_query(self, name, NC_DOUBLE, &of_split[i], 2, by_class, "season_class", "i_season, class");
    }
    for (int32_t i = 0; i < N_OF_SEASON; i++) {
        snprintf(name, sizeof name, "lever_%s", of_season[i].column);
        put_query(self, name, NC_DOUBLE, &of_season[i], 2, by_lever, "lever_season", "i_season, i_lever");
    }
}

static void put_band(sheet *self, const char *name, const char *unit, const char *meaning, const sv_band *band)
{
    static const char *const part[] = {"mean", "p5", "p50", "p95"};
    static const char *const words[] = {"mean", "5 % quantile", "median", "95 % quantile"};
    const float *first[] = {&band->mean, &band->p5, &band->p50, &band->p95};
    for (int32_t i = 0; i < 4; i++) {
        char full[64], long_name[160];
        snprintf(full, sizeof full, "%s_%s", name, part[i]);
        snprintf(long_name, sizeof long_name, "%s, %s of all seasons", meaning, words[i]);
        put_floats(self, full, unit, long_name, first[i], sizeof *band);
    }
}

static void put_hours(sheet *self)
{
    const dimension dim = D_HOUR;
    char unit[64];
    snprintf(unit, sizeof unit, "hours since %.16s:00", self->results->first_hour);
    int variable = define(self, "hour", NC_INT, 1, &dim, unit, "start of the hour");
    put_attribute(self, variable, "standard_name", "time");
    put_attribute(self, variable, "calendar", "proleptic_gregorian");
    put_attribute(self, variable, "axis", "T");
    for (size_t at = 0; at < self->n[dim] && self->code == NC_NOERR; at++) {
        double t_h = (double)at;
        check(self, nc_put_var1_double(self->nc, variable, &at, &t_h));
    }
    put_band(self, "hour_shed_mw", "MW", "power not served", self->results->shed_mw);
    put_band(self, "hour_people", "1", "people without power", self->results->people_off);
    if (self->results->i_course >= 0) {
        put_floats(self, "course_shed_mw", "MW", "power not served in one real season", self->results->course_shed_mw,
                   sizeof(float));
        put_floats(self, "course_people", "1", "people without power in one real season", self->results->course_people,
                   sizeof(float));
    }
}

#define OF(array, field) &(array)->field, sizeof *(array)

static void put_places(sheet *self)
{
    const struct sv_result_region *region = self->results->region;
    const struct sv_result_site *site = self->results->site;
    if (self->n[D_REGION] > 0) {
        put_texts(self, "region", D_REGION, "id of the region", OF(region, id));
        put_texts(self, "region_name", D_REGION, "name of the region", OF(region, name));
        put_texts(self, "region_zone", D_REGION, "rear or front", OF(region, zone));
        put_reals(self, "region_people", D_REGION, "1", "persons behind the region's loads", OF(region, people));
        put_reals(self, "region_demand_mw", D_REGION, "MW", "nominal demand", OF(region, demand_mw));
        put_reals(self, "region_x_km", D_REGION, "km", "place on the grid's plane, x", OF(region, x_km));
        put_reals(self, "region_y_km", D_REGION, "km", "place on the grid's plane, y", OF(region, y_km));
    }
    if (self->n[D_SITE] > 0) {
        put_texts(self, "site", D_SITE, "id of the site", OF(site, id));
        put_texts(self, "site_name", D_SITE, "name of the site", OF(site, name));
        put_texts(self, "site_class", D_SITE, "class of the site", OF(site, class_));
        put_ints(self, "site_region", D_SITE, "region, by its place in the list, -1 = none", OF(site, i_region));
        put_ints(self, "site_shelter", D_SITE, "protection level, 0 to 3", OF(site, shelter));
        put_reals(self, "site_x_km", D_SITE, "km", "place on the grid's plane, x", OF(site, x_km));
        put_reals(self, "site_y_km", D_SITE, "km", "place on the grid's plane, y", OF(site, y_km));
        put_reals(self, "site_damaged_share", D_SITE, "1", "share of seasons in which any unit was damaged",
                  OF(site, damaged_share));
        put_reals(self, "site_dark_h", D_SITE, "h", "hours a season with load at the site not served",
                  OF(site, dark_h));
    }
    put_texts(self, "class", D_CLASS, "class of customers", sv_class_name, sizeof sv_class_name[0]);
}

static void put_levers(sheet *self)
{
    const struct sv_result_lever *lever = self->results->lever;
    if (self->n[D_LEVER] == 0)
        return;
    put_texts(self, "lever", D_LEVER, "name of the lever", OF(lever, name));
    put_reals(self, "lever_cost", D_LEVER, "EUR", "cost of the lever", OF(lever, cost_eur));
    for (int32_t m = 0; m < SV_N_METRIC; m++) {
        char name[96], meaning[256];
        const char *unit = self->results->metric_unit[m];
        unit = strcmp(unit, "person h") == 0                         ? "h"
               : strcmp(unit, "MW") == 0 || strcmp(unit, "MWh") == 0 ? unit
               : strcmp(unit, "h") == 0                              ? "h"
                                                                     : "1";
        snprintf(name, sizeof name, "lever_difference_%s", sv_metric_name[m]);
        snprintf(meaning, sizeof meaning, "%.180s: lever - base, mean over the same seasons",
                 self->results->metric_meaning[m]);
        put_reals(self, name, D_LEVER, unit, meaning, OF(lever, metric[m].difference.mean));
        snprintf(name, sizeof name, "lever_difference_se_%s", sv_metric_name[m]);
        snprintf(meaning, sizeof meaning, "%.180s: standard error of lever - base", self->results->metric_meaning[m]);
        put_reals(self, name, D_LEVER, unit, meaning, OF(lever, metric[m].difference.se));
    }
}

static void put_all(sheet *self)
{
    const size_t n[N_DIM] = {(size_t)self->results->n_season,
                             (size_t)self->results->n_h,
                             (size_t)self->results->n_region,
                             (size_t)self->results->n_site,
                             SV_N_CLASS,
                             (size_t)self->results->n_lever};
    for (int32_t d = 0; d < N_DIM; d++) {
        self->n[d] = n[d];
        if (n[d] > 0 && self->code == NC_NOERR)
            check(self, nc_def_dim(self->nc, dim_name[d], n[d], &self->dim[d]));
    }
    put_head(self);
    put_hours(self);
    put_places(self);
    put_levers(self);
    put_seasons(self);
}

/* ---- the file ------------------------------------------------------------------------------ */

static sv_status write_sheet(const sv_results *results, sv_reader *reader, const char *beside, const char *file,
                             sv_error *err)
{
    size_t n_block = results->n_lever > BLOCK ? (size_t)results->n_lever : BLOCK;
    n_block = (size_t)results->n_region > n_block ? (size_t)results->n_region : n_block;
    sheet self = {.results = results, .reader = reader, .block = malloc(n_block * sizeof(double))};
    if (self.block == NULL)
        return sv_error_set(err, SV_ENOMEM, file, 0, "cannot be written: out of memory");
    self.code = nc_create(beside, NC_NETCDF4 | NC_CLOBBER, &self.nc);
    bool open = self.code == NC_NOERR;
    if (open)
        put_all(&self);
    if (open)
        check(&self, nc_close(self.nc));
    free(self.block);
    if (reader->status != SV_OK)
        return reader->status;
    if (self.code != NC_NOERR)
        return sv_error_set(err, self.code == NC_ENOMEM ? SV_ENOMEM : SV_EIO, file, 0, "cannot be written: %s",
                            nc_strerror(self.code));
    return SV_OK;
}

/* Nothing but NetCDF, of either kind, is replaced. */
static sv_status check_target(const char *file, sv_error *err)
{
    char head[4] = "";
    FILE *there = fopen(file, "rb");
    if (there == NULL)
        return SV_OK;
    size_t n = fread(head, 1, sizeof head, there);
    fclose(there);
    return n == 0 || memcmp(head, "\x89HDF", 4) == 0 || memcmp(head, "CDF", 3) == 0
               ? SV_OK
               : sv_error_set(err, SV_EUSAGE, file, 0,
                              "is there and is no NetCDF file; accepted: a new name, or a NetCDF file to replace");
}

sv_status sv_store_export_netcdf(const char *path, const char *file, sv_error *err)
{
    sv_results *results = NULL;
    sv_reader reader = {0};
    char beside[4096];
    if (snprintf(beside, sizeof beside, "%s.part", file) >= (int)sizeof beside)
        return sv_error_set(err, SV_EIO, file, 0, "cannot be written: the name is too long");
    sv_status status = check_target(file, err);
    if (status == SV_OK)
        status = sv_results_read(&results, path, err);
    if (status == SV_OK)
        status = sv_reader_open(&reader, path, err);
    if (status == SV_OK) {
        status = write_sheet(results, &reader, beside, file, err);
        if (status == SV_OK && rename(beside, file) != 0)
            status = sv_error_set(err, SV_EIO, file, 0, "cannot be written: it cannot be given its name");
        if (status != SV_OK)
            unlink(beside);
    }
    sv_reader_close(&reader);
    sv_results_free(&results);
    return status;
}

#endif
