import assert from "node:assert/strict";
import { test } from "node:test";
import { byClass, byClassAndRegion, sumOf } from "../src/causes.ts";
import type { Lever, Paired } from "../src/data.ts";
import { differing } from "../src/differ.ts";
import { absoluteColumn, bestForMoney, costPer, inOrder, sweepsOf } from "../src/levers.ts";
import { answer, bestLever, notes, stepText, togetherText, verdictOf, verdictText } from "../src/words.ts";
import { samples } from "./edges.ts";
import { makeRun } from "./sample.ts";

const plain = (text: string): string => text.replace(/\u00a0/g, " ");
const only = (name: string) => {
    const run = samples[name]?.().runs[0];
    assert.ok(run !== undefined);
    return run;
};

test("the answer comes first, in people and hours", () => {
    const lines = answer(makeRun()).map(plain);
    assert.match(lines[0] ?? "", /^In an average winter a person is without power for 64\.8 h \(± 1\.7\) in all; in one winter in twenty, for more than 115 h\.$/);
    assert.match(lines[1] ?? "", /^At the worst hour of a middling winter, 5\.5 million people are in the dark; in one winter in twenty, more than 10 million people\.$/);
    assert.equal(lines[2], "2.0 % of the electricity that is wanted is not delivered.");
});

test("a small share is below 0.01 % only where its interval is, too", () => {
    const run = makeRun();
    const of = (mwh: number, se: number): string => {
        const eens = run.country["eens_mwh"];
        assert.ok(eens !== undefined);
        return plain(answer({ ...run, country: { ...run.country, eens_mwh: { ...eens, mean: mwh, se } } })[2] ?? "");
    };
    assert.equal(of(0.00008 * 45_500_000, 0.00002 * 45_500_000), "0.0080 % of the electricity that is wanted is not delivered.");
    assert.equal(of(0.00008 * 45_500_000, 0.000001 * 45_500_000), "Of the electricity that is wanted, below 0.01 % is not delivered.");
});

test("no people: hours in which demand cannot be met", () => {
    assert.match(plain(answer(only("no_people"))[0] ?? ""), /^In an average winter demand cannot be met in full for 2,495 h/);
});

test("nothing shed: what that proves", () => {
    const lines = answer(only("all_zero")).map(plain);
    assert.equal(lines[0], "Nobody was without power in any of the 1,000 simulated winters.");
    assert.equal(lines[1], "So the chance of a winter with a cut is below 0.30 % (95 % sure).");
});

test("one season says nothing of tails or error", () => {
    const run = only("one_season");
    const text = answer(run).join(" ");
    assert.match(text, /^In this season/);
    assert.doesNotMatch(text, /twenty|±/);
    assert.match(notes(run).join(" "), /nothing can be said about uncertainty/);
});

test("unknown numbers are called unknown, never zero or NaN", () => {
    const text = answer(only("unknowns")).join(" ");
    assert.match(text, /unknown/);
    assert.doesNotMatch(text, /NaN|null|undefined/);
});

test("verdicts need an interval on one side of zero", () => {
    const run = makeRun();
    assert.equal(verdictOf({ mean: -10, se: 5 }), "saves");
    assert.equal(verdictOf({ mean: -9, se: 5 }), "unseen");
    assert.equal(verdictOf({ mean: 10, se: 5 }), "harms");
    assert.equal(verdictOf({ mean: 0, se: 0 }), "same");
    assert.equal(verdictOf({ mean: null, se: 1 }), "unknown");
    assert.equal(plain(verdictText({ mean: -31, se: 1 }, 100, run)), "saves 31.0 ± 2.0 %");
    assert.equal(plain(verdictText({ mean: -31, se: 1, share: -0.31, share_se: 0.005 }, 100, run)), "saves 31.00 ± 0.98 %");
    assert.equal(plain(verdictText({ mean: 5, se: 0.1 }, 100, run)), "adds 5.00 ± 0.20 %");
    assert.equal(plain(verdictText({ mean: -1, se: 1 }, 100, run)), "no difference seen: needs about 3,800 winters");
    assert.match(plain(togetherText({ mean: 4, se: 0.5 }, 100, "winter")), /^4\.00 ± 0\.98 % less than the sum of its parts/);
    assert.match(plain(togetherText({ mean: -4, se: 0.5 }, 100, "winter")), /more than the sum/);
    assert.match(verdictText({ mean: -31, se: 1 }, 100, run), /^saves 31\.0\u00a0±\u00a02\.0\u00a0%$/);
});

test("a step of a sweep is better, worse, the same or not seen to differ", () => {
    assert.equal(plain(stepText({ mean: -12, se: 3.27 }, 100)), "12.0 ± 6.4 % better");
    assert.equal(plain(stepText({ mean: 12, se: 3.27 }, 100)), "12.0 ± 6.4 % worse");
    assert.equal(plain(stepText({ mean: 0.004, se: 0.001 }, 100)), "below 0.01 % worse");
    assert.equal(stepText({ mean: 0, se: 0 }, 100), "the same");
    assert.equal(stepText({ mean: -1, se: 1 }, 100), "no difference seen");
    assert.equal(stepText({ mean: -5, se: 1 }, 0), "better");
    assert.equal(stepText({ mean: null, se: null }, 100), "unknown");
});

