/* Seasons out of thin air, for tests of pool, study and store: every number of a row comes from sv_draw keyed by seed
 * and season, so it is known without running anything; some seasons dawdle, some fail. */
#ifndef TESTS_STUDY_FAKE_H
#define TESTS_STUDY_FAKE_H

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../src/study/source.h"

typedef struct {
    const sv_grid *grid;
    int64_t n_h;
    int64_t fail_every; /* season k fails when k % fail_every == 1; 0 = none fails */
    int64_t nan_at;     /* this season gives a NAN and says it is well; -1 = none */
    int32_t delay_us;   /* longest delay */
    int32_t n_make;     /* workers that can be made; 0 = any */
    atomic_int *n_made; /* workers alive */
    double scale;       /* of all that is shed; 0 = nothing ever */
    int32_t n_lever;
} fake_settings;

typedef struct {
    fake_settings settings;
} fake_worker;

static sv_status fake_make(const void *context, void **worker, sv_error *err)
{
    const fake_settings *settings = context;
    *worker = NULL;
    if (settings->n_make > 0 && settings->n_made != NULL && atomic_load(settings->n_made) >= settings->n_make)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "no more workers");
    fake_worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return SV_ENOMEM;
    w->settings = *settings;
    if (settings->n_made != NULL)
        atomic_fetch_add(settings->n_made, 1);
    *worker = w;
    return SV_OK;
}

static void fake_end(void **worker)
{
    fake_worker *w = *worker;
    if (w != NULL && w->settings.n_made != NULL)
        atomic_fetch_sub(w->settings.n_made, 1);
    free(w);
    *worker = NULL;
}

static void fake_hours(const fake_settings *settings, uint64_t seed, int64_t i_season, sv_season_row *row)
{
    row->eens_mwh = row->lole_h = row->people_hours = row->worst_mw = row->worst_people = 0.0;
    row->worst_h = 0;
    for (int64_t t = 0; t < settings->n_h; t++) {
        sv_draw4 draw = sv_draw(seed, i_season, SV_DRAW_TEST, 0, (uint32_t)t);
        double shed = draw.u[0] < 0.4 ? settings->scale * 100.0 * draw.u[1] * draw.u[1] : 0.0;
        row->hour_shed_mw[t] = (float)shed;
        row->hour_people[t] = (float)(shed * 500.0);
        row->eens_mwh += shed;
        row->lole_h += shed > 0.0;
        row->people_hours += shed * 500.0;
        if (shed > row->worst_mw) {
            row->worst_mw = shed;
            row->worst_people = shed * 500.0;
            row->worst_h = t;
        }
    }
}

static void fake_split(const fake_settings *settings, sv_season_row *row)
{
    int32_t n = settings->grid->n_region;
    for (int32_t r = 0; r < n; r++) {
        double share = (r + 1.0) / (0.5 * n * (n + 1.0));
        row->region_mwh[r] = share * row->eens_mwh;
        row->region_lole_h[r] = row->lole_h;
        row->region_people_hours[r] = share * row->people_hours;
    }
    for (int32_t i = 0; i < n * row->n_day; i++) {
        row->region_day_mwh[i] = (float)(row->eens_mwh / (n * row->n_day));
        row->region_day_people_hours[i] = (float)(row->people_hours / (n * row->n_day));
    }
    for (int32_t c = 0; c < SV_N_CLASS; c++) {
        double share = (c + 1.0) / 6.0;
        row->class_mwh[c] = share * row->eens_mwh;
        row->class_lole_h[c] = row->lole_h;
        row->class_people_hours[c] = share * row->people_hours;
    }
}

static void fake_counts(const fake_settings *settings, uint64_t seed, int64_t i_season, sv_season_row *row)
{
    sv_draw4 draw = sv_draw(seed, i_season, SV_DRAW_TEST, 1, 0);
    row->demand_mwh = 1e6 * (1.0 + draw.u[0]);
    row->relaxed_mwh = 0.0;
    row->relaxed_h = 0;
    for (int32_t k = 0; k < SV_N_OFF; k++)
        row->off_people[k] = row->worst_people / (k + 1.0);
    row->longest_h = (double)(int64_t)(24.0 * draw.u[1]);
    row->n_wave = (int32_t)(10.0 * draw.u[2]);
    row->n_strike = 5 * row->n_wave;
    row->n_intercepted = 3 * row->n_wave;
    row->n_unit_lost = row->n_unit_repaired = 0;
    for (int32_t s = 0; s < settings->grid->n_site; s++) {
        row->site_damaged[s] = (int32_t)(3.0 * sv_draw(seed, i_season, SV_DRAW_TEST, 2, (uint32_t)s).u[0]);
        row->site_repaired[s] = row->site_damaged[s] / 2;
        row->site_dark_h[s] = (float)row->site_damaged[s] * 1.5f;
        row->n_unit_lost += row->site_damaged[s];
        row->n_unit_repaired += row->site_repaired[s];
    }
    int32_t n_cause = settings->grid->n_region * SV_N_UNIT_CLASS * SV_N_CAUSE;
    for (int32_t k = 0; k < n_cause; k++)
        row->cause_mwh[k] = 0.5 * row->eens_mwh / n_cause;
    row->unexplained_mwh = 0.5 * row->eens_mwh;
    row->n_event = row->max_event < 3 ? row->max_event : 3;
    row->n_event_kept = row->n_event;
    for (int32_t e = 0; e < row->n_event; e++)
        row->event[e] = (sv_event){10 * e, 1 + e, 1000.0 * (e + draw.u[3]), 10.0 * draw.u[3], -1};
}

