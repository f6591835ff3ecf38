#!/bin/sh
# Check the layout of every C file against .clang-format. usage: tools/format.sh [--fix]
set -eu
cd "$(dirname "$0")/.."
if [ "${1:-}" = --fix ]; then
    action="-i"
elif [ $# = 0 ]; then
    action="--dry-run --Werror"
else
    echo "tools/format.sh: '$1'; accepted: --fix, or nothing" >&2
    exit 2
fi
find include src app tests bench fuzz -name '*.[ch]' -exec clang-format-14 $action {} +
