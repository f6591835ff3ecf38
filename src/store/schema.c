/* The tables and views of a results file, as SQL. Plain tables with CHECK constraints, so that readers of any age open
 * them. What each column means, with its unit: docs/database.md. */
#include "schema.h"

#define CLASSES "('critical', 'household', 'industry')"
#define SWITCH(name) name " INTEGER CHECK (" name " IN (0, 1))"
#define COUNT(name) name " INTEGER CHECK (" name " >= 0)"
#define BAND(name) name "_mean REAL, " name "_p5 REAL, " name "_p50 REAL, " name "_p95 REAL"

const sv_store_table_text sv_store_tables[SV_N_STORE_TABLE] = {
    [SV_T_RUN] = {"run", 21,
                  "program TEXT NOT NULL, version TEXT NOT NULL, scenario_name TEXT NOT NULL, scenario_path TEXT, "
                  "grid_name TEXT NOT NULL, grid_path TEXT, grid_fingerprint TEXT NOT NULL, seed TEXT NOT NULL, "
                  "n_season_asked INTEGER NOT NULL CHECK (n_season_asked >= 1), until REAL NOT NULL, "
                  "first_hour TEXT NOT NULL, n_h INTEGER NOT NULL CHECK (n_h >= 1), started_utc TEXT NOT NULL, "
                  "finished_utc TEXT, " COUNT("n_season") ", " COUNT("n_failed") ", " COUNT(
                      "n_thread") ", "
                                  "seconds REAL, " SWITCH("stopped") ", " SWITCH(
                                      "converged") ", "
                                                   "complete INTEGER NOT NULL CHECK (complete IN (0, 1))",
                  ""},
    [SV_T_SETTING] = {"setting", 2, "key TEXT PRIMARY KEY, value TEXT NOT NULL", ""},
    [SV_T_METRIC] = {"metric", 3, "name TEXT PRIMARY KEY, unit TEXT NOT NULL, meaning TEXT NOT NULL", ""},
    [SV_T_REGION] = {"region", 8,
                     "i_region INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, "
                     "zone TEXT NOT NULL CHECK (zone IN ('rear', 'front')), people REAL NOT NULL, "
                     "demand_mw REAL NOT NULL, x_km REAL, y_km REAL",
                     ""},
    [SV_T_SITE] = {"site", 9,
                   "i_site INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, "
                   "class TEXT NOT NULL CHECK (class IN ('substation', 'thermal', 'nuclear', 'hydro', 'renewable')), "
                   "i_region INTEGER REFERENCES region, x_km REAL, y_km REAL, " COUNT("shelter") ", " COUNT("n_unit"),
                   ""},
    [SV_T_SEASON] =
        {"season", 22,
         "i_season INTEGER PRIMARY KEY CHECK (i_season >= 0), status TEXT NOT NULL, demand_mwh REAL, "
         "eens_mwh REAL, lole_h REAL, people_hours REAL, worst_mw REAL, worst_people REAL, worst_h INTEGER, "
         "relaxed_mwh REAL, relaxed_h INTEGER, off_4h_people REAL, off_8h_people REAL, off_24h_people REAL, "
         "off_72h_people REAL, longest_h REAL, " COUNT("n_wave") ", " COUNT("n_strike") ", " COUNT(
             "n_intercepted") ", " COUNT("n_unit_lost") ", " COUNT("n_unit_repaired") ", " COUNT("n_event") ", CHECK "
                                                                                                            "(status "
                                                                                                            "<> 'ok' "
                                                                                                            "OR "
                                                                                                            "(eens_mwh "
                                                                                                            "IS NOT "
                                                                                                            "NULL AND "
                                                                                                            "lole_h IS "
                                                                                                            "NOT "
                                                                                                            "NULL))",
         ""},
    [SV_T_SEASON_REGION] = {"season_region", 5,
                            "i_season INTEGER NOT NULL REFERENCES season, i_region INTEGER NOT NULL REFERENCES region, "
                            "eens_mwh REAL, lole_h REAL, people_hours REAL, PRIMARY KEY (i_season, i_region)",
                            "WITHOUT ROWID"},
    [SV_T_SEASON_CLASS] = {"season_class", 5,
                           "i_season INTEGER NOT NULL REFERENCES season, class TEXT NOT NULL CHECK (class IN " CLASSES
                           "), "
                           "eens_mwh REAL, lole_h REAL, people_hours REAL, PRIMARY KEY (i_season, class)",
                           "WITHOUT ROWID"},
    [SV_T_EVENT] = {"event", 7,
                    "i_season INTEGER NOT NULL REFERENCES season, i_event INTEGER NOT NULL CHECK (i_event >= 0), "
                    "i_region INTEGER REFERENCES region, start_h INTEGER NOT NULL CHECK (start_h >= 0), "
                    "length_h INTEGER NOT NULL CHECK (length_h >= 1), people REAL, energy_mwh REAL, "
                    "PRIMARY KEY (i_season, i_event)",
                    "WITHOUT ROWID"},
    [SV_T_HOUR] = {"hour", 10,
                   "t_h INTEGER PRIMARY KEY CHECK (t_h >= 0), time TEXT NOT NULL UNIQUE, " BAND("shed_mw") ", " BAND(
                       "people"),
                   ""},
    [SV_T_SITE_TOTAL] = {"site_total", 5,
                         "i_site INTEGER PRIMARY KEY REFERENCES site, " COUNT("n_damaged") ", " COUNT(
                             "n_repaired") ", " COUNT("n_season_damaged") ", dark_h REAL NOT NULL",
                         ""},
    [SV_T_SUMMARY] = {"summary", 13,
                      "metric TEXT NOT NULL REFERENCES metric, "
                      "scope TEXT NOT NULL CHECK (scope IN ('country', 'region', 'class')), "
                      "i_region INTEGER REFERENCES region, class TEXT CHECK (class IN " CLASSES "), "
                      "n INTEGER NOT NULL CHECK (n >= 0), mean REAL, se REAL, min REAL, max REAL, p5 REAL, p50 REAL, "
                      "p95 REAL, cvar95 REAL, CHECK ((scope = 'region') = (i_region IS NOT NULL)), "
                      "CHECK ((scope = 'class') = (class IS NOT NULL))",
                      ""},
};

