/* How long does the least load shedding of one damage state take? Every published damage state, cold (new topology) and
 * again with demand moved by 1 % (rows, factors and basis carried over). Usage: bench_balance CASES_FOLDER */
#include "svitlo/balance.h"
#include "svitlo/formats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_COLD = 3, N_HOUR = 40 };

typedef struct {
    double cold_ms, hour_ms, shed_mw;
    sv_balance_info info;
} timing;

static const char *grid_file(const char *name)
{
    if (strcmp(name, "case118") == 0)
        return "pglib_opf_case118_ieee";
    return strcmp(name, "pglib1354") == 0 ? "pglib_opf_case1354_pegase" : name;
}

static int fail(const sv_error *err)
{
    fprintf(stderr, "%s\n", err->text);
    return 1;
}

static sv_status measure(const sv_grid *grid, const sv_state *state, timing *out, sv_error *err)
{
    double *gen = calloc((size_t)grid->n_gen + 1, sizeof *gen), *load = calloc((size_t)grid->n_load + 1, sizeof *load);
    if (gen == NULL || load == NULL) {
        free(gen);
        free(load);
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    }
    for (int32_t g = 0; g < grid->n_gen; g++)
        gen[g] = fmax(0.0, grid->gen[g].p_max_mw);
    for (int32_t d = 0; d < grid->n_load; d++)
        load[d] = grid->load[d].p_mw;
    sv_balance_settings settings = sv_balance_defaults();
    sv_balance_input input = {.gen_max_mw = gen, .load_mw = load};
    sv_balance *balance = NULL;
    sv_status status = sv_balance_new(&balance, grid, &settings, err);
    out->cold_ms = INFINITY;
    for (int k = 0; status == SV_OK && k < N_COLD; k++) {
        sv_balance_reset(balance);
        double start = sv_clock_s();
        status = sv_balance_update(balance, state);
        if (status == SV_OK)
            status = sv_balance_solve(balance, &input, NULL, &out->info);
        out->cold_ms = fmin(out->cold_ms, 1e3 * (sv_clock_s() - start));
    }
    out->shed_mw = out->info.shed_mw;
    double start = sv_clock_s();
    for (int hour = 0; status == SV_OK && hour < N_HOUR; hour++) {
        for (int32_t d = 0; d < grid->n_load; d++)
            load[d] = grid->load[d].p_mw * (0.9 + 0.1 * sin(0.26 * hour));
        sv_balance_info info;
        status = sv_balance_solve(balance, &input, NULL, &info);
    }
    out->hour_ms = 1e3 * (sv_clock_s() - start) / N_HOUR;
    sv_balance_free(&balance);
    free(gen);
    free(load);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "Usage: bench_balance CASES_FOLDER\n");
        return 2;
    }
    char path[1000], line[256], last[64] = "";
    snprintf(path, sizeof path, "%s/damage/answers.csv", argv[1]);
    FILE *answers = fopen(path, "r");
    if (answers == NULL || fgets(line, sizeof line, answers) == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 1;
    }
    static const char *const suffix[] = {"branches", "buses", "gens"};
    sv_error err = {0};
    sv_grid *grid = NULL;
    printf("%-28s %12s %12s %10s %10s %6s %7s\n", "state", "shed MW", "published", "cold ms", "hour ms", "rows",
           "pivots");
    while (fgets(line, sizeof line, answers) != NULL) {
        char name[64], prefix[128];
        double shed_mw = 0.0;
        if (sscanf(line, "%63[^,],%*[^,],%*[^,],%127[^,],%*f,%lf", name, prefix, &shed_mw) != 3)
            continue;
        if (strcmp(name, last) != 0) {
            sv_grid_free(&grid);
            snprintf(path, sizeof path, "%s/matpower/%s.m", argv[1], grid_file(name));
            if (sv_grid_read(&grid, path, &err) != SV_OK)
                return fail(&err);
            snprintf(last, sizeof last, "%s", name);
        }
        sv_state *state = sv_state_new(grid);
        sv_status status = state != NULL ? SV_OK : SV_ENOMEM;
        for (int k = 0; status == SV_OK && k < 3; k++) {
            snprintf(path, sizeof path, "%s/damage/%s__%s.csv", argv[1], prefix, suffix[k]);
            status = sv_outages_read(state, (sv_out_kind)k, path, &err);
        }
        timing t = {0};
        if (status == SV_OK)
            status = measure(grid, state, &t, &err);
        sv_state_free(&state);
        if (status != SV_OK)
            return fail(&err);
        printf("%-28s %12.4f %12.4f %10.3f %10.3f %6d %7d\n", prefix, t.shed_mw, shed_mw, t.cold_ms, t.hour_ms,
               (int)t.info.n_row, (int)t.info.n_pivot);
    }
    sv_grid_free(&grid);
    fclose(answers);
    return 0;
}
