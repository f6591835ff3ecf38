/* Good scenarios: what a text becomes, defaults, units, overrides, and the way there and back. */
#include "scenario/parse.h"

#include <float.h>

static void test_defaults(void **state)
{
    (void)state;
    sv_scenario *s = parse("grid: g\n", NULL, 0);
    sv_season_settings expected = sv_season_defaults();
    assert_memory_equal(&s->season, &expected, sizeof expected); /* copied as a whole, padding too */
    assert_string_equal(s->name, "a");
    assert_string_equal(s->path, "a.yaml");
    assert_string_equal(s->grid_path, "g");
    assert_false(s->has_season);
    assert_int_equal(s->study.n_season, 1000);
    assert_int_equal(s->study.seed, 1);
    assert_int_equal(s->study.n_thread, 0);
    assert_true(s->study.until == 0.0);
    sv_scenario_free(&s);
    assert_null(s);
    sv_scenario_free(&s); /* NULL is fine */
    s = parse("name: x\n", NULL, 0);
    assert_null(s->grid_path);
    sv_scenario_free(&s);
}

/* One setting from `key: value`. */
static double number(const char *line, size_t offset)
{
    sv_scenario *s = parse(line, NULL, 0);
    double value = *(const double *)((const char *)&s->season + offset);
    sv_scenario_free(&s);
    return value;
}

#define NUMBER(line, field) number(line, offsetof(sv_season_settings, field))

/* Equal bits: powers of ten are moved in the text, so no unit of them costs a rounding. */
static void test_units(void **state)
{
    (void)state;
    assert_true(NUMBER("demand.per_degree_cold: 1.7 %", per_degree_cold) == 0.017);
    assert_true(NUMBER("demand.per_degree_cold: 1.7%", per_degree_cold) == 0.017);
    assert_true(NUMBER("demand.per_degree_cold: -.5e1 %", per_degree_cold) == -0.05);
    assert_true(NUMBER("waves.revisit: 7 %", waves.revisit) == 0.07);
    assert_true(NUMBER("waves.revisit: 0100 %", waves.revisit) == 1.0); /* decimal whatever YAML 1.1 thinks */
    assert_true(NUMBER("imports.limit: 2.1 GW", import_limit_mw) == 2100.0);
    assert_true(NUMBER("imports.limit: 2100 MW", import_limit_mw) == 2100.0);
    assert_true(NUMBER("imports.limit: 2100000 kW", import_limit_mw) == 2100.0);
    assert_true(NUMBER("imports.limit: 0 MW", import_limit_mw) == 0.0);
    assert_true(NUMBER("imports.limit: grid", import_limit_mw) == -1.0);
    assert_true(NUMBER("crews.shift: 0.5 d", repair.shift_h) == 12.0);
    assert_true(NUMBER("crews.inspection: 2 weeks", repair.inspection_h) == 336.0);
    assert_true(NUMBER("crews.inspection: 1 day", repair.inspection_h) == 24.0);
    assert_true(NUMBER("crews.inspection: '  3   h  '", repair.inspection_h) == 3.0);
    assert_true(NUMBER("weather.persistence: 36 h", cold_persistence_d) == 1.5);
    assert_true(NUMBER("weather.colder_by: -2.5 \xC2\xB0"
                       "C",
                       colder_by_c) == -2.5);
    assert_true(NUMBER("crews.speed: 10 m/s", repair.speed_km_per_h) == 36.0);
    assert_true(NUMBER("waves.rate: 0.6 per week", waves.rate_per_week) == 0.6);
    assert_true(NUMBER("waves.rate: 2   per  day", waves.rate_per_week) == 14.0);
    assert_true(NUMBER("waves.rate: 30 per month", waves.rate_per_week) == 30.0 * (7.0 / 30.0));
    assert_true(NUMBER("waves.trend: +15 % per month", waves.trend_per_month) == 0.15);
    assert_true(NUMBER("waves.trend: +15% per month", waves.trend_per_month) == 0.15);
    assert_true(NUMBER("demand.people: 1900 per MW", people_per_mw) == 1900.0);
    assert_true(NUMBER("demand.people: 1900000 per GW", people_per_mw) == 1900.0);
    assert_true(NUMBER("delivery.transformer: 40 weeks", repair.delivery_weeks[SV_UNIT_TRANSFORMER]) == 40.0);
    assert_true(NUMBER("delivery.transformer: never", repair.delivery_weeks[SV_UNIT_TRANSFORMER]) == 0.0);
    assert_true(NUMBER("cover.saturates_at: never", waves.saturates_at) == 0.0);
    assert_true(NUMBER("shelters: {let_through: {level_3: 12 %}}", waves.shelter_pass[3]) == 0.12);
    assert_true(NUMBER("cover: {rear: 70 %}", waves.cover[SV_ZONE_REAR]) == 0.7);
    assert_true(NUMBER("demand: {scale_of: {industry: 0.5}}", demand_class_scale[SV_INDUSTRY]) == 0.5);
    assert_true(NUMBER("harm: {critical: 50}", weight[SV_CRITICAL]) == 50.0);
    assert_true(NUMBER("repair: {line: {complete: 5 d}}", repair.unit[SV_UNIT_LINE].work_h[SV_COMPLETE]) == 120.0);
}

