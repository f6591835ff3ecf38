/* Where plants stand: nuclear ones far from each other and from big cities, thermal ones beside the cities that lack
 * supply, dams along rivers, wind and solar parks in open country. Then the 750 kV substations. Cost: plants x cities
 * times a few draws. One thread. */
#include "private.h"

static double nearest_place(const plan *p, point at, int32_t first, int32_t end)
{
    double best = 1e9;
    for (int32_t i = first; i < end; i++) {
        const double d = distance(at, p->place[i].at);
        best = d < best ? d : best;
    }
    return best;
}

static double nearest_of_cities(const plan *p, point at, int32_t n)
{
    double best = 1e9;
    for (int32_t i = 0; i < n; i++) {
        const double d = distance(at, p->city[i].at);
        best = d < best ? d : best;
    }
    return best;
}

static sv_status add_plant(plan *p, point at, sv_site_class class_, level bus_at, const char *suffix)
{
    words w = {{0}, 0};
    const char *name = namer_next(p->names, p, DRAW_PLANT_NAME);
    if (!name)
        return SV_ENOMEM;
    words_add(&w, name);
    words_add(&w, suffix);
    place *s = &p->place[p->n_place++];
    *s = (place){.name = words_keep(&w, p->arena), .at = at, .class_ = class_, .i_city = -1};
    s->has[bus_at] = true;
    if (class_ == SV_SITE_NUCLEAR && p->n_substation_750)
        s->has[LEVEL_750] = true;
    return s->name ? SV_OK : SV_ENOMEM;
}

/* The best of some places inside the country: far from places [first, now), and from the n_city largest cities. */
static point open_country(const plan *p, int32_t k, int32_t n_try, int32_t first, int32_t n_city, double city_weight)
{
    point best = {p->width_km / 2.0, p->height_km / 2.0};
    double best_score = -1.0;
    for (int32_t s = 0; s < n_try; s++) {
        const sv_draw4 d = draw(p, DRAW_PLANT_PLACE, k * 32 + s);
        const point at = point_from(p, d.u[0], d.u[1]);
        if (!inside(p, at))
            continue;
        const double a = nearest_place(p, at, first, p->n_place), b = city_weight * nearest_of_cities(p, at, n_city);
        const double score = a < b ? a : b;
        if (score > best_score) {
            best_score = score;
            best = at;
        }
    }
    return best;
}

/* Beside the city with the most load for each thermal plant it has so far. */
static point beside_city(const plan *p, int32_t k, int32_t *n_beside)
{
    int32_t best = 0;
    for (int32_t i = 1; i < p->n_city; i++) {
        if (p->city[i].people / (double)(n_beside[i] + 1) > p->city[best].people / (double)(n_beside[best] + 1))
            best = i;
    }
    n_beside[best]++;
    point at = p->city[best].at;
    for (int32_t s = 0; s < 16; s++) {
        const sv_draw4 d = draw(p, DRAW_PLANT_PLACE, k * 32 + s);
        const point t = {round_to(p->city[best].at.x + 50.0 * d.u[0] - 25.0, 10.0),
                         round_to(p->city[best].at.y + 50.0 * d.u[1] - 25.0, 10.0)};
        if (!inside(p, t) || distance(t, p->city[best].at) < 10.0)
            continue;
        at = t;
        break;
    }
    return at;
}

/* A river winds from north to south between knots; dams stand along it. */
static point on_river(const plan *p, int32_t j, int32_t n_dam)
{
    enum { KNOTS = 6 };
    const int32_t n_river = whole(p->width_km / 600.0) > 0 ? whole(p->width_km / 600.0) : 1;
    const int32_t river = j % n_river, k = j / n_river, n_here = (n_dam - river + n_river - 1) / n_river;
    const double v = 0.08 + 0.84 * ((double)k + 0.2 + 0.6 * uniform(p, DRAW_PLANT_PLACE, -1 - j)) / (double)n_here;
    const double at = v * (double)(KNOTS - 1);
    const int32_t knot = (int32_t)at;
    const double share = at - (double)knot;
    const double left = uniform(p, DRAW_PLANT_PLACE, -1000000 - river * KNOTS - knot);
    const double right = uniform(p, DRAW_PLANT_PLACE, -1000000 - river * KNOTS - knot - 1);
    const double middle = ((double)river + 0.5) / (double)n_river;
    return point_from(p, middle + 0.35 / (double)n_river * ((1.0 - share) * left + share * right - 0.5), v);
}

static sv_status place_plants(plan *p)
{
    const int32_t n_big = p->n_city / 10 + 1, first = p->n_place;
    int32_t k = 0, *n_beside = SV_TAKE(p->arena, p->n_city, int32_t);
    sv_status status = n_beside ? SV_OK : SV_ENOMEM;
    for (int32_t i = 0; i < p->n_nuclear && !status; i++, k++)
        status = add_plant(p, open_country(p, k, 24, first, n_big, 4.0), SV_SITE_NUCLEAR, LEVEL_330, " Nuclear Plant");
    for (int32_t i = 0; i < p->n_thermal && !status; i++, k++)
        status = add_plant(p, beside_city(p, k, n_beside), SV_SITE_THERMAL, LEVEL_330, " Power Plant");
    const int32_t n_dam = p->n_hydro_330 + p->n_hydro_110;
    for (int32_t i = 0; i < n_dam && !status; i++, k++) {
        const bool large = (int64_t)(i + 1) * p->n_hydro_330 / n_dam > (int64_t)i * p->n_hydro_330 / n_dam;
        status = add_plant(p, on_river(p, i, n_dam), SV_SITE_HYDRO, large ? LEVEL_330 : LEVEL_110, " Dam");
    }
    const int32_t parks = p->n_place;
    for (int32_t i = 0; i < p->n_wind + p->n_solar && !status; i++, k++)
        status = add_plant(p, open_country(p, k, 6, parks, n_big, 8.0), SV_SITE_RENEWABLE, LEVEL_110,
                           i < p->n_wind ? " Wind Park" : " Solar Park");
    return status;
}

/* 750 kV substations: the 330 kV centre of the city farthest from the 750 kV sites so far. */
static sv_status choose_750(plan *p)
{
    double *far_km = SV_TAKE(p->arena, p->n_city, double);
    if (!far_km)
        return SV_ENOMEM;
    for (int32_t i = 0; i < p->n_city; i++)
        far_km[i] = 1e9;
    for (int32_t j = 0; j < p->n_place; j++) {
        if (p->place[j].has[LEVEL_750])
            bring_near(p, p->place[j].at, far_km);
    }
    for (int32_t left = p->n_substation_750; left > 0; left--) {
        int32_t best = -1;
        double best_score = -1.0;
        for (int32_t i = 0; i < p->n_city; i++) { /* a large city counts as farther */
            const double score = far_km[i] * (1.0 + p->city[i].people / (20.0 * PEOPLE_PER_BUS));
            if (p->city[i].n_330 > 0 && !p->place[p->city[i].i_place].has[LEVEL_750] && score > best_score) {
                best_score = score;
                best = i;
            }
        }
        p->place[p->city[best].i_place].has[LEVEL_750] = true;
        bring_near(p, p->city[best].at, far_km);
    }
    return SV_OK;
}

sv_status make_plants(plan *p)
{
    if (place_plants(p))
        return SV_ENOMEM;
    return choose_750(p);
}
