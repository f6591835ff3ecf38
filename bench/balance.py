"""HiGHS's half of bench/balance.sh: the same states as full-angle linear programs, and the table.

Each file on the command line holds lines of bench_balance. HiGHS is timed in run() alone, building and passing of the
program left out, by the process's CPU clock as Svitlo is. Every answer is compared; a miss is printed and makes the exit
code 1, and so does a file without a whole state, or nothing to compare. Without highspy the exit code is 77: skipped, if
nothing else was wrong."""
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

ALWAYS = {"threads": 1, "output_flag": False}
# Name, options, flows as columns: each is HiGHS's fastest on some case. Presolve off and the primal simplex are slower; the
# interior point without crossover ends without a basis, often not "optimal".
WAYS = [("simplex, angles", {"solver": "simplex", "presolve": "on"}, False),
        ("simplex, flows", {"solver": "simplex", "presolve": "on"}, True),
        ("interior point", {"solver": "ipm", "presolve": "on"}, True)]
AS_IT_COMES = ("as it comes", {}, False)  # the full-angle program, all options by default
LEAST_RUNS, LEAST_S = 3, 0.5  # the best of some runs, fewer when one takes long
SKIPPED = 77


class Highs:
    """One program in HiGHS."""

    def __init__(self, program, options=WAYS[0][1]):
        self.program = program
        self.solver = highspy.Highs()
        for key, value in {**ALWAYS, **options}.items():
            self.solver.setOptionValue(key, value)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(program.cost), len(program.row_lower)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
        lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = program.matrix()
        self.solver.passModel(lp)

    def run(self):
        """@return "optimal", "infeasible" (limits that nothing keeps), or what else HiGHS says"""
        begin = time.process_time()
        self.solver.run()
        self.ms = 1e3 * (time.process_time() - begin)
        status, known = self.solver.getModelStatus(), highspy.HighsModelStatus
        if status == known.kOptimal:
            return "optimal"
        # No program here is unbounded: all that is worth anything has bounds.
        return "infeasible" if status in (known.kInfeasible, known.kUnboundedOrInfeasible) else str(status)

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


def cold(program, options):
    """Best of some fresh runs. @return ms, the Highs that ran last, what it says"""
    best, spent, n = math.inf, 0.0, 0
    while n == 0 or (n < LEAST_RUNS and spent < LEAST_S):
        highs = Highs(program, options)
        outcome = highs.run()
        best, spent, n = min(best, highs.ms), spent + highs.ms / 1e3, n + 1
        if outcome not in ("optimal", "infeasible"):
            break
    return best, highs, outcome


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
        self.n, self.n_miss, self.n_lost, self.worst_mw = 0, 0, 0, 0.0

    def miss(self, where, what):
        self.n_miss += 1
        print(f"MISS {where}: {what}")

    def lost(self, where, what):
        """HiGHS has no answer: nothing to hold this one against."""
        self.n_lost += 1
        print(f"LOST {where}: {what}")

    def same(self, where, what, mine, other, slack=1.0):
        self.n += 1
        gap = abs(mine - other)
        self.worst_mw = max(self.worst_mw, gap / slack)
        if not gap <= slack * max(1e-6 * abs(other), 1e-4):
            self.miss(where, f"{what}: Svitlo {mine:.9g}, {other:.9g} there")

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
    if mine["outcome"] == "failed":
        answers.miss(where, "Svitlo has no answer")
    if "published_mw" in state:
        answers.same(where, "published, MW", mine["shed_mw"], state["published_mw"])
    if "clp" in state:
        row["clp_ms"] = state["clp_ms"]
        answers.classes(where, "Clp", mine["shed_class_mw"], state["clp"]["shed_class_mw"], one_class)
    if highspy is None:
        return row
    solved, outcomes = [], set()
    for name, options, flow_columns in WAYS + [AS_IT_COMES]:
        ms, highs, outcome = cold(network.Program(net, state, flow_columns), options)
        outcomes.add(outcome)
        if outcome == "optimal":
            answers.classes(where, f"HiGHS, {name}", mine["shed_class_mw"], highs.shed_class_mw(), one_class)
        elif outcome != "infeasible":
            answers.lost(where, f"HiGHS, {name}: {outcome}")
            continue
        if name == AS_IT_COMES[0]:
            row["plain_ms"] = ms
            continue
        row.setdefault("highs_ways_ms", []).append(ms)
        solved += [highs] if outcome == "optimal" and options["solver"] == "simplex" else []
    if "highs_ways_ms" in row:
        row["highs_ms"] = min(row["highs_ways_ms"])
    if "infeasible" in outcomes:
        least, shed = relaxed(net, state)
        answers.same(where, "least relaxation, MW", mine["relaxed_mw"], least, slack=10.0)
        answers.classes(where, "HiGHS, relaxed", mine["shed_class_mw"], shed, one_class)
    elif "optimal" in outcomes:
        answers.same(where, "relaxed, MW", mine["relaxed_mw"], 0.0)
    else:
        answers.miss(where, "HiGHS has no answer by any way, the state stays unproven")
    measure_hours(where, state, solved, answers, one_class)
    return row


