#!/usr/bin/env python3
"""Fleets and watches on a real etcd:  bench/stores.py [--clusters 10000] [--rounds 5] [--patctl FILE] [--watch FILE]

Starts an etcd of its own (on loopback, data in memory where there is room), writes 12 keys for each cluster, and runs in turn
`curl` (one process, one connection, the same pages of 1,000 keys at the same revision) and `patctl status --all`. Then bench_watch: how soon
Store::start_watch tells a change beside a raw reader of the stream. Prints rows of docs/performance.md.
"""

import argparse
import base64
import http.client
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = 1000
MEMBER = ('{"conn_url":"postgres://10.0.%d.%d:5432/postgres","api_url":"http://10.0.%d.%d:8008/patroni","state":"running","role":"%s",'
          '"version":"4.1.4","xlog_location":67393700,"timeline":3}')


def code(text):
    return base64.b64encode(text.encode()).decode()


def keys_of(number):
    scope = f"/service/cluster{number:05d}/"
    keys = {"config": '{"ttl":30,"loop_wait":10,"retry_timeout":10,"maximum_lag_on_failover":1048576}', "initialize": "7711379695816302360",
            "leader": "pg1", "status": '{"optime":67393700}', "history": '[[1,67393608,"no recovery target specified","2026-11-23T14:54:33+00:00","pg1"]]',
            "failover": "{}", "sync": '{"leader":null,"sync_standby":null}', "failsafe": '{"pg1":"http://10.0.0.1:8008/patroni"}',
            "optime/leader": "67393700"}
    for member in (1, 2, 3):
        octets = (number // 250, number % 250)
        keys[f"members/pg{member}"] = MEMBER % (*octets, *octets, "primary" if member == 1 else "replica")
    return {scope + name: value for name, value in keys.items()}


class Etcd:
    def __init__(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
            self.port, peer = one.getsockname()[1], other.getsockname()[1]
        url, peer_url = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{peer}"
        self.process = subprocess.Popen(
            ["etcd", "--data-dir", folder, "--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls", peer_url,
             "--initial-advertise-peer-urls", peer_url, "--initial-cluster", f"default={peer_url}", "--logger", "zap", "--log-level", "error"])
        for _ in range(300):
            try:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.call("/kv/range", {"key": code("/")})
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("etcd does not start")

    def call(self, path, body):
        self.connection.request("POST", "/v3" + path, json.dumps(body))
        return json.loads(self.connection.getresponse().read())

    def fill(self, clusters):
        """Returns all keys, sorted."""
        names = []
        for first in range(0, clusters, 10):
            keys = {}
            for number in range(first, min(first + 10, clusters)):
                keys.update(keys_of(number))
            names += keys
            self.call("/kv/txn", {"success": [{"request_put": {"key": code(key), "value": code(value)}} for key, value in keys.items()]})
        return sorted(names)


def measured(command):
    """(wall seconds, CPU seconds, peak MB) of a process whose output goes nowhere."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command[0]}: exit {child.returncode}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def curl_pages(folder, etcd, names):
    """The same requests as patctl's, for one process of curl."""
    revision = etcd.call("/kv/range", {"key": code("/"), "count_only": True})["header"]["revision"]
    requests = []
    for first in range(0, len(names), PAGE):
        body = {"key": code(names[first] if first else "/service/"), "range_end": code("/service0"), "limit": str(PAGE), "revision": revision}
        file = folder / f"page{first}.json"
        file.write_text(json.dumps(body))
        requests.append(f'url = "http://127.0.0.1:{etcd.port}/v3/kv/range"\ndata-binary = "@{file}"\noutput = "/dev/null"\nsilent\n')
    config = folder / "pages.curl"
    config.write_text("next\n".join(requests))
    return ["curl", "-K", str(config)]


def fleet(options, etcd, folder):
    names = etcd.fill(options.clusters)
    commands = {"curl": curl_pages(folder, etcd, names),
                "patctl": [str(options.patctl), "status", "--etcd3", f"127.0.0.1:{etcd.port}", "--all", "-f", "tsv", "--timeout", "120"]}
    lines = subprocess.run(commands["patctl"], capture_output=True, text=True, check=True).stdout.count("\n")
    if lines != options.clusters + 1:
        sys.exit(f"patctl prints {lines} lines for {options.clusters} clusters")
    figures = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, command in commands.items():
            figures[name].append(measured(command))
    middle = {name: [statistics.median(column) for column in zip(*rounds)] for name, rounds in figures.items()}
    ratio = statistics.median(mine[0] / curls[0] for mine, curls in zip(figures["patctl"], figures["curl"]))
    memory = max(one[2] for one in figures["patctl"])
    print(f"| {options.clusters} clusters, {len(names)} keys: `patctl status --all` | {middle['patctl'][0]:.2f} s wall, {middle['patctl'][1]:.2f} s CPU"
          f" | curl, the same pages: {middle['curl'][0]:.2f} s wall, {middle['curl'][1]:.2f} s CPU | {ratio:.2f} | <= 1.2: {'met' if ratio <= 1.2 else 'MISSED'} |")
    print(f"| the same: peak memory | {memory:.0f} MB | | | < 300 MB: {'met' if memory < 300 else 'MISSED'} |")


def watch(options, etcd):
    done = subprocess.run([str(options.watch), "127.0.0.1", str(etcd.port), "500"], capture_output=True, text=True, check=True, timeout=300)
    figures = json.loads(done.stdout)
    for title, name, target in (("callback of a watch, after a raw reader of the same stream", "callback_after_raw_us", (300, 2000)),
                                ("raw reader, after the acknowledgement of the put", "raw_after_acknowledgement_us", None)):
        one = figures[name]
        met = f"p50 <= 0.3 ms, p99 <= 2 ms: {'met' if one['p50'] <= target[0] and one['p99'] <= target[1] else 'MISSED'}" if target else ""
        print(f"| {title}, {one['events']} events | p10 {one['p10'] / 1000:.2f}, p50 {one['p50'] / 1000:.2f}, p90 {one['p90'] / 1000:.2f},"
              f" p99 {one['p99'] / 1000:.2f}, max {one['max'] / 1000:.2f} ms | | | {met} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clusters", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--patctl", type=pathlib.Path, default=ROOT / "build/bench/bin/patctl")
    parser.add_argument("--watch", type=pathlib.Path, default=ROOT / "build/bench/bin/bench_watch")
    options = parser.parse_args()
    for tool in ("etcd", "curl"):
        if not shutil.which(tool):
            sys.exit(f"no {tool} on PATH")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="bench-stores-", dir=memory) as name:
        etcd = Etcd(str(pathlib.Path(name) / "etcd"))
        try:
            print(f"load before: {os.getloadavg()[0]:.1f}")
            print("| measured | figure | compared with | ratio | target |\n|---|---|---|---|---|")
            if options.clusters:
                fleet(options, etcd, pathlib.Path(name))
            if options.watch.exists():
                watch(options, etcd)
            print(f"load after: {os.getloadavg()[0]:.1f}")
        finally:
            etcd.process.kill()
            etcd.process.wait()


if __name__ == "__main__":
    main()
