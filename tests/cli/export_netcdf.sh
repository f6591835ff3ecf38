#!/bin/sh
# svitlo export --netcdf: a file that other programs open and that says what the database says, the same bytes each time.
. "$(dirname "$0")/expect.inc"
rbts=$source_dir/examples/rbts.yaml
db=$work/rbts.db
printf 'base: %s\nname: "Less, by a tenth"\ndemand: {scale: 0.9}\n' "$rbts" >"$work/tenth.yaml"
"$program" compare "$rbts" "$work/tenth.yaml" --seasons 60 --set name='Commas, "quotes"' --out "$db" >"$work/out" 2>&1 ||
    bad "no results: $(cat "$work/out")"

"$program" export "$db" --netcdf "$work/a.nc" >"$work/out" 2>"$work/err"
got=$?
if [ "$got" = 2 ] && grep -q "was built without NetCDF" "$work/err"; then
    echo "skipped: this program was built without NetCDF (libnetcdf-dev)"
    exit 77
fi
[ "$got" = 0 ] || bad "no NetCDF: $(cat "$work/err")"
expect 0 "^Export: $work/b.nc\$" export "$db" --netcdf "$work/b.nc"
cmp "$work/a.nc" "$work/b.nc" || bad "not the same bytes twice"
expect 1 "cannot be written" export "$db" --netcdf "$work/no/such/a.nc"
expect 1 "none.db: cannot be read: No such file" export "$work/none.db" --netcdf "$work/c.nc"
if command -v sqlite3 >/dev/null; then
    cp "$db" "$work/part.db"
    sqlite3 "$work/part.db" "UPDATE run SET complete = 0"
    expect 1 "is unfinished" export "$work/part.db" --netcdf "$work/c.nc"
fi
[ ! -e "$work/c.nc" ] && [ ! -e "$work/c.nc.part" ] || bad "something half-written is left"
readers=0
if command -v ncdump >/dev/null; then
    readers=1
    ncdump -h "$work/a.nc" >"$work/head" 2>"$work/err" || bad "ncdump: $(cat "$work/err")"
    for words in ':Conventions = "CF-1.8"' 'season = 60 ;' 'double region_eens_mwh(season, region) ;' \
        'hour:calendar = "proleptic_gregorian"' 'hour:units = "hours since ' 'eens_mwh:_FillValue = NaN' \
        ':title = "Commas, \"quotes\""'; do
        grep -qF -e "$words" "$work/head" || bad "ncdump: no '$words'"
    done
    grep -c ':long_name' "$work/head" >"$work/out"
    [ "$(cat "$work/out")" = "$(grep -c '^	[a-z0-9]* [a-z0-9_]*(.*) ;$' "$work/head")" ] || bad "variables without long_name"
else
    echo "not looked at with ncdump (netcdf-bin)"
fi
python=
for candidate in /usr/bin/python3 python3; do
    [ -n "$python" ] || ! "$candidate" -c 'import netCDF4' 2>/dev/null || python=$candidate
done
if [ -n "$python" ]; then
    readers=1
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
    echo "not looked at with Python (python3-netcdf4)"
fi
[ "$n_bad" != 0 ] || [ "$readers" = 1 ] || exit 77 # written twice the same, but nobody read it
# Nothing but NetCDF is replaced.
echo precious >"$work/kept.yaml"
expect 2 'is no NetCDF file' export "$work/winter.db" --netcdf "$work/kept.yaml"
finish
