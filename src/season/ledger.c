/* Who is off, and for how long. Without rotation the same people behind a load go off first and come back last, so those
 * who are off form layers: a run of hours ends for a layer when the share that is off falls below it. Each layer is opened
 * and closed once: exact durations at the cost of one look a load and hour. */
#include "private.h"

#include <math.h>
#include <string.h>

static const double LEAST_MW = 1e-6;    /* less counts as served */
static const double LEAST_SHARE = 1e-6; /* of a load */

const int32_t sv_off_h[SV_N_OFF] = {4, 8, 24, 72};

bool ledger_new(ledger *self, const sv_grid *grid, const double *people, sv_arena *arena)
{
    *self = (ledger){
        .grid = grid,
        .people = people,
        .n_layer = SV_TAKE(arena, grid->n_load, int32_t),
        .layer = SV_TAKE(arena, (size_t)grid->n_load * MOST_LAYERS, off_layer),
        .off_share = SV_TAKE(arena, (size_t)grid->n_load * SV_N_OFF, double),
        .region_mw = SV_TAKE(arena, grid->n_region, double),
        .region_people = SV_TAKE(arena, grid->n_region, double),
        .site_mw = SV_TAKE(arena, grid->n_site, double),
        .site_critical_mw = SV_TAKE(arena, grid->n_site, double),
        .site_of_load = SV_TAKE(arena, grid->n_load, int32_t),
    };
    if (sv_arena_failed(arena))
        return false;
    for (int32_t d = 0; d < grid->n_load; d++)
        self->site_of_load[d] = grid->bus[grid->load[d].i_bus].i_site;
    return true;
}

static void clear_hour(ledger *self)
{
    self->shed_mw = 0.0;
    memset(self->class_mw, 0, sizeof self->class_mw);
    memset(self->class_people, 0, sizeof self->class_people);
    memset(self->region_mw, 0, sizeof(double) * (size_t)self->grid->n_region);
    memset(self->region_people, 0, sizeof(double) * (size_t)self->grid->n_region);
    memset(self->site_mw, 0, sizeof(double) * (size_t)self->grid->n_site);
    memset(self->site_critical_mw, 0, sizeof(double) * (size_t)self->grid->n_site);
}

void ledger_reset(ledger *self)
{
    memset(self->n_layer, 0, sizeof(int32_t) * (size_t)self->grid->n_load);
    memset(self->off_share, 0, sizeof(double) * (size_t)self->grid->n_load * SV_N_OFF);
    clear_hour(self);
    self->any_off = self->in_event = false;
}

/* ---- layers -------------------------------------------------------------------------------- */

/* The layer's people were off from since_h to t_h. Lower layers are off whenever upper ones are, so the largest top that
 * lasted longer than a threshold says how many people did. */
static void close_layer(ledger *self, int32_t d, const off_layer *layer, int64_t t_h, sv_season_row *row)
{
    int64_t length_h = t_h - layer->since_h;
    for (int k = 0; k < SV_N_OFF; k++) {
        double *share = &self->off_share[d * SV_N_OFF + k];
        if (length_h > sv_off_h[k] && layer->top > *share)
            *share = layer->top;
    }
    if (self->people[d] > 0.0 && (double)length_h > row->longest_h)
        row->longest_h = (double)length_h;
}

static void set_share_off(ledger *self, int32_t d, double share, int64_t t_h, sv_season_row *row)
{
    off_layer *layer = &self->layer[(size_t)d * MOST_LAYERS];
    int32_t n = self->n_layer[d];
    while (n > 0 && layer[n - 1].top > share + LEAST_SHARE) {
        close_layer(self, d, &layer[n - 1], t_h, row);
        double below = n > 1 ? layer[n - 2].top : 0.0;
        if (below >= share - LEAST_SHARE) {
            n--;
            continue;
        }
        layer[n - 1].top = share; /* its lower part is still off */
        break;
    }
    double top = n > 0 ? layer[n - 1].top : 0.0;
    if (share > top + LEAST_SHARE) {
        if (n < MOST_LAYERS)
            layer[n++] = (off_layer){share, t_h};
        else
            layer[n - 1].top = share; /* very many steps: the last two become one, with the earlier start */
    }
    self->n_layer[d] = n;
}

static void serve_all(ledger *self, int64_t t_h, sv_season_row *row)
{
    for (int32_t d = 0; d < self->grid->n_load; d++)
        if (self->n_layer[d] > 0)
            set_share_off(self, d, 0.0, t_h, row);
}

/* ---- events -------------------------------------------------------------------------------- */

