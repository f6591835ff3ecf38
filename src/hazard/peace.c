/* Windows of peace: names become regions, dates become hours of the season. A query looks at every window (at most 17)
 * and allocates nothing. Where windows overlap, the one best kept counts. */
#include "private.h"

#include <string.h>

static int32_t find_zone(const char *name)
{
    for (int32_t z = 0; z < SV_N_ZONE; z++)
        if (strcmp(sv_zone_name[z], name) == 0)
            return z;
    return -1;
}

/* Mark what one name covers: a region by its id, else a zone. False when there is no such name. */
static bool cover_name(uint8_t *covers, const sv_grid *grid, const char *name)
{
    int32_t i_region = sv_grid_find_region(grid, name);
    if (i_region >= 0) {
        covers[i_region] = 1;
        return true;
    }
    int32_t zone = find_zone(name);
    for (int32_t r = 0; zone >= 0 && r < grid->n_region; r++)
        if (grid->region[r].zone == (sv_zone)zone)
            covers[r] = 1;
    return zone >= 0;
}

static sv_status cover_window(uint8_t *covers, const sv_grid *grid, const sv_peace *window, int32_t i, sv_error *err)
{
    if (window->n_where == 0)
        memset(covers, 1, (size_t)grid->n_region);
    for (int32_t k = 0; k < window->n_where; k++)
        if (window->where[k] == NULL || !cover_name(covers, grid, window->where[k]))
            return sv_error_set(err, SV_EUSAGE, NULL, 0,
                                "peace: window %d names '%s', accepted are the ids of regions (as %s), front and rear",
                                i + 1, window->where[k] == NULL ? "" : window->where[k],
                                grid->n_region > 0 ? grid->region[0].id : "none");
    return SV_OK;
}

static bool covers_all(const uint8_t *covers, int32_t n_region)
{
    for (int32_t r = 0; r < n_region; r++)
        if (!covers[r])
            return false;
    return true;
}

static int64_t season_hour(int64_t t_h, int64_t t0_h)
{
    return t_h == INT64_MIN || t_h == INT64_MAX ? t_h : t_h - t0_h;
}

/* The same as one window more: full, the whole country, open at its end, always kept. */
static void add_ceasefire(peace *self, int64_t from_h)
{
    int32_t i = self->n_window++;
    memset(&self->covers[(size_t)i * (size_t)self->n_region], 1, (size_t)self->n_region);
    self->from_h[i] = from_h;
    self->to_h[i] = INT64_MAX;
    self->kept[i] = 1.0;
    self->whole[i] = true;
}

sv_status peace_init(peace *self, sv_arena *arena, const sv_grid *grid, const sv_wave_settings *settings, int64_t t0_h,
                     sv_error *err)
{
    self->n_window = settings->n_peace;
    self->n_region = grid->n_region;
    self->covers = SV_TAKE(arena, (size_t)(settings->n_peace + 1) * (size_t)grid->n_region, uint8_t);
    if (self->covers == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the windows of peace");
    for (int32_t i = 0; i < self->n_window; i++) {
        const sv_peace *window = &settings->peace[i];
        uint8_t *covers = &self->covers[(size_t)i * (size_t)grid->n_region];
        sv_status status = cover_window(covers, grid, window, i, err);
        if (status != SV_OK)
            return status;
        self->from_h[i] = season_hour(window->from_h, t0_h);
        self->to_h[i] = season_hour(window->to_h, t0_h);
        self->kept[i] = window->kept;
        self->whole[i] = window->kind == SV_PEACE_FULL && covers_all(covers, grid->n_region);
    }
    if (settings->ceasefire_h != INT64_MAX)
        add_ceasefire(self, season_hour(settings->ceasefire_h, t0_h));
    return SV_OK;
}

double peace_of_wave(const peace *self, int64_t t_h)
{
    double kept = 0.0;
    for (int32_t i = 0; i < self->n_window; i++)
        if (self->whole[i] && t_h >= self->from_h[i] && t_h < self->to_h[i] && self->kept[i] > kept)
            kept = self->kept[i];
    return kept;
}

double peace_of_strike(const peace *self, int64_t t_h, int32_t i_region)
{
    double kept = 0.0;
    for (int32_t i = 0; i < self->n_window && i_region >= 0; i++) {
        bool covered = self->covers[(size_t)i * (size_t)self->n_region + (size_t)i_region] != 0;
        if (covered && !self->whole[i] && t_h >= self->from_h[i] && t_h < self->to_h[i] && self->kept[i] > kept)
            kept = self->kept[i];
    }
    return kept;
}
