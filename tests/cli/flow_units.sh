#!/bin/sh
# svitlo flow: units and their limits, DC lines, load without a source, --scale, oddities, files and terminals.
. "$(dirname "$0")/expect.inc"
. "$(dirname "$0")/case.inc"
cd "$work" || exit 1

# json EXPRESSION: of the last run's object d
json() {
    python3 -c "
import json
d = json.load(open('out'))
w = {w['key']: w for w in d.get('warnings', [])}
assert $1" || bad "JSON: $1 in $(cat out)"
}

# ---- outputs of units: bus 2 holds 1 pu beyond 20 Mvar, the slack gives more than its 500 MW
make units "$(bus 1 3 0 0; bus 2 2 700 60)" "$(gen 1 50 300 -300; gen 2 50 20 -20)" "$(branch 1 2 0.001 0.01)"
expect 0 'units.gens.csv' flow units.m --out units.csv
has '1  *units, or those of a slack bus together, beyond PMAX or PMIN'
has '1 at bus 1: 65[0-9.]* MW, PMAX 500.0 MW'
[ "$(head -n 1 units.gens.csv)" = "row,gen_id,bus_id,p_mw,q_mvar,q_limit" ] || bad "head: $(cat units.gens.csv)"
awk -F, 'NR == 2 && ($2 != 1 || $3 != 1 || $4 < 650 || $4 > 660 || $6 != "") { print }
    NR == 3 && ($2 != 2 || $3 != 2 || $4 != 50 || $5 < 60 || $6 != "above max") { print } END { if (NR != 3) print NR }' units.gens.csv >odd
[ ! -s odd ] || bad "units.gens.csv: $(cat odd)"
expect 0 '' flow units.m --q-limits --out units.csv
grep -q '^2,2,2,50,20,max$' units.gens.csv || bad "a unit at its limit: $(cat units.gens.csv)"
expect 0 '' flow units.m --json
json '[g["q_limit"] for g in d["generators"]] == [None, "above max"] and d["generators"][0]["p_mw"] > 650'
json 'w["beyond_p_limits"]["count"] == 1'
expect 0 '' flow units.m --dc --out units.csv
has '1 at bus 1: 650.0 MW, PMAX 500.0 MW'
[ "$(sed 1d units.gens.csv | tr '\n' ' ')" = "1,1,1,650,, 2,2,2,50,, " ] || bad "DC outputs: $(cat units.gens.csv)"
echo notes >units.gens.csv
expect 2 'units.gens.csv: is there and is no file of svitlo flow' flow units.m --out units.csv
# Units of one slack bus are seen together.
make shared "$(bus 1 3 0 0; bus 2 1 700 0)" "$(gen 1 0 300 -300; gen 1 50 300 -300)" "$(branch 1 2 0.001 0.01)"
expect 0 '' flow shared.m
! grep -q 'PMAX' out || bad "700 MW of 1000 are too much: $(cat out)"
expect 0 '' flow shared.m --scale 2
has '2 units at bus 1: 1[0-9.]* MW, PMAX 1000.0 MW'
# A unit that holds no voltage.
make fixed "$(bus 1 3 0 0; bus 2 1 70 0)" "$(gen 1 70 300 -300; gen 2 -5 2 -2)" "$(branch 1 2 0.001 0.01)"
sed 's/^2 -5 0 /2 -5 9 /' fixed.m >fixed9.m
expect 0 '' flow fixed9.m
has 'units that hold no voltage, scheduled beyond QMAX or QMIN'
has '2 at bus 2: 9.0 Mvar of -2 to 2'
has '2 at bus 2: -5.0 MW, PMIN 0.0 MW'

# ---- what holds reactive limits: not the slack bus
make slackq "$(bus 1 3 0 0; bus 2 1 100 60)" "$(gen 1 100 20 -20)" "$(branch 1 2 0.001 0.01)"
expect 0 '' flow slackq.m
has 'beyond the limits of its units (a slack bus, which'
expect 0 '' flow slackq.m --q-limits
has 'beyond the limits of its units (a slack bus is not'
make bothq "$(bus 1 3 0 0; bus 2 2 100 60; bus 3 1 10 60)" "$(gen 1 100 20 -20; gen 2 10 20 -20)" \
    "$(branch 1 2 0.001 0.01; branch 1 3 0.001 0.01)"
