/* The summary of a run as a minister would read it: the answer first, people before megawatts, every number with its unit
 * and every average with its 95 % interval. 80 columns, plain text, the same words on a terminal and in a file. */
#include "summary.h"
#include "cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_WORST = 5, ENOUGH = 20 };
enum { LABEL = 28, AVERAGE = 24, MIDDLE = 12, TAIL = 14, SPLIT_LABEL = 21, SPLIT = 19 }; /* columns */
static const double z95 = 1.959963984540054; /* half a 95 % interval, in standard errors */

double sv_report_people_of(const sv_report *report, int32_t i_load)
{
    const sv_load *load = &report->grid->load[i_load];
    if (load->people > 0.0 || load->p_mw <= 0.0)
        return load->people;
    return load->p_mw * report->scenario->season.people_per_mw;
}

/* ---- numbers as text ----------------------------------------------------------------------- */

typedef enum { ENERGY_MWH, POWER_MW, HOURS, PEOPLE, COUNT } quantity;

/* One unit for all cells of a row: value * factor, in unit. */
typedef struct {
    double factor;
    const char *unit;
} measure;

static int decade(double value)
{
    return value != 0.0 && isfinite(value) ? (int)floor(log10(fabs(value)) + 1e-12) : 0;
}

static measure choose_measure(quantity what, double largest)
{
    switch (what) {
    case ENERGY_MWH:
        if (largest >= 1e7)
            return (measure){1e-6, "TWh"};
        if (largest >= 1e4)
            return (measure){1e-3, "GWh"};
        return largest >= 0.1 ? (measure){1.0, "MWh"} : (measure){1e3, "kWh"};
    case POWER_MW:
        if (largest >= 1e4)
            return (measure){1e-3, "GW"};
        return largest >= 0.1 ? (measure){1.0, "MW"} : (measure){1e3, "kW"};
    case HOURS:
        if (largest >= 0.1)
            return (measure){1.0, "h"};
        return largest >= 0.1 / 60.0 ? (measure){60.0, "min"} : (measure){3600.0, "s"};
    case PEOPLE:
        return largest >= 1e6 ? (measure){1e-6, "million"} : (measure){1.0, "people"};
    case COUNT:
        break;
    }
    return (measure){1.0, ""};
}

/* The value rounded at 10^place, with as many decimals as that leaves. */
static const char *rounded(double value, int place, char text[32])
{
    double step = pow(10.0, place);
    return sv_cli_thousands(place > 0 ? round(value / step) * step : value,
                            place >= 0   ? 0
                            : place < -6 ? 6
                                         : -place,
                            text);
}

/* Three digits: what quantiles are good for (0.5 %), and what a reader keeps in mind. Whole thousands stay whole. */
static const char *three_digits(double value, char text[32])
{
    int place = decade(value) - 2;
    return rounded(value, place > 0 && fabs(value) < 10000.0 ? 0 : place, text);
}

/* "1,284 ± 40 GWh": the interval with two digits, the average to the same place; three digits when there is none. */
static void average_text(char *text, size_t n, measure m, double mean, double half)
{
    char a[32], b[32];
    const char *gap = m.unit[0] == '\0' ? "" : " ";
    if (half > 0.0 && isfinite(half)) {
        int place = decade(half * m.factor) - 1;
        if (place < decade(mean * m.factor) - 5)
            place = decade(mean * m.factor) - 5;
        snprintf(text, n, "%s ± %s%s%s", rounded(mean * m.factor, place, a), rounded(half * m.factor, place, b), gap,
                 m.unit);
    } else {
        snprintf(text, n, "%s%s%s", mean == 0.0 ? "0" : three_digits(mean * m.factor, a), gap, m.unit);
    }
}

/* A single amount for sentences: "11.2 h", "4.9 million people", "61,000 people". */
static const char *amount(quantity what, double value, char text[64])
{
    char number[32];
    measure m = choose_measure(what, fabs(value));
    double shown = value * m.factor;
    if (what == PEOPLE)
        snprintf(text, 64, "%s%s people",
                 rounded(shown, shown < 10.0 && m.factor >= 1.0 ? 0 : decade(shown) - 1, number),
                 m.factor < 1.0 ? " million" : "");
    else
        snprintf(text, 64, "%s %s", value == 0.0 ? "0" : three_digits(shown, number), m.unit);
    return text;
}

