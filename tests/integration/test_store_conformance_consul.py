"""The conformance suite on Consul, and what only Consul does: new sessions, restored snapshots, indexes that begin anew."""

import json
import time

from lab.testcase import LabTestCase
import test_store_conformance
from test_store_conformance import MEMBER


class ConformanceConsul(test_store_conformance.Conformance, LabTestCase):
    store = "consul"

    def test_a_new_session_of_each_member_is_no_lost_leader(self):
        """A changed ttl: Patroni's members give their keys up and take them again at once."""
        self.fill()
        watcher = self.watcher().wait_current()
        for count in range(20):
            for name, value in (("leader", "pg1"), ("members/pg1", MEMBER)):
                self.served.remove(self.path + name)
                self.put(name, value)
            self.put("status", json.dumps({"optime": count + 1}))
        watcher.wait("the last status", lambda one: (self.path + "status", '{"optime": 20}') in one.changes())
        leaders = {event["cluster"]["leader"] for event in watcher.of("cluster")}
        self.assertEqual(leaders, {"pg1"})
        self.assertEqual({len(event["cluster"]["members"]) for event in watcher.of("cluster")}, {2})
        self.assertEqual(watcher.of("gap"), [])


    def test_a_snapshot_that_is_restored_is_a_gap_and_ends_in_the_truth(self):
        self.fill()
        saved = self.served.server.snapshot()
        watcher = self.watcher(self.scope, "--raw").wait_current()
        self.put("leader", "pg2")
        self.served.remove(self.path + "members/pg2")
        watcher.wait("both are told", lambda one: one.changes()[-1] == (self.path + "members/pg2", None))
        time.sleep(0.3)  # The next query waits: only then Consul says at once that all is new, else after 10 s.
        self.served.server.restore(saved)
        watcher.wait("it is told", lambda one: one.state().get(self.path + "members/pg2") == MEMBER, 30)
        self.assertEqual((watcher.state()[self.path + "leader"], len(watcher.of("gap"))), ("pg1", 1))
        self.put("leader", "pg3")
        watcher.wait("it goes on", lambda one: one.changes()[-1] == (self.path + "leader", "pg3"))

    def test_an_index_that_begins_anew_is_a_gap_and_ends_in_the_truth(self):
        """The agent comes back with nothing, and its index is small again."""
        self.fill()
        for count in range(100):
            self.put("leader", f"pg{count}")
        watcher = self.watcher().wait_current()
        self.served.server.stop()
        self.served.server.start()
        watcher.wait("it is gone", lambda one: one.of("cluster")[-1]["cluster"] is None, 60)
        self.fill()
        watcher.wait("it is back", lambda one: (one.of("cluster")[-1]["cluster"] or {}).get("leader") == "pg1")
        self.assertEqual(len(watcher.of("gap")), 1)
