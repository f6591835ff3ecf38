/* Drafts: tables that grow, ids that are found, the first of two equal ids wins, rows that keep their strings. */
#include "svitlo/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void many_ids_are_found(void **unused)
{
    (void)unused;
    enum { N = 20000 };
    sv_draft *draft = sv_draft_new();
    assert_non_null(draft);
    assert_int_equal(sv_draft_find_bus(draft, "1"), -1);
    char id[24];
    for (int32_t i = 0; i < N; i++) {
        snprintf(id, sizeof id, "bus %d", (int)(i * 7919 % N));
        sv_bus bus = sv_bus_default();
        bus.id = id;
        bus.area = i;
        assert_int_equal(sv_draft_add_bus(draft, &bus), i);
    }
    assert_int_equal(sv_draft_n_bus(draft), N);
    for (int32_t i = 0; i < N; i++) {
        snprintf(id, sizeof id, "bus %d", (int)(i * 7919 % N));
        assert_int_equal(sv_draft_find_bus(draft, id), i);
        assert_string_equal(sv_draft_bus(draft, i)->id, id);
        assert_int_equal(sv_draft_bus(draft, i)->area, i);
    }
    assert_int_equal(sv_draft_find_bus(draft, "bus 20000"), -1);
    assert_int_equal(sv_draft_find_bus(draft, ""), -1);
    sv_draft_free(&draft);
    assert_null(draft);
    sv_draft_free(&draft);
}

static void first_of_equal_ids_wins(void **unused)
{
    (void)unused;
    sv_draft *draft = sv_draft_new();
    for (int k = 0; k < 100; k++) { /* across several growths of the table */
        const sv_region region = {.id = k % 2 ? "odd" : "even"};
        assert_int_equal(sv_draft_add_region(draft, &region), k);
    }
    assert_int_equal(sv_draft_find_region(draft, "even"), 0);
    assert_int_equal(sv_draft_find_region(draft, "odd"), 1);
    sv_draft_free(&draft);
}

static void rows_are_copies(void **unused)
{
    (void)unused;
    sv_draft *draft = sv_draft_new();
    char id[8] = "g", name[8] = "name";
    double cost[2] = {3.0, 4.0};
    float value[3] = {0.25F, 0.5F, 1.0F};
    sv_bus bus = sv_bus_default();
    bus.id = id;
    bus.name = name;
    sv_draft_add_bus(draft, &bus);
    sv_gen gen = sv_gen_default();
    gen.id = id;
    gen.i_bus = 0;
    gen.cost_model = 2;
    gen.n_cost = 2;
    gen.cost = cost;
    gen.i_series = 0;
    sv_draft_add_gen(draft, &gen);
    const sv_series series = {.id = id, .t0_h = 5, .n_h = 3, .value = value};
    sv_draft_add_series(draft, &series);
    memset(id, 0, sizeof id);
    memset(name, 0, sizeof name);
    cost[1] = 0.0;
    value[1] = 9.0F;
    sv_grid *grid;
    assert_int_equal(sv_grid_new(&grid, draft, NULL), SV_OK);
    sv_draft_free(&draft);
    assert_string_equal(grid->bus[0].id, "g");
    assert_string_equal(grid->bus[0].name, "name");
    assert_true(grid->gen[0].cost[0] == 3.0 && grid->gen[0].cost[1] == 4.0);
    assert_true(grid->series[0].value[1] == 0.5F);
    assert_int_equal(sv_grid_find_bus(grid, "g"), 0);
    assert_int_equal(sv_grid_find_bus(grid, "h"), -1);
    sv_grid_free(&grid);
    assert_null(grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_ids_are_found),
        cmocka_unit_test(first_of_equal_ids_wins),
        cmocka_unit_test(rows_are_copies),
    };
    return cmocka_run_group_tests_name("grid/draft", tests, NULL, NULL);
}
