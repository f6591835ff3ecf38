#!/bin/sh
# svitlo contingency --dc: tiny cases whose flows are known by hand, single outages and pairs; words that are refused; the same
# bytes for any number of threads; where the public cases are there, svitlo flow --dc without what is out, and pairs as a list
# of two elements has them.
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
# is FILE: what it holds, line by line, is on stdin
is() {
    cat >wanted
    cmp -s wanted "$1" || bad "$1 is not: $(cat wanted) but: $(cat "$1")"
}

# ---- a triangle that feeds 90 MW at bus 2: 60 MW go straight, 30 MW by bus 3, and a spur to bus 4
make tri "$(bus 1 3 0; bus 2 1 90; bus 3 1 0; bus 4 1 0)" "$(gen 1 90; gen 4 0)" \
    "$(branch 1 2 0.1 80; branch 2 3 0.1; branch 1 3 0.1 100; branch 3 4 0.1 10)"
expect 0 'Written: tri.csv' contingency tri.m --dc --out tri.csv
has '^tri: 6 contingencies by DC power flow, 3 without trouble$'
has 'Overload  *3 with a branch above rate A'
has 'branch 2 (2-3): branch 1 (1-2) at 112.5 % of 80 MVA'
has 'gen 1 (bus 1): branch 4 (3-4) at 900.0 % of 10 MVA'
has '^  Not in DC '
grep -q -e Voltage -e ' pu' out && bad "voltages in DC: $(cat out)"
is tri.csv <<'ROWS'
contingency,elements,outcome,whole,lost_mw,cut_off_buses,overloads,worst_branch,loading_percent
1,branch 1,solved,0,0,0,0,3,90
2,branch 2,solved,0,0,0,1,1,112.5
3,branch 3,solved,0,0,0,1,1,112.5
4,branch 4,solved,0,0,0,0,1,75
5,gen 1,solved,0,0,0,1,4,900
6,gen 2,solved,0,0,0,0,1,75
ROWS
expect 0 '^$' contingency tri.m --dc --json
python3 - <<'PYTHON' || bad "JSON: $(cat out)"
import json
d = json.load(open("out"))
assert d["method"] == d["base"]["method"] == "dc" and d["k"] == 1 and "worst_voltage" not in d
c = d["counts"]
assert (c["contingencies"], c["overload"], c["solved"], c["without_new_trouble"]) == (6, 3, 6, 3), c
assert not {"out_of_band", "diverged", "converged"} & set(c), c
row = d["highest_loading"][0]
assert row["elements"] == "gen 1" and abs(row["most_loaded"]["loading_percent"] - 900) < 1e-9 and row["outcome"] == "solved"
assert not {"iterations", "mismatch_pu", "lowest", "highest", "buses_low", "buses_high"} & set(row), row
PYTHON

# ---- who goes dark: bus 4 alone, bus 2, buses 3 and 4, and all
make load "$(bus 1 3 0; bus 2 1 50; bus 3 1 30; bus 4 1 10)" "$(gen 1 90)" \
    "$(branch 1 2 0.1; branch 2 3 0.1; branch 1 3 0.1; branch 3 4 0.1)"
expect 0 '' contingency load.m --dc --out one.csv
has '^load: 5 contingencies by DC power flow, 3 without trouble$'
has 'Cut off  *2 with load cut off, 90.0 MW at most'
has '1 without a unit that is in service: all is dark'
has 'gen 1 (bus 1): 90.0 MW at 4 buses'
tail -n 2 one.csv >found
is found <<'ROWS'
4,branch 4,solved,0,10,1,0,,
5,gen 1,no source,0,90,4,,,
ROWS
# Pairs: those with branch 4 lose what it loses alone; the other three lose more than nothing.
expect 0 'Written: two.csv' contingency load.m --dc --k 2 --out two.csv
has '^load: 6 pairs of branches by DC power flow, 3 with trouble that neither branch'
has 'Overload  *not known: no branch has a rate A$'
has '  Alone  *1 of 4 branches lose load alone'
has 'Cut off  *3 lose load that neither branch alone does, 90.0 MW at most'
has 'branch 2 (2-3), branch 3 (1-3): 40.0 MW at 2 buses'
is two.csv <<'ROWS'
contingency,elements,outcome,lost_mw,cut_off_buses,new_overloads,worst_branch,loading_percent
1,"branch 1, branch 2",solved,50,1,0,,
2,"branch 1, branch 3",solved,90,3,0,,
4,"branch 2, branch 3",solved,40,2,0,,
ROWS
# The same numbers as in AC, where all pairs have a row.
expect 0 '' contingency load.m --k 2 --out all.csv
for number in 1 2 4; do
    [ "$(grep "^$number," two.csv | cut -d, -f2,3)" = "$(grep "^$number," all.csv | cut -d, -f2,3)" ] || bad "pair $number: $(cat all.csv)"
