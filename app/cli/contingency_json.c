/* Many outages as one JSON object: the base case as `svitlo flow --json` has it, counts, and the rows that the text names. */
#include "contingency.h"
#include "json.h"

#include <math.h>

static json_t *bus_of(const contingency_look *look, int32_t i, double vm_pu)
{
    return i < 0 ? json_null()
                 : json_pack("{s:o, s:o}", "bus", flow_json_text(look->work->grid->bus[i].id), "vm_pu",
                             flow_json_finite(vm_pu));
}

static json_t *branch_of(const contingency_look *look, const contingency_row *row)
{
    const sv_grid *grid = look->work->grid;
    if (row->i_branch < 0)
        return json_null();
    const sv_branch *branch = &grid->branch[row->i_branch];
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "row", (int)row->i_branch + 1, "branch",
                     flow_json_text(branch->id), "from_bus", flow_json_text(grid->bus[branch->i_from].id), "to_bus",
                     flow_json_text(grid->bus[branch->i_to].id), "rate_a_mva", flow_json_finite(branch->rate_a_mva),
                     "loading_percent", flow_json_finite(row->loading_percent));
}

static json_t *count_of(bool known, int32_t n)
{
    return known ? json_integer(n) : json_null();
}

static json_t *row_of(const contingency_look *look, const contingency_row *row)
{
    char text[CONTINGENCY_TEXT];
    json_t *object = json_pack("{s:I, s:s, s:s, s:b, s:i}", "contingency", (json_int_t)row->number, "elements",
                               contingency_text(row, text), "outcome", sv_ac_outcome_name[row->outcome], "whole",
                               (int)row->whole, "iterations", (int)row->n_iteration);
    if (object == NULL)
        return NULL;
    json_object_set_new(object, "mismatch_pu", flow_json_finite(row->mismatch_pu));
    json_object_set_new(object, "mismatch_bus",
                        row->i_worst >= 0 ? flow_json_text(look->work->grid->bus[row->i_worst].id) : json_null());
    json_object_set_new(object, "lost_mw", flow_json_finite(row->lost_mw));
    if (look->people > 0.0)
        json_object_set_new(object, "people", flow_json_finite(row->people));
    json_object_set_new(object, "cut_off_buses", count_of(!isnan(row->lost_mw), row->n_cut_off));
    json_object_set_new(object, "overloads", count_of(row->solved, row->n_overload));
    json_object_set_new(object, "most_loaded", branch_of(look, row));
    json_object_set_new(object, "buses_low", count_of(row->solved, row->n_low));
    json_object_set_new(object, "buses_high", count_of(row->solved, row->n_high));
    json_object_set_new(object, "lowest", bus_of(look, row->i_low, row->low_pu));
    json_object_set_new(object, "highest", bus_of(look, row->i_high, row->high_pu));
    return object;
}

static json_t *rows_of(const contingency_look *look, const contingency_few *few)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < few->n; k++)
        json_array_append_new(list, row_of(look, &few->row[k]));
    return list;
}

static json_t *counts_of(const contingency_look *look, const contingency_list *list)
{
    const struct {
        const char *key;
        int64_t n;
    } counts[] = {{"contingencies", look->n},
                  {"without_new_trouble", look->n_clear},
                  {"overload", look->n_overload},
                  {"overload_new", look->n_overload_new},
                  {"out_of_band", look->n_voltage},
                  {"out_of_band_new", look->n_voltage_new},
                  {"cut_off", look->n_cut_off},
                  {"cut_off_nobody", look->n_empty},
                  {"no_answer", look->n_no_answer},
                  {"converged", look->n_outcome[SV_AC_CONVERGED]},
                  {"no_source", look->n_outcome[SV_AC_NO_SOURCE]},
                  {"diverged", look->n_outcome[SV_AC_DIVERGED]},
                  {"singular", look->n_outcome[SV_AC_SINGULAR]},
                  {"whole", look->n_whole},
                  {"out_already", list->n_idle}};
    json_t *object = json_object();
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
        json_object_set_new(object, counts[k].key, json_integer(counts[k].n));
    json_object_set_new(object, "most_lost_mw", flow_json_finite(look->most_lost_mw));
    if (look->people > 0.0)
        json_object_set_new(object, "most_people", flow_json_finite(look->most_people));
    return object;
}

int contingency_print_json(const contingency_look *look, const contingency_list *list, double seconds)
{
    json_t *root = json_pack("{s:s, s:o, s:s, s:i, s:o, s:o}", "version", SV_VERSION, "grid",
                             flow_json_text(look->work->opt->grid_path), "method", "ac", "k", (int)list->n_out, "base",
                             flow_json(look->work, look->base_look), "counts", counts_of(look, list));
    if (root != NULL) {
        json_object_set_new(root, "highest_loading", rows_of(look, &look->loading));
        json_object_set_new(root, "worst_voltage", rows_of(look, &look->voltage));
        json_object_set_new(root, "first_cut_off", rows_of(look, &look->cut_off));
        json_object_set_new(root, "first_without_answer", rows_of(look, &look->no_answer));
        json_object_set_new(root, "seconds", json_real(seconds));
    }
    return flow_json_print(root);
}
