/* Order of elimination, elimination tree and pattern of L, once a pattern. Approximate minimum degree orders; borders
 * come right after the last of their neighbours; a postorder of the tree then makes subtrees contiguous.
 * Cost: near-linear in the entries of L. Source of the tree's walk: Liu, SIAM J. Matrix Anal. Appl. 11(1), 1990. */
#include "ldl.h"

#include <amd.h>
#include <stdlib.h>
#include <string.h>

/* What only the analysis needs; one block, freed at its end. */
typedef struct {
    int32_t *amd_start, *amd_row, *amd_order;
    int32_t *rank, *list, *mark, *next, *head;
} scratch;

/* Graph of the unknowns before n_first, the neighbours of a border joined to one another. */
static int32_t list_graph(const scratch *s, int32_t n_first, const int32_t *col_start, const int32_t *row)
{
    int32_t n_entry = 0;
    for (int32_t j = 0; j < n_first; j++) {
        s->amd_start[j] = n_entry;
        for (int32_t k = col_start[j]; k < col_start[j + 1]; k++) {
            int32_t i = row[k];
            if (i < n_first) {
                s->amd_row[n_entry++] = i;
                continue;
            }
            for (int32_t q = col_start[i]; q < col_start[i + 1]; q++)
                if (row[q] < n_first)
                    s->amd_row[n_entry++] = row[q];
        }
    }
    s->amd_start[n_first] = n_entry;
    return n_entry;
}

static size_t graph_size(int32_t n_first, const int32_t *col_start, const int32_t *row)
{
    size_t size = 0;
    for (int32_t k = 0; k < col_start[n_first]; k++)
        size += row[k] < n_first ? 1 : (size_t)(col_start[row[k] + 1] - col_start[row[k]]);
    return size;
}

/* Borders behind the last of their neighbours: fills place and unknown. */
static void place_borders(sv_ldl *ldl, const scratch *s, int32_t n_first, const int32_t *col_start, const int32_t *row)
{
    for (int32_t k = 0; k < n_first; k++) {
        s->rank[s->amd_order[k]] = k;
        s->head[k] = -1;
    }
    int32_t n_placed = 0;
    for (int32_t t = ldl->n - 1; t >= n_first; t--) {
        int32_t last = -1;
        for (int32_t k = col_start[t]; k < col_start[t + 1]; k++)
            if (row[k] < n_first && s->rank[row[k]] > last)
                last = s->rank[row[k]];
        if (last < 0) {
            ldl->unknown[n_placed++] = t;
            continue;
        }
        s->next[t] = s->head[last];
        s->head[last] = t;
    }
    for (int32_t k = 0; k < n_first; k++) {
        ldl->unknown[n_placed++] = s->amd_order[k];
        for (int32_t t = s->head[k]; t >= 0; t = s->next[t])
            ldl->unknown[n_placed++] = t;
    }
    for (int32_t k = 0; k < ldl->n; k++)
        ldl->place[ldl->unknown[k]] = k;
}

static void find_tree(sv_ldl *ldl, const scratch *s, const int32_t *col_start, const int32_t *row)
{
    int32_t *ancestor = s->list;
    for (int32_t j = 0; j < ldl->n; j++) {
        ldl->parent[j] = ancestor[j] = -1;
        int32_t u = ldl->unknown[j];
        for (int32_t k = col_start[u]; k < col_start[u + 1]; k++) {
            int32_t i = ldl->place[row[k]];
            while (i >= 0 && i < j) {
                int32_t up = ancestor[i];
                ancestor[i] = j;
                if (up < 0)
                    ldl->parent[i] = j;
                i = up;
            }
        }
    }
}

/* Renumber so that every subtree is a range. Ancestors stay behind their descendants, so the pattern of L stays. */
static void postorder(sv_ldl *ldl, const scratch *s)
{
    int32_t n = ldl->n, *stack = s->list, *order = s->rank;
    int32_t n_done = 0;
    for (int32_t j = 0; j < n; j++)
        s->head[j] = -1;
    for (int32_t j = n - 1; j >= 0; j--)
        if (ldl->parent[j] >= 0) {
            s->next[j] = s->head[ldl->parent[j]];
            s->head[ldl->parent[j]] = j;
        }
    for (int32_t root = 0; root < n; root++) {
        int32_t depth = 0;
        if (ldl->parent[root] < 0)
            stack[depth++] = root;
        while (depth > 0) {
            int32_t j = stack[depth - 1], child = s->head[j];
            if (child >= 0) {
                s->head[j] = s->next[child];
                stack[depth++] = child;
            } else {
                order[n_done++] = j;
                depth--;
            }
        }
    }
    for (int32_t k = 0; k < n; k++)
        s->list[k] = ldl->unknown[order[k]];
    memcpy(ldl->unknown, s->list, sizeof(int32_t) * (size_t)n);
    for (int32_t k = 0; k < n; k++)
        ldl->place[ldl->unknown[k]] = k;
}

