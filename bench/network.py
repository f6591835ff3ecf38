"""Networks and their least load shedding as a linear program, read and built without any code of Svitlo.

The model is docs/model/balance.md: angles as unknowns, every island floats, minimum output ignored, negative loads are
free injections, type-4 buses dead, rate 0 unlimited, |x| below 1e-6 a tie."""
import csv
import math
import os
import re

import numpy as np

TIE_X_PU = 1e-6
WEIGHT = {"critical": 100.0, "household": 10.0, "industry": 1.0}
CLASSES = list(WEIGHT)


class Network:
    """bus_on [n_bus]; branch (from, to, x times tap, shift rad, rate MVA, on); supply (bus, MW, on); load (bus, MW, class)."""

    def __init__(self):
        self.base_mva, self.bus_on, self.branch, self.gen, self.imports, self.load = 100.0, [], [], [], [], []


def matpower(path):
    text = re.sub(r"%.*", "", open(path, encoding="utf-8", errors="replace").read())

    def table(name):
        found = re.search(r"mpc\." + name + r"\s*=\s*\[(.*?)\]", text, re.S)
        rows = re.split(r"[;\n]", found.group(1)) if found else []
        return [[float(word) for word in row.replace(",", " ").split()] for row in rows if row.strip()]

    net = Network()
    net.base_mva = float(re.search(r"mpc\.baseMVA\s*=\s*([^;]+);", text).group(1))
    bus = table("bus")
    at = {int(row[0]): i for i, row in enumerate(bus)}
    net.bus_on = [row[1] != 4 for row in bus]
    net.load = [(i, row[2], "household") for i, row in enumerate(bus) if row[2] != 0 and row[1] != 4]
    net.gen = [(at[int(row[0])], row[8], row[7] > 0) for row in table("gen")]
    net.branch = [(at[int(row[0])], at[int(row[1])], row[3] * (row[8] or 1.0), math.radians(row[9]), row[5], row[10] > 0)
                  for row in table("branch")]
    if any(row[2] > 0 for row in table("dcline")):
        raise SystemExit(f"{path}: DC lines are not in this model")
    return net


