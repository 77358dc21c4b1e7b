"""Client::writable_primary on a real cluster of Patroni 4.1: through a kill -9 of the primary and through a switchover.

Every answer is checked at once with PostgreSQL itself: the member that it names takes a write then.
"""

import json
import subprocess
import threading

from lab import cluster, parts
from lab.etcd import Etcd
from lab.testcase import LabTestCase

WAIT = 60000  # ms: longer than a ttl and a promotion


class WritablePrimary(LabTestCase):

    @classmethod
    def prepare(cls):
        cls.program = parts.patctl().with_name("primary_tour")
        if not cls.program.exists():
            raise parts.Missing(f"no {cls.program} (build the tests)")
        cls.etcd = cls.started(Etcd(cls.workspace))
        cls.cluster = cls.started_cluster(cluster.modern_cluster(cls.workspace, cls.etcd))
        cls.cluster.primary().sql("CREATE TABLE asked (n int)")

    def sources(self):
        replica = self.cluster.replicas()[0]
        return {"etcd3": self.etcd.address, "api": replica.api_url, "members": ",".join(m.rest_address for m in self.cluster.members)}

    def ask(self, kind, source, timeout=WAIT):
        done = subprocess.run([self.program, kind, source, "demo", str(timeout)], capture_output=True, text=True, check=False,
                              timeout=timeout / 1000 + 20)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def named(self, answer):
        """The member that an answer names, which takes a write at this very moment."""
        self.assertNotIn("error", answer, answer)
        member = next(one for one in self.cluster.members if answer["member"] in (one.name, one.rest_address))
        self.assertEqual(member.sql("INSERT INTO asked VALUES (1) RETURNING n"), "1", answer)
        if answer["postgres"]:
            self.assertEqual(answer["postgres"], f"127.0.0.1:{member.postgres_port}")
        self.assertEqual(answer["timeline"], member.status()["timeline"], answer)
        self.assertEqual(answer["other_primaries"], [])
        return member

    def test_1_steady(self):
        leader = self.cluster.primary()
        for kind, source in self.sources().items():
            with self.subTest(kind):
                answer = self.ask(kind, source)
                self.assertIs(self.named(answer), leader)
                self.assertLess(answer["elapsed_ms"], 3000)
                self.assertEqual(answer["lock_source"], {"etcd3": "dcs"}.get(kind, "cluster"), answer)

    def test_2_switchover(self):
        leader, candidate = self.cluster.primary(), self.cluster.replicas()[0]
        timeline = leader.status()["timeline"]
        done = []
        body = json.dumps({"leader": leader.name, "candidate": candidate.name})
        switch = threading.Thread(target=lambda: done.append(leader.request("POST", "/switchover", body)))
        switch.start()
        try:
            seen = []
            while switch.is_alive():
                answer = self.ask("etcd3", self.etcd.address)
                self.assertNotIn("error", answer, answer)
                seen.append(answer["member"])
        finally:
            switch.join()
        self.assertEqual(done[0][0], 200, done)
        # Never back to the old one once the new one was named.
        self.assertEqual(seen, sorted(seen, key=lambda name: name != leader.name), seen)
        for kind, source in self.sources().items():
            with self.subTest(kind):
                answer = self.ask(kind, source)
                self.assertIs(self.named(answer), candidate)
                self.assertGreater(answer["timeline"], timeline)
        self.cluster.wait_until_well()

    def test_3_kill(self):
        self.slow()
        killed = self.cluster.primary()
        timeline = killed.status()["timeline"]
        living = [member for member in self.cluster.members if member is not killed]
        killed.kill()
        # At once: nobody leads, and the error names every member with its reason.
        early = self.ask("etcd3", self.etcd.address, 1500)
        self.assertEqual(early.get("error"), "not_found", early)
        for member in self.cluster.members:
            self.assertIn(member.name, early["line"])
        self.assertLess(early["elapsed_ms"], 2500)
        # With patience: the new one, by each way to ask, at the same time.
        sources = {"etcd3": self.etcd.address, "api": living[0].api_url,
                   "members": ",".join(member.rest_address for member in self.cluster.members)}
        answers = {}
        threads = [threading.Thread(target=lambda k=kind, s=source: answers.update({k: self.ask(k, s)}))
                   for kind, source in sources.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for kind in sources:
            with self.subTest(kind):
                member = self.named(answers[kind])
                self.assertIn(member, living)
                self.assertGreater(answers[kind]["timeline"], timeline)
        killed.resume()
        self.cluster.wait_until_well()
        for kind, source in self.sources().items():
            with self.subTest(f"{kind}, all back"):
                self.assertIs(self.named(self.ask(kind, source)), self.cluster.primary())
