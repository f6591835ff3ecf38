/* A made-up report, the same each time: a country of 24 regions in a winter under attack, with levers and sweeps. */
import type { Band, Lever, LeverMetric, Paired, Region, Report, Run, Site, Split, Stat } from "../src/data.ts";
import { Random } from "./random.ts";

export interface Options {
    regions: number;
    sites: number;
    hours: number;
    seasons: number;
    levers: boolean;
}

export const usual: Options = { regions: 24, sites: 216, hours: 3624, seasons: 1000, levers: true };

const people = 35_000_000;

function stat(n: number, mean: number, spread: number): Stat {
    const sd = mean * spread;
    return {
        n,
        mean,
        se: n > 1 ? sd / Math.sqrt(n) : null,
        min: mean * Math.exp(-2.6 * spread),
        p5: mean * Math.exp(-1.5 * spread),
        p50: mean * (1 - spread * spread * 0.4),
        p95: mean * (1 + 1.85 * spread),
        max: mean * (1 + 4 * spread),
        cvar95: mean * (1 + 2.4 * spread),
    };
}

function split(n: number, mwh: number, hours: number, off: number): Split {
    return { eens_mwh: stat(n, mwh, 0.45), lole_h: stat(n, hours, 0.2), people_hours: stat(n, off, 0.42) };
}

function country(n: number): Record<string, Stat> {
    const of: Record<string, [number, number]> = {
        eens_mwh: [909_000, 0.44], lole_h: [2495, 0.2], people_hours: [64.8 * people, 0.42],
        worst_mw: [2812, 0.39], worst_people: [5.87e6, 0.41], longest_h: [794, 0.28],
        off_4h_people: [15.5e6, 0.27], off_8h_people: [13.08e6, 0.29], off_24h_people: [10.69e6, 0.33],
        off_72h_people: [6.76e6, 0.38], events: [6.66, 0.58], event_length_h: [375, 0.6], waves: [14.12, 0.26],
        strikes: [748, 0.33], intercepted: [528, 0.33], units_lost: [242.2, 0.31], units_repaired: [214.1, 0.31],
        demand_mwh: [45_500_000, 0.01], relaxed_mwh: [0, 0],
    };
    return Object.fromEntries(Object.entries(of).map(([key, [mean, spread]]) => [key, stat(n, mean, spread)]));
}

/* Damage rises for weeks and stays; cold spells come to each region on other days. The hours of all days sum to the total. */
function daysOf(o: Options, total: number, i: number): number[] {
    const r = new Random(100 + i);
    const days = Math.ceil(o.hours / 24);
    const raw = Array.from({ length: days }, (_, d) =>
        (1 - Math.exp(-(d + 1) / (4 + 3 * (i % 5)))) * (1 + 0.16 * Math.sin(d / 9 + i) + 0.3 * Math.sin(d / 47 + 2 * i)) * (1 + 0.03 * r.normal()));
    const hours = (d: number): number => Math.min(24, o.hours - 24 * d);
    const sum = raw.reduce((a, v, d) => a + v * hours(d), 0);
    return raw.map((v) => (v * total) / sum);
}

function regionsOf(o: Options, r: Random): Region[] {
    const weights = Array.from({ length: o.regions }, (_, i) => 1 / (i + 1.5) + 0.08);
    const all = weights.reduce((a, b) => a + b);
    return weights.map((w, i) => {
        const share = w / all;
        const harm = 30 + 80 * Math.exp(-((i * 7) % o.regions) / 9) * (0.8 + 0.4 * r.next());
        const angle = i * 2.4;
        const away = Math.sqrt((i + 0.5) / o.regions);
        return {
            id: `R${String(i + 1).padStart(2, "0")}`,
            name: r.name(),
            zone: Math.cos(angle) * away > 0.35 ? "front" : "rear",
            people: Math.round(share * people),
            demand_mw: share * 18_000,
            x_km: 600 + 560 * away * Math.cos(angle),
            y_km: 350 + 320 * away * Math.sin(angle),
            ...split(o.seasons, 909_000 * share * (harm / 60), 300 + 8 * harm, harm * share * people),
            day_people: daysOf(o, harm * share * people, i),
            day_shed_mw: daysOf(o, 909_000 * share * (harm / 60), i),
        };
    });
}

