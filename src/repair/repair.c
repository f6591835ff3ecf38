/* Jobs from the hit to the return: inspection, waiting for crews and a spare, work, done. All pending jobs stand in one
 * array in the order of their first hit; the hour of the next event is kept, so that an idle hour costs one comparison.
 * A step is linear in the pending jobs and the crews and allocates nothing. One workspace a thread. */
#include "private.h"

#include <math.h>

/* Where a unit is: its site, or else its bus, or the middle of a line. */
static place place_of_bus(const sv_grid *grid, int32_t i_bus)
{
    const sv_bus *bus = &grid->bus[i_bus];
    if (isnan(bus->x_km) && bus->i_site >= 0)
        return (place){grid->site[bus->i_site].x_km, grid->site[bus->i_site].y_km};
    return (place){bus->x_km, bus->y_km};
}

static place middle(place a, place b)
{
    return (place){0.5 * (a.x_km + b.x_km), 0.5 * (a.y_km + b.y_km)};
}

static place place_of_unit(const sv_grid *grid, const sv_unit *unit)
{
    if (unit->i_site >= 0 && !isnan(grid->site[unit->i_site].x_km))
        return (place){grid->site[unit->i_site].x_km, grid->site[unit->i_site].y_km};
    switch (unit->kind) {
    case SV_OF_BUS:
        return place_of_bus(grid, unit->index);
    case SV_OF_BRANCH: {
        const sv_branch *branch = &grid->branch[unit->index];
        return middle(place_of_bus(grid, branch->i_from), place_of_bus(grid, branch->i_to));
    }
    case SV_OF_GEN:
        return place_of_bus(grid, grid->gen[unit->index].i_bus);
    case SV_OF_STORAGE:
        return place_of_bus(grid, grid->storage[unit->index].i_bus);
    case SV_OF_DC_LINE: {
        const sv_dc_line *line = &grid->dc_line[unit->index];
        return middle(place_of_bus(grid, line->i_from), place_of_bus(grid, line->i_to));
    }
    }
    return (place){(double)NAN, (double)NAN};
}

