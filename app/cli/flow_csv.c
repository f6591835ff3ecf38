/* The files of a power flow: voltages, flows, outputs, 12 digits. All are written beside their names and renamed when all are
 * whole; only files of this kind are replaced. */
#include "flow.h"
#include "table.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static void put_buses(FILE *out, const flow_work *work);
static void put_branches(FILE *out, const flow_work *work);
static void put_gens(FILE *out, const flow_work *work);

/* The first is the one asked for; the others are named after it. */
static const struct {
    const char *ending, *head;
    void (*put)(FILE *out, const flow_work *work);
} files[FLOW_FILES] = {
    {"", "bus_id,vm_pu,va_deg\n", put_buses},
    {".branches.csv", "row,from_bus,to_bus,p_from_mw,q_from_mvar,p_to_mw,q_to_mvar,loading_percent\n", put_branches},
    {".gens.csv", "row,gen_id,bus_id,p_mw,q_mvar,q_limit\n", put_gens},
};

bool flow_file_path(const char *path, int file, char name[FLOW_PATH])
{
    size_t n = strlen(path), stem = n > 4 && strcasecmp(path + n - 4, ".csv") == 0 ? n - 4 : n;
    if (n >= FLOW_PATH)
        return false;
    int got = file == 0 ? snprintf(name, FLOW_PATH, "%s", path)
                        : snprintf(name, FLOW_PATH, "%.*s%s", (int)stem, path, files[file].ending);
    return got > 0 && got < FLOW_PATH;
}

/* ---- targets ------------------------------------------------------------------------------- */

sv_status flow_check_target(const char *path, sv_error *err)
{
    char name[FLOW_PATH];
    if (path[0] == '\0' || strcmp(path, "-") == 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is '%s'; accepted: the name of a file", path);
    sv_status status = SV_OK;
    for (int file = 0; file < FLOW_FILES && status == SV_OK; file++) {
        if (!flow_file_path(path, file, name))
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is too long a name; accepted: at most %d bytes",
                                FLOW_PATH - 32);
        status = table_check(name, files[file].head, "flow", err);
    }
    return status;
}

/* ---- cells --------------------------------------------------------------------------------- */

static void put_buses(FILE *out, const flow_work *work)
{
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

static void put_gens(FILE *out, const flow_work *work)
{
    const sv_grid *grid = work->grid;
    for (int32_t g = 0; g < grid->n_gen && !ferror(out); g++) {
        fprintf(out, "%d,", (int)g + 1);
        table_put_text(out, grid->gen[g].id);
        fputc(',', out);
        table_put_text(out, grid->bus[grid->gen[g].i_bus].id);
        table_put_real(out, work->gen_mw[g]);
        table_put_real(out, work->gen_mvar[g]);
        fprintf(out, ",%s\n", flow_q_limit(work, g));
    }
}

/* ---- files --------------------------------------------------------------------------------- */

static sv_status write_part(int file, const char *path, char *part, const flow_work *work, sv_error *err)
{
    FILE *out = table_open(path, part);
    if (out == NULL)
        return table_cannot_write(path, err);
    fputs(files[file].head, out);
    files[file].put(out, work);
    return table_close(out, part, err);
}

sv_status flow_write(const flow_work *work, const char *path, sv_error *err)
{
    char name[FLOW_FILES][FLOW_PATH], part[FLOW_FILES][FLOW_PATH + TABLE_BESIDE];
    sv_status status = SV_OK;
    int n = 0, n_named = 0;
    for (; n < FLOW_FILES && status == SV_OK; n += status == SV_OK) {
        if (!flow_file_path(path, n, name[n]))
            status = sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is too long a name");
        else
            status = write_part(n, name[n], part[n], work, err);
    }
    for (int k = FLOW_FILES - 1; k >= 0 && status == SV_OK; k--) { /* the one asked for last */
        status = table_rename(part[k], name[k], err);
        n_named++;
    }
    for (int k = 0; k < n - n_named; k++)
        table_remove(part[k]);
    return status;
}
