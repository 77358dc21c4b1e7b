"""The tour: every call of patroni::Member to real members of every version, one row of a table each.

A row: what is asked, of whom, the call with its arguments, the outcome that the library must report (by version), and the effect
that is looked for without the library (lab/effects.py). docs/compatibility.md is made from what was seen.
"""

import os
import pathlib
import unittest

from lab import parts
from lab import effects as to
from lab.testcase import LabTestCase
from lab.tour import Begun, Row

HOUR = 3600


def health(check, leader, replica):
    """A health check of the leader and of a replica."""
    return [Row(f"GET {check} of the {who}", who, "health", {"check": check}, expected, to.true_check)
            for who, expected in (("leader", leader), ("replica", replica))]


READS = [
    Row("status of the leader", "leader", "status", {}, "ok", to.true_status),
    Row("status of a replica", "replica", "status", {}, "ok", to.true_status),
    Row("cluster", "replica", "cluster", {}, "unsupported, 1.6.1 ok", to.true_cluster),
    Row("history", "leader", "history", {}, "unsupported, 1.6.1 ok", to.true_history),
    Row("dynamic configuration", "replica", "config", {}, "unsupported, 1.0 ok", to.true_config),
    Row("metrics of the leader", "leader", "metrics", {}, "unsupported, 2.1 ok", to.true_metrics),
    Row("metrics of a replica", "replica", "metrics", {}, "unsupported, 2.1 ok", to.true_metrics),
    Row("failsafe members, without failsafe mode", "leader", "failsafe", {}, "unsupported, 3.0 error(not_found)", to.unlooked),
    Row("a request as it is", "leader", "raw", {"target": "/patroni"}, "ok", to.unlooked),
    *health("/", "well", "not well"),
    *health("/leader", "unsupported, 1.5 well", "unsupported, 1.5 not well"),
    *health("/standby-leader", "unsupported, 1.5 well, 2.0 not well", "unsupported, 1.5 not well"),
    *health("/replica", "not well", "well"),
    *health("/read-write", "unsupported, 1.6 well", "unsupported, 1.6 not well"),
    *health("/read-only", "unsupported, 1.6 well", "unsupported, 1.6 well"),
    *health("/read-only-sync", "unsupported, 2.1.5 well", "unsupported, 2.1.5 not well"),
    *health("/read-only-quorum", "unsupported, 4.0 well", "unsupported, 4.0 not well"),
    *health("/sync", "unsupported, 1.4 not well", "unsupported, 1.4 not well"),
    *health("/async", "unsupported, 1.4 not well", "unsupported, 1.4 well"),
    *health("/quorum", "unsupported, 4.0 not well", "unsupported, 4.0 not well"),
    *health("/health", "unsupported, 1.6 well", "unsupported, 1.6 well"),
    Row("HEAD / of the leader", "leader", "health", {"check": "/", "method": "HEAD"}, "unsupported, 2.1.5 well", to.true_check),
    Row("HEAD / of a replica", "replica", "health", {"check": "/", "method": "HEAD"}, "unsupported, 2.1.5 not well", to.true_check),
    Row("OPTIONS / of the leader", "leader", "health", {"check": "/", "method": "OPTIONS"}, "unsupported, 1.0 well", to.true_check),
    Row("OPTIONS / of a replica", "replica", "health", {"check": "/", "method": "OPTIONS"}, "unsupported, 1.0 not well", to.true_check),
    Row("/replica with a lag", "replica", "health", {"check": "/replica", "max_lag": 16 << 20}, "unsupported, 2.0 well", to.true_check),
    Row("/replica with a tag that it lacks", "replica", "health", {"check": "/replica", "tag": "zone:b"},
        "unsupported, 2.1 not well", to.true_check),
    Row("liveness", "leader", "liveness", {}, "unsupported, 2.0 well", to.true_check),
    Row("readiness of the leader", "leader", "readiness", {}, "unsupported, 2.0 well", to.true_check),
    Row("readiness of a replica", "replica", "readiness", {}, "unsupported, 2.0 well", to.true_check),
    Row("readiness by what was received", "replica", "readiness", {"mode": "write", "max_lag": 16 << 20},
        "unsupported, 4.1 well", to.true_check),
]

