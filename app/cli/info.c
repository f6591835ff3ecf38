/* svitlo info: check a grid and describe it. The answer first, then what is there, then what looks odd, by name. */
#include "info.h"

#include "cli.h"

#include "svitlo/formats.h"

#include <argp.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A blank at which no line is broken: between a number and its unit. */
#define NB "\001"

enum { KEY_JSON = 256, WIDTH = 80, INDENT = 16, N_LEVEL = 64, LEVELS_SHOWN = 6 };

typedef struct {
    const char *path;
    bool json;
} options;

static const struct argp_option option_table[] = {
    {"json", KEY_JSON, NULL, 0, "print one JSON object", 0},
    {0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    options *self = state->input;
    switch (key) {
    case KEY_JSON:
        self->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (self->path)
            argp_error(state, "one grid at a time: '%s' is one too many", arg);
        self->path = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state,
                   "which grid? accepted: a folder of CSV tables, a MATPOWER case (.m) or a PSS/E RAW file (.raw)");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = option_table,
    .parser = parse_option,
    .args_doc = "GRID",
    .doc = "Check a grid and describe it: counts, totals, islands, sites, and suspicious data by name. GRID is a "
           "folder of CSV tables (bus.csv, branch.csv, gen.csv, ...), a MATPOWER case (.m) or a PSS/E RAW file (.raw).",
};

/* ---- numbers ------------------------------------------------------------------------------- */

typedef struct {
    double vn_kv;
    int32_t n;
} level;

typedef struct {
    level level[N_LEVEL]; /* most buses first */
    int32_t n_level;
    int32_t n_transformer, n_gen_of[SV_N_GEN_KIND], n_site_of[SV_N_SITE_CLASS], n_branch_timed, n_gen_timed;
    double mw_of[SV_N_GEN_KIND], demand_of[SV_N_CLASS], storage_mw, storage_mwh, import_mw;
} totals;

static int by_count(const void *a, const void *b)
{
    const level *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return (x->vn_kv < y->vn_kv) - (x->vn_kv > y->vn_kv);
}

static void count_levels(const sv_grid *g, totals *t)
{
    for (int32_t i = 0; i < g->n_bus; i++) {
        int32_t k = 0;
        while (k < t->n_level && t->level[k].vn_kv != g->bus[i].vn_kv)
            k++;
        if (k == N_LEVEL)
            k--; /* what is beyond 64 levels is counted with the last */
        if (k == t->n_level)
            t->level[t->n_level++] = (level){g->bus[i].vn_kv, 0};
        t->level[k].n++;
    }
    qsort(t->level, (size_t)t->n_level, sizeof t->level[0], by_count);
}

static void add_up(const sv_grid *g, totals *t)
{
    *t = (totals){0};
    count_levels(g, t);
    for (int32_t i = 0; i < g->n_branch; i++) {
        t->n_transformer += sv_branch_is_transformer(g, i);
        t->n_branch_timed += g->branch[i].mttf_h > 0.0;
    }
    for (int32_t i = 0; i < g->n_gen; i++) {
        t->n_gen_of[g->gen[i].kind]++;
        t->mw_of[g->gen[i].kind] += g->gen[i].in_service ? fmax(g->gen[i].p_max_mw, 0.0) : 0.0;
        t->n_gen_timed += g->gen[i].mttf_h > 0.0;
    }
    for (int32_t i = 0; i < g->n_load; i++)
        t->demand_of[g->load[i].class_] += fmax(g->load[i].p_mw, 0.0);
    for (int32_t i = 0; i < g->n_storage; i++) {
        t->storage_mw += g->storage[i].p_mw;
        t->storage_mwh += g->storage[i].energy_mwh;
    }
    for (int32_t i = 0; i < g->n_interconnector; i++)
        t->import_mw += g->interconnector[i].limit_mw;
    for (int32_t i = 0; i < g->n_site; i++)
        t->n_site_of[g->site[i].class_]++;
}

static double mean_degree(const sv_grid *g, const info_report *report)
{
    const int32_t n = g->n_bus - report->n_dead;
    return n > 0 ? 2.0 * report->n_live_branch / n : 0.0;
}

/* ---- text ---------------------------------------------------------------------------------- */

typedef struct {
    char text[1200];
    size_t n;
} line;

static void SV_PRINTF(2, 3) add(line *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int got = vsnprintf(l->text + l->n, sizeof l->text - l->n, format, args);
    va_end(args);
    if (got > 0)
        l->n = l->n + (size_t)got < sizeof l->text ? l->n + (size_t)got : sizeof l->text - 1;
}

/* Columns that a UTF-8 word takes: bytes that start a character. */
static int columns_of(const char *text, size_t n)
{
    int columns = 0;
    for (size_t i = 0; i < n; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

/* A label and its words, broken at blanks before column 80; the rest stands under the first word. */
static void put(const char *label, line *l)
{
    int column = printf("  %-*s", INDENT - 2, label);
    for (const char *p = l->text; *p;) {
        const size_t n = strcspn(p, " ");
        const int columns = columns_of(p, n);
        if (column > INDENT) {
            if (column + 1 + columns >= WIDTH)
                column = printf("\n%*s", INDENT, "") - 1;
            else
                column += printf(" ");
        }
        for (size_t i = 0; i < n; i++)
            putchar(p[i] == NB[0] ? ' ' : p[i]);
        column += columns;
        p += n + (p[n] == ' ');
    }
    printf("\n");
    *l = (line){0};
}

static const char *plural(int32_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

static void print_network(const sv_grid *g, const totals *t, const info_report *report)
{
    line l = {0};
    char a[32], b[32];
    add(&l, "%s:", sv_cli_thousands(g->n_bus, 0, a));
    for (int32_t k = 0; k < t->n_level && k < LEVELS_SHOWN; k++)
        add(&l, " %s" NB "at" NB "%g" NB "kV%s", sv_cli_thousands(t->level[k].n, 0, a), t->level[k].vn_kv,
            k + 1 < t->n_level && k + 1 < LEVELS_SHOWN ? "," : "");
    if (t->n_level > LEVELS_SHOWN)
        add(&l, ", and %d more levels", (int)(t->n_level - LEVELS_SHOWN));
    put("Buses", &l);
    const int32_t n_line = g->n_branch - t->n_transformer;
    add(&l, "%s: %s %s, %s %s; mean degree %.2f", sv_cli_thousands(g->n_branch, 0, a), sv_cli_thousands(n_line, 0, b),
        plural(n_line, "line", "lines"), sv_cli_thousands(t->n_transformer, 0, (char[32]){0}),
        plural(t->n_transformer, "transformer", "transformers"), mean_degree(g, report));
    if (g->n_branch > report->n_live_branch)
        add(&l, "; %d out of service", (int)(g->n_branch - report->n_live_branch));
    put("Branches", &l);
    if (g->n_dc_line > 0) {
        add(&l, "%d", (int)g->n_dc_line);
        put("DC lines", &l);
    }
    add(&l, "%d", (int)report->n_island);
    put("Islands", &l);
}

static void print_supply(const sv_grid *g, const totals *t)
{
    line l = {0};
    char a[32], b[32];
    add(&l, "%s, %s" NB "MW in service:", sv_cli_thousands(g->n_gen, 0, a),
        sv_cli_thousands(sv_grid_capacity_mw(g), 0, b));
    bool first = true;
    for (int k = 0; k < SV_N_GEN_KIND; k++) {
        if (t->n_gen_of[k] == 0)
            continue;
        add(&l, "%s %s" NB "%s" NB "(%s" NB "MW)", first ? "" : ",", sv_cli_thousands(t->n_gen_of[k], 0, a),
            sv_gen_kind_name[k], sv_cli_thousands(t->mw_of[k], 0, b));
        first = false;
    }
    if (g->n_gen == 0)
        l.n = 0, add(&l, "none");
    put("Generators", &l);
    if (g->n_storage > 0)
        add(&l, "%d, %s" NB "MW, %s" NB "MWh", (int)g->n_storage, sv_cli_thousands(t->storage_mw, 0, a),
            sv_cli_thousands(t->storage_mwh, 0, b));
    else
        add(&l, "none");
    put("Storage", &l);
    if (g->n_interconnector > 0) {
        add(&l, "%d %s, %s" NB "MW", (int)g->n_interconnector,
            plural(g->n_interconnector, "interconnector", "interconnectors"), sv_cli_thousands(t->import_mw, 0, a));
        put("Imports", &l);
    }
}

static void print_demand(const sv_grid *g, const totals *t)
{
    line l = {0};
    char a[32], b[32];
    add(&l, "%s" NB "MW in %s" NB "%s:", sv_cli_thousands(sv_grid_demand_mw(g), 0, a),
        sv_cli_thousands(g->n_load, 0, b), plural(g->n_load, "load", "loads"));
    bool first = true;
    for (int k = 0; k < SV_N_CLASS; k++) {
        if (t->demand_of[k] <= 0.0)
            continue;
        add(&l, "%s %s" NB "%s" NB "MW", first ? "" : ",", sv_class_name[k], sv_cli_thousands(t->demand_of[k], 0, a));
        first = false;
    }
    if (first)
        l.n = 0, add(&l, "none");
    put("Demand", &l);
    if (sv_grid_people(g) > 0.0)
        add(&l, "%s", sv_cli_thousands(sv_grid_people(g), 0, a));
    else
        add(&l, "not given (load.csv, column People)");
    put("People", &l);
}

static void print_places(const sv_grid *g, const totals *t)
{
    line l = {0};
    char a[32];
    add(&l, "%s:", sv_cli_thousands(g->n_site, 0, a));
    bool first = true;
    for (int k = 0; k < SV_N_SITE_CLASS; k++) {
        if (t->n_site_of[k] == 0)
            continue;
        add(&l, "%s %s" NB "%s", first ? "" : ",", sv_cli_thousands(t->n_site_of[k], 0, a), sv_site_class_name[k]);
        first = false;
    }
    add(&l, "%s", g->sites_derived ? " (derived from the transformers)" : "");
    put("Sites", &l);
    add(&l, "%d%s", (int)g->n_region, g->regions_derived ? " (derived from the areas)" : "");
    put("Regions", &l);
    add(&l, "%s", sv_cli_thousands(g->n_unit, 0, a));
    put("Units", &l);
}

/* The hours that every series has. */
static bool common_span(const sv_grid *g, int64_t *t0_h, int64_t *t1_h)
{
    *t0_h = INT64_MIN;
    *t1_h = INT64_MAX;
    for (int32_t i = 0; i < g->n_series; i++) {
        const sv_series *s = &g->series[i];
        *t0_h = s->t0_h > *t0_h ? s->t0_h : *t0_h;
        *t1_h = s->t0_h + s->n_h < *t1_h ? s->t0_h + s->n_h : *t1_h;
    }
    return g->n_series > 0 && *t1_h > *t0_h;
}

static void print_series(const sv_grid *g, const totals *t)
{
    line l = {0};
    char a[32];
    int64_t t0_h, t1_h;
    if (common_span(g, &t0_h, &t1_h)) {
        const sv_date from = sv_date_from_hour(t0_h), to = sv_date_from_hour(t1_h - 1);
        add(&l, "%d, %s h in common: %04d-%02d-%02d %02d:00 to %04d-%02d-%02d %02d:59", (int)g->n_series,
            sv_cli_thousands((double)(t1_h - t0_h), 0, a), (int)from.year, (int)from.month, (int)from.day,
            (int)from.hour, (int)to.year, (int)to.month, (int)to.day, (int)to.hour);
    } else {
        add(&l, g->n_series ? "%d, with no hour in common" : "none: demand and supply are the same every hour",
            (int)g->n_series);
    }
    put("Series", &l);
    add(&l, "MTTF is given for %d of %d branches, %d of %d generators", (int)t->n_branch_timed, (int)g->n_branch,
        (int)t->n_gen_timed, (int)g->n_gen);
    put("Failures", &l);
    add(&l, "%016llx", (unsigned long long)g->fingerprint);
    put("Fingerprint", &l);
}

static void print_findings(const info_report *report)
{
    if (report->n == 0)
        return;
    printf("\nTo look at\n");
    for (int32_t k = 0; k < report->n; k++) {
        const info_finding *f = &report->finding[k];
        char count[32];
        sv_cli_thousands(f->count, 0, count);
        line l = {0};
        add(&l, "%s", f->text);
        put(count, &l);
        for (int32_t i = 0; i < f->count && i < INFO_EXAMPLES && f->example[i][0]; i++) {
            add(&l, "%s", i ? "; " : "");
            for (const char *c = f->example[i]; *c; c++)
                add(&l, "%c", *c == ' ' ? NB[0] : *c);
        }
        if (l.n > 0) {
            add(&l, "%s", f->count > INFO_EXAMPLES ? "; ..." : "");
            put("", &l);
        }
    }
}

static void print_text(const sv_grid *g, const totals *t, const info_report *report)
{
    const char *name = g->name[0] ? g->name : "The grid";
    if (report->n == 0)
        printf("%.60s: readable, nothing odd\n\n", name);
    else
        printf("%.50s: readable, %d %s to look at\n\n", name, (int)report->n, plural(report->n, "thing", "things"));
    print_network(g, t, report);
    print_supply(g, t);
    print_demand(g, t);
    print_places(g, t);
    print_series(g, t);
    print_findings(report);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static json_t *counts_by(const char *const *name, const int32_t *count, int n)
{
    json_t *object = json_object();
    for (int k = 0; k < n; k++)
        json_object_set_new(object, name[k], json_integer(count[k]));
    return object;
}

static json_t *sums_by(const char *const *name, const double *sum, int n)
{
    json_t *object = json_object();
    for (int k = 0; k < n; k++)
        json_object_set_new(object, name[k], json_real(sum[k]));
    return object;
}

/* Ids come from files in any encoding; JSON wants UTF-8. */
static json_t *text_of(const char *text)
{
    json_t *string = json_string(text);
    return string ? string : json_string("?");
}

static json_t *findings_of(const info_report *report)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < report->n; k++) {
        const info_finding *f = &report->finding[k];
        json_t *examples = json_array();
        for (int32_t i = 0; i < f->count && i < INFO_EXAMPLES && f->example[i][0]; i++)
            json_array_append_new(examples, text_of(f->example[i]));
        json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:o}", "key", f->key, "text", f->text, "count",
                                              (int)f->count, "examples", examples));
    }
    return list;
}

