/* The tables and views of a results file, as SQL. Plain tables with CHECK constraints, so that readers of any age open
 * them. What each column means, with its unit: docs/database.md. */
#include "schema.h"

/* SQL reads better in its own lines. */
/* clang-format off */
#define CLASSES "('critical', 'household', 'industry')"
#define SWITCH(name) name " INTEGER CHECK (" name " IN (0, 1))"
#define COUNT(name) name " INTEGER CHECK (" name " >= 0)"
#define BAND(name) name "_mean REAL, " name "_p5 REAL, " name "_p50 REAL, " name "_p95 REAL"
#define PAIRED(name) name " REAL, " name "_se REAL, " name "_share REAL, " name "_share_se REAL"
#define STATISTICS \
    "n INTEGER NOT NULL CHECK (n >= 0), mean REAL, se REAL, min REAL, max REAL, p5 REAL, p50 REAL, p95 REAL, " \
    "cvar95 REAL"
#define SEEN_BY_AC(when) \
    COUNT(when "_n_low") ", " COUNT(when "_n_high") ", " COUNT(when "_n_over") ", " when "_low_pu REAL, " \
    when "_high_pu REAL, " when "_loading_percent REAL, " when "_loss_mw REAL"
/* What a season is, of the base and of a lever alike. */
#define OF_A_SEASON \
    "status TEXT NOT NULL, demand_mwh REAL, eens_mwh REAL, lole_h REAL, people_hours REAL, worst_mw REAL, " \
    "worst_people REAL, worst_h INTEGER, relaxed_mwh REAL, relaxed_h INTEGER, off_4h_people REAL, " \
    "off_8h_people REAL, off_24h_people REAL, off_72h_people REAL, longest_h REAL, " COUNT("n_wave") ", " \
    COUNT("n_strike") ", " COUNT("n_intercepted") ", " COUNT("n_unit_lost") ", " COUNT("n_unit_repaired") ", " \
    COUNT("n_event")
#define WELL_OR_SAID "CHECK (status <> 'ok' OR (eens_mwh IS NOT NULL AND lole_h IS NOT NULL))"

