#!/bin/sh
# svitlo flow: tiny cases of its own with answers known in closed form, one oddity each; where the public cases are there,
# MATPOWER's answers.
. "$(dirname "$0")/expect.inc"
. "$(dirname "$0")/case.inc"
cases=$3
cd "$work" || exit 1

# ---- two buses: 1 pu behind x = 0.1 feeds 1 pu: sin(2 d) = 2 p x, v = cos(d)
make two "$(bus 1 3 0 0; bus 2 1 100 0)" "$(gen 1 100 300 -300)" "$(branch 1 2 0 0.1 80)"
expect 0 'Written: two.csv, two.branches.csv, two.gens.csv$' flow two.m --tolerance 1e-12 --out two.csv
has '^two: AC power flow converged in [0-9]* iterations$'
has 'Slack  *bus 1 gives 100.0 MW and 10.1 Mvar; 0 MW '
has 'Losses  *0 MW, 0.00 %'
has 'lowest 0.9949 pu at bus 2, highest 1.0000 pu at bus 1'
has '1 branch above rate A'
has 'branch 1 (1-2): 125.6 % of 80 MVA'
awk -F, '
    function off(a, b) { return a - b > 1e-9 || b - a > 1e-9 }
    BEGIN { d = 0.5 * atan2(0.2, sqrt(1 - 0.04)); deg = 45 / atan2(1, 1) }
    NR == 1 && $0 != "bus_id,vm_pu,va_deg" { print "head " $0 }
    NR == 2 && $0 != "1,1,0" { print "slack " $0 }
    NR == 3 && ($1 != 2 || off($2, cos(d)) || off($3, -d * deg)) { print "bus 2: " $0 ", not " cos(d) " " -d * deg }
    END { if (NR != 3) print NR " lines" }' two.csv >odd
[ ! -s odd ] || bad "two.csv: $(cat odd)"
awk -F, '
    function off(a, b) { return a - b > 1e-6 || b - a > 1e-6 }
    BEGIN { d = 0.5 * atan2(0.2, sqrt(1 - 0.04)); q = 1000 * (1 - cos(d) ^ 2) }
    NR == 1 && $0 != "row,from_bus,to_bus,p_from_mw,q_from_mvar,p_to_mw,q_to_mvar,loading_percent" { print "head " $0 }
    NR == 2 && (off($4, 100) || off($5, q) || off($6, -100) || off($7, 0) || off($8, sqrt(10000 + q * q) / 0.8)) { print }
    END { if (NR != 2) print NR " lines" }' two.branches.csv >odd
[ ! -s odd ] || bad "two.branches.csv: $(cat odd)"
[ -z "$(ls two*.part* 2>/dev/null)" ] || bad "a .part file was left"
echo notes >two.csv.part # somebody else's
expect 0 '' flow two.m --out two.csv
[ "$(cat two.csv.part)" = notes ] || bad "a file of another was overwritten"
rm two.csv.part

expect 0 '' flow two.m --dc --out two.csv
has '^two: DC power flow solved$'
has 'Losses  *none in the DC model'
awk -F, 'NR == 3 && ($2 != 1 || $3 + 5.72957795131 > 1e-9 || $3 + 5.72957795131 < -1e-9) { print }' two.csv >odd
[ ! -s odd ] || bad "DC angle: $(cat odd)"
[ "$(sed -n 2p two.branches.csv)" = "1,1,2,100,,-100,,125" ] || bad "DC flow: $(cat two.branches.csv)"

make pair "$(bus 1 3 0 0; bus 2 1 30 0)" "$(gen 1 20 300 -300; gen 1 40 300 -300)" "$(branch 1 2 0.01 0.1)"
expect 0 '' flow pair.m --dc
has 'Slack  *bus 1 gives 30.0 MW; 30.0 MW less than scheduled'
has 'Generation  *30.0 MW for 30.0 MW of load$'
sed 's/ 500 0;/ 0 0;/' pair.m >pair0.m
expect 0 '' flow pair0.m --dc
has 'Slack  *bus 1 gives 30.0 MW; 30.0 MW less than scheduled'

# ---- every switch, and JSON
for flags in "--ac" "--flat-start" "--q-limits" "--distributed-slack" "--tolerance 1e-6 --iterations 5"; do
    # shellcheck disable=SC2086 # several words
    expect 0 '' flow two.m $flags
    has 'converged'
