/* Pattern of a network's matrix: entries are distributed by columns, and columns in turn join their rows, which so come
 * out sorted. Linear in edges. */
#include "pattern.h"

#include <string.h>

typedef struct {
    int32_t n_edge;
    const int32_t *from, *to;
    int32_t *first;       /* [n+2] entries off the diagonal of column j: [first[j] .. first[j + 1]) */
    int32_t *row, *whose; /* [2 n_edge] of edge e: 2 e in the row of `from`, 2 e + 1 in that of `to` */
    int32_t *place;       /* [2 n_edge] by 2 e and 2 e + 1 */
    int32_t *start, *column;
} search;

static void list_by_column(search *s, int32_t n)
{
    for (int32_t e = 0; e < s->n_edge; e++) {
        s->first[s->from[e] + 2]++;
        s->first[s->to[e] + 2]++;
    }
    for (int32_t i = 0; i < n; i++)
        s->first[i + 2] += s->first[i + 1];
    for (int32_t e = 0; e < s->n_edge; e++) {
        int32_t at_from = s->first[s->to[e] + 1]++;
        s->row[at_from] = s->from[e];
        s->whose[at_from] = 2 * e;
        int32_t at_to = s->first[s->from[e] + 1]++;
        s->row[at_to] = s->to[e];
        s->whose[at_to] = 2 * e + 1;
    }
}

/* Column j joins row i, if it has not. Rows have room for parallel edges yet. @return its place in the row */
static int32_t join_row(search *s, int32_t i, int32_t j)
{
    int32_t *row = s->column + i + s->first[i], *length = s->start + i + 1;
    if (*length == 0 || row[*length - 1] != j)
        row[(*length)++] = j;
    return *length - 1;
}

static void fill(search *s, int32_t n, int32_t *diagonal)
{
    memset(s->start, 0, sizeof(int32_t) * ((size_t)n + 1));
    list_by_column(s, n);
    for (int32_t j = 0; j < n; j++) {
        diagonal[j] = join_row(s, j, j);
        for (int32_t q = s->first[j]; q < s->first[j + 1]; q++)
            s->place[s->whose[q]] = join_row(s, s->row[q], j);
    }
    for (int32_t i = 0; i < n; i++) {
        size_t size = sizeof(int32_t) * (size_t)s->start[i + 1];
        s->start[i + 1] += s->start[i];
        memmove(s->column + s->start[i], s->column + i + s->first[i], size);
        diagonal[i] += s->start[i];
    }
}

bool pattern_find(int32_t n, int32_t n_edge, const int32_t *from, const int32_t *to, int32_t *start, int32_t *column,
                  int32_t *diagonal, int32_t *at_from_to, int32_t *at_to_from)
{
    sv_arena *scratch = sv_arena_new();
    if (scratch == NULL)
        return false;
    size_t n_entry = 2 * (size_t)n_edge;
    search s = {.n_edge = n_edge,
                .from = from,
                .to = to,
                .first = SV_TAKE(scratch, n + 2, int32_t),
                .row = SV_TAKE(scratch, n_entry, int32_t),
                .whose = SV_TAKE(scratch, n_entry, int32_t),
                .place = SV_TAKE(scratch, n_entry, int32_t),
                .start = start,
                .column = column};
    bool good = !sv_arena_failed(scratch);
    if (good)
        fill(&s, n, diagonal);
    for (int32_t e = 0; good && at_from_to != NULL && e < n_edge; e++) {
        at_from_to[e] = start[from[e]] + s.place[2 * e];
        at_to_from[e] = start[to[e]] + s.place[2 * e + 1];
    }
    sv_arena_free(scratch);
    return good;
}
