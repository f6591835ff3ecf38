/* All pairs of branches in DC, screened: a row for each pair that overloads what neither branch alone does, loses load that
 * neither alone loses, or has no solution. What branches do alone is solved once and shared; threads take tiles of eight
 * first branches, and the rows of a round of tiles go to the caller in the order of the list. Bits and order are those of one
 * thread. */
#include "contingency.h"
#include "contingency_pool.h"

#include <math.h>
#include <stdlib.h>

enum { TILE = 8, ROUND = 64 }; /* first branches a tile, tiles a round */

static const double LIMIT_PERCENT = 100.0 + 1e-4; /* as in svitlo flow: less is at the limit, not beyond it */

typedef struct {
    contingency_row *row; /* [n] */
    int64_t n, most;
} tile;

typedef struct {
    const flow_work *work;
    int32_t n, n_live; /* branches of the list, buses */
    int32_t *i_branch; /* [n] */
    double *people;    /* [n_bus] NULL = the grid has none */
    double *people_of; /* [n] in the dark after one alone */
    sv_dc_outages *outages;
    sv_dc_pairs *pairs; /* from which the threads' borrow */
    contingency_alone *alone;
    contingency_list *list;
    int32_t first; /* tile of the round */
    tile tile[ROUND];
} pair_work;

/* What a thread has. */
typedef struct {
    const pair_work *all;
    sv_dc_outages *outages;
    sv_dc_pairs *pairs;
    tile *into;
    bool no_memory;
} pair_worker;

/* ---- one alone ----------------------------------------------------------------------------- */

static double people_at(const pair_work *self, int32_t n, const int32_t *i_bus)
{
    double sum = 0.0;
    for (int32_t k = 0; self->people != NULL && k < n; k++)
        sum += self->people[i_bus[k]];
    return sum;
}

static bool beyond(const sv_grid *grid, int32_t l, double f_mw)
{
    double rate_mva = grid->branch[l].rate_a_mva;
    return rate_mva > 0.0 && 100.0 * fabs(f_mw) / rate_mva > LIMIT_PERCENT;
}

static bool note_alone(void *context, const sv_dc_outage *found)
{
    pair_work *self = context;
    const sv_grid *grid = self->work->grid;
    const double *base_mw = sv_dc_outages_base(self->outages);
    bool over = false;
    for (int32_t l = 0; l < grid->n_branch && !over; l++)
        over = beyond(grid, l, found->f_mw[l]) && !beyond(grid, l, base_mw[l]);
    self->people_of[found->i_outage] = people_at(self, found->n_dark_bus, found->i_dark_bus);
    self->alone->n++;
    self->alone->n_overload += over;
    self->alone->n_lost += found->lost_mw > 0.0 || self->people_of[found->i_outage] > 0.0;
    self->alone->n_no_answer += found->status != SV_OK;
    return true;
}

static sv_status open_outages(sv_dc_outages **outages, const flow_work *work, sv_error *err)
{
    sv_status status = sv_dc_outages_new(outages, work->grid, err);
    if (status == SV_OK)
        status = sv_dc_outages_update(*outages, work->state, NULL);
    return status == SV_OK
               ? SV_OK
               : sv_error_set(err, status, NULL, 0, "the base case of the outages failed (%s)", sv_status_name(status));
}

