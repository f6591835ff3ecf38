/* The door of an hour: numbers that are not finite are refused before they can poison a warm start. Cost: one pass over
 * the arrays in whole vectors. Any thread. */
#include "private.h"

#include <float.h>
#include <math.h>

static bool finite_all(const double *value, int32_t n)
{
    int bad = 0;
    for (int32_t k = 0; value != NULL && k < n; k++)
        bad |= !(fabs(value[k]) <= DBL_MAX); /* no early exit: the loop stays a vector loop */
    return bad == 0;
}

bool input_is_finite(const sv_grid *grid, int32_t n_profile, const sv_balance_input *input)
{
    return finite_all(input->gen_max_mw, grid->n_gen) && finite_all(input->load_mw, grid->n_load) &&
           (input->load_mw != NULL || finite_all(input->profile, n_profile)) &&
           finite_all(input->import_max_mw, grid->n_interconnector) &&
           finite_all(input->discharge_max_mw, grid->n_storage) && finite_all(input->charge_max_mw, grid->n_storage) &&
           finite_all(input->storage_h, grid->n_storage);
}
