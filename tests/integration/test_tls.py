"""Members that speak https: node1 with a server certificate, node2 wants one from the client too (verify_client: required)."""

from lab import cluster
from lab.certificates import Authority
from lab.etcd import Etcd
from lab.member import ModernMember
from lab.testcase import LabTestCase


class Tls(LabTestCase):

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))
        cls.authority = Authority(cls.workspace)
        cls.other_authority = Authority(cls.workspace, "other")
        certificate, key = cls.authority.issue("server")
        cls.client = cls.authority.issue("client")
        files = f"  certfile: {certificate}\n  keyfile: {key}\n  cafile: {cls.authority.certificate}\n"
        members = [ModernMember(cls.workspace, "demo", name, cls.etcd, restapi_extra=files + f"  verify_client: {verify}\n")
                   for name, verify in (("node1", "none"), ("node2", "required"))]
        for member in members:
            member.scheme = "https"
            member.tls = cls.authority.context(*cls.client)
        cls.cluster = cls.started_cluster(cluster.Cluster(cls.workspace, members, one_first=True))
        cls.source = ["--etcd3", cls.etcd.address, "demo"]
        cls.trust = ["--cacert", cls.authority.certificate]
        cls.identity = ["--cert", cls.client[0], "--key", cls.client[1]]

    def kinds(self, result):
        return {name: (row["error"] or {}).get("kind") for name, row in result.members().items()}

    def test_client_certificate(self):
        for source in (self.source, ["--api", self.cluster["node1"].api_url],
                       ["--members", ",".join(member.api_url for member in self.cluster.members)]):
            with self.subTest(source[0]):
                result = self.patctl("status", *source, *self.trust, *self.identity, "-f", "json")
                self.assert_exit(result, 0)
                self.assertEqual(self.kinds(result), {"node1": None, "node2": None})
                self.assertEqual(result.cluster()["verdict"], "ok", f"\n{result}")

    def test_certificates_of_the_configuration(self):
        settings = (f"\nctl:\n  cacert: {self.authority.certificate}\n  certfile: {self.client[0]}\n  keyfile: {self.client[1]}\n")
        file = self.workspace.write("ctl.yml", self.cluster["node1"].config.read_text() + settings)
        result = self.patctl("status", "-c", file, "-f", "json")
        self.assert_exit(result, 0)
        self.assertEqual(self.kinds(result), {"node1": None, "node2": None})

    def test_without_client_certificate(self):
        result = self.patctl("status", *self.source, *self.trust, "-f", "json")
        self.assert_exit(result, 3)
        self.assertEqual(self.kinds(result), {"node1": None, "node2": "tls"})

    def test_unknown_authority(self):
        for trust in ([], ["--cacert", self.other_authority.certificate]):
            with self.subTest(trust=bool(trust)):
                result = self.patctl("status", *self.source, *trust, *self.identity, "-f", "json")
                self.assert_exit(result, 5)
                self.assertEqual(self.kinds(result), {"node1": "tls", "node2": "tls"})

    def test_insecure(self):
        result = self.patctl("status", *self.source, "--insecure", *self.identity, "-f", "json")
        self.assert_exit(result, 0)
        self.assertEqual(self.kinds(result), {"node1": None, "node2": None})

    def test_wrong_host_name(self):
        result = self.patctl("status", "--api", f"https://localhost:{self.cluster['node1'].rest_port}", *self.trust, "-f", "json")
        self.assert_exit(result, 5)  # the certificate is for 127.0.0.1
        self.assert_kind(result, "tls")

    def test_plain_http_to_https(self):
        result = self.patctl("status", "--api", f"http://{self.cluster['node1'].rest_address}", "-f", "json")
        self.assert_exit(result, 5)

    def test_files_that_are_not_there(self):
        result = self.patctl("status", *self.source, "--cacert", self.workspace.path / "nowhere.crt")
        self.assert_exit(result, 2)
        self.assertIn("nowhere.crt", result.err)
