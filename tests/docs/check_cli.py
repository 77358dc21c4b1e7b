#!/usr/bin/env python3
"""docs/cli.md shows the help of patctl ($PATCTL) word for word, and names every command and every tsv column in order."""

import re

from words import Report, patctl, read, rows, section

document = read("docs/cli.md")
report = Report("check_cli")

help_text = patctl("status", "-h").stdout
indented = "\n".join("    " + line if line else "" for line in help_text.rstrip("\n").split("\n"))
if indented not in document:
    report.wrong.append("the options are not what `patctl status -h` prints; copy it, four spaces in")

overview, _, of_patronictl = patctl("-h").stdout.partition("\nThe commands of patronictl")
commands = re.findall(r"^  ([a-z]+(?: [a-z]+)?) {2,}", overview, re.MULTILINE)
report.same("command of patronictl", re.findall(r"^  ([a-z-]+) {2,}", of_patronictl, re.MULTILINE), rows(section(document, "As `patronictl`")))
report.same("command", commands, rows(document.split("\n## ")[0]))
LINES = {"watch": ["at", "event", "scope", "revision", "what"], "dcs dump": ["key", "revision", "value"]}  # need a store: tests/integration
for command in commands:
    if command == "api":
        continue  # its tsv is the body as it came
    if command == "health":  # of a member, and there is none here
        continue
    columns = LINES.get(command) or patctl(command, "--members", "127.0.0.1:1", "-f", "tsv").stdout.split("\n")[0].split("\t")
    table = rows(section(document, f"Columns of `{command} -f tsv`"))
    report.filled(f"column of {command}", table)
    if list(table) != columns:
        report.wrong.append(f"{command} -f tsv has the columns {' '.join(columns)}, documented are {' '.join(table)}")
report.end()
