#!/usr/bin/env python3
"""Makes tests/data/recordings from recordings of real Patroni clusters.

    extract_recordings.py RECORDINGS_DIR OUTPUT_DIR

RECORDINGS_DIR has one folder per Patroni version with *.jsonl files of REST exchanges and a
dcs.jsonl with dumps of the store. What should come out of a dump is worked out here as well, in
another language and by another hand than the decoder under test: the field "expected".
"""
import base64
import glob
import json
import os
import re
import sys
from urllib.parse import urlsplit

NAMESPACES = ("/service/",)
TRUE = ("on", "true", "yes", "1")


def exchanges(source):
    for path in sorted(glob.glob(os.path.join(source, "*", "*.jsonl"))):
        for line in open(path, encoding="utf-8"):
            record = json.loads(line)
            request = record.get("request")
            response = record.get("response") or {}
            if request and request["method"] == "GET" and response.get("status"):
                yield record, request["path"].split("?")[0], response


def distinct_bodies(source, wanted):
    seen = set()
    for record, path, response in exchanges(source):
        body = response.get("body")
        if not isinstance(body, str) or not wanted(path, body) or body in seen:
            continue
        seen.add(body)
        yield {
            "patroni": record["patroni"],
            "name": record["name"],
            "path": path,
            "status": response["status"],
            "body": body,
        }


def metrics(source):
    """Texts that differ in more than numbers."""
    seen = set()
    for row in distinct_bodies(source, lambda path, body: path == "/metrics" and body.startswith("#")):
        shape = row["patroni"] + re.sub(r"\d{3,}(\.\d+)?", "N", row["body"])
        if shape not in seen:
            seen.add(shape)
            yield row


def writes(source):
    """Requests that change something, and what came back; "error" where no answer came."""
    seen = set()
    for path in sorted(glob.glob(os.path.join(source, "*", "*.jsonl"))):
        for line in open(path, encoding="utf-8"):
            record = json.loads(line)
            request, response = record.get("request"), record.get("response") or {}
            if not request or request["method"] not in ("POST", "PUT", "PATCH", "DELETE"):
                continue
            row = {
                "patroni": record["patroni"],
                "name": record["name"],
                "method": request["method"],
                "path": request["path"],
                "request": request.get("body"),
                "status": response.get("status"),
                "headers": [h for h in response.get("headers") or [] if h[0] in ("Content-Type", "Content-Length")],
                "body": response.get("body") or "",
                "error": response.get("error"),
            }
            identity = json.dumps([v for k, v in sorted(row.items()) if k != "name"])
            if identity not in seen:
                seen.add(identity)
                yield row


HEALTH = re.compile(r"^/(\?.*)?$|master|primary|leader|replica|read-|health|sync|async|quorum|readiness|liveness|/foo")


def situation(record):
    """Version, stage, what the member was doing, the member."""
    return (record["patroni"], *(record["name"].split("--") + [""])[:2], record.get("node"))


def health(source):
    """One row for each member in each situation: what its health checks answered, and its other answers then."""
    situations = {}
    for record, _, response in exchanges(source):
        target, body = record["request"]["path"], response.get("body") or ""
        key = situation(record)
        row = situations.setdefault(key, {"patroni": key[0], "name": "--".join(key[1:3]), "member": key[3] or "", "cluster": None,
                                          "cluster_lost": False, "config": None, "status": None, "documents": [], "checks": [], "bare": []})
        if target == "/patroni":
            row["status"] = row["status"] or body
        elif target in ("/cluster", "/config"):
            if response["status"] == 200:
                row[target[1:]] = body
        elif HEALTH.search(target) and response["status"] in (200, 503) and not record["request"].get("raw"):
            document = None
            if is_json(body) and '"state"' in body:
                if body not in row["documents"]:
                    row["documents"].append(body)
                document = row["documents"].index(body)
            row["checks"].append([target, response["status"], document])
    lost, bare = set(), {}
    for path in sorted(glob.glob(os.path.join(source, "*", "*.jsonl"))):
        for line in open(path, encoding="utf-8"):
            record = json.loads(line)
            if (record.get("request") or {}).get("path") == "/cluster" and not record["response"].get("status"):
                lost.add(situation(record))
            request = record.get("request") or {}
            if request.get("method") in ("HEAD", "OPTIONS") and record["response"].get("status"):
                check = [request["method"], request["path"], record["response"]["status"]]
                if check not in bare.setdefault(situation(record), []):
                    bare[situation(record)].append(check)
    for key, row in situations.items():
        row["cluster_lost"] = key in lost
        row["bare"] = bare.get(key, [])
        if row["status"] and len(row["checks"]) >= 8 and "tls" not in row["name"]:
            yield row


def is_json(body):
    try:
        json.loads(body)
        return True
    except ValueError:
        return False


def etcd2_keys(node):
    if "value" in node:
        yield node["key"], node["value"]
    for child in node.get("nodes", []):
        yield from etcd2_keys(child)


