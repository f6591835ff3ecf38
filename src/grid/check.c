/* The checks of sv_grid_new: every field by the rule of its list (fields.c), then what concerns more than one field.
 * One sentence names file, line, element and number. Linear in rows and series values. Any thread. */
#include "draft.h"

#include <math.h>
#include <string.h>

enum { LABEL = 160 };

typedef struct {
    const sv_grid *grid;
    const sv_draft *draft;
    sv_error *err;
} checker;

/* Append at most 40 characters of a text to a label. */
static void label_add(char label[LABEL], const char *text)
{
    size_t n = strlen(label);
    for (int32_t i = 0; text[i] && i < 40 && n + 1 < LABEL; i++)
        label[n++] = text[i];
    label[n] = '\0';
}

static const char *id_at(const sv_grid *grid, sv_table table, int32_t i)
{
    table_view view = grid_view(grid, table);
    if (i < 0 || i >= view.n || !table_of[table].has_id)
        return "?";
    const char *id;
    memcpy(&id, view.row + (size_t)i * table_of[table].size, sizeof id);
    return id;
}

/* "bus 7", "branch 41 (7-8)", "generator 3 at bus 7". */
static const char *label_row(const checker *c, sv_table table, int32_t i, char label[LABEL])
{
    const sv_grid *g = c->grid;
    label[0] = '\0';
    label_add(label, table_of[table].word);
    if (table_of[table].has_id) {
        label_add(label, " ");
        label_add(label, id_at(g, table, i));
    }
    if (table == SV_TABLE_BRANCH || table == SV_TABLE_DC_LINE) {
        const bool ac = table == SV_TABLE_BRANCH;
        label_add(label, " (");
        label_add(label, id_at(g, SV_TABLE_BUS, ac ? g->branch[i].i_from : g->dc_line[i].i_from));
        label_add(label, "-");
        label_add(label, id_at(g, SV_TABLE_BUS, ac ? g->branch[i].i_to : g->dc_line[i].i_to));
        label_add(label, ")");
    }
    const int32_t i_bus = table == SV_TABLE_GEN ? g->gen[i].i_bus : table == SV_TABLE_SHUNT ? g->shunt[i].i_bus : -1;
    if (i_bus >= 0) {
        label_add(label, " at bus ");
        label_add(label, id_at(g, SV_TABLE_BUS, i_bus));
    }
    return label;
}

static int32_t line_of(const checker *c, sv_table table, int32_t i)
{
    int32_t line = 0;
    if (table_of[table].line >= 0)
        memcpy(&line, grid_view(c->grid, table).row + (size_t)i * table_of[table].size + table_of[table].line,
               sizeof line);
    return line;
}

#define BAD(c, table, i, ...)                                                                                          \
    sv_error_set((c)->err, SV_EDATA, draft_file((c)->draft, table), line_of(c, table, i), __VA_ARGS__)

/* ---- one field ----------------------------------------------------------------------------- */

static sv_status check_real(const checker *c, sv_table table, int32_t i, const field *f, double v)
{
    const char *accepted = NULL;
    switch ((field_rule)f->rule) {
    case RULE_FINITE:
        accepted = isfinite(v) ? NULL : "a finite number";
        break;
    case RULE_NUMBER:
        accepted = isnan(v) ? "a number" : NULL;
        break;
    case RULE_NOT_NEGATIVE:
        accepted = isfinite(v) && v >= 0.0 ? NULL : "a finite number, 0 or more";
        break;
    case RULE_SHARE:
        accepted = v >= 0.0 && v <= 1.0 ? NULL : "a share, 0 to 1";
        break;
    case RULE_PLACE:
        accepted = isinf(v) ? "a finite number, or nothing when unknown" : NULL;
        break;
    case RULE_ANY:
    case RULE_REF:
    case RULE_REF_OR_NONE:
    case RULE_WORD:
        break;
    }
    if (!accepted)
        return SV_OK;
    char label[LABEL];
    return BAD(c, table, i, "%s: %s is %g%s; accepted: %s", label_row(c, table, i, label), f->name, v, f->unit,
               accepted);
}

static sv_status check_int(const checker *c, sv_table table, int32_t i, const field *f, int32_t v)
{
    const int32_t lowest = f->rule == RULE_REF_OR_NONE ? -1 : 0;
    int32_t n;
    if (f->rule == RULE_REF || f->rule == RULE_REF_OR_NONE)
        n = grid_view(c->grid, (sv_table)f->of).n;
    else if (f->rule == RULE_WORD)
        n = f->of;
    else
        return SV_OK;
    if (v >= lowest && v < n)
        return SV_OK;
    char label[LABEL];
    return BAD(c, table, i, "%s: %s is %d; accepted: %d to %d", label_row(c, table, i, label), f->name, (int)v,
               (int)lowest, (int)n - 1);
}

