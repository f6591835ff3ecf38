/* Sentences of the page: the answer first, people before megawatts, the words of the text summary. */
import type { Lever, Paired, Run, Stat } from "./data.ts";
import { dateText, hourOf } from "./dates.ts";
import { amount, averageParts, counted, half, half95, measureOf, nbsp, percent, percentAverage, thousands, threeDigits } from "./format.ts";

export const enough = 20; // seasons to speak of one in twenty

export const metric = (run: Run, key: string): Stat =>
    run.country[key] ?? { n: 0, mean: null, se: null, min: null, p5: null, p50: null, p95: null, max: null, cvar95: null };

/** Whether people are known and any is ever without power. */
export const countsPeople = (run: Run): boolean => run.grid.people > 0 && metric(run, "people_hours").mean !== 0;

export const hasTail = (run: Run): boolean => metric(run, "eens_mwh").n >= enough;

export const isBright = (run: Run): boolean => metric(run, "eens_mwh").mean === 0;

/** "1 Nov 2026 to 31 Mar 2027, 3,624 h" */
export function span(run: Run): string {
    const first = hourOf(run.first_hour);
    const hours = `${thousands(run.hours)}${nbsp}h`;
    return first === null ? hours : `${dateText(first)} to ${dateText(first + run.hours - 1)}, ${hours}`;
}

/** Kaeladria: 24 regions, 35 million people */
export function place(run: Run): string {
    const parts = [counted(run.regions.length, "region")];
    if (run.grid.people > 0) parts.push(amount("people", run.grid.people));
    return `${run.grid.name === "" ? "Grid" : run.grid.name}: ${parts.join(", ")}`;
}

/** Nothing was shed: what that proves ("rule of three": 95 % bound for no event in n trials). */
function brightAnswer(run: Run): string[] {
    const n = metric(run, "eens_mwh").n;
    const lines = [`Nobody was without power in any of the ${thousands(n)} simulated ${run.noun}s.`];
    if (n >= 10)
        lines.push(`So the chance of a ${run.noun} with a cut is below ${percent(1 - 0.05 ** (1 / n))} (95${nbsp}% sure).`);
    return lines;
}

/** "64.8 h (± 1.7)" */
function inAll(mean: number, halfWidth: number): string {
    const { factor, unit } = measureOf("hours", mean);
    const [a, b] = averageParts(mean * factor, halfWidth * factor);
    return `${a}${nbsp}${unit} (±${nbsp}${b})`;
}

/** A tail in the unit of the mean, so that both are compared at a glance. */
function inUnitOf(mean: number | null, hours: number): string {
    const { factor, unit } = measureOf("hours", mean === null || mean === 0 ? hours : mean);
    return `${threeDigits(hours * factor)}${nbsp}${unit}`;
}

/** The sentences of the head: the first is the answer. */
export function answer(run: Run): string[] {
    if (isBright(run)) return brightAnswer(run);
    const many = metric(run, "eens_mwh").n > 1;
    const average = many ? "In an average" : "In this";
    const lines: string[] = [];
    if (countsPeople(run)) {
        const off = metric(run, "people_hours");
        const per = run.grid.people;
        const error = half(off);
        const mean = off.mean === null ? null : off.mean / per;
        const known = many && mean !== null && error !== null && error > 0;
        let line = mean === null ? "How long a person is without power is unknown" : `${average} ${run.noun} a person is without power for ${known ? inAll(mean, error / per) : amount("hours", mean)} in all`;
        if (hasTail(run) && off.p95 !== null)
            line += `; in one ${run.noun} in twenty, for more than ${inUnitOf(mean, off.p95 / per)}`;
        lines.push(`${line}.`);
        const worst = metric(run, "worst_people");
        line = worst.p50 === null ? "How many are in the dark at the worst hour is unknown"
            : `At the worst hour of ${many ? "a middling" : "this"} ${run.noun}, ${amount("people", worst.p50)} are in the dark`;
        if (hasTail(run) && worst.p95 !== null)
            line += `; in one ${run.noun} in twenty, more than ${amount("people", worst.p95)}`;
        lines.push(`${line}.`);
    } else {
        const hours = metric(run, "lole_h");
        let line = hours.mean === null ? "How long demand cannot be met is unknown" : `${average} ${run.noun} demand cannot be met in full for ${amount("hours", hours.mean)}`;
        if (hasTail(run) && hours.p95 !== null)
            line += `; in one ${run.noun} in twenty, for more than ${amount("hours", hours.p95)}`;
        lines.push(`${line}.`);
    }
    const wanted = metric(run, "demand_mwh").mean;
    const missing = metric(run, "eens_mwh").mean;
    if (wanted !== null && wanted > 0 && missing !== null) {
        const error = half(metric(run, "eens_mwh"));
        const share = percent(missing / wanted, error === null ? null : error / wanted);
        lines.push(/^\d/.test(share) ? `${share} of the electricity that is wanted is not delivered.` : `Of the electricity that is wanted, ${share} is not delivered.`);
    }
    return lines;
}

/* ---- levers -------------------------------------------------------------------------------- */

export type Verdict = "saves" | "harms" | "unseen" | "same" | "unknown";

/** What a difference to the base says: a 95 % interval on one side of zero, or not. Negative saves. */
export function verdictOf(difference: Paired): Verdict {
    const { mean, se } = difference;
    if (mean === null || se === null) return "unknown";
    if (mean === 0 && se === 0) return "same";
    const error = half(difference) ?? 0;
    if (mean + error < 0) return "saves";
    return mean - error > 0 ? "harms" : "unseen";
}

