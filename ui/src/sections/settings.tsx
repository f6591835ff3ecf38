/* Settings, seed, version, and how to repeat the run. */
import { useContext } from "preact/hooks";
import { Printing } from "../charts/printing.ts";
import type { Run } from "../data.ts";
import { counted, thousands } from "../format.ts";

const stem = (file: string): string => file.replace(/^.*\//, "").replace(/\.[^.]*$/, "");

/** Step between two values of a sweep, in the unit of its key. */
function stepOf(a: number, b: number, unit: string): string {
    const step = Number((b - a).toPrecision(12));
    if (unit !== "date") return `${step} ${unit}`.trim();
    return step % 24 === 0 ? `${step / 24}d` : `${step}h`;
}

/** --vary of each sweep: its first and last value and the step between. */
function sweepsOf(run: Run): string[] {
    const keys = [...new Set(run.levers.flatMap((l) => (l.sweep === null ? [] : [l.sweep.key])))];
    return keys.map((key) => {
        const all = run.levers.flatMap((l) => (l.sweep?.key === key ? [l.sweep] : []));
        const first = all[0]!, last = all[all.length - 1]!;
        return `--vary ${quoted(`${key}=${first.value}..${last.value}/${stepOf(first.x, all.length > 1 ? all[1]!.x : first.x + 24, first.unit)}`)}`;
    });
}

/** The command that gives these figures again, where no --set was used. seasons counts failed ones too. */
export function commandOf(run: Run): string {
    const words = ["svitlo", run.levers.length > 0 ? "compare" : "run", quoted(run.scenario_file || "SCENARIO.yaml")];
    for (const lever of run.levers) if (lever.path !== "") words.push(quoted(lever.path));
    for (const lever of run.levers)
        if (lever.parts.length > 0) words.push(`--combine ${quoted(lever.parts.map((p) => stem(run.levers[p]?.path ?? "")).join("+"))}`);
    words.push(...sweepsOf(run), `--seasons ${run.seasons}`, `--seed ${run.seed}`, `--out ${quoted(run.file)}`);
    return words.join(" ");
}

function quoted(text: string): string {
    return /^[\w.\/+=-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

export function SettingsSection({ run, version }: { run: Run; version: string }) {
    const printing = useContext(Printing);
    const facts: [string, string][] = [
        ["Results file", run.file],
        ["Grid", `${run.grid.name}, fingerprint ${run.grid.fingerprint}`],
        ["Seed", run.seed],
        ["Simulated", `${counted(run.seasons, run.noun)} of ${thousands(run.hours)} h from ${run.first_hour}${run.seconds === null ? "" : `, in ${thousands(run.seconds, run.seconds < 10 ? 1 : 0)} s`}`],
        ["Svitlo", run.version === version ? run.version : `${run.version}; report by ${version}`],
    ];
    return (
        <>
            <dl class="facts">
                {facts.map(([term, text]) => <div key={term}><dt>{term}</dt><dd>{text}</dd></div>)}
            </dl>
            <p>To repeat it, from the folder where it was run; what --set changed is not in the command, but in the settings below:</p>
            <pre tabIndex={0} aria-label="Command to repeat the run">{commandOf(run)}</pre>
            <p class="soft">The same scenario, grid, seed and version give the same bits on any number of threads.</p>
            <details class="all-settings" open={printing}>
                <summary>All {run.settings.length} settings</summary>
                <dl class="settings-list">
                    {run.settings.map((s) => <div key={s.key}><dt>{s.key}</dt><dd>{s.value}</dd></div>)}
                </dl>
            </details>
        </>
    );
}