/* The scenario of the design, with the names that it got, block and flow style mixed. */
static void test_whole(void **state)
{
    (void)state;
    sv_scenario *s = parse("# a plan\n"
                           "name: A winter under attack\n"
                           "grid: country-300\n"
                           "season: {from: 2026-11-01, to: 2027-03-31}\n"
                           "network: none\r\n"
                           "outages: on\n"
                           "waves:\n"
                           "  dates: [2026-11-12, 2026-12-01 05:00]\n"
                           "  size: {median: 80, spread: 0.6}\n"
                           "  strikes: {thermal: 3}\n"
                           "damage:\n"
                           "  autotransformer: {slight: 40 %, complete: 60 %}\n"
                           "peace:\n"
                           "- from: 2027-01-01\n"
                           "- {to: 2026-12-31, kind: energy, where: [front, \"R 12\"], kept: 90 %}\n"
                           "- {from: 2027-02-01 06:00, to: 2027-02-01 18:00, where: rear}\n"
                           "repair: {line: {spare_from: complete, crews: 2}}\n"
                           "spares: {autotransformer: 14}\n"
                           "shipments: {autotransformer: {count: 6, arrives: 2027-01-15}}\n"
                           "study: {seasons: 10000000, seed: 9223372036854775807, until: 1 %}\n",
                           NULL, 0);
    const sv_wave_settings *waves = &s->season.waves;
    assert_string_equal(s->name, "A winter under attack");
    assert_true(s->has_season);
    assert_int_equal(s->season.t0_h, sv_hour_from_date(2026, 11, 1, 0));
    assert_int_equal(s->season.n_h, 3624);
    assert_false(s->season.network);
    assert_true(s->season.outages);
    assert_int_equal(waves->n_date, 2);
    assert_int_equal(waves->date_h[1], sv_hour_from_date(2026, 12, 1, 5));
    assert_true(waves->strike_share[SV_SITE_THERMAL] == 3.0);
    assert_true(waves->strike_share[SV_SITE_SUBSTATION] == 0.0); /* not listed */
    assert_true(waves->damage[SV_UNIT_AUTOTRANSFORMER][SV_SLIGHT] == 0.4);
    assert_true(waves->damage[SV_UNIT_AUTOTRANSFORMER][SV_MODERATE] == 0.0);
    assert_true(waves->damage[SV_UNIT_LINE][SV_MODERATE] == sv_wave_defaults().damage[SV_UNIT_LINE][SV_MODERATE]);
    assert_int_equal(waves->n_peace, 3);
    assert_int_equal(waves->peace[0].kind, SV_PEACE_FULL);
    assert_int_equal(waves->peace[0].to_h, INT64_MAX);
    assert_true(waves->peace[0].kept == 1.0);
    assert_int_equal(waves->peace[1].from_h, INT64_MIN);
    assert_int_equal(waves->peace[1].to_h, sv_hour_from_date(2027, 1, 1, 0)); /* the last day included */
    assert_int_equal(waves->peace[1].kind, SV_PEACE_ENERGY);
    assert_int_equal(waves->peace[1].n_where, 2);
    assert_string_equal(waves->peace[1].where[1], "R 12");
    assert_true(waves->peace[1].kept == 0.9);
    assert_int_equal(waves->peace[2].to_h - waves->peace[2].from_h, 12);
    assert_string_equal(waves->peace[2].where[0], "rear");
    assert_int_equal(s->season.repair.unit[SV_UNIT_LINE].spare_from, SV_COMPLETE);
    assert_int_equal(s->season.repair.unit[SV_UNIT_LINE].crews, 2);
    assert_int_equal(s->season.repair.spares[SV_UNIT_AUTOTRANSFORMER], 14);
    assert_int_equal(s->season.repair.spares[SV_UNIT_TRANSFORMER],
                     sv_repair_defaults().spares[SV_UNIT_TRANSFORMER]); /* a map names what it changes */
    assert_int_equal(s->season.repair.shipment_count[SV_UNIT_AUTOTRANSFORMER], 6);
    assert_int_equal(s->season.repair.shipment_h[SV_UNIT_AUTOTRANSFORMER], sv_hour_from_date(2027, 1, 15, 0));
    assert_int_equal(s->study.n_season, 10000000);
    assert_true(s->study.seed == (uint64_t)INT64_MAX);
    assert_true(s->study.until == 0.01);
    sv_scenario_free(&s);
}