def measure_hours(where, state, solved, answers, one_class):
    """Each simplex form on from its last basis; an hour takes the better of them."""
    for hour in state.get("hours", []):
        at = f'{where} level {hour["level"]:.4f}'
        if hour["answer"]["outcome"] == "failed":
            answers.miss(at, "Svitlo has no answer")
        if solved:
            answers.same(at, "relaxed, MW", hour["answer"]["relaxed_mw"], 0.0)
        for highs in solved:
            highs.set_level(hour["level"])
            outcome = highs.run()
            if outcome != "optimal":
                answers.lost(at, f"HiGHS, warm: {outcome}")
                continue
            hour["highs_ms"] = min(highs.ms, hour.get("highs_ms", math.inf))
            answers.classes(at, "HiGHS, warm", hour["answer"]["shed_class_mw"], highs.shed_class_mw(hour["level"]),
                            one_class)
        if not solved:
            answers.lost(at, "HiGHS, warm: no simplex form has the state")


def hours_row(state):
    """Of the hours after the first, which is not warm. An hour whose copper plate keeps all limits has no basis at all: it is
    counted apart, and not among those that keep theirs."""
    hours = state["hours"][1:]
    same = [hour["ms"] for hour in hours if hour["answer"]["rows"] > 0 and hour["answer"]["pivots"] == 0]
    plain = [hour for hour in hours if hour["answer"]["rows"] == 0]
    row = {"state": state["state"], "n": len(hours), "svitlo_ms": statistics.median(h["ms"] for h in hours),
           "hour_floor_ms": statistics.median(h["floor_ms"] for h in hours), "state_floor_ms": state["floor_ms"],
           "no_limit_share": len(plain) / len(hours), "same_basis_share": len(same) / len(hours),
           "same_basis_ms": statistics.median(same) if same else None}
    row["same_basis_below_state_floor"] = row["same_basis_ms"] < row["state_floor_ms"] if same else None
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


def ratios(rows, key):
    """@return of the means, the least of all states; None, None where a state has none"""
    if not all(key in row for row in rows):
        return None, None
    mean = lambda k: statistics.mean(row[k] for row in rows)
    return mean(key) / mean("svitlo_ms"), min(row[key] / row["svitlo_ms"] for row in rows)


def print_cold(cases):
    print("Cold, ms a damage state (new topology). HiGHS: the best of its three ways; as it comes: full angles, its own options\n")
    print(f'{"":24} {"":>3} {"Svitlo":^29} {"HiGHS":^29} {"HiGHS as it comes":^29} {"Clp":>9} {"floor":>9} '
          f'{"HiGHS/Svitlo":^19} {"as it comes/Svitlo":^19} {"Svitlo/":>8}')
    print(f'{"case":24} {"n":>3} ' + f'{"mean":>9} {"median":>9} {"worst":>9} ' * 3 +
          f'{"mean":>9} {"mean":>9} ' + f'{"means":>9} {"least":>9} ' * 2 + f'{"floor":>8}')
    for case in cases:
        rows = case["cold"]
        mean = lambda key: statistics.mean(row[key] for row in rows)
        clp = [row["clp_ms"] for row in rows if "clp_ms" in row]
        case["ratio_of_means"], case["least_ratio"] = ratios(rows, "highs_ms")
        case["plain_ratio_of_means"], case["plain_least_ratio"] = ratios(rows, "plain_ms")
        print(f'{case["name"]:24} {len(rows):3} {three(rows, "svitlo_ms")} {three(rows, "highs_ms")} {three(rows, "plain_ms")} '
              f'{figure(statistics.mean(clp) if clp else None)} {figure(mean("floor_ms"))} '
              f'{figure(case["ratio_of_means"])} {figure(case["least_ratio"])} '
              f'{figure(case["plain_ratio_of_means"])} {figure(case["plain_least_ratio"])} '
              f'{figure(mean("svitlo_ms") / mean("floor_ms"), 8)}')