done
expect 0 '^$' contingency load.m --dc --k 2 --json --top 1
python3 - <<'PYTHON' || bad "JSON: $(cat out)"
import json
d = json.load(open("out"))
assert d["method"] == "dc" and d["k"] == 2 and d["first_overload"] == [] and "highest_loading" not in d
c = d["counts"]
assert (c["contingencies"], c["without_new_trouble"], c["overload_new"], c["cut_off_new"], c["no_answer"]) == (6, 3, 0, 3, 0), c
assert c["alone"] == {"branches": 4, "overload_new": 0, "cut_off": 1, "no_answer": 0} and c["most_lost_mw"] == 90
row, = d["first_cut_off"]
assert (row["contingency"], row["elements"], row["lost_mw"], row["cut_off_buses"]) == (1, "branch 1, branch 2", 50, 1), row
PYTHON

# ---- three lines carry 90 MW, 60 MVA each: two do with 45 MW, one not with 90. A fourth pair of lines has nothing to do with it
make three "$(bus 1 3 0; bus 2 1 90; bus 3 1 10)" "$(gen 1 100)" \
    "$(branch 1 2 0.1 60; branch 1 2 0.1 60; branch 1 2 0.1 60; branch 1 3 0.1 8; branch 1 3 0.1 8)"
expect 0 '' contingency three.m --dc --k 2 --out three.csv
has '^three: 10 pairs of branches by DC power flow, 4 with trouble that neither branch'
has 'Overload  *3 overload what neither branch alone does'
has 'Alone  *2 of 5 branches overload another, 0 lose load; '
has 'branch 1 (1-2), branch 3 (1-2): branch 2 (1-2) at 150.0 % of 60 MVA'
is three.csv <<'ROWS'
contingency,elements,outcome,lost_mw,cut_off_buses,new_overloads,worst_branch,loading_percent
1,"branch 1, branch 2",solved,0,0,1,3,150
2,"branch 1, branch 3",solved,0,0,1,2,150
5,"branch 2, branch 3",solved,0,0,1,1,150
10,"branch 4, branch 5",solved,10,1,0,,
ROWS
printf 'branch 3\nbranch 1 # the first\nbranch 5\n' | sed 's/ #.*//' >list
expect 0 '' contingency three.m --dc --k 2 --list list --out three.csv
has '^three: 3 pairs of branches by DC power flow, 1 with trouble that neither branch'
[ "$(tail -n +2 three.csv)" = '1,"branch 3, branch 1",solved,0,0,1,2,150' ] || bad "pairs of a list: $(cat three.csv)"
printf 'branch 1, branch 2\n\nbranch 3, gen 1\n' >list
expect 0 '' contingency three.m --dc --list list --out three.csv
is three.csv <<'ROWS'
contingency,elements,outcome,whole,lost_mw,cut_off_buses,overloads,worst_branch,loading_percent
1,"branch 1, branch 2",solved,0,0,0,1,3,150
2,"branch 3, gen 1",no source,0,100,3,,,
ROWS
echo 1 >row1
expect 0 '' contingency three.m --dc --k 2 --out-branches row1 --out three.csv
has '^three: 6 pairs of '
has '^  Alone  *4 of 4 branches overload another'
[ "$(tail -n +2 three.csv | cut -d, -f2-6 | tr '\n' ';')" = '"branch 2, branch 3",solved,90,1;"branch 4, branch 5",solved,10,1;' ] ||
    bad "with a branch out already: $(cat three.csv)"

# ---- no solution: without branches 3 and 4 reactances cancel each other
make cancel "$(bus 1 3 0; bus 2 1 60)" "$(gen 1 60)" \
    "$(branch 1 2 0.1 100; branch 1 2 -0.1; branch 1 2 0.2; branch 1 2 0.2)"
