/* A grid as a MATPOWER case of format version 2. Numbers read back as the same numbers. What the format has no place for
 * (storage, import limits, series, people, failure times, sites) is named in the head of the file. Linear. */
#include "kinds.h"
#include "text.h"

#include <ctype.h>
#include <string.h>

typedef struct {
    FILE *f;
    const sv_grid *g;
    bool numbered; /* bus ids are whole numbers already */
} writer;

static void put_real(const writer *w, double value)
{
    char text[REAL_TEXT];
    fprintf(w->f, "\t%s", real_text(value, text));
}

/* A whole number from 1 without leading zeros, which MATPOWER can hold as it is. */
static bool is_number(const char *id)
{
    int32_t value;
    return id[0] >= '1' && id[0] <= '9' && strspn(id, "0123456789") == strlen(id) && text_int(id, &value);
}

static void put_bus_number(const writer *w, int32_t i_bus)
{
    if (w->numbered)
        fprintf(w->f, "\t%s", w->g->bus[i_bus].id);
    else
        fprintf(w->f, "\t%d", (int)i_bus + 1);
}

/* A text in quotes: quotes doubled, ends of lines made blanks. */
static void put_quoted(FILE *f, const char *text)
{
    fputc('\'', f);
    for (; *text; text++) {
        if (*text == '\'')
            fputc('\'', f);
        fputc(*text == '\n' || *text == '\r' ? ' ' : *text, f);
    }
    fputc('\'', f);
}

static void put_count(FILE *f, int32_t n, const char *what)
{
    if (n > 0)
        fprintf(f, "%%   left out: %d %s\n", (int)n, what);
}

static void put_head(const writer *w)
{
    const sv_grid *g = w->g;
    char name[64] = "";
    size_t n = 0;
    for (const char *p = g->name; *p && n < sizeof name - 1; p++)
        name[n++] = isalnum((unsigned char)*p) ? *p : '_';
    if (!isalpha((unsigned char)name[0]))
        snprintf(name, sizeof name, "grid");
    fprintf(w->f, "function mpc = %s\n%%   Written by Svitlo " SV_VERSION ".\n", name);
    put_count(w->f, g->n_storage, "storage units");
    put_count(w->f, g->n_interconnector, "interconnectors");
    put_count(w->f, g->n_series, "series");
    fprintf(w->f, "mpc.version = '2';\n");
    char text[REAL_TEXT];
    fprintf(w->f, "mpc.baseMVA = %s;\n", real_text(g->base_mva, text));
}

/* Sums of all loads and shunts of a bus: [n_bus * 4] p, q, g, b. */
static double *sum_buses(sv_arena *arena, const sv_grid *g)
{
    double *sum = SV_TAKE(arena, (size_t)g->n_bus * 4, double);
    for (int32_t i = 0; sum && i < g->n_load; i++) {
        sum[(size_t)g->load[i].i_bus * 4] += g->load[i].p_mw;
        sum[(size_t)g->load[i].i_bus * 4 + 1] += g->load[i].q_mvar;
    }
    for (int32_t i = 0; sum && i < g->n_shunt; i++) {
        sum[(size_t)g->shunt[i].i_bus * 4 + 2] += g->shunt[i].g_mw;
        sum[(size_t)g->shunt[i].i_bus * 4 + 3] += g->shunt[i].b_mvar;
    }
    return sum;
}

static void put_buses(const writer *w, const double *sum)
{
    const sv_grid *g = w->g;
    fprintf(w->f, "\n%%\tbus_i\ttype\tPd\tQd\tGs\tBs\tarea\tVm\tVa\tbaseKV\tzone\tVmax\tVmin\nmpc.bus = [\n");
    for (int32_t i = 0; i < g->n_bus; i++) {
        const sv_bus *bus = &g->bus[i];
        put_bus_number(w, i);
        fprintf(w->f, "\t%d", (int)bus->type);
        for (int k = 0; k < 4; k++)
            put_real(w, sum[(size_t)i * 4 + (size_t)k]);
        fprintf(w->f, "\t%d", g->regions_derived ? (int)bus->area : (int)bus->i_region + 1);
        put_real(w, bus->vm_pu);
        put_real(w, bus->va_deg);
        put_real(w, bus->vn_kv);
        fprintf(w->f, "\t%d", (int)bus->zone);
        put_real(w, bus->v_max_pu);
        put_real(w, bus->v_min_pu);
        fputs(";\n", w->f);
    }
    fputs("];\n", w->f);
}

static void put_gens(const writer *w)
{
    const sv_grid *g = w->g;
    fprintf(w->f, "\n%%\tbus\tPg\tQg\tQmax\tQmin\tVg\tmBase\tstatus\tPmax\tPmin\nmpc.gen = [\n");
    for (int32_t i = 0; i < g->n_gen; i++) {
        const sv_gen *gen = &g->gen[i];
        put_bus_number(w, gen->i_bus);
        put_real(w, gen->p_mw);
        put_real(w, gen->q_mvar);
        put_real(w, gen->q_max_mvar);
        put_real(w, gen->q_min_mvar);
        put_real(w, gen->vm_pu);
        put_real(w, gen->base_mva);
        fprintf(w->f, "\t%d", gen->in_service);
        put_real(w, gen->p_max_mw);
        put_real(w, gen->p_min_mw);
        fputs(";\n", w->f);
    }
    fputs("];\n", w->f);
}

