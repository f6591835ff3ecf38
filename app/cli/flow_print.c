/* A power flow as a planner would read it: does it stand, who balances it, what is lost, which limits it breaks. 80 columns,
 * every number with its unit. */
#include "cli.h"
#include "flow.h"
#include "lines.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_WORST = 5 };

/* ---- lines --------------------------------------------------------------------------------- */

static const char *bus_id(const flow_work *work, int32_t i)
{
    return work->grid->bus[i].id;
}

static void put_more(int32_t n)
{
    if (n > N_WORST)
        printf("%*sand %d more (--json names all)\n", LINE_LABEL, "", (int)(n - N_WORST));
}

/* ---- the parts ----------------------------------------------------------------------------- */

/* Behind the answer: who has no source, people before megawatts. */
static void put_dark(const flow_look *look, char *line, size_t size)
{
    char a[64], b[32];
    size_t n = strlen(line);
    if (look->dark_people > 0.0)
        snprintf(line + n, size - n, "; %s people and %s without a source", sv_cli_thousands(look->dark_people, 0, b),
                 line_power(look->dark_mw, "MW", a));
    else if (look->dark_mw > 0.0)
        snprintf(line + n, size - n, "; %s of load without a source", line_power(look->dark_mw, "MW", a));
}

static void print_answer(const flow_work *work, const flow_look *look)
{
    char head[256];
    const char *name = work->grid->name[0] != '\0' ? work->grid->name : "The grid";
    int32_t most = 0;
    for (int32_t k = 0; k < work->islands->n_island; k++)
        if (work->island[k].outcome == SV_AC_CONVERGED && work->island[k].n_iteration > most)
            most = work->island[k].n_iteration;
    if (work->opt->dc)
        snprintf(head, sizeof head, "%.50s: DC power flow solved", name);
    else if (flow_converged(look))
        snprintf(head, sizeof head, "%.50s: AC power flow converged in %d %s", name, (int)most,
                 line_plural(most, "iteration", "iterations"));
    else if (look->n_failed == 0)
        snprintf(head, sizeof head, "%.50s: no answer, no unit in service holds a voltage", name);
    else
        snprintf(head, sizeof head, "%.50s: AC power flow has NOT converged", name);
    put_dark(look, head, sizeof head);
    line_hanging(head);
    for (int32_t k = 0, n = 0; look->n_failed > 0 && k < work->islands->n_island; k++) {
        char reason[256], line[512];
        if (work->island[k].outcome == SV_AC_CONVERGED || work->island[k].outcome == SV_AC_NO_SOURCE || n++ >= N_WORST)
            continue;
        snprintf(line, sizeof line, "The island of bus %.40s (%d %s) %s.", bus_id(work, work->island[k].first_bus),
                 (int)work->island[k].n_bus, line_plural(work->island[k].n_bus, "bus", "buses"),
                 flow_reason(work, k, reason));
        printf("  ");
        line_wrapped(line, 2);
    }
    if (look->n_failed > N_WORST)
        printf("  And %d islands more.\n", (int)(look->n_failed - N_WORST));
}

static void put_slack(const flow_work *work, const flow_look *look, int32_t k)
{
    const sv_ac_island *island = &work->island[k];
    char a[64], b[64], line[256];
    bool shared = work->opt->settings.distributed_slack && look->island_shares[k];
    int n = snprintf(line, sizeof line, "bus %.40s%s gives %s", bus_id(work, island->i_slack),
                     island->n_slack > 1 ? " with others" : "", line_power(island->slack_mw, "MW", a));
    if (!work->opt->dc)
        n += snprintf(line + n, sizeof line - (size_t)n, " and %s", line_power(island->slack_mvar, "Mvar", b));
    snprintf(line + n, sizeof line - (size_t)n, "; %s %s than scheduled%s", line_power(fabs(island->short_mw), "MW", a),
             island->short_mw < 0.0 ? "less" : "more", shared ? ", shared by all units" : "");
    line_wrapped(line, LINE_LABEL);
}

/* The largest island that the sums are of; the others are in their own lines. */
static int32_t main_island(const flow_work *work, const flow_look *look)
{
    int32_t best = -1;
    for (int32_t k = 0; k < work->islands->n_island; k++)
        if (work->island[k].outcome == SV_AC_CONVERGED && look->has_unit[k] &&
            (best < 0 || work->island[k].n_bus > work->island[best].n_bus))
            best = k;
    return best;
}

static void put_generation(const flow_work *work, const flow_look *look)
{
    char a[64], line[256];
    int n = snprintf(line, sizeof line, "%s", line_power(look->generation_mw, "MW", a));
    n += snprintf(line + n, sizeof line - (size_t)n, " for %s of load", line_power(look->load_mw, "MW", a));
    if (look->drawn_mw > 0.0)
        n +=
            snprintf(line + n, sizeof line - (size_t)n, ", %s of units that draw", line_power(look->drawn_mw, "MW", a));
    if (look->shunt_mw != 0.0)
        n += snprintf(line + n, sizeof line - (size_t)n, ", %s of shunts", line_power(look->shunt_mw, "MW", a));
    if (look->dc_alone_mw != 0.0)
        snprintf(line + n, sizeof line - (size_t)n, "; DC lines %s %s %s islands without %s",
                 look->dc_alone_mw > 0.0 ? "bring" : "take", line_power(fabs(look->dc_alone_mw), "MW", a),
                 look->dc_alone_mw > 0.0 ? "from" : "to", work->opt->dc ? "a source" : "an answer");
    line_wrapped(line, LINE_LABEL);
}

