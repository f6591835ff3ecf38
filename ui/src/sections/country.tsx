/* The map of the country and its legend. Sites are never sorted by harm: the table beside it is by region and class. */
import { useMemo, useState } from "preact/hooks";
import { Country, lineClass, radiusOf, voltages, type Classes } from "../charts/country.tsx";
import { Figure, type TableData } from "../charts/figure.tsx";
import { shapePath } from "../charts/path.ts";
import { useWidth } from "../charts/printing.ts";
import { Squares } from "../charts/voronoi.ts";
import type { Run, Site } from "../data.ts";
import { nbsp, percent, thousands, threeDigits, unknown } from "../format.ts";
import { cividis, classEdges, mapView, neighbour, shapeOf } from "../map.ts";
import { countsPeople } from "../words.ts";

const siteClasses: Site["class"][] = ["substation", "thermal", "nuclear", "hydro", "renewable"];

function classesOf(run: Run): Classes {
    const largest = (list: (number | null)[]): number => list.reduce<number>((a, v) => Math.max(a, v ?? 0), 0);
    const people = countsPeople(run);
    const regionHours = run.regions.map((r) => (!people ? r.lole_h.mean : r.people_hours.mean === null || !(r.people > 0) ? null : r.people_hours.mean / r.people));
    return {
        damage: classEdges(largest(run.sites.map((s) => s.damaged_share)), 6),
        dark: classEdges(largest(run.sites.map((s) => s.dark_h)), 4),
        region: classEdges(largest(regionHours), 5),
        regionHours,
    };
}

export function CountrySection({ run }: { run: Run }) {
    const [ref, width] = useWidth();
    const [chosen, setChosen] = useState<number | null>(null);
    const classes = useMemo(() => classesOf(run), [run]);
    const view = useMemo(() => (width === 0 ? null : mapView(run, width)), [run, width]);
    const scale = view === null ? 1 : Math.min(1.15, Math.max(0.5, Math.sqrt((view.width * view.height) / view.places.length) / 50));
    const squares = useMemo(() => (view === null ? null : new Squares(view.places, 24)), [view]);
    const point = (e: MouseEvent): void => {
        const box = (e.currentTarget as HTMLElement).getBoundingClientRect();
        if (squares !== null) setChosen(squares.near(e.clientX - box.left, e.clientY - box.top, 24)[0] ?? null);
    };
    const move = (e: KeyboardEvent): void => {
        const step: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
        if (e.key === "Escape") setChosen(null);
        const by = step[e.key];
        if (by === undefined || view === null) return;
        e.preventDefault();
        setChosen(chosen === null ? 0 : neighbour(view.places, chosen, by[0], by[1]));
    };
    const site = chosen === null || view === null ? undefined : run.sites[view.places[chosen]?.i_site ?? -1];
    return (
        <Figure
            title="Map of the grid"
            caption={
                <>
                    An abstract plane in km. Areas are the places nearest to a region's sites: the grid knows no borders.
                    Region names that would cover another are left out. Damage and hours are samples of the stated rates, not a
                    forecast for any site. This map shows sites: treat it like the grid it came from, and publish by region.
                </>
            }
            table={() => byClass(run)}
        >
            <div ref={ref} class="chart">
                <div class="plane" tabIndex={0} role="group" aria-label={`Map of ${run.sites.length} sites. The arrow keys go from site to site, Escape leaves them.`}
                    onMouseMove={point} onMouseLeave={() => setChosen(null)} onClick={point} onKeyDown={move}>
                    {view === null ? null : (
                        <Country run={run} view={view} classes={classes} chosen={chosen} scale={scale}
                            label={`Map of ${run.grid.name}: ${run.sites.length} sites, ${run.regions.length} regions`} />
                    )}
                </div>
                <p class="readout" aria-live="polite">
                    {site === undefined ? <span class="soft">Point at a site, or use the arrow keys on the map, to read it out.</span> : siteText(run, site)}
                </p>
            </div>
            <Legend run={run} classes={classes} scale={scale} />
        </Figure>
    );
}

