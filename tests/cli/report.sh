#!/bin/sh
# svitlo report: one page of one or several files, the same bytes each time, the data whole and safe inside; what cannot be
# read or written is one sentence and leaves nothing behind.
. "$(dirname "$0")/expect.inc"
rbts=$source_dir/examples/rbts.yaml
winter=$source_dir/examples/winter.yaml
db=$work/rbts.db
"$program" run "$rbts" --seasons 40 --set name='A </script><b> & "year"' --out "$db" >"$work/out" 2>&1 ||
    bad "no results: $(cat "$work/out")"
printf 'base: %s\nname: A tenth less\ndemand: {scale: 0.9}\n' "$rbts" >"$work/tenth.yaml"
"$program" compare "$rbts" "$work/tenth.yaml" --vary 'demand.scale=1.1..1.2/0.1' --seasons 40 --out "$work/levers.db" \
    >"$work/out" 2>&1 || bad "no levers: $(cat "$work/out")"
"$program" run "$winter" --seasons 2 --out "$work/winter.db" >"$work/out" 2>&1 || bad "no results: $(cat "$work/out")"

# data PAGE EXPRESSION: take the JSON out of the page as a reader of HTML would; the Python expression over d must hold.
data() {
    python3 - "$1" "$2" <<'PY' || bad "$1: $2"
import json, sys
from html.parser import HTMLParser
class Finder(HTMLParser):
    inside, text, n = False, "", 0
    def handle_starttag(self, tag, attributes):
        if tag == "script" and dict(attributes).get("id") == "svitlo-data":
            self.inside, self.n = True, self.n + 1
    def handle_endtag(self, tag):
        self.inside = False
    def handle_data(self, data):
        self.text += data if self.inside else ""
def refuse(word):
    raise ValueError(word)
finder = Finder()
page = open(sys.argv[1], encoding="utf-8").read()
finder.feed(page)
assert finder.n == 1, "not one place for data"
d = json.loads(finder.text, parse_constant=refuse)
sys.exit(0 if eval(sys.argv[2]) else 1)
PY
}

expect 0 "^Report: $work/a.html\$" report "$db" --out "$work/a.html"
[ ! -s "$work/out" ] || bad "words on stdout"
data "$work/a.html" 'len(d["runs"]) == 1 and d["version"] == d["runs"][0]["version"]'
data "$work/a.html" 'd["runs"][0]["scenario"] == "A </script><b> & \"year\""'
data "$work/a.html" 'd["runs"][0]["seasons"] == 40 and d["runs"][0]["file"] == "rbts.db"'
data "$work/a.html" 'set("file version scenario scenario_file noun grid seed first_hour hours seasons seasons_failed stopped converged seconds settings units country classes regions sites lines shed_mw people_off course causes unexplained_mwh events event_lengths levers".split()) == set(d["runs"][0])'
data "$work/a.html" 'len(d["runs"][0]["country"]) == 19 and set(d["runs"][0]["classes"]) == {"critical", "household", "industry"}'
data "$work/a.html" 'len(d["runs"][0]["shed_mw"]["mean"]) == d["runs"][0]["hours"] == len(d["runs"][0]["course"]["people"])'
data "$work/a.html" 'all(0 <= l["from"] < len(d["runs"][0]["sites"]) and 0 <= l["to"] < len(d["runs"][0]["sites"]) for l in d["runs"][0]["lines"])'
data "$work/a.html" 'd["runs"][0]["event_lengths"][-1]["to_h"] is None and d["runs"][0]["noun"] == "year"'
data "$work/a.html" 'abs(sum(c["mwh"] for c in d["runs"][0]["causes"]) + d["runs"][0]["unexplained_mwh"] - d["runs"][0]["country"]["eens_mwh"]["mean"]) < 1e-4 * d["runs"][0]["country"]["eens_mwh"]["mean"]'
[ "$(grep -o '</script' "$work/a.html" | wc -l)" = "$(grep -o '</script' "$source_dir/ui/dist/report.html" | wc -l)" ] ||
    bad "the data end a script element"

expect 0 "" report "$db" --out "$work/b.html"
cmp "$work/a.html" "$work/b.html" || bad "not the same bytes twice"
expect 0 "^\$" report "$db" --out -
cmp "$work/a.html" "$work/out" || bad "other bytes on stdout"
(cd "$work" && "$program" report rbts.db 2>"$work/err") || bad "no default: $(cat "$work/err")"
cmp "$work/a.html" "$work/report.html" || bad "the default is not report.html"

# Several files side by side, in their order; a winter; without sites for all the world.
expect 0 "" report "$work/winter.db" "$db" --out "$work/two.html"
data "$work/two.html" '[r["file"] for r in d["runs"]] == ["winter.db", "rbts.db"] and d["runs"][0]["noun"] == "winter"'
data "$work/two.html" 'len(d["runs"][0]["sites"]) > 100 and len(d["runs"][0]["lines"]) > 100 and len(d["runs"][0]["regions"]) == 24'
site=$(python3 -c 'import csv, sys; print(next(csv.DictReader(open(sys.argv[1])))["Site ID"])' \
    "$source_dir/examples/country-300/site.csv" 2>/dev/null || sed -n 2p "$source_dir/examples/country-300/site.csv" | cut -d, -f1)
