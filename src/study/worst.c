/* The worst hours of a study: a list of fixed length in order, fed with the worst hour of each week of a row. The order is
 * total, so the list depends on the rows alone. Cost: one comparison an hour; a place in the list is found by halving. */
#include "tally.h"

#include <math.h>
#include <string.h>

enum { WEEK_H = 168 };

void worst_init(worst_hours *self, sv_arena *arena, bool by_people)
{
    *self = (worst_hours){.by_people = by_people, .hour = SV_TAKE(arena, SV_MOST_WORST, sv_study_hour_id)};
}

static double value_of(const worst_hours *self, const sv_study_hour_id *hour)
{
    return self->by_people ? hour->people : hour->shed_mw;
}

/* a stands before b. */
static bool is_worse(const worst_hours *self, const sv_study_hour_id *a, const sv_study_hour_id *b)
{
    double x = value_of(self, a), y = value_of(self, b);
    if (x > y || x < y)
        return x > y;
    return a->i_season != b->i_season ? a->i_season < b->i_season : a->t_h < b->t_h;
}

static void insert(worst_hours *self, const sv_study_hour_id *hour)
{
    int64_t low = 0, high = self->n;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (is_worse(self, &self->hour[middle], hour))
            low = middle + 1;
        else
            high = middle;
    }
    if (low >= SV_MOST_WORST)
        return;
    self->n += self->n < SV_MOST_WORST ? 1 : 0;
    memmove(&self->hour[low + 1], &self->hour[low], sizeof *self->hour * (size_t)(self->n - 1 - low));
    self->hour[low] = *hour;
}

/* The first of the hours with the highest value. */
static int64_t worst_of(const float *value, int64_t from, int64_t to)
{
    int64_t worst = from;
    for (int64_t t = from + 1; t < to; t++)
        worst = value[t] > value[worst] ? t : worst;
    return worst;
}

void worst_add(worst_hours *self, const sv_season_row *row, int64_t n_h)
{
    const float *value = self->by_people ? row->hour_people : row->hour_shed_mw;
    for (int64_t from = 0; from < n_h; from += WEEK_H) {
        int64_t t = worst_of(value, from, from + WEEK_H < n_h ? from + WEEK_H : n_h);
        if (value[t] > 0.0F)
            insert(self,
                   &(sv_study_hour_id){row->i_season, t, (double)row->hour_people[t], (double)row->hour_shed_mw[t]});
    }
}

bool worst_fits(const worst_hours *self, int64_t n_season, int64_t n_h)
{
    bool good = self->n >= 0 && self->n <= SV_MOST_WORST;
    for (int64_t i = 0; good && i < self->n; i++) {
        const sv_study_hour_id *hour = &self->hour[i];
        good = hour->i_season >= 0 && hour->i_season < n_season && hour->t_h >= 0 && hour->t_h < n_h &&
               isfinite(hour->people) && isfinite(hour->shed_mw) && value_of(self, hour) > 0.0 &&
               (i == 0 || is_worse(self, hour - 1, hour));
    }
    return good;
}
