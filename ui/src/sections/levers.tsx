/* What each lever is worth: bars with error bars, verdicts, costs, combinations. */
import { useState } from "preact/hooks";
import { DataTable, Figure } from "../charts/figure.tsx";
import { Bar, Rows, Whisker } from "../charts/rows.tsx";
import { Key } from "../charts/key.tsx";
import { niceRange, extent } from "../charts/scale.ts";
import { Switch } from "../charts/switch.tsx";
import type { Run } from "../data.ts";
import { counted, money, nbsp, percent, unknown } from "../format.ts";
import { absoluteColumn, costPer, inOrder, keyOf, type Aim, type Saved } from "../levers.ts";
import { countsPeople, metric, ownLevers, togetherText, verdictText } from "../words.ts";
import { LeverRegions } from "./lever_regions.tsx";
import { Sweeps } from "./sweeps.tsx";

export const aimWords = (run: Run): Record<Aim, string> => ({
    people_hours: "hours without power",
    eens_mwh: "energy not served",
    worst: countsPeople(run) ? "people off at the worst hour" : "power shed at the worst hour",
});

export function LeversSection({ run }: { run: Run }) {
    const people = countsPeople(run);
    const [aim, setAim] = useState<Aim>(people ? "people_hours" : "eens_mwh");
    const options: (readonly [Aim, string])[] = [["eens_mwh", "Energy"], ["worst", "Worst hour"]];
    if (people) options.unshift(["people_hours", "Hours off"]);
    const controls = () => <Switch label="Measure of worth" value={aim} onChange={setAim} options={options} />;
    return (
        <>
            {ownLevers(run).length === 0 ? null : <Worth run={run} aim={aim} controls={controls()} />}
            {ownLevers(run).length === 0 ? null : <Costs run={run} />}
            <Together run={run} />
            <Sweeps run={run} aim={aim} controls={controls} />
            {ownLevers(run).length === 0 || run.regions.length < 2 ? null : <LeverRegions run={run} />}
        </>
    );
}

function Worth({ run, aim, controls }: { run: Run; aim: Aim; controls: preact.ComponentChildren }) {
    const key = keyOf(run, aim);
    const list = inOrder(run, key);
    const ends = extent(list.flatMap((s) => (s.share === null ? [] : [100 * (s.share - (s.error ?? 0)), 100 * (s.share + (s.error ?? 0))])));
    const range = niceRange(Math.min(0, ends?.[0] ?? 0), Math.max(0, ends?.[1] ?? 1), 5);
    const base = metric(run, key).mean;
    const what = aimWords(run)[aim];
    const differences = absoluteColumn(run, key, list.map((s) => s.difference));
    return (
        <Figure
            title="What each lever saves"
            controls={controls}
            caption={
                <>
                    Each lever runs through the same {counted(run.seasons, run.noun)} as the base, with the same draws; what differs
                    is the lever. To the right is better. The line at the end of a bar is the 95&nbsp;% interval of the average.
                </>
            }
        >
            <Key items={[
                { draw: <rect class="mark saves" y="1" width="28" height="12" />, text: "saves" },
                { draw: <rect class="mark harms" y="1" width="28" height="12" />, text: "makes it worse" },
                { draw: <rect class="mark unseen-difference" y="1" width="28" height="12" />, text: "no difference seen" },
            ].filter((_, k) => list.some((s) => s.verdict === (["saves", "harms", "unseen"] as const)[k]))} />
            <Rows stacked caption={`What each lever saves: ${what}`} first="Lever" axis={`${what} saved, % of the base`} range={range}
                heads={["verdict", "difference"]} wide={[1]}
                items={list.map((s, k) => ({
                    key: `${k} ${s.lever.name}`,
                    label: <>{s.lever.name}{s.lever.parts.length > 0 ? <span class="tag">together</span> : null}</>,
                    draw: (x) => drawSaved(x, s),
                    cells: [verdictText(s.difference, base, run), differences[k] ?? unknown],
                }))} />
        </Figure>
    );
}

export function drawSaved(x: (v: number) => number, s: Saved) {
    if (s.share === null) return null;
    const kind = s.verdict === "saves" ? "saves" : s.verdict === "harms" ? "harms" : "unseen-difference";
    return (
        <>
            <Bar x={x} from={0} to={100 * s.share} kind={kind} thick={14} />
            {s.error === null ? null : <Whisker x={x} mean={100 * s.share} half={100 * s.error} />}
        </>
    );
}

function Costs({ run }: { run: Run }) {
    const people = countsPeople(run);
    const price = (eur: number | null): string => (eur === null ? "–" : money(eur));
    return (
        <Figure title="What each lever changes and costs"
            caption={<>Cost a MWh or a person-hour is the cost divided by what is saved in one average {run.noun}; what a lever still does in later {run.noun}s is not counted. “Same hours” are those in which nothing differs from the base.</>}>
            <DataTable caption="What each lever changes and costs" data={{
                head: ["Lever", "changes", "cost", "cost a MWh saved", ...(people ? ["cost a person-hour saved"] : []), "same hours"],
                rows: ownLevers(run).map((lever) => {
                    return [
                        lever.name,
                        lever.changed.length === 0 ? "nothing" : lever.changed.map((c) => `${c.key}: ${shown(c.base)} → ${shown(c.value)}`).join("; "),
                        lever.cost_eur !== null ? money(lever.cost_eur) : lever.parts.length > 0 ? `not${nbsp}all${nbsp}named` : `none${nbsp}named`,
                        price(costPer(lever, "eens_mwh")),
                        ...(people ? [price(costPer(lever, "people_hours"))] : []),
                        lever.same_share === null ? unknown : percent(lever.same_share),
                    ];
                }),
            }} />
        </Figure>
    );
}

/** A setting in few words: of a long list its beginning and how long it is. */
export function shown(text: string): string {
    if (text === "" || text === "[]") return "none";
    const items = /^\[([^{}]*)\]$/.exec(text)?.[1]?.split(", ") ?? [];
    return items.length > 4 ? `${items.slice(0, 2).join(", ")}, … (${items.length} in all)` : text;
}

function Together({ run }: { run: Run }) {
    const key = countsPeople(run) ? "people_hours" : "eens_mwh";
    const pairs = ownLevers(run).filter((lever) => lever.parts.length > 0);
    if (pairs.length === 0) return null;
    const base = metric(run, key).mean;
    const alone = (part: number): string => {
        const lever = run.levers[part];
        return `${lever?.name ?? unknown}: ${verdictText(lever?.metrics[key]?.difference ?? { mean: null, se: null }, base, run)}`;
    };
    return (
        <Figure title="Levers together"
            caption={<>Of the {aimWords(run)[key]}. Levers that overlap save less together than each alone would promise.</>}>
            <DataTable caption="Levers together" data={{
                head: ["Together", "each alone", "together", "against the sum of the parts"],
                rows: pairs.map((lever) => [
                    lever.name,
                    lever.parts.map(alone).join("; "),
                    verdictText(lever.metrics[key]?.difference ?? { mean: null, se: null }, base, run),
                    togetherText(lever.metrics[key]?.contrast ?? { mean: null, se: null }, base, run.noun),
                ]),
            }} />
        </Figure>
    );
}
