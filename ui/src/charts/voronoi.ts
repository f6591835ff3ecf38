/* Cells of the plane nearest to each point, cut to a disc around it and to the hull of all points with a margin.
 * Cost: points times neighbours within two radii, found by a grid of squares. */

export interface Point {
    x: number;
    y: number;
}

export interface Cell {
    corners: Point[];
    across: number[]; // [corners] neighbour behind the edge from this corner to the next, -1 = the rim
}

const sides = 24;

function disc(p: Point, radius: number): Cell {
    const corners = Array.from({ length: sides }, (_, k) => {
        const a = (2 * Math.PI * k) / sides;
        return { x: p.x + radius * Math.cos(a), y: p.y + radius * Math.sin(a) };
    });
    return { corners, across: corners.map(() => -1) };
}

/** x nx + y ny <= limit */
interface Half {
    nx: number;
    ny: number;
    limit: number;
}

const nearer = (p: Point, q: Point): Half => ({
    nx: q.x - p.x, ny: q.y - p.y, limit: (q.x * q.x + q.y * q.y - p.x * p.x - p.y * p.y) / 2,
});

/** The half planes of the convex hull, pushed out by a margin, with its corners cut off. */
export function hullOf(points: readonly Point[], margin: number): Half[] {
    const turns = 36;
    return Array.from({ length: turns }, (_, k) => {
        const a = (2 * Math.PI * k) / turns;
        const [nx, ny] = [Math.cos(a), Math.sin(a)];
        return { nx, ny, limit: points.reduce((far, p) => Math.max(far, p.x * nx + p.y * ny), -Infinity) + margin };
    });
}

function cut(cell: Cell, { nx, ny, limit }: Half, behind: number): Cell {
    const beyond = cell.corners.map((c) => c.x * nx + c.y * ny - limit);
    if (beyond.every((d) => d <= 0)) return cell;
    const out: Cell = { corners: [], across: [] };
    const n = cell.corners.length;
    for (let k = 0; k < n; k++) {
        const next = (k + 1) % n;
        const [a, b] = [cell.corners[k] as Point, cell.corners[next] as Point];
        const [da, db] = [beyond[k] as number, beyond[next] as number];
        const edge = cell.across[k] as number;
        const meet = (): Point => ({ x: a.x + ((b.x - a.x) * da) / (da - db), y: a.y + ((b.y - a.y) * da) / (da - db) });
        if (da <= 0) {
            out.corners.push(a);
            out.across.push(edge);
            if (db > 0) {
                out.corners.push(meet());
                out.across.push(behind);
            }
        } else if (db <= 0) {
            out.corners.push(meet());
            out.across.push(edge);
        }
    }
    return out;
}

/** Points in squares of one side length, to find those near a place. */
export class Squares {
    private readonly squares = new Map<number, number[]>();
    constructor(private readonly points: readonly Point[], private readonly side: number) {
        points.forEach((p, i) => {
            const key = this.key(Math.floor(p.x / side), Math.floor(p.y / side));
            const list = this.squares.get(key);
            if (list === undefined) this.squares.set(key, [i]);
            else list.push(i);
        });
    }
    private key(column: number, row: number): number {
        return column * 65536 + row;
    }
    /** All points within the radius, nearest first. */
    near(x: number, y: number, radius: number): number[] {
        const found: { i: number; d: number }[] = [];
        const from = (v: number): number => Math.floor((v - radius) / this.side);
        const to = (v: number): number => Math.floor((v + radius) / this.side);
        for (let column = from(x); column <= to(x); column++)
            for (let row = from(y); row <= to(y); row++)
                for (const i of this.squares.get(this.key(column, row)) ?? []) {
                    const p = this.points[i] as Point;
                    const d = (p.x - x) ** 2 + (p.y - y) ** 2;
                    if (d <= radius * radius) found.push({ i, d });
                }
        return found.sort((a, b) => a.d - b.d || a.i - b.i).map((f) => f.i);
    }
}

/** How far the cell's farthest corner is from p. */
function reach(cell: Cell, p: Point): number {
    let far = 0;
    for (const c of cell.corners) far = Math.max(far, (c.x - p.x) ** 2 + (c.y - p.y) ** 2);
    return Math.sqrt(far);
}

/** The cell of one point, cut by neighbours from the nearest on until none can reach it. */
function cellOf(points: readonly Point[], i: number, squares: Squares, start: Cell): Cell {
    const p = points[i] as Point;
    let cell = start;
    let far = reach(cell, p);
    for (let radius = far / 8; ; radius *= 2) {
        for (const k of squares.near(p.x, p.y, radius)) {
            const q = points[k] as Point;
            const d = Math.hypot(q.x - p.x, q.y - p.y);
            if (d === 0) continue;
            if (d > 2 * far) return cell;
            cell = cut(cell, nearer(p, q), k);
            if (cell.corners.length < 3) return cell;
            far = reach(cell, p);
        }
        if (radius >= 2 * far) return cell;
    }
}

export function cellsOf(points: readonly Point[], radius: number, margin: number): Cell[] {
    const squares = new Squares(points, radius / 4);
    const hull = hullOf(points, margin);
    return points.map((p, i) => {
        const near = hull.filter(({ nx, ny, limit }) => p.x * nx + p.y * ny + radius > limit);
        return cellOf(points, i, squares, near.reduce((c, half) => cut(c, half, -1), disc(p, radius)));
    });
}
