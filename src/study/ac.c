/* Hours of a study checked by AC power flow: the worst ones, and a sample of all. Their seasons are simulated again, each as
 * far as its last such hour, with the dispatch shown. Cost: those seasons, and the check of each hour; one thread. */
#include "private.h"

#include <fenv.h>
#include <stdlib.h>

enum { MOST_DRAWS = 10 }; /* for each hour of the sample: more only where nine seasons of ten failed */

typedef struct {
    const sv_study *study;
    const sv_study_ac_settings *settings;
    sv_study_ac *found;
    sv_arena *arena; /* what is needed on the way */
    sv_season *season;
    sv_season_row *row;
    sv_ac_check *check;
    int32_t n;
    int32_t *order; /* [n] places of the hours, by season and hour */
    int64_t *t_h;   /* [n] hours of one season to be shown */
    int32_t next;   /* in order, to be checked */
    int32_t n_seen; /* seasons of which it is known whether they went well, where some did not */
    int64_t *seen;
    uint8_t *went_well;
    bool stopped;
} checking;

/* ---- which hours ----------------------------------------------------------------------------- */

static int compare_hours(const sv_study_hour_id *a, const sv_study_hour_id *b)
{
    if (a->i_season != b->i_season)
        return a->i_season < b->i_season ? -1 : 1;
    return a->t_h < b->t_h ? -1 : a->t_h > b->t_h;
}

static int compare_checked(const void *a, const void *b)
{
    return compare_hours(&((const sv_study_ac_hour *)a)->of, &((const sv_study_ac_hour *)b)->of);
}

/* Did the study take this season? The study knows how many failed, not which: it is simulated again. */
static bool went_well(checking *self, int64_t i_season)
{
    if (self->study->n_failed == 0)
        return true;
    for (int32_t k = 0; k < self->n_seen; k++)
        if (self->seen[k] == i_season)
            return self->went_well[k] != 0;
    double metric[SV_N_METRIC];
    bool good = sv_season_run(self->season, self->study->settings.seed, i_season, self->row) == SV_OK;
    tally_read(self->row, metric);
    good = good && tally_is_finite(self->study->grid, self->row, metric);
    self->seen[self->n_seen] = i_season;
    self->went_well[self->n_seen++] = good;
    return good;
}

/* Evenly from all hours of all seasons that went well, with replacement. */
static void draw_sample(checking *self)
{
    const sv_study *study = self->study;
    sv_study_ac_hour *sample = &self->found->hour[self->found->n_worst];
    int32_t n = 0, n_wanted = self->settings->n_random;
    for (uint32_t k = 0; n < n_wanted && k < (uint32_t)(MOST_DRAWS * n_wanted); k++) {
        sv_draw4 draw = sv_draw(study->settings.seed, 0, SV_DRAW_CHECK, 0, k);
        int64_t i_season = (int64_t)(draw.u[0] * (double)study->n_done);
        int64_t t_h = (int64_t)(draw.u[1] * (double)study->season.n_h);
        if (went_well(self, i_season))
            sample[n++] = (sv_study_ac_hour){.of = {.i_season = i_season, .t_h = t_h}, .random = true};
    }
    self->found->n_random = n;
    qsort(sample, (size_t)n, sizeof *sample, compare_checked);
}

static void list_worst(checking *self, sv_study_hour_id *worst)
{
    self->found->n_worst = sv_study_worst_hours(self->study, self->settings->n_worst, worst);
    for (int32_t i = 0; i < self->found->n_worst; i++)
        self->found->hour[i] = (sv_study_ac_hour){.of = worst[i]};
}

/* By season and hour, lowest place first: the list is short. */
static void sort_places(checking *self)
{
    const sv_study_ac_hour *hour = self->found->hour;
    for (int32_t i = 0; i < self->n; i++) {
        int32_t at = i;
        for (; at > 0 && compare_hours(&hour[self->order[at - 1]].of, &hour[i].of) > 0; at--)
            self->order[at] = self->order[at - 1];
        self->order[at] = i;
    }
}

