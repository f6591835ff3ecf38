/* The file of outages: a row each, in the order of the list, 12 digits. It is written beside its name while they are solved,
 * and renamed when it is whole; what ends the program on the way takes it away. Only files of this kind are replaced. */
#include "contingency.h"

#include <math.h>
#include <string.h>

static const char head[] = "contingency,elements,outcome,whole,iterations,mismatch_pu,lost_mw,cut_off_buses,overloads,"
                           "worst_branch,loading_percent,buses_low,buses_high,lowest_bus,lowest_pu,highest_bus,"
                           "highest_pu\n";

/* ---- the file ------------------------------------------------------------------------------ */

sv_status contingency_file_check(const char *path, sv_error *err)
{
    if (path[0] == '\0' || strcmp(path, "-") == 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is '%s'; accepted: the name of a file", path);
    if (strlen(path) >= FLOW_PATH)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is too long a name; accepted: at most %d bytes",
                            FLOW_PATH - 1);
    return table_check(path, head, "contingency", err);
}

sv_status contingency_file_open(contingency_file *file, const char *path, const flow_work *work, sv_error *err)
{
    *file = (contingency_file){.work = work, .path = path};
    file->stream = table_open(path, file->part);
    if (file->stream == NULL)
        return table_cannot_write(path, err);
    fputs(head, file->stream);
    return SV_OK;
}

static void put_count(FILE *out, bool known, int32_t n)
{
    if (known)
        fprintf(out, ",%d", (int)n);
    else
        fputc(',', out);
}

static void put_voltage(const contingency_file *file, int32_t i, double vm_pu)
{
    fputc(',', file->stream);
    if (i >= 0)
        table_put_text(file->stream, file->work->grid->bus[i].id);
    table_put_real(file->stream, vm_pu);
}

sv_status contingency_file_put(contingency_file *file, const contingency_row *row, sv_error *err)
{
    char text[CONTINGENCY_TEXT];
    FILE *out = file->stream;
    if (out == NULL)
        return SV_OK;
    fprintf(out, "%lld,", (long long)row->number);
    table_put_text(out, contingency_text(row, text));
    fprintf(out, ",%s,%d,%d", sv_ac_outcome_name[row->outcome], row->whole ? 1 : 0, (int)row->n_iteration);
    table_put_real(out, row->mismatch_pu);
    table_put_real(out, row->lost_mw);
    put_count(out, !isnan(row->lost_mw), row->n_cut_off);
    put_count(out, row->solved, row->n_overload);
    put_count(out, row->i_branch >= 0, row->i_branch + 1);
    table_put_real(out, row->loading_percent);
    put_count(out, row->solved, row->n_low);
    put_count(out, row->solved, row->n_high);
    put_voltage(file, row->i_low, row->low_pu);
    put_voltage(file, row->i_high, row->high_pu);
    if (fputc('\n', out) != EOF && !ferror(out))
        return SV_OK;
    return table_cannot_write(file->part, err);
}

sv_status contingency_file_close(contingency_file *file, sv_error *err)
{
    if (file->stream == NULL)
        return SV_OK;
    FILE *out = file->stream;
    file->stream = NULL;
    sv_status status = table_close(out, file->part, err);
    return status == SV_OK ? table_rename(file->part, file->path, err) : status;
}

void contingency_file_abort(contingency_file *file)
{
    if (file->stream == NULL)
        return;
    fclose(file->stream);
    file->stream = NULL;
    table_remove(file->part);
}
