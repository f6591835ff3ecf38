/* The whole page: what stands above all runs, then each run in turn. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Report, Run } from "./data.ts";
import { Hatches } from "./charts/hatches.tsx";
import { Level } from "./charts/figure.tsx";
import { CausesSection } from "./sections/causes.tsx";
import { CountrySection } from "./sections/country.tsx";
import { CourseSection } from "./sections/course.tsx";
import { FileName, Headline, OneSeason } from "./sections/headline.tsx";
import { LeversSection } from "./sections/levers.tsx";
import { Overview } from "./sections/overview.tsx";
import { RegionsSection } from "./sections/regions.tsx";
import { SettingsSection } from "./sections/settings.tsx";
import { ClassesSection, OutagesSection } from "./sections/tables.tsx";
import { isBright } from "./words.ts";

export function Page({ report }: { report: Report }) {
    const several = report.runs.length > 1;
    return (
        <>
            <Hatches />
            <a class="skip" href="#start">To the answer</a>
            <header class="top">
                <span class="maker">Svitlo report</span>
                <Theme />
            </header>
            <main id="start">
                {several ? <Overview runs={report.runs} /> : null}
                {report.runs.map((run, k) => <OneRun key={k} run={run} k={k} several={several} version={report.version} />)}
            </main>
            <footer>
                Made by Svitlo {report.version}, a civil planning tool. Sampled {report.runs[0]?.noun ?? "season"}s under the stated rates, not a forecast.
            </footer>
        </>
    );
}

function Theme() {
    const [theme, setTheme] = useState<"" | "light" | "dark">("");
    const isDark = theme === "dark" || (theme === "" && matchMedia("(prefers-color-scheme: dark)").matches);
    const turn = (): void => {
        const next = isDark ? "light" : "dark";
        document.documentElement.dataset["theme"] = next;
        setTheme(next);
    };
    return <button type="button" class="theme" onClick={turn}>{isDark ? "Light page" : "Dark page"}</button>;
}

const known = (v: number | null): boolean => v !== null;

interface Part {
    id: string;
    title: string;
    body: ComponentChildren;
}

function partsOf(run: Run, version: string): Part[] {
    const parts: (Part | null)[] = [
        run.shed_mw.p95.some(known) || run.people_off.p95.some(known) ? { id: "course", title: `The course of the ${run.noun}`, body: <CourseSection run={run} /> } : null,
        { id: "numbers", title: `One ${run.noun} in numbers`, body: <OneSeason run={run} /> },
        run.levers.length > 0 ? { id: "levers", title: "What each lever is worth", body: <LeversSection run={run} /> } : null,
        run.regions.length > 0 ? { id: "regions", title: "Where it is darkest", body: <RegionsSection run={run} /> } : null,
        run.sites.filter((s) => known(s.x_km) && known(s.y_km)).length > 1 ? { id: "map", title: "On the map", body: <CountrySection run={run} /> } : null,
        run.causes.some((c) => c.mwh > 0) ? { id: "causes", title: "What hurts most", body: <CausesSection run={run} /> } : null,
        run.events.length > 0 || run.event_lengths.some((b) => b.per_season > 0) ? { id: "outages", title: "Outages", body: <OutagesSection run={run} /> } : null,
        { id: "classes", title: "Customers", body: <ClassesSection run={run} /> },
        { id: "settings", title: "How this was made", body: <SettingsSection run={run} version={version} /> },
    ];
    const bright = new Set(["course", "numbers", "regions", "causes", "outages", "classes"]);
    return parts.filter((p): p is Part => p !== null && !(isBright(run) && bright.has(p.id)));
}

function OneRun({ run, k, several, version }: { run: Run; k: number; several: boolean; version: string }) {
    const parts = partsOf(run, version);
    const Title = several ? "h3" : "h2";
    const id = (part: Part): string => (several ? `run${k + 1}-${part.id}` : part.id);
    return (
        <article class="run">
            <Headline run={run} several={several} />
            <nav aria-label={several ? `Parts of result ${k + 1}` : "Parts of this page"}>
                <ul>{parts.map((p) => <li key={p.id}><a href={`#${id(p)}`}>{p.title}</a></li>)}</ul>
            </nav>
            {parts.map((p) => (
                <section key={p.id} id={id(p)} class={p.id}>
                    <Title>{p.title}{several ? <FileName run={run} /> : null}</Title>
                    <Level.Provider value={several ? 4 : 3}>{p.body}</Level.Provider>
                </section>
            ))}
        </article>
    );
}
