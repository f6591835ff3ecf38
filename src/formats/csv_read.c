/* A folder of CSV tables -> draft -> grid: which file is read when, and places on the plane. RTS-GMLC's SourceData is such a
 * folder; docs/formats.md says what each column means. Linear in the files. */
#include "csv_read.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* ---- files --------------------------------------------------------------------------------- */

void *room_for_one(csv_reader *r, void *old, int32_t n, size_t *capacity, size_t size)
{
    if ((size_t)n < *capacity)
        return old;
    const size_t more = *capacity ? 2 * *capacity : 64;
    void *fresh = sv_arena_take(r->arena, more, size);
    if (!fresh) {
        sv_error_set(r->err, SV_ENOMEM, r->folder, 0, "out of memory");
        return NULL;
    }
    if (n)
        memcpy(fresh, old, (size_t)n * size);
    *capacity = more;
    return fresh;
}

/* The entry of a folder that equals the name but for case; the first in byte order when there are several. */
static char *entry_like(sv_arena *arena, const char *folder, const char *name)
{
    DIR *dir = opendir(*folder ? folder : ".");
    if (!dir)
        return NULL;
    char *best = NULL;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (text_same(entry->d_name, name) && (!best || strcmp(entry->d_name, best) < 0))
            best = sv_arena_text(arena, entry->d_name);
    }
    closedir(dir);
    return best;
}

sv_status resolve_path(csv_reader *r, const char *name, int32_t line, const char **path)
{
    char *rest = sv_arena_text(r->arena, name);
    const char *at = *name == '/' ? "/" : r->folder;
    *path = NULL;
    while (rest && *rest) {
        const size_t n = strcspn(rest, "/\\");
        const bool more = rest[n] != '\0';
        rest[n] = '\0';
        struct stat info;
        char *next = n ? path_join(r->arena, at, rest) : NULL;
        if (next && stat(next, &info) != 0) {
            const char *entry = entry_like(r->arena, at, rest);
            next = entry ? path_join(r->arena, at, entry) : NULL;
            if (!next && !sv_arena_failed(r->arena))
                return sv_error_set(r->err, SV_EIO, r->pointers_path, line,
                                    "file %.200s is not there (no '%.60s' in %.200s)", name, rest, at);
        }
        at = next ? next : at;
        rest += n + more;
    }
    if (sv_arena_failed(r->arena))
        return sv_error_set(r->err, SV_ENOMEM, r->folder, 0, "out of memory");
    *path = at;
    return SV_OK;
}

typedef struct {
    const char *name;
    const csv_table *table;
    bool required;
    sv_table rows; /* SV_N_TABLE: none */
} folder_file;

static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

static sv_status read_file(csv_reader *r, const folder_file *file)
{
    const char *path = path_join(r->arena, r->folder, file->name);
    if (!path)
        return sv_error_set(r->err, SV_ENOMEM, r->folder, 0, "out of memory");
    if (!is_there(path)) {
        if (!file->required)
            return SV_OK;
        return sv_error_set(r->err, SV_EIO, path, 0,
                            "is not there; accepted: a folder with bus.csv, branch.csv and gen.csv");
    }
    if (file->rows != SV_N_TABLE)
        sv_draft_set_file(r->draft, file->rows, path);
    return csv_scan_table(path, file->table, r, r->err);
}

/* ---- places -------------------------------------------------------------------------------- */

/* Degrees to a plane around the mean of all buses: equirectangular, good to a percent over 1000 km. */
static void project(csv_reader *r)
{
    static const double KM_PER_DEGREE = 6371.0 * 3.14159265358979323846 / 180.0;
    double lat0 = 0.0, lng0 = 0.0;
    int32_t n = 0;
    for (int32_t i = 0; i < r->n_bus; i++) {
        if (!isnan(r->bus[i].lat) && !isnan(r->bus[i].lng)) {
            lat0 += r->bus[i].lat;
            lng0 += r->bus[i].lng;
            n++;
        }
    }
    if (n == 0)
        return;
    lat0 /= n;
    lng0 /= n;
    const double shrink = cos(lat0 * 3.14159265358979323846 / 180.0);
    for (int32_t i = 0; i < r->n_bus; i++) {
        sv_bus *bus = sv_draft_bus(r->draft, i);
        if (isnan(bus->x_km) && isnan(bus->y_km) && !isnan(r->bus[i].lat) && !isnan(r->bus[i].lng)) {
            bus->x_km = (r->bus[i].lng - lng0) * KM_PER_DEGREE * shrink;
            bus->y_km = (r->bus[i].lat - lat0) * KM_PER_DEGREE;
        }
    }
}

