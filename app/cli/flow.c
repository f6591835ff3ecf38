/* svitlo flow: AC or DC power flow of one state of a grid. Reads, solves, and hands over to those who print. */
#include "flow.h"
#include "cli.h"

#include "svitlo/formats.h"

#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_AC = 256, KEY_DC, KEY_OUT, KEY_JSON, KEY_SCALE, KEY_BRANCHES, KEY_BUSES, KEY_GENS };

static const struct argp_option option_table[] = {
    {"ac", KEY_AC, NULL, 0, "full AC power flow (the default)", 0},
    {"dc", KEY_DC, NULL, 0, "DC power flow: angles and active power only", 0},
    {"out", KEY_OUT, "FILE.csv", 0,
     "write voltages to FILE.csv, flows to FILE.branches.csv and outputs of units to FILE.gens.csv", 0},
    {"json", KEY_JSON, NULL, 0, "print one JSON object", 0},
    {"flat-start", FLOW_KEY_FLAT, NULL, 0, "start from 1 pu and one angle, not from the tables' voltages", 0},
    {"q-limits", FLOW_KEY_Q_LIMITS, NULL, 0, "units stay within their reactive limits and let their voltage go", 0},
    {"distributed-slack", FLOW_KEY_SHARED, NULL, 0, "what is missing is shared by all units, by their PMAX", 0},
    {"tolerance", FLOW_KEY_TOLERANCE, "X", 0, "largest mismatch of a bus, pu (default 1e-8)", 0},
    {"iterations", FLOW_KEY_ITERATIONS, "N", 0, "most Newton steps (default 20)", 0},
    {"scale", KEY_SCALE, "X", 0, "multiply every load (MW and Mvar) and every unit's scheduled MW by X (default 1)", 0},
    {"out-branches", KEY_BRANCHES, "FILE", 0,
     "branches out of service: 1-based rows of the grid's table, or ids, one a line", 0},
    {"out-buses", KEY_BUSES, "FILE", 0, "buses out of service: ids, one a line", 0},
    {"out-gens", KEY_GENS, "FILE", 0, "generators out of service: 1-based rows, or ids, one a line", 0},
    {0},
};

/* ---- words --------------------------------------------------------------------------------- */

static error_t take_grid(flow_options *self, char *arg, struct argp_state *state)
{
    if (self->grid_path != NULL)
        argp_error(state, "one grid, please: '%s' is one too many", arg);
    self->grid_path = arg;
    return 0;
}

