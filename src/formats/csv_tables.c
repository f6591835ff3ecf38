/* Tables of a CSV folder, one function a row: grid, region, site, bus, load, shunt, interconnector. Columns are RTS-GMLC's
 * and Svitlo's own beside them (docs/formats.md). What a row must say is checked here, the rest in sv_grid_new. */
#include "csv_read.h"

#include <math.h>

/* ---- grid.csv, region.csv, site.csv -------------------------------------------------------- */

enum { GRID_NAME, GRID_BASE };
static const char *const grid_columns[] = {"Name", "Base MVA"};

static sv_status grid_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    double base_mva = 100.0;
    if (cell_real(row, GRID_BASE, &base_mva))
        return SV_EDATA;
    if (!isfinite(base_mva) || base_mva <= 0.0)
        return ROW_BAD(row, "Base MVA is %g; accepted: a number above 0", base_mva);
    if (*cell_text(row, GRID_NAME))
        sv_draft_set_name(r->draft, cell_text(row, GRID_NAME), r->folder);
    sv_draft_set_base(r->draft, base_mva);
    return SV_OK;
}

const csv_table table_grid = {grid_columns, COUNT(grid_columns), 0, grid_row};

enum { REGION_ID, REGION_NAME, REGION_ZONE, REGION_X, REGION_Y, REGION_TEMPERATURE };
static const char *const region_columns[] = {"Region ID", "Region Name", "Zone", "x_km", "y_km", "Temperature Series"};

static sv_status region_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_region region = {.line = row->line, .x_km = NAN, .y_km = NAN, .i_series_temperature = -1};
    int32_t zone = SV_ZONE_REAR;
    if (cell_need_text(row, REGION_ID, &region.id) || cell_word(row, REGION_ZONE, sv_zone_name, SV_N_ZONE, &zone) ||
        cell_real(row, REGION_X, &region.x_km) || cell_real(row, REGION_Y, &region.y_km) ||
        cell_series(r, row, REGION_TEMPERATURE, &region.i_series_temperature))
        return SV_EDATA;
    region.name = text_or_null(cell_text(row, REGION_NAME));
    region.zone = (sv_zone)zone;
    r->has_region = true;
    sv_draft_add_region(r->draft, &region);
    return SV_OK;
}

const csv_table table_region = {region_columns, COUNT(region_columns), BIT(REGION_ID), region_row};

enum { SITE_ID, SITE_NAME, SITE_CLASS, SITE_REGION, SITE_X, SITE_Y, SITE_SHELTER };
static const char *const site_columns[] = {"Site ID", "Site Name", "Class", "Region", "x_km", "y_km", "Shelter"};

static sv_status site_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_site site = {.line = row->line, .i_region = -1, .x_km = NAN, .y_km = NAN};
    int32_t class_ = SV_SITE_SUBSTATION;
    if (cell_need_text(row, SITE_ID, &site.id) ||
        cell_word(row, SITE_CLASS, sv_site_class_name, SV_N_SITE_CLASS, &class_) ||
        (r->has_region && cell_region(r, row, SITE_REGION, &site.i_region)) || cell_real(row, SITE_X, &site.x_km) ||
        cell_real(row, SITE_Y, &site.y_km) || cell_int(row, SITE_SHELTER, &site.shelter))
        return SV_EDATA;
    site.name = text_or_null(cell_text(row, SITE_NAME));
    site.class_ = (sv_site_class)class_;
    r->has_site = true;
    sv_draft_add_site(r->draft, &site);
    return SV_OK;
}

const csv_table table_site = {site_columns, COUNT(site_columns), BIT(SITE_ID) | BIT(SITE_CLASS), site_row};

/* ---- bus.csv ------------------------------------------------------------------------------- */

enum {
    BUS_ID,
    BUS_NAME,
    BUS_KV,
    BUS_TYPE,
    BUS_P,
    BUS_Q,
    BUS_VM,
    BUS_VA,
    BUS_G,
    BUS_B,
    BUS_AREA,
    BUS_ZONE,
    BUS_LAT,
    BUS_LNG,
    BUS_X,
    BUS_Y,
    BUS_V_MAX,
    BUS_V_MIN,
    BUS_SITE,
    BUS_REGION
};
static const char *const bus_columns[] = {"Bus ID",    "Bus Name", "BaseKV",  "Bus Type",   "MW Load",
                                          "MVAR Load", "V Mag",    "V Angle", "MW Shunt G", "MVAR Shunt B",
                                          "Area",      "Zone",     "lat",     "lng",        "x_km",
                                          "y_km",      "V Max",    "V Min",   "Site",       "Region"};

