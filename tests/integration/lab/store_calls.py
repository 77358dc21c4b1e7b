"""patroni::Store by the program store_tour, which makes one call, and what every store must answer."""

import json
import os
import subprocess

from . import parts
from .ports import free_port
from .relay import Relay

CONFIG = "/service/demo/config"


class StoreTour:
    """Calls of the store of a class: `api` is its word, `make_store` its server."""

    login = ("", "")
    secrets = ()  # what may never be printed

    @classmethod
    def prepare(cls):
        found = [path for path in parts.REPOSITORY.glob("build*/**/store_tour") if os.access(path, os.X_OK)]
        if not found:
            raise parts.Missing("no store_tour (build it: scripts/build dev)")
        cls.program = max(found, key=lambda path: path.stat().st_mtime)
        cls.store = cls.started(cls.make_store())
        cls.secure()

    @classmethod
    def secure(cls):
        """Switches logins on, where the class has some."""

    def call(self, *words, address=None, login=None, timeout_ms=8000):
        command = [str(self.program), self.api, address or self.store.address, *(login or self.login), *map(str, words)]
        done = subprocess.run(command, env={**os.environ, "STORE_TOUR_MS": str(timeout_ms)},
                              capture_output=True, text=True, timeout=30, check=True)
        for secret in self.secrets:
            self.assertNotIn(secret, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def key(self, name="config", scope="demo", **options):
        for cluster in self.call("clusters", scope, **options)["clusters"]:
            return cluster["keys"].get(name)
        return None

    def fresh(self, value='{"ttl":30}'):
        self.assertEqual(self.call("put", CONFIG, value)["kind"], "done")
        return self.key()


class StoreCalls(StoreTour):
    """The tests."""

    counts = True  # the store tells how many keys were removed
    relay = Relay

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
        with self.relay(self.store.port, "answer") as relay:
            done = self.call("put_if", CONFIG, '{"ttl":41}', before["revision"], address=relay.address)
            self.assertEqual(relay.lost, 1)
        self.assertEqual(done["kind"], "done", done)
        self.assertEqual(self.key(), {"value": '{"ttl":41}', "revision": done["revision"]})

    def test_a_request_that_is_lost(self):
        before = self.fresh()
        with self.relay(self.store.port, "request") as relay:
            done = self.call("put_if", CONFIG, '{"ttl":42}', before["revision"], address=relay.address)
        self.assertEqual(done["kind"], "done", done)
        self.assertEqual(self.key(), {"value": '{"ttl":42}', "revision": done["revision"]})
        with self.relay(self.store.port, "request") as relay:
            put = self.call("put", CONFIG, '{"ttl":43}', address=relay.address)
        self.assertEqual((put["kind"], put["current"]["value"]), ("unknown", '{"ttl":42}'), "a put is never sent twice")
        self.assertEqual(self.key()["value"], '{"ttl":42}')

    def test_another_endpoint(self):
        before = self.fresh()
        done = self.call("put_if", CONFIG, '{"ttl":44}', before["revision"], address=f"127.0.0.1:{free_port()},{self.store.address}")
        self.assertEqual(done["kind"], "done")
        nobody = self.call("put", CONFIG, "{}", address=f"127.0.0.1:{free_port()}")
        self.assertEqual((nobody["error"], nobody["delivery"]), ("connect_refused", "not_sent"))

    def test_a_frozen_server(self):
        before = self.fresh()
        with self.store.frozen():
            result = self.call("put_if", CONFIG, '{"ttl":45}', before["revision"], timeout_ms=1500)
        self.assert_frozen(result)

    def assert_frozen(self, result):
        self.assertEqual((result["kind"], result["reason"]), ("unknown", "no_answer"))
