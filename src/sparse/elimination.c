/* Order of elimination by approximate minimum fill, with the pattern of L as it falls out of it. A node that is eliminated
 * becomes an element: the list of its neighbours then, who are joined to one another from there on; that list is its column of
 * L. So no tree need be found and no row walked afterwards. In a network most nodes have one or two neighbours; the core that
 * they leave is small. Near-linear in the entries of L. Source: Amestoy, Davis, Duff, "An Approximate Minimum Degree Ordering
 * Algorithm", SIAM J. Matrix Anal. Appl. 17(4), 1996 (the bound of degrees). */
#include "elimination.h"

#include <math.h>
#include <string.h>

/* What only the analysis needs; one block, freed at its end. */
typedef struct {
    sv_arena *arena;
    int32_t n, n_done, least, tag;
    int32_t *list, *at;               /* of each node: its neighbours, then its elements */
    int32_t *n_neighbour, *n_element; /* [n] */
    int32_t *degree, *price, *head, *next, *before;
    int32_t *mark, *room;     /* [n] in the newest element, by tag; of an element: nodes that are not in the newest */
    int32_t *room_tag;        /* [n] when room was counted; -1 = the element is no more */
    int32_t *order;           /* [n] place -> node */
    int32_t *found, *of, *to; /* elements' nodes: [most], [n] from and to by node */
    int32_t n_found, most;
} search;

/* ---- nodes by price ------------------------------------------------------------------------ */

/* Pairs of neighbours that an elimination would join anew, of which `joined` nodes are known to be joined already: as a root,
 * so that prices are no more than nodes, and small ones are still told apart. */
static int32_t price_of(const search *s, int32_t degree, int32_t joined)
{
    double d = degree, c = joined, pairs = d * (d - 1.0) - c * (c - 1.0);
    double price = pairs > 0.0 ? 2.0 * sqrt(pairs) : 0.0;
    return price < s->n ? (int32_t)price : s->n;
}

static void put_in(search *s, int32_t i)
{
    int32_t d = s->price[i], first = s->head[d];
    s->next[i] = first;
    s->before[i] = -1;
    if (first >= 0)
        s->before[first] = i;
    s->head[d] = i;
    s->least = d < s->least ? d : s->least;
}

static void take_out(search *s, int32_t i)
{
    int32_t before = s->before[i], next = s->next[i];
    if (before >= 0)
        s->next[before] = next;
    else
        s->head[s->price[i]] = next;
    if (next >= 0)
        s->before[next] = before;
}

/* ---- one elimination ----------------------------------------------------------------------- */

static bool make_room(search *s)
{
    if (s->most - s->n_found >= s->n)
        return true;
    int32_t *wider = SV_TAKE(s->arena, 2 * (size_t)s->most, int32_t);
    if (wider == NULL)
        return false;
    memcpy(wider, s->found, sizeof(int32_t) * (size_t)s->n_found);
    s->found = wider;
    s->most *= 2;
    return true;
}

static void add_found(search *s, int32_t i)
{
    if (s->mark[i] == s->tag)
        return;
    s->mark[i] = s->tag;
    s->found[s->n_found++] = i;
}

/* Neighbours of p, by itself and by its elements, which are no more needed. */
static void gather(search *s, int32_t p)
{
    const int32_t *list = s->list + s->at[p];
    s->mark[p] = ++s->tag;
    s->of[p] = s->n_found;
    for (int32_t k = 0; k < s->n_neighbour[p]; k++)
        add_found(s, list[k]);
    for (int32_t k = s->n_neighbour[p]; k < s->n_neighbour[p] + s->n_element[p]; k++) {
        for (int32_t q = s->of[list[k]]; q < s->to[list[k]]; q++)
            add_found(s, s->found[q]);
        s->room_tag[list[k]] = -1;
    }
    s->to[p] = s->n_found;
}

/* How many nodes of each element around are not of p's. */
static void count_room(search *s, int32_t p)
{
    for (int32_t q = s->of[p]; q < s->to[p]; q++) {
        int32_t i = s->found[q];
        const int32_t *element = s->list + s->at[i] + s->n_neighbour[i];
        for (int32_t k = 0; k < s->n_element[i]; k++) {
            int32_t e = element[k];
            if (s->room_tag[e] < 0)
                continue;
            if (s->room_tag[e] != s->tag) {
                s->room_tag[e] = s->tag;
                s->room[e] = s->to[e] - s->of[e];
            }
            s->room[e]--;
        }
    }
}

/* Node i of p's element: what that element says leaves its lists, and its degree is bounded anew. */
static void update_node(search *s, int32_t p, int32_t i)
{
    int32_t *list = s->list + s->at[i], n_old = s->n_neighbour[i], n = 0;
    int32_t others = s->to[p] - s->of[p] - 1, degree = others;
    for (int32_t k = 0; k < n_old; k++)
        if (s->mark[list[k]] != s->tag)
            list[n++] = list[k];
    degree += n;
    s->n_neighbour[i] = n;
    for (int32_t k = n_old; k < n_old + s->n_element[i]; k++) {
        int32_t e = list[k];
        if (s->room_tag[e] < 0)
            continue;
        if (s->room[e] == 0) { /* all of it is in p's */
            s->room_tag[e] = -1;
            continue;
        }
        degree += s->room[e];
        list[n++] = e;
    }
    list[n++] = p; /* there is room: p has left, or an element that it was joined by */
    s->n_element[i] = n - s->n_neighbour[i];
    take_out(s, i);
    int32_t left = s->n - s->n_done - 1, before = s->degree[i] + others;
    degree = degree < before ? degree : before;
    s->degree[i] = degree < left ? degree : left;
    s->price[i] = price_of(s, s->degree[i], others);
    put_in(s, i);
}

