/* Settings of the waves: names, defaults and the check at the door. Every figure of the defaults is explained in
 * docs/model/hazard.md. Linear in the settings; called once a workspace. */
#include "private.h"

#include <math.h>

const char *const sv_damage_name[SV_N_DAMAGE] = {"none", "slight", "moderate", "extensive", "complete"};

sv_wave_settings sv_wave_defaults(void)
{
    sv_wave_settings s = {
        .rate_per_week = 0.0,
        .trend_per_month = 0.0,
        .size_median = 220.0,
        .size_spread = 0.6,
        .reach = 0.2,
        .strike_share = {[SV_SITE_SUBSTATION] = 0.6, [SV_SITE_THERMAL] = 0.3, [SV_SITE_HYDRO] = 0.1},
        .exposure = {[SV_ZONE_REAR] = 1.0, [SV_ZONE_FRONT] = 1.0},
        .revisit = 0.5,
        .revisit_days = 28.0,
        .cover = {[SV_ZONE_REAR] = 0.8, [SV_ZONE_FRONT] = 0.6},
        .cover_layers = {[SV_ZONE_REAR] = 1, [SV_ZONE_FRONT] = 1},
        .saturates_at = 20.0,
        .shelter_pass = {1.0, 0.55, 0.35, 0.1},
        .units_hit = 0.5,
        .ceasefire_h = INT64_MAX,
    };
    static const double reached[SV_N_DAMAGE] = {0.0, 0.35, 0.30, 0.20, 0.15};
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++)
        for (int32_t d = 0; d < SV_N_DAMAGE; d++)
            s.damage[c][d] = reached[d];
    return s;
}

/* One sentence for a number outside [low, high]; NaN never lies inside. `of` names the row of a table, "" = none. */
static sv_status check_range(double value, double low, double high, const char *what, const char *of, sv_error *err)
{
    if (value >= low && value <= high)
        return SV_OK;
    return sv_error_set(err, SV_EUSAGE, NULL, 0, "waves: %s%s%s is %g, accepted is %g to %g", what,
                        of[0] == '\0' ? "" : " of ", of, value, low, high);
}

static sv_status check_numbers(const sv_wave_settings *s, sv_error *err)
{
    const struct {
        double value, low, high;
        const char *what;
    } row[] = {
        {s->rate_per_week, 0.0, 10000.0, "rate (waves a week)"},
        {s->trend_per_month, -0.99, 10.0, "trend (growth a month)"},
        {s->size_median, 1.0, 1e6, "size, median (objects)"},
        {s->size_spread, 0.0, 5.0, "size, spread"},
        {s->reach, 0.0, 1.0, "reach (share)"},
        {s->revisit, 0.0, 1.0, "revisit (probability)"},
        {s->revisit_days, 0.0, 36500.0, "revisit (days)"},
        {s->saturates_at, 0.0, 1e6, "cover saturates at (objects)"},
        {s->units_hit, 0.0, 1e6, "further units hit (mean)"},
    };
    sv_status status = SV_OK;
    for (size_t i = 0; i < sizeof row / sizeof row[0] && status == SV_OK; i++)
        status = check_range(row[i].value, row[i].low, row[i].high, row[i].what, "", err);
    for (int32_t c = 0; c < SV_N_SITE_CLASS && status == SV_OK; c++)
        status = check_range(s->strike_share[c], 0.0, 1e9, "strike share", sv_site_class_name[c], err);
    for (int32_t z = 0; z < SV_N_ZONE && status == SV_OK; z++) {
        status = check_range(s->exposure[z], 0.0, 1e9, "exposure", sv_zone_name[z], err);
        if (status == SV_OK)
            status = check_range(s->cover[z], 0.0, 1.0, "cover (probability)", sv_zone_name[z], err);
        if (status == SV_OK)
            status = check_range(s->cover_layers[z], 0.0, MAX_LAYER, "cover, layers", sv_zone_name[z], err);
    }
    static const char *const level[SV_N_SHELTER] = {"level 0", "level 1", "level 2", "level 3"};
    for (int32_t l = 0; l < SV_N_SHELTER && status == SV_OK; l++)
        status = check_range(s->shelter_pass[l], 0.0, 1.0, "damage passed by a shelter (share)", level[l], err);
    return status;
}

static sv_status check_damage(const sv_wave_settings *s, sv_error *err)
{
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        double sum = 0.0;
        for (int32_t d = 0; d < SV_N_DAMAGE; d++) {
            sv_status status =
                check_range(s->damage[c][d], 0.0, 1.0, "damage (probability)", sv_unit_class_name[c], err);
            if (status != SV_OK)
                return status;
            sum += s->damage[c][d];
        }
        if (fabs(sum - 1.0) > 1e-6)
            return sv_error_set(err, SV_EUSAGE, NULL, 0,
                                "waves: damage of %s sums to %g over its states, accepted is 1", sv_unit_class_name[c],
                                sum);
    }
    return SV_OK;
}

static sv_status check_dates(const sv_wave_settings *s, sv_error *err)
{
    if (s->n_date < 0 || s->n_date > SV_MAX_WAVE_DATE)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "waves: %d dates, accepted is 0 to %d", s->n_date,
                            SV_MAX_WAVE_DATE);
    for (int32_t i = 0; i < s->n_date; i++)
        for (int32_t j = 0; j < i; j++)
            if (s->date_h[i] == s->date_h[j]) {
                sv_date at = sv_date_from_hour(s->date_h[i]);
                return sv_error_set(err, SV_EUSAGE, NULL, 0,
                                    "waves: %04d-%02d-%02d %02d:00 stands twice, accepted is one wave an hour", at.year,
                                    at.month, at.day, at.hour);
            }
    return SV_OK;
}

static sv_status check_peace(const sv_wave_settings *s, sv_error *err)
{
    if (s->n_peace < 0 || s->n_peace > SV_MAX_PEACE)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "peace: %d windows, accepted is 0 to %d", s->n_peace,
                            SV_MAX_PEACE);
    for (int32_t i = 0; i < s->n_peace; i++) {
        const sv_peace *p = &s->peace[i];
        if (p->from_h >= p->to_h)
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "peace: window %d ends before it begins", i + 1);
        if (!(p->kept >= 0.0 && p->kept <= 1.0))
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "peace: kept of window %d is %g, accepted is 0 to 1", i + 1,
                                p->kept);
        if (p->n_where < 0 || p->n_where > SV_MAX_NAME)
            return sv_error_set(err, SV_EUSAGE, NULL, 0, "peace: window %d names %d regions, accepted is 0 to %d",
                                i + 1, p->n_where, SV_MAX_NAME);
    }
    return SV_OK;
}

sv_status wave_settings_check(const sv_wave_settings *settings, sv_error *err)
{
    sv_status status = check_numbers(settings, err);
    if (status == SV_OK)
        status = check_damage(settings, err);
    if (status == SV_OK)
        status = check_dates(settings, err);
    if (status == SV_OK)
        status = check_peace(settings, err);
    return status;
}
