/* Settings, seed, version, and how to repeat the run. */
import { useContext } from "preact/hooks";
import { Printing } from "../charts/printing.ts";
import type { Run } from "../data.ts";
import { counted, thousands } from "../format.ts";

/** The command that gives these figures again; the scenario file is the reader's to name. */
export function commandOf(run: Run): string {
    return `svitlo run SCENARIO.yaml --seasons ${run.seasons + run.seasons_failed} --seed ${run.seed} --out ${quoted(run.file)}`;
}

function quoted(text: string): string {
    return /^[\w./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
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
            <p>To repeat it, with the scenario of these settings:</p>
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
