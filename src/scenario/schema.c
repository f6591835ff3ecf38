/* The one table: every key of a scenario with its type, unit, default's place, range and help. It feeds the reader,
 * --set, the messages, `svitlo help scenario` and docs/scenario.md. Defaults are not here: they are read from
 * sv_season_defaults() through the offset. Constant; a look-up walks some ninety rows. */
#include "private.h"

#include <string.h>

/* ---- units ---------------------------------------------------------------------------------- */

#define FAMILY(name, ...)                                                                                              \
    static const unit name##_unit[] = {__VA_ARGS__};                                                                   \
    static const unit_family name = {(int32_t)(sizeof name##_unit / sizeof *name##_unit), name##_unit}

FAMILY(plain, {"", 1.0, 0, false});
FAMILY(percent, {"%", 1.0, -2, false});
FAMILY(percent_per_month, {"% per month", 1.0, -2, false});
FAMILY(power, {"MW", 1.0, 0, false}, {"GW", 1.0, 3, false}, {"kW", 1.0, -3, false});
FAMILY(hours, {"h", 1.0, 0, false}, {"d", 24.0, 0, false}, {"weeks", 168.0, 0, false}, {"hours", 1.0, 0, true},
       {"hour", 1.0, 0, true}, {"days", 24.0, 0, true}, {"day", 24.0, 0, true}, {"week", 168.0, 0, true});
FAMILY(days, {"d", 1.0, 0, false}, {"h", 1.0 / 24.0, 0, false}, {"weeks", 7.0, 0, false}, {"days", 1.0, 0, true},
       {"day", 1.0, 0, true}, {"hours", 1.0 / 24.0, 0, true}, {"week", 7.0, 0, true});
FAMILY(weeks, {"weeks", 1.0, 0, false}, {"d", 1.0 / 7.0, 0, false}, {"h", 1.0 / 168.0, 0, false},
       {"week", 1.0, 0, true}, {"days", 1.0 / 7.0, 0, true}, {"day", 1.0 / 7.0, 0, true});
FAMILY(rate, {"per week", 1.0, 0, false}, {"per day", 7.0, 0, false}, {"per month", 7.0 / 30.0, 0, false});
FAMILY(speed, {"km/h", 1.0, 0, false}, {"m/s", 3.6, 0, false});
FAMILY(degrees, {"C", 1.0, 0, false}, {"K", 1.0, 0, false}, {"\u00B0C", 1.0, 0, true});
FAMILY(per_power, {"per MW", 1.0, 0, false}, {"per GW", 1.0, -3, false});

/* ---- names that take the place of a star ------------------------------------------------------ */

static const char *const level_names[] = {"level_1", "level_2", "level_3"};
static const axis classes = {"CLASS", SV_N_CLASS, sv_class_name};
static const axis sites = {"SITE", SV_N_SITE_CLASS, sv_site_class_name};
static const axis zones = {"ZONE", SV_N_ZONE, sv_zone_name};
static const axis units = {"UNIT", SV_N_UNIT_CLASS, sv_unit_class_name};
static const axis levels = {"LEVEL", SV_N_SHELTER - 1, level_names};

static const char *const off_on[] = {"off", "on"};
static const char *const none_dc[] = {"none", "dc"};
static const char *const spare_from[] = {"slight", "moderate", "extensive", "complete", "never"};

/* ---- the table ------------------------------------------------------------------------------- */

#define AT(field) .offset = offsetof(draft, field)
#define SEASON(field) .offset = offsetof(draft, self.season.field)
#define EACH(names, type) .axis = &(names), .stride = sizeof(type)
#define NUMBER(units_of, lowest, highest) .kind = KIND_NUMBER, .family = &(units_of), .low = (lowest), .high = (highest)
#define SHARE NUMBER(percent, 0.0, 1.0)
#define COUNT(highest) .kind = KIND_COUNT, .low = 0.0, .high = (highest)
#define SPREAD NUMBER(plain, 0.0, 5.0)
#define WORK(state) NUMBER(hours, 0.0, 1e6), EACH(units, sv_repair_class), SEASON(repair.unit[0].work_h[state])
#define DAMAGE(state)                                                                                                  \
    SHARE, .axis = &units, .stride = sizeof(double[SV_N_DAMAGE]), SEASON(waves.damage[0][state]), .whole = true

/* clang-format off */
const setting schema[] = {
    {.section = "What is simulated", .path = "name", .kind = KIND_TEXT, AT(self.name), .high = MOST_TEXT,
     .help = "Title of the results; without one, the name of the file"},
    {.path = "grid", .kind = KIND_TEXT, AT(self.grid_path), .low = 1, .high = MOST_GRID,
     .help = "Folder of CSV tables, MATPOWER or PSS/E RAW file; seen from the scenario's folder, with --set from the current one"},
    {.path = "network", .kind = KIND_SWITCH, .choice = none_dc, .n_choice = 2, SEASON(network),
     .help = "Limits of lines and transformers in the DC model, or none (copper plate)"},
    {.path = "outages", .kind = KIND_SWITCH, .choice = off_on, .n_choice = 2, SEASON(outages),
     .help = "Units and lines fail at random, by the MTTF and MTTR of the grid's tables"},

    {.section = "Season: when it begins and ends", .path = "season.from", .kind = KIND_DATE, AT(from_h),
     .word = "grid", .word_h = INT64_MIN, .help = "First hour; grid = all hours that the grid's series cover"},
    {.path = "season.to", .kind = KIND_LAST, AT(to_h), .word = "grid", .word_h = INT64_MIN,
     .help = "Last day, itself included; with an hour, the hour it ends"},
    {.path = "season.hours", .kind = KIND_HOURS, .family = &hours, AT(hours), .low = 1, .high = 20 * 8784,
     .word = "grid", .word_h = INT64_MIN, .help = "Its length, instead of season.to"},

    {.section = "Study: how many seasons", .path = "study.seasons", .kind = KIND_COUNT64, AT(self.study.n_season),
     .low = 1, .high = 4e9, .help = "Seasons to simulate at most (flag --seasons)"},
    {.path = "study.seed", .kind = KIND_COUNT64, AT(self.study.seed), .high = 1e19,
     .help = "Seed of all random numbers (flag --seed)"},
    {.path = "study.until", NUMBER(percent, 0.0001, 0.5), AT(self.study.until), .word = "off", .word_value = 0.0,
     .help = "Stop once the standard error of the energy not served is below this share of it (flag --until)"},

    {.section = "Demand", .path = "demand.scale", NUMBER(plain, 0.001, 1000.0), SEASON(demand_scale),
     .help = "Factor on all loads of the grid"},
    {.path = "demand.scale_of.*", NUMBER(plain, 0.0, 1000.0), EACH(classes, double), SEASON(demand_class_scale),
     .help = "Further factor on the loads of one class of customers"},
    {.path = "demand.people", NUMBER(per_power, 0.0, 1e6), SEASON(people_per_mw),
     .help = "People behind a load where the grid's tables have none"},
    {.path = "demand.per_degree_cold", NUMBER(percent, -0.2, 0.2), SEASON(per_degree_cold),
     .help = "Change of demand for each degree colder than the grid's profiles"},

    {.section = "Weather: against the grid's profiles", .path = "weather.colder_by", NUMBER(degrees, -40.0, 40.0),
     SEASON(colder_by_c), .help = "The whole season is colder by this"},
    {.path = "weather.spread", NUMBER(degrees, 0.0, 30.0), SEASON(cold_spread_c),
     .help = "Standard deviation of the days' temperature; 0 C = the same weather every season"},
    {.path = "weather.persistence", NUMBER(days, 0.0, 365.0), SEASON(cold_persistence_d),
     .help = "Time over which cold and mild spells fade"},

    {.section = "Imports", .path = "imports.limit", NUMBER(power, 0.0, 1e6), SEASON(import_limit_mw),
     .word = "grid", .word_value = -1.0, .help = "Of all interconnectors together; grid = the limits of its tables"},

    {.section = "Harm: who is switched off last", .path = "harm.*", NUMBER(plain, 0.001, 1e6),
     EACH(classes, double), SEASON(weight), .help = "Harm of one MWh not served, relative to the other classes"},

    {.section = "Waves: attacks or storms, sampled from rates", .path = "waves.rate", NUMBER(rate, 0.0, 10000.0),
     SEASON(waves.rate_per_week), .help = "Waves at random times; 0 per week = none"},
    {.path = "waves.dates", .kind = KIND_DATES, SEASON(waves.date_h),
     .help = "A calendar: one wave at each of these hours, beside those of waves.rate"},
    {.path = "waves.trend", NUMBER(percent_per_month, -0.99, 10.0), SEASON(waves.trend_per_month),
     .help = "Growth of the rate, and of the size of calendar waves, compounding; a month has 30 d"},
    {.path = "waves.size.median", NUMBER(plain, 1.0, 1e6), SEASON(waves.size_median),
     .help = "Objects in one wave: the median"},
    {.path = "waves.size.spread", SPREAD, SEASON(waves.size_spread),
     .help = "Standard deviation of the logarithm of the size"},
    {.path = "waves.reach", SHARE, SEASON(waves.reach), .help = "Share of the objects that head for grid sites"},
    {.path = "waves.strikes.*", NUMBER(plain, 0.0, 1e9), EACH(sites, double), SEASON(waves.strike_share),
     .whole = true, .help = "Relative weight of a class of site, never of a place; a map sets classes it does not name to 0"},
    {.path = "waves.exposure.*", NUMBER(plain, 0.0, 1e9), EACH(zones, double), SEASON(waves.exposure),
     .help = "Relative weight of a site by the zone of its region"},
    {.path = "waves.revisit", SHARE, SEASON(waves.revisit),
     .help = "Probability that a strike goes to a site aimed at shortly before"},
    {.path = "waves.revisit_within", NUMBER(days, 0.0, 36500.0), SEASON(waves.revisit_days),
     .help = "What shortly before means"},
    {.path = "waves.further_units", NUMBER(plain, 0.0, 1e6), SEASON(waves.units_hit),
     .help = "Units of a site reached beside the one struck, on average"},

    {.section = "Cover: what is intercepted", .path = "cover.*", SHARE, EACH(zones, double), SEASON(waves.cover),
     .help = "Probability that a strike into the zone is intercepted, while the cover is not saturated"},
    {.path = "cover.saturates_at", NUMBER(plain, 0.1, 1e6), SEASON(waves.saturates_at), .word = "never",
     .word_value = 0.0, .help = "Strikes of one wave that one layer over one region can engage"},
    {.path = "cover.layers.*", COUNT(10), EACH(zones, int32_t), SEASON(waves.cover_layers),
     .help = "Layers one behind the other, each meets what the one before let through; 0 = no cover"},

    {.section = "Shelters: passive protection of sites", .path = "shelters.let_through.*", SHARE,
     EACH(levels, double), SEASON(waves.shelter_pass[1]),
     .help = "Share of the damage that still happens behind a protection of this level"},
    {.path = "shelters.at.*", .kind = KIND_SITES, EACH(levels, sv_names), SEASON(waves.shelter_at[1]),
     .help = "Sites that have this level, whatever the grid's table says"},

    {.section = "Damage: how badly a unit that is reached is hit", .path = "damage.*.none", DAMAGE(SV_DAMAGE_NONE),
     .help = "Probability of no damage; a map sets the states it does not name to 0 %, the sum is 100 %"},
    {.path = "damage.*.slight", DAMAGE(SV_SLIGHT), .help = "Probability of slight damage"},
    {.path = "damage.*.moderate", DAMAGE(SV_MODERATE), .help = "Probability of moderate damage"},
    {.path = "damage.*.extensive", DAMAGE(SV_EXTENSIVE), .help = "Probability of extensive damage"},
    {.path = "damage.*.complete", DAMAGE(SV_COMPLETE), .help = "Probability of complete loss"},

    {.section = "Ceasefire: the end of all waves", .path = "ceasefire.from", .kind = KIND_DATE,
     SEASON(waves.ceasefire_h), .word = "never", .word_h = INT64_MAX,
     .help = "No waves in the whole country from here on, kept for certain; windows and chances: peace"},

    {.section = "Peace: windows without waves", .path = "peace", .kind = KIND_PEACE, SEASON(waves.peace),
     .help = "Windows from a first to a last day (open where left out); kind full = no waves, energy = grid sites "
             "spared; where = ids of regions or zones, none = the whole country; kept = probability that it holds"},

    {.section = "Crews", .path = "crews.per_region", COUNT(1000), SEASON(repair.crews_per_region),
     .help = "Repair crews at home in each region"},
    {.path = "crews.extra", COUNT(10000), SEASON(repair.crews_extra),
     .help = "Further crews, spread over the regions in turn, most people first"},
    {.path = "crews.shift", NUMBER(hours, 0.1, 24.0), SEASON(repair.shift_h), .help = "Hours of work in a day"},
    {.path = "crews.speed", NUMBER(speed, 0.1, 2000.0), SEASON(repair.speed_km_per_h), .help = "On the way"},
    {.path = "crews.detour", NUMBER(plain, 1.0, 10.0), SEASON(repair.detour), .help = "Way over straight line"},
    {.path = "crews.inspection", NUMBER(hours, 0.0, 10000.0), SEASON(repair.inspection_h),
     .help = "From the hit until a crew may be sent"},

    {.section = "Repair: work on one damaged unit", .path = "repair.*.slight", WORK(SV_SLIGHT),
     .help = "Work after slight damage: the median at full pace, round the clock"},
    {.path = "repair.*.moderate", WORK(SV_MODERATE), .help = "Work after moderate damage"},
    {.path = "repair.*.extensive", WORK(SV_EXTENSIVE), .help = "Work after extensive damage"},
    {.path = "repair.*.complete", WORK(SV_COMPLETE), .help = "Work after complete loss"},
    {.path = "repair.*.spread", SPREAD, EACH(units, sv_repair_class), SEASON(repair.unit[0].spread),
     .help = "Standard deviation of the logarithm of the work"},
    {.path = "repair.*.crews", COUNT(1000), EACH(units, sv_repair_class), SEASON(repair.unit[0].crews),
     .help = "Crews needed at once; 0 = the plant's own staff"},
    {.path = "repair.*.spare_from", .kind = KIND_CHOICE, .choice = spare_from, .n_choice = 5, .first = SV_SLIGHT,
     EACH(units, sv_repair_class), SEASON(repair.unit[0].spare_from),
     .help = "Damage from which on a spare is used up"},

    {.section = "Spares", .path = "spares.*", COUNT(10000), EACH(units, int32_t), SEASON(repair.spares),
     .help = "In stock at the start"},

    {.section = "Delivery of spares", .path = "delivery.*", NUMBER(weeks, 0.01, 5000.0), EACH(units, double),
     SEASON(repair.delivery_weeks), .word = "never", .word_value = 0.0,
     .help = "Lead time of the replacement that is ordered when a spare is used"},
    {.path = "delivery.spread", SPREAD, SEASON(repair.delivery_spread),
     .help = "Standard deviation of the logarithm of lead times"},

    {.section = "Shipments: one more for each class of unit", .path = "shipments.*.count", COUNT(10000),
     EACH(units, int32_t), SEASON(repair.shipment_count), .help = "Spares in it"},
    {.path = "shipments.*.arrives", .kind = KIND_DATE, EACH(units, int64_t), SEASON(repair.shipment_h), .word =
     "never", .word_h = INT64_MAX, .help = "When it comes"},
};
/* clang-format on */
const int32_t n_schema = (int32_t)(sizeof schema / sizeof *schema);

/* ---- keys -------------------------------------------------------------------------------------- */

static int32_t n_name(const setting *row)
{
    return row->axis != NULL ? row->axis->n : 1;
}

/* Rows that differ only after the star: the same axis, the same words before it. */
static bool same_block(const setting *a, const setting *b)
{
    if (a->axis == NULL || a->axis != b->axis)
        return false;
    size_t n = strcspn(a->path, "*");
    return strncmp(a->path, b->path, n + 1) == 0;
}

bool place_next(place *at)
{
    if (at->i_setting < 0) {
        *at = (place){0, 0};
        return n_schema > 0;
    }
    int32_t i = at->i_setting, first = i;
    if (i + 1 < n_schema && same_block(&schema[i], &schema[i + 1])) { /* next column */
        at->i_setting++;
        return true;
    }
    while (first > 0 && same_block(&schema[first - 1], &schema[i]))
        first--;
    if (at->i_name + 1 < n_name(&schema[i])) { /* next line of the block */
        *at = (place){first, at->i_name + 1};
        return true;
    }
    *at = (place){i + 1, 0};
    return i + 1 < n_schema;
}

const char *place_path(place at, char out[MOST_PATH])
{
    const setting *row = &schema[at.i_setting];
    size_t n = strcspn(row->path, "*");
    memcpy(out, row->path, n + 1);
    if (row->axis != NULL)
        strcpy(stpcpy(out + n, row->axis->name[at.i_name]), row->path + n + 1);
    return out;
}

/* Which name of the axis stands at the start of a text, before `rest`? -1 = none. */
static int32_t find_name(const axis *names, const char *text, const char *rest)
{
    for (int32_t i = 0; i < names->n; i++) {
        size_t n = strlen(names->name[i]);
        if (strncmp(text, names->name[i], n) == 0 && strcmp(text + n, rest) == 0)
            return i;
    }
    return -1;
}

bool place_find(const char *path, place *at)
{
    for (int32_t i = 0; i < n_schema; i++) {
        const setting *row = &schema[i];
        size_t n = strcspn(row->path, "*");
        if (strncmp(row->path, path, n) != 0)
            continue;
        *at = (place){i, row->axis != NULL ? find_name(row->axis, path + n, row->path + n + 1) : 0};
        if (row->axis != NULL ? at->i_name >= 0 : path[n] == '\0')
            return true;
    }
    return false;
}

bool place_is_group(const char *path)
{
    char other[MOST_PATH];
    size_t n = strlen(path);
    for (place at = {-1, 0}; place_next(&at);)
        if (strncmp(place_path(at, other), path, n) == 0 && other[n] == '.')
            return true;
    return false;
}
