/* Levers of one base, alone and together, in any order; and what cannot be combined, with its sentence. */
#include "scenario/folder.h"

#include <math.h>

static sv_scenario *lever(const char *text)
{
    char all[4000];
    snprintf(all, sizeof all, "base: ../base.yaml\n%s", text);
    write_file("levers/a.yaml", all);
    return read_good("levers/a.yaml", NULL, 0);
}

static void refuse_pair(const char *a, const char *b, const char *sentence)
{
    sv_scenario *s = NULL;
    sv_error err = {0};
    if (combine(&s, a, b, NULL, 0, &err) != SV_EUSAGE)
        fail_msg("not refused: %s and %s", a, b != NULL ? b : "none");
    assert_string_equal(err.text, sentence);
    assert_null(s);
    assert_int_equal(combine(&s, a, b, NULL, 0, NULL), SV_EUSAGE);
}

static int enter(void **state)
{
    (void)state;
    enter_base("combine");
    return 0;
}

static void test_read_lever(void **state)
{
    (void)state;
    sv_scenario *s = lever("cover: {rear: 80 %}\nadd: {imports: {limit: 100 MW}}\n"), *other = NULL;
    const char *const set[] = {"imports.limit=1 GW", "cover.rear=10 %", "name=Set"}; /* they belong to the base */
    assert_int_equal(combine(&other, "levers/a.yaml", NULL, set, 3, NULL), SV_OK);
    assert_true(other->season.import_limit_mw == 1100.0);
    assert_true(other->season.waves.cover[SV_ZONE_REAR] == 0.8);
    assert_string_equal(other->name, "a");
    assert_string_equal(other->path, "levers/a.yaml");
    assert_string_equal(other->base_path, "base.yaml");
    assert_string_equal(other->grid_path, "g");
    sv_scenario_free(&other);
    assert_int_equal(combine(&other, "levers/a.yaml", NULL, NULL, 0, NULL), SV_OK);
    other->grid_path = s->grid_path;
    assert_same_settings(s, other);
    sv_scenario_free(&other);
    sv_scenario_free(&s);
    assert_int_equal(sv_scenario_read_lever(&s, "base.yaml", NULL, 0, NULL, 0, NULL), SV_OK); /* the base alone */
    assert_string_equal(s->name, "Base");
    assert_string_equal(s->path, "base.yaml");
    assert_null(s->base_path);
    sv_scenario_free(&s);
    sv_error err = {0};
    assert_int_equal(combine(&s, "levers/none.yaml", NULL, NULL, 0, &err), SV_EIO);
    assert_string_equal(err.text, "levers/none.yaml: cannot be read: No such file or directory; accepted: a YAML file");
}

static void test_other_bases(void **state)
{
    (void)state;
    write_file("other.yaml", "grid: g\n");
    write_file("levers/o.yaml", "base: ../other.yaml\n");
    write_file("levers/a.yaml", "base: ../base.yaml\n");
    refuse_pair("levers/o.yaml", NULL,
                "levers/o.yaml:1:7: base is '../other.yaml'; accepted: a lever of base.yaml, which is compared "
                "(copy it, and name that base in the copy)");
    refuse_pair("levers/a.yaml", "levers/o.yaml",
                "levers/o.yaml:1:7: base is '../other.yaml'; accepted: a lever of base.yaml, which is compared "
                "(copy it, and name that base in the copy)");
    write_file("levers/o.yaml", "base: ../none.yaml\n");
    refuse_pair("levers/o.yaml", NULL,
                "levers/o.yaml:1:7: base is '../none.yaml', and levers/../none.yaml cannot be read: No such file or "
                "directory; accepted: a path seen from the lever");
    refuse_pair("other.yaml", NULL,
                "other.yaml: it names no base: a whole scenario, no lever; accepted: a lever, with "
                "base: and the path of base.yaml");
    write_file("levers/o.yaml", "base: {a: b}\n");
    refuse_pair("levers/o.yaml", NULL,
                "levers/o.yaml:1:7: base is a map; accepted: the path of a scenario, seen from "
                "the lever's folder");
    /* The same file by another name is the same. */
    sv_scenario *s = NULL;
    unlink("link.yaml");
    assert_int_equal(symlink("base.yaml", "link.yaml"), 0);
    write_file("levers/o.yaml", "base: ../../combine/./link.yaml\n");
    assert_int_equal(combine(&s, "levers/o.yaml", NULL, NULL, 0, NULL), SV_OK);
    sv_scenario_free(&s);
    /* A lever in the place of the base. */
    sv_error err = {0};
    const char *const path[] = {"levers/a.yaml"};
    assert_int_equal(sv_scenario_read_lever(&s, "levers/a.yaml", NULL, 0, path, 1, &err), SV_EUSAGE);
    assert_string_equal(err.text, "levers/a.yaml:1:7: a lever of '../base.yaml' stands here; accepted: a whole "
                                  "scenario, of which levers are compared");
    assert_null(s);
}

