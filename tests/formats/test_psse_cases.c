/* PSS/E RAW and the public cases, read in place: RTS-GMLC's RAW file against its CSV tables and its MATPOWER case, and every
 * other case written as RAW and read back. Skipped where the cases are not there.
 *
 * RTS-GMLC.RAW agrees with SourceData and RTS_GMLC.m but for this, which is so in the files:
 * - names are in capitals; generators and branches have other identifiers (compared by their buses)
 * - 13 buses with solar or wind plants alone are of type 2 in the one and PQ in the other
 * - bus 113, the reference: VM 1.0347 against V Mag 1.03943
 * - the second and third ratings of all branches are as the first; the CSV tables have higher ones, the MATPOWER case has not
 * - branch 323-325 (C35) is a line with r = 1e-7; the CSV table has r = 0 and a ratio of 1
 * - MBASE is 100 everywhere; the CSV table has the units' own
 * - the dc line 113-316 is two generators DC of 0 MW; the storage of bus 313 is a generator of 50 MW
 * - all 61 solar and wind plants and the storage are out of service in the RAW file
 * - the shunts at 106, 206, 306 are switched ones */
#include "psse_network.h"

#include <complex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <strings.h>

#include <cmocka.h>

static sv_grid *must_read(const char *name)
{
    char path[600];
    sv_grid *grid;
    sv_error err = {0};
    snprintf(path, sizeof path, "%s/%s", SV_CASES_DIR, name);
    if (sv_grid_read(&grid, path, &err))
        fail_msg("%s", err.text);
    return grid;
}

typedef struct {
    sv_grid *raw, *other;
} both;

static both pair_of; /* the RAW file and another form of the system */

static int read_csv(void **state)
{
    pair_of = (both){must_read("psse/RTS-GMLC.RAW"), must_read("rts-gmlc/SourceData")};
    *state = &pair_of;
    return 0;
}

static int read_matpower(void **state)
{
    pair_of = (both){must_read("psse/RTS-GMLC.RAW"), must_read("rts-gmlc/RTS_GMLC.m")};
    *state = &pair_of;
    return 0;
}

static int free_both(void **state)
{
    both *b = *state;
    sv_grid_free(&b->raw);
    sv_grid_free(&b->other);
    return 0;
}

static bool close_to(double a, double b, double within)
{
    return fabs(a - b) <= within;
}

static void same_buses_loads_and_shunts(void **state)
{
    const both *b = *state;
    assert_int_equal(b->raw->n_bus, 73);
    assert_int_equal(b->other->n_bus, 73);
    int others = 0;
    for (int32_t i = 0; i < 73; i++) {
        const sv_bus *p = &b->raw->bus[i], *q = &b->other->bus[i];
        assert_string_equal(p->id, q->id);
        assert_int_equal(strcasecmp(p->name, q->name), 0);
        assert_true(p->vn_kv == q->vn_kv && p->area == q->area && p->zone == q->zone);
        assert_true(close_to(p->vm_pu, q->vm_pu, strcmp(p->id, "113") == 0 ? 0.005 : 1e-5));
        assert_true(close_to(p->va_deg, q->va_deg, 1e-4));
        others += p->type != q->type;
        if (p->type != q->type)
            assert_true(p->type == SV_BUS_PV && q->type == SV_BUS_PQ);
    }
    assert_int_equal(others, 13);
    assert_int_equal(b->raw->n_load, 51);
    for (int32_t i = 0; i < 51; i++) {
        const sv_load *p = &b->raw->load[i], *q = &b->other->load[i];
        assert_true(p->i_bus == q->i_bus && p->p_mw == q->p_mw && p->q_mvar == q->q_mvar);
    }
    assert_int_equal(b->raw->n_shunt, 3);
    assert_int_equal(b->other->n_shunt, 3);
    for (int32_t i = 0; i < 3; i++) {
        const sv_shunt *p = &b->raw->shunt[i], *q = &b->other->shunt[i];
        assert_true(p->i_bus == q->i_bus && p->g_mw == q->g_mw && p->b_mvar == q->b_mvar && p->b_mvar == -100.0);
    }
    assert_int_equal(b->raw->n_region, b->other->n_region);
}

