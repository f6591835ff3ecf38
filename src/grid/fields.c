/* Every field of every table, once: name, unit, type and rule. The check of rows and the fingerprint walk these lists, so
 * a field added to a row is checked and hashed as soon as it stands here. Constant: any thread. */
#include "draft.h"

#include <stddef.h>

#define F(type_, member, label, unit_, kind, rule_, of_)                                                               \
    {                                                                                                                  \
        .name = (label), .unit = (unit_), .offset = (uint16_t)offsetof(type_, member), .type = (kind),                 \
        .rule = (rule_), .of = (of_)                                                                                   \
    }
#define TEXT(t, m) F(t, m, #m, "", FIELD_TEXT, RULE_ANY, 0)
#define INT(t, m) F(t, m, #m, "", FIELD_INT, RULE_ANY, 0)
#define BOOL(t, m) F(t, m, #m, "", FIELD_BOOL, RULE_ANY, 0)
#define REF(t, m, of) F(t, m, #m, "", FIELD_INT, RULE_REF, of)
#define REF_OR_NONE(t, m, of) F(t, m, #m, "", FIELD_INT, RULE_REF_OR_NONE, of)
#define WORD(t, m, label, n) F(t, m, label, "", FIELD_INT, RULE_WORD, n)
#define REAL(t, m, label, unit, rule) F(t, m, label, unit, FIELD_REAL, rule, 0)
#define COUNT(a) ((int32_t)(sizeof(a) / sizeof((a)[0])))

static const field series_fields[] = {TEXT(sv_series, id)};

static const field region_fields[] = {
    TEXT(sv_region, id),
    TEXT(sv_region, name),
    WORD(sv_region, zone, "zone", SV_N_ZONE),
    REAL(sv_region, x_km, "x", " km", RULE_PLACE),
    REAL(sv_region, y_km, "y", " km", RULE_PLACE),
    REF_OR_NONE(sv_region, i_series_temperature, SV_TABLE_SERIES),
};

static const field site_fields[] = {
    TEXT(sv_site, id),
    TEXT(sv_site, name),
    WORD(sv_site, class_, "class", SV_N_SITE_CLASS),
    REF_OR_NONE(sv_site, i_region, SV_TABLE_REGION),
    REAL(sv_site, x_km, "x", " km", RULE_PLACE),
    REAL(sv_site, y_km, "y", " km", RULE_PLACE),
    WORD(sv_site, shelter, "shelter level", 4),
};

static const field bus_fields[] = {
    TEXT(sv_bus, id),
    TEXT(sv_bus, name),
    WORD(sv_bus, type, "type", 5),
    REAL(sv_bus, vn_kv, "base voltage", " kV", RULE_NOT_NEGATIVE),
    REAL(sv_bus, vm_pu, "voltage", " pu", RULE_NOT_NEGATIVE),
    REAL(sv_bus, va_deg, "angle", " deg", RULE_FINITE),
    REAL(sv_bus, v_max_pu, "highest voltage", " pu", RULE_NUMBER),
    REAL(sv_bus, v_min_pu, "lowest voltage", " pu", RULE_NUMBER),
    REF_OR_NONE(sv_bus, i_region, SV_TABLE_REGION),
    REF_OR_NONE(sv_bus, i_site, SV_TABLE_SITE),
    INT(sv_bus, area),
    INT(sv_bus, zone),
    REAL(sv_bus, x_km, "x", " km", RULE_PLACE),
    REAL(sv_bus, y_km, "y", " km", RULE_PLACE),
};

