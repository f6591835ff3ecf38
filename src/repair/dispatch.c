/* Who goes where: jobs that bring back critical load first, then by load regained per crew-hour, then first come; the
 * crews that are there first go. No overtaking: when the first job in the ranking needs more crews than are idle, they
 * wait for it, so that large jobs cannot starve. Waiting jobs times (idle crews + jobs begun); allocates nothing. */
#include "private.h"

#include <math.h>

/* Expected crew-hours as the dispatcher can know them: travel of the nearest crews, mean of the lognormal work. */
static double expected_crew_h(sv_repair *self, const job *j, int64_t t_h)
{
    int32_t n = job_crews(self, j);
    int32_t at_hand = n < self->crews.n_idle ? n : self->crews.n_idle;
    const sv_repair_class *class_ = &self->settings.unit[self->grid->unit[j->i_unit].class_];
    double work_h = class_->work_h[j->damage] * exp(0.5 * class_->spread * class_->spread);
    double h = crews_pick(&self->crews, t_h, self->of_unit[j->i_unit], at_hand) + job_clock_h(self, j, work_h);
    return n * fmax(h, 1.0);
}

static bool ranks_before(const rank *a, const rank *b)
{
    if (a->critical != b->critical)
        return a->critical;
    if (a->gain_mw_per_h != b->gain_mw_per_h)
        return a->gain_mw_per_h > b->gain_mw_per_h;
    return a->i_job < b->i_job;
}

static rank *first_of(rank *rows, int32_t n)
{
    rank *first = NULL;
    for (int32_t k = 0; k < n; k++)
        if (rows[k].i_job >= 0 && (first == NULL || ranks_before(&rows[k], first)))
            first = &rows[k];
    return first;
}

static void rank_waiting(sv_repair *self, int64_t t_h, const double *critical_mw, const double *gain_mw)
{
    for (int32_t k = 0; k < self->n_waiting; k++) {
        int32_t i_job = self->job_of_unit[self->waiting[k]];
        double gain = gain_mw != NULL && gain_mw[k] > 0.0 ? gain_mw[k] : 0.0;
        self->rank[k] = (rank){.critical = critical_mw != NULL && critical_mw[k] > 0.0, .i_job = i_job};
        if (gain > 0.0)
            self->rank[k].gain_mw_per_h = gain / expected_crew_h(self, &self->job[i_job], t_h);
    }
}

void repair_dispatch(sv_repair *self, int64_t t_h, const double *critical_mw, const double *gain_mw)
{
    rank_waiting(self, t_h, critical_mw, gain_mw);
    while (self->crews.n_idle > 0) {
        rank *first = first_of(self->rank, self->n_waiting);
        if (first == NULL)
            break;
        job *j = &self->job[first->i_job];
        first->i_job = -1;
        if (job_lacks_spare(self, j))
            continue; /* a job before it took the last one */
        int32_t n = job_crews(self, j);
        if (n > self->crews.n_idle)
            break;
        double travel_h = crews_pick(&self->crews, t_h, self->of_unit[j->i_unit], n);
        crews_send(&self->crews, n, j->i_unit, self->of_unit[j->i_unit]);
        job_begin(self, j, t_h, travel_h);
    }
}
