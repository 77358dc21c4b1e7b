"""The simulator's etcd in a process of its own, for comparison with a real one."""

import os
import pathlib
import subprocess

from . import parts, processes


class SimulatedEtcd:
    """`simulated-etcd`: commands go to its input, see tests/integration/simulated_etcd.cpp."""

    def __init__(self):
        self.address = None
        self._process = None

    @staticmethod
    def program():
        """$SIMULATED_ETCD, else the newest below build*/."""
        if os.environ.get("SIMULATED_ETCD"):
            return pathlib.Path(os.environ["SIMULATED_ETCD"])
        found = [path for path in parts.REPOSITORY.glob("build*/**/simulated-etcd") if os.access(path, os.X_OK)]
        if not found:
            raise parts.Missing("no simulated-etcd (build it: scripts/build dev, or set SIMULATED_ETCD)")
        return max(found, key=lambda path: path.stat().st_mtime)

    def start(self):
        self._process = subprocess.Popen([str(self.program())], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        processes.adopt(self._process)
        self.address = self._process.stdout.readline().strip()
        return self

    def stop(self):
        if self._process:
            self._process.stdin.close()  # its sign to end
            processes.stop(self._process)
            self._process.stdout.close()
            self._process = None

    def tell(self, command):
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        reply = self._process.stdout.readline().strip()
        if reply != "ok":
            raise RuntimeError(f"simulated-etcd: {command}: {reply}")