static void test_season(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t n_h;
    } table[] = {
        {"season: {from: 2026-11-01, to: 2026-11-01}", 24}, /* the last day included */
        {"season: {from: 2026-11-01 06:00, to: 2026-11-01 07:00}", 1},
        {"season: {from: 2026-11-01, hours: 8736 h}", 8736},
        {"season: {from: 2026-11-01, hours: 52 weeks}", 8736},
        {"season: {from: 2020-01-01, to: 2020-12-31}", 8784},
        {"season: {from: 2026-11-01, to: grid, hours: 1 d}", 24},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        sv_scenario *s = parse(table[i].text, NULL, 0);
        assert_true(s->has_season);
        assert_int_equal(s->season.n_h, table[i].n_h);
        sv_scenario_free(&s);
    }
    const char *set[] = {"season.hours=48 h", "season.to=2026-11-10", "season.hours=5 d"};
    const int64_t expected[] = {72, 48, 240, 120}; /* of two spellings the later one counts */
    for (int32_t n = 0; n <= 3; n++) {
        sv_scenario *s = parse("season: {from: 2026-11-01, to: 2026-11-03}", set, n);
        assert_int_equal(s->season.n_h, expected[n]);
        sv_scenario_free(&s);
    }
    const char *away = "season={from: grid, to: grid}";
    sv_scenario *s = parse("season: {from: 2026-11-01, to: 2026-11-03}", &away, 1);
    assert_false(s->has_season);
    sv_scenario_free(&s);
}

static void test_overrides(void **state)
{
    (void)state;
    const char *set[] = {
        "demand.scale=1.1",
        "demand.scale=1.2",
        "waves={rate: 0.3 per week, strikes: {hydro: 1}}",
        "waves.strikes.thermal=2",
        "waves.dates=[2026-11-12]",
        "peace=[{from: 2027-01-01}]",
        "name=A: b # c",
        "damage.line={complete: 100 %}",
        "outages= on",
        "imports.limit=1 GW",
    };
    sv_scenario *s = parse("demand: {scale: 0.9, per_degree_cold: 1 %}\nwaves: {revisit: 10 %}\n", set,
                           (int32_t)(sizeof set / sizeof *set));
    const sv_wave_settings *waves = &s->season.waves;
    assert_true(s->season.demand_scale == 1.2); /* the later one */
    assert_true(s->season.per_degree_cold == 0.01);
    assert_true(waves->rate_per_week == 0.3);
    assert_true(waves->revisit == 0.1);
    assert_true(waves->strike_share[SV_SITE_HYDRO] == 1.0);
    assert_true(waves->strike_share[SV_SITE_SUBSTATION] == 0.0);
    assert_true(waves->strike_share[SV_SITE_THERMAL] == 2.0);
    assert_int_equal(waves->n_date, 1);
    assert_int_equal(waves->n_peace, 1);
    assert_string_equal(s->name, "A: b # c");
    assert_true(waves->damage[SV_UNIT_LINE][SV_COMPLETE] == 1.0);
    assert_true(s->season.outages);
    sv_scenario_free(&s);
    const char *quoted[] = {"name=\"it's\"", "peace=[]", "waves.dates=[]"};
    s = parse("name: x\npeace: [{from: 2027-01-01}]\nwaves: {dates: [2026-11-12]}\n", quoted, 3);
    assert_string_equal(s->name, "it's");
    assert_int_equal(s->season.waves.n_peace, 0);
    assert_int_equal(s->season.waves.n_date, 0);
    sv_scenario_free(&s);
}

