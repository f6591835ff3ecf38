import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, dated, edgeOf, steps } from "../src/charts/panels.tsx";
import { hourOf } from "../src/dates.ts";
import { countryCourse, dayCourse, daysOf, hardest, harmList, harmOf, meanOf, piecesOf, worstDay } from "../src/regions.ts";
import { samples } from "./edges.ts";
import { makeRun } from "./sample.ts";

const first = (text: string): number => hourOf(text) ?? 0;

test("the hours of a region's days are its hours off", () => {
    for (const run of [makeRun(), makeRun({ hours: 8784 }), makeRun({ regions: 1, hours: 30 })])
        for (const r of run.regions) {
            const course = dayCourse(r, true, daysOf(run));
            assert.equal(course.length, Math.ceil(run.hours / 24));
            const hours = course.reduce<number>((a, v, d) => a + (v ?? 0) * Math.min(24, run.hours - 24 * d), 0);
            assert.ok(Math.abs(hours - (r.people_hours.mean ?? 0) / r.people) < 1e-6);
        }
    assert.equal(daysOf(makeRun({ hours: 8784 })), 366);
});

test("the country is the sum of the people of the known regions", () => {
    const [a, b, c] = makeRun({ regions: 3 }).regions;
    assert.ok(a !== undefined && b !== undefined && c !== undefined);
    const list = [
        { ...a, people: 100, day_people: [10, null, null], day_shed_mw: [1, 2, null] },
        { ...b, people: 300, day_people: [90, 30, null], day_shed_mw: [3, 4, null] },
        { ...c, people: 0, day_people: [5, 5, 5], day_shed_mw: [5, null, null] },
    ];
    assert.deepEqual(countryCourse(list, true, 3), [0.25, 0.1, null]);
    assert.deepEqual(countryCourse(list, false, 3), [3, 3, null]);
    assert.deepEqual(list.map((r) => dayCourse(r, true, 4)), [[0.1, null, null, null], [0.3, 0.1, null, null], [null, null, null, null]]);
    assert.deepEqual(dayCourse(list[2] ?? a, false, 2), [5, null]);
});

test("hardest hit first, by hours off a person or by energy, unknown ones last", () => {
    for (const name of ["usual", "no_people", "many"]) {
        const run = samples[name]?.().runs[0];
        assert.ok(run !== undefined);
        const harm = harmOf(run);
        const values = harmList(harm, hardest(run, harm)).map((m) => m.mean ?? -1);
        assert.equal(harm.people, name !== "no_people");
        assert.ok(values.every((v, k) => k === 0 || v <= (values[k - 1] ?? 0)), name);
    }
    const run = makeRun({ regions: 3 });
    const lost = run.regions[0];
    assert.ok(lost !== undefined);
    lost.people_hours = { ...lost.people_hours, mean: null };
    assert.equal(hardest(run, harmOf(run))[2], lost);
});

test("means and worst days skip what is unknown", () => {
    assert.equal(meanOf([1, null, 3]), 2);
    assert.equal(meanOf([null]), null);
    assert.equal(worstDay([null, 2, 5, 5, null]), 2);
    assert.equal(worstDay([0, 0]), 0);
    assert.equal(worstDay([null]), null);
});

test("a season falls into months, weeks or days", () => {
    const winter = piecesOf(first("2026-11-01 00:00"), 151);
    assert.deepEqual(winter.map((p) => p.label), ["Nov 2026", "Dec 2026", "Jan 2027", "Feb 2027", "Mar 2027"]);
    assert.deepEqual(winter[1], { label: "Dec 2026", from: 30, to: 61 });
    assert.equal(piecesOf(first("2028-01-01 00:00"), 366).length, 12);
    assert.deepEqual(piecesOf(first("2026-11-01 00:00"), 20).map((p) => [p.label, p.to - p.from]), [["week from 1 Nov", 7], ["week from 8 Nov", 7], ["week from 15 Nov", 6]]);
    assert.deepEqual(piecesOf(first("2026-11-30 00:00"), 2).map((p) => p.label), ["30 Nov", "1 Dec"]);
});

test("four panels side by side, two on a telephone, never more than there are", () => {
    assert.equal(columnsOf(900, 24), 4);
    assert.equal(columnsOf(646, 24), 4);
    assert.equal(columnsOf(294, 24), 2);
    assert.equal(columnsOf(100, 24), 1);
    assert.equal(columnsOf(900, 1), 1);
});

test("dates stand below each column, and now and then where rows are many", () => {
    const rows = (n: number): number[] => Array.from({ length: n }, (_, i) => i).filter((i) => dated(i, n, 4));
    assert.deepEqual(rows(6), [2, 3, 4, 5]);
    assert.deepEqual(rows(1), [0]);
    assert.deepEqual(rows(30), [20, 21, 22, 23, 26, 27, 28, 29]);
});

test("a day is a step from its first edge to its last, even a single one", () => {
    assert.deepEqual(steps([4, null]), [4, 4, null, null]);
    assert.deepEqual(steps([4, 7, 9]).map((_, k) => edgeOf(k)), [0, 1, 1, 2, 2, 3]);
});
