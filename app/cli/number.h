/* Numbers, dates and cells as text for people. */
#ifndef SVITLO_CLI_NUMBER_H
#define SVITLO_CLI_NUMBER_H

#include <stddef.h>

#include "svitlo/season.h"

typedef enum { SV_ENERGY_MWH, SV_POWER_MW, SV_HOURS, SV_PEOPLE, SV_COUNT } sv_quantity;

/* One unit for all cells of a row: value * factor, in unit. */
typedef struct {
    double factor;
    const char *unit;
} sv_measure;

sv_measure sv_choose_measure(sv_quantity what, double largest);
/** The value rounded at 10^place, with as many decimals as that leaves. */
const char *sv_rounded(double value, int place, char text[32]);
/** Three digits: what quantiles are good for (0.5 %), and what a reader keeps in mind. Whole thousands stay whole. */
const char *sv_three_digits(double value, char text[32]);
/** "1,284 ± 40 GWh": the interval with two digits, the average to the same place; three digits when there is none. */
void sv_average_text(char *text, size_t n, sv_measure m, double mean, double half);
/** A single amount for sentences: "11.2 h", "4.9 million people", "61,000 people". */
const char *sv_amount(sv_quantity what, double value, char text[64]);
const char *sv_percent_text(double share, char text[32]);
/** "1 Nov 2026" */
const char *sv_date_text(int64_t t_h, char text[32]);
/** Print text in a field of so many columns, negative = to the left; bytes that continue a character take none. */
void sv_cell(const char *text, int width);
/** What a reader would call one season, by its length and the months it spans: winter, year, season. */
const char *sv_season_noun(int64_t t0_h, int64_t n_h);

#endif
