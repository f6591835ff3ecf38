/* Every kind of mistake in a scenario, with the sentence that answers it: where, what was found, what is accepted. */
#include "scenario/parse.h"

typedef struct {
    const char *text, *sentence;
} mistake;

#define CHECK_ALL(table)                                                                                               \
    for (size_t i = 0; i < sizeof(table) / sizeof *(table); i++)                                                       \
    refuse_text((table)[i].text, (table)[i].sentence)

#define TOP                                                                                                            \
    "name, grid, network, outages, season, study, demand, weather, imports, harm, waves, cover, shelters, damage, "    \
    "ceasefire, peace, crews, repair, spares, delivery, shipments"
#define WAVES "a map of rate, dates, trend, size, reach, strikes, exposure, revisit, revisit_within, further_units"
#define DATE "accepted: a date as 2026-11-01 or 2026-11-01 06:00, or grid"

static void test_keys(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"waves: {sise: 3}\n", "a.yaml:1:9: unknown key 'waves.sise'; did you mean 'waves.size'?"},
        {"grid: g\nwaves:\n  size:\n    medain: 3\n",
         "a.yaml:4:5: unknown key 'waves.size.medain'; did you mean 'waves.size.median'?"},
        {"demannd: {scale: 1.0}\n", "a.yaml:1:1: unknown key 'demannd'; did you mean 'demand'?"},
        {"demand.scal: 1\n", "a.yaml:1:1: unknown key 'demand.scal'; did you mean 'demand.scale'?"},
        {"saturates_at: 3\n", "a.yaml:1:1: unknown key 'saturates_at'; did you mean 'cover.saturates_at'?"},
        {"damage: {lien: {slight: 1 %}}\n", "a.yaml:1:10: unknown key 'damage.lien'; did you mean 'damage.line'?"},
        {"no-such-key: 1\n", "a.yaml:1:1: unknown key 'no-such-key'; accepted: " TOP},
        {"<<: {grid: g}\n", "a.yaml:1:1: unknown key '<<'; accepted: " TOP},
        {"demand: {xxxxxxxxx: 1}\n",
         "a.yaml:1:10: unknown key 'demand.xxxxxxxxx'; accepted in demand: scale, scale_of, "
         "people, per_degree_cold"},
        {"add: {spares: {line: 1}}\n",
         "a.yaml:1:1: 'add' belongs to the file of a lever, which names its base; accepted: keys of a scenario"},
        {"grid: g\ncost: 3 M EUR\n",
         "a.yaml:2:1: 'cost' belongs to the file of a lever, which names its base; accepted: keys of a scenario"},
        {"levers: [a.yaml]\n", "a.yaml:1:1: unknown key 'levers'; accepted: " TOP},
        {"repair.*.slight: 3 h\n", "a.yaml:1:1: unknown key 'repair.*.slight'; did you mean 'repair.line.slight'?"},
        {"grid: x\ngrid: y\n", "a.yaml:2:1: key 'grid' stands here a second time (first in line 1)"},
        {"crews:\n  shift: 8 h\n  extra: 1\n  shift: 9 h\n",
         "a.yaml:4:3: key 'shift' stands here a second time (first in line 2)"},
        {"demand: {scale: 1}\ndemand.scale: 2\n",
         "a.yaml:2:1: key 'demand.scale' is set a second time (first in line 1)"},
    };
    CHECK_ALL(table);
}

static void test_shapes(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"waves: 3\n", "a.yaml:1:8: waves is '3'; accepted: " WAVES},
        {"waves:\n", "a.yaml:1:1: waves has no value; accepted: " WAVES},
        {"waves: []\n", "a.yaml:1:8: waves is a list; accepted: " WAVES},
        {"demand: {scale: [1]}\n", "a.yaml:1:17: demand.scale is a list; accepted: a number, 0.001 to 1000"},
        {"demand: {scale: {a: 1}}\n", "a.yaml:1:17: demand.scale is a map; accepted: a number, 0.001 to 1000"},
        {"demand:\n  scale:\n", "a.yaml:2:3: demand.scale has no value; accepted: a number, 0.001 to 1000"},
        {"waves: {dates: 2026-11-01}\n",
         "a.yaml:1:16: waves.dates is one value; accepted: a list of at most 200 dates as "
         "[2026-11-12, 2026-11-19 05:00]"},
        {"peace: {from: 2027-01-01}\n", "a.yaml:1:8: peace is a map; accepted: a list of at most 16 windows as [{from: "
                                        "2027-01-01, to: 2027-03-31, kind: "
                                        "energy, where: [rear], kept: 90 %}]"},
    };
    CHECK_ALL(table);
}