test("a column of differences has one unit", () => {
    const run = makeRun();
    const list = (...pairs: [number | null, number | null][]): Paired[] => pairs.map(([mean, se]) => ({ mean, se }));
    const hours = (...pairs: [number, number][]): Paired[] => pairs.map(([mean, se]) => ({ mean: mean * run.grid.people, se: se * run.grid.people }));
    assert.deepEqual(absoluteColumn(run, "people_hours", hours([-40.1, 0.7], [-0.162, 0.022], [-0.0048, 0.0011], [0.02, 0.001])).map(plain),
        ["−40.1 ± 1.4 h a person", "−0.162 ± 0.043 h a person", "below 0.01 h a person", "+0.0200 ± 0.0020 h a person"]);
    assert.deepEqual(absoluteColumn(run, "eens_mwh", list([-588_000, 10_000], [-2470, 324], [3, 1], [0, 0], [null, null])).map(plain),
        ["−588 ± 20 GWh", "−2.47 ± 0.64 GWh", "below 0.01 GWh", "0 GWh", "unknown"]);
    assert.deepEqual(absoluteColumn(run, "people_hours", hours([-0.001, 0.0001])).map(plain), ["−3.60 ± 0.71 s a person"]);
});

test("how many have a cost, and how many of them are seen to save", () => {
    const run = makeRun();
    const seen = (lever: Lever): Lever => {
        const eens = lever.metrics["eens_mwh"];
        return eens === undefined ? lever : { ...lever, metrics: { ...lever.metrics, eens_mwh: { ...eens, difference: { mean: -1, se: 1 } } } };
    };
    const but = (...names: string[]) => ({ ...run, levers: run.levers.filter((l) => !names.includes(l.name)) });
    const thin = "Shelters of a thinner kind";
    assert.match(plain(bestForMoney(run) ?? ""), /^Of the 5 with a cost, 4 are seen to save; “Crews: four a region” saves most for its money: 70\.7 EUR a MWh\.$/);
    assert.match(plain(bestForMoney(but(thin)) ?? ""), /^Of the 4 with a cost, “Crews: four a region” saves most/);
    assert.match(plain(bestForMoney({ ...run, levers: run.levers.map((l) => (l.name.startsWith("Crews") ? l : seen(l))) }) ?? ""), /^Of the 5 with a cost, only “Crews: four a region” is seen to save: /);
    assert.equal(bestForMoney({ ...run, levers: run.levers.map(seen) }), null);
});

test("settings that differ, without the name and study.*", () => {
    const [a, b, c] = [makeRun({ levers: false }), makeRun({ levers: false }), makeRun({ levers: false })];
    assert.deepEqual(differing([a, b]), []);
    b.file = "cold.db";
    c.file = "late.db";
    b.settings = b.settings.filter((s) => s.key !== "peace").map((s) => (/^(name|study\.seed|crews\.per_region)$/.test(s.key) ? { ...s, value: "4" } : s));
    assert.deepEqual(differing([a, b, c]), [
        { key: "crews.per_region", values: [{ value: "3", files: ["winter.db", "late.db"] }, { value: "4", files: ["cold.db"] }] },
        { key: "peace", values: [{ value: "[]", files: ["winter.db", "late.db"] }, { value: "", files: ["cold.db"] }] },
    ]);
});

test("levers: order, best, cost, sweeps", () => {
    const run = makeRun();
    const order = inOrder(run, "people_hours");
    assert.equal(order.length, 9);
    assert.equal(order[0]?.lever.name, "Ceasefire from 1 January");
    assert.equal(order[8]?.verdict, "harms");
    assert.match(plain(bestLever(run) ?? ""), /^Of the 8 levers, “Ceasefire from 1 January” saves 61\.0 ± 1\.6 % of the hours without power, more than any other\.$/);
    const sheltered = run.levers[2];
    assert.ok(sheltered !== undefined);
    assert.equal(Math.round(costPer(sheltered, "eens_mwh") ?? 0), Math.round(56e6 / (0.187 * 909_000)));
    assert.equal(plain(absoluteColumn(run, "people_hours", [sheltered.metrics["people_hours"]?.difference ?? { mean: null, se: null }])[0] ?? ""), "−12.12 ± 0.76 h a person");
    assert.deepEqual(sweepsOf(run, "eens_mwh").map((s) => [s.key, s.steps.length]), [["ceasefire.from", 7], ["imports.limit", 7]]);
    assert.equal(bestLever(only("no_levers")), null);
});

test("causes sum to all of the energy; those without a region stand with the rest", () => {
    const run = makeRun();
    const total = 909_000;
    for (const groups of [byClass(run), byClassAndRegion(run, 10)])
        assert.ok(Math.abs(groups.reduce((a, g) => a + sumOf(g), 0) - total) < 1);
    const small = { ...run, causes: run.causes.map((c) => (c.class === "nuclear" ? { ...c, region: -1 } : c)) };
    assert.ok(!byClassAndRegion(small, 1000).some((g) => g.label.startsWith("nuclear")));
    assert.ok(byClassAndRegion(run, 10).some((g) => g.kind === "rest"));
});
