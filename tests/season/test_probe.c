/* season: hours that are shown. A season that is looked at goes its way to the same bits; what is shown balances, adds up to
 * what the row says, and knows what negative loads inject. */
#include "svitlo/season.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { N_H = 24 * 60, N_BUS = 7, SEED = 11, N_SEASON = 6, N_STATE = 3000 };

static sv_grid *grid;

static void add_supply(sv_draft *draft)
{
    static const double p_max_mw[] = {110.0, 90.0, 30.0};
    for (int k = 0; k < 3; k++) {
        char id[16];
        snprintf(id, sizeof id, "G%d", k);
        sv_gen gen = sv_gen_default();
        gen.id = id;
        gen.i_bus = 2 * k;
        gen.p_max_mw = p_max_mw[k];
        gen.mttf_h = 300.0;
        gen.mttr_h = 40.0;
        sv_draft_add_gen(draft, &gen);
    }
    sv_storage storage = sv_storage_default();
    storage.id = "S";
    storage.i_bus = 3;
    storage.p_mw = 20.0;
    storage.energy_mwh = 60.0;
    storage.efficiency = 0.85;
    sv_draft_add_storage(draft, &storage);
    sv_draft_add_interconnector(draft, &(sv_interconnector){.id = "X", .i_bus = 5, .limit_mw = 25.0, .i_series = -1});
    sv_dc_line line = sv_dc_line_default();
    line.id = "D";
    line.i_from = 0;
    line.i_to = 4;
    line.p_min_mw = -15.0;
    line.p_max_mw = 15.0;
    sv_draft_add_dc_line(draft, &line);
}

/* Two classes a bus; negative loads beside a generator and alone; one bus hangs on a single line. */
static void add_loads(sv_draft *draft, int32_t series)
{
    for (int i = 0; i < 2 * N_BUS + 2; i++) {
        char id[16];
        snprintf(id, sizeof id, "L%d", i);
        sv_load load = sv_load_default();
        load.id = id;
        load.i_bus = i < 2 * N_BUS ? i / 2 : i == 2 * N_BUS ? 0 : 1;
        load.p_mw = i < 2 * N_BUS ? 12.0 + 3.0 * (i % 5) : -9.0;
        load.people = i < 2 * N_BUS ? 1000.0 + 10.0 * i : 0.0;
        load.class_ = (sv_class)(i % 3);
        load.i_series = series;
        sv_draft_add_load(draft, &load);
    }
}

static int make_grid(void **unused)
{
    (void)unused;
    static float profile[N_H];
    for (int t = 0; t < N_H; t++)
        profile[t] = 0.75F + 0.25F * (float)sin(6.283185307 * t / 24.0);
    static const int ends[][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}, {1, 4}, {0, 1}, {5, 6}};
    sv_draft *draft = sv_draft_new();
    sv_series series = {.id = "load", .t0_h = sv_hour_from_date(2026, 11, 1, 0), .n_h = N_H, .value = profile};
    int32_t i_series = sv_draft_add_series(draft, &series);
    for (int i = 0; i < N_BUS; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        sv_bus bus = sv_bus_default();
        bus.id = id;
        bus.vn_kv = 110.0;
        sv_draft_add_bus(draft, &bus);
    }
    for (int l = 0; l < 9; l++) {
        char id[16];
        snprintf(id, sizeof id, "b%d", l);
        sv_branch branch = sv_branch_default();
        branch.id = id;
        branch.i_from = ends[l][0];
        branch.i_to = ends[l][1];
        branch.x_pu = 0.1;
        branch.rate_a_mva = 60.0;
        branch.mttf_h = 100.0; /* often in parts */
        branch.mttr_h = 80.0;
        sv_draft_add_branch(draft, &branch);
    }
    add_supply(draft);
    add_loads(draft, i_series);
    sv_error err = {0};
    sv_status status = sv_grid_new(&grid, draft, &err);
    if (status != SV_OK)
        print_error("%s\n", err.text);
    sv_draft_free(&draft);
    return status == SV_OK ? 0 : 1;
}

static int free_grid(void **unused)
{
    (void)unused;
    sv_grid_free(&grid);
    return 0;
}

static sv_season_settings settings_of(bool network, double scale)
{
    sv_season_settings settings = sv_season_defaults();
    settings.t0_h = sv_hour_from_date(2026, 11, 1, 0);
    settings.n_h = N_H;
    settings.network = network;
    settings.outages = true;
    settings.demand_scale = scale;
    settings.waves.rate_per_week = 2.0;
    settings.waves.size_median = 30.0;
    settings.repair.crews_per_region = 3;
    return settings;
}