static void test_numbers(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"demand: {scale: -1}\n", "a.yaml:1:17: demand.scale is '-1', out of range; accepted: a number, 0.001 to 1000"},
        {"demand: {scale: 0}\n", "a.yaml:1:17: demand.scale is '0', out of range; accepted: a number, 0.001 to 1000"},
        {"demand: {scale: nan}\n",
         "a.yaml:1:17: demand.scale is 'nan', not a number; accepted: a number, 0.001 to 1000"},
        {"demand: {scale: .inf}\n",
         "a.yaml:1:17: demand.scale is '.inf', not a number; accepted: a number, 0.001 to 1000"},
        {"demand: {scale: 1e999}\n",
         "a.yaml:1:17: demand.scale is '1e999', out of range; accepted: a number, 0.001 to 1000"},
        {"demand: {scale: 1.0000000000000000000000000000000000000000000000000000000000000000}\n",
         "a.yaml:1:17: demand.scale is '1.0000000000000000000000000000000000000000000000...', too many digits; "
         "accepted: a "
         "number, 0.001 to 1000"},
        {"demand: {scale: 0x10}\n",
         "a.yaml:1:17: demand.scale is '0x10', not a plain number; accepted: a number, 0.001 to 1000"},
        {"demand:\n  scale: 1,5\n",
         "a.yaml:2:10: demand.scale is '1,5', not a number; accepted: a number, 0.001 to 1000"},
        {"demand: {scale: 1.1 MW}\n",
         "a.yaml:1:17: demand.scale is '1.1 MW', not a plain number; accepted: a number, 0.001 to 1000"},
        {"crews: {per_region: 1e3}\n",
         "a.yaml:1:21: crews.per_region is '1e3', not a whole number; accepted: a whole number, 0 to 1000"},
        {"crews: {per_region: 3.5}\n",
         "a.yaml:1:21: crews.per_region is '3.5', not a whole number; accepted: a whole number, 0 to 1000"},
        {"crews: {per_region: 1_000}\n",
         "a.yaml:1:21: crews.per_region is '1_000', not a whole number; accepted: a whole number, 0 to 1000"},
        {"crews: {per_region: 2000}\n",
         "a.yaml:1:21: crews.per_region is '2000', out of range; accepted: a whole number, 0 to 1000"},
        {"study: {seasons: 0}\n",
         "a.yaml:1:18: study.seasons is '0', out of range; accepted: a whole number, 1 to 4000000000"},
        {"study: {seed: 99999999999999999999}\n", "a.yaml:1:15: study.seed is '99999999999999999999', out of range; "
                                                  "accepted: a whole number, 0 to 9223372036854775807"},
    };
    CHECK_ALL(table);
}

