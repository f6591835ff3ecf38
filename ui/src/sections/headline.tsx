/* The answer, and the table of one season. */
import type { Run, Stat } from "../data.ts";
import { amount, average, counted, half, measureOfRow, quantile, thousands, unknown, type Quantity } from "../format.ts";
import { answer, bestLever, countsPeople, enough, isBright, metric, notes, place, span } from "../words.ts";
import { bestForMoney } from "../levers.ts";

export function Headline({ run, several }: { run: Run; several: boolean }) {
    const [first, ...others] = answer(run);
    const lever = isBright(run) ? "" : [bestLever(run), bestForMoney(run)].filter((line) => line !== null).join(" ");
    const Title = several ? "h2" : "h1";
    const seconds = run.seconds === null ? "" : ` in ${thousands(run.seconds, run.seconds < 10 ? 1 : 0)} s`;
    return (
        <header class="headline">
            <Title>{run.scenario === "" ? run.grid.name : run.scenario}{several ? <FileName run={run} /> : null}</Title>
            <p class="about">{place(run)} · {span(run)} · {counted(run.seasons, run.noun)}{seconds}</p>
            <p class="answer">{first}</p>
            {others.map((line) => <p class="then" key={line}>{line}</p>)}
            {lever === "" ? null : <p class="then">{lever}</p>}
            {notes(run).map((line) => <p class="note" key={line}>{line}</p>)}
        </header>
    );
}

/** Beside a title, where a page has several results. */
export function FileName({ run }: { run: Run }) {
    return <>{" "}<span class="file">{run.file}</span></>;
}

interface Line {
    label: string;
    what: Quantity;
    key: string;
    per?: number;
}

function linesOf(run: Run): Line[] {
    const people: Line[] = countsPeople(run)
        ? [
            { label: "time off, a person", what: "hours", key: "people_hours", per: run.grid.people },
            { label: "off at the worst hour", what: "people", key: "worst_people" },
            ...[4, 8, 24, 72].map((h): Line => ({ label: `off more than ${h} h in a row`, what: "people", key: `off_${h}h_people` })),
            { label: "longest time off", what: "hours", key: "longest_h" },
        ]
        : [];
    const system: Line[] = [
        { label: "energy not served", what: "energy", key: "eens_mwh" },
        { label: "hours with cuts (LOLE)", what: "hours", key: "lole_h" },
        { label: "shed at the worst hour", what: "power", key: "worst_mw" },
        { label: "outages of the country", what: "count", key: "events" },
    ];
    const waves: Line[] = [
        { label: "waves", what: "count", key: "waves" },
        { label: "strikes at grid sites", what: "count", key: "strikes" },
        { label: "of which intercepted", what: "count", key: "intercepted" },
        { label: "units lost", what: "count", key: "units_lost" },
        { label: "units repaired", what: "count", key: "units_repaired" },
    ];
    return [...people, ...system, ...((metric(run, "waves").mean ?? 0) > 0 ? waves : [])].filter((line) => run.country[line.key] !== undefined);
}

function cells(line: Line, stat: Stat): string[] {
    const per = line.per ?? 1;
    const of = (v: number | null): number | null => (v === null ? null : v / per);
    const measure = measureOfRow(line.what, stat, per);
    return [
        average(measure, of(stat.mean), of(half(stat))),
        stat.n > 1 ? quantile(measure, of(stat.p50)) : "–",
        stat.n >= enough ? quantile(measure, of(stat.p95)) : "–",
    ];
}

export function OneSeason({ run }: { run: Run }) {
    const events = metric(run, "events").mean;
    const hours = metric(run, "lole_h").mean;
    const lasts = events === null || hours === null || events === 0 ? unknown : amount("hours", hours / events);
    return (
        <div class="scroll" tabIndex={0} role="group" aria-label={`One ${run.noun} in numbers`}>
            <table class="data numbers">
                <caption class="unseen">One {run.noun} in numbers</caption>
                <thead>
                    <tr>
                        <th scope="col">One {run.noun}</th>
                        <th scope="col">average ± 95 %</th>
                        <th scope="col">half above</th>
                        <th scope="col">1 in 20 above</th>
                    </tr>
                </thead>
                <tbody>
                    {linesOf(run).map((line) => (
                        <tr key={line.key}>
                            <th scope="row">{line.label}</th>
                            {cells(line, metric(run, line.key)).map((text, k) => <td key={k}>{text}</td>)}
                        </tr>
                    ))}
                    {lasts === unknown ? null : (
                        <tr>
                            <th scope="row">an outage lasts, on average</th>
                            <td>{lasts}</td>
                            <td>–</td>
                            <td>–</td>
                        </tr>
                    )}
                </tbody>
            </table>
        </div>
    );
}