static sv_status bind(sv_repair *self, int64_t t0_h, int64_t n_h, sv_error *err)
{
    sv_arena *arena = self->arena;
    int32_t n = self->grid->n_unit;
    self->of_unit = SV_TAKE(arena, n, place);
    self->job = SV_TAKE(arena, n, job);
    self->job_of_unit = SV_TAKE(arena, n, int32_t);
    self->waiting = SV_TAKE(arena, n, int32_t);
    self->rank = SV_TAKE(arena, n, rank);
    self->done = SV_TAKE(arena, n, int32_t);
    if (sv_arena_failed(arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the repair");
    for (int32_t i = 0; i < n; i++) {
        self->of_unit[i] = place_of_unit(self->grid, &self->grid->unit[i]);
        self->job_of_unit[i] = -1;
    }
    sv_status status = stock_init(&self->stock, arena, &self->settings, t0_h, n_h, err);
    return status == SV_OK ? crews_init(&self->crews, arena, self->grid, &self->settings, err) : status;
}

sv_status sv_repair_new(sv_repair **repair, const sv_grid *grid, const sv_repair_settings *settings, int64_t t0_h,
                        int64_t n_h, sv_error *err)
{
    *repair = NULL;
    sv_status status = repair_settings_check(settings, err);
    if (status == SV_OK && (n_h < 1 || n_h > (int64_t)1 << 40))
        status = sv_error_set(err, SV_EUSAGE, NULL, 0, "season: %lld hours, accepted is 1 to 2^40", (long long)n_h);
    if (status != SV_OK)
        return status;
    sv_arena *arena = sv_arena_new();
    sv_repair *self = arena != NULL ? SV_TAKE(arena, 1, sv_repair) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the repair");
    }
    self->arena = arena;
    self->grid = grid;
    self->settings = *settings;
    status = bind(self, t0_h, n_h, err);
    if (status != SV_OK) {
        sv_arena_free(arena);
        return status;
    }
    sv_repair_reset(self, 0, 0);
    *repair = self;
    return SV_OK;
}

void sv_repair_free(sv_repair **repair)
{
    if (repair == NULL || *repair == NULL)
        return;
    sv_arena_free((*repair)->arena);
    *repair = NULL;
}

void sv_repair_reset(sv_repair *repair, uint64_t seed, int64_t i_season)
{
    repair->seed = seed;
    repair->i_season = i_season;
    for (int32_t k = 0; k < repair->n_job; k++)
        repair->job_of_unit[repair->job[k].i_unit] = -1;
    repair->n_job = 0;
    repair->n_waiting = 0;
    repair->n_done = 0;
    repair->listed_h = INT64_MIN;
    stock_reset(&repair->stock, seed, i_season);
    crews_reset(&repair->crews);
    repair->next_h = stock_next_h(&repair->stock);
}

int64_t sv_repair_next_h(const sv_repair *repair)
{
    return repair->next_h;
}

static const sv_repair_class *class_of(const sv_repair *self, const job *j)
{
    return &self->settings.unit[self->grid->unit[j->i_unit].class_];
}

static bool needs_spare(const sv_repair *self, const job *j)
{
    return (int32_t)j->damage >= class_of(self, j)->spare_from;
}

bool job_lacks_spare(const sv_repair *self, const job *j)
{
    return needs_spare(self, j) && self->stock.count[self->grid->unit[j->i_unit].class_] == 0;
}

int32_t job_crews(const sv_repair *self, const job *j)
{
    int32_t needed = class_of(self, j)->crews;
    return self->crews.n > 0 && needed > self->crews.n ? self->crews.n : needed;
}

double job_clock_h(const sv_repair *self, const job *j, double work_h)
{
    int32_t needed = class_of(self, j)->crews, n = job_crews(self, j);
    double pace = self->settings.shift_h / 24.0 * (n < needed ? (double)n / needed : 1.0);
    return work_h / pace;
}

void job_begin(sv_repair *self, job *j, int64_t t_h, double travel_h)
{
    if (needs_spare(self, j))
        stock_use(&self->stock, t_h, self->grid->unit[j->i_unit].class_);
    double h = ceil(travel_h + job_clock_h(self, j, j->work_h));
    j->end_h = h < 1e15 ? t_h + (int64_t)fmax(h, 1.0) : last_end_h;
}

/* The work of a hit is keyed by its hour: hits that a lever prevents before do not change it. */
static double draw_work_h(const sv_repair *self, int32_t i_unit, int64_t t_h, sv_damage damage)
{
    const sv_repair_class *class_ = &self->settings.unit[self->grid->unit[i_unit].class_];
    if (class_->spread == 0.0)
        return class_->work_h[damage];
    sv_draw4 draw = sv_draw(self->seed, self->i_season, SV_DRAW_REPAIR, (uint32_t)i_unit, (uint32_t)t_h);
    return class_->work_h[damage] * exp(class_->spread * sv_normal_quantile(draw.u[0]));
}

/* A unit that came back in this very hour, unseen by the caller as yet, and is hit again: it never came back. */
static void take_back_done(sv_repair *self, int32_t i_unit)
{
    int32_t n = 0;
    for (int32_t k = 0; k < self->n_done && !self->reported; k++)
        if (self->done[k] != i_unit)
            self->done[n++] = self->done[k];
    if (!self->reported)
        self->n_done = n;
}

void sv_repair_hit(sv_repair *repair, int64_t t_h, int32_t i_unit, sv_damage damage)
{
    if (damage <= SV_DAMAGE_NONE)
        return;
    int32_t i_job = repair->job_of_unit[i_unit];
    if (i_job < 0) {
        take_back_done(repair, i_unit);
        i_job = repair->n_job++;
        repair->job_of_unit[i_unit] = i_job;
        repair->job[i_job] = (job){.i_unit = i_unit, .damage = damage, .end_h = not_begun_h};
    }
    job *j = &repair->job[i_job];
    if (j->end_h != not_begun_h && job_crews(repair, j) > 0) {
        crews_release(&repair->crews, t_h, i_unit);
        repair->next_h = t_h < repair->next_h ? t_h : repair->next_h;
    }
    if (damage > j->damage)
        j->damage = damage;
    j->end_h = not_begun_h;
    j->ready_h = t_h + (int64_t)ceil(repair->settings.inspection_h);
    j->work_h = draw_work_h(repair, i_unit, t_h, j->damage);
    repair->next_h = j->ready_h < repair->next_h ? j->ready_h : repair->next_h;
    repair->listed_h = INT64_MIN;
}

static void finish_jobs(sv_repair *self, int64_t t_h)
{
    int32_t kept = 0;
    for (int32_t k = 0; k < self->n_job; k++) {
        job *j = &self->job[k];
        if (j->end_h <= t_h) {
            if (job_crews(self, j) > 0)
                crews_release(&self->crews, j->end_h, j->i_unit);
            self->job_of_unit[j->i_unit] = -1;
            self->done[self->n_done++] = j->i_unit;
            continue;
        }
        self->job[kept] = *j;
        self->job_of_unit[j->i_unit] = kept++;
    }
    self->n_job = kept;
}

static bool may_begin(const sv_repair *self, const job *j, int64_t t_h)
{
    return j->end_h == not_begun_h && j->ready_h <= t_h && !job_lacks_spare(self, j);
}

/* Bring the workspace to hour t_h: ends, deliveries, and work that needs no crew. */
static void settle(sv_repair *self, int64_t t_h)
{
    if (self->reported)
        self->n_done = 0;
    self->reported = false;
    finish_jobs(self, t_h);
    stock_receive(&self->stock, t_h);
    for (int32_t k = 0; k < self->n_job; k++) {
        job *j = &self->job[k];
        if (may_begin(self, j, t_h) && job_crews(self, j) == 0)
            job_begin(self, j, t_h, 0.0);
    }
}

static void list_waiting(sv_repair *self, int64_t t_h)
{
    self->n_waiting = 0;
    for (int32_t k = 0; k < self->n_job && self->crews.n_idle > 0; k++)
        if (may_begin(self, &self->job[k], t_h))
            self->waiting[self->n_waiting++] = self->job[k].i_unit;
    self->listed_h = t_h;
}

int32_t sv_repair_waiting(sv_repair *repair, int64_t t_h, const int32_t **i_unit)
{
    settle(repair, t_h);
    list_waiting(repair, t_h);
    if (i_unit != NULL)
        *i_unit = repair->waiting;
    return repair->n_waiting;
}

static int64_t find_next_h(const sv_repair *self, int64_t t_h)
{
    int64_t next = stock_next_h(&self->stock);
    for (int32_t k = 0; k < self->n_job; k++) {
        const job *j = &self->job[k];
        int64_t at = j->end_h == not_begun_h ? j->ready_h : j->end_h;
        if (at > t_h && at < next && at != last_end_h)
            next = at;
    }
    return next;
}

int32_t sv_repair_step(sv_repair *repair, int64_t t_h, const double *critical_mw, const double *gain_mw,
                       const int32_t **done)
{
    bool listed = repair->listed_h == t_h;
    settle(repair, t_h);
    if (!listed)
        list_waiting(repair, t_h);
    repair_dispatch(repair, t_h, listed ? critical_mw : NULL, listed ? gain_mw : NULL);
    repair->listed_h = INT64_MIN;
    repair->next_h = find_next_h(repair, t_h);
    repair->reported = true;
    if (done != NULL)
        *done = repair->done;
    return repair->n_done;
}

void sv_repair_describe(const sv_repair *repair, sv_repair_info *info)
{
    *info = (sv_repair_info){
        .n_crew = repair->crews.n, .n_busy = repair->crews.n - repair->crews.n_idle, .n_job = repair->n_job};
    int32_t lacking[SV_N_UNIT_CLASS] = {0};
    for (int32_t k = 0; k < repair->n_job; k++) {
        const job *j = &repair->job[k];
        if (j->end_h == not_begun_h && needs_spare(repair, j))
            lacking[repair->grid->unit[j->i_unit].class_]++;
    }
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        info->spares[c] = repair->stock.count[c];
        info->n_waiting_spare += lacking[c] > info->spares[c] ? lacking[c] - info->spares[c] : 0;
    }
}
