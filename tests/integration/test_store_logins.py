"""Watching an etcd with logins: tokens that have ended, and who may not."""

import contextlib
import os
import signal
import subprocess
import time

from lab.cutting_proxy import CuttingProxy
from lab.etcd import Etcd
from lab.testcase import LabTestCase
from lab.waiting import wait_until
from lab.watcher import Watcher


class EtcdOfUsers(LabTestCase):
    options = ()

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace, options=cls.options))
        cls.etcd.require_login_v3("root-pass", "patroni", "etcd-pass", "/service/")

    def watch(self, *options, password="etcd-pass", address=None):
        secret = self.workspace.path / "password"
        secret.write_text(password)
        os.chmod(secret, 0o644)
        watcher = Watcher(self.patctl, "--etcd3", address or self.etcd.address, "--user", "patroni", "--password-file", secret, *options)
        self.addCleanup(watcher.stop)
        return watcher


class EtcdWithLogins(EtcdOfUsers):
    def test_a_token_that_has_ended_is_renewed(self):
        watcher = self.watch("auth").wait_current()
        self.etcd.control("put", "/service/auth/leader", "pg1")
        watcher.wait("the change", lambda one: one.of("cluster"))
        # Tokens live in the memory of the server.
        os.kill(self.etcd._process.pid, signal.SIGKILL)
        watcher.wait("the loss", lambda one: one.of("lost"))
        self.etcd.again()
        self.etcd.control("put", "/service/auth/leader", "pg2")
        watcher.wait("it goes on", lambda one: one.of("cluster")[-1]["cluster"]["leader"] == "pg2", 30)
        self.assertEqual(watcher.of("gap"), [])

    def test_who_may_not_is_told_and_it_ends(self):
        for options, password in ((["--namespace", "other", "x"], "etcd-pass"), (["x"], "wrong-pass")):
            watcher = self.watch(*options, password=password)
            watcher.wait("it ends", lambda one: one.process.poll() is not None, 20)
            code, errors = watcher.stop()
            self.assertEqual(code, 5, errors)
            self.assertEqual([event["error"]["kind"] for event in watcher.of("ended")], ["unauthorized"])
            self.assertNotIn(password, errors)


class EtcdWithShortTokens(EtcdOfUsers):
    """A token that is not used lives for two seconds."""

    options = ("--auth-token-ttl", "2")
    key = "/service/tokens/leader"

    def put(self, value):
        """etcdctl's own token may end before it is used, when the machine is busy: then nothing is written."""
        def done():
            with contextlib.suppress(subprocess.CalledProcessError):
                return self.etcd.control("put", self.key, value)
        wait_until(f"{value} is written", done, 60)

    def test_a_watch_outlives_its_token_and_goes_on_with_a_new_one(self):
        with CuttingProxy(self.etcd.port) as proxy:
            watcher = self.watch("tokens", "--raw", address=proxy.address).wait_current()
            for count in range(2):
                time.sleep(4)
                self.put(f"idle {count}")
                watcher.wait("it is told", lambda one: one.changes()[-1:] == [(self.key, f"idle {count}")])
                proxy.cut_all()
                self.put(f"cut {count}")
                watcher.wait("it goes on", lambda one: one.changes()[-1:] == [(self.key, f"cut {count}")])
        self.assertEqual([value for _, value in watcher.changes()], [f"{how} {count}" for count in range(2) for how in ("idle", "cut")])
        self.assertEqual(watcher.of("gap"), [])