/* ---- the folder ---------------------------------------------------------------------------- */

static bool has_file(csv_reader *r, const char *name)
{
    const char *path = path_join(r->arena, r->folder, name);
    return path && is_there(path);
}

/* Name of a folder: its last part; for RTS-GMLC's SourceData the folder above says more. */
static void set_name(csv_reader *r)
{
    char *path = sv_arena_text(r->arena, r->folder);
    size_t n = path ? strlen(path) : 0;
    while (n > 1 && path[n - 1] == '/')
        path[--n] = '\0';
    char *slash = path ? strrchr(path, '/') : NULL;
    if (slash && slash > path && strcmp(slash + 1, "SourceData") == 0) {
        *slash = '\0';
        slash = strrchr(path, '/');
    }
    sv_draft_set_name(r->draft, slash ? slash + 1 : path, r->folder);
}

static sv_status read_tables(csv_reader *r)
{
    static const folder_file files[] = {
        {"grid.csv", &table_grid, false, SV_N_TABLE},
        {"region.csv", &table_region, false, SV_TABLE_REGION},
        {"site.csv", &table_site, false, SV_TABLE_SITE},
        {"bus.csv", &table_bus, true, SV_TABLE_BUS},
        {"branch.csv", &table_branch, true, SV_TABLE_BRANCH},
        {"storage.csv", &table_store_heads, false, SV_N_TABLE},
        {"gen.csv", &table_gen, true, SV_TABLE_GEN},
        {"storage.csv", &table_storage, false, SV_TABLE_STORAGE},
        {"dc_branch.csv", &table_dc_line, false, SV_TABLE_DC_LINE},
        {"load.csv", &table_load, false, SV_TABLE_LOAD},
        {"shunt.csv", &table_shunt, false, SV_TABLE_SHUNT},
        {"interconnector.csv", &table_interconnector, false, SV_TABLE_INTERCONNECTOR},
    };
    r->has_load = has_file(r, "load.csv");
    r->has_shunt = has_file(r, "shunt.csv");
    sv_status status = read_pointers(r);
    if (!status)
        status = add_own_series(r);
    for (size_t i = 0; i < sizeof files / sizeof files[0] && !status; i++)
        status = read_file(r, &files[i]);
    if (!status && sv_draft_n(r->draft, SV_TABLE_BUS) != r->n_bus)
        status = sv_error_set(r->err, SV_ENOMEM, r->folder, 0, "out of memory");
    if (status)
        return status;
    project(r);
    return apply_pointers(r);
}

sv_status sv_csv_read(sv_grid **grid, const char *folder, sv_error *err)
{
    *grid = NULL;
    sv_error own = {0}; /* a row lost for want of memory must not read as bad data */
    csv_reader r = {.draft = sv_draft_new(), .arena = sv_arena_new(), .folder = folder, .err = &own};
    sv_status status = SV_OK;
    struct stat info;
    if (!r.draft || !r.arena)
        status = SV_ENOMEM;
    else if (stat(folder, &info) != 0)
        status = sv_error_set(&own, SV_EIO, folder, 0, "cannot be read: %s", strerror(errno));
    else if (!S_ISDIR(info.st_mode))
        status =
            sv_error_set(&own, SV_EIO, folder, 0, "is a file; accepted: a folder with bus.csv, branch.csv and gen.csv");
    if (!status) {
        set_name(&r);
        status = read_tables(&r);
    }
    if (!r.draft || !r.arena || sv_draft_failed(r.draft) || sv_arena_failed(r.arena))
        status = SV_ENOMEM;
    if (!status)
        status = sv_grid_new(grid, r.draft, &own);
    if (status == SV_ENOMEM)
        sv_error_set(err, SV_ENOMEM, folder, 0, "out of memory");
    else if (status)
        error_pass(&own, err);
    sv_draft_free(&r.draft);
    sv_arena_free(r.arena);
    return status;
}
