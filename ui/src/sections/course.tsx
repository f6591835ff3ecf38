/* The course of a season: who is in the dark, day by day. */
import { useMemo, useState } from "preact/hooks";
import { Fan } from "../charts/fan.tsx";
import { Figure, type TableData } from "../charts/figure.tsx";
import { Key, type KeyItem } from "../charts/key.tsx";
import { extent } from "../charts/scale.ts";
import { Switch } from "../charts/switch.tsx";
import { courseOf, type Course } from "../course.ts";
import type { Run } from "../data.ts";
import { dateText, hourOf, timeText } from "../dates.ts";
import { amount, measureOf, quantile, type Quantity } from "../format.ts";
import { countsPeople, metric, span } from "../words.ts";

type What = "people" | "mw";

/** All that is drawn and said of one quantity. */
interface View {
    course: Course;
    real: readonly number[] | null; // one season hour by hour
    several: boolean; // seasons
    what: Quantity;
    noun: string;
    name: (point: number) => string;
}

function viewOf(run: Run, people: boolean): View {
    const several = metric(run, "eens_mwh").n > 1;
    const course = courseOf(people ? run.people_off : run.shed_mw, run.hours);
    const first = hourOf(run.first_hour) ?? 0;
    return {
        course,
        real: run.course === null || course.rare ? null : people ? run.course.people : run.course.shed_mw,
        several,
        what: people ? "people" : "power",
        noun: run.noun,
        name: (i) => (course.step === 24 ? dateText(first + i * 24) : timeText(first + i)),
    };
}

export function CourseSection({ run }: { run: Run }) {
    const canCount = countsPeople(run);
    const [what, setWhat] = useState<What>(canCount ? "people" : "mw");
    const [cursor, setCursor] = useState<number | null>(null);
    const people = what === "people";
    const view = useMemo(() => viewOf(run, people), [run, people]);
    const { course, real, several, name } = view;
    if (course.middle.every((v) => v === null)) return null;
    const top = extent([...course.p95, ...course.middle, ...(real ?? [])])?.[1] ?? 0;
    const measure = measureOf(view.what, top);
    const title = people ? "People without power" : "Power not delivered";
    const unit = people && measure.factor < 1 ? "million people" : measure.unit;
    const last = course.middle.length - 1;
    const at = Math.min(cursor ?? peakOf(course), last);
    const day = course.step === 24;
    const table = (): TableData => ({
        head: [day ? "Day" : "Hour", `5 in 100 below, ${unit}`, "median", "average", "5 in 100 above"],
        rows: course.p50.map((_, i) => [name(i), ...[course.p5, course.p50, course.mean, course.p95].map((list) => quantile(measure, list[i] ?? null))]),
    });
    return (
        <Figure
            title={`${title}, ${span(run)}`}
            controls={canCount ? <Switch label="What is drawn" value={what} onChange={setWhat} options={[["people", "People"], ["mw", "Megawatts"]]} /> : undefined}
            caption={captionOf(view, run.course?.season ?? 0)}
            table={table}
        >
            <Key items={keyItems(view)} />
            <Fan label={`${title} over the ${run.noun}. ${sentence(view, at)}`} course={course} line={!several} real={real}
                firstHour={hourOf(run.first_hour) ?? 0} hours={run.hours} factor={measure.factor} unit={unit} cursor={cursor} onCursor={setCursor}
                read={{ label: day ? "Day to read out" : "Hour to read out", at, text: sentence(view, at) }} />
            <p class="readout">{sentence(view, at)}.</p>
        </Figure>
    );
}

function captionOf({ course, real, several, noun }: View, season: number): string {
    const lines: string[] = [];
    const day = course.step === 24;
    if (!several) return real !== null || !day ? `The only simulated ${noun}, hour by hour.` : `The only simulated ${noun}; the line is the mean of each day.`;
    if (course.rare) lines.push(`At every hour more than half of the ${noun}s have no cut, so the line is the average of all ${noun}s instead of the median.`);
    if (day) lines.push(course.rare ? "Band and line are means over the 24 hours of each day." : "Band and line are means over the 24 hours of each day of the quantiles of each hour.");
    lines.push(`The band is no ${noun}: each hour has its own quantiles, and no ${noun} stays at an edge of it.`);
    if (real !== null) lines.push(`The thin line is one simulated ${noun}, number ${season}, hour by hour: near the middle of all by its harm.`);
    return lines.join(" ");
}

function peakOf(course: Course): number {
    let best = 0;
    course.middle.forEach((v, i) => {
        if (v !== null && v > (course.middle[best] ?? -1)) best = i;
    });
    return best;
}

/** What is read out at a point, without the full stop. */
function sentence({ course, real, several, what, noun, name }: View, i: number): string {
    const of = (list: readonly (number | null)[]): string => amount(what, list[i] ?? null);
    const hours = real === null ? [] : real.slice(i * course.step, (i + 1) * course.step);
    const most = hours.length === 0 ? null : `${course.step === 24 ? "up to " : ""}${amount(what, Math.max(...hours))}`;
    if (!several) return `${name(i)}: ${most ?? of(course.middle)}`;
    const line = course.rare ? `average of all ${noun}s ${of(course.mean)}` : `median ${of(course.p50)}`;
    const text = `${name(i)}: ${line}, 90 in 100 between ${of(course.p5)} and ${of(course.p95)}`;
    return most === null ? text : `${text}; in the one ${noun} shown, ${most}`;
}

function keyItems({ course, real, several, noun }: View): KeyItem[] {
    const band = { draw: <rect class="mark band" width="28" height="14" />, text: `90 in 100 ${noun}s, each hour` };
    const line = { draw: <path class="mark median" d="M0 7H28" />, text: !several ? `this ${noun}` : course.rare ? `average of all ${noun}s` : `half of the ${noun}s above` };
    const one = { draw: <path class="mark real" d="M0 9L5 4L9 10L14 3L18 11L23 5L28 8" />, text: several ? `one simulated ${noun}` : `this ${noun}` };
    if (!several) return [real === null ? line : one];
    return real === null ? [band, line] : [band, line, one];
}
