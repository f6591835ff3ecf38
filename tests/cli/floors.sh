#!/bin/sh
# tools/floors.py finds what it is there to find: a small house with one of each fault.
. "$(dirname "$0")/expect.inc"

mkdir -p "$work/house/src/grid" "$work/house/src/study" "$work/house/src/attic" "$work/house/include/svitlo" "$work/house/app"
cp "$source_dir/CMakeLists.txt" "$work/house/"
: >"$work/house/include/svitlo/grid.h"
: >"$work/house/include/svitlo/study.h"
: >"$work/house/src/grid/README.md"
seq 16 >"$work/house/src/study/README.md"
{
    echo '#include "svitlo/grid.h"'
    echo '#include "svitlo/study.h"'
    echo '#include "../study/pool.h"'
    echo '#include <stdio.h>'
    echo '#include <sqlite3.h>'
    echo '#include <coin/Clp_C_Interface.h>'
    echo '#include <curl/curl.h>'
    echo 'void long_one(void)'
    echo '{'
    echo '    exit(1); /* abort() in a comment is no call */'
    yes '    work();' | head -n 650
    echo '}'
} >"$work/house/src/grid/bad.c"
printf '#include "svitlo/grid.h"\n#include <pthread.h>\n' >"$work/house/src/study/good.c"

python3 "$source_dir/tools/floors.py" "$work/house" >"$work/found"
[ $? = 1 ] || bad "exit code is not 1"
finds() {
    grep -q -e "$1" "$work/found" || bad "not found: $1"
}
finds 'src/attic: no floor'
finds 'src/study/README.md: 16 lines'
finds 'bad.c:2: floor grid includes svitlo/study.h'
finds 'bad.c:3: includes "../study/pool.h"'
finds 'bad.c:4: includes <stdio.h>'
finds 'bad.c:5: includes <sqlite3.h>'
finds 'bad.c:6: includes <coin/Clp_C_Interface.h>'
finds 'bad.c:7: includes <curl/curl.h>, which has no door'
finds 'bad.c: 661 lines'
finds 'function long_one has 65[0-9] lines'
finds 'bad.c:10: calls exit'
grep 'good.c\|abort\|grid/README' "$work/found" && bad "found what is allowed"
finish
