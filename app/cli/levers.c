/* What each lever is worth, for a tired planner: the verdict first, largest first, every difference with its 95 % interval
 * over the same winters. 80 columns, plain text. */
#include "levers.h"
#include "cli.h"
#include "number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME = 36, VERDICT = 24, BAR = 17, ENERGY = 19, WORST = 23, COST = 14, MWH = 12, PERSON = 16 }; /* columns */
enum { VALUE = 17, POINT = 24, SHARE = 16, ENOUGH = 20 };

/* ---- verdicts ------------------------------------------------------------------------------ */

/* Seasons at which a difference of this size would be seen. */
static double seasons_needed(const sv_paired *difference)
{
    double ratio = sv_half95(INT64_MAX) * difference->se / fabs(difference->mean);
    return ceil((double)difference->n * ratio * ratio);
}

/* A share says something: there is a base, and the change is not ten times as large. */
static bool has_share(const sv_paired *paired)
{
    return isfinite(paired->share) && isfinite(paired->share_se) && fabs(paired->share) < 10.0;
}

/* "31.2 ± 1.9 %", of the base; what nobody could feel is told as that. */
static const char *share_text(const sv_paired *paired, bool bare, char text[64])
{
    double share = bare ? fabs(paired->share) : paired->share, half = sv_half95(paired->n) * paired->share_se;
    if (!has_share(paired))
        return isfinite(paired->share) ? "over 1,000 %" : "-";
    if (fabs(share) + half < 1e-4 && half > 0.0)
        return "below 0.01 %";
    sv_average_text(text, 64, (sv_measure){100.0, "%"}, share, half);
    return text;
}

/* How many it would take; few seasons know too little of their own spread to say. */
static void unseen_text(const sv_paired *difference, const char *noun, char text[96])
{
    char number[32];
    double needed = seasons_needed(difference);
    int place = (int)floor(log10(fmax(needed, 1.0))) - 1;
    if (difference->n >= ENOUGH && needed < 1e7)
        snprintf(text, 96, "no difference seen: needs about %s %ss", sv_rounded(needed, place > 0 ? place : 0, number),
                 noun);
    else
        snprintf(text, 96, "no difference seen");
}

const char *sv_verdict_text(const sv_paired *difference, const char *noun, char text[96])
{
    char number[64];
    sv_verdict verdict = sv_verdict_of(difference);
    const char *word = verdict == SV_SAVES ? "saves" : "adds";
    switch (verdict) {
    case SV_TOO_FEW:
        snprintf(text, 96, "unknown with so few %ss", noun);
        break;
    case SV_NOTHING:
        snprintf(text, 96, "no difference in any %s", noun);
        break;
    case SV_UNSEEN:
        unseen_text(difference, noun, text);
        break;
    case SV_SAVES:
    case SV_ADDS:
        if (isfinite(difference->share))
            snprintf(text, 96, "%s %s", word, share_text(difference, true, number));
        else
            snprintf(text, 96, "%s, from nothing", word);
        break;
    }
    return text;
}

/* ---- parts --------------------------------------------------------------------------------- */

typedef struct {
    const sv_report *report;
    const char *noun;
    sv_metric metric; /* by which levers are ranked: people-hours, energy where no people are known */
    double widest;    /* largest share that a bar shows */
    int32_t order[SV_MOST_LEVERS];
} view;

static sv_paired difference_of(const view *v, int32_t i_lever, sv_metric metric)
{
    sv_paired difference;
    sv_study_lever_summary(v->report->study, i_lever, metric, NULL, &difference, NULL);
    return difference;
}

static sv_paired contrast_of(const view *v, int32_t i_lever)
{
    sv_paired contrast;
    sv_study_lever_summary(v->report->study, i_lever, v->metric, NULL, NULL, &contrast);
    return contrast;
}

/* The first so many columns of a name, with a sign where it goes on; a byte 10xxxxxx continues a character. */
static void name_cell(const char *name, int width)
{
    char label[160];
    int n = 0, columns = 0, n_cut = 0;
    for (; name[n] != '\0' && n < (int)sizeof label - 8; n++) {
        columns += ((unsigned char)name[n] & 0xC0u) != 0x80u;
        if (columns >= width)
            break;
        if (columns < width - 1)
            n_cut = n + 1;
        label[n] = name[n];
    }
    if (name[n] != '\0') {
        while (n_cut > 0 && ((unsigned char)name[n_cut] & 0xC0u) == 0x80u)
            n_cut--;
        n = n_cut + (int)strlen(strcpy(label + n_cut, "…"));
    }
    label[n] = '\0';
    sv_cell(label, -width);
}

