#!/bin/sh
# svitlo flow: odd and bad cases, each as a MATPOWER case and as a PSS/E RAW file, in AC and in DC: one sentence that names the
# element, or a warning and a result.
. "$(dirname "$0")/expect.inc"
. "$(dirname "$0")/case.inc"
cd "$work" || exit 1

# raw NAME BUSES LOADS GENS BRANCHES: records with line ends
raw() {
    {
        printf '0,100.0,33,0,0,50.0\n%s\n\n' "$1"
        printf '%s0\n' "$2" "$3" "" "$4" "$5"
        for _ in 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do echo 0; done
        echo Q
    } >"$1.raw"
}
# both NAME WORDS FLAG...: a result with this warning, from both formats; "-" = no warning
both() {
    name=$1
    words=$2
    shift 2
    for file in "$name.m" "$name.raw"; do
        expect 0 '' flow "$file" "$@"
        if [ "$words" = - ]; then
            ! grep -q '^Warnings' out || bad "$file $*: a warning: $(cat out)"
        else
            has "$words"
        fi
    done
}

slack="1,'SLACK',110,3"
town="2,'TOWN',110,1"
load="2,'1',1,1,1,50,20"
unit="1,'1',50,0,300,-300"
line="1,2,'1',0.01,0.1,0.02"
newline='
'
m_bus="$(bus 1 3 0 0; bus 2 1 50 20)"
m_gen="$(gen 1 50 300 -300)"
m_branch="$(branch 1 2 0.01 0.1)"

make plain "$m_bus" "$m_gen" "$m_branch"
raw plain "$slack$newline$town$newline" "$load$newline" "$unit$newline" "$line$newline"
both plain - --ac
both plain - --dc

make noslack "$(bus 1 2 0 0; bus 2 1 50 20)" "$m_gen" "$m_branch"
raw noslack "1,'S',110,2$newline$town$newline" "$load$newline" "$unit$newline" "$line$newline"
both noslack 'no reference bus (type 3)' --ac
both noslack 'no reference bus (type 3)' --dc

make twoslacks "$(bus 1 3 0 0; bus 2 3 50 20)" "$(gen 1 50 300 -300; gen 2 50 300 -300)" "$m_branch"
raw twoslacks "$slack${newline}2,'T',110,3$newline" "$load$newline" "$unit${newline}2,'1',50,0,300,-300$newline" "$line$newline"
both twoslacks 'several reference buses: each keeps its angle' --ac
both twoslacks 'several reference buses: the first is taken' --dc

make alone "$(bus 1 3 0 0; bus 2 1 50 20; bus 3 1 5 2)" "$m_gen" "$m_branch"
raw alone "$slack$newline$town${newline}3,'X',110,1$newline" "$load${newline}3,'1',1,1,1,5,2$newline" "$unit$newline" "$line$newline"
both alone 'bus 3: 5.0 MW of load' --ac
both alone 'bus 3: 5.0 MW of load' --dc
both alone '; 5.0 MW of load without a source\|; 5.0 MW of load without a$' --ac

make isolated "$(bus 1 3 0 0; bus 2 1 50 20; bus 3 4 5 2)" "$m_gen" "$m_branch"
raw isolated "$slack$newline$town${newline}3,'X',110,4$newline" "$load${newline}3,'1',1,1,1,5,2$newline" "$unit$newline" "$line$newline"
both isolated '1  *buses of type 4 in the tables: off' --ac
both isolated '^  *bus 3$' --dc

make zerox "$m_bus" "$m_gen" "$(branch 1 2 0.01 0)"
raw zerox "$slack$newline$town$newline" "$load$newline" "$unit$newline" "1,2,'1',0.01,0,0.02$newline"
both zerox - --ac
both zerox '1  *branches with reactance 0: the DC model takes them as ties' --dc

make lessr "$m_bus" "$m_gen" "$(branch 1 2 -0.01 0.1)"
raw lessr "$slack$newline$town$newline" "$load$newline" "$unit$newline" "1,2,'1',-0.01,0.1,0.02$newline"
both lessr '1  *branches with negative resistance' --ac
both lessr - --dc

make deadgen "$(bus 1 3 0 0; bus 2 1 50 20; bus 3 4 0 0)" "$(gen 1 50 300 -300; gen 3 5 3 -3)" "$m_branch"
raw deadgen "$slack$newline$town${newline}3,'X',110,4$newline" "$load$newline" "$unit${newline}3,'1',5,0,3,-3$newline" "$line$newline"
both deadgen '1  *units in service at buses that are off' --ac
both deadgen ' at bus 3: 5.0 MW' --dc

make crossed "$(bus 1 3 0 0; bus 2 2 50 20)" "$(gen 1 50 300 -300; gen 2 10 -20 20)" "$m_branch"
raw crossed "$slack${newline}2,'T',110,2$newline" "$load$newline" "$unit${newline}2,'1',10,0,-20,20$newline" "$line$newline"
both crossed ' at bus 2: 20 to -20 Mvar' --ac
both crossed ' at bus 2: 20 to -20 Mvar' --q-limits
both crossed - --dc

make nokv "$(bus 1 3 0 0 0; bus 2 1 50 20 0)" "$m_gen" "$m_branch"
raw nokv "1,'S',0,3${newline}2,'T',0,1$newline" "$load$newline" "$unit$newline" "$line$newline"
both nokv '2  *buses with base voltage 0 kV' --ac
both nokv '2  *buses with base voltage 0 kV' --dc

# ---- files that are not whole
for how in --ac --dc; do
    sed '1s/,33,/,30,/' plain.raw >version.raw
    expect 1 'version.raw:1: the version of this PSS/E RAW file is 30; accepted: 33, 34, 35$' flow version.raw $how
    sed "s/^1,2,'1',0.01.*/1,2,'1',0.01/" plain.raw >line.raw
    expect 1 'line.raw:12: branch 1-2-1: X is not given; accepted: a reactance' flow line.raw $how
    head -n 12 plain.raw >lines.raw
    expect 1 'lines.raw:12: the file ends within BRANCH DATA, which began at line 11; accepted: ' flow lines.raw $how
    head -c 120 plain.raw >bytes.raw
    expect 1 'bytes.raw:[0-9]*: the file ends within [A-Z]* DATA' flow bytes.raw $how
    head -n 11 plain.m | head -c -4 >cut.m
    expect 1 'cut.m:[0-9]*: mpc.[a-z]*: the table that starts here never ends; accepted: ] at its end' flow cut.m $how
    for base in 1e300 1e-300 0 -100 Inf NaN; do
        sed "s/baseMVA = 100/baseMVA = $base/" plain.m >base.m
        expect 1 'base.m:3: mpc.baseMVA is .*; accepted: 0.001 to 1e+06 MVA' flow base.m $how
    done
    sed '1s/100.0/1e300/' plain.raw >base.raw
    expect 1 'base.raw: base power is 1e+300 MVA; accepted: 0.001 to 1e+06' flow base.raw $how
done
finish
