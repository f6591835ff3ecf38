/* Levers for drawing: what each saves against the base, in order of worth; sweeps by key; regions. Saved = -difference. */
import type { Lever, Num, Paired, Run } from "./data.ts";
import { half, measureOf, money, nbsp, sizedAverage, unknown, type Quantity } from "./format.ts";
import { countsPeople, metric, ownLevers, shareOf, verdictOf, type Verdict } from "./words.ts";

export type Aim = "people_hours" | "eens_mwh" | "worst";

/** The metric of an aim; the worst hour is of people where they are known. */
export function keyOf(run: Run, aim: Aim): string {
    return aim !== "worst" ? aim : countsPeople(run) ? "worst_people" : "worst_mw";
}

export interface Saved {
    lever: Lever;
    difference: Paired;
    base: Num;
    share: Num; // saved, of the base
    error: Num; // half of the 95 % interval of the share
    verdict: Verdict;
}

const nothing: Paired = { mean: null, se: null };

export function savedBy(run: Run, lever: Lever, key: string): Saved {
    const difference = lever.metrics[key]?.difference ?? nothing;
    const base = metric(run, key).mean;
    const { share, half: error } = shareOf(difference, base);
    return { lever, difference, base, share: share === null ? null : 0 - share, error, verdict: verdictOf(difference) };
}

/** Levers of their own and combinations, the one that saves most first; unknown ones last. */
export function inOrder(run: Run, key: string): Saved[] {
    return ownLevers(run).map((lever) => savedBy(run, lever, key))
        .sort((a, b) => (b.share ?? -Infinity) - (a.share ?? -Infinity) || 0);
}

export interface Sweep {
    key: string;
    unit: string;
    steps: Saved[]; // by ascending x
}

export function sweepsOf(run: Run, key: string): Sweep[] {
    const sweeps = new Map<string, Sweep>();
    for (const lever of run.levers) {
        if (lever.sweep === null || lever.sweep.x === null) continue;
        const sweep = sweeps.get(lever.sweep.key) ?? { key: lever.sweep.key, unit: lever.sweep.unit, steps: [] };
        sweep.steps.push(savedBy(run, lever, key));
        sweeps.set(lever.sweep.key, sweep);
    }
    for (const sweep of sweeps.values()) sweep.steps.sort((a, b) => (a.lever.sweep?.x ?? 0) - (b.lever.sweep?.x ?? 0));
    return [...sweeps.values()];
}

/** A column of differences in one unit, that of the largest: "−19.8 ± 1.2 h a person", "below 0.01 h a person". */
export function absoluteColumn(run: Run, key: string, list: readonly Paired[]): string[] {
    const per = key === "people_hours" ? run.grid.people : 1;
    const what: Quantity = key === "people_hours" ? "hours" : key === "eens_mwh" ? "energy" : key === "worst_mw" ? "power" : "people";
    const measure = measureOf(what, Math.max(0, ...list.map((d) => Math.abs(d.mean ?? 0))) / (per > 0 ? per : 1));
    return list.map((difference) => {
        if (difference.mean === null || !(per > 0)) return unknown;
        const error = half(difference);
        const text = sizedAverage(measure, difference.mean / per, error === null ? null : error / per);
        const signed = difference.mean > 0 && /^\d/.test(text) ? `+${text}` : text;
        return key === "people_hours" ? `${signed} a${nbsp}person` : signed;
    });
}

/** EUR a MWh, or a person-hour, saved in one season; null when nothing is seen to be saved. */
export function costPer(lever: Lever, key: "eens_mwh" | "people_hours"): Num {
    const difference = lever.metrics[key]?.difference;
    if (lever.cost_eur === null || difference === undefined || verdictOf(difference) !== "saves") return null;
    return lever.cost_eur / -(difference.mean ?? 0);
}

/** "Of the 4 with a cost, 2 are seen to save; “X” saves most for its money: 71 EUR a MWh." or null. */
export function bestForMoney(run: Run): string | null {
    const priced = ownLevers(run).filter((l) => l.parts.length === 0 && l.cost_eur !== null);
    const seen = priced.flatMap((lever) => { const per = costPer(lever, "eens_mwh"); return per === null ? [] : [{ lever, per }]; })
        .sort((a, b) => a.per - b.per);
    const best = seen[0];
    if (best === undefined || priced.length < 2) return null;
    const name = `“${best.lever.name}”`;
    const price = `${money(best.per)} a${nbsp}MWh.`;
    const of = `Of the ${priced.length} with a cost,`;
    if (seen.length === 1) return `${of} only ${name} is seen to save: ${price}`;
    return `${of} ${seen.length < priced.length ? `${seen.length} are seen to save; ` : ""}${name} saves most for its money: ${price}`;
}

/** Hours a person (MWh where no people are known) that a lever saves in each region, with its half interval. */
export function byRegion(run: Run, lever: Lever): { i: number; saved: Num; error: Num }[] {
    const people = countsPeople(run);
    return run.regions.map((region, i) => {
        const d = (people ? lever.regions[i]?.people_hours : lever.regions[i]?.eens_mwh) ?? nothing;
        const per = people ? region.people : 1;
        const error = half(d);
        const known = d.mean !== null && per > 0;
        return { i, saved: known ? 0 - (d.mean ?? 0) / per : null, error: known && error !== null ? error / per : null };
    });
}
