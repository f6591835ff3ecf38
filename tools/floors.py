#!/usr/bin/env python3
"""Check the house: who may include what, where outside libraries enter, how long files and functions are.

Floors and what each may use are read from CMakeLists.txt (SV_FLOORS, SV_USES_*). One line a finding; exit code 1 when
there is any. Nothing is compiled, so it runs in a blink:  python3 tools/floors.py [folder of the project]
"""
import pathlib
import re
import sys

MAX_FILE = 600      # lines
MAX_FUNCTION = 100  # lines of the body
MAX_README = 15     # lines

# Longer for a stated reason. Path (and function) -> why.
LONG_FILES = {}
LONG_FUNCTIONS = {
    "tests/grid/test_grid.c:fingerprint_sees_every_field": "one line a field of every table",
}

# Headers that everyone may use: C17 without input and output, signals, locale and threads.
PLAIN = {"assert.h", "ctype.h", "errno.h", "float.h", "inttypes.h", "iso646.h", "limits.h", "math.h", "stdalign.h",
         "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdlib.h", "string.h", "strings.h"}

# Headers with few doors. Names are matched from the end, so <coin/Clp_C_Interface.h> is Clp's.
FILES = {"formats", "scenario", "store", "app"}  # floors that touch files
DOORS = {
    "stdio.h": FILES,
    "fcntl.h": FILES,
    "unistd.h": FILES | {"study"},  # study: sysconf, the number of cores
    "dirent.h": FILES,
    "sys/stat.h": FILES,
    "sys/types.h": FILES,
    "sys/file.h": {"store"},  # flock: one writer a file
    "libgen.h": FILES,
    "time.h": {"base", "study", "store", "app"},
    "pthread.h": {"study"},
    "stdatomic.h": {"study"},
    "fenv.h": {"study"},  # every thread rounds alike
    "signal.h": {"app"},
    "sys/resource.h": {"app"},
    "sys/ioctl.h": {"app"},
    "argp.h": {"app"},
    "jansson.h": {"app"},
    "sqlite3.h": {"store"},
    "netcdf.h": {"store"},
    "csv.h": {"formats"},
    "Clp_C_Interface.h": {"lp"},
    "klu.h": {"sparse"},
    "amd.h": {"sparse"},
    "libfyaml.h": {"scenario"},
    "Random123/philox.h": {"base"},
}
# One file past a door, with its reason.
EXCEPTIONS = {
    ("src/base/status.c", "stdio.h"): "vsnprintf for the text of an error",
    ("app/cli/contingency_pool.c", "pthread.h"): "a screen of outages a thread; the study's pool is for seasons",
}

# The library never prints, never exits, has no hidden state and draws only through sv_draw.
FORBIDDEN = re.compile(r"\b(exit|_exit|abort|system|popen|setlocale|s?rand|random|srandom|drand48|printf|puts|putchar"
                       r"|perror|strtok|localtime|gmtime)\s*\(")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def read_floors(root):
    text = (root / "CMakeLists.txt").read_text()
    order = re.search(r"set\(SV_FLOORS ([^)]*)\)", text).group(1).split()
    direct = {name: re.search(rf'set\(SV_USES_{name} ([^)]*)\)', text) for name in order}
    uses = {}
    for name in order:  # below before above, so one pass closes the relation
        if direct[name] is None:
            raise SystemExit(f"CMakeLists.txt: floor {name} has no SV_USES_{name}")
        below = direct[name].group(1).replace('"', "").split()
        missing = [other for other in below if other not in uses]
        if missing:
            raise SystemExit(f"CMakeLists.txt: floor {name} uses {missing[0]}, which does not stand below it")
        uses[name] = set(below).union(*(uses[other] for other in below))
    return uses