static void put_losses(const flow_work *work, const flow_look *look)
{
    char a[64], line[256];
    int n = snprintf(line, sizeof line, "none in the DC model");
    if (!work->opt->dc) {
        n = snprintf(line, sizeof line, "%s", line_power(look->loss_mw, "MW", a));
        if (look->generation_mw > 0.0)
            n += snprintf(line + n, sizeof line - (size_t)n, ", %.2f %% of generation",
                          fabs(look->loss_mw) < 0.0005 ? 0.0 : 100.0 * look->loss_mw / look->generation_mw);
        n += snprintf(line + n, sizeof line - (size_t)n, "; %s", line_power(look->loss_mvar, "Mvar", a));
    }
    if (look->dc_loss_mw != 0.0)
        snprintf(line + n, sizeof line - (size_t)n, "; %s in DC lines", line_power(look->dc_loss_mw, "MW", a));
    line_wrapped(line, LINE_LABEL);
}

static void print_sums(const flow_work *work, const flow_look *look, int32_t k)
{
    if (look->n_failed > 0) {
        char line[256];
        snprintf(line, sizeof line, "what follows is of the %d %s solved alone", (int)look->n_converged,
                 line_plural(look->n_converged, "island", "islands"));
        line_label("Sums");
        line_wrapped(line, LINE_LABEL);
    }
    line_label("Slack");
    put_slack(work, look, k);
    line_label("Generation");
    put_generation(work, look);
    line_label("Losses");
    put_losses(work, look);
}

static void print_voltages(const flow_work *work, const flow_look *look)
{
    const sv_grid *grid = work->grid;
    if (work->opt->dc || look->i_low < 0)
        return;
    line_label("Voltages");
    printf("lowest %.4f pu at bus %.40s, highest %.4f pu at bus %.40s\n", work->vm_pu[look->i_low],
           bus_id(work, look->i_low), work->vm_pu[look->i_high], bus_id(work, look->i_high));
    line_label("");
    if (look->out_of_band.n == 0)
        puts("all within their bands");
    else
        printf("%d %s outside %s band\n", (int)look->out_of_band.n, line_plural(look->out_of_band.n, "bus", "buses"),
               line_plural(look->out_of_band.n, "its", "their"));
    for (int32_t k = 0; k < look->out_of_band.n && k < N_WORST; k++) {
        int32_t i = look->out_of_band.item[k].i;
        bool low = work->vm_pu[i] < grid->bus[i].v_min_pu;
        printf("%*sbus %.40s: %.4f pu, %s %.4f pu\n", LINE_LABEL, "", bus_id(work, i), work->vm_pu[i],
               low ? "below" : "above", low ? grid->bus[i].v_min_pu : grid->bus[i].v_max_pu);
    }
    put_more(look->out_of_band.n);
}

static void put_branch(const flow_work *work, const char *before, int32_t l)
{
    const sv_branch *row = &work->grid->branch[l];
    char a[32], line[256];
    snprintf(line, sizeof line, "%sbranch %.30s (%.30s-%.30s): %s %% of %g MVA", before, row->id,
             bus_id(work, row->i_from), bus_id(work, row->i_to), sv_cli_thousands(work->loading[l], 1, a),
             row->rate_a_mva);
    line_wrapped(line, LINE_LABEL);
}

static void print_loading(const flow_work *work, const flow_look *look)
{
    line_label("Loading");
    if (look->i_loaded < 0) {
        puts("no branch in service has a rate A");
        return;
    }
    if (look->overload.n == 0) {
        puts("no branch above rate A");
        printf("%*s", LINE_LABEL, "");
        put_branch(work, "highest on ", look->i_loaded);
        return;
    }
    printf("%d %s above rate A\n", (int)look->overload.n, line_plural(look->overload.n, "branch", "branches"));
    for (int32_t k = 0; k < look->overload.n && k < N_WORST; k++) {
        printf("%*s", LINE_LABEL, "");
        put_branch(work, "", look->overload.item[k].i);
    }
    put_more(look->overload.n);
}

static void put_reactive(const flow_work *work, const flow_look *look, const flow_list *list)
{
    char a[64], b[64];
    for (int32_t k = 0; k < list->n && k < N_WORST; k++) {
        int32_t i = list->item[k].i;
        const flow_reactive *sum = &look->reactive[i];
        bool high = sum->mvar - sum->max_mvar > sum->min_mvar - sum->mvar;
        printf("%*sbus %.40s: %s, limit %s, %.4f pu\n", LINE_LABEL, "", bus_id(work, i),
               line_power(sum->mvar, "Mvar", a), line_power(high ? sum->max_mvar : sum->min_mvar, "Mvar", b),
               work->vm_pu[i]);
    }
    put_more(list->n);
}