static const char *percent_text(double share, char text[32])
{
    double percent = 100.0 * share;
    int decimals = percent > 0.0 ? 1 - decade(percent) : 0;
    snprintf(text, 32, "%.*f %%", decimals < 0 ? 0 : decimals > 6 ? 6 : decimals, percent);
    return text;
}

static const char *date_text(int64_t t_h, char text[32])
{
    static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    sv_date date = sv_date_from_hour(t_h);
    snprintf(text, 32, "%d %s %d", (int)date.day, month[date.month - 1], (int)date.year);
    return text;
}

/* Print text in a field of so many columns; bytes that continue a character take none. */
static void cell(const char *text, int width)
{
    int columns = 0;
    for (const char *c = text; *c != '\0'; c++)
        columns += ((unsigned char)*c & 0xC0u) != 0x80u;
    int gap = width < 0 ? -width - columns : width - columns;
    if (width < 0)
        printf("%s%*s", text, gap > 0 ? gap : 0, "");
    else
        printf("%*s%s", gap > 0 ? gap : 1, "", text);
}

/* ---- the parts ----------------------------------------------------------------------------- */

typedef struct {
    const sv_report *report;
    const char *noun; /* what one season is called */
    double people;    /* in all; 0 = the grid knows none */
    sv_summary metric[SV_N_METRIC];
} view;

/* What a reader would call one season: by its length and the months it spans. */
static const char *season_noun(const sv_season_settings *season)
{
    if (season->n_h >= 8700 && season->n_h <= 8784)
        return "year";
    sv_date first = sv_date_from_hour(season->t0_h), last = sv_date_from_hour(season->t0_h + season->n_h - 1);
    bool starts_cold = first.month >= 10 || first.month <= 3, ends_cold = last.month >= 10 || last.month <= 4;
    return starts_cold && ends_cold && season->n_h >= 1000 && season->n_h < 5200 ? "winter" : "season";
}

static view view_of(const sv_report *report)
{
    view v = {.report = report, .noun = season_noun(&report->scenario->season)};
    for (int32_t i = 0; i < report->grid->n_load; i++)
        v.people += sv_report_people_of(report, i);
    for (int i = 0; i < SV_N_METRIC; i++)
        sv_study_summary(report->study, (sv_metric)i, &v.metric[i]);
    return v;
}

static void print_head(const view *v)
{
    const sv_report *report = v->report;
    const sv_season_settings *season = &report->scenario->season;
    char a[64], b[32], c[32], d[32];
    const char *name = report->scenario->name, *grid = report->grid->name[0] == '\0' ? "Grid" : report->grid->name;
    if (name != NULL && name[0] != '\0' && strcmp(name, grid) != 0)
        printf("%s\n", name);
    printf("%s: %s %s, %s %s", grid, sv_cli_thousands(report->grid->n_bus, 0, b),
           report->grid->n_bus == 1 ? "bus" : "buses", sv_cli_thousands(report->grid->n_region, 0, c),
           report->grid->n_region == 1 ? "region" : "regions");
    if (v->people > 0.0)
        printf(", %s", amount(PEOPLE, v->people, a));
    printf("\n%s to %s, %s h", date_text(season->t0_h, b), date_text(season->t0_h + season->n_h - 1, c),
           sv_cli_thousands((double)season->n_h, 0, d));
    printf(" · %s %s%s in %s s\n\n", sv_cli_thousands((double)report->info.n_season, 0, b), v->noun,
           report->info.n_season == 1 ? "" : "s",
           sv_cli_thousands(report->info.seconds, report->info.seconds < 10 ? 1 : 0, c));
}