def blank_comments(text):
    """Same text and lines, with comments and the insides of strings blanked."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def check_include(root, path, floor, quote, name, uses):
    """Why a file of this floor may not include name, or None. path is relative to root."""
    if quote == '"' and name.startswith("svitlo/"):
        other = name[len("svitlo/"):].removesuffix(".h")
        if other not in uses:
            return f"includes {name}, which is no floor"
        if floor != "app" and other != floor and other not in uses[floor]:
            return f"floor {floor} includes {name}, which does not stand below it"
        return None
    if quote == '"':
        if "/" in name or not (root / path).parent.joinpath(name).exists():
            return f'includes "{name}", which is no private header of its own folder'
        return None
    if name in PLAIN:
        return None
    for header, doors in DOORS.items():
        if name == header or name.endswith("/" + header):
            if floor in doors or (path.as_posix(), header) in EXCEPTIONS:
                return None
            return f"includes <{name}>, accepted in {', '.join(sorted(doors))} only"
    return f"includes <{name}>, which has no door in tools/floors.py"


def functions(lines):
    """(name, first line, lines of the body): our style opens and closes a function in the first column."""
    start = None
    for i, line in enumerate(lines):
        if line.rstrip() == "{":
            start = i
        elif line.startswith("}") and start is not None:
            head = " ".join(lines[max(0, start - 6):start])
            names = re.findall(r"(\w+)\s*\(", head.rsplit(";", 1)[-1].rsplit("}", 1)[-1])
            yield (names[0] if names else "?"), start + 1, i - start + 1
            start = None


def check_file(root, path, floor, uses):
    """Findings of one C file; floor is None where anything may be included (tests, benches, fuzzers)."""
    text = (root / path).read_text()
    bare = blank_comments(text).split("\n")
    for i, line in enumerate(text.split("\n")):
        match = INCLUDE.match(line)
        why = check_include(root, path, floor, *match.groups(), uses) if match and floor else None
        if why:
            yield f"{path}:{i + 1}: {why}"
    if len(bare) - 1 > MAX_FILE and path.as_posix() not in LONG_FILES:
        yield f"{path}: {len(bare) - 1} lines, accepted: {MAX_FILE}"
    for name, line, length in functions(bare):
        if length > MAX_FUNCTION and f"{path.as_posix()}:{name}" not in LONG_FUNCTIONS:
            yield f"{path}:{line}: function {name} has {length} lines, accepted: {MAX_FUNCTION}"
    if path.parts[0] == "src":
        for i, line in enumerate(bare):
            match = FORBIDDEN.search(line)
            if match:
                yield f"{path}:{i + 1}: calls {match.group(1)}, which the library does not"


def check_folder(root, folder, uses):
    """Findings about a folder of src/ as a whole."""
    name = folder.name
    if name not in uses:
        yield f"src/{name}: no floor of CMakeLists.txt has this name"
    if not (root / "include/svitlo" / f"{name}.h").exists():
        yield f"src/{name}: its public header include/svitlo/{name}.h is missing"
    readme = folder / "README.md"
    if not readme.exists():
        yield f"src/{name}: README.md is missing (at most {MAX_README} lines: which question, which files, how to test)"
    elif len(readme.read_text().splitlines()) > MAX_README:
        yield f"src/{name}/README.md: {len(readme.read_text().splitlines())} lines, accepted: {MAX_README}"


def floor_of(path, uses):
    """The floor a file belongs to; app for the programs; None for tests, benches and fuzzers."""
    if path.parts[0] == "src":
        return path.parts[1] if path.parts[1] in uses else None
    if path.parts[0] == "include":
        return path.stem if path.stem in uses else None
    return "app" if path.parts[0] == "app" else None


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    uses = read_floors(root)
    findings, n_file = [], 0
    for folder in sorted(path for path in (root / "src").iterdir() if path.is_dir()):
        findings += check_folder(root, folder, uses)
    for top in ("include", "src", "app", "tests", "bench", "fuzz"):
        for path in sorted((root / top).rglob("*.[ch]")):
            path = path.relative_to(root)
            findings += check_file(root, path, floor_of(path, uses), uses)
            n_file += 1
    print("\n".join(findings) if findings else f"floors: {n_file} files, nothing to say")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
