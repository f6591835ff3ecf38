/* Invented names: two to five syllables of no language, each name once in a country. None of the 626,400 that the
 * tables give is in GeoNames' list of places above 500 people (docs/model/synth.md). Cost: a hash look-up a name. One thread. */
#include "private.h"

#include <string.h>

static const char *const first[] = {"Aver", "Belm", "Calir", "Dorv", "Elv", "Fenn",  "Gavr",  "Hald", "Ilm",  "Jorv",
                                    "Kael", "Lorv", "Merr",  "Nolv", "Orv", "Pell",  "Quil",  "Rhov", "Selv", "Tamr",
                                    "Ulm",  "Vael", "Wenn",  "Yll",  "Zav", "Theld", "Brunn", "Cavr", "Ondr", "Ansel"};
static const char *const middle[] = {"a", "e", "i", "o", "u", "ia"};
static const char *const last[] = {"dunel", "quess", "lisse", "rith",   "vanth",  "thil",  "merrow", "nesse",
                                   "lorn",  "wyr",   "zell",  "braith", "stenne", "phine", "drel",   "vosse",
                                   "quay",  "lume",  "ryth",  "dwen",   "tarrel", "myre",  "gaune",  "sorel"};
static const char *const land[] = {"adria", "enthia", "uvaria", "ilonia", "essaria", "othelia", "ardenna"};
#define COUNT(a) ((int32_t)(sizeof(a) / sizeof((a)[0])))

struct namer {
    sv_arena *arena;
    uint32_t n_slot; /* a power of two */
    const char **slot;
    int32_t n_try[DRAW_OF_REGION];
};

namer *namer_new(sv_arena *arena, int32_t n_most)
{
    namer *self = SV_TAKE(arena, 1, namer);
    if (!self)
        return NULL;
    self->arena = arena;
    self->n_slot = 64;
    while (self->n_slot < 3 * (uint32_t)n_most)
        self->n_slot *= 2;
    self->slot = (const char **)sv_arena_take(arena, self->n_slot, sizeof(char *));
    return self->slot ? self : NULL;
}

/* The slot of a name: free, or taken by the same name. */
static const char **slot_of(namer *self, const char *text)
{
    uint32_t h = 2166136261U;
    for (const char *c = text; *c; c++)
        h = (h ^ (unsigned char)*c) * 16777619U;
    h ^= h >> 15;
    while (self->slot[h & (self->n_slot - 1)] && strcmp(self->slot[h & (self->n_slot - 1)], text) != 0)
        h++;
    return &self->slot[h & (self->n_slot - 1)];
}

static int32_t pick(double u, int32_t n)
{
    return (int32_t)(u * (double)n);
}

/* @return a copy that lives on, or NULL: taken already, or out of memory */
static const char *keep_new(namer *self, const words *w)
{
    const char **slot = slot_of(self, w->text);
    if (*slot)
        return NULL;
    *slot = words_keep(w, self->arena);
    return *slot;
}

const char *namer_country(namer *self, const plan *p)
{
    const sv_draw4 d = draw(p, DRAW_COUNTRY_NAME, 0);
    words w = {{0}, 0};
    words_add(&w, first[pick(d.u[0], COUNT(first))]);
    words_add(&w, land[pick(d.u[1], COUNT(land))]);
    return keep_new(self, &w);
}

const char *namer_next(namer *self, const plan *p, draw_of of)
{
    while (!sv_arena_failed(self->arena)) {
        const int32_t n_try = self->n_try[of]++;
        const sv_draw4 d = draw(p, of, n_try);
        words w = {{0}, 0};
        words_add(&w, first[pick(d.u[0], COUNT(first))]);
        words_add(&w, middle[pick(d.u[1], COUNT(middle))]);
        if (n_try >= 1000) { /* the short ones run out */
            words_add(&w, last[pick(d.u[3], COUNT(last))]);
            words_add(&w, middle[pick(draw(p, of, INT32_MAX - n_try).u[0], COUNT(middle))]);
        }
        words_add(&w, last[pick(d.u[2], COUNT(last))]);
        const char *name = keep_new(self, &w);
        if (name)
            return name;
    }
    return NULL;
}
