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

static void add_ac(json_t *object, const contingency_look *look, const contingency_row *row)
{
    json_object_set_new(object, "iterations", json_integer(row->n_iteration));
    json_object_set_new(object, "mismatch_pu", flow_json_finite(row->mismatch_pu));
    json_object_set_new(object, "mismatch_bus",
                        row->i_worst >= 0 ? flow_json_text(look->work->grid->bus[row->i_worst].id) : json_null());
    json_object_set_new(object, "buses_low", count_of(row->solved, row->n_low));
    json_object_set_new(object, "buses_high", count_of(row->solved, row->n_high));
    json_object_set_new(object, "lowest", bus_of(look, row->i_low, row->low_pu));
    json_object_set_new(object, "highest", bus_of(look, row->i_high, row->high_pu));
}

static json_t *row_of(const contingency_look *look, const contingency_row *row)
{
    char text[CONTINGENCY_TEXT];
    json_t *object = json_pack("{s:I, s:s, s:s}", "contingency", (json_int_t)row->number, "elements",
                               contingency_text(row, text), "outcome", contingency_outcome(look->work, row));
    if (object == NULL)
        return NULL;
    if (!look->screened)
        json_object_set_new(object, "whole", json_boolean(row->whole));
    if (look->people > 0.0)
        json_object_set_new(object, "people", flow_json_finite(row->people));
    json_object_set_new(object, "lost_mw", flow_json_finite(row->lost_mw));
    json_object_set_new(object, "cut_off_buses", count_of(!isnan(row->lost_mw), row->n_cut_off));
    json_object_set_new(object, look->screened ? "new_overloads" : "overloads", count_of(row->solved, row->n_overload));
    json_object_set_new(object, "most_loaded", branch_of(look, row));
    if (!look->work->opt->dc)
        add_ac(object, look, row);
    return object;
}

static json_t *rows_of(const contingency_look *look, const contingency_few *few)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < few->n; k++)
        json_array_append_new(list, row_of(look, &few->row[k]));
    return list;
}

typedef struct {
    const char *key;
    int64_t n;
} count;

static json_t *object_of(size_t n, const count *counts)
{
    json_t *object = json_object();
    for (size_t k = 0; k < n; k++)
        json_object_set_new(object, counts[k].key, json_integer(counts[k].n));
    return object;
}

static void add_counts(json_t *object, size_t n, const count *counts)
{
    json_t *more = object_of(n, counts);
    json_object_update(object, more);
    json_decref(more);
}

static json_t *counts_of(const contingency_look *look, const contingency_list *list)
{
    const count all[] = {{"contingencies", look->n},
                         {"without_new_trouble", look->n_clear},
                         {"overload", look->n_overload},
                         {"overload_new", look->n_overload_new},
                         {"cut_off", look->n_cut_off},
                         {"cut_off_nobody", look->n_empty},
                         {"no_answer", look->n_no_answer},
                         {"no_source", look->n_outcome[SV_AC_NO_SOURCE]},
                         {"singular", look->n_outcome[SV_AC_SINGULAR]},
                         {"whole", look->n_whole},
                         {"out_already", list->n_idle}};
    const count ac[] = {{"out_of_band", look->n_voltage},
                        {"out_of_band_new", look->n_voltage_new},
                        {"converged", look->n_outcome[SV_AC_CONVERGED]},
                        {"diverged", look->n_outcome[SV_AC_DIVERGED]}};
    const count dc[] = {{"solved", look->n_outcome[SV_AC_CONVERGED]}};
    json_t *object = object_of(sizeof all / sizeof all[0], all);
    if (look->work->opt->dc)
        add_counts(object, sizeof dc / sizeof dc[0], dc);
    else
        add_counts(object, sizeof ac / sizeof ac[0], ac);
    return object;
}

/* Of pairs only what neither branch does alone is known one by one. */
static json_t *pair_counts_of(const contingency_look *look, const contingency_list *list)
{
    const contingency_alone *alone = &look->alone;
    const count all[] = {{"contingencies", look->n},
                         {"without_new_trouble", look->n_clear},
                         {"overload_new", look->n_overload_new},
                         {"cut_off_new", look->n_cut_off},
                         {"no_answer", look->n_no_answer},
                         {"out_already", list->n_idle}};
    const count one[] = {{"branches", alone->n},
                         {"overload_new", alone->n_overload},
                         {"cut_off", alone->n_lost},
                         {"no_answer", alone->n_no_answer}};
    json_t *object = object_of(sizeof all / sizeof all[0], all);
    json_object_set_new(object, "alone", object_of(sizeof one / sizeof one[0], one));
    return object;
}

int contingency_print_json(const contingency_look *look, const contingency_list *list, double seconds)
{
    const flow_work *work = look->work;
    json_t *counts = look->screened ? pair_counts_of(look, list) : counts_of(look, list);
    json_object_set_new(counts, "most_lost_mw", flow_json_finite(look->most_lost_mw));
    if (look->people > 0.0)
        json_object_set_new(counts, "most_people", flow_json_finite(look->most_people));
    json_t *root = json_pack("{s:s, s:o, s:s, s:i, s:o, s:o}", "version", SV_VERSION, "grid",
                             flow_json_text(work->opt->grid_path), "method", work->opt->dc ? "dc" : "ac", "k",
                             (int)list->n_out, "base", flow_json(work, look->base_look), "counts", counts);
    if (root != NULL) {
        json_object_set_new(root, look->sets ? "first_overload" : "highest_loading", rows_of(look, &look->loading));
        if (!work->opt->dc)
            json_object_set_new(root, look->sets ? "first_out_of_band" : "worst_voltage",
                                rows_of(look, &look->voltage));
        json_object_set_new(root, "first_cut_off", rows_of(look, &look->cut_off));
        json_object_set_new(root, "first_without_answer", rows_of(look, &look->no_answer));
        json_object_set_new(root, "seconds", json_real(seconds));
    }
    return flow_json_print(root);
}
