#!/usr/bin/env python3
"""AC power flow and N-1, DC N-1 beside lightsim2grid (pip install lightsim2grid matpowercaseframes), on one core, interleaved.

usage: flow.py BENCH_FLOW CASES [--sample N] CASE...      (bench/flow.sh calls it)
Times are CPU time, the least of some rounds. Fresh: analysis and all; reuse: the last symbolic analysis. N-1: the same single
branches on both sides, all that leave the network whole, milliseconds an outage, the least of three rounds that alternate; of
networks above 5,000 buses, or with --sample of all, N of them evenly spaced (400), as the others need minutes. DC: flows of
all branches and loadings here, voltages there. Compared are voltages of the base case to 1e-8 pu, of outages to 1e-7 pu, DC
flows to 1e-6 MW. Exit code: 0 all agree, 1 not, 77 skipped."""
import json
import subprocess
import sys
import time
import warnings

ROUNDS = 3
SAMPLES = 20
LARGE, MOST_OF_LARGE = 5000, 400


def svitlo(bench, path, most):
    lines = subprocess.run(
        [bench, path, str(SAMPLES), str(most)], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    found = {}
    for row in map(json.loads, lines):
        found.setdefault(row["what"], []).append(row)
    return found


def least(run, n):
    best = float("inf")
    for _ in range(n):
        begin = time.process_time()
        run()
        best = min(best, time.process_time() - begin)
    return 1e3 * best


class Other:
    def __init__(self, path):
        import numpy as np
        from lightsim2grid.network import init_from_matpower

        self.np = np
        self.grid = init_from_matpower(path)
        self.n = self.grid.total_bus()
        self.flat = np.ones(self.n, dtype=complex)

    def solve(self):
        self.voltage = self.grid.ac_pf(self.flat, 20, 1e-8)
        if len(self.voltage) == 0:
            raise SystemExit("lightsim2grid has no answer for the base case")

    def base(self):
        self.solve()
        reuse = least(self.solve, 9)
        fresh = float("inf")
        for _ in range(9):
            self.grid.tell_solver_need_reset()
            fresh = min(fresh, least(self.solve, 1))
        return fresh, reuse

    def elements(self, branches):
        """Its numbers of branches: lines first, then what has a ratio or a shift."""
        table = self.frames.branch
        turned = ((table["TAP"] != 0) | (table["SHIFT"] != 0)).to_numpy()
        np, number = self.np, self.np.empty(len(turned), dtype=int)
        number[~turned] = np.arange(np.sum(~turned))
        number[turned] = np.sum(~turned) + np.arange(np.sum(turned))
        return number[branches]

    def outages(self, branches, dc):
        from lightsim2grid.lightsim2grid_cpp import ContingencyAnalysisCPP

        screen = ContingencyAnalysisCPP(self.grid)
        if dc:
            screen.change_algorithm("DC_KLU")
        for element in self.elements(branches):
            screen.add_n1(int(element))
        begin = time.process_time()
        screen.compute(self.voltage, 20, 1e-8)
        took = 1e3 * (time.process_time() - begin)
        if dc:
            self.dc_flows = self.np.array(screen.compute_power_flows())  # a copy: what it gives goes with it
            self.dc_elements = [ids[0] for ids in screen.my_defaults()]
        return took / screen.nb_solved()


def difference(np, row, voltage):
    vm = np.array([float("nan") if v is None else v for v in row["vm"]])
    va = np.radians([float("nan") if v is None else v for v in row["va"]])
    own = vm * np.exp(1j * va)
    turn = own[0] / voltage[0] / abs(own[0] / voltage[0])  # angles are counted from different buses
    return float(np.max(np.abs(own - voltage * turn)))


def outage_differences(other, samples):
    """Each sampled outage by a solve of lightsim2grid's own, with the branch taken out of the file's tables."""
    from lightsim2grid.network import init_from_matpower

    worst, n = 0.0, 0
    for row in samples:
        if row["outcome"] != "converged":
            continue
        frames = other.frames
        table = frames.branch.copy()
        table.iloc[row["branch"], list(table.columns).index("BR_STATUS")] = 0
        case = {"bus": frames.bus.to_numpy(), "gen": frames.gen.to_numpy(), "branch": table.to_numpy(),
                "baseMVA": float(frames.baseMVA)}
        voltage = init_from_matpower(case).ac_pf(other.flat, 30, 1e-9)
        if len(voltage) == 0:
            continue
        worst = max(worst, difference(other.np, row, voltage))
        n += 1
        if n == 5:
            break
    return worst, n


def dc_difference(other, branches, samples):
    np = other.np
    place = {element: k for k, element in enumerate(other.dc_elements)}
    elements = other.elements(np.arange(len(other.frames.branch)))
    worst = 0.0
    for row in samples:
        theirs = other.dc_flows[place[int(elements[branches[row["at"]]])]][elements]
        worst = max(worst, float(np.max(np.abs(np.array(row["mw"]) - theirs))))
    return worst


COLUMNS = (
    ("case", 17, "s"), ("fresh", 8, ".3f"), ("theirs", 8, ".3f"), ("ratio", 7, ".2f"), ("reuse", 9, ".3f"),
    ("theirs", 8, ".3f"), ("ratio", 7, ".2f"), ("n-1", 9, ".4f"), ("theirs", 9, ".4f"), ("ratio", 7, ".2f"),
    ("outages", 9, "d"), ("of", 7, "d"), ("whole", 6, "d"), ("steps", 6, ".2f"), ("dc n-1", 9, ".5f"),
    ("theirs", 8, ".4f"), ("ratio", 7, ".1f"), ("base pu", 9, ".1e"), ("n-1 pu", 9, ".1e"), ("dc MW", 9, ".1e"),
)


def measure(bench, cases, case, sample):
    from matpowercaseframes import CaseFrames

    path = f"{cases}/matpower/{case}.m"
    other = Other(path)
    other.frames = CaseFrames(path)
    most = sample if sample > 0 else MOST_OF_LARGE if other.n > LARGE else 0
    best = [float("inf")] * 8
    for _ in range(ROUNDS):
        found = svitlo(bench, path, most)
        base, outages, dc = found["base"][0], found["n-1"][0], found["dc n-1"][0]
        branches = found["list"][0]["branch"]
        own = (base["fresh_ms"], base["reuse_ms"], outages["ms"], dc["ms"])
        theirs = other.base() + (other.outages(branches, False), other.outages(branches, True))
        best = [min(pair) for pair in zip(best, own + theirs)]
    apart = difference(other.np, base, other.voltage)
    outage_apart, n_compared = outage_differences(other, found["outage"])
    dc_apart = dc_difference(other, branches, found["dc outage"])
    good = base["converged"] and apart < 1e-8 and outage_apart < 1e-7 and n_compared > 0 and dc_apart < 1e-6
    own_fresh, own_reuse, own_n1, own_dc, fresh, reuse, n1, dc_n1 = best
    return good, (
        case, own_fresh, fresh, fresh / own_fresh, own_reuse, reuse, reuse / own_reuse, own_n1, n1, n1 / own_n1,
        outages["outages"], found["list"][0]["of"], outages["whole"], outages["steps"], own_dc, dc_n1, dc_n1 / own_dc,
        apart, outage_apart, dc_apart,
    )


def main(argv):
    if len(argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        import lightsim2grid
        import matpowercaseframes  # noqa: F401
    except ImportError as missing:
        print(f"skipped: {missing.name} is not there (pip install lightsim2grid matpowercaseframes)")
        return 77
    warnings.filterwarnings("ignore")
    print(f"lightsim2grid {lightsim2grid.__version__}, ms\n")
    sample, names = 0, argv[3:]
    if names[0] == "--sample":
        sample, names = int(names[1]), names[2:]
    print("".join(name.ljust(width) if kind == "s" else name.rjust(width) for name, width, kind in COLUMNS))
    good = True
    for case in names:
        agrees, row = measure(argv[1], argv[2], case, sample)
        good = good and agrees
        print("".join(f"{value:{width}{kind}}" for value, (_, width, kind) in zip(row, COLUMNS)), flush=True)
    print("\nall agree" if good else "\nNOT all agree")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
