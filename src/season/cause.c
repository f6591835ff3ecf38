/* What explains the energy not served: an account, hour by hour, of the units that are out (docs/model/season.md). A
 * shortage of capacity goes to the generation that is out, in proportion to its size; the rest to the parts of the network
 * that are out in the region that is dark. Sizes are counted in whole kW, so that what comes back leaves nothing behind.
 * An hour adds only what each kW of a region owes; it is shared among classes and causes when what is out there changes. */
#include "private.h"

#include <math.h>
#include <string.h>

const char *const sv_cause_name[SV_N_CAUSE] = {"waves", "failures"};

static bool is_network(sv_unit_class class_)
{
    return class_ <= SV_UNIT_DC_LINE;
}
_Static_assert(SV_UNIT_SWITCHGEAR == 0 && SV_UNIT_DC_LINE < SV_UNIT_THERMAL, "network classes come first");

bool cause_new(cause *self, const sv_grid *grid, const double *capacity_mw, sv_arena *arena)
{
    *self = (cause){
        .grid = grid,
        .unit_kw = SV_TAKE(arena, grid->n_unit, int64_t),
        .out_by = SV_TAKE(arena, grid->n_unit, uint8_t),
        .out_kw = SV_TAKE(arena, (size_t)grid->n_region * SV_N_UNIT_CLASS * SV_N_CAUSE, int64_t),
        .network_kw = SV_TAKE(arena, grid->n_region, int64_t),
        .owed_network = SV_TAKE(arena, grid->n_region, double),
        .owed_supply = SV_TAKE(arena, grid->n_region, double),
    };
    if (sv_arena_failed(arena))
        return false;
    for (int32_t u = 0; u < grid->n_unit; u++)
        self->unit_kw[u] = (int64_t)fmin(fmax(1.0, round(1e3 * capacity_mw[u])), 1e12);
    return true;
}

void cause_begin(cause *self, sv_season_row *row)
{
    const sv_grid *grid = self->grid;
    size_t n_region = (size_t)grid->n_region;
    memset(self->out_by, 0, (size_t)grid->n_unit);
    memset(self->out_kw, 0, sizeof *self->out_kw * n_region * SV_N_UNIT_CLASS * SV_N_CAUSE);
    memset(self->network_kw, 0, sizeof *self->network_kw * n_region);
    memset(self->owed_network, 0, sizeof *self->owed_network * n_region);
    memset(self->owed_supply, 0, sizeof *self->owed_supply * n_region);
    self->all_network_kw = self->all_supply_kw = 0;
    self->row = row;
}

/* What is owed to a region goes to its classes and causes, by the size of what is out. */
static void settle(cause *self, int32_t i_region)
{
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        size_t at = ((size_t)i_region * SV_N_UNIT_CLASS + (size_t)c) * SV_N_CAUSE;
        double owed = is_network((sv_unit_class)c) ? self->owed_network[i_region] : self->owed_supply[i_region];
        for (int32_t k = 0; k < SV_N_CAUSE; k++)
            self->row->cause_mwh[at + (size_t)k] += owed * (double)self->out_kw[at + (size_t)k];
    }
    self->owed_network[i_region] = self->owed_supply[i_region] = 0.0;
}

/* Move a unit in or out of the account of one cause. */
static void count(cause *self, int32_t i_unit, int32_t by, int64_t kw)
{
    const sv_unit *unit = &self->grid->unit[i_unit];
    self->out_kw[((size_t)unit->i_region * SV_N_UNIT_CLASS + unit->class_) * SV_N_CAUSE + (size_t)by] += kw;
    if (is_network(unit->class_)) {
        self->network_kw[unit->i_region] += kw;
        self->all_network_kw += kw;
    } else {
        self->all_supply_kw += kw;
    }
}

void cause_set(cause *self, int32_t i_unit, bool damaged, bool down)
{
    uint8_t by = damaged ? SV_BY_WAVES + 1 : down ? SV_BY_FAILURES + 1 : 0; /* 0 = in service */
    if (by == self->out_by[i_unit])
        return;
    int32_t region = self->grid->unit[i_unit].i_region;
    if (self->owed_network[region] > 0.0 || self->owed_supply[region] > 0.0)
        settle(self, region);
    if (self->out_by[i_unit] != 0)
        count(self, i_unit, self->out_by[i_unit] - 1, -self->unit_kw[i_unit]);
    if (by != 0)
        count(self, i_unit, by - 1, self->unit_kw[i_unit]);
    self->out_by[i_unit] = by;
}

/* So much energy goes to all of one kind that is out, by size. */
static void owe_everywhere(const cause *self, double *owed, int64_t all_kw, double mwh)
{
    double per_kw = mwh / (double)all_kw;
    for (int32_t r = 0; r < self->grid->n_region; r++)
        owed[r] += per_kw;
}

void cause_book(cause *self, const ledger *book, double short_mw)
{
    double shed = book->shed_mw;
    double by_supply = fmin(fmin(shed, fmax(0.0, short_mw)), 1e-3 * (double)self->all_supply_kw);
    if (by_supply > 0.0)
        owe_everywhere(self, self->owed_supply, self->all_supply_kw, by_supply);
    double rest = shed - by_supply, elsewhere = 0.0;
    if (rest <= 0.0)
        return;
    for (int32_t r = 0; r < self->grid->n_region; r++) {
        double part = book->region_mw[r] * (rest / shed);
        if (self->network_kw[r] > 0 && part > 0.0)
            self->owed_network[r] += part / (double)self->network_kw[r];
        else
            elsewhere += part;
    }
    if (elsewhere > 0.0 && self->all_network_kw > 0)
        owe_everywhere(self, self->owed_network, self->all_network_kw, elsewhere);
    else
        self->row->unexplained_mwh += elsewhere;
}

void cause_close(cause *self)
{
    for (int32_t r = 0; r < self->grid->n_region; r++)
        settle(self, r);
}
