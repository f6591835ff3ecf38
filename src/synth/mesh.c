/* Graphs on the plane: candidate edges between near neighbours, the Euclidean minimum spanning tree (Kruskal), the
 * relative neighbourhood graph for meshed grids, then second ways for dead ends, deepest first, each covering as much of
 * the tree a km as it can. Cost: n log n for spread-out points. One thread. */
#include "private.h"

#include <math.h>
#include <stdlib.h>

/* ---- neighbours ---------------------------------------------------------------------------- */

typedef struct {
    int32_t n_x, n_y;
    double cell, x0, y0;
    int32_t *start, *item; /* [n_x * n_y + 1], [n] */
} buckets;

static int32_t cell_of(double value, double origin, double cell, int32_t n)
{
    const int32_t i = (int32_t)((value - origin) / cell);
    return i < 0 ? 0 : i >= n ? n - 1 : i;
}

/* About two points a cell. */
static bool buckets_new(buckets *b, sv_arena *arena, int32_t n, const point *at)
{
    double x1 = at[0].x, y1 = at[0].y;
    b->x0 = at[0].x;
    b->y0 = at[0].y;
    for (int32_t i = 1; i < n; i++) {
        b->x0 = at[i].x < b->x0 ? at[i].x : b->x0;
        b->y0 = at[i].y < b->y0 ? at[i].y : b->y0;
        x1 = at[i].x > x1 ? at[i].x : x1;
        y1 = at[i].y > y1 ? at[i].y : y1;
    }
    const double width = x1 - b->x0 + 1.0, height = y1 - b->y0 + 1.0;
    b->cell = sqrt(2.0 * width * height / (double)n);
    b->n_x = (int32_t)(width / b->cell) + 1;
    b->n_y = (int32_t)(height / b->cell) + 1;
    const int32_t n_cell = b->n_x * b->n_y;
    b->start = SV_TAKE(arena, n_cell + 2, int32_t);
    b->item = SV_TAKE(arena, n, int32_t);
    if (!b->start || !b->item)
        return false;
    for (int pass = 0; pass < 2; pass++) { /* count, then place: start[c + 1] walks to the end of cell c */
        for (int32_t i = 0; i < n; i++) {
            const int32_t c =
                cell_of(at[i].y, b->y0, b->cell, b->n_y) * b->n_x + cell_of(at[i].x, b->x0, b->cell, b->n_x);
            if (pass)
                b->item[b->start[c + 1]++] = i;
            else
                b->start[c + 2]++;
        }
        for (int32_t c = 0; !pass && c < n_cell; c++)
            b->start[c + 2] += b->start[c + 1];
    }
    return true;
}

typedef struct {
    int32_t n, k;
    int32_t *near;
    double *d; /* [k] */
} shortlist;

/* Keep the k best by distance, then by number. */
static void offer(shortlist *list, int32_t j, double d)
{
    int32_t at = list->n < list->k ? list->n : list->k;
    while (at > 0 && (d < list->d[at - 1] || (d <= list->d[at - 1] && j < list->near[at - 1])))
        at--;
    if (at >= list->k)
        return;
    list->n += list->n < list->k;
    for (int32_t m = list->n - 1; m > at; m--) {
        list->near[m] = list->near[m - 1];
        list->d[m] = list->d[m - 1];
    }
    list->near[at] = j;
    list->d[at] = d;
}

static void search_cell(const buckets *b, const point *at, int32_t i, int32_t cx, int32_t cy, shortlist *list)
{
    if (cx < 0 || cy < 0 || cx >= b->n_x || cy >= b->n_y)
        return;
    const int32_t c = cy * b->n_x + cx;
    for (int32_t m = b->start[c]; m < b->start[c + 1]; m++) {
        if (b->item[m] != i)
            offer(list, b->item[m], distance(at[i], at[b->item[m]]));
    }
}

/* Rings of cells around the point until nothing nearer can come. */
static void search_rings(const buckets *b, const point *at, int32_t i, shortlist *list)
{
    const int32_t cx = cell_of(at[i].x, b->x0, b->cell, b->n_x), cy = cell_of(at[i].y, b->y0, b->cell, b->n_y);
    const int32_t last = b->n_x > b->n_y ? b->n_x : b->n_y;
    for (int32_t r = 0; r <= last; r++) {
        if (list->n == list->k && list->d[list->k - 1] < (double)(r - 1) * b->cell)
            return;
        for (int32_t dy = -r; dy <= r; dy++) {
            const int32_t step = dy == -r || dy == r ? 1 : 2 * r;
            for (int32_t dx = -r; dx <= r; dx += step)
                search_cell(b, at, i, cx + dx, cy + dy, list);
        }
    }
}

