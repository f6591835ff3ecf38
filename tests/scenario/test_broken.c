/* Scenarios that are cut, garbled, huge, deep, or met by a machine without memory: an answer or one sentence, never a
 * crash, and nothing left behind (the address sanitizer looks). */
#include "scenario/parse.h"

#include <sys/resource.h>

/* Parse n bytes that end where the memory ends. */
static sv_status try_bytes(const char *text, size_t n)
{
    char *exact = malloc(n > 0 ? n : 1);
    assert_non_null(exact);
    memcpy(exact, text, n);
    sv_scenario *scenario = NULL;
    sv_error err = {0};
    sv_status status = sv_scenario_parse(&scenario, "a.yaml", exact, n, NULL, 0, &err);
    free(exact);
    assert_true(status == SV_OK || status == SV_EUSAGE);
    assert_int_equal(scenario != NULL, status == SV_OK);
    assert_int_equal(err.status, status);
    if (status != SV_OK) {
        assert_int_equal(strncmp(err.text, "a.yaml:", 7), 0);
        assert_null(strchr(err.text, '\n'));
    }
    sv_scenario_free(&scenario);
    return status;
}

static char *load_example(const char *name, size_t *n)
{
    char path[1000];
    snprintf(path, sizeof path, SV_SOURCE_DIR "/examples/%s.yaml", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = malloc(1 << 16);
    assert_non_null(text);
    *n = fread(text, 1, (1 << 16) - 1, file);
    text[*n] = '\0';
    fclose(file);
    return text;
}

static void test_every_prefix(void **state)
{
    (void)state;
    size_t n = 0;
    int n_good = 0;
    char *text = load_example("winter", &n);
    assert_int_equal(try_bytes(text, n), SV_OK);
    for (size_t i = 0; i < n; i++)
        n_good += try_bytes(text, i) == SV_OK;
    assert_true(n_good > 50); /* a file cut between two keys is a scenario */
    assert_true(n_good < (int)n - 50);
    free(text);
}

static void test_flipped_bytes(void **state)
{
    (void)state;
    size_t n = 0;
    char *text = load_example("rts-gmlc", &n);
    for (size_t i = 0; i < n; i++) {
        static const char others[] = "\0\t\n:-[{}]&*!%'\"#,\xFF\x80 0e";
        char kept = text[i];
        for (size_t k = 0; k < sizeof others - 1; k++) {
            text[i] = others[k];
            (void)try_bytes(text, n);
        }
        text[i] = kept;
    }
    free(text);
}

static void test_random_bytes(void **state)
{
    (void)state;
    char text[200];
    for (uint32_t i = 0; i < 4000; i++) {
        static const char letters[] = "waves: {rate}[,]\n\n  -'\"#&*!|>%@`?grid0123456789.\\\x7F\xC3\xA9";
        size_t n = i % sizeof text;
        for (size_t k = 0; k < n; k++) {
            double u = sv_draw(7, 0, SV_DRAW_TEST, i, (uint32_t)k).u[0];
            text[k] = i % 2 == 0 ? letters[(size_t)(u * (double)(sizeof letters - 1))] : (char)(u * 256.0);
        }
        (void)try_bytes(text, n);
    }
}

/* A pattern over and over. */
static void fill(char *text, size_t n, const char *pattern)
{
    size_t length = strlen(pattern);
    for (size_t i = 0; i < n; i++)
        text[i] = pattern[i % length];
}

static long peak_kb(void)
{
    struct rusage used;
    assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
    return used.ru_maxrss;
}

static void test_huge(void **state)
{
    (void)state;
    enum { LIMIT = 256 << 10 };
    char *text = malloc(LIMIT + 1);
    assert_non_null(text);
    static const char *const patterns[] = {"[",     "{",      "{a: ", "- ",   "a: [",      "[a, ",  "\"",
                                           "a b ",  "? ",     "a:\n", "|",    "#",         "'",     "x, ",
                                           "[]: ",  "a: b\n", "&a ",  "*a, ", "!t ",       "a:\n ", "%YAML 1\n",
                                           "---\n", "...\n",  "\n",   "-\n",  "grid: g\n", "[\n",   "grid: [{a: "};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        fill(text, LIMIT, patterns[i]);
        double start_s = sv_clock_s();
        assert_int_equal(try_bytes(text, LIMIT), SV_EUSAGE);
        assert_true(sv_clock_s() - start_s < 20.0); /* linear, even in the sanitizer */
    }
    if (SV_ARENA_EACH == 0) /* as users run it; sanitizers keep what was freed */
        assert_true(peak_kb() < 150 * 1024L);
    fill(text, LIMIT, "#");
    memcpy(text, "grid: g\n", 8);
    assert_int_equal(try_bytes(text, LIMIT), SV_OK); /* a comment of 256 kB is one */
    refuse_text("", "a.yaml: it is empty; accepted: keys of a scenario, as grid: PATH");
    sv_scenario *scenario = NULL;
    sv_error err = {0};
    assert_int_equal(sv_scenario_parse(&scenario, "a.yaml", text, LIMIT + 1, NULL, 0, &err), SV_EUSAGE);
    assert_string_equal(err.text, "a.yaml: it has more than 256 kB; accepted: at most 256 kB");
    free(text);
}

/* Nine aliases of nine aliases: two lines would be a billion values. */
static void test_billion_laughs(void **state)
{
    (void)state;
    refuse_text("a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n",
                "a.yaml:1:4: an anchor or alias (& or *) stands here; accepted: the value itself");
}

