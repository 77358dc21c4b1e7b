"""An etcd server with both APIs (etcd 3.4 is the last one in Debian that has v2)."""

import base64
import contextlib
import json
import os
import signal
import subprocess
import urllib.parse

from . import http_client, parts, processes
from .ports import free_port
from .waiting import wait_until


class Etcd:
    """One node, data on tmpfs where there is one (etcd 3.4 cannot be told not to fsync)."""

    def __init__(self, workspace, election_ms=250, version=None, options=()):
        self.workspace = workspace
        self.version = version  # None: that of Debian; else one of lab-install --etcd
        self.election_ms = election_ms
        self.options = options  # of its command line
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.address}"
        self.login = None
        self._process = None

    def start(self):
        self._data = self.workspace.folder_in_memory("etcd")
        return self.again()

    def again(self):
        """Starts it on the data that it had, after it was killed."""
        program = parts.etcd(self.version)
        has_v2 = not self.version or self.version.startswith("3.5.")
        data = self._data
        peer = f"http://127.0.0.1:{free_port()}"
        self._process = processes.start(
            [program, "--name", "lab", "--data-dir", data, *(["--enable-v2=true"] if has_v2 else []),
             "--listen-client-urls", self.url, "--advertise-client-urls", self.url,
             "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"lab={peer}",
             "--heartbeat-interval", str(min(100, self.election_ms // 5)), "--election-timeout", str(self.election_ms), "--logger", "zap", "--log-level", "warn",
             *self.options],
            self.workspace.path / "etcd.log")
        wait_until("etcd is healthy", lambda: '"true"' in http_client.request("GET", self.url + "/health")[1], 30, 0.05)
        return self

    def stop(self):
        if self._process:
            processes.kill(self._process)
            self._process = None

    @contextlib.contextmanager
    def frozen(self):
        """Within, it answers nothing, and its connections stay open."""
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process.pid, signal.SIGCONT)

    def section(self):
        """The section of a configuration file of Patroni."""
        return f"etcd3:\n  hosts:\n  - {self.address}\n"

    # ---- v3, with etcdctl

    def control(self, *arguments):
        login = ["--user", ":".join(self.login)] if self.login else []
        return subprocess.run(
            [parts.program("etcdctl"), "--endpoints", self.address, *login, *arguments],
            env={"PATH": os.environ["PATH"], "ETCDCTL_API": "3"}, capture_output=True, text=True, check=True, timeout=10).stdout

    def get(self, key):
        """The value of a v3 key, None without it."""
        text = self.control("get", key, "-w", "json")
        pairs = json.loads(text).get("kvs", [])
        return base64.b64decode(pairs[0].get("value", "")).decode() if pairs else None

    def delete(self, key):
        self.control("del", key)

    def require_login_v3(self, root_password, user, password, prefix):
        """Switches authentication on; `user` may read and write below `prefix`."""
        self.control("user", "add", f"root:{root_password}")
        self.control("user", "grant-role", "root", "root")
        self.control("role", "add", "patroni")
        self.control("role", "grant-permission", "patroni", "--prefix=true", "readwrite", prefix)
        self.control("user", "add", f"{user}:{password}")
        self.control("user", "grant-role", user, "patroni")
        self.control("auth", "enable")
        self.login = ("root", root_password)

    def tree(self, prefix):
        """{key below prefix: value} of the v3 API, over its HTTP gateway."""
        def code(text):
            return base64.b64encode(text.encode()).decode()
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        status, text = http_client.request("POST", self.url + "/v3/kv/range", json.dumps({"key": code(prefix), "range_end": code(end)}))
        if status >= 300:
            raise RuntimeError(f"etcd range {prefix}: {status} {text}")
        return {base64.b64decode(pair["key"]).decode().removeprefix(prefix): base64.b64decode(pair.get("value", "")).decode()
                for pair in json.loads(text).get("kvs", [])}

    # ---- v2

    def v2_tree(self, prefix):
        """{key below prefix: value}"""
        def leaves(node):
            if "value" in node:
                yield node["key"].removeprefix(prefix), node["value"]
            for child in node.get("nodes", []):
                yield from leaves(child)
        return dict(leaves(self.v2("GET", "/keys" + prefix.rstrip("/") + "?recursive=true")["node"]))

    def v2(self, method, path, body=None, content_type="application/x-www-form-urlencoded"):
        status, text = http_client.request(method, self.url + "/v2" + path, body, self.login, content_type)
        if status >= 300:
            raise RuntimeError(f"etcd {method} {path}: {status} {text}")
        return json.loads(text) if text else None

    def v2_set(self, key, value, ttl=None):
        fields = {"value": value} if ttl is None else {"value": value, "ttl": ttl}
        return self.v2("PUT", "/keys" + key, urllib.parse.urlencode(fields))

    def v2_make_folder(self, key):
        return self.v2("PUT", "/keys" + key, "dir=true")

    def v2_delete(self, key):
        return self.v2("DELETE", "/keys" + key + "?recursive=true")

    def require_login_v2(self, root_password, user, password):
        """Switches the authentication of the v2 API on; nobody reads without a login any more."""
        self.v2("PUT", "/auth/users/root", json.dumps({"user": "root", "password": root_password}), "application/json")
        everything = {"kv": {"read": ["/*"], "write": ["/*"]}}
        self.v2("PUT", "/auth/roles/reader", json.dumps({"role": "reader", "permissions": everything}), "application/json")
        self.v2("PUT", f"/auth/users/{user}", json.dumps({"user": user, "password": password, "roles": ["reader"]}),
                "application/json")
        self.v2("PUT", "/auth/enable")
        previous, self.login = self.login, ("root", root_password)
        self.v2("PUT", "/auth/roles/guest", json.dumps({"role": "guest", "revoke": everything}), "application/json")
        self.login = previous
