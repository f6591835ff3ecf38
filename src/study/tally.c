/* What is kept of rows. The base: every statistic. A lever: its indices, and their differences to the base in the same
 * season, whose error is far below that of either mean because both had the same winter. */
#include "tally.h"

#include <math.h>
#include <string.h>

static size_t n_cause(const sv_grid *grid)
{
    return (size_t)grid->n_region * SV_N_UNIT_CLASS * SV_N_CAUSE;
}

void tally_init(tally *self, sv_arena *arena, const sv_grid *grid, int64_t n_h, double shed_mw, double people)
{
    *self = (tally){
        .grid = grid,
        .n_h = n_h,
        .total = SV_TAKE(arena, SV_N_METRIC, sv_stat),
        .region = SV_TAKE(arena, (int64_t)grid->n_region * SV_N_SPLIT_METRIC, sv_stat),
        .class_ = SV_TAKE(arena, SV_N_CLASS * SV_N_SPLIT_METRIC, sv_stat),
        .n_day = (int32_t)((n_h + 23) / 24),
        .site = SV_TAKE(arena, grid->n_site, site_sum),
        .cause_mwh = SV_TAKE(arena, n_cause(grid), double),
        .course_season = SV_TAKE(arena, COURSE_SEASONS, int64_t),
        .course_harm = SV_TAKE(arena, COURSE_SEASONS, double),
        .course_shed = SV_TAKE(arena, COURSE_SEASONS * n_h, float),
        .course_people = SV_TAKE(arena, COURSE_SEASONS * n_h, float),
    };
    self->day_mwh = SV_TAKE(arena, (int64_t)grid->n_region * self->n_day, double);
    self->day_people_hours = SV_TAKE(arena, (int64_t)grid->n_region * self->n_day, double);
    sv_hours_init(&self->shed_mw, arena, n_h, shed_mw);
    sv_hours_init(&self->people, arena, n_h, people);
    worst_init(&self->worst, arena, people > 0.0);
}

void lever_tally_init(lever_tally *self, sv_arena *arena, const sv_grid *grid, const sv_study_lever *lever)
{
    *self = (lever_tally){
        .total = SV_TAKE(arena, SV_N_METRIC, sv_stat),
        .difference = SV_TAKE(arena, SV_N_METRIC, sv_moments),
        .contrast = SV_TAKE(arena, SV_N_METRIC, sv_moments),
        .region = SV_TAKE(arena, (int64_t)grid->n_region * SV_N_SPLIT_METRIC, sv_moments),
        .n_against = lever->n_against,
        .against = SV_TAKE(arena, lever->n_against, int32_t),
    };
    for (int32_t i = 0; i < lever->n_against && self->against != NULL; i++)
        self->against[i] = lever->against[i];
}

/* ---- what is read of a row ----------------------------------------------------------------- */

/* Mean length of the country-wide events that the row kept; 0 when there was none. */
static double event_length_h(const sv_season_row *row)
{
    int64_t sum = 0, n = 0;
    for (int32_t i = 0; i < row->n_event_kept; i++)
        if (row->event[i].i_region < 0) {
            sum += row->event[i].length_h;
            n++;
        }
    return n > 0 ? (double)sum / (double)n : 0.0;
}

void tally_read(const sv_season_row *row, double metric[SV_N_METRIC])
{
    metric[SV_M_EENS_MWH] = row->eens_mwh;
    metric[SV_M_LOLE_H] = row->lole_h;
    metric[SV_M_PEOPLE_HOURS] = row->people_hours;
    metric[SV_M_WORST_MW] = row->worst_mw;
    metric[SV_M_WORST_PEOPLE] = row->worst_people;
    metric[SV_M_LONGEST_H] = row->longest_h;
    for (int32_t k = 0; k < SV_N_OFF; k++)
        metric[SV_M_OFF_4H + k] = row->off_people[k];
    metric[SV_M_EVENTS] = row->n_event;
    metric[SV_M_EVENT_LENGTH_H] = event_length_h(row);
    metric[SV_M_WAVES] = row->n_wave;
    metric[SV_M_STRIKES] = row->n_strike;
    metric[SV_M_INTERCEPTED] = row->n_intercepted;
    metric[SV_M_UNITS_LOST] = row->n_unit_lost;
    metric[SV_M_UNITS_REPAIRED] = row->n_unit_repaired;
    metric[SV_M_DEMAND_MWH] = row->demand_mwh;
    metric[SV_M_RELAXED_MWH] = row->relaxed_mwh;
}
_Static_assert(SV_M_OFF_72H == SV_M_OFF_4H + SV_N_OFF - 1, "one metric for each duration");

static bool all_finite(const double *value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(value[i]))
            return false;
    return true;
}

bool tally_is_finite(const sv_grid *grid, const sv_season_row *row, const double metric[SV_N_METRIC])
{
    size_t n_region = (size_t)grid->n_region;
    return all_finite(metric, SV_N_METRIC) && all_finite(row->region_mwh, n_region) &&
           all_finite(row->region_lole_h, n_region) && all_finite(row->region_people_hours, n_region) &&
           all_finite(row->class_mwh, SV_N_CLASS) && all_finite(row->class_lole_h, SV_N_CLASS) &&
           all_finite(row->class_people_hours, SV_N_CLASS) && all_finite(row->cause_mwh, n_cause(grid)) &&
           isfinite(row->unexplained_mwh);
}

/* ---- the base ------------------------------------------------------------------------------ */

