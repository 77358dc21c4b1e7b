"""Patroni 4.1 on ZooKeeper: discover and status from its own configuration file, before, during and after kill -9 of the primary."""

from lab import cluster
from lab.looks import assert_kill_was_watched, assert_unanswered, assert_well, caught_up, member_names, status_until
from lab.testcase import LabTestCase
from lab.waiting import wait_until
from lab.watcher import Watcher
from lab.zookeeper import Zookeeper

LOGIN = "patroni:zk-pass"


class StoryZookeeper(LabTestCase):
    """An ensemble of three; Patroni logs in with `auth_data`."""

    @classmethod
    def prepare(cls):
        store = Zookeeper(cls.workspace, 3)
        store.login = LOGIN
        cls.zookeeper = cls.started(store)
        cls.cluster = cls.started_cluster(cluster.modern_cluster(cls.workspace, cls.zookeeper))
        cls.file = ["-c", cls.cluster.members[0].config]
        cls.option = ["--zookeeper", cls.zookeeper.address, "demo"]

    def sources(self):
        return {"file": self.file, "file, scope": [*self.file, "demo"], "option": self.option}

    def test_1_discover(self):
        expected = sorted((member.name, member.rest_port) for member in self.cluster.members)
        for name, source in self.sources().items():
            with self.subTest(name):
                result = self.patctl("discover", *source, "-f", "json")
                self.assert_exit(result, 0)
                self.assertEqual(sorted((row["name"], row["port"]) for row in result.json["members"]), expected)
                self.assertEqual((result.json["source"], result.json["problems"]), ("zookeeper", []))

    def test_2_status(self):
        leader = self.cluster.primary()
        for name, source in self.sources().items():
            with self.subTest(name):
                result = status_until(self.patctl, source, caught_up, "verdict ok and no lag")
                assert_well(self, result, leader.name, self.cluster.names)
                self.assertEqual(result.cluster()["lock_holder"], leader.name)

    def test_3_what_is_not_there(self):
        unknown = self.patctl("status", *self.file, "nosuch", "-f", "json")
        self.assert_exit(unknown, 5)
        self.assert_kind(unknown, "not_found")

    def test_3_no_secret_in_a_trace(self):
        result = self.patctl("status", *self.file, "-vv")
        self.assert_exit(result, 0)
        self.assertIn("multiRead", result.err)
        self.assertNotIn("zk-pass", result.out + result.err)

    def test_4_a_switchover_restarts_a_session_and_loses_no_member(self):
        leader = self.cluster.primary()
        candidate = self.cluster.replicas()[0]
        watcher = Watcher(self.patctl, *self.file)
        self.addCleanup(watcher.stop)
        watcher.wait_current()
        status, text = leader.request("POST", "/switchover", f'{{"leader": "{leader.name}", "candidate": "{candidate.name}"}}')
        self.assertEqual(status, 200, text)
        watcher.wait("the new leader", lambda one: one.of("cluster")[-1]["cluster"]["leader"] == candidate.name, 60)
        self.cluster.wait_until_well()
        counts = {len(event["cluster"]["members"]) for event in watcher.of("cluster") if event["cluster"]}
        self.assertEqual(counts, {3}, "the old leader's key goes and comes back within two seconds")
        self.assertEqual(watcher.of("gap"), [])

    def test_5_kill(self):
        self.slow()
        before = status_until(self.patctl, self.file, caught_up, "verdict ok and no lag")
        killed = self.cluster.primary()
        assert_well(self, before, killed.name, self.cluster.names)
        watcher = Watcher(self.patctl, *self.file)
        self.addCleanup(watcher.stop)
        watcher.wait_current()
        killed.kill()
        during = self.patctl("status", *self.file, "-f", "json")
        self.assert_exit(during, 3)
        assert_unanswered(self, during, killed.name)
        leader = self.cluster.primary()
        wait_until("its key has gone", lambda: self.zookeeper.get(f"/service/demo/members/{killed.name}") is None, 40)
        living = [member.name for member in self.cluster.members if member is not killed]
        after = status_until(
            self.patctl, self.file,
            lambda one: one.cluster()["primary"] == leader.name and all(one.members()[name]["healthy"] for name in living),
            "the new primary and a healthy replica", 90)
        self.assertEqual(after.cluster()["lock_holder"], leader.name)
        # A member that is back within two seconds has not gone for a watch: its session may just have been made anew.
        watcher.wait("its key has gone for the watch", lambda one: killed.name not in member_names(one.of("cluster")[-1]), 20)
        killed.resume()
        self.cluster.wait_until_well()
        back = status_until(self.patctl, self.file, caught_up, "verdict ok and no lag", 90)
        assert_well(self, back, leader.name, self.cluster.names)
        assert_kill_was_watched(self, watcher, killed.name, leader.name, self.cluster.names)
