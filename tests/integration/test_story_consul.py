"""Patroni 4.1 on Consul: discover and status from its own configuration file, before, during and after kill -9; ACLs; a frozen agent."""

import json

from lab import cluster, registrator
from lab.consul import Consul
from lab.looks import assert_kill_was_watched, assert_unanswered, assert_well, caught_up, status_until
from lab.testcase import LabTestCase
from lab.waiting import wait_until
from lab.watcher import Watcher

MANAGEMENT = "5f0c6e53-7a1f-4d53-9d1c-5ad6a8b1c001"


class StoryConsul(LabTestCase):
    """Every token but that of the members is denied: the file has it, an option has a weaker one."""

    @classmethod
    def prepare(cls):
        cls.consul = cls.started(Consul(cls.workspace, MANAGEMENT))
        cls.cluster = cls.started_cluster(cluster.modern_cluster(cls.workspace, cls.consul))
        cls.reader = cls.workspace.write(
            "reader.token", cls.consul.make_token("reader", 'key_prefix "service/demo/" { policy = "read" }') + "\n")
        cls.file = ["-c", cls.cluster.members[0].config]
        cls.option = ["--consul", cls.consul.address, "--token-file", cls.reader, "demo"]

    def sources(self):
        return {"file": self.file, "file, scope": [*self.file, "demo"], "option": self.option}

    def test_1_discover(self):
        expected = sorted((member.name, member.rest_port) for member in self.cluster.members)
        for name, source in self.sources().items():
            with self.subTest(name):
                result = self.patctl("discover", *source, "-f", "json")
                self.assert_exit(result, 0)
                self.assertEqual(sorted((row["name"], row["port"]) for row in result.json["members"]), expected)
                self.assertEqual(result.json["problems"], [])

    def test_2_status(self):
        leader = self.cluster.primary()
        for name, source in self.sources().items():
            with self.subTest(name):
                result = status_until(self.patctl, source, caught_up, "verdict ok and no lag")
                assert_well(self, result, leader.name, self.cluster.names)
                self.assertEqual(result.cluster()["lock_holder"], leader.name)

    def test_3_who_may_not(self):
        wrong = self.workspace.write("wrong.token", "11111111-1111-1111-1111-111111111111\n")
        nothing = self.workspace.write("nothing.token", self.consul.make_token("nothing", 'node_prefix "" { policy = "read" }'))
        for token in ([], ["--token-file", wrong], ["--token-file", nothing]):
            with self.subTest(token=token):
                result = self.patctl("status", "--consul", self.consul.address, *token, "demo", "-f", "json")
                self.assert_exit(result, 5)
                self.assert_kind(result, "unauthorized")
                self.assertNotIn("11111111-1111", result.out + result.err)
        whole = self.patctl("status", "--consul", self.consul.address, "--token-file", self.reader, "-f", "json")
        self.assert_exit(whole, 0)  # of the namespace Consul shows what the token may see
        self.assertEqual(whole.cluster()["scope"], "demo")
        unknown = self.patctl("status", *self.file, "nosuch", "-f", "json")
        self.assert_exit(unknown, 5)
        self.assert_kind(unknown, "not_found")

    def test_3_entries_of_registrator(self):
        registered = {}
        for number, member in enumerate(self.cluster.members, start=1):
            registered[member.name] = registrator.Registration(number, member)
            registered[member.name].write_to_consul(self.consul, "/registry")
        token = self.workspace.write("registry.token", self.consul.make_token(
            "registry", 'key_prefix "registry/" { policy = "read" } service_prefix "" { policy = "read" } node_prefix "" { policy = "read" }'))
        service, leader = f"{registrator.SERVICE}-8008", registered[self.cluster.primary().name]
        for url in (f"consul://{self.consul.address}/{service}", f"consulkv://{self.consul.address}/registry/{service}"):
            with self.subTest(url):
                source = ["--registrator", url, "--token-file", token]
                found = self.patctl("discover", *source, "-f", "json")
                self.assert_exit(found, 0)
                self.assertEqual(
                    sorted((row["name"], row["port"], row["postgres"]["port"]) for row in found.json["members"]),
                    sorted((one.container, one.member.rest_port, one.member.postgres_port) for one in registered.values()))
                result = status_until(self.patctl, source, caught_up, "verdict ok and no lag")
                self.assertEqual(result.cluster()["primary"], leader.container)
                denied = self.patctl("discover", "--registrator", url, "-f", "json")
                self.assert_exit(denied, 5)
                self.assert_kind(denied, "unauthorized")
                weak = self.patctl("discover", "--registrator", url, "--token-file", self.reader, "-f", "json")
                self.assert_exit(weak, 5)
                self.assert_kind(weak, "unauthorized")
                missing = self.patctl("discover", "--registrator", url.replace("-8008", "-8009"), "--token-file", token, "-f", "json")
                self.assert_exit(missing, 5)
                self.assert_problem(missing, "empty_directory")

    def test_3_no_secret_in_a_trace(self):
        result = self.patctl("status", *self.file, "-vv")
        self.assert_exit(result, 0)
        self.assertIn("trace:", result.err)
        self.assertNotIn(MANAGEMENT, result.out + result.err)

    def test_4_a_frozen_agent(self):
        with self.consul.frozen():
            result = self.patctl("status", *self.file, "--timeout", "1", "-f", "json")
            self.assert_exit(result, 5)
            self.assert_kind(result, "timeout")
        wait_until("the agent is back", lambda: self.patctl("status", *self.file, "-f", "json").exit == 0, 60)

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
        self.assertEqual(during.cluster()["lock_holder"], killed.name)
        assert_unanswered(self, during, killed.name)
        # The session ends at twice its 10 s; then a replica takes over.
        leader = self.cluster.primary()
        wait_until("its key has gone", lambda: self.consul.get(f"/service/demo/members/{killed.name}") is None, 40)
        living = [member.name for member in self.cluster.members if member is not killed]
        after = status_until(
            self.patctl, self.file,
            lambda one: one.cluster()["primary"] == leader.name and all(one.members()[name]["healthy"] for name in living),
            "the new primary and a healthy replica", 90)
        self.assertEqual(after.cluster()["lock_holder"], leader.name)
        self.assertNotEqual(after.members().get(killed.name, {}).get("healthy"), True, f"\n{after}")
        killed.resume()
        self.cluster.wait_until_well()
        back = status_until(self.patctl, self.file, caught_up, "verdict ok and no lag", 90)
        assert_well(self, back, leader.name, self.cluster.names)
        assert_kill_was_watched(self, watcher, killed.name, leader.name, self.cluster.names)
        history = json.loads(self.consul.get("/service/demo/history"))
        self.assertEqual(len(history), 1)
