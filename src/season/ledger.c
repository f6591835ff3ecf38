/* Who is off, and for how long. Without rotation the same people behind a load go off first and come back last, so those
 * who are off form layers: a run of hours ends for a layer when the share that is off falls below it. Each layer is opened
 * and closed once: exact durations at the cost of one look a load and hour that it is off. */
#include "private.h"

#include <math.h>
#include <string.h>

static const double LEAST_MW = 1e-6;    /* less counts as served */
static const double LEAST_SHARE = 1e-6; /* of a load */
enum { NEVER_H = -1 };

const int32_t sv_off_h[SV_N_OFF] = {4, 8, 24, 72};

bool ledger_new(ledger *self, const sv_grid *grid, const double *people, sv_arena *arena)
{
    *self = (ledger){
        .grid = grid,
        .load = SV_TAKE(arena, grid->n_load, load_book),
        .below = SV_TAKE(arena, (size_t)grid->n_load * MOST_LAYERS, off_layer),
        .off_share = SV_TAKE(arena, (size_t)grid->n_load * SV_N_OFF, double),
        .off = SV_TAKE(arena, grid->n_load, int32_t),
        .off_before = SV_TAKE(arena, grid->n_load, int32_t),
        .cell_mw = SV_TAKE(arena, grid->n_region * SV_N_CLASS, double),
        .cell_people = SV_TAKE(arena, grid->n_region * SV_N_CLASS, double),
        .region_mw = SV_TAKE(arena, grid->n_region, double),
        .region_people = SV_TAKE(arena, grid->n_region, double),
        .site_mw = SV_TAKE(arena, grid->n_site, double),
        .site_critical_mw = SV_TAKE(arena, grid->n_site, double),
        .site_dark = SV_TAKE(arena, grid->n_site, int32_t),
    };
    if (sv_arena_failed(arena))
        return false;
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_bus *bus = &grid->bus[grid->load[d].i_bus];
        self->load[d].people = people[d];
        self->load[d].cell = bus->i_region * SV_N_CLASS + (int32_t)grid->load[d].class_;
        self->load[d].i_site = bus->i_site;
    }
    return true;
}

static void clear_hour(ledger *self)
{
    size_t n_region = (size_t)self->grid->n_region;
    self->shed_mw = 0.0;
    memset(self->class_mw, 0, sizeof self->class_mw);
    memset(self->class_people, 0, sizeof self->class_people);
    memset(self->cell_mw, 0, sizeof(double) * n_region * SV_N_CLASS);
    memset(self->cell_people, 0, sizeof(double) * n_region * SV_N_CLASS);
    memset(self->region_mw, 0, sizeof(double) * n_region);
    memset(self->region_people, 0, sizeof(double) * n_region);
    for (int32_t k = 0; k < self->n_site_dark; k++)
        self->site_mw[self->site_dark[k]] = self->site_critical_mw[self->site_dark[k]] = 0.0;
    self->n_site_dark = 0;
}

void ledger_reset(ledger *self)
{
    memset(self->off_share, 0, sizeof(double) * (size_t)self->grid->n_load * SV_N_OFF);
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        self->load[d].last = (off_layer){0};
        self->load[d].n_below = 0;
        self->load[d].dark_h = NEVER_H - 1; /* no hour, nor NEVER_H */
    }
    clear_hour(self);
    self->n_off = 0;
    self->any_off = self->in_event = false;
}

/* ---- layers -------------------------------------------------------------------------------- */

/* The layer's people were off from since_h to t_h. Lower layers are off whenever upper ones are, so the largest top that
 * lasted longer than a threshold says how many people did. */
static void close_layer(ledger *self, int32_t d, const off_layer *layer, int64_t t_h, sv_season_row *row)
{
    int64_t length_h = t_h - layer->since_h;
    double *share = &self->off_share[d * SV_N_OFF];
    for (int k = 0; k < SV_N_OFF && length_h > sv_off_h[k]; k++)
        share[k] = layer->top > share[k] ? layer->top : share[k];
    if (self->load[d].people > 0.0 && (double)length_h > row->longest_h)
        row->longest_h = (double)length_h;
}

/* The share that is off has fallen below the uppermost layer: it is closed, and those under it that are now too high. */
static void lower_share_off(ledger *self, int32_t d, double share, int64_t t_h, sv_season_row *row)
{
    load_book *load = &self->load[d];
    const off_layer *below = &self->below[(size_t)d * MOST_LAYERS];
    while (load->last.top > share + LEAST_SHARE) {
        close_layer(self, d, &load->last, t_h, row);
        double next = load->n_below > 0 ? below[load->n_below - 1].top : 0.0;
        if (next < share - LEAST_SHARE) {
            load->last.top = share; /* its lower part is still off */
            return;
        }
        load->last = load->n_below > 0 ? below[--load->n_below] : (off_layer){0};
    }
}