expect 0 '' contingency cancel.m --dc --k 2 --out cancel.csv
has 'No answer  *1 where reactances cancel each other'
has 'branch 3 (1-2), branch 4 (1-2): reactances of what is left cancel each other,$'
grep -q '^6,"branch 3, branch 4",singular,0,0,,,$' cancel.csv || bad "cancel.csv: $(cat cancel.csv)"
echo 'branch 3, branch 4' >list
expect 0 '' contingency cancel.m --dc --list list --out cancel.csv
grep -q '^1,"branch 3, branch 4",singular,[01],0,0,,,$' cancel.csv || bad "cancel.csv: $(cat cancel.csv)"
expect 0 '^$' contingency cancel.m --dc --list list --json
python3 - <<'PYTHON' || bad "JSON: $(cat out)"
import json
d = json.load(open("out"))
assert d["counts"]["no_answer"] == d["counts"]["singular"] == 1
row, = d["first_without_answer"]
assert row["outcome"] == "singular" and row["overloads"] is None and row["most_loaded"] is None
PYTHON
printf '3\n4\n' >rows
expect 1 'cancel.m: the DC power flow has no single answer: reactances' contingency cancel.m --dc --out-branches rows --out never.csv
expect 1 'cancel.m: the DC power flow has no single answer: reactances' contingency cancel.m --dc --k 2 --out-branches rows --out never.csv

# ---- people come first
mkdir folder
printf 'Bus ID,BaseKV,Bus Type\na,110,Ref\nb,110,PQ\nc,110,PQ\nd,110,PQ\n' >folder/bus.csv
printf 'UID,From Bus,To Bus,R,X\nl,a,b,0,0.1\nm,b,c,0,0.1\nn,a,c,0,0.1\no,a,d,0,0.1\n' >folder/branch.csv
printf 'GEN UID,Bus ID,PMax MW\ng,a,20\n' >folder/gen.csv
printf 'Load ID,Bus ID,Class,MW Load,People\nx,b,household,5,3000\ny,c,household,2,1400\nz,d,household,1,800\n' >folder/load.csv
expect 0 '' contingency folder --dc --out folder.csv
has 'Cut off  *2 with load cut off, 5,200 people and 8.0 MW at most'
has 'branch 4 (a-d): 800 people and 1.0 MW at 1 bus'
[ "$(sed -n '1p;5p' folder.csv | cut -d, -f2-7 | tr '\n' ';')" = 'elements,outcome,whole,lost_mw,people,cut_off_buses;branch 4,solved,0,1,800,1;' ] ||
    bad "folder.csv: $(cat folder.csv)"
expect 0 '' contingency folder --dc --k 2 --out folder.csv
has 'Cut off  *3 lose load that neither branch alone does, 4,400 people and 7.0$'
has 'branch 1 (a-b), branch 2 (b-c): 3,000 people and 5.0 MW at 1 bus'
is folder.csv <<'ROWS'
contingency,elements,outcome,lost_mw,people,cut_off_buses,new_overloads,worst_branch,loading_percent
1,"branch 1, branch 2",solved,5,3000,1,0,,
2,"branch 1, branch 3",solved,7,4400,2,0,,
4,"branch 2, branch 3",solved,2,1400,1,0,,
ROWS
# A unit of 30 MW at b sends 20 MW to a by three lines of 12 MVA, 10 MW to d. Without d's line and one of them, the others
# are overloaded, by 15 MW; what d's line loses alone is told with it.
printf 'UID,From Bus,To Bus,R,X,Cont Rating\nl,a,b,0,0.1,12\nm,a,b,0,0.1,12\nn,a,b,0,0.1,12\no,b,d,0,0.1,40\n' >folder/branch.csv
printf 'Bus ID,BaseKV,Bus Type\na,110,Ref\nb,110,PV\nd,110,PQ\n' >folder/bus.csv
printf 'GEN UID,Bus ID,PMax MW,MW Inj\ng,a,20,-20\nh,b,30,30\n' >folder/gen.csv
printf 'Load ID,Bus ID,Class,MW Load,People\nz,d,household,10,800\n' >folder/load.csv
expect 0 '' contingency folder --dc --k 2 --out folder.csv
has 'Overload  *6 overload what neither branch alone does'
grep -q '^3,"branch 1, branch 4",solved,10,800,1,2,2,125$' folder.csv || bad "folder.csv: $(cat folder.csv)"
grep -q '^1,"branch 1, branch 2",solved,0,0,0,1,3,166.666666667$' folder.csv || bad "folder.csv: $(cat folder.csv)"

