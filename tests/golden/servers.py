"""What the cases need: etcd on 22379, PostgreSQL on 25432, and a stand-in for the REST API of members."""

import base64
import http.server
import json
import pathlib
import sys
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
from lab import parts, processes
from lab.workspace import Workspace

ETCD = "http://127.0.0.1:22379"
PORTS = (28008, 28009, 28010, 28011)
POSTGRES_PORT = 25432
EVERYTHING = {"key": base64.b64encode(b"\0").decode(), "range_end": base64.b64encode(b"\0").decode()}


def encode(text):
    return base64.b64encode(text.encode()).decode()


class Etcd:
    """One node; it is emptied for each case."""

    def __init__(self, workspace):
        self.process = processes.start(
            [parts.program("etcd"), "--name", "golden", "--data-dir", workspace.folder_in_memory("etcd"),
             "--listen-client-urls", ETCD, "--advertise-client-urls", ETCD,
             "--listen-peer-urls", "http://127.0.0.1:22380", "--initial-advertise-peer-urls", "http://127.0.0.1:22380",
             "--initial-cluster", "golden=http://127.0.0.1:22380", "--logger", "zap", "--log-level", "warn"],
            workspace.path / "etcd.log")
        for _ in range(600):
            try:
                self.read()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("etcd did not start")

    def call(self, method, body):
        request = urllib.request.Request(ETCD + "/v3" + method, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def put(self, key, value):
        self.call("/kv/put", {"key": encode(key), "value": encode(value)})

    def delete(self, key):
        self.call("/kv/deleterange", {"key": encode(key)})

    def reset(self, keys):
        """Exactly these keys, written in their order, each at a revision of its own."""
        self.call("/kv/deleterange", EVERYTHING)
        for key, value in keys.items():
            self.put(key, value)

    def read(self):
        pairs = self.call("/kv/range", EVERYTHING).get("kvs", [])
        return {base64.b64decode(pair["key"]).decode(): base64.b64decode(pair.get("value", "")).decode() for pair in pairs}


def start_postgres(workspace):
    programs = parts.postgres_15()
    data = workspace.folder_in_memory("postgres")
    log = workspace.path / "postgres.log"
    initdb = processes.start([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], log)
    if initdb.wait(timeout=120) != 0:
        raise RuntimeError("initdb failed")
    processes.watch_postgres(data)
    processes.start([programs / "postgres", "-D", data, "-p", POSTGRES_PORT, "-c", "listen_addresses=127.0.0.1", "-k", "",
                     "-c", "timezone=UTC", "-c", "fsync=off"], log)
    for _ in range(600):
        ready = processes.start([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", POSTGRES_PORT], log)
        if ready.wait(timeout=10) == 0:
            return
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start")


class Members:
    """Canned answers: port -> "METHOD /path" -> answers in their order, the last one again and again."""

    def __init__(self, routes, etcd):
        self.routes, self.etcd, self.requests, self.lock, self.counts = routes, etcd, [], threading.Lock(), {}
        self.servers = []
        for port in routes:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), self.handler())
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            self.servers.append(server)

    def next_answer(self, port, what):
        """Under the lock: the requests are noted before this."""
        answers = self.routes.get(port, {}).get(what)
        index = self.counts.get((port, what), 0)
        self.counts[(port, what)] = index + 1
        return answers[min(index, len(answers) - 1)] if answers else {"status": 404, "body": ""}

    def change(self, what):
        for key, value in what.get("put", {}).items():
            self.etcd.put(key, value)
        for key in what.get("del", []):
            self.etcd.delete(key)

    def handler(self):
        members = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle_any(self):
                port = str(self.server.server_address[1])
                body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                with members.lock:
                    members.requests.append({"port": int(port), "method": self.command, "path": self.path, "headers": headers, "body": body})
                    answer = members.next_answer(port, f"{self.command} {self.path}")
                members.change(answer)
                if "put_later" in answer:
                    later = threading.Timer(answer["put_later"]["after"], members.change, [answer["put_later"]])
                    later.daemon = True
                    later.start()
                if answer.get("drop"):
                    self.close_connection = True
                    self.connection.close()
                    return
                data = answer.get("body", "").encode()
                self.send_response(answer.get("status", 200))
                for name, value in (answer.get("headers") or {"Content-Type": "text/html"}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_OPTIONS = do_HEAD = handle_any

        return Handler

    def stop(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()


__all__ = ["ETCD", "Etcd", "Members", "Workspace", "start_postgres", "processes", "parts"]
