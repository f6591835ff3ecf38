/* All pairs of branch outages in DC. Flows after a pair are a sum of three arrays: the base case, and for each branch its
 * distribution factors, or the flows after its loss where it is a bridge. Only pairs that cut the network though neither
 * branch does, a bridge beyond a bridge, and what has lost digits are solved. Most pairs overload nothing, and most blocks of
 * branches cannot, which the largest entries of a block tell; only the other blocks are summed up. Cost: n^2 / 2 passes over
 * the blocks; memory n * n_branch numbers; one thread a workspace. */
#include "outage_dc.h"

#include <math.h>
#include <string.h>

/* What 1 - D D may be of two branches before their pair is solved. */
static const double LEAST_LEFT = 1e-4;

/* Sums of loads that differ by less are the same. */
static const double LEAST_MW = 1e-6;

enum { BLOCK = SV_LDL_LANES }; /* branches whose largest entries are kept: less is read than with longer ones */

enum {
    N_FIRST = 8
}; /* first branches that go over the rows of all second ones together: memory is read an eighth as often */

typedef int64_t places __attribute__((vector_size(sizeof(int64_t) * SV_LDL_LANES)));

typedef enum {
    PAIR_KNOWN, /* as one of the two alone, or nothing above the limit */
    PAIR_MIX,   /* a sum of rows */
    PAIR_SOLVE
} pair_way;

typedef enum {
    KIND_NOTHING, /* out of service: its pairs say what the other branch says alone */
    KIND_FACTORS, /* row: distribution factors */
    KIND_BRIDGE,  /* row: flows after its loss */
    KIND_ODD      /* row: the same; all its pairs are solved */
} row_kind;

struct sv_dc_pairs {
    sv_arena *arena;
    sv_dc_outages *outages;
    int32_t n, n_wide, n_block; /* blocks rounded up to whole lanes */
    /* Of single outages; shared between threads when they are made. */
    int32_t *i_branch;   /* [n] */
    uint8_t *kind;       /* [n] row_kind */
    int32_t *n_dark_bus; /* [n] above 0: what it cuts off is dark */
    double *lost_mw;     /* [n] load there */
    double *row;         /* [n * n_wide] */
    double *most;        /* [n * n_block] largest |row| * percent_per_mw of each block */
    double *percent;     /* [N_FIRST * n_wide] percent_per_mw, 0 where the loss of the first alone is above the limit */
    double *base_most;   /* [N_FIRST * n_block] of |base_mw| * percent, */
    double *first_most;  /* [N_FIRST * n_block] and of |row of the first| * percent */
    uint8_t *way;        /* [N_FIRST * n] pair_way, MIX only where something is above the limit */
    double *f_mw;        /* [n_wide] after both */
    int32_t *second;     /* [n] places in the list, of pairs to be solved */
    int32_t *element;    /* [2 n] their branches */
    sv_contingency *contingency; /* [n] */
    /* of the call */
    double limit_percent;
    int32_t first;
    sv_dc_pair_fn tell;
    void *context;
    sv_dc_pairs_info *info;
};

/* ---- life ---------------------------------------------------------------------------------- */

static double *row_of(const sv_dc_pairs *self, int32_t k)
{
    return self->row + (size_t)k * (size_t)self->n_wide;
}

/* Largest |mw * percent_per_mw| of each block. [n_wide], [n_wide], [n_wide / BLOCK] */
static void find_most(int32_t n_wide, const double *mw, const double *percent_per_mw, double *most)
{
    for (int32_t start = 0; start < n_wide; start += BLOCK) {
        double largest = 0.0;
        for (int32_t l = start; l < start + BLOCK; l++)
            largest = fmax(largest, fabs(mw[l]) * percent_per_mw[l]);
        most[start / BLOCK] = largest;
    }
}