/* Each branch of the RAW file takes the next of the table between the same buses that is not yet taken. */
static void same_branches(void **state)
{
    const both *b = *state;
    bool taken[120] = {false};
    int odd = 0;
    assert_int_equal(b->raw->n_branch, 120);
    assert_int_equal(b->other->n_branch, 120);
    for (int32_t i = 0; i < 120; i++) {
        const sv_branch *p = &b->raw->branch[i], *q = NULL;
        for (int32_t k = 0; k < 120 && !q; k++) {
            if (!taken[k] && b->other->branch[k].i_from == p->i_from && b->other->branch[k].i_to == p->i_to) {
                q = &b->other->branch[k];
                taken[k] = true;
            }
        }
        assert_non_null(q);
        assert_true(p->x_pu == q->x_pu && p->b_pu == q->b_pu && p->rate_a_mva == q->rate_a_mva && p->in_service);
        assert_true(p->rate_b_mva == p->rate_a_mva && p->rate_b_mva <= q->rate_b_mva);
        if (strcmp(p->id, "323-325-1") == 0) {
            assert_true(p->r_pu == 1e-7 && q->r_pu == 0.0 && p->tap == 0.0 && q->tap == 1.0);
            odd++;
        } else {
            assert_true(p->r_pu == q->r_pu && p->tap == q->tap);
        }
        if (p->tap == 0.0 && q->length_km > 0.0) /* LEN is in miles there, which 60 Hz tells; transformers have none */
            assert_true(close_to(p->length_km, q->length_km, 1e-9));
    }
    assert_int_equal(odd, 1);
}

typedef struct {
    int32_t i_bus;
    double value[4];
} unit;

static int compare_unit(const void *a, const void *b)
{
    const unit *p = a, *q = b;
    if (p->i_bus != q->i_bus)
        return p->i_bus < q->i_bus ? -1 : 1;
    for (int k = 0; k < 4; k++) {
        if (p->value[k] != q->value[k])
            return p->value[k] < q->value[k] ? -1 : 1;
    }
    return 0;
}

/* Of each bus: highest and lowest active and reactive power of its units, in order. */
static int sorted_units(const sv_grid *g, unit *list)
{
    int n = 0;
    for (int32_t i = 0; i < g->n_gen; i++) {
        const sv_gen *gen = &g->gen[i];
        const size_t length = strlen(gen->id);
        if (length > 3 && strcmp(gen->id + length - 3, "-DC") == 0) {
            assert_true(gen->p_max_mw == 0.0 && gen->q_max_mvar == 0.0);
            continue;
        }
        list[n++] = (unit){gen->i_bus, {gen->p_max_mw, gen->p_min_mw, gen->q_max_mvar, gen->q_min_mvar}};
    }
    for (int32_t i = 0; i < g->n_storage; i++)
        list[n++] = (unit){g->storage[i].i_bus, {g->storage[i].p_mw, 0.0, 0.0, 0.0}};
    qsort(list, (size_t)n, sizeof *list, compare_unit);
    return n;
}

static void same_generators(void **state)
{
    const both *b = *state;
    static unit raw[200], other[200];
    assert_int_equal(b->raw->n_gen, 160);
    assert_int_equal(sorted_units(b->raw, raw), 158);
    assert_int_equal(sorted_units(b->other, other), 158);
    int off = 0;
    for (int k = 0; k < 158; k++)
        assert_int_equal(compare_unit(&raw[k], &other[k]), 0);
    double p_raw_mw = 0.0, p_other_mw = 0.0;
    for (int32_t i = 0; i < b->raw->n_gen; i++) {
        off += !b->raw->gen[i].in_service;
        p_raw_mw += b->raw->gen[i].p_mw;
        assert_true(b->raw->gen[i].base_mva == 100.0);
    }
    for (int32_t i = 0; i < b->other->n_gen; i++)
        p_other_mw += b->other->gen[i].p_mw;
    assert_int_equal(off, 62);
    assert_true(close_to(p_raw_mw, p_other_mw, 0.01)); /* two decimals are given */
}