ACCESS = [
    Row("reload, no password", "leader", "reload", {"access": "no password"}, "unsupported, 1.0 rejected(not_authenticated)", to.nothing),
    Row("restart, no password", "replica", "restart", {"access": "no password"}, "rejected(not_authenticated)", to.nothing),
    Row("restart, wrong password", "leader", "restart", {"access": "wrong password"}, "rejected(not_authenticated)", to.nothing),
    Row("patch, wrong password", "leader", "patch_config", {"patch": {"ttl": 99}, "access": "wrong password"},
        "unsupported, 1.0 rejected(not_authenticated)", to.nothing),
    Row("switchover, wrong password", "leader", "switchover", {"leader": "leader", "candidate": "replica", "access": "wrong password"},
        "rejected(not_authenticated)", to.nothing),
    Row("reinitialize, no password", "replica", "reinitialize", {"access": "no password"}, "rejected(not_authenticated)", to.nothing),
]

CONFIGURATION = [
    Row("patch a value", "leader", "patch_config", {"patch": {"maximum_lag_on_failover": 2097152}}, "unsupported, 1.0 done",
        to.configured),
    Row("delete a value", "replica", "patch_config", {"patch": {"maximum_lag_on_failover": None}}, "unsupported, 1.0 done",
        to.configured),
    Row("put the whole", "leader", "put_config", lambda tour: {"config": {**tour.config(), "maximum_lag_on_failover": 1048576}},
        "unsupported, 1.0 done", to.configured),
    Row("reload without a change", "leader", "reload", {}, "unsupported, 1.0 done(nothing_changed), 1.6.1 done", to.nothing),
    Row("reload of a new tag", "replica", "reload", {}, "unsupported, 1.0 done", to.tag_appears),
]

RESTART = [
    Row("restart if pending, nothing pending", "replica", "restart", {"only_if_pending": True},
        "unsupported, 1.1 rejected(conditions_not_met)", to.nothing),
    Row("restart if a primary, of a replica", "replica", "restart", {"role": "primary"},
        "unsupported, 1.1 rejected(conditions_not_met)", to.nothing),
    Row("restart if older than 9.0", "replica", "restart", {"postgres_version": "9.0.0"},
        "unsupported, 1.1 rejected(conditions_not_met)", to.nothing),
    Row("restart at a time in the past", "replica", "restart", {"schedule": -HOUR}, "unsupported, 1.1 rejected(time_in_past)", to.nothing),
    Row("cancel a restart, none scheduled", "replica", "cancel_restart", {}, "unsupported, 1.1 rejected(nothing_to_do)", to.nothing),
    Row("restart in an hour", "replica", "restart", {"schedule": HOUR}, "unsupported, 1.1 scheduled", to.restart_waits),
    Row("restart in an hour, once more", "replica", "restart", {"schedule": HOUR}, "unsupported, 1.1 rejected(already_scheduled)",
        to.nothing),
    Row("cancel the restart", "replica", "cancel_restart", {}, "unsupported, 1.1 done", to.restart_cancelled),
    Row("restart in two seconds", "replica", "restart", {"schedule": 2}, "unsupported, 1.1 scheduled", to.restarted_in_time),
    Row("patch that needs a restart", "leader", "patch_config", {"patch": {"postgresql": {"parameters": {"max_files_per_process": 900}}}},
        "unsupported, 1.0 done", to.pending),
    Row("restart if pending", "replica", "restart", {"only_if_pending": True}, "unsupported, 1.1 done", to.pending_restarted),
    Row("restart now", "replica", "restart", {}, "done", to.restarted),
    Row("restart if a primary, with a timeout, of the leader", "leader", "restart", {"role": "primary", "timeout": 60},
        "unsupported, 1.2 done", to.restarted),
]

REINITIALIZE = [
    Row("reinitialize the leader", "leader", "reinitialize", {}, "rejected(is_leader)", to.nothing),
    Row("reinitialize", "replica", "reinitialize", {}, "done", to.data_deleted),
    Row("reinitialize while it runs", "replica", "reinitialize", {}, "rejected(busy)", to.still_copying),
    Row("restart while it runs", "replica", "restart", {}, "rejected(busy)", to.still_copying),
    Row("reinitialize while it runs, force", "replica", "reinitialize", {"force": True}, "unsupported, 1.4 done", to.copied),
    Row("reinitialize from the leader", "replica", "reinitialize", {"from_leader": True}, "unsupported, 4.1 done", to.copied_anew),
]

