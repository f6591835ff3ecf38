/* Fan chart over the hours of a season: band of 90 in 100, median, one real season hour by hour, a cursor. */
import { useContext } from "preact/hooks";
import type { Num } from "../data.ts";
import { dateTicks } from "../dates.ts";
import { bandPath, linePath } from "./path.ts";
import { Printing, useWidth } from "./printing.ts";
import { extent, linear, niceRange, niceStep, tickText, ticks } from "./scale.ts";
import type { Course } from "../course.ts";

interface FanProps {
    label: string;
    course: Course;
    line: boolean; // one season: no band
    real: readonly number[] | null;
    firstHour: number;
    hours: number;
    factor: number; // shown = value * factor
    unit: string;
    cursor: number | null; // a point of the course
    onCursor: (point: number) => void;
    read: { label: string; at: number; text: string }; // of the slider, which is the cursor for the keyboard
}

const right = 10;
const top = 10;
const bottom = 26;

export function Fan({ label, course, line, real, firstHour, hours, factor, unit, cursor, onCursor, read }: FanProps) {
    const [ref, width] = useWidth();
    const printing = useContext(Printing);
    if (width === 0) return <div ref={ref} class="chart" />;
    const height = width < 500 ? 240 : printing ? 270 : 330;
    const step = course.step;
    const points = course.middle.length;
    const span = extent([...(line ? [] : course.p95), ...(line && real !== null ? [] : course.middle), ...(real ?? []), 0]);
    const [low, high] = niceRange(0, (span?.[1] ?? 1) * factor, 5);
    const y = linear(low, high, height - bottom, top);
    const scaled = (v: number): number => y(v * factor);
    const marks = ticks(low, high, 5);
    const gap = niceStep(high - low, 5);
    const left = 14 + 7 * Math.max(4, ...marks.map((v) => tickText(v, gap).length));
    const x = linear(0, hours, left, width - right);
    const middle = (i: number): number => x(Math.min(i * step + step / 2, hours));
    const dates = dateTicks(firstHour, firstHour + hours, Math.floor((width - left) / 80));
    const point = (e: MouseEvent): void => {
        const box = (e.currentTarget as SVGElement).getBoundingClientRect();
        const at = ((e.clientX - box.left) * (width / box.width) - left) / (width - left - right);
        onCursor(Math.min(points - 1, Math.max(0, Math.floor((at * hours) / step))));
    };
    return (
        <div ref={ref} class="chart">
            <p class="unit">{unit}</p>
            <svg class="fan" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}
                onMouseMove={point} onClick={point}>
                {marks.map((v) => (
                    <g key={v}>
                        <line class={v === 0 ? "zero" : "grid"} x1={left} x2={width - right} y1={y(v)} y2={y(v)} />
                        <text x={left - 8} y={y(v) + 4} text-anchor="end">{tickText(v, gap)}</text>
                    </g>
                ))}
                {dates.map((d) => (
                    <g key={d.hour}>
                        <line class="zero" x1={x(d.hour - firstHour)} x2={x(d.hour - firstHour)} y1={y(low)} y2={y(low) + 5} />
                        <text x={x(d.hour - firstHour)} y={height - 6}
                            text-anchor={x(d.hour - firstHour) < left + 20 ? "start" : x(d.hour - firstHour) > width - 34 ? "end" : "middle"}>
                            {d.label}
                        </text>
                    </g>
                ))}
                {line ? null : <path class="mark band" d={bandPath(middle, scaled, course.p5, course.p95)} />}
                {real === null ? null : <path class="mark real" d={linePath((i) => x(i + 0.5), scaled, real)} />}
                {line && real !== null ? null : <path class="mark median" d={linePath(middle, scaled, course.middle)} />}
                {cursor === null ? null : <Cursor x={middle(cursor)} y={scaled} values={line ? [real === null ? course.middle[cursor] : null] : [course.p5[cursor], course.middle[cursor], course.p95[cursor]]} low={y(low)} />}
            </svg>
            <input class="scrub" type="range" min="0" max={points - 1} step="1" value={read.at} aria-label={read.label} aria-valuetext={read.text}
                style={{ marginLeft: `${left - 8}px`, width: `${width - left - right + 16}px` }} onInput={(e) => onCursor(Number(e.currentTarget.value))} />
        </div>
    );
}

function Cursor({ x, y, values, low }: { x: number; y: (v: number) => number; values: (Num | undefined)[]; low: number }) {
    return (
        <g class="cursor">
            <line x1={x} x2={x} y1={top} y2={low} />
            {values.map((v, k) => (v === null || v === undefined ? null : <circle key={k} cx={x} cy={y(v)} r="3.5" />))}
        </g>
    );
}
