/* The summary of a run as a minister would read it: the answer first, people before megawatts, every number with its unit
 * and every average with its 95 % interval. 80 columns, plain text, the same words on a terminal and in a file. */
#include "check.h"
#include "cli.h"
#include "number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_WORST = 5, ENOUGH = 20 };
enum { LABEL = 28, AVERAGE = 24, MIDDLE = 12, TAIL = 14, SPLIT_LABEL = 21, SPLIT = 19 }; /* columns */

double sv_report_people_of(const sv_report *report, int32_t i_load)
{
    return sv_season_people(&report->scenario->season, &report->grid->load[i_load]);
}

/* ---- the parts ----------------------------------------------------------------------------- */

typedef struct {
    const sv_report *report;
    const char *noun; /* what one season is called */
    double people;    /* in all; 0 = the grid knows none */
    sv_summary metric[SV_N_METRIC];
} view;

double sv_report_people(const sv_report *report)
{
    double people = 0.0;
    for (int32_t i = 0; i < report->grid->n_load; i++)
        people += sv_report_people_of(report, i);
    return people;
}

static view view_of(const sv_report *report)
{
    view v = {.report = report, .noun = sv_season_noun(report->scenario->season.t0_h, report->scenario->season.n_h)};
    v.people = sv_report_people(report);
    for (int i = 0; i < SV_N_METRIC; i++)
        sv_study_summary(report->study, (sv_metric)i, &v.metric[i]);
    return v;
}

void sv_report_head(const sv_report *report)
{
    double people = sv_report_people(report);
    const char *noun = sv_season_noun(report->scenario->season.t0_h, report->scenario->season.n_h);
    const sv_season_settings *season = &report->scenario->season;
    char a[64], b[32], c[32], d[32];
    const char *name = report->scenario->name, *grid = report->grid->name[0] == '\0' ? "Grid" : report->grid->name;
    if (name != NULL && name[0] != '\0' && strcmp(name, grid) != 0)
        printf("%s\n", name);
    printf("%s: %s %s, %s %s", grid, sv_cli_thousands(report->grid->n_bus, 0, b),
           report->grid->n_bus == 1 ? "bus" : "buses", sv_cli_thousands(report->grid->n_region, 0, c),
           report->grid->n_region == 1 ? "region" : "regions");
    if (people > 0.0)
        printf(", %s", sv_amount(SV_PEOPLE, people, a));
    printf("\n%s to %s, %s h", sv_date_text(season->t0_h, b), sv_date_text(season->t0_h + season->n_h - 1, c),
           sv_cli_thousands((double)season->n_h, 0, d));
    printf(" · %s %s%s", sv_cli_thousands((double)report->info.n_season, 0, b), noun,
           report->info.n_season == 1 ? "" : "s");
    if (!report->resumed)
        printf(" in %s s", sv_cli_thousands(report->info.seconds, report->info.seconds < 10 ? 1 : 0, c));
    puts("\n");
}

/* Nothing was shed: say what that proves and what not ("rule of three": 95 % bound for no event in n trials). */
static void print_bright(const view *v)
{
    char a[32], b[32];
    int64_t n = v->metric[SV_M_EENS_MWH].n;
    printf("  Nobody was without power in any of the %s simulated %ss.\n", sv_cli_thousands((double)n, 0, a), v->noun);
    if (n >= 10)
        printf("  So the chance of a %s with a cut is below %s (95 %% sure).\n", v->noun,
               sv_percent_text(1.0 - pow(0.05, 1.0 / (double)n), b));
}

