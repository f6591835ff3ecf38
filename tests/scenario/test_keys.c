/* The schema table row by row: every key is set by --set to its default, to both ends of its range, beyond them and to
 * rubbish, on a bare scenario and on the bundled ones. What is expected is read from the table's own words for people. */
#include "scenario/parse.h"

static sv_schema *schema;

enum { MOST_SET = 600, MOST_SENTENCE = 2000 };

/* "--set KEY=VALUE: KEY" TELLS "; accepted: RANGE" */
static void refuse_value(const sv_setting_doc *doc, const char *value, const char *tells)
{
    char set[MOST_SET], sentence[MOST_SENTENCE];
    snprintf(set, sizeof set, "%s=%s", doc->key, value);
    snprintf(sentence, sizeof sentence, "--set %.80s%s: %s %s; accepted: %s", set, strlen(set) > 80 ? "..." : "",
             doc->key, tells, doc->range);
    refuse_set(set, sentence);
}

static void refuse_scalar(const sv_setting_doc *doc, const char *value, const char *why)
{
    char tells[MOST_SET];
    snprintf(tells, sizeof tells, "is '%s'%s", value, why);
    refuse_value(doc, value, tells);
}

/* ---- what a key takes, from its words ------------------------------------------------------------ */

typedef enum { TAKES_TEXT, TAKES_NUMBER, TAKES_WHOLE, TAKES_WORD, TAKES_DATE, TAKES_LIST } takes;

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static takes takes_of(const sv_setting_doc *doc)
{
    const char *range = doc->range;
    return begins(range, "a text")                                                               ? TAKES_TEXT
           : begins(range, "a list")                                                             ? TAKES_LIST
           : begins(range, "a date")                                                             ? TAKES_DATE
           : begins(range, "a whole number")                                                     ? TAKES_WHOLE
           : begins(range, "a number") || strpbrk(range, "0123456789") == range || *range == '-' ? TAKES_NUMBER
                                                                                                 : TAKES_WORD;
}

/* The first unit as a value has it: "" or " h". */
static const char *unit_of(const sv_setting_doc *doc, char out[40])
{
    size_t n = strcspn(doc->unit, ",");
    snprintf(out, 40, "%s%.*s", n > 0 ? " " : "", (int)n, doc->unit);
    return out;
}

/* "a number, 0.001 to 1000", "0.1 to 24 h (also d, weeks)" */
static void range_of(const sv_setting_doc *doc, char low[40], char high[40])
{
    const char *at = strstr(doc->range, "number, ");
    assert_int_equal(sscanf(at != NULL ? at + 8 : doc->range, "%39s to %39[-+.0123456789e]", low, high), 2);
    assert_true(strtod(low, NULL) < strtod(high, NULL));
}

/* ---- setting one key ------------------------------------------------------------------------------ */

static const char season[] = "season={from: 2026-11-01, to: 2026-11-30}";

/* What must stand beside a key so that the scenario as a whole makes sense. */
static const char *company(const sv_setting_doc *doc, bool all_of_it, char out[MOST_SET])
{
    const char *dot = strrchr(doc->key, '.');
    out[0] = '\0';
    if (begins(doc->key, "damage."))
        snprintf(out, MOST_SET, "%.*s={%s}", (int)(dot - doc->key), doc->key,
                 all_of_it                   ? ""
                 : strcmp(dot, ".none") == 0 ? "complete: 100 %"
                                             : "none: 100 %");
    else if (begins(doc->key, "shipments.") && strcmp(dot, ".count") == 0)
        snprintf(out, MOST_SET, "%.*s.arrives=2026-12-01", (int)(dot - doc->key), doc->key);
    return out[0] != '\0' ? out : "demand={}";
}