/* ---- the check ------------------------------------------------------------------------------- */

static bool asks_to_stop(checking *self)
{
    const sv_study_ac_settings *settings = self->settings;
    self->stopped = settings->on_progress != NULL && settings->on_progress(settings->context, self->next, self->n);
    return self->stopped;
}

static void read_check(const checking *self, const sv_season_hour *hour, const sv_ac_hour *ac, sv_study_ac_hour *found)
{
    found->of.people = hour->people_off;
    found->of.shed_mw = hour->shed_mw;
    for (int32_t d = 0; d < self->study->grid->n_load; d++) {
        if (!(hour->wanted_mw[d] > 0.0))
            continue;
        found->served_mw += hour->dispatch.served_mw[d];
        found->more_people += hour->people[d] * ac->load_shed_mw[d] / hour->wanted_mw[d];
    }
    found->ac = *ac;
    found->ac.load_shed_mw = found->ac.gen_mw = found->ac.import_mw = found->ac.vm_pu = NULL;
}

/* What the study took from this hour must be what it is now. */
static sv_status check_same(const sv_study_hour_id *of, const sv_season_hour *hour, sv_error *err)
{
    if (of->people == hour->people_off && of->shed_mw == hour->shed_mw)
        return SV_OK;
    return sv_error_set(err, SV_ENUM, NULL, 0,
                        "hour %lld of season %lld does not come again: %g MW were shed, now it is %g MW",
                        (long long)of->t_h, (long long)of->i_season, of->shed_mw, hour->shed_mw);
}

/* An hour may stand in the list more than once: it is checked once. */
static sv_status check_hour(void *context, const sv_season_hour *hour, sv_error *err)
{
    checking *self = context;
    sv_ac_hour ac;
    sv_study_ac_hour *all = self->found->hour;
    const int64_t i_season = self->row->i_season;
    sv_status status = sv_ac_check_hour(self->check, hour->state, &hour->dispatch, &ac, err);
    if (status != SV_OK) /* a lower sentence stays */
        return sv_error_set(err, status, NULL, 0, "hour %lld of season %lld cannot be checked: %s",
                            (long long)hour->t_h, (long long)i_season, sv_status_name(status));
    for (; status == SV_OK && self->next < self->n; self->next++) {
        sv_study_ac_hour *found = &all[self->order[self->next]];
        if (found->of.i_season != i_season || found->of.t_h != hour->t_h)
            break;
        if (!found->random)
            status = check_same(&found->of, hour, err);
        read_check(self, hour, &ac, found);
    }
    if (status == SV_OK && asks_to_stop(self))
        status = SV_ENUM; /* ends the season; told apart by `stopped` */
    return status;
}

/* All hours of the season that is next. */
static sv_status check_season(checking *self, sv_error *err)
{
    const sv_study_ac_hour *hour = self->found->hour;
    const int64_t i_season = hour[self->order[self->next]].of.i_season;
    int32_t n_h = 0;
    for (int32_t k = self->next; k < self->n && hour[self->order[k]].of.i_season == i_season; k++) {
        int64_t t_h = hour[self->order[k]].of.t_h;
        if (n_h == 0 || self->t_h[n_h - 1] < t_h)
            self->t_h[n_h++] = t_h;
    }
    const sv_season_probe probe = {n_h, self->t_h, self, check_hour};
    return sv_season_run_probed(self->season, self->study->settings.seed, i_season, &probe, self->row, err);
}

static sv_status check_all(checking *self, sv_error *err)
{
    sv_status status = SV_OK;
    bool stop = self->n > 0 && asks_to_stop(self);
    while (self->next < self->n && status == SV_OK && !stop) {
        status = check_season(self, err);
        stop = self->stopped;
    }
    return stop ? SV_OK : status;
}

/* ---- the door -------------------------------------------------------------------------------- */