/* The name; a combination by the names of its parts' files, which are short. */
static void label_cell(const view *v, int32_t i_lever, int width)
{
    const sv_lever *lever = &v->report->lever[i_lever];
    char label[256] = "";
    size_t n = 0;
    for (int32_t k = 0; k < lever->n_part; k++) {
        size_t stem;
        const char *file = sv_cli_file(v->report->lever[lever->part[k]].path, &stem);
        n += (size_t)snprintf(label + n, sizeof label - n, "%s%.*s", k > 0 ? " + " : "", (int)stem, file);
        n = n < sizeof label ? n : sizeof label - 1;
    }
    name_cell(lever->n_part > 0 ? label : lever->scenario->name, width);
}

static void print_bar(const view *v, double share)
{
    int eighths = v->widest > 0.0 && isfinite(share) ? (int)lround(8.0 * BAR * fabs(share) / v->widest) : 0;
    static const char *const part[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    for (int i = 0; i < eighths / 8; i++)
        fputs(share < 0.0 ? "█" : "░", stdout);
    if (share < 0.0)
        fputs(part[eighths % 8], stdout);
}

static void print_worth(const view *v, int32_t i_lever)
{
    char text[96];
    sv_paired difference = difference_of(v, i_lever, v->metric);
    sv_verdict verdict = sv_verdict_of(&difference);
    bool bar = (verdict == SV_SAVES || verdict == SV_ADDS) && has_share(&difference);
    sv_verdict_text(&difference, v->noun, text);
    printf("  ");
    label_cell(v, i_lever, NAME);
    if (bar && v->widest * 0.5 / (8.0 * BAR) < fabs(difference.share)) {
        sv_cell(text, -VERDICT);
        print_bar(v, difference.share);
    } else {
        fputs(text, stdout);
    }
    putchar('\n');
}

/* One unit for the column: that of the largest. */
static sv_measure energy_unit(const view *v)
{
    double largest = 0.0;
    for (int32_t k = 0; k < v->report->n_lever; k++)
        if (v->report->lever[k].sweep == NULL)
            largest = fmax(largest, fabs(difference_of(v, k, SV_M_EENS_MWH).mean));
    return sv_choose_measure(SV_ENERGY_MWH, largest);
}

static void print_change(const view *v, int32_t i_lever, sv_measure unit)
{
    char text[96];
    sv_metric at_worst = v->metric == SV_M_PEOPLE_HOURS ? SV_M_WORST_PEOPLE : SV_M_WORST_MW;
    sv_paired mwh = difference_of(v, i_lever, SV_M_EENS_MWH), worst = difference_of(v, i_lever, at_worst);
    printf("  ");
    label_cell(v, i_lever, NAME);
    sv_average_text(text, sizeof text, unit, mwh.mean, sv_half95(mwh.n) * mwh.se);
    sv_cell(text, ENERGY);
    sv_cell(share_text(&worst, false, text), WORST);
    putchar('\n');
}

static const char *euros(double eur, char text[64])
{
    char number[32];
    double factor = eur >= 1e9 ? 1e-9 : eur >= 1e5 ? 1e-6 : 1.0;
    snprintf(text, 64, "%s %sEUR", eur == 0.0 ? "0" : sv_three_digits(eur * factor, number),
             factor == 1e-9   ? "bn "
             : factor == 1e-6 ? "M "
                              : "");
    return text;
}

static void print_cost(const view *v, int32_t i_lever)
{
    char cost[64], price[64];
    double eur = sv_scenario_cost_eur(v->report->lever[i_lever].scenario);
    if (!isfinite(eur))
        return;
    sv_paired mwh = difference_of(v, i_lever, SV_M_EENS_MWH), people = difference_of(v, i_lever, SV_M_PEOPLE_HOURS);
    printf("  ");
    label_cell(v, i_lever, NAME);
    sv_cell(euros(eur, cost), COST);
    sv_cell(sv_verdict_of(&mwh) == SV_SAVES ? euros(eur / -mwh.mean, price) : "-", MWH);
    sv_cell(sv_verdict_of(&people) == SV_SAVES ? euros(eur / -people.mean, price) : "-", PERSON);
    putchar('\n');
}

/* ---- levers -------------------------------------------------------------------------------- */

/* Levers but for sweeps, the best first; equal ones as they came. */
static int32_t rank(view *v)
{
    int32_t n = 0;
    for (int32_t k = 0; k < v->report->n_lever; k++) {
        if (v->report->lever[k].sweep != NULL)
            continue;
        sv_paired difference = difference_of(v, k, v->metric);
        if (has_share(&difference))
            v->widest = fmax(v->widest, fabs(difference.share));
        int32_t at = n++;
        for (; at > 0 && difference.mean < difference_of(v, v->order[at - 1], v->metric).mean; at--)
            v->order[at] = v->order[at - 1];
        v->order[at] = k;
    }
    return n;
}

/* Is a combination worth more or less than its parts together? */
static void print_contrast(const view *v, int32_t i_lever)
{
    char number[64];
    sv_paired contrast = contrast_of(v, i_lever);
    const char *text = share_text(&contrast, true, number);
    switch (sv_verdict_of(&contrast)) {
    case SV_SAVES:
        printf("    %s more than the sum of its parts: together they do what neither can alone\n", text);
        break;
    case SV_ADDS:
        printf("    %s less than the sum of its parts: some of it both would have saved\n", text);
        break;
    case SV_NOTHING:
        printf("    exactly the sum of its parts\n");
        break;
    case SV_UNSEEN:
        printf("    the sum of its parts, as far as this number of %ss tells\n", v->noun);
        break;
    case SV_TOO_FEW:
        break;
    }
}

static void print_levers(view *v)
{
    int32_t n = rank(v);
    bool any_cost = false;
    if (n == 0)
        return;
    printf("\nWhat each lever is worth: %s\n",
           v->metric == SV_M_PEOPLE_HOURS ? "time without power of all people" : "energy not served");
    for (int32_t i = 0; i < n; i++) {
        const sv_lever *lever = &v->report->lever[v->order[i]];
        print_worth(v, v->order[i]);
        if (lever->n_part > 0)
            print_contrast(v, v->order[i]);
        any_cost = any_cost || isfinite(sv_scenario_cost_eur(lever->scenario));
    }
    putchar('\n');
    sv_cell("", -(NAME + 2));
    sv_cell("energy not served", ENERGY);
    sv_cell(v->metric == SV_M_PEOPLE_HOURS ? "off at the worst hour" : "shed at the worst hour", WORST);
    putchar('\n');
    sv_measure unit = energy_unit(v);
    for (int32_t i = 0; i < n; i++)
        print_change(v, v->order[i], unit);
    if (!any_cost)
        return;
    putchar('\n');
    char title[64];
    snprintf(title, sizeof title, "The cost of what one %s saves", v->noun);
    sv_cell(title, -(NAME + 2));
    sv_cell("cost", COST);
    sv_cell("per MWh", MWH);
    sv_cell("per person-hour", PERSON);
    putchar('\n');
    for (int32_t i = 0; i < n; i++)
        print_cost(v, v->order[i]);
}

/* ---- sweeps -------------------------------------------------------------------------------- */

/* What the step from the value before to this one does. */
static void print_step(const view *v, int32_t i_lever)
{
    char number[64];
    sv_paired step = contrast_of(v, i_lever);
    switch (sv_verdict_of(&step)) {
    case SV_SAVES:
        printf("  %s better", share_text(&step, true, number));
        break;
    case SV_ADDS:
        printf("  %s worse", share_text(&step, true, number));
        break;
    case SV_NOTHING:
        printf("  the same");
        break;
    case SV_UNSEEN:
        printf("  not seen");
        break;
    case SV_TOO_FEW:
        break;
    }
}

static void print_point(const view *v, int32_t i_lever)
{
    char text[96];
    const sv_lever *lever = &v->report->lever[i_lever];
    sv_paired difference = difference_of(v, i_lever, v->metric), mwh = difference_of(v, i_lever, SV_M_EENS_MWH);
    sv_verdict verdict = sv_verdict_of(&difference);
    printf("  ");
    name_cell(lever->sweep->value[lever->i_sweep], VALUE);
    if (verdict == SV_UNSEEN || verdict == SV_NOTHING)
        sv_cell(verdict == SV_UNSEEN ? "no difference seen" : "the same", -POINT);
    else
        sv_cell(sv_verdict_text(&difference, v->noun, text), -POINT);
    if (v->metric == SV_M_PEOPLE_HOURS)
        sv_cell(share_text(&mwh, false, text), SHARE);
    if (lever->i_sweep > 0)
        print_step(v, i_lever);
    putchar('\n');
}

static void print_sweep_heading(const view *v, const sv_sweep *sweep)
{
    bool people = v->metric == SV_M_PEOPLE_HOURS;
    printf("\nWhat %s is worth, against the base\n", sweep->key);
    sv_cell("", -(VALUE + 2));
    sv_cell(people ? "time without power" : "energy not served", -POINT);
    if (people)
        sv_cell("not served", SHARE);
    puts(people ? "  this step, in time" : "  this step");
}

static void print_sweeps(const view *v)
{
    const sv_report *report = v->report;
    for (int32_t k = 0; k < report->n_lever; k++) {
        const sv_lever *lever = &report->lever[k];
        if (lever->sweep != NULL && lever->i_sweep == 0)
            print_sweep_heading(v, lever->sweep);
        if (lever->sweep != NULL)
            print_point(v, k);
    }
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void print_base(const view *v)
{
    char text[96];
    sv_summary hours, mwh;
    double people = sv_report_people(v->report);
    sv_study_summary(v->report->study, SV_M_PEOPLE_HOURS, &hours);
    sv_study_summary(v->report->study, SV_M_EENS_MWH, &mwh);
    if (v->metric == SV_M_PEOPLE_HOURS) {
        double per = fmax(people, 1.0);
        sv_average_text(text, sizeof text, sv_choose_measure(SV_HOURS, hours.mean / per), hours.mean / per,
                        sv_half95(hours.n) * hours.se / per);
        printf("  Without any of them a person is without power for %s in all,\n  ", text);
    } else {
        printf("  Without any of them ");
    }
    sv_average_text(text, sizeof text, sv_choose_measure(SV_ENERGY_MWH, mwh.mean), mwh.mean, sv_half95(mwh.n) * mwh.se);
    printf("%s are not served in an average %s.\n", text, v->noun);
}

static void print_notes(const view *v)
{
    double same = 0.0, reused = 0.0;
    char a[32], b[32];
    for (int32_t k = 0; k < v->report->n_lever; k++) {
        double s, r;
        sv_study_lever_shared(v->report->study, k, &s, &r);
        same += s / v->report->n_lever;
        reused += r / v->report->n_lever;
    }
    printf("\n± is half of a 95 %% interval: how well this run knows the difference, over the\n"
           "same %ss. It does not tell whether the assumed rates are right.\n",
           v->noun);
    int64_t n_failed = 0;
    for (int32_t k = 0; k < v->report->n_lever; k++) {
        sv_summary ours;
        sv_study_lever_summary(v->report->study, k, SV_M_EENS_MWH, &ours, NULL, NULL);
        n_failed += v->report->info.n_season - ours.n;
    }
    if (n_failed > 0)
        printf("%s %s%s failed under a lever and are left out of its differences.\n",
               sv_cli_thousands((double)n_failed, 0, a), v->noun, n_failed == 1 ? "" : "s");
    if (v->report->info.n_season < ENOUGH)
        printf("With fewer than %d %ss the intervals are rough, and wide for it.\n", (int)ENOUGH, v->noun);
    if (same > 0.0)
        printf("%s of the hours under a lever are as in the base; %s were not solved again.\n",
               sv_percent_text(same, a), sv_percent_text(reused, b));
}

void sv_levers_text(const sv_report *report)
{
    sv_summary hours;
    sv_study_summary(report->study, SV_M_PEOPLE_HOURS, &hours);
    view v = {.report = report,
              .noun = sv_season_noun(report->scenario->season.t0_h, report->scenario->season.n_h),
              .metric = hours.mean > 0.0 ? SV_M_PEOPLE_HOURS : SV_M_EENS_MWH};
    sv_report_head(report);
    print_base(&v);
    print_levers(&v);
    print_sweeps(&v);
    print_notes(&v);
    sv_report_notes(report);
}