done
expect 0 '^$' flow two.m --json
python3 - out "$(sed -n 's/.*SV_VERSION "\(.*\)"/\1/p' "$source_dir/include/svitlo/base.h")" <<'PYTHON' || bad "JSON: $(cat out)"
import json, sys
d = json.load(open(sys.argv[1]))
assert (d["version"], d["grid"], d["method"], d["converged"]) == (sys.argv[2], "two.m", "ac", True)
assert len(d["islands"]) == 1 and d["islands"][0]["slack_bus"] == "1" and d["islands"][0]["outcome"] == "converged"
assert abs(d["islands"][0]["slack_mw"] - 100) < 1e-6 and abs(d["loss_mw"]) < 1e-6 and d["warnings"] == []
assert d["voltages"]["lowest"]["bus"] == "2" and d["voltages"]["highest"] == {"bus": "1", "vm_pu": 1.0}
assert [o["row"] for o in d["overloads"]] == [1] and d["most_loaded"]["branch"] == "1"
PYTHON
expect 0 '^$' flow two.m --json --dc
python3 -c 'import json; d = json.load(open("out")); assert d["method"] == "dc" and d["islands"][0]["slack_mw"] == 100' || bad "DC JSON: $(cat out)"

# ---- no answer: loaded beyond its nose, where x = 0.1 carries at most 5 pu at unity power factor
make nose "$(bus 1 3 0 0; bus 2 1 600 0)" "$(gen 1 600 900 -900)" "$(branch 1 2 0 0.1)"
fails 'nose.m: the island of bus 1 has not converged after 20 iterations: bus 2 is off by [0-9.e+]* M[Wv]' flow nose.m --out nose.csv
has '^nose: AC power flow has NOT converged$'
[ "$(sed -n 2,3p nose.csv | tr '\n' ' ')" = "1,, 2,, " ] || bad "voltages without an answer: $(cat nose.csv)"
[ "$(sed -n 2p nose.branches.csv)" = "1,1,2,,,,," ] || bad "flows without an answer: $(cat nose.branches.csv)"
fails 'has not converged' flow nose.m --json
python3 -c '
import json
d = json.load(open("out"))
i = d["islands"][0]
assert not d["converged"] and i["outcome"] == "diverged" and i["worst_bus"] == "2" and i["slack_mw"] is None, d' || bad "JSON: $(cat out)"
expect 0 '' flow nose.m --dc

# ---- who holds the angle
make noslack "$(bus 1 2 0 0; bus 2 1 50 0)" "$(gen 1 50 300 -300)" "$(branch 1 2 0.01 0.1)"
expect 0 '' flow noslack.m
has '1  *islands whose tables name no reference bus (type 3) with a unit$'
has '^  *bus 1$'
make twoslacks "$(bus 1 3 0 0; bus 2 3 50 0)" "$(gen 1 20 300 -300; gen 2 30 300 -300)" "$(branch 1 2 0.01 0.1)"
expect 0 '' flow twoslacks.m
has 'islands with several reference buses: each keeps its angle'
has 'bus 1 and 1 more'
expect 0 '' flow twoslacks.m --dc
has 'islands with several reference buses: the first is taken'
make nosource "$(bus 1 1 10 0; bus 2 1 50 0)" "$(gen 1 50 300 -300)" "$(branch 1 2 0.01 0.1)"
fails 'nosource.m: no island has a unit in service that holds a voltage' flow nosource.m
has '^nosource: no answer'
expect 0 '' flow nosource.m --dc

# ---- islands: one alone with load, one that has its own slack, one that diverges beside one that stands
make lone "$(bus 1 3 0 0; bus 2 1 50 0; bus 3 1 7 0)" "$(gen 1 50 300 -300)" "$(branch 1 2 0.01 0.1)"
expect 0 '' flow lone.m --out lone.csv
has 'Islands  *2: 1 converged, 0 not, 1 without a source'
has 'of bus 3: 1 bus, 7.0 MW of load, no source'
has 'bus 3: 7.0 MW of load'
expect 0 '' flow lone.m --dc
has 'Generation  *50.0 MW for 50.0 MW of load$'
has 'of bus 3: 1 bus, 7.0 MW of load, no source'
expect 0 '' flow lone.m --dc --json
python3 -c 'import json; d = json.load(open("out")); assert d["islands_solved"] == 1 and d["generation_mw"] == d["load_mw"] == 50' || bad "JSON: $(cat out)"
expect 0 '' flow lone.m
[ "$(sed -n 4p lone.csv)" = "3,," ] || bad "a bus in the dark: $(cat lone.csv)"
make islands "$(bus 1 3 0 0; bus 2 1 50 0; bus 3 3 0 0; bus 4 1 600 0)" "$(gen 1 50 300 -300; gen 3 600 900 -900)" \
    "$(branch 1 2 0.01 0.1; branch 3 4 0 0.1)"
