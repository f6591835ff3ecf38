/* svitlo compare: a scenario and its levers over the same winters; what each lever is worth. */
#include "cli.h"
#include "job.h"
#include "levers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    sv_flags flags;
    const char *base_path;
    int32_t n_path, n_combine, n_vary;
    const char **path, **combine, **vary; /* [argc] */
} options;

enum { KEY_COMBINE = 512, KEY_VARY, MOST_PARTS = 16 };

static const struct argp_option option_table[] = {
    {"combine", KEY_COMBINE, "A+B", 0, "Also levers A and B together, by the names of their files; may be repeated", 1},
    {"vary", KEY_VARY, "KEY=A..B/STEP", 0,
     "Also the scenario with KEY at each of these values, as in ceasefire.from=2026-12-01..2027-03-01/7d", 1},
    {0},
};

static error_t take_option(int key, char *text, struct argp_state *state)
{
    options *self = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &self->flags;
        break;
    case KEY_COMBINE:
        self->combine[self->n_combine++] = text;
        break;
    case KEY_VARY:
        self->vary[self->n_vary++] = text;
        break;
    case ARGP_KEY_ARG:
        for (int32_t k = 0; k < self->n_path; k++)
            if (strcmp(self->path[k], text) == 0)
                argp_error(state, "lever %s stands there twice", text);
        if (self->base_path == NULL)
            self->base_path = text;
        else
            self->path[self->n_path++] = text;
        break;
    case ARGP_KEY_END:
        if (self->base_path == NULL)
            argp_error(state, "compare what? accepted: a scenario and its levers, as in examples/winter.yaml "
                              "examples/levers/*.yaml");
        else if (self->n_path == 0 && self->n_vary == 0)
            argp_error(state, "compare %s with what? accepted: levers, or --vary KEY=A..B/STEP", self->base_path);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* ---- the list of levers -------------------------------------------------------------------- */

typedef struct {
    const options *opts;
    int32_t n, n_sweep;
    sv_lever lever[SV_MOST_LEVERS];
    sv_scenario *scenario[SV_MOST_LEVERS]; /* those of lever, to be freed */
    int32_t part[SV_MOST_LEVERS][MOST_PARTS];
    sv_sweep *sweep[SV_MOST_LEVERS];
} lever_list;

static void free_list(lever_list *self)
{
    for (int32_t k = 0; k < self->n; k++)
        sv_scenario_free(&self->scenario[k]);
    for (int32_t k = 0; k < self->n_sweep; k++)
        sv_sweep_free(&self->sweep[k]);
    free(self);
}

/* Room for one more. NULL = there is none, after a sentence. */
static sv_lever *next_lever(lever_list *self, sv_error *err)
{
    if (self->n < SV_MOST_LEVERS)
        return &self->lever[self->n];
    (void)sv_error_set(err, SV_EUSAGE, NULL, 0, "more than %d levers, combinations and values of --vary",
                       (int)SV_MOST_LEVERS);
    return NULL;
}

static sv_status add_levers(lever_list *self, const char *const *path, int32_t n_path, sv_error *err)
{
    const sv_flags *flags = &self->opts->flags;
    sv_lever *lever = next_lever(self, err);
    if (lever == NULL)
        return SV_EUSAGE;
    sv_status status = sv_scenario_read_lever(&self->scenario[self->n], self->opts->base_path, flags->set, flags->n_set,
                                              path, n_path, err);
    if (status != SV_OK)
        return status;
    *lever = (sv_lever){.scenario = self->scenario[self->n], .path = n_path == 1 ? path[0] : NULL};
    self->n++;
    return SV_OK;
}

/* Is this word the lever's path, or the name of its file with or without its ending? */
static bool is_called(const char *path, const char *word, size_t n)
{
    size_t stem;
    const char *file = sv_cli_file(path, &stem);
    return (strlen(path) == n && strncmp(path, word, n) == 0) || (strlen(file) == n && strncmp(file, word, n) == 0) ||
           (stem == n && strncmp(file, word, n) == 0);
}

static sv_status add_combination(lever_list *self, const char *text, sv_error *err)
{
    const options *opts = self->opts;
    const char *path[MOST_PARTS];
    int32_t n = 0, *part = self->part[self->n < SV_MOST_LEVERS ? self->n : 0];
    for (const char *word = text; word != NULL; n++) {
        const char *plus = strchr(word, '+');
        size_t length = plus != NULL ? (size_t)(plus - word) : strlen(word);
        int32_t found = -1, n_found = 0;
        for (int32_t k = 0; k < opts->n_path; k++)
            if (is_called(opts->path[k], word, length)) {
                found = k;
                n_found++;
            }
        if (n_found > 1)
            return sv_error_set(err, SV_EUSAGE, NULL, 0,
                                "--combine %s: '%.*s' is the name of %d levers; accepted: their paths, as given", text,
                                (int)length, word, (int)n_found);
        if (found < 0)
            return sv_error_set(err, SV_EUSAGE, NULL, 0,
                                "--combine %s: '%.*s' is no lever of this comparison; accepted: the names of their "
                                "files, as ceasefire+spares",
                                text, (int)length, word);
        if (n >= MOST_PARTS)
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "--combine %s: more than %d levers", text, (int)MOST_PARTS);
        for (int32_t k = 0; k < n; k++)
            if (part[k] == found)
                return sv_error_set(err, SV_EUSAGE, NULL, 0, "--combine %s: '%.*s' stands there twice", text,
                                    (int)length, word);
        part[n] = found;
        path[n] = opts->path[found];
        word = plus != NULL ? plus + 1 : NULL;
    }
    if (n < 2)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--combine %s: one lever; accepted: two or more, as a+b", text);
    sv_status status = add_levers(self, path, n, err);
    if (status == SV_OK) {
        self->lever[self->n - 1].n_part = n;
        self->lever[self->n - 1].part = part;
    }
    return status;
}

