#!/bin/sh
# svitlo contingency: tiny cases of its own whose outages have answers by hand, one oddity each; lists and words that are
# refused; the same bytes for any number of threads; where the public cases are there, svitlo flow's answers.
. "$(dirname "$0")/expect.inc"
. "$(dirname "$0")/case.inc"
cases=$3
cd "$work" || exit 1

# bus ID TYPE P; gen BUS P; branch FROM TO X [RATE]: simpler than those of case.inc
bus() {
    echo "$1 $2 $3 0 0 0 1 1 0 110 1 1.1 0.9;"
}
gen() {
    echo "$1 $2 0 900 -900 1 100 1 900 0;"
}
branch() {
    echo "$1 $2 0 $3 0 ${4:-0} 0 0 0 0 1;"
}
# rows_match FILE AWK-PROGRAM: it prints what is wrong. off(a, b, room) is there.
rows_match() {
    awk -F, "function off(a, b, room) { return a - b > room || b - a > room } $2" "$1" >odd
    [ ! -s odd ] || bad "$1: $(cat odd) in: $(cat "$1")"
}
head="contingency,elements,outcome,whole,iterations,mismatch_pu,lost_mw,cut_off_buses,overloads,worst_branch,loading_percent,buses_low,buses_high,lowest_bus,lowest_pu,highest_bus,highest_pu"

# ---- a triangle that feeds 1 pu at bus 2, and a spur to bus 4. Without branch 1 (1-2) the way is 1-3-2, x = 0.2: behind it
# sin(2 d) = 2 p x, v = cos(d), and what branch 3 (1-3) takes in is p + j (1 - v^2) / x
make tri "$(bus 1 3 0; bus 2 1 100; bus 3 1 0; bus 4 1 0)" "$(gen 1 100)" \
    "$(branch 1 2 0.1 80; branch 2 3 0.1; branch 1 3 0.1 110; branch 3 4 0.1)"
expect 0 'Written: tri.csv' contingency tri.m --tolerance 1e-11 --out tri.csv
has '^tri: 5 contingencies by AC power flow, '
has 'Base case  *no branch above rate A'
has 'branch 2 (2-3): branch 1 (1-2) at 125.6 % of 80 MVA'
has 'branch 3 (1-3): branch 1 (1-2) at 125.6 % of 80 MVA'
has 'gen 1 (bus 1): 100.0 MW at 4 buses'
has '1 more with buses cut off where nobody is'
has '1 without a unit that holds a voltage: all is dark'
[ "$(head -n 1 tri.csv)" = "$head" ] || bad "head: $(head -n 1 tri.csv)"
rows_match tri.csv '
    BEGIN { d = 0.5 * atan2(0.4, sqrt(1 - 0.16)); q = 100 * (1 - cos(d) ^ 2) / 0.2 }
    NR > 1 && $1 != NR - 1 { print "number " $1 }
    NR == 2 && ($2 != "branch 1" || $3 != "converged" || $7 != 0 || $8 != 0 || $14 != 2 || off($15, cos(d), 1e-9)) { print "row 1" }
    NR == 2 && ($9 != (sqrt(10000 + q * q) > 110) || $10 != 3 || off($11, sqrt(10000 + q * q) / 1.1, 1e-6)) { print "loading " $11 }
    NR == 2 && ($6 >= 1e-11 || $12 != 0 || $13 != 0 || $17 != 1) { print "rest of row 1" }
    NR == 5 && ($2 != "branch 4" || $3 != "converged" || $7 != 0 || $8 != 1) { print "the spur" }
    NR == 6 && $0 !~ /^5,gen 1,no source,1,0,,100,4,,,,,,,,,$/ { print "no source" }
    END { if (NR != 6) print NR " lines" }'
[ -z "$(ls tri.csv.part* 2>/dev/null)" ] || bad "a .part file was left"

# Pairs: 4 branches make 6. Bus 2 alone, buses 3 and 4, and all three.
make load "$(bus 1 3 0; bus 2 1 50; bus 3 1 30; bus 4 1 10)" "$(gen 1 90)" \
    "$(branch 1 2 0.1; branch 2 3 0.1; branch 1 3 0.1; branch 3 4 0.1)"