static void test_units(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"crews: {shift: 12}\n",
         "a.yaml:1:16: crews.shift is '12', without a unit; accepted: 0.1 to 24 h (also d, weeks)"},
        {"crews: {shift: 12 min}\n",
         "a.yaml:1:16: crews.shift is '12 min', in another unit; accepted: 0.1 to 24 h (also d, weeks)"},
        {"crews: {shift: 30 h}\n",
         "a.yaml:1:16: crews.shift is '30 h', out of range; accepted: 0.1 to 24 h (also d, weeks)"},
        {"crews: {shift: 12:30:00}\n",
         "a.yaml:1:16: crews.shift is '12:30:00', not a number; accepted: 0.1 to 24 h (also d, weeks)"},
        {"crews: {shift: h 12}\n",
         "a.yaml:1:16: crews.shift is 'h 12', not a number; accepted: 0.1 to 24 h (also d, weeks)"},
        {"waves: {revisit: 0.5}\n", "a.yaml:1:18: waves.revisit is '0.5', without a unit; accepted: 0 to 100 %"},
        {"waves: {revisit: 150 %}\n", "a.yaml:1:18: waves.revisit is '150 %', out of range; accepted: 0 to 100 %"},
        {"waves: {rate: 3}\n",
         "a.yaml:1:15: waves.rate is '3', without a unit; accepted: 0 to 10000 per week (also per day, per month)"},
        {"waves: {rate: 3 per weekend}\n",
         "a.yaml:1:15: waves.rate is '3 per weekend', in another unit; accepted: 0 to "
         "10000 per week (also per day, per month)"},
        {"imports: {limit: 2.1}\n",
         "a.yaml:1:18: imports.limit is '2.1', without a unit; accepted: 0 to 1000000 MW (also GW, kW), or grid"},
        {"imports: {limit: none}\n",
         "a.yaml:1:18: imports.limit is 'none', not a number; accepted: 0 to 1000000 MW (also GW, kW), or grid"},
        {"study: {until: 1}\n", "a.yaml:1:16: study.until is '1', without a unit; accepted: 0.01 to 50 %, or off"},
        {"weather: {spread: 4 F}\n",
         "a.yaml:1:19: weather.spread is '4 F', in another unit; accepted: 0 to 30 C (also K)"},
    };
    CHECK_ALL(table);
}

static void test_words(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"outages: NO\n", "a.yaml:1:10: outages is 'NO'; accepted: off or on"},
        {"outages: true\n", "a.yaml:1:10: outages is 'true'; accepted: off or on"},
        {"network: ac\n", "a.yaml:1:10: network is 'ac'; accepted: none or dc"},
        {"repair: {line: {spare_from: none}}\n",
         "a.yaml:1:29: repair.line.spare_from is 'none'; accepted: slight, moderate, extensive, complete or never"},
        {"grid: \"\"\n", "a.yaml:1:7: grid is ''; accepted: a text of at most 4000 bytes"},
        {"name: |\n  a\n  b\n", "a.yaml:2:1: a text with a line break or control character; accepted: one line"},
        {"name: 'a\n  b'\n", "a.yaml:1:7: a text with a line break or control character; accepted: one line"},
        {"  \n- >0\n  d\n", "a.yaml:2:1: this is not YAML; accepted: keys and values, as grid: PATH"},
        {"name: \"a\\0b\"\n", "a.yaml:1:7: a text with a line break or control character; accepted: one line"},
    };
    CHECK_ALL(table);
}

static void test_dates(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"season: {from: 2026-11-31, to: 2027-03-01}\n", "a.yaml:1:16: season.from is '2026-11-31', not a date; " DATE},
        {"season: {from: 01.11.2026, to: 2027-03-01}\n", "a.yaml:1:16: season.from is '01.11.2026', not a date; " DATE},
        {"season: {from: 2026-11-01}\n",
         "a.yaml:1:16: season.from stands without an end; accepted: season.to or season.hours with it"},
        {"season: {to: 2026-11-01}\n",
         "a.yaml:1:14: season.to stands without season.from; accepted: both, or neither for "
         "all hours of the grid's series"},
        {"season: {hours: 24 h}\n",
         "a.yaml:1:17: season.hours stands without season.from; accepted: both, or neither for "
         "all hours of the grid's series"},
        {"season:\n  from: 2026-11-01\n  to: 2026-10-31\n",
         "a.yaml:3:7: the season is empty, from 2026-11-01 to 2026-10-31; "
         "accepted: a last day on or after the first"},
        {"season: {from: 2026-11-01, to: 2027-03-31, hours: 24 h}\n",
         "a.yaml:1:51: season.hours stands beside season.to; accepted: one of them"},
        {"season: {from: 2026-11-01, hours: 1.5 h}\n",
         "a.yaml:1:35: season.hours is '1.5 h', not a whole number of hours; "
         "accepted: 1 to 175680 h (also d, weeks), or grid"},
        {"season: {from: 1926-11-01, to: 2027-01-01}\n",
         "a.yaml:1:32: the season has 878088 h; accepted: at most 175680 h, 20 years"},
        {"waves: {dates: [2026-11-01, soon]}\n",
         "a.yaml:1:29: waves.dates has 'soon', not a date; accepted: dates as 2026-11-12 or 2026-11-12 05:00"},
        {"waves: {dates: [2026-11-12 05:30]}\n", "a.yaml:1:17: waves.dates has '2026-11-12 05:30', not a date; "
                                                 "accepted: dates as 2026-11-12 or 2026-11-12 05:00"},
        {"waves: {dates: [[2026-11-12]]}\n",
         "a.yaml:1:17: waves.dates has 'a list or map', not a date; accepted: dates as 2026-11-12 or 2026-11-12 05:00"},
        {"waves: {dates: [2026-11-01, 2026-11-01 00:00]}\n",
         "a.yaml:1:29: waves.dates has 2026-11-01 00:00 twice; accepted: one wave an hour"},
    };
    CHECK_ALL(table);
}

