#!/bin/sh
# The report of a real comparison in a browser: no error, every chart has its marks, labels, keyboard, 360 px, dark, print.
. "$(dirname "$0")/expect.inc"
case $program in *san/*) echo "skipped: the page is the same, see the release"; exit 77 ;; esac
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
export CHROMIUM
[ -n "$CHROMIUM" ] && command -v node >/dev/null || { echo "skipped: no node or no chromium"; exit 77; }
[ -d "$source_dir/ui/node_modules" ] || { echo "skipped: no ui/node_modules (ui/check.sh installs them)"; exit 77; }

"$program" compare "$source_dir/examples/winter.yaml" "$source_dir"/examples/levers/*.yaml --combine cover+shelters \
    --vary ceasefire.from=2026-12-01..2027-03-01/30d --seasons 12 --out "$work/winter.db" >"$work/out" || bad "no comparison"
"$program" run "$source_dir/examples/rbts.yaml" --seasons 200 --out "$work/rbts.db" >"$work/out" || bad "no run"
"$program" report "$work/winter.db" --out "$work/winter.html" || bad "no report"
"$program" report "$work/winter.db" "$work/rbts.db" --out "$work/both.html" || bad "no report of two"
"$program" report "$work/winter.db" --public --out "$work/public.html" || bad "no public report"
node "$source_dir/ui/test/browser.mjs" "$work/winter.html" "$work/both.html" "$work/public.html" >"$work/log" 2>&1 ||
    bad "in the browser: $(tail -n 40 "$work/log")"
finish
