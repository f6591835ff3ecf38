/* Into which parts an outage cuts the network, found on the graph. The search tree of the base case falls into pieces where
 * its branches fail; pieces that other branches hold together are one part. Where the marks of the failed branches are
 * independent nothing was cut, and nothing is searched; else the buses below the failed branches of the tree are walked.
 * Each part is balanced by its reference, so that the branches that tied it to others carry nothing and may stay in the
 * factor; every other branch leaves it by the rank update, which then is sound. */
#include "outage_dc.h"

typedef struct {
    int32_t first, last; /* in the order of the search */
    int32_t i_island;
    bool closed;  /* an island, or below a bridge: only pieces inside of it can be tied to it */
    int32_t part; /* the lowest piece of its part; islands come first */
    int32_t tied; /* the same when the branches that stay in the factor count too */
    /* Of a part, in its lowest piece. Without units that are out. */
    double p_mw, load_mw;
    int32_t n_unit, i_bus;
    reference_claim best;
} piece;

typedef struct {
    int32_t n, n_island;
    piece of[MOST_PIECES];
} pieces;

/* ---- does it cut? -------------------------------------------------------------------------- */

/* A sum of marks that is zero may be a cut; without one there is none. */
static bool may_cut(const sv_bridges *bridges, const outage_plan *plan)
{
    uint64_t basis[MOST_OUT];
    for (int32_t k = 0; k < plan->n_out; k++) {
        uint64_t mark = bridges->mark[plan->out[k]];
        for (int32_t b = 0; b < k; b++)
            if ((mark ^ basis[b]) < mark)
                mark ^= basis[b];
        if (mark == 0)
            return true;
        basis[k] = mark;
    }
    return false;
}

static bool is_out(const outage_plan *plan, int32_t l)
{
    for (int32_t k = 0; k < plan->n_out; k++)
        if (plan->out[k] == l)
            return true;
    return false;
}

/* ---- pieces -------------------------------------------------------------------------------- */

static void add_piece(pieces *self, const sv_bridges *bridges, int32_t i_top, int32_t i_island, bool closed)
{
    int32_t q = self->n++, first = bridges->first[i_top];
    self->of[q] = (piece){.first = first,
                          .last = first + bridges->size[i_top],
                          .i_island = i_island,
                          .closed = closed,
                          .part = q,
                          .i_bus = i_top,
                          .best = {i_top, 0, 0.0}};
}

static void add_island(pieces *self, const sv_dc_outages *outages, int32_t i_bus)
{
    int32_t k = outages->islands->of_bus[i_bus];
    for (int32_t q = 0; q < self->n_island; q++)
        if (self->of[q].i_island == k)
            return;
    add_piece(self, outages->bridges, outages->reference[k], k, true);
    self->n_island++;
}

static void make_pieces(pieces *self, const sv_dc_outages *outages, const outage_plan *plan, bool cuts)
{
    const sv_bridges *bridges = outages->bridges;
    self->n = self->n_island = 0;
    for (int32_t k = 0; cuts && k < plan->n_out; k++)
        add_island(self, outages, bridges->from[plan->out[k]]);
    for (int32_t k = 0; k < plan->n_gen; k++)
        add_island(self, outages, outages->grid->gen[plan->gen[k]].i_bus);
    for (int32_t k = 0; cuts && k < plan->n_out; k++) {
        int32_t l = plan->out[k], below = bridges->below[l];
        if (below >= 0)
            add_piece(self, bridges, below, outages->islands->of_bus[below], bridges->is_bridge[l]);
    }
}

/* The smallest piece around a place. */
static int32_t piece_at(const pieces *self, int32_t place)
{
    int32_t best = -1;
    for (int32_t q = 0; q < self->n; q++) {
        const piece *p = &self->of[q];
        if (place >= p->first && place < p->last &&
            (best < 0 || p->last - p->first < self->of[best].last - self->of[best].first))
            best = q;
    }
    return best;
}

static int32_t piece_of_bus(const pieces *self, const sv_bridges *bridges, int32_t i)
{
    return piece_at(self, bridges->first[i]);
}

/* Buses of a piece without those of the pieces inside of it. @return how many, in outages->list */
static int32_t list_own(const pieces *self, sv_dc_outages *outages, int32_t q)
{
    const piece *own = &self->of[q];
    int32_t n = 0, place = own->first;
    while (place < own->last) {
        int32_t end = own->last, skip = own->last; /* of what is inside, the next */
        for (int32_t r = 0; r < self->n; r++) {
            const piece *p = &self->of[r];
            if (p->last - p->first >= own->last - own->first || p->first < place || p->first >= own->last)
                continue;
            if (p->first < end || (p->first == end && p->last > skip)) {
                end = p->first;
                skip = p->last;
            }
        }
        while (place < end)
            outages->list[n++] = outages->bridges->order[place++];
        place = skip;
    }
    return n;
}

