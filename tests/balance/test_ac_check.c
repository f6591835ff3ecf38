/* AC check of a dispatched hour: closed forms of one line, units that move before anybody is shed, weights, islands that are
 * dark, a search by brute force, and damaged hours of whole networks whose answer must stand in a power flow of its own. */
#include "small.h"
#include "svitlo/formats.h"

#include <stdlib.h>

static const double WEIGHT[SV_N_CLASS] = {100.0, 10.0, 1.0};

typedef struct {
    sv_grid *grid;
    sv_state *state;
    sv_ac_check *check;
    double gen[MOST], most[MOST], served[MOST], import[MOST], import_most[MOST], storage[MOST];
    sv_ac_hour hour;
} checked;

static void open_text(checked *self, const char *text)
{
    sv_error err = {0};
    memset(self, 0, sizeof *self);
    if (sv_matpower_parse(&self->grid, "text.m", text, strlen(text), &err) != SV_OK)
        fail_msg("%s", err.text);
    self->state = sv_state_new(self->grid);
    assert_non_null(self->state);
    assert_int_equal(sv_ac_check_new(&self->check, self->grid, WEIGHT, &err), SV_OK);
    for (int32_t g = 0; g < self->grid->n_gen; g++) {
        self->gen[g] = self->grid->gen[g].p_mw;
        self->most[g] = self->grid->gen[g].p_max_mw;
    }
    for (int32_t d = 0; d < self->grid->n_load; d++)
        self->served[d] = self->grid->load[d].p_mw;
}

static void look(checked *self)
{
    sv_error err = {0};
    const sv_dispatch dispatch = {.gen_mw = self->gen,
                                  .gen_max_mw = self->most,
                                  .served_mw = self->served,
                                  .import_mw = self->import,
                                  .import_max_mw = self->import_most,
                                  .storage_mw = self->storage};
    sv_status status = sv_ac_check_hour(self->check, self->state, &dispatch, &self->hour, &err);
    if (status != SV_OK)
        fail_msg("%s", err.text);
}

static void close_all(checked *self)
{
    sv_ac_check_free(&self->check);
    sv_state_free(&self->state);
    sv_grid_free(&self->grid);
}

#define HEAD "function mpc = c\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
#define BUS_1 "1 3 0 0 0 0 1 1 0 110 1 1.1 0.9"
#define GEN_1(p, most) "1 " p " 0 999 -999 1 100 1 " most " 0"
#define LINE(from, to, r, x, rate) from " " to " " r " " x " 0 " rate " 0 0 0 0 1 -360 360"

/* V2 at the end of a line without resistance, load without reactive power: P = V2 sqrt(E^2 - V2^2) / X. */
static void a_low_voltage_costs_what_the_line_says(void **unused)
{
    (void)unused;
    checked self;
    open_text(&self, HEAD "mpc.bus = [" BUS_1 "; 2 1 90 0 0 0 1 1 0 110 1 1.1 0.9];\n"
                          "mpc.gen = [" GEN_1("90", "500") "];\nmpc.branch = [" LINE("1", "2", "0", "0.5", "0") "];\n");
    look(&self);
    double most_mw = 100.0 * 0.9 * sqrt(1.0 - 0.81) / 0.5;
    assert_int_equal(self.hour.verdict, SV_AC_SHED);
    assert_true(self.hour.solved);
    assert_int_equal(self.hour.before.n_low, 1);
    assert_int_equal(self.hour.after.n_low, 0);
    assert_true(near(self.hour.shed_mw, 90.0 - most_mw, 0.03)); /* 1e-4 pu of room */
    assert_true(near(self.hour.load_shed_mw[0], self.hour.shed_mw, 1e-9));
    assert_true(near(self.hour.gen_mw[0], most_mw, 0.03));
    self.served[0] = self.gen[0] = 78.0;
    look(&self);
    assert_int_equal(self.hour.verdict, SV_AC_CONFIRMED);
    assert_true(self.hour.shed_mw == 0.0 && self.hour.moved_mw == 0.0);
    close_all(&self);
}

