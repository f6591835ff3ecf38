/* Settings that differ between the results of a page. How a study was run (study.*) and the name are told elsewhere. */
import type { Run } from "./data.ts";

export interface Differing {
    key: string;
    values: { value: string; files: string[] }[]; // each value once, in the order of the files
}

const leftOut = (key: string): boolean => key === "name" || key.startsWith("study.");

export function differing(runs: readonly Run[]): Differing[] {
    const settings = runs.map((run) => new Map(run.settings.map((s) => [s.key, s.value])));
    const keys = new Set(settings.flatMap((map) => [...map.keys()]));
    const list: Differing[] = [];
    for (const key of keys) {
        if (leftOut(key)) continue;
        const values = new Map<string, string[]>();
        runs.forEach((run, k) => {
            const value = settings[k]?.get(key) ?? "";
            values.set(value, [...(values.get(value) ?? []), run.file]);
        });
        if (values.size > 1) list.push({ key, values: [...values].map(([value, files]) => ({ value, files })) });
    }
    return list;
}