/* Quotes, escapes and folds as YAML has them; of the second text libfyaml 0.7 alone would make three quotes. */
static void test_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
    } table[] = {
        {"name: 'it''s'\n", "it's"},
        {"name: '''''x'\n", "''x"},
        {"name: 'a''''b''''''c'\n", "a''b'''c"},
        {"name: ''\n", ""},
        {"name: ''''\n", "'"},
        {"name: ''''''''''''''''''''''''''\n", "''''''''''''"},
        {"{'name': ' a ', 'grid': 'g'}\n", " a "},
        {"name: '\xC3\xA9''\xC3\xA9' # word\n", "\xC3\xA9'\xC3\xA9"},
        {"name: \"a\\\"\\\\\\x41\\u00e9''\"\n", "a\"\\A\xC3\xA9''"},
        {"name: a\n  b\n  'c' \"d\"\n", "a b 'c' \"d\""},
        {"name: >-\n  a\n  b\n", "a b"},
        {"\xEF\xBB\xBF# mark\r\nname: 'x''''y'\r\n", "x''y"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        sv_scenario *s = parse(table[i].text, NULL, 0);
        assert_string_equal(s->name, table[i].name);
        sv_scenario_free(&s);
    }
    const char *set = "name='a''''b'";
    sv_scenario *s = parse("grid: g", &set, 1);
    assert_string_equal(s->name, "a''b");
    sv_scenario_free(&s);
}

/* Seen from the folder of the file; from the current one with --set. */
static void test_grid_path(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *set, *path;
    } table[] = {
        {"a.yaml", "grid: g", NULL, "g"},
        {"x/y/a.yaml", "grid: g", NULL, "x/y/g"},
        {"x/y/a.yaml", "grid: ../g.m", NULL, "x/y/../g.m"},
        {"/x/a.yaml", "grid: g", NULL, "/x/g"},
        {"/a.yaml", "grid: g", NULL, "/g"},
        {"x/a.yaml", "grid: /g", NULL, "/g"},
        {"x/a.yaml", "grid: g", "grid=h", "h"},
        {"x/a.yaml", "name: n", "grid=../h", "../h"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        sv_scenario *s = NULL;
        assert_int_equal(sv_scenario_parse(&s, table[i].name, table[i].text, strlen(table[i].text), &table[i].set,
                                           table[i].set != NULL, NULL),
                         SV_OK);
        assert_string_equal(s->grid_path, table[i].path);
        sv_scenario_free(&s);
    }
}

/* ---- there and back ---------------------------------------------------------------------------------- */