static sv_status check_fields(const checker *c, sv_table table, int32_t i, const char *row)
{
    const table_info *info = &table_of[table];
    for (int32_t k = 0; k < info->n_field; k++) {
        const field *f = &info->field[k];
        sv_status status = SV_OK;
        if (f->type == FIELD_REAL) {
            double v;
            memcpy(&v, row + f->offset, sizeof v);
            status = check_real(c, table, i, f, v);
        } else if (f->type == FIELD_INT) {
            int32_t v;
            memcpy(&v, row + f->offset, sizeof v);
            status = check_int(c, table, i, f, v);
        }
        if (status)
            return status;
    }
    return SV_OK;
}

static sv_status check_id(const checker *c, sv_table table, int32_t i, const char *id)
{
    const char *word = table_of[table].word;
    if (!id[0])
        return BAD(c, table, i, "%s %d has an empty id; accepted: a word or number", word, (int)i + 1);
    const int32_t first = draft_find(c->draft, table, id);
    if (first == i)
        return SV_OK;
    const int32_t line = line_of(c, table, first);
    if (line > 0)
        return BAD(c, table, i, "%s %.40s is there already (line %d); accepted: ids that differ", word, id, (int)line);
    return BAD(c, table, i, "%s %.40s is there twice; accepted: ids that differ", word, id);
}

/* ---- what concerns more than one field ------------------------------------------------------ */

static sv_status check_failure_times(const checker *c, sv_table table, int32_t i, double mttf_h, double mttr_h)
{
    char label[LABEL];
    if (mttf_h > 0.0 && mttr_h <= 0.0)
        return BAD(c, table, i, "%s: MTTF is %g h but MTTR is %g h; accepted: both above 0, or MTTF 0 for never",
                   label_row(c, table, i, label), mttf_h, mttr_h);
    return SV_OK;
}

static sv_status check_ends(const checker *c, sv_table table, int32_t i, int32_t i_from, int32_t i_to)
{
    char label[LABEL];
    if (i_from == i_to)
        return BAD(c, table, i, "%s: both ends are the same bus; accepted: two buses", label_row(c, table, i, label));
    return SV_OK;
}

static sv_status check_bus(const checker *c, int32_t i)
{
    const sv_bus *bus = &c->grid->bus[i];
    char label[LABEL];
    if ((int)bus->type < SV_BUS_PQ)
        return BAD(c, SV_TABLE_BUS, i, "%s: type is %d; accepted: 1 (PQ), 2 (PV), 3 (reference), 4 (dead)",
                   label_row(c, SV_TABLE_BUS, i, label), (int)bus->type);
    if (bus->i_region < 0 && c->grid->n_region > 0)
        return BAD(c, SV_TABLE_BUS, i, "%s has no region though there is a table of regions",
                   label_row(c, SV_TABLE_BUS, i, label));
    if (bus->i_site < 0 && c->grid->n_site > 0)
        return BAD(c, SV_TABLE_BUS, i, "%s has no site though there is a table of sites",
                   label_row(c, SV_TABLE_BUS, i, label));
    return SV_OK;
}

static sv_status check_gen(const checker *c, int32_t i)
{
    const sv_gen *gen = &c->grid->gen[i];
    char label[LABEL];
    sv_status status = check_failure_times(c, SV_TABLE_GEN, i, gen->mttf_h, gen->mttr_h);
    if (status)
        return status;
    if (gen->cost_model < 0 || gen->cost_model > 2 || gen->n_cost < 0 || (gen->n_cost > 0 && !gen->cost))
        return BAD(c, SV_TABLE_GEN, i, "%s: cost model is %d; accepted: 1 (piecewise linear), 2 (polynomial)",
                   label_row(c, SV_TABLE_GEN, i, label), (int)gen->cost_model);
    for (int32_t k = 0; k < gen->n_cost; k++) {
        if (!isfinite(gen->cost[k]))
            return BAD(c, SV_TABLE_GEN, i, "%s: cost number %d is %g; accepted: a finite number",
                       label_row(c, SV_TABLE_GEN, i, label), (int)k + 1, gen->cost[k]);
    }
    return SV_OK;
}

static sv_status check_storage(const checker *c, int32_t i)
{
    const sv_storage *storage = &c->grid->storage[i];
    char label[LABEL];
    if (storage->efficiency <= 0.0)
        return BAD(c, SV_TABLE_STORAGE, i, "%s: round-trip efficiency is %g; accepted: above 0, up to 1",
                   label_row(c, SV_TABLE_STORAGE, i, label), storage->efficiency);
    return check_failure_times(c, SV_TABLE_STORAGE, i, storage->mttf_h, storage->mttr_h);
}

static sv_status check_dc_line(const checker *c, int32_t i)
{
    const sv_dc_line *dc = &c->grid->dc_line[i];
    char label[LABEL];
    if (dc->p_min_mw > dc->p_max_mw)
        return BAD(c, SV_TABLE_DC_LINE, i, "%s: lowest power %g MW is above highest power %g MW",
                   label_row(c, SV_TABLE_DC_LINE, i, label), dc->p_min_mw, dc->p_max_mw);
    sv_status status = check_ends(c, SV_TABLE_DC_LINE, i, dc->i_from, dc->i_to);
    return status ? status : check_failure_times(c, SV_TABLE_DC_LINE, i, dc->mttf_h, dc->mttr_h);
}

