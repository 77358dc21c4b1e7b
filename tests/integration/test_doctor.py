"""patctl doctor: the first failures that users have, against a real etcd that asks for a login."""

import pathlib

from lab import cluster
from lab.bad_servers import BadServer
from lab.etcd import Etcd
from lab.ports import free_port
from lab.testcase import LabTestCase

USER, PASSWORD = "patroni", "etcd-pass"


class Doctor(LabTestCase):

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))
        cls.etcd.require_login_v3("root-pass", USER, PASSWORD, "/service/")
        login = f"  username: {USER}\n  password: {PASSWORD}\n"
        cls.cluster = cls.started_cluster(cluster.modern_cluster(cls.workspace, cls.etcd, size=1, store_extra=login))
        cls.member = cls.cluster.members[0]

    def configuration(self, name, hosts=None, scope="demo", password=PASSWORD):
        return self.workspace.write(name, f"scope: {scope}\netcd3:\n  hosts: {hosts or self.etcd.address}\n"
                                          f"  username: {USER}\n  password: {password}\n")

    def doctor(self, file, exit, *more, **kwargs):
        result = self.patctl("doctor", "-c", file, "-f", "json", *more, **kwargs)
        self.assert_exit(result, exit)
        self.assertEqual(result.json["format"], "patroni.doctor/1")
        for secret in (PASSWORD, "wrong-pass"):
            self.assertNotIn(secret, result.out + result.err)
        return result.json

    def test_all_is_well_with_an_unchanged_patroni_yml(self):
        told = self.doctor(self.member.config, 0)
        self.assertTrue(told["healthy"])
        endpoint, = told["endpoints"]
        self.assertEqual(set(endpoint["steps"].values()), {"ok", "skipped"})
        self.assertEqual((endpoint["product"], endpoint["version"][:2]), ("etcd", "3."))
        self.assertTrue(endpoint["store_id"])
        self.assertEqual([(row["name"], row["ok"]) for row in told["members"]], [(self.member.name, True)])
        places = {row["key"]: row["place"] for row in told["configuration"]}
        self.assertTrue(places["scope"].startswith(f"{self.member.config}:"), places)
        person = self.patctl("doctor", "-c", self.member.config, "-f", "pretty")
        self.assertIn("OK  everything answers", person.out, f"\n{person}")

    def test_wrong_port(self):
        file = self.configuration("port.yml", hosts=f"127.0.0.1:{free_port()}")
        told = self.doctor(file, 5)
        endpoint, = told["endpoints"]
        self.assertEqual((endpoint["steps"]["name"], endpoint["steps"]["tcp"], endpoint["steps"]["auth"]), ("ok", "failed", "skipped"))
        self.assertEqual(endpoint["error"], "connect_refused")
        self.assertIn("2379", endpoint["advice"])
        self.assertIn(f"{file}:2", endpoint["advice"])

    def test_the_port_of_patroni(self):
        told = self.doctor(self.configuration("rest.yml", hosts=self.member.rest_address), 5)
        endpoint, = told["endpoints"]
        self.assertEqual(endpoint["steps"]["answer"], "failed")
        self.assertIn("8008", endpoint["advice"])

    def test_wrong_scope(self):
        told = self.doctor(self.configuration("scope.yml", scope="demmo"), 5)
        self.assertTrue(told["endpoints"][0]["ok"])
        self.assertEqual((told["scope"]["found"], told["scope"]["clusters"]), (False, ["demo"]))

    def test_wrong_password(self):
        told = self.doctor(self.configuration("password.yml", password="wrong-pass"), 5)
        endpoint, = told["endpoints"]
        self.assertEqual((endpoint["steps"]["answer"], endpoint["steps"]["auth"]), ("ok", "failed"))
        self.assertEqual(endpoint["error"], "unauthorized")

    def test_a_password_of_the_environment_comes_over_the_file(self):
        file = self.configuration("over.yml", password="wrong-pass")
        told = self.doctor(file, 0, environment={"PATRONI_ETCD3_PASSWORD": PASSWORD})
        places = {row["key"]: row["place"] for row in told["configuration"]}
        self.assertEqual(places["etcd3.password"], "PATRONI_ETCD3_PASSWORD")

    def test_silent_endpoint_beside_a_good_one(self):
        with BadServer() as silent:
            told = self.doctor(self.configuration("silent.yml", hosts=f"{silent.address},{self.etcd.address}"), 3)
        bad, good = told["endpoints"]
        self.assertTrue(good["ok"])
        self.assertEqual((bad["steps"]["tcp"], bad["steps"]["answer"], bad["error"]), ("ok", "failed", "timeout"))

    def test_a_file_that_is_wrong(self):
        file = self.workspace.write("bad.yml", "scope: demo\netcd3:\n  host: h\n  port: http\n")
        result = self.patctl("doctor", "-c", file)
        self.assert_exit(result, 2)
        self.assertIn(f"{pathlib.Path(file).name}:4: etcd3.port", result.err)
