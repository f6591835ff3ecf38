/* Settings of the repair: defaults and the check at the door. Every figure of the defaults is explained in
 * docs/model/repair.md. Linear in the settings; called once a workspace. */
#include "private.h"

#include <math.h>

/* Median work at full pace, h: with a shift of 12 h it takes twice as long by the clock. */
static const sv_repair_class default_class[SV_N_UNIT_CLASS] = {
    [SV_UNIT_SWITCHGEAR] = {{0.0, 2.0, 18.0, 60.0, 156.0}, 0.5, 1, SV_N_DAMAGE},
    [SV_UNIT_TRANSFORMER] = {{0.0, 2.0, 12.0, 24.0, 72.0}, 0.5, 1, SV_COMPLETE},
    [SV_UNIT_AUTOTRANSFORMER] = {{0.0, 3.0, 60.0, 252.0, 300.0}, 0.5, 2, SV_EXTENSIVE},
    [SV_UNIT_LINE] = {{0.0, 3.0, 8.0, 24.0, 100.0}, 1.95, 1, SV_N_DAMAGE},
    [SV_UNIT_DC_LINE] = {{0.0, 8.0, 80.0, 400.0, 2000.0}, 0.5, 2, SV_N_DAMAGE},
    [SV_UNIT_THERMAL] = {{0.0, 12.0, 240.0, 1500.0, 6500.0}, 0.6, 0, SV_N_DAMAGE},
    [SV_UNIT_NUCLEAR] = {{0.0, 36.0, 400.0, 3000.0, 8760.0}, 0.6, 0, SV_N_DAMAGE},
    [SV_UNIT_HYDRO] = {{0.0, 12.0, 300.0, 3000.0, 7670.0}, 0.6, 0, SV_N_DAMAGE},
    [SV_UNIT_RENEWABLE] = {{0.0, 6.0, 60.0, 250.0, 700.0}, 0.6, 1, SV_N_DAMAGE},
    [SV_UNIT_STORAGE] = {{0.0, 6.0, 60.0, 250.0, 1500.0}, 0.6, 1, SV_N_DAMAGE},
};

sv_repair_settings sv_repair_defaults(void)
{
    sv_repair_settings s = {
        .crews_per_region = 3,
        .crews_extra = 0,
        .shift_h = 12.0,
        .speed_km_per_h = 50.0,
        .detour = 1.3,
        .inspection_h = 2.0,
        .spares = {[SV_UNIT_TRANSFORMER] = 20, [SV_UNIT_AUTOTRANSFORMER] = 14},
        .delivery_weeks = {[SV_UNIT_TRANSFORMER] = 30.0, [SV_UNIT_AUTOTRANSFORMER] = 78.0},
        .delivery_spread = 0.3,
    };
    for (int32_t c = 0; c < SV_N_UNIT_CLASS; c++) {
        s.unit[c] = default_class[c];
        s.shipment_h[c] = INT64_MAX;
    }
    return s;
}

/* One sentence for a number outside [low, high]; NaN never lies inside. `of` names the class of unit, "" = none. */
static sv_status check_range(double value, double low, double high, const char *what, const char *of, sv_error *err)
{
    if (value >= low && value <= high)
        return SV_OK;
    return sv_error_set(err, SV_EUSAGE, NULL, 0, "repair: %s%s%s is %g, accepted is %g to %g", what,
                        of[0] == '\0' ? "" : " of ", of, value, low, high);
}

typedef struct {
    double value, low, high;
    const char *what;
} range_row;

static sv_status check_rows(const range_row *row, size_t n, const char *of, sv_error *err)
{
    sv_status status = SV_OK;
    for (size_t i = 0; i < n && status == SV_OK; i++)
        status = check_range(row[i].value, row[i].low, row[i].high, row[i].what, of, err);
    return status;
}

static sv_status check_class(const sv_repair_settings *s, int32_t c, sv_error *err)
{
    const sv_repair_class *unit = &s->unit[c];
    const range_row row[] = {
        {unit->work_h[SV_SLIGHT], 0.0, 1e6, "work, slight (h)"},
        {unit->work_h[SV_MODERATE], 0.0, 1e6, "work, moderate (h)"},
        {unit->work_h[SV_EXTENSIVE], 0.0, 1e6, "work, extensive (h)"},
        {unit->work_h[SV_COMPLETE], 0.0, 1e6, "work, complete (h)"},
        {unit->spread, 0.0, 5.0, "spread of work"},
        {unit->crews, 0.0, 1000.0, "crews needed"},
        {unit->spare_from, SV_SLIGHT, SV_N_DAMAGE, "first damage state that needs a spare"},
        {s->spares[c], 0.0, MAX_SPARE, "spares"},
        {s->delivery_weeks[c], 0.0, 5000.0, "delivery (weeks)"},
        {s->shipment_count[c], 0.0, MAX_SPARE, "shipment (count)"},
    };
    return check_rows(row, sizeof row / sizeof row[0], sv_unit_class_name[c], err);
}

sv_status repair_settings_check(const sv_repair_settings *s, sv_error *err)
{
    const range_row row[] = {
        {s->crews_per_region, 0.0, 1000.0, "crews per region"},
        {s->crews_extra, 0.0, 10000.0, "extra crews"},
        {s->shift_h, 0.1, 24.0, "shift (h)"},
        {s->speed_km_per_h, 0.1, 2000.0, "speed (km/h)"},
        {s->detour, 1.0, 10.0, "detour"},
        {s->inspection_h, 0.0, 10000.0, "inspection (h)"},
        {s->delivery_spread, 0.0, 5.0, "spread of delivery times"},
    };
    sv_status status = check_rows(row, sizeof row / sizeof row[0], "", err);
    for (int32_t c = 0; c < SV_N_UNIT_CLASS && status == SV_OK; c++)
        status = check_class(s, c, err);
    return status;
}
