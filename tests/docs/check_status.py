#!/usr/bin/env python3
"""docs/status.md knows every verdict, role and source of the headers and every kind that src/ pushes, and no other."""

import re
import sys

from words import ROOT, Report, enumerators, read, rows, section

SOURCES = ["src/topology/*.cpp", "src/discovery/*.cpp", "src/codec/cluster*.cpp"]
KIND = r'"([a-z0-9_]+)"\s*,'
REASON = re.compile(r"\bblame\(\s*" + KIND)
PROBLEM = re.compile(r"\b(?:push_back|emplace_back|insert)\(\s*(?:[\w.>-]+begin\(\),\s*)?\{?\s*" + KIND)
# A Problem whose kind the patterns above would miss: built apart, or a kind that is no literal.
HIDDEN = re.compile(r"\b(?:Cluster)?Problem\s*\w*\s*\{\s*[\"{]|\.kind = \"")


def pushed(pattern):
    found = {}
    for path in (path for glob in SOURCES for path in sorted(ROOT.glob(glob))):
        for word in pattern.findall(path.read_text(encoding="utf-8")):
            found.setdefault(word, path.relative_to(ROOT))
    return found


document = read("docs/status.md")
report = Report("check_status")

for what, header, name in (("verdict", "status.hpp", "Verdict"), ("role", "member_status.hpp", "Role")):
    report.same(what, enumerators(header, name), rows(section(document, what.capitalize() + "s")).keys()
                - {word for word in enumerators("status.hpp", "FactSource") if what == "role"})
sources = rows(section(document, "Roles")).keys() & set(enumerators("status.hpp", "FactSource"))
report.same("source", set(enumerators("status.hpp", "FactSource")) - {"none"}, sources)

reasons, problems = pushed(REASON), pushed(PROBLEM)
if len(reasons) < 5 or len(problems) < 5:
    sys.exit("check_status: finds too few kinds in src/: has the way of writing them changed?")
report.same("reason", reasons, rows(section(document, "Reasons")))
report.same("problem", problems, rows(section(document, "Problems of a cluster")) | rows(section(document, "Problems of a source")))
for path in (path for glob in SOURCES for path in sorted(ROOT.glob(glob))):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if HIDDEN.search(line):
            report.wrong.append(f"{path.relative_to(ROOT)}:{number}: a kind that this check does not see; push it as a literal")
report.end()
