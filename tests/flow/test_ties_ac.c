/* Branches without impedance in the AC power flow: a network whose buses are drawn apart by ties equals the one that they were;
 * Kirchhoff's law at every bus; loops of ties, which the DC power flow fills alike; outages of ties and of others by both ways;
 * what is refused. */
#include "ac_bench.h"

enum { MOST_PARTS = 4 };

/* ---- buses drawn apart --------------------------------------------------------------------- */

typedef struct {
    const sv_grid *whole;
    sv_draft *draft;
    int32_t seed, n_part, *first; /* parts of bus i beyond itself: buses first[i] .. first[i + 1) */
    bool ties;                    /* else a copy */
} splitter;

static double roll(const splitter *self, int32_t element, int32_t what)
{
    return sv_draw(11, self->seed, SV_DRAW_TEST, (uint32_t)element, (uint32_t)what).u[0];
}

/* The part of a bus that one of its elements comes to. */
static int32_t part_of(const splitter *self, int32_t i, int32_t element, int32_t what)
{
    int32_t n = self->first[i + 1] - self->first[i], part = (int32_t)(roll(self, element, what) * (n + 1));
    return part == 0 ? i : self->first[i] + part - 1;
}

static void add_tie(splitter *self, int32_t i, int32_t j)
{
    char id[32];
    sv_branch tie = sv_branch_default();
    snprintf(id, sizeof id, "tie %d", (int)self->n_part++);
    tie.id = id;
    tie.i_from = i;
    tie.i_to = j;
    tie.in_service = true;
    sv_draft_add_branch(self->draft, &tie);
}

static void add_buses(splitter *self)
{
    const sv_grid *whole = self->whole;
    for (int32_t i = 0; i < whole->n_bus; i++) {
        sv_bus row = whole->bus[i];
        row.i_region = row.i_site = -1;
        sv_draft_add_bus(self->draft, &row);
    }
    int32_t n = whole->n_bus;
    for (int32_t i = 0; i < whole->n_bus; i++) {
        self->first[i] = n;
        int32_t n_part = self->ties && roll(self, i, 1) < 0.4 ? 1 + (int32_t)(roll(self, i, 2) * MOST_PARTS) : 0;
        for (int32_t part = 0; part < n_part; part++) {
            char id[32];
            sv_bus row = whole->bus[i];
            snprintf(id, sizeof id, "part %d", (int)n++);
            row.id = id;
            row.i_region = row.i_site = -1;
            sv_draft_add_bus(self->draft, &row);
        }
    }
    self->first[whole->n_bus] = n;
}

/* A tree, and now and then another tie that closes a loop or lies beside one. */
static void add_ties(splitter *self)
{
    for (int32_t i = 0; i < self->whole->n_bus; i++)
        for (int32_t part = self->first[i]; part < self->first[i + 1]; part++) {
            int32_t n_before = part - self->first[i], other = (int32_t)(roll(self, part, 3) * (n_before + 1));
            int32_t to = other == 0 ? i : self->first[i] + other - 1;
            add_tie(self, part, to);
            if (roll(self, part, 4) < 0.2)
                add_tie(self, i, part);
        }
}

static sv_grid *split(const sv_grid *whole, int32_t seed, bool ties)
{
    splitter self = {.whole = whole, .draft = sv_draft_new(), .seed = seed, .ties = ties};
    sv_grid *grid = NULL;
    sv_error err = {0};
    self.first = calloc((size_t)whole->n_bus + 1, sizeof *self.first);
    double *set_point = take(whole->n_bus);
    assert_true(self.draft != NULL && self.first != NULL);
    sv_draft_set_base(self.draft, whole->base_mva);
    add_buses(&self);
    for (int32_t l = 0; l < whole->n_branch; l++) {
        sv_branch row = whole->branch[l];
        row.i_from = part_of(&self, row.i_from, l, 5);
        row.i_to = part_of(&self, row.i_to, l, 6);
        sv_draft_add_branch(self.draft, &row);
    }
    add_ties(&self);
    for (int32_t g = 0; g < whole->n_gen; g++) {
        sv_gen row = whole->gen[g];
        if (set_point[row.i_bus] == 0.0)
            set_point[row.i_bus] = row.vm_pu;
        row.vm_pu = set_point[row.i_bus]; /* whose it is must not matter */
        row.i_bus = part_of(&self, row.i_bus, g, 7);
        row.i_series = -1;
        sv_draft_add_gen(self.draft, &row);
    }
    for (int32_t d = 0; d < whole->n_load; d++) {
        sv_load row = whole->load[d];
        row.i_bus = part_of(&self, row.i_bus, d, 8);
        row.i_series = -1;
        sv_draft_add_load(self.draft, &row);
    }
    for (int32_t k = 0; k < whole->n_shunt; k++) {
        sv_shunt row = whole->shunt[k];
        row.i_bus = part_of(&self, row.i_bus, k, 9);
        sv_draft_add_shunt(self.draft, &row);
    }
    if (sv_grid_new(&grid, self.draft, &err) != SV_OK)
        fail_msg("%s", err.text);
    sv_draft_free(&self.draft);
    free(self.first);
    free(set_point);
    return grid;
}

