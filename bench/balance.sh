#!/bin/sh
# How many times faster than independent solvers is the balance, on the same damage states, in one run, on one core?
# usage: bench/balance.sh [CASES] [--quick] [--cases LIST] [--states N] [--hours N] [--clp-all] [--seed S] [--json FILE]
#   CASES    folder of the public cases (default ../shared/cases)
#   LIST     names as in CASES/damage/answers.csv, or synth300, synth1000, ...; with commas between
#   N        random states a case beside the published ones (default 10); hours in a row (default 200)
# The environment's CORE names the core (default 0).
# Exit code: 0 all answers agree; 1 one differs from HiGHS's, Clp's or the published one, or is missing; 2 usage, or no such
# case; 77 skipped: python3 has no highspy, so that nothing was held against HiGHS (the last line says so).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")

cases=$root/../shared/cases
list=case24_ieee_rts,case118,case1354pegase,pglib1354,case2383wp,case_ACTIVSg2000,case2869pegase,case9241pegase
list=$list,synth300,synth1000,synth3000,synth10000
states=10 hours=200 seed=1 json="" clp_most=3000 asked=false
while [ $# -gt 0 ]; do
    case $1 in
    --quick) list=case24_ieee_rts,case118,case1354pegase,case2383wp,synth300 states=3 hours=30 clp_most=1400 ;;
    --cases) list=$2 asked=true && shift ;;
    --states) states=$2 && shift ;;
    --hours) hours=$2 && shift ;;
    --seed) seed=$2 && shift ;;
    --json) json=$2 && shift ;;
    --clp-all) clp_most=1000000 ;;
    -*) sed -n '3,9s/^# *//p' "$0" >&2 && exit 2 ;;
    *) cases=$1 ;;
    esac
    shift
done
pin="taskset -c ${CORE:-0}"
command -v taskset >/dev/null || pin=""

[ ! -d "$cases" ] || cases=$(cd "$cases" && pwd)
[ -z "$json" ] || json=$(realpath -m "$json")
cd "$root"
script/build release
cmake --build --preset release --target bench_balance >"build/release/bench.log" || { cat build/release/bench.log >&2 && exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

files="" failed=0 rc=0
for name in $(echo "$list" | tr ',' ' '); do
    buses=$(echo "$name" | tr -cd 0-9)
    what=$name
    case $name in
    synth*)
        what=$work/$name
        build/release/svitlo synth --buses "$buses" --seed "$seed" --out "$what" >/dev/null 2>&1
        ;;
    esac
    if [ "$what" = "$name" ] && ! grep -q "^$name," "$cases/damage/answers.csv" 2>/dev/null; then
        $asked && echo "$name: no such case in $cases/damage/answers.csv" >&2 && exit 2
        echo "$name: left out, not in $cases/damage/answers.csv"
        continue
    fi
    # Clp takes seconds a state from some 2,000 buses up.
    clp=1000000
    [ "$buses" -le 1400 ] || clp=2
    [ "$buses" -le "$clp_most" ] || clp=0
    [ "$clp_most" -lt 1000000 ] || clp=1000000
    $pin build/release/bench/bench_balance "$cases" "$what" --states "$states" --hours "$hours" --clp "$clp" \
        --seed "$seed" >"$work/$name.jsonl" || failed=1
    files="$files $work/$name.jsonl"
done
# shellcheck disable=SC2086  # names without blanks
$pin python3 "$here/balance.py" $files ${json:+--json "$json"} || rc=$?
[ $failed = 0 ] || rc=1
exit $rc
