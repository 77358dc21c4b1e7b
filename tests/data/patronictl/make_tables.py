#!/usr/bin/env python3
"""Writes tables.jsonl: what Patroni's own patronictl prints of generated clusters.

    python3 make_tables.py > tables.jsonl

Needs patroni 4.1.4 with click 8.1.3, prettytable 3.6.0, wcwidth 0.2.5 and PyYAML 6.0. Each line is one run: the keys below the path of a
cluster, the arguments, the output, the exit code.
"""

import json
import random
import sys
import types

from click.testing import CliRunner
from patroni import ctl
from patroni.dcs import AbstractDCS, Cluster
from patroni.dcs.etcd3 import Etcd3
from patroni.postgresql.mpp import get_mpp

NAMES = ["pg1", "pg2", "pg3", "PG4", "a-very-long-member-name-0", "日本", "näme", "z"]
LSNS = [0, 83886176, 83886177, 80740448, 82837600, "83886176", "0x5000060", "010", "junk", None, 84410464, 84934752, 84934751, 1.5, -3, True, "2.5"]
TAGS = [{}, {"clonefrom": True}, {"nofailover": True, "replicatefrom": "pg1"}, {"replicatefrom": "pg3"}, {"replicatefrom": "pg2", "note": "on"},
        {"replicatefrom": "nosuch"}, {"list": [1, "two", {"x": None}], "empty": {}, "text": "a: b"}, {"é": "日本", "n": 1.0, "big": 10**20}]
REASONS = [{"max_connections": {"old_value": "100", "new_value": "200"}},
           {"wal_level": {"old_value": "replica", "new_value": "logical"}, "shared_preload_libraries": {"old_value": "", "new_value": "x" * 45}},
           {"shared_preload_libraries": {"old_value": "", "new_value": "é" * 22}}]
PARTS = types.SimpleNamespace(
    _INITIALIZE=AbstractDCS._INITIALIZE, _CONFIG=AbstractDCS._CONFIG, _HISTORY=AbstractDCS._HISTORY, _STATUS=AbstractDCS._STATUS,
    _LEADER_OPTIME=AbstractDCS._LEADER_OPTIME, _MEMBERS=AbstractDCS._MEMBERS, _LEADER=AbstractDCS._LEADER, _FAILOVER=AbstractDCS._FAILOVER,
    _SYNC=AbstractDCS._SYNC, _FAILSAFE=AbstractDCS._FAILSAFE, _ctl=True, _name="x", _lease=None, member=Etcd3.member)


def maybe(random, chance, value):
    return value if random.random() < chance else None


def member(random, index, usual):
    data = {"state": "running", "role": "replica", "timeline": 3, "xlog_location": 83886176}
    data["conn_url"] = f"postgres://10.0.0.{index}:5432/postgres"
    if not usual:
        data["conn_url"] = random.choice([data["conn_url"], "postgres://u:p@10.0.0.1:5433/postgres?a=b", "postgres://[fe80::1]/x", "postgresql://Host.Example",
                                          "http://", "", None, 'postgres://[2001:DB8::1]:0/'])
        data.update(random.choice([{}, {"conn_kwargs": {"host": "10.9.9.9", "port": "5434"}}, {"conn_kwargs": {}}, {"conn_kwargs": {"host": "h"}}]))
    for field, values in {
            "replication_state": ["streaming", "in archive recovery", "", None], "receive_lsn": LSNS, "replay_lsn": LSNS, "xlog_location": LSNS,
            "pending_restart": [True, False, 1], "pending_restart_reason": REASONS, "tags": TAGS, "timeline": [1, 12, None, "x"],
            "state": ["running", "stopped", "streaming", "start failed", "", 'a "quoted" one', None],
            "scheduled_restart": [{"schedule": "2030-01-01T00:00:00+00:00"}, {"schedule": "2030-01-01T00:00:00+00:00", "postgres_version": "16.4"}]}.items():
        if random.random() < (0.35 if usual else 0.5):
            data[field] = random.choice(values)
    return random.choice(["null", "[1]", "x", ""]) if not usual and random.random() < 0.1 else json.dumps(data, ensure_ascii=random.random() < 0.5)


