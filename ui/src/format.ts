/* Numbers as text, by the rules of the text summary (app/cli/summary.c): an average has two digits on its ± and stands
 * at the same place, a quantile has three digits, one unit for all numbers of a row, unknown is said. */
import type { Num, Paired, Stat } from "./data.ts";

export type Quantity = "energy" | "power" | "hours" | "people" | "count";

/** Shown = value * factor, in unit. */
export interface Measure {
    factor: number;
    unit: string;
}

const z = 1.959963984540054;

/** Half of a 95 % interval of a mean of n values, in standard errors: Student's t, as app/cli/number.c has it. */
export function half95(n: number): number {
    if (n < 2) return NaN;
    if (n <= 3) return n === 2 ? 12.706204736 : 4.30265273;
    const df = n - 1, z2 = z * z;
    const a = (z2 + 1) / 4, b = ((5 * z2 + 16) * z2 + 3) / 96, c = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    return z * (1 + (a + (b + c / df) / df) / df);
}
export const nbsp = "\u00a0";
export const unknown = "unknown";

/** Half of a 95 % interval; null when no error is known. */
export function half(stat: Stat | Paired): Num {
    return stat.se === null ? null : half95(stat.n ?? Infinity) * stat.se;
}

function decade(value: number): number {
    return value !== 0 && Number.isFinite(value) ? Math.floor(Math.log10(Math.abs(value)) + 1e-12) : 0;
}

/** "1,234.5", with a real minus. */
export function thousands(value: number, decimals = 0): string {
    if (!Number.isFinite(value)) return unknown;
    const plain = Math.abs(value).toFixed(Math.min(Math.max(decimals, 0), 6));
    const [whole = "0", rest] = plain.split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    const sign = value < 0 && /[1-9]/.test(plain) ? "−" : "";
    return sign + grouped + (rest === undefined ? "" : "." + rest);
}

/** The value rounded at 10^place. */
function rounded(value: number, place: number): string {
    const step = 10 ** place;
    return place > 0 ? thousands(Math.round(value / step) * step) : thousands(value, -place);
}

/** Three digits; whole numbers below 10,000 stay whole. */
export function threeDigits(value: number): string {
    if (value === 0) return "0";
    const place = decade(value) - 2;
    return rounded(value, place > 0 && Math.abs(value) < 10000 ? 0 : place);
}

/** The unit in which a row whose largest number is this is written. */
export function measureOf(what: Quantity, largest: number): Measure {
    switch (what) {
        case "energy":
            if (largest >= 1e7) return { factor: 1e-6, unit: "TWh" };
            if (largest >= 1e4) return { factor: 1e-3, unit: "GWh" };
            return largest >= 0.1 || largest === 0 ? { factor: 1, unit: "MWh" } : { factor: 1e3, unit: "kWh" };
        case "power":
            if (largest >= 1e4) return { factor: 1e-3, unit: "GW" };
            return largest >= 0.1 || largest === 0 ? { factor: 1, unit: "MW" } : { factor: 1e3, unit: "kW" };
        case "hours":
            if (largest >= 0.1 || largest === 0) return { factor: 1, unit: "h" };
            return largest >= 0.1 / 60 ? { factor: 60, unit: "min" } : { factor: 3600, unit: "s" };
        case "people":
            return largest >= 1e6 ? { factor: 1e-6, unit: "million" } : { factor: 1, unit: "people" };
        case "count":
            return { factor: 1, unit: "" };
    }
}

function withUnit(text: string, unit: string): string {
    return unit === "" ? text : text + nbsp + unit;
}

/** The mean and the half interval at their common place, without a unit. */
export function averageParts(mean: number, halfWidth: Num): [string, string | null] {
    if (halfWidth === null || !(halfWidth > 0)) return [threeDigits(mean), null];
    const place = Math.max(decade(halfWidth) - 1, decade(mean) - 5);
    return [rounded(mean, place), rounded(halfWidth, place)];
}

/** "1,284 ± 40 GWh". */
export function average(measure: Measure, mean: Num, halfWidth: Num): string {
    if (mean === null) return unknown;
    const [a, b] = averageParts(mean * measure.factor, halfWidth === null ? null : halfWidth * measure.factor);
    return withUnit(b === null ? a : `${a}${nbsp}±${nbsp}${b}`, measure.unit);
}

