/* Damage lists. The first byte of an input tells the table (branch, bus, gen), the rest is the file. What is read only
 * switches off, only in that table, and reads the same a second time. */
#include "svitlo/formats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "function mpc = five\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
                           "mpc.bus = [\n1 3 0 0 0 0 1 1 0 110 1 1.1 .9;\n2 1 5 1 0 0 1 1 0 110 1 1.1 .9;\n"
                           "3 1 5 1 0 0 1 1 0 110 1 1.1 .9;\n40 1 5 1 0 0 1 1 0 110 1 1.1 .9;\n"
                           "500 4 0 0 0 0 1 1 0 110 1 1.1 .9;\n];\n"
                           "mpc.gen = [1 9 0 9 -9 1 100 1 80 5; 3 0 0 0 0 1 100 0 8 0; 40 1 0 1 0 1 100 1 8 0];\n"
                           "mpc.branch = [1 2 0 .1 0 9 0 0 0 0 1 0 0; 2 3 0 .1 0 9 0 0 0 0 1 0 0;\n"
                           "3 40 0 .1 0 9 0 0 0 0 0 0 0; 1 40 0 .1 0 9 0 0 0 0 1 0 0];\n";

static sv_grid *grid;
static sv_state *fresh, *state, *again;
static char path[64];

static void remove_file(void)
{
    unlink(path);
    sv_state_free(&fresh);
    sv_state_free(&state);
    sv_state_free(&again);
    sv_grid_free(&grid);
}

static void prepare(void)
{
    snprintf(path, sizeof path, "%s/svitlo-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    const int file = mkstemp(path);
    if (file < 0 || close(file) != 0 || sv_matpower_parse(&grid, "five.m", text, sizeof text - 1, NULL))
        abort();
    fresh = sv_state_new(grid);
    state = sv_state_new(grid);
    again = sv_state_new(grid);
    if (!fresh || !state || !again)
        abort();
    atexit(remove_file);
}

static void write_file(const uint8_t *data, size_t n)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, n, file) != n || fclose(file) != 0)
        abort();
}

static void check_table(const uint8_t *before, const uint8_t *after, int32_t n, bool may_change)
{
    for (int32_t i = 0; i < n; i++)
        if (after[i] > before[i] || (!may_change && after[i] != before[i]))
            abort();
}

static void check_same(sv_out_kind kind)
{
    if (sv_outages_read(again, kind, path, NULL) ||
        memcmp(again->branch_on, state->branch_on, (size_t)grid->n_branch) ||
        memcmp(again->bus_on, state->bus_on, (size_t)grid->n_bus) ||
        memcmp(again->gen_on, state->gen_on, (size_t)grid->n_gen))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!grid)
        prepare();
    if (size == 0 || size > 1 << 16)
        return 0;
    const sv_out_kind kind = (sv_out_kind)(data[0] % 3);
    write_file(data + 1, size - 1);
    sv_state_reset(state);
    sv_state_reset(again);
    sv_error err = {0};
    const sv_status status = sv_outages_read(state, kind, path, &err);
    if ((status != SV_OK) != (err.text[0] != '\0') || (status != SV_OK && status != SV_EDATA))
        abort();
    check_table(fresh->branch_on, state->branch_on, grid->n_branch, kind == SV_OUT_BRANCHES);
    check_table(fresh->bus_on, state->bus_on, grid->n_bus, kind == SV_OUT_BUSES);
    check_table(fresh->gen_on, state->gen_on, grid->n_gen, kind == SV_OUT_GENS);
    if (status == SV_OK)
        check_same(kind);
    return 0;
}