fails 'islands.m: the island of bus 3 has not converged' flow islands.m --out islands.csv
has 'Islands  *2: 1 converged, 1 not, 0 without a source'
has '^  Sums  *what follows is of the 1 island solved alone$'
fails 'has not converged' flow islands.m --json
python3 -c 'import json; d = json.load(open("out")); assert d["islands_solved"] == 1 and d["load_mw"] == 50' || bad "JSON: $(cat out)"
grep -q '^2,0.9' islands.csv && grep -q '^4,,$' islands.csv || bad "islands.csv: $(cat islands.csv)"
expect 0 '' flow islands.m --dc
has 'Islands  *2$'

# ---- outages, as for svitlo balance
echo 1 >row1
echo 2 >bus2
expect 0 '' flow lone.m --out-buses bus2
has '1  *loads at buses that are off'
expect 0 '' flow lone.m --out-branches row1
has 'Islands  *3: 1 converged, 0 not, 2 without a source'
fails 'no island has a unit' flow lone.m --out-gens row1
expect 1 "row9:1: '9' is no row of the branch table; accepted: 1 to 1" flow lone.m --out-branches "$(echo 9 >row9; echo row9)"

# ---- bad or odd data
make short "$(bus 1 3 0 0; bus 2 1 50 0)" "$(gen 1 50 300 -300)" "$(branch 1 2 0.01 0.1; branch 1 2 0 0)"
expect 0 '' flow short.m --out short.csv # a tie: it carries all of it
awk -F, 'NR == 2 && $4 != 0 || NR == 3 && ($4 - 50) ^ 2 > 1e-12 { print }' short.branches.csv >odd
[ ! -s odd ] || bad "short.branches.csv: $(cat odd)"
make ratio "$(bus 1 3 0 0; bus 2 1 50 0)" "$(gen 1 50 300 -300)" "$(branch 1 2 0.01 0.1; echo '1 2 0 0 0 0 0 0 1.1 0 1;')"
expect 1 'ratio.m:11: branch 2 has no impedance (r = x = 0), but ratio 1.1' flow ratio.m
expect 0 '' flow short.m --dc
make cancel "$(bus 1 3 0 0; bus 2 1 50 0)" "$(gen 1 50 300 -300)" "$(branch 1 2 0 0.1; branch 1 2 0 -0.1)"
expect 1 'cancel.m: the DC power flow has no single answer: reactances' flow cancel.m --dc
make negative "$(bus 1 3 0 0; bus 2 1 50 0 0)" "$(gen 1 50 300 -300)" "$(branch 1 2 -0.01 0.1)"
expect 0 '' flow negative.m
has '1  *branches with negative resistance'
has '1 (1-2): -0.01 pu'
has '1  *buses with base voltage 0 kV'
make deadgen "$(bus 1 3 0 0; bus 2 1 50 0; bus 3 4 0 0)" "$(gen 1 50 300 -300; gen 3 20 10 -10)" "$(branch 1 2 0.01 0.1)"
expect 0 '' flow deadgen.m
has '1  *units in service at buses that are off'
has '2 at bus 3: 20.0 MW'
make limits "$(bus 1 3 0 0; bus 2 2 100 60)" "$(gen 1 50 300 -300; gen 2 50 20 -20)" "$(branch 1 2 0.01 0.1)"
expect 0 '' flow limits.m
has '1 bus beyond the limits of its units (--q-limits holds them)'
has 'bus 2: [0-9.]* Mvar, limit 20.0 Mvar, 1.0000 pu'
expect 0 '' flow limits.m --q-limits
has '1 bus at a limit, off its set point'
has 'bus 2: 20.0 Mvar, limit 20.0 Mvar, 0.9'

make crossed "$(bus 1 3 0 0; bus 2 2 100 60)" "$(gen 1 50 300 -300; gen 2 50 -20 20)" "$(branch 1 2 0.01 0.1)"
expect 0 '' flow crossed.m
has '2 at bus 2: 20 to -20 Mvar'
make unscheduled "$(bus 1 3 0 0; bus 2 2 100 0)" "$(gen 1 0 300 -300; gen 2 0 300 -300)" "$(branch 1 2 0.01 0.1)"
expect 0 '' flow unscheduled.m --distributed-slack
has 'shared by all units$'
has '2 units, 1000.0 MW of PMAX'
sed 's/^2 0 0 300 -300 1/2 0 0 300 -300 0/' unscheduled.m >novoltage.m
fails 'novoltage.m:9: generator 2 is to hold 0 pu; accepted: a voltage above 0' flow novoltage.m