expect 0 '' contingency load.m --k 2 --out pairs.csv
has '^load: 6 pairs by AC power flow, 0 without trouble'
has 'Cut off  *6 with load cut off, 90.0 MW at most'
has 'no branch in service has a rate A'
has 'Overload  *not known: no branch has a rate A$'
cut -d, -f2-5,8,9 pairs.csv | tail -n +2 >found
cat >wanted <<'ROWS'
"branch 1, branch 2",converged,50,1
"branch 1, branch 3",converged,90,3
"branch 1, branch 4",converged,10,1
"branch 2, branch 3",converged,40,2
"branch 2, branch 4",converged,10,1
"branch 3, branch 4",converged,10,1
ROWS
python3 - pairs.csv <<'PYTHON' >found || bad "pairs: $(cat pairs.csv)"
import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    print('"%s",%s,%s,%s' % tuple(row[k] for k in ("elements", "outcome", "lost_mw", "cut_off_buses")))
PYTHON
cmp -s found wanted || bad "pairs: $(cat found)"
echo 1 >row1
expect 0 '' contingency load.m --k 2 --out-branches row1 --out pairs.csv
has ': 3 pairs by'
expect 0 '' contingency load.m --out-branches row1
has ': 4 contingencies by'

# ---- no answer: two lines carry 6 pu, where one of x = 0.1 carries at most 5
make nose "$(bus 1 3 0; bus 2 1 600)" "$(gen 1 600)" "$(branch 1 2 0.1; branch 1 2 0.1)"
expect 0 '' contingency nose.m --out nose.csv
has 'No answer  *2 where no voltages meet the schedule$'
has 'branch 1 (1-2): diverged after 20 iterations: bus 2 is off by '
rows_match nose.csv 'NR == 2 && ($3 != "diverged" || $4 != 1 || !($6 > 1e-8) || $0 !~ /,0,0,,,,,,,,,$/) { print }'
expect 0 '^$' contingency nose.m --json
python3 - <<'PYTHON' || bad "JSON: $(cat out)"
import json
d = json.load(open("out"))
assert d["method"] == "ac" and d["k"] == 1 and d["base"]["converged"] and d["base"]["islands"][0]["slack_bus"] == "1"
c = d["counts"]
assert (c["contingencies"], c["no_answer"], c["diverged"], c["no_source"], c["cut_off"]) == (3, 2, 2, 1, 1), c
assert [r["elements"] for r in d["first_without_answer"]] == ["branch 1", "branch 2"]
r = d["first_without_answer"][0]
assert r["mismatch_bus"] == "2" and r["lowest"] is None and r["overloads"] is None and r["outcome"] == "diverged"
assert d["first_cut_off"][0]["elements"] == "gen 1" and d["first_cut_off"][0]["lost_mw"] == 600
PYTHON

# ---- a base case without an answer, or with troubles of its own
make beyond "$(bus 1 3 0; bus 2 1 600)" "$(gen 1 600)" "$(branch 1 2 0.1)"
expect 1 'beyond.m: the base case has no answer: the island of bus 1 has not converged after 20 iterations: bus 2 is off by' contingency beyond.m --out beyond.csv
[ ! -e beyond.csv ] && [ -z "$(ls beyond.csv.part* 2>/dev/null)" ] || bad "a file without a base case"
make dark "$(bus 1 1 0; bus 2 1 60)" "$(gen 1 60)" "$(branch 1 2 0.1)"
expect 1 'dark.m: the base case has no answer: no island has a unit' contingency dark.m
make short "$(bus 1 3 0; bus 2 1 50)" "$(gen 1 50)" "1 2 0 0 0 0 0 0 1.1 0 1;
"
expect 1 'short.m:10: branch 1 has no impedance' contingency short.m
make over "$(bus 1 3 0; bus 2 1 100; bus 3 1 1; bus 4 1 1)" "$(gen 1 100)" \
    "$(branch 1 2 0.01 80; branch 1 3 0.1; branch 3 4 0.1; branch 1 4 0.1)"
expect 0 '' contingency over.m --list "$(echo 'branch 3' >l; echo l)"
has '1 contingency by AC power flow, 1 without new trouble'
has 'Base case  *1 branch above rate A, branch 1 most, 125'
has 'that stands before anything is out, and is not counted above'
expect 0 '^$' contingency over.m --list l --json
python3 -c 'import json; c = json.load(open("out"))["counts"]; assert (c["overload"], c["overload_new"], c["without_new_trouble"]) == (1, 0, 1)' ||
    bad "JSON: $(cat out)"

