#!/usr/bin/env python3
"""docs/rest-api.md and docs/openapi.json are what the library's table makes of them (beside $PATCTL stands capability_table)."""

import json
import os
import pathlib
import re
import subprocess
import sys

from words import ROOT, SKIP, Report, read

report = Report("check_rest_api")
document = json.loads(read("docs/openapi.json"))
ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
for name in sorted({name for name in ids if ids.count(name) > 1}):
    report.wrong.append(f"openapi.json: operationId {name} is there twice")
for reference in set(re.findall(r'"#/([^"]+)"', read("docs/openapi.json"))):
    found = document
    for part in reference.split("/"):
        found = found.get(part, {})
    if not found:
        report.wrong.append(f"openapi.json: #/{reference} leads nowhere")

program = pathlib.Path(os.environ.get("PATCTL", "patctl")).parent / "capability_table"
if not program.exists():
    if report.wrong:
        report.end()
    print("skipped: no capability_table beside $PATCTL")
    sys.exit(SKIP)
done = subprocess.run([ROOT / "tools/write_rest_api", "--check", program], capture_output=True, text=True, check=False)
if done.returncode:
    report.wrong.append((done.stdout + done.stderr).strip())
report.end()
