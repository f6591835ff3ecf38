/* Sweeps: how what is saved goes with one setting, and what each step does. */
import type { ComponentChildren } from "preact";
import { Curve } from "../charts/curve.tsx";
import { DataTable, Figure } from "../charts/figure.tsx";
import type { Run } from "../data.ts";
import { dateText } from "../dates.ts";
import { unknown } from "../format.ts";
import { absoluteColumn, keyOf, sweepsOf, type Aim, type Saved, type Sweep } from "../levers.ts";
import { stepText, verdictText } from "../words.ts";
import { aimWords } from "./levers.tsx";

export function Sweeps({ run, aim, controls }: { run: Run; aim: Aim; controls: () => ComponentChildren }) {
    const key = keyOf(run, aim);
    return <>{sweepsOf(run, key).map((sweep) => <OneSweep key={sweep.key} run={run} aim={aim} sweep={sweep} controls={controls()} />)}</>;
}

function name(sweep: Sweep, step: Saved): string {
    const at = step.lever.sweep;
    return at === null ? "" : sweep.unit === "date" ? dateText(at.x) : at.value;
}

function OneSweep({ run, aim, sweep, controls }: { run: Run; aim: Aim; sweep: Sweep; controls: ComponentChildren }) {
    const key = keyOf(run, aim);
    const what = aimWords(run)[aim];
    const known = sweep.steps.filter((s) => s.share !== null);
    if (known.length === 0) return null;
    const base = sweep.steps[0]?.lever.changed.find((c) => c.key === sweep.key)?.base;
    const differences = absoluteColumn(run, key, sweep.steps.map((s) => s.difference));
    const step = (s: Saved, k: number): string => (k === 0 ? "–" : stepText(s.lever.metrics[key]?.contrast ?? { mean: null, se: null }, s.base));
    return (
        <Figure
            title={`What is saved by ${sweep.key}`}
            controls={controls}
            caption={
                <>
                    {what[0]?.toUpperCase()}{what.slice(1)} saved against the base, for each value of <code>{sweep.key}</code>
                    {base === undefined || base === "" ? "" : <> (base: {base})</>}. The band is the 95&nbsp;% interval of the average at each value; between
                    the values nothing was simulated. “This step” is against the value before, in % of the base.
                </>
            }
        >
            <Curve label={`${what} saved, per cent of the base, by ${sweep.key}, from ${name(sweep, sweep.steps[0] as Saved)} to ${name(sweep, sweep.steps[sweep.steps.length - 1] as Saved)}`}
                date={sweep.unit === "date"} unit={`${what} saved, % of the base`} xUnit={sweep.unit === "date" ? "" : `${sweep.key}${sweep.unit === "" ? "" : `, ${sweep.unit}`}`}
                points={known.map((s) => ({ x: s.lever.sweep?.x ?? 0, y: 100 * (s.share ?? 0), error: s.error === null ? null : 100 * s.error }))} />
            <DataTable caption={`Steps of ${sweep.key}`} data={{
                head: [sweep.key, "verdict", "difference to the base", "this step"],
                rows: sweep.steps.map((s, k) => [name(sweep, s), verdictText(s.difference, s.base, run), differences[k] ?? unknown, step(s, k)]),
            }} />
        </Figure>
    );
}
