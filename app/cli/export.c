/* svitlo export: a results file in other forms: CSV files, or one NetCDF file. */
#include "cli.h"

#include "svitlo/store.h"

#include <argp.h>
#include <stdio.h>

typedef struct {
    const char *path, *folder, *netcdf;
} options;

enum { KEY_CSV = 256, KEY_NETCDF };

static const struct argp_option option_table[] = {
    {"csv", KEY_CSV, "DIR", 0, "Each table and view as one CSV file in DIR, which is made; also of an unfinished file",
     0},
    {"netcdf", KEY_NETCDF, "FILE.nc", 0, "One NetCDF-4 file in the CF conventions, for xarray and the like", 0},
    {0},
};

static error_t take_option(int key, char *text, struct argp_state *state)
{
    options *self = state->input;
    switch (key) {
    case KEY_CSV:
        self->folder = text;
        return 0;
    case KEY_NETCDF:
        self->netcdf = text;
        return 0;
    case ARGP_KEY_ARG:
        if (self->path != NULL)
            argp_error(state, "one file at a time: '%s' came after '%s'", text, self->path);
        self->path = text;
        return 0;
    case ARGP_KEY_END:
        if (self->path == NULL)
            argp_error(state, "of which results? accepted: a file of svitlo run --out, as in winter.db");
        if ((self->folder != NULL) == (self->netcdf != NULL))
            argp_error(state, "in which form? accepted: one of --csv DIR and --netcdf FILE.nc");
        if ((self->folder != NULL ? self->folder : self->netcdf)[0] == '\0')
            argp_error(state, "where to? accepted: --csv DIR or --netcdf FILE.nc");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int sv_cmd_export(int argc, char **argv)
{
    static const struct argp parser = {
        option_table,
        take_option,
        "FILE.db",
        "Write a results file in another form. What its tables and columns mean: docs/database.md.\v"
        "Nothing half-written is left under a final name; files of the same names are replaced.",
        NULL,
        NULL,
        NULL};
    options opts = {NULL, NULL, NULL};
    argp_err_exit_status = 2;
    if (argp_parse(&parser, argc, argv, 0, NULL, &opts) != 0)
        return 2;
    sv_error err = {0};
    sv_status status = opts.folder != NULL ? sv_store_export_csv(opts.path, opts.folder, &err)
                                           : sv_store_export_netcdf(opts.path, opts.netcdf, &err);
    if (status != SV_OK)
        return sv_cli_fail(&err);
    fprintf(stderr, "Export: %s\n", opts.folder != NULL ? opts.folder : opts.netcdf);
    return 0;
}