static void print_answer(const view *v)
{
    const sv_summary *eens = &v->metric[SV_M_EENS_MWH], *hours = &v->metric[SV_M_PEOPLE_HOURS];
    const sv_summary *worst = &v->metric[SV_M_WORST_PEOPLE], *lole = &v->metric[SV_M_LOLE_H];
    char a[64];
    bool tail = eens->n >= ENOUGH; /* enough to speak of one in twenty */
    const char *average = eens->n > 1 ? "In an average" : "In this";
    if (v->people > 0.0 && hours->mean > 0.0) {
        printf("  %s %s a person is without power for %s in all", average, v->noun,
               sv_amount(SV_HOURS, hours->mean / v->people, a));
        if (tail)
            printf(";\n  in one %s in twenty, for more than %s", v->noun,
                   sv_amount(SV_HOURS, hours->p95 / v->people, a));
        printf(".\n  At the worst hour of %s %s, %s are in the dark", eens->n > 1 ? "a middling" : "this", v->noun,
               sv_amount(SV_PEOPLE, worst->p50, a));
        if (tail)
            printf(";\n  in one %s in twenty, more than %s", v->noun, sv_amount(SV_PEOPLE, worst->p95, a));
        puts(".");
    } else {
        printf("  %s %s demand cannot be met in full for %s", average, v->noun, sv_amount(SV_HOURS, lole->mean, a));
        if (tail)
            printf(";\n  in one %s in twenty, for more than %s", v->noun, sv_amount(SV_HOURS, lole->p95, a));
        puts(".");
    }
    if (v->metric[SV_M_DEMAND_MWH].mean > 0.0)
        printf("  %s of the electricity that is wanted is not delivered.\n",
               sv_percent_text(eens->mean / v->metric[SV_M_DEMAND_MWH].mean, a));
}

/* A quantile of a row; none where there are too few seasons for it. */
static void quantile_cell(double value, bool known, int width)
{
    char number[32];
    sv_cell(known && isfinite(value) ? value == 0.0 ? "0" : sv_three_digits(value, number) : "-", width);
}

static void print_row(const char *label, sv_quantity what, const sv_summary *s, double per)
{
    char text[96];
    sv_measure m = sv_choose_measure(what, fmax(fabs(s->mean), fabs(s->p95)) / per);
    printf("  ");
    sv_cell(label, -LABEL);
    sv_average_text(text, sizeof text, m, s->mean / per, sv_half95(s->n) * s->se / per);
    sv_cell(text, AVERAGE);
    quantile_cell(s->p50 / per * m.factor, s->n > 1, MIDDLE);
    quantile_cell(s->p95 / per * m.factor, s->n >= ENOUGH, TAIL);
    putchar('\n');
}

static void print_heading(const char *first, const char *second, const char *third, const char *fourth)
{
    putchar('\n');
    sv_cell(first, -(LABEL + 2));
    sv_cell(second, AVERAGE);
    sv_cell(third, MIDDLE);
    sv_cell(fourth, TAIL);
    putchar('\n');
}

static void print_people(const view *v)
{
    static const sv_metric off[SV_N_OFF] = {SV_M_OFF_4H, SV_M_OFF_8H, SV_M_OFF_24H, SV_M_OFF_72H};
    char label[64];
    if (v->people <= 0.0)
        return;
    print_row("time off, a person", SV_HOURS, &v->metric[SV_M_PEOPLE_HOURS], v->people);
    print_row("off at the worst hour", SV_PEOPLE, &v->metric[SV_M_WORST_PEOPLE], 1.0);
    for (int i = 0; i < SV_N_OFF; i++) {
        snprintf(label, sizeof label, "off more than %d h in a row", (int)sv_off_h[i]);
        print_row(label, SV_PEOPLE, &v->metric[off[i]], 1.0);
    }
    print_row("longest time off", SV_HOURS, &v->metric[SV_M_LONGEST_H], 1.0);
}

/* Over all outages of all seasons: their hours add up to the hours with cuts. */
static void print_event_length(const view *v)
{
    char text[64];
    printf("  ");
    sv_cell("an outage lasts, on average", -LABEL);
    sv_cell(sv_amount(SV_HOURS, v->metric[SV_M_LOLE_H].mean / v->metric[SV_M_EVENTS].mean, text), AVERAGE);
    putchar('\n');
}

