/* Calendar of hours since 1970-01-01 00:00 (proleptic Gregorian, no daylight saving) and a monotonic clock. */
#include "svitlo/base.h"

#include <time.h>

/* Days since 1970-01-01: years start in March so that the leap day comes last. */
static int64_t day_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t sv_hour_from_date(int32_t year, int32_t month, int32_t day, int32_t hour)
{
    return day_from_civil(year, month, day) * 24 + hour;
}

sv_date sv_date_from_hour(int64_t t_h)
{
    int64_t day = floor_div(t_h, 24);
    int64_t shifted = day + 719468;
    int64_t era = floor_div(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int64_t month = shifted_month + (shifted_month < 10 ? 3 : -9);
    return (sv_date){
        .year = (int32_t)(year_of_era + era * 400 + (month <= 2)),
        .month = (int32_t)month,
        .day = (int32_t)(day_of_year - (153 * shifted_month + 2) / 5 + 1),
        .hour = (int32_t)(t_h - day * 24),
        .weekday = (int32_t)(day + 3 - floor_div(day + 3, 7) * 7),
    };
}

static bool take_digits(const char **text, int n, int32_t *value)
{
    *value = 0;
    for (int i = 0; i < n; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        *value = *value * 10 + (**text - '0');
    }
    return true;
}

static bool take_char(const char **text, char c)
{
    if (**text != c)
        return false;
    (*text)++;
    return true;
}

bool sv_date_parse(const char *text, int64_t *t_h)
{
    int32_t year = 0, month = 0, day = 0, hour = 0, minute = 0;
    if (!take_digits(&text, 4, &year) || !take_char(&text, '-') || !take_digits(&text, 2, &month) ||
        !take_char(&text, '-') || !take_digits(&text, 2, &day))
        return false;
    if (*text == ' ' || *text == 'T') {
        text++;
        if (!take_digits(&text, 2, &hour) || !take_char(&text, ':') || !take_digits(&text, 2, &minute) || minute != 0)
            return false;
    }
    if (*text != '\0' || month < 1 || month > 12 || day < 1 || hour > 23)
        return false;
    int64_t t = sv_hour_from_date(year, month, day, hour);
    sv_date back = sv_date_from_hour(t);
    if (back.month != month || back.day != day)
        return false;
    *t_h = t;
    return true;
}

double sv_clock_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
