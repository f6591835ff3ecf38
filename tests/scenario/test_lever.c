/* A lever: what it changes, adds and costs over its base; and every mistake in one with its sentence. */
#include "scenario/folder.h"

#include <math.h>

static void refuse_file(const char *path, const char *sentence)
{
    sv_scenario *s = NULL;
    sv_error err = {0};
    assert_int_equal(sv_scenario_read(&s, path, NULL, 0, &err), SV_EUSAGE);
    assert_string_equal(err.text, sentence);
    assert_null(s);
    assert_int_equal(sv_scenario_read(&s, path, NULL, 0, NULL), SV_EUSAGE);
}

static sv_scenario *lever(const char *text)
{
    char all[4000];
    snprintf(all, sizeof all, "base: ../base.yaml\n%s", text);
    write_file("levers/a.yaml", all);
    return read_good("levers/a.yaml", NULL, 0);
}

static void refuse_lever(const char *text, const char *sentence)
{
    char all[4000];
    snprintf(all, sizeof all, "base: ../base.yaml\n%s", text);
    write_file("levers/a.yaml", all);
    refuse_file("levers/a.yaml", sentence);
}

static int enter(void **state)
{
    (void)state;
    enter_base("lever");
    return 0;
}

static void test_base_then_lever(void **state)
{
    (void)state;
    sv_scenario *s = lever("cover: {rear: 80 %}\ncrews.extra: 4\nceasefire: {from: 2027-01-01}\n");
    assert_string_equal(s->name, "a");
    assert_string_equal(s->path, "levers/a.yaml");
    assert_string_equal(s->base_path, "levers/../base.yaml");
    assert_string_equal(s->grid_path, "levers/../g");
    assert_true(s->season.waves.cover[SV_ZONE_REAR] == 0.8 && s->season.repair.crews_extra == 4);
    assert_true(s->season.waves.ceasefire_h == sv_hour_from_date(2027, 1, 1, 0));
    assert_int_equal(s->season.n_h, 3624);
    assert_int_equal(s->season.repair.spares[SV_UNIT_AUTOTRANSFORMER], 14);
    assert_int_equal(s->n_cost, 0);
    assert_true(isnan(sv_scenario_cost_eur(s)));
    sv_scenario_free(&s);
    s = lever("name: Its own\n");
    assert_string_equal(s->name, "Its own");
    sv_scenario *base = read_good("base.yaml", NULL, 0), *again = NULL;
    assert_null(base->base_path);
    assert_string_equal(base->name, "Base");
    assert_string_equal(base->grid_path, "g");
    base->grid_path = s->grid_path;
    assert_same_settings(s, base); /* a lever that changes nothing */
    sv_scenario_free(&base);
    static const char text[] = "base: ../base.yaml\nname: Its own\n";
    assert_int_equal(sv_scenario_parse(&again, "levers/x.yaml", text, strlen(text), NULL, 0, NULL), SV_OK);
    assert_string_equal(again->path, "levers/x.yaml");
    assert_same_settings(s, again);
    sv_scenario_free(&again);
    sv_scenario_free(&s);
    const char *const set[] = {"cover.rear=50 %", "grid=elsewhere", "name=Set"}; /* overrides come last */
    s = read_good("levers/a.yaml", set, 3);
    assert_true(s->season.waves.cover[SV_ZONE_REAR] == 0.5);
    assert_string_equal(s->grid_path, "elsewhere");
    assert_string_equal(s->name, "Set");
    sv_scenario_free(&s);
}

