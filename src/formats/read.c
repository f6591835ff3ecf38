/* Any grid by its path: a folder of CSV tables, a MATPOWER case or a PSS/E RAW file. */
#include "text.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

sv_status sv_grid_read(sv_grid **grid, const char *path, sv_error *err)
{
    *grid = NULL;
    struct stat info;
    if (stat(path, &info) != 0)
        return sv_error_set(err, SV_EIO, path, 0, "cannot be read: %s", strerror(errno));
    if (S_ISDIR(info.st_mode))
        return sv_csv_read(grid, path, err);
    const size_t n = strlen(path);
    if (n > 2 && text_same(path + n - 2, ".m"))
        return sv_matpower_read(grid, path, err);
    if (n > 4 && text_same(path + n - 4, ".raw"))
        return sv_psse_read(grid, path, err);
    return sv_error_set(
        err, SV_EUSAGE, path, 0,
        "unknown format; accepted: a folder of CSV tables (bus.csv, branch.csv, gen.csv), a MATPOWER case "
        "(.m) or a PSS/E RAW file (.raw)");
}