static sv_status solve_alone(pair_work *self, sv_error *err)
{
    sv_contingency *list = calloc((size_t)self->n, sizeof *list);
    if (list == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    for (int32_t k = 0; k < self->n; k++)
        list[k] = (sv_contingency){.n_branch = 1, .i_branch = &self->i_branch[k]};
    sv_status status = sv_dc_outages_solve(self->outages, self->n, list, note_alone, self, NULL, err);
    free(list);
    return status == SV_OK ? sv_dc_pairs_new(&self->pairs, self->outages, self->n, self->i_branch, err) : status;
}

/* ---- a tile -------------------------------------------------------------------------------- */

static void end_worker(void **worker)
{
    pair_worker *self = *worker;
    if (self == NULL)
        return;
    sv_dc_pairs_free(&self->pairs);
    sv_dc_outages_free(&self->outages);
    free(self);
    *worker = NULL;
}

static sv_status start_worker(void **worker, void *shared, sv_error *err)
{
    const pair_work *all = shared;
    pair_worker *self = calloc(1, sizeof *self);
    *worker = self;
    if (self == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    self->all = all;
    sv_status status = open_outages(&self->outages, all->work, err);
    if (status == SV_OK)
        status = sv_dc_pairs_share(&self->pairs, all->pairs, self->outages, err);
    if (status != SV_OK)
        end_worker(worker);
    return status;
}

static contingency_row *add_row(tile *self)
{
    if (self->n == self->most) {
        int64_t most = 2 * self->most + 64;
        contingency_row *more = realloc(self->row, (size_t)most * sizeof *more);
        if (more == NULL)
            return NULL;
        self->row = more;
        self->most = most;
    }
    return &self->row[self->n++];
}

static bool keep_pair(void *context, const sv_dc_pair *found)
{
    pair_worker *self = context;
    const pair_work *all = self->all;
    contingency_row *row = add_row(self->into);
    self->no_memory = row == NULL;
    if (row == NULL)
        return false;
    int64_t a = found->place[0], b = found->place[1];
    *row = (contingency_row){.number = a * (2 * (int64_t)all->n - a - 1) / 2 + b - a,
                             .n_element = 2,
                             .element = {{found->i_branch[0], false}, {found->i_branch[1], false}},
                             .outcome = found->status != SV_OK             ? SV_AC_SINGULAR
                                        : found->n_dark_bus == all->n_live ? SV_AC_NO_SOURCE
                                                                           : SV_AC_CONVERGED,
                             .loses_more = found->loses_more,
                             .n_overload = found->n_new,
                             .i_branch = found->i_worst,
                             .lost_mw = found->lost_mw,
                             .n_cut_off = found->n_dark_bus,
                             .i_worst = -1,
                             .i_low = -1,
                             .i_high = -1};
    row->solved = row->outcome == SV_AC_CONVERGED;
    row->people = found->i_dark_bus != NULL ? people_at(all, found->n_dark_bus, found->i_dark_bus)
                                            : all->people_of[a] + all->people_of[b];
    row->loading_percent = row->i_branch >= 0 ? found->worst_percent : NAN;
    row->mismatch_pu = row->low_pu = row->high_pu = NAN;
    return true;
}

/* Pairs that were solved come after the others of their first branch. */
static int by_number(const void *a, const void *b)
{
    const contingency_row *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static sv_status solve_tile(void *worker, void *shared, int32_t piece, sv_error *err)
{
    pair_worker *self = worker;
    pair_work *all = shared;
    int32_t start = (all->first + piece) * TILE, end = all->n - start > TILE ? start + TILE : all->n;
    self->into = &all->tile[piece];
    self->into->n = 0;
    sv_status status = sv_dc_pairs_solve_part(self->pairs, start, end, LIMIT_PERCENT, keep_pair, self, NULL);
    if (status != SV_OK)
        return sv_error_set(err, self->no_memory ? SV_ENOMEM : status, NULL, 0, "%s",
                            self->no_memory ? "out of memory" : sv_status_name(status));
    if (self->into->n > 1)
        qsort(self->into->row, (size_t)self->into->n, sizeof *self->into->row, by_number);
    return SV_OK;
}

/* ---- all ----------------------------------------------------------------------------------- */

static sv_status run_rounds(pair_work *self, int32_t n_tile, int32_t n_thread, contingency_sink sink, void *context,
                            sv_error *err)
{
    const contingency_task task = {self, start_worker, solve_tile, end_worker};
    contingency_pool *pool = NULL;
    sv_status status = contingency_pool_new(&pool, &task, n_thread, err);
    for (; status == SV_OK && self->first < n_tile; self->first += ROUND) {
        int32_t n = n_tile - self->first < ROUND ? n_tile - self->first : ROUND;
        status = contingency_pool_run(pool, n, err);
        int64_t end = self->first + n < n_tile ? (int64_t)(self->first + n) * TILE : self->n;
        self->list->taken = end * (2 * (int64_t)self->n - end - 1) / 2;
        for (int32_t t = 0; t < n; t++)
            for (int64_t k = 0; status == SV_OK && k < self->tile[t].n; k++)
                status = sink(context, &self->tile[t].row[k], err);
    }
    contingency_pool_free(&pool);
    return status;
}

sv_status contingency_run_pairs(const flow_work *work, const contingency_options *opt, contingency_list *list,
                                int32_t *n_thread, contingency_alone *alone, contingency_sink sink, void *context,
                                sv_error *err)
{
    int32_t n_tile = (list->n_set + TILE - 1) / TILE;
    pair_work self = {.work = work, .n = list->n_set, .alone = alone, .list = list};
    *alone = (contingency_alone){0};
    self.i_branch = calloc((size_t)self.n, sizeof *self.i_branch);
    self.people_of = calloc((size_t)self.n, sizeof *self.people_of);
    bool taken = self.i_branch != NULL && self.people_of != NULL && contingency_people(work->grid, &self.people);
    for (int32_t k = 0; taken && k < self.n; k++)
        self.i_branch[k] = list->element[list->start[k]].i;
    for (int32_t k = 0; k < work->islands->n_island; k++)
        self.n_live += work->islands->n_bus_of[k];
    *n_thread = contingency_threads(opt, n_tile);
    sv_status status =
        taken ? open_outages(&self.outages, work, err) : sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    if (status == SV_OK)
        status = solve_alone(&self, err);
    if (status == SV_OK)
        status = run_rounds(&self, n_tile, *n_thread, sink, context, err);
    for (int32_t t = 0; t < ROUND; t++)
        free(self.tile[t].row);
    sv_dc_pairs_free(&self.pairs);
    sv_dc_outages_free(&self.outages);
    free(self.people);
    free(self.people_of);
    free(self.i_branch);
    return status;
}