static void print_table(const view *v)
{
    char head[64];
    snprintf(head, sizeof head, "One %s", v->noun);
    print_heading(head, "average ± 95 %", "half above", "1 in 20 above");
    print_people(v);
    print_row("energy not served", SV_ENERGY_MWH, &v->metric[SV_M_EENS_MWH], 1.0);
    print_row("hours with cuts (LOLE)", SV_HOURS, &v->metric[SV_M_LOLE_H], 1.0);
    print_row("shed at the worst hour", SV_POWER_MW, &v->metric[SV_M_WORST_MW], 1.0);
    print_row("outages of the country", SV_COUNT, &v->metric[SV_M_EVENTS], 1.0);
    print_event_length(v);
    if (v->metric[SV_M_WAVES].mean > 0.0) {
        print_row("waves", SV_COUNT, &v->metric[SV_M_WAVES], 1.0);
        print_row("strikes at grid sites", SV_COUNT, &v->metric[SV_M_STRIKES], 1.0);
        print_row("of which intercepted", SV_COUNT, &v->metric[SV_M_INTERCEPTED], 1.0);
        print_row("units lost", SV_COUNT, &v->metric[SV_M_UNITS_LOST], 1.0);
        print_row("units repaired", SV_COUNT, &v->metric[SV_M_UNITS_REPAIRED], 1.0);
    }
}

static void split_cell(sv_quantity what, const sv_summary *s, double per, int width)
{
    char text[96];
    sv_average_text(text, sizeof text, sv_choose_measure(what, s->mean / per), s->mean / per,
                    sv_half95(s->n) * s->se / per);
    sv_cell(text, width);
}

/* One line of a split: energy, hours with cuts, time off a person where people are known. */
static void print_split(const char *label, const sv_summary split[SV_N_SPLIT_METRIC], double people)
{
    printf("  ");
    sv_cell(label, -SPLIT_LABEL);
    split_cell(SV_ENERGY_MWH, &split[SV_M_EENS_MWH], 1.0, SPLIT);
    split_cell(SV_HOURS, &split[SV_M_LOLE_H], 1.0, SPLIT);
    if (people > 0.0)
        split_cell(SV_HOURS, &split[SV_M_PEOPLE_HOURS], people, SPLIT);
    putchar('\n');
}

static void print_split_heading(const view *v, const char *first)
{
    putchar('\n');
    sv_cell(first, -(SPLIT_LABEL + 2));
    sv_cell("not served", SPLIT);
    sv_cell("hours with cuts", SPLIT);
    if (v->people > 0.0)
        sv_cell("time off, a person", SPLIT);
    putchar('\n');
}

static void print_classes(const view *v)
{
    print_split_heading(v, "By class of customer");
    for (int i = 0; i < SV_N_CLASS; i++) {
        double people = 0.0;
        bool there = false;
        for (int32_t k = 0; k < v->report->grid->n_load; k++)
            if (v->report->grid->load[k].class_ == (sv_class)i) {
                there = true;
                people += sv_report_people_of(v->report, k);
            }
        sv_summary split[SV_N_SPLIT_METRIC];
        for (int m = 0; m < SV_N_SPLIT_METRIC; m++)
            sv_study_class_summary(v->report->study, (sv_class)i, (sv_metric)m, &split[m]);
        if (there)
            print_split(sv_class_name[i], split, people);
    }
}

static double region_people(const view *v, int32_t i_region)
{
    const sv_grid *grid = v->report->grid;
    double people = 0.0;
    for (int32_t i = 0; i < grid->n_load; i++)
        if (grid->bus[grid->load[i].i_bus].i_region == i_region)
            people += sv_report_people_of(v->report, i);
    return people;
}

/* How hard a region is hit: time off a person, or energy where no people are known; ties by its place in the table. */
static double region_harm(const view *v, int32_t i_region)
{
    sv_summary s;
    double people = v->people > 0.0 ? region_people(v, i_region) : 0.0;
    sv_study_region_summary(v->report->study, i_region, v->people > 0.0 ? SV_M_PEOPLE_HOURS : SV_M_EENS_MWH, &s);
    if (v->people > 0.0)
        return people > 0.0 ? s.mean / people : 0.0;
    return s.mean;
}

/* The first characters of a name, whole ones: a byte 10xxxxxx continues a character. */
static void clip(char label[4 * SPLIT_LABEL + 1], const char *name)
{
    int n = 0, columns = 0;
    while (name[n] != '\0' && n < 4 * SPLIT_LABEL) {
        columns += ((unsigned char)name[n] & 0xC0u) != 0x80u;
        if (columns > SPLIT_LABEL)
            break;
        label[n] = name[n];
        n++;
    }
    label[n] = '\0';
}

