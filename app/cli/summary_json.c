/* The result of a run as one JSON object. Keys are the names of the metrics; what is not known is null, never NaN.
 * Apart from seconds and peak_memory_mb it is the same bytes for any number of threads. */
#include "check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

json_t *sv_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *summary_json(const sv_summary *s)
{
    json_t *object = json_object();
    json_object_set_new(object, "mean", sv_json_number(s->mean));
    json_object_set_new(object, "se", sv_json_number(s->se));
    json_object_set_new(object, "min", sv_json_number(s->min));
    json_object_set_new(object, "max", sv_json_number(s->max));
    json_object_set_new(object, "p5", sv_json_number(s->p5));
    json_object_set_new(object, "p50", sv_json_number(s->p50));
    json_object_set_new(object, "p95", sv_json_number(s->p95));
    json_object_set_new(object, "cvar95", sv_json_number(s->cvar95));
    return object;
}

static json_t *text(const char *value)
{
    return value == NULL ? json_null() : json_string(value);
}

json_t *sv_json_date(int64_t t_h)
{
    sv_date date = sv_date_from_hour(t_h);
    return json_sprintf("%04d-%02d-%02d %02d:00", (int)date.year, (int)date.month, (int)date.day, (int)date.hour);
}

static json_t *grid_json(const sv_report *report)
{
    const sv_grid *grid = report->grid;
    json_t *object = json_object();
    json_object_set_new(object, "name", text(grid->name));
    json_object_set_new(object, "fingerprint", json_sprintf("%016llx", (unsigned long long)grid->fingerprint));
    json_object_set_new(object, "buses", json_integer(grid->n_bus));
    json_object_set_new(object, "branches", json_integer(grid->n_branch));
    json_object_set_new(object, "regions", json_integer(grid->n_region));
    json_object_set_new(object, "sites", json_integer(grid->n_site));
    json_object_set_new(object, "people", sv_json_number(sv_report_people(report)));
    json_object_set_new(object, "demand_mw", sv_json_number(sv_grid_demand_mw(grid)));
    json_object_set_new(object, "capacity_mw", sv_json_number(sv_grid_capacity_mw(grid)));
    return object;
}

static json_t *regions_json(const sv_report *report)
{
    const sv_grid *grid = report->grid;
    json_t *list = json_array();
    for (int32_t i = 0; i < grid->n_region; i++) {
        double people = 0.0;
        for (int32_t k = 0; k < grid->n_load; k++)
            if (grid->bus[grid->load[k].i_bus].i_region == i)
                people += sv_report_people_of(report, k);
        json_t *object = json_object();
        json_object_set_new(object, "id", text(grid->region[i].id));
        json_object_set_new(object, "name", text(grid->region[i].name));
        json_object_set_new(object, "zone", text(sv_zone_name[grid->region[i].zone]));
        json_object_set_new(object, "people", sv_json_number(people));
        for (int m = 0; m < SV_N_SPLIT_METRIC; m++) {
            sv_summary s;
            sv_study_region_summary(report->study, i, (sv_metric)m, &s);
            json_object_set_new(object, sv_metric_name[m], summary_json(&s));
        }
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *classes_json(const sv_report *report)
{
    json_t *object = json_object();
    for (int i = 0; i < SV_N_CLASS; i++) {
        json_t *class_ = json_object();
        for (int m = 0; m < SV_N_SPLIT_METRIC; m++) {
            sv_summary s;
            sv_study_class_summary(report->study, (sv_class)i, (sv_metric)m, &s);
            json_object_set_new(class_, sv_metric_name[m], summary_json(&s));
        }
        json_object_set_new(object, sv_class_name[i], class_);
    }
    return object;
}

static void add_setting(void *context, const char *key, const char *value)
{
    json_object_set_new(context, key, text(value));
}

json_t *sv_report_object(const sv_report *report)
{
    const sv_study_info *info = &report->info;
    const sv_scenario *scenario = report->scenario;
    sv_summary relaxed;
    sv_study_summary(report->study, SV_M_RELAXED_MWH, &relaxed);
    json_t *root = json_object(), *settings = json_object();
    sv_scenario_settings(scenario, add_setting, settings);
    json_object_set_new(root, "version", json_string(SV_VERSION));
    json_object_set_new(root, "scenario", text(scenario->name));
    json_object_set_new(root, "grid", grid_json(report));
    json_object_set_new(root, "start", sv_json_date(scenario->season.t0_h));
    json_object_set_new(root, "hours", json_integer(info->n_h));
    json_object_set_new(root, "seed", json_integer((json_int_t)scenario->study.seed));
    json_object_set_new(root, "seasons", json_integer(info->n_season));
    json_object_set_new(root, "seasons_failed", json_integer(info->n_failed));
    json_object_set_new(root, "stopped", json_boolean(info->stopped));
    json_object_set_new(root, "converged", json_boolean(info->converged));
    json_object_set_new(root, "relaxed", json_boolean(relaxed.mean > 0.0));
    for (int m = 0; m < SV_N_METRIC; m++) {
        sv_summary s;
        sv_study_summary(report->study, (sv_metric)m, &s);
        json_object_set_new(root, sv_metric_name[m], summary_json(&s));
    }
    json_object_set_new(root, "classes", classes_json(report));
    json_object_set_new(root, "regions", regions_json(report));
    if (report->ac_asked != NULL)
        json_object_set_new(root, "ac_check", report->ac != NULL ? check_json(report) : json_null());
    json_object_set_new(root, "settings", settings);
    json_object_set_new(root, "out", text(report->out_path));
    json_object_set_new(root, "seconds", sv_json_number(info->seconds));
    json_object_set_new(root, "peak_memory_mb", sv_json_number(report->peak_memory_mb));
    return root;
}

sv_status sv_json_print(json_t *object, sv_error *err)
{
    char *dump = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (dump == NULL)
        return sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory while writing JSON");
    puts(dump);
    free(dump);
    return SV_OK;
}

sv_status sv_report_json(const sv_report *report, sv_error *err)
{
    return sv_json_print(sv_report_object(report), err);
}
