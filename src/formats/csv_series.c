/* Hourly series of a CSV folder: timeseries_pointers.csv and the wide files it names. Only what a DAY_AHEAD simulation of
 * energy asks for is opened: areas' loads, generators' available power, the grid's own series. A file is read once, whatever
 * the number of pointers to it. Linear in the files; the numbers of the open files stay in memory until the grid is made. */
#include "csv_read.h"

#include <math.h>
#include <string.h>

/* ---- pointers ------------------------------------------------------------------------------ */

enum { POINTER_SIMULATION, POINTER_CATEGORY, POINTER_OBJECT, POINTER_PARAMETER, POINTER_FILE };
static const char *const pointer_columns[] = {"Simulation", "Category", "Object", "Parameter", "Data File"};

/* Is this a row that the grid has use for? SV_EDATA when it is of no kind known. */
static sv_status judge_pointer(const csv_row *row, bool *wanted)
{
    static const char *const used[][2] = {{"Area", "MW Load"},
                                          {"Region", "MW Load"},
                                          {"Generator", "PMax MW"},
                                          {"Generator", "Natural_Inflow"},
                                          {"Series", "Value"}};
    static const char *const unused[][2] = {{"Generator", "PMin MW"}, {"Reserve", "Requirement"}};
    const char *simulation = cell_text(row, POINTER_SIMULATION), *category = cell_text(row, POINTER_CATEGORY);
    const char *parameter = cell_text(row, POINTER_PARAMETER);
    *wanted = false;
    if (*simulation && !text_same(simulation, "DAY_AHEAD"))
        return SV_OK;
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++)
        *wanted = *wanted || (text_same(category, used[i][0]) && text_same(parameter, used[i][1]));
    for (size_t i = 0; i < sizeof unused / sizeof unused[0] && !*wanted; i++) {
        if (text_same(category, unused[i][0]) && text_same(parameter, unused[i][1]))
            return SV_OK;
    }
    if (!*wanted)
        return ROW_BAD(row,
                       "category '%.40s' with parameter '%.40s' is unknown; accepted: Area or Region with MW Load, "
                       "Generator with PMax MW, PMin MW or Natural_Inflow, Series with Value, Reserve with Requirement",
                       category, parameter);
    return SV_OK;
}

static sv_status pointer_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    bool wanted;
    if (judge_pointer(row, &wanted))
        return SV_EDATA;
    if (!wanted)
        return SV_OK;
    pointer *list = room_for_one(r, r->pointer, r->n_pointer, &r->pointer_capacity, sizeof *list);
    if (!list)
        return SV_ENOMEM;
    r->pointer = list;
    list[r->n_pointer++] = (pointer){.line = row->line,
                                     .category = sv_arena_text(r->arena, cell_text(row, POINTER_CATEGORY)),
                                     .object = sv_arena_text(r->arena, cell_text(row, POINTER_OBJECT)),
                                     .parameter = sv_arena_text(r->arena, cell_text(row, POINTER_PARAMETER)),
                                     .file = sv_arena_text(r->arena, cell_text(row, POINTER_FILE))};
    return sv_arena_failed(r->arena) ? SV_ENOMEM : SV_OK;
}

sv_status read_pointers(csv_reader *r)
{
    static const csv_table table = {pointer_columns, 5, 0x1E, pointer_row};
    r->pointers_path = path_join(r->arena, r->folder, "timeseries_pointers.csv");
    FILE *there = r->pointers_path ? fopen(r->pointers_path, "r") : NULL;
    if (!there)
        return SV_OK;
    fclose(there);
    sv_draft_set_file(r->draft, SV_TABLE_SERIES, r->pointers_path);
    return csv_scan_table(r->pointers_path, &table, r, r->err);
}

/* ---- wide files ---------------------------------------------------------------------------- */

/* A file of hourly columns. */
typedef struct series_file {
    const char *path;
    char **column; /* [n_column], all of the head */
    int32_t n_column;
    int32_t at_time[4]; /* Year, Month, Day, Period */
    int64_t t0_h, n_h;
    double *value; /* [n_h * n_column], NAN where there is no number */
    int32_t *line; /* [n_h] */
    size_t value_capacity, line_capacity;
    csv_reader *r;
    struct series_file *next;
} series_file;

