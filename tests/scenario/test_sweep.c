/* Sweeps: the values of one key from A to B, and every mistake in one with its sentence. */
#include "scenario/parse.h"

#include <math.h>

static sv_sweep *sweep(const char *text)
{
    sv_sweep *s = NULL;
    sv_error err = {0};
    sv_status status = sv_sweep_read(&s, text, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, SV_OK);
    assert_non_null(s);
    return s;
}

static void check(const char *text, const char *key, const char *unit, int32_t n, const char *first, const char *last)
{
    sv_sweep *s = sweep(text);
    assert_string_equal(s->key, key);
    assert_string_equal(s->unit, unit);
    assert_int_equal(s->n, n);
    assert_string_equal(s->value[0], first);
    assert_string_equal(s->value[n - 1], last);
    sv_sweep_free(&s);
    assert_null(s);
    sv_sweep_free(&s);
}

static void test_good(void **state)
{
    (void)state;
    check("ceasefire.from=2026-12-01..2027-03-01/7d", "ceasefire.from", "date", 13, "2026-12-01", "2027-02-23");
    check("ceasefire.from=2026-12-01..2027-01-12/2 weeks", "ceasefire.from", "date", 4, "2026-12-01", "2027-01-12");
    check("ceasefire.from = 2026-12-01 06:00 .. 2026-12-02 / 12 h", "ceasefire.from", "date", 2, "2026-12-01 06:00",
          "2026-12-01 18:00");
    check("shipments.transformer.arrives=2026-12-01..2026-12-03/1 day", "shipments.transformer.arrives", "date", 3,
          "2026-12-01", "2026-12-03");
    check("imports.limit=0 GW..3 GW/500 MW", "imports.limit", "MW", 7, "0 MW", "3000 MW");
    check("demand.scale=0.5..1.5/0.1", "demand.scale", "", 11, "0.5", "1.5");
    check("cover.rear=0 %..100 %/10 %", "cover.rear", "%", 11, "0 %", "100 %");
    check("cover.rear=7.7 %..7.7 %/10 %", "cover.rear", "%", 1, "7.7 %", "7.7 %");
    check("cover.layers.rear=0..10/2", "cover.layers.rear", "", 6, "0", "10");
    check("spares.autotransformer=0..99/1", "spares.autotransformer", "", 100, "0", "99");
    check("crews.speed=40 km/h..60 km/h/10 km/h", "crews.speed", "km/h", 3, "40 km/h", "60 km/h");
    check("crews.speed=10 m/s..20 m/s/18 km/h", "crews.speed", "km/h", 3, "36 km/h", "72 km/h");
    check("delivery.line=1 weeks..3 weeks/1 d", "delivery.line", "weeks", 15, "1 weeks", "3 weeks");
    check("waves.trend=-30 % per month..30 % per month/0.1e2 % per month", "waves.trend", "% per month", 7,
          "-30 % per month", "30 % per month");
    check("waves.rate=.5 per week..1. per week/0.25 per week", "waves.rate", "per week", 3, "0.5 per week",
          "1 per week");
    check("weather.colder_by=-0.3 C..0.3 K/0.1 C", "weather.colder_by", "C", 7, "-0.3 C", "0.3 C");
    check("weather.persistence=0 h..24 h/12 h", "weather.persistence", "d", 3, "0 d", "1 d");
}

/* Decimal steps are decimals and hit their end. */
static void test_decimals(void **state)
{
    (void)state;
    static const char *const tenths[] = {"-0.3 C", "-0.2 C", "-0.1 C", "0 C", "0.1 C", "0.2 C", "0.3 C"};
    sv_sweep *s = sweep("weather.colder_by=-0.3 C..0.3 C/0.1 C");
    for (int32_t i = 0; i < 7; i++)
        assert_string_equal(s->value[i], tenths[i]);
    sv_sweep_free(&s);
    s = sweep("demand.scale=1..1.33/0.11");
    assert_int_equal(s->n, 4);
    assert_true(s->x[3] == 1.33);
    sv_sweep_free(&s);
    s = sweep("demand.scale=0.123456789012345..0.9/0.3"); /* the first as it was given */
    assert_int_equal(s->n, 3);
    assert_string_equal(s->value[0], "0.123456789012345");
    sv_sweep_free(&s);
}