const char *const sv_store_views =
    "CREATE UNIQUE INDEX summary_of ON summary (metric, scope, ifnull(i_region, -1), ifnull(class, ''));"
    "CREATE VIEW country AS"
    " SELECT metric, unit, n, mean, se, min, p5, p50, p95, max, cvar95, meaning"
    " FROM summary JOIN metric ON metric.name = summary.metric WHERE scope = 'country' ORDER BY summary.rowid;"
    "CREATE VIEW by_region AS"
    " SELECT region.id AS region, region.name, zone, people, e.mean AS eens_mwh, e.se AS eens_mwh_se,"
    " e.p95 AS eens_mwh_p95, l.mean AS lole_h, l.se AS lole_h_se, p.mean AS people_hours, p.se AS people_hours_se"
    " FROM region JOIN summary e ON e.i_region = region.i_region AND e.metric = 'eens_mwh'"
    " JOIN summary l ON l.i_region = region.i_region AND l.metric = 'lole_h'"
    " JOIN summary p ON p.i_region = region.i_region AND p.metric = 'people_hours' ORDER BY region.i_region;"
    "CREATE VIEW by_class AS"
    " SELECT e.class, e.mean AS eens_mwh, e.se AS eens_mwh_se, e.p95 AS eens_mwh_p95, l.mean AS lole_h,"
    " l.se AS lole_h_se, p.mean AS people_hours, p.se AS people_hours_se"
    " FROM summary e JOIN summary l ON l.class = e.class AND l.metric = 'lole_h'"
    " JOIN summary p ON p.class = e.class AND p.metric = 'people_hours' WHERE e.metric = 'eens_mwh' ORDER BY e.rowid;"
    "CREATE VIEW by_site AS"
    " SELECT site.id AS site, site.class, region.id AS region, 1.0 * n_damaged / n AS damaged_per_season,"
    " 1.0 * n_repaired / n AS repaired_per_season, 1.0 * n_season_damaged / n AS share_of_seasons_damaged,"
    " dark_h / n AS dark_h_per_season"
    " FROM site JOIN site_total USING (i_site) LEFT JOIN region USING (i_region)"
    " JOIN summary ON metric = 'eens_mwh' AND scope = 'country' ORDER BY site.i_site;"
    "CREATE VIEW event_by_length AS"
    " SELECT length_h, count(*) AS n, avg(people) AS people_mean, sum(energy_mwh) AS energy_mwh"
    " FROM event WHERE i_region IS NULL GROUP BY length_h ORDER BY length_h;";
