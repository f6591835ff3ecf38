import assert from "node:assert/strict";
import { test } from "node:test";
import { byClass, byClassAndRegion, sumOf } from "../src/causes.ts";
import { absolute, costPer, inOrder, sweepsOf } from "../src/levers.ts";
import { answer, bestLever, notes, togetherText, verdictOf, verdictText } from "../src/words.ts";
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
    assert.equal(plain(absolute(run, "people_hours", sheltered.metrics["people_hours"]?.difference ?? { mean: null, se: null })), "−12.12 ± 0.76 h a person");
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
