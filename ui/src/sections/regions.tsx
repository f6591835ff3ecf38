/* Where it is darkest: the course in each region, then how sure the averages are and how far seasons differ. */
import { useState } from "preact/hooks";
import { Figure, type TableData } from "../charts/figure.tsx";
import { Key } from "../charts/key.tsx";
import { Bar, Dot, Rows, Tick, Whisker, type RowItem } from "../charts/rows.tsx";
import { niceRange } from "../charts/scale.ts";
import type { Run, Stat } from "../data.ts";
import { averageColumn, averageOf, half, measureOf, thousands, unknown } from "../format.ts";
import { hardest, harmList, harmOf, mixedZones } from "../regions.ts";
import { metric } from "../words.ts";
import { RegionPanels } from "./region_panels.tsx";

const few = 30; // regions shown at first

export function RegionsSection({ run }: { run: Run }) {
    return (
        <>
            <RegionPanels run={run} />
            {run.regions.length > 1 ? <RegionRows run={run} /> : null}
        </>
    );
}

function RegionRows({ run }: { run: Run }) {
    const [all, setAll] = useState(false);
    const harm = harmOf(run);
    const { people, of } = harm;
    const sorted = hardest(run, harm);
    const shown = all ? sorted : sorted.slice(0, few);
    const most = Math.max(0, ...shown.map((r) => Math.max(of(r, harm.stat(r).p95) ?? 0, of(r, harm.stat(r).mean) ?? 0)));
    const energy = measureOf("energy", most);
    const factor = people ? 1 : energy.factor;
    const unit = people ? "hours without power, a person" : `energy not served, ${energy.unit}`;
    const mixed = mixedZones(run);
    const title = metric(run, "eens_mwh").n > 1 ? `How sure the averages are, and how far ${run.noun}s differ` : "Region by region";
    const columns = [
        averageColumn(people ? { factor: 1, unit: "h" } : energy, harmList(harm, shown)),
        averageColumn({ factor: 1, unit: "h" }, shown.map((r) => ({ mean: r.lole_h.mean, half: half(r.lole_h) }))),
    ];
    const eens = measureOf("energy", Math.max(0, ...shown.map((r) => r.eens_mwh.mean ?? 0)));
    if (people) columns.push(averageColumn(eens, shown.map((r) => ({ mean: r.eens_mwh.mean, half: half(r.eens_mwh) }))));
    const items: RowItem[] = shown.map((r, k) => ({
        key: r.id,
        label: <>{r.name || r.id}{mixed && r.zone === "front" ? <span class="tag">front</span> : null}</>,
        draw: (x) => {
            const s = harm.stat(r);
            const [p5, p50, p95, mean] = [s.p5, s.p50, s.p95, s.mean].map((v) => of(r, v));
            const error = of(r, half(s));
            return (
                <>
                    {p5 != null && p95 != null ? <Bar x={x} from={p5 * factor} to={p95 * factor} kind="range" thick={10} /> : null}
                    {p50 != null ? <Tick x={x} at={p50 * factor} kind="median" /> : null}
                    {mean != null && error != null ? <Whisker x={x} mean={mean * factor} half={error * factor} /> : null}
                    {mean != null ? <Dot x={x} at={mean * factor} kind="mean" /> : null}
                </>
            );
        },
        cells: columns.map((column) => column[k] ?? unknown),
    }));
    const table = (): TableData => ({
        head: ["Region", "zone", "people", "time off a person", "half above, h", "1 in 20 above, h", "hours with cuts", "not served"],
        rows: sorted.map((r) => [r.name || r.id, r.zone, r.people > 0 ? thousands(r.people) : unknown, inHours(r.people_hours, r.people),
            ...[r.people_hours.p50, r.people_hours.p95].map((v) => (v === null || !(r.people > 0) ? unknown : thousands(v / r.people, 1))),
            averageOf("hours", r.lole_h), averageOf("energy", r.eens_mwh)]),
    });
    return (
        <Figure
            title={title}
            controls={sorted.length > few ? (
                <button type="button" onClick={() => setAll(!all)}>{all ? `The ${few} hardest hit` : `All ${sorted.length} regions`}</button>
            ) : undefined}
            caption={
                <>
                    {people ? "Hours that a person living there is without power in one " + run.noun + "." : "Energy not served in one " + run.noun + "."}{" "}
                    {shown.length < sorted.length ? `${sorted.length - shown.length} more regions are less hard hit.` : ""}
                </>
            }
            table={table}
        >
            <Key items={[
                { draw: <rect class="mark range" y="2" width="28" height="10" />, text: `90 in 100 ${run.noun}s` },
                { draw: <line class="mark median" x1="14" x2="14" y1="1" y2="13" />, text: "half above" },
                { draw: <><path class="whisker" d="M4 7H24M4 3V11M24 3V11" /><circle class="mark mean" cx="14" cy="7" r="4" /></>, text: "average with its 95 % interval" },
            ]} />
            <Rows caption={title} first="Region" axis={unit} range={niceRange(0, most * factor, 5)}
                heads={["average", "hours with cuts", ...(people ? ["not served"] : [])]} wide={[1, 2]} items={items} />
        </Figure>
    );
}

/** "64.8 ± 1.7 h" a person. */
function inHours(stat: Stat, people: number): string {
    return averageOf("hours", stat, people);
}
