/* Islands whose schedule has no voltages. The largest share of it that has some lies at the nose of the curve of load over
 * voltage; there the Jacobian's left vector says what each bus would have to be relieved of. Where that leads nowhere, the
 * whole island is cut to that share. Allocates nothing. */
#include "ac_check.h"

#include <math.h>
#include <string.h>

enum { MOST_NOSES = 6, HALVINGS = 4, MOST_CUTS = 12 };
static const double BEYOND_SHARE = 0.01; /* asked for beyond the nose, of the schedule */
static const double CUT_SHARE = 0.9;

void ac_darken(sv_ac_check *self, int32_t i_island)
{
    self->was_darkened = true;
    for (int32_t d = 0; d < self->grid->n_load; d++)
        if (ac_island_of_load(self, d) == i_island && self->now.load_mw[d] > 0.0) {
            self->now.shed_mw[d] += self->now.load_mw[d];
            self->now.load_mw[d] = 0.0;
        }
    for (int32_t s = 0; s < self->n_source; s++)
        if (ac_island_of_source(self, s) == i_island)
            self->now.source_mw[s] = self->source_max_mw[s] = 0.0;
}

/* The island at a share of what is kept. */
static void scale(sv_ac_check *self, int32_t i_island, double share)
{
    for (int32_t d = 0; d < self->grid->n_load; d++)
        if (ac_island_of_load(self, d) == i_island) {
            double mw = share * self->kept.load_mw[d];
            self->now.shed_mw[d] = self->kept.shed_mw[d] + fmax(0.0, self->kept.load_mw[d] - mw);
            self->now.load_mw[d] = mw;
        }
    for (int32_t s = 0; s < self->n_source; s++)
        if (ac_island_of_source(self, s) == i_island)
            self->now.source_mw[s] = share * self->kept.source_mw[s];
}

void ac_cut(sv_ac_check *self, int32_t i_island, double share)
{
    scale(self, i_island, share);
    self->n_restore = AC_RESTORE_ROUNDS;
    self->was_cut = true;
}

/* Try a share. @return it has voltages */
static sv_status try_share(sv_ac_check *self, int32_t i_island, double share, bool *good)
{
    scale(self, i_island, share);
    sv_status status = ac_solve(self);
    *good = ac_has_answer(self, i_island);
    return status;
}

/* The largest share that has voltages, and those. 0 = none was found. Looked for from above: an island that is almost
 * unloaded, its lines charging and its units at their lower limits, need not have voltages either. */
static sv_status find_nose(sv_ac_check *self, int32_t i_island, double *share)
{
    static const double first[] = {0.97, 0.9, 0.8, 0.65, 0.5, 0.35, 0.2, 0.1, 0.02};
    double good = 0.0, bad = 1.0;
    bool found = false;
    sv_status status = SV_OK;
    for (size_t n = 0; n < sizeof first / sizeof *first && status == SV_OK && !found; n++) {
        status = try_share(self, i_island, first[n], &found);
        *(found ? &good : &bad) = first[n];
    }
    for (int32_t n = 0; n < HALVINGS && status == SV_OK && found; n++) {
        double middle = 0.5 * (good + bad);
        bool holds = false;
        status = try_share(self, i_island, middle, &holds);
        *(holds ? &good : &bad) = middle;
    }
    *share = good;
    if (status != SV_OK || !found || ac_has_answer(self, i_island))
        return status;
    return try_share(self, i_island, good, &found);
}

/* How much the schedule that is kept loads the island in the direction of its weakness. */
static double load_along(const sv_ac_check *self, int32_t i_island)
{
    double sum = 0.0;
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        const sv_load *load = &self->grid->load[d];
        double mw = ac_island_of_load(self, d) == i_island ? self->kept.load_mw[d] : 0.0;
        double mvar = load->p_mw != 0.0 ? load->q_mvar * mw / load->p_mw : 0.0;
        sum += self->by_mw[load->i_bus] * mw + self->by_mvar[load->i_bus] * mvar;
    }
    for (int32_t s = 0; s < self->n_source; s++)
        if (ac_island_of_source(self, s) == i_island)
            sum -= self->by_mw[self->source_bus[s]] * self->kept.source_mw[s];
    return sum;
}

bool ac_ask_weakest(sv_ac_check *self, int32_t i_island, double share)
{
    if (sv_ac_weakest(self->ac, i_island, self->by_mw, self->by_mvar) != SV_OK)
        return false;
    double along = load_along(self, i_island);
    if (!(fabs(along) > 0.0) || !isfinite(along))
        return false;
    ac_program_add(self, 1.0 / along, share, INFINITY, ac_program_price(self) * 1e3);
    return true;
}

/* Ask the weakest buses for what the schedule has too much. @return false: no such step is known */
static bool step_back(sv_ac_check *self, int32_t i_island, double share)
{
    scale(self, i_island, 1.0);
    ac_program_begin(self, i_island, 0.0, AC_REACH);
    if (!ac_ask_weakest(self, i_island, 1.0 - share + BEYOND_SHARE))
        return false;
    for (int32_t i = 0; i < self->grid->n_bus; i++) {
        self->by_mw[i] = 1.0;
        self->by_mvar[i] = 0.0;
    }
    ac_program_add(self, 1.0, 0.0, 0.0, ac_program_price(self));
    return ac_program_move(self);
}

/* The same share of everything, a little less each time it does not hold; at last nothing. */
static sv_status cut_all(sv_ac_check *self, int32_t i_island, double share)
{
    sv_status status = SV_OK;
    for (int32_t n = 0; n < MOST_CUTS && status == SV_OK && share > 0.0; n++) {
        ac_cut(self, i_island, share);
        status = ac_settle(self);
        if (ac_has_answer(self, i_island))
            return status;
        share *= CUT_SHARE;
    }
    scale(self, i_island, 1.0);
    ac_darken(self, i_island);
    return status == SV_OK ? ac_settle(self) : status;
}

sv_status ac_nose(sv_ac_check *self, int32_t i_island)
{
    if (!self->free_absorption) { /* lightly loaded lines may leave it with more reactive power than units can take */
        self->free_absorption = true;
        ac_forget_voltages(self);
        sv_status status = ac_settle(self);
        if (status != SV_OK || ac_has_answer(self, i_island))
            return status;
    }
    for (int32_t n = 0;; n++) {
        double share = 0.0;
        ac_copy(self, &self->kept, &self->now);
        sv_status status = find_nose(self, i_island, &share);
        if (status != SV_OK)
            return status;
        if (n == MOST_NOSES || share == 0.0 || !step_back(self, i_island, share))
            return cut_all(self, i_island, share);
        status = ac_settle(self);
        if (status != SV_OK || ac_has_answer(self, i_island))
            return status;
    }
}