sv_status find_nearest(sv_arena *arena, int32_t n, const point *at, int32_t k, int32_t *near)
{
    buckets b;
    double *d = SV_TAKE(arena, k, double);
    if (!d || !buckets_new(&b, arena, n, at))
        return SV_ENOMEM;
    for (int64_t m = 0; m < (int64_t)n * k; m++)
        near[m] = -1;
    for (int32_t i = 0; i < n; i++) {
        shortlist list = {0, k, &near[(int64_t)i * k], d};
        search_rings(&b, at, i, &list);
    }
    return SV_OK;
}

/* ---- candidates ---------------------------------------------------------------------------- */

static int compare_edges(const void *left, const void *right)
{
    const edge *p = left, *q = right;
    if (p->d_km < q->d_km || p->d_km > q->d_km)
        return p->d_km < q->d_km ? -1 : 1;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    return (p->b > q->b) - (p->b < q->b);
}

typedef struct {
    sv_arena *arena;
    int32_t n, k;
    const point *at;
    const mesh_settings *settings;
    int32_t *near; /* [n * k] */
    edge *candidate;
    int32_t n_candidate;
    uint8_t *chosen;         /* [n_candidate] */
    int32_t *set;            /* [n] union-find */
    int32_t *parent, *depth; /* [n] of the tree */
    double mean_km;          /* edge of the tree */
} mesher;

int32_t root_of(int32_t *set, int32_t i)
{
    while (set[i] != i) {
        set[i] = set[set[i]];
        i = set[i];
    }
    return i;
}

static bool is_joined(const mesher *m, int32_t i)
{
    return m->settings->joined && m->settings->joined[i];
}

/* All pairs that are near neighbours one way or the other, shortest first. Pairs within what is joined are none. */
static sv_status gather_candidates(mesher *m)
{
    m->near = SV_TAKE(m->arena, (int64_t)m->n * m->k, int32_t);
    m->candidate = SV_TAKE(m->arena, (int64_t)m->n * m->k, edge);
    m->chosen = SV_TAKE(m->arena, (int64_t)m->n * m->k, uint8_t);
    if (!m->near || !m->candidate || !m->chosen || find_nearest(m->arena, m->n, m->at, m->k, m->near))
        return SV_ENOMEM;
    int32_t n = 0;
    for (int32_t i = 0; i < m->n; i++) {
        for (int32_t s = 0; s < m->k && m->near[i * m->k + s] >= 0; s++) {
            const int32_t j = m->near[i * m->k + s];
            if (!is_joined(m, i) || !is_joined(m, j))
                m->candidate[n++] = (edge){i < j ? i : j, i < j ? j : i, distance(m->at[i], m->at[j])};
        }
    }
    qsort(m->candidate, (size_t)n, sizeof *m->candidate, compare_edges);
    m->n_candidate = 0;
    for (int32_t e = 0; e < n; e++) {
        if (m->n_candidate == 0 || compare_edges(&m->candidate[m->n_candidate - 1], &m->candidate[e]) != 0)
            m->candidate[m->n_candidate++] = m->candidate[e];
    }
    return SV_OK;
}

/* ---- tree ---------------------------------------------------------------------------------- */

static void reset_sets(mesher *m)
{
    int32_t hub = -1;
    for (int32_t i = 0; i < m->n; i++) {
        m->set[i] = i;
        if (is_joined(m, i)) {
            hub = hub < 0 ? i : hub;
            m->set[i] = hub;
        }
    }
}

/* Kruskal. @return true when one network came out */
static bool choose_tree(mesher *m)
{
    reset_sets(m);
    int32_t n_part = 0, n_tree = 0;
    double sum_km = 0.0;
    for (int32_t i = 0; i < m->n; i++)
        n_part += m->set[i] == i;
    for (int32_t e = 0; e < m->n_candidate && n_part > 1; e++) {
        const int32_t a = root_of(m->set, m->candidate[e].a), b = root_of(m->set, m->candidate[e].b);
        if (a == b)
            continue;
        m->set[a < b ? b : a] = a < b ? a : b;
        m->chosen[e] = 1;
        n_part--;
        n_tree++;
        sum_km += m->candidate[e].d_km;
    }
    m->mean_km = n_tree ? sum_km / (double)n_tree : 0.0;
    return n_part == 1;
}

