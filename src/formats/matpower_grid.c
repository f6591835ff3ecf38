/* Tables of a MATPOWER case -> draft -> grid. Columns as in the MATPOWER manual, appendix B. What the rows say is checked
 * here where it needs the table (numbers of columns, references, whole numbers), the rest in sv_grid_new. Linear. */
#include "matpower.h"

#include "kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const mpc *m;
    sv_draft *draft;
    sv_error *err;
} maker;

#define BAD(k, line, ...) sv_error_set((k)->err, SV_EDATA, (k)->m->lex.name, (line), __VA_ARGS__)

static const double *row_of(const matrix *t, int32_t i)
{
    return &t->value[(size_t)i * (size_t)t->n_column];
}

/* Column c (from 1) of a row, or what counts when the table is narrower. */
static double column_or(const matrix *t, const double *row, int32_t c, double otherwise)
{
    return c <= t->n_column ? row[c - 1] : otherwise;
}

static sv_status need_columns(const maker *k, matrix_id id, int32_t n, bool required)
{
    const matrix *t = &k->m->table[id];
    if (!t->given && required)
        return BAD(k, 0, "there is no mpc.%s; accepted: a MATPOWER case of format version 2", matrix_name[id]);
    if (t->n_row > 0 && t->n_column < n)
        return BAD(k, t->line[0], "mpc.%s has %d columns; accepted: at least %d (format version 2)", matrix_name[id],
                   (int)t->n_column, (int)n);
    return SV_OK;
}

/* A bus number as text. */
static bool bus_id(double number, char id[16])
{
    if (!(number >= 1.0 && number <= (double)INT32_MAX) || number != floor(number))
        return false;
    snprintf(id, 16, "%d", (int)number);
    return true;
}

static sv_status find_bus(const maker *k, int32_t line, const char *what, int32_t i, double number, int32_t *i_bus)
{
    char id[16];
    *i_bus = bus_id(number, id) ? sv_draft_find_bus(k->draft, id) : -1;
    if (*i_bus < 0)
        return BAD(k, line, "%s %d names bus %.12g, which is not in mpc.bus", what, (int)i + 1, number);
    return SV_OK;
}

static sv_status whole(const maker *k, int32_t line, const char *what, double number, int32_t *value)
{
    if (!(number >= (double)INT32_MIN && number <= (double)INT32_MAX) || number != floor(number))
        return BAD(k, line, "%s is %g; accepted: a whole number", what, number);
    *value = (int32_t)number;
    return SV_OK;
}

/* ---- buses --------------------------------------------------------------------------------- */

static sv_status add_demand(const maker *k, const char *id, int32_t i_bus, const double *row, int32_t line)
{
    if (row[2] != 0.0 || row[3] != 0.0) {
        sv_load load = sv_load_default();
        load.id = id;
        load.line = line;
        load.i_bus = i_bus;
        load.p_mw = row[2];
        load.q_mvar = row[3];
        sv_draft_add_load(k->draft, &load);
    }
    if (row[4] != 0.0 || row[5] != 0.0) {
        const sv_shunt shunt = {.line = line, .i_bus = i_bus, .g_mw = row[4], .b_mvar = row[5]};
        sv_draft_add_shunt(k->draft, &shunt);
    }
    return SV_OK;
}

