/* A study: seasons from the pool, statistics of what they say, in the order of seasons, in memory that does not grow
 * with their number: 0.2 MB a statistic (19 + 3 a region + 9), 1.1 kB an hour of the season. Taking a row of 8,736 h,
 * 40 % of them dark, costs 0.15 ms. */
#include "source.h"
#include "stat.h"

#include <math.h>
#include <unistd.h>

enum { UNTIL_FROM = 100, UNTIL_EVERY = 50, MOST_THREADS = 1024 };
static const int64_t MOST_SEASONS = 4000000000; /* counts of 32 bits; at a thousand a second, 46 days */

const char *const sv_metric_name[SV_N_METRIC] = {
    [SV_M_EENS_MWH] = "eens_mwh",
    [SV_M_LOLE_H] = "lole_h",
    [SV_M_PEOPLE_HOURS] = "people_hours",
    [SV_M_WORST_MW] = "worst_mw",
    [SV_M_WORST_PEOPLE] = "worst_people",
    [SV_M_LONGEST_H] = "longest_h",
    [SV_M_OFF_4H] = "off_4h_people",
    [SV_M_OFF_8H] = "off_8h_people",
    [SV_M_OFF_24H] = "off_24h_people",
    [SV_M_OFF_72H] = "off_72h_people",
    [SV_M_EVENTS] = "events",
    [SV_M_EVENT_LENGTH_H] = "event_length_h",
    [SV_M_WAVES] = "waves",
    [SV_M_STRIKES] = "strikes",
    [SV_M_INTERCEPTED] = "intercepted",
    [SV_M_UNITS_LOST] = "units_lost",
    [SV_M_UNITS_REPAIRED] = "units_repaired",
    [SV_M_DEMAND_MWH] = "demand_mwh",
    [SV_M_RELAXED_MWH] = "relaxed_mwh",
};

typedef struct {
    int64_t n_damaged, n_repaired, n_season_damaged;
    double dark_h;
} site_sum;

struct sv_study {
    const sv_grid *grid;
    sv_study_settings settings;
    sv_season_settings season; /* what the source's seasons are made from */
    sv_pool *pool;
    sv_arena *arena;
    sv_stat *total;  /* [SV_N_METRIC] */
    sv_stat *region; /* [n_region * SV_N_SPLIT_METRIC] */
    sv_stat *class_; /* [SV_N_CLASS * SV_N_SPLIT_METRIC] */
    sv_hours shed_mw, people;
    site_sum *site; /* [n_site] */
    int64_t n_done, n_failed;
    bool stopped, converged;
    double seconds;   /* of earlier runs */
    double started_s; /* clock at the start of this one */
    int64_t n_done_at_start;
    int32_t n_thread;
};

/* ---- what is kept of a row ----------------------------------------------------------------- */

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

static void read_metrics(const sv_season_row *row, double metric[SV_N_METRIC])
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

static bool all_finite(const double *value, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (!isfinite(value[i]))
            return false;
    return true;
}

/* One number that is none would spoil every mean: such a season counts as failed. */
static bool row_is_finite(const sv_study *self, const sv_season_row *row, const double metric[SV_N_METRIC])
{
    int32_t n_region = self->grid->n_region;
    return all_finite(metric, SV_N_METRIC) && all_finite(row->region_mwh, n_region) &&
           all_finite(row->region_lole_h, n_region) && all_finite(row->region_people_hours, n_region) &&
           all_finite(row->class_mwh, SV_N_CLASS) && all_finite(row->class_lole_h, SV_N_CLASS) &&
           all_finite(row->class_people_hours, SV_N_CLASS);
}

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

static void add_row(sv_study *self, const sv_season_row *row, const double metric[SV_N_METRIC])
{
    for (int32_t m = 0; m < SV_N_METRIC; m++)
        sv_stat_add(&self->total[m], metric[m]);
    add_split(self->region, self->grid->n_region, row->region_mwh, row->region_lole_h, row->region_people_hours);
    add_split(self->class_, SV_N_CLASS, row->class_mwh, row->class_lole_h, row->class_people_hours);
    sv_hours_add(&self->shed_mw, row->hour_shed_mw);
    sv_hours_add(&self->people, row->hour_people);
    add_sites(self->site, self->grid->n_site, row);
}

/* ---- run ----------------------------------------------------------------------------------- */

typedef struct {
    sv_study *study;
    const sv_study_sink *sink;
} running;

static bool precise_enough(const sv_study *self)
{
    return self->settings.until > 0.0 && self->n_done >= UNTIL_FROM && self->n_done % UNTIL_EVERY == 0 &&
           sv_stat_relative_error(&self->total[SV_M_EENS_MWH]) <= self->settings.until;
}

