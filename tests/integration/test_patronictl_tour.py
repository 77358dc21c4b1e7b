"""Every command of patronictl against real clusters, what it did looked up in etcd and PostgreSQL, and side by side with the real one."""

import datetime
import json
import os
import re
import subprocess
import time
import unittest

from lab import cluster, parts
from lab.etcd import Etcd
from lab.patctl import Patctl, Result
from lab.testcase import LabTestCase
from lab.waiting import wait_until

FURTHER = "3.3.11"
TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?")


class Tour:
    """The tests; the classes below say which Patroni."""

    version = parts.MODERN

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))
        cls.cluster = cls.started_cluster(cluster.modern_cluster(cls.workspace, cls.etcd, version=cls.version))
        link = cls.workspace.path / "bin" / "patronictl"
        cls.workspace.folder("bin")
        link.symlink_to(cls.patctl.program.resolve())
        cls.ours = Patctl(link, cls.patctl.folder)
        cls.original = parts.venv(cls.version) / "bin/patronictl"
        cls.config = cls.cluster.members[0].config

    # ---- both programs

    def run_ours(self, *arguments, input=None, limit=120):
        result = self.ours("-c", self.config, *arguments, input=input, limit=limit)
        self.show(arguments[0], result)
        return result

    def run_original(self, *arguments, input=None, limit=120):
        command = [str(self.original), "-c", str(self.config), *map(str, arguments)]
        begin = time.perf_counter()
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.patctl.folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, input=input or "", timeout=limit, check=False)
        return Result(command, done, time.perf_counter() - begin)

    def assert_same(self, *arguments, input=None, stderr=True):
        """Both print the same and end alike. Members publish while it is looked: three tries."""
        for _ in range(3):
            before = self.run_original(*arguments, input=input)
            ours = self.run_ours(*arguments, input=input)
            after = self.run_original(*arguments, input=input)
            if TIME.sub("T", before.out) == TIME.sub("T", after.out):
                break
        for original in (before, after):
            if TIME.sub("T", original.out) == TIME.sub("T", ours.out):
                break
        self.assertEqual(TIME.sub("T", ours.out), TIME.sub("T", original.out), f"\n{ours}\n{original}")
        self.assertEqual(ours.exit, original.exit, f"\n{ours}\n{original}")
        if stderr:
            self.assertEqual(ours.err, original.err, f"\n{ours}\n{original}")
        return ours

    def does(self, *arguments, text=None, exit=0, **options):
        result = self.run_ours(*arguments, **options)
        self.assertEqual(result.exit, exit, f"\n{result}")
        if text:
            self.assertIn(text, result.out + result.err, f"\n{result}")
        return result

    # ---- what is so

    def key(self, name):
        return self.etcd.get(f"/service/demo/{name}")

    def published(self, member):
        return json.loads(self.key(f"members/{member.name}") or "{}")

    def start_time(self, member):
        return member.sql("SELECT pg_postmaster_start_time()")

    def settled(self):
        self.cluster.wait_until_well()
        wait_until("the store shows it", self._is_published, 60)

    def _is_published(self):
        leader = self.cluster.primary()
        rows = [self.published(member) for member in self.cluster.members]
        standbys = [row for row, member in zip(rows, self.cluster.members) if member is not leader]
        timelines = {row.get("timeline") for row in rows}
        return (self.key("leader") == leader.name and len(timelines) == 1 and all(row.get("state") in ("running", "streaming") for row in rows)
                and all(row.get("replication_state") == "streaming" for row in standbys))

    # ---- readers

    def test_1_readers_print_what_the_original_prints(self):
        self.settled()
        leader = self.cluster.primary()
        for form in ("pretty", "tsv", "json", "yaml"):
            with self.subTest(form):
                self.assert_same("list", "demo", "-f", form)
                self.assert_same("history", "demo", "-f", form)
        for arguments in (["list"], ["list", "-e", "demo"], ["list", "nosuch"], ["topology", "demo"], ["show-config", "demo"],
                          ["dsn", "demo"], ["dsn", "demo", "-r", "replica"], ["dsn", "demo", "-m", leader.name], ["dsn", "nosuch"]):
            with self.subTest(" ".join(arguments)):
                self.assert_same(*arguments)

    def test_1_version_names_every_member(self):
        self.settled()
        result = self.does("version", "demo")
        for member in self.cluster.members:
            self.assertIn(f"{member.name}: Patroni {self.version} PostgreSQL 15.", result.out)

    def test_1_refusals_are_the_originals(self):
        self.settled()
        leader = self.cluster.primary().name
        replica = self.cluster.replicas()[0].name
        refusals = [
            ["switchover", "demo", "--force", "--leader", replica],
            ["switchover", "demo", "--force", "--candidate", "nobody"],
            ["switchover", "demo", "--force", "--candidate", leader],
            ["switchover", "demo", "--force", "--scheduled", "nonsense"],
            ["switchover", "nosuch", "--force"],
            ["failover", "demo", "--force"],
            ["failover", "demo", "--force", "--candidate", leader],
            ["restart", "demo", "nobody", "--force"],
            ["restart", "demo", replica, "--force", "--pg-version", "ten"],
            ["restart", "nosuch", "--force"],
            ["reload", "demo", leader, "-r", "replica", "--force"],
            ["reinit", "demo", leader, "--force"],
            ["flush", "demo", "switchover"],
            ["resume", "demo"],
        ]
        for arguments in refusals:
            with self.subTest(" ".join(arguments)):
                self.assert_same(*arguments)
        with self.subTest("questions"):
            self.assert_same("switchover", "demo", input="\n\n\nn\n")
            self.assert_same("restart", "demo", replica, input="\nn\n")
            self.assert_same("reload", "demo", input="n\n")
            self.assert_same("failover", "demo", input=f"{replica}\nn\n")

    # ---- one member

    def test_2_reload(self):
        replica = self.cluster.replicas()[0]
        self.assert_same("reload", "demo", replica.name, "--force")

    def test_2_restart(self):
        replica = self.cluster.replicas()[0]
        before = self.start_time(replica)
        self.does("restart", "demo", replica.name, "--force", text=f"Success: restart on member {replica.name}")
        self.assertNotEqual(self.start_time(replica), before)
        self.settled()

    def test_2_restart_what_is_pending(self):
        leader = self.cluster.primary()
        leader.request("PATCH", "/config", json.dumps({"postgresql": {"parameters": {"max_connections": 60}}}))
        wait_until("restarts are pending", lambda: all(self.published(one).get("pending_restart") for one in self.cluster.members), 60)
        self.assert_same("list", "demo")
        self.does("restart", "demo", "--pending", "--force", text=f"Success: restart on member {leader.name}")
        for member in self.cluster.members:
            wait_until(f"{member.name} is up", lambda one=member: one.sql("SHOW max_connections") == "60", 60)
        self.settled()

    def test_2_restart_later_and_flush(self):
        replica = self.cluster.replicas()[0]
        self.does("restart", "demo", replica.name, "--force", "--scheduled", "2099-01-01T10:00+02:00",
                  text=f"Success: restart scheduled on member {replica.name}")
        planned = wait_until("the store shows it", lambda: self.published(replica).get("scheduled_restart"), 30)
        self.assertEqual(planned["schedule"], "2099-01-01T10:00:00+02:00")
        self.does("flush", "demo", replica.name, "restart", "--force",
                  text=f"Success: flush scheduled restart for member {replica.name}")
        wait_until("the store shows no more", lambda: not self.published(replica).get("scheduled_restart"), 30)

    def test_2_reinit(self):
        replica = self.cluster.replicas()[0]
        marker = replica.data / "marker"
        marker.write_text("was here")
        result = self.does("reinit", "demo", replica.name, "--force", "--wait", text=f"Success: reinitialize for member {replica.name}")
        self.assertIn(f"Reinitialize is completed on: {replica.name}", result.out)
        # As the original: a member that has not begun after 2 s counts as completed.
        wait_until("the data directory is a new one", lambda: not marker.exists(), 60)
        self.settled()

    # ---- who leads

    def test_3_switchover(self):
        self.settled()
        leader, candidate = self.cluster.primary(), self.cluster.replicas()[0]
        result = self.does("switchover", "demo", "--candidate", candidate.name, "--force",
                           text=f'Successfully switched over to "{candidate.name}"')
        self.assertEqual(self.key("leader"), candidate.name, f"\n{result}")
        wait_until("it is the primary", candidate.is_primary, 60)
        self.assertEqual(candidate.sql("SELECT pg_is_in_recovery()"), "f")
        self.settled()
        self.assertEqual(leader.sql("SELECT pg_is_in_recovery()"), "t")

    def test_3_switchover_that_is_asked_for(self):
        self.settled()
        leader = self.cluster.primary()
        result = self.does("switchover", "demo", input="\n\n\ny\n", text="Successfully switched over to")
        self.assertIn(f"Primary [{leader.name}]: Candidate ['", result.out)
        self.assertNotEqual(self.key("leader"), leader.name)
        self.settled()

    def test_3_switchover_later_and_flush(self):
        self.settled()
        leader, candidate = self.cluster.primary().name, self.cluster.replicas()[0].name
        self.does("switchover", "demo", "--candidate", candidate, "--scheduled", "2099-01-01 10:00 -0330", "--force",
                  text="Switchover scheduled")
        planned = json.loads(self.key("failover"))
        self.assertEqual(planned, {"leader": leader, "member": candidate, "scheduled_at": "2099-01-01T10:00:00-03:30"})
        self.assert_same("list", "demo")
        self.does("flush", "demo", "switchover", text="Success: scheduled switchover deleted")
        self.assertEqual(json.loads(self.key("failover") or "{}"), {})

    def test_3_scheduled_switchover_happens(self):
        self.settled()
        candidate = self.cluster.replicas()[0]
        moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=5)
        self.does("switchover", "demo", "--candidate", candidate.name, "--scheduled", moment.isoformat(), "--force",
                  text="Switchover scheduled")
        wait_until("it leads", lambda: self.key("leader") == candidate.name, 60)
        self.settled()

    def test_3_failover(self):
        self.settled()
        candidate = self.cluster.replicas()[0]
        self.does("failover", "demo", "--candidate", candidate.name, "--force", text=f'Successfully failed over to "{candidate.name}"')
        self.assertEqual(self.key("leader"), candidate.name)
        self.settled()

    def test_3_switchover_through_the_store(self):
        """A leader whose REST API answers to nobody: wrong port in a copy of the store's word."""
        self.settled()
        leader, candidate = self.cluster.primary(), self.cluster.replicas()[0]
        leader_key = f"/service/demo/members/{leader.name}"
        word = self.published(leader)
        word["api_url"] = "http://127.0.0.1:9/patroni"
        self.does("pause", "demo")
        self.etcd.control("put", leader_key, json.dumps(word))
        result = self.run_ours("switchover", "demo", "--candidate", candidate.name, "--force")
        self.assertEqual(result.exit, 0, f"\n{result}")
        if "falling back to DCS" in result.out:  # else the member was faster and wrote its own word again
            self.assertIn("Could not switchover using Patroni api", result.out)
        wait_until("it leads", lambda: self.key("leader") == candidate.name, 60)
        self.does("resume", "demo")
        self.settled()

    # ---- the whole cluster

    def test_4_pause_and_resume(self):
        self.settled()
        result = self.does("pause", "demo", "--wait", text="Success: cluster management is paused")
        self.assertIn("'pause' request sent, waiting until it is recognized by all nodes", result.out)
        self.assertIs(json.loads(self.key("config"))["pause"], True)
        for member in self.cluster.members:
            self.assertIs(self.published(member).get("pause"), True)
        self.assert_same("list", "demo")
        self.assert_same("pause", "demo")
        later = "2099-01-01"
        self.assert_same("switchover", "demo", "--force", "--candidate", self.cluster.replicas()[0].name, "--scheduled", later)
        self.assert_same("restart", "demo", "--force", "--scheduled", later)
        self.does("resume", "demo", "--wait", text="Success: cluster management is resumed")
        self.assertNotIn("pause", json.loads(self.key("config")))

    def test_4_edit_config(self):
        if self.run_ours("edit-config", "--help").exit != 0:
            self.skipTest("this program has no edit-config")
        self.does("edit-config", "demo", "-s", "maximum_lag_on_failover=2097152", "-p", "work_mem=5MB", "--force",
                  text="Configuration changed")
        wanted = json.loads(self.key("config"))
        self.assertEqual(wanted["maximum_lag_on_failover"], 2097152)
        for member in self.cluster.members:
            wait_until(f"{member.name} has it", lambda one=member: one.sql("SHOW work_mem") == "5MB", 60)
        self.assert_same("show-config", "demo")
        self.assert_same("edit-config", "demo", "-s", "maximum_lag_on_failover=2097152", "--force")

    def test_4_query(self):
        if self.run_ours("query", "--help").exit != 0:
            self.skipTest("this program has no query")
        self.settled()
        arguments = ["query", "demo", "-U", "postgres", "-d", "postgres", "-c", "select 1 as a, 'x' as b"]
        for more in ([], ["--format", "pretty"], ["--format", "json"], ["-r", "replica"]):
            with self.subTest(" ".join(more)):
                self.assert_same(*arguments, *more, stderr=False)

    def test_5_demote_and_promote(self):
        if self.version.startswith("3."):
            self.skipTest("Patroni 4.1 knows it")
        self.settled()
        leader = self.cluster.primary()
        port = self.cluster.replicas()[0].postgres_port
        self.does("demote-cluster", "demo", "--host", "127.0.0.1", "--port", port, "--force", text="cluster is successfully demoted", limit=180)
        self.assertEqual(json.loads(self.key("config"))["standby_cluster"], {"host": "127.0.0.1", "port": port})
        self.assertEqual(leader.sql("SELECT pg_is_in_recovery()"), "t")
        self.does("promote-cluster", "demo", "--force", text="cluster is successfully promoted", limit=180)
        self.assertNotIn("standby_cluster", json.loads(self.key("config")))
        self.settled()

    def test_9_remove(self):
        self.settled()
        leader = self.cluster.primary().name
        self.assert_same("remove", "demo", input="demo\nno\n")
        self.assert_same("remove", "demo", input=f"demo\nYes I am aware\nnot-{leader}\n")
        for member in self.cluster.members:
            member.kill()  # they would write their keys again
        self.does("remove", "demo", input=f"demo\nYes I am aware\n{leader}\n")
        self.assertEqual(self.etcd.tree("/service/demo/"), {})


class PatronictlTour41(Tour, LabTestCase):
    """Patroni 4.1."""


class PatronictlTour33(Tour, LabTestCase):
    """Patroni 3.3, only with --full. Its own patronictl words much otherwise: it is compared with the one of 4.1."""

    version = FURTHER

    @classmethod
    def setUpClass(cls):
        if os.environ.get("LAB_EXTENT") != "full":
            raise unittest.SkipTest("only with --full")
        super().setUpClass()

    @classmethod
    def prepare(cls):
        super().prepare()
        cls.original = parts.venv(parts.MODERN) / "bin/patronictl"


if __name__ == "__main__":
    unittest.main()
