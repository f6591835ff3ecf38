/* Fair shares: loads of one class in a pocket that is short go without the same share, whatever the order of the tables,
 * and nobody is harmed more for it. Pockets behind one limited line have that as their answer in closed form; meshed
 * networks are solved in two orders of their tables. */
#include "balance/angle.h"
#include "svitlo/balance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 200, MOST_POCKETS = 6 };

typedef struct {
    int32_t n_bus, n_line, n_load;
    int32_t from[MOST], to[MOST], load_bus[MOST], pocket[MOST];
    double x_pu[MOST], rate_mva[MOST], load_mw[MOST], plant_mw;
    sv_class class_[MOST];
    int32_t n_pocket;
    double door_mva[MOST_POCKETS];
} town;

typedef struct {
    double served[MOST], shed_class[SV_N_CLASS];
} answer;

static double uniform(uint32_t salt, uint32_t k)
{
    return sv_draw(31, salt, SV_DRAW_TEST, k, 0).u[0];
}

static void add_line(town *self, int32_t from, int32_t to, double x_pu, double rate_mva)
{
    int32_t l = self->n_line++;
    self->from[l] = from;
    self->to[l] = to;
    self->x_pu[l] = x_pu;
    self->rate_mva[l] = rate_mva;
}

/* A plant at bus 0; pockets of a few buses, a ring each; doors of one line a pocket, or two with limits of their own. */
static void make_town(town *self, uint32_t salt, bool two_doors)
{
    uint32_t k = 1;
    *self = (town){.n_bus = 1, .plant_mw = 1e4, .n_pocket = 2 + (int32_t)(4.0 * uniform(salt, 0))};
    for (int32_t p = 0; p < self->n_pocket; p++) {
        int32_t first = self->n_bus, n = 3 + (int32_t)(4.0 * uniform(salt, k++));
        double wanted = 0.0;
        self->n_bus += n;
        for (int32_t i = 0; i < n; i++) {
            add_line(self, first + i, first + (i + 1) % n, 0.05 + 0.1 * uniform(salt, k++), 0.0);
            for (int32_t c = 0; c < SV_N_CLASS; c++) {
                int32_t d = self->n_load++;
                self->load_bus[d] = first + i;
                self->load_mw[d] = 1.0 + 20.0 * uniform(salt, k++);
                self->class_[d] = (sv_class)c;
                self->pocket[d] = p;
                wanted += self->load_mw[d];
            }
        }
        self->door_mva[p] = wanted * (0.2 + 0.9 * uniform(salt, k++));
        add_line(self, 0, first, 0.1, self->door_mva[p]);
        if (two_doors)
            add_line(self, 0, first + n / 2, 0.1 + 0.2 * uniform(salt, k++), 0.5 * self->door_mva[p]);
    }
}

/* Where the k-th of n things stands in another order of them. */
static int32_t place(uint32_t order, int32_t k, int32_t n)
{
    static const int32_t stride[] = {1, 101, 103, 107};
    return order == 0 ? k : (int32_t)(((int64_t)k * stride[order % 4] + 7 * order) % n);
}

static void put_load(sv_draft *draft, const town *self, int32_t d, int32_t bus)
{
    char id[16];
    snprintf(id, sizeof id, "L%d", (int)d);
    sv_load row = sv_load_default();
    row.id = id;
    row.i_bus = bus;
    row.p_mw = self->load_mw[d];
    row.class_ = self->class_[d];
    sv_draft_add_load(draft, &row);
}

static sv_grid *build(const town *self, uint32_t order)
{
    sv_draft *draft = sv_draft_new();
    sv_grid *grid = NULL;
    sv_error err = {0};
    char id[16];
    sv_draft_set_base(draft, 100.0);
    for (int32_t i = 0; i < self->n_bus; i++) {
        snprintf(id, sizeof id, "%d", (int)i);
        sv_bus row = sv_bus_default();
        row.id = id;
        row.vn_kv = 110.0;
        sv_draft_add_bus(draft, &row);
    }
    for (int32_t at = 0; at < self->n_load; at++) {
        int32_t d = place(order, at, self->n_load);
        put_load(draft, self, d, place(order, self->load_bus[d], self->n_bus));
    }
    for (int32_t at = 0; at < self->n_line; at++) {
        int32_t l = place(order, at, self->n_line);
        snprintf(id, sizeof id, "b%d", (int)l);
        sv_branch row = sv_branch_default();
        row.id = id;
        row.i_from = place(order, self->from[l], self->n_bus);
        row.i_to = place(order, self->to[l], self->n_bus);
        row.x_pu = self->x_pu[l];
        row.rate_a_mva = self->rate_mva[l];
        sv_draft_add_branch(draft, &row);
    }
    sv_gen plant = sv_gen_default();
    plant.id = "G";
    plant.i_bus = place(order, 0, self->n_bus);
    plant.p_max_mw = self->plant_mw;
    sv_draft_add_gen(draft, &plant);
    assert_int_equal(sv_grid_new(&grid, draft, &err), SV_OK);
    sv_draft_free(&draft);
    return grid;
}