static const field branch_fields[] = {
    TEXT(sv_branch, id),
    REF(sv_branch, i_from, SV_TABLE_BUS),
    REF(sv_branch, i_to, SV_TABLE_BUS),
    REAL(sv_branch, r_pu, "resistance", " pu", RULE_FINITE),
    REAL(sv_branch, x_pu, "reactance", " pu", RULE_FINITE),
    REAL(sv_branch, b_pu, "charging", " pu", RULE_FINITE),
    REAL(sv_branch, rate_a_mva, "rating A", " MVA", RULE_NOT_NEGATIVE),
    REAL(sv_branch, rate_b_mva, "rating B", " MVA", RULE_NOT_NEGATIVE),
    REAL(sv_branch, rate_c_mva, "rating C", " MVA", RULE_NOT_NEGATIVE),
    REAL(sv_branch, tap, "tap", "", RULE_FINITE),
    REAL(sv_branch, shift_deg, "phase shift", " deg", RULE_FINITE),
    REAL(sv_branch, angle_min_deg, "lowest angle", " deg", RULE_NUMBER),
    REAL(sv_branch, angle_max_deg, "highest angle", " deg", RULE_NUMBER),
    REAL(sv_branch, length_km, "length", " km", RULE_NOT_NEGATIVE),
    REAL(sv_branch, mttf_h, "MTTF", " h", RULE_NOT_NEGATIVE),
    REAL(sv_branch, mttr_h, "MTTR", " h", RULE_NOT_NEGATIVE),
    BOOL(sv_branch, in_service),
};

static const field gen_fields[] = {
    TEXT(sv_gen, id),
    REF(sv_gen, i_bus, SV_TABLE_BUS),
    WORD(sv_gen, kind, "kind", SV_N_GEN_KIND),
    REAL(sv_gen, p_mw, "active power", " MW", RULE_FINITE),
    REAL(sv_gen, q_mvar, "reactive power", " MVAr", RULE_FINITE),
    REAL(sv_gen, q_max_mvar, "highest reactive power", " MVAr", RULE_NUMBER),
    REAL(sv_gen, q_min_mvar, "lowest reactive power", " MVAr", RULE_NUMBER),
    REAL(sv_gen, vm_pu, "voltage set point", " pu", RULE_FINITE),
    REAL(sv_gen, base_mva, "machine base", " MVA", RULE_FINITE),
    REAL(sv_gen, p_max_mw, "highest power", " MW", RULE_FINITE),
    REAL(sv_gen, p_min_mw, "lowest power", " MW", RULE_FINITE),
    REAL(sv_gen, mttf_h, "MTTF", " h", RULE_NOT_NEGATIVE),
    REAL(sv_gen, mttr_h, "MTTR", " h", RULE_NOT_NEGATIVE),
    REF_OR_NONE(sv_gen, i_series, SV_TABLE_SERIES),
    BOOL(sv_gen, in_service),
    INT(sv_gen, cost_model),
    REAL(sv_gen, cost_startup_usd, "start-up cost", " USD", RULE_FINITE),
    REAL(sv_gen, cost_shutdown_usd, "shut-down cost", " USD", RULE_FINITE),
    INT(sv_gen, n_cost),
};

static const field load_fields[] = {
    TEXT(sv_load, id),
    REF(sv_load, i_bus, SV_TABLE_BUS),
    WORD(sv_load, class_, "class", SV_N_CLASS),
    REAL(sv_load, p_mw, "active power", " MW", RULE_FINITE),
    REAL(sv_load, q_mvar, "reactive power", " MVAr", RULE_FINITE),
    REAL(sv_load, people, "people", "", RULE_NOT_NEGATIVE),
    REF_OR_NONE(sv_load, i_series, SV_TABLE_SERIES),
};

static const field storage_fields[] = {
    TEXT(sv_storage, id),
    REF(sv_storage, i_bus, SV_TABLE_BUS),
    REAL(sv_storage, p_mw, "power", " MW", RULE_NOT_NEGATIVE),
    REAL(sv_storage, energy_mwh, "energy", " MWh", RULE_NOT_NEGATIVE),
    REAL(sv_storage, efficiency, "round-trip efficiency", "", RULE_SHARE),
    REAL(sv_storage, initial_soc, "first state of charge", "", RULE_SHARE),
    REAL(sv_storage, mttf_h, "MTTF", " h", RULE_NOT_NEGATIVE),
    REAL(sv_storage, mttr_h, "MTTR", " h", RULE_NOT_NEGATIVE),
    BOOL(sv_storage, in_service),
};

