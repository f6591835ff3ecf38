/* One winter, hour by hour: what is hit, what comes back, what the hour wants and has, who must be shed, who is off for how
 * long. All randomness is drawn from keys, all workspaces belong to one thread, and nothing of one season reaches the next:
 * a season's row depends on (grid, settings, seed, number) alone. Cost: one DC power flow an hour that fits its limits. */
#include "private.h"

#include <math.h>
#include <string.h>

struct sv_season {
    sv_arena *arena;
    const sv_grid *grid;
    sv_season_settings settings;
    sv_balance *balance;
    sv_hazard *hazard;
    sv_outage *outage; /* NULL = units do not fail by themselves */
    sv_repair *repair;
    sv_state *state;
    supply supply;
    ledger ledger;
    double *capacity_mw;           /* [n_unit] nominal */
    double *critical_mw, *gain_mw; /* [n_unit] of waiting repairs */
    uint8_t *damaged, *down;       /* [n_unit] by waves, by itself */
    cause cause;
    int32_t n_bus_off;
    bool topology_changed; /* since the balance took over the state */
    bool state_changed;    /* since it was packed */
    uint8_t *packed;       /* what is in service, see trace_pack */
    sv_shed *shed;         /* [n_load] */
    double *storage_mw;    /* [n_storage] */
    probing probing;
    bool shows; /* the hour being solved is to be shown */
    /* Beside a base, or as one: */
    const sv_season_trace *base; /* NULL = none, or one that no hour can be the same as */
    sv_season_trace *trace;      /* to be written, NULL = none */
    bool follows;                /* all hours since the balance last started cold are the base's, and not solved here */
    double *soc_kept_mwh;        /* [n_storage] */
};

sv_season_settings sv_season_defaults(void)
{
    sv_balance_settings balance = sv_balance_defaults();
    sv_season_settings settings = {
        .network = true,
        .demand_scale = 1.0,
        .demand_class_scale = {1.0, 1.0, 1.0},
        .cold_persistence_d = 5.0,
        .import_limit_mw = -1.0,
        .waves = sv_wave_defaults(),
        .repair = sv_repair_defaults(),
    };
    memcpy(settings.weight, balance.weight, sizeof settings.weight);
    return settings;
}

bool sv_season_span(const sv_grid *grid, int64_t *t0_h, int64_t *t1_h)
{
    *t0_h = INT64_MIN;
    *t1_h = INT64_MAX;
    for (int32_t k = 0; k < grid->n_series; k++) {
        const sv_series *series = &grid->series[k];
        *t0_h = series->t0_h > *t0_h ? series->t0_h : *t0_h;
        *t1_h = series->t0_h + series->n_h < *t1_h ? series->t0_h + series->n_h : *t1_h;
    }
    return grid->n_series > 0;
}

/* ---- life ---------------------------------------------------------------------------------- */

static sv_status check_settings(const sv_season_settings *settings, sv_error *err)
{
    if (settings->n_h <= 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "the season is empty (%lld hours); accepted: at least 1 hour",
                            (long long)settings->n_h);
    if (settings->n_h > 20 * 8784)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "the season has %lld hours; accepted: at most %d",
                            (long long)settings->n_h, 20 * 8784);
    if (!(settings->demand_scale > 0.0) || !isfinite(settings->demand_scale))
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "the demand scale is %g; accepted: above 0",
                            settings->demand_scale);
    return SV_OK;
}

static sv_status take_memory(sv_season *self)
{
    const sv_grid *grid = self->grid;
    sv_arena *arena = self->arena;
    self->capacity_mw = SV_TAKE(arena, grid->n_unit, double);
    self->critical_mw = SV_TAKE(arena, grid->n_unit, double);
    self->gain_mw = SV_TAKE(arena, grid->n_unit, double);
    self->damaged = SV_TAKE(arena, grid->n_unit, uint8_t);
    self->down = SV_TAKE(arena, grid->n_unit, uint8_t);
    self->shed = SV_TAKE(arena, grid->n_load, sv_shed);
    self->storage_mw = SV_TAKE(arena, grid->n_storage, double);
    self->soc_kept_mwh = SV_TAKE(arena, grid->n_storage, double);
    self->packed = SV_TAKE(arena, trace_state_bytes(grid), uint8_t);
    probe_init(&self->probing, grid, arena);
    self->state = sv_state_new(grid);
    if (!ledger_new(&self->ledger, grid, self->supply.people, arena) || self->state == NULL || sv_arena_failed(arena))
        return SV_ENOMEM;
    for (int32_t u = 0; u < grid->n_unit; u++)
        self->capacity_mw[u] = need_capacity_mw(grid, u);
    return cause_new(&self->cause, grid, self->capacity_mw, arena) ? SV_OK : SV_ENOMEM;
}