static sv_status check_asked(const sv_study *study, const sv_study_ac_settings *settings, sv_error *err)
{
    const int32_t n[] = {settings->n_worst, settings->n_random};
    for (int k = 0; k < 2; k++)
        if (n[k] < 0 || n[k] > SV_MOST_WORST)
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "%d %s hours are to be checked; accepted: 0 to %d", (int)n[k],
                                k == 0 ? "worst" : "random", (int)SV_MOST_WORST);
    if (n[0] + n[1] == 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "no hour is to be checked; accepted: 1 or more");
    if (!study->season.network)
        return sv_error_set(
            err, SV_EUSAGE, NULL, 0,
            "an AC check needs the flows of the network, and the study is of a copper plate; accepted: a "
            "study with its network");
    if (study->n_done - study->n_failed < 1)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "no season has gone well that could be checked");
    return SV_OK;
}

static sv_status take_memory(checking *self, sv_error *err)
{
    size_t n = (size_t)self->settings->n_worst + (size_t)self->settings->n_random;
    size_t n_drawn = self->study->n_failed > 0 ? MOST_DRAWS * (size_t)self->settings->n_random : 0;
    self->found->hour = SV_TAKE(self->found->arena, n, sv_study_ac_hour);
    self->order = SV_TAKE(self->arena, n, int32_t);
    self->t_h = SV_TAKE(self->arena, n, int64_t);
    self->seen = SV_TAKE(self->arena, n_drawn, int64_t);
    self->went_well = SV_TAKE(self->arena, n_drawn, uint8_t);
    self->row = sv_season_row_new(self->study->grid, self->study->season.n_h);
    if (self->row == NULL || sv_arena_failed(self->arena) || sv_arena_failed(self->found->arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for an AC check of %d hours", (int)n);
    return SV_OK;
}

static sv_status carry_out(checking *self, sv_error *err)
{
    const sv_study *study = self->study;
    sv_status status = take_memory(self, err);
    sv_study_hour_id *worst = SV_TAKE(self->arena, self->settings->n_worst, sv_study_hour_id);
    if (status == SV_OK && sv_arena_failed(self->arena))
        status = SV_ENOMEM;
    if (status == SV_OK)
        status = sv_season_new(&self->season, study->grid, &study->season, err);
    if (status == SV_OK)
        status = sv_ac_check_new(&self->check, study->grid, study->season.weight, err);
    if (status != SV_OK)
        return status;
    list_worst(self, worst);
    draw_sample(self);
    self->n = self->found->n_worst + self->found->n_random;
    sort_places(self);
    return check_all(self, err);
}

sv_status sv_study_ac_check(const sv_study *study, const sv_study_ac_settings *settings, sv_study_ac **found,
                            sv_error *err)
{
    *found = NULL;
    sv_status status = check_asked(study, settings, err);
    if (status != SV_OK)
        return status;
    checking self = {.study = study, .settings = settings, .arena = sv_arena_new()};
    sv_arena *arena = sv_arena_new();
    self.found = arena != NULL ? SV_TAKE(arena, 1, sv_study_ac) : NULL;
    if (self.found == NULL || self.arena == NULL) {
        sv_arena_free(arena);
        sv_arena_free(self.arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for an AC check");
    }
    self.found->arena = arena;
    fenv_t callers;
    fegetenv(&callers);
    fesetenv(FE_DFL_ENV); /* as the study's threads count */
    status = carry_out(&self, err);
    fesetenv(&callers);
    sv_ac_check_free(&self.check);
    sv_season_free(&self.season);
    sv_season_row_free(&self.row);
    sv_arena_free(self.arena);
    if (status == SV_ENOMEM)
        status = sv_error_set(err, status, NULL, 0, "out of memory for an AC check"); /* a lower sentence stays */
    if (status != SV_OK || self.stopped)
        sv_study_ac_free(&self.found);
    *found = self.found;
    return status;
}

void sv_study_ac_free(sv_study_ac **found)
{
    if (found == NULL || *found == NULL)
        return;
    sv_arena_free((*found)->arena);
    *found = NULL;
}