/* The same line asked for half as much again as any voltage can send. */
static void beyond_the_nose_there_is_an_answer(void **unused)
{
    (void)unused;
    checked self;
    open_text(&self, HEAD
              "mpc.bus = [" BUS_1 "; 2 1 150 0 0 0 1 1 0 110 1 1.1 0.9; 3 1 40 0 0 0 1 1 0 110 1 1.1 0.9];\n"
              "mpc.gen = [" GEN_1("190", "500") "];\n"
                                                "mpc.branch = [" LINE("1", "2", "0", "0.5",
                                                                      "0") "; " LINE("1", "3", "0", "0.1", "0") "];\n");
    look(&self);
    double most_mw = 100.0 * 0.9 * sqrt(1.0 - 0.81) / 0.5;
    assert_false(self.hour.solved);
    assert_int_equal(self.hour.verdict, SV_AC_SHED);
    assert_true(near(self.hour.load_shed_mw[0], 150.0 - most_mw, 0.05));
    assert_true(near(self.hour.load_shed_mw[1], 0.0, 1e-6)); /* the good line's end pays nothing */
    close_all(&self);
}

/* The unit gives all it has: with P1 = 1, Q1 = x (P1^2 + Q1^2) and P2 = P1 - r (P1^2 + Q1^2). */
static void losses_without_room_are_shed(void **unused)
{
    (void)unused;
    checked self;
    open_text(&self,
              HEAD "mpc.bus = [" BUS_1 "; 2 1 100 0 0 0 1 1 0 110 1 1.5 0.5];\n"
                   "mpc.gen = [" GEN_1("100", "100") "];\nmpc.branch = [" LINE("1", "2", "0.1", "0.1", "0") "];\n");
    look(&self);
    double q = (1.0 - sqrt(1.0 - 4.0 * 0.01)) / 0.2, square = 1.0 + q * q;
    assert_int_equal(self.hour.verdict, SV_AC_SHED);
    assert_true(self.hour.short_mw > 10.0);
    assert_true(near(self.hour.shed_mw, 100.0 - 100.0 * (1.0 - 0.1 * square), 0.02));
    assert_true(near(self.hour.after.loss_mw, 10.0 * square, 0.02));
    self.most[0] = 120.0; /* with room, nobody pays */
    look(&self);
    assert_int_equal(self.hour.verdict, SV_AC_CONFIRMED);
    assert_true(self.hour.gen_mw[0] > 110.0);
    close_all(&self);
}

/* 50 MW over a line of 50 MVA that carries reactive power too: the unit at the load's own bus takes over. */
static void units_move_before_anybody_is_shed(void **unused)
{
    (void)unused;
    checked self;
    open_text(&self, HEAD "mpc.bus = [" BUS_1 "; 2 1 100 60 0 0 1 1 0 110 1 1.1 0.9];\n"
                          "mpc.gen = [" GEN_1("50", "500") "; 2 50 20 20 20 1 100 1 90 0];\n"
                                                           "mpc.branch = [" LINE("1", "2", "0", "0.1", "50") "];\n");
    look(&self);
    assert_int_equal(self.hour.before.n_over, 1);
    assert_int_equal(self.hour.verdict, SV_AC_REDISPATCHED);
    assert_int_equal(self.hour.after.n_over, 0);
    assert_true(self.hour.shed_mw < 1e-6);
    /* at the sending end, 30^2 + 42.5^2 = 52^2: some 24 MW less than 50 in exchange for 40 Mvar and what the line takes */
    assert_true(self.hour.moved_mw > 15.0 && self.hour.moved_mw < 30.0);
    assert_true(self.hour.after.loading_percent > 99.5); /* and no more than needed */
    self.most[1] = 50.0;                                 /* without room there, load goes */
    look(&self);
    assert_int_equal(self.hour.verdict, SV_AC_SHED);
    assert_true(self.hour.shed_mw > 1.0);
    close_all(&self);
}

