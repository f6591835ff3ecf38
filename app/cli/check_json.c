/* The AC check as JSON: both groups, then every hour. Same bytes for any number of threads. */
#include "check.h"

static const char *const kind_name[] = {"worst", "random"};

static json_t *group_json(const sv_study_ac *ac, bool random)
{
    const check_group group = check_count(ac, random);
    json_t *object = json_object();
    double n_shed = group.n_of[SV_AC_SHED], low, high;
    json_object_set_new(object, "hours", json_integer(group.n));
    for (int k = 0; k < SV_N_AC_VERDICT; k++)
        json_object_set_new(object, sv_ac_verdict_name[k], json_integer(group.n_of[k]));
    if (random) {
        sv_share95(group.n_of[SV_AC_CONFIRMED], group.n, &low, &high);
        json_object_set_new(object, "confirmed_share", sv_json_number((double)group.n_of[SV_AC_CONFIRMED] / group.n));
        json_object_set_new(object, "confirmed_share_low95", sv_json_number(low));
        json_object_set_new(object, "confirmed_share_high95", sv_json_number(high));
    }
    json_object_set_new(object, "more_people_mean", sv_json_number(group.more_people / n_shed));
    json_object_set_new(object, "more_people_max", sv_json_number(group.most_people));
    json_object_set_new(object, "more_shed_mw_mean", sv_json_number(group.more_shed_mw / n_shed));
    json_object_set_new(object, "more_shed_mw_max", sv_json_number(group.most_shed_mw));
    json_object_set_new(object, "more_shed_share_of_served", sv_json_number(group.more_shed_mw / group.served_mw));
    json_object_set_new(object, "short_mw_mean", sv_json_number(group.short_mw / n_shed));
    json_object_set_new(object, "dark_mw_mean", sv_json_number(group.dark_mw / n_shed));
    json_object_set_new(object, "broken_more_shed_mw_mean",
                        sv_json_number(group.broken_shed_mw / group.n_of[SV_AC_BROKEN]));
    json_object_set_new(object, "broken_high_voltage", json_integer(group.n_high));
    json_object_set_new(object, "broken_low_voltage", json_integer(group.n_low));
    json_object_set_new(object, "broken_overload", json_integer(group.n_over));
    return object;
}

static json_t *look_json(const sv_ac_look *look)
{
    json_t *object = json_object();
    json_object_set_new(object, "buses_low", json_integer(look->n_low));
    json_object_set_new(object, "buses_high", json_integer(look->n_high));
    json_object_set_new(object, "branches_over", json_integer(look->n_over));
    json_object_set_new(object, "low_pu", sv_json_number(look->low_pu));
    json_object_set_new(object, "high_pu", sv_json_number(look->high_pu));
    json_object_set_new(object, "loading_percent", sv_json_number(look->loading_percent));
    json_object_set_new(object, "loss_mw", sv_json_number(look->loss_mw));
    return object;
}

static json_t *hour_json(const sv_report *report, const sv_study_ac_hour *hour)
{
    const sv_ac_hour *ac = &hour->ac;
    json_t *object = json_object(), *class_ = json_object();
    json_object_set_new(object, "kind", json_string(kind_name[hour->random]));
    json_object_set_new(object, "season", json_integer(hour->of.i_season));
    json_object_set_new(object, "hour", json_integer(hour->of.t_h));
    json_object_set_new(object, "time", sv_json_date(report->scenario->season.t0_h + hour->of.t_h));
    json_object_set_new(object, "people", sv_json_number(hour->of.people));
    json_object_set_new(object, "shed_mw", sv_json_number(hour->of.shed_mw));
    json_object_set_new(object, "served_mw", sv_json_number(hour->served_mw));
    json_object_set_new(object, "verdict", json_string(sv_ac_verdict_name[ac->verdict]));
    json_object_set_new(object, "solved", json_boolean(ac->solved));
    json_object_set_new(object, "before", look_json(&ac->before));
    json_object_set_new(object, "after", look_json(&ac->after));
    json_object_set_new(object, "dark_mw", sv_json_number(ac->dark_mw));
    json_object_set_new(object, "short_mw", sv_json_number(ac->short_mw));
    json_object_set_new(object, "slack_beyond_mvar", sv_json_number(ac->slack_beyond_mvar));
    json_object_set_new(object, "moved_mw", sv_json_number(ac->moved_mw));
    json_object_set_new(object, "more_shed_mw", sv_json_number(ac->shed_mw));
    for (int c = 0; c < SV_N_CLASS; c++)
        json_object_set_new(class_, sv_class_name[c], sv_json_number(ac->shed_class_mw[c]));
    json_object_set_new(object, "more_shed_class_mw", class_);
    json_object_set_new(object, "more_people", sv_json_number(hour->more_people));
    json_object_set_new(object, "power_flows", json_integer(ac->n_solve));
    return object;
}

json_t *check_json(const sv_report *report)
{
    const sv_study_ac *ac = report->ac;
    json_t *object = json_object(), *list = json_array();
    json_object_set_new(object, "worst", group_json(ac, false));
    json_object_set_new(object, "random", group_json(ac, true));
    for (int32_t i = 0; i < ac->n_worst + ac->n_random; i++)
        json_array_append_new(list, hour_json(report, &ac->hour[i]));
    json_object_set_new(object, "hours", list);
    return object;
}
