#!/bin/sh
# svitlo run --ac-check: the section of the summary, JSON, the table in the file, any number of threads, --resume, words that
# are refused, and before the study runs.
. "$(dirname "$0")/expect.inc"
rts=$source_dir/examples/rts79.yaml
winter=$source_dir/examples/winter.yaml
few="$rts --set network=dc --seasons 30"

# The section of a summary, without its second paragraph; with what follows up to the next section; the summary without it.
section() { sed -n '/^AC check/,/^$/p' "$1"; }
notes() { awk '/^AC check/ {on = 1} on && /^$/ {n++} on && n == 1' "$1" | tr '\n' ' '; }
others() { awk '/^AC check/ {on = 1} on && /^$/ {n++} !on || n >= 2' "$1" | sed 's/ in [0-9.,]* s$//' | cat -s; }

# ---- text ------------------------------------------------------------------------------------
"$program" run $few --ac-check worst:4,random:25 >"$work/text" 2>"$work/err" || bad "no check: $(head -c 600 "$work/err")"
[ ! -s "$work/err" ] || bad "words on stderr although it is no terminal: $(head -c 300 "$work/err")"
for words in '^AC check: the 4 worst hours, and 25 drawn at random from all hours$' \
    '^  At random  *AC confirms [0-9]* of 25 hours; of all hours' '^  Worst  *AC confirms [0-4] of 4 hours\.' \
    '^  Voltages  *as dispatched, lowest 0\.[0-9]* pu, highest 1\.[0-9]* pu' 'of a rate as dispatched' '^  Losses  *[0-9.]* % of the load served'; do
    grep -q -e "$words" "$work/text" || bad "the summary has no '$words': $(sed -n '/AC check/,$p' "$work/text")"
done
LC_ALL=C.UTF-8 grep -E '^.{81}' "$work/text" && bad "lines over 80 columns"
grep -q -i 'nan\|inf ' "$work/text" && bad "numbers that are none: $(grep -i 'nan\|inf ' "$work/text")"
"$program" run $few >"$work/plain" 2>"$work/err"
grep -q 'AC check' "$work/plain" && bad "a check that nobody asked for"
# The rest of the summary is that of a run without it.
others "$work/text" >"$work/a"
others "$work/plain" >"$work/b"
cmp "$work/a" "$work/b" || bad "the check changed the summary"

# ---- JSON, threads ---------------------------------------------------------------------------
for threads in 1 2; do
    "$program" run $few --ac-check worst:4,random:25 --threads $threads --json >"$work/json$threads" 2>"$work/err" ||
        bad "no JSON: $(head -c 600 "$work/err")"
    grep -v '^  "\(seconds\|peak_memory_mb\)":' "$work/json$threads" >"$work/same$threads"
done
cmp "$work/same1" "$work/same2" || bad "the check differs between threads"
python3 - "$work/json1" <<'PYTHON' || bad "the JSON is not what it should be"
import json, math, sys

root = json.load(open(sys.argv[1]))
check = root["ac_check"]
hours = check["hours"]
verdicts = ["confirmed", "redispatched", "shed", "broken"]
assert check["worst"]["hours"] == 4 and check["random"]["hours"] == 25 and len(hours) == 29
assert [h["kind"] for h in hours] == ["worst"] * 4 + ["random"] * 25
for kind in ("worst", "random"):
    of = [h for h in hours if h["kind"] == kind]
    for verdict in verdicts:
        assert check[kind][verdict] == sum(h["verdict"] == verdict for h in of), (kind, verdict)
    shed = [h for h in of if h["verdict"] == "shed"]
    if shed:
        assert math.isclose(check[kind]["more_shed_mw_mean"], sum(h["more_shed_mw"] for h in shed) / len(shed))
        assert math.isclose(check[kind]["more_shed_mw_max"], max(h["more_shed_mw"] for h in shed))
        assert math.isclose(
            check[kind]["more_shed_share_of_served"],
            sum(h["more_shed_mw"] for h in shed) / sum(h["served_mw"] for h in shed))
    else:
        assert check[kind]["more_shed_mw_mean"] is None
# Wilson's interval, the long way: where |k / n - p| is z errors of p.
k, n, z = check["random"]["confirmed"], 25, 1.959963984540054
assert check["random"]["confirmed_share"] == k / n
low, high = check["random"]["confirmed_share_low95"], check["random"]["confirmed_share_high95"]
for p, at_end in ((low, k == 0), (high, k == n)):
    assert at_end or math.isclose(abs(k / n - p), z * math.sqrt(p * (1 - p) / n), rel_tol=1e-9)
