/* Cities by Zipf's law (shifted, as rank-size curves of countries are) on the plane, the biggest far apart, and their
 * substations: more for more load, those of a city spread over it. Then which of them are 330 kV: by load, and where the
 * nearest one is too far away. Cost: near-linear; the coverage of the map is cities x 330 kV substations. One thread. */
#include "private.h"

#include <math.h>

/* People of rank i ~ 1 / (i + shift). A plane larger than the country of 300 buses is several of them side by side, so that
 * no city outgrows what its surroundings can feed. */
static double zipf_shift(const plan *p)
{
    const double countries = (double)p->settings.n_bus / 300.0;
    return 2.0 * (countries > 1.0 ? countries : 1.0);
}

/* ---- cities -------------------------------------------------------------------------------- */

/* Cells of one spacing, so that whoever is too near is in the nine around. */
typedef struct {
    double cell;
    int32_t n_x, n_y;
    int32_t *head, *next; /* -1 = none */
} spacing_map;

static bool spacing_new(spacing_map *map, const plan *p, double cell)
{
    map->cell = cell;
    map->n_x = (int32_t)(p->width_km / cell) + 1;
    map->n_y = (int32_t)(p->height_km / cell) + 1;
    map->head = SV_TAKE(p->arena, map->n_x * map->n_y, int32_t);
    map->next = SV_TAKE(p->arena, p->n_city, int32_t);
    for (int32_t i = 0; map->head && i < map->n_x * map->n_y; i++)
        map->head[i] = -1;
    return map->head && map->next;
}

static double nearest_city(const plan *p, const spacing_map *map, point at)
{
    const int32_t cx = (int32_t)(at.x / map->cell), cy = (int32_t)(at.y / map->cell);
    double best = map->cell;
    for (int32_t y = cy > 0 ? cy - 1 : 0; y <= cy + 1 && y < map->n_y; y++) {
        for (int32_t x = cx > 0 ? cx - 1 : 0; x <= cx + 1 && x < map->n_x; x++) {
            for (int32_t i = map->head[y * map->n_x + x]; i >= 0; i = map->next[i]) {
                const double d = distance(at, p->city[i].at);
                best = d < best ? d : best;
            }
        }
    }
    return best;
}

bool inside(const plan *p, point at)
{
    const double u = 2.0 * at.x / p->width_km - 1.0, v = 2.0 * at.y / p->height_km - 1.0;
    return u * u * u * u + v * v * v * v <= 1.0;
}

point point_from(const plan *p, double u, double v)
{
    return (point){round_to(u * p->width_km, 10.0), round_to(v * p->height_km, 10.0)};
}

/* The best of some draws: far enough from all cities, a big one also far from the big ones. */
static point find_city_place(const plan *p, const spacing_map *map, int32_t i, int32_t n_big, double far_km)
{
    enum { TRIES = 32 };
    point best = {p->width_km / 2.0, p->height_km / 2.0};
    double best_score = -1.0;
    for (int32_t k = 0; k < TRIES && best_score < 1.0; k++) {
        const sv_draw4 d = draw(p, DRAW_CITY_PLACE, i * TRIES + k);
        const point at = point_from(p, d.u[0], d.u[1]);
        if (!inside(p, at))
            continue;
        double score = nearest_city(p, map, at) / map->cell;
        for (int32_t j = 0; i < n_big && j < i; j++) {
            const double share = distance(at, p->city[j].at) / far_km;
            score = share < score ? share : score;
        }
        if (score > best_score) {
            best_score = score;
            best = at;
        }
    }
    return best;
}

static sv_status make_cities(plan *p)
{
    p->city = SV_TAKE(p->arena, p->n_city, city);
    const double spacing = sqrt(p->width_km * p->height_km / (double)p->n_city);
    spacing_map map;
    if (!p->city || !spacing_new(&map, p, 0.6 * spacing))
        return SV_ENOMEM;
    const double shift = zipf_shift(p);
    double sum = 0.0, done = 0.0, before = 0.0;
    for (int32_t i = 0; i < p->n_city; i++)
        sum += 1.0 / ((double)i + 1.0 + shift);
    for (int32_t i = 0; i < p->n_city; i++) {
        city *c = &p->city[i];
        const int32_t n_big = p->n_city / 8;
        c->at = find_city_place(p, &map, i, n_big, 1.7 * spacing);
        const int32_t cell = (int32_t)(c->at.y / map.cell) * map.n_x + (int32_t)(c->at.x / map.cell);
        map.next[i] = map.head[cell];
        map.head[cell] = i;
        done += 1.0 / ((double)i + 1.0 + shift); /* rounded sums: the people add up */
        const double so_far = i + 1 < p->n_city ? round_to(p->people * done / sum, 1.0) : p->people;
        c->people = so_far - before;
        before = so_far;
        c->name = namer_next(p->names, p, DRAW_CITY_NAME);
        if (!c->name)
            return SV_ENOMEM;
    }
    return SV_OK;
}

