"""Three servers of ZooKeeper 3.8: the conformance suite by one of them (with --full), and a watch while servers are killed with -9, lag
behind or lose their quorum."""

import os
import time
import unittest

from lab.testcase import LabTestCase
from lab.waiting import wait_until
from lab.watcher import Watcher
from lab.writer import Writer
from lab.zookeeper import Zookeeper, client_library
import test_store_conformance

LEADER = "/service/demo/leader"


@unittest.skipUnless(os.environ.get("LAB_EXTENT") == "full", "only with --full")
class ConformanceEnsemble(test_store_conformance.Conformance, LabTestCase):
    store = "zookeeper ensemble"


class EnsembleUnderAWatch(LabTestCase):
    @classmethod
    def prepare(cls):
        cls.zookeeper = cls.started(Zookeeper(cls.workspace, 3, flags=["-Dreadonlymode.enabled=true"]))
        cls.zookeeper.put("/service/demo/initialize", "7")

    def setUp(self):
        self.slow()
        self.all_serve()
        self.zookeeper.put(LEADER, "0")

    def all_serve(self):
        def modes():
            return sorted(str(server.mode()) for server in self.zookeeper.servers) == ["follower", "follower", "leader"]
        wait_until("three servers serve", modes, 90, 0.2)

    def watch(self, address=None):
        watcher = Watcher(self.patctl, "--zookeeper", address or self.zookeeper.address, "demo", "--raw")
        self.addCleanup(watcher.stop)
        return watcher.wait_current()

    def connected(self, watcher):
        """The server that serves the watch."""
        endpoint = watcher.of("connected")[-1]["endpoint"]
        return next(server for server in self.zookeeper.servers if endpoint.endswith(server.address))

    def kill_while_it_writes(self, choose):
        watcher, kazoo = self.watch(), client_library()
        failures = (kazoo.exceptions.KazooException, kazoo.handlers.threading.KazooTimeoutError)
        with Writer(lambda value: self.zookeeper.client.set(LEADER, value.encode()), failures) as writer:
            wait_until("writes", lambda: len(writer.written) > 20, 30)
            server = choose(watcher)
            server.kill()
            self.addCleanup(server.start_again)
            so_far = len(writer.written)
            wait_until("writes go on", lambda: len(writer.written) > so_far + 20, 60)
        self.set("1000000")
        watcher.wait("the last write", lambda one: one.state().get(LEADER) == "1000000", 60)
        told = [int(value) for key, value in watcher.changes() if key == LEADER]
        self.assertEqual(told, sorted(set(told)), "in order, none twice")
        return watcher, server

    def test_the_server_of_the_watch_is_killed(self):
        watcher, server = self.kill_while_it_writes(self.connected)
        self.assertNotEqual(self.connected(watcher), server)
        self.assertGreaterEqual(len(watcher.of("lost")), 1)

    def test_the_leader_is_killed(self):
        self.kill_while_it_writes(lambda watcher: wait_until("a leader", self.zookeeper.leader, 30))

    def test_a_follower_that_serves_nobody_is_killed(self):
        def other(watcher):
            serves = self.connected(watcher)
            return next(one for one in self.zookeeper.servers if one is not serves and one.mode() == "follower")
        watcher, _ = self.kill_while_it_writes(other)
        self.assertEqual(watcher.of("gap"), [])

    def test_a_server_that_became_read_only_is_refused(self):
        left = self.zookeeper.servers[0]
        for server in self.zookeeper.servers[1:]:
            server.kill()
            self.addCleanup(server.start_again)
        wait_until("it serves reading only", lambda: left.mode() == "read-only", 60, 0.2)
        result = self.patctl("dcs", "dump", "--zookeeper", left.address, "demo", "--timeout", "3")
        self.assert_exit(result, 5)
        self.assertNotIn(LEADER, result.out)

    def test_a_server_that_lags_behind_what_was_seen_is_refused(self):
        """One that was never part of it has seen less, as one that lags, and has other keys."""
        self.long()
        stranger = Zookeeper(self.workspace, name="stranger")
        self.addCleanup(stranger.stop)
        stranger.start()
        stranger.put(LEADER, "of the stranger")
        first = self.zookeeper.servers[0]
        watcher = self.watch(f"{first.address},{stranger.address}")
        with first.frozen():
            watcher.wait("the loss is told", lambda one: one.of("lost"), 60)
            time.sleep(8)  # Its session has ended, too: a new one is not opened there either.
        self.set("back")
        watcher.wait("it goes on", lambda one: one.state().get(LEADER) == "back", 60)
        self.assertNotIn((LEADER, "of the stranger"), watcher.changes())
        self.assertEqual({event["endpoint"] for event in watcher.of("connected")}, {watcher.of("connected")[0]["endpoint"]})

    # ---- reading, too

    def dump(self, seconds):
        return self.patctl("dcs", "dump", "--zookeeper", self.zookeeper.address, "demo", "--timeout", seconds)

    def set(self, value):
        self.zookeeper.client.retry(self.zookeeper.client.set, LEADER, value.encode())

    def seen(self, watcher, value):
        watcher.wait(f"leader = {value} is told", lambda one: one.state().get(LEADER) == value, 60)

    def test_each_server_is_killed_in_turn(self):
        self.long()
        watcher = self.watch()
        for number, server in enumerate(self.zookeeper.servers):
            server.kill()
            self.addCleanup(server.start_again)
            self.set(f"killed {number}")
            self.seen(watcher, f"killed {number}")
            result = self.dump(5)
            self.assert_exit(result, 0)
            self.assertIn(f"killed {number}", result.out)
            server.start_again()
            self.all_serve()
        self.assertGreaterEqual(len(watcher.of("lost")), 1)

    def test_a_frozen_leader_is_left(self):
        leader, watcher = self.zookeeper.leader(), self.watch()
        with leader.frozen():
            self.set("while one is frozen")
            self.seen(watcher, "while one is frozen")
            result = self.dump(6)
            self.assert_exit(result, 0)
            self.assertIn("while one is frozen", result.out)
        self.set("afterwards")
        self.seen(watcher, "afterwards")

    def test_without_a_quorum_nothing_is_told_as_current(self):
        for server in self.zookeeper.servers[1:]:
            server.kill()
            self.addCleanup(server.start_again)
        result = self.dump(4)
        self.assert_exit(result, 5)
        for server in self.zookeeper.servers[1:]:
            server.start_again()
        self.all_serve()
        self.assert_exit(self.dump(4), 0)