/* ---- what is shown --------------------------------------------------------------------------- */

typedef struct {
    int32_t n_seen;
    int64_t seen_h[N_H];
    float shed_mw[N_H], people[N_H];
    double injected_most_mw, injected_least_mw; /* of all negative loads of an hour */
    int64_t n_dark, n_stored, n_imported, n_carried;
    int64_t stop_h; /* the sink fails there; -1 = never */
} seen;

static double sum(const double *value, int32_t n)
{
    double all = 0.0;
    for (int32_t i = 0; i < n; i++)
        all += value[i];
    return all;
}

static void check_loads(seen *self, const sv_season_hour *hour)
{
    double missing_mw = 0.0, people_off = 0.0, injected_mw = 0.0;
    for (int32_t d = 0; d < grid->n_load; d++) {
        double wanted = hour->wanted_mw[d], served = hour->dispatch.served_mw[d];
        if (grid->load[d].p_mw < 0.0) {
            assert_true(wanted <= 0.0 && served <= 0.0 && served >= wanted - 1e-9);
            injected_mw -= served;
            continue;
        }
        assert_true(wanted > 0.0 && served >= 0.0 && served <= wanted + 1e-9);
        missing_mw += wanted - served;
        people_off += hour->people[d] * (wanted - served) / wanted;
    }
    assert_true(fabs(missing_mw - hour->shed_mw) <= 1e-4);
    assert_true(fabs(people_off - hour->people_off) <= 0.05);
    self->injected_most_mw = fmax(self->injected_most_mw, injected_mw);
    self->injected_least_mw = fmin(self->injected_least_mw, injected_mw);
}

static sv_status look(void *context, const sv_season_hour *hour, sv_error *err)
{
    seen *self = context;
    const sv_dispatch *given = &hour->dispatch;
    if (hour->t_h == self->stop_h)
        return sv_error_set(err, SV_EIO, NULL, 0, "seen enough");
    double supply = sum(given->gen_mw, grid->n_gen) + sum(given->import_mw, grid->n_interconnector) +
                    sum(given->storage_mw, grid->n_storage);
    assert_true(fabs(supply - sum(given->served_mw, grid->n_load)) <= 1e-6);
    for (int32_t g = 0; g < grid->n_gen; g++) {
        bool on = hour->state->gen_on[g] && hour->state->bus_on[grid->gen[g].i_bus];
        assert_true(given->gen_mw[g] >= 0.0 && given->gen_mw[g] <= (on ? given->gen_max_mw[g] + 1e-9 : 0.0));
    }
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        assert_true(given->import_mw[k] >= 0.0 && given->import_mw[k] <= given->import_max_mw[k] + 1e-9);
    check_loads(self, hour);
    self->n_dark += hour->shed_mw > 0.0;
    self->n_stored += given->storage_mw[0] != 0.0;
    self->n_imported += given->import_mw[0] > 0.0;
    self->n_carried += given->dc_line_mw[0] != 0.0;
    self->shed_mw[self->n_seen] = (float)hour->shed_mw;
    self->people[self->n_seen] = (float)hour->people_off;
    self->seen_h[self->n_seen++] = hour->t_h;
    return SV_OK;
}

static sv_season *season_of(bool network, double scale)
{
    sv_season_settings settings = settings_of(network, scale);
    sv_season *season = NULL;
    sv_error err = {0};
    if (sv_season_new(&season, grid, &settings, &err) != SV_OK)
        fail_msg("%s", err.text);
    return season;
}

/* ---- tests ----------------------------------------------------------------------------------- */