/* Parents and depths from what is joined (or point 0), breadth first; then union-find again: nothing covered yet. */
static sv_status root_tree(mesher *m)
{
    int32_t *start = SV_TAKE(m->arena, m->n + 2, int32_t), *to = SV_TAKE(m->arena, 2 * m->n_candidate + 1, int32_t);
    int32_t *queue = SV_TAKE(m->arena, m->n, int32_t);
    if (!start || !to || !queue)
        return SV_ENOMEM;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t e = 0; e < m->n_candidate; e++) {
            const int32_t end[2] = {m->candidate[e].a, m->candidate[e].b};
            for (int s = 0; s < 2 && m->chosen[e]; s++) {
                if (pass)
                    to[start[end[s] + 1]++] = end[1 - s];
                else
                    start[end[s] + 2]++;
            }
        }
        for (int32_t i = 0; !pass && i < m->n; i++)
            start[i + 2] += start[i + 1];
    }
    int32_t n_queue = 0;
    for (int32_t i = 0; i < m->n; i++) {
        const bool top = m->settings->joined ? is_joined(m, i) : i == 0;
        m->parent[i] = -1;
        m->depth[i] = top ? 0 : -1;
        if (top)
            queue[n_queue++] = i;
    }
    for (int32_t q = 0; q < n_queue; q++) {
        const int32_t i = queue[q];
        for (int32_t s = start[i]; s < start[i + 1]; s++) {
            if (m->depth[to[s]] < 0) {
                m->parent[to[s]] = i;
                m->depth[to[s]] = m->depth[i] + 1;
                queue[n_queue++] = to[s];
            }
        }
    }
    reset_sets(m);
    return SV_OK;
}

/* ---- second ways --------------------------------------------------------------------------- */

/* Edges of the tree between two points that nothing else covers; `merge` covers them. Sets are named by their top. */
static double walk_cover(mesher *m, int32_t a, int32_t b, bool merge)
{
    double km = 0.0;
    a = root_of(m->set, a);
    b = root_of(m->set, b);
    while (a != b) {
        if (m->depth[a] < m->depth[b]) {
            const int32_t swap = a;
            a = b;
            b = swap;
        }
        if (m->parent[a] < 0) /* two tops of one network */
            break;
        const int32_t up = root_of(m->set, m->parent[a]);
        km += distance(m->at[a], m->at[m->parent[a]]);
        if (merge)
            m->set[a] = up;
        a = up;
    }
    return km;
}

/* Relative neighbourhood graph: no third point is nearer to both ends. */
static bool is_relative_neighbour(const mesher *m, const edge *e)
{
    for (int side = 0; side < 2; side++) {
        const int32_t i = side ? e->b : e->a, j = side ? e->a : e->b;
        bool seen = false;
        for (int32_t s = 0; s < m->k && m->near[i * m->k + s] >= 0; s++) {
            const int32_t c = m->near[i * m->k + s];
            seen |= c == j;
            if (c != j && distance(m->at[c], m->at[i]) < e->d_km && distance(m->at[c], m->at[j]) < e->d_km)
                return false;
        }
        if (seen)
            return true; /* the list of i holds all that is nearer than j */
    }
    return true;
}

static void choose(mesher *m, int32_t i_candidate)
{
    const edge *e = &m->candidate[i_candidate];
    m->chosen[i_candidate] = 1;
    (void)walk_cover(m, e->a, e->b, true);
}

typedef struct {
    int32_t depth, i;
} dead_end;

static int compare_dead_ends(const void *left, const void *right)
{
    const dead_end *p = left, *q = right;
    if (p->depth != q->depth)
        return p->depth > q->depth ? -1 : 1;
    return (p->i > q->i) - (p->i < q->i);
}

/* The candidates at each point, as lists. */
static bool index_candidates(const mesher *m, int32_t **start, int32_t **of)
{
    *start = SV_TAKE(m->arena, m->n + 2, int32_t);
    *of = SV_TAKE(m->arena, 2 * m->n_candidate + 1, int32_t);
    if (!*start || !*of)
        return false;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t e = 0; e < m->n_candidate; e++) {
            const int32_t end[2] = {m->candidate[e].a, m->candidate[e].b};
            for (int s = 0; s < 2; s++) {
                if (pass)
                    (*of)[(*start)[end[s] + 1]++] = e;
                else
                    (*start)[end[s] + 2]++;
            }
        }
        for (int32_t i = 0; !pass && i < m->n; i++)
            (*start)[i + 2] += (*start)[i + 1];
    }
    return true;
}

/* Kilometres of tree that an edge gives a second way, a kilometre of its own. */
static double gain_of(mesher *m, const edge *e)
{
    return round_to(walk_cover(m, e->a, e->b, false) / (e->d_km + m->mean_km), 1e6);
}

/* The networks of the tree, as sets, and those that hang on a weak point, by the root of their set. */
static void find_networks(const mesher *m, int32_t *set, bool *lone)
{
    for (int32_t i = 0; i < m->n; i++) {
        set[i] = i;
        lone[i] = false;
    }
    for (int32_t e = 0; e < m->n_candidate; e++) {
        if (m->chosen[e])
            set[root_of(set, m->candidate[e].a)] = root_of(set, m->candidate[e].b);
    }
    for (int32_t i = 0; i < m->n; i++) { /* each joined point has a tree of its own */
        if (is_joined(m, i) && m->settings->weak[i])
            lone[root_of(set, i)] = true;
    }
}