static sv_status give_profiles(sv_season *self, sv_error *err)
{
    const supply *hour = &self->supply;
    sv_status status = sv_balance_set_profiles(self->balance, hour->load_base_mw, hour->load_profile);
    for (int32_t d = 0; status == SV_EUSAGE && d < self->grid->n_load; d++)
        if (!(fabs(hour->load_base_mw[d]) <= SV_BALANCE_MOST_MW))
            return sv_error_set(err, status, NULL, 0,
                                "load '%s' with all demand scales is %g MW; accepted: at most %g MW",
                                self->grid->load[d].id, hour->load_base_mw[d], SV_BALANCE_MOST_MW);
    return status;
}

static sv_status build(sv_season *self, sv_error *err)
{
    const sv_season_settings *settings = &self->settings;
    sv_balance_settings balance = {.network = settings->network};
    memcpy(balance.weight, settings->weight, sizeof balance.weight);
    sv_status status = supply_new(&self->supply, self->grid, settings, self->arena, err);
    if (status == SV_OK)
        status = take_memory(self);
    if (status == SV_OK)
        status = sv_balance_new(&self->balance, self->grid, &balance, err);
    if (status == SV_OK)
        status = give_profiles(self, err);
    if (status == SV_OK)
        status = sv_hazard_new(&self->hazard, self->grid, &settings->waves, settings->t0_h, settings->n_h, err);
    if (status == SV_OK)
        status = sv_repair_new(&self->repair, self->grid, &settings->repair, settings->t0_h, settings->n_h, err);
    if (status == SV_OK && settings->outages)
        status = sv_outage_new(&self->outage, self->grid, settings->n_h, err);
    return status == SV_ENOMEM ? sv_error_set(err, status, NULL, 0, "out of memory for a season") : status;
}

sv_status sv_season_new(sv_season **season, const sv_grid *grid, const sv_season_settings *settings, sv_error *err)
{
    *season = NULL;
    sv_status status = check_settings(settings, err);
    if (status != SV_OK)
        return status;
    sv_arena *arena = sv_arena_new();
    sv_season *self = arena != NULL ? SV_TAKE(arena, 1, sv_season) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for a season");
    }
    self->arena = arena;
    self->grid = grid;
    self->settings = *settings;
    status = build(self, err);
    if (status != SV_OK) {
        sv_season_free(&self);
        return status;
    }
    *season = self;
    return SV_OK;
}

void sv_season_free(sv_season **season)
{
    if (season == NULL || *season == NULL)
        return;
    sv_balance_free(&(*season)->balance);
    sv_hazard_free(&(*season)->hazard);
    sv_outage_free(&(*season)->outage);
    sv_repair_free(&(*season)->repair);
    sv_state_free(&(*season)->state);
    sv_arena_free((*season)->arena);
    *season = NULL;
}

/* ---- what is in service -------------------------------------------------------------------- */

/* A unit works when the grid's tables have it in service, no wave has damaged it and it has not failed by itself. */
static void set_unit(sv_season *self, int32_t u)
{
    const sv_unit *unit = &self->grid->unit[u];
    bool on = !self->damaged[u] && !self->down[u];
    switch (unit->kind) {
    case SV_OF_BUS:
        on = on && self->grid->bus[unit->index].type != SV_BUS_DEAD;
        self->n_bus_off += (int)self->state->bus_on[unit->index] - (int)on;
        self->topology_changed = true;
        break;
    case SV_OF_BRANCH:
        on = on && self->grid->branch[unit->index].in_service;
        self->topology_changed = true;
        break;
    case SV_OF_GEN:
        on = on && self->grid->gen[unit->index].in_service;
        break;
    case SV_OF_STORAGE:
        on = on && self->grid->storage[unit->index].in_service;
        break;
    case SV_OF_DC_LINE:
        on = on && self->grid->dc_line[unit->index].in_service;
        break;
    }
    sv_state_set_unit(self->state, u, on);
    self->state_changed = true;
    cause_set(&self->cause, u, self->damaged[u] != 0, self->down[u] != 0);
}

