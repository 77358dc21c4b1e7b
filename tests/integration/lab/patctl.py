"""Running patctl and looking at what it said."""

import json
import os
import subprocess
import time

from . import processes


class Result:
    """One run of patctl."""

    def __init__(self, command, done, seconds):
        self.command = " ".join(map(str, command))
        self.exit = done.returncode
        self.out = done.stdout
        self.err = done.stderr
        self.seconds = seconds

    @property
    def json(self):
        try:
            return json.loads(self.out)
        except ValueError as error:
            raise AssertionError(f"not JSON ({error})\n{self}") from None

    @property
    def rows(self):
        """The cells of the tsv form, one list for each line."""
        return [line.split("\t") for line in self.out.splitlines()]

    def cluster(self, scope=None):
        """The only cluster of `status -f json`, or the one of this scope."""
        found = [one for one in self.json["clusters"] if scope in (None, one["scope"])]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} clusters\n{self}")
        return found[0]

    def members(self, scope=None):
        """{name: row} of `status -f json`."""
        return {row["name"]: row for row in self.cluster(scope)["members"]}

    def problems(self):
        """Every problem of a JSON answer: of discovery and of each cluster."""
        found = list(self.json.get("problems", []))
        for cluster in self.json.get("clusters", []):
            found.extend(cluster["problems"])
        return found

    def __str__(self):
        return f"$ {self.command}\nexit {self.exit} after {self.seconds:.3f} s\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class Patctl:
    """The program under test, away from the settings of whoever runs the tests."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder  # a home without any configuration

    def __call__(self, *arguments, environment=None, as_server_user=False, input=None, limit=30):
        command = [str(self.program), *map(str, arguments)]
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder), "LANG": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                clean[name] = os.environ[name]
        identity = {}
        if as_server_user and os.geteuid() == 0:
            user = processes.server_user()
            identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        begin = time.perf_counter()
        done = subprocess.run(command, env={**clean, **(environment or {})}, cwd=self.folder, capture_output=True, text=True,
                              input=input if input is not None else "", timeout=limit, check=False, **identity)
        return Result(command, done, time.perf_counter() - begin)