static const field dc_line_fields[] = {
    TEXT(sv_dc_line, id),
    REF(sv_dc_line, i_from, SV_TABLE_BUS),
    REF(sv_dc_line, i_to, SV_TABLE_BUS),
    REAL(sv_dc_line, p_mw, "active power", " MW", RULE_FINITE),
    REAL(sv_dc_line, p_min_mw, "lowest power", " MW", RULE_FINITE),
    REAL(sv_dc_line, p_max_mw, "highest power", " MW", RULE_FINITE),
    REAL(sv_dc_line, loss_mw, "fixed loss", " MW", RULE_FINITE),
    REAL(sv_dc_line, loss_share, "proportional loss", "", RULE_FINITE),
    REAL(sv_dc_line, q_from_mvar, "reactive power at the from end", " MVAr", RULE_FINITE),
    REAL(sv_dc_line, q_to_mvar, "reactive power at the to end", " MVAr", RULE_FINITE),
    REAL(sv_dc_line, vm_from_pu, "voltage at the from end", " pu", RULE_FINITE),
    REAL(sv_dc_line, vm_to_pu, "voltage at the to end", " pu", RULE_FINITE),
    REAL(sv_dc_line, q_min_from_mvar, "lowest reactive power at the from end", " MVAr", RULE_NUMBER),
    REAL(sv_dc_line, q_max_from_mvar, "highest reactive power at the from end", " MVAr", RULE_NUMBER),
    REAL(sv_dc_line, q_min_to_mvar, "lowest reactive power at the to end", " MVAr", RULE_NUMBER),
    REAL(sv_dc_line, q_max_to_mvar, "highest reactive power at the to end", " MVAr", RULE_NUMBER),
    REAL(sv_dc_line, mttf_h, "MTTF", " h", RULE_NOT_NEGATIVE),
    REAL(sv_dc_line, mttr_h, "MTTR", " h", RULE_NOT_NEGATIVE),
    BOOL(sv_dc_line, in_service),
};

static const field shunt_fields[] = {
    REF(sv_shunt, i_bus, SV_TABLE_BUS),
    REAL(sv_shunt, g_mw, "conductance", " MW", RULE_FINITE),
    REAL(sv_shunt, b_mvar, "susceptance", " MVAr", RULE_FINITE),
};

static const field interconnector_fields[] = {
    TEXT(sv_interconnector, id),
    TEXT(sv_interconnector, name),
    REF(sv_interconnector, i_bus, SV_TABLE_BUS),
    REAL(sv_interconnector, limit_mw, "import limit", " MW", RULE_NOT_NEGATIVE),
    REF_OR_NONE(sv_interconnector, i_series, SV_TABLE_SERIES),
};

#define TABLE(word_, type_, fields_, id_, line_)                                                                       \
    {                                                                                                                  \
        .word = (word_), .size = sizeof(type_), .field = (fields_), .n_field = COUNT(fields_), .has_id = (id_),        \
        .line = (line_)                                                                                                \
    }
#define LINE(type_) (int32_t) offsetof(type_, line)

const table_info table_of[SV_N_TABLE] = {
    [SV_TABLE_SERIES] = TABLE("series", sv_series, series_fields, true, -1),
    [SV_TABLE_REGION] = TABLE("region", sv_region, region_fields, true, LINE(sv_region)),
    [SV_TABLE_SITE] = TABLE("site", sv_site, site_fields, true, LINE(sv_site)),
    [SV_TABLE_BUS] = TABLE("bus", sv_bus, bus_fields, true, LINE(sv_bus)),
    [SV_TABLE_BRANCH] = TABLE("branch", sv_branch, branch_fields, true, LINE(sv_branch)),
    [SV_TABLE_GEN] = TABLE("generator", sv_gen, gen_fields, true, LINE(sv_gen)),
    [SV_TABLE_LOAD] = TABLE("load", sv_load, load_fields, true, LINE(sv_load)),
    [SV_TABLE_STORAGE] = TABLE("storage", sv_storage, storage_fields, true, LINE(sv_storage)),
    [SV_TABLE_DC_LINE] = TABLE("dc line", sv_dc_line, dc_line_fields, true, LINE(sv_dc_line)),
    [SV_TABLE_SHUNT] = TABLE("shunt", sv_shunt, shunt_fields, false, LINE(sv_shunt)),
    [SV_TABLE_INTERCONNECTOR] =
        TABLE("interconnector", sv_interconnector, interconnector_fields, true, LINE(sv_interconnector)),
};
