#!/bin/sh
# Check that docs/scenario.md is what the program prints. usage: tools/scenario_doc.sh [--fix] [program]
set -eu
cd "$(dirname "$0")/.."

fix=
if [ "${1:-}" = --fix ]; then
    fix=1
    shift
fi
program=${1:-build/release/svitlo}
if [ ! -x "$program" ]; then
    echo "tools/scenario_doc.sh: $program is not there; accepted: the path of a built svitlo" >&2
    exit 2
fi
new=$(mktemp)
trap 'rm -f "$new"' EXIT
"$program" help scenario --markdown >"$new"
if [ -n "$fix" ]; then
    cat "$new" >docs/scenario.md
elif ! diff docs/scenario.md "$new" >/dev/null; then
    diff docs/scenario.md "$new" | head -n 20 >&2 || true
    echo "docs/scenario.md is not what the program prints; tools/scenario_doc.sh --fix renews it" >&2
    exit 1
fi
