#!/usr/bin/env python3
"""Every relative link of a document leads to a file and a heading, and README.md names every public header."""

import re

from words import ROOT, Report, read

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|^    .*?$", re.DOTALL | re.MULTILINE)


def anchors(path):
    """GitHub's anchors of the headings of a document."""
    found = set()
    for title in re.findall(r"^#+ (.*)$", CODE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE):
        found.add(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-"))
    return found


report = Report("check_links")
documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
for document in documents:
    for target in LINK.findall(CODE.sub("", document.read_text(encoding="utf-8"))):
        name, _, anchor = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        path = (document.parent / name) if name else document
        if not path.exists():
            report.wrong.append(f"{document.relative_to(ROOT)}: no file {target}")
        elif anchor and anchor not in anchors(path):
            report.wrong.append(f"{document.relative_to(ROOT)}: no heading {target}")

readme = read("README.md")
small = re.search(r"^The others \(`([^`]*)`\)", readme, re.MULTILINE)
named = set(re.findall(r"`patroni/(\w+)\.hpp`", readme)) | set(small[1].split() if small else [])
report.same("public header", {path.stem for path in (ROOT / "include/patroni").glob("*.hpp")}, named)
report.end()
