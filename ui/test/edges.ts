/* Reports at the edges of what the program can write. */
import type { Report, Run, Stat } from "../src/data.ts";
import { makeRun, report } from "./sample.ts";

const zero: Stat = { n: 1000, mean: 0, se: 0, min: 0, p5: 0, p50: 0, p95: 0, max: 0, cvar95: 0 };

/** A copy with every number under these keys made null. */
function nulled<T>(value: T, known: Set<string>, key = ""): T {
    if (typeof value === "number") return (known.has(key) ? value : null) as T;
    if (Array.isArray(value)) return value.map((v) => nulled(v, known, key)) as T;
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, nulled(v, known, k)])) as T;
}

function noPeople(): Run {
    const run = makeRun({ levers: false });
    const clear = (split: { people_hours: Stat }): void => void (split.people_hours = zero);
    run.grid.people = 0;
    run.scenario = "IEEE RTS-79";
    for (const key of Object.keys(run.country)) if (key.includes("people")) run.country[key] = zero;
    run.regions.forEach((r) => { r.people = 0; r.day_people = r.day_people.map(() => 0); clear(r); });
    Object.values(run.classes).forEach(clear);
    for (const key of ["mean", "p5", "p50", "p95"] as const) run.people_off[key] = run.people_off[key].map(() => 0);
    if (run.course !== null) run.course.people = run.course.people.map(() => 0);
    run.events.forEach((e) => (e.people = null));
    return run;
}

function allZero(): Run {
    const run = makeRun({ regions: 5, sites: 40, levers: false });
    for (const key of Object.keys(run.country)) if (key !== "demand_mwh") run.country[key] = zero;
    const still = { eens_mwh: zero, lole_h: zero, people_hours: zero };
    run.regions = run.regions.map((r) => ({ ...r, ...still, day_people: r.day_people.map(() => 0), day_shed_mw: r.day_people.map(() => 0) }));
    run.classes = { critical: still, household: still, industry: still };
    run.sites.forEach((s) => { s.damaged_share = 0; s.dark_h = 0; });
    for (const band of [run.shed_mw, run.people_off])
        for (const key of ["mean", "p5", "p50", "p95"] as const) band[key] = band[key].map(() => 0);
    if (run.course !== null) run.course = { season: 0, shed_mw: run.shed_mw.p5.map(() => 0), people: run.shed_mw.p5.map(() => 0) };
    return { ...run, causes: [], unexplained_mwh: 0, events: [], event_lengths: [] };
}

function unknowns(): Run {
    const run = makeRun({ regions: 6, sites: 50 });
    const known = new Set(["hours", "seasons", "seasons_failed", "from", "to", "kv", "region", "n", "parts", "x", "season",
        "start_h", "length_h", "shelter", "people", "demand_mw", "from_h", "to_h", "per_season", "shed_mw", "mwh", "energy_mwh"]);
    return nulled(run, known);
}

function oneSeason(): Run {
    const run = makeRun({ regions: 1, sites: 9, seasons: 1, hours: 168, levers: false });
    for (const band of [run.shed_mw, run.people_off]) band.mean = band.p5 = band.p50 = band.p95;
    return { ...run, noun: "season", scenario: "One <week> & one region", course: null, seconds: 0.2 };
}

/* Cuts in some hours of some years, as in a system in peace. */
function rare(): Run {
    const run = makeRun({ regions: 3, sites: 30, hours: 8784, seasons: 40, levers: false });
    for (const band of [run.shed_mw, run.people_off]) {
        band.p5 = band.p50 = band.p95.map(() => 0);
        band.mean = band.p95.map((v, h) => ((v ?? 0) * (h % 97 === 0 ? 1 : 0)) / 400);
        band.p95 = band.p95.map((v, h) => (h > 500 && h < 504 ? (v ?? 0) / 50 : 0));
    }
    run.causes = run.causes.filter((c) => c.cause === "failures");
    const seldom = (s: Stat): Stat => ({ ...s, mean: (s.mean ?? 0) / 1e5, se: (s.se ?? 0) / 1e5, p50: 0, p95: (s.p95 ?? 0) / 1e4 });
    for (const key of ["people_hours", "eens_mwh"]) {
        const s = run.country[key];
        if (s !== undefined) run.country[key] = seldom(s);
    }
    run.regions = run.regions.map((r) => ({
        ...r, people_hours: seldom(r.people_hours), eens_mwh: seldom(r.eens_mwh),
        day_people: r.day_people.map((v, d) => (d % 97 === 20 ? (v ?? 0) / 1e3 : 0)),
        day_shed_mw: r.day_shed_mw.map((v, d) => (d % 97 === 20 ? (v ?? 0) / 1e3 : 0)),
    }));
    return { ...run, scenario: "A year in peace" };
}

function large(): Run {
    const run = makeRun({ regions: 60, sites: 2000, seasons: 10_000, levers: false });
    run.regions.forEach((r, i) => { if (i % 9 === 0) r.name = `${r.name} with a very long name of a region`; });
    return run;
}

/* More regions than there are panels; of one nobody knows the people, of one some days. */
function many(): Run {
    const run = makeRun({ regions: 75, sites: 150, levers: false });
    const [a, b] = [run.regions[0], run.regions[1]];
    if (a !== undefined) a.day_people = a.day_people.map(() => null);
    if (b !== undefined) b.day_people = b.day_people.map((v, d) => (d < 20 || d === 60 ? null : v));
    return run;
}

function failedOnes(): Run {
    const run = makeRun({ levers: true, seasons: 150 });
    run.settings = run.settings.map((s, i) => (i % 2 === 1 ? { ...s, value: `${s.value} and more` } : s));
    return { ...run, file: "studies/cold.db", scenario: "A cold winter", seasons_failed: 3, stopped: true, grid: { ...run.grid, fingerprint: "77aa" } };
}

export const samples: Record<string, () => Report> = {
    usual: () => report(makeRun()),
    no_levers: () => report(makeRun({ levers: false })),
    no_people: () => report(noPeople()),
    all_zero: () => report(allZero()),
    unknowns: () => report(unknowns()),
    one_season: () => report(oneSeason()),
    rare: () => report(rare()),
    year: () => report(makeRun({ hours: 8784, levers: false })),
    large: () => report(large()),
    many: () => report(many()),
    several: () => report(makeRun({ levers: false }), failedOnes()),
};