static void test_add(void **state)
{
    (void)state;
    sv_scenario *s =
        lever("add:\n  spares: {autotransformer: 12, transformer: -3}\n  cover.rear: 10 %\n"
              "  imports: {limit: 1 GW}\n  waves: {dates: [2026-11-20, 2026-11-10 05:00], rate: 1 per day}\n"
              "  shelters: {at: {level_2: [S5, S3], level_3: [S7]}}\n"
              "  peace: [{from: 2027-03-01}, {to: 2026-11-02}]\nadd.crews.shift: -2 h\n"
              "add.weather: {colder_by: 1.5 K}\n");
    const sv_wave_settings *w = &s->season.waves;
    assert_int_equal(s->season.repair.spares[SV_UNIT_AUTOTRANSFORMER], 26);
    assert_int_equal(s->season.repair.spares[SV_UNIT_TRANSFORMER], 17);
    assert_true(w->cover[SV_ZONE_REAR] == 0.85);
    assert_true(s->season.import_limit_mw == 3100.0);
    assert_true(w->rate_per_week == 7.0 && s->season.repair.shift_h == 10.0 && s->season.colder_by_c == 1.5);
    assert_int_equal(w->n_date, 4); /* its own as they were, those added in order */
    assert_true(w->date_h[0] == sv_hour_from_date(2026, 12, 5, 0) && w->date_h[1] == sv_hour_from_date(2026, 12, 1, 0));
    assert_true(w->date_h[2] == sv_hour_from_date(2026, 11, 10, 5) &&
                w->date_h[3] == sv_hour_from_date(2026, 11, 20, 0));
    static const char *const ids[] = {"S9", "S1", "S3", "S5"};
    assert_int_equal(w->shelter_at[2].n, 4);
    for (int32_t i = 0; i < 4; i++)
        assert_string_equal(w->shelter_at[2].id[i], ids[i]);
    assert_int_equal(w->shelter_at[3].n, 1);
    assert_string_equal(w->shelter_at[3].id[0], "S7");
    assert_int_equal(w->n_peace, 3);
    assert_true(w->peace[0].from_h == sv_hour_from_date(2027, 2, 1, 0));
    sv_scenario_free(&s);
    s = lever("add: {cover: {rear: 0 %}}\n"); /* nothing added: the same bits */
    assert_true(s->season.waves.cover[SV_ZONE_REAR] == 0.75);
    sv_scenario_free(&s);
    s = lever("cover: {layers: {rear: 2}}\nadd: {waves: {strikes: {nuclear: 0.1}}}\n"); /* adding clears nothing */
    assert_true(s->season.waves.strike_share[SV_SITE_THERMAL] == 0.3);
    assert_true(s->season.waves.strike_share[SV_SITE_NUCLEAR] == 0.1);
    assert_int_equal(s->season.waves.cover_layers[SV_ZONE_REAR], 2);
    sv_scenario_free(&s);
}

static void test_add_is_decimal(void **state)
{
    (void)state;
    const char *const set[] = {"cover.rear=70 %"};
    sv_scenario *s = lever("add: {cover: {rear: 10 %}}\n");
    sv_scenario_free(&s);
    assert_int_equal(combine(&s, "levers/a.yaml", NULL, set, 1, NULL), SV_OK);
    assert_true(s->season.waves.cover[SV_ZONE_REAR] == 0.8); /* not 0.7999999999999999 */
    sv_scenario_free(&s);
}

static void test_cost(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double eur;
    } good[] = {{"cost: 72 M EUR\n", 72e6},
                {"cost: 1.1 M EUR\n", 1.1e6},
                {"cost: 300 k EUR\n", 300e3},
                {"cost: 12 EUR\n", 12.0},
                {"cost: 1000 bn EUR\n", 1e12},
                {"cost: 0 EUR\n", 0.0},
                {"cost: {20 shelters: 55 M EUR, \"planning, tests\": 1.5 M EUR}\n", 56.5e6}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        sv_scenario *s = lever(good[i].text);
        assert_true(sv_scenario_cost_eur(s) == good[i].eur);
        if (s->n_cost == 2) {
            assert_string_equal(s->cost[0].what, "20 shelters");
            assert_string_equal(s->cost[1].what, "planning, tests");
        } else {
            assert_int_equal(s->n_cost, 1);
            assert_null(s->cost[0].what);
        }
        sv_scenario_free(&s);
    }