/* What can be done about it: a slack bus holds its voltage whatever that takes. */
static const char *reactive_remedy(const flow_work *work, const flow_look *look)
{
    int32_t n_slack = 0;
    for (int32_t k = 0; k < look->beyond_limit.n; k++)
        n_slack += flow_is_slack(work, look->beyond_limit.item[k].i);
    if (work->opt->settings.q_limits)
        return n_slack > 0 ? " (a slack bus is not held to them)" : "";
    return n_slack == 0                      ? " (--q-limits holds them)"
           : n_slack == look->beyond_limit.n ? " (a slack bus, which nothing holds to them)"
                                             : " (--q-limits holds all but the slack bus)";
}

static void print_reactive(const flow_work *work, const flow_look *look)
{
    if (look->at_limit.n > 0) {
        line_label("Reactive");
        printf("%d %s at a limit, off %s set point\n", (int)look->at_limit.n,
               line_plural(look->at_limit.n, "bus", "buses"), line_plural(look->at_limit.n, "its", "their"));
        put_reactive(work, look, &look->at_limit);
    }
    if (look->beyond_limit.n > 0) {
        char line[256];
        snprintf(line, sizeof line, "%d %s beyond the limits of %s units%s", (int)look->beyond_limit.n,
                 line_plural(look->beyond_limit.n, "bus", "buses"), line_plural(look->beyond_limit.n, "its", "their"),
                 reactive_remedy(work, look));
        line_label(look->at_limit.n > 0 ? "" : "Reactive");
        line_wrapped(line, LINE_LABEL);
        put_reactive(work, look, &look->beyond_limit);
    }
}

static void put_island(const flow_work *work, const flow_look *look, int32_t k)
{
    const sv_ac_island *island = &work->island[k];
    char a[64], line[256];
    int n = snprintf(line, sizeof line, "of bus %.40s: %d %s, %s of load, ", bus_id(work, island->first_bus),
                     (int)island->n_bus, line_plural(island->n_bus, "bus", "buses"),
                     line_power(look->island_load_mw[k], "MW", a));
    if (island->outcome == SV_AC_NO_SOURCE || (work->opt->dc && !look->has_unit[k]))
        snprintf(line + n, sizeof line - (size_t)n, "no source");
    else if (island->outcome != SV_AC_CONVERGED)
        snprintf(line + n, sizeof line - (size_t)n, "not converged");
    else
        snprintf(line + n, sizeof line - (size_t)n, "slack bus %.40s gives %s", bus_id(work, island->i_slack),
                 line_power(island->slack_mw, "MW", a));
    printf("%*s", LINE_LABEL, "");
    line_wrapped(line, LINE_LABEL);
}

/* Failed ones first, then those in the dark, then by the order of the tables. */
static void print_islands(const flow_work *work, const flow_look *look)
{
    int32_t n = work->islands->n_island, shown = 0;
    if (n < 2)
        return;
    line_label("Islands");
    printf("%d", (int)n);
    if (!work->opt->dc)
        printf(": %d converged, %d not, %d without a source", (int)look->n_converged, (int)look->n_failed,
               (int)look->n_dark);
    putchar('\n');
    for (int rank = 0; rank < 3; rank++)
        for (int32_t k = 0; k < n; k++) {
            sv_ac_outcome outcome = work->island[k].outcome;
            int own = outcome == SV_AC_CONVERGED ? 2 : outcome == SV_AC_NO_SOURCE ? 1 : 0;
            if (own == rank && shown++ < N_WORST)
                put_island(work, look, k);
        }
    put_more(n);
}

void flow_print_warnings(const flow_look *look)
{
    if (look->n_warning == 0)
        return;
    puts("\nWarnings");
    for (int32_t k = 0; k < look->n_warning; k++) {
        const flow_warning *w = &look->warning[k];
        char count[32];
        line_label(sv_cli_thousands(w->count, 0, count));
        line_wrapped(w->text, LINE_LABEL);
        for (int32_t i = 0; i < w->count && i < FLOW_EXAMPLES; i++)
            printf("%*s%s\n", LINE_LABEL, "", w->example[i]);
        if (w->count > FLOW_EXAMPLES)
            printf("%*sand %d more\n", LINE_LABEL, "", (int)(w->count - FLOW_EXAMPLES));
    }
}

void flow_print(const flow_work *work, const flow_look *look)
{
    int32_t k = main_island(work, look);
    print_answer(work, look);
    if (k >= 0 || work->islands->n_island > 1)
        putchar('\n');
    if (k >= 0) {
        print_sums(work, look, k);
        print_voltages(work, look);
        print_loading(work, look);
        print_reactive(work, look);
    }
    print_islands(work, look);
    flow_print_warnings(look);
}