grep -q "\"$site\"" "$work/two.html" || bad "site $site is not in the report"
expect 0 "" report --public "$work/winter.db" --out "$work/public.html"
data "$work/public.html" 'd["runs"][0]["sites"] == [] and d["runs"][0]["lines"] == [] and len(d["runs"][0]["regions"]) == 24'
data "$work/public.html" 'all(r["x_km"] is None and r["y_km"] is None for r in d["runs"][0]["regions"])'
python3 - "$work" "$source_dir/examples/country-300/site.csv" <<'END' || bad "--public names sites, or causes name places"
import csv, json, re, sqlite3, sys
page = open(f"{sys.argv[1]}/public.html", encoding="utf-8").read()
ids = [row["Site ID"] for row in csv.DictReader(open(sys.argv[2]))]
data = json.loads(re.search(r'id="svitlo-data">(.*?)</script>', page, re.S).group(1))
assert len(ids) > 100 and not [site for site in ids if re.search(rf"\b{site}\b", json.dumps(data["runs"][0]))]
db = sqlite3.connect(f"{sys.argv[1]}/winter.db")
rows = db.execute("SELECT i_region, class, cause, mwh, n_place FROM cause WHERE i_region IS NOT NULL").fetchall()
few = {(r, c) for r, c, _, _, n in rows if n < 3}
causes = data["runs"][0]["causes"]
assert few and not few & {(c["region"], c["class"]) for c in causes}, "a group of fewer than three places stands alone"
alone = [(c["class"], c["cause"]) for c in causes if c["region"] == -1]
assert len(alone) == len(set(alone)) and causes[-len(alone):] == [c for c in causes if c["region"] == -1]
assert abs(sum(c["mwh"] for c in causes) - sum(row[3] for row in rows)) < 1e-3 * sum(row[3] for row in rows)
END

# Levers: what they change, what they are worth.
expect 0 "" report "$work/levers.db" --out "$work/levers.html"
data "$work/levers.html" '[l["name"] for l in d["runs"][0]["levers"]][0] == "A tenth less" and len(d["runs"][0]["levers"]) == 3'
data "$work/levers.html" 'd["runs"][0]["levers"][0]["changed"] == [{"key": "demand.scale", "base": "1", "value": "0.9"}]'
data "$work/levers.html" 'd["runs"][0]["levers"][0]["path"].endswith("/tenth.yaml") and d["runs"][0]["levers"][0]["sweep"] is None'
data "$work/levers.html" '[l["sweep"]["x"] for l in d["runs"][0]["levers"][1:]] == [1.1, 1.2]'
data "$work/levers.html" 'all(set(l["metrics"]) == set(d["runs"][0]["country"]) and len(l["regions"]) == len(d["runs"][0]["regions"]) for l in d["runs"][0]["levers"])'
data "$work/levers.html" '[l["metrics"]["eens_mwh"]["difference"]["mean"] < 0 for l in d["runs"][0]["levers"]] == [True, False, False]'

# Misuse.
expect 2 "of which results" report
expect 2 "where to" report "$db" --out ""
expect 1 "none.db: cannot be read: No such file" report "$work/none.db" --out "$work/c.html"
expect 1 "is no plain file" report "$work" --out "$work/c.html"
expect 1 "winter.yaml: is no results file" report "$winter" --out "$work/c.html"
expect 1 "none.db: cannot be read" report "$db" "$work/none.db" --out "$work/c.html"
: >"$work/empty.db"
expect 1 "empty.db: is empty" report "$work/empty.db" --out "$work/c.html"
head -c 60000 "$db" >"$work/short.db"
expect 1 "short.db: is damaged" report "$work/short.db" --out "$work/c.html"
if command -v sqlite3 >/dev/null; then
    cp "$db" "$work/old.db"
    sqlite3 "$work/old.db" "PRAGMA user_version = 1"
    expect 1 "old.db: is of schema version 1, written by svitlo [0-9.]*; accepted: version 3" report "$work/old.db" \
        --out "$work/c.html"
    cp "$db" "$work/begun.db.part"
    sqlite3 "$work/begun.db.part" "UPDATE run SET complete = 0"
    expect 1 "begun.db.part: is unfinished" report "$work/begun.db.part" --out "$work/c.html"
fi
[ ! -e "$work/c.html" ] && [ ! -e "$work/c.html.part" ] || bad "something half-written is left"
expect 1 "no/such/c.html: cannot be written: No such file" report "$db" --out "$work/no/such/c.html"
mkdir "$work/folder.html"
expect 1 "folder.html: is a folder" report "$db" --out "$work/folder.html"
echo precious >"$work/kept.html"
expect 1 "none.db" report "$work/none.db" --out "$work/kept.html"
[ "$(cat "$work/kept.html")" = precious ] || bad "a failed report touched the file that was there"
if [ -c /dev/full ]; then
    "$program" report "$db" --out - >/dev/full 2>"$work/err"
    got=$?
    [ "$got" = 1 ] && [ "$(wc -l <"$work/err")" = 1 ] || bad "stdout on a full disk: exit code $got: $(cat "$work/err")"
    expect 1 "/dev/full: is no plain file" report "$db" --out /dev/full
fi
(
    ulimit -f 40 # blocks of 512 bytes
    expect 1 "full.html: cannot be written: " report "$db" --out "$work/full.html"
    [ "$n_bad" = 0 ]
) || n_bad=1
[ ! -e "$work/full.html" ] && [ ! -e "$work/full.html.part" ] || bad "half a page is left"
# Nothing but a page is replaced.
cp "$work/winter.db" "$work/kept.db"
expect 2 'is no page' report "$work/winter.db" --out "$work/kept.db"
cmp "$work/winter.db" "$work/kept.db" || bad "a report replaced results"
finish
