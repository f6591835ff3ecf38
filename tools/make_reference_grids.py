#!/usr/bin/env python3
"""Write examples/rts79 and examples/rbts: two published reliability test systems as folders of CSV tables.

    python3 tools/make_reference_grids.py            write both folders
    python3 tools/make_reference_grids.py --check    compare byte for byte with what is there; exit code 1 if it differs

All numbers below are retyped from the published tables, and stand here once. What they are, what they leave out and
which answers are accepted for them: docs/model/reference-systems.md. Sources:
  [1] IEEE Task Force, "IEEE Reliability Test System", IEEE Trans. Power Apparatus and Systems PAS-98(6), 1979
  [2] R. N. Allan, R. Billinton, N. M. K. Abdel-Gawad, "The IEEE Reliability Test System - Extensions to and Evaluation
      of the Generating System", IEEE Trans. Power Systems 1(4), 1986: the accepted answers for [1]
  [3] R. Billinton et al., "A Reliability Test System for Educational Purposes - Basic Data", IEEE Trans. Power Systems
      4(3), 1989
"""
import datetime
import pathlib
import sys
from decimal import Decimal
from fractions import Fraction

# ---- load through the year [1], used by both systems ---------------------------------------------------------------

FIRST_DAY = datetime.date(2027, 1, 4)  # a Monday: 52 weeks of 7 days
WEEKLY = """
86.2 90.0 87.8 83.4 88.0 84.1 83.2 80.6 74.0 73.7 71.5 72.7 70.4
75.0 72.1 80.0 75.4 83.7 87.0 88.0 85.6 81.1 90.0 88.7 89.6 86.1
75.5 81.6 80.1 88.0 72.2 77.6 80.0 72.9 72.6 70.5 78.0 69.5 72.4
72.4 74.3 74.4 80.0 88.1 88.5 90.9 94.0 89.0 94.2 97.0 100.0 95.2"""  # weekly peak, % of the year's
DAILY = "93 100 98 96 94 77 75"  # daily peak from Monday to Sunday, % of the week's
HOURLY = {  # % of the day's peak, hours 1 (00:00 to 01:00) to 24
    ("winter", "weekday"): "67 63 60 59 59 60 74 86 95 96 96 95 95 95 93 94 99 100 100 96 91 83 73 63",
    ("winter", "weekend"): "78 72 68 66 64 65 66 70 80 88 90 91 90 88 87 87 91 100 99 97 94 92 87 81",
    ("summer", "weekday"): "64 60 58 56 56 58 64 76 87 95 99 100 99 100 100 97 96 96 93 92 92 93 87 72",
    ("summer", "weekend"): "74 70 66 65 64 62 62 66 81 86 91 93 93 92 91 91 92 94 95 95 100 93 88 80",
    ("between", "weekday"): "63 62 60 58 59 65 72 85 95 99 100 99 93 92 90 88 90 92 96 98 96 90 80 70",
    ("between", "weekend"): "75 73 69 66 65 65 68 74 83 89 92 94 91 90 90 86 85 88 92 100 97 95 90 85",
}


def season_of_week(week):
    """Season of week 1 to 52."""
    if week <= 8 or week >= 44:
        return "winter"
    return "summer" if 18 <= week <= 30 else "between"


def load_shares():
    """Share of the annual peak in each of the 8,736 hours, as exact fractions."""
    weekly = [Fraction(w) / 100 for w in WEEKLY.split()]
    daily = [Fraction(d) / 100 for d in DAILY.split()]
    hourly = {kind: [Fraction(h) / 100 for h in row.split()] for kind, row in HOURLY.items()}
    assert len(weekly) == 52 and len(daily) == 7 and all(len(row) == 24 for row in hourly.values())
    shares = []
    for week in range(1, 53):
        for day in range(7):
            row = hourly[season_of_week(week), "weekday" if day < 5 else "weekend"]
            shares += [weekly[week - 1] * daily[day] * hour for hour in row]
    return shares


# ---- IEEE RTS-79 [1] -----------------------------------------------------------------------------------------------

