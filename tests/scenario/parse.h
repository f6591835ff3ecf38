/* Shared by the tests of the scenario: parse a text, compare sentences. */
#ifndef SV_TEST_SCENARIO_PARSE_H
#define SV_TEST_SCENARIO_PARSE_H

#include "svitlo/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A scenario that must be good. */
static inline sv_scenario *parse(const char *text, const char *const *set, int32_t n_set)
{
    sv_scenario *scenario = NULL;
    sv_error err = {0};
    sv_status status = sv_scenario_parse(&scenario, "a.yaml", text, strlen(text), set, n_set, &err);
    if (status != SV_OK)
        print_message("%s\n", err.text);
    assert_int_equal(status, SV_OK);
    assert_non_null(scenario);
    return scenario;
}

/* A scenario that must be refused with this sentence. */
static inline void refuse(const char *text, const char *const *set, int32_t n_set, const char *sentence)
{
    sv_scenario *scenario = NULL;
    sv_error err = {0};
    sv_status status = sv_scenario_parse(&scenario, "a.yaml", text, strlen(text), set, n_set, &err);
    if (status != SV_EUSAGE)
        print_message("not refused: %s %s\n", text, n_set > 0 ? set[0] : "");
    assert_int_equal(status, SV_EUSAGE);
    assert_null(scenario);
    assert_string_equal(err.text, sentence);
    assert_int_equal(err.status, SV_EUSAGE);
    assert_null(memchr(err.text, '\n', strlen(err.text)));
    status = sv_scenario_parse(&scenario, "a.yaml", text, strlen(text), set, n_set, NULL); /* nobody listens */
    assert_int_equal(status, SV_EUSAGE);
    assert_null(scenario);
}

static inline void refuse_text(const char *text, const char *sentence)
{
    refuse(text, NULL, 0, sentence);
}

static inline void refuse_set(const char *set, const char *sentence)
{
    refuse("grid: g\n", &set, 1, sentence);
}

/* The settings as YAML, one `key: value` a line. */
typedef struct {
    char *text;
    size_t n;
} lines;

static inline void add_line(void *context, const char *key, const char *value)
{
    lines *all = context;
    size_t n = strlen(key) + strlen(value) + 4;
    all->text = realloc(all->text, all->n + n);
    assert_non_null(all->text);
    all->n += (size_t)snprintf(all->text + all->n, n, "%s: %s\n", key, value);
}

static inline lines lines_of(const sv_scenario *scenario)
{
    lines all = {NULL, 0};
    sv_scenario_settings(scenario, add_line, &all);
    return all;
}

#endif
