/* Outages: the largest events, how long events last; classes of customers. */
import { DataTable, Figure } from "../charts/figure.tsx";
import { Bar, Rows } from "../charts/rows.tsx";
import { niceRange } from "../charts/scale.ts";
import type { Run } from "../data.ts";
import { hourOf, timeText } from "../dates.ts";
import { amount, averageOf, thousands, threeDigits } from "../format.ts";
import { countsPeople } from "../words.ts";

export function lengthText(from: number, to: number | null): string {
    const show = (h: number): string => (h >= 72 && h % 24 === 0 ? `${thousands(h / 24)} d` : `${thousands(h)} h`);
    if (to === null) return `${show(from)} and longer`;
    return from === 0 ? `below ${show(to)}` : `${show(from)} to ${show(to)}`;
}

export function OutagesSection({ run }: { run: Run }) {
    const known = run.event_lengths.filter((b) => b.per_season !== null);
    const most = Math.max(0, ...known.map((b) => b.per_season));
    const first = hourOf(run.first_hour) ?? 0;
    return (
        <>
            {most > 0 ? (
                <Figure title="How long outages of the country last"
                    caption={<>Outages in one average {run.noun}: runs of hours in which somebody, somewhere, is without power.</>}>
                    <Rows caption="How long outages last" first="Length" axis={`outages a ${run.noun}`} heads={["number"]} range={niceRange(0, most, 5)}
                        items={known.map((b) => ({
                            key: String(b.from_h), label: lengthText(b.from_h, b.to_h),
                            draw: (x) => <Bar x={x} from={0} to={b.per_season} kind="plain" thick={14} />,
                            cells: [threeDigits(b.per_season)],
                        }))} />
                </Figure>
            ) : null}
            {run.events.length === 0 ? null : (
                <Figure title="The largest outages"
                    caption={<>Of all {thousands(run.seasons)} simulated {run.noun}s, those with the most energy not served. {countsPeople(run) ? "People are those off at the worst hour. " : ""}Every one is one draw among many, not a forecast.</>}>
                    <DataTable caption="The largest outages" data={{
                        head: ["Begins", "lasts", ...(countsPeople(run) ? ["people off"] : []), "energy not served", `${run.noun} no.`],
                        rows: run.events.map((e) => [
                            timeText(first + e.start_h), amount("hours", e.length_h), ...(countsPeople(run) ? [e.people === null ? "unknown" : amount("people", e.people).replace(/.people$/, "")] : []),
                            amount("energy", e.energy_mwh), String(e.season),
                        ]),
                    }} />
                </Figure>
            )}
        </>
    );
}

/** The contract gives no people by class, so hours off a person of a class are not shown. */
export function ClassesSection({ run }: { run: Run }) {
    const there = (["critical", "household", "industry"] as const).filter((c) => run.classes[c] !== undefined);
    return (
        <Figure title="Who is switched off" caption={<>Classes of customers. Hours with cuts are those in which any load of the class is not served in full.</>}>
            <DataTable caption="Classes of customers" data={{
                head: ["Class of customer", "not served", "hours with cuts"],
                rows: there.map((c) => [c, averageOf("energy", run.classes[c].eens_mwh), averageOf("hours", run.classes[c].lole_h)]),
            }} />
        </Figure>
    );
}
