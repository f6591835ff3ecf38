/* Open a filled page in Chromium and use it as people do: node test/browser.mjs PAGE.html... [--screenshot FOLDER]
 * No message in the console, every chart has its marks and a name, all controls are reached by keyboard, axe finds nothing,
 * 360 pixels without sideways scrolling, dark, paper. Exit code 1 with one line a finding. */
import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

function options(words) {
    const at = words.indexOf("--screenshot");
    const folder = at < 0 ? null : words[at + 1];
    return { folder, pages: words.filter((_, i) => at < 0 || (i !== at && i !== at + 1)) };
}

/* ---- what is looked at in the page --------------------------------------------------------- */

/** Runs in the page: charts without marks or name, text without meaning, overflow. */
function look() {
    const found = [];
    const data = JSON.parse(document.getElementById("svitlo-data").textContent);
    const count = (selector) => document.querySelectorAll(selector).length;
    const runs = data.runs.map((run) => ({
        ...run,
        bright: run.country.eens_mwh.mean === 0,
        people: run.grid.people > 0 && run.country.people_hours.mean !== 0,
    }));
    const needs = (what, condition) => { if (!condition) found.push(`missing: ${what}`); };
    for (const run of runs.filter((r) => !r.bright)) {
        if (run.people_off.p95.some((v) => v !== null)) {
            needs("fan chart", count(".fan .band, .fan .real, .fan .median") >= (run.seasons > 1 ? 2 : 1));
            if (run.course !== null && run.people_off.p50.some((v) => v > 0)) needs("real season", count(".fan .real") >= 1);
        }
        if (run.regions.length > 1 && run.regions.every((r) => r.people_hours.mean !== null || r.eens_mwh.mean !== null))
            needs("a row for each region", count(".regions .rows tbody tr") >= Math.min(30, run.regions.length));
        const panels = run.regions.length > 60 ? 24 : run.regions.length;
        const known = run.regions.some((r) => (run.people ? r.day_people : r.day_shed_mw).some((v) => v !== null));
        needs("a panel for each region", count(".regions .panel") >= panels && count(".regions .panel .course-line[d^=M], .regions .panel .unknown") >= panels);
        if (known && run.regions.length > 1) needs("the country in each panel", count(".regions .panel .common[d^=M]") >= panels);
        if (run.causes.some((c) => c.mwh > 0)) needs("bars of causes", count(".causes .by-waves, .causes .by-failures") >= 2);
        if (run.events.length > 0) needs("largest outages", count(".outages .data tbody tr") >= run.events.length);
        const own = run.levers.filter((l) => l.sweep === null);
        if (own.length > 0) needs("a row for each lever", count(".levers .rows tbody tr") >= own.length);
        const key = run.people ? "people_hours" : "eens_mwh";
        const keys = new Set(run.levers.filter((l) => l.sweep !== null && l.sweep.x !== null && l.metrics[key].difference.mean !== null).map((l) => l.sweep.key));
        needs("a curve for each sweep", count(".curve .saves-line") >= keys.size);
        const sweeps = [...document.querySelectorAll(".levers figure")].filter((f) => f.querySelector(".curve") !== null);
        needs("the measure of worth at each sweep", sweeps.every((f) => f.querySelector(".switch") !== null));
    }
    if (runs.length > 1) {
        const titles = [...document.querySelectorAll("article.run")].map((a) => [...a.querySelectorAll("h2, section > h3")].map((h) => h.textContent));
        needs("the file beside each title", titles.every((list, k) => list.length > 1 && list.every((t) => t.endsWith(` ${runs[k].file}`))));
        needs("settings that differ", count(".differ li, .differ p") >= 1 && count(".differ li") <= 13);
    }
    for (const table of document.querySelectorAll(".outages .data"))
        needs("people where the caption speaks of them",
            /People are those/.test(table.closest("figure").querySelector("figcaption").textContent) === /people off/.test(table.tHead.textContent));
    for (const run of runs)
        if (run.sites.filter((s) => s.x_km !== null && s.y_km !== null).length > 1)
            needs("map", count(".country .site") >= 1 && count(".country .ground path") >= 1 && count(".legend li") >= 4);
    needs("answer", count(".answer") === runs.length && document.querySelector(".answer").textContent.length > 20);
    for (const drawing of document.querySelectorAll("svg, canvas")) {
        if (drawing.closest("[aria-hidden=true]") !== null) continue;
        if ((drawing.getAttribute("aria-label") ?? "") === "") found.push(`no name: ${drawing.outerHTML.slice(0, 80)}`);
    }
    for (const mark of document.querySelectorAll("svg *"))
        for (const a of mark.attributes)
            if (/NaN|undefined|null|Infinity/.test(a.value)) found.push(`bad attribute: ${mark.tagName} ${a.name}="${a.value.slice(0, 40)}"`);
    for (const chart of document.querySelectorAll(".chart svg"))
        if (Math.abs(chart.viewBox.baseVal.width - chart.clientWidth) > 2) found.push(`drawn ${chart.viewBox.baseVal.width} wide, shown ${chart.clientWidth}: ${chart.getAttribute("class")}`);
    const text = document.body.innerText;
    const odd = /.{0,30}(NaN|undefined|\bnull\b|\[object|Infinity).{0,20}/.exec(text);
    if (odd !== null) found.push(`odd text: ${odd[0]}`);
    const names = [...document.querySelectorAll("[id]")].map((e) => e.id);
    for (const id of new Set(names.filter((id, i) => names.indexOf(id) !== i))) found.push(`id twice: ${id}`);
    return found;
}

function sideways() {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return [];
    const all = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.closest(".scroll") === null);
    return [`${wide} pixels wider than the screen: ${all.slice(0, 3).map((e) => `${e.tagName}.${e.getAttribute("class")}`).join(" ")}`];
}