static void set_share_off(ledger *self, int32_t d, double share, int64_t t_h, sv_season_row *row)
{
    load_book *load = &self->load[d];
    if (load->last.top > share + LEAST_SHARE) {
        lower_share_off(self, d, share, t_h, row);
    } else if (share > load->last.top + LEAST_SHARE) {
        if (load->last.top > 0.0 && load->n_below == MOST_LAYERS - 1) {
            load->last.top = share; /* very many steps: the last two become one, with the earlier start */
            return;
        }
        if (load->last.top > 0.0)
            self->below[(size_t)d * MOST_LAYERS + (size_t)load->n_below++] = load->last;
        load->last = (off_layer){share, t_h};
    }
}

/* Those of a list who were off an hour ago are back, except loads that are booked as dark in hour but_h. */
static void serve(ledger *self, int32_t n, const int32_t *i_load, int64_t t_h, int64_t but_h, sv_season_row *row)
{
    for (int32_t k = 0; k < n; k++)
        if (self->load[i_load[k]].dark_h != but_h)
            set_share_off(self, i_load[k], 0.0, t_h, row);
}

static void serve_all(ledger *self, int64_t t_h, sv_season_row *row)
{
    serve(self, self->n_off, self->off, t_h, NEVER_H, row);
    self->n_off = 0;
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

static void book_load(ledger *self, int64_t t_h, int32_t d, double share, double wanted_mw, sv_season_row *row)
{
    load_book *load = &self->load[d];
    double shed = share * wanted_mw;
    if (!(shed > LEAST_MW * 1e-3))
        return;
    load->dark_h = t_h;
    self->cell_mw[load->cell] += shed;
    self->cell_people[load->cell] += share * load->people;
    if (load->i_site >= 0) {
        if (self->site_mw[load->i_site] == 0.0)
            self->site_dark[self->n_site_dark++] = load->i_site;
        self->site_mw[load->i_site] += shed;
        self->site_critical_mw[load->i_site] += load->cell % SV_N_CLASS == SV_CRITICAL ? shed : 0.0;
    }
    set_share_off(self, d, share, t_h, row);
    self->off[self->n_off] = d;
    self->n_off += load->last.top > 0.0;
}

static void sum_cells(ledger *self)
{
    for (int32_t r = 0; r < self->grid->n_region; r++)
        for (int32_t c = 0; c < SV_N_CLASS; c++) {
            double mw = self->cell_mw[r * SV_N_CLASS + c], people = self->cell_people[r * SV_N_CLASS + c];
            self->region_mw[r] += mw;
            self->region_people[r] += people;
            self->class_mw[c] += mw;
            self->class_people[c] += people;
        }
    for (int32_t c = 0; c < SV_N_CLASS; c++)
        self->shed_mw += self->class_mw[c];
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
        if (self->region_mw[r] <= 0.0)
            continue;
        row->region_mwh[r] += self->region_mw[r];
        row->region_lole_h[r] += self->region_mw[r] > LEAST_MW ? 1.0 : 0.0;
        row->region_people_hours[r] += self->region_people[r];
        int64_t day = (int64_t)r * row->n_day + t_h / 24;
        row->region_day_mwh[day] += (float)self->region_mw[r];
        row->region_day_people_hours[day] += (float)self->region_people[r];
    }
    for (int32_t k = 0; k < self->n_site_dark; k++)
        row->site_dark_h[self->site_dark[k]] += self->site_mw[self->site_dark[k]] > LEAST_MW ? 1.0F : 0.0F;
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

void ledger_book_dark(ledger *self, int64_t t_h, const supply *hour, int32_t n_shed, const sv_shed *shed,
                      sv_season_row *row)
{
    int32_t n_before = self->n_off, *before = self->off;
    self->off = self->off_before;
    self->off_before = before;
    self->n_off = 0;
    clear_hour(self);
    for (int32_t k = 0; k < n_shed; k++)
        book_load(self, t_h, shed[k].i_load, shed[k].share, supply_load_mw(hour, shed[k].i_load), row);
    serve(self, n_before, before, t_h, t_h, row);
    sum_cells(self);
    self->any_off = true;
    if (self->shed_mw <= LEAST_MW) {
        ledger_book_light(self, t_h, row);
        return;
    }
    add_to_row(self, t_h, row);
    run_event(self, t_h, (double)row->hour_people[t_h]);
}

void ledger_close(ledger *self, int64_t n_h, sv_season_row *row)
{
    serve_all(self, n_h, row);
    end_event(self, n_h, row);
    for (int32_t d = 0; d < self->grid->n_load; d++)
        for (int k = 0; k < SV_N_OFF; k++)
            row->off_people[k] += self->load[d].people * self->off_share[d * SV_N_OFF + k];
}
