#!/bin/sh
# svitlo compare: the same bits for any number of threads and as a lever run alone, exact zeros, combinations, sweeps, and a
# sentence for each way to ask wrongly.
. "$(dirname "$0")/expect.inc"
winter=$source_dir/examples/winter.yaml
levers=$source_dir/examples/levers

# What a comparison says, without what may differ.
result() {
    "$program" compare "$@" --json 2>"$work/err" | tee "$work/raw" | grep -v '"\(seconds\|peak_memory_mb\)":'
}

for threads in 1 2 3; do
    result "$winter" "$levers/ceasefire.yaml" "$levers/spares.yaml" "$levers/cover.yaml" --combine ceasefire+cover.yaml \
        --vary "crews.per_region=1..3/1" --seasons 4 --threads $threads >"$work/$threads" ||
        bad "no comparison with $threads threads: $(head -c 600 "$work/err")"
done
cmp "$work/1" "$work/2" && cmp "$work/1" "$work/3" || bad "a comparison differs between threads"

# A lever alone gives the lever's numbers, the base alone the base's.
"$program" run "$winter" --seasons 4 --json >"$work/base"
"$program" run "$levers/cover.yaml" --seasons 4 --json >"$work/cover"
"$program" run "$winter" --set crews.per_region=2 --seasons 4 --json >"$work/two"
python3 - "$work" <<'END' 2>"$work/why" || bad "the JSON of a comparison does not add up: $(tail -n 3 "$work/why")"
import json, math, sys
def read(name):
    return json.load(open(f"{sys.argv[1]}/{name}"))
whole = read("raw")
names = [lever["name"] for lever in whole["levers"]]
assert names == ["Ceasefire from 1 January", "12 more spare autotransformers", "Cover over the rear doubled",
                 "Ceasefire from 1 January + Cover over the rear doubled",
                 "crews.per_region 1", "crews.per_region 2", "crews.per_region 3"], names
for name, ours in ("base", whole["base"]), ("cover", whole["levers"][2]), ("two", whole["levers"][5]):
    alone = read(name)
    for metric in "eens_mwh", "people_hours", "worst_people", "units_repaired", "off_72h_people":
        assert alone[metric]["mean"] == ours[metric]["mean"] and alone[metric]["p95"] == ours[metric]["p95"], (name, metric)
for lever in whole["levers"]:
    for metric in "eens_mwh", "people_hours", "lole_h":
        d = lever[metric]["difference"]
        assert math.isclose(d["mean"], lever[metric]["mean"] - whole["base"][metric]["mean"], rel_tol=1e-9, abs_tol=1e-6)
        assert d["low"] <= d["mean"] <= d["high"] and 0 <= lever["reused_share"] <= lever["same_share"] <= 1
        regions = sum(region[metric]["mean"] for region in lever["regions"])
        assert metric == "lole_h" or math.isclose(regions, d["mean"], rel_tol=1e-9, abs_tol=1e-3), metric
same = whole["levers"][6]  # the base's own value
assert all(same[m]["difference"]["mean"] == 0 and same[m]["difference"]["se"] == 0 for m in ("eens_mwh", "people_hours"))
assert same["same_share"] == 1 and same["verdict"] == "no difference in any winter"
pair = whole["levers"][3]
assert pair["parts"] == [0, 2] and pair["cost_eur"] is None
c = pair["eens_mwh"]["contrast"]["mean"]
a, b, ab = (whole["levers"][k]["eens_mwh"]["difference"]["mean"] for k in (0, 2, 3))
assert math.isclose(c, ab - a - b, rel_tol=1e-9) and "contrast" not in whole["levers"][0]["eens_mwh"]
step = whole["levers"][5]
assert step["sweep"] == {"key": "crews.per_region", "value": "2", "x": 2.0, "unit": ""}, step["sweep"]
assert whole["levers"][1]["cost_eur"] == 72e6
assert whole["levers"][0]["settings"] == {"ceasefire.from": "2027-01-01"}, whole["levers"][0]["settings"]
assert set(whole["base"]) >= {"eens_mwh", "regions", "settings", "seed"}
END

