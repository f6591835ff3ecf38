/* Random hits on a random network, against a plain re-computation: every unit and crew walked in every hour, no heap,
 * no lists, no "next hour". Units back, crews busy, spares and waiting jobs must agree in every hour. */
#include "repair/yard.h"

enum { N_REGION = 3, N_SITE = 9, MOST_UNIT = 64, MOST_CREW = 32, MOST_ORDER = 4096 };

/* A generator of the test's own. */
typedef struct {
    uint64_t state;
} dice;

static double roll(dice *d)
{
    d->state = d->state * 6364136223846793005u + 1442695040888963407u;
    return (double)(d->state >> 11) * 0x1p-53;
}

typedef struct {
    bool damaged, begun;
    int32_t state, came; /* came = running number of the first hit */
    int64_t ready_h, end_h;
    double work_h;
} plain_unit;

typedef struct {
    double home_x, home_y, x, y;
    int64_t free_h; /* -1 = always at home so far */
    int32_t job;
} plain_crew;

typedef struct {
    const sv_grid *grid;
    sv_repair_settings s;
    uint64_t seed;
    int64_t season;
    bool event; /* something happened in this hour: crews are sent out only then */
    int32_t n_crew, came, n_order, stock[SV_N_UNIT_CLASS], n_order_of[SV_N_UNIT_CLASS];
    plain_unit unit[MOST_UNIT];
    plain_crew crew[MOST_CREW];
    int64_t order_h[MOST_ORDER];
    int32_t order_class[MOST_ORDER], order_count[MOST_ORDER];
} model;

static const sv_repair_class *rule(const model *m, int32_t u)
{
    return &m->s.unit[m->grid->unit[u].class_];
}

static void model_order(model *m, int64_t t_h, int32_t class_, int32_t count)
{
    assert_true(m->n_order < MOST_ORDER);
    m->order_h[m->n_order] = t_h;
    m->order_class[m->n_order] = class_;
    m->order_count[m->n_order++] = count;
}

static void model_start(model *m, const sv_grid *grid, const sv_repair_settings *s, uint64_t seed, int64_t season)
{
    memset(m, 0, sizeof *m);
    m->grid = grid;
    m->s = *s;
    m->seed = seed;
    m->season = season;
    for (int32_t r = 0; r < grid->n_region; r++)
        for (int32_t k = 0; k < s->crews_per_region; k++)
            m->crew[m->n_crew++] = (plain_crew){grid->region[r].x_km, grid->region[r].y_km, 0, 0, -1, -1};
    for (int32_t k = 0; k < s->crews_extra; k++) { /* region 2 has the most people, then 1, then 0 */
        int32_t r = N_REGION - 1 - k % N_REGION;
        m->crew[m->n_crew++] = (plain_crew){grid->region[r].x_km, grid->region[r].y_km, 0, 0, -1, -1};
    }
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        m->stock[c] = s->spares[c];
        if (s->shipment_count[c] > 0)
            model_order(m, s->shipment_h[c], c, s->shipment_count[c]);
    }
}

static int32_t wanted(const model *m, int32_t u)
{
    int32_t n = rule(m, u)->crews;
    return m->n_crew > 0 && n > m->n_crew ? m->n_crew : n;
}

static bool spare_wanted(const model *m, int32_t u)
{
    return m->unit[u].state >= rule(m, u)->spare_from;
}

static void model_hit(model *m, int64_t t_h, int32_t i, sv_damage damage)
{
    plain_unit *u = &m->unit[i];
    if (!u->damaged)
        *u = (plain_unit){.damaged = true, .came = m->came++};
    for (int32_t k = 0; k < m->n_crew; k++)
        if (m->crew[k].job == i) {
            m->crew[k].job = -1;
            m->crew[k].free_h = t_h;
            m->event = true;
        }
    u->state = (int32_t)damage > u->state ? (int32_t)damage : u->state;
    u->begun = false;
    u->ready_h = t_h + (int64_t)ceil(m->s.inspection_h);
    double z = sv_normal_quantile(sv_draw(m->seed, m->season, SV_DRAW_REPAIR, (uint32_t)i, (uint32_t)t_h).u[0]);
    u->work_h = rule(m, i)->work_h[u->state] * exp(rule(m, i)->spread * z);
}

