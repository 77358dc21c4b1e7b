"""`patctl watch -f json` as a process of its own, and what it has told."""

import json
import os
import subprocess
import threading

from . import processes
from .waiting import wait_until


class Watcher:
    def __init__(self, patctl, *arguments):
        clean = {"PATH": os.environ["PATH"], "HOME": str(patctl.folder), "XDG_CONFIG_HOME": str(patctl.folder), "LANG": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                clean[name] = os.environ[name]
        self.events = []
        self.process = subprocess.Popen([str(patctl.program), "watch", *map(str, arguments), "-f", "json"], env=clean, cwd=patctl.folder,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.adopt(self.process)
        self._errors = ""
        self._threads = [threading.Thread(target=self._read, daemon=True), threading.Thread(target=self._read_errors, daemon=True)]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _read(self):
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def _read_errors(self):
        for line in self.process.stderr:
            self._errors += line

    def stop(self):
        """Ends it in order; returns (exit code, stderr)."""
        processes.stop(self.process)
        for thread in self._threads:
            thread.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.returncode, self._errors

    def of(self, kind):
        return [event for event in list(self.events) if event["event"] == kind]

    def wait(self, what, condition, limit=20.0):
        """Until condition(self) is true; the TimedOut of one that never is shows the last events."""
        try:
            return wait_until(what, lambda: condition(self), limit, 0.01)
        except Exception as error:
            raise AssertionError(f"{error}\nlast events: {json.dumps(self.events[-6:])[:4000]}\n{self._errors}") from None

    def wait_current(self, count=1, limit=20.0):
        self.wait("the first picture is complete", lambda self: len(self.of("current")) >= count, limit)
        return self

    def changes(self):
        """(key, value or None) of every change, in order; those of first pictures included."""
        return [(change["key"], change["now"]["value"] if change["now"] else None)
                for event in list(self.events) for change in event["changes"]]

    def state(self):
        """{key: value} as somebody who applied every change has it."""
        state = {}
        for key, value in self.changes():
            if value is None:
                state.pop(key, None)
            else:
                state[key] = value
        return state
