#!/bin/sh
# Run each fuzzer of build/fuzz for some seconds, from its kept corpus. usage: fuzz/run.sh [seconds]
# What it finds new goes to build/fuzz/corpus, an input that breaks something to build/fuzz/found-*. Build: script/build fuzz
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-10}
n=0
for source in fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    fuzzer=build/fuzz/fuzz/$name
    if [ ! -x "$fuzzer" ]; then
        echo "fuzz/run.sh: $fuzzer is not built; script/build fuzz builds it" >&2
        exit 1
    fi
    new=build/fuzz/corpus/${name#fuzz_}
    kept=fuzz/corpus/${name#fuzz_}
    mkdir -p "$new"
    [ -d "$kept" ] || kept=
    echo "$name"
    "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="build/fuzz/found-$name-" "$new" $kept
    n=$((n + 1))
done
echo "fuzzers: $n, nothing found"
