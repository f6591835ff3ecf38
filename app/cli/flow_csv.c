/* The two files of a power flow, voltages and flows, 12 digits. Both are written beside their names and renamed when both are
 * whole; only files of this kind are replaced. */
#include "flow.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const char bus_head[] = "bus_id,vm_pu,va_deg\n";
static const char branch_head[] = "row,from_bus,to_bus,p_from_mw,q_from_mvar,p_to_mw,q_to_mvar,loading_percent\n";

bool flow_branch_path(const char *path, char branches[FLOW_PATH])
{
    size_t n = strlen(path), stem = n > 4 && strcasecmp(path + n - 4, ".csv") == 0 ? n - 4 : n;
    int got = snprintf(branches, FLOW_PATH, "%.*s.branches.csv", (int)(stem < FLOW_PATH ? stem : FLOW_PATH), path);
    return got > 0 && got + (int)sizeof ".part" < FLOW_PATH && n + sizeof ".part" < FLOW_PATH;
}

static sv_status cannot_write(const char *path, sv_error *err)
{
    return sv_error_set(err, SV_EIO, path, 0, "cannot be written: %s", strerror(errno));
}

/* ---- targets ------------------------------------------------------------------------------- */

static sv_status check_file(const char *path, const char *head, sv_error *err)
{
    struct stat there;
    char found[128] = "";
    if (stat(path, &there) != 0)
        return SV_OK; /* not there, or the one that writes it says why not */
    if (!S_ISREG(there.st_mode))
        return sv_error_set(err, SV_EIO, path, 0, "is %s; accepted: the name of a file",
                            S_ISDIR(there.st_mode) ? "a folder" : "no plain file");
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return cannot_write(path, err);
    size_t n = fread(found, 1, strlen(head), file);
    fclose(file);
    return n == 0 || strcmp(found, head) == 0
               ? SV_OK
               : sv_error_set(
                     err, SV_EUSAGE, path, 0,
                     "is there and is no file of svitlo flow; accepted: a new name, or such a file to replace");
}

sv_status flow_check_target(const char *path, sv_error *err)
{
    char branches[FLOW_PATH];
    if (path[0] == '\0' || strcmp(path, "-") == 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is '%s'; accepted: the name of a file", path);
    if (!flow_branch_path(path, branches))
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is too long a name; accepted: at most %d bytes",
                            FLOW_PATH - 32);
    sv_status status = check_file(path, bus_head, err);
    return status == SV_OK ? check_file(branches, branch_head, err) : status;
}

/* ---- cells --------------------------------------------------------------------------------- */

static void put_id(FILE *out, const char *text)
{
    size_t n = strlen(text);
    bool plain = n > 0 && strpbrk(text, ",\"\r\n") == NULL && strchr(" \t", text[0]) == NULL &&
                 strchr(" \t", text[n - 1]) == NULL;
    if (plain) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            fputc('"', out);
        fputc(*c, out);
    }
    fputc('"', out);
}

/* A comma and a number; nothing where there is none. */
static void put_real(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, ",%.12g", value == 0.0 ? 0.0 : value); /* no -0 */
    else
        fputc(',', out);
}

static void put_buses(FILE *out, const flow_work *work)
{
    fputs(bus_head, out);
    for (int32_t i = 0; i < work->grid->n_bus && !ferror(out); i++) {
        put_id(out, work->grid->bus[i].id);
        put_real(out, work->vm_pu[i]);
        put_real(out, work->va_deg[i]);
        fputc('\n', out);
    }
}

static void put_branches(FILE *out, const flow_work *work)
{
    const sv_grid *grid = work->grid;
    fputs(branch_head, out);
    for (int32_t l = 0; l < grid->n_branch && !ferror(out); l++) {
        fprintf(out, "%d,", (int)l + 1);
        put_id(out, grid->bus[grid->branch[l].i_from].id);
        fputc(',', out);
        put_id(out, grid->bus[grid->branch[l].i_to].id);
        put_real(out, work->p_from_mw[l]);
        put_real(out, work->q_from_mvar[l]);
        put_real(out, work->p_to_mw[l]);
        put_real(out, work->q_to_mvar[l]);
        put_real(out, work->loading[l]);
        fputc('\n', out);
    }
}

/* ---- files --------------------------------------------------------------------------------- */

static sv_status write_part(const char *part, void (*put)(FILE *out, const flow_work *work), const flow_work *work,
                            sv_error *err)
{
    FILE *out = fopen(part, "wbe");
    if (out == NULL)
        return cannot_write(part, err);
    put(out, work);
    errno = 0;
    bool failed = fflush(out) != 0 || ferror(out);
    int why = errno;
    bool unclosed = fclose(out) != 0;
    if (failed)
        errno = why != 0 ? why : EIO;
    if (!failed && !unclosed)
        return SV_OK;
    sv_status status = cannot_write(part, err);
    unlink(part);
    return status;
}

sv_status flow_write(const flow_work *work, const char *path, sv_error *err)
{
    char branches[FLOW_PATH], part[FLOW_PATH + 8], branch_part[FLOW_PATH + 8];
    if (!flow_branch_path(path, branches))
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is too long a name");
    snprintf(part, sizeof part, "%s.part", path);
    snprintf(branch_part, sizeof branch_part, "%s.part", branches);
    sv_status status = write_part(part, put_buses, work, err);
    if (status != SV_OK)
        return status;
    status = write_part(branch_part, put_branches, work, err);
    if (status == SV_OK && rename(branch_part, branches) != 0) {
        status = cannot_write(branches, err);
        unlink(branch_part);
    }
    if (status == SV_OK && rename(part, path) != 0)
        status = cannot_write(path, err);
    if (status != SV_OK)
        unlink(part);
    return status;
}
