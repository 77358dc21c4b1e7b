"""What every store must do, the same for all of them: reading, dumping and watching. A store is a class at the end."""

import itertools
import random
import statistics
import time

from lab.cutting_proxy import CuttingProxy
from lab.ports import free_port
from lab.stores import STORES
from lab.testcase import LabTestCase
from lab.watcher import Watcher

MEMBER = '{"conn_url":"postgres://127.0.0.1:5432/postgres","api_url":"http://127.0.0.1:1/patroni","state":"running","role":"replica"}'


class Conformance:
    """`store` is the name of a row of lab/stores.py."""

    @classmethod
    def prepare(cls):
        cls.served = cls.started(STORES[cls.store](cls.workspace))

    def setUp(self):
        self.scope = f"t{time.monotonic_ns()}"  # Nothing of another test is seen.
        self.path = f"/service/{self.scope}/"

    def put(self, name, value):
        self.served.put(self.path + name, value)

    def fill(self):
        for name, value in {"initialize": "7", "config": '{"ttl":30}', "members/pg1": MEMBER, "members/pg2": MEMBER, "leader": "pg1"}.items():
            self.put(name, value)

    def watcher(self, *options, address=None):
        arguments = [*self.served.source(address), *(options or [self.scope])]
        watcher = Watcher(self.patctl, *arguments)
        self.addCleanup(watcher.stop)
        return watcher

    def dump(self, scope=None):
        result = self.patctl("dcs", "dump", *self.served.source(), scope or self.scope, "-f", "json")
        return result, {key["key"].removeprefix(self.path): key for key in result.json["keys"]}

    # ---- reading

    def test_a_dump_has_every_key_with_its_revision(self):
        self.fill()
        self.put("unknown/deeper", "\u00e4 \u2028&=+")
        self.put("empty", "")
        result, keys = self.dump()
        self.assert_exit(result, 0)
        self.assertEqual(sorted(keys), ["config", "empty", "initialize", "leader", "members/pg1", "members/pg2", "unknown/deeper"])
        self.assertEqual(keys["unknown/deeper"]["value"], "\u00e4 \u2028&=+")
        self.assertEqual((keys["empty"]["value"], keys["config"]["decoded"]), ("", {"ttl": 30}))
        self.assertTrue(all(key["revision"] > 0 for key in keys.values()), keys)

    def test_a_cluster_that_is_not_there(self):
        result = self.patctl("dcs", "dump", *self.served.source(), self.scope)
        self.assert_exit(result, 5)
        self.assertIn("not_found", result.err)

    def test_bad_values_are_problems_and_never_fatal(self):
        self.fill()
        for name in ("config", "members/pg2", "sync", "status", "history", "failover"):
            self.put(name, '{"half": ')
        watcher = self.watcher().wait_current()
        cluster = watcher.of("cluster")[-1]["cluster"]
        self.assertEqual((cluster["leader"], [one["name"] for one in cluster["members"]]), ("pg1", ["pg1", "pg2"]))

    # ---- watching

    def test_each_change_is_told_with_the_cluster_behind_it(self):
        self.fill()
        watcher = self.watcher().wait_current()
        self.assertEqual([event["event"] for event in watcher.events], ["connected", "cluster", "current"])
        self.served.remove(self.path + "leader")
        watcher.wait("no leader", lambda self: self.of("cluster")[-1]["cluster"]["leader"] is None)
        self.put("leader", "pg2")
        watcher.wait("pg2 leads", lambda self: self.of("cluster")[-1]["cluster"]["leader"] == "pg2")
        self.put("members/pg3", MEMBER)
        watcher.wait("pg3 is there", lambda self: len(self.of("cluster")[-1]["cluster"]["members"]) == 3)
        self.served.remove_prefix(self.path)
        watcher.wait("it is gone", lambda self: self.of("cluster")[-1]["cluster"] is None)
        self.assertEqual(watcher.of("gap"), [])
        self.assertEqual(watcher.stop(), (0, ""))

    def test_a_cluster_that_comes_and_goes_while_all_are_watched(self):
        watcher = self.watcher("--all").wait_current()
        self.fill()
        mine = lambda one: [event for event in one.of("cluster") if event["scope"] == self.scope]
        watcher.wait("it is seen whole", lambda one: mine(one) and mine(one)[-1]["cluster"]["leader"] == "pg1")
        self.served.remove_prefix(self.path)
        watcher.wait("it is gone", lambda one: mine(one)[-1]["cluster"] is None)

    def test_groups_of_citus_are_clusters_of_their_own(self):
        for group in (0, 1):
            for name, value in {"initialize": "7", "leader": f"pg{group}", f"members/pg{group}": MEMBER}.items():
                self.put(f"{group}/{name}", value)
        watcher = self.watcher().wait_current()
        self.assertEqual({event["group"] for event in watcher.of("cluster")}, {0, 1})
        self.put("1/leader", "other")
        watcher.wait("group 1", lambda one: one.of("cluster")[-1]["group"] == 1 and one.of("cluster")[-1]["cluster"]["leader"] == "other")

    def test_a_change_is_told_soon_after_it_was_acknowledged(self):
        self.fill()
        watcher = self.watcher().wait_current()
        late = []
        for count in range(200):
            self.put("leader", f"pg{count}")
            acknowledged = time.monotonic()
            while not ((self.path + "leader", f"pg{count}") in watcher.changes()[-3:]):
                self.assertLess(time.monotonic() - acknowledged, 10, "the change was not told")
                time.sleep(0.0005)
            late.append((time.monotonic() - acknowledged) * 1000)
        late.sort()
        print(f"        {type(self).__name__}: told after the acknowledgement: median {statistics.median(late):.1f} ms,"
              f" p99 {late[197]:.1f} ms, with the pipe of this test", flush=True)
        self.assertLess(late[197], 50 * self.patience)

    # Of the machine; a busy one is no fault of the program.
    patience = 5

    def test_1000_writes_while_the_connection_is_cut_at_random(self):
        self.put("k0", "first")
        written = []
        with CuttingProxy(self.served.port, life=(0.005, 0.12)) as proxy:
            watcher = self.watcher(self.scope, "--raw", address=proxy.address).wait_current()
            dice = random.Random(7)
            before = len(watcher.changes())
            alive = {"k0": "first"}
            for count in itertools.count():
                if count >= 1000 and (proxy.cuts > 10 or count >= 10000):
                    break  # A watch that is fast has met few cuts by then.
                name = f"k{dice.randrange(20)}"
                if name in alive and dice.random() < 0.15:
                    self.served.remove(self.path + name)
                    del alive[name]
                else:
                    alive[name] = str(count)
                    self.put(name, alive[name])
                written.append((self.path + name, alive.get(name)))
                time.sleep(0.001)
            self.put("last", "word")
            written.append((self.path + "last", "word"))
            watcher.wait("the last word", lambda one: (self.path + "last", "word") in one.changes()[-50:], 60)
            print(f"        {type(self).__name__}: {proxy.cuts} cuts, {len(watcher.of('lost'))} told, {len(watcher.of('gap'))} gaps", flush=True)
            self.assertGreater(proxy.cuts, 10)
        told = watcher.changes()[before:]
        if self.served.exact:
            self.assertEqual(watcher.of("gap"), [])
            self.assertEqual(told, written, "every change, once, in order")
        else:
            self.assert_in_order(told, written)
        self.assertEqual(watcher.state(), {self.path + key: value for key, value in {**alive, "last": "word"}.items()})

    def assert_in_order(self, told, written):
        """For each key what was told is what was written, less what was skipped."""
        for name in {key for key, _ in told}:
            rest = iter([value for key, value in written if key == name])
            for key, value in told:
                if key == name:
                    self.assertTrue(any(value == one for one in rest), f"{name} = {value} was told out of order, or never written")

    def test_a_history_that_is_gone_is_a_gap_and_ends_in_the_truth(self):
        self.fill()
        with CuttingProxy(self.served.port) as proxy:
            watcher = self.watcher(self.scope, "--raw", address=proxy.address).wait_current()
            proxy.shut()
            watcher.wait("the loss is told", lambda one: one.of("lost"))
            self.put("leader", "pg9")
            self.served.remove(self.path + "members/pg2")
            self.put("leader", "pg2")
            self.served.forget_history()
            self.put("config", '{"ttl":31}')
            proxy.let()
            watcher.wait_current(2, 30)
        self.assertEqual([event["event"] for event in watcher.events if event["event"] != "lost"][3:],
                         ["connected", "gap", "keys", "current"])
        self.assertEqual({key.removeprefix(self.path): value for key, value in watcher.state().items()},
                         {"initialize": "7", "config": '{"ttl":31}', "members/pg1": MEMBER, "leader": "pg2"})

    def test_what_ends_with_one_lease_is_one_change(self):
        self.fill()
        self.served.put_with_ttl({self.path + "leader": "pg1", self.path + "members/pg1": MEMBER}, 1)
        watcher = self.watcher().wait_current()
        watcher.wait("both are gone", lambda one: one.of("cluster")[-1]["cluster"]["leader"] is None
                     and [member["name"] for member in one.of("cluster")[-1]["cluster"]["members"]] == ["pg2"], 20)
        if self.served.has_leases:
            self.assertEqual(len(watcher.of("cluster")[-1]["changes"]), 2, "in one event")

    def test_a_storm_of_reconnects_is_no_attack_and_ends_well(self):
        """Every connection of five watches is cut again and again; then nobody gets through for a while."""
        self.fill()
        with CuttingProxy(self.served.port) as proxy:
            watchers = [self.watcher(self.scope, "--raw", address=proxy.address).wait_current() for _ in range(5)]
            for count in range(20):
                proxy.cut_all()
                self.put("leader", f"pg{count}")
                time.sleep(0.05)
            proxy.shut()
            time.sleep(1)  # The first tries come fast.
            before = proxy.asked
            time.sleep(3)
            self.assertLess(proxy.asked - before, 5 * 3 * 2, "less than two tries a second of each watch")
            self.put("leader", "last")
            proxy.let()
            for watcher in watchers:
                watcher.wait("the last word", lambda one: one.state().get(self.path + "leader") == "last", 30)
        for watcher in watchers:
            self.assertEqual(watcher.state().get(self.path + "members/pg1"), MEMBER)
            told = [value for key, value in watcher.changes() if key == self.path + "leader" and value]
            if self.served.exact:
                self.assertEqual(watcher.of("gap"), [])
                self.assertEqual(told, ["pg1", *(f"pg{count}" for count in range(20)), "last"])
            self.assertEqual(watcher.stop(), (0, ""))

    def test_a_slow_server_is_waited_for(self):
        self.fill()
        with CuttingProxy(self.served.port, delay=0.3) as proxy:
            read = self.patctl("dcs", "dump", *self.served.source(proxy.address), self.scope, "-f", "json")
            self.assert_exit(read, 0)
            self.assertEqual(len(read.json["keys"]), 5)
            late = self.patctl("dcs", "dump", *self.served.source(proxy.address), self.scope, "--timeout", "0.2")
            self.assert_exit(late, 5)
            self.assertIn("timeout", late.err)
            watcher = self.watcher(address=proxy.address).wait_current()
            self.put("leader", "pg2")
            watcher.wait("it is told", lambda one: one.of("cluster")[-1]["cluster"]["leader"] == "pg2")
            self.assertEqual((watcher.of("lost"), watcher.of("gap")), ([], []))

    def test_an_endpoint_that_is_down_is_left_for_the_next(self):
        self.fill()
        watcher = self.watcher(address=f"127.0.0.1:{free_port()},127.0.0.1:{self.served.port}").wait_current()
        self.assertEqual([event["event"] for event in watcher.events], ["lost", "connected", "cluster", "current"])
        self.assertEqual(watcher.events[0]["error"]["kind"], "connect_refused")

    def test_an_endpoint_that_freezes_is_noticed(self):
        self.slow()
        self.fill()
        with CuttingProxy(self.served.port) as proxy:
            watcher = self.watcher(address=f"{proxy.address},127.0.0.1:{self.served.port}").wait_current()
            with self.served.frozen():
                watcher.wait("the silence is noticed", lambda one: one.of("lost"), 30)
            self.put("leader", "pg2")
            watcher.wait("it goes on", lambda one: one.of("cluster")[-1]["cluster"]["leader"] == "pg2", 30)
        if self.served.exact:
            self.assertEqual(watcher.of("gap"), [])

    def test_a_store_that_is_not_there_is_waited_for(self):
        watcher = self.watcher(address=f"127.0.0.1:{free_port()}")
        watcher.wait("that is told", lambda one: one.of("lost"))
        time.sleep(0.5)
        self.assertLess(len(watcher.events), 4, "not once for each try")
        self.assertIsNone(watcher.process.poll())
        self.assertEqual(watcher.events[0]["format"], "patroni.watch/1")


class ConformanceEtcd3(Conformance, LabTestCase):
    store = "etcd3"


class ConformanceEtcd2(Conformance, LabTestCase):
    store = "etcd2"


class ConformanceZookeeper(Conformance, LabTestCase):
    store = "zookeeper"