/* Flows after single outages; factors replace them where they serve. */
static bool keep_single(void *context, const sv_dc_outage *result)
{
    sv_dc_pairs *self = context;
    int32_t k = result->i_outage, l = self->i_branch[k];
    bool bridge = self->outages->bridges->is_bridge[l];
    memcpy(row_of(self, k), result->f_mw, sizeof(double) * (size_t)self->outages->grid->n_branch);
    self->kind[k] = bridge ? KIND_BRIDGE : KIND_FACTORS;
    if (!self->outages->dc->live[l])
        self->kind[k] = KIND_NOTHING;
    else if (result->refactored || result->status != SV_OK)
        self->kind[k] = KIND_ODD;
    self->n_dark_bus[k] = result->n_dark_bus;
    self->lost_mw[k] = result->lost_mw;
    return true;
}

static sv_status fill_rows(sv_dc_pairs *self)
{
    sv_dc_outages *outages = self->outages;
    int32_t n_branch = outages->grid->n_branch, batch[SV_LDL_LANES], place[SV_LDL_LANES], n_batch = 0;
    for (int32_t k = 0; k < self->n; k++)
        self->contingency[k] = (sv_contingency){.n_branch = 1, .i_branch = &self->i_branch[k]};
    sv_status status = sv_dc_outages_solve(outages, self->n, self->contingency, keep_single, self, NULL, NULL);
    double *factors = outages->flow_mw; /* room for a batch */
    for (int32_t k = 0; status == SV_OK && k < self->n; k++) {
        if (self->kind[k] == KIND_FACTORS) {
            place[n_batch] = k;
            batch[n_batch++] = self->i_branch[k];
        }
        if (n_batch == SV_LDL_LANES || k == self->n - 1) {
            sv_dc_lodf_rows(outages->dc, &outages->bridges->list, n_batch, batch, factors);
            for (int32_t b = 0; b < n_batch; b++)
                memcpy(row_of(self, place[b]), factors + (size_t)b * (size_t)n_branch,
                       sizeof(double) * (size_t)n_branch);
            n_batch = 0;
        }
    }
    for (int32_t k = 0; k < self->n; k++)
        find_most(self->n_wide, row_of(self, k), outages->percent_per_mw,
                  self->most + (size_t)k * (size_t)self->n_block);
    memset(factors, 0, sizeof(double) * SV_LDL_LANES * (size_t)outages->n_wide); /* the ends of its rows are zeros */
    return status;
}

static void take_singles(sv_dc_pairs *self)
{
    sv_arena *arena = self->arena;
    size_t n = (size_t)self->n, n_wide = (size_t)self->n_wide;
    self->i_branch = SV_TAKE(arena, n, int32_t);
    self->kind = SV_TAKE(arena, n, uint8_t);
    self->n_dark_bus = SV_TAKE(arena, n, int32_t);
    self->lost_mw = SV_TAKE(arena, n, double);
    self->row = SV_TAKE(arena, n * n_wide, double);
    self->most = SV_TAKE(arena, n * (size_t)self->n_block, double);
}

static bool take(sv_dc_pairs *self)
{
    sv_arena *arena = self->arena;
    size_t n = (size_t)self->n, n_wide = (size_t)self->n_wide;
    self->percent = SV_TAKE(arena, N_FIRST * n_wide, double);
    self->base_most = SV_TAKE(arena, N_FIRST * (size_t)self->n_block, double);
    self->first_most = SV_TAKE(arena, N_FIRST * (size_t)self->n_block, double);
    self->way = SV_TAKE(arena, N_FIRST * n, uint8_t);
    self->f_mw = SV_TAKE(arena, n_wide, double);
    self->second = SV_TAKE(arena, n, int32_t);
    self->element = SV_TAKE(arena, 2 * n, int32_t);
    self->contingency = SV_TAKE(arena, n, sv_contingency);
    return !sv_arena_failed(arena);
}

