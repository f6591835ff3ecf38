/* Fuzz the reader of scenarios. The first line of an input may be an override (`--set a.b=c`), the rest is the file. What
 * is accepted must come back from its own settings. */
#include "svitlo/scenario.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char flag[] = "--set ";
    const char *text = (const char *)data;
    char *set = NULL;
    const uint8_t *end = n > strlen(flag) && memcmp(text, flag, strlen(flag)) == 0 ? memchr(data, '\n', n) : NULL;
    if (end != NULL) {
        size_t n_set = (size_t)(end - data) - strlen(flag);
        set = calloc(n_set + 1, 1);
        if (set == NULL)
            abort();
        memcpy(set, text + strlen(flag), n_set);
        n -= (size_t)(end - data) + 1;
        text = (const char *)end + 1;
    }
    const char *const sets[] = {set};
    sv_scenario *scenario = NULL;
    sv_error err = {0};
    sv_status status = sv_scenario_parse(&scenario, "a.yaml", text, n, sets, set != NULL, &err);
    if ((status == SV_OK) != (scenario != NULL) || (status != SV_OK && status != SV_EUSAGE) ||
        (status != SV_OK) != (err.text[0] != '\0') || strchr(err.text, '\n') != NULL)
        abort();
    if (status == SV_OK)
        check_round_trip(scenario);
    sv_scenario_free(&scenario);
    free(set);
    return 0;
}
