"""patroni::Store on a real ZooKeeper 3.8: compare-and-set, digest login, chroot, TLS, lost answers, an ensemble that loses servers."""

import json
import os
import socket
import struct
import subprocess
import threading
import time

from lab import parts
from lab.certificates import Authority
from lab.ports import free_port
from lab.testcase import LabTestCase
from lab.waiting import wait_until
from lab.watcher import Watcher
from lab.zookeeper import Zookeeper, client_library

CONFIG = "/service/demo/config"
LOGIN = "patroni:zk-pass"
SET_DATA = 5


class Relay:
    """Stands before a server and loses what belongs to the first setData: its answer, or the request itself."""

    def __init__(self, port, lose):
        self.port, self.lose, self.lost = port, lose, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client):
        mute = threading.Event()
        with client, socket.create_connection(("127.0.0.1", self.port)) as server:
            threading.Thread(target=self._pass_back, args=(client, server, mute), daemon=True).start()
            while frame := self._frame(client):
                is_write = len(frame) > 12 and struct.unpack(">i", frame[8:12])[0] == SET_DATA
                if is_write and not self.lost:
                    self.lost += 1
                    if self.lose == "answer":
                        mute.set()
                        server.sendall(frame)
                        time.sleep(0.2)  # It is carried out.
                    client.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(frame)

    @staticmethod
    def _pass_back(client, server, mute):
        try:
            while data := server.recv(65536):
                if not mute.is_set():
                    client.sendall(data)
        except OSError:
            pass

    @staticmethod
    def _frame(link):
        head = b""
        while len(head) < 4:
            more = link.recv(4 - len(head))
            if not more:
                return None
            head += more
        body = b""
        while len(body) < struct.unpack(">i", head)[0]:
            more = link.recv(65536)
            if not more:
                return None
            body += more
        return head + body