/* The sink first: a season it could not keep is not in the statistics either. */
static sv_status take_row(void *context, sv_season_row *row, bool *enough, sv_error *err)
{
    running *run = context;
    sv_study *self = run->study;
    double metric[SV_N_METRIC] = {0};
    if (row->status == SV_OK) {
        read_metrics(row, metric);
        if (!row_is_finite(self, row, metric))
            row->status = SV_ENUM;
    }
    if (run->sink != NULL && run->sink->on_row != NULL) {
        sv_status status = run->sink->on_row(run->sink->context, row, err);
        if (status != SV_OK)
            return status;
    }
    self->n_done++;
    if (row->status == SV_OK)
        add_row(self, row, metric);
    else
        self->n_failed++;
    self->converged = precise_enough(self);
    *enough = self->converged;
    return SV_OK;
}

static bool tell_progress(void *context)
{
    running *run = context;
    sv_study *self = run->study;
    if (run->sink == NULL || run->sink->on_progress == NULL)
        return false;
    double now_s = sv_clock_s() - self->started_s;
    const sv_stat *eens = &self->total[SV_M_EENS_MWH];
    sv_progress progress = {
        .n_done = self->n_done,
        .n_season = self->settings.n_season,
        .seconds = self->seconds + now_s,
        .seasons_per_s = (double)(self->n_done - self->n_done_at_start) / fmax(now_s, 1e-9),
        .eens_mwh_mean = eens->n > 0 ? eens->mean : NAN,
        .eens_mwh_se = sv_stat_error(eens),
    };
    self->stopped = run->sink->on_progress(run->sink->context, &progress);
    return self->stopped;
}

sv_status sv_study_run(sv_study *study, const sv_study_sink *sink, sv_error *err)
{
    if (study->converged || study->n_done >= study->settings.n_season)
        return SV_OK;
    running run = {study, sink};
    sv_pool_taker taker = {&run, take_row, tell_progress};
    study->stopped = false;
    study->n_done_at_start = study->n_done;
    study->started_s = sv_clock_s();
    sv_status status =
        sv_pool_run(study->pool, study->settings.seed, study->n_done, study->settings.n_season, &taker, err);
    study->seconds += sv_clock_s() - study->started_s;
    study->n_thread = sv_pool_threads(study->pool);
    if (study->converged || study->n_done >= study->settings.n_season)
        study->stopped = false; /* asked for too late to matter */
    return status;
}

/* ---- answers ------------------------------------------------------------------------------- */

void sv_study_describe(const sv_study *study, sv_study_info *info)
{
    *info = (sv_study_info){
        .n_season = study->n_done,
        .n_failed = study->n_failed,
        .n_h = study->season.n_h,
        .stopped = study->stopped,
        .converged = study->converged,
        .seconds = study->seconds,
        .n_thread = study->n_thread,
    };
}

void sv_study_summary(const sv_study *study, sv_metric metric, sv_summary *summary)
{
    sv_stat_describe(&study->total[metric], summary);
}

void sv_study_region_summary(const sv_study *study, int32_t i_region, sv_metric metric, sv_summary *summary)
{
    sv_stat_describe(&study->region[i_region * SV_N_SPLIT_METRIC + (int32_t)metric], summary);
}

void sv_study_class_summary(const sv_study *study, sv_class class_, sv_metric metric, sv_summary *summary)
{
    sv_stat_describe(&study->class_[(int32_t)class_ * SV_N_SPLIT_METRIC + (int32_t)metric], summary);
}

void sv_study_hour(const sv_study *study, int64_t t_h, sv_band *shed_mw, sv_band *people)
{
    if (shed_mw != NULL)
        sv_hours_describe(&study->shed_mw, t_h, shed_mw);
    if (people != NULL)
        sv_hours_describe(&study->people, t_h, people);
}

void sv_study_site(const sv_study *study, int32_t i_site, int64_t *n_damaged, int64_t *n_repaired,
                   int64_t *n_season_damaged, double *dark_h)
{
    const site_sum *site = &study->site[i_site];
    if (n_damaged != NULL)
        *n_damaged = site->n_damaged;
    if (n_repaired != NULL)
        *n_repaired = site->n_repaired;
    if (n_season_damaged != NULL)
        *n_season_damaged = site->n_season_damaged;
    if (dark_h != NULL)
        *dark_h = site->dark_h;
}

/* ---- life ---------------------------------------------------------------------------------- */

typedef struct {
    const sv_grid *grid;
    const sv_season_settings *settings;
} season_context;

static sv_status make_season(const void *context, void **worker, sv_error *err)
{
    const season_context *of = context;
    sv_season *season = NULL;
    sv_status status = sv_season_new(&season, of->grid, of->settings, err);
    *worker = season;
    return status;
}

