/* Damage lists: rows and ids are marked off, anything else is refused by line. */
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static sv_grid *grid;
static sv_state *state;

static void marks_rows_and_ids(void **unused)
{
    (void)unused;
    sv_error err = {0};
    write_text(scratch_path("b.csv"), "branch\r\n1\r\n\r\n 5 \r\n1\r\n");
    write_text(scratch_path("u.csv"), "B2\nB4");
    write_text(scratch_path("g.csv"), "gen\n# none but these\n6\n");
    write_text(scratch_path("none.csv"), "bus\n");
    assert_int_equal(sv_outages_read(state, SV_OUT_BRANCHES, scratch_path("b.csv"), &err), SV_OK);
    assert_int_equal(sv_outages_read(state, SV_OUT_BUSES, scratch_path("u.csv"), &err), SV_OK);
    assert_int_equal(sv_outages_read(state, SV_OUT_GENS, scratch_path("g.csv"), &err), SV_OK);
    assert_int_equal(sv_outages_read(state, SV_OUT_BUSES, scratch_path("none.csv"), &err), SV_OK);
    static const uint8_t branch_on[] = {0, 1, 0, 1, 0}; /* 3 is out of service in the table */
    static const uint8_t bus_on[] = {1, 1, 0, 1, 0, 0}; /* 6 is dead in the table */
    static const uint8_t gen_on[] = {1, 1, 1, 1, 0, 0};
    assert_memory_equal(state->branch_on, branch_on, sizeof branch_on);
    assert_memory_equal(state->bus_on, bus_on, sizeof bus_on);
    assert_memory_equal(state->gen_on, gen_on, sizeof gen_on);
}

static void takes_ids_too(void **unused)
{
    (void)unused;
    sv_error err = {0};
    sv_state *own = sv_state_new(grid);
    assert_non_null(own);
    char text[128];
    snprintf(text, sizeof text, "branch\n%s\n4\n", grid->branch[1].id);
    write_text(scratch_path("ids.csv"), text);
    assert_int_equal(sv_outages_read(own, SV_OUT_BRANCHES, scratch_path("ids.csv"), &err), SV_OK);
    assert_int_equal(own->branch_on[1], 0);
    assert_int_equal(own->branch_on[3], 0);
    assert_int_equal(own->branch_on[0], 1);
    snprintf(text, sizeof text, "%s\n", grid->gen[3].id);
    write_text(scratch_path("ids.csv"), text);
    assert_int_equal(sv_outages_read(own, SV_OUT_GENS, scratch_path("ids.csv"), &err), SV_OK);
    assert_int_equal(own->gen_on[3], 0);
    sv_state_free(&own);
}

static void refused(sv_out_kind kind, const char *text, const char *sentence)
{
    sv_error err = {0};
    write_text(scratch_path("x.csv"), text);
    assert_int_equal(sv_outages_read(state, kind, scratch_path("x.csv"), &err), SV_EDATA);
    char whole[SV_ERROR_TEXT];
    snprintf(whole, sizeof whole, "%s/%s", scratch, sentence);
    assert_string_equal(err.text, whole);
}

static void refuses_what_is_not_there(void **unused)
{
    (void)unused;
    refused(SV_OUT_BRANCHES, "branch\n2\n6\n",
            "x.csv:3: '6' is no row and no id of the branch table; accepted: 1 to 5, or an id as 'line, 0'");
    refused(SV_OUT_BRANCHES, "buses\n1\n",
            "x.csv:1: 'buses' is no row and no id of the branch table; accepted: 1 to 5, or an id as 'line, 0'");
    refused(SV_OUT_BRANCHES, "0\n",
            "x.csv:1: '0' is no row and no id of the branch table; accepted: 1 to 5, or an id as 'line, 0'");
    refused(SV_OUT_GENS, "gen\n-1\n",
            "x.csv:2: '-1' is no row and no id of the gen table; accepted: 1 to 6, or an id as 'G0'");
    refused(SV_OUT_GENS, "gen\n1.5\n",
            "x.csv:2: '1.5' is no row and no id of the gen table; accepted: 1 to 6, or an id as 'G0'");
    refused(SV_OUT_BRANCHES, "bus\n1\n",
            "x.csv:1: 'bus' is no row and no id of the branch table; accepted: 1 to 5, or an id as 'line, 0'");
    refused(SV_OUT_BUSES, "bus\nbus\n", "x.csv:2: bus 'bus' is not in the grid; accepted: an id of its 6 buses");
    refused(SV_OUT_BUSES, "bus\nB1,B2\n", "x.csv:2: bus 'B1,B2' is not in the grid; accepted: an id of its 6 buses");
    sv_error err = {0};
    assert_int_equal(sv_outages_read(state, SV_OUT_BUSES, scratch_path("absent.csv"), &err), SV_EIO);
    assert_non_null(strstr(err.text, "absent.csv: cannot be read: No such file or directory"));
    err = (sv_error){0};
    assert_int_equal(sv_outages_read(state, SV_OUT_BUSES, scratch, &err), SV_EIO);
    assert_non_null(strstr(err.text, "is a folder; accepted: a file"));
}

static int enter(void **unused)
{
    (void)unused;
    scratch_make();
    grid = full_grid();
    state = sv_state_new(grid);
    return state == NULL;
}

static int leave(void **unused)
{
    (void)unused;
    sv_state_free(&state);
    sv_grid_free(&grid);
    remove_all(scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(marks_rows_and_ids, enter, leave),
        cmocka_unit_test_setup_teardown(takes_ids_too, enter, leave),
        cmocka_unit_test_setup_teardown(refuses_what_is_not_there, enter, leave),
    };
    return cmocka_run_group_tests_name("formats/outages", tests, NULL, NULL);
}