class Calls:
    login = ("", "")

    @classmethod
    def prepare(cls):
        found = [path for path in parts.REPOSITORY.glob("build*/**/store_tour") if os.access(path, os.X_OK)]
        if not found:
            raise parts.Missing("no store_tour (build it: scripts/build dev)")
        cls.program = max(found, key=lambda path: path.stat().st_mtime)

    def call(self, *words, address=None, login=None):
        command = [str(self.program), "zookeeper", address or self.zookeeper.address, *(login or self.login), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
        self.assertNotIn("zk-pass", done.stdout + done.stderr)
        return json.loads(done.stdout)

    def key(self, name="config", **options):
        for cluster in self.call("clusters", "demo", **options)["clusters"]:
            return cluster["keys"].get(name)
        return None

    def fresh(self, value='{"ttl":30}'):
        self.assertEqual(self.call("put", CONFIG, value)["kind"], "done")
        return self.key()


class StoreZookeeper(Calls, LabTestCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.zookeeper = cls.started(Zookeeper(cls.workspace))

    def test_compare_and_set(self):
        before = self.fresh()
        done = self.call("put_if", CONFIG, '{"ttl":31, "x":"\u00e4&=+ "}', before["revision"])
        self.assertEqual((done["kind"], done["reason"]), ("done", "none"))
        self.assertEqual(self.key(), {"value": '{"ttl":31, "x":"\u00e4&=+ "}', "revision": done["revision"]})
        conflict = self.call("put_if", CONFIG, '{"ttl":32}', before["revision"])
        self.assertEqual((conflict["kind"], conflict["reason"]), ("rejected", "conflict"))
        self.assertEqual(conflict["current"], self.key())

    def test_a_node_that_was_made_again_is_another_one(self):
        before = self.fresh()
        self.call("remove", CONFIG)
        self.fresh('{"ttl":99}')
        self.assertEqual(self.call("put_if", CONFIG, "{}", before["revision"])["reason"], "conflict")

    def test_create_and_remove(self):
        key = "/service/demo/mine"
        self.call("remove", key)
        created = self.call("create", key, "1")
        self.assertEqual(created["kind"], "done")
        again = self.call("create", key, "2")
        self.assertEqual((again["reason"], again["current"]), ("conflict", {"value": "1", "revision": created["revision"]}))
        self.assertEqual(self.call("remove_if", key, created["revision"] + 1000)["reason"], "conflict")
        removed = self.call("remove_if", key, created["revision"])
        self.assertEqual((removed["kind"], removed["removed"]), ("done", 1))
        gone = self.call("put_if", key, "3", created["revision"])
        self.assertEqual((gone["reason"], gone["current_known"], gone["current"]), ("conflict", True, None))
        self.assertEqual(self.call("remove", key)["removed"], 0)

    def test_remove_a_cluster_and_not_its_neighbour(self):
        for key in ("gone/config", "gone/initialize", "gone/0/config", "gone2/config", "gon/config"):
            self.call("put", "/service/" + key, "{}")
        self.zookeeper.client.create("/service/gone/members/a", b"{}", ephemeral=True, makepath=True)
        self.assertEqual(self.call("remove_cluster", "gone", "0")["kind"], "done")
        self.assertEqual([one["group"] for one in self.call("clusters", "gone")["clusters"]], [None])
        done = self.call("remove_cluster", "gone")
        self.assertEqual((done["kind"], done["removed"]), ("done", 3))
        self.assertEqual(self.call("clusters", "gone")["clusters"], [])
        self.assertEqual(sorted(set(self.zookeeper.client.get_children("/service")) & {"gone", "gone2", "gon"}), ["gon", "gone2"])
        self.assertEqual(self.call("remove_cluster", "gone")["removed"], 0)

    def test_an_answer_that_is_lost(self):
        before = self.fresh()
        with Relay(self.zookeeper.port, "answer") as relay:
            done = self.call("put_if", CONFIG, '{"ttl":41}', before["revision"], address=relay.address)
            self.assertEqual(relay.lost, 1)
        self.assertEqual(done["kind"], "done", done)
        self.assertEqual(self.key()["value"], '{"ttl":41}')

    def test_a_request_that_is_lost(self):
        before = self.fresh()
        with Relay(self.zookeeper.port, "request") as relay:
            done = self.call("put_if", CONFIG, '{"ttl":42}', before["revision"], address=relay.address)
        self.assertEqual(done["kind"], "done", done)
        self.assertEqual(self.key(), {"value": '{"ttl":42}', "revision": done["revision"]})
        with Relay(self.zookeeper.port, "request") as relay:
            put = self.call("put", CONFIG, '{"ttl":43}', address=relay.address)
        self.assertEqual((put["kind"], put["current"]["value"]), ("unknown", '{"ttl":42}'), "a put is never sent twice")

    def test_chroot(self):
        address = self.zookeeper.address + "/corp/pg"
        self.zookeeper.client.ensure_path("/corp/pg")
        self.assertEqual(self.call("put", CONFIG, '{"ttl":1}', address=address)["kind"], "done")
        self.assertEqual(self.zookeeper.get("/corp/pg" + CONFIG), '{"ttl":1}')
        self.assertEqual(self.key(address=address)["value"], '{"ttl":1}')
        nothing = self.call("put", CONFIG, "{}", address=self.zookeeper.address + "/not/there")
        self.assertEqual(nothing["kind"], "rejected", nothing)

    def test_another_endpoint_and_nobody(self):
        before = self.fresh()
        done = self.call("put_if", CONFIG, '{"ttl":44}', before["revision"], address=f"127.0.0.1:{free_port()},{self.zookeeper.address}")
        self.assertEqual(done["kind"], "done")
        nobody = self.call("put", CONFIG, "{}", address=f"127.0.0.1:{free_port()}")
        self.assertEqual((nobody["error"], nobody["delivery"]), ("connect_refused", "not_sent"))

    def test_a_frozen_server(self):
        before = self.fresh()
        with self.zookeeper.frozen():
            result = self.call("put_if", CONFIG, '{"ttl":45}', before["revision"])
        self.assertEqual((result["error"], result["delivery"]), ("timeout", "not_sent"))
        self.assertEqual(self.key()["value"], before["value"])

    def test_what_is_no_zookeeper(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def serve():
                link, _ = listener.accept()
                with link:
                    link.recv(100)
                    link.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            threading.Thread(target=serve, daemon=True).start()
            result = self.call("clusters", "demo", address=f"127.0.0.1:{listener.getsockname()[1]}")
        self.assertEqual(result["error"], "limit")
        self.assertIn("ZooKeeper", result["line"])

    def test_no_session_is_left(self):
        self.fresh()

        def sessions():
            with socket.create_connection(("127.0.0.1", self.zookeeper.port), 5) as link:
                link.sendall(b"cons")
                return link.recv(65536).decode().count("sid=")
        wait_until("only the client of this test has one", lambda: sessions() <= 1, 5)


class StoreZookeeperLogin(Calls, LabTestCase):
    login = tuple(LOGIN.split(":"))

    @classmethod
    def prepare(cls):
        super().prepare()
        cls.zookeeper = cls.started(Zookeeper(cls.workspace))
        acl = client_library().security.make_digest_acl(*LOGIN.split(":"), all=True)
        cls.zookeeper.client.add_auth("digest", LOGIN)
        cls.zookeeper.client.ensure_path("/service/demo")
        cls.zookeeper.client.create(CONFIG, b"{}", acl=[acl])

    def test_who_may_and_who_may_not(self):
        self.assertEqual(self.key()["value"], "{}")
        self.assertEqual(self.call("put", CONFIG, '{"ttl":2}')["kind"], "done")
        for login in (("", ""), ("patroni", "wrong-pass")):
            refused = self.call("clusters", "demo", login=login)
            self.assertEqual((refused["error"], CONFIG in refused["line"]), ("unauthorized", True), refused)
            written = self.call("put", CONFIG, "{}", login=login)
            self.assertEqual((written["kind"], written["reason"]), ("rejected", "access_denied"), written)
        self.assertEqual(self.key()["value"], '{"ttl":2}')


class StoreZookeeperTls(LabTestCase):
    """The TLS port of Debian's server, with Netty; it wants a certificate of the client."""

    @classmethod
    def prepare(cls):
        cls.authority = Authority(cls.workspace)
        certificate, key = cls.authority.issue("zookeeper")
        cls.client_certificate = cls.authority.issue("client")
        store = cls.workspace.write("server.pem", key.read_text() + certificate.read_text(), 0o600)
        cls.zookeeper = cls.started(Zookeeper(cls.workspace, tls=[
            f"ssl.keyStore.location={store}", "ssl.keyStore.type=PEM", f"ssl.trustStore.location={cls.authority.certificate}",
            "ssl.trustStore.type=PEM", "ssl.clientAuth=need"]))
        cls.address = f"https://127.0.0.1:{cls.zookeeper.servers[0].tls_port}"
        cls.zookeeper.put("/service/demo/leader", "pg1")
        cls.zookeeper.put("/service/demo/initialize", "7")

    def dump(self, *options):
        return self.patctl("dcs", "dump", "--zookeeper", self.address, "demo", "-f", "json", *options)

    def test_tls(self):
        certificate, key = self.client_certificate
        def well():  # The first handshake of a Java server takes its time.
            result = self.dump("--cacert", self.authority.certificate, "--cert", certificate, "--key", key)
            return result if result.exit == 0 else None
        result = wait_until("an answer over TLS", well, 30, 0.5)
        self.assertIn("pg1", result.out)
        other = Authority(self.workspace, "other")
        for options in ([], ["--cacert", other.certificate], ["--cacert", self.authority.certificate]):
            refused = self.dump(*options)
            self.assertNotEqual(refused.exit, 0, f"\n{refused}")
            self.assertIn("tls:", refused.err)
        plain = self.patctl("dcs", "dump", "--zookeeper", self.address.removeprefix("https://"), "demo")
        self.assertNotEqual(plain.exit, 0)


class EnsembleZookeeper(LabTestCase):
    """Three servers, of which one is killed, or frozen."""

    @classmethod
    def prepare(cls):
        cls.zookeeper = cls.started(Zookeeper(cls.workspace, 3))
        cls.zookeeper.put("/service/demo/initialize", "7")
        cls.zookeeper.put("/service/demo/leader", "start")

    def watcher(self):
        watcher = Watcher(self.patctl, "--zookeeper", self.zookeeper.address, "demo", "--raw")
        self.addCleanup(watcher.stop)
        return watcher.wait_current()

    def write(self, value):
        kazoo = client_library()

        def done():
            try:
                self.zookeeper.client.retry(self.zookeeper.client.set, "/service/demo/leader", value.encode())
                return True
            except kazoo.exceptions.KazooException:
                return False
        wait_until(f"leader = {value}", done, 60, 0.2)

    def seen(self, watcher, value):
        watcher.wait(f"leader = {value} is told", lambda one: ("/service/demo/leader", value) in one.changes()
                     or one.state().get("/service/demo/leader") == value, 60)

    def test_each_server_is_killed_in_turn(self):
        watcher = self.watcher()
        for number, server in enumerate(self.zookeeper.servers):
            server.kill()
            self.write(f"killed {number}")
            self.seen(watcher, f"killed {number}")
            result = self.patctl("dcs", "dump", "--zookeeper", self.zookeeper.address, "demo", "--timeout", "5")
            self.assert_exit(result, 0)
            self.assertIn(f"killed {number}", result.out)
            server.start()
            wait_until("three servers again", lambda: self.zookeeper.leader() is not None and _serves(server), 60, 0.2)
        self.assertGreaterEqual(len(watcher.of("lost")), 1)

    def test_a_frozen_server_is_left(self):
        leader = wait_until("a leader", self.zookeeper.leader, 60, 0.2)
        watcher = self.watcher()
        with leader.frozen():
            self.write("while one is frozen")
            self.seen(watcher, "while one is frozen")
            result = self.patctl("dcs", "dump", "--zookeeper", self.zookeeper.address, "demo", "--timeout", "6")
            self.assert_exit(result, 0)
            self.assertIn("while one is frozen", result.out)
        self.write("afterwards")
        self.seen(watcher, "afterwards")

    def test_without_a_quorum_nothing_is_told_as_current(self):
        wait_until("a leader", self.zookeeper.leader, 60, 0.2)
        first, second, third = self.zookeeper.servers
        second.kill()
        third.kill()
        result = self.patctl("dcs", "dump", "--zookeeper", self.zookeeper.address, "demo", "--timeout", "4")
        self.assertNotEqual(result.exit, 0, f"\n{result}")
        second.start()
        third.start()
        wait_until("it serves again", lambda: self.patctl(
            "dcs", "dump", "--zookeeper", self.zookeeper.address, "demo", "--timeout", "4").exit == 0, 60, 0.5)


def _serves(server):
    try:
        with socket.create_connection(("127.0.0.1", server.port), 2) as link:
            link.sendall(b"srvr")
            return b"Mode:" in link.recv(4096)
    except OSError:
        return False
