/* Many outages as a planner would read them: how many make trouble, of which kind, and a few of each with names. 80 columns,
 * every number with its unit. */
#include "cli.h"
#include "contingency.h"
#include "lines.h"
#include "number.h"

#include <math.h>
#include <string.h>

enum { LINE = 1024 };

static const char *count_text(int64_t n, char text[32])
{
    return sv_cli_thousands((double)n, 0, text);
}

static const char *bus_id(const contingency_look *look, int32_t i)
{
    return look->work->grid->bus[i].id;
}

/* "branch 12 (1-2), gen 3 (bus 7)". @return its length */
static int put_elements(const contingency_look *look, const contingency_row *row, char text[LINE])
{
    const sv_grid *grid = look->work->grid;
    int n = 0;
    for (int32_t e = 0; e < row->n_element; e++) {
        int32_t i = row->element[e].i;
        n += snprintf(text + n, LINE - (size_t)n, "%s%s %d ", e > 0 ? ", " : "",
                      row->element[e].is_gen ? "gen" : "branch", (int)i + 1);
        if (row->element[e].is_gen)
            n += snprintf(text + n, LINE - (size_t)n, "(bus %.30s)", bus_id(look, grid->gen[i].i_bus));
        else
            n += snprintf(text + n, LINE - (size_t)n, "(%.30s-%.30s)", bus_id(look, grid->branch[i].i_from),
                          bus_id(look, grid->branch[i].i_to));
    }
    return n;
}

static void put_indented(const char *text)
{
    printf("%*s", LINE_LABEL, "");
    line_wrapped(text, LINE_LABEL);
}

/* ---- counts -------------------------------------------------------------------------------- */

static void print_answer(const contingency_look *look, const contingency_list *list)
{
    const char *name = look->work->grid->name[0] != '\0' ? look->work->grid->name : "The grid";
    const char *method = look->work->opt->dc ? "DC" : "AC";
    const flow_look *base = look->base_look;
    const char *new =
        base->overload.n + base->out_of_band.n > 0 || base->dark_people + base->dark_mw > 0.0 ? "new " : "";
    char n[32], clear[32], line[320];
    count_text(look->n, n);
    count_text(look->n_clear, clear);
    if (look->screened)
        snprintf(line, sizeof line,
                 "%.50s: %s %s of branches by DC power flow, %s with trouble that neither branch "
                 "makes alone",
                 name, n, line_plural(look->n, "pair", "pairs"), count_text(look->n - look->n_clear, clear));
    else
        snprintf(line, sizeof line, "%.50s: %s %s by %s power flow, %s without %strouble", name, n,
                 list->n_out == 2 ? line_plural(look->n, "pair", "pairs")
                                  : line_plural(look->n, "contingency", "contingencies"),
                 method, clear, new);
    line_wrapped(line, 0);
    putchar('\n');
}

/* "none", or the number and what they are with. */
static void put_count(const char *label, int64_t n, const char *words)
{
    char number[32], line[320];
    line_label(label);
    snprintf(line, sizeof line, "%s %s", count_text(n, number), words);
    line_wrapped(n > 0 ? line : "none", LINE_LABEL);
}

static void print_cut_off(const contingency_look *look)
{
    char a[64], b[64], line[256];
    int n = snprintf(line, sizeof line, "%s, ",
                     look->screened ? "lose load that neither branch alone does" : "with load cut off");
    if (look->people > 0.0)
        n += snprintf(line + n, sizeof line - (size_t)n, "%s and ", sv_amount(SV_PEOPLE, look->most_people, a));
    snprintf(line + n, sizeof line - (size_t)n, "%s at most", line_power(look->most_lost_mw, "MW", b));
    put_count("Cut off", look->n_cut_off, line);
    if (look->n_empty > 0) {
        snprintf(line, sizeof line, "%s more with buses cut off where nobody is", count_text(look->n_empty, a));
        put_indented(line);
    }
    if (look->n_outcome[SV_AC_NO_SOURCE] > 0) {
        snprintf(line, sizeof line, "%s without a unit that %s: all is dark",
                 count_text(look->n_outcome[SV_AC_NO_SOURCE], a),
                 look->work->opt->dc ? "is in service" : "holds a voltage");
        put_indented(line);
    }
}

