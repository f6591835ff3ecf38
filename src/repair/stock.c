/* Spares: a count a class, and the deliveries under way in a binary heap by hour, class and count. A spare that is used
 * is ordered anew; lead times are keyed by class and number of the order. log(deliveries) each; allocates only at the
 * start. */
#include "private.h"

#include <math.h>

static int64_t shipment_h(const stock *self, int32_t c)
{
    int64_t t_h = self->settings->shipment_h[c];
    if (self->settings->shipment_count[c] == 0 || t_h == INT64_MAX)
        return INT64_MAX;
    return t_h > self->t0_h ? t_h - self->t0_h : 0;
}

sv_status stock_init(stock *self, sv_arena *arena, const sv_repair_settings *settings, int64_t t0_h, int64_t n_h,
                     sv_error *err)
{
    self->settings = settings;
    self->t0_h = t0_h;
    self->n_h = n_h;
    size_t most = 0;
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++)
        most += (size_t)settings->spares[c] + (size_t)settings->shipment_count[c] + 1;
    self->delivery = SV_TAKE(arena, most, delivery);
    if (self->delivery == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the spares");
    return SV_OK;
}

static bool comes_before(const delivery *a, const delivery *b)
{
    if (a->t_h != b->t_h)
        return a->t_h < b->t_h;
    return a->class_ < b->class_;
}

static void push(stock *self, delivery d)
{
    if (d.t_h >= self->n_h)
        return; /* not in this season */
    int32_t i = self->n_delivery++;
    while (i > 0 && comes_before(&d, &self->delivery[(i - 1) / 2])) {
        self->delivery[i] = self->delivery[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    self->delivery[i] = d;
}

static delivery pop(stock *self)
{
    delivery top = self->delivery[0], last = self->delivery[--self->n_delivery];
    int32_t i = 0;
    for (;;) {
        int32_t child = 2 * i + 1;
        if (child >= self->n_delivery)
            break;
        if (child + 1 < self->n_delivery && comes_before(&self->delivery[child + 1], &self->delivery[child]))
            child++;
        if (!comes_before(&self->delivery[child], &last))
            break;
        self->delivery[i] = self->delivery[child];
        i = child;
    }
    if (self->n_delivery > 0)
        self->delivery[i] = last;
    return top;
}

void stock_reset(stock *self, uint64_t seed, int64_t i_season)
{
    self->seed = seed;
    self->i_season = i_season;
    self->n_delivery = 0;
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        self->count[c] = self->settings->spares[c];
        self->n_order[c] = 0;
        push(self, (delivery){shipment_h(self, c), c, self->settings->shipment_count[c]});
    }
}

int64_t stock_next_h(const stock *self)
{
    return self->n_delivery > 0 ? self->delivery[0].t_h : INT64_MAX;
}

void stock_receive(stock *self, int64_t t_h)
{
    while (stock_next_h(self) <= t_h) {
        delivery d = pop(self);
        self->count[d.class_] += d.count;
    }
}

void stock_use(stock *self, int64_t t_h, int32_t class_)
{
    self->count[class_]--;
    double weeks = self->settings->delivery_weeks[class_];
    if (weeks <= 0.0)
        return;
    sv_draw4 draw = sv_draw(self->seed, self->i_season, SV_DRAW_DELIVERY, (uint32_t)class_, self->n_order[class_]++);
    double lead_h = ceil(weeks * 168.0 * exp(self->settings->delivery_spread * sv_normal_quantile(draw.u[0])));
    if (lead_h < (double)(self->n_h - t_h))
        push(self, (delivery){t_h + (int64_t)fmax(lead_h, 1.0), class_, 1});
}