static bool eliminate_all(search *s)
{
    for (int32_t i = 0; i < s->n; i++)
        put_in(s, i);
    while (s->n_done < s->n) {
        while (s->head[s->least] < 0)
            s->least++;
        int32_t p = s->head[s->least];
        if (!make_room(s))
            return false;
        take_out(s, p);
        s->order[s->n_done++] = p;
        gather(s, p);
        count_room(s, p);
        for (int32_t q = s->of[p]; q < s->to[p]; q++)
            update_node(s, p, s->found[q]);
    }
    return true;
}

/* ---- begin --------------------------------------------------------------------------------- */

static bool begin(search *s, const int32_t *start, const int32_t *column)
{
    size_t n = (size_t)s->n;
    int32_t **by_node[] = {&s->at,   &s->n_neighbour, &s->n_element, &s->degree, &s->price, &s->next, &s->before,
                           &s->mark, &s->room,        &s->room_tag,  &s->order,  &s->of,    &s->to,   &s->head};
    for (size_t k = 0; k < sizeof by_node / sizeof by_node[0]; k++)
        *by_node[k] = SV_TAKE(s->arena, n + 1, int32_t);
    s->most = 4 * s->n + start[n];
    s->list = SV_TAKE(s->arena, start[n] + 1, int32_t);
    s->found = SV_TAKE(s->arena, s->most, int32_t);
    if (sv_arena_failed(s->arena))
        return false;
    memset(s->head, 0xff, sizeof(int32_t) * (n + 1));
    int32_t n_listed = 0;
    for (int32_t i = 0; i < s->n; i++) {
        s->at[i] = n_listed;
        for (int32_t k = start[i]; k < start[i + 1]; k++)
            if (column[k] != i)
                s->list[n_listed++] = column[k];
        s->degree[i] = s->n_neighbour[i] = n_listed - s->at[i];
        s->price[i] = price_of(s, s->degree[i], 0);
    }
    return true;
}

/* ---- the pattern --------------------------------------------------------------------------- */

/* Renumber so that a column of L stands behind all that lead to it, near the last of them: the tree's postorder. */
static void set_places(elimination *self, search *s)
{
    int32_t n = s->n, *rank = self->place, *parent = s->degree, *stack = s->room, depth = 0, n_placed = 0;
    for (int32_t k = 0; k < n; k++)
        rank[s->order[k]] = k;
    memset(s->head, 0xff, sizeof(int32_t) * (size_t)n);
    for (int32_t k = n - 1; k >= 0; k--) {
        int32_t p = s->order[k], first = n;
        for (int32_t q = s->of[p]; q < s->to[p]; q++)
            first = rank[s->found[q]] < first ? rank[s->found[q]] : first;
        parent[p] = first < n ? s->order[first] : -1;
        if (first == n)
            continue;
        s->next[p] = s->head[parent[p]]; /* children by the order, the first of them first */
        s->head[parent[p]] = p;
    }
    for (int32_t k = 0; k < n; k++) {
        if (parent[s->order[k]] >= 0)
            continue;
        stack[depth++] = s->order[k];
        while (depth > 0) {
            int32_t p = stack[depth - 1], child = s->head[p];
            if (child >= 0) {
                s->head[p] = s->next[child];
                stack[depth++] = child;
            } else {
                self->unknown[n_placed++] = p;
                depth--;
            }
        }
    }
    for (int32_t k = 0; k < n; k++)
        self->place[self->unknown[k]] = k;
}

/* Elements into columns with ascending rows and rows with ascending columns: two distributions sort both. */
static bool lay_out(elimination *self, const search *s, sv_arena *arena)
{
    int32_t n = s->n, *fill = s->head;
    self->start = SV_TAKE(arena, n + 1, int32_t);
    self->back_start = SV_TAKE(arena, n + 1, int32_t);
    self->row = SV_TAKE(arena, s->n_found, int32_t);
    self->back_col = SV_TAKE(arena, s->n_found, int32_t);
    self->back_at = SV_TAKE(arena, s->n_found, int32_t);
    if (sv_arena_failed(arena))
        return false;
    for (int32_t q = 0; q < s->n_found; q++) {
        s->found[q] = self->place[s->found[q]];
        self->back_start[s->found[q] + 1]++;
    }
    for (int32_t k = 0; k < n; k++) {
        int32_t p = self->unknown[k];
        self->back_start[k + 1] += self->back_start[k];
        self->start[k + 1] = self->start[k] + s->to[p] - s->of[p];
        fill[k] = self->back_start[k];
    }
    for (int32_t k = 0; k < n; k++)
        for (int32_t q = s->of[self->unknown[k]]; q < s->to[self->unknown[k]]; q++)
            self->back_col[fill[s->found[q]]++] = k;
    memcpy(fill, self->start, sizeof(int32_t) * (size_t)n);
    for (int32_t i = 0; i < n; i++)
        for (int32_t q = self->back_start[i]; q < self->back_start[i + 1]; q++) {
            int32_t at = fill[self->back_col[q]]++;
            self->row[at] = i;
            self->back_at[q] = at;
        }
    return true;
}

sv_status elimination_find(elimination *self, int32_t n, const int32_t *start, const int32_t *column, sv_arena *arena)
{
    search s = {.arena = sv_arena_new(), .n = n, .least = n};
    bool good = s.arena != NULL && begin(&s, start, column);
    *self = (elimination){.n = n, .place = SV_TAKE(arena, n, int32_t), .unknown = SV_TAKE(arena, n, int32_t)};
    good = good && !sv_arena_failed(arena) && eliminate_all(&s);
    if (good) {
        set_places(self, &s);
        good = lay_out(self, &s, arena);
    }
    sv_arena_free(s.arena);
    return good ? SV_OK : SV_ENOMEM;
}