sv_status sv_dc_pairs_new(sv_dc_pairs **pairs, sv_dc_outages *outages, int32_t n, const int32_t *i_branch,
                          sv_error *err)
{
    *pairs = NULL;
    for (int32_t k = 0; k < n; k++) {
        int32_t l = i_branch != NULL ? i_branch[k] : k;
        if (l < 0 || l >= outages->grid->n_branch)
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "pairs: branch %d; accepted: 0 .. %d", (int)l,
                                (int)outages->grid->n_branch - 1);
    }
    sv_arena *arena = sv_arena_new();
    sv_dc_pairs *self = arena != NULL ? SV_TAKE(arena, 1, sv_dc_pairs) : NULL;
    sv_status status = SV_ENOMEM;
    if (self != NULL) {
        int32_t n_block = (outages->n_wide / BLOCK + SV_LDL_LANES - 1) / SV_LDL_LANES * SV_LDL_LANES;
        *self =
            (sv_dc_pairs){.arena = arena, .outages = outages, .n = n, .n_wide = outages->n_wide, .n_block = n_block};
        take_singles(self);
        status = take(self) ? SV_OK : SV_ENOMEM;
    }
    for (int32_t k = 0; status == SV_OK && k < n; k++)
        self->i_branch[k] = i_branch != NULL ? i_branch[k] : k;
    if (status == SV_OK)
        status = fill_rows(self);
    if (status != SV_OK) {
        sv_arena_free(arena);
        return sv_error_set(err, status, NULL, 0, "out of memory for pairs of %d branches", (int)n);
    }
    *pairs = self;
    return SV_OK;
}

sv_status sv_dc_pairs_share(sv_dc_pairs **pairs, const sv_dc_pairs *of, sv_dc_outages *outages, sv_error *err)
{
    *pairs = NULL;
    sv_arena *arena = sv_arena_new();
    sv_dc_pairs *self = arena != NULL ? SV_TAKE(arena, 1, sv_dc_pairs) : NULL;
    if (self != NULL) {
        *self = *of;
        self->arena = arena;
        self->outages = outages;
    }
    if (self == NULL || !take(self)) {
        sv_arena_free(arena);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for pairs of %d branches", (int)of->n);
    }
    *pairs = self;
    return SV_OK;
}

void sv_dc_pairs_free(sv_dc_pairs **pairs)
{
    if (pairs == NULL || *pairs == NULL)
        return;
    sv_arena_free((*pairs)->arena);
    *pairs = NULL;
}

/* ---- one pair ------------------------------------------------------------------------------ */

/* Flows of a pair: part[0] base + part[1] row of the first + part[2] row of the second. */
typedef struct {
    double part[3];
} mix;

static bool is_below(const sv_bridges *bridges, int32_t lower, int32_t upper)
{
    int32_t a = bridges->first[bridges->below[lower]], b = bridges->below[upper];
    return a >= bridges->first[b] && a < bridges->first[b] + bridges->size[b];
}

/* Two bridges: what they cut off from the reference is apart, or one beyond the other. */
static pair_way way_of_bridges(const sv_dc_pairs *self, int32_t a, int32_t b, mix *out)
{
    const sv_bridges *bridges = self->outages->bridges;
    int32_t l = self->i_branch[a], m = self->i_branch[b];
    bool beyond = is_below(bridges, m, l), before = is_below(bridges, l, m);
    if (beyond || before)
        return self->n_dark_bus[beyond ? a : b] > 0 ? PAIR_KNOWN : PAIR_SOLVE;
    int32_t reference = self->outages->reference[self->outages->islands->of_bus[bridges->from[l]]];
    if (self->outages->plan.n_unit[reference] == 0) /* what is left may go dark by both alone */
        return PAIR_SOLVE;
    *out = (mix){{-1.0, 1.0, 1.0}};
    return PAIR_MIX;
}

