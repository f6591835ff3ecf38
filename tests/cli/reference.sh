#!/bin/sh
# Two published systems with accepted answers: the bundled tables are those of the tool, their exact answer is the
# accepted one, and svitlo run finds it within 3 standard errors below 2 %; with the network, what the network explains.
. "$(dirname "$0")/expect.inc"
examples=$source_dir/examples
reference() {
    python3 "$source_dir/tests/cli/reference.py" "$@" || bad "reference.py $1"
}

# Sanitizers cost a factor of 3 to 8: fewer seasons, held to 3 standard errors but not to 2 %.
full=1 less=1
if grep -q '__asan_init\|__tsan_init' "$program"; then
    full=0 less=20
fi

# run SCENARIO SEASONS OUT.json ARGUMENT...
run() {
    scenario=$1 seasons=$(($2 / less)) json=$3
    shift 3
    "$program" run "$scenario" --seasons "$seasons" --seed 1 --json "$@" >"$json" 2>"$work/err" </dev/null ||
        bad "svitlo run $scenario $*: $(head -c 600 "$work/err")"
}

python3 "$source_dir/tools/make_reference_grids.py" --check || bad "the bundled tables are not those of the tool"
reference exact "$source_dir"

# Copper plate: the accepted indices.
run "$examples/rts79.yaml" 20000 "$work/rts79.json"
run "$examples/rbts.yaml" 100000 "$work/rbts.json"
reference copper "$source_dir" $full "rts79=$work/rts79.json" "rbts=$work/rbts.json"

# The same seasons with limits and outages of lines: never less is shed, and as much more as the weakest place explains.
for name in rts79 rbts; do
    run "$examples/$name.yaml" 1600 "$work/$name.json" --out "$work/$name.none.db"
    run "$examples/$name.yaml" 1600 "$work/$name.json" --out "$work/$name.dc.db" --set network=dc
done
reference dc "$source_dir" "rts79=$work/rts79.none.db=$work/rts79.dc.db" "rbts=$work/rbts.none.db=$work/rbts.dc.db"

# Each unit is out for MTTR / (MTTF + MTTR) of the hours, and capacity equal to the load is no loss.
for name in rts79 rbts; do
    reference probe "$source_dir" $name "$work/probe-$name"
    printf 'grid: probe-%s\nseason: {from: 2027-01-04, hours: 8736 h}\noutages: on\n' $name >"$work/probe-$name.yaml"
    run "$work/probe-$name.yaml" 400 "$work/rates.json"
    reference rates "$work/probe-$name" "$work/rates.json"
done
finish