static sv_status check_more(const checker *c, sv_table table, int32_t i)
{
    const sv_grid *g = c->grid;
    sv_status status;
    switch (table) {
    case SV_TABLE_BUS:
        return check_bus(c, i);
    case SV_TABLE_BRANCH:
        status = check_ends(c, table, i, g->branch[i].i_from, g->branch[i].i_to);
        return status ? status : check_failure_times(c, table, i, g->branch[i].mttf_h, g->branch[i].mttr_h);
    case SV_TABLE_GEN:
        return check_gen(c, i);
    case SV_TABLE_STORAGE:
        return check_storage(c, i);
    case SV_TABLE_DC_LINE:
        return check_dc_line(c, i);
    case SV_TABLE_REGION:
    case SV_TABLE_SERIES:
    case SV_TABLE_SITE:
    case SV_TABLE_LOAD:
    case SV_TABLE_SHUNT:
    case SV_TABLE_INTERCONNECTOR:
    case SV_N_TABLE:
        break;
    }
    return SV_OK;
}

/* ---- series -------------------------------------------------------------------------------- */

typedef struct {
    float lowest, highest;
} span;

static sv_status check_series(const checker *c, span *spans)
{
    for (int32_t i = 0; i < c->grid->n_series; i++) {
        const sv_series *series = &c->grid->series[i];
        if (series->n_h < 1)
            return BAD(c, SV_TABLE_SERIES, i, "series %.40s is empty; accepted: one value an hour", series->id);
        spans[i] = (span){series->value[0], series->value[0]};
        for (int64_t t = 0; t < series->n_h; t++) {
            const float v = series->value[t];
            if (!isfinite(v))
                return BAD(c, SV_TABLE_SERIES, i, "series %.40s: value %lld is %g; accepted: a finite number",
                           series->id, (long long)t + 1, (double)v);
            spans[i].lowest = v < spans[i].lowest ? v : spans[i].lowest;
            spans[i].highest = v > spans[i].highest ? v : spans[i].highest;
        }
    }
    return SV_OK;
}

static sv_status check_use(const checker *c, sv_table table, int32_t i, int32_t i_series, const span *spans,
                           double highest)
{
    if (i_series < 0)
        return SV_OK;
    char label[LABEL];
    const sv_series *series = &c->grid->series[i_series];
    if (spans[i_series].lowest < 0.0F)
        return BAD(c, table, i, "%s: series %.40s goes down to %g; accepted: 0 or more", label_row(c, table, i, label),
                   series->id, (double)spans[i_series].lowest);
    if ((double)spans[i_series].highest > highest)
        return BAD(c, table, i, "%s: series %.40s goes up to %g of its highest power; accepted: a share, 0 to 1",
                   label_row(c, table, i, label), series->id, (double)spans[i_series].highest);
    return SV_OK;
}

static sv_status check_uses(const checker *c, const span *spans)
{
    const sv_grid *g = c->grid;
    sv_status status = SV_OK;
    for (int32_t i = 0; i < g->n_gen && !status; i++)
        status = check_use(c, SV_TABLE_GEN, i, g->gen[i].i_series, spans, 1.0);
    for (int32_t i = 0; i < g->n_load && !status; i++)
        status = check_use(c, SV_TABLE_LOAD, i, g->load[i].i_series, spans, INFINITY);
    for (int32_t i = 0; i < g->n_interconnector && !status; i++)
        status = check_use(c, SV_TABLE_INTERCONNECTOR, i, g->interconnector[i].i_series, spans, INFINITY);
    return status;
}

sv_status check_grid(const sv_grid *grid, const sv_draft *draft, sv_error *err)
{
    const checker c = {grid, draft, err};
    if (!(grid->base_mva >= SV_BASE_LEAST_MVA && grid->base_mva <= SV_BASE_MOST_MVA))
        return sv_error_set(err, SV_EDATA, draft->file, 0, "base power is %g MVA; accepted: %g to %g", grid->base_mva,
                            SV_BASE_LEAST_MVA, SV_BASE_MOST_MVA);
    if (grid->n_bus < 1)
        return sv_error_set(err, SV_EDATA, draft_file(draft, SV_TABLE_BUS), 0, "no bus; accepted: at least one");
    sv_arena *arena = sv_arena_new();
    span *spans = arena ? SV_TAKE(arena, grid->n_series, span) : NULL;
    sv_status status = spans ? check_series(&c, spans) : sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    for (sv_table table = 0; table < SV_N_TABLE && !status; table++) {
        table_view view = grid_view(grid, table);
        for (int32_t i = 0; i < view.n && !status; i++) {
            const char *row = view.row + (size_t)i * table_of[table].size;
            if (table_of[table].has_id) {
                const char *id;
                memcpy(&id, row, sizeof id);
                status = check_id(&c, table, i, id);
            }
            if (!status)
                status = check_fields(&c, table, i, row);
            if (!status)
                status = check_more(&c, table, i);
        }
    }
    if (!status)
        status = check_uses(&c, spans);
    sv_arena_free(arena);
    return status;
}
