/* CSV folders. An input holds several files: a line `@2` starts file 2 of the list below. The folder gives a grid or one
 * sentence; what was read is written, read again, and must be the same grid. */
#include "svitlo/formats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {
    "bus.csv",  "branch.csv",    "gen.csv",  "storage.csv", "timeseries_pointers.csv", "hours.csv",
    "load.csv", "dc_branch.csv", "site.csv", "region.csv",  "interconnector.csv",      "grid.csv",
    "shunt.csv"};
enum { N_FILE = sizeof files / sizeof files[0] };

static char folder[64], copy[80];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void remove_folder(void)
{
    char path[128];
    for (int i = 0; i < N_FILE; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void make_folder(void)
{
    const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof folder, "%s/svitlo-fuzz-XXXXXX", base);
    if (!mkdtemp(folder))
        abort();
    snprintf(copy, sizeof copy, "%s-copy", folder);
    atexit(remove_folder);
}

static void write_file(int i, const char *text, size_t n)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, files[i]);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(text, 1, n, f) != n || fclose(f) != 0)
        abort();
}

/* Each part goes into its file; files that no part names are removed. */
static void write_parts(const char *text, size_t n)
{
    char path[128];
    for (int i = 0; i < N_FILE; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    const char *end = text + n, *start = text;
    int file = 0;
    while (start < end) {
        const char *stop = start;
        while (stop < end && !(stop[0] == '@' && (stop == text || stop[-1] == '\n')))
            stop++;
        if (stop > start)
            write_file(file, start, (size_t)(stop - start));
        if (stop == end)
            break;
        char *after;
        char number[8] = {0};
        memcpy(number, stop + 1, (size_t)(end - stop - 1) < 7 ? (size_t)(end - stop - 1) : 7);
        file = (int)((unsigned long)strtoul(number, &after, 10) % N_FILE);
        start = stop + 1 + (after - number);
        start += start < end && *start == '\n';
    }
}

static void there_and_back(const sv_grid *grid)
{
    sv_error err = {0};
    sv_grid *back = NULL;
    if (sv_csv_write(grid, copy, &err) || sv_csv_read(&back, copy, &err)) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    if (back->fingerprint != grid->fingerprint)
        abort();
    sv_grid_free(&back);
    char command[200];
    for (int i = 0; i < N_FILE; i++) {
        snprintf(command, sizeof command, "%s/%s", copy, files[i]);
        unlink(command);
    }
    for (int i = 1; i <= grid->n_series; i++) {
        snprintf(command, sizeof command, "%s/series_%d.csv", copy, i);
        unlink(command);
    }
    rmdir(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!folder[0])
        make_folder();
    if (size > 1 << 16)
        return 0;
    write_parts((const char *)data, size);
    sv_grid *grid = NULL;
    sv_error err = {0};
    const sv_status status = sv_csv_read(&grid, folder, &err);
    if ((status == SV_OK) != (grid != NULL) || (status != SV_OK) != (err.text[0] != '\0'))
        abort();
    if (grid)
        there_and_back(grid);
    sv_grid_free(&grid);
    return 0;
}
