/* The one door to the data: inlined in the page by `svitlo report`, or asked of the server that sent the page. */
import type { Report } from "./data.ts";

export async function load(): Promise<Report> {
    const inlined = document.getElementById("svitlo-data")?.textContent?.trim() ?? "";
    if (inlined !== "") return JSON.parse(inlined) as Report;
    if (!location.protocol.startsWith("http")) throw new Error("This page has no data. It is filled by: svitlo report");
    const answer = await fetch("api/report");
    if (!answer.ok) throw new Error(`The server has no report (${answer.status})`);
    return (await answer.json()) as Report;
}
