"""A cluster that is told everything that its version of Patroni can be told, through the library; what came of it is looked at
without the library.

The members: two that may lead and speak http ("leader" and "replica", as it is at that moment), and a third, "guarded": it speaks
https, wants a client certificate (Patroni >= 1.6.1) and has the tag nofailover.
"""

import collections
import datetime
import json
import os
import pathlib
import re
import subprocess
import threading
import time
import unittest

from . import http_client, parts, processes, programs
from .certificates import Authority
from .cluster import Cluster
from .etcd import Etcd
from .member import ModernMember, OldMember
from .recorder import Recorder
from .waiting import wait_until
from .workspace import Workspace

# `expected` is the outcome, or what it is by version: "unsupported, 1.1 done" changes to done with Patroni 1.1. "a or b": both can be.
Row = collections.namedtuple("Row", "title to call arguments expected effect")


def number(version):
    return tuple(int(part) for part in version.split("."))


def expected_in(version, text):
    """The outcome that a row expects of one version."""
    found = None
    for part in text.split(", "):
        since, outcome = part.split(" ", 1) if part[0].isdigit() else ("0", part)
        if number(version) >= number(since):
            found = outcome
    return found


def word_of(result):
    """What the library made of a call: ok, well, not well; done, rejected(paused); error(tls), unsupported."""
    if "error" in result:
        kind = result["error"]["kind"]
        return "unsupported" if kind == "unsupported" else f"error({kind})"
    if result["outcome"]:
        kind, reason = result["outcome"]["kind"], result["outcome"]["reason"]
        return kind if reason == "none" else f"{kind}({reason})"
    if isinstance(result["data"], dict) and "healthy" in result["data"]:
        return "well" if result["data"]["healthy"] else "not well"
    return "ok"


class Step:
    """One row that is being carried out; `result` and `word` are set by the call."""

    def __init__(self, tour, row):
        self.tour = tour
        self.row = row
        self.member = tour.member(row.to)
        arguments = row.arguments(tour) if callable(row.arguments) else dict(row.arguments)
        self.access = arguments.pop("access", "")
        for key in ("leader", "candidate"):
            if arguments.get(key) in ("leader", "replica", "guarded"):
                arguments[key] = tour.member(arguments[key]).name
        if "schedule" in arguments:
            arguments["schedule"] = later(arguments["schedule"])
        self.arguments = arguments
        self.result = None
        self.word = None

    def done(self):
        return self.word.split("(")[0] in ("done", "scheduled")


def later(seconds):
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return time.isoformat(timespec="milliseconds")


