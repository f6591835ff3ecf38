#!/bin/sh
# The bundled country is what the command makes, byte for byte; 10,000 buses; what is refused, and what is left behind then.
. "$(dirname "$0")/expect.inc"

expect 0 "300 buses, 24 regions" synth --buses 300 --seed 6 --out "$work/country-300"
diff -r "$work/country-300" "$source_dir/examples/country-300" >"$work/diff" ||
    bad "examples/country-300 is not what the command makes: $(head -c 600 "$work/diff")"

case $program in
*/asan/* | *san*) size=1500 ;; # slow there
*) size=10000 ;;
esac
expect 0 "$size buses" synth --buses $size --seed 2 --out "$work/large"
expect 0 "" info "$work/large"
grep -q 'Islands       1$' "$work/out" || bad "$size buses: not one network: $(head -n 12 "$work/out")"

expect 2 "how large?" synth --out "$work/x"
expect 2 "where to?" synth --buses 100
expect 2 "accepted: a whole number, 30 to 50000" synth --buses 0 --out "$work/x"
expect 2 "accepted: a whole number, 30 to 50000" synth --buses -5 --out "$work/x"
expect 2 "accepted: a whole number, 30 to 50000" synth --buses many --out "$work/x"
expect 2 "accepted: a whole number, 0 to" synth --buses 50 --seed -1 --out "$work/x"
expect 2 "accepted: a date" synth --buses 50 --from 2026-02-30 --out "$work/x"
expect 2 "is not empty; accepted: a new or empty folder, or --force" synth --buses 50 --out "$work/large"
expect 1 "no/such" synth --buses 50 --out "$work/no/such/folder"
expect 1 "cannot be used as a folder" synth --buses 50 --out "$program"
(ulimit -f 20 && expect 1 "cannot be written" synth --buses 300 --out "$work/full" && [ "$n_bad" = 0 ]) || n_bad=1
[ "$(ls "$work" | sort | tr '\n' ' ')" = "country-300 diff err large out " ] || bad "left behind: $(ls "$work")"
expect 0 "50 buses" synth --buses 50 --force --out "$work/large"
finish