expect 0 '' flow bothq.m
has '2 buses beyond the limits of their units (--q-limits holds all$'

# ---- DC lines: losses, and islands without a source at the other end
make dcline "$(bus 1 3 0 0; bus 2 1 50 0; bus 3 1 30 0)" "$(gen 1 50 300 -300)" "$(branch 1 2 0.01 0.1)"
dc() {
    sed 's/];$/];/' dcline.m
    printf 'mpc.dcline = [\n%s %s 1 %s %s 0 0 1 1 -100 100 -10 10 -10 10 %s %s];\n' "$@"
}
dc 1 2 20 18 1 0.05 >dcboth.m
expect 0 '' flow dcboth.m
has 'Losses .* 2.0 MW in DC lines'
expect 0 '' flow dcboth.m --dc
has 'Losses  *none in the DC model; 2.0 MW in DC lines'
expect 0 '' flow dcboth.m --json
json 'abs(d["dc_line_loss_mw"] - 2) < 1e-9 and d["dc_lines_alone_mw"] == 0'
json 'abs(d["generation_mw"] - 50 - d["loss_mw"] - 2) < 1e-6'
dc 1 3 20 18 1 0.05 >dcdark.m
for how in --ac --dc; do
    expect 0 '' flow dcdark.m $how
    has 'DC lines that take power to an island without a source'
    has 'to bus 3: 20.0 MW'
    has 'Generation  *7[0-9.]* MW for 50.0 MW of load; DC lines take 20.0 MW to islands'
done
expect 0 '' flow dcdark.m --json
json 'd["dc_lines_alone_mw"] == -20 and d["dark_mw"] == 30 and d["dark_people"] is None'
dc 3 1 20 18 1 0.05 >dcfeeds.m
for how in --ac --dc; do
    expect 0 '' flow dcfeeds.m $how
    has 'DC lines that bring power from an island without a source'
    has 'from bus 3: 18.0 MW'
done

# ---- load without a source stands at the head, people first
expect 0 '' flow dcline.m
has '^dcline: AC power flow converged in [0-9]* iterations; 30.0 MW of load without a$'
expect 0 '' flow dcline.m --dc
has '^dcline: DC power flow solved; 30.0 MW of load without a source$'
echo 2 >bus2
expect 0 '' flow dcline.m --dc --out-buses bus2
has '; 80.0 MW of load without'
sed -n '2s/^[^,]*,\([^,]*\),.*/\1/p' "$source_dir/examples/country-300/load.csv" >loaded
expect 0 '' flow "$source_dir/examples/country-300" --dc --out-buses loaded
has '^Kaeladria: DC power flow solved; [0-9,]* people and [0-9.]* MW without a source$'
expect 0 '' flow "$source_dir/examples/country-300" --dc --out-buses loaded --json
json 'd["dark_people"] > 1000 and d["dark_mw"] > 1'

# ---- --scale: loads and outputs
expect 0 '' flow shared.m --dc --scale 0.5
has 'Slack  *bus 1 gives 350.0 MW; 325.0 MW more than scheduled'
has 'Generation  *350.0 MW for 350.0 MW of load$'
make reactive "$(bus 1 3 0 0; bus 2 1 100 40)" "$(gen 1 100 300 -300)" "$(branch 1 2 0.001 0.01)"
make half "$(bus 1 3 0 0; bus 2 1 50 20)" "$(gen 1 50 300 -300)" "$(branch 1 2 0.001 0.01)"
expect 0 '' flow reactive.m --scale 0.5 --out scaled.csv
expect 0 '' flow half.m --out half.csv
cmp -s scaled.csv half.csv && cmp -s scaled.gens.csv half.gens.csv || bad "--scale 0.5 is not half of it"
expect 0 '' flow reactive.m --scale 0.5 --json
json 'd["scale"] == 0.5 and d["load_mw"] == 50'
for word in -1 nan 1e7 many ""; do
    expect 2 "scale is '.*'; accepted: a number, 0 to 1e+06" flow reactive.m --scale "$word"
