"""The founding story: three members of Patroni 0.90 on PostgreSQL 9.6, named only by registrator's keys in etcd v2."""

from lab import cluster, parts, registrator
from lab.etcd import Etcd
from lab.looks import FORMATS, assert_unanswered, assert_well, caught_up, status_until
from lab.testcase import LabTestCase
from lab.waiting import wait_until


class Story090(LabTestCase):

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))
        cls.cluster = cls.started_cluster(cluster.old_cluster(cls.workspace, cls.etcd))
        cls.registered = registrator.register(cls.etcd, cls.cluster.members)
        cls.source = ["--registrator", registrator.url(cls.etcd)]

    def containers(self):
        return [one.container for one in self.registered.values()]

    # ---- discover

    def test_1_discover_by_registrator_as_json(self):
        result = self.patctl("discover", *self.source, "-f", "json")
        self.assert_exit(result, 0)
        self.assertEqual(result.json["format"], "patroni.discover/1")
        self.assertEqual(result.json["problems"], [])
        rows = {row["name"]: row for row in result.json["members"]}
        self.assertEqual(list(rows), sorted(self.containers()))
        for member in self.cluster.members:
            registration = self.registered[member.name]
            row = rows[registration.container]
            self.assertEqual(row["api_url"].rstrip("/"), member.api_url)
            self.assertEqual((row["host"], row["port"]), ("127.0.0.1", member.rest_port))
            self.assertEqual(row["registrator"], {"host": registration.host, "container": registration.container,
                                                  "container_port": 8008})
            self.assertEqual(row["postgres"], {"host": "127.0.0.1", "port": member.postgres_port})

    def test_1_discover_in_every_format(self):
        for form in FORMATS:
            with self.subTest(form):
                result = self.patctl("discover", *self.source, "-f", form)
                self.show(f"discover, {form}", result)
                self.assert_exit(result, 0)
                for registration in self.registered.values():
                    self.assertIn(registration.container, result.out)
                    self.assertIn(str(registration.member.rest_port), result.out)
                if form in ("pretty", "tsv"):
                    self.assertIn(registration.rest_address, result.out)

    def test_1_tsv_is_the_default_for_programs(self):
        plain, tsv = self.patctl("discover", *self.source), self.patctl("discover", *self.source, "-f", "tsv")
        self.assert_exit(plain, 0)
        self.assertEqual(plain.out, tsv.out)

    # ---- status

    def test_2_status_by_registrator(self):
        leader = self.registered[self.cluster.primary().name]
        result = status_until(self.patctl, self.source, caught_up, "verdict ok and no lag")
        assert_well(self, result, leader.container, self.containers())
        found = result.cluster()
        self.assertEqual(found["scope"], "batman")
        self.assertEqual(found["system_identifier"], str(self.cluster.primary().status()["database_system_identifier"]))
        version = parts.server_version(parts.postgres_96())
        for registration in self.registered.values():
            row = result.members()[registration.container]
            self.assertEqual(row["role_reported"], "master" if registration is leader else "replica")
            self.assertEqual(row["state"], "running")
            self.assertEqual(row["patroni_version"], "0.90")
            self.assertEqual(row["server_version"], version)
            self.assertEqual(row["api_url"].rstrip("/"), registration.member.api_url)
            self.assertEqual(row["postgres"], {"host": "127.0.0.1", "port": registration.member.postgres_port})
            self.assertEqual(row["registrator"], {"host": registration.host, "container": registration.container,
                                                  "container_port": 8008})

    def test_2_status_in_every_format(self):
        status_until(self.patctl, self.source, caught_up, "verdict ok and no lag")
        for form in FORMATS:
            with self.subTest(form):
                result = self.patctl("status", *self.source, "-f", form)
                self.show(f"status, {form}", result)
                self.assert_exit(result, 0)
                self.assertIn("batman", result.out)
                for container in self.containers():
                    self.assertIn(container, result.out)
        self.assertRegex(self.patctl("status", *self.source, "-f", "pretty").out.splitlines()[0], r"^\W*OK\b")

    def test_2_check(self):
        status_until(self.patctl, self.source, caught_up, "verdict ok and no lag")
        self.assert_exit(self.patctl("status", *self.source, "--check"), 0)

    def test_3_by_etcd_v2(self):
        source = ["--etcd", self.etcd.address, "batman"]
        discovered = self.patctl("discover", *source, "-f", "json")
        self.assert_exit(discovered, 0)
        self.assertEqual([(row["name"], row["scope"]) for row in discovered.json["members"]],
                         [(name, "batman") for name in self.cluster.names])
        leader = self.cluster.primary()
        result = status_until(self.patctl, source, caught_up, "verdict ok and no lag")
        assert_well(self, result, leader.name, self.cluster.names)
        self.assertEqual(result.cluster()["lock_holder"], leader.name)
        for member in self.cluster.members:
            row = result.members()[member.name]
            self.assertEqual(row["holds_lock"], member is leader)
            self.assertEqual(row["postgres"], {"host": "127.0.0.1", "port": member.postgres_port})

    def test_3_by_a_list_of_members(self):
        source = ["--members", ",".join(member.rest_address for member in self.cluster.members)]
        result = status_until(self.patctl, source, caught_up, "verdict ok and no lag")
        addresses = [member.rest_address for member in self.cluster.members]
        assert_well(self, result, self.cluster.primary().rest_address, addresses)  # 0.90 does not tell its name

    def test_3_by_a_seed(self):
        seed = self.cluster.primary()
        result = self.patctl("status", "--api", seed.api_url, "-f", "json")
        self.assert_exit(result, 0)
        self.assertEqual([row["name"] for row in result.cluster()["members"]], [seed.rest_address])  # no /cluster in 0.90

    def test_4_lag(self):
        held = self.cluster.replicas()[0]
        name = self.registered[held.name].container
        with held.held_back():
            self.cluster.write_wal()
            result = status_until(self.patctl, self.source, lambda one: (one.members()[name]["lag_bytes"] or 0) > 1000000,
                                  "the lag of the replica that receives nothing")
            self.show("a replica behind", result)
            row = result.members()[name]
            self.assertEqual(row["lag_source"], "live")
            self.assertGreaterEqual(row["receive_lag_bytes"], row["lag_bytes"])
            self.assertGreaterEqual(row["replay_lag_bytes"], row["lag_bytes"])
        status_until(self.patctl, self.source, caught_up, "no lag any more")

    # ---- kill -9 of the master and its PostgreSQL: before, during, after

    def test_5_kill(self):
        self.slow()
        everyone = self.containers()
        killed = self.cluster.primary()
        dead = self.registered[killed.name].container
        before = status_until(self.patctl, self.source, caught_up, "verdict ok and no lag")
        assert_well(self, before, dead, everyone)
        self.show("before", self.patctl("status", *self.source, "-f", "pretty"))

        killed.kill()
        during = self.patctl("status", *self.source, "-f", "json")
        self.show("during", self.patctl("status", *self.source, "-f", "pretty"))
        self.assert_exit(during, 3)
        self.assertEqual(during.cluster()["verdict"], "no_leader", f"\n{during}")
        self.assertIsNone(during.cluster()["primary"])
        self.assertEqual(sorted(during.members()), sorted(everyone))
        row = assert_unanswered(self, during, dead)
        self.assertEqual(row["registrator"]["container"], dead)
        self.assert_exit(self.patctl("status", *self.source, "--check"), 2)
        by_store = self.patctl("status", "--etcd", self.etcd.address, "batman", "-f", "json")
        self.assertEqual(by_store.cluster()["lock_holder"], killed.name)
        assert_unanswered(self, by_store, killed.name)

        leader = self.cluster.primary()
        living = [member for member in self.cluster.members if member is not killed]
        self.cluster.wait_until_well(living)
        new = self.registered[leader.name].container
        after = status_until(self.patctl, self.source, lambda one: one.cluster()["primary"] == new, "the new primary")
        self.show("after", self.patctl("status", *self.source, "-f", "pretty"))
        self.assert_exit(after, 3)
        self.assertEqual(after.cluster()["verdict"], "degraded", f"\n{after}")
        self.assertEqual(sorted(after.members()), sorted(everyone))
        assert_unanswered(self, after, dead)
        self.assert_exit(self.patctl("status", *self.source, "--check"), 1)

        members = "/keys/service/batman/members"
        wait_until("its key has expired", lambda: len(self.etcd.v2("GET", members)["node"]["nodes"]) == 2, 30)
        source = ["--etcd", self.etcd.address, "batman"]
        forgotten = status_until(self.patctl, source, caught_up, "verdict ok with the two that are left")
        assert_well(self, forgotten, leader.name, [member.name for member in living])
