/* Fuzz the reader of scenarios, levers and sweeps; no file is opened. The first line of an input may be an override
 * (`--set a.b=c`), the rest is the file; or a sweep (`--vary a.b=0..3/1`). What begins with `base:` is a lever of a fixed
 * base, or two with a line `+++` between them, which must give the same in both orders. What is accepted must come back
 * from its own settings. */
#include "scenario/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MOST = 1 << 18 };

typedef struct {
    char *text;
    size_t n;
} lines;

static void add_line(void *context, const char *key, const char *value)
{
    lines *all = context;
    size_t n_key = strlen(key), n_value = strlen(value);
    if (all->n + n_key + n_value + 3 > MOST)
        abort();
    memcpy(all->text + all->n, key, n_key);
    memcpy(all->text + all->n + n_key, ": ", 2);
    memcpy(all->text + all->n + n_key + 2, value, n_value);
    all->n += n_key + n_value + 3;
    all->text[all->n - 1] = '\n';
}

static lines lines_of(const sv_scenario *scenario)
{
    lines all = {malloc(MOST), 0};
    if (all.text == NULL)
        abort();
    sv_scenario_settings(scenario, add_line, &all);
    return all;
}

static void check_round_trip(const sv_scenario *scenario)
{
    lines once = lines_of(scenario);
    sv_scenario *again = NULL;
    if (sv_scenario_parse(&again, "a.yaml", once.text, once.n, NULL, 0, NULL) != SV_OK)
        abort();
    lines twice = lines_of(again);
    if (once.n != twice.n || memcmp(once.text, twice.text, once.n) != 0)
        abort();
    sv_scenario_free(&again);
    free(once.text);
    free(twice.text);
}

/* Text or sentence: both, or neither, is a bug. */
static void check_answer(sv_status status, const void *made, const sv_error *err)
{
    if ((status == SV_OK) != (made != NULL) || (status != SV_OK && status != SV_EUSAGE) ||
        (status != SV_OK) != (err->text[0] != '\0') || strchr(err->text, '\n') != NULL)
        abort();
}

/* ---- a scenario ------------------------------------------------------------------------------- */

static void try_scenario(const char *set, const char *text, size_t n)
{
    const source file = {"a.yaml", text, n};
    sv_scenario *scenario = NULL;
    sv_error err = {0};
    sv_status status = scenario_of_sources(&scenario, &file, &set, set != NULL, NULL, 0, &err);
    check_answer(status, scenario, &err);
    if (status == SV_OK)
        check_round_trip(scenario);
    sv_scenario_free(&scenario);
}

/* ---- levers: one, or two in both orders ----------------------------------------------------------- */

static const char base_text[] = "grid: g\nseason: {from: 2026-11-01, to: 2027-03-31}\ncover: {rear: 75 %}\n"
                                "waves: {dates: [2026-12-05, 2026-12-01]}\nshelters: {at: {level_2: [S9, S1]}}\n"
                                "peace: [{from: 2027-02-01, to: 2027-02-03}]\nimports: {limit: 2.1 GW}\n";

static sv_status read_levers(sv_scenario **scenario, const source *lever, int32_t n)
{
    const source base = {"base.yaml", base_text, strlen(base_text)};
    sv_error err = {0};
    sv_status status = scenario_of_sources(scenario, &base, NULL, 0, lever, n, &err);
    check_answer(status, *scenario, &err);
    if (status == SV_OK && (*scenario)->n_cost > 0 && !(sv_scenario_cost_eur(*scenario) >= 0.0))
        abort();
    return status;
}

static void try_levers(const char *text, size_t n)
{
    static const char between[] = "\n+++\n";
    source lever[3] = {{"a.yaml", text, n}};
    int32_t n_lever = 1;
    for (size_t i = 0; n_lever == 1 && i + strlen(between) <= n; i++)
        if (memcmp(text + i, between, strlen(between)) == 0) {
            lever[0].n = i + 1;
            lever[1] = (source){"b.yaml", text + i + strlen(between), n - i - strlen(between)};
            lever[2] = lever[0];
            n_lever = 2;
        }
    sv_scenario *ab = NULL, *ba = NULL;
    sv_status status = read_levers(&ab, lever, n_lever);
    if (status == SV_OK)
        check_round_trip(ab);
    if (n_lever == 2 && read_levers(&ba, lever + 1, 2) != status)
        abort();
    if (ab != NULL && ba != NULL) {
        ab->name = ba->name = "x";
        lines one = lines_of(ab), other = lines_of(ba);
        if (one.n != other.n || memcmp(one.text, other.text, one.n) != 0)
            abort();
        free(one.text);
        free(other.text);
    }
    sv_scenario_free(&ab);
    sv_scenario_free(&ba);
}

/* ---- sweeps: each value is a sweep of one ----------------------------------------------------------- */

static void check_value(const sv_sweep *sweep, int32_t i)
{
    char text[300];
    bool date = strcmp(sweep->unit, "date") == 0;
    snprintf(text, sizeof text, "%s=%s..%s/1 %s", sweep->key, sweep->value[i], sweep->value[i],
             date ? "h" : sweep->unit);
    sv_sweep *again = NULL;
    if (sv_sweep_read(&again, text, NULL) != SV_OK || again->n != 1 || again->x[0] != sweep->x[i] ||
        strcmp(again->value[0], sweep->value[i]) != 0)
        abort();
    sv_sweep_free(&again);
}

static void try_sweep(const char *text)
{
    sv_sweep *sweep = NULL;
    sv_error err = {0};
    sv_status status = sv_sweep_read(&sweep, text, &err);
    check_answer(status, sweep, &err);
    for (int32_t i = 0; sweep != NULL && i < sweep->n; i++) {
        if (i > 0 && !(sweep->x[i] > sweep->x[i - 1]))
            abort();
        check_value(sweep, i);
    }
    sv_sweep_free(&sweep);
}

/* ---- which of them -------------------------------------------------------------------------------- */

/* What stands behind a flag in the first line; NULL = another line. The rest begins after it. */
static char *first_line(const char *flag, const char **text, size_t *n)
{
    size_t n_flag = strlen(flag);
    const char *end = *n > n_flag && memcmp(*text, flag, n_flag) == 0 ? memchr(*text, '\n', *n) : NULL;
    if (end == NULL)
        return NULL;
    size_t n_line = (size_t)(end - *text) - n_flag;
    char *line = calloc(n_line + 1, 1);
    if (line == NULL)
        abort();
    memcpy(line, *text + n_flag, n_line);
    *n -= n_flag + n_line + 1;
    *text = end + 1;
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *text = (const char *)data;
    char *vary = first_line("--vary ", &text, &n);
    char *set = vary == NULL ? first_line("--set ", &text, &n) : NULL;
    if (vary != NULL)
        try_sweep(vary);
    else if (set == NULL && n > 5 && memcmp(text, "base:", 5) == 0)
        try_levers(text, n);
    else
        try_scenario(set, text, n);
    free(vary);
    free(set);
    return 0;
}
