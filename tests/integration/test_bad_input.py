"""Bad input: each kind has its own clear error, and what could be read is still printed."""

import os

from lab import cluster, registrator
from lab.bad_servers import BadServer
from lab.etcd import Etcd
from lab.ports import free_port
from lab.testcase import LabTestCase


class BadInput(LabTestCase):

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))
        cls.cluster = cls.started_cluster(cluster.modern_cluster(cls.workspace, cls.etcd, size=1))
        cls.member = cls.cluster.members[0]

    def assert_nothing_found(self, source, kind, *words):
        """discover and status: exit 5, a problem of this kind, its words for a person too."""
        for command in ("discover", "status"):
            with self.subTest(command, source=source):
                result = self.patctl(command, *source, "-f", "json")
                self.assert_exit(result, 5)
                self.assert_kind(result, kind)
                person = self.patctl(command, *source, "-f", "pretty")
                self.assert_exit(person, 5)
                for word in words:
                    self.assertIn(word, person.out + person.err, f"\n{person}")

    # ---- the source

    def test_unreachable_store(self):
        address = f"127.0.0.1:{free_port()}"
        self.assert_nothing_found(["--registrator", f"etcd://{address}/dingo-postgresql95-8008"], "connect_refused", address)
        self.assert_nothing_found(["--etcd3", address, "demo"], "connect_refused", address)
        self.assert_nothing_found(["--etcd", address, "demo"], "connect_refused", address)
        self.assert_nothing_found(["--api", f"http://{address}"], "connect_refused", address)

    def test_missing_key(self):
        self.assert_nothing_found(["--registrator", registrator.url(self.etcd, service="no-such-8008")], "not_found", "no-such-8008")

    def test_scope_that_is_not_there(self):
        self.assert_nothing_found(["--etcd3", self.etcd.address, "no-such-scope"], "not_found", "no-such-scope")

    def test_empty_directory(self):
        self.etcd.v2_make_folder("/empty-8008")
        for command in ("discover", "status"):
            with self.subTest(command):
                result = self.patctl(command, "--registrator", registrator.url(self.etcd, service="empty-8008"), "-f", "json")
                self.assert_exit(result, 5)
                self.assert_problem(result, where="empty-8008")

    def test_values_that_are_not_host_and_port(self):
        registration = registrator.Registration(1, self.member)
        registration.write(self.etcd, "/bad")
        folder = f"/bad/{registrator.SERVICE}-8008"
        bad = {"no-port": "127.0.0.1", "big-port": "127.0.0.1:99999", "words": "not an address", "nothing": "", "url": "http://x:1/y"}
        for name, value in bad.items():
            self.etcd.v2_set(f"{folder}/host:{name}:8008", value)
        source = ["--registrator", registrator.url(self.etcd, "/bad")]
        discovered = self.patctl("discover", *source, "-f", "json")
        self.assertIn(discovered.exit, (0, 3), f"\n{discovered}")
        self.assertEqual([row["name"] for row in discovered.json["members"]], [registration.container])
        for name in bad:
            self.assert_problem(discovered, where=name)
        status = self.patctl("status", *source, "-f", "json")
        self.assertIn(registration.container, status.members())
        self.assertEqual(status.cluster()["primary"], registration.container)
        self.assertIn("no-port", self.patctl("discover", *source, "-f", "tsv").err)

    def test_seed_that_is_not_patroni(self):
        answers = {
            "another service": b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>hello</html>",
            "another document": b'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"hello": "world"}',
            "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
            "nothing": b"",
        }
        for name, answer in answers.items():
            with self.subTest(name), BadServer(answer) as server:
                result = self.patctl("status", "--api", f"http://{server.address}", "-f", "json")
                self.assert_exit(result, 5)
                self.assertIn(server.address, result.out + result.err)
        with self.subTest("etcd"):
            result = self.patctl("status", "--api", self.etcd.url, "-f", "json")
            self.assert_exit(result, 5)

    def test_silent_member(self):
        with BadServer() as silent:
            for timeout in ("1", "1000ms"):
                with self.subTest(timeout):
                    result = self.patctl("status", "--members", f"{self.member.rest_address},{silent.address}",
                                         "--timeout", timeout, "-f", "json")
                    self.assert_exit(result, 3)
                    self.assertLess(result.seconds, 2.0)
                    rows = [row for one in result.json["clusters"] for row in one["members"]]
                    kinds = {row["name"]: (row["error"] or {}).get("kind") for row in rows}
                    self.assertEqual(kinds, {self.member.name: None, silent.address: "timeout"})

    # ---- the configuration file

    def test_file_that_cannot_be_read(self):
        file = self.workspace.path / "secret.yml"
        file.write_text(self.member.config.read_text())
        os.chmod(file, 0o600 if os.geteuid() == 0 else 0)
        result = self.patctl("status", "-c", file, as_server_user=True)
        self.assert_exit(result, 2)
        self.assertIn(str(file), result.err)
        self.assertIn("sudo", result.err)
        if os.geteuid() == 0:
            self.assertIn("root", result.err)
            self.assertIn("600", result.err)

    def test_file_that_is_not_there(self):
        result = self.patctl("status", "-c", self.workspace.path / "nowhere.yml")
        self.assert_exit(result, 2)
        self.assertIn("nowhere.yml", result.err)

    def test_file_that_is_not_yaml(self):
        file = self.workspace.write("broken.yml", "scope: [demo\netcd3: {\n")
        result = self.patctl("status", "-c", file)
        self.assert_exit(result, 2)
        self.assertIn("broken.yml", result.err)

    def test_store_that_is_not_in_this_build(self):
        file = self.workspace.write("raft.yml", "scope: demo\nname: a\n\nraft:\n  self_addr: 127.0.0.1:2222\n")
        result = self.patctl("status", "-c", file)
        self.assert_exit(result, 2)
        self.assertIn("raft.yml:4", result.err)
        self.assertIn("--api", result.err)

    # ---- the command line

    def test_unknown_format(self):
        result = self.patctl("status", "--api", self.member.api_url, "-f", "jsn")
        self.assert_exit(result, 2)
        for word in ("jsn", "json", "tsv", "yaml", "pretty"):
            self.assertIn(word, result.err)

    def test_no_source(self):
        for command in ("discover", "status"):
            with self.subTest(command):
                result = self.patctl(command)
                self.assert_exit(result, 2)
                self.assertIn("PATRONICTL_CONFIG_FILE", result.err)
                self.assertIn("/etc/patroni", result.err)

    def test_two_sources(self):
        self.assert_exit(self.patctl("status", "--api", self.member.api_url, "--etcd3", self.etcd.address, "demo"), 2)

    def test_unknown_option_and_command(self):
        self.assert_exit(self.patctl("status", "--no-such-option"), 2)
        result = self.patctl("statsu")
        self.assert_exit(result, 2)
        self.assertIn("status", result.err)

    def test_bad_values_of_options(self):
        for arguments in (["--api", "http://127.0.0.1:99999"], ["--members", "127.0.0.1:words"], ["--members", ""],
                          ["--registrator", "zookeeper://127.0.0.1/x"], ["--api", self.member.api_url, "--timeout", "soon"]):
            with self.subTest(arguments):
                result = self.patctl("discover", *arguments)
                self.assert_exit(result, 2)
                self.assertTrue(result.err.strip())