/* What one branch does is told where singles are; its pairs are not told of for that. */
static void print_alone(const contingency_look *look)
{
    const contingency_alone *alone = &look->alone;
    char a[32], b[32], c[32], line[320];
    line_label("Alone");
    if (look->base_look->i_loaded < 0)
        snprintf(line, sizeof line,
                 "%s of %s branches lose load alone; their pairs are not counted for that "
                 "(without --k they are named)",
                 count_text(alone->n_lost, c), count_text(alone->n, a));
    else
        snprintf(line, sizeof line,
                 "%s of %s branches overload another, %s lose load; their pairs are not counted for that "
                 "(without --k they are named)",
                 count_text(alone->n_overload, b), count_text(alone->n, a), count_text(alone->n_lost, c));
    line_wrapped(line, LINE_LABEL);
}

/* Without a rating nothing can be above it: that is no good news. */
static void print_overload(const contingency_look *look)
{
    const sv_grid *grid = look->work->grid;
    bool over = look->base_look->overload.n > 0, rated = false;
    for (int32_t l = 0; l < grid->n_branch; l++)
        rated = rated || grid->branch[l].rate_a_mva > 0.0;
    if (look->base_look->i_loaded >= 0 || look->n_overload_new > 0) {
        put_count("Overload", look->n_overload_new,
                  look->screened ? "overload what neither branch alone does"
                  : over         ? "with branches above rate A that were below, or further"
                                 : "with a branch above rate A");
        return;
    }
    line_label("Overload");
    line_wrapped(rated ? "not known: no branch in service has a rate A" : "not known: no branch has a rate A",
                 LINE_LABEL);
}

static void print_counts(const contingency_look *look)
{
    bool out = look->base_look->out_of_band.n > 0, dc = look->work->opt->dc;
    print_cut_off(look);
    print_overload(look);
    if (!dc)
        put_count("Voltages", look->n_voltage_new,
                  out ? "with buses out of their band that were within, or further" : "with a bus out of its band");
    put_count("No answer", look->n_no_answer,
              dc ? "where reactances cancel each other" : "where no voltages meet the schedule");
    if (look->screened)
        print_alone(look);
    if (dc) {
        line_label("Not in DC");
        line_wrapped("voltages, reactive power, losses: --ac has them", LINE_LABEL);
    }
}