static sv_grid *read_whole(const char *name)
{
    char path[600];
    sv_grid *grid = NULL;
    sv_error err = {0};
    snprintf(path, sizeof path, "%s/matpower/%s.m", SV_CASES_DIR, name);
    if (sv_grid_read(&grid, path, &err) != SV_OK)
        fail_msg("%s", err.text);
    return grid;
}

/* ---- checks -------------------------------------------------------------------------------- */

/* What units give, less loads, shunts and what goes into branches, at every bus by itself. */
static void kirchhoff_holds(const bench *self, double room_mva)
{
    const sv_grid *grid = self->grid;
    double *p = take(grid->n_bus), *q = take(grid->n_bus);
    for (int32_t g = 0; g < grid->n_gen; g++) {
        p[grid->gen[g].i_bus] += self->out.gen_mw[g];
        q[grid->gen[g].i_bus] += self->out.gen_mvar[g];
    }
    for (int32_t d = 0; d < grid->n_load; d++) {
        p[grid->load[d].i_bus] -= grid->load[d].p_mw;
        q[grid->load[d].i_bus] -= grid->load[d].q_mvar;
    }
    for (int32_t k = 0; k < grid->n_shunt; k++) {
        double square = pow(self->out.vm_pu[grid->shunt[k].i_bus], 2.0);
        p[grid->shunt[k].i_bus] -= grid->shunt[k].g_mw * square;
        q[grid->shunt[k].i_bus] += grid->shunt[k].b_mvar * square;
    }
    for (int32_t l = 0; l < grid->n_branch; l++) {
        p[grid->branch[l].i_from] -= self->out.p_from_mw[l];
        q[grid->branch[l].i_from] -= self->out.q_from_mvar[l];
        p[grid->branch[l].i_to] -= self->out.p_to_mw[l];
        q[grid->branch[l].i_to] -= self->out.q_to_mvar[l];
    }
    for (int32_t i = 0; i < grid->n_bus; i++)
        if (!isnan(self->out.vm_pu[i]) && !(fabs(p[i]) < room_mva && fabs(q[i]) < room_mva))
            fail_msg("bus %s: %g MW and %g Mvar are left", grid->bus[i].id, p[i], q[i]);
    free(p);
    free(q);
}

static void near(double a, double b, double room, const char *what, int32_t k)
{
    if (!(fabs(a - b) <= room) && !(isnan(a) && isnan(b)))
        fail_msg("%s %d: %.12g, not %.12g", what, (int)k, a, b);
}

static void are_alike(const bench *one, const bench *apart)
{
    assert_true(one->info.converged && apart->info.converged);
    for (int32_t i = 0; i < one->grid->n_bus; i++) {
        near(apart->out.vm_pu[i], one->out.vm_pu[i], 1e-10, "voltage of bus", i);
        near(apart->out.va_deg[i], one->out.va_deg[i], 1e-8, "angle of bus", i);
    }
    for (int32_t l = 0; l < one->grid->n_branch; l++) {
        near(apart->out.p_from_mw[l], one->out.p_from_mw[l], 1e-6, "flow of branch", l);
        near(apart->out.q_to_mvar[l], one->out.q_to_mvar[l], 1e-6, "reactive flow of branch", l);
    }
    for (int32_t k = 0; k < one->info.n_island; k++) {
        assert_int_equal(one->info.island[k].n_iteration, apart->info.island[k].n_iteration);
        assert_int_equal(one->info.island[k].n_slack, apart->info.island[k].n_slack);
        near(apart->info.island[k].slack_mw, one->info.island[k].slack_mw, 1e-6, "slack of island", k);
        near(apart->info.island[k].slack_mvar, one->info.island[k].slack_mvar, 1e-6, "reactive slack of island", k);
        near(apart->info.island[k].loss_mw, one->info.island[k].loss_mw, 1e-6, "loss of island", k);
    }
}

