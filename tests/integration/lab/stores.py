"""One row for each store: how to start it, how to change it from outside, how patctl is told of it.

What the conformance suite needs of a store is what the methods of EtcdV3 are; a further store is a class with the same ones, a row of
STORES and a class in test_store_conformance.py. `exact`: the store can tell every change, also after a connection was lost.
"""

import base64
import json
import threading
import urllib.parse

from . import http_client
from .consul import Consul
from .etcd import Etcd
from .zookeeper import Zookeeper


class Served:
    """A store with its server; `option` leads patctl there."""

    exact = True
    has_leases = True

    def __init__(self, workspace):
        self.server = self.make_server(workspace)

    def start(self):
        self.server.start()
        return self

    def stop(self):
        self.server.stop()

    @property
    def port(self):
        return self.server.port

    def frozen(self):
        return self.server.frozen()

    def source(self, address=None):
        """The options that lead patctl there."""
        return [self.option, address or self.server.address]


class EtcdV3(Served):
    name = "etcd3"
    option = "--etcd3"
    version = None  # That of Debian.

    def make_server(self, workspace):
        return Etcd(workspace, version=self.version)

    # ---- changes from outside

    def put(self, key, value, lease=None):
        body = {"key": _code(key), "value": _code(value)}
        if lease:
            body["lease"] = lease
        self._call("/kv/put", body)

    def remove(self, key):
        self._call("/kv/deleterange", {"key": _code(key)})

    def remove_prefix(self, prefix):
        self._call("/kv/deleterange", {"key": _code(prefix), "range_end": _code(prefix[:-1] + chr(ord(prefix[-1]) + 1))})

    def put_with_ttl(self, keys, seconds):
        """Keys that vanish together."""
        lease = self._call("/lease/grant", {"TTL": seconds})["ID"]
        for key, value in keys.items():
            self.put(key, value, lease)

    def forget_history(self):
        """Makes it unable to tell what happened until now."""
        revision = self._call("/kv/range", {"key": _code("/"), "count_only": True})["header"]["revision"]
        self._call("/kv/compaction", {"revision": revision, "physical": True})

    def _call(self, path, body):
        status, text = http_client.request("POST", self.server.url + "/v3" + path, json.dumps(body), timeout=10)
        if status >= 300:
            raise RuntimeError(f"etcd {path}: {status} {text}")
        return json.loads(text)


class EtcdV2(EtcdV3):
    name = "etcd2"
    option = "--etcd"
    has_leases = False

    def put(self, key, value, lease=None):
        self._v2("PUT", key, urllib.parse.urlencode({"value": value}))

    def remove(self, key):
        self._v2("DELETE", key)

    def remove_prefix(self, prefix):
        self._v2("DELETE", prefix.rstrip("/") + "?recursive=true")

    def put_with_ttl(self, keys, seconds):
        for key, value in keys.items():
            self._v2("PUT", key, urllib.parse.urlencode({"value": value, "ttl": seconds}))

    def forget_history(self):
        for count in range(1050):
            self._v2("PUT", "/elsewhere", f"value={count}")

    def _v2(self, method, key, body=None):
        self.server.v2(method, "/keys" + key, body)


class ConsulKv(Served):
    name = "consul"
    option = "--consul"
    exact = False  # It tells states, and what came and went in between is skipped.

    def make_server(self, workspace):
        return Consul(workspace)

    def put(self, key, value):
        self.server.put(urllib.parse.quote(key), value)

    def remove(self, key):
        self.server.delete(urllib.parse.quote(key))

    def remove_prefix(self, prefix):
        self.server.call("DELETE", f"/v1/kv{prefix}?recurse=1")

    def put_with_ttl(self, keys, seconds):
        """Keys of one session, which is ended by hand: by itself it ends after 20 s at the earliest."""
        session = json.loads(self.server.call("PUT", "/v1/session/create", '{"Behavior": "delete", "LockDelay": "0s", "TTL": "10s"}'))["ID"]
        for key, value in keys.items():
            self.server.delete(key)
            self.server.call("PUT", f"/v1/kv{key}?acquire={session}", value)
        threading.Timer(seconds, self.server.destroy_session, [session]).start()

    def forget_history(self):
        """It has none."""


class InZookeeper(Served):
    name = "zookeeper"
    option = "--zookeeper"
    exact = False  # What happened on the way between two looks is not told.
    has_leases = False  # They vanish together, but the member's is held back.
    size = 1

    def make_server(self, workspace):
        return Zookeeper(workspace, self.size)

    def put(self, key, value):
        self.server.put(key, value)

    def remove(self, key):
        self.server.client.delete(key)

    def remove_prefix(self, prefix):
        self.server.client.delete(prefix.rstrip("/"), recursive=True)

    def put_with_ttl(self, keys, seconds):
        owner = self.server.new_client(timeout=2.0)  # Its keys end with it.
        owner.start()
        for key, value in keys.items():
            if self.server.client.exists(key):
                self.server.client.delete(key)
            owner.create(key, value.encode(), ephemeral=True, makepath=True)

        def end():
            owner.stop()
            owner.close()
        threading.Timer(seconds, end).start()

    def forget_history(self):
        """It never has one."""


class InEnsemble(InZookeeper):
    """Three servers; patctl and the proxies are led to the first one, changes come by any."""

    name = "zookeeper ensemble"
    size = 3


def _code(text):
    return base64.b64encode(text.encode()).decode()


STORES = {store.name: store for store in (EtcdV3, EtcdV2, ConsulKv, InZookeeper, InEnsemble)}
