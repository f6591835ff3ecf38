#!/bin/sh
# The same bytes of --json for 1, 2 and 5 threads, apart from the time and the memory it took; other numbers for another seed.
. "$(dirname "$0")/expect.inc"
winter=$source_dir/examples/winter.yaml

# The result of a run, without what may differ.
result() {
    "$program" run "$@" --json 2>"$work/err" | grep -v '^  "\(seconds\|peak_memory_mb\)":'
}

for scenario in "$winter --seasons 7" "$source_dir/examples/rbts.yaml --seasons 120"; do
    for threads in 1 2 5; do
        result $scenario --threads $threads >"$work/$threads" || bad "$scenario: no result"
        grep -q '"eens_mwh"' "$work/$threads" || bad "$scenario, $threads threads: no result: $(head -c 600 "$work/err")"
    done
    cmp "$work/1" "$work/2" && cmp "$work/1" "$work/5" || bad "$scenario: results differ between threads"
    result $scenario --threads 2 --seed 99 >"$work/seed"
    grep -v '"seed"' "$work/1" >"$work/a"
    grep -v '"seed"' "$work/seed" >"$work/b"
    ! cmp -s "$work/a" "$work/b" || bad "$scenario: another seed gave the same numbers"
done

# Nothing but data on stdout, nothing on stderr when it is no terminal.
"$program" run "$winter" --seasons 1 --json >"$work/out" 2>"$work/err"
[ ! -s "$work/err" ] || bad "words on stderr although it is no terminal: $(head -c 300 "$work/err")"
[ "$(head -c 1 "$work/out")" = "{" ] && [ "$(tail -n 1 "$work/out")" = "}" ] || bad "--json is not one object"
! grep -qi 'nan\|inf[^a-z]' "$work/out" || bad "NaN or infinity in JSON: $(grep -i 'nan\|inf' "$work/out" | head -n 3)"

# The summary keeps to 80 columns and says how sure it is.
"$program" run "$winter" --seasons 3 >"$work/out"
LC_ALL=C.UTF-8 grep -E '^.{81}' "$work/out" && bad "lines over 80 columns"
grep -q '±' "$work/out" || bad "the summary has no uncertainty"
finish
