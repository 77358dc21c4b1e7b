#!/usr/bin/env python3
"""Records what members of real clusters answer in the stages that the simulator is compared with.

    record_stages.py VERSION RECORDINGS_DIR [--like tests/data/exchanges/v3.3.11.jsonl]

Starts clusters of Patroni VERSION (2.1 or later; scripts/lab-install --patroni VERSION), brings them into each stage and sends
the requests that the exchanges of another version have for the same role. Writes RECORDINGS_DIR/vVERSION/STAGE.jsonl, from which
extract_recordings.py and exchanges/extract_exchanges.py take what the tests use.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import signal
import socket
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from lab import parts, processes, programs  # noqa: E402
from lab.cluster import Cluster  # noqa: E402
from lab.etcd import Etcd  # noqa: E402
from lab.member import ModernMember  # noqa: E402
from lab.waiting import wait_until  # noqa: E402
from lab.workspace import Workspace  # noqa: E402

TAGS = {"node1": {"zone": "a", "num": 1, "flag": True}, "node2": {"zone": "b", "num": 2, "flag": False}, "node3": {"zone": "a", "num": 3}}
CASCADE = {
    "node1": {"clonefrom": True},
    "node2": {"zone": "b", "clonefrom": True},
    "node3": {"replicatefrom": "node2", "nofailover": True, "noloadbalance": True, "nosync": True},
    "node4": {"noloadbalance": True},
}


def send(port, method, path, authorization=None, body=None):
    """(bytes of the answer, milliseconds)"""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "User-Agent: lab-recorder", "Accept: */*"]
    if authorization:
        lines.append(f"Authorization: {authorization}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
    begin, answer = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as server:
        server.sendall(("\r\n".join(lines) + "\r\n\r\n" + (body or "")).encode())
        while chunk := server.recv(65536):
            answer += chunk
    return answer, lines[1:], round((time.monotonic() - begin) * 1000, 1)


def parsed(answer):
    if not answer:
        return {"status": None, "reason": None, "http_version": None, "headers": [], "body": "", "error": "empty reply"}
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    version, status, *reason = lines[0].split(" ", 2)
    return {"status": int(status), "reason": reason[0] if reason else "", "http_version": version.removeprefix("HTTP/"),
            "headers": [[part.strip() for part in line.split(":", 1)] for line in lines[1:]], "body": body.decode()}


class Recording:
    """The stages of one version; each makes its cluster and ends it."""

    def __init__(self, version, target, like):
        self.version = version
        self.folder = pathlib.Path(target) / f"v{version}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.begun = set()
        self.requests = collections.defaultdict(list)
        for line in like.read_text().splitlines():
            row = json.loads(line)
            self.requests[row["stage"], row["role"], row["label"]] += row["requests"]

    def __enter__(self):
        self.workspace = Workspace(f"record-{self.version}")
        self.etcd = Etcd(self.workspace).start()
        self.clusters = 0
        return self

    def __exit__(self, *_):
        self.etcd.stop()
        self.workspace.remove()

    def cluster(self, tags, extra_dcs=""):
        """Members with these tags, not started; a folder and scope of their own."""
        self.clusters += 1
        place = Workspace(f"record-{self.version}-{self.clusters}")
        made = Cluster(place, [self._member(place, name, its) for name, its in tags.items()], one_first=True)
        for member in made.members:
            member.extra_dcs = extra_dcs
        return made

    def _member(self, place, name, tags):
        return RecordedMember(place, "demo", name, self.etcd, version=self.version, programs=programs.of_postgres_15(place),
                              extra=f"tags: {json.dumps(tags)}\n" if tags else "")

    def forget(self, made):
        made.stop()
        made.workspace.remove()
        self.etcd.control("del", "--prefix", "/service/")

    def take(self, stage, member, role, label="", scenario="three members"):
        """Sends all requests of a role and writes down what comes."""
        with open(self.folder / f"{stage}.jsonl", "a" if stage in self.begun else "w", encoding="utf-8") as out:
            self.begun.add(stage)
            for method, path, authorization, body in self.requests[stage, role, label]:
                answer, headers, elapsed = send(member.rest_port, method, path, authorization, body)
                out.write(json.dumps({
                    "name": f"{stage}--{role}--{method}-{path.strip('/').replace('/', '_') or 'root'}" + (f"--{label}" if label else ""),
                    "request": {"method": method, "path": path, "headers": [line.split(": ", 1) for line in headers], "body": body},
                    "response": parsed(answer), "role": role, "node": member.name, "label": label, "scenario": scenario,
                    "patroni": self.version, "postgres": parts.server_version(parts.postgres_15()), "dcs": "etcd3",
                    "recorded_at": datetime.datetime.now(datetime.timezone.utc).isoformat(), "elapsed_ms": elapsed}) + "\n")

    # ---- stages

    def steady_and_maintenance(self):
        self.maintenance(self.steady())

    def steady(self):
        made = self.cluster(TAGS)
        node1, node2, node3 = made.members
        node1.start()
        wait_until("node1 leads", node1.is_primary)
        hold = made.workspace.path / "hold"
        hold.write_text("")
        node2.start()
        wait_until("node2 is being created", lambda: node2.status().get("state") == "creating replica")
        self.take("02-creating-replica", node2, "creating-replica", scenario="node1 leads, node2 is being created")
        hold.unlink()
        node3.start()
        made.wait_until_well()
        wait_published(self.etcd, made)
        self.take("10-steady", node1, "master")
        self.take("10-steady", node2, "replica")
        for label in ("noauth", "bearer", "none", "wrong-password"):
            self.take("11-auth", node2, "replica", label)
        return made

    def maintenance(self, made):
        """After two switchovers node3 leads; pause, then its replica node1 is stopped, then node3 itself."""
        for old, new in (("node1", "node2"), ("node2", "node3")):
            status, text = made[old].request("POST", "/switchover", json.dumps({"leader": old, "candidate": new}))
            assert status == 200, text
            made.wait_until_well()
        time.sleep(3)
        status, text = made["node3"].request("PATCH", "/config", '{"pause": true}')
        assert status == 200, text
        wait_until("pause", lambda: all(member.status().get("pause") for member in made.members))
        time.sleep(2)
        self.take("30-pause", made["node3"], "master")
        self.take("30-pause", made["node1"], "replica")
        stop_postgres(made["node1"])
        time.sleep(3)
        if made["node1"].status().get("state") == "stopped":
            self.take("31-pause-stopped", made["node1"], "replica-stopped")
        else:
            print(f"31-pause-stopped: Patroni {self.version} has started the replica again")
        stop_postgres(made["node3"])
        wait_until("no leader", lambda: self.etcd.get("/service/demo/leader") is None)
        time.sleep(3)
        self.take("31-pause-stopped", made["node3"], "primary-stopped")
        self.forget(made)

    def unlocked(self):
        """node1 is killed; nobody else may lead."""
        made = self.cluster({name: tags if name == "node1" else {**tags, "nofailover": True} for name, tags in TAGS.items()}).start()
        time.sleep(3)
        made["node1"].kill()
        self.take("40-unlocked", made["node2"], "replica", "just-killed")
        wait_until("no leader", lambda: self.etcd.get("/service/demo/leader") is None)
        wait_until("node2 knows", lambda: made["node2"].status().get("cluster_unlocked"))
        time.sleep(1)
        self.take("40-unlocked", made["node2"], "replica")
        self.forget(made)

    def synchronous(self):
        """node2 leads, node1 is synchronous, node3 not."""
        made = self.cluster({"node2": {}, "node1": {}, "node3": {}}).start()
        status, text = made["node2"].request("PATCH", "/config", '{"synchronous_mode": true}')
        assert status == 200, text
        made.write_wal()
        standby = wait_until("a synchronous standby", lambda: json.loads(self.etcd.get("/service/demo/sync") or "{}").get("sync_standby"))
        other = "node3" if standby == "node1" else "node1"
        wait_until("it knows", lambda: made[standby].get("/sync")[0] == 200)
        time.sleep(2)
        self.take("60-sync", made["node2"], "master")
        self.take("60-sync", made[standby], "sync_standby")
        self.take("60-sync", made[other], "replica")
        print(f"60-sync: {standby} is synchronous, {other} is not")
        self.forget(made)

    def standby_cluster(self):
        remote = self.cluster({"far1": {}})
        remote.members[0].scope = "far"
        remote.start()
        far = remote.members[0]
        status, text = far.request("PATCH", "/config", '{"slots": {"sb": {"type": "physical"}}}')
        assert status == 200, text
        wait_until("a slot for it", lambda: far.sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'sb'") == "1")
        made = self.cluster({"node1": {}, "node2": {}, "node3": {}}, f"""\
    standby_cluster:
      host: 127.0.0.1
      port: {far.postgres_port}
      primary_slot_name: sb
      create_replica_methods:
      - basebackup
