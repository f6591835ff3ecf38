/* DC contingencies: outages by rank updates on the base case's factor in each thread, what an outage does as a row. There are no
 * voltages in it; what a lost unit gave, the reference takes. */
#include "contingency.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const flow_work *base;
    sv_dc_outages *outages;
    double *people;                                           /* [n_bus] NULL = the grid has none */
    int32_t n_live;                                           /* buses */
    int32_t element[CONTINGENCY_CHUNK * SV_CONTINGENCY_MOST]; /* branches, then units, of each outage */
    sv_contingency outage[CONTINGENCY_CHUNK];
    contingency_row *row; /* of the call */
} dc_worker;

static void end_worker(void **worker)
{
    dc_worker *self = *worker;
    if (self == NULL)
        return;
    sv_dc_outages_free(&self->outages);
    free(self->people);
    free(self);
    *worker = NULL;
}

static sv_status start_worker(void **worker, const flow_work *base, sv_error *err)
{
    dc_worker *self = calloc(1, sizeof *self);
    *worker = self;
    if (self == NULL || !contingency_people(base->grid, &self->people)) {
        end_worker(worker);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    }
    self->base = base;
    for (int32_t k = 0; k < base->islands->n_island; k++)
        self->n_live += base->islands->n_bus_of[k];
    sv_status status = sv_dc_outages_new(&self->outages, base->grid, err);
    if (status == SV_OK)
        status = sv_dc_outages_update(self->outages, base->state, NULL);
    if (status == SV_OK)
        return SV_OK;
    end_worker(worker);
    return sv_error_set(err, status, NULL, 0, "the base case of the outages failed (%s)", sv_status_name(status));
}

static double people_at(const dc_worker *self, int32_t n, const int32_t *i_bus)
{
    double sum = 0.0;
    for (int32_t k = 0; self->people != NULL && k < n; k++)
        sum += self->people[i_bus[k]];
    return sum;
}

static bool fill_row(void *context, const sv_dc_outage *found)
{
    dc_worker *self = context;
    contingency_row *row = &self->row[found->i_outage];
    row->outcome = found->status != SV_OK              ? SV_AC_SINGULAR
                   : found->n_dark_bus == self->n_live ? SV_AC_NO_SOURCE
                                                       : SV_AC_CONVERGED;
    row->whole = found->refactored;
    row->solved = row->outcome == SV_AC_CONVERGED;
    row->lost_mw = found->lost_mw;
    row->people = people_at(self, found->n_dark_bus, found->i_dark_bus);
    row->n_cut_off = found->n_dark_bus;
    row->n_overload = row->solved ? found->n_over : 0;
    row->i_branch = row->solved ? found->i_worst : -1;
    row->loading_percent = row->i_branch >= 0 ? found->worst_percent : NAN;
    row->i_worst = row->i_low = row->i_high = -1; /* no voltages, no mismatch */
    row->mismatch_pu = row->low_pu = row->high_pu = NAN;
    return true;
}

static sv_status solve_rows(void *worker, int32_t n, contingency_row *row, sv_error *err)
{
    dc_worker *self = worker;
    self->row = row;
    for (int32_t k = 0; k < n; k++)
        self->outage[k] = contingency_outage(&row[k], self->element + k * SV_CONTINGENCY_MOST);
    return sv_dc_outages_solve(self->outages, n, self->outage, fill_row, self, NULL, err);
}

const contingency_method contingency_dc = {"dc", start_worker, solve_rows, end_worker};