static sv_status take_head(void *self, const csv_row *head)
{
    static const char *const time[4] = {"Year", "Month", "Day", "Period"};
    series_file *f = self;
    f->n_column = head->n;
    f->column = (char **)sv_arena_take(f->r->arena, (size_t)head->n, sizeof *f->column);
    if (!f->column)
        return SV_ENOMEM;
    for (int k = 0; k < 4; k++)
        f->at_time[k] = -1;
    for (int32_t i = 0; i < head->n; i++) {
        f->column[i] = sv_arena_text(f->r->arena, head->cell[i]);
        for (int k = 0; k < 4; k++) {
            if (text_same(head->cell[i], time[k]))
                f->at_time[k] = i;
        }
    }
    for (int k = 0; k < 4; k++) {
        if (f->at_time[k] < 0)
            return ROW_BAD(head, "there is no column '%s'; accepted: Year, Month, Day, Period and one column an object",
                           time[k]);
    }
    return sv_arena_failed(f->r->arena) ? SV_ENOMEM : SV_OK;
}

/* Hour of a row by its four time cells. */
static sv_status read_hour(const series_file *f, const csv_row *row, int64_t *t_h)
{
    int32_t at[4];
    for (int k = 0; k < 4; k++) {
        if (!text_int(row->cell[f->at_time[k]], &at[k]))
            return ROW_BAD(row, "%s is '%.40s'; accepted: a whole number", f->column[f->at_time[k]],
                           row->cell[f->at_time[k]]);
    }
    if (at[3] < 1 || at[3] > 24)
        return ROW_BAD(row, "Period is %d; accepted: 1 to 24, one an hour", (int)at[3]);
    bool real = at[0] >= 1 && at[0] <= 9999 && at[1] >= 1 && at[1] <= 12 && at[2] >= 1 && at[2] <= 31;
    if (real) {
        *t_h = sv_hour_from_date(at[0], at[1], at[2], at[3] - 1);
        const sv_date back = sv_date_from_hour(*t_h);
        real = back.year == at[0] && back.month == at[1] && back.day == at[2];
    }
    if (!real)
        return ROW_BAD(row, "%d-%d-%d is no date", (int)at[0], (int)at[1], (int)at[2]);
    return SV_OK;
}

static sv_status take_hour(void *self, const csv_row *row)
{
    series_file *f = self;
    int64_t t_h = 0;
    if (read_hour(f, row, &t_h))
        return SV_EDATA;
    if (f->n_h == 0)
        f->t0_h = t_h;
    if (t_h != f->t0_h + f->n_h)
        return ROW_BAD(row, "this hour does not follow the one above; accepted: every hour once, in order");
    if (f->n_h == INT32_MAX)
        return ROW_BAD(row, "too many hours");
    int32_t *line = room_for_one(f->r, f->line, (int32_t)f->n_h, &f->line_capacity, sizeof *line);
    if (!line)
        return SV_ENOMEM;
    f->line = line;
    f->line[f->n_h] = row->line;
    const size_t width = (size_t)f->n_column;
    double *value = room_for_one(f->r, f->value, (int32_t)f->n_h, &f->value_capacity, width * sizeof *value);
    if (!value)
        return SV_ENOMEM;
    f->value = value;
    for (size_t i = 0; i < width; i++) {
        double v = NAN;
        if (!text_real(row->cell[i], &v))
            v = NAN;
        f->value[(size_t)f->n_h * width + i] = v;
    }
    f->n_h++;
    return SV_OK;
}

