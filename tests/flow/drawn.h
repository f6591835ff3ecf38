/* Networks for tests of outages: public cases, and small ones drawn with everything in them. Include after cmocka.h. */
#ifndef TESTS_FLOW_DRAWN_H
#define TESTS_FLOW_DRAWN_H

enum { N_SMALL_BUS = 11, N_SMALL_BRANCH = 19, N_SMALL_GRID = 400 };

static inline void *take(size_t n, size_t size)
{
    void *all = calloc(n + 1, size);
    assert_non_null(all);
    return all;
}

static inline sv_grid *read_case(const char *name)
{
    char path[600];
    sv_grid *grid = NULL;
    sv_error err = {0};
    snprintf(path, sizeof path, "%s/matpower/%s.m", SV_CASES_DIR, name);
    if (sv_grid_read(&grid, path, &err) != SV_OK)
        print_error("%s\n", err.text);
    assert_non_null(grid);
    return grid;
}

/* Parallel branches, ties, negative reactances, phase shifters, dead buses, units anywhere. */
static inline sv_grid *draw_grid(int32_t seed)
{
    static const char *const name[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L",
                                       "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X"};
    sv_draft *draft = sv_draft_new();
    sv_draft_set_base(draft, 100.0);
    for (int32_t i = 0; i < N_SMALL_BUS; i++) {
        sv_draw4 draw = sv_draw(7, seed, SV_DRAW_TEST, (uint32_t)i, 0);
        sv_bus row = sv_bus_default();
        row.id = name[i];
        row.vn_kv = 110.0;
        row.type = draw.u[0] < 0.06  ? SV_BUS_DEAD
                   : draw.u[0] < 0.3 ? SV_BUS_PV
                   : draw.u[0] < 0.4 ? SV_BUS_REF
                                     : SV_BUS_PQ;
        sv_draft_add_bus(draft, &row);
        sv_load load = sv_load_default();
        load.id = name[i];
        load.i_bus = i;
        load.p_mw = 40.0 * draw.u[1] - 5.0;
        sv_draft_add_load(draft, &load);
        sv_gen gen = sv_gen_default();
        gen.id = name[i];
        gen.i_bus = (int32_t)(draw.u[2] * N_SMALL_BUS);
        gen.p_mw = gen.p_max_mw = draw.u[3] < 0.1 ? 0.0 : 50.0 * draw.u[3];
        if (draw.u[2] < 0.6)
            sv_draft_add_gen(draft, &gen);
    }
    sv_draft_add_shunt(draft, &(sv_shunt){.i_bus = 3, .g_mw = 2.0});
    for (int32_t l = 0; l < N_SMALL_BRANCH; l++) {
        sv_draw4 draw = sv_draw(7, seed, SV_DRAW_TEST, (uint32_t)l, 1),
                 more = sv_draw(7, seed, SV_DRAW_TEST, (uint32_t)l, 2);
        sv_branch row = sv_branch_default();
        row.id = name[l];
        row.i_from = l < N_SMALL_BUS - 1 ? l : (int32_t)(draw.u[0] * N_SMALL_BUS);
        row.i_to = l < N_SMALL_BUS - 1 ? (int32_t)(draw.u[0] * (l + 1)) : (int32_t)(draw.u[1] * N_SMALL_BUS);
        if (l < N_SMALL_BUS - 1)
            row.i_from = l + 1;
        else if (row.i_to == row.i_from)
            row.i_to = (row.i_from + 1) % N_SMALL_BUS;
        row.x_pu = 0.02 + 0.3 * draw.u[2];
        row.x_pu = draw.u[3] < 0.1    ? 0.0
                   : draw.u[3] < 0.15 ? -0.7 * row.x_pu
                   : draw.u[3] < 0.2  ? 1e-5 * row.x_pu
                                      : row.x_pu;
        row.tap = more.u[0] < 0.2 ? 0.97 : 0.0;
        row.shift_deg = more.u[1] < 0.2 && row.x_pu > 0.01 ? 10.0 * more.u[2] : 0.0;
        row.rate_a_mva = more.u[3] < 0.3 ? 0.0 : 20.0 * more.u[3];
        sv_draft_add_branch(draft, &row);
    }
    sv_grid *grid = NULL;
    sv_error err = {0};
    if (sv_grid_new(&grid, draft, &err) != SV_OK)
        print_error("%s\n", err.text);
    assert_non_null(grid);
    sv_draft_free(&draft);
    return grid;
}

#endif
