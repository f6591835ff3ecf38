/* The file of outages: a row each, in the order of the list, 12 digits. It is written beside its name while they are solved,
 * and renamed when it is whole; what ends the program on the way takes it away. Only files of this kind are replaced. */
#include "contingency.h"

#include <math.h>
#include <string.h>

#define START "contingency,elements,outcome,"
#define AC(people)                                                                                                     \
    START "whole,iterations,mismatch_pu,lost_mw," people                                                               \
          "cut_off_buses,overloads,worst_branch,loading_percent,buses_low,buses_high,lowest_bus,lowest_pu,"            \
          "highest_bus,highest_pu\n"
#define DC(people) START "whole,lost_mw," people "cut_off_buses,overloads,worst_branch,loading_percent\n"
#define PAIRS(people) START "lost_mw," people "cut_off_buses,new_overloads,worst_branch,loading_percent\n"

enum { KIND_AC, KIND_DC, KIND_PAIRS, N_KIND };

/* [kind][people] */
static const char *const heads[N_KIND][2] = {
    {AC(""), AC("people,")}, {DC(""), DC("people,")}, {PAIRS(""), PAIRS("people,")}};

/* ---- the file ------------------------------------------------------------------------------ */

sv_status contingency_file_check(const char *path, sv_error *err)
{
    if (path[0] == '\0' || strcmp(path, "-") == 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is '%s'; accepted: the name of a file", path);
    if (strlen(path) >= FLOW_PATH)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is too long a name; accepted: at most %d bytes",
                            FLOW_PATH - 1);
    sv_status status = SV_EUSAGE;
    for (int kind = 0; status == SV_EUSAGE && kind < 2 * N_KIND; kind++) {
        if (err != NULL)
            *err = (sv_error){0};
        status = table_check(path, heads[kind / 2][kind % 2], "contingency", err);
    }
    return status;
}

static int kind_of(const contingency_file *file)
{
    return file->screened ? KIND_PAIRS : file->work->opt->dc ? KIND_DC : KIND_AC;
}

sv_status contingency_file_open(contingency_file *file, const contingency_options *opt, const flow_work *work,
                                sv_error *err)
{
    const char *path = opt->out_path;
    *file = (contingency_file){
        .work = work, .path = path, .screened = contingency_screens(opt), .people = sv_grid_people(work->grid) > 0.0};
    file->stream = table_open(path, file->part);
    if (file->stream == NULL)
        return table_cannot_write(path, err);
    fputs(heads[kind_of(file)][file->people], file->stream);
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

static void put_voltages(const contingency_file *file, const contingency_row *row)
{
    put_count(file->stream, row->solved, row->n_low);
    put_count(file->stream, row->solved, row->n_high);
    put_voltage(file, row->i_low, row->low_pu);
    put_voltage(file, row->i_high, row->high_pu);
}

sv_status contingency_file_put(contingency_file *file, const contingency_row *row, sv_error *err)
{
    char text[CONTINGENCY_TEXT];
    FILE *out = file->stream;
    if (out == NULL)
        return SV_OK;
    int kind = kind_of(file);
    fprintf(out, "%lld,", (long long)row->number);
    table_put_text(out, contingency_text(row, text));
    fprintf(out, ",%s", contingency_outcome(file->work, row));
    if (kind != KIND_PAIRS)
        fprintf(out, ",%d", row->whole ? 1 : 0);
    if (kind == KIND_AC) {
        fprintf(out, ",%d", (int)row->n_iteration);
        table_put_real(out, row->mismatch_pu);
    }
    table_put_real(out, row->lost_mw);
    if (file->people)
        table_put_real(out, row->people);
    put_count(out, !isnan(row->lost_mw), row->n_cut_off);
    put_count(out, row->solved, row->n_overload);
    put_count(out, row->i_branch >= 0, row->i_branch + 1);
    table_put_real(out, row->loading_percent);
    if (kind == KIND_AC)
        put_voltages(file, row);
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