# ---- words and files
expect 2 'which grid' flow
expect 2 'one grid, please' flow two.m two.m
expect 2 'one of them, please' flow two.m --ac --dc
expect 2 'the DC power flow knows no --q-limits' flow two.m --dc --q-limits
for word in 0 -1 1e-13 nan many ""; do
    expect 2 'tolerance' flow two.m --tolerance "$word"
done
for word in 0 -1 1.5 1001; do
    expect 2 'iterations' flow two.m --iterations "$word"
done
expect 1 'absent.m: cannot be read' flow absent.m
expect 2 'two.m: is there and is no file of svitlo flow' flow two.m --out two.m
grep -q 'mpc.bus' two.m || bad "--out wrote over a case"
expect 2 "accepted: the name of a file" flow two.m --out -
expect 1 'no such folder\|No such file' flow two.m --out no/such/folder.csv
expect 1 'is a folder' flow two.m --out .
expect 1 'no plain file' flow two.m --out /dev/full
"$program" flow two.m >/dev/full 2>err && bad "a full disk went unseen"
grep -q 'cannot be written: No space left' err || bad "full disk: $(cat err)"

# No room for the second file: the old ones stay, and nothing else is left.
expect 0 '' flow "$source_dir/examples/country-300" --out country.csv
cp country.csv country.old
cp country.branches.csv branches.old
(ulimit -f 30 && "$program" flow "$source_dir/examples/country-300" --out country.csv --q-limits >out 2>err) && bad "a file limit went unseen"
grep -q 'country.branches.csv.part-[^:]*: cannot be written: File too large' err || bad "file limit: $(cat err)"
cmp -s country.csv country.old && cmp -s country.branches.csv branches.old || bad "half a result was left"
[ -z "$(ls country*.part* 2>/dev/null)" ] || bad "a .part file was left by a full disk"

# Ids as CSV needs them, and the folder's table in a message.
mkdir folder
printf 'Bus ID,MW Load,BaseKV,Bus Type\n"a, ""north""",0,110,Ref\nb,5,110,PQ\n' >folder/bus.csv
printf 'UID,From Bus,To Bus,R,X\nl,"a, ""north""",b,0,0.1\n' >folder/branch.csv
printf 'GEN UID,Bus ID,PMax MW\ng,"a, ""north""",20\n' >folder/gen.csv
expect 0 '' flow folder --out folder.csv
grep -q '^"a, ""north""",1,0$' folder.csv || bad "quotes: $(cat folder.csv)"
printf 'UID,From Bus,To Bus,R,X\nl,"a, ""north""",b,0,0\n' >folder/branch.csv
expect 0 '' flow folder
printf 'UID,From Bus,To Bus,R,X,Tr Ratio\nl,"a, ""north""",b,0,0,1.2\n' >folder/branch.csv
expect 1 'folder/branch.csv:2: branch l has no impedance' flow folder

# ---- MATPOWER's answers
if [ -d "$cases/matpower/solved" ]; then
    for solved in "$cases"/matpower/solved/*.ac.csv; do
        name=$(basename "$solved" .ac.csv)
        expect 0 '' flow "$cases/matpower/$name.m" --out ac.csv
        has 'converged'
        expect 0 '' flow "$cases/matpower/$name.m" --dc --out dc.csv
        python3 - "$solved" "$cases/matpower/solved/$name.dc.csv" <<'PYTHON' || bad "$name is not MATPOWER's answer"
import csv, sys
def rows(path):
    return list(csv.DictReader(open(path)))
ours, theirs = rows("ac.csv"), rows(sys.argv[1])
assert len(ours) == len(theirs)
for a, b in zip(ours, theirs):
    assert a["bus_id"] == b["bus_id"], (a, b)
    assert abs(float(a["vm_pu"]) - float(b["vm_pu"])) <= 1e-8 and abs(float(a["va_deg"]) - float(b["va_deg"])) <= 1e-6, (a, b)
ours, theirs = rows("dc.branches.csv"), rows(sys.argv[2])
assert len(ours) == len(theirs)
for a, b in zip(ours, theirs):
    assert a["row"] == b["branch"] and abs(float(a["p_from_mw"]) - float(b["pf_mw"])) <= 1e-6, (a, b)
PYTHON
    done
else
    echo "the public cases are not at $cases: MATPOWER's answers were not looked at"
fi
finish