static sv_status add_bus(const maker *k, int32_t i)
{
    const matrix *t = &k->m->table[TABLE_BUS];
    const double *row = row_of(t, i);
    const int32_t line = t->line[i];
    char id[16];
    if (!bus_id(row[0], id))
        return BAD(k, line, "bus number is %.12g; accepted: a whole number from 1", row[0]);
    const int32_t before = sv_draft_find_bus(k->draft, id);
    if (before >= 0)
        return BAD(k, line, "bus %s is there already (line %d); accepted: numbers that differ", id,
                   (int)sv_draft_bus(k->draft, before)->line);
    int32_t type = 0;
    sv_bus bus = sv_bus_default();
    if (whole(k, line, "bus type", row[1], &type) || whole(k, line, "area", row[6], &bus.area) ||
        whole(k, line, "loss zone", row[10], &bus.zone))
        return SV_EDATA;
    if (type < 1 || type > 4)
        return BAD(k, line, "bus %s: type is %d; accepted: 1 (PQ), 2 (PV), 3 (reference), 4 (dead)", id, (int)type);
    const cells *names = &k->m->cell[CELLS_BUS_NAME];
    bus.id = id;
    bus.name = names->given && names->text[i][0] ? names->text[i] : NULL;
    bus.line = line;
    bus.type = (sv_bus_type)type;
    bus.vm_pu = row[7];
    bus.va_deg = row[8];
    bus.vn_kv = row[9];
    bus.v_max_pu = row[11];
    bus.v_min_pu = row[12];
    const int32_t i_bus = sv_draft_add_bus(k->draft, &bus);
    if (type == SV_BUS_DEAD) /* no demand, nothing to serve */
        return SV_OK;
    return add_demand(k, id, i_bus, row, line);
}

static sv_status add_buses(const maker *k)
{
    const matrix *t = &k->m->table[TABLE_BUS];
    const cells *names = &k->m->cell[CELLS_BUS_NAME];
    if (names->given && names->n != t->n_row)
        return BAD(k, names->line_first, "mpc.bus_name has %d names for %d buses", (int)names->n, (int)t->n_row);
    sv_status status = SV_OK;
    for (int32_t i = 0; i < t->n_row && !status; i++)
        status = add_bus(k, i);
    return status;
}

/* ---- branches ------------------------------------------------------------------------------ */

static sv_status add_branch(const maker *k, int32_t i)
{
    const matrix *t = &k->m->table[TABLE_BRANCH];
    const double *row = row_of(t, i);
    char id[16];
    snprintf(id, sizeof id, "%d", (int)i + 1);
    sv_branch branch = sv_branch_default();
    branch.id = id;
    branch.line = t->line[i];
    if (find_bus(k, branch.line, "branch", i, row[0], &branch.i_from) ||
        find_bus(k, branch.line, "branch", i, row[1], &branch.i_to))
        return SV_EDATA;
    branch.r_pu = row[2];
    branch.x_pu = row[3];
    branch.b_pu = row[4];
    branch.rate_a_mva = row[5];
    branch.rate_b_mva = row[6];
    branch.rate_c_mva = row[7];
    branch.tap = row[8];
    branch.shift_deg = row[9];
    if (isnan(row[10]))
        return BAD(k, branch.line, "branch %s: status is NaN; accepted: 0 or 1", id);
    branch.in_service = row[10] != 0.0;
    branch.angle_min_deg = column_or(t, row, 12, -360.0);
    branch.angle_max_deg = column_or(t, row, 13, 360.0);
    sv_draft_add_branch(k->draft, &branch);
    return SV_OK;
}

/* ---- generators ---------------------------------------------------------------------------- */

/* gencost row of a generator: model, start-up, shut-down, n, then n coefficients or n pairs. */
static sv_status read_cost(const maker *k, int32_t i, sv_gen *gen)
{
    const matrix *t = &k->m->table[TABLE_GENCOST];
    if (!t->given || t->n_row == 0)
        return SV_OK;
    const double *row = row_of(t, i);
    const int32_t line = t->line[i];
    int32_t n = 0;
    if (whole(k, line, "cost model", row[0], &gen->cost_model) || whole(k, line, "number of cost terms", row[3], &n))
        return SV_EDATA;
    if (gen->cost_model != 1 && gen->cost_model != 2)
        return BAD(k, line, "cost model is %d; accepted: 1 (piecewise linear), 2 (polynomial)", (int)gen->cost_model);
    if (n < 0 || n > 500 || 4 + n * (gen->cost_model == 1 ? 2 : 1) > t->n_column)
        return BAD(k, line, "%d cost terms do not fit into %d columns", (int)n, (int)t->n_column);
    gen->cost_startup_usd = row[1];
    gen->cost_shutdown_usd = row[2];
    gen->n_cost = gen->cost_model == 1 ? 2 * n : n;
    gen->cost = row + 4;
    return SV_OK;
}