/* Half of the load at the end of the weak line is made there, by a free injection: the rest is what the line can send. */
static void free_injections_stay(void **unused)
{
    (void)unused;
    checked self;
    open_text(&self,
              HEAD "mpc.bus = [" BUS_1 "; 2 1 120 0 0 0 1 1 0 110 1 1.1 0.9; 3 1 -30 0 0 0 1 1 0 110 1 1.1 0.9];\n"
                   "mpc.gen = [" GEN_1("90", "500") "];\n"
                                                    "mpc.branch = [" LINE("1", "2", "0", "0.5", "0") "; " LINE(
                                                        "2", "3", "0", "0.0001", "0") "];\n");
    assert_true(self.served[1] == -30.0);
    look(&self);
    assert_int_equal(self.hour.verdict, SV_AC_SHED);
    assert_true(near(self.hour.shed_mw, 90.0 - 100.0 * 0.9 * sqrt(1.0 - 0.81) / 0.5, 0.05));
    close_all(&self);
}

/* Lines that charge more than the units at their end can absorb, whichever of two equal units is there to do it. */
static void surplus_of_reactive_power_is_seen(void **unused)
{
    (void)unused;
    sv_ac_hour both[2];
    for (int out = 0; out < 2; out++) {
        checked self;
        open_text(&self,
                  HEAD "mpc.bus = [1 2 0 0 0 0 1 1 0 110 1 1.02 0.9; 2 3 50 0 0 0 1 1 0 110 1 1.02 0.9];\n"
                       "mpc.gen = [1 20 0 9 -5 1 100 1 90 0; 1 20 0 9 -5 1 100 1 90 0; 2 30 0 9 -5 1 100 1 90 0];\n"
                       "mpc.branch = [1 2 0 0.3 1.4 0 0 0 0 0 1 -360 360];\n");
        self.state->gen_on[out] = 0;
        self.gen[out] = 0.0;
        look(&self);
        assert_int_equal(self.hour.verdict, SV_AC_BROKEN);
        assert_true(self.hour.after.n_high > 0 && self.hour.shed_mw == 0.0);
        assert_true(self.hour.slack_beyond_mvar > 1.0);
        both[out] = self.hour;
        close_all(&self);
    }
    assert_int_equal(both[0].after.n_high, both[1].after.n_high);
    assert_true(near(both[0].slack_beyond_mvar, both[1].slack_beyond_mvar, 1e-6));
}

/* Two loads share the end of the weak line: those who weigh less pay. */
static void weights_choose(void **unused)
{
    (void)unused;
    bench small;
    begin(&small, 2);
    add_gen(&small, 0, 500.0);
    add_load(&small, 1, 50.0, SV_CRITICAL);
    add_load(&small, 1, 40.0, SV_HOUSEHOLD);
    add_load(&small, 1, 5.0, SV_INDUSTRY);
    add_branch(&small, 0, 1, 0.5, 0.0, 0.0);
    sv_draft_bus(small.draft, 0)->type = SV_BUS_REF;
    for (int32_t i = 0; i < 2; i++) {
        sv_draft_bus(small.draft, i)->v_min_pu = 0.9;
        sv_draft_bus(small.draft, i)->v_max_pu = 1.1;
    }
    finish(&small, true);
    solve(&small);
    sv_error err = {0};
    sv_ac_check *check = NULL;
    sv_ac_hour hour;
    const sv_dispatch dispatch = {.gen_mw = small.gen_out, .gen_max_mw = small.gen, .served_mw = small.served};
    assert_int_equal(sv_ac_check_new(&check, small.grid, WEIGHT, &err), SV_OK);
    assert_int_equal(sv_ac_check_hour(check, small.state, &dispatch, &hour, &err), SV_OK);
    double shed_mw = 95.0 - 100.0 * 0.9 * sqrt(1.0 - 0.81) / 0.5;
    assert_int_equal(hour.verdict, SV_AC_SHED);
    assert_true(near(hour.shed_class_mw[SV_INDUSTRY], 5.0, 1e-6));
    assert_true(near(hour.shed_class_mw[SV_HOUSEHOLD], shed_mw - 5.0, 0.05));
    assert_true(near(hour.shed_class_mw[SV_CRITICAL], 0.0, 1e-9));
    sv_ac_check_free(&check);
    end(&small);
}