/* The number that a key has after an override. */
static double value_after(const char *key, const char *value)
{
    char set[200];
    snprintf(set, sizeof set, "%s=%s", key, value);
    const char *const sets[] = {set};
    sv_scenario *s = parse("grid: g\n", sets, 1);
    double number = strcmp(key, "cover.rear") == 0           ? s->season.waves.cover[SV_ZONE_REAR] * 100.0
                    : strcmp(key, "imports.limit") == 0      ? s->season.import_limit_mw
                    : strcmp(key, "ceasefire.from") == 0     ? (double)s->season.waves.ceasefire_h
                    : strcmp(key, "crews.extra") == 0        ? s->season.repair.crews_extra
                    : strcmp(key, "repair.line.slight") == 0 ? s->season.repair.unit[SV_UNIT_LINE].work_h[SV_SLIGHT]
                                                             : (double)NAN;
    sv_scenario_free(&s);
    return number;
}

static void test_values_read_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"cover.rear=0.3 %..99.9 %/1.1 %", "imports.limit=0.1 GW..3 GW/77.7 MW",
                                        "crews.extra=3..40/7", "ceasefire.from=2026-11-01 03:00..2027-03-31/37 h",
                                        "repair.line.slight=0.1 d..3 d/2.5 h"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sv_sweep *s = sweep(texts[i]);
        assert_true(s->n > 5);
        for (int32_t k = 0; k < s->n; k++) {
            double got = value_after(s->key, s->value[k]);
            assert_true(fabs(got - s->x[k]) <= 1e-13 * fabs(s->x[k]));
            assert_true(k == 0 || s->x[k] > s->x[k - 1]);
        }
        sv_sweep_free(&s);
    }
}

static void refuse_sweep(const char *text, const char *sentence)
{
    sv_sweep *s = NULL;
    sv_error err = {0};
    if (sv_sweep_read(&s, text, &err) != SV_EUSAGE)
        fail_msg("not refused: %s", text);
    assert_null(s);
    char all[1000];
    snprintf(all, sizeof all, "--vary %s: %s", text, sentence);
    assert_string_equal(err.text, all);
    assert_int_equal(sv_sweep_read(&s, text, NULL), SV_EUSAGE);
}