SWITCHOVER = [
    Row("switchover from a member that does not lead", "leader", "switchover", {"leader": "replica", "candidate": "leader"},
        "rejected(leader_mismatch)", to.nothing),
    Row("switchover to nobody's name", "leader", "switchover", {"leader": "leader", "candidate": "nobody"},
        "rejected(candidate_unknown)", to.nothing),
    Row("switchover to a member with nofailover", "leader", "switchover", {"leader": "leader", "candidate": "guarded"},
        "rejected(no_candidate)", to.nothing),
    Row("switchover to the leader", "leader", "switchover", {"leader": "leader", "candidate": "leader"}, "error(config)", to.nothing),
    Row("switchover at a time in the past", "leader", "switchover", {"leader": "leader", "candidate": "replica", "schedule": -HOUR},
        "rejected(time_in_past)", to.nothing),
    Row("cancel a switchover, none scheduled", "leader", "cancel_switchover", {}, "unsupported, 2.0 rejected(nothing_to_do)", to.nothing),
    Row("switchover in an hour", "replica", "switchover", {"leader": "leader", "candidate": "replica", "schedule": HOUR}, "scheduled",
        to.switchover_waits),
    Row("cancel the switchover", "replica", "cancel_switchover", {}, "unsupported, 2.0 done", to.switchover_cancelled),
    Row("switchover in two seconds, no candidate", "leader", "switchover", {"leader": "leader", "schedule": 2}, "scheduled",
        to.other_leads),
    Row("switchover now", "replica", "switchover", {"leader": "leader", "candidate": "replica"}, "done", to.other_leads),
    Row("history after it", "leader", "history", {}, "unsupported, 1.6.1 ok", to.true_history),
]

FAILOVER = [
    Row("failover to nobody's name", "leader", "failover", {"candidate": "nobody"},
        "rejected(leader_mismatch), 1.1 rejected(candidate_unknown)", to.nothing),
    Row("failover to a member with nofailover", "leader", "failover", {"candidate": "guarded"},
        "rejected(leader_mismatch), 1.1 rejected(no_candidate)", to.nothing),
    Row("failover to the leader", "leader", "failover", {"candidate": "leader"},
        "rejected(leader_mismatch), 1.1 rejected(switchover_failed)", to.nothing),
    Row("failover", "replica", "failover", {"candidate": "replica"}, "rejected(leader_mismatch), 1.1 done", to.other_leads),
]

SYNCHRONOUS = [
    Row("patch synchronous mode", "leader", "patch_config", {"patch": {"synchronous_mode": True}}, "unsupported, 1.0 done", to.synchronous),
    *[Row(f"GET {check} of the synchronous standby", "replica", "health", {"check": check}, expected, to.true_check)
      for check, expected in (("/sync", "unsupported, 1.4 well"), ("/async", "unsupported, 1.4 not well"),
                              ("/read-only-sync", "unsupported, 2.1.5 well"))],
    Row("switchover to an asynchronous member", "leader", "switchover", {"leader": "leader", "candidate": "guarded"},
        "rejected(no_candidate), 1.4 rejected(candidate_not_sync)", to.nothing),
    Row("patch quorum mode", "leader", "patch_config", {"patch": {"synchronous_mode": "quorum"}}, "unsupported, 1.0 done",
        to.quorum),
    *[Row(f"GET {check} in quorum mode", "replica", "health", {"check": check}, expected, to.true_check)
      for check, expected in (("/quorum", "unsupported, 4.0 well"), ("/read-only-quorum", "unsupported, 4.0 well"))],
    Row("patch asynchronous mode", "leader", "patch_config", {"patch": {"synchronous_mode": None}}, "unsupported, 1.0 done",
        to.asynchronous),
]

MAINTENANCE = [
    Row("patch pause", "leader", "patch_config", {"patch": {"pause": True}}, "unsupported, 1.0 done", to.paused),
    Row("restart in an hour, paused", "replica", "restart", {"schedule": HOUR}, "unsupported, 1.1 rejected(paused)", to.nothing_kept),
    Row("switchover in an hour, paused", "leader", "switchover", {"leader": "leader", "candidate": "replica", "schedule": HOUR},
        "scheduled, 1.4 rejected(paused)", to.nothing_kept),
    Row("switchover without candidate, paused", "leader", "switchover", {"leader": "leader"},
        "done, 1.1 rejected(switchover_failed), 1.4 rejected(candidate_required)", to.other_leads),
    Row("patch the end of pause", "leader", "patch_config", {"patch": {"pause": None}}, "unsupported, 1.0 done", to.resumed),
]