static pair_way way_of(const sv_dc_pairs *self, int32_t a, int32_t b, mix *out)
{
    const double *base_mw = self->outages->base_mw, *row_a = row_of(self, a), *row_b = row_of(self, b);
    int32_t l = self->i_branch[a], m = self->i_branch[b];
    if (self->kind[a] == KIND_NOTHING || self->kind[b] == KIND_NOTHING || l == m)
        return PAIR_KNOWN;
    if (self->kind[a] == KIND_ODD || self->kind[b] == KIND_ODD)
        return PAIR_SOLVE;
    if (self->kind[a] == KIND_BRIDGE && self->kind[b] == KIND_BRIDGE)
        return way_of_bridges(self, a, b, out);
    if (self->kind[a] == KIND_BRIDGE)
        *out = (mix){{0.0, 1.0, row_a[m]}};
    else if (self->kind[b] == KIND_BRIDGE)
        *out = (mix){{0.0, row_b[l], 1.0}};
    else {
        if (self->outages->bridges->mark[l] == self->outages->bridges->mark[m])
            return PAIR_SOLVE;
        double left = 1.0 - row_a[m] * row_b[l];
        if (!(fabs(left) > LEAST_LEFT * (1.0 + fabs(row_a[m] * row_b[l]))))
            return PAIR_SOLVE;
        *out = (mix){{1.0, (base_mw[l] + row_b[l] * base_mw[m]) / left, (base_mw[m] + row_a[m] * base_mw[l]) / left}};
    }
    return PAIR_MIX;
}

/* Flows of a block: is one above? */
static inline bool block_above(int32_t start, const double *part, const double *base, const double *row_a,
                               const double *row_b, const double *percent, double limit_percent)
{
    const lanes *f = (const lanes *)(base + start), *a = (const lanes *)(row_a + start);
    const lanes *b = (const lanes *)(row_b + start), *per_mw = (const lanes *)(percent + start);
    const lanes limit = (lanes){0.0} + limit_percent;
    const places magnitude = (places){0} + INT64_MAX;
    places above = {0};
    for (int32_t k = 0; k < BLOCK / SV_LDL_LANES; k++) {
        lanes mw = part[0] * f[k] + part[1] * a[k] + part[2] * b[k];
        above |= (lanes)((places)mw & magnitude) * per_mw[k] > limit;
    }
    int64_t any = 0;
    for (int32_t lane = 0; lane < SV_LDL_LANES; lane++)
        any |= above[lane];
    return any != 0;
}

/* Is some flow of the pair of the first branch a and of b above the limit, where that of a alone is not? No block can be
 * whose largest entries, added up, are below; the last digits of that sum are on the safe side. */
SV_WIDE static bool any_above(const sv_dc_pairs *self, int32_t a, int32_t b, const double *part)
{
    const size_t first = (size_t)(a % N_FIRST), n_block = (size_t)self->n_block;
    const lanes *base_most = (const lanes *)(self->base_most + first * n_block);
    const lanes *a_most = (const lanes *)(self->first_most + first * n_block);
    const lanes *b_most = (const lanes *)(self->most + (size_t)b * n_block);
    const double *percent = self->percent + first * (size_t)self->n_wide, *base_mw = self->outages->base_mw;
    const lanes near = (lanes){0.0} + (1.0 - 1e-9) * self->limit_percent;
    const double size[] = {fabs(part[0]), fabs(part[1]), fabs(part[2])};
    for (int32_t k = 0; k < self->n_block / SV_LDL_LANES; k++) {
        places may = size[0] * base_most[k] + size[1] * a_most[k] + size[2] * b_most[k] > near;
        int64_t flag[SV_LDL_LANES], any = 0;
        memcpy(flag, &may, sizeof flag);
        for (int32_t lane = 0; lane < SV_LDL_LANES; lane++)
            any |= flag[lane];
        for (int32_t lane = 0; any != 0 && lane < SV_LDL_LANES; lane++)
            if (flag[lane] != 0 && block_above((k * SV_LDL_LANES + lane) * BLOCK, part, base_mw, row_of(self, a),
                                               row_of(self, b), percent, self->limit_percent))
                return true;
    }
    return false;
}

static double *percent_of(const sv_dc_pairs *self, int32_t a)
{
    return self->percent + (size_t)(a % N_FIRST) * (size_t)self->n_wide;
}

static double alone_mw(const sv_dc_pairs *self, int32_t k, int32_t l)
{
    const double *base_mw = self->outages->base_mw;
    double row = row_of(self, k)[l];
    return self->kind[k] == KIND_FACTORS ? base_mw[l] + row * base_mw[self->i_branch[k]] : row;
}

