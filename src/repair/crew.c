/* Crews: where they live, where they are, who is first at a place. A crew that is sent on in the hour its work ends
 * leaves from that site; one that is left idle goes home, and leaves from there once it has arrived. A pick is linear
 * in the crews (times those picked); allocates only at the start. */
#include "private.h"

#include <math.h>

static double distance_km(place a, place b)
{
    double d = hypot(a.x_km - b.x_km, a.y_km - b.y_km);
    return isnan(d) ? 0.0 : d;
}

/* A region's own coordinates, or else the mean of its sites'. */
static place centre(const sv_grid *grid, int32_t i_region)
{
    const sv_region *region = &grid->region[i_region];
    if (!isnan(region->x_km) && !isnan(region->y_km))
        return (place){region->x_km, region->y_km};
    double x = 0.0, y = 0.0;
    int32_t n = 0;
    for (int32_t s = 0; s < grid->n_site; s++) {
        const sv_site *site = &grid->site[s];
        if (site->i_region != i_region || isnan(site->x_km) || isnan(site->y_km))
            continue;
        x += site->x_km;
        y += site->y_km;
        n++;
    }
    return n > 0 ? (place){x / n, y / n} : (place){(double)NAN, (double)NAN};
}

/* Regions by falling population, then falling load, then index, into order. */
static void order_regions(const sv_grid *grid, double *people, double *load_mw, int32_t *order)
{
    for (int32_t i = 0; i < grid->n_load; i++) {
        int32_t r = grid->bus[grid->load[i].i_bus].i_region;
        if (r < 0)
            continue;
        people[r] += grid->load[i].people;
        load_mw[r] += grid->load[i].p_mw > 0.0 ? grid->load[i].p_mw : 0.0;
    }
    for (int32_t r = 0; r < grid->n_region; r++) {
        int32_t at = r;
        for (; at > 0; at--) {
            int32_t before = order[at - 1];
            bool larger = people[r] > people[before] || (people[r] == people[before] && load_mw[r] > load_mw[before]);
            if (!larger)
                break;
            order[at] = before;
        }
        order[at] = r;
    }
}

static sv_status set_homes(crews *self, sv_arena *arena, const sv_grid *grid, const sv_repair_settings *settings,
                           sv_error *err)
{
    double *people = SV_TAKE(arena, grid->n_region, double), *load_mw = SV_TAKE(arena, grid->n_region, double);
    int32_t *order = SV_TAKE(arena, grid->n_region, int32_t);
    place *home = SV_TAKE(arena, grid->n_region, place);
    if (sv_arena_failed(arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the crews");
    order_regions(grid, people, load_mw, order);
    int32_t n = 0;
    for (int32_t r = 0; r < grid->n_region; r++) {
        home[r] = centre(grid, r);
        for (int32_t k = 0; k < settings->crews_per_region; k++)
            self->crew[n++].home = home[r];
    }
    for (int32_t k = 0; k < settings->crews_extra; k++)
        self->crew[n++].home = grid->n_region > 0 ? home[order[k % grid->n_region]] : (place){(double)NAN, (double)NAN};
    return SV_OK;
}

sv_status crews_init(crews *self, sv_arena *arena, const sv_grid *grid, const sv_repair_settings *settings,
                     sv_error *err)
{
    int64_t n = (int64_t)settings->crews_per_region * grid->n_region + settings->crews_extra;
    if (n > 1000000)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "repair: %lld crews in all, accepted is at most 1000000",
                            (long long)n);
    self->n = (int32_t)n;
    self->h_per_km = settings->detour / settings->speed_km_per_h;
    self->crew = SV_TAKE(arena, n, crew);
    self->near = SV_TAKE(arena, n, int32_t);
    self->near_h = SV_TAKE(arena, n, double);
    if (sv_arena_failed(arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the crews");
    return set_homes(self, arena, grid, settings, err);
}

void crews_reset(crews *self)
{
    self->n_idle = self->n;
    for (int32_t i = 0; i < self->n; i++) {
        crew *c = &self->crew[i];
        c->at = c->home;
        c->free_h = INT64_MIN;
        c->i_unit = -1;
    }
}

/* Hours from t_h until an idle crew can be at a place. */
static double reach_h(const crews *self, const crew *c, int64_t t_h, place to)
{
    if (c->free_h == t_h)
        return distance_km(c->at, to) * self->h_per_km;
    double from_home_h = distance_km(c->home, to) * self->h_per_km;
    if (c->free_h == INT64_MIN)
        return from_home_h;
    double way_home_h = distance_km(c->at, c->home) * self->h_per_km - (double)(t_h - c->free_h);
    return from_home_h + (way_home_h > 0.0 ? way_home_h : 0.0);
}

double crews_pick(crews *self, int64_t t_h, place to, int32_t n)
{
    int32_t picked = 0;
    for (int32_t i = 0; i < self->n; i++) {
        if (self->crew[i].i_unit >= 0)
            continue;
        double h = reach_h(self, &self->crew[i], t_h, to);
        if (picked == n && h >= self->near_h[n - 1])
            continue;
        int32_t at = picked < n ? picked++ : n - 1;
        for (; at > 0 && self->near_h[at - 1] > h; at--) {
            self->near_h[at] = self->near_h[at - 1];
            self->near[at] = self->near[at - 1];
        }
        self->near_h[at] = h;
        self->near[at] = i;
    }
    return picked > 0 ? self->near_h[picked - 1] : 0.0;
}

void crews_send(crews *self, int32_t n, int32_t i_unit, place to)
{
    for (int32_t k = 0; k < n; k++) {
        crew *c = &self->crew[self->near[k]];
        c->i_unit = i_unit;
        c->at = to;
    }
    self->n_idle -= n;
}

void crews_release(crews *self, int64_t t_h, int32_t i_unit)
{
    for (int32_t i = 0; i < self->n; i++) {
        crew *c = &self->crew[i];
        if (c->i_unit != i_unit)
            continue;
        c->i_unit = -1;
        c->free_h = t_h;
        self->n_idle++;
    }
}
