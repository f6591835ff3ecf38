/* What explains the energy not served, by class of unit and region. A group so small that it would name a site (fewer
 * than three sites of that kind in the region) is shown without its region: the page ranks no targets (docs/MISUSE.md). */
import type { Run } from "./data.ts";

export interface CauseGroup {
    label: string;
    waves: number; // MWh a season
    failures: number;
    kind: "group" | "rest" | "system";
}

const least = 3; // sites in a region for a group of its own

const siteClassOf: Record<string, string> = { thermal: "thermal", nuclear: "nuclear", hydro: "hydro", renewable: "renewable" };

function sitesOf(run: Run, region: number, unit: string): number {
    const kind = siteClassOf[unit];
    return run.sites.filter((s) => s.region === region && (kind === undefined || s.class === kind)).length;
}

/** "thermal" -> "thermal units", "dc line" -> "DC lines" */
export function unitWords(unit: string): string {
    if (unit === "switchgear" || unit === "storage") return unit;
    if (siteClassOf[unit] !== undefined) return `${unit} units`;
    return `${unit.replace(/_/g, " ").replace(/^dc\b/i, "DC")}s`;
}

export function causeGroups(run: Run, shown: number): CauseGroup[] {
    const groups = new Map<string, CauseGroup>();
    for (const cause of run.causes) {
        const region = run.regions[cause.region];
        const n = sitesOf(run, cause.region, cause.class);
        const where = region === undefined ? "elsewhere" : n > 0 && n < least ? "regions with one or two such sites" : region.name || region.id;
        const label = `${unitWords(cause.class)}, ${where}`;
        const group = groups.get(label) ?? { label, waves: 0, failures: 0, kind: "group" };
        group[cause.cause === "waves" ? "waves" : "failures"] += cause.mwh ?? 0;
        groups.set(label, group);
    }
    const sorted = [...groups.values()].filter((g) => sumOf(g) > 0).sort((a, b) => sumOf(b) - sumOf(a) || (a.label < b.label ? -1 : 1));
    const first = sorted.slice(0, shown);
    const rest = sorted.slice(shown);
    if (rest.length > 0)
        first.push({
            label: `${rest.length} further groups`, kind: "rest",
            waves: rest.reduce((a, g) => a + g.waves, 0), failures: rest.reduce((a, g) => a + g.failures, 0),
        });
    if (run.unexplained_mwh !== null && run.unexplained_mwh > 0)
        first.push({ label: "more was wanted than the whole system could bring", waves: 0, failures: run.unexplained_mwh, kind: "system" });
    return first;
}

export const sumOf = (group: CauseGroup): number => group.waves + group.failures;