def tables(folder):
    """The CSV tables that `svitlo synth` writes."""

    def rows(name):
        with open(os.path.join(folder, name + ".csv"), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    net = Network()
    net.base_mva = float(rows("grid")[0]["Base MVA"])
    bus = rows("bus")
    at = {row["Bus ID"]: i for i, row in enumerate(bus)}
    net.bus_on = [row["Bus Type"] != "NONE" for row in bus]
    net.load = [(at[row["Bus ID"]], float(row["MW Load"]), row["Class"]) for row in rows("load")]
    net.gen = [(at[row["Bus ID"]], float(row["PMax MW"]), row["In Service"] == "1") for row in rows("gen")]
    net.imports = [(at[row["Bus ID"]], float(row["Limit MW"])) for row in rows("interconnector")]
    net.branch = [(at[row["From Bus"]], at[row["To Bus"]], float(row["X"]) * (float(row["Tr Ratio"]) or 1.0),
                   math.radians(float(row["Shift Deg"])), float(row["Cont Rating"]), row["In Service"] == "1")
                  for row in rows("branch")]
    if rows("dc_branch"):
        raise SystemExit(f"{folder}: DC lines are not in this model")
    return net


def read(path):
    return tables(path) if os.path.isdir(path) else matpower(path)


def first_of_islands(n_bus, on, branches):
    """The lowest live bus of each island: its angle is fixed at 0."""
    parent = list(range(n_bus))

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j, *_ in branches:
        a, b = root(i), root(j)
        parent[max(a, b)] = min(a, b)
    return [i for i in range(n_bus) if on[i] and root(i) == i]


class Program:
    """min cost x, lower <= x <= upper, row_lower <= A x <= row_upper; cost counts harm from 0 = nobody served.

    Flows are columns of their own (flow_columns), or written out in angles: which one suits a solver depends on the case.
    limits_may_give adds two slacks a limit, to find the least relaxation of limits that cannot hold."""

    def __init__(self, net, state, flow_columns=False, limits_may_give=False):
        self.flow_columns = flow_columns
        self.cost, self.lower, self.upper, self.row_lower, self.row_upper = [], [], [], [], []
        self.entries = []  # (row, column, value)
        self.demand = dict.fromkeys(CLASSES, 0.0)
        self.load_columns = []  # (column, MW at level 1, class); negative: free injection
        self.slacks = []
        on = list(net.bus_on)
        for i in state["out_bus"]:
            on[i] = False
        out_branch, out_gen = set(state["out_branch"]), set(state["out_gen"])
        live = [row for k, row in enumerate(net.branch)
                if row[5] and k not in out_branch and on[row[0]] and on[row[1]] and row[0] != row[1]]
        self.balance_row = {i: self.row(0.0, 0.0) for i in range(len(on)) if on[i]}
        for k, (bus, mw, in_service) in enumerate(net.gen):
            if in_service and k not in out_gen and on[bus] and mw > 0:
                self.entry(bus, self.column(0.0, 0.0, mw), 1.0)
        for bus, mw in net.imports:
            if on[bus] and mw > 0:
                self.entry(bus, self.column(0.0, 0.0, mw), 1.0)
        for bus, mw, class_ in net.load:
            self.demand[class_] += max(0.0, mw)
            if on[bus] and mw != 0:
                j = self.column(-WEIGHT[class_] if mw > 0 else 0.0, 0.0, abs(mw))
                self.entry(bus, j, -1.0 if mw > 0 else 1.0)
                self.load_columns.append((j, mw, class_))
        self.add_network(net.base_mva, on, live, limits_may_give)

    def add_network(self, base_mva, on, live, limits_may_give):
        fixed = set(first_of_islands(len(on), on, live))
        theta = {i: self.column(0.0, *((0.0, 0.0) if i in fixed else (-math.inf, math.inf))) for i in self.balance_row}
        for i, j, x, shift, rate, _ in live:
            shift, rate = base_mva * shift, rate if rate > 0 else math.inf
            if abs(x) < TIE_X_PU or self.flow_columns:
                hard = math.inf if limits_may_give else rate
                scale = 1.0 if abs(x) < TIE_X_PU else 1 / x
                f = self.column(0.0, -hard, hard)
                law = self.row(scale * shift, scale * shift)
                self.entries += [(law, theta[i], scale), (law, theta[j], -scale), (law, f, -scale * x)]
                flow, constant = [(f, 1.0)], 0.0
            else:
                flow, constant = [(theta[i], 1 / x), (theta[j], -1 / x)], -shift / x
            for column, value in flow:
                self.entry(i, column, -value)
                self.entry(j, column, value)
            self.row_lower[self.balance_row[i]] += constant
            self.row_upper[self.balance_row[i]] += constant
            self.row_lower[self.balance_row[j]] -= constant
            self.row_upper[self.balance_row[j]] -= constant
            if rate < math.inf and (limits_may_give or len(flow) == 2):
                limit = self.row(-rate - constant, rate - constant)
                self.entries += [(limit, column, value) for column, value in flow]
                if limits_may_give:
                    for sign in (1.0, -1.0):
                        self.slacks.append(self.column(0.0, 0.0, math.inf))
                        self.entries.append((limit, self.slacks[-1], sign))

    def column(self, cost, lower, upper):
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, lower, upper):
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        return len(self.row_lower) - 1

    def entry(self, bus, column, value):
        self.entries.append((self.balance_row[bus], column, value))

    def matrix(self):
        """Column-wise starts, row indices, values; entries of one place are added up."""
        row, column, value = (np.array(part) for part in zip(*self.entries)) if self.entries else (np.zeros(0),) * 3
        key, where = np.unique(column.astype(np.int64) * len(self.row_lower) + row.astype(np.int64), return_inverse=True)
        total = np.bincount(where, weights=value, minlength=len(key))
        starts = np.searchsorted(key // max(1, len(self.row_lower)), np.arange(len(self.cost) + 1))
        return starts.astype(np.int32), (key % max(1, len(self.row_lower))).astype(np.int32), total
