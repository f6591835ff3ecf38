#!/bin/sh
# svitlo help scenario: docs/scenario.md is what it prints, the text keeps to 80 columns, one key or group can be asked for.
. "$(dirname "$0")/expect.inc"

"$source_dir/tools/scenario_doc.sh" "$program" || bad "docs/scenario.md is not what the program prints"

"$program" help scenario >"$work/all" 2>"$work/err" || bad "help scenario: exit code $?"
[ ! -s "$work/err" ] || bad "words on stderr: $(head -c 300 "$work/err")"
LC_ALL=C.UTF-8 grep -nE '^.{81}' "$work/all" && bad "lines over 80 columns"
for words in '  demand.scale = 1' '  repair.UNIT.slight' '  waves.rate = 0 per week' 'autotransformer   *3 h' 'Accepted: 0.1 to 24 h'; do
    grep -q -e "$words" "$work/all" || bad "not in the text: $words"
done

# What is asked for, and nothing else.
asked() {
    "$program" help scenario "$1" >"$work/out" 2>"$work/err" || bad "help scenario $1: exit code $?"
    n=$(grep -c '^  [a-z]' "$work/out")
    [ "$n" = "$2" ] || bad "help scenario $1: $n keys, not $2"
}
asked waves.size.median 1
asked waves.size 2
asked repair.line 7
asked repair.UNIT.slight 10
asked damage 5
asked peace 1

expect 2 "no key 'wavs'.*did you mean 'waves'" help scenario wavs
expect 2 "no key 'zzzzzz'.*accepted" help scenario zzzzzz
expect 2 "one word too many" help scenario waves peace
expect 2 "no help on 'winter'; accepted: scenario" help winter
"$program" help scenario --markdown >/dev/full 2>"$work/err"
[ $? = 1 ] || bad "a full disk is no failure"
finish
