/* Where strikes go: a site aimed at of late, or else a class by the user's shares and a site within it by the weight of
 * its zone. Nothing here knows what a site is worth to the network. One draw a strike, two binary searches' worth of
 * work; the list of late sites is rebuilt once a wave, linear in sites. */
#include "private.h"

/* First row whose cumulative weight lies above u times the last one. */
static int32_t choose(const double *cumulative, int32_t n, double u)
{
    double target = u * cumulative[n - 1];
    int32_t low = 0, high = n - 1;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (cumulative[mid] > target)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

static double site_weight(const sv_grid *grid, const sv_wave_settings *settings, int32_t i_site, int32_t n_target)
{
    int32_t i_region = grid->site[i_site].i_region;
    sv_zone zone = i_region >= 0 ? grid->region[i_region].zone : SV_ZONE_REAR;
    return n_target > 0 ? settings->exposure[zone] : 0.0;
}

sv_status aim_init(aim *self, sv_arena *arena, const sv_grid *grid, const sv_wave_settings *settings,
                   const int32_t *n_target, sv_error *err)
{
    self->n_site = grid->n_site;
    self->revisit = settings->revisit;
    self->revisit_h = (int64_t)(settings->revisit_days * 24.0);
    self->site = SV_TAKE(arena, grid->n_site, int32_t);
    self->weight = SV_TAKE(arena, grid->n_site, double);
    self->aimed_h = SV_TAKE(arena, grid->n_site, int64_t);
    self->pool = SV_TAKE(arena, grid->n_site, int32_t);
    if (sv_arena_failed(arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the waves");
    int32_t row = 0;
    double share = 0.0;
    for (int32_t c = 0; c < SV_N_SITE_CLASS; c++) {
        if (settings->strike_share[c] <= 0.0)
            continue;
        int32_t first = row;
        double sum = 0.0;
        for (int32_t s = 0; s < grid->n_site; s++) {
            double weight =
                grid->site[s].class_ == (sv_site_class)c ? site_weight(grid, settings, s, n_target[s]) : 0.0;
            if (weight <= 0.0)
                continue;
            sum += weight;
            self->site[row] = s;
            self->weight[row++] = sum;
        }
        if (row == first)
            continue; /* a class without sites: its share falls to the others */
        share += settings->strike_share[c];
        self->class_first[self->n_class] = first;
        self->class_weight[self->n_class++] = share;
        self->class_first[self->n_class] = row;
    }
    return SV_OK;
}

void aim_reset(aim *self)
{
    for (int32_t s = 0; s < self->n_site; s++)
        self->aimed_h[s] = INT64_MIN;
}

/* Sites that earlier waves aimed at: the present wave does not feed its own list. */
static void fill_pool(aim *self, int64_t t_h)
{
    self->n_pool = 0;
    for (int32_t s = 0; s < self->n_site; s++)
        if (self->aimed_h[s] != INT64_MIN && t_h - self->aimed_h[s] <= self->revisit_h)
            self->pool[self->n_pool++] = s;
}

static int32_t aim_strike(const aim *self, const sv_draw4 *draw)
{
    if (self->n_pool > 0 && draw->u[0] < self->revisit)
        return self->pool[(int32_t)(draw->u[2] * self->n_pool)];
    int32_t c = choose(self->class_weight, self->n_class, draw->u[1]);
    int32_t first = self->class_first[c];
    return self->site[first + choose(&self->weight[first], self->class_first[c + 1] - first, draw->u[2])];
}

int32_t aim_wave(aim *self, uint64_t seed, int64_t i_season, uint32_t wave, int64_t t_h, int32_t n_strike,
                 int32_t *i_site)
{
    if (self->n_class == 0)
        return 0;
    fill_pool(self, t_h);
    for (int32_t j = 0; j < n_strike; j++) {
        sv_draw4 draw = sv_draw(seed, i_season, SV_DRAW_STRIKE, wave, (uint32_t)j);
        i_site[j] = aim_strike(self, &draw);
    }
    for (int32_t j = 0; j < n_strike; j++)
        self->aimed_h[i_site[j]] = t_h;
    return n_strike;
}