static void join_parts(pieces *self, int32_t a, int32_t b)
{
    int32_t low = a < b ? a : b, high = a < b ? b : a;
    for (int32_t q = 0; a != b && q < self->n; q++)
        if (self->of[q].part == high)
            self->of[q].part = low;
}

/* Pieces that branches in service hold together. */
static void find_parts(pieces *self, sv_dc_outages *outages, const outage_plan *plan)
{
    const sv_bridges *bridges = outages->bridges;
    for (int32_t q = self->n_island; q < self->n; q++) {
        int32_t n = self->of[q].closed ? 0 : list_own(self, outages, q);
        for (int32_t k = 0; k < n; k++) {
            int32_t i = outages->list[k];
            for (int32_t e = bridges->at_start[i]; e < bridges->at_start[i + 1]; e++) {
                int32_t end = bridges->at[e], place = bridges->first[bridge_other(bridges, end)];
                bool inside = place >= self->of[q].first && place < self->of[q].last;
                if (!bridges->live[end >> 1] || (inside && self->n == self->n_island + 1) || is_out(plan, end >> 1))
                    continue;
                join_parts(self, self->of[q].part, self->of[piece_at(self, place)].part);
            }
        }
    }
}

/* ---- parts --------------------------------------------------------------------------------- */

reference_claim outage_claim(const sv_dc_outages *self, const outage_plan *plan, int32_t i)
{
    const sv_grid *grid = self->grid;
    int32_t n_unit = self->plan.n_unit[i];
    double share_mw = self->plan.share[i];
    bool touched = false;
    for (int32_t k = 0; k < plan->n_gen; k++)
        touched = touched || grid->gen[plan->gen[k]].i_bus == i;
    if (touched) { /* summed as the schedule sums, for the same bits */
        n_unit = 0;
        share_mw = 0.0;
        for (int32_t e = self->gen_start[i]; e < self->gen_start[i + 1]; e++) {
            int32_t g = self->gen[e];
            bool on = self->gen_on[g];
            for (int32_t k = 0; k < plan->n_gen; k++)
                on = on && plan->gen[k] != g;
            n_unit += on;
            share_mw += on && grid->gen[g].p_max_mw > 0.0 ? grid->gen[g].p_max_mw : 0.0;
        }
    }
    return reference_claim_of(grid, i, n_unit, share_mw);
}

/* What the part of piece q has in it. */
static void add_up(pieces *self, sv_dc_outages *outages, const outage_plan *plan, int32_t q)
{
    piece *part = &self->of[self->of[q].part];
    int32_t n = list_own(self, outages, q);
    for (int32_t k = 0; k < n; k++) {
        int32_t i = outages->list[k];
        reference_claim claim = outage_claim(outages, plan, i);
        part->p_mw += outages->plan.p_mw[i];
        part->n_unit += outages->plan.n_unit[i];
        part->load_mw += outages->bus_load_mw[i];
        if (reference_before(claim, part->best))
            part->best = claim;
    }
}

/* What was cut off is added up; the rest of an island is what the island had without it. */
static void fill_parts(pieces *self, sv_dc_outages *outages, const outage_plan *plan)
{
    for (int32_t q = 0; q < self->n_island; q++) {
        self->of[q].p_mw = -outages->missing_mw[self->of[q].i_island];
        self->of[q].n_unit = outages->n_island_unit[self->of[q].i_island];
    }
    for (int32_t q = self->n_island; q < self->n; q++)
        if (self->of[q].part >= self->n_island)
            add_up(self, outages, plan, q);
    for (int32_t q = self->n_island; q < self->n; q++)
        for (int32_t r = 0; self->of[q].part == q && r < self->n_island; r++)
            if (self->of[r].i_island == self->of[q].i_island) {
                self->of[r].p_mw -= self->of[q].p_mw;
                self->of[r].n_unit -= self->of[q].n_unit;
            }
    for (int32_t k = 0; k < plan->n_gen; k++) {
        int32_t i = outages->grid->gen[plan->gen[k]].i_bus;
        piece *part = &self->of[self->of[piece_of_bus(self, outages->bridges, i)].part];
        part->p_mw -= outages->gen_mw[plan->gen[k]];
        part->n_unit--;
    }
}