static void take_wave(sv_season *self, int64_t t_h, sv_season_row *row)
{
    sv_wave wave;
    const sv_hit *hits = NULL;
    int32_t n = sv_hazard_step(self->hazard, &wave, &hits);
    row->n_wave++;
    row->n_strike += wave.n_aimed;
    row->n_intercepted += wave.n_intercepted;
    for (int32_t k = 0; k < n; k++) {
        int32_t u = hits[k].i_unit, site = self->grid->unit[u].i_site;
        sv_repair_hit(self->repair, t_h, u, hits[k].damage);
        if (self->damaged[u])
            continue;
        self->damaged[u] = 1;
        row->n_unit_lost++;
        if (site >= 0)
            row->site_damaged[site]++;
        set_unit(self, u);
    }
}

static void take_repairs(sv_season *self, int64_t t_h, sv_season_row *row)
{
    const int32_t *waiting = NULL, *done = NULL;
    int32_t n_waiting = sv_repair_waiting(self->repair, t_h, &waiting);
    need_rank(&self->ledger, self->capacity_mw, n_waiting, waiting, self->critical_mw, self->gain_mw);
    int32_t n_done = sv_repair_step(self->repair, t_h, self->critical_mw, self->gain_mw, &done);
    for (int32_t k = 0; k < n_done; k++) {
        int32_t u = done[k], site = self->grid->unit[u].i_site;
        self->damaged[u] = 0;
        row->n_unit_repaired++;
        if (site >= 0)
            row->site_repaired[site]++;
        set_unit(self, u);
    }
}

static void take_outages(sv_season *self)
{
    const sv_outage_event *events = NULL;
    int32_t n = sv_outage_step(self->outage, &events);
    for (int32_t k = 0; k < n; k++) {
        self->down[events[k].i_unit] = !events[k].up;
        set_unit(self, events[k].i_unit);
    }
}

static void take_events(sv_season *self, int64_t t_h, sv_season_row *row)
{
    while (sv_hazard_next_h(self->hazard) <= t_h)
        take_wave(self, t_h, row);
    if (sv_repair_next_h(self->repair) <= t_h)
        take_repairs(self, t_h, row);
    while (self->outage != NULL && sv_outage_next_h(self->outage) <= t_h)
        take_outages(self);
}

/* ---- one hour ------------------------------------------------------------------------------ */

/* Least harm for the hour, by the balance. */
static sv_status solve(sv_season *self, trace_answer *answer)
{
    supply *hour = &self->supply;
    bool has_storage = self->grid->n_storage > 0;
    sv_balance_input input = {
        .gen_max_mw = hour->gen_mw,
        .profile = hour->load_factor,
        .import_max_mw = hour->import_mw,
        .discharge_max_mw = has_storage ? hour->discharge_mw : NULL,
        .charge_max_mw = has_storage && !hour->storage_full ? hour->charge_mw : NULL,
        .storage_h = has_storage ? hour->storage_h : NULL,
    };
    sv_balance_result result = {.shed = self->shed, .storage_mw = answer->storage_mw};
    sv_balance_info info;
    sv_status status = SV_OK;
    if (self->shows)
        probe_ask(&self->probing, &result);
    if (self->topology_changed)
        status = sv_balance_update(self->balance, self->state);
    self->topology_changed = false;
    if (status == SV_OK)
        status = sv_balance_solve(self->balance, &input, &result, &info);
    if (status != SV_OK)
        return status;
    if (info.outcome == SV_BALANCE_FAILED)
        return SV_ENUM;
    answer->dark = info.n_shed > 0;
    answer->n_shed = info.n_shed;
    answer->shed = self->shed;
    answer->relaxed = info.outcome == SV_BALANCE_RELAXED;
    answer->relaxed_mw = answer->relaxed ? info.relaxed_mw : 0.0;
    return SV_OK;
}

