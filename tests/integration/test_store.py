"""patroni::Store on real etcds, with and without logins, with answers that get lost on the way: 3.4 by both APIs; newer ones with --full."""

import os

from lab import parts
from lab.etcd import Etcd
from lab.relay import Relay
from lab.store_calls import CONFIG, StoreCalls, StoreTour
from lab.testcase import LabTestCase

USER, PASSWORD = "patroni", "etcd-pass"


class EtcdCalls(StoreCalls):
    """By one of its APIs."""

    version = None
    secrets = (PASSWORD, "wrong-pass")

    @classmethod
    def make_store(cls):
        return Etcd(cls.workspace, version=cls.version)

    def test_endpoints_of_two_clusters_are_not_mixed(self):
        """The first one loses a write, so the second one is looked at, and written to: it is of another cluster."""
        stranger = Etcd(self.workspace, version=self.version)
        self.addCleanup(stranger.stop)
        stranger.start()
        self.assertEqual(self.call("put", CONFIG, "of the stranger", address=stranger.address)["kind"], "done")
        strange, before = self.key(address=stranger.address), self.fresh()
        with Relay(self.store.port, "request") as relay:
            both = f"{relay.address},{stranger.address}"
            done = self.call("put_if", CONFIG, '{"ttl":46}', before["revision"], address=both, timeout_ms=25000)
        self.assertEqual((done["kind"], relay.lost), ("done", 1), done)
        self.assertEqual(self.key(), {"value": '{"ttl":46}', "revision": done["revision"]})
        with Relay(self.store.port, "request") as relay:
            both = f"{relay.address},{stranger.address}"
            put = self.call("put", CONFIG, '{"ttl":47}', address=both, timeout_ms=25000)
        self.assertEqual(put.get("kind"), "unknown", put)
        self.assertEqual(put["current"]["value"], '{"ttl":46}', "looked at where it was sent")
        self.assertEqual(self.key(address=stranger.address), strange)


class StoreV3(EtcdCalls, LabTestCase):
    api = "etcd3"


class StoreV2(EtcdCalls, LabTestCase):
    api = "etcd2"


class StoreV3Login(EtcdCalls, LabTestCase):
    api = "etcd3"
    login = (USER, PASSWORD)

    @classmethod
    def secure(cls):
        cls.store.require_login_v3("root-pass", USER, PASSWORD, "/service/")

    def assert_frozen(self, result):
        self.assertEqual((result["error"], result["delivery"]), ("timeout", "not_sent"), "only the login was sent")

    def test_who_may_not(self):
        self.fresh()
        for login in (("", ""), (USER, "wrong-pass")):
            refused = self.call("put", CONFIG, "{}", login=login)
            self.assertEqual((refused["kind"], refused["reason"]), ("rejected", "not_authenticated"), refused)
        self.store.control("user", "add", "reader:reader-pass")
        self.store.control("role", "add", "reader")
        self.store.control("role", "grant-permission", "reader", "--prefix=true", "read", "/service/")
        self.store.control("user", "grant-role", "reader", "reader")
        before = self.key()
        refused = self.call("put_if", CONFIG, "{}", before["revision"], login=("reader", "reader-pass"))
        self.assertEqual((refused["kind"], refused["reason"]), ("rejected", "access_denied"), refused)
        self.assertEqual(self.key(), before)


class StoreV3ShortTokens(StoreTour, LabTestCase):
    """A token that is not used lives for a second."""

    api = "etcd3"
    login = (USER, PASSWORD)
    secrets = (PASSWORD,)

    @classmethod
    def make_store(cls):
        return Etcd(cls.workspace, options=("--auth-token-ttl", "1"))

    @classmethod
    def secure(cls):
        cls.store.require_login_v3("root-pass", USER, PASSWORD, "/service/")

    def test_a_token_that_ends_before_its_write_arrives(self):
        before = self.fresh()
        with Relay(self.store.port, hold=3) as relay:
            done = self.call("put_if", CONFIG, '{"ttl":48}', before["revision"], address=relay.address, timeout_ms=20000)
        self.assertEqual((done["kind"], relay.lost), ("done", 1), done)
        self.assertEqual(self.key(), {"value": '{"ttl":48}', "revision": done["revision"]})


class StoreV2Login(EtcdCalls, LabTestCase):
    api = "etcd2"
    login = (USER, PASSWORD)

    @classmethod
    def secure(cls):
        cls.store.require_login_v2("root-pass", USER, PASSWORD)

    def test_who_may_not(self):
        self.fresh()
        for login in (("", ""), (USER, "wrong-pass")):
            refused = self.call("put", CONFIG, "{}", login=login)
            self.assertEqual((refused["kind"], refused["reason"]), ("rejected", "not_authenticated"), refused)


# ---- newer etcds


class NewerEtcd(EtcdCalls):

    @classmethod
    def prepare(cls):
        if os.environ.get("LAB_EXTENT") != "full":
            raise parts.Missing(f"etcd {cls.version}: only with --full")
        super().prepare()


class StoreEtcd35(NewerEtcd, LabTestCase):
    api, version = "etcd3", "3.5.35"


class StoreEtcd35V2(NewerEtcd, LabTestCase):
    api, version = "etcd2", "3.5.35"


class StoreEtcd35Login(NewerEtcd, StoreV3Login):
    version = "3.5.35"


class StoreEtcd36(NewerEtcd, LabTestCase):
    api, version = "etcd3", "3.6.16"


class StoreEtcd36Login(NewerEtcd, StoreV3Login):
    version = "3.6.16"


class StoreEtcd37(NewerEtcd, LabTestCase):
    api, version = "etcd3", "3.7.3"


class StoreEtcd37Login(NewerEtcd, StoreV3Login):
    version = "3.7.3"
