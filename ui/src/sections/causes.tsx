/* What hurts most: groups of units by class and region, with the share of the energy not served that they explain. */
import { Figure } from "../charts/figure.tsx";
import { Key } from "../charts/key.tsx";
import { Bar, Rows } from "../charts/rows.tsx";
import { niceRange } from "../charts/scale.ts";
import { causeGroups, sumOf, type CauseGroup } from "../causes.ts";
import type { Run } from "../data.ts";
import { amount, percent, threeDigits } from "../format.ts";

const shown = 10;

export function CausesSection({ run }: { run: Run }) {
    const groups = causeGroups(run, shown);
    const total = groups.reduce((a, g) => a + sumOf(g), 0);
    if (!(total > 0)) return null;
    const share = (mwh: number): number => (100 * mwh) / total;
    const most = Math.max(...groups.map((g) => share(sumOf(g))));
    const waves = groups.reduce((a, g) => a + g.waves, 0);
    return (
        <Figure
            title="What the energy not served comes from"
            caption={
                <>
                    Energy that is not served is shared out among the units out of service at that hour, and added up by class of
                    unit and region. {percent(waves / total)} of it comes from units that waves took out. All bars together are 100&nbsp;%:{" "}
                    {amount("energy", total)} in an average {run.noun}. Regions with one or two sites of a kind are put
                    together, so that no single site is ranked.
                </>
            }
            table={() => ({
                head: ["Units out of service", "by waves, %", "by own failures, %", "together, %", "energy not served"],
                rows: groups.map((g) => [
                    g.label, ...(g.kind === "system" ? ["–", "–"] : [threeDigits(share(g.waves)), threeDigits(share(g.failures))]),
                    threeDigits(share(sumOf(g))), amount("energy", sumOf(g)),
                ]),
            })}
        >
            <Key items={[
                { draw: <rect class="mark by-waves" y="1" width="28" height="12" />, text: "taken out by waves" },
                { draw: <rect class="mark by-failures" y="1" width="28" height="12" />, text: "failed by themselves" },
                ...(groups.some((g) => g.kind === "system") ? [{ draw: <rect class="mark by-nothing" y="1" width="28" height="12" />, text: "nothing out of service explains it" }] : []),
            ]} />
            <Rows caption="What the energy not served comes from" first="Units out of service" axis="share of the energy not served, %"
                heads={["share", "energy"]} wide={[1]} range={niceRange(0, most, 5)}
                items={groups.map((g) => ({
                    key: g.label, label: g.label, quiet: g.kind !== "group",
                    draw: (x) => drawGroup(x, g, share),
                    cells: [percent(sumOf(g) / total), amount("energy", sumOf(g))],
                }))} />
        </Figure>
    );
}

function drawGroup(x: (v: number) => number, g: CauseGroup, share: (mwh: number) => number) {
    if (g.kind === "system") return <Bar x={x} from={0} to={share(sumOf(g))} kind="by-nothing" thick={14} />;
    return (
        <>
            <Bar x={x} from={0} to={share(g.waves)} kind="by-waves" thick={14} />
            <Bar x={x} from={share(g.waves)} to={share(sumOf(g))} kind="by-failures" thick={14} />
        </>
    );
}