/* Nothing was shed: say what that proves and what not ("rule of three": 95 % bound for no event in n trials). */
static void print_bright(const view *v)
{
    char a[32], b[32];
    int64_t n = v->metric[SV_M_EENS_MWH].n;
    printf("  Nobody was without power in any of the %s simulated %ss.\n", sv_cli_thousands((double)n, 0, a), v->noun);
    if (n >= 10)
        printf("  So the chance of a %s with a cut is below %s (95 %% sure).\n", v->noun,
               percent_text(1.0 - pow(0.05, 1.0 / (double)n), b));
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
               amount(HOURS, hours->mean / v->people, a));
        if (tail)
            printf(";\n  in one %s in twenty, for more than %s", v->noun, amount(HOURS, hours->p95 / v->people, a));
        printf(".\n  At the worst hour of %s %s, %s are in the dark", eens->n > 1 ? "a middling" : "this", v->noun,
               amount(PEOPLE, worst->p50, a));
        if (tail)
            printf(";\n  in one %s in twenty, more than %s", v->noun, amount(PEOPLE, worst->p95, a));
        puts(".");
    } else {
        printf("  %s %s demand cannot be met in full for %s", average, v->noun, amount(HOURS, lole->mean, a));
        if (tail)
            printf(";\n  in one %s in twenty, for more than %s", v->noun, amount(HOURS, lole->p95, a));
        puts(".");
    }
    if (v->metric[SV_M_DEMAND_MWH].mean > 0.0)
        printf("  %s of the electricity that is wanted is not delivered.\n",
               percent_text(eens->mean / v->metric[SV_M_DEMAND_MWH].mean, a));
}

/* A quantile of a row; none where there are too few seasons for it. */
static void quantile_cell(double value, bool known, int width)
{
    char number[32];
    cell(known && isfinite(value) ? value == 0.0 ? "0" : three_digits(value, number) : "-", width);
}

static void print_row(const char *label, quantity what, const sv_summary *s, double per)
{
    char text[96];
    measure m = choose_measure(what, fmax(fabs(s->mean), fabs(s->p95)) / per);
    printf("  ");
    cell(label, -LABEL);
    average_text(text, sizeof text, m, s->mean / per, z95 * s->se / per);
    cell(text, AVERAGE);
    quantile_cell(s->p50 / per * m.factor, s->n > 1, MIDDLE);
    quantile_cell(s->p95 / per * m.factor, s->n >= ENOUGH, TAIL);
    putchar('\n');
}

static void print_heading(const char *first, const char *second, const char *third, const char *fourth)
{
    putchar('\n');
    cell(first, -(LABEL + 2));
    cell(second, AVERAGE);
    cell(third, MIDDLE);
    cell(fourth, TAIL);
    putchar('\n');
}

static void print_people(const view *v)
{
    static const sv_metric off[SV_N_OFF] = {SV_M_OFF_4H, SV_M_OFF_8H, SV_M_OFF_24H, SV_M_OFF_72H};
    char label[64];
    if (v->people <= 0.0)
        return;
    print_row("time off, a person", HOURS, &v->metric[SV_M_PEOPLE_HOURS], v->people);
    print_row("off at the worst hour", PEOPLE, &v->metric[SV_M_WORST_PEOPLE], 1.0);
    for (int i = 0; i < SV_N_OFF; i++) {
        snprintf(label, sizeof label, "off more than %d h in a row", (int)sv_off_h[i]);
        print_row(label, PEOPLE, &v->metric[off[i]], 1.0);
    }
    print_row("longest time off", HOURS, &v->metric[SV_M_LONGEST_H], 1.0);
}

/* Over all outages of all seasons: their hours add up to the hours with cuts. */
static void print_event_length(const view *v)
{
    char text[64];
    printf("  ");
    cell("an outage lasts, on average", -LABEL);
    cell(amount(HOURS, v->metric[SV_M_LOLE_H].mean / v->metric[SV_M_EVENTS].mean, text), AVERAGE);
    putchar('\n');
}

