/* Random outages: each unit that can fail is a two-state chain; its sojourns are geometric, so only the changes are
 * simulated, never the hours between. Pending changes stand in a binary heap of one 64-bit key each (hour, then unit):
 * the order is the same on every machine. The four numbers of a draw serve one unit in turn. A step costs log(units) a
 * change and allocates nothing; a reset is linear. One workspace a thread. */
#include "svitlo/hazard.h"

#include <math.h>

enum { UNIT_BITS = 24 };
static const uint64_t unit_mask = ((uint64_t)1 << UNIT_BITS) - 1;

typedef struct {
    int32_t i_unit;
    double p[2];           /* of a change in an hour: [0] repair while down, [1] failure while up */
    double log_stay[2];    /* log(1 - p) */
    double unavailability; /* in the steady state */
} chain;

/** What one chain has come to. */
typedef struct {
    bool up;         /* before the pending change */
    uint32_t number; /* of the next uniform number: 0 = starting state, then one a sojourn */
    sv_draw4 draw;   /* the four numbers around it */
} walk;

struct sv_outage {
    sv_arena *arena;
    int64_t n_h;
    uint64_t seed;
    int64_t i_season;
    int32_t n_chain;
    chain *chain;
    walk *walk; /* [n_chain] */
    int32_t n_heap;
    uint64_t *heap; /* [n_chain] hour << UNIT_BITS | chain */
    int32_t n_event;
    sv_outage_event *event; /* [n_chain] */
};

static bool can_fail(const sv_unit *unit)
{
    return unit->mttf_h > 0.0 && unit->mttr_h > 0.0;
}

/* A mean below one hour cannot be seen by an hourly chain: it changes in every hour. */
static double hourly(double mean_h)
{
    return mean_h > 1.0 ? 1.0 / mean_h : 1.0;
}

static void list_chains(sv_outage *self, const sv_grid *grid)
{
    int32_t n = 0;
    for (int32_t i = 0; i < grid->n_unit; i++) {
        const sv_unit *unit = &grid->unit[i];
        if (!can_fail(unit))
            continue;
        chain c = {.i_unit = i, .p = {hourly(unit->mttr_h), hourly(unit->mttf_h)}};
        c.log_stay[0] = log1p(-c.p[0]);
        c.log_stay[1] = log1p(-c.p[1]);
        c.unavailability = c.p[1] / (c.p[0] + c.p[1]);
        self->chain[n++] = c;
    }
}

sv_status sv_outage_new(sv_outage **outage, const sv_grid *grid, int64_t n_h, sv_error *err)
{
    *outage = NULL;
    if (n_h < 1 || n_h >= (int64_t)1 << 39)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "season: %lld hours, accepted is 1 to 2^39", (long long)n_h);
    int32_t n_chain = 0;
    for (int32_t i = 0; i < grid->n_unit; i++)
        n_chain += can_fail(&grid->unit[i]);
    if (n_chain > (int32_t)unit_mask)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "outages: %d units can fail, accepted is at most %d", n_chain,
                            (int32_t)unit_mask);
    sv_arena *arena = sv_arena_new();
    sv_outage *self = arena != NULL ? SV_TAKE(arena, 1, sv_outage) : NULL;
    if (self != NULL) {
        self->chain = SV_TAKE(arena, n_chain, chain);
        self->walk = SV_TAKE(arena, n_chain, walk);
        self->heap = SV_TAKE(arena, n_chain, uint64_t);
        self->event = SV_TAKE(arena, n_chain, sv_outage_event);
    }
    if (self == NULL || sv_arena_failed(arena)) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the random outages");
    }
    self->arena = arena;
    self->n_h = n_h;
    self->n_chain = n_chain;
    list_chains(self, grid);
    *outage = self;
    return SV_OK;
}

void sv_outage_free(sv_outage **outage)
{
    if (outage == NULL || *outage == NULL)
        return;
    sv_arena_free((*outage)->arena);
    *outage = NULL;
}