def config(random):
    return random.choice([
        {}, {"synchronous_mode": True}, {"synchronous_mode": "Quorum"}, {"synchronous_mode": "on", "pause": True}, {"pause": "yes"},
        {"standby_cluster": {"host": "x"}}, {"standby_cluster": {"host": ""}, "synchronous_mode": 1}, {"standby_cluster": {"port": 5432}, "synchronous_mode": True}])


def failover(random, names):
    return random.choice([{}, {"leader": "pg1", "member": "pg2", "scheduled_at": "2030-01-02T03:04:05+00:00"}, {"scheduled_at": "2030-01-02T03:04:05+00:00"},
                          {"member": "pg2", "scheduled_at": "2030-01-02T03:04:05.5Z"}, {"leader": "pg1", "scheduled_at": "2030-01-02 03:04"},
                          {"leader": "pg1", "member": None, "scheduled_at": "2030-01-02T03:04:05.000001+05:30"}, {"leader": "pg1", "member": "pg2"}])


def cluster_keys(random, usual):
    names = random.sample(NAMES[:4] if usual else NAMES, random.randint(0 if not usual else 1, 4))
    keys = {f"members/{name}": member(random, index, usual) for index, name in enumerate(names, 1)}
    for key, chance, value in [
            ("leader", 0.85, random.choice(names + ["gone"] + ([""] if not usual else []))), ("initialize", 0.9, random.choice(["7400000000000000001", "", "x" * 80])),
            ("config", 0.9, json.dumps(config(random))), ("failover", 0.5, json.dumps(failover(random, names))),
            ("status", 0.8, random.choice(['{"optime":83886176}', "83886176", '{"optime":"84410464"}', "junk", '{"optime":null}', '{"optime":1.9}'])),
            ("optime/leader", 0.2, "84934752"),
            ("sync", 0.7, json.dumps({"leader": random.choice(names + [None]), "sync_standby": random.choice(["pg2", " PG3 , pg2,", None, "日本"]),
                                      "quorum": random.choice([None, 1, "2", "x"])})),
            ("history", 0.5, json.dumps([[1, 100, "no recovery target specified", "2024-01-01T00:00:00+00:00", "pg1"], [2, 200, "é"], [None, 1.5, "x", None]]))]:
        if random.random() < chance:
            keys[key] = value
    return dict(sorted(keys.items()))


def cluster_of(keys):
    nodes = {key: {"key": key, "value": value, "mod_revision": index, "lease": None} for index, (key, value) in enumerate(sorted(keys.items(), key=lambda one: one[0].encode()), 1)}
    return Etcd3._cluster_from_nodes(PARTS, nodes)


def run(keys, citus, arguments):
    def load():
        if not citus:
            return cluster_of(keys)
        groups = {}
        for key, value in keys.items():
            group, _, rest = key.partition("/")
            groups.setdefault(int(group), {})[rest] = value
        order = sorted(groups, key=str)
        clusters = {group: cluster_of(groups[group]) for group in order}
        main = clusters.pop(0, Cluster.empty())
        main.workers.update(clusters)
        return main

    ctl.get_dcs = lambda scope, group: types.SimpleNamespace(get_cluster=load)
    ctl.is_citus_cluster = lambda: citus
    ctl.load_config = lambda path, url: {"scope": "demo"}
    result = CliRunner().invoke(ctl.ctl, arguments, env={"TZ": "UTC"})
    return result.output if result.exit_code == 0 else "", result.exit_code


COMMANDS = [["list"], ["list", "-e"], ["list", "-f", "tsv"], ["list", "-f", "json"], ["list", "-e", "-f", "yaml"], ["topology"], ["history"],
            ["history", "-f", "json"], ["show-config"], ["dsn"], ["dsn", "-r", "replica"], ["dsn", "-r", "standby-leader"], ["list", "-e", "-f", "tsv"]]


def main(count):
    rng = random.Random(414)
    for index in range(count):
        usual, citus = rng.random() < 0.6, rng.random() < 0.15
        if citus:
            keys = {f"{group}/{key}": value for group in rng.sample([0, 1, 2, 10], rng.randint(1, 3)) for key, value in cluster_keys(rng, usual).items()}
        else:
            keys = cluster_keys(rng, usual)
        command = COMMANDS[index % len(COMMANDS)]
        arguments = [command[0], "demo", *command[1:]]
        output, code = run(keys, citus, arguments)
        print(json.dumps({"keys": keys, "citus": citus, "arguments": arguments, "exit": code, "stdout": output}, ensure_ascii=False))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 260)
