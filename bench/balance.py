"""HiGHS's half of bench/balance.sh: the same states as full-angle linear programs, and the table.

Each file on the command line holds lines of bench_balance. HiGHS is timed in run() alone, building and passing of the
program left out, by the process's CPU clock as Svitlo is. Every answer is compared; a miss is printed and makes the exit code 1."""
import argparse
import datetime
import json
import math
import os
import platform
import statistics
import sys
import time

import network

try:
    import highspy
except ImportError:
    highspy = None

OPTIONS = {"presolve": "on", "threads": 1, "output_flag": False}
# (solver, flows as columns): each is HiGHS's fastest on some case. "choose" is no faster than simplex here, presolve off
# and the primal simplex are slower; the interior point without crossover ends without a basis, often not "optimal".
WAYS = [("simplex", False), ("simplex", True), ("ipm", True)]
LEAST_RUNS, LEAST_S = 3, 0.5  # the best of some runs, fewer when one takes long


class Highs:
    """One program in HiGHS."""

    def __init__(self, program, solver="simplex"):
        self.program = program
        self.solver = highspy.Highs()
        for key, value in {**OPTIONS, "solver": solver}.items():
            self.solver.setOptionValue(key, value)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(program.cost), len(program.row_lower)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
        lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = program.matrix()
        self.solver.passModel(lp)

    def run(self):
        begin = time.process_time()
        self.solver.run()
        self.ms = 1e3 * (time.process_time() - begin)
        return self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal

    def shed_class_mw(self, level=1.0):
        x = self.solver.getSolution().col_value
        shed = {name: level * mw for name, mw in self.program.demand.items()}
        for j, mw, class_ in self.program.load_columns:
            if mw > 0:
                shed[class_] -= x[j]
        return [shed[name] for name in network.CLASSES]

    def set_level(self, level):
        for j, mw, _ in self.program.load_columns:
            self.program.upper[j] = level * abs(mw)
        columns = [j for j, _, _ in self.program.load_columns]
        bounds = network.np.array
        self.solver.changeColsBounds(len(columns), bounds(columns, dtype=network.np.int32),
                                     bounds([self.program.lower[j] for j in columns]),
                                     bounds([self.program.upper[j] for j in columns]))


def cold(program, solver):
    """Best of some fresh runs. @return ms, the solved Highs or None when limits cannot hold"""
    best, spent, n = math.inf, 0.0, 0
    while n == 0 or (n < LEAST_RUNS and spent < LEAST_S):
        highs = Highs(program, solver)
        if not highs.run():
            return highs.ms, None
        best, spent, n = min(best, highs.ms), spent + highs.ms / 1e3, n + 1
    return best, highs


def relaxed(net, state):
    """Least total relaxation, then the least harm with it. @return MW relaxed, MW shed a class"""
    program = network.Program(net, state, limits_may_give=True)
    harm = program.cost
    program.cost = [0.0] * len(harm)
    for j in program.slacks:
        program.cost[j] = 1.0
    highs = Highs(program)
    highs.run()
    least = highs.solver.getInfo().objective_function_value
    program.cost, total = harm, program.row(-math.inf, least + 1e-6)
    program.entries += [(total, j, 1.0) for j in program.slacks]
    highs = Highs(program)
    highs.run()
    return least, highs.shed_class_mw()


def harm(shed_class_mw):
    return sum(weight * mw for weight, mw in zip(network.WEIGHT.values(), shed_class_mw))


class Answers:
    """Compares, counts, and prints what does not agree."""

    def __init__(self):
        self.n, self.n_miss, self.worst_mw = 0, 0, 0.0

    def same(self, where, what, mine, other, slack=1.0):
        self.n += 1
        gap = abs(mine - other)
        self.worst_mw = max(self.worst_mw, gap / slack)
        if not gap <= slack * max(1e-6 * abs(other), 1e-4):
            self.n_miss += 1
            print(f"MISS {where}: {what}: Svitlo {mine:.9g}, {other:.9g} there")

    def classes(self, where, what, mine, other, one_class):
        # With several classes the harm is what is least; the megawatts of a class are fixed by it only up to ties.
        if one_class:
            self.same(where, what + ", MW", sum(mine), sum(other))
        else:
            self.same(where, what + ", harm", harm(mine), harm(other), slack=10.0)


def measure(state, net, answers, one_class):
    where, mine = f'{state["file"]} {state["state"]}', state["answer"]
    row = {"state": state["state"], "svitlo_ms": state["cold_ms"], "floor_ms": state["floor_ms"],
           "shed_mw": mine["shed_mw"], "rows": mine["rows"], "pivots": mine["pivots"]}
    if "published_mw" in state:
        answers.same(where, "published, MW", mine["shed_mw"], state["published_mw"])
    if "clp" in state:
        row["clp_ms"] = state["clp_ms"]
        answers.classes(where, "Clp", mine["shed_class_mw"], state["clp"]["shed_class_mw"], one_class)
    if highspy is None:
        return row
    solved = []
    for solver, flow_columns in WAYS:
        ms, highs = cold(network.Program(net, state, flow_columns), solver)
        row.setdefault("highs_ways_ms", []).append(ms)
        if highs is None:
            break
        answers.classes(where, f"HiGHS {solver}", mine["shed_class_mw"], highs.shed_class_mw(), one_class)
        solved += [highs] if solver == "simplex" else []
    row["highs_ms"] = min(row["highs_ways_ms"])
    if highs is None:
        least, shed = relaxed(net, state)
        answers.same(where, "least relaxation, MW", mine["relaxed_mw"], least, slack=10.0)
        answers.classes(where, "HiGHS, relaxed", mine["shed_class_mw"], shed, one_class)
        return row
    answers.same(where, "relaxed, MW", mine["relaxed_mw"], 0.0)
    for hour in state.get("hours", []):
        for highs in solved:
            highs.set_level(hour["level"])
            if highs.run():
                hour["highs_ms"] = min(highs.ms, hour.get("highs_ms", math.inf))
                answers.classes(f'{where} level {hour["level"]:.4f}', "HiGHS, warm", hour["answer"]["shed_class_mw"],
                                highs.shed_class_mw(hour["level"]), one_class)
    return row


