/* A curve of a sweep: points with error bars, a band between, zero marked. */
import { dateTicks } from "../dates.ts";
import { bandPath, linePath } from "./path.ts";
import { useWidth } from "./printing.ts";
import { extent, linear, niceRange, niceStep, tickText, ticks } from "./scale.ts";

interface CurveProps {
    label: string;
    date: boolean; // x counts hours since 1970
    unit: string;
    xUnit: string;
    points: { x: number; y: number; error: number | null }[];
}

const left = 46;
const right = 14;
const top = 10;

export function Curve({ label, date, unit, xUnit, points }: CurveProps) {
    const [ref, width] = useWidth();
    if (width === 0) return <div ref={ref} class="chart" />;
    const bottom = xUnit === "" ? 26 : 44;
    const height = (width < 500 ? 200 : 250) + bottom - 26;
    const xs = extent(points.map((p) => p.x)) ?? [0, 1];
    const pad = (xs[1] - xs[0]) * 0.03 || 1;
    const ends = extent(points.flatMap((p) => [p.y - (p.error ?? 0), p.y + (p.error ?? 0), 0])) ?? [0, 1];
    const [low, high] = niceRange(ends[0], ends[1], 5);
    const y = linear(low, high, height - bottom, top);
    const x = linear(xs[0] - pad, xs[1] + pad, left, width - right);
    const marks = ticks(low, high, 5);
    const gap = niceStep(high - low, 5);
    const most = Math.max(2, Math.floor((width - left) / 90));
    const numbers = ticks(xs[0], xs[1], most);
    const step = niceStep(xs[1] - xs[0], most);
    const along = date ? dateTicks(xs[0] - pad, xs[1] + pad, most).map((d) => ({ at: d.hour, label: d.label }))
        : numbers.map((v) => ({ at: v, label: tickText(v, step) }));
    const of = (i: number): number => x(points[i]?.x ?? 0);
    return (
        <div ref={ref} class="chart">
            <p class="unit">{unit}</p>
            <svg class="curve" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
                {marks.map((v) => (
                    <g key={v}>
                        <line class={v === 0 ? "zero" : "grid"} x1={left} x2={width - right} y1={y(v)} y2={y(v)} />
                        <text x={left - 8} y={y(v) + 4} text-anchor="end">{tickText(v, gap)}</text>
                    </g>
                ))}
                {along.map((t) => (
                    <g key={t.at}>
                        <line class="zero" x1={x(t.at)} x2={x(t.at)} y1={y(low)} y2={y(low) + 5} />
                        <text x={x(t.at)} y={height - bottom + 20} text-anchor="middle">{t.label}</text>
                    </g>
                ))}
                {xUnit === "" ? null : <text class="unit" x={width - right} y={height - 6} text-anchor="end">{xUnit}</text>}
                <path class="mark saves-band" d={bandPath(of, y, points.map((p) => p.y - (p.error ?? 0)), points.map((p) => p.y + (p.error ?? 0)))} />
                <path class="mark saves-line" d={linePath(of, y, points.map((p) => p.y))} />
                {points.map((p) => (
                    <g key={p.x} class="whisker">
                        {p.error === null ? null : <line x1={x(p.x)} x2={x(p.x)} y1={y(p.y - p.error)} y2={y(p.y + p.error)} />}
                        <circle class="mark saves-dot" cx={x(p.x)} cy={y(p.y)} r="4" />
                    </g>
                ))}
            </svg>
        </div>
    );
}