# ---- people behind the buses that go dark
mkdir folder
printf 'Bus ID,BaseKV,Bus Type\na,110,Ref\nb,110,PQ\n"c, ""south""",110,PQ\n' >folder/bus.csv
printf 'UID,From Bus,To Bus,R,X\nl,a,b,0,0.1\nm,b,"c, ""south""",0,0.1\n' >folder/branch.csv
printf 'GEN UID,Bus ID,PMax MW\ng,a,20\n' >folder/gen.csv
printf 'Load ID,Bus ID,Class,MW Load,People\nx,b,household,5,3000\ny,"c, ""south""",household,2,1400\n' >folder/load.csv
expect 0 '' contingency folder --out folder.csv
has 'Cut off  *3 with load cut off, 4,400 people and 7.0 MW at most'
has 'branch 2 (b-c, "south"): 1,400 people and 2.0 MW at 1 bus'
[ "$(head -n 1 folder.csv)" = "$(echo "$head" | sed 's/lost_mw,/lost_mw,people,/')" ] || bad "folder.csv: $(head -n 1 folder.csv)"
grep -q '^1,branch 1,converged,.*,7,4400,2,0,,,0,0,a,1,a,1$' folder.csv || bad "folder.csv: $(cat folder.csv)"
expect 0 '' contingency folder --list "$(echo 'gen 1' >l; echo l)" --json
python3 -c 'import json; d = json.load(open("out")); assert d["first_cut_off"][0]["people"] == 4400' || bad "people: $(cat out)"

# Without an answer, how many are cut off is not told: it is unknown, not 0.
printf 'UID,From Bus,To Bus,R,X\nl,a,b,0,0.1\nm,b,"c, ""south""",0,0.1\nn,a,b,0,0.1\n' >folder/branch.csv
printf 'Load ID,Bus ID,Class,MW Load,People\nx,b,household,600,3000\ny,"c, ""south""",household,2,1400\n' >folder/load.csv
echo 'branch 1, branch 2' >l
expect 0 '' contingency folder --list l --out folder.csv
has 'branch 1 (a-b), branch 2 (b-c, "south"): 2.0 MW at 1 bus'
tail -n 1 folder.csv | grep -q '^1,"branch 1, branch 2",diverged,.*,2,,1,,,,,,,,,$' || bad "folder.csv: $(cat folder.csv)"

# ---- what a set point at the edge of the band and a table without a band must not be: out of it
make edge "$(bus 1 3 0; bus 2 2 10; bus 3 2 20; bus 4 2 30; bus 5 2 40)" "$(gen 1 0; gen 2 10; gen 3 40; gen 4 10; gen 5 40)" \
    "$(branch 1 2 0.1; branch 2 3 0.1; branch 3 4 0.1; branch 4 5 0.1; branch 5 1 0.1)"
sed 's/ 1 1.1 0.9;/ 1 1 0.9;/' edge.m >edge1.m
expect 0 '' contingency edge1.m --list "$(printf 'branch %d\n' 1 2 3 4 5 >l; echo l)"
has ': 5 contingencies by AC power flow, 5 without trouble$'
sed 's/ 1 1.1 0.9;/ 1 0 0;/' edge.m >edge0.m
expect 0 '' contingency edge0.m
has '^  Voltages  *none$'