static void test_too_many(void **state)
{
    (void)state;
    char *text = malloc(1 << 20);
    assert_non_null(text);
    char *at = text + sprintf(text, "waves: {dates: [");
    for (int i = 0; i < 201; i++)
        at += sprintf(at, "2026-%02d-%02d, ", 1 + i / 28, 1 + i % 28);
    strcpy(at, "]}\n");
    refuse_text(text, "a.yaml:1:16: waves.dates has 201 dates; accepted: at most 200");
    at = text + sprintf(text, "waves: {dates: [");
    for (int i = 0; i < 5001; i++)
        at += sprintf(at, "2026-01-01,");
    strcpy(at, "]}\n");
    refuse_text(text, "a.yaml:1:55017: too many values; accepted: at most 5000 in one list");
    at = text + sprintf(text, "waves: {");
    for (int i = 0; i < 1001; i++)
        at += sprintf(at, "x%04d: 1,", i);
    strcpy(at, "}\n");
    refuse_text(text, "a.yaml:1:9016: too many values; accepted: at most 1000 in one map");
    at = text + sprintf(text, "shelters: {at: {level_2: [");
    for (int i = 0; i < 700; i++)
        at += sprintf(at, "%0100d,", i);
    strcpy(at, "]}}\n");
    refuse_text(text, "a.yaml:1:26: shelters.at.level_2 has ids of 71400 bytes together; accepted: at most 60000");
    at = text + sprintf(text, "peace: [");
    for (int i = 0; i < 17; i++)
        at += sprintf(at, "{}, ");
    strcpy(at, "]\n");
    refuse_text(text, "a.yaml:1:8: peace has 17 windows; accepted: at most 16");
    at = text + sprintf(text, "peace: [{where: [");
    for (int i = 0; i < 17; i++)
        at += sprintf(at, "r%d, ", i);
    strcpy(at, "]}]\n");
    refuse_text(text,
                "a.yaml:1:17: peace[1].where is a list; accepted: a list of at most 16 ids of regions, front or rear");
    free(text);
}

/* The fullest lists stay within the buffer that writes them. */
static void test_fullest(void **state)
{
    (void)state;
    char *text = malloc(1 << 20), word[101];
    assert_non_null(text);
    memset(word, '\'', 100);
    word[100] = '\0';
    char *at = text + sprintf(text, "peace:\n");
    for (int i = 0; i < SV_MAX_PEACE; i++) {
        at +=
            sprintf(at, "- {from: 2027-01-01, to: 2027-03-31 06:00, kind: energy, kept: 12.3456789012345 %%, where: [");
        for (int k = 0; k < SV_MAX_NAME; k++)
            at += sprintf(at, "\"%s\", ", word);
        at += sprintf(at, "]}\n");
    }
    at += sprintf(at, "waves: {dates: [");
    for (int i = 0; i < SV_MAX_WAVE_DATE; i++)
        at += sprintf(at, "2026-%02d-%02d 05:00, ", 1 + i / 28, 1 + i % 28);
    at += sprintf(at, "]}\nshelters: {at: {");
    for (int l = 1; l < SV_N_SHELTER; l++) {
        at += sprintf(at, "level_%d: [", l);
        for (int i = 0; i < 5000; i++)
            at += sprintf(at, "'%d: %d',", l, i); /* ten bytes as it is written, with quotes and comma */
        at += sprintf(at, "], ");
    }
    strcpy(at, "}}\n");
    sv_scenario *s = parse(text, NULL, 0);
    lines once = lines_of(s);
    sv_scenario *again = parse(once.text, NULL, 0);
    lines twice = lines_of(again);
    assert_string_equal(once.text, twice.text);
    assert_int_equal(again->season.waves.n_peace, SV_MAX_PEACE);
    assert_int_equal(again->season.waves.peace[15].n_where, SV_MAX_NAME);
    assert_string_equal(again->season.waves.peace[15].where[15], word);
    assert_int_equal(again->season.waves.n_date, SV_MAX_WAVE_DATE);
    assert_int_equal(again->season.waves.shelter_at[3].n, 5000);
    assert_string_equal(again->season.waves.shelter_at[3].id[4999], "3: 4999");
    free(text);
    free(once.text);
    free(twice.text);
    sv_scenario_free(&s);
    sv_scenario_free(&again);
}

/* Each allocation of an arena fails in turn: out of memory, and no handle. */
static void test_memory(void **state)
{
    (void)state;
    size_t n = 0;
    char *text = load_example("winter", &n);
    const char *set[] = {"grid=x", "peace=[{where: [front]}]"};
    int64_t n_fail = 0;
    for (int64_t k = 1;; k++) {
        sv_scenario *scenario = NULL;
        sv_error err = {0};
        sv_arena_fail_at(k);
        sv_status status = sv_scenario_parse(&scenario, "dir/a.yaml", text, n, set, 2, &err);
        sv_arena_fail_at(0);
        assert_int_equal(scenario != NULL, status == SV_OK);
        sv_scenario_free(&scenario);
        if (status == SV_OK)
            break;
        assert_int_equal(status, SV_ENOMEM);
        assert_string_equal(err.text, "out of memory for a scenario");
        n_fail++;
    }
    assert_true(n_fail > 3);
    for (int64_t k = 1;; k++) {
        sv_schema *schema = NULL;
        sv_arena_fail_at(k);
        sv_status status = sv_schema_new(&schema, NULL);
        sv_arena_fail_at(0);
        assert_int_equal(schema != NULL, status == SV_OK);
        sv_schema_free(&schema);
        if (status == SV_OK)
            break;
        assert_int_equal(status, SV_ENOMEM);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_prefix), cmocka_unit_test(test_flipped_bytes),  cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_huge),         cmocka_unit_test(test_billion_laughs), cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_fullest),      cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