const sv_store_table_text sv_store_tables[SV_N_STORE_TABLE] = {
    [SV_T_RUN] = {"run", 22,
        "program TEXT NOT NULL, version TEXT NOT NULL, scenario_name TEXT NOT NULL, scenario_path TEXT, "
        "grid_name TEXT NOT NULL, grid_path TEXT, grid_fingerprint TEXT NOT NULL, seed TEXT NOT NULL, "
        "n_season_asked INTEGER NOT NULL CHECK (n_season_asked >= 1), until REAL NOT NULL, "
        "first_hour TEXT NOT NULL, n_h INTEGER NOT NULL CHECK (n_h >= 1), started_utc TEXT NOT NULL, "
        "finished_utc TEXT, " COUNT("n_season") ", " COUNT("n_failed") ", " COUNT("n_thread") ", seconds REAL, "
        SWITCH("stopped") ", " SWITCH("converged") ", " COUNT("i_course") ", "
        "complete INTEGER NOT NULL CHECK (complete IN (0, 1))", ""},
    [SV_T_SETTING] = {"setting", 2, "key TEXT PRIMARY KEY, value TEXT NOT NULL", ""},
    [SV_T_METRIC] = {"metric", 3, "name TEXT PRIMARY KEY, unit TEXT NOT NULL, meaning TEXT NOT NULL", ""},
    [SV_T_REGION] = {"region", 8,
        "i_region INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, "
        "zone TEXT NOT NULL CHECK (zone IN ('rear', 'front')), people REAL NOT NULL, demand_mw REAL NOT NULL, "
        "x_km REAL, y_km REAL", ""},
    [SV_T_SITE] = {"site", 9,
        "i_site INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, "
        "class TEXT NOT NULL CHECK (class IN ('substation', 'thermal', 'nuclear', 'hydro', 'renewable')), "
        "i_region INTEGER REFERENCES region, x_km REAL, y_km REAL, " COUNT("shelter") ", " COUNT("n_unit"), ""},
    [SV_T_LINE] = {"line", 4,
        "i_line INTEGER PRIMARY KEY, i_from_site INTEGER NOT NULL REFERENCES site, "
        "i_to_site INTEGER NOT NULL REFERENCES site, vn_kv REAL NOT NULL, CHECK (i_from_site < i_to_site)", ""},
    [SV_T_LEVER] = {"lever", 11,
        "i_lever INTEGER PRIMARY KEY CHECK (i_lever >= 0), name TEXT NOT NULL, path TEXT, cost_eur REAL, "
        "sweep_key TEXT, sweep_unit TEXT, sweep_x REAL, sweep_value TEXT, same_share REAL, reused_share REAL, "
        "eur_per_mwh_saved REAL", ""},
    [SV_T_LEVER_PART] = {"lever_part", 3,
        "i_lever INTEGER NOT NULL REFERENCES lever, position INTEGER NOT NULL CHECK (position >= 0), "
        "i_part INTEGER NOT NULL REFERENCES lever, PRIMARY KEY (i_lever, position), UNIQUE (i_lever, i_part), "
        "CHECK (i_part <> i_lever)", "WITHOUT ROWID"},
    [SV_T_LEVER_SETTING] = {"lever_setting", 3,
        "i_lever INTEGER NOT NULL REFERENCES lever, key TEXT NOT NULL, value TEXT NOT NULL, "
        "PRIMARY KEY (i_lever, key)", ""},
    [SV_T_SEASON] = {"season", 22,
        "i_season INTEGER PRIMARY KEY CHECK (i_season >= 0), " OF_A_SEASON ", " WELL_OR_SAID, ""},
    [SV_T_SEASON_REGION] = {"season_region", 5,
        "i_season INTEGER NOT NULL REFERENCES season, i_region INTEGER NOT NULL REFERENCES region, eens_mwh REAL, "
        "lole_h REAL, people_hours REAL, PRIMARY KEY (i_season, i_region)", "WITHOUT ROWID"},
    [SV_T_SEASON_CLASS] = {"season_class", 5,
        "i_season INTEGER NOT NULL REFERENCES season, class TEXT NOT NULL CHECK (class IN " CLASSES "), "
        "eens_mwh REAL, lole_h REAL, people_hours REAL, PRIMARY KEY (i_season, class)", "WITHOUT ROWID"},
    [SV_T_EVENT] = {"event", 7,
        "i_season INTEGER NOT NULL REFERENCES season, i_event INTEGER NOT NULL CHECK (i_event >= 0), "
        "i_region INTEGER REFERENCES region, start_h INTEGER NOT NULL CHECK (start_h >= 0), "
        "length_h INTEGER NOT NULL CHECK (length_h >= 1), people REAL, energy_mwh REAL, "
        "PRIMARY KEY (i_season, i_event)", "WITHOUT ROWID"},
    [SV_T_LEVER_SEASON] = {"lever_season", 25,
        "i_season INTEGER NOT NULL REFERENCES season, i_lever INTEGER NOT NULL REFERENCES lever, " OF_A_SEASON ", "
        COUNT("same_h") ", " COUNT("reused_h") ", PRIMARY KEY (i_season, i_lever), " WELL_OR_SAID, "WITHOUT ROWID"},
    [SV_T_HOUR] = {"hour", 10,
        "t_h INTEGER PRIMARY KEY CHECK (t_h >= 0), time TEXT NOT NULL UNIQUE, " BAND("shed_mw") ", " BAND("people"), ""},
    [SV_T_SITE_TOTAL] = {"site_total", 5,
        "i_site INTEGER PRIMARY KEY REFERENCES site, " COUNT("n_damaged") ", " COUNT("n_repaired") ", "
        COUNT("n_season_damaged") ", dark_h REAL NOT NULL", ""},
    [SV_T_SUMMARY] = {"summary", 13,
        "metric TEXT NOT NULL REFERENCES metric, "
        "scope TEXT NOT NULL CHECK (scope IN ('country', 'region', 'class')), i_region INTEGER REFERENCES region, "
        "class TEXT CHECK (class IN " CLASSES "), " STATISTICS ", "
        "CHECK ((scope = 'region') = (i_region IS NOT NULL)), CHECK ((scope = 'class') = (class IS NOT NULL))", ""},
    [SV_T_CAUSE] = {"cause", 5,
        "i_region INTEGER REFERENCES region, class TEXT, cause TEXT CHECK (cause IN ('waves', 'failures')), "
        "mwh REAL, " COUNT("n_place") ", CHECK ((i_region IS NULL) = (class IS NULL)), "
        "CHECK ((i_region IS NULL) = (cause IS NULL))", ""},
    [SV_T_COURSE] = {"course", 3, "t_h INTEGER PRIMARY KEY CHECK (t_h >= 0), shed_mw REAL, people REAL", ""},
    [SV_T_REGION_DAY] = {"region_day", 4,
        "i_region INTEGER NOT NULL REFERENCES region, day INTEGER NOT NULL CHECK (day >= 0), shed_mw REAL, "
        "people REAL, PRIMARY KEY (i_region, day)", "WITHOUT ROWID"},
    [SV_T_LEVER_SUMMARY] = {"lever_summary", 19,
        "i_lever INTEGER NOT NULL REFERENCES lever, metric TEXT NOT NULL REFERENCES metric, " STATISTICS ", "
        PAIRED("difference") ", " PAIRED("contrast") ", PRIMARY KEY (i_lever, metric)", ""},
    [SV_T_LEVER_REGION] = {"lever_region", 5,
        "i_lever INTEGER NOT NULL REFERENCES lever, i_region INTEGER NOT NULL REFERENCES region, "
        "metric TEXT NOT NULL REFERENCES metric, difference REAL, difference_se REAL, "
        "PRIMARY KEY (i_lever, i_region, metric)", ""},
    [SV_T_AC_CHECK] = {"ac_check", 32,
        "i_check INTEGER PRIMARY KEY CHECK (i_check >= 0), kind TEXT NOT NULL CHECK (kind IN ('worst', 'random')), "
        "i_season INTEGER NOT NULL REFERENCES season, t_h INTEGER NOT NULL CHECK (t_h >= 0), people REAL, shed_mw REAL, "
        "served_mw REAL, "
        "verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'redispatched', 'shed', 'broken')), "
        SWITCH("solved") ", " SEEN_BY_AC("before") ", " SEEN_BY_AC("after") ", dark_mw REAL, short_mw REAL, "
        "moved_mw REAL, more_shed_mw REAL, more_shed_critical_mw REAL, more_shed_household_mw REAL, "
        "more_shed_industry_mw REAL, more_people REAL, " COUNT("n_solve"), ""},
    [SV_T_STATE] = {"state", 2, "n_season INTEGER PRIMARY KEY CHECK (n_season >= 0), bytes BLOB NOT NULL", ""},
};