static void buses_drawn_apart_are_one(void **unused)
{
    (void)unused;
    static const char *const name[] = {"case9", "case30", "case118", "case300", "case1354pegase"};
    for (size_t c = 0; c < sizeof name / sizeof name[0]; c++)
        for (int32_t seed = 0; seed < 6; seed++) {
            bench one, apart;
            sv_grid *whole = read_whole(name[c]);
            open_grid(&one, split(whole, seed, false));
            open_grid(&apart, split(whole, seed, true));
            one.settings.tolerance_pu = apart.settings.tolerance_pu = 1e-10;
            one.settings.q_limits = apart.settings.q_limits = seed % 3 == 1;
            one.settings.distributed_slack = apart.settings.distributed_slack = seed % 3 == 2;
            solve(&one);
            solve(&apart);
            are_alike(&one, &apart);
            kirchhoff_holds(&one, 1e-5);
            kirchhoff_holds(&apart, 1e-5);
            close_bench(&one);
            close_bench(&apart);
            sv_grid_free(&whole);
        }
}

/* ---- small networks ------------------------------------------------------------------------ */

#define HEAD "function mpc = t\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
#define BRANCH_END " 0 0 0 0 0 1 -360 360"

/* A ring of three ties and one beside the first: each way round carries what the DC power flow says. */
static void loops_share_as_in_dc(void **unused)
{
    (void)unused;
    bench b;
    double flow[4], va[3];
    sv_dc *dc = NULL;
    open_grid(&b, parse(HEAD "mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 60 30 0 0 1 1 0 110 1 1.1 0.9;"
                             " 3 1 -15 3 0 0 1 1 0 110 1 1.1 0.9];\nmpc.gen = [1 0 0 300 -300 1.02 100 1 500 0];\n"
                             "mpc.branch = [1 2 0 0 0" BRANCH_END "; 2 3 0 0 0" BRANCH_END "; 3 1 0 0 0" BRANCH_END
                             "; 2 1 0 0 0" BRANCH_END "];\n"));
    solve(&b);
    assert_true(b.info.converged && b.info.island[0].n_bus == 3 && b.info.island[0].i_slack == 0);
    kirchhoff_holds(&b, 1e-9);
    assert_int_equal(sv_dc_new(&dc, b.grid, NULL), SV_OK);
    assert_int_equal(sv_dc_update(dc, b.state), SV_OK);
    assert_int_equal(sv_dc_flow(dc, b.state, NULL, va, flow, NULL), SV_OK);
    for (int32_t l = 0; l < 4; l++)
        near(b.out.p_from_mw[l], flow[l], 1e-5, "flow of tie", l);
    near(b.out.p_from_mw[0], -b.out.p_from_mw[3], 1e-9, "flow beside tie", 0);
    sv_dc_free(&dc);
    close_bench(&b);
}

/* Charging of a tie is a shunt; the slack's angle and set point are its node's, though another bus is first in the table. */
static void charging_and_the_slack_bus(void **unused)
{
    (void)unused;
    bench b;
    open_grid(&b, parse(HEAD "mpc.bus = [1 2 10 0 0 0 1 1 0 110 1 1.1 0.9; 2 3 0 0 0 0 1 1 7 110 1 1.1 0.9];\n"
                             "mpc.gen = [1 4 0 300 -300 1.05 100 1 500 0; 2 0 0 300 -300 1.02 100 1 500 0];\n"
                             "mpc.branch = [1 2 0 0 0.3" BRANCH_END "];\n"));
    solve(&b);
    assert_true(b.info.converged && b.info.island[0].i_slack == 1);
    for (int32_t i = 0; i < 2; i++) {
        assert_true(b.out.vm_pu[i] == 1.02);
        near(b.out.va_deg[i], 7.0, 1e-12, "angle of bus", i);
    }
    near(b.out.gen_mw[0], 4.0, 1e-9, "unit", 0);
    near(b.out.gen_mw[1], 6.0, 1e-9, "unit", 1);
    near(b.info.island[0].loss_mvar, -30.0 * 1.02 * 1.02, 1e-9, "charging of island", 0);
    kirchhoff_holds(&b, 1e-9);
    close_bench(&b);
}

