/* Fill the page with samples, as `svitlo report` does: node test/fill.mjs PAGE.html FOLDER. Compiled samples are in build/test. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { samples } from "../build/test/test/edges.js";

const slot = '<script type="application/json" id="svitlo-data"></script>';

export function filled(page, report) {
    const parts = page.split(slot);
    if (parts.length !== 2) throw new Error(`the slot for the data is there ${parts.length - 1} times, not once`);
    const json = JSON.stringify(report).replace(/</g, "\\u003c");
    return parts[0] + slot.replace("></", `>${json}</`) + parts[1];
}

if (process.argv[1]?.endsWith("fill.mjs")) {
    const [page, folder] = process.argv.slice(2);
    mkdirSync(folder, { recursive: true });
    for (const [name, make] of Object.entries(samples))
        writeFileSync(join(folder, `${name}.html`), filled(readFileSync(page, "utf8"), make()));
}
