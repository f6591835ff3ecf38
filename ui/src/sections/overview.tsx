/* Several results: the headlines of each file, and the settings in which they differ. */
import { DataTable, Figure, Level } from "../charts/figure.tsx";
import type { Run } from "../data.ts";
import { differing } from "../differ.ts";
import { average, averageOf, counted, half, measureOf, measureOfRow, quantile, unknown } from "../format.ts";
import { countsPeople, enough, metric } from "../words.ts";
import { shown } from "./levers.tsx";

const few = 12; // settings in the list

export function Overview({ runs }: { runs: Run[] }) {
    const people = runs.some(countsPeople);
    return (
        <section class="overview">
            <h1>{runs.length} results in comparison</h1>
            <Level.Provider value={2}><Figure title="Headlines by file" caption="Every average with half of its 95 % interval. The files may differ in more than one thing: see below.">
                <DataTable caption="Headlines by file" data={{
                    head: ["File", "scenario", "simulated", ...(people ? ["time off a person", "1 in 20 above", "off at the worst hour"] : []), "energy not served", "hours with cuts"],
                    rows: runs.map((run) => [
                        run.file, run.scenario, counted(run.seasons, run.noun),
                        ...(people ? peopleCells(run) : []),
                        averageOf("energy", metric(run, "eens_mwh")), averageOf("hours", metric(run, "lole_h")),
                    ]),
                }} />
            </Figure></Level.Provider>
            <Differences runs={runs} />
        </section>
    );
}

function peopleCells(run: Run): string[] {
    if (!(run.grid.people > 0)) return [unknown, unknown, unknown];
    const off = metric(run, "people_hours");
    const worst = metric(run, "worst_people");
    return [
        averageOf("hours", off, run.grid.people),
        off.n < enough ? "–" : off.p95 === null ? unknown : `${quantile(measureOf("hours", off.p95 / run.grid.people), off.p95 / run.grid.people)} h`,
        average(measureOfRow("people", worst), worst.mean, half(worst)),
    ];
}

function Differences({ runs }: { runs: Run[] }) {
    const list = differing(runs);
    const more = list.length - few;
    return (
        <div class="differ">
            <h2 class="figure-title">Settings that differ between these files</h2>
            {list.length === 0 ? <p>None, but for the name and how the study was run.</p> : (
                <ul>
                    {list.slice(0, few).map(({ key, values }) => (
                        <li key={key}>
                            <b>{key}</b>: {values.map(({ value, files }, k) => <span key={value}>{k > 0 ? "; " : ""}{shown(value)} <span class="soft">({files.join(", ")})</span></span>)}
                        </li>
                    ))}
                    {more > 0 ? <li class="soft">and {more} more</li> : null}
                </ul>
            )}
        </div>
    );
}