static const char everything[] =
    "name: \"A: winter, #1 \\\"quoted\\\" \\\\ \xC3\xA9\"\ngrid: \"dir/grid: 1\"\nnetwork: none\noutages: on\n"
    "season: {from: 2026-11-01 05:00, hours: 100 h}\nstudy: {seasons: 7, seed: 123456789012345678, until: 0.3 %}\n"
    "demand: {scale: 1.1, scale_of: {critical: 0.3, household: 1e-5, industry: 123.456}, people: 1900.5 per MW,\n"
    "         per_degree_cold: -1.7 %}\n"
    "weather: {colder_by: -3.3 C, spread: 4.1 C, persistence: 100 h}\nimports: {limit: 2.345 GW}\n"
    "harm: {critical: 0.1, household: 7, industry: 1e6}\n"
    "waves: {rate: 0.6 per day, dates: [2026-11-12, 2026-11-13 07:00], trend: -7 % per month,\n"
    "        size: {median: 81.5, spread: 0.7}, reach: 3.3 %, strikes: {substation: 1, nuclear: 0.001},\n"
    "        exposure: {rear: 0.1, front: 9}, revisit: 29 %, revisit_within: 7 h, further_units: 0.123456789}\n"
    "cover: {front: 57 %, rear: 7 %, saturates_at: never, layers: {rear: 3, front: 0}}\n"
    "shelters: {let_through: {level_1: 1 %, level_2: 0 %}, at: {level_1: [S3, S1, 'S: 2'], level_3: [\"\\\"\"]}}\n"
    "ceasefire: {from: 2027-03-01 06:00}\n"
    "damage: {hydro: {none: 12.5 %, slight: 50 %, complete: 37.5 %}, storage: {complete: 100 %}}\n"
    "peace: [{from: 2027-01-01, to: 2027-01-31, kind: energy, where: [front, 'R: 1'], kept: 58 %},\n"
    "        {to: 2027-02-01 07:00}, {}]\n"
    "crews: {per_region: 0, extra: 9, shift: 7.7 h, speed: 11 m/s, detour: 1.01, inspection: 1 d}\n"
    "repair: {dc_line: {slight: 1.1 h, moderate: 2.2 d, extensive: 3 weeks, complete: 1e6 h, spread: 5, crews: 12,\n"
    "                   spare_from: slight}}\n"
    "spares: {storage: 10000}\ndelivery: {line: 3 d, transformer: never, spread: 0.01}\n"
    "shipments: {storage: {count: 2, arrives: 2027-03-01 09:00}}\n";

/* The settings, written as YAML and read again, are the same settings, to the bit. */
static void test_round_trip(void **state)
{
    (void)state;
    const char *const texts[] = {everything, "grid: g\n", "name: ''\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sv_scenario *first = parse(texts[i], NULL, 0);
        lines once = lines_of(first);
        sv_scenario *second = parse(once.text, NULL, 0);
        lines twice = lines_of(second);
        assert_string_equal(once.text, twice.text);
        for (int32_t p = 0; p < first->season.waves.n_peace; p++) /* names are elsewhere, not other */
            for (int32_t k = 0; k < first->season.waves.peace[p].n_where; k++) {
                assert_string_equal(first->season.waves.peace[p].where[k], second->season.waves.peace[p].where[k]);
                first->season.waves.peace[p].where[k] = second->season.waves.peace[p].where[k] = NULL;
            }
        for (int32_t l = 0; l < SV_N_SHELTER; l++) {
            sv_names *a = &first->season.waves.shelter_at[l], *b = &second->season.waves.shelter_at[l];
            assert_int_equal(a->n, b->n);
            for (int32_t k = 0; k < a->n; k++)
                assert_string_equal(a->id[k], b->id[k]);
            a->id = b->id = NULL;
        }
        assert_memory_equal(&first->season, &second->season, sizeof first->season);
        assert_memory_equal(&first->study, &second->study, sizeof first->study);
        assert_string_equal(first->name, second->name);
        free(once.text);
        free(twice.text);
        sv_scenario_free(&first);
        sv_scenario_free(&second);
    }
}

