#!/usr/bin/env python3
"""Check that every relative link of the Markdown files leads to something. One line a finding, exit code 1 when any."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
findings, n_link = [], 0
for path in sorted(root.rglob("*.md")):
    if {"build", ".git", "node_modules"} & set(path.relative_to(root).parts):
        continue
    for i, line in enumerate(path.read_text().split("\n")):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
            n_link += 1
            if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists():
                findings.append(f"{path.relative_to(root)}:{i + 1}: link to {target}, which is not there")
print("\n".join(findings) if findings else f"links: {n_link}, all lead somewhere")
sys.exit(1 if findings else 0)
