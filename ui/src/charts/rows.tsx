/* A table whose first column of figures is drawn: one row a thing, all rows on one scale. The bar repeats what the cells
 * say, so it is hidden from screen readers. On narrow screens a row is a grid, label above bar; the roles keep it a table. */
import type { ComponentChildren } from "preact";
import { tickText, ticks } from "./scale.ts";

export interface RowItem {
    key: string;
    label: ComponentChildren;
    draw: (x: (value: number) => number) => ComponentChildren; // x in per cent of the width
    cells: ComponentChildren[];
    quiet?: boolean;
}

interface RowsProps {
    caption: string;
    first: string; // head of the labels
    axis: string; // what is drawn, with its unit
    heads: string[];
    wide?: number[]; // cells that narrow screens leave to the table
    range: [number, number];
    stacked?: boolean; // long labels: above the bar on narrow screens
    tick?: (value: number, step: number) => string;
    items: RowItem[];
}

const inset = 3; // per cent at both ends, for the outer tick labels

export function Rows({ caption, first, axis, heads, wide = [], range, stacked = false, tick = tickText, items }: RowsProps) {
    const [low, high] = range;
    const x = (value: number): number => inset + ((value - low) / (high - low || 1)) * (100 - 2 * inset);
    const marks = ticks(low, high, 5);
    const step = (marks[1] ?? 1) - (marks[0] ?? 0);
    const zero = Math.max(0, marks.indexOf(0));
    const only = (k: number): string => (wide.includes(k) ? "wide" : "");
    const long = items.some((item) => typeof item.cells[0] === "string" && item.cells[0].length > 15); // narrow screens give it room
    return (
        <table class={`rows${stacked ? " stacked" : ""}${long ? " long" : ""}`} role="table">
            <caption class="unseen">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">{first}</th>
                    <th scope="col" role="columnheader" class="drawn">
                        {axis}
                        <svg class="axis" width="100%" height="16" aria-hidden="true">
                            {marks.map((v, k) => (
                                <text key={v} class={(k - zero) % 2 === 0 ? "" : "between"} x={`${x(v)}%`} y="12" text-anchor="middle">{tick(v, step)}</text>
                            ))}
                        </svg>
                    </th>
                    {heads.map((h, k) => <th scope="col" role="columnheader" key={h} class={only(k)}>{h}</th>)}
                </tr>
            </thead>
            <tbody role="rowgroup">
                {items.map((item) => (
                    <tr role="row" key={item.key} class={item.quiet === true ? "quiet" : ""}>
                        <th scope="row" role="rowheader">{item.label}</th>
                        <td class="drawn" role="cell">
                            <svg width="100%" height="100%" aria-hidden="true">
                                {marks.map((v) => (
                                    <line key={v} class={v === 0 ? "zero" : "grid"} x1={`${x(v)}%`} x2={`${x(v)}%`} y1="0" y2="100%" />
                                ))}
                                <svg class="marks" y="50%" height="1">{item.draw(x)}</svg>
                            </svg>
                        </td>
                        {item.cells.map((cell, k) => <td key={k} role="cell" class={only(k)}>{cell}</td>)}
                    </tr>
                ))}
            </tbody>
        </table>
    );
}

/* ---- marks of a row, 0 is its middle ------------------------------------------------------- */

type X = (value: number) => number;

export function Bar({ x, from, to, kind, thick = 12 }: { x: X; from: number; to: number; kind: string; thick?: number }) {
    const a = Math.min(x(from), x(to));
    const w = Math.abs(x(to) - x(from));
    return <rect class={`mark ${kind}`} x={`${a}%`} width={`${w}%`} y={-thick / 2} height={thick} />;
}

export function Whisker({ x, mean, half }: { x: X; mean: number; half: number }) {
    const [a, b] = [`${x(mean - half)}%`, `${x(mean + half)}%`];
    return (
        <g class="whisker">
            <line x1={a} x2={b} y1="0" y2="0" />
            <line x1={a} x2={a} y1="-4" y2="4" />
            <line x1={b} x2={b} y1="-4" y2="4" />
        </g>
    );
}

export function Dot({ x, at, kind }: { x: X; at: number; kind: string }) {
    return <circle class={`mark ${kind}`} cx={`${x(at)}%`} cy="0" r="4" />;
}

export function Tick({ x, at, kind }: { x: X; at: number; kind: string }) {
    return <line class={`mark ${kind}`} x1={`${x(at)}%`} x2={`${x(at)}%`} y1="-6" y2="6" />;
}
