/* The course of a season for drawing: quantiles hour by hour, or their mean over each day where hours are many. */
import type { Band, Num } from "./data.ts";

export interface Course {
    step: number; // hours a point
    p5: Num[];
    p50: Num[];
    p95: Num[];
    mean: Num[];
    middle: Num[]; // the line: the median, or the mean where the median is 0 all along
    rare: boolean; // the line is the mean
}

function dayMean(values: readonly Num[], hours: number, step: number): Num[] {
    const list: Num[] = [];
    for (let h = 0; h < hours; h += step) {
        let sum = 0;
        let n = 0;
        for (let k = h; k < Math.min(h + step, hours); k++) {
            const v = values[k] ?? null;
            if (v === null) continue;
            sum += v;
            n++;
        }
        list.push(n === 0 ? null : sum / n);
    }
    return list;
}

export function courseOf(band: Band, hours: number): Course {
    const step = hours > 28 * 24 ? 24 : 1;
    const of = (values: readonly Num[]): Num[] => dayMean(values, hours, step);
    const [p50, mean] = [of(band.p50), of(band.mean)];
    const rare = p50.every((v) => v === 0) && mean.some((v) => v !== null && v > 0);
    return { step, p5: of(band.p5), p50, p95: of(band.p95), mean, middle: rare ? mean : p50, rare };
}
