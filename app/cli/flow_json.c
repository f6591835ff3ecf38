/* A power flow as one JSON object: the same facts as the text, all of them, without rounding. */
#include "flow.h"
#include "json.h"

#include <math.h>

static json_t *id_of(const flow_work *work, int32_t i_bus)
{
    return i_bus >= 0 ? flow_json_text(work->grid->bus[i_bus].id) : json_null();
}

static json_t *island_of(const flow_work *work, const flow_look *look, int32_t k)
{
    const sv_ac_island *island = &work->island[k];
    bool known = island->outcome == SV_AC_CONVERGED;
    json_t *object =
        json_pack("{s:o, s:i, s:s, s:o, s:o}", "first_bus", id_of(work, island->first_bus), "buses", (int)island->n_bus,
                  "outcome", work->opt->dc ? "solved" : sv_ac_outcome_name[island->outcome], "load_mw",
                  flow_json_finite(look->island_load_mw[k]), "slack_bus", id_of(work, island->i_slack));
    if (object == NULL)
        return NULL;
    json_object_set_new(object, "reference_buses", json_integer(island->n_slack));
    json_object_set_new(object, "slack_mw", flow_json_finite(known ? island->slack_mw : NAN));
    json_object_set_new(object, "short_mw", flow_json_finite(known ? island->short_mw : NAN));
    if (work->opt->dc)
        return object;
    json_object_set_new(object, "slack_mvar", flow_json_finite(known ? island->slack_mvar : NAN));
    json_object_set_new(object, "loss_mw", flow_json_finite(known ? island->loss_mw : NAN));
    json_object_set_new(object, "loss_mvar", flow_json_finite(known ? island->loss_mvar : NAN));
    json_object_set_new(object, "iterations", json_integer(island->n_iteration));
    json_object_set_new(object, "worst_bus", id_of(work, island->i_worst));
    json_object_set_new(object, "mismatch_pu", flow_json_finite(island->i_worst >= 0 ? island->mismatch_pu : NAN));
    json_object_set_new(object, "buses_at_q_limit", json_integer(island->n_q_limited));
    return object;
}

static json_t *islands_of(const flow_work *work, const flow_look *look)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < work->islands->n_island; k++)
        json_array_append_new(list, island_of(work, look, k));
    return list;
}

static json_t *voltage_at(const flow_work *work, int32_t i)
{
    return i < 0 ? json_null()
                 : json_pack("{s:o, s:o}", "bus", id_of(work, i), "vm_pu", flow_json_finite(work->vm_pu[i]));
}

static json_t *voltages_of(const flow_work *work, const flow_look *look)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < look->out_of_band.n; k++) {
        int32_t i = look->out_of_band.item[k].i;
        const sv_bus *bus = &work->grid->bus[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o}", "bus", id_of(work, i), "vm_pu", flow_json_finite(work->vm_pu[i]),
                            "v_min_pu", flow_json_finite(bus->v_min_pu), "v_max_pu", flow_json_finite(bus->v_max_pu)));
    }
    return json_pack("{s:o, s:o, s:o}", "lowest", voltage_at(work, look->i_low), "highest",
                     voltage_at(work, look->i_high), "out_of_band", list);
}

static json_t *branch_of(const flow_work *work, int32_t l)
{
    const sv_branch *row = &work->grid->branch[l];
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "row", (int)l + 1, "branch", flow_json_text(row->id), "from_bus",
                     id_of(work, row->i_from), "to_bus", id_of(work, row->i_to), "rate_a_mva",
                     flow_json_finite(row->rate_a_mva), "loading_percent", flow_json_finite(work->loading[l]));
}

static json_t *overloads_of(const flow_work *work, const flow_look *look)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < look->overload.n; k++)
        json_array_append_new(list, branch_of(work, look->overload.item[k].i));
    return list;
}

static json_t *reactive_of(const flow_work *work, const flow_look *look, const flow_list *items)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < items->n; k++) {
        int32_t i = items->item[k].i;
        const flow_reactive *sum = &look->reactive[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:o}", "bus", id_of(work, i), "q_mvar", flow_json_finite(sum->mvar),
                            "q_min_mvar", flow_json_finite(sum->min_mvar), "q_max_mvar",
                            flow_json_finite(sum->max_mvar), "vm_pu", flow_json_finite(work->vm_pu[i])));
    }
    return list;
}

