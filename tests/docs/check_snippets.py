#!/usr/bin/env python3
"""Every ```cpp block of README.md and docs/ compiles without a warning, and those under <!-- examples/FILE --> are that file.

    check_snippets.py [--update]        --update writes the files of examples/ into the documents
"""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

from words import ROOT, SKIP, Report, read

BLOCK = re.compile(r"(?:<!-- (examples/\S+) -->\n)?```cpp\n(.*?)```", re.DOTALL)
FLAGS = "-x c++ -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -Iinclude -".split()
compiler = os.environ.get("CXX", "g++")
paths = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

if "--update" in sys.argv[1:]:
    for path in paths:
        text = path.read_text(encoding="utf-8")
        path.write_text(BLOCK.sub(lambda match: f"<!-- {match[1]} -->\n```cpp\n{read(match[1])}```" if match[1] else match[0], text),
                        encoding="utf-8")

report = Report("check_snippets")
blocks = []
for path in paths:
    text = path.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        place = f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}"
        blocks.append((place, match[2]))
        if match[1] and match[2] != read(match[1]):
            report.wrong.append(f"{place} is not {match[1]} (check_snippets.py --update)")
if not blocks:
    sys.exit("check_snippets: no ```cpp block found")
if report.wrong:
    report.end()
if not shutil.which(compiler):
    print(f"skipped: no compiler {compiler}")
    sys.exit(SKIP)


def compiles(block):
    return subprocess.run([compiler, *FLAGS], input=block[1], cwd=ROOT, capture_output=True, text=True, check=False)


with concurrent.futures.ThreadPoolExecutor(4) as pool:
    for (place, _), done in zip(blocks, pool.map(compiles, blocks)):
        if done.returncode:
            report.wrong.append(f"{place} does not compile\n{done.stderr}")
report.end()
