"""patctl api and health on one cluster of Patroni 4.1: what members really answer, their documents, and Ctrl-C while a write waits."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from lab import cluster
from lab.bad_servers import BadServer
from lab.etcd import Etcd
from lab.ports import free_port
from lab.testcase import LabTestCase

ROOT = pathlib.Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests" / "docs"))
from json_schema import errors  # noqa: E402

CHECKS = ["/", "/primary", "/replica", "/leader", "/health", "/read-only", "/sync", "/async", "/read-only-sync", "/quorum", "/liveness",
          "/readiness", "/replica?lag=1048576", "/replica?lag=0", "/replica?tag_nofailover=true", "/standby-leader"]


class Api(LabTestCase):

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))
        cls.cluster = cls.started_cluster(cluster.modern_cluster(cls.workspace, cls.etcd, size=2))
        cls.source = ["--etcd3", cls.etcd.address, "demo"]
        password = cls.workspace.write("password", "s3cret\n", mode=0o600)
        cls.login = ["--api-user", "admin", "--api-password-file", password]
        cls.schemas = {name: json.loads((ROOT / "docs" / "schema" / f"{name}-1.json").read_text(encoding="utf-8"))
                       for name in ("api", "health")}

    def document(self, result):
        """The JSON, which fits its schema; LAB_SAMPLES=FOLDER keeps it."""
        document = result.json
        name = document["format"].split(".")[1].split("/")[0]
        self.assertEqual(errors(document, self.schemas[name]), [], f"\n{result}")
        return document

    def keep(self, name, result):
        if "LAB_SAMPLES" in os.environ:
            with open(os.path.join(os.environ["LAB_SAMPLES"], name), "w", encoding="utf-8") as file:
                file.write(result.out)

    def test_1_reads(self):
        leader = self.cluster.primary()
        for path in ("/patroni", "/cluster", "/history", "/config", "/metrics"):
            with self.subTest(path):
                result = self.patctl("api", "GET", path, "--member", leader.name, *self.source, "-f", "json")
                self.assert_exit(result, 0)
                answer = self.document(result)
                self.assertEqual((answer["member"], answer["status"], answer["error"], answer["outcome"]), (leader.name, 200, None, None))
                self.assertEqual(answer["body"] is None, path == "/metrics")
                self.assertEqual(answer["text"] is None, path != "/metrics")
                if path in ("/history", "/config"):  # which do not change meanwhile
                    self.assertEqual(answer["body"], json.loads(leader.request("GET", path, None)[1]))
                if path == "/cluster":
                    self.keep("api-read.json", result)
        self.assert_exit(self.patctl("api", "GET", "/replica", "--member", leader.name, *self.source), 1)

    def test_2_writes(self):
        body = self.workspace.write("patch.json", '{"loop_wait": 7}')
        done = self.patctl("api", "PATCH", "/config", "--data", body, *self.login, *self.source, "-f", "json")
        self.assert_exit(done, 0)
        self.assertEqual(self.document(done)["outcome"]["kind"], "done")
        self.assertEqual(self.document(done)["body"]["loop_wait"], 7)
        self.keep("api-write.json", done)
        leader = self.cluster.primary()
        refused = self.patctl("api", "POST", "/reinitialize", "--member", leader.name, *self.login, *self.source, "-f", "json")
        self.assert_exit(refused, 1)
        self.assertEqual([self.document(refused)["outcome"][key] for key in ("kind", "reason")], ["rejected", "is_leader"])
        self.keep("api-rejected.json", refused)
        nobody = self.patctl("api", "POST", "/reload", "--member", leader.name, *self.source, "-f", "json")
        self.assert_exit(nobody, 1)
        self.assertEqual(self.document(nobody)["outcome"]["reason"], "not_authenticated")

    def test_3_health_checks_are_explained(self):
        for member in self.cluster.members:
            for path in CHECKS:
                with self.subTest(path, member=member.name):
                    result = self.patctl("health", member.name, path, *self.source, "-f", "json")
                    status, _ = member.request("GET", path, None)
                    self.assert_exit(result, 0 if status == 200 else 1)
                    answer = self.document(result)
                    self.assertEqual(answer["status"], status)
                    self.assertIsNot(answer["agrees"], False, f"\n{result}")
                    self.show(f"health {path}", self.patctl("health", member.name, path, *self.source, "-f", "pretty"))
                    if path == "/replica?lag=1048576":
                        self.keep("health-replica.json" if status == 200 else "health-primary.json", result)

    def test_4_nobody_answers(self):
        address = f"127.0.0.1:{free_port()}"
        result = self.patctl("api", "POST", "/restart", "--members", address, "-f", "json")
        self.assert_exit(result, 5)
        self.assertEqual(self.document(result)["error"]["delivery"], "not_sent")
        self.assertRegex(result.err, rf"^patctl: connect_refused: http://{address}: POST /restart: .* \(after \d+ ms\)\n$")
        health = self.patctl("health", address, "/primary", "--members", address, "-f", "json")
        self.assert_exit(health, 5)
        self.document(health)

    def test_5_a_signal_while_a_write_waits_tells_that_its_outcome_is_unknown(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name), BadServer() as silent:
                trace = self.workspace.path / f"trace-{number.name}"
                with open(trace, "wb") as file:
                    program = subprocess.Popen([self.patctl.program, "api", "POST", "/restart", "--members", silent.address, "-f", "json", "-vv"],
                                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=file, env={**os.environ, "HOME": "/nonexistent"})
                limit = time.monotonic() + 10
                while b"request sent" not in trace.read_bytes() and time.monotonic() < limit:
                    time.sleep(0.01)
                program.send_signal(number)
                out, _ = program.communicate(timeout=10)
                self.assertEqual(program.returncode, 4, trace.read_text())
                answer = json.loads(out)
                self.assertEqual(errors(answer, self.schemas["api"]), [])
                self.assertEqual([answer["outcome"][key] for key in ("kind", "reason")], ["unknown", "cancelled"])