/** A difference as a share of the base and half of its interval. */
export function shareOf(difference: Paired, base: number | null): { share: number | null; half: number | null } {
    if (difference.mean === null || base === null || base === 0) return { share: null, half: null };
    const se = difference.share_se ?? (difference.se === null ? null : difference.se / Math.abs(base));
    return { share: difference.share ?? difference.mean / Math.abs(base), half: half({ ...difference, se }) };
}

/** "saves 31.2 ± 1.9 %", of the base; a narrow column breaks it before the number and nowhere else. */
export function verdictText(difference: Paired, base: number | null, run: Run): string {
    const verdict = verdictOf(difference);
    switch (verdict) {
        case "unknown":
            return "unknown";
        case "same":
            return `no difference in any ${run.noun}`;
        case "unseen": {
            const n = difference.n ?? run.seasons;
            const needed = Math.ceil(n * ((half95(Infinity) * (difference.se ?? 0)) / Math.abs(difference.mean ?? 0)) ** 2);
            return n >= enough && needed < 1e7 ? `no difference seen: needs about ${thousands(Number(needed.toPrecision(2)))}${nbsp}${run.noun}s` : "no difference seen";
        }
        default: {
            const { share, half: error } = shareOf(difference, base);
            if (share === null) return verdict === "saves" ? "saves" : "makes it worse";
            return `${verdict === "saves" ? "saves" : "adds"} ${percentAverage(Math.abs(share), error)}`;
        }
    }
}

/** Levers that stand for themselves: no steps of a sweep. */
export const ownLevers = (run: Run): Lever[] => run.levers.filter((lever) => lever.sweep === null);

/** The measure by which levers are ordered and spoken of. */
export const harmKey = (run: Run): string => (countsPeople(run) ? "people_hours" : "eens_mwh");

/** "Of the 9 levers, Ceasefire saves most: ..." or null. */
export function bestLever(run: Run): string | null {
    const key = harmKey(run);
    const single = ownLevers(run).filter((lever) => lever.parts.length === 0);
    let best: Lever | null = null;
    for (const lever of single) {
        const d = lever.metrics[key]?.difference;
        if (d === undefined || verdictOf(d) !== "saves") continue;
        if (best === null || (d.mean ?? 0) < (best.metrics[key]?.difference.mean ?? 0)) best = lever;
    }
    if (single.every((lever) => verdictOf(lever.metrics[key]?.difference ?? { mean: null, se: null }) === "unknown")) return null;
    if (best === null) return `None of the ${single.length} levers is seen to save anything with so many ${run.noun}s.`;
    const d = best.metrics[key]?.difference ?? { mean: null, se: null };
    const what = key === "people_hours" ? "the hours without power" : "the energy not served";
    const of = single.length === 1 ? "The lever" : `Of the ${single.length} levers,`;
    return `${of} “${best.name}” ${verdictText(d, metric(run, key).mean, run)} of ${what}${single.length > 1 ? ", more than any other" : ""}.`;
}

/** What a combination is worth beyond the sum of its parts; negative contrast saves more. */
export function togetherText(contrast: Paired, base: number | null, noun: string): string {
    const verdict = verdictOf(contrast);
    if (verdict === "unknown" || base === null || base === 0) return "unknown";
    if (verdict === "same") return "exactly the sum of its parts";
    if (verdict === "unseen") return `the sum of its parts, as far as this number of ${noun}s tells`;
    const { share, half: error } = shareOf(contrast, base);
    const size = percentAverage(Math.abs(share ?? 0), error);
    return verdict === "saves"
        ? `${size} more than the sum of its parts: together they do what neither can alone`
        : `${size} less than the sum of its parts: some of it both would have saved`;
}

/** What the step of a sweep from the value before to this one does: "12.0 ± 6.4 % better", of the base. */
export function stepText(contrast: Paired, base: number | null): string {
    const verdict = verdictOf(contrast);
    if (verdict === "unknown") return "unknown";
    if (verdict === "same") return "the same";
    if (verdict === "unseen") return "no difference seen";
    const { share, half: error } = shareOf(contrast, base);
    const size = share === null ? "" : `${percentAverage(Math.abs(share), error)} `;
    return size + (verdict === "saves" ? "better" : "worse");
}

/** What a careful reader must know before quoting a number. */
export function notes(run: Run): string[] {
    const eens = metric(run, "eens_mwh");
    const list: string[] = [];
    if (eens.n === 1) list.push(`One ${run.noun} only: nothing can be said about uncertainty.`);
    else if (eens.mean !== 0 && eens.se !== null)
        list.push(`± is half of a 95${nbsp}% interval of the average: how well this run knows it. More ${run.noun}s narrow it. It does not tell whether the assumed rates are right: those are yours.`);
    if (eens.n >= enough && eens.n < 200 && eens.mean !== 0) list.push(`“1 in 20 above” is rough with so few ${run.noun}s.`);
    if (run.stopped) list.push(`Stopped early: ${counted(run.seasons, run.noun)} are in these figures.`);
    const relaxed = metric(run, "relaxed_mwh").mean;
    if (relaxed !== null && relaxed > 0)
        list.push(`Limits of lines were relaxed by ${amount("energy", relaxed)} a ${run.noun}: no dispatch could keep them all.`);
    if (run.seasons_failed > 0)
        list.push(`${counted(run.seasons_failed, run.noun)} failed and ${run.seasons_failed === 1 ? "is" : "are"} left out of every figure; the database tells why.`);
    return list;
}