static sv_status open_series(csv_reader *r, const pointer *p, series_file **file)
{
    const char *path;
    sv_status status = resolve_path(r, p->file, p->line, &path);
    if (status)
        return status;
    for (series_file *f = r->first_file; f; f = f->next) {
        if (strcmp(f->path, path) == 0) {
            *file = f;
            return SV_OK;
        }
    }
    series_file *f = SV_TAKE(r->arena, 1, series_file);
    if (!f)
        return SV_ENOMEM;
    f->path = path;
    f->r = r;
    f->next = r->first_file;
    r->first_file = f;
    *file = f;
    status = csv_scan(path, take_head, take_hour, f, r->err);
    if (!status && f->n_h == 0)
        status = sv_error_set(r->err, SV_EDATA, path, 0, "has no hours; accepted: one row an hour");
    return status;
}

/* How the numbers of a column become the values of a series: value / divisor, within [0, highest]. */
typedef struct {
    const char *column, *id;
    double divisor, lowest, highest;
    bool clip; /* far outside is no error */
} series_rule;

static sv_status series_value(const series_file *f, const series_rule *rule, int64_t t, int32_t column, float *value)
{
    const double raw = f->value[(size_t)t * (size_t)f->n_column + (size_t)column];
    if (isnan(raw))
        return sv_error_set(f->r->err, SV_EDATA, f->path, f->line[t], "column '%.40s' holds no number",
                            f->column[column]);
    double v = raw / rule->divisor;
    const double slack = 1e-3; /* round-off of the files */
    if (!rule->clip && (v < rule->lowest - slack || v > rule->highest + slack))
        return sv_error_set(f->r->err, SV_EDATA, f->path, f->line[t],
                            "column '%.40s' is %g, %g of its base %g; accepted: %g to %g", f->column[column], raw, v,
                            rule->divisor, rule->lowest, rule->highest);
    v = v < rule->lowest ? rule->lowest : v > rule->highest ? rule->highest : v;
    if (!isfinite((float)v))
        return sv_error_set(f->r->err, SV_EDATA, f->path, f->line[t], "column '%.40s' is %g, too large",
                            f->column[column], raw);
    *value = (float)v;
    return SV_OK;
}

/* Add one column of one file as a series of the draft. */
static sv_status add_series(csv_reader *r, const pointer *p, const series_rule *rule, int32_t *i_series)
{
    series_file *f;
    sv_status status = open_series(r, p, &f);
    if (status)
        return status;
    int32_t column = 0;
    while (column < f->n_column && strcmp(f->column[column], rule->column) != 0)
        column++;
    if (column == f->n_column)
        return sv_error_set(r->err, SV_EDATA, r->pointers_path, p->line, "%.200s has no column '%.40s'", p->file,
                            rule->column);
    float *value = SV_TAKE(r->arena, f->n_h, float);
    if (!value)
        return SV_ENOMEM;
    for (int64_t t = 0; t < f->n_h && !status; t++)
        status = series_value(f, rule, t, column, &value[t]);
    if (status)
        return status;
    if (sv_draft_find_series(r->draft, rule->id) >= 0)
        return sv_error_set(r->err, SV_EDATA, r->pointers_path, p->line,
                            "series '%.80s' is given already; accepted: once", rule->id);
    const sv_series series = {.id = rule->id, .t0_h = f->t0_h, .n_h = f->n_h, .value = value};
    *i_series = sv_draft_add_series(r->draft, &series);
    return *i_series < 0 ? SV_ENOMEM : SV_OK;
}

sv_status add_own_series(csv_reader *r)
{
    sv_status status = SV_OK;
    for (int32_t k = 0; k < r->n_pointer && !status; k++) {
        const pointer *p = &r->pointer[k];
        const series_rule rule = {p->object, p->object, 1.0, -INFINITY, INFINITY, true};
        int32_t i_series;
        if (text_same(p->category, "Series"))
            status = add_series(r, p, &rule, &i_series);
    }
    return status;
}

/* ---- series of RTS-GMLC's kind ------------------------------------------------------------- */

/* "Area 1 MW Load" */
static const char *series_id(csv_reader *r, const pointer *p, const char *object)
{
    const size_t n = strlen(p->category) + strlen(object) + strlen(p->parameter) + 3;
    char *id = SV_TAKE(r->arena, n, char);
    if (id)
        snprintf(id, n, "%s %s %s", p->category, object, p->parameter);
    return id;
}