# ---- words
expect 2 'and --dc: one of them, please' contingency load.m --dc --ac
for word in --q-limits --distributed-slack --flat-start '--iterations=3' '--tolerance=1e-6'; do
    expect 2 "the DC power flow knows no ${word%%=*}; accepted with --dc: " contingency load.m --dc $word
done
expect 2 'unrecognized option' contingency load.m --dc --pairs
expect 2 "k is '3'; accepted: a whole number, 1 to 2" contingency load.m --dc --k 3
expect 1 'absent.m: cannot be read' contingency absent.m --dc
expect 1 'absent: cannot be read: No such file' contingency load.m --dc --k 2 --list absent
printf 'branch 1\ngen 1\n' >list
expect 1 'list:2: gen 1 is no branch; accepted with --dc --k 2: branch ROW, one a line' contingency load.m --dc --k 2 --list list --out never.csv
printf 'branch 1\nbranch 2, branch 3\n' >list
expect 1 'list:2: more than 1 element out at once' contingency load.m --dc --k 2 --list list --out never.csv
printf 'branch 1\nbranch 5\n' >list
expect 1 "list:2: '5' is no row of the branch table; accepted: 1 to 4" contingency load.m --dc --list list --out never.csv
[ ! -e never.csv ] && [ -z "$(ls never.csv.part* 2>/dev/null)" ] || bad "a refused run left a file"
# Files of any kind of contingencies are replaced, others are not.
cp all.csv any.csv
for flags in '--dc' '--dc --k 2' ''; do
    # shellcheck disable=SC2086 # several words
    expect 0 'Written: any.csv' contingency load.m $flags --out any.csv
done
cmp -s one.csv any.csv && bad "any.csv is not of the last run"
expect 2 'load.m: is there and is no file of svitlo contingency' contingency load.m --dc --k 2 --out load.m
"$program" contingency load.m --dc --k 2 --json >/dev/full 2>err && bad "a full disk went unseen"
grep -q 'cannot be written: No space left' err || bad "full disk: $(cat err)"

# ---- the same bytes for any number of threads
country=$source_dir/examples/country-300
for flags in "" "--k 2"; do
    for j in 1 3; do
        # shellcheck disable=SC2086
        expect 0 "$j thread" contingency "$country" --dc $flags -j $j --out j$j.csv
        mv out j$j.txt
        # shellcheck disable=SC2086
        expect 0 '^$' contingency "$country" --dc $flags -j $j --json
        grep -v '"seconds"' out >j$j.json
    done
    for kind in csv txt json; do
        cmp -s j1.$kind j3.$kind || bad "--dc $flags: -j 3 gives another $kind"
    done
    [ "$(wc -l <j1.csv)" -gt 500 ] || bad "--dc $flags: few rows"
    tail -n +2 j1.csv | sort -t, -k1,1n -c || bad "--dc $flags: not in the order of the list"
done

# Where no branch alone overloads anything, a pair's row is that of the two as a set: with people, load and flows.
expect 0 '' contingency "$country" --dc --k 2 --out two.csv
has '  Alone  *0 of 434 branches overload another, 15 lose load; '
tail -n +2 two.csv | cut -d'"' -f2 >list
expect 0 '' contingency "$country" --dc --list list --out sets.csv
python3 - <<'PYTHON' || bad "pairs of the country are not as a list of sets has them"
import csv
read = lambda name: list(csv.DictReader(open(name)))
two, sets = read("two.csv"), read("sets.csv")
assert len(two) == len(sets) > 900
for pair, row in zip(two, sets):
    assert all(pair[k] == row[k] for k in ("elements", "outcome", "cut_off_buses")) and pair["new_overloads"] == row["overloads"], (pair, row)
    near = lambda k: abs(float(pair[k]) - float(row[k])) < 1e-6
    assert near("lost_mw") and near("people") and (pair["loading_percent"] == "" or near("loading_percent")), (pair, row)
PYTHON

# ---- the public cases
if [ -d "$cases/matpower" ]; then
    cat >judge.py <<'PYTHON'