static void end_event(ledger *self, int64_t t_h, sv_season_row *row)
{
    if (!self->in_event)
        return;
    self->in_event = false;
    self->event.length_h = t_h - self->event.start_h;
    row->n_event++;
    if (row->n_event_kept < row->max_event)
        row->event[row->n_event_kept++] = self->event;
}

static void run_event(ledger *self, int64_t t_h, double people)
{
    if (!self->in_event) {
        self->in_event = true;
        self->event = (sv_event){.start_h = t_h, .i_region = -1};
    }
    self->event.people = fmax(self->event.people, people);
    self->event.energy_mwh += self->shed_mw;
}

/* ---- hours --------------------------------------------------------------------------------- */

void ledger_book_light(ledger *self, int64_t t_h, sv_season_row *row)
{
    row->hour_shed_mw[t_h] = 0.0F;
    row->hour_people[t_h] = 0.0F;
    if (!self->any_off)
        return;
    serve_all(self, t_h, row);
    end_event(self, t_h, row);
    clear_hour(self);
    self->any_off = false;
}

static void sum_hour(ledger *self, const double *load_mw, const double *served_mw, int64_t t_h, sv_season_row *row)
{
    const sv_grid *grid = self->grid;
    for (int32_t d = 0; d < grid->n_load; d++) {
        double wanted = load_mw[d], shed = wanted - served_mw[d];
        if (wanted <= 0.0 || shed <= LEAST_MW * 1e-3) {
            if (self->n_layer[d] > 0)
                set_share_off(self, d, 0.0, t_h, row);
            continue;
        }
        const sv_load *load = &grid->load[d];
        double share = fmin(1.0, shed / wanted), people = self->people[d] * share;
        int32_t region = grid->bus[load->i_bus].i_region, site = self->site_of_load[d];
        self->shed_mw += shed;
        self->class_mw[load->class_] += shed;
        self->class_people[load->class_] += people;
        self->region_mw[region] += shed;
        self->region_people[region] += people;
        if (site >= 0) {
            self->site_mw[site] += shed;
            self->site_critical_mw[site] += load->class_ == SV_CRITICAL ? shed : 0.0;
        }
        set_share_off(self, d, share, t_h, row);
    }
}

static void add_to_row(const ledger *self, int64_t t_h, sv_season_row *row)
{
    const sv_grid *grid = self->grid;
    double people = 0.0;
    for (int c = 0; c < SV_N_CLASS; c++) {
        people += self->class_people[c];
        row->class_mwh[c] += self->class_mw[c];
        row->class_lole_h[c] += self->class_mw[c] > LEAST_MW ? 1.0 : 0.0;
        row->class_people_hours[c] += self->class_people[c];
    }
    for (int32_t r = 0; r < grid->n_region; r++) {
        row->region_mwh[r] += self->region_mw[r];
        row->region_lole_h[r] += self->region_mw[r] > LEAST_MW ? 1.0 : 0.0;
        row->region_people_hours[r] += self->region_people[r];
        int64_t day = (int64_t)r * row->n_day + t_h / 24;
        row->region_day_mwh[day] += (float)self->region_mw[r];
        row->region_day_people_hours[day] += (float)self->region_people[r];
    }
    for (int32_t s = 0; s < grid->n_site; s++)
        row->site_dark_h[s] += self->site_mw[s] > LEAST_MW ? 1.0F : 0.0F;
    row->eens_mwh += self->shed_mw;
    row->lole_h += 1.0;
    row->people_hours += people;
    bool worse = people > row->worst_people || (row->worst_people <= 0.0 && self->shed_mw > row->worst_mw);
    row->worst_h = worse ? t_h : row->worst_h;
    row->worst_people = fmax(row->worst_people, people);
    row->worst_mw = fmax(row->worst_mw, self->shed_mw);
    row->hour_shed_mw[t_h] = (float)self->shed_mw;
    row->hour_people[t_h] = (float)people;
}

void ledger_book_dark(ledger *self, int64_t t_h, const double *load_mw, const double *served_mw, sv_season_row *row)
{
    clear_hour(self);
    sum_hour(self, load_mw, served_mw, t_h, row);
    if (self->shed_mw <= LEAST_MW) {
        ledger_book_light(self, t_h, row);
        return;
    }
    self->any_off = true;
    add_to_row(self, t_h, row);
    run_event(self, t_h, (double)row->hour_people[t_h]);
}

void ledger_close(ledger *self, int64_t n_h, sv_season_row *row)
{
    serve_all(self, n_h, row);
    end_event(self, n_h, row);
    for (int32_t d = 0; d < self->grid->n_load; d++)
        for (int k = 0; k < SV_N_OFF; k++)
            row->off_people[k] += self->people[d] * self->off_share[d * SV_N_OFF + k];
}
