#!/bin/sh
# The speed table: each line one question, what was measured, and the floor it has to keep.
# usage: bench/run.sh [CASES_FOLDER]     (release build; two threads; some minutes at most)
set -eu
cd "$(dirname "$0")/.."

cases=${1:-../shared/cases}
script/build release
cmake --build --preset release --target bench_balance >/dev/null
svitlo=build/release/svitlo
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# key FILE NAME: one number of a run's JSON
key() {
    python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); r["seasons_per_s"] = r["seasons"] / r["seconds"]; print(r[sys.argv[2]])' "$1" "$2"
}

# run NAME SCENARIO SEASONS
run() {
    "$svitlo" run "examples/$2.yaml" --seasons "$3" --threads 2 --json >"$work/$1.json"
}

# line QUESTION MEASURED UNIT FLOOR
line() {
    printf '%-52s %10.1f %-10s %s\n' "$1" "$2" "$3" "$4"
}

run rts79 rts79 10000
run winter_short winter 50
run winter winter 400

echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), 2 threads, $(date +%Y-%m-%d)"
line "RTS-79, copper plate, 10,000 years" "$(key "$work/rts79.json" seconds)" s "under 30"
line "winter of 300 buses, 400 seasons" "$(key "$work/winter.json" seasons_per_s)" "seasons/s" "20 or more"
line "peak memory of the winter, 50 seasons" "$(key "$work/winter_short.json" peak_memory_mb)" MB "under 200"
line "peak memory of the winter, 400 seasons" "$(key "$work/winter.json" peak_memory_mb)" MB "under 200"
if [ -d "$cases/damage" ]; then
    build/release/bench/bench_balance "$cases" >"$work/balance"
    grep '^case2869pegase' "$work/balance" | while read -r state shed published cold rest; do
        line "balance of $state, cold" "$cold" ms "under 60"
    done
else
    echo "balance of the damage states: skipped, no $cases/damage"
fi
