/* Scales and ticks of axes. */

export interface Scale {
    (value: number): number;
    min: number;
    max: number;
}

export function linear(min: number, max: number, from: number, to: number): Scale {
    const span = max - min || 1;
    const scale = (value: number): number => from + ((value - min) / span) * (to - from);
    return Object.assign(scale, { min, max });
}

/** 1, 2 or 5 times a power of ten: the step that gives at most so many ticks. */
export function niceStep(span: number, most: number): number {
    if (!(span > 0) || most < 1) return 1;
    const raw = span / most;
    const power = 10 ** Math.floor(Math.log10(raw) + 1e-9);
    const factor = raw / power;
    return power * (factor <= 1 + 1e-9 ? 1 : factor <= 2 + 1e-9 ? 2 : factor <= 5 + 1e-9 ? 5 : 10);
}

/** Round numbers within [min, max]. */
export function ticks(min: number, max: number, most: number): number[] {
    const step = niceStep(max - min, most);
    const list: number[] = [];
    for (let k = Math.ceil(min / step - 1e-9); k * step <= max + step * 1e-9; k++) list.push(k === 0 ? 0 : k * step);
    return list;
}

/** [0, max] widened to round numbers; never empty. */
export function niceRange(min: number, max: number, most: number): [number, number] {
    if (!(max > min)) return [Math.min(min, 0), min === max && max > 0 ? max : Math.max(max, 0) + 1];
    const step = niceStep(max - min, most);
    return [Math.floor(min / step + 1e-9) * step, Math.ceil(max / step - 1e-9) * step];
}

/** A tick as text: as many decimals as the step needs. */
export function tickText(value: number, step: number): string {
    const decimals = Math.min(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)), 6);
    const [whole = "0", rest] = Math.abs(value).toFixed(decimals).split(".");
    const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest === undefined ? "" : "." + rest);
    return value < 0 ? "−" + text : text;
}

export function extent(values: Iterable<number | null>): [number, number] | null {
    let low = Infinity;
    let high = -Infinity;
    for (const v of values) {
        if (v === null || !Number.isFinite(v)) continue;
        if (v < low) low = v;
        if (v > high) high = v;
    }
    return low <= high ? [low, high] : null;
}