/* What both overload, and neither alone. */
static void find_new(const sv_dc_pairs *self, int32_t b, sv_dc_pair *pair)
{
    const double *percent_per_mw = self->outages->percent_per_mw, *percent_first = percent_of(self, self->first);
    for (int32_t l = 0; l < self->outages->grid->n_branch; l++) {
        double percent = fabs(pair->f_mw[l]) * percent_first[l];
        if (percent <= self->limit_percent || fabs(alone_mw(self, b, l)) * percent_per_mw[l] > self->limit_percent)
            continue;
        pair->n_new++;
        if (percent > pair->worst_percent) {
            pair->worst_percent = percent;
            pair->i_worst = l;
        }
    }
}

static sv_dc_pair pair_of(const sv_dc_pairs *self, int32_t b, const double *f_mw)
{
    int32_t a = self->first;
    return (sv_dc_pair){.place = {a, b},
                        .i_branch = {self->i_branch[a], self->i_branch[b]},
                        .f_mw = f_mw,
                        .i_worst = -1,
                        .lost_mw = self->lost_mw[a] + self->lost_mw[b],
                        .n_dark_bus = self->n_dark_bus[a] + self->n_dark_bus[b]};
}

/* @return false when the caller wants no more */
static bool tell_of(sv_dc_pairs *self, const sv_dc_pair *pair)
{
    self->info->n_failed += pair->status != SV_OK;
    self->info->n_overload += pair->n_new > 0;
    self->info->n_lost += pair->loses_more;
    if (pair->n_new == 0 && !pair->loses_more && pair->status == SV_OK)
        return true;
    self->info->n_told++;
    return self->tell(self->context, pair);
}

static double mix_mw(const sv_dc_pairs *self, int32_t b, const mix *mixed, int32_t l)
{
    return mixed->part[0] * self->outages->base_mw[l] + mixed->part[1] * row_of(self, self->first)[l] +
           mixed->part[2] * row_of(self, b)[l];
}

/* Is something above the limit that neither branch alone brings there? Most pairs that come here only have what the second
 * does alone. */
static bool is_new(const sv_dc_pairs *self, int32_t b, const mix *mixed)
{
    const double *percent_per_mw = self->outages->percent_per_mw, *percent_first = percent_of(self, self->first);
    const size_t first = (size_t)(self->first % N_FIRST) * (size_t)self->n_block;
    const double *base_most = self->base_most + first, *a_most = self->first_most + first;
    const double *b_most = self->most + (size_t)b * (size_t)self->n_block, *part = mixed->part;
    const double near = (1.0 - 1e-9) * self->limit_percent;
    for (int32_t k = 0; k < self->n_wide / BLOCK; k++) {
        if (fabs(part[0]) * base_most[k] + fabs(part[1]) * a_most[k] + fabs(part[2]) * b_most[k] <= near)
            continue;
        for (int32_t l = k * BLOCK; l < (k + 1) * BLOCK; l++)
            if (fabs(mix_mw(self, b, mixed, l)) * percent_first[l] > self->limit_percent &&
                fabs(alone_mw(self, b, l)) * percent_per_mw[l] <= self->limit_percent &&
                l != self->i_branch[self->first] && l != self->i_branch[b])
                return true;
    }
    return false;
}

static bool judge_mix(sv_dc_pairs *self, int32_t b)
{
    mix mixed = {{0.0}};
    way_of(self, self->first, b, &mixed);
    if (!is_new(self, b, &mixed))
        return true;
    for (int32_t l = 0; l < self->outages->grid->n_branch; l++)
        self->f_mw[l] = mix_mw(self, b, &mixed, l);
    self->f_mw[self->i_branch[self->first]] = self->f_mw[self->i_branch[b]] = 0.0;
    sv_dc_pair pair = pair_of(self, b, self->f_mw);
    find_new(self, b, &pair);
    return tell_of(self, &pair);
}

/* Of bridges one beyond the other the loads of both may be the same: then the sum is more than what is lost. */
static bool judge_solved(void *context, const sv_dc_outage *result)
{
    sv_dc_pairs *self = context;
    int32_t b = self->second[result->i_outage];
    sv_dc_pair pair = pair_of(self, b, result->f_mw);
    pair.status = result->status;
    pair.loses_more = result->lost_mw > pair.lost_mw + LEAST_MW;
    pair.lost_mw = result->lost_mw;
    pair.n_dark_bus = result->n_dark_bus;
    pair.i_dark_bus = result->i_dark_bus;
    if (pair.status == SV_OK)
        find_new(self, b, &pair);
    return tell_of(self, &pair);
}