def hours_row(state):
    hours = state["hours"][1:]  # the first one is not warm
    same = [hour["ms"] for hour in hours if hour["answer"]["pivots"] == 0]
    row = {"state": state["state"], "n": len(hours), "svitlo_ms": statistics.median(h["ms"] for h in hours),
           "floor_ms": statistics.median(h["floor_ms"] for h in hours), "same_basis_share": len(same) / len(hours),
           "same_basis_ms": statistics.median(same) if same else None}
    warm = [hour["highs_ms"] for hour in hours if "highs_ms" in hour]
    if warm:
        row["highs_ms"] = statistics.median(warm)
    return row


def figure(value, width=9):
    if value is None:
        return f'{"-":>{width}}'
    digits = 1 if value >= 100 else 2 if value >= 10 else 3 if value >= 0.1 else 4
    return f"{value:{width}.{digits}f}"


def three(rows, key):
    values = [row[key] for row in rows if key in row]
    if not values:
        return " ".join([figure(None)] * 3)
    return " ".join(figure(f(values)) for f in (statistics.mean, statistics.median, max))


def print_cold(cases):
    print("Cold, ms a damage state (new topology)\n")
    print(f'{"":24} {"":>3} {"Svitlo":^29} {"HiGHS":^29} {"Clp":>9} {"floor":>9} {"HiGHS/Svitlo":^19} {"Svitlo/":>8}')
    print(f'{"case":24} {"n":>3} ' + f'{"mean":>9} {"median":>9} {"worst":>9} ' * 2 +
          f'{"mean":>9} {"mean":>9} {"means":>9} {"least":>9} {"floor":>8}')
    for case in cases:
        rows = case["cold"]
        mean = lambda key: statistics.mean(row[key] for row in rows)
        both = all("highs_ms" in row for row in rows)
        clp = [row["clp_ms"] for row in rows if "clp_ms" in row]
        case["ratio_of_means"] = mean("highs_ms") / mean("svitlo_ms") if both else None
        case["least_ratio"] = min(row["highs_ms"] / row["svitlo_ms"] for row in rows) if both else None
        print(f'{case["name"]:24} {len(rows):3} {three(rows, "svitlo_ms")} {three(rows, "highs_ms")} '
              f'{figure(statistics.mean(clp) if clp else None)} {figure(mean("floor_ms"))} '
              f'{figure(case["ratio_of_means"])} {figure(case["least_ratio"])} {figure(mean("svitlo_ms") / mean("floor_ms"), 8)}')


def print_hours(cases):
    print("\nHours of one damaged network, median ms an hour (warm)\n")
    print(f'{"case":24} {"hours":>5} {"Svitlo":>9} {"HiGHS":>9} {"floor":>9} {"HiGHS/Sv.":>9} {"Sv./floor":>9} '
          f'{"same basis":>10} {"their ms":>9}')
    for case in cases:
        for row in case["hours"]:
            highs = row.get("highs_ms")
            print(f'{case["name"]:24} {row["n"]:5} {figure(row["svitlo_ms"])} {figure(highs)} {figure(row["floor_ms"])} '
                  f'{figure(highs / row["svitlo_ms"] if highs else None)} {figure(row["svitlo_ms"] / row["floor_ms"])} '
                  f'{100 * row["same_basis_share"]:8.0f} % {figure(row["same_basis_ms"])}')


def processor():
    for line in open("/proc/cpuinfo", encoding="utf-8"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("states", nargs="+", help="lines of bench_balance, one file a case")
    arguments.add_argument("--json", help="write all results here too")
    arguments = arguments.parse_args()
    if highspy is None:
        print("HiGHS is left out: python3 has no highspy (pip install highspy).\n")
    answers, cases = Answers(), []
    for path in arguments.states:
        name = os.path.splitext(os.path.basename(path))[0]
        states = [json.loads(line) for line in open(path, encoding="utf-8") if line.endswith("}\n")]
        if not states:
            continue
        net = network.read(states[0]["file"]) if highspy is not None else None
        one_class = net is None or len({class_ for _, _, class_ in net.load}) < 2
        case = {"name": name, "cold": [measure(state, net, answers, one_class) for state in states]}
        case["hours"] = [hours_row(state) for state in states if len(state.get("hours", [])) > 1]
        cases.append(case)
        print(f"{name}: {len(states)} states", file=sys.stderr, flush=True)
    versions = "no HiGHS"
    if highspy is not None:
        versions = (f"HiGHS {highspy.Highs().version()}, of each state the best of {len(WAYS)} ways "
                    "(dual simplex on two forms, interior point), 1 thread, run() alone")
    head = f"{processor()}, one core, {datetime.date.today()}; {versions}"
    print(head + "\n")
    print_cold(cases)
    if any(case["hours"] for case in cases):
        print_hours(cases)
    print(f"\n{answers.n} comparisons, {answers.n_miss} misses, largest difference {answers.worst_mw:.2g} MW")
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"machine": head, "cases": cases, "comparisons": answers.n, "misses": answers.n_miss}, file, indent=1)
    return 1 if answers.n_miss else 0


if __name__ == "__main__":
    sys.exit(main())
