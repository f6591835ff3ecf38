/* Limits that voltages break: low voltages, branches above their rate, losses that no unit has room for. One round moves each
 * island by a program over the limits it has broken so far, by their sensitivities, and solves again; where that loses the
 * voltages, units move less far. High voltages are not for shedding to cure, and are left. Allocates nothing. */
#include "ac_check.h"

#include <math.h>
#include <string.h>

enum { NEW_LIMITS = 24, MOST_TRIES = 5 };
static const double VM_SCALE = 1e3;   /* voltages in a program count in thousandths */
static const double AIM_SHARE = 0.5;  /* of what counts as none: how much further inside its limits each round aims */
static const double REACH_LESS = 0.6; /* of a source's reach in each round, once first rounds have not been enough */
static const double LOST_REACH_SHARE = 0.5; /* of it, after a step that lost the voltages */
static const double NOSE_SHARE = 0.01;  /* of the schedule, asked for in the direction of the nose for each such step */
static const double STUCK_SHARE = 0.97; /* of an island that no step leaves with voltages */
enum { FULL_REACH_ROUNDS = 4 };
static const double RESTORE[] = {0.0, 1.0, 0.5, 0.25}; /* of what was shed may come back, by round; nothing later */
enum { N_RESTORE = (int)(sizeof RESTORE / sizeof *RESTORE) };

/* ---- what is broken ------------------------------------------------------------------------ */

/* In units of a hundredth: of a voltage, of a rate. */
static double low_by(const sv_ac_check *self, int32_t i)
{
    const sv_bus *bus = &self->grid->bus[i];
    if (isnan(self->now.vm_pu[i]) || !ac_has_band(bus) || !ac_serves(self, self->islands->of_bus[i]))
        return 0.0;
    double by = bus->v_min_pu - self->now.vm_pu[i];
    return by > AC_BAND_ROOM_PU ? 100.0 * by : 0.0;
}

static double over_by(const sv_ac_check *self, int32_t l)
{
    double by = ac_loading_percent(self, l) - 100.0;
    return by > AC_LOADING_ROOM_PERCENT ? by : 0.0;
}

static sv_ac_quantity fuller_end(const sv_ac_check *self, int32_t l)
{
    double from = hypot(self->flow[0][l], self->flow[1][l]), to = hypot(self->flow[2][l], self->flow[3][l]);
    return from >= to ? SV_AC_FROM_MVA : SV_AC_TO_MVA;
}

/* The worst of the limits that are broken and not listed yet. @return false = there is none */
static bool list_worst(sv_ac_check *self)
{
    const sv_grid *grid = self->grid;
    double worst = 0.0;
    ac_limit found = {SV_AC_VM, -1};
    for (int32_t i = 0; i < grid->n_bus; i++)
        if (!self->bus_listed[i] && low_by(self, i) > worst) {
            worst = low_by(self, i);
            found = (ac_limit){SV_AC_VM, i};
        }
    for (int32_t l = 0; l < grid->n_branch; l++)
        if (!self->branch_listed[l] && over_by(self, l) > worst) {
            worst = over_by(self, l);
            found = (ac_limit){SV_AC_FROM_MVA, l};
        }
    if (found.index < 0)
        return false;
    *(found.what == SV_AC_VM ? &self->bus_listed[found.index] : &self->branch_listed[found.index]) = 1;
    self->limit[self->n_limit++] = found;
    return true;
}

static int32_t island_of_limit(const sv_ac_check *self, const ac_limit *limit)
{
    return self->islands->of_bus[limit->what == SV_AC_VM ? limit->index : self->grid->branch[limit->index].i_from];
}

static bool is_affected(const sv_ac_check *self, int32_t k)
{
    bool broken = self->short_mw[k] > AC_SHORT_ROOM_MW || self->n_restore > 0;
    for (int32_t n = 0; n < self->n_limit && !broken; n++) {
        const ac_limit *limit = &self->limit[n];
        broken = island_of_limit(self, limit) == k &&
                 (limit->what == SV_AC_VM ? low_by(self, limit->index) : over_by(self, limit->index)) > 0.0;
    }
    return ac_serves(self, k) && ac_has_answer(self, k) && broken;
}

/* ---- one island ---------------------------------------------------------------------------- */