/* Bus 3 has a unit that holds no voltage: in DC its island is served, in AC it is dark. An import, or storage, would hold it. */
static void what_nothing_holds_is_dark(void **unused)
{
    (void)unused;
    bench small;
    begin(&small, 4);
    add_gen(&small, 0, 100.0);
    add_gen(&small, 2, 50.0);
    add_load(&small, 1, 40.0, SV_HOUSEHOLD);
    add_load(&small, 2, 30.0, SV_HOUSEHOLD);
    add_load(&small, 3, 4.0, SV_HOUSEHOLD);
    add_branch(&small, 0, 1, 0.05, 0.0, 0.0);
    add_two_storages(&small, 3);
    sv_draft_bus(small.draft, 0)->type = SV_BUS_REF;
    finish(&small, true);
    small.discharge[1] = 10.0;
    solve(&small);
    assert_true(near(small.info.shed_mw, 0.0, 1e-9));
    sv_error err = {0};
    sv_ac_check *check = NULL;
    sv_ac_hour hour;
    const sv_dispatch dispatch = {
        .gen_mw = small.gen_out, .gen_max_mw = small.gen, .served_mw = small.served, .storage_mw = small.storage};
    assert_int_equal(sv_ac_check_new(&check, small.grid, WEIGHT, &err), SV_OK);
    assert_int_equal(sv_ac_check_hour(check, small.state, &dispatch, &hour, &err), SV_OK);
    assert_int_equal(hour.verdict, SV_AC_SHED);
    assert_false(hour.solved);
    assert_true(near(hour.dark_mw, 30.0, 1e-9));
    assert_true(near(hour.shed_mw, 30.0, 1e-9));
    assert_true(isnan(hour.vm_pu[2]) && near(hour.vm_pu[3], 1.0, 1e-9));
    sv_ac_check_free(&check);
    end(&small);
}

/* Voltages above the band are nobody's to shed for. */
static void high_voltages_stay_broken(void **unused)
{
    (void)unused;
    checked self;
    open_text(&self, HEAD "mpc.bus = [" BUS_1 "; 2 1 10 -80 0 0 1 1 0 110 1 1.05 0.9];\n"
                          "mpc.gen = [" GEN_1("10", "500") "];\nmpc.branch = [" LINE("1", "2", "0", "0.1", "0") "];\n");
    look(&self);
    assert_int_equal(self.hour.verdict, SV_AC_BROKEN);
    assert_int_equal(self.hour.after.n_high, 1);
    assert_true(self.hour.shed_mw == 0.0);
    close_all(&self);
}

/* ---- against brute force ------------------------------------------------------------------- */

/* A ring: two loads at its far side, of different weight by their place only, and one line near its rate. */
static const char ring[] =
    HEAD "mpc.bus = [" BUS_1 "; 2 1 60 20 0 0 1 1 0 110 1 1.1 0.95; 3 1 70 25 0 0 1 1 0 110 1 1.1 0.95];\n"
         "mpc.gen = [" GEN_1("130", "500") "];\n"
                                           "mpc.branch = [" LINE("1", "2", "0.02", "0.08", "75") "; " LINE(
                                               "2", "3", "0.03", "0.1", "0") "; " LINE("1", "3", "0.02", "0.09",
                                                                                       "60") "];\n";

