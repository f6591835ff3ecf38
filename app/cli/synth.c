/* svitlo synth: make a fictional country and write it as a folder of tables.
 * A new folder appears under its name only when it is complete; in an existing one (empty, or with --force) all tables get
 * their names at the end. */
#include "cli.h"

#include "svitlo/formats.h"
#include "svitlo/synth.h"

#include <argp.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- options ------------------------------------------------------------------------------- */

typedef struct {
    sv_synth_settings settings;
    const char *folder;
    bool has_size, has_from, has_hours, force;
} options;

enum { KEY_FROM = 256, KEY_HOURS, KEY_FORCE }; /* flags without a letter */

static const struct argp_option option_table[] = {
    {"buses", 'n', "N", 0,
     "Size: buses, 30 to 50000; each stands for 117,000 people, 60 MW of winter peak and 80 MW of plant", 0},
    {"seed", 's', "S", 0,
     "Which country, a whole number from 0 (default 1); the same seed and size give the same bytes", 0},
    {"out", 'o', "DIR", 0, "Folder to write; it must be new or empty", 0},
    {"from", KEY_FROM, "DATE", 0, "First day of the hourly profiles (default 2026-11-01)", 0},
    {"hours", KEY_HOURS, "N", 0,
     "Hours of the profiles, 1 to 87840 (default: from a 1 November to the end of March, from any other day 8760)", 0},
    {"force", KEY_FORCE, NULL, 0, "Write into a folder that holds something: tables are replaced, other files stay", 0},
    {0},
};

static bool read_date(const char *text, int64_t *t_h)
{
    if (sv_date_parse(text, t_h))
        return true;
    fprintf(stderr, "svitlo: --from is '%.60s'; accepted: a date, as in 2026-11-01\n", text);
    return false;
}

static error_t take_option(int key, char *text, struct argp_state *state)
{
    options *self = state->input;
    int64_t number = 0;
    bool good = true;
    switch (key) {
    case 'n':
        good = sv_cli_int("--buses", text, 30, 50000, &number);
        self->settings.n_bus = (int32_t)number;
        self->has_size = true;
        break;
    case 's':
        good = sv_cli_int("--seed", text, 0, INT64_MAX, &number);
        self->settings.seed = (uint64_t)number;
        break;
    case 'o':
        self->folder = text;
        break;
    case KEY_FROM:
        good = read_date(text, &self->settings.t0_h);
        self->has_from = true;
        break;
    case KEY_HOURS:
        good = sv_cli_int("--hours", text, 1, 87840, &self->settings.n_h);
        self->has_hours = true;
        break;
    case KEY_FORCE:
        self->force = true;
        break;
    case ARGP_KEY_ARG:
        argp_error(state, "what is '%s'? accepted: flags only, as in --buses 300 --seed 1 --out country", text);
        break;
    case ARGP_KEY_END:
        if (!self->has_size)
            argp_error(state, "how large? accepted: --buses N, 30 to 50000");
        if (self->folder == NULL || self->folder[0] == '\0')
            argp_error(state, "where to? accepted: --out DIR");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return good ? 0 : EINVAL; /* its sentence was printed */
}

/* From a 1 November: that winter, as the default; from any other day a year of 8760 h. */
static void complete(options *self)
{
    if (!self->has_from || self->has_hours)
        return;
    const sv_date from = sv_date_from_hour(self->settings.t0_h);
    self->settings.n_h = 8760;
    if (from.month == 11 && from.day == 1)
        self->settings.n_h = sv_hour_from_date(from.year + 1, 4, 1, from.hour) - self->settings.t0_h;
}

/* ---- the folder ---------------------------------------------------------------------------- */

typedef enum { PLACE_FREE, PLACE_EMPTY, PLACE_TAKEN, PLACE_BAD } place;

static place look_at(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return errno == ENOENT ? PLACE_FREE : PLACE_BAD;
    place found = PLACE_EMPTY;
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            found = PLACE_TAKEN;
    }
    closedir(dir);
    return found;
}

