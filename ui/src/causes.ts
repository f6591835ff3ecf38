/* What explains the energy not served, by class of unit and region. A group so small that it would name a site comes
 * without its region, and is shown with the rest: the page ranks no targets (docs/MISUSE.md). */
import type { Run } from "./data.ts";

export interface CauseGroup {
    label: string;
    waves: number; // MWh a season
    failures: number;
    kind: "group" | "rest" | "system";
}

const siteClassOf: Record<string, string> = { thermal: "thermal", nuclear: "nuclear", hydro: "hydro", renewable: "renewable" };

/** "thermal" -> "thermal units", "dc line" -> "DC lines" */
export function unitWords(unit: string): string {
    if (unit === "switchgear" || unit === "storage") return unit;
    if (siteClassOf[unit] !== undefined) return `${unit} units`;
    return `${unit.replace(/_/g, " ").replace(/^dc\b/i, "DC")}s`;
}

function add(groups: Map<string, CauseGroup>, label: string, cause: Run["causes"][number]): void {
    const group = groups.get(label) ?? { label, waves: 0, failures: 0, kind: "group" };
    group[cause.cause === "waves" ? "waves" : "failures"] += cause.mwh ?? 0;
    groups.set(label, group);
}

/** Largest first, without those that are nothing but rounding. */
function inOrder(groups: Iterable<CauseGroup>): CauseGroup[] {
    const list = [...groups];
    const all = list.reduce((a, g) => a + sumOf(g), 0);
    return list.filter((g) => sumOf(g) > 1e-6 * all).sort((a, b) => sumOf(b) - sumOf(a) || (a.label < b.label ? -1 : 1));
}

function withSystem(run: Run, groups: CauseGroup[]): CauseGroup[] {
    const mwh = run.unexplained_mwh ?? 0;
    const all = groups.reduce((a, g) => a + sumOf(g), mwh);
    return mwh > 1e-6 * all ? [...groups, { label: "more was wanted than the whole system could bring", waves: 0, failures: mwh, kind: "system" }] : groups;
}

export function byClass(run: Run): CauseGroup[] {
    const groups = new Map<string, CauseGroup>();
    for (const cause of run.causes) add(groups, unitWords(cause.class), cause);
    return withSystem(run, inOrder(groups.values()));
}

/** The largest groups, then all others as one, then what no unit explains. */
export function byClassAndRegion(run: Run, shown: number): CauseGroup[] {
    const groups = new Map<string, CauseGroup>();
    const others: CauseGroup = { label: "all other groups", waves: 0, failures: 0, kind: "rest" };
    for (const cause of run.causes) {
        const region = run.regions[cause.region];
        if (region !== undefined) add(groups, `${unitWords(cause.class)}, ${region.name || region.id}`, cause);
        else others[cause.cause === "waves" ? "waves" : "failures"] += cause.mwh ?? 0;
    }
    const sorted = inOrder(groups.values());
    for (const g of sorted.slice(shown)) {
        others.waves += g.waves;
        others.failures += g.failures;
    }
    const first = sorted.slice(0, shown);
    return withSystem(run, sumOf(others) > 0 ? [...first, others] : first);
}

export const sumOf = (group: CauseGroup): number => group.waves + group.failures;
