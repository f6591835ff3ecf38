/* svitlo balance: least load shedding of one damage state of a grid. */
#include "cli.h"

#include "svitlo/balance.h"
#include "svitlo/formats.h"

#include <argp.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_BRANCHES = 256, KEY_BUSES, KEY_GENS, KEY_SCALE, KEY_JSON, KEY_COPPER, N_MOST_NAMED = 8 };

typedef struct {
    const char *grid_path, *out_path[3]; /* by sv_out_kind */
    double scale;
    bool json, copper_plate;
} options;

/* All that one solve needs and gives. */
typedef struct {
    sv_grid *grid;
    sv_state *state;
    sv_balance *balance;
    sv_arena *arena;
    sv_balance_input input;
    sv_balance_result result;
    sv_balance_info info;
    double seconds;
} work;

static const struct argp_option option_table[] = {
    {"out-branches", KEY_BRANCHES, "FILE", 0, "branches out of service: 1-based rows of the grid's table, one a line",
     0},
    {"out-buses", KEY_BUSES, "FILE", 0, "buses struck: ids, one a line; their load stays demand", 0},
    {"out-gens", KEY_GENS, "FILE", 0, "generators out of service: 1-based rows, one a line", 0},
    {"scale", KEY_SCALE, "X", 0, "multiply every load by X (default 1)", 0},
    {"copper-plate", KEY_COPPER, NULL, 0, "no network limits", 0},
    {"json", KEY_JSON, NULL, 0, "print one JSON object", 0},
    {0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    options *self = state->input;
    switch (key) {
    case KEY_BRANCHES:
        self->out_path[SV_OUT_BRANCHES] = arg;
        return 0;
    case KEY_BUSES:
        self->out_path[SV_OUT_BUSES] = arg;
        return 0;
    case KEY_GENS:
        self->out_path[SV_OUT_GENS] = arg;
        return 0;
    case KEY_SCALE:
        if (!sv_cli_real("--scale", arg, 0.0, 1e6, &self->scale))
            exit(2);
        return 0;
    case KEY_JSON:
        self->json = true;
        return 0;
    case KEY_COPPER:
        self->copper_plate = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one grid, please: '%s' is one too many", arg);
        self->grid_path = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which grid? a MATPOWER case (.m), a PSS/E RAW file (.raw) or a folder of CSV tables");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = option_table,
    .parser = parse_option,
    .args_doc = "GRID",
    .doc = "Least load shedding of one damage state, exact in the DC model: who must be shed when these branches, "
           "buses and "
           "generators are out.",
};

static double *filled(sv_arena *arena, int32_t n)
{
    return SV_TAKE(arena, n, double);
}

/* Nominal loads and full availability; the grid's series play no part in a single state. */
static sv_status fill_input(work *self, const options *opt)
{
    const sv_grid *grid = self->grid;
    double *gen = filled(self->arena, grid->n_gen), *load = filled(self->arena, grid->n_load);
    double *import = filled(self->arena, grid->n_interconnector), *storage = filled(self->arena, grid->n_storage);
    self->result.served_mw = filled(self->arena, grid->n_load);
    if (sv_arena_failed(self->arena))
        return SV_ENOMEM;
    for (int32_t g = 0; g < grid->n_gen; g++)
        gen[g] = grid->gen[g].p_max_mw > 0.0 ? grid->gen[g].p_max_mw : 0.0;
    for (int32_t d = 0; d < grid->n_load; d++)
        load[d] = grid->load[d].p_mw * opt->scale;
    for (int32_t k = 0; k < grid->n_interconnector; k++)
        import[k] = grid->interconnector[k].limit_mw;
    for (int32_t k = 0; k < grid->n_storage; k++)
        storage[k] =
            grid->storage[k].p_mw < grid->storage[k].energy_mwh ? grid->storage[k].p_mw : grid->storage[k].energy_mwh;
    self->input =
        (sv_balance_input){.gen_max_mw = gen, .load_mw = load, .import_max_mw = import, .discharge_max_mw = storage};
    return SV_OK;
}

static sv_status run(work *self, const options *opt, sv_error *err)
{
    sv_status status = sv_grid_read(&self->grid, opt->grid_path, err);
    if (status != SV_OK)
        return status;
    self->state = sv_state_new(self->grid);
    self->arena = sv_arena_new();
    if (self->state == NULL || self->arena == NULL || fill_input(self, opt) != SV_OK)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    for (int kind = 0; kind < 3; kind++) {
        if (opt->out_path[kind] == NULL)
            continue;
        status = sv_outages_read(self->state, (sv_out_kind)kind, opt->out_path[kind], err);
        if (status != SV_OK)
            return status;
    }
    sv_balance_settings settings = sv_balance_defaults();
    settings.network = !opt->copper_plate;
    status = sv_balance_new(&self->balance, self->grid, &settings, err);
    if (status != SV_OK)
        return status;
    double start = sv_clock_s();
    status = sv_balance_update(self->balance, self->state);
    if (status == SV_OK)
        status = sv_balance_solve(self->balance, &self->input, &self->result, &self->info);
    self->seconds = sv_clock_s() - start;
    if (status == SV_OK && self->info.outcome == SV_BALANCE_FAILED)
        status = SV_ENUM;
    if (status == SV_EUSAGE)
        return sv_error_set(err, status, opt->grid_path, 0,
                            "an element of this state has a power that is not accepted; accepted: at most %g MW",
                            SV_BALANCE_MOST_MW);
    if (status != SV_OK)
        sv_error_set(err, status, opt->grid_path, 0, "the balance of this state could not be solved (%s)",
                     sv_status_name(status));
    return status;
}

/* ---- output -------------------------------------------------------------------------------- */

static const char *outcome_name(sv_balance_outcome outcome)
{
    return outcome == SV_BALANCE_RELAXED ? "relaxed" : "optimal";
}

static void print_json(const work *self)
{
    const sv_balance_info *info = &self->info;
    json_t *root = json_pack("{s:f, s:f, s:s, s:f, s:i, s:f}", "demand_mw", info->demand_mw, "shed_mw", info->shed_mw,
                             "outcome", outcome_name(info->outcome), "relaxed_mw", info->relaxed_mw, "islands",
                             (int)info->n_island, "seconds", self->seconds);
    json_t *classes = json_object();
    for (int c = 0; c < SV_N_CLASS; c++)
        json_object_set_new(classes, sv_class_name[c], json_real(info->shed_class_mw[c]));
    json_object_set_new(root, "shed_class_mw", classes);
    const int32_t *branch = NULL;
    const double *by_mw = NULL;
    int32_t n = sv_balance_relaxed(self->balance, &branch, &by_mw);
    json_t *relaxed = json_array();
    for (int32_t k = 0; k < n; k++)
        json_array_append_new(relaxed,
                              json_pack("{s:s, s:f}", "branch", self->grid->branch[branch[k]].id, "by_mw", by_mw[k]));
    json_object_set_new(root, "relaxed_branches", relaxed);
    json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    putchar('\n');
    json_decref(root);
}

static double people_off(const work *self)
{
    double people = 0.0;
    for (int32_t d = 0; d < self->grid->n_load; d++) {
        double wanted = self->input.load_mw[d];
        if (wanted > 0.0)
            people += self->grid->load[d].people * (1.0 - self->result.served_mw[d] / wanted);
    }
    return people;
}

static void print_text(const work *self)
{
    const sv_balance_info *info = &self->info;
    char a[32], b[32];
    double share = info->demand_mw > 0.0 ? 100.0 * info->shed_mw / info->demand_mw : 0.0;
    if (sv_grid_people(self->grid) > 0.0)
        printf("People without power  %s of %s\n", sv_cli_thousands(people_off(self), 0, a),
               sv_cli_thousands(sv_grid_people(self->grid), 0, b));
    printf("Load shed             %s MW of %s MW demand (%.2f %%)\n", sv_cli_thousands(info->shed_mw, 1, a),
           sv_cli_thousands(info->demand_mw, 1, b), share);
    for (int c = 0; c < SV_N_CLASS; c++)
        if (info->shed_class_mw[c] > 0.0)
            printf("  %-19s %s MW\n", sv_class_name[c], sv_cli_thousands(info->shed_class_mw[c], 1, a));
    printf("Islands               %d\n", (int)info->n_island);
    const int32_t *branch = NULL;
    const double *by_mw = NULL;
    int32_t n = sv_balance_relaxed(self->balance, &branch, &by_mw);
    if (n > 0)
        printf("Limits passed         %s MW in all: phase shifters force flows that no dispatch can undo\n",
               sv_cli_thousands(info->relaxed_mw, 1, a));
    for (int32_t k = 0; k < n && k < N_MOST_NAMED; k++)
        printf("  branch %-12s by %s MW\n", self->grid->branch[branch[k]].id, sv_cli_thousands(by_mw[k], 1, a));
    if (n > N_MOST_NAMED)
        printf("  and %d more (--json names all)\n", (int)(n - N_MOST_NAMED));
    fprintf(stderr, "solved in %.1f ms (%d rows, %d pivots)\n", 1e3 * self->seconds, (int)info->n_row,
            (int)info->n_pivot);
}

int sv_cmd_balance(int argc, char **argv)
{
    options opt = {.scale = 1.0};
    argp_err_exit_status = 2;
    argp_parse(&parser, argc, argv, 0, NULL, &opt);
    work self = {0};
    sv_error err = {0};
    int code = 0;
    if (run(&self, &opt, &err) != SV_OK) {
        code = sv_cli_fail(&err);
    } else {
        if (opt.json)
            print_json(&self);
        else
            print_text(&self);
        code = sv_cli_flush();
    }
    sv_balance_free(&self.balance);
    sv_state_free(&self.state);
    sv_grid_free(&self.grid);
    sv_arena_free(self.arena);
    return code;
}