def print_hours(cases):
    print("\nHours of one damaged network, median ms an hour (warm). Hour floor: one solve, one check; state floor: islands, full"
          "\nrefactor, one solve, one check. No limit: the copper plate keeps all limits; same basis: it does not, no pivot\n")
    print(f'{"case":24} {"hours":>5} {"Svitlo":>9} {"HiGHS":>9} {"hour floor":>10} {"HiGHS/Sv.":>9} {"Sv./floor":>9} '
          f'{"no limit":>9} {"same basis":>10} {"their ms":>9} {"state floor":>11} {"below it":>8}')
    for case in cases:
        for row in case["hours"]:
            highs = row.get("highs_ms")
            below = {True: "yes", False: "no", None: "-"}[row["same_basis_below_state_floor"]]
            print(f'{case["name"]:24} {row["n"]:5} {figure(row["svitlo_ms"])} {figure(highs)} {figure(row["hour_floor_ms"], 10)} '
                  f'{figure(highs / row["svitlo_ms"] if highs else None)} {figure(row["svitlo_ms"] / row["hour_floor_ms"])} '
                  f'{100 * row["no_limit_share"]:7.0f} % {100 * row["same_basis_share"]:8.0f} % {figure(row["same_basis_ms"])} '
                  f'{figure(row["state_floor_ms"], 11)} {below:>8}')


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
    answers, cases = Answers(), []
    for path in arguments.states:
        name = os.path.splitext(os.path.basename(path))[0]
        lines = open(path, encoding="utf-8").readlines()
        states = [json.loads(line) for line in lines if line.endswith("}\n")]
        if len(states) < max(1, len(lines)):
            answers.miss(name, f"{len(states)} whole states of {len(lines)} begun")
        if not states:
            continue
        net = network.read(states[0]["file"])
        one_class = len({class_ for _, _, class_ in net.load}) < 2
        case = {"name": name, "cold": [measure(state, net, answers, one_class) for state in states]}
        case["hours"] = [hours_row(state) for state in states if len(state.get("hours", [])) > 1]
        cases.append(case)
        print(f"{name}: {len(states)} states", file=sys.stderr, flush=True)
    versions = "no HiGHS"
    if highspy is not None:
        versions = (f"HiGHS {highspy.Highs().version()}, of each state the best of {len(WAYS)} ways "
                    "(dual simplex on two forms, interior point), and as it comes; 1 thread, run() alone")
    head = f"{processor()}, one core, {datetime.date.today()}; {versions}"
    print(head + "\n")
    print_cold(cases)
    if any(case["hours"] for case in cases):
        print_hours(cases)
    print(f"\n{answers.n} comparisons, {answers.n_miss} misses, {answers.n_lost} runs of HiGHS without an answer, largest "
          f"difference {answers.worst_mw:.2g} MW")
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"machine": head, "cases": cases, "comparisons": answers.n, "misses": answers.n_miss,
                       "lost": answers.n_lost}, file, indent=1)
    if highspy is None:
        print("skipped: HiGHS, python3 has no highspy (pip install highspy)")
    elif answers.n == 0:
        print("nothing was compared")
    if answers.n_miss or (highspy is not None and answers.n == 0):
        return 1
    return SKIPPED if highspy is None else 0


if __name__ == "__main__":
    sys.exit(main())