/* The rest of an island keeps its reference, which no other bus there surpasses, unless a unit failed there. */
static void find_rest_reference(pieces *self, sv_dc_outages *outages, const outage_plan *plan, int32_t q)
{
    piece *rest = &self->of[q];
    bool lost = false;
    for (int32_t k = 0; k < plan->n_gen; k++)
        lost = lost || outages->grid->gen[plan->gen[k]].i_bus == rest->best.i_bus;
    if (!lost)
        return;
    rest->best = outage_claim(outages, plan, rest->best.i_bus);
    for (int32_t r = 0; r < self->n; r++)
        if (self->of[r].part == q) {
            int32_t n = list_own(self, outages, r);
            for (int32_t k = 0; k < n; k++) {
                reference_claim claim = outage_claim(outages, plan, outages->list[k]);
                if (reference_before(claim, rest->best))
                    rest->best = claim;
            }
        }
}

static void darken(pieces *self, sv_dc_outages *outages, outage_plan *plan, int32_t part)
{
    const sv_bridges *bridges = outages->bridges;
    plan->n_dark++;
    for (int32_t q = 0; q < self->n; q++) {
        int32_t n = self->of[q].part == part ? list_own(self, outages, q) : 0;
        for (int32_t k = 0; k < n; k++) {
            int32_t i = outages->list[k];
            plan->lost_mw += outages->bus_load_mw[i];
            outages->dark_bus[outages->n_dark_bus++] = i;
            for (int32_t e = bridges->at_start[i]; e < bridges->at_start[i + 1]; e++)
                if (!(bridges->at[e] & 1)) /* once a branch */
                    outages->dark[outages->n_dark++] = bridges->at[e] >> 1;
        }
    }
}

/* ---- the plan ------------------------------------------------------------------------------ */

static void change(outage_plan *plan, int32_t i, double mw)
{
    for (int32_t k = 0; k < plan->n_change; k++)
        if (plan->change_at[k] == i) {
            plan->change_mw[k] += mw;
            return;
        }
    plan->change_at[plan->n_change] = i;
    plan->change_mw[plan->n_change++] = mw;
}

/* Units leave; every part is balanced where its reference is, a dark one anywhere. */
static void plan_changes(pieces *self, sv_dc_outages *outages, outage_plan *plan)
{
    for (int32_t k = 0; k < plan->n_gen; k++)
        change(plan, outages->grid->gen[plan->gen[k]].i_bus, -outages->gen_mw[plan->gen[k]]);
    for (int32_t q = 0; q < self->n; q++) {
        piece *part = &self->of[q];
        if (q < self->n_island) {
            find_rest_reference(self, outages, plan, q);
            change(plan, outages->reference[part->i_island], -outages->missing_mw[part->i_island]);
        }
        if (part->part != q)
            continue;
        plan->n_cut_off += q >= self->n_island;
        change(plan, part->best.i_bus, -part->p_mw);
        if (part->n_unit == 0 && outages->n_island_unit[part->i_island] > 0)
            darken(self, outages, plan, q);
    }
    int32_t n = 0;
    for (int32_t k = 0; k < plan->n_change; k++)
        if (plan->change_mw[k] != 0.0) {
            plan->change_at[n] = plan->change_at[k];
            plan->change_mw[n++] = plan->change_mw[k];
        }
    plan->n_change = n;
}

/* Branches that tie parts together in a forest stay in the factor. */
static void plan_columns(pieces *self, const sv_bridges *bridges, outage_plan *plan)
{
    for (int32_t q = 0; q < self->n; q++)
        self->of[q].tied = self->of[q].part;
    for (int32_t k = 0; k < plan->n_out; k++) {
        int32_t l = plan->out[k];
        int32_t a = self->of[piece_of_bus(self, bridges, bridges->from[l])].tied;
        int32_t b = self->of[piece_of_bus(self, bridges, bridges->to[l])].tied;
        if (a == b)
            plan->column[plan->n_column++] = l;
        for (int32_t q = 0; a != b && q < self->n; q++)
            if (self->of[q].tied == b)
                self->of[q].tied = a;
    }
}

void outage_find_parts(sv_dc_outages *self, outage_plan *plan)
{
    bool cuts = may_cut(self->bridges, plan);
    pieces cut;
    if (cuts || plan->n_gen > 0) {
        make_pieces(&cut, self, plan, cuts);
        find_parts(&cut, self, plan);
        fill_parts(&cut, self, plan);
        plan_changes(&cut, self, plan);
    }
    if (cuts)
        plan_columns(&cut, self->bridges, plan);
    for (int32_t k = 0; !cuts && k < plan->n_out; k++)
        plan->column[plan->n_column++] = plan->out[k];
}
