#!/bin/sh
# svitlo info on every public case: readable, in 80 columns; the PSS/E file is refused with a sentence.
. "$(dirname "$0")/expect.inc"
cases=$3
if [ ! -d "$cases/matpower" ]; then
    echo "skipped: the public cases are not at $cases"
    exit 77
fi
good() {
    "$program" "$@" >"$work/out" 2>"$work/err" </dev/null || bad "svitlo $*: $(head -c 600 "$work/err")"
    [ ! -s "$work/err" ] || bad "svitlo $*: words on stderr: $(head -c 600 "$work/err")"
}
n=0
for grid in "$cases"/matpower/*.m "$cases"/traps/*.m "$cases"/rts-gmlc/*.m "$cases/rts-gmlc/SourceData"; do
    good info "$grid"
    grep -q ': readable, ' "$work/out" || bad "$grid: $(head -n 1 "$work/out")"
    [ "$(awk 'length($0) > 80' "$work/out" | wc -l)" = 0 ] || bad "$grid: lines longer than 80 columns"
    n=$((n + 1))
done
[ "$n" -ge 26 ] || bad "only $n grids"
good info "$cases/rts-gmlc/SourceData"
grep -q '84, 8,784 h in common: 2020-01-01 00:00 to 2020-12-31 23:59' "$work/out" || bad "series: $(cat "$work/out")"
good info "$cases/psse/RTS-GMLC.RAW"
grep -q "^RTS-GMLC: readable, 1 thing" "$work/out" || bad "RAW: $(head -n 1 "$work/out")"
finish
