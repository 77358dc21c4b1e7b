"""The base class of the tests: a workspace and patctl for each class, clean-up in any case."""

import os
import unittest

from . import parts, patctl, workspace


class LabTestCase(unittest.TestCase):
    """`prepare` of a class starts its servers; `cls.started(x)` has them stopped."""

    longMessage = True
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        try:
            program = parts.patctl()
        except parts.Missing as reason:
            raise unittest.SkipTest(str(reason)) from None
        try:
            cls.workspace = workspace.Workspace(cls.__name__.lower()[:12])
            cls.addClassCleanup(cls.workspace.remove)
            cls.patctl = patctl.Patctl(program, cls.workspace.folder("home"))
            cls.prepare()
        except parts.Missing as reason:
            raise unittest.SkipTest(str(reason)) from None

    @classmethod
    def prepare(cls):
        """Starts what the tests of the class share."""

    @classmethod
    def started(cls, server):
        """Has a server stopped after the class; returns it started."""
        cls.addClassCleanup(server.stop)
        return server.start()

    @classmethod
    def started_cluster(cls, cluster):
        cls.started(cluster)
        print(f"        {cls.__name__}: {len(cluster.members)} members ready after {cluster.seconds_to_start:.1f} s", flush=True)
        return cluster

    # ---- what a test asks for

    def slow(self):
        """Marks a test that waits for a time-out of the cluster."""
        if os.environ.get("LAB_EXTENT") == "quick":
            self.skipTest("waits for a time-out of the cluster: not with --quick")

    def long(self):
        """Marks a test that takes long, and shows what shorter ones show in part."""
        if os.environ.get("LAB_EXTENT") != "full":
            self.skipTest("takes long: only with --full")

    def show(self, title, result):
        """Prints a screen, for those who want to see it (-v)."""
        if os.environ.get("LAB_SHOW"):
            print(f"\n== {title}\n$ {result.command}\n{result.out}{result.err}exit {result.exit}\n", flush=True)

    def assert_exit(self, result, code):
        self.assertEqual(result.exit, code, f"\n{result}")

    def assert_kind(self, result, kind):
        """The answer has a problem of this kind, or there is no answer and the message on stderr names it."""
        if result.out.strip():
            self.assertIn(kind, [problem["kind"] for problem in result.problems()], f"\n{result}")
        else:
            self.assertIn(f"{kind}:", result.err, f"\n{result}")

    def assert_problem(self, result, kind=None, where=""):
        """Some problem is of this kind and names this place."""
        for problem in result.problems():
            place = f"{problem.get('where', '')} {problem.get('member', '')} {problem['message']}"
            if kind in (None, problem["kind"]) and where in place:
                return problem
        self.fail(f"no problem {kind} {where}\n{result}")