static void test_peace(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"peace: [{from: 2027-01-01, to: 2026-12-01}]\n",
         "a.yaml:1:9: peace[1] ends before it begins; accepted: a last day on or after the first"},
        {"peace:\n  - {from: 2027-01-01}\n  - {form: 2027-01-01}\n",
         "a.yaml:3:6: unknown key 'peace[2].form'; accepted: from, to, kind, where or kept"},
        {"peace: [{kind: half}]\n", "a.yaml:1:16: peace[1].kind is 'half'; accepted: full or energy"},
        {"peace: [{kept: 0.9}]\n", "a.yaml:1:16: peace[1].kept is '0.9'; accepted: 0 to 100 %"},
        {"peace: [{kept: 101 %}]\n", "a.yaml:1:16: peace[1].kept is '101 %'; accepted: 0 to 100 %"},
        {"peace: [{from: [2027-01-01]}]\n",
         "a.yaml:1:16: peace[1].from is a list; accepted: a date as 2027-01-01 or 2027-01-01 06:00"},
        {"peace: [{where: [[a]]}]\n",
         "a.yaml:1:17: peace[1].where is a list; accepted: a list of ids of regions, front or "
         "rear, of at most 100 bytes each"},
        {"peace: [x]\n", "a.yaml:1:9: peace[1] is no window; accepted: a map as {from: 2027-01-01}"},
    };
    CHECK_ALL(table);
}

static void test_sites(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"shelters: {at: [S001]}\n",
         "a.yaml:1:16: shelters.at is a list; accepted: a map of level_1, level_2, level_3"},
        {"shelters: {at: {level_2: S001}}\n",
         "a.yaml:1:26: shelters.at.level_2 is one value; accepted: a list of at most "
         "5000 ids of sites as [S001, S014]"},
        {"shelters: {at: {level_2: [S001, S002, S002, S001]}}\n",
         "a.yaml:1:39: shelters.at.level_2 has 'S002' twice; accepted: each site once"},
        {"shelters: {at: {level_2: [S001, '']}}\n",
         "a.yaml:1:33: shelters.at.level_2 has ''; accepted: ids of sites, of at most 100 bytes each"},
        {"shelters: {at: {level_2: [{a: b}]}}\n",
         "a.yaml:1:27: shelters.at.level_2 has a list or map; accepted: ids of sites, of at most 100 bytes each"},
        {"shelters: {at: {level_4: [S001]}}\n",
         "a.yaml:1:17: unknown key 'shelters.at.level_4'; did you mean 'shelters.at.level_1'?"},
        {"cover: {layers: {rear: 11}}\n",
         "a.yaml:1:24: cover.layers.rear is '11', out of range; accepted: a whole number, 0 to 10"},
        {"cover: {layers: 2}\n", "a.yaml:1:17: cover.layers is '2'; accepted: a map of rear, front"},
        {"ceasefire: {from: soon}\n",
         "a.yaml:1:19: ceasefire.from is 'soon', not a date; accepted: a date as 2026-11-01 "
         "or 2026-11-01 06:00, or never"},
        {"ceasefire: 2027-01-01\n", "a.yaml:1:12: ceasefire is '2027-01-01'; accepted: a map of from"},
    };
    CHECK_ALL(table);
}