#define AMOUNT "; accepted: 0 to 1000000 M EUR (also EUR, k EUR, bn EUR)"
#define OR_MAP AMOUNT ", or a map of what is bought, as {20 shelters: 55 M EUR}"
    refuse_lever("cost: 72 M USD\n", "levers/a.yaml:2:7: cost is '72 M USD', in another unit" OR_MAP);
    refuse_lever("cost: 72\n", "levers/a.yaml:2:7: cost is '72', without a unit" OR_MAP);
    refuse_lever("cost: much\n", "levers/a.yaml:2:7: cost is 'much', not a number" OR_MAP);
    refuse_lever("cost: -1 EUR\n", "levers/a.yaml:2:7: cost is '-1 EUR', out of range" OR_MAP);
    refuse_lever("cost: 1001 bn EUR\n", "levers/a.yaml:2:7: cost is '1001 bn EUR', out of range" OR_MAP);
    refuse_lever("cost:\n", "levers/a.yaml:2:1: cost has no value" OR_MAP);
    refuse_lever("cost: [1 EUR]\n", "levers/a.yaml:2:7: cost is a list or map" OR_MAP);
    refuse_lever("cost: {}\n", "levers/a.yaml:2:7: cost is a map of 0 items; accepted: 1 to 100");
    refuse_lever("cost: {a: 1 EUR, b: {c: 1 EUR}}\n", "levers/a.yaml:2:21: cost of b is a list or map" AMOUNT);
    refuse_lever("cost: {a: 1 EUR, b: 2}\n", "levers/a.yaml:2:21: cost of b is '2', without a unit" AMOUNT);
    refuse_lever("cost: {a: 1 EUR, a: 2 EUR}\n",
                 "levers/a.yaml:2:18: key 'a' stands here a second time (first in line 2)");
    char text[3000] = "cost: {", long_key[300], sentence[500];
    for (int i = 0; i < 101; i++)
        sprintf(text + strlen(text), "%d: 1 EUR, ", i);
    strcat(text, "}\n");
    refuse_lever(text, "levers/a.yaml:2:7: cost is a map of 101 items; accepted: 1 to 100");
    memset(long_key, 'x', 201);
    strcpy(long_key + 201, "");
    sprintf(text, "cost: {%s: 1 EUR}\n", long_key);
    sprintf(sentence, "levers/a.yaml:2:8: cost has '%.48s...', too long; accepted: at most 200 bytes", long_key);
    refuse_lever(text, sentence);
}