static void print_base(const contingency_look *look)
{
    const flow_look *base = look->base_look;
    const flow_work *work = look->work;
    int32_t n_over = base->overload.n, n_out = base->out_of_band.n;
    bool dark = base->dark_people > 0.0 || base->dark_mw > 0.0;
    char line[256], a[64], b[64];
    line_label("Base case");
    if (base->dark_people > 0.0)
        snprintf(line, sizeof line, "%s people and %s without a source already",
                 sv_cli_thousands(base->dark_people, 0, a), line_power(base->dark_mw, "MW", b));
    else if (dark)
        snprintf(line, sizeof line, "%s of load without a source already", line_power(base->dark_mw, "MW", b));
    if (dark) {
        line_wrapped(line, LINE_LABEL);
        printf("%*s", LINE_LABEL, "");
    }
    if (base->i_loaded < 0)
        snprintf(line, sizeof line, "no branch in service has a rate A");
    else if (n_over == 0)
        snprintf(line, sizeof line, "no branch above rate A");
    else
        snprintf(line, sizeof line, "%d %s above rate A, branch %d most, %s %%", (int)n_over,
                 line_plural(n_over, "branch", "branches"), (int)base->overload.item[0].i + 1,
                 sv_cli_thousands(work->loading[base->overload.item[0].i], 1, a));
    line_wrapped(line, LINE_LABEL);
    if (n_out == 0)
        snprintf(line, sizeof line, "all voltages within their bands");
    else
        snprintf(line, sizeof line, "%d %s outside %s band, bus %.30s most, %.4f pu", (int)n_out,
                 line_plural(n_out, "bus", "buses"), line_plural(n_out, "its", "their"),
                 bus_id(look, base->out_of_band.item[0].i), work->vm_pu[base->out_of_band.item[0].i]);
    if (!work->opt->dc)
        put_indented(line);
    if (n_over + n_out > 0 || dark)
        put_indented("that stands before anything is out, and is not counted above");
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void put_loading(const contingency_look *look, const contingency_row *row, char *text, size_t n)
{
    const sv_branch *branch = &look->work->grid->branch[row->i_branch];
    char a[32];
    int got = snprintf(text, n, "branch %d (%.30s-%.30s) at %s %% of %g MVA", (int)row->i_branch + 1,
                       bus_id(look, branch->i_from), bus_id(look, branch->i_to),
                       sv_cli_thousands(row->loading_percent, 1, a), branch->rate_a_mva);
    if (row->n_overload > 1)
        snprintf(text + got, n - (size_t)got, ", %d %s", (int)row->n_overload,
                 look->screened ? "new in all" : "above rate A");
}

static void put_voltage(const contingency_look *look, const contingency_row *row, char *text, size_t n)
{
    const sv_grid *grid = look->work->grid;
    bool low;
    double depth = contingency_depth(grid, row, &low);
    int32_t i = low ? row->i_low : row->i_high;
    int got = snprintf(text, n, "bus %.30s %.4f pu", bus_id(look, i), low ? row->low_pu : row->high_pu);
    if (depth > 0.0)
        got += snprintf(text + got, n - (size_t)got, ", %s %.4f pu", low ? "below" : "above",
                        low ? grid->bus[i].v_min_pu : grid->bus[i].v_max_pu);
    if (row->n_low + row->n_high > 1)
        snprintf(text + got, n - (size_t)got, "; %d buses outside", (int)(row->n_low + row->n_high));
}

static void put_lost(const contingency_look *look, const contingency_row *row, char *text, size_t n)
{
    char a[64];
    int got = 0;
    if (look->people > 0.0 && !isnan(row->people))
        got = snprintf(text, n, "%s and ", sv_amount(SV_PEOPLE, row->people, a));
    snprintf(text + got, n - (size_t)got, "%s at %d %s", line_power(row->lost_mw, "MW", a), (int)row->n_cut_off,
             line_plural(row->n_cut_off, "bus", "buses"));
}

static void put_reason(const contingency_look *look, const contingency_row *row, char *text, size_t n)
{
    char reason[CONTINGENCY_TEXT];
    snprintf(text, n, "%s", contingency_reason(look->work, row, reason));
}

typedef void (*put_words)(const contingency_look *look, const contingency_row *row, char *text, size_t n);

static void print_few(const contingency_look *look, const char *title, const contingency_few *few, int64_t n_all,
                      put_words words)
{
    char line[LINE], number[32];
    if (few->n == 0)
        return;
    printf("\n%s\n", title);
    for (int32_t k = 0; k < few->n; k++) {
        int n = put_elements(look, &few->row[k], line);
        n += snprintf(line + n, sizeof line - (size_t)n, ": ");
        words(look, &few->row[k], line + n, sizeof line - (size_t)n);
        printf("  ");
        line_wrapped(line, 2);
    }
    if (n_all > few->n)
        printf("  and %s more (--top, --out)\n", count_text(n_all - few->n, number));
}

void contingency_print(const contingency_look *look, const contingency_list *list)
{
    char line[256], a[32];
    print_answer(look, list);
    print_counts(look);
    print_base(look);
    if (list->n_idle > 0) {
        line_label("The list");
        snprintf(line, sizeof line, "%s %s what is out in the base case already, number %lld the first",
                 count_text(list->n_idle, a), line_plural(list->n_idle, "line names", "lines name"),
                 (long long)list->idle_number);
        line_wrapped(line, LINE_LABEL);
    }
    print_few(look,
              look->screened ? "Load that neither branch loses alone, in the order of the list"
                             : "Cut off, in the order of the list",
              &look->cut_off, look->n_cut_off, put_lost);
    print_few(look,
              look->screened ? "Overloads that neither branch makes alone, in the order of the list"
              : look->sets   ? "Overloads, in the order of the list"
                             : "Highest loading",
              &look->loading, look->n_overload_new, put_loading);
    print_few(look, look->sets ? "Voltages out of band, in the order of the list" : "Voltages furthest out of band",
              &look->voltage, look->n_voltage_new, put_voltage);
    print_few(look, "Without an answer, in the order of the list", &look->no_answer, look->n_no_answer, put_reason);
    flow_print_warnings(look->base_look);
}
