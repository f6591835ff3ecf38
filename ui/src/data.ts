/* What the page is given: the JSON that `svitlo report` writes (app/cli/report.c) and that a server will send.
 * Units are in the names: mwh, mw, h, km, eur; people are persons. Unknown numbers are null. Hours count from
 * first_hour. */

export type Num = number | null;

/** An index over all seasons; se = standard error of the mean, a 95 % interval is mean ± half95(n) se. */
export interface Stat {
    n: number;
    mean: Num;
    se: Num;
    min: Num;
    p5: Num;
    p50: Num;
    p95: Num;
    max: Num;
    cvar95: Num;
}

/** Mean difference over the same seasons. share = mean / mean of the base; share_se = its standard error where it is known
 * (as a ratio over the same seasons, smaller than se / mean of the base). */
export interface Paired {
    n?: number; // seasons
    mean: Num;
    se: Num;
    share?: Num;
    share_se?: Num;
}

export interface Split {
    eens_mwh: Stat;
    lole_h: Stat;
    people_hours: Stat;
}

export interface Region extends Split {
    id: string;
    name: string;
    zone: "rear" | "front";
    people: number;
    demand_mw: number;
    x_km: Num;
    y_km: Num;
    day_people: Num[]; // without power in an average hour of each day of the season, mean of all seasons
    day_shed_mw: Num[];
}

export interface Site {
    id: string;
    name: string;
    class: "substation" | "thermal" | "nuclear" | "hydro" | "renewable";
    region: number; // index into regions, -1 = none
    x_km: Num;
    y_km: Num;
    shelter: number; // protection level 0 to 3
    damaged_share: Num; // of seasons in which any unit of it was damaged
    dark_h: Num; // hours a season with load at the site not served
}

export interface Line {
    from: number; // index into sites
    to: number;
    kv: number;
}

/** One quantity hour by hour over all seasons. */
export interface Band {
    mean: Num[];
    p5: Num[];
    p50: Num[];
    p95: Num[];
}

export interface Lever {
    name: string;
    path: string; // "" = combined or of a sweep
    cost_eur: Num; // null = none is named
    parts: number[]; // of a combination: indices into levers
    sweep: { key: string; unit: string; value: string; x: number } | null; // unit "date": x in hours since 1970
    same_share: Num; // of hours that are as in the base
    changed: { key: string; base: string; value: string }[]; // settings
    metrics: Record<string, LeverMetric>; // the keys of Run.country
    regions: { eens_mwh: Paired; lole_h: Paired; people_hours: Paired }[]; // lever - base, as Run.regions
}

export interface LeverMetric {
    mean: Num;
    se: Num;
    p50: Num;
    p95: Num;
    difference: Paired; // lever - base: negative saves
    contrast: Paired; // of a pair: beyond the sum of its parts; of a sweep: beyond the step before; else nulls
}

export interface Run {
    file: string;
    version: string; // of svitlo
    scenario: string;
    scenario_file: string; // without its folder, "" = unknown
    noun: "winter" | "year" | "season"; // what one season is called
    grid: { name: string; fingerprint: string; people: number; demand_mw: number };
    seed: string;
    first_hour: string; // "2026-11-01 00:00"
    hours: number;
    seasons: number;
    seasons_failed: number;
    stopped: boolean;
    converged: boolean;
    seconds: Num;
    settings: { key: string; value: string }[];
    units: Record<string, { unit: string; meaning: string }>; // of the metrics
    /* eens_mwh lole_h people_hours worst_mw worst_people longest_h off_4h_people off_8h_people off_24h_people
       off_72h_people events event_length_h waves strikes intercepted units_lost units_repaired demand_mwh relaxed_mwh */
    country: Record<string, Stat>;
    classes: Record<"critical" | "household" | "industry", Split>;
    regions: Region[];
    sites: Site[];
    lines: Line[]; // one for each pair of sites
    shed_mw: Band; // [hours]
    people_off: Band; // [hours]
    course: { season: number; shed_mw: number[]; people: number[] } | null; // one real season
    causes: { region: number /* -1 = groups too small to stand alone */; class: string; cause: "waves" | "failures"; mwh: number }[]; // of energy not served
    unexplained_mwh: Num;
    events: { season: number; start_h: number; length_h: number; people: Num; energy_mwh: Num }[]; // the largest
    event_lengths: { from_h: number; to_h: Num; per_season: number }[]; // to_h null = longer
    levers: Lever[];
}

export interface Report {
    version: string; // of the program that wrote the report
    runs: Run[]; // at least one, in the order of the command
}