/* By the words that the case gives; without words, a unit that can make no power is a condenser. */
static sv_gen_kind kind_of(const mpc *m, int32_t i, const sv_gen *gen)
{
    sv_gen_kind kind;
    const cells *names = &m->cell[CELLS_GEN_NAME];
    const int32_t n_gen = m->table[TABLE_GEN].n_row;
    if (m->cell[CELLS_GENFUEL].given)
        return kind_from_word(m->cell[CELLS_GENFUEL].text[i], &kind) ? kind : SV_GEN_THERMAL;
    if (m->cell[CELLS_GENTYPE].given)
        return kind_from_word(m->cell[CELLS_GENTYPE].text[i], &kind) ? kind : SV_GEN_THERMAL;
    if (names->given && names->n_row == n_gen && names->n == 3 * n_gen) { /* name, unit type, fuel */
        if (kind_from_word(names->text[3 * i + 1], &kind) && kind != SV_GEN_THERMAL)
            return kind;
        if (kind_from_word(names->text[3 * i + 2], &kind))
            return kind;
    }
    return gen->p_max_mw == 0.0 && gen->p_min_mw == 0.0 ? SV_GEN_CONDENSER : SV_GEN_THERMAL;
}

static sv_status add_gen(const maker *k, int32_t i)
{
    const matrix *t = &k->m->table[TABLE_GEN];
    const double *row = row_of(t, i);
    char id[16];
    snprintf(id, sizeof id, "%d", (int)i + 1);
    sv_gen gen = sv_gen_default();
    gen.id = id;
    gen.line = t->line[i];
    if (find_bus(k, gen.line, "generator", i, row[0], &gen.i_bus))
        return SV_EDATA;
    gen.p_mw = row[1];
    gen.q_mvar = row[2];
    gen.q_max_mvar = row[3];
    gen.q_min_mvar = row[4];
    gen.vm_pu = row[5];
    gen.base_mva = row[6];
    if (isnan(row[7]))
        return BAD(k, gen.line, "generator %s: status is NaN; accepted: 0 or 1", id);
    gen.in_service = row[7] > 0.0;
    gen.p_max_mw = row[8];
    gen.p_min_mw = row[9];
    gen.kind = kind_of(k->m, i, &gen);
    if (read_cost(k, i, &gen))
        return SV_EDATA;
    sv_draft_add_gen(k->draft, &gen);
    return SV_OK;
}

static sv_status add_gens(const maker *k)
{
    const matrix *t = &k->m->table[TABLE_GEN], *cost = &k->m->table[TABLE_GENCOST];
    if (cost->n_row != 0 && cost->n_row != t->n_row && cost->n_row != 2 * t->n_row)
        return BAD(k, cost->line_first,
                   "mpc.gencost has %d rows for %d generators; accepted: as many, or twice as many", (int)cost->n_row,
                   (int)t->n_row);
    static const char *const word[N_CELLS] = {[CELLS_GENFUEL] = "genfuel", [CELLS_GENTYPE] = "gentype"};
    for (cells_id c = CELLS_GENFUEL; c <= CELLS_GENTYPE; c++) {
        if (k->m->cell[c].given && k->m->cell[c].n != t->n_row)
            return BAD(k, k->m->cell[c].line_first, "mpc.%s has %d words for %d generators", word[c],
                       (int)k->m->cell[c].n, (int)t->n_row);
    }
    sv_status status = SV_OK;
    for (int32_t i = 0; i < t->n_row && !status; i++)
        status = add_gen(k, i);
    return status;
}

/* ---- dc lines ------------------------------------------------------------------------------ */