/* Set it; the line of this key must say so, every other line must be as without it. */
static void accept(const sv_setting_doc *doc, const char *value, const char *shown, bool all_of_it)
{
    char set[MOST_SET], beside[MOST_SET], line[MOST_SET];
    snprintf(set, sizeof set, "%s=%s", doc->key, value);
    const char *const sets[] = {season, company(doc, all_of_it, beside), set};
    sv_scenario *s = parse("grid: g\n", sets, 3);
    lines with = lines_of(s);
    snprintf(line, sizeof line, "\n%s: %s\n", doc->key, shown);
    const char *at = strcmp(doc->key, "name") == 0 ? with.text : strstr(with.text, line);
    if (at == NULL)
        fail_msg("%s did not become %s", set, shown);
    if (begins(doc->key, "season.")) { /* the three say one thing: only that it arrives is seen here */
        free(with.text);
        sv_scenario_free(&s);
        return;
    }
    sv_scenario_free(&s);
    int32_t n_other = 0, n_line = 0;
    if (!begins(doc->key, "damage.")) { /* where the bare scenario with the company alone may stand */
        s = parse("grid: g\n", sets, 2);
        lines without = lines_of(s);
        const char *a = with.text, *b = without.text;
        for (; *a != '\0' && *b != '\0'; n_line++) {
            size_t n_a = strcspn(a, "\n") + 1, n_b = strcspn(b, "\n") + 1;
            n_other += n_a != n_b || strncmp(a, b, n_a) != 0;
            a += n_a;
            b += n_b;
        }
        assert_true(*a == '\0' && *b == '\0' && n_line > 100);
        free(without.text);
        sv_scenario_free(&s);
    }
    assert_true(n_other <= 1);
    free(with.text);
}

/* ---- the tests -------------------------------------------------------------------------------------- */

static void test_table(void **state)
{
    (void)state;
    assert_true(schema->n > 150);
    for (int32_t i = 0; i < schema->n; i++) {
        const sv_setting_doc *doc = &schema->doc[i];
        const takes kind = takes_of(doc);
        assert_true(doc->help[0] != '\0' && doc->range[0] != '\0' && strlen(doc->key) < SV_KEY_TEXT);
        assert_true((doc->initial[0] != '\0') == (kind != TAKES_TEXT)); /* a name and a grid have none */
        if (kind == TAKES_NUMBER && doc->unit[0] != '\0') {             /* the range names the unit and its others */
            char unit[40];
            assert_non_null(strstr(doc->range, unit_of(doc, unit)));
            const char *rest = strchr(doc->unit, ',');
            assert_true(rest == NULL || strstr(doc->range, rest + 2) != NULL);
        }
    }
}

static void test_defaults(void **state)
{
    (void)state;
    for (int32_t i = 0; i < schema->n; i++) {
        const sv_setting_doc *doc = &schema->doc[i];
        if (begins(doc->key, "season.")) {
            char set[MOST_SET];
            snprintf(set, sizeof set, "%s=%s", doc->key, doc->initial);
            const char *const one[] = {set};
            sv_scenario *s = parse("grid: g\n", one, 1);
            assert_false(s->has_season);
            sv_scenario_free(&s);
        } else if (takes_of(doc) == TAKES_TEXT) {
            accept(doc, "x", "x", true);
        } else if (begins(doc->key, "damage.")) {
            char set[MOST_SET];
            snprintf(set, sizeof set, "%s=%s", doc->key, doc->initial);
            const char *const one[] = {set};
            sv_scenario *s = parse("grid: g\n", one, 1);
            sv_season_settings expected = sv_season_defaults();
            assert_memory_equal(&s->season, &expected, sizeof expected);
            sv_scenario_free(&s);
        } else {
            accept(doc, doc->initial, doc->initial, true);
        }
    }
}

