/* Grids written as PSS/E RAW files: what stands in the file, and the same network read back. */
#include "psse_network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int enter(void **unused)
{
    (void)unused;
    scratch_make();
    return 0;
}

static int leave(void **unused)
{
    (void)unused;
    remove_all(scratch);
    return 0;
}

static sv_grid *there_and_back(const sv_grid *grid)
{
    sv_grid *back = NULL;
    sv_error err = {0};
    if (sv_psse_write(grid, scratch_path("back.raw"), &err) || sv_grid_read(&back, scratch_path("back.raw"), &err))
        fail_msg("%s", err.text);
    const int found = compare_networks(grid, back);
    if (found)
        fail_msg("another network came back (psse_network.h:%d)", found);
    return back;
}

/* Ids and names that RAW has no place for, dead buses, negative loads, infinite limits, parallel branches, two levels without
 * a tap, charging behind a ratio. */
static void brings_back_a_grid_with_everything(void **unused)
{
    (void)unused;
    sv_grid *grid = full_grid();
    sv_grid *back = there_and_back(grid);
    assert_string_equal(back->name, grid->name);
    for (int32_t i = 0; i < grid->n_bus; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", (int)i + 1);
        assert_string_equal(back->bus[i].id, number);
        assert_string_equal(back->bus[i].name, grid->bus[i].id); /* the name keeps the id */
    }
    assert_int_equal(back->n_region, 2);
    assert_string_equal(back->region[0].name, "The North");
    assert_string_equal(back->region[1].name, "south");
    assert_true(back->gen[SV_GEN_WIND].kind == SV_GEN_WIND && back->gen[SV_GEN_SOLAR].kind == SV_GEN_WIND);
    sv_grid *again = there_and_back(back);
    assert_int_equal(compare_networks(back, again), 0);
    sv_grid_free(&again);
    sv_grid_free(&back);
    sv_grid_free(&grid);
}

static sv_grid *grid_of_ids(const char *const *id, int n, double x_pu, double b_pu, double tap)
{
    sv_draft *draft = sv_draft_new();
    sv_grid *grid = NULL;
    sv_error err = {0};
    for (int i = 0; i < n; i++) {
        sv_bus bus = sv_bus_default();
        bus.id = id[i];
        bus.vn_kv = 110.0;
        bus.name = i == 0 ? "It's\nA" : NULL;
        sv_draft_add_bus(draft, &bus);
    }
    for (int i = 1; i < n; i++) {
        char name[32];
        snprintf(name, sizeof name, "b%d", i);
        sv_branch branch = sv_branch_default();
        branch.id = name;
        branch.i_from = i % 2 ? i - 1 : i;
        branch.i_to = i % 2 ? i : i - 1;
        branch.x_pu = x_pu;
        branch.b_pu = b_pu;
        branch.tap = tap;
        sv_draft_add_branch(draft, &branch);
    }
    if (sv_grid_new(&grid, draft, &err))
        fail_msg("%s", err.text);
    sv_draft_free(&draft);
    return grid;
}

static void numbers_buses(void **unused)
{
    (void)unused;
    static const struct {
        const char *id[4], *number[4];
    } cases[] = {
        {{"7", "north", "40", "star-7-40-1"}, {"7", "41", "40", "42"}},
        {{"007", "x", "1.5", "-3"}, {"1", "2", "3", "4"}},
        {{"999997", "a", "5", "1000000"}, {"1", "2", "3", "4"}}, /* no number left behind the highest */
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        sv_grid *grid = grid_of_ids(cases[k].id, 4, 0.1, 0.0, 0.0), *back = there_and_back(grid);
        for (int i = 0; i < 4; i++) {
            assert_string_equal(back->bus[i].id, cases[k].number[i]);
            if (strcmp(cases[k].number[i], cases[k].id[i]) != 0)
                assert_string_equal(back->bus[i].name, cases[k].id[i]);
        }
        sv_grid_free(&back);
        sv_grid_free(&grid);
    }
    static const char *const plain[] = {"1", "2"};
    sv_grid *grid = grid_of_ids(plain, 2, 0.1, 0.0, 0.0), *back = there_and_back(grid);
    assert_string_equal(back->bus[0].name, "It s A"); /* what quotes cannot hold becomes a blank */
    assert_null(back->bus[1].name);
    sv_grid_free(&back);
    sv_grid_free(&grid);
}

/* Ties, reactances too small for a line that is no tie, charging with and without a ratio. */
static void keeps_odd_branches(void **unused)
{
    (void)unused;
    static const char *const id[] = {"1", "2", "3"};
    static const double value[][3] = {{0.0, 0.0, 0.0}, {0.0, 0.1, 0.0},   {5e-5, 0.0, 0.0}, {-5e-5, 0.02, 0.0},
                                      {0.1, 0.3, 0.0}, {0.1, 0.3, 0.925}, {0.1, 0.0, 1.0},  {-0.2, 0.1, 1.1}};
    for (size_t k = 0; k < sizeof value / sizeof value[0]; k++) {
        sv_grid *grid = grid_of_ids(id, 3, value[k][0], value[k][1], value[k][2]), *back = there_and_back(grid);
        sv_grid_free(&back);
        sv_grid_free(&grid);
    }
}

