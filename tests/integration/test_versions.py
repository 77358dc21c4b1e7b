"""Each further Patroni that scripts/lab-install --patroni VERSION has installed; only with --full."""

import os
import unittest

from lab import cluster, parts
from lab.etcd import Etcd
from lab.looks import assert_well, caught_up, status_until
from lab.testcase import LabTestCase


def further_versions():
    return [one for one in parts.installed_versions() if one != parts.MODERN and not one.startswith(("0.", "1.", "2.0."))]


@unittest.skipUnless(os.environ.get("LAB_EXTENT") == "full", "only with --full")
class Versions(LabTestCase):

    @classmethod
    def prepare(cls):
        if not further_versions():
            raise parts.Missing("no further Patroni (scripts/lab-install --patroni 3.3.11)")
        cls.etcd = cls.started(Etcd(cls.workspace))

    def test_status(self):
        for version in further_versions():
            with self.subTest(version):
                scope = "v" + version.replace(".", "-")
                members = cluster.modern_cluster(self.workspace, self.etcd, scope, version=version)
                for number, member in enumerate(members.members, start=1):  # folders are named after members
                    member.name = f"{scope}-{number}"
                    member.data = self.workspace.path / member.name
                self.addCleanup(members.stop)
                self.started_cluster(members)
                leader = members.primary()
                for source in (["--etcd3", self.etcd.address, scope], ["--api", leader.api_url]):
                    result = status_until(self.patctl, source, caught_up, f"{version}: verdict ok and no lag")
                    assert_well(self, result, leader.name, members.names)
                    self.assertEqual({row["patroni_version"] for row in result.members().values()}, {version})
                members.stop()