function sitesOf(o: Options, regions: Region[], r: Random): Site[] {
    return Array.from({ length: o.sites }, (_, i) => {
        const region = i < regions.length ? i : Math.floor(r.next() * r.next() * regions.length);
        const centre = regions[region] as Region;
        const draw = r.next();
        const kind = i < regions.length || draw < 0.72 ? "substation"
            : draw < 0.84 ? "thermal" : draw < 0.86 ? "nuclear" : draw < 0.92 ? "hydro" : "renewable";
        const hit = kind === "thermal" ? 0.75 : kind === "substation" ? 0.45 : kind === "hydro" ? 0.3 : 0.04;
        const loaded = kind === "substation";
        return {
            id: `S${String(i + 1).padStart(3, "0")}`,
            name: i < regions.length ? centre.name : r.name(),
            class: kind,
            region,
            x_km: (centre.x_km ?? 0) + (i < regions.length ? 0 : 62 * r.normal()),
            y_km: (centre.y_km ?? 0) + (i < regions.length ? 0 : 48 * r.normal()),
            shelter: r.next() < 0.1 ? 1 + Math.floor(3 * r.next()) : 0,
            damaged_share: Math.min(1, hit * (0.4 + 0.9 * r.next())),
            dark_h: loaded ? 40 + 900 * r.next() ** 2 : 0,
        };
    });
}

function linesOf(sites: Site[], n_region: number): Run["lines"] {
    const lines: Run["lines"] = [];
    const far = (a: Site, b: Site): number => Math.hypot((a.x_km ?? 0) - (b.x_km ?? 0), (a.y_km ?? 0) - (b.y_km ?? 0));
    sites.forEach((site, i) => {
        const before = sites.slice(0, i).map((other, k) => ({ k, d: far(site, other) })).sort((a, b) => a.d - b.d);
        const kv = i < Math.min(8, n_region) ? 750 : i < n_region ? 330 : 110;
        for (const { k } of before.slice(0, i % 3 === 0 ? 2 : 1)) lines.push({ from: k, to: i, kv });
    });
    return lines;
}

/* Damage rises in the first weeks and stays; cold spells and evenings are a little worse. */
function bandOf(o: Options, top: number, r: Random): Band {
    const band: Band = { mean: [], p5: [], p50: [], p95: [] };
    for (let h = 0; h < o.hours; h++) {
        const season = 1 - Math.exp(-h / 160);
        const day = 0.94 + 0.06 * Math.sin(((h % 24) - 9) / 12 * Math.PI);
        const cold = 1 + 0.1 * Math.sin(h / 97) + 0.04 * Math.sin(h / 31);
        const level = top * season * day * cold;
        band.mean.push(Math.round(level * 0.33));
        band.p5.push(0);
        band.p50.push(Math.round(Math.max(0, level * 0.15 * (1 + 0.02 * r.normal()) - (h < 240 ? level * 0.1 : 0))));
        band.p95.push(Math.round(level * (1 + 0.02 * r.normal())));
    }
    return band;
}

/* A wave knocks out much at once, repair brings it back step by step. */
function courseOf(top: number, hours: number, r: Random): number[] {
    let state = 0;
    let slow = 0;
    return Array.from({ length: hours }, () => {
        if (r.next() < 1 / 240) {
            state += top * r.next() ** 2;
            slow += 0.12 * top * r.next();
        }
        if (r.next() < 1 / 9) state *= 0.88;
        if (r.next() < 1 / 60) slow *= 0.9;
        return Math.round(state + slow < 0.004 * top ? 0 : state + slow);
    });
}

const nobody: Paired = { mean: null, se: null };

function leverMetrics(run: Run, saved: number, error: number, contrast: number | null): Record<string, LeverMetric> {
    return Object.fromEntries(
        Object.entries(run.country).map(([key, base]): [string, LeverMetric] => {
            const mean = base.mean ?? 0;
            const part = ["waves", "strikes", "demand_mwh"].includes(key) ? 0 : key.startsWith("worst") ? 0.6 : 1;
            return [key, {
                mean: mean * (1 - saved * part),
                se: base.se,
                p50: (base.p50 ?? 0) * (1 - saved * part),
                p95: (base.p95 ?? 0) * (1 - saved * part),
                difference: { mean: -saved * part * mean, se: error * part * mean },
                contrast: contrast === null ? nobody : { mean: -contrast * mean, se: 1.5 * error * mean },
            }];
        }),
    );
}

