"""A program on a pseudo-terminal: what it prints there, what is typed, how it ends."""

import os
import pty
import select
import signal
import termios
import time


class Terminal:
    """Starts the program with this terminal as its own; `with` ends it in any case."""

    def __init__(self, command, environment):
        self.command = " ".join(map(str, command))
        self.shown = b""
        self.exit = None
        self._pid, self._file = pty.fork()
        if self._pid == 0:
            try:
                os.execve(command[0], [str(word) for word in command], environment)
            finally:
                os._exit(127)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.exit is None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._file)

    @property
    def text(self):
        """What was shown, with the line ends that the program wrote."""
        return self.shown.decode("utf-8", "replace").replace("\r\n", "\n")

    def _read(self, until):
        """Takes what there is; False at the end of the program's output."""
        if not select.select([self._file], [], [], max(0, until - time.monotonic()))[0]:
            return True
        try:
            data = os.read(self._file, 65536)
        except OSError:  # nobody has the other end any more
            return False
        self.shown += data
        return bool(data)

    def expect(self, word, limit=20, times=1):
        """Waits until this was shown so many times."""
        until = time.monotonic() + limit
        while self.text.count(word) < times:
            if not self._read(until) or time.monotonic() > until:
                raise AssertionError(f"{word!r} was not shown\n{self}")
        return self

    def type(self, text):
        os.write(self._file, text.encode())
        return self

    def echoes(self):
        """Whether what is typed is shown; also after the end."""
        return bool(termios.tcgetattr(self._file)[3] & termios.ECHO)

    def end(self, limit=20):
        """Reads to the end and returns the exit code, negative for a signal."""
        until = time.monotonic() + limit
        while self._read(until):
            if time.monotonic() > until:
                raise AssertionError(f"it did not end\n{self}")
        _, status = os.waitpid(self._pid, 0)
        self.exit = os.waitstatus_to_exitcode(status)
        return self.exit

    def __str__(self):
        return f"$ {self.command}\nexit {self.exit}\n{self.text!r}"