class Tour:
    """One cluster and what was seen of it."""

    def __init__(self, workspace, etcd, version):
        self.workspace = workspace
        self.etcd = etcd
        self.version = version
        self.is_old = number(version) < (2, 1)
        self.scope = "batman"
        self.program = parts.member_tour()
        self.authority = Authority(workspace)
        self.identity = self.authority.issue("member")
        members = [self._member(f"pg{n}", guarded=n == 3) for n in (1, 2, 3)]
        self.cluster = Cluster(workspace, members, one_first=True)
        self.seen = []
        self._recorders = {}
        self._untouched = None

    def _member(self, name, guarded):
        certificate, key = self.identity
        extra = f"ctl:\n  cacert: {self.authority.certificate}\n  certfile: {certificate}\n  keyfile: {key}\n"
        restapi = ""
        if guarded:
            extra += "tags:\n  nofailover: true\n  nosync: true\n"
            restapi = f"  certfile: {certificate}\n  keyfile: {key}\n"
            if number(self.version) >= (1, 6, 1):
                restapi += f"  cafile: {self.authority.certificate}\n  verify_client: required\n"
        options = {"version": self.version, "restapi_extra": restapi, "extra": extra}
        if not self.is_old:
            options["programs"] = programs.of_postgres_15(self.workspace)
        member = (OldMember if self.is_old else ModernMember)(self.workspace, self.scope, name, self.etcd, **options)
        if guarded:
            member.scheme = "https"
            member.tls = self.authority.context(certificate, key)
        return member

    def start(self):
        self.cluster.start()
        wait_for("every member has published what it is", self._all_published)
        self._record()
        return self

    def _all_published(self):
        keys = self.keys()
        members = [json.loads(keys.get(f"members/{member.name}", "{}")) for member in self.cluster.members]
        return all(member.get("state") == "running" and "xlog_location" in member for member in members)

    def _record(self):
        if os.environ.get("LAB_RECORD"):
            folder = pathlib.Path(os.environ["LAB_RECORD"]) / f"v{self.version}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "50-tour.jsonl").write_text("")
            for member in self.cluster.members[:2]:
                self._recorders[member.name] = Recorder(
                    member, folder / "50-tour.jsonl", stage="50-tour", patroni=self.version, postgres=self.postgres(),
                    dcs="etcd" if self.is_old else "etcd3", scenario="three members, the third behind https; calls of the library")

    def stop(self):
        for recorder in self._recorders.values():
            recorder.stop()
        self.cluster.stop()

    # ---- who is who

    def keys(self):
        """The cluster's keys in the store."""
        return (self.etcd.v2_tree if self.is_old else self.etcd.tree)(f"/service/{self.scope}/")

    def member(self, who):
        leader = self.keys().get("leader")
        first, second, guarded = self.cluster.members
        if who == "guarded":
            return guarded
        if who == "leader":
            return self.cluster[leader] if leader else first
        return first if second.name == leader else second

    def postgres(self):
        return parts.server_version(parts.postgres_96() if number(self.version) < (2, 0) else parts.postgres_15())

    def wait_until_well(self):
        self.cluster.wait_until_well()

    @property
    def has_sync_check(self):
        return number(self.version) >= (1, 4)

    @property
    def has_quorum(self):
        return number(self.version) >= (4, 0)

    def says_pause(self):
        """Both members know of maintenance mode (1.4 is the first version that says so)."""
        if number(self.version) < (1, 4):
            time.sleep(2)
            return True
        return all(json.loads(self.rest(self.member(who))[1]).get("pause") for who in ("leader", "replica"))

    def forget_switchover(self):
        self.etcd.v2_delete(f"/service/{self.scope}/failover")

    def freeze_store(self):
        self.etcd.stop()

    @property
    def has_sync(self):
        return number(self.version) >= (1, 3)

    def config(self):
        return json.loads(self.keys().get("config", "{}"))

    def report(self):
        """What was seen, for docs/compatibility.md."""
        return {"patroni": self.version, "postgres": self.postgres(), "store": "etcd v2 API" if self.is_old else "etcd v3 API",
                "date": datetime.date.today().isoformat(), "rows": self.seen}

    # ---- the truth, without the library

    def rest(self, member, path="/patroni", method="GET"):
        return http_client.request(method, member.api_url + path, context=member.tls)

    def rest_without_certificate(self, member):
        return http_client.request("GET", member.api_url + "/patroni", context=self.authority.context())[0]

    def untouched(self):
        """What no refused call may change: leader, configuration, requests, every PostgreSQL."""
        keys = self.keys()
        truth = {key: keys.get(key) for key in ("leader", "config", "initialize")}
        truth["failover"] = keys.get("failover", "{}")  # how it was emptied differs
        for member in self.cluster.members:
            truth[f"postmaster of {member.name}"] = postmaster_start(member)
            truth[f"restart of {member.name}"] = (json.loads(self.rest(member)[1]) or {}).get("scheduled_restart")
        return truth

    # ---- a row

    def carry_out(self, test, row):
        """Makes the call and checks word, evidence and effect."""
        step = Step(self, row)
        if self._untouched is not None:
            test.assertEqual(self.untouched(), self._untouched, "what was refused came later")
            self._untouched = None
        word, failed = None, True
        try:
            with row.effect(test, step):
                step.result = self.call(step)
                step.word = word = word_of(step.result)
                test.assertIn(word, expected_in(self.version, row.expected).split(" or "), json.dumps(step.result, indent=1))
                self._check_evidence(test, step)
            if row.effect.__name__ == "nothing":
                self._untouched = self.untouched()
            failed = False
        finally:
            self.seen.append({"title": row.title, "call": row.call, "word": word, "failed": failed})

    def call(self, step):
        member, arguments, access = step.member, dict(step.arguments), step.access
        url = member.api_url
        recorder = self._recorders.get(member.name)
        if recorder:
            recorder.notes["role"] = step.row.to
            recorder.notes["label"] = re.sub(r"\W+", "-", step.row.title)
            url = recorder.url
        if access not in ("no password", "certificate only"):
            arguments |= {"user": "admin", "password": "wrong" if access == "wrong password" else "s3cret"}
        if member.scheme == "https":
            if access == "http":
                url = f"http://{member.rest_address}"
            elif access != "no authority":
                arguments["ca"] = self.authority.certificate
            if access not in ("http", "no certificate", "no authority"):
                arguments["certificate"], arguments["key"] = self.identity
        texts = [f"{name}={json.dumps(value) if isinstance(value, (dict, bool)) else value}" for name, value in arguments.items()]
        done = subprocess.run([self.program, url, step.row.call, *texts], capture_output=True, text=True, timeout=150, check=False)
        if done.returncode:
            raise AssertionError(f"member_tour {texts}: exit {done.returncode}\n{done.stderr}")
        return json.loads(done.stdout)

    @staticmethod
    def _check_evidence(test, step):
        """What every outcome must carry."""
        outcome, error = step.result.get("outcome"), step.result.get("error")
        if error:
            test.assertTrue(error["message"])
            if step.row.call in WRITES:  # else it would be an outcome
                test.assertEqual(error["delivery"], "not_sent", error)
        if outcome:
            test.assertNotEqual(outcome["reason"], "unrecognized", outcome)
            test.assertTrue(outcome["message"], outcome)
            if outcome["kind"] in ("done", "scheduled"):
                test.assertIn(outcome["http_status"], (200, 202), outcome)
            if outcome["kind"] == "rejected":
                test.assertGreaterEqual(outcome["http_status"], 400, outcome)


