#!/bin/sh
# A run that is killed with SIGKILL again and again and taken up with --resume ends with the tables of one that was left
# alone, and says the same. Files of anything else are refused and left as they were.
. "$(dirname "$0")/expect.inc"
winter=$source_dir/examples/winter.yaml
levers=$source_dir/examples/levers
case $program in
*san/*) seasons=40 kills=6 ;; # ten times slower
*) seasons=400 kills=20 ;;
esac
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

# All tables, but for the clock and the number of threads.
dump() {
    sqlite3 "$1" "UPDATE run SET started_utc = '', finished_utc = '', seconds = 0, n_thread = 0" && sqlite3 "$1" .dump
}

# comparison FILE FLAG...: the process itself, so that it can be killed: call it in ( )
comparison() {
    file=$1
    shift
    exec "$program" compare "$winter" "$levers/cover.yaml" "$levers/spares.yaml" --combine cover+spares --seasons "$seasons" \
        --set network=none --out "$file" "$@"
}

begin_s=$(date +%s.%N)
(comparison "$work/whole.db") >"$work/whole.out" 2>"$work/err" || bad "no comparison: $(head -c 600 "$work/err")"
took_s=$(echo "$begin_s $(date +%s.%N)" | awk '{print $2 - $1}')
dump "$work/whole.db" >"$work/a"

same_tables() {
    dump "$work/killed.db" >"$work/b"
    cmp "$work/a" "$work/b" || bad "a killed and resumed comparison has other tables"
}

# Random moments, shares of the time that the whole comparison took, the same draws in each run of the test. One that is
# done before its moment has to be right, and begins anew.
n_killed=0
n_early=0
for share in $(awk -v n=$((3 * kills)) 'BEGIN {srand(7); for (i = 0; i < n; i++) printf "%.3f ", 0.02 + 0.5 * rand()}'); do
    [ "$n_killed" -lt "$kills" ] || break
    comparison "$work/killed.db" --resume >"$work/out" 2>"$work/err" &
    pid=$!
    sleep "$(awk -v a="$share" -v b="$took_s" 'BEGIN {print a * b}')"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    code=$?
    if [ "$code" = 0 ]; then
        n_early=$((n_early + 1))
        same_tables
        rm "$work/killed.db"
        continue
    fi
    [ "$code" = 137 ] || bad "the resumed comparison ended with $code: $(head -c 600 "$work/err")"
    n_killed=$((n_killed + 1))
    [ ! -f "$work/killed.db.part" ] || sqlite3 "$work/killed.db.part" "SELECT count(*) FROM season" >/dev/null ||
        bad "the part file of a killed run is not readable"
done
(comparison "$work/killed.db" --resume) >"$work/killed.out" 2>"$work/err" || bad "no resume: $(head -c 600 "$work/err")"
echo "killed $n_killed times, done before the kill $n_early times"
[ "$n_killed" = "$kills" ] || bad "killed only $n_killed times: the test proves little"
same_tables
grep -q 'INSERT INTO lever_season' "$work/a" || bad "the dump holds no rows of levers"
sed 's/ in [0-9.,]* s$//; /^Results:/d' "$work/whole.out" >"$work/a"
sed 's/ in [0-9.,]* s$//; /^Results:/d' "$work/killed.out" >"$work/b"
cmp "$work/a" "$work/b" || bad "a killed and resumed comparison says something else"

# More seasons of a finished run are those of a longer one.
short="$winter --set network=none"
"$program" run $short --seasons 40 --out "$work/long.db" >"$work/out"
"$program" run $short --seasons 15 --out "$work/more.db" >"$work/out"
"$program" run $short --seasons 40 --out "$work/more.db" --resume >"$work/out" || bad "a finished run does not go on"
dump "$work/long.db" >"$work/a"
dump "$work/more.db" >"$work/b"
cmp "$work/a" "$work/b" || bad "a run that went on has other tables"

# Anything else is refused, and left as it was.
cp "$work/more.db" "$work/kept.db"
expect 2 'seed' run "$winter" --set network=none --seasons 50 --seed 5 --out "$work/more.db" --resume
expect 2 'waves.rate' run "$winter" --set network=none --set waves.rate="1 per week" --out "$work/more.db" --resume
expect 2 'grid' run "$winter" --set network=none --set grid="$source_dir/examples/rbts" --set season.from=2026-01-05 \
    --set season.hours="100 h" --out "$work/more.db" --resume
expect 2 'season' run "$winter" --set network=none --seasons 10 --out "$work/more.db" --resume
expect 2 'lever' compare "$winter" "$levers/cover.yaml" --set network=none --seasons 50 --out "$work/more.db" --resume
expect 2 'lever' run "$winter" --set network=none --seasons "$seasons" --out "$work/killed.db" --resume
expect 0 'nothing to resume' run "$winter" --set network=none --seasons 2 --out "$work/nothing-there.db" --resume
sweep="compare $source_dir/examples/rbts.yaml --seasons 40"
"$program" $sweep --vary demand.scale=1.1..1.1/0.1 --vary demand.scale=1.2..1.2/0.1 --out "$work/sweep.db" >"$work/out" ||
    bad "no sweep"
expect 2 'in another way' $sweep --vary demand.scale=1.1..1.2/0.1 --seasons 50 --out "$work/sweep.db" --resume
cmp "$work/more.db" "$work/kept.db" || bad "a refused file was changed"
[ ! -f "$work/more.db.part" ] || bad "a refusal left a part file"
sqlite3 "$work/more.db" "PRAGMA user_version = 1"
expect 2 'schema version 1' run "$winter" --set network=none --seasons 50 --out "$work/more.db" --resume
head -c 100000 "$work/kept.db" >"$work/more.db"
expect 1 'more.db' run "$winter" --set network=none --seasons 50 --out "$work/more.db" --resume
[ "$(wc -c <"$work/more.db")" = 100000 ] || bad "a truncated file was changed"
echo "no database" >"$work/more.db"
expect 1 'more.db' run "$winter" --set network=none --seasons 50 --out "$work/more.db" --resume
finish