static bool is_good(const sv_grid *grid, sv_ac *ac, const double *load_mw)
{
    double load_mvar[2], gen_mw = load_mw[0] + load_mw[1], vm[3], p[3], q[3], p_to[3], q_to[3];
    for (int32_t d = 0; d < 2; d++)
        load_mvar[d] = grid->load[d].q_mvar * load_mw[d] / grid->load[d].p_mw;
    sv_ac_settings settings = sv_ac_defaults();
    const sv_flow_input input = {.gen_mw = &gen_mw, .load_mw = load_mw, .load_mvar = load_mvar};
    const sv_ac_result result = {.vm_pu = vm, .p_from_mw = p, .q_from_mvar = q, .p_to_mw = p_to, .q_to_mvar = q_to};
    sv_ac_info info;
    assert_int_equal(sv_ac_solve(ac, &settings, &input, &result, &info), SV_OK);
    bool good = info.converged;
    for (int32_t l = 0; l < 3 && good; l++) {
        double rate = grid->branch[l].rate_a_mva;
        good = rate == 0.0 || fmax(hypot(p[l], q[l]), hypot(p_to[l], q_to[l])) <= rate * 1.001;
    }
    for (int32_t i = 0; i < 3 && good; i++)
        good = vm[i] >= grid->bus[i].v_min_pu - 1e-4;
    return good;
}

static void no_search_finds_less(void **unused)
{
    (void)unused;
    checked self;
    sv_error err = {0};
    sv_ac *ac = NULL;
    open_text(&self, ring);
    look(&self);
    assert_int_equal(self.hour.verdict, SV_AC_SHED);
    assert_true(self.hour.before.n_low + self.hour.before.n_over > 0);
    assert_int_equal(sv_ac_new(&ac, self.grid, &err), SV_OK);
    assert_int_equal(sv_ac_update(ac, self.state, &err), SV_OK);
    const double step = 0.25;
    double least = INFINITY;
    for (double a = 0.0; a <= 60.0; a += step)
        for (double b = 0.0; b <= 70.0 && a + b < least; b += step) {
            const double load_mw[2] = {60.0 - a, 70.0 - b};
            if (is_good(self.grid, ac, load_mw))
                least = a + b;
        }
    assert_true(least < INFINITY);
    if (self.hour.shed_mw > least + 0.01 || self.hour.shed_mw < least - 2.0 * step)
        fail_msg("shed %.3f MW, by search %.3f MW", self.hour.shed_mw, least);
    sv_ac_free(&ac);
    close_all(&self);
}

/* ---- damaged hours of whole networks ------------------------------------------------------- */

typedef struct {
    sv_grid *grid;
    sv_state *state;
    sv_balance *balance;
    sv_ac_check *check;
    sv_ac *ac;
    double *gen_max, *load, *import_max, *gen, *served, *import, *storage, *dc, *left, *mvar;
    double *vm, *flow[4];
    int32_t n_verdict[SV_N_AC_VERDICT], n_not_cured;
} network;

static double *take(int32_t n)
{
    double *all = calloc((size_t)n + 1, sizeof *all);
    assert_non_null(all);
    return all;
}

static bool open_network(network *self, const char *path)
{
    sv_error err = {0};
    sv_balance_settings settings = sv_balance_defaults();
    memset(self, 0, sizeof *self);
    if (sv_grid_read(&self->grid, path, &err) != SV_OK) {
        print_message("skipped: %s\n", err.text);
        return false;
    }
    const sv_grid *grid = self->grid;
    self->state = sv_state_new(grid);
    assert_int_equal(sv_balance_new(&self->balance, grid, &settings, &err), SV_OK);
    assert_int_equal(sv_ac_check_new(&self->check, grid, WEIGHT, &err), SV_OK);
    assert_int_equal(sv_ac_new(&self->ac, grid, &err), SV_OK);
    double **all[] = {&self->gen_max, &self->load, &self->import_max, &self->gen,  &self->served, &self->import,
                      &self->storage, &self->dc,   &self->left,       &self->mvar, &self->vm};
    int32_t most =
        grid->n_gen + grid->n_load + grid->n_interconnector + grid->n_storage + grid->n_dc_line + grid->n_bus;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        *all[k] = take(most);
    for (int k = 0; k < 4; k++)
        self->flow[k] = take(grid->n_branch);
    for (int32_t g = 0; g < grid->n_gen; g++)
        self->gen_max[g] = fmax(0.0, grid->gen[g].p_max_mw);
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        self->import_max[k] = grid->interconnector[k].limit_mw;
    return true;
}

