/* A study: seasons from the pool, statistics of what they say, in the order of seasons, in memory that does not grow
 * with their number: 0.2 MB a statistic (19 + 3 a region + 9, and 19 a lever), 1.4 kB an hour of the season. Taking a row of 8,736 h,
 * 40 % of them dark, costs 0.15 ms. */
#include "private.h"
#include "source.h"

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

/* ---- run ----------------------------------------------------------------------------------- */

typedef struct {
    sv_study *study;
    const sv_study_sink *sink;
} running;

bool study_is_precise(const sv_study *self)
{
    return self->settings.until > 0.0 && self->n_done >= UNTIL_FROM && self->n_done % UNTIL_EVERY == 0 &&
           sv_stat_relative_error(&self->base.total[SV_M_EENS_MWH]) <= self->settings.until;
}

/* One number that is none would spoil every mean: such a season counts as failed. */
static void read_rows(sv_study *self, sv_season_row *const *row)
{
    for (int32_t k = 0; k <= self->n_lever; k++)
        if (row[k]->status == SV_OK) {
            tally_read(row[k], self->metric[k]);
            if (!tally_is_finite(self->grid, row[k], (const double *)self->metric[k]))
                row[k]->status = SV_ENUM;
        }
}

/* The sink first: a season it could not keep is not in the statistics either. */
static sv_status take_rows(void *context, sv_season_row *const *row, bool *enough, sv_error *err)
{
    running *run = context;
    sv_study *self = run->study;
    read_rows(self, row);
    bool asked = run->sink != NULL && run->sink->on_row != NULL;
    for (int32_t k = 0; k <= self->n_lever && asked; k++) {
        sv_status status = run->sink->on_row(run->sink->context, row[k], err);
        if (status != SV_OK)
            return status;
    }
    self->n_done++;
    if (row[0]->status == SV_OK)
        tally_add(&self->base, row[0], (const double *)self->metric[0]);
    else
        self->n_failed++;
    for (int32_t k = 0; k < self->n_lever; k++)
        if (row[1 + k]->status == SV_OK)
            lever_tally_add(&self->lever[k], self->grid, k, row, (const double(*)[SV_N_METRIC])self->metric);
    self->converged = study_is_precise(self);
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
    const sv_stat *eens = &self->base.total[SV_M_EENS_MWH];
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
    sv_pool_taker taker = {&run, take_rows, tell_progress};
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

/* ---- life ---------------------------------------------------------------------------------- */

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
        *people += 2.0 * sv_season_people(season, load);
    }
}

static sv_status take_memory(sv_study *self, const sv_study_lever *lever, sv_error *err)
{
    double shed_mw, people;
    largest_hour(self->grid, &self->season, &shed_mw, &people);
    tally_init(&self->base, self->arena, self->grid, self->season.n_h, shed_mw, people);
    self->metric = sv_arena_take(self->arena, (size_t)self->n_lever + 1, sizeof *self->metric);
    self->lever = SV_TAKE(self->arena, self->n_lever, lever_tally);
    for (int32_t k = 0; k < self->n_lever && self->lever != NULL; k++)
        lever_tally_init(&self->lever[k], self->arena, self->grid, &lever[k]);
    if (sv_arena_failed(self->arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0,
                            "out of memory for the statistics of %lld hours, %d regions and %d levers",
                            (long long)self->season.n_h, (int)self->grid->n_region, (int)self->n_lever);
    return SV_OK;
}

static sv_status check_levers(const sv_season_settings *season, int32_t n_lever, const sv_study_lever *lever,
                              sv_error *err)
{
    for (int32_t k = 0; k < n_lever; k++) {
        if (lever[k].season->t0_h != season->t0_h || lever[k].season->n_h != season->n_h)
            return sv_error_set(err, SV_EUSAGE, NULL, 0,
                                "lever %d has other hours than the base; accepted: the same season", (int)k + 1);
        for (int32_t i = 0; i < lever[k].n_against; i++)
            if (lever[k].against[i] < 0 || lever[k].against[i] >= k)
                return sv_error_set(err, SV_EUSAGE, NULL, 0,
                                    "lever %d is compared with lever %d; accepted: one that stands before it",
                                    (int)k + 1, (int)lever[k].against[i] + 1);
    }
    return SV_OK;
}

sv_status sv_study_new_from(sv_study **study, const sv_grid *grid, const sv_season_settings *season, int32_t n_lever,
                            const sv_study_lever *lever, const sv_study_settings *settings,
                            const sv_study_source *source, sv_error *err)
{
    *study = NULL;
    sv_status status = check(season, settings, err);
    if (status == SV_OK)
        status = check_levers(season, n_lever, lever, err);
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
    self->n_lever = n_lever;
    self->settings = *settings;
    self->n_thread = threads_for(settings);
    status = sv_pool_new(&self->pool, grid, season->n_h, 1 + n_lever, source, self->n_thread, err);
    if (status == SV_OK)
        status = take_memory(self, lever, err);
    if (status != SV_OK)
        sv_study_free(&self);
    *study = self;
    return status;
}

sv_status sv_study_new_levers(sv_study **study, const sv_grid *grid, const sv_season_settings *season, int32_t n_lever,
                              const sv_study_lever *lever, const sv_study_settings *settings, sv_error *err)
{
    bundle_context context = {grid, season, n_lever, lever}; /* used while seasons are made, that is: now */
    sv_study_source source = bundle_source(&context);
    return sv_study_new_from(study, grid, season, n_lever, lever, settings, &source, err);
}

sv_status sv_study_new(sv_study **study, const sv_grid *grid, const sv_season_settings *season,
                       const sv_study_settings *settings, sv_error *err)
{
    return sv_study_new_levers(study, grid, season, 0, NULL, settings, err);
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