/** Runs in the page, narrow: a number and its interval stand in one line; a table that scrolls shows that it does. */
function broken() {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
        if (!node.parentElement.checkVisibility() || node.parentElement.closest("svg, .unseen") !== null) continue;
        for (const match of node.data.matchAll(/[−+]?[\d.,]+\u00a0±\u00a0[\d.,]+(\u00a0\S+)?/g)) {
            const range = document.createRange();
            range.setStart(node, match.index);
            range.setEnd(node, match.index + match[0].length);
            if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) found.push(`broken: ${match[0]}`);
        }
    }
    for (const box of document.querySelectorAll(".scroll"))
        if (box.scrollWidth > box.clientWidth && !getComputedStyle(box).backgroundImage.includes("gradient")) found.push(`nothing shows that it scrolls: ${box.getAttribute("aria-label")}`);
    return found;
}

async function axe(page, rules = []) {
    await page.evaluate(() => document.querySelectorAll(".as-table, .all-settings").forEach((d) => (d.open = true)));
    if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ path: axePath });
    const result = await page.evaluate((only) => window.axe.run(document, { resultTypes: ["violations"], ...(only.length > 0 ? { runOnly: only } : {}) }), rules);
    return result.violations.map((v) => `axe ${v.id}: ${v.help} (${v.nodes.length} times, ${v.nodes[0].target})`);
}

/* ---- what is done with it ------------------------------------------------------------------ */

async function keyboard(page) {
    const found = [];
    const wanted = await page.evaluate(() => {
        const list = [...document.querySelectorAll("button, select, input[type=range], fieldset.switch, summary, .plane, nav a")].filter((e) => e.checkVisibility());
        list.forEach((e, i) => (e.dataset.wanted = String(i)));
        return list.length;
    });
    const reached = new Set();
    await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
    for (let k = 0; k < wanted + 400 && reached.size < wanted; k++) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
            const e = document.activeElement;
            const own = e?.closest("[data-wanted]");
            const outline = e === null ? "none" : getComputedStyle(e.closest("fieldset label") ?? e).outlineStyle;
            return { body: e === document.body || e === null, i: own?.dataset.wanted ?? null, outline, what: e?.outerHTML.slice(0, 60) };
        });
        if (at.body && k > 3) break;
        if (at.i !== null) reached.add(at.i);
        if (at.outline === "none") found.push(`focus cannot be seen: ${at.what}`);
    }
    if (reached.size < wanted) found.push(`Tab reaches ${reached.size} of ${wanted} controls`);
    return [...new Set(found)];
}

const opposite = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft", ArrowDown: "ArrowUp" }; // at an end