static sv_status add_dc_line(const maker *k, int32_t i)
{
    const matrix *t = &k->m->table[TABLE_DCLINE];
    const double *row = row_of(t, i);
    char id[16];
    snprintf(id, sizeof id, "%d", (int)i + 1);
    sv_dc_line dc = sv_dc_line_default();
    dc.id = id;
    dc.line = t->line[i];
    if (find_bus(k, dc.line, "dc line", i, row[0], &dc.i_from) || find_bus(k, dc.line, "dc line", i, row[1], &dc.i_to))
        return SV_EDATA;
    if (isnan(row[2]))
        return BAD(k, dc.line, "dc line %s: status is NaN; accepted: 0 or 1", id);
    dc.in_service = row[2] > 0.0;
    dc.p_mw = row[3];
    dc.q_from_mvar = row[5];
    dc.q_to_mvar = row[6];
    dc.vm_from_pu = row[7];
    dc.vm_to_pu = row[8];
    dc.p_min_mw = row[9];
    dc.p_max_mw = row[10];
    dc.q_min_from_mvar = row[11];
    dc.q_max_from_mvar = row[12];
    dc.q_min_to_mvar = row[13];
    dc.q_max_to_mvar = row[14];
    dc.loss_mw = row[15];
    dc.loss_share = row[16];
    sv_draft_add_dc_line(k->draft, &dc);
    return SV_OK;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static sv_status fill_draft(const maker *k)
{
    const mpc *m = k->m;
    if (!m->base_given)
        return BAD(k, 0, "there is no %s.baseMVA; accepted: a MATPOWER case of format version 2", m->structure);
    sv_status status = need_columns(k, TABLE_BUS, 13, true);
    if (!status)
        status = need_columns(k, TABLE_BRANCH, 11, true);
    if (!status)
        status = need_columns(k, TABLE_GEN, 10, true);
    if (!status)
        status = need_columns(k, TABLE_GENCOST, 4, false);
    if (!status)
        status = need_columns(k, TABLE_DCLINE, 17, false);
    if (!status)
        status = add_buses(k);
    for (int32_t i = 0; i < m->table[TABLE_BRANCH].n_row && !status; i++)
        status = add_branch(k, i);
    if (!status)
        status = add_gens(k);
    for (int32_t i = 0; i < m->table[TABLE_DCLINE].n_row && !status; i++)
        status = add_dc_line(k, i);
    return status;
}

/* Name of a case without a function line: its file's, without the ending. */
static char *name_of_file(sv_arena *arena, const char *path)
{
    char *name = sv_arena_text(arena, path_base(path));
    const size_t n = name ? strlen(name) : 0;
    if (n > 2 && strcmp(name + n - 2, ".m") == 0)
        name[n - 2] = '\0';
    return name;
}

sv_status matpower_make_grid(const mpc *m, sv_grid **grid, sv_error *err)
{
    sv_error own = {0}; /* a row lost for want of memory must not read as bad data */
    maker k = {m, sv_draft_new(), &own};
    if (!k.draft)
        return sv_error_set(err, SV_ENOMEM, m->lex.name, 0, "out of memory");
    sv_draft_set_name(k.draft, m->case_name ? m->case_name : name_of_file(m->arena, m->lex.name), m->lex.name);
    sv_draft_set_base(k.draft, m->base_mva);
    sv_status status = fill_draft(&k);
    if (!status)
        status = sv_grid_new(grid, k.draft, &own);
    if (sv_draft_failed(k.draft))
        status = sv_error_set(err, SV_ENOMEM, m->lex.name, 0, "out of memory");
    else if (status)
        error_pass(&own, err);
    sv_draft_free(&k.draft);
    return status;
}

sv_status sv_matpower_parse(sv_grid **grid, const char *name, const char *text, size_t n, sv_error *err)
{
    *grid = NULL;
    sv_arena *arena = sv_arena_new();
    mpc *m = arena ? SV_TAKE(arena, 1, mpc) : NULL;
    if (!m) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, name, 0, "out of memory");
    }
    m->arena = arena;
    memcpy(m->structure, "mpc", sizeof "mpc");
    lexer_start(&m->lex, name, text, n, err);
    sv_status status = read_case(m);
    if (!status)
        status = matpower_make_grid(m, grid, err);
    sv_arena_free(arena);
    return status;
}

sv_status sv_matpower_read(sv_grid **grid, const char *path, sv_error *err)
{
    *grid = NULL;
    text_file file;
    sv_status status = text_load(&file, path, err);
    if (status)
        return status;
    status = sv_matpower_parse(grid, path, file.data, file.n, err);
    text_free(&file);
    return status;
}
