/* The map: cells of regions, lines by voltage, sites by class, colour and size. Marks of one kind are one path, so that
 * ten thousand sites are some dozens of elements. */
import { useMemo } from "preact/hooks";
import type { Run } from "../data.ts";
import { cividis, classOf, placeLabels, shapeOf, type MapView } from "../map.ts";
import { shapePath } from "./path.ts";
import type { Cell, Point } from "./voronoi.ts";

export interface Classes {
    damage: number[]; // upper edges, share
    dark: number[]; // upper edges, h
    region: number[]; // upper edges, h off a person
    regionHours: (number | null)[]; // [regions]
}

export const radii = [3, 4.5, 6.2, 8];

export const radiusOf = (k: number, n: number): number => radii[n <= 1 ? 1 : Math.round((k / (n - 1)) * (radii.length - 1))] ?? 3;

const text = (v: number): string => v.toFixed(1);

function outline(cell: Cell): string {
    return cell.corners.length < 3 ? "" : `M${cell.corners.map((c) => `${text(c.x)} ${text(c.y)}`).join("L")}Z`;
}

/** One path for each class of region colour, and one of the borders between regions. */
function grounds(run: Run, view: MapView, classes: Classes): { fill: string[]; border: string } {
    const fill = Array.from({ length: Math.max(1, classes.region.length) }, () => "");
    let border = "";
    view.cells.forEach((cell, i) => {
        const region = run.sites[view.places[i]?.i_site ?? -1]?.region ?? -1;
        const k = classOf(classes.regionHours[region] ?? null, classes.region);
        if (k >= 0) fill[k] += outline(cell);
        cell.corners.forEach((a, e) => {
            const across = cell.across[e] ?? -1;
            const b = cell.corners[(e + 1) % cell.corners.length] as Point;
            if (across >= 0 && across < i) return; // drawn from the other side
            const other = across < 0 ? -2 : (run.sites[view.places[across]?.i_site ?? -1]?.region ?? -1);
            if (other !== region) border += `M${text(a.x)} ${text(a.y)}L${text(b.x)} ${text(b.y)}`;
        });
    });
    return { fill, border };
}

/** The voltages that occur, highest first. */
export const voltages = (run: Run): number[] => [...new Set(run.lines.map((l) => l.kv))].sort((a, b) => b - a);

export const lineClass = (rank: number, n: number): string => `line v${n <= 1 ? 2 : Math.min(3, Math.round((rank / (n - 1)) * 3))}`;

function linePaths(run: Run, view: MapView): { kv: number; d: string }[] {
    const at = new Map(view.places.map((p) => [p.i_site, p]));
    return voltages(run).map((kv) => ({
        kv,
        d: run.lines.filter((l) => l.kv === kv).map((l) => {
            const [a, b] = [at.get(l.from), at.get(l.to)];
            return a === undefined || b === undefined ? "" : `M${text(a.x)} ${text(a.y)}L${text(b.x)} ${text(b.y)}`;
        }).join(""),
    }));
}

function sitePaths(run: Run, view: MapView, classes: Classes, scale: number): { key: string; colour: string; d: string }[] {
    const paths = new Map<string, { colour: string; d: string }>();
    for (const place of view.places) {
        const site = run.sites[place.i_site];
        if (site === undefined) continue;
        const c = classOf(site.damaged_share, classes.damage);
        const size = radiusOf(Math.max(0, classOf(site.dark_h, classes.dark)), classes.dark.length) * scale;
        const key = `${c}`;
        const colour = c < 0 ? "none" : (cividis[Math.round((c / Math.max(1, classes.damage.length - 1)) * 5)] ?? "none");
        const path = paths.get(key) ?? { colour, d: "" };
        path.d += shapePath(shapeOf[site.class] ?? "circle", place.x, place.y, size);
        paths.set(key, path);
    }
    return [...paths].sort(([a], [b]) => Number(a) - Number(b)).map(([key, path]) => ({ key, ...path }));
}

const short = (name: string): string => (name.length > 20 ? `${name.slice(0, 18)}…` : name);

interface CountryProps {
    run: Run;
    view: MapView;
    classes: Classes;
    label: string;
    chosen: number | null; // of view.places
    scale: number; // of the marks
}

export function Country({ run, view, classes, label, chosen, scale }: CountryProps) {
    const drawn = useMemo(() => ({
        ground: grounds(run, view, classes),
        lines: linePaths(run, view),
        sites: sitePaths(run, view, classes, scale),
    }), [run, view, classes, scale]);
    const size = view.width < 500 ? 10 : 12;
    const labels = placeLabels(
        run.regions.flatMap((r) => (r.x_km === null || r.y_km === null ? [] : [{ text: short(r.name || r.id), people: r.people, ...view.at(r.x_km, r.y_km) }]))
            .sort((a, b) => b.people - a.people),
        size, view.width,
    );
    const spot = chosen === null ? undefined : view.places[chosen];
    return (
        <svg class="country" viewBox={`0 0 ${view.width} ${view.height}`} width={view.width} height={view.height} role="img" aria-label={label}>
            <g class="ground">
                {drawn.ground.fill.map((d, k) => <path key={k} class={`mark ground${k}`} d={d} />)}
                <path class="border" d={drawn.ground.border} />
            </g>
            {drawn.lines.map((l, rank) => <path key={l.kv} class={lineClass(rank, drawn.lines.length)} d={l.d} />).reverse()}
            {drawn.sites.map((s) => <path key={s.key} class="mark site" fill={s.colour} d={s.d} />)}
            {labels.map((l) => <text key={l.text} class="halo" x={l.x} y={l.y} style={{ fontSize: `${size}px` }} text-anchor="middle">{l.text}</text>)}
            {spot === undefined ? null : <circle class="spot" cx={spot.x} cy={spot.y} r="13" />}
        </svg>
    );
}
