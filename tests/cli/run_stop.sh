#!/bin/sh
# Ctrl-C (and SIGTERM) ends a study, keeps what is complete and says so; a finished file is never replaced by half a one.
. "$(dirname "$0")/expect.inc"
winter=$source_dir/examples/winter.yaml

# stop SIGNAL FILE: start a study that would take hours, wait for its first rows, interrupt it.
stop() {
    "$program" run "$winter" --seasons 1000000 --out "$2" >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
    for _ in $(seq 300); do
        [ -s "$2.part" ] && break
        kill -0 $pid || break
        sleep 0.1
    done
    sleep 4
    kill -s "$1" $pid || bad "SIG$1: it was over already"
    wait $pid
    got=$?
    [ "$got" = 1 ] || bad "SIG$1: exit code $got, not 1: $(head -c 600 "$work/err")"
    grep -q 'stopped after [1-9][0-9]* of 1000000 seasons' "$work/err" || bad "SIG$1: not said: $(head -c 600 "$work/err")"
    grep -q 'Stopped early' "$work/out" || bad "SIG$1: no summary of what is complete"
}

stop INT "$work/new.db"
[ "$(head -c 13 "$work/new.db")" = "SQLite format" ] || bad "what is complete is not in the file"
cp "$work/new.db" "$work/kept.db"
stop TERM "$work/new.db"
cmp "$work/new.db" "$work/kept.db" || bad "half a study replaced the file that was there"
[ "$(head -c 13 "$work/new.db.part")" = "SQLite format" ] || bad "what is complete is not in the .part file"
finish
