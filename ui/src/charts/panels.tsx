/* Small multiples: one small chart a thing, all on one scale. Each day is a step; what stands above the common line is
 * filled darker. Axes are drawn once: values beside the first column, dates below some rows. */
import type { ComponentChildren } from "preact";
import type { Num } from "../data.ts";
import { dateTicks } from "../dates.ts";
import { bandPath, linePath } from "./path.ts";
import { useWidth } from "./printing.ts";
import { extent, linear, niceStep, tickText, ticks } from "./scale.ts";

export interface Panel {
    key: string;
    head: ComponentChildren;
    label: string; // of the drawing, for screen readers
    values: Num[]; // [days]
}

interface PanelsProps {
    unit: string;
    factor: number; // shown = value * factor
    firstHour: number;
    hours: number;
    common: Num[] | null; // [days] drawn in each panel
    items: Panel[];
}

const gap = 16;
const narrowest = 130;
const top = 8;

/** How many panels stand side by side: at most four. */
export const columnsOf = (width: number, n: number): number =>
    Math.max(1, Math.min(4, n, Math.floor((width + gap) / (narrowest + gap))));

/** Dates stand below the last panel of each column, and below every sixth row of many. */
export const dated = (i: number, n: number, columns: number): boolean =>
    i + columns >= n || Math.floor(i / columns) % 6 === 5;

/** Values as steps, one from the edge of a day to the next: each value twice, and the edge it stands at. */
export const steps = (values: readonly Num[]): Num[] => values.flatMap((v) => [v, v]);
export const edgeOf = (k: number): number => Math.ceil(k / 2);

export function Panels({ unit, factor, firstHour, hours, common, items }: PanelsProps) {
    const [ref, whole] = useWidth();
    if (whole === 0) return <div ref={ref} class="chart" />;
    const range = extent([...items.flatMap((p) => p.values), ...(common ?? [])]);
    const largest = range?.[1] ?? 0;
    const high = largest > 0 ? largest * factor * 1.04 : 1;
    const marks = range === null ? [] : ticks(0, high, 3);
    const step = niceStep(high, 3);
    const left = 10 + 7 * Math.max(2, ...marks.map((v) => tickText(v, step).length));
    const columns = columnsOf(whole - left, items.length);
    const width = Math.floor((whole - left - gap * (columns - 1)) / columns);
    const height = Math.round(Math.min(150, Math.max(76, width * 0.46)));
    const x = linear(0, hours, 0, width);
    const y = linear(0, high, height - 1, top);
    const at = (k: number): number => x(Math.min(24 * edgeOf(k), hours));
    const scaled = (v: number): number => y(v * factor);
    const dates = dateTicks(firstHour, firstHour + hours, Math.floor(width / (hours > 45 * 24 ? 36 : 56)))
        .filter((d) => d.hour < firstHour + hours);
    const level = common === null ? null : steps(common);
    const line = level === null ? "" : linePath(at, scaled, level);
    return (
        <div ref={ref} class="chart">
            <p class="unit">{unit}</p>
            <ul class="panels" style={{ paddingLeft: `${left}px`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
                {items.map((panel, i) => {
                    const values = steps(panel.values);
                    const lower = level === null ? [] : values.map((v, k) => (v === null ? null : Math.min(v, level[k] ?? v)));
                    const known = panel.values.some((v) => v !== null);
                    return (
                        <li key={panel.key}>
                            {panel.head}
                            <svg class="panel" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={panel.label}>
                                {dates.map((d) => <line key={d.hour} class="grid" x1={x(d.hour - firstHour)} x2={x(d.hour - firstHour)} y1={top} y2={y(0)} />)}
                                {marks.map((v) => (
                                    <g key={v}>
                                        <line class={v === 0 ? "zero" : "grid"} x1="0" x2={width} y1={y(v)} y2={y(v)} />
                                        {i % columns === 0 ? <text x="-7" y={y(v) + 4} text-anchor="end">{tickText(v, step)}</text> : null}
                                    </g>
                                ))}
                                <path class="mark band" d={bandPath(at, scaled, values.map((v) => (v === null ? null : 0)), values)} />
                                <path class="mark above" d={bandPath(at, scaled, lower, values)} />
                                <path class="mark common" d={line} />
                                <path class="mark course-line" d={linePath(at, scaled, values)} />
                                {known ? null : <text class="unknown" x={width / 2} y={top + 16} text-anchor="middle">unknown</text>}
                                {!dated(i, items.length, columns) ? null : dates.map((d) => {
                                    const tick = x(d.hour - firstHour);
                                    return (
                                        <text key={d.hour} x={tick} y={height + 15} text-anchor={tick < 14 ? "start" : tick > width - 14 ? "end" : "middle"}>
                                            {d.label.replace(/ \d{4}$/, "")}
                                        </text>
                                    );
                                })}
                            </svg>
                        </li>
                    );
                })}
            </ul>
        </div>
    );
}