/* Walk the nonzeros of row j of L: paths in the tree from the entries of A in row j. visit = NULL counts into size. */
static void walk_rows(sv_ldl *ldl, const scratch *s, const int32_t *col_start, const int32_t *row, int32_t *size,
                      int32_t *into)
{
    for (int32_t j = 0; j < ldl->n; j++)
        s->mark[j] = -1;
    for (int32_t j = 0; j < ldl->n; j++) {
        s->mark[j] = j;
        int32_t u = ldl->unknown[j];
        for (int32_t k = col_start[u]; k < col_start[u + 1]; k++)
            for (int32_t i = ldl->place[row[k]]; i < j && s->mark[i] != j; i = ldl->parent[i]) {
                s->mark[i] = j;
                if (into != NULL)
                    into[ldl->start[i] + size[i]] = j;
                size[i]++;
            }
    }
}

/* Pattern of L by columns, its rows as lists of places in it, and where each entry of A goes. */
static void lay_out(sv_ldl *ldl, const scratch *s, const int32_t *col_start, const int32_t *row)
{
    int32_t n = ldl->n;
    memset(s->list, 0, sizeof(int32_t) * (size_t)n);
    walk_rows(ldl, s, col_start, row, s->list, ldl->row);
    for (int32_t p = 0; p < ldl->start[n]; p++)
        ldl->back_start[ldl->row[p] + 1]++;
    for (int32_t j = 0; j < n; j++) {
        ldl->back_start[j + 1] += ldl->back_start[j];
        s->list[j] = ldl->back_start[j];
    }
    for (int32_t j = 0; j < n; j++)
        for (int32_t p = ldl->start[j]; p < ldl->start[j + 1]; p++) {
            int32_t at = s->list[ldl->row[p]]++;
            ldl->back_col[at] = j;
            ldl->back_at[at] = p;
        }
    int32_t n_from = 0;
    for (int32_t j = 0; j < n; j++) {
        int32_t u = ldl->unknown[j];
        ldl->from_start[j] = n_from;
        for (int32_t k = col_start[u]; k < col_start[u + 1]; k++)
            if (ldl->place[row[k]] >= j) {
                ldl->from_row[n_from] = ldl->place[row[k]];
                ldl->from_at[n_from++] = k;
            }
    }
    ldl->from_start[n] = n_from;
}

static sv_status take_pattern(sv_ldl *ldl, const scratch *s, const int32_t *col_start, const int32_t *row)
{
    int32_t n = ldl->n;
    memset(s->list, 0, sizeof(int32_t) * (size_t)n);
    walk_rows(ldl, s, col_start, row, s->list, NULL);
    ldl->start[0] = 0;
    for (int32_t j = 0; j < n; j++)
        ldl->start[j + 1] = ldl->start[j] + s->list[j];
    size_t n_l = (size_t)ldl->start[n], n_from = ((size_t)ldl->n_value + (size_t)n) / 2 + 1;
    ldl->row = SV_TAKE(ldl->arena, n_l, int32_t);
    ldl->l = SV_TAKE(ldl->arena, n_l, double);
    ldl->back_col = SV_TAKE(ldl->arena, n_l, int32_t);
    ldl->back_at = SV_TAKE(ldl->arena, n_l, int32_t);
    ldl->from_row = SV_TAKE(ldl->arena, n_from, int32_t);
    ldl->from_at = SV_TAKE(ldl->arena, n_from, int32_t);
    if (sv_arena_failed(ldl->arena))
        return SV_ENOMEM;
    lay_out(ldl, s, col_start, row);
    return SV_OK;
}

sv_status ldl_analyse(sv_ldl *ldl, int32_t n_first, const int32_t *col_start, const int32_t *row)
{
    size_t n = (size_t)ldl->n + 1;
    sv_arena *arena = sv_arena_new();
    if (arena == NULL)
        return SV_ENOMEM;
    scratch s = {.amd_start = SV_TAKE(arena, n, int32_t),
                 .amd_row = SV_TAKE(arena, graph_size(n_first, col_start, row) + 1, int32_t),
                 .amd_order = SV_TAKE(arena, n, int32_t),
                 .rank = SV_TAKE(arena, n, int32_t),
                 .list = SV_TAKE(arena, n, int32_t),
                 .mark = SV_TAKE(arena, n, int32_t),
                 .next = SV_TAKE(arena, n, int32_t),
                 .head = SV_TAKE(arena, n, int32_t)};
    sv_status status = sv_arena_failed(arena) ? SV_ENOMEM : SV_OK;
    if (status == SV_OK) {
        list_graph(&s, n_first, col_start, row);
        int answer = amd_order(n_first, s.amd_start, s.amd_row, s.amd_order, NULL, NULL);
        if (answer != AMD_OK && answer != AMD_OK_BUT_JUMBLED)
            status = answer == AMD_OUT_OF_MEMORY ? SV_ENOMEM : SV_ENUM;
    }
    if (status == SV_OK) {
        place_borders(ldl, &s, n_first, col_start, row);
        find_tree(ldl, &s, col_start, row);
        postorder(ldl, &s);
        find_tree(ldl, &s, col_start, row);
        status = take_pattern(ldl, &s, col_start, row);
    }
    sv_arena_free(arena);
    return status;
}
