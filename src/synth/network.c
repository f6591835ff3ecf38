/* Lines of each voltage, transformers between them. 750 and 330 kV: relative neighbourhood graph, dead ends closed.
 * 110 kV: trees that hang on the 330 kV substations, most ends with a second way. Cost: n log n. One thread. */
#include "private.h"

static const double DETOUR = 1.15; /* length of a line on its route over the straight distance */

/* The places of one voltage as points. */
static sv_status connect_level(plan *p, level at, const mesh_settings *settings)
{
    int32_t *place_of = SV_TAKE(p->arena, p->n_place, int32_t), n = 0, n_edge = 0;
    point *points = SV_TAKE(p->arena, p->n_place, point);
    bool *joined = SV_TAKE(p->arena, p->n_place, bool), *weak = SV_TAKE(p->arena, p->n_place, bool);
    if (!place_of || !points || !joined || !weak)
        return SV_ENOMEM;
    for (int32_t i = 0; i < p->n_place; i++) {
        if (!p->place[i].has[at])
            continue;
        points[n] = p->place[i].at;
        joined[n] = at == LEVEL_110 && p->place[i].has[LEVEL_330];
        weak[n] = joined[n] && p->place[i].load_mw <= p->most_on_one_mw;
        place_of[n++] = i;
    }
    mesh_settings own = *settings;
    own.joined = at == LEVEL_110 ? joined : NULL;
    own.weak = at == LEVEL_110 ? weak : NULL;
    edge *edges;
    if (mesh_build(p->arena, n, points, &own, &edges, &n_edge))
        return SV_ENOMEM;
    line *lines = SV_TAKE(p->arena, p->n_line + n_edge, line);
    if (!lines)
        return SV_ENOMEM;
    for (int32_t i = 0; i < p->n_line; i++)
        lines[i] = p->line[i];
    for (int32_t e = 0; e < n_edge; e++) {
        const double km = round_to(DETOUR * edges[e].d_km, 10.0);
        lines[p->n_line++] = (line){.a = place_of[edges[e].a],
                                    .b = place_of[edges[e].b],
                                    .at = at,
                                    .length_km = km > 0.5 ? km : 0.5,
                                    .n_unit = 1};
    }
    p->line = lines;
    return SV_OK;
}

/* One transformer to begin with, two where much load hangs on it or nothing else feeds it; the ratings come later. */
static sv_status make_banks(plan *p)
{
    p->bank = SV_TAKE(p->arena, 2 * p->n_place, bank);
    if (!p->bank)
        return SV_ENOMEM;
    for (int32_t i = 0; i < p->n_place; i++) {
        const place *s = &p->place[i];
        if (s->has[LEVEL_750] && s->has[LEVEL_330])
            p->bank[p->n_bank++] = (bank){.i_place = i, .high = LEVEL_750, .n_unit = 1};
        if (s->has[LEVEL_330] && s->has[LEVEL_110])
            p->bank[p->n_bank++] =
                (bank){.i_place = i, .high = LEVEL_330, .n_unit = s->load_mw > p->most_on_one_mw ? 2 : 1};
    }
    return SV_OK;
}

/* No load hangs on one transformer: where a 110 kV network has a single 330 kV substation, that one has two. */
static sv_status pair_lone_banks(plan *p)
{
    int32_t *set = SV_TAKE(p->arena, p->n_place, int32_t), *n_feed = SV_TAKE(p->arena, p->n_place, int32_t);
    if (!set || !n_feed)
        return SV_ENOMEM;
    for (int32_t i = 0; i < p->n_place; i++)
        set[i] = i;
    for (int32_t i = 0; i < p->n_line; i++) {
        if (p->line[i].at == LEVEL_110)
            set[root_of(set, p->line[i].a)] = root_of(set, p->line[i].b);
    }
    for (int32_t i = 0; i < p->n_bank; i++)
        n_feed[root_of(set, p->bank[i].i_place)] += p->bank[i].high == LEVEL_330;
    for (int32_t i = 0; i < p->n_bank; i++) {
        bank *t = &p->bank[i];
        if (t->high == LEVEL_330 && n_feed[root_of(set, t->i_place)] == 1 && t->n_unit < 2)
            t->n_unit = 2;
    }
    return SV_OK;
}

/* Second ways at 110 kV that the mean degree leaves room for before the sizing puts anything in parallel. */
static int32_t most_second_ways(const plan *p)
{
    int32_t n_branch = p->n_line; /* of the levels above */
    for (int32_t i = 0; i < p->n_place; i++)
        n_branch += p->place[i].has[LEVEL_110] && !p->place[i].has[LEVEL_330];
    for (int32_t i = 0; i < p->n_bank; i++)
        n_branch += p->bank[i].n_unit;
    return (int32_t)(0.5 * MOST_DEGREE * (double)p->settings.n_bus) - n_branch;
}

sv_status make_network(plan *p, int32_t fewer, double most_on_one_mw)
{
    const mesh_settings high = {.mesh = true, .n_second = -1};
    p->most_on_one_mw = most_on_one_mw;
    p->n_line = p->n_bank = 0;
    if (make_banks(p) || connect_level(p, LEVEL_750, &high) || connect_level(p, LEVEL_330, &high))
        return SV_ENOMEM;
    p->n_second = most_second_ways(p) - fewer;
    p->n_second = p->n_second > 0 ? p->n_second : 0;
    const mesh_settings regional = {.mesh = false, .n_second = p->n_second};
    return connect_level(p, LEVEL_110, &regional) ? SV_ENOMEM : pair_lone_banks(p);
}
