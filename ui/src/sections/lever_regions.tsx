/* Where a lever helps: hours saved a person in each region. */
import { useState } from "preact/hooks";
import { Figure } from "../charts/figure.tsx";
import { Bar, Rows, Whisker } from "../charts/rows.tsx";
import { extent, niceRange } from "../charts/scale.ts";
import type { Run } from "../data.ts";
import { averageColumn, measureOf, nbsp, unknown } from "../format.ts";
import { byRegion, inOrder } from "../levers.ts";
import { countsPeople, harmKey, verdictOf } from "../words.ts";

export function LeverRegions({ run }: { run: Run }) {
    const order = inOrder(run, harmKey(run));
    const [k, setK] = useState(0);
    const lever = order[k]?.lever;
    if (lever === undefined) return null;
    const people = countsPeople(run);
    const rows = byRegion(run, lever).sort((a, b) => (b.saved ?? -Infinity) - (a.saved ?? -Infinity) || a.i - b.i).slice(0, 30);
    const ends = extent(rows.flatMap((r) => (r.saved === null ? [] : [r.saved - (r.error ?? 0), r.saved + (r.error ?? 0)])));
    if (ends === null) return null;
    const largest = Math.max(Math.abs(ends[0]), Math.abs(ends[1]));
    const measure = measureOf(people ? "hours" : "energy", largest);
    const f = measure.factor;
    const texts = averageColumn(measure, rows.map((r) => ({ mean: r.saved, half: r.error })));
    return (
        <Figure
            title={`Where it helps: ${lever.name}`}
            controls={
                <label>Lever{" "}
                    <select value={String(k)} onChange={(e) => setK(Number(e.currentTarget.value))}>
                        {order.map((s, i) => <option key={i} value={String(i)}>{s.lever.name}</option>)}
                    </select>
                </label>
            }
            caption={<>Saved against the base in one average {run.noun}, {people ? "hours without power a person of the region" : "energy not served"}. The line is the 95&nbsp;% interval.{rows.length < run.regions.length ? ` The first ${rows.length} of ${run.regions.length} regions.` : ""}</>}
        >
            <Rows caption={`Where ${lever.name} helps`} first="Region" axis={people ? `saved a person,${nbsp}${measure.unit}` : `energy saved, ${measure.unit}`}
                heads={["saved"]} range={niceRange(Math.min(0, ends[0] * f), Math.max(0, ends[1] * f), 5)}
                items={rows.map((r, k) => {
                    const region = run.regions[r.i];
                    const verdict = verdictOf({ mean: r.saved === null ? null : -r.saved, se: r.error === null ? null : r.error / 1.96 });
                    return {
                        key: String(r.i),
                        label: region?.name || region?.id || "",
                        draw: (x: (v: number) => number) => r.saved === null ? null : (
                            <>
                                <Bar x={x} from={0} to={r.saved * f} kind={verdict === "saves" ? "saves" : verdict === "harms" ? "harms" : "unseen-difference"} thick={12} />
                                {r.error === null ? null : <Whisker x={x} mean={r.saved * f} half={r.error * f} />}
                            </>
                        ),
                        cells: [texts[k] ?? unknown],
                    };
                })} />
        </Figure>
    );
}
