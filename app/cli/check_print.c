/* The AC check as a planner would read it at night: what holds first, people before megawatts, and how sure the shares are. */
#include "check.h"
#include "cli.h"
#include "lines.h"
#include "number.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A paragraph being put together. */
typedef struct {
    char text[1024];
    size_t n;
} paragraph;

static void say(paragraph *self, const char *format, ...) SV_PRINTF(2, 3);
static void say(paragraph *self, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(self->text + self->n, sizeof self->text - self->n, format, list);
    va_end(list);
    if (n > 0)
        self->n = self->n + (size_t)n < sizeof self->text ? self->n + (size_t)n : sizeof self->text - 1;
}

static void print_line(const char *label, const paragraph *words)
{
    line_label(label);
    line_wrapped(words->text, LINE_LABEL);
}

/* Never "100 %" for less. */
static const char *share_text(double share, char text[32])
{
    if (share > 0.99 && share < 1.0)
        snprintf(text, 32, "%.1f %%", floor(share * 1000.0) / 10.0);
    else
        sv_percent_text(share, text);
    return text;
}

/* ---- a group of hours -------------------------------------------------------------------------- */

/* Of the further shedding, what no search could spare. */
static void say_why(paragraph *words, const check_group *group)
{
    char text[64];
    double least_mw = 0.01 * group->more_shed_mw, n = group->n_of[SV_AC_SHED];
    if (group->short_mw <= least_mw && group->dark_mw <= least_mw)
        return;
    say(words, " Of it");
    if (group->short_mw > least_mw)
        say(words, " %s are losses that no unit has room for", sv_amount(SV_POWER_MW, group->short_mw / n, text));
    if (group->dark_mw > least_mw)
        say(words, "%s %s are in islands where nothing holds a voltage", group->short_mw > least_mw ? "," : "",
            sv_amount(SV_POWER_MW, group->dark_mw / n, text));
    say(words, ".");
}

static void say_shed(paragraph *words, const check_group *group, double people)
{
    char a[64], b[64], c[32];
    double n = group->n_of[SV_AC_SHED];
    say(words, " %d %s further shedding:", (int)n, n > 1.0 ? "need" : "needs");
    if (people > 0.0)
        say(words, " %s and", sv_amount(SV_PEOPLE, group->more_people / n, a));
    say(words, " %s more%s", sv_amount(SV_POWER_MW, group->more_shed_mw / n, b), n > 1.0 ? " on average" : "");
    if (n > 1.0) {
        say(words, ", at most");
        if (people > 0.0)
            say(words, " %s and", sv_amount(SV_PEOPLE, group->most_people, a));
        say(words, " %s", sv_amount(SV_POWER_MW, group->most_shed_mw, b));
    }
    if (group->served_mw > 0.0)
        say(words, "; %s of what was served", sv_percent_text(group->more_shed_mw / group->served_mw, c));
    say(words, ".");
    say_why(words, group);
}

static void say_broken(paragraph *words, const check_group *group, double people)
{
    char a[64], b[64];
    double in_broken = group->n_of[SV_AC_BROKEN];
    static const char *const what[] = {"with more reactive power than units can absorb, which reactors or opened lines "
                                       "would cure, and shedding does not",
                                       "with voltages below their band", "with branches above their rate",
                                       "without voltages, or with losses that no unit "
                                       "has room for"};
    const int32_t n[] = {group->n_high, group->n_low, group->n_over, group->n_unsolved};
    say(words, " %d %s broken:", (int)group->n_of[SV_AC_BROKEN], group->n_of[SV_AC_BROKEN] > 1 ? "stay" : "stays");
    const char *gap = " ";
    for (int k = 0; k < 4; k++)
        if (n[k] > 0) {
            say(words, "%s%d %s", gap, (int)n[k], what[k]);
            gap = ", ";
        }
    say(words, ".");
    if (group->broken_shed_mw / in_broken < 0.01)
        return;
    say(words, " Other limits of these cost");
    if (people > 0.0)
        say(words, " %s and", sv_amount(SV_PEOPLE, group->broken_people / in_broken, a));
    say(words, " %s more on average.", sv_amount(SV_POWER_MW, group->broken_shed_mw / in_broken, b));
}

static void say_others(paragraph *words, const check_group *group, double people)
{
    if (group->n_of[SV_AC_REDISPATCHED] > 0)
        say(words, " %d %s when units are moved.", (int)group->n_of[SV_AC_REDISPATCHED],
            group->n_of[SV_AC_REDISPATCHED] > 1 ? "hold" : "holds");
    if (group->n_of[SV_AC_SHED] > 0)
        say_shed(words, group, people);
    if (group->n_of[SV_AC_BROKEN] > 0)
        say_broken(words, group, people);
}

static void print_sample(const sv_report *report)
{
    const check_group group = check_count(report->ac, true);
    int32_t k = group.n_of[SV_AC_CONFIRMED];
    double low, high;
    char a[32], b[32];
    paragraph words = {.n = 0};
    sv_share95(k, group.n, &low, &high);
    say(&words,
        "AC confirms %d of %d %s; of all hours of this study, %s to %s"
        " (95 %% sure).",
        (int)k, (int)group.n, line_plural(group.n, "hour", "hours"), share_text(low, a), share_text(high, b));
    say_others(&words, &group, sv_report_people(report));
    print_line("At random", &words);
}