static void test_pairs(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"cover: {rear: 90 %}\n", "spares: {line: 3}\n"},
        {"add: {cover: {rear: 0.1 %}, spares: {line: 3}}\n", "add: {cover: {rear: 0.7 %}, spares: {line: -1}}\n"},
        {"add: {cover: {rear: 30 %}}\n", "add: {cover: {rear: -10 %}}\n"}, /* only together within the range */
        {"add: {waves: {dates: [2027-01-05, 2026-11-02]}}\n", "add: {waves: {dates: [2026-11-03, 2027-01-01]}}\n"},
        {"add: {shelters: {at: {level_2: [S7, S2]}}}\n", "add: {shelters: {at: {level_2: [S5, S8]}}}\n"},
        {"add: {peace: [{from: 2027-03-01, where: [b]}, {from: 2027-03-01, where: [a]}]}\n",
         "add: {peace: [{from: 2027-01-01, to: 2027-01-02}, {kept: 50 %}]}\n"},
        {"add: {peace: [{kept: 10 %}, {}]}\n", "add: {peace: [{}, {kept: 50 %}]}\n"},
        {"waves: {strikes: {thermal: 1}}\n", "waves: {exposure: {front: 2}}\n"},
        {"damage: {line: {slight: 50 %}}\n", "add: {damage: {hydro: {slight: -5 %, none: 5 %}}}\n"},
    };
    char text[1000];
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        sv_scenario *ab = NULL, *ba = NULL;
        sv_error err = {0}, other = {0};
        snprintf(text, sizeof text, "base: ../base.yaml\nname: A\ncost: 1 M EUR\n%s", pairs[i][0]);
        write_file("levers/a.yaml", text);
        snprintf(text, sizeof text, "base: ../base.yaml\nname: B\ncost: {x: 2 M EUR, y: 3 EUR}\n%s", pairs[i][1]);
        write_file("levers/b.yaml", text);
        sv_status status = combine(&ab, "levers/a.yaml", "levers/b.yaml", NULL, 0, &err);
        assert_int_equal(combine(&ba, "levers/b.yaml", "levers/a.yaml", NULL, 0, &other), status);
        assert_string_equal(err.text, other.text);
        if (strstr(pairs[i][0], "slight: 50") != NULL) {
            assert_string_equal(err.text,
                                "levers/a.yaml:4:25: damage.line sums to 50 % over its states; accepted: 100 %");
            continue;
        }
        assert_string_equal(err.text, "");
        assert_string_equal(ab->name, "A + B");
        assert_string_equal(ba->name, "B + A");
        assert_string_equal(ab->path, "base.yaml");
        assert_string_equal(ab->base_path, "base.yaml");
        assert_int_equal(ab->n_cost, 3);
        assert_string_equal(ab->cost[0].what, "A"); /* the only one of its lever, but not of all */
        assert_string_equal(ab->cost[1].what, "x");
        assert_true(sv_scenario_cost_eur(ab) == 3000003.0 && sv_scenario_cost_eur(ba) == 3000003.0);
        assert_same_settings(ab, ba);
        sv_scenario_free(&ab);
        sv_scenario_free(&ba);
    }
}

static void test_conflicts(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b, *sentence;
    } table[] = {
        {"cover:\n  rear: 80 %\n", "cover: {rear: 90 %}\n",
         "levers/b.yaml:2:9: cover.rear is set by levers/a.yaml too (line 3); accepted: levers that set different "
         "keys, "
         "or add"},
        {"cover: {rear: 80 %}\n", "add: {cover: {rear: 1 %}}\n",
         "levers/b.yaml:2:15: cover.rear is set by levers/a.yaml too (line 2); accepted: levers that set different "
         "keys, or add"},
        {"add: {cover: {rear: 1 %}}\n", "cover: {rear: 80 %}\n",
         "levers/b.yaml:2:9: cover.rear is added to by levers/a.yaml too (line 2); accepted: levers that set different "
         "keys, or add"},
        {"waves: {strikes: {thermal: 1}}\n", "waves.strikes.hydro: 1\n",
         "levers/b.yaml:2:1: waves.strikes.hydro is set by levers/a.yaml too (line 2); accepted: levers that set "
         "different keys, or add"},
        {"waves.strikes.hydro: 1\n", "waves: {strikes: {thermal: 1}}\n",
         "levers/b.yaml:2:18: waves.strikes.hydro is set by levers/a.yaml too (line 2); accepted: levers that set "
         "different keys, or add"},
        {"peace: [{}]\n", "add: {peace: [{}]}\n",
         "levers/b.yaml:2:7: peace is set by levers/a.yaml too (line 2); accepted: levers that set different keys, or "
         "add"},
        {"add: {spares: {line: 6000}}\n", "add: {spares: {line: 7000}}\n",
         "levers/b.yaml:2:22: spares.line is 0, and 13000 added is 13000, out of range; accepted: a whole number, 0 to "
         "10000"},
    };
    char text[1000];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        snprintf(text, sizeof text, "base: ../base.yaml\n%s", table[i].a);
        write_file("levers/a.yaml", text);
        snprintf(text, sizeof text, "base: ../base.yaml\n%s", table[i].b);
        write_file("levers/b.yaml", text);
        refuse_pair("levers/a.yaml", "levers/b.yaml", table[i].sentence);
    }
}

