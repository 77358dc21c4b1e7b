"""patroni::Store on a real Consul, with and without ACLs, with answers that get lost on the way."""

from lab.consul import Consul
from lab.store_calls import CONFIG, StoreCalls
from lab.testcase import LabTestCase


class StoreConsul(StoreCalls, LabTestCase):
    api = "consul"
    counts = False

    @classmethod
    def make_store(cls):
        return Consul(cls.workspace)

    def test_a_key_of_a_session_is_not_removed_with_its_neighbours(self):
        for key in ("ses/leader", "session/leader"):
            self.store.put("/service/" + key, "pg1")
        self.assertEqual(self.call("remove_cluster", "ses")["kind"], "done")
        self.assertEqual((self.store.get("/service/ses/leader"), self.store.get("/service/session/leader")), (None, "pg1"))

    def test_a_large_value(self):
        done = self.call("put", "/service/demo/large", "x" * 100000)
        self.assertEqual(done["kind"], "done")
        self.assertEqual(len(self.key("large")["value"]), 100000)

    def test_keys_with_characters_of_urls(self):
        key = "/service/demo/mine/a b?c#d%2F&e+f"
        self.assertEqual(self.call("put", key, "1")["kind"], "done")
        self.assertEqual(self.key("mine/a b?c#d%2F&e+f")["value"], "1")
        self.assertEqual(self.call("remove", key)["kind"], "done")


class StoreConsulToken(StoreConsul):
    """The same with ACLs, by a token that may use the namespace and no more."""

    management = "5f0c6e53-7a1f-4d53-9d1c-5ad6a8b1c001"
    wrong = "11111111-1111-1111-1111-111111111111"

    @classmethod
    def make_store(cls):
        return Consul(cls.workspace, cls.management)

    @classmethod
    def secure(cls):
        cls.login = ("", cls.store.make_token("patroni", 'key_prefix "service/" { policy = "write" }'))
        cls.secrets = (cls.login[1], cls.management, cls.wrong)

    def test_who_may_not(self):
        self.fresh()
        before = self.key()
        reader = self.store.make_token("reader", 'key_prefix "service/" { policy = "read" }')
        for token in ("", self.wrong, reader):
            refused = self.call("put_if", CONFIG, "{}", before["revision"], login=("", token))
            self.assertEqual((refused["kind"], refused["reason"]), ("rejected", "access_denied"), refused)
        self.assertEqual(self.key(), before)
        self.assertEqual(self.call("clusters", "demo", login=("", reader))["clusters"][0]["keys"]["config"], before)

    def test_what_may_not_be_seen_is_not_empty(self):
        self.fresh()
        one = self.store.make_token("one", 'key_prefix "service/demo/" { policy = "read" }')
        for token, scope in (("", "demo"), (self.wrong, "demo"), (one, "other")):
            denied = self.call("clusters", scope, login=("", token))
            self.assertEqual(denied.get("error"), "unauthorized", denied)
        self.assertEqual(len(self.call("clusters", "demo", login=("", one))["clusters"]), 1)
        self.assertEqual(self.call("clusters", "nothing-here")["clusters"], [], "the token may see that there is nothing")
