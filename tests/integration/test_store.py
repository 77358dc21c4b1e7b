"""patroni::Store against real stores, with and without logins, with answers that get lost on the way: etcd 3.4 by both APIs; Consul;
newer etcds with --full."""

import json
import os
import socket
import subprocess
import threading

from lab import parts, raw_http
from lab.consul import Consul
from lab.etcd import Etcd
from lab.ports import free_port
from lab.testcase import LabTestCase

USER, PASSWORD = "patroni", "etcd-pass"
CONFIG = "/service/demo/config"


class Relay:
    """Stands before etcd and loses what belongs to the first write: its answer, or the request itself."""

    def __init__(self, port, lose):
        self.port, self.lose, self.lost = port, lose, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client):
        with client, socket.create_connection(("127.0.0.1", self.port)) as server:
            while request := raw_http.read_message(client):
                write = request.startswith((b"PUT", b"DELETE")) or any(
                    request.startswith(b"POST /v3/kv/" + name) for name in (b"txn", b"put", b"deleterange"))
                mine = write and not self.lost
                self.lost += mine
                if mine and self.lose == "request":
                    return
                server.sendall(request)
                answer = raw_http.read_message(server)
                if mine:
                    return
                client.sendall(answer)


class StoreCalls:
    """What both APIs must do; `api` is that of the class."""

    login = ("", "")
    version = None  # of etcd
    counts = True  # the store tells how many keys were removed
    secrets = (PASSWORD, "wrong-pass")

    @classmethod
    def prepare(cls):
        found = [path for path in parts.REPOSITORY.glob("build*/**/store_tour") if os.access(path, os.X_OK)]
        if not found:
            raise parts.Missing("no store_tour (build it: scripts/build dev)")
        cls.program = max(found, key=lambda path: path.stat().st_mtime)
        cls.store = cls.started(cls.make_store())
        cls.secure()

    @classmethod
    def make_store(cls):
        return Etcd(cls.workspace, version=cls.version)

    @classmethod
    def secure(cls):
        """Switches logins on, where the class has some."""

    def call(self, *words, address=None, login=None):
        command = [str(self.program), self.api, address or self.store.address, *(login or self.login), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
        for secret in self.secrets:
            self.assertNotIn(secret, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def key(self, name="config", scope="demo"):
        for cluster in self.call("clusters", scope)["clusters"]:
            return cluster["keys"].get(name)
        return None

    def fresh(self, value='{"ttl":30}'):
        self.assertEqual(self.call("put", CONFIG, value)["kind"], "done")
        return self.key()

    def test_compare_and_set(self):
        before = self.fresh()
        done = self.call("put_if", CONFIG, '{"ttl":31, "x":"\u00e4&=+ "}', before["revision"])
        self.assertEqual((done["kind"], done["reason"]), ("done", "none"))
        self.assertEqual(self.key(), {"value": '{"ttl":31, "x":"\u00e4&=+ "}', "revision": done["revision"]})
        conflict = self.call("put_if", CONFIG, '{"ttl":32}', before["revision"])
        self.assertEqual((conflict["kind"], conflict["reason"]), ("rejected", "conflict"))
        self.assertEqual(conflict["current"], self.key())

    def test_create_and_remove(self):
        key = "/service/demo/mine"
        self.call("remove", key)
        created = self.call("create", key, "1")
        self.assertEqual(created["kind"], "done")
        again = self.call("create", key, "2")
        self.assertEqual((again["reason"], again["current"]), ("conflict", {"value": "1", "revision": created["revision"]}))
        self.assertEqual(self.call("remove_if", key, created["revision"] + 1000)["reason"], "conflict")
        removed = self.call("remove_if", key, created["revision"])
        self.assertEqual((removed["kind"], removed["removed"]), ("done", 1 if self.counts else None))
        gone = self.call("put_if", key, "3", created["revision"])
        self.assertEqual((gone["reason"], gone["current_known"], gone["current"]), ("conflict", True, None))
        nothing = self.call("remove", key)
        self.assertEqual((nothing["kind"], nothing["removed"]), ("done", 0 if self.counts else None))

    def test_remove_a_cluster_and_not_its_neighbour(self):
        for key in ("gone/config", "gone/initialize", "gone/0/config", "gone2/config", "gon/config"):
            self.call("put", "/service/" + key, "{}")
        done = self.call("remove_cluster", "gone", "0")
        self.assertEqual(done["kind"], "done")
        self.assertEqual([one["group"] for one in self.call("clusters", "gone")["clusters"]], [None])
        self.assertEqual(self.call("remove_cluster", "gone")["kind"], "done")
        self.assertEqual(self.call("clusters", "gone")["clusters"], [])
        for scope in ("gone2", "gon"):
            self.assertIsNotNone(self.key(scope=scope))
        self.assertEqual(self.call("remove_cluster", "gone")["kind"], "done")
        self.assertEqual(self.call("remove_cluster", "..")["error"], "config")

    def test_an_answer_that_is_lost(self):
        before = self.fresh()
        with Relay(self.store.port, "answer") as relay:
            done = self.call("put_if", CONFIG, '{"ttl":41}', before["revision"], address=relay.address)
            self.assertEqual(relay.lost, 1)
        self.assertEqual(done["kind"], "done", done)
        self.assertEqual(self.key(), {"value": '{"ttl":41}', "revision": done["revision"]})

    def test_a_request_that_is_lost(self):
        before = self.fresh()
        with Relay(self.store.port, "request") as relay:
            done = self.call("put_if", CONFIG, '{"ttl":42}', before["revision"], address=relay.address)
        self.assertEqual(done["kind"], "done", done)
        self.assertEqual(self.key(), {"value": '{"ttl":42}', "revision": done["revision"]})
        with Relay(self.store.port, "request") as relay:
            put = self.call("put", CONFIG, '{"ttl":43}', address=relay.address)
        self.assertEqual((put["kind"], put["current"]["value"]), ("unknown", '{"ttl":42}'), "a put is never sent twice")
        self.assertEqual(self.key()["value"], '{"ttl":42}')

    def test_another_endpoint(self):
        before = self.fresh()
        done = self.call("put_if", CONFIG, '{"ttl":44}', before["revision"], address=f"127.0.0.1:{free_port()},{self.store.address}")
        self.assertEqual(done["kind"], "done")
        nobody = self.call("put", CONFIG, "{}", address=f"127.0.0.1:{free_port()}")
        self.assertEqual((nobody["error"], nobody["delivery"]), ("connect_refused", "not_sent"))

    def test_a_frozen_etcd(self):
        before = self.fresh()
        with self.store.frozen():
            result = self.call("put_if", CONFIG, '{"ttl":45}', before["revision"])
        if self.api == "etcd3" and self.login[0]:
            self.assertEqual((result["error"], result["delivery"]), ("timeout", "not_sent"), "only the login was sent")
        else:
            self.assertEqual((result["kind"], result["reason"]), ("unknown", "no_answer"))


class StoreV3(StoreCalls, LabTestCase):
    api = "etcd3"


class StoreV2(StoreCalls, LabTestCase):
    api = "etcd2"


class StoreV3Login(StoreCalls, LabTestCase):
    api = "etcd3"
    login = (USER, PASSWORD)

    @classmethod
    def secure(cls):
        cls.store.require_login_v3("root-pass", USER, PASSWORD, "/service/")

    def test_who_may_not(self):
        self.fresh()
        for login in (("", ""), (USER, "wrong-pass")):
            refused = self.call("put", CONFIG, "{}", login=login)
            self.assertEqual((refused["kind"], refused["reason"]), ("rejected", "not_authenticated"), refused)
        self.store.control("user", "add", "reader:reader-pass")
        self.store.control("role", "add", "reader")
        self.store.control("role", "grant-permission", "reader", "--prefix=true", "read", "/service/")
        self.store.control("user", "grant-role", "reader", "reader")
        before = self.key()
        refused = self.call("put_if", CONFIG, "{}", before["revision"], login=("reader", "reader-pass"))
        self.assertEqual((refused["kind"], refused["reason"]), ("rejected", "access_denied"), refused)
        self.assertEqual(self.key(), before)


class StoreV2Login(StoreCalls, LabTestCase):
    api = "etcd2"
    login = (USER, PASSWORD)

    @classmethod
    def secure(cls):
        cls.store.require_login_v2("root-pass", USER, PASSWORD)

    def test_who_may_not(self):
        self.fresh()
        for login in (("", ""), (USER, "wrong-pass")):
            refused = self.call("put", CONFIG, "{}", login=login)
            self.assertEqual((refused["kind"], refused["reason"]), ("rejected", "not_authenticated"), refused)


# ---- Consul


class StoreConsul(StoreCalls, LabTestCase):
    api = "consul"
    counts = False

    @classmethod
    def make_store(cls):
        return Consul(cls.workspace)

    def test_a_key_of_a_session_is_not_removed_with_its_neighbours(self):
        for key in ("ses/leader", "session/leader"):
            self.store.put("/service/" + key, "pg1")
        self.assertEqual(self.call("remove_cluster", "ses")["kind"], "done")
        self.assertEqual((self.store.get("/service/ses/leader"), self.store.get("/service/session/leader")), (None, "pg1"))

    def test_a_large_value(self):
        done = self.call("put", "/service/demo/large", "x" * 100000)
        self.assertEqual(done["kind"], "done")
        self.assertEqual(len(self.key("large")["value"]), 100000)

    def test_keys_with_characters_of_urls(self):
        key = "/service/demo/mine/a b?c#d%2F&e+f"
        self.assertEqual(self.call("put", key, "1")["kind"], "done")
        self.assertEqual(self.key("mine/a b?c#d%2F&e+f")["value"], "1")
        self.assertEqual(self.call("remove", key)["kind"], "done")


class StoreConsulToken(StoreConsul):
    """The same with ACLs, by a token that may use the namespace and no more."""

    management = "5f0c6e53-7a1f-4d53-9d1c-5ad6a8b1c001"
    wrong = "11111111-1111-1111-1111-111111111111"

    @classmethod
    def make_store(cls):
        return Consul(cls.workspace, cls.management)

    @classmethod
    def secure(cls):
        cls.login = ("", cls.store.make_token("patroni", 'key_prefix "service/" { policy = "write" }'))
        cls.secrets = (cls.login[1], cls.management, cls.wrong)

    def test_who_may_not(self):
        self.fresh()
        before = self.key()
        reader = self.store.make_token("reader", 'key_prefix "service/" { policy = "read" }')
        for token in ("", self.wrong, reader):
            refused = self.call("put_if", CONFIG, "{}", before["revision"], login=("", token))
            self.assertEqual((refused["kind"], refused["reason"]), ("rejected", "access_denied"), refused)
        self.assertEqual(self.key(), before)
        self.assertEqual(self.call("clusters", "demo", login=("", reader))["clusters"][0]["keys"]["config"], before)

    def test_what_may_not_be_seen_is_not_empty(self):
        self.fresh()
        one = self.store.make_token("one", 'key_prefix "service/demo/" { policy = "read" }')
        for token, scope in (("", "demo"), (self.wrong, "demo"), (one, "other")):
            denied = self.call("clusters", scope, login=("", token))
            self.assertEqual(denied.get("error"), "unauthorized", denied)
        self.assertEqual(len(self.call("clusters", "demo", login=("", one))["clusters"]), 1)
        self.assertEqual(self.call("clusters", "nothing-here")["clusters"], [], "the token may see that there is nothing")


# ---- newer etcds


class NewerEtcd(StoreCalls):

    @classmethod
    def prepare(cls):
        if os.environ.get("LAB_EXTENT") != "full":
            raise parts.Missing(f"etcd {cls.version}: only with --full")
        super().prepare()


class StoreEtcd35(NewerEtcd, LabTestCase):
    api, version = "etcd3", "3.5.35"


class StoreEtcd35V2(NewerEtcd, LabTestCase):
    api, version = "etcd2", "3.5.35"


class StoreEtcd35Login(NewerEtcd, StoreV3Login):
    version = "3.5.35"


class StoreEtcd36(NewerEtcd, LabTestCase):
    api, version = "etcd3", "3.6.16"


class StoreEtcd36Login(NewerEtcd, StoreV3Login):
    version = "3.6.16"


class StoreEtcd37(NewerEtcd, LabTestCase):
    api, version = "etcd3", "3.7.3"


class StoreEtcd37Login(NewerEtcd, StoreV3Login):
    version = "3.7.3"