/* Put the key at place i, moving smaller children up. */
static void sift_down(uint64_t *heap, int32_t n, int32_t i, uint64_t key)
{
    for (;;) {
        int32_t child = 2 * i + 1;
        if (child >= n)
            break;
        if (child + 1 < n)
            child += heap[child + 1] < heap[child];
        if (heap[child] >= key)
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = key;
}

static double next_uniform(sv_outage *self, int32_t c)
{
    walk *w = &self->walk[c];
    uint32_t place = w->number++ % 4;
    if (place == 0)
        w->draw =
            sv_draw(self->seed, self->i_season, SV_DRAW_OUTAGE, (uint32_t)self->chain[c].i_unit, (w->number - 1) / 4);
    return w->draw.u[place];
}

/* Hours in the present state: sv_geometric with its logarithm of the parameter at hand. */
static double sojourn_h(sv_outage *self, int32_t c)
{
    const chain *ch = &self->chain[c];
    double u = next_uniform(self, c);
    bool up = self->walk[c].up;
    if (ch->p[up] >= 1.0)
        return 1.0;
    double n = ceil(log(u) / ch->log_stay[up]);
    return n < 1.0 ? 1.0 : n;
}

/* The first change of a chain: at hour 0 for a unit that starts down, else after the rest of its time up, which has the
 * law of a whole one: a geometric time has no memory. */
static int64_t start(sv_outage *self, int32_t c)
{
    self->walk[c].up = true;
    self->walk[c].number = 0;
    if (next_uniform(self, c) < self->chain[c].unavailability)
        return 0;
    double sojourn = sojourn_h(self, c);
    return sojourn < (double)self->n_h ? (int64_t)sojourn : INT64_MAX;
}

void sv_outage_reset(sv_outage *outage, uint64_t seed, int64_t i_season)
{
    outage->seed = seed;
    outage->i_season = i_season;
    outage->n_heap = 0;
    outage->n_event = 0;
    for (int32_t c = 0; c < outage->n_chain; c++) {
        int64_t t_h = start(outage, c);
        if (t_h < outage->n_h)
            outage->heap[outage->n_heap++] = (uint64_t)t_h << UNIT_BITS | (uint64_t)c;
    }
    for (int32_t i = outage->n_heap / 2 - 1; i >= 0; i--)
        sift_down(outage->heap, outage->n_heap, i, outage->heap[i]);
}

int64_t sv_outage_next_h(const sv_outage *outage)
{
    return outage->n_heap > 0 ? (int64_t)(outage->heap[0] >> UNIT_BITS) : INT64_MAX;
}

/* Turn the chain at the top of the heap over and put its next change in, or drop it when that lies past the season. */
static void turn_over(sv_outage *self, int64_t t_h, int32_t c)
{
    self->walk[c].up = !self->walk[c].up;
    double sojourn = sojourn_h(self, c);
    uint64_t key = 0;
    if (sojourn < (double)(self->n_h - t_h))
        key = (uint64_t)(t_h + (int64_t)sojourn) << UNIT_BITS | (uint64_t)c;
    else
        key = self->heap[--self->n_heap];
    if (self->n_heap > 0)
        sift_down(self->heap, self->n_heap, 0, key);
}

int32_t sv_outage_step(sv_outage *outage, const sv_outage_event **events)
{
    outage->n_event = 0;
    int64_t t_h = sv_outage_next_h(outage);
    while (outage->n_heap > 0 && sv_outage_next_h(outage) == t_h) {
        int32_t c = (int32_t)(outage->heap[0] & unit_mask);
        turn_over(outage, t_h, c);
        outage->event[outage->n_event++] = (sv_outage_event){outage->chain[c].i_unit, outage->walk[c].up};
    }
    if (events != NULL)
        *events = outage->event;
    return outage->n_event;
}