# ---- lists
printf '\357\273\277# what to look at\n\n  branch 1 ,gen 1\r\nbranch\t2\n' >list
expect 0 '' contingency load.m --list list --out list.csv
grep -q '^1,"branch 1, gen 1",no source,' list.csv && grep -q '^2,branch 2,converged,' list.csv || bad "list.csv: $(cat list.csv)"
[ "$(wc -l <list.csv)" = 3 ] || bad "list.csv: $(cat list.csv)"
echo 'branch 1, branch 2, branch 3, branch 4' >list
expect 0 '' contingency load.m --list list
printf 'branch 1\ngen 1\nbranch 3\n' >list
expect 0 '' contingency load.m --list list --k 2 --out list.csv
[ "$(cut -d, -f2,3 list.csv | tail -n +2 | tr -d '"' | tr '\n' ';')" = "branch 1, gen 1;branch 1, branch 3;gen 1, branch 3;" ] ||
    bad "pairs of a list: $(cat list.csv)"
expect 0 '' contingency load.m --list list --out-branches row1
has '1 line names what is out in the base case already, number 1 the$'
# refuses LINE WORDS: as line 2 of a list, by its number
refuses() {
    printf 'branch 1\n%s\n' "$1" >list
    expect 1 "list:2: $2" contingency load.m --list list --out never.csv
}
for word in b1 '1' 'branch' 'branch1' 'bus 1' 'branch x' 'branch 1.5' 'branch -1' 'branch 1 2' 'gen1' 'Branch 1' 'branch 1; gen 1'; do
    refuses "$word" "'$word' is no element; accepted: branch ROW or gen ROW"
done
for row in 0 5 99999999999999999999; do
    refuses "branch $row" "'$row' is no row of the branch table; accepted: 1 to 4"
done
refuses 'gen 2' "'2' is no row of the gen table; accepted: 1 to 1"
refuses 'branch 1,' 'an element is missing beside a comma'
refuses ', branch 1' 'an element is missing beside a comma'
refuses 'branch 1, branch 1' 'branch 1 is named twice'
make five "$(bus 1 3 0; bus 2 1 1)" "$(gen 1 1)" "$(for k in 1 2 3 4 5 6 7 8 9; do branch 1 2 1; done)"
echo 'branch 1, branch 2, branch 3, branch 4, branch 5, branch 6, branch 7, branch 8, branch 9' >list
expect 1 'list:1: more than 8 elements out at once; accepted: 1 to 8' contingency five.m --list list
echo 'branch 1, branch 2' >list
expect 1 'list:1: more than 1 element out at once; accepted: one a line with --k 2' contingency five.m --list list --k 2
echo 'branch 1' >list
expect 1 '1 listed elements make no pair' contingency five.m --list list --k 2
printf 'branch 1\ngen 1\nbranch 1\n' >list
expect 1 'list:3: branch 1 is named twice, in line 1 already' contingency five.m --list list --k 2
expect 0 '' contingency five.m --list list
printf '1\n2\n' >buses
expect 1 'five.m: nothing is in service to take out' contingency five.m --out-buses buses
echo '# nothing' >list
expect 1 'list: names no contingency' contingency five.m --list list
expect 1 'absent: cannot be read: No such file' contingency five.m --list absent
expect 1 'is a folder; accepted: a file' contingency five.m --list .
make many "$(bus 1 3 0; bus 2 1 1)" "$(gen 1 1)" "$(python3 -c 'for k in range(3200): print("1 2 0 1 0 0 0 0 0 0 1;")')"
python3 -c 'for k in range(3200): print("branch", k + 1)' >list
expect 2 'many.m: 3200 listed elements make 5118400 pairs; accepted: at most 5000000, so name fewer in a --list' contingency many.m --list list --k 2
[ ! -e never.csv ] && [ -z "$(ls never.csv.part* 2>/dev/null)" ] || bad "a refused list left a file"

# ---- words and files
expect 2 'which grid? .* a PSS/E RAW file (.raw) or' contingency
expect 2 'one grid, please' contingency load.m load.m
for word in 0 3 two ""; do
    expect 2 "k is '$word'; accepted: a whole number, 1 to 2" contingency load.m --k "$word"
done
for word in 0 -1 1.5 1025; do
    expect 2 'threads is' contingency load.m -j "$word"
done
expect 2 'top is' contingency load.m --top -1
expect 2 'tolerance is' contingency load.m --tolerance 0
for word in 0 1001 few; do
    expect 2 'iterations is' contingency load.m --iterations "$word"
done
expect 1 'load.m: the base case has no answer: .* after 1 iteration: bus' contingency load.m --flat-start --iterations 1
expect 2 'unrecognized option' contingency load.m --slack
expect 0 '^$' contingency load.m --iterations 7 --q-limits --distributed-slack --json
python3 - <<'PYTHON' || bad "settings: $(cat out)"
import json
s = json.load(open("out"))["base"]["settings"]
assert s["iterations"] == 7 and s["q_limits"] and s["distributed_slack"] and not s["flat_start"], s
PYTHON
expect 0 '' contingency load.m --ac --top 0 --flat-start
has '^  Cut off  *2 with load cut off, 90.0 MW'
expect 1 'absent.m: cannot be read' contingency absent.m
expect 2 'load.m: is there and is no file of svitlo contingency' contingency load.m --out load.m
grep -q 'mpc.bus' load.m || bad "--out wrote over a case"
expect 2 'accepted: the name of a file' contingency load.m --out -
expect 2 'accepted: the name of a file' contingency load.m --out ''
expect 1 'No such file' contingency load.m --out no/such/folder.csv
expect 1 'is a folder' contingency load.m --out .
expect 1 'no plain file' contingency load.m --out /dev/full
"$program" contingency load.m >/dev/full 2>err && bad "a full disk went unseen"
grep -q 'cannot be written: No space left' err || bad "full disk: $(cat err)"
country=$source_dir/examples/country-300
printf '128\n130\n' >rows
for flags in '' '--dc' '--dc --k 2'; do
    # shellcheck disable=SC2086
    expect 0 '' contingency "$country" --out-branches rows --top 1 $flags
    has 'Base case  *374,509 people and 188.6 MW without a source already$'
    [ "$(sed -n '/^  [A-Z]/{s/  *\([A-Z][a-z]* [a-z]*\).*/\1/p;q}' out)" = 'Cut off' ] || bad "people do not come first: $(cat out)"
done
expect 0 '' contingency "$country" --out country.csv
cp country.csv country.old
(ulimit -f 20 && "$program" contingency "$country" --out country.csv >out 2>err) && bad "a file limit went unseen"
grep -q 'country.csv.part-[^:]*: cannot be written: File too large' err || bad "file limit: $(cat err)"
cmp -s country.csv country.old || bad "half a result was left"
[ -z "$(ls country.csv.part* 2>/dev/null)" ] || bad "a .part file was left by a full disk"

# ---- the same bytes for any number of threads
for flags in "$country" "$country --list pairs --k 2"; do
    python3 -c 'for k in range(1, 41): print("branch", 10 * k)' >pairs
    for j in 1 3; do
        # shellcheck disable=SC2086 # several words
        expect 0 "$j thread" contingency $flags -j $j --out j$j.csv
        mv out j$j.txt
        # shellcheck disable=SC2086
        expect 0 '^$' contingency $flags -j $j --json
        grep -v '"seconds"' out >j$j.json
    done
    for kind in csv txt json; do
        cmp -s j1.$kind j3.$kind || bad "$flags: -j 3 gives another $kind"
    done
done

# ---- svitlo flow's answers for single outages
if [ -d "$cases/matpower" ]; then
    n_diverged=0
    for name in case118 pglib_opf_case118_ieee; do
        case=$cases/matpower/$name.m
        for what in 'branch 8' 'branch 51' 'branch 184' 'gen 5' 'branch 9, gen 12'; do
            echo "$what" >list
            echo "$what" | tr ',' '\n' | sed -n 's/.*branch //p' >branches
            echo "$what" | tr ',' '\n' | sed -n 's/.*gen //p' >gens
            for flags in '' --q-limits --distributed-slack; do
                # shellcheck disable=SC2086 # none or one
                expect 0 '' contingency "$case" $flags --list list --out row.csv
                if grep -q ',diverged,' row.csv; then
                    # shellcheck disable=SC2086
                    "$program" flow "$case" $flags --out-branches branches --out-gens gens >out 2>&1 &&
                        bad "svitlo flow $name without $what, $flags, has an answer"
                    n_diverged=$((n_diverged + 1))
                    continue
                fi
                # shellcheck disable=SC2086
                expect 0 '' flow "$case" $flags --out-branches branches --out-gens gens --out flow.csv
                python3 - <<'PYTHON' || bad "$name without $what, $flags, is not as svitlo flow has it: $(cat row.csv)"
import csv
row, = csv.DictReader(open("row.csv"))
bus = {r["bus_id"]: float(r["vm_pu"]) for r in csv.DictReader(open("flow.csv")) if r["vm_pu"]}
load = {r["row"]: float(r["loading_percent"]) for r in csv.DictReader(open("flow.branches.csv")) if r["loading_percent"]}
assert row["outcome"] == "converged"
assert abs(float(row["lowest_pu"]) - min(bus.values())) < 1e-6 and abs(bus[row["lowest_bus"]] - min(bus.values())) < 1e-6
assert abs(float(row["highest_pu"]) - max(bus.values())) < 1e-6 and abs(bus[row["highest_bus"]] - max(bus.values())) < 1e-6
if load:
    assert abs(float(row["loading_percent"]) - max(load.values())) < 1e-4, max(load.values())
    assert abs(load[row["worst_branch"]] - max(load.values())) < 1e-4
    assert int(row["overloads"]) == sum(x > 100 for x in load.values())
else:
    assert row["loading_percent"] == row["worst_branch"] == ""
assert int(row["cut_off_buses"]) == 118 - len(bus)
PYTHON
            done
        done
    done
    [ "$n_diverged" -le 1 ] || bad "$n_diverged outages without an answer"
    expect 0 '' contingency "$cases/matpower/case118.m" --k 2
    has '^case118: 17,205 pairs'
    expect 2 '4582 branches in service make 10495071 pairs' contingency "$cases/matpower/case2869pegase.m" --k 2
else
    echo "the public cases are not at $cases: svitlo flow's answers were not looked at"
fi
finish