/* Every hour of a season is shown: the row is the plain one's, but for what only the end of a season closes. */
static void a_season_that_is_looked_at_is_the_same_bits(void **unused)
{
    (void)unused;
    static int64_t every[N_H];
    for (int64_t t = 0; t < N_H; t++)
        every[t] = t;
    static seen all;
    all = (seen){.stop_h = -1, .injected_least_mw = 1e9};
    const sv_season_probe probe = {N_H, every, &all, look};
    sv_season_row *row = sv_season_row_new(grid, N_H), *other = sv_season_row_new(grid, N_H);
    sv_season *plain = NULL, *probed = NULL;
    for (int64_t k = 0; k < N_SEASON; k++) {
        double scale = 1.0 - 0.1 * (double)(k % 6); /* also enough in all, with parts that are cut off */
        sv_season_free(&plain);
        sv_season_free(&probed);
        plain = season_of(true, scale);
        probed = season_of(true, scale);
        all.n_seen = 0;
        assert_int_equal(sv_season_run(plain, SEED, k, row), SV_OK);
        assert_int_equal(sv_season_run_probed(probed, SEED, k, &probe, other, NULL), SV_OK);
        assert_int_equal(all.n_seen, N_H);
        assert_memory_equal(all.seen_h, every, sizeof every);
        assert_memory_equal(all.shed_mw, row->hour_shed_mw, sizeof(float) * N_H);
        assert_memory_equal(all.people, row->hour_people, sizeof(float) * N_H);
        assert_memory_equal(other->hour_shed_mw, row->hour_shed_mw, sizeof(float) * N_H);
        assert_memory_equal(other->hour_people, row->hour_people, sizeof(float) * N_H);
        assert_memory_equal(&other->eens_mwh, &row->eens_mwh, sizeof row->eens_mwh);
        assert_memory_equal(&other->people_hours, &row->people_hours, sizeof row->people_hours);
        assert_memory_equal(other->class_mwh, row->class_mwh, sizeof row->class_mwh);
        assert_memory_equal(&other->unexplained_mwh, &row->unexplained_mwh, sizeof row->unexplained_mwh);
        assert_int_equal(other->n_strike, row->n_strike);
        assert_int_equal(other->n_unit_repaired, row->n_unit_repaired);
    }
    /* The seasons have what could go wrong: shortage, storage, imports, the DC line, supply that is held back. */
    assert_true(all.n_dark > 100 && all.n_stored > 100 && all.n_imported > 100 && all.n_carried > 0);
    assert_true(all.injected_most_mw > 10.0 && all.injected_least_mw < 0.8 * all.injected_most_mw);
    sv_season_row_free(&row);
    sv_season_row_free(&other);
    sv_season_free(&plain);
    sv_season_free(&probed);
}

/* Two balances of the same hours; one is asked for the shed loads and storage, the other for everything. */
static void the_balance_says_the_same_whatever_else_is_asked(void **unused)
{
    (void)unused;
    enum { MOST = 2 * N_BUS + 2 };
    double gen_max[3], load[MOST], gen[3], served[MOST], injected[MOST], import[1], dc_line[1], branch[9];
    double storage[2], import_max[1] = {25.0}, discharge_max[1] = {20.0}, charge_max[1] = {20.0};
    sv_shed shed[2][MOST];
    sv_balance_settings settings = sv_balance_defaults();
    sv_balance *few = NULL, *all = NULL;
    assert_int_equal(sv_balance_new(&few, grid, &settings, NULL), SV_OK);
    assert_int_equal(sv_balance_new(&all, grid, &settings, NULL), SV_OK);
    sv_state *state = sv_state_new(grid);
    const sv_balance_input input = {gen_max, load, NULL, import_max, discharge_max, charge_max, NULL};
    int n_dark = 0;
    for (int64_t k = 0; k < N_STATE; k++) {
        for (int32_t i = 0; i < grid->n_bus; i++)
            state->bus_on[i] = sv_draw(SEED, k, SV_DRAW_TEST, 0, (uint32_t)i).u[0] > 0.15;
        for (int32_t l = 0; l < grid->n_branch; l++)
            state->branch_on[l] = sv_draw(SEED, k, SV_DRAW_TEST, 1, (uint32_t)l).u[0] > 0.35;
        for (int32_t g = 0; g < grid->n_gen; g++)
            gen_max[g] = 1.5 * grid->gen[g].p_max_mw * sv_draw(SEED, k, SV_DRAW_TEST, 2, (uint32_t)g).u[0];
        for (int32_t d = 0; d < grid->n_load; d++)
            load[d] = grid->load[d].p_mw * sv_draw(SEED, k, SV_DRAW_TEST, 3, (uint32_t)d).u[0];
        const sv_balance_result little = {.shed = shed[0], .storage_mw = &storage[0]};
        const sv_balance_result everything = {shed[1], gen, served, import, &storage[1], dc_line, branch, injected};
        sv_balance_info info[2];
        memset(info, 0, sizeof info);
        assert_int_equal(sv_balance_update(few, state), SV_OK);
        assert_int_equal(sv_balance_update(all, state), SV_OK);
        assert_int_equal(sv_balance_solve(few, &input, &little, &info[0]), SV_OK);
        assert_int_equal(sv_balance_solve(all, &input, &everything, &info[1]), SV_OK);
        assert_int_equal(info[0].n_shed, info[1].n_shed);
        assert_memory_equal(&info[0].shed_mw, &info[1].shed_mw, sizeof info[0].shed_mw);
        assert_memory_equal(info[0].shed_class_mw, info[1].shed_class_mw, sizeof info[0].shed_class_mw);
        assert_memory_equal(&storage[0], &storage[1], sizeof storage[0]);
        for (int32_t i = 0; i < info[0].n_shed; i++)
            assert_true(shed[0][i].i_load == shed[1][i].i_load && shed[0][i].share == shed[1][i].share);
        n_dark += info[0].n_shed > 0;
    }
    assert_true(n_dark > N_STATE / 2);
    sv_state_free(&state);
    sv_balance_free(&few);
    sv_balance_free(&all);
}

