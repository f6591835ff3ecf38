#!/bin/sh
# svitlo export: CSV files that read back as the database says; misuse is one sentence. NetCDF: export_netcdf.sh.
. "$(dirname "$0")/expect.inc"
rbts=$source_dir/examples/rbts.yaml
db=$work/rbts.db
printf 'base: %s\nname: "Less, by a tenth"\ndemand: {scale: 0.9}\n' "$rbts" >"$work/tenth.yaml"
"$program" compare "$rbts" "$work/tenth.yaml" --seasons 60 --set name='Commas, "quotes"' --out "$db" >"$work/out" 2>&1 ||
    bad "no results: $(cat "$work/out")"

expect 0 "^Export: $work/csv\$" export "$db" --csv "$work/csv"
[ ! -s "$work/out" ] || bad "words on stdout"
[ -s "$work/csv/season.csv" ] && [ -s "$work/csv/lever_worth.csv" ] && [ -s "$work/csv/by_region.csv" ] || bad "files are missing"
[ ! -e "$work/csv/state.csv" ] || bad "the state is no table for readers"
[ -z "$(ls "$work/csv" | grep -v '\.csv$')" ] || bad "more than CSV files: $(ls "$work/csv")"
# Every table and view, cell by cell: the same numbers to the last bit, NULL empty.
python3 - "$db" "$work/csv" <<'PY' || bad "CSV and database differ"
import csv, os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
names = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name <> 'state'")]
assert sorted(f"{n}.csv" for n in names) == sorted(os.listdir(sys.argv[2])), names
for name in names:
    path = os.path.join(sys.argv[2], name + ".csv")
    raw = open(path, "rb").read()
    assert raw.endswith(b"\r\n"), name
    rows = list(csv.reader(open(path, newline="", encoding="utf-8")))
    cursor = db.execute(f"SELECT * FROM {name}")
    assert rows[0] == [c[0] for c in cursor.description], name
    found = cursor.fetchall()
    assert len(found) == len(rows) - 1, name
    for cells, values in zip(rows[1:], found):
        for cell, value in zip(cells, values):
            same = cell == "" if value is None else cell == value if isinstance(value, str) else float(cell) == value
            assert same, (name, cell, value)
PY
cp -r "$work/csv" "$work/before"
expect 0 "" export "$db" --csv "$work/csv"
diff -r "$work/csv" "$work/before" >"$work/out" || bad "not the same bytes twice"

# An unfinished file gives its seasons.
if command -v sqlite3 >/dev/null; then
    cp "$db" "$work/begun.db.part"
    sqlite3 "$work/begun.db.part" "UPDATE run SET complete = 0; DELETE FROM summary; DELETE FROM hour"
    expect 0 "" export "$work/begun.db.part" --csv "$work/begun"
    [ "$(wc -l <"$work/begun/season.csv")" = 61 ] && [ "$(wc -l <"$work/begun/hour.csv")" = 1 ] || bad "not its seasons"
    sqlite3 "$work/begun.db.part" "PRAGMA user_version = 1"
    expect 1 "is of schema version 1" export "$work/begun.db.part" --csv "$work/none"
fi

expect 2 "of which results" export --csv "$work/none"
expect 2 "in which form? accepted: one of --csv DIR and --netcdf FILE.nc" export "$db"
expect 2 "in which form" export "$db" --csv "$work/none" --netcdf "$work/none.nc"
expect 2 "where to" export "$db" --csv ""
expect 2 "one file at a time" export "$db" "$db" --csv "$work/none"
expect 1 "none.db: cannot be read: No such file" export "$work/none.db" --csv "$work/none"
expect 1 "rbts.yaml: is no results file" export "$rbts" --csv "$work/none"
[ ! -e "$work/none" ] || bad "a folder was made for nothing"
expect 1 "no/such: cannot be made: No such file" export "$db" --csv "$work/no/such"
expect 1 "cannot be written" export "$db" --csv "$db"
(
    ulimit -f 1
    expect 1 "cannot be written: File too large" export "$db" --csv "$work/full"
    [ "$n_bad" = 0 ]
) || n_bad=1
[ -z "$(ls "$work/full" | grep part)" ] || bad "half a file is left"
finish
