/* Regions: the plane is halved again and again, along its longer side, so that all have about as many buses; a city is
 * never cut. Named after their largest city. The front = the regions along the eastern edge with about a quarter of the
 * people. Then the places are sorted by region. Cost: n log n a level. One thread. */
#include "private.h"

#include <stdlib.h>

static const double FRONT_PEOPLE = 0.25;

/* What a region is made of: a city with its sites (i_place < 0), or one plant. */
typedef struct {
    double key; /* coordinate of the cut at hand */
    point at;
    int32_t i_city, i_place, n_bus, order;
} lot;

static int compare_lots(const void *left, const void *right)
{
    const lot *a = left, *b = right;
    if (a->key < b->key || a->key > b->key)
        return a->key < b->key ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static int32_t count_buses(const place *s)
{
    return (int32_t)s->has[LEVEL_110] + (int32_t)s->has[LEVEL_330] + (int32_t)s->has[LEVEL_750];
}

static double extent(const lot *lots, int32_t n, bool vertical)
{
    double low = 1e9, high = -1e9;
    for (int32_t i = 0; i < n; i++) {
        const double v = vertical ? lots[i].at.y : lots[i].at.x;
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    return high - low;
}

/* Where to cut so that the left part holds its share of the buses; both parts keep at least one city a region. */
static int32_t find_cut(const lot *lots, int32_t n, int32_t n_left, int32_t n_region)
{
    int32_t sum = 0, so_far = 0, cities = 0, city_so_far = 0, best = -1;
    double best_gap = 1e18;
    for (int32_t i = 0; i < n; i++) {
        sum += lots[i].n_bus;
        cities += lots[i].i_city >= 0;
    }
    for (int32_t i = 0; i + 1 < n; i++) {
        so_far += lots[i].n_bus;
        city_so_far += lots[i].i_city >= 0;
        const double gap = (double)so_far - (double)sum * (double)n_left / (double)n_region;
        const double size = gap < 0.0 ? -gap : gap;
        if (city_so_far >= n_left && cities - city_so_far >= n_region - n_left && size < best_gap) {
            best_gap = size;
            best = i + 1;
        }
    }
    return best;
}

static void give_region(plan *p, const lot *lots, int32_t n, int32_t i_region)
{
    for (int32_t i = 0; i < n; i++) {
        if (lots[i].i_city < 0) {
            p->place[lots[i].i_place].i_region = i_region;
            continue;
        }
        city *c = &p->city[lots[i].i_city];
        c->i_region = i_region;
        for (int32_t k = 0; k < c->n_place; k++)
            p->place[c->i_place + k].i_region = i_region;
    }
}

/* Depth is log2 of the regions. */
static void split(plan *p, lot *lots, int32_t n, int32_t first_region, int32_t n_region)
{
    if (n_region == 1) {
        give_region(p, lots, n, first_region);
        return;
    }
    const bool vertical = extent(lots, n, true) > extent(lots, n, false);
    for (int32_t i = 0; i < n; i++)
        lots[i].key = vertical ? lots[i].at.y : lots[i].at.x;
    qsort(lots, (size_t)n, sizeof *lots, compare_lots);
    const int32_t n_left = n_region / 2, cut = find_cut(lots, n, n_left, n_region);
    split(p, lots, cut, first_region, n_left);
    split(p, lots + cut, n - cut, first_region + n_left, n_region - n_left);
}

static sv_status divide(plan *p)
{
    lot *lots = SV_TAKE(p->arena, p->n_place, lot);
    if (!lots)
        return SV_ENOMEM;
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_city; i++) {
        lots[n] = (lot){.at = p->city[i].at, .i_city = i, .i_place = -1, .order = n};
        for (int32_t k = 0; k < p->city[i].n_place; k++)
            lots[n].n_bus += count_buses(&p->place[p->city[i].i_place + k]);
        n++;
    }
    for (int32_t i = 0; i < p->n_place; i++) {
        if (p->place[i].i_city < 0) {
            lots[n] =
                (lot){.at = p->place[i].at, .i_city = -1, .i_place = i, .n_bus = count_buses(&p->place[i]), .order = n};
            n++;
        }
    }
    split(p, lots, n, 0, p->n_region);
    return SV_OK;
}

/* ---- names, zones -------------------------------------------------------------------------- */

/* Named after, and placed at, the largest city; cities stand by size, so that is the first. */
static sv_status describe_regions(plan *p)
{
    p->region = SV_TAKE(p->arena, p->n_region, region);
    if (!p->region)
        return SV_ENOMEM;
    for (int32_t i = 0; i < p->n_city; i++) {
        region *r = &p->region[p->city[i].i_region];
        r->name = r->name ? r->name : p->city[i].name;
        if (r->people <= 0.0)
            r->at = p->city[i].at;
        r->people += p->city[i].people;
    }
    for (int32_t i = 0; i < p->n_place; i++)
        p->region[p->place[i].i_region].load_mw += p->place[i].load_mw;
    return SV_OK;
}

/* From east to west until the share of people comes nearest to a quarter. */
static sv_status choose_front(plan *p)
{
    lot *order = SV_TAKE(p->arena, p->n_region, lot);
    double *middle = SV_TAKE(p->arena, p->n_region, double);
    if (!order || !middle)
        return SV_ENOMEM;
    for (int32_t i = 0; i < p->n_city; i++)
        middle[p->city[i].i_region] += p->city[i].at.x * p->city[i].people;
    for (int32_t r = 0; r < p->n_region; r++)
        order[r] = (lot){.key = -middle[r] / p->region[r].people, .order = r};
    qsort(order, (size_t)p->n_region, sizeof *order, compare_lots);
    double sum = 0.0;
    for (int32_t k = 0; k + 1 < p->n_region; k++) {
        region *r = &p->region[order[k].order];
        if (k > 0 && sum + 0.5 * r->people > FRONT_PEOPLE * p->people)
            break;
        r->zone = SV_ZONE_FRONT;
        sum += r->people;
    }
    return SV_OK;
}

/* Stable: within a region the order of making stays. After this a city no longer knows its places. */
static sv_status sort_places(plan *p)
{
    place *sorted = SV_TAKE(p->arena, p->n_place, place);
    int32_t *start = SV_TAKE(p->arena, p->n_region + 1, int32_t);
    if (!sorted || !start)
        return SV_ENOMEM;
    for (int32_t i = 0; i < p->n_place; i++)
        start[p->place[i].i_region + 1]++;
    for (int32_t r = 0; r < p->n_region; r++)
        start[r + 1] += start[r];
    for (int32_t i = 0; i < p->n_place; i++)
        sorted[start[p->place[i].i_region]++] = p->place[i];
    p->place = sorted;
    int32_t n_bus = 0;
    for (int32_t i = 0; i < p->n_place; i++) {
        for (int k = N_LEVEL - 1; k >= 0; k--)
            p->place[i].bus[k] = p->place[i].has[k] ? n_bus++ : -1;
    }
    for (int32_t i = 0; i < p->n_city; i++)
        p->city[i].i_place = -1;
    return SV_OK;
}

sv_status make_regions(plan *p)
{
    if (divide(p) || describe_regions(p) || choose_front(p))
        return SV_ENOMEM;
    return sort_places(p);
}
