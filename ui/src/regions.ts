/* Regions by harm, and the course of the season in each: shares of people or megawatts, day by day. */
import type { Num, Region, Run, Stat } from "./data.ts";
import { dateText } from "./dates.ts";
import { half } from "./format.ts";
import { countsPeople } from "./words.ts";

/** What a region is judged by: hours off a person, or energy not served where nobody is counted. */
export interface Harm {
    people: boolean;
    stat: (region: Region) => Stat;
    of: (region: Region, value: Num) => Num; // a value of stat, for one person
}

export function harmOf(run: Run): Harm {
    const people = countsPeople(run);
    return {
        people,
        stat: (r) => (people ? r.people_hours : r.eens_mwh),
        of: (r, v) => (v === null ? null : !people ? v : r.people > 0 ? v / r.people : null),
    };
}

/** Averages with half of their interval, as averageColumn takes them. */
export const harmList = (harm: Harm, regions: readonly Region[]): { mean: Num; half: Num }[] =>
    regions.map((r) => ({ mean: harm.of(r, harm.stat(r).mean), half: harm.of(r, half(harm.stat(r))) }));

/** Hardest hit first; unknown ones last. */
export function hardest(run: Run, harm: Harm): Region[] {
    const list = run.regions.map((r, i) => ({ r, i, v: harm.of(r, harm.stat(r).mean) ?? -1 }));
    return list.sort((a, b) => b.v - a.v || a.i - b.i).map((e) => e.r);
}

export const mixedZones = (run: Run): boolean => new Set(run.regions.map((r) => r.zone)).size > 1;

export const daysOf = (run: Run): number => Math.ceil(run.hours / 24);

/** Of one region, day by day: share of its people without power, or megawatts not delivered. */
export function dayCourse(region: Region, people: boolean, days: number): Num[] {
    return Array.from({ length: days }, (_, d) => {
        const v = (people ? region.day_people : region.day_shed_mw)[d] ?? null;
        return v === null || !people ? v : region.people > 0 ? v / region.people : null;
    });
}

/** Of all regions that are known: share of their people, or megawatts of the average region. */
export function countryCourse(regions: readonly Region[], people: boolean, days: number): Num[] {
    return Array.from({ length: days }, (_, d) => {
        let off = 0;
        let all = 0;
        for (const r of regions) {
            const v = (people ? r.day_people : r.day_shed_mw)[d] ?? null;
            const weight = people ? r.people : 1;
            if (v === null || !(weight > 0)) continue;
            off += v;
            all += weight;
        }
        return all > 0 ? off / all : null;
    });
}

export function meanOf(values: readonly Num[]): Num {
    const known = values.filter((v): v is number => v !== null);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

/** The day with the largest value, the first of several; null when none is known. */
export function worstDay(values: readonly Num[]): number | null {
    let best: number | null = null;
    values.forEach((v, d) => {
        if (v !== null && (best === null || v > (values[best] ?? 0))) best = d;
    });
    return best;
}

export interface Piece {
    label: string;
    from: number; // day
    to: number; // the day after its last
}

/** A season in a few pieces for tables: months, weeks or days. */
export function piecesOf(first: number, days: number): Piece[] {
    const list: Piece[] = [];
    for (let d = 0; d < days; d++) {
        const week = d - (d % 7);
        const label = days > 45 ? dateText(first + 24 * d).replace(/^\d+ /, "")
            : days > 14 ? `week from ${dateText(first + 24 * week, false)}` : dateText(first + 24 * d, false);
        const last = list[list.length - 1];
        if (last?.label === label) last.to = d + 1;
        else list.push({ label, from: d, to: d + 1 });
    }
    return list;
}
