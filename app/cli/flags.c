/* The flags that `run` and `compare` share: how many winters, which seed, what to change, where results go. */
#include "flags.h"
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SEED = 256, KEY_SET, KEY_UNTIL, KEY_JSON, KEY_RESUME }; /* flags without a letter */

static const struct argp_option option_table[] = {
    {"seasons", 'n', "N", 0, "Number of seasons to simulate (default: the scenario's)", 0},
    {"seed", KEY_SEED, "S", 0, "Seed of all random numbers (default: the scenario's)", 0},
    {"threads", 'j', "T", 0, "Threads (default: one a core); results do not depend on it", 0},
    {"set", KEY_SET, "KEY=VALUE", 0, "Override one key of the scenario, as in demand.scale=1.1; may be repeated", 0},
    {"out", 'o', "FILE.db", 0, "Keep all results in an SQLite file; an existing one is replaced when the run ends well",
     0},
    {"resume", KEY_RESUME, NULL, 0, "Go on with what FILE.db of --out, or its .part, has; also with more seasons", 0},
    {"until", KEY_UNTIL, "P", 0, "Stop once the standard error of the energy not served is below P, as in 1%", 0},
    {"json", KEY_JSON, NULL, 0, "Print one JSON object instead of the summary", 0},
    {0},
};

/* "1%" or "1 %": a bare number is refused, for it could mean 1 or 100 %. */
static bool read_until(const char *text, double *until)
{
    size_t n = strlen(text);
    char number[64];
    if (n < 2 || n >= sizeof number || text[n - 1] != '%') {
        fprintf(stderr, "svitlo: --until: '%s' is not a percentage; accepted: 0.01 %% to 50 %%, as in 1%%\n", text);
        return false;
    }
    n--;
    while (n > 0 && text[n - 1] == ' ')
        n--;
    memcpy(number, text, n);
    number[n] = '\0';
    double percent = 0.0;
    if (!sv_cli_real("--until", number, 0.01, 50.0, &percent))
        return false;
    *until = percent / 100.0;
    return true;
}

static error_t take_option(int key, char *text, struct argp_state *state)
{
    sv_flags *self = state->input;
    bool good = true;
    switch (key) {
    case 'n':
        good = sv_cli_int("--seasons", text, 1, INT64_C(4000000000), &self->n_season);
        break;
    case KEY_SEED:
        good = sv_cli_int("--seed", text, 0, INT64_MAX, &self->seed);
        break;
    case 'j':
        good = sv_cli_int("--threads", text, 1, 1024, &self->n_thread);
        break;
    case KEY_SET:
        self->set[self->n_set++] = text;
        break;
    case 'o':
        self->out_path = text;
        break;
    case KEY_RESUME:
        self->resume = true;
        break;
    case KEY_UNTIL:
        good = read_until(text, &self->until);
        break;
    case KEY_JSON:
        self->json = true;
        break;
    case ARGP_KEY_END:
        if (self->resume && self->out_path == NULL)
            argp_error(state, "--resume of what? accepted: --out FILE.db with it");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return good ? 0 : EINVAL; /* its sentence was printed */
}

const struct argp sv_flags_parser = {option_table, take_option, NULL, NULL, NULL, NULL, NULL};

bool sv_flags_new(sv_flags *flags, int argc)
{
    *flags = (sv_flags){.seed = -1, .until = -1.0};
    flags->set = calloc((size_t)argc + 1, sizeof *flags->set);
    if (flags->set == NULL)
        fputs("svitlo: out of memory\n", stderr);
    return flags->set != NULL;
}

void sv_flags_free(sv_flags *flags)
{
    free(flags->set);
    flags->set = NULL;
}