static void fake_row(const fake_settings *settings, uint64_t seed, int64_t i_season, sv_season_row *row)
{
    row->i_season = i_season;
    row->i_lever = -1;
    fake_hours(settings, seed, i_season, row);
    fake_split(settings, row);
    fake_counts(settings, seed, i_season, row);
    if (settings->delay_us > 0) {
        double u = sv_draw(seed, i_season, SV_DRAW_TEST, 3, 0).u[0];
        nanosleep(&(struct timespec){.tv_nsec = (long)(1000.0 * settings->delay_us * u)}, NULL);
    }
    row->status = SV_OK;
    if (settings->nan_at == i_season)
        row->lole_h = NAN;
    if (settings->fail_every > 0 && i_season % settings->fail_every == 1) {
        row->eens_mwh = 1e30; /* must not reach any mean */
        row->status = SV_ENUM;
    }
}

/* Lever k: (k + 1) % of everything is saved in each season. */
static void fake_lever(const fake_settings *base, int32_t k, uint64_t seed, int64_t i_season, sv_season_row *row)
{
    fake_settings settings = *base;
    settings.scale *= 1.0 - 0.01 * (k + 1);
    settings.delay_us = 0;
    fake_row(&settings, seed, i_season, row);
    row->i_lever = k;
    row->same_h = settings.n_h / 2;
    row->reused_h = settings.n_h / 4;
}

static void fake_run(void *worker, uint64_t seed, int64_t i_season, sv_season_row *const *row)
{
    const fake_settings *settings = &((fake_worker *)worker)->settings;
    fake_row(settings, seed, i_season, row[0]);
    for (int32_t k = 0; k < settings->n_lever; k++)
        fake_lever(settings, k, seed, i_season, row[1 + k]);
}

static inline sv_study_source fake_source(const fake_settings *settings)
{
    return (sv_study_source){settings, fake_make, fake_run, fake_end, pthread_create};
}

/** Two regions, three sites, three loads, a generator that fails: enough for every table, and for real seasons. */
static inline sv_grid *fake_grid(void)
{
    sv_draft *draft = sv_draft_new();
    sv_draft_set_name(draft, "two regions", "fake");
    const char *region[] = {"north", "south"}, *site[] = {"Alder", "Birch", "Cedar"};
    for (int32_t r = 0; r < 2; r++)
        sv_draft_add_region(draft, &(sv_region){.id = region[r], .zone = (sv_zone)r, .i_series_temperature = -1});
    for (int32_t s = 0; s < 3; s++) {
        sv_draft_add_site(draft, &(sv_site){.id = site[s], .i_region = s / 2, .x_km = s, .y_km = -s});
        sv_bus bus = sv_bus_default();
        bus.id = site[s];
        bus.i_region = s / 2;
        bus.i_site = s;
        bus.type = s == 0 ? SV_BUS_REF : SV_BUS_PQ;
        bus.vn_kv = 110.0;
        sv_draft_add_bus(draft, &bus);
        sv_load load = sv_load_default();
        load.id = site[s];
        load.i_bus = s;
        load.class_ = (sv_class)s;
        load.p_mw = 50.0;
        load.people = 25000.0;
        sv_draft_add_load(draft, &load);
    }
    for (int32_t s = 0; s < 2; s++) {
        sv_branch branch = sv_branch_default();
        branch.id = site[s];
        branch.i_from = s;
        branch.i_to = s + 1;
        branch.x_pu = 0.1;
        branch.rate_a_mva = 120.0 - 60.0 * s;
        sv_draft_add_branch(draft, &branch);
    }
    for (int32_t g = 0; g < 3; g++) {
        sv_gen gen = sv_gen_default();
        gen.id = site[g];
        gen.i_bus = 0;
        gen.p_max_mw = 60.0;
        gen.mttf_h = 100.0 + g;
        gen.mttr_h = 20.0;
        sv_draft_add_gen(draft, &gen);
    }
    sv_grid *grid = NULL;
    sv_error err = {0};
    if (sv_grid_new(&grid, draft, &err) != SV_OK)
        grid = NULL;
    sv_draft_free(&draft);
    return grid;
}

#endif