const char *const sv_store_indexes =
    "CREATE UNIQUE INDEX summary_of ON summary (metric, scope, ifnull(i_region, -1), ifnull(class, ''));"
    "CREATE UNIQUE INDEX cause_of ON cause (ifnull(i_region, -1), ifnull(class, ''), ifnull(cause, ''));";

const sv_store_view_text sv_store_views[SV_N_STORE_VIEW] = {
    {"country",
        "SELECT metric, unit, n, mean, se, min, p5, p50, p95, max, cvar95, meaning"
        " FROM summary JOIN metric ON metric.name = summary.metric WHERE scope = 'country' ORDER BY summary.rowid"},
    {"by_region",
        "SELECT region.id AS region, region.name, zone, people, e.mean AS eens_mwh, e.se AS eens_mwh_se,"
        " e.p95 AS eens_mwh_p95, l.mean AS lole_h, l.se AS lole_h_se, p.mean AS people_hours, p.se AS people_hours_se"
        " FROM region JOIN summary e ON e.i_region = region.i_region AND e.metric = 'eens_mwh'"
        " JOIN summary l ON l.i_region = region.i_region AND l.metric = 'lole_h'"
        " JOIN summary p ON p.i_region = region.i_region AND p.metric = 'people_hours' ORDER BY region.i_region"},
    {"by_class", "SELECT e.class, e.mean AS eens_mwh, e.se AS eens_mwh_se, e.p95 AS eens_mwh_p95, l.mean AS lole_h,"
                 " l.se AS lole_h_se, p.mean AS people_hours, p.se AS people_hours_se"
                 " FROM summary e JOIN summary l ON l.class = e.class AND l.metric = 'lole_h'"
                 " JOIN summary p ON p.class = e.class AND p.metric = 'people_hours' WHERE e.metric = 'eens_mwh'"
                 " ORDER BY e.rowid"},
    {"by_site", "SELECT site.id AS site, site.class, region.id AS region, 1.0 * n_damaged / n AS damaged_per_season,"
                " 1.0 * n_repaired / n AS repaired_per_season, 1.0 * n_season_damaged / n AS share_of_seasons_damaged,"
                " dark_h / n AS dark_h_per_season"
                " FROM site JOIN site_total USING (i_site) LEFT JOIN region USING (i_region)"
                " JOIN summary ON metric = 'eens_mwh' AND scope = 'country' ORDER BY site.i_site"},
    {"event_by_length", "SELECT length_h, count(*) AS n, avg(people) AS people_mean, sum(energy_mwh) AS energy_mwh"
                        " FROM event WHERE i_region IS NULL GROUP BY length_h ORDER BY length_h"},
    {"by_cause",
        "SELECT class, cause, sum(mwh) AS mwh FROM cause GROUP BY class, cause ORDER BY class IS NULL, class, cause"},
    {"lever_worth",
        "SELECT lever.i_lever, lever.name, o.metric, unit, o.mean, difference, difference_se,"
        " 100.0 * difference_share AS percent, 100.0 * difference_share_se AS percent_se,"
        " contrast, contrast_se, cost_eur,"
        " CASE WHEN o.metric = 'eens_mwh' THEN eur_per_mwh_saved END AS eur_per_mwh_saved"
        " FROM lever JOIN lever_summary o USING (i_lever) JOIN metric ON metric.name = o.metric"
        " ORDER BY lever.i_lever, o.rowid"},
    {"lever_by_region",
        "SELECT lever.i_lever, lever.name, region.id AS region, o.metric, difference, difference_se,"
        " 100.0 * difference / nullif(b.mean, 0.0) AS percent"
        " FROM lever JOIN lever_region o USING (i_lever) JOIN region USING (i_region)"
        " JOIN summary b ON b.metric = o.metric AND b.i_region = o.i_region ORDER BY lever.i_lever, o.rowid"},
};
/* clang-format on */