MEMBERS_AMONG_THEMSELVES = [
    Row("announce failsafe mode, which is off", "replica", "announce_failsafe",
        {"name": "x", "postgres_url": "postgres://127.0.0.1:1/x", "api_url": "http://127.0.0.1:1/patroni"},
        "unsupported, 3.0 rejected(conditions_not_met)", to.nothing),
    Row("notify the coordinator", "replica", "notify_coordinator", {"leader": "x"}, "unsupported, 3.0 done", to.nothing),
    Row("notify the coordinator, /mpp", "replica", "notify_coordinator", {"leader": "x", "mpp": True}, "unsupported, 3.3 done", to.nothing),
    Row("sigterm", "replica", "sigterm", {}, "unsupported, 2.1.5 done", to.nothing),
]

TLS = [
    Row("status by http of an https port", "guarded", "status", {"access": "http"}, "error(reset)", to.nothing),
    Row("restart by http of an https port", "guarded", "restart", {"access": "http"},
        "unknown(connection_lost) or unknown(empty_reply)", to.nothing),
    Row("status, unknown authority", "guarded", "status", {"access": "no authority"}, "error(tls)", to.nothing),
    Row("restart, unknown authority", "guarded", "restart", {"access": "no authority"}, "error(tls)", to.nothing),
    Row("status, no client certificate", "guarded", "status", {"access": "no certificate"}, "ok, 1.6.1 error(tls)", to.nothing),
    Row("reload, no client certificate", "guarded", "reload", {"access": "no certificate"}, "unsupported, 1.0 done(nothing_changed), 1.6.1 error(tls)",
        to.nothing),
    Row("status with a client certificate", "guarded", "status", {}, "ok", to.true_status),
    Row("restart with certificate, no password", "guarded", "restart", {"access": "certificate only"},
        "rejected(not_authenticated), 1.6.1 done, 2.0 rejected(not_authenticated)", to.restarted),
    Row("reload that makes the certificate optional", "guarded", "reload", {}, "unsupported, 1.0 done(nothing_changed), 1.6.1 done",
        to.certificate_optional),
    Row("status, certificate optional", "guarded", "status", {"access": "no certificate"}, "ok", to.true_status),
    Row("restart, certificate optional", "guarded", "restart", {"access": "no certificate"}, "done, 1.6.1 rejected(certificate_required)",
        to.restarted),
]

WITHOUT_STORE = [
    Row("switchover, store stopped", "leader", "switchover", {"leader": "leader", "candidate": "replica"},
        "unknown(empty_reply) or unknown(write_failed)", to.store_stopped),
]

TABLE = [*READS, *ACCESS, *CONFIGURATION, *RESTART, *REINITIALIZE, *SWITCHOVER, *FAILOVER, *SYNCHRONOUS, *MAINTENANCE,
         *MEMBERS_AMONG_THEMSELVES, *TLS, *WITHOUT_STORE]


class TourTestCase(LabTestCase):
    """All rows in order, on one cluster. The tours of `together` run side by side: they mostly wait."""

    version = None
    together = ()
    _begun = {}

    @classmethod
    def prepare(cls):
        if os.environ.get("LAB_EXTENT") == "quick":
            raise unittest.SkipTest("takes more than a minute: not with --quick")
        for version in cls.together:
            if version not in cls._begun:
                cls._begun[version] = begun = Begun(version, TABLE)
                if os.environ.get("LAB_TOUR"):
                    unittest.addModuleCleanup(begun.write_seen, pathlib.Path(os.environ["LAB_TOUR"]))
                unittest.addModuleCleanup(begun.end)
        cls.begun = cls._begun[cls.version]
        cls.begun.wait_until_ready()


def row_test(row):
    return lambda self: self.begun.judge(self, row)


def tour_of(version, name, together):
    tests = {f"test_{place:03}_{row.title.replace(' ', '_')}": row_test(row) for place, row in enumerate(TABLE, start=1)}
    return type(name, (TourTestCase,), {"version": version, "together": together, "__module__": __name__, **tests})


def load_tests(loader, _tests, _pattern):
    """Patroni 4.1 and 0.90 side by side; with --full every further version that is installed, one after the other."""
    names = {parts.MODERN: "TourModern", parts.OLD: "TourOld"}
    classes = [tour_of(version, name, tuple(names)) for version, name in names.items()]
    if os.environ.get("LAB_EXTENT") == "full":
        classes = [tour_of(version, f"VersionsTour_{version.replace('.', '_')}", (version,))
                   for version in parts.installed_versions() if version not in names]
    return unittest.TestSuite(loader.loadTestsFromTestCase(one) for one in classes)
