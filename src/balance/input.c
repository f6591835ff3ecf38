/* The door of an hour: what is missing, not finite or so large that sums of it would overflow is refused before it can poison
 * a warm start. Cost: one pass over the arrays in whole vectors. Any thread. */
#include "hour.h"

#include <float.h>
#include <math.h>

static bool all_within(const double *value, int32_t n, double most)
{
    int bad = 0;
    for (int32_t k = 0; value != NULL && k < n; k++)
        bad |= !(fabs(value[k]) <= most); /* no early exit: the loop stays a vector loop */
    return bad == 0;
}

bool hour_accepts_profiles(const sv_grid *grid, const double *base_mw, const int32_t *i_profile)
{
    int bad = 0;
    for (int32_t d = 0; d < grid->n_load; d++)
        bad |= i_profile[d] < 0 || i_profile[d] == INT32_MAX;
    return bad == 0 && all_within(base_mw, grid->n_load, SV_BALANCE_MOST_MW);
}

static bool is_whole(const sv_grid *grid, int32_t n_profile, const sv_balance_input *input)
{
    bool by_profile = n_profile > 0 && input->profile != NULL;
    return (grid->n_gen == 0 || input->gen_max_mw != NULL) &&
           (grid->n_load == 0 || input->load_mw != NULL || by_profile) &&
           (grid->n_interconnector == 0 || input->import_max_mw != NULL);
}

bool hour_accepts(const sv_grid *grid, int32_t n_profile, const sv_balance_input *input)
{
    const double most_mw = SV_BALANCE_MOST_MW;
    return is_whole(grid, n_profile, input) && all_within(input->gen_max_mw, grid->n_gen, most_mw) &&
           all_within(input->load_mw, grid->n_load, most_mw) &&
           (input->load_mw != NULL || all_within(input->profile, n_profile, SV_BALANCE_MOST_FACTOR)) &&
           all_within(input->import_max_mw, grid->n_interconnector, most_mw) &&
           all_within(input->discharge_max_mw, grid->n_storage, most_mw) &&
           all_within(input->charge_max_mw, grid->n_storage, most_mw) &&
           all_within(input->storage_h, grid->n_storage, DBL_MAX);
}
