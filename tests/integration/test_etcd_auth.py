"""etcd that asks for a user and a password: v3 (tokens) and v2 (Basic)."""

from lab import cluster, registrator
from lab.etcd import Etcd
from lab.testcase import LabTestCase

USER, PASSWORD = "patroni", "etcd-pass"


class EtcdAuth(LabTestCase):

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))
        cls.etcd.require_login_v3("root-pass", USER, PASSWORD, "/service/")
        login = f"  username: {USER}\n  password: {PASSWORD}\n"
        cls.cluster = cls.started_cluster(cluster.modern_cluster(cls.workspace, cls.etcd, size=1, store_extra=login))
        cls.member = cls.cluster.members[0]
        cls.etcd.login = None  # the two APIs have users of their own
        cls.container = registrator.register(cls.etcd, cls.cluster.members)[cls.member.name].container
        cls.etcd.require_login_v2("root-pass", USER, PASSWORD)
        cls.right = ["--user", USER, "--password-file", cls.workspace.write("right", PASSWORD + "\n")]
        cls.wrong = ["--user", USER, "--password-file", cls.workspace.write("wrong", "wrong-pass\n")]
        cls.v3 = ["--etcd3", cls.etcd.address, "demo"]
        cls.v2 = ["--registrator", registrator.url(cls.etcd)]

    def test_right_password(self):
        for source, name in ((self.v3, self.member.name), (self.v2, self.container)):
            with self.subTest(source[0]):
                result = self.patctl("status", *source, *self.right, "-f", "json")
                self.assert_exit(result, 0)
                self.assertEqual(result.cluster()["primary"], name)

    def test_password_from_standard_input(self):
        result = self.patctl("status", *self.v3, "--user", USER, "--password-file", "-", "-f", "json", input=PASSWORD + "\n")
        self.assert_exit(result, 0)
        self.assertEqual(result.cluster()["primary"], self.member.name)

    def test_password_from_the_configuration(self):
        result = self.patctl("status", "-c", self.member.config, "-f", "json")
        self.assert_exit(result, 0)
        self.assertEqual(result.cluster()["lock_holder"], self.member.name)

    def test_wrong_or_no_password(self):
        for source in (self.v3, self.v2):
            for login in (self.wrong, []):
                with self.subTest(source[0], login=bool(login)):
                    result = self.patctl("status", *source, *login, "-f", "json")
                    self.assert_exit(result, 5)
                    self.assert_kind(result, "unauthorized")

    def test_no_password_is_printed(self):
        for source in (self.v3, self.v2):
            for login in (self.right, self.wrong):
                for form in ("pretty", "json"):
                    result = self.patctl("status", *source, *login, "-f", form, "-v", "-v")
                    for secret in (PASSWORD, "wrong-pass", "ZXRjZC1wYXNz"):
                        self.assertNotIn(secret, result.out + result.err)