static void test_several_keys(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"damage: {line: {slight: 50 %}}\n", "a.yaml:1:25: damage.line sums to 50 % over its states; accepted: 100 %"},
        {"waves: {strikes: {thermal: 0}}\n",
         "a.yaml:1:28: waves.strikes are all 0; accepted: at least one class above 0 "
         "(waves.rate: 0 per week for none)"},
        {"shipments: {transformer: {count: 3}}\n",
         "a.yaml:1:34: shipments.transformer.count is 3 and the shipment never "
         "arrives; accepted: shipments.transformer.arrives with it"},
    };
    CHECK_ALL(table);
}

static void test_yaml(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"", "a.yaml: it is empty; accepted: keys of a scenario, as grid: PATH"},
        {"# nothing\n", "a.yaml: it is empty; accepted: keys of a scenario, as grid: PATH"},
        {"- a\n", "a.yaml:1:1: a list stands here; accepted: keys of a scenario, as grid: PATH"},
        {"hello\n", "a.yaml:1:1: a single value stands here; accepted: keys of a scenario, as grid: PATH"},
        {"grid: g\na: [1\n", "a.yaml:3:1: this is not YAML: flow sequence without a closing bracket"},
        {"grid: 'g\n", "a.yaml:1:8: this is not YAML: single-quoted scalar without closing quote"},
        {"name: x: y\n", "a.yaml:1:8: this is not YAML: invalid nested block mapping on the same line"},
        {"? [a]\n: b\n", "a.yaml:1:3: a list stands for a key; accepted: key: value"},
        {": b\n", "a.yaml:1:1: an empty key or one of several lines; accepted: key: value"},
        {"name: &a x\n", "a.yaml:1:7: an anchor or alias (& or *) stands here; accepted: the value itself"},
        {"demand: &a {scale: 1}\n", "a.yaml:1:9: an anchor or alias (& or *) stands here; accepted: the value itself"},
        {"name: *a\n", "a.yaml:1:7: an anchor or alias (& or *) stands here; accepted: the value itself"},
        {"name: !!str x\n", "a.yaml:1:7: a tag (!) stands here; accepted: the value alone, the key tells its type"},
        {"grid: x\n---\ngrid: y\n", "a.yaml:2:1: a second document begins; accepted: one a file"},
        {"%YAML 1.2\n---\ngrid: x\n",
         "a.yaml:1:1: a YAML directive (%...) stands here; accepted: keys and values only"},
        {"demand:\n\tscale: 1\n", "a.yaml:2:1: a tab indents this line; accepted: blanks"},
        {"name: a\x01z\n", "a.yaml:1:8: control character 0x01; accepted: text in UTF-8"},
        {"name: a\rb\n", "a.yaml:1:8: control character 0x0D; accepted: text in UTF-8"},
        {"grid: g\nname: \xC3\xA9\xFF\n", "a.yaml:2:8: byte 0xFF is not UTF-8; accepted: text in UTF-8"},
        {"name: \xC0\xAF\n", "a.yaml:1:7: byte 0xC0 is not UTF-8; accepted: text in UTF-8"},
        {"name: \xED\xA0\x80\n", "a.yaml:1:7: byte 0xED is not UTF-8; accepted: text in UTF-8"},
        {"a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n", "a.yaml:1:32: nested too deep; accepted: at most 8 levels"},
    };
    CHECK_ALL(table);
}