/* A folder of our own that did not become what was asked for. */
static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
        (void)unlinkat(dirfd(dir), entry->d_name, 0); /* "." and ".." refuse */
    closedir(dir);
    (void)rmdir(folder);
}

/* Beside its name first, then renamed at once. */
static sv_status write_new(const sv_grid *grid, const char *folder, sv_error *err)
{
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/')
        n--;
    char *beside = malloc(n + 16);
    if (beside == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    memcpy(beside, folder, n);
    memcpy(beside + n, ".part-XXXXXX", sizeof ".part-XXXXXX");
    sv_status status = SV_OK;
    if (mkdtemp(beside) == NULL) {
        status = sv_error_set(err, SV_EIO, folder, 0, "cannot be made: %s", strerror(errno));
        free(beside);
        return status;
    }
    const mode_t mask = umask(0);
    umask(mask);
    status = sv_csv_write(grid, beside, err);
    if (status == SV_OK && (chmod(beside, 0777 & ~mask) != 0 || rename(beside, folder) != 0))
        status = sv_error_set(err, SV_EIO, folder, 0, "cannot be named: %s", strerror(errno));
    if (status != SV_OK)
        remove_folder(beside);
    free(beside);
    return status;
}

static sv_status check_folder(const options *opts, place found, sv_error *err)
{
    if (found == PLACE_TAKEN && !opts->force)
        return sv_error_set(err, SV_EUSAGE, opts->folder, 0,
                            "is not empty; accepted: a new or empty folder, or --force to replace the tables in it");
    if (found == PLACE_BAD)
        return sv_error_set(err, SV_EIO, opts->folder, 0, "cannot be used as a folder: %s", strerror(errno));
    return SV_OK;
}

static sv_status make(const options *opts, sv_error *err)
{
    const place found = look_at(opts->folder);
    sv_status status = check_folder(opts, found, err);
    if (status != SV_OK)
        return status;
    sv_grid *grid = NULL;
    status = sv_synth_new(&grid, &opts->settings, err);
    if (status == SV_OK)
        status = found == PLACE_FREE ? write_new(grid, opts->folder, err) : sv_csv_write(grid, opts->folder, err);
    if (status == SV_OK) {
        char people[32], peak[32];
        fprintf(stderr, "svitlo: %s, %d buses, %d regions, %s M people, peak %s MW: %s\n", grid->name, (int)grid->n_bus,
                (int)grid->n_region, sv_cli_thousands(sv_grid_people(grid) / 1e6, 1, people),
                sv_cli_thousands(sv_grid_demand_mw(grid), 0, peak), opts->folder);
    }
    sv_grid_free(&grid);
    return status;
}

int sv_cmd_synth(int argc, char **argv)
{
    static const struct argp parser = {
        option_table,
        take_option,
        NULL,
        "Make a fictional country: cities, a 750/330/110 kV network, a fleet, customers, hourly winter profiles.\v"
        "All of it is invented, names too (docs/model/synth.md). It is checked before it is written: one network, no "
        "overload in the winter peak, nothing shed in the peak of any week.\n\n"
        "DIR gets the tables grid, region, site, bus, branch, gen, storage, dc_branch, load, shunt, interconnector and "
        "timeseries_pointers, and the profiles in series_1 (.csv, docs/formats.md). Nothing half-written is left "
        "there. "
        "300 buses take a blink and 1.3 MB, 10,000 buses some seconds and 9 MB of files.\n\n"
        "Example:\n"
        "  svitlo synth --buses 300 --seed 6 --out country && svitlo info country\n\n"
        "Exit code: 0 done, 1 it could not be written, 2 a wrong flag, or DIR is not empty.",
        NULL,
        NULL,
        NULL};
    options opts = {.settings = sv_synth_defaults()};
    argp_err_exit_status = 2;
    if (argp_parse(&parser, argc, argv, 0, NULL, &opts) != 0)
        return 2;
    complete(&opts);
    sv_error err = {0};
    return make(&opts, &err) == SV_OK ? 0 : sv_cli_fail(&err);
}
