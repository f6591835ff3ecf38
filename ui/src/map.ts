/* What the map shows, worked out from the run: places on paper, classes of colour and size, cells of regions. */
import type { Run, Site } from "./data.ts";
import type { Shape } from "./charts/path.ts";
import { cellsOf, type Cell, type Point } from "./charts/voronoi.ts";

export const shapeOf: Record<Site["class"], Shape> = {
    substation: "circle", thermal: "triangle", nuclear: "diamond", hydro: "wedge", renewable: "square",
};

/* Six steps of Cividis: dark blue to yellow, in the same order for every kind of colour vision. */
export const cividis = ["#00204D", "#31446B", "#666970", "#958F78", "#CBBA69", "#FFEA46"];

/** Upper edges of at most so many equal classes of round width that reach the largest value; none when all are 0. */
export function classEdges(largest: number, n: number): number[] {
    if (!(largest > 0)) return [];
    const power = 10 ** Math.floor(Math.log10(largest / n));
    const round = [1, 2, 2.5, 3, 4, 5, 6, 8, 10, 20].map((k) => k * power);
    const step = round.find((s) => s * n >= largest * (1 - 1e-9)) ?? largest / n;
    return Array.from({ length: Math.ceil(largest / step - 1e-9) }, (_, k) => Number((step * (k + 1)).toPrecision(6)));
}

/** The class of a value: the first edge that it does not pass; -1 = unknown. */
export function classOf(value: number | null, edges: readonly number[]): number {
    if (value === null) return -1;
    const k = edges.findIndex((edge) => value <= edge * (1 + 1e-9));
    return k < 0 ? Math.max(0, edges.length - 1) : k;
}

export interface Place extends Point {
    i_site: number;
}

export interface MapView {
    width: number;
    height: number;
    places: Place[]; // sites whose place is known
    at: (x_km: number, y_km: number) => Point;
    cells: Cell[]; // [places]
    km: number; // pixels a kilometre
}

const margin = 40;

export function mapView(run: Run, width: number): MapView | null {
    const known = run.sites.flatMap((s, i) => (s.x_km === null || s.y_km === null ? [] : [{ i, x: s.x_km, y: s.y_km }]));
    if (known.length < 2) return null;
    const xs = known.map((k) => k.x);
    const ys = known.map((k) => k.y);
    const span = (list: number[]): [number, number] => [list.reduce((a, b) => Math.min(a, b)), list.reduce((a, b) => Math.max(a, b))];
    const [x0, x1] = span(xs);
    const [y0, y1] = span(ys);
    const room = width - 2 * margin;
    const km = Math.min(room / (x1 - x0 || 1), 600 / (y1 - y0 || 1));
    const height = Math.max(160, (y1 - y0) * km + 2 * margin);
    const shift = (width - (x1 - x0) * km) / 2;
    const at = (x: number, y: number): Point => ({ x: shift + (x - x0) * km, y: height - margin - (y - y0) * km });
    const places = known.map((k) => ({ i_site: k.i, ...at(k.x, k.y) }));
    const spread = Math.sqrt((width * height) / known.length);
    return { width, height, places, at, cells: cellsOf(places, Math.max(16, 1.5 * spread), margin - 14), km };
}

/** The site to go to from one in a direction: near and little to the side. */
export function neighbour(places: readonly Place[], from: number, dx: number, dy: number): number {
    const p = places[from];
    if (p === undefined) return 0;
    let best = from;
    let least = Infinity;
    places.forEach((q, i) => {
        const ahead = (q.x - p.x) * dx + (q.y - p.y) * dy;
        if (i === from || ahead <= 0.5) return;
        const side = Math.abs((q.x - p.x) * dy) + Math.abs((q.y - p.y) * dx);
        const cost = ahead + 2 * side;
        if (cost < least) {
            least = cost;
            best = i;
        }
    });
    return best;
}

export interface Label extends Point {
    text: string;
}

/** Names at their centres, in the given order of preference; one that would cover another is left out. */
export function placeLabels(wanted: readonly Label[], size: number, width: number): Label[] {
    const taken: { x0: number; x1: number; y0: number; y1: number }[] = [];
    const placed: Label[] = [];
    for (const label of wanted) {
        const w = label.text.length * size * 0.62 + 6;
        const x = Math.min(Math.max(label.x, w / 2), width - w / 2);
        for (const dy of [-12, 16, -26, 30]) {
            const box = { x0: x - w / 2, x1: x + w / 2, y0: label.y + dy - size, y1: label.y + dy + 4 };
            if (taken.some((t) => t.x0 < box.x1 && t.x1 > box.x0 && t.y0 < box.y1 && t.y1 > box.y0)) continue;
            taken.push(box);
            placed.push({ text: label.text, x, y: label.y + dy });
            break;
        }
    }
    return placed;
}