static void print_worst(const sv_report *report)
{
    const check_group group = check_count(report->ac, false);
    paragraph words = {.n = 0};
    say(&words, "AC confirms %d of %d %s.", (int)group.n_of[SV_AC_CONFIRMED], (int)group.n,
        line_plural(group.n, "hour", "hours"));
    say_others(&words, &group, sv_report_people(report));
    print_line("Worst", &words);
}

/* ---- all hours ---------------------------------------------------------------------------------- */

/* Of all hours as they were dispatched. */
typedef struct {
    int32_t n, n_out_of_band, n_over, n_unsolved, n_short, n_slack;
    double low_pu, high_pu, loading_percent, loss_mw, served_mw;
} overview;

static overview look_at(const sv_study_ac *ac)
{
    overview all = {.n = ac->n_worst + ac->n_random, .low_pu = NAN, .high_pu = NAN, .loading_percent = NAN};
    for (int32_t i = 0; i < all.n; i++) {
        const sv_ac_hour *hour = &ac->hour[i].ac;
        all.n_unsolved += !hour->solved;
        all.n_short += hour->short_mw > 0.01;
        all.n_slack += hour->slack_beyond_mvar > 1.0;
        all.n_out_of_band += hour->before.n_low + hour->before.n_high > 0;
        all.n_over += hour->before.n_over > 0;
        all.low_pu = fmin(all.low_pu, hour->before.low_pu); /* of a number and none, the number */
        all.high_pu = fmax(all.high_pu, hour->before.high_pu);
        all.loading_percent = fmax(all.loading_percent, hour->before.loading_percent);
        if (!hour->solved)
            continue;
        all.loss_mw += hour->before.loss_mw;
        all.served_mw += ac->hour[i].served_mw;
    }
    return all;
}

static void print_overview(const sv_study_ac *ac)
{
    overview all = look_at(ac);
    char a[32];
    paragraph words = {.n = 0};
    if (all.n_unsolved > 0)
        say(&words, "as dispatched, in %d of %d hours some load has no voltage that could be held; elsewhere",
            (int)all.n_unsolved, (int)all.n);
    else
        say(&words, "as dispatched,");
    if (isfinite(all.low_pu))
        say(&words, " lowest %.3f pu, highest %.3f pu,", all.low_pu, all.high_pu);
    say(&words, " %d %s with a bus out of its band", (int)all.n_out_of_band,
        line_plural(all.n_out_of_band, "hour", "hours"));
    if (all.n_slack > 0)
        say(&words,
            ". In %d %s the slack bus gives or takes more reactive power than it can, which is not held against %s",
            (int)all.n_slack, line_plural(all.n_slack, "hour", "hours"), all.n_slack > 1 ? "them" : "it");
    print_line("Voltages", &words);
    words = (paragraph){.n = 0};
    if (isfinite(all.loading_percent))
        say(&words, "highest %.0f %% of a rate as dispatched; %d of %d hours with a branch above its rate",
            all.loading_percent, (int)all.n_over, (int)all.n);
    if (words.n > 0)
        print_line("Branches", &words);
    words = (paragraph){.n = 0};
    if (all.served_mw > 0.0)
        say(&words, "%s of the load served", sv_percent_text(all.loss_mw / all.served_mw, a));
    if (all.n_short > 0)
        say(&words, "%s%d %s with more of them than units have room for", words.n > 0 ? "; " : "", (int)all.n_short,
            line_plural(all.n_short, "hour", "hours"));
    if (words.n > 0)
        print_line("Losses", &words);
}

/* "AC check: the 20 worst hours, and 20 drawn at random from all hours" */
static void print_heading(const sv_study_ac *ac)
{
    paragraph words = {.n = 0};
    say(&words, "AC check:");
    if (ac->n_worst > 0)
        say(&words, " the %d worst %s", (int)ac->n_worst, line_plural(ac->n_worst, "hour", "hours"));
    if (ac->n_random > 0)
        say(&words, "%s %d %sdrawn at random from all hours", ac->n_worst > 0 ? ", and" : "", (int)ac->n_random,
            ac->n_worst > 0 ? "" : "hours ");
    putchar('\n');
    line_wrapped(words.text, 0);
}

/* What a careful reader must know before quoting a number. */
static void print_notes(const sv_report *report)
{
    const sv_study_ac *ac = report->ac;
    paragraph words = {.n = 0};
    if (ac->n_worst > 0)
        say(&words, "The worst hours, each the worst of its week, speak for themselves, not for the rest. ");
    say(&words, "Further shedding is what a search found; less may do.");
    if (ac->n_worst < report->ac_asked->n_worst && ac->n_worst == 0)
        say(&words, " Nobody is off in any week, so there is no worst hour to look at.");
    else if (ac->n_worst < report->ac_asked->n_worst)
        say(&words, " Somebody is off in no more than %d %s.", (int)ac->n_worst,
            line_plural(ac->n_worst, "week", "weeks"));
    if (ac->n_random < report->ac_asked->n_random)
        say(&words, " Most seasons failed: fewer hours were drawn than asked for.");
    putchar('\n');
    line_wrapped(words.text, 0);
}

void check_text(const sv_report *report)
{
    const sv_study_ac *ac = report->ac;
    if (ac->n_worst + ac->n_random > 0) {
        print_heading(ac);
        if (ac->n_random > 0)
            print_sample(report);
        if (ac->n_worst > 0)
            print_worst(report);
        print_overview(ac);
    } else {
        puts("\nAC check: there is no hour to look at.");
    }
    print_notes(report);
}