static void add_split(sv_stat *stat, int32_t n, const double *mwh, const double *lole_h, const double *people_hours)
{
    for (int32_t i = 0; i < n; i++) {
        sv_stat_add(&stat[i * SV_N_SPLIT_METRIC + SV_M_EENS_MWH], mwh[i]);
        sv_stat_add(&stat[i * SV_N_SPLIT_METRIC + SV_M_LOLE_H], lole_h[i]);
        sv_stat_add(&stat[i * SV_N_SPLIT_METRIC + SV_M_PEOPLE_HOURS], people_hours[i]);
    }
}

static void add_sites(site_sum *site, int32_t n, const sv_season_row *row)
{
    for (int32_t i = 0; i < n; i++) {
        site[i].n_damaged += row->site_damaged[i];
        site[i].n_repaired += row->site_repaired[i];
        site[i].n_season_damaged += row->site_damaged[i] > 0;
        site[i].dark_h += (double)row->site_dark_h[i];
    }
}

static void add_course(tally *self, const sv_season_row *row)
{
    int64_t k = self->n_course;
    if (k >= COURSE_SEASONS)
        return;
    size_t n = (size_t)self->n_h;
    self->course_season[k] = row->i_season;
    self->course_harm[k] = row->people_hours > 0.0 ? row->people_hours : row->eens_mwh;
    memcpy(&self->course_shed[(size_t)k * n], row->hour_shed_mw, sizeof(float) * n);
    memcpy(&self->course_people[(size_t)k * n], row->hour_people, sizeof(float) * n);
    self->n_course++;
}

void tally_add(tally *self, const sv_season_row *row, const double metric[SV_N_METRIC])
{
    const sv_grid *grid = self->grid;
    for (int32_t m = 0; m < SV_N_METRIC; m++)
        sv_stat_add(&self->total[m], metric[m]);
    add_split(self->region, grid->n_region, row->region_mwh, row->region_lole_h, row->region_people_hours);
    add_split(self->class_, SV_N_CLASS, row->class_mwh, row->class_lole_h, row->class_people_hours);
    sv_hours_add(&self->shed_mw, row->hour_shed_mw);
    sv_hours_add(&self->people, row->hour_people);
    add_sites(self->site, grid->n_site, row);
    for (size_t i = 0; i < n_cause(grid); i++)
        self->cause_mwh[i] += row->cause_mwh[i];
    self->unexplained_mwh += row->unexplained_mwh;
    for (int64_t i = 0; i < (int64_t)grid->n_region * self->n_day; i++) {
        self->day_mwh[i] += (double)row->region_day_mwh[i];
        self->day_people_hours[i] += (double)row->region_day_people_hours[i];
    }
    add_course(self, row);
    worst_add(&self->worst, row, self->n_h);
}

int32_t tally_course(const tally *self)
{
    sv_summary middle;
    bool people = self->total[SV_M_PEOPLE_HOURS].max > 0.0;
    sv_stat_describe(&self->total[people ? SV_M_PEOPLE_HOURS : SV_M_EENS_MWH], &middle);
    int32_t best = -1;
    for (int32_t k = 0; k < self->n_course; k++)
        if (best < 0 || fabs(self->course_harm[k] - middle.p50) < fabs(self->course_harm[best] - middle.p50))
            best = k;
    return best;
}

/* ---- a lever ------------------------------------------------------------------------------- */

static void add_region(sv_moments *moments, const sv_season_row *base, const sv_season_row *lever, int32_t r)
{
    sv_moments_add(&moments[SV_M_EENS_MWH], lever->region_mwh[r] - base->region_mwh[r], base->region_mwh[r]);
    sv_moments_add(&moments[SV_M_LOLE_H], lever->region_lole_h[r] - base->region_lole_h[r], base->region_lole_h[r]);
    sv_moments_add(&moments[SV_M_PEOPLE_HOURS], lever->region_people_hours[r] - base->region_people_hours[r],
                   base->region_people_hours[r]);
}

static bool against_failed(const lever_tally *self, sv_season_row *const *row)
{
    for (int32_t k = 0; k < self->n_against; k++)
        if (row[1 + self->against[k]]->status != SV_OK)
            return true;
    return false;
}

void lever_tally_add(lever_tally *self, const sv_grid *grid, int32_t i_lever, sv_season_row *const *row,
                     const double (*metric)[SV_N_METRIC])
{
    const sv_season_row *base = row[0], *lever = row[1 + i_lever];
    const double *ours = metric[1 + i_lever];
    self->n_season++;
    self->same_h += lever->same_h;
    self->reused_h += lever->reused_h;
    for (int32_t m = 0; m < SV_N_METRIC; m++)
        sv_stat_add(&self->total[m], ours[m]);
    if (base->status != SV_OK)
        return;
    for (int32_t m = 0; m < SV_N_METRIC; m++)
        sv_moments_add(&self->difference[m], ours[m] - metric[0][m], metric[0][m]);
    for (int32_t r = 0; r < grid->n_region; r++)
        add_region(&self->region[r * SV_N_SPLIT_METRIC], base, lever, r);
    if (self->n_against == 0 || against_failed(self, row))
        return;
    for (int32_t m = 0; m < SV_N_METRIC; m++) {
        double contrast = ours[m] - metric[0][m];
        for (int32_t k = 0; k < self->n_against; k++)
            contrast -= metric[1 + self->against[k]][m] - metric[0][m];
        sv_moments_add(&self->contrast[m], contrast, metric[0][m]);
    }
}