static double hours_between(const model *m, double ax, double ay, double bx, double by)
{
    return hypot(ax - bx, ay - by) * m->s.detour / m->s.speed_km_per_h;
}

static double way_h(const model *m, int32_t k, int64_t t_h, int32_t u)
{
    const plain_crew *c = &m->crew[k];
    const sv_site *site = &m->grid->site[m->grid->unit[u].i_site];
    double out = hours_between(m, c->home_x, c->home_y, site->x_km, site->y_km);
    if (c->free_h < 0)
        return out;
    if (c->free_h == t_h)
        return hours_between(m, c->x, c->y, site->x_km, site->y_km);
    double rest = hours_between(m, c->x, c->y, c->home_x, c->home_y) - (double)(t_h - c->free_h);
    return out + fmax(rest, 0.0);
}

/* The n-th smallest way of the idle crews; with send, they go. */
static double gather(model *m, int64_t t_h, int32_t u, int32_t n, bool send)
{
    bool taken[MOST_CREW] = {false};
    double last = 0.0;
    for (int32_t round = 0; round < n; round++) {
        int32_t best = -1;
        for (int32_t k = 0; k < m->n_crew; k++)
            if (m->crew[k].job < 0 && !taken[k] && (best < 0 || way_h(m, k, t_h, u) < way_h(m, best, t_h, u)))
                best = k;
        if (best < 0)
            break;
        taken[best] = true;
        last = way_h(m, best, t_h, u);
    }
    for (int32_t k = 0; k < m->n_crew && send; k++)
        if (taken[k]) {
            m->crew[k].job = u;
            m->crew[k].x = m->grid->site[m->grid->unit[u].i_site].x_km;
            m->crew[k].y = m->grid->site[m->grid->unit[u].i_site].y_km;
        }
    return last;
}

static double by_the_clock(const model *m, int32_t u, double work_h)
{
    int32_t need = rule(m, u)->crews, have = wanted(m, u);
    return work_h * (24.0 / m->s.shift_h) * (have < need ? (double)need / have : 1.0);
}

static void model_begin(model *m, int64_t t_h, int32_t i, double way)
{
    int32_t c = (int32_t)m->grid->unit[i].class_;
    if (spare_wanted(m, i)) {
        m->stock[c]--;
        if (m->s.delivery_weeks[c] > 0.0) {
            sv_draw4 draw = sv_draw(m->seed, m->season, SV_DRAW_DELIVERY, (uint32_t)c, (uint32_t)m->n_order_of[c]++);
            double lead = m->s.delivery_weeks[c] * 168.0 * exp(m->s.delivery_spread * sv_normal_quantile(draw.u[0]));
            model_order(m, t_h + (int64_t)fmax(ceil(lead), 1.0), c, 1);
        }
    }
    m->unit[i].begun = true;
    m->unit[i].end_h = t_h + (int64_t)fmax(ceil(way + by_the_clock(m, i, m->unit[i].work_h)), 1.0);
}

static bool can_begin(const model *m, int64_t t_h, int32_t i)
{
    const plain_unit *u = &m->unit[i];
    return u->damaged && !u->begun && u->ready_h <= t_h &&
           !(spare_wanted(m, i) && m->stock[m->grid->unit[i].class_] == 0);
}

static int32_t idle(const model *m)
{
    int32_t n = 0;
    for (int32_t k = 0; k < m->n_crew; k++)
        n += m->crew[k].job < 0;
    return n;
}

/* Ends and deliveries of the hour; marks the units that come back. */
static void model_arrivals(model *m, int64_t t_h, bool *back)
{
    for (int32_t i = 0; i < m->grid->n_unit; i++) {
        back[i] = m->unit[i].damaged && m->unit[i].begun && m->unit[i].end_h == t_h;
        m->event = m->event || back[i] || (m->unit[i].damaged && !m->unit[i].begun && m->unit[i].ready_h == t_h);
        if (!back[i])
            continue;
        m->unit[i].damaged = false;
        for (int32_t k = 0; k < m->n_crew; k++)
            if (m->crew[k].job == i) {
                m->crew[k].job = -1;
                m->crew[k].free_h = t_h;
            }
    }
    for (int32_t o = 0; o < m->n_order; o++)
        if (m->order_h[o] == t_h) {
            m->stock[m->order_class[o]] += m->order_count[o];
            m->event = true;
        }
    for (int32_t came = 0; came < m->came; came++)
        for (int32_t i = 0; i < m->grid->n_unit; i++)
            if (m->unit[i].came == came && wanted(m, i) == 0 && can_begin(m, t_h, i))
                model_begin(m, t_h, i, 0.0);
}

