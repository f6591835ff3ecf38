/* svitlo report: results files -> one HTML page that needs nothing else. The page is in the program (ui/dist/report.html);
 * the data goes into its one empty script element. */
#include "cli.h"
#include "page.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* Made by CMake from ui/dist/report.html. */
extern const unsigned char report_page[];
extern const size_t report_page_size;

typedef struct {
    const char *out_path;
    bool open_to_all;
    int32_t n_file;
    const char **file; /* [argc] */
} options;

enum { KEY_PUBLIC = 256 };

static const struct argp_option option_table[] = {
    {"out", 'o', "FILE.html", 0, "Where to (default: report.html; - is standard output); an existing one is replaced",
     0},
    {"public", KEY_PUBLIC, NULL, 0, "By region and class only: no sites, no lines", 0},
    {0},
};

static error_t take_option(int key, char *text, struct argp_state *state)
{
    options *self = state->input;
    switch (key) {
    case 'o':
        if (text[0] == '\0')
            argp_error(state, "where to? accepted: --out FILE.html");
        self->out_path = text;
        return 0;
    case KEY_PUBLIC:
        self->open_to_all = true;
        return 0;
    case ARGP_KEY_ARG:
        self->file[self->n_file++] = text;
        return 0;
    case ARGP_KEY_END:
        if (self->n_file == 0)
            argp_error(state, "of which results? accepted: files of svitlo run --out, as in winter.db");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- the page ------------------------------------------------------------------------------ */

static const char opening[] = "<script type=\"application/json\" id=\"svitlo-data\">", closing[] = "</script>";

/* The place after the opening tag of the element that waits for the data; 0 = there is none. */
static size_t find_place(void)
{
    size_t n_open = strlen(opening), n_close = strlen(closing);
    for (size_t i = 0; i + n_open + n_close <= report_page_size; i++)
        if (memcmp(report_page + i, opening, n_open) == 0 && memcmp(report_page + i + n_open, closing, n_close) == 0)
            return i + n_open;
    return 0;
}

static bool put_page(FILE *out, const char *json, size_t place)
{
    size_t n_json = strlen(json), n_rest = report_page_size - place;
    errno = 0;
    return fwrite(report_page, 1, place, out) == place && fwrite(json, 1, n_json, out) == n_json &&
           fwrite(report_page + place, 1, n_rest, out) == n_rest && fflush(out) == 0;
}

static sv_status cannot_write(const char *path, sv_error *err)
{
    return sv_error_set(err, SV_EIO, path, 0, "cannot be written: %s", errno != 0 ? strerror(errno) : "it is full");
}

/* Nothing but a page is replaced: a slip of the hand costs no results. */
static sv_status check_target(const char *path, sv_error *err)
{
    static const char page[] = "<!doctype html";
    char head[sizeof page] = "";
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return SV_OK; /* not there, or the one that writes it says why not */
    size_t n = fread(head, 1, sizeof head - 1, file);
    fclose(file);
    return n == 0 || strcasecmp(head, page) == 0
               ? SV_OK
               : sv_error_set(err, SV_EUSAGE, path, 0,
                              "is there and is no page; accepted: a new name, or a report to replace");
}

/* Beside its name first, then renamed at once. */
static sv_status write_file(const char *path, const char *json, size_t place, sv_error *err)
{
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return sv_error_set(err, SV_EIO, path, 0, "is %s, accepted: the name of a file",
                            S_ISDIR(there.st_mode) ? "a folder" : "no plain file");
    sv_status status = check_target(path, err);
    if (status != SV_OK)
        return status;
    size_t n = strlen(path) + sizeof ".part";
    char *beside = malloc(n);
    if (beside == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    snprintf(beside, n, "%s.part", path);
    FILE *out = fopen(beside, "wb");
    if (out == NULL) {
        status = cannot_write(path, err);
    } else {
        if (!put_page(out, json, place))
            status = cannot_write(path, err);
        if (fclose(out) != 0 || (status == SV_OK && rename(beside, path) != 0))
            status = cannot_write(path, err);
        if (status != SV_OK)
            unlink(beside);
    }
    free(beside);
    return status;
}

static sv_status write_page(const options *opts, const char *json, sv_error *err)
{
    size_t place = find_place();
    if (place == 0)
        return sv_error_set(err, SV_EDATA, NULL, 0, "the page in this program has no place for data: build it again");
    if (strcmp(opts->out_path, "-") == 0)
        return put_page(stdout, json, place) ? SV_OK : cannot_write("standard output", err);
    sv_status status = write_file(opts->out_path, json, place, err);
    if (status == SV_OK)
        fprintf(stderr, "Report: %s\n", opts->out_path);
    return status;
}

/* ---- the command --------------------------------------------------------------------------- */

static sv_status make_report(const options *opts, sv_error *err)
{
    sv_page_run *run = calloc((size_t)opts->n_file, sizeof *run);
    sv_results **results = calloc((size_t)opts->n_file, sizeof(sv_results *));
    char *json = NULL;
    sv_status status = SV_OK;
    if (run == NULL || results == NULL)
        status = sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    for (int32_t i = 0; i < opts->n_file && status == SV_OK; i++) {
        status = sv_results_read(&results[i], opts->file[i], err);
        run[i] = (sv_page_run){opts->file[i], results[i]};
    }
    if (status == SV_OK)
        status = sv_page_json(opts->n_file, run, opts->open_to_all, &json, err);
    if (status == SV_OK)
        status = write_page(opts, json, err);
    for (int32_t i = 0; results != NULL && i < opts->n_file; i++)
        sv_results_free(&results[i]);
    free(json);
    free(run);
    free(results);
    return status;
}

int sv_cmd_report(int argc, char **argv)
{
    static const struct argp parser = {
        option_table,
        take_option,
        "FILE.db...",
        "Make one HTML page of results files: how dark it gets, where, why, and what each lever is worth.\v"
        "The page needs no network and no other file. Several files stand side by side in it, in the order given.\n"
        "With --public it shows regions and classes only; without, it has the ids and places of sites: treat it like\n"
        "the grid it came from.",
        NULL,
        NULL,
        NULL};
    options opts = {.out_path = "report.html"};
    opts.file = calloc((size_t)argc + 1, sizeof *opts.file);
    if (opts.file == NULL) {
        fputs("svitlo: out of memory\n", stderr);
        return 1;
    }
    argp_err_exit_status = 2;
    int exit_code = 0;
    sv_error err = {0};
    if (argp_parse(&parser, argc, argv, 0, NULL, &opts) != 0)
        exit_code = 2;
    else if (make_report(&opts, &err) != SV_OK)
        exit_code = sv_cli_fail(&err);
    free(opts.file);
    return exit_code;
}