static void test_ends_of_range(void **state)
{
    (void)state;
    int32_t n = 0;
    for (int32_t i = 0; i < schema->n; i++) {
        const sv_setting_doc *doc = &schema->doc[i];
        const takes kind = takes_of(doc);
        if (kind != TAKES_NUMBER && kind != TAKES_WHOLE)
            continue;
        char low[40], high[40], unit[40], value[100], beyond[100];
        range_of(doc, low, high);
        unit_of(doc, unit);
        snprintf(value, sizeof value, "%s%s", low, unit);
        accept(doc, value, value, false);
        snprintf(value, sizeof value, "%s%s", high, unit);
        accept(doc, value, value, true);
        const double below = strtod(low, NULL) - 1.0, above = 2.0 * strtod(high, NULL);
        snprintf(beyond, sizeof beyond, "%.17g%s", below, unit);
        refuse_scalar(doc, beyond, ", out of range");
        snprintf(beyond, sizeof beyond, "%.0f%s", above + 1.0, unit);
        refuse_scalar(doc, beyond, ", out of range");
        if (kind == TAKES_NUMBER) {
            snprintf(beyond, sizeof beyond, "1e999%s", unit);
            refuse_scalar(doc, beyond, ", out of range");
            snprintf(beyond, sizeof beyond, "-1e99999999999999999999%s", unit);
            refuse_scalar(doc, beyond, ", out of range");
        }
        n++;
    }
    assert_true(n > 100);
}

/* Not a number, in whatever spelling. */
static void test_no_numbers(void **state)
{
    (void)state;
    static const char *const rubbish[] = {"nan", "NaN", ".nan", "inf", "-.inf", "zzz", "--1", "1,5", "- 1", "e5", "."};
    for (int32_t i = 0; i < schema->n; i++) {
        const sv_setting_doc *doc = &schema->doc[i];
        const takes kind = takes_of(doc);
        for (size_t k = 0; k < sizeof rubbish / sizeof *rubbish && kind != TAKES_TEXT && kind != TAKES_LIST; k++) {
            char value[100], unit[40];
            snprintf(value, sizeof value, "%s%s", rubbish[k], unit_of(doc, unit));
            refuse_scalar(doc, value,
                          kind == TAKES_NUMBER  ? ", not a number"
                          : kind == TAKES_WHOLE ? ", not a whole number"
                          : kind == TAKES_DATE  ? ", not a date"
                                                : "");
        }
    }
}

static void test_units(void **state)
{
    (void)state;
    for (int32_t i = 0; i < schema->n; i++) {
        const sv_setting_doc *doc = &schema->doc[i];
        if (takes_of(doc) != TAKES_NUMBER)
            continue;
        char low[40], high[40], value[100], units[200];
        range_of(doc, low, high);
        snprintf(value, sizeof value, "%s parsecs", high);
        refuse_scalar(doc, value, doc->unit[0] == '\0' ? ", not a plain number" : ", in another unit");
        if (doc->unit[0] == '\0')
            continue;
        refuse_scalar(doc, high, ", without a unit");
        snprintf(units, sizeof units, "%s", doc->unit);
        for (char *at = units, *end; at != NULL; at = end != NULL ? end + 2 : NULL) { /* each is understood */
            end = strstr(at, ", ");
            snprintf(value, sizeof value, "-999999 %.*s", (int)(end != NULL ? end - at : (long)strlen(at)), at);
            refuse_scalar(doc, value, ", out of range");
        }
    }
}

static void test_dates(void **state)
{
    (void)state;
    static const char *const wrong[] = {"2026-11-31", "2026-13-01", "01.11.2026", "2026-11-1", "2026-11-01 24:00",
                                        "26-11-01",   "20261101",   "2026-02-29", "0000-00-00"};
    for (int32_t i = 0; i < schema->n; i++) {
        const sv_setting_doc *doc = &schema->doc[i];
        if (takes_of(doc) != TAKES_DATE)
            continue;
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
            refuse_scalar(doc, wrong[k], ", not a date");
        if (!begins(doc->key, "season."))
            accept(doc, "2026-11-05 06:00", "2026-11-05 06:00", true);
    }
}