static void put_branches(const writer *w)
{
    const sv_grid *g = w->g;
    fprintf(w->f,
            "\n%%\tfbus\ttbus\tr\tx\tb\trateA\trateB\trateC\tratio\tangle\tstatus\tangmin\tangmax\nmpc.branch = [\n");
    for (int32_t i = 0; i < g->n_branch; i++) {
        const sv_branch *b = &g->branch[i];
        put_bus_number(w, b->i_from);
        put_bus_number(w, b->i_to);
        const double value[] = {b->r_pu,       b->x_pu,       b->b_pu, b->rate_a_mva,
                                b->rate_b_mva, b->rate_c_mva, b->tap,  b->shift_deg};
        for (size_t k = 0; k < sizeof value / sizeof value[0]; k++)
            put_real(w, value[k]);
        fprintf(w->f, "\t%d", b->in_service);
        put_real(w, b->angle_min_deg);
        put_real(w, b->angle_max_deg);
        fputs(";\n", w->f);
    }
    fputs("];\n", w->f);
}

/* Every row has the width of the widest; generators without a cost get one of 0. */
static void put_costs(const writer *w)
{
    const sv_grid *g = w->g;
    int32_t widest = 0;
    bool any = false;
    for (int32_t i = 0; i < g->n_gen; i++) {
        any = any || g->gen[i].cost_model != 0;
        widest = g->gen[i].n_cost > widest ? g->gen[i].n_cost : widest;
    }
    if (!any)
        return;
    fprintf(w->f, "\n%%\tmodel\tstartup\tshutdown\tn\tcost\nmpc.gencost = [\n");
    for (int32_t i = 0; i < g->n_gen; i++) {
        const sv_gen *gen = &g->gen[i];
        fprintf(w->f, "\t%d", gen->cost_model ? (int)gen->cost_model : 2);
        put_real(w, gen->cost_startup_usd);
        put_real(w, gen->cost_shutdown_usd);
        fprintf(w->f, "\t%d", (int)(gen->cost_model == 1 ? gen->n_cost / 2 : gen->n_cost));
        for (int32_t k = 0; k < widest; k++)
            put_real(w, k < gen->n_cost ? gen->cost[k] : 0.0);
        fputs(";\n", w->f);
    }
    fputs("];\n", w->f);
}

static void put_dc_lines(const writer *w)
{
    const sv_grid *g = w->g;
    if (g->n_dc_line == 0)
        return;
    fprintf(w->f,
            "\n%%\tfbus\ttbus\tstatus\tPf\tPt\tQf\tQt\tVf\tVt\tPmin\tPmax\tQminF\tQmaxF\tQminT\tQmaxT\tloss0\tloss1\n"
            "mpc.dcline = [\n");
    for (int32_t i = 0; i < g->n_dc_line; i++) {
        const sv_dc_line *dc = &g->dc_line[i];
        put_bus_number(w, dc->i_from);
        put_bus_number(w, dc->i_to);
        fprintf(w->f, "\t%d", dc->in_service);
        const double value[] = {dc->p_mw,
                                dc->p_mw - dc->loss_mw - dc->loss_share * dc->p_mw,
                                dc->q_from_mvar,
                                dc->q_to_mvar,
                                dc->vm_from_pu,
                                dc->vm_to_pu,
                                dc->p_min_mw,
                                dc->p_max_mw,
                                dc->q_min_from_mvar,
                                dc->q_max_from_mvar,
                                dc->q_min_to_mvar,
                                dc->q_max_to_mvar,
                                dc->loss_mw,
                                dc->loss_share};
        for (size_t k = 0; k < sizeof value / sizeof value[0]; k++)
            put_real(w, value[k]);
        fputs(";\n", w->f);
    }
    fputs("];\n", w->f);
}

static void put_words(const writer *w)
{
    const sv_grid *g = w->g;
    bool fuel = false, names = !w->numbered;
    for (int32_t i = 0; i < g->n_gen; i++) {
        const bool idle = g->gen[i].p_max_mw == 0.0 && g->gen[i].p_min_mw == 0.0;
        fuel = fuel || g->gen[i].kind != (idle ? SV_GEN_CONDENSER : SV_GEN_THERMAL);
    }
    for (int32_t i = 0; i < g->n_bus; i++)
        names = names || g->bus[i].name;
    if (fuel) {
        fputs("\nmpc.genfuel = {\n", w->f);
        for (int32_t i = 0; i < g->n_gen; i++)
            fprintf(w->f, "\t'%s';\n", fuel_of_kind(g->gen[i].kind));
        fputs("};\n", w->f);
    }
    if (names) {
        fputs("\nmpc.bus_name = {\n", w->f);
        for (int32_t i = 0; i < g->n_bus; i++) {
            fputc('\t', w->f);
            put_quoted(w->f, g->bus[i].name ? g->bus[i].name : w->numbered ? "" : g->bus[i].id);
            fputs(";\n", w->f);
        }
        fputs("};\n", w->f);
    }
}

sv_status sv_matpower_write(const sv_grid *grid, const char *path, sv_error *err)
{
    sv_arena *arena = sv_arena_new();
    double *sum = arena ? sum_buses(arena, grid) : NULL;
    output out = {0};
    sv_status status =
        sum ? output_open(&out, arena, path, err) : sv_error_set(err, SV_ENOMEM, path, 0, "out of memory");
    if (!status) {
        writer w = {out.stream, grid, true};
        for (int32_t i = 0; i < grid->n_bus; i++)
            w.numbered = w.numbered && is_number(grid->bus[i].id);
        put_head(&w);
        put_buses(&w, sum);
        put_gens(&w);
        put_branches(&w);
        put_costs(&w);
        put_dc_lines(&w);
        put_words(&w);
        status = output_close(&out, err);
    }
    if (!status)
        status = output_rename(&out, err);
    output_abort(&out);
    sv_arena_free(arena);
    return status;
}