/* Some hours: it ends after the last one, and a workspace that was looked into is as good as a new one. */
static void some_hours_are_those_of_the_plain_season(void **unused)
{
    (void)unused;
    static const int64_t some[] = {0, 5, 167, 168, 700};
    static seen found;
    found = (seen){.stop_h = -1};
    const sv_season_probe probe = {5, some, &found, look};
    sv_season *season = season_of(true, 1.0);
    sv_season_row *row = sv_season_row_new(grid, N_H), *part = sv_season_row_new(grid, N_H);
    assert_int_equal(sv_season_run_probed(season, SEED, 3, &probe, part, NULL), SV_OK);
    assert_int_equal(sv_season_run(season, SEED, 3, row), SV_OK);
    assert_int_equal(found.n_seen, 5);
    assert_memory_equal(found.seen_h, some, sizeof some);
    for (int k = 0; k < 5; k++)
        assert_true(found.shed_mw[k] == row->hour_shed_mw[some[k]] && found.people[k] == row->hour_people[some[k]]);
    assert_memory_equal(part->hour_shed_mw, row->hour_shed_mw, sizeof(float) * 701);
    for (int64_t t = 701; t < N_H; t++)
        assert_true(part->hour_shed_mw[t] == 0.0F);
    sv_season *fresh = season_of(true, 1.0);
    assert_int_equal(sv_season_run(fresh, SEED, 3, part), SV_OK);
    assert_memory_equal(part->hour_shed_mw, row->hour_shed_mw, sizeof(float) * N_H);
    assert_memory_equal(part->off_people, row->off_people, sizeof row->off_people);
    sv_season_free(&fresh);
    sv_season_row_free(&row);
    sv_season_row_free(&part);
    sv_season_free(&season);
}

static void refusals_and_what_the_sink_says_come_back(void **unused)
{
    (void)unused;
    static const int64_t back[] = {7, 7}, beyond[] = {3, N_H}, before[] = {-1}, good[] = {3, 9};
    static const struct {
        bool network;
        int32_t n_h;
        const int64_t *t_h;
        sv_status status;
        const char *says;
    } of[] = {
        {false, 2, good, SV_EUSAGE, "copper plate"},
        {true, 2, back, SV_EUSAGE, "hour 7 of the season is to be shown; accepted: ascending, 8 to 1439"},
        {true, 2, beyond, SV_EUSAGE, "hour 1440 of the season is to be shown; accepted: ascending, 4 to 1439"},
        {true, 1, before, SV_EUSAGE, "hour -1"},
        {true, 2, good, SV_EIO, "seen enough"},
    };
    static seen found;
    sv_season_row *row = sv_season_row_new(grid, N_H);
    for (size_t k = 0; k < sizeof of / sizeof of[0]; k++) {
        found = (seen){.stop_h = 9};
        const sv_season_probe probe = {of[k].n_h, of[k].t_h, &found, look};
        sv_season *season = season_of(of[k].network, 1.0);
        sv_error err = {0};
        assert_int_equal(sv_season_run_probed(season, SEED, 0, &probe, row, &err), of[k].status);
        assert_non_null(strstr(err.text, of[k].says));
        assert_int_equal(found.n_seen, of[k].status == SV_EIO ? 1 : 0);
        sv_season_free(&season);
    }
    sv_season_row_free(&row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_season_that_is_looked_at_is_the_same_bits),
        cmocka_unit_test(the_balance_says_the_same_whatever_else_is_asked),
        cmocka_unit_test(some_hours_are_those_of_the_plain_season),
        cmocka_unit_test(refusals_and_what_the_sink_says_come_back),
    };
    return cmocka_run_group_tests(tests, make_grid, free_grid);
}
