#!/bin/sh
# svitlo export: CSV files that read back as the database says, NetCDF that other programs open; misuse is one sentence.
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
    cp "$db" "$work/part.db"
    sqlite3 "$work/part.db" "UPDATE run SET complete = 0"
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

# NetCDF, where it is built in.
"$program" export "$db" --netcdf "$work/a.nc" >"$work/out" 2>"$work/err"
got=$?
if [ "$got" = 2 ] && grep -q "was built without NetCDF" "$work/err"; then
    echo "skipped: NetCDF, which this program was built without"
    finish
    exit 0
fi
[ "$got" = 0 ] || bad "no NetCDF: $(cat "$work/err")"
expect 0 "^Export: $work/b.nc\$" export "$db" --netcdf "$work/b.nc"
cmp "$work/a.nc" "$work/b.nc" || bad "not the same bytes twice"
expect 1 "cannot be written" export "$db" --netcdf "$work/no/such/a.nc"
[ ! -e "$work/part.db" ] || expect 1 "is unfinished" export "$work/part.db" --netcdf "$work/c.nc"
[ ! -e "$work/c.nc" ] && [ ! -e "$work/c.nc.part" ] || bad "something half-written is left"
if command -v ncdump >/dev/null; then
    ncdump -h "$work/a.nc" >"$work/head" 2>"$work/err" || bad "ncdump: $(cat "$work/err")"
    for words in ':Conventions = "CF-1.8"' 'season = 60 ;' 'double region_eens_mwh(season, region) ;' \
        'hour:calendar = "proleptic_gregorian"' 'hour:units = "hours since ' 'eens_mwh:_FillValue = NaN' \
        ':title = "Commas, \"quotes\""'; do
        grep -qF -e "$words" "$work/head" || bad "ncdump: no '$words'"
    done
    grep -c ':long_name' "$work/head" >"$work/out"
    [ "$(cat "$work/out")" = "$(grep -c '^	[a-z0-9]* [a-z0-9_]*(.*) ;$' "$work/head")" ] || bad "variables without long_name"
else
    echo "skipped: ncdump is not here (netcdf-bin)"
fi
python=
for candidate in /usr/bin/python3 python3; do
    [ -n "$python" ] || ! "$candidate" -c 'import netCDF4' 2>/dev/null || python=$candidate
done
if [ -n "$python" ]; then
    "$python" - "$db" "$work/a.nc" <<'PY' || bad "NetCDF and database differ"
import sqlite3, sys
import netCDF4, numpy
db, nc = sqlite3.connect(sys.argv[1]), netCDF4.Dataset(sys.argv[2])
def column(sql):
    return numpy.array([[numpy.nan if v is None else v for v in row] for row in db.execute(sql)])
assert nc.source.startswith("svitlo ") and nc.seed == str(db.execute("SELECT seed FROM run").fetchone()[0])
for name in ("eens_mwh", "lole_h", "worst_h", "n_event", "off_72h_people"):
    assert numpy.array_equal(nc[name][:].filled(numpy.nan), column(f"SELECT {name} FROM season ORDER BY 1 * i_season")[:, 0], equal_nan=True), name
n = len(nc.dimensions["region"])
regions = column("SELECT eens_mwh FROM season_region ORDER BY i_season, i_region").reshape(-1, n)
assert numpy.array_equal(nc["region_eens_mwh"][:].filled(numpy.nan), regions)
assert list(nc["region"][:]) == [i for (i,) in db.execute("SELECT id FROM region ORDER BY i_region")]
assert list(nc["lever"][:]) == ["Less, by a tenth"]
assert numpy.array_equal(nc["lever_eens_mwh"][:, 0].filled(numpy.nan), column("SELECT eens_mwh FROM lever_season ORDER BY i_season")[:, 0])
assert nc["lever_difference_eens_mwh"][0] == column("SELECT difference FROM lever_worth WHERE metric = 'eens_mwh'")[0, 0] < 0
assert numpy.allclose(nc["hour_shed_mw_mean"][:], column("SELECT shed_mw_mean FROM hour ORDER BY t_h")[:, 0])
first = netCDF4.num2date(nc["hour"][0], nc["hour"].units, nc["hour"].calendar)
assert f"{first:%Y-%m-%d %H:00}" == db.execute("SELECT first_hour FROM run").fetchone()[0]
PY
else
    echo "skipped: Python's netCDF4 is not here (python3-netcdf4)"
fi
finish