/* Solve again the hours of this block that were taken over, so that the balance is as if it had solved them. */
static sv_status solve_again(sv_season *self, int64_t t_h)
{
    const sv_season_trace *base = self->base;
    trace_answer unused = {.storage_mw = self->storage_mw};
    sv_status status = SV_OK;
    sv_balance_reset(self->balance);
    for (int64_t h = t_h - t_h % BLOCK_H; h < t_h && status == SV_OK; h++) {
        if (base->hour[h].kind == TRACE_PLAIN)
            continue;
        trace_unpack(trace_state(base, h), self->state);
        for (int32_t k = 0; k < base->n_storage; k++)
            self->supply.soc_mwh[k] = base->soc_mwh[h * base->n_storage + k];
        supply_set_storage(&self->supply);
        supply_set_hour(&self->supply, h);
        self->topology_changed = base->hour[h].updated;
        status = solve(self, &unused);
    }
    return status;
}

/* The hour is not the base's: from here on this season goes its own way, at least until the block ends. */
static sv_status part(sv_season *self, int64_t t_h)
{
    size_t n_soc = sizeof(double) * (size_t)self->grid->n_storage;
    bool changed = self->topology_changed;
    if (n_soc > 0)
        memcpy(self->soc_kept_mwh, self->supply.soc_mwh, n_soc);
    sv_status status = solve_again(self, t_h);
    trace_unpack(self->packed, self->state);
    if (n_soc > 0)
        memcpy(self->supply.soc_mwh, self->soc_kept_mwh, n_soc);
    supply_set_storage(&self->supply);
    self->topology_changed = changed;
    self->follows = false;
    return status;
}

/* Before the dispatch: what the hour shares with the base, or leaves to levers. @param[out] same it is the base's */
static sv_status meet(sv_season *self, int64_t t_h, bool *same)
{
    if (self->state_changed)
        trace_pack(self->state, self->packed);
    self->state_changed = false;
    if (t_h % BLOCK_H == 0) {
        self->topology_changed = true;
        self->follows = self->base != NULL;
        if (!self->follows)
            sv_balance_reset(self->balance);
    }
    const double *soc_mwh = self->supply.soc_mwh;
    if (self->trace != NULL)
        trace_see(self->trace, t_h, self->packed, soc_mwh, self->topology_changed);
    *same = self->base != NULL && trace_is_same(self->base, t_h, self->packed, soc_mwh, self->topology_changed);
    return self->follows && !*same ? part(self, t_h) : SV_OK;
}

static void book(sv_season *self, int64_t t_h, const trace_answer *answer, sv_season_row *row)
{
    row->relaxed_mwh += answer->relaxed_mw;
    row->relaxed_h += answer->relaxed ? 1 : 0;
    if (self->grid->n_storage > 0)
        supply_run_storage(&self->supply, answer->storage_mw);
    if (!answer->dark) {
        ledger_book_light(&self->ledger, t_h, row);
        return;
    }
    ledger_book_dark(&self->ledger, t_h, &self->supply, answer->n_shed, answer->shed, row);
    if (self->ledger.shed_mw <= 0.0)
        return;
    double capacity = supply_capacity_mw(&self->supply, self->state);
    cause_book(&self->cause, &self->ledger, supply_demand_mw(&self->supply, t_h) - capacity);
}

static sv_status dispatch(sv_season *self, int64_t t_h, sv_season_row *row)
{
    trace_answer answer = {.storage_mw = self->storage_mw};
    if (self->follows) {
        trace_take(self->base, t_h, &answer);
        self->topology_changed = false;
        row->reused_h++;
    } else {
        sv_status status = solve(self, &answer);
        if (status != SV_OK)
            return status;
    }
    if (self->trace != NULL)
        trace_keep(self->trace, t_h, &answer);
    book(self, t_h, &answer, row);
    return SV_OK;
}

