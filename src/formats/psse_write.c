/* A grid as a PSS/E RAW file, version 33. Numbers read back as the same numbers. What the format has no place for (storage,
 * import limits, series, costs, people, failure times, sites, limits of dc lines) is left out; the second title line counts
 * the first three. Linear but for the sort of parallel branches. */
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_NUMBER = 999997 }; /* that PSS/E takes for a bus */

typedef struct {
    FILE *f;
    const sv_grid *g;
    int32_t *number;  /* [n_bus] */
    int32_t *used;    /* [n_bus] identifiers given at the bus, for the table being written */
    int32_t *circuit; /* [n_branch] 1, 2, ... among the branches of the same two buses */
} writer;

/* ---- fields -------------------------------------------------------------------------------- */

static void put_real(const writer *w, double value)
{
    char text[REAL_TEXT];
    fprintf(w->f, ",%s", real_text(value, text));
}

static void put_reals(const writer *w, const double *value, int n)
{
    for (int k = 0; k < n; k++)
        put_real(w, value[k]);
}

/* A text in quotes, which the format cannot double: they become blanks, as do ends of lines. Short ones get blanks behind. */
static void put_text(const writer *w, const char *text, int width)
{
    int n = 0;
    fputc('\'', w->f);
    for (; *text; text++, n++)
        fputc(*text == '\'' || (unsigned char)*text < 0x20 ? ' ' : *text, w->f);
    for (; n < width; n++)
        fputc(' ', w->f);
    fputc('\'', w->f);
}

