/* Ten thousand buses: made, checked, of the same shape as a small country. */
#include "synth/country.h"

static void ten_thousand_buses(void **unused)
{
    (void)unused;
    sv_grid *grid = make_country(10000, 1, 168);
    assert_int_equal(grid->n_bus, 10000);
    assert_int_equal(grid->n_region, 100);
    between(2.0 * grid->n_branch / grid->n_bus, 2.8, 2.9, "mean degree");
    between(sv_grid_people(grid) / 1e6, 1166.0, 1167.0, "M people");
    between(sv_grid_demand_mw(grid), 600000.0 - 1.0, 600000.0 + 1.0, "demand, MW");
    sv_state *state = sv_state_new(grid);
    sv_topology *topology = sv_topology_new(grid);
    assert_non_null(state);
    assert_non_null(topology);
    assert_int_equal(sv_topology_islands(topology, state)->n_island, 1);
    sv_topology_free(&topology);
    sv_state_free(&state);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ten_thousand_buses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
