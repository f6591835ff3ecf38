/* AC contingencies: a screen of the base case in each thread, what an outage does as a row. Where the grid has people, those
 * behind the buses that go dark are counted from the voltages of the outages that cut somebody off: a second look at few. */
#include "contingency.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const flow_work *base;
    sv_ac_screen *screen;
    double *people;                                           /* [n_bus] NULL = the grid has none */
    int32_t element[CONTINGENCY_CHUNK * SV_CONTINGENCY_MOST]; /* branches, then units, of each outage */
    sv_contingency outage[CONTINGENCY_CHUNK];
    contingency_row *at[CONTINGENCY_CHUNK]; /* the row of each */
} ac_worker;

static void end_worker(void **worker)
{
    ac_worker *self = *worker;
    if (self == NULL)
        return;
    sv_ac_screen_free(&self->screen);
    free(self->people);
    free(self);
    *worker = NULL;
}

static sv_status start_worker(void **worker, const flow_work *base, sv_error *err)
{
    ac_worker *self = calloc(1, sizeof *self);
    *worker = self;
    if (self == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    self->base = base;
    sv_ac_info info;
    sv_status status = sv_ac_screen_new(&self->screen, base->grid, err);
    if (status == SV_OK && !contingency_people(base->grid, &self->people))
        status = sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    if (status == SV_OK)
        status = sv_ac_screen_base(self->screen, base->state, &base->opt->settings, NULL, &info, err);
    if (status != SV_OK)
        end_worker(worker);
    return status;
}

/* Outages of some rows. @return how many */
static int32_t set_outages(ac_worker *self, int32_t n, contingency_row *row, bool cut_off_only)
{
    int32_t n_outage = 0;
    for (int32_t k = 0; k < n; k++) {
        bool dark = row[k].outcome == SV_AC_CONVERGED || row[k].outcome == SV_AC_NO_SOURCE;
        if (cut_off_only && (row[k].n_cut_off == 0 || !dark))
            continue;
        self->outage[n_outage] = contingency_outage(&row[k], self->element + n_outage * SV_CONTINGENCY_MOST);
        self->at[n_outage++] = &row[k];
    }
    return n_outage;
}

static bool fill_row(void *context, int64_t k, const sv_ac_effect *found)
{
    contingency_row *row = ((ac_worker *)context)->at[k];
    row->outcome = found->outcome;
    row->whole = found->whole;
    row->solved = found->outcome == SV_AC_CONVERGED;
    row->n_iteration = found->n_iteration;
    row->i_worst = found->i_worst;
    row->worst_is_reactive = found->worst_is_reactive;
    row->mismatch_pu = found->i_worst >= 0 || row->solved ? found->mismatch_pu : NAN;
    row->lost_mw = found->lost_mw;
    bool answer = row->solved || found->outcome == SV_AC_NO_SOURCE;
    row->people = answer || found->n_cut_off == 0 ? 0.0 : NAN; /* they are counted from voltages */
    row->n_cut_off = found->n_cut_off;
    row->n_overload = found->n_overload;
    row->i_branch = row->solved ? found->i_branch : -1;
    row->loading_percent = row->i_branch >= 0 ? found->loading_percent : NAN;
    row->n_low = found->n_low;
    row->n_high = found->n_high;
    row->i_low = row->solved ? found->i_low : -1;
    row->i_high = row->solved ? found->i_high : -1;
    row->low_pu = row->i_low >= 0 ? found->low_pu : NAN;
    row->high_pu = row->i_high >= 0 ? found->high_pu : NAN;
    return true;
}

static bool count_people(void *context, int64_t k, const sv_ac_effect *found)
{
    const ac_worker *self = context;
    for (int32_t i = 0; i < self->base->grid->n_bus; i++)
        if (isnan(found->vm_pu[i]) && !isnan(self->base->vm_pu[i]))
            self->at[k]->people += self->people[i];
    return true;
}

static sv_status solve_rows(void *worker, int32_t n, contingency_row *row, sv_error *err)
{
    ac_worker *self = worker;
    int32_t n_outage = set_outages(self, n, row, false);
    sv_status status = sv_ac_contingencies(self->screen, n_outage, self->outage, false, fill_row, self);
    if (status == SV_OK && self->people != NULL) {
        n_outage = set_outages(self, n, row, true);
        status = sv_ac_contingencies(self->screen, n_outage, self->outage, true, count_people, self);
    }
    if (status == SV_EUSAGE) /* elements are in range: it is the base case */
        return sv_error_set(err, SV_ENUM, self->base->opt->grid_path, 0,
                            "the base case's equations are singular at its answer: outages cannot start from there");
    return status == SV_OK ? SV_OK : sv_error_set(err, status, NULL, 0, "%s", sv_status_name(status));
}

const contingency_method contingency_ac = {"ac", start_worker, solve_rows, end_worker};
