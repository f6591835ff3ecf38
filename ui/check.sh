#!/bin/sh
# All checks of the report page: types, unit tests, the committed file against a fresh build, every sample in a browser.
# Exit code 77 and a word why when node, npm or chromium is missing.
set -eu
cd "$(dirname "$0")"

skip() {
    echo "skipped: $1"
    exit 77
}
command -v node >/dev/null 2>&1 || skip "no node"
command -v npm >/dev/null 2>&1 || skip "no npm"
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
    skip "node $(node --version) is older than 20.19"
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$CHROMIUM" ] || skip "no chromium"
export CHROMIUM

log=$(mktemp)
fresh=$(mktemp -d)
trap 'rm -rf "$fresh" "$log"' EXIT

if ! npm ci --no-audit --no-fund --loglevel=error >"$log" 2>&1; then
    cat "$log"
    if grep -qE 'EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH' "$log"; then skip "npm reaches no registry"; fi
    exit 1
fi
npm run --silent check && echo "ok      types"
npm test --silent >"$log" 2>&1 || { cat "$log"; exit 1; }
sed -n 's/^# pass /ok      unit tests: /p' "$log"

SVITLO_UI_OUT=$fresh npm run --silent build -- --logLevel warn
cmp "$fresh/report.html" dist/report.html || {
    echo "dist/report.html is not what src/ gives: npm run build, and commit it"
    exit 1
}
slot='<script type="application/json" id="svitlo-data"></script>'
[ "$(grep -oF "$slot" dist/report.html | wc -l)" = 1 ] || { echo "the slot for the data is not there once"; exit 1; }
echo "ok      dist/report.html, $(wc -c <dist/report.html) bytes, $(gzip -9c dist/report.html | wc -c) compressed"

node test/fill.mjs dist/report.html "$fresh/pages"
node test/browser.mjs "$fresh"/pages/*.html