static void keeps_dc_lines(void **unused)
{
    (void)unused;
    static const double value[][4] = {/* MW, loss MW and share, MVAr at the from end */
                                      {100.0, 0.0, 0.02, -45.0},
                                      {-80.0, 1.5, 0.01, -30.0},
                                      {0.0, 0.0, 0.0, 0.0},
                                      {50.0, 0.0, 0.0, 0.0}};
    sv_draft *draft = sv_draft_new();
    for (int i = 0; i < 2; i++) {
        sv_bus bus = sv_bus_default();
        bus.id = i ? "2" : "1";
        bus.vn_kv = 230.0;
        bus.vm_pu = 1.03;
        sv_draft_add_bus(draft, &bus);
    }
    for (int k = 0; k < 4; k++) {
        char id[32];
        snprintf(id, sizeof id, "link %d", k);
        sv_dc_line dc = sv_dc_line_default();
        dc.id = id;
        dc.i_from = k % 2;
        dc.i_to = 1 - k % 2;
        dc.p_mw = value[k][0];
        dc.loss_mw = value[k][1];
        dc.loss_share = value[k][2];
        dc.q_from_mvar = value[k][3];
        dc.p_max_mw = 200.0;
        dc.in_service = k != 3;
        sv_draft_add_dc_line(draft, &dc);
    }
    sv_grid *grid = NULL;
    sv_error err = {0};
    if (sv_grid_new(&grid, draft, &err))
        fail_msg("%s", err.text);
    sv_grid *back = there_and_back(grid);
    assert_true(fabs(back->dc_line[0].q_from_mvar + 45.0) < 1e-6 && fabs(back->dc_line[0].q_to_mvar) < 1e-4);
    assert_true(fabs(back->dc_line[1].q_to_mvar + 30.0) < 1e-6); /* its ends are swapped: it flows the other way */
    assert_string_equal(back->dc_line[1].id, "link 1");
    sv_grid_free(&back);
    sv_grid_free(&grid);
    sv_draft_free(&draft);
}

static void counts_circuits_whatever_their_direction(void **unused)
{
    (void)unused;
    sv_draft *draft = sv_draft_new();
    sv_grid *grid = NULL;
    sv_error err = {0};
    for (int i = 0; i < 2; i++) {
        sv_bus bus = sv_bus_default();
        bus.id = i ? "20" : "10";
        sv_draft_add_bus(draft, &bus);
    }
    for (int i = 0; i < 40; i++) {
        char id[32];
        snprintf(id, sizeof id, "b%d", i);
        sv_branch branch = sv_branch_default();
        branch.id = id;
        branch.i_from = i % 2;
        branch.i_to = 1 - i % 2;
        branch.x_pu = 0.1 + i;
        sv_draft_add_branch(draft, &branch);
    }
    if (sv_grid_new(&grid, draft, &err))
        fail_msg("%s", err.text);
    sv_grid *back = there_and_back(grid);
    assert_string_equal(back->branch[0].id, "10-20-1");
    assert_string_equal(back->branch[9].id, "20-10-A");
    assert_string_equal(back->branch[36].id, "10-20-11");
    sv_grid_free(&back);
    sv_grid_free(&grid);
    sv_draft_free(&draft);
}

static void leaves_nothing_half_written(void **unused)
{
    (void)unused;
    sv_grid *grid = full_grid();
    sv_error err = {0};
    assert_int_equal(sv_psse_write(grid, scratch_path("absent/out.raw"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "cannot be written"));
    write_text(scratch_path("kept.raw"), "old");
    for (int64_t k = 1;; k++) {
        err = (sv_error){0};
        sv_arena_fail_at(k);
        const sv_status status = sv_psse_write(grid, scratch_path("kept.raw"), &err);
        sv_arena_fail_at(0);
        if (status == SV_OK)
            break;
        assert_int_equal(status, SV_ENOMEM);
        size_t n;
        char *bytes = read_bytes(scratch_path("kept.raw"), &n);
        assert_true(n == 3 && memcmp(bytes, "old", 3) == 0);
        free(bytes);
    }
    size_t n;
    char *bytes = read_bytes(scratch_path("kept.raw"), &n);
    assert_true(n > 100 && memcmp(bytes, "0,33.3,33,0,0,50.0 / Svitlo", 27) == 0);
    bytes[n] = '\0';
    assert_non_null(strstr(bytes, "\nleft out: 1 storage, 1 interconnectors, 4 series\n"));
    free(bytes);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(brings_back_a_grid_with_everything, enter, leave),
        cmocka_unit_test_setup_teardown(numbers_buses, enter, leave),
        cmocka_unit_test_setup_teardown(keeps_odd_branches, enter, leave),
        cmocka_unit_test_setup_teardown(keeps_dc_lines, enter, leave),
        cmocka_unit_test_setup_teardown(counts_circuits_whatever_their_direction, enter, leave),
        cmocka_unit_test_setup_teardown(leaves_nothing_half_written, enter, leave),
    };
    return cmocka_run_group_tests_name("formats/psse_write", tests, NULL, NULL);
}
