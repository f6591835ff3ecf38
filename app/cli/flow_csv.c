/* The two files of a power flow, voltages and flows, 12 digits. Both are written beside their names and renamed when both are
 * whole; only files of this kind are replaced. */
#include "flow.h"
#include "table.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char bus_head[] = "bus_id,vm_pu,va_deg\n";
static const char branch_head[] = "row,from_bus,to_bus,p_from_mw,q_from_mvar,p_to_mw,q_to_mvar,loading_percent\n";

bool flow_branch_path(const char *path, char branches[FLOW_PATH])
{
    size_t n = strlen(path), stem = n > 4 && strcasecmp(path + n - 4, ".csv") == 0 ? n - 4 : n;
    int got = snprintf(branches, FLOW_PATH, "%.*s.branches.csv", (int)(stem < FLOW_PATH ? stem : FLOW_PATH), path);
    return got > 0 && got < FLOW_PATH && n < FLOW_PATH;
}

/* ---- targets ------------------------------------------------------------------------------- */

sv_status flow_check_target(const char *path, sv_error *err)
{
    char branches[FLOW_PATH];
    if (path[0] == '\0' || strcmp(path, "-") == 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is '%s'; accepted: the name of a file", path);
    if (!flow_branch_path(path, branches))
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is too long a name; accepted: at most %d bytes",
                            FLOW_PATH - 32);
    sv_status status = table_check(path, bus_head, "flow", err);
    return status == SV_OK ? table_check(branches, branch_head, "flow", err) : status;
}

/* ---- cells --------------------------------------------------------------------------------- */

static void put_buses(FILE *out, const flow_work *work)
{
    fputs(bus_head, out);
    for (int32_t i = 0; i < work->grid->n_bus && !ferror(out); i++) {
        table_put_text(out, work->grid->bus[i].id);
        table_put_real(out, work->vm_pu[i]);
        table_put_real(out, work->va_deg[i]);
        fputc('\n', out);
    }
}

static void put_branches(FILE *out, const flow_work *work)
{
    const sv_grid *grid = work->grid;
    fputs(branch_head, out);
    for (int32_t l = 0; l < grid->n_branch && !ferror(out); l++) {
        fprintf(out, "%d,", (int)l + 1);
        table_put_text(out, grid->bus[grid->branch[l].i_from].id);
        fputc(',', out);
        table_put_text(out, grid->bus[grid->branch[l].i_to].id);
        table_put_real(out, work->p_from_mw[l]);
        table_put_real(out, work->q_from_mvar[l]);
        table_put_real(out, work->p_to_mw[l]);
        table_put_real(out, work->q_to_mvar[l]);
        table_put_real(out, work->loading[l]);
        fputc('\n', out);
    }
}

/* ---- files --------------------------------------------------------------------------------- */

static sv_status write_part(const char *path, char *part, void (*put)(FILE *out, const flow_work *work),
                            const flow_work *work, sv_error *err)
{
    FILE *out = table_open(path, part);
    if (out == NULL)
        return table_cannot_write(path, err);
    put(out, work);
    return table_close(out, part, err);
}

sv_status flow_write(const flow_work *work, const char *path, sv_error *err)
{
    char branches[FLOW_PATH], part[FLOW_PATH + TABLE_BESIDE], branch_part[FLOW_PATH + TABLE_BESIDE];
    if (!flow_branch_path(path, branches))
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is too long a name");
    sv_status status = write_part(path, part, put_buses, work, err);
    if (status != SV_OK)
        return status;
    status = write_part(branches, branch_part, put_branches, work, err);
    if (status == SV_OK && rename(branch_part, branches) != 0) {
        status = table_cannot_write(branches, err);
        unlink(branch_part);
    }
    if (status == SV_OK && rename(part, path) != 0)
        status = table_cannot_write(path, err);
    if (status != SV_OK)
        unlink(part);
    return status;
}
