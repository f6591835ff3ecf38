import assert from "node:assert/strict";
import { test } from "node:test";
import { bandPath, linePath } from "../src/charts/path.ts";
import { linear, niceRange, niceStep, ticks, tickText } from "../src/charts/scale.ts";
import { cellsOf, type Cell } from "../src/charts/voronoi.ts";
import { courseOf } from "../src/course.ts";
import { classEdges, classOf, mapView, neighbour, placeLabels } from "../src/map.ts";
import { Random } from "./random.ts";
import { makeRun } from "./sample.ts";

test("ticks are round and cover no more than the range", () => {
    assert.equal(niceStep(100, 5), 20);
    assert.equal(niceStep(0.7, 5), 0.2);
    assert.deepEqual(ticks(-20, 80, 5), [-20, 0, 20, 40, 60, 80]);
    assert.deepEqual(niceRange(0, 61.6, 5), [0, 80]);
    assert.deepEqual(niceRange(0, 0, 5), [0, 1]);
    assert.equal(tickText(0.5, 0.5), "0.5");
    assert.equal(tickText(-2000, 500), "−2,000");
    assert.equal(linear(0, 10, 100, 0)(5), 50);
    for (const max of [1e-6, 0.37, 1, 9, 12.5, 99, 1e7]) {
        const list = ticks(0, max, 5);
        assert.ok(list.length >= 2 && list.length <= 6, `${max}: ${list.length}`);
    }
});

test("unknown points leave gaps", () => {
    const id = (v: number): number => v;
    assert.equal(linePath(id, id, [1, null, 2, 3]), "M0 1M2 2L3 3");
    assert.equal(bandPath(id, id, [0, null, 1, 1], [2, 2, 3, 3]), "M2 3L3 3L3 1L2 1Z");
});

test("a day's point is the mean of its 24 hours", () => {
    const hours = 30 * 24;
    const values = Array.from({ length: hours }, (_, h) => h % 24);
    const course = courseOf({ mean: values, p5: values, p50: values, p95: values.map(() => null) }, hours);
    assert.equal(course.step, 24);
    assert.equal(course.p50.length, 30);
    assert.equal(course.p50[3], 11.5);
    assert.equal(course.p95[0], null);
    assert.equal(courseOf({ mean: [], p5: [], p50: [1, 2], p95: [] }, 2).step, 1);
});

function area(cell: Cell): number {
    return cell.corners.reduce((a, p, k) => {
        const q = cell.corners[(k + 1) % cell.corners.length] ?? p;
        return a + (p.x * q.y - q.x * p.y) / 2;
    }, 0);
}

test("cells cover the hull once, and every corner is nearest to its own point", () => {
    const r = new Random(3);
    const points = Array.from({ length: 80 }, () => ({ x: 400 * r.next(), y: 300 * r.next() }));
    const cells = cellsOf(points, 1000, 0);
    const sum = cells.reduce((a, c) => a + area(c), 0);
    assert.ok(sum > 0.85 * 400 * 300 && sum < 400 * 300, String(sum));
    cells.forEach((cell, i) => {
        for (const c of cell.corners) {
            const d = points.map((p) => Math.hypot(p.x - c.x, p.y - c.y));
            assert.ok((d[i] ?? 0) <= Math.min(...d) + 1e-6);
        }
    });
});

test("points in one place do not break the cells", () => {
    const cells = cellsOf([{ x: 1, y: 1 }, { x: 1, y: 1 }, { x: 5, y: 1 }], 10, 5);
    assert.ok(cells.every((c) => c.corners.every((p) => Number.isFinite(p.x) && Number.isFinite(p.y))));
});

test("classes of a legend are round and few", () => {
    assert.deepEqual(classEdges(0.95, 6), [0.2, 0.4, 0.6, 0.8, 1]);
    assert.deepEqual(classEdges(940, 4), [250, 500, 750, 1000]);
    assert.deepEqual(classEdges(0, 4), []);
    assert.equal(classOf(0, []), 0);
    assert.equal(classOf(0, [1, 2]), 0);
    assert.equal(classOf(2, [1, 2]), 1);
    assert.equal(classOf(null, [1, 2]), -1);
    for (const v of [0.001, 0.3, 7, 13, 99.99, 12345]) assert.ok(classEdges(v, 5).length <= 5);
});

test("the map's arrows move, its labels do not cover one another", () => {
    const view = mapView(makeRun(), 900);
    assert.ok(view !== null);
    const right = neighbour(view.places, 0, 1, 0);
    assert.ok((view.places[right]?.x ?? 0) > (view.places[0]?.x ?? 0));
    const labels = placeLabels(Array.from({ length: 50 }, (_, k) => ({ text: `Region ${k}`, x: (k % 5) * 60, y: 200 })), 12, 900);
    assert.ok(labels.length >= 4 && labels.length < 50);
});
