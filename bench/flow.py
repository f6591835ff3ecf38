#!/usr/bin/env python3
"""AC power flow and N-1 beside lightsim2grid (pip install lightsim2grid matpowercaseframes), on one core, interleaved.

usage: flow.py BENCH_FLOW CASES CASE...      (bench/flow.sh calls it)
Times are CPU time, the least of some rounds. Fresh: analysis and all; reuse: the last symbolic analysis. N-1: every single
branch that leaves the network whole, milliseconds an outage that was solved, the least of two rounds that alternate.
Voltages are compared: the base case to 1e-8 pu, outages to 1e-7 pu. Exit code: 0 all agree, 1 not, 77 skipped."""
import json
import subprocess
import sys
import time
import warnings

ROUNDS = 2
SAMPLES = 20


def svitlo(bench, path):
    lines = subprocess.run([bench, path, str(SAMPLES)], check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    return (
        next(row for row in rows if row["what"] == "base"),
        next(row for row in rows if row["what"] == "n-1"),
        {row["branch"]: row for row in rows if row["what"] == "outage"},
    )


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

    def outages(self):
        from lightsim2grid.lightsim2grid_cpp import ContingencyAnalysisCPP

        screen = ContingencyAnalysisCPP(self.grid)
        screen.add_all_n1()
        begin = time.process_time()
        screen.compute(self.voltage, 20, 1e-8)
        took = 1e3 * (time.process_time() - begin)
        return took / screen.nb_solved(), screen.nb_solved(), screen.nb_converged()


def difference(np, row, voltage):
    vm = np.array([float("nan") if v is None else v for v in row["vm"]])
    va = np.radians([float("nan") if v is None else v for v in row["va"]])
    own = vm * np.exp(1j * va)
    turn = own[0] / voltage[0] / abs(own[0] / voltage[0])  # angles are counted from different buses
    return float(np.max(np.abs(own - voltage * turn)))


def outage_differences(other, samples):
    """Each sampled outage by a solve of lightsim2grid's own, with the branch taken out of the file's tables."""
    from lightsim2grid.network import init_from_matpower
    from matpowercaseframes import CaseFrames

    worst, n = 0.0, 0
    for branch, row in samples.items():
        if row["outcome"] != "converged":
            continue
        frames = CaseFrames(other.path)
        table = frames.branch.copy()
        table.iloc[branch, list(table.columns).index("BR_STATUS")] = 0
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
    head = ["case", "fresh", "theirs", "ratio", "reuse", "theirs", "ratio", "n-1", "theirs", "ratio", "outages", "theirs", "whole", "steps", "base differs", "outages differ"]
    print(("{:18s}" + "{:>9s}" * 9 + "{:>9s}" * 4 + "{:>14s}" * 2).format(*head))
    good = True
    for case in argv[3:]:
        path = f"{argv[2]}/matpower/{case}.m"
        other = Other(path)
        other.path = path
        fresh, reuse = other.base()
        n1, own_n1 = float("inf"), float("inf")
        for _ in range(ROUNDS):
            base, outages, samples = svitlo(argv[1], path)
            own_n1 = min(own_n1, outages["ms"])
            each, solved, _ = other.outages()
            n1 = min(n1, each)
        apart = difference(other.np, base, other.voltage)
        outage_apart, n_compared = outage_differences(other, samples)
        good = good and base["converged"] and apart < 1e-8 and outage_apart < 1e-7 and n_compared > 0
        print(
            f"{case:18s}{base['fresh_ms']:9.3f}{fresh:9.3f}{fresh / base['fresh_ms']:9.2f}"
            f"{base['reuse_ms']:9.3f}{reuse:9.3f}{reuse / base['reuse_ms']:9.2f}"
            f"{own_n1:9.4f}{n1:9.4f}{n1 / own_n1:9.2f}{outages['outages']:9d}{solved:9d}{outages['whole']:9d}"
            f"{outages['steps']:9.2f}{apart:14.1e}{outage_apart:14.1e}",
            flush=True,
        )
    print("\nall agree" if good else "\nNOT all agree")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
