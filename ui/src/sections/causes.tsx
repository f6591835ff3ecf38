/* What hurts most: units by class, then by class and region, with the share of the energy not served that they explain. */
import { Figure } from "../charts/figure.tsx";
import { Key } from "../charts/key.tsx";
import { Bar, Rows } from "../charts/rows.tsx";
import { niceRange } from "../charts/scale.ts";
import { byClass, byClassAndRegion, sumOf, type CauseGroup } from "../causes.ts";
import type { Run } from "../data.ts";
import { amount, measureOf, nbsp, percent, quantile, threeDigits } from "../format.ts";

const shown = 10;

export function CausesSection({ run }: { run: Run }) {
    const classes = byClass(run);
    const total = classes.reduce((a, g) => a + sumOf(g), 0);
    if (!(total > 0)) return null;
    const waves = classes.reduce((a, g) => a + g.waves, 0);
    const regions = byClassAndRegion(run, shown);
    const key = (
        <Key items={[
            ...(waves > 0 ? [{ draw: <rect class="mark by-waves" y="1" width="28" height="12" />, text: "taken out by waves" }] : []),
            { draw: <rect class="mark by-failures" y="1" width="28" height="12" />, text: "failed by themselves" },
            ...(classes.some((g) => g.kind === "system") ? [{ draw: <rect class="mark by-nothing" y="1" width="28" height="12" />, text: "nothing out of service explains it" }] : []),
        ]} />
    );
    return (
        <>
            <Figure
                title="Energy not served, by class of unit"
                caption={
                    <>
                        Energy that is not served is shared out among the units out of service at that hour. {waves > 0 ? `${percent(waves / total)} of it comes from units that waves took out. ` : ""}All bars together are 100&nbsp;%: {amount("energy", total)} in an
                        average {run.noun}.
                    </>
                }
                table={() => tableOf(classes, total)}
            >
                {key}
                <Groups groups={classes} total={total} title="Energy not served, by class of unit" />
            </Figure>
            {run.regions.length < 2 ? null : (
                <Figure
                    title="By class of unit and region"
                    caption={
                        <>
                            The {shown} groups that explain most, of those with three sites or more in the region; all others are one
                            line. Smaller groups would name single sites, and this page ranks none.
                        </>
                    }
                    table={() => tableOf(regions, total)}
                >
                    <Groups groups={regions} total={total} title="Energy not served, by class of unit and region" />
                </Figure>
            )}
        </>
    );
}

function Groups({ groups, total, title }: { groups: CauseGroup[]; total: number; title: string }) {
    const share = (mwh: number): number => (100 * mwh) / total;
    const measure = measureOf("energy", Math.max(...groups.map(sumOf)));
    const energy = (mwh: number): string => `${quantile(measure, mwh)}${nbsp}${measure.unit}`;
    const most = Math.max(0, ...groups.filter((g) => g.kind !== "rest").map((g) => share(sumOf(g))));
    return (
        <Rows stacked caption={title} first="Units out of service" axis="share of the energy not served, %" heads={["share", "energy"]} wide={[1]}
            range={niceRange(0, most, 5)}
            items={groups.map((g) => ({
                key: g.label, label: g.label, quiet: g.kind !== "group",
                draw: (x) => drawGroup(x, g, share),
                cells: [percent(sumOf(g) / total), energy(sumOf(g))],
            }))} />
    );
}

function drawGroup(x: (v: number) => number, g: CauseGroup, share: (mwh: number) => number) {
    if (g.kind === "rest") return <text x={`${x(0)}%`} dx="6" y="4">not drawn</text>;
    if (g.kind === "system") return <Bar x={x} from={0} to={share(sumOf(g))} kind="by-nothing" thick={14} />;
    return (
        <>
            <Bar x={x} from={0} to={share(g.waves)} kind="by-waves" thick={14} />
            <Bar x={x} from={share(g.waves)} to={share(sumOf(g))} kind="by-failures" thick={14} />
        </>
    );
}

function tableOf(groups: CauseGroup[], total: number) {
    const share = (mwh: number): string => threeDigits((100 * mwh) / total);
    return {
        head: ["Units out of service", "by waves, %", "by own failures, %", "together, %", "energy not served"],
        rows: groups.map((g) => [
            g.label, ...(g.kind === "system" ? ["–", "–"] : [share(g.waves), share(g.failures)]), share(sumOf(g)), amount("energy", sumOf(g)),
        ]),
    };
}
