/* Words of the enums, as files, settings and reports spell them. Constant tables: any thread. */
#include "svitlo/grid.h"

const char *const sv_class_name[SV_N_CLASS] = {
    [SV_CRITICAL] = "critical", [SV_HOUSEHOLD] = "household", [SV_INDUSTRY] = "industry"};

const char *const sv_gen_kind_name[SV_N_GEN_KIND] = {
    [SV_GEN_THERMAL] = "thermal", [SV_GEN_NUCLEAR] = "nuclear", [SV_GEN_HYDRO] = "hydro",
    [SV_GEN_WIND] = "wind",       [SV_GEN_SOLAR] = "solar",     [SV_GEN_CONDENSER] = "condenser"};

const char *const sv_site_class_name[SV_N_SITE_CLASS] = {[SV_SITE_SUBSTATION] = "substation",
                                                         [SV_SITE_THERMAL] = "thermal",
                                                         [SV_SITE_NUCLEAR] = "nuclear",
                                                         [SV_SITE_HYDRO] = "hydro",
                                                         [SV_SITE_RENEWABLE] = "renewable"};

const char *const sv_unit_class_name[SV_N_UNIT_CLASS] = {[SV_UNIT_SWITCHGEAR] = "switchgear",
                                                         [SV_UNIT_TRANSFORMER] = "transformer",
                                                         [SV_UNIT_AUTOTRANSFORMER] = "autotransformer",
                                                         [SV_UNIT_LINE] = "line",
                                                         [SV_UNIT_DC_LINE] = "dc_line",
                                                         [SV_UNIT_THERMAL] = "thermal",
                                                         [SV_UNIT_NUCLEAR] = "nuclear",
                                                         [SV_UNIT_HYDRO] = "hydro",
                                                         [SV_UNIT_RENEWABLE] = "renewable",
                                                         [SV_UNIT_STORAGE] = "storage"};

const char *const sv_zone_name[SV_N_ZONE] = {[SV_ZONE_REAR] = "rear", [SV_ZONE_FRONT] = "front"};