static void test_mistakes(void **state)
{
    (void)state;
#define EXAMPLE "; accepted: KEY=A..B/STEP, as imports.limit=0 GW..3 GW/500 MW"
#define STEP "a number above 0, with its unit where the key has one"
#define CANNOT " cannot be varied; accepted: a number or date, but of no key of season and study"
    static const struct {
        const char *text, *sentence;
    } table[] = {
        {"", "no key and values" EXAMPLE},
        {"cover.rear", "no key and values" EXAMPLE},
        {"=1..2/1", "no key and values" EXAMPLE},
        {"cover.rear=", "no '..' between a first and a last value" EXAMPLE},
        {"cover.rear=1 %,2 %", "no '..' between a first and a last value" EXAMPLE},
        {"cover.rear=1 %..2 %", "no '/' before a step" EXAMPLE},
        {"covr.rear=1 %..2 %/1 %", "unknown key 'covr.rear'; did you mean 'cover.rear'?"},
        {"base=1..2/1", "'base' belongs to the file of a lever; accepted: keys of a scenario"},
        {"cover=1 %..2 %/1 %", "cover is a group of keys; accepted: one key of a number or date"},
        {"name=a..b/c", "name" CANNOT},
        {"grid=a..b/c", "grid" CANNOT},
        {"network=none..dc/1", "network" CANNOT},
        {"peace=1..2/1", "peace" CANNOT},
        {"waves.dates=1..2/1", "waves.dates" CANNOT},
        {"shelters.at.level_1=1..2/1", "shelters.at.level_1" CANNOT},
        {"repair.line.spare_from=slight..never/1", "repair.line.spare_from" CANNOT},
        {"study.seed=1..2/1", "study.seed" CANNOT},
        {"study.until=1 %..2 %/1 %", "study.until" CANNOT},
        {"season.hours=1 h..2 h/1 h", "season.hours" CANNOT},
        {"season.from=2026-11-01..2026-12-01/7 d", "season.from" CANNOT},
        {"cover.rear=1..2 %/1 %", "cover.rear is '1', without a unit; accepted: 0 to 100 %"},
        {"cover.rear=1 %..2/1 %", "cover.rear is '2', without a unit; accepted: 0 to 100 %"},
        {"cover.rear=1 %..2 %/1", "the step is '1', without a unit; accepted: " STEP},
        {"cover.rear=1 %..2 %/1 h", "the step is '1 h', in another unit; accepted: " STEP},
        {"cover.rear=1 %..2 %/0 %", "the step is '0 %', not above 0; accepted: " STEP},
        {"cover.rear=1 %..2 %/-1 %", "the step is '-1 %', not above 0; accepted: " STEP},
        {"cover.rear=1 %..2 %/", "the step is '', not a number; accepted: " STEP},
        {"cover.rear=..2 %/1 %", "cover.rear is '', not a number; accepted: 0 to 100 %"},
        {"cover.rear=1 %..101 %/1 %", "cover.rear is '101 %', out of range; accepted: 0 to 100 %"},
        {"imports.limit=grid..3 GW/1 GW",
         "imports.limit is 'grid', not a number; accepted: 0 to 1000000 MW (also GW, kW)"},
        {"ceasefire.from=2026-12-01..never/7d",
         "ceasefire.from is 'never', not a date; accepted: a date as 2026-11-01 or 2026-11-01 06:00"},
        {"ceasefire.from=2026-12-01..2026-12-31/7",
         "the step is '7', without a unit; accepted: a time above 0, in whole hours, as 7 d (also h, weeks)"},
        {"ceasefire.from=2026-12-01..2026-12-31/1.5 h",
         "the step is '1.5 h', not whole hours; accepted: a time above 0, in whole hours, as 7 d (also h, weeks)"},
        {"ceasefire.from=2026-12-01..2026-12-31/0 h",
         "the step is '0 h', not above 0; accepted: a time above 0, in whole hours, as 7 d (also h, weeks)"},
        {"crews.extra=1.5..3/1", "crews.extra is '1.5', not a whole number; accepted: a whole number, 0 to 10000"},
        {"crews.extra=1..30000/1", "crews.extra is '30000', out of range; accepted: a whole number, 0 to 10000"},
        {"crews.extra=1..3/0.5", "the step is '0.5', not a whole number; accepted: a whole number above 0"},
        {"crews.extra=1..3/0", "the step is '0', not above 0; accepted: a whole number above 0"},
        {"crews.extra=3..1/1", "it goes down, from '3' to '1'; accepted: a last value that is not below the first"},
        {"crews.extra=0..100/1", "it has more than 100 values; accepted: 1 to 100"},
        {"demand.scale=1..1000/1e-300", "it has more than 100 values; accepted: 1 to 100"},
        {"demand.scale=999..999.0000000000001/1e-13", "the step is '1e-13', too small to count; accepted: " STEP},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        refuse_sweep(table[i].text, table[i].sentence);
    sv_sweep *s = NULL;
    sv_error err = {0};
    assert_int_equal(sv_sweep_read(&s, "cover.rear=1 %\n..2 %/1 %", &err), SV_EUSAGE);
    assert_string_equal(err.text,
                        "--vary cover.rear=1 %?..2 %/1 %: control character 0x0A; accepted: one line of text");
    err = (sv_error){0};
    assert_int_equal(sv_sweep_read(&s, "cover\xFF=1", &err), SV_EUSAGE);
    assert_string_equal(err.text, "--vary cover\xFF=1: byte 0xFF is not UTF-8; accepted: text in UTF-8");
    char longest[2000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    err = (sv_error){0};
    assert_int_equal(sv_sweep_read(&s, longest, &err), SV_EUSAGE);
    longest[1000] = '=';
    assert_int_equal(sv_sweep_read(&s, longest, NULL), SV_EUSAGE);
    assert_null(s);
}

static void test_memory(void **state)
{
    (void)state;
    int64_t n_fail = 0;
    for (int64_t k = 1;; k++) {
        sv_sweep *s = NULL;
        sv_arena_fail_at(k);
        sv_status status = sv_sweep_read(&s, "cover.rear=0 %..100 %/10 %", NULL);
        sv_arena_fail_at(0);
        assert_int_equal(s != NULL, status == SV_OK);
        sv_sweep_free(&s);
        if (status == SV_OK)
            break;
        assert_int_equal(status, SV_ENOMEM);
        n_fail++;
    }
    assert_true(n_fail > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),     cmocka_unit_test(test_decimals), cmocka_unit_test(test_values_read_back),
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