/* ---- load sites ---------------------------------------------------------------------------- */

/* Seats by size: floor(people / t + 1/2) with at least `low`, for the largest t that gives `n` or fewer; the first cities
 * take what is left. count [n_city], most [n_city] or NULL */
static void apportion(const plan *p, int32_t n, int32_t low, const int32_t *most, int32_t *count)
{
    double few = p->people, many = 1.0; /* t that gives few, many seats */
    int32_t sum = 0;
    for (int round = 0; round < 60; round++) {
        const double t = round < 59 ? 0.5 * (few + many) : few;
        sum = 0;
        for (int32_t i = 0; i < p->n_city; i++) {
            const double seats = floor(p->city[i].people / t + 0.5);
            const int32_t top = most ? most[i] : n;
            count[i] = seats < (double)low ? low : seats > (double)top ? top : (int32_t)seats;
            sum += count[i];
        }
        if (sum > n)
            many = t;
        else
            few = t;
    }
    for (int32_t i = 0; sum < n; i = (i + 1) % p->n_city) {
        if (!most || count[i] < most[i]) {
            count[i]++;
            sum++;
        }
    }
}

/* The k-th site of a city: the draw that is farthest from the others so far. */
static point spread_site(const plan *p, const city *c, int32_t i_place, int32_t k)
{
    if (k == 0)
        return c->at;
    const double radius = 2.2 * sqrt((double)c->n_place);
    point best = c->at;
    double best_d = -1.0;
    for (int32_t s = 0; s < 8; s++) {
        const sv_draw4 d = draw(p, DRAW_SITE_PLACE, i_place * 8 + s);
        const double u = 2.0 * d.u[0] - 1.0, v = 2.0 * d.u[1] - 1.0;
        if (u * u + v * v > 1.0 && s > 0)
            continue;
        const point at = {round_to(c->at.x + 0.7 * radius * u, 10.0), round_to(c->at.y + 0.7 * radius * v, 10.0)};
        double nearest = 1e9;
        for (int32_t j = 0; j < k; j++) {
            const double dj = distance(at, p->place[c->i_place + j].at);
            nearest = dj < nearest ? dj : nearest;
        }
        if (nearest > best_d) {
            best_d = nearest;
            best = at;
        }
    }
    return best;
}

/* "Name", or "Name Centre", "Name North", "Name North 2", ... where a city has several. */
static const char *name_site(const plan *p, const city *c, point at, int32_t k, int32_t used[8])
{
    static const char *const side[8] = {" East", " Northeast", " North", " Northwest",
                                        " West", " Southwest", " South", " Southeast"};
    words w = {{0}, 0};
    words_add(&w, c->name);
    if (c->n_place == 1)
        return c->name;
    if (k == 0) {
        words_add(&w, " Centre");
        return words_keep(&w, p->arena);
    }
    const double dx = at.x - c->at.x, dy = at.y - c->at.y, ax = fabs(dx), ay = fabs(dy);
    int32_t i;
    if (ay < 0.41 * ax)
        i = dx > 0.0 ? 0 : 4;
    else if (ax < 0.41 * ay)
        i = dy > 0.0 ? 2 : 6;
    else
        i = dx > 0.0 ? (dy > 0.0 ? 1 : 7) : (dy > 0.0 ? 3 : 5);
    words_add(&w, side[i]);
    if (++used[i] > 1) {
        words_add(&w, " ");
        words_add_int(&w, used[i], 1);
    }
    return words_keep(&w, p->arena);
}

/* Load sites stay with their city; the places of plants come behind them. */
static sv_status make_sites(plan *p, const int32_t *count)
{
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_city; i++) {
        city *c = &p->city[i];
        int32_t used[8] = {0};
        c->i_place = n;
        c->n_place = count[i];
        for (int32_t k = 0; k < count[i]; k++, n++) {
            place *s = &p->place[n];
            s->at = spread_site(p, c, n, k);
            s->name = name_site(p, c, s->at, k, used);
            s->class_ = SV_SITE_SUBSTATION;
            s->i_city = i;
            s->has[LEVEL_110] = true;
            if (!s->name)
                return SV_ENOMEM;
        }
    }
    p->n_place = n;
    return SV_OK;
}

