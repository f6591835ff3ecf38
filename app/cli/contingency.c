/* svitlo contingency: what happens when a branch or a unit goes, or several at once, for a whole list of such outages. Reads,
 * solves the base case, runs a method over the list, and hands over to those who print. */
#include "contingency.h"
#include "cli.h"

#include "svitlo/formats.h"

#include <argp.h>
#include <stdlib.h>
#include <unistd.h>

enum { KEY_AC = 256, KEY_DC, KEY_LIST, KEY_K, KEY_OUT, KEY_JSON, KEY_TOP, KEY_BRANCHES, KEY_BUSES, KEY_GENS };

static const struct argp_option option_table[] = {
    {"ac", KEY_AC, NULL, 0, "full AC power flow (the default)", 0},
    {"dc", KEY_DC, NULL, 0, "DC power flow: active power only, no voltages", 0},
    {"list", KEY_LIST, "FILE", 0,
     "contingencies, one a line: branch ROW or gen ROW, up to 8 with commas between, as in 'branch 12, gen 3' "
     "(default: every branch and every generator in service, one at a time)",
     0},
    {"k", KEY_K, "K", 0,
     "2: all pairs of branches in service, or of the elements of --list; with --dc, what a pair does that neither "
     "branch does alone",
     0},
    {"out", KEY_OUT, "FILE.csv", 0, "write a row a contingency", 0},
    {"json", KEY_JSON, NULL, 0, "print one JSON object", 0},
    {"top", KEY_TOP, "N", 0, "how many of each kind are named (default 10)", 0},
    {"threads", 'j', "T", 0, "threads (default: one a core); results do not depend on it", 0},
    {"flat-start", FLOW_KEY_FLAT, NULL, 0, "start from 1 pu and one angle, not from the tables' voltages", 0},
    {"q-limits", FLOW_KEY_Q_LIMITS, NULL, 0, "units stay within their reactive limits and let their voltage go", 0},
    {"distributed-slack", FLOW_KEY_SHARED, NULL, 0, "what is missing is shared by all units, by their PMAX", 0},
    {"tolerance", FLOW_KEY_TOLERANCE, "X", 0, "largest mismatch of a bus, pu (default 1e-8)", 0},
    {"iterations", FLOW_KEY_ITERATIONS, "N", 0, "most Newton steps of a full solve (default 20)", 0},
    {"out-branches", KEY_BRANCHES, "FILE", 0,
     "branches out of service in the base case: 1-based rows, or ids, one a line", 0},
    {"out-buses", KEY_BUSES, "FILE", 0, "buses out of service in the base case: ids, one a line", 0},
    {"out-gens", KEY_GENS, "FILE", 0, "generators out of service in the base case: 1-based rows, or ids, one a line",
     0},
    {0},
};

/* ---- words --------------------------------------------------------------------------------- */

static error_t take_grid(contingency_options *self, char *arg, struct argp_state *state)
{
    if (self->flow.grid_path != NULL)
        argp_error(state, "one grid, please: '%s' is one too many", arg);
    self->flow.grid_path = arg;
    return 0;
}

static error_t take_number(contingency_options *self, int key, const char *arg)
{
    bool good = false;
    switch (key) {
    case KEY_K:
        good = sv_cli_int("--k", arg, 1, 2, &self->n_out);
        break;
    case KEY_TOP:
        good = sv_cli_int("--top", arg, 0, 10000, &self->n_top);
        break;
    case 'j':
        good = sv_cli_int("--threads", arg, 1, 1024, &self->n_thread);
        break;
    default:
        return flow_take_ac_option(&self->flow, key, arg) ? 0 : ARGP_ERR_UNKNOWN;
    }
    if (!good)
        exit(2);
    return 0;
}

static error_t check_method(contingency_options *self, struct argp_state *state)
{
    if (self->flow.ac && self->flow.dc)
        argp_error(state, "--ac and --dc: one of them, please");
    if (self->flow.dc && self->flow.ac_flag != NULL)
        argp_error(state,
                   "the DC power flow knows no %s; accepted with --dc: --k, --list, --out, --json, --top, "
                   "--threads, outage lists",
                   self->flow.ac_flag);
    return 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    contingency_options *self = state->input;
    switch (key) {
    case KEY_AC:
        self->flow.ac = true;
        return 0;
    case KEY_DC:
        self->flow.dc = true;
        return 0;
    case KEY_LIST:
        self->list_path = arg;
        return 0;
    case KEY_OUT:
        self->out_path = arg;
        return 0;
    case KEY_JSON:
        self->json = true;
        return 0;
    case KEY_BRANCHES:
        self->flow.off_path[SV_OUT_BRANCHES] = arg;
        return 0;
    case KEY_BUSES:
        self->flow.off_path[SV_OUT_BUSES] = arg;
        return 0;
    case KEY_GENS:
        self->flow.off_path[SV_OUT_GENS] = arg;
        return 0;
    case ARGP_KEY_ARG:
        return take_grid(self, arg, state);
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which grid? a MATPOWER case (.m), a PSS/E RAW file (.raw) or a folder of CSV tables");
        return 0;
    case ARGP_KEY_SUCCESS:
        return check_method(self, state);
    default:
        return take_number(self, key, arg);
    }
}

static const struct argp parser = {
    .options = option_table,
    .parser = parse_option,
    .args_doc = "GRID",
    .doc = "What happens when a branch or a generator goes, for each of them, for pairs, or for a list: which limits "
           "break that stood before, who is cut off, and where there is no answer.",
};

