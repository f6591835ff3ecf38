#!/bin/sh
# svitlo synth: the bundled country is what its command makes, byte for byte; wrong words and bad places end in one sentence
# and leave nothing behind.
. "$(dirname "$0")/expect.inc"

# The same bytes as the bundled folder, and the same files.
expect 0 "^svitlo: .*, 300 buses, 24 regions, 35.0 M people, peak 18,000 MW: " synth --buses 300 --seed 6 --out "$work/country"
diff -r "$source_dir/examples/country-300" "$work/country" >"$work/diff" 2>&1 ||
    bad "examples/country-300 is not what svitlo synth --buses 300 --seed 6 makes: $(head -n 5 "$work/diff" | cut -c1-200)"
expect 0 "" info "$source_dir/examples/country-300"
grep -q "readable, nothing odd" "$work/out" || bad "svitlo info finds something odd: $(cat "$work/out")"
expect 0 "" synth -n 300 -s 7 -o "$work/other"
! diff -rq "$work/country" "$work/other" >/dev/null || bad "another seed makes the same country"

# Where to: new, empty, with --force over what is there; nothing else is touched.
mkdir "$work/empty" && expect 0 "" synth -n 30 --out "$work/empty"
expect 0 "" synth -n 30 --out "$work/slash//"
diff -r "$work/empty" "$work/slash" >/dev/null || bad "an empty folder and a new one differ"
mkdir "$work/here"
here=$(cd "$work/here" && "$program" synth -n 30 --out . 2>&1) || bad "--out . in an empty folder: $here"
[ -s "$work/here/bus.csv" ] || bad "--out . wrote nothing"
expect 2 "empty: is not empty; accepted: .*--force" synth -n 31 --out "$work/empty"
diff -r "$work/empty" "$work/slash" >/dev/null || bad "a refusal touched the folder"
echo mine >"$work/empty/notes.txt"
expect 0 "" synth -n 31 --out "$work/empty" --force
[ "$(wc -l <"$work/empty/bus.csv")" = 32 ] || bad "--force did not replace the tables"
[ "$(cat "$work/empty/notes.txt")" = mine ] || bad "--force touched another file"

# What was said, not what was meant.
for n in 0 1 29 -1 -300 50001 1e3 3.5 many "" 99999999999999999999999; do
    expect 2 "buses.*accepted" synth --buses "$n" --out "$work/none"
done
for s in -1 x 1.5 "" 99999999999999999999999; do
    expect 2 "seed.*accepted" synth --buses 30 --seed "$s" --out "$work/none"
done
for h in 0 -5 87841 x; do
    expect 2 "hours.*accepted" synth --buses 30 --hours "$h" --out "$work/none"
done
for d in today 2026-13-01 2026-02-30 ""; do
    expect 2 "from.*accepted" synth --buses 30 --from "$d" --out "$work/none"
done
expect 2 "how large" synth --out "$work/none"
expect 2 "where to" synth --buses 30
expect 2 "where to" synth --buses 30 --out ""
expect 2 "what is 'DIR'" synth --buses 30 --out "$work/none" DIR
[ ! -e "$work/none" ] || bad "a refused command made its folder"

# Profiles: a day, a year, the winter of another year.
expect 0 "" synth -n 30 --from 2027-07-01 --hours 24 --out "$work/day"
[ "$(sed -n 2p "$work"/day/series_1.csv | cut -d, -f1-4)" = 2027,7,1,1 ] || bad "--from is not the first hour"
[ "$(wc -l <"$work/day/series_1.csv")" = 25 ] || bad "--hours 24 gave not 24 rows"
expect 0 "" synth -n 30 --from 2027-11-01 --out "$work/winter"
[ "$(wc -l <"$work/winter/series_1.csv")" = 3649 ] || bad "from 1 November 2027 to 31 March 2028 are 3648 hours"
expect 0 "" synth -n 30 --from 2027-01-01 --out "$work/year"
[ "$(wc -l <"$work/year/series_1.csv")" = 8761 ] || bad "from another day: not a year"

# Places that cannot be written.
echo precious >"$work/file"
expect 1 "file: cannot be used as a folder" synth -n 30 --out "$work/file"
[ "$(cat "$work/file")" = precious ] || bad "a file in the way was touched"
expect 1 "cannot be made" synth -n 30 --out "$work/no/such/folder"
[ ! -e "$work/no" ] || bad "a folder was made on the way"
if [ "$(id -u)" != 0 ]; then
    mkdir "$work/locked"
    chmod 500 "$work/locked"
    expect 1 "locked" synth -n 30 --out "$work/locked/country"
    expect 1 "locked" synth -n 30 --out "$work/locked"
    chmod 700 "$work/locked"
fi

# A disk that fills up: a limit of 20 KB a file plays it. Nothing under the name, nothing beside it, the old tables stay.
mkdir "$work/full"
cp -r "$work/empty" "$work/full/old"
(
    trap '' XFSZ
    ulimit -f 40
    "$program" synth -n 60 --out "$work/full/new" 2>"$work/full/err"
    [ $? = 1 ] || echo "exit code" >>"$work/full/bad"
    "$program" synth -n 60 --out "$work/full/old" --force 2>>"$work/full/err"
    [ $? = 1 ] || echo "exit code with --force" >>"$work/full/bad"
)
[ ! -e "$work/full/bad" ] || bad "a full disk: not exit code 1: $(cat "$work/full/bad")"
[ "$(grep -c "cannot be written" "$work/full/err")" = 2 ] || bad "a full disk: no sentence: $(cat "$work/full/err")"
rm -f "$work/full/err"
diff -r "$work/empty" "$work/full/old" >/dev/null || bad "a full disk damaged the tables that were there"
[ "$(ls "$work/full")" = old ] || bad "a full disk left: $(ls "$work/full")"

# Help says all there is.
expect 0 "" synth --help
for word in --buses --seed --out --from --hours --force "30 to 50000" "Exit code" "Example"; do
    grep -q -e "$word" "$work/out" || bad "synth --help does not speak of $word"
done
finish