/* ---- all pairs ----------------------------------------------------------------------------- */

static void set_percent(sv_dc_pairs *self, int32_t a)
{
    double *percent = percent_of(self, a);
    for (int32_t l = 0; l < self->outages->grid->n_branch; l++) {
        double percent_per_mw = self->outages->percent_per_mw[l];
        bool above = fabs(alone_mw(self, a, l)) * percent_per_mw > self->limit_percent;
        percent[l] = above ? 0.0 : percent_per_mw;
    }
    const size_t place = (size_t)(a % N_FIRST) * (size_t)self->n_block;
    find_most(self->n_wide, self->outages->base_mw, percent, self->base_most + place);
    find_most(self->n_wide, row_of(self, a), percent, self->first_most + place);
}

/* Which pairs of the first branches a .. end may be told of. */
static void screen(sv_dc_pairs *self, int32_t start, int32_t end)
{
    for (int32_t a = start; a < end; a++)
        set_percent(self, a);
    for (int32_t b = start + 1; b < self->n; b++)
        for (int32_t a = start; a < end && a < b; a++) {
            mix mixed;
            pair_way way = way_of(self, a, b, &mixed);
            if (way == PAIR_MIX && !any_above(self, a, b, mixed.part))
                way = PAIR_KNOWN;
            self->way[(size_t)(a % N_FIRST) * (size_t)self->n + (size_t)b] = (uint8_t)way;
            self->info->n_pair += self->i_branch[a] != self->i_branch[b];
        }
}

static sv_status tell_first(sv_dc_pairs *self, int32_t a)
{
    const uint8_t *way = self->way + (size_t)(a % N_FIRST) * (size_t)self->n;
    int32_t n_solve = 0;
    self->first = a;
    for (int32_t b = a + 1; b < self->n; b++) {
        if (way[b] == PAIR_MIX && !judge_mix(self, b))
            return SV_ECANCEL;
        if (way[b] != PAIR_SOLVE)
            continue;
        int32_t *element = self->element + 2 * (size_t)n_solve;
        element[0] = self->i_branch[a];
        element[1] = self->i_branch[b];
        self->second[n_solve] = b;
        self->contingency[n_solve++] = (sv_contingency){.n_branch = 2, .i_branch = element};
    }
    self->info->n_solved += n_solve;
    return sv_dc_outages_solve(self->outages, n_solve, self->contingency, judge_solved, self, NULL, NULL);
}

sv_status sv_dc_pairs_solve_part(sv_dc_pairs *pairs, int32_t start, int32_t end, double limit_percent,
                                 sv_dc_pair_fn tell, void *context, sv_dc_pairs_info *info)
{
    sv_dc_pairs_info own;
    pairs->info = info != NULL ? info : &own;
    *pairs->info = (sv_dc_pairs_info){0};
    if (!(limit_percent > 0.0) || start < 0 || end > pairs->n || start > end)
        return SV_EUSAGE;
    pairs->limit_percent = limit_percent * (1.0 + 1e-9); /* a flow that stands at its limit is not above it */
    pairs->tell = tell;
    pairs->context = context;
    sv_status status = SV_OK;
    for (; start < end && status == SV_OK; start += N_FIRST) {
        int32_t next = end - start > N_FIRST ? start + N_FIRST : end;
        screen(pairs, start, next);
        for (int32_t a = start; a < next && status == SV_OK; a++)
            status = tell_first(pairs, a);
    }
    return status;
}

sv_status sv_dc_pairs_solve(sv_dc_pairs *pairs, double limit_percent, sv_dc_pair_fn tell, void *context,
                            sv_dc_pairs_info *info)
{
    return sv_dc_pairs_solve_part(pairs, 0, pairs->n, limit_percent, tell, context, info);
}
