#!/bin/sh
# How many times faster than lightsim2grid are the AC power flow, its N-1 and that of DC, on one core, in one run?
# usage: bench/flow.sh [CASES [--sample N] [CASE...]]     CASES: folder of the public cases (default ../shared/cases)
# --sample: so many outages of each case, evenly spaced; without it all, of networks above 5,000 buses 400.
# The environment's CORE names the core (default 0). Exit code: 0 all voltages agree; 1 not; 77 skipped: no lightsim2grid.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
cases=$root/../shared/cases
if [ $# -gt 0 ]; then
    cases=$1
    shift
fi
[ -d "$cases/matpower" ] || { echo "bench/flow.sh: no public cases in $cases" >&2 && exit 2; }
cases=$(cd "$cases" && pwd)
[ $# -gt 0 ] || set -- case118 case1354pegase case_ACTIVSg2000 case2869pegase case9241pegase
cd "$root"
script/build release >/dev/null
cmake --build --preset release --target bench_flow >build/release/bench.log || { cat build/release/bench.log >&2 && exit 1; }
pin="taskset -c ${CORE:-0}"
command -v taskset >/dev/null || pin=""
exec $pin python3 "$here/flow.py" build/release/bench/bench_flow "$cases" "$@"