static int count_lines(const char *text)
{
    int n = 0;
    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

/* Each line of the settings is an override of its own, whatever the scenario said before. */
static void test_each_setting_as_override(void **state)
{
    (void)state;
    sv_scenario *full = parse(everything, NULL, 0);
    lines all = lines_of(full);
    enum { MOST = 400 };
    char *set[MOST];
    int32_t n = 0;
    for (char *line = strtok(all.text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *colon = strstr(line, ": ");
        assert_non_null(colon);
        set[n] = malloc(strlen(line) + 1);
        assert_non_null(set[n]);
        sprintf(set[n], "%.*s=%s", (int)(colon - line), line, colon + 2);
        n++;
        assert_true(n < MOST);
    }
    sv_scenario *again = parse("name: other\n", (const char *const *)set, n);
    lines other = lines_of(again), expected = lines_of(full);
    assert_int_equal(count_lines(expected.text), n);
    assert_string_equal(other.text, expected.text);
    while (n > 0)
        free(set[--n]);
    free(all.text);
    free(other.text);
    free(expected.text);
    sv_scenario_free(&full);
    sv_scenario_free(&again);
}

/* Random doubles through a share, which is written in percent: every bit comes back. */
static void test_every_digit(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        sv_scenario *s = i == 0 ? parse("waves.revisit: 1 %", NULL, 0) : NULL;
        if (s == NULL)
            s = parse("grid: g", NULL, 0);
        sv_draw4 draw = sv_draw(1, 0, SV_DRAW_TEST, 0, i);
        s->season.waves.revisit = i % 3 == 0 ? draw.u[0] : i % 3 == 1 ? draw.u[0] * 1e-7 : (double)(i % 1000) / 1000.0;
        s->season.demand_scale = 0.001 + 999.0 * draw.u[1] * draw.u[2];
        double revisit = s->season.waves.revisit, scale = s->season.demand_scale;
        lines all = lines_of(s);
        sv_scenario_free(&s);
        s = parse(all.text, NULL, 0);
        assert_true(s->season.waves.revisit == revisit);
        assert_true(s->season.demand_scale == scale);
        sv_scenario_free(&s);
        free(all.text);
        if (i == 2000)
            i = 19000; /* enough; some late ones too */
    }
}

/* ---- the schema -------------------------------------------------------------------------------------- */

static void test_schema(void **state)
{
    (void)state;
    sv_schema *schema = NULL;
    assert_int_equal(sv_schema_new(&schema, NULL), SV_OK);
    sv_scenario *defaults = parse("grid: g\n", NULL, 0);
    lines all = lines_of(defaults);
    const char *at = all.text;
    for (int32_t i = 0; i < schema->n; i++) {
        const sv_setting_doc *doc = &schema->doc[i];
        assert_true(strlen(doc->key) < SV_KEY_TEXT && strlen(doc->help) > 0 && strlen(doc->range) > 0);
        assert_true(strlen(doc->section) > 0);
        for (int32_t k = 0; k < i; k++)
            assert_string_not_equal(doc->key, schema->doc[k].key);
        if (strcmp(doc->key, "season.to") == 0)
            continue; /* season.hours says it */
        char line[400];
        if (strcmp(doc->key, "name") == 0 || strcmp(doc->key, "grid") == 0) /* no default of the program */
            snprintf(line, sizeof line, "%s: ", doc->key);
        else
            snprintf(line, sizeof line, "%s: %s\n", doc->key, doc->initial);
        assert_int_equal(strncmp(at, line, strlen(line)), 0); /* the same order, the same defaults */
        at = strchr(at, '\n') + 1;
    }
    assert_string_equal(at, "");
    free(all.text);
    sv_scenario_free(&defaults);
    sv_schema_free(&schema);
    assert_null(schema);
    sv_schema_free(&schema);
}

static void test_nearest(void **state)
{
    (void)state;
    char near[SV_KEY_TEXT];
    assert_true(sv_scenario_nearest("waves.szie.median", near));
    assert_string_equal(near, "waves.size.median");
    assert_true(sv_scenario_nearest("wave", near));
    assert_string_equal(near, "waves");
    assert_false(sv_scenario_nearest("", near));
    assert_false(sv_scenario_nearest("qqqqqqqqq", near));
}

static void test_examples(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        int64_t n_h;
        bool network, has_grid;
    } table[] = {{"winter", 3624, true, true},
                 {"rts79", 8736, false, true},
                 {"rbts", 8736, false, true},
                 {"rts-gmlc", 8784, true, false}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char path[1000];
        snprintf(path, sizeof path, SV_SOURCE_DIR "/examples/%s.yaml", table[i].file);
        sv_scenario *s = NULL;
        sv_error err = {0};
        if (sv_scenario_read(&s, path, NULL, 0, &err) != SV_OK)
            fail_msg("%s", err.text);
        assert_true(s->has_season && s->season.outages);
        assert_int_equal(s->season.n_h, table[i].n_h);
        assert_int_equal(s->season.network, table[i].network);
        assert_int_equal(s->grid_path != NULL, table[i].has_grid);
        sv_scenario_free(&s);
        const char *set = "demand.scale=1.1"; /* works on every scenario */
        assert_int_equal(sv_scenario_read(&s, path, &set, 1, &err), SV_OK);
        assert_true(s->season.demand_scale == 1.1);
        sv_scenario_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_season),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_grid_path),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_each_setting_as_override),
        cmocka_unit_test(test_every_digit),
        cmocka_unit_test(test_schema),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
