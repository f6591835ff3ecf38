/* What a study keeps of the rows it has taken: statistics of the base, and of each lever beside it. Fixed memory. Private
 * to the study. */
#ifndef SVITLO_STUDY_TALLY_H
#define SVITLO_STUDY_TALLY_H

#include "stat.h"

enum { COURSE_SEASONS = 32 }; /* whose hours are kept, for the one that is shown in the end */

typedef struct {
    int64_t n_damaged, n_repaired, n_season_damaged;
    double dark_h;
} site_sum;

/** The worst hours of all rows: the highest value first; of equal ones, the earlier season, the earlier hour. */
typedef struct {
    bool by_people;         /* ranked by people off; else by power not served */
    int64_t n;              /* at most SV_MOST_WORST */
    sv_study_hour_id *hour; /* [SV_MOST_WORST] */
} worst_hours;

/** Take memory; the arena remembers when there was none. */
void worst_init(worst_hours *self, sv_arena *arena, bool by_people);
/** The worst hour of each week of a row, as far as it is among the worst of all. @cost one look an hour */
void worst_add(worst_hours *self, const sv_season_row *row, int64_t n_h);
/** What the list must be, whatever the bytes were that it was read from. */
bool worst_fits(const worst_hours *self, int64_t n_season, int64_t n_h);

/** Of the base. */
typedef struct {
    const sv_grid *grid;
    int64_t n_h;
    sv_stat *total;  /* [SV_N_METRIC] */
    sv_stat *region; /* [n_region * SV_N_SPLIT_METRIC] */
    sv_stat *class_; /* [SV_N_CLASS * SV_N_SPLIT_METRIC] */
    sv_hours shed_mw, people;
    int32_t n_day;
    double *day_mwh, *day_people_hours; /* [n_region * n_day] sums */
    site_sum *site;                     /* [n_site] */
    double *cause_mwh;                  /* [n_region * SV_N_UNIT_CLASS * SV_N_CAUSE] sums */
    double unexplained_mwh;
    int64_t n_course;
    int64_t *course_season;             /* [COURSE_SEASONS] */
    double *course_harm;                /* [COURSE_SEASONS] people-hours, or energy where no people are known */
    float *course_shed, *course_people; /* [COURSE_SEASONS * n_h] */
    worst_hours worst;
} tally;

/** Of one lever. */
typedef struct {
    sv_stat *total;         /* [SV_N_METRIC] */
    sv_moments *difference; /* [SV_N_METRIC] lever - base */
    sv_moments *contrast;   /* [SV_N_METRIC] */
    sv_moments *region;     /* [n_region * SV_N_SPLIT_METRIC] lever - base */
    int64_t n_season, same_h, reused_h;
    int32_t n_against;
    int32_t *against; /* [n_against] */
} lever_tally;

/** Take memory; the arena remembers when there was none. @param[in] shed_mw, people what no hour should pass */
void tally_init(tally *self, sv_arena *arena, const sv_grid *grid, int64_t n_h, double shed_mw, double people);
void lever_tally_init(lever_tally *self, sv_arena *arena, const sv_grid *grid, const sv_study_lever *lever);

/** The country's indices of a row. */
void tally_read(const sv_season_row *row, double metric[SV_N_METRIC]);
/** All numbers of a row that reach a mean are finite. */
bool tally_is_finite(const sv_grid *grid, const sv_season_row *row, const double metric[SV_N_METRIC]);
void tally_add(tally *self, const sv_season_row *row, const double metric[SV_N_METRIC]);
/**
 * Add one season of lever i_lever, which did not fail.
 * @param[in] row     [1 + levers] base first
 * @param[in] metric  [1 + levers]
 */
void lever_tally_add(lever_tally *self, const sv_grid *grid, int32_t i_lever, sv_season_row *const *row,
                     const double (*metric)[SV_N_METRIC]);

/** The course nearest to the middle of all seasons. @return its place, -1 = none */
int32_t tally_course(const tally *self);

#endif
