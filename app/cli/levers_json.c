/* A comparison as one JSON object: the base with the keys of `run`, then each lever with every index and its difference. */
#include "levers.h"
#include "number.h"

#include <math.h>
#include <string.h>

static json_t *paired_json(const sv_paired *paired)
{
    json_t *object = json_object();
    json_object_set_new(object, "n", json_integer(paired->n));
    json_object_set_new(object, "mean", sv_json_number(paired->mean));
    json_object_set_new(object, "se", sv_json_number(paired->se));
    json_object_set_new(object, "low", sv_json_number(paired->mean - sv_half95(paired->n) * paired->se));
    json_object_set_new(object, "high", sv_json_number(paired->mean + sv_half95(paired->n) * paired->se));
    json_object_set_new(object, "share", sv_json_number(paired->share));
    json_object_set_new(object, "share_se", sv_json_number(paired->share_se));
    return object;
}

static json_t *metric_json(const sv_study *study, int32_t i_lever, sv_metric metric)
{
    sv_summary summary;
    sv_paired difference, contrast;
    sv_study_lever_summary(study, i_lever, metric, &summary, &difference, &contrast);
    json_t *object = json_object();
    json_object_set_new(object, "mean", sv_json_number(summary.mean));
    json_object_set_new(object, "se", sv_json_number(summary.se));
    json_object_set_new(object, "p50", sv_json_number(summary.p50));
    json_object_set_new(object, "p95", sv_json_number(summary.p95));
    json_object_set_new(object, "difference", paired_json(&difference));
    if (contrast.n > 0)
        json_object_set_new(object, "contrast", paired_json(&contrast));
    return object;
}

static json_t *regions_json(const sv_report *report, int32_t i_lever)
{
    json_t *list = json_array();
    for (int32_t r = 0; r < report->grid->n_region; r++) {
        json_t *object = json_object();
        json_object_set_new(object, "id", json_string(report->grid->region[r].id));
        for (int m = 0; m < SV_N_SPLIT_METRIC; m++) {
            sv_paired difference;
            sv_study_lever_region(report->study, i_lever, r, (sv_metric)m, &difference);
            json_object_set_new(object, sv_metric_name[m], paired_json(&difference));
        }
        json_array_append_new(list, object);
    }
    return list;
}

static void add_setting(void *context, const char *key, const char *value)
{
    json_object_set_new(context, key, json_string(value));
}

/* Settings that differ from the base, but for the name. */
static json_t *changes_json(const sv_report *report, const sv_lever *lever)
{
    json_t *base = json_object(), *ours = json_object(), *object = json_object(), *value;
    const char *key;
    sv_scenario_settings(report->scenario, add_setting, base);
    sv_scenario_settings(lever->scenario, add_setting, ours);
    json_object_foreach(ours, key, value) if (!json_equal(value, json_object_get(base, key)) &&
                                              strcmp(key, "name") != 0) json_object_set(object, key, value);
    json_decref(base);
    json_decref(ours);
    return object;
}

static json_t *price_json(const sv_report *report, int32_t i_lever, sv_metric metric)
{
    double eur = sv_scenario_cost_eur(report->lever[i_lever].scenario);
    sv_paired saved;
    sv_study_lever_summary(report->study, i_lever, metric, NULL, &saved, NULL);
    return sv_json_number(sv_verdict_of(&saved) == SV_SAVES ? eur / -saved.mean : (double)NAN);
}

static json_t *sweep_json(const sv_lever *lever)
{
    if (lever->sweep == NULL)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "key", json_string(lever->sweep->key));
    json_object_set_new(object, "value", json_string(lever->sweep->value[lever->i_sweep]));
    json_object_set_new(object, "x", sv_json_number(lever->sweep->x[lever->i_sweep]));
    json_object_set_new(object, "unit", json_string(lever->sweep->unit));
    return object;
}

static const char *verdict_of(const sv_report *report, int32_t i_lever, char text[96])
{
    sv_paired hours, mwh;
    const char *noun = sv_season_noun(report->scenario->season.t0_h, report->scenario->season.n_h);
    sv_summary base;
    sv_study_summary(report->study, SV_M_PEOPLE_HOURS, &base);
    sv_study_lever_summary(report->study, i_lever, SV_M_PEOPLE_HOURS, NULL, &hours, NULL);
    sv_study_lever_summary(report->study, i_lever, SV_M_EENS_MWH, NULL, &mwh, NULL);
    return sv_verdict_text(base.mean > 0.0 ? &hours : &mwh, noun, text);
}

static json_t *lever_json(const sv_report *report, int32_t i_lever)
{
    const sv_lever *lever = &report->lever[i_lever];
    json_t *object = json_object(), *parts = json_array();
    char text[96];
    double same, reused;
    sv_study_lever_shared(report->study, i_lever, &same, &reused);
    for (int32_t k = 0; k < lever->n_part; k++)
        json_array_append_new(parts, json_integer(lever->part[k]));
    json_object_set_new(object, "name", json_string(lever->scenario->name));
    json_object_set_new(object, "path", lever->path != NULL ? json_string(lever->path) : json_null());
    json_object_set_new(object, "verdict", json_string(verdict_of(report, i_lever, text)));
    json_object_set_new(object, "cost_eur", sv_json_number(sv_scenario_cost_eur(lever->scenario)));
    json_object_set_new(object, "cost_eur_per_mwh_saved", price_json(report, i_lever, SV_M_EENS_MWH));
    json_object_set_new(object, "cost_eur_per_person_hour_saved", price_json(report, i_lever, SV_M_PEOPLE_HOURS));
    json_object_set_new(object, "parts", parts);
    json_object_set_new(object, "sweep", sweep_json(lever));
    json_object_set_new(object, "same_share", sv_json_number(same));
    json_object_set_new(object, "reused_share", sv_json_number(reused));
    for (int m = 0; m < SV_N_METRIC; m++)
        json_object_set_new(object, sv_metric_name[m], metric_json(report->study, i_lever, (sv_metric)m));
    json_object_set_new(object, "regions", regions_json(report, i_lever));
    json_object_set_new(object, "settings", changes_json(report, lever));
    return object;
}

sv_status sv_levers_json(const sv_report *report, sv_error *err)
{
    json_t *root = json_object(), *levers = json_array();
    json_object_set_new(root, "base", sv_report_object(report));
    for (int32_t k = 0; k < report->n_lever; k++)
        json_array_append_new(levers, lever_json(report, k));
    json_object_set_new(root, "levers", levers);
    return sv_json_print(root, err);
}