static json_t *warnings_of(const flow_look *look)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < look->n_warning; k++) {
        const flow_warning *w = &look->warning[k];
        json_t *examples = json_array();
        for (int32_t i = 0; i < w->count && i < FLOW_EXAMPLES; i++)
            json_array_append_new(examples, flow_json_text(w->example[i]));
        json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:o}", "key", w->key, "text", w->text, "count",
                                              (int)w->count, "examples", examples));
    }
    return list;
}

static void add_ac(json_t *root, const flow_work *work, const flow_look *look)
{
    const sv_ac_settings *settings = &work->opt->settings;
    json_object_set_new(root, "settings",
                        json_pack("{s:f, s:i, s:b, s:b, s:b}", "tolerance_pu", settings->tolerance_pu, "iterations",
                                  (int)settings->most_iterations, "flat_start", (int)settings->flat_start, "q_limits",
                                  (int)settings->q_limits, "distributed_slack", (int)settings->distributed_slack));
    json_object_set_new(root, "loss_mw", flow_json_finite(look->loss_mw));
    json_object_set_new(root, "loss_mvar", flow_json_finite(look->loss_mvar));
    json_object_set_new(root, "voltages", voltages_of(work, look));
    json_object_set_new(root, "reactive_at_limit", reactive_of(work, look, &look->at_limit));
    json_object_set_new(root, "reactive_beyond_limit", reactive_of(work, look, &look->beyond_limit));
}

/* Islands that the sums are of: in DC those that nobody feeds have an answer too. */
static int32_t count_summed(const flow_work *work, const flow_look *look)
{
    int32_t n = 0;
    for (int32_t k = 0; k < work->islands->n_island; k++)
        n += work->island[k].outcome == SV_AC_CONVERGED && look->has_unit[k];
    return n;
}

json_t *flow_json(const flow_work *work, const flow_look *look)
{
    json_t *root =
        json_pack("{s:s, s:o, s:s, s:b, s:i, s:o, s:o, s:o}", "version", SV_VERSION, "grid",
                  flow_json_text(work->opt->grid_path), "method", work->opt->dc ? "dc" : "ac", "converged",
                  (int)flow_converged(look), "buses", (int)work->grid->n_bus, "islands", islands_of(work, look),
                  "generation_mw", flow_json_finite(look->generation_mw), "load_mw", flow_json_finite(look->load_mw));
    if (root == NULL)
        return NULL;
    json_object_set_new(root, "islands_solved", json_integer(count_summed(work, look)));
    json_object_set_new(root, "drawn_by_units_mw", flow_json_finite(look->drawn_mw));
    json_object_set_new(root, "shunt_mw", flow_json_finite(look->shunt_mw));
    json_object_set_new(root, "dc_line_loss_mw", flow_json_finite(look->dc_loss_mw));
    json_object_set_new(root, "dc_lines_alone_mw", flow_json_finite(look->dc_alone_mw));
    json_object_set_new(root, "dark_people",
                        sv_grid_people(work->grid) > 0.0 ? json_real(look->dark_people) : json_null());
    json_object_set_new(root, "dark_mw", flow_json_finite(look->dark_mw));
    json_object_set_new(root, "scale", json_real(work->opt->scaled ? work->opt->scale : 1.0));
    if (!work->opt->dc)
        add_ac(root, work, look);
    json_object_set_new(root, "most_loaded", look->i_loaded < 0 ? json_null() : branch_of(work, look->i_loaded));
    json_object_set_new(root, "overloads", overloads_of(work, look));
    json_object_set_new(root, "warnings", warnings_of(look));
    json_object_set_new(root, "seconds", json_real(work->seconds));
    return root;
}

static json_t *gens_of(const flow_work *work)
{
    const sv_grid *grid = work->grid;
    json_t *list = json_array();
    for (int32_t g = 0; g < grid->n_gen; g++) {
        const char *limit = flow_q_limit(work, g);
        json_array_append_new(list, json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "row", (int)g + 1, "gen",
                                              flow_json_text(grid->gen[g].id), "bus", id_of(work, grid->gen[g].i_bus),
                                              "p_mw", flow_json_finite(work->gen_mw[g]), "q_mvar",
                                              flow_json_finite(work->gen_mvar[g]), "q_limit",
                                              limit[0] != '\0' ? json_string(limit) : json_null()));
    }
    return list;
}

int flow_print_json(const flow_work *work, const flow_look *look)
{
    json_t *root = flow_json(work, look);
    if (root != NULL)
        json_object_set_new(root, "generators", gens_of(work));
    return flow_json_print(root);
}