/* Is the load's bus in the area or region that the pointer names? */
static bool load_is_in(const csv_reader *r, const sv_load *load, const pointer *p)
{
    if (text_same(p->category, "Area"))
        return strcmp(r->bus[load->i_bus].area, p->object) == 0;
    return sv_draft_bus(r->draft, load->i_bus)->i_region == sv_draft_find_region(r->draft, p->object);
}

/* MW of an area: every load there without a series of its own follows MW / nominal sum. */
static sv_status apply_area(csv_reader *r, const pointer *p)
{
    double sum_mw = 0.0;
    const int32_t n_load = sv_draft_n_load(r->draft);
    for (int32_t i = 0; i < n_load; i++) {
        const sv_load *load = sv_draft_load(r->draft, i);
        if (load->i_series < 0 && load->p_mw > 0.0 && load_is_in(r, load, p))
            sum_mw += load->p_mw;
    }
    if (!(sum_mw > 0.0) || !isfinite(sum_mw))
        return sv_error_set(r->err, SV_EDATA, r->pointers_path, p->line,
                            "%s '%.40s' has no load that could follow its series", p->category, p->object);
    const series_rule rule = {p->object, series_id(r, p, p->object), sum_mw, 0.0, INFINITY, false};
    int32_t i_series;
    if (!rule.id)
        return SV_ENOMEM;
    sv_status status = add_series(r, p, &rule, &i_series);
    for (int32_t i = 0; i < n_load && !status; i++) {
        sv_load *load = sv_draft_load(r->draft, i);
        if (load->i_series < 0 && load->p_mw > 0.0 && load_is_in(r, load, p))
            load->i_series = i_series;
    }
    return status;
}

static sv_status apply_gen(csv_reader *r, const pointer *p, const char *uid, bool clip)
{
    const int32_t i_gen = sv_draft_find_gen(r->draft, uid);
    if (i_gen < 0)
        return sv_error_set(r->err, SV_EDATA, r->pointers_path, p->line, "generator '%.40s' is not in gen.csv", uid);
    sv_gen *gen = sv_draft_gen(r->draft, i_gen);
    if (gen->i_series >= 0 || gen->p_max_mw <= 0.0)
        return SV_OK;
    const series_rule rule = {uid, series_id(r, p, uid), gen->p_max_mw, 0.0, 1.0, clip};
    int32_t i_series;
    if (!rule.id)
        return SV_ENOMEM;
    const sv_status status = add_series(r, p, &rule, &i_series);
    if (!status)
        sv_draft_gen(r->draft, i_gen)->i_series = i_series;
    return status;
}

/* A solar plant with a heat store and no other series gives the hour's inflow, at most its power: the store is left out.
 * Inflow of other plants says nothing that their available power does not. */
static sv_status apply_inflow(csv_reader *r, const pointer *p)
{
    const char *uid = p->object;
    for (int32_t k = 0; k < r->n_store; k++) {
        if (strcmp(r->store[k].name, p->object) == 0)
            uid = r->store[k].uid;
    }
    const int32_t i_gen = sv_draft_find_gen(r->draft, uid);
    if (i_gen >= 0 && sv_draft_gen(r->draft, i_gen)->kind != SV_GEN_SOLAR)
        return SV_OK;
    return apply_gen(r, p, uid, true);
}

sv_status apply_pointers(csv_reader *r)
{
    sv_status status = SV_OK;
    for (int32_t k = 0; k < r->n_pointer && !status; k++) {
        const pointer *p = &r->pointer[k];
        if (text_same(p->category, "Generator") && text_same(p->parameter, "PMax MW"))
            status = apply_gen(r, p, p->object, false);
        else if (text_same(p->category, "Area") || text_same(p->category, "Region"))
            status = apply_area(r, p);
    }
    for (int32_t k = 0; k < r->n_pointer && !status; k++) {
        if (text_same(r->pointer[k].parameter, "Natural_Inflow"))
            status = apply_inflow(r, &r->pointer[k]);
    }
    return status;
}