static sv_status run_hour(sv_season *self, int64_t t_h, sv_season_row *row)
{
    bool same = false;
    take_events(self, t_h, row);
    sv_status status = meet(self, t_h, &same);
    if (status != SV_OK)
        return status;
    row->same_h += same ? 1 : 0;
    double demand = supply_demand_mw(&self->supply, t_h);
    row->demand_mwh += demand;
    supply_set_hour(&self->supply, t_h);
    /* A copper plate with enough on it needs no more thought. */
    if (!self->settings.network && self->n_bus_off == 0 && self->supply.storage_full &&
        supply_capacity_mw(&self->supply, self->state) >= demand) {
        if (self->trace != NULL)
            trace_keep_plain(self->trace, t_h);
        ledger_book_light(&self->ledger, t_h, row);
        return SV_OK;
    }
    return dispatch(self, t_h, row);
}

/* ---- the season ---------------------------------------------------------------------------- */

static void begin(sv_season *self, uint64_t seed, int64_t i_season, sv_season_row *row)
{
    row_clear(row, self->grid, self->settings.n_h, i_season);
    sv_state_reset(self->state);
    sv_balance_reset(self->balance);
    sv_hazard_reset(self->hazard, seed, i_season);
    sv_repair_reset(self->repair, seed, i_season);
    if (self->outage != NULL)
        sv_outage_reset(self->outage, seed, i_season);
    supply_reset(&self->supply, seed, i_season);
    ledger_reset(&self->ledger);
    memset(self->damaged, 0, (size_t)self->grid->n_unit);
    memset(self->down, 0, (size_t)self->grid->n_unit);
    self->n_bus_off = 0;
    cause_begin(&self->cause, row);
    self->topology_changed = self->state_changed = true;
}

static sv_status run(sv_season *self, uint64_t seed, int64_t i_season, sv_season_row *row)
{
    begin(self, seed, i_season, row);
    for (int64_t t = 0; t < self->settings.n_h && row->status == SV_OK; t++)
        row->status = run_hour(self, t, row);
    cause_close(&self->cause);
    if (row->status == SV_OK)
        ledger_close(&self->ledger, self->settings.n_h, row);
    return row->status;
}

sv_status sv_season_run(sv_season *season, uint64_t seed, int64_t i_season, sv_season_row *row)
{
    return run(season, seed, i_season, row);
}

sv_status sv_season_run_traced(sv_season *season, uint64_t seed, int64_t i_season, sv_season_trace *trace,
                               sv_season_row *row)
{
    trace_begin(trace, &season->settings, seed, i_season);
    season->trace = trace;
    sv_status status = run(season, seed, i_season, row);
    season->trace = NULL;
    return status;
}

sv_status sv_season_run_beside(sv_season *season, uint64_t seed, int64_t i_season, const sv_season_trace *base,
                               sv_season_row *row)
{
    season->base = trace_fits(base, &season->settings, seed, i_season) ? base : NULL;
    sv_status status = run(season, seed, i_season, row);
    season->base = NULL;
    return status;
}

/* One hour of a season that is looked at. */
static sv_status run_shown(sv_season *self, int64_t t_h, sv_season_row *row, sv_error *err)
{
    self->shows = probe_wants(&self->probing, t_h);
    row->status = run_hour(self, t_h, row);
    if (row->status != SV_OK)
        return sv_error_set(err, row->status, NULL, 0, "season %lld fails in hour %lld: %s", (long long)row->i_season,
                            (long long)t_h, sv_status_name(row->status));
    if (!self->shows)
        return SV_OK;
    return probe_show(&self->probing, t_h, self->state, &self->supply, self->storage_mw, row, err);
}

sv_status sv_season_run_probed(sv_season *season, uint64_t seed, int64_t i_season, const sv_season_probe *probe,
                               sv_season_row *row, sv_error *err)
{
    sv_status status = probe_check(probe, &season->settings, err);
    if (status != SV_OK)
        return status;
    int64_t n_h = probe->n_h > 0 ? probe->t_h[probe->n_h - 1] + 1 : 0;
    begin(season, seed, i_season, row);
    season->probing.of = probe;
    season->probing.next = 0;
    for (int64_t t = 0; t < n_h && status == SV_OK; t++)
        status = run_shown(season, t, row, err);
    cause_close(&season->cause);
    season->probing.of = NULL;
    season->shows = false;
    return status;
}