static json_t *levels_of(const totals *t)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < t->n_level; k++)
        json_array_append_new(list, json_pack("{s:f, s:i}", "vn_kv", t->level[k].vn_kv, "buses", (int)t->level[k].n));
    return list;
}

static int print_json(const sv_grid *g, const totals *t, const info_report *report)
{
    char fingerprint[20];
    snprintf(fingerprint, sizeof fingerprint, "%016llx", (unsigned long long)g->fingerprint);
    json_t *root = json_pack("{s:o, s:s, s:f, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "name", text_of(g->name),
                             "fingerprint", fingerprint, "base_mva", g->base_mva, "buses", (int)g->n_bus, "branches",
                             (int)g->n_branch, "transformers", (int)t->n_transformer, "dc_lines", (int)g->n_dc_line,
                             "generators", (int)g->n_gen, "loads", (int)g->n_load, "shunts", (int)g->n_shunt,
                             "interconnectors", (int)g->n_interconnector, "series", (int)g->n_series);
    int64_t t0_h = 0, t1_h = 0;
    if (!common_span(g, &t0_h, &t1_h))
        t0_h = t1_h = 0;
    json_t *more = json_pack(
        "{s:f, s:f, s:f, s:f, s:f, s:f, s:i, s:i, s:i, s:i, s:i, s:b, s:b, s:f, s:I, s:o, s:o, s:o, s:o, s:o, s:o}",
        "demand_mw", sv_grid_demand_mw(g), "capacity_mw", sv_grid_capacity_mw(g), "people", sv_grid_people(g),
        "import_mw", t->import_mw, "storage_mw", t->storage_mw, "storage_mwh", t->storage_mwh, "storages",
        (int)g->n_storage, "islands", (int)report->n_island, "sites", (int)g->n_site, "regions", (int)g->n_region,
        "units", (int)g->n_unit, "sites_derived", (int)g->sites_derived, "regions_derived", (int)g->regions_derived,
        "mean_degree", mean_degree(g, report), "series_hours", (json_int_t)(t1_h - t0_h), "voltage_levels",
        levels_of(t), "generators_by_kind", counts_by(sv_gen_kind_name, t->n_gen_of, SV_N_GEN_KIND),
        "capacity_mw_by_kind", sums_by(sv_gen_kind_name, t->mw_of, SV_N_GEN_KIND), "demand_mw_by_class",
        sums_by(sv_class_name, t->demand_of, SV_N_CLASS), "sites_by_class",
        counts_by(sv_site_class_name, t->n_site_of, SV_N_SITE_CLASS), "findings", findings_of(report));
    char *text = NULL;
    if (root && more && json_object_update(root, more) == 0)
        text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    json_decref(root);
    json_decref(more);
    if (!text) {
        fputs("svitlo: out of memory\n", stderr);
        return 1;
    }
    puts(text);
    free(text);
    return 0;
}

int sv_cmd_info(int argc, char **argv)
{
    options opt = {0};
    argp_err_exit_status = 2;
    if (argp_parse(&parser, argc, argv, 0, NULL, &opt) != 0)
        return 2;
    sv_error err = {0};
    sv_grid *grid = NULL;
    if (sv_grid_read(&grid, opt.path, &err))
        return sv_cli_fail(&err);
    info_report report;
    totals sums;
    add_up(grid, &sums);
    int code = 0;
    if (info_look(grid, &report)) {
        sv_error_set(&err, SV_ENOMEM, NULL, 0, "out of memory");
        code = sv_cli_fail(&err);
    } else if (opt.json) {
        code = print_json(grid, &sums, &report);
    } else {
        print_text(grid, &sums, &report);
    }
    sv_grid_free(&grid);
    return code ? code : sv_cli_flush();
}
