#!/usr/bin/env python3
"""Makes the *.jsonl files of this folder from recordings of real Patroni clusters.

    extract_exchanges.py RECORDINGS_DIR OUTPUT_DIR

RECORDINGS_DIR has one folder per Patroni version with one *.jsonl file per stage. One line comes
out for each distinct answer of a member in a stage, with all requests that it answered: method,
target, Authorization header, body. Answers that differ in the Date header or in dcs_last_seen only
count as the same.
"""
import json
import os
import re
import sys

# What 1.6.5 to 4.0.10 have in common; "v4.1.4" has more of each stage.
COMMON = ["02-creating-replica", "10-steady", "11-auth", "30-pause", "31-pause-stopped"]
COMMON += ["40-unlocked", "60-sync", "65-standby", "68-tags"]
STAGES = {
    "v0.90": ["10-steady", "11-auth", "22-switchover", "30-killed", "31-new-master"],
    "v1.6.5": COMMON,
    "v2.1.7": COMMON,
    "v3.0.4": COMMON,
    "v3.3.11": COMMON,
    "v4.0.10": COMMON + ["61-quorum"],
    "v4.1.4": COMMON + ["32-pause-unlocked", "61-quorum"],
}
# Methods that change nothing, whatever the path. Of the others only what is refused is of use.
SAFE = {"GET", "HEAD", "OPTIONS"}


def wanted(request, response):
    if "raw" in request or request["path"] == "":
        return False
    if response["status"] is None and not response.get("error", "").startswith("empty reply"):
        return False
    return request["method"] in SAFE or response["status"] in (401, 501)


def authorization(request):
    return next((value for name, value in request["headers"] if name == "Authorization"), None)


def answers(path):
    found = {}
    for line in open(path, encoding="utf-8"):
        record = json.loads(line)
        request, response = record.get("request"), record.get("response")
        if not request or "--poll-" in record["name"] or not wanted(request, response):
            continue
        headers = [pair for pair in response["headers"] if pair[0] != "Date"]
        if len(headers) != len(response["headers"]):
            headers.insert(1, ["Date", ""])
        body = response["body"]
        same = re.sub(r'"dcs_last_seen": \d+|last_seen.* \d+|_seen{.*', "", body)
        answer = {
            "node": record["node"],
            "role": record["role"],
            "label": record.get("label") or "",
            "status": response["status"],
            "reason": response["reason"],
            "http_version": response.get("http_version"),
            "headers": headers,
        }
        key = json.dumps([answer, same])
        answer["body"] = body
        answer["requests"] = []
        found.setdefault(key, answer)["requests"].append(
            [request["method"], request["path"], authorization(request), request["body"]]
        )
    return found.values()


def main():
    source, output = sys.argv[1:]
    for version, stages in STAGES.items():
        if not os.path.isdir(os.path.join(source, version)):
            continue
        with open(os.path.join(output, version + ".jsonl"), "w", encoding="utf-8") as out:
            for stage in stages:
                for answer in answers(os.path.join(source, version, stage + ".jsonl")):
                    line = {"stage": stage, **answer}
                    out.write(json.dumps(line, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
