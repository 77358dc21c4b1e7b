"""Watching an etcd of three nodes that are killed, frozen and cut off: nothing lost, nothing invented."""

import base64
import json
import signal
import time

from lab import http_client
from lab.cutting_proxy import CuttingProxy
from lab.etcd import Etcd
from lab.etcd_cluster import EtcdCluster
from lab.testcase import LabTestCase
from lab.waiting import wait_until
from lab.watcher import Watcher
from lab.writer import Writer


def code(text):
    return base64.b64encode(text.encode()).decode()


def put_v3(url, key, value):
    status, text = http_client.request("POST", url + "/v3/kv/put", json.dumps({"key": code(key), "value": code(value)}), timeout=10)
    if status != 200:
        raise OSError(f"{status} {text}")


class EtcdThreeNodes(LabTestCase):
    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(EtcdCluster(cls.workspace))

    def setUp(self):
        self.slow()
        self.scope = f"t{time.monotonic_ns()}"
        self.key = f"/service/{self.scope}/leader"
        wait_until("all are healthy", lambda: all(node.is_healthy() for node in self.etcd.nodes), 60)

    def kill(self, node):
        """Until the end of the test, or until it is run again."""
        node.kill()
        self.addCleanup(self.etcd.run_again, node)

    def put(self, node, value):
        """Until it is acknowledged: an election takes a while."""
        wait_until(f"{value} is written", lambda: put_v3(node.url, self.key, value) is None, 60, 0.2)

    def watch(self, first):
        watcher = Watcher(self.patctl, "--etcd3", self.etcd.addresses(first), self.scope, "--raw")
        self.addCleanup(watcher.stop)
        return watcher.wait_current()

    def assert_complete(self, watcher, writer):
        told = [int(value) for key, value in watcher.changes() if key == self.key]
        self.assertEqual(watcher.of("gap"), [])
        self.assertEqual(told, sorted(set(told)), "in order, none twice")
        self.assertEqual(sorted(set(writer.written) - set(told)), [], "none lost")

    def disturb(self, first, writes_to, disturbance):
        watcher = self.watch(first)
        with Writer(lambda value: put_v3(self.etcd.nodes[writes_to].url, self.key, value)) as writer:
            wait_until("writes", lambda: len(writer.written) > 20, 20)
            disturbance(watcher)
            so_far = len(writer.written)
            wait_until("writes go on", lambda: len(writer.written) > so_far + 20, 40)
        self.put(self.etcd.nodes[writes_to], "1000000")
        writer.written.append(1000000)
        watcher.wait("the last write", lambda one: one.changes()[-1] == (self.key, "1000000"), 60)
        self.assert_complete(watcher, writer)
        return watcher

    def test_a_node_that_is_killed(self):
        node = self.etcd.nodes[0]

        def kill(watcher):
            self.kill(node)
            watcher.wait("another node serves", lambda one: len(one.of("connected")) == 2, 20)
        self.disturb(0, 1, kill)

    def test_a_node_that_is_frozen(self):
        node = self.etcd.nodes[1]

        def freeze(watcher):
            node.signal(signal.SIGSTOP)
            try:
                watcher.wait("another node serves", lambda one: len(one.of("connected")) == 2, 40)
            finally:
                node.signal(signal.SIGCONT)
        self.disturb(1, 2, freeze)

    def test_a_node_that_lags_is_no_step_back(self):
        """It comes back far behind, is the only one that answers, and catches up."""
        late, other = self.etcd.nodes[2], self.etcd.nodes[0]
        watcher = Watcher(self.patctl, "--etcd3", f"{other.address},{late.address}", self.scope, "--raw")
        self.addCleanup(watcher.stop)
        watcher.wait_current()
        self.kill(late)
        for count in range(300):
            self.put(other, str(count))
        watcher.wait("all of them", lambda one: one.changes()[-1:] == [(self.key, "299")], 60)
        self.etcd.run_again(late)
        self.kill(other)
        watcher.wait("the late one serves", lambda one: one.of("connected")[-1]["endpoint"] == late.url, 60)
        self.put(late, "300")
        watcher.wait("it goes on", lambda one: one.changes()[-1] == (self.key, "300"), 30)
        told = [int(value) for _, value in watcher.changes()]
        self.assertEqual(told, sorted(told), "no step back")
        self.assertEqual(sorted(set(told)), list(range(301)))
        self.assertEqual(watcher.of("gap"), [])

    def test_without_a_quorum_that_is_told_and_survived(self):
        watcher = self.watch(0)
        self.put(self.etcd.nodes[0], "1")
        for node in self.etcd.nodes[1:]:
            self.kill(node)
        watcher.wait("no quorum is told", lambda one: any("no leader" in event["error"]["message"] for event in one.of("lost")), 30)
        told = len(watcher.of("connected"))
        for node in self.etcd.nodes[1:]:
            self.etcd.run_again(node)
        watcher.wait("a node serves again", lambda one: len(one.of("connected")) > told, 60)
        self.put(self.etcd.nodes[0], "2")
        watcher.wait("it goes on", lambda one: one.changes()[-1] == (self.key, "2"), 30)
        self.assertEqual(watcher.of("gap"), [])

    def test_endpoints_of_two_clusters_are_not_mixed(self):
        stranger = Etcd(self.workspace)
        self.addCleanup(stranger.stop)
        stranger.start()
        put_v3(stranger.url, self.key, "of the stranger")
        node = self.etcd.nodes[0]
        watcher = Watcher(self.patctl, "--etcd3", f"{node.address},{stranger.address},{self.etcd.nodes[1].address}", self.scope, "--raw")
        self.addCleanup(watcher.stop)
        watcher.wait_current()
        without_third = Watcher(self.patctl, "--etcd3", f"{node.address},{stranger.address}", self.scope, "--raw")
        self.addCleanup(without_third.stop)
        without_third.wait_current()
        self.kill(node)
        watcher.wait("the third one serves", lambda one: one.of("connected")[-1]["endpoint"] == self.etcd.nodes[1].url, 30)
        self.assertTrue(any("another cluster" in event["error"]["message"] for event in watcher.of("lost")))
        self.assertEqual(watcher.changes(), [])
        time.sleep(5)  # However often it is the only one that answers.
        self.etcd.run_again(node)
        self.put(self.etcd.nodes[1], "ours")
        without_third.wait("it goes on", lambda one: one.changes() == [(self.key, "ours")], 60)
        self.assertEqual({event["endpoint"] for event in without_third.of("connected")}, {node.url})


class EtcdFarBehind(LabTestCase):
    """While a watch catches up, etcd sends 1,000 revisions in a message, and its newest revision in the head of the first one."""

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))

    def test_a_connection_that_is_cut_while_it_catches_up_loses_nothing(self):
        key = "/service/late/leader"
        put_v3(self.etcd.url, key, "0")
        with CuttingProxy(self.etcd.port) as proxy:
            watcher = Watcher(self.patctl, "--etcd3", proxy.address, "late", "--raw")
            self.addCleanup(watcher.stop)
            watcher.wait_current()
            proxy.shut()
            for count in range(1, 3501):
                put_v3(self.etcd.url, key, str(count))
            proxy.most_bytes = 200000  # Some 150 for each event: the cut is in the second message.
            proxy.let()
            watcher.wait("the last change", lambda one: one.changes()[-1] == (key, "3500"), 60)
            self.assertGreater(proxy.cuts, 0)
        self.assertEqual([value for _, value in watcher.changes()], [str(count) for count in range(3501)])
        self.assertEqual(watcher.of("gap"), [])
