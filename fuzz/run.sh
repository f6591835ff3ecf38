#!/bin/sh
# Run each fuzzer for some seconds, from its kept corpus and with its words. usage: fuzz/run.sh [seconds [build [reader...]]]
# build is the folder of the preset fuzz (build/fuzz; made by script/build fuzz). What a fuzzer finds new goes to
# build/corpus/<reader>, an input that breaks something to build/found-<reader>-*; then the exit code is 1.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-10}
build=${2:-build/fuzz}
if [ $# -gt 2 ]; then
    shift 2
else
    set -- $(cd fuzz && ls fuzz_*.c | sed 's/^fuzz_//; s/\.c$//')
fi
n=0
bad=
for reader in "$@"; do
    fuzzer=$build/fuzz/fuzz_$reader
    if [ ! -x "$fuzzer" ]; then
        echo "fuzz/run.sh: $fuzzer is not built; script/build fuzz builds it" >&2
        exit 1
    fi
    mkdir -p "$build/corpus/$reader"
    echo "$reader"
    "$fuzzer" -dict="fuzz/$reader.dict" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$build/found-$reader-" \
        "$build/corpus/$reader" "fuzz/corpus/$reader" || bad="$bad $reader"
    n=$((n + 1))
done
if [ -n "$bad" ]; then
    echo "fuzz/run.sh: something broke in:$bad; the inputs are $build/found-*" >&2
    exit 1
fi
echo "fuzzers: $n, nothing found"