bool flow_take_ac_option(flow_options *self, int key, const char *arg)
{
    int64_t n = 0;
    switch (key) {
    case FLOW_KEY_FLAT:
        self->ac_flag = "--flat-start";
        self->settings.flat_start = true;
        return true;
    case FLOW_KEY_Q_LIMITS:
        self->ac_flag = "--q-limits";
        self->settings.q_limits = true;
        return true;
    case FLOW_KEY_SHARED:
        self->ac_flag = "--distributed-slack";
        self->settings.distributed_slack = true;
        return true;
    case FLOW_KEY_TOLERANCE:
        self->ac_flag = "--tolerance";
        if (!sv_cli_real("--tolerance", arg, 1e-12, 1.0, &self->settings.tolerance_pu))
            exit(2);
        return true;
    case FLOW_KEY_ITERATIONS:
        self->ac_flag = "--iterations";
        if (!sv_cli_int("--iterations", arg, 1, 1000, &n))
            exit(2);
        self->settings.most_iterations = (int32_t)n;
        return true;
    default:
        return false;
    }
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    flow_options *self = state->input;
    switch (key) {
    case KEY_AC:
        self->ac = true;
        return 0;
    case KEY_DC:
        self->dc = true;
        return 0;
    case KEY_OUT:
        self->out_path = arg;
        return 0;
    case KEY_JSON:
        self->json = true;
        return 0;
    case KEY_SCALE:
        self->scaled = true;
        if (!sv_cli_real("--scale", arg, 0.0, 1e6, &self->scale))
            exit(2);
        return 0;
    case KEY_BRANCHES:
        self->off_path[SV_OUT_BRANCHES] = arg;
        return 0;
    case KEY_BUSES:
        self->off_path[SV_OUT_BUSES] = arg;
        return 0;
    case KEY_GENS:
        self->off_path[SV_OUT_GENS] = arg;
        return 0;
    case ARGP_KEY_ARG:
        return take_grid(self, arg, state);
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which grid? a MATPOWER case (.m), a PSS/E RAW file (.raw) or a folder of CSV tables");
        return 0;
    case ARGP_KEY_SUCCESS:
        if (self->ac && self->dc)
            argp_error(state, "--ac and --dc: one of them, please");
        if (self->dc && self->ac_flag != NULL)
            argp_error(state, "the DC power flow knows no %s; accepted with --dc: --out, --json, --scale, outage lists",
                       self->ac_flag);
        return 0;
    default:
        return flow_take_ac_option(self, key, arg) ? 0 : ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = option_table,
    .parser = parse_option,
    .args_doc = "GRID",
    .doc = "AC or DC power flow of one state of a grid: voltages, flows and losses, what is beyond its limits, and "
           "where there is no answer, why. Loads, generation and voltage set points are those of the tables.",
};

/* ---- one solve ----------------------------------------------------------------------------- */

static bool take_arrays(flow_work *self)
{
    size_t n = (size_t)self->grid->n_bus, m = (size_t)self->grid->n_branch, g = (size_t)self->grid->n_gen;
    double **by_bus[] = {&self->vm_pu, &self->va_deg};
    double **by_branch[] = {&self->p_from_mw, &self->q_from_mvar, &self->p_to_mw, &self->q_to_mvar, &self->loading};
    double **by_gen[] = {&self->gen_mw, &self->gen_mvar, &self->plan_mw};
    size_t n_load = (size_t)self->grid->n_load;
    for (size_t k = 0; k < sizeof by_bus / sizeof by_bus[0]; k++)
        *by_bus[k] = SV_TAKE(self->arena, n, double);
    for (size_t k = 0; k < sizeof by_branch / sizeof by_branch[0]; k++)
        *by_branch[k] = SV_TAKE(self->arena, m, double);
    for (size_t k = 0; k < sizeof by_gen / sizeof by_gen[0]; k++)
        *by_gen[k] = SV_TAKE(self->arena, g, double);
    self->load_mw = SV_TAKE(self->arena, n_load, double);
    self->load_mvar = SV_TAKE(self->arena, n_load, double);
    self->island = SV_TAKE(self->arena, n, sv_ac_island);
    return !sv_arena_failed(self->arena);
}

/* The tables' loads and outputs, scaled. */
static void fill_plan(flow_work *self)
{
    const sv_grid *grid = self->grid;
    double scale = self->opt->scaled ? self->opt->scale : 1.0;
    for (int32_t g = 0; g < grid->n_gen; g++)
        self->plan_mw[g] = grid->gen[g].p_mw * scale;
    for (int32_t d = 0; d < grid->n_load; d++) {
        self->load_mw[d] = grid->load[d].p_mw * scale;
        self->load_mvar[d] = grid->load[d].q_mvar * scale;
    }
}

static sv_flow_input input_of(const flow_work *self)
{
    return (sv_flow_input){.gen_mw = self->plan_mw, .load_mw = self->load_mw, .load_mvar = self->load_mvar};
}

sv_status flow_read(flow_work *self, sv_error *err)
{
    sv_status status = sv_grid_read(&self->grid, self->opt->grid_path, err);
    if (status != SV_OK)
        return status;
    self->state = sv_state_new(self->grid);
    self->topology = sv_topology_new(self->grid);
    self->arena = sv_arena_new();
    if (self->state == NULL || self->topology == NULL || self->arena == NULL || !take_arrays(self))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    fill_plan(self);
    for (int kind = 0; kind < 3 && status == SV_OK; kind++)
        if (self->opt->off_path[kind] != NULL)
            status = sv_outages_read(self->state, (sv_out_kind)kind, self->opt->off_path[kind], err);
    if (status == SV_OK)
        self->islands = sv_topology_islands(self->topology, self->state);
    return status;
}

/* The branch table's file: the case itself, or a table of the folder. */
static sv_status pass_branch_error(const flow_work *self, const sv_error *low, sv_error *err)
{
    char file[FLOW_PATH];
    struct stat there;
    const char *path = self->opt->grid_path;
    bool folder = stat(path, &there) == 0 && S_ISDIR(there.st_mode);
    size_t n = strlen(path);
    snprintf(file, sizeof file, "%s%s%s", path, folder && n > 0 && path[n - 1] != '/' ? "/" : "",
             folder ? "branch.csv" : "");
    return sv_error_set(err, low->status, low->line > 0 ? file : path, low->line, "%s", low->text);
}

sv_status flow_solve_ac(flow_work *self, sv_error *err)
{
    sv_error low = {0};
    sv_status status = sv_ac_new(&self->ac, self->grid, err);
    if (status != SV_OK)
        return status;
    if (sv_ac_update(self->ac, self->state, &low) != SV_OK)
        return pass_branch_error(self, &low, err);
    sv_ac_result result = {self->vm_pu,       self->va_deg,   self->p_from_mw,
                           self->q_from_mvar, self->p_to_mw,  self->q_to_mvar,
                           self->gen_mw,      self->gen_mvar, NULL};
    sv_ac_info info;
    sv_flow_input input = input_of(self);
    status = sv_ac_solve(self->ac, &self->opt->settings, &input, &result, &info);
    if (status != SV_OK)
        return sv_error_set(err, status, self->opt->grid_path, 0, "the power flow failed (%s)", sv_status_name(status));
    memcpy(self->island, info.island, sizeof *info.island * (size_t)info.n_island);
    return SV_OK;
}

/* The reference of an island: sv_dc_flow tells it where something was missing; where nothing was, its rule. */
static int32_t reference_of(const flow_work *self, int32_t k, const double *slack_mw, const double *capacity_mw)
{
    const sv_grid *grid = self->grid;
    int32_t best = -1, best_rank = -1;
    for (int32_t i = self->islands->first_bus[k]; i < grid->n_bus; i++) {
        if (self->islands->of_bus[i] != k)
            continue;
        if (slack_mw[i] != 0.0)
            return i;
        sv_bus_type type = grid->bus[i].type;
        bool unit = capacity_mw[i] >= 0.0;
        int32_t rank = unit && type == SV_BUS_REF ? 3 : unit && type == SV_BUS_PV ? 2 : unit ? 1 : 0;
        if (rank > best_rank || (rank == best_rank && rank < 3 && capacity_mw[i] > capacity_mw[best])) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

/* Islands of a DC power flow in the terms of an AC one. */
static void fill_dc_islands(flow_work *self, double *slack_mw, double *capacity_mw)
{
    const sv_grid *grid = self->grid;
    for (int32_t i = 0; i < grid->n_bus; i++)
        capacity_mw[i] = -1.0; /* no unit */
    for (int32_t g = 0; g < grid->n_gen; g++) {
        int32_t i = grid->gen[g].i_bus;
        if (self->state->gen_on[g])
            capacity_mw[i] = fmax(capacity_mw[i], 0.0) + fmax(grid->gen[g].p_max_mw, 0.0);
    }
    for (int32_t k = 0; k < self->islands->n_island; k++) {
        int32_t i = reference_of(self, k, slack_mw, capacity_mw);
        self->island[k] = (sv_ac_island){.outcome = SV_AC_CONVERGED,
                                         .first_bus = self->islands->first_bus[k],
                                         .n_bus = self->islands->n_bus_of[k],
                                         .i_slack = i,
                                         .i_worst = -1,
                                         .slack_mw = slack_mw[i],
                                         .short_mw = slack_mw[i]};
    }
    for (int32_t i = 0; i < grid->n_bus; i++) {
        int32_t k = self->islands->of_bus[i];
        self->vm_pu[i] = k < 0 ? NAN : 1.0;
        if (k >= 0 && grid->bus[i].type == SV_BUS_REF && capacity_mw[i] >= 0.0)
            self->island[k].n_slack++;
    }
    for (int32_t g = 0; g < grid->n_gen; g++) {
        int32_t i = grid->gen[g].i_bus, k = self->islands->of_bus[i];
        self->gen_mw[g] = self->state->gen_on[g] && k >= 0 ? self->plan_mw[g] : 0.0;
        self->gen_mvar[g] = NAN;
        if (k < 0 || !self->state->gen_on[g] || i != self->island[k].i_slack)
            continue;
        self->island[k].slack_mw += self->gen_mw[g];
        self->gen_mw[g] += slack_mw[i]; /* the first unit there takes what is missing, as in AC */
        slack_mw[i] = 0.0;
    }
}

sv_status flow_solve_dc(flow_work *self, sv_error *err)
{
    sv_status status = sv_dc_new(&self->dc, self->grid, err);
    if (status != SV_OK)
        return status;
    double *slack_mw = SV_TAKE(self->arena, self->grid->n_bus, double);
    double *capacity_mw = SV_TAKE(self->arena, self->grid->n_bus, double);
    if (sv_arena_failed(self->arena))
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    sv_flow_input input = input_of(self);
    status = sv_dc_update(self->dc, self->state);
    if (status == SV_ENUM)
        return sv_error_set(err, status, self->opt->grid_path, 0,
                            "the DC power flow has no single answer: reactances of branches in service cancel each "
                            "other (svitlo info names parallel ones); accepted: a network whose B matrix is regular");
    if (status == SV_OK)
        status = sv_dc_flow(self->dc, self->state, &input, self->va_deg, self->p_from_mw, slack_mw);
    if (status != SV_OK)
        return sv_error_set(err, status, self->opt->grid_path, 0, "the power flow failed (%s)", sv_status_name(status));
    for (int32_t l = 0; l < self->grid->n_branch; l++) {
        self->p_to_mw[l] = -self->p_from_mw[l];
        self->q_from_mvar[l] = self->q_to_mvar[l] = NAN;
    }
    fill_dc_islands(self, slack_mw, capacity_mw);
    return SV_OK;
}

/* Percent of rate A of the end that carries more. */
void flow_set_loading(flow_work *self)
{
    for (int32_t l = 0; l < self->grid->n_branch; l++) {
        double rate = self->grid->branch[l].rate_a_mva, from = self->p_from_mw[l], to = self->p_to_mw[l];
        if (!self->opt->dc) {
            from = hypot(from, self->q_from_mvar[l]);
            to = hypot(to, self->q_to_mvar[l]);
        }
        self->loading[l] = rate > 0.0 && isfinite(from + to) ? 100.0 * fmax(fabs(from), fabs(to)) / rate : NAN;
    }
}

static sv_status run(flow_work *self, flow_look *look, sv_error *err)
{
    sv_status status = self->opt->out_path != NULL ? flow_check_target(self->opt->out_path, err) : SV_OK;
    if (status == SV_OK)
        status = flow_read(self, err);
    if (status != SV_OK)
        return status;
    double start = sv_clock_s();
    status = self->opt->dc ? flow_solve_dc(self, err) : flow_solve_ac(self, err);
    self->seconds = sv_clock_s() - start;
    if (status != SV_OK)
        return status;
    flow_set_loading(self);
    if (flow_look_at(self, look) != SV_OK)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    return self->opt->out_path != NULL ? flow_write(self, self->opt->out_path, err) : SV_OK;
}

/* ---- the command --------------------------------------------------------------------------- */

const char *flow_failure(const flow_work *self, const flow_look *look, char text[FLOW_FAILURE])
{
    char reason[256];
    if (look->i_failed < 0) {
        snprintf(text, FLOW_FAILURE, "no island has a unit in service that holds a voltage: nothing to solve");
        return text;
    }
    const char *bus = self->grid->bus[self->island[look->i_failed].first_bus].id;
    (void)flow_reason(self, look->i_failed, reason);
    if (look->n_failed > 1)
        snprintf(text, FLOW_FAILURE, "%d islands have no answer; that of bus %.40s %s", (int)look->n_failed, bus,
                 reason);
    else
        snprintf(text, FLOW_FAILURE, "the island of bus %.40s %s", bus, reason);
    return text;
}

static void say_files(const flow_work *self)
{
    char name[FLOW_PATH];
    if (self->opt->out_path == NULL)
        return;
    for (int file = 0; file < FLOW_FILES && flow_file_path(self->opt->out_path, file, name); file++)
        fprintf(stderr, "%s%s", file == 0 ? "Written: " : ", ", name);
    fputc('\n', stderr);
}

static int print_all(const flow_work *self, const flow_look *look)
{
    int code = 0;
    if (self->opt->json) {
        code = flow_print_json(self, look);
    } else {
        flow_print(self, look);
        say_files(self);
        if (flow_converged(look))
            fprintf(stderr, "solved in %.1f ms\n", 1e3 * self->seconds);
    }
    return code != 0 ? code : sv_cli_flush();
}

void flow_free(flow_work *self)
{
    sv_ac_free(&self->ac);
    sv_dc_free(&self->dc);
    sv_topology_free(&self->topology);
    sv_state_free(&self->state);
    sv_grid_free(&self->grid);
    sv_arena_free(self->arena);
}

/* On one terminal the text has said it; a program that reads no more than stderr needs the sentence. */
static bool told_already(const flow_options *opt)
{
    return !opt->json && isatty(STDOUT_FILENO) && isatty(STDERR_FILENO);
}

int sv_cmd_flow(int argc, char **argv)
{
    flow_options opt = {.settings = sv_ac_defaults()};
    argp_err_exit_status = 2;
    if (argp_parse(&parser, argc, argv, 0, NULL, &opt) != 0)
        return 2;
    flow_work self = {.opt = &opt};
    flow_look look = {0};
    sv_error err = {0};
    int code = 0;
    if (run(&self, &look, &err) != SV_OK) {
        code = sv_cli_fail(&err);
    } else {
        code = print_all(&self, &look);
        if (code == 0 && !flow_converged(&look) && told_already(&opt)) {
            code = 1;
        } else if (code == 0 && !flow_converged(&look)) {
            char text[FLOW_FAILURE];
            sv_error_set(&err, SV_ENUM, opt.grid_path, 0, "%s", flow_failure(&self, &look, text));
            code = sv_cli_fail(&err);
        }
    }
    flow_free(&self);
    return code;
}