/* The regions hit hardest, by repeated choice of the next: few are shown, and nothing is allocated. */
static void print_regions(const view *v)
{
    const sv_grid *grid = v->report->grid;
    if (grid->n_region < 2)
        return;
    print_split_heading(v, "Regions hit hardest");
    double bound = (double)INFINITY;
    int32_t last = -1;
    int shown = 0;
    for (; shown < N_WORST; shown++) {
        int32_t next = -1;
        double harm = 0.0;
        for (int32_t i = 0; i < grid->n_region; i++) {
            double h = region_harm(v, i);
            if ((h < bound || (h == bound && i > last)) && h > harm) {
                harm = h;
                next = i;
            }
        }
        if (next < 0)
            break;
        sv_summary split[SV_N_SPLIT_METRIC];
        for (int m = 0; m < SV_N_SPLIT_METRIC; m++)
            sv_study_region_summary(v->report->study, next, (sv_metric)m, &split[m]);
        const sv_region *region = &grid->region[next];
        char label[4 * SPLIT_LABEL + 1];
        clip(label, region->name != NULL && region->name[0] != '\0' ? region->name : region->id);
        print_split(label, split, region_people(v, next));
        bound = harm;
        last = next;
    }
    if (shown < grid->n_region)
        printf("  and %d more, in --json\n", (int)(grid->n_region - shown));
}

static void print_accuracy(const view *v)
{
    const sv_summary *eens = &v->metric[SV_M_EENS_MWH];
    putchar('\n');
    if (eens->n < 2)
        printf("One %s only: nothing can be said about uncertainty.\n", v->noun);
    else if (eens->mean > 0.0)
        printf("± is half of a 95 %% interval of the average: how well this run knows it. More\n"
               "%ss narrow it. It does not tell whether the assumed rates are right.\n",
               v->noun);
    if (eens->n >= ENOUGH && eens->n < 200 && eens->mean > 0.0)
        printf("\"1 in 20 above\" is rough with so few %ss.\n", v->noun);
}

void sv_report_notes(const sv_report *report)
{
    const sv_study_info *info = &report->info;
    const char *noun = sv_season_noun(report->scenario->season.t0_h, report->scenario->season.n_h);
    sv_summary eens, relaxed;
    char a[64], b[32];
    sv_study_summary(report->study, SV_M_EENS_MWH, &eens);
    sv_study_summary(report->study, SV_M_RELAXED_MWH, &relaxed);
    if (info->stopped)
        printf("Stopped early: %s %ss are in these figures.\n", sv_cli_thousands((double)info->n_season, 0, a), noun);
    double until = report->scenario->study.until;
    if (until > 0.0 && !info->stopped)
        printf("Asked: a standard error of %s of the energy not served. %s: %s.\n", sv_percent_text(until, a),
               info->converged ? "Reached" : "Not reached",
               eens.mean > 0.0 && isfinite(eens.se) ? sv_percent_text(eens.se / eens.mean, b) : "no error is known");
    if (relaxed.mean > 0.0)
        printf("Limits of lines were relaxed by %s a %s: no dispatch could keep them all.\n",
               sv_amount(SV_ENERGY_MWH, relaxed.mean, a), noun);
    if (info->n_failed > 0)
        printf("%s %s%s failed and are left out of every figure; the database tells why.\n",
               sv_cli_thousands((double)info->n_failed, 0, a), noun, info->n_failed == 1 ? "" : "s");
    if (report->out_path != NULL)
        printf("Results: %s\n", report->out_path);
}

void sv_report_text(const sv_report *report)
{
    view v = view_of(report);
    sv_report_head(report);
    if (v.metric[SV_M_EENS_MWH].mean > 0.0) {
        print_answer(&v);
        print_table(&v);
        print_classes(&v);
        print_regions(&v);
    } else {
        print_bright(&v);
    }
    if (report->ac != NULL)
        check_text(report);
    print_accuracy(&v);
    sv_report_notes(report);
}