function siteText(run: Run, site: Site): string {
    const region = run.regions[site.region];
    const shelter = site.shelter > 0 ? ` Shelter level ${site.shelter}.` : "";
    const dark = site.dark_h === null ? unknown : `${threeDigits(site.dark_h)}${nbsp}h`;
    return `${site.name || site.id}, ${site.class}${region === undefined ? "" : ` in ${region.name || region.id}`}: damaged in ${percent(site.damaged_share)} of ${run.noun}s; load there not fully served for ${dark} a ${run.noun}.${shelter}`;
}

function Legend({ run, classes, scale }: { run: Run; classes: Classes; scale: number }) {
    const kv = voltages(run);
    const there = siteClasses.filter((c) => run.sites.some((s) => s.class === c));
    const people = countsPeople(run);
    const span = (edges: number[], k: number, show: (v: number) => string): string => `${k === 0 ? "0" : show(edges[k - 1] ?? 0)}–${show(edges[k] ?? 0)}`;
    const hours = (v: number): string => thousands(v, v < 1 ? 1 : 0);
    const share = (v: number): string => thousands(100 * v, v < 0.01 ? 1 : 0);
    return (
        <div class="legend">
            <div>
                <p class="legend-title">Site</p>
                <ul>{there.map((c) => <li key={c}><Mark d={shapePath(shapeOf[c], 10, 9, 5.5)} />{c}</li>)}</ul>
            </div>
            <div>
                <p class="legend-title">Colour: {run.noun}s with damage, %</p>
                <ul>{classes.damage.length === 0 ? <li>none in any {run.noun}</li> : classes.damage.map((_, k) => (
                    <li key={k}><Mark d={shapePath("circle", 10, 9, 6)} fill={cividis[Math.round((k / Math.max(1, classes.damage.length - 1)) * 5)] ?? "none"} />{span(classes.damage, k, share)}</li>
                ))}</ul>
            </div>
            <div>
                <p class="legend-title">Size: load not fully served, h a {run.noun}</p>
                <ul>{classes.dark.length === 0 ? <li>none</li> : classes.dark.map((_, k) => (
                    <li key={k}><Mark d={shapePath("circle", 10, 9, radiusOf(k, classes.dark.length) * scale)} />{span(classes.dark, k, hours)}</li>
                ))}</ul>
            </div>
            <div>
                <p class="legend-title">Area: {people ? "hours off, a person of the region" : "hours with cuts in the region"}</p>
                <ul>{classes.region.length === 0 ? <li>none</li> : classes.region.map((_, k) => (
                    <li key={k}><svg width="20" height="18" aria-hidden="true"><rect class={`ground${k} swatch`} x="1" y="2" width="18" height="14" /></svg>{span(classes.region, k, hours)}</li>
                ))}</ul>
            </div>
            {kv.length === 0 ? null : (
                <div>
                    <p class="legend-title">Line, kV</p>
                    <ul>{kv.map((v, rank) => (
                        <li key={v}><svg width="30" height="18" aria-hidden="true"><path class={lineClass(rank, kv.length)} d="M1 9H29" /></svg>{thousands(v)}</li>
                    ))}</ul>
                </div>
            )}
        </div>
    );
}

function Mark({ d, fill = "none" }: { d: string; fill?: string }) {
    return <svg width="20" height="18" aria-hidden="true"><path class="site" fill={fill} d={d} /></svg>;
}

function byClass(run: Run): TableData {
    const rows: string[][] = [];
    run.regions.forEach((region, i) => {
        for (const c of siteClasses) {
            const sites = run.sites.filter((s) => s.region === i && s.class === c);
            if (sites.length === 0) continue;
            const mean = (list: (number | null)[]): number | null => (list.some((v) => v === null) ? null : list.reduce<number>((a, v) => a + (v ?? 0), 0) / list.length);
            const dark = mean(sites.map((s) => s.dark_h));
            rows.push([region.name || region.id, c, String(sites.length), percent(mean(sites.map((s) => s.damaged_share))), dark === null ? unknown : threeDigits(dark)]);
        }
    });
    return { head: ["Region", "class of site", "sites", `${run.noun}s with damage, a site`, "hours not fully served, a site"], rows };
}
