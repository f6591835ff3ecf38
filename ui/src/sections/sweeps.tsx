/* Sweeps: how what is saved goes with one setting, and what each step adds. */
import type { ComponentChildren } from "preact";
import { Curve } from "../charts/curve.tsx";
import { DataTable, Figure } from "../charts/figure.tsx";
import type { Run } from "../data.ts";
import { dateText } from "../dates.ts";
import { percentAverage, unknown } from "../format.ts";
import { absolute, keyOf, sweepsOf, type Aim, type Saved, type Sweep } from "../levers.ts";
import { shareOf, verdictText } from "../words.ts";
import { aimWords } from "./levers.tsx";

export function Sweeps({ run, aim, controls }: { run: Run; aim: Aim; controls: ComponentChildren }) {
    const key = keyOf(run, aim);
    return <>{sweepsOf(run, key).map((sweep, k) => <OneSweep key={sweep.key} run={run} aim={aim} sweep={sweep} controls={k === 0 ? controls : undefined} />)}</>;
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
    const adds = (s: Saved, k: number): string => {
        const c = s.lever.metrics[key]?.contrast;
        if (k === 0) return "–";
        if (c === undefined || c.mean === null || s.base === null || !(s.base > 0)) return unknown;
        const { share, half } = shareOf(c, s.base);
        const text = percentAverage(0 - (share ?? 0), half);
        return c.mean < 0 && !text.startsWith("below") ? `+${text}` : text;
    };
    return (
        <Figure
            title={`What is saved by ${sweep.key}`}
            controls={controls}
            caption={
                <>
                    {what[0]?.toUpperCase()}{what.slice(1)} saved against the base, for each value of <code>{sweep.key}</code>
                    {base === undefined || base === "" ? "" : <> (base: {base})</>}. The band is the 95&nbsp;% interval of the average at each value; between
                    the values nothing was simulated.
                </>
            }
        >
            <Curve label={`${what} saved, per cent of the base, by ${sweep.key}, from ${name(sweep, sweep.steps[0] as Saved)} to ${name(sweep, sweep.steps[sweep.steps.length - 1] as Saved)}`}
                date={sweep.unit === "date"} unit={`${what} saved, % of the base`} xUnit={sweep.unit === "date" ? "" : `${sweep.key}${sweep.unit === "" ? "" : `, ${sweep.unit}`}`}
                points={known.map((s) => ({ x: s.lever.sweep?.x ?? 0, y: 100 * (s.share ?? 0), error: s.error === null ? null : 100 * s.error }))} />
            <DataTable caption={`Steps of ${sweep.key}`} data={{
                head: [sweep.key, "verdict", "difference to the base", "this step adds, % of the base"],
                rows: sweep.steps.map((s, k) => [name(sweep, s), verdictText(s.difference, s.base, run), absolute(run, key, s.difference), adds(s, k)]),
            }} />
        </Figure>
    );
}
