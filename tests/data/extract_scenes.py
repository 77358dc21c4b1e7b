#!/usr/bin/env python3
"""Makes tests/data/scenes/scenes.jsonl from recordings of real Patroni clusters.

    extract_scenes.py RECORDINGS_DIR OUTPUT_FILE

A scene is what a client sees when it asks the members of one cluster at one moment: the answers to
GET /patroni that were recorded within two seconds of each other, and GET /cluster where one was
recorded beside them. What each member was at that moment comes from the recorder's own notes: the
`role` of the line, given by whoever set up the stage, not from a decoder.
"""
import datetime
import glob
import json
import os
import sys

WINDOW = 2.0
ROLES = {"master": "primary", "primary": "primary", "replica": "replica",
         "sync_standby": "sync_standby", "quorum_standby": "quorum_standby",
         "standby_leader": "standby_leader", "uninitialized": "uninitialized",
         "demoted": "demoted", "promoted": "promoted", "creating-replica": "uninitialized",
         "primary-stopped": "primary", "replica-stopped": "replica",
         "replica-start-failed": "replica"}


def moment(record):
    return datetime.datetime.fromisoformat(record["recorded_at"]).timestamp()


def document(record):
    response = record["response"]
    if response.get("status") is None:
        return None
    try:
        value = json.loads(response.get("body") or "")
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def origin(record):
    return dict(record["request"]["headers"]).get("Host")


def scene_of(version, stage, answers, overview):
    members = []
    for node, record in sorted(answers.items()):
        body = document(record)
        role = ROLES.get(record["role"])
        # Before 3.0.2 a member does not say that it is synchronous: the overview beside it does.
        if role == "replica" and overview:
            for row in document(overview)["members"]:
                if row["name"] == node and row["role"] in ("sync_standby", "quorum_standby"):
                    role = row["role"]
        members.append({"node": node, "address": origin(record), "role": role,
                        "state": body["state"], "body": record["response"]["body"]})
    primaries = [m["node"] for m in members if m["role"] == "primary" and m["state"] == "running"]
    return {"patroni": version, "stage": stage,
            "name": min(answers.values(), key=moment)["name"], "members": members,
            "cluster": overview["response"]["body"] if overview else None,
            "cluster_from": overview["node"] if overview else None, "primaries": primaries}


def scenes(path):
    version = os.path.basename(os.path.dirname(path))[1:]
    stage = os.path.basename(path)[: -len(".jsonl")]
    answers, overview, began = {}, None, 0.0
    lines = [json.loads(line) for line in open(path, encoding="utf-8")]
    lines = [r for r in lines if "request" in r and r["request"]["method"] == "GET"
             and r["request"]["path"] in ("/patroni", "/cluster") and document(r) and r.get("node")]
    for record in sorted(lines, key=moment):
        is_overview = "members" in document(record)
        if not is_overview and record["request"]["path"] != "/patroni":
            continue
        seen = overview is not None if is_overview else record["node"] in answers
        if answers and (seen or moment(record) - began > WINDOW):
            yield scene_of(version, stage, answers, overview)
            answers, overview = {}, None
        if not answers and (overview is None or moment(record) - began > WINDOW):
            overview, began = None, moment(record)
        if is_overview:
            overview = record
        else:
            answers[record["node"]] = record
    if answers:
        yield scene_of(version, stage, answers, overview)


def main(source, target):
    count, seen = 0, set()
    with open(target, "w", encoding="utf-8") as out:
        for path in sorted(glob.glob(os.path.join(source, "v*", "*.jsonl"))):
            if os.path.basename(path) == "dcs.jsonl":
                continue
            for scene in scenes(path):
                identity = json.dumps([scene["patroni"], scene["members"], scene["cluster"]])
                if identity not in seen:
                    seen.add(identity)
                    out.write(json.dumps(scene, ensure_ascii=False, separators=(",", ":")) + "\n")
                    count += 1
    print(count, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