/** The unit of a row that shows an average and its tail. */
export function measureOfRow(what: Quantity, stat: Stat, per = 1): Measure {
    return measureOf(what, Math.max(Math.abs(stat.mean ?? 0), Math.abs(stat.p95 ?? 0)) / per);
}

/** An average with the unit that fits it. */
export function averageOf(what: Quantity, stat: Stat | Paired, per = 1): string {
    if (stat.mean === null || !(per > 0)) return unknown;
    const error = half(stat);
    return average(measureOf(what, Math.abs(stat.mean / per)), stat.mean / per, error === null ? null : error / per);
}

/** A column of averages at one common place, that of the usual interval, so that they can be compared at a glance. */
export function averageColumn(measure: Measure, list: readonly { mean: Num; half: Num }[]): string[] {
    const halves = list.map((a) => (a.half ?? 0) * measure.factor);
    const sorted = halves.filter((h) => h > 0).sort((a, b) => a - b);
    const usual = sorted[Math.floor(sorted.length / 2)];
    if (usual === undefined) return list.map((a) => average(measure, a.mean, null));
    const place = decade(usual) - 1;
    return list.map((a, i) => {
        if (a.mean === null) return unknown;
        if (a.mean === 0) return withUnit("0", measure.unit);
        const error = (halves[i] ?? 0) > 0 ? `${nbsp}±${nbsp}${rounded(halves[i] ?? 0, place)}` : "";
        return withUnit(rounded(a.mean * measure.factor, place) + error, measure.unit);
    });
}

/** A quantile in a row's unit, without the unit. */
export function quantile(measure: Measure, value: Num): string {
    return value === null ? unknown : threeDigits(value * measure.factor);
}

/** A single amount for sentences: "11.2 h", "4.9 million people", "61,000 people". */
export function amount(what: Quantity, value: Num): string {
    if (value === null) return unknown;
    const measure = measureOf(what, Math.abs(value));
    const shown = value * measure.factor;
    if (what !== "people") return withUnit(threeDigits(shown), measure.unit);
    const number = rounded(shown, Math.abs(shown) < 10 && measure.factor >= 1 ? 0 : decade(shown) - 1);
    return number + (measure.factor < 1 ? nbsp + "million" : "") + nbsp + "people";
}

/** What nobody could feel, its interval too (share_text in app/cli/levers.c). */
const below = (value: number, halfWidth: Num): boolean => halfWidth !== null && halfWidth > 0 && Math.abs(value) + halfWidth < 0.01;

const belowText = (unit: string): string => withUnit(`below${nbsp}0.01`, unit);

/** "2.0 %": two digits; "below 0.01 %" only where its interval, if it has one, is below too. */
export function percent(share: Num, halfWidth: Num = null): string {
    if (share === null) return unknown;
    const value = 100 * share;
    if (below(value, halfWidth === null ? null : 100 * halfWidth)) return belowText("%");
    return rounded(value, value !== 0 ? Math.min(decade(value) - 1, 0) : 0) + nbsp + "%";
}

/** An average in a given unit, "below 0.01 h" where it is nothing in that unit. */
export function sizedAverage(measure: Measure, mean: Num, halfWidth: Num): string {
    const f = measure.factor;
    return mean !== null && below(mean * f, halfWidth === null ? null : halfWidth * f) ? belowText(measure.unit) : average(measure, mean, halfWidth);
}

/** "61.4 ± 2.7 %" */
export function percentAverage(share: Num, halfWidth: Num): string {
    return sizedAverage({ factor: 100, unit: "%" }, share, halfWidth);
}

/** "500 M EUR", "1,809 EUR", "1.2 bn EUR": three digits, for costs are stated, not measured; whole ones stay whole. */
export function money(eur: Num): string {
    if (eur === null) return unknown;
    const size = Math.abs(eur);
    const [per, unit] = size >= 1e9 ? [1e9, "bn EUR"] : size >= 1e5 ? [1e6, "M EUR"] : [1, "EUR"];
    const shown = eur / per;
    const exact = Number(shown.toPrecision(3));
    if (Math.abs(shown) >= 1000 || exact !== Number(shown.toPrecision(12))) return withUnit(threeDigits(shown), unit);
    return withUnit(thousands(exact, (String(exact).split(".")[1] ?? "").length), unit);
}

/** "1 winter", "1,000 winters". */
export function counted(n: number, noun: string): string {
    return `${thousands(n)}${nbsp}${noun}${n === 1 ? "" : "s"}`;
}