class Begun:
    """A tour that is under way on a thread of its own; `judge` waits for its row."""

    def __init__(self, version, table):
        self.version = version
        self.table = table
        self._failed = {}  # by row: the exception, or None
        self._ready = threading.Event()
        self._missing = None
        self._news = threading.Condition()
        self._stop = False
        self._tour = None
        self._thread = threading.Thread(target=self._run, name=f"tour of {version}", daemon=True)
        self._thread.start()

    def wait_until_ready(self):
        self._ready.wait()
        if self._missing:
            raise self._missing

    def judge(self, _test, row):
        with self._news:
            self._news.wait_for(lambda: row.title in self._failed)
        if self._failed[row.title]:
            raise self._failed[row.title]

    def end(self):
        self._stop = True
        self._thread.join()

    def write_seen(self, folder):
        if self._tour and len(self._tour.seen) == len(self.table):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{self.version}.json").write_text(json.dumps(self._tour.report(), indent=1))

    def _run(self):
        place = etcd = None
        try:
            place = Workspace(f"tour-{self.version}")
            etcd = Etcd(place)
            etcd.start()
            self._tour = Tour(place, etcd, self.version)
            self._tour.start()
            self._ready.set()
            self._carry_out_all()
        except Exception as failure:  # pylint: disable=broad-except
            self._missing = failure
        finally:
            self._ready.set()
            for server in (self._tour, etcd):
                if server:
                    server.stop()
            if place:
                place.remove()

    def _carry_out_all(self):
        for row in self.table:
            failure = None
            try:
                if not self._stop:
                    self._tour.carry_out(_Assertions(), row)
            except Exception as error:  # pylint: disable=broad-except
                failure = error
            with self._news:
                self._failed[row.title] = failure
                self._news.notify_all()


class _Assertions(unittest.TestCase):
    maxDiff = None


WRITES = ("patch_config", "put_config", "reload", "restart", "cancel_restart", "reinitialize", "switchover", "cancel_switchover",
          "failover", "announce_failsafe", "notify_coordinator", "sigterm")


def postmaster_start(member):
    """When the postmaster of a member started, None without one; of its pid file, and of the process."""
    pid = processes.postmaster(member.data)
    if pid is None:
        return None
    try:
        return pid, pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


def wait_for(what, condition, limit=30):
    return wait_until(what, condition, limit, 0.1)