static void close_network(network *self)
{
    double *all[] = {self->gen_max, self->load,    self->import_max, self->gen,     self->served,
                     self->import,  self->storage, self->dc,         self->left,    self->mvar,
                     self->vm,      self->flow[0], self->flow[1],    self->flow[2], self->flow[3]};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        free(all[k]);
    sv_ac_free(&self->ac);
    sv_ac_check_free(&self->check);
    sv_balance_free(&self->balance);
    sv_state_free(&self->state);
    sv_grid_free(&self->grid);
}

/* What the check ends with must stand in a power flow of its own: bands, rates, and what the slack buses give. */
static void stands_alone(network *self, const sv_ac_hour *hour)
{
    const sv_grid *grid = self->grid;
    sv_error err = {0};
    sv_ac_settings settings = sv_ac_defaults();
    sv_ac_info info;
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        assert_true(hour->load_shed_mw[d] >= 0.0 && hour->load_shed_mw[d] <= fmax(0.0, self->served[d]) + 1e-6);
        self->left[d] = self->served[d] - hour->load_shed_mw[d];
        self->mvar[d] = load->p_mw != 0.0 ? load->q_mvar * self->left[d] / load->p_mw : load->q_mvar;
    }
    for (int32_t g = 0; g < grid->n_gen; g++)
        assert_true(hour->gen_mw[g] >= -1e-9 && hour->gen_mw[g] <= fmax(self->gen_max[g], self->gen[g]) + 1e-6);
    const sv_flow_input input = {.gen_mw = hour->gen_mw,
                                 .load_mw = self->left,
                                 .load_mvar = self->mvar,
                                 .import_mw = hour->import_mw,
                                 .storage_mw = self->storage,
                                 .dc_line_mw = self->dc};
    const sv_ac_result result = {.vm_pu = self->vm,
                                 .p_from_mw = self->flow[0],
                                 .q_from_mvar = self->flow[1],
                                 .p_to_mw = self->flow[2],
                                 .q_to_mvar = self->flow[3]};
    settings.q_limits = true;
    settings.flat_start = true;
    assert_int_equal(sv_ac_update(self->ac, self->state, &err), SV_OK);
    assert_int_equal(sv_ac_solve(self->ac, &settings, &input, &result, &info), SV_OK);
    for (int32_t k = 0; k < info.n_island; k++) {
        assert_true(info.island[k].outcome == SV_AC_CONVERGED || info.island[k].outcome == SV_AC_NO_SOURCE);
        if (info.island[k].outcome == SV_AC_CONVERGED)
            assert_true(info.island[k].short_mw < 0.05);
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        if (!isnan(self->vm[i])) {
            assert_true(self->vm[i] > grid->bus[i].v_min_pu - 1e-3);
            assert_true(self->vm[i] < grid->bus[i].v_max_pu + 1e-3);
        }
    for (int32_t l = 0; l < grid->n_branch; l++) {
        double rate = grid->branch[l].rate_a_mva, p = hypot(self->flow[0][l], self->flow[1][l]);
        if (rate > 0.0 && !isnan(p))
            assert_true(fmax(p, hypot(self->flow[2][l], self->flow[3][l])) < rate * 1.003);
    }
}