assert 0 <= low <= k / n <= high <= 1
# The worst: worst first, no two of one week; the sample in order; all within the study.
worst, sample = hours[:4], [(h["season"], h["hour"]) for h in hours[4:]]
assert all(a["shed_mw"] >= b["shed_mw"] > 0 for a, b in zip(worst, worst[1:]))
assert len({(h["season"], h["hour"] // 168) for h in worst}) == 4
assert sample == sorted(sample) and len(set(sample)) > 15
assert all(0 <= h["season"] < 30 and 0 <= h["hour"] < 8736 and h["served_mw"] > 500 for h in hours)
assert all(h["before"]["loss_mw"] > 0 and 0.8 < h["before"]["low_pu"] < 1.1 for h in hours)
assert all(abs(sum(h["more_shed_class_mw"].values()) - h["more_shed_mw"]) < 1e-6 for h in hours)
assert root["worst_mw"]["max"] > worst[0]["shed_mw"] - 1e-3
PYTHON

# ---- words -----------------------------------------------------------------------------------
"$program" run $few --ac-check worst:3 --json >"$work/json" 2>"$work/err"
grep -q '"hours": 3' "$work/json" || bad "worst:3 draws no 3 at random"
"$program" run $few --ac-check random:7 >"$work/text" 2>"$work/err"
grep -q '^AC check: 7 hours drawn at random from all hours$' "$work/text" || bad "random:7 alone: $(grep '^AC' "$work/text")"
grep -q '^  Worst' "$work/text" && bad "random:7 alone tells of worst hours"
"$program" run $few --ac-check random:7,worst:2 >"$work/text" 2>"$work/err"
grep -q '^AC check: the 2 worst hours, and 7 drawn' "$work/text" || bad "the other order: $(grep '^AC' "$work/text")"
for words in worst worst: worst:0 worst:1001 worst:-3 worst:3x worst:3, ,worst:3 random:0 worst:3,worst:4 best:3 20 \
    worst:3,random:4,random:5 "worst: 3" worst:99999999999 ""; do
    expect 2 "ac-check is '.*'; accepted: worst:N, random:M, or worst:N,random:M, with whole numbers 1 to 1000" run $few \
        --ac-check "$words"
done
expect 2 '--ac-check came twice; accepted: one' run $few --ac-check worst:2 --ac-check random:2
expect 2 "rts79.yaml: --ac-check needs the flows of the network, and network is none; accepted: network: dc" run "$rts" \
    --seasons 4000000000 --ac-check worst:3 --out "$work/none.db"
[ ! -e "$work/none.db" ] && [ ! -e "$work/none.db.part" ] || bad "a refusal left a file"
expect 2 'ac-check' compare "$winter" "$source_dir/examples/levers/cover.yaml" --seasons 1 --ac-check worst:3

# Nothing is ever shed: there is no worst hour.
"$program" run $few --set outages=off --ac-check worst:3 >"$work/text" 2>"$work/err" || bad "no check of bright seasons"
grep -q '^AC check: 3 hours drawn at random from all hours$' "$work/text" || bad "bright seasons: $(grep '^AC' "$work/text")"
notes "$work/text" | grep -q 'Nobody is off in any week' || bad "bright seasons have worst hours: $(notes "$work/text")"

# People before megawatts, where people are known; no place is named.
"$program" run "$winter" --seasons 2 --ac-check worst:3 >"$work/text" 2>"$work/err" || bad "no check of the winter"
section "$work/text" >"$work/section"
grep -q 'people' "$work/section" || bad "no people in: $(cat "$work/section")"
cut -d, -f1,2 "$source_dir/examples/country-300/site.csv" | tail -n +2 | tr , '\n' | grep -v '^$' >"$work/names"
grep -q -w -F -f "$work/names" "$work/section" && bad "a site is named: $(cat "$work/section")"

# ---- the file ---------------------------------------------------------------------------------
command -v sqlite3 >/dev/null || { finish; exit 0; }
dump() {
    sqlite3 "$1" "UPDATE run SET started_utc = '', finished_utc = '', seconds = 0, n_thread = 0" && sqlite3 "$1" .dump
}
"$program" run $few --ac-check worst:4,random:25 --out "$work/whole.db" >"$work/whole.out" 2>"$work/err" ||
    bad "no file: $(head -c 600 "$work/err")"
[ "$(sqlite3 "$work/whole.db" "SELECT count(*), sum(kind = 'worst'), sum(more_shed_mw > 0) > 0 FROM ac_check")" = "29|4|1" ] ||
    bad "the table of checked hours: $(sqlite3 "$work/whole.db" 'SELECT * FROM ac_check')"
dump "$work/whole.db" >"$work/a"
# Begun with fewer seasons and no check, gone on with to the same.
"$program" run $rts --set network=dc --seasons 12 --out "$work/part.db" >"$work/out" 2>"$work/err"
[ "$(sqlite3 "$work/part.db" 'SELECT count(*) FROM ac_check')" = 0 ] || bad "checked hours that nobody asked for"
"$program" run $few --ac-check worst:4,random:25 --out "$work/part.db" --resume >"$work/part.out" 2>"$work/err" ||
    bad "no resume: $(head -c 600 "$work/err")"
dump "$work/part.db" >"$work/b"
cmp "$work/a" "$work/b" || bad "a study that went on has other checked hours"
section "$work/whole.out" >"$work/a"
section "$work/part.out" >"$work/b"
[ -s "$work/a" ] && cmp "$work/a" "$work/b" || bad "a study that went on tells another check"
# A finished one: only the check is left to do, and another one takes its place.
"$program" run $few --ac-check random:6 --out "$work/whole.db" --resume >"$work/out" 2>"$work/err" ||
    bad "a finished study is not checked: $(head -c 600 "$work/err")"
[ "$(sqlite3 "$work/whole.db" "SELECT count(*), sum(kind = 'worst') FROM ac_check")" = "6|0" ] ||
    bad "the check of a finished study is not in its file"
"$program" export "$work/whole.db" --csv "$work/csv" >"$work/out" 2>"$work/err" || bad "no CSV: $(cat "$work/err")"
[ "$(wc -l <"$work/csv/ac_check.csv")" = 7 ] || bad "CSV has no checked hours"
expect 0 '' report "$work/whole.db" --out "$work/report.html"
finish
