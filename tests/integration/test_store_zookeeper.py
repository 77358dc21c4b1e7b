"""patroni::Store on a real ZooKeeper 3.8: compare-and-set, digest login, chroot, TLS, lost answers."""

import socket
import threading

from lab.certificates import Authority
from lab.relay import ZookeeperRelay
from lab.store_calls import CONFIG, StoreCalls, StoreTour
from lab.testcase import LabTestCase
from lab.waiting import wait_until
from lab.zookeeper import Zookeeper, client_library

LOGIN = "patroni:zk-pass"


class StoreZookeeper(StoreCalls, LabTestCase):
    api = "zookeeper"
    relay = ZookeeperRelay

    @classmethod
    def make_store(cls):
        return Zookeeper(cls.workspace)

    def test_a_node_that_was_made_again_is_another_one(self):
        before = self.fresh()
        self.call("remove", CONFIG)
        self.fresh('{"ttl":99}')
        self.assertEqual(self.call("put_if", CONFIG, "{}", before["revision"])["reason"], "conflict")

    def test_remove_a_cluster_and_not_its_neighbour(self):
        for key in ("gone/config", "gone/initialize", "gone/0/config", "gone2/config", "gon/config"):
            self.call("put", "/service/" + key, "{}")
        self.store.client.create("/service/gone/members/a", b"{}", ephemeral=True, makepath=True)
        self.assertEqual(self.call("remove_cluster", "gone", "0")["kind"], "done")
        self.assertEqual([one["group"] for one in self.call("clusters", "gone")["clusters"]], [None])
        done = self.call("remove_cluster", "gone")
        self.assertEqual((done["kind"], done["removed"]), ("done", 3))
        self.assertEqual(self.call("clusters", "gone")["clusters"], [])
        self.assertEqual(sorted(set(self.store.client.get_children("/service")) & {"gone", "gone2", "gon"}), ["gon", "gone2"])
        self.assertEqual(self.call("remove_cluster", "gone")["removed"], 0)

    def test_chroot(self):
        address = self.store.address + "/corp/pg"
        self.store.client.ensure_path("/corp/pg")
        self.assertEqual(self.call("put", CONFIG, '{"ttl":1}', address=address)["kind"], "done")
        self.assertEqual(self.store.get("/corp/pg" + CONFIG), '{"ttl":1}')
        self.assertEqual(self.key(address=address)["value"], '{"ttl":1}')
        nothing = self.call("put", CONFIG, "{}", address=self.store.address + "/not/there")
        self.assertEqual(nothing["kind"], "rejected", nothing)

    def assert_frozen(self, result):
        self.assertEqual((result["error"], result["delivery"]), ("timeout", "not_sent"), "no session was opened")

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
            with socket.create_connection(("127.0.0.1", self.store.port), 5) as link:
                link.sendall(b"cons")
                return link.recv(65536).decode().count("sid=")
        wait_until("only the client of this test has one", lambda: sessions() <= 1, 5)


class StoreZookeeperLogin(StoreTour, LabTestCase):
    api = "zookeeper"
    login = tuple(LOGIN.split(":"))
    secrets = ("zk-pass",)

    @classmethod
    def make_store(cls):
        return Zookeeper(cls.workspace)

    @classmethod
    def secure(cls):
        acl = client_library().security.make_digest_acl(*LOGIN.split(":"), all=True)
        cls.store.client.add_auth("digest", LOGIN)
        cls.store.client.ensure_path("/service/demo")
        cls.store.client.create(CONFIG, b"{}", acl=[acl])

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
