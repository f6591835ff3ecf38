/* Numbers as people read them: a unit for the size, as many digits as are known, thousands in groups. */
#include "number.h"
#include "cli.h"

#include <math.h>
#include <stdio.h>

static int decade(double value)
{
    return value != 0.0 && isfinite(value) ? (int)floor(log10(fabs(value)) + 1e-12) : 0;
}

sv_measure sv_choose_measure(sv_quantity what, double largest)
{
    switch (what) {
    case SV_ENERGY_MWH:
        if (largest >= 1e7)
            return (sv_measure){1e-6, "TWh"};
        if (largest >= 1e4)
            return (sv_measure){1e-3, "GWh"};
        return largest >= 0.1 ? (sv_measure){1.0, "MWh"} : (sv_measure){1e3, "kWh"};
    case SV_POWER_MW:
        if (largest >= 1e4)
            return (sv_measure){1e-3, "GW"};
        return largest >= 0.1 ? (sv_measure){1.0, "MW"} : (sv_measure){1e3, "kW"};
    case SV_HOURS:
        if (largest >= 0.1)
            return (sv_measure){1.0, "h"};
        return largest >= 0.1 / 60.0 ? (sv_measure){60.0, "min"} : (sv_measure){3600.0, "s"};
    case SV_PEOPLE:
        return largest >= 1e6 ? (sv_measure){1e-6, "million"} : (sv_measure){1.0, "people"};
    case SV_COUNT:
        break;
    }
    return (sv_measure){1.0, ""};
}

/* The value rounded at 10^place, with as many decimals as that leaves. */
const char *sv_rounded(double value, int place, char text[32])
{
    double step = pow(10.0, place);
    return sv_cli_thousands(place > 0 ? round(value / step) * step : value,
                            place >= 0   ? 0
                            : place < -6 ? 6
                                         : -place,
                            text);
}

/* Three digits: what quantiles are good for (0.5 %), and what a reader keeps in mind. Whole thousands stay whole. */
const char *sv_three_digits(double value, char text[32])
{
    int place = decade(value) - 2;
    return sv_rounded(value, place > 0 && fabs(value) < 10000.0 ? 0 : place, text);
}

/* "1,284 ± 40 GWh": the interval with two digits, the average to the same place; three digits when there is none. */
void sv_average_text(char *text, size_t n, sv_measure m, double mean, double half)
{
    char a[32], b[32];
    const char *gap = m.unit[0] == '\0' ? "" : " ";
    if (half > 0.0 && isfinite(half)) {
        int place = decade(half * m.factor) - 1;
        if (place < decade(mean * m.factor) - 5)
            place = decade(mean * m.factor) - 5;
        snprintf(text, n, "%s ± %s%s%s", sv_rounded(mean * m.factor, place, a), sv_rounded(half * m.factor, place, b),
                 gap, m.unit);
    } else {
        snprintf(text, n, "%s%s%s", mean == 0.0 ? "0" : sv_three_digits(mean * m.factor, a), gap, m.unit);
    }
}

/* A single amount for sentences: "11.2 h", "4.9 million people", "61,000 people". */
const char *sv_amount(sv_quantity what, double value, char text[64])
{
    char number[32];
    sv_measure m = sv_choose_measure(what, fabs(value));
    double shown = value * m.factor;
    if (what == SV_PEOPLE)
        snprintf(text, 64, "%s%s people",
                 sv_rounded(shown, shown < 10.0 && m.factor >= 1.0 ? 0 : decade(shown) - 1, number),
                 m.factor < 1.0 ? " million" : "");
    else
        snprintf(text, 64, "%s %s", value == 0.0 ? "0" : sv_three_digits(shown, number), m.unit);
    return text;
}

const char *sv_percent_text(double share, char text[32])
{
    double percent = 100.0 * share;
    int decimals = percent > 0.0 ? 1 - decade(percent) : 0;
    snprintf(text, 32, "%.*f %%", decimals < 0 ? 0 : decimals > 6 ? 6 : decimals, percent);
    return text;
}

const char *sv_date_text(int64_t t_h, char text[32])
{
    static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    sv_date date = sv_date_from_hour(t_h);
    snprintf(text, 32, "%d %s %d", (int)date.day, month[date.month - 1], (int)date.year);
    return text;
}

/* Print text in a field of so many columns; bytes that continue a character take none. */
void sv_cell(const char *text, int width)
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

const char *sv_season_noun(int64_t t0_h, int64_t n_h)
{
    if (n_h >= 8700 && n_h <= 8784)
        return "year";
    sv_date first = sv_date_from_hour(t0_h), last = sv_date_from_hour(t0_h + n_h - 1);
    bool starts_cold = first.month >= 10 || first.month <= 3, ends_cold = last.month >= 10 || last.month <= 4;
    return starts_cold && ends_cold && n_h >= 1000 && n_h < 5200 ? "winter" : "season";
}