static void a_ratio_or_a_shift_is_refused(void **unused)
{
    (void)unused;
    static const char *const branch[] = {"1.1 0", "0 30", "1 0"};
    for (int k = 0; k < 3; k++) {
        char text[600];
        sv_error err = {0};
        bench b;
        snprintf(text, sizeof text,
                 HEAD "mpc.bus = [1 3 0 0 0 0 1 1 0 220 1 1.1 0.9; 2 1 9 4 0 0 1 1 0 220 1 1.1 0.9];\n"
                      "mpc.gen = [1 0 0 300 -300 1 100 1 500 0];\nmpc.branch = [1 2 0 0 0 0 0 0 %s 1 -360 360];\n",
                 branch[k]);
        open_grid(&b, parse(text));
        assert_int_equal(sv_ac_update(b.ac, b.state, &err), k < 2 ? SV_EDATA : SV_OK);
        assert_true(k == 2 || strstr(err.text, "branch 1 has no impedance (r = x = 0), but ratio") != NULL);
        b.state->branch_on[0] = 0;
        assert_int_equal(sv_ac_update(b.ac, b.state, &err), SV_OK);
        close_bench(&b);
    }
}

/* ---- states and outages -------------------------------------------------------------------- */

/* What ties were before leaves no trace, and a bus behind an open one is another bus, or dark. */
static void opened_and_closed_again(void **unused)
{
    (void)unused;
    bench b;
    sv_grid *whole = read_whole("case118");
    open_grid(&b, split(whole, 3, true));
    solve(&b);
    double *first = take(b.grid->n_bus);
    memcpy(first, b.out.vm_pu, sizeof(double) * (size_t)b.grid->n_bus);
    for (int32_t l = whole->n_branch; l < b.grid->n_branch; l += 3) {
        bench fresh;
        b.state->branch_on[l] = 0;
        solve(&b);
        kirchhoff_holds(&b, 1e-5);
        open_grid(&fresh, split(whole, 3, true));
        fresh.state->branch_on[l] = 0;
        solve(&fresh);
        for (int32_t i = 0; i < b.grid->n_bus; i++)
            assert_true(b.out.vm_pu[i] == fresh.out.vm_pu[i] || (isnan(b.out.vm_pu[i]) && isnan(fresh.out.vm_pu[i])));
        close_bench(&fresh);
        b.state->branch_on[l] = 1;
        solve(&b);
        for (int32_t i = 0; i < b.grid->n_bus; i++)
            assert_true(b.out.vm_pu[i] == first[i]);
    }
    free(first);
    close_bench(&b);
    sv_grid_free(&whole);
}

/* Each allocation in turn fails: it is said, and the next try serves. */
static void without_memory_it_is_said(void **unused)
{
    (void)unused;
    sv_grid *whole = read_whole("case9"), *grid = split(whole, 2, true);
    sv_state *state = sv_state_new(grid);
    sv_ac_settings settings = sv_ac_defaults();
    int32_t n_failed = 0;
    for (int64_t k = 1;; k++) {
        sv_ac *ac = NULL;
        sv_ac_info info;
        sv_arena_fail_at(k);
        sv_status made = sv_ac_new(&ac, grid, NULL), updated = made == SV_OK ? sv_ac_update(ac, state, NULL) : SV_OK;
        sv_arena_fail_at(0);
        assert_true((made == SV_OK || (made == SV_ENOMEM && ac == NULL)) && (updated == SV_OK || updated == SV_ENOMEM));
        if (updated == SV_ENOMEM) {
            assert_int_equal(sv_ac_solve(ac, &settings, NULL, NULL, &info), SV_EUSAGE);
            assert_int_equal(sv_ac_update(ac, state, NULL), SV_OK);
            assert_int_equal(sv_ac_solve(ac, &settings, NULL, NULL, &info), SV_OK);
            assert_true(info.converged);
        }
        n_failed += updated == SV_ENOMEM;
        sv_ac_free(&ac);
        if (made == SV_OK && updated == SV_OK)
            break;
    }
    assert_true(n_failed > 0);
    sv_state_free(&state);
    sv_grid_free(&grid);
    sv_grid_free(&whole);
}

typedef struct {
    bench alone;
    const sv_contingency *list;
    int32_t n_fast, n_tie, first_tie;
} screening;

static void set_out(screening *self, const sv_contingency *out, uint8_t on)
{
    for (int32_t k = 0; k < out->n_branch; k++)
        self->alone.state->branch_on[out->i_branch[k]] = on;
    for (int32_t k = 0; k < out->n_gen; k++)
        self->alone.state->gen_on[out->i_gen[k]] = on;
}

