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

# The winter and eight levers, and the winter alone, in turn; then the report of 10,000 years.
for k in 1 2; do
    "$svitlo" run examples/winter.yaml --seasons 100 --threads 2 --json >"$work/alone$k.json"
    "$svitlo" compare examples/winter.yaml examples/levers/*.yaml --seasons 100 --threads 2 --json >"$work/levers$k.json"
done
python3 - "$work" <<'END' >"$work/compare"
import json, sys
read = lambda name: json.load(open(f"{sys.argv[1]}/{name}.json"))
alone = sum(read(f"alone{k}")["seconds"] for k in (1, 2))
both = [read(f"levers{k}") for k in (1, 2)]
levers = both[0]["levers"]
mean = lambda key: 100 * sum(lever[key] for lever in levers) / len(levers)
print(sum(b["base"]["seconds"] for b in both) / alone, mean("same_share"), mean("reused_share"))
for lever in levers:
    print(f'{lever["name"]}: {100 * lever["same_share"]:.1f} % the same, {100 * lever["reused_share"]:.1f} % taken over')
END
"$svitlo" run examples/rts79.yaml --seasons 10000 --threads 2 --out "$work/years.db" >/dev/null
python3 - "$svitlo" "$work" <<'END' >"$work/report"
import os, subprocess, sys, time
begin = time.monotonic()
subprocess.run([sys.argv[1], "report", f"{sys.argv[2]}/years.db", "--out", f"{sys.argv[2]}/report.html"], check=True,
               stderr=subprocess.DEVNULL)
print(time.monotonic() - begin, os.path.getsize(f"{sys.argv[2]}/report.html") / 1e6)
END

run rts79 rts79 10000
run winter_short winter 50
run winter winter 400

echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), 2 threads, $(date +%Y-%m-%d)"
line "RTS-79, copper plate, 10,000 years" "$(key "$work/rts79.json" seconds)" s "under 30"
line "winter of 300 buses, 400 seasons" "$(key "$work/winter.json" seasons_per_s)" "seasons/s" "20 or more"
line "peak memory of the winter, 50 seasons" "$(key "$work/winter_short.json" peak_memory_mb)" MB "under 200"
line "peak memory of the winter, 400 seasons" "$(key "$work/winter.json" peak_memory_mb)" MB "under 200"
read -r ratio same reused <"$work/compare"
line "base and eight levers over one run of the base" "$ratio" times "under 8"
line "hours of a lever that are the base's" "$same" % ""
line "of all hours, not solved again" "$reused" % ""
sed -n '2,$s/^/  /p' "$work/compare"
read -r seconds size <"$work/report"
line "report of 10,000 years of RTS-79" "$seconds" s "under 2"
line "its size" "$size" MB "under 3"
if [ -d "$cases/damage" ]; then
    build/release/bench/bench_balance "$cases" case2869pegase --states 0 --hours 0 >"$work/balance"
    python3 -c 'import json, sys; [print(s["state"], s["cold_ms"]) for s in map(json.loads, open(sys.argv[1]))]' \
        "$work/balance" | while read -r state cold; do
        line "balance of $state, cold" "$cold" ms "under 60"
    done
else
    echo "balance of the damage states: skipped, no $cases/damage"
fi
