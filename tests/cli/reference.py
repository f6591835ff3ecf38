#!/usr/bin/env python3
"""Answers for examples/rts79 and examples/rbts by other ways than simulation, and the verdict on what svitlo found.

    reference.py exact SOURCE                     the accepted answers from the bundled tables
    reference.py copper SOURCE FULL NAME=JSON...  results with network none, against the exact answer
    reference.py dc SOURCE NAME=COPPER.db=DC.db.. the same seasons with and without the network
    reference.py probe SOURCE NAME FOLDER         write a grid on which the outages of each unit can be counted
    reference.py rates FOLDER JSON                what was counted there

SOURCE is the project's folder, FULL 1 where the standard errors must be below 2 %. Exit code 1 and one line for each
thing that is wrong. How the exact answers come about: docs/model/reference-systems.md.
"""
import bisect
import csv
import json
import math
import pathlib
import sqlite3
import statistics
import sys

# Accepted in the literature, and how far the last digit given may be off: LOLE h, EENS MWh, energy GWh.
ACCEPTED = {"rts79": ((9.39418, 5e-6), (1176, 0.5), (15297.075, 5e-4)),
            "rbts": ((1.0919, 1e-3), (9.8613, 1e-4), None)}
bad = []


def check(good, text):
    """Say what is wrong, once."""
    if not good:
        bad.append(text)


# ---- the bundled tables --------------------------------------------------------------------------------------------