static bool agrees_with_its_own_solve(void *context, int64_t k, const sv_ac_effect *found)
{
    screening *self = context;
    const sv_contingency *out = &self->list[k];
    bench *b = &self->alone;
    set_out(self, out, 0);
    solve(b);
    set_out(self, out, 1);
    if (found->outcome != SV_AC_CONVERGED || !b->info.converged) /* both say so, or the way there did */
        return true;
    double low = INFINITY, most = 0.0;
    for (int32_t i = 0; i < b->grid->n_bus; i++) {
        near(found->vm_pu[i], b->out.vm_pu[i], 1e-7, "voltage of bus", i);
        near(found->va_deg[i], b->out.va_deg[i], 1e-5, "angle of bus", i);
        low = b->out.vm_pu[i] < low ? b->out.vm_pu[i] : low;
    }
    for (int32_t l = 0; l < b->grid->n_branch; l++)
        if (b->grid->branch[l].rate_a_mva > 0.0 && !isnan(b->out.p_from_mw[l]))
            most = fmax(most, 100.0 *
                                  fmax(hypot(b->out.p_from_mw[l], b->out.q_from_mvar[l]),
                                       hypot(b->out.p_to_mw[l], b->out.q_to_mvar[l])) /
                                  b->grid->branch[l].rate_a_mva);
    near(found->low_pu, low, 1e-7, "lowest voltage of outage", (int32_t)k);
    near(found->loading_percent, most, 1e-3, "loading of outage", (int32_t)k);
    self->n_fast += !found->whole;
    self->n_tie += out->n_branch > 0 && out->i_branch[0] >= self->first_tie;
    return true;
}

static void check_outages(const sv_grid *whole, int32_t seed, bool limits)
{
    sv_error err = {0};
    sv_ac_screen *screen = NULL;
    screening self = {.first_tie = whole->n_branch};
    open_grid(&self.alone, split(whole, seed, true));
    const sv_grid *grid = self.alone.grid;
    self.alone.settings.q_limits = limits;
    int32_t n = 0, *element = calloc((size_t)grid->n_branch + (size_t)grid->n_gen, sizeof *element);
    sv_contingency *list = calloc((size_t)grid->n_branch + (size_t)grid->n_gen, sizeof *list);
    assert_true(element != NULL && list != NULL);
    for (int32_t l = 0; l < grid->n_branch; l++, n++) {
        element[n] = l;
        list[n] = (sv_contingency){.n_branch = grid->branch[l].in_service, .i_branch = &element[n]};
    }
    for (int32_t g = 0; g < grid->n_gen; g++, n++) {
        element[n] = g;
        list[n] = (sv_contingency){.n_gen = grid->gen[g].in_service, .i_gen = &element[n]};
    }
    self.list = list;
    assert_int_equal(sv_ac_screen_new(&screen, grid, &err), SV_OK);
    assert_int_equal(sv_ac_screen_base(screen, self.alone.state, &self.alone.settings, NULL, &self.alone.info, &err),
                     SV_OK);
    assert_true(self.alone.info.converged);
    assert_int_equal(sv_ac_contingencies(screen, n, list, true, agrees_with_its_own_solve, &self), SV_OK);
    assert_true(self.n_tie > 10 && (limits || self.n_fast > whole->n_branch / 3));
    sv_ac_screen_free(&screen);
    close_bench(&self.alone);
    free(element);
    free(list);
}

static void outages_agree_with_their_own_solves(void **unused)
{
    (void)unused;
    static const char *const name[] = {"case30", "case118", "case300"};
    for (size_t c = 0; c < sizeof name / sizeof name[0]; c++)
        for (int32_t seed = 20; seed < 23; seed++) {
            sv_grid *whole = read_whole(name[c]);
            check_outages(whole, seed, seed == 22);
            sv_grid_free(&whole);
        }
}

int main(void)
{
    const struct CMUnitTest without[] = {
        cmocka_unit_test(loops_share_as_in_dc),
        cmocka_unit_test(charging_and_the_slack_bus),
        cmocka_unit_test(a_ratio_or_a_shift_is_refused),
    };
    const struct CMUnitTest with[] = {
        cmocka_unit_test(buses_drawn_apart_are_one),
        cmocka_unit_test(opened_and_closed_again),
        cmocka_unit_test(without_memory_it_is_said),
        cmocka_unit_test(outages_agree_with_their_own_solves),
    };
    int failed = cmocka_run_group_tests(without, NULL, NULL);
    if (access(SV_CASES_DIR "/matpower", R_OK) != 0) {
        printf("skipped: the public cases are not there (%s)\n", SV_CASES_DIR);
        return failed ? failed : 77;
    }
    return failed + cmocka_run_group_tests(with, NULL, NULL);
}