# A row of svitlo contingency --dc against svitlo flow --dc, which feeds what is dark: that is taken out on the graph here.
import csv, re, sys
text = open(sys.argv[1]).read()
table = lambda name: [r.split() for r in re.search(r"mpc\." + name + r" = \[\n(.*?)\];", text, re.S).group(1).split("\n") if r.strip()]
clean = lambda rows: [[x.rstrip(";") for x in r] for r in rows]
bus, gen = clean(table("bus")), clean(table("gen"))
out = open("gens").read().split()
units = {g[0] for k, g in enumerate(gen, 1) if float(g[7]) > 0 and str(k) not in out}
flows = list(csv.DictReader(open("flow.branches.csv")))
live = {str(k) for k, b in enumerate(clean(table("branch")), 1) if float(b[10]) > 0} - set(open("branches").read().split())
next_to = {b[0]: [] for b in bus}
for r in flows:
    if r["row"] in live:
        next_to[r["from_bus"]].append(r["to_bus"])
        next_to[r["to_bus"]].append(r["from_bus"])
lit, todo = set(units), list(units)
while todo:
    for b in next_to[todo.pop()]:
        if b not in lit:
            lit.add(b)
            todo.append(b)
row, = csv.DictReader(open("row.csv"))
lost = sum(max(float(b[2]), 0) for b in bus if b[0] not in lit)
load = {r["row"]: float(r["loading_percent"]) for r in flows if r["loading_percent"] and r["from_bus"] in lit and r["row"] in live}
assert row["outcome"] == "solved", row
assert abs(float(row["lost_mw"]) - lost) < 1e-6 and int(row["cut_off_buses"]) == len(bus) - len(lit), (row, lost)
worst = max(load.values())
assert abs(float(row["loading_percent"]) - worst) < 1e-6 * worst and abs(load[row["worst_branch"]] - worst) < 1e-6 * worst, (row, worst)
assert int(row["overloads"]) == sum(x > 100.0000001 for x in load.values()), row
PYTHON
    # compare CASE WHAT
    compare() {
        case=$cases/matpower/$1.m
        echo "$2" >list
        echo "$2" | tr ',' '\n' | sed -n 's/.*branch //p' >branches
        echo "$2" | tr ',' '\n' | sed -n 's/.*gen //p' >gens
        expect 0 '' contingency "$case" --dc --list list --out row.csv
        expect 0 '' flow "$case" --dc --out-branches branches --out-gens gens --out flow.csv
        python3 judge.py "$case" || bad "$1 without $2 is not as svitlo flow --dc has it: $(cat row.csv)"
    }
    for name in pglib_opf_case118_ieee case_ACTIVSg200; do
        for what in 'branch 8' 'branch 51' 'branch 184' 'gen 5' 'gen 30' 'branch 9, gen 12' 'branch 1, branch 2, branch 3' \
            'branch 7, branch 9, branch 10, gen 1, gen 2'; do
            compare $name "$what"
        done
    done

    # Pairs as sets of a list: all that lose more load, and those that overload where no branch alone overloads anything.
    case=$cases/matpower/case_ACTIVSg200.m
    python3 -c 'for a in range(1, 246):
    for b in range(a + 1, 246): print("branch %d, branch %d" % (a, b))' >list
    expect 0 '' contingency "$case" --dc --out one.csv
    expect 0 '' contingency "$case" --dc --list list --out sets.csv
    expect 0 '' contingency "$case" --dc --k 2 --out two.csv
    has '^case_ACTIVSg200: 29,890 pairs of branches by DC power flow, 134 with trouble'
    python3 - <<'PYTHON' || bad "pairs are not as a list of sets has them"
import csv
read = lambda name: {r["elements"]: r for r in csv.DictReader(open(name))}
one, sets, two = read("one.csv"), read("sets.csv"), read("two.csv")
assert len(sets) == 29890 and all(one[k]["overloads"] == "0" for k in one)
told = set()
for name, row in sets.items():
    a, b = name.split(", ")
    more = float(row["lost_mw"]) > float(one[a]["lost_mw"]) + float(one[b]["lost_mw"]) + 1e-6
    if not more and row["overloads"] == "0":
        continue
    told.add(name)
    pair = two[name]
    assert pair["contingency"] == row["contingency"] and pair["cut_off_buses"] == row["cut_off_buses"], (pair, row)
    assert abs(float(pair["lost_mw"]) - float(row["lost_mw"])) < 1e-6 and pair["new_overloads"] == row["overloads"], (pair, row)
    if row["overloads"] != "0":
        assert pair["worst_branch"] == row["worst_branch"], (pair, row)
        assert abs(float(pair["loading_percent"]) - float(row["loading_percent"])) < 1e-6, (pair, row)
assert told == set(two) and sum(r["new_overloads"] != "0" for r in two.values()) == 13, len(told ^ set(two))
PYTHON

else
    echo "the public cases are not at $cases: svitlo flow's answers were not looked at"
fi
finish