RTS_LOAD_MW = "108 97 180 74 71 136 125 171 175 195 0 0 265 194 317 100 0 333 181 128 0 0 0 0"  # buses 1 to 24
RTS_LOAD_MVAR = "22 20 37 15 14 28 25 35 36 40 0 0 54 39 64 20 0 68 37 26 0 0 0 0"
RTS_UNITS = """
12 OIL STEAM  2940  60   0  6    15 15 15 15 15
20 OIL CT      450  50   0 10    1 1 2 2
50 HYDRO HYDRO 1980 20 -10 16    22 22 22 22 22 22
76 COAL STEAM 1960  40 -25 30    1 1 2 2
100 OIL STEAM 1200  50   0 60    7 7 7
155 COAL STEAM 960  40 -50 80    15 16 23 23
197 OIL STEAM  950  50   0 80    13 13 13
350 COAL STEAM 1150 100 -25 150  23
400 NUCLEAR NUCLEAR 1100 150 -50 200 18 21"""  # MW, fuel, type, MTTF h, MTTR h, lowest and highest Mvar, buses
# From, to, R, X, B in pu on 100 MVA, rating MVA continuous, long-term, short-term, permanent outages a year, hours
# each, miles, circuits. 138 kV for buses 1 to 10, 230 kV for the others; the branches between are transformers.
RTS_BRANCHES = """
1 2 .0026 .0139 .4611 175 193 200 .24 16 3 1
1 3 .0546 .2112 .0572 175 208 220 .51 10 55 1
1 5 .0218 .0845 .0229 175 208 220 .33 10 22 1
2 4 .0328 .1267 .0343 175 208 220 .39 10 33 1
2 6 .0497 .192 .052 175 208 220 .48 10 50 1
3 9 .0308 .119 .0322 175 208 220 .38 10 31 1
3 24 .0023 .0839 0 400 510 600 .02 768 0 1
4 9 .0268 .1037 .0281 175 208 220 .36 10 27 1
5 10 .0228 .0883 .0239 175 208 220 .34 10 23 1
6 10 .0139 .0605 2.459 175 193 200 .33 35 16 1
7 8 .0159 .0614 .0166 175 208 220 .3 10 16 1
8 9 .0427 .1651 .0447 175 208 220 .44 10 43 1
8 10 .0427 .1651 .0447 175 208 220 .44 10 43 1
9 11 .0023 .0839 0 400 510 600 .02 768 0 1
9 12 .0023 .0839 0 400 510 600 .02 768 0 1
10 11 .0023 .0839 0 400 510 600 .02 768 0 1
10 12 .0023 .0839 0 400 510 600 .02 768 0 1
11 13 .0061 .0476 .0999 500 600 625 .4 11 33 1
11 14 .0054 .0418 .0879 500 600 625 .39 11 29 1
12 13 .0061 .0476 .0999 500 600 625 .4 11 33 1
12 23 .0124 .0966 .203 500 600 625 .52 11 67 1
13 23 .0111 .0865 .1818 500 600 625 .49 11 60 1
14 16 .005 .0389 .0818 500 600 625 .38 11 27 1
15 16 .0022 .0173 .0364 500 600 625 .33 11 12 1
15 21 .0063 .049 .103 500 600 625 .41 11 34 2
15 24 .0067 .0519 .1091 500 600 625 .41 11 36 1
16 17 .0033 .0259 .0545 500 600 625 .35 11 18 1
16 19 .003 .0231 .0485 500 600 625 .34 11 16 1
17 18 .0018 .0144 .0303 500 600 625 .32 11 10 1
17 22 .0135 .1053 .2212 500 600 625 .54 11 73 1
18 21 .0033 .0259 .0545 500 600 625 .35 11 18 2
19 20 .0051 .0396 .0833 500 600 625 .38 11 27.5 2
20 23 .0028 .0216 .0455 500 600 625 .34 11 15 2
21 22 .0087 .0678 .1424 500 600 625 .45 11 47 1"""
RTS_TAPS = {("3", "24"): "1.015", ("10", "11"): "1.015", ("10", "12"): "1.015",
            ("9", "11"): "1.03", ("9", "12"): "1.03"}  # of RTS-GMLC; [1] has none