static bool goes_first(const model *m, int32_t a, int32_t b, const double *critical, const double *value)
{
    if ((critical[a] > 0.0) != (critical[b] > 0.0))
        return critical[a] > 0.0;
    if (value[a] > value[b] || value[a] < value[b])
        return value[a] > value[b];
    return m->unit[a].came < m->unit[b].came;
}

static void model_dispatch(model *m, int64_t t_h, const double *critical, const double *gain)
{
    double value[MOST_UNIT];
    bool open[MOST_UNIT];
    for (int32_t i = 0; i < m->grid->n_unit; i++) {
        open[i] = can_begin(m, t_h, i);
        const sv_repair_class *r = rule(m, i);
        int32_t n = wanted(m, i);
        if (!open[i])
            continue;
        double mean = r->work_h[m->unit[i].state] * exp(r->spread * r->spread / 2.0);
        double h = gather(m, t_h, i, n < idle(m) ? n : idle(m), false) + by_the_clock(m, i, mean);
        value[i] = gain[i] / (n * fmax(h, 1.0));
    }
    while (idle(m) > 0) {
        int32_t best = -1;
        for (int32_t i = 0; i < m->grid->n_unit; i++)
            if (open[i] && (best < 0 || goes_first(m, i, best, critical, value)))
                best = i;
        if (best < 0)
            break;
        open[best] = false;
        if (!can_begin(m, t_h, best))
            continue;
        if (wanted(m, best) > idle(m))
            break;
        double way = gather(m, t_h, best, wanted(m, best), true);
        model_begin(m, t_h, best, way);
    }
}

static sv_grid *random_yard(dice *d)
{
    yard_region region[N_REGION];
    yard_site site[N_SITE];
    for (int32_t r = 0; r < N_REGION; r++)
        region[r] = (yard_region){floor(300.0 * roll(d)), floor(300.0 * roll(d)), 100.0 * (r + 1)};
    for (int32_t s = 0; s < N_SITE; s++)
        site[s] = (yard_site){s % N_REGION, floor(300.0 * roll(d)), floor(300.0 * roll(d))};
    return new_yard(region, N_REGION, site, N_SITE);
}

static sv_repair_settings random_settings(dice *d, int32_t round)
{
    sv_repair_settings s = sv_repair_defaults();
    s.crews_per_region = (int32_t)(4.0 * roll(d)) - (round % 7 == 0);
    s.crews_per_region = s.crews_per_region < 0 ? 0 : s.crews_per_region;
    s.crews_extra = (int32_t)(4.0 * roll(d));
    s.shift_h = floor(6.0 + 19.0 * roll(d));
    s.inspection_h = floor(6.0 * roll(d)) / 2.0;
    s.unit[SV_UNIT_AUTOTRANSFORMER].crews = 1 + (int32_t)(5.0 * roll(d));
    s.unit[SV_UNIT_THERMAL].crews = round % 2;
    s.unit[SV_UNIT_THERMAL].work_h[SV_COMPLETE] = 100.0;
    s.unit[SV_UNIT_THERMAL].spare_from = SV_MODERATE;
    s.spares[SV_UNIT_THERMAL] = 1;
    s.delivery_weeks[SV_UNIT_THERMAL] = 0.3;
    s.spares[SV_UNIT_AUTOTRANSFORMER] = (int32_t)(4.0 * roll(d));
    s.delivery_weeks[SV_UNIT_AUTOTRANSFORMER] = 1.0 + 3.0 * roll(d);
    s.shipment_count[SV_UNIT_AUTOTRANSFORMER] = (int32_t)(3.0 * roll(d));
    s.shipment_h[SV_UNIT_AUTOTRANSFORMER] = 100 + (int64_t)(500.0 * roll(d));
    return s;
}