/* What a branch takes out of each of its ends, MVA: ratio and shift at the from end, half the charging at each. */
static void take_branch(const sv_grid *g, const sv_branch *b, const double complex *v, double complex *s_mva)
{
    const double complex y = 1.0 / (b->r_pu + I * b->x_pu), half = I * b->b_pu / 2.0;
    const double complex t = sv_branch_tap(b) * cexp(I * b->shift_deg * acos(-1.0) / 180.0);
    const double complex from = v[b->i_from], to = v[b->i_to];
    s_mva[b->i_from] -= g->base_mva * from * conj((y + half) / (t * conj(t)) * from - y / conj(t) * to);
    s_mva[b->i_to] -= g->base_mva * to * conj((y + half) * to - y / t * from);
}

/* The file holds a solved state: at buses without a generator nothing is left over. Except beside bus 113, whose voltage was
 * changed (see above), and where units are scheduled anew. */
static void the_state_of_the_file_solves_the_network(void **state)
{
    const sv_grid *g = ((const both *)*state)->raw;
    double complex v[73], left_mva[73] = {0};
    int n = 0;
    for (int32_t i = 0; i < g->n_bus; i++)
        v[i] = g->bus[i].vm_pu * cexp(I * g->bus[i].va_deg * acos(-1.0) / 180.0);
    for (int32_t i = 0; i < g->n_load; i++)
        left_mva[g->load[i].i_bus] -= g->load[i].p_mw + I * g->load[i].q_mvar;
    for (int32_t i = 0; i < g->n_shunt; i++) {
        const int32_t k = g->shunt[i].i_bus;
        left_mva[k] -= cabs(v[k]) * cabs(v[k]) * (g->shunt[i].g_mw - I * g->shunt[i].b_mvar);
    }
    for (int32_t i = 0; i < g->n_branch; i++)
        take_branch(g, &g->branch[i], v, left_mva);
    for (int32_t i = 0; i < g->n_bus; i++) {
        if (g->bus[i].type != SV_BUS_PQ || strcmp(g->bus[i].id, "111") == 0 || strcmp(g->bus[i].id, "112") == 0)
            continue;
        assert_true(cabs(left_mva[i]) < 0.1); /* six digits of angles and voltages */
        n++;
    }
    assert_int_equal(n, 25);
}

static void comes_back_the_same(void **state)
{
    (void)state;
    static const char *const names[] = {"matpower/case9.m",
                                        "matpower/case14.m",
                                        "matpower/case39.m",
                                        "matpower/case118.m",
                                        "matpower/case300.m",
                                        "matpower/case1354pegase.m",
                                        "matpower/case2383wp.m",
                                        "matpower/case_ACTIVSg2000.m",
                                        "matpower/case9241pegase.m",
                                        "rts-gmlc/RTS_GMLC.m",
                                        "rts-gmlc/SourceData",
                                        "psse/RTS-GMLC.RAW",
                                        "traps/negload.m",
                                        "traps/parcancel.m",
                                        "traps/shift30.m",
                                        "traps/xneg.m",
                                        "traps/xzero.m"};
    scratch_make();
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        sv_grid *grid = must_read(names[k]), *back = NULL;
        sv_error err = {0};
        if (sv_psse_write(grid, scratch_path("back.raw"), &err) || sv_psse_read(&back, scratch_path("back.raw"), &err))
            fail_msg("%s: %s", names[k], err.text);
        const int found = compare_networks(grid, back);
        if (found)
            fail_msg("%s: another network came back (psse_network.h:%d)", names[k], found);
        sv_grid_free(&back);
        sv_grid_free(&grid);
    }
    remove_all(scratch);
}

int main(void)
{
    if (access(SV_CASES_DIR "/psse/RTS-GMLC.RAW", R_OK) != 0) {
        puts("skipped: the public cases are not at " SV_CASES_DIR);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(same_buses_loads_and_shunts, read_csv, free_both),
        cmocka_unit_test_setup_teardown(same_buses_loads_and_shunts, read_matpower, free_both),
        cmocka_unit_test_setup_teardown(same_branches, read_csv, free_both),
        cmocka_unit_test_setup_teardown(same_branches, read_matpower, free_both),
        cmocka_unit_test_setup_teardown(same_generators, read_csv, free_both),
        cmocka_unit_test_setup_teardown(same_generators, read_matpower, free_both),
        cmocka_unit_test_setup_teardown(the_state_of_the_file_solves_the_network, read_csv, free_both),
        cmocka_unit_test(comes_back_the_same),
    };
    return cmocka_run_group_tests_name("formats/psse_cases", tests, NULL, NULL);
}
