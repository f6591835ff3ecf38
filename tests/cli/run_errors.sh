#!/bin/sh
# svitlo run with files that are not what they should be: exit code 2 for what was asked for, 1 for what went wrong, one
# sentence with the place, nothing half-written under the final name.
. "$(dirname "$0")/expect.inc"
rbts=$source_dir/examples/rbts.yaml

expect 1 "missing.yaml" run "$work/missing.yaml"
expect 1 "$work" run "$work"
printf 'name: x\ndemannd: {scale: 1.0}\n' >"$work/key.yaml"
expect 2 "key.yaml:2:.*demannd.*demand" run "$work/key.yaml"
printf 'name: [x\n' >"$work/yaml.yaml"
expect 2 "yaml.yaml:[0-9]" run "$work/yaml.yaml"
: >"$work/empty.yaml"
expect 2 "empty.yaml" run "$work/empty.yaml"
printf 'a: &a [x, x, x]\nb: [*a, *a, *a]\n' >"$work/bomb.yaml"
expect 2 "bomb.yaml:1:4: an anchor or alias" run "$work/bomb.yaml"
printf 'demand:\n\tscale: 1\n' >"$work/tab.yaml"
expect 2 "tab.yaml:2:1: a tab" run "$work/tab.yaml"
printf 'name: \303(\n' >"$work/bytes.yaml"
expect 2 "bytes.yaml:1:7: byte 0xC3 is not UTF-8" run "$work/bytes.yaml"
# Huge ones are answered at once, in little memory (ulimit -v is of no use under the sanitizers, which reserve terabytes).
head -c 50000000 /dev/zero | tr '\0' '[' >"$work/huge.yaml"
expect 2 "huge.yaml: it has more than 256 kB" run "$work/huge.yaml"
expect 2 "/dev/zero: it has more than 256 kB" run /dev/zero
expect 2 "no-such-key" run "$rbts" --set no-such-key=1
expect 2 "demand.scale" run "$rbts" --set demand.scale=-1
expect 2 "demand.scale" run "$rbts" --set demand.scale=nan
expect 2 "demand.scale" run "$rbts" --set demand.scale
expect 1 "no-such-grid" run "$rbts" --set grid="$work/no-such-grid"

expect 1 "no/such/folder" run "$rbts" --seasons 1 --out "$work/no/such/folder/a.db"
[ ! -e "$work/no" ] || bad "a folder was made"
mkdir "$work/folder.db"
expect 1 "folder.db" run "$rbts" --seasons 1 --out "$work/folder.db"
if [ "$(id -u)" != 0 ]; then
    mkdir "$work/locked"
    chmod 500 "$work/locked"
    expect 1 "locked/a.db" run "$rbts" --seasons 1 --out "$work/locked/a.db"
    chmod 700 "$work/locked"
fi

# A results file stays as it was when the run fails, and is replaced when it ends well.
echo precious >"$work/old.db"
printf 'grid: %s\n' "$source_dir/examples/rbts" >"$work/short.yaml"
expect 2 "demand.scale" run "$rbts" --seasons 2 --set demand.scale=x --out "$work/old.db"
[ "$(cat "$work/old.db")" = precious ] || bad "a failed run touched the file that was there"
expect 2 "is no results file; accepted: a new name" run "$rbts" --seasons 2 --out "$work/old.db"
expect 2 "is no results file" run "$work/short.yaml" --seasons 2 --out "$work/short.yaml"
[ "$(cat "$work/old.db")" = precious ] || bad "a file that is no results file was replaced"
"$program" run "$rbts" --seasons 1 --out "$work/fresh.db" >"$work/out" && cp "$work/fresh.db" "$work/old.db"
expect 0 "" run "$rbts" --seasons 2 --out "$work/old.db"
! cmp -s "$work/fresh.db" "$work/old.db" || bad "a good run did not replace the results that were there"
[ "$(head -c 13 "$work/old.db")" = "SQLite format" ] || bad "a good run did not replace the file that was there"
[ ! -e "$work/old.db.part" ] || bad "a good run left its .part behind"

# A full disk, as far as /dev/full can play one.
if [ -c /dev/full ]; then
    for flag in "" --json; do
        "$program" run "$rbts" --seasons 2 $flag >/dev/full 2>"$work/err"
        got=$?
        [ "$got" = 1 ] || bad "stdout on a full disk $flag: exit code $got, not 1"
        [ "$(wc -l <"$work/err")" = 1 ] || bad "stdout on a full disk $flag: not one sentence: $(cat "$work/err")"
    done
fi
finish