static sv_status read_bus_type(const csv_row *row, sv_bus_type *type)
{
    static const char *const words[] = {"1", "2", "3", "4", "PQ", "PV", "Ref", "Dead", "None", "Isolated", "Slack"};
    static const sv_bus_type types[] = {SV_BUS_PQ,  SV_BUS_PV,   SV_BUS_REF,  SV_BUS_DEAD, SV_BUS_PQ, SV_BUS_PV,
                                        SV_BUS_REF, SV_BUS_DEAD, SV_BUS_DEAD, SV_BUS_DEAD, SV_BUS_REF};
    int32_t word = 0;
    if (cell_word(row, BUS_TYPE, words, COUNT(words), &word))
        return SV_EDATA;
    *type = types[word];
    return SV_OK;
}

/* Region: by its own column, else by the area's name, when there is a table of regions; else by new regions, one an area. */
static sv_status read_bus_region(csv_reader *r, const csv_row *row, const char *area, sv_bus *bus)
{
    if (r->has_region) {
        if (cell_region(r, row, BUS_REGION, &bus->i_region))
            return SV_EDATA;
        if (bus->i_region < 0)
            bus->i_region = sv_draft_find_region(r->draft, area);
        if (bus->i_region < 0)
            return ROW_BAD(row, "bus %.40s has no region and its area '%.40s' is none; accepted: an id of region.csv",
                           bus->id, area);
        return SV_OK;
    }
    bus->i_region = sv_draft_find_region(r->draft, area);
    if (bus->i_region < 0) {
        const sv_region region = {.id = area, .x_km = NAN, .y_km = NAN, .i_series_temperature = -1};
        bus->i_region = sv_draft_add_region(r->draft, &region);
    }
    return SV_OK;
}

static sv_status read_bus_site(csv_reader *r, const csv_row *row, sv_bus *bus)
{
    const char *site = cell_text(row, BUS_SITE);
    if (!r->has_site)
        return SV_OK;
    bus->i_site = sv_draft_find_site(r->draft, site);
    if (bus->i_site < 0)
        return ROW_BAD(row, "Site is '%.40s', which is not in site.csv", site);
    return SV_OK;
}

/* Demand and shunt that stand in the bus's own row. */
static sv_status add_of_bus(csv_reader *r, const csv_row *row, const sv_bus *bus, int32_t i_bus)
{
    sv_load load = sv_load_default();
    sv_shunt shunt = {.line = row->line, .i_bus = i_bus};
    if (cell_real(row, BUS_P, &load.p_mw) || cell_real(row, BUS_Q, &load.q_mvar) ||
        cell_real(row, BUS_G, &shunt.g_mw) || cell_real(row, BUS_B, &shunt.b_mvar))
        return SV_EDATA;
    if (bus->type == SV_BUS_DEAD)
        return SV_OK;
    load.id = bus->id;
    load.line = row->line;
    load.i_bus = i_bus;
    if (!r->has_load && (load.p_mw != 0.0 || load.q_mvar != 0.0))
        sv_draft_add_load(r->draft, &load);
    if (!r->has_shunt && (shunt.g_mw != 0.0 || shunt.b_mvar != 0.0))
        sv_draft_add_shunt(r->draft, &shunt);
    return SV_OK;
}

static sv_status bus_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_bus bus = sv_bus_default();
    bus.line = row->line;
    if (cell_need_text(row, BUS_ID, &bus.id))
        return SV_EDATA;
    const int32_t before = sv_draft_find_bus(r->draft, bus.id);
    if (before >= 0)
        return ROW_BAD(row, "bus %.40s is there already (line %d); accepted: ids that differ", bus.id,
                       (int)sv_draft_bus(r->draft, before)->line);
    const char *area = *cell_text(row, BUS_AREA) ? cell_text(row, BUS_AREA) : "1";
    bus_more more = {.area = sv_arena_text(r->arena, area), .lat = NAN, .lng = NAN};
    bus.name = text_or_null(cell_text(row, BUS_NAME));
    if (cell_real(row, BUS_KV, &bus.vn_kv) || read_bus_type(row, &bus.type) || cell_real(row, BUS_VM, &bus.vm_pu) ||
        cell_real(row, BUS_VA, &bus.va_deg) || cell_int(row, BUS_ZONE, &bus.zone) ||
        cell_real(row, BUS_LAT, &more.lat) || cell_real(row, BUS_LNG, &more.lng) || cell_real(row, BUS_X, &bus.x_km) ||
        cell_real(row, BUS_Y, &bus.y_km) || cell_real(row, BUS_V_MAX, &bus.v_max_pu) ||
        cell_real(row, BUS_V_MIN, &bus.v_min_pu) || read_bus_region(r, row, area, &bus) || read_bus_site(r, row, &bus))
        return SV_EDATA;
    if (!text_int(area, &bus.area))
        bus.area = bus.i_region + 1;
    bus_more *list = room_for_one(r, r->bus, r->n_bus, &r->bus_capacity, sizeof *list);
    if (!list || !more.area)
        return SV_ENOMEM;
    r->bus = list;
    r->bus[r->n_bus++] = more;
    return add_of_bus(r, row, &bus, sv_draft_add_bus(r->draft, &bus));
}