def dump_keys(record):
    for field in ("content", "etcd2"):
        if "node" in record.get(field, {}):
            return dict(etcd2_keys(record[field]["node"]))
    if "etcd2" in record and "http_head" in record:
        # Of a chunked answer the recorder took the body for a part of the head.
        _, _, body = "\n".join(record["http_head"]).partition("\n\n")
        return dict(etcd2_keys(as_json(body, dict, {}).get("node", {})))
    if "etcdctl" in record:
        return {
            base64.b64decode(kv["key"]).decode(): base64.b64decode(kv.get("value", "")).decode()
            for kv in record["etcdctl"].get("kvs", [])
        }
    if "znodes" in record:
        return znode_keys(record["znodes"])
    return {}


def znode_keys(znodes):
    keys = {}
    items = znodes.items() if isinstance(znodes, dict) else ((z["path"], z) for z in znodes)
    for path, node in items:
        value = node if isinstance(node, str) else (node or {}).get("data", (node or {}).get("value"))
        if isinstance(value, str):
            keys[path] = value
    return keys


def as_json(text, kind, empty):
    try:
        value = json.loads(text)
    except (TypeError, ValueError):
        return empty
    return value if isinstance(value, kind) else empty


def expected(keys):
    config = as_json(keys.get("config"), dict, None)
    mode = str((config or {}).get("synchronous_mode", "")).lower()
    standby = (config or {}).get("standby_cluster") or {}
    is_standby = any(standby.get(key) for key in ("host", "port", "restore_command"))
    sync_on = (mode in TRUE or mode == "quorum") and not is_standby
    sync = as_json(keys.get("sync"), dict, {})
    standbys = [n.strip() for n in (sync.get("sync_standby") or "").split(",") if n.strip()]
    status = as_json(keys.get("status"), dict, None)
    optime = status.get("optime") if status is not None else int(keys.get("optime/leader") or 0)
    leader = keys.get("leader") or None
    members = {}
    for key, value in sorted(keys.items()):
        if not re.fullmatch("members/[^/]+", key):
            continue
        name, data = key[len("members/") :], json.loads(value)
        row = {"state": data.get("replication_state", data["state"]), "lag": None}
        if name == leader:
            row["role"] = "standby_leader" if is_standby else "primary"
            if row["role"] == "primary":
                row["state"] = data["state"]
        else:
            in_sync = sync_on and sync.get("leader") and name in standbys
            row["role"] = (mode == "quorum" and "quorum" or "sync") + "_standby" if in_sync else "replica"
            if optime and data.get("xlog_location"):
                row["lag"] = max(0, optime - data["xlog_location"])
        url = urlsplit(data["conn_url"])
        row["postgres"] = "%s:%d" % (url.hostname, url.port)
        row["api"] = data["api_url"].replace("/patroni", "")
        row["timeline"] = data.get("timeline")
        row["role_reported"] = data["role"]
        row["version"] = data.get("version", "")
        members[name] = row
    return {
        "leader": leader,
        "leader_lsn": optime or None,
        "initialize": keys.get("initialize"),
        "standby_cluster": is_standby,
        "quorum_mode": sync_on and mode == "quorum",
        "paused": None if config is None else str(config.get("pause")).lower() in TRUE,
        "sync": [sync["leader"]] + standbys if sync_on and sync.get("leader") else None,
        "members": members,
    }


def dumps(source):
    seen = set()
    for path in sorted(glob.glob(os.path.join(source, "*", "dcs.jsonl"))):
        for line in open(path, encoding="utf-8"):
            record = json.loads(line)
            clusters = {}
            for key, value in dump_keys(record).items():
                namespace = next((n for n in NAMESPACES if key.startswith(n)), None)
                scope, slash, rest = key[len(namespace or "") :].partition("/")
                if namespace and slash:
                    clusters.setdefault((namespace, scope), {})[rest] = value
            for (namespace, scope), keys in sorted(clusters.items()):
                identity = json.dumps([scope, keys], sort_keys=True)
                if identity in seen:
                    continue
                seen.add(identity)
                yield {
                    "patroni": record["patroni"],
                    "name": record["name"],
                    "store": record["dcs"],
                    "scope": scope,
                    "path": namespace + scope + "/",
                    "keys": keys,
                    "expected": expected(keys),
                }


def write(path, rows):
    with open(path, "w", encoding="utf-8") as out:
        count = 0
        for count, row in enumerate(rows, 1):
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(count, path)


def main(source, target):
    write(target + "/status.jsonl",
          distinct_bodies(source, lambda path, body: path != "/cluster" and is_json(body)
                          and '"patroni"' in body and '"state"' in body))
    write(target + "/cluster.jsonl",
          distinct_bodies(source, lambda path, body: path == "/cluster" and '"members"' in body))
    write(target + "/other.jsonl",
          distinct_bodies(source, lambda path, body: path in ("/history", "/config", "/failsafe")
                          and is_json(body) and '"patroni":' not in body.replace(" ", "")))
    write(target + "/dcs.jsonl", dumps(source))
    write(target + "/writes.jsonl", writes(source))
    write(target + "/metrics.jsonl", metrics(source))
    write(target + "/health.jsonl", health(source))


if __name__ == "__main__":
    main(*sys.argv[1:])