static void check_info(const model *m, const sv_repair *repair)
{
    sv_repair_info info;
    sv_repair_describe(repair, &info);
    int32_t n_job = 0, lacking[SV_N_UNIT_CLASS] = {0}, n_lacking = 0;
    for (int32_t i = 0; i < m->grid->n_unit; i++) {
        n_job += m->unit[i].damaged;
        lacking[m->grid->unit[i].class_] += m->unit[i].damaged && !m->unit[i].begun && spare_wanted(m, i);
    }
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        assert_int_equal(info.spares[c], m->stock[c]);
        n_lacking += lacking[c] > m->stock[c] ? lacking[c] - m->stock[c] : 0;
    }
    assert_int_equal(info.n_crew, m->n_crew);
    assert_int_equal(info.n_busy, m->n_crew - idle(m));
    assert_int_equal(info.n_job, n_job);
    assert_int_equal(info.n_waiting_spare, n_lacking);
}

/* The library is asked only when it says so, or when somebody was hit; the model walks every hour. */
static int32_t run_round(const sv_grid *grid, const sv_repair_settings *s, dice *d, int64_t season)
{
    static model m;
    const int64_t n_h = 1200;
    int32_t n_back = 0;
    sv_repair *repair = new_repair(grid, s, 0, n_h);
    sv_repair_reset(repair, 77, season);
    model_start(&m, grid, s, 77, season);
    for (int64_t t = 0; t < n_h; t++) {
        double critical[MOST_UNIT], gain[MOST_UNIT], w_critical[MOST_UNIT], w_gain[MOST_UNIT];
        bool back[MOST_UNIT], done_now[MOST_UNIT] = {false};
        for (int32_t i = 0; i < grid->n_unit; i++) {
            critical[i] = roll(d) < 0.1 ? 1.0 : 0.0;
            gain[i] = roll(d) < 0.3 ? 0.0 : floor(20.0 * roll(d));
        }
        int32_t n_hit = t < 900 && roll(d) < 0.03 ? (int32_t)(12.0 * roll(d)) : 0;
        for (int32_t k = 0; k < n_hit; k++) {
            int32_t i = (int32_t)(roll(d) * grid->n_unit);
            sv_damage damage = (sv_damage)(SV_SLIGHT + (int32_t)(4.0 * roll(d)));
            sv_repair_hit(repair, t, i, damage);
            model_hit(&m, t, i, damage);
        }
        if (sv_repair_next_h(repair) <= t) {
            assert_int_equal(sv_repair_next_h(repair), t);
            const int32_t *unit = NULL, *done = NULL;
            int32_t n_waiting = sv_repair_waiting(repair, t, &unit);
            for (int32_t k = 0; k < n_waiting; k++) {
                w_critical[k] = critical[unit[k]];
                w_gain[k] = gain[unit[k]];
            }
            int32_t n_done = sv_repair_step(repair, t, w_critical, w_gain, &done);
            for (int32_t k = 0; k < n_done; k++) {
                assert_false(done_now[done[k]]);
                done_now[done[k]] = true;
            }
            n_back += n_done;
            assert_true(sv_repair_next_h(repair) > t);
        }
        model_arrivals(&m, t, back);
        if (m.event)
            model_dispatch(&m, t, critical, gain);
        m.event = false;
        for (int32_t i = 0; i < grid->n_unit; i++)
            assert_true(back[i] == done_now[i]);
        check_info(&m, repair);
    }
    sv_repair_free(&repair);
    return n_back;
}

static void agrees_with_a_plain_recomputation(void **unused)
{
    (void)unused;
    dice d = {20261101};
    int32_t n_back = 0;
    for (int32_t round = 0; round < 60; round++) {
        sv_grid *grid = random_yard(&d);
        assert_true(grid->n_unit <= MOST_UNIT);
        sv_repair_settings s = random_settings(&d, round);
        n_back += run_round(grid, &s, &d, round);
        sv_grid_free(&grid);
    }
    assert_true(n_back > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_plain_recomputation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
