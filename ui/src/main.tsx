/* Loads the report and draws it; again, at once, when the page goes to a printer and when it is back. */
import { render } from "preact";
import { Printing } from "./charts/printing.ts";
import type { Report } from "./data.ts";
import { load } from "./door.ts";
import { Page } from "./page.tsx";
import "./style.css";

const root = document.getElementById("page");

function draw(report: Report, printing: boolean): void {
    if (root !== null) render(<Printing.Provider value={printing}><Page report={report} /></Printing.Provider>, root);
}

async function start(): Promise<void> {
    try {
        const report = await load();
        const title = report.runs[0]?.scenario ?? "";
        document.title = title === "" ? "Svitlo report" : `${title} – Svitlo report`;
        root?.replaceChildren();
        draw(report, false);
        window.addEventListener("beforeprint", () => draw(report, true));
        window.addEventListener("afterprint", () => draw(report, false));
    } catch (error) {
        if (root !== null) root.textContent = error instanceof Error ? error.message : String(error);
    }
}

void start();