/* ---- 330 kV -------------------------------------------------------------------------------- */

void bring_near(const plan *p, point at, double *far_km)
{
    for (int32_t i = 0; i < p->n_city; i++) {
        const double d = distance(p->city[i].at, at);
        far_km[i] = d < far_km[i] ? d : far_km[i];
    }
}

static sv_status choose_330(plan *p, const int32_t *n_site)
{
    double *far_km = SV_TAKE(p->arena, p->n_city, double);
    int32_t *count = SV_TAKE(p->arena, p->n_city, int32_t);
    if (!far_km || !count)
        return SV_ENOMEM;
    const int32_t by_load = p->n_substation_330 - p->n_substation_330 / 4;
    apportion(p, by_load, 0, n_site, count);
    for (int32_t i = 0; i < p->n_city; i++)
        far_km[i] = 1e9;
    for (int32_t j = 0; j < p->n_city; j++) {
        if (count[j])
            bring_near(p, p->city[j].at, far_km);
    }
    for (int32_t left = p->n_substation_330 - by_load; left > 0; left--) {
        int32_t best = -1;
        for (int32_t i = 0; i < p->n_city; i++) {
            if (count[i] == 0 && (best < 0 || far_km[i] > far_km[best]))
                best = i;
        }
        if (best < 0) { /* every town has one: a second for the first that can */
            for (best = 0; count[best] >= n_site[best]; best++)
                continue;
        }
        count[best]++;
        bring_near(p, p->city[best].at, far_km);
    }
    for (int32_t i = 0; i < p->n_city; i++) {
        p->city[i].n_330 = count[i];
        for (int32_t k = 0; k < count[i]; k++)
            p->place[p->city[i].i_place + k].has[LEVEL_330] = true;
    }
    return SV_OK;
}

/* ---- load ---------------------------------------------------------------------------------- */

/* People and load of each site: shares of its city's, 330 kV sites more; load also by how much industry a city has. */
static void share_load(plan *p)
{
    const int32_t n = p->n_substation_330 + p->n_town;
    double sum = 0.0, done = 0.0, before = 0.0;
    for (int32_t i = 0; i < p->n_city; i++) {
        city *c = &p->city[i];
        double weights = 0.0, people_done = 0.0, people_before = 0.0;
        for (int32_t k = 0; k < c->n_place; k++) {
            place *s = &p->place[c->i_place + k];
            s->load_mw = (0.7 + 0.6 * uniform(p, DRAW_SITE_LOAD, c->i_place + k)) * (s->has[LEVEL_330] ? 1.8 : 1.0);
            weights += s->load_mw;
        }
        const double industry = 0.85 + 0.3 * uniform(p, DRAW_SITE_LOAD, n + i);
        for (int32_t k = 0; k < c->n_place; k++) {
            place *s = &p->place[c->i_place + k];
            people_done += s->load_mw;
            const double so_far = k + 1 < c->n_place ? round_to(c->people * people_done / weights, 1.0) : c->people;
            s->people = so_far - people_before;
            people_before = so_far;
            s->load_mw = s->people * industry;
            sum += s->load_mw;
        }
    }
    for (int32_t i = 0; i < n; i++) {
        done += p->place[i].load_mw;
        const double so_far = i + 1 < n ? round_to(p->peak_mw * done / sum, 10.0) : p->peak_mw;
        p->place[i].load_mw = round_to(so_far - before, 10.0);
        before = so_far;
    }
}

sv_status make_places(plan *p)
{
    const int32_t n_load = p->n_substation_330 + p->n_town;
    const int32_t n_plant = p->n_nuclear + p->n_thermal + p->n_hydro_330 + p->n_hydro_110 + p->n_wind + p->n_solar;
    p->place = SV_TAKE(p->arena, n_load + n_plant, place);
    int32_t *count = SV_TAKE(p->arena, p->n_city, int32_t);
    p->names = namer_new(p->arena, p->n_city + n_plant + 1);
    p->name = p->names ? namer_country(p->names, p) : NULL;
    if (!p->place || !count || !p->name || make_cities(p))
        return SV_ENOMEM;
    apportion(p, n_load, 1, NULL, count);
    if (make_sites(p, count) || choose_330(p, count))
        return SV_ENOMEM;
    share_load(p);
    return SV_OK;
}