/* The base with the key at one value. */
static sv_status add_value(lever_list *self, const sv_sweep *sweep, int32_t i, sv_error *err)
{
    const sv_flags *flags = &self->opts->flags;
    char text[1024], name[1040];
    sv_lever *lever = next_lever(self, err);
    if (lever == NULL)
        return SV_EUSAGE;
    snprintf(text, sizeof text, "%s=%s", sweep->key, sweep->value[i]);
    snprintf(name, sizeof name, "name=%s %s", sweep->key, sweep->value[i]);
    const char **set = calloc((size_t)flags->n_set + 2, sizeof *set);
    if (set == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    for (int32_t k = 0; k < flags->n_set; k++)
        set[k] = flags->set[k];
    set[flags->n_set] = text;
    set[flags->n_set + 1] = name;
    sv_status status = sv_scenario_read(&self->scenario[self->n], self->opts->base_path, set, flags->n_set + 2, err);
    free(set);
    if (status == SV_OK)
        *lever = (sv_lever){.scenario = self->scenario[self->n++], .sweep = sweep, .i_sweep = i};
    return status;
}

static sv_status add_sweep(lever_list *self, const char *text, sv_error *err)
{
    if (self->n_sweep >= SV_MOST_LEVERS)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "more than %d sweeps", (int)SV_MOST_LEVERS);
    sv_status status = sv_sweep_read(&self->sweep[self->n_sweep], text, err);
    if (status != SV_OK)
        return status;
    const sv_sweep *sweep = self->sweep[self->n_sweep++];
    for (int32_t i = 0; i < sweep->n && status == SV_OK; i++)
        status = add_value(self, sweep, i, err);
    return status;
}

static sv_status fill_list(lever_list *self, sv_error *err)
{
    const options *opts = self->opts;
    sv_status status = SV_OK;
    for (int32_t k = 0; k < opts->n_path && status == SV_OK; k++)
        status = add_levers(self, &opts->path[k], 1, err);
    for (int32_t k = 0; k < opts->n_combine && status == SV_OK; k++)
        status = add_combination(self, opts->combine[k], err);
    for (int32_t k = 0; k < opts->n_vary && status == SV_OK; k++)
        status = add_sweep(self, opts->vary[k], err);
    return status;
}

/* The season that the base's file or grid gave; how many winters the flags ask for. */
static void share_season(lever_list *self, const sv_job *job)
{
    for (int32_t k = 0; k < self->n; k++) {
        self->scenario[k]->season.t0_h = job->base->season.t0_h;
        self->scenario[k]->season.n_h = job->base->season.n_h;
        self->scenario[k]->study = job->base->study;
    }
}

/* ---- the command --------------------------------------------------------------------------- */

static sv_status carry_out(sv_job *job, lever_list *list, int *exit_code, sv_error *err)
{
    sv_report report;
    sv_status status = sv_job_open(job, list->opts->base_path, err);
    if (status == SV_OK)
        status = fill_list(list, err);
    if (status != SV_OK)
        return status;
    share_season(list, job);
    job->n_lever = list->n;
    job->lever = list->lever;
    status = sv_job_begin(job, err);
    if (status == SV_OK)
        status = sv_job_run(job, &report, exit_code, err);
    if (status != SV_OK || report.info.n_season == 0)
        return status;
    if (job->flags->json)
        return sv_levers_json(&report, err);
    if (report.info.n_failed < report.info.n_season)
        sv_levers_text(&report);
    return SV_OK;
}

static int compare(options *opts)
{
    int exit_code = 0;
    sv_error err = {0};
    lever_list *list = calloc(1, sizeof *list);
    if (list == NULL) {
        fputs("svitlo: out of memory\n", stderr);
        return 1;
    }
    list->opts = opts;
    sv_job job = {.flags = &opts->flags};
    sv_status status = carry_out(&job, list, &exit_code, &err);
    sv_job_free(&job);
    free_list(list);
    if (status != SV_OK)
        return sv_cli_fail(&err);
    return sv_cli_flush() != 0 ? 1 : exit_code;
}

int sv_cmd_compare(int argc, char **argv)
{
    static const struct argp_child children[] = {{&sv_flags_parser, 0, NULL, 0}, {0}};
    static const struct argp parser = {
        option_table,
        take_option,
        "SCENARIO LEVER...",
        "Run a scenario and each of its levers over the same winters and tell what each lever is worth.\v"
        "A lever is a small YAML file that names its base and what differs:\n"
        "  base: winter.yaml\n  name: One more gigawatt of imports\n  add: {imports: {limit: 1 GW}}\n"
        "--set changes the scenario, under the levers. Memory: 20 levers take some 100 MB more a thread.\n"
        "The table goes to stdout, progress to stderr. Ctrl-C ends early and keeps what is complete.",
        children,
        NULL,
        NULL};
    options opts = {.n_path = 0};
    const char **words = calloc(3 * ((size_t)argc + 1), sizeof *words);
    if (words == NULL || !sv_flags_new(&opts.flags, argc)) {
        free(words);
        fputs("svitlo: out of memory\n", stderr);
        return 1;
    }
    opts.path = words;
    opts.combine = words + argc + 1;
    opts.vary = words + 2 * (argc + 1);
    argp_err_exit_status = 2;
    int exit_code = argp_parse(&parser, argc, argv, 0, NULL, &opts) != 0 ? 2 : compare(&opts);
    sv_flags_free(&opts.flags);
    free(words);
    return exit_code;
}
