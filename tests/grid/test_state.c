/* What is in service, and islands against a plain flood fill on random networks; neither allocates once it is made. */
#include "small.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void state_follows_tables_and_units(void **unused)
{
    (void)unused;
    sv_draft *draft = small_draft();
    sv_draft_bus(draft, 4)->type = SV_BUS_DEAD;
    sv_draft_gen(draft, 1)->in_service = false;
    sv_grid *grid;
    assert_int_equal(sv_grid_new(&grid, draft, NULL), SV_OK);
    sv_draft_free(&draft);
    sv_state *state = sv_state_new(grid);
    assert_int_equal(state->bus_on[0], 1);
    assert_int_equal(state->bus_on[4], 0);
    assert_int_equal(state->gen_on[0], 1);
    assert_int_equal(state->gen_on[1], 0);
    for (int32_t u = 0; u < grid->n_unit; u++)
        sv_state_set_unit(state, u, false);
    for (int32_t i = 0; i < grid->n_bus; i++)
        assert_int_equal(state->bus_on[i], 0);
    for (int32_t i = 0; i < grid->n_branch; i++)
        assert_int_equal(state->branch_on[i], 0);
    assert_int_equal(state->gen_on[0], 0);
    assert_int_equal(state->gen_on[2], 1); /* the condenser is no unit */
    assert_int_equal(state->storage_on[0], 0);
    assert_int_equal(state->dc_line_on[0], 0);
    for (int32_t u = 0; u < grid->n_unit; u++)
        sv_state_set_unit(state, u, true);
    assert_int_equal(state->bus_on[4], 0); /* what the tables hold out of service stays out */
    assert_int_equal(state->gen_on[1], 0);
    assert_int_equal(state->gen_on[0] + state->storage_on[0] + state->dc_line_on[0] + state->branch_on[1], 4);
    state->bus_on[1] = 0;
    assert_false(sv_state_branch_live(state, 0));
    assert_true(sv_state_branch_live(state, 2));
    sv_state_reset(state);
    assert_true(sv_state_branch_live(state, 0));
    sv_state_free(&state);
    assert_null(state);
    sv_grid_free(&grid);
}

enum { N = 60, M = 70 };

static sv_grid *random_grid(uint32_t salt)
{
    sv_draft *draft = sv_draft_new();
    char id[16];
    for (int i = 0; i < N; i++) {
        snprintf(id, sizeof id, "%d", i);
        add_bus(draft, id, 110.0, 1, NAN);
    }
    for (uint32_t i = 0; i < M; i++) {
        const sv_draw4 draw = sv_draw(1, salt, SV_DRAW_TEST, i, 0);
        const int32_t from = (int32_t)(draw.u[0] * N), to = (int32_t)(draw.u[1] * N);
        snprintf(id, sizeof id, "%u", i);
        if (from != to)
            add_branch(draft, id, from, to, 0.0);
    }
    sv_grid *grid;
    assert_int_equal(sv_grid_new(&grid, draft, NULL), SV_OK);
    sv_draft_free(&draft);
    return grid;
}

/* Spread the number of an island over all that hangs together with bus i, the slow way. */
static void flood(const sv_state *state, int32_t *island, int32_t i, int32_t number)
{
    island[i] = number;
    for (bool spread = true; spread;) {
        spread = false;
        for (int32_t b = 0; b < state->grid->n_branch; b++) {
            const sv_branch *branch = &state->grid->branch[b];
            if (!sv_state_branch_live(state, b) ||
                (island[branch->i_from] == number) == (island[branch->i_to] == number))
                continue;
            island[branch->i_from] = island[branch->i_to] = number;
            spread = true;
        }
    }
}

static void islands_agree_with_flood_fill(void **unused)
{
    (void)unused;
    int32_t most = 0;
    for (uint32_t salt = 0; salt < 40; salt++) {
        sv_grid *grid = random_grid(salt);
        sv_state *state = sv_state_new(grid);
        sv_topology *topology = sv_topology_new(grid);
        for (uint32_t round = 0; round < 100; round++) {
            bool few = round % 20 != 0; /* mostly a branch or two switched, now and then all anew */
            for (int32_t i = 0; !few && i < grid->n_bus; i++)
                state->bus_on[i] = sv_draw(2, salt, SV_DRAW_TEST, (uint32_t)i, round).u[0] < 0.9;
            for (int32_t i = 0; i < grid->n_branch; i++) {
                double u = sv_draw(3, salt, SV_DRAW_TEST, (uint32_t)i, round).u[0];
                if (!few || u < 1.5 / grid->n_branch)
                    state->branch_on[i] = few ? !state->branch_on[i] : u < 0.9;
            }
            sv_arena_fail_at(1); /* any allocation would fail */
            const sv_islands *islands = sv_topology_islands(topology, state);
            sv_arena_fail_at(0);
            int32_t island[N], count[N] = {0}, n = 0;
            for (int32_t i = 0; i < N; i++)
                island[i] = -1;
            for (int32_t i = 0; i < N; i++) {
                if (state->bus_on[i] && island[i] < 0) {
                    assert_int_equal(islands->first_bus[n], i);
                    flood(state, island, i, n++);
                }
                if (state->bus_on[i])
                    count[island[i]]++;
            }
            assert_int_equal(islands->n_island, n);
            assert_memory_equal(islands->of_bus, island, sizeof island);
            assert_memory_equal(islands->n_bus_of, count, (size_t)n * sizeof count[0]);
            most = n > most ? n : most;
        }
        sv_topology_free(&topology);
        assert_null(topology);
        sv_state_free(&state);
        sv_grid_free(&grid);
    }
    assert_true(most > 5);
}

static void failing_allocations_give_null(void **unused)
{
    (void)unused;
    sv_grid *grid = random_grid(1);
    for (int64_t k = 1; k <= 6; k++) {
        sv_arena_fail_at(k);
        assert_null(sv_state_new(grid));
        sv_arena_fail_at(k);
        assert_null(sv_topology_new(grid));
    }
    sv_arena_fail_at(0);
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_follows_tables_and_units),
        cmocka_unit_test(islands_agree_with_flood_fill),
        cmocka_unit_test(failing_allocations_give_null),
    };
    return cmocka_run_group_tests_name("grid/state", tests, NULL, NULL);
}
