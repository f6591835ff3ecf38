/* The course of the season in each region, side by side on one scale. */
import { Figure, type TableData } from "../charts/figure.tsx";
import { Key } from "../charts/key.tsx";
import { Panels, type Panel } from "../charts/panels.tsx";
import { extent } from "../charts/scale.ts";
import type { Num, Region, Run } from "../data.ts";
import { dateText, hourOf } from "../dates.ts";
import { amount, averageColumn, counted, measureOf, nbsp, percent, quantile, unknown, type Measure } from "../format.ts";
import { countryCourse, dayCourse, daysOf, hardest, harmList, harmOf, meanOf, mixedZones, piecesOf, worstDay } from "../regions.ts";
import { metric, span } from "../words.ts";

const most = 60; // panels; of more regions only the hardest hit are drawn
const few = 24;

const nameOf = (r: Region): string => r.name || r.id;

/** Shares that no one can tell from nothing in per cent are counted in a million people. */
function measureOfDays(people: boolean, largest: number): Measure {
    if (!people) return measureOf("power", largest);
    return largest >= 0.0005 || largest === 0 ? { factor: 100, unit: "%" } : { factor: 1e6, unit: "in a million" };
}

export function RegionPanels({ run }: { run: Run }) {
    const harm = harmOf(run);
    const people = harm.people;
    const sorted = hardest(run, harm);
    const shown = sorted.length > most ? sorted.slice(0, few) : sorted;
    const days = daysOf(run);
    const first = hourOf(run.first_hour) ?? 0;
    const courses = new Map(sorted.map((r) => [r, dayCourse(r, people, days)]));
    const of = (r: Region): Num[] => courses.get(r) ?? [];
    const country = countryCourse(run.regions, people, days);
    const several = run.regions.length > 1;
    const compared = several && country.some((v) => v !== null);
    const whole = people ? "the whole country" : "the average region";
    const measure = measureOfDays(people, extent(shown.flatMap(of))?.[1] ?? 0);
    const means = harmList(harm, sorted);
    const off = measureOf(people ? "hours" : "energy", Math.max(0, ...means.map((m) => m.mean ?? 0)));
    const numbers = averageColumn(off, means);
    const mixed = mixedZones(run);
    const said = (v: Num): string => (people ? percent(v) : amount("power", v));
    const items: Panel[] = shown.map((r, k) => {
        const values = of(r);
        const worst = worstDay(values);
        const text = worst === null ? unknown : `${said(meanOf(values))} on an average day, most on ${dateText(first + 24 * worst)} with ${said(values[worst] ?? null)}`;
        return {
            key: `${k} ${r.id}`,
            head: <p class="panel-head">{nameOf(r)}{mixed && r.zone === "front" ? <span class="tag">front</span> : null}<b>{numbers[k] ?? unknown}</b></p>,
            label: `${nameOf(r)}, ${people ? "people without power" : "power not delivered"}: ${text}${compared ? `; ${whole} ${said(meanOf(country))}` : ""}`,
            values,
        };
    });
    const dayText = (values: Num[]): string => {
        const worst = worstDay(values);
        return worst === null ? unknown : dateText(first + 24 * worst);
    };
    const table = (): TableData => {
        const pieces = piecesOf(first, days);
        return {
            head: ["Region", people ? "time off a person" : "not served", "worst day", ...pieces.map((p) => `${p.label}, ${measure.unit}`)],
            rows: [
                ...sorted.map((r, k) => [nameOf(r), numbers[k] ?? unknown, dayText(of(r)), ...pieces.map((p) => quantile(measure, meanOf(of(r).slice(p.from, p.to))))]),
                ...(several ? [[people ? "Whole country" : "Average region", "–", dayText(country), ...pieces.map((p) => quantile(measure, meanOf(country.slice(p.from, p.to))))]] : []),
            ],
        };
    };
    const n = metric(run, "eens_mwh").n;
    return (
        <Figure
            title={`${several ? "Each region" : "The only region"}, ${span(run)}`}
            caption={
                <>
                    {several ? `One panel a region, hardest hit first, all on one scale${shown.length < sorted.length ? `: the ${few} hardest hit of ${sorted.length}` : ""}. ` : ""}
                    {people ? "Shares are of the people who live there, at an average hour of each day" : "Power not delivered at an average hour of each day"}
                    {n > 1 ? `, mean of all ${counted(n, run.noun)}. ` : `; the only simulated ${run.noun}. `}
                    {compared ? `The dashed line is ${whole}, the same in all panels. ` : ""}
                    The number is {people ? "the time that a person there is without power" : "the energy not served"} in one {run.noun}
                    {n > 1 ? `, with half of its 95${nbsp}% interval. ` : ". "}
                    {mixed ? "Regions marked “front” are in the front zone of the grid's table, the others in the rear." : ""}
                </>
            }
            table={table}
        >
            {compared ? (
                <Key items={[
                    { draw: <path class="mark common" d="M0 7H28" />, text: whole },
                    { draw: <><rect class="mark band" width="28" height="14" /><path class="mark course-line" d="M0 1H28" /></>, text: "the region" },
                    { draw: <><rect class="mark band" y="8" width="28" height="6" /><rect class="mark above" width="28" height="8" /><path class="mark common" d="M0 8H28" /></>, text: `above ${whole}` },
                ]} />
            ) : null}
            <Panels unit={people ? `people of the region without power, ${measure.unit}` : `power not delivered, ${measure.unit}`} factor={measure.factor}
                firstHour={first} hours={run.hours} common={compared ? country : null} items={items} />
        </Figure>
    );
}