done

# ---- oddities
make scheduled "$(bus 1 3 0 0; bus 2 2 50 0)" "$(gen 1 0 300 -300; gen 2 50 300 -300)" "$(branch 1 2 0.01 0.1)"
echo 2 >row2
expect 0 '' flow scheduled.m --out-gens row2
! grep -q 'without a schedule' out || bad "a list of outages made a table without a schedule: $(cat out)"
sed 's/^2 1 \(.*\) 1.1 0.9;/2 1 \1 0.9 1.1;/' reactive.m >crossed.m
expect 0 '' flow crossed.m
has '1  *buses whose VMIN is above VMAX'
has 'bus 2: 1.1 to 0.9 pu'

# ---- lists of outages by id, where the grid has ids of its own
if [ -d "$3/rts-gmlc/SourceData" ]; then
    printf 'branch\nA1\n2\n' >ids
    printf '1\n2\n' >rows
    expect 0 '' flow "$3/rts-gmlc/SourceData" --dc --out-branches ids --out by_id.csv
    expect 0 '' flow "$3/rts-gmlc/SourceData" --dc --out-branches rows --out by_row.csv
    cmp -s by_id.csv by_row.csv && cmp -s by_id.branches.csv by_row.branches.csv || bad "A1 is not row 1"
    echo Z9 >ids
    expect 1 "ids:1: 'Z9' is no row and no id of the branch table; accepted: 1 to 120, or an id as 'A1'" flow "$3/rts-gmlc/SourceData" --dc --out-branches ids
fi

# ---- what a RAW file has and the grid has no place for
cat >left.raw <<'RAW'
0,100.0,33,0,0,50.0
left

1,'SLACK',230,3
2,'TOWN',230,1
0
2,'1',1,1,1,50,10
0
0
1,'1',50,0
0
1,2,'1',0.01,0.1,0.02
0
0
0
0
0
0
0
0
0
0
0
'STATCOM',1,0,1
'OTHER',1,0,1
'OFF',1,0,0
0
0
0
0
Q
RAW
for how in --ac --dc; do
    expect 0 '' flow left.raw $how
    has '^  2  *FACTS devices, left out: what they do to voltages and flows is'
    has 'line 24 of the file'
done
expect 0 '' info left.raw
grep -q 'FACTS devices, left out' out || bad "info: $(cat out)"
expect 0 '' balance left.raw --json
json '"FACTS devices, left out" in w["facts"]["text"] and w["facts"]["count"] == 2'

printf 'grid: left.raw\nseason: {from: 2026-11-01, to: 2026-11-02}\n' >left.yaml
expect 0 'svitlo: warning: [^ ]*left.raw:24: 2 FACTS devices, left out: what they do' run left.yaml --seasons 1

# ---- a terminal is told once, a program twice
make nose "$(bus 1 3 0 0; bus 2 1 600 0)" "$(gen 1 600 900 -900)" "$(branch 1 2 0 0.1)"
python3 - "$program" <<'PYTHON' || bad "what a terminal shows"
import os, pty, sys
def shown(*words):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.argv[1], [sys.argv[1], "flow", "nose.m", *words])
    text = b""
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        text += more
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), b" ".join(text.split()).decode()
code, text = shown()
assert code == 1 and text.count("has not converged after") == 1, text
code, text = shown("--json")
assert code == 1 and text.count("has not converged after") == 1, text
PYTHON

# ---- Ctrl-C leaves no unfinished file: one end of a pipe holds the program up within a write
python3 - "$program" "$source_dir/examples/country-300" <<'PYTHON' || bad "unfinished files after a signal"
import glob, os, signal, subprocess, sys, time
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    for wait in (0.0, 0.005, 0.01, 0.02, 0.04):
        one = subprocess.Popen([sys.argv[1], "flow", sys.argv[2], "--out", "stopped.csv"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))
        deadline = time.monotonic() + wait + 2.0
        while one.poll() is None and not glob.glob("stopped*.part-*") and time.monotonic() < deadline:
            pass
        one.send_signal(number)
        one.wait()
        left = glob.glob("stopped*.part-*")
        assert not left, (number, left)
PYTHON
finish