function leverOf(run: Run, r: Random, name: string, saved: number, error: number, more: Partial<Lever>,
                 contrast: number | null = null): Lever {
    const off = (split: Stat): Paired => ({
        mean: -(split.mean ?? 0) * saved * (0.5 + r.next()),
        se: (split.mean ?? 0) * error * 2.5,
    });
    return {
        name, path: "", cost_eur: null, parts: [], sweep: null, same_share: 0.4, changed: [],
        metrics: leverMetrics(run, saved, error, contrast),
        regions: run.regions.map((g) => ({ eens_mwh: off(g.eens_mwh), lole_h: off(g.lole_h), people_hours: off(g.people_hours) })),
        ...more,
    };
}

function leversOf(run: Run, r: Random): Lever[] {
    const one = (name: string, saved: number, error: number, cost: number | null, key: string, base: string,
                 value: string): Lever => leverOf(run, r, name, saved, error,
        { path: `levers/${name.toLowerCase().replace(/\W+/g, "-")}.yaml`, cost_eur: cost, changed: [{ key, base, value }] });
    const list = [
        one("Ceasefire from 1 January", 0.61, 0.008, null, "peace", "[]", "[{from: 2027-01-01}]"),
        one("More cover over the rear", 0.24, 0.007, 410e6, "cover.rear", "75 %", "85 %"),
        one("20 sites sheltered", 0.187, 0.006, 56e6, "shelters.at", "[]", "20 sites"),
        one("Spare autotransformers doubled", 0.0931, 0.004, 98e6, "spares.autotransformer", "14", "28"),
        one("Crews: four a region", 0.112, 0.005, 7.2e6, "crews.per_region", "3", "4"),
        one("Imports up to 2.6 GW", 0.046, 0.0012, null, "imports.limit", "2100 MW", "2600 MW"),
        one("Shelters of a thinner kind", 0.002, 0.0031, 12e6, "shelters.let_through.level_1", "55 %", "53 %"),
        one("Demand grows by 3 %", -0.071, 0.002, null, "demand.scale", "1", "1.03"),
    ];
    list.push(leverOf(run, r, "20 sites sheltered + Spare autotransformers doubled", 0.246, 0.006,
        { parts: [2, 3], cost_eur: 154e6, changed: [...(list[2]?.changed ?? []), ...(list[3]?.changed ?? [])] }, -0.0341));
    for (let k = 0; k < 7; k++) {
        const day = new Date(Date.UTC(2026, 11, 1 + 15 * k)).toISOString().slice(0, 10);
        const saved = 0.84 - 0.13 * k + 0.004 * k * k;
        list.push(leverOf(run, r, `peace.from=${day}`, Math.max(saved, 0.01), 0.008, {
            sweep: { key: "ceasefire.from", unit: "date", value: day, x: Date.parse(day) / 3600000 },
            changed: [{ key: "ceasefire.from", base: "none", value: day }],
        }, k === 0 ? null : -0.13 + 0.004 * (2 * k - 1)));
    }
    for (let k = 0; k < 7; k++) {
        const saved = -0.16 + 0.3 * (1 - Math.exp(-k / 2.2));
        const before = -0.16 + 0.3 * (1 - Math.exp(-(k - 1) / 2.2));
        list.push(leverOf(run, r, `imports.limit=${500 * k} MW`, saved, 0.002, {
            sweep: { key: "imports.limit", unit: "MW", value: `${500 * k} MW`, x: 500 * k },
            changed: [{ key: "imports.limit", base: "2100 MW", value: `${500 * k} MW` }],
        }, k === 0 ? null : saved - before));
    }
    return list;
}