static void test_overrides(void **state)
{
    (void)state;
    static const mistake table[] = {
        {"no-such-key=1", "--set no-such-key=1: unknown key 'no-such-key'; accepted: " TOP},
        {"demand.scale=-1",
         "--set demand.scale=-1: demand.scale is '-1', out of range; accepted: a number, 0.001 to 1000"},
        {"demand.scale", "--set demand.scale: no key and value; accepted: KEY=VALUE, as demand.scale=1.1"},
        {"base=winter.yaml",
         "--set base=winter.yaml: 'base' belongs to the file of a lever; accepted: keys of a scenario"},
        {"add.spares.line=1",
         "--set add.spares.line=1: 'add.spares.line' belongs to the file of a lever; accepted: keys of a scenario"},
        {"=3", "--set =3: no key and value; accepted: KEY=VALUE, as demand.scale=1.1"},
        {"demand.scale=", "--set demand.scale=: demand.scale has no value; accepted: a number, 0.001 to 1000"},
        {"wavs.rate=1 per week", "--set wavs.rate=1 per week: unknown key 'wavs.rate'; did you mean 'waves.rate'?"},
        {"waves={rate: 1 per week, sise: 3}",
         "--set waves={rate: 1 per week, sise: 3}: unknown key 'waves.sise'; did you mean 'waves.size'?"},
        {"demand={scale: 1, scale: 2}", "--set demand={scale: 1, scale: 2}: key 'scale' stands there twice"},
        {"repair={line: {crews: 1}, line.crews: 2}",
         "--set repair={line: {crews: 1}, line.crews: 2}: key 'repair.line.crews' is set there twice"},
        {" demand.scale = 0",
         "--set  demand.scale = 0: demand.scale is '0', out of range; accepted: a number, 0.001 to 1000"},
        {"peace=[{from: 2027-01-01", "--set peace=[{from: 2027-01-01: this is not YAML: missing comma in flow mapping"},
        {"waves=5", "--set waves=5: waves is '5'; accepted: " WAVES},
        {"name=a\nb", "--set name=a?b: control character 0x0A; accepted: one line of text"},
        {"name=\xFF", "--set name=\xFF: byte 0xFF is not UTF-8; accepted: text in UTF-8"},
        {"season={from: 2026-11-02, to: 2026-11-01}",
         "--set season={from: 2026-11-02, to: 2026-11-01}: the season is empty, "
         "from 2026-11-02 to 2026-11-01; accepted: a last day on or after the "
         "first"},
        {"damage.line.slight=20 %",
         "--set damage.line.slight=20 %: damage.line sums to 85 % over its states; accepted: 100 %"},
        {"season.hours=10 h",
         "--set season.hours=10 h: season.hours stands without season.from; accepted: both, or neither "
         "for all hours of the grid's series"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        refuse_set(table[i].text, table[i].sentence);
    char longest[600];
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "name=", 5);
    longest[sizeof longest - 1] = '\0';
    char sentence[640];
    snprintf(sentence, sizeof sentence,
             "--set %.80s...: name is '%.48s...', too long; accepted: a text of at most 200 bytes", longest,
             longest + 5);
    refuse_set(longest, sentence);
}

/* A cut in the middle of a character would make the sentence no text. */
static void test_whole_characters(void **state)
{
    (void)state;
    char text[400] = "network: ";
    for (int i = 0; i < 60; i++)
        strcat(text, i == 0 ? "a" : "\xC3\xA9");
    sv_scenario *scenario = NULL;
    sv_error err = {0};
    assert_int_equal(sv_scenario_parse(&scenario, "a.yaml", text, strlen(text), NULL, 0, &err), SV_EUSAGE);
    assert_non_null(strstr(err.text, "\xC3\xA9...'; accepted: none or dc"));
    assert_int_equal(err.line, 1);
}

static void test_files(void **state)
{
    (void)state;
    sv_scenario *scenario = NULL;
    sv_error err = {0};
    assert_int_equal(sv_scenario_read(&scenario, "no/such.yaml", NULL, 0, &err), SV_EIO);
    assert_string_equal(err.text, "no/such.yaml: cannot be read: No such file or directory; accepted: a YAML file");
    assert_null(scenario);
    err = (sv_error){0};
    assert_int_equal(sv_scenario_read(&scenario, SV_SOURCE_DIR, NULL, 0, &err), SV_EIO);
    assert_string_equal(err.text, SV_SOURCE_DIR ": cannot be read: Is a directory; accepted: a YAML file");
    assert_null(scenario);
    err = (sv_error){0};
    assert_int_equal(sv_scenario_read(&scenario, "/dev/zero", NULL, 0, &err), SV_EUSAGE); /* endless */
    assert_string_equal(err.text, "/dev/zero: it has more than 256 kB; accepted: at most 256 kB");
    assert_null(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),  cmocka_unit_test(test_shapes),    cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_units), cmocka_unit_test(test_words),     cmocka_unit_test(test_dates),
        cmocka_unit_test(test_peace), cmocka_unit_test(test_sites),     cmocka_unit_test(test_several_keys),
        cmocka_unit_test(test_yaml),  cmocka_unit_test(test_overrides), cmocka_unit_test(test_whole_characters),
        cmocka_unit_test(test_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