static void test_mistakes(void **state)
{
    (void)state;
#define NOT_FOR                                                                                                        \
    " is not for a lever, which runs over the winters of its base; accepted: all keys but grid, season and study"
    static const struct {
        const char *text, *sentence;
    } table[] = {
        {"grid: x\n", "levers/a.yaml:2:1: grid" NOT_FOR},
        {"season: {to: 2027-01-01}\n", "levers/a.yaml:2:1: season" NOT_FOR},
        {"study.seed: 2\n", "levers/a.yaml:2:1: study.seed" NOT_FOR},
        {"add: {study: {seasons: 2}}\n", "levers/a.yaml:2:7: study" NOT_FOR},
        {"add: {study.seasons: 2}\n", "levers/a.yaml:2:7: study.seasons" NOT_FOR},
        {"covr: {rear: 1 %}\n", "levers/a.yaml:2:1: unknown key 'covr'; did you mean 'cover'?"},
        {"add: {covr: {rear: 1 %}}\n", "levers/a.yaml:2:7: unknown key 'covr'; did you mean 'cover'?"},
        {"cots: 3 M EUR\n", "levers/a.yaml:2:1: unknown key 'cots'; did you mean 'cost'?"},
        {"no-such-key: 1\n",
         "levers/a.yaml:2:1: unknown key 'no-such-key'; accepted: base, add, cost, name, grid, network, outages, "
         "season, "
         "study, demand, weather, imports, harm, waves, cover, shelters, damage, ceasefire, peace, crews, repair, "
         "spares, delivery, shipments"},
        {"waves: {strikes: {}}\n", "levers/a.yaml:2:18: waves.strikes are all 0; accepted: at least one class above 0 "
                                   "(waves.rate: 0 per week for none)"},
        {"waves.strikes: {hydro: 0}\n", "levers/a.yaml:2:24: waves.strikes are all 0; accepted: at least one class "
                                        "above 0 (waves.rate: 0 per week for none)"},
        {"shipments: {hydro: {arrives: never}}\n", "levers/a.yaml:2:30: shipments.hydro.count is 2 and the shipment "
                                                   "never arrives; accepted: shipments.hydro.arrives with it"},
        {"add:\n", "levers/a.yaml:2:1: add has no value; accepted: a map, as {spares: {autotransformer: 12}}"},
        {"add: 3\n", "levers/a.yaml:2:6: add is one value; accepted: a map, as {spares: {autotransformer: 12}}"},
        {"add: [3]\n", "levers/a.yaml:2:6: add is a list; accepted: a map, as {spares: {autotransformer: 12}}"},
        {"add: {network: dc}\n", "levers/a.yaml:2:7: nothing can be added to network; accepted: numbers, counts and "
                                 "lists, or network as a key of the lever"},
        {"add: {name: x}\n", "levers/a.yaml:2:7: nothing can be added to name; accepted: numbers, counts and lists, or "
                             "name as a key of the lever"},
        {"add: {ceasefire: {from: 2027-01-01}}\n",
         "levers/a.yaml:2:19: nothing can be added to ceasefire.from; accepted: numbers, counts and lists, or "
         "ceasefire.from as a key of the lever"},
        {"add: {repair: {line: {spare_from: slight}}}\n",
         "levers/a.yaml:2:23: nothing can be added to repair.line.spare_from; accepted: numbers, counts and lists, or "
         "repair.line.spare_from as a key of the lever"},
        {"add: {imports: {limit: grid}}\n", "levers/a.yaml:2:24: imports.limit is 'grid', not a number; accepted to "
                                            "add: a number with its unit: MW, GW, kW"},
        {"add: {imports: {limit: 3}}\n", "levers/a.yaml:2:24: imports.limit is '3', without a unit; accepted to add: a "
                                         "number with its unit: MW, GW, kW"},
        {"add: {demand: {scale: 3 %}}\n",
         "levers/a.yaml:2:23: demand.scale is '3 %', not a plain number; accepted to add: a number"},
        {"add: {spares: {line: 1.5}}\n",
         "levers/a.yaml:2:22: spares.line is '1.5', not a whole number; accepted to add: a whole number"},
        {"add: {spares: {line: 99999999999999999999}}\n",
         "levers/a.yaml:2:22: spares.line is '99999999999999999999', out of range; accepted to add: a whole number"},
        {"add: {spares: {line: [1]}}\n",
         "levers/a.yaml:2:22: spares.line is a list; accepted: a whole number, 0 to 10000"},
        {"add: {cover: {rear: 30 %}}\n",
         "levers/a.yaml:2:21: cover.rear is 75 %, and 30 % added is 105 %, out of range; accepted: 0 to 100 %"},
        {"add: {spares: {autotransformer: -15}}\n",
         "levers/a.yaml:2:33: spares.autotransformer is 14, and -15 added is "
         "-1, out of range; accepted: a whole number, 0 to 10000"},
        {"add: {cover: {saturates_at: 5}}\n",
         "levers/a.yaml:2:29: cover.saturates_at is 'never', a word to which nothing can be added; accepted: add to a "
         "number, or set cover.saturates_at"},
        {"cover: {rear: 80 %}\nadd: {cover: {rear: 1 %}}\n",
         "levers/a.yaml:3:15: cover.rear is set and added to in one lever (line 2); accepted: one of them"},
        {"add: {cover: {rear: 1 %}}\ncover: {rear: 80 %}\n",
         "levers/a.yaml:2:15: cover.rear is set and added to in one lever (line 3); accepted: one of them"},
        {"waves: {strikes: {thermal: 1}}\nadd: {waves: {strikes: {hydro: 1}}}\n",
         "levers/a.yaml:3:25: waves.strikes.hydro is set and added to in one lever (line 2); accepted: one of them"},
        {"add: {cover: {rear: 1 %}}\nadd.cover.rear: 2 %\n",
         "levers/a.yaml:3:1: key 'cover.rear' is set a second time (first in line 2)"},
        {"add: {waves: {dates: [2026-12-01]}}\n",
         "levers/a.yaml:2:23: waves.dates has 2026-12-01 twice; accepted: one wave an hour"},
        {"add: {shelters: {at: {level_2: [S3, S1, S3]}}}\n",
         "levers/a.yaml:2:41: shelters.at.level_2 has 'S3' twice; accepted: each site once"},
        {"damage: {line: {slight: 50 %}}\n",
         "levers/a.yaml:2:25: damage.line sums to 50 % over its states; accepted: 100 %"},
        {"add: {damage: {line: {slight: 5 %}}}\n",
         "levers/a.yaml:2:31: damage.line sums to 105 % over its states; accepted: 100 %"},
        {"shipments: {line: {count: 3}}\n", "levers/a.yaml:2:27: shipments.line.count is 3 and the shipment never "
                                            "arrives; accepted: shipments.line.arrives with it"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        refuse_lever(table[i].text, table[i].sentence);
}

static void test_full_lists(void **state)
{
    (void)state;
    char text[4000] = "add: {peace: [";
    for (int i = 0; i < 16; i++)
        strcat(text, "{}, ");
    strcat(text, "]}\n");
    refuse_lever(text, "levers/a.yaml:2:14: peace has 17 windows with those added; accepted: at most 16");
    strcpy(text, "add: {waves: {dates: [");
    for (int i = 0; i < 199; i++)
        sprintf(text + strlen(text), "2025-%02d-%02d, ", 1 + i / 28, 1 + i % 28);
    strcat(text, "]}}\n");
    refuse_lever(text, "levers/a.yaml:2:22: waves.dates has 201 dates with those added; accepted: at most 200");
    char *big = malloc(1 << 17);
    assert_non_null(big);
    char *at = big + sprintf(big, "base: ../base.yaml\nadd: {shelters: {at: {level_2: [");
    for (int i = 0; i < 4999; i++)
        at += sprintf(at, "T%04d, ", i);
    strcpy(at, "]}}}\n");
    write_file("levers/a.yaml", big);
    refuse_file("levers/a.yaml",
                "levers/a.yaml:2:32: shelters.at.level_2 has 5001 ids with those added; accepted: at most 5000");
    free(big);
}

static void test_bases(void **state)
{
    (void)state;
    write_file("levers/a.yaml", "name: x\nbase: none.yaml\n");
    refuse_file("levers/a.yaml", "levers/a.yaml:2:7: base is 'none.yaml', which cannot be read: No such file or "
                                 "directory; accepted: a scenario, seen from the lever's folder");
    write_file("levers/a.yaml", "base: ..\n");
    refuse_file("levers/a.yaml", "levers/a.yaml:1:7: base is '..', which cannot be read: Is a directory; accepted: a "
                                 "scenario, seen from the lever's folder");
    write_file("levers/a.yaml", "base: [x]\n");
    refuse_file("levers/a.yaml", "levers/a.yaml:1:7: base is a list; accepted: the path of a scenario, seen from the "
                                 "lever's folder");
    write_file("levers/a.yaml", "base: {x: y}\n");
    refuse_file("levers/a.yaml", "levers/a.yaml:1:7: base is a map; accepted: the path of a scenario, seen from the "
                                 "lever's folder");
    write_file("levers/a.yaml", "base:\n");
    refuse_file("levers/a.yaml", "levers/a.yaml:1:1: base has no value; accepted: the path of a scenario, seen from "
                                 "the lever's folder");
    write_file("levers/b.yaml", "base: ../base.yaml\n");
    write_file("levers/a.yaml", "base: b.yaml\n");
    refuse_file("levers/a.yaml",
                "levers/a.yaml:1:7: base is 'b.yaml', which is a lever itself; accepted: a whole scenario");
    write_file("levers/a.yaml", "base: a.yaml\n"); /* of itself */
    refuse_file("levers/a.yaml",
                "levers/a.yaml:1:7: base is 'a.yaml', which is a lever itself; accepted: a whole scenario");
    /* What is wrong in the base is told of the base. */
    write_file("levers/a.yaml", "base: bad.yaml\nname: x\n");
    write_file("levers/bad.yaml", "grid: g\ncover: {rear: 2}\n");
    refuse_file("levers/a.yaml", "levers/bad.yaml:2:15: cover.rear is '2', without a unit; accepted: 0 to 100 %");
    write_file("levers/bad.yaml", "grid: g\ndamage: {line: {slight: 50 %}}\n");
    refuse_file("levers/a.yaml", "levers/bad.yaml:2:25: damage.line sums to 50 % over its states; accepted: 100 %");
    write_file("levers/bad.yaml", "grid: g\nseason: {from: 2026-11-01}\n");
    refuse_file("levers/a.yaml", "levers/bad.yaml:2:16: season.from stands without an end; accepted: season.to or "
                                 "season.hours with it");
    write_file("levers/bad.yaml", "shipments: {line: {count: 3}}\n");
    refuse_file("levers/a.yaml", "levers/bad.yaml:1:27: shipments.line.count is 3 and the shipment never arrives; "
                                 "accepted: shipments.line.arrives with it");
    write_file("levers/bad.yaml", "[");
    sv_error err = {0};
    sv_scenario *s = NULL;
    assert_int_equal(sv_scenario_read(&s, "levers/a.yaml", NULL, 0, &err), SV_EUSAGE);
    assert_int_equal(strncmp(err.text, "levers/bad.yaml:", 16), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_then_lever), cmocka_unit_test(test_add),
        cmocka_unit_test(test_add_is_decimal),  cmocka_unit_test(test_cost),
        cmocka_unit_test(test_mistakes),        cmocka_unit_test(test_full_lists),
        cmocka_unit_test(test_bases),
    };
    return cmocka_run_group_tests(tests, enter, NULL);
}