function causesOf(run: Run, r: Random): Run["causes"] {
    const classes = ["switchgear", "transformer", "autotransformer", "line", "thermal", "nuclear", "hydro"];
    const weight = [0.7, 0.9, 2.2, 0.15, 1.6, 0.4, 0.3];
    const raw = run.regions.flatMap((g, region) => classes.flatMap((name, c) => (["waves", "failures"] as const).map((cause) => ({
        region, class: name, cause,
        mwh: (g.eens_mwh.mean ?? 0) * (weight[c] ?? 0) * r.next() ** 2 * (cause === "waves" ? 1 : name === "nuclear" ? 1 : 0.12),
    }))));
    const sum = raw.reduce((a, b) => a + b.mwh, 0);
    return raw.map((c) => ({ ...c, mwh: (c.mwh / sum) * 846_000 }));
}

export function makeRun(options: Partial<Options> = {}): Run {
    const o = { ...usual, ...options };
    const r = new Random(6);
    const regions = regionsOf(o, r);
    const sites = sitesOf(o, regions, r);
    const n = o.seasons;
    const run: Run = {
        file: "winter.db", version: "0.2.0", scenario: "A winter under attack", scenario_file: "winter.yaml",
        noun: o.hours > 8700 ? "year" : "winter",
        grid: { name: "Kaeladria", fingerprint: "5c1d0f3ab2e47c90", people, demand_mw: 18_000 },
        seed: "1", first_hour: o.hours > 8700 ? "2028-01-01 00:00" : "2026-11-01 00:00", hours: o.hours, seasons: n,
        seasons_failed: 0, stopped: false, converged: false, seconds: 33.4,
        settings: settings(), units: {}, country: country(n),
        classes: {
            critical: split(n, 76_400, 2463, 59.3 * 2.6e6),
            household: split(n, 501_000, 2477, 65.3 * 32.4e6),
            industry: split(n, 332_000, 2495, 0),
        },
        regions, sites, lines: linesOf(sites, regions.length),
        shed_mw: bandOf(o, 1250, r), people_off: bandOf(o, 2.5e6, r), course: null, causes: [], unexplained_mwh: 63_000,
        events: Array.from({ length: 20 }, (_, i) => ({
            season: (i * 389) % n, start_h: 200 + ((i * 577) % 900), length_h: 2900 - i * 61,
            people: 11.9e6 - i * 2.1e5, energy_mwh: 2.62e6 - i * 51_000,
        })),
        event_lengths: [[0, 2, 1.31], [2, 4, 0.62], [4, 8, 0.74], [8, 24, 1.6], [24, 72, 0.88], [72, 168, 0.47],
            [168, 720, 0.43], [720, null, 0.61]].map(([from, to, k]) => ({ from_h: from ?? 0, to_h: to ?? null, per_season: k ?? 0 })),
        levers: [],
    };
    run.course = { season: 37, people: courseOf(6e6, o.hours, r), shed_mw: courseOf(3000, o.hours, r) };
    run.causes = causesOf(run, r);
    if (o.levers) run.levers = leversOf(run, r);
    return run;
}

function settings(): Run["settings"] {
    const text = `name A winter under attack|grid country-300|network dc|outages on|season.from 2026-11-01|season.to 2027-03-31
study.seasons 1000|study.seed 1|study.until off|demand.scale 1|demand.per_degree_cold 1.7 %|weather.spread 2 C|weather.persistence 5 d
waves.rate 0.65 per week|waves.trend 0 % per month|waves.size.median 220|waves.size.spread 0.6|waves.reach 20 %
waves.strikes.substation 0.6|waves.strikes.thermal 0.3|waves.strikes.hydro 0.1|waves.revisit 50 %|cover.front 55 %|cover.rear 75 %
cover.saturates_at 20|shelters.let_through.level_1 55 %|crews.per_region 3|crews.shift 12 h|spares.autotransformer 14
spares.transformer 20|delivery.autotransformer 78 weeks|delivery.transformer 30 weeks|imports.limit 2100 MW|peace []`;
    return text.split(/[|\n]/).map((line) => {
        const gap = line.indexOf(" ");
        return { key: line.slice(0, gap), value: line.slice(gap + 1) };
    });
}

export const report = (...runs: Run[]): Report => ({ version: "0.2.0", runs });
