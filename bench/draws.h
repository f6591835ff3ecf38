/* What bench_soak draws for a state, all of it from the state's seed: damage of any kind, hours load by load or by profile,
 * with and without storage, and weights. The same seed draws the same on every machine. */
#ifndef SVITLO_BENCH_DRAWS_H
#define SVITLO_BENCH_DRAWS_H

#include "states.h"

#include "svitlo/balance.h"

/** One hour of a state. Loads keep the sign that they have in the grid's tables. */
typedef struct {
    const sv_grid *grid;
    uint64_t seed;
    bool by_profile, with_storage, with_storage_h, with_shed_list; /* of the state */
    int32_t n_profile;
    double *base_mw;                              /* [n_load] */
    int32_t *i_profile;                           /* [n_load] */
    double *profile;                              /* [n_profile] */
    double *gen_mw, *load_mw, *import_mw;         /* load_mw is the product too where the hour goes by profile */
    double *discharge_mw, *charge_mw, *storage_h; /* [n_storage] */
} draws;

bool draws_new(draws *self, const sv_grid *grid); /* false when out of memory; free it all the same */
void draws_free(draws *self);

/** Half of all runs have the weights by default, the others one of three sets, times 1e-3 to 1e3. @return by default */
bool draw_weights(double weight[SV_N_CLASS], uint64_t run);

/** Strike the state as the seed says; some steps on from how it stands, for some seeds. */
SV_MUST_USE sv_status draw_damage(sv_state *state, uint64_t seed);

/** What kinds of input the state's hours have, and its profiles. */
void draw_kinds(draws *self, uint64_t seed);
void draw_hour(draws *self, uint32_t hour);

/** @param[in] whole  load by load whatever the hour has: for who checks. Borrows the draws. */
sv_balance_input draws_input(const draws *self, bool whole);

/** One number of a seed, [0, 1). */
double draw_uniform(uint64_t seed, uint32_t what, uint32_t k);

#endif