# ---- RBTS [3] ------------------------------------------------------------------------------------------------------

RBTS_LOAD_MW = "0 20 85 40 20 20"  # buses 1 to 6
RBTS_UNITS = """
40 thermal 6   194   -15 17    1 1
20 thermal 5   195    -7 12    1
10 thermal 4   196     0  7    1
40 hydro   3   147   -15 17    2
20 hydro   2.4 157.6  -7 12    2 2 2 2
5  hydro   2   198     0  5    2 2"""  # MW, kind, failures and repairs a year, lowest and highest Mvar, buses
# From, to, R, X, B in pu on 100 MVA, rating MVA, failures a year of operation, circuits. All 230 kV, 10 h a failure,
# 0.02 failures a year and km.
RBTS_BRANCHES = """
1 3 .0342 .18 .0212 85 1.5 2
2 4 .114 .6 .0704 71 5 2
1 2 .0912 .48 .0564 71 4 1
3 4 .0228 .12 .0142 71 1 1
3 5 .0228 .12 .0142 71 1 1
4 5 .0228 .12 .0142 71 1 1
5 6 .0228 .12 .0142 71 1 1"""

YEAR_H = 8760


# ---- tables --------------------------------------------------------------------------------------------------------

def decimal(value):
    """A fraction in decimals: in full up to 28 figures when they end, else with 12 figures."""
    value = Fraction(value)
    quotient = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(quotient) != value:
        quotient = Decimal(f"{quotient:.12g}")
    return f"{quotient:f}".rstrip("0").rstrip(".") if "." in f"{quotient:f}" else f"{quotient:f}"


def table(columns, rows):
    """Text of a CSV table."""
    return "\n".join([columns] + [",".join(row) for row in rows]) + "\n"


def unit_rows(units):
    """One row of gen.csv a unit; units: (MW, type, fuel, MTTF h, MTTR h, Mvar, Mvar, buses). Ids: bus_MW_count."""
    rows, count = [], {}
    for mw, kind, fuel, mttf, mttr, q_min, q_max, buses in units:
        for bus in buses:
            count[bus, mw] = count.get((bus, mw), 0) + 1
            uid = f"{bus}_{mw}_{count[bus, mw]}"
            rows.append([uid, bus, kind, fuel, mw, "0", q_max, q_min, decimal(mttf), decimal(mttr)])
    return sorted(rows, key=lambda row: (int(row[1]), int(row[4]), row[0]))


GEN_COLUMNS = "GEN UID,Bus ID,Unit Type,Fuel,PMax MW,PMin MW,QMax MVAR,QMin MVAR,MTTF Hr,MTTR Hr"


def circuits(a, b, n):
    """Ids of the circuits between two buses."""
    return [f"{a}-{b}"] if n == 1 else [f"{a}-{b} {k}" for k in range(1, n + 1)]