static void test_wrong_shapes(void **state)
{
    (void)state;
    char longest[MOST_SET - 100], quoted[64];
    memset(longest, 'y', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    snprintf(quoted, sizeof quoted, "is '%.48s...'", longest);
    for (int32_t i = 0; i < schema->n; i++) {
        const sv_setting_doc *doc = &schema->doc[i];
        const takes kind = takes_of(doc);
        refuse_value(doc, "", "has no value");
        refuse_value(doc, "{a: 1}", "is a map");
        if (kind == TAKES_LIST) {
            refuse_value(doc, "3", "is one value");
            continue;
        }
        refuse_value(doc, "[1]", "is a list");
        if (kind == TAKES_WORD)
            refuse_value(doc, longest, quoted);
    }
}

/* A letter lost at the end, or two swapped: the key is found again, or one as near. */
static void test_misspelt(void **state)
{
    (void)state;
    int32_t n_other = 0;
    for (int32_t i = 0; i < schema->n; i++) {
        char wrong[SV_KEY_TEXT], near[SV_KEY_TEXT], sentence[MOST_SENTENCE], set[MOST_SET];
        const char *key = schema->doc[i].key;
        size_t n = strlen(key);
        for (int how = 0; how < 2; how++) {
            snprintf(wrong, sizeof wrong, "%s", key);
            if (how == 0)
                wrong[n - 1] = '\0';
            else if (key[n - 2] != key[n - 3]) {
                wrong[n - 2] = key[n - 3];
                wrong[n - 3] = key[n - 2];
            } else
                continue;
            if (strchr(wrong, '.') != NULL && (strstr(wrong, "..") != NULL || wrong[strlen(wrong) - 1] == '.'))
                continue;
            assert_true(sv_scenario_nearest(wrong, near));
            n_other += strcmp(near, key) != 0;
            snprintf(set, sizeof set, "%s=1", wrong);
            snprintf(sentence, sizeof sentence, "--set %s: unknown key '%.48s%s'; did you mean '%s'?", set, wrong,
                     strlen(wrong) > 48 ? "..." : "", near);
            refuse_set(set, sentence);
        }
    }
    assert_true(n_other < 6); /* level_2 and level_3 without their digit, twice */
}

/* Each line of the settings of a bundled scenario, set once more, changes nothing. */
static void test_examples(void **state)
{
    (void)state;
    static const char *const names[] = {"winter", "rts79", "rbts", "rts-gmlc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[1000], set[65536];
        snprintf(path, sizeof path, SV_SOURCE_DIR "/examples/%s.yaml", names[i]);
        const char *const sets[] = {set, "demand.scale=1.1"};
        sv_scenario *s = NULL;
        sv_error err = {0};
        assert_int_equal(sv_scenario_read(&s, path, NULL, 0, &err), SV_OK);
        lines before = lines_of(s);
        sv_scenario_free(&s);
        int32_t n = 0;
        for (const char *at = before.text; *at != '\0'; at += strcspn(at, "\n") + 1, n++) {
            const char *colon = strstr(at, ": ");
            snprintf(set, sizeof set, "%.*s=%.*s", (int)(colon - at), at, (int)(strcspn(colon + 2, "\n")), colon + 2);
            if (sv_scenario_read(&s, path, sets, 1, &err) != SV_OK)
                fail_msg("%s", err.text);
            lines after = lines_of(s);
            assert_string_equal(before.text, after.text);
            free(after.text);
            sv_scenario_free(&s);
            assert_int_equal(sv_scenario_read(&s, path, sets, 2, &err), SV_OK);
            assert_true(s->season.demand_scale == 1.1);
            sv_scenario_free(&s);
        }
        assert_true(n >= schema->n - 2); /* without season.to, and a grid that is not named */
        free(before.text);
    }
}

static int enter(void **state)
{
    (void)state;
    return sv_schema_new(&schema, NULL);
}

static int leave(void **state)
{
    (void)state;
    sv_schema_free(&schema);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),      cmocka_unit_test(test_defaults),     cmocka_unit_test(test_ends_of_range),
        cmocka_unit_test(test_no_numbers), cmocka_unit_test(test_units),        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_misspelt),   cmocka_unit_test(test_wrong_shapes), cmocka_unit_test(test_examples),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