/* k = 1, 2, ... as '1 ', ..., '9 ', 'A ', ..., '10', ...: two characters up to 1,295. */
static void put_identifier(const writer *w, int32_t k)
{
    static const char digit[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char text[8];
    int n = 0;
    for (int32_t rest = k; rest > 0; rest /= 36)
        text[n++] = digit[rest % 36];
    fputs(",'", w->f);
    for (int i = n; i-- > 0;)
        fputc(text[i], w->f);
    fputs(n < 2 ? " '" : "'", w->f);
}

/* The next identifier at a bus, behind its number. */
static void put_place(const writer *w, int32_t i_bus)
{
    fprintf(w->f, "%d", (int)w->number[i_bus]);
    put_identifier(w, ++w->used[i_bus]);
}

static void begin_table(const writer *w)
{
    memset(w->used, 0, (size_t)w->g->n_bus * sizeof *w->used);
}

static void end_table(const writer *w, const char *ended, const char *begun)
{
    fprintf(w->f, "0 / END OF %s DATA, BEGIN %s DATA\n", ended, begun);
}

/* ---- what is counted before ----------------------------------------------------------------- */

static bool is_number(const char *id, int32_t *value)
{
    return id[0] >= '1' && id[0] <= '9' && strspn(id, "0123456789") == strlen(id) && text_int(id, value) &&
           *value <= LARGEST_NUMBER;
}

/* Ids that are numbers stay; the others get the numbers behind the highest. When those run out, all are numbered anew. */
static void number_buses(const writer *w)
{
    const sv_grid *g = w->g;
    int32_t highest = 0, value;
    for (int32_t i = 0; i < g->n_bus; i++) {
        if (is_number(g->bus[i].id, &value))
            highest = value > highest ? value : highest;
    }
    int32_t next = highest;
    for (int32_t i = 0; i < g->n_bus; i++)
        w->number[i] = is_number(g->bus[i].id, &value) ? value : ++next;
    for (int32_t i = 0; next > LARGEST_NUMBER && i < g->n_bus; i++)
        w->number[i] = i + 1;
}

typedef struct {
    int32_t a, b, i;
} pair;

static int compare_pair(const void *x, const void *y)
{
    const pair *p = x, *q = y;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    if (p->b != q->b)
        return p->b < q->b ? -1 : 1;
    return (p->i > q->i) - (p->i < q->i);
}

static void number_circuits(const writer *w, pair *list)
{
    const sv_grid *g = w->g;
    for (int32_t i = 0; i < g->n_branch; i++) {
        const int32_t from = g->branch[i].i_from, to = g->branch[i].i_to;
        list[i] = (pair){from < to ? from : to, from < to ? to : from, i};
    }
    qsort(list, (size_t)g->n_branch, sizeof *list, compare_pair);
    for (int32_t k = 0; k < g->n_branch; k++) {
        const bool parallel = k > 0 && list[k].a == list[k - 1].a && list[k].b == list[k - 1].b;
        w->circuit[list[k].i] = parallel ? w->circuit[list[k - 1].i] + 1 : 1;
    }
}

/* Written as a transformer: what has a ratio, a shift or two voltage levels, and what a reader of RAW would take for a tie
 * though it has a reactance (tie means: no resistance, at most 0.0001 pu, no transformer). */
static bool as_transformer(const sv_grid *g, int32_t i)
{
    const sv_branch *b = &g->branch[i];
    return sv_branch_is_transformer(g, i) || (b->r_pu == 0.0 && b->x_pu != 0.0 && fabs(b->x_pu) <= 1e-4);
}

/* ---- tables -------------------------------------------------------------------------------- */

static void put_head(const writer *w)
{
    const sv_grid *g = w->g;
    fputs("0", w->f);
    put_real(w, g->base_mva);
    fputs(",33,0,0,50.0 / Svitlo " SV_VERSION "\n", w->f);
    for (const char *s = g->name; *s; s++)
        fputc((unsigned char)*s < 0x20 ? ' ' : *s, w->f);
    fputc('\n', w->f);
    if (g->n_storage + g->n_interconnector + g->n_series > 0)
        fprintf(w->f, "left out: %d storage, %d interconnectors, %d series", (int)g->n_storage,
                (int)g->n_interconnector, (int)g->n_series);
    fputc('\n', w->f);
}

static int32_t area_of(const sv_grid *g, int32_t i_bus)
{
    return g->regions_derived ? g->bus[i_bus].area : g->bus[i_bus].i_region + 1;
}

static void put_buses(const writer *w)
{
    for (int32_t i = 0; i < w->g->n_bus; i++) {
        const sv_bus *bus = &w->g->bus[i];
        int32_t value;
        fprintf(w->f, "%d,", (int)w->number[i]);
        const bool kept = is_number(bus->id, &value) && value == w->number[i];
        put_text(w, !kept ? bus->id : bus->name ? bus->name : "", 12);
        put_real(w, bus->vn_kv);
        fprintf(w->f, ",%d,%d,%d,1", (int)bus->type, (int)area_of(w->g, i), (int)bus->zone);
        const double value_pu[] = {bus->vm_pu, bus->va_deg, bus->v_max_pu, bus->v_min_pu, bus->v_max_pu, bus->v_min_pu};
        put_reals(w, value_pu, 6);
        fputc('\n', w->f);
    }
    end_table(w, "BUS", "LOAD");
}

static void put_loads(const writer *w)
{
    begin_table(w);
    for (int32_t i = 0; i < w->g->n_load; i++) {
        const sv_load *load = &w->g->load[i];
        put_place(w, load->i_bus);
        fprintf(w->f, ",1,%d,%d", (int)area_of(w->g, load->i_bus), (int)w->g->bus[load->i_bus].zone);
        put_real(w, load->p_mw);
        put_real(w, load->q_mvar);
        fputs(",0,0,0,0,1,1\n", w->f);
    }
    end_table(w, "LOAD", "FIXED SHUNT");
}

static void put_shunt(const writer *w, int32_t i_bus, double g_mw, double b_mvar)
{
    put_place(w, i_bus);
    fputs(",1", w->f);
    put_real(w, g_mw);
    put_real(w, b_mvar);
    fputc('\n', w->f);
}

/* The charging of a transformer, which its record has no place for: the half at the to end stands here, that at the from end
 * is its magnetizing susceptance. */
static void put_shunts(const writer *w)
{
    const sv_grid *g = w->g;
    begin_table(w);
    for (int32_t i = 0; i < g->n_shunt; i++)
        put_shunt(w, g->shunt[i].i_bus, g->shunt[i].g_mw, g->shunt[i].b_mvar);
    for (int32_t i = 0; i < g->n_branch; i++) {
        const sv_branch *b = &g->branch[i];
        if (b->b_pu != 0.0 && b->in_service && as_transformer(g, i))
            put_shunt(w, b->i_to, 0.0, 0.5 * b->b_pu * g->base_mva);
    }
    end_table(w, "FIXED SHUNT", "GENERATOR");
}

static double limit(double q_mvar)
{
    return isinf(q_mvar) ? copysign(9999.0, q_mvar) : q_mvar;
}

static void put_gens(const writer *w)
{
    begin_table(w);
    for (int32_t i = 0; i < w->g->n_gen; i++) {
        const sv_gen *gen = &w->g->gen[i];
        put_place(w, gen->i_bus);
        const double value[] = {gen->p_mw, gen->q_mvar, limit(gen->q_max_mvar), limit(gen->q_min_mvar), gen->vm_pu};
        put_reals(w, value, 5);
        fputs(",0", w->f);
        put_real(w, gen->base_mva);
        fprintf(w->f, ",0,1,0,0,1,%d,100", (int)gen->in_service);
        put_real(w, gen->p_max_mw);
        put_real(w, gen->p_min_mw);
        const bool renewable = gen->kind == SV_GEN_WIND || gen->kind == SV_GEN_SOLAR;
        fprintf(w->f, ",1,1,0,1,0,1,0,1,%d,1\n", (int)renewable);
    }
    end_table(w, "GENERATOR", "BRANCH");
}

static void put_ends(const writer *w, int32_t i)
{
    fprintf(w->f, "%d,%d", (int)w->number[w->g->branch[i].i_from], (int)w->number[w->g->branch[i].i_to]);
}

static void put_lines(const writer *w)
{
    for (int32_t i = 0; i < w->g->n_branch; i++) {
        const sv_branch *b = &w->g->branch[i];
        if (as_transformer(w->g, i))
            continue;
        put_ends(w, i);
        put_identifier(w, w->circuit[i]);
        const double value[] = {b->r_pu, b->x_pu, b->b_pu, b->rate_a_mva, b->rate_b_mva, b->rate_c_mva};
        put_reals(w, value, 6);
        fprintf(w->f, ",0,0,0,0,%d,1", (int)b->in_service);
        put_real(w, b->length_km);
        fputs(",1,1\n", w->f);
    }
    end_table(w, "BRANCH", "TRANSFORMER");
}

static void put_transformers(const writer *w)
{
    for (int32_t i = 0; i < w->g->n_branch; i++) {
        const sv_branch *b = &w->g->branch[i];
        if (!as_transformer(w->g, i))
            continue;
        const double tap = sv_branch_tap(b);
        put_ends(w, i);
        fputs(",0", w->f);
        put_identifier(w, w->circuit[i]);
        fputs(",1,1,1,0", w->f);
        put_real(w, 0.5 * b->b_pu / (tap * tap));
        fprintf(w->f, ",2,'            ',%d,1,1\n", (int)b->in_service);
        char r[REAL_TEXT], x[REAL_TEXT], base[REAL_TEXT], t[REAL_TEXT];
        fprintf(w->f, "%s,%s,%s\n%s,0", real_text(b->r_pu, r), real_text(b->x_pu, x), real_text(w->g->base_mva, base),
                real_text(tap, t));
        const double value[] = {b->shift_deg, b->rate_a_mva, b->rate_b_mva, b->rate_c_mva};
        put_reals(w, value, 4);
        fputs(",0,0,1.1,0.9,1.1,0.9,33,0,0,0,0\n1,0\n", w->f);
    }
    end_table(w, "TRANSFORMER", "AREA");
}

static int compare_int(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void put_area(const writer *w, int32_t number, const char *name)
{
    fprintf(w->f, "%d,0,0,10,", (int)number);
    put_text(w, name, 12);
    fputc('\n', w->f);
}

/* Regions; those that were derived from areas have their numbers for names. Only numbers from 1 can stand at the head of a
 * record; a bus keeps whatever area it has. */
static void put_areas(const writer *w)
{
    const sv_grid *g = w->g;
    for (int32_t k = 0; k < g->n_region && !g->regions_derived; k++)
        put_area(w, k + 1, g->region[k].name ? g->region[k].name : g->region[k].id);
    if (g->regions_derived) {
        for (int32_t i = 0; i < g->n_bus; i++)
            w->used[i] = g->bus[i].area;
        qsort(w->used, (size_t)g->n_bus, sizeof *w->used, compare_int);
        for (int32_t i = 0; i < g->n_bus; i++) {
            if (w->used[i] > 0 && (i == 0 || w->used[i] != w->used[i - 1]))
                put_area(w, w->used[i], "");
        }
    }
    end_table(w, "AREA", "TWO-TERMINAL DC");
}

/* ---- dc lines ------------------------------------------------------------------------------- */

/* A rectifier or inverter that draws q_mvar at p_mw and v_kv: the ratio of its transformer makes the cosine. */
static void put_converter(const writer *w, int32_t i_bus, double p_mw, double q_mvar, double v_kv)
{
    const sv_bus *bus = &w->g->bus[i_bus];
    const double size = hypot(p_mw, q_mvar), cosine = size > 0.0 ? fabs(p_mw) / size : 1.0;
    const double ideal_kv = cosine > 0.0 ? v_kv / cosine : v_kv, seen_kv = bus->vm_pu * bus->vn_kv;
    fprintf(w->f, "%d,1,90,0,0,0", (int)w->number[i_bus]);
    put_real(w, bus->vn_kv);
    put_real(w, seen_kv > 0.0 ? ideal_kv / (1.35047447 * seen_kv) : 1.0);
    fputs(",1,1.5,0.51,0.00625,0,0,0,'1 ',0\n", w->f);
}

/* 500 kV at the inverter and a resistance that loses there what the line loses at its set point. Power from `to` to `from` is
 * asked at the inverter, where the grid's line measures it. */
static void put_dc_lines(const writer *w)
{
    for (int32_t i = 0; i < w->g->n_dc_line; i++) {
        const sv_dc_line *dc = &w->g->dc_line[i];
        const bool back = dc->p_mw < 0.0;
        const double set_mw = fabs(dc->p_mw), loss_mw = fmax(dc->loss_mw + dc->loss_share * set_mw, 0.0), v_kv = 500.0;
        const double sent_mw = back ? set_mw + loss_mw : set_mw, come_mw = fmax(sent_mw - loss_mw, 0.0);
        const double i_ka = come_mw / v_kv, ohm = i_ka > 0.0 ? loss_mw / (i_ka * i_ka) : 0.0;
        put_text(w, dc->id, 12);
        fprintf(w->f, ",%d", (int)dc->in_service);
        const double value[] = {ohm, back ? -set_mw : set_mw, v_kv};
        put_reals(w, value, 3);
        fputs(",0,0,0,'I',0,20,1\n", w->f);
        put_converter(w, back ? dc->i_to : dc->i_from, sent_mw, back ? dc->q_to_mvar : dc->q_from_mvar,
                      v_kv + ohm * i_ka);
        put_converter(w, back ? dc->i_from : dc->i_to, come_mw, back ? dc->q_from_mvar : dc->q_to_mvar, v_kv);
    }
    end_table(w, "TWO-TERMINAL DC", "VOLTAGE SOURCE CONVERTER");
}

static void put_empty_tables(const writer *w)
{
    static const char *const name[] = {"VOLTAGE SOURCE CONVERTER",
                                       "IMPEDANCE CORRECTION",
                                       "MULTI-TERMINAL DC",
                                       "MULTI-SECTION LINE",
                                       "ZONE",
                                       "INTER-AREA TRANSFER",
                                       "OWNER",
                                       "FACTS CONTROL DEVICE",
                                       "SWITCHED SHUNT",
                                       "GNE DEVICE",
                                       "INDUCTION MACHINE"};
    const size_t n = sizeof name / sizeof name[0];
    for (size_t k = 0; k + 1 < n; k++)
        end_table(w, name[k], name[k + 1]);
    fprintf(w->f, "0 / END OF %s DATA\nQ\n", name[n - 1]);
}

sv_status sv_psse_write(const sv_grid *grid, const char *path, sv_error *err)
{
    sv_arena *arena = sv_arena_new();
    output out = {0};
    writer w = {.g = grid};
    pair *list = arena ? SV_TAKE(arena, grid->n_branch, pair) : NULL;
    if (arena) {
        w.number = SV_TAKE(arena, grid->n_bus, int32_t);
        w.used = SV_TAKE(arena, grid->n_bus, int32_t);
        w.circuit = SV_TAKE(arena, grid->n_branch, int32_t);
    }
    sv_status status = arena && !sv_arena_failed(arena) ? output_open(&out, arena, path, err)
                                                        : sv_error_set(err, SV_ENOMEM, path, 0, "out of memory");
    if (!status) {
        w.f = out.stream;
        number_buses(&w);
        number_circuits(&w, list);
        put_head(&w);
        put_buses(&w);
        put_loads(&w);
        put_shunts(&w);
        put_gens(&w);
        put_lines(&w);
        put_transformers(&w);
        put_areas(&w);
        put_dc_lines(&w);
        put_empty_tables(&w);
        status = output_close(&out, err);
    }
    if (!status)
        status = output_rename(&out, err);
    output_abort(&out);
    sv_arena_free(arena);
    return status;
}