""")
        node1, node2, node3 = made.members
        node1.start()
        wait_until("a standby leader", lambda: node1.status().get("role") == "standby_leader" and node1.status().get("state") == "running")
        wait_until("it streams", lambda: far.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1")
        node2.start()
        node3.start()
        wait_until("two replicas of it", lambda: node1.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "2")
        wait_published(self.etcd, made)
        time.sleep(3)
        self.take("65-standby", node1, "standby_leader", scenario="standby cluster")
        self.take("65-standby", node2, "replica", scenario="standby cluster")
        made.stop()
        made.workspace.remove()
        self.forget(remote)

    def tags(self):
        made = self.cluster(CASCADE)
        node1, node2, node3, node4 = made.members
        node1.start()
        wait_until("node1 leads", node1.is_primary)
        for member in (node2, node4, node3):
            member.start()
            wait_until(f"{member.name} is there", member.is_replica)
        wait_until("node3 streams from node2", lambda: node2.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1")
        wait_published(self.etcd, made)
        time.sleep(3)
        for member, role in ((node1, "master"), (node2, "replica"), (node3, "replica"), (node4, "replica")):
            self.take("68-tags", member, role, scenario="tags of every kind, node3 streams from node2")
        self.forget(made)


class RecordedMember(ModernMember):
    """With the dynamic configuration that all recordings have."""

    extra_dcs = ""

    def configuration(self):
        text = super().configuration()
        text = text.replace("    retry_timeout: 3\n", "    retry_timeout: 3\n    maximum_lag_on_failover: 1048576\n" + self.extra_dcs)
        return text.replace("        max_connections: 50\n", "        max_connections: 50\n        max_wal_senders: 10\n"
                            "        max_replication_slots: 10\n        wal_level: replica\n")


def stop_postgres(member):
    os.kill(processes.postmaster(member.data), signal.SIGINT)
    wait_until(f"{member.name} is down", lambda: processes.postmaster(member.data) is None)


def wait_published(etcd, made):
    def published():
        members = [json.loads(etcd.get(f"/service/{member.scope}/members/{member.name}") or "{}") for member in made.members]
        return all(row.get("state") == "running" and row.get("timeline") for row in members)
    wait_until("every member is published", published)
    time.sleep(1.5)


STAGES = ["steady_and_maintenance", "unlocked", "synchronous", "standby_cluster", "tags"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version")
    parser.add_argument("recordings")
    parser.add_argument("--like", type=pathlib.Path, default=HERE / "exchanges/v3.3.11.jsonl")
    parser.add_argument("--only", choices=STAGES, action="append")
    options = parser.parse_args()
    with Recording(options.version, options.recordings, options.like) as recording:
        for name in options.only or STAGES:
            getattr(recording, name)()


if __name__ == "__main__":
    main()
