#!/usr/bin/env python3
"""Prints what the installed Patroni answers to GET /metrics in some situations, one JSON document
per line: its own code writes the text, only the state of PostgreSQL is made up. For the versions of
which there are no recordings. Run it with the Python of each installation:

    for version in 2.1.7 3.0.4 3.1.2 3.2.2; do patroni-$version/bin/python render_metrics.py; done
"""
import datetime
import json
from types import SimpleNamespace

from patroni.api import RestApiHandler
from patroni.version import __version__

START = datetime.datetime(2026, 11, 23, 15, 2, 38, 318677, tzinfo=datetime.timezone.utc)
SITUATIONS = {
    "leader": {
        "state": "running", "role": "master", "server_version": 150020, "timeline": 3,
        "postmaster_start_time": START, "xlog": {"location": 2 ** 63 - 1}, "dcs_last_seen": 1795446158,
    },
    "replica": {
        "state": "running", "role": "replica", "server_version": 150020, "timeline": 3,
        "postmaster_start_time": START, "dcs_last_seen": 1795446158, "replication_state": "streaming",
        "xlog": {"received_location": 67108960, "replayed_location": 67108864,
                 "replayed_timestamp": START, "paused": True},
    },
    "nulls": {
        "state": "running", "role": "replica", "server_version": 90624, "timeline": None,
        "postmaster_start_time": None, "dcs_last_seen": 0, "cluster_unlocked": True,
        "xlog": {"received_location": None, "replayed_location": None, "replayed_timestamp": None,
                 "paused": False},
    },
    "down": {"state": "stopped", "role": "demoted"},
}


def render(status, paused, pending):
    postgresql = SimpleNamespace(scope="demo", name="pg1", pending_restart=pending,
                                 pending_restart_reason={"x": 1} if pending else {})
    patroni = SimpleNamespace(version=__version__, postgresql=postgresql,
                              ha=SimpleNamespace(is_paused=lambda: paused))
    answers = []

    def write(status_code, body, **_):
        answers.append((status_code, body))

    handler = SimpleNamespace(get_postgresql_status=lambda *_: status, _write_response=write,
                              write_response=write, server=SimpleNamespace(patroni=patroni))
    RestApiHandler.do_GET_metrics(handler)
    return answers[0]


for name, situation in SITUATIONS.items():
    code, body = render(dict(situation, pause=name == "leader"), name == "leader", name == "replica")
    print(json.dumps({"patroni": __version__, "name": name, "path": "/metrics", "status": code, "body": body},
                     separators=(",", ":")))
