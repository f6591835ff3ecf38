/* The course of a season: who is in the dark, day by day. */
import { useMemo, useState } from "preact/hooks";
import { Fan } from "../charts/fan.tsx";
import { Figure, type TableData } from "../charts/figure.tsx";
import { Key } from "../charts/key.tsx";
import { Switch } from "../charts/switch.tsx";
import { courseOf, type Course } from "../course.ts";
import type { Run } from "../data.ts";
import { dateText, hourOf, timeText } from "../dates.ts";
import { amount, measureOf, quantile, type Quantity } from "../format.ts";
import { extent } from "../charts/scale.ts";
import { countsPeople, metric, span } from "../words.ts";

type What = "people" | "mw";

export function CourseSection({ run }: { run: Run }) {
    const canCount = countsPeople(run);
    const [what, setWhat] = useState<What>(canCount ? "people" : "mw");
    const [cursor, setCursor] = useState<number | null>(null);
    const people = what === "people";
    const course = useMemo(() => courseOf(people ? run.people_off : run.shed_mw, run.hours), [run, people]);
    const real = run.course === null ? null : people ? run.course.people : run.course.shed_mw;
    if (course.p95.every((v) => v === null)) return null;
    const quantity: Quantity = people ? "people" : "power";
    const top = extent([...course.p95, ...(real ?? [])])?.[1] ?? 0;
    const measure = measureOf(quantity, top);
    const first = hourOf(run.first_hour) ?? 0;
    const title = people ? "People without power" : "Power not delivered";
    const unit = people ? (measure.factor < 1 ? "million people" : "people") : measure.unit;
    const several = metric(run, "eens_mwh").n > 1;
    const name = (i: number): string => (course.step === 24 ? dateText(first + i * 24) : timeText(first + i));
    const last = course.p50.length - 1;
    const peak = peakOf(course);
    const at = Math.min(cursor ?? peak, last);
    const words = (i: number): string => sentence(course, i, name, quantity, several);
    const table = (): TableData => ({
        head: [course.step === 24 ? "Day" : "Hour", `5 in 100 below, ${unit}`, "median", "average", "5 in 100 above"],
        rows: course.p50.map((_, i) => [name(i), ...[course.p5, course.p50, course.mean, course.p95].map((list) => quantile(measure, list[i] ?? null))]),
    });
    return (
        <Figure
            title={`${title}, ${span(run)}`}
            controls={canCount ? <Switch label="What is drawn" value={what} onChange={setWhat} options={[["people", "People"], ["mw", "Megawatts"]]} /> : undefined}
            caption={
                <>
                    {course.step === 1 ? "" : several ? "Band and line are means over the 24 hours of each day of the quantiles of each hour. " : "The line is the mean of each day. "}
                    {several ? `The band is no ${run.noun}: each hour has its own quantiles, and no ${run.noun} stays at an edge of it. ` : ""}
                    {real === null ? "" : `The thin line is one simulated ${run.noun}, number ${run.course?.season}, hour by hour: near the middle of all by its harm.`}
                </>
            }
            table={table}
        >
            <Key items={keyItems(run, real !== null)} />
            <Fan label={`${title} over the ${run.noun}. ${words(at)}`} course={course} real={real}
                firstHour={first} hours={run.hours} factor={measure.factor} unit={unit} cursor={cursor} onCursor={setCursor} />
            <div class="scrub">
                <input type="range" min="0" max={last} step="1" value={at} aria-label={course.step === 24 ? "Day to read out" : "Hour to read out"}
                    aria-valuetext={words(at)} onInput={(e) => setCursor(Number(e.currentTarget.value))} />
                <p class="readout">{words(at)}{realText(real, at, course.step, quantity, run.noun)}</p>
            </div>
        </Figure>
    );
}

function peakOf(course: Course): number {
    let best = 0;
    course.p50.forEach((v, i) => {
        if (v !== null && v > (course.p50[best] ?? -1)) best = i;
    });
    return best;
}

function sentence(course: Course, i: number, name: (i: number) => string, what: Quantity, several: boolean): string {
    const [low, median, high] = [course.p5[i] ?? null, course.p50[i] ?? null, course.p95[i] ?? null];
    if (!several) return `${name(i)}: ${amount(what, median)}`;
    return `${name(i)}: median ${amount(what, median)}, 90 in 100 between ${amount(what, low)} and ${amount(what, high)}`;
}

function realText(real: readonly number[] | null, i: number, step: number, what: Quantity, noun: string): string {
    if (real === null) return ".";
    const hours = real.slice(i * step, (i + 1) * step);
    if (hours.length === 0) return ".";
    return `; in the one ${noun} shown, ${step === 24 ? "up to " : ""}${amount(what, Math.max(...hours))}.`;
}

function keyItems(run: Run, real: boolean) {
    const several = metric(run, "eens_mwh").n > 1;
    const items = [
        { draw: <rect class="mark band" width="28" height="14" />, text: `90 in 100 ${run.noun}s, each hour` },
        { draw: <path class="mark median" d="M0 7H28" />, text: several ? `half of the ${run.noun}s above` : `this ${run.noun}` },
        { draw: <path class="mark real" d="M0 9L5 4L9 10L14 3L18 11L23 5L28 8" />, text: `one simulated ${run.noun}` },
    ];
    return items.filter((_, i) => (i === 0 ? several : i === 1 || real));
}