def load_tables(peak_mw):
    """The hourly load of area 1 in MW, and the table that points to it."""
    rows = []
    for hour, share in enumerate(load_shares()):
        day = FIRST_DAY + datetime.timedelta(days=hour // 24)
        rows.append([str(day.year), str(day.month), str(day.day), str(hour % 24 + 1), decimal(share * peak_mw)])
    pointer = ["DAY_AHEAD", "Area", "1", "MW Load", "1", "hourly_load.csv"]
    columns = "Simulation,Category,Object,Parameter,Scaling Factor,Data File"
    return {"hourly_load.csv": table("Year,Month,Day,Period,1", rows),
            "timeseries_pointers.csv": table(columns, [pointer])}


def rts79():
    """Files of examples/rts79 by name."""
    load_mw, load_mvar = RTS_LOAD_MW.split(), RTS_LOAD_MVAR.split()
    units = []
    for line in RTS_UNITS.strip().splitlines():
        mw, fuel, kind, mttf, mttr, q_min, q_max, *buses = line.split()
        units.append((mw, kind, fuel, mttf, mttr, q_min, q_max, buses))
    gens = unit_rows(units)
    gens.append(["14_condenser", "14", "SYNC_COND", "", "0", "0", "200", "-50", "0", "0"])
    with_units = {row[1] for row in gens}
    buses = []
    for i in range(24):
        bus = str(i + 1)
        kind = "Ref" if bus == "13" else "PV" if bus in with_units else "PQ"
        reactor = "-100" if bus == "6" else "0"
        buses.append([bus, "138" if i < 10 else "230", kind, load_mw[i], load_mvar[i], reactor, "1"])
    branches = []
    for line in RTS_BRANCHES.strip().splitlines():
        a, b, r, x, susceptance, cont, long_term, short_term, rate, hours, miles, n = line.split()
        for uid in circuits(a, b, int(n)):
            branches.append([uid, a, b] + [decimal(v) for v in (r, x, susceptance)] + [cont, long_term, short_term] +
                            [decimal(rate), hours, RTS_TAPS.get((a, b), "0"), miles])
    return {
        "grid.csv": table("Name,Base MVA", [["IEEE RTS-79", "100"]]),
        "bus.csv": table("Bus ID,BaseKV,Bus Type,MW Load,MVAR Load,MVAR Shunt B,Area", buses),
        "gen.csv": table(GEN_COLUMNS, gens),
        "branch.csv": table("UID,From Bus,To Bus,R,X,B,Cont Rating,LTE Rating,STE Rating,"
                            "Perm OutRate,Duration,Tr Ratio,Length", branches),
        **load_tables(sum(map(int, load_mw))),
    }


def rbts():
    """Files of examples/rbts by name."""
    load_mw = RBTS_LOAD_MW.split()
    units = []
    for line in RBTS_UNITS.strip().splitlines():
        mw, kind, failures, repairs, q_min, q_max, *buses = line.split()
        mttf, mttr = YEAR_H / Fraction(failures), YEAR_H / Fraction(repairs)
        units.append((mw, kind.upper(), "", mttf, mttr, q_min, q_max, buses))
    gens = unit_rows(units)
    buses = []
    for i, mw in enumerate(load_mw):
        kind = ["Ref", "PV", "PQ"][min(i, 2)]
        buses.append([str(i + 1), "230", kind, mw, decimal(Fraction(mw) / 5), "1"])
    branches = []
    for line in RBTS_BRANCHES.strip().splitlines():
        a, b, r, x, susceptance, rating, failures, n = line.split()
        for uid in circuits(a, b, int(n)):
            branches.append([uid, a, b] + [decimal(v) for v in (r, x, susceptance)] + [rating, "0"] +
                            [decimal(Fraction(failures) * 50), decimal(YEAR_H / Fraction(failures)), "10"])
    return {
        "grid.csv": table("Name,Base MVA", [["Roy Billinton Test System", "100"]]),
        "bus.csv": table("Bus ID,BaseKV,Bus Type,MW Load,MVAR Load,Area", buses),
        "gen.csv": table(GEN_COLUMNS, gens),
        "branch.csv": table("UID,From Bus,To Bus,R,X,B,Cont Rating,Tr Ratio,Length km,MTTF Hr,MTTR Hr", branches),
        **load_tables(sum(map(int, load_mw))),
    }


# ---- the folders ---------------------------------------------------------------------------------------------------

def differences(folder, files):
    """One line for each file of the folder that is not as it should be."""
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    found = [f"{folder / name}: should not be there" for name in sorted(there - set(files))]
    for name, text in files.items():
        if name not in there:
            found.append(f"{folder / name}: is not there")
        elif (folder / name).read_bytes() != text.encode():
            found.append(f"{folder / name}: differs from what tools/make_reference_grids.py writes")
    return found


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        print("usage: make_reference_grids.py [--check]", file=sys.stderr)
        return 2
    examples = pathlib.Path(__file__).resolve().parent.parent / "examples"
    found = []
    for name, files in (("rts79", rts79()), ("rbts", rbts())):
        if sys.argv[1:]:
            found += differences(examples / name, files)
            continue
        (examples / name).mkdir(exist_ok=True)
        for file, text in files.items():
            (examples / name / file).write_bytes(text.encode())
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
