#!/bin/sh
# A database that cannot grow any more (a full disk, played by a limit on file size): one sentence, exit code 1, and nothing
# half-written under the final name.
. "$(dirname "$0")/expect.inc"
(
    ulimit -f 400 # blocks of 512 bytes
    expect 1 'full.db.part: cannot write: ' run "$source_dir/examples/rbts.yaml" --seasons 20000 --out "$work/full.db"
    [ "$(wc -l <"$work/err")" = 1 ] || bad "not one sentence: $(cat "$work/err")"
    [ "$n_bad" = 0 ]
) || n_bad=1
[ ! -e "$work/full.db" ] || bad "half a study under the final name"
finish
