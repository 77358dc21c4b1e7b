"""The temporary folder that the servers of a test write to."""

import os
import pathlib
import shutil
import tempfile

from . import processes


class Workspace:
    """A folder owned by the servers' user. Removed by `remove`, or kept with LAB_KEEP=1 to look at the logs."""

    def __init__(self, name):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix=f"lab-{name}-"))
        self._more = []
        processes.at_end(self.remove)
        self.give(self.path, 0o755)

    def folder(self, name):
        """A folder inside, owned by the servers' user."""
        path = self.path / name
        path.mkdir()
        self.give(path, 0o700)
        return path

    def folder_in_memory(self, name):
        """A folder on tmpfs where there is one: for servers that wait for the disk."""
        if not os.access("/dev/shm", os.W_OK):
            return self.folder(name)
        path = pathlib.Path(tempfile.mkdtemp(prefix=f"lab-{name}-", dir="/dev/shm"))
        self._more.append(path)
        self.give(path, 0o700)
        return path

    def write(self, name, text, mode=0o644):
        """A file inside, owned by the servers' user."""
        path = self.path / name
        path.write_text(text)
        self.give(path, mode)
        return path

    def give(self, path, mode):
        """Hands a file over to the servers' user."""
        user = processes.server_user()
        os.chmod(path, mode)
        if os.geteuid() == 0:
            os.chown(path, user.pw_uid, user.pw_gid)

    def logs(self, lines=15):
        """The end of every log, for the message of a failed start."""
        text = []
        for log in sorted(self.path.glob("*.log")):
            tail = log.read_text(errors="replace").splitlines()[-lines:]
            text.append("\n".join([f"--- {log.name}", *tail]))
        return "\n".join(text)

    def remove(self):
        if os.environ.get("LAB_KEEP"):
            print(f"kept: {self.path}")
        else:
            for path in [self.path, *self._more]:
                shutil.rmtree(path, ignore_errors=True)