const csv_table table_bus = {bus_columns, COUNT(bus_columns), BIT(BUS_ID), bus_row};

/* ---- load.csv, shunt.csv, interconnector.csv ----------------------------------------------- */

enum { LOAD_ID, LOAD_BUS, LOAD_CLASS, LOAD_P, LOAD_Q, LOAD_PEOPLE, LOAD_SERIES };
static const char *const load_columns[] = {"Load ID", "Bus ID", "Class", "MW Load", "MVAR Load", "People", "Series"};

static sv_status load_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_load load = sv_load_default();
    load.line = row->line;
    int32_t class_ = SV_HOUSEHOLD;
    if (cell_need_text(row, LOAD_ID, &load.id) || cell_bus(r, row, LOAD_BUS, &load.i_bus) ||
        cell_word(row, LOAD_CLASS, sv_class_name, SV_N_CLASS, &class_) || cell_real(row, LOAD_P, &load.p_mw) ||
        cell_real(row, LOAD_Q, &load.q_mvar) || cell_real(row, LOAD_PEOPLE, &load.people) ||
        cell_series(r, row, LOAD_SERIES, &load.i_series))
        return SV_EDATA;
    load.class_ = (sv_class)class_;
    if (sv_draft_bus(r->draft, load.i_bus)->type != SV_BUS_DEAD)
        sv_draft_add_load(r->draft, &load);
    return SV_OK;
}

const csv_table table_load = {load_columns, COUNT(load_columns), BIT(LOAD_ID) | BIT(LOAD_BUS) | BIT(LOAD_P), load_row};

enum { SHUNT_BUS, SHUNT_G, SHUNT_B };
static const char *const shunt_columns[] = {"Bus ID", "MW Shunt G", "MVAR Shunt B"};

static sv_status shunt_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_shunt shunt = {.line = row->line};
    if (cell_bus(r, row, SHUNT_BUS, &shunt.i_bus) || cell_real(row, SHUNT_G, &shunt.g_mw) ||
        cell_real(row, SHUNT_B, &shunt.b_mvar))
        return SV_EDATA;
    sv_draft_add_shunt(r->draft, &shunt);
    return SV_OK;
}

const csv_table table_shunt = {shunt_columns, COUNT(shunt_columns), BIT(SHUNT_BUS), shunt_row};

enum { IMPORT_ID, IMPORT_NAME, IMPORT_BUS, IMPORT_LIMIT, IMPORT_SERIES };
static const char *const interconnector_columns[] = {"Interconnector ID", "Name", "Bus ID", "Limit MW", "Series"};

static sv_status interconnector_row(void *self, const csv_row *row)
{
    csv_reader *r = self;
    sv_interconnector link = {.line = row->line, .i_bus = -1, .i_series = -1};
    if (cell_need_text(row, IMPORT_ID, &link.id) || cell_bus(r, row, IMPORT_BUS, &link.i_bus) ||
        cell_real(row, IMPORT_LIMIT, &link.limit_mw) || cell_series(r, row, IMPORT_SERIES, &link.i_series))
        return SV_EDATA;
    link.name = text_or_null(cell_text(row, IMPORT_NAME));
    sv_draft_add_interconnector(r->draft, &link);
    return SV_OK;
}

const csv_table table_interconnector = {interconnector_columns, COUNT(interconnector_columns),
                                        BIT(IMPORT_ID) | BIT(IMPORT_BUS) | BIT(IMPORT_LIMIT), interconnector_row};