/* ---- the work ------------------------------------------------------------------------------ */

typedef struct {
    const contingency_options *opt;
    flow_work base;
    flow_look base_look;
    contingency_list list;
    contingency_look look;
    contingency_file file;
    int32_t n_thread;
    double seconds, start_s, shown_s;
    bool show; /* stderr is a terminal */
} contingency_work;

static sv_status solve_base(contingency_work *self, sv_error *err)
{
    char text[FLOW_FAILURE];
    double start = sv_clock_s();
    sv_status status = self->opt->flow.dc ? flow_solve_dc(&self->base, err) : flow_solve_ac(&self->base, err);
    self->base.seconds = sv_clock_s() - start;
    if (status != SV_OK)
        return status;
    flow_set_loading(&self->base);
    if (flow_look_at(&self->base, &self->base_look) != SV_OK)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    if (!flow_converged(&self->base_look))
        return sv_error_set(err, SV_ENUM, self->opt->flow.grid_path, 0, "the base case has no answer: %s",
                            flow_failure(&self->base, &self->base_look, text));
    return SV_OK;
}

/* A line on a terminal that is written over. */
static void show_progress(contingency_work *self)
{
    int64_t n_done = self->list.taken;
    double now = sv_clock_s();
    char done[32], total[32];
    if (!self->show || now < self->shown_s + 1.0 || n_done == 0)
        return;
    double left_s = (now - self->start_s) * (double)(self->list.n - n_done) / (double)n_done;
    fprintf(stderr, "\r\033[K%s of %s, ", sv_cli_thousands((double)n_done, 0, done),
            sv_cli_thousands((double)self->list.n, 0, total));
    if (left_s < 120.0)
        fprintf(stderr, "%.0f s left", left_s);
    else
        fprintf(stderr, "%.0f min left", left_s / 60.0);
    fflush(stderr);
    self->shown_s = now;
}

static sv_status take_row(void *context, const contingency_row *row, sv_error *err)
{
    contingency_work *self = context;
    if (self->look.screened)
        contingency_look_add_pair(&self->look, row);
    else
        contingency_look_add(&self->look, row);
    show_progress(self);
    return contingency_file_put(&self->file, row, err);
}

static sv_status prepare(contingency_work *self, sv_error *err)
{
    const contingency_options *opt = self->opt;
    sv_status status = opt->out_path != NULL ? contingency_file_check(opt->out_path, err) : SV_OK;
    if (status == SV_OK)
        status = flow_read(&self->base, err);
    if (status == SV_OK)
        status = contingency_list_new(&self->list, opt, &self->base, err);
    if (status == SV_OK)
        status = solve_base(self, err);
    if (status == SV_OK && contingency_look_new(&self->look, &self->base, &self->base_look, opt->n_top) != SV_OK)
        status = sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    if (status == SV_OK && opt->out_path != NULL)
        status = contingency_file_open(&self->file, opt, &self->base, err);
    return status;
}

static sv_status run(contingency_work *self, sv_error *err)
{
    const contingency_options *opt = self->opt;
    contingency_look *look = &self->look;
    sv_status status = prepare(self, err);
    if (status != SV_OK)
        return status;
    self->start_s = self->shown_s = sv_clock_s();
    self->show = isatty(STDERR_FILENO) == 1;
    if (contingency_screens(opt)) {
        look->screened = true;
        look->n = look->n_clear = self->list.n;
        status =
            contingency_run_pairs(&self->base, opt, &self->list, &self->n_thread, &look->alone, take_row, self, err);
    } else {
        status = contingency_run(opt->flow.dc ? &contingency_dc : &contingency_ac, &self->base, opt, &self->list,
                                 &self->n_thread, &look->base, take_row, self, err);
    }
    if (self->shown_s > self->start_s)
        fputs("\r\033[K", stderr);
    self->seconds = sv_clock_s() - self->start_s;
    if (status == SV_OK)
        return contingency_file_close(&self->file, err);
    contingency_file_abort(&self->file);
    return status;
}

static int print_all(const contingency_work *self)
{
    char rate[32];
    if (self->opt->json) {
        int code = contingency_print_json(&self->look, &self->list, self->seconds);
        return code != 0 ? code : sv_cli_flush();
    }
    contingency_print(&self->look, &self->list);
    int code = sv_cli_flush();
    if (code == 0 && self->opt->out_path != NULL)
        fprintf(stderr, "Written: %s\n", self->opt->out_path);
    if (code == 0)
        fprintf(stderr, "solved in %.1f ms, %s a second, %d %s\n", 1e3 * self->seconds,
                sv_cli_thousands((double)self->look.n / (self->seconds > 1e-9 ? self->seconds : 1e-9), 0, rate),
                (int)self->n_thread, self->n_thread == 1 ? "thread" : "threads");
    return code;
}

int sv_cmd_contingency(int argc, char **argv)
{
    contingency_options opt = {.flow = {.settings = sv_ac_defaults()}, .n_out = 1, .n_top = 10};
    argp_err_exit_status = 2;
    if (argp_parse(&parser, argc, argv, 0, NULL, &opt) != 0)
        return 2;
    contingency_work self = {.opt = &opt, .base = {.opt = &opt.flow}};
    sv_error err = {0};
    int code = run(&self, &err) == SV_OK ? print_all(&self) : sv_cli_fail(&err);
    contingency_list_free(&self.list);
    flow_free(&self.base);
    return code;
}