static bool add_limit(sv_ac_check *self, const ac_limit *limit)
{
    const sv_grid *grid = self->grid;
    int32_t at = limit->index;
    double price = ac_program_price(self), inside = AIM_SHARE * (1.0 + self->n_round);
    bool voltage = limit->what == SV_AC_VM;
    sv_ac_quantity what = voltage ? SV_AC_VM : fuller_end(self, at);
    if (sv_ac_sensitivity(self->ac, what, at, self->by_mw, self->by_mvar) != SV_OK)
        return false;
    if (voltage) {
        double least = grid->bus[at].v_min_pu - (1.0 - inside) * AC_BAND_ROOM_PU;
        ac_program_add(self, VM_SCALE, VM_SCALE * (least - self->now.vm_pu[at]), INFINITY, price);
    } else {
        double percent = 100.0 + (1.0 - inside) * AC_LOADING_ROOM_PERCENT - ac_loading_percent(self, at);
        ac_program_add(self, 1.0, -INFINITY, 0.01 * percent * grid->branch[at].rate_a_mva, price);
    }
    return true;
}

/* @param lost  tries of this round that lost the voltages: they ask for distance from the nose */
static bool move_island(sv_ac_check *self, int32_t k, int32_t lost)
{
    if (sv_ac_sensitivity(self->ac, SV_AC_SHORT_MW, k, self->by_mw, self->by_mvar) != SV_OK)
        return false;
    double restore = self->n_restore > 0 ? 1.0 : self->n_round < N_RESTORE ? RESTORE[self->n_round] : 0.0;
    ac_program_begin(self, k, restore, self->reach * pow(REACH_LESS, fmax(0.0, self->n_round - FULL_REACH_ROUNDS)));
    ac_program_add(self, -1.0, self->short_mw[k], self->short_mw[k], ac_program_price(self));
    if (lost > 0 && !ac_ask_weakest(self, k, NOSE_SHARE * lost))
        return false;
    for (int32_t n = 0; n < self->n_limit; n++)
        if (island_of_limit(self, &self->limit[n]) == k && !add_limit(self, &self->limit[n]))
            return false;
    return ac_program_move(self);
}

/* ---- a round ------------------------------------------------------------------------------- */

static bool lost_some(const sv_ac_check *self)
{
    for (int32_t k = 0; k < self->info.n_island; k++)
        if (ac_is_lost(self, k))
            return true;
    return false;
}

/* A share of the way from the schedule that is kept. */
static void shorten(sv_ac_check *self, double share)
{
    for (int32_t d = 0; share < 1.0 && d < self->grid->n_load; d++) {
        self->now.load_mw[d] = self->kept.load_mw[d] + share * (self->now.load_mw[d] - self->kept.load_mw[d]);
        self->now.shed_mw[d] = self->kept.shed_mw[d] + share * (self->now.shed_mw[d] - self->kept.shed_mw[d]);
    }
    for (int32_t s = 0; share < 1.0 && s < self->n_source; s++)
        self->now.source_mw[s] = self->kept.source_mw[s] + share * (self->now.source_mw[s] - self->kept.source_mw[s]);
}

sv_status ac_relieve(sv_ac_check *self, bool *moved)
{
    sv_status status = SV_OK;
    for (int32_t n = 0; n < NEW_LIMITS && self->n_limit < AC_MOST_ROWS - 2 && list_worst(self); n++)
        ;
    ac_copy(self, &self->kept, &self->now);
    *moved = false;
    for (int32_t n = 0; n < MOST_TRIES && status == SV_OK; n++) {
        for (int32_t k = 0; k < self->info.n_island; k++)
            if (is_affected(self, k))
                *moved = move_island(self, k, n) || *moved;
        if (!*moved)
            break;
        shorten(self, pow(0.5, n));
        status = ac_settle(self);
        if (status != SV_OK || !lost_some(self))
            break;
        self->reach *= LOST_REACH_SHARE;
        ac_copy(self, &self->now, &self->kept);
        for (int32_t k = 0; n == MOST_TRIES - 1 && self->n_restore == 0 && k < self->info.n_island; k++)
            if (ac_is_lost(self, k))
                ac_cut(self, k, STUCK_SHARE); /* away from the nose, and on from there */
        status = ac_settle(self);
    }
    self->n_round++;
    self->n_restore -= self->n_restore > 0;
    return status;
}