static void test_long_names(void **state)
{
    (void)state;
    char text[1000], name[200] = "";
    for (int i = 0; i < 99; i++)
        strcat(name, "\xC3\xA9");
    snprintf(text, sizeof text, "base: ../base.yaml\nname: %s\n", name);
    write_file("levers/a.yaml", text);
    sv_scenario *s = NULL;
    assert_int_equal(combine(&s, "levers/a.yaml", "levers/a.yaml", NULL, 0, NULL), SV_OK);
    assert_true(strlen(s->name) == 199); /* cut between characters */
    assert_string_equal(s->name + 195, "\xA9...");
    lines once = lines_of(s);
    sv_scenario *again = parse(once.text, NULL, 0); /* still a name that is accepted */
    free(once.text);
    sv_scenario_free(&again);
    sv_scenario_free(&s);
}

static void test_examples(void **state)
{
    (void)state;
    static const char *const names[] = {"ceasefire", "truce",   "cover", "shelters",
                                        "spares",    "imports", "crews", "fund"};
    enum { N = sizeof names / sizeof *names };
    char path[N][1000];
    int32_t n_pair = 0;
    static const char winter[] = SV_SOURCE_DIR "/examples/winter.yaml";
    for (int32_t i = 0; i < N; i++) {
        snprintf(path[i], sizeof path[i], SV_SOURCE_DIR "/examples/levers/%s.yaml", names[i]);
        sv_scenario *s = read_good(path[i], NULL, 0);
        assert_string_equal(s->path, path[i]);
        lines once = lines_of(s);
        sv_scenario *again = parse(once.text, NULL, 0);
        lines twice = lines_of(again);
        assert_string_equal(once.text, twice.text);
        free(once.text);
        free(twice.text);
        sv_scenario_free(&again);
        sv_scenario_free(&s);
    }
    for (int32_t i = 0; i < N; i++)
        for (int32_t k = 0; k < i; k++) {
            const char *const both[] = {path[i], path[k]};
            sv_scenario *s = NULL;
            sv_status status = sv_scenario_read_lever(&s, winter, NULL, 0, both, 2, NULL);
            n_pair += status == SV_OK;
            sv_scenario_free(&s);
        }
    assert_int_equal(n_pair, N * (N - 1) / 2); /* fund and shelters share sites: each is added once */
    const char *const fund[] = {path[7]}, *const no_sum[] = {path[2], path[4]};
    sv_scenario *s = NULL;
    assert_int_equal(sv_scenario_read_lever(&s, winter, NULL, 0, no_sum, 2, NULL), SV_OK);
    assert_true(isnan(sv_scenario_cost_eur(s))); /* a layer of cover names no cost */
    sv_scenario_free(&s);
    assert_int_equal(sv_scenario_read_lever(&s, winter, NULL, 0, fund, 1, NULL), SV_OK);
    assert_true(sv_scenario_cost_eur(s) == 500e6);
    sv_scenario_free(&s);
    const char *const sites[] = {path[7], path[3]};
    assert_int_equal(sv_scenario_read_lever(&s, winter, NULL, 0, sites, 2, NULL), SV_OK);
    assert_int_equal(s->season.waves.shelter_at[2].n, 60); /* the 20 are among them */
    sv_scenario_free(&s);
}

static void test_memory(void **state)
{
    (void)state;
    write_file("levers/a.yaml",
               "base: ../base.yaml\ncost: 1 EUR\nadd: {cover: {rear: 1 %}, shelters: {at: {level_2: [A]}}}\n");
    write_file("levers/b.yaml",
               "base: ../base.yaml\ncost: {x: 1 EUR}\nadd: {cover: {rear: 1 %}, peace: [{where: x}]}\n");
    int64_t n_fail = 0;
    for (int64_t k = 1;; k++) {
        sv_scenario *s = NULL;
        sv_error err = {0};
        sv_arena_fail_at(k);
        sv_status status = combine(&s, "levers/a.yaml", "levers/b.yaml", NULL, 0, &err);
        sv_arena_fail_at(0);
        assert_int_equal(s != NULL, status == SV_OK);
        sv_scenario_free(&s);
        if (status == SV_OK)
            break;
        assert_int_equal(status, SV_ENOMEM);
        assert_string_equal(err.text, "out of memory for a scenario");
        n_fail++;
    }
    assert_true(n_fail > 10);
    for (int64_t k = 1;; k++) {
        sv_scenario *s = NULL;
        sv_arena_fail_at(k);
        sv_status status = sv_scenario_read(&s, "levers/a.yaml", NULL, 0, NULL);
        sv_arena_fail_at(0);
        assert_int_equal(s != NULL, status == SV_OK);
        sv_scenario_free(&s);
        if (status == SV_OK)
            break;
        assert_int_equal(status, SV_ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_lever), cmocka_unit_test(test_other_bases), cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_conflicts),  cmocka_unit_test(test_long_names),  cmocka_unit_test(test_examples),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, enter, NULL);
}