def rows(folder, name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mean_hours(row):
    """MTTF and MTTR of a row of gen.csv or branch.csv, h; (0, 0) when it never fails."""
    if "MTTF Hr" in row:
        return float(row["MTTF Hr"]), float(row["MTTR Hr"])
    rate, hours = float(row["Perm OutRate"]), float(row["Duration"])
    return (8760 / rate - hours, hours) if rate > 0 else (0.0, 0.0)


class System:
    """What the exact answers need of one system."""

    def __init__(self, source, name):
        self.folder = pathlib.Path(source) / "examples" / name
        self.unit = []  # bus, MW, unavailability
        for row in rows(self.folder, "gen.csv"):
            mttf, mttr = mean_hours(row)
            if mttr > 0:
                self.unit.append((row["Bus ID"], float(row["PMax MW"]), mttr / (mttf + mttr)))
        self.peak = {row["Bus ID"]: float(row["MW Load"]) for row in rows(self.folder, "bus.csv")}
        self.load = [float(row["1"]) for row in rows(self.folder, "hourly_load.csv")]

    def share(self, bus):
        """Share of the load that is at one bus."""
        return self.peak[bus] / sum(self.peak.values())


# ---- exact answers -------------------------------------------------------------------------------------------------

def convolve(units):
    """Probability of each available capacity in MW; units: (bus, MW, unavailability)."""
    table = {0.0: 1.0}
    for _, mw, unavailability in units:
        wider = {}
        for capacity, p in table.items():
            wider[capacity] = wider.get(capacity, 0.0) + p * unavailability
            wider[capacity + mw] = wider.get(capacity + mw, 0.0) + p * (1 - unavailability)
        table = wider
    return table


class Outages:
    """Capacity-outage table with running sums: probability and expected shortage below a load."""

    def __init__(self, units):
        table = convolve(units)
        self.capacity = sorted(table)
        self.p, self.mw = [0.0], [0.0]
        for capacity in self.capacity:
            self.p.append(self.p[-1] + table[capacity])
            self.mw.append(self.mw[-1] + table[capacity] * capacity)

    def shortage(self, load):
        """Probability of capacity < load, strictly, and expected MW short."""
        k = bisect.bisect_left(self.capacity, load)
        return self.p[k], load * self.p[k] - self.mw[k]


def add(pairs):
    return tuple(math.fsum(column) for column in zip(*pairs))


def copper_plate(system):
    """LOLE h and EENS MWh without a network."""
    outages = Outages(system.unit)
    return add(outages.shortage(load) for load in system.load)


def rts79_bus_7(system):
    """LOLE and EENS of RTS-79 when the one line that leaves bus 7 has its rating and all others have none."""
    line = [row for row in rows(system.folder, "branch.csv") if "7" in (row["From Bus"], row["To Bus"])]
    assert len(line) == 1
    rating, share = float(line[0]["Cont Rating"]), system.share("7")
    rest = Outages([unit for unit in system.unit if unit[0] != "7"])
    inside = convolve([unit for unit in system.unit if unit[0] == "7"])
    found = []
    for load in system.load:
        for capacity, p in inside.items():
            lost, short = rest.shortage(load - min(capacity, rating + share * load))
            found.append((p * lost, p * short))
    return add(found)


def rbts_bus_6(system):
    """LOLE and EENS of RBTS when the one line to bus 6 fails and all others never do."""
    line = [row for row in rows(system.folder, "branch.csv") if "6" in (row["From Bus"], row["To Bus"])]
    assert len(line) == 1
    mttf, mttr = mean_hours(line[0])
    down, share, outages = mttr / (mttf + mttr), system.share("6"), Outages(system.unit)
    found = []
    for load in system.load:
        lost, short = outages.shortage(load)
        _, short_without = outages.shortage(load * (1 - share))
        found.append((down + (1 - down) * lost, down * (load * share + short_without) + (1 - down) * short))
    return add(found)


# The weakest place of each, and how much the rest of the network may add to what it explains (measured: 13 and 0 %).
WITH_NETWORK = {"rts79": (rts79_bus_7, 0.2), "rbts": (rbts_bus_6, 0.03)}


def judge_exact(source):
    for name, (lole, eens, energy) in ACCEPTED.items():
        system = System(source, name)
        found, network = copper_plate(system), WITH_NETWORK[name][0](system)
        print(f"{name}: LOLE {found[0]:.6f} h, EENS {found[1]:.5f} MWh; "
              f"with the network at least {network[0]:.5f} h, {network[1]:.4f} MWh")
        check(len(system.load) == 8736, f"{name}: {len(system.load)} hours")
        check(abs(found[0] - lole[0]) <= lole[1], f"{name}: LOLE is {found[0]} h, accepted is {lole[0]}")
        check(abs(found[1] - eens[0]) <= eens[1], f"{name}: EENS is {found[1]} MWh, accepted is {eens[0]}")
        if energy:
            gwh = math.fsum(system.load) / 1000
            check(abs(gwh - energy[0]) <= energy[1], f"{name}: {gwh} GWh a year, accepted is {energy[0]}")


# ---- simulated answers ---------------------------------------------------------------------------------------------

def judge_copper(source, full, results):
    """Within 3 standard errors of the exact answer; those below 2 %."""
    for name, path in (result.split("=") for result in results):
        system = System(source, name)
        lole, eens = copper_plate(system)
        result = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        check(result["hours"] == 8736 and result["seasons_failed"] == 0, f"{name}: not 8,736 h, or failed seasons")
        energy = math.fsum(system.load)
        wanted = result["demand_mwh"]["mean"]
        check(abs(wanted - energy) < 1e-7 * energy, f"{name}: {wanted} MWh wanted, not {energy}")
        for metric, unit, exact in (("lole_h", "h", lole), ("eens_mwh", "MWh", eens)):
            mean, se = result[metric]["mean"], result[metric]["se"]
            z = (mean - exact) / se
            print(f"{name} {metric} {mean:.5g} ± {se:.2g} {unit} ({se / mean:.2%}), exact {exact:.6g}: z = {z:+.2f}")
            check(abs(z) <= 3, f"{name}: {metric} is {mean} ± {se}, exact is {exact}: z = {z:.2f}")
            check(not full or se < 0.02 * mean, f"{name}: standard error of {metric} is {se / mean:.2%}")


def seasons(path):
    with sqlite3.connect(path) as base:
        return base.execute("SELECT lole_h, eens_mwh FROM season WHERE status = 'ok' ORDER BY i_season").fetchall()


def judge_dc(source, results):
    """In no season does the network help; on average it costs what its weakest place explains, and little more."""
    for name, copper_path, dc_path in (result.split("=") for result in results):
        system, copper, dc = System(source, name), seasons(copper_path), seasons(dc_path)
        check(len(copper) == len(dc) >= 50, f"{name}: {len(copper)} and {len(dc)} seasons")
        weakest, rest = WITH_NETWORK[name]
        plate, network = copper_plate(system), weakest(system)
        for k, metric in ((0, "lole_h"), (1, "eens_mwh")):
            more = [b[k] - a[k] for a, b in zip(copper, dc)]
            check(min(more) >= -1e-6, f"{name}: {metric} of a season is {-min(more)} lower with the network")
            mean, se = statistics.fmean(more), statistics.stdev(more) / math.sqrt(len(more))
            exact = network[k] - plate[k]
            print(f"{name} {metric} {mean:.4g} ± {se:.2g} more with the network, explained {exact:.4g}: "
                  f"z = {(mean - exact) / se:+.2f}")
            check(exact - 3 * se <= mean <= (1 + rest) * exact + 3 * se,
                  f"{name}: {metric} is {mean} ± {se} higher with the network; its weakest place explains {exact}")


# ---- outages of each unit ------------------------------------------------------------------------------------------

def write(path, head, lines):
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


def make_probe(source, name, folder):
    """Every unit feeds a load of its own size in a region of its own: dark exactly when the unit is out. A branch does
    so from a hub that never fails."""
    system, folder = System(source, name), pathlib.Path(folder)
    folder.mkdir()
    buses, branches, gens = ["hub,0,hub"], [], ["hub,hub,1000,0,0"]
    for row in rows(system.folder, "gen.csv"):
        mttf, mttr = mean_hours(row)
        if mttr > 0:
            buses.append(f"g {row['GEN UID']},{row['PMax MW']},g {row['GEN UID']}")
            gens.append(f"{row['GEN UID']},g {row['GEN UID']},{row['PMax MW']},{mttf!r},{mttr!r}")
    table = rows(system.folder, "branch.csv")
    columns = [c for c in ("Perm OutRate", "Duration", "MTTF Hr", "MTTR Hr") if c in table[0]]
    for row in table:
        buses.append(f"b {row['UID']},1,b {row['UID']}")
        branches.append(",".join([row["UID"], "hub", f"b {row['UID']}", row["X"], *(row[c] for c in columns)]))
    write(folder / "bus.csv", "Bus ID,MW Load,Area", buses)
    write(folder / "gen.csv", "GEN UID,Bus ID,PMax MW,MTTF Hr,MTTR Hr", gens)
    write(folder / "branch.csv", ",".join(["UID,From Bus,To Bus,X", *columns]), branches)


def judge_rates(folder, path):
    """Share of hours out of each unit against MTTR / (MTTF + MTTR), by the variance of a two-state chain."""
    folder, z = pathlib.Path(folder), {}
    result = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    dark = {region["id"]: region["lole_h"]["mean"] for region in result["regions"]}
    n, hours = result["seasons"], result["hours"]
    for prefix, table, uid in (("g", "gen.csv", "GEN UID"), ("b", "branch.csv", "UID")):
        for row in rows(folder, table):
            mttf, mttr = mean_hours(row)
            if mttr > 0:
                u, memory = mttr / (mttf + mttr), 1 - 1 / mttf - 1 / mttr
                se = math.sqrt(u * (1 - u) * (1 + memory) / (1 - memory) / hours / n)
                z[row[uid]] = (dark[f"{prefix} {row[uid]}"] / hours - u) / se
    worst = max(z, key=lambda name: abs(z[name]))
    square = statistics.fmean(value * value for value in z.values())
    print(f"{len(z)} units over {n} seasons: worst z = {z[worst]:+.2f} ({worst}), mean square {square:.2f}")
    check(len(z) > 10 and abs(z[worst]) < 4, f"unit {worst}: share of hours out is {z[worst]:.2f} standard errors off")
    check(0.5 < square < 1.7, f"outages of {len(z)} units: mean square of z is {square:.2f}, far from 1")
    check(dark["hub"] == 0, f"the hub without failures is dark for {dark['hub']} h")


def main():
    what, *rest = sys.argv[1:]
    if what == "exact":
        judge_exact(rest[0])
    elif what == "copper":
        judge_copper(rest[0], rest[1] == "1", rest[2:])
    elif what == "dc":
        judge_dc(rest[0], rest[1:])
    elif what == "probe":
        make_probe(*rest)
    else:
        judge_rates(*rest)
    print("\n".join(bad), end="\n" if bad else "", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
