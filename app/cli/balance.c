/* svitlo balance: least load shedding of one damage state of a grid. Reads, solves, and hands over to those who print. */
#include "balance.h"
#include "cli.h"

#include "svitlo/formats.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_BRANCHES = 256, KEY_BUSES, KEY_GENS, KEY_SCALE, KEY_OUT, KEY_JSON, KEY_COPPER };

static const struct argp_option option_table[] = {
    {"out-branches", KEY_BRANCHES, "FILE", 0,
     "branches out of service: 1-based rows of the grid's table, or ids, one a line", 0},
    {"out-buses", KEY_BUSES, "FILE", 0, "buses struck: ids, one a line; their load stays demand", 0},
    {"out-gens", KEY_GENS, "FILE", 0, "generators out of service: 1-based rows, or ids, one a line", 0},
    {"scale", KEY_SCALE, "X", 0, "multiply every load by X (default 1)", 0},
    {"copper-plate", KEY_COPPER, NULL, 0, "no network limits", 0},
    {"out", KEY_OUT, "FILE.csv", 0, "write a row a load: what it asks for, what it gets, people without", 0},
    {"json", KEY_JSON, NULL, 0, "print one JSON object", 0},
    {0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    balance_options *self = state->input;
    switch (key) {
    case KEY_BRANCHES:
        self->off_path[SV_OUT_BRANCHES] = arg;
        return 0;
    case KEY_BUSES:
        self->off_path[SV_OUT_BUSES] = arg;
        return 0;
    case KEY_GENS:
        self->off_path[SV_OUT_GENS] = arg;
        return 0;
    case KEY_SCALE:
        if (!sv_cli_real("--scale", arg, 0.0, 1e6, &self->scale))
            exit(2);
        return 0;
    case KEY_OUT:
        self->out_path = arg;
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
static sv_status fill_input(balance_work *self, const balance_options *opt)
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

/* The grid, and what is out of it. */
static sv_status read_state(balance_work *self, const balance_options *opt, sv_error *err)
{
    sv_status status = sv_grid_read(&self->grid, opt->grid_path, err);
    if (status != SV_OK)
        return status;
    self->state = sv_state_new(self->grid);
    self->arena = sv_arena_new();
    if (self->state == NULL || self->arena == NULL || fill_input(self, opt) != SV_OK)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    for (int kind = 0; kind < 3; kind++) {
        if (opt->off_path[kind] == NULL)
            continue;
        status = sv_outages_read(self->state, (sv_out_kind)kind, opt->off_path[kind], err);
        if (status != SV_OK)
            return status;
    }
    return SV_OK;
}

static sv_status solve(balance_work *self, const balance_options *opt, sv_error *err)
{
    sv_balance_settings settings = sv_balance_defaults();
    settings.network = !opt->copper_plate;
    sv_status status = sv_balance_new(&self->balance, self->grid, &settings, err);
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

static sv_status run(balance_work *self, const balance_options *opt, sv_error *err)
{
    sv_status status = opt->out_path != NULL ? balance_check_target(opt->out_path, err) : SV_OK;
    if (status == SV_OK)
        status = read_state(self, opt, err);
    if (status == SV_OK)
        status = solve(self, opt, err);
    return status == SV_OK && opt->out_path != NULL ? balance_write(self, opt->out_path, err) : status;
}

static int print_all(const balance_work *self)
{
    int code = 0;
    if (self->opt->json)
        code = balance_print_json(self);
    else
        balance_print(self);
    code = code != 0 ? code : sv_cli_flush();
    if (code == 0 && !self->opt->json && self->opt->out_path != NULL)
        fprintf(stderr, "Written: %s\n", self->opt->out_path);
    if (code == 0 && !self->opt->json)
        fprintf(stderr, "solved in %.1f ms (%d rows, %d pivots)\n", 1e3 * self->seconds, (int)self->info.n_row,
                (int)self->info.n_pivot);
    return code;
}

int sv_cmd_balance(int argc, char **argv)
{
    balance_options opt = {.scale = 1.0};
    argp_err_exit_status = 2;
    argp_parse(&parser, argc, argv, 0, NULL, &opt);
    balance_work self = {.opt = &opt};
    sv_error err = {0};
    int code = run(&self, &opt, &err) == SV_OK ? print_all(&self) : sv_cli_fail(&err);
    sv_balance_free(&self.balance);
    sv_state_free(&self.state);
    sv_grid_free(&self.grid);
    sv_arena_free(self.arena);
    return code;
}