static void print_table(const view *v)
{
    char head[64];
    snprintf(head, sizeof head, "One %s", v->noun);
    print_heading(head, "average ± 95 %", "half above", "1 in 20 above");
    print_people(v);
    print_row("energy not served", ENERGY_MWH, &v->metric[SV_M_EENS_MWH], 1.0);
    print_row("hours with cuts (LOLE)", HOURS, &v->metric[SV_M_LOLE_H], 1.0);
    print_row("shed at the worst hour", POWER_MW, &v->metric[SV_M_WORST_MW], 1.0);
    print_row("outages of the country", COUNT, &v->metric[SV_M_EVENTS], 1.0);
    print_event_length(v);
    if (v->metric[SV_M_WAVES].mean > 0.0) {
        print_row("waves", COUNT, &v->metric[SV_M_WAVES], 1.0);
        print_row("strikes at grid sites", COUNT, &v->metric[SV_M_STRIKES], 1.0);
        print_row("of which intercepted", COUNT, &v->metric[SV_M_INTERCEPTED], 1.0);
        print_row("units lost", COUNT, &v->metric[SV_M_UNITS_LOST], 1.0);
        print_row("units repaired", COUNT, &v->metric[SV_M_UNITS_REPAIRED], 1.0);
    }
}

static void split_cell(quantity what, const sv_summary *s, double per, int width)
{
    char text[96];
    average_text(text, sizeof text, choose_measure(what, s->mean / per), s->mean / per, z95 * s->se / per);
    cell(text, width);
}

/* One line of a split: energy, hours with cuts, time off a person where people are known. */
static void print_split(const char *label, const sv_summary split[SV_N_SPLIT_METRIC], double people)
{
    printf("  ");
    cell(label, -SPLIT_LABEL);
    split_cell(ENERGY_MWH, &split[SV_M_EENS_MWH], 1.0, SPLIT);
    split_cell(HOURS, &split[SV_M_LOLE_H], 1.0, SPLIT);
    if (people > 0.0)
        split_cell(HOURS, &split[SV_M_PEOPLE_HOURS], people, SPLIT);
    putchar('\n');
}

static void print_split_heading(const view *v, const char *first)
{
    putchar('\n');
    cell(first, -(SPLIT_LABEL + 2));
    cell("not served", SPLIT);
    cell("hours with cuts", SPLIT);
    if (v->people > 0.0)
        cell("time off, a person", SPLIT);
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

/* What a careful reader must know before quoting a number. */
static void print_notes(const view *v)
{
    const sv_study_info *info = &v->report->info;
    const sv_summary *eens = &v->metric[SV_M_EENS_MWH];
    char a[64], b[32];
    putchar('\n');
    if (eens->n < 2)
        printf("One %s only: nothing can be said about uncertainty.\n", v->noun);
    else if (eens->mean > 0.0)
        printf("± is half of a 95 %% interval of the average: how well this run knows it. More\n"
               "%ss narrow it. It does not tell whether the assumed rates are right.\n",
               v->noun);
    if (eens->n >= ENOUGH && eens->n < 200 && eens->mean > 0.0)
        printf("\"1 in 20 above\" is rough with so few %ss.\n", v->noun);
    if (info->stopped)
        printf("Stopped early: %s %ss are in these figures.\n", sv_cli_thousands((double)info->n_season, 0, a),
               v->noun);
    double until = v->report->scenario->study.until;
    if (until > 0.0 && !info->stopped)
        printf("Asked: a standard error of %s of the energy not served. %s: %s.\n", percent_text(until, a),
               info->converged ? "Reached" : "Not reached",
               eens->mean > 0.0 && isfinite(eens->se) ? percent_text(eens->se / eens->mean, b) : "no error is known");
    if (v->metric[SV_M_RELAXED_MWH].mean > 0.0)
        printf("Limits of lines were relaxed by %s a %s: no dispatch could keep them all.\n",
               amount(ENERGY_MWH, v->metric[SV_M_RELAXED_MWH].mean, a), v->noun);
    if (info->n_failed > 0)
        printf("%s %s%s failed and are left out of every figure; the database tells why.\n",
               sv_cli_thousands((double)info->n_failed, 0, a), v->noun, info->n_failed == 1 ? "" : "s");
    if (v->report->out_path != NULL)
        printf("Results: %s\n", v->report->out_path);
}

void sv_report_text(const sv_report *report)
{
    view v = view_of(report);
    print_head(&v);
    if (v.metric[SV_M_EENS_MWH].mean > 0.0) {
        print_answer(&v);
        print_table(&v);
        print_classes(&v);
        print_regions(&v);
    } else {
        print_bright(&v);
    }
    print_notes(&v);
}
