#!/bin/sh
# svitlo info: describes a grid, names what is odd, refuses what it cannot read. Small grids of its own.
. "$(dirname "$0")/expect.inc"

# good ARGUMENT...: exit code 0 and not a word on stderr
good() {
    "$program" "$@" >"$work/out" 2>"$work/err" </dev/null || bad "svitlo $*: $(head -c 600 "$work/err")"
    [ ! -s "$work/err" ] || bad "svitlo $*: words on stderr: $(head -c 600 "$work/err")"
}

cat >"$work/odd.m" <<'CASE'
function mpc = odd
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
1 3 0 0 0 0 1 1 0 110 1 1.1 0.9;
2 1 90 0 0 0 1 1 0 110 1 1.1 0.9;
3 1 -5 0 0 0 1 1 0 0 1 0.9 1.1;
4 1 10 0 0 0 2 1 0 110 1 1.1 0.9;
5 4 10 0 0 0 2 1 0 110 1 1.1 0.9;
6 1 0 0 0 0 2 1 0 330 1 1.1 0.9;
];
mpc.gen = [1 0 0 0 0 1 100 1 50 60; 5 0 0 0 0 1 100 1 10 0; 2 0 0 0 0 1 100 1 -10 -20];
mpc.branch = [
1 2 0 0.1 0 100 0 0 0 0 1;
1 2 0 -0.1 0 100 0 0 0 0 1;
2 3 -0.01 0 0 0 0 0 0 0 1;
2 3 0 0.1 0 0.5 0 0 2 90 1;
2 6 0 0.1 0 100 0 0 0 0 1;
1 6 0 0.1 0 100 0 0 0 0 0;
];
CASE
good info "$work/odd.m"
has() {
    grep -q -e "$1" "$work/out" || bad "no '$1' in: $(cat "$work/out")"
}
has '^odd: readable, [0-9]* things to look at$'
has 'Buses  *6: 4 at 110 kV, 1 at 330 kV, 1 at 0 kV'
has 'Branches  *6: 3 lines, 3 transformers; mean degree 2.00; 1 out of service'
has 'Islands  *2$'
has 'Generators  *3, 60 MW in service: 3 thermal (60 MW)'
has 'Demand  *100 MW in 3 loads: household 100 MW'
has 'Regions  *2 (derived from the areas)'
[ "$(awk 'length($0) > 80' "$work/out" | wc -l)" = 0 ] || bad "lines longer than 80 columns: $(cat "$work/out")"

good info "$work/odd.m" --json
cp "$work/out" "$work/odd.json"
for key in negative_load demand_above_capacity island_without_generation isolated_bus dead_bus no_base_kv voltage_limits no_places \
    zero_reactance negative_reactance negative_resistance unlimited_rating small_rating odd_tap levels_without_tap large_shift \
    cancelling_parallels pmax_below_pmin pmax_negative gen_at_dead_bus; do
    grep -q "\"key\": \"$key\"" "$work/odd.json" || bad "finding $key is missing: $(cat "$work/odd.json")"
done
python3 - "$work/odd.json" <<'PYTHON' || bad "the JSON says something else"
import json, sys
d = json.load(open(sys.argv[1]))
assert (d["name"], d["buses"], d["branches"], d["generators"], d["islands"]) == ("odd", 6, 6, 3, 2), d
assert d["demand_mw"] == 100 and d["capacity_mw"] == 60 and d["sites_derived"] is True, d
count = {f["key"]: f["count"] for f in d["findings"]}
assert count["no_places"] == 5 and count["negative_reactance"] == 1 and count["zero_reactance"] == 1, count
assert count["isolated_bus"] == 1 and count["island_without_generation"] == 1, count
examples = {f["key"]: f["examples"] for f in d["findings"]}
assert examples["isolated_bus"] == ["bus 4"] and examples["negative_load"] == ["3 at bus 3: -5 MW"], examples
assert examples["small_rating"] == ["4 (2-3) 0.5 MVA"], examples
PYTHON

mkdir "$work/folder"
printf 'Bus ID,MW Load,x_km,y_km,BaseKV,Bus Type\na,5,0,0,110,Ref\nb,5,1,1,110,PQ\n' >"$work/folder/bus.csv"
printf 'UID,From Bus,To Bus,X,Cont Rating\nl,a,b,0.1,20\n' >"$work/folder/branch.csv"
printf 'GEN UID,Bus ID,PMax MW\ng,a,20\n' >"$work/folder/gen.csv"
good info "$work/folder/"
has '^folder: readable, nothing odd$'

expect 1 "absent.m: cannot be read: No such file or directory" info "$work/absent.m"
expect 1 "case.m:2: an executable line that starts with 'quit'" info "$(printf 'x=1\nquit\n' >"$work/case.m"; echo "$work/case.m")"
expect 1 "gen.csv: is not there" info "$(rm "$work/folder/gen.csv"; echo "$work/folder")"
printf '0,100,33\ntown\n\n1,A,110,3\n2,B,110\n0\n2,1,1,1,1,5\n0\n0\n1,1,5,0,9,-9,1,0,9,0,1,0,0,1,1,100,20,0\n0\n1,2,1,0,.1\n0\nQ\n' >"$work/GRID.RAW"
good info "$work/GRID.RAW"
has '^town: readable, 2 things to look at$'
printf '0, 100.0, 30, 0, 1, 60.0\n' >"$work/old.raw"
expect 1 "old.raw:1: the version of this PSS/E RAW file is 30; accepted: 33, 34, 35" info "$work/old.raw"
printf 'pandapower\n' >"$work/grid.json"
expect 2 "grid.json: unknown format; accepted: a folder of CSV tables.*MATPOWER case (.m).*RAW file (.raw)" info "$work/grid.json"
expect 2 "which grid?" info
expect 2 "one grid at a time" info "$work/odd.m" "$work/odd.m"
"$program" info "$work/odd.m" >/dev/full 2>"$work/err" && bad "a full disk went unseen"
grep -q 'cannot be written: No space left' "$work/err" || bad "full disk: $(cat "$work/err")"
finish
