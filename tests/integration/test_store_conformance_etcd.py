"""The conformance suite on the newer releases of etcd, where scripts/lab-install --etcd has built them: with --full."""

import os
import unittest

from lab.stores import STORES, EtcdV2, EtcdV3
from lab.testcase import LabTestCase
import test_store_conformance


def row(base, release):
    store = type(f"{base.__name__}Of{release}", (base,), {"name": f"{base.name} {release}", "version": release})
    STORES[store.name] = store
    return store.name


@unittest.skipUnless(os.environ.get("LAB_EXTENT") == "full", "only with --full")
class ConformanceEtcd35(test_store_conformance.Conformance, LabTestCase):
    store = row(EtcdV3, "3.5.35")


@unittest.skipUnless(os.environ.get("LAB_EXTENT") == "full", "only with --full")
class ConformanceEtcd35WithV2(test_store_conformance.Conformance, LabTestCase):
    store = row(EtcdV2, "3.5.35")


@unittest.skipUnless(os.environ.get("LAB_EXTENT") == "full", "only with --full")
class ConformanceEtcd36(test_store_conformance.Conformance, LabTestCase):
    store = row(EtcdV3, "3.6.16")


@unittest.skipUnless(os.environ.get("LAB_EXTENT") == "full", "only with --full")
class ConformanceEtcd37(test_store_conformance.Conformance, LabTestCase):
    store = row(EtcdV3, "3.7.3")
