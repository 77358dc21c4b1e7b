"""The same story on Patroni 4.1 with etcd v3: every way of discovery, switches of the cluster, kill -9 and the way back."""

import datetime
import json

from lab import cluster, parts
from lab.etcd import Etcd
from lab.looks import FORMATS, assert_kill_was_watched, assert_unanswered, assert_well, caught_up, status_until
from lab.testcase import LabTestCase
from lab.waiting import wait_until
from lab.watcher import Watcher


class Story41(LabTestCase):

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))
        cls.cluster = cls.started_cluster(cluster.modern_cluster(cls.workspace, cls.etcd))
        cls.source = ["--etcd3", cls.etcd.address, "demo"]

    def sources(self):
        """Every way to name this cluster, by name."""
        members = self.cluster.members
        return {
            "etcd3": self.source,
            "etcd3, no scope": ["--etcd3", self.etcd.address],
            "etcd3, namespace": ["--etcd3", self.etcd.address, "--namespace", "service", "demo"],
            "api, primary": ["--api", self.cluster.primary().api_url],
            "api, replica": ["--api", self.cluster.replicas()[0].api_url],
            "members": ["--members", ",".join(member.rest_address for member in members)],
            "config": ["-c", members[0].config],
        }

    def patch_config(self, **settings):
        status, text = self.cluster.primary().request("PATCH", "/config", json.dumps(settings))
        self.assertEqual(status, 200, text)

    # ---- discover and status

    def test_1_discover_by_every_source(self):
        expected = [(member.name, member.api_url, "127.0.0.1", member.rest_port) for member in self.cluster.members]
        for name, source in self.sources().items():
            with self.subTest(name):
                result = self.patctl("discover", *source, "-f", "json")
                self.assert_exit(result, 0)
                self.assertEqual(result.json["problems"], [])
                found = [(row["api_url"].removesuffix("/patroni").rstrip("/"), row["host"], row["port"])
                         for row in result.json["members"]]
                self.assertEqual(sorted(found), sorted(row[1:] for row in expected))
                if name != "members":  # a list gives addresses only, and discover asks nobody
                    self.assertEqual([row["name"] for row in result.json["members"]], self.cluster.names)
                    self.assertEqual({row["scope"] for row in result.json["members"]}, {"demo"})

    def test_1_discover_in_every_format(self):
        for form in FORMATS:
            with self.subTest(form):
                result = self.patctl("discover", *self.source, "-f", form)
                self.show(f"discover, {form}", result)
                self.assert_exit(result, 0)
                for member in self.cluster.members:
                    self.assertIn(member.name, result.out)
                    self.assertIn(str(member.rest_port), result.out)

    def test_2_status_by_every_source(self):
        leader = self.cluster.primary()
        version = parts.server_version(parts.postgres_15())
        for name, source in self.sources().items():
            with self.subTest(name):
                result = status_until(self.patctl, source, caught_up, "verdict ok and no lag")
                assert_well(self, result, leader.name, self.cluster.names)
                found = result.cluster()
                self.assertEqual(found["scope"], "demo")
                self.assertEqual(found["system_identifier"], str(leader.status()["database_system_identifier"]))
                self.assertIsNone(found["sync"])
                self.assertIsNone(found["scheduled_switchover"])
                self.assertFalse(found["paused"])
                for member in self.cluster.members:
                    row = result.members()[member.name]
                    self.assertEqual(row["role_reported"], "primary" if member is leader else "replica")
                    self.assertEqual(row["state"], "running")
                    self.assertEqual(row["replication_state"], None if member is leader else "streaming")
                    self.assertEqual(row["patroni_version"], parts.MODERN)
                    self.assertEqual(row["server_version"], version)
                    self.assertEqual(row["timeline"], leader.status()["timeline"])
                    self.assertIsNone(row["registrator"])
                    if "etcd3" in name or name == "config":
                        self.assertEqual(row["postgres"], {"host": "127.0.0.1", "port": member.postgres_port})
                        self.assertEqual(row["holds_lock"], member is leader)
                if "etcd3" in name or name == "config":
                    self.assertEqual(found["lock_holder"], leader.name)

    def test_2_status_in_every_format(self):
        status_until(self.patctl, self.source, caught_up, "verdict ok and no lag")
        for form in FORMATS:
            with self.subTest(form):
                result = self.patctl("status", *self.source, "-f", form)
                self.show(f"status, {form}", result)
                self.assert_exit(result, 0)
                for member in self.cluster.members:
                    self.assertIn(member.name, result.out)

    def test_2_configuration_from_the_environment(self):
        file = str(self.cluster.members[0].config)
        result = self.patctl("status", "-f", "json", environment={"PATRONICTL_CONFIG_FILE": file})
        self.assert_exit(result, 0)
        self.assertEqual(sorted(result.members()), self.cluster.names)

    # ---- what only the cluster knows

    def test_3_synchronous_mode(self):
        self.patch_config(synchronous_mode=True)
        self.addCleanup(self.patch_config, synchronous_mode=None)
        result = status_until(
            self.patctl, self.source, lambda one: any(row["role"] == "sync_standby" for row in one.members().values()),
            "a synchronous standby")
        self.show("synchronous mode", self.patctl("status", *self.source, "-f", "pretty"))
        self.assertIsNotNone(result.cluster()["sync"])
        self.assertEqual(result.cluster()["verdict"], "ok", f"\n{result}")
        by_seed = self.patctl("status", "--api", self.cluster.primary().api_url, "-f", "json")
        self.assertIn("sync_standby", [row["role"] for row in by_seed.members().values()], f"\n{by_seed}")

    def test_3_pause(self):
        self.patch_config(pause=True)
        self.addCleanup(self.patch_config, pause=None)
        for source in (self.source, ["--api", self.cluster.replicas()[0].api_url]):
            with self.subTest(source[0]):
                status_until(self.patctl, source, lambda one: one.cluster()["paused"] is True, "paused is true", 20)

    def test_3_scheduled_switchover(self):
        leader, candidate = self.cluster.primary(), self.cluster.replicas()[0]
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        body = json.dumps({"leader": leader.name, "candidate": candidate.name, "scheduled_at": at.isoformat()})
        status, text = leader.request("POST", "/switchover", body)
        self.assertEqual(status, 202, text)
        self.addCleanup(leader.request, "DELETE", "/switchover", None)
        for source in (self.source, ["--api", leader.api_url]):
            with self.subTest(source[0]):
                result = status_until(self.patctl, source, lambda one: one.cluster()["scheduled_switchover"], "the switchover")
                self.assertIn(candidate.name, json.dumps(result.cluster()["scheduled_switchover"]))

    def test_4_lag(self):
        held = self.cluster.replicas()[0]
        with held.held_back():
            self.cluster.write_wal()
            result = status_until(self.patctl, self.source,
                                  lambda one: (one.members()[held.name]["lag_bytes"] or 0) > 1000000,
                                  "the lag of the replica that receives nothing")
            self.assertEqual(result.members()[held.name]["lag_source"], "live")
        status_until(self.patctl, self.source, caught_up, "no lag any more")

    # ---- kill -9 of the primary and its PostgreSQL: before, during, after, and back

    def test_5_kill(self):
        self.slow()
        killed = self.cluster.primary()
        before = status_until(self.patctl, self.source, caught_up, "verdict ok and no lag")
        assert_well(self, before, killed.name, self.cluster.names)
        watcher = Watcher(self.patctl, *self.source)
        self.addCleanup(watcher.stop)
        watcher.wait_current()

        killed.kill()
        during = self.patctl("status", *self.source, "-f", "json")
        self.show("during", self.patctl("status", *self.source, "-f", "pretty"))
        self.assert_exit(during, 3)
        self.assertEqual(during.cluster()["verdict"], "no_leader", f"\n{during}")
        self.assertEqual(during.cluster()["lock_holder"], killed.name)
        self.assertIsNone(during.cluster()["primary"])
        self.assertEqual(sorted(during.members()), self.cluster.names)
        assert_unanswered(self, during, killed.name)
        self.assert_exit(self.patctl("status", *self.source, "--check"), 2)

        leader = self.cluster.primary()
        living = [member for member in self.cluster.members if member is not killed]
        self.cluster.wait_until_well(living)
        key = f"/service/demo/members/{killed.name}"
        wait_until("its key has expired", lambda: self.etcd.get(key) is None, 40)
        wait_until("its slot is retained", lambda: killed.name in self.slots_kept(), 20)
        after = status_until(
            self.patctl, self.source,
            lambda one: one.cluster()["primary"] == leader.name and [row["name"] for row in one.cluster()["members"] if
                                                                     not row["healthy"]] == [killed.name],
            "the new primary, and only the killed member unwell")
        self.show("after", self.patctl("status", *self.source, "-f", "pretty"))
        self.assertEqual(sorted(after.members()), self.cluster.names, f"\n{after}")
        self.assertEqual(after.members()[killed.name]["role"], "gone", f"\n{after}")
        self.assertIn("/service/demo/status", json.dumps(after.members()[killed.name]))  # the key that names it
        self.assertEqual(after.cluster()["verdict"], "degraded", f"\n{after}")
        self.assertIn(after.exit, (0, 3))
        self.assert_exit(self.patctl("status", *self.source, "--check"), 1)

        killed.resume()
        self.cluster.wait_until_well()
        back = status_until(self.patctl, self.source, caught_up, "verdict ok with all three")
        assert_well(self, back, leader.name, self.cluster.names)
        assert_kill_was_watched(self, watcher, killed.name, leader.name, self.cluster.names)
        self.assertEqual({row["timeline"] for row in back.members().values()}, {leader.status()["timeline"]})

    def slots_kept(self):
        status = self.etcd.get("/service/demo/status")
        return json.loads(status).get("retain_slots", []) if status else []