/* Strides share no factor with the numbers of things, or two things would take one place. */
static bool order_fits(const town *self, uint32_t order)
{
    static const int32_t stride[] = {1, 101, 103, 107};
    int32_t s = stride[order % 4];
    return self->n_bus % s != 0 && self->n_load % s != 0 && self->n_line % s != 0;
}

static void solve(const town *self, uint32_t order, answer *out)
{
    sv_grid *grid = build(self, order);
    sv_state *state = sv_state_new(grid);
    sv_balance_settings settings = sv_balance_defaults();
    sv_balance *balance = NULL;
    sv_error err = {0};
    assert_int_equal(sv_balance_new(&balance, grid, &settings, &err), SV_OK);
    double load[MOST], served[MOST], gen = self->plant_mw, none = 0.0;
    for (int32_t d = 0; d < grid->n_load; d++)
        load[d] = grid->load[d].p_mw;
    sv_balance_input input = {.gen_max_mw = &gen, .load_mw = load, .import_max_mw = &none};
    sv_balance_result result = {.served_mw = served};
    sv_balance_info info;
    assert_int_equal(sv_balance_update(balance, state), SV_OK);
    assert_int_equal(sv_balance_solve(balance, &input, &result, &info), SV_OK);
    assert_int_equal(info.outcome, SV_BALANCE_OPTIMAL);
    for (int32_t at = 0; at < self->n_load; at++)
        out->served[place(order, at, self->n_load)] = served[at];
    memcpy(out->shed_class, info.shed_class_mw, sizeof out->shed_class);
    sv_balance_free(&balance);
    sv_state_free(&state);
    sv_grid_free(&grid);
}

/* Behind one door: heaviest class first, and within the class that is cut all go without the same share. */
static void a_pocket_shares_what_comes_in(void **unused)
{
    (void)unused;
    int n_cut = 0;
    for (uint32_t salt = 1; salt <= 200; salt++) {
        town self;
        answer got;
        make_town(&self, salt, false);
        solve(&self, salt % 4, &got);
        for (int32_t p = 0; p < self.n_pocket; p++) {
            double left = self.door_mva[p];
            for (int32_t c = 0; c < SV_N_CLASS; c++) {
                double wanted = 0.0;
                for (int32_t d = 0; d < self.n_load; d++)
                    wanted += self.pocket[d] == p && (int32_t)self.class_[d] == c ? self.load_mw[d] : 0.0;
                double share = fmin(1.0, left / wanted);
                left -= share * wanted;
                n_cut += share > 0.0 && share < 1.0;
                for (int32_t d = 0; d < self.n_load; d++)
                    if (self.pocket[d] == p && (int32_t)self.class_[d] == c)
                        assert_true(fabs(got.served[d] - share * self.load_mw[d]) < 1e-4 * self.load_mw[d]);
            }
        }
    }
    assert_true(n_cut > 200);
}

/* Two doors that load unevenly: who stands where matters now, the order of the tables must not. */
static void order_of_tables_does_not_matter(void **unused)
{
    (void)unused;
    int n_partly = 0;
    for (uint32_t salt = 1; salt <= 200; salt++) {
        town self;
        answer one, other;
        make_town(&self, 1000 + salt, true);
        if (!order_fits(&self, 1 + salt % 3))
            continue;
        solve(&self, 0, &one);
        solve(&self, 1 + salt % 3, &other);
        for (int32_t c = 0; c < SV_N_CLASS; c++)
            assert_true(fabs(one.shed_class[c] - other.shed_class[c]) < 1e-4);
        for (int32_t d = 0; d < self.n_load; d++) {
            assert_true(fabs(one.served[d] - other.served[d]) < 1e-3 * self.load_mw[d]);
            n_partly += one.served[d] > 0.01 * self.load_mw[d] && one.served[d] < 0.99 * self.load_mw[d];
        }
    }
    assert_true(n_partly > 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pocket_shares_what_comes_in),
        cmocka_unit_test(order_of_tables_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