/** After a key, a text must have changed. */
async function changes(page, what, selector, key, text) {
    const thing = page.locator(selector).first();
    if ((await thing.count()) === 0) return [];
    const before = await page.locator(text).first().innerText();
    await thing.focus();
    for (const press of [key, opposite[key] ?? key]) {
        await page.keyboard.press(press);
        await page.waitForTimeout(30);
        if ((await page.locator(text).first().innerText()) !== before) return [];
    }
    return [`${what}: ${key} changes nothing`];
}

async function use(page) {
    const found = [];
    found.push(...(await changes(page, "cursor of the course", ".scrub", "ArrowLeft", ".course .readout")));
    found.push(...(await changes(page, "map", ".plane", "ArrowRight", ".plane + .readout")));
    found.push(...(await changes(page, "people or megawatts", ".course .switch input", "ArrowRight", ".course .figure-title")));
    found.push(...(await changes(page, "measure of worth", ".levers .switch input", "ArrowRight", ".levers .rows thead")));
    found.push(...(await changes(page, "choice of a lever", ".levers select", "ArrowDown", ".levers figure:last-of-type .figure-title")));
    const table = page.locator(".as-table summary").first();
    if ((await table.count()) > 0) {
        await table.focus();
        await page.keyboard.press("Enter");
        await page.waitForSelector(".as-table tbody tr", { timeout: 10000 }).catch(() => found.push("as a table: Enter shows no rows"));
    }
    return found;
}

async function turnDark(page) {
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await colour();
    await page.locator("button.theme").click();
    const after = await colour();
    await page.locator("button.theme").click();
    return before === after || (await colour()) !== before ? ["the button for a dark page does not turn it"] : [];
}

async function visit(browser, file, shots) {
    const found = [];
    const name = basename(file, ".html");
    const open = async (view) => {
        const context = await browser.newContext(view);
        const page = await context.newPage();
        page.on("console", (m) => found.push(`console: ${m.text()}`));
        page.on("pageerror", (e) => found.push(`error: ${e.message}`));
        page.on("request", (r) => { if (!/^(file|data|blob):/.test(r.url())) found.push(`asks the network: ${r.url()}`); });
        await page.goto(pathToFileURL(resolve(file)).href);
        await page.waitForSelector(".answer", { timeout: 10000 }).catch(() => found.push("no answer is drawn"));
        return page;
    };
    const shot = async (page, mode) => { if (shots !== null) await page.screenshot({ path: join(shots, `${name}-${mode}.png`), fullPage: true }); };

    const page = await open({ viewport: { width: 1200, height: 900 }, colorScheme: "light" });
    drawnMs = await page.evaluate(() => performance.now()); // told, never tested: machines differ
    found.push(...(await page.evaluate(look)));
    await shot(page, "light");
    found.push(...(await keyboard(page)), ...(await use(page)), ...(await turnDark(page)), ...(await axe(page)));
    await page.context().close();

    const dark = await open({ viewport: { width: 1200, height: 900 }, colorScheme: "dark" });
    await shot(dark, "dark");
    found.push(...(await axe(dark, ["color-contrast"])).map((f) => `dark: ${f}`));
    await dark.context().close();

    const narrow = await open({ viewport: { width: 360, height: 740 }, colorScheme: "light" });
    await narrow.waitForTimeout(50);
    found.push(...(await narrow.evaluate(sideways)).map((f) => `360 pixels: ${f}`));
    found.push(...(await narrow.evaluate(broken)).map((f) => `360 pixels: ${f}`));
    await shot(narrow, "narrow");
    const pdf = await narrow.pdf({ format: "A4", ...(shots === null ? {} : { path: join(shots, `${name}.pdf`) }) });
    if (pdf.length < 10000 || pdf.subarray(0, 5).toString() !== "%PDF-") found.push("paper: no PDF");
    await narrow.context().close();
    return found;
}

const { folder, pages } = options(process.argv.slice(2));
if (pages.length === 0) {
    console.error("usage: node test/browser.mjs PAGE.html... [--screenshot FOLDER]");
    process.exit(2);
}
if (folder !== null) mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let bad = 0, drawnMs = 0;
for (const file of pages) {
    const begin = Date.now();
    const found = [...new Set(await visit(browser, file, folder))];
    for (const line of found) console.log(`${basename(file)}: ${line}`);
    console.log(`${found.length === 0 ? "ok    " : "FAILED"}  ${basename(file)}, drawn in ${Math.round(drawnMs)} ms, ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    bad += found.length;
}
await browser.close();
process.exit(bad === 0 ? 0 : 1);