# The table: 80 columns, the verdict in words, the best first.
"$program" compare "$winter" "$levers/spares.yaml" "$levers/ceasefire.yaml" "$levers/imports.yaml" --seasons 20 \
    --combine spares+ceasefire --vary "ceasefire.from=2027-01-01..2027-03-01/30d" >"$work/out" 2>"$work/err"
[ ! -s "$work/err" ] || bad "words on stderr although it is no terminal: $(head -c 300 "$work/err")"
LC_ALL=C.UTF-8 grep -E '^.{81}' "$work/out" && bad "lines over 80 columns"
for words in 'Ceasefire from 1 January  *saves .* ± .* %' 'spares + ceasefire  ' 'sum of its parts' '72.0 M EUR' \
    '2027-01-31  *saves' 'of the hours under a lever are as in the base'; do
    grep -q "$words" "$work/out" || bad "no '$words' in the table: $(cat "$work/out")"
done
awk '/saves|adds|no difference/ && !/^ *20[0-9][0-9]-/ {print $1; exit}' "$work/out" | grep -qx 'Ceasefire\|spares' ||
    bad "the best lever is not first"

# A lever can also be run by itself; nothing is shed, and nothing to compare.
"$program" compare "$winter" "$levers/cover.yaml" --set waves.rate="0 per week" --set outages=off --seasons 3 >"$work/out" ||
    bad "a comparison in peace failed"
grep -q 'no difference in any winter' "$work/out" || bad "peace: no exact zero: $(cat "$work/out")"

# Bad input: one sentence each.
cat >"$work/other.yaml" <<END
grid: $source_dir/examples/country-300
season: {from: 2026-11-01, to: 2026-11-30}
END
printf 'base: %s\nname: A\ncover: {rear: 90 %%}\n' "$winter" >"$work/a.yaml"
printf 'base: %s\nname: B\ncover: {rear: 95 %%}\n' "$winter" >"$work/b.yaml"
printf 'base: other.yaml\nname: C\n' >"$work/c.yaml"
printf 'base: %s\nstudy: {seasons: 3}\n' "$winter" >"$work/d.yaml"
printf 'base: %s\nshelters: {at: {level_2: [S001, nowhere]}}\n' "$winter" >"$work/e.yaml"
expect 2 'compare what' compare
expect 2 'with what' compare "$winter"
expect 2 'c.yaml:1:.*base is .*accepted: a lever of' compare "$winter" "$work/c.yaml"
expect 2 'whole scenario' compare "$winter" "$work/other.yaml"
expect 2 'd.yaml:2:' compare "$winter" "$work/d.yaml"
expect 2 'e.yaml: .*nowhere' compare "$winter" "$work/e.yaml"
expect 2 'b.yaml:3:.*cover.rear is set by .*a.yaml' compare "$winter" "$work/a.yaml" "$work/b.yaml" --combine a+b
expect 2 "'spares' is no lever of this comparison" compare "$winter" "$work/a.yaml" --combine a+spares
expect 2 'two or more' compare "$winter" "$work/a.yaml" --combine a
expect 2 'twice' compare "$winter" "$work/a.yaml" --combine a+a
expect 2 '--vary ceasefire.from' compare "$winter" --vary ceasefire.from=2027-03-01..2026-12-01/7d
expect 2 '--vary' compare "$winter" --vary cover.rear=60..90/10
expect 2 'accepted' compare "$winter" --vary season.from=2027-03-01..2027-12-01/7d
expect 2 'to 100' compare "$winter" --vary demand.scale=1..2/0.0001
expect 1 'cannot be read' compare "$winter" "$work/missing.yaml"
expect 2 'resume of what' compare "$winter" "$work/a.yaml" --resume
finish
