#!/bin/sh
# Wrong words on the command line: exit code 2, one sentence that says what was found, nothing on stdout.
. "$(dirname "$0")/expect.inc"

# full ARGUMENT...: words that do not arrive end with 1 and one sentence
full() {
    "$program" "$@" >/dev/full 2>"$work/err" </dev/null
    got=$?
    [ "$got" = 1 ] || bad "svitlo $* on a full disk: exit code $got, not 1"
    [ "$(grep -c '^svitlo: the output cannot be written: ' "$work/err")" = "$(wc -l <"$work/err")" ] && [ "$(wc -l <"$work/err")" = 1 ] ||
        bad "svitlo $* on a full disk: $(cat "$work/err")"
}

expect 2 "Usage: svitlo"
expect 2 "unknown command 'rum'.*run, compare, report, export, balance, flow, contingency, info, synth" rum
expect 0 "^$" --version
grep -q '^svitlo [0-9]*\.[0-9]*\.[0-9]*$' "$work/out" || bad "--version prints no version: $(cat "$work/out")"
expect 0 "^$" --help
grep -q 'svitlo COMMAND' "$work/out" || bad "--help goes to stdout"
for command in run compare report export balance flow contingency info synth; do
    expect 0 "^$" $command --help
    grep -q "^Usage: svitlo $command" "$work/out" || bad "$command --help: no usage line: $(head -n 1 "$work/out")"
    cp "$work/out" "$work/usage"
    expect 0 "^$" help $command
    cmp -s "$work/out" "$work/usage" || bad "help $command prints other words than $command --help"
    expect 2 "one word too many" help $command scenario
    expect 2 "no-such-flag" $command --no-such-flag
    full "$command" --help
    full help "$command"
    full "$command" --usage
done

expect 2 "which scenario" run
expect 2 "one scenario at a time" run a.yaml b.yaml
for word in 0 -1 1.5 many 1e99 "" 99999999999999999999999; do
    expect 2 "seasons" run x.yaml --seasons "$word"
done
for word in 0 -2 two; do
    expect 2 "threads" run x.yaml --threads "$word"
done
for word in -1 0x10 one; do
    expect 2 "seed" run x.yaml --seed "$word"
done
for word in 1 0.01 % 0% -1% 1%% x% 99% nan% ""; do
    expect 2 "until.*accepted\|until.*%" run x.yaml --until "$word"
done
expect 2 "synth.*buses\|--buses" synth --buses 0 --out "$work/country"
[ ! -e "$work/country" ] || bad "synth --buses 0 left something behind"
expect 2 "scale" balance x.m --scale -1
expect 2 "no help on 'nothing-like-this'; accepted: scenario, run, compare, report, export, balance, flow, contingency, info or synth" help nothing-like-this
expect 0 "^$" help --help
grep -q '^Usage: svitlo help scenario' "$work/out" || bad "help --help: no usage line: $(head -n 1 "$work/out")"
expect 2 "one word too many" help scenario waves peace

for words in --help --version help "help help" "help scenario" "help scenario waves" "help scenario --markdown"; do
    # shellcheck disable=SC2086 # several words
    full $words
done

# What `expect` itself stands on: an empty stderr is one empty line, words are not.
: >"$work/nothing"
echo words >"$work/something"
has_words "$work/nothing" "^" && has_words "$work/nothing" '^$' || bad "an empty file does not match ^"
has_words "$work/nothing" "words" && bad "an empty file matches words"
has_words "$work/something" '^$' && bad "words match ^\$"
finish