static void check_one(network *self, double scale)
{
    const sv_grid *grid = self->grid;
    sv_error err = {0};
    sv_balance_info info;
    sv_ac_hour hour;
    for (int32_t d = 0; d < grid->n_load; d++)
        self->load[d] = scale * grid->load[d].p_mw;
    const sv_balance_input input = {
        .gen_max_mw = self->gen_max, .load_mw = self->load, .import_max_mw = self->import_max};
    const sv_balance_result result = {.gen_mw = self->gen,
                                      .served_mw = self->served,
                                      .import_mw = self->import,
                                      .storage_mw = self->storage,
                                      .dc_line_mw = self->dc};
    assert_int_equal(sv_balance_update(self->balance, self->state), SV_OK);
    assert_int_equal(sv_balance_solve(self->balance, &input, &result, &info), SV_OK);
    const sv_dispatch dispatch = {self->gen,        self->gen_max, self->served, self->import,
                                  self->import_max, self->storage, self->dc};
    sv_status status = sv_ac_check_hour(self->check, self->state, &dispatch, &hour, &err);
    if (status != SV_OK)
        fail_msg("%s", err.text);
    self->n_verdict[hour.verdict]++;
    self->n_not_cured += hour.verdict == SV_AC_BROKEN && hour.after.n_high == 0;
    if (hour.verdict == SV_AC_CONFIRMED)
        assert_true(hour.shed_mw == 0.0 && hour.moved_mw == 0.0);
    if (hour.verdict != SV_AC_BROKEN)
        stands_alone(self, &hour);
}

/* Each hour with one unit more out than the one before, from 80 % of the load on. */
static void damage(network *self, int32_t n_hour, int32_t each)
{
    for (int32_t n = 0; n < n_hour; n++) {
        sv_state_reset(self->state);
        for (int32_t k = 0; k < each * n; k++) {
            sv_draw4 draw = sv_draw(7, n, SV_DRAW_TEST, 0, (uint32_t)k);
            sv_state_set_unit(self->state, (int32_t)(draw.u[0] * self->grid->n_unit), false);
        }
        check_one(self, 0.8 + 0.01 * n);
    }
}

static void damaged_hours_stand(void **unused)
{
    (void)unused;
    network self;
    assert_true(open_network(&self, SV_SOURCE_DIR "/examples/country-300"));
    damage(&self, 40, 1);
    assert_true(self.n_verdict[SV_AC_CONFIRMED] > 0);
    assert_true(self.n_verdict[SV_AC_SHED] > 0);
    assert_true(self.n_not_cured < 3);
    close_network(&self);
}

static void so_do_those_of_public_networks(void **unused)
{
    (void)unused;
    static const char *const names[] = {"rts-gmlc/SourceData", "matpower/case118.m", "matpower/case_ACTIVSg200.m",
                                        "matpower/case1354pegase.m"};
    for (size_t c = 0; c < sizeof names / sizeof *names; c++) {
        char path[600];
        network self;
        snprintf(path, sizeof path, "%s/%s", SV_CASES_DIR, names[c]);
        if (!open_network(&self, path))
            skip();
        damage(&self, 8, 1);
        assert_int_equal(self.n_not_cured, 0);
        print_message("%s: %d confirmed, %d redispatched, %d shed, %d broken\n", names[c], self.n_verdict[0],
                      self.n_verdict[1], self.n_verdict[2], self.n_verdict[3]);
        close_network(&self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_low_voltage_costs_what_the_line_says),
        cmocka_unit_test(beyond_the_nose_there_is_an_answer),
        cmocka_unit_test(losses_without_room_are_shed),
        cmocka_unit_test(units_move_before_anybody_is_shed),
        cmocka_unit_test(free_injections_stay),
        cmocka_unit_test(surplus_of_reactive_power_is_seen),
        cmocka_unit_test(weights_choose),
        cmocka_unit_test(what_nothing_holds_is_dark),
        cmocka_unit_test(high_voltages_stay_broken),
        cmocka_unit_test(no_search_finds_less),
        cmocka_unit_test(damaged_hours_stand),
        cmocka_unit_test(so_do_those_of_public_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
