#!/bin/sh
# svitlo balance: who goes without, by name and in the order of the tables, in text, JSON and CSV.
. "$(dirname "$0")/expect.inc"
. "$(dirname "$0")/case.inc"
cd "$work" || exit 1

# Bus 2 behind 60 MW asks for 100 MW, bus 3 behind 80 MW for 20 MW, bus 4 feeds in 5 MW.
make thin "$(bus 1 3 0 0; bus 2 1 100 0; bus 3 1 20 0; bus 4 1 -5 0)" "$(gen 1 50 300 -300)" \
    "$(branch 1 2 0.01 0.1 60; branch 1 3 0.01 0.1 80; branch 1 4 0.01 0.1 80)"
echo 2 >row2
expect 0 'Written: thin.csv' balance thin.m --out-branches row2 --out thin.csv
has '^Load shed  *60.0 MW of 120.0 MW demand (50.00 %)$'
has '^Without power  *2 of 3 loads, in the order of the tables$'
has '^  load [^ ]* at bus 2, household: 40.0 MW of 100.0 MW$'
has '^  load [^ ]* at bus 3, household: 20.0 MW of 20.0 MW$'
[ "$(head -n 1 thin.csv)" = "row,load_id,bus_id,class,demand_mw,served_mw,shed_mw,people,people_without" ] || bad "head: $(cat thin.csv)"
[ "$(sed 1d thin.csv | cut -d, -f 1,3- | tr '\n' ' ')" = "1,2,household,100,60,40,0,0 2,3,household,20,0,20,0,0 3,4,household,0,0,0,0,0 " ] ||
    bad "thin.csv: $(cat thin.csv)"
expect 0 '^$' balance thin.m --out-branches row2 --json
python3 - "$(sed -n 's/.*SV_VERSION "\(.*\)"/\1/p' "$source_dir/include/svitlo/base.h")" <<'PYTHON' || bad "JSON: $(cat out)"
import json, sys
d = json.load(open("out"))
assert (d["version"], d["grid"], d["people"], d["people_without"]) == (sys.argv[1], "thin.m", None, None)
assert [(l["row"], l["bus"], round(l["shed_mw"], 9)) for l in d["loads_shed"]] == [(1, "2", 40), (2, "3", 20)]
assert d["warnings"] == [] and d["network"] == "dc" and d["scale"] == 1
PYTHON
expect 0 '' balance thin.m --scale 0.5
! grep -q 'Without' out || bad "nobody goes without: $(cat out)"

# People, and more loads than the text names.
seq 101 106 >six
expect 0 '' balance "$source_dir/examples/country-300" --out-buses six --out country.csv
has '^People without power  [0-9,]* of 35,000,000$'
has '^  and [0-9]* more (--json and --out name all)$'
cp out text
expect 0 '' balance "$source_dir/examples/country-300" --out-buses six --json
python3 - <<'PYTHON' || bad "people: $(head -n 20 out)"
import csv, json
d = json.load(open("out"))
rows = [r for r in csv.DictReader(open("country.csv")) if float(r["shed_mw"]) > 0]
assert [r["load_id"] for r in rows] == [l["load"] for l in d["loads_shed"]] and len(rows) > 8
assert abs(sum(float(r["people_without"]) for r in rows) - d["people_without"]) < 1
assert d["people"] == 35e6 and f"{d['people_without']:,.0f}" in open("text").readline()
order = [l["row"] for l in d["loads_shed"]]
assert order == sorted(order)
PYTHON

# Files: only of this kind are replaced, and whole or not at all.
expect 0 '' balance thin.m --out thin.csv
expect 2 'thin.m: is there and is no file of svitlo balance' balance thin.m --out thin.m
expect 2 'accepted: the name of a file' balance thin.m --out -
expect 1 'no such folder\|No such file' balance thin.m --out no/such/folder.csv
cp country.csv old.csv
(ulimit -f 8 && "$program" balance "$source_dir/examples/country-300" --out country.csv >out 2>err) && bad "a file limit went unseen"
cmp -s country.csv old.csv && [ -z "$(ls ./*.part* 2>/dev/null)" ] || bad "half a file was left"
finish
