"""Consul: a dev agent, which is a server of its own, with everything in memory."""

import base64
import contextlib
import json
import os
import signal

from . import http_client, parts, processes
from .ports import free_port
from .waiting import wait_until


class Consul:
    """With `management` (the token of the administrator, a UUID) everything is denied to other tokens, and to none."""

    def __init__(self, workspace, management=None, port=None):
        self.workspace = workspace
        self.management = management
        self.port = port or free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.address}"
        self._process = None

    def start(self):
        more = []
        if self.management:
            more = ["-hcl", 'acl { enabled = true default_policy = "deny" tokens { '
                            f'initial_management = "{self.management}" agent = "{self.management}" }} }}']
        self._process = processes.start(
            [parts.consul(), "agent", "-dev", "-node", "lab", "-bind", "127.0.0.1", "-client", "127.0.0.1",
             "-http-port", str(self.port), "-server-port", str(free_port()), "-serf-lan-port", str(free_port()),
             "-serf-wan-port", str(free_port()), "-dns-port", "-1", "-grpc-port", "-1", "-hcl", "ports { grpc_tls = -1 }",
             "-log-level", "warn", *more],
            self.workspace.path / "consul.log", folder=self.workspace.path)
        wait_until("Consul has a leader", lambda: http_client.request("GET", self.url + "/v1/status/leader")[1] not in ("", '""'), 60, 0.05)
        wait_until("Consul takes writes", lambda: self._call("PUT", "/v1/kv/lab/ready", "1")[0] == 200, 60, 0.1)
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
        token = f"  token: {self.management}\n" if self.management else ""
        return f"consul:\n  host: {self.address}\n{token}"

    # ---- its API

    def _call(self, method, path, body=None, text=True):
        headers = {"X-Consul-Token": self.management} if self.management else {}
        return http_client.request(method, self.url + path, body, headers=headers, text=text)

    def call(self, method, path, body=None):
        """The answer as text; with a status that is no success an exception."""
        status, text = self._call(method, path, body)
        if status >= 300:
            raise RuntimeError(f"Consul {method} {path}: {status} {text}")
        return text

    def put(self, key, value):
        self.call("PUT", "/v1/kv" + key, value)

    def delete(self, key):
        self.call("DELETE", "/v1/kv" + key)

    def get(self, key):
        """The value of a key, None without it."""
        status, text = self._call("GET", "/v1/kv" + key)
        return base64.b64decode(json.loads(text)[0]["Value"] or "").decode() if status == 200 else None

    def tree(self, prefix):
        """{key below prefix: value}"""
        status, text = self._call("GET", f"/v1/kv{prefix}?recurse=1")
        entries = json.loads(text) if status == 200 else []
        return {entry["Key"][len(prefix) - 1:]: base64.b64decode(entry["Value"] or "").decode() for entry in entries}

    def sessions(self):
        """The sessions of Patroni: {id: "SCOPE-MEMBER"}"""
        return {one["ID"]: one["Name"] for one in json.loads(self.call("GET", "/v1/session/list"))}

    def destroy_session(self, identity):
        self.call("PUT", "/v1/session/destroy/" + identity)

    def snapshot(self):
        """Everything that it holds, for `restore`."""
        return self._call("GET", "/v1/snapshot", text=False)[1]

    def restore(self, snapshot):
        self.call("PUT", "/v1/snapshot", snapshot)

    def make_token(self, name, rules):
        """A token with a policy of these rules (HCL)."""
        self.call("PUT", "/v1/acl/policy", json.dumps({"Name": name, "Rules": rules}))
        made = self.call("PUT", "/v1/acl/token", json.dumps({"Policies": [{"Name": name}]}))
        return json.loads(made)["SecretID"]

    def delete_token(self, secret):
        for one in json.loads(self.call("GET", "/v1/acl/tokens")):
            if one.get("SecretID") == secret:
                self.call("DELETE", "/v1/acl/token/" + one["AccessorID"])
