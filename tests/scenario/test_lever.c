/* Levers: what they change, add and cost, in any order; and every mistake in them with its sentence. */
#include "scenario/parse.h"

#include <math.h>
#include <unistd.h>

static const char base_text[] = "name: Base\ngrid: g\nseason: {from: 2026-11-01, to: 2027-03-31}\n"
                                "cover: {rear: 75 %, saturates_at: never}\nspares: {autotransformer: 14}\n"
                                "imports: {limit: 2.1 GW}\nwaves: {dates: [2026-12-05, 2026-12-01]}\n"
                                "shelters: {at: {level_2: [S9, S1]}}\npeace: [{from: 2027-02-01, to: 2027-02-03}]\n";

/* Go to an empty folder, so that messages have short paths. */
static void enter_folder(const char *name)
{
    char command[2000], path[900];
    snprintf(path, sizeof path, SV_BINARY_DIR "/tests/%s", name);
    snprintf(command, sizeof command, "rm -rf '%s' && mkdir -p '%s/levers'", path, path);
    assert_int_equal(system(command), 0);
    assert_int_equal(chdir(path), 0);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
}

static sv_scenario *read_good(const char *path, const char *const *set, int32_t n_set)
{
    sv_scenario *s = NULL;
    sv_error err = {0};
    assert_int_equal(sv_scenario_read(&s, path, set, n_set, &err), SV_OK);
    assert_string_equal(err.text, "");
    return s;
}

static void refuse_file(const char *path, const char *sentence)
{
    sv_scenario *s = NULL;
    sv_error err = {0};
    assert_int_equal(sv_scenario_read(&s, path, NULL, 0, &err), SV_EUSAGE);
    assert_string_equal(err.text, sentence);
    assert_null(s);
    assert_int_equal(sv_scenario_read(&s, path, NULL, 0, NULL), SV_EUSAGE);
}

/* A lever of base.yaml in levers/a.yaml with this text. */
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

static sv_status combine(sv_scenario **s, const char *a, const char *b, const char *const *set, int32_t n_set,
                         sv_error *err)
{
    const char *const paths[] = {a, b};
    return sv_scenario_read_lever(s, "base.yaml", set, n_set, paths, b != NULL ? 2 : 1, err);
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

/* Settings without the name. */
static lines settings_of(sv_scenario *s)
{
    s->name = "x";
    return lines_of(s);
}

static void assert_same_settings(sv_scenario *a, sv_scenario *b)
{
    lines x = settings_of(a), y = settings_of(b);
    assert_string_equal(x.text, y.text);
    free(x.text);
    free(y.text);
}

static int enter(void **state)
{
    (void)state;
    enter_folder("lever");
    write_file("base.yaml", base_text);
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
        {"add: {shelters: {at: {level_2: [S3, S1]}}}\n",
         "levers/a.yaml:2:37: shelters.at.level_2 has 'S1' twice; accepted: each site once"},
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

static void test_other_bases(void **state)
{
    (void)state;
    write_file("other.yaml", "grid: g\n");
    write_file("levers/o.yaml", "base: ../other.yaml\n");
    write_file("levers/a.yaml", "base: ../base.yaml\n");
    refuse_pair("levers/o.yaml", NULL,
                "levers/o.yaml:1:7: base is '../other.yaml'; accepted: a lever of base.yaml, which is compared");
    refuse_pair("levers/a.yaml", "levers/o.yaml",
                "levers/o.yaml:1:7: base is '../other.yaml'; accepted: a lever of base.yaml, which is compared");
    write_file("levers/o.yaml", "base: ../none.yaml\n");
    refuse_pair("levers/o.yaml", NULL,
                "levers/o.yaml:1:7: base is '../none.yaml'; accepted: a lever of base.yaml, which is compared");
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
    write_file("levers/o.yaml", "base: ../../lever/./link.yaml\n");
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

/* Two levers, in both orders, are one and the same. */
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

/* The bundled levers of the winter, alone and in pairs; what is written of them reads back. */
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
    assert_true(n_pair >= 27);
    const char *const fund[] = {path[7]};
    sv_scenario *s = NULL;
    assert_int_equal(sv_scenario_read_lever(&s, winter, NULL, 0, fund, 1, NULL), SV_OK);
    assert_true(sv_scenario_cost_eur(s) == 500e6);
    sv_scenario_free(&s);
}

/* Each allocation of an arena fails in turn. */
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
        cmocka_unit_test(test_base_then_lever), cmocka_unit_test(test_read_lever), cmocka_unit_test(test_add),
        cmocka_unit_test(test_add_is_decimal),  cmocka_unit_test(test_cost),       cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_full_lists),      cmocka_unit_test(test_bases),      cmocka_unit_test(test_other_bases),
        cmocka_unit_test(test_pairs),           cmocka_unit_test(test_conflicts),  cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_examples),        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, enter, NULL);
}