static sv_status run_season(void *worker, uint64_t seed, int64_t i_season, sv_season_row *row)
{
    return sv_season_run(worker, seed, i_season, row);
}

static void end_season(void **worker)
{
    sv_season *season = *worker;
    sv_season_free(&season);
    *worker = NULL;
}

static sv_status check(const sv_season_settings *season, const sv_study_settings *settings, sv_error *err)
{
    if (settings->n_season < 1 || settings->n_season > MOST_SEASONS)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "%lld seasons were asked for, accepted: 1 to %lld",
                            (long long)settings->n_season, (long long)MOST_SEASONS);
    if (settings->n_thread < 0 || settings->n_thread > MOST_THREADS)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "%d threads were asked for, accepted: 1 to %d, or 0 = one a core",
                            (int)settings->n_thread, (int)MOST_THREADS);
    if (!(settings->until >= 0.0 && settings->until < 1.0))
        return sv_error_set(err, SV_EUSAGE, NULL, 0,
                            "the relative standard error to stop at is %g, accepted: 0 (never) to below 1 (100 %%)",
                            settings->until);
    if (season->n_h < 1)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "the season has %lld hours, accepted: 1 or more",
                            (long long)season->n_h);
    return SV_OK;
}

static int32_t threads_for(const sv_study_settings *settings)
{
    int64_t n = settings->n_thread;
    if (n == 0)
        n = (int64_t)sysconf(_SC_NPROCESSORS_ONLN);
    n = n > settings->n_season ? settings->n_season : n;
    return (int32_t)(n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : n);
}

/* Twice the nominal load and people: what an hour's histogram must be able to hold. Cold and growth stay below. */
static void largest_hour(const sv_grid *grid, const sv_season_settings *season, double *shed_mw, double *people)
{
    *shed_mw = *people = 0.0;
    for (int32_t i = 0; i < grid->n_load; i++) {
        const sv_load *load = &grid->load[i];
        double p_mw = fmax(load->p_mw, 0.0);
        *shed_mw += 2.0 * p_mw * season->demand_scale * fmax(season->demand_class_scale[load->class_], 0.0);
        *people += 2.0 * (load->people > 0.0 ? load->people : p_mw * season->people_per_mw);
    }
}

static sv_status take_memory(sv_study *self, sv_error *err)
{
    double shed_mw, people;
    largest_hour(self->grid, &self->season, &shed_mw, &people);
    self->total = SV_TAKE(self->arena, SV_N_METRIC, sv_stat);
    self->region = SV_TAKE(self->arena, (int64_t)self->grid->n_region * SV_N_SPLIT_METRIC, sv_stat);
    self->class_ = SV_TAKE(self->arena, SV_N_CLASS * SV_N_SPLIT_METRIC, sv_stat);
    self->site = SV_TAKE(self->arena, self->grid->n_site, site_sum);
    sv_hours_init(&self->shed_mw, self->arena, self->season.n_h, shed_mw);
    sv_hours_init(&self->people, self->arena, self->season.n_h, people);
    if (sv_arena_failed(self->arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the statistics of %lld hours and %d regions",
                            (long long)self->season.n_h, (int)self->grid->n_region);
    return SV_OK;
}

sv_status sv_study_new_from(sv_study **study, const sv_grid *grid, const sv_season_settings *season,
                            const sv_study_settings *settings, const sv_study_source *source, sv_error *err)
{
    *study = NULL;
    sv_status status = check(season, settings, err);
    if (status != SV_OK)
        return status;
    sv_arena *arena = sv_arena_new();
    sv_study *self = arena != NULL ? SV_TAKE(arena, 1, sv_study) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a study");
    }
    self->arena = arena;
    self->grid = grid;
    self->season = *season;
    self->settings = *settings;
    self->n_thread = threads_for(settings);
    status = sv_pool_new(&self->pool, grid, season->n_h, source, self->n_thread, err);
    if (status == SV_OK)
        status = take_memory(self, err);
    if (status != SV_OK)
        sv_study_free(&self);
    *study = self;
    return status;
}

sv_status sv_study_new(sv_study **study, const sv_grid *grid, const sv_season_settings *season,
                       const sv_study_settings *settings, sv_error *err)
{
    season_context context = {grid, season}; /* used while seasons are made, that is: now */
    sv_study_source source = {&context, make_season, run_season, end_season, pthread_create};
    return sv_study_new_from(study, grid, season, settings, &source, err);
}

void sv_study_free(sv_study **study)
{
    sv_study *old = *study;
    if (old == NULL)
        return;
    sv_pool_free(&old->pool);
    sv_arena_free(old->arena);
    *study = NULL;
}