/* A tree that hangs on one weak point gets the best way to another tree, rather to one that is in need too. Never too many:
 * each saves a transformer or two. @param[in,out] left  second ways left, less those made */
static sv_status link_lone_networks(mesher *m, int32_t *left)
{
    int32_t *set = SV_TAKE(m->arena, m->n, int32_t), *best = SV_TAKE(m->arena, m->n, int32_t);
    double *best_gain = SV_TAKE(m->arena, m->n, double);
    bool *lone = SV_TAKE(m->arena, m->n, bool);
    if (!set || !best || !best_gain || !lone)
        return SV_ENOMEM;
    find_networks(m, set, lone);
    for (int32_t e = 0; e < m->n_candidate; e++) {
        const int32_t root[2] = {root_of(set, m->candidate[e].a), root_of(set, m->candidate[e].b)};
        const double both = lone[root[0]] && lone[root[1]] ? 2.0 : 1.0;
        const double gain = root[0] != root[1] ? both * gain_of(m, &m->candidate[e]) : 0.0;
        for (int s = 0; s < 2; s++) {
            if (gain > best_gain[root[s]]) {
                best_gain[root[s]] = gain;
                best[root[s]] = e;
            }
        }
    }
    for (int32_t i = 0; i < m->n; i++) {
        if (!lone[i] || best_gain[i] <= 0.0)
            continue;
        const edge *e = &m->candidate[best[i]];
        lone[root_of(set, e->a)] = lone[root_of(set, e->b)] = false; /* set names the trees as they were */
        choose(m, best[i]);
        --*left;
    }
    return SV_OK;
}

static sv_status close_dead_ends(mesher *m)
{
    int32_t *start, *of, n = 0;
    dead_end *ends = SV_TAKE(m->arena, m->n, dead_end);
    if (!ends || !index_candidates(m, &start, &of))
        return SV_ENOMEM;
    for (int32_t i = 0; i < m->n; i++)
        ends[n++] = (dead_end){m->depth[i], i};
    qsort(ends, (size_t)n, sizeof *ends, compare_dead_ends);
    int32_t left = m->settings->n_second < 0 ? n : m->settings->n_second;
    if (m->settings->weak && link_lone_networks(m, &left))
        return SV_ENOMEM;
    for (int32_t q = 0; q < n && left > 0; q++) {
        const int32_t i = ends[q].i;
        if (m->parent[i] < 0 || root_of(m->set, i) == root_of(m->set, m->parent[i]))
            continue; /* a top, or its way up is covered */
        int32_t best = -1;
        double best_gain = 0.0;
        for (int32_t s = start[i]; s < start[i + 1]; s++) {
            const edge *e = &m->candidate[of[s]];
            if (m->chosen[of[s]])
                continue;
            const double gain = gain_of(m, e);
            if (gain > best_gain) {
                best_gain = gain;
                best = of[s];
            }
        }
        if (best >= 0) {
            choose(m, best);
            left--;
        }
    }
    return SV_OK;
}

sv_status mesh_build(sv_arena *arena, int32_t n, const point *at, const mesh_settings *settings, edge **edges,
                     int32_t *n_edge)
{
    *edges = NULL;
    *n_edge = 0;
    if (n < 2)
        return SV_OK;
    mesher m = {.arena = arena, .n = n, .k = N_NEIGHBOUR, .at = at, .settings = settings};
    m.set = SV_TAKE(arena, n, int32_t);
    m.parent = SV_TAKE(arena, n, int32_t);
    m.depth = SV_TAKE(arena, n, int32_t);
    if (sv_arena_failed(arena))
        return SV_ENOMEM;
    for (;; m.k *= 2) { /* too few neighbours to join all: look further */
        m.k = m.k < n ? m.k : n - 1;
        if (gather_candidates(&m))
            return SV_ENOMEM;
        if (choose_tree(&m) || m.k == n - 1)
            break;
    }
    if (root_tree(&m))
        return SV_ENOMEM;
    for (int32_t e = 0; settings->mesh && e < m.n_candidate; e++) {
        if (!m.chosen[e] && is_relative_neighbour(&m, &m.candidate[e]))
            choose(&m, e);
    }
    if (close_dead_ends(&m))
        return SV_ENOMEM;
    *edges = m.candidate;
    for (int32_t e = 0; e < m.n_candidate; e++) {
        if (m.chosen[e])
            m.candidate[(*n_edge)++] = m.candidate[e];
    }
    return SV_OK;
}
